#include "stat/irt.h"

#include "num/mat.h"
#include "num/quad.h"
#include "stat/irt_engine.h"

#include <inttypes.h>
#include <math.h>
#include <string.h>

enum { FEWEST = 50 };
static const double LOG_SLOPE_SD = .35, INTERCEPT_SD = 2;
static const double DEAR = 2e11; /* [multiplications] beyond it observed information is too dear */

typedef struct {
    const vrk_answers *d;
    vrk_irt_opt o;
    vrk_irt_engine e;
    vrk_irt_patterns p;
    double *offset, *xi;
    vrk_irt_link *link;
    int64_t *link_from, links;
    double *share; /* [items x MOST] share of answers in each category */
} work;

static bool is_known(const work *w, int64_t j)
{
    return w->o.known && w->o.known->known[j];
}

static void attach(work *w, int64_t natural, int64_t param, double by)
{
    w->link[w->links++] = (vrk_irt_link){param, by};
    w->link_from[natural + 1] = w->links;
}

static void find_shares(work *w)
{
    for (int64_t i = 0; i < w->p.patterns; i++) {
        for (int64_t a = w->p.from[i]; a < w->p.from[i + 1]; a++)
            w->share[w->p.cell[a] * VRK_IRT_MOST + w->p.ans[a]] += w->p.weight[i];
    }
    for (int64_t j = 0; j < w->d->items; j++) {
        double *s = w->share + j * VRK_IRT_MOST, sum = 0;
        for (int k = 0; k < VRK_IRT_MOST; k++)
            sum += s[k];
        for (int k = 0; k < VRK_IRT_MOST && sum > 0; k++)
            s[k] /= sum;
    }
}

/* Where intercept k of item j starts: as if everyone stood at 0, stretched a little. */
static double start_of(const work *w, int64_t j, int32_t k)
{
    const double *s = w->share + j * VRK_IRT_MOST;
    double above = 0;
    if (w->o.family == VRK_IRT_ADJACENT && w->e.categories[j] > 2)
        return log(s[k] / s[0]);
    for (int32_t c = k; c < w->e.categories[j]; c++)
        above += s[c];
    return 1.2 * log(above / (1 - above));
}

static void known_item(work *w, int64_t j, int64_t natural)
{
    const vrk_irt_known *known = w->o.known;
    for (int32_t k = 0; k < w->e.categories[j]; k++) {
        w->offset[natural + k] = k ? known->intercept[j * known->steps + k - 1] : known->slope[j];
        w->link_from[natural + k + 1] = w->links;
    }
}

/* d_k = shift + tau_k graded, k shift + tau_k adjacent; the tau of the last step follows. */
static void shared_item(work *w, int64_t natural, int32_t m, int64_t shift, int64_t tau)
{
    bool graded = w->o.family == VRK_IRT_GRADED && m > 1;
    for (int32_t k = 1; k <= m; k++) {
        attach(w, natural + k, shift, graded ? 1 : k);
        for (int32_t t = 1; t < m; t++) {
            if (t == k || (k == m && graded))
                attach(w, natural + k, tau + t - 1, t == k ? 1 : -1);
        }
    }
}

/* The map from free to natural parameters, and where to start. */
static void connect_all(work *w)
{
    int64_t natural = 0, p = 0, common = -1, tau = -1;
    if (w->o.slope == VRK_SLOPE_COMMON) {
        common = p++;
        w->xi[common] = 1;
    }
    if (w->o.shared_steps) {
        tau = p;
        p += w->e.categories[0] - 2;
    }
    for (int64_t j = 0; j < w->d->items; j++) {
        int32_t m = w->e.categories[j] - 1;
        if (is_known(w, j)) {
            known_item(w, j, natural);
            natural += m + 1;
            continue;
        }
        w->offset[natural] = w->o.slope == VRK_SLOPE_ONE;
        w->link_from[natural + 1] = w->links;
        if (w->o.slope != VRK_SLOPE_ONE)
            attach(w, natural, common >= 0 ? common : p, 1);
        if (w->o.slope == VRK_SLOPE_FREE)
            w->xi[p++] = w->o.family == VRK_IRT_GRADED || m == 1 ? 1 : 1. / m;
        if (w->o.shared_steps) {
            w->xi[p] = start_of(w, j, m) / (w->o.family == VRK_IRT_GRADED && m > 1 ? 1 : m);
            shared_item(w, natural, m, p++, tau);
        }
        for (int32_t k = 1; k <= m && !w->o.shared_steps; k++) {
            w->xi[p] = start_of(w, j, k);
            attach(w, natural + k, p++, 1);
        }
        natural += m + 1;
    }
    w->e.params = p;
}

