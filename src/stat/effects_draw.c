#include "stat/effects_parts.h"

#include "base/rng.h"

#include <math.h>
#include <string.h>

enum { TEAM_POINTS = VRK_EFFECTS_TEAM_POINTS };

/* Running sums of one seller's posterior at one SD of slopes, made where a draw first asks. */
typedef struct {
    const vrk_effects *fit;
    int64_t seller, sd;
    double *own, *slope, *likelihood; /* priors; of x [total.n] */
    double *x, *z, *t; /* of x given t, [TEAM_POINTS x total.n]; of z given x, [total.n x slope.n];
                          of t given the SD of teams, [team_sds x TEAM_POINTS] */
    bool *has_x, *has_z, *has_t; /* [TEAM_POINTS], [total.n], [team_sds] */
} runs;

/* The first point where the running sum of p passes u times the whole. */
static int64_t pick(const double *running, int64_t n, double u)
{
    int64_t low = 0, high = n - 1;
    double want = u * running[n - 1];
    while (low < high) {
        int64_t middle = (low + high) / 2;
        if (running[middle] < want)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

static const double *whole_of(const runs *r)
{
    const vrk_effects_data *d = r->fit->data;
    return r->fit->total_ll + (r->sd * d->n + r->seller) * d->total.n;
}

static void start(runs *r, int64_t sd)
{
    const vrk_effects *fit = r->fit;
    const vrk_effects_data *d = fit->data;
    vrk_grid own = vrk_effects_own(&d->total);
    vrk_two_part slope = fit->slope;
    double top = -HUGE_VAL;
    r->sd = sd;
    slope.near_sd = fit->slope_sd_at[sd];
    vrk_effects_spread(&own, &fit->own, r->own, NULL);
    vrk_effects_spread(&d->slope, &slope, r->slope, NULL);
    const double *whole = whole_of(r);
    for (int64_t i = 0; i < d->total.n; i++)
        top = fmax(top, whole[i]);
    for (int64_t i = 0; i < d->total.n; i++)
        r->likelihood[i] = exp(whole[i] - top);
    memset(r->has_x, 0, TEAM_POINTS * sizeof(bool));
    memset(r->has_z, 0, (size_t)d->total.n * sizeof(bool));
    memset(r->has_t, 0, (size_t)fit->team_sds * sizeof(bool));
}

static const double *t_of(runs *r, int64_t team_sd)
{
    const vrk_effects *fit = r->fit;
    double *t = r->t + team_sd * TEAM_POINTS, sum = 0;
    const double *p = fit->team_p + ((r->sd * fit->team_sds + team_sd) * fit->data->teams +
                                     fit->data->team[r->seller]) *
                                        TEAM_POINTS;
    for (int64_t j = 0; j < TEAM_POINTS && !r->has_t[team_sd]; j++)
        t[j] = sum += p[j];
    r->has_t[team_sd] = true;
    return t;
}

static const double *x_of(runs *r, int64_t j)
{
    int64_t n = r->fit->data->total.n;
    double *x = r->x + j * n, sum = 0;
    for (int64_t i = 0; i < n && !r->has_x[j]; i++)
        x[i] = sum += r->likelihood[i] * r->own[i - j + TEAM_POINTS - 1];
    r->has_x[j] = true;
    return x;
}

static const double *z_of(runs *r, int64_t i)
{
    const vrk_effects_data *d = r->fit->data;
    const double *ll = d->ll + r->seller * d->slope.n * d->total.n;
    double *z = r->z + i * d->slope.n, sum = 0;
    double whole = whole_of(r)[i];
    for (int64_t k = 0; k < d->slope.n && !r->has_z[i]; k++)
        z[k] = sum += r->slope[k] * exp(ll[k * d->total.n + i] - (isfinite(whole) ? whole : 0));
    r->has_z[i] = true;
    return z;
}

static bool make_room(vrk_arena *a, const vrk_effects *fit, runs *r)
{
    const vrk_effects_data *d = fit->data;
    r->own = VRK_NEW(a, vrk_effects_own(&d->total).n, double);
    r->slope = VRK_NEW(a, d->slope.n, double);
    r->likelihood = VRK_NEW(a, d->total.n, double);
    r->x = VRK_NEW(a, TEAM_POINTS * d->total.n, double);
    r->z = VRK_NEW(a, d->slope.n * d->total.n, double);
    r->t = VRK_NEW(a, fit->team_sds * TEAM_POINTS, double);
    r->has_x = VRK_NEW(a, TEAM_POINTS, bool);
    r->has_z = VRK_NEW(a, d->total.n, bool);
    r->has_t = VRK_NEW(a, fit->team_sds, bool);
    return !a->failed;
}

/* Which SDs each draw has: the same for all sellers, as they are the organisation's. */
static void draw_sds(vrk_ctx *ctx, const vrk_effects *fit, uint64_t stream, int64_t draws,
                     double *running, int64_t *of)
{
    double sum = 0;
    for (int64_t i = 0; i < fit->slope_sds * fit->team_sds; i++)
        running[i] = sum += fit->sd_p[i];
    for (int64_t b = 0; b < draws; b++) {
        vrk_rng r = vrk_rng_of(ctx->seed, stream << 32 | UINT32_MAX, (uint32_t)b);
        of[b] = pick(running, fit->slope_sds * fit->team_sds, vrk_rng_uniform(&r));
    }
}

vrk_status vrk_effects_draw(vrk_ctx *ctx, const vrk_effects *fit, uint64_t stream, int64_t seller,
                            int64_t draws, double *total, double *slope, double *team)
{
    vrk_status st = VRK_OK;
    const vrk_effects_data *d = fit->data;
    vrk_mark mark = vrk_mark_of(&ctx->scratch);
    uint64_t g = (uint64_t)d->team[seller];
    runs r = {.fit = fit, .seller = seller, .sd = -1};
    double *running = VRK_NEW(&ctx->scratch, fit->slope_sds * fit->team_sds, double);
    int64_t *of = VRK_NEW(&ctx->scratch, draws, int64_t);
    if (!make_room(&ctx->scratch, fit, &r))
        FAIL(VRK_EMEMORY, "out of memory for draws");
    draw_sds(ctx, fit, stream, draws, running, of);
    for (int64_t at = 0; at < fit->slope_sds * draws; at++) {
        int64_t sd = at / draws, b = at % draws;
        if (of[b] / fit->team_sds != sd)
            continue;
        if (r.sd != sd)
            start(&r, sd);
        vrk_rng of_team = vrk_rng_of(ctx->seed, stream << 32 | g << 1 | 1, (uint32_t)b);
        vrk_rng own = vrk_rng_of(ctx->seed, stream << 32 | (uint64_t)seller << 1, (uint32_t)b);
        int64_t j = pick(t_of(&r, of[b] % fit->team_sds), TEAM_POINTS, vrk_rng_uniform(&of_team));
        int64_t i = pick(x_of(&r, j), d->total.n, vrk_rng_uniform(&own));
        int64_t k = pick(z_of(&r, i), d->slope.n, vrk_rng_uniform(&own));
        double in_cell = vrk_rng_uniform(&of_team) - 0.5;
        if (team)
            team[b] = vrk_effects_at(&fit->team_grid, j) + in_cell * fit->team_grid.step;
        if (total)
            total[b] = vrk_effects_at(&d->total, i) + (vrk_rng_uniform(&own) - 0.5) * d->total.step;
        if (slope)
            slope[b] = vrk_effects_at(&d->slope, k) +
                       (d->slope.n > 1 ? (vrk_rng_uniform(&own) - 0.5) * d->slope.step : 0);
    }
done:
    vrk_rewind(&ctx->scratch, mark);
    return st;
}
