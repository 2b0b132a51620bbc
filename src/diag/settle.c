#include "diag/settle.h"

#include "base/rng.h"

#include <math.h>

enum { DRAWS = 400, TRIALS = 60, LOGGED_WEEKS = 13 };

#define LOGGED_NOISE 1.25 /* what a seller writes down is not as exact as what is heard */

const char *const vrk_settle_names[VRK_SETTLE_COUNT] = {"nothing", "review", "assess", "log",
                                                        "wait"};

static double logistic(double x)
{
    return 1 / (1 + exp(-x));
}

static double spread_of(const double *x, int64_t n)
{
    double sum = 0, square = 0;
    for (int64_t i = 0; i < n; i++) {
        sum += x[i] / (double)n;
        square += x[i] * x[i] / (double)n;
    }
    return sqrt(fmax(square - sum * sum, 1e-6));
}

/* How well a state fits with what is seen. */
static double weight(const vrk_settle_states *s, const vrk_settle_option *o, int64_t i,
                     double see_e, double see_q)
{
    double a = isfinite(o->noise_e) ? (see_e - s->e[i]) / o->noise_e : 0;
    double b = isfinite(o->noise_q) ? (see_q - s->q[i]) / o->noise_q : 0;
    return exp(-0.5 * (a * a + b * b));
}

static double best_of(const double *sum, int64_t n)
{
    double best = 0;
    for (int64_t k = 0; k < n; k++)
        best = fmax(best, sum[k]);
    return best;
}

/* The action that is best as things stand; -1 = doing nothing. */
static int64_t best_now(const vrk_settle_states *s, int64_t actions)
{
    int64_t best = -1;
    double most = 0;
    for (int64_t k = 0; k < actions; k++) {
        double sum = 0;
        for (int64_t i = 0; i < s->draws; i++)
            sum += s->net[k * s->draws + i];
        if (sum > most) {
            most = sum;
            best = k;
        }
    }
    return best;
}

void vrk_settle_look(const vrk_settle_states *s, uint64_t seed, int64_t trials, double confidence,
                     vrk_settle_option *o)
{
    enum { ACTIONS_MOST = 8 };
    vrk_rng r = vrk_rng_of(seed, 77, 0);
    double gained = 0, settled = 0;
    int64_t actions = s->actions < ACTIONS_MOST ? s->actions : ACTIONS_MOST;
    int64_t now = best_now(s, actions);
    for (int64_t t = 0; t < trials; t++) {
        double of[VRK_VERDICTS] = {0}, net[ACTIONS_MOST] = {0}, all = 0;
        int64_t truth = (2 * t + 1) * s->draws / (2 * trials);
        double u = vrk_rng_normal(&r), v = vrk_rng_normal(&r);
        double see_e = s->e[truth] + (isfinite(o->noise_e) ? o->noise_e * u : 0);
        double see_q = s->q[truth] + (isfinite(o->noise_q) ? o->noise_q * v : 0);
        for (int64_t i = 0; i < s->draws; i++) {
            double w = weight(s, o, i, see_e, see_q);
            of[s->is[i]] += w;
            all += w;
            for (int64_t k = 0; k < actions; k++)
                net[k] += w * s->net[k * s->draws + i];
        }
        settled += best_of(of, VRK_VERDICTS) >= confidence * all;
        /* against what would be done anyway, after the same sight: less noise than two means */
        gained += (best_of(net, actions) - (now < 0 ? 0 : net[now])) / all;
    }
    o->probability = settled / (double)trials;
    o->value = gained / (double)trials;
}

/* Noise of a review of n occasions: each shows whether it was done and, if so, how it went. */
static vrk_settle_option review(const vrk_moment_model *x, int64_t n)
{
    double done = logistic(x->doing.base + x->e_reference);
    double good = logistic(x->going.base + x->q_reference);
    return (vrk_settle_option){.kind = VRK_SETTLE_REVIEW,
                               .n = n,
                               .noise_e = 1 / sqrt((double)n * done * (1 - done)),
                               .noise_q = 1 / sqrt((double)n * done * good * (1 - good))};
}

static vrk_settle_option logged(const vrk_moment_model *x, double a_week)
{
    double n = fmax(a_week * LOGGED_WEEKS, 1);
    vrk_settle_option o = review(x, 1);
    return (vrk_settle_option){.kind = VRK_SETTLE_LOG,
                               .n = LOGGED_WEEKS,
                               .noise_e = LOGGED_NOISE * o.noise_e / sqrt(n),
                               .noise_q = LOGGED_NOISE * o.noise_q / sqrt(n)};
}

/* As much again per week as there was. */
static vrk_settle_option waited(int64_t n, double weeks, double spread_e, double spread_q)
{
    double factor = sqrt(weeks / (double)n);
    return (vrk_settle_option){.kind = VRK_SETTLE_WAIT,
                               .n = n,
                               .noise_e = spread_e * factor,
                               .noise_q = spread_q * factor};
}

static void choose(vrk_settle *out)
{
    for (int64_t k = 0; k < out->options && out->probability < 0.7; k++) {
        const vrk_settle_option *o = &out->option[k];
        if (o->probability >= 0.5 &&
            (out->kind == VRK_SETTLE_NOTHING || o->probability > out->probability + 0.2)) {
            out->kind = o->kind;
            out->n = o->n;
            out->probability = o->probability;
        }
    }
}

vrk_status vrk_settle_of(vrk_ctx *ctx, const vrk_moments *m, int64_t moment, int64_t seller,
                         const vrk_verdict_opt *opt, double weeks, int64_t occasions,
                         vrk_settle *out)
{
    vrk_status st = VRK_OK;
    vrk_mark mark = vrk_mark_of(&ctx->scratch);
    const vrk_moment_model *x = &m->moment[moment];
    double confidence = opt && opt->confidence > 0 ? opt->confidence : 0.7;
    double *e = VRK_NEW(&ctx->scratch, DRAWS, double), *q = VRK_NEW(&ctx->scratch, DRAWS, double);
    vrk_verdict *is = VRK_NEW(&ctx->scratch, DRAWS, vrk_verdict);
    *out = (vrk_settle){0};
    if (ctx->scratch.failed)
        FAIL(VRK_EMEMORY, "out of memory for what would settle a verdict");
    TRY(vrk_verdict_states(ctx, m, moment, seller, opt, DRAWS, e, q, is));
    double noise = m->assessed ? m->measured.noise / fmax(fabs(m->measured.per_logit), 0.2) : 0.5;
    double spread_e = spread_of(e, DRAWS), spread_q = spread_of(q, DRAWS);
    const vrk_settle_option list[VRK_SETTLE_OPTIONS] = {
        review(x, 5),
        review(x, 10),
        {.kind = VRK_SETTLE_ASSESS, .n = 1, .noise_e = HUGE_VAL, .noise_q = noise},
        review(x, 30),
        logged(x, (double)occasions / weeks),
        waited(13, weeks, spread_e, spread_q),
        waited(26, weeks, spread_e, spread_q)};
    const vrk_settle_states s = {.draws = DRAWS, .e = e, .q = q, .is = is};
    for (int64_t k = 0; k < VRK_SETTLE_OPTIONS; k++) {
        vrk_settle_option *o = &out->option[out->options++];
        *o = list[k];
        vrk_settle_look(&s, ctx->seed ^ (uint64_t)(moment << 24 | seller), TRIALS, confidence, o);
    }
    choose(out);
done:
    vrk_rewind(&ctx->scratch, mark);
    return st;
}
