#include "stat/select.h"

#include "base/rng.h"
#include "num/special.h"

#include <inttypes.h>
#include <math.h>

static bool correlation(double r)
{
    return r > -1 && r < 1;
}

double vrk_restriction_direct(double r, double ratio)
{
    return correlation(r) && ratio > 0 ? r * ratio / sqrt(1 + r * r * (ratio * ratio - 1))
                                       : nan("");
}

double vrk_restriction_incidental(double r_xy, double r_zx, double r_zy, double ratio)
{
    double u = ratio * ratio - 1;
    if (!(correlation(r_xy) && correlation(r_zx) && correlation(r_zy) && ratio > 0))
        return nan("");
    return (r_xy + r_zx * r_zy * u) / sqrt((1 + r_zx * r_zx * u) * (1 + r_zy * r_zy * u));
}

double vrk_restriction_indirect(double r, double rxx, double ratio)
{
    if (!(correlation(r) && rxx > 0 && rxx <= 1 && ratio > 0))
        return nan("");
    double u2 = 1 / (ratio * ratio), all = 1 - u2 * (1 - rxx); /* reliability among all */
    double true2 = (u2 - (1 - all)) / all; /* of true scores: SD ratio squared */
    if (!(all > 0 && true2 > 0))
        return nan("");
    double direct = vrk_restriction_direct(r / sqrt(rxx), 1 / sqrt(true2));
    return direct * sqrt(all);
}

double vrk_attenuation(double r, double ryy)
{
    return correlation(r) && ryy > 0 && ryy <= 1 ? r / sqrt(ryy) : nan("");
}

static bool share(double p)
{
    return p > 0 && p < 1;
}

double vrk_taylor_russell(double base, double selected, double r)
{
    if (!(share(base) && share(selected) && r >= -1 && r <= 1))
        return nan("");
    return vrk_normal2_below(vrk_normal_quantile(selected), vrk_normal_quantile(base), r) /
           selected;
}

double vrk_utility(double hired, double tenure, double r, double sd_worth, double selected,
                   double cost)
{
    if (!(share(selected) && r >= -1 && r <= 1))
        return nan("");
    double mean = vrk_normal_density(vrk_normal_quantile(selected)) / selected;
    return hired * tenure * r * sd_worth * mean - hired * cost / selected;
}

double vrk_better_of_two(double r, double z1, double z2)
{
    return correlation(r) ? vrk_normal_below(r * (z1 - z2) / sqrt(2 * (1 - r * r))) : nan("");
}

/* Two-sided: all tables no likelier than this one; half of this one's likeness taken off for mid-p.
 */
static double fisher(int64_t x, int64_t n1, int64_t hired, int64_t n2, double *mid)
{
    double here = vrk_hypergeometric_at(x, n1, n2, hired), sum = 0;
    for (int64_t k = hired > n2 ? hired - n2 : 0; k <= n1 && k <= hired; k++) {
        double p = vrk_hypergeometric_at(k, n1, n2, hired);
        if (p <= here * (1 + 1e-7))
            sum += p;
    }
    *mid = sum - here / 2;
    return fmin(1, sum);
}

typedef struct {
    int64_t n1, n2;
    const bool *extreme; /* [(n1 + 1) x (n2 + 1)] at least as extreme by Fisher's p */
    double *one, *two;   /* [n1 + 1], [n2 + 1] binomial probabilities */
} tables;

static double probability(const tables *t, double p)
{
    double sum = 0;
    for (int64_t a = 0; a <= t->n1; a++)
        t->one[a] = vrk_binomial_at(a, t->n1, p);
    for (int64_t b = 0; b <= t->n2; b++)
        t->two[b] = vrk_binomial_at(b, t->n2, p);
    for (int64_t b = 0; b <= t->n2; b++) {
        for (int64_t a = 0; a <= t->n1; a++)
            sum += t->extreme[a + b * (t->n1 + 1)] ? t->one[a] * t->two[b] : 0;
    }
    return sum;
}

enum { POINTS = 200, MOST_TABLES = 40000 };

