/* What ratings say of the persons: each rater's view of a person is one observation, however many
 * competences it has. */
#include "people/rater_parts.h"

#include "num/special.h"

#include <inttypes.h>
#include <math.h>

/* One rater's view of one person. */
typedef struct {
    double off,
        information; /* sum of residuals in steps; sum of variances: [logit] off / inform. */
} view;

static vrk_status views_of(vrk_ctx *ctx, const vrk_rated *d, const bool *use,
                           const vrk_rater_scale *s, view **out)
{
    *out = VRK_NEW(&ctx->scratch, d->persons * d->raters + 1, view);
    if (!*out)
        return vrk_fail(ctx, VRK_EMEMORY, "out of memory for %" PRId64 " persons", d->persons);
    for (int64_t i = 0; i < d->n; i++) {
        view *v = &(*out)[d->person[i] + (int64_t)d->rater[i] * d->persons];
        if (!use[i])
            continue;
        vrk_rater_level e = vrk_rater_level_at(s, s->eap[d->person[i]] - s->item[d->competency[i]] -
                                                      s->severity[d->rater[i]]);
        v->off += d->level[i] - e.mean; /* [level] */
        v->information += e.slope;
    }
    return VRK_OK;
}

static double at_of(const view *v)
{
    return v->off / v->information;
}

/* Variance of what is a rater's alone in a view of a person, beyond chance in each level: what two
 * views of a person differ by. */
static double impression_of(const vrk_rated *d, const view *v)
{
    double sum = 0, df = 0, noise = 0;
    for (int64_t p = 0; p < d->persons; p++) {
        double mean = 0, n = 0;
        for (int64_t r = 0; r < d->raters; r++) {
            const view *one = &v[p + r * d->persons];
            if (one->information > 0) {
                mean += at_of(one);
                n++;
            }
        }
        for (int64_t r = 0; n > 1 && r < d->raters; r++) {
            const view *one = &v[p + r * d->persons];
            if (!(one->information > 0))
                continue;
            sum += (at_of(one) - mean / n) * (at_of(one) - mean / n);
            noise += (1 - 1 / n) / one->information;
        }
        df += n > 1 ? n - 1 : 0;
    }
    return fmax((sum - noise) / df, 0);
}

/* Mean of the views with weights by what each is worth, and its variance. */
static double together(const vrk_rated *d, const view *v, const double *se, double impression,
                       int64_t p, double *variance)
{
    double sum = 0, all = 0;
    for (int64_t r = 0; r < d->raters; r++) {
        const view *one = &v[p + r * d->persons];
        double w =
            one->information > 0 ? 1 / (impression + 1 / one->information + se[r] * se[r]) : 0;
        sum += w > 0 ? w * at_of(one) : 0;
        all += w;
    }
    *variance = 1 / all;
    return sum / all;
}

vrk_status vrk_rater_persons(vrk_ctx *ctx, const vrk_rated *d, const bool *use,
                             const vrk_rater_scale *s, const double *se, vrk_rated_model *out)
{
    vrk_status st = VRK_OK;
    view *v;
    TRY(views_of(ctx, d, use, s, &v));
    double h = impression_of(d, v), mean = 0, square = 0, error = 0, n = 0;
    for (int64_t p = 0; p < d->persons; p++) {
        double var, at = together(d, v, se, h, p, &var) + s->eap[p];
        if (!isfinite(at))
            continue;
        mean += at;
        square += at * at;
        error += var;
        n++;
    }
    mean /= n;
    double spread = fmax(square / n - mean * mean - error / n, 0);
    double wide = vrk_normal_quantile(0.95);
    out->impression = h / fmax(h + spread, 1e-12);
    for (int64_t p = 0; p < d->persons; p++) {
        double var, at = together(d, v, se, h, p, &var) + s->eap[p];
        if (!isfinite(at))
            continue;
        double share = spread / (spread + var), half = wide * sqrt(share * var);
        at = mean + share * (at - mean);
        out->person[p].level = vrk_rater_level_of(s, at, 0);
        out->person[p].lo = vrk_rater_level_of(s, at - half, 0);
        out->person[p].hi = vrk_rater_level_of(s, at + half, 0);
    }
done:
    return st;
}
