#include "base/sys.h"
#include "people/measure.h"
#include "people/put.h"
#include "people/sitting_parts.h"
#include "store/hash.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

static const int64_t break_us = INT64_C(3600000000); /* longer is a break, not thinking */

#define SELECT_ONE                                                                                 \
    "SELECT v.id, person, source_id, kind, purpose, competencies, keys, measures, lang, seed, "    \
    "stop_se, chooses, most, made_at, expires_at, coalesce(withdrawn_at, 0) AS withdrawn_at FROM " \
    "invitation v LEFT "                                                                           \
    "JOIN identity ON key = person WHERE "

bool vrk_sitting_item(const vrk_sitting *s, const char *id, int64_t *part, int64_t *number)
{
    for (int64_t p = 0; p < s->parts; p++) {
        const vrk_instrument *one = s->part[p].bank.instrument;
        for (int64_t j = 0; j < one->items; j++) {
            if (!strcmp(one->item[j].id, id)) {
                *part = p;
                *number = j;
                return true;
            }
        }
    }
    return false;
}

bool vrk_sitting_enter(vrk_sitting *s, const char *item, char option)
{
    int64_t p, j;
    if (option < 'a' || option >= 'a' + VRK_ITEM_OPTIONS || !vrk_sitting_item(s, item, &p, &j) ||
        s->part[p].x[j] >= 0)
        return false;
    vrk_sitting_part *part = &s->part[p];
    part->x[j] = (int8_t)part->bank.instrument->item[j].option[option - 'a'].points;
    part->choice[j] = option;
    part->place[j] = ++s->answered;
    return true;
}

void vrk_sitting_blank(vrk_sitting *s)
{
    s->answered = 0;
    for (int64_t p = 0; p < s->parts; p++) {
        vrk_sitting_part *part = &s->part[p];
        for (int64_t j = 0; j < part->bank.irt.items; j++) {
            part->x[j] = -1;
            part->choice[j] = 0;
            part->took[j] = -1;
            part->place[j] = 0;
        }
    }
}

static int64_t words(char *text, char **word, int64_t most)
{
    int64_t n = 0;
    char *rest = text, *one;
    while ((one = strsep(&rest, ",")) && n < most)
        word[n++] = one;
    return n;
}

/* One to choose by, `version` (0 = start values), and one to score by. */
static vrk_status read_banks(vrk_ctx *ctx, vrk_records *records, const vrk_instrument *one,
                             int64_t version, vrk_sitting_part *part)
{
    vrk_status st = VRK_OK;
    vrk_measure chosen = {0}, newest;
    if (version)
        TRY(vrk_measure_read(ctx, records, one, version, &chosen));
    if (chosen.id != version)
        FAIL(VRK_EDB, "records.db: version %" PRId64 " of %s is not there", version,
             one->competency);
    TRY(vrk_bank_measured(ctx, one, version ? chosen.difficulty : NULL,
                          version ? chosen.slope : NULL, &part->bank));
    TRY(vrk_measure_read(ctx, records, one, 0, &newest));
    part->persons = newest.persons;
    if (newest.id != version)
        TRY(vrk_bank_measured(ctx, one, newest.difficulty, newest.slope, &part->newest));
done:
    return st;
}

static vrk_status read_parts(vrk_ctx *ctx, vrk_records *records, const vrk_instruments *all,
                             char *text[3], vrk_sitting *s)
{
    vrk_status st = VRK_OK;
    char *name[VRK_SITTING_PARTS], *key[VRK_SITTING_PARTS], *version[VRK_SITTING_PARTS], hex[65];
    int64_t n = words(text[0], name, VRK_SITTING_PARTS);
    bool start = !*text[2];
    if (n != words(text[1], key, VRK_SITTING_PARTS) ||
        (!start && n != words(text[2], version, VRK_SITTING_PARTS)))
        FAIL(VRK_EDB, "records.db: invitation %" PRId64 " is damaged", s->id);
    s->part = VRK_NEW(&s->mem, n, vrk_sitting_part);
    for (int64_t i = 0; i < n && s->part; i++) {
        const vrk_instrument *one = vrk_instrument_find(all, name[i]);
        vrk_sitting_part *part = &s->part[i];
        if (one)
            vrk_key_of(&ctx->scratch, one, hex);
        if (!one || strcmp(hex, key[i]) != 0) {
            s->link = VRK_LINK_CHANGED;
            goto done;
        }
        s->parts++; /* what there is of it is freed with the others */
        TRY(read_banks(ctx, records, one, start ? 0 : strtoll(version[i], NULL, 10), part));
        part->x = VRK_NEW(&s->mem, one->items, int8_t);
        part->choice = VRK_NEW(&s->mem, one->items, char);
        part->took = VRK_NEW(&s->mem, one->items, int64_t);
        part->place = VRK_NEW(&s->mem, one->items, int64_t);
    }
    if (s->mem.failed || ctx->scratch.failed)
        FAIL(VRK_EMEMORY, "out of memory for a sitting");
    vrk_sitting_blank(s);
done:
    return st;
}

/* Time from asked to answered; a clock that went back, or a break, tells nothing. */
static void note_time(vrk_sitting *s, const vrk_sitting_event *e)
{
    int64_t p, j;
    if (!vrk_sitting_item(s, e->item, &p, &j))
        return;
    for (int64_t k = 0; k < s->events; k++) {
        const vrk_sitting_event *asked = &s->event[k];
        int64_t took = e->at - asked->at;
        if (!strcmp(asked->kind, "asked") && !strcmp(asked->item, e->item) && took >= 0 &&
            took <= break_us)
            s->part[p].took[j] = took;
    }
}

