/* T16: R2 and ICC of mixed models fitted here, against performance 0.10.2 on lme4's fits (three
 * digits printed). */
#include "stat/rank.h"
#include "tests/ref/glmm_data.h"

/* Variance of x'beta over the rows. */
static double fixed_variance(const set *s, const vrk_glmm *fit)
{
    double n = (double)s->d.n, sum = 0, square = 0;
    for (int64_t i = 0; i < s->d.n; i++) {
        double eta = 0;
        for (int64_t j = 0; j < s->d.p; j++)
            eta += s->x[i + j * s->d.n] * fit->beta[j];
        sum += eta / n;
        square += eta * eta / n;
    }
    return (square - sum * sum) * n / (n - 1);
}

static vrk_r2 r2_of(const set *s, const vrk_glmm *fit, vrk_latent kind)
{
    double random = 0, sd = fit->residual_sd;
    for (int64_t t = 0; t < fit->terms; t++)
        random += fit->term[t].cov[0];
    return vrk_r2_of(fixed_variance(s, fit), random, vrk_latent_variance(kind, sd * sd));
}

/* The term's part of all variance but that of the fixed effects. */
static double icc(const vrk_glmm *fit, int64_t term, vrk_latent kind)
{
    double all = vrk_latent_variance(kind, fit->residual_sd * fit->residual_sd);
    for (int64_t t = 0; t < fit->terms; t++)
        all += fit->term[t].cov[0];
    return fit->term[term].cov[0] / all;
}

static void cbpp(void)
{
    vrk_ctx ctx = {0};
    vrk_glmm fit;
    set s;
    if (!set_cbpp(&s))
        T_SKIP("no public data");
    vrk_glmm_opt opt = {.family = VRK_GLMM_LOGIT, .mode = VRK_GLMM_ML};
    T_OK(vrk_glmm_fit(&ctx, &s.d, &opt, &fit) == VRK_OK);
    vrk_r2 r = r2_of(&s, &fit, VRK_LATENT_LOGIT);
    NEAR(r.marginal, .085, 1e-3);
    NEAR(r.conditional, .187, 1e-3);
    NEAR(r.icc, .111, 1e-3);
    NEAR(r.icc_unadjusted, .102, 1e-3);
    vrk_glmm_free(&fit);
    set_free(&s);
    vrk_arena_free(&ctx.scratch);
}

static void verbagg(void)
{
    vrk_ctx ctx = {0};
    vrk_glmm fit;
    set s;
    if (!set_verbagg(&s))
        T_SKIP("no public data");
    vrk_glmm_opt opt = {.family = VRK_GLMM_LOGIT, .mode = VRK_GLMM_ML, .quick = true};
    T_OK(vrk_glmm_fit(&ctx, &s.d, &opt, &fit) == VRK_OK);
    vrk_r2 r = r2_of(&s, &fit, VRK_LATENT_LOGIT);
    NEAR(r.marginal, .173, 1e-3);
    NEAR(r.conditional, .489, 1e-3);
    NEAR(icc(&fit, 0, VRK_LATENT_LOGIT), .337, 1e-3);
    NEAR(icc(&fit, 1, VRK_LATENT_LOGIT), .046, 1e-3);
    vrk_glmm_free(&fit);
    set_free(&s);
    vrk_arena_free(&ctx.scratch);
}

static void sleepstudy(void)
{
    vrk_ctx ctx = {0};
    vrk_glmm fit;
    set s;
    if (!set_read(&s, "lme4/sleepstudy.csv"))
        T_SKIP("no public data");
    set_number(&s, "Reaction", s.y);
    set_column(&s, "Days");
    set_term(&s, "Subject");
    T_OK(vrk_glmm_fit(&ctx, &s.d, &(vrk_glmm_opt){.mode = VRK_GLMM_REML}, &fit) == VRK_OK);
    vrk_r2 r = r2_of(&s, &fit, VRK_LATENT_GAUSS);
    NEAR(r.marginal, .280, 1e-3);
    NEAR(r.conditional, .704, 1e-3);
    NEAR(r.icc, .589, 1e-3);
    NEAR(r.icc_unadjusted, .424, 1e-3);
    vrk_glmm_free(&fit);
    set_free(&s);
    vrk_arena_free(&ctx.scratch);
}

static void penicillin(void)
{
    vrk_ctx ctx = {0};
    vrk_glmm fit;
    set s;
    if (!set_read(&s, "lme4/Penicillin.csv"))
        T_SKIP("no public data");
    set_number(&s, "diameter", s.y);
    set_term(&s, "plate");
    set_term(&s, "sample");
    T_OK(vrk_glmm_fit(&ctx, &s.d, &(vrk_glmm_opt){.mode = VRK_GLMM_REML}, &fit) == VRK_OK);
    NEAR(icc(&fit, 0, VRK_LATENT_GAUSS), .151, 1e-3);
    NEAR(icc(&fit, 1, VRK_LATENT_GAUSS), .785, 1e-3);
    vrk_glmm_free(&fit);
    set_free(&s);
    vrk_arena_free(&ctx.scratch);
}

T_MAIN(T_CASE(cbpp), T_CASE(verbagg), T_CASE(sleepstudy), T_CASE(penicillin))
