#include "sim/verdict.h"

#include "sim/team.h"

#include <math.h>
#include <stdlib.h>

const char *const vrk_verdict_name[VRK_VERDICTS] = {"fine",     "competence", "execution",
                                                    "pressure", "process",    "market"};

static int by_size(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

double vrk_median(double *x, int64_t n)
{
    qsort(x, (size_t)n, sizeof(*x), by_size);
    return n % 2 ? x[n / 2] : (x[n / 2 - 1] + x[n / 2]) / 2;
}

/* The seller's own 80th percentile of load over the weeks that are occasions; x [weeks] is room. */
static double load_80(const vrk_world *w, int64_t s, double *x)
{
    int64_t n = 0;
    for (int64_t week = 0; week < w->weeks; week++) {
        if (__builtin_popcount(w->days[s * w->all_weeks + week]) >= 3)
            x[n++] = vrk_world_load(w, s, week);
    }
    qsort(x, (size_t)n, sizeof(*x), by_size);
    return n > 0 ? x[(int64_t)(0.8 * (double)(n - 1))] : 0;
}

/* Raw values, not yet against anybody. */
static void look(const vrk_world *w, int64_t s, int m, vrk_level *v)
{
    const vrk_person *who = &w->person[s];
    const vrk_trait *t = &who->at[m];
    int64_t last = who->left < w->weeks ? who->left : w->weeks, n = last - who->hired, after = 0;
    double market = 0;

    for (int64_t week = who->hired; week < last; week++) {
        after += t->from >= 0 && week >= t->from;
        for (int k = 0; k < VRK_SEGMENTS; k++)
            market += who->share[k] * vrk_world_market(w, (vrk_moment)m, week, k);
    }
    double share = n > 0 ? (double)after / (double)n : 0;
    v->e = t->e + share * t->step_e;
    v->p = t->p;
    v->q_simple = t->q + share * t->step_q;
    v->q_complex = v->q_simple + t->q_complex;
    v->q = v->q_simple + VRK_COMPLEX_SHARE * t->q_complex;
    v->team_e = w->team[who->team].e[m];
    v->team_q = w->team[who->team].q[m];
    v->market_q = n > 0 ? market / (double)n : 0;
}

/* Takes the organisation's median off one field of all sellers at moment m; x [sellers] is room. */
static void centre(const vrk_world *w, vrk_level *level, int m, size_t field, double *x)
{
#define AT(s) (*(double *)((char *)&level[(s)*VRK_MOMENTS + m] + field))
    for (int64_t s = 0; s < w->sellers; s++)
        x[s] = AT(s);
    double median = vrk_median(x, w->sellers);
    for (int64_t s = 0; s < w->sellers; s++)
        AT(s) -= median;
#undef AT
}

/* What comes of an occasion: success weighted by doing it. */
static double result(const vrk_world *w, int m, double e, double q)
{
    double done = vrk_logistic(w->plan.e0[m] + e), odds = w->plan.q0[m] + q;
    double success = m == VRK_PROSPECTING ? exp(odds) : vrk_logistic(odds);
    return done * success + (1 - done) * w->plan.undone[m];
}

static vrk_verdict judge(const vrk_world *w, int m, const vrk_level *v, double q)
{
    double e_all = v->e + v->team_e, q_all = q + v->team_q + v->market_q;
    double pressed = e_all + v->p * v->load_80;
    bool e_short = e_all <= -VRK_DELTA, q_short = q_all <= -VRK_DELTA;

    if (e_short && q_short) { /* the one that costs more */
        double now = result(w, m, e_all, q_all);
        if (result(w, m, 0, q_all) - now >= result(w, m, e_all, 0) - now)
            q_short = false;
        else
            e_short = false;
    }
    if (q_short)
        return v->team_q <= q_all / 2     ? VRK_PROCESS
               : v->market_q <= q_all / 2 ? VRK_MARKET
                                          : VRK_COMPETENCE;
    if (e_short)
        return v->team_e <= e_all / 2 ? VRK_PROCESS : VRK_EXECUTION;
    if (pressed <= -VRK_DELTA)
        return v->team_e <= pressed / 2 ? VRK_PROCESS : VRK_PRESSURE;
    return VRK_FINE;
}

vrk_status vrk_levels(vrk_ctx *ctx, const vrk_world *w, vrk_level *level)
{
    static const size_t field[] = {offsetof(vrk_level, e),         offsetof(vrk_level, p),
                                   offsetof(vrk_level, q),         offsetof(vrk_level, q_simple),
                                   offsetof(vrk_level, q_complex), offsetof(vrk_level, team_e),
                                   offsetof(vrk_level, team_q),    offsetof(vrk_level, market_q)};
    vrk_mark mark = vrk_mark_of(&ctx->scratch);
    double *x = VRK_NEW(&ctx->scratch, w->sellers > w->weeks ? w->sellers : w->weeks, double);
    if (!x)
        return vrk_fail(ctx, VRK_EMEMORY, "out of memory for %lld sellers", (long long)w->sellers);
    for (int64_t s = 0; s < w->sellers; s++) {
        double high = load_80(w, s, x);
        for (int m = 0; m < VRK_MOMENTS; m++) {
            look(w, s, m, &level[s * VRK_MOMENTS + m]);
            level[s * VRK_MOMENTS + m].load_80 = high;
        }
    }
    for (int m = 0; m < VRK_MOMENTS; m++) {
        for (size_t f = 0; f < sizeof(field) / sizeof(*field); f++)
            centre(w, level, m, field[f], x);
    }
    for (int64_t i = 0; i < w->sellers * VRK_MOMENTS; i++) {
        vrk_level *v = &level[i];
        int m = (int)(i % VRK_MOMENTS);
        v->verdict = judge(w, m, v, v->q);
        v->simple = judge(w, m, v, v->q_simple);
        v->complex = judge(w, m, v, v->q_complex);
    }
    vrk_rewind(&ctx->scratch, mark);
    return VRK_OK;
}
