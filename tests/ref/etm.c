/* T10 and T11, on data of R's etm 1.1.1 (R 4.2.2). etm.R writes the data; the numbers are
 * METHODS 1.7's. T10: 1 186 pregnancies, seen from a late entry on; three competing ends.
 * Probabilities are given to seven decimals (tolerance 1e-7), variances to five digits (relative
 * 2e-5). METHODS has the counts of events and the naive answer as a warning: taking entry as 0 must
 * be visibly wrong. T11: 756 hospital stays; change in length of stay by infection, given to six
 * decimals (1e-6). Moreover 747 patients on and off a ventilator: chances after 20 days from none,
 * to the digits given (5e-6). */
#include "stat/aj.h"
#include "stat/clos.h"
#include "tests/ref/table.h"
#include "tests/t.h"

enum { MOST = 2000 };

typedef struct {
    vrk_spells spells;
    double entry[MOST], exit[MOST];
    int32_t from[MOST], to[MOST];
} rows;

static bool load(const char *name, table *t)
{
    char folder[2048], path[4096];
    if (!ran_r("etm.R", folder, sizeof(folder)))
        return false;
    snprintf(path, sizeof(path), "%s/%s", folder, name);
    return table_read(path, t);
}

static void abortion_of(const table *t, double group, rows *r)
{
    *r = (rows){.spells = {.states = 4}};
    for (int64_t i = 0; i < t->rows; i++) {
        if (fabs(table_num(t, i, "group") - group) > .5)
            continue;
        r->entry[r->spells.n] = table_num(t, i, "entry");
        r->exit[r->spells.n] = table_num(t, i, "exit");
        r->to[r->spells.n++] = (int32_t)table_num(t, i, "cause");
    }
    r->spells.entry = r->entry;
    r->spells.exit = r->exit;
    r->spells.to = r->to;
}

static void honours_late_entry(void)
{
    static rows r;
    const double p[2][3] = {{.0401593, .7990593, .1607814}, {.2851118, .3525651, .3623231}};
    const double var[2][3] = {{8.5707e-5, 4.9224e-4, 4.5480e-4},
                              {1.80567e-3, 1.77569e-3, 2.44762e-3}};
    table t;
    if (!load("abortion.csv", &t))
        T_SKIP("R with etm is not here");
    for (int group = 0; group < 2; group++) {
        vrk_ctx ctx = {0};
        vrk_transitions c;
        vrk_aj f;
        abortion_of(&t, group, &r);
        T_OK(r.spells.n == (group ? 173 : 1013));
        T_OK(vrk_transitions_count(&ctx, &r.spells, &c) == VRK_OK);
        T_OK(vrk_aj_fit(&ctx, &c, NULL, &f) == VRK_OK);
        int64_t last = f.m - 1;
        for (int32_t s = 1; s < 4; s++) {
            double se = vrk_aj_se(&f, last, s);
            T_NEAR(f.p[last * 4 + s], p[group][s - 1], 1e-7);
            T_NEAR(se * se / var[group][s - 1], 1., 2e-5);
        }
        vrk_aj_free(&f);
        vrk_transitions_free(&c);
        r.spells.entry = NULL; /* as if all had been seen from the beginning */
        T_OK(vrk_transitions_count(&ctx, &r.spells, &c) == VRK_OK);
        T_OK(vrk_aj_fit(&ctx, &c, NULL, &f) == VRK_OK);
        T_OK(fabs(f.p[(f.m - 1) * 4 + 1] - p[group][0]) > .02);
        vrk_aj_free(&f);
        vrk_transitions_free(&c);
        vrk_arena_free(&ctx.scratch);
    }
    table_free(&t);
}

static void add(rows *r, double entry, double exit, int32_t from, int32_t to)
{
    int64_t n = r->spells.n++;
    r->entry[n] = entry;
    r->exit[n] = exit;
    r->from[n] = from;
    r->to[n] = to;
}

