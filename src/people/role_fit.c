#include "num/special.h"
#include "people/role.h"

#include <math.h>
#include <string.h>

const vrk_validity vrk_validity_sjt = {0.26, 0.12};
const vrk_validity vrk_validity_interview = {0.42, 0.19};

static const double together = 0.5; /* correlation of two competences, assumed */
static const double covered_least = 0.5;
enum { POINTS = 91, SIDE = 21, NODES = SIDE * SIDE };

void vrk_job_fit(const vrk_job *role, const vrk_ability *a, vrk_fit *out)
{
    double sum = 0, square = 0, at = 0, variance = 0;
    *out = (vrk_fit){.at = nan(""), .se = nan("")};
    for (int64_t p = 0; p < a->parts; p++) {
        const vrk_ability_part *part = &a->part[p];
        for (int k = 0; k < role->n && part->told; k++) {
            double w = role->weight[k];
            if (strcmp(role->competency[k], part->instrument->competency) != 0)
                continue;
            out->measured++;
            sum += w;
            square += w * w;
            at += w * part->all.eap;
            variance += w * w * part->all.psd * part->all.psd;
        }
    }
    out->covered = sum;
    if (!(sum >= covered_least))
        return;
    double sd = sqrt(square + together * (sum * sum - square));
    out->at = at / sd;
    out->se = sqrt(variance) / sd;
}

void vrk_job_hear(const vrk_job *role, const vrk_interviews *all, const vrk_interviewed *one,
                  vrk_fit *out)
{
    out->heard_covered = 0;
    for (int64_t c = 0; one && c < all->competences; c++) {
        for (int k = 0; k < role->n && one->asked >> c & 1; k++)
            out->heard_covered +=
                !strcmp(role->competency[k], all->competency[c]) ? role->weight[k] : 0;
    }
    out->heard = one && out->heard_covered >= covered_least && isfinite(one->at);
    out->seen = out->heard ? one->at : 0;
    out->seen_se = out->heard ? one->se : 0;
    out->alike = VRK_VIEWS_ALIKE;
}

bool vrk_fit_told(const vrk_fit *fit)
{
    return isfinite(fit->at) || fit->heard;
}

double vrk_fit_covered(const vrk_fit *fit)
{
    return fit->heard ? fmax(fit->covered, fit->heard_covered) : fit->covered;
}

/* Points of r with their weights, adding up to 1. */
static void points_of(const vrk_validity *v, int n, double *r, double *w)
{
    double all = 0;
    for (int i = 0; i < n; i++) {
        r[i] = 0.9 * i / (n - 1);
        w[i] = v->sd > 0 ? vrk_normal_density((r[i] - v->mean) / v->sd) : 0;
        all += w[i];
    }
    for (int i = 0; i < n; i++)
        w[i] = all > 0 ? w[i] / all : 0;
    if (!(all > 0)) { /* known exactly */
        r[0] = v->mean;
        w[0] = 1;
    }
}

/* What may be true of the validities, each with its weight. */
typedef struct {
    int n;
    double test[NODES], interview[NODES], weight[NODES];
} nodes;

static void nodes_of(const vrk_validity *v, bool heard, nodes *out)
{
    double r[POINTS], w[POINTS], s[POINTS] = {0}, u[POINTS] = {1};
    int points = heard ? SIDE : POINTS, others = heard ? SIDE : 1;
    points_of(v, points, r, w);
    if (heard)
        points_of(&vrk_validity_interview, SIDE, s, u);
    out->n = 0;
    for (int i = 0; i < points; i++) {
        for (int k = 0; k < others; k++) {
            if (w[i] * u[k] > 0) {
                out->test[out->n] = r[i];
                out->interview[out->n] = s[k];
                out->weight[out->n++] = w[i] * u[k];
            }
        }
    }
}

/* The result at one node: its mean, what is left to chance, and what is not known of the person. */
typedef struct {
    double mean, chance, unknown;
} outcome;

static outcome outcome_of(const vrk_fit *fit, const nodes *g, int i)
{
    double a = isfinite(fit->at) ? g->test[i] : 0, b = fit->heard ? g->interview[i] : 0;
    double both = isfinite(fit->at) && fit->heard ? fit->alike : 0, left = 1 - both * both;
    double x = (a - both * b) / left, y = (b - both * a) / left;
    double at = isfinite(fit->at) ? fit->at : 0, se = isfinite(fit->at) ? fit->se : 0;
    return (outcome){x * at + y * fit->seen, fmax(1 - (x * a + y * b), 0.05),
                     x * x * se * se + y * y * fit->seen_se * fit->seen_se};
}

/* P(result <= y). */
static double below(const vrk_fit *fit, const nodes *g, double y)
{
    double p = 0;
    for (int i = 0; i < g->n; i++) {
        outcome o = outcome_of(fit, g, i);
        p += g->weight[i] * vrk_normal_below((y - o.mean) / sqrt(o.chance + o.unknown));
    }
    return p;
}

static double quantile(const vrk_fit *fit, const nodes *g, double p)
{
    double lo = -10, hi = 10;
    for (int i = 0; i < 60; i++) {
        double y = (lo + hi) / 2;
        if (below(fit, g, y) < p)
            lo = y;
        else
            hi = y;
    }
    return (lo + hi) / 2;
}

vrk_prediction vrk_predict(const vrk_fit *fit, const vrk_validity *v)
{
    vrk_prediction out = {nan(""), nan(""), nan(""), nan("")};
    nodes g;
    if (!vrk_fit_told(fit))
        return out;
    nodes_of(v, fit->heard, &g);
    out.mean = 0;
    for (int i = 0; i < g.n; i++)
        out.mean += g.weight[i] * outcome_of(fit, &g, i).mean;
    out.lo = quantile(fit, &g, 0.05);
    out.hi = quantile(fit, &g, 0.95);
    out.upper_half = 1 - below(fit, &g, 0);
    return out;
}

double vrk_better(const vrk_fit *a, const vrk_fit *b, const vrk_validity *v)
{
    double p = 0;
    nodes g;
    if (!vrk_fit_told(a) || !vrk_fit_told(b))
        return nan("");
    nodes_of(v, a->heard || b->heard, &g);
    for (int i = 0; i < g.n; i++) {
        outcome x = outcome_of(a, &g, i), y = outcome_of(b, &g, i);
        double sd = sqrt(x.chance + y.chance + x.unknown + y.unknown);
        p += g.weight[i] * vrk_normal_below((x.mean - y.mean) / sd);
    }
    return p;
}
