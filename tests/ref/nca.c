/* T24: nca.example, 28 countries (Dul 2016); METHODS 4.3. */
#include "stat/nca.h"
#include "tests/ref/table.h"
#include "tests/t.h"

static void t24_nca_example(void)
{
    const char *name[] = {"Individualism", "Risk taking"};
    const double ce[] = {.41551, .30942}, cr[] = {.30665, .28190}, a[] = {28.35271, -14.47770},
                 b[] = {2.23023, 2.64187};
    double x[28], y[28];
    vrk_ctx ctx = {.seed = 1};
    vrk_nca f;
    table t;
    if (!table_data("nca/nca.example.csv", &t))
        T_SKIP("no public data");
    T_OK(t.rows == 28);
    for (int k = 0; k < 2; k++) {
        for (int64_t i = 0; i < 28; i++) {
            x[i] = table_num(&t, i, name[k]);
            y[i] = table_num(&t, i, "Innovation performance");
        }
        T_OK(vrk_nca_fit(&ctx, 28, x, y, 999, &f) == VRK_OK);
        T_OK(fabs(f.d_ce - ce[k]) < 1e-4 && fabs(f.d_cr - cr[k]) < 1e-4);
        T_OK(fabs(f.intercept - a[k]) < 1e-4 && fabs(f.slope - b[k]) < 1e-4);
        T_OK((k > 0 || f.peers == 5) && f.p_ce > 0 && f.p_ce <= 1);
    }
    vrk_arena_free(&ctx.scratch);
    table_free(&t);
}

T_MAIN(T_CASE(t24_nca_example))
