#include "people/bank.h"

#include "stat/cat.h"
#include "stat/keyed.h"

#include <math.h>
#include <string.h>

/* How sharply an answer tells at the start, assumed: a situational test of sixteen such items has a
 * reliability of about .65, which is what tests of one competence reach. */
static const double sharpness = 1.0;
static const double never = -60.0; /* log odds of points that no option has */

bool vrk_item_is(const vrk_item *item, vrk_kind kind)
{
    bool of[VRK_KINDS] = {!item->complex,  item->complex, !item->committee,
                          item->committee, !item->slow,   item->slow};
    return item->placed && of[kind];
}

void vrk_item_many(const vrk_item *item, double *many)
{
    for (int k = 0; k <= VRK_ITEM_POINTS; k++)
        many[k] = 0;
    for (int o = 0; o < VRK_ITEM_OPTIONS; o++)
        many[item->option[o].points]++;
}

/* log P(k points) / P(0 points) = k a z + d_k. */
static void parameters(const vrk_item *item, double difficulty, double sharp, double *slope,
                       double *intercept)
{
    double options[VRK_ITEM_POINTS + 1];
    vrk_item_many(item, options);
    double c = vrk_keyed_half(options, VRK_ITEM_POINTS);
    double none = options[0] > 0 ? log(options[0]) : never;
    *slope = sharp / VRK_ITEM_POINTS;
    for (int k = 1; k <= VRK_ITEM_POINTS; k++) {
        double share = (double)k / VRK_ITEM_POINTS;
        double many = options[k] > 0 ? log(options[k]) : never;
        intercept[k - 1] = many - none + share * (c - sharp * difficulty);
    }
}

vrk_status vrk_bank_make(vrk_ctx *ctx, const vrk_instrument *instrument, vrk_bank *out)
{
    return vrk_bank_measured(ctx, instrument, NULL, NULL, out);
}

vrk_status vrk_bank_measured(vrk_ctx *ctx, const vrk_instrument *instrument,
                             const double *difficulty, const double *sharp, vrk_bank *out)
{
    vrk_status st = VRK_OK;
    vrk_mark mark = vrk_mark_of(&ctx->scratch);
    int64_t n = instrument->items;
    double *slope = VRK_NEW(&ctx->scratch, n, double);
    double *intercept = VRK_NEW(&ctx->scratch, n * VRK_ITEM_POINTS, double);
    int32_t *categories = VRK_NEW(&ctx->scratch, n, int32_t);

    *out = (vrk_bank){.instrument = instrument};
    if (ctx->scratch.failed)
        FAIL(VRK_EMEMORY, "out of memory for %s", instrument->competency);
    for (int64_t j = 0; j < n; j++) {
        parameters(&instrument->item[j],
                   difficulty ? difficulty[j] : instrument->item[j].difficulty,
                   sharp ? sharp[j] : sharpness, &slope[j], &intercept[j * VRK_ITEM_POINTS]);
        categories[j] = VRK_ITEM_POINTS + 1;
    }
    TRY(vrk_irt_of(
        ctx, VRK_IRT_ADJACENT, n, categories,
        &(vrk_irt_known){.slope = slope, .intercept = intercept, .steps = VRK_ITEM_POINTS}, 0,
        &out->irt));
    out->area = VRK_NEW(&out->irt.mem, n, int32_t);
    out->known = vrk_cat_known(&out->irt, &out->irt.mem);
    if (!out->area || !out->known)
        FAIL(VRK_EMEMORY, "out of memory for %s", instrument->competency);
    for (int64_t j = 0; j < n; j++) {
        const vrk_item *item = &instrument->item[j];
        out->area[j] = (item->complex ? 1 : 0) + (item->committee ? 2 : 0);
        out->target[out->area[j]] += 1. / (double)n;
    }
done:
    vrk_rewind(&ctx->scratch, mark);
    if (st != VRK_OK)
        vrk_bank_free(out);
    return st;
}

void vrk_bank_free(vrk_bank *b)
{
    vrk_irt_free(&b->irt);
    *b = (vrk_bank){0};
}

