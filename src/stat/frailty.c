#include "stat/frailty.h"

#include "num/mat.h"
#include "num/special.h"
#include "stat/cox_parts.h"

#include <inttypes.h>
#include <math.h>
#include <string.h>

enum { MOST_GROUPS = 4000, MOST_NEWTON = 60, MOST_HALVINGS = 40, MOST_SEARCH = 60 };
static const double TRIED[] = {1e-4, 1e-3, 1e-2, .05, .2, .8, 3, 10};
enum { TRIES = sizeof(TRIED) / sizeof(*TRIED) };
static const double LONGEST_STEP = 4; /* [log hazard] */

/* Unknowns u = (beta, log factors), m = p + groups of them. */
typedef struct {
    cox_rows rows;
    vrk_frailty_opt opt;
    int64_t p, groups, m;
    const bool *dropped; /* [p] */
    double theta;
    double *u, *try_u, *g;                     /* [m] unknowns, gradient */
    double *step, *left, *z, *way, *turned;    /* [m] for the conjugate gradients */
    double *eta, *d_eta, *by_eta, *met, *bent; /* [n] */
    double *gram, *chol, *work;                /* [p x p], [VRK_MAT_BLOCK x p] */
    bool *lost;                                /* [p] */
    double *diagonal;                          /* [groups] */
    double *events;                            /* [groups] weights of their events */
    double *columns;                           /* [n x p] rows' x by columns, for the Gram matrix */
    double *dense;                             /* [groups x groups] log-normal only */
    double value, gradient;                    /* penalised log-likelihood at u; largest gradient */
    int evaluations;
} fitting;

static vrk_status reserve(vrk_ctx *ctx, fitting *a)
{
    int64_t n = a->rows.n, p = a->p, m = a->m;
    double **of_m[] = {&a->u, &a->try_u, &a->g, &a->step, &a->left, &a->z, &a->way, &a->turned};
    double **of_n[] = {&a->eta, &a->d_eta, &a->by_eta, &a->met, &a->bent};
    for (size_t i = 0; i < sizeof(of_m) / sizeof(*of_m); i++)
        *of_m[i] = VRK_NEW(&ctx->scratch, m, double);
    for (size_t i = 0; i < sizeof(of_n) / sizeof(*of_n); i++)
        *of_n[i] = VRK_NEW(&ctx->scratch, n, double);
    a->gram = VRK_NEW(&ctx->scratch, p * p, double);
    a->chol = VRK_NEW(&ctx->scratch, p * p, double);
    a->work = VRK_NEW(&ctx->scratch, VRK_MAT_BLOCK * p, double);
    a->lost = VRK_NEW(&ctx->scratch, p, bool);
    a->diagonal = VRK_NEW(&ctx->scratch, a->groups, double);
    a->events = VRK_NEW(&ctx->scratch, a->groups, double);
    a->columns = VRK_NEW(&ctx->scratch, n * p, double);
    if (a->opt.kind == VRK_FRAILTY_LOGNORMAL)
        a->dense = VRK_NEW(&ctx->scratch, a->groups * a->groups, double);
    if (ctx->scratch.failed)
        return vrk_fail(ctx, VRK_EMEMORY,
                        "out of memory for %" PRId64 " rows in %" PRId64 " groups", n, a->groups);
    for (int64_t i = 0; i < n; i++) {
        a->events[a->rows.cluster[i]] += a->rows.event[i] ? a->rows.weight[i] : 0;
        for (int64_t j = 0; j < p; j++)
            a->columns[i + j * n] = a->rows.x[j + i * p];
    }
    return VRK_OK;
}

/* y [n] = what u adds to each row's eta. */
static void spread(const fitting *a, const double *u, double *y)
{
    for (int64_t i = 0; i < a->rows.n; i++) {
        double sum = u[a->p + a->rows.cluster[i]];
        for (int64_t j = 0; j < a->p; j++)
            sum += a->rows.x[j + i * a->p] * u[j];
        y[i] = sum;
    }
}

