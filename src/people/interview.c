#include "people/interview.h"

#include "base/str.h"
#include "diag/rows.h"
#include "num/special.h"
#include "people/put.h"

#include <inttypes.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { LEVELS = 5, RATERS_MOST = 2000 };

/* A rater's view of one competency of one person: mean share of the points over its questions. */
typedef struct {
    int64_t n;
    int64_t *person, *rater; /* [n] keys */
    int32_t *competency;
    double *share; /* sum */
    int64_t *questions;
} views;

static vrk_status make_views(vrk_ctx *ctx, int64_t most, views *v)
{
    vrk_arena *mem = &ctx->scratch;
    *v = (views){.person = VRK_NEW(mem, most + 1, int64_t),
                 .rater = VRK_NEW(mem, most + 1, int64_t),
                 .competency = VRK_NEW(mem, most + 1, int32_t),
                 .share = VRK_NEW(mem, most + 1, double),
                 .questions = VRK_NEW(mem, most + 1, int64_t)};
    return mem->failed ? vrk_fail(ctx, VRK_EMEMORY, "out of memory for the interviews") : VRK_OK;
}

/* The number of the competency; -1: more than there are places. */
static int32_t competency_of(vrk_interviews *out, const char *id)
{
    for (int64_t k = 0; k < out->competences; k++) {
        if (!strcmp(out->competency[k], id))
            return (int32_t)k;
    }
    if (out->competences == VRK_INTERVIEW_COMPETENCES)
        return -1;
    out->competency[out->competences] = vrk_text_copy(&out->mem, id);
    return (int32_t)out->competences++;
}

/* Share of the points; NaN where that cannot be. Without a maximum it is a level of 1 to 5. */
static double share_of(const vrk_frame *f, int64_t i)
{
    const vrk_column *most = vrk_frame_column(f, "max_score");
    double score = vrk_frame_column(f, "score")->d[i], max = most->null[i] ? LEVELS : most->d[i];
    return max > 0 && score >= 0 && score <= max ? score / max : nan("");
}

/* One score, of the data or given here. */
typedef struct {
    int64_t person, rater;
    const char *competency;
    double share;
    bool here;
} score;

static int by_view(const void *a, const void *b)
{
    const score *x = a, *y = b;
    int order = (x->person > y->person) - (x->person < y->person);
    order = order ? order : (x->rater > y->rater) - (x->rater < y->rater);
    order = order ? order : strcmp(x->competency, y->competency);
    order = order ? order : y->here - x->here;
    return order ? order : (x->share > y->share) - (x->share < y->share);
}

static bool same_view(const score *x, const score *y)
{
    return x->person == y->person && x->rater == y->rater && !strcmp(x->competency, y->competency);
}

static void add_view(const score *x, vrk_interviews *out, views *v)
{
    int32_t k = competency_of(out, x->competency);
    int64_t at = v->n - 1;
    if (k < 0)
        return;
    if (at < 0 || v->person[at] != x->person || v->rater[at] != x->rater ||
        v->competency[at] != k) {
        at = v->n++;
        v->person[at] = x->person;
        v->rater[at] = x->rater;
        v->competency[at] = k;
        v->share[at] = 0;
        v->questions[at] = 0;
    }
    v->share[at] += x->share;
    v->questions[at]++;
}

/* Those of the data; without an interviewer they are counted only. */
static int64_t read_data(const vrk_frame *f, vrk_interviews *out, score *list)
{
    int64_t n = 0;
    for (int64_t i = 0; i < f->rows; i++) {
        score x = {.person = vrk_row_int(f, "person_key", i),
                   .rater = vrk_row_int(f, "rater_key", i),
                   .competency = vrk_row_text(f, "competency", i),
                   .share = share_of(f, i)};
        out->nameless += !x.rater;
        if (x.rater && isfinite(x.share))
            list[n++] = x;
    }
    return n;
}

static int64_t read_here(const vrk_frame *f, score *list)
{
    for (int64_t i = 0; i < f->rows; i++)
        list[i] = (score){.person = int_at(f, "person", i),
                          .rater = int_at(f, "rater", i),
                          .competency = text_at(f, "competency", i),
                          .share = (double)int_at(f, "level", i) / LEVELS,
                          .here = true};
    return f->rows;
}

/* The number of the rater's key in the list; a new one is added. */
static int32_t number(int64_t *list, int64_t *n, int64_t key)
{
    for (int64_t i = 0; i < *n; i++) {
        if (list[i] == key)
            return (int32_t)i;
    }
    list[*n] = key;
    return (int32_t)(*n)++;
}

