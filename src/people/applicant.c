#include "people/applicant.h"

#include "people/competence.h"
#include "people/put.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

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
        for (int k = 0; k < VRK_ROLE_ASKS && part->told; k++) {
            if (!strcmp(role->competency[k], part->instrument->competency))
                out->part[k] =
                    (vrk_applicant_part){true, part->all.mean, part->all.lo, part->all.hi};
        }
    }
    out->open = c->open;
    vrk_job_fit(role, &a, &out->fit);
    out->result = vrk_predict(&out->fit, &vrk_validity_sjt);
}

vrk_status vrk_applicants_read(vrk_ctx *ctx, vrk_records *records, const vrk_instruments *all,
                               const vrk_job *role, vrk_applicants *out)
{
    vrk_status st = VRK_OK;
    vrk_frame f = {0};
    vrk_competence c = {0};
    *out = (vrk_applicants){.mem.limit = ctx->scratch.limit};
    TRY(vrk_records_run(ctx, records,
                        "SELECT i.key, i.source_id, v.seed FROM invitation v JOIN identity i ON "
                        "i.key = v.person WHERE v.id IN (SELECT min(id) FROM invitation WHERE kind "
                        "= 'candidate' GROUP BY person) ORDER BY v.id DESC LIMIT 500",
                        NULL, 0, &f));
    out->row = VRK_NEW(&out->mem, f.rows + 1, vrk_applicant);
    if (!out->row)
        FAIL(VRK_EMEMORY, "out of memory for applicants");
    for (int64_t i = 0; i < f.rows; i++) {
        vrk_applicant *a = &out->row[i];
        a->person = int_at(&f, "key", i);
        a->id = vrk_text_copy(&out->mem, text_at(&f, "source_id", i));
        vrk_applicant_label(a->person, (uint64_t)int_at(&f, "seed", i), a->label);
        if (!a->id)
            FAIL(VRK_EMEMORY, "out of memory for applicants");
        TRY(vrk_competence_make(ctx, records, all, a->id, true, 0, &c));
        hold(role, &c, a);
        vrk_competence_free(&c);
        out->n++;
    }
    qsort(out->row, (size_t)out->n, sizeof(*out->row), by_label);
done:
    vrk_competence_free(&c);
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
