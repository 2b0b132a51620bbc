#include "stat/cox.h"

#include "num/mat.h"
#include "stat/cox_parts.h"

#include <inttypes.h>
#include <math.h>
#include <string.h>

enum { MOST_HALVINGS = 40 };
static const double LONGEST_STEP = 8; /* [log hazard] between two rows; more at once overflows */

typedef struct {
    cox_rows rows;
    cox_room room;
    vrk_cox_opt opt;
    cox_pass now, next;      /* at beta, at try */
    double *try, *step;      /* [p] */
    double *chol, *farthest; /* [p x p]; [p] largest |x - center| */
} newton;

static void swap(newton *a)
{
    cox_pass other = a->now;
    a->now = a->next;
    a->next = other;
}

/* Factor of the information and Newton's step; returns what it promises, g'H^-1 g / 2. */
static double find_step(newton *a, double tol, vrk_cox *out)
{
    int64_t p = out->p;
    double promise = 0;
    memcpy(a->chol, a->now.info, (size_t)(p * p) * sizeof(double));
    out->rank = vrk_chol(a->chol, p, tol, out->dropped);
    memcpy(a->step, a->now.gradient, (size_t)p * sizeof(double));
    vrk_chol_solve(a->chol, p, out->dropped, a->step);
    out->gradient = 0;
    for (int64_t j = 0; j < p; j++) {
        if (out->dropped[j])
            continue;
        promise += a->now.gradient[j] * a->step[j] / 2;
        out->gradient =
            fmax(out->gradient, fabs(a->now.gradient[j]) / sqrt(a->now.info[j + j * p]));
    }
    return promise;
}

/* Goes along the step as far as it helps; false: not at all. `moved`: the share of it. */
static bool advance(newton *a, vrk_cox *out, double *moved)
{
    double reach = 0;
    for (int64_t j = 0; j < out->p; j++)
        reach += fabs(a->step[j]) * a->farthest[j];
    double share = reach > LONGEST_STEP ? LONGEST_STEP / reach : 1;
    for (int i = 0; i < MOST_HALVINGS; i++, share /= 2) {
        for (int64_t j = 0; j < out->p; j++)
            a->try[j] = out->beta[j] + share * a->step[j];
        vrk_cox_run(&a->rows, &a->room, a->opt.ties, a->try, &a->next);
        if (!(a->next.ll >= a->now.ll - 1e-13 * fabs(a->now.ll))) /* sums differ by rounding */
            continue;
        memcpy(out->beta, a->try, (size_t)out->p * sizeof(double));
        swap(a);
        *moved = share;
        return true;
    }
    return false;
}

/* Columns that tell nothing: what is left of their second moment without the means is rounding. */
static void begin(newton *a, vrk_cox *out)
{
    vrk_cox_run(&a->rows, &a->room, a->opt.ties, out->beta, &a->now);
    out->ll0 = a->now.ll;
    for (int64_t j = 0; j < out->p; j++)
        out->dropped[j] = !(a->now.info[j + j * out->p] > 1e-12 * a->now.moment[j]);
    out->score = 2 * find_step(a, 1e-10, out);
}

/* Whether beta was still on its way when ll stood still. */
static bool running(const newton *a, double moved, vrk_cox *out)
{
    bool any = false;
    for (int64_t j = 0; j < out->p; j++) {
        out->infinite[j] = fabs(moved * a->step[j]) * a->farthest[j] > 0.1;
        any = any || out->infinite[j];
    }
    return any;
}

static vrk_status iterate(vrk_ctx *ctx, newton *a, vrk_cox *out)
{
    vrk_status st = VRK_OK;
    out->stop = VRK_STOP_ITER;
    begin(a, out);
    if (!isfinite(out->ll0))
        FAIL(VRK_ENUMERIC, "the likelihood is not finite at beta = 0: offsets too far apart");
    while (out->rank > 0 && out->iterations < a->opt.max_iter && out->stop == VRK_STOP_ITER) {
        double moved = 0, promise = find_step(a, 0, out);
        out->iterations++;
        TRY(vrk_tick(ctx, "Cox regression", out->iterations, a->opt.max_iter));
        if (!advance(a, out, &moved))
            out->stop = promise <= a->opt.tol ? VRK_STOP_GRAD : VRK_STOP_STEP;
        else if (promise <= a->opt.tol)
            out->stop = running(a, moved, out) ? VRK_STOP_BOUNDARY : VRK_STOP_GRAD;
    }
    if (out->rank == 0)
        out->stop = VRK_STOP_GRAD;
    find_step(a, 0, out);
    out->ll = a->now.ll;
    vrk_chol_inverse(a->chol, out->p, out->dropped, out->vcov);
    for (int64_t j = 0; j < out->p; j++)
        out->se[j] = out->dropped[j] ? nan("") : sqrt(out->vcov[j + j * out->p]);
done:
    return st;
}

