/* Halo: one impression on many competences. A rater's sets of levels are held against sets drawn
 * from the model for the same persons. And whether raters agree on strong and weak sides at all. */
#include "people/rater_parts.h"

#include "base/rng.h"

#include <inttypes.h>
#include <math.h>
#include <string.h>

enum { DRAWS = 999 };
static const double seldom = 0.01, by_chance = 0.10;

/* Rows in order of person, then rater: a set is one rater's view of one person. */
typedef struct {
    int64_t n, sets;
    int64_t *row;  /* [n] */
    int64_t *from; /* [sets + 1] into row */
} order;

static vrk_status order_of(vrk_ctx *ctx, const vrk_rated *d, const bool *use, order *o)
{
    vrk_arena *a = &ctx->scratch;
    int64_t cells = d->persons * d->raters;
    int64_t *at = VRK_NEW(a, cells + 2, int64_t);
    *o = (order){.row = VRK_NEW(a, d->n + 1, int64_t), .from = VRK_NEW(a, cells + 2, int64_t)};
    if (a->failed)
        return vrk_fail(ctx, VRK_EMEMORY, "out of memory for %" PRId64 " ratings", d->n);
    for (int64_t i = 0; i < d->n; i++)
        at[d->person[i] * d->raters + d->rater[i] + 1] += use[i];
    for (int64_t c = 0; c < cells; c++) {
        if (at[c + 1])
            o->from[o->sets++] = at[c];
        at[c + 1] += at[c];
    }
    o->n = o->from[o->sets] = at[cells];
    for (int64_t i = 0; i < d->n; i++) {
        if (use[i])
            o->row[at[d->person[i] * d->raters + d->rater[i]]++] = i;
    }
    return VRK_OK;
}

/* Sum of squares within a set, in categories of the scale. */
static double within(const int8_t *level, const int64_t *row, int64_t n)
{
    double sum = 0, square = 0;
    for (int64_t k = 0; k < n; k++) {
        sum += level[row[k]];
        square += (double)level[row[k]] * level[row[k]];
    }
    return square - sum * sum / (double)n;
}

static int8_t draw(const vrk_rater_scale *s, double eta, vrk_rng *r)
{
    double p[RATER_LEVELS], all = 0, most = -HUGE_VAL;
    int k = 0;
    for (int c = 0; c < s->categories; c++)
        most = fmax(most, p[c] = c * eta - s->below[c]);
    for (int c = 0; c < s->categories; c++)
        all += p[c] = exp(p[c] - most);
    double u = all * vrk_rng_uniform(r);
    while (k < s->categories - 1 && (u -= p[k]) > 0)
        k++;
    return (int8_t)k;
}

/* Adds sets, those all alike, and the spread within them, by rater. */
static void tally(const vrk_rated *d, const order *o, const int8_t *level, int64_t *sets,
                  int64_t *alike, double *spread)
{
    memset(sets, 0, (size_t)d->raters * sizeof(*sets));
    memset(alike, 0, (size_t)d->raters * sizeof(*alike));
    memset(spread, 0, (size_t)d->raters * sizeof(*spread));
    for (int64_t k = 0; k < o->sets; k++) {
        const int64_t *row = o->row + o->from[k];
        int64_t n = o->from[k + 1] - o->from[k], rater = d->rater[row[0]];
        if (n < VRK_SET_LEAST)
            continue;
        double w = within(level, row, n);
        sets[rater]++;
        alike[rater] += w < 1e-9;
        spread[rater] += w;
    }
}

