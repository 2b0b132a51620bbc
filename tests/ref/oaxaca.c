/* T20: oaxaca::chicago, native less foreign born, 666 complete rows; METHODS 3 (its printed
 * digits). */
#include "stat/gap.h"
#include "tests/ref/table.h"
#include "tests/t.h"

enum { MOST = 712, P = 7 };
static double y[2][MOST], x[2][MOST * P];

static void t20_chicago(void)
{
    const char *name[] = {"age", "female", "LTHS", "some.college", "college", "advanced.degree"};
    const double part[] = {.0769436, .1222297, -.0558075}, se[] = {.0296861, .0454995, .0384042};
    int64_t n[2] = {0}, at[2] = {0};
    vrk_ctx ctx = {0};
    vrk_oaxaca o;
    table t;
    if (!table_data("oaxaca/chicago.csv", &t))
        T_SKIP("no public data");
    for (int pass = 0; pass < 2; pass++) {
        for (int64_t i = 0; i < t.rows; i++) {
            int g = table_num(&t, i, "foreign.born") > .5;
            if (!*table_text(&t, i, "ln.real.wage"))
                continue;
            if (pass == 0) {
                n[g]++;
                continue;
            }
            y[g][at[g]] = table_num(&t, i, "ln.real.wage");
            x[g][at[g]] = 1;
            for (int j = 1; j < P; j++)
                x[g][at[g] + j * n[g]] = table_num(&t, i, name[j - 1]);
            at[g]++;
        }
    }
    T_OK(n[0] + n[1] == 666);
    vrk_oaxaca_group one = {n[0], y[0], x[0]}, two = {n[1], y[1], x[1]};
    T_OK(vrk_gap_oaxaca(&ctx, P, &one, &two, &o) == VRK_OK);
    T_OK(fabs(o.mean1 - 2.696725) < 1e-6 && fabs(o.mean2 - 2.553360) < 1e-6);
    T_OK(fabs(o.difference - .1433657) < 1e-6);
    for (int j = 0; j < 3; j++) {
        T_OK(fabs(o.part[j] - part[j]) < 1e-6);
        T_OK(fabs(o.se[j] - se[j]) < 1e-6);
    }
    T_OK(fabs(o.explained - .0500139) < 1e-6 && fabs(o.unexplained - .0933518) < 1e-6);
    T_NEAR(o.part[0] + o.part[1] + o.part[2], o.difference, 1e-12);
    vrk_oaxaca_free(&o);
    vrk_arena_free(&ctx.scratch);
    table_free(&t);
}

T_MAIN(T_CASE(t20_chicago))