/* Shared graded steps must start in order. */
static void spread_steps(work *w)
{
    int32_t m = w->e.categories[0] - 1;
    int64_t tau = w->o.slope == VRK_SLOPE_COMMON;
    if (!w->o.shared_steps || w->o.family != VRK_IRT_GRADED || m < 2)
        return;
    for (int32_t t = 1; t < m; t++)
        w->xi[tau + t - 1] = (m + 1) / 2. - t;
    for (int64_t j = 0; j < w->d->items; j++)
        w->xi[tau + m - 1 + j] = start_of(w, j, (m + 1) / 2);
}

static vrk_status check(vrk_ctx *ctx, const work *w)
{
    vrk_status st = VRK_OK;
    const vrk_irt_opt *o = &w->o;
    if (o->points < 3 || o->points > 2001)
        FAIL(VRK_EINPUT, "%" PRId64 " quadrature points (3 to 2001 can be)", o->points);
    if (!(o->limit > 0) || !isfinite(o->limit))
        FAIL(VRK_EINPUT, "quadrature on [-%g, %g]", o->limit, o->limit);
    for (int64_t j = 0; j < w->d->items && o->shared_steps; j++) {
        if (o->slope == VRK_SLOPE_FREE || o->known)
            FAIL(VRK_EINPUT, "shared steps need one slope for all items, none of them known");
        if (w->e.categories[j] != w->e.categories[0])
            FAIL(VRK_EINPUT, "shared steps: item %" PRId64 " has %d categories, item 1 has %d",
                 j + 1, w->e.categories[j], w->e.categories[0]);
    }
    for (int64_t j = 0; j < w->d->items; j++) {
        if (!is_known(w, j))
            continue;
        for (int32_t k = 0; k < w->e.categories[j]; k++) {
            double x = k ? o->known->intercept[j * o->known->steps + k - 1] : o->known->slope[j];
            if (k > o->known->steps || !isfinite(x))
                FAIL(VRK_EINPUT, "item %" PRId64 ": %g is no known parameter", j + 1, x);
        }
    }
done:
    return st;
}

static vrk_status enough(vrk_ctx *ctx, const work *w)
{
    int64_t unknown = 0;
    for (int64_t j = 0; j < w->d->items; j++)
        unknown += !is_known(w, j);
    if (w->p.persons == 0)
        return vrk_fail(ctx, VRK_EINPUT, "nobody answered any item");
    if (unknown > 0 && w->p.persons_weight < (double)w->o.min_persons)
        return vrk_fail(ctx, VRK_EINPUT,
                        "%g persons cannot calibrate %" PRId64 " items (%" PRId64
                        " can): use known item parameters, or a score whose reliability is known",
                        w->p.persons_weight, unknown, w->o.min_persons);
    return VRK_OK;
}

static vrk_status reserve(vrk_ctx *ctx, work *w, vrk_irt *out)
{
    vrk_arena *a = &ctx->scratch;
    int64_t n = 0, j = w->d->items;
    out->first = VRK_NEW(&out->mem, j + 1, int64_t);
    for (int64_t i = 0; i < j && out->first; i++) {
        out->first[i + 1] = n += w->e.categories[i];
        out->steps = w->e.categories[i] - 1 > out->steps ? w->e.categories[i] - 1 : out->steps;
    }
    w->offset = VRK_NEW(a, n, double);
    w->xi = VRK_NEW(a, n + 1, double);
    w->link_from = VRK_NEW(a, n + 1, int64_t);
    w->link = VRK_NEW(a, n * VRK_IRT_MOST, vrk_irt_link);
    w->share = VRK_NEW(a, j * VRK_IRT_MOST, double);
    out->slope = VRK_NEW(&out->mem, j, double);
    out->slope_se = VRK_NEW(&out->mem, j, double);
    out->intercept = VRK_NEW(&out->mem, j * out->steps, double);
    out->intercept_se = VRK_NEW(&out->mem, j * out->steps, double);
    out->step = VRK_NEW(&out->mem, j * out->steps, double);
    out->step_se = VRK_NEW(&out->mem, j * out->steps, double);
    out->flag = VRK_NEW(&out->mem, j, vrk_item_flag);
    out->z = VRK_NEW(&out->mem, w->o.points, double);
    out->weight = VRK_NEW(&out->mem, w->o.points, double);
    if (!w->o.no_errors)
        out->vcov = VRK_NEW(&out->mem, n * n, double);
    double *log_weight = VRK_NEW(a, w->o.points, double);
    double *sd = VRK_NEW(a, 3 * j, double);
    if (a->failed || out->mem.failed)
        return vrk_fail(ctx, VRK_EMEMORY, "out of memory for %" PRId64 " items", j);
    w->e.log_weight = log_weight;
    for (int64_t i = 0; i < j && w->o.priors; i++) {
        sd[j + i] = is_known(w, i) ? 0 : LOG_SLOPE_SD;
        sd[2 * j + i] = is_known(w, i) ? 0 : INTERCEPT_SD;
    }
    w->e.log_slope_mean = w->o.priors ? sd : NULL;
    w->e.log_slope_sd = w->o.priors ? sd + j : NULL;
    w->e.intercept_sd = w->o.priors ? sd + 2 * j : NULL;
    if (w->o.hermite)
        vrk_quad_hermite(w->o.points, out->z, out->weight);
    else
        vrk_quad_grid(w->o.points, w->o.limit, out->z, out->weight);
    for (int64_t q = 0; q < w->o.points; q++)
        log_weight[q] = log(fmax(out->weight[q], 1e-300));
    return VRK_OK;
}

