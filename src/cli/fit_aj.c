/* fit_aj.c - Aalen-Johansen: Surv(exit, event) or Surv(entry, exit, event) ~ 1, or ~ groups. The
 * event column says which state is entered. */
#include "cli/fit.h"

#include "base/str.h"
#include "stat/aj.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

typedef struct {
    vrk_fit_job *job;
    int32_t states;
    const char **state; /* [states] */
    vrk_spells all;
    const int32_t *group; /* [n] */
    int32_t groups;
    const char *const *label; /* [groups] */
    int errors;               /* see error_kinds */
    vrk_aj_opt opt;
    json_t *curve, *mean;
} aj;

enum { GREENWOOD, AALEN, JACKKNIFE };
static const char *const error_kinds[] = {"greenwood", "aalen", "jackknife", NULL};

static int by_text(const void *a, const void *b)
{
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

static int32_t state_of(const aj *a, const char *name)
{
    for (int32_t s = 0; s < a->states; s++) {
        if (!strcmp(a->state[s], name))
            return s;
    }
    return VRK_CENSORED;
}

/* "start" where no column says the states, then the others by name. */
static vrk_status name_states(vrk_ctx *ctx, aj *a, const vrk_variable *from, const vrk_variable *to,
                              const char *censored)
{
    vrk_status st = VRK_OK;
    int32_t first = from ? 0 : 1, n = 0;
    a->state = VRK_NEW(&ctx->scratch, to->levels + (from ? from->levels : 1), const char *);
    if (!a->state)
        FAIL(VRK_EMEMORY, "out of memory");
    if (!from)
        a->state[n++] = "start";
    for (int64_t k = 0; from && k < from->levels; k++)
        a->state[n++] = from->label[k];
    a->states = n;
    for (int64_t k = 0; k < to->levels; k++) {
        if (strcmp(to->label[k], censored) != 0 && state_of(a, to->label[k]) < 0) {
            a->state[n++] = to->label[k];
            a->states = n;
        }
    }
    if (n < 2)
        FAIL(VRK_EINPUT, "column %s: every row is '%s', nobody enters a state", to->name, censored);
    if (n > 100)
        FAIL(VRK_EINPUT, "column %s names more than 100 states; is it the right one?", to->name);
    qsort(a->state + first, (size_t)(n - first), sizeof(*a->state), by_text);
done:
    return st;
}

static vrk_status number_states(vrk_ctx *ctx, const aj *a, const vrk_variable *v, int32_t *out)
{
    vrk_status st = VRK_OK;
    int32_t *state = VRK_NEW(&ctx->scratch, v->levels, int32_t);
    if (!state)
        FAIL(VRK_EMEMORY, "out of memory");
    for (int64_t k = 0; k < v->levels; k++)
        state[k] = state_of(a, v->label[k]);
    for (int64_t i = 0; i < a->all.n; i++)
        out[i] = state[v->level[i]];
done:
    return st;
}

static vrk_status narrow(vrk_ctx *ctx, int64_t n, const vrk_variable *v, const int32_t **out)
{
    int32_t *x = VRK_NEW(&ctx->scratch, n, int32_t);
    if (!x)
        return vrk_fail(ctx, VRK_EMEMORY, "out of memory");
    for (int64_t i = 0; i < n; i++)
        x[i] = v->level ? (int32_t)v->level[i] : 0;
    *out = x;
    return VRK_OK;
}

static vrk_status take_spells(vrk_ctx *ctx, aj *a)
{
    vrk_status st = VRK_OK;
    const vrk_fit_job *job = a->job;
    const vrk_design *d = &job->design;
    bool from = vrk_arg_given(job->args, "--from"), id = vrk_arg_given(job->args, "--id");
    int64_t n = d->n, last = d->responses - 1;
    int32_t *f = VRK_NEW(&ctx->scratch, n, int32_t), *t = VRK_NEW(&ctx->scratch, n, int32_t);
    char place[300];

    if (ctx->scratch.failed)
        FAIL(VRK_EMEMORY, "out of memory");
    a->all = (vrk_spells){.n = n,
                          .entry = last == 2 ? d->response[0].number : NULL,
                          .exit = d->response[last - 1].number,
                          .from = f,
                          .to = t,
                          .weight = d->extra[2].number,
                          .clusters = id ? (int32_t)d->extra[1].levels : 0};
    TRY(name_states(ctx, a, from ? &d->extra[0] : NULL, &d->response[last],
                    vrk_arg(job->args, "--censored", "0")));
    a->all.states = a->states;
    if (from)
        TRY(number_states(ctx, a, &d->extra[0], f));
    TRY(number_states(ctx, a, &d->response[last], t));
    if (id)
        TRY(narrow(ctx, n, &d->extra[1], &a->all.cluster));
    vrk_rows used = job->rows;
    used.row = d->row;
    for (int64_t i = 0; i < n; i++) {
        double entry = a->all.entry ? a->all.entry[i] : 0;
        vrk_rows_place(&used, i, place, sizeof(place));
        if (a->all.exit[i] < 0 || (a->all.entry && a->all.exit[i] <= entry))
            FAIL(VRK_EINPUT, "%s: the spell ends at %g, which is not after its start at %g", place,
                 a->all.exit[i], entry);
        if (f[i] == t[i])
            FAIL(VRK_EINPUT, "%s: the spell goes from '%s' to '%s'", place, a->state[f[i]],
                 a->state[t[i]]);
    }
done:
    return st;
}

/* Shares of the states at the first time under observation. */
static void begin(const vrk_spells *s, double *p0)
{
    double first = HUGE_VAL, sum = 0;
    for (int64_t i = 0; i < s->n; i++)
        first = fmin(first, s->entry ? s->entry[i] : 0);
    memset(p0, 0, (size_t)s->states * sizeof(*p0));
    for (int64_t i = 0; i < s->n; i++) {
        double w = s->weight ? s->weight[i] : 1;
        if ((s->entry ? s->entry[i] : 0) <= first) {
            p0[s->from[i]] += w;
            sum += w;
        }
    }
    for (int32_t k = 0; k < s->states; k++)
        p0[k] /= sum;
}

static void write_curve(aj *a, const char *group, const vrk_aj *fit, const vrk_aj_errors *e)
{
    for (int64_t j = 0; j < fit->m; j++) {
        for (int32_t s = 0; s < a->states; s++) {
            int64_t at = j * a->states + s;
            vrk_fit_push(a->job, a->curve,
                         json_pack("{s:s,s:f,s:s,s:o,s:o}", "group", group, "time", fit->time[j],
                                   "state", a->state[s], "probability", vrk_fit_real(fit->p[at]),
                                   "se", vrk_fit_real(e->se ? e->se[at] : vrk_aj_se(fit, j, s))));
        }
    }
    for (int32_t s = 0; s < a->states; s++)
        vrk_fit_push(a->job, a->mean,
                     json_pack("{s:s,s:s,s:f,s:o,s:o,s:b}", "group", group, "state", a->state[s],
                               "tau", fit->tau, "mean", vrk_fit_real(fit->mean[s]), "se",
                               vrk_fit_real(e->se ? e->mean_se[s] : vrk_aj_mean_se(fit, s)),
                               "beyond_data", (int)fit->beyond));
}

static vrk_status fit_group(vrk_ctx *ctx, aj *a, const vrk_spells *spells, const char *group)
{
    vrk_status st = VRK_OK;
    vrk_transitions counts = {0};
    vrk_aj fit = {0};
    vrk_aj_errors errors = {0};
    double *p0 = VRK_NEW(&ctx->scratch, a->states, double);

    if (!p0)
        FAIL(VRK_EMEMORY, "out of memory");
    begin(spells, p0);
    a->opt.p0 = p0;
    TRY(vrk_transitions_count(ctx, spells, &counts));
    TRY(vrk_aj_fit(ctx, &counts, &a->opt, &fit));
    if (a->errors == JACKKNIFE)
        TRY(vrk_aj_ij(ctx, spells, &counts, &a->opt, &fit, &errors));
    write_curve(a, group, &fit, &errors);
done:
    vrk_aj_errors_free(&errors);
    vrk_aj_free(&fit);
    vrk_transitions_free(&counts);
    return st;
}

static vrk_status fit_all(vrk_ctx *ctx, aj *a)
{
    vrk_status st = VRK_OK;
    const vrk_variable *g = &a->job->design.stratum;
    const int32_t *group = NULL;
    vrk_spell_set set = {0};
    int32_t groups = g->levels ? (int32_t)g->levels : 1;

    TRY(narrow(ctx, a->all.n, g, &group));
    TRY(vrk_spells_split(ctx, &a->all, group, groups, &set));
    for (int32_t k = 0; k < groups; k++) {
        vrk_spells one = vrk_spells_of(&set, k);
        TRY(fit_group(ctx, a, &one, g->levels ? g->label[k] : "all"));
    }
done:
    vrk_spell_set_free(&set);
    return st;
}

/* What stands at the right is what the curves are drawn by. */
static vrk_status group_by(vrk_ctx *ctx, vrk_fit_job *job)
{
    vrk_formula *f = &job->formula;
    if (strcmp(f->call, "Surv") != 0 || f->responses < 2 || f->responses > 3)
        return vrk_fit_usage(ctx, job,
                             "the left side of aj is Surv(exit, event) or Surv(entry, "
                             "exit, event)");
    if (f->bars || f->offsets || f->clusters || f->strata + f->vars > VRK_FORMULA_ARGS)
        return vrk_fit_usage(ctx, job, "the right side of aj is 1, or columns to group by");
    for (int64_t v = 0; v < f->vars; v++)
        f->stratum[f->strata++] = f->var[v];
    f->fixed = (vrk_terms){.intercept = true};
    return VRK_OK;
}

static vrk_status run(vrk_ctx *ctx, vrk_fit_job *job)
{
    vrk_status st = VRK_OK;
    aj a = {.job = job};
    double *at = NULL;

    TRY(group_by(ctx, job));
    TRY(vrk_fit_choice(ctx, job, "--errors", error_kinds,
                       vrk_arg_given(job->args, "--id") ? JACKKNIFE : GREENWOOD, &a.errors));
    TRY(vrk_fit_numbers(ctx, job, "--at", &at, &a.opt.n_at));
    a.opt.at = at;
    a.opt.variance = a.errors == AALEN ? VRK_AALEN : VRK_GREENWOOD;
    job->usage = true;
    TRY(vrk_arg_double(ctx, job->args, "--tau", 1e-12, 1e12, &a.opt.tau));
    job->usage = false;
    TRY(vrk_fit_design(
        ctx, job,
        &(vrk_design_opt){.response_as = VRK_AS_NUMBER,
                          .response_last = VRK_AS_LEVELS,
                          .extra = {vrk_arg(job->args, "--from", NULL),
                                    vrk_arg(job->args, "--id", NULL),
                                    vrk_arg(job->args, "--weights", NULL)},
                          .extra_as = {VRK_AS_LEVELS, VRK_AS_LEVELS, VRK_AS_NUMBER}}));
    TRY(vrk_fit_within(ctx, job, &job->design.extra[2], 0, HUGE_VAL));
    TRY(take_spells(ctx, &a));
    a.curve = json_array();
    a.mean = json_array();
    TRY(fit_all(ctx, &a));
    vrk_fit_put(job, job->out, "errors", json_string(error_kinds[a.errors]));
    vrk_fit_put(job, job->out, "curve", json_incref(a.curve));
    vrk_fit_put(job, job->out, "mean_time", json_incref(a.mean));
done:
    json_decref(a.curve);
    json_decref(a.mean);
    return st;
}

static const char *const takes[] = {"--weights", "--from", "--id",  "--censored",
                                    "--errors",  "--at",   "--tau", NULL};

const vrk_fit_model vrk_fit_aj = {
    .name = "aj",
    .summary = "state probabilities: Surv(entry, exit, event) ~ 1",
    .takes = takes,
    .left_side = true,
    .run = run,
};
