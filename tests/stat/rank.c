/* T17 and METHODS 2.2-2.4. Oracles: WinBUGS' Surgical by quadrature; counting by hand. */
#include "stat/rank.h"
#include "base/rng.h"
#include "tests/t.h"

#include <string.h>

enum { S = 12, DRAWS = 20000, GRID = 60, B = 200 };

static const double applied[S] = {47, 148, 119, 810, 211, 196, 148, 215, 207, 97, 256, 360};
static const double died[S] = {0, 18, 8, 46, 8, 13, 9, 31, 14, 8, 29, 24};

/* Weight of each b on a grid, for one hospital: binomial likelihood times N(mu, sd^2). */
static double likelihood(int h, double mu, double sd, double *weight)
{
    double sum = 0;
    for (int g = 0; g < B; g++) {
        double b = -7 + 7. * g / B, z = (b - mu) / sd;
        weight[g] =
            exp(died[h] * (b + 2.5) - applied[h] * (log1p(exp(b)) - log1p(exp(-2.5))) - z * z / 2) /
            sd;
        sum += weight[g];
    }
    return sum;
}

static int pick(vrk_rng *r, const double *weight, int n, double sum)
{
    double at = vrk_rng_uniform(r) * sum;
    int i = 0;
    while (i < n - 1 && (at -= weight[i]) > 0)
        i++;
    return i;
}

static double draw[S * DRAWS], centre, spread; /* mean of mu, of sd */

/* The posterior of mu and log sd on a grid, then each hospital's b given these: joint draws. */
static void make_draws(void)
{
    static double grid[GRID * GRID];
    double sum = 0, weight[B];
    vrk_rng r = vrk_rng_of(17, 0, 0);
    for (int a = 0; a < GRID * GRID; a++) {
        double mu = -3.6 + 2. * (a / GRID) / GRID, log_sd = -4 + 4.5 * (a % GRID) / GRID;
        double sd = exp(log_sd), log_p = -.002 * log_sd - .001 / (sd * sd);
        for (int h = 0; h < S; h++)
            log_p += log(likelihood(h, mu, sd, weight));
        grid[a] = log_p;
        sum = a == 0 ? log_p : fmax(sum, log_p);
    }
    double most = sum;
    sum = 0;
    for (int a = 0; a < GRID * GRID; a++)
        sum += grid[a] = exp(grid[a] - most);
    for (int i = 0; i < DRAWS; i++) {
        int a = pick(&r, grid, GRID * GRID, sum);
        double mu = -3.6 + 2. * (a / GRID) / GRID, sd = exp(-4 + 4.5 * (a % GRID) / GRID);
        centre += mu / DRAWS;
        spread += sd / DRAWS;
        for (int h = 0; h < S; h++) {
            double whole = likelihood(h, mu, sd, weight);
            double b = -7 + 7. * (pick(&r, weight, B, whole) + vrk_rng_uniform(&r) - .5) / B;
            draw[i + h * DRAWS] = 1 / (1 + exp(-b));
        }
    }
}

