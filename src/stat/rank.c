#include "stat/rank.h"

#include "num/sort.h"

#include <inttypes.h>
#include <math.h>
#include <stdlib.h>

typedef struct {
    double value;
    int64_t who;
} entry;

static int by_value(const void *a, const void *b)
{
    double x = ((const entry *)a)->value, y = ((const entry *)b)->value;
    return (x > y) - (x < y);
}

/* Ranks of one draw into rank[who * b + draw]; ties get their mean. */
static void one_draw(int64_t b, int64_t s, const double *draws, int64_t draw, entry *row,
                     double *rank)
{
    for (int64_t j = 0; j < s; j++)
        row[j] = (entry){draws[draw + j * b], j};
    qsort(row, (size_t)s, sizeof(entry), by_value);
    for (int64_t from = 0, to; from < s; from = to) {
        for (to = from + 1; to < s && row[to].value <= row[from].value;)
            to++;
        for (int64_t j = from; j < to; j++)
            rank[row[j].who * b + draw] = (double)(from + to + 1) / 2;
    }
}

static double quantile(const double *sorted, int64_t b, double p)
{
    int64_t at = (int64_t)ceil(p * (double)b) - 1;
    return sorted[at < 0 ? 0 : at >= b ? b - 1 : at];
}

static void summarise(int64_t b, int64_t s, double level, double *rank, vrk_rank *out)
{
    int64_t top = (s + 3) / 4;
    *out = (vrk_rank){0};
    for (int64_t i = 0; i < b; i++) {
        double r = rank[i], each = 1 / (double)b;
        out->mean += r * each;
        out->p_first += each * fmax(0, 1 - (r - 1));
        out->p_last += each * fmax(0, 1 - ((double)s - r));
        out->p_quartile += r > (double)(s - top) ? each : 0;
    }
    vrk_sort(rank, b);
    out->lo = quantile(rank, b, (1 - level) / 2);
    out->hi = quantile(rank, b, (1 + level) / 2);
}

vrk_status vrk_ranks_of(vrk_ctx *ctx, int64_t b, int64_t s, const double *draws, double level,
                        vrk_ranks *out)
{
    vrk_status st = VRK_OK;
    vrk_mark mark = vrk_mark_of(&ctx->scratch);
    level = level > 0 ? level : .9;
    *out = (vrk_ranks){.s = s, .mem.limit = ctx->scratch.limit};
    if (b < 2 || s < 1 || level >= 1)
        FAIL(VRK_EINPUT, "%" PRId64 " draws of %" PRId64 " sellers at level %g", b, s, level);
    for (int64_t j = 0; j < s; j++) {
        for (int64_t i = 0; i < b; i++) {
            if (!isfinite(draws[i + j * b]))
                FAIL(VRK_EINPUT, "draw %" PRId64 " of seller %" PRId64 " is %g", i, j,
                     draws[i + j * b]);
        }
    }
    entry *row = VRK_NEW(&ctx->scratch, s, entry);
    double *rank = VRK_NEW(&ctx->scratch, b * s, double);
    out->rank = VRK_NEW(&out->mem, s, vrk_rank);
    if (ctx->scratch.failed || out->mem.failed)
        FAIL(VRK_EMEMORY, "out of memory for %" PRId64 " draws of %" PRId64 " sellers", b, s);
    for (int64_t i = 0; i < b; i++) {
        TRY(vrk_tick(ctx, "ranks", i, b));
        one_draw(b, s, draws, i, row, rank);
    }
    for (int64_t j = 0; j < s; j++) {
        summarise(b, s, level, rank + j * b, &out->rank[j]);
        out->width += (out->rank[j].hi - out->rank[j].lo) / (double)s / (double)s;
    }
done:
    vrk_rewind(&ctx->scratch, mark);
    if (st != VRK_OK)
        vrk_ranks_free(out);
    return st;
}

void vrk_ranks_free(vrk_ranks *r)
{
    vrk_arena_free(&r->mem);
    *r = (vrk_ranks){0};
}

double vrk_reliability(double var, double se)
{
    return var >= 0 && se > 0 ? var / (var + se * se) : nan("");
}

double vrk_required_n(double reliability, double p, double sd)
{
    if (!(reliability > 0 && reliability < 1 && p > 0 && p < 1 && sd > 0))
        return nan("");
    return reliability / (1 - reliability) / (p * (1 - p) * sd * sd);
}

double vrk_split_half(double r)
{
    return r > -1 && r <= 1 ? 2 * r / (1 + r) : nan("");
}

bool vrk_league_table(double median_reliability, double width)
{
    return median_reliability >= .7 && width <= 1. / 3;
}

double vrk_latent_variance(vrk_latent kind, double extra)
{
    switch (kind) {
    case VRK_LATENT_GAUSS:
        return extra;
    case VRK_LATENT_LOGIT:
        return M_PI * M_PI / 3;
    case VRK_LATENT_PROBIT:
        return 1;
    case VRK_LATENT_CLOGLOG:
        return M_PI * M_PI / 6;
    case VRK_LATENT_LOG:
        return log1p(1 / extra);
    }
    return nan("");
}

vrk_r2 vrk_r2_of(double fixed, double random, double rest)
{
    double all = fixed + random + rest;
    return (vrk_r2){fixed / all, (fixed + random) / all, random / (random + rest), random / all};
}
