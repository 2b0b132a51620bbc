#include "diag/half.h"

#include "num/sort.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

void vrk_half_table_of(double base, double floor, double ceiling, vrk_half_table *t)
{
    for (int i = 0; i <= 2 * VRK_HALF_REACH; i++) {
        double x = base + (i - VRK_HALF_REACH) * VRK_HALF_STEP;
        double p = floor + (ceiling - floor) / (1 + exp(-x));
        p = fmin(fmax(p, 1e-12), 1 - 1e-12);
        t->hit[i] = log(p);
        t->miss[i] = log1p(-p);
    }
}

void vrk_half_temper(vrk_half_table *t, double dispersion)
{
    for (int i = 0; i <= 2 * VRK_HALF_REACH; i++) {
        t->hit[i] /= dispersion;
        t->miss[i] /= dispersion;
    }
}

double vrk_half_dispersion(const vrk_half_sums *sums, int64_t sellers, int64_t periods,
                           int64_t fitted)
{
    double square = 0;
    int64_t freedom = -fitted;
    for (int64_t s = 0; s < sellers; s++) {
        int64_t cells = 0;
        for (int64_t i = s * periods; i < (s + 1) * periods; i++) {
            double off = sums[i].hits - sums[i].expected;
            if (sums[i].variance < 1) /* too few for a chi-square */
                continue;
            square += off * off / sums[i].variance;
            cells++;
        }
        freedom += cells ? cells - 1 : 0;
    }
    return freedom > 30 ? fmax(square / (double)freedom, 1) : 1;
}

VRK_WIDE static void add_bin(int64_t n, double hits, double misses, const double *restrict hit,
                             const double *restrict miss, double *restrict out)
{
    for (int64_t i = 0; i < n; i++)
        out[i] += hits * hit[i] + misses * miss[i];
}

VRK_WIDE static void add_row(int64_t n, const double *restrict x, double *restrict out)
{
    for (int64_t i = 0; i < n; i++)
        out[i] += x[i];
}

/* Where the slopes' rows of a level begin, from the lowest total of all: the lowest is at 0. */
static int64_t lowest_of(int64_t level)
{
    int64_t first = level * VRK_HALF_SLOPE_FROM,
            last = level * (VRK_HALF_SLOPE_FROM + VRK_HALF_SLOPES - 1);
    return first < last ? first : last;
}

static int64_t width_of(int64_t level)
{
    return VRK_HALF_TOTALS + llabs(level) * (VRK_HALF_SLOPES - 1);
}

void vrk_half_sum_bin(const vrk_half_bin *bin, const vrk_half_table *t, vrk_half_sum *sum)
{
    const int64_t most = VRK_HALF_LEVEL_MOST;
    int64_t level = bin->level < -most ? -most : bin->level > most ? most : bin->level;
    int64_t n = width_of(level), last = 2 * VRK_HALF_REACH + 1 - n;
    int64_t from = VRK_HALF_REACH + VRK_HALF_TOTAL_FROM + bin->offset + lowest_of(level);
    from = from < 0 ? 0 : from > last ? last : from;
    sum->any[level + most] = true;
    add_bin(n, (double)bin->hits, (double)(bin->n - bin->hits), t->hit + from, t->miss + from,
            sum->at[level + most]);
}

void vrk_half_sum_spread(const vrk_half_sum *sum, double *ll)
{
    for (int64_t level = -VRK_HALF_LEVEL_MOST; level <= VRK_HALF_LEVEL_MOST; level++) {
        const double *at = sum->at[level + VRK_HALF_LEVEL_MOST] - lowest_of(level);
        for (int64_t k = 0; k < VRK_HALF_SLOPES && sum->any[level + VRK_HALF_LEVEL_MOST]; k++)
            add_row(VRK_HALF_TOTALS, at + level * (VRK_HALF_SLOPE_FROM + k),
                    ll + k * VRK_HALF_TOTALS);
    }
}

void vrk_half_add(const vrk_half_bin *bin, int64_t n, const vrk_half_table *t, double *ll)
{
    vrk_half_sum sum = {0};
    for (int64_t b = 0; b < n; b++)
        vrk_half_sum_bin(&bin[b], t, &sum);
    vrk_half_sum_spread(&sum, ll);
}

