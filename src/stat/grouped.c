#include "stat/grouped.h"

#include "num/mat.h"

#include <inttypes.h>
#include <math.h>
#include <string.h>

enum { MOST_HALVINGS = 40 };
static const double LONGEST_STEP = 4; /* [log rate] more at once overflows before it helps */
static const double LEVEL = 1e3;      /* [log rate] known no better than this is not known */

typedef struct {
    const vrk_grouped_data *d;
    vrk_grouped_opt opt;
    int64_t q;               /* p ends */
    double *eta, *try_eta;   /* [n x ends] */
    double *pull;            /* [n x ends] d ll / d eta */
    double *way;             /* [n x ends] change of eta by the step */
    double *weight;          /* [n] */
    double *info, *chol;     /* [q x q] */
    double *block, *work;    /* [p x p], [VRK_MAT_BLOCK x p] */
    double *step, *gradient; /* [q] */
    bool *dropped;           /* [q] */
} newton;

static vrk_status check_cell(vrk_ctx *ctx, const vrk_grouped_data *d, int64_t i)
{
    double gone = 0;
    if (!isfinite(d->risk[i]) || d->risk[i] < 0)
        return vrk_fail(ctx, VRK_EINPUT, "cell %" PRId64 ": %g at risk", i, d->risk[i]);
    for (int32_t c = 0; c < d->ends; c++) {
        double events = d->events[i + c * d->n];
        if (!isfinite(events) || events < 0)
            return vrk_fail(ctx, VRK_EINPUT, "cell %" PRId64 ": %g events of end %d", i, events, c);
        gone += events;
    }
    if (gone > d->risk[i] * (1 + 1e-12))
        return vrk_fail(ctx, VRK_EINPUT, "cell %" PRId64 ": %g events among %g at risk", i, gone,
                        d->risk[i]);
    for (int64_t j = 0; j < d->p; j++) {
        if (!isfinite(d->x[i + j * d->n]))
            return vrk_fail(ctx, VRK_EINPUT, "cell %" PRId64 ": column %" PRId64 " is %g", i, j,
                            d->x[i + j * d->n]);
    }
    return VRK_OK;
}

static vrk_status check(vrk_ctx *ctx, const vrk_grouped_data *d)
{
    if (d->n < 1 || d->p < 1 || d->ends < 1)
        return vrk_fail(ctx, VRK_EINPUT, "%" PRId64 " cells of %" PRId64 " columns, %d ends", d->n,
                        d->p, d->ends);
    for (int64_t i = 0; i < d->n; i++) {
        vrk_status st = check_cell(ctx, d, i);
        if (st != VRK_OK)
            return st;
    }
    for (int32_t c = 0; c < d->ends; c++) {
        double all = 0;
        for (int64_t i = 0; i < d->n; i++)
            all += d->events[i + c * d->n];
        if (all <= 0)
            return vrk_fail(ctx, VRK_EINPUT, "nobody in %" PRId64 " cells met end %d", d->n, c);
    }
    return VRK_OK;
}

/* One cell: those who stayed, who went; sum of exp(eta); and the derivatives of the log-likelihood
 * by L (HAZARD): of log((1 - exp(-L)) / L), first and minus second. */
typedef struct {
    double stayed, gone, sum, first, second;
} cell;

static double log_share(double l) /* log((1 - exp(-l)) / l) */
{
    return l < 1e-4 ? -l / 2 + l * l / 24 : log(-expm1(-l) / l);
}

