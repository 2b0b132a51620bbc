/* Adaptive Gauss-Hermite quadrature: against sums over a fine grid, its gradient, sparse binary
 * clusters, refusals. */
#include <string.h>

#include "base/rng.h"
#include "stat/glmm_parts.h"
#include "tests/t.h"

enum { N = 900, G = 300 };

typedef struct {
    double x[2 * N], y[N], size[N], z[N];
    int32_t a[N];
    vrk_glmm_term term;
    vrk_glmm_data d;
} made;

/* Three binary trials a level, sd 1.5. */
static void make(made *m, vrk_glmm_family family, uint64_t seed)
{
    vrk_rng r = vrk_rng_of(seed, (uint64_t)family, 77);
    double u = 0;
    for (int i = 0; i < N; i++) {
        m->a[i] = i / 3;
        u = i % 3 ? u : 1.5 * vrk_rng_normal(&r);
        m->x[i] = m->z[i] = m->size[i] = 1;
        m->x[N + i] = (double)(i % 3) - 1;
        double eta = -0.5 + 0.8 * m->x[N + i] + u;
        double p = family == VRK_GLMM_LOGIT ? 1 / (1 + exp(-eta)) : 1 - exp(-exp(eta));
        m->y[i] = vrk_rng_chance(&r, p);
        if (family == VRK_GLMM_POISSON)
            m->y[i] += vrk_rng_chance(&r, p / 2);
    }
    m->term = (vrk_glmm_term){.levels = G, .level = m->a};
    m->d = (vrk_glmm_data){
        .n = N, .p = 2, .x = m->x, .y = m->y, .size = m->size, .terms = 1, .term = &m->term};
}

static double cell(vrk_glmm_family family, double y, double eta)
{
    double mu = exp(eta);
    if (family == VRK_GLMM_POISSON)
        return y * eta - mu - lgamma(y + 1);
    double p = family == VRK_GLMM_LOGIT ? mu / (1 + mu) : -expm1(-mu);
    return y > 0 ? log(p) : family == VRK_GLMM_LOGIT ? -log1p(mu) : -mu;
}

/* The integral over each level's u by 800 steps over ten standard deviations each way. */
static double slow(const made *m, vrk_glmm_family family, const double *beta, double sd)
{
    double all = 0;
    for (int g = 0; g < G; g++) {
        double sum = 0, step = 20.0 / 800;
        for (int k = 0; k <= 800; k++) {
            double s = -10 + k * step, ll = -s * s / 2;
            for (int i = 3 * g; i < 3 * g + 3; i++) {
                double eta = beta[0] + beta[1] * m->x[N + i] + m->z[i] * s * sd;
                ll += m->a[i] == g ? cell(family, m->y[i], eta) : 0;
            }
            sum += step * exp(ll) / sqrt(2 * M_PI);
        }
        all += log(sum);
    }
    for (int i = 0; i < N; i++)
        all += m->a[i] < 0 ? cell(family, m->y[i], beta[0] + beta[1] * m->x[N + i]) : 0;
    return all;
}

static void is_the_integral_over_a_fine_grid(void)
{
    static made m;
    vrk_ctx ctx = {0};
    for (int e = 0; e < 3; e++) {
        vrk_glmm_opt opt = {
            .family = (vrk_glmm_family)(VRK_GLMM_LOGIT + e), .mode = VRK_GLMM_ML, .agq = 60};
        vrk_glmm fit;
        make(&m, opt.family, 1);
        for (int i = 0; i < N; i++) {
            m.a[i] = i < 6 ? -1 : m.a[i];
            m.z[i] = 0.8 + 0.1 * (double)(i % 5);
        }
        m.term.z = m.z;
        T_OK(vrk_glmm_fit(&ctx, &m.d, &opt, &fit) == VRK_OK);
        T_OK(fit.stop == VRK_STOP_GRAD);
        T_NEAR(fit.ll, slow(&m, opt.family, fit.beta, fit.term[0].sd[0]), 1e-9);
        vrk_glmm_free(&fit);
    }
    vrk_arena_free(&ctx.scratch);
}

/* With five points the value is some way from the integral, and the gradient must still be the
 * value's own. */
