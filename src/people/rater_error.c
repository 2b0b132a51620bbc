/* How sure strictness is. The persons are what is drawn, not the single levels, which come out of
 * one impression: the information's inverse around the sum of squares of the persons' scores
 * (White 1982, "Maximum likelihood estimation of misspecified models", Econometrica 50). */
#include "people/rater_parts.h"

#include "num/mat.h"
#include "num/special.h"

#include <math.h>
#include <string.h>

/* The points are those of the fit (stat/facets.h), so that its maximum is the maximum here. */
enum { POINTS = 61, STRICT_POINTS = 21 };

/* Parameters in a row: items, raters but the last, steps but the last, spread. The left-out ones
 * are minus the sum of the others. */
typedef struct {
    const vrk_rated *d;
    const bool *use;
    vrk_rater_scale s;           /* the scale of the parameters */
    int64_t items, raters, p;    /* used */
    int64_t *item, *rater;       /* [items], [raters] numbers in the data */
    int64_t *at_item, *at_rater; /* the other way; -1 = not used */
    int64_t *row, *from;         /* rows by person */
    int8_t *category;            /* [n] */
    double *x;                   /* [p] */
    double *table;               /* [items x raters x POINTS x RATER_LEVELS] log P */
    double z[POINTS], weight[POINTS];
} sandwich;

static void take(sandwich *w, const double *x)
{
    vrk_rater_scale *s = &w->s;
    double rest = 0;
    int64_t k = 0;
    for (int64_t i = 0; i < w->items; i++)
        s->item[w->item[i]] = x[k++];
    for (int64_t r = 0; r < w->raters - 1; r++, k++) {
        s->severity[w->rater[r]] = x[k];
        rest -= x[k];
    }
    s->severity[w->rater[w->raters - 1]] = rest;
    for (int c = 1; c < s->categories; c++)
        s->below[c] = c < s->categories - 1 ? s->below[c - 1] + x[k++] : 0;
    s->spread = x[k];
}

static void give(const sandwich *w, double *x)
{
    const vrk_rater_scale *s = &w->s;
    int64_t k = 0;
    for (int64_t i = 0; i < w->items; i++)
        x[k++] = s->item[w->item[i]];
    for (int64_t r = 0; r < w->raters - 1; r++)
        x[k++] = s->severity[w->rater[r]];
    for (int c = 1; c < s->categories - 1; c++)
        x[k++] = s->below[c] - s->below[c - 1];
    x[k] = s->spread;
}

static double *cell(const sandwich *w, int64_t item, int64_t rater, int q)
{
    return w->table + ((item * w->raters + rater) * POINTS + q) * RATER_LEVELS;
}

static void fill(sandwich *w)
{
    const vrk_rater_scale *s = &w->s;
    for (int64_t i = 0; i < w->items; i++) {
        for (int64_t r = 0; r < w->raters; r++) {
            for (int q = 0; q < POINTS; q++) {
                double *to = cell(w, i, r, q), all = 0, most = -HUGE_VAL;
                double eta = s->spread * w->z[q] - s->item[w->item[i]] - s->severity[w->rater[r]];
                for (int c = 0; c < s->categories; c++)
                    most = fmax(most, to[c] = c * eta - s->below[c]);
                for (int c = 0; c < s->categories; c++)
                    all += exp(to[c] - most);
                for (int c = 0; c < s->categories; c++)
                    to[c] -= most + log(all);
            }
        }
    }
}

/* Adds weight times the derivative of log P of one row at point q. */
static void derive(const sandwich *w, int64_t i, int q, double weight, double *score)
{
    int64_t item = w->at_item[w->d->competency[i]], rater = w->at_rater[w->d->rater[i]];
    const double *lp = cell(w, item, rater, q);
    int m = w->s.categories - 1, x = w->category[i];
    double off = x, above[RATER_LEVELS + 1] = {0};
    int64_t steps = w->items + w->raters - 1;
    for (int c = m; c > 0; c--) {
        above[c] = above[c + 1] + exp(lp[c]);
        off -= above[c];
    }
    score[item] -= weight * off;
    if (rater < w->raters - 1)
        score[w->items + rater] -= weight * off;
    else
        for (int64_t r = 0; r < w->raters - 1; r++)
            score[w->items + r] += weight * off;
    double last = (x >= m) - above[m];
    for (int c = 1; c < m; c++)
        score[steps + c - 1] -= weight * ((x >= c) - above[c] - last);
    score[w->p - 1] += weight * off * w->z[q];
}

