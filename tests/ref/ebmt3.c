/* T08: 2 204 transplants, platelet recovery (PR) and relapse or death. mstate 0.3.3 (msfit,
 * probtrans, ELOS) on R 4.2.2; data of Putter, Fiocco & Geskus (2007), Stat Med 26:2389-2430. Given
 * to six decimals: tolerance 2e-6 for probabilities and errors, 1e-3 days for ELOS (three
 * decimals). */
#include "stat/aj.h"
#include "stat/landmark.h"
#include "tests/ref/table.h"
#include "tests/t.h"

enum { TX, PR, DEAD, MOST = 5000 };

typedef struct {
    vrk_spells spells;
    double entry[MOST], exit[MOST];
    int32_t from[MOST], to[MOST];
} rows;

static void add(rows *r, double entry, double exit, int32_t from, int32_t to)
{
    int64_t n = r->spells.n++;
    r->entry[n] = entry;
    r->exit[n] = exit;
    r->from[n] = from;
    r->to[n] = to;
}

static bool load(rows *r)
{
    table t;
    if (!table_data("mstate/ebmt3.csv", &t))
        return false;
    *r = (rows){.spells = {.states = 3}};
    for (int64_t i = 0; i < t.rows; i++) {
        double pr = table_num(&t, i, "prtime"), end = table_num(&t, i, "rfstime");
        int32_t last = table_num(&t, i, "rfsstat") > 0 ? DEAD : VRK_CENSORED;
        if (table_num(&t, i, "prstat") > 0) {
            add(r, -1, pr, TX, PR);
            add(r, pr, end, PR, last);
        } else {
            add(r, -1, end, TX, last);
        }
    }
    table_free(&t);
    r->spells.entry = r->entry;
    r->spells.exit = r->exit;
    r->spells.from = r->from;
    r->spells.to = r->to;
    return true;
}

static void state_probabilities_and_times_are_those_of_mstate(void)
{
    static rows r;
    const double at[] = {100, 365, 1821};
    const double p[] = {.419062, .473589, .107349, .302383, .415068,
                        .282549, .237236, .338732, .424032};
    const double se[] = {.010447, .010558, .006578};
    const double elos[] = {535.940, 687.351, 602.959};
    vrk_aj_opt o = {.at = at, .n_at = 3, .tau = 1826.25, .variance = VRK_AALEN};
    vrk_ctx ctx = {0};
    vrk_transitions c;
    vrk_aj f;
    if (!load(&r))
        T_SKIP("mstate/ebmt3.csv is not here");
    T_OK(vrk_transitions_count(&ctx, &r.spells, &c) == VRK_OK && c.kinds == 3);
    double moved[3] = {0};
    for (int64_t i = 0; i < c.m * 3; i++)
        moved[i % 3] += c.moved[i];
    T_NEAR(moved[0], 1169., 0.);
    T_NEAR(moved[1], 458., 0.);
    T_NEAR(moved[2], 383., 0.);
    T_OK(vrk_aj_fit(&ctx, &c, &o, &f) == VRK_OK && f.m == 3 && !f.beyond);
    for (int i = 0; i < 9; i++)
        T_NEAR(f.p[i], p[i], 2e-6);
    for (int32_t s = 0; s < 3; s++) {
        T_NEAR(vrk_aj_se(&f, 0, s), se[s], 2e-6);
        T_NEAR(f.mean[s], elos[s], 1e-6);
    }
    T_NEAR(f.mean[0] + f.mean[1] + f.mean[2], 1826.25, 1e-13);
    vrk_aj_free(&f);
    vrk_transitions_free(&c);
    vrk_arena_free(&ctx.scratch);
}

static void landmark_at_100_days_is_that_of_mstate(void)
{
    static rows r;
    const double want[] = {.566111, 0, 0, .058849, .663171, 0, .375040, .336829, 1};
    double p[9], se[9];
    vrk_ctx ctx = {0};
    vrk_transitions c;
    if (!load(&r))
        T_SKIP("mstate/ebmt3.csv is not here");
    T_OK(vrk_transitions_count(&ctx, &r.spells, &c) == VRK_OK);
    T_OK(vrk_aj_matrix(&ctx, &c, 100, 1821, VRK_AALEN, p, se) == VRK_OK);
    for (int i = 0; i < 9; i++)
        T_NEAR(p[i], want[i], 2e-6);
    T_OK(se[0] > 0 && se[8] <= 0);
    vrk_transitions_free(&c);
    vrk_arena_free(&ctx.scratch);
}

/* Those in the state at day 100 alone, whatever the others do (Putter & Spitoni's landmark
 * estimator): survival 3.5-3 on R 4.2.2, survfit on the same patients, errors by the jackknife. */
static void those_at_the_landmark_alone_are_those_of_survfit(void)
{
    static rows r;
    static int32_t who[MOST];
    const double p[2][3] = {{.5661108844, .06532204533, .3685670703},
                            {0, .6572937779, .3427062221}};
    const double se[2][3] = {{.019504358, .0083869941, .019187634},
                             {0, .01702589066, .01702589066}};
    const double at[] = {1821};
    vrk_ctx ctx = {0};
    if (!load(&r))
        T_SKIP("mstate/ebmt3.csv is not here");
    for (int64_t i = 0, n = -1; i < r.spells.n; i++) {
        n += r.from[i] == TX;
        who[i] = (int32_t)n;
    }
    r.spells.cluster = who;
    r.spells.clusters = 2204;
    for (int32_t s = TX; s <= PR; s++) {
        double p0[3] = {s == TX, s == PR, 0};
        vrk_aj_opt o = {.start = 100, .p0 = p0, .at = at, .n_at = 1};
        vrk_spell_set set;
        vrk_transitions c;
        vrk_aj f;
        vrk_aj_errors e;
        T_OK(vrk_landmark(&ctx, &r.spells, 100, s, &set) == VRK_OK);
        T_OK(s == PR ? set.all.n == 1026 : set.all.n > 908);
        T_OK(vrk_transitions_count(&ctx, &set.all, &c) == VRK_OK);
        T_OK(vrk_aj_fit(&ctx, &c, &o, &f) == VRK_OK);
        T_OK(vrk_aj_ij(&ctx, &set.all, &c, &o, &f, &e) == VRK_OK);
        for (int i = 0; i < 3; i++) {
            T_OK(fabs(f.p[i] - p[s][i]) < 1e-9);
            T_OK(fabs(e.se[i] - se[s][i]) < (s == TX ? 1e-8 : 5e-5)); /* survfit: Greenwood there */
        }
        vrk_aj_errors_free(&e);
        vrk_aj_free(&f);
        vrk_transitions_free(&c);
        vrk_spell_set_free(&set);
    }
    vrk_arena_free(&ctx.scratch);
}

T_MAIN(T_CASE(state_probabilities_and_times_are_those_of_mstate),
       T_CASE(landmark_at_100_days_is_that_of_mstate),
       T_CASE(those_at_the_landmark_alone_are_those_of_survfit))
