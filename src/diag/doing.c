#include "diag/half.h"

#include "base/par.h"
#include "stat/within_logit.h"

#include <math.h>

/* Was it done? Log odds = quarter + crowding + seller + slope * load; what stands in the CRM is
 * that, seen through how much the seller writes down. Prospecting is told by the number of outbound
 * activities of the week, of which each is written down or not. */

/* Fewer touches than IDLES may be a week without prospecting: what was written down at no deal
 * looks like it. */
enum { THRESHOLD = 4, IDLES = 8, COUNTS = 61, VOLUMES = 13 };

/* What a week of prospecting leaves in the CRM. */
typedef struct {
    double volume;       /* touches of a week in which it was done, all of them */
    double size;         /* negative binomial's: variance = mean + mean^2 / size */
    double idle[IDLES];  /* P(count) of a week in which it was not done */
    double done[COUNTS]; /* P(it was done) of a week with that count */
} habit;

typedef struct {
    vrk_ctx *ctx;
    const vrk_moment_cells *c;
    const vrk_logging *l;
    int64_t m;
    const vrk_cells_of *cells;
    int64_t n;   /* cells of this moment */
    int64_t *at; /* [n] their rows in `cells` */
    vrk_half *out;
    vrk_half_bins bins, seen; /* recorded, observed directly */
    double *told, *recorded;  /* [sellers] of what was done: the CRM knows the occasion, and so */
    habit h;                  /* of prospecting */
} doing;

static bool wanted(const doing *d, const vrk_cells_of *cells, int64_t i)
{
    return cells->seller[i] >= 0 && cells->quarter[i] >= 0 &&
           (!cells->moment || cells->moment[i] == d->m);
}

static double load_of(const vrk_cells_of *cells, int64_t i)
{
    return cells->load_level[i] == VRK_UNKNOWN ? 0 : (double)cells->load_level[i] / 2;
}

static double hits_of(const doing *d, int64_t i)
{
    if (d->cells->touches)
        return d->h.done[d->cells->touches[i]] * (double)d->cells->occasions[i];
    return (double)d->cells->hits[i];
}

static double crowding_mean(const doing *d)
{
    double sum = 0, n = 0;
    for (int64_t k = 0; k < d->n; k++) {
        int64_t i = d->at[k];
        if (d->cells->crowding[i] == VRK_UNKNOWN)
            continue;
        n += (double)d->cells->occasions[i];
        sum += (double)d->cells->occasions[i] * (double)d->cells->crowding[i] / 4;
    }
    return n > 0 ? sum / n : 0;
}

static double crowding_of(const vrk_cells_of *cells, int64_t i, double mean)
{
    return cells->crowding[i] == VRK_UNKNOWN ? 0 : (double)cells->crowding[i] / 4 - mean;
}

static double offset_of(const doing *d, const vrk_cells_of *cells, int64_t i, const double *beta,
                        double mean)
{
    double x = crowding_of(cells, i, mean);
    return beta[cells->quarter[i]] + beta[d->c->quarters] * x +
           beta[d->c->quarters + 1] * fmax(x, 0);
}

/* Between the quarters of a seller, of what is learnt from. */
static vrk_status take_dispersion(doing *d, double mean, const vrk_within_logit *fit)
{
    vrk_ctx *ctx = d->ctx;
    vrk_status st = VRK_OK;
    vrk_mark mark = vrk_mark_of(&ctx->scratch);
    int64_t q = d->c->quarters;
    vrk_half_sums *sums = VRK_NEW(&ctx->scratch, d->c->sellers * q, vrk_half_sums);
    if (!sums)
        FAIL(VRK_EMEMORY, "out of memory for %lld sellers", (long long)d->c->sellers);
    for (int64_t k = 0; k < d->n; k++) {
        int64_t i = d->at[k], s = d->cells->seller[i];
        double n = (double)d->cells->occasions[i];
        double x = fit->intercept[s] + offset_of(d, d->cells, i, fit->beta, mean) +
                   fit->beta[q + 2] * load_of(d->cells, i);
        double p = 1 / (1 + exp(-x));
        if (!vrk_half_learns_from(s, d->c->sellers))
            continue;
        vrk_half_sums *at = &sums[s * q + d->cells->quarter[i]];
        at->hits += hits_of(d, i);
        at->expected += n * p;
        at->variance += n * p * (1 - p);
    }
    d->out->dispersion = vrk_half_dispersion(sums, d->c->sellers, q, q + 3);
done:
    vrk_rewind(&ctx->scratch, mark);
    return st;
}

