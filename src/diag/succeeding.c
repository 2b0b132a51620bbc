#include "diag/half.h"

#include "base/par.h"
#include "stat/within_logit.h"

#include <math.h>
#include <string.h>

/* How did it go, once done? Log odds = what the deal, the market and earlier moments give + seller
 * + slope in complex deals. Only differences within sellers tell what the deal and the market give.
 */

enum { FIXED = VRK_HALF_TOUCHES + 1, STAGES = 12, MOST_ROUNDS = 8 };

typedef struct {
    vrk_ctx *ctx;
    const vrk_moment_cells *c;
    int64_t m, n;
    const vrk_cells_of *cells;
    int64_t *at;    /* [n] rows of `cells` */
    int64_t learnt; /* rows that what is expected is learnt from */
    int64_t *from;  /* [learnt] indices into at */
    int64_t quarters, segments, stages;
    int64_t stage[STAGES];                               /* those that occur, in order */
    int64_t p, first_quarter, first_segment, first_both; /* columns */
    double *x, *y, *trials, *precision;
    int64_t *group;
    double *mix, *weeks;      /* [sellers x segments], [sellers x quarters], see take_mixes */
    double crowding, touches; /* means that are taken off */
} going;

static double known(int64_t x, double otherwise)
{
    return x == VRK_UNKNOWN ? otherwise : (double)x;
}

static int64_t stage_of(going *g, int64_t stage)
{
    for (int64_t k = 0; k < g->stages; k++) {
        if (g->stage[k] == stage)
            return k;
    }
    if (g->stages == STAGES || stage == VRK_UNKNOWN)
        return -1;
    g->stage[g->stages] = stage;
    return g->stages++;
}

static double log_touches(const vrk_cells_of *cells, int64_t i)
{
    return cells->touches[i] == VRK_UNKNOWN ? 0 : log(fmax((double)cells->touches[i], 1));
}

/* What a cell's row of the design holds: 0 complex, 1 committee, 2 qualified, 3 kept, 4 late, 5 own
 * deal, 6 crowding, 7 age, 8 touches; then a one in up to four of the columns of stages, quarters,
 * segments and segments x quarters (-1: none). A week of prospecting has no segment: the seller's
 * mix of them stands in the columns of segments and of segments x the week's quarter. */
typedef struct {
    double fixed[FIXED];
    int64_t stage, quarter, segment, both;
    const double *mix; /* [segments] adding up to 1, or NULL */
} design_row;

static design_row row_of(going *g, int64_t k)
{
    const vrk_cells_of *cells = g->cells;
    int64_t i = g->at[k], segment = cells->segment[i], quarter = cells->quarter[i];
    bool deal = g->m != VRK_AT_PROSPECTING;
    int64_t stage = deal ? stage_of(g, cells->stage[i]) : -1;
    bool segmented = deal && segment >= 0;
    return (design_row){
        .fixed = {deal ? (double)cells->complex[i] : 0, deal ? (double)cells->committee[i] : 0,
                  known(cells->qualified[i], 0), known(cells->last_step[i], 0) == 2,
                  known(cells->last_step[i], 0) == 1, deal && cells->source[i] == 1,
                  deal ? known(cells->crowding[i], g->crowding) / 4 - g->crowding / 4 : 0,
                  /* deals that linger show it in their own effect where that is modelled */
                  g->m == VRK_AT_STEERING ? 0 : known(cells->age_level[i], 0) / 2,
                  deal ? 0 : log_touches(cells, i) - g->touches},
        .stage = stage > 0 ? FIXED + stage - 1 : -1, /* the first is the one to compare with */
        .quarter = g->first_quarter + quarter,
        .segment = segmented ? g->first_segment + segment : -1,
        .both = segmented ? g->first_both + segment * g->quarters + quarter : -1,
        .mix = deal ? NULL : g->mix + cells->seller[i] * g->segments};
}

/* Where the effect of segment k in the row's quarter stands. */
static int64_t both_of(const going *g, const design_row *r, int64_t k)
{
    return g->first_both + k * g->quarters + r->quarter - g->first_quarter;
}

static double predictor(const going *g, const design_row *r, const double *beta)
{
    double sum = beta[r->quarter] + (r->stage >= 0 ? beta[r->stage] : 0);
    sum += r->segment >= 0 ? beta[r->segment] + beta[r->both] : 0;
    for (int64_t k = 0; k < g->segments && r->mix; k++)
        sum += r->mix[k] * (beta[g->first_segment + k] + beta[both_of(g, r, k)]);
    for (int j = 0; j < FIXED; j++)
        sum += r->fixed[j] * beta[j];
    return sum;
}

