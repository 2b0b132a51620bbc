/* tests/stat/sbc.h - simulation-based calibration of the effects of sellers (Talts et al. 2018):
 * priors are drawn, then sellers, then what they did; the place of the truth among draws from the
 * posterior must be as good as any other. The generator knows nothing of the model's code: it has
 * its own stream, tosses coins, and writes the likelihood that an analyst would write. */
#ifndef TESTS_STAT_SBC_H
#define TESTS_STAT_SBC_H

#include "base/rng.h"
#include "num/special.h"
#include "stat/effects.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum {
    SBC_SELLERS = 60,
    SBC_TEAMS = 8,
    SBC_TOTALS = 81,
    SBC_SLOPES = 17,
    SBC_LEVELS = 3,
    SBC_DRAWS = 99,
    SBC_BINS = 20,
    SBC_WORLDS_MOST = 2000
};

/* What is ranked: five sellers' effects, a slope, a team's effect, a gap within a team, the mean of
 * a team, and the log likelihood of a seller's data at the draw (Modrak et al. 2023). */
enum { SBC_TEAM = 5, SBC_SLOPE, SBC_GAP, SBC_MEAN, SBC_LL, SBC_QUANTITIES };
static const char *const sbc_name[SBC_QUANTITIES] = {
    "seller 0",          "seller 13",
    "seller 26",         "seller 39",
    "seller 52",         "team 0",
    "slope of seller 0", "seller 0 less seller 1",
    "mean of team 0",    "log likelihood of seller 0"};

typedef struct {
    double x[SBC_SELLERS], z[SBC_SELLERS], t[SBC_TEAMS];
    int hits[SBC_SELLERS][SBC_LEVELS], of[SBC_SELLERS][SBC_LEVELS];
    int64_t team[SBC_SELLERS];
    double *ll; /* [sellers x slopes x totals] */
} sbc_world;

/* Classes of a seller by the effect: far below, below, the others. */
enum { SBC_CLASSES = 3 };
typedef struct {
    int64_t worlds, failed;
    int64_t rank[SBC_QUANTITIES][SBC_BINS];
    int64_t sellers, inside[3]; /* of 50, 80 and 95 % intervals */
    float *p;                   /* [sellers x classes] probability of each class ... */
    unsigned char *y;           /* ... and the class that it is */
} sbc_result;

static inline double sbc_logistic(double x)
{
    return 1 / (1 + exp(-x));
}

static inline double sbc_between(vrk_rng *r, double low, double high)
{
    return low + (high - low) * vrk_rng_uniform(r);
}

static inline double sbc_two_part(vrk_rng *r, double near_sd, double share, double far_sd)
{
    double sd = vrk_rng_uniform(r) < share ? far_sd : near_sd;
    return sd * vrk_rng_normal(r);
}

/* Level 0, 1 and 2 of the slope's variable stand at -0.5, 0 and 0.5. */
static inline double sbc_level(int level)
{
    return 0.5 * (level - 1);
}

static inline void sbc_make(sbc_world *w, uint64_t seed)
{
    vrk_rng r = vrk_rng_of(seed, 9001, 1);
    double near = sbc_between(&r, 0.2, 0.4), far = sbc_between(&r, 0.05, 0.15);
    double team = sbc_between(&r, 0.1, 0.3), slope = sbc_between(&r, 0.15, 0.35);
    for (int g = 0; g < SBC_TEAMS; g++)
        w->t[g] = sbc_two_part(&r, team, 0.04, 1.5);
    for (int s = 0; s < SBC_SELLERS; s++) {
        w->team[s] = s * SBC_TEAMS / SBC_SELLERS;
        w->x[s] = w->t[w->team[s]] + sbc_two_part(&r, near, far, 1.6);
        w->z[s] = sbc_two_part(&r, slope, 0.05, 1.6);
        for (int l = 0; l < SBC_LEVELS; l++) {
            double p = sbc_logistic(0.4 + w->x[s] + w->z[s] * sbc_level(l));
            w->of[s][l] = 10 + (int)(50 * vrk_rng_uniform(&r));
            w->hits[s][l] = 0;
            for (int i = 0; i < w->of[s][l]; i++)
                w->hits[s][l] += vrk_rng_uniform(&r) < p;
        }
    }
}