static cell cell_of(const newton *a, const double *eta, int64_t i, bool expected)
{
    const vrk_grouped_data *d = a->d;
    cell s = {0};
    for (int32_t c = 0; c < d->ends; c++) {
        s.gone += d->events[i + c * d->n];
        s.sum += exp(eta[i + c * d->n]);
    }
    s.stayed = fmax(d->risk[i] - s.gone, 0);
    if (expected) {
        s.gone =
            d->risk[i] * (a->opt.link == VRK_GROUPED_HAZARD ? -expm1(-s.sum) : s.sum / (1 + s.sum));
        s.stayed = d->risk[i] - s.gone;
    }
    double l = s.sum, h = l / 2;
    s.first = l < 1e-4 ? -.5 + l / 12 : 1 / expm1(l) - 1 / l;
    s.second = l < 1e-2 ? -1. / 12 + l * l / 240 : 1 / (4 * sinh(h) * sinh(h)) - 1 / (l * l);
    return s;
}

static double log_likelihood(const newton *a, const double *eta)
{
    const vrk_grouped_data *d = a->d;
    double ll = 0;
    for (int64_t first = 0; first < d->n; first += VRK_MAT_BLOCK) { /* by blocks: see poisson.c */
        int64_t end = first + VRK_MAT_BLOCK < d->n ? first + VRK_MAT_BLOCK : d->n;
        double part = 0;
        for (int64_t i = first; i < end; i++) {
            if (d->risk[i] <= 0)
                continue;
            cell s = cell_of(a, eta, i, false);
            if (a->opt.link == VRK_GROUPED_HAZARD)
                part += s.gone * log_share(s.sum) - s.sum * (s.stayed);
            else
                part -= d->risk[i] * log1p(s.sum);
            for (int32_t c = 0; c < d->ends; c++)
                part += d->events[i + c * d->n] * eta[i + c * d->n];
        }
        ll += part;
    }
    return ll;
}

/* Weights of the block of ends b, c: minus the second derivatives; of different ends they are all
 * not positive, and given without their sign. */
static void weigh(const newton *a, int32_t b, int32_t c, bool expected)
{
    const vrk_grouped_data *d = a->d;
    for (int64_t i = 0; i < d->n; i++) {
        cell s = cell_of(a, a->eta, i, expected);
        double u = exp(a->eta[i + b * d->n]), v = exp(a->eta[i + c * d->n]), w;
        if (a->opt.link == VRK_GROUPED_HAZARD)
            w = (b == c ? u * (s.stayed - s.gone * s.first) : 0) + s.gone * s.second * u * v;
        else
            w = d->risk[i] * u / (1 + s.sum) * ((b == c ? 1 : 0) - v / (1 + s.sum));
        a->weight[i] = d->risk[i] <= 0 ? 0 : fmax(b == c ? w : -w, 0);
    }
}

static void find_info(const newton *a, bool expected)
{
    const vrk_grouped_data *d = a->d;
    int64_t p = d->p;
    for (int32_t c = 0; c < d->ends; c++) {
        for (int32_t b = c; b < d->ends; b++) {
            weigh(a, b, c, expected);
            vrk_mat_gram(d->x, d->n, p, a->weight, a->work, a->block);
            for (int64_t i = 0; i < p * p; i++) {
                double w = b == c ? a->block[i] : -a->block[i];
                a->info[i % p + b * p + (i / p + c * p) * a->q] = w;
                a->info[i % p + c * p + (i / p + b * p) * a->q] = w;
            }
        }
    }
    memcpy(a->chol, a->info, (size_t)(a->q * a->q) * sizeof(double));
}

static void find_pull(const newton *a)
{
    const vrk_grouped_data *d = a->d;
    for (int64_t i = 0; i < d->n; i++) {
        cell s = cell_of(a, a->eta, i, false);
        for (int32_t c = 0; c < d->ends; c++) {
            int64_t at = i + c * d->n;
            double u = exp(a->eta[at]);
            double less = a->opt.link == VRK_GROUPED_HAZARD ? u * (s.stayed - s.gone * s.first)
                                                            : d->risk[i] * u / (1 + s.sum);
            a->pull[at] = d->risk[i] <= 0 ? 0 : d->events[at] - less;
        }
    }
    for (int32_t c = 0; c < d->ends; c++)
        vrk_mat_cross(d->x, d->n, d->p, a->pull + c * d->n, a->gradient + c * d->p);
}

