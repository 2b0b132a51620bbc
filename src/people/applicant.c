#include "people/applicant.h"

#include "diag/rows.h"
#include "num/special.h"
#include "people/competence.h"
#include "people/put.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

static int by_label(const void *a, const void *b)
{
    const vrk_applicant *x = a, *y = b;
    return strcmp(x->label, y->label);
}

void vrk_applicant_label(int64_t person, uint64_t seed, char label[VRK_LABEL_CHARS + 1])
{
    uint64_t x = seed;
    if (!x) { /* SplitMix64 */
        x = (uint64_t)person + 0x9e3779b97f4a7c15u;
        x = (x ^ x >> 30) * 0xbf58476d1ce4e5b9u;
        x = (x ^ x >> 27) * 0x94d049bb133111ebu;
        x ^= x >> 31;
    }
    snprintf(label, VRK_LABEL_CHARS + 1, "%08x", (unsigned)(x ^ x >> 32));
}

static void hold(const vrk_job *role, const vrk_competence *c, vrk_applicant *out)
{
    const vrk_ability a = {.parts = c->parts, .part = c->part};
    for (int64_t p = 0; p < c->parts; p++) {
        const vrk_ability_part *part = &c->part[p];
        out->answers += part->all.answers;
        for (int k = 0; k < role->n && part->told; k++) {
            if (!strcmp(role->competency[k], part->instrument->competency))
                out->part[k] =
                    (vrk_applicant_part){true, part->all.mean, part->all.lo, part->all.hi};
        }
    }
    out->open = c->open;
    vrk_job_fit(role, &a, &out->fit);
}

vrk_status vrk_applying_facts(vrk_ctx *ctx, const vrk_workspace *w, vrk_facts **facts,
                              int64_t *lease)
{
    vrk_status st = VRK_OK;
    vrk_frame f = {0};
    *facts = NULL;
    *lease = 0;
    TRY(vrk_records_run(ctx, w->records,
                        "SELECT count(*) FROM part WHERE name IN ('candidates', 'assessments') AND "
                        "rows > 0 AND generation = (SELECT generation FROM standing)",
                        NULL, 0, &f));
    if (f.column[0].i[0])
        TRY(vrk_workspace_facts(ctx, w, facts, lease));
done:
    vrk_frame_free(&f);
    return st;
}

const vrk_job *vrk_job_named(const vrk_role_list *roles, const char *name)
{
    for (int64_t i = 0; i < roles->n && name && *name; i++) {
        const vrk_job *r = &roles->role[i];
        if (!strcasecmp(r->role, name) || !strcasecmp(r->name.in[0], name) ||
            !strcasecmp(r->name.in[1], name))
            return r;
    }
    return NULL;
}

/* Among those invited, who come first. */
static vrk_applicant *find_invited(vrk_applicants *list, int64_t person)
{
    for (int64_t i = 0; i < list->n && list->row[i].invited; i++) {
        if (list->row[i].person == person)
            return &list->row[i];
    }
    return NULL;
}

static void finish(const vrk_applying_from *from, const vrk_job *role, vrk_applicant *a)
{
    a->heard = from->interviews ? vrk_interviewed_find(from->interviews, a->person) : NULL;
    if (a->heard)
        vrk_job_hear(role, from->interviews, a->heard, &a->fit);
    a->result = vrk_predict(&a->fit, &vrk_validity_sjt);
}

static vrk_status read_invited(vrk_ctx *ctx, vrk_records *records, const vrk_applying_from *from,
                               const vrk_job *role, const vrk_frame *f, vrk_applicants *out)
{
    vrk_status st = VRK_OK;
    vrk_competence c = {0};
    for (int64_t i = 0; i < f->rows; i++) {
        vrk_applicant *a = &out->row[i];
        *a = (vrk_applicant){.invited = true,
                             .said = "",
                             .applied_on = "",
                             .decision = "",
                             .decided_on = "",
                             .years = nan("")};
        a->person = int_at(f, "key", i);
        a->id = vrk_text_copy(&out->mem, text_at(f, "source_id", i));
        vrk_applicant_label(a->person, (uint64_t)int_at(f, "seed", i), a->label);
        if (!a->id)
            FAIL(VRK_EMEMORY, "out of memory for applicants");
        TRY(vrk_competence_make(ctx, records, from->instruments, a->id, true, 0, &c));
        hold(role, &c, a);
        vrk_competence_free(&c);
        finish(from, role, a);
        out->n++;
    }
done:
    vrk_competence_free(&c);
    return st;
}

