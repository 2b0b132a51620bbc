#include "people/sitting_list.h"

#include "base/date.h"
#include "base/sys.h"
#include "people/put.h"

#include <string.h>

#define DAY INT64_C(86400000000)

static vrk_link link_of(const vrk_frame *f, int64_t row, int64_t now)
{
    if (int_at(f, "finished_at", row))
        return VRK_LINK_FINISHED;
    if (int_at(f, "withdrawn_at", row))
        return VRK_LINK_WITHDRAWN;
    return now >= int_at(f, "expires_at", row) ? VRK_LINK_EXPIRED : VRK_LINK_OPEN;
}

vrk_status vrk_invitations_list(vrk_ctx *ctx, vrk_records *records, const char *person,
                                vrk_invitations *out)
{
    vrk_status st = VRK_OK;
    vrk_frame f = {0};
    const vrk_value who = put_text(person);

    *out = (vrk_invitations){.mem.limit = ctx->scratch.limit};
    TRY(vrk_records_run(
        ctx, records,
        "SELECT v.id, coalesce(source_id, '') AS source_id, purpose, competencies, v.kind, "
        "made_at, expires_at, coalesce(withdrawn_at, 0) AS withdrawn_at, coalesce(sum(e.kind = "
        "'answered'), 0) AS answered, coalesce(max(CASE e.kind WHEN 'finished' THEN e.at END), 0) "
        "AS finished_at FROM invitation v LEFT JOIN identity ON key = person LEFT JOIN "
        "sitting_event e ON e.invitation = v.id WHERE ?1 IS NULL OR source_id = ?1 GROUP BY v.id "
        "ORDER BY v.id",
        &who, 1, &f));
    out->n = f.rows;
    out->row = VRK_NEW(&out->mem, f.rows, vrk_invitation);
    for (int64_t i = 0; i < f.rows && out->row; i++) {
        out->row[i] = (vrk_invitation){
            .id = int_at(&f, "id", i),
            .answered = int_at(&f, "answered", i),
            .person_id = vrk_text_copy(&out->mem, text_at(&f, "source_id", i)),
            .purpose = vrk_text_copy(&out->mem, text_at(&f, "purpose", i)),
            .competencies = vrk_text_copy(&out->mem, text_at(&f, "competencies", i)),
            .candidate = !strcmp(text_at(&f, "kind", i), "candidate"),
            .link = link_of(&f, i, vrk_now(ctx)),
            .made_at = int_at(&f, "made_at", i),
            .expires_at = int_at(&f, "expires_at", i),
            .finished_at = int_at(&f, "finished_at", i),
        };
    }
    if (out->mem.failed)
        FAIL(VRK_EMEMORY, "out of memory for the list of invitations");
done:
    vrk_frame_free(&f);
    if (st != VRK_OK)
        vrk_invitations_free(out);
    return st;
}

void vrk_invitations_free(vrk_invitations *i)
{
    vrk_arena_free(&i->mem);
    *i = (vrk_invitations){0};
}

void vrk_csv_field(vrk_str *out, const char *text)
{
    if (!strpbrk(text, "\",\r\n")) {
        vrk_str_add(out, text);
        return;
    }
    vrk_str_add(out, "\"");
    for (; *text; text++)
        vrk_str_add_n(out, *text == '"' ? "\"\"" : text, *text == '"' ? 2 : 1);
    vrk_str_add(out, "\"");
}

static void write_sitting(const vrk_sitting *s, vrk_str *out, int64_t *rows)
{
    char day[11];
    for (int64_t i = 0; i < s->events; i++) {
        const vrk_sitting_event *e = &s->event[i];
        if (strcmp(e->kind, "answered") != 0)
            continue;
        for (int64_t p = 0; p < s->parts; p++) {
            const vrk_instrument *one = s->part[p].bank.instrument;
            for (int64_t j = 0; j < one->items; j++) {
                if (strcmp(one->item[j].id, e->item) != 0)
                    continue;
                vrk_day_text(e->at / DAY, day);
                vrk_csv_field(out, s->person_id);
                vrk_str_addf(out, ",%s,%s,%d,%d,,sjt,%s,%g\n", one->competency, e->item,
                             s->part[p].x[j], VRK_ITEM_POINTS, day, one->item[j].difficulty);
                ++*rows;
            }
        }
    }
}

vrk_status vrk_answers_csv(vrk_ctx *ctx, vrk_records *records, const vrk_instruments *all,
                           vrk_str *out, int64_t *rows, int64_t *left_out)
{
    vrk_status st = VRK_OK;
    vrk_invitations list = {0};
    vrk_sitting s = {0};

    *rows = *left_out = 0;
    vrk_str_add(out, "person_id,competency,item_id,score,max_score,rater_id,instrument,assessed_on,"
                     "difficulty\n");
    TRY(vrk_invitations_list(ctx, records, NULL, &list));
    for (int64_t i = 0; i < list.n; i++) {
        TRY(vrk_sitting_read(ctx, records, all, list.row[i].id, &s));
        if (s.link == VRK_LINK_CHANGED)
            ++*left_out;
        else if (s.person_id && *s.person_id)
            write_sitting(&s, out, rows);
        vrk_sitting_free(&s);
    }
    if (out->mem->failed)
        FAIL(VRK_EMEMORY, "out of memory for assessments.csv");
done:
    vrk_sitting_free(&s);
    vrk_invitations_free(&list);
    return st;
}
