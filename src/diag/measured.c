#include "diag/measured.h"

#include "stat/within_logit.h"

#include <math.h>

/* What a point means before anything is known: one log odds of competence is about 0.8 of five
 * points, and 1.5 log odds of a right answer. */
#define PRIOR_PER_LOGIT 0.8
#define PRIOR_PER_LOGIT_SD 0.4
#define PRIOR_ITEM_SLOPE 1.5
#define PRIOR_ITEM_SLOPE_SD 0.5
enum { SEVERITY_ROUNDS = 30, M = VRK_AT_MOMENTS };

static int64_t place(int64_t seller, int64_t moment)
{
    return seller * M + moment - 1;
}

/* Severity by alternating means, drawn towards 0 by two ratings' weight. */
static void take_severity_off(const vrk_moment_cells *c, double *severity, double *sum, double *n,
                              double *of_rater, double *n_rater, vrk_measured *out)
{
    for (int round = 0; round < SEVERITY_ROUNDS; round++) {
        for (int64_t i = 0; i < c->sellers * M; i++)
            sum[i] = n[i] = 0;
        for (int64_t k = 0; k < c->scores; k++) {
            const vrk_score_of *x = &c->score[k];
            if (x->rater < 0)
                continue;
            sum[place(x->seller, x->moment)] += x->score - severity[x->rater];
            n[place(x->seller, x->moment)]++;
        }
        for (int64_t r = 0; r < c->raters; r++)
            of_rater[r] = n_rater[r] = 0;
        for (int64_t k = 0; k < c->scores; k++) {
            const vrk_score_of *x = &c->score[k];
            if (x->rater < 0)
                continue;
            int64_t at = place(x->seller, x->moment);
            of_rater[x->rater] += x->score - sum[at] / n[at];
            n_rater[x->rater]++;
        }
        for (int64_t r = 0; r < c->raters; r++)
            severity[r] = of_rater[r] / (n_rater[r] + 2);
    }
    for (int64_t i = 0; i < c->sellers * M; i++) {
        out->rating[i] = n[i] > 0 ? sum[i] / n[i] : nan("");
        out->rated += n[i] > 0;
    }
}

vrk_status vrk_measured_make(vrk_ctx *ctx, const vrk_moment_cells *c, vrk_arena *mem,
                             vrk_measured *out)
{
    vrk_status st = VRK_OK;
    vrk_mark mark = vrk_mark_of(&ctx->scratch);
    double *severity = VRK_NEW(&ctx->scratch, c->raters, double);
    double *of_rater = VRK_NEW(&ctx->scratch, c->raters, double);
    double *n_rater = VRK_NEW(&ctx->scratch, c->raters, double);
    double *sum = VRK_NEW(&ctx->scratch, c->sellers * M, double);
    double *n = VRK_NEW(&ctx->scratch, c->sellers * M, double);

    *out = (vrk_measured){.per_logit = PRIOR_PER_LOGIT,
                          .item_slope = PRIOR_ITEM_SLOPE,
                          .noise = 0.6,
                          .rating = VRK_NEW(mem, c->sellers * M, double),
                          .answers = VRK_NEW(mem, c->sellers * M, double),
                          .right = VRK_NEW(mem, c->sellers * M, double)};
    if (ctx->scratch.failed || mem->failed)
        FAIL(VRK_EMEMORY, "out of memory for the scores of %lld sellers", (long long)c->sellers);
    take_severity_off(c, severity, sum, n, of_rater, n_rater, out);
    for (int64_t k = 0; k < c->scores; k++) {
        if (c->score[k].rater >= 0)
            continue;
        out->answers[place(c->score[k].seller, c->score[k].moment)]++;
        out->right[place(c->score[k].seller, c->score[k].moment)] += c->score[k].score;
        out->items++;
    }
done:
    vrk_rewind(&ctx->scratch, mark);
    return st;
}

void vrk_measured_add(const vrk_measured *a, int64_t m, const vrk_half *part, double *ll)
{
    const vrk_effects_data *d = &part->data;
    for (int64_t s = 0; s < d->n; s++) {
        int64_t at = place(s, m);
        for (int64_t k = 0; k < d->slope.n; k++) {
            double slope = d->slope.from + (double)k * d->slope.step;
            for (int64_t i = 0; i < d->total.n; i++) {
                double theta = d->total.from + (double)i * d->total.step + part->level_mean * slope;
                double sum = 0;
                if (isfinite(a->rating[at])) {
                    double r = (a->rating[at] - a->level[m] - a->per_logit * theta) / a->noise;
                    sum -= 0.5 * r * r;
                }
                if (a->answers[at] > 0) {
                    double x = a->item_level[m] + a->item_slope * theta;
                    double log_all = x > 0 ? x + log1p(exp(-x)) : log1p(exp(x));
                    sum += a->right[at] * x - a->answers[at] * log_all;
                }
                ll[(s * d->slope.n + k) * d->total.n + i] += sum;
            }
        }
    }
}

