/* From a number to the deals behind it, and from a deal to what happened in it. */
#include "http/behind.h"
#include "http/policy.h"
#include "http/roster.h"

#include "base/date.h"
#include "deal_sql.h"
#include "diag/origin.h"

#include <jansson.h>
#include <stdio.h>
#include <string.h>

enum { MOST = 1000, USUAL = 200 };
#define DAY_US INT64_C(86400000000)

typedef struct {
    vrk_facts *facts;
    int64_t lease;
    vrk_origin origin;
} reading;

static vrk_status open_facts(vrk_worker *w, reading *f)
{
    vrk_status st = vrk_workspace_facts(&w->ctx, &w->w, &f->facts, &f->lease);
    return st == VRK_OK ? vrk_origin_read(&w->ctx, w->w.records, &f->origin) : st;
}

static vrk_status close_facts(vrk_worker *w, reading *f, vrk_status st)
{
    vrk_facts_close(f->facts);
    vrk_origin_free(&f->origin);
    if (f->lease && vrk_lease_end(&w->ctx, &w->w, f->lease) != VRK_OK && st == VRK_OK)
        return VRK_EDB;
    return st;
}

/* The member's teams between line breaks; "" = all. */
static const char *teams_of(const vrk_request *r, vrk_arena *mem)
{
    const vrk_account *a = &r->member->account;
    vrk_str s = {.mem = mem};
    if (a->role != VRK_BY_MANAGER)
        return "";
    vrk_str_add(&s, "\n\n"); /* with no team: none but those that are */
    for (int64_t i = 0; i < a->teams; i++)
        vrk_str_addf(&s, "%s\n", a->team[i]);
    return vrk_str_of(&s) + 1;
}

static const char *query_or(const vrk_request *r, const char *name)
{
    const char *s = vrk_query(r, name);
    return s ? s : "";
}

/* Whose deals: a seller's own; of others only whom the member may see. -1: nobody's. */
static vrk_status seller_asked(vrk_worker *w, const vrk_request *r, int64_t *key)
{
    vrk_status st = VRK_OK;
    vrk_ctx *ctx = &w->ctx;
    const vrk_account *a = &r->member->account;
    const char *asked = vrk_query(r, "seller");
    *key = 0;
    if (asked && *asked) {
        TRY(vrk_person_key(ctx, w->w.records, asked, key));
        if (!*key || !vrk_sees_person(w->app, r->member, *key))
            FAIL(VRK_EINPUT, VRK_N("there is no such person that you may speak of here"));
    }
    if (a->role == VRK_BY_SELLER)
        *key = a->person_key ? a->person_key : -1;
done:
    return st;
}

static json_t *text_at(const vrk_frame *f, int64_t column, int64_t row)
{
    const vrk_column *c = &f->column[column];
    return c->null[row] || !c->s ? json_null() : json_string(c->s[row]);
}

static json_t *day_at(const vrk_frame *f, int64_t column, int64_t row)
{
    const vrk_column *c = &f->column[column];
    char day[11];
    if (c->null[row])
        return json_null();
    vrk_day_text(c->i[row], day);
    return json_string(day);
}

static json_t *say_deal(vrk_worker *w, const vrk_request *r, reading *facts, const vrk_frame *f,
                        int64_t i)
{
    const vrk_column *amount = &f->column[4], *person = &f->column[7];
    json_t *o = json_object();
    static const char *const names[] = {"deal_id", "name", "stage", "outcome"};
    for (int k = 0; k < 4; k++)
        json_object_set_new(o, names[k], text_at(f, k, i));
    json_object_set_new(o, "amount",
                        amount->null[i] ? json_null() : json_real((double)amount->i[i] / 100));
    json_object_set_new(o, "currency", text_at(f, 5, i));
    json_object_set_new(o, "team_id", text_at(f, 6, i));
    if (!person->null[i] && vrk_sees_person(w->app, r->member, person->i[i])) {
        const char *id = vrk_origin_person(&facts->origin, person->i[i]);
        json_object_set_new(o, "seller_id", id && *id ? json_string(id) : json_null());
    }
    json_object_set_new(o, "created_on", day_at(f, 8, i));
    json_object_set_new(o, "closed_on", day_at(f, 9, i));
    return o;
}

static vrk_status read_deals(vrk_worker *w, const vrk_request *r, const reading *facts,
                             const char *deal, const char *moment, int64_t seller, int64_t limit,
                             vrk_frame *out)
{
    vrk_ctx *ctx = &w->ctx;
    const vrk_value bind[] = {vrk_bind_text(teams_of(r, &ctx->scratch)),
                              vrk_bind_int(seller),
                              vrk_bind_text(query_or(r, "stage")),
                              vrk_bind_text(query_or(r, "outcome")),
                              vrk_bind_text(query_or(r, "team")),
                              vrk_bind_text(deal),
                              vrk_bind_int(limit),
                              vrk_bind_int(*moment != 0)};
    vrk_status st = vrk_behind_put(w, facts->facts, moment);
    return st != VRK_OK
               ? st
               : vrk_facts_query(ctx, facts->facts,
                                 vrk_embed_deal_sql[VRK_DEAL_SQL_DEAL_ROWS].bytes, bind, 8, out);
}

