#include "num/mat.h"
#include "stat/keyed_parts.h"

#include <math.h>
#include <string.h>

static double *at(const keyed *w, double *table, int g, int64_t j, int64_t k)
{
    int64_t cats = w->d->steps + 1;
    return table + ((g * w->d->items + j) * cats + k) * KEYED_POINTS;
}

static int groups(const keyed *w)
{
    return w->d->focal ? 2 : 1;
}

static double at_of(const keyed *w, int g, int64_t j, double z)
{
    const double *t = w->theta + KEYED_OF * j;
    return w->half[j] + exp(t[LOG_SLOPE]) * (z - t[DIFFICULTY] - (g ? t[HARDER] : 0));
}

static void tabulate(keyed *w)
{
    int64_t m = w->d->steps;
    double lp[KEYED_MOST + 1];
    for (int g = 0; g < groups(w); g++) {
        for (int64_t j = 0; j < w->d->items; j++) {
            for (int q = 0; q < KEYED_POINTS; q++) {
                double u = at_of(w, g, j, w->z[q]), top = -HUGE_VAL, sum = 0;
                for (int64_t k = 0; k <= m; k++) {
                    lp[k] = w->log_many[j * (m + 1) + k] + u * (double)k / (double)m;
                    top = fmax(top, lp[k]);
                }
                for (int64_t k = 0; k <= m; k++)
                    sum += exp(lp[k] - top);
                for (int64_t k = 0; k <= m; k++)
                    at(w, w->log_p, g, j, k)[q] = lp[k] - top - log(sum);
            }
        }
    }
}

static void weigh(keyed *w)
{
    int64_t last = KEYED_OF * w->d->items;
    for (int g = 0; g < groups(w); g++) {
        double mean = g ? w->theta[last] : 0, sd = g ? exp(w->theta[last + 1]) : 1, sum = 0;
        for (int q = 0; q < KEYED_POINTS; q++) {
            double u = (w->z[q] - mean) / sd;
            sum += w->weight[g][q] = exp(-u * u / 2);
        }
        for (int q = 0; q < KEYED_POINTS; q++) {
            w->weight[g][q] /= sum;
            w->log_weight[g][q] = log(fmax(w->weight[g][q], 1e-300));
        }
    }
}

/* Posterior over the points of a person, adding up to 1; returns the log-likelihood. */
static double posterior(const keyed *w, int64_t i, double *lp)
{
    int g = w->d->focal ? w->d->focal[i] : 0;
    double top = -HUGE_VAL, sum = 0;
    memcpy(lp, w->log_weight[g], KEYED_POINTS * sizeof(double));
    for (int64_t j = 0; j < w->d->items; j++) {
        int x = w->d->x[i + j * w->d->persons];
        const double *p = x < 0 ? NULL : at(w, w->log_p, g, j, x);
        for (int q = 0; p && q < KEYED_POINTS; q++)
            lp[q] += p[q];
    }
    for (int q = 0; q < KEYED_POINTS; q++)
        top = fmax(top, lp[q]);
    for (int q = 0; q < KEYED_POINTS; q++)
        sum += lp[q] = exp(lp[q] - top);
    for (int q = 0; q < KEYED_POINTS; q++)
        lp[q] /= sum;
    return top + log(sum);
}

static double person(keyed *w, int64_t i)
{
    int g = w->d->focal ? w->d->focal[i] : 0;
    double lp[KEYED_POINTS], ll = posterior(w, i, lp);
    for (int q = 0; q < KEYED_POINTS; q++)
        w->post[g][q] += lp[q];
    for (int64_t j = 0; j < w->d->items; j++) {
        int x = w->d->x[i + j * w->d->persons];
        double *r = x < 0 ? NULL : at(w, w->count, g, j, x);
        for (int q = 0; r && q < KEYED_POINTS; q++)
            r[q] += lp[q];
    }
    return ll;
}

/* d log L / d u summed over the answers at each point goes on to a, b and e. */
static void item_gradient(keyed *w, int64_t j)
{
    double *out = w->gradient + KEYED_OF * j, a = exp(w->theta[KEYED_OF * j + LOG_SLOPE]);
    int64_t m = w->d->steps;
    for (int g = 0; g < groups(w); g++) {
        for (int q = 0; q < KEYED_POINTS; q++) {
            double n = 0, got = 0, expected = 0;
            for (int64_t k = 0; k <= m; k++) {
                double r = at(w, w->count, g, j, k)[q], s = (double)k / (double)m;
                n += r;
                got += r * s;
                expected += exp(at(w, w->log_p, g, j, k)[q]) * s;
            }
            double du = got - n * expected;
            out[LOG_SLOPE] += du * (at_of(w, g, j, w->z[q]) - w->half[j]);
            out[DIFFICULTY] -= du * a;
            out[HARDER] -= g ? du * a : 0;
        }
    }
}

