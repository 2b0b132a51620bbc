#include "stat/effects_parts.h"

#include "base/par.h"
#include "base/rng.h"

#include <inttypes.h>
#include <math.h>
#include <string.h>

/* The priors are learnt from LEARN_FROM sellers where there are more: a share of a tenth then has
 * a standard error of a hundredth, and more of them only cost time. */
enum { TEAM_POINTS = VRK_EFFECTS_TEAM_POINTS, LEARN_FROM = 1000, TEAMS_MANY = 40 };

/* Near SDs that the posterior is integrated over; where there is nothing to integrate, one. */
enum { SLOPE_SDS = 5, TEAM_SDS = 7 };

/* Sellers that are summed one after the other; blocks are summed in their order. */
enum { BLOCK = 64 };

/* Posterior of one seller, and the same added up over a block. */
typedef struct {
    double *x, *z, *own_p, *ratio; /* [total.n], [slope.n], [own.n], [total.n] */
    double *own_sum, *slope_sum;
} block;

/* What one EM step needs: priors on their grids and the sums of the posterior. */
typedef struct {
    const vrk_effects_data *d;
    vrk_effects *fit;
    int64_t n;           /* of sellers the step looks at */
    int64_t *of;         /* [n] which */
    bool *team_in;       /* [teams] has one of them */
    double *own_prior;   /* [own.n] over x - t: own.from + k step */
    double *prior_back;  /* [own.n] the same from its end: over t, for one x */
    vrk_grid own;        /* all differences x - t that can be */
    double *slope_prior; /* [slope.n] */
    double *team_prior;  /* [TEAM_POINTS] */
    double *joint;       /* [n x slope.n x total.n] exp(ll - the seller's largest) */
    double *likelihood;  /* [n x total.n] of x, on the same scale */
    double *given_team;  /* [n x TEAM_POINTS] P(data of the seller | t) */
    double *team_p;      /* [teams x TEAM_POINTS] posterior of the team's effect */
    double *mean, *sd, *slope_mean, *slope_sd; /* [n] at these priors */
    block *block;                              /* [blocks of all sellers] */
    double *own_sum, *slope_sum, *team_sum;    /* posteriors, added up over sellers and teams */
} work;

static double density(double x, double sd)
{
    return exp(-0.5 * (x / sd) * (x / sd)) / sd;
}

void vrk_effects_spread(const vrk_grid *g, const vrk_two_part *p, double *out, double *far)
{
    double near_sum = 0, far_sum = 0;
    for (int64_t i = 0; i < g->n; i++) {
        near_sum += density(vrk_effects_at(g, i) - p->centre, p->near_sd);
        far_sum += density(vrk_effects_at(g, i) - p->centre, p->far_sd);
    }
    for (int64_t i = 0; i < g->n; i++) {
        double x = vrk_effects_at(g, i) - p->centre;
        double n = near_sum > 0 ? (1 - p->far_share) * density(x, p->near_sd) / near_sum : 0;
        double f = p->far_share * density(x, p->far_sd) / far_sum;
        out[i] = n + f + 1e-300;
        if (far)
            far[i] = f / (n + f + 1e-300);
    }
}

static int64_t blocks_of(int64_t n)
{
    return (n + BLOCK - 1) / BLOCK;
}

static int64_t end_of(int64_t n, int64_t b)
{
    return (b + 1) * BLOCK < n ? (b + 1) * BLOCK : n;
}

/* Done once: the iterations then only multiply and add. */
static vrk_status scale(vrk_ctx *ctx, int64_t b, void *arg)
{
    (void)ctx;
    work *w = arg;
    int64_t size = w->d->slope.n * w->d->total.n;
    for (int64_t s = b * BLOCK; s < end_of(w->d->n, b); s++) {
        const double *ll = w->d->ll + s * size;
        double top = -HUGE_VAL;
        for (int64_t i = 0; i < size; i++)
            top = fmax(top, ll[i]);
        for (int64_t i = 0; i < size; i++)
            w->joint[s * size + i] = exp(ll[i] - top);
        w->fit->top[s] = top;
    }
    return VRK_OK;
}

/* Nine tenths of a fit are in these two; neither changes a sum's order. */
VRK_WIDE static void add_times(int64_t n, double a, const double *restrict x, double *restrict out)
{
    for (int64_t i = 0; i < n; i++)
        out[i] += a * x[i];
}

