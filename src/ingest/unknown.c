#include "ingest/unknown.h"

#include "base/str.h"
#include "ingest/bare.h"

#include <inttypes.h>
#include <string.h>

static bool has(const vrk_table_file *f, const char *column)
{
    return vrk_guess_column_of(&f->guess, &f->profile, column) >= 0;
}

/* Is `key` there, and do its values say more than ids? */
static bool is_named(const vrk_table_file *f, const char *key, const char *label)
{
    int64_t k = vrk_guess_column_of(&f->guess, &f->profile, key);
    return has(f, label) || (k >= 0 && !vrk_bare_is_id(&f->profile.column[k]));
}

static void tell(vrk_making *m, const vrk_table_file *f, int64_t k, const char *like,
                 const char *lack)
{
    vrk_making_note(m,
                    "%s: column '%s' was not understood and is only kept; its values look like "
                    "%s, and %s: a mapping file can say so (--map FILE)",
                    f->profile.name, f->profile.csv.heading[k], like, lack);
}

/* "count of values, of those in lost and in closed deals" for each column that may give reasons. */
static const char *reasons_statement(vrk_making *m, const vrk_table_file *f, vrk_str *sql)
{
    const vrk_profile *p = &f->profile;
    for (int64_t k = 0; k < p->csv.columns; k++) {
        if (f->guess.is[k].column || !vrk_bare_is_words(&p->column[k], p->rows))
            continue;
        vrk_str_addf(sql,
                     "%s %" PRId64 ", count(*) FILTER (o IN ('won', 'lost') AND v%" PRId64
                     " IS NOT NULL), count(*) FILTER (o = 'lost' AND v%" PRId64 " IS NOT NULL)",
                     sql->n ? "," : "SELECT", k, k, k);
    }
    if (!sql->n)
        return NULL;
    vrk_str_addf(sql, " FROM (SELECT %s AS o", f->outcome);
    for (int64_t k = 0; k < p->csv.columns; k++)
        vrk_str_addf(sql, ", %s AS v%" PRId64, vrk_profile_text(p, k, &m->plan->mem), k);
    vrk_str_addf(sql, " FROM %s)", p->from);
    return vrk_str_of(sql);
}

/* Words that stand in closed deals only, some of them lost. */
static vrk_status tell_reasons(vrk_ctx *ctx, vrk_making *m, const vrk_table_file *f)
{
    vrk_status st = VRK_OK;
    vrk_mark mark = vrk_mark_of(&ctx->scratch);
    vrk_frame rows = {0};
    vrk_str sql = {.mem = &ctx->scratch};
    const char *statement = reasons_statement(m, f, &sql);
    if (ctx->scratch.failed)
        FAIL(VRK_EMEMORY, "out of memory for the reasons of %s", f->profile.name);
    if (!statement)
        goto done;
    TRY(vrk_duck_run(ctx, m->duck, "looking at files", statement, NULL, 0, &rows));
    for (int64_t i = 0; i + 2 < rows.columns; i += 3) {
        int64_t k = rows.column[i].i[0], closed = rows.column[i + 1].i[0],
                lost = rows.column[i + 2].i[0];
        if (lost && closed * 10 >= f->profile.column[k].filled * 9)
            tell(m, f, k, "reasons why deals were lost", "no other column gives any");
    }
done:
    vrk_frame_free(&rows);
    vrk_rewind(&ctx->scratch, mark);
    return st;
}

/* What of their end the deals lack, said; NULL = nothing. */
static const char *end_lacked(const vrk_table_file *f)
{
    bool closed = has(f, "closed_at"), expected = has(f, "expected_close_on");
    if (has(f, "close_date"))
        return closed || expected ? NULL
                                  : "one other column alone says when deals were closed or are "
                                    "expected to close";
    return !closed     ? "no other column says when deals were closed"
           : !expected ? "no other column says when deals are expected to close"
                       : NULL;
}

vrk_status vrk_unknown_tell(vrk_ctx *ctx, vrk_making *m, const vrk_table_file *f)
{
    vrk_status st = VRK_OK;
    const vrk_profile *p = &f->profile;
    bool owners = is_named(f, "seller_id", "seller_label"),
         accounts = is_named(f, "account_id", "account_label");
    const char *end = end_lacked(f);
    for (int64_t k = 0; k < p->csv.columns; k++) {
        if (f->guess.is[k].column)
            continue;
        if (end && p->column[k].dates)
            tell(m, f, k, "dates", end);
        if (!owners && vrk_bare_fits(p, k, "seller_id"))
            tell(m, f, k, "persons",
                 has(f, "seller_id") ? "the owners of the deals are known by their ids alone"
                                     : "no other column says who owns the deals");
        if (!accounts && vrk_bare_fits(p, k, "account_id"))
            tell(m, f, k, "accounts",
                 has(f, "account_id") ? "the accounts of the deals are known by their ids alone"
                                      : "no other column says whom the deals are with");
    }
    if (f->outcome && !has(f, "lost_reason"))
        TRY(tell_reasons(ctx, m, f));
done:
    return st;
}