/* u [m] = its transpose. */
static void gather(const fitting *a, const double *y, double *u)
{
    memset(u, 0, (size_t)a->m * sizeof(double));
    for (int64_t i = 0; i < a->rows.n; i++) {
        u[a->p + a->rows.cluster[i]] += y[i];
        for (int64_t j = 0; j < a->p; j++)
            u[j] += a->rows.x[j + i * a->p] * y[i];
    }
    for (int64_t j = 0; j < a->p; j++)
        u[j] = a->dropped[j] ? 0 : u[j];
}

/* The penalty on a log factor b, and its derivatives. */
static double penalty(const fitting *a, double b, double *first, double *second)
{
    if (a->opt.kind == VRK_FRAILTY_GAMMA) {
        *first = expm1(b) / a->theta;
        *second = exp(b) / a->theta;
        return (expm1(b) - b) / a->theta;
    }
    *first = b / a->theta;
    *second = 1 / a->theta;
    return b * b / (2 * a->theta);
}

/* Penalised log-likelihood at u; with `slopes` its gradient too, and the preconditioner. */
static double value_at(const fitting *a, const double *u, bool slopes)
{
    int64_t p = a->p;
    spread(a, u, a->eta);
    for (int64_t i = 0; i < a->rows.n; i++)
        a->eta[i] += a->rows.offset[i];
    double ll = vrk_cox_of_eta(&a->rows, a->opt.ties, a->eta, NULL, a->by_eta, a->met, NULL);
    if (slopes) {
        gather(a, a->met, a->turned);
        memcpy(a->diagonal, a->turned + p, (size_t)a->groups * sizeof(double));
        gather(a, a->by_eta, a->g);
    }
    for (int64_t k = 0; k < a->groups; k++) {
        double first, second;
        ll -= penalty(a, u[p + k], &first, &second);
        if (slopes) {
            a->g[p + k] -= first;
            a->diagonal[k] = fmax(a->diagonal[k], 0) + second;
        }
    }
    if (slopes) {
        for (int64_t i = 0; i < a->rows.n; i++)
            a->bent[i] = fmax(a->met[i], 0);
        vrk_mat_gram(a->columns, a->rows.n, p, a->bent, a->work, a->gram);
        memcpy(a->chol, a->gram, (size_t)(p * p) * sizeof(double));
        memcpy(a->lost, a->dropped, (size_t)p * sizeof(bool));
        (void)vrk_chol(a->chol, p, 1e-12, a->lost);
    }
    return ll;
}

/* out [m] = information times v [m]. */
static void turn(const fitting *a, const double *v, double *out)
{
    spread(a, v, a->d_eta);
    (void)vrk_cox_of_eta(&a->rows, a->opt.ties, a->eta, a->d_eta, a->by_eta, a->met, a->bent);
    gather(a, a->bent, out);
    for (int64_t k = 0; k < a->groups; k++) {
        double first, second;
        (void)penalty(a, a->u[a->p + k], &first, &second);
        out[a->p + k] += second * v[a->p + k];
    }
}

static double product(const double *x, const double *y, int64_t n)
{
    double sum = 0;
    for (int64_t i = 0; i < n; i++)
        sum += x[i] * y[i];
    return sum;
}

static void precondition(const fitting *a, const double *v, double *out)
{
    memcpy(out, v, (size_t)a->m * sizeof(double));
    vrk_chol_solve(a->chol, a->p, a->lost, out);
    for (int64_t k = 0; k < a->groups; k++)
        out[a->p + k] /= a->diagonal[k];
}

/* step = information^-1 right, by conjugate gradients. The eta of u must stand in a->eta. */
static vrk_status solve(vrk_ctx *ctx, const fitting *a, const double *right, double tol)
{
    vrk_status st = VRK_OK;
    int64_t m = a->m;
    memset(a->step, 0, (size_t)m * sizeof(double));
    memcpy(a->left, right, (size_t)m * sizeof(double));
    precondition(a, a->left, a->z);
    memcpy(a->way, a->z, (size_t)m * sizeof(double));
    double rz = product(a->left, a->z, m), from = rz;
    for (int64_t i = 0; i < 4 * m + 50 && rz > tol * tol * from; i++) {
        TRY(vrk_tick(ctx, "frailty", 0, 0));
        turn(a, a->way, a->turned);
        double bend = product(a->way, a->turned, m);
        if (!(bend > 0))
            break;
        for (int64_t k = 0; k < m; k++) {
            a->step[k] += rz / bend * a->way[k];
            a->left[k] -= rz / bend * a->turned[k];
        }
        precondition(a, a->left, a->z);
        double next = product(a->left, a->z, m);
        for (int64_t k = 0; k < m; k++)
            a->way[k] = a->z[k] + next / rz * a->way[k];
        rz = next;
    }
done:
    return st;
}

