#include "num/optimise.h"

#include <inttypes.h>
#include <math.h>
#include <string.h>

/* One search: z is the free scale, x = map(z). */
typedef struct {
    int64_t n;
    vrk_objective fn;
    void *arg;
    vrk_minimise_opt opt;
    double *z, *x, *g, *h;          /* where it stands: [n], [n], [n], [n x n] */
    double *step, *trial, *trial_g; /* [n] */
    double *y, *hy;                 /* [n] */
    double f, slope;                /* value; g'step */
    bool guessed;                   /* h is from the caller or has seen a step */
    vrk_minimum *out;
} search;

static double low(const search *s, int64_t i)
{
    return s->opt.lo ? s->opt.lo[i] : -HUGE_VAL;
}

static double high(const search *s, int64_t i)
{
    return s->opt.hi ? s->opt.hi[i] : HUGE_VAL;
}

/* x from z, and dx/dz. */
static double bounded(double z, double lo, double hi, double *slope)
{
    if (isfinite(lo) && isfinite(hi)) {
        double p = z > 0 ? 1 / (1 + exp(-z)) : exp(z) / (1 + exp(z));
        *slope = (hi - lo) * p * (1 - p);
        return lo + (hi - lo) * p;
    }
    *slope = isfinite(lo) || isfinite(hi) ? exp(z) : 1;
    if (isfinite(lo))
        return lo + *slope;
    if (isfinite(hi)) {
        *slope = -*slope;
        return hi + *slope;
    }
    return z;
}

static double unbounded(double x, double lo, double hi)
{
    if (isfinite(lo) && isfinite(hi))
        return log((x - lo) / (hi - x));
    return isfinite(lo) ? log(x - lo) : isfinite(hi) ? log(hi - x) : x;
}

static vrk_status evaluate(vrk_ctx *ctx, search *s, const double *z, double *f, double *g)
{
    vrk_status st = VRK_OK;
    double slope;
    for (int64_t i = 0; i < s->n; i++)
        s->x[i] = bounded(z[i], low(s, i), high(s, i), &slope);
    TRY(s->fn(ctx, s->x, f, g, s->arg));
    s->out->evaluations++;
    for (int64_t i = 0; i < s->n && isfinite(*f); i++) {
        bounded(z[i], low(s, i), high(s, i), &slope);
        g[i] *= slope;
        if (!isfinite(g[i]))
            *f = HUGE_VAL;
    }
done:
    return st;
}

static double dot(const double *a, const double *b, int64_t n)
{
    double sum = 0;
    for (int64_t i = 0; i < n; i++)
        sum += a[i] * b[i];
    return sum;
}

static void identity(search *s)
{
    memset(s->h, 0, (size_t)(s->n * s->n) * sizeof(double));
    for (int64_t i = 0; i < s->n; i++)
        s->h[i + i * s->n] = 1;
    s->guessed = false;
}

/* step = -h g, no part longer than max_step; false where it does not go down. */
static bool direction(search *s)
{
    double longest = 0;
    for (int64_t i = 0; i < s->n; i++) {
        s->step[i] = -dot(s->h + i * s->n, s->g, s->n);
        longest = fmax(longest, fabs(s->step[i]));
    }
    double cap = longest > s->opt.max_step ? s->opt.max_step / longest : 1;
    s->slope = dot(s->g, s->step, s->n);
    s->out->decrease = -s->slope / 2;
    for (int64_t i = 0; i < s->n; i++)
        s->step[i] *= cap;
    s->slope *= cap;
    return s->slope < 0;
}

/* Where the cubic through both ends of the bracket is least, kept inside its middle 80 %. */
static double between(double a, double fa, double da, double b, double fb, double db)
{
    double t = (a + b) / 2;
    if (isfinite(fb)) {
        double d1 = da + db - 3 * (fa - fb) / (a - b), in = d1 * d1 - da * db;
        if (in >= 0) {
            double d2 = copysign(sqrt(in), b - a);
            double cubic = b - (b - a) * (db + d2 - d1) / (db - da + 2 * d2);
            t = isfinite(cubic) ? cubic : t;
        }
    }
    return fmin(fmax(t, a + 0.1 * (b - a)), b - 0.1 * (b - a));
}

