#include "num/special.h"
#include "stat/keyed_parts.h"

#include <math.h>
#include <string.h>

enum { ROUNDS = 10 };
static const double scale = -2.35, large = 1.5, negligible = 1;
static const double clear = 0.2, thin = 0.05; /* the score test alone does from this p up, and where
                                                 so much of the information is left */

/* Of an item held alike: the score and its information with what is free taken out; one step.
 * False: near enough to the level, or so little information left, that a fit must tell. */
static bool score_test(const keyed *w, int64_t at, double *e, double *se)
{
    int64_t n = w->params;
    double all = w->info[at + at * n], info = all;
    for (int64_t s = 0; s < n; s++) {
        for (int64_t t = 0; t < n && w->free[s]; t++) {
            if (w->free[t])
                info -= w->info[at + s * n] * w->square[s + t * n] * w->info[at + t * n];
        }
    }
    if (!(info > thin * all))
        return false;
    *e = w->gradient[at] / info;
    *se = 1 / sqrt(info);
    return 2 * vrk_normal_below(-fabs(*e) / *se) >= clear;
}

/* The same item set free: Wald's test. What was known before stands again afterwards. */
static vrk_status alone(vrk_ctx *ctx, keyed *w, int64_t at, vrk_keyed *out, double *e, double *se)
{
    vrk_status st = VRK_OK;
    vrk_mark mark = vrk_mark_of(&ctx->scratch);
    size_t n = (size_t)w->params;
    double *kept = VRK_NEW(&ctx->scratch, w->params * (2 * w->params + 2), double);
    vrk_keyed probe = {0};
    if (!kept)
        FAIL(VRK_EMEMORY, "out of memory for the situations");
    memcpy(kept, w->theta, n * sizeof(double));
    memcpy(kept + n, w->gradient, n * sizeof(double));
    memcpy(kept + 2 * n, w->info, n * n * sizeof(double));
    memcpy(kept + 2 * n + n * n, w->square, n * n * sizeof(double));
    w->free[at] = true;
    TRY(vrk_keyed_climb(ctx, w, true, &probe));
    TRY(vrk_keyed_information(ctx, w));
    *e = w->theta[at];
    *se = vrk_keyed_invert(w) ? sqrt(fmax(w->square[at + at * w->params], 0)) : HUGE_VAL;
    out->iterations += probe.iterations;
    w->free[at] = false;
    memcpy(w->theta, kept, n * sizeof(double));
    memcpy(w->gradient, kept + n, n * sizeof(double));
    memcpy(w->info, kept + 2 * n, n * n * sizeof(double));
    memcpy(w->square, kept + 2 * n + n * n, n * n * sizeof(double));
done:
    vrk_rewind(&ctx->scratch, mark);
    return st;
}

/* The best option's log odds at the focal group's mean, there and in the reference group. */
static double log_odds(const keyed *w, int64_t j, double z, double harder)
{
    const double *t = w->theta + KEYED_OF * j;
    int64_t m = w->d->steps;
    double u = w->half[j] + exp(t[LOG_SLOPE]) * (z - t[DIFFICULTY] - harder), others = 0;
    for (int64_t k = 0; k < m; k++)
        others += exp(w->log_many[j * (m + 1) + k] + u * ((double)k / (double)m - 1));
    return -log(others);
}

static void judge(const keyed *w, int64_t j, vrk_keyed *out)
{
    double z = w->theta[KEYED_OF * w->d->items], e = out->harder[j], h = 1e-3;
    double slope = (log_odds(w, j, z, -h) - log_odds(w, j, z, h)) / (2 * h);
    double se = fabs(scale) * slope * out->harder_se[j],
           bound = vrk_normal_quantile(w->o.level / 2);
    out->p[j] = 2 * vrk_normal_below(-fabs(e) / out->harder_se[j]);
    out->flag[j] = out->p[j] < w->o.level;
    out->delta[j] = scale * (log_odds(w, j, z, 0) - log_odds(w, j, z, e));
    out->power[j] = vrk_normal_below(large / se + bound) + vrk_normal_below(-large / se + bound);
    double size = fabs(out->delta[j]);
    if (size < negligible || !out->flag[j])
        out->class[j] = VRK_DIF_A;
    else if (size >= large && vrk_normal_below(-(size - negligible) / se) < w->o.level)
        out->class[j] = VRK_DIF_C;
    else
        out->class[j] = VRK_DIF_B;
}

vrk_status vrk_keyed_compare(vrk_ctx *ctx, keyed *w, vrk_keyed *out)
{
    vrk_status st = VRK_OK;
    int64_t n = w->d->items, last = KEYED_OF * n;
    for (int64_t i = 0; i < w->d->persons; i++)
        out->group[w->d->focal[i]]++;
    for (out->rounds = 0; out->rounds < ROUNDS && !out->settled; out->rounds++) {
        int64_t changed = 0, flagged = 0;
        if (out->rounds)
            TRY(vrk_keyed_climb(ctx, w, true, out));
        TRY(vrk_keyed_information(ctx, w));
        if (!vrk_keyed_invert(w))
            FAIL(VRK_ENUMERIC, "the answers do not tell whether the groups are treated alike");
        for (int64_t j = 0; j < n; j++) {
            int64_t at = KEYED_OF * j + HARDER;
            if (w->free[at]) {
                out->harder[j] = w->theta[at];
                out->harder_se[j] = sqrt(fmax(w->square[at + at * w->params], 0));
            } else if (!score_test(w, at, &out->harder[j], &out->harder_se[j]))
                TRY(alone(ctx, w, at, out, &out->harder[j], &out->harder_se[j]));
            judge(w, j, out);
            changed += out->flag[j] != w->free[at];
            flagged += out->flag[j];
        }
        out->apart = w->theta[last];
        out->apart_se = sqrt(fmax(w->square[last + last * w->params], 0));
        out->settled = changed == 0;
        if (2 * flagged > n) /* nothing left to hold them against */
            break;
        for (int64_t j = 0; j < n && !out->settled; j++) {
            int64_t at = KEYED_OF * j + HARDER;
            w->theta[at] = 0;
            w->free[at] = out->flag[j];
        }
    }
done:
    return st;
}