/* Posterior of the trait at the points, adding up to 1; share of the points expected there. */
static int64_t posterior(const vrk_bank *b, const int8_t *x, const bool *counts, double *post,
                         double *share)
{
    int64_t answers = 0;
    double all = 0, top = -HUGE_VAL;
    for (int64_t q = 0; q < b->irt.points; q++) {
        double points = 0, most = 0;
        post[q] = log(b->irt.weight[q]);
        answers = 0;
        for (int64_t j = 0; j < b->irt.items; j++) {
            if (counts && !counts[j])
                continue;
            const double *p = b->known + (j * b->irt.points + q) * (VRK_ITEM_POINTS + 1);
            for (int k = 1; k <= VRK_ITEM_POINTS; k++)
                points += k * p[k];
            most += VRK_ITEM_POINTS;
            if (x[j] < 0)
                continue;
            post[q] += log(p[x[j]]);
            answers++;
        }
        share[q] = most > 0 ? points / most : 0;
        top = fmax(top, post[q]);
    }
    for (int64_t q = 0; q < b->irt.points; q++)
        all += post[q] = exp(post[q] - top);
    for (int64_t q = 0; q < b->irt.points; q++)
        post[q] /= all;
    return answers;
}

/* Where the distribution reaches p: mass of a point lies evenly over half a step on either side. */
static double quantile(const vrk_irt *irt, const double *post, const double *share, double p)
{
    double below = 0;
    int64_t n = irt->points;
    for (int64_t q = 0; q < n; q++) {
        if (below + post[q] >= p || q == n - 1) {
            double at = post[q] > 0 ? (p - below) / post[q] - 0.5 : 0; /* in steps from the point */
            int64_t next = at < 0 ? q - 1 : q + 1;
            if (next < 0 || next >= n)
                return share[q];
            return share[q] + fabs(at) * (share[next] - share[q]);
        }
        below += post[q];
    }
    return nan("");
}

vrk_status vrk_bank_gauge(vrk_ctx *ctx, const vrk_bank *b, const int8_t *x, const bool *counts,
                          vrk_gauge *out)
{
    vrk_status st = VRK_OK;
    vrk_mark mark = vrk_mark_of(&ctx->scratch);
    double *post = VRK_NEW(&ctx->scratch, b->irt.points, double), square = 0;
    double *share = VRK_NEW(&ctx->scratch, b->irt.points, double);
    *out = (vrk_gauge){0};
    if (ctx->scratch.failed)
        FAIL(VRK_EMEMORY, "out of memory for a score");
    out->answers = posterior(b, x, counts, post, share);
    for (int64_t q = 0; q < b->irt.points; q++) {
        out->eap += post[q] * b->irt.z[q];
        out->mean += post[q] * share[q];
        square += post[q] * b->irt.z[q] * b->irt.z[q];
    }
    out->psd = sqrt(fmax(square - out->eap * out->eap, 0));
    out->reliability = fmax(1 - out->psd * out->psd, 0);
    out->lo = quantile(&b->irt, post, share, 0.05);
    out->hi = quantile(&b->irt, post, share, 0.95);
done:
    vrk_rewind(&ctx->scratch, mark);
    return st;
}

vrk_status vrk_bank_above(vrk_ctx *ctx, const vrk_bank *b, const int8_t *x, const bool *first,
                          const bool *second, double *p)
{
    vrk_status st = VRK_OK;
    vrk_mark mark = vrk_mark_of(&ctx->scratch);
    int64_t n = b->irt.points;
    double *post = VRK_NEW(&ctx->scratch, 2 * n, double), below = 0;
    double *share = VRK_NEW(&ctx->scratch, n, double);
    *p = nan("");
    if (ctx->scratch.failed)
        FAIL(VRK_EMEMORY, "out of memory for a comparison");
    (void)posterior(b, x, first, post, share);
    (void)posterior(b, x, second, post + n, share);
    *p = 0;
    for (int64_t q = 0; q < n; q++) {
        *p += post[q] * (below + post[n + q] / 2);
        below += post[n + q];
    }
done:
    vrk_rewind(&ctx->scratch, mark);
    return st;
}
