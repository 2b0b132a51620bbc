/* Oracles: the likelihood by integrating u out on a fine grid, firm by firm; mathematics. */
#include "stat/frontier.h"
#include "base/rng.h"
#include "num/special.h"
#include "tests/t.h"

#include <string.h>

enum { FIRMS = 40, PERIODS = 5, N = FIRMS * PERIODS, P = 3 };

typedef struct {
    double y[N], x[N * P], time[N], z[N * 2];
    int64_t firm[N];
} world;

/* Firms whose u is truncated normal with mean `mu` and decays by `eta`. */
static vrk_frontier_data make(world *w, double mu, double eta, bool panel)
{
    vrk_rng r = vrk_rng_of(3, 0, 0);
    for (int f = 0; f < FIRMS; f++) {
        double u = -1;
        for (int t = 0; t < PERIODS; t++) {
            int i = f * PERIODS + t;
            w->firm[i] = f;
            w->time[i] = 2001 + t;
            w->x[i] = 1;
            w->x[i + N] = vrk_rng_normal(&r);
            w->x[i + 2 * N] = vrk_rng_normal(&r) + .5 * w->x[i + N];
            w->z[i] = 1;
            w->z[i + N] = vrk_rng_normal(&r);
            if (!panel || t == 0) {
                do
                    u = mu + .6 * vrk_rng_normal(&r);
                while (u < 0);
            }
            w->y[i] = 1 + .4 * w->x[i + N] + .5 * w->x[i + 2 * N] + .25 * vrk_rng_normal(&r) -
                      u * exp(-eta * (t - PERIODS + 1));
        }
    }
    return (vrk_frontier_data){
        .n = N, .p = P, .y = w->y, .x = w->x, .firm = panel ? w->firm : NULL, .time = w->time};
}

/* log of the integral over u >= 0 of the density of u times that of the firm's residuals. */
static double slow_ll(const vrk_frontier_data *d, const double *beta, double sv, double su,
                      const double *delta, double mu, double eta)
{
    double ll = 0;
    for (int f = 0; f < (d->firm ? FIRMS : N); f++) {
        double sum = 0, step = 4e-3;
        double m = delta ? delta[0] + delta[1] * d->z[f + N] : mu;
        for (int g = 0; g <= 1600; g++) {
            double u = step * g, lf = 0, simpson = g % 1600 == 0 ? 1 : g % 2 ? 4 : 2;
            for (int i = d->firm ? f * PERIODS : f; i < (d->firm ? (f + 1) * PERIODS : f + 1);
                 i++) {
                double e = d->y[i] - beta[0] - beta[1] * d->x[i + N] - beta[2] * d->x[i + 2 * N];
                double v = e + u * exp(-eta * (d->time[i] - 2000 - PERIODS));
                lf += log(vrk_normal_density(v / sv) / sv);
            }
            sum += simpson * step / 3 * exp(lf) * vrk_normal_density((u - m) / su) / su;
        }
        ll += log(sum) - vrk_normal_log_below(m / su);
    }
    return ll;
}

/* The fit's ll is the integral's at its estimates, and no small step from there is better. */
static void stands_at_the_top_of(const vrk_frontier_data *d, const vrk_frontier_opt *o)
{
    vrk_ctx ctx = {0};
    vrk_frontier f;
    T_OK(vrk_frontier_fit(&ctx, d, o, &f) == VRK_OK && f.stop == VRK_STOP_GRAD);
    double at[12], h = .02;
    memcpy(at, f.coef, (size_t)f.k * sizeof(double));
    at[P + f.q] = f.sd_v;
    at[P + f.q + 1] = f.sd_u;
    for (int j = -1; j < f.k; j++) {
        double ll[3];
        for (int s = -1; s <= 1; s++) {
            double b[12];
            memcpy(b, at, sizeof(b));
            if (j >= 0)
                b[j] += s * h * fmax(.1, fabs(b[j]));
            const double *rest = b + P + f.q + 2;
            double mu = o->truncated ? rest[0] : 0, eta = o->eta ? rest[o->truncated] : 0;
            ll[s + 1] = slow_ll(d, b, b[P + f.q], b[P + f.q + 1], f.q ? b + P : NULL, mu, eta);
        }
        T_NEAR(ll[1], f.ll, 1e-7);
        double slope = (ll[2] - ll[0]) / 2, bend = fabs(ll[2] - 2 * ll[1] + ll[0]);
        if (j >= 0)
            T_OK(bend > 0 && fabs(slope) < .1 * bend + 1e-6);
    }
    T_OK(f.gradient < 1e-4);
    vrk_frontier_free(&f);
    vrk_arena_free(&ctx.scratch);
}