VRK_WIDE static void add_joint(int64_t n, double a, const double *restrict likelihood,
                               const double *restrict prior, double *restrict x,
                               double *restrict own)
{
    for (int64_t i = 0; i < n; i++) {
        double p = a * likelihood[i] * prior[i];
        x[i] += p;
        own[i] += p;
    }
}

static void integrate_slope(work *w, int64_t s)
{
    const vrk_effects_data *d = w->d;
    const double *joint = w->joint + s * d->slope.n * d->total.n;
    double *out = w->likelihood + s * d->total.n;
    memset(out, 0, (size_t)d->total.n * sizeof(double));
    for (int64_t k = 0; k < d->slope.n; k++)
        add_times(d->total.n, w->slope_prior[k], joint + k * d->total.n, out);
}

/* What the seller's data say of the team, whatever the seller's own effect. */
static vrk_status weigh_sellers(vrk_ctx *ctx, int64_t b, void *arg)
{
    (void)ctx;
    work *w = arg;
    const vrk_effects_data *d = w->d;
    for (int64_t k = b * BLOCK; k < end_of(w->n, b); k++) {
        int64_t s = w->of[k];
        double *given = w->given_team + s * TEAM_POINTS;
        integrate_slope(w, s);
        memset(given, 0, TEAM_POINTS * sizeof(double));
        for (int64_t i = 0; i < d->total.n; i++)
            add_times(TEAM_POINTS, w->likelihood[s * d->total.n + i],
                      w->prior_back + d->total.n - 1 - i, given);
        for (int64_t j = 0; j < TEAM_POINTS; j++)
            given[j] += 1e-300;
    }
    return VRK_OK;
}

/* The teams' posterior at the priors as they stand; log P(all data). */
static double weigh_teams(const work *w, double *team_p)
{
    const vrk_effects_data *d = w->d;
    double ll = 0;
    for (int64_t g = 0; g < d->teams; g++) {
        for (int64_t j = 0; j < TEAM_POINTS; j++)
            team_p[g * TEAM_POINTS + j] = log(w->team_prior[j]);
    }
    for (int64_t k = 0; k < w->n; k++) {
        int64_t s = w->of[k];
        ll += w->fit->top[s];
        for (int64_t j = 0; j < TEAM_POINTS; j++)
            team_p[d->team[s] * TEAM_POINTS + j] += log(w->given_team[s * TEAM_POINTS + j]);
    }
    for (int64_t g = 0; g < d->teams; g++) {
        double *p = team_p + g * TEAM_POINTS, most = -HUGE_VAL, sum = 0;
        for (int64_t j = 0; j < TEAM_POINTS; j++)
            most = fmax(most, p[j]);
        for (int64_t j = 0; j < TEAM_POINTS; j++)
            sum += p[j] = exp(p[j] - most);
        for (int64_t j = 0; j < TEAM_POINTS; j++)
            p[j] /= sum;
        ll += most + log(sum);
    }
    return ll;
}

/* Posterior of one seller: x, own and z, each adding up to 1. */
static void look_at(const work *w, int64_t s, block *b)
{
    const vrk_effects_data *d = w->d;
    const double *team = w->team_p + d->team[s] * TEAM_POINTS;
    const double *joint = w->joint + s * d->slope.n * d->total.n;
    const double *whole = w->likelihood + s * d->total.n;
    memset(b->x, 0, (size_t)d->total.n * sizeof(double));
    memset(b->own_p, 0, (size_t)w->own.n * sizeof(double));
    for (int64_t j = 0; j < TEAM_POINTS; j++) {
        int64_t own = TEAM_POINTS - 1 - j; /* where x - t begins among the own effects */
        add_joint(d->total.n, team[j] / w->given_team[s * TEAM_POINTS + j], whole,
                  w->own_prior + own, b->x, b->own_p + own);
    }
    for (int64_t i = 0; i < d->total.n; i++)
        b->ratio[i] = whole[i] > 0 ? b->x[i] / whole[i] : 0;
    for (int64_t k = 0; k < d->slope.n; k++) {
        double sum = 0;
        for (int64_t i = 0; i < d->total.n; i++)
            sum += b->ratio[i] * joint[k * d->total.n + i];
        b->z[k] = w->slope_prior[k] * sum;
    }
}

static void moments_of(const vrk_grid *g, const double *p, double *mean, double *sd)
{
    double sum = 0, square = 0, all = 0;
    for (int64_t i = 0; i < g->n; i++) {
        all += p[i];
        sum += p[i] * vrk_effects_at(g, i);
        square += p[i] * vrk_effects_at(g, i) * vrk_effects_at(g, i);
    }
    *mean = sum / all;
    *sd = sqrt(fmax(square / all - *mean * *mean, 0) + g->step * g->step / 12);
}

