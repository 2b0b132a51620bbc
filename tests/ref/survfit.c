/* Errors by the infinitesimal jackknife with late entry, steps back and weights, several spells a
 * subject, against R's survfit on spells that survfit.R makes (survival 3.5-3 where this was
 * written; larger clusters cannot be compared, as that version gives the errors by subject whatever
 * `cluster` says: those are held against the derivative itself in tests/stat/aj.c). Same sums in
 * another order: tolerance 1e-10. */
#include "stat/aj.h"
#include "tests/ref/table.h"
#include "tests/t.h"

enum { MOST = 4000 };

typedef struct {
    vrk_spells spells;
    double entry[MOST], exit[MOST], weight[MOST];
    int32_t from[MOST], to[MOST], cluster[MOST], id[MOST];
} rows;

static bool load(rows *r, table *want)
{
    char folder[2048], path[4096];
    table t;
    if (!ran_r("survfit.R", folder, sizeof(folder)))
        return false;
    snprintf(path, sizeof(path), "%s/spells.csv", folder);
    T_OK(table_read(path, &t) && t.rows > 500 && t.rows <= MOST);
    *r = (rows){.spells = {.states = 3}};
    for (int64_t i = 0; i < t.rows; i++) {
        int64_t n = r->spells.n;
        r->entry[n] = table_num(&t, i, "entry");
        r->exit[n] = table_num(&t, i, "exit");
        r->weight[n] = table_num(&t, i, "weight");
        r->from[n] = (int32_t)table_num(&t, i, "from");
        r->to[n] = (int32_t)table_num(&t, i, "to");
        r->cluster[n] = (int32_t)table_num(&t, i, "id");
        r->spells.n++;
    }
    table_free(&t);
    r->spells.entry = r->entry;
    r->spells.exit = r->exit;
    r->spells.from = r->from;
    r->spells.to = r->to;
    r->spells.weight = r->weight;
    r->spells.cluster = r->cluster;
    r->spells.clusters = 401;
    snprintf(path, sizeof(path), "%s/survfit.csv", folder);
    return table_read(path, want);
}

static void compare(const vrk_spells *spells, const table *want)
{
    vrk_ctx ctx = {0};
    vrk_transitions c;
    vrk_aj f;
    vrk_aj_errors e;
    T_OK(vrk_transitions_count(&ctx, spells, &c) == VRK_OK);
    T_OK(vrk_aj_fit(&ctx, &c, NULL, &f) == VRK_OK);
    T_OK(vrk_aj_ij(&ctx, spells, &c, NULL, &f, &e) == VRK_OK);
    T_OK(want->rows > 30);
    for (int64_t i = 0; i < want->rows; i++) {
        int64_t j = vrk_aj_row(&f, table_num(want, i, "time"));
        for (int s = 0; s < 3; s++) {
            char p[16], se[16];
            snprintf(p, sizeof(p), "p.%d", s + 1);
            snprintf(se, sizeof(se), "se.%d", s + 1);
            T_NEAR(f.p[j * 3 + s], table_num(want, i, p), 1e-10);
            T_NEAR(e.se[j * 3 + s], table_num(want, i, se), 1e-10);
        }
    }
    vrk_aj_free(&f);
    vrk_aj_errors_free(&e);
    vrk_transitions_free(&c);
    vrk_arena_free(&ctx.scratch);
}

static void errors_by_subject_with_steps_back_are_those_of_survfit(void)
{
    static rows r;
    table want;
    if (!load(&r, &want))
        T_SKIP("R with survival is not here");
    compare(&r.spells, &want);
    table_free(&want);
}

T_MAIN(T_CASE(errors_by_subject_with_steps_back_are_those_of_survfit))
