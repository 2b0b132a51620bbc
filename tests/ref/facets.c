/* T27: R's TAM 4.3-25 on its own examples (METHODS 5.2): many facets on data.sim.mfr with
 * data.sim.facets, partial credit and generalised partial credit on data.gpcm, which is three items
 * of Science. Tolerances as METHODS gives them. */
#include "stat/facets.h"
#include "tests/ref/table.h"
#include "tests/t.h"

static void near_all(const double *got, const double *want, int64_t n, double tol)
{
    for (int64_t i = 0; i < n; i++) {
        if (!(fabs(got[i] - want[i]) <= tol))
            printf("# %" PRId64 ": %.6f, not %.6f\n", i, got[i], want[i]);
        T_OK(fabs(got[i] - want[i]) <= tol);
    }
}

enum { N = 100, ITEMS = 5, R = N * ITEMS };

static void t27_many_facets_of_tam(void)
{
    const double item[] = {.97130, -.60135, -.60135, -1.46265, 1.29346};
    const double rater[] = {-.05966, -.29497, .33107, -.27106, .29461};
    const double step[] = {-.08221, .17309, -.09088};
    static int32_t person[R], level[2 * R];
    static int8_t score[R];
    const int32_t levels[] = {ITEMS, 5};
    table x, f;
    if (!table_data("tam/data.sim.mfr.csv", &x) || !table_data("tam/data.sim.facets.csv", &f))
        T_SKIP("tam/data.sim.mfr.csv is not here");
    for (int i = 0; i < N; i++) {
        for (int j = 0; j < ITEMS; j++) {
            char col[8];
            int r = i + j * N;
            snprintf(col, sizeof(col), "V%d", j + 1);
            person[r] = i;
            level[r] = j;
            level[r + R] = (int32_t)table_num(&f, i, "rater") - 1;
            score[r] = (int8_t)table_num(&x, i, col);
        }
    }
    vrk_ratings d = {.n = R,
                     .persons = N,
                     .facets = 2,
                     .person = person,
                     .level = level,
                     .levels = levels,
                     .score = score};
    vrk_ctx ctx = {0};
    vrk_facets out;
    /* each person has one rater: what links raters is the normal distribution */
    T_OK(vrk_facets_fit(&ctx, &d, NULL, &out) == VRK_EINPUT);
    printf("# %s\n", ctx.message);
    T_OK(vrk_facets_fit(&ctx, &d, &(vrk_facets_opt){.accept_apart = true}, &out) == VRK_OK);
    T_OK(out.stop == VRK_STOP_GRAD && out.facet[1].parts == 5);
    near_all(out.facet[0].measure, item, 5, 2e-3);
    near_all(out.facet[1].measure, rater, 5, 2e-3);
    near_all(out.step, step, 3, 2e-3);
    near_all(&(double){out.spread * out.spread}, &(double){.749609}, 1, 2e-3);
    near_all(&out.deviance, &(double){1017.405}, 1, .01);
    near_all(&out.eap_reliability, &(double){.70198}, 1, 2e-3);
    vrk_facets_free(&out);
    vrk_arena_free(&ctx.scratch);
    table_free(&x);
    table_free(&f);
}

T_MAIN(T_CASE(t27_many_facets_of_tam))
