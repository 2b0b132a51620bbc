/* fit_did.c - did it work, when treatment begins at different times: a long table, one row for
 * each unit and period. */
#include "cli/fit.h"

#include "stat/did.h"

#include <math.h>
#include <string.h>

/* Places in the design's extra columns. */
enum { ID, TIME, CLUSTER };

typedef struct {
    vrk_fit_job *job;
    const vrk_variable *id, *time; /* [rows] */
    int64_t *row;                  /* [units x periods] column-major, of the design */
    double *y;                     /* [units x periods] */
    double *x;                     /* [units x p] */
    int64_t *first;                /* [units] */
    int64_t *cluster;              /* [units] or NULL */
    double *period;                /* [periods] ascending */
} panel;

static vrk_status place_rows(vrk_ctx *ctx, panel *p)
{
    vrk_status st = VRK_OK;
    const vrk_design *d = &p->job->design;
    int64_t units = p->id->levels, periods = p->time->levels;
    vrk_rows used = p->job->rows;
    char here[300];
    p->row = VRK_NEW(&ctx->scratch, units * periods, int64_t);
    if (!p->row)
        FAIL(VRK_EMEMORY, "out of memory");
    used.row = d->row;
    for (int64_t i = 0; i < d->n; i++) {
        int64_t at = p->id->level[i] + units * p->time->level[i];
        vrk_rows_place(&used, i, here, sizeof(here));
        if (p->row[at])
            FAIL(VRK_EINPUT, "%s: a second row for unit %s at time %s", here,
                 p->id->label[p->id->level[i]], p->time->label[p->time->level[i]]);
        p->row[at] = i + 1;
    }
    for (int64_t at = 0; at < units * periods; at++) {
        if (!p->row[at]--)
            FAIL(VRK_EINPUT,
                 "%s: unit %s has no row at time %s; every unit needs one at every time", used.file,
                 p->id->label[at % units], p->time->label[at / units]);
    }
done:
    return st;
}

/* The period in which treatment begins, by the column at the unit's first row. */
static vrk_status first_period(vrk_ctx *ctx, const panel *p, const vrk_column *c, int64_t unit,
                               int64_t *out)
{
    const vrk_design *d = &p->job->design;
    int64_t units = p->id->levels, periods = p->time->levels, k = 0;
    int64_t r = d->row[p->row[unit]];
    double begins = c->null[r] ? 0 : c->d[r];
    for (int64_t t = 1; t < periods; t++) {
        int64_t s = d->row[p->row[unit + units * t]];
        if ((c->null[s] ? 0 : c->d[s]) != begins)
            return vrk_fail(ctx, VRK_EINPUT, "%s: column %s changes within unit %s",
                            p->job->rows.file, c->name, p->id->label[unit]);
    }
    while (k < periods && p->period[k] < begins)
        k++;
    *out = begins == 0 || k == periods ? -1 : k;
    return VRK_OK;
}

/* What must not change within a unit. */
static vrk_status constant(vrk_ctx *ctx, const panel *p, const double *x, const char *name,
                           int64_t unit)
{
    int64_t units = p->id->levels;
    for (int64_t t = 1; t < p->time->levels; t++) {
        if (x[p->row[unit + units * t]] != x[p->row[unit]])
            return vrk_fail(ctx, VRK_EINPUT,
                            "%s: %s changes within unit %s; a covariate may differ only between "
                            "units",
                            p->job->rows.file, name, p->id->label[unit]);
    }
    return VRK_OK;
}