/* Finds a step length on the weak Wolfe conditions; *found is false when there is none. Differences
 * of f below its rounding count as none. */
static vrk_status line_search(vrk_ctx *ctx, search *s, double *found_f, bool *found)
{
    vrk_status st = VRK_OK;
    double a = 0, fa = s->f, da = s->slope, b = HUGE_VAL, fb = 0, db = 0, t = 1;
    double slack = 1e-13 * (1 + fabs(s->f));
    if (!s->guessed)
        t = fmin(1, 1 / fmax(1e-300, sqrt(dot(s->g, s->g, s->n))));
    *found = false;
    for (int k = 0; k < 40; k++) {
        double f;
        for (int64_t i = 0; i < s->n; i++)
            s->trial[i] = s->z[i] + t * s->step[i];
        TRY(evaluate(ctx, s, s->trial, &f, s->trial_g));
        double d = isfinite(f) ? dot(s->trial_g, s->step, s->n) : 0;
        if (!isfinite(f) || f > s->f + 1e-4 * t * s->slope + slack) {
            b = t, fb = isfinite(f) ? f : HUGE_VAL, db = d;
        } else {
            *found = true;
            *found_f = f;
            if (d >= 0.9 * s->slope)
                break;
            a = t, fa = f, da = d;
            *found = false;
        }
        t = isfinite(b) ? between(a, fa, da, b, fb, db) : 2 * t;
        if (isfinite(b) && b - a < 1e-12 * b)
            break;
    }
done:
    return st;
}

/* BFGS: h becomes the inverse Hessian that explains the last step too. */
static void learn(search *s)
{
    int64_t n = s->n;
    for (int64_t i = 0; i < n; i++) {
        s->step[i] = s->trial[i] - s->z[i];
        s->y[i] = s->trial_g[i] - s->g[i];
    }
    double sy = dot(s->step, s->y, n);
    if (!(sy > 1e-12 * sqrt(dot(s->step, s->step, n) * dot(s->y, s->y, n))))
        return;
    if (!s->guessed) { /* the first step tells the scale */
        for (int64_t i = 0; i < n; i++)
            s->h[i + i * n] = sy / dot(s->y, s->y, n);
    }
    for (int64_t i = 0; i < n; i++)
        s->hy[i] = dot(s->h + i * n, s->y, n);
    double scale = (1 + dot(s->y, s->hy, n) / sy) / sy;
    for (int64_t j = 0; j < n; j++) {
        for (int64_t i = 0; i < n; i++)
            s->h[i + j * n] += scale * s->step[i] * s->step[j] -
                               (s->hy[i] * s->step[j] + s->step[i] * s->hy[j]) / sy;
    }
    s->guessed = true;
}

static vrk_status descend(vrk_ctx *ctx, search *s)
{
    vrk_status st = VRK_OK;
    bool fresh = !s->guessed;
    s->out->stop = VRK_STOP_ITER;
    for (; s->out->iterations < s->opt.max_iter; s->out->iterations++) {
        TRY(vrk_tick(ctx, "minimising", s->out->iterations, s->opt.max_iter));
        bool down = direction(s), found = false;
        /* an unscaled first step promises nothing: then only a zero gradient is an end */
        if (s->out->decrease >= 0 && s->out->decrease <= (s->guessed ? s->opt.tol : 0)) {
            s->out->stop = VRK_STOP_GRAD;
            break;
        }
        double f = 0;
        if (down)
            TRY(line_search(ctx, s, &f, &found));
        if (!found && fresh) {
            s->out->stop = VRK_STOP_STEP;
            break;
        }
        fresh = !found;
        if (!found) { /* h has gone wrong: once more without it */
            identity(s);
            continue;
        }
        learn(s);
        memcpy(s->z, s->trial, (size_t)s->n * sizeof(double));
        memcpy(s->g, s->trial_g, (size_t)s->n * sizeof(double));
        s->f = f;
    }
done:
    return st;
}

