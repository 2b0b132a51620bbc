/* The marginal log-likelihood of a mixed model against a slow and obvious one (dense matrices, each
 * formula as in a textbook), and its gradient against differences, at points away from the top. */
#include <string.h>

#include "base/rng.h"
#include "stat/glmm_parts.h"
#include "tests/t.h"

enum { N = 72, P = 3, A = 6, B = 4, MOST = 64, DESIGNS = 7 };

typedef struct {
    double x[P * N], y[N], size[N], offset[N], weight[N], z[3 * N];
    int32_t a[N], b[N], nested[N];
    vrk_glmm_term term[2];
    vrk_glmm_data d;
} made;

static void terms_of(made *m, int design)
{
    vrk_glmm_term a = {.levels = A, .level = m->a}, b = {.levels = B, .level = m->b};
    m->term[0] = a;
    m->term[1] = b;
    m->d.terms = design == 2 ? 1 : 2;
    switch (design) {
    case 1: /* nested */
        m->term[1] = (vrk_glmm_term){.levels = 2 * A, .level = m->nested};
        break;
    case 2: /* correlated intercept and slope */
        m->term[0].q = 2, m->term[0].z = m->z;
        break;
    case 3: /* intercept and slope apart */
        m->term[1] = a, m->term[1].q = 1, m->term[1].z = m->z + N;
        break;
    case 4: /* three correlated, and a crossed term that misses some rows */
        m->term[0].q = 3, m->term[0].z = m->z;
        break;
    case 5:
        m->term[0].tail = VRK_GLMM_T;
        break;
    case 6:
        m->term[1].tail = VRK_GLMM_TWO_PART;
        break;
    default:
        break;
    }
}

static void make(made *m, int design, vrk_glmm_family family)
{
    vrk_rng r = vrk_rng_of(41, (uint64_t)design, (uint32_t)family);
    for (int i = 0; i < N; i++) {
        m->a[i] = i % A;
        m->b[i] = design == 4 && i % 7 == 0 ? -1 : (i / A) % B;
        m->nested[i] = 2 * m->a[i] + (i / A) % 2;
        m->x[i] = m->z[i] = 1;
        m->x[N + i] = (double)(i % 3) - 0.7;
        m->x[2 * N + i] = vrk_rng_normal(&r);
        m->z[N + i] = i % 5 ? m->x[N + i] : 0;
        m->z[2 * N + i] = vrk_rng_normal(&r);
        m->size[i] = (double)(2 + i % 4);
        m->offset[i] = 0.1 * (double)(i % 5);
        m->weight[i] = i % 11 == 3 ? 0 : 0.5 + (double)(i % 3) / 2;
        m->y[i] = family == VRK_GLMM_GAUSSIAN ? 1 + vrk_rng_normal(&r) : 0;
        for (int k = 0; k < (int)m->size[i] && family != VRK_GLMM_GAUSSIAN; k++)
            m->y[i] += vrk_rng_chance(&r, m->a[i] < 3 ? 0.3 : 0.6);
    }
    m->d = (vrk_glmm_data){.n = N,
                           .p = P,
                           .x = m->x,
                           .y = m->y,
                           .size = m->size,
                           .offset = m->offset,
                           .weight = m->weight,
                           .term = m->term};
    terms_of(m, design);
}

/* ---- the slow one ---- */

/* Log-likelihood of a cell at eta, and its first two derivatives. */
static double cell(const made *m, vrk_glmm_family family, double sd, int i, double eta, double *d1,
                   double *d2)
{
    double y = m->y[i], n = m->size[i], w = m->weight[i], l = exp(eta), mu, m1, m2;
    if (family == VRK_GLMM_GAUSSIAN) {
        *d1 = w * (y - eta) / (sd * sd);
        *d2 = -w / (sd * sd);
        return -log(2 * M_PI * sd * sd / w) / 2 - w * (y - eta) * (y - eta) / (2 * sd * sd);
    }
    if (family == VRK_GLMM_POISSON) {
        *d1 = w * (y - n * l);
        *d2 = -w * n * l;
        return w * (y * log(n * l) - n * l - lgamma(y + 1));
    }
    if (family == VRK_GLMM_LOGIT)
        mu = l / (1 + l), m1 = mu * (1 - mu), m2 = m1 * (1 - 2 * mu);
    else
        mu = 1 - exp(-l), m1 = l * exp(-l), m2 = m1 * (1 - l);
    *d1 = w * (y * m1 / mu - (n - y) * m1 / (1 - mu));
    *d2 = w * (y * (m2 * mu - m1 * m1) / (mu * mu) -
               (n - y) * (m2 * (1 - mu) + m1 * m1) / ((1 - mu) * (1 - mu)));
    return w * (y * log(mu) + (n - y) * log(1 - mu) + lgamma(n + 1) - lgamma(y + 1) -
                lgamma(n - y + 1));
}

