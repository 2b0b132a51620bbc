/* fit_facets.c - ratings: score ~ item + rater ..., a row a rating; or cbind(k1, k2) ~ rater, a row
 * a person and rater, each column an item. */
#include "cli/fit.h"

#include "stat/facets.h"

#include <math.h>
#include <string.h>

enum { PERSON, GROUP, FACETS = VRK_FORMULA_ARGS }; /* the first two are the design's extras */

typedef struct {
    vrk_fit_job *job;
    bool wide; /* the columns of the left side are the first facet */
    int64_t responses;
    vrk_formula_var response[VRK_FORMULA_ARGS];
    double lowest; /* the score that is numbered 0 */
    int64_t facets;
    const char *facet[FACETS + 1];        /* names */
    const char *const *label[FACETS + 1]; /* of the levels */
    const char *item[VRK_FORMULA_ARGS];
    int32_t levels[FACETS + 1];
    vrk_ratings ratings;
} rating;

static vrk_status read_score(vrk_ctx *ctx, rating *r, int64_t k, double *out)
{
    const vrk_rows *all = &r->job->rows;
    const vrk_design *d = &r->job->design;
    const vrk_column *c = vrk_frame_column(all->frame, r->response[k].name);
    char place[300];
    if (!c)
        return vrk_fail(ctx, VRK_EINPUT, "%s has no column '%s'", all->file, r->response[k].name);
    for (int64_t i = 0; i < d->n; i++) {
        int64_t row = d->row[i];
        out[i] = c->null[row] ? nan("") : c->type == VRK_DOUBLE ? c->d[row] : HUGE_VAL;
        if (isnan(out[i]) || (out[i] == floor(out[i]) && fabs(out[i]) < 1e6))
            continue;
        if (c->type == VRK_TEXT && vrk_text_number(c->s[row], &out[i]))
            continue;
        vrk_rows_place(all, row, place, sizeof(place));
        return vrk_fail(ctx, VRK_EINPUT, "%s: column %s holds no score 0, 1, 2 ...", place,
                        c->name);
    }
    return VRK_OK;
}

static vrk_status take_scores(vrk_ctx *ctx, rating *r)
{
    vrk_status st = VRK_OK;
    int64_t n = r->job->design.n, all = n * r->responses;
    double *x = VRK_NEW(&ctx->scratch, all, double), lowest = HUGE_VAL, highest = -HUGE_VAL;
    int8_t *score = VRK_NEW(&ctx->scratch, all, int8_t);
    if (ctx->scratch.failed)
        FAIL(VRK_EMEMORY, "out of memory");
    for (int64_t k = 0; k < r->responses; k++)
        TRY(read_score(ctx, r, k, x + k * n));
    for (int64_t i = 0; i < all; i++) {
        lowest = fmin(lowest, x[i]);
        highest = fmax(highest, x[i]);
    }
    if (!(highest - lowest <= 100))
        FAIL(VRK_EINPUT, "scores go from %g to %g; give at most 101 steps", lowest, highest);
    for (int64_t i = 0; i < all; i++)
        score[i] = (int8_t)(isnan(x[i]) ? -1 : x[i] - lowest);
    r->lowest = lowest;
    r->ratings.score = score;
done:
    return st;
}

/* Repeats a variable of the rows for every column of the left side. */
static void spread(const rating *r, const vrk_variable *v, int32_t *out)
{
    int64_t n = r->job->design.n;
    for (int64_t k = 0; k < r->responses; k++) {
        for (int64_t i = 0; i < n; i++)
            out[i + k * n] = (int32_t)v->level[i];
    }
}

