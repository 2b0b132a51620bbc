#include "num/expm.h"
#include "stat/msm_parts.h"

#include <inttypes.h>
#include <math.h>
#include <string.h>

vrk_status vrk_msm_room_of(vrk_ctx *ctx, const msm_steps *s, msm_room *out)
{
    int64_t k = s->d->states, m = k * k, longest = 0;
    for (int64_t c = 0; c < s->chains; c++)
        longest = s->first[c + 1] - s->first[c] > longest ? s->first[c + 1] - s->first[c] : longest;
    *out = (msm_room){.s = s, .k = s->d->states};
    out->chance = VRK_NEW(&ctx->scratch, m * s->buckets, double);
    out->weight = VRK_NEW(&ctx->scratch, m * s->buckets, double);
    out->rate = VRK_NEW(&ctx->scratch, m, double);
    out->pull = VRK_NEW(&ctx->scratch, m, double);
    out->p = VRK_NEW(&ctx->scratch, m, double);
    out->part = VRK_NEW(&ctx->scratch, m, double);
    out->work = VRK_NEW(&ctx->scratch, 8 * m, double);
    out->ahead = VRK_NEW(&ctx->scratch, k * (longest + 1), double);
    out->scale = VRK_NEW(&ctx->scratch, longest + 2 * k, double);
    if (ctx->scratch.failed)
        return vrk_fail(ctx, VRK_EMEMORY, "out of memory for %" PRId64 " intervals", s->buckets);
    return VRK_OK;
}

/* Rates of a pattern of covariates. */
static void rates(const msm_room *a, const double *theta, int64_t pattern)
{
    const vrk_msm_data *d = a->s->d;
    int64_t k = a->k, p = d->p;
    memset(a->rate, 0, (size_t)(k * k) * sizeof(double));
    for (int32_t t = 0; t < d->transitions; t++) {
        const double *b = theta + t * (1 + p);
        double log_rate = b[0];
        for (int64_t j = 0; j < p; j++)
            log_rate += b[1 + j] * a->s->x[j + pattern * p];
        a->rate[d->from[t] + k * d->into[t]] = exp(log_rate);
        a->rate[d->from[t] * (k + 1)] -= exp(log_rate);
    }
}

/* Chances of a step by its kind, [r + k*c]. */
static void chances(const msm_room *a, const msm_bucket *b, double *out)
{
    int64_t k = a->k;
    if (b->kind == VRK_MOVED) {
        for (int64_t i = 0; i < k * k; i++)
            out[i] =
                exp(a->rate[i % k * (k + 1)] * b->interval) * (i % k == i / k ? 1 : a->rate[i]);
        return;
    }
    vrk_expm_rates(a->rate, k, b->interval, a->work, b->kind == VRK_SEEN ? out : a->p);
    for (int64_t i = 0; b->kind == VRK_ENTERED && i < k * k; i++) {
        int64_t r = i % k, c = i / k;
        out[i] = 0;
        for (int64_t m = 0; m < k; m++)
            out[i] += m == c ? 0 : a->p[r + k * m] * a->rate[m + k * c];
    }
}

/* To pull: d / d rate of sum weight chance. */
static void pull_of(const msm_room *a, const msm_bucket *b, const double *weight)
{
    int64_t k = a->k;
    if (b->kind == VRK_MOVED) {
        for (int64_t i = 0; i < k * k; i++) {
            int64_t r = i % k, c = i / k;
            double stay = weight[i] * exp(a->rate[r * (k + 1)] * b->interval);
            a->pull[r * (k + 1)] += stay * b->interval * (r == c ? 1 : a->rate[i]);
            if (r != c)
                a->pull[i] += stay;
        }
        return;
    }
    if (b->kind == VRK_ENTERED) { /* chance = P R, R the rates without their diagonal */
        double *w = a->part;
        vrk_expm_rates(a->rate, k, b->interval, a->work, a->p);
        memset(w, 0, (size_t)(k * k) * sizeof(double));
        for (int64_t c = 0; c < k; c++) {
            for (int64_t m = 0; m < k; m++) {
                for (int64_t r = 0; m != c && r < k; r++) {
                    w[r + k * m] += weight[r + k * c] * a->rate[m + k * c];
                    a->pull[m + k * c] += weight[r + k * c] * a->p[r + k * m];
                }
            }
        }
        weight = w;
    }
    vrk_expm_pull(a->rate, k, b->interval, weight, a->work, a->p);
    for (int64_t i = 0; i < k * k; i++)
        a->pull[i] += a->p[i];
}

static bool allows(const vrk_msm_data *d, int32_t state, int64_t s)
{
    return state < d->states ? state == s : d->set[(state - d->states) * d->states + s];
}

