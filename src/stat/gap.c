#include "stat/gap.h"

#include <inttypes.h>
#include <math.h>

double vrk_log_mean(double a, double b)
{
    if (!(a > 0 && b > 0))
        return a >= 0 && b >= 0 ? 0 : nan("");
    double u = (a - b) / b;
    if (fabs(u) < 1e-6) /* b u / log(1 + u) in series */
        return b * (1 + u / 2 - u * u / 12);
    return (a - b) / log1p(u);
}

vrk_status vrk_gap_lmdi(vrk_ctx *ctx, int64_t k, const double *from, const double *to, double *part)
{
    double before = 1, after = 1;
    for (int64_t j = 0; j < k; j++) {
        if (!(from[j] > 0 && isfinite(from[j]) && to[j] > 0 && isfinite(to[j])))
            return vrk_fail(ctx, VRK_EINPUT,
                            "factor %" PRId64 " goes from %g to %g: both must be positive", j,
                            from[j], to[j]);
        before *= from[j];
        after *= to[j];
    }
    double mean = vrk_log_mean(after, before);
    for (int64_t j = 0; j < k; j++)
        part[j] = mean * log1p((to[j] - from[j]) / from[j]);
    return VRK_OK;
}

/* A subset of s of the k - 1 others comes before in s! (k - 1 - s)! of k! orders. */
static double share_of_orders(int64_t k, int s)
{
    double share = 1 / (double)k;
    for (int j = 1; j <= s; j++)
        share *= (double)j / (double)(k - j);
    return share;
}

vrk_status vrk_gap_shapley(vrk_ctx *ctx, int64_t k, vrk_gap_fn fn, void *arg, double *part,
                           double *least, double *most)
{
    vrk_status st = VRK_OK;
    vrk_mark mark = vrk_mark_of(&ctx->scratch);
    if (k < 1 || k > VRK_GAP_MOST)
        FAIL(VRK_EINPUT, "cannot share out among %" PRId64 " factors: 1 to %d", k, VRK_GAP_MOST);
    double *value = VRK_NEW(&ctx->scratch, (int64_t)1 << k, double);
    if (ctx->scratch.failed)
        FAIL(VRK_EMEMORY, "out of memory for %" PRId64 " factors", k);
    for (uint32_t on = 0; on < 1u << k; on++) {
        TRY(vrk_tick(ctx, "shares", on, (int64_t)1 << k));
        value[on] = fn(arg, on);
        if (!isfinite(value[on]))
            FAIL(VRK_EINPUT, "with factors %#x changed the result is %g", on, value[on]);
    }
    for (int64_t j = 0; j < k; j++) {
        double low = HUGE_VAL, high = -HUGE_VAL;
        part[j] = 0;
        for (uint32_t on = 0; on < 1u << k; on++) {
            if (on >> j & 1)
                continue;
            double step = value[on | 1u << j] - value[on];
            part[j] += share_of_orders(k, __builtin_popcount(on)) * step;
            low = fmin(low, step);
            high = fmax(high, step);
        }
        if (least)
            least[j] = low;
        if (most)
            most[j] = high;
    }
done:
    vrk_rewind(&ctx->scratch, mark);
    return st;
}

typedef struct {
    int64_t k;
    const double *from, *to;
} product;

static double product_of(void *arg, uint32_t on)
{
    const product *p = arg;
    double value = 1;
    for (int64_t j = 0; j < p->k; j++)
        value *= on >> j & 1 ? p->to[j] : p->from[j];
    return value;
}

vrk_status vrk_gap_product(vrk_ctx *ctx, int64_t k, const double *from, const double *to,
                           double *part)
{
    return vrk_gap_shapley(ctx, k, product_of, &(product){k, from, to}, part, NULL, NULL);
}

vrk_kitagawa vrk_gap_kitagawa(int64_t n, const double *share1, const double *rate1,
                              const double *share2, const double *rate2)
{
    vrk_kitagawa out = {0};
    for (int64_t i = 0; i < n; i++) {
        out.mix += (share1[i] - share2[i]) * (rate1[i] + rate2[i]) / 2;
        out.rate += (rate1[i] - rate2[i]) * (share1[i] + share2[i]) / 2;
    }
    return out;
}
