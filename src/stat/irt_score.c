#include "stat/irt_score.h"

#include "base/rng.h"
#include "num/quad.h"
#include "stat/irt_engine.h"

#include <inttypes.h>
#include <math.h>

static const double LIMIT = 8;
enum { BISECTIONS = 60, STREAM = 0x1d7 };

/* Mode and Warm's estimate of one person. */
typedef struct {
    double map, map_se, wle, wle_se;
} modal;

/* What an item says at z: expected answer and its variance, information, and the sums that MAP and
 * WLE need: of P'/P at the answer, and J = sum P' P'' / P. */
typedef struct {
    double mean, variance, information, score, j;
} glance;

static void natural_of(const vrk_irt *f, int64_t j, double *psi)
{
    psi[0] = f->slope[j];
    for (int32_t k = 1; k < f->categories[j]; k++)
        psi[k] = f->intercept[j * f->steps + k - 1];
}

/* Slopes of log P along z: l_k' from the thresholds, l_k'' by the curvature; P'' / P = l'' + l'^2.
 */
static glance look(const vrk_irt *f, int64_t j, double z, int answer)
{
    int32_t n = f->categories[j];
    double psi[VRK_IRT_MOST], lp[VRK_IRT_MOST], u[VRK_IRT_MOST * VRK_IRT_MOST];
    double c[VRK_IRT_MOST * VRK_IRT_MOST];
    bool graded = f->family == VRK_IRT_GRADED && n > 2;
    glance g = {0};
    natural_of(f, j, psi);
    vrk_irt_answer(f->family, n, psi, z, lp, u);
    for (int32_t k = 0; k < n; k++) {
        double p = exp(lp[k]), first = 0, second = 0;
        vrk_irt_curvature(f->family, n, psi, z, k, c);
        for (int32_t s = 1; s < n; s++) {
            first += psi[0] * (graded ? 1 : s) * u[k * n + s];
            for (int32_t t = 1; t < n; t++)
                second -= psi[0] * psi[0] * (graded ? 1 : s * t) * c[s * n + t];
        }
        g.mean += k * p;
        g.variance += k * k * p;
        g.information += p * first * first;
        g.j += p * first * (second + first * first);
        if (k == answer)
            g.score = first;
    }
    g.variance -= g.mean * g.mean;
    return g;
}

/* Derivative of what is to be highest: log L + log prior (MAP), or Warm's (WLE). */
static double derivative(const vrk_irt *f, const int8_t *x, double z, bool warm,
                         double *information)
{
    double score = 0, j = 0;
    *information = 0;
    for (int64_t i = 0; i < f->items; i++) {
        if (x[i] < 0)
            continue;
        glance g = look(f, i, z, x[i]);
        score += g.score;
        j += g.j;
        *information += g.information;
    }
    if (warm)
        return score + (*information > 0 ? j / (2 * *information) : 0);
    return score - z;
}

/* The derivative's root by bisection: MAP's falls everywhere, Warm's may have several roots in
 * theory; from both ends the sign decides. */
static double root(const vrk_irt *f, const int8_t *x, double limit, bool warm, double *information)
{
    double lo = -limit, hi = limit;
    for (int i = 0; i < BISECTIONS && hi - lo > 1e-12; i++) {
        double mid = (lo + hi) / 2;
        if (derivative(f, x, mid, warm, information) > 0)
            lo = mid;
        else
            hi = mid;
    }
    (void)derivative(f, x, (lo + hi) / 2, warm, information);
    return (lo + hi) / 2;
}

/* Posterior weights h [points] of one person, adding up to 1. */
static void posterior(const vrk_irt *f, const double *log_p, const int8_t *x, double *h)
{
    double most = -HUGE_VAL, sum = 0;
    for (int64_t q = 0; q < f->points; q++)
        h[q] = log(fmax(f->weight[q], 1e-300));
    for (int64_t j = 0; j < f->items; j++) {
        const double *row = log_p + (f->first[j] + x[j]) * f->points;
        for (int64_t q = 0; q < f->points && x[j] >= 0; q++)
            h[q] += row[q];
    }
    for (int64_t q = 0; q < f->points; q++)
        most = fmax(most, h[q]);
    for (int64_t q = 0; q < f->points; q++)
        sum += h[q] = exp(h[q] - most);
    for (int64_t q = 0; q < f->points; q++)
        h[q] /= sum;
}