/* Exponential shortfall: the integral again, and what it says of each row. */
static double slow_exponential(const vrk_frontier_data *d, const double *b, double *efficiency)
{
    double ll = 0;
    for (int i = 0; i < N; i++) {
        double e = d->y[i] - b[0] - b[1] * d->x[i + N] - b[2] * d->x[i + 2 * N], sum = 0, of = 0;
        for (int g = 0; g <= 4000; g++) {
            double u = 2.5e-3 * g, simpson = g % 4000 == 0 ? 1 : g % 2 ? 4 : 2;
            double f = simpson * 2.5e-3 / 3 * vrk_normal_density((e + u) / b[3]) / b[3] *
                       exp(-u / b[4]) / b[4];
            sum += f;
            of += f * exp(-u);
        }
        efficiency[i] = of / sum;
        ll += log(sum);
    }
    return ll;
}

static void exponential_is_the_integral_and_at_its_top(void)
{
    static world w;
    double b[5], slow[N], ll[3];
    vrk_ctx ctx = {0};
    vrk_frontier f, g;
    vrk_frontier_data d = make(&w, 0, 0, false);
    vrk_rng r = vrk_rng_of(9, 0, 0);
    for (int i = 0; i < N; i++)
        w.y[i] -= .5 * vrk_rng_exponential(&r);
    vrk_frontier_opt o = {.exponential = true};
    T_OK(vrk_frontier_fit(&ctx, &d, &o, &f) == VRK_OK && f.stop == VRK_STOP_GRAD && f.k == 5);
    for (int j = 0; j < 5; j++) {
        for (int s = -1; s <= 1; s++) {
            memcpy(b, f.coef, 3 * sizeof(double));
            b[3] = f.sd_v;
            b[4] = f.sd_u;
            b[j] += s * .02;
            ll[s + 1] = slow_exponential(&d, b, slow);
            for (int i = 0; s == 0 && i < N; i++)
                T_NEAR(f.efficiency[i], slow[i], 1e-7);
        }
        T_NEAR(ll[1], f.ll, 1e-7);
        T_OK(ll[1] > ll[0] && ll[1] > ll[2]);
        T_OK(fabs(ll[2] - ll[0]) / 2 < .1 * fabs(ll[2] - 2 * ll[1] + ll[0]));
    }
    T_OK(f.restrictions == 1 && fabs(f.coef[3] - f.sd_v * f.sd_v - f.sd_u * f.sd_u) < 1e-12);
    for (int i = 0; i < N; i++) { /* as a cost frontier, mirrored */
        w.y[i] = -w.y[i];
        w.x[i + N] = -w.x[i + N];
        w.x[i + 2 * N] = -w.x[i + 2 * N];
    }
    d.cost = true;
    T_OK(vrk_frontier_fit(&ctx, &d, &o, &g) == VRK_OK);
    T_NEAR(g.ll, f.ll, 1e-10);
    T_NEAR(g.coef[0], -f.coef[0], 1e-6);
    T_NEAR(g.coef[1], f.coef[1], 1e-6);
    T_NEAR(g.se[4], f.se[4], 1e-5);
    vrk_frontier_free(&g);
    o.truncated = true;
    T_OK(vrk_frontier_fit(&ctx, &d, &o, &g) == VRK_EINPUT && strstr(ctx.message, "exponential"));
    vrk_frontier_free(&f);
    vrk_arena_free(&ctx.scratch);
}

