/* T12: 1 384 people, a plasma cell malignancy (pcm) or death before it. survfit of R's
 * survival 3.5-3 (R 4.2.2; the digits here are its own), whose errors are the infinitesimal
 * jackknife's. Probabilities and errors to 1e-8 (ten digits given), restricted means to 1e-8
 * relative. */
#include "stat/aj.h"
#include "tests/ref/table.h"
#include "tests/t.h"

enum { MOST = 1500 };

typedef struct {
    vrk_spells spells;
    double exit[MOST];
    int32_t to[MOST];
} rows;

static bool load(const char *sex, rows *r)
{
    table t;
    if (!table_data("survival-r/mgus2.csv", &t))
        return false;
    *r = (rows){.spells = {.states = 3}};
    for (int64_t i = 0; i < t.rows; i++) {
        bool pcm = table_num(&t, i, "pstat") > 0, dead = table_num(&t, i, "death") > 0;
        if (sex && strcmp(table_text(&t, i, "sex"), sex) != 0)
            continue;
        r->exit[r->spells.n] = table_num(&t, i, pcm ? "ptime" : "futime");
        r->to[r->spells.n++] = pcm ? 1 : dead ? 2 : VRK_CENSORED;
    }
    table_free(&t);
    r->spells.exit = r->exit;
    r->spells.to = r->to;
    return true;
}

static void probabilities_and_errors_are_those_of_survfit(void)
{
    static rows r;
    const double at[] = {60, 120, 240};
    const double p[] = {.6455292768, .03410371297, .3203670103,  .4044601279, .06372216801,
                        .5318177041, .1761583079,  .09981371594, .7240279761};
    const double se[] = {.01288514347, .004889257908, .01256737155,  .01390227431, .006796848424,
                         .01405964516, .01454048969,  .009784846793, .01560634507};
    vrk_aj_opt o = {.at = at, .n_at = 3, .tau = 240};
    vrk_ctx ctx = {0};
    vrk_transitions c;
    vrk_aj f;
    vrk_aj_errors e;
    if (!load(NULL, &r))
        T_SKIP("survival-r/mgus2.csv is not here");
    T_OK(vrk_transitions_count(&ctx, &r.spells, &c) == VRK_OK && r.spells.n == 1384);
    T_OK(vrk_aj_fit(&ctx, &c, &o, &f) == VRK_OK);
    T_OK(vrk_aj_ij(&ctx, &r.spells, &c, &o, &f, &e) == VRK_OK);
    for (int i = 0; i < 9; i++) {
        T_NEAR(f.p[i], p[i], 1e-9);
        T_NEAR(e.se[i], se[i], 1e-9);
        T_NEAR(vrk_aj_se(&f, i / 3, i % 3), se[i], 3e-4); /* Greenwood's is close */
    }
    vrk_aj_free(&f);
    vrk_aj_errors_free(&e);
    vrk_transitions_free(&c);
    vrk_arena_free(&ctx.scratch);
}

static void restricted_means_are_those_of_survfit(void)
{
    static rows r;
    const struct {
        const char *sex;
        double mean[3];
    } want[] = {{NULL, {110.58889942, 14.19054813, 115.22055245}},
                {"F", {118.24329571, 15.87940266, 105.87730163}},
                {"M", {104.10014832, 12.77632198, 123.12352970}}};
    for (int i = 0; i < 3; i++) {
        vrk_ctx ctx = {0};
        vrk_transitions c;
        vrk_aj f;
        if (!load(want[i].sex, &r))
            T_SKIP("survival-r/mgus2.csv is not here");
        T_OK(vrk_transitions_count(&ctx, &r.spells, &c) == VRK_OK);
        T_OK(vrk_aj_fit(&ctx, &c, &(vrk_aj_opt){.tau = 240}, &f) == VRK_OK);
        for (int s = 0; s < 3; s++)
            T_NEAR(f.mean[s], want[i].mean[s], 1e-9);
        T_NEAR(f.mean[0] + f.mean[1] + f.mean[2], 240., 1e-13);
        vrk_aj_free(&f);
        vrk_transitions_free(&c);
        vrk_arena_free(&ctx.scratch);
    }
}

T_MAIN(T_CASE(probabilities_and_errors_are_those_of_survfit),
       T_CASE(restricted_means_are_those_of_survfit))