static vrk_status read_events(vrk_ctx *ctx, vrk_records *records, vrk_sitting *s)
{
    vrk_status st = VRK_OK;
    vrk_frame f = {0};
    const vrk_value id = put_int(s->id);
    TRY(vrk_records_run(ctx, records,
                        "SELECT kind, item, coalesce(choice, '') AS choice, at, trait FROM "
                        "sitting_event WHERE invitation = ?1 ORDER BY n",
                        &id, 1, &f));
    s->event = VRK_NEW(&s->mem, f.rows, vrk_sitting_event);
    for (int64_t i = 0; i < f.rows && s->event; i++) {
        s->event[i] = (vrk_sitting_event){
            .kind = vrk_text_copy(&s->mem, text_at(&f, "kind", i)),
            .item = vrk_text_copy(&s->mem, text_at(&f, "item", i)),
            .trait = vrk_text_copy(&s->mem, text_at(&f, "trait", i)),
            .choice = text_at(&f, "choice", i)[0],
            .at = int_at(&f, "at", i),
        };
    }
    if (s->mem.failed)
        FAIL(VRK_EMEMORY, "out of memory for a sitting");
    s->events = f.rows;
    for (int64_t i = 0; i < s->events; i++) {
        const vrk_sitting_event *e = &s->event[i];
        if (!strcmp(e->kind, "finished"))
            s->finished_at = e->at;
        else if (!strcmp(e->kind, "answered") && s->link != VRK_LINK_CHANGED) {
            if (!vrk_sitting_enter(s, e->item, e->choice))
                FAIL(VRK_EDB, "records.db: answer %" PRId64 " of invitation %" PRId64 " is damaged",
                     i + 1, s->id);
            note_time(s, e);
        }
    }
done:
    vrk_frame_free(&f);
    return st;
}

static vrk_status read_one(vrk_ctx *ctx, vrk_records *records, const vrk_instruments *all,
                           const char *sql, vrk_value by, vrk_sitting *s)
{
    vrk_status st = VRK_OK;
    vrk_mark mark = vrk_mark_of(&ctx->scratch);
    vrk_frame f = {0};

    *s = (vrk_sitting){.link = VRK_LINK_UNKNOWN, .mem.limit = ctx->scratch.limit};
    TRY(vrk_records_run(ctx, records, sql, &by, 1, &f));
    if (!f.rows)
        goto done;
    s->link = VRK_LINK_OPEN;
    s->id = int_at(&f, "id", 0);
    s->person = int_at(&f, "person", 0);
    s->person_id = vrk_text_copy(&s->mem, text_at(&f, "source_id", 0));
    s->purpose = vrk_text_copy(&s->mem, text_at(&f, "purpose", 0));
    s->candidate = !strcmp(text_at(&f, "kind", 0), "candidate");
    s->lang = !strcmp(text_at(&f, "lang", 0), "sv") ? VRK_SV : VRK_EN;
    s->seed = (uint64_t)int_at(&f, "seed", 0);
    s->stop_se = (double)int_at(&f, "stop_se", 0) / 1000;
    s->by_mean = !int_at(&f, "chooses", 0);
    s->most = int_at(&f, "most", 0);
    s->made_at = int_at(&f, "made_at", 0);
    s->expires_at = int_at(&f, "expires_at", 0);
    char *parts[] = {vrk_text_copy(&ctx->scratch, text_at(&f, "competencies", 0)),
                     vrk_text_copy(&ctx->scratch, text_at(&f, "keys", 0)),
                     vrk_text_copy(&ctx->scratch, text_at(&f, "measures", 0))};
    if (ctx->scratch.failed || s->mem.failed)
        FAIL(VRK_EMEMORY, "out of memory for a sitting");
    TRY(read_parts(ctx, records, all, parts, s));
    TRY(read_events(ctx, records, s));
    if (s->link != VRK_LINK_OPEN)
        goto done;
    if (s->finished_at)
        s->link = VRK_LINK_FINISHED;
    else if (int_at(&f, "withdrawn_at", 0))
        s->link = VRK_LINK_WITHDRAWN;
    else if (vrk_now(ctx) >= s->expires_at)
        s->link = VRK_LINK_EXPIRED;
done:
    vrk_frame_free(&f);
    vrk_rewind(&ctx->scratch, mark);
    if (st != VRK_OK)
        vrk_sitting_free(s);
    return st;
}

vrk_status vrk_sitting_open(vrk_ctx *ctx, vrk_records *records, const vrk_instruments *all,
                            const char *token, vrk_sitting *out)
{
    char hash[65];
    if (!token || strlen(token) != VRK_TOKEN_CHARS) {
        *out = (vrk_sitting){.link = VRK_LINK_UNKNOWN};
        return VRK_OK;
    }
    vrk_text_sha256(token, hash);
    return read_one(ctx, records, all, SELECT_ONE "token = ?1", put_text(hash), out);
}

vrk_status vrk_sitting_read(vrk_ctx *ctx, vrk_records *records, const vrk_instruments *all,
                            int64_t id, vrk_sitting *out)
{
    vrk_status st = VRK_OK;
    TRY(read_one(ctx, records, all, SELECT_ONE "v.id = ?1", put_int(id), out));
    if (!out->id)
        FAIL(VRK_EINPUT, "there is no invitation %" PRId64, id);
done:
    return st;
}

void vrk_sitting_free(vrk_sitting *s)
{
    for (int64_t p = 0; p < s->parts; p++) {
        vrk_bank_free(&s->part[p].bank);
        vrk_bank_free(&s->part[p].newest);
    }
    vrk_arena_free(&s->mem);
    *s = (vrk_sitting){0};
}