/* Where the priors go from the posteriors' sum over n: share, centre and near spread. Weak priors
 * keep them in reason with few sellers: half a far one among eight and a half, and the spread of
 * one seller at 0.2. */
static double renew(const vrk_grid *g, const double *sum, double n, double most, bool centred,
                    vrk_two_part *p, double *room)
{
    double far = 0, mean = 0, near = 0, square = 0;
    vrk_two_part old = *p;
    double *share = room + g->n;
    vrk_effects_spread(g, p, room, share);
    for (int64_t i = 0; i < g->n; i++) {
        far += sum[i] * share[i];
        near += sum[i] * (1 - share[i]);
        mean += sum[i] * (1 - share[i]) * vrk_effects_at(g, i);
    }
    if (!centred)
        p->centre = near > 0 ? mean / near : 0;
    for (int64_t i = 0; i < g->n; i++) {
        double x = vrk_effects_at(g, i) - p->centre;
        square += sum[i] * (1 - share[i]) * x * x;
    }
    p->far_share = fmin(fmax((far + 0.5) / (n + 8.5), 0.005), 0.5);
    p->near_sd = fmin(fmax(sqrt((square + 0.04) / (near + 1)), g->step / 2), most);
    return fabs(p->far_share - old.far_share) + fabs(p->near_sd - old.near_sd) +
           fabs(p->centre - old.centre);
}

static vrk_status look_at_sellers(vrk_ctx *ctx, int64_t number, void *arg)
{
    (void)ctx;
    work *w = arg;
    const vrk_effects_data *d = w->d;
    block *b = &w->block[number];
    memset(b->own_sum, 0, (size_t)w->own.n * sizeof(double));
    memset(b->slope_sum, 0, (size_t)d->slope.n * sizeof(double));
    for (int64_t k = number * BLOCK; k < end_of(w->n, number); k++) {
        int64_t s = w->of[k];
        look_at(w, s, b);
        moments_of(&d->total, b->x, &w->mean[s], &w->sd[s]);
        moments_of(&d->slope, b->z, &w->slope_mean[s], &w->slope_sd[s]);
        for (int64_t i = 0; i < w->own.n; i++)
            b->own_sum[i] += b->own_p[i];
        for (int64_t i = 0; i < d->slope.n; i++)
            b->slope_sum[i] += b->z[i];
    }
    return VRK_OK;
}

static void add_blocks(work *w)
{
    const vrk_effects_data *d = w->d;
    memset(w->own_sum, 0, (size_t)w->own.n * sizeof(double));
    memset(w->slope_sum, 0, (size_t)d->slope.n * sizeof(double));
    memset(w->team_sum, 0, TEAM_POINTS * sizeof(double));
    for (int64_t b = 0; b < blocks_of(w->n); b++) {
        for (int64_t i = 0; i < w->own.n; i++)
            w->own_sum[i] += w->block[b].own_sum[i];
        for (int64_t i = 0; i < d->slope.n; i++)
            w->slope_sum[i] += w->block[b].slope_sum[i];
    }
    for (int64_t g = 0; g < d->teams; g++) {
        for (int64_t j = 0; j < TEAM_POINTS && w->team_in[g]; j++)
            w->team_sum[j] += w->team_p[g * TEAM_POINTS + j];
    }
}

static void take_priors(work *w)
{
    vrk_effects *fit = w->fit;
    vrk_effects_spread(&w->own, &fit->own, w->own_prior, NULL);
    vrk_effects_spread(&w->d->slope, &fit->slope, w->slope_prior, NULL);
    vrk_effects_spread(&fit->team_grid, &fit->team, w->team_prior, NULL);
    for (int64_t i = 0; i < w->own.n; i++)
        w->prior_back[i] = w->own_prior[w->own.n - 1 - i];
}

/* The posteriors of the chosen sellers at the priors as they stand. */
static vrk_status step_e(vrk_ctx *ctx, work *w)
{
    vrk_status st = VRK_OK;
    take_priors(w);
    TRY(vrk_par(ctx, "effects of sellers", blocks_of(w->n), weigh_sellers, w));
    w->fit->ll = weigh_teams(w, w->team_p);
    TRY(vrk_par(ctx, "effects of sellers", blocks_of(w->n), look_at_sellers, w));
done:
    return st;
}