static void focal_gradient(keyed *w)
{
    int64_t last = KEYED_OF * w->d->items;
    double mean = w->theta[last], sd = exp(w->theta[last + 1]), n = 0;
    for (int q = 0; q < KEYED_POINTS; q++)
        n += w->post[1][q];
    for (int q = 0; q < KEYED_POINTS; q++) {
        double u = (w->z[q] - mean) / sd, more = w->post[1][q] - n * w->weight[1][q];
        w->gradient[last] += more * u / sd;
        w->gradient[last + 1] += more * u * u;
    }
}

static void add_prior(keyed *w)
{
    for (int64_t j = 0; j < w->d->items; j++) {
        const double *t = w->theta + KEYED_OF * j;
        double a = (t[LOG_SLOPE] - w->slope_mean) / w->slope_sd;
        double b = (t[DIFFICULTY] - w->d->stated[j] - w->shift) / w->difficulty_sd;
        w->objective -= (a * a + b * b) / 2;
        w->gradient[KEYED_OF * j + LOG_SLOPE] -= a / w->slope_sd;
        w->gradient[KEYED_OF * j + DIFFICULTY] -= b / w->difficulty_sd;
    }
}

void vrk_keyed_pass(keyed *w)
{
    int64_t cells = groups(w) * w->d->items * (w->d->steps + 1);
    memset(w->count, 0, (size_t)(cells * KEYED_POINTS) * sizeof(double));
    memset(w->post, 0, sizeof(w->post));
    memset(w->gradient, 0, (size_t)w->params * sizeof(double));
    tabulate(w);
    weigh(w);
    w->ll = 0;
    for (int64_t i = 0; i < w->d->persons; i++)
        w->ll += person(w, i);
    w->objective = w->ll;
    for (int64_t j = 0; j < w->d->items; j++)
        item_gradient(w, j);
    if (w->d->focal)
        focal_gradient(w);
    if (!w->o.no_prior)
        add_prior(w);
}

/* Mean and variance of the share of points that answers to an item have at a point. */
static void moments(keyed *w, int g, int64_t j, int q, double *mean, double *variance)
{
    int64_t m = w->d->steps;
    double square = 0;
    *mean = 0;
    for (int64_t k = 0; k <= m; k++) {
        double p = exp(at(w, w->log_p, g, j, k)[q]), s = (double)k / (double)m;
        *mean += p * s;
        square += p * s * s;
    }
    *variance = square - *mean * *mean;
}

/* As if where each person stands were known. */
static void complete(keyed *w, int g, int64_t j)
{
    int64_t n = w->params, first = KEYED_OF * j, m = w->d->steps;
    double a = exp(w->theta[first + LOG_SLOPE]);
    for (int q = 0; q < KEYED_POINTS; q++) {
        double u = at_of(w, g, j, w->z[q]) - w->half[j], all = 0, got = 0, mean, variance;
        const double du[KEYED_OF] = {u, -a, g ? -a : 0};
        moments(w, g, j, q, &mean, &variance);
        for (int64_t k = 0; k <= m; k++) {
            all += at(w, w->count, g, j, k)[q];
            got += at(w, w->count, g, j, k)[q] * (double)k / (double)m;
        }
        for (int s = 0; s < KEYED_OF; s++) {
            for (int t = 0; t < KEYED_OF; t++) {
                double d2u = s == LOG_SLOPE ? du[t] : t == LOG_SLOPE ? du[s] : 0;
                w->info[first + t + (first + s) * n] +=
                    all * variance * du[s] * du[t] - (got - all * mean) * d2u;
            }
        }
    }
}

/* Of log density -t^2/2 at the points, less the log of its sum over them. */
static void complete_focal(keyed *w)
{
    int64_t n = w->params, last = KEYED_OF * w->d->items;
    double middle = w->theta[last], sd = exp(w->theta[last + 1]), all = 0, mean[2] = {0};
    for (int q = 0; q < KEYED_POINTS; q++) {
        double t = (w->z[q] - middle) / sd;
        all += w->post[1][q];
        mean[0] += w->weight[1][q] * t / sd;
        mean[1] += w->weight[1][q] * t * t;
    }
    for (int q = 0; q < KEYED_POINTS; q++) {
        double t = (w->z[q] - middle) / sd, prior = w->weight[1][q];
        const double d[] = {t / sd - mean[0], t * t - mean[1]};
        const double d2[2][2] = {{1 / (sd * sd), 2 * t / sd}, {2 * t / sd, 2 * t * t}};
        for (int i = 0; i < 2; i++) {
            for (int k = 0; k < 2; k++)
                w->info[last + i + (last + k) * n] +=
                    (w->post[1][q] - all * prior) * d2[i][k] + all * prior * d[i] * d[k];
        }
    }
}

