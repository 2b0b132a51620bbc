/* Markov models of snapshots against R's msm 1.7 (Jackson 2011, J Stat Softw 38(8)) on its own data
 * sets, numbers by msm.R into msm_numbers.h: psoriatic arthritis (with covariates), aneurysms
 * (states to and fro), lung transplants (dates of deaths, snapshots alone, sets of states, whole
 * histories). R's searches end up to 1e-4 of a standard error short of the top, on ll not above
 * ours: betas 1e-4 of their errors, errors 2e-5 of themselves, ll 1e-7 and not below R's. */
#include "stat/msm.h"
#include "tests/ref/msm_numbers.h"
#include "tests/ref/table.h"
#include "tests/t.h"

enum { MOST = 4400 };

typedef struct {
    vrk_msm_data d;
    int32_t subject[MOST], state[MOST];
    double time[MOST], x[2 * MOST];
    uint8_t kind[MOST];
} rows;

static rows r;

static bool load(const char *name, const char *time, int32_t states, table *t)
{
    int32_t subject = -1;
    if (!table_data(name, t))
        return false;
    memset(&r, 0, sizeof(r));
    r.d = (vrk_msm_data){
        .n = t->rows, .states = states, .subject = r.subject, .time = r.time, .state = r.state};
    for (int64_t i = 0; i < t->rows; i++) {
        const char *who = table_text(t, i, "ptnum");
        if (i == 0 || strcmp(who, table_text(t, i - 1, "ptnum")) != 0)
            subject++;
        r.subject[i] = subject;
        r.time[i] = table_num(t, i, time);
        r.state[i] = (int32_t)table_num(t, i, "state") - 1;
    }
    r.d.subjects = subject + 1;
    return true;
}

static void near(const char *what, double got, double want, double tol)
{
    bool good = fabs(got - want) <= tol;
    if (!good)
        printf("# %s: %.10g, not %.10g\n", what, got, want);
    T_OK(good);
}

/* R's order is covariate by covariate, ours transition by transition. */
static void against(vrk_ctx *ctx, const double *beta, const double *se, const double *ll)
{
    vrk_msm f;
    T_OK(vrk_msm_fit(ctx, &r.d, NULL, &f) == VRK_OK);
    if (!f.beta) {
        printf("# %s\n", ctx->message);
        return;
    }
    T_OK(f.stop == VRK_STOP_GRAD && f.rank == f.transitions * (1 + f.p));
    T_OK(f.gradient < 1e-5 && f.ll > *ll - 1e-8);
    near("ll", f.ll, *ll, 1e-7);
    for (int64_t i = 0; i < f.transitions * (1 + f.p); i++) {
        int64_t at = i / f.transitions + i % f.transitions * (1 + f.p);
        near("beta", f.beta[at], beta[i], 1e-4 * se[i]);
        near("se", f.se[at], se[i], 2e-5 * se[i]);
    }
    vrk_msm_free(&f);
}

static void psoriatic_arthritis_with_covariates(void)
{
    const int32_t from[] = {0, 1, 2}, into[] = {1, 2, 3};
    vrk_ctx ctx = {0};
    vrk_msm f;
    table t;
    double p[16], se[16];
    if (!load("msm/psor.csv", "months", 4, &t))
        T_SKIP("msm/psor.csv is not here");
    r.d.transitions = 3;
    r.d.from = from;
    r.d.into = into;
    against(&ctx, psor_beta, psor_se, psor_ll);
    T_OK(vrk_msm_fit(&ctx, &r.d, NULL, &f) == VRK_OK);
    T_OK(vrk_msm_chances(&ctx, &f, NULL, 5, p, se) == VRK_OK);
    for (int i = 0; i < 16; i++) {
        near("chance", p[i], psor_chance[i], 2e-6);
        near("its error", se[i], psor_chance_se[i], 1e-6);
    }
    vrk_msm_free(&f);
    r.d.p = 2;
    r.d.x = r.x;
    r.d.n = 0;
    for (int64_t i = 0; i < t.rows; i++) { /* rows without covariates go, as in msm.R */
        int64_t n = r.d.n;
        r.x[n] = table_num(&t, i, "hieffusn");
        r.x[n + MOST] = table_num(&t, i, "ollwsdrt");
        r.subject[n] = r.subject[i];
        r.time[n] = r.time[i];
        r.state[n] = r.state[i];
        r.d.n += !isnan(r.x[n]) && !isnan(r.x[n + MOST]);
    }
    memmove(r.x + r.d.n, r.x + MOST, (size_t)r.d.n * sizeof(double));
    against(&ctx, psor_x_beta, psor_x_se, psor_x_ll);
    table_free(&t);
    vrk_arena_free(&ctx.scratch);
}

static void aneurysms_to_and_fro(void)
{
    const int32_t from[] = {0, 1, 1, 2, 2, 3}, into[] = {1, 0, 2, 1, 3, 2};
    vrk_ctx ctx = {0};
    table t;
    if (!load("msm/aneur.csv", "age", 4, &t))
        T_SKIP("msm/aneur.csv is not here");
    r.d.transitions = 6;
    r.d.from = from;
    r.d.into = into;
    against(&ctx, aneur_beta, aneur_se, aneur_ll);
    table_free(&t);
    vrk_arena_free(&ctx.scratch);
}

static void lung_transplants_with_dates_of_deaths_sets_and_histories(void)
{
    const int32_t from[] = {0, 0, 1, 1, 2, 2, 3}, into[] = {1, 4, 2, 4, 3, 4, 4};
    const bool alive[] = {true, true, true, true, false};
    vrk_ctx ctx = {0};
    table t;
    if (!load("msm/bos.csv", "time", 5, &t))
        T_SKIP("msm/bos.csv is not here");
    r.d.transitions = 7;
    r.d.from = from;
    r.d.into = into;
    against(&ctx, bos_snapshot_beta, bos_snapshot_se, bos_snapshot_ll);
    r.d.kind = r.kind;
    for (int64_t i = 0; i < t.rows; i++)
        r.kind[i] = r.state[i] == 4 ? VRK_ENTERED : VRK_SEEN;
    against(&ctx, bos_beta, bos_se, bos_ll);
    r.d.sets = 1;
    r.d.set = alive;
    for (int64_t i = 0; i < t.rows; i++) {
        bool first = i == 0 || r.subject[i] != r.subject[i - 1];
        if ((i + 1) % 4 == 0 && !first && r.state[i] < 4)
            r.state[i] = 5;
    }
    against(&ctx, bos_sets_beta, bos_sets_se, bos_sets_ll);
    table_free(&t);
    T_OK(load("msm/bos.csv", "time", 5, &t));
    r.d.transitions = 7;
    r.d.from = from;
    r.d.into = into;
    r.d.kind = r.kind;
    memset(r.kind, VRK_MOVED, sizeof(r.kind));
    against(&ctx, exact_beta, exact_se, exact_ll);
    table_free(&t);
    vrk_arena_free(&ctx.scratch);
}

T_MAIN(T_CASE(psoriatic_arthritis_with_covariates), T_CASE(aneurysms_to_and_fro),
       T_CASE(lung_transplants_with_dates_of_deaths_sets_and_histories))
