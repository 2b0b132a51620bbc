/* How long deals live: rates of five things from silences, by their exact likelihood. */
#include "diag/open_parts.h"

#include "num/optimise.h"

#include <math.h>

const double vrk_open_band_from[VRK_OPEN_BANDS + 1] = {0, 7, 14, 28, 56, 91, 182, 365, 100000};

enum { DEATH, CONTACT, MOVE, LOST, CLEANING, RATES };
#define KIND_SD 0.7 /* of a kind's log rates about those of all kinds */
#define ALL_SD 1.5  /* of the log rates of all kinds about what is plausible */

/* Dead w days after it was heard of, still open: death * g with
 * g = (exp(-cleaning w) - exp(-q w)) / (q - cleaning); derivatives of g by q and by cleaning. */
static double dead(double q, double cleaning, double w, double *by_q, double *by_cleaning)
{
    double a = exp(-cleaning * w), b = exp(-q * w), d = q - cleaning;
    if (fabs(d) * w < 1e-3) {
        double middle = exp(-0.5 * (q + cleaning) * w);
        *by_q = *by_cleaning = -0.5 * w * w * middle;
        return w * middle;
    }
    double g = (a - b) / d;
    *by_q = (w * b - g) / d;
    *by_cleaning = (g - w * a) / d;
    return g;
}

/* Adds log(lead e^{-qw} + follow death g(w)) for a silence that ended otherwise than by a sign or a
 * move: lost (lead the rate of loss, follow that of cleaning) or still open (both 1). */
static double add_end(const double *r, double q, double w, bool lost, double n, double *slope)
{
    double gq, gk, g = dead(q, r[CLEANING], w, &gq, &gk), e = exp(-q * w);
    double lead = lost ? r[LOST] : 1, follow = lost ? r[CLEANING] : 1;
    double p = lead * e + follow * r[DEATH] * g + 1e-300;
    double by_q = -w * lead * e + follow * r[DEATH] * gq;
    double by[RATES] = {by_q + follow * g, by_q, by_q, by_q + (lost ? e : 0),
                        follow * r[DEATH] * gk + (lost ? r[DEATH] * g : 0)};
    for (int k = 0; k < RATES; k++)
        slope[k] += n * by[k] / p * r[k];
    return n * log(p);
}

double vrk_open_life_ll(int64_t n, const vrk_silence *row, const double *log_rate, double *gradient)
{
    double r[RATES], ll = 0, q = 0;
    for (int k = 0; k < RATES; k++) {
        r[k] = exp(log_rate[k]);
        gradient[k] = 0;
        q += k == CLEANING ? 0 : r[k];
    }
    for (int64_t i = 0; i < n; i++) {
        const vrk_silence *s = &row[i];
        double t = s->total / s->n;
        int own = s->ended == VRK_SILENCE_SIGN ? CONTACT : MOVE;
        if (s->ended == VRK_SILENCE_LOST || s->ended == VRK_SILENCE_OPEN) {
            ll += add_end(r, q, t, s->ended == VRK_SILENCE_LOST, s->n, gradient);
            continue;
        }
        ll += s->n * (log_rate[own] - q * t);
        gradient[own] += s->n;
        for (int k = 0; k < CLEANING; k++)
            gradient[k] -= s->total * r[k];
    }
    return ll;
}

typedef struct {
    int64_t n;
    const vrk_silence *row;
    const double *centre;
    double sd;
} target;

static vrk_status objective(vrk_ctx *ctx, const double *x, double *f, double *g, void *arg)
{
    const target *t = arg;
    (void)ctx;
    *f = -vrk_open_life_ll(t->n, t->row, x, g);
    for (int k = 0; k < RATES; k++) {
        double z = (x[k] - t->centre[k]) / t->sd;
        *f += 0.5 * z * z;
        g[k] = -g[k] + z / t->sd;
    }
    return VRK_OK;
}

static vrk_status fit(vrk_ctx *ctx, target *t, double *x)
{
    vrk_minimum end;
    for (int k = 0; k < RATES; k++)
        x[k] = t->centre[k];
    return vrk_minimise(ctx, RATES, objective, t, &(vrk_minimise_opt){.max_step = 1}, x, NULL,
                        &end);
}

