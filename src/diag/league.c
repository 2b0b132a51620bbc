#include "diag/league.h"

#include "diag/half.h"
#include "stat/rank.h"

#include <math.h>

/* Activity, team and seller are the seller's own, market and mix those of all. */
enum {
    OWN = 1 << VRK_PART_ACTIVITY | 1 << VRK_PART_TEAM | 1 << VRK_PART_SELLER,
    SUBSETS = 1 << VRK_PART_CHANCE
};

/* Median over sellers of 1 - posterior variance / variance of sellers. */
static double reliability_of(vrk_ctx *ctx, int64_t draws, int64_t n, const double *x, double *rel)
{
    double all = 0, between = 0, within = 0;
    for (int64_t i = 0; i < draws * n; i++)
        all += x[i] / (double)(draws * n);
    for (int64_t s = 0; s < n; s++) {
        double mean = 0, variance = 0;
        for (int64_t b = 0; b < draws; b++)
            mean += x[s * draws + b] / (double)draws;
        for (int64_t b = 0; b < draws; b++)
            variance += (x[s * draws + b] - mean) * (x[s * draws + b] - mean);
        rel[s] = variance / (double)(draws - 1);
        within += rel[s] / (double)n;
        between += (mean - all) * (mean - all) / (double)(n - 1);
    }
    for (int64_t s = 0; s < n; s++)
        rel[s] = between + within > 0 ? fmax(1 - rel[s] / (between + within), 0) : 0;
    return vrk_median_of(ctx, rel, n);
}

vrk_status vrk_league_make(vrk_ctx *ctx, const vrk_seller_results *r, vrk_league *out)
{
    vrk_status st = VRK_OK;
    vrk_mark mark = vrk_mark_of(&ctx->scratch);
    vrk_ranks ranks = {0};
    int64_t n = r->draws ? r->sellers : 0, b = r->draws;
    double *less = VRK_NEW(&ctx->scratch, n * b, double);
    double *mean = VRK_NEW(&ctx->scratch, b, double), *rel = VRK_NEW(&ctx->scratch, n, double);

    *out = (vrk_league){.mem.limit = ctx->scratch.limit};
    if (!n)
        goto done;
    out->row = VRK_NEW(&out->mem, n, vrk_league_row);
    if (ctx->scratch.failed || out->mem.failed)
        FAIL(VRK_EMEMORY, "out of memory for the order of %lld sellers", (long long)n);
    for (int64_t i = 0; i < n * b; i++) {
        double value[SUBSETS];
        vrk_seller_results_expected(r, i / b, i % b, value);
        less[i] = -value[OWN]; /* rank 1 = most */
        mean[i % b] += less[i] / (double)n;
    }
    TRY(vrk_ranks_of(ctx, b, n, less, 0, &ranks));
    out->n = n;
    for (int64_t s = 0; s < n; s++) {
        out->row[s] = (vrk_league_row){.seller_key = r->seller_key[s],
                                       .lo = ranks.rank[s].lo,
                                       .hi = ranks.rank[s].hi,
                                       .contacts = r->contacts[s],
                                       .money = r->money[s]};
        for (int64_t k = 0; k < b; k++)
            out->row[s].above += (less[s * b + k] < mean[k]) / (double)b;
    }
    out->width = ranks.width;
    out->reliability = reliability_of(ctx, b, n, less, rel);
    out->ordered = vrk_league_table(out->reliability, out->width);
done:
    vrk_ranks_free(&ranks);
    vrk_rewind(&ctx->scratch, mark);
    if (st != VRK_OK)
        vrk_league_free(out);
    return st;
}

void vrk_league_free(vrk_league *l)
{
    vrk_arena_free(&l->mem);
    *l = (vrk_league){0};
}