vrk_status vrk_run_deals(vrk_worker *w, vrk_request *r)
{
    vrk_status st = VRK_OK;
    vrk_ctx *ctx = &w->ctx;
    reading facts = {0};
    vrk_frame f = {0};
    json_t *list = json_array();
    int64_t limit, seller;

    TRY(vrk_query_int(ctx, r, "limit", 1, MOST, USUAL, &limit));
    TRY(seller_asked(w, r, &seller));
    TRY(open_facts(w, &facts));
    TRY(read_deals(w, r, &facts, "", query_or(r, "moment"), seller, limit, &f));
    for (int64_t i = 0; i < f.rows; i++) {
        if (json_array_append_new(list, say_deal(w, r, &facts, &f, i)) != 0)
            FAIL(VRK_EMEMORY, "out of memory for an answer");
    }
    TRY(vrk_answer_json(ctx, r, 200, json_incref(list)));
done:
    json_decref(list);
    vrk_frame_free(&f);
    return close_facts(w, &facts, st);
}

static const struct {
    const char *what, *msgid;
} says[] = {
    {"stage", VRK_N("Enters {word}")},
    {"won", VRK_N("Won")},
    {"lost", VRK_N("Lost")},
    {"reopened", VRK_N("Opened again, in {word}")},
    {"back", VRK_N("Goes back to {word}")},
    {"call", VRK_N("Call: {word}")},
    {"email", VRK_N("Mail: {word}")},
    {"meeting", VRK_N("Meeting: {word}")},
    {"demo", VRK_N("Demonstration: {word}")},
    {"quote", VRK_N("Quotation: {word}")},
    {"next_step", VRK_N("A next step is agreed, due {word}")},
    {"step_done", VRK_N("The next step due {word} is done")},
    {"date_moved", VRK_N("The expected close is moved to {word}")},
    {"owner_changed", VRK_N("Another seller takes over")},
};

static json_t *say_event(const vrk_words *words, vrk_arena *mem, const vrk_frame *f, int64_t i)
{
    const vrk_column *c = f->column;
    const char *msgid = VRK_N("Other: {word}"), *word = c[2].s && !c[2].null[i] ? c[2].s[i] : "–";
    for (size_t k = 0; k < sizeof(says) / sizeof(says[0]); k++) {
        if (!strcmp(says[k].what, c[1].s[i]))
            msgid = says[k].msgid;
    }
    /* local wall time, as the facts have it */
    char at[20] = "";
    const char *iso = c[0].null[i] ? NULL : vrk_iso(mem, c[0].i[i]);
    if (iso)
        snprintf(at, sizeof(at), "%.19s", iso);
    return json_pack("{s:s?,s:s,s:s}", "at", iso ? at : NULL, "what", c[1].s[i], "text",
                     vrk_say(words, msgid, "word", word, NULL));
}

vrk_status vrk_run_deal(vrk_worker *w, vrk_request *r)
{
    vrk_status st = VRK_OK;
    vrk_ctx *ctx = &w->ctx;
    reading facts = {0};
    vrk_frame deal = {0}, events = {0};
    json_t *list = json_array();
    const vrk_words words = {r->lang, &ctx->scratch};
    int64_t seller;
    const vrk_value id = vrk_bind_text(r->part[0]);

    TRY(seller_asked(w, r, &seller));
    TRY(open_facts(w, &facts));
    TRY(read_deals(w, r, &facts, r->part[0], "", seller, 1, &deal));
    if (!deal.rows) {
        vrk_refuse(r, 404, "not_found", VRK_N("There is no such thing."));
        goto done;
    }
    TRY(vrk_facts_query(ctx, facts.facts, vrk_embed_deal_sql[VRK_DEAL_SQL_DEAL_EVENTS].bytes, &id,
                        1, &events));
    for (int64_t i = 0; i < events.rows; i++) {
        if (json_array_append_new(list, say_event(&words, &ctx->scratch, &events, i)) != 0)
            FAIL(VRK_EMEMORY, "out of memory for an answer");
    }
    TRY(vrk_answer_json(
        ctx, r, 200,
        json_pack("{s:o,s:O}", "deal", say_deal(w, r, &facts, &deal, 0), "events", list)));
done:
    json_decref(list);
    vrk_frame_free(&deal);
    vrk_frame_free(&events);
    return close_facts(w, &facts, st);
}