static void every_model_is_the_integral_and_at_its_top(void)
{
    static world w;
    vrk_frontier_data d = make(&w, 0, 0, false);
    stands_at_the_top_of(&d, &(vrk_frontier_opt){0});
    d = make(&w, 0, 0, true);
    stands_at_the_top_of(&d, &(vrk_frontier_opt){0});
    d = make(&w, 0, .1, true);
    stands_at_the_top_of(&d, &(vrk_frontier_opt){.eta = true});
    d = make(&w, .8, .1, true);
    stands_at_the_top_of(&d, &(vrk_frontier_opt){.eta = true, .truncated = true});
    d = make(&w, .8, 0, false);
    for (int i = 0; i < N; i++)
        w.y[i] -= .3 * fmax(0, w.z[i + N]);
    d.z = w.z;
    d.q = 2;
    stands_at_the_top_of(&d, &(vrk_frontier_opt){0});
}

/* One firm a row is the same as no firms: closed second derivatives against differences. SEs too.
 */
static void two_ways_to_the_same_top(void)
{
    static world w;
    int64_t own[N];
    vrk_ctx ctx = {0};
    vrk_frontier a, b;
    vrk_frontier_data d = make(&w, 0, 0, false);
    T_OK(vrk_frontier_fit(&ctx, &d, NULL, &a) == VRK_OK);
    for (int i = 0; i < N; i++)
        own[i] = N - 1 - i;
    d.firm = own;
    T_OK(vrk_frontier_fit(&ctx, &d, NULL, &b) == VRK_OK);
    T_NEAR(a.ll, b.ll, 1e-12);
    for (int j = 0; j < a.k; j++) {
        T_NEAR(a.coef[j], b.coef[j], 1e-6);
        T_NEAR(a.se[j], b.se[j], 1e-6);
    }
    for (int i = 0; i < N; i++) {
        T_NEAR(a.efficiency[i], b.efficiency[i], 1e-6);
        T_OK(a.efficiency[i] > 0 && a.efficiency[i] <= 1 && a.shortfall[i] >= 0);
    }
    vrk_frontier_free(&a);
    vrk_frontier_free(&b);
    vrk_arena_free(&ctx.scratch);
}

/* A cost frontier of the mirror image; y shifted moves the intercept alone; y in other units of
 * log likewise. */
static void mirrors_and_shifts(void)
{
    static world w, v;
    vrk_ctx ctx = {0};
    vrk_frontier a, b;
    vrk_frontier_data d = make(&w, 0, 0, true), c = make(&v, 0, 0, true);
    c.cost = true;
    for (int i = 0; i < N; i++)
        v.y[i] = 3 - w.y[i];
    T_OK(vrk_frontier_fit(&ctx, &d, NULL, &a) == VRK_OK);
    T_OK(vrk_frontier_fit(&ctx, &c, NULL, &b) == VRK_OK);
    T_NEAR(b.ll, a.ll, 1e-9);
    T_NEAR(b.coef[0], 3 - a.coef[0], 1e-6);
    for (int j = 1; j < a.k; j++)
        T_NEAR(b.coef[j], j < P ? -a.coef[j] : a.coef[j], 1e-6);
    T_NEAR(b.mean_efficiency, a.mean_efficiency, 1e-6);
    T_NEAR(b.lr, a.lr, 1e-7);
    vrk_frontier_free(&a);
    vrk_frontier_free(&b);
    vrk_arena_free(&ctx.scratch);
}

/* Residuals with a tail upwards: nothing to find (Waldman 1982). */
static void says_when_the_skew_is_wrong(void)
{
    static world w;
    vrk_ctx ctx = {0};
    vrk_frontier f;
    vrk_frontier_data d = make(&w, 0, 0, false);
    for (int i = 0; i < N; i++)
        w.y[i] = -w.y[i];
    T_OK(vrk_frontier_fit(&ctx, &d, NULL, &f) == VRK_OK);
    T_OK(f.wrong_skew && f.skewness > 0 && f.stop == VRK_STOP_BOUNDARY);
    T_OK(f.sd_u == 0 && f.coef[P + 1] == 0 && isnan(f.se[0]) && f.mean_efficiency == 1);
    T_NEAR(f.ll, f.ll_ols, 0.);
    T_OK(f.lr == 0 && f.p_value == 1);
    vrk_frontier_free(&f);
    vrk_arena_free(&ctx.scratch);
}

