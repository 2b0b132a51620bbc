#include "people/worth.h"

#include "base/rng.h"
#include "num/sort.h"
#include "num/special.h"
#include "people/role.h"
#include "stat/select.h"

#include <math.h>

enum { DRAWS = 20000 };
static const double a_quarter = 0.25, usual_discount = 0.05;

static double drawn_validity(const vrk_worth_of *w, vrk_rng *r)
{
    double v;
    if (w->validity > 0 && w->people > 0)
        return tanh(atanh(w->validity) + vrk_rng_normal(r) / sqrt(w->people - 3));
    if (w->validity > 0)
        return w->validity;
    do
        v = vrk_validity_sjt.mean + vrk_validity_sjt.sd * vrk_rng_normal(r);
    while (v < 0 || v > 0.9);
    return v;
}

/* A year's worth now and later, in years of today. */
static double worth_years(double years, double rate)
{
    return (1 - pow(1 + rate, -years)) / log(1 + rate);
}

static double money(const vrk_worth_of *w, double r, double sd, double years)
{
    double rate = w->discount > 0 ? w->discount : usual_discount;
    return vrk_utility(w->hired, worth_years(years, rate), r - w->present, sd, w->share, w->cost);
}

static bool can_be(const vrk_worth_of *w)
{
    return w->hired >= 1 && w->hired <= 1e6 && w->share > 0 && w->share < 1 && w->years > 0 &&
           w->years <= 50 && w->sd_worth > 0 && isfinite(w->sd_worth) && w->cost >= 0 &&
           isfinite(w->cost) && w->validity >= 0 && w->validity < 1 && w->present >= 0 &&
           w->present < 1 && w->discount >= 0 && w->discount < 1 &&
           (w->people == 0 || w->people > 3);
}

vrk_status vrk_worth_make(vrk_ctx *ctx, const vrk_worth_of *w, vrk_worth *out)
{
    vrk_status st = VRK_OK;
    vrk_mark mark = vrk_mark_of(&ctx->scratch);
    vrk_rng r = vrk_rng_of(ctx->seed, 0x776f7274, 0);
    double *x = VRK_NEW(&ctx->scratch, DRAWS, double), sum = 0;
    int64_t pays = 0;
    *out = (vrk_worth){0};
    if (!x)
        FAIL(VRK_EMEMORY, "out of memory for a worth");
    if (!can_be(w))
        FAIL(VRK_EINPUT, "hired from 1, a share hired and validities between 0 and 1, years and "
                         "worth over 0 are needed");
    for (int i = 0; i < DRAWS; i++) {
        double v = drawn_validity(w, &r);
        double sd = w->sd_worth * exp(a_quarter * vrk_rng_normal(&r) - a_quarter * a_quarter / 2);
        double years = w->years * exp(a_quarter * vrk_rng_normal(&r) - a_quarter * a_quarter / 2);
        x[i] = money(w, v, sd, years);
        sum += x[i];
        pays += x[i] > 0;
    }
    vrk_sort(x, DRAWS);
    out->mean = sum / DRAWS;
    out->lo = x[DRAWS / 20];
    out->hi = x[DRAWS - 1 - DRAWS / 20];
    out->p_pays = (double)pays / DRAWS;
    double cost = w->hired * w->cost / w->share, gross = out->mean + cost;
    out->break_even = gross > 0 ? w->sd_worth * cost / gross : nan("");
done:
    vrk_rewind(&ctx->scratch, mark);
    return st;
}

typedef struct {
    double n, x, y, xx, xy, yy; /* means, then sums around them */
} line;

static void gather(const vrk_lines_data *d, line *g)
{
    for (int pass = 0; pass < 2; pass++) {
        for (int64_t i = 0; i < d->n; i++) {
            int64_t k = d->group[i];
            if (k < 0 || k > 1 || !isfinite(d->predictor[i]) || !isfinite(d->result[i]))
                continue;
            double x = d->predictor[i] - g[k].x, y = d->result[i] - g[k].y;
            g[k].n += pass == 0;
            g[k].xx += pass ? x * x : 0;
            g[k].xy += pass ? x * y : x;
            g[k].yy += pass ? y * y : y;
        }
        for (int k = 0; pass == 0 && k < 2; k++) {
            g[k].x = g[k].n > 0 ? g[k].xy / g[k].n : 0;
            g[k].y = g[k].n > 0 ? g[k].yy / g[k].n : 0;
            g[k].xx = g[k].xy = g[k].yy = 0;
        }
    }
}

static double two_sided(double t, double df)
{
    return 2 * vrk_t_below(-fabs(t), df);
}

vrk_status vrk_lines_compare(vrk_ctx *ctx, const vrk_lines_data *d, vrk_lines *out)
{
    line g[2] = {{.n = 0}, {.n = 0}};
    double none = nan("");
    *out = (vrk_lines){{0, 0}, false, none, none, none, none, none, none};
    if (d->n < 0)
        return vrk_fail(ctx, VRK_EINPUT, "rows under none");
    gather(d, g);
    double n = g[0].n + g[1].n, xx = g[0].xx + g[1].xx, xy = g[0].xy + g[1].xy;
    for (int k = 0; k < 2; k++)
        out->n[k] = (int64_t)g[k].n;
    out->judged = g[0].n >= VRK_LINE_LEAST && g[1].n >= VRK_LINE_LEAST && g[0].xx > 0 &&
                  g[1].xx > 0 && g[0].yy + g[1].yy > 0;
    if (!out->judged)
        return VRK_OK;
    double b0 = g[0].xy / g[0].xx, b1 = g[1].xy / g[1].xx, b = xy / xx;
    double own = g[0].yy + g[1].yy - b0 * g[0].xy - b1 * g[1].xy, one = g[0].yy + g[1].yy - b * xy;
    double slope = sqrt(fmax(own, 0) / (n - 4) * (1 / g[0].xx + 1 / g[1].xx));
    double dx = g[1].x - g[0].x;
    double se = sqrt(fmax(one, 0) / (n - 3) * (1 / g[0].n + 1 / g[1].n + dx * dx / xx));
    out->above = g[1].y - g[0].y - b * dx;
    out->lo = out->above - vrk_t_quantile(0.975, n - 3) * se;
    out->hi = out->above + vrk_t_quantile(0.975, n - 3) * se;
    out->p_above = se > 0 ? two_sided(out->above / se, n - 3) : out->above == 0;
    out->p_slope = slope > 0 ? two_sided((b1 - b0) / slope, n - 4) : b1 == b0;
    out->detectable = (vrk_normal_quantile(0.975) + vrk_normal_quantile(0.8)) * se;
    return VRK_OK;
}