/* Newton's method for theta as it stands, from u as it stands. */
static vrk_status climb(vrk_ctx *ctx, fitting *a)
{
    vrk_status st = VRK_OK;
    double promise = HUGE_VAL;
    a->value = value_at(a, a->u, true);
    for (int i = 0; i < MOST_NEWTON && promise > 1e-13; i++) {
        TRY(solve(ctx, a, a->g, 1e-7));
        promise = product(a->g, a->step, a->m) / 2;
        double reach = 0, share = 1;
        spread(a, a->step, a->d_eta);
        for (int64_t k = 0; k < a->rows.n; k++)
            reach = fmax(reach, fabs(a->d_eta[k]));
        share = reach > LONGEST_STEP ? LONGEST_STEP / reach : 1;
        bool up = false;
        for (int h = 0; h < MOST_HALVINGS && !up; h++, share /= 2) {
            for (int64_t k = 0; k < a->m; k++)
                a->try_u[k] = a->u[k] + share * a->step[k];
            double value = value_at(a, a->try_u, false);
            up = value >= a->value - 1e-13 * fabs(a->value);
        }
        if (up)
            memcpy(a->u, a->try_u, (size_t)a->m * sizeof(double));
        a->value = value_at(a, a->u, true);
        if (!up)
            break;
    }
    a->gradient = sqrt(2 * fmax(promise, 0));
done:
    return st;
}

/* log det of the groups' block of the information. */
static double log_det(const fitting *a)
{
    double sum = 0;
    for (int64_t k = 0; k < a->groups; k++) {
        memset(a->way, 0, (size_t)a->m * sizeof(double));
        a->way[a->p + k] = 1;
        turn(a, a->way, a->turned);
        memcpy(a->dense + k * a->groups, a->turned + a->p, (size_t)a->groups * sizeof(double));
    }
    if (!vrk_spd_factor(a->dense, a->groups))
        return nan("");
    for (int64_t k = 0; k < a->groups; k++)
        sum += 2 * log(a->dense[k * (a->groups + 1)]);
    return sum;
}

/* What the mixing of one group adds: log Gamma(nu+d)/Gamma(nu) - d log nu - (nu+d) log(1 + d/nu) +
 * d; by Stirling's series where nu is large and all but 1/nu of it would cancel. */
static double mixed(double nu, double d)
{
    double far = nu + d;
    if (nu < 100)
        return vrk_lgamma(far) - vrk_lgamma(nu) - d * log(nu) - far * log1p(d / nu) + d;
    return -log1p(d / nu) / 2 + (1 / far - 1 / nu) / 12 -
           (1 / (far * far * far) - 1 / (nu * nu * nu)) / 360;
}

/* The likelihood of theta: groups integrated out, betas and baseline at their best. */
static vrk_status likelihood(vrk_ctx *ctx, fitting *a, double theta, double *ll)
{
    vrk_status st = VRK_OK;
    double nu = 1 / theta;
    a->theta = theta;
    a->evaluations++;
    TRY(climb(ctx, a));
    *ll = a->value;
    if (a->opt.kind == VRK_FRAILTY_LOGNORMAL) {
        *ll -= (log_det(a) + (double)a->groups * log(theta)) / 2;
        goto done;
    }
    for (int64_t k = 0; k < a->groups; k++)
        *ll += mixed(nu, a->events[k]);
done:
    return st;
}

/* The best theta between lo and hi on the log scale, around *best: golden section with parabolas
 * (Brent 1973, Algorithms for Minimization without Derivatives, ch. 5). */