static vrk_status impressions(vrk_ctx *ctx, const vrk_rated *d, const order *o,
                              const vrk_rater_scale *s, vrk_rated_model *out)
{
    vrk_arena *a = &ctx->scratch;
    int64_t *sets = VRK_NEW(a, d->raters + 1, int64_t), *alike = VRK_NEW(a, d->raters + 1, int64_t);
    int64_t *all = VRK_NEW(a, d->raters + 1, int64_t), *lower = VRK_NEW(a, d->raters + 1, int64_t);
    int64_t *more = VRK_NEW(a, d->raters + 1, int64_t);
    double *spread = VRK_NEW(a, d->raters + 1, double), *own = VRK_NEW(a, d->raters + 1, double);
    int8_t *level = VRK_NEW(a, d->n + 1, int8_t);
    if (a->failed)
        return vrk_fail(ctx, VRK_EMEMORY, "out of memory for %" PRId64 " raters", d->raters);
    for (int64_t i = 0; i < d->n; i++)
        level[i] = s->category[d->level[i]];
    tally(d, o, level, sets, alike, own);
    for (int64_t r = 0; r < d->raters; r++) {
        out->rater[r].sets = sets[r];
        out->rater[r].alike = alike[r];
    }
    for (int b = 0; b < DRAWS; b++) {
        vrk_rng g = vrk_rng_of(ctx->seed, 0x68616c6f, (uint32_t)b);
        for (int64_t k = 0; k < o->n; k++) {
            int64_t i = o->row[k];
            level[i] = draw(
                s, s->eap[d->person[i]] - s->item[d->competency[i]] - s->severity[d->rater[i]], &g);
        }
        tally(d, o, level, sets, alike, spread);
        for (int64_t r = 0; r < d->raters; r++) {
            all[r] += alike[r];
            lower[r] += spread[r] <= own[r];
            more[r] += alike[r] >= out->rater[r].alike;
        }
    }
    for (int64_t r = 0; r < d->raters; r++) {
        vrk_rater *one = &out->rater[r];
        if (!one->told || one->sets < VRK_RATER_PERSONS_LEAST)
            continue;
        one->alike_expected = (double)all[r] / DRAWS;
        one->halo = (double)(1 + lower[r]) / (1 + DRAWS) <= seldom &&
                    (double)(1 + more[r]) / (1 + DRAWS) <= seldom;
    }
    return VRK_OK;
}

/* Sum over persons and pairs of raters of the products of what they said of the same competency,
 * beyond the model, each set around its own mean. x [n] along o->row; sum [persons x items]. */
static double agreement(const vrk_rated *d, const order *o, const double *x, double *sum,
                        double *square)
{
    double all = 0;
    memset(sum, 0, (size_t)(d->persons * d->competences) * sizeof(*sum));
    memset(square, 0, (size_t)(d->persons * d->competences) * sizeof(*square));
    for (int64_t k = 0; k < o->n; k++) {
        int64_t c = d->person[o->row[k]] + d->competency[o->row[k]] * d->persons;
        sum[c] += x[k];
        square[c] += x[k] * x[k];
    }
    for (int64_t c = 0; c < d->persons * d->competences; c++)
        all += (sum[c] * sum[c] - square[c]) / 2;
    return all;
}

static void centred(const vrk_rated *d, const order *o, const vrk_rater_scale *s, double *x)
{
    for (int64_t k = 0; k < o->sets; k++) {
        double mean = 0, n = (double)(o->from[k + 1] - o->from[k]);
        for (int64_t j = o->from[k]; j < o->from[k + 1]; j++) {
            int64_t i = o->row[j];
            x[j] = d->level[i] -
                   vrk_rater_level_at(s, s->eap[d->person[i]] - s->item[d->competency[i]] -
                                             s->severity[d->rater[i]])
                       .mean;
            mean += x[j] / n;
        }
        for (int64_t j = o->from[k]; j < o->from[k + 1]; j++)
            x[j] -= mean;
    }
}

static vrk_status profiles(vrk_ctx *ctx, const vrk_rated *d, const order *o,
                           const vrk_rater_scale *s, vrk_rated_model *out)
{
    vrk_arena *a = &ctx->scratch;
    double *x = VRK_NEW(a, d->n + 1, double);
    double *sum = VRK_NEW(a, d->persons * d->competences + 1, double);
    double *square = VRK_NEW(a, d->persons * d->competences + 1, double);
    int64_t more = 0;
    if (a->failed)
        return vrk_fail(ctx, VRK_EMEMORY, "out of memory for %" PRId64 " persons", d->persons);
    centred(d, o, s, x);
    double own = agreement(d, o, x, sum, square);
    vrk_rng g = vrk_rng_of(ctx->seed, 0x70726f66, 0);
    for (int b = 0; b < DRAWS; b++) {
        for (int64_t k = 0; k < o->sets; k++) {
            for (int64_t j = o->from[k + 1] - 1; j > o->from[k]; j--) {
                int64_t to = o->from[k] + vrk_rng_below(&g, j - o->from[k] + 1);
                double t = x[j];
                x[j] = x[to];
                x[to] = t;
            }
        }
        more += agreement(d, o, x, sum, square) >= own;
    }
    out->profile_p = (double)(1 + more) / (1 + DRAWS);
    out->profile = out->profile_p < by_chance;
    return VRK_OK;
}

vrk_status vrk_rater_halo(vrk_ctx *ctx, const vrk_rated *d, const bool *use,
                          const vrk_rater_scale *s, vrk_rated_model *out)
{
    vrk_status st = VRK_OK;
    order o;
    TRY(order_of(ctx, d, use, &o));
    TRY(impressions(ctx, d, &o, s, out));
    TRY(profiles(ctx, d, &o, s, out));
done:
    return st;
}
