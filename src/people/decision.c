#include "people/decision.h"

#include "base/sys.h"
#include "people/put.h"
#include "people/sitting_parts.h"

#include <string.h>

static bool is_decision(const char *word)
{
    static const char *const all[] = {"advance", "hold", "reject", "offer", "hire", "withdrawn"};
    for (size_t i = 0; i < sizeof(all) / sizeof(all[0]); i++) {
        if (!strcmp(all[i], word))
            return true;
    }
    return false;
}

vrk_status vrk_hiring_put(vrk_ctx *ctx, vrk_records *records, vrk_hiring *d)
{
    vrk_status st = VRK_OK;
    int64_t key;
    if (!is_decision(d->decision))
        FAIL(VRK_EINPUT, "'%s' is none of advance, hold, reject, offer, hire, withdrawn",
             d->decision);
    if (!d->reason || strlen(d->reason) < VRK_REASON_LEAST)
        FAIL(VRK_EINPUT, "a decision needs its reason, at least %d characters", VRK_REASON_LEAST);
    if (!vrk_id_is_plain(d->by) || !vrk_id_is_plain(d->role))
        FAIL(VRK_EINPUT, "a decision needs who makes it and for which role");
    d->made_at = vrk_now(ctx);
    TRY(vrk_person_take(ctx, records, d->person_id, false, &key));
    const vrk_value row[] = {put_int(key),        put_text(d->role), put_text(d->decision),
                             put_text(d->reason), put_text(d->by),   put_int(d->made_at)};
    TRY(vrk_records_run(ctx, records,
                        "INSERT INTO recruitment_decision (person, role, decision, reason, by, "
                        "made_at) VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
                        row, 6, NULL));
    d->id = vrk_records_last_id(records);
done:
    return st;
}

vrk_status vrk_hiring_add(vrk_ctx *ctx, vrk_records *records, vrk_hiring *d)
{
    vrk_status st = VRK_OK;
    bool begun = false;
    TRY(vrk_records_run(ctx, records, "BEGIN IMMEDIATE", NULL, 0, NULL));
    begun = true;
    TRY(vrk_hiring_put(ctx, records, d));
    TRY(vrk_records_run(ctx, records, "COMMIT", NULL, 0, NULL));
    begun = false;
done:
    if (begun)
        vrk_records_roll_back(ctx, records);
    return st;
}

vrk_status vrk_hirings_list(vrk_ctx *ctx, vrk_records *records, vrk_hirings *out)
{
    vrk_status st = VRK_OK;
    vrk_frame f = {0};
    *out = (vrk_hirings){.mem.limit = ctx->scratch.limit};
    TRY(vrk_records_run(ctx, records,
                        "SELECT d.id, coalesce(source_id, '') AS person, role, decision, reason, "
                        "by, made_at FROM recruitment_decision d LEFT JOIN identity ON key = "
                        "person ORDER BY d.id",
                        NULL, 0, &f));
    out->n = f.rows;
    out->row = VRK_NEW(&out->mem, f.rows, vrk_hiring);
    for (int64_t i = 0; i < f.rows && out->row; i++) {
        out->row[i] = (vrk_hiring){
            .id = int_at(&f, "id", i),
            .made_at = int_at(&f, "made_at", i),
            .person_id = vrk_text_copy(&out->mem, text_at(&f, "person", i)),
            .role = vrk_text_copy(&out->mem, text_at(&f, "role", i)),
            .decision = vrk_text_copy(&out->mem, text_at(&f, "decision", i)),
            .reason = vrk_text_copy(&out->mem, text_at(&f, "reason", i)),
            .by = vrk_text_copy(&out->mem, text_at(&f, "by", i)),
        };
    }
    if (out->mem.failed)
        FAIL(VRK_EMEMORY, "out of memory for the decisions");
done:
    vrk_frame_free(&f);
    if (st != VRK_OK)
        vrk_hirings_free(out);
    return st;
}

void vrk_hirings_free(vrk_hirings *d)
{
    vrk_arena_free(&d->mem);
    *d = (vrk_hirings){0};
}
