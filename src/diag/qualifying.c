#include "diag/half.h"

#include <math.h>

/* Qualification succeeds when what cannot be won is stopped, and what can be won is not. Which
 * deals can be won nobody sees: each is of one kind or the other, and its end tells which is
 * likelier. Per qualified deal, with fit f:
 *
 *   P(stopped | no fit) = L(Q)              P(stopped | fit) = L(STRICT - Q MISTAKE)
 *   P(won | went on, fit) = W of the seller P(won | went on, no fit) = w, small
 *
 * W differs between sellers by what they do at later moments, so it is integrated over: a fault
 * there must not be reported here. */

#define FIT 0.5       /* share of deals that can be won; half: nothing tells better */
#define STRICT (-2.8) /* log odds of stopping a deal that can be won, at Q = 0 */
#define MISTAKE 0.3   /* who stops more of the one kind stops less of the other */
#define WON_NO_FIT 0.12
#define LATER_SPREAD 0.4 /* between sellers, of what follows [log odds] */
enum { LATER = 9 };

/* A seller's qualified deals of one complexity. */
typedef struct {
    double deals, stopped, won, lost;
} fates;

static double logistic(double x)
{
    return 1 / (1 + exp(-x));
}

static double stop_share(double q)
{
    return FIT * logistic(STRICT - MISTAKE * q) + (1 - FIT) * logistic(q);
}

/* The log odds at which the organisation's share of stopped deals comes out. */
static double solve_base(double share)
{
    double low = -6, high = 6;
    for (int i = 0; i < 60; i++) {
        double middle = (low + high) / 2;
        *(stop_share(middle) < share ? &low : &high) = middle;
    }
    return (low + high) / 2;
}

/* The fit deals' odds of being won that give the organisation's share of won among those that went
 * on. */
static double solve_won(double base, double won)
{
    double gone = 1 - stop_share(base);
    double fit = FIT * (1 - logistic(STRICT - MISTAKE * base)) / gone;
    double share = fmin(fmax((won - (1 - fit) * WON_NO_FIT) / fit, 0.05), 0.95);
    return log(share / (1 - share));
}

static double log_likelihood(const fates *f, double q, double won_fit)
{
    double stopped = stop_share(q), sum = 0;
    double fit = FIT * (1 - logistic(STRICT - MISTAKE * q)) / (1 - stopped);
    double ll = f->stopped * log(stopped) + (f->deals - f->stopped) * log1p(-stopped), weights = 0;
    for (int k = 0; k < LATER && f->won + f->lost > 0; k++) {
        double z = 0.5 * (k - LATER / 2), weight = exp(-0.5 * z * z);
        double won = fit * logistic(won_fit + LATER_SPREAD * z) + (1 - fit) * WON_NO_FIT;
        weights += weight;
        sum += weight * exp(f->won * log(won) + f->lost * log1p(-won) - f->won * log(0.5) -
                            f->lost * log(0.5));
    }
    return weights > 0 ? ll + log(sum / weights + 1e-300) : ll;
}

vrk_status vrk_qualifying_make(vrk_ctx *ctx, const vrk_moment_cells *c, vrk_half *out)
{
    vrk_status st = VRK_OK;
    vrk_mark mark = vrk_mark_of(&ctx->scratch);
    const vrk_cells_of *cells = &c->qualification;
    fates *f = VRK_NEW(&ctx->scratch, 2 * c->sellers, fates), all[2] = {{0}};

    TRY(vrk_half_init(ctx, c, out));
    if (!f)
        FAIL(VRK_EMEMORY, "out of memory for %lld sellers", (long long)c->sellers);
    for (int64_t i = 0; i < cells->n; i++) {
        if (cells->seller[i] < 0 || !cells->done[i])
            continue;
        fates *to[] = {&f[2 * cells->seller[i] + cells->complex[i]], &all[cells->complex[i]]};
        for (int k = 0; k < 2; k++) {
            to[k]->deals += (double)cells->occasions[i];
            to[k]->stopped += (double)cells->stopped[i];
            to[k]->won += (double)cells->won[i];
            to[k]->lost += (double)cells->lost[i];
        }
    }
    double deals = all[0].deals + all[1].deals,
           ended = all[0].won + all[0].lost + all[1].won + all[1].lost;
    if (!(deals > 0))
        goto done;
    double base[2], won = ended > 0 ? (all[0].won + all[1].won) / ended : 0.3;
    for (int x = 0; x < 2; x++)
        base[x] = solve_base((all[x].stopped + 0.3) / (all[x].deals + 1));
    out->level_mean = all[1].deals / deals;
    out->base = all[0].deals > 0 ? base[0] : base[1];
    out->slope = all[1].deals > 0 && all[0].deals > 0 ? base[1] - base[0] : 0;
    double won_fit = solve_won(out->base, won);
    for (int64_t s = 0; s < c->sellers; s++) {
        TRY(vrk_tick(ctx, "qualification", s, c->sellers));
        for (int64_t k = 0; k < VRK_HALF_SLOPES; k++) {
            double slope = (double)(VRK_HALF_SLOPE_FROM + k) * 2 * VRK_HALF_STEP;
            for (int64_t i = 0; i < VRK_HALF_TOTALS; i++) {
                double q = out->base + (double)(VRK_HALF_TOTAL_FROM + i) * VRK_HALF_STEP;
                double *ll = &out->ll[(s * VRK_HALF_SLOPES + k) * VRK_HALF_TOTALS + i];
                *ll = log_likelihood(&f[2 * s], q, won_fit) +
                      log_likelihood(&f[2 * s + 1], q + out->slope + slope, won_fit);
            }
        }
    }
done:
    vrk_rewind(&ctx->scratch, mark);
    return st;
}
