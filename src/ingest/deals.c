/* A table of deals: what says won or lost, and what a date of closing means, differs most between
 * systems. Flags are surer than a column of outcomes, that is surer than the names of stages. */
#include "ingest/plain_part.h"
#include "ingest/unknown.h"

#include <inttypes.h>
#include <string.h>
#include <strings.h>

/* The three letters at the end of "Opportunity Amount USD". */
static const char *currency_in(const char *heading)
{
    static const char *const known[] = {"SEK", "EUR", "USD", "NOK", "DKK", "GBP", "CHF", "PLN"};
    size_t n = strlen(heading);
    for (size_t i = 0; i < sizeof(known) / sizeof(known[0]); i++) {
        if (n > 4 && !strcasecmp(heading + n - 3, known[i]) && strchr(" _-(", heading[n - 4]))
            return known[i];
    }
    return NULL;
}

/* CRM kinds of source, as far as their words tell. */
static vrk_status source_of(vrk_ctx *ctx, vrk_making *m, const vrk_profile *p, int64_t column,
                            const char **sql)
{
    const char *value = vrk_profile_text(p, column, &m->plan->mem);
    vrk_making_note(m,
                    "sources of deals: web, inbound, form, campaign, referral and marketing count "
                    "as inbound; outbound, cold call, prospecting and own as outbound; others "
                    "as unknown");
    const char *says = vrk_text_f(
        &m->plan->mem,
        "CASE WHEN regexp_matches(lower(%s), 'web|inbound|inkommande|form|campaign|kampanj|referral"
        "|rekommendation|marketing|marknad') THEN 'inbound' WHEN regexp_matches(lower(%s), "
        "'outbound|utgående|cold|prospect|^own$|^egen') THEN 'outbound' END",
        value, value);
    return vrk_making_few(ctx, m, p, column, says, false, sql);
}

/* What the flags say: won and lost, closed and not won, or archived (in Odoo a lost deal is one
 * that is no longer active). "" = there are none. */
static void add_flags(vrk_making *m, const vrk_table_file *f, vrk_str *sql)
{
    const char *won = vrk_plain_flag(m, f, "is_won"), *lost = vrk_plain_flag(m, f, "is_lost"),
               *closed = vrk_plain_flag(m, f, "is_closed"),
               *active = vrk_plain_flag(m, f, "active");
    bool odoo = f->origin.name && !strcmp(f->origin.name, "odoo");
    if (won)
        vrk_str_addf(sql, " WHEN %s THEN 'won'", won);
    if (lost)
        vrk_str_addf(sql, " WHEN %s THEN 'lost'", lost);
    if (active && odoo)
        vrk_str_addf(sql, " WHEN NOT %s THEN 'lost'", active);
    if (closed && won)
        vrk_str_addf(sql, " WHEN %s AND NOT %s THEN 'lost' WHEN NOT %s THEN 'open'", closed, won,
                     closed);
    else if (won && lost)
        vrk_str_addf(sql, " WHEN NOT %s AND NOT %s THEN 'open'", won, lost);
}

static vrk_status outcome_of(vrk_ctx *ctx, vrk_making *m, const vrk_table_file *f, const char **sql)
{
    vrk_status st = VRK_OK;
    vrk_arena *mem = &m->plan->mem;
    const vrk_profile *p = &f->profile;
    int64_t own = vrk_guess_column_of(&f->guess, p, "outcome");
    int64_t stage = vrk_guess_column_of(&f->guess, p, "stage");
    const char *by_own = "NULL", *by_stage = "NULL", *other = "NULL";
    vrk_str flags = {.mem = mem};

    add_flags(m, f, &flags);
    if (own >= 0) {
        TRY(vrk_making_outcomes(ctx, m, p, own, &by_own));
        other = vrk_profile_text(p, own, mem);
    }
    if (stage >= 0) {
        TRY(vrk_making_outcomes(ctx, m, p, stage, &by_stage));
        /* a stage without such a word is an open deal's, if others have one */
        if (strcmp(by_stage, "NULL") != 0)
            other = vrk_text_f(mem, "CASE WHEN %s IS NOT NULL THEN 'open' END",
                               vrk_profile_text(p, stage, mem));
    }
    *sql = flags.n || own >= 0 || stage >= 0
               ? vrk_text_f(mem, "coalesce(CASE%s WHEN false THEN '' END, %s, %s, %s)",
                            vrk_str_of(&flags), by_own, by_stage, other)
               : NULL;
done:
    return st;
}

static bool has(const vrk_table_file *f, const char *column)
{
    return vrk_guess_column_of(&f->guess, &f->profile, column) >= 0;
}

/* When it closed: its own column; else its last change of stage, or a date that is the expected one
 * as long as a deal is open. */