/* Row l of the design that is learnt from. */
static void fill_row(going *g, int64_t l)
{
    int64_t k = g->from[l];
    design_row r = row_of(g, k);
    int64_t one[] = {r.stage, r.quarter, r.segment, r.both};
    for (int j = 0; j < FIXED; j++)
        g->x[l + j * g->learnt] = r.fixed[j];
    for (int j = 0; j < 4; j++) {
        if (one[j] >= 0)
            g->x[l + one[j] * g->learnt] = 1;
    }
    for (int64_t j = 0; j < g->segments && r.mix; j++) {
        g->x[l + (g->first_segment + j) * g->learnt] = r.mix[j];
        g->x[l + both_of(g, &r, j) * g->learnt] = r.mix[j];
    }
    g->y[l] = (double)g->cells->hits[g->at[k]];
    g->trials[l] = (double)g->cells->occasions[g->at[k]];
    g->group[l] = g->cells->seller[g->at[k]];
}

static void take_means(going *g)
{
    double n = 0, known_n = 0;
    for (int64_t k = 0; k < g->n; k++) {
        int64_t i = g->at[k];
        double w = (double)g->cells->occasions[i];
        n += w;
        g->touches += w * log_touches(g->cells, i);
        if (g->cells->crowding[i] == VRK_UNKNOWN)
            continue;
        known_n += w;
        g->crowding += w * (double)g->cells->crowding[i];
    }
    g->touches /= fmax(n, 1);
    g->crowding /= fmax(known_n, 1);
}

static void add_up_to_1(double *x, int64_t n)
{
    double sum = 0;
    for (int64_t i = 0; i < n; i++)
        sum += x[i];
    for (int64_t i = 0; i < n && sum > 0; i++)
        x[i] /= sum;
}

/* Sellers' mixes: the share of each segment among the deals that came to a decision on whether to
 * pursue them, and of each quarter among the weeks worked. Not the occasions of the moment itself:
 * a segment that breaks gives fewer of these, so its weight would depend on its effect. */
static void take_mixes(going *g)
{
    const vrk_cells_of *deals = &g->c->qualification, *weeks = &g->c->outreach;
    for (int64_t i = 0; i < deals->n; i++) {
        if (deals->seller[i] >= 0 && deals->segment[i] >= 0)
            g->mix[deals->seller[i] * g->segments + deals->segment[i]] +=
                (double)deals->occasions[i];
    }
    for (int64_t i = 0; i < weeks->n; i++) {
        if (weeks->seller[i] >= 0 && weeks->quarter[i] >= 0)
            g->weeks[weeks->seller[i] * g->quarters + weeks->quarter[i]] +=
                (double)weeks->occasions[i];
    }
    for (int64_t s = 0; s < g->c->sellers; s++) {
        add_up_to_1(g->mix + s * g->segments, g->segments);
        add_up_to_1(g->weeks + s * g->quarters, g->quarters);
    }
}

static vrk_status lay_out(going *g)
{
    vrk_arena *a = &g->ctx->scratch;
    g->quarters = g->c->quarters;
    g->segments = g->c->segments;
    g->first_quarter = FIXED + STAGES - 1;
    g->first_segment = g->first_quarter + g->quarters;
    g->first_both = g->first_segment + g->segments;
    g->p = g->first_both + g->segments * g->quarters;
    g->x = VRK_NEW(a, g->learnt * g->p, double);
    g->y = VRK_NEW(a, g->learnt, double);
    g->trials = VRK_NEW(a, g->learnt, double);
    g->group = VRK_NEW(a, g->learnt, int64_t);
    g->precision = VRK_NEW(a, g->p, double);
    g->mix = VRK_NEW(a, g->c->sellers * g->segments, double);
    g->weeks = VRK_NEW(a, g->c->sellers * g->quarters, double);
    if (a->failed)
        return vrk_fail(g->ctx, VRK_EMEMORY, "out of memory for %lld cells", (long long)g->n);
    take_means(g);
    take_mixes(g);
    for (int64_t l = 0; l < g->learnt; l++)
        fill_row(g, l);
    for (int64_t j = 0; j < g->p; j++)
        g->precision[j] = j < g->first_quarter   ? 0.25
                          : j < g->first_segment ? 1 / (0.2 * 0.2)
                          : j < g->first_both    ? 1 / (0.3 * 0.3)
                                                 : 1 / (0.15 * 0.15);
    return VRK_OK;
}

