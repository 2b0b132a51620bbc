#include "people/validate.h"

#include "num/special.h"
#include "stat/select.h"

#include <math.h>

typedef struct {
    double n, x, y, xx, yy, xy;
} sums;

static double correlation(const double *x, const double *y, const bool *use, int64_t n)
{
    sums s = {0};
    for (int64_t i = 0; i < n; i++) {
        if (!use[i])
            continue;
        s.n++;
        s.x += x[i];
        s.y += y[i];
    }
    for (int64_t i = 0; i < n; i++) {
        double dx = x[i] - s.x / s.n, dy = y[i] - s.y / s.n;
        if (!use[i])
            continue;
        s.xx += dx * dx;
        s.yy += dy * dy;
        s.xy += dx * dy;
    }
    return s.xx > 0 && s.yy > 0 ? s.xy / sqrt(s.xx * s.yy) : nan("");
}

/* 95 % interval by Fisher's z; `given` = how many variables are held fixed. */
static void interval(double r, int64_t n, int given, double *lo, double *hi)
{
    double half = vrk_normal_quantile(0.975) / sqrt((double)(n - 3 - given));
    *lo = tanh(atanh(r) - half);
    *hi = tanh(atanh(r) + half);
}

static vrk_valid state_of(const vrk_validated *v)
{
    return v->hi < 0               ? VRK_VALID_AGAINST
           : v->lo <= 0            ? VRK_VALID_NOTHING
           : v->n < VRK_INCUMBENTS ? VRK_VALID_FEW
                                   : VRK_VALID_TOLD;
}

static void increment(const vrk_validate_data *d, const bool *use, vrk_validated *out)
{
    double xk = correlation(d->predictor, d->known, use, d->n);
    double yk = correlation(d->result, d->known, use, d->n);
    double left = (1 - xk * xk) * (1 - yk * yk);
    if (!(left > 1e-12))
        return;
    out->increment = (out->r - xk * yk) / sqrt(left);
    interval(out->increment, out->n, 1, &out->increment_lo, &out->increment_hi);
}

vrk_status vrk_validate(vrk_ctx *ctx, const vrk_validate_data *d, vrk_validated *out)
{
    vrk_status st = VRK_OK;
    vrk_mark mark = vrk_mark_of(&ctx->scratch);
    bool *use = VRK_NEW(&ctx->scratch, d->n + 1, bool);
    double none = nan("");
    *out = (vrk_validated){VRK_VALID_CANNOT, 0, 0, none, none, none, none, none, none, none, none};
    if (!use)
        FAIL(VRK_EMEMORY, "out of memory to validate");
    if (!(d->restriction >= 0) || !(d->reliability >= 0 && d->reliability <= 1))
        FAIL(VRK_EINPUT, "a ratio of standard deviations from 0 and a reliability from 0 to 1 are "
                         "needed");
    for (int64_t i = 0; i < d->n; i++) {
        use[i] = isfinite(d->predictor[i]) && isfinite(d->result[i]) &&
                 (!d->known || isfinite(d->known[i]));
        out->n += use[i];
        out->left_out += !use[i];
    }
    if (out->n < VRK_VALIDATE_LEAST)
        goto done;
    out->r = correlation(d->predictor, d->result, use, d->n);
    if (!isfinite(out->r) || fabs(out->r) >= 1)
        goto done;
    interval(out->r, out->n, 0, &out->lo, &out->hi);
    out->detectable =
        tanh((vrk_normal_quantile(0.975) + vrk_normal_quantile(0.8)) / sqrt((double)(out->n - 3)));
    if (d->restriction > 0 || d->reliability > 0) {
        double r = d->reliability > 0 ? vrk_attenuation(out->r, d->reliability) : out->r;
        out->corrected = d->restriction > 0 ? vrk_restriction_direct(r, d->restriction) : r;
    }
    if (d->known)
        increment(d, use, out);
    out->state = state_of(out);
done:
    vrk_rewind(&ctx->scratch, mark);
    return st;
}
