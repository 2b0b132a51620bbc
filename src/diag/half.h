/* diag/half.h - one half of a moment, whether it is done or how it goes: what is expected of
 * anybody, and every seller's effect beside it on a grid. For doing.c, succeeding.c and moments.c.
 */
#ifndef VRK_DIAG_HALF_H
#define VRK_DIAG_HALF_H

#include "diag/logging.h"
#include "stat/effects.h"

/* Grid of effects [log odds]: multiples of VRK_HALF_STEP, so that an offset, an effect and a slope
 * times its level add up to a place in one table of probabilities. */
#define VRK_HALF_STEP 0.1
enum {
    VRK_HALF_TOTAL_FROM = -40, /* [steps] */
    VRK_HALF_TOTALS = 66,
    VRK_HALF_SLOPE_FROM = -14, /* [two steps] */
    VRK_HALF_SLOPES = 21,
    VRK_HALF_REACH = 240, /* table entries on both sides of the base */
};

/* log P(hit) and log P(no hit) at base + (i - VRK_HALF_REACH) steps. */
typedef struct {
    double hit[2 * VRK_HALF_REACH + 1], miss[2 * VRK_HALF_REACH + 1];
} vrk_half_table;

/* `hits` of `n` occasions at an offset [steps] and a level of the slope's variable, in half steps
 * of it: a slope of k double steps adds k * level steps. */
typedef struct {
    int64_t seller, deal, offset, level, n, hits, touches;
} vrk_half_bin;

typedef struct {
    int64_t bins;
    vrk_half_bin *bin; /* [bins] by seller */
    int64_t *first;    /* [sellers + 1] a seller's bins are first[s] ... first[s + 1] - 1 */
} vrk_half_bins;

/* What changes the odds of anybody, whoever it is. CROWDING: per unit of the natural logarithm of
 * open deals per hour; CROWDED: the same above the mean, added to it. Doing has these two only. */
enum {
    VRK_HALF_COMPLEX,
    VRK_HALF_COMMITTEE,
    VRK_HALF_QUALIFIED,
    VRK_HALF_KEPT, /* the last next step, against none */
    VRK_HALF_LATE,
    VRK_HALF_OWN, /* the deal has an own source */
    VRK_HALF_CROWDING,
    VRK_HALF_AGE,
    VRK_HALF_TOUCHES, /* of prospecting, per unit of their logarithm */
    VRK_HALF_CROWDED,
    VRK_HALF_FIXED,
};

/* What the likelihood was made into. */
typedef struct {
    double base;       /* log odds of an effect of 0 at level 0 */
    double *ll;        /* [sellers x slopes x totals] */
    double *market;    /* [sellers] what segments and periods add, against the median [log odds] */
    double slope;      /* what the slope's variable does to anybody [log odds per unit] */
    double level_mean; /* mean of the slope's variable over all occasions */
    double fixed[VRK_HALF_FIXED], fixed_se[VRK_HALF_FIXED]; /* [log odds] 0 where not fitted */
    double crowding_mean, touches_mean; /* natural logarithms, where these count as 0 */
    double deal_sd;    /* between deals of one seller, unseen [log odds]; 0 = not modelled */
    double dispersion; /* what sellers' quarters differ beyond chance, as a factor of the variance;
                        * 1 where they do not */
    double looks_done; /* P(prospecting seems to be done) of a week in which it was not */
    double *period; /* [segments x quarters] what each adds in each, by its own data [log odds] */
    double *period_se; /* its standard error; HUGE_VAL where there are no data */
    vrk_effects_data data;
    vrk_effects fit;
    vrk_arena mem;
} vrk_half;

/* P(hit) = floor + (ceiling - floor) * logistic(base + ...). */
void vrk_half_table_of(double base, double floor, double ceiling, vrk_half_table *t);

/* The likelihood of bins of one level is one curve, which each slope shifts: the bins are summed as
 * curves, and then each curve is added once for every slope. */
enum {
    VRK_HALF_LEVEL_MOST = 6, /* half steps, both ways; what is beyond counts as that */
    VRK_HALF_WIDEST = VRK_HALF_TOTALS + VRK_HALF_LEVEL_MOST * (VRK_HALF_SLOPES - 1)
};
typedef struct {
    double at[2 * VRK_HALF_LEVEL_MOST + 1][VRK_HALF_WIDEST];
    bool any[2 * VRK_HALF_LEVEL_MOST + 1];
} vrk_half_sum;

