#include "stat/crisk.h"

#include <inttypes.h>
#include <math.h>
#include <string.h>

vrk_status vrk_crisk_fit(vrk_ctx *ctx, const vrk_crisk_data *d, const vrk_poisson_opt *opt,
                         vrk_crisk *out)
{
    vrk_status st = VRK_OK;
    char why[sizeof(ctx->message)];
    int64_t p = d->p, q = p * d->ends;
    *out = (vrk_crisk){.p = p, .mem.limit = ctx->scratch.limit};
    if (d->n < 1 || p < 1 || d->ends < 1)
        FAIL(VRK_EINPUT, "%" PRId64 " cells of %" PRId64 " columns, %d ends", d->n, p, d->ends);
    out->end = VRK_NEW(&out->mem, d->ends, vrk_poisson);
    out->beta = VRK_NEW(&out->mem, q, double);
    out->vcov = VRK_NEW(&out->mem, q * q, double);
    if (out->mem.failed)
        FAIL(VRK_EMEMORY, "out of memory for %d ends of %" PRId64 " columns", d->ends, p);
    for (int32_t c = 0; c < d->ends; c++) {
        vrk_cells cells = {.n = d->n,
                           .p = p,
                           .x = d->x,
                           .events = d->events + c * d->n,
                           .exposure = d->exposure,
                           .weight = d->weight};
        vrk_poisson *f = &out->end[c];
        st = vrk_poisson_fit(ctx, &cells, opt, f);
        if (st != VRK_OK) {
            memcpy(why, ctx->message, sizeof(why));
            FAIL(st, "end %d: %.900s", c, why);
        }
        out->ends = c + 1;
        memcpy(out->beta + c * p, f->beta, (size_t)p * sizeof(double));
        for (int64_t i = 0; i < p * p; i++)
            out->vcov[i % p + c * p + (i / p + c * p) * q] = f->vcov[i];
    }
done:
    if (st != VRK_OK)
        vrk_crisk_free(out);
    return st;
}

void vrk_crisk_free(vrk_crisk *fit)
{
    for (int32_t c = 0; c < fit->ends; c++)
        vrk_poisson_free(&fit->end[c]);
    vrk_arena_free(&fit->mem);
    *fit = (vrk_crisk){0};
}

/* Where the course stands: chances so far and their slopes by all betas. */
typedef struct {
    const vrk_rates *r;
    double *met;    /* [ends] */
    double *by;     /* [q] d log stay / d beta */
    double *met_by; /* [q x ends] d met / d beta */
    double *events; /* [ends] rate times length */
} walk;

/* (1 - exp(-l)) / l and its derivative. */
static void share(double l, double *g, double *slope)
{
    *g = l > 0 ? -expm1(-l) / l : 1;
    *slope = l < 1e-3 ? -.5 + l / 3 - l * l / 8 : (exp(-l) * (1 + l) - 1) / (l * l);
}

/* One interval: end c takes stay e_c g, with e_c its rate times the length, g = share(sum e). */
static void go(const walk *w, double *stay, const vrk_course *course, int64_t j)
{
    int64_t p = w->r->p, ends = w->r->ends, q = p * ends;
    double all = 0, g, slope;
    for (int64_t c = 0; c < ends; c++) {
        double eta = 0;
        for (int64_t k = 0; k < p; k++)
            eta += course->x[j + k * course->m] * w->r->beta[k + c * p];
        all += w->events[c] = exp(eta) * course->length[j];
    }
    share(all, &g, &slope);
    for (int64_t c = 0; c < ends; c++) {
        double e = w->events[c], takes = *stay * e * g;
        for (int64_t i = 0; i < q; i++) {
            double x = course->x[j + i % p * course->m];
            double own = (i / p == c ? e * g : 0) + e * w->events[i / p] * slope;
            w->met_by[i + c * q] += takes * w->by[i] + *stay * own * x;
        }
        w->met[c] += takes;
    }
    for (int64_t i = 0; i < q; i++)
        w->by[i] -= w->events[i / p] * course->x[j + i % p * course->m];
    *stay *= exp(-all);
}

static double error(const double *by, const double *vcov, int64_t q)
{
    double var = 0;
    for (int64_t i = 0; i < q; i++) {
        double sum = 0;
        for (int64_t k = 0; by[i] != 0 && k < q; k++)
            sum += vcov[k + i * q] * by[k];
        var += by[i] * sum;
    }
    return sqrt(fmax(var, 0));
}

static vrk_status check(vrk_ctx *ctx, const vrk_rates *r, const vrk_course *course)
{
    if (course->m < 1 || r->p < 1 || r->ends < 1)
        return vrk_fail(ctx, VRK_EINPUT, "%" PRId64 " intervals, %d ends", course->m, r->ends);
    for (int64_t j = 0; j < course->m; j++) {
        if (!isfinite(course->length[j]) || course->length[j] <= 0)
            return vrk_fail(ctx, VRK_EINPUT, "interval %" PRId64 " has a length of %g", j,
                            course->length[j]);
        for (int64_t k = 0; k < r->p; k++) {
            if (!isfinite(course->x[j + k * course->m]))
                return vrk_fail(ctx, VRK_EINPUT, "interval %" PRId64 ": column %" PRId64 " is %g",
                                j, k, course->x[j + k * course->m]);
        }
    }
    return VRK_OK;
}

vrk_status vrk_crisk_chances(vrk_ctx *ctx, const vrk_rates *r, const vrk_course *course,
                             vrk_chances *out)
{
    vrk_status st = VRK_OK;
    vrk_mark mark = vrk_mark_of(&ctx->scratch);
    int64_t m = course->m, q = r->p * r->ends;
    double stay = 1;
    walk w = {.r = r};
    *out = (vrk_chances){.m = m, .ends = r->ends, .mem.limit = ctx->scratch.limit};
    TRY(check(ctx, r, course));
    w.met = VRK_NEW(&ctx->scratch, r->ends, double);
    w.by = VRK_NEW(&ctx->scratch, q, double);
    w.met_by = VRK_NEW(&ctx->scratch, q * r->ends, double);
    w.events = VRK_NEW(&ctx->scratch, r->ends, double);
    out->stay = VRK_NEW(&out->mem, m, double);
    out->stay_se = VRK_NEW(&out->mem, m, double);
    out->met = VRK_NEW(&out->mem, m * r->ends, double);
    out->met_se = VRK_NEW(&out->mem, m * r->ends, double);
    if (ctx->scratch.failed || out->mem.failed)
        FAIL(VRK_EMEMORY, "out of memory for %" PRId64 " intervals", m);
    for (int64_t j = 0; j < m; j++) {
        go(&w, &stay, course, j);
        out->stay[j] = stay;
        out->stay_se[j] = stay * error(w.by, r->vcov, q);
        for (int64_t c = 0; c < r->ends; c++) {
            out->met[j + c * m] = w.met[c];
            out->met_se[j + c * m] = error(w.met_by + c * q, r->vcov, q);
        }
    }
done:
    vrk_rewind(&ctx->scratch, mark);
    if (st != VRK_OK)
        vrk_chances_free(out);
    return st;
}

void vrk_chances_free(vrk_chances *c)
{
    vrk_arena_free(&c->mem);
    *c = (vrk_chances){0};
}