/* Variance of a set of coefficients by one step of EM; a market that stood still keeps little. */
static double variance_of(const vrk_within_logit *fit, int64_t from, int64_t to)
{
    double sum = 0.02;
    for (int64_t j = from; j < to; j++)
        sum += fit->beta[j] * fit->beta[j] + fit->variance[j];
    return sum / (double)(to - from + 1);
}

static void renew_precision(going *g, const vrk_within_logit *fit, int64_t from, int64_t to)
{
    double v = to > from ? variance_of(fit, from, to) : 1;
    for (int64_t j = from; j < to; j++)
        g->precision[j] = 1 / fmax(v, 0.0025);
}

/* Fits, and finds how much segments and periods differ. */
static vrk_status expect(going *g, vrk_within_logit *fit)
{
    vrk_ctx *ctx = g->ctx;
    vrk_status st = VRK_OK;
    vrk_within_logit_data data = {.n = g->learnt,
                                  .p = g->p,
                                  .groups = g->c->sellers,
                                  .x = g->x,
                                  .y = g->y,
                                  .trials = g->trials,
                                  .group = g->group,
                                  .precision = g->precision,
                                  .group_precision = 0.3};
    for (int round = 0; round < MOST_ROUNDS; round++) {
        vrk_within_logit_free(fit);
        TRY(vrk_within_logit_fit(ctx, &data, fit));
        if (round + 1 == MOST_ROUNDS) /* the precisions stay those of the fit */
            break;
        renew_precision(g, fit, g->first_quarter, g->first_segment);
        renew_precision(g, fit, g->first_segment, g->first_both);
        for (int64_t k = 0; k < g->segments; k++) /* one may break and the others stand still */
            renew_precision(g, fit, g->first_both + k * g->quarters,
                            g->first_both + (k + 1) * g->quarters);
    }
done:
    return st;
}

/* What the market adds in a seller's own mix, against the median seller. */
static void weigh_market(going *g, const vrk_within_logit *fit, double *market)
{
    const double *beta = fit->beta;
    int64_t n = g->segments ? g->c->sellers : 0;
    for (int64_t s = 0; s < n; s++) {
        for (int64_t q = 0; q < g->quarters; q++) {
            double at = beta[g->first_quarter + q];
            for (int64_t k = 0; k < g->segments; k++)
                at += g->mix[s * g->segments + k] *
                      (beta[g->first_segment + k] + beta[g->first_both + k * g->quarters + q]);
            market[s] += g->weeks[s * g->quarters + q] * at;
        }
    }
    double median = n ? vrk_median_of(g->ctx, market, n) : 0;
    for (int64_t s = 0; s < n; s++)
        market[s] -= median;
}

/* What each segment gave in each period, and how much the cells there tell of it. */
static void keep_periods(going *g, const vrk_within_logit *fit, vrk_half *out)
{
    vrk_ctx *ctx = g->ctx;
    vrk_mark mark = vrk_mark_of(&ctx->scratch);
    double *tells = VRK_NEW(&ctx->scratch, g->segments * g->quarters, double);
    for (int64_t l = 0; tells && l < g->learnt; l++) {
        design_row r = row_of(g, g->from[l]);
        double p = 1 / (1 + exp(-fit->intercept[g->group[l]] - predictor(g, &r, fit->beta)));
        if (r.both >= 0)
            tells[r.both - g->first_both] += g->trials[l] * p * (1 - p);
    }
    for (int64_t i = 0; tells && i < g->segments * g->quarters; i++) {
        if (!(tells[i] > 0))
            continue;
        out->period[i] = fit->beta[g->first_quarter + i % g->quarters] +
                         fit->beta[g->first_segment + i / g->quarters] +
                         fit->beta[g->first_both + i];
        out->period_se[i] = 1 / sqrt(tells[i]);
    }
    vrk_rewind(&ctx->scratch, mark);
}

/* Linear predictors without the seller's part, and their mean. */
static double predict(going *g, const vrk_within_logit *fit, double *lp, vrk_half *out)
{
    double sum = 0, n = 0, complex = 0;
    for (int64_t k = 0; k < g->n; k++) {
        design_row r = row_of(g, k);
        double w = (double)g->cells->occasions[g->at[k]];
        lp[k] = predictor(g, &r, fit->beta);
        sum += w * lp[k];
        complex += w * r.fixed[0];
        n += w;
    }
    out->level_mean = complex / n;
    return sum / n;
}

