#include "stat/irt_engine.h"

#include "num/mat.h"

#include <inttypes.h>
#include <math.h>
#include <string.h>

enum {
    EM_STEPS = 5,
    PAIRS = 12,   /* remembered steps and changes of the gradient */
    REFRESH = 25, /* quasi-Newton steps on one metric */
    HALVINGS = 40,
    SAMPLE = 4000, /* patterns to start from when there are many more */
    RARE = 8,      /* an answer seen less often in the sample: no start from a sample */
};
static const double LONGEST_STEP = 1.5, RUNAWAY = 30;

typedef struct {
    vrk_irt_engine *e;
    double *xi, *gradient, *to, *to_gradient, *step;
    double *metric, *diagonal; /* Cholesky factor [params x params]; its own diagonal before */
    double *s, *y;             /* [params x PAIRS] */
    double curve[PAIRS], objective, ll;
    int64_t pairs, evaluations;
} climber;

static double dot(const double *a, const double *b, int64_t n)
{
    double sum = 0;
    for (int64_t i = 0; i < n; i++)
        sum += a[i] * b[i];
    return sum;
}

static vrk_status reserve(vrk_ctx *ctx, climber *c)
{
    int64_t p = c->e->params;
    c->gradient = VRK_NEW(&ctx->scratch, p, double);
    c->to = VRK_NEW(&ctx->scratch, p, double);
    c->to_gradient = VRK_NEW(&ctx->scratch, p, double);
    c->step = VRK_NEW(&ctx->scratch, p, double);
    c->metric = VRK_NEW(&ctx->scratch, p * p, double);
    c->diagonal = VRK_NEW(&ctx->scratch, p, double);
    c->s = VRK_NEW(&ctx->scratch, p * PAIRS, double);
    c->y = VRK_NEW(&ctx->scratch, p * PAIRS, double);
    return ctx->scratch.failed
               ? vrk_fail(ctx, VRK_EMEMORY, "out of memory for %" PRId64 " parameters", p)
               : VRK_OK;
}

/* Factors the metric; makes it definite first where it is not. */
static vrk_status factor(vrk_ctx *ctx, climber *c)
{
    vrk_status st = VRK_OK;
    vrk_mark mark = vrk_mark_of(&ctx->scratch);
    int64_t p = c->e->params;
    double *whole = VRK_NEW(&ctx->scratch, p * p, double), add = 1e-6;
    if (!whole)
        FAIL(VRK_EMEMORY, "out of memory for %" PRId64 " parameters", p);
    memcpy(whole, c->metric, (size_t)(p * p) * sizeof(double));
    for (int64_t j = 0; j < p; j++)
        c->diagonal[j] = fmax(whole[j + j * p], 1e-8);
    while (!vrk_spd_factor(c->metric, p)) {
        memcpy(c->metric, whole, (size_t)(p * p) * sizeof(double));
        for (int64_t j = 0; j < p; j++)
            c->metric[j + j * p] += add * c->diagonal[j];
        add *= 10;
        if (add > 1e12)
            FAIL(VRK_ENUMERIC, "the information of the items is not a number");
    }
    c->pairs = 0;
done:
    vrk_rewind(&ctx->scratch, mark);
    return st;
}

/* Step = inverse metric, corrected by the remembered pairs (L-BFGS), times the gradient. Returns
 * what it promises: half of g' step. */
static double find_step(climber *c)
{
    int64_t p = c->e->params, n = c->pairs < PAIRS ? c->pairs : PAIRS;
    double alpha[PAIRS];
    memcpy(c->step, c->gradient, (size_t)p * sizeof(double));
    for (int64_t i = 0; i < n; i++) {
        int64_t at = (c->pairs - 1 - i) % PAIRS;
        alpha[at] = dot(c->s + at * p, c->step, p) / c->curve[at];
        for (int64_t j = 0; j < p; j++)
            c->step[j] -= alpha[at] * c->y[j + at * p];
    }
    vrk_spd_solve(c->metric, p, c->step);
    for (int64_t i = n - 1; i >= 0; i--) {
        int64_t at = (c->pairs - 1 - i) % PAIRS;
        double beta = dot(c->y + at * p, c->step, p) / c->curve[at];
        for (int64_t j = 0; j < p; j++)
            c->step[j] += (alpha[at] - beta) * c->s[j + at * p];
    }
    return dot(c->gradient, c->step, p) / 2;
}

