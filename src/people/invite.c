#include "base/sys.h"
#include "people/measure.h"
#include "people/put.h"
#include "people/sitting.h"
#include "people/sitting_parts.h"
#include "store/accounts.h"
#include "store/hash.h"

#include <inttypes.h>
#include <math.h>
#include <string.h>

#define DAY INT64_C(86400000000)

static const double usual_se = 0.55;
enum { USUAL_MOST = 12, USUAL_DAYS = 14, DAYS_MOST = 366, TOKEN_BYTES = VRK_TOKEN_CHARS / 2 };

bool vrk_id_is_plain(const char *id)
{
    size_t n = id ? strlen(id) : 0;
    if (n < 1 || n > VRK_ID_MOST)
        return false;
    for (size_t i = 0; i < n; i++) {
        if ((unsigned char)id[i] < 0x20 || id[i] == 0x7f)
            return false;
    }
    return true;
}

static vrk_status check(vrk_ctx *ctx, const vrk_instruments *all, const vrk_invite *v)
{
    if (!vrk_id_is_plain(v->person))
        return vrk_fail(ctx, VRK_EINPUT,
                        "the person's id must be 1 to %d characters without control characters",
                        VRK_ID_MOST);
    if (v->competencies < 1 || v->competencies > VRK_SITTING_PARTS)
        return vrk_fail(ctx, VRK_EINPUT, "1 to %d competencies are needed, not %" PRId64,
                        VRK_SITTING_PARTS, v->competencies);
    for (int64_t i = 0; i < v->competencies; i++) {
        const vrk_instrument *one = vrk_instrument_find(all, v->competency[i]);
        if (one && one->retired)
            return vrk_fail(ctx, VRK_EINPUT, "'%s' is retired and no longer sent", one->competency);
        if (!one)
            return vrk_fail(ctx, VRK_EINPUT,
                            "there is no competency '%s'; verkan assess list shows them",
                            v->competency[i]);
        for (int64_t k = 0; k < i; k++) {
            if (!strcmp(v->competency[k], v->competency[i]))
                return vrk_fail(ctx, VRK_EINPUT, "%s is named twice", v->competency[i]);
        }
    }
    if (v->stop_se != 0 && !(v->stop_se >= 0.1 && v->stop_se <= 1))
        return vrk_fail(ctx, VRK_EINPUT, "a standard error from 0.1 to 1 is needed, not %g",
                        v->stop_se);
    if (v->most < 0 || v->most > 100 || v->days < 0 || v->days > DAYS_MOST)
        return vrk_fail(ctx, VRK_EINPUT,
                        "at the most 100 situations a competency and %d days are possible",
                        DAYS_MOST);
    return VRK_OK;
}

vrk_status vrk_person_take(vrk_ctx *ctx, vrk_records *records, const char *id, bool add,
                           int64_t *key)
{
    vrk_status st = VRK_OK;
    const vrk_value bind = put_text(id);
    TRY(vrk_person_key(ctx, records, id, key));
    if (*key)
        goto done;
    if (!add)
        FAIL(VRK_EINPUT,
             "there is no person '%s' in the data; ids are those of the sellers and candidates "
             "that were imported",
             id);
    TRY(vrk_records_run(ctx, records,
                        "INSERT INTO identity (key, space, source_id) SELECT coalesce(max(key), 0) "
                        "+ 1, 'person', ?1 FROM identity",
                        &bind, 1, NULL));
    TRY(vrk_person_key(ctx, records, id, key));
done:
    return st;
}

void vrk_key_of(vrk_arena *mem, const vrk_instrument *one, char *hex)
{
    vrk_str s = {.mem = mem};
    for (int64_t j = 0; j < one->items; j++) {
        const vrk_item *item = &one->item[j];
        vrk_str_addf(&s, "%s %a %d%d%d", item->id, item->difficulty, item->complex, item->committee,
                     item->slow);
        for (int o = 0; o < VRK_ITEM_OPTIONS; o++)
            vrk_str_addf(&s, " %" PRId64, item->option[o].points);
        vrk_str_add(&s, "\n");
    }
    vrk_text_sha256(vrk_str_of(&s), hex);
}

/* Competencies, the hashes of their keys and what measured them last, with commas. */
static vrk_status name_parts(vrk_ctx *ctx, vrk_records *records, const vrk_instruments *all,
                             const vrk_invite *v, vrk_str *names, vrk_str *keys, vrk_str *measures)
{
    vrk_status st = VRK_OK;
    for (int64_t i = 0; i < v->competencies; i++) {
        char hex[65];
        const vrk_instrument *one = vrk_instrument_find(all, v->competency[i]);
        vrk_measure newest;
        TRY(vrk_measure_read(ctx, records, one, 0, &newest));
        vrk_key_of(&ctx->scratch, one, hex);
        vrk_str_addf(measures, "%s%" PRId64, i ? "," : "", newest.id);
        vrk_str_addf(names, "%s%s", i ? "," : "", v->competency[i]);
        vrk_str_addf(keys, "%s%s", i ? "," : "", hex);
    }
done:
    return st;
}