/* The priors from these posteriors; how far they moved. */
static double step_m(work *w, double most, double *room)
{
    const vrk_effects_data *d = w->d;
    vrk_effects *fit = w->fit;
    double teams = 0;
    add_blocks(w);
    for (int64_t g = 0; g < d->teams; g++)
        teams += w->team_in[g];
    double moved = renew(&w->own, w->own_sum, (double)w->n, most, false, &fit->own, room);
    if (d->slope.n > 1)
        moved += renew(&d->slope, w->slope_sum, (double)w->n, most, false, &fit->slope, room);
    if (d->teams > 1)
        moved += renew(&fit->team_grid, w->team_sum, teams, most, true, &fit->team, room);
    return moved;
}

/* The sellers of every step-th team, or every step-th where there are few teams. */
static void choose(work *w, int64_t step)
{
    const vrk_effects_data *d = w->d;
    bool by_team = d->teams >= TEAMS_MANY;
    w->n = 0;
    memset(w->team_in, 0, (size_t)d->teams * sizeof(bool));
    for (int64_t s = 0; s < d->n; s++) {
        if ((by_team ? d->team[s] : s) % step)
            continue;
        w->of[w->n++] = s;
        w->team_in[d->team[s]] = true;
    }
}

static vrk_status check(vrk_ctx *ctx, const vrk_effects_data *d)
{
    if (d->n < 1 || d->teams < 1 || d->total.n < 2 || d->slope.n < 1)
        return vrk_fail(ctx, VRK_EINPUT, "no sellers, teams or grid to fit effects on");
    for (int64_t s = 0; s < d->n; s++) {
        bool finite = false;
        if (d->team[s] < 0 || d->team[s] >= d->teams)
            return vrk_fail(ctx, VRK_EINPUT,
                            "seller %" PRId64 ": team %" PRId64 " is not in 0 to %" PRId64, s,
                            d->team[s], d->teams - 1);
        for (int64_t i = 0; i < d->slope.n * d->total.n; i++)
            finite = finite || isfinite(d->ll[s * d->slope.n * d->total.n + i]);
        if (!finite)
            return vrk_fail(ctx, VRK_EINPUT, "seller %" PRId64 ": no effect is possible", s);
    }
    return VRK_OK;
}

static bool make_room(vrk_ctx *ctx, const vrk_effects_data *d, work *w)
{
    vrk_arena *a = &ctx->scratch, *m = &w->fit->mem;
    w->own = vrk_effects_own(&d->total);
    w->of = VRK_NEW(a, d->n, int64_t);
    w->team_in = VRK_NEW(a, d->teams, bool);
    w->block = VRK_NEW(a, blocks_of(d->n), block);
    for (int64_t b = 0; b < blocks_of(d->n) && !a->failed; b++)
        w->block[b] = (block){.x = VRK_NEW(a, d->total.n, double),
                              .z = VRK_NEW(a, d->slope.n, double),
                              .own_p = VRK_NEW(a, w->own.n, double),
                              .ratio = VRK_NEW(a, d->total.n, double),
                              .own_sum = VRK_NEW(a, w->own.n, double),
                              .slope_sum = VRK_NEW(a, d->slope.n, double)};
    w->own_prior = VRK_NEW(a, w->own.n, double);
    w->prior_back = VRK_NEW(a, w->own.n, double);
    w->own_sum = VRK_NEW(a, w->own.n, double);
    w->slope_prior = VRK_NEW(a, d->slope.n, double);
    w->slope_sum = VRK_NEW(a, d->slope.n, double);
    w->joint = VRK_NEW(a, d->n * d->slope.n * d->total.n, double);
    w->team_prior = VRK_NEW(a, TEAM_POINTS, double);
    w->team_sum = VRK_NEW(a, TEAM_POINTS, double);
    w->likelihood = VRK_NEW(a, d->n * d->total.n, double);
    w->given_team = VRK_NEW(a, d->n * TEAM_POINTS, double);
    w->team_p = VRK_NEW(a, d->teams * TEAM_POINTS, double);
    w->mean = VRK_NEW(a, d->n, double);
    w->sd = VRK_NEW(a, d->n, double);
    w->slope_mean = VRK_NEW(a, d->n, double);
    w->slope_sd = VRK_NEW(a, d->n, double);
    w->fit->slope_sds = d->slope.n > 1 ? SLOPE_SDS : 1;
    w->fit->team_sds = d->teams > 1 ? TEAM_SDS : 1;
    int64_t sds = w->fit->slope_sds * w->fit->team_sds;
    w->fit->slope_sd_at = VRK_NEW(m, w->fit->slope_sds, double);
    w->fit->team_sd_at = VRK_NEW(m, w->fit->team_sds, double);
    w->fit->sd_p = VRK_NEW(m, sds, double);
    w->fit->total_ll = VRK_NEW(m, w->fit->slope_sds * d->n * d->total.n, double);
    w->fit->top = VRK_NEW(m, d->n, double);
    w->fit->team_p = VRK_NEW(m, sds * d->teams * TEAM_POINTS, double);
    w->fit->mean = VRK_NEW(m, d->n, double);
    w->fit->sd = VRK_NEW(m, d->n, double);
    w->fit->slope_mean = VRK_NEW(m, d->n, double);
    w->fit->slope_sd = VRK_NEW(m, d->n, double);
    return !a->failed && !m->failed;
}

