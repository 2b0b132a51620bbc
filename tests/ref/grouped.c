/* T13: mgus2 in twelve-month intervals, at most 20 (follow-up of 0 months counts in the first).
 * METHODS 1.7, R 4.2.2: glm with cloglog by cause, multinomial logit, life table: to their digits,
 * 1e-5 at most. The multinomial betas printed there are where nnet stopped (male, pcm 1.3e-5 short
 * of the top); the top itself by Newton's method written out in R 4.2.2: 1e-9. */
#include "stat/grouped.h"
#include "stat/aj.h"
#include "tests/ref/table.h"
#include "tests/t.h"

enum { YEARS = 20, P = YEARS + 2, ROWS = 11222 };

static double x[ROWS * P], risk[ROWS], events[ROWS * 2], deaths[ROWS];

static bool load(void)
{
    table t;
    int64_t n = 0;
    if (!table_data("survival-r/mgus2.csv", &t))
        return false;
    memset(x, 0, sizeof(x));
    memset(events, 0, sizeof(events));
    for (int64_t i = 0; i < t.rows; i++) {
        bool pcm = table_num(&t, i, "pstat") > 0, died = table_num(&t, i, "death") > 0;
        int last = (int)fmax(ceil(table_num(&t, i, pcm ? "ptime" : "futime") / 12), 1);
        for (int k = 1; k <= YEARS && k <= last; k++, n++) {
            x[n] = 1;
            if (k > 1)
                x[n + (k - 1) * ROWS] = 1;
            x[n + YEARS * ROWS] = table_num(&t, i, "age") - 70;
            x[n + (YEARS + 1) * ROWS] = !strcmp(table_text(&t, i, "sex"), "M");
            risk[n] = 1;
            events[n] = k == last && pcm;
            deaths[n] = events[n + ROWS] = k == last && died && !pcm;
        }
    }
    table_free(&t);
    T_OK(n == ROWS);
    return true;
}

static void near(const char *what, double got, double want, double tol)
{
    bool good = fabs(got - want) <= tol;
    if (!good)
        printf("# %s: %.9g, not %.9g\n", what, got, want);
    T_OK(good);
}

static void causes_apart_are_those_of_glm(void)
{
    const double want[2][5] = {{.0132452, .0083860, -.0105459, .1921447, -610.1888},
                               {.0653353, .0036412, .3893943, .0701114, -2779.403}};
    vrk_ctx ctx = {0};
    if (!load())
        T_SKIP("survival-r/mgus2.csv is not here");
    for (int c = 0; c < 2; c++) {
        vrk_grouped f;
        vrk_grouped_data d = {
            .n = ROWS, .p = P, .ends = 1, .x = x, .risk = risk, .events = c ? deaths : events};
        T_OK(vrk_grouped_fit(&ctx, &d, NULL, &f) == VRK_OK);
        near("age", f.beta[YEARS], want[c][0], 1e-6);
        near("its error", f.se[YEARS], want[c][1], 1e-5);
        near("male", f.beta[YEARS + 1], want[c][2], 1e-6);
        near("its error", f.se[YEARS + 1], want[c][3], 1e-5);
        near("ll", f.ll, want[c][4], 6e-4);
        vrk_grouped_free(&f);
    }
    vrk_arena_free(&ctx.scratch);
}

static void causes_together_are_those_of_multinomial_logit(void)
{
    vrk_ctx ctx = {0};
    vrk_grouped f;
    if (!load())
        T_SKIP("survival-r/mgus2.csv is not here");
    vrk_grouped_data d = {.n = ROWS, .p = P, .ends = 2, .x = x, .risk = risk, .events = events};
    T_OK(vrk_grouped_fit(&ctx, &d, &(vrk_grouped_opt){.link = VRK_GROUPED_ODDS}, &f) == VRK_OK);
    near("age, pcm", f.beta[YEARS], .01793970936, 1e-9);
    near("age, death", f.beta[YEARS + P], .06855923493, 1e-9);
    near("male, pcm", f.beta[YEARS + 1], .02066586716, 1e-9);
    near("male, death", f.beta[YEARS + 1 + P], .41005302631, 1e-9);
    near("error of age, pcm", f.se[YEARS], .008572569387, 1e-9);
    near("error of male, death", f.se[YEARS + 1 + P], .074472850714, 1e-9);
    near("age, pcm, printed", f.beta[YEARS], .0179382, 1e-5);
    near("age, death, printed", f.beta[YEARS + P], .0685603, 1e-5);
    near("male, pcm, printed", f.beta[YEARS + 1], .0206527, 2e-5);
    near("male, death, printed", f.beta[YEARS + 1 + P], .4100551, 1e-5);
    near("ll", f.ll, -3380.568, 6e-4);
    vrk_grouped_free(&f);
    vrk_arena_free(&ctx.scratch);
}

static void the_life_table_is_that_of_counts_by_year(void)
{
    const int32_t from[] = {0, 0}, to[] = {1, 2};
    double time[YEARS], at_risk[YEARS * 3] = {0}, moved[YEARS * 2] = {0};
    vrk_ctx ctx = {0};
    vrk_aj f;
    if (!load())
        T_SKIP("survival-r/mgus2.csv is not here");
    for (int64_t i = 0; i < ROWS; i++) {
        int k = 0;
        for (int j = 1; j < YEARS; j++)
            k = x[i + j * ROWS] > 0 ? j : k;
        at_risk[k * 3]++;
        moved[k * 2] += events[i];
        moved[k * 2 + 1] += events[i + ROWS];
    }
    for (int k = 0; k < YEARS; k++)
        time[k] = k + 1;
    vrk_transitions c = {.states = 3,
                         .kinds = 2,
                         .from = from,
                         .to = to,
                         .m = YEARS,
                         .time = time,
                         .risk = at_risk,
                         .moved = moved};
    T_OK(vrk_aj_fit(&ctx, &c, NULL, &f) == VRK_OK);
    near("stay", f.p[(f.m - 1) * 3], .187412, 1e-6);
    near("pcm", f.p[(f.m - 1) * 3 + 1], .097899, 1e-6);
    near("death", f.p[(f.m - 1) * 3 + 2], .714689, 1e-6);
    vrk_aj_free(&f);
    vrk_arena_free(&ctx.scratch);
}

T_MAIN(T_CASE(causes_apart_are_those_of_glm),
       T_CASE(causes_together_are_those_of_multinomial_logit),
       T_CASE(the_life_table_is_that_of_counts_by_year))
