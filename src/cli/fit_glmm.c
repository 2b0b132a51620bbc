/* fit_glmm.c - mixed models: y ~ columns + (1 | group), or cbind(successes, failures) ~ ... */
#include "cli/fit.h"

#include "stat/glmm.h"

#include <math.h>
#include <string.h>

enum { GAUSSIAN, BINOMIAL, POISSON };
static const char *const families[] = {"gaussian", "binomial", "poisson", NULL};
enum { IDENTITY, LOGIT, CLOGLOG, LOG };
static const char *const links[] = {"identity", "logit", "cloglog", "log", NULL};
static const char *const modes[] = {
    [VRK_GLMM_BAYES] = "bayes", [VRK_GLMM_ML] = "ml", [VRK_GLMM_REML] = "reml"};

typedef struct {
    vrk_fit_job *job;
    int family, link;
    vrk_fit_full full;
    double *y, *size; /* [n] */
    const double *weight;
    vrk_glmm_term *term; /* [random] */
    vrk_glmm_opt opt;
} mixed;

static vrk_status take_options(vrk_ctx *ctx, mixed *m)
{
    static const int natural[] = {IDENTITY, LOGIT, LOG};
    vrk_fit_job *job = m->job;
    vrk_status st = VRK_OK;
    int modes_given = 0;
    int64_t points = 1;
    TRY(vrk_fit_choice(ctx, job, "--family", families, GAUSSIAN, &m->family));
    TRY(vrk_fit_choice(ctx, job, "--link", links, natural[m->family], &m->link));
    if (m->link != natural[m->family] && !(m->family == BINOMIAL && m->link == CLOGLOG))
        return vrk_fit_usage(ctx, job, "the link %s does not go with the family %s", links[m->link],
                             families[m->family]);
    m->opt.family = m->family == GAUSSIAN  ? VRK_GLMM_GAUSSIAN
                    : m->family == POISSON ? VRK_GLMM_POISSON
                    : m->link == CLOGLOG   ? VRK_GLMM_CLOGLOG
                                           : VRK_GLMM_LOGIT;
    m->opt.mode = m->family == GAUSSIAN ? VRK_GLMM_REML : VRK_GLMM_ML;
    if (vrk_arg_given(job->args, "--ml") && ++modes_given)
        m->opt.mode = VRK_GLMM_ML;
    if (vrk_arg_given(job->args, "--reml") && ++modes_given)
        m->opt.mode = VRK_GLMM_REML;
    if (vrk_arg_given(job->args, "--bayes") && ++modes_given)
        m->opt.mode = VRK_GLMM_BAYES;
    if (modes_given > 1)
        return vrk_fit_usage(ctx, job, "give one of --ml, --reml and --bayes");
    m->opt.quick = vrk_arg_given(job->args, "--quick");
    TRY(vrk_arg_int(ctx, job->args, "--agq", 1, 100, &points));
    m->opt.agq = (int)points;
    m->opt.integrate = vrk_arg_given(job->args, "--integrate");
    if (m->opt.integrate && (m->opt.mode != VRK_GLMM_BAYES || m->opt.quick))
        return vrk_fit_usage(ctx, job, "--integrate goes with --bayes and without --quick");
    if (*job->formula.call && (m->family != BINOMIAL || strcmp(job->formula.call, "cbind") != 0 ||
                               job->formula.responses != 2))
        return vrk_fit_usage(ctx, job,
                             "the left side is a column, or with --family binomial "
                             "cbind(successes, failures)");
    if (job->formula.strata || job->formula.clusters)
        return vrk_fit_usage(ctx, job, "strata() and cluster() have no meaning in glmm");
done:
    return st;
}