/* SDs about the best fitting, evenly spaced in logarithms: its standard error is about 1 / sqrt(2
 * n) where each of n is known, and several times that where it is not. */
static void place_sds(double best, int64_t points, double apart, double *at)
{
    for (int64_t k = 0; k < points; k++)
        at[k] = best * exp(fmin(apart, 0.5) * (double)(k - points / 2));
}

/* What an SD is worth before the data, on the scale of its logarithm: one effect of 0.2 has been
 * seen, as in the estimation, and none beyond its bounds. */
static double log_prior_of(double sd, double least, double most)
{
    return sd < least || sd > most * 1.0001 ? -HUGE_VAL : -log(sd) - 0.02 / (sd * sd);
}

static double *team_p_at(const vrk_effects *fit, int64_t j, int64_t k)
{
    return fit->team_p + (j * fit->team_sds + k) * fit->data->teams * TEAM_POINTS;
}

/* How well each pair of SDs fits, and the teams' posteriors there. */
static vrk_status weigh_sds(vrk_ctx *ctx, work *w, double most)
{
    vrk_status st = VRK_OK;
    vrk_effects *fit = w->fit;
    const vrk_effects_data *d = w->d;
    vrk_two_part slope = fit->slope, team = fit->team;
    double top = -HUGE_VAL, sum = 0;
    for (int64_t j = 0; j < fit->slope_sds; j++) {
        fit->slope.near_sd = fit->slope_sd_at[j];
        take_priors(w);
        TRY(vrk_par(ctx, "effects of sellers", blocks_of(w->n), weigh_sellers, w));
        for (int64_t i = 0; i < d->n * d->total.n; i++)
            fit->total_ll[j * d->n * d->total.n + i] =
                log(w->likelihood[i]) + fit->top[i / d->total.n];
        for (int64_t k = 0; k < fit->team_sds; k++) {
            double *p = &fit->sd_p[j * fit->team_sds + k];
            fit->team.near_sd = fit->team_sd_at[k];
            vrk_effects_spread(&fit->team_grid, &fit->team, w->team_prior, NULL);
            *p = weigh_teams(w, team_p_at(fit, j, k));
            if (fit->slope_sds > 1)
                *p += log_prior_of(fit->slope_sd_at[j], d->slope.step / 4, most);
            if (fit->team_sds > 1)
                *p += log_prior_of(fit->team_sd_at[k], d->total.step / 4, most);
            top = fmax(top, *p);
        }
    }
    for (int64_t i = 0; i < fit->slope_sds * fit->team_sds; i++)
        sum += fit->sd_p[i] = exp(fit->sd_p[i] - top);
    for (int64_t i = 0; i < fit->slope_sds * fit->team_sds; i++)
        fit->sd_p[i] /= sum;
done:
    fit->slope = slope;
    fit->team = team;
    return st;
}

