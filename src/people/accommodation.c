#include "people/accommodation.h"

#include "base/date.h"
#include "base/sys.h"
#include "people/put.h"
#include "people/sitting_list.h"

#include <string.h>

#define DAY INT64_C(86400000000)

const char *const vrk_accommodation_kind[VRK_ACCOMMODATIONS] = {"time",   "breaks", "reader", "aid",
                                                                "format", "place",  "other"};

static const char *const says[VRK_ACCOMMODATIONS] = {
    VRK_N("More time"),
    VRK_N("Breaks, or in several goes"),
    VRK_N("Somebody who reads aloud or writes"),
    VRK_N("An aid of one's own, such as a screen reader"),
    VRK_N("Another format, such as on paper or in large print"),
    VRK_N("Another place"),
    VRK_N("Something else"),
};

const char *vrk_accommodation_says(vrk_lang lang, const char *kind)
{
    for (int k = 0; k < VRK_ACCOMMODATIONS; k++) {
        if (kind && !strcmp(kind, vrk_accommodation_kind[k]))
            return vrk_tr(lang, says[k]);
    }
    return NULL;
}

vrk_status vrk_accommodation_put(vrk_ctx *ctx, vrk_records *records, int64_t person,
                                 const vrk_accommodation *a, int64_t *id)
{
    vrk_status st = VRK_OK;
    vrk_frame f = {0};
    vrk_value invitation = put_int(a->invitation);
    const char *note = a->note ? a->note : "";
    const vrk_value of[] = {invitation, put_int(person)};

    if (!vrk_accommodation_says(VRK_EN, a->kind))
        FAIL(VRK_EINPUT, VRK_N("what was given is one of time, breaks, reader, aid, format, place "
                               "and other"));
    if (!strcmp(a->kind, "other") && !*note)
        FAIL(VRK_EINPUT, VRK_N("say what it was"));
    if (a->invitation) {
        TRY(vrk_records_run(ctx, records, "SELECT id FROM invitation WHERE id = ?1 AND person = ?2",
                            of, 2, &f));
        if (!f.rows)
            FAIL(VRK_EINPUT, VRK_N("there is no such invitation of this person"));
    }
    invitation.null = !a->invitation;
    const vrk_value row[] = {put_int(person),       invitation,
                             put_text(a->kind),     put_text(note),
                             put_text(a->recorder), put_int(vrk_now(ctx))};
    TRY(vrk_records_run(ctx, records,
                        "INSERT INTO accommodation (person, invitation, kind, note, recorder, "
                        "made_at) VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
                        row, 6, NULL));
    if (id)
        *id = vrk_records_last_id(records);
done:
    vrk_frame_free(&f);
    return st;
}

vrk_status vrk_accommodations_read(vrk_ctx *ctx, vrk_records *records, int64_t person,
                                   vrk_accommodation_list *out)
{
    vrk_status st = VRK_OK;
    vrk_frame f = {0};
    const vrk_value bind = put_int(person);
    *out = (vrk_accommodation_list){.mem.limit = ctx->scratch.limit};
    TRY(vrk_records_run(ctx, records,
                        "SELECT id, coalesce(invitation, 0) AS invitation, kind, note, recorder, "
                        "made_at FROM accommodation WHERE person = ?1 ORDER BY id DESC LIMIT 500",
                        &bind, 1, &f));
    out->row = VRK_NEW(&out->mem, f.rows + 1, vrk_accommodation);
    for (int64_t i = 0; i < f.rows && out->row; i++)
        out->row[out->n++] =
            (vrk_accommodation){.id = int_at(&f, "id", i),
                                .invitation = int_at(&f, "invitation", i),
                                .made_at = int_at(&f, "made_at", i),
                                .kind = vrk_text_copy(&out->mem, text_at(&f, "kind", i)),
                                .note = vrk_text_copy(&out->mem, text_at(&f, "note", i)),
                                .recorder = vrk_text_copy(&out->mem, text_at(&f, "recorder", i))};
    if (out->mem.failed)
        FAIL(VRK_EMEMORY, "out of memory for what a person had");
done:
    vrk_frame_free(&f);
    if (st != VRK_OK)
        vrk_accommodations_free(out);
    return st;
}

void vrk_accommodations_free(vrk_accommodation_list *a)
{
    vrk_arena_free(&a->mem);
    *a = (vrk_accommodation_list){0};
}

vrk_status vrk_accommodations_csv(vrk_ctx *ctx, const vrk_accommodation_list *a, vrk_str *out)
{
    char day[11];
    vrk_str_add(out, "kind,note,invitation,recorded_on\n");
    for (int64_t i = a->n - 1; i >= 0; i--) {
        const vrk_accommodation *x = &a->row[i];
        vrk_day_text(x->made_at / DAY, day);
        vrk_str_addf(out, "%s,", x->kind);
        vrk_csv_field(out, x->note);
        if (x->invitation)
            vrk_str_addf(out, ",%lld,%s\n", (long long)x->invitation, day);
        else
            vrk_str_addf(out, ",,%s\n", day);
    }
    return out->mem->failed ? vrk_fail(ctx, VRK_EMEMORY, "out of memory for the table") : VRK_OK;
}
