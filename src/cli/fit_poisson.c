/* fit_poisson.c - rates: events ~ columns + offset(log(exposure)). */
#include "cli/fit.h"

#include "stat/poisson.h"

#include <math.h>
#include <string.h>

static vrk_status run(vrk_ctx *ctx, vrk_fit_job *job)
{
    vrk_status st = VRK_OK;
    const vrk_design *d = &job->design;
    const char *weights = vrk_arg(job->args, "--weights", NULL);
    vrk_poisson fit = {0};
    vrk_fit_full full;
    double *exposure, constant = 0;

    if (job->formula.bars)
        return vrk_fit_usage(ctx, job, "poisson has no random terms; 'verkan fit glmm' has");
    TRY(vrk_fit_design(ctx, job,
                       &(vrk_design_opt){.response_as = VRK_AS_NUMBER,
                                         .response_last = VRK_AS_NUMBER,
                                         .extra = {weights},
                                         .extra_as = {VRK_AS_NUMBER}}));
    if (d->responses != 1 || *job->formula.call)
        return vrk_fit_usage(ctx, job, "the left side of poisson is one column of events");
    TRY(vrk_fit_within(ctx, job, &d->response[0], 0, HUGE_VAL));
    TRY(vrk_fit_within(ctx, job, &d->extra[0], 0, HUGE_VAL));
    TRY(vrk_fit_full_rank(ctx, d, false, &full));
    exposure = VRK_NEW(&ctx->scratch, d->n, double);
    if (!exposure)
        FAIL(VRK_EMEMORY, "out of memory");
    for (int64_t i = 0; i < d->n; i++) {
        double y = d->response[0].number[i], w = weights ? d->extra[0].number[i] : 1;
        exposure[i] = d->offset ? exp(d->offset[i]) : 1;
        constant += w * ((d->offset ? y * d->offset[i] : 0) - lgamma(y + 1));
    }
    TRY(vrk_poisson_fit(ctx,
                        &(vrk_cells){.n = d->n,
                                     .p = full.rank,
                                     .x = full.x,
                                     .events = d->response[0].number,
                                     .exposure = exposure,
                                     .weight = d->extra[0].number},
                        NULL, &fit));
    vrk_fit_put_coefficients(job, d->x.name, &full, fit.beta, fit.se);
    vrk_fit_put(job, job->out, "log_likelihood", vrk_fit_real(fit.ll + constant));
    vrk_fit_put(job, job->out, "deviance", vrk_fit_real(fit.deviance));
    vrk_fit_put_report(job, fit.iterations, fit.stop, fit.gradient);
done:
    vrk_poisson_free(&fit);
    return st;
}

static const char *const takes[] = {"--weights", NULL};

const vrk_fit_model vrk_fit_poisson = {
    .name = "poisson",
    .summary = "rates: events ~ columns + offset(log(exposure))",
    .takes = takes,
    .left_side = true,
    .run = run,
};