/* The source's own id of the person; "" = erased. */
static vrk_status id_of(vrk_ctx *ctx, vrk_records *records, int64_t person, vrk_arena *mem,
                        const char **id)
{
    vrk_status st = VRK_OK;
    vrk_frame f = {0};
    const vrk_value bind = put_int(person);
    *id = "";
    TRY(vrk_records_run(ctx, records, "SELECT source_id FROM identity WHERE key = ?1", &bind, 1,
                        &f));
    if (f.rows)
        *id = vrk_text_copy(mem, text_at(&f, "source_id", 0));
done:
    vrk_frame_free(&f);
    return st;
}

/* One of the data: what is known of one who was invited, else a new one. */
static vrk_status add_applied(vrk_ctx *ctx, vrk_records *records, const vrk_applying_from *from,
                              const vrk_job *role, const vrk_frame *f, int64_t i,
                              vrk_applicants *out)
{
    vrk_status st = VRK_OK;
    const vrk_column *years = vrk_frame_column(f, "experience_years");
    int64_t person = int_at(f, "candidate_key", i);
    vrk_applicant *a = find_invited(out, person);
    const vrk_job *said = vrk_job_named(from->roles, text_at(f, "role", i));
    bool decided = *text_at(f, "decision", i) || *text_at(f, "decided_on", i);
    if (!a && ((said && said != role) || (decided && !from->decided)))
        goto done;
    if (!a) {
        const char *id;
        TRY(id_of(ctx, records, person, &out->mem, &id));
        if (id && !*id)
            goto done;
        a = &out->row[out->n++];
        *a = (vrk_applicant){.person = person, .id = id, .fit = {.at = nan(""), .se = nan("")}};
        vrk_applicant_label(person, 0, a->label);
        finish(from, role, a);
    }
    a->said = vrk_text_copy(&out->mem, text_at(f, "role", i));
    a->applied_on = vrk_text_copy(&out->mem, text_at(f, "applied_on", i));
    a->decision = vrk_text_copy(&out->mem, text_at(f, "decision", i));
    a->decided_on = vrk_text_copy(&out->mem, text_at(f, "decided_on", i));
    a->years = years->null[i] ? nan("") : years->d[i];
    if (out->mem.failed)
        FAIL(VRK_EMEMORY, "out of memory for applicants");
done:
    return st;
}

vrk_alike vrk_alike_of(int64_t n, double r, double assumed)
{
    vrk_alike a = {.n = n, .r = nan(""), .lo = nan(""), .hi = nan(""), .used = assumed};
    if (n < 4 || !isfinite(r) || fabs(r) >= 1)
        return a;
    double half = vrk_normal_quantile(0.975) / sqrt((double)n - 3); /* Fisher's z */
    a.r = r;
    a.lo = tanh(atanh(r) - half);
    a.hi = tanh(atanh(r) + half);
    a.own = n >= VRK_ALIKE_LEAST;
    if (a.own)
        a.used = fmin(fmax(r, 0), 0.9);
    return a;
}

const char *vrk_alike_says(const vrk_words *w, const vrk_alike *a)
{
    if (a->n < 1)
        return "";
    if (a->own)
        return vrk_say(w,
                       "The test and the interviews say the same to {r} ({lo} to {hi}), by {n} "
                       "applicants of your own who have both.",
                       "r", vrk_say_number(w, a->r, 2), "lo", vrk_say_number(w, a->lo, 2), "hi",
                       vrk_say_number(w, a->hi, 2), "n", vrk_say_int(w, a->n), NULL);
    return vrk_say(
        w,
        "How far the test and the interviews say the same is assumed ({r}): {n} have both, "
        "and {least} are needed to tell.",
        "r", vrk_say_number(w, a->used, 2), "n", vrk_say_int(w, a->n), "least",
        vrk_say_int(w, VRK_ALIKE_LEAST), NULL);
}