/* score [p] of person n; false where nothing is used of them. */
static bool score_of(const sandwich *w, int64_t n, double *score)
{
    double ll[POINTS], most = -HUGE_VAL, all = 0;
    memset(score, 0, (size_t)w->p * sizeof(*score));
    if (w->from[n] == w->from[n + 1])
        return false;
    for (int q = 0; q < POINTS; q++) {
        ll[q] = w->weight[q];
        for (int64_t k = w->from[n]; k < w->from[n + 1]; k++) {
            int64_t i = w->row[k];
            ll[q] += cell(w, w->at_item[w->d->competency[i]], w->at_rater[w->d->rater[i]],
                          q)[w->category[i]];
        }
        most = fmax(most, ll[q]);
    }
    for (int q = 0; q < POINTS; q++)
        all += exp(ll[q] - most);
    for (int q = 0; q < POINTS; q++) {
        double h = exp(ll[q] - most) / all;
        for (int64_t k = w->from[n]; h > 1e-12 && k < w->from[n + 1]; k++)
            derive(w, w->row[k], q, h, score);
    }
    return true;
}

static void score_sum(sandwich *w, const double *x, double *one, double *sum)
{
    take(w, x);
    fill(w);
    memset(sum, 0, (size_t)w->p * sizeof(*sum));
    for (int64_t n = 0; n < w->d->persons; n++) {
        if (!score_of(w, n, one))
            continue;
        for (int64_t k = 0; k < w->p; k++)
            sum[k] += one[k];
    }
}

static vrk_status start(vrk_ctx *ctx, const vrk_rated *d, const bool *use, const vrk_rater_scale *s,
                        sandwich *w)
{
    vrk_arena *a = &ctx->scratch;
    *w = (sandwich){.d = d, .use = use, .s = *s};
    w->s.item = VRK_NEW(a, s->items + 1, double);
    w->s.severity = VRK_NEW(a, s->raters + 1, double);
    w->item = VRK_NEW(a, s->items + 1, int64_t);
    w->rater = VRK_NEW(a, s->raters + 1, int64_t);
    w->at_item = VRK_NEW(a, s->items + 1, int64_t);
    w->at_rater = VRK_NEW(a, s->raters + 1, int64_t);
    w->row = VRK_NEW(a, d->n + 1, int64_t);
    w->from = VRK_NEW(a, d->persons + 2, int64_t);
    w->category = VRK_NEW(a, d->n + 1, int8_t);
    if (a->failed)
        goto memory;
    memcpy(w->s.item, s->item, (size_t)s->items * sizeof(double));
    memcpy(w->s.severity, s->severity, (size_t)s->raters * sizeof(double));
    for (int64_t i = 0; i < s->items; i++) {
        w->at_item[i] = isfinite(s->item[i]) ? w->items : -1;
        if (isfinite(s->item[i]))
            w->item[w->items++] = i;
    }
    for (int64_t r = 0; r < s->raters; r++) {
        w->at_rater[r] = isfinite(s->severity[r]) ? w->raters : -1;
        if (isfinite(s->severity[r]))
            w->rater[w->raters++] = r;
    }
    w->p = w->items + w->raters - 1 + s->categories - 2 + 1;
    w->x = VRK_NEW(a, w->p, double);
    w->table = VRK_NEW(a, w->items * w->raters * POINTS * RATER_LEVELS, double);
    if (a->failed)
        goto memory;
    give(w, w->x);
    for (int q = 0; q < POINTS; q++) {
        w->z[q] = 6.0 * (2.0 * q / (POINTS - 1) - 1);
        w->weight[q] = -w->z[q] * w->z[q] / 2;
    }
    return VRK_OK;
memory:
    return vrk_fail(ctx, VRK_EMEMORY, "out of memory for %lld raters", (long long)d->raters);
}

static void sort_rows(sandwich *w)
{
    const vrk_rated *d = w->d;
    for (int64_t i = 0; i < d->n; i++) {
        w->from[d->person[i] + 1] += w->use[i];
        w->category[i] = w->s.category[d->level[i]];
    }
    for (int64_t n = 0; n < d->persons; n++)
        w->from[n + 1] += w->from[n];
    for (int64_t i = d->n - 1; i >= 0; i--) {
        if (w->use[i])
            w->row[--w->from[d->person[i] + 1]] = i;
    }
    for (int64_t n = 0; n < d->persons; n++) /* each start has moved one place up */
        w->from[n] = w->from[n + 1];
    w->from[d->persons] = 0;
    for (int64_t i = 0; i < d->n; i++)
        w->from[d->persons] += w->use[i];
}