/* Columns: quarters, crowding, crowding above its mean, load. */
static vrk_status expect(doing *d, double mean, vrk_within_logit *fit, double *base)
{
    vrk_ctx *ctx = d->ctx;
    vrk_status st = VRK_OK;
    vrk_mark mark = vrk_mark_of(&ctx->scratch);
    int64_t q = d->c->quarters, p = q + 3;
    int64_t n = 0, l = 0;
    for (int64_t k = 0; k < d->n; k++)
        n += vrk_half_learns_from(d->cells->seller[d->at[k]], d->c->sellers);
    double *x = VRK_NEW(&ctx->scratch, n * p, double), *y = VRK_NEW(&ctx->scratch, n, double);
    double *trials = VRK_NEW(&ctx->scratch, n, double);
    double *precision = VRK_NEW(&ctx->scratch, p, double);
    int64_t *group = VRK_NEW(&ctx->scratch, n, int64_t);
    if (ctx->scratch.failed)
        FAIL(VRK_EMEMORY, "out of memory for %lld cells", (long long)n);
    for (int64_t k = 0; k < d->n; k++) {
        int64_t i = d->at[k];
        double crowding = crowding_of(d->cells, i, mean);
        if (!vrk_half_learns_from(d->cells->seller[i], d->c->sellers))
            continue;
        x[l + d->cells->quarter[i] * n] = 1;
        x[l + q * n] = crowding;
        x[l + (q + 1) * n] = fmax(crowding, 0);
        x[l + (q + 2) * n] = load_of(d->cells, i);
        y[l] = hits_of(d, i);
        trials[l] = (double)d->cells->occasions[i];
        group[l++] = d->cells->seller[i];
    }
    for (int64_t j = 0; j < p; j++)
        precision[j] = j < q ? 4 : 1;
    TRY(vrk_within_logit_fit(ctx,
                             &(vrk_within_logit_data){.n = n,
                                                      .p = p,
                                                      .groups = d->c->sellers,
                                                      .x = x,
                                                      .y = y,
                                                      .trials = trials,
                                                      .group = group,
                                                      .precision = precision,
                                                      .group_precision = 0.3},
                             fit));
    *base = vrk_half_usual(ctx, fit->intercept, d->c->sellers, group, n);
done:
    vrk_rewind(&ctx->scratch, mark);
    return st;
}

static vrk_status bin_cells(doing *d, const vrk_within_logit *fit, double mean)
{
    vrk_ctx *ctx = d->ctx;
    vrk_status st = VRK_OK;
    const vrk_cells_of *audit = &d->c->audit;
    vrk_half_bin *bin = VRK_NEW(&ctx->scratch, d->n, vrk_half_bin);
    vrk_half_bin *seen = VRK_NEW(&ctx->scratch, audit->n, vrk_half_bin);
    int64_t n = 0;
    if (ctx->scratch.failed)
        FAIL(VRK_EMEMORY, "out of memory for %lld cells", (long long)d->n);
    for (int64_t k = 0; k < d->n; k++) {
        int64_t i = d->at[k];
        int64_t level = d->cells->load_level[i];
        bin[k] = (vrk_half_bin){
            .seller = d->cells->seller[i],
            .offset = llround(offset_of(d, d->cells, i, fit->beta, mean) / VRK_HALF_STEP),
            .level = level == VRK_UNKNOWN ? 0 : level,
            .n = d->cells->occasions[i],
            .hits = (int64_t)hits_of(d, i),
            .touches = d->cells->touches ? d->cells->touches[i] : 0};
    }
    for (int64_t i = 0; i < audit->n; i++) {
        int64_t level = audit->load_level[i];
        if (!wanted(d, audit, i))
            continue;
        seen[n++] = (vrk_half_bin){
            .seller = audit->seller[i],
            .offset = llround(offset_of(d, audit, i, fit->beta, mean) / VRK_HALF_STEP),
            .level = level == VRK_UNKNOWN ? 0 : level,
            .n = audit->occasions[i],
            .hits = audit->hits[i]};
    }
    TRY(vrk_half_bins_make(ctx, bin, d->n, d->c->sellers, &ctx->scratch, &d->bins));
    TRY(vrk_half_bins_make(ctx, seen, n, d->c->sellers, &ctx->scratch, &d->seen));
done:
    return st;
}

/* log(sum over nodes of exp(ll of the node)) at every place of the grid, one node at a time: the
 * largest so far, and the sum of the others against it. */
