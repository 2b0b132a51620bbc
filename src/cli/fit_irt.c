/* fit_irt.c - items: a row a person, a column an item. */
#include "cli/fit.h"

#include "stat/irt_score.h"

#include <math.h>
#include <string.h>

static const struct {
    const char *name;
    vrk_irt_opt opt;
} kinds[] = {
    {"2pl", {.family = VRK_IRT_ADJACENT}},
    {"1pl", {.family = VRK_IRT_ADJACENT, .slope = VRK_SLOPE_COMMON}},
    {"rasch", {.family = VRK_IRT_ADJACENT, .slope = VRK_SLOPE_COMMON}},
    {"grm", {.family = VRK_IRT_GRADED}},
    {"gpcm", {.family = VRK_IRT_ADJACENT}},
    {"pcm", {.family = VRK_IRT_ADJACENT, .slope = VRK_SLOPE_COMMON}},
    {"rsm", {.family = VRK_IRT_ADJACENT, .slope = VRK_SLOPE_COMMON, .shared_steps = true}},
};
enum { KINDS = sizeof(kinds) / sizeof(kinds[0]) };

typedef struct {
    int64_t items, persons;
    const vrk_column **column; /* [items] */
    const char **name;         /* [items] */
    int8_t *x;                 /* [persons x items] */
    double *lowest;            /* [items] the answer that is numbered 0 */
    double *weight;            /* [persons], or NULL */
} answers;

/* The columns that the formula adds up, or all but those that options name. */
static vrk_status choose_items(vrk_ctx *ctx, vrk_fit_job *job, answers *a)
{
    vrk_status st = VRK_OK;
    const vrk_formula *f = &job->formula;
    const vrk_frame *frame = job->rows.frame;
    const char *weights = vrk_arg(job->args, "--weights", NULL),
               *id = vrk_arg(job->args, "--id", NULL);
    bool all = !vrk_arg_given(job->args, "--formula");
    int64_t most = all ? frame->columns : f->vars;

    if (f->bars || f->offsets || f->strata || f->clusters || f->fixed.n != f->vars)
        return vrk_fit_usage(ctx, job,
                             "irt takes ~ item1 + item2 + ..., or no formula: all "
                             "columns are items");
    a->column = VRK_NEW(&ctx->scratch, most, const vrk_column *);
    a->name = VRK_NEW(&ctx->scratch, most, const char *);
    if (ctx->scratch.failed)
        FAIL(VRK_EMEMORY, "out of memory");
    for (int64_t k = 0; k < most; k++) {
        const char *name = all ? frame->column[k].name : f->var[k].name;
        if (all && ((weights && !strcmp(name, weights)) || (id && !strcmp(name, id))))
            continue;
        a->column[a->items] = vrk_frame_column(frame, name);
        a->name[a->items] = name;
        if (!a->column[a->items])
            FAIL(VRK_EINPUT, "%s has no column '%s'", job->rows.file, name);
        a->items++;
    }
    a->persons = frame->rows;
done:
    return st;
}

static vrk_status take_item(vrk_ctx *ctx, const vrk_fit_job *job, answers *a, int64_t j)
{
    const vrk_column *c = a->column[j];
    char place[300];
    double lowest = HUGE_VAL, x;
    for (int64_t i = 0; i < a->persons; i++) {
        bool text = c->type == VRK_TEXT && !c->null[i] && !vrk_text_number(c->s[i], &x);
        if (!c->null[i] && c->type == VRK_DOUBLE)
            lowest = fmin(lowest, c->d[i]);
        if (text || (!c->null[i] && c->type == VRK_DOUBLE &&
                     !(c->d[i] == floor(c->d[i]) && fabs(c->d[i]) < 1e6))) {
            vrk_rows_place(&job->rows, i, place, sizeof(place));
            return text ? vrk_fail(ctx, VRK_EINPUT,
                                   "%s: '%.80s' in column %s is not an answer 0, 1, 2 ...", place,
                                   c->s[i], c->name)
                        : vrk_fail(ctx, VRK_EINPUT,
                                   "%s: %g in column %s is not an answer 0, 1, 2 ...", place,
                                   c->d[i], c->name);
        }
    }
    a->lowest[j] = lowest;
    for (int64_t i = 0; i < a->persons; i++) {
        double answer = c->null[i] ? -1 : c->d[i] - lowest;
        if (answer > 100) {
            vrk_rows_place(&job->rows, i, place, sizeof(place));
            return vrk_fail(ctx, VRK_EINPUT, "%s: column %s has answers from %g to %g", place,
                            c->name, lowest, c->d[i]);
        }
        a->x[i + j * a->persons] = (int8_t)answer;
    }
    return VRK_OK;
}

static vrk_status take_answers(vrk_ctx *ctx, vrk_fit_job *job, answers *a)
{
    vrk_status st = VRK_OK;
    const char *weights = vrk_arg(job->args, "--weights", NULL);
    const vrk_column *w = weights ? vrk_frame_column(job->rows.frame, weights) : NULL;
    char place[300];

    if (weights && (!w || w->type != VRK_DOUBLE))
        FAIL(VRK_EINPUT, "%s has no column '%s' of numbers", job->rows.file, weights);
    a->x = VRK_NEW(&ctx->scratch, a->persons * a->items, int8_t);
    a->lowest = VRK_NEW(&ctx->scratch, a->items, double);
    a->weight = w ? VRK_NEW(&ctx->scratch, a->persons, double) : NULL;
    if (ctx->scratch.failed)
        FAIL(VRK_EMEMORY, "out of memory");
    for (int64_t j = 0; j < a->items; j++)
        TRY(take_item(ctx, job, a, j));
    for (int64_t i = 0; w && i < a->persons; i++) {
        a->weight[i] = w->d[i];
        if (w->null[i] || !(w->d[i] > 0 && w->d[i] < 1e15)) {
            vrk_rows_place(&job->rows, i, place, sizeof(place));
            FAIL(VRK_EINPUT, "%s: the weight is no number above 0", place);
        }
    }
done:
    return st;
}

