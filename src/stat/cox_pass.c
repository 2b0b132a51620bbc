#include "stat/cox_parts.h"

#include <math.h>
#include <string.h>

/* Where the pass stands. */
typedef struct {
    const cox_rows *r;
    const cox_room *room;
    cox_pass *out;
    vrk_ties ties;
    bool two;       /* sums with what rounding lost: someone leaves them again */
    int64_t inside; /* rows at risk */
    double hazard;  /* of the times passed in this stratum */
    double *drift;  /* [p] */
} pass;

cox_tie vrk_cox_tie_of(double d, double weight, double risk, double dead, vrk_ties ties)
{
    cox_tie t = {.d = d, .mean = weight / d};
    if (ties == VRK_BRESLOW || d <= 1) {
        t.log = d * log(risk);
        t.a = d / risk;
        t.aa = d / risk / risk;
        return t;
    }
    double part = 1; /* a product, so that few logs are taken */
    for (double q = 0; q < d; q++) {
        double c = q / d, left = 1 - c * (dead / risk), a = 1 / (left * risk);
        part *= left;
        if (part < 1e-200) {
            t.log += log(part);
            part = 1;
        }
        t.a += a;
        t.ca += c * a;
        t.aa += a * a;
        t.caa += c * a * a;
        t.ccaa += c * c * a * a;
    }
    t.log += log(part) + d * log(risk);
    return t;
}

/* w (1, x, xx') to sums. */
static void add_row(double *sum, double *low, const double *x, int64_t p, double w)
{
    if (low) {
        vrk_add_exactly(sum++, low++, w);
        for (int64_t j = 0; j < p; j++)
            vrk_add_exactly(sum++, low++, w * x[j]);
        for (int64_t j = 0; j < p; j++) {
            for (int64_t k = 0; k <= j; k++)
                vrk_add_exactly(sum++, low++, w * x[j] * x[k]);
        }
        return;
    }
    *sum++ += w;
    for (int64_t j = 0; j < p; j++)
        *sum++ += w * x[j];
    for (int64_t j = 0; j < p; j++) {
        double wx = w * x[j];
        for (int64_t k = 0; k <= j; k++)
            *sum++ += wx * x[k];
    }
}

static double weight_of(const pass *s, int64_t i)
{
    return s->r->weight[i] * exp(s->room->eta[i]);
}

/* What a row has met so far of hazard, to its residual: sign 1 when it comes in, -1 when it goes.
 */
static void meet(const pass *s, int64_t i, double sign)
{
    int64_t p = s->r->p;
    double *to = s->out->residual + i * p, share = sign * exp(s->room->eta[i]);
    for (int64_t j = 0; j < p; j++)
        to[j] += share * (s->r->x[j + i * p] * s->hazard - s->drift[j]);
}

static void forget(const pass *s)
{
    size_t m = (size_t)(1 + s->r->p + s->r->p * (s->r->p + 1) / 2);
    memset(s->room->risk, 0, m * sizeof(double));
    memset(s->room->low, 0, m * sizeof(double));
}

static void leave(pass *s, int64_t i)
{
    add_row(s->room->risk, s->room->low, s->r->x + i * s->r->p, s->r->p, -weight_of(s, i));
    if (s->out->residual)
        meet(s, i, -1);
    if (--s->inside == 0)
        forget(s);
}

/* Log-likelihood, gradient and information of the events at one time. S1, D1 begin at [1]; S2, D2
 * at [1+p]. */
static void tell(const pass *s, const cox_tie *t, const double *sum, const double *dead)
{
    int64_t p = s->r->p, at = 1 + p;
    const double *s1 = sum + 1, *d1 = dead + 1;
    s->out->ll -= t->mean * t->log;
    for (int64_t j = 0; j < p; j++) {
        s->out->gradient[j] += s->room->first[j] - t->mean * (s1[j] * t->a - d1[j] * t->ca);
        for (int64_t k = 0; k <= j; k++, at++) {
            double whole = sum[at] * t->a - dead[at] * t->ca;
            double means = s1[j] * s1[k] * t->aa - (s1[j] * d1[k] + d1[j] * s1[k]) * t->caa +
                           d1[j] * d1[k] * t->ccaa;
            s->out->info[j + k * p] += t->mean * (whole - means);
            if (j == k)
                s->out->moment[j] += t->mean * whole;
        }
    }
}

/* The events' own part of the residuals: x less the mean, and by Efron the share of the hazard that
 * those with the event do not meet. Rows first ... end-1. */
static void residuals_at(const pass *s, const cox_tie *t, int64_t first, int64_t end,
                         const double *sum, const double *dead)
{
    int64_t p = s->r->p;
    const double *s1 = sum + 1, *d1 = dead + 1;
    for (int64_t i = first; i < end; i++) {
        if (!s->r->event[i])
            continue;
        double risk = exp(s->room->eta[i]);
        for (int64_t j = 0; j < p; j++) {
            double x = s->r->x[j + i * p];
            s->out->residual[j + i * p] +=
                x - (s1[j] * t->a - d1[j] * t->ca) / t->d +
                risk * t->mean * (x * t->ca - (s1[j] * t->caa - d1[j] * t->ccaa));
        }
    }
}

