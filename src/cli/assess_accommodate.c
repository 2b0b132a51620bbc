/* verkan assess accommodate, accommodations - what somebody had when taking a test. */
#include "cli/assess.h"

#include "people/accommodation.h"
#include "store/accounts.h"
#include "store/records.h"

#include "base/date.h"

#include <stdio.h>
#include <string.h>

#define DAY INT64_C(86400000000)

static vrk_status person_of(vrk_ctx *ctx, vrk_assess *a, int64_t *key)
{
    vrk_status st = VRK_OK;
    const char *id = vrk_arg(a->args, "--person", NULL);
    a->usage = !id;
    if (!id)
        FAIL(VRK_EINPUT, "assess %s: --person is needed", a->args->operand[0]);
    TRY(vrk_person_key(ctx, a->w.records, id, key));
    if (!*key)
        FAIL(VRK_EINPUT, "there is no person '%s' in the data", id);
done:
    return st;
}

/* KIND --person ID [--evidence TEXT] [--rater NAME]. */
vrk_status vrk_assess_accommodate(vrk_ctx *ctx, vrk_assess *a)
{
    vrk_status st = VRK_OK;
    vrk_accommodation one = {.note = vrk_arg(a->args, "--evidence", NULL),
                             .recorder = vrk_arg(a->args, "--rater", "terminal")};
    int64_t person;
    bool begun = false;
    TRY(vrk_assess_operand(ctx, a, 1, "time, breaks, reader, aid, format, place or other",
                           &one.kind));
    TRY(person_of(ctx, a, &person));
    TRY(vrk_records_run(ctx, a->w.records, "BEGIN IMMEDIATE", NULL, 0, NULL));
    begun = true;
    TRY(vrk_accommodation_put(ctx, a->w.records, person, &one, NULL));
    TRY(vrk_records_run(ctx, a->w.records, "COMMIT", NULL, 0, NULL));
    begun = false;
    printf("%s\n", vrk_tr(a->l->words.lang, "It is kept. It changes no result, and is not shown to "
                                            "who decides."));
done:
    if (begun)
        vrk_records_roll_back(ctx, a->w.records);
    return st;
}

/* The person's, to read, or with -o as a table to hand over. */
vrk_status vrk_assess_accommodations(vrk_ctx *ctx, vrk_assess *a)
{
    vrk_status st = VRK_OK;
    vrk_accommodation_list list = {0};
    vrk_str out = {.mem = &ctx->scratch};
    int64_t person;
    char day[11];
    TRY(person_of(ctx, a, &person));
    TRY(vrk_accommodations_read(ctx, a->w.records, person, &list));
    if (vrk_arg(a->args, "-o", NULL)) {
        TRY(vrk_accommodations_csv(ctx, &list, &out));
        TRY(vrk_assess_write(ctx, a, vrk_str_of(&out)));
        goto done;
    }
    if (!list.n)
        vrk_lay_text(a->l, 0, NULL, vrk_tr(a->l->words.lang, "Nothing is recorded."));
    for (int64_t i = 0; i < list.n; i++) {
        const vrk_accommodation *x = &list.row[i];
        vrk_day_text(x->made_at / DAY, day);
        vrk_lay_text(a->l, 12, day, vrk_accommodation_says(a->l->words.lang, x->kind));
        if (*x->note)
            vrk_lay_text(a->l, 12, NULL, x->note);
    }
    fputs(vrk_str_of(a->l->out), stdout);
done:
    vrk_accommodations_free(&list);
    return st;
}