static vrk_status search(vrk_ctx *ctx, fitting *a, double lo, double hi, double *best, double *ll)
{
    vrk_status st = VRK_OK;
    const double golden = .3819660112501051;
    double x = *best, w = x, v = x, fx = -*ll, fw = fx, fv = fx, d = 0, e = 0;
    for (int i = 0; i < MOST_SEARCH; i++) {
        double middle = (lo + hi) / 2, tol = 1e-6;
        if (fabs(x - middle) <= 2 * tol - (hi - lo) / 2)
            break;
        double r = (x - w) * (fx - fv), q = (x - v) * (fx - fw), p = (x - v) * q - (x - w) * r;
        q = 2 * (q - r);
        p = q > 0 ? -p : p;
        q = fabs(q);
        bool bad =
            fabs(e) <= tol || fabs(p) >= fabs(q * e / 2) || p <= q * (lo - x) || p >= q * (hi - x);
        e = bad ? (x < middle ? hi - x : lo - x) : d;
        d = bad ? golden * e : p / q;
        double f, at = x + (fabs(d) >= tol ? d : copysign(tol, d));
        TRY(likelihood(ctx, a, exp(at), &f));
        f = isnan(f) ? HUGE_VAL : -f;
        if (f <= fx) {
            *(at < x ? &hi : &lo) = x;
            v = w, fv = fw, w = x, fw = fx, x = at, fx = f;
            continue;
        }
        *(at < x ? &lo : &hi) = at;
        if (f <= fw || w == x)
            v = w, fv = fw, w = at, fw = f;
        else if (f <= fv || v == x || v == w)
            v = at, fv = f;
    }
    *best = x;
    *ll = -fx;
done:
    return st;
}

/* Theta from a coarse look, then closely; 0 where none tried is better than none at all. */
static vrk_status find_theta(vrk_ctx *ctx, fitting *a, vrk_frailty *out)
{
    vrk_status st = VRK_OK;
    double ll[TRIES], best, f[2];
    int at = -1;
    for (int i = 0; i < TRIES; i++) {
        TRY(likelihood(ctx, a, TRIED[i], &ll[i]));
        if (ll[i] > (at < 0 ? out->ll_none + 1e-9 : ll[at]))
            at = i;
    }
    out->log_theta_se = nan("");
    out->ll = out->ll_none;
    out->stop = VRK_STOP_BOUNDARY;
    if (at < 0)
        goto done;
    best = log(TRIED[at]);
    out->ll = ll[at];
    TRY(search(ctx, a, at > 0 ? log(TRIED[at - 1]) : best - 5,
               at + 1 < TRIES ? log(TRIED[at + 1]) : best + 3, &best, &out->ll));
    for (int i = 0; i < 2; i++)
        TRY(likelihood(ctx, a, exp(best + (i ? 1e-2 : -1e-2)), &f[i]));
    out->theta = exp(best);
    out->log_theta_se = 1e-2 / sqrt(2 * out->ll - f[0] - f[1]);
    out->stop = VRK_STOP_GRAD;
done:
    return st;
}

/* Betas, their covariance and the groups' factors at theta. */
static vrk_status finish(vrk_ctx *ctx, fitting *a, vrk_frailty *out)
{
    vrk_status st = VRK_OK;
    int64_t p = a->p;
    TRY(likelihood(ctx, a, out->theta, &out->ll));
    out->gradient = a->gradient;
    memcpy(out->beta, a->u, (size_t)p * sizeof(double));
    for (int64_t k = 0; k < a->groups; k++) {
        double d = a->events[k], first, second;
        (void)penalty(a, a->u[p + k], &first, &second);
        out->effect[k] = a->u[p + k];
        out->effect_se[k] = a->opt.kind == VRK_FRAILTY_GAMMA ? sqrt(vrk_trigamma(1 / a->theta + d))
                                                             : 1 / sqrt(a->diagonal[k]);
    }
    for (int64_t j = 0; j < p; j++) {
        out->se[j] = nan("");
        if (out->dropped[j])
            continue;
        memset(a->try_u, 0, (size_t)a->m * sizeof(double));
        a->try_u[j] = 1;
        TRY(solve(ctx, a, a->try_u, 1e-12));
        memcpy(out->vcov + j * p, a->step, (size_t)p * sizeof(double));
        out->se[j] = sqrt(out->vcov[j * (p + 1)]);
    }
done:
    return st;
}