/* One column of a binomial: 0 and 1, or shares of as many trials as the weights say, as in R. */
static vrk_status take_shares(vrk_ctx *ctx, mixed *m)
{
    const vrk_design *d = &m->job->design;
    const double *y = d->response[0].number, *w = d->extra[0].number;
    vrk_rows used = m->job->rows;
    bool shares = false;
    char place[300];
    for (int64_t i = 0; i < d->n; i++)
        shares = shares || (y[i] > 0 && y[i] < 1);
    for (int64_t i = 0; i < d->n; i++) {
        double trials = shares && w ? w[i] : 1, won = y[i] * trials;
        if (fabs(won - round(won)) > 1e-6 * fmax(1, trials)) {
            used.row = d->row;
            vrk_rows_place(&used, i, place, sizeof(place));
            return vrk_fail(ctx, VRK_EINPUT,
                            "%s: a share of %g of %g trials is no whole number; give 0 and 1, "
                            "cbind(successes, failures), or the trials as --weights",
                            place, y[i], trials);
        }
        m->y[i] = shares && w ? round(won) : y[i];
        m->size[i] = trials;
    }
    m->weight = shares ? NULL : w;
    return VRK_OK;
}

static vrk_status take_response(vrk_ctx *ctx, mixed *m)
{
    vrk_status st = VRK_OK;
    vrk_fit_job *job = m->job;
    const vrk_design *d = &job->design;
    double least = m->family == GAUSSIAN ? -HUGE_VAL : 0;
    double most = m->family == BINOMIAL && d->responses == 1 ? 1 : HUGE_VAL;

    m->y = VRK_NEW(&ctx->scratch, d->n, double);
    m->size = VRK_NEW(&ctx->scratch, d->n, double);
    if (ctx->scratch.failed)
        FAIL(VRK_EMEMORY, "out of memory");
    for (int64_t k = 0; k < d->responses; k++)
        TRY(vrk_fit_within(ctx, job, &d->response[k], least, most));
    TRY(vrk_fit_within(ctx, job, &d->extra[0], 0, HUGE_VAL));
    m->weight = d->extra[0].number;
    if (m->family == BINOMIAL && d->responses == 1) {
        TRY(take_shares(ctx, m));
        goto done;
    }
    for (int64_t i = 0; i < d->n; i++) {
        m->y[i] = d->response[0].number[i];
        m->size[i] = d->responses == 2 ? m->y[i] + d->response[1].number[i] : 1;
    }
done:
    return st;
}

static vrk_status take_terms(vrk_ctx *ctx, mixed *m)
{
    vrk_status st = VRK_OK;
    const vrk_design *d = &m->job->design;
    m->term = VRK_NEW(&ctx->scratch, d->random, vrk_glmm_term);
    if (ctx->scratch.failed)
        FAIL(VRK_EMEMORY, "out of memory");
    for (int64_t b = 0; b < d->random; b++) {
        const vrk_random_term *bar = &d->bar[b];
        int32_t *level = VRK_NEW(&ctx->scratch, d->n, int32_t);
        if (!level)
            FAIL(VRK_EMEMORY, "out of memory");
        if (bar->levels > INT32_MAX / 2)
            FAIL(VRK_EINPUT, "too many levels of %s", bar->name);
        if (m->family == GAUSSIAN && bar->levels * bar->z.p >= d->n)
            FAIL(VRK_EINPUT,
                 "%s has %lld levels and %lld effects each for %lld rows: they cannot be told from "
                 "the residual",
                 bar->name, (long long)bar->levels, (long long)bar->z.p, (long long)d->n);
        if (bar->levels < 2)
            FAIL(VRK_EINPUT, "column %s has one value, '%.80s': its spread cannot be estimated",
                 bar->name, bar->label[0]);
        for (int64_t i = 0; i < d->n; i++)
            level[i] = (int32_t)bar->level[i];
        m->term[b] =
            (vrk_glmm_term){.levels = bar->levels, .level = level, .q = bar->z.p, .z = bar->z.x};
    }
done:
    return st;
}

static void write_spreads(const mixed *m, const vrk_glmm *fit)
{
    const vrk_design *d = &m->job->design;
    json_t *list = json_array();
    for (int64_t b = 0; b < fit->terms; b++) {
        const vrk_glmm_effect *e = &fit->term[b];
        for (int64_t k = 0; k < e->q; k++) {
            json_t *with = json_array();
            for (int64_t j = 0; j < k; j++)
                vrk_fit_push(m->job, with,
                             vrk_fit_real(e->cov[j + k * e->q] / (e->sd[j] * e->sd[k])));
            vrk_fit_push(m->job, list,
                         json_pack("{s:s,s:s,s:I,s:o,s:o}", "group", d->bar[b].name, "name",
                                   d->bar[b].z.name[k], "levels", (json_int_t)e->levels, "sd",
                                   vrk_fit_real(e->sd[k]), "correlations", with));
        }
    }
    if (m->family == GAUSSIAN)
        vrk_fit_push(m->job, list,
                     json_pack("{s:s,s:s,s:I,s:o,s:[]}", "group", "Residual", "name", "", "levels",
                               (json_int_t)d->n, "sd", vrk_fit_real(fit->residual_sd),
                               "correlations"));
    vrk_fit_put(m->job, m->job->out, "random_effects", list);
}