static vrk_status rate(vrk_ctx *ctx, const views *v, vrk_interviews *out, vrk_rated *d)
{
    vrk_status st = VRK_OK;
    vrk_arena *mem = &ctx->scratch;
    int32_t *person = VRK_NEW(mem, v->n + 1, int32_t), *rater = VRK_NEW(mem, v->n + 1, int32_t);
    int8_t *level = VRK_NEW(mem, v->n + 1, int8_t);
    int64_t *raters = VRK_NEW(mem, v->n + 1, int64_t), many = 0;
    out->row = VRK_NEW(&out->mem, v->n + 1, vrk_interviewed);
    if (mem->failed || !out->row)
        FAIL(VRK_EMEMORY, "out of memory for the interviews");
    for (int64_t i = 0; i < v->n; i++) {
        if (!out->n || out->row[out->n - 1].person != v->person[i])
            out->row[out->n++] = (vrk_interviewed){.person = v->person[i],
                                                   .at = nan(""),
                                                   .se = nan(""),
                                                   .level = nan(""),
                                                   .lo = nan(""),
                                                   .hi = nan("")};
        person[i] = (int32_t)(out->n - 1);
        rater[i] = number(raters, &many, v->rater[i]);
        if (many > RATERS_MOST)
            FAIL(VRK_EINPUT, "more than %d people have interviewed", RATERS_MOST);
        double x = floor(LEVELS * v->share[i] / (double)v->questions[i] + 0.5);
        level[i] = (int8_t)fmin(fmax(x, 1), LEVELS);
        out->row[out->n - 1].asked |= UINT64_C(1) << v->competency[i];
    }
    *d = (vrk_rated){.n = v->n,
                     .persons = out->n,
                     .raters = many,
                     .competences = out->competences,
                     .person = person,
                     .rater = rater,
                     .competency = v->competency,
                     .level = level};
done:
    return st;
}

/* The levels on the scale of those interviewed: mean 0, standard deviation of the true ones 1. */
static void place(const vrk_rated_model *m, vrk_interviews *out)
{
    double n = 0, mean = 0, square = 0, error = 0, wide = 2 * vrk_normal_quantile(0.95);
    for (int64_t i = 0; i < out->n; i++) {
        const vrk_rated_person *p = &m->person[i];
        out->row[i].raters = p->raters;
        out->row[i].plain = p->plain;
        out->row[i].level = p->level;
        out->row[i].lo = p->lo;
        out->row[i].hi = p->hi;
        if (!isfinite(p->level))
            continue;
        n++;
        mean += p->level;
        square += p->level * p->level;
        error += pow((p->hi - p->lo) / wide, 2);
    }
    mean /= n;
    double told = fmax(square / n - mean * mean, 0), whole = told + error / n;
    out->reliability = whole > 0 ? told / whole : nan("");
    for (int64_t i = 0; i < out->n && whole > 0; i++) {
        out->row[i].at = (out->row[i].level - mean) / sqrt(whole);
        out->row[i].se = (out->row[i].hi - out->row[i].lo) / wide / sqrt(whole);
    }
}

/* Until the viewer has given levels to all competences that others have, or has passed. */
static vrk_status hide(vrk_ctx *ctx, vrk_records *records, const views *v, int64_t viewer,
                       vrk_interviews *out)
{
    vrk_status st = VRK_OK;
    vrk_frame f = {0};
    const vrk_value who = put_int(viewer);
    int64_t at = 0;
    TRY(vrk_records_run(ctx, records,
                        "SELECT person FROM interview_pass WHERE rater = ?1 ORDER BY person", &who,
                        1, &f));
    for (int64_t i = 0; i < out->n; i++) {
        uint64_t own = 0;
        bool passed = false;
        for (; at < v->n && v->person[at] == out->row[i].person; at++)
            own |= v->rater[at] == viewer ? UINT64_C(1) << v->competency[at] : 0;
        for (int64_t k = 0; k < f.rows; k++)
            passed = passed || f.column[0].i[k] == out->row[i].person;
        out->row[i].waiting = !passed && (out->row[i].asked & ~own);
    }
done:
    vrk_frame_free(&f);
    return st;
}

static const char here_sql[] =
    "SELECT person, rater, competency, level FROM interview WHERE id IN (SELECT max(id) FROM "
    "interview GROUP BY person, rater, competency, question) AND level IS NOT NULL";

