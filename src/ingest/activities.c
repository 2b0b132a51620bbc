/* A table of activities. What is not done is planned; of what is done only a meeting is known to
 * have been held. */
#include "ingest/plain_part.h"

#include <string.h>

/* What a column of kinds and one of states say, in SQL; NULL = there is none. */
typedef struct {
    const char *kind; /* the text itself */
    const char *is;   /* call, email ... */
    const char *done; /* the text */
    const char *was;  /* true: it was done */
} says;

static vrk_status says_of(vrk_ctx *ctx, vrk_making *m, const vrk_table_file *f, says *out)
{
    vrk_status st = VRK_OK;
    vrk_arena *mem = &m->plan->mem;
    const vrk_profile *p = &f->profile;
    int64_t kind = vrk_guess_column_of(&f->guess, p, "kind"),
            done = vrk_guess_column_of(&f->guess, p, "done");
    *out = (says){.kind = vrk_plain_text(m, f, "kind"), .done = vrk_plain_text(m, f, "done")};
    if (out->kind)
        TRY(vrk_making_few(ctx, m, p, kind, vrk_making_kind(m, out->kind), false, &out->is));
    if (out->done)
        TRY(vrk_making_few(
            ctx, m, p, done,
            vrk_text_f(mem,
                       "lower(%s) IN ('true', '1', 'yes', 'ja', 'done', 'klar', 'utförd', "
                       "'completed', 'held', 'avslutad', 'slutförd', 'sant')",
                       out->done),
            true, &out->was));
done:
    return st;
}

/* The outcome: its own column, else what `done` says. */
static const char *outcome_of(vrk_making *m, const vrk_table_file *f, const says *s)
{
    vrk_arena *mem = &m->plan->mem;
    const char *own = vrk_plain_text(m, f, "outcome");
    const char *by_done =
        s->done ? vrk_text_f(mem,
                             "CASE WHEN %s THEN CASE WHEN %s IN ('meeting', 'demo') THEN 'held' "
                             "ELSE 'done' END WHEN %s IS NOT NULL THEN 'planned' END",
                             s->was, s->is ? s->is : "'other'", s->done)
                : NULL;
    if (!own)
        return by_done ? by_done
                       : vrk_text_f(mem,
                                    "CASE WHEN regexp_matches(lower(%s), 'ej anträffad|no answer|"
                                    "tried') THEN 'no answer' END",
                                    s->kind ? s->kind : "NULL");
    if (!s->done)
        return own;
    return vrk_text_f(mem, "CASE WHEN %s THEN coalesce(%s, %s) ELSE %s END", s->was, own, by_done,
                      by_done);
}

/* A day and a time of day in two columns are one moment; what was done late happened then. */
static const char *started_at(vrk_making *m, const vrk_table_file *f)
{
    vrk_arena *mem = &m->plan->mem;
    const char *day = vrk_plain_date(m, f, "started_at"), *done = vrk_plain_date(m, f, "done_at");
    int64_t clock = vrk_guess_column_of(&f->guess, &f->profile, "start_time");
    if (!day)
        return done ? done : "NULL";
    if (clock >= 0)
        day = vrk_text_f(
            mem, "CASE WHEN length(%s) = 10 THEN concat_ws('T', %s, vrk_clock(%s)) ELSE %s END",
            day, day, vrk_profile_text(&f->profile, clock, mem), day);
    return done ? vrk_text_f(mem, "coalesce(CASE WHEN length(%s) > 10 THEN %s END, %s, %s)", day,
                             day, done, day)
                : day;
}

static const char *minutes_of(vrk_making *m, const vrk_table_file *f)
{
    vrk_arena *mem = &m->plan->mem;
    int64_t own = vrk_guess_column_of(&f->guess, &f->profile, "duration_min"),
            seconds = vrk_guess_column_of(&f->guess, &f->profile, "seconds");
    if (own >= 0)
        return vrk_profile_minutes(&f->profile, own, mem);
    if (seconds >= 0)
        return vrk_text_f(mem, "CAST(try_cast(%s AS double) / 60 AS varchar)",
                          vrk_profile_number(&f->profile, seconds, mem));
    return NULL;
}

