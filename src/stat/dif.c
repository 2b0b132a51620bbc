#include "stat/dif.h"

#include "num/mat.h"
#include "num/special.h"

#include <inttypes.h>
#include <math.h>
#include <string.h>

enum { ROUNDS = 20, STEPS = 50, P = 4 };

typedef struct {
    const vrk_dif_data *d;
    vrk_dif_opt o;
    int64_t n, *who;         /* persons used */
    bool *out_of_score;      /* [items] */
    double *a, *b, *c, *e;   /* [items + 1] right and wrong, reference and focal, by score */
    double *right, *all, *x; /* [2 (items + 1)] cells of the logistic model; design [cells x 4] */
    int64_t *score;          /* [n] over the items of the matching score */
} work;

static vrk_status check(vrk_ctx *ctx, work *w)
{
    vrk_status st = VRK_OK;
    const vrk_dif_data *d = w->d;
    int64_t size[2] = {0};
    if (d->persons < 1 || d->items < 2)
        FAIL(VRK_EINPUT, "%" PRId64 " persons, %" PRId64 " items", d->persons, d->items);
    for (int64_t i = 0; i < d->persons; i++) {
        bool whole = true;
        if (d->focal[i] < 0 || d->focal[i] > 1)
            FAIL(VRK_EINPUT, "person %" PRId64 ": group %d is neither 0 nor 1", i + 1, d->focal[i]);
        for (int64_t j = 0; j < d->items; j++) {
            int x = d->x[i + j * d->persons];
            if (x < -1 || x > 1)
                FAIL(VRK_EINPUT, "person %" PRId64 ", item %" PRId64 ": answer %d is not 0 or 1",
                     i + 1, j + 1, x);
            whole = whole && x >= 0;
        }
        if (!whole)
            continue;
        w->who[w->n++] = i;
        size[d->focal[i]]++;
    }
    if (size[0] < w->o.min_group || size[1] < w->o.min_group)
        FAIL(VRK_EINPUT,
             "%" PRId64 " persons in the reference group and %" PRId64
             " in the focal group have all answers; under %" PRId64 " nothing can be said",
             size[0], size[1], w->o.min_group);
    for (int64_t j = 0; j < d->items; j++) {
        int64_t right = 0;
        for (int64_t k = 0; k < w->n; k++)
            right += d->x[w->who[k] + j * d->persons];
        if ((right == 0 || right == w->n) && d->name)
            FAIL(VRK_EINPUT, "%s: every answer is %d", d->name[j], right > 0);
        if (right == 0 || right == w->n)
            FAIL(VRK_EINPUT, "item %" PRId64 ": every answer is %d", j + 1, right > 0);
    }
done:
    return st;
}

/* Two by two tables by score. The item itself always belongs to its own matching score (Holland &
 * Thayer). */
static void tabulate(work *w, int64_t j)
{
    const vrk_dif_data *d = w->d;
    double *all[] = {w->a, w->b, w->c, w->e};
    for (int k = 0; k < 4; k++)
        memset(all[k], 0, (size_t)(d->items + 1) * sizeof(double));
    for (int64_t k = 0; k < w->n; k++) {
        int64_t i = w->who[k], x = d->x[i + j * d->persons];
        int64_t s = w->score[k] + (w->out_of_score[j] ? x : 0);
        all[2 * d->focal[i] + (x == 0)][s]++;
    }
}

static void mantel_haenszel(const work *w, int64_t j, vrk_dif *out)
{
    double a = 0, mean = 0, var = 0, r = 0, s = 0, pr = 0, mix = 0, qs = 0;
    for (int64_t k = 0; k <= w->d->items; k++) {
        double n1 = w->a[k] + w->b[k], n0 = w->c[k] + w->e[k], n = n1 + n0;
        double m1 = w->a[k] + w->c[k], m0 = w->b[k] + w->e[k];
        if (n < 2)
            continue;
        double ad = w->a[k] * w->e[k] / n, bc = w->b[k] * w->c[k] / n;
        double p = (w->a[k] + w->e[k]) / n, q = (w->b[k] + w->c[k]) / n;
        a += w->a[k];
        mean += n1 * m1 / n;
        var += n1 * n0 * m1 * m0 / (n * n * (n - 1));
        r += ad;
        s += bc;
        pr += p * ad;
        mix += p * bc + q * ad;
        qs += q * bc;
    }
    double off = fmax(0, fabs(a - mean) - (w->o.no_correction ? 0 : .5));
    out->chi2[j] = var > 0 ? off * off / var : 0;
    out->p[j] = vrk_chi2_above(out->chi2[j], 1);
    out->alpha[j] = r / s;
    out->delta[j] = -2.35 * log(r / s);
    out->delta_se[j] = 2.35 * sqrt(pr / (2 * r * r) + mix / (2 * r * s) + qs / (2 * s * s));
    out->flag[j] = out->p[j] < w->o.level;
}

