#include "ingest/question.h"

#include "base/str.h"
#include "ingest/bare.h"
#include "ingest/tables.h"

#include <string.h>

static bool is_used(const vrk_guess *g, int64_t k)
{
    const vrk_table *t = g->table ? vrk_table_of(g->table) : NULL;
    const vrk_col *c = t && g->is[k].column ? vrk_col_of(t, g->is[k].column) : NULL;
    return g->is[k].column && (!t || !c || c->kind != VRK_COL_TEXT);
}

static bool has_any(const vrk_guess *g, const vrk_profile *p, const char *const *columns)
{
    bool any = false;
    for (int i = 0; columns[i]; i++)
        any |= vrk_guess_column_of(g, p, columns[i]) >= 0;
    return any;
}

/* Headings of times that are neither a deal's creation nor its closing. */
static bool says_another_time(const char *heading)
{
    static const char *const words[] = {
        "added",  "creat", "modif",   "updat",     "stamp",   "activit", "last",  "latest",
        "senast", "ändra", "skapa",   "change",    "contact", "next",    "nästa", "entered",
        "exited", "birth", "convert", "aktivitet", "first",   "start"};
    for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++) {
        if (strcasestr(heading, words[i]))
            return true;
    }
    return false;
}

/* Deals whose creation or closing no heading tells, though there are dates in every row. */
static void ask_dates(const vrk_profile *p, vrk_arena *mem, vrk_guess *g)
{
    static const char *const closing[] = {"close_date", "closed_at", "expected_close_on", NULL},
                             *const created[] = {"created_at", NULL};
    bool told[2] = {has_any(g, p, created), has_any(g, p, closing)};
    for (int64_t k = 0; k < p->csv.columns && !g->question; k++) {
        const vrk_profile_column *c = &p->column[k];
        if (g->is[k].column || !c->dates || c->filled * 10 < p->rows * 9 || (told[0] && told[1]) ||
            says_another_time(c->name))
            continue;
        g->question = vrk_text_f(mem,
                                 "no heading says when deals %s; is it '%s' (= %s)? Else leave it "
                                 "without a meaning",
                                 told[0] ? "close" : "were created", c->name,
                                 told[0] ? "close_date" : "created_at");
    }
}

/* No heading is surely that of the amounts (an expected revenue is often a weighted one), and
 * values of another column look like it. */
static void ask_amount(const vrk_profile *p, vrk_arena *mem, vrk_guess *g)
{
    int64_t own = vrk_guess_column_of(g, p, "amount"), other = vrk_bare_amount(p, g->is);
    bool unsure = own < 0 || strcasestr(p->csv.heading[own], "expected") ||
                  strcasestr(p->csv.heading[own], "förväntad");
    if (!g->question && unsure && other >= 0)
        g->question = vrk_text_f(mem,
                                 "no heading is that of the amount, but the values of '%s' look "
                                 "like it",
                                 p->csv.heading[other]);
}

/* No heading says who owns the deals, and values of a column look like it. */
static void ask_seller(const vrk_profile *p, vrk_arena *mem, vrk_guess *g)
{
    static const char *const owner[] = {"seller_id", "seller_label", NULL};
    int64_t other = vrk_bare_seller(p, g->is);
    if (!g->question && other >= 0 && !has_any(g, p, owner))
        g->question = vrk_text_f(mem,
                                 "no heading says who owns the deals; is it '%s' (= seller_id)? "
                                 "Else leave it without a meaning",
                                 p->csv.heading[other]);
}

void vrk_guess_ask(const vrk_profile *p, vrk_arena *mem, vrk_guess *g)
{
    for (int64_t k = 0; k < p->csv.columns && !g->question; k++) {
        const vrk_profile_column *c = &p->column[k];
        const char *column = g->is[k].column;
        if (!column || !is_used(g, k))
            continue;
        if (g->is[k].confidence <= VRK_BARE_UNSURE)
            g->question = vrk_text_f(mem,
                                     "no heading is that of the %s, but the values of '%s' look "
                                     "like it",
                                     column, c->name);
        else if (c->open_dates * 5 > c->filled)
            g->question = vrk_text_f(mem,
                                     "nothing in '%s' tells day from month; say `dates = day` or "
                                     "`dates = month`",
                                     c->name);
        else if (c->open_numbers * 5 > c->filled)
            g->question = vrk_text_f(mem,
                                     "nothing in '%s' tells whether 1,250 is more than a thousand; "
                                     "say `decimal = comma` or `decimal = point`",
                                     c->name);
    }
    if (!strcmp(g->table, "deals") && p->rows >= 3) {
        ask_amount(p, mem, g);
        ask_dates(p, mem, g);
        ask_seller(p, mem, g);
    }
}