static json_t *numbers(const double *x, int64_t n)
{
    json_t *list = json_array();
    for (int64_t k = 0; k < n; k++) {
        if (json_array_append_new(list, vrk_fit_real(x[k]))) {
            json_decref(list);
            return NULL;
        }
    }
    return list;
}

static void write_fit(vrk_fit_job *job, const answers *a, const vrk_irt *fit)
{
    json_t *list = json_array();
    for (int64_t j = 0; j < fit->items; j++) {
        int64_t at = j * fit->steps, m = fit->categories[j] - 1;
        vrk_fit_push(job, list,
                     json_pack("{s:s,s:o,s:o,s:o,s:o,s:o,s:o,s:o,s:b}", "item", a->name[j],
                               "lowest", vrk_fit_real(a->lowest[j]), "slope",
                               vrk_fit_real(fit->slope[j]), "slope_se",
                               vrk_fit_real(fit->slope_se ? fit->slope_se[j] : nan("")),
                               "intercepts", numbers(fit->intercept + at, m), "intercept_se",
                               numbers(fit->intercept_se + at, m), "steps",
                               numbers(fit->step + at, m), "step_se", numbers(fit->step_se + at, m),
                               "reversed", (int)(fit->flag[j] == VRK_ITEM_REVERSED)));
    }
    vrk_fit_put(job, job->out, "persons",
                json_pack("{s:I,s:I,s:I}", "answered", (json_int_t)fit->persons, "silent",
                          (json_int_t)fit->silent, "patterns", (json_int_t)fit->patterns));
    vrk_fit_put(job, job->out, "log_likelihood", vrk_fit_real(fit->ll));
    vrk_fit_put(job, job->out, "aic", vrk_fit_real(fit->aic));
    vrk_fit_put(job, job->out, "bic", vrk_fit_real(fit->bic));
    vrk_fit_put(job, job->out, "parameters", json_integer((json_int_t)fit->params));
    vrk_fit_put_report(job, fit->iterations, fit->stop, fit->gradient);
    vrk_fit_put(job, job->out, "items", list);
}

static void write_scores(vrk_fit_job *job, const vrk_irt_scores *s)
{
    json_t *list = json_array();
    for (int64_t i = 0; i < s->persons; i++)
        vrk_fit_push(job, list,
                     json_pack("{s:I,s:I,s:o,s:o,s:o,s:o,s:o,s:o,s:o,s:o}", "line",
                               (json_int_t)job->rows.line[i], "answered",
                               (json_int_t)s->answered[i], "eap", vrk_fit_real(s->eap[i]), "psd",
                               vrk_fit_real(s->psd[i]), "map", vrk_fit_real(s->map[i]), "map_se",
                               vrk_fit_real(s->map_se[i]), "wle", vrk_fit_real(s->wle[i]), "wle_se",
                               vrk_fit_real(s->wle_se[i]), "infit", vrk_fit_real(s->infit[i]),
                               "outfit", vrk_fit_real(s->outfit[i])));
    vrk_fit_put(job, job->out, "reliability",
                json_pack("{s:o,s:o}", "eap", vrk_fit_real(s->eap_reliability), "wle",
                          vrk_fit_real(s->wle_reliability)));
    vrk_fit_put(job, job->out, "scores", list);
}

static vrk_status run(vrk_ctx *ctx, vrk_fit_job *job)
{
    const char *names[KINDS + 1] = {NULL};
    vrk_status st = VRK_OK;
    answers a = {0};
    vrk_irt fit = {0};
    vrk_irt_scores scores = {0};
    int kind = 0;

    for (int k = 0; k < KINDS; k++)
        names[k] = kinds[k].name;
    TRY(vrk_fit_choice(ctx, job, "--items", names, 0, &kind));
    vrk_irt_opt opt = kinds[kind].opt;
    opt.priors = vrk_arg_given(job->args, "--bayes");
    job->usage = true;
    TRY(vrk_arg_int(ctx, job->args, "--points", 3, 1000, &opt.points));
    job->usage = false;
    TRY(choose_items(ctx, job, &a));
    TRY(take_answers(ctx, job, &a));
    vrk_answers answered = {
        .persons = a.persons, .items = a.items, .x = a.x, .weight = a.weight, .name = a.name};
    TRY(vrk_irt_fit(ctx, &answered, &opt, &fit));
    TRY(vrk_irt_score(ctx, &fit, &answered, NULL, &scores));
    vrk_fit_put(job, job->out, "items_as", json_string(names[kind]));
    write_fit(job, &a, &fit);
    write_scores(job, &scores);
done:
    vrk_irt_scores_free(&scores);
    vrk_irt_free(&fit);
    return st;
}

static const char *const takes[] = {"--items", "--weights", "--id", "--bayes", "--points", NULL};

const vrk_fit_model vrk_fit_irt = {
    .name = "irt",
    .summary = "items: ~ item1 + item2 ..., or all columns",
    .takes = takes,
    .formula_optional = true,
    .run = run,
};
