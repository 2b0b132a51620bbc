#include "diag/flow.h"

#include "num/special.h"
#include "stat/aj.h"

#include <math.h>

#define LEVEL 0.9
#define TAIL 0.05 /* (1 - LEVEL) / 2 */

enum { K = VRK_FLOW_STATES, TIMED_LEAST = 20 };

static const vrk_interval unknown = {(double)NAN, (double)NAN, (double)NAN};

/* Limits of a share. Where nobody, or everybody, went that way the estimator's error is 0; then
 * Clopper & Pearson (1934) for none of n. */
static vrk_interval share_of(double p, double se, double n)
{
    vrk_interval e;
    p = fmin(fmax(p, 0), 1);
    if (p > 1e-12 && p < 1 - 1e-12)
        return vrk_interval_of(p, se, LEVEL, VRK_LOGLOG);
    e = (vrk_interval){p, p, p};
    if (p < 0.5)
        e.hi = n > 0 ? 1 - pow(TAIL, 1 / n) : 1;
    else
        e.lo = n > 0 ? pow(TAIL, 1 / n) : 0;
    return e;
}

static vrk_interval days_of(const vrk_aj *aj, int32_t state, double tau)
{
    double z = vrk_normal_quantile(1 - TAIL), se = vrk_aj_mean_se(aj, state);
    double mean = aj->mean[state];
    return (vrk_interval){mean, fmax(mean - z * se, 0), fmin(mean + z * se, tau)};
}

/* Of the curve of those still in: the first state's values lie k apart, its variances k x k. */
static void quantiles(const vrk_aj *aj, vrk_interval *median, vrk_interval *p90)
{
    int64_t k = aj->states;
    vrk_curve curve = {.m = aj->m,
                       .time = aj->time,
                       .value = aj->p,
                       .var = aj->cov,
                       .value_stride = k,
                       .var_stride = k * k};
    *median = vrk_curve_quantile(&curve, 0.5, LEVEL);
    *p90 = vrk_curve_quantile(&curve, 0.9, LEVEL);
}

static void clear(vrk_flow *f)
{
    f->median_days = f->p90_days = f->median_workdays = f->p90_workdays = unknown;
    f->forward = f->back = f->won = f->lost = f->stalled = f->days_in = f->days_lost = unknown;
    f->stop_se = f->turn_day = nan("");
    for (int i = 0; i < VRK_TIMES; i++)
        f->on_days[i] = f->lost_days[i] = nan("");
    f->beyond = false;
    f->horizon = 0;
}

static void take_course(const vrk_aj *aj, double horizon, vrk_flow *f)
{
    f->horizon = horizon;
    for (int i = 0; i < VRK_COURSE_DAYS; i++) {
        int64_t row = vrk_aj_row(aj, horizon * i / (VRK_COURSE_DAYS - 1));
        for (int s = 0; s < K; s++)
            f->course[i][s] = row < 0 ? s == VRK_FLOW_IN : fmin(fmax(aj->p[row * K + s], 0), 1);
    }
}

/* Days by which 10, 25, 50, 75 and 90 % of those have gone to one of two states (b < 0: to one)
 * that have by row `last`. */
static void times_of(const vrk_aj *aj, int64_t last, int a, int b, double entered, double *day)
{
    static const double part[VRK_TIMES] = {0.1, 0.25, 0.5, 0.75, 0.9};
    const double *p = aj->p;
    double all = p[last * K + a] + (b < 0 ? 0 : p[last * K + b]);
    int64_t row = 0;
    if (all * entered < TIMED_LEAST)
        return;
    for (int i = 0; i < VRK_TIMES; i++) {
        while (row < last && p[row * K + a] + (b < 0 ? 0 : p[row * K + b]) < part[i] * all)
            row++;
        day[i] = aj->time[row];
    }
}

static double wilson_above(double share, double n, double z)
{
    double half = z * sqrt(share * (1 - share) / n + z * z / (4 * n * n));
    return (share + z * z / (2 * n) + half) / (1 + z * z / n);
}

/* The first day from which, almost surely, fewer than half of those still in go on or are won by
 * the horizon; at first it must be more. Wilson's upper limit of a share of those at risk, which
 * does not take it from a few that none goes on. */
static double turn_of(const vrk_aj *aj, const vrk_flow_counts *c, int64_t last)
{
    const double *p = aj->p;
    double all = p[last * K + VRK_FLOW_FORWARD] + p[last * K + VRK_FLOW_WON], day = nan("");
    double z = vrk_normal_quantile(1 - TAIL);
    int64_t j = c->m - 1;
    if (all <= 0.5)
        return day;
    for (int64_t row = last; row >= 0; row--) {
        if (p[row * K] < 1e-9) /* nobody is left */
            continue;
        double left = all - p[row * K + VRK_FLOW_FORWARD] - p[row * K + VRK_FLOW_WON];
        double share = fmin(fmax(left / p[row * K], 0), 1);
        while (j > 0 && c->day[j - 1] >= aj->time[row])
            j--;
        double there = c->risk[j];
        for (int k = 0; k < VRK_FLOW_KINDS && !(c->day[j] > aj->time[row]); k++)
            there -= c->moved[j * VRK_FLOW_KINDS + k];
        if (wilson_above(share, fmax(there, 1), z) >= 0.5)
            break;
        day = aj->time[row];
    }
    return day;
}