/* Forward through a chain, then back: its log-likelihood, and its weights added up. */
static double chain(const msm_room *a, int64_t c)
{
    const msm_steps *s = a->s;
    const vrk_msm_data *d = s->d;
    int64_t k = a->k, first = s->first[c], n = s->first[c + 1] - first;
    double ll = 0, *back = a->scale + n, *next = back + k;
    memset(a->ahead, 0, (size_t)k * sizeof(double));
    a->ahead[s->begin[c]] = 1;
    for (int64_t i = 0; i < n; i++) {
        const msm_step *step = &s->step[first + i];
        const double *m = a->chance + step->bucket * k * k;
        double *from = a->ahead + i * k, *to = from + k, sum = 0;
        for (int64_t v = 0; v < k; v++) {
            to[v] = 0;
            for (int64_t r = 0; allows(d, step->state, v) && r < k; r++)
                to[v] += from[r] * m[r + k * v];
            sum += to[v];
        }
        a->scale[i] = sum;
        ll += log(sum);
        for (int64_t v = 0; v < k; v++)
            to[v] /= sum;
    }
    if (!isfinite(ll))
        return ll;
    for (int64_t v = 0; v < k; v++)
        back[v] = 1;
    for (int64_t i = n - 1; i >= 0; i--) {
        const msm_step *step = &s->step[first + i];
        const double *m = a->chance + step->bucket * k * k, *from = a->ahead + i * k;
        double *w = a->weight + step->bucket * k * k;
        memset(next, 0, (size_t)k * sizeof(double));
        for (int64_t v = 0; v < k; v++) {
            for (int64_t r = 0; allows(d, step->state, v) && r < k; r++) {
                w[r + k * v] += from[r] * back[v] / a->scale[i];
                next[r] += m[r + k * v] * back[v] / a->scale[i];
            }
        }
        memcpy(back, next, (size_t)k * sizeof(double));
    }
    return ll;
}

/* Chances of all buckets, and the weights of steps between known states. */
static double count(const msm_room *a, const double *theta)
{
    const msm_steps *s = a->s;
    int64_t m = (int64_t)a->k * a->k, pattern = -1;
    double ll = 0;
    for (int64_t b = 0; b < s->buckets; b++) {
        const double *seen = s->seen + b * m;
        double *chance = a->chance + b * m, *weight = a->weight + b * m;
        if (s->bucket[b].pattern != pattern)
            rates(a, theta, pattern = s->bucket[b].pattern);
        chances(a, &s->bucket[b], chance);
        for (int64_t i = 0; i < m; i++) {
            weight[i] = seen[i] > 0 ? seen[i] / chance[i] : 0;
            ll += seen[i] > 0 ? seen[i] * log(chance[i]) : 0;
        }
    }
    return ll;
}

/* The pull on a pattern's rates becomes that on the parameters. */
static void to_parameters(const msm_room *a, int64_t pattern, double *g)
{
    const vrk_msm_data *d = a->s->d;
    int64_t k = a->k, p = d->p;
    for (int32_t t = 0; t < d->transitions; t++) {
        int64_t r = d->from[t], at = r + k * d->into[t];
        double by = a->rate[at] * (a->pull[at] - a->pull[r * (k + 1)]), *to = g + t * (1 + p);
        to[0] -= by;
        for (int64_t j = 0; j < p; j++)
            to[1 + j] -= by * a->s->x[j + pattern * p];
    }
}

vrk_status vrk_msm_value(vrk_ctx *ctx, const double *theta, double *f, double *g, void *arg)
{
    const msm_room *a = arg;
    const msm_steps *s = a->s;
    int64_t m = (int64_t)a->k * a->k, q = s->d->transitions * (1 + s->d->p);
    vrk_status st = vrk_tick(ctx, "Markov model of snapshots", 0, 0);
    if (st != VRK_OK)
        return st;
    double ll = count(a, theta);
    for (int64_t c = 0; c < s->chains && isfinite(ll); c++)
        ll += chain(a, c);
    *f = isfinite(ll) ? -ll : HUGE_VAL;
    memset(g, 0, (size_t)q * sizeof(double));
    if (!isfinite(ll))
        return VRK_OK;
    for (int64_t b = 0; b < s->buckets; b++) {
        int64_t pattern = s->bucket[b].pattern;
        if (b == 0 || pattern != s->bucket[b - 1].pattern) {
            rates(a, theta, pattern);
            memset(a->pull, 0, (size_t)m * sizeof(double));
        }
        pull_of(a, &s->bucket[b], a->weight + b * m);
        if (b + 1 == s->buckets || pattern != s->bucket[b + 1].pattern)
            to_parameters(a, pattern, g);
    }
    for (int64_t i = 0; a->fixed && i < q; i++)
        g[i] = a->fixed[i] ? 0 : g[i];
    return VRK_OK;
}
