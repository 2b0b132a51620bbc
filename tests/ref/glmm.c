/* Mixed models against lme4 1.1-31 (R 4.2.2) on its own data sets: T01 to T06 and T46 of the
 * acceptance list, and Dyestuff2 and InstEval. For cbpp lme4 is not the oracle of the last digits:
 * its determinant is that of the last but one step of its inner iteration, and for cloglog of the
 * expected information. The Laplace value is checked by hand (tests/ref/glmm.R) and is that of
 * glmmTMB 1.1.5: -92.02628186 where lme4 has -92.026566. */
#include "tests/ref/glmm_data.h"

static void t01_cbpp_logit(void)
{
    static const double beta[] = {-1.39853247, -0.99233229, -1.12867130, -1.58031369};
    static const double se[] = {.2324721, .3066425, .3266378, .4274366};
    static const double mode[] = {.590020201, -.298897241, .406255693, .039277362};
    vrk_ctx ctx = {0};
    vrk_glmm fit;
    set s;
    if (!set_cbpp(&s))
        T_SKIP("no public data");
    vrk_glmm_opt opt = {.family = VRK_GLMM_LOGIT, .mode = VRK_GLMM_ML};
    T_OK(vrk_glmm_fit(&ctx, &s.d, &opt, &fit) == VRK_OK);
    for (int k = 0; k < 4; k++) {
        NEAR(fit.beta[k], beta[k], 2e-4);
        NEAR(fit.se[k], se[k], 2e-4);
        NEAR(fit.term[0].mode[k], mode[k], 2e-4);
    }
    NEAR(fit.term[0].sd[0], .64226167, 2e-4);
    NEAR(fit.ll, -92.02628186, 1e-6);
    NEAR(fit.ll, -92.026566, 3e-4); /* lme4 */
    T_OK(fit.stop == VRK_STOP_GRAD && fit.evaluations < 40);
    vrk_glmm_free(&fit);
    set_free(&s);
    vrk_arena_free(&ctx.scratch);
}

/* glmer's log-likelihood with quadrature leaves out that of the saturated model. */
static double saturated(const set *s)
{
    double sum = 0;
    for (int64_t i = 0; i < s->d.n; i++) {
        double y = s->y[i], n = s->size[i], rest = n - y;
        sum += lgamma(n + 1) - lgamma(y + 1) - lgamma(rest + 1);
        sum += (y > 0 ? y * log(y / n) : 0) + (rest > 0 ? rest * log(rest / n) : 0);
    }
    return sum;
}

static void t02_cbpp_quadrature(void)
{
    static const struct {
        int nodes;
        double beta[4], se[4], sd, ll, mode[2];
    } want[] = {{9,
                 {-1.3992301892, -.9914038883, -1.1278197374, -1.5794710145},
                 {.23351136, .30676790, .32676826, .42759432},
                 .6475177036,
                 -50.0050183310,
                 {.593024319, -.300258157}},
                {25,
                 {-1.3992304372, -.9914036747, -1.1278194816, -1.5794707493},
                 {.23351156, .30676794, .32676829, .42759444},
                 .6475184793,
                 -50.0050152684,
                 {.593024826, -.300258288}}};
    vrk_ctx ctx = {0};
    set s;
    if (!set_cbpp(&s))
        T_SKIP("no public data");
    for (int e = 0; e < 2; e++) {
        vrk_glmm fit;
        vrk_glmm_opt opt = {
            .family = VRK_GLMM_LOGIT, .mode = VRK_GLMM_ML, .agq = want[e].nodes, .tol = 1e-12};
        T_OK(vrk_glmm_fit(&ctx, &s.d, &opt, &fit) == VRK_OK);
        for (int k = 0; k < 4; k++) {
            NEAR(fit.beta[k], want[e].beta[k], 1e-5);
            NEAR(fit.se[k], want[e].se[k], 1e-4);
        }
        for (int k = 0; k < 2; k++)
            NEAR(fit.term[0].mode[k], want[e].mode[k], 1e-5);
        NEAR(fit.term[0].sd[0], want[e].sd, 1e-5);
        NEAR(fit.term[0].sd[0], .64752, 1e-3); /* METHODS T02 */
        NEAR(fit.ll - saturated(&s), want[e].ll,
             e ? 1e-8 : 1e-6); /* lme4's points are a step behind */
        T_OK(fit.stop == VRK_STOP_GRAD);
        vrk_glmm_free(&fit);
    }
    set_free(&s);
    vrk_arena_free(&ctx.scratch);
}

