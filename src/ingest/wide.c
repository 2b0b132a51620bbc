#include "ingest/wide.h"

#include "base/str.h"
#include "ingest/value_part.h"

#include <stdio.h>
#include <string.h>

bool vrk_heading_month(const char *heading, char out[8])
{
    char text[64], day[VRK_VALUE_ROOM];
    size_t n = strlen(heading);
    vrk_text_trim(&heading, &n);
    if (n < 5 || n > 20)
        return false;
    /* what is a month becomes a day when one is put beside it */
    bool iso = n == 7 && heading[4] == '-' && vrk_is_digit(heading[0]);
    (void)snprintf(text, sizeof(text), iso ? "%.*s-01" : "1 %.*s", (int)n, heading);
    for (char *c = text + 2; *c && !iso; c++)
        *c = *c == '-' || *c == '/' || *c == '_' ? ' ' : *c;
    if (!iso && !vrk_is_letter(heading[0]))
        return false;
    if (vrk_date_read(text, strlen(text), VRK_ORDER_NONE, false, day) != VRK_READ_VALUE)
        return false;
    memcpy(out, day, 7);
    out[7] = 0;
    return true;
}

/* The column that says whose targets a row has. */
static int64_t column_like(const vrk_profile *p, vrk_arena *mem, const char *const *words)
{
    for (int64_t k = 0; k < p->csv.columns; k++) {
        const char *normal = vrk_heading_normal(mem, p->csv.heading[k]);
        for (int i = 0; words[i] && normal; i++) {
            if (!strcmp(normal, words[i]))
                return k;
        }
    }
    return -1;
}

vrk_status vrk_wide_guess(vrk_ctx *ctx, const vrk_profile *p, vrk_arena *mem, vrk_guess *out)
{
    static const char *const sellers[] = {"säljare", "seller", "salesperson", "sales rep",
                                          "owner",   "namn",   "name",        NULL},
                             *const teams[] = {"team", "säljteam", "sales team", "grupp", NULL};
    vrk_status st = VRK_OK;
    char month[8];
    int64_t months = 0, seller = column_like(p, mem, sellers), team = column_like(p, mem, teams);
    for (int64_t k = 0; k < p->csv.columns; k++)
        months += vrk_heading_month(p->csv.heading[k], month) && p->column[k].numbers;
    if (months < 3 || (seller < 0 && team < 0))
        goto done;
    *out = (vrk_guess){
        .table = "targets", .wide = true, .is = VRK_NEW(mem, p->csv.columns, vrk_guess_column)};
    if (!out->is)
        FAIL(VRK_EMEMORY, "out of memory for the meaning of headings");
    if (seller >= 0)
        out->is[seller] = (vrk_guess_column){"seller_id", 0.95};
    if (team >= 0)
        out->is[team] = (vrk_guess_column){"team_id", 0.95};
done:
    return st;
}

vrk_status vrk_wide_targets(vrk_ctx *ctx, vrk_making *m, vrk_table_file *f)
{
    vrk_status st = VRK_OK;
    vrk_arena *mem = &m->plan->mem;
    const vrk_profile *p = &f->profile;
    vrk_str sql = {.mem = mem};
    char month[8];
    int64_t seller = vrk_guess_column_of(&f->guess, p, "seller_id"),
            team = vrk_guess_column_of(&f->guess, p, "team_id");
    const char *who = seller >= 0
                          ? vrk_text_f(mem, "vrk_person(%s)", vrk_profile_text(p, seller, mem))
                          : "NULL::varchar";
    const char *group = team >= 0 && seller < 0 ? vrk_profile_text(p, team, mem) : "NULL::varchar";

    for (int64_t k = 0; k < p->csv.columns; k++) {
        if (!vrk_heading_month(p->csv.heading[k], month))
            continue;
        vrk_str_addf(&sql,
                     "%sSELECT %s AS _line, %s AS seller_id, %s AS team_id, '%s' AS period, "
                     "'amount' AS metric, %s AS amount FROM %s WHERE %s IS NOT NULL",
                     sql.n ? " UNION ALL " : "", p->csv.lined ? "_line" : "NULL", who, group, month,
                     vrk_profile_number(p, k, mem), p->from, vrk_profile_text(p, k, mem));
    }
    const char *select =
        vrk_text_f(mem, "SELECT * FROM (%s) ORDER BY _line, period", vrk_str_of(&sql));
    vrk_making_note(m, "%s: targets, a column per month", p->name);
    vrk_making_rows(m, p, "targets", select);
    if (mem->failed)
        FAIL(VRK_EMEMORY, "out of memory for %s", p->path);
    m->plan->source[m->plan->sources - 1].rows_read = -1; /* a row has several targets */
    m->plan->source[m->plan->sources - 1].skipped = 0;
    if (!vrk_making_has(m, "sellers") && seller >= 0)
        vrk_making_derived(
            m, p, "sellers",
            vrk_text_f(mem,
                       "SELECT DISTINCT %s AS seller_id, %s AS name FROM %s WHERE %s "
                       "IS NOT NULL ORDER BY 1",
                       who, who, p->from, who));
done:
    return st;
}
