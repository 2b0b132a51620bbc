/* fit_frontier.c - stochastic frontiers: log(result) ~ log(means). */
#include "cli/fit.h"

#include "stat/frontier.h"

#include "base/str.h"

#include <math.h>
#include <string.h>

/* Places in the design's extra columns. */
enum { FIRM, TIME, Z, Z_MOST = VRK_DESIGN_EXTRA - Z };

typedef struct {
    bool intercept; /* "1" stands among them */
    int n;
    const char *name[Z_MOST];
} causes;

/* "1,age,training" */
static vrk_status take_causes(vrk_ctx *ctx, vrk_fit_job *job, causes *out)
{
    vrk_status st = VRK_OK;
    const char *p = vrk_arg(job->args, "--inefficiency", NULL);
    *out = (causes){0};
    while (p && *p) {
        size_t n = strcspn(p, ",");
        char *name = vrk_text_copy_n(&ctx->scratch, p, n);
        if (!name)
            FAIL(VRK_EMEMORY, "out of memory");
        if (!strcmp(name, "1"))
            out->intercept = true;
        else if (out->n == Z_MOST)
            return vrk_fit_usage(ctx, job, "option --inefficiency: more than %d columns", Z_MOST);
        else
            out->name[out->n++] = name;
        p += n + (p[n] == ',');
    }
done:
    return st;
}

static vrk_status causes_matrix(vrk_ctx *ctx, const vrk_design *d, const causes *z, double **out)
{
    int64_t q = z->n + z->intercept;
    double *at = *out = VRK_NEW(&ctx->scratch, d->n * q, double);
    if (!at)
        return vrk_fail(ctx, VRK_EMEMORY, "out of memory");
    for (int64_t i = 0; z->intercept && i < d->n; i++)
        *at++ = 1;
    for (int k = 0; k < z->n; k++, at += d->n)
        memcpy(at, d->extra[Z + k].number, (size_t)d->n * sizeof(*at));
    return VRK_OK;
}

static void write_coefficients(vrk_fit_job *job, const vrk_fit_full *full, const causes *z,
                               const vrk_frontier_opt *opt, const vrk_frontier *fit)
{
    json_t *list = json_array();
    const char *more[Z_MOST + 5];
    int n = 0;
    int64_t k = 0;
    for (int64_t j = 0; j < full->p; j++) {
        bool dropped = full->dropped[j];
        vrk_fit_push(job, list,
                     vrk_fit_coefficient(job->design.x.name[j], dropped ? 0 : fit->coef[k],
                                         dropped ? 0 : fit->se[k], dropped));
        k += !dropped;
    }
    if (z->intercept)
        more[n++] = "inefficiency:(Intercept)";
    for (int i = 0; i < z->n; i++)
        more[n++] = z->name[i];
    more[n++] = "sigma2";
    more[n++] = "gamma";
    if (opt->truncated)
        more[n++] = "mu";
    if (opt->eta)
        more[n++] = "eta";
    for (int i = 0; i < n; i++, k++)
        vrk_fit_push(job, list, vrk_fit_coefficient(more[i], fit->coef[k], fit->se[k], false));
    vrk_fit_put(job, job->out, "coefficients", list);
}

static void write_fit(vrk_fit_job *job, const vrk_frontier *fit)
{
    const vrk_design *d = &job->design;
    json_t *rows = json_array();
    vrk_fit_put(job, job->out, "log_likelihood", vrk_fit_real(fit->ll));
    vrk_fit_put(job, job->out, "no_inefficiency",
                json_pack("{s:f,s:f,s:i,s:o}", "log_likelihood", fit->ll_ols, "lr", fit->lr,
                          "restrictions", fit->restrictions, "p", vrk_fit_real(fit->p_value)));
    vrk_fit_put(job, job->out, "scale",
                json_pack("{s:o,s:o,s:o,s:b}", "sd_v", vrk_fit_real(fit->sd_v), "sd_u",
                          vrk_fit_real(fit->sd_u), "skewness", vrk_fit_real(fit->skewness),
                          "wrong_skew", (int)fit->wrong_skew));
    vrk_fit_put(job, job->out, "mean_efficiency", vrk_fit_real(fit->mean_efficiency));
    vrk_fit_put_report(job, fit->iterations, fit->stop, fit->gradient);
    for (int64_t i = 0; i < fit->n; i++)
        vrk_fit_push(
            job, rows,
            json_pack("{s:I,s:o,s:o}", "line",
                      (json_int_t)(job->rows.line ? job->rows.line[d->row[i]] : d->row[i] + 1),
                      "efficiency", vrk_fit_real(fit->efficiency[i]), "shortfall",
                      vrk_fit_real(fit->shortfall[i])));
    vrk_fit_put(job, job->out, "efficiency", rows);
}