/* Between the quarters of a seller; deals that give several occasions have their own effect. */
static vrk_status take_dispersion(going *g, const vrk_within_logit *fit, const double *lp,
                                  vrk_half *out)
{
    vrk_ctx *ctx = g->ctx;
    vrk_status st = VRK_OK;
    vrk_mark mark = vrk_mark_of(&ctx->scratch);
    int64_t q = g->quarters;
    vrk_half_sums *sums = VRK_NEW(&ctx->scratch, g->c->sellers * q, vrk_half_sums);
    if (!sums)
        FAIL(VRK_EMEMORY, "out of memory for %lld sellers", (long long)g->c->sellers);
    for (int64_t l = 0; l < g->learnt; l++) {
        int64_t i = g->at[g->from[l]];
        double p = 1 / (1 + exp(-fit->intercept[g->group[l]] - lp[g->from[l]]));
        vrk_half_sums *at = &sums[g->group[l] * q + g->cells->quarter[i]];
        at->hits += g->y[l];
        at->expected += g->trials[l] * p;
        at->variance += g->trials[l] * p * (1 - p);
    }
    out->dispersion = vrk_half_dispersion(sums, g->c->sellers, q, q);
done:
    vrk_rewind(&ctx->scratch, mark);
    return st;
}

/* Deals differ in what nobody sees, so the odds of one deal given its own effect lie further apart
 * than those of all together: by this factor for normal effects (Zeger, Liang & Albert 1988). */
static double conditional(double sd)
{
    return sqrt(1 + 0.346 * sd * sd);
}

static vrk_status bin_cells(going *g, const double *lp, double mean, double factor,
                            vrk_half_bins *bins)
{
    vrk_ctx *ctx = g->ctx;
    vrk_half_bin *bin = VRK_NEW(&ctx->scratch, g->n, vrk_half_bin);
    if (!bin)
        return vrk_fail(ctx, VRK_EMEMORY, "out of memory for %lld cells", (long long)g->n);
    for (int64_t k = 0; k < g->n; k++) {
        int64_t i = g->at[k];
        bin[k] = (vrk_half_bin){.seller = g->cells->seller[i],
                                .deal = g->cells->deal[i] == VRK_UNKNOWN ? 0 : g->cells->deal[i],
                                .offset = llround(factor * (lp[k] - mean) / VRK_HALF_STEP),
                                .level = g->m == VRK_AT_PROSPECTING ? 0 : 2 * g->cells->complex[i],
                                .n = g->cells->occasions[i],
                                .hits = g->cells->hits[i]};
    }
    return vrk_half_bins_make(ctx, bin, g->n, g->c->sellers, &ctx->scratch, bins);
}

/* The deals' spread by the likelihood of their occasions at the sellers' own intercepts. */
static vrk_status fit_deal_sd(going *g, const vrk_within_logit *fit, const double *lp, double mean,
                              vrk_half *out)
{
    static const double sd[] = {0, 0.4, 0.7, 1, 1.3, 1.6};
    vrk_ctx *ctx = g->ctx;
    vrk_status st = VRK_OK;
    double best = -HUGE_VAL, base = out->base;
    vrk_half_table *t = VRK_NEW(&ctx->scratch, 1, vrk_half_table);
    if (!t)
        FAIL(VRK_EMEMORY, "out of memory for the spread of deals");
    for (int i = 0; i < 6; i++) {
        vrk_mark mark = vrk_mark_of(&ctx->scratch);
        vrk_half_bins bins;
        double factor = conditional(sd[i]), ll = 0;
        TRY(bin_cells(g, lp, mean, factor, &bins));
        vrk_half_table_of(factor * base, 0, 1, t);
        for (int64_t s = 0; s < g->c->sellers; s++) {
            if (!vrk_half_learns_from(s, g->c->sellers))
                continue;
            double own = factor * (fit->intercept[s] + mean - base) / VRK_HALF_STEP;
            ll += vrk_half_deals_at(bins.bin + bins.first[s], bins.first[s + 1] - bins.first[s], t,
                                    sd[i], llround(own));
        }
        if (ll > best) {
            best = ll;
            out->deal_sd = sd[i];
        }
        vrk_rewind(&ctx->scratch, mark);
    }
done:
    return st;
}

typedef struct {
    vrk_half_bins bins;
    const vrk_not_done *not_done;
    vrk_half *out;
} likelihoods;

