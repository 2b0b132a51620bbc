/* fit_msm.c - rates of moving between states that are seen only now and then: state ~ 1, or ~
 * covariates; a row is one look at one subject. */
#include "cli/fit.h"

#include "stat/msm.h"

#include <inttypes.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { STATES = 64 }; /* as many as stat/msm.h takes */

/* Places in the design's extra columns. */
enum { ID, TIME };

typedef struct {
    vrk_fit_job *job;
    const vrk_variable *seen; /* levels: the states, and what --censored says */
    int64_t unknown;          /* that level; -1 = none */
    int32_t states;
    const char **state;     /* [states] */
    int32_t *state_of;      /* [levels] `states` for the unknown: one of those that can be left */
    int32_t *from, *into;   /* [transitions] */
    bool *leads, *can_left; /* [states x states] by any way; [states] */
    bool *dated;            /* [states] */
    int64_t *row;           /* [n] of the design, by subject and time */
    vrk_msm_data data;
} msm;

static int32_t find_state(const msm *m, const char *name, size_t length)
{
    for (int32_t s = 0; s < m->states; s++) {
        if (strlen(m->state[s]) == length && !memcmp(m->state[s], name, length))
            return s;
    }
    return -1;
}

static vrk_status name_states(vrk_ctx *ctx, msm *m)
{
    vrk_status st = VRK_OK;
    const vrk_variable *v = m->seen;
    const char *censored = vrk_arg(m->job->args, "--censored", NULL);
    m->state = VRK_NEW(&ctx->scratch, v->levels, const char *);
    m->state_of = VRK_NEW(&ctx->scratch, v->levels, int32_t);
    if (ctx->scratch.failed)
        FAIL(VRK_EMEMORY, "out of memory");
    m->unknown = -1;
    for (int64_t k = 0; k < v->levels; k++) {
        if (censored && !strcmp(v->label[k], censored)) {
            m->unknown = k;
            continue;
        }
        if (m->states == STATES)
            FAIL(VRK_EINPUT, "column %s names more than %d states; is it the right one?", v->name,
                 STATES);
        m->state_of[k] = m->states;
        m->state[m->states++] = v->label[k];
    }
    if (censored && m->unknown < 0)
        FAIL(VRK_EINPUT, "column %s: no row is '%s', as --censored says", v->name, censored);
    if (m->unknown >= 0)
        m->state_of[m->unknown] = m->states;
done:
    return st;
}

/* The next word of a list, up to one of the characters of `ends`; its state, or -1. */
static int32_t next_state(const msm *m, const char **p, const char *ends)
{
    size_t length = strcspn(*p, ends);
    int32_t s = find_state(m, *p, length);
    *p += length;
    return s;
}

/* --moves 1:2,2:1 and what leads where by them. */
static vrk_status take_moves(vrk_ctx *ctx, msm *m)
{
    vrk_status st = VRK_OK;
    const char *text = vrk_arg(m->job->args, "--moves", NULL), *p = text;
    int32_t k = m->states, n = 0;
    m->from = VRK_NEW(&ctx->scratch, k * k, int32_t);
    m->into = VRK_NEW(&ctx->scratch, k * k, int32_t);
    m->leads = VRK_NEW(&ctx->scratch, k * k, bool);
    m->can_left = VRK_NEW(&ctx->scratch, k, bool);
    if (ctx->scratch.failed)
        FAIL(VRK_EMEMORY, "out of memory");
    for (;; p++) {
        const char *begin = p;
        int32_t f = next_state(m, &p, ":,"), t = *p == ':' ? (p++, next_state(m, &p, ",")) : -1;
        if (f < 0 || t < 0 || f == t || m->leads[f + k * t])
            return vrk_fit_usage(ctx, m->job,
                                 "option --moves: '%.*s' does not say from which state to which "
                                 "other, once: 1:2,2:1; the states are values of column %s",
                                 (int)strcspn(begin, ","), begin, m->seen->name);
        m->from[n] = f;
        m->into[n++] = t;
        m->leads[f + k * t] = m->can_left[f] = true;
        if (!*p)
            break;
    }
    m->data.transitions = n;
    for (int32_t s = 0; s < k; s++)
        m->leads[s + k * s] = true;
    for (int32_t via = 0; via < k; via++) {
        for (int32_t f = 0; f < k; f++) {
            for (int32_t t = 0; t < k; t++)
                m->leads[f + k * t] |= m->leads[f + k * via] && m->leads[via + k * t];
        }
    }
done:
    return st;
}

