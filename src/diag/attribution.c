#include "diag/attribution.h"

#include "num/sort.h"
#include "stat/gap.h"

#include <math.h>

enum { FACTORS = VRK_PART_CHANCE, SUBSETS = 1 << FACTORS };
#define ORDER_MOST 0.15 /* METHODS R14 */
#define LEVEL 0.9

static double subset(void *arg, uint32_t on)
{
    return ((const double *)arg)[on];
}

/* Adds the seller's parts to the covariances with money. */
static vrk_status add_seller(vrk_ctx *ctx, const vrk_seller_results *r, int64_t s, int64_t b,
                             double money, double *cov, double *first, double *last)
{
    double value[SUBSETS], part[FACTORS];
    vrk_seller_results_expected(r, s, b, value);
    vrk_status st = vrk_gap_shapley(ctx, FACTORS, subset, value, part, NULL, NULL);
    for (int k = 0; k < FACTORS && st == VRK_OK; k++) {
        cov[k] += money * part[k];
        first[k] += money * (value[1 << k] - value[0]);
        last[k] += money * (value[SUBSETS - 1] - value[(SUBSETS - 1) & ~(1 << k)]);
    }
    return st;
}

static void summarise(vrk_attribution *out, double *share, int64_t draws)
{
    for (int k = 0; k < VRK_PARTS; k++) {
        double *x = share + k * draws;
        vrk_part_share *p = &out->part[k];
        for (int64_t b = 0; b < draws; b++)
            p->mean += x[b] / (double)draws;
        vrk_sort(x, draws);
        p->lo = x[(int64_t)((1 - LEVEL) / 2 * (double)(draws - 1) + 0.5)];
        p->hi = x[(int64_t)((1 + LEVEL) / 2 * (double)(draws - 1) + 0.5)];
    }
}

vrk_status vrk_attribution_make(vrk_ctx *ctx, const vrk_seller_results *r, vrk_attribution *out)
{
    vrk_status st = VRK_OK;
    vrk_mark mark = vrk_mark_of(&ctx->scratch);
    double mean = 0, variance = 0, n = (double)r->sellers;
    double *share = VRK_NEW(&ctx->scratch, VRK_PARTS * r->draws, double);

    *out = (vrk_attribution){.sellers = r->sellers, .separable = true};
    if (!share)
        FAIL(VRK_EMEMORY, "out of memory for the attribution");
    for (int64_t s = 0; s < r->sellers && r->draws; s++)
        mean += r->money[s] / n;
    for (int64_t s = 0; s < r->sellers && r->draws; s++)
        variance += (r->money[s] - mean) * (r->money[s] - mean);
    if (!(variance > 0))
        goto done;
    out->made = true;
    for (int64_t b = 0; b < r->draws; b++) {
        double cov[FACTORS] = {0}, first[FACTORS] = {0}, last[FACTORS] = {0}, explained = 0;
        TRY(vrk_tick(ctx, "attribution", b, r->draws));
        for (int64_t s = 0; s < r->sellers; s++)
            TRY(add_seller(ctx, r, s, b, r->money[s] - mean, cov, first, last));
        for (int k = 0; k < FACTORS; k++) {
            explained += cov[k] / variance;
            share[k * r->draws + b] = cov[k] / variance;
            out->part[k].first += first[k] / variance / (double)r->draws;
            out->part[k].last += last[k] / variance / (double)r->draws;
        }
        share[VRK_PART_CHANCE * r->draws + b] = 1 - explained;
    }
    summarise(out, share, r->draws);
    out->part[VRK_PART_CHANCE].first = out->part[VRK_PART_CHANCE].last =
        out->part[VRK_PART_CHANCE].mean;
    out->reliability = fmin(fmax(1 - out->part[VRK_PART_CHANCE].mean, 0), 1);
    for (int k = 0; k < FACTORS; k++)
        out->separable &= fabs(out->part[k].first - out->part[k].last) <= ORDER_MOST;
done:
    vrk_rewind(&ctx->scratch, mark);
    return st;
}

void vrk_attribution_answer(const vrk_attribution *a, bool priced, vrk_answer *answer)
{
    vrk_reason why = {.code = priced ? VRK_WHY_FEW_SELLERS : VRK_WHY_NO_AMOUNTS,
                      .n = a->sellers,
                      .all = VRK_RESULT_SELLERS_LEAST,
                      .weeks = nan("")};
    if (answer->status == VRK_CANNOT || (a->made && a->separable))
        return;
    if (a->made)
        why = (vrk_reason){.code = VRK_WHY_TOGETHER, .weeks = nan("")};
    answer->status = a->made ? VRK_WEAK : VRK_CANNOT;
    if (answer->reasons < VRK_REASONS)
        answer->reason[answer->reasons++] = why;
}