/* cov [p x p]; *ok = false where the information has no inverse. */
static vrk_status covariance(vrk_ctx *ctx, sandwich *w, double *cov, bool *ok)
{
    vrk_arena *a = &ctx->scratch;
    int64_t p = w->p;
    double *info = VRK_NEW(a, p * p, double), *meat = VRK_NEW(a, p * p, double);
    double *up = VRK_NEW(a, p, double), *down = VRK_NEW(a, p, double), *one = VRK_NEW(a, p, double);
    double *half = VRK_NEW(a, p * p, double);
    const double h = 1e-4;
    if (a->failed)
        return vrk_fail(ctx, VRK_EMEMORY, "out of memory for %lld parameters", (long long)p);
    for (int64_t k = 0; k < p; k++) {
        double x = w->x[k];
        w->x[k] = x + h;
        score_sum(w, w->x, one, up);
        w->x[k] = x - h;
        score_sum(w, w->x, one, down);
        w->x[k] = x;
        for (int64_t j = 0; j < p; j++)
            half[j + k * p] = (down[j] - up[j]) / (2 * h);
    }
    for (int64_t k = 0; k < p * p; k++)
        info[k] = (half[k] + half[k / p + k % p * p]) / 2;
    take(w, w->x);
    fill(w);
    for (int64_t n = 0; n < w->d->persons; n++) {
        score_of(w, n, one);
        for (int64_t k = 0; k < p * p; k++)
            meat[k] += one[k / p] * one[k % p];
    }
    *ok = vrk_spd_factor(info, p);
    if (!*ok)
        return VRK_OK;
    vrk_spd_inverse(info, p);
    vrk_mat_product(info, meat, p, p, p, false, half);
    vrk_mat_product(half, info, p, p, p, false, cov);
    return VRK_OK;
}

/* So many levels lower than the mean rater, for persons as they are spread. */
static double strict_of(const vrk_rater_scale *s, double severity)
{
    double sum = 0, all = 0;
    for (int q = 0; q < STRICT_POINTS; q++) {
        double z = 4.0 * (2.0 * q / (STRICT_POINTS - 1) - 1), w = vrk_normal_density(z);
        double theta = s->spread * z;
        sum += w * (vrk_rater_level_of(s, theta, 0) - vrk_rater_level_of(s, theta, severity));
        all += w;
    }
    return sum / all;
}

static double variance(const double *cov, const double *g, int64_t p)
{
    double v = 0;
    for (int64_t k = 0; k < p * p; k++)
        v += g[k / p] * cov[k] * g[k % p];
    return fmax(v, 0);
}

/* Strictness of the used rater r with its error, and that of the severity in logits. */
static void strictness(sandwich *w, const double *cov, int64_t r, double *g, vrk_rater_error *out)
{
    const double h = 1e-4;
    int64_t at = w->rater[r];
    take(w, w->x);
    out->strict[at] = strict_of(&w->s, w->s.severity[at]);
    for (int64_t k = 0; k < w->p; k++) {
        double x = w->x[k], up;
        w->x[k] = x + h;
        take(w, w->x);
        up = strict_of(&w->s, w->s.severity[at]);
        w->x[k] = x - h;
        take(w, w->x);
        g[k] = (up - strict_of(&w->s, w->s.severity[at])) / (2 * h);
        w->x[k] = x;
    }
    out->strict_se[at] = sqrt(variance(cov, g, w->p));
    for (int64_t k = 0; k < w->p; k++) {
        bool own = k == w->items + r, other = k >= w->items && k < w->items + w->raters - 1;
        g[k] = r < w->raters - 1 ? own : other ? -1 : 0;
    }
    out->severity_se[at] = sqrt(variance(cov, g, w->p));
}

vrk_status vrk_rater_error_of(vrk_ctx *ctx, const vrk_rated *d, const bool *use,
                              const vrk_rater_scale *s, vrk_rater_error *out, bool *ok)
{
    vrk_status st = VRK_OK;
    vrk_mark mark = vrk_mark_of(&ctx->scratch);
    sandwich w;
    TRY(start(ctx, d, use, s, &w));
    sort_rows(&w);
    double *cov = VRK_NEW(&ctx->scratch, w.p * w.p, double);
    double *g = VRK_NEW(&ctx->scratch, w.p, double);
    if (ctx->scratch.failed)
        FAIL(VRK_EMEMORY, "out of memory for %lld parameters", (long long)w.p);
    TRY(covariance(ctx, &w, cov, ok));
    for (int64_t r = 0; *ok && r < w.raters; r++)
        strictness(&w, cov, r, g, out);
done:
    vrk_rewind(&ctx->scratch, mark);
    return st;
}
