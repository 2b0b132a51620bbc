#include "stat/voi.h"

#include "num/mat.h"
#include "num/sort.h"
#include "num/special.h"

#include <inttypes.h>
#include <math.h>
#include <string.h>

enum { KNOTS = 5, PER = 3 + KNOTS };

double vrk_evpi_normal(double mean, double sd)
{
    if (!(sd >= 0) || isnan(mean))
        return nan("");
    if (sd <= 0)
        return 0;
    double z = fabs(mean) / sd;
    return sd * (vrk_normal_density(z) - z * vrk_normal_below(-z));
}

double vrk_evsi_normal(double mean, double sd, double n, double sd_obs)
{
    if (!(n >= 0 && sd_obs >= 0 && sd >= 0))
        return nan("");
    return n > 0 && sd > 0 ? vrk_evpi_normal(mean, sd * sd / sqrt(sd * sd + sd_obs * sd_obs / n))
                           : 0;
}

static vrk_status check(vrk_ctx *ctx, const vrk_benefits *b, int64_t k, const double *phi)
{
    if (b->draws < 2 || b->actions < 1)
        return vrk_fail(ctx, VRK_EINPUT, "%" PRId64 " draws of %" PRId64 " actions", b->draws,
                        b->actions);
    for (int64_t i = 0; i < b->draws; i++) {
        for (int64_t a = 0; a < b->actions; a++) {
            if (!isfinite(b->benefit[i + a * b->draws]))
                return vrk_fail(ctx, VRK_EINPUT, "draw %" PRId64 ": action %" PRId64 " is worth %g",
                                i, a, b->benefit[i + a * b->draws]);
        }
        for (int64_t j = 0; j < k; j++) {
            if (!isfinite(phi[i + j * b->draws]))
                return vrk_fail(ctx, VRK_EINPUT, "draw %" PRId64 ": parameter %" PRId64 " is %g", i,
                                j, phi[i + j * b->draws]);
        }
    }
    return VRK_OK;
}

/* Mean of the largest less the largest mean, of values [draws x actions]. */
static void worth(const vrk_benefits *b, const double *value, vrk_voi *out)
{
    double most = 0;
    *out = (vrk_voi){.current = -HUGE_VAL};
    for (int64_t a = 0; a < b->actions; a++) {
        double mean = 0;
        for (int64_t i = 0; i < b->draws; i++)
            mean += value[i + a * b->draws];
        mean /= (double)b->draws;
        if (mean > out->current) {
            out->current = mean;
            out->best = a;
        }
    }
    for (int64_t i = 0; i < b->draws; i++) {
        double top = -HUGE_VAL;
        for (int64_t a = 0; a < b->actions; a++)
            top = fmax(top, value[i + a * b->draws]);
        most += top - out->current;
    }
    out->value = fmax(0, most / (double)b->draws);
}

vrk_status vrk_evpi(vrk_ctx *ctx, const vrk_benefits *b, vrk_voi *out)
{
    vrk_status st = VRK_OK;
    *out = (vrk_voi){0};
    TRY(check(ctx, b, 0, NULL));
    worth(b, b->benefit, out);
done:
    return st;
}

/* Powers to three and truncated cubes at the sixths of each parameter, on its own scale; then the
 * products of pairs. */
static void basis(const vrk_benefits *b, int64_t k, const double *phi, double *sorted, double *x)
{
    int64_t n = b->draws, col = 1;
    for (int64_t i = 0; i < n; i++)
        x[i] = 1;
    for (int64_t j = 0; j < k; j++) {
        memcpy(sorted, phi + j * n, (size_t)n * sizeof(double));
        vrk_sort(sorted, n);
        double low = sorted[0], range = sorted[n - 1] - low;
        for (int64_t i = 0; i < n; i++) {
            double z = range > 0 ? (phi[i + j * n] - low) / range : 0;
            x[i + col * n] = z - .5;
            x[i + (col + 1) * n] = (z - .5) * (z - .5);
            x[i + (col + 2) * n] = (z - .5) * (z - .5) * (z - .5);
            for (int64_t s = 0; s < KNOTS; s++) {
                double knot = sorted[(s + 1) * n / (KNOTS + 1)];
                double over = range > 0 ? fmax(0, (phi[i + j * n] - knot) / range) : 0;
                x[i + (col + 3 + s) * n] = over * over * over;
            }
        }
        col += PER;
    }
    for (int64_t j = 0; j < k; j++) {
        for (int64_t l = 0; l < j; l++, col++) {
            for (int64_t i = 0; i < n; i++)
                x[i + col * n] = x[i + (1 + j * PER) * n] * x[i + (1 + l * PER) * n];
        }
    }
}

vrk_status vrk_evsi(vrk_ctx *ctx, const vrk_benefits *b, int64_t k, const double *phi, double share,
                    vrk_voi *out)
{
    vrk_status st = VRK_OK;
    vrk_mark mark = vrk_mark_of(&ctx->scratch);
    int64_t n = b->draws, p = 1 + k * PER + k * (k - 1) / 2;
    *out = (vrk_voi){0};
    if (k < 1 || !(share >= 0 && share <= 1))
        FAIL(VRK_EINPUT, "%" PRId64 " parameters, a share of %g", k, share);
    TRY(check(ctx, b, k, phi));
    if (n < 10 * p)
        FAIL(VRK_EINPUT, "%" PRId64 " draws are too few for %" PRId64 " parameters: %" PRId64, n, k,
             10 * p);
    double *x = VRK_NEW(&ctx->scratch, n * p, double), *w = VRK_NEW(&ctx->scratch, n, double);
    double *gram = VRK_NEW(&ctx->scratch, p * p, double), *beta = VRK_NEW(&ctx->scratch, p, double);
    double *work = VRK_NEW(&ctx->scratch, VRK_MAT_BLOCK * p, double);
    double *fit = VRK_NEW(&ctx->scratch, n * b->actions, double);
    bool *dropped = VRK_NEW(&ctx->scratch, p, bool);
    if (ctx->scratch.failed)
        FAIL(VRK_EMEMORY, "out of memory for %" PRId64 " draws", n);
    basis(b, k, phi, w, x);
    for (int64_t i = 0; i < n; i++)
        w[i] = 1;
    vrk_mat_gram(x, n, p, w, work, gram);
    vrk_chol(gram, p, 1e-11, dropped); /* a parameter with few values leaves some out */
    for (int64_t a = 0; a < b->actions; a++) {
        double *mine = fit + a * n, mean = 0;
        TRY(vrk_tick(ctx, "value of information", a, b->actions));
        vrk_mat_cross(x, n, p, b->benefit + a * n, beta);
        vrk_chol_solve(gram, p, dropped, beta);
        vrk_mat_times(x, n, p, beta, mine);
        for (int64_t i = 0; i < n; i++)
            mean += mine[i] / (double)n;
        for (int64_t i = 0; i < n; i++)
            mine[i] = mean + sqrt(share) * (mine[i] - mean);
    }
    worth(b, fit, out);
done:
    vrk_rewind(&ctx->scratch, mark);
    return st;
}

vrk_status vrk_evppi(vrk_ctx *ctx, const vrk_benefits *b, int64_t k, const double *phi,
                     vrk_voi *out)
{
    return vrk_evsi(ctx, b, k, phi, 1, out);
}
