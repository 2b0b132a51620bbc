#include "diag/twin.h"

#include "base/par.h"
#include "base/rng.h"
#include "num/sort.h"

#include <math.h>

enum {
    M = VRK_AT_MOMENTS,
    TRAITS = VRK_AT_MOMENTS + 1,
    SCENARIOS = 12,
    SELLER_DRAWS = 24000, /* 400 of 60 sellers */
    DRAWS_LEAST = 40,
    CHUNK = 8, /* draws that one thread takes at a time */
};

/* SD of what the year to come adds to everybody's success [log odds]: quarters differ by 0.1 to
 * 0.15 in doc/moments.md's model, and four of them are averaged. */
#define CLIMATE 0.09

/* Streams of random numbers. */
enum { STREAM_SCENARIO = 0x7701, STREAM_EFFECTS = 0x7702 };

vrk_worth vrk_worth_of(double *x, int64_t n)
{
    vrk_worth w = {0};
    for (int64_t i = 0; i < n; i++) {
        w.mean += x[i] / (double)n;
        w.p_positive += (x[i] > 0) / (double)n;
    }
    vrk_sort(x, n);
    w.lo = x[(int64_t)(0.05 * (double)n)];
    w.hi = x[(int64_t)(0.95 * (double)n)];
    return w;
}

static vrk_twin_trait *traits_of(const vrk_twin *t, int64_t draw, int64_t seller)
{
    return &t->trait[(draw * t->base.sellers + seller) * TRAITS];
}

typedef struct {
    vrk_twin *t;
    vrk_twin_trait *mean; /* [sellers x TRAITS], market in */
} making;

static vrk_status draw_seller(vrk_ctx *ctx, int64_t s, void *arg)
{
    vrk_status st = VRK_OK;
    const making *a = arg;
    vrk_mark mark = vrk_mark_of(&ctx->scratch);
    vrk_moment_draws d = {.draws = a->t->draws};
    double **into[] = {&d.e, &d.p, &d.e_team, &d.q, &d.qx, &d.q_team};
    for (int k = 0; k < 6; k++)
        *into[k] = VRK_NEW(&ctx->scratch, d.draws, double);
    if (ctx->scratch.failed)
        FAIL(VRK_EMEMORY, "out of memory for draws");
    for (int m = 1; m <= M; m++) {
        vrk_twin_trait sum = {0};
        if (!a->t->m->moment[m].has_doing || !a->t->m->moment[m].has_going)
            continue;
        TRY(vrk_moments_draw(ctx, a->t->m, m, s, &d));
        for (int64_t b = 0; b < d.draws; b++) {
            vrk_twin_trait one = {d.e[b], d.p[b], d.q[b], d.qx[b]};
            traits_of(a->t, b, s)[m] = one;
            sum.e += one.e / (double)d.draws;
            sum.p += one.p / (double)d.draws;
            sum.q += one.q / (double)d.draws;
            sum.qx += one.qx / (double)d.draws;
        }
        sum.q += a->t->m->moment[m].going.market[s];
        a->mean[s * TRAITS + m] = sum;
    }
done:
    vrk_rewind(&ctx->scratch, mark);
    return st;
}

/* What is assumed of deals: how many can be won, and how the two kinds differ. */
static vrk_status make_scenario(vrk_ctx *ctx, int64_t k, void *arg)
{
    const making *a = arg;
    vrk_twin *t = a->t;
    vrk_rng r = vrk_rng_of(ctx->seed, STREAM_SCENARIO, (uint32_t)k);
    vrk_twin_scenario *s = &t->scenario[k];
    double spread = t->m->moment[VRK_AT_STEERING].going.deal_sd;
    s->fit = 0.42 + 0.16 * vrk_rng_uniform(&r);
    /* two kinds, half each, whose SD is the deals' spread */
    s->shift = spread * 2 * (0.7 + 0.4 * vrk_rng_uniform(&r));
    s->slow = exp(-s->shift * (0.25 + 0.3 * vrk_rng_uniform(&r)));
    s->leak = exp(s->shift * (0.3 + 0.4 * vrk_rng_uniform(&r)));
    vrk_twin_fit(&t->base, t->m, a->mean, s);
    return VRK_OK;
}

static double about(vrk_rng *r, double mean, double se)
{
    return mean + se * vrk_rng_normal(r);
}