/* Density of a heavy tail with sd (scale) `sd`, 4 degrees of freedom, or a tenth three times as
 * wide. */
static double log_tail(vrk_glmm_tail tail, double u, double sd)
{
    double s = u / sd;
    if (tail == VRK_GLMM_T)
        return log(3.0 / 8) - 2.5 * log(1 + s * s / 4) - log(sd);
    return log((0.9 * exp(-s * s / 2) + 0.1 / 3 * exp(-s * s / 18)) / sqrt(2 * M_PI)) - log(sd);
}

typedef struct {
    const made *m;
    vrk_glmm_family family;
    int64_t k, random;      /* all columns; those of random effects, which come first */
    double row[N][MOST];    /* of the design */
    double cov[MOST][MOST]; /* of each pair of random effects with normal tails */
    double q[MOST][MOST];   /* its inverse; prior precision of fixed effects */
    vrk_glmm_tail tail[MOST];
    double sd[MOST], residual;
} dense;

/* a becomes its inverse by Gauss-Jordan; returns log of its determinant. */
static double invert(double a[MOST][MOST], int64_t from, int64_t n)
{
    double log_det = 0;
    for (int64_t k = from; k < n; k++) {
        double pivot = a[k][k];
        log_det += log(pivot);
        a[k][k] = 1;
        for (int64_t j = from; j < n; j++)
            a[k][j] /= pivot;
        for (int64_t i = from; i < n; i++) {
            double f = a[i][k];
            if (i == k)
                continue;
            a[i][k] = 0;
            for (int64_t j = from; j < n; j++)
                a[i][j] -= f * a[k][j];
        }
    }
    return log_det;
}

/* Covariance and precision of the random effects; returns log of the density's constant. */
static double spread_out(dense *d, const double *theta, const double *unit)
{
    int64_t h = 0, first = 0;
    double log_det;
    for (int64_t t = 0; t < d->m->d.terms; t++) {
        const vrk_glmm_term *term = d->m->term + t;
        int64_t q = term->q ? term->q : 1;
        double c[3][3] = {{0}};
        for (int64_t j = 0; j < q; j++) {
            c[j][j] = 1e-6 * unit[h] + exp(theta[h]), h++;
            for (int64_t i = j + 1; i < q; i++)
                c[i][j] = theta[h++];
        }
        for (int64_t u = first; u < first + term->levels * q; u += q) {
            d->tail[u] = term->tail, d->sd[u] = c[0][0];
            for (int64_t e = 0; e < q * q * q; e++)
                d->cov[u + e % q][u + e / q % q] += c[e % q][e / q / q] * c[e / q % q][e / q / q];
        }
        for (int i = 0; i < N; i++) {
            for (int64_t k = 0; k < q && term->level[i] >= 0; k++)
                d->row[i][first + term->level[i] * q + k] += term->z ? term->z[i + k * N] : 1;
        }
        first += term->levels * q;
    }
    d->random = first;
    d->k = first + P;
    memcpy(d->q, d->cov, sizeof d->q);
    log_det = invert(d->q, 0, first);
    for (int64_t u = 0; u < first; u++) {
        if (d->tail[u] != VRK_GLMM_NORMAL)
            log_det -= 2 * log(d->sd[u]);
    }
    d->residual = d->family == VRK_GLMM_GAUSSIAN ? exp(theta[h]) : 1;
    return -log_det / 2;
}

/* Log of likelihood times density of effects b (less log sqrt(2 pi) for each random one), slope,
 * minus curvature. */