static void moments(const vrk_irt *f, const double *h, double *mean, double *sd)
{
    double square = 0;
    *mean = 0;
    for (int64_t q = 0; q < f->points; q++)
        *mean += h[q] * f->z[q];
    for (int64_t q = 0; q < f->points; q++)
        square += h[q] * (f->z[q] - *mean) * (f->z[q] - *mean);
    *sd = sqrt(square);
}

/* log P [points x naturals] */
static void tabulate(const vrk_irt *f, double *log_p)
{
    double psi[VRK_IRT_MOST], lp[VRK_IRT_MOST];
    for (int64_t j = 0; j < f->items; j++) {
        natural_of(f, j, psi);
        for (int64_t q = 0; q < f->points; q++) {
            vrk_irt_answer(f->family, f->categories[j], psi, f->z[q], lp, NULL);
            for (int32_t k = 0; k < f->categories[j]; k++)
                log_p[q + (f->first[j] + k) * f->points] = lp[k];
        }
    }
}

static void modes(const vrk_irt *f, const int8_t *x, double limit, modal *out)
{
    double information;
    out->map = root(f, x, limit, false, &information);
    out->map_se = 1 / sqrt(information + 1);
    out->wle = root(f, x, limit, true, &information);
    out->wle_se = 1 / sqrt(information);
}

void vrk_irt_eap(const vrk_irt *fit, const int8_t *x, double *eap, double *psd)
{
    double psi[VRK_IRT_MOST], lp[VRK_IRT_MOST], most = -HUGE_VAL, sum = 0, mean = 0, square = 0;
    /* two passes: the highest term first, so that none under- or overflows */
    for (int pass = 0; pass < 2; pass++) {
        for (int64_t q = 0; q < fit->points; q++) {
            double l = log(fmax(fit->weight[q], 1e-300));
            for (int64_t j = 0; j < fit->items; j++) {
                if (x[j] < 0)
                    continue;
                natural_of(fit, j, psi);
                vrk_irt_answer(fit->family, fit->categories[j], psi, fit->z[q], lp, NULL);
                l += lp[x[j]];
            }
            most = pass ? most : fmax(most, l);
            double h = pass ? exp(l - most) : 0;
            sum += h;
            mean += h * fit->z[q];
            square += h * fit->z[q] * fit->z[q];
        }
    }
    *eap = mean / sum;
    *psd = sqrt(fmax(0, square / sum - *eap * *eap));
}

/* A draw from the posterior: a point by its weight, then evenly within its cell. */
static void draw_all(vrk_ctx *ctx, const vrk_irt *f, const double *h, int64_t i,
                     vrk_irt_scores *out)
{
    vrk_rng r = vrk_rng_of(ctx->seed, (uint64_t)i, STREAM);
    for (int64_t d = 0; d < out->plausible; d++) {
        double u = vrk_rng_uniform(&r), sum = 0;
        int64_t q = 0;
        while (q < f->points - 1 && (sum += h[q]) < u)
            q++;
        double lo = q > 0 ? (f->z[q - 1] + f->z[q]) / 2 : f->z[q];
        double hi = q < f->points - 1 ? (f->z[q] + f->z[q + 1]) / 2 : f->z[q];
        out->draw[i + d * out->persons] = lo + (hi - lo) * vrk_rng_uniform(&r);
    }
}

typedef struct {
    double *square, *spread, *z2, *n; /* [items] sums over persons */
} item_sums;

static void fit_person(const vrk_irt *f, const int8_t *x, double w, int64_t i, item_sums *s,
                       vrk_irt_scores *out)
{
    double square = 0, spread = 0, z2 = 0, n = 0;
    for (int64_t j = 0; j < f->items; j++) {
        if (x[j] < 0)
            continue;
        glance g = look(f, j, out->wle[i], x[j]);
        double rest = (x[j] - g.mean) * (x[j] - g.mean), by = out->extreme[i] ? 0 : w;
        square += rest;
        spread += g.variance;
        z2 += rest / g.variance;
        n++;
        s->square[j] += by * rest;
        s->spread[j] += by * g.variance;
        s->z2[j] += by * rest / g.variance;
        s->n[j] += by;
    }
    out->infit[i] = square / spread;
    out->outfit[i] = z2 / n;
}

static void blank(vrk_irt_scores *out, int64_t i)
{
    double *all[] = {out->eap, out->psd,    out->map,   out->map_se,
                     out->wle, out->wle_se, out->infit, out->outfit};
    for (size_t k = 0; k < sizeof(all) / sizeof(all[0]); k++)
        all[k][i] = nan("");
    for (int64_t d = 0; d < out->plausible; d++)
        out->draw[i + d * out->persons] = nan("");
}