/* Newton's step; returns what it promises, g' H^-1 g / 2. */
static double find_step(const newton *a, vrk_grouped *out)
{
    double promise = 0;
    out->gradient = 0;
    find_pull(a);
    find_info(a, false);
    (void)vrk_chol(a->chol, a->q, 0, a->dropped);
    memcpy(a->step, a->gradient, (size_t)a->q * sizeof(double));
    vrk_chol_solve(a->chol, a->q, a->dropped, a->step);
    for (int64_t j = 0; j < a->q; j++) {
        if (a->dropped[j])
            continue;
        promise += a->gradient[j] * a->step[j] / 2;
        out->gradient = fmax(out->gradient, fabs(a->gradient[j]) / sqrt(a->info[j * (a->q + 1)]));
    }
    return promise;
}

/* Goes along the step as far as it helps. False: not at all. `moved` = largest change of eta. */
static bool advance(const newton *a, vrk_grouped *out, double *moved)
{
    const vrk_grouped_data *d = a->d;
    int64_t m = d->n * d->ends;
    *moved = 0;
    for (int32_t c = 0; c < d->ends; c++)
        vrk_mat_times(d->x, d->n, d->p, a->step + c * d->p, a->way + c * d->n);
    for (int64_t i = 0; i < m; i++)
        *moved = fmax(*moved, d->risk[i % d->n] > 0 ? fabs(a->way[i]) : 0);
    double share = *moved > LONGEST_STEP ? LONGEST_STEP / *moved : 1;
    for (int h = 0; h < MOST_HALVINGS; h++, share /= 2) {
        for (int64_t i = 0; i < m; i++)
            a->try_eta[i] = a->eta[i] + share * a->way[i];
        double ll = log_likelihood(a, a->try_eta);
        if (!(ll >= out->ll - 1e-13 * fabs(out->ll)))
            continue;
        memcpy(a->eta, a->try_eta, (size_t)m * sizeof(double));
        for (int64_t j = 0; j < a->q; j++)
            out->beta[j] += share * a->step[j];
        out->ll = ll;
        *moved *= share;
        return true;
    }
    return false;
}

/* Least squares on the log of each end's share, and the rank of x. */
static void begin(const newton *a, vrk_grouped *out)
{
    const vrk_grouped_data *d = a->d;
    int64_t p = d->p;
    for (int64_t i = 0; i < d->n; i++)
        a->weight[i] = d->risk[i];
    vrk_mat_gram(d->x, d->n, p, a->weight, a->work, a->block);
    out->rank = vrk_chol(a->block, p, 1e-10, out->dropped);
    for (int32_t c = 0; c < d->ends; c++) {
        double events = 0, risk = 0;
        for (int64_t i = 0; i < d->n; i++) {
            events += d->events[i + c * d->n];
            risk += d->risk[i];
        }
        for (int64_t i = 0; i < d->n; i++)
            a->pull[i] = d->risk[i] * log(events / risk);
        vrk_mat_cross(d->x, d->n, p, a->pull, out->beta + c * p);
        vrk_chol_solve(a->block, p, out->dropped, out->beta + c * p);
        vrk_mat_times(d->x, d->n, p, out->beta + c * p, a->eta + c * d->n);
        for (int64_t j = 0; j < p; j++)
            a->dropped[j + c * p] = out->dropped[j];
    }
    out->ll = log_likelihood(a, a->eta);
}

static double largest(const double *x, int64_t n)
{
    double most = 0;
    for (int64_t i = 0; i < n; i++)
        most = fmax(most, fabs(x[i]));
    return most;
}