static void t17_surgical(void)
{
    const double p[S] = {.0532, .1033, .0711, .0594, .0518, .0693,
                         .0669, .1229, .0701, .0784, .1022, .0685};
    const double rank[S] = {3.35, 10.07, 6.08, 3.93, 2.78,  5.87,
                            5.43, 11.40, 6.00, 7.15, 10.13, 5.80};
    vrk_ctx ctx = {0};
    vrk_ranks f;
    const double sd[S] = {.0197, .0214, .0177, .0079, .0132, .0146,
                          .0157, .0224, .0145, .0199, .0177, .0117};
    make_draws();
    T_OK(fabs(centre + 2.5537) < .01 && fabs(spread - .4035) < .01);
    T_OK(vrk_ranks_of(&ctx, DRAWS, S, draw, .95, &f) == VRK_OK);
    for (int h = 0; h < S; h++) {
        double mean = 0, square = 0;
        for (int i = 0; i < DRAWS; i++) {
            mean += draw[i + h * DRAWS] / DRAWS;
            square += draw[i + h * DRAWS] * draw[i + h * DRAWS] / DRAWS;
        }
        T_OK(fabs(sqrt(square - mean * mean) - sd[h]) < .001);
        T_OK(fabs(mean - p[h]) < .01 && fabs(f.rank[h].mean - rank[h]) < .1);
    }
    T_OK(f.rank[0].lo <= 1 && f.rank[0].hi >= 10 && f.rank[7].lo >= 9 && f.rank[7].hi >= 12);
    T_OK(f.rank[3].lo <= 1 && f.rank[3].hi <= 8);
    T_OK(fabs(f.rank[7].p_last - .62) < .02 && fabs(f.rank[1].p_last - .18) < .02);
    T_OK(fabs(f.rank[10].p_last - .14) < .02);
    T_OK(!vrk_league_table(.8, f.width));
    vrk_ranks_free(&f);
    vrk_arena_free(&ctx.scratch);
}

/* Two draws of three sellers: 1 2 3, then 2 and 2 tied before 5. */
static void counts_by_hand(void)
{
    const double draws[] = {1, 2, 2, 2, 3, 5};
    vrk_ctx ctx = {0};
    vrk_ranks f;
    T_OK(vrk_ranks_of(&ctx, 2, 3, draws, 0, &f) == VRK_OK);
    T_NEAR(f.rank[0].mean, 1.25, 1e-15);
    T_NEAR(f.rank[1].mean, 1.75, 1e-15);
    T_NEAR(f.rank[0].p_first, .75, 1e-15);
    T_NEAR(f.rank[1].p_first, .25, 1e-15);
    T_OK(f.rank[2].p_last == 1 && f.rank[2].p_quartile == 1 && f.rank[0].p_last == 0);
    vrk_ranks_free(&f);
    const double bad[] = {1, nan(""), 2, 3};
    T_OK(vrk_ranks_of(&ctx, 2, 2, bad, 0, &f) == VRK_EINPUT && !f.rank);
    T_OK(strstr(ctx.message, "draw 1 of seller 0") != NULL);
    vrk_status st;
    size_t limit = 0;
    do {
        ctx.scratch.limit = limit += 64;
        st = vrk_ranks_of(&ctx, 2, 3, draws, 0, &f);
        T_OK(ctx.scratch.used == 0 && (st == VRK_OK || (st == VRK_EMEMORY && !f.rank)));
        vrk_ranks_free(&f);
    } while (st == VRK_EMEMORY);
    vrk_arena_free(&ctx.scratch);
}

/* METHODS 2.3: the table of decisions needed for .7. */
static void needs_as_many_as_the_table_says(void)
{
    const double sd[] = {.2, .3, .5, .7}, p[] = {.1, .2, .3, .5};
    const double want[] = {649, 365, 278, 234, 289, 163, 124, 104, 104, 59, 45, 38, 53, 30, 23, 20};
    for (int i = 0; i < 16; i++) {
        double n = vrk_required_n(.7, p[i % 4], sd[i / 4]);
        T_OK(ceil(n) == want[i] || floor(n) == want[i]);
    }
    T_NEAR(vrk_reliability(.09, sqrt(.09 * 3 / 7)), .7, 1e-12);
    T_NEAR(vrk_split_half(.5), 2. / 3, 1e-15);
    T_OK(vrk_league_table(.7, 1. / 3) && !vrk_league_table(.69, .1) &&
         isnan(vrk_reliability(1, 0)));
}