/* Goes along the step while it helps; `complete` as in vrk_irt_at. False: not at all. */
static vrk_status advance(vrk_ctx *ctx, climber *c, double promise, double *complete, bool *moved)
{
    vrk_status st = VRK_OK;
    int64_t p = c->e->params;
    double longest = 0, share = 1;
    *moved = false;
    for (int64_t j = 0; j < p; j++)
        longest = fmax(longest, fabs(c->step[j]));
    if (longest > LONGEST_STEP)
        share = LONGEST_STEP / longest;
    for (int i = 0; i < HALVINGS && !*moved; i++, share /= 2) {
        double objective, ll;
        for (int64_t j = 0; j < p; j++)
            c->to[j] = c->xi[j] + share * c->step[j];
        TRY(vrk_irt_at(ctx, c->e, c->to, &objective, &ll, c->to_gradient, complete));
        c->evaluations++;
        double slack = 1e-13 * fabs(c->objective);
        if (!(objective >= c->objective + 2e-4 * share * promise - slack))
            continue;
        int64_t at = c->pairs % PAIRS;
        for (int64_t j = 0; j < p; j++) {
            c->s[j + at * p] = c->to[j] - c->xi[j];
            c->y[j + at * p] = c->gradient[j] - c->to_gradient[j];
        }
        c->curve[at] = dot(c->s + at * p, c->y + at * p, p);
        if (c->curve[at] > 1e-12 * dot(c->y + at * p, c->y + at * p, p))
            c->pairs++;
        memcpy(c->xi, c->to, (size_t)p * sizeof(double));
        memcpy(c->gradient, c->to_gradient, (size_t)p * sizeof(double));
        c->objective = objective;
        c->ll = ll;
        *moved = true;
    }
done:
    return st;
}

/* EM-gradient steps: Newton's on the expected complete likelihood (Lange 1995). */
static vrk_status expect(vrk_ctx *ctx, climber *c, double *complete, int steps)
{
    vrk_status st = VRK_OK;
    int64_t p = c->e->params;
    bool moved = true;
    for (int i = 0; i < steps && moved; i++) {
        memcpy(c->metric, complete, (size_t)(p * p) * sizeof(double));
        TRY(factor(ctx, c));
        double promise = find_step(c);
        TRY(advance(ctx, c, promise, complete, &moved));
    }
done:
    return st;
}

/* The metric where we stand: cross products of the scores, and a little of the complete information
 * where there are few persons a parameter. `scale` from the patterns of e to all. */
static vrk_status measure(vrk_ctx *ctx, vrk_irt_engine *e, const double *xi, double scale,
                          double *metric)
{
    vrk_status st = VRK_OK;
    vrk_mark mark = vrk_mark_of(&ctx->scratch);
    int64_t p = e->params;
    double objective, ll, persons = 0;
    double *complete = VRK_NEW(&ctx->scratch, p * p, double);
    double *gradient = VRK_NEW(&ctx->scratch, p, double);
    if (ctx->scratch.failed)
        FAIL(VRK_EMEMORY, "out of memory for %" PRId64 " parameters", p);
    for (int64_t i = 0; i < e->patterns; i++)
        persons += e->weight[i];
    double share = (double)p / ((double)p + persons);
    TRY(vrk_irt_at(ctx, e, xi, &objective, &ll, gradient, complete));
    TRY(vrk_irt_cross(ctx, e, xi, metric));
    for (int64_t i = 0; i < p * p; i++)
        metric[i] = scale * ((1 - share) * metric[i] + share * complete[i]);
done:
    vrk_rewind(&ctx->scratch, mark);
    return st;
}

static bool ran_away(const climber *c)
{
    for (int64_t j = 0; j < c->e->params; j++) {
        if (fabs(c->xi[j]) > RUNAWAY)
            return true;
    }
    return false;
}

static vrk_status climb_on(vrk_ctx *ctx, climber *c, int max_iter, double tol, vrk_irt_top *top)
{
    vrk_status st = VRK_OK;
    int64_t p = c->e->params;
    bool moved = true;
    top->stop = VRK_STOP_ITER;
    for (int i = 0; i < max_iter && top->stop == VRK_STOP_ITER; i++) {
        TRY(vrk_tick(ctx, "item response model", i, max_iter));
        double promise = find_step(c);
        top->iterations++;
        if (promise <= tol) {
            top->stop = VRK_STOP_GRAD;
            break;
        }
        TRY(advance(ctx, c, promise, NULL, &moved));
        if (!moved && c->pairs == 0)
            top->stop =
                promise <= 1e-7 * fmax(1, fabs(c->objective)) ? VRK_STOP_GRAD : VRK_STOP_STEP;
        else if (ran_away(c))
            top->stop = VRK_STOP_BOUNDARY;
        if (!moved || (i + 1) % REFRESH == 0) {
            TRY(measure(ctx, c->e, c->xi, 1, c->metric));
            TRY(factor(ctx, c));
        }
    }
    for (int64_t j = 0; j < p; j++)
        top->gradient = fmax(top->gradient, fabs(c->gradient[j]) / sqrt(c->diagonal[j]));
    top->objective = c->objective;
    top->ll = c->ll;
done:
    return st;
}

