/* T21: FRONTIER 4.1's teaching example, 60 firms (Coelli 1996; EG1.OUT as shipped with the program,
 * and METHODS 4.1). Estimates and log-likelihoods to 1e-5; standard errors to 1 % of FRONTIER's,
 * but for gamma, where the updates of its quasi-Newton method are 1.5 % under the second
 * derivatives: there to 1e-5 of R 4.2.2's optimHess on the same likelihood, as are the others. */
#include "stat/frontier.h"
#include "tests/ref/table.h"
#include "tests/t.h"

enum { N = 60 };

static bool load(double *y, double *x)
{
    table t;
    if (!table_data("frontier/front41Data.csv", &t))
        return false;
    for (int i = 0; i < N; i++) {
        y[i] = log(table_num(&t, i, "output"));
        x[i] = 1;
        x[i + N] = log(table_num(&t, i, "capital"));
        x[i + 2 * N] = log(table_num(&t, i, "labour"));
    }
    table_free(&t);
    return true;
}

static void t21_half_normal_frontier_41(void)
{
    static double y[N], x[3 * N];
    const double coef[] = {.56161963, .28110205, .53647981, .21700046, .79720730};
    const double se[] = {.20261668, .047643365, .045251553, .063909106, .13642399};
    const double hessian[] = {.202578408, .047497717, .045173449, .064401462, .138508479};
    vrk_ctx ctx = {0};
    vrk_frontier f;
    if (!load(y, x))
        T_SKIP("no public data");
    vrk_frontier_data d = {.n = N, .p = 3, .y = y, .x = x};
    T_OK(vrk_frontier_fit(&ctx, &d, NULL, &f) == VRK_OK && f.stop == VRK_STOP_GRAD);
    for (int j = 0; j < 5; j++) {
        T_OK(fabs(f.coef[j] - coef[j]) < 1e-5);
        T_OK(fabs(f.se[j] / se[j] - 1) < 1e-2 || j == 4);
        T_OK(fabs(f.se[j] / hessian[j] - 1) < 1e-5);
    }
    T_OK(fabs(f.ll + 17.027229) < 1e-5 && fabs(f.ll_ols + 18.446849) < 1e-5);
    T_OK(fabs(f.lr - 2.8392402) < 1e-5);
    T_OK(f.p_value < .05 && f.p_value > .04 && !f.wrong_skew); /* over 2.706 */
    T_OK(fabs(f.skewness + .55404) < 1e-5);                    /* the package's olsSkewness */
    T_OK(fabs(f.mean_efficiency - .74056772) < 1e-5);
    T_OK(fabs(f.efficiency[0] - .65068880) < 1e-5);
    T_OK(fabs(f.efficiency[11] - .93739520) < 1e-5);
    T_OK(fabs(f.efficiency[34] - .35126244) < 1e-5);
    vrk_frontier_free(&f);
    vrk_arena_free(&ctx.scratch);
}

/* A flat ridge: METHODS asks for ll only. */
static void t21_truncated_normal(void)
{
    static double y[N], x[3 * N];
    vrk_ctx ctx = {0};
    vrk_frontier f;
    if (!load(y, x))
        T_SKIP("no public data");
    vrk_frontier_data d = {.n = N, .p = 3, .y = y, .x = x};
    T_OK(vrk_frontier_fit(&ctx, &d, &(vrk_frontier_opt){.truncated = true}, &f) == VRK_OK);
    T_OK(f.ll > -16.79567 - 1e-4);
    T_OK(f.restrictions == 2);
    vrk_frontier_free(&f);
    vrk_arena_free(&ctx.scratch);
}

/* With a column of ones as z the mean of u is the same for all: Battese & Coelli (1995) is then the
 * truncated normal. */
static void t21_effects_of_nothing_are_the_truncated_normal(void)
{
    static double y[N], x[3 * N];
    vrk_ctx ctx = {0};
    vrk_frontier f, g;
    if (!load(y, x))
        T_SKIP("no public data");
    vrk_frontier_data d = {.n = N, .p = 3, .y = y, .x = x}, e = d;
    e.z = x;
    e.q = 1;
    T_OK(vrk_frontier_fit(&ctx, &d, &(vrk_frontier_opt){.truncated = true}, &f) == VRK_OK);
    T_OK(vrk_frontier_fit(&ctx, &e, NULL, &g) == VRK_OK);
    T_NEAR(g.ll, f.ll, 1e-7);
    T_OK(fabs(g.coef[3] - f.mu) < 1e-2);
    for (int i = 0; i < N; i++)
        T_OK(fabs(g.efficiency[i] - f.efficiency[i]) < 1e-4);
    vrk_frontier_free(&f);
    vrk_frontier_free(&g);
    vrk_arena_free(&ctx.scratch);
}

T_MAIN(T_CASE(t21_half_normal_frontier_41), T_CASE(t21_truncated_normal),
       T_CASE(t21_effects_of_nothing_are_the_truncated_normal))