static void write_modes(const mixed *m, const vrk_glmm *fit)
{
    const vrk_design *d = &m->job->design;
    json_t *list = json_array();
    for (int64_t b = 0; b < fit->terms; b++) {
        const vrk_glmm_effect *e = &fit->term[b];
        for (int64_t l = 0; l < e->levels; l++) {
            for (int64_t k = 0; k < e->q; k++)
                vrk_fit_push(m->job, list,
                             json_pack("{s:s,s:s,s:s,s:o,s:o}", "group", d->bar[b].name, "level",
                                       d->bar[b].label[l], "name", d->bar[b].z.name[k], "mode",
                                       vrk_fit_real(e->mode[l * e->q + k]), "sd",
                                       vrk_fit_real(sqrt(e->var[l * e->q * e->q + k * e->q + k]))));
        }
    }
    vrk_fit_put(m->job, m->job->out, "modes", list);
}

static void write_fit(const mixed *m, const vrk_glmm *fit)
{
    vrk_fit_job *job = m->job;
    vrk_fit_put(job, job->out, "family", json_string(families[m->family]));
    vrk_fit_put(job, job->out, "link", json_string(links[m->link]));
    vrk_fit_put(job, job->out, "method", json_string(modes[m->opt.mode]));
    vrk_fit_put_coefficients(job, job->design.x.name, &m->full, fit->beta, fit->se);
    write_spreads(m, fit);
    vrk_fit_put(job, job->out, "log_likelihood", vrk_fit_real(fit->ll));
    vrk_fit_put(job, job->out, "doubt",
                json_pack("{s:o,s:o,s:I,s:i}", "condition", vrk_fit_real(fit->condition),
                          "effective_parameters", vrk_fit_real(fit->effective), "rows_that_counted",
                          (json_int_t)fit->rows, "evaluations", fit->evaluations));
    if (fit->points > 0)
        vrk_fit_put(job, job->out, "points", json_integer(fit->points));
    vrk_fit_put_report(job, fit->iterations, fit->stop, fit->gradient);
    write_modes(m, fit);
}

static vrk_status run(vrk_ctx *ctx, vrk_fit_job *job)
{
    vrk_status st = VRK_OK;
    mixed m = {.job = job};
    vrk_glmm fit = {0};
    const vrk_design *d = &job->design;

    TRY(take_options(ctx, &m));
    TRY(vrk_fit_design(ctx, job,
                       &(vrk_design_opt){.response_as = VRK_AS_NUMBER,
                                         .response_last = VRK_AS_NUMBER,
                                         .extra = {vrk_arg(job->args, "--weights", NULL)},
                                         .extra_as = {VRK_AS_NUMBER}}));
    TRY(vrk_fit_full_rank(ctx, d, false, &m.full));
    TRY(take_response(ctx, &m));
    TRY(take_terms(ctx, &m));
    TRY(vrk_glmm_fit(ctx,
                     &(vrk_glmm_data){.n = d->n,
                                      .p = m.full.rank,
                                      .x = m.full.x,
                                      .y = m.y,
                                      .size = m.family == GAUSSIAN ? NULL : m.size,
                                      .offset = d->offset,
                                      .weight = m.weight,
                                      .terms = d->random,
                                      .term = m.term},
                     &m.opt, &fit));
    write_fit(&m, &fit);
done:
    vrk_glmm_free(&fit);
    return st;
}

static const char *const takes[] = {"--family",  "--link",  "--ml",  "--reml",      "--bayes",
                                    "--weights", "--quick", "--agq", "--integrate", NULL};

const vrk_fit_model vrk_fit_glmm = {
    .name = "glmm",
    .summary = "mixed models: y ~ columns + (1 | group)",
    .takes = takes,
    .left_side = true,
    .run = run,
};