static vrk_status reserve(vrk_ctx *ctx, newton *a, vrk_cox *out)
{
    int64_t p = out->p;
    cox_pass *both[] = {&a->now, &a->next};
    for (int i = 0; i < 2; i++) {
        both[i]->gradient = VRK_NEW(&ctx->scratch, p, double);
        both[i]->info = VRK_NEW(&ctx->scratch, p * p, double);
        both[i]->moment = VRK_NEW(&ctx->scratch, p, double);
    }
    a->try = VRK_NEW(&ctx->scratch, p, double);
    a->step = VRK_NEW(&ctx->scratch, p, double);
    a->chol = VRK_NEW(&ctx->scratch, p * p, double);
    a->farthest = VRK_NEW(&ctx->scratch, p, double);
    out->beta = VRK_NEW(&out->mem, p, double);
    out->se = VRK_NEW(&out->mem, p, double);
    out->vcov = VRK_NEW(&out->mem, p * p, double);
    out->dropped = VRK_NEW(&out->mem, p, bool);
    out->infinite = VRK_NEW(&out->mem, p, bool);
    out->center = VRK_NEW(&out->mem, p, double);
    if (ctx->scratch.failed || out->mem.failed)
        return vrk_fail(ctx, VRK_EMEMORY, "out of memory for %" PRId64 " columns", p);
    memcpy(out->center, a->rows.center, (size_t)p * sizeof(double));
    for (int64_t i = 0; i < a->rows.n; i++) {
        for (int64_t j = 0; j < p; j++)
            a->farthest[j] = fmax(a->farthest[j], fabs(a->rows.x[j + i * p]));
        out->events += a->rows.event[i] ? a->rows.count[i] : 0;
    }
    return VRK_OK;
}

/* Information^-1 (sum over clusters of U U') information^-1. */
static vrk_status sandwich(vrk_ctx *ctx, const newton *a, const vrk_cox_data *d, vrk_cox *out)
{
    vrk_status st = VRK_OK;
    int64_t p = out->p, n = a->rows.n, m = d->cluster ? d->clusters : n;
    double *sum = VRK_NEW(&ctx->scratch, m * p, double),
           *meat = VRK_NEW(&ctx->scratch, p * p, double);
    double *half = VRK_NEW(&ctx->scratch, p * p, double);
    double *work = VRK_NEW(&ctx->scratch, VRK_MAT_BLOCK * p, double);
    double *share = VRK_NEW(&ctx->scratch, m, double);
    out->robust_se = VRK_NEW(&out->mem, p, double);
    out->robust_vcov = VRK_NEW(&out->mem, p * p, double);
    if (ctx->scratch.failed || out->mem.failed)
        FAIL(VRK_EMEMORY, "out of memory for %" PRId64 " clusters", m);
    for (int64_t c = 0; c < m; c++)
        share[c] = d->cluster ? 1 : a->rows.square[c];
    for (int64_t i = 0; i < n; i++) {
        int64_t c = d->cluster ? a->rows.cluster[i] : i;
        for (int64_t j = 0; j < p; j++)
            sum[c + j * m] += (d->cluster ? a->rows.weight[i] : 1) * a->now.residual[j + i * p];
    }
    vrk_mat_gram(sum, m, p, share, work, meat);
    vrk_mat_product(out->vcov, meat, p, p, p, false, half);
    vrk_mat_product(half, out->vcov, p, p, p, true, out->robust_vcov);
    for (int64_t j = 0; j < p; j++)
        out->robust_se[j] = out->dropped[j] ? nan("") : sqrt(out->robust_vcov[j + j * p]);
done:
    return st;
}

static int64_t count_times(const cox_rows *r)
{
    int64_t times = 0;
    bool counted = false;
    for (int64_t i = 0; i < r->n; i++) {
        if (i == 0 || r->stratum[i] != r->stratum[i - 1] || r->exit[i] < r->exit[i - 1])
            counted = false;
        times += r->event[i] && !counted;
        counted = counted || r->event[i];
    }
    return times;
}