static double height(const dense *d, const double *b, double *g, double hess[MOST][MOST])
{
    double sum = 0;
    memset(g, 0, sizeof(double[MOST]));
    memset(hess, 0, sizeof(double[MOST][MOST]));
    for (int i = 0; i < N; i++) {
        double eta = d->m->offset[i], d1, d2;
        if (d->m->weight[i] == 0)
            continue;
        for (int64_t k = 0; k < d->k; k++)
            eta += d->row[i][k] * b[k];
        sum += cell(d->m, d->family, d->residual, i, eta, &d1, &d2);
        for (int64_t k = 0; k < d->k; k++) {
            g[k] += d1 * d->row[i][k];
            for (int64_t j = 0; j < d->k; j++)
                hess[k][j] -= d2 * d->row[i][k] * d->row[i][j];
        }
    }
    for (int64_t k = 0; k < d->k; k++) {
        if (d->tail[k] != VRK_GLMM_NORMAL) {
            double h = 2e-3 * d->sd[k], f[5];
            for (int e = 0; e < 5; e++)
                f[e] = log_tail(d->tail[k], b[k] + (e - 2) * h, d->sd[k]);
            sum += f[2] + log(2 * M_PI) / 2;
            g[k] += (f[0] - 8 * f[1] + 8 * f[3] - f[4]) / (12 * h);
            hess[k][k] += (f[0] - 16 * f[1] + 30 * f[2] - 16 * f[3] + f[4]) / (12 * h * h);
            continue;
        }
        for (int64_t j = 0; j < d->k; j++) {
            sum -= b[k] * d->q[k][j] * b[j] / 2;
            g[k] -= d->q[k][j] * b[j];
            hess[k][j] += d->q[k][j];
        }
    }
    return sum;
}

static double prior_of(const made *m, const double *theta, const double *unit)
{
    double sum = 0;
    for (int64_t t = 0, h = 0; t < m->d.terms; t++) {
        int64_t q = m->term[t].q ? m->term[t].q : 1;
        double var[3] = {0}, diagonal[3] = {0}, size[3] = {0};
        for (int64_t j = 0; j < q; j++) {
            diagonal[j] = theta[h], size[j] = unit[h];
            var[j] += pow(1e-6 * unit[h] + exp(theta[h]), 2), h++;
            for (int64_t i = j + 1; i < q; i++, h++)
                var[i] += theta[h] * theta[h];
        }
        for (int64_t j = 0; j < q; j++)
            sum += diagonal[j] - 3 * sqrt(var[j]) / size[j];
    }
    return sum;
}

/* Precision of the fixed effects' prior: N(0, 2.5^2) standardised; 10 for the constant, flat where
 * Gaussian. */
static void fixed_prior(dense *d)
{
    for (int64_t j = 0; j < P; j++) {
        double n = 0, mean = 0, var = 0;
        for (int i = 0; i < N; i++)
            n += d->m->weight[i] > 0;
        for (int i = 0; i < N; i++)
            mean += d->m->weight[i] > 0 ? d->m->x[j * N + i] / n : 0;
        for (int i = 0; i < N; i++)
            var += d->m->weight[i] > 0 ? pow(d->m->x[j * N + i] - mean, 2) / n : 0;
        d->q[d->random + j][d->random + j] = j > 0                            ? var / 6.25
                                             : d->family == VRK_GLMM_GAUSSIAN ? 0
                                                                              : 0.01;
    }
}

/* The log-likelihood (posterior) at outer = theta, or beta and theta; start is where Newton starts,
 * for tails that have several modes. */
static double slow(const made *m, const vrk_glmm_opt *opt, const double *outer, const double *unit,
                   const double *start)
{
    static dense d;
    static double hess[MOST][MOST];
    double g[MOST], b[MOST] = {0};
    bool held = opt->mode == VRK_GLMM_ML && opt->family != VRK_GLMM_GAUSSIAN;
    bool joint = opt->mode != VRK_GLMM_ML;
    d = (dense){.m = m, .family = opt->family};
    const double *theta = held ? outer + P : outer;
    double constant = spread_out(&d, theta, unit), top = 0;
    if (start)
        memcpy(b, start, (size_t)d.random * sizeof *b);
    for (int64_t j = 0; j < P; j++)
        b[d.random + j] = held ? outer[j] : 0;
    if (opt->mode == VRK_GLMM_BAYES) {
        fixed_prior(&d);
        constant += prior_of(m, theta, unit);
    }
    for (int i = 0; i < N; i++) {
        for (int64_t j = 0; j < P; j++)
            d.row[i][d.random + j] = m->x[j * N + i];
    }
    for (int k = 0; k < 60; k++) {
        int64_t moving = held ? d.random : d.k;
        top = height(&d, b, g, hess);
        invert(hess, 0, moving);
        for (int64_t i = 0; i < moving; i++) {
            for (int64_t j = 0; j < moving; j++)
                b[i] += hess[i][j] * g[j] * (k < 3 ? 0.5 : 1);
        }
    }
    height(&d, b, g, hess);
    double log_det = invert(hess, 0, joint ? d.k : d.random);
    return top + constant - log_det / 2 + (joint ? P * log(2 * M_PI) / 2 : 0);
}