/* All are in one state, so the risk of the other states is 0 and no transition leaves them. */
static vrk_status widen(vrk_ctx *ctx, const vrk_flow_counts *c, vrk_transitions *t)
{
    static const int32_t from[VRK_FLOW_KINDS] = {0}, to[VRK_FLOW_KINDS] = {1, 2, 3, 4};
    double *risk = VRK_NEW(&ctx->scratch, c->m * K, double);
    if (!risk)
        return vrk_fail(ctx, VRK_EMEMORY, "out of memory");
    for (int64_t j = 0; j < c->m; j++)
        risk[j * K] = c->risk[j];
    *t = (vrk_transitions){.states = K,
                           .kinds = VRK_FLOW_KINDS,
                           .from = from,
                           .to = to,
                           .m = c->m,
                           .time = c->day,
                           .risk = risk,
                           .moved = c->moved};
    return VRK_OK;
}

vrk_status vrk_flow_fit(vrk_ctx *ctx, const vrk_flow_counts *counts, double horizon, vrk_flow *flow)
{
    vrk_status st = VRK_OK;
    vrk_mark mark = vrk_mark_of(&ctx->scratch);
    vrk_transitions t;
    vrk_aj aj = {0};
    vrk_interval *const share[K] = {&flow->stalled, &flow->forward, &flow->back, &flow->won,
                                    &flow->lost};

    clear(flow);
    if (!counts->m || horizon <= 0)
        goto done;
    TRY(widen(ctx, counts, &t));
    TRY(vrk_aj_fit(ctx, &t, &(vrk_aj_opt){.tau = horizon}, &aj));
    quantiles(&aj, &flow->median_days, &flow->p90_days);
    int64_t row = vrk_aj_row(&aj, horizon);
    const double *cov = aj.cov + row * K * K;
    for (int32_t s = 0; s < K; s++)
        *share[s] = share_of(aj.p[row * K + s], vrk_aj_se(&aj, row, s), (double)flow->entered);
    flow->stop_se =
        sqrt(fmax(cov[0] + cov[VRK_FLOW_LOST * K + VRK_FLOW_LOST] + 2 * cov[VRK_FLOW_LOST], 0));
    flow->days_in = days_of(&aj, VRK_FLOW_IN, horizon);
    flow->days_lost = days_of(&aj, VRK_FLOW_LOST, horizon);
    flow->beyond = aj.beyond;
    times_of(&aj, row, VRK_FLOW_FORWARD, VRK_FLOW_WON, (double)flow->entered, flow->on_days);
    times_of(&aj, row, VRK_FLOW_LOST, -1, (double)flow->entered, flow->lost_days);
    flow->turn_day = turn_of(&aj, counts, row);
    take_course(&aj, horizon, flow);
done:
    vrk_aj_free(&aj);
    vrk_rewind(&ctx->scratch, mark);
    return st;
}

vrk_status vrk_flow_lengths(vrk_ctx *ctx, int64_t n, const double *entry, const double *exit,
                            const int32_t *ended, const double *count, vrk_interval *median,
                            vrk_interval *p90)
{
    vrk_status st = VRK_OK;
    vrk_mark mark = vrk_mark_of(&ctx->scratch);
    vrk_transitions t = {0};
    vrk_aj aj = {0};
    int32_t *to = VRK_NEW(&ctx->scratch, n, int32_t);

    *median = *p90 = unknown;
    if (!to)
        FAIL(VRK_EMEMORY, "out of memory");
    if (!n)
        goto done;
    for (int64_t i = 0; i < n; i++)
        to[i] = ended[i] ? 1 : VRK_CENSORED;
    vrk_spells spells = {
        .n = n, .states = 2, .entry = entry, .exit = exit, .to = to, .count = count};
    TRY(vrk_transitions_count(ctx, &spells, &t));
    if (t.m) {
        TRY(vrk_aj_fit(ctx, &t, NULL, &aj));
        quantiles(&aj, median, p90);
    } else { /* nobody has left */
        *median = *p90 = (vrk_interval){HUGE_VAL, HUGE_VAL, HUGE_VAL};
    }
done:
    vrk_aj_free(&aj);
    vrk_transitions_free(&t);
    vrk_rewind(&ctx->scratch, mark);
    return st;
}

double vrk_flow_horizon(int64_t m, const double *day, const double *n)
{
    static const double rung[] = {7, 14, 30, 60, 90, 120, 180, 270, 365, 545, 730};
    enum { RUNGS = sizeof(rung) / sizeof(rung[0]) };
    double all = 0, within = 0, last = 0;
    for (int64_t j = 0; j < m; j++)
        all += n[j];
    for (int64_t j = 0; j < m && within < 0.95 * all; j++) {
        within += n[j];
        last = day[j];
    }
    for (int i = 0; i < RUNGS && all > 0; i++) {
        if (rung[i] >= last)
            return rung[i];
    }
    return all > 0 ? rung[RUNGS - 1] : 0;
}
