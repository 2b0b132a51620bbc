/* T14: the first 312 of the Mayo clinic's trial in primary biliary cirrhosis, mean time to death
 * within 10 years by arm: the example of R's survRM2 (METHODS 1.7; R 4.2.2). Given to five decimals
 * and six digits: tolerance 5e-6 and 5e-7. */
#include "stat/aj.h"
#include "stat/km.h"
#include "tests/ref/table.h"
#include "tests/t.h"

static void restricted_means_are_those_of_survrm2(void)
{
    const double mean[] = {7.28342, 7.14649}, se[] = {.295478, .282775};
    vrk_estimate both[2];
    table t;
    if (!table_data("survival-r/pbc.csv", &t))
        T_SKIP("survival-r/pbc.csv is not here");
    for (int arm = 0; arm < 2; arm++) {
        double years[312];
        uint8_t event[312];
        int32_t to[312];
        vrk_surv s = {.exit = years, .event = event};
        vrk_ctx ctx = {0};
        vrk_transitions c;
        vrk_aj f;
        vrk_km km;
        for (int64_t i = 0; i < 312; i++) {
            if (fabs(table_num(&t, i, "trt") - (arm ? 1 : 2)) > .5)
                continue;
            years[s.n] = table_num(&t, i, "time") / 365.25;
            event[s.n] = table_num(&t, i, "status") > 1.5;
            to[s.n] = event[s.n] ? 1 : VRK_CENSORED;
            s.n++;
        }
        T_OK(vrk_km_fit(&ctx, &s, NULL, &km) == VRK_OK && km.last > 10);
        vrk_estimate rmst = both[arm] = vrk_km_mean(&km, 10);
        T_NEAR(rmst.mean, mean[arm], 5e-6);
        T_NEAR(rmst.se, se[arm], 5e-7);
        vrk_spells spells = {.n = s.n, .states = 2, .exit = years, .to = to};
        T_OK(vrk_transitions_count(&ctx, &spells, &c) == VRK_OK);
        T_OK(vrk_aj_fit(&ctx, &c, &(vrk_aj_opt){.tau = 10}, &f) == VRK_OK);
        T_NEAR(f.mean[0], rmst.mean, 1e-13); /* one way to say it */
        T_NEAR(vrk_aj_mean_se(&f, 0), rmst.se, 1e-13);
        vrk_km_free(&km);
        vrk_aj_free(&f);
        vrk_transitions_free(&c);
        vrk_arena_free(&ctx.scratch);
    }
    vrk_estimate more = vrk_estimate_less(both[1], both[0]); /* printed: -.137 (-.939, .665) */
    T_NEAR(more.mean, -.13693, 1e-5);
    T_NEAR(more.mean - 1.959964 * more.se, -.939, 5e-4);
    T_NEAR(more.mean + 1.959964 * more.se, .665, 5e-4);
    table_free(&t);
}

T_MAIN(T_CASE(restricted_means_are_those_of_survrm2))