static vrk_status draw(vrk_ctx *ctx, char *token, char *hash, int64_t *seed)
{
    vrk_status st = VRK_OK;
    unsigned char bytes[TOKEN_BYTES];
    uint64_t random;
    TRY(vrk_random(ctx, bytes, sizeof(bytes)));
    TRY(vrk_random(ctx, &random, sizeof(random)));
    for (int i = 0; i < TOKEN_BYTES; i++) {
        token[2 * i] = "0123456789abcdef"[bytes[i] >> 4];
        token[2 * i + 1] = "0123456789abcdef"[bytes[i] & 15];
    }
    token[VRK_TOKEN_CHARS] = 0;
    vrk_text_sha256(token, hash);
    *seed = (int64_t)(random >> 1);
done:
    return st;
}

vrk_status vrk_invite_add(vrk_ctx *ctx, vrk_records *records, const vrk_instruments *all,
                          const vrk_invite *v, char *token, int64_t *id)
{
    vrk_status st = VRK_OK;
    vrk_mark mark = vrk_mark_of(&ctx->scratch);
    vrk_str names = {.mem = &ctx->scratch}, keys = {.mem = &ctx->scratch};
    vrk_str measures = {.mem = &ctx->scratch};
    int64_t key, seed, now = vrk_now(ctx);
    char hash[65];

    TRY(check(ctx, all, v));
    TRY(name_parts(ctx, records, all, v, &names, &keys, &measures));
    TRY(draw(ctx, token, hash, &seed));
    if (ctx->scratch.failed)
        FAIL(VRK_EMEMORY, "out of memory for an invitation");
    TRY(vrk_person_take(ctx, records, v->person, v->candidate, &key));
    const char *purpose = v->purpose && *v->purpose ? v->purpose
                          : v->candidate            ? "recruitment"
                                                    : "development";
    double se = v->stop_se > 0 ? v->stop_se : usual_se;
    const vrk_value row[] = {put_text(hash),
                             put_int(key),
                             put_text(v->candidate ? "candidate" : "seller"),
                             put_text(purpose),
                             put_text(vrk_str_of(&names)),
                             put_text(vrk_str_of(&keys)),
                             put_text(v->lang == VRK_SV ? "sv" : "en"),
                             put_int(seed),
                             put_int(llround(se * 1000)),
                             put_int(v->most ? v->most : USUAL_MOST),
                             put_int(now),
                             put_int(now + (v->days ? v->days : USUAL_DAYS) * DAY),
                             put_text(vrk_str_of(&measures))};
    TRY(vrk_records_run(
        ctx, records,
        "INSERT INTO invitation (token, person, kind, purpose, competencies, keys, "
        "lang, seed, stop_se, most, made_at, expires_at, measures, chooses) VALUES (?1, ?2, ?3, "
        "?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, 1)",
        row, 13, NULL));
    if (id)
        *id = vrk_records_last_id(records);
done:
    vrk_rewind(&ctx->scratch, mark);
    return st;
}

vrk_status vrk_invite_make(vrk_ctx *ctx, vrk_records *records, const vrk_instruments *all,
                           const vrk_invite *v, char *token, int64_t *id)
{
    vrk_status st = VRK_OK;
    bool begun = false;
    TRY(vrk_records_run(ctx, records, "BEGIN IMMEDIATE", NULL, 0, NULL));
    begun = true;
    TRY(vrk_invite_add(ctx, records, all, v, token, id));
    TRY(vrk_records_run(ctx, records, "COMMIT", NULL, 0, NULL));
    begun = false;
done:
    if (begun)
        vrk_records_roll_back(ctx, records);
    return st;
}

vrk_status vrk_invite_withdraw(vrk_ctx *ctx, vrk_records *records, int64_t id)
{
    vrk_status st = VRK_OK;
    vrk_frame f = {0};
    const vrk_value bind[] = {put_int(id), put_int(vrk_now(ctx))};
    TRY(vrk_records_run(ctx, records,
                        "UPDATE invitation SET withdrawn_at = coalesce(withdrawn_at, ?2) WHERE id "
                        "= ?1 RETURNING id",
                        bind, 2, &f));
    if (!f.rows)
        FAIL(VRK_EINPUT, "there is no invitation %" PRId64, id);
done:
    vrk_frame_free(&f);
    return st;
}