static void put_closing(vrk_making *m, const vrk_table_file *f, const char *outcome, vrk_str *sql)
{
    vrk_arena *mem = &m->plan->mem;
    const char *date = vrk_plain_date(m, f, "close_date"), *own = vrk_plain_date(m, f, "closed_at"),
               *moved = vrk_plain_date(m, f, "last_stage_change");
    const char *closed = vrk_text_f(mem, "(%s) IN ('won', 'lost')", outcome ? outcome : "'won'");
    bool timed = outcome && moved;
    if (own)
        vrk_plain_put(sql, outcome ? vrk_text_f(mem, "CASE WHEN %s THEN %s END", closed, own) : own,
                      "closed_at");
    else if (date || timed)
        vrk_plain_put(sql,
                      vrk_text_f(mem, "CASE WHEN %s THEN coalesce(%s, %s) END", closed,
                                 timed ? moved : "NULL", date ? date : "NULL"),
                      "closed_at");
    if (date && outcome && !has(f, "expected_close_on"))
        vrk_plain_put(
            sql, vrk_text_f(mem, "CASE WHEN NOT coalesce(%s, false) THEN %s END", closed, date),
            "expected_close_on");
}

const char *vrk_plain_deal_id(vrk_making *m, const vrk_table_file *f)
{
    vrk_arena *mem = &m->plan->mem;
    const char *key = vrk_plain_key(m, f, "deal_id"), *name = vrk_plain_text(m, f, "name"),
               *account = vrk_plain_text(m, f, "account_id"),
               *created = vrk_plain_date(m, f, "created_at");
    if (key)
        return key;
    return vrk_text_f(mem, "nullif(concat_ws(' | ', %s, %s, left(%s, 10)), '')",
                      name ? name : "NULL", account ? account : "NULL", created ? created : "NULL");
}

/* Columns that say something of others, or come once, made of several. */
static bool is_made(const char *column)
{
    static const char *const made[] = {
        "deal_id",      "outcome",     "close_date",       "closed_at", "is_won",
        "is_lost",      "is_closed",   "active",           "deleted",   "account_label",
        "seller_label", "probability", "last_stage_change"};
    for (size_t i = 0; i < sizeof(made) / sizeof(made[0]); i++) {
        if (!strcmp(made[i], column))
            return true;
    }
    return false;
}

static vrk_status put_column(vrk_ctx *ctx, vrk_making *m, const vrk_table_file *f, int64_t k,
                             vrk_str *sql)
{
    vrk_status st = VRK_OK;
    vrk_arena *mem = &m->plan->mem;
    const vrk_profile *p = &f->profile;
    const char *column = f->guess.is[k].column;

    if (!strcmp(column, "source")) {
        const char *source;
        TRY(source_of(ctx, m, p, k, &source));
        vrk_plain_put(sql, source, "source");
        vrk_plain_put(sql, vrk_profile_text(p, k, mem), "source_kind");
        goto done;
    }
    const char *value = vrk_plain_value(m, f, k, column);
    if (!strcmp(column, "lost_reason") && f->outcome) /* some have a reason for every state */
        value = vrk_text_f(mem, "CASE WHEN coalesce(%s, 'lost') = 'lost' THEN %s END", f->outcome,
                           value);
    vrk_plain_put(sql, value, column);
    const char *currency = !strcmp(column, "amount") ? currency_in(p->csv.heading[k]) : NULL;
    if (!strcmp(column, "amount") && !has(f, "currency"))
        vrk_plain_put(sql,
                      vrk_text_f(mem, "coalesce(vrk_currency_in(%s), %s)",
                                 vrk_profile_text(p, k, mem),
                                 currency ? vrk_sql_quote(mem, currency) : "NULL"),
                      "currency");
done:
    return st;
}

vrk_status vrk_plain_deals(vrk_ctx *ctx, vrk_making *m, vrk_table_file *f, vrk_str *sql)
{
    vrk_status st = VRK_OK;
    const char *outcome = NULL;
    TRY(outcome_of(ctx, m, f, &outcome));
    f->outcome = outcome;
    vrk_plain_put(sql, vrk_plain_deal_id(m, f), "deal_id");
    if (outcome)
        vrk_plain_put(sql, outcome, "outcome");
    put_closing(m, f, outcome, sql);
    for (int64_t k = 0; k < f->profile.csv.columns; k++) {
        const char *column = f->guess.is[k].column;
        if (column && !is_made(column))
            TRY(put_column(ctx, m, f, k, sql));
    }
    if (!has(f, "deal_id"))
        vrk_making_note(m,
                        "%s: deals have no id; each is known by its name, account and the day it "
                        "was created",
                        f->profile.name);
    TRY(vrk_unknown_tell(ctx, m, f));
done:
    return st;
}