static vrk_status begin(vrk_ctx *ctx, search *s, const double *x)
{
    vrk_status st = VRK_OK;
    for (int64_t i = 0; i < s->n; i++) {
        if (!isfinite(x[i]) || !(x[i] > low(s, i)) || !(x[i] < high(s, i)))
            FAIL(VRK_EINPUT, "parameter %" PRId64 " starts at %g, not inside its bounds", i, x[i]);
        s->z[i] = unbounded(x[i], low(s, i), high(s, i));
    }
    TRY(evaluate(ctx, s, s->z, &s->f, s->g));
    if (!isfinite(s->f))
        FAIL(VRK_EINPUT, "the function is not finite where the search starts");
done:
    return st;
}

static void report(search *s, double *x, double *h)
{
    double slope;
    s->out->f = s->f;
    for (int64_t i = 0; i < s->n; i++) {
        s->out->gradient = fmax(s->out->gradient, fabs(s->g[i]));
        x[i] = bounded(s->z[i], low(s, i), high(s, i), &slope);
    }
    if (h)
        memcpy(h, s->h, (size_t)(s->n * s->n) * sizeof(double));
}

vrk_status vrk_minimise(vrk_ctx *ctx, int64_t n, vrk_objective fn, void *arg,
                        const vrk_minimise_opt *opt, double *x, double *h, vrk_minimum *out)
{
    vrk_status st = VRK_OK;
    vrk_mark mark = vrk_mark_of(&ctx->scratch);
    search s = {.n = n, .fn = fn, .arg = arg, .out = out, .guessed = h != NULL};
    s.opt = opt ? *opt : (vrk_minimise_opt){0};
    s.opt.max_iter = s.opt.max_iter > 0 ? s.opt.max_iter : 200;
    s.opt.tol = s.opt.tol > 0 ? s.opt.tol : 1e-9;
    s.opt.max_step = s.opt.max_step > 0 ? s.opt.max_step : 4;
    *out = (vrk_minimum){0};
    double *room = VRK_NEW(&ctx->scratch, 8 * n, double);
    s.h = VRK_NEW(&ctx->scratch, n * n, double);
    if (ctx->scratch.failed)
        FAIL(VRK_EMEMORY, "cannot allocate a search over %" PRId64 " parameters", n);
    double **part[] = {&s.z, &s.x, &s.g, &s.step, &s.trial, &s.trial_g, &s.y, &s.hy};
    for (int64_t k = 0; k < 8; k++)
        *part[k] = room + k * n;
    if (h)
        memcpy(s.h, h, (size_t)(n * n) * sizeof(double));
    else
        identity(&s);
    TRY(begin(ctx, &s, x));
    TRY(descend(ctx, &s));
    report(&s, x, h);
done:
    if (st != VRK_OK)
        *out = (vrk_minimum){0};
    vrk_rewind(&ctx->scratch, mark);
    return st;
}

vrk_status vrk_hessian(vrk_ctx *ctx, int64_t n, vrk_objective fn, void *arg, const double *x,
                       const double *step, double *hess)
{
    vrk_status st = VRK_OK;
    vrk_mark mark = vrk_mark_of(&ctx->scratch);
    double *at = VRK_NEW(&ctx->scratch, n, double), *g = VRK_NEW(&ctx->scratch, n, double), f;
    if (ctx->scratch.failed)
        FAIL(VRK_EMEMORY, "cannot allocate a Hessian of %" PRId64 " parameters", n);
    memset(hess, 0, (size_t)(n * n) * sizeof(double));
    for (int64_t j = 0; j < n; j++) {
        double d = step ? step[j] : 1e-4;
        for (int side = -1; side <= 1; side += 2) {
            memcpy(at, x, (size_t)n * sizeof(double));
            at[j] += side * d;
            TRY(fn(ctx, at, &f, g, arg));
            if (!isfinite(f))
                FAIL(VRK_ENUMERIC, "the function is not finite beside its least value");
            for (int64_t i = 0; i < n; i++)
                hess[i + j * n] += side * g[i] / (2 * d);
        }
    }
    for (int64_t j = 0; j < n; j++) {
        for (int64_t i = 0; i < j; i++)
            hess[i + j * n] = hess[j + i * n] = (hess[i + j * n] + hess[j + i * n]) / 2;
    }
done:
    vrk_rewind(&ctx->scratch, mark);
    return st;
}