/* T16's formulas at METHODS' VerbAgg and cbpp variances (fits: tests of the mixed model). */
static void shares_of_variance(void)
{
    T_NEAR(vrk_latent_variance(VRK_LATENT_LOGIT, 0), 3.289868, 1e-6);
    T_NEAR(vrk_latent_variance(VRK_LATENT_CLOGLOG, 0), 1.644934, 1e-6);
    T_NEAR(vrk_latent_variance(VRK_LATENT_LOG, 1), log(2), 1e-15);
    T_OK(vrk_latent_variance(VRK_LATENT_GAUSS, 3) == 3 &&
         vrk_latent_variance(VRK_LATENT_PROBIT, 0) == 1);
    vrk_r2 r = vrk_r2_of(0, .64207 * .64207, vrk_latent_variance(VRK_LATENT_LOGIT, 0));
    T_OK(fabs(r.icc - .111) < 1e-3); /* cbpp */
    double id = 1.33954 * 1.33954, item = .49525 * .49525;
    double all = id + item + vrk_latent_variance(VRK_LATENT_LOGIT, 0);
    T_OK(fabs(id / all - .337) < 1e-3 && fabs(item / all - .046) < 1e-3); /* VerbAgg */
    r = vrk_r2_of(1, 2, 5);
    T_NEAR(r.marginal, .125, 1e-15);
    T_NEAR(r.conditional, .375, 1e-15);
    T_NEAR(r.icc_unadjusted, .25, 1e-15);
}

/* The definition by counting: a rank is one more than how many are smaller, and half of how many
 * are equal; quantiles are the smallest rank that so large a share of draws does not pass. */
static void counts_as_the_definition(void)
{
    enum { D = 41, K = 9 };
    double x[D * K], all = 0;
    vrk_ctx ctx = {0};
    vrk_ranks f;
    vrk_rng r = vrk_rng_of(3, 0, 0);
    for (int i = 0; i < D * K; i++)
        x[i] = (double)vrk_rng_below(&r, 6) + i / D; /* with ties */
    T_OK(vrk_ranks_of(&ctx, D, K, x, .8, &f) == VRK_OK && f.s == K);
    for (int j = 0; j < K; j++) {
        double mean = 0, quartile = 0, rank[D], lo = HUGE_VAL, hi = HUGE_VAL;
        for (int i = 0; i < D; i++) {
            rank[i] = .5;
            for (int k = 0; k < K; k++)
                rank[i] += x[i + k * D] < x[i + j * D] ? 1 : x[i + k * D] > x[i + j * D] ? 0 : .5;
            mean += rank[i] / D;
            quartile += rank[i] > K - 3 ? 1. / D : 0;
        }
        for (int i = 0; i < D; i++) {
            int not_over = 0;
            for (int k = 0; k < D; k++)
                not_over += rank[k] <= rank[i];
            lo = not_over >= .1 * D ? fmin(lo, rank[i]) : lo;
            hi = not_over >= .9 * D ? fmin(hi, rank[i]) : hi;
        }
        T_NEAR(f.rank[j].mean, mean, 1e-13);
        T_NEAR(f.rank[j].p_quartile, quartile, 1e-13);
        T_NEAR(f.rank[j].lo, lo, 0.);
        T_NEAR(f.rank[j].hi, hi, 0.);
        all += (hi - lo) / K / K;
    }
    T_NEAR(f.width, all, 1e-13);
    vrk_ranks_free(&f);
    vrk_arena_free(&ctx.scratch);
}

static int stop_at(void *arg, const char *what, double done)
{
    (void)what, (void)done;
    return --*(int *)arg == 0;
}

static void stops_when_asked(void)
{
    const double draws[] = {1, 2, 2, 2, 3, 5};
    for (int k = 1; k < 3; k++) {
        int left = k;
        vrk_ctx ctx = {.tick = stop_at, .arg = &left};
        vrk_ranks f;
        T_OK(vrk_ranks_of(&ctx, 2, 3, draws, 0, &f) == VRK_ECANCEL && !f.rank);
        T_OK(ctx.scratch.used == 0);
        vrk_arena_free(&ctx.scratch);
    }
}

T_MAIN(T_CASE(t17_surgical), T_CASE(counts_by_hand), T_CASE(needs_as_many_as_the_table_says),
       T_CASE(shares_of_variance), T_CASE(counts_as_the_definition), T_CASE(stops_when_asked))