/* Nodes and weights of a standard normal: equally spaced, which is exact enough from SD 0.4 up. */
enum { NODES = 9 };
static double node(int k)
{
    return 0.6 * (k - NODES / 2);
}

static double clipped(const double *x, int64_t i)
{
    return x[i < 0 ? 0 : i > 2 * VRK_HALF_REACH ? 2 * VRK_HALF_REACH : i];
}

/* log P(the deal's occasions) at `n` totals from `from` [steps], the deal's effect integrated out.
 */
static void deal_at(const vrk_half_bin *bin, int64_t bins, const vrk_half_table *t, double sd,
                    int64_t from, int64_t n, double *out)
{
    double weights = 0;
    for (int64_t i = 0; i < n; i++)
        out[i] = 0;
    for (int k = 0; k < NODES; k++)
        weights += exp(-0.5 * node(k) * node(k));
    for (int k = 0; k < NODES; k++) {
        int64_t shift = llround(sd * node(k) / VRK_HALF_STEP);
        double weight = exp(-0.5 * node(k) * node(k)) / weights;
        for (int64_t i = 0; i < n; i++) {
            double ll = 0;
            for (int64_t b = 0; b < bins; b++) {
                int64_t at = VRK_HALF_REACH + from + i + bin[b].offset + shift;
                ll += (double)bin[b].hits * clipped(t->hit, at) +
                      (double)(bin[b].n - bin[b].hits) * clipped(t->miss, at);
            }
            out[i] += weight * exp(ll);
        }
    }
    for (int64_t i = 0; i < n; i++)
        out[i] = log(out[i] + 1e-300);
}

static int64_t deal_end(const vrk_half_bin *bin, int64_t n, int64_t from)
{
    int64_t end = from;
    while (end < n && bin[end].deal == bin[from].deal)
        end++;
    return end;
}

void vrk_half_add_deals(const vrk_half_bin *bin, int64_t n, const vrk_half_table *t, double sd,
                        double *ll)
{
    enum { MOST = VRK_HALF_TOTALS + 2 * VRK_HALF_SLOPES };
    double at[MOST];
    for (int64_t i = 0, end = 0; i < n; i = end) {
        int64_t level = bin[i].level; /* complexity is the deal's: 0 or 2 */
        end = deal_end(bin, n, i);
        int64_t low = level * VRK_HALF_SLOPE_FROM;
        deal_at(bin + i, end - i, t, sd, VRK_HALF_TOTAL_FROM + low,
                VRK_HALF_TOTALS + level * (VRK_HALF_SLOPES - 1), at);
        for (int64_t k = 0; k < VRK_HALF_SLOPES; k++)
            add_row(VRK_HALF_TOTALS, at + level * k, ll + k * VRK_HALF_TOTALS);
    }
}

double vrk_half_deals_at(const vrk_half_bin *bin, int64_t n, const vrk_half_table *t, double sd,
                         int64_t total)
{
    double sum = 0, one;
    for (int64_t i = 0, end = 0; i < n; i = end) {
        end = deal_end(bin, n, i);
        deal_at(bin + i, end - i, t, sd, total, 1, &one);
        sum += one;
    }
    return sum;
}

static int by_place(const void *a, const void *b)
{
    const vrk_half_bin *x = a, *y = b;
    if (x->seller != y->seller)
        return x->seller < y->seller ? -1 : 1;
    if (x->deal != y->deal)
        return x->deal < y->deal ? -1 : 1;
    if (x->offset != y->offset)
        return x->offset < y->offset ? -1 : 1;
    if (x->level != y->level)
        return x->level < y->level ? -1 : 1;
    return (x->touches > y->touches) - (x->touches < y->touches);
}