/* rating = level[m] + per_logit * theta: least squares with the uncertainty of theta in the sums,
 * and the prior of per_logit. */
static void renew_ratings(vrk_measured *a, int64_t sellers, const double *mean,
                          const double *variance)
{
    double n[M + 1] = {0}, y[M + 1] = {0}, t[M + 1] = {0}, yt = 0, tt = 0, square = 0, all = 0;
    for (int64_t i = 0; i < sellers * M; i++) {
        int64_t m = i % M + 1;
        if (!isfinite(a->rating[i]))
            continue;
        n[m]++;
        y[m] += a->rating[i];
        t[m] += mean[i];
    }
    for (int64_t i = 0; i < sellers * M; i++) {
        int64_t m = i % M + 1;
        if (!isfinite(a->rating[i]))
            continue;
        double dt = mean[i] - t[m] / n[m];
        yt += (a->rating[i] - y[m] / n[m]) * dt;
        tt += dt * dt + variance[i];
    }
    double w = 1 / (a->noise * a->noise), prior = 1 / (PRIOR_PER_LOGIT_SD * PRIOR_PER_LOGIT_SD);
    a->per_logit = (w * yt + prior * PRIOR_PER_LOGIT) / (w * tt + prior);
    for (int m = 1; m <= M; m++)
        a->level[m] = n[m] > 0 ? (y[m] - a->per_logit * t[m]) / n[m] : 0;
    for (int64_t i = 0; i < sellers * M; i++) {
        int64_t m = i % M + 1;
        if (!isfinite(a->rating[i]))
            continue;
        double r = a->rating[i] - a->level[m] - a->per_logit * mean[i];
        square += r * r + a->per_logit * a->per_logit * variance[i];
        all++;
    }
    a->noise = sqrt((square + 0.5) / (all + 2));
}

/* Right answers by theta: the levels are the moments' intercepts, the slope has its prior. */
static vrk_status renew_items(vrk_ctx *ctx, vrk_measured *a, int64_t sellers, const double *mean)
{
    vrk_status st = VRK_OK;
    vrk_mark mark = vrk_mark_of(&ctx->scratch);
    vrk_within_logit fit = {0};
    int64_t n = 0, most = sellers * M;
    double *x = VRK_NEW(&ctx->scratch, most, double), *y = VRK_NEW(&ctx->scratch, most, double);
    double *trials = VRK_NEW(&ctx->scratch, most, double);
    int64_t *group = VRK_NEW(&ctx->scratch, most, int64_t);
    double precision = 1 / (PRIOR_ITEM_SLOPE_SD * PRIOR_ITEM_SLOPE_SD), prior = PRIOR_ITEM_SLOPE;
    if (ctx->scratch.failed)
        FAIL(VRK_EMEMORY, "out of memory for the answers of %lld sellers", (long long)sellers);
    for (int64_t i = 0; i < most; i++) {
        if (!(a->answers[i] > 0))
            continue;
        x[n] = mean[i];
        y[n] = a->right[i];
        trials[n] = a->answers[i];
        group[n++] = i % M;
    }
    if (!n)
        goto done;
    TRY(vrk_within_logit_fit(ctx,
                             &(vrk_within_logit_data){.n = n,
                                                      .p = 1,
                                                      .groups = M,
                                                      .x = x,
                                                      .y = y,
                                                      .trials = trials,
                                                      .group = group,
                                                      .precision = &precision,
                                                      .prior = &prior,
                                                      .group_precision = 0.05},
                             &fit));
    a->item_slope = fit.beta[0];
    for (int m = 1; m <= M; m++)
        a->item_level[m] = fit.intercept[m - 1];
done:
    vrk_within_logit_free(&fit);
    vrk_rewind(&ctx->scratch, mark);
    return st;
}

vrk_status vrk_measured_renew(vrk_ctx *ctx, vrk_measured *a, int64_t sellers, const double *mean,
                              const double *variance)
{
    if (a->rated > 0)
        renew_ratings(a, sellers, mean, variance);
    return a->items > 0 ? renew_items(ctx, a, sellers, mean) : VRK_OK;
}