/* The increments of the pass, the last first within a stratum, become curves. */
static void baseline(const cox_pass *s, vrk_cox *out)
{
    int64_t m = *s->times, p = out->p;
    for (int64_t i = 0; i < m; i++)
        out->first[s->at[i].stratum + 1]++;
    for (int32_t g = 0; g < out->strata; g++)
        out->first[g + 1] += out->first[g];
    for (int64_t i = m - 1; i >= 0; i--) {
        int32_t g = s->at[i].stratum;
        int64_t at = out->first[g] + out->first[g + 1] - 1 - i;
        bool begins = at == out->first[g];
        out->time[at] = s->at[i].time;
        out->hazard[at] = s->at[i].hazard + (begins ? 0 : out->hazard[at - 1]);
        out->variance[at] = s->at[i].variance + (begins ? 0 : out->variance[at - 1]);
        for (int64_t j = 0; j < p; j++)
            out->drift[j + at * p] =
                s->drift[j + i * p] + (begins ? 0 : out->drift[j + (at - 1) * p]);
    }
}

/* One more pass at the estimate: the baseline, and residuals for the sandwich. */
static vrk_status after(vrk_ctx *ctx, newton *a, const vrk_cox_data *d, vrk_cox *out)
{
    vrk_status st = VRK_OK;
    int64_t p = out->p, m = count_times(&a->rows), times = 0;
    bool robust = a->opt.robust || d->cluster;
    out->strata = d->stratum ? d->strata : 1;
    out->first = VRK_NEW(&out->mem, out->strata + 1, int64_t);
    out->time = VRK_NEW(&out->mem, m, double);
    out->hazard = VRK_NEW(&out->mem, m, double);
    out->variance = VRK_NEW(&out->mem, m, double);
    out->drift = VRK_NEW(&out->mem, m * p, double);
    a->now.times = &times;
    a->now.at = VRK_NEW(&ctx->scratch, m, cox_time);
    a->now.drift = VRK_NEW(&ctx->scratch, m * p, double);
    a->now.residual = robust ? VRK_NEW(&ctx->scratch, a->rows.n * p, double) : NULL;
    if (ctx->scratch.failed || out->mem.failed)
        FAIL(VRK_EMEMORY, "out of memory for a baseline of %" PRId64 " times", m);
    vrk_cox_run(&a->rows, &a->room, a->opt.ties, out->beta, &a->now);
    baseline(&a->now, out);
    if (robust)
        TRY(sandwich(ctx, a, d, out));
done:
    return st;
}

vrk_status vrk_cox_fit(vrk_ctx *ctx, const vrk_cox_data *data, const vrk_cox_opt *opt, vrk_cox *out)
{
    vrk_status st = VRK_OK;
    vrk_mark mark = vrk_mark_of(&ctx->scratch);
    newton a = {.opt = opt ? *opt : (vrk_cox_opt){0}};
    a.opt.max_iter = a.opt.max_iter > 0 ? a.opt.max_iter : 50;
    a.opt.tol = a.opt.tol > 0 ? a.opt.tol : 1e-12;
    *out = (vrk_cox){.p = data->p, .mem.limit = ctx->scratch.limit};
    TRY(vrk_cox_rows_of(ctx, data, &a.rows));
    out->rows = a.rows.n;
    TRY(vrk_cox_room_of(ctx, &a.rows, &a.room));
    TRY(reserve(ctx, &a, out));
    TRY(iterate(ctx, &a, out));
    TRY(after(ctx, &a, data, out));
done:
    vrk_rewind(&ctx->scratch, mark);
    if (st != VRK_OK)
        vrk_cox_free(out);
    return st;
}

void vrk_cox_hazard(const vrk_cox *fit, int32_t g, const double *x, double t, double *hazard,
                    double *se)
{
    int64_t p = fit->p, low = fit->first[g], high = fit->first[g + 1];
    double lp = 0, var = 0;
    while (low < high) { /* the first after t */
        int64_t middle = low + (high - low) / 2;
        if (fit->time[middle] <= t)
            low = middle + 1;
        else
            high = middle;
    }
    *hazard = *se = 0;
    if (low == fit->first[g])
        return;
    int64_t at = low - 1;
    for (int64_t j = 0; j < p; j++)
        lp += (x[j] - fit->center[j]) * fit->beta[j];
    for (int64_t j = 0; j < p; j++) {
        double sum = 0;
        for (int64_t k = 0; k < p; k++)
            sum += fit->vcov[j + k * p] *
                   ((x[k] - fit->center[k]) * fit->hazard[at] - fit->drift[k + at * p]);
        var += sum * ((x[j] - fit->center[j]) * fit->hazard[at] - fit->drift[j + at * p]);
    }
    *hazard = exp(lp) * fit->hazard[at];
    *se = exp(lp) * sqrt(var + fit->variance[at]);
}

void vrk_cox_free(vrk_cox *fit)
{
    vrk_arena_free(&fit->mem);
    *fit = (vrk_cox){0};
}