/* ---- against it ---- */

typedef struct {
    vrk_ctx ctx;
    glmm_model model;
    glmm_state s;
    int64_t k; /* outer parameters */
    double x[32], g[32];
} probe;

static void probe_free(probe *p)
{
    vrk_glmm_state_free(&p->s);
    vrk_arena_free(&p->model.mem);
    vrk_arena_free(&p->ctx.scratch);
}

/* At a point away from the top. */
static void probe_at(probe *p, const made *m, const vrk_glmm_opt *opt)
{
    static bool dropped[P];
    double curvature[32];
    vrk_glmm out = {.p = P, .dropped = dropped};
    *p = (probe){0};
    T_OK(vrk_glmm_model_new(&p->ctx, &m->d, opt, &out, &p->model) == VRK_OK);
    T_OK(vrk_glmm_state_new(&p->ctx, &p->model, &p->s) == VRK_OK);
    bool held = opt->mode == VRK_GLMM_ML && opt->family != VRK_GLMM_GAUSSIAN;
    double *theta = p->x + (held ? P : 0);
    vrk_glmm_start(&p->model, theta, curvature);
    p->k = p->model.h + (held ? P : 0);
    p->s.profile = !held;
    p->s.polish = 2;
    p->s.full = opt->mode != VRK_GLMM_ML;
    for (int64_t k = 0; k < p->k; k++)
        p->x[k] += 0.1 * (double)(k % 5) - 0.15;
}

static double value(probe *p, double *g)
{
    double f;
    T_OK(vrk_glmm_objective(&p->ctx, p->x, &f, g, &p->s) == VRK_OK);
    T_OK(isfinite(f));
    return f;
}

static const vrk_glmm_opt *each(int family, int mode)
{
    static vrk_glmm_opt opt;
    opt = (vrk_glmm_opt){
        .family = (vrk_glmm_family)family, .mode = (vrk_glmm_mode)mode, .rate = 3, .prior_sd = 2.5};
    return &opt;
}

static void the_log_likelihood_is_that_of_dense_matrices(void)
{
    static made m;
    static probe p;
    for (int design = 0; design < DESIGNS; design++) {
        for (int e = 0; e < 12; e++) {
            const vrk_glmm_opt *opt = each(e % 4, e / 4);
            make(&m, design, opt->family);
            probe_at(&p, &m, opt);
            double got = -value(&p, p.g);
            double want = slow(&m, opt, p.x, p.model.unit, design > 4 ? p.s.b : NULL);
            if (!(fabs(got - want) < 1e-7))
                printf("# design %d family %d mode %d: %.10g %.10g\n", design, e % 4, e / 4, got,
                       want);
            T_OK(fabs(got - want) < 1e-7);
            probe_free(&p);
        }
    }
}

/* Five-point differences, steps of 4e-3: truncation about 1e-9 of the fifth derivative. */
static void the_gradient_is_that_of_differences(void)
{
    static made m;
    static probe p;
    for (int design = 0; design < DESIGNS; design++) {
        for (int e = 0; e < 12; e++) {
            const vrk_glmm_opt *opt = each(e % 4, e / 4);
            make(&m, design, opt->family);
            probe_at(&p, &m, opt);
            value(&p, p.g);
            for (int64_t k = 0; k < p.k; k++) {
                double was = p.x[k], h = 4e-3, f[5], other[32];
                for (int a = 0; a < 5; a++) {
                    p.x[k] = was + (a - 2) * h;
                    f[a] = value(&p, other);
                }
                p.x[k] = was;
                double slope = (f[0] - 8 * f[1] + 8 * f[3] - f[4]) / (12 * h);
                if (!(fabs(slope - p.g[k]) < 1e-6 * (1 + fabs(slope))))
                    printf("# design %d family %d mode %d parameter %d: %.10g %.10g\n", design,
                           e % 4, e / 4, (int)k, p.g[k], slope);
                T_OK(fabs(slope - p.g[k]) < 1e-6 * (1 + fabs(slope)));
            }
            probe_free(&p);
        }
    }
}

T_MAIN(T_CASE(the_log_likelihood_is_that_of_dense_matrices),
       T_CASE(the_gradient_is_that_of_differences))
