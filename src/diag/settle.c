#include "diag/settle.h"

#include "base/rng.h"

#include <math.h>

enum { DRAWS = 400, TRIALS = 60 };

const char *const vrk_settle_names[VRK_SETTLE_COUNT] = {"nothing", "review", "assess", "wait"};

/* One thing that could be observed: what it tells of e and q, and its noise [log odds]; HUGE_VAL:
 * nothing. In order of what they cost. */
typedef struct {
    vrk_settle_kind kind;
    int64_t n;
    double noise_e, noise_q;
} observation;

/* What the draws are weighed by and which region each is in. */
typedef struct {
    double e[DRAWS], q[DRAWS];
    vrk_verdict is[DRAWS];
} states;

static double logistic(double x)
{
    return 1 / (1 + exp(-x));
}

static double spread_of(const double *x)
{
    double sum = 0, square = 0;
    for (int i = 0; i < DRAWS; i++) {
        sum += x[i];
        square += x[i] * x[i];
    }
    return sqrt(fmax(square / DRAWS - sum / DRAWS * (sum / DRAWS), 1e-6));
}

/* Share of what could be seen after which the verdict is sure enough. */
static double settles(vrk_rng *r, const states *s, const observation *o, double confidence)
{
    int settled = 0;
    for (int t = 0; t < TRIALS; t++) {
        int64_t truth = vrk_rng_below(r, DRAWS);
        double see_e = s->e[truth] + (isfinite(o->noise_e) ? o->noise_e : 0) * vrk_rng_normal(r);
        double see_q = s->q[truth] + (isfinite(o->noise_q) ? o->noise_q : 0) * vrk_rng_normal(r);
        double of[VRK_VERDICTS] = {0}, all = 0, most = 0;
        for (int i = 0; i < DRAWS; i++) {
            double a = isfinite(o->noise_e) ? (see_e - s->e[i]) / o->noise_e : 0;
            double b = isfinite(o->noise_q) ? (see_q - s->q[i]) / o->noise_q : 0;
            double w = exp(-0.5 * (a * a + b * b));
            of[s->is[i]] += w;
            all += w;
        }
        for (int k = 0; k < VRK_VERDICTS; k++)
            most = fmax(most, of[k]);
        settled += most >= confidence * all;
    }
    return (double)settled / TRIALS;
}

/* Noise of a review of n occasions: each shows whether it was done and, if so, how it went. */
static observation review(const vrk_moment_model *x, int64_t n)
{
    double done = logistic(x->doing.base + x->e_reference);
    double good = logistic(x->going.base + x->q_reference);
    return (observation){VRK_SETTLE_REVIEW, n, 1 / sqrt((double)n * done * (1 - done)),
                         1 / sqrt((double)n * done * good * (1 - good))};
}

vrk_status vrk_settle_of(vrk_ctx *ctx, const vrk_moments *m, int64_t moment, int64_t seller,
                         const vrk_verdict_opt *opt, double weeks, vrk_settle *out)
{
    vrk_status st = VRK_OK;
    vrk_mark mark = vrk_mark_of(&ctx->scratch);
    const vrk_moment_model *x = &m->moment[moment];
    double confidence = opt && opt->confidence > 0 ? opt->confidence : 0.7;
    states *s = VRK_NEW(&ctx->scratch, 1, states);
    *out = (vrk_settle){0};
    if (!s)
        FAIL(VRK_EMEMORY, "out of memory for what would settle a verdict");
    TRY(vrk_verdict_states(ctx, m, moment, seller, opt, DRAWS, s->e, s->q, s->is));
    double noise = m->assessed ? m->measured.noise / fmax(fabs(m->measured.per_logit), 0.2) : 0.5;
    observation list[] = {review(x, 5),
                          review(x, 10),
                          {VRK_SETTLE_ASSESS, 1, HUGE_VAL, noise},
                          review(x, 30),
                          {VRK_SETTLE_WAIT, 13, 0, 0},
                          {VRK_SETTLE_WAIT, 26, 0, 0}};
    vrk_rng r = vrk_rng_of(ctx->seed, 77, (uint32_t)(moment << 24 | seller));
    for (size_t k = 0; k < sizeof(list) / sizeof(list[0]); k++) {
        observation *o = &list[k];
        if (o->kind == VRK_SETTLE_WAIT) { /* as much again per week as there was */
            double factor = sqrt(weeks / (double)o->n);
            o->noise_e = spread_of(s->e) * factor;
            o->noise_q = spread_of(s->q) * factor;
        }
        double p = settles(&r, s, o, confidence);
        if (p >= 0.5 && (out->kind == VRK_SETTLE_NOTHING || p > out->probability + 0.2))
            *out = (vrk_settle){o->kind, o->n, p};
        if (out->probability >= 0.7)
            break;
    }
done:
    vrk_rewind(&ctx->scratch, mark);
    return st;
}