static void t03_cbpp_cloglog(void)
{
    static const double beta[] = {-1.5320956, -0.9129903, -1.0311047, -1.4794199};
    vrk_ctx ctx = {0};
    vrk_glmm fit;
    set s;
    if (!set_cbpp(&s))
        T_SKIP("no public data");
    vrk_glmm_opt opt = {.family = VRK_GLMM_CLOGLOG, .mode = VRK_GLMM_ML};
    T_OK(vrk_glmm_fit(&ctx, &s.d, &opt, &fit) == VRK_OK);
    for (int k = 0; k < 4; k++)
        NEAR(fit.beta[k], beta[k], 3e-4);
    NEAR(fit.term[0].sd[0], .58589833, 3e-4);
    NEAR(fit.ll, -91.75800202, 1e-6);
    vrk_glmm_free(&fit);
    set_free(&s);
    vrk_arena_free(&ctx.scratch);
}

static void t04_verbagg_crossed(void)
{
    static const double beta[] = {.199288, .057408, .320603, -1.058639, -2.105051, -1.055287};
    vrk_ctx ctx = {0};
    vrk_glmm fit;
    set s;
    if (!set_verbagg(&s))
        T_SKIP("no public data");
    vrk_glmm_opt opt = {.family = VRK_GLMM_LOGIT, .mode = VRK_GLMM_ML};
    T_OK(vrk_glmm_fit(&ctx, &s.d, &opt, &fit) == VRK_OK);
    for (int k = 0; k < 6; k++)
        NEAR(fit.beta[k], beta[k], 1e-3);
    NEAR(fit.term[0].sd[0], 1.33954, 1e-3);
    NEAR(fit.term[1].sd[0], .49525, 1e-3);
    NEAR(fit.ll, -4075.70025, 1e-3);
    vrk_glmm_free(&fit);
    set_free(&s);
    vrk_arena_free(&ctx.scratch);
}

static void t05_penicillin(void)
{
    static const double mode[] = {2.187058, -1.010476, 1.937900, -.096895, -.013842, -3.003744};
    vrk_ctx ctx = {0};
    vrk_glmm fit;
    set s;
    if (!set_read(&s, "lme4/Penicillin.csv"))
        T_SKIP("no public data");
    set_number(&s, "diameter", s.y);
    set_term(&s, "plate");
    set_term(&s, "sample");
    vrk_glmm_opt opt = {.mode = VRK_GLMM_REML};
    T_OK(vrk_glmm_fit(&ctx, &s.d, &opt, &fit) == VRK_OK);
    NEAR(fit.beta[0], 22.97222, 1e-4);
    NEAR(fit.se[0], .808595, 1e-4);
    NEAR(fit.term[0].sd[0], .846703, 1e-4);
    NEAR(fit.term[1].sd[0], 1.931614, 1e-4);
    NEAR(fit.residual_sd, .549923, 1e-4);
    NEAR(-2 * fit.ll, 330.8606, 1e-4);
    for (int k = 0; k < 6; k++)
        NEAR(fit.term[1].mode[k], mode[k], 1e-4);
    vrk_glmm_free(&fit);
    opt.mode = VRK_GLMM_ML;
    T_OK(vrk_glmm_fit(&ctx, &s.d, &opt, &fit) == VRK_OK);
    NEAR(-2 * fit.ll, 332.1883, 1e-4);
    vrk_glmm_free(&fit);
    set_free(&s);
    vrk_arena_free(&ctx.scratch);
}

static void t06_sleepstudy_slopes(void)
{
    vrk_ctx ctx = {0};
    vrk_glmm fit;
    set s;
    if (!set_read(&s, "lme4/sleepstudy.csv"))
        T_SKIP("no public data");
    set_number(&s, "Reaction", s.y);
    set_column(&s, "Days");
    set_term(&s, "Subject");
    for (int64_t i = 0; i < s.d.n; i++)
        s.z[i] = 1;
    set_number(&s, "Days", s.z + s.d.n);
    s.term[0].q = 2;
    s.term[0].z = s.z;
    T_OK(vrk_glmm_fit(&ctx, &s.d, &(vrk_glmm_opt){.mode = VRK_GLMM_REML}, &fit) == VRK_OK);
    const vrk_glmm_effect *e = fit.term;
    NEAR(fit.beta[0], 251.40510, 1e-3);
    NEAR(fit.beta[1], 10.46729, 1e-3);
    NEAR(fit.se[0], 6.825, 1e-3);
    NEAR(e->sd[0], 24.74066, 1e-3);
    NEAR(e->sd[1], 5.92214, 1e-3);
    NEAR(e->cov[1] / (e->sd[0] * e->sd[1]), .0656, 1e-4);
    NEAR(fit.residual_sd, 25.59180, 1e-3);
    NEAR(-2 * fit.ll, 1743.628, 1e-3);
    vrk_glmm_free(&fit);
    set_free(&s);
    vrk_arena_free(&ctx.scratch);
}