/* C: at least 1.5 and more than 1 beyond the level, one-sided as the Service does it; A: under 1 or
 * within chance; B: the rest. */
static void classify(const work *w, int64_t j, vrk_dif *out)
{
    double size = fabs(out->delta[j]);
    double beyond = (size - 1) / out->delta_se[j];
    if (size < 1 || !out->flag[j])
        out->class[j] = VRK_DIF_A;
    else if (size >= 1.5 && vrk_normal_below(-beyond) < w->o.level)
        out->class[j] = VRK_DIF_C;
    else
        out->class[j] = VRK_DIF_B;
}

/* Log-likelihood of the logistic model of the first p columns, by Newton's method. */
static double logistic(const work *w, int64_t cells, int64_t p)
{
    double beta[P] = {0}, gram[P * P], grad[P], ll = -HUGE_VAL;
    for (int step = 0; step < STEPS; step++) {
        bool dropped[P] = {false};
        double now = 0;
        memset(gram, 0, sizeof(gram));
        memset(grad, 0, sizeof(grad));
        for (int64_t c = 0; c < cells; c++) {
            double eta = 0;
            for (int64_t k = 0; k < p; k++)
                eta += beta[k] * w->x[c * P + k];
            double mu = 1 / (1 + exp(-eta)), v = w->all[c] * mu * (1 - mu);
            now -= w->right[c] * log1p(exp(-eta)) + (w->all[c] - w->right[c]) * log1p(exp(eta));
            for (int64_t k = 0; k < p; k++) {
                grad[k] += (w->right[c] - w->all[c] * mu) * w->x[c * P + k];
                for (int64_t l = 0; l <= k; l++)
                    gram[k + l * p] += v * w->x[c * P + k] * w->x[c * P + l];
            }
        }
        if (now - ll < 1e-10 * fabs(now))
            return now;
        ll = now;
        (void)vrk_chol(gram, p, 1e-12, dropped);
        vrk_chol_solve(gram, p, dropped, grad);
        for (int64_t k = 0; k < p; k++)
            beta[k] += fmax(-5, fmin(5, grad[k]));
    }
    return ll;
}

static vrk_dif_class r2_class(double gain, bool significant)
{
    if (!significant || gain < .035)
        return VRK_DIF_A;
    return gain < .070 ? VRK_DIF_B : VRK_DIF_C;
}

/* Score, then group, then both times each other. */
static void by_logistic(work *w, int64_t j, vrk_dif *out)
{
    int64_t cells = 0;
    double n = (double)w->n, right = 0;
    for (int64_t s = 0; s <= w->d->items; s++) {
        const double at[][2] = {{w->a[s], w->b[s]}, {w->c[s], w->e[s]}};
        for (int g = 0; g < 2; g++) {
            double all = at[g][0] + at[g][1], t = (double)s / (double)w->d->items - .5;
            if (all <= 0)
                continue;
            w->right[cells] = at[g][0];
            w->all[cells] = all;
            memcpy(w->x + cells * P, (double[P]){1, t, g, g * t}, P * sizeof(double));
            right += at[g][0];
            cells++;
        }
    }
    double null = right * log(right / n) + (n - right) * log1p(-right / n);
    double l1 = logistic(w, cells, 2), l2 = logistic(w, cells, 3), l3 = logistic(w, cells, 4);
    double most = -expm1(2 * null / n);
    out->uniform[j] = fmax(0, 2 * (l2 - l1));
    out->crossing[j] = fmax(0, 2 * (l3 - l2));
    out->uniform_p[j] = vrk_chi2_above(out->uniform[j], 1);
    out->crossing_p[j] = vrk_chi2_above(out->crossing[j], 1);
    out->r2[j] = (exp(2 * (null - l1) / n) - exp(2 * (null - l3) / n)) / most;
    out->r2_class[j] =
        r2_class(out->r2[j], vrk_chi2_above(out->uniform[j] + out->crossing[j], 2) < w->o.level);
}

