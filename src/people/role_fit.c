#include "num/special.h"
#include "people/role.h"

#include <math.h>
#include <string.h>

const vrk_validity vrk_validity_sjt = {0.26, 0.12};

static const double together = 0.5; /* correlation of two competences, assumed */
static const double covered_least = 0.5;
enum { POINTS = 91 };

void vrk_job_fit(const vrk_job *role, const vrk_ability *a, vrk_fit *out)
{
    double sum = 0, square = 0, at = 0, variance = 0;
    *out = (vrk_fit){.at = nan(""), .se = nan("")};
    for (int64_t p = 0; p < a->parts; p++) {
        const vrk_ability_part *part = &a->part[p];
        for (int k = 0; k < VRK_ROLE_ASKS && part->told; k++) {
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

/* Points of r with their weights, adding up to 1. */
static void points_of(const vrk_validity *v, double *r, double *w)
{
    double all = 0;
    for (int i = 0; i < POINTS; i++) {
        r[i] = 0.9 * i / (POINTS - 1);
        w[i] = v->sd > 0 ? vrk_normal_density((r[i] - v->mean) / v->sd) : 0;
        all += w[i];
    }
    for (int i = 0; i < POINTS; i++)
        w[i] = all > 0 ? w[i] / all : 0;
    if (!(all > 0)) { /* known exactly */
        r[0] = v->mean;
        w[0] = 1;
    }
}

/* P(result <= y): the result is r z + sqrt(1 - r^2) e, z ~ N(at, se^2). */
static double below(const vrk_fit *fit, const double *r, const double *w, double y)
{
    double p = 0;
    for (int i = 0; i < POINTS; i++) {
        double sd = sqrt(1 - r[i] * r[i] + r[i] * r[i] * fit->se * fit->se);
        p += w[i] > 0 ? w[i] * vrk_normal_below((y - r[i] * fit->at) / sd) : 0;
    }
    return p;
}

static double quantile(const vrk_fit *fit, const double *r, const double *w, double p)
{
    double lo = -10, hi = 10;
    for (int i = 0; i < 60; i++) {
        double y = (lo + hi) / 2;
        if (below(fit, r, w, y) < p)
            lo = y;
        else
            hi = y;
    }
    return (lo + hi) / 2;
}

vrk_prediction vrk_predict(const vrk_fit *fit, const vrk_validity *v)
{
    vrk_prediction out = {nan(""), nan(""), nan(""), nan("")};
    double r[POINTS], w[POINTS];
    if (!isfinite(fit->at))
        return out;
    points_of(v, r, w);
    out.mean = 0;
    for (int i = 0; i < POINTS; i++)
        out.mean += w[i] * r[i] * fit->at;
    out.lo = quantile(fit, r, w, 0.05);
    out.hi = quantile(fit, r, w, 0.95);
    out.upper_half = 1 - below(fit, r, w, 0);
    return out;
}

double vrk_better(const vrk_fit *a, const vrk_fit *b, const vrk_validity *v)
{
    double r[POINTS], w[POINTS], p = 0;
    if (!isfinite(a->at) || !isfinite(b->at))
        return nan("");
    points_of(v, r, w);
    for (int i = 0; i < POINTS; i++) {
        double spread = a->se * a->se + b->se * b->se;
        double sd = sqrt(2 * (1 - r[i] * r[i]) + r[i] * r[i] * spread);
        p += w[i] > 0 ? w[i] * vrk_normal_below(r[i] * (a->at - b->at) / sd) : 0;
    }
    return p;
}
