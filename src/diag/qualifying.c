#include "diag/half.h"

#include "base/par.h"

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

static const double fit_shares[] = {0.42, 0.5, 0.58}; /* of deals that can be won: about half */
#define STRICT VRK_QUALIFYING_STRICT
#define MISTAKE VRK_QUALIFYING_MISTAKE
#define WON_NO_FIT 0.12
#define LATER_SPREAD 0.8 /* between sellers, of what follows [log odds] */
enum { LATER = 9, SHARES = 3 };

/* A seller's qualified deals of one complexity. */
typedef struct {
    double deals, stopped, won, lost;
} fates;

static double logistic(double x)
{
    return 1 / (1 + exp(-x));
}

static double stop_share(double fit, double q)
{
    return fit * logistic(STRICT - MISTAKE * q) + (1 - fit) * logistic(q);
}

/* The log odds at which the organisation's share of stopped deals comes out. */
static double solve_base(double fit, double share)
{
    double low = -6, high = 6;
    for (int i = 0; i < 60; i++) {
        double middle = (low + high) / 2;
        *(stop_share(fit, middle) < share ? &low : &high) = middle;
    }
    return (low + high) / 2;
}

/* The fit deals' odds of being won that give the organisation's share of won among those that went
 * on. */
static double solve_won(double fit_share, double base, double won)
{
    double gone = 1 - stop_share(fit_share, base);
    double fit = fit_share * (1 - logistic(STRICT - MISTAKE * base)) / gone;
    double share = fmin(fmax((won - (1 - fit) * WON_NO_FIT) / fit, 0.05), 0.95);
    return log(share / (1 - share));
}

/* The organisation at one share of deals that can be won. */
typedef struct {
    double fit, base[2], won; /* base by complexity; won: log odds of a fit deal */
} scale;

static double log_likelihood(const fates *f, const scale *k_of, double q, double not_done,
                             double stopped_then)
{
    double sum = 0, stopped = (1 - not_done) * stop_share(k_of->fit, q) + not_done * stopped_then;
    double fit = k_of->fit * (1 - logistic(STRICT - MISTAKE * q)) / (1 - stop_share(k_of->fit, q));
    double ll = f->stopped * log(stopped) + (f->deals - f->stopped) * log1p(-stopped), weights = 0;
    for (int k = 0; k < LATER && f->won + f->lost > 0; k++) {
        double z = 0.5 * (k - LATER / 2), weight = exp(-0.5 * z * z);
        double won = fit * logistic(k_of->won + LATER_SPREAD * z) + (1 - fit) * WON_NO_FIT;
        weights += weight;
        sum += weight * exp(f->won * log(won) + f->lost * log1p(-won) - f->won * log(0.5) -
                            f->lost * log(0.5));
    }
    return weights > 0 ? ll + log(sum / weights + 1e-300) : ll;
}

enum { REACH = VRK_HALF_TOTALS + 2 * VRK_HALF_SLOPES };

/* A seller's likelihood at every effect and slope, the share of fit deals integrated over. That of
 * complex deals depends on the sum of the two only. */
static void add_seller(const fates *f, const scale *of, double not_done, double stopped_then,
                       double *ll)
{
    double simple[SHARES][VRK_HALF_TOTALS], complex[SHARES][REACH];
    for (int k = 0; k < SHARES; k++) {
        for (int64_t i = 0; i < VRK_HALF_TOTALS; i++)
            simple[k][i] = log_likelihood(
                &f[0], &of[k], of[k].base[0] + (double)(VRK_HALF_TOTAL_FROM + i) * VRK_HALF_STEP,
                not_done, stopped_then);
        for (int64_t i = 0; i < REACH; i++)
            complex[k][i] = log_likelihood(
                &f[1], &of[k],
                of[k].base[1] +
                    (double)(VRK_HALF_TOTAL_FROM + 2 * VRK_HALF_SLOPE_FROM + i) * VRK_HALF_STEP,
                not_done, stopped_then);
    }
    for (int64_t j = 0; j < VRK_HALF_SLOPES; j++) {
        for (int64_t i = 0; i < VRK_HALF_TOTALS; i++) {
            double at[SHARES], top = -HUGE_VAL, sum = 0;
            for (int k = 0; k < SHARES; k++) {
                at[k] = simple[k][i] + complex[k][i + 2 * j];
                top = fmax(top, at[k]);
            }
            for (int k = 0; k < SHARES; k++)
                sum += exp(at[k] - top) / SHARES;
            ll[j * VRK_HALF_TOTALS + i] = top + log(sum);
        }
    }
}

typedef struct {
    const fates *f;
    const scale *of; /* [SHARES] */
    const vrk_not_done *not_done;
    double *ll;
} likelihoods;

static vrk_status add_one(vrk_ctx *ctx, int64_t s, void *arg)
{
    const likelihoods *l = arg;
    (void)ctx;
    add_seller(&l->f[2 * s], l->of, l->not_done->share[s], l->not_done->success,
               l->ll + s * VRK_HALF_SLOPES * VRK_HALF_TOTALS);
    return VRK_OK;
}

vrk_status vrk_qualifying_make(vrk_ctx *ctx, const vrk_moment_cells *c,
                               const vrk_not_done *not_done, vrk_half *out)
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
    scale of[SHARES];
    double won = ended > 0 ? (all[0].won + all[1].won) / ended : 0.3;
    for (int k = 0; k < SHARES; k++) {
        of[k].fit = fit_shares[k];
        for (int x = 0; x < 2; x++)
            of[k].base[x] = solve_base(fit_shares[k], (all[x].stopped + 0.3) / (all[x].deals + 1));
        of[k].won = solve_won(fit_shares[k], of[k].base[all[0].deals > 0 ? 0 : 1], won);
    }
    out->level_mean = all[1].deals / deals;
    out->base = of[SHARES / 2].base[all[0].deals > 0 ? 0 : 1];
    out->slope =
        all[1].deals > 0 && all[0].deals > 0 ? of[SHARES / 2].base[1] - of[SHARES / 2].base[0] : 0;
    TRY(vrk_par(ctx, "qualification", c->sellers, add_one,
                &(likelihoods){f, of, not_done, out->ll}));
done:
    vrk_rewind(&ctx->scratch, mark);
    return st;
}