static void draw_effects(vrk_ctx *ctx, vrk_twin *t, const vrk_twin_opt *opt)
{
    const vrk_half *s = &t->m->moment[VRK_AT_STEERING].going;
    vrk_twin_effects usual = vrk_twin_effects_of(t->m, &t->base);
    for (int64_t b = 0; b < t->draws; b++) {
        vrk_rng r = vrk_rng_of(ctx->seed, STREAM_EFFECTS, (uint32_t)b);
        vrk_twin_effects *e = &t->effects[b];
        e->qualified = about(&r, usual.qualified, s->fixed_se[VRK_HALF_QUALIFIED]);
        e->dated = about(&r, usual.dated, t->base.dated_se);
        e->kept = about(&r, usual.kept, t->base.kept_se);
        e->squeezed = about(&r, usual.squeezed, s->fixed_se[VRK_HALF_CROWDING]);
        e->touches = opt->elasticity_se > 0
                         ? about(&r, opt->elasticity, opt->elasticity_se)
                         : about(&r, usual.touches,
                                 t->m->moment[VRK_AT_PROSPECTING].going.fixed_se[VRK_HALF_TOUCHES]);
        e->climate = about(&r, 0, CLIMATE);
        for (int m = 1; m <= M; m++) {
            const double *se = t->m->moment[m].doing.fixed_se;
            e->crowding[m] = about(&r, usual.crowding[m], se[VRK_HALF_CROWDING]);
            e->crowded[m] = about(&r, usual.crowded[m], se[VRK_HALF_CROWDED]);
        }
    }
}

/* The value below which `share` of x [n] lie; x is put in order. */
static double quantile(double *x, int64_t n, double share)
{
    vrk_sort(x, n);
    double at = share * (double)(n - 1);
    int64_t i = (int64_t)at;
    return i + 1 < n ? x[i] + (at - (double)i) * (x[i + 1] - x[i]) : x[n - 1];
}

/* Against whom those who fall short are measured, draw by draw. */
static vrk_status take_references(vrk_ctx *ctx, int64_t chunk, void *arg)
{
    vrk_status st = VRK_OK;
    const making *a = arg;
    const vrk_twin *t = a->t;
    vrk_mark mark = vrk_mark_of(&ctx->scratch);
    int64_t n = t->base.sellers;
    double *x = VRK_NEW(&ctx->scratch, 4 * n, double);
    if (!x)
        FAIL(VRK_EMEMORY, "out of memory for %lld sellers", (long long)n);
    for (int64_t b = chunk * CHUNK; b < t->draws && b < (chunk + 1) * CHUNK; b++) {
        for (int m = 1; m <= M; m++) {
            for (int64_t s = 0; s < n; s++) {
                const vrk_twin_trait *one = &traits_of(t, b, s)[m];
                x[s] = one->e;
                x[n + s] = one->p;
                x[2 * n + s] = one->q;
                x[3 * n + s] = one->q + one->qx;
            }
            vrk_twin_trait *to[] = {&t->reference[b * TRAITS + m], &t->upper[b]};
            for (int k = 0; k < (m == VRK_AT_QUALIFICATION ? 2 : 1); k++) {
                double share = k ? 0.75 : 0.5;
                *to[k] =
                    (vrk_twin_trait){quantile(x, n, share), quantile(x + n, n, share),
                                     quantile(x + 2 * n, n, share), quantile(x + 3 * n, n, share)};
            }
        }
    }
done:
    vrk_rewind(&ctx->scratch, mark);
    return st;
}

static void lift(vrk_twin_trait *to, const vrk_twin_trait *reference)
{
    double complex = fmax(to->q + to->qx, reference->qx);
    to->e = fmax(to->e, reference->e);
    to->p = fmax(to->p, reference->p);
    to->q = fmax(to->q, reference->q);
    to->qx = complex - to->q;
}

typedef struct {
    const vrk_twin *t;
    const vrk_change *change;
    const uint8_t
        *which;  /* [draws x sellers] moments to lift, as bits; NULL = as the change says */
    double *out; /* [draws x sellers] money won */
    const double *complex; /* [sellers] more complex deals a week for simple ones; NULL = none */
} running;

/* The seller under the change; whether anything is other than it is now. */
static bool change_seller(const running *r, int64_t draw, int64_t seller, vrk_twin_trait *trait,
                          vrk_twin_shift *shift)
{
    const vrk_twin *t = r->t;
    bool other = r->change->free_h > 0 || fabs(r->change->activity - 1) > 0;
    const vrk_twin_trait *now = traits_of(t, draw, seller);
    *shift = (vrk_twin_shift){.touches = r->change->activity, .more_h = r->change->free_h};
    if (r->complex) {
        shift->complex = r->complex[seller];
        other |= shift->complex < 0 || shift->complex > 0;
    }
    if (t->load_sd_h > 0)
        shift->less_load = r->change->free_h / t->load_sd_h;
    for (int m = 1; m <= M; m++) {
        trait[m] = now[m];
        if (r->which ? r->which[draw * t->base.sellers + seller] >> m & 1 : r->change->fix[m])
            lift(&trait[m], &t->reference[draw * TRAITS + m]);
        if (r->change->stop_bad && m == VRK_AT_QUALIFICATION)
            lift(&trait[m], &t->upper[draw]);
        other |= trait[m].e > now[m].e || trait[m].p > now[m].p || trait[m].q > now[m].q ||
                 trait[m].q + trait[m].qx > now[m].q + now[m].qx + 1e-12;
        trait[m].q += t->m->moment[m].going.market[seller];
    }
    return other;
}