static vrk_status fill_units(vrk_ctx *ctx, panel *p, const vrk_column *first)
{
    vrk_status st = VRK_OK;
    const vrk_design *d = &p->job->design;
    int64_t units = p->id->levels, periods = p->time->levels, cols = d->x.p - d->intercept;
    const double *x = d->x.x + (d->intercept ? d->n : 0);
    const vrk_variable *c = &d->extra[CLUSTER];

    p->y = VRK_NEW(&ctx->scratch, units * periods, double);
    p->x = VRK_NEW(&ctx->scratch, units * cols, double);
    p->first = VRK_NEW(&ctx->scratch, units, int64_t);
    p->cluster = c->levels ? VRK_NEW(&ctx->scratch, units, int64_t) : NULL;
    p->period = VRK_NEW(&ctx->scratch, periods, double);
    if (ctx->scratch.failed)
        FAIL(VRK_EMEMORY, "out of memory");
    for (int64_t t = 0; t < periods; t++) {
        const vrk_column *time = vrk_frame_column(p->job->rows.frame, p->time->name);
        p->period[t] = time->d[d->row[p->row[units * t]]];
    }
    for (int64_t at = 0; at < units * periods; at++)
        p->y[at] = d->response[0].number[p->row[at]];
    for (int64_t u = 0; u < units; u++) {
        TRY(first_period(ctx, p, first, u, &p->first[u]));
        if (p->cluster)
            p->cluster[u] = c->level[p->row[u]];
        for (int64_t j = 0; j < cols; j++) {
            TRY(constant(ctx, p, x + d->n * j, d->x.name[j + d->intercept], u));
            p->x[u + units * j] = x[d->n * j + p->row[u]];
        }
    }
done:
    return st;
}

/* `group` and `period` say which of the two the effect is of; neither: periods since treatment. */
static json_t *effect_json(const panel *p, const vrk_did_effect *e, bool group, bool period)
{
    double z = e->effect / e->se;
    json_t *effect = vrk_fit_real(e->effect), *se = vrk_fit_real(e->se),
           *tail = vrk_fit_real(erfc(fabs(z) / sqrt(2.0)));
    if (group && period)
        return json_pack("{s:f,s:f,s:o,s:o,s:o,s:I,s:I}", "group", p->period[e->group], "time",
                         p->period[e->period], "effect", effect, "se", se, "p", tail, "treated",
                         (json_int_t)e->treated, "controls", (json_int_t)e->controls);
    if (group)
        return json_pack("{s:f,s:o,s:o,s:o,s:I}", "group", p->period[e->group], "effect", effect,
                         "se", se, "p", tail, "treated", (json_int_t)e->treated);
    return json_pack("{s:I,s:o,s:o,s:o,s:I}", "since", (json_int_t)e->period, "effect", effect,
                     "se", se, "p", tail, "treated", (json_int_t)e->treated);
}

static json_t *whole_json(const char *name, const vrk_did_effect *e)
{
    double z = e->effect / e->se;
    return json_pack("{s:s,s:o,s:o,s:o}", "over", name, "effect", vrk_fit_real(e->effect), "se",
                     vrk_fit_real(e->se), "p", vrk_fit_real(erfc(fabs(z) / sqrt(2.0))));
}

static void write_fit(const panel *p, const vrk_did *fit)
{
    vrk_fit_job *job = p->job;
    json_t *whole = json_array(), *cells = json_array(), *groups = json_array(),
           *events = json_array();
    vrk_fit_push(job, whole, whole_json("treated cells", &fit->simple));
    vrk_fit_push(job, whole, whole_json("groups", &fit->by_group));
    vrk_fit_push(job, whole, whole_json("periods since treatment", &fit->dynamic));
    for (int64_t k = 0; k < fit->cells; k++)
        vrk_fit_push(job, cells, effect_json(p, &fit->cell[k], true, true));
    for (int64_t k = 0; k < fit->groups; k++)
        vrk_fit_push(job, groups, effect_json(p, &fit->group[k], true, false));
    for (int64_t k = 0; k < fit->events; k++)
        vrk_fit_push(job, events, effect_json(p, &fit->event[k], false, false));
    vrk_fit_put(job, job->out, "panel",
                json_pack("{s:I,s:I,s:I,s:I}", "units", (json_int_t)fit->n, "periods",
                          (json_int_t)fit->periods, "treated_from_the_start",
                          (json_int_t)fit->always, "cells_without_controls",
                          (json_int_t)fit->not_compared));
    vrk_fit_put(job, job->out, "controls",
                json_string(fit->not_yet_used ? "not yet treated" : "never treated"));
    vrk_fit_put(job, job->out, "average_effects", whole);
    vrk_fit_put(job, job->out, "permutation_p", vrk_fit_real(fit->p_permuted));
    vrk_fit_put(job, job->out, "critical_value",
                json_pack("{s:o,s:o}", "cells", vrk_fit_real(fit->crit_cell), "since",
                          vrk_fit_real(fit->crit_event)));
    vrk_fit_put(job, job->out, "effects_by_time_since_treatment", events);
    vrk_fit_put(job, job->out, "effects_by_group", groups);
    vrk_fit_put(job, job->out, "effects_by_group_and_time", cells);
}