/* A person's score at each point, less its mean, times the root of the posterior there. */
static void spread(keyed *w, const double *mean, int64_t i, double *s)
{
    int64_t n = w->params, last = KEYED_OF * w->d->items;
    int g = w->d->focal ? w->d->focal[i] : 0;
    double lp[KEYED_POINTS];
    (void)posterior(w, i, lp);
    memset(s, 0, (size_t)(n * KEYED_POINTS) * sizeof(double));
    for (int64_t j = 0; j < w->d->items; j++) {
        int x = w->d->x[i + j * w->d->persons];
        const double *t = w->theta + KEYED_OF * j;
        double a = x < 0 ? 0 : exp(t[LOG_SLOPE]), b = t[DIFFICULTY] + (g ? t[HARDER] : 0);
        for (int q = 0; x >= 0 && q < KEYED_POINTS; q++) {
            double du =
                (double)x / (double)w->d->steps - mean[(g * w->d->items + j) * KEYED_POINTS + q];
            s[KEYED_OF * j + q * n] = du * a * (w->z[q] - b);
            s[KEYED_OF * j + DIFFICULTY + q * n] = -du * a;
            s[KEYED_OF * j + HARDER + q * n] = g ? -du * a : 0;
        }
    }
    for (int q = 0; g && q < KEYED_POINTS; q++) {
        double sd = exp(w->theta[last + 1]), t = (w->z[q] - w->theta[last]) / sd;
        s[last + q * n] = t / sd;
        s[last + 1 + q * n] = t * t - 1;
    }
    for (int64_t p = 0; p < n; p++) {
        double middle = 0;
        for (int q = 0; q < KEYED_POINTS; q++)
            middle += lp[q] * s[p + q * n];
        for (int q = 0; q < KEYED_POINTS; q++)
            s[p + q * n] = (s[p + q * n] - middle) * sqrt(lp[q]);
    }
}

/* Louis (1982): what is known were the traits known, less what they are not. */
vrk_status vrk_keyed_information(vrk_ctx *ctx, keyed *w)
{
    vrk_status st = VRK_OK;
    vrk_mark mark = vrk_mark_of(&ctx->scratch);
    int64_t n = w->params, items = w->d->items;
    double *s = VRK_NEW(&ctx->scratch, n * KEYED_POINTS, double), variance;
    double *out = VRK_NEW(&ctx->scratch, n * n, double);
    double *mean = VRK_NEW(&ctx->scratch, 2 * items * KEYED_POINTS, double);
    if (ctx->scratch.failed)
        FAIL(VRK_EMEMORY, "out of memory for %lld situations", (long long)items);
    memset(w->info, 0, (size_t)(n * n) * sizeof(double));
    vrk_keyed_pass(w);
    for (int g = 0; g < groups(w); g++) {
        for (int64_t j = 0; j < items; j++) {
            complete(w, g, j);
            for (int q = 0; q < KEYED_POINTS; q++)
                moments(w, g, j, q, &mean[(g * items + j) * KEYED_POINTS + q], &variance);
        }
    }
    if (w->d->focal)
        complete_focal(w);
    for (int64_t i = 0; i < w->d->persons; i++) {
        if (i % 64 == 0)
            TRY(vrk_tick(ctx, "information about the situations", i, w->d->persons));
        spread(w, mean, i, s);
        vrk_mat_product(s, s, n, KEYED_POINTS, n, true, out);
        for (int64_t p = 0; p < n * n; p++)
            w->info[p] -= out[p];
    }
    for (int64_t j = 0; j < items && !w->o.no_prior; j++) {
        int64_t a = KEYED_OF * j + LOG_SLOPE, b = KEYED_OF * j + DIFFICULTY;
        w->info[a + a * n] += 1 / (w->slope_sd * w->slope_sd);
        w->info[b + b * n] += 1 / (w->difficulty_sd * w->difficulty_sd);
    }
done:
    vrk_rewind(&ctx->scratch, mark);
    return st;
}

bool vrk_keyed_invert(keyed *w)
{
    int64_t n = w->params;
    for (int64_t s = 0; s < n; s++) {
        for (int64_t t = 0; t < n; t++)
            w->square[t + s * n] = w->free[s] && w->free[t] ? w->info[t + s * n] : (double)(s == t);
    }
    if (!vrk_spd_factor(w->square, n))
        return false;
    vrk_spd_inverse(w->square, n);
    for (int64_t s = 0; s < n; s++)
        w->square[s + s * n] = w->free[s] ? w->square[s + s * n] : 0;
    return true;
}