static inline double sbc_ll(const sbc_world *w, int s, double x, double z)
{
    double ll = 0;
    for (int l = 0; l < SBC_LEVELS; l++) {
        double p = sbc_logistic(0.4 + x + z * sbc_level(l));
        p = fmin(fmax(p, 1e-12), 1 - 1e-12);
        ll += w->hits[s][l] * log(p) + (w->of[s][l] - w->hits[s][l]) * log1p(-p);
    }
    return ll;
}

static inline void sbc_rank(sbc_result *out, int quantity, double truth, const double *draw)
{
    int below = 0;
    for (int b = 0; b < SBC_DRAWS; b++)
        below += draw[b] < truth;
    out->rank[quantity][below * SBC_BINS / (SBC_DRAWS + 1)]++;
}

static inline int sbc_by_size(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

static inline int sbc_class(double x)
{
    return x < -0.9 ? 0 : x < -0.3 ? 1 : 2;
}

/* Intervals and classes of every seller, from draws of its own. */
static inline vrk_status sbc_look(vrk_ctx *ctx, const vrk_effects *fit, const sbc_world *w,
                                  sbc_result *out)
{
    enum { DRAWS = 400 };
    static const int cut[3] = {100, 40, 10}; /* of 400 at each end: 50, 80 and 95 % */
    static double x[DRAWS];
    for (int s = 0; s < SBC_SELLERS; s++) {
        vrk_status st = vrk_effects_draw(ctx, fit, 77, s, DRAWS, x, NULL, NULL);
        if (st != VRK_OK)
            return st;
        float *p = out->p + SBC_CLASSES * out->sellers;
        for (int b = 0; b < DRAWS; b++)
            p[sbc_class(x[b])] += 1.0F / DRAWS;
        out->y[out->sellers++] = (unsigned char)sbc_class(w->x[s]);
        qsort(x, DRAWS, sizeof(*x), sbc_by_size);
        for (int k = 0; k < 3; k++)
            out->inside[k] += w->x[s] > x[cut[k] - 1] && w->x[s] < x[DRAWS - cut[k]];
    }
    return VRK_OK;
}

static inline vrk_status sbc_draw(vrk_ctx *ctx, const vrk_effects *fit, const sbc_world *w,
                                  sbc_result *out)
{
    static double x[SBC_SELLERS][SBC_DRAWS], z[SBC_DRAWS], t[SBC_DRAWS], sum[SBC_DRAWS];
    int members = 0;
    double truth = 0;
    memset(sum, 0, sizeof(sum));
    for (int s = 0; s < SBC_SELLERS; s++) {
        vrk_status st =
            vrk_effects_draw(ctx, fit, 5, s, SBC_DRAWS, x[s], s ? NULL : z, s ? NULL : t);
        if (st != VRK_OK)
            return st;
    }
    for (int q = 0; q < 5; q++)
        sbc_rank(out, q, w->x[13 * q], x[13 * q]);
    sbc_rank(out, SBC_TEAM, w->t[0], t);
    sbc_rank(out, SBC_SLOPE, w->z[0], z);
    for (int s = 0; s < SBC_SELLERS; s++) {
        if (w->team[s])
            continue;
        members++;
        truth += w->x[s];
        for (int b = 0; b < SBC_DRAWS; b++)
            sum[b] += x[s][b];
    }
    for (int b = 0; b < SBC_DRAWS; b++)
        sum[b] /= members;
    sbc_rank(out, SBC_MEAN, truth / members, sum);
    for (int b = 0; b < SBC_DRAWS; b++)
        sum[b] = x[0][b] - x[1][b];
    sbc_rank(out, SBC_GAP, w->x[0] - w->x[1], sum);
    for (int b = 0; b < SBC_DRAWS; b++)
        sum[b] = sbc_ll(w, 0, x[0][b], z[b]);
    sbc_rank(out, SBC_LL, sbc_ll(w, 0, w->x[0], w->z[0]), sum);
    return VRK_OK;
}

/* Worlds of seeds first ... first + worlds - 1. A fit that fails is counted, never left out. */
static inline vrk_status sbc_run(vrk_ctx *ctx, uint64_t first, int worlds, sbc_result *out)
{
    const vrk_grid total = {-4, 0.1, SBC_TOTALS}, slope = {-1.6, 0.2, SBC_SLOPES};
    static sbc_world w;
    *out = (sbc_result){.worlds = worlds};
    out->p = calloc((size_t)worlds * SBC_SELLERS * SBC_CLASSES, sizeof(*out->p));
    out->y = calloc((size_t)worlds * SBC_SELLERS, 1);
    w.ll = calloc((size_t)SBC_SELLERS * SBC_SLOPES * SBC_TOTALS, sizeof(double));
    if (!out->p || !out->y || !w.ll)
        return VRK_EMEMORY;
    for (int k = 0; k < worlds; k++) {
        vrk_effects fit;
        ctx->seed = first + (uint64_t)k;
        sbc_make(&w, ctx->seed);
        for (int s = 0; s < SBC_SELLERS; s++) {
            for (int j = 0; j < SBC_SLOPES * SBC_TOTALS; j++)
                w.ll[s * SBC_SLOPES * SBC_TOTALS + j] =
                    sbc_ll(&w, s, total.from + (j % SBC_TOTALS) * total.step,
                           slope.from + j / SBC_TOTALS * slope.step);
        }
        vrk_effects_data data = {.n = SBC_SELLERS,
                                 .teams = SBC_TEAMS,
                                 .team = w.team,
                                 .total = total,
                                 .slope = slope,
                                 .ll = w.ll};
        if (vrk_effects_fit(ctx, &data, NULL, &fit) != VRK_OK ||
            sbc_draw(ctx, &fit, &w, out) != VRK_OK || sbc_look(ctx, &fit, &w, out) != VRK_OK)
            out->failed++;
        vrk_effects_free(&fit);
    }
    free(w.ll);
    return VRK_OK;
}

static inline void sbc_free(sbc_result *r)
{
    free(r->p);
    free(r->y);
    *r = (sbc_result){0};
}

/* Chance of ranks that differ so much from equal ones. */
static inline double sbc_p(const sbc_result *r, int quantity)
{
    double want = (double)(r->worlds - r->failed) / SBC_BINS, square = 0;
    for (int b = 0; b < SBC_BINS; b++) {
        double d = (double)r->rank[quantity][b] - want;
        square += d * d / want;
    }
    return vrk_chi2_above(square, SBC_BINS - 1);
}

/* The smallest p of all quantities times their number: below 0.001 Holm's first step refuses. */
static inline double sbc_holm(const sbc_result *r)
{
    double least = 1;
    for (int q = 0; q < SBC_QUANTITIES; q++)
        least = fmin(least, sbc_p(r, q));
    return fmin(1, least * SBC_QUANTITIES);
}

static inline int sbc_by_p(const void *a, const void *b)
{
    const float *x = a, *y = b;
    return (x[0] > y[0]) - (x[0] < y[0]);
}

/* Expected calibration error of one class in ten bins of equal mass, less what labels drawn from
 * the probabilities themselves give on average. NaN when memory ran out. */
static inline double sbc_ece(const sbc_result *r, int class)
{
    enum { BINS = 10, AGAIN = 20 };
    vrk_rng g = vrk_rng_of(4711, 9002, (uint32_t) class);
    int64_t n = r->sellers;
    float(*row)[2] = calloc((size_t)n, sizeof(*row));
    double raw = 0, null = 0;
    if (!row)
        return nan("");
    for (int64_t i = 0; i < n; i++) {
        row[i][0] = r->p[SBC_CLASSES * i + class];
        row[i][1] = r->y[i] == class;
    }
    qsort(row, (size_t)n, sizeof(*row), sbc_by_p);
    for (int k = 0; k <= AGAIN; k++) {
        double error = 0;
        for (int b = 0; b < BINS; b++) {
            double d = 0;
            for (int64_t i = n * b / BINS; i < n * (b + 1) / BINS; i++)
                d += (double)row[i][0] -
                     (k ? vrk_rng_uniform(&g) < (double)row[i][0] : row[i][1] > 0.5F);
            error += fabs(d) / (double)n;
        }
        raw += k ? 0 : error;
        null += k ? error / AGAIN : 0;
    }
    free(row);
    return raw - null;
}

#endif
