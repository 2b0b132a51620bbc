#include "diag/beyond.h"

#include <math.h>

enum {
    SELLERS_LEAST = 3
}; /* of a team: with fewer it is told from its sellers by the prior alone */

/* Before anything is seen: one segment in ten breaks, up or down, by about 1. */
#define BREAK_PRIOR 0.1
#define BREAK_SD 1.0

static double at(const vrk_grid *g, int64_t i)
{
    return g->from + (double)i * g->step;
}

/* Median over teams of the posterior means: a fault of one team is no merit of the others. */
static double reference(vrk_ctx *ctx, const vrk_effects *fit)
{
    vrk_mark mark = vrk_mark_of(&ctx->scratch);
    int64_t n = fit->data->teams;
    double *mean = VRK_NEW(&ctx->scratch, n, double), median = 0;
    for (int64_t g = 0; mean && g < n; g++) {
        for (int64_t j = 0; j < fit->team_grid.n; j++)
            mean[g] += fit->team_p[g * fit->team_grid.n + j] * at(&fit->team_grid, j);
    }
    if (mean)
        median = vrk_median_of(ctx, mean, n);
    vrk_rewind(&ctx->scratch, mark);
    return median;
}

static void look_at_team(const vrk_effects *fit, int64_t team, double reference, double delta,
                         vrk_process_finding *f)
{
    double run = 0;
    f->lo = f->hi = nan("");
    for (int64_t j = 0; j < fit->team_grid.n; j++) {
        double p = fit->team_p[team * fit->team_grid.n + j], x = at(&fit->team_grid, j) - reference;
        run += p;
        f->mean += p * x;
        f->probability += x <= -delta ? p : 0;
        if (isnan(f->lo) && run >= 0.05)
            f->lo = x;
        if (isnan(f->hi) && run >= 0.95)
            f->hi = x;
    }
}

static void find_processes(vrk_ctx *ctx, const vrk_moments *m, double delta, const int64_t *size,
                           vrk_beyond *out)
{
    for (int64_t k = 1; k <= VRK_AT_MOMENTS; k++) {
        const vrk_moment_model *x = &m->moment[k];
        const vrk_half *half[] = {&x->doing, &x->going};
        for (int h = 0; h < 2 && x->has_doing && x->has_going; h++) {
            double usual = reference(ctx, &half[h]->fit);
            for (int64_t g = 0; g < m->cells.teams; g++) {
                vrk_process_finding f = {.team = g, .moment = k, .doing = h == 0};
                if (size[g] < SELLERS_LEAST || !*m->cells.team_id[g])
                    continue;
                out->tried++;
                look_at_team(&half[h]->fit, g, usual, delta, &f);
                if (f.probability > 0.5)
                    out->process[out->processes++] = f;
            }
        }
    }
}

/* A segment's effect in a quarter at one moment, against the other segments' mean in it. */
typedef struct {
    double mean, precision;
} period;

/* The other segments' mean in that quarter at one moment; false: there is none. */
static bool others(const vrk_half *h, int64_t segments, int64_t quarters, int64_t segment,
                   int64_t t, double *mean, double *variance)
{
    double sum = 0, w = 0;
    for (int64_t k = 0; k < segments; k++) {
        double se = h->period_se[k * quarters + t];
        if (k == segment || !isfinite(se))
            continue;
        sum += h->period[k * quarters + t] / (se * se);
        w += 1 / (se * se);
    }
    *mean = w > 0 ? sum / w : 0;
    *variance = w > 0 ? 1 / w : 0;
    return w > 0;
}

static void compare(const vrk_moments *m, int64_t moment, int64_t segment, period *p)
{
    int64_t q = m->cells.quarters;
    const vrk_half *h = &m->moment[moment].going;
    for (int64_t t = 0; t < q; t++) {
        double se = h->period_se[segment * q + t], mean, variance;
        p[t] = (period){0, 0};
        if (!isfinite(se) || !others(h, m->cells.segments, q, segment, t, &mean, &variance))
            continue;
        p[t] = (period){h->period[segment * q + t] - mean, 1 / (se * se + variance)};
    }
}

/* Difference of the weighted means after and before quarter t, with its variance; false: no data.
 */
