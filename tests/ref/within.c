/* T18: Grunfeld, R's plm 2.6-2 (R 4.2.2); METHODS 2.5, to the digits printed there. */
#include "stat/within.h"
#include "tests/ref/table.h"
#include "tests/t.h"

enum { N = 200 };

static void t18_grunfeld(void)
{
    char folder[2048], path[4096];
    static double y[N], x[2 * N];
    static int64_t unit[N];
    vrk_ctx ctx = {0};
    vrk_within f;
    table t;
    if (!ran_r("plm.R", folder, sizeof(folder)))
        T_SKIP("R with plm is not here");
    snprintf(path, sizeof(path), "%s/grunfeld.csv", folder);
    T_OK(table_read(path, &t) && t.rows == N);
    for (int64_t i = 0; i < N; i++) {
        y[i] = table_num(&t, i, "inv");
        x[i] = table_num(&t, i, "value");
        x[i + N] = table_num(&t, i, "capital");
        unit[i] = (int64_t)table_num(&t, i, "firm") - 1;
    }
    vrk_panel d = {.n = N, .p = 2, .y = y, .x = x, .unit = unit};
    T_OK(vrk_within_fit(&ctx, &d, &f) == VRK_OK && f.units == 10);
    T_OK(fabs(f.within[0] - .1101238) < 1e-6 && fabs(f.within[1] - .3100653) < 1e-6);
    T_OK(fabs(f.se_within[0] - .0118567) < 1e-6 && fabs(f.se_within[1] - .0173545) < 1e-6);
    T_OK(fabs(f.between[0] - .1346461) < 1e-6 && fabs(f.between[1] - .0320315) < 1e-6);
    T_OK(fabs(f.random[0] + 57.83441) < 1e-5 && fabs(f.random[1] - .1097812) < 1e-6);
    T_OK(fabs(f.random[2] - .3081130) < 1e-6);
    T_OK(fabs(f.contextual[0] - .0245223) < 1e-6 && fabs(f.contextual[1] + .2780339) < 1e-6);
    T_OK(fabs(f.hausman - 2.3304) < 1e-4 && fabs(f.p_hausman - .3119) < 1e-4);
    T_OK(fabs(f.var_idios - 2784.46) < .01 && fabs(f.var_unit - 7089.80) < .01);
    T_OK(fabs(f.theta - .8612) < 1e-4);
    vrk_within_free(&f);
    vrk_arena_free(&ctx.scratch);
    table_free(&t);
}

T_MAIN(T_CASE(t18_grunfeld))