enum { GRID = VRK_HALF_SLOPES * VRK_HALF_TOTALS };
typedef struct {
    double top[GRID], sum[GRID], node[GRID];
} nodes;

static void start_node(nodes *n, double start)
{
    for (int64_t i = 0; i < GRID; i++)
        n->node[i] = start;
}

static void end_node(nodes *n, bool first)
{
    for (int64_t i = 0; i < GRID; i++) {
        double less = first ? 0 : n->node[i] - n->top[i];
        if (first || less > 0)
            n->top[i] = n->node[i];
        n->sum[i] = first ? 1 : less > 0 ? 1 + n->sum[i] * exp(-less) : n->sum[i] + exp(less);
    }
}

static void end_nodes(const nodes *n, double *ll)
{
    for (int64_t i = 0; i < GRID; i++)
        ll[i] = n->top[i] + log(n->sum[i]);
}

static vrk_status count_recorded(doing *d)
{
    const vrk_cells_of *a = &d->c->audit;
    d->told = VRK_NEW(&d->ctx->scratch, d->c->sellers, double);
    d->recorded = VRK_NEW(&d->ctx->scratch, d->c->sellers, double);
    if (d->ctx->scratch.failed)
        return vrk_fail(d->ctx, VRK_EMEMORY, "out of memory for likelihoods");
    for (int64_t i = 0; i < a->n; i++) {
        if (a->seller[i] >= 0 && a->moment[i] == d->m) {
            d->told[a->seller[i]] += (double)a->done_told[i];
            d->recorded[a->seller[i]] += (double)a->done_recorded[i];
        }
    }
    return VRK_OK;
}

/* How well the CRM's word for what was observed directly fits a share that is written down. */
static double recorded_ll(const doing *d, int64_t s, double share)
{
    return d->recorded[s] * log(share) + (d->told[s] - d->recorded[s]) * log1p(-share);
}

static vrk_status see_seller(vrk_ctx *ctx, int64_t s, void *arg)
{
    vrk_status st = VRK_OK;
    const doing *d = arg;
    vrk_mark mark = vrk_mark_of(&ctx->scratch);
    vrk_half_table *t = VRK_NEW(&ctx->scratch, 1, vrk_half_table);
    nodes *all = VRK_NEW(&ctx->scratch, 1, nodes);
    double *ll = d->out->ll + s * GRID;
    if (ctx->scratch.failed)
        FAIL(VRK_EMEMORY, "out of memory for likelihoods");
    for (int k = 0; k < vrk_logging_nodes(d->l); k++) {
        double share = vrk_logging_share(d->l, s, d->m, k);
        start_node(all, log(vrk_logging_weight(d->l, k)) + recorded_ll(d, s, share));
        vrk_half_table_of(d->out->base, d->l->false_rate[d->m], share, t);
        vrk_half_temper(t, d->out->dispersion);
        vrk_half_add(d->bins.bin + d->bins.first[s], d->bins.first[s + 1] - d->bins.first[s], t,
                     all->node);
        end_node(all, k == 0);
    }
    end_nodes(all, ll);
    vrk_half_table_of(d->out->base, 0, 1, t);
    vrk_half_add(d->seen.bin + d->seen.first[s], d->seen.first[s + 1] - d->seen.first[s], t, ll);
done:
    vrk_rewind(&ctx->scratch, mark);
    return st;
}

static vrk_status see_through_logging(doing *d)
{
    vrk_ctx *ctx = d->ctx;
    vrk_status st = VRK_OK;
    TRY(count_recorded(d));
    TRY(vrk_par(ctx, "what is done", d->c->sellers, see_seller, d));
done:
    return st;
}

/* P(count), count = 0 ... THRESHOLD + 1: log-series terms of the negative binomial, the last what
 * is above; a week that was done has at least THRESHOLD touches, of which `share` are written down.
 */
static void active(const habit *h, double share, double factor, double *log_p)
{
    double more = fmax(h->volume * factor - THRESHOLD, 0.5) * share, p[COUNTS] = {0};
    double q = h->size / (h->size + more), term = exp(h->size * log(q));
    for (int j = 0; j < COUNTS; j++) {
        for (int a = 0; a <= THRESHOLD && j + a < COUNTS; a++) {
            double ways = a == 0 || a == 4 ? 1 : a == 2 ? 6 : 4;
            p[j + a] += term * ways * pow(share, a) * pow(1 - share, THRESHOLD - a);
        }
        term *= (h->size + j) / (j + 1.) * (1 - q);
    }
    for (int j = 0; j < COUNTS; j++)
        log_p[j] = log(fmax(p[j], 1e-12));
}