static bool is_extreme(const vrk_irt *f, const int8_t *x)
{
    bool low = true, high = true;
    for (int64_t j = 0; j < f->items; j++) {
        low = low && x[j] <= 0;
        high = high && (x[j] < 0 || x[j] == f->categories[j] - 1);
    }
    return low || high;
}

static void find_reliability(const vrk_answers *d, vrk_irt_scores *out)
{
    double n = 0, e = 0, e2 = 0, psd = 0, w = 0, w2 = 0, se = 0;
    for (int pass = 0; pass < 2; pass++) {
        for (int64_t i = 0; i < out->persons; i++) {
            double f = d->weight ? d->weight[i] : 1;
            if (out->answered[i] == 0)
                continue;
            if (pass == 0) {
                n += f;
                e += f * out->eap[i];
                w += f * out->wle[i];
                continue;
            }
            e2 += f * (out->eap[i] - e / n) * (out->eap[i] - e / n);
            w2 += f * (out->wle[i] - w / n) * (out->wle[i] - w / n);
            psd += f * out->psd[i] * out->psd[i];
            se += f * out->wle_se[i] * out->wle_se[i];
        }
    }
    out->eap_reliability = e2 + psd > 0 ? e2 / (e2 + psd) : nan("");
    out->wle_reliability = w2 > 0 ? fmax(0, 1 - se / w2) : nan("");
}

static vrk_status reserve(vrk_ctx *ctx, const vrk_irt *f, vrk_irt_scores *out)
{
    int64_t n = out->persons;
    double **all[] = {&out->eap, &out->psd,    &out->map,   &out->map_se,
                      &out->wle, &out->wle_se, &out->infit, &out->outfit};
    for (size_t k = 0; k < sizeof(all) / sizeof(all[0]); k++)
        *all[k] = VRK_NEW(&out->mem, n, double);
    out->answered = VRK_NEW(&out->mem, n, int64_t);
    out->extreme = VRK_NEW(&out->mem, n, bool);
    out->item_infit = VRK_NEW(&out->mem, f->items, double);
    out->item_outfit = VRK_NEW(&out->mem, f->items, double);
    out->draw = VRK_NEW(&out->mem, n * out->plausible, double);
    if (out->mem.failed || ctx->scratch.failed)
        return vrk_fail(ctx, VRK_EMEMORY, "out of memory for %" PRId64 " persons", n);
    return VRK_OK;
}

static vrk_status score_all(vrk_ctx *ctx, const vrk_irt *f, const vrk_answers *d, double limit,
                            vrk_irt_scores *out)
{
    vrk_status st = VRK_OK;
    vrk_arena *a = &ctx->scratch;
    double *log_p = VRK_NEW(a, f->points * f->first[f->items], double);
    double *h = VRK_NEW(a, f->points, double);
    int8_t *x = VRK_NEW(a, f->items, int8_t);
    item_sums s = {VRK_NEW(a, f->items, double), VRK_NEW(a, f->items, double),
                   VRK_NEW(a, f->items, double), VRK_NEW(a, f->items, double)};
    if (a->failed)
        FAIL(VRK_EMEMORY, "out of memory for %" PRId64 " items", f->items);
    tabulate(f, log_p);
    for (int64_t i = 0; i < d->persons; i++) {
        modal p;
        TRY(vrk_tick(ctx, "scores", i, d->persons));
        for (int64_t j = 0; j < f->items; j++) {
            x[j] = d->x[i + j * d->persons];
            if (x[j] < -1 || x[j] >= f->categories[j])
                FAIL(VRK_EINPUT, "person %" PRId64 ", item %" PRId64 ": answer %d is out of range",
                     i + 1, j + 1, x[j]);
            out->answered[i] += x[j] >= 0;
        }
        blank(out, i);
        if (out->answered[i] == 0)
            continue;
        posterior(f, log_p, x, h);
        moments(f, h, &out->eap[i], &out->psd[i]);
        modes(f, x, limit, &p);
        out->map[i] = p.map;
        out->map_se[i] = p.map_se;
        out->wle[i] = p.wle;
        out->wle_se[i] = p.wle_se;
        out->extreme[i] = is_extreme(f, x);
        fit_person(f, x, d->weight ? d->weight[i] : 1, i, &s, out);
        draw_all(ctx, f, h, i, out);
    }
    for (int64_t j = 0; j < f->items; j++) {
        out->item_infit[j] = s.n[j] > 0 ? s.square[j] / s.spread[j] : nan("");
        out->item_outfit[j] = s.n[j] > 0 ? s.z2[j] / s.n[j] : nan("");
    }
done:
    return st;
}

