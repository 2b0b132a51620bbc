/* Shared frailty against R's survival: kidney, rats (females) and eortc (data of coxme), gamma and
 * log-normal, numbers by frailty.R into frailty_numbers.h; and what coxph's own search prints
 * (reference answers of survival 3.5-3, sparse fits: theta to three digits, errors of betas
 * approximate there). R's one-dimensional search is good to about 1e-5 in log theta: theta 1e-4,
 * betas and errors 2e-5, ll 1e-6. */
#include "stat/frailty.h"
#include "tests/ref/frailty_numbers.h"
#include "tests/ref/table.h"
#include "tests/t.h"

enum { MOST = 2400 };

typedef struct {
    vrk_cox_data d;
    double x[2 * MOST], exit[MOST];
    uint8_t event[MOST];
    int32_t group[MOST];
} rows;

static rows r;

/* Columns of the file: time, event, group, covariates. */
static bool load(const char *name, const char *const *column, int64_t p, bool females)
{
    table t;
    if (!table_data(name, &t))
        return false;
    memset(&r, 0, sizeof(r));
    r.d = (vrk_cox_data){
        .p = p, .x = r.x, .exit = r.exit, .event = r.event, .cluster = r.group, .clusters = 120};
    for (int64_t i = 0; i < t.rows; i++) {
        int64_t n = r.d.n;
        if (females && strcmp(table_text(&t, i, "sex"), "f") != 0)
            continue;
        r.exit[n] = table_num(&t, i, column[0]);
        r.event[n] = table_num(&t, i, column[1]) > .5;
        r.group[n] = (int32_t)table_num(&t, i, column[2]);
        for (int64_t j = 0; j < p; j++)
            r.x[n + j * MOST] = table_num(&t, i, column[3 + j]);
        r.d.n++;
    }
    memmove(r.x + r.d.n, r.x + MOST, (size_t)r.d.n * sizeof(double));
    table_free(&t);
    return true;
}

static void near(const char *what, double got, double want, double tol)
{
    bool good = fabs(got - want) <= tol;
    if (!good)
        printf("# %s: %.10g, not %.10g\n", what, got, want);
    T_OK(good);
}

static void against(vrk_frailty_kind kind, vrk_ties ties, const double *beta, const double *se,
                    const double *theta_ll)
{
    vrk_ctx ctx = {0};
    vrk_frailty f;
    T_OK(vrk_frailty_fit(&ctx, &r.d, &(vrk_frailty_opt){.kind = kind, .ties = ties}, &f) == VRK_OK);
    T_OK(f.stop == VRK_STOP_GRAD && f.gradient < 1e-5 && f.ll > f.ll_none);
    for (int64_t j = 0; j < f.p; j++) {
        near("beta", f.beta[j], beta[j], 2e-5);
        near("se", f.se[j], se[j], 2e-5);
    }
    near("theta", f.theta, theta_ll[0], 1e-4 * theta_ll[0]);
    near("ll", f.ll, theta_ll[1], 1e-6);
    vrk_frailty_free(&f);
    vrk_arena_free(&ctx.scratch);
}

static void kidney_infections(void)
{
    const char *const column[] = {"time", "status", "id", "age", "sex"};
    vrk_ctx ctx = {0};
    vrk_frailty f;
    if (!load("survival-r/kidney.csv", column, 2, false))
        T_SKIP("survival-r/kidney.csv is not here");
    against(VRK_FRAILTY_GAMMA, VRK_EFRON, kidney_gamma_beta, kidney_gamma_se,
            kidney_gamma_theta_ll);
    against(VRK_FRAILTY_GAMMA, VRK_BRESLOW, kidney_breslow_gamma_beta, kidney_breslow_gamma_se,
            kidney_breslow_gamma_theta_ll);
    against(VRK_FRAILTY_LOGNORMAL, VRK_EFRON, kidney_gaussian_beta, kidney_gaussian_se,
            kidney_gaussian_theta_ll);
    against(VRK_FRAILTY_LOGNORMAL, VRK_BRESLOW, kidney_breslow_gaussian_beta,
            kidney_breslow_gaussian_se, kidney_breslow_gaussian_theta_ll);
    T_OK(vrk_frailty_fit(&ctx, &r.d, NULL, &f) == VRK_OK); /* coxph prints .412, -181.6 */
    near("theta printed", f.theta, .412, .005);
    near("ll printed", f.ll, -181.6, .05);
    near("beta printed", f.beta[1], -1.58749, .005);
    vrk_frailty_free(&f);
    vrk_arena_free(&ctx.scratch);
}

static void litters_of_rats(void)
{
    const char *const column[] = {"time", "status", "litter", "rx"};
    vrk_ctx ctx = {0};
    vrk_frailty f;
    if (!load("survival-r/rats.csv", column, 1, true))
        T_SKIP("survival-r/rats.csv is not here");
    against(VRK_FRAILTY_GAMMA, VRK_EFRON, rats_gamma_beta, rats_gamma_se, rats_gamma_theta_ll);
    against(VRK_FRAILTY_LOGNORMAL, VRK_EFRON, rats_gaussian_beta, rats_gaussian_se,
            rats_gaussian_theta_ll);
    T_OK(vrk_frailty_fit(&ctx, &r.d, NULL, &f) == VRK_OK); /* coxph prints .499, -180.8, .914 */
    near("theta printed", f.theta, .499, 5e-4);
    near("ll printed", f.ll, -180.8, .05);
    near("beta printed", f.beta[0], .914, 5e-4);
    near("se printed", f.se[0], .323, 5e-4);
    vrk_frailty_free(&f);
    vrk_arena_free(&ctx.scratch);
}

static void centres_of_a_trial(void)
{
    const char *const column[] = {"y", "uncens", "center", "trt"};
    if (!load("coxme/eortc.csv", column, 1, false))
        T_SKIP("coxme/eortc.csv is not here");
    against(VRK_FRAILTY_GAMMA, VRK_EFRON, eortc_gamma_beta, eortc_gamma_se, eortc_gamma_theta_ll);
    against(VRK_FRAILTY_LOGNORMAL, VRK_EFRON, eortc_gaussian_beta, eortc_gaussian_se,
            eortc_gaussian_theta_ll);
}

T_MAIN(T_CASE(kidney_infections), T_CASE(litters_of_rats), T_CASE(centres_of_a_trial))