/* Counts of weeks of the better half of the diligent: nearly what happened. */
typedef struct {
    double weeks[COUNTS], all, share;
} counted;

static counted count_diligent(const doing *d, double median)
{
    counted n = {0};
    for (int64_t k = 0; k < d->n; k++) {
        int64_t i = d->at[k], s = d->cells->seller[i];
        double weeks = (double)d->cells->occasions[i];
        if (d->l->diligence[s] < median)
            continue;
        n.weeks[d->cells->touches[i]] += weeks;
        n.share += weeks * vrk_logging_share(d->l, s, d->m, VRK_LOGGING_NODES / 2);
        n.all += weeks;
    }
    n.share = n.all > 0 ? n.share / n.all : 1;
    return n;
}

/* The weeks that were idle by their counts; beyond the threshold each count is clearly rarer than
 * the one before it, or a seller of few touches would be one who does nothing. */
static void take_idle(const counted *n, habit *h)
{
    double all = 0;
    for (int i = 0; i < IDLES; i++) {
        h->idle[i] = n->weeks[i] * (1 - h->done[i]) + (i < THRESHOLD ? 0.5 : 0.02);
        if (i >= THRESHOLD)
            h->idle[i] = fmin(h->idle[i], 0.6 * h->idle[i - 1]);
        all += h->idle[i];
    }
    for (int i = 0; i < IDLES; i++)
        h->idle[i] /= all;
}

/* Volume and its spread by the weeks that were not idle; the share of these. */
static double take_volume(const counted *n, habit *h)
{
    double sum = 0, square = 0, done = 0;
    for (int i = 0; i < COUNTS; i++) {
        double weeks = n->weeks[i] * h->done[i], touches = i / n->share;
        done += weeks;
        sum += weeks * touches;
        square += weeks * touches * touches;
    }
    h->volume = done > 0 ? fmax(sum / done, THRESHOLD + 0.5) : 2 * THRESHOLD;
    double over = done > 1 ? square / done - (sum / done) * (sum / done) - sum / done : 0;
    h->size = over > 0 ? fmin(fmax(h->volume * h->volume / over, 1), 200) : 200;
    return (done + 0.5) / (n->all + 1);
}

/* Two kinds of weeks, told apart by their counts: EM. */
static vrk_status learn_habit(doing *d)
{
    vrk_ctx *ctx = d->ctx;
    habit *h = &d->h;
    double median = vrk_median_of(ctx, d->l->diligence, d->c->sellers);
    counted n = count_diligent(d, median);
    for (int i = 0; i < COUNTS; i++)
        h->done[i] = i >= THRESHOLD;
    for (int round = 0; round < 40; round++) {
        double log_p[COUNTS];
        take_idle(&n, h);
        double share = take_volume(&n, h);
        active(h, n.share, 1, log_p);
        for (int i = 0; i < IDLES; i++) {
            double yes = share * exp(log_p[i]), no = (1 - share) * h->idle[i];
            h->done[i] = yes / (yes + no);
        }
    }
    for (int i = THRESHOLD; i < IDLES; i++)
        d->out->looks_done += h->idle[i];
    return isfinite(median) ? VRK_OK : vrk_fail(ctx, VRK_EMEMORY, "out of memory for a median");
}

/* Weeks of few touches: done and little of it written down, or not done. */
static void low_tables(const habit *h, const double *log_p, const vrk_half_table *usual,
                       vrk_half_table *t)
{
    for (int i = 0; i <= 2 * VRK_HALF_REACH; i++) {
        double done = exp(usual->hit[i]);
        for (int count = 0; count < IDLES; count++)
            t[count].hit[i] = log(done * exp(log_p[count]) + (1 - done) * h->idle[count] + 1e-300);
    }
}

/* Adds a seller's weeks to the likelihoods of one volume. */
static void add_weeks(const doing *d, int64_t s, const double *log_p, const vrk_half_table *t,
                      double *node)
{
    double above = 0;
    vrk_half_sum sum = {0};
    for (int64_t b = d->bins.first[s]; b < d->bins.first[s + 1]; b++) {
        vrk_half_bin one = d->bins.bin[b];
        bool low = one.touches < IDLES;
        one.hits = one.n;
        vrk_half_sum_bin(&one, &t[low ? one.touches : IDLES], &sum);
        if (!low)
            above += (double)one.n * log_p[one.touches < COUNTS ? one.touches : COUNTS - 1];
    }
    vrk_half_sum_spread(&sum, node);
    for (int64_t i = 0; i < GRID; i++)
        node[i] += above / d->out->dispersion;
}

