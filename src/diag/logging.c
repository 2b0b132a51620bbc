#include "diag/logging.h"

#include <math.h>

/* Assumed where nothing is captured without the seller: most of it is written down, but sellers
 * differ [log odds]. Where no occasion was observed directly: little apart from the calendar's. */
#define ASSUMED 2.0
#define ASSUMED_SPREAD 0.2
#define ASSUMED_WIDE 1.2
#define USUAL_SPREAD 0.4
#define USUAL_FALSE 0.03
enum {
    FEW = 20,         /* observations */
    LEARNT_FROM = 300 /* sellers, evenly spread */
};

static double place(int node)
{
    return 0.5 * (node % VRK_LOGGING_NODES - VRK_LOGGING_NODES / 2);
}

int vrk_logging_nodes(const vrk_logging *l)
{
    return l->captured ? VRK_LOGGING_NODES : 2 * VRK_LOGGING_NODES;
}

double vrk_logging_weight(const vrk_logging *l, int node)
{
    double sum = 0;
    for (int i = 0; i < VRK_LOGGING_NODES; i++)
        sum += exp(-0.5 * place(i) * place(i));
    return exp(-0.5 * place(node) * place(node)) / sum / (l->captured ? 1 : 2);
}

double vrk_logging_share(const vrk_logging *l, int64_t s, int64_t m, int node)
{
    double of_seller = node < VRK_LOGGING_NODES ? l->spread_of[s] : ASSUMED_WIDE;
    double spread = hypot(l->spread[m], of_seller);
    double share =
        l->ceiling[m] / (1 + exp(-(l->diligence[s] + l->shift[m] + spread * place(node))));
    return fmin(fmax(share, 1e-4), 1 - 1e-4);
}

/* A seller's directly observed occasions at one moment. */
typedef struct {
    double told, recorded;
} observed;

static double log_likelihood(const vrk_logging *l, const observed *o, int64_t sellers, int64_t m)
{
    double ll = 0;
    int64_t step = 1 + (sellers - 1) / LEARNT_FROM;
    for (int64_t s = 0; s < sellers; s += step) {
        double sum = 0;
        if (!(o[s].told > 0))
            continue;
        for (int k = 0; k < VRK_LOGGING_NODES; k++) {
            double share = vrk_logging_share(l, s, m, k);
            sum += vrk_logging_weight(l, k) *
                   exp(o[s].recorded * log(share) + (o[s].told - o[s].recorded) * log1p(-share));
        }
        ll += log(sum);
    }
    return ll;
}

/* Ceiling, shift and spread by the likelihood of what was observed, on a coarse grid: few
 * observations do not carry more. */
static void fit_moment(vrk_logging *l, const observed *o, int64_t sellers, int64_t m)
{
    static const double ceiling[] = {1, 0.94, 0.88, 0.82, 0.76, 0.7};
    static const double shift[] = {-0.9, -0.6, -0.3, 0, 0.3, 0.6};
    static const double spread[] = {0.15, 0.3, 0.5, 0.8, 1.2};
    double best = -HUGE_VAL, best_of[] = {1, 0, USUAL_SPREAD};
    for (int i = 0; i < 6 * 6 * 5; i++) {
        l->ceiling[m] = ceiling[i / 30];
        l->shift[m] = shift[i / 5 % 6];
        l->spread[m] = spread[i % 5];
        double ll = log_likelihood(l, o, sellers, m);
        if (ll > best) {
            best = ll;
            best_of[0] = l->ceiling[m];
            best_of[1] = l->shift[m];
            best_of[2] = l->spread[m];
        }
    }
    l->ceiling[m] = best_of[0];
    l->shift[m] = best_of[1];
    l->spread[m] = best_of[2];
}

static void look_at_meetings(const vrk_moment_cells *c, vrk_logging *l)
{
    for (int64_t s = 0; s < c->sellers; s++) {
        double n = (double)c->meetings[s], k = (double)c->logged[s];
        bool known = n >= FEW;
        double share = fmin((k + 1) / (n + 2), 0.995);
        l->diligence[s] = known ? log(share / (1 - share)) : ASSUMED;
        l->spread_of[s] = known ? 1 / sqrt(n * share * (1 - share) + 1) : ASSUMED_SPREAD;
        l->captured = l->captured || known;
    }
}

vrk_status vrk_logging_fit(vrk_ctx *ctx, const vrk_moment_cells *c, vrk_arena *mem,
                           vrk_logging *out)
{
    vrk_status st = VRK_OK;
    vrk_mark mark = vrk_mark_of(&ctx->scratch);
    observed *o = VRK_NEW(&ctx->scratch, c->sellers, observed);
    double shift = 0, spread = 0;
    int fitted = 0;

    *out = (vrk_logging){.diligence = VRK_NEW(mem, c->sellers, double),
                         .spread_of = VRK_NEW(mem, c->sellers, double)};
    if (!o || mem->failed)
        FAIL(VRK_EMEMORY, "out of memory for %lld sellers", (long long)c->sellers);
    look_at_meetings(c, out);
    for (int64_t m = 1; m <= VRK_AT_MOMENTS; m++) {
        double all = 0, missed = 0, wrongly = 0;
        for (int64_t s = 0; s < c->sellers; s++)
            o[s] = (observed){0, 0};
        for (int64_t i = 0; i < c->audit.n; i++) {
            int64_t s = c->audit.seller[i];
            if (c->audit.moment[i] != m || s < 0)
                continue;
            o[s].told += (double)c->audit.done_told[i];
            o[s].recorded += (double)c->audit.done_recorded[i];
            all += (double)c->audit.done_told[i];
            missed += (double)c->audit.missed_told[i];
            wrongly += (double)c->audit.missed_recorded[i];
        }
        out->spread[m] = USUAL_SPREAD;
        out->ceiling[m] = 1;
        out->false_rate[m] = (wrongly + USUAL_FALSE * 10) / (missed + 10);
        if (all < FEW)
            continue;
        fit_moment(out, o, c->sellers, m);
        out->captured = true;
        shift += out->shift[m];
        spread += out->spread[m];
        fitted++;
    }
    /* Nobody reviews prospecting: as the other moments are recorded, so is it. */
    for (int64_t m = 1; m <= VRK_AT_MOMENTS && fitted; m++) {
        bool own = false;
        for (int64_t i = 0; i < c->audit.n; i++)
            own = own || c->audit.moment[i] == m;
        if (!own) {
            out->shift[m] = shift / fitted;
            out->spread[m] = spread / fitted;
        }
    }
done:
    vrk_rewind(&ctx->scratch, mark);
    return st;
}
