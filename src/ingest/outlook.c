#include "ingest/outlook.h"

#include "base/str.h"

#include <string.h>

enum {
    SUBJECT,
    FROM_DAY,
    FROM_TIME,
    TO_DAY,
    TO_TIME,
    ALL_DAY,
    ORGANIZER,
    PRIVATE,
    SECRECY,
    COLUMNS
};
enum { NEEDED = 6, ALL = 22 }; /* the first six must be there; Outlook writes 22 */

/* As vrk_heading_normal gives them, and where Outlook puts them. */
static const struct {
    const char *heading[3];
    int place;
} columns[COLUMNS] = {
    [SUBJECT] = {{"subject", "ämne", NULL}, 0},
    [FROM_DAY] = {{"start date", "startdatum", NULL}, 1},
    [FROM_TIME] = {{"start time", "starttid", NULL}, 2},
    [TO_DAY] = {{"end date", "slutdatum", NULL}, 3},
    [TO_TIME] = {{"end time", "sluttid", NULL}, 4},
    [ALL_DAY] = {{"all day event", "heldagshändelse", NULL}, 5},
    [ORGANIZER] = {{"meeting organizer", "mötesorganisatör", NULL}, 9},
    [PRIVATE] = {{"private", "privat", NULL}, 19},
    [SECRECY] = {{"sensitivity", "känslighet", NULL}, 20},
};

/* Where each column is, -1 = nowhere. */
static bool find(vrk_making *m, const vrk_profile *p, int64_t at[COLUMNS])
{
    bool found = true;
    for (int c = 0; c < COLUMNS; c++) {
        at[c] = -1;
        for (int64_t k = 0; k < p->csv.columns && at[c] < 0; k++) {
            const char *h = vrk_heading_normal(&m->plan->mem, p->csv.heading[k]);
            for (int i = 0; h && columns[c].heading[i]; i++)
                at[c] = strcmp(h, columns[c].heading[i]) ? at[c] : k;
        }
        found &= at[c] >= 0 || c >= NEEDED;
    }
    if (found)
        return true;
    if (p->csv.columns != ALL || !p->column[1].dates || !p->column[3].dates || p->column[0].dates ||
        vrk_profile_looks(&p->column[5], VRK_LOOK_FLAG) < p->rows ||
        vrk_profile_looks(&p->column[2], VRK_LOOK_CLOCK) < p->rows)
        return false;
    for (int c = 0; c < COLUMNS; c++)
        at[c] = columns[c].place;
    return true;
}

static const char *text_of(vrk_making *m, const vrk_profile *p, int64_t column)
{
    return column < 0 ? "NULL::varchar" : vrk_profile_text(p, column, &m->plan->mem);
}

/* Who organizes more than half of what has an organizer; else the file's name. */
static vrk_status find_owner(vrk_ctx *ctx, vrk_making *m, const vrk_profile *p, const char *who,
                             const char **owner)
{
    vrk_status st = VRK_OK;
    vrk_arena *mem = &m->plan->mem;
    vrk_frame f = {0};
    const char *dot = strrchr(p->name, '.');
    const char *sql = vrk_text_f(mem,
                                 "SELECT vrk_person(%s) AS who, count(*) * 2 > (SELECT count(%s) "
                                 "FROM %s) AS most FROM %s GROUP BY 1 HAVING who IS NOT NULL ORDER "
                                 "BY count(*) DESC, 1 LIMIT 1",
                                 who, who, p->from, p->from);
    if (!sql)
        FAIL(VRK_EMEMORY, "out of memory for %s", p->name);
    TRY(vrk_duck_run(ctx, m->duck, "looking at files", sql, NULL, 0, &f));
    bool found = f.rows && f.column[1].i[0];
    *owner =
        found ? vrk_text_copy(mem, f.column[0].s[0])
              : vrk_text_copy_n(mem, p->name,
                                dot && dot > p->name ? (size_t)(dot - p->name) : strlen(p->name));
    if (*owner)
        vrk_making_note(m, "%s: the calendar of %s (%s)", p->name, *owner,
                        found ? "who organizes most of it" : "by the file's name");
done:
    vrk_frame_free(&f);
    return st;
}

static const char *moment(vrk_making *m, const vrk_profile *p, int64_t day, int64_t clock,
                          const char *all_day)
{
    const char *date = vrk_profile_date(p, day, &m->plan->mem);
    return vrk_text_f(&m->plan->mem,
                      "CASE WHEN %s = '1' OR vrk_clock(%s) IS NULL THEN %s ELSE %s || 'T' || "
                      "vrk_clock(%s) END",
                      all_day, text_of(m, p, clock), date, date, text_of(m, p, clock));
}

vrk_status vrk_outlook_add(vrk_ctx *ctx, vrk_making *m, const vrk_profile *p, bool *is)
{
    vrk_status st = VRK_OK;
    vrk_arena *mem = &m->plan->mem;
    int64_t at[COLUMNS];
    const char *owner = NULL;

    *is = find(m, p, at);
    if (!*is)
        goto done;
    TRY(find_owner(ctx, m, p, text_of(m, p, at[ORGANIZER]), &owner));
    if (!owner)
        FAIL(VRK_EMEMORY, "out of memory for %s", p->name);
    const char *all_day = vrk_text_f(mem, "vrk_flag(%s)", text_of(m, p, at[ALL_DAY]));
    const char *secret =
        vrk_text_f(mem,
                   "coalesce(vrk_flag(%s), '0') = '1' OR lower(coalesce(%s, 'normal')) NOT IN "
                   "('normal', 'personal', 'personligt')",
                   text_of(m, p, at[PRIVATE]), text_of(m, p, at[SECRECY]));
    vrk_making_rows(m, p, "calendar",
                    vrk_text_f(mem,
                               "SELECT %s%s AS seller_id, %s AS starts_at, %s AS ends_at, CASE "
                               "WHEN NOT (%s) THEN vrk_category(%s) END AS category FROM %s",
                               p->csv.lined ? "_line, " : "", vrk_sql_quote(mem, owner),
                               moment(m, p, at[FROM_DAY], at[FROM_TIME], all_day),
                               moment(m, p, at[TO_DAY], at[TO_TIME], all_day), secret,
                               text_of(m, p, at[SUBJECT]), p->from));
    vrk_making_note(m, "%s: calendar", p->name);
    if (mem->failed)
        FAIL(VRK_EMEMORY, "out of memory for %s", p->name);
done:
    return st;
}