/* Everything at a time with events; rows first ... end-1 end there. */
static void at_time(pass *s, int64_t first, int64_t end)
{
    int64_t p = s->r->p, m = 1 + p + p * (p + 1) / 2;
    double d = 0, weight = 0, *sum = s->room->risk, *dead = s->room->dead;
    memset(dead, 0, (size_t)m * sizeof(double));
    memset(s->room->first, 0, (size_t)p * sizeof(double));
    for (int64_t i = first; i < end; i++) {
        if (!s->r->event[i])
            continue;
        const double *x = s->r->x + i * p;
        d += s->r->count[i];
        weight += s->r->weight[i];
        s->out->ll += s->r->weight[i] * s->room->eta[i];
        for (int64_t j = 0; j < p; j++)
            s->room->first[j] += s->r->weight[i] * x[j];
        add_row(dead, NULL, x, p, weight_of(s, i));
    }
    if (d <= 0)
        return;
    for (int64_t j = 0; s->two && j < m; j++) { /* carry over what was lost */
        double whole = sum[j] + s->room->low[j];
        s->room->low[j] -= whole - sum[j];
        sum[j] = whole;
    }
    cox_tie t = vrk_cox_tie_of(d, weight, sum[0], dead[0], s->ties);
    tell(s, &t, sum, dead);
    if (s->out->residual)
        residuals_at(s, &t, first, end, sum, dead);
    if (s->out->times) {
        int64_t at = (*s->out->times)++;
        s->out->at[at] =
            (cox_time){s->r->exit[first], t.mean * t.a, t.mean * t.aa, s->r->stratum[first]};
        s->hazard += t.mean * t.a;
        for (int64_t j = 0; j < p; j++) {
            s->out->drift[j + at * p] = t.mean * (sum[1 + j] * t.aa - dead[1 + j] * t.caa);
            s->drift[j] += s->out->drift[j + at * p];
        }
    }
}

/* Rows first ... end-1 are one stratum; `late` their order by entry. */
static void stratum(pass *s, int64_t first, int64_t end)
{
    const cox_rows *r = s->r;
    const int64_t *late = r->by_entry;
    int64_t gone = first;
    s->inside = 0;
    s->hazard = 0;
    forget(s);
    memset(s->drift, 0, (size_t)r->p * sizeof(double));
    for (int64_t i = first, next; i < end; i = next) {
        double t = r->exit[i];
        for (next = i; next < end && r->exit[next] >= t; next++) {
            add_row(s->room->risk, s->two ? s->room->low : NULL, r->x + next * r->p, r->p,
                    weight_of(s, next));
            s->inside++;
            if (s->out->residual)
                meet(s, next, 1);
        }
        for (; late && gone < end && r->entry[late[gone]] >= t; gone++)
            leave(s, late[gone]);
        at_time(s, i, next);
    }
    if (!s->out->residual)
        return;
    for (int64_t i = gone; i < end; i++)
        meet(s, late ? late[i] : i, -1);
}

vrk_status vrk_cox_room_of(vrk_ctx *ctx, const cox_rows *r, cox_room *out)
{
    int64_t p = r->p, m = 1 + p + p * (p + 1) / 2;
    out->risk = VRK_NEW(&ctx->scratch, m, double);
    out->low = VRK_NEW(&ctx->scratch, m, double);
    out->dead = VRK_NEW(&ctx->scratch, m, double);
    out->first = VRK_NEW(&ctx->scratch, p, double);
    out->drift = VRK_NEW(&ctx->scratch, p, double);
    out->eta = VRK_NEW(&ctx->scratch, r->n, double);
    if (ctx->scratch.failed)
        return vrk_fail(ctx, VRK_EMEMORY, "out of memory for sums");
    return VRK_OK;
}

void vrk_cox_run(const cox_rows *r, const cox_room *room, vrk_ties ties, const double *beta,
                 cox_pass *out)
{
    int64_t p = r->p;
    pass s = {.r = r,
              .room = room,
              .out = out,
              .ties = ties,
              .two = r->by_entry != NULL,
              .drift = room->drift};
    out->ll = 0;
    memset(out->gradient, 0, (size_t)p * sizeof(double));
    memset(out->moment, 0, (size_t)p * sizeof(double));
    memset(out->info, 0, (size_t)(p * p) * sizeof(double));
    for (int64_t i = 0; i < r->n; i++) {
        double eta = r->offset[i];
        for (int64_t j = 0; j < p; j++)
            eta += r->x[j + i * p] * beta[j];
        room->eta[i] = eta;
    }
    for (int64_t first = 0, end; first < r->n; first = end) {
        for (end = first; end < r->n && r->stratum[end] == r->stratum[first];)
            end++;
        stratum(&s, first, end);
    }
}