static vrk_status iterate(vrk_ctx *ctx, const newton *a, vrk_grouped *out)
{
    vrk_status st = VRK_OK;
    out->stop = VRK_STOP_ITER;
    begin(a, out);
    while (out->iterations < a->opt.max_iter && out->stop == VRK_STOP_ITER) {
        double moved, promise = find_step(a, out);
        out->iterations++;
        TRY(vrk_tick(ctx, "regression of intervals", out->iterations, a->opt.max_iter));
        if (!advance(a, out, &moved))
            out->stop = promise <= a->opt.tol ? VRK_STOP_GRAD : VRK_STOP_STEP;
        else if (promise <= a->opt.tol) /* ll stands still while a rate runs on */
            out->stop = moved > 0.1 ? VRK_STOP_BOUNDARY : VRK_STOP_GRAD;
    }
    (void)find_step(a, out); /* the gradient where we stand */
    find_info(a, true);
    (void)vrk_chol(a->chol, a->q, 0, a->dropped);
    vrk_chol_inverse(a->chol, a->q, a->dropped, out->vcov);
    for (int64_t j = 0; j < a->q; j++) {
        out->se[j] = a->dropped[j] ? nan("") : sqrt(out->vcov[j * (a->q + 1)]);
        if (out->se[j] * largest(a->d->x + j % a->d->p * a->d->n, a->d->n) > LEVEL)
            out->stop = VRK_STOP_BOUNDARY; /* all go: the likelihood levels off too fast to see */
    }
done:
    return st;
}

static vrk_status reserve(vrk_ctx *ctx, newton *a, vrk_grouped *out)
{
    int64_t p = a->d->p, q = a->q, m = a->d->n * a->d->ends;
    a->eta = VRK_NEW(&ctx->scratch, m, double);
    a->try_eta = VRK_NEW(&ctx->scratch, m, double);
    a->pull = VRK_NEW(&ctx->scratch, m, double);
    a->way = VRK_NEW(&ctx->scratch, m, double);
    a->weight = VRK_NEW(&ctx->scratch, a->d->n, double);
    a->info = VRK_NEW(&ctx->scratch, q * q, double);
    a->chol = VRK_NEW(&ctx->scratch, q * q, double);
    a->block = VRK_NEW(&ctx->scratch, p * p, double);
    a->work = VRK_NEW(&ctx->scratch, VRK_MAT_BLOCK * p, double);
    a->step = VRK_NEW(&ctx->scratch, q, double);
    a->gradient = VRK_NEW(&ctx->scratch, q, double);
    a->dropped = VRK_NEW(&ctx->scratch, q, bool);
    out->beta = VRK_NEW(&out->mem, q, double);
    out->se = VRK_NEW(&out->mem, q, double);
    out->vcov = VRK_NEW(&out->mem, q * q, double);
    out->dropped = VRK_NEW(&out->mem, p, bool);
    if (ctx->scratch.failed || out->mem.failed)
        return vrk_fail(ctx, VRK_EMEMORY,
                        "out of memory for %" PRId64 " cells of %" PRId64 " columns", a->d->n, p);
    return VRK_OK;
}

vrk_status vrk_grouped_fit(vrk_ctx *ctx, const vrk_grouped_data *data, const vrk_grouped_opt *opt,
                           vrk_grouped *out)
{
    vrk_status st = VRK_OK;
    vrk_mark mark = vrk_mark_of(&ctx->scratch);
    newton a = {.d = data, .q = data->p * data->ends};
    if (opt)
        a.opt = *opt;
    a.opt.max_iter = a.opt.max_iter > 0 ? a.opt.max_iter : 50;
    a.opt.tol = a.opt.tol > 0 ? a.opt.tol : 1e-14;
    *out = (vrk_grouped){.p = data->p, .ends = data->ends, .mem.limit = ctx->scratch.limit};
    TRY(check(ctx, data));
    TRY(reserve(ctx, &a, out));
    TRY(iterate(ctx, &a, out));
done:
    vrk_rewind(&ctx->scratch, mark);
    if (st != VRK_OK)
        vrk_grouped_free(out);
    return st;
}

void vrk_grouped_free(vrk_grouped *fit)
{
    vrk_arena_free(&fit->mem);
    *fit = (vrk_grouped){0};
}