/* Of those with a test and interviews that carry; each is predicted anew by it. */
static void settle_alike(const vrk_applying_from *from, vrk_applicants *out)
{
    double x = 0, y = 0, xx = 0, yy = 0, xy = 0, n = 0;
    for (int64_t i = 0; i < out->n; i++) {
        const vrk_fit *f = &out->row[i].fit;
        if (!f->heard || !isfinite(f->at))
            continue;
        n++;
        x += f->at;
        y += f->seen;
        xx += f->at * f->at;
        yy += f->seen * f->seen;
        xy += f->at * f->seen;
    }
    double r = (n * xy - x * y) / sqrt((n * xx - x * x) * (n * yy - y * y));
    out->alike = vrk_alike_of((int64_t)n, r, from->alike > 0 ? from->alike : VRK_VIEWS_ALIKE);
    for (int64_t i = 0; i < out->n; i++) {
        vrk_applicant *a = &out->row[i];
        if (!a->fit.heard || !isfinite(a->fit.at))
            continue;
        a->fit.alike = out->alike.used;
        a->result = vrk_predict(&a->fit, &vrk_validity_sjt);
    }
}

/* Keeps from the viewer what others gave, also as a part of the prediction. */
static void keep_back(vrk_applicant *a)
{
    if (!a->heard || !a->heard->waiting)
        return;
    a->waiting = a->heard->raters;
    a->heard = NULL;
    a->fit.heard = false;
    a->fit.heard_covered = a->fit.seen = a->fit.seen_se = 0;
    a->result = vrk_predict(&a->fit, &vrk_validity_sjt);
}

vrk_status vrk_applicants_read(vrk_ctx *ctx, vrk_records *records, const vrk_applying_from *from,
                               const vrk_job *role, vrk_applicants *out)
{
    vrk_status st = VRK_OK;
    vrk_frame f = {0}, applied = {0};
    *out = (vrk_applicants){.mem.limit = ctx->scratch.limit};
    TRY(vrk_records_run(ctx, records,
                        "SELECT i.key, i.source_id, v.seed FROM invitation v JOIN identity i ON "
                        "i.key = v.person WHERE v.id IN (SELECT min(id) FROM invitation WHERE kind "
                        "= 'candidate' GROUP BY person) ORDER BY v.id DESC LIMIT 500",
                        NULL, 0, &f));
    if (from->facts)
        TRY(vrk_rows(ctx, from->facts, VRK_SQL_APPLIED, &applied));
    out->row = VRK_NEW(&out->mem, f.rows + applied.rows + 1, vrk_applicant);
    if (!out->row)
        FAIL(VRK_EMEMORY, "out of memory for applicants");
    TRY(read_invited(ctx, records, from, role, &f, out));
    for (int64_t i = 0; i < applied.rows; i++)
        TRY(add_applied(ctx, records, from, role, &applied, i, out));
    settle_alike(from, out);
    for (int64_t i = 0; i < out->n; i++)
        keep_back(&out->row[i]);
    qsort(out->row, (size_t)out->n, sizeof(*out->row), by_label);
done:
    vrk_frame_free(&applied);
    vrk_frame_free(&f);
    if (st != VRK_OK)
        vrk_applicants_free(out);
    return st;
}

void vrk_applicants_free(vrk_applicants *a)
{
    vrk_arena_free(&a->mem);
    *a = (vrk_applicants){0};
}

const vrk_applicant *vrk_applicant_find(const vrk_applicants *a, const char *label)
{
    for (int64_t i = 0; i < a->n; i++) {
        if (!strcmp(a->row[i].label, label))
            return &a->row[i];
    }
    return NULL;
}