static vrk_status take_levels(vrk_ctx *ctx, rating *r)
{
    vrk_status st = VRK_OK;
    const vrk_formula *f = &r->job->formula;
    const vrk_design *d = &r->job->design;
    vrk_rows used = r->job->rows;
    int64_t n = d->n, all = n * r->responses;
    int32_t *person = VRK_NEW(&ctx->scratch, all, int32_t),
            *level = VRK_NEW(&ctx->scratch, all * (FACETS + 1), int32_t);
    vrk_variable v;

    if (ctx->scratch.failed)
        FAIL(VRK_EMEMORY, "out of memory");
    used.row = d->row;
    used.n = n;
    spread(r, &d->extra[PERSON], person);
    if (r->wide) {
        for (int64_t i = 0; i < all; i++)
            level[i] = (int32_t)(i / n);
        r->facet[0] = "item";
        r->label[0] = r->item;
        r->levels[r->facets++] = (int32_t)r->responses;
    }
    for (int64_t k = 0; k < f->strata; k++, r->facets++) {
        TRY(vrk_variable_of(ctx, &used, &f->stratum[k], VRK_AS_LEVELS, &r->job->design.mem, &v));
        r->facet[r->facets] = v.name;
        r->label[r->facets] = v.label;
        r->levels[r->facets] = (int32_t)v.levels;
        spread(r, &v, level + all * r->facets);
    }
    r->ratings.n = all;
    r->ratings.persons = d->extra[PERSON].levels;
    r->ratings.facets = r->facets;
    r->ratings.person = person;
    r->ratings.level = level;
    r->ratings.levels = r->levels;
    r->ratings.facet_name = r->facet;
done:
    return st;
}

static vrk_status take_groups(vrk_ctx *ctx, rating *r)
{
    const vrk_design *d = &r->job->design;
    const vrk_variable *p = &d->extra[PERSON], *g = &d->extra[GROUP];
    int32_t *group;
    if (!g->levels)
        return VRK_OK;
    group = VRK_NEW(&ctx->scratch, p->levels, int32_t);
    if (!group)
        return vrk_fail(ctx, VRK_EMEMORY, "out of memory");
    for (int64_t i = 0; i < d->n; i++) {
        int32_t *of = &group[p->level[i]];
        if (*of && *of - 1 != g->level[i])
            return vrk_fail(ctx, VRK_EINPUT, "%s: column %s changes within person %s",
                            r->job->rows.file, g->name, p->label[p->level[i]]);
        *of = (int32_t)g->level[i] + 1;
    }
    for (int64_t k = 0; k < p->levels; k++)
        group[k]--;
    r->ratings.group = group;
    r->ratings.groups = (int32_t)g->levels;
    return VRK_OK;
}

static void write_levels(const rating *r, const vrk_facets *fit)
{
    json_t *list = json_array();
    for (int64_t f = 0; f < fit->facets; f++) {
        const vrk_facet *x = &fit->facet[f];
        for (int64_t k = 0; k < x->levels; k++)
            vrk_fit_push(r->job, list,
                         json_pack("{s:s,s:s,s:o,s:o,s:o,s:o,s:I,s:I}", "facet", r->facet[f],
                                   "level", r->label[f][k], "measure", vrk_fit_real(x->measure[k]),
                                   "se", vrk_fit_real(x->se[k]), "infit", vrk_fit_real(x->infit[k]),
                                   "outfit", vrk_fit_real(x->outfit[k]), "ratings",
                                   (json_int_t)x->ratings[k], "part", (json_int_t)x->part[k]));
    }
    vrk_fit_put(r->job, r->job->out, "facets", list);
}

static void write_steps(const rating *r, const vrk_facets *fit)
{
    json_t *list = json_array();
    for (int64_t row = 0; row < fit->step_rows; row++) {
        for (int64_t k = 0; k < fit->steps; k++)
            vrk_fit_push(r->job, list,
                         json_pack("{s:s,s:f,s:o,s:o}", "of",
                                   fit->step_rows > 1 ? r->label[0][row] : "all", "to",
                                   r->lowest + (double)k + 1, "step",
                                   vrk_fit_real(fit->step[row * fit->steps + k]), "se",
                                   vrk_fit_real(fit->step_se[row * fit->steps + k])));
    }
    vrk_fit_put(r->job, r->job->out, "steps", list);
}

static void write_persons(const rating *r, const vrk_facets *fit)
{
    const vrk_variable *p = &r->job->design.extra[PERSON];
    json_t *list = json_array();
    for (int64_t i = 0; i < fit->persons; i++)
        vrk_fit_push(r->job, list,
                     json_pack("{s:s,s:o,s:o,s:o,s:o,s:o,s:o}", "person", p->label[i], "eap",
                               vrk_fit_real(fit->eap[i]), "psd", vrk_fit_real(fit->psd[i]), "wle",
                               vrk_fit_real(fit->wle[i]), "wle_se", vrk_fit_real(fit->wle_se[i]),
                               "infit", vrk_fit_real(fit->infit[i]), "outfit",
                               vrk_fit_real(fit->outfit[i])));
    vrk_fit_put(r->job, r->job->out, "persons", list);
}

