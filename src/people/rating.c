#include "people/rating.h"

#include "base/date.h"
#include "base/sys.h"
#include "people/put.h"
#include "people/sitting_list.h"
#include "people/sitting_parts.h"

#include <inttypes.h>
#include <string.h>

#define DAY INT64_C(86400000000)

static vrk_status check(vrk_ctx *ctx, const vrk_instruments *all, const vrk_rating *r)
{
    static const char *const roles[] = {"manager", "peer", "customer", "self"};
    bool known = false, self = !strcmp(r->role, "self");
    for (int i = 0; i < 4; i++)
        known = known || !strcmp(roles[i], r->role);
    if (!known)
        return vrk_fail(ctx, VRK_EINPUT, "'%s' is none of manager, peer, customer, self", r->role);
    if (!vrk_instrument_find(all, r->competency))
        return vrk_fail(ctx, VRK_EINPUT,
                        "there is no competency '%s'; verkan assess list shows "
                        "them",
                        r->competency);
    if (r->level < 0 || r->level > 5)
        return vrk_fail(ctx, VRK_EINPUT, "a level is 1 to 5, or 0 for not observed, not %" PRId64,
                        r->level);
    if (r->level && (!r->evidence || strlen(r->evidence) < VRK_EVIDENCE_LEAST))
        return vrk_fail(ctx, VRK_EINPUT, "a rating needs what was seen, at least %d characters",
                        VRK_EVIDENCE_LEAST);
    if (self != !strcmp(r->person, r->rater))
        return vrk_fail(ctx, VRK_EINPUT,
                        "who rates themselves does it as self, and nobody else "
                        "does");
    return VRK_OK;
}

vrk_status vrk_rating_put(vrk_ctx *ctx, vrk_records *records, const vrk_instruments *all,
                          const vrk_rating *r, bool add_rater)
{
    vrk_status st = VRK_OK;
    int64_t person, rater;
    TRY(check(ctx, all, r));
    TRY(vrk_person_take(ctx, records, r->person, false, &person));
    TRY(vrk_person_take(ctx, records, r->rater, add_rater, &rater));
    vrk_value level = put_int(r->level);
    level.null = !r->level;
    const vrk_value row[] = {
        put_int(person),         put_int(rater), put_text(r->role),
        put_text(r->competency), level,          put_text(r->evidence ? r->evidence : ""),
        put_int(vrk_now(ctx))};
    TRY(vrk_records_run(ctx, records,
                        "INSERT INTO rating (person, rater, role, competency, level, evidence, "
                        "made_at) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
                        row, 7, NULL));
done:
    return st;
}

vrk_status vrk_rating_add(vrk_ctx *ctx, vrk_records *records, const vrk_instruments *all,
                          const vrk_rating *r)
{
    vrk_status st = VRK_OK;
    bool begun = false;
    TRY(check(ctx, all, r));
    TRY(vrk_records_run(ctx, records, "BEGIN IMMEDIATE", NULL, 0, NULL));
    begun = true;
    TRY(vrk_rating_put(ctx, records, all, r, false));
    TRY(vrk_records_run(ctx, records, "COMMIT", NULL, 0, NULL));
    begun = false;
done:
    if (begun)
        vrk_records_roll_back(ctx, records);
    return st;
}

vrk_status vrk_ratings_csv(vrk_ctx *ctx, vrk_records *records, vrk_str *out, int64_t *rows)
{
    vrk_status st = VRK_OK;
    vrk_frame f = {0};
    char day[11];
    TRY(vrk_records_run(ctx, records,
                        "SELECT p.source_id AS person, q.source_id AS rater, role, competency, "
                        "level, made_at FROM rating r JOIN identity p ON p.key = person JOIN "
                        "identity q ON q.key = rater WHERE r.id IN (SELECT max(id) FROM rating "
                        "GROUP BY person, rater, role, competency) AND level IS NOT NULL ORDER BY "
                        "r.id",
                        NULL, 0, &f));
    for (int64_t i = 0; i < f.rows; i++) {
        vrk_day_text(int_at(&f, "made_at", i) / DAY, day);
        vrk_csv_field(out, text_at(&f, "person", i));
        vrk_str_addf(out, ",%s,overall,%" PRId64 ",5,", text_at(&f, "competency", i),
                     int_at(&f, "level", i));
        vrk_csv_field(out, text_at(&f, "rater", i));
        vrk_str_addf(out, ",%s_rating,%s,\n", text_at(&f, "role", i), day);
        ++*rows;
    }
    if (out->mem->failed)
        FAIL(VRK_EMEMORY, "out of memory for assessments.csv");
done:
    vrk_frame_free(&f);
    return st;
}
