#include "people/interview_give.h"

#include "base/date.h"
#include "base/sys.h"
#include "people/put.h"
#include "people/rating.h"
#include "people/sitting_list.h"
#include "people/sitting_parts.h"

#include <inttypes.h>
#include <string.h>

#define DAY INT64_C(86400000000)

static vrk_status check(vrk_ctx *ctx, const vrk_instruments *all, const vrk_interview *v)
{
    vrk_status st = VRK_OK;
    const vrk_instrument *one = vrk_instrument_find(all, v->competency);
    bool asked = false;
    if (!one)
        FAIL(VRK_EINPUT, VRK_N("there is no such competence"));
    if (!one->questions)
        FAIL(VRK_EINPUT, VRK_N("this competence has no interview guide"));
    if (v->n != one->questions || v->n > VRK_QUESTIONS_MOST)
        FAIL(VRK_EINPUT, VRK_N("give each question of the guide a level, in its order; 0 = not "
                               "asked"));
    for (int64_t q = 0; q < v->n; q++) {
        if (v->level[q] < 0 || v->level[q] > VRK_LEVELS)
            FAIL(VRK_EINPUT, VRK_N("a level is 1 to 5, or 0 for not asked"));
        if (v->level[q] && (!v->note[q] || strlen(v->note[q]) < VRK_EVIDENCE_LEAST))
            FAIL(VRK_EINPUT, VRK_N("say what was answered; a level without it is not kept"));
        asked = asked || v->level[q];
    }
    if (!asked)
        FAIL(VRK_EINPUT, VRK_N("no question was asked; there is nothing to keep"));
    if (!strcmp(v->person, v->rater))
        FAIL(VRK_EINPUT, VRK_N("nobody interviews themselves"));
done:
    return st;
}

static vrk_status has_passed(vrk_ctx *ctx, vrk_records *records, int64_t person, int64_t rater)
{
    vrk_status st = VRK_OK;
    vrk_frame f = {0};
    const vrk_value bind[] = {put_int(person), put_int(rater)};
    TRY(vrk_records_run(ctx, records,
                        "SELECT 1 FROM interview_pass WHERE person = ?1 AND rater = ?2", bind, 2,
                        &f));
    if (f.rows)
        FAIL(VRK_EINPUT, VRK_N("you have seen what the others gave, so you can give no levels of "
                               "your own to this applicant"));
done:
    vrk_frame_free(&f);
    return st;
}

vrk_status vrk_interview_pass(vrk_ctx *ctx, vrk_records *records, const char *person,
                              const char *rater, bool add_rater)
{
    vrk_status st = VRK_OK;
    int64_t who, by;
    TRY(vrk_person_take(ctx, records, person, false, &who));
    TRY(vrk_person_take(ctx, records, rater, add_rater, &by));
    const vrk_value row[] = {put_int(who), put_int(by), put_int(vrk_now(ctx))};
    TRY(vrk_records_run(
        ctx, records,
        "INSERT OR IGNORE INTO interview_pass (person, rater, made_at) VALUES (?1, ?2, ?3)", row, 3,
        NULL));
done:
    return st;
}

vrk_status vrk_interview_put(vrk_ctx *ctx, vrk_records *records, const vrk_instruments *all,
                             const vrk_interview *v, bool add_rater)
{
    vrk_status st = VRK_OK;
    int64_t person, rater, now = vrk_now(ctx);
    TRY(check(ctx, all, v));
    TRY(vrk_person_take(ctx, records, v->person, false, &person));
    TRY(vrk_person_take(ctx, records, v->rater, add_rater, &rater));
    TRY(has_passed(ctx, records, person, rater));
    for (int64_t q = 0; q < v->n; q++) {
        vrk_value level = put_int(v->level[q]);
        level.null = !v->level[q];
        const vrk_value row[] = {
            put_int(person), put_int(rater), put_text(v->competency),
            put_int(q + 1),  level,          put_text(v->note[q] ? v->note[q] : ""),
            put_int(now)};
        TRY(vrk_records_run(ctx, records,
                            "INSERT INTO interview (person, rater, competency, question, level, "
                            "note, made_at) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
                            row, 7, NULL));
    }
done:
    return st;
}

vrk_status vrk_interview_add(vrk_ctx *ctx, vrk_records *records, const vrk_instruments *all,
                             const vrk_interview *v)
{
    vrk_status st = VRK_OK;
    bool begun = false;
    TRY(check(ctx, all, v));
    TRY(vrk_records_run(ctx, records, "BEGIN IMMEDIATE", NULL, 0, NULL));
    begun = true;
    TRY(vrk_interview_put(ctx, records, all, v, false));
    TRY(vrk_records_run(ctx, records, "COMMIT", NULL, 0, NULL));
    begun = false;
done:
    if (begun)
        vrk_records_roll_back(ctx, records);
    return st;
}

vrk_status vrk_interviews_csv(vrk_ctx *ctx, vrk_records *records, vrk_str *out, int64_t *rows)
{
    vrk_status st = VRK_OK;
    vrk_frame f = {0};
    char day[11];
    TRY(vrk_records_run(ctx, records,
                        "SELECT p.source_id AS person, q.source_id AS rater, competency, question, "
                        "level, made_at FROM interview r JOIN identity p ON p.key = person JOIN "
                        "identity q ON q.key = rater WHERE r.id IN (SELECT max(id) FROM interview "
                        "GROUP BY person, rater, competency, question) AND level IS NOT NULL ORDER "
                        "BY r.id",
                        NULL, 0, &f));
    for (int64_t i = 0; i < f.rows; i++) {
        const char *competency = text_at(&f, "competency", i);
        vrk_day_text(int_at(&f, "made_at", i) / DAY, day);
        vrk_csv_field(out, text_at(&f, "person", i));
        vrk_str_addf(out, ",%s,%s-q%" PRId64 ",%" PRId64 ",5,", competency, competency,
                     int_at(&f, "question", i), int_at(&f, "level", i));
        vrk_csv_field(out, text_at(&f, "rater", i));
        vrk_str_addf(out, ",interview,%s,\n", day);
        ++*rows;
    }
    if (out->mem->failed)
        FAIL(VRK_EMEMORY, "out of memory for assessments.csv");
done:
    vrk_frame_free(&f);
    return st;
}