static void refuse(vrk_frontier_data d, vrk_frontier_opt o, const char *words)
{
    vrk_ctx ctx = {0};
    vrk_frontier f;
    T_OK(vrk_frontier_fit(&ctx, &d, &o, &f) == VRK_EINPUT && !f.coef);
    T_OK(strstr(ctx.message, words) != NULL);
    T_OK(ctx.scratch.used == 0);
    vrk_arena_free(&ctx.scratch);
}

static void names_what_it_refuses(void)
{
    static world w;
    vrk_frontier_opt none = {0};
    vrk_frontier_data d = make(&w, 0, 0, true), c = d;
    w.y[7] = nan("");
    refuse(d, none, "row 7: the result is nan");
    make(&w, 0, 0, true);
    w.x[5 + N] = HUGE_VAL;
    refuse(d, none, "row 5: column 1 is inf");
    make(&w, 0, 0, true);
    w.firm[3] = -1;
    refuse(d, none, "row 3: firm -1");
    make(&w, 0, 0, true);
    w.time[2] = nan("");
    refuse(d, (vrk_frontier_opt){.eta = true}, "row 2: time is nan");
    make(&w, 0, 0, true);
    memcpy(w.x + 2 * N, w.x + N, sizeof(double) * N);
    refuse(d, none, "column 2 is explained");
    make(&w, 0, 0, true);
    w.x[9] = 2;
    refuse(d, none, "no column of ones");
    make(&w, 0, 0, true);
    c.firm = NULL;
    refuse(c, (vrk_frontier_opt){.eta = true}, "eta needs");
    c = d;
    c.z = w.z;
    c.q = 2;
    refuse(c, none, "with z rows are independent");
    c = d;
    c.n = 4;
    refuse(c, none, "5 coefficients from 4 rows");
    for (int i = 0; i < N; i++)
        w.y[i] = 1;
    refuse(d, none, "explain all of the result");
}

static vrk_status fit_once(vrk_ctx *ctx, vrk_frontier *f)
{
    static world w;
    vrk_frontier_data d = make(&w, 0, .1, true);
    return vrk_frontier_fit(ctx, &d, &(vrk_frontier_opt){.eta = true}, f);
}

static void fails_cleanly_at_every_allocation(void)
{
    vrk_status st;
    size_t limit = 0;
    do {
        vrk_ctx ctx = {.scratch.limit = limit += 512};
        vrk_frontier f;
        st = fit_once(&ctx, &f);
        T_OK(st == VRK_OK || (st == VRK_EMEMORY && !f.coef && ctx.scratch.used == 0));
        vrk_frontier_free(&f);
        vrk_arena_free(&ctx.scratch);
    } while (st == VRK_EMEMORY);
    T_OK(st == VRK_OK && limit > 512);
}

static int stop_at(void *arg, const char *what, double done)
{
    (void)what, (void)done;
    return --*(int *)arg == 0;
}

static void stops_at_every_tick(void)
{
    vrk_status st = VRK_ECANCEL;
    int ticks = 0;
    while (st == VRK_ECANCEL) {
        int left = ++ticks;
        vrk_ctx ctx = {.tick = stop_at, .arg = &left};
        vrk_frontier f;
        st = fit_once(&ctx, &f);
        T_OK(st == VRK_OK || (st == VRK_ECANCEL && !f.coef));
        vrk_frontier_free(&f);
        vrk_arena_free(&ctx.scratch);
    }
    T_OK(st == VRK_OK && ticks > 2);
}

T_MAIN(T_CASE(every_model_is_the_integral_and_at_its_top),
       T_CASE(exponential_is_the_integral_and_at_its_top), T_CASE(two_ways_to_the_same_top),
       T_CASE(mirrors_and_shifts), T_CASE(says_when_the_skew_is_wrong),
       T_CASE(names_what_it_refuses), T_CASE(fails_cleanly_at_every_allocation),
       T_CASE(stops_at_every_tick))