/* From one row a stay (j.01 = day of infection, Inf = none; j.02 ... discharge or death) to spells.
 */
static void stays(const table *t, rows *r)
{
    *r = (rows){.spells = {.states = 4}};
    for (int64_t i = 0; i < t->rows; i++) {
        double infected = table_num(t, i, "j.01"), in = isfinite(infected) ? infected : -1;
        int32_t from = isfinite(infected) ? 1 : 0;
        double home = table_num(t, i, from ? "j.12" : "j.02");
        double dead = table_num(t, i, from ? "j.13" : "j.03"), open = table_num(t, i, "cens");
        if (from)
            add(r, -1, infected, 0, 1);
        if (isfinite(home))
            add(r, in, home, from, 2);
        else if (isfinite(dead))
            add(r, in, dead, from, 3);
        else
            add(r, in, open, from, VRK_CENSORED);
    }
    r->spells.entry = r->entry;
    r->spells.exit = r->exit;
    r->spells.from = r->from;
    r->spells.to = r->to;
}

static void change_in_length_of_stay(void)
{
    static rows r;
    vrk_ctx ctx = {0};
    vrk_transitions c;
    table t;
    double change;
    if (!load("los.csv", &t))
        T_SKIP("R with etm is not here");
    T_OK(t.rows == 756);
    stays(&t, &r);
    T_OK(vrk_transitions_count(&ctx, &r.spells, &c) == VRK_OK && c.kinds == 5);
    T_OK(vrk_clos_fit(&ctx, &c, NULL, &change) == VRK_OK);
    T_NEAR(change, 1.975314, 1e-6);
    vrk_transitions_free(&c);
    vrk_arena_free(&ctx.scratch);
    table_free(&t);
}

/* Rows are moves, in order; where two come at one time the first is half a day earlier, as on etm's
 * help page. */
static void on_and_off_the_ventilator(void)
{
    static rows r;
    static double time[MOST];
    const double p0[] = {.05328, .04206, .90466}, se0[] = {.007461, .006026, .010063};
    double p[9], se[9];
    vrk_ctx ctx = {0};
    vrk_transitions c;
    table t;
    if (!load("sir.csv", &t))
        T_SKIP("R with etm is not here");
    r = (rows){.spells = {.states = 3}};
    for (int64_t i = 0; i < t.rows; i++)
        time[i] = table_num(&t, i, "time");
    for (int64_t i = 0; i < t.rows; i++) {
        bool more = i + 1 < t.rows && !strcmp(table_text(&t, i, "id"), table_text(&t, i + 1, "id"));
        bool begun = i > 0 && !strcmp(table_text(&t, i, "id"), table_text(&t, i - 1, "id"));
        const char *to = table_text(&t, i, "to");
        time[i] -= more && time[i] >= time[i + 1] ? .5 : 0;
        add(&r, begun ? time[i - 1] : 0, time[i], (int32_t)table_num(&t, i, "from"),
            strcmp(to, "cens") ? (int32_t)strtol(to, NULL, 10) : VRK_CENSORED);
    }
    r.spells.entry = r.entry;
    r.spells.exit = r.exit;
    r.spells.from = r.from;
    r.spells.to = r.to;
    T_OK(vrk_transitions_count(&ctx, &r.spells, &c) == VRK_OK);
    T_OK(vrk_aj_matrix(&ctx, &c, 0, 20, VRK_GREENWOOD, p, se) == VRK_OK);
    for (int i = 0; i < 3; i++) {
        T_OK(fabs(p[3 * i] - p0[i]) <= 5.1e-6);
        T_OK(fabs(se[3 * i] - se0[i]) <= 5.1e-7);
    }
    vrk_transitions_free(&c);
    vrk_arena_free(&ctx.scratch);
    table_free(&t);
}

T_MAIN(T_CASE(honours_late_entry), T_CASE(change_in_length_of_stay),
       T_CASE(on_and_off_the_ventilator))