typedef struct {
    const doing *d;
    vrk_half_table usual; /* P(done) at what is expected of anybody */
} weeks;

static vrk_status count_weeks_of(vrk_ctx *ctx, int64_t s, void *arg)
{
    vrk_status st = VRK_OK;
    const weeks *w = arg;
    const doing *d = w->d;
    vrk_mark mark = vrk_mark_of(&ctx->scratch);
    vrk_half_table *t = VRK_NEW(&ctx->scratch, IDLES + 1, vrk_half_table);
    nodes *all = VRK_NEW(&ctx->scratch, 1, nodes);
    double log_p[COUNTS];
    if (ctx->scratch.failed)
        FAIL(VRK_EMEMORY, "out of memory for likelihoods");
    t[IDLES] = w->usual;
    vrk_half_temper(&t[IDLES], d->out->dispersion);
    double share = vrk_logging_share(d->l, s, d->m, VRK_LOGGING_NODES / 2);
    double spread = hypot(
        0.35, (1 - share) * hypot(d->l->spread[d->m], d->l->captured ? d->l->spread_of[s] : 1));
    for (int k = 0; k < VOLUMES; k++) {
        double z = 0.4 * (k - VOLUMES / 2);
        start_node(all, -0.5 * z * z);
        active(&d->h, share, exp(spread * z), log_p);
        low_tables(&d->h, log_p, &w->usual, t);
        for (int i = 0; i < IDLES; i++)
            vrk_half_temper(&t[i], d->out->dispersion);
        add_weeks(d, s, log_p, t, all->node);
        end_node(all, k == 0);
    }
    end_nodes(all, d->out->ll + s * GRID);
done:
    vrk_rewind(&ctx->scratch, mark);
    return st;
}

static vrk_status count_weeks(doing *d)
{
    vrk_ctx *ctx = d->ctx;
    vrk_status st = VRK_OK;
    weeks *w = VRK_NEW(&ctx->scratch, 1, weeks);
    if (!w)
        FAIL(VRK_EMEMORY, "out of memory for likelihoods");
    w->d = d;
    vrk_half_table_of(d->out->base, 0, 1, &w->usual);
    TRY(vrk_par(ctx, "weeks of prospecting", d->c->sellers, count_weeks_of, w));
done:
    return st;
}

vrk_status vrk_doing_make(vrk_ctx *ctx, const vrk_moment_cells *c, const vrk_logging *l, int64_t m,
                          vrk_half *out)
{
    vrk_status st = VRK_OK;
    vrk_mark mark = vrk_mark_of(&ctx->scratch);
    vrk_within_logit fit = {0};
    bool prospecting = m == VRK_AT_PROSPECTING;
    doing d = {.ctx = ctx, .c = c, .l = l, .m = m, .out = out};
    double n = 0, loads = 0;

    d.cells = prospecting ? &c->outreach : &c->doing;
    TRY(vrk_half_init(ctx, c, out));
    if (!(d.at = VRK_NEW(&ctx->scratch, d.cells->n, int64_t)))
        FAIL(VRK_EMEMORY, "out of memory for %lld cells", (long long)d.cells->n);
    for (int64_t i = 0; i < d.cells->n; i++) {
        if (!wanted(&d, d.cells, i))
            continue;
        d.at[d.n++] = i;
        n += (double)d.cells->occasions[i];
        loads += (double)d.cells->occasions[i] * load_of(d.cells, i);
    }
    if (!d.n)
        goto done;
    double mean = crowding_mean(&d);
    if (prospecting)
        TRY(learn_habit(&d));
    TRY(expect(&d, mean, &fit, &out->base));
    out->slope = fit.beta[c->quarters + 2];
    out->level_mean = loads / n;
    out->crowding_mean = mean;
    for (int j = 0; j < 2; j++) {
        int at = j ? VRK_HALF_CROWDED : VRK_HALF_CROWDING;
        out->fixed[at] = fit.beta[c->quarters + j];
        out->fixed_se[at] = sqrt(fit.variance[c->quarters + j]);
    }
    TRY(take_dispersion(&d, mean, &fit));
    TRY(bin_cells(&d, &fit, mean));
    TRY(prospecting ? count_weeks(&d) : see_through_logging(&d));
done:
    vrk_within_logit_free(&fit);
    vrk_rewind(&ctx->scratch, mark);
    return st;
}