static vrk_status set_engine(vrk_ctx *ctx, work *w, const vrk_irt *out)
{
    vrk_irt_engine *e = &w->e;
    e->family = w->o.family;
    e->cells = w->d->items;
    e->points = w->o.points;
    e->dims = 1;
    e->z = out->z;
    e->offset = w->offset;
    e->link_from = w->link_from;
    e->link = w->link;
    e->patterns = w->p.patterns;
    e->weight = w->p.weight;
    e->ans_from = w->p.from;
    e->ans_cell = w->p.cell;
    e->ans = w->p.ans;
    return vrk_irt_engine_set(ctx, e);
}

/* Covariances of natural parameters from those of the free ones. */
static void spread_vcov(const work *w, const double *v, double *out)
{
    const vrk_irt_engine *e = &w->e;
    for (int64_t t = 0; t < e->naturals; t++) {
        for (int64_t s = 0; s < e->naturals; s++) {
            double sum = 0;
            for (int64_t l = e->link_from[s]; l < e->link_from[s + 1]; l++) {
                for (int64_t k = e->link_from[t]; k < e->link_from[t + 1]; k++)
                    sum += e->link[l].by * e->link[k].by *
                           v[e->link[l].param + e->link[k].param * e->params];
            }
            out[s + t * e->naturals] = sum;
        }
    }
}

static vrk_status find_errors(vrk_ctx *ctx, work *w, vrk_irt *out)
{
    vrk_status st = VRK_OK;
    vrk_irt_engine *e = &w->e;
    int64_t p = e->params;
    double *v = VRK_NEW(&ctx->scratch, p * p, double);
    if (!v)
        FAIL(VRK_EMEMORY, "out of memory for %" PRId64 " parameters", p);
    double cost = (double)e->patterns * (double)e->points / 4 * (double)(p * p);
    out->errors = VRK_ERRORS_OBSERVED;
    if (cost < DEAR)
        TRY(vrk_irt_observed(ctx, e, w->xi, v));
    if (cost >= DEAR || !vrk_spd_factor(v, p)) {
        out->errors = VRK_ERRORS_CROSS;
        TRY(vrk_irt_cross(ctx, e, w->xi, v));
        if (!vrk_spd_factor(v, p))
            out->errors = VRK_ERRORS_NONE;
    }
    if (out->errors == VRK_ERRORS_NONE) {
        for (int64_t i = 0; i < p * p; i++)
            v[i] = nan("");
    } else {
        vrk_spd_inverse(v, p);
    }
    spread_vcov(w, v, out->vcov);
done:
    return st;
}

static double variance(const vrk_irt *out, int64_t n, int64_t at, const double *by, int64_t size)
{
    double sum = 0;
    for (int64_t s = 0; s < size; s++) {
        for (int64_t t = 0; t < size; t++)
            sum += by[s] * by[t] * out->vcov[at + s + (at + t) * n];
    }
    return sum;
}

static void report_item(const work *w, int64_t j, vrk_irt *out)
{
    int64_t at = out->first[j], n = out->first[out->items];
    const double *psi = w->e.psi + at;
    bool graded = w->o.family == VRK_IRT_GRADED;
    out->slope[j] = psi[0];
    out->slope_se[j] = out->vcov ? sqrt(out->vcov[at + at * n]) : nan("");
    out->flag[j] = psi[0] < 0 ? VRK_ITEM_REVERSED : VRK_ITEM_USED;
    for (int64_t k = 1; k <= out->steps; k++) {
        int64_t to = j * out->steps + k - 1;
        double by[VRK_IRT_MOST] = {0}, d,
               *all[] = {out->intercept, out->intercept_se, out->step, out->step_se};
        for (int i = 0; i < 4; i++)
            all[i][to] = nan("");
        if (k >= w->e.categories[j])
            continue;
        d = psi[k] - (graded || k == 1 ? 0 : psi[k - 1]);
        out->intercept[to] = psi[k];
        out->step[to] = -d / psi[0];
        if (!out->vcov)
            continue;
        by[0] = d / (psi[0] * psi[0]);
        by[k] = -1 / psi[0];
        if (!graded && k > 1)
            by[k - 1] = 1 / psi[0];
        out->intercept_se[to] = sqrt(out->vcov[at + k + (at + k) * n]);
        out->step_se[to] = sqrt(variance(out, n, at, by, k + 1));
    }
}

