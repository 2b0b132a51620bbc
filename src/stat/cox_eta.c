#include "stat/cox_parts.h"

#include <math.h>
#include <string.h>

/* Where the pass over a stratum stands: sums of w exp(eta) (1, way) over those at risk, and over
 * those with the event now; what the times passed had of hazard, and of the mean way by it. */
typedef struct {
    const cox_rows *r;
    vrk_ties ties;
    const double *eta, *way;
    double *g, *met, *turned;
    double risk, risk_low, along, along_low;
    double hazard, drift, ll;
    int64_t inside;
} pass;

static double way_of(const pass *s, int64_t i)
{
    return s->way ? s->way[i] : 0;
}

static void forget(pass *s)
{
    s->risk = s->risk_low = s->along = s->along_low = 0;
}

/* Comes in (sign 1) or goes out (-1): what it meets is what passes in between. */
static void move(pass *s, int64_t i, double sign)
{
    double w = sign * s->r->weight[i] * exp(s->eta[i]), way = way_of(s, i);
    vrk_add_exactly(&s->risk, &s->risk_low, w);
    vrk_add_exactly(&s->along, &s->along_low, w * way);
    s->met[i] -= w * s->hazard;
    if (s->way)
        s->turned[i] -= w * (way * s->hazard - s->drift);
    s->inside += sign > 0 ? 1 : -1;
    if (s->inside == 0)
        forget(s);
}

/* Rows first ... end-1 end at one time. */
static void at_time(pass *s, int64_t first, int64_t end)
{
    const cox_rows *r = s->r;
    double d = 0, weight = 0, dead = 0, dead_along = 0;
    for (int64_t i = first; i < end; i++) {
        if (!r->event[i])
            continue;
        double w = r->weight[i] * exp(s->eta[i]);
        d += r->count[i];
        weight += r->weight[i];
        s->ll += r->weight[i] * s->eta[i];
        dead += w;
        dead_along += w * way_of(s, i);
    }
    if (d <= 0)
        return;
    cox_tie t = vrk_cox_tie_of(d, weight, s->risk + s->risk_low, dead, s->ties);
    double along = s->along + s->along_low;
    s->ll -= t.mean * t.log;
    s->hazard += t.mean * t.a;
    s->drift += t.mean * (along * t.aa - dead_along * t.caa);
    for (int64_t i = first; i < end; i++) { /* Efron: those with the event meet less */
        if (!r->event[i])
            continue;
        double w = r->weight[i] * exp(s->eta[i]);
        s->met[i] -= w * t.mean * t.ca;
        if (s->way)
            s->turned[i] -=
                w * t.mean * (way_of(s, i) * t.ca - (along * t.caa - dead_along * t.ccaa));
    }
}

static void stratum(pass *s, int64_t first, int64_t end)
{
    const cox_rows *r = s->r;
    const int64_t *late = r->by_entry;
    int64_t gone = first;
    s->inside = 0;
    s->hazard = s->drift = 0;
    forget(s);
    for (int64_t i = first, next; i < end; i = next) {
        double t = r->exit[i];
        for (next = i; next < end && r->exit[next] >= t; next++)
            move(s, next, 1);
        for (; late && gone < end && r->entry[late[gone]] >= t; gone++)
            move(s, late[gone], -1);
        at_time(s, i, next);
    }
    for (int64_t i = gone; i < end; i++)
        move(s, late ? late[i] : i, -1);
}

double vrk_cox_of_eta(const cox_rows *r, vrk_ties ties, const double *eta, const double *way,
                      double *g, double *met, double *turned)
{
    pass s = {.r = r, .ties = ties, .eta = eta, .way = way, .g = g, .met = met, .turned = turned};
    memset(met, 0, (size_t)r->n * sizeof(double));
    if (way)
        memset(turned, 0, (size_t)r->n * sizeof(double));
    for (int64_t first = 0, end; first < r->n; first = end) {
        for (end = first; end < r->n && r->stratum[end] == r->stratum[first];)
            end++;
        stratum(&s, first, end);
    }
    for (int64_t i = 0; i < r->n; i++)
        g[i] = (r->event[i] ? r->weight[i] : 0) - met[i];
    return s.ll;
}