/* --dated 4,5: states whose time is that of coming into them. */
static vrk_status take_dated(vrk_ctx *ctx, msm *m)
{
    const char *p = vrk_arg(m->job->args, "--dated", NULL);
    m->dated = VRK_NEW(&ctx->scratch, m->states, bool);
    if (!m->dated)
        return vrk_fail(ctx, VRK_EMEMORY, "out of memory");
    for (; p; p = *p ? p + 1 : NULL) {
        const char *begin = p;
        int32_t s = next_state(m, &p, ",");
        if (s < 0)
            return vrk_fit_usage(ctx, m->job, "option --dated: no row is in the state '%.*s'",
                                 (int)(p - begin), begin);
        m->dated[s] = true;
    }
    return VRK_OK;
}

typedef struct {
    int64_t subject, row;
    double time;
} look;

static int by_subject_and_time(const void *a, const void *b)
{
    const look *x = a, *y = b;
    if (x->subject != y->subject)
        return x->subject < y->subject ? -1 : 1;
    if (x->time < y->time || x->time > y->time)
        return x->time < y->time ? -1 : 1;
    return x->row < y->row ? -1 : 1;
}

/* Row i of the data, ordered, after the one before it. */
static vrk_status check_step(vrk_ctx *ctx, const msm *m, int64_t i)
{
    const vrk_msm_data *d = &m->data;
    const vrk_design *design = &m->job->design;
    int32_t k = m->states, f = d->state[i - 1], t = d->state[i];
    vrk_rows used = m->job->rows;
    char here[300], before[300];
    used.row = design->row;
    vrk_rows_place(&used, m->row[i], here, sizeof(here));
    vrk_rows_place(&used, m->row[i - 1], before, sizeof(before));
    if (d->time[i] <= d->time[i - 1])
        return vrk_fail(ctx, VRK_EINPUT, "%s and %s: %s was seen twice at %g", before, here,
                        design->extra[ID].label[d->subject[i]], d->time[i]);
    if (f < k && t < k && !m->leads[f + k * t])
        return vrk_fail(ctx, VRK_EINPUT,
                        "%s: %s was in state %s before and is in %s now; no way of --moves leads "
                        "there",
                        here, design->extra[ID].label[d->subject[i]], m->state[f], m->state[t]);
    return VRK_OK;
}

static vrk_status order_rows(vrk_ctx *ctx, msm *m)
{
    vrk_status st = VRK_OK;
    const vrk_design *d = &m->job->design;
    int64_t n = d->n, first = d->intercept, p = d->x.p - first;
    look *all = VRK_NEW(&ctx->scratch, n, look);
    int32_t *subject = VRK_NEW(&ctx->scratch, n, int32_t);
    int32_t *state = VRK_NEW(&ctx->scratch, n, int32_t);
    double *time = VRK_NEW(&ctx->scratch, n, double), *x = VRK_NEW(&ctx->scratch, n * p, double);
    uint8_t *kind = VRK_NEW(&ctx->scratch, n, uint8_t);
    m->row = VRK_NEW(&ctx->scratch, n, int64_t);
    if (ctx->scratch.failed)
        FAIL(VRK_EMEMORY, "out of memory");
    for (int64_t i = 0; i < n; i++)
        all[i] = (look){d->extra[ID].level[i], i, d->extra[TIME].number[i]};
    qsort(all, (size_t)n, sizeof(*all), by_subject_and_time);
    for (int64_t i = 0; i < n; i++) {
        int64_t r = m->row[i] = all[i].row;
        subject[i] = (int32_t)all[i].subject;
        time[i] = all[i].time;
        state[i] = m->state_of[m->seen->level[r]];
        kind[i] = state[i] < m->states && m->dated[state[i]] ? VRK_ENTERED : VRK_SEEN;
        for (int64_t j = 0; j < p; j++)
            x[i + n * j] = d->x.x[r + n * (j + first)];
    }
    m->data = (vrk_msm_data){.n = n,
                             .states = m->states,
                             .subject = subject,
                             .subjects = (int32_t)d->extra[ID].levels,
                             .time = time,
                             .state = state,
                             .kind = kind,
                             .sets = m->unknown >= 0,
                             .set = m->can_left,
                             .p = p,
                             .x = x,
                             .transitions = m->data.transitions,
                             .from = m->from,
                             .into = m->into};
    for (int64_t i = 1; i < n; i++) {
        if (subject[i] == subject[i - 1])
            TRY(check_step(ctx, m, i));
    }
done:
    return st;
}