/* Without groups: where to start, what is dropped, and the answer where theta is 0. */
static vrk_status without(vrk_ctx *ctx, const vrk_cox_data *data, vrk_ties ties, vrk_frailty *out)
{
    vrk_status st = VRK_OK;
    int64_t p = data->p;
    vrk_cox cox = {0};
    vrk_cox_data alone = *data;
    alone.cluster = NULL;
    TRY(vrk_cox_fit(ctx, &alone, &(vrk_cox_opt){.ties = ties}, &cox));
    for (int64_t j = 0; j < p; j++) {
        if (cox.infinite[j])
            FAIL(VRK_ENUMERIC, "column %" PRId64 ": its beta is infinite; leave it out", j);
    }
    out->beta = VRK_NEW(&out->mem, p, double);
    out->se = VRK_NEW(&out->mem, p, double);
    out->vcov = VRK_NEW(&out->mem, p * p, double);
    out->dropped = VRK_NEW(&out->mem, p, bool);
    out->effect = VRK_NEW(&out->mem, data->clusters, double);
    out->effect_se = VRK_NEW(&out->mem, data->clusters, double);
    if (out->mem.failed)
        FAIL(VRK_EMEMORY, "out of memory for %d groups", data->clusters);
    memcpy(out->beta, cox.beta, (size_t)p * sizeof(double));
    memcpy(out->se, cox.se, (size_t)p * sizeof(double));
    memcpy(out->vcov, cox.vcov, (size_t)(p * p) * sizeof(double));
    memcpy(out->dropped, cox.dropped, (size_t)p * sizeof(bool));
    out->rank = cox.rank;
    out->ll_none = out->ll = cox.ll;
    out->gradient = cox.gradient;
done:
    vrk_cox_free(&cox);
    return st;
}

vrk_status vrk_frailty_fit(vrk_ctx *ctx, const vrk_cox_data *data, const vrk_frailty_opt *opt,
                           vrk_frailty *out)
{
    vrk_status st = VRK_OK;
    vrk_mark mark = vrk_mark_of(&ctx->scratch);
    fitting a = {.p = data->p, .groups = data->clusters, .m = data->p + data->clusters};
    if (opt)
        a.opt = *opt;
    *out = (vrk_frailty){.p = data->p, .groups = data->clusters, .mem.limit = ctx->scratch.limit};
    if (!data->cluster || data->clusters < 1)
        FAIL(VRK_EINPUT, "no groups given that could share a factor");
    if (!(a.opt.theta >= 0) || isinf(a.opt.theta))
        FAIL(VRK_EINPUT, "theta = %g", a.opt.theta);
    if (a.opt.kind == VRK_FRAILTY_LOGNORMAL && data->clusters > MOST_GROUPS)
        FAIL(VRK_EINPUT, "%d groups; log-normal frailty takes at most %d, gamma any number",
             data->clusters, MOST_GROUPS);
    TRY(vrk_cox_rows_of(ctx, data, &a.rows)); /* first: it names the bad row */
    TRY(without(ctx, data, a.opt.ties, out));
    a.dropped = out->dropped;
    TRY(reserve(ctx, &a));
    memcpy(a.u, out->beta, (size_t)a.p * sizeof(double));
    if (a.opt.theta > 0) {
        out->theta = a.opt.theta;
        out->log_theta_se = nan("");
        out->stop = VRK_STOP_GRAD;
    } else {
        TRY(find_theta(ctx, &a, out));
    }
    if (out->theta > 0)
        TRY(finish(ctx, &a, out));
    out->evaluations = a.evaluations;
done:
    vrk_rewind(&ctx->scratch, mark);
    if (st != VRK_OK)
        vrk_frailty_free(out);
    return st;
}

void vrk_frailty_free(vrk_frailty *fit)
{
    vrk_arena_free(&fit->mem);
    *fit = (vrk_frailty){0};
}