/* Adds one bin to *sum, which starts as {0}; then the sum to ll [slopes x totals]. */
void vrk_half_sum_bin(const vrk_half_bin *bin, const vrk_half_table *t, vrk_half_sum *sum);
void vrk_half_sum_spread(const vrk_half_sum *sum, double *ll);

/* Adds the log likelihood of some bins to ll [slopes x totals]. */
void vrk_half_add(const vrk_half_bin *bin, int64_t n, const vrk_half_table *t, double *ll);

/* The same where the bins of one deal share a normal effect of the deal's with that SD, which is
 * integrated out; bins in the order of deals. */
void vrk_half_add_deals(const vrk_half_bin *bin, int64_t n, const vrk_half_table *t, double sd,
                        double *ll);

/* Log likelihood of one seller's deals at one total effect [steps], slope 0. */
double vrk_half_deals_at(const vrk_half_bin *bin, int64_t n, const vrk_half_table *t, double sd,
                         int64_t total);

/* Sums of one cell of the data, that a fit has been made to. */
typedef struct {
    double hits, expected, variance;
} vrk_half_sums;

/* Pearson's chi-square of sums [sellers x periods] over its degrees of freedom, at least 1:
 * occasions that come in clumps (a deal whose stage is wrong for weeks) tell less than as many
 * separate ones. Each seller with data has a level of its own, `fitted` more numbers are common. 1
 * below 30 degrees.
 */
double vrk_half_dispersion(const vrk_half_sums *sums, int64_t sellers, int64_t periods,
                           int64_t fitted);

/* The quasi-likelihood of clumped occasions (Wedderburn 1974): all of a table over the dispersion.
 */
void vrk_half_temper(vrk_half_table *t, double dispersion);

/* Groups bins that are alike; b->bin must be sorted by seller afterwards, which it does itself. */
VRK_MUST vrk_status vrk_half_bins_make(vrk_ctx *ctx, vrk_half_bin *bin, int64_t n, int64_t sellers,
                                       vrk_arena *mem, vrk_half_bins *b);

/* Room for sellers' likelihoods in out->mem, and the view for vrk_effects_fit. VRK_EMEMORY. */
VRK_MUST vrk_status vrk_half_init(vrk_ctx *ctx, const vrk_moment_cells *c, vrk_half *out);
void vrk_half_free(vrk_half *p);

/* What is expected of anybody is learnt from at most this many sellers, evenly spread; more tell
 * nothing that matters of a few dozen coefficients. */
enum { VRK_HALF_LEARNT_FROM = 300 };
bool vrk_half_learns_from(int64_t seller, int64_t sellers);

/* Median of the intercepts of those sellers that stand in seller [n]. NaN when memory ran out. */
double vrk_half_usual(vrk_ctx *ctx, const double *intercept, int64_t sellers, const int64_t *seller,
                      int64_t n);

/* Median of x [n] >= 1 values; x keeps its order. Scratch from ctx; NaN when memory ran out. */
double vrk_median_of(vrk_ctx *ctx, const double *x, int64_t n);

/* Of qualified deals that cannot be won, logistic(Q) are stopped; of those that can be won,
 * logistic(STRICT - MISTAKE Q): who stops more of the one kind stops less of the other. */
#define VRK_QUALIFYING_STRICT (-2.8) /* log odds of stopping a deal that can be won, at Q = 0 */
#define VRK_QUALIFYING_MISTAKE 0.5

/* Whether moment `m` is done: load is the slope's variable. */
VRK_MUST vrk_status vrk_doing_make(vrk_ctx *ctx, const vrk_moment_cells *c, const vrk_logging *l,
                                   int64_t m, vrk_half *out);

/* Of what is recorded as done, the share that was not, per seller, and how often it goes well then.
 */
typedef struct {
    const double *share; /* [sellers] */
    double success;
} vrk_not_done;

/* How moment `m` goes once done: complexity is the slope's variable. */
VRK_MUST vrk_status vrk_succeeding_make(vrk_ctx *ctx, const vrk_moment_cells *c, int64_t m,
                                        const vrk_not_done *not_done, vrk_half *out);

/* The same for qualification, whose success is to stop what cannot be won. */
VRK_MUST vrk_status vrk_qualifying_make(vrk_ctx *ctx, const vrk_moment_cells *c,
                                        const vrk_not_done *not_done, vrk_half *out);

#endif