static void write_fit(const rating *r, const vrk_facets *fit)
{
    vrk_fit_job *job = r->job;
    const vrk_variable *g = &job->design.extra[GROUP];
    json_t *groups = json_array();
    vrk_fit_put(job, job->out, "log_likelihood", vrk_fit_real(fit->ll));
    vrk_fit_put(job, job->out, "deviance", vrk_fit_real(fit->deviance));
    vrk_fit_put(job, job->out, "spread_of_persons",
                json_pack("{s:o,s:o}", "sd", vrk_fit_real(fit->spread), "se",
                          vrk_fit_real(fit->spread_se)));
    vrk_fit_put(job, job->out, "reliability",
                json_pack("{s:o,s:o}", "eap", vrk_fit_real(fit->eap_reliability), "wle",
                          vrk_fit_real(fit->wle_reliability)));
    vrk_fit_put_report(job, fit->iterations, fit->stop, fit->gradient);
    write_levels(r, fit);
    write_steps(r, fit);
    for (int64_t k = 0; fit->group && k < fit->groups; k++)
        vrk_fit_push(job, groups,
                     json_pack("{s:s,s:o,s:o}", "group", g->label[k], "mean",
                               vrk_fit_real(fit->group[k]), "se", vrk_fit_real(fit->group_se[k])));
    vrk_fit_put(job, job->out, "groups", groups);
    write_persons(r, fit);
}

/* The left side is read with its gaps, and the right is what ratings are grouped by. */
static vrk_status take_formula(vrk_ctx *ctx, rating *r)
{
    vrk_formula *f = &r->job->formula;
    r->wide = !strcmp(f->call, "cbind");
    r->responses = f->responses;
    if ((*f->call && !r->wide) || f->bars || f->offsets || f->clusters || f->strata ||
        f->vars + r->wide > FACETS || f->fixed.n != f->vars || (!r->wide && !f->vars))
        return vrk_fit_usage(ctx, r->job,
                             "facets takes score ~ item + rater, or cbind(item1, "
                             "item2) ~ rater");
    for (int64_t k = 0; k < f->responses; k++) {
        r->response[k] = f->response[k];
        r->item[k] = f->response[k].name;
    }
    for (int64_t v = 0; v < f->vars; v++)
        f->stratum[f->strata++] = f->var[v];
    f->responses = 0;
    f->fixed = (vrk_terms){.intercept = true};
    return VRK_OK;
}

static vrk_status run(vrk_ctx *ctx, vrk_fit_job *job)
{
    vrk_status st = VRK_OK;
    rating r = {.job = job};
    vrk_facets fit = {0};
    vrk_facets_opt opt = {.own_steps = vrk_arg_given(job->args, "--own-steps"),
                          .accept_apart = vrk_arg_given(job->args, "--apart")};
    const char *person = vrk_arg(job->args, "--id", NULL);

    if (!person)
        return vrk_fit_usage(ctx, job, "facets needs --id: the column that says who is rated");
    TRY(take_formula(ctx, &r));
    TRY(vrk_fit_design(ctx, job,
                       &(vrk_design_opt){.extra = {person, vrk_arg(job->args, "--group", NULL)},
                                         .extra_as = {VRK_AS_LEVELS, VRK_AS_LEVELS}}));
    TRY(take_scores(ctx, &r));
    TRY(take_levels(ctx, &r));
    TRY(take_groups(ctx, &r));
    TRY(vrk_facets_fit(ctx, &r.ratings, &opt, &fit));
    write_fit(&r, &fit);
done:
    vrk_facets_free(&fit);
    return st;
}

static const char *const takes[] = {"--id", "--group", "--own-steps", "--apart", NULL};

const vrk_fit_model vrk_fit_facets = {
    .name = "facets",
    .summary = "ratings: score ~ item + rater",
    .takes = takes,
    .left_side = true,
    .run = run,
};