static void write_rates(const msm *m, const vrk_msm *fit)
{
    vrk_fit_job *job = m->job;
    const char *const *name = job->design.x.name + job->design.intercept;
    json_t *rates = json_array(), *ratios = json_array();
    char label[400];
    for (int32_t t = 0; t < fit->transitions; t++) {
        const double *beta = fit->beta + t * (1 + fit->p), *se = fit->se + t * (1 + fit->p);
        const char *from = m->state[fit->from[t]], *into = m->state[fit->into[t]];
        double rate = fit->zero[t] ? 0 : exp(beta[0]);
        vrk_fit_push(job, rates,
                     json_pack("{s:s,s:s,s:o,s:o,s:s}", "from", from, "to", into, "rate",
                               vrk_fit_real(rate), "se", vrk_fit_real(rate * se[0]), "told",
                               fit->zero[t]     ? "zero"
                               : fit->untold[t] ? "no"
                                                : "yes"));
        for (int64_t j = 0; j < fit->p; j++) {
            snprintf(label, sizeof(label), "%s:%s %s", from, into, name[j]);
            vrk_fit_push(job, ratios,
                         vrk_fit_coefficient(label, beta[1 + j], se[1 + j],
                                             fit->zero[t] || fit->dropped[j]));
        }
    }
    vrk_fit_put(job, job->out, "rates", rates);
    vrk_fit_put(job, job->out, "coefficients", ratios);
}

static vrk_status write_chances(vrk_ctx *ctx, const msm *m, const vrk_msm *fit, const double *at,
                                int64_t times)
{
    vrk_status st = VRK_OK;
    int32_t k = m->states;
    json_t *list = json_array();
    double *p = VRK_NEW(&ctx->scratch, k * k, double), *se = VRK_NEW(&ctx->scratch, k * k, double);
    if (ctx->scratch.failed)
        FAIL(VRK_EMEMORY, "out of memory");
    for (int64_t i = 0; i < times; i++) {
        TRY(vrk_msm_chances(ctx, fit, NULL, at[i], p, se));
        for (int32_t f = 0; f < k; f++) {
            for (int32_t t = 0; t < k; t++)
                vrk_fit_push(m->job, list,
                             json_pack("{s:s,s:f,s:s,s:o,s:o}", "from", m->state[f], "after", at[i],
                                       "state", m->state[t], "probability",
                                       vrk_fit_real(p[f + k * t]), "se",
                                       vrk_fit_real(se[f + k * t])));
        }
    }
    vrk_fit_put(m->job, m->job->out, "chances", json_incref(list));
done:
    json_decref(list);
    return st;
}

static vrk_status take_data(vrk_ctx *ctx, vrk_fit_job *job, msm *m)
{
    vrk_status st = VRK_OK;
    const vrk_formula *f = &job->formula;
    const char *id = vrk_arg(job->args, "--id", NULL), *time = vrk_arg(job->args, "--time", NULL);
    if (!id || !time || !vrk_arg(job->args, "--moves", NULL))
        return vrk_fit_usage(ctx, job,
                             "msm needs --id and --time, columns that say who was seen and when, "
                             "and --moves, what can follow what: 1:2,2:1");
    if (f->responses != 1 || f->bars || f->offsets || f->strata || f->clusters)
        return vrk_fit_usage(ctx, job, "msm takes state ~ 1, or ~ covariates");
    TRY(vrk_fit_design(ctx, job,
                       &(vrk_design_opt){.response_as = VRK_AS_LEVELS,
                                         .response_last = VRK_AS_LEVELS,
                                         .extra = {id, time},
                                         .extra_as = {VRK_AS_LEVELS, VRK_AS_NUMBER}}));
    *m = (msm){.job = job, .seen = &job->design.response[0]};
    TRY(name_states(ctx, m));
    TRY(take_moves(ctx, m));
    TRY(take_dated(ctx, m));
    TRY(order_rows(ctx, m));
done:
    return st;
}

static vrk_status run(vrk_ctx *ctx, vrk_fit_job *job)
{
    vrk_status st = VRK_OK;
    vrk_msm fit = {0};
    double *at = NULL;
    int64_t times = 0;
    msm m;

    TRY(vrk_fit_numbers(ctx, job, "--at", &at, &times));
    TRY(take_data(ctx, job, &m));
    TRY(vrk_msm_fit(ctx, &m.data, NULL, &fit));
    vrk_fit_put(job, job->out, "seen",
                json_pack("{s:I,s:I,s:I,s:I}", "subjects", (json_int_t)m.data.subjects, "steps",
                          (json_int_t)fit.steps, "before_a_known_state", (json_int_t)fit.skipped,
                          "subjects_seen_once", (json_int_t)fit.single));
    write_rates(&m, &fit);
    if (times)
        TRY(write_chances(ctx, &m, &fit, at, times));
    vrk_fit_put(job, job->out, "log_likelihood", vrk_fit_real(fit.ll));
    vrk_fit_put_report(job, fit.iterations, fit.stop, fit.gradient);
done:
    vrk_msm_free(&fit);
    return st;
}

static const char *const takes[] = {"--id",       "--time", "--moves", "--dated",
                                    "--censored", "--at",   NULL};

const vrk_fit_model vrk_fit_msm = {
    .name = "msm",
    .summary = "rates between states seen only now and then: state ~ covariates",
    .takes = takes,
    .left_side = true,
    .run = run,
};