static void report(const work *w, const vrk_irt_top *top, vrk_irt *out)
{
    out->family = w->o.family;
    out->params = w->e.params;
    out->points = w->o.points;
    out->persons = w->p.persons;
    out->silent = w->p.silent;
    out->patterns = w->p.patterns;
    out->ll = top->ll;
    out->penalty = top->objective - top->ll;
    out->aic = 2 * (double)out->params - 2 * out->ll;
    out->bic = (double)out->params * log(w->p.persons_weight) - 2 * out->ll;
    out->gradient = top->gradient;
    out->iterations = top->iterations;
    out->evaluations = top->evaluations;
    out->stop = top->stop;
    for (int64_t j = 0; j < out->items; j++)
        report_item(w, j, out);
}

static vrk_irt_opt with_defaults(const vrk_irt_opt *opt)
{
    vrk_irt_opt o = opt ? *opt : (vrk_irt_opt){0};
    o.min_persons = o.min_persons > 0 ? o.min_persons : FEWEST;
    o.points = o.points ? o.points : 61;
    o.limit = o.limit > 0 || o.limit < 0 ? o.limit : 6;
    o.max_iter = o.max_iter > 0 ? o.max_iter : 500;
    o.tol = o.tol > 0 ? o.tol : 1e-9;
    return o;
}

vrk_status vrk_irt_fit(vrk_ctx *ctx, const vrk_answers *answers, const vrk_irt_opt *opt,
                       vrk_irt *out)
{
    vrk_status st = VRK_OK;
    vrk_mark mark = vrk_mark_of(&ctx->scratch);
    vrk_irt_top top;
    work w = {.d = answers, .o = with_defaults(opt)};
    *out = (vrk_irt){.items = answers->items, .mem.limit = ctx->scratch.limit};
    out->categories = VRK_NEW(&out->mem, answers->items > 0 ? answers->items : 1, int32_t);
    if (!out->categories)
        FAIL(VRK_EMEMORY, "out of memory for %" PRId64 " items", answers->items);
    w.e.categories = out->categories;
    TRY(vrk_irt_check(ctx, answers, w.o.known ? w.o.known->known : NULL, out->categories));
    TRY(check(ctx, &w));
    TRY(vrk_irt_merge(ctx, answers, &w.p));
    TRY(enough(ctx, &w));
    TRY(reserve(ctx, &w, out));
    find_shares(&w);
    connect_all(&w);
    spread_steps(&w);
    TRY(set_engine(ctx, &w, out));
    TRY(vrk_irt_climb(ctx, &w.e, w.xi, w.o.max_iter, w.o.tol, &top));
    if (!w.o.no_errors)
        TRY(find_errors(ctx, &w, out));
    vrk_irt_naturals(&w.e, w.xi, w.e.psi);
    report(&w, &top, out);
done:
    vrk_rewind(&ctx->scratch, mark);
    if (st != VRK_OK)
        vrk_irt_free(out);
    return st;
}

void vrk_irt_free(vrk_irt *fit)
{
    vrk_arena_free(&fit->mem);
    *fit = (vrk_irt){0};
}

static void answer_at(const vrk_irt *f, int64_t j, double z, double *lp, double *u)
{
    double psi[VRK_IRT_MOST];
    psi[0] = f->slope[j];
    for (int32_t k = 1; k < f->categories[j]; k++)
        psi[k] = f->intercept[j * f->steps + k - 1];
    vrk_irt_answer(f->family, f->categories[j], psi, z, lp, u);
}

void vrk_irt_probability(const vrk_irt *fit, int64_t j, double z, double *p)
{
    double lp[VRK_IRT_MOST];
    answer_at(fit, j, z, lp, NULL);
    for (int32_t k = 0; k < fit->categories[j]; k++)
        p[k] = exp(lp[k]);
}

/* d log P / dz = a times the sum of d log P / d d_k, each threshold weighing 1 (graded) or k. */
double vrk_irt_information(const vrk_irt *fit, int64_t j, double z)
{
    double lp[VRK_IRT_MOST], u[VRK_IRT_MOST * VRK_IRT_MOST], sum = 0;
    int32_t n = fit->categories[j];
    bool graded = fit->family == VRK_IRT_GRADED && n > 2;
    answer_at(fit, j, z, lp, u);
    for (int32_t k = 0; k < n; k++) {
        double slope = 0;
        for (int32_t t = 1; t < n; t++)
            slope += fit->slope[j] * (graded ? 1 : t) * u[k * n + t];
        sum += exp(lp[k]) * slope * slope;
    }
    return sum;
}
