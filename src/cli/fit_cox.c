/* fit_cox.c - proportional hazards: Surv(exit, event) or Surv(entry, exit, event) ~ columns +
 * strata(s) + cluster(id). */
#include "cli/fit.h"

#include "stat/cox.h"

#include <math.h>
#include <string.h>

static const char *const tie_names[] = {"efron", "breslow", NULL};

/* Levels in the model's own width; NULL where there are none. */
static vrk_status narrow(vrk_ctx *ctx, int64_t n, const vrk_variable *v, const int32_t **out)
{
    int32_t *x = v->levels ? VRK_NEW(&ctx->scratch, n, int32_t) : NULL;
    if (v->levels && !x)
        return vrk_fail(ctx, VRK_EMEMORY, "out of memory");
    for (int64_t i = 0; x && i < n; i++)
        x[i] = (int32_t)v->level[i];
    *out = x;
    return VRK_OK;
}

static vrk_status take_events(vrk_ctx *ctx, const vrk_fit_job *job, const vrk_variable *v,
                              uint8_t *event)
{
    vrk_rows used = job->rows;
    char place[300];
    used.row = job->design.row;
    for (int64_t i = 0; i < job->design.n; i++) {
        double e = v->number[i];
        if (!(e >= 0 && e <= 1 && (e < 0.5 || e > 0.5) && floor(e) >= e)) {
            vrk_rows_place(&used, i, place, sizeof(place));
            return vrk_fail(ctx, VRK_EINPUT, "%s: the event is %g; 1 = it happened, 0 = it did not",
                            place, e);
        }
        event[i] = e > 0.5;
    }
    return VRK_OK;
}

static void write_robust(vrk_fit_job *job, const vrk_cox *fit, const vrk_fit_full *full)
{
    json_t *list = json_array();
    for (int64_t j = 0, k = 0; j < full->p; j++) {
        bool kept = !full->dropped[j];
        vrk_fit_push(job, list, vrk_fit_real(kept ? fit->robust_se[k] : nan("")));
        k += kept;
    }
    vrk_fit_put(job, job->out, "robust_se", list);
}

static vrk_status take_data(vrk_ctx *ctx, vrk_fit_job *job, const vrk_fit_full *full,
                            vrk_cox_data *out)
{
    vrk_status st = VRK_OK;
    const vrk_design *d = &job->design;
    int64_t last = d->responses - 1;
    uint8_t *event = VRK_NEW(&ctx->scratch, d->n, uint8_t);
    if (!event)
        FAIL(VRK_EMEMORY, "out of memory");
    *out = (vrk_cox_data){.n = d->n,
                          .p = full->rank,
                          .x = full->x,
                          .entry = last == 2 ? d->response[0].number : NULL,
                          .exit = d->response[last - 1].number,
                          .event = event,
                          .weight = d->extra[0].number,
                          .offset = d->offset,
                          .strata = (int32_t)d->stratum.levels,
                          .clusters = (int32_t)d->cluster.levels};
    TRY(take_events(ctx, job, &d->response[last], event));
    TRY(narrow(ctx, d->n, &d->stratum, &out->stratum));
    TRY(narrow(ctx, d->n, &d->cluster, &out->cluster));
done:
    return st;
}

static vrk_status run(vrk_ctx *ctx, vrk_fit_job *job)
{
    vrk_status st = VRK_OK;
    const vrk_design *d = &job->design;
    const char *weights = vrk_arg(job->args, "--weights", NULL);
    vrk_cox fit = {0};
    vrk_cox_data data;
    vrk_fit_full full;
    int ties = 0;

    if (job->formula.bars)
        return vrk_fit_usage(ctx, job, "cox has no random terms");
    TRY(vrk_fit_choice(ctx, job, "--ties", tie_names, 0, &ties));
    TRY(vrk_fit_design(ctx, job,
                       &(vrk_design_opt){.response_as = VRK_AS_NUMBER,
                                         .response_last = VRK_AS_NUMBER,
                                         .extra = {weights},
                                         .extra_as = {VRK_AS_NUMBER}}));
    if (strcmp(job->formula.call, "Surv") != 0 || d->responses < 2 || d->responses > 3)
        return vrk_fit_usage(
            ctx, job, "the left side of cox is Surv(exit, event) or Surv(entry, exit, event)");
    TRY(vrk_fit_within(ctx, job, &d->extra[0], 0, HUGE_VAL));
    TRY(vrk_fit_full_rank(ctx, d, true, &full));
    TRY(take_data(ctx, job, &full, &data));
    TRY(vrk_cox_fit(ctx, &data, &(vrk_cox_opt){.ties = ties ? VRK_BRESLOW : VRK_EFRON}, &fit));
    vrk_fit_put_coefficients(job, d->x.name + d->intercept, &full, fit.beta, fit.se);
    if (fit.robust_se)
        write_robust(job, &fit, &full);
    vrk_fit_put(job, job->out, "log_likelihood", vrk_fit_real(fit.ll));
    vrk_fit_put(job, job->out, "log_likelihood_null", vrk_fit_real(fit.ll0));
    vrk_fit_put(job, job->out, "score", vrk_fit_real(fit.score));
    vrk_fit_put(job, job->out, "events", vrk_fit_real(fit.events));
    vrk_fit_put_report(job, fit.iterations, fit.stop, fit.gradient);
done:
    vrk_cox_free(&fit);
    return st;
}

static const char *const takes[] = {"--weights", "--ties", NULL};

const vrk_fit_model vrk_fit_cox = {
    .name = "cox",
    .summary = "hazards: Surv(entry, exit, event) ~ columns + strata(s) + cluster(id)",
    .takes = takes,
    .left_side = true,
    .run = run,
};