static vrk_status make_panel(vrk_ctx *ctx, vrk_fit_job *job, panel *p)
{
    vrk_status st = VRK_OK;
    const char *id = vrk_arg(job->args, "--id", NULL), *time = vrk_arg(job->args, "--time", NULL),
               *first = vrk_arg(job->args, "--first", NULL);
    if (!id || !time || !first)
        return vrk_fit_usage(ctx, job,
                             "did needs --id, --time and --first: columns that say the "
                             "unit, the period, and the first treated one");
    if (job->formula.responses != 1 || job->formula.bars || job->formula.offsets)
        return vrk_fit_usage(ctx, job, "did takes outcome ~ 1, or ~ covariates");
    TRY(vrk_fit_design(
        ctx, job,
        &(vrk_design_opt){.response_as = VRK_AS_NUMBER,
                          .response_last = VRK_AS_NUMBER,
                          .extra = {id, time, vrk_arg(job->args, "--cluster", NULL)},
                          .extra_as = {VRK_AS_LEVELS, VRK_AS_LEVELS, VRK_AS_LEVELS}}));
    const vrk_column *c = vrk_frame_column(job->rows.frame, first),
                     *t = vrk_frame_column(job->rows.frame, time);
    if (!c)
        FAIL(VRK_EINPUT, "%s has no column '%s'", job->rows.file, first);
    if (c->type != VRK_DOUBLE || t->type != VRK_DOUBLE)
        FAIL(VRK_EINPUT, "%s: column %s must be numbers", job->rows.file,
             c->type != VRK_DOUBLE ? first : time);
    *p = (panel){.job = job, .id = &job->design.extra[ID], .time = &job->design.extra[TIME]};
    TRY(place_rows(ctx, p));
    TRY(fill_units(ctx, p, c));
done:
    return st;
}

static vrk_status run(vrk_ctx *ctx, vrk_fit_job *job)
{
    static const char *const controls[] = {"never", "not-yet", NULL};
    vrk_status st = VRK_OK;
    vrk_did_opt opt = {0};
    vrk_did fit = {0};
    panel p;
    int not_yet = 0;
    int64_t seed = 1;

    TRY(vrk_fit_choice(ctx, job, "--controls", controls, 0, &not_yet));
    opt.not_yet = not_yet;
    job->usage = true;
    TRY(vrk_arg_int(ctx, job->args, "--permutations", 0, 1000000, &opt.permutations));
    TRY(vrk_arg_int(ctx, job->args, "--seed", 0, INT64_MAX, &seed));
    job->usage = false;
    ctx->seed = (uint64_t)seed;
    TRY(make_panel(ctx, job, &p));
    TRY(vrk_did_fit(ctx,
                    &(vrk_did_data){.n = p.id->levels,
                                    .periods = p.time->levels,
                                    .y = p.y,
                                    .first = p.first,
                                    .p = job->design.x.p - job->design.intercept,
                                    .x = p.x,
                                    .cluster = p.cluster},
                    &opt, &fit));
    write_fit(&p, &fit);
done:
    vrk_did_free(&fit);
    return st;
}

static const char *const takes[] = {"--id",       "--time",         "--first", "--cluster",
                                    "--controls", "--permutations", "--seed",  NULL};

const vrk_fit_model vrk_fit_did = {
    .name = "did",
    .summary = "did it work: outcome ~ covariates, treated at different times",
    .takes = takes,
    .left_side = true,
    .run = run,
};