static vrk_status run_draws(vrk_ctx *ctx, int64_t chunk, void *arg)
{
    const running *r = arg;
    const vrk_twin *t = r->t;
    vrk_status st = vrk_tick(ctx, "the year to come", chunk * CHUNK, t->draws);
    for (int64_t b = chunk * CHUNK; st == VRK_OK && b < t->draws && b < (chunk + 1) * CHUNK; b++) {
        for (int64_t s = 0; s < t->base.sellers; s++) {
            vrk_twin_trait trait[TRAITS];
            vrk_twin_pipeline p;
            vrk_twin_course c = {.base = &t->base,
                                 .m = t->m,
                                 .scenario = &t->scenario[b % t->scenarios],
                                 .effects = &t->effects[b],
                                 .seller = &t->base.seller[s],
                                 .trait = trait};
            bool other = change_seller(r, b, s, trait, &c.shift);
            double *out = &r->out[b * t->base.sellers + s];
            *out = r->out == t->present ? 0 : t->present[b * t->base.sellers + s];
            if (!c.seller->there || (!other && r->out != t->present))
                continue;
            vrk_twin_start(&c, &p);
            vrk_twin_run(&c, VRK_TWIN_WEEKS, false, &p);
            *out = p.won;
        }
    }
    return st;
}

static int64_t chunks_of(const vrk_twin *t)
{
    return (t->draws + CHUNK - 1) / CHUNK;
}

static vrk_status make_room(vrk_ctx *ctx, vrk_twin *t, making *a)
{
    int64_t n = t->base.sellers;
    t->scenario = VRK_NEW(&t->mem, t->scenarios, vrk_twin_scenario);
    t->effects = VRK_NEW(&t->mem, t->draws, vrk_twin_effects);
    t->trait = VRK_NEW(&t->mem, t->draws * n * TRAITS, vrk_twin_trait);
    t->reference = VRK_NEW(&t->mem, t->draws * TRAITS, vrk_twin_trait);
    t->upper = VRK_NEW(&t->mem, t->draws, vrk_twin_trait);
    t->present = VRK_NEW(&t->mem, t->draws * n, double);
    a->mean = VRK_NEW(&t->mem, n * TRAITS, vrk_twin_trait);
    return t->mem.failed
               ? vrk_fail(ctx, VRK_EMEMORY, "out of memory for %lld draws of %lld sellers",
                          (long long)t->draws, (long long)n)
               : VRK_OK;
}

vrk_status vrk_twin_make(vrk_ctx *ctx, vrk_facts *facts, const vrk_moments *m,
                         const vrk_twin_opt *opt, vrk_twin *out)
{
    vrk_status st = VRK_OK;
    making a = {.t = out};
    static const vrk_change none = {.activity = 1};
    *out = (vrk_twin){.mem.limit = ctx->scratch.limit, .m = m, .scenarios = SCENARIOS};
    TRY(vrk_twin_base_read(ctx, facts, m, opt->load_mean, opt->load_sd, &out->base));
    bool any = false;
    for (int k = 1; k <= M; k++) {
        out->can[k] = opt->judged[k] && m->moment[k].has_doing && m->moment[k].has_going;
        any |= out->can[k];
    }
    out->base.usable &= any;
    if (!out->base.usable)
        goto done;
    int64_t draws = opt->draws, usual = SELLER_DRAWS / out->base.sellers;
    out->draws = draws > 0 ? draws : usual < DRAWS_LEAST ? DRAWS_LEAST : usual > 400 ? 400 : usual;
    out->load_sd_h = opt->load_sd / 60;
    TRY(make_room(ctx, out, &a));
    TRY(vrk_par(ctx, "draws", out->base.sellers, draw_seller, &a));
    TRY(vrk_par(ctx, "scenarios", out->scenarios, make_scenario, &a));
    draw_effects(ctx, out, opt);
    TRY(vrk_par(ctx, "references", chunks_of(out), take_references, &a));
    TRY(vrk_par(ctx, "the year to come", chunks_of(out), run_draws,
                &(running){out, &none, NULL, out->present, NULL}));
done:
    if (st != VRK_OK)
        vrk_twin_free(out);
    return st;
}

void vrk_twin_free(vrk_twin *t)
{
    vrk_twin_base_free(&t->base);
    vrk_arena_free(&t->mem);
    *t = (vrk_twin){0};
}