vrk_status vrk_half_bins_make(vrk_ctx *ctx, vrk_half_bin *bin, int64_t n, int64_t sellers,
                              vrk_arena *mem, vrk_half_bins *b)
{
    *b = (vrk_half_bins){.bin = bin, .first = VRK_NEW(mem, sellers + 1, int64_t)};
    if (mem->failed)
        return vrk_fail(ctx, VRK_EMEMORY, "out of memory for %lld cells", (long long)n);
    qsort(bin, (size_t)n, sizeof(*bin), by_place);
    for (int64_t i = 0; i < n; i++) {
        if (b->bins && !by_place(&bin[b->bins - 1], &bin[i])) {
            bin[b->bins - 1].n += bin[i].n;
            bin[b->bins - 1].hits += bin[i].hits;
        } else {
            bin[b->bins++] = bin[i];
        }
    }
    for (int64_t s = 0, i = 0; s <= sellers; s++) {
        while (i < b->bins && bin[i].seller < s)
            i++;
        b->first[s] = i;
    }
    return VRK_OK;
}

vrk_status vrk_half_init(vrk_ctx *ctx, const vrk_moment_cells *c, vrk_half *out)
{
    *out = (vrk_half){.dispersion = 1, .mem.limit = ctx->scratch.limit};
    out->ll = VRK_NEW(&out->mem, c->sellers * VRK_HALF_SLOPES * VRK_HALF_TOTALS, double);
    out->market = VRK_NEW(&out->mem, c->sellers, double);
    out->period = VRK_NEW(&out->mem, c->segments * c->quarters, double);
    out->period_se = VRK_NEW(&out->mem, c->segments * c->quarters, double);
    if (out->mem.failed)
        return vrk_fail(ctx, VRK_EMEMORY, "out of memory for the likelihoods of %lld sellers",
                        (long long)c->sellers);
    for (int64_t i = 0; i < c->segments * c->quarters; i++)
        out->period_se[i] = HUGE_VAL;
    out->data = (vrk_effects_data){
        .n = c->sellers,
        .teams = c->teams,
        .team = c->team,
        .total = {VRK_HALF_TOTAL_FROM * VRK_HALF_STEP, VRK_HALF_STEP, VRK_HALF_TOTALS},
        .slope = {VRK_HALF_SLOPE_FROM * 2 * VRK_HALF_STEP, 2 * VRK_HALF_STEP, VRK_HALF_SLOPES},
        .ll = out->ll};
    return VRK_OK;
}

void vrk_half_free(vrk_half *p)
{
    vrk_effects_free(&p->fit);
    vrk_arena_free(&p->mem);
    *p = (vrk_half){0};
}

double vrk_median_of(vrk_ctx *ctx, const double *x, int64_t n)
{
    vrk_mark mark = vrk_mark_of(&ctx->scratch);
    double *copy = VRK_NEW(&ctx->scratch, n, double), median = nan("");
    if (copy) {
        memcpy(copy, x, (size_t)n * sizeof(*x));
        vrk_sort(copy, n);
        median = n % 2 ? copy[n / 2] : (copy[n / 2 - 1] + copy[n / 2]) / 2;
    }
    vrk_rewind(&ctx->scratch, mark);
    return median;
}

bool vrk_half_learns_from(int64_t seller, int64_t sellers)
{
    if (sellers <= VRK_HALF_LEARNT_FROM)
        return true;
    /* the first of each of VRK_HALF_LEARNT_FROM equal runs */
    int64_t run = seller * VRK_HALF_LEARNT_FROM / sellers;
    return seller == (run * sellers + VRK_HALF_LEARNT_FROM - 1) / VRK_HALF_LEARNT_FROM;
}

double vrk_half_usual(vrk_ctx *ctx, const double *intercept, int64_t sellers, const int64_t *seller,
                      int64_t n)
{
    vrk_mark mark = vrk_mark_of(&ctx->scratch);
    double *x = VRK_NEW(&ctx->scratch, sellers, double), median = nan("");
    bool *any = VRK_NEW(&ctx->scratch, sellers, bool);
    int64_t known = 0;
    for (int64_t i = 0; any && i < n; i++)
        any[seller[i]] = true;
    for (int64_t s = 0; x && any && s < sellers; s++) {
        if (any[s])
            x[known++] = intercept[s];
    }
    if (known)
        median = vrk_median_of(ctx, x, known);
    vrk_rewind(&ctx->scratch, mark);
    return median;
}