/* Silences of one kind that ended alike after as many days are one row: the age does not matter. */
static int64_t fold(const vrk_silence *row, int64_t n, int64_t stage, int64_t level,
                    vrk_silence *out, int64_t most)
{
    int64_t m = 0;
    for (int64_t i = 0; i < most * VRK_SILENCE_ENDS; i++)
        out[i] = (vrk_silence){.ended = i % VRK_SILENCE_ENDS};
    for (int64_t i = 0; i < n; i++) {
        if (stage >= 0 && (row[i].stage != stage || row[i].level != level))
            continue;
        int64_t day = row[i].days < (double)most ? (int64_t)row[i].days : most - 1;
        vrk_silence *to = &out[day * VRK_SILENCE_ENDS + row[i].ended];
        to->n += row[i].n;
        to->total += row[i].total;
    }
    for (int64_t i = 0; i < most * VRK_SILENCE_ENDS; i++) {
        if (out[i].n > 0)
            out[m++] = out[i];
    }
    return m;
}

int vrk_open_band(double age)
{
    int k = 0;
    while (k < VRK_OPEN_BANDS - 1 && age >= vrk_open_band_from[k + 1])
        k++;
    return k;
}

/* Day by day through every silence: how likely was it alive, given what was known then? */
static void share_alive(const vrk_silence *row, int64_t n, int64_t levels, vrk_open_life *life,
                        double *time)
{
    for (int64_t i = 0; i < n; i++) {
        vrk_open_life *x = &life[row[i].stage * levels + row[i].level];
        double *at = time + (row[i].stage * levels + row[i].level) * VRK_OPEN_BANDS;
        for (double day = 0; day < row[i].days; day++) {
            int k = vrk_open_band(row[i].age + day);
            at[k] += row[i].n;
            x->alive[k] += row[i].n * vrk_alive(&x->life, day + 0.5, NULL);
        }
    }
}

vrk_status vrk_open_life_fit(vrk_ctx *ctx, int64_t n, const vrk_silence *row, int64_t stages,
                             int64_t levels, vrk_open_life *out)
{
    enum { DAYS_MOST = 400 };
    static const double plausible[RATES] = {-5.3, -2, -3.5, -4.5, -4.5};
    vrk_status st = VRK_OK;
    vrk_mark mark = vrk_mark_of(&ctx->scratch);
    vrk_silence *part = VRK_NEW(&ctx->scratch, (int64_t)DAYS_MOST * VRK_SILENCE_ENDS, vrk_silence);
    double *time = VRK_NEW(&ctx->scratch, stages * levels * VRK_OPEN_BANDS, double);
    double all[RATES], own[RATES];

    if (ctx->scratch.failed)
        FAIL(VRK_EMEMORY, "out of memory for how long deals live");
    target t = {fold(row, n, -1, -1, part, DAYS_MOST), part, plausible, ALL_SD};
    TRY(fit(ctx, &t, all));
    for (int64_t i = 0; i < stages * levels; i++) {
        target kind = {fold(row, n, i / levels, i % levels, part, DAYS_MOST), part, all, KIND_SD};
        TRY(fit(ctx, &kind, own));
        out[i] = (vrk_open_life){.life = {.death = exp(own[DEATH]),
                                          .contact = exp(own[CONTACT]),
                                          .exit = exp(own[MOVE]) + exp(own[LOST]),
                                          .cleaning = exp(own[CLEANING])},
                                 .move = exp(own[MOVE]),
                                 .lost = exp(own[LOST])};
        for (int64_t k = 0; k < kind.n; k++)
            out[i].silences += part[k].n;
    }
    share_alive(row, n, levels, out, time);
    for (int64_t i = 0; i < stages * levels * VRK_OPEN_BANDS; i++) {
        double *x = &out[i / VRK_OPEN_BANDS].alive[i % VRK_OPEN_BANDS];
        *x = time[i] > 0 ? *x / time[i] : 1;
    }
done:
    vrk_rewind(&ctx->scratch, mark);
    return st;
}