static vrk_status take_options(vrk_ctx *ctx, vrk_fit_job *job, causes *z, vrk_frontier_opt *opt)
{
    static const char *const distributions[] = {"half-normal", "truncated", "exponential", NULL};
    vrk_status st = VRK_OK;
    int distribution = 0;
    TRY(take_causes(ctx, job, z));
    TRY(vrk_fit_choice(ctx, job, "--distribution", distributions, 0, &distribution));
    opt->truncated = distribution == 1;
    opt->exponential = distribution == 2;
    opt->eta = vrk_arg_given(job->args, "--eta");
    if (opt->eta && (!vrk_arg_given(job->args, "--firm") || !vrk_arg_given(job->args, "--time")))
        return vrk_fit_usage(ctx, job, "option --eta needs --firm and --time");
    if (job->formula.responses != 1 || job->formula.bars || job->formula.offsets)
        return vrk_fit_usage(ctx, job,
                             "frontier takes log(result) ~ log(means), without random "
                             "terms and offsets");
done:
    return st;
}

static vrk_status run(vrk_ctx *ctx, vrk_fit_job *job)
{
    vrk_status st = VRK_OK;
    const vrk_design *d = &job->design;
    vrk_frontier_opt opt = {0};
    vrk_frontier fit = {0};
    vrk_fit_full full;
    causes z;
    double *zx = NULL;
    vrk_design_opt how = {.response_as = VRK_AS_NUMBER, .response_last = VRK_AS_NUMBER};

    TRY(take_options(ctx, job, &z, &opt));
    how.extra[FIRM] = vrk_arg(job->args, "--firm", NULL);
    how.extra_as[FIRM] = VRK_AS_LEVELS;
    how.extra[TIME] = vrk_arg(job->args, "--time", NULL);
    how.extra_as[TIME] = VRK_AS_NUMBER;
    for (int k = 0; k < z.n; k++) {
        how.extra[Z + k] = z.name[k];
        how.extra_as[Z + k] = VRK_AS_NUMBER;
    }
    TRY(vrk_fit_design(ctx, job, &how));
    TRY(vrk_fit_full_rank(ctx, d, false, &full));
    if (z.n + z.intercept)
        TRY(causes_matrix(ctx, d, &z, &zx));
    TRY(vrk_frontier_fit(ctx,
                         &(vrk_frontier_data){.n = d->n,
                                              .p = full.rank,
                                              .y = d->response[0].number,
                                              .x = full.x,
                                              .firm = zx ? NULL : d->extra[FIRM].level,
                                              .time = d->extra[TIME].number,
                                              .q = z.n + z.intercept,
                                              .z = zx,
                                              .cost = vrk_arg_given(job->args, "--cost")},
                         &opt, &fit));
    write_coefficients(job, &full, &z, &opt, &fit);
    write_fit(job, &fit);
done:
    vrk_frontier_free(&fit);
    return st;
}

static const char *const takes[] = {"--distribution", "--eta",  "--firm", "--time",
                                    "--inefficiency", "--cost", NULL};

const vrk_fit_model vrk_fit_frontier = {
    .name = "frontier",
    .summary = "how far below the best: log(result) ~ log(means)",
    .takes = takes,
    .left_side = true,
    .run = run,
};