static void t46_grouseticks(void)
{
    static const double beta[] = {.372788, 1.180406, -.978689, -.854341};
    static const double se[] = {.196365, .238121, .262774, .123630};
    vrk_ctx ctx = {0};
    vrk_glmm fit;
    set s;
    if (!set_read(&s, "lme4/grouseticks.csv"))
        T_SKIP("no public data");
    set_number(&s, "TICKS", s.y);
    set_level(&s, "YEAR", "96");
    set_level(&s, "YEAR", "97");
    set_column(&s, "HEIGHT");
    double *h = s.x + 3 * s.d.n, mean = 0, var = 0, n = (double)s.d.n;
    for (int64_t i = 0; i < s.d.n; i++)
        mean += h[i] / n;
    for (int64_t i = 0; i < s.d.n; i++)
        var += (h[i] - mean) * (h[i] - mean) / (n - 1);
    for (int64_t i = 0; i < s.d.n; i++)
        h[i] = (h[i] - mean) / sqrt(var);
    set_term(&s, "INDEX");
    set_term(&s, "BROOD");
    set_term(&s, "LOCATION");
    vrk_glmm_opt opt = {.family = VRK_GLMM_POISSON, .mode = VRK_GLMM_ML};
    T_OK(vrk_glmm_fit(&ctx, &s.d, &opt, &fit) == VRK_OK);
    for (int k = 0; k < 4; k++) {
        NEAR(fit.beta[k], beta[k], 2e-3);
        NEAR(fit.se[k], se[k], 2e-3);
    }
    NEAR(fit.term[0].sd[0], .541508, 2e-3);
    NEAR(fit.term[1].sd[0], .750031, 2e-3);
    NEAR(fit.term[2].sd[0], .528720, 2e-3);
    NEAR(fit.ll, -890.27135, 1e-3);
    vrk_glmm_free(&fit);
    set_free(&s);
    vrk_arena_free(&ctx.scratch);
}

/* lmer(Yield ~ 1 + (1|Batch), Dyestuff2): the variance of Batch is estimated as 0 (Box & Tiao
 * 1973); the rest is then a plain mean: 5.6656, sd 3.7157 (REML). */
static void dyestuff2_has_no_variance_and_says_so(void)
{
    vrk_ctx ctx = {0};
    vrk_glmm fit;
    set s;
    if (!set_read(&s, "lme4/Dyestuff2.csv"))
        T_SKIP("no public data");
    set_number(&s, "Yield", s.y);
    set_term(&s, "Batch");
    T_OK(vrk_glmm_fit(&ctx, &s.d, &(vrk_glmm_opt){.mode = VRK_GLMM_REML}, &fit) == VRK_OK);
    T_OK(fit.stop == VRK_STOP_BOUNDARY && fit.term[0].sd[0] == 0);
    NEAR(fit.beta[0], 5.6656, 1e-4);
    NEAR(fit.residual_sd, 3.7157, 1e-4);
    NEAR(-2 * fit.ll, 161.8283, 1e-4);
    vrk_glmm_free(&fit);
    set_free(&s);
    vrk_arena_free(&ctx.scratch);
}

static void insteval(void)
{
    vrk_ctx ctx = {0};
    vrk_glmm fit;
    set s;
    if (!set_read(&s, "lme4/InstEval.csv"))
        T_SKIP("no public data");
    set_number(&s, "y", s.y);
    set_level(&s, "service", "1");
    set_number_term(&s, "s");
    set_number_term(&s, "d");
    set_number_term(&s, "dept");
    vrk_glmm_opt opt = {.mode = VRK_GLMM_REML, .quick = true};
    T_OK(vrk_glmm_fit(&ctx, &s.d, &opt, &fit) == VRK_OK);
    NEAR(fit.beta[0], 3.28258757, 1e-4);
    NEAR(fit.beta[1], -.09264161, 1e-5);
    NEAR(fit.term[0].sd[0], .325567, 1e-4);
    NEAR(fit.term[1].sd[0], .515000, 1e-4);
    NEAR(fit.term[2].sd[0], .083122, 1e-4);
    NEAR(fit.residual_sd, 1.177498, 1e-5);
    NEAR(-2 * fit.ll, 237733.8341, 1e-3);
    vrk_glmm_free(&fit);
    set_free(&s);
    vrk_arena_free(&ctx.scratch);
}

T_MAIN(T_CASE(t01_cbpp_logit), T_CASE(t02_cbpp_quadrature), T_CASE(t03_cbpp_cloglog),
       T_CASE(t04_verbagg_crossed), T_CASE(t05_penicillin), T_CASE(t06_sleepstudy_slopes),
       T_CASE(t46_grouseticks), T_CASE(dyestuff2_has_no_variance_and_says_so), T_CASE(insteval))