static void score_all(work *w)
{
    for (int64_t k = 0; k < w->n; k++) {
        w->score[k] = 0;
        for (int64_t j = 0; j < w->d->items; j++)
            w->score[k] += w->out_of_score[j] ? 0 : w->d->x[w->who[k] + j * w->d->persons];
    }
}

/* Once, or until the flagged items are those left out of the score. At least two stay in it. */
static vrk_status test_all(vrk_ctx *ctx, work *w, vrk_dif *out)
{
    vrk_status st = VRK_OK;
    for (out->rounds = 0; out->rounds < ROUNDS && !out->settled; out->rounds++) {
        int64_t changed = 0, kept = 0;
        score_all(w);
        for (int64_t j = 0; j < w->d->items; j++) {
            TRY(vrk_tick(ctx, "differential item functioning", j, w->d->items));
            tabulate(w, j);
            mantel_haenszel(w, j, out);
            classify(w, j, out);
            by_logistic(w, j, out);
        }
        for (int64_t j = 0; j < w->d->items; j++) {
            changed += out->flag[j] != w->out_of_score[j];
            kept += !out->flag[j];
        }
        out->settled = changed == 0 || !w->o.purify;
        if (kept < 2)
            break;
        memcpy(w->out_of_score, out->flag, (size_t)w->d->items * sizeof(bool));
    }
done:
    return st;
}

static vrk_status reserve(vrk_ctx *ctx, work *w, vrk_dif *out)
{
    int64_t n = w->d->items, s = n + 1;
    double **all[] = {&out->chi2,       &out->p,       &out->alpha,     &out->delta,
                      &out->delta_se,   &out->uniform, &out->uniform_p, &out->crossing,
                      &out->crossing_p, &out->r2};
    double **own[] = {&w->a, &w->b, &w->c, &w->e};
    for (size_t k = 0; k < sizeof(all) / sizeof(all[0]); k++)
        *all[k] = VRK_NEW(&out->mem, n, double);
    for (size_t k = 0; k < sizeof(own) / sizeof(own[0]); k++)
        *own[k] = VRK_NEW(&ctx->scratch, s, double);
    out->class = VRK_NEW(&out->mem, n, vrk_dif_class);
    out->r2_class = VRK_NEW(&out->mem, n, vrk_dif_class);
    out->flag = VRK_NEW(&out->mem, n, bool);
    w->who = VRK_NEW(&ctx->scratch, w->d->persons, int64_t);
    w->score = VRK_NEW(&ctx->scratch, w->d->persons, int64_t);
    w->out_of_score = VRK_NEW(&ctx->scratch, n, bool);
    w->right = VRK_NEW(&ctx->scratch, 2 * s, double);
    w->all = VRK_NEW(&ctx->scratch, 2 * s, double);
    w->x = VRK_NEW(&ctx->scratch, 2 * s * P, double);
    if (ctx->scratch.failed || out->mem.failed)
        return vrk_fail(ctx, VRK_EMEMORY, "out of memory for %" PRId64 " persons", w->d->persons);
    return VRK_OK;
}

vrk_status vrk_dif_test(vrk_ctx *ctx, const vrk_dif_data *data, const vrk_dif_opt *opt,
                        vrk_dif *out)
{
    vrk_status st = VRK_OK;
    vrk_mark mark = vrk_mark_of(&ctx->scratch);
    work w = {.d = data, .o = opt ? *opt : (vrk_dif_opt){0}};
    w.o.level = w.o.level > 0 ? w.o.level : .05;
    w.o.min_group = w.o.min_group > 0 ? w.o.min_group : 100;
    *out = (vrk_dif){.items = data->items, .mem.limit = ctx->scratch.limit};
    TRY(reserve(ctx, &w, out));
    TRY(check(ctx, &w));
    out->persons = w.n;
    out->skipped = data->persons - w.n;
    TRY(test_all(ctx, &w, out));
done:
    vrk_rewind(&ctx->scratch, mark);
    if (st != VRK_OK)
        vrk_dif_free(out);
    return st;
}

void vrk_dif_free(vrk_dif *dif)
{
    vrk_arena_free(&dif->mem);
    *dif = (vrk_dif){0};
}