static vrk_status add_seller(vrk_ctx *ctx, int64_t s, void *arg)
{
    vrk_status st = VRK_OK;
    const likelihoods *l = arg;
    vrk_mark mark = vrk_mark_of(&ctx->scratch);
    vrk_half_table *t = VRK_NEW(&ctx->scratch, 1, vrk_half_table);
    if (!t)
        FAIL(VRK_EMEMORY, "out of memory for likelihoods");
    const vrk_half_bin *bin = l->bins.bin + l->bins.first[s];
    int64_t n = l->bins.first[s + 1] - l->bins.first[s];
    double share = l->not_done->share[s], floor = share * l->not_done->success;
    double *ll = l->out->ll + s * VRK_HALF_SLOPES * VRK_HALF_TOTALS;
    vrk_half_table_of(l->out->base, floor, floor + 1 - share, t);
    vrk_half_temper(t, l->out->dispersion);
    if (l->out->deal_sd > 0)
        vrk_half_add_deals(bin, n, t, l->out->deal_sd, ll);
    else
        vrk_half_add(bin, n, t, ll);
done:
    vrk_rewind(&ctx->scratch, mark);
    return st;
}

static vrk_status make_likelihoods(going *g, const vrk_within_logit *fit,
                                   const vrk_not_done *not_done, vrk_half *out)
{
    vrk_ctx *ctx = g->ctx;
    vrk_status st = VRK_OK;
    vrk_half_bins bins;
    likelihoods l = {.not_done = not_done, .out = out};
    double *lp = VRK_NEW(&ctx->scratch, g->n, double);
    if (ctx->scratch.failed)
        FAIL(VRK_EMEMORY, "out of memory for %lld cells", (long long)g->n);
    double mean = predict(g, fit, lp, out);
    out->base = vrk_half_usual(ctx, fit->intercept, g->c->sellers, g->group, g->learnt) + mean;
    out->slope = fit->beta[0];
    if (g->m == VRK_AT_STEERING)
        TRY(fit_deal_sd(g, fit, lp, mean, out));
    if (!(out->deal_sd > 0))
        TRY(take_dispersion(g, fit, lp, out));
    double factor = conditional(out->deal_sd);
    out->base *= factor;
    out->slope *= factor;
    TRY(bin_cells(g, lp, mean, factor, &bins));
    l.bins = bins;
    TRY(vrk_par(ctx, "how it goes", g->c->sellers, add_seller, &l));
    for (int64_t s = 0; s < g->c->sellers; s++)
        out->market[s] *= factor;
    for (int j = 0; j < FIXED; j++) {
        out->fixed[j] = factor * fit->beta[j];
        out->fixed_se[j] = factor * sqrt(fit->variance[j]);
    }
    out->crowding_mean = g->crowding / 4;
    out->touches_mean = g->touches;
done:
    return st;
}

vrk_status vrk_succeeding_make(vrk_ctx *ctx, const vrk_moment_cells *c, int64_t m,
                               const vrk_not_done *not_done, vrk_half *out)
{
    vrk_status st = VRK_OK;
    vrk_mark mark = vrk_mark_of(&ctx->scratch);
    vrk_within_logit fit = {0};
    going g = {.ctx = ctx, .c = c, .m = m, .cells = &c->success};

    TRY(vrk_half_init(ctx, c, out));
    g.at = VRK_NEW(&ctx->scratch, g.cells->n, int64_t);
    g.from = VRK_NEW(&ctx->scratch, g.cells->n, int64_t);
    if (ctx->scratch.failed)
        FAIL(VRK_EMEMORY, "out of memory for %lld cells", (long long)g.cells->n);
    for (int64_t i = 0; i < g.cells->n; i++) {
        if (g.cells->moment[i] == m && g.cells->seller[i] >= 0 && g.cells->quarter[i] >= 0)
            g.at[g.n++] = i;
    }
    for (int64_t k = 0; k < g.n; k++) {
        if (vrk_half_learns_from(g.cells->seller[g.at[k]], c->sellers))
            g.from[g.learnt++] = k;
    }
    if (!g.learnt)
        goto done;
    TRY(lay_out(&g));
    TRY(expect(&g, &fit));
    weigh_market(&g, &fit, out->market);
    keep_periods(&g, &fit, out);
    TRY(make_likelihoods(&g, &fit, not_done, out));
done:
    vrk_within_logit_free(&fit);
    vrk_rewind(&ctx->scratch, mark);
    return st;
}