/* Those that count, by person, interviewer and competence. */
static vrk_status gather(vrk_ctx *ctx, const vrk_frame *here, const vrk_frame *data,
                         vrk_interviews *out, views *v)
{
    vrk_status st = VRK_OK;
    score *list = VRK_NEW(&ctx->scratch, here->rows + data->rows + 1, score);
    if (!list)
        FAIL(VRK_EMEMORY, "out of memory for the interviews");
    int64_t n = read_here(here, list);
    n += read_data(data, out, list + n);
    qsort(list, (size_t)n, sizeof(*list), by_view);
    TRY(make_views(ctx, n, v));
    const score *first = list; /* of the same view; those given here stand first */
    for (int64_t i = 0; i < n; i++) {
        first = same_view(first, &list[i]) ? first : &list[i];
        if (list[i].here == first->here)
            add_view(&list[i], out, v);
    }
done:
    return st;
}

vrk_status vrk_interviews_read(vrk_ctx *ctx, vrk_records *records, vrk_facts *facts, int64_t viewer,
                               vrk_interviews *out)
{
    vrk_status st = VRK_OK;
    vrk_mark mark = vrk_mark_of(&ctx->scratch);
    vrk_frame f = {0}, here = {0};
    vrk_rated_model m = {0};
    vrk_rated d;
    views v = {0};
    *out = (vrk_interviews){
        .state = VRK_RATINGS_FEW, .reliability = nan(""), .mem.limit = ctx->scratch.limit};
    TRY(vrk_records_run(ctx, records, here_sql, NULL, 0, &here));
    if (facts)
        TRY(vrk_rows(ctx, facts, VRK_SQL_INTERVIEWED, &f));
    TRY(gather(ctx, &here, &f, out, &v));
    TRY(rate(ctx, &v, out, &d));
    if (viewer != VRK_SEES_ALL)
        TRY(hide(ctx, records, &v, viewer, out));
    if (!d.n)
        goto done;
    TRY(vrk_raters_fit(ctx, &d, &m));
    out->state = m.state;
    out->persons = m.persons;
    out->twice = m.twice;
    out->parts = m.parts;
    for (int64_t i = 0; i < out->n; i++) {
        out->row[i].plain = m.person[i].plain;
        out->row[i].raters = m.person[i].raters;
    }
    if (m.state == VRK_RATINGS_TOLD)
        place(&m, out);
    if (out->mem.failed)
        FAIL(VRK_EMEMORY, "out of memory for the interviews");
done:
    vrk_raters_free(&m);
    vrk_frame_free(&here);
    vrk_frame_free(&f);
    vrk_rewind(&ctx->scratch, mark);
    if (st != VRK_OK)
        vrk_interviews_free(out);
    return st;
}

void vrk_interviews_free(vrk_interviews *i)
{
    vrk_arena_free(&i->mem);
    *i = (vrk_interviews){0};
}

const vrk_interviewed *vrk_interviewed_find(const vrk_interviews *i, int64_t person)
{
    int64_t lo = 0, hi = i->n;
    while (lo < hi) {
        int64_t mid = (lo + hi) / 2;
        if (i->row[mid].person < person)
            lo = mid + 1;
        else
            hi = mid;
    }
    return lo < i->n && i->row[lo].person == person ? &i->row[lo] : NULL;
}

const char *vrk_interviews_say(const vrk_words *w, const vrk_interviews *i)
{
    if (i->state == VRK_RATINGS_TOLD)
        return vrk_say(
            w,
            "Interviews count (0.42, says the literature): of what those interviewed differ by, "
            "{share} is theirs and not chance or the interviewers'.",
            "share", vrk_say_percent(w, i->reliability), NULL);
    if (i->state == VRK_RATINGS_APART)
        return vrk_say(w,
                       "Interviews do not count yet: those who interview fall into {n} parts that "
                       "share no person. Let two of different parts interview the same five.",
                       "n", vrk_say_int(w, i->parts), NULL);
    if (i->state == VRK_RATINGS_ALIKE)
        return vrk_tr(w->lang, "Interviews do not count: all scores are the same.");
    if (i->persons >= VRK_RATED_LEAST && i->twice >= VRK_RATER_TWICE_LEAST)
        return vrk_tr(w->lang, "Interviews do not count: who is strict cannot be told from these "
                               "scores, which leave hardly anything to chance or to the persons.");
    return vrk_say(
        w,
        "Interviews do not count yet: {persons} persons are interviewed by those who have "
        "interviewed five or more, {twice} of them by two. At least {least} and {both} "
        "are needed, to tell who is strict.",
        "persons", vrk_say_int(w, i->persons), "twice", vrk_say_int(w, i->twice), "least",
        vrk_say_int(w, VRK_RATED_LEAST), "both", vrk_say_int(w, VRK_RATER_TWICE_LEAST), NULL);
}