/* The largest probability, over the common rate, of tables whose Fisher p is no larger. */
static vrk_status boschloo(vrk_ctx *ctx, int64_t n1, int64_t n2, double p_fisher, double *out)
{
    vrk_status st = VRK_OK;
    vrk_mark mark = vrk_mark_of(&ctx->scratch);
    tables t = {.n1 = n1, .n2 = n2};
    bool *extreme = VRK_NEW(&ctx->scratch, (n1 + 1) * (n2 + 1), bool);
    double best = 0, at = .5, mid;
    t.one = VRK_NEW(&ctx->scratch, n1 + 1, double);
    t.two = VRK_NEW(&ctx->scratch, n2 + 1, double);
    t.extreme = extreme;
    if (ctx->scratch.failed)
        FAIL(VRK_EMEMORY, "out of memory for %" PRId64 " times %" PRId64 " tables", n1, n2);
    for (int64_t b = 0; b <= n2; b++) {
        TRY(vrk_tick(ctx, "exact test", b, n2 + POINTS));
        for (int64_t a = 0; a <= n1; a++)
            extreme[a + b * (n1 + 1)] = fisher(a, n1, a + b, n2, &mid) <= p_fisher * (1 + 1e-7);
    }
    for (int i = 1; i < POINTS; i++) {
        TRY(vrk_tick(ctx, "exact test", n2 + i, n2 + POINTS));
        double p = probability(&t, (double)i / POINTS);
        if (p > best) {
            best = p;
            at = (double)i / POINTS;
        }
    }
    double lo = at - 1. / POINTS, hi = at + 1. / POINTS;
    for (int i = 0; i < 40; i++) { /* golden-section is not needed: thirds of a smooth bump */
        double a = lo + (hi - lo) / 3, b = hi - (hi - lo) / 3;
        double pa = probability(&t, a), pb = probability(&t, b);
        best = fmax(best, fmax(pa, pb));
        if (pa > pb)
            hi = b;
        else
            lo = a;
    }
    *out = fmin(1, best);
done:
    vrk_rewind(&ctx->scratch, mark);
    return st;
}

static double beta_draw(vrk_rng *r, double a, double b)
{
    double x = vrk_rng_gamma(r, a), y = vrk_rng_gamma(r, b);
    return x / (x + y);
}

vrk_status vrk_adverse_impact(vrk_ctx *ctx, int64_t hired1, int64_t applied1, int64_t hired2,
                              int64_t applied2, vrk_adverse *out)
{
    vrk_status st = VRK_OK;
    enum { DRAWS = 20000 };
    *out = (vrk_adverse){0};
    if (hired1 < 0 || hired2 < 0 || hired1 > applied1 || hired2 > applied2 || applied1 < 1 ||
        applied2 < 1)
        FAIL(VRK_EINPUT,
             "hired %" PRId64 " of %" PRId64 " and %" PRId64 " of %" PRId64 ": cannot be", hired1,
             applied1, hired2, applied2);
    if (applied1 > 100000 || applied2 > 100000)
        FAIL(VRK_EINPUT, "%" PRId64 " and %" PRId64 " applicants: too many for exact tests",
             applied1, applied2);
    double x1 = (double)hired1, x2 = (double)hired2, n1 = (double)applied1, n2 = (double)applied2;
    double p1 = x1 / n1, p2 = x2 / n2, all = (x1 + x2) / (n1 + n2);
    out->ratio = p1 / p2;
    out->se_log = sqrt((1 - p1) / x1 + (1 - p2) / x2);
    out->lo = out->ratio * exp(-vrk_normal_quantile(.975) * out->se_log);
    out->hi = out->ratio * exp(vrk_normal_quantile(.975) * out->se_log);
    out->z = all > 0 && all < 1 ? (p2 - p1) / sqrt(all * (1 - all) * (1 / n1 + 1 / n2)) : 0;
    out->p_fisher = fisher(hired1, applied1, hired1 + hired2, applied2, &out->p_mid);
    out->p_boschloo = nan("");
    if (applied1 * applied2 <= MOST_TABLES)
        TRY(boschloo(ctx, applied1, applied2, out->p_fisher, &out->p_boschloo));
    vrk_rng r = vrk_rng_of(ctx->seed, 81, 0);
    for (int i = 0; i < DRAWS; i++)
        out->p_under +=
            (beta_draw(&r, .5 + x1, .5 + n1 - x1) < .8 * beta_draw(&r, .5 + x2, .5 + n2 - x2)) /
            (double)DRAWS;
    out->judged = applied1 >= 30 && applied2 >= 30;
    out->flagged = out->judged && out->ratio < .8 && out->p_mid < .05;
done:
    if (st != VRK_OK)
        *out = (vrk_adverse){0};
    return st;
}