static bool difference(const period *p, int64_t quarters, int64_t t, double *d, double *variance)
{
    double sum[2] = {0, 0}, w[2] = {0, 0};
    for (int64_t i = 0; i < quarters; i++) {
        sum[i >= t] += p[i].precision * p[i].mean;
        w[i >= t] += p[i].precision;
    }
    if (!(w[0] > 0) || !(w[1] > 0))
        return false;
    *d = sum[1] / w[1] - sum[0] / w[0];
    /* Segments drift a little in any case: the usual spread of a quarter, 0.15, on both sides. */
    *variance = 1 / w[0] + 1 / w[1] + 2 * 0.15 * 0.15 / 2;
    return true;
}

static double normal_below(double x)
{
    return 0.5 * erfc(-x / sqrt(2));
}

/* The evidence for a break at quarter t at one moment: how much likelier the data are with it than
 * without, and its effect. */
typedef struct {
    double ratio, mean, sd;
} evidence;

static evidence weigh(const period *p, int64_t quarters, int64_t t)
{
    double d, v;
    if (!difference(p, quarters, t, &d, &v))
        return (evidence){1, 0, BREAK_SD};
    double whole = v + BREAK_SD * BREAK_SD;
    return (evidence){sqrt(v / whole) * exp(0.5 * d * d * (1 / v - 1 / whole)),
                      d * BREAK_SD * BREAK_SD / whole, sqrt(v * BREAK_SD * BREAK_SD / whole)};
}

/* Break or none, and when: each quarter is as likely beforehand, and a break is felt at each moment
 * or not, as likely; effects are integrated out. */
static bool look_at_segment(const vrk_moments *m, int64_t segment, double delta, period *p,
                            vrk_market_finding *f)
{
    int64_t q = m->cells.quarters;
    double all = 1 - BREAK_PRIOR, best = 0, below = 0;
    *f = (vrk_market_finding){.segment = segment};
    for (int k = 1; k <= VRK_AT_MOMENTS; k++)
        compare(m, k, segment, p + (k - 1) * q);
    for (int64_t t = 1; t < q; t++) {
        double weight = BREAK_PRIOR / (double)(q - 1), spared = 1, most = 0;
        vrk_market_finding here = {.segment = segment, .quarter = t};
        for (int k = 1; k <= VRK_AT_MOMENTS; k++) {
            evidence e = weigh(p + (k - 1) * q, q, t);
            double felt = e.ratio / (1 + e.ratio);
            double weaker = felt * normal_below((-delta - e.mean) / e.sd);
            weight *= (1 + e.ratio) / 2;
            spared *= 1 - weaker;
            if (weaker > most) {
                most = weaker;
                here.mean = e.mean;
                here.lo = e.mean - 1.645 * e.sd;
                here.hi = e.mean + 1.645 * e.sd;
            }
        }
        all += weight;
        below += weight * (1 - spared);
        if (weight > best) {
            best = weight;
            *f = here;
        }
    }
    f->probability = isfinite(all) ? below / all : 1;
    return f->probability > 0.5;
}

vrk_status vrk_beyond_find(vrk_ctx *ctx, const vrk_moments *m, double delta, vrk_beyond *out)
{
    vrk_status st = VRK_OK;
    vrk_mark mark = vrk_mark_of(&ctx->scratch);
    const vrk_moment_cells *c = &m->cells;
    double short_by = delta > 0 ? delta : 0.5;
    int64_t *size = VRK_NEW(&ctx->scratch, c->teams, int64_t);
    period *p = VRK_NEW(&ctx->scratch, VRK_AT_MOMENTS * c->quarters, period);

    *out = (vrk_beyond){.mem.limit = ctx->scratch.limit};
    out->process = VRK_NEW(&out->mem, 2 * VRK_AT_MOMENTS * c->teams, vrk_process_finding);
    out->market = VRK_NEW(&out->mem, c->segments, vrk_market_finding);
    if (ctx->scratch.failed || out->mem.failed)
        FAIL(VRK_EMEMORY, "out of memory for the findings of %lld teams", (long long)c->teams);
    for (int64_t s = 0; s < c->sellers; s++)
        size[c->team[s]]++;
    find_processes(ctx, m, short_by, size, out);
    for (int64_t k = 0; k < c->segments; k++) {
        vrk_market_finding f;
        out->tried++;
        if (look_at_segment(m, k, short_by, p, &f))
            out->market[out->markets++] = f;
    }
done:
    vrk_rewind(&ctx->scratch, mark);
    if (st != VRK_OK)
        vrk_beyond_free(out);
    return st;
}

void vrk_beyond_free(vrk_beyond *b)
{
    vrk_arena_free(&b->mem);
    *b = (vrk_beyond){0};
}
