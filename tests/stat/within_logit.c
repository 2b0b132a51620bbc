#include "stat/within_logit.h"

#include "base/rng.h"
#include "tests/t.h"

#include <string.h>

enum { N = 60, GROUPS = 6 };

static double x[2 * N], y[N], trials[N];
static int64_t group[N];
static const double weak[2] = {1e-6, 1e-6};

static vrk_within_logit_data some(void)
{
    vrk_rng r = vrk_rng_of(5, 1, 0);
    for (int i = 0; i < N; i++) {
        group[i] = i % GROUPS;
        x[i] = vrk_rng_normal(&r) + 0.5 * (double)group[i];
        x[N + i] = vrk_rng_chance(&r, 0.4);
        trials[i] = 5 + (double)vrk_rng_below(&r, 20);
        double p = 1 / (1 + exp(-(0.2 * (double)group[i] - 0.5 + 0.7 * x[i] - 0.4 * x[N + i])));
        y[i] = 0;
        for (int k = 0; k < (int)trials[i]; k++)
            y[i] += vrk_rng_chance(&r, p);
    }
    return (vrk_within_logit_data){.n = N,
                                   .p = 2,
                                   .groups = GROUPS,
                                   .x = x,
                                   .y = y,
                                   .trials = trials,
                                   .group = group,
                                   .precision = weak,
                                   .group_precision = 1e-6};
}

/* Log posterior written down plainly, for finite differences. */
static double plain(const vrk_within_logit_data *d, const double *beta, const double *intercept)
{
    double ll = 0;
    for (int64_t i = 0; i < d->n; i++) {
        double e = intercept[d->group[i]];
        for (int64_t j = 0; j < d->p; j++)
            e += beta[j] * d->x[i + j * d->n];
        ll += d->y[i] * e - d->trials[i] * log1p(exp(e));
    }
    for (int64_t j = 0; j < d->p; j++)
        ll -= 0.5 * d->precision[j] * beta[j] * beta[j];
    for (int64_t s = 0; s < d->groups; s++)
        ll -= 0.5 * d->group_precision * intercept[s] * intercept[s];
    return ll;
}

/* Mathematics: at the mode every slope of the plain log posterior is 0. */
static void is_at_the_top(void)
{
    vrk_ctx ctx = {0};
    vrk_within_logit fit;
    vrk_within_logit_data d = some();
    T_OK(vrk_within_logit_fit(&ctx, &d, &fit) == VRK_OK && fit.stop == VRK_STOP_GRAD);
    T_NEAR(fit.ll, plain(&d, fit.beta, fit.intercept), 1e-12);
    double *parameter[] = {&fit.beta[0], &fit.beta[1], &fit.intercept[0], &fit.intercept[5]};
    for (int k = 0; k < 4; k++) {
        double at = *parameter[k], h = 1e-4;
        *parameter[k] = at + h;
        double above = plain(&d, fit.beta, fit.intercept);
        *parameter[k] = at - h;
        double below = plain(&d, fit.beta, fit.intercept);
        *parameter[k] = at;
        T_OK(fabs(above - below) / (2 * h) < 1e-5);
    }
    T_OK(fabs(fit.beta[0] - 0.7) < 4 * sqrt(fit.variance[0]));
    T_OK(fabs(fit.beta[1] + 0.4) < 4 * sqrt(fit.variance[1]));
    vrk_within_logit_free(&fit);
    vrk_arena_free(&ctx.scratch);
}

/* One group, no covariates: the log odds of all, by hand. */
static void gives_the_log_odds_of_one_group(void)
{
    vrk_ctx ctx = {0};
    vrk_within_logit fit;
    const double hits[] = {3, 9}, of[] = {10, 30};
    const int64_t all[] = {0, 0};
    vrk_within_logit_data d = {
        .n = 2, .groups = 1, .y = hits, .trials = of, .group = all, .group_precision = 1e-9};
    T_OK(vrk_within_logit_fit(&ctx, &d, &fit) == VRK_OK);
    T_NEAR(fit.intercept[0], log(12. / 28), 1e-8);
    vrk_within_logit_free(&fit);
    vrk_arena_free(&ctx.scratch);
}

/* Property: what differs between groups only is no evidence: a group's constant moves its
 * intercept. */
static void takes_nothing_from_between_groups(void)
{
    vrk_ctx ctx = {0};
    vrk_within_logit a, b;
    vrk_within_logit_data d = some();
    T_OK(vrk_within_logit_fit(&ctx, &d, &a) == VRK_OK);
    for (int i = 0; i < N; i++)
        x[i] += 3 * (double)group[i];
    T_OK(vrk_within_logit_fit(&ctx, &d, &b) == VRK_OK);
    T_NEAR(a.beta[0], b.beta[0], 1e-4);
    T_NEAR(a.intercept[4] - b.intercept[4], 12 * a.beta[0], 1e-3);
    vrk_within_logit_free(&a);
    vrk_within_logit_free(&b);
    vrk_arena_free(&ctx.scratch);
}

static void stays_finite_where_all_succeed(void)
{
    vrk_ctx ctx = {0};
    vrk_within_logit fit;
    vrk_within_logit_data d = some();
    const double prior[2] = {1, 1};
    d.precision = prior;
    d.group_precision = 0.3;
    memcpy(y, trials, sizeof(y));
    T_OK(vrk_within_logit_fit(&ctx, &d, &fit) == VRK_OK && isfinite(fit.beta[0]) &&
         fit.intercept[0] > 2);
    vrk_within_logit_free(&fit);
    vrk_arena_free(&ctx.scratch);
}

static void names_the_bad_row(void)
{
    vrk_ctx ctx = {0};
    vrk_within_logit fit;
    vrk_within_logit_data d = some();
    y[7] = trials[7] + 1;
    T_OK(vrk_within_logit_fit(&ctx, &d, &fit) == VRK_EINPUT && strstr(ctx.message, "row 7:") &&
         !fit.beta);
    d = some();
    x[N + 9] = nan("");
    T_OK(vrk_within_logit_fit(&ctx, &d, &fit) == VRK_EINPUT &&
         !strcmp(ctx.message, "row 9: column 1 is no number"));
    d = some();
    const double none[2] = {0, 0};
    d.precision = none;
    d.group_precision = 1e-14; /* else the groups' prior tells a little of it */
    for (int i = 0; i < N; i++)
        x[N + i] = (double)group[i];
    T_OK(vrk_within_logit_fit(&ctx, &d, &fit) == VRK_ENUMERIC);
    vrk_arena_free(&ctx.scratch);
}

static void fails_cleanly_at_every_allocation(void)
{
    vrk_status st;
    size_t limit = 0;
    vrk_within_logit_data d = some();
    do {
        vrk_ctx ctx = {.scratch.limit = limit += 128};
        vrk_within_logit fit;
        st = vrk_within_logit_fit(&ctx, &d, &fit);
        T_OK(st == VRK_OK || (st == VRK_EMEMORY && !fit.beta && ctx.scratch.used == 0));
        vrk_within_logit_free(&fit);
        vrk_arena_free(&ctx.scratch);
    } while (st == VRK_EMEMORY);
    T_OK(st == VRK_OK);
}

T_MAIN(T_CASE(is_at_the_top), T_CASE(gives_the_log_odds_of_one_group),
       T_CASE(takes_nothing_from_between_groups), T_CASE(stays_finite_where_all_succeed),
       T_CASE(names_the_bad_row), T_CASE(fails_cleanly_at_every_allocation))