/* Runs the draws under a change; gain [draws x sellers] is then what they are more than now. */
static vrk_status gain_over_present(vrk_ctx *ctx, const vrk_twin *t, running r, double *gain)
{
    vrk_status st = vrk_par(ctx, "the year to come", chunks_of(t), run_draws, &r);
    for (int64_t i = 0; st == VRK_OK && i < t->draws * t->base.sellers; i++)
        gain[i] -= t->present[i];
    return st;
}

vrk_status vrk_twin_gain(vrk_ctx *ctx, const vrk_twin *t, const vrk_change *change, double *gain)
{
    vrk_status st = VRK_OK;
    for (int m = 1; m <= M; m++) {
        bool asked = change->fix[m] || (change->stop_bad && m == VRK_AT_QUALIFICATION);
        if (asked && !t->can[m])
            FAIL(VRK_EINPUT, "the data cannot tell of %s, so no change of it can be priced",
                 vrk_moment_names[m]);
    }
    if (change->free_h > 0 && !(t->load_sd_h > 0))
        FAIL(VRK_EINPUT, "no calendar tells how much internal work there is, so hours cannot be "
                         "freed");
    if (fabs(change->activity - 1) > 0 && !t->can[VRK_AT_PROSPECTING])
        FAIL(VRK_EINPUT, "the data cannot tell of prospecting, so activity cannot be changed");
    TRY(gain_over_present(ctx, t, (running){t, change, NULL, gain, NULL}, gain));
done:
    return st;
}

vrk_status vrk_twin_lifted(vrk_ctx *ctx, const vrk_twin *t, const uint8_t *which, double *gain)
{
    vrk_change present = {.activity = 1};
    return gain_over_present(ctx, t, (running){t, &present, which, gain, NULL}, gain);
}

vrk_status vrk_twin_swapped(vrk_ctx *ctx, const vrk_twin *t, const double *more, double *gain)
{
    vrk_change present = {.activity = 1};
    return gain_over_present(ctx, t, (running){t, &present, NULL, gain, more}, gain);
}

void vrk_twin_inflows(const vrk_twin *t, double *x)
{
    for (int64_t s = 0; s < t->base.sellers; s++) {
        x[s] = 0;
        for (int64_t b = 0; t->base.seller[s].there && b < t->draws; b++) {
            const vrk_twin_course c = {.base = &t->base,
                                       .m = t->m,
                                       .scenario = &t->scenario[b % t->scenarios],
                                       .effects = &t->effects[b],
                                       .seller = &t->base.seller[s],
                                       .trait = traits_of(t, b, s),
                                       .shift = {.touches = 1}};
            x[s] += vrk_twin_inflow(&c) / (double)t->draws;
        }
    }
}

static void sum_sellers(const vrk_twin *t, const double *x, double *sum)
{
    for (int64_t b = 0; b < t->draws; b++) {
        sum[b] = 0;
        for (int64_t s = 0; s < t->base.sellers; s++)
            sum[b] += x[b * t->base.sellers + s];
    }
}

vrk_status vrk_twin_sums(vrk_ctx *ctx, const vrk_twin *t, const vrk_change *change, double *sum)
{
    vrk_status st = VRK_OK;
    vrk_mark mark = vrk_mark_of(&ctx->scratch);
    double *gain = VRK_NEW(&ctx->scratch, t->draws * t->base.sellers, double);
    if (!gain)
        FAIL(VRK_EMEMORY, "out of memory for %lld draws", (long long)t->draws);
    TRY(vrk_twin_gain(ctx, t, change, gain));
    sum_sellers(t, gain, sum);
done:
    vrk_rewind(&ctx->scratch, mark);
    return st;
}

vrk_status vrk_twin_value(vrk_ctx *ctx, const vrk_twin *t, const vrk_change *change, vrk_worth *out)
{
    vrk_status st = VRK_OK;
    vrk_mark mark = vrk_mark_of(&ctx->scratch);
    double *sum = VRK_NEW(&ctx->scratch, t->draws, double);
    if (!sum)
        FAIL(VRK_EMEMORY, "out of memory for %lld draws", (long long)t->draws);
    TRY(vrk_twin_sums(ctx, t, change, sum));
    *out = vrk_worth_of(sum, t->draws);
done:
    vrk_rewind(&ctx->scratch, mark);
    return st;
}

vrk_status vrk_twin_present(vrk_ctx *ctx, const vrk_twin *t, vrk_worth *out)
{
    vrk_mark mark = vrk_mark_of(&ctx->scratch);
    double *sum = VRK_NEW(&ctx->scratch, t->draws, double);
    if (!sum)
        return vrk_fail(ctx, VRK_EMEMORY, "out of memory for %lld draws", (long long)t->draws);
    sum_sellers(t, t->present, sum);
    *out = vrk_worth_of(sum, t->draws);
    vrk_rewind(&ctx->scratch, mark);
    return VRK_OK;
}