vrk_status vrk_irt_score(vrk_ctx *ctx, const vrk_irt *fit, const vrk_answers *answers,
                         const vrk_irt_score_opt *opt, vrk_irt_scores *out)
{
    vrk_status st = VRK_OK;
    vrk_mark mark = vrk_mark_of(&ctx->scratch);
    vrk_irt_score_opt o = opt ? *opt : (vrk_irt_score_opt){0};
    *out = (vrk_irt_scores){.persons = answers->persons,
                            .items = answers->items,
                            .plausible = o.plausible,
                            .mem.limit = ctx->scratch.limit};
    if (answers->items != fit->items || answers->persons < 1 || o.plausible < 0)
        FAIL(VRK_EINPUT, "%" PRId64 " persons, %" PRId64 " items, where %" PRId64 " were fitted",
             answers->persons, answers->items, fit->items);
    TRY(reserve(ctx, fit, out));
    TRY(score_all(ctx, fit, answers, o.limit > 0 ? o.limit : LIMIT, out));
    find_reliability(answers, out);
done:
    vrk_rewind(&ctx->scratch, mark);
    if (st != VRK_OK)
        vrk_irt_scores_free(out);
    return st;
}

void vrk_irt_scores_free(vrk_irt_scores *scores)
{
    vrk_arena_free(&scores->mem);
    *scores = (vrk_irt_scores){0};
}

static void copy_item(const vrk_irt_known *known, int64_t j, vrk_irt *out)
{
    out->slope[j] = known->slope[j];
    out->flag[j] = known->slope[j] < 0 ? VRK_ITEM_REVERSED : VRK_ITEM_USED;
    for (int64_t k = 0; k < out->steps; k++) {
        double d = known->intercept[j * known->steps + k];
        double before = k > 0 && out->family == VRK_IRT_ADJACENT
                            ? known->intercept[j * known->steps + k - 1]
                            : 0;
        bool own = k < out->categories[j] - 1;
        out->intercept[j * out->steps + k] = own ? d : nan("");
        out->step[j * out->steps + k] = own ? -(d - before) / known->slope[j] : nan("");
    }
}

vrk_status vrk_irt_of(vrk_ctx *ctx, vrk_irt_family family, int64_t items, const int32_t *categories,
                      const vrk_irt_known *known, int64_t points, vrk_irt *out)
{
    vrk_status st = VRK_OK;
    points = points > 0 ? points : 61;
    *out = (vrk_irt){.family = family,
                     .items = items,
                     .points = points,
                     .steps = known->steps,
                     .stop = VRK_STOP_GRAD,
                     .mem.limit = ctx->scratch.limit};
    if (items < 1 || points < 3)
        FAIL(VRK_EINPUT, "%" PRId64 " items, %" PRId64 " points", items, points);
    out->categories = VRK_NEW(&out->mem, items, int32_t);
    out->first = VRK_NEW(&out->mem, items + 1, int64_t);
    out->slope = VRK_NEW(&out->mem, items, double);
    out->slope_se = VRK_NEW(&out->mem, items, double);
    out->intercept = VRK_NEW(&out->mem, items * known->steps, double);
    out->intercept_se = VRK_NEW(&out->mem, items * known->steps, double);
    out->step = VRK_NEW(&out->mem, items * known->steps, double);
    out->step_se = VRK_NEW(&out->mem, items * known->steps, double);
    out->flag = VRK_NEW(&out->mem, items, vrk_item_flag);
    out->z = VRK_NEW(&out->mem, points, double);
    out->weight = VRK_NEW(&out->mem, points, double);
    if (out->mem.failed)
        FAIL(VRK_EMEMORY, "out of memory for %" PRId64 " items", items);
    vrk_quad_grid(points, 6, out->z, out->weight);
    for (int64_t j = 0; j < items; j++) {
        out->categories[j] = categories[j];
        out->first[j + 1] = out->first[j] + categories[j];
        if (categories[j] < 2 || categories[j] > VRK_IRT_MOST || categories[j] - 1 > known->steps)
            FAIL(VRK_EINPUT, "item %" PRId64 ": %d categories", j + 1, categories[j]);
        for (int64_t k = 0; k < categories[j]; k++) {
            double x = k ? known->intercept[j * known->steps + k - 1] : known->slope[j];
            if (!isfinite(x))
                FAIL(VRK_EINPUT, "item %" PRId64 ": %g is no known parameter", j + 1, x);
        }
        copy_item(known, j, out);
    }
done:
    if (st != VRK_OK)
        vrk_irt_free(out);
    return st;
}