static void the_gradient_is_that_of_differences(void)
{
    static made m;
    static bool dropped[2];
    for (int e = 0; e < 3; e++) {
        vrk_ctx ctx = {0};
        vrk_glmm out = {.p = 2, .dropped = dropped};
        glmm_model model;
        glmm_state s;
        double x[3] = {-0.3, 0.5, 0.2}, g[3], other[3], f[4];
        vrk_glmm_opt opt = {
            .family = (vrk_glmm_family)(VRK_GLMM_LOGIT + e), .mode = VRK_GLMM_ML, .agq = 5};
        make(&m, opt.family, 1);
        m.term.z = m.x + N; /* a slope: 0 for some cells */
        T_OK(vrk_glmm_model_new(&ctx, &m.d, &opt, &out, &model) == VRK_OK);
        T_OK(vrk_glmm_state_new(&ctx, &model, &s) == VRK_OK);
        T_OK(vrk_glmm_agq_new(&ctx, &model, &s.agq) == VRK_OK);
        s.polish = 2;
        T_OK(vrk_glmm_objective(&ctx, x, f, g, &s) == VRK_OK);
        for (int k = 0; k < 3; k++) {
            double was = x[k], h = 4e-3;
            for (int a = 0; a < 4; a++) {
                x[k] = was + (a < 2 ? a - 2 : a - 1) * h;
                T_OK(vrk_glmm_objective(&ctx, x, f + a, other, &s) == VRK_OK);
            }
            x[k] = was;
            double slope = (f[0] - 8 * f[1] + 8 * f[2] - f[3]) / (12 * h);
            if (!(fabs(slope - g[k]) < 1e-6 * (1 + fabs(slope))))
                printf("# family %d parameter %d: %.10g %.10g\n", e + 1, k, g[k], slope);
            T_OK(fabs(slope - g[k]) < 1e-6 * (1 + fabs(slope)));
        }
        vrk_glmm_state_free(&s);
        vrk_arena_free(&model.mem);
        vrk_arena_free(&ctx.scratch);
    }
}

/* True sd 1.5, six worlds: Laplace falls short of the likelihood's top by about a tenth, whose mean
 * is within its error of the truth. */
static void sparse_binary_clusters_are_not_biased(void)
{
    static made m;
    enum { WORLDS = 6 };
    vrk_ctx ctx = {0};
    double laplace = 0, quadrature = 0, var = 0;
    for (uint64_t e = 0; e < WORLDS; e++) {
        static const int agq[] = {0, 1, 25};
        vrk_glmm fit[3];
        make(&m, VRK_GLMM_LOGIT, e);
        for (int k = 0; k < 3; k++) {
            vrk_glmm_opt opt = {.family = VRK_GLMM_LOGIT, .mode = VRK_GLMM_ML, .agq = agq[k]};
            T_OK(vrk_glmm_fit(&ctx, &m.d, &opt, fit + k) == VRK_OK);
        }
        T_OK(fit[0].ll == fit[1].ll);
        laplace += log(fit[0].term[0].sd[0] / 1.5) / WORLDS;
        quadrature += log(fit[2].term[0].sd[0] / 1.5) / WORLDS;
        var += fit[2].theta_cov[fit[2].h * fit[2].h - 1] / (WORLDS * WORLDS);
        for (int k = 0; k < 3; k++)
            vrk_glmm_free(fit + k);
    }
    printf("# log sd off by: Laplace %.4f, quadrature %.4f (%.4f)\n", laplace, quadrature,
           sqrt(var));
    T_OK(fabs(quadrature) < 2.5 * sqrt(var));
    T_OK(laplace < quadrature - 0.08);
    vrk_arena_free(&ctx.scratch);
}

static void refuses_what_it_is_not_for(void)
{
    static made m;
    vrk_ctx ctx = {0};
    vrk_glmm fit;
    vrk_glmm_term two[2];
    make(&m, VRK_GLMM_LOGIT, 1);
    const vrk_glmm_opt bad[] = {{.family = VRK_GLMM_LOGIT, .mode = VRK_GLMM_ML, .agq = -3},
                                {.family = VRK_GLMM_LOGIT, .mode = VRK_GLMM_ML, .agq = 101},
                                {.family = VRK_GLMM_LOGIT, .mode = VRK_GLMM_BAYES, .agq = 9},
                                {.family = VRK_GLMM_GAUSSIAN, .mode = VRK_GLMM_ML, .agq = 9}};
    for (int k = 0; k < 4; k++)
        T_OK(vrk_glmm_fit(&ctx, &m.d, &bad[k], &fit) == VRK_EINPUT && fit.mem.top == NULL);
    two[0] = two[1] = m.term;
    m.d.term = two, m.d.terms = 2;
    vrk_glmm_opt opt = {.family = VRK_GLMM_LOGIT, .mode = VRK_GLMM_ML, .agq = 9};
    T_OK(vrk_glmm_fit(&ctx, &m.d, &opt, &fit) == VRK_EINPUT && strstr(ctx.message, "one random"));
    vrk_arena_free(&ctx.scratch);
}

T_MAIN(T_CASE(is_the_integral_over_a_fine_grid), T_CASE(the_gradient_is_that_of_differences),
       T_CASE(sparse_binary_clusters_are_not_biased), T_CASE(refuses_what_it_is_not_for))