/* Who or what it was about: an id of Salesforce says itself what it is of. */
static void put_about(vrk_making *m, const vrk_table_file *f, vrk_str *sql)
{
    vrk_arena *mem = &m->plan->mem;
    const char *about = vrk_plain_key(m, f, "about"), *deal = vrk_plain_key(m, f, "deal_id"),
               *account = vrk_plain_key(m, f, "account_id");
    if (about && !deal)
        deal = vrk_text_f(mem, "CASE WHEN starts_with(%s, '006') THEN %s END", about, about);
    if (about && !account)
        account = vrk_text_f(mem, "CASE WHEN starts_with(%s, '001') THEN %s END", about, about);
    if (deal)
        vrk_plain_put(sql, deal, "deal_id");
    if (account)
        vrk_plain_put(sql, account, "account_id");
}

/* Without an id the row itself is one. */
static const char *id_of(vrk_making *m, const vrk_table_file *f)
{
    vrk_str all = {.mem = &m->plan->mem};
    const char *own = vrk_plain_key(m, f, "activity_id");
    if (own)
        return own;
    vrk_str_add(&all, "left(md5(concat_ws('|'");
    for (int64_t k = 0; k < f->profile.csv.columns; k++)
        vrk_str_addf(&all, ", %s", vrk_profile_text(&f->profile, k, all.mem));
    vrk_str_add(&all, ")), 16)");
    return vrk_str_of(&all);
}

static vrk_status direction_of(vrk_ctx *ctx, vrk_making *m, const vrk_table_file *f,
                               const char **sql)
{
    vrk_status st = VRK_OK;
    const char *text = vrk_plain_text(m, f, "direction");
    *sql = NULL;
    if (text)
        TRY(vrk_making_few(
            ctx, m, &f->profile, vrk_guess_column_of(&f->guess, &f->profile, "direction"),
            vrk_text_f(&m->plan->mem,
                       "CASE WHEN regexp_matches(lower(%s), '^in') THEN 'inbound' WHEN "
                       "regexp_matches(lower(%s), '^(out|ut)') THEN 'outbound' END",
                       text, text),
            false, sql));
done:
    return st;
}

vrk_status vrk_plain_activities(vrk_ctx *ctx, vrk_making *m, const vrk_table_file *f, vrk_str *sql)
{
    vrk_status st = VRK_OK;
    const char *minutes = minutes_of(m, f), *direction;
    static const char *const plain[] = {"contact_id", "updated_at", NULL};
    int64_t seller = vrk_guess_column_of(&f->guess, &f->profile, "seller_id");
    says s;

    TRY(says_of(ctx, m, f, &s));
    TRY(direction_of(ctx, m, f, &direction));
    vrk_plain_put(sql, id_of(m, f), "activity_id");
    if (seller >= 0)
        vrk_plain_put(sql, vrk_plain_value(m, f, seller, "seller_id"), "seller_id");
    put_about(m, f, sql);
    if (s.kind) {
        vrk_plain_put(sql, s.is, "kind");
        vrk_plain_put(sql, s.kind, "kind_source");
    }
    vrk_plain_put(sql, started_at(m, f), "started_at");
    vrk_plain_put(sql, outcome_of(m, f, &s), "outcome");
    if (minutes)
        vrk_plain_put(sql, minutes, "duration_min");
    if (direction)
        vrk_plain_put(sql, direction, "direction");
    for (int i = 0; plain[i]; i++) {
        int64_t k = vrk_guess_column_of(&f->guess, &f->profile, plain[i]);
        if (k >= 0)
            vrk_plain_put(sql, vrk_plain_value(m, f, k, plain[i]), plain[i]);
    }
done:
    return st;
}