/* The sellers' moments given one SD of slopes, whatever that of teams: weighs them in by p. */
static vrk_status add_moments(vrk_ctx *ctx, work *w, int64_t j, double p)
{
    vrk_status st = VRK_OK;
    vrk_effects *fit = w->fit;
    int64_t size = w->d->teams * TEAM_POINTS;
    memset(w->team_p, 0, (size_t)size * sizeof(double));
    for (int64_t k = 0; k < fit->team_sds; k++)
        add_times(size, fit->sd_p[j * fit->team_sds + k] / p, team_p_at(fit, j, k), w->team_p);
    TRY(vrk_par(ctx, "effects of sellers", blocks_of(w->n), weigh_sellers, w));
    TRY(vrk_par(ctx, "effects of sellers", blocks_of(w->n), look_at_sellers, w));
    for (int64_t s = 0; s < w->d->n; s++) {
        fit->mean[s] += p * w->mean[s];
        fit->sd[s] += p * (w->sd[s] * w->sd[s] + w->mean[s] * w->mean[s]);
        fit->slope_mean[s] += p * w->slope_mean[s];
        fit->slope_sd[s] +=
            p * (w->slope_sd[s] * w->slope_sd[s] + w->slope_mean[s] * w->slope_mean[s]);
    }
done:
    return st;
}

/* All sellers' posteriors, how far slopes and teams spread being uncertain. */
static vrk_status integrate(vrk_ctx *ctx, work *w, double most)
{
    vrk_status st = VRK_OK;
    vrk_effects *fit = w->fit;
    const vrk_effects_data *d = w->d;
    vrk_two_part slope = fit->slope;
    choose(w, 1);
    place_sds(slope.near_sd, fit->slope_sds, 4 / sqrt(2 * (double)d->n), fit->slope_sd_at);
    place_sds(fit->team.near_sd, fit->team_sds, 2 / sqrt(2 * (double)d->teams), fit->team_sd_at);
    TRY(weigh_sds(ctx, w, most));
    for (int64_t j = 0; j < fit->slope_sds; j++) {
        double p = 0;
        for (int64_t k = 0; k < fit->team_sds; k++)
            p += fit->sd_p[j * fit->team_sds + k];
        if (p < 1e-6)
            continue;
        fit->slope.near_sd = fit->slope_sd_at[j];
        take_priors(w);
        TRY(add_moments(ctx, w, j, p));
    }
    for (int64_t s = 0; s < d->n; s++) {
        fit->sd[s] = sqrt(fmax(fit->sd[s] - fit->mean[s] * fit->mean[s], 0));
        fit->slope_sd[s] =
            sqrt(fmax(fit->slope_sd[s] - fit->slope_mean[s] * fit->slope_mean[s], 0));
    }
done:
    fit->slope = slope;
    return st;
}

vrk_status vrk_effects_fit(vrk_ctx *ctx, const vrk_effects_data *data, const vrk_effects_opt *opt,
                           vrk_effects *out)
{
    vrk_status st = VRK_OK;
    vrk_mark mark = vrk_mark_of(&ctx->scratch);
    vrk_effects_opt o = opt ? *opt : (vrk_effects_opt){0};
    double far = o.far_sd > 0 ? o.far_sd : 1.6, most = o.near_sd_most > 0 ? o.near_sd_most : 0.8;
    double team_far = o.team_far_sd > 0 ? o.team_far_sd : 1.5;
    int max_iter = o.max_iter > 0 ? o.max_iter : 40;
    work w = {.d = data, .fit = out};

    *out = (vrk_effects){.data = data, .mem.limit = ctx->scratch.limit};
    TRY(check(ctx, data));
    out->own = (vrk_two_part){0, 0.3, 0.1, far};
    out->slope = (vrk_two_part){0, 0.15, 0.05, far};
    out->team = (vrk_two_part){0, 0.12, 0.04, team_far};
    out->team_grid =
        (vrk_grid){-(TEAM_POINTS / 2) * data->total.step, data->total.step, TEAM_POINTS};
    double *room =
        VRK_NEW(&ctx->scratch, 2 * (data->total.n + data->slope.n + 2 * TEAM_POINTS), double);
    if (!make_room(ctx, data, &w) || !room)
        FAIL(VRK_EMEMORY, "out of memory for the effects of %" PRId64 " sellers", data->n);
    TRY(vrk_par(ctx, "effects of sellers", blocks_of(data->n), scale, &w));
    int64_t step = 1 + (data->n - 1) / LEARN_FROM;
    choose(&w, step);
    for (; out->iterations < max_iter && !out->converged; out->iterations++) {
        TRY(step_e(ctx, &w));
        out->converged = step_m(&w, most, room) < 2e-3;
    }
    TRY(integrate(ctx, &w, most));
done:
    vrk_rewind(&ctx->scratch, mark);
    if (st != VRK_OK)
        vrk_effects_free(out);
    return st;
}

void vrk_effects_free(vrk_effects *fit)
{
    vrk_arena_free(&fit->mem);
    *fit = (vrk_effects){0};
}
