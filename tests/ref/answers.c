/* What R's survival 3.5-3 says of its own data (R 4.2.2), to the digits printed: Kaplan and Meier's
 * curve of lung with its median and mean time, mgus2 after 360 months, causes of mgus2 given the
 * spike of protein; and mstate's aidssi (Putter, Fiocco & Geskus 2007) after five and ten years. */
#include "stat/aj.h"
#include "stat/cox.h"
#include "stat/km.h"
#include "tests/ref/table.h"
#include "tests/t.h"

enum { MOST = 1500 };

static double at[MOST], x[3 * MOST];
static uint8_t event[MOST];
static int32_t to[MOST];

static void lung(double sex, double events, double median, const double *mean)
{
    vrk_ctx ctx = {0};
    vrk_km km;
    table t;
    vrk_surv d = {.exit = at, .event = event};
    double seen = 0;
    T_OK(table_data("survival-r/lung.csv", &t));
    for (int64_t i = 0; i < t.rows; i++) {
        double own = table_num(&t, i, "sex");
        if (sex > 0 && (own < sex || own > sex))
            continue;
        at[d.n] = table_num(&t, i, "time");
        event[d.n] = table_num(&t, i, "status") > 1;
        seen += event[d.n++];
    }
    table_free(&t);
    T_OK(vrk_km_fit(&ctx, &d, NULL, &km) == VRK_OK && seen >= events && seen <= events);
    vrk_curve c = vrk_km_curve(&km);
    T_NEAR(vrk_curve_quantile(&c, .5, .95).mean, median, 0.);
    if (mean) {
        vrk_estimate m = vrk_km_mean(&km, 1022);
        T_OK(fabs(m.mean - mean[0]) < 5.1e-6 && fabs(m.se - mean[1]) < 5.1e-6);
    }
    vrk_km_free(&km);
    vrk_arena_free(&ctx.scratch);
}

static void kaplan_meier_of_lung(void)
{
    table t;
    if (!table_data("survival-r/lung.csv", &t))
        T_SKIP("survival-r/lung.csv is not here");
    table_free(&t);
    lung(0, 165, 310, (const double[]){376.27475, 19.70779});
    lung(1, 112, 270, NULL);
    lung(2, 53, 426, NULL);
}

/* Chances of the states at the times wanted, and their errors by the jackknife. */
static void chances(int64_t n, const double *when, const double *p, const double *se, double tol)
{
    vrk_ctx ctx = {0};
    vrk_transitions c;
    vrk_aj f;
    vrk_aj_errors e;
    vrk_spells s = {.n = n, .states = 3, .exit = at, .to = to};
    vrk_aj_opt o = {.at = when, .n_at = 2};
    T_OK(vrk_transitions_count(&ctx, &s, &c) == VRK_OK);
    T_OK(vrk_aj_fit(&ctx, &c, &o, &f) == VRK_OK);
    T_OK(vrk_aj_ij(&ctx, &s, &c, &o, &f, &e) == VRK_OK);
    for (int i = 0; i < 6; i++) {
        T_OK(isnan(p[i]) || fabs(f.p[i] - p[i]) < tol);
        T_OK(!se || fabs(e.se[i] - se[i]) < tol);
    }
    vrk_aj_free(&f);
    vrk_aj_errors_free(&e);
    vrk_transitions_free(&c);
    vrk_arena_free(&ctx.scratch);
}

static void mgus2_after_thirty_years(void)
{
    const double beta[] = {.01635219, -.00503002, .88407807},
                 errors[] = {.00837395, .18844988, .16521092};
    vrk_ctx ctx = {0};
    vrk_cox f;
    table t;
    int64_t n = 0;
    if (!table_data("survival-r/mgus2.csv", &t))
        T_SKIP("survival-r/mgus2.csv is not here");
    for (int64_t i = 0; i < t.rows; i++) {
        bool pcm = table_num(&t, i, "pstat") > 0, died = table_num(&t, i, "death") > 0;
        at[i] = table_num(&t, i, pcm ? "ptime" : "futime");
        to[i] = pcm ? 1 : died ? 2 : VRK_CENSORED;
    }
    chances(t.rows, (const double[]){240, 360},
            (const double[]){.1761583, .0998137, .724028, .0817501, .1340416, .784208},
            (const double[]){.0145405, .00978485, .0156063, .0223482, .02012756, .0209335}, 5.1e-7);
    for (int64_t i = 0; i < t.rows; i++) {
        double spike = table_num(&t, i, "mspike");
        if (isnan(spike))
            continue;
        at[n] = at[i];
        event[n] = to[i] == 1;
        x[n] = table_num(&t, i, "age");
        x[n + MOST] = !strcmp(table_text(&t, i, "sex"), "M");
        x[n++ + 2 * MOST] = spike;
    }
    memmove(x + n, x + MOST, (size_t)n * sizeof(double));
    memmove(x + 2 * n, x + 2 * MOST, (size_t)n * sizeof(double));
    vrk_cox_data d = {.n = n, .p = 3, .x = x, .exit = at, .event = event};
    T_OK(vrk_cox_fit(&ctx, &d, NULL, &f) == VRK_OK);
    for (int j = 0; j < 3; j++)
        T_OK(fabs(f.beta[j] - beta[j]) < 5.1e-9 && fabs(f.se[j] - errors[j]) < 5.1e-9);
    vrk_cox_free(&f);
    vrk_arena_free(&ctx.scratch);
    table_free(&t);
}

static void aidssi_after_five_and_ten_years(void)
{
    table t;
    if (!table_data("mstate/aidssi.csv", &t))
        T_SKIP("mstate/aidssi.csv is not here");
    for (int64_t i = 0; i < t.rows; i++) {
        int32_t status = (int32_t)table_num(&t, i, "status");
        at[i] = table_num(&t, i, "time");
        to[i] = status ? status : VRK_CENSORED;
    }
    chances(t.rows, (const double[]){5, 10},
            (const double[]){nan(""), .1297, .1576, nan(""), .3351, .3346}, NULL, 5.1e-5);
    table_free(&t);
}

T_MAIN(T_CASE(kaplan_meier_of_lung), T_CASE(mgus2_after_thirty_years),
       T_CASE(aidssi_after_five_and_ten_years))