/* Every by-th pattern as an engine of its own. `fit` false: some answer is too rare in it. */
static vrk_status sample(vrk_ctx *ctx, const vrk_irt_engine *e, vrk_irt_engine *out, bool *fit)
{
    vrk_status st = VRK_OK;
    int64_t by = e->patterns / SAMPLE, n = (e->patterns + by - 1) / by, k = 0;
    *out = *e;
    for (int64_t i = 0; i < e->patterns; i += by)
        k += e->ans_from[i + 1] - e->ans_from[i];
    double *weight = VRK_NEW(&ctx->scratch, n, double);
    int64_t *from = VRK_NEW(&ctx->scratch, n + 1, int64_t);
    int64_t *seen = VRK_NEW(&ctx->scratch, e->rows, int64_t);
    int32_t *cell = VRK_NEW(&ctx->scratch, k, int32_t);
    int8_t *ans = VRK_NEW(&ctx->scratch, k, int8_t);
    if (ctx->scratch.failed)
        FAIL(VRK_EMEMORY, "out of memory for a sample of %" PRId64 " patterns", n);
    for (int64_t i = 0, s = 0; i < e->patterns; i += by, s++) {
        int64_t size = e->ans_from[i + 1] - e->ans_from[i];
        weight[s] = e->weight[i];
        from[s + 1] = from[s] + size;
        for (int64_t a = 0; a < size; a++) {
            cell[from[s] + a] = e->ans_cell[e->ans_from[i] + a];
            ans[from[s] + a] = e->ans[e->ans_from[i] + a];
            seen[e->first[cell[from[s] + a]] + ans[from[s] + a]]++;
        }
    }
    *fit = true;
    for (int64_t r = 0; r < e->rows; r++)
        *fit = *fit && seen[r] >= RARE;
    out->patterns = n;
    out->weight = weight;
    out->ans_from = from;
    out->ans_cell = cell;
    out->ans = ans;
    if (*fit)
        TRY(vrk_irt_engine_set(ctx, out));
done:
    return st;
}

/* EM-gradient steps, then the metric. */
static vrk_status set_out(vrk_ctx *ctx, climber *c)
{
    vrk_status st = VRK_OK;
    vrk_mark mark = vrk_mark_of(&ctx->scratch);
    int64_t p = c->e->params;
    double *complete = VRK_NEW(&ctx->scratch, p * p, double);
    if (!complete)
        FAIL(VRK_EMEMORY, "out of memory for %" PRId64 " parameters", p);
    TRY(vrk_irt_at(ctx, c->e, c->xi, &c->objective, &c->ll, c->gradient, complete));
    c->evaluations++;
    if (!isfinite(c->objective))
        FAIL(VRK_ENUMERIC, "the answers are impossible at the starting values");
    TRY(expect(ctx, c, complete, EM_STEPS));
    TRY(measure(ctx, c->e, c->xi, 1, c->metric));
    TRY(factor(ctx, c));
done:
    vrk_rewind(&ctx->scratch, mark);
    return st;
}

vrk_status vrk_irt_climb(vrk_ctx *ctx, vrk_irt_engine *e, double *xi, int max_iter, double tol,
                         vrk_irt_top *top)
{
    vrk_status st = VRK_OK;
    vrk_mark mark = vrk_mark_of(&ctx->scratch);
    climber c = {.e = e, .xi = xi};
    bool sampled = false;
    *top = (vrk_irt_top){0};
    TRY(reserve(ctx, &c));
    if (e->patterns >= 3 * SAMPLE) {
        vrk_irt_engine small;
        vrk_irt_top ignore = {0};
        TRY(sample(ctx, e, &small, &sampled));
        if (sampled) {
            c.e = &small;
            TRY(set_out(ctx, &c));
            TRY(climb_on(ctx, &c, 20, 1e-2, &ignore));
            TRY(measure(ctx, &small, xi, (double)e->patterns / (double)small.patterns, c.metric));
            c.e = e;
            TRY(vrk_irt_at(ctx, e, xi, &c.objective, &c.ll, c.gradient, NULL));
            TRY(factor(ctx, &c));
            c.evaluations = 1;
        }
    }
    if (!sampled)
        TRY(set_out(ctx, &c));
    TRY(climb_on(ctx, &c, max_iter, tol, top));
    top->evaluations = c.evaluations;
done:
    vrk_rewind(&ctx->scratch, mark);
    return st;
}
