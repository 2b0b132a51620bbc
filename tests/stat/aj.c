#include "stat/aj.h"
#include "base/rng.h"
#include "stat/km.h"
#include "tests/t.h"

#include <stdlib.h>
#include <string.h>

/* Five deals: won on day 1, won and lost on day 2, open on day 3, lost on day 4. By hand:
 *   day 1, 5 at risk: won 1/5, open 4/5.   day 2, 4 at risk: won and lost + 4/5 * 1/4, open 2/5.
 *   day 4, 1 at risk: lost + 2/5, open 0. */
static const double five_exit[] = {1, 2, 2, 3, 4};
static const int32_t five_to[] = {1, 2, 1, VRK_CENSORED, 2};
static const vrk_spells five = {.n = 5, .states = 3, .exit = five_exit, .to = five_to};

typedef struct {
    vrk_ctx ctx;
    vrk_transitions counts;
    vrk_aj fit;
    vrk_aj_errors ij;
} run;

static vrk_status fit(run *r, const vrk_spells *spells, const vrk_aj_opt *opt)
{
    vrk_status st = vrk_transitions_count(&r->ctx, spells, &r->counts);
    if (st == VRK_OK)
        st = vrk_aj_fit(&r->ctx, &r->counts, opt, &r->fit);
    if (st == VRK_OK)
        st = vrk_aj_ij(&r->ctx, spells, &r->counts, opt, &r->fit, &r->ij);
    return st;
}

static void end(run *r)
{
    vrk_transitions_free(&r->counts);
    vrk_aj_free(&r->fit);
    vrk_aj_errors_free(&r->ij);
    vrk_arena_free(&r->ctx.scratch);
}

static void reproduces_the_curve_done_by_hand(void)
{
    const double time[] = {0, 1, 2, 4}, risk[] = {5, 4, 1}, won[] = {0, .2, .4, .4},
                 lost[] = {0, 0, .2, .6}, open[] = {1, .8, .4, 0};
    run r = {0};
    T_OK(fit(&r, &five, NULL) == VRK_OK && r.fit.m == 4 && r.counts.m == 3);
    for (int64_t j = 0; j < 3; j++)
        T_NEAR(r.counts.risk[j * 3], risk[j], 0.);
    for (int64_t j = 0; j < 4; j++) {
        T_NEAR(r.fit.time[j], time[j], 0);
        T_NEAR(r.fit.p[j * 3], open[j], 1e-15);
        T_NEAR(r.fit.p[j * 3 + 1], won[j], 1e-15);
        T_NEAR(r.fit.p[j * 3 + 2], lost[j], 1e-15);
    }
    T_NEAR(vrk_aj_se(&r.fit, 1, 1), sqrt(.2 * .8 / 5), 1e-15); /* binomial: none censored yet */
    T_NEAR(r.fit.cov[2 * 9 + 1 * 3 + 2], -.4 * .2 / 5, 1e-15); /* multinomial */
    T_NEAR(r.fit.mean[0], 1 + .8 + .4 * 2, 1e-15);
    T_NEAR(r.fit.mean[1], .2 + .4 * 2, 1e-15);
    T_NEAR(r.fit.mean[2], .2 * 2, 1e-15);
    T_OK(r.fit.tau >= 4 && r.fit.tau <= 4 && !r.fit.beyond);
    T_OK(vrk_aj_row(&r.fit, 3.9) == 2 && vrk_aj_row(&r.fit, 4) == 3 &&
         vrk_aj_row(&r.fit, -1) == -1);
    end(&r);
}

static void says_when_the_horizon_is_beyond_the_data(void)
{
    const int32_t to[] = {1, 2, 1, VRK_CENSORED, VRK_CENSORED};
    vrk_spells open = {.n = 5, .states = 3, .exit = five_exit, .to = to};
    const double late[] = {1, 5};
    run r = {0};
    T_OK(fit(&r, &open, &(vrk_aj_opt){.tau = 4}) == VRK_OK && !r.fit.beyond); /* seen until day 4 */
    end(&r);
    T_OK(fit(&r, &open, &(vrk_aj_opt){.tau = 5}) == VRK_OK && r.fit.beyond);
    end(&r);
    T_OK(fit(&r, &open, &(vrk_aj_opt){.at = late, .n_at = 2}) == VRK_OK && r.fit.beyond);
    end(&r);
    T_OK(fit(&r, &five, &(vrk_aj_opt){.tau = 9}) == VRK_OK && !r.fit.beyond); /* all have ended */
    end(&r);
}

/* A world of deals that go between two stages and end won or lost: at most MOST spells each. */
enum { DEALS = 300, STATES = 4, MOST = 6, SPELLS = DEALS * MOST };
typedef struct {
    vrk_spells spells;
    double entry[SPELLS], exit[SPELLS], weight[SPELLS];
    int32_t from[SPELLS], to[SPELLS], deal[SPELLS];
} world;

/* `stop` = day of censoring; 0 = a deal is followed to its last spell, so nothing before is hidden.
 */
static void make(world *w, double stop)
{
    vrk_rng r = vrk_rng_of(7, 1, 0);
    int64_t n = 0;
    for (int32_t d = 0; d < DEALS; d++) {
        double t = 0, close = stop > 0 ? stop * (0.2 + vrk_rng_uniform(&r)) : HUGE_VAL;
        int32_t state = 0;
        for (int i = 0; i < MOST && state < 2; i++) {
            double until = t + 1 + floor(20 * vrk_rng_exponential(&r));
            int32_t to = vrk_rng_chance(&r, .5) ? 1 - state : vrk_rng_chance(&r, .4) ? 2 : 3;
            if (i == MOST - 1)
                to = 3;
            if (until > close) {
                to = VRK_CENSORED;
                until = ceil(close);
            }
            w->entry[n] = i == 0 ? -1 : t;
            w->exit[n] = until;
            w->from[n] = state;
            w->to[n] = to;
            w->deal[n] = d;
            w->weight[n++] = 1 + (d % 3);
            if (to == VRK_CENSORED)
                break;
            t = until;
            state = to;
        }
    }
    w->spells = (vrk_spells){.n = n,
                             .states = STATES,
                             .entry = w->entry,
                             .exit = w->exit,
                             .from = w->from,
                             .to = w->to,
                             .cluster = w->deal,
                             .clusters = DEALS};
}

/* Where deal d is at t (0: before anything). */
static int32_t state_at(const world *w, int32_t d, double t)
{
    int32_t state = 0;
    for (int64_t i = 0; i < w->spells.n; i++) {
        if (w->deal[i] == d && w->exit[i] <= t)
            state = w->to[i];
    }
    return state;
}

/* Property: with nobody censored the curve is the share in each state, also where deals step back,
 * the jackknife error is that of a share, and the mean time that of the deals. */
static void equals_the_empirical_shares_without_censoring(void)
{
    static world w;
    run r = {0};
    double tau = 60, time_in[STATES] = {0}, square[STATES] = {0};
    make(&w, 0);
    T_OK(fit(&r, &w.spells, &(vrk_aj_opt){.tau = tau}) == VRK_OK);
    for (int64_t j = 0; j < r.fit.m; j++) {
        double share[STATES] = {0};
        for (int32_t d = 0; d < DEALS; d++)
            share[j ? state_at(&w, d, r.fit.time[j]) : 0] += 1;
        for (int32_t s = 0; s < STATES; s++) {
            share[s] /= DEALS;
            T_NEAR(r.fit.p[j * STATES + s], share[s], 1e-12);
            T_NEAR(r.ij.se[j * STATES + s], sqrt(share[s] * (1 - share[s]) / DEALS), 1e-9);
        }
    }
    for (int32_t d = 0; d < DEALS; d++) {
        double mine[STATES] = {0};
        for (int day = 0; day < (int)tau; day++)
            mine[state_at(&w, d, day)] += 1;
        for (int32_t s = 0; s < STATES; s++) {
            time_in[s] += mine[s] / DEALS;
            square[s] += mine[s] * mine[s] / DEALS;
        }
    }
    for (int32_t s = 0; s < STATES; s++) {
        T_NEAR(r.fit.mean[s], time_in[s], 1e-12);
        T_NEAR(r.ij.mean_se[s], sqrt((square[s] - time_in[s] * time_in[s]) / DEALS), 1e-10);
    }
    end(&r);
}

/* Property: with one state to leave and nobody censored, Greenwood's is the multinomial covariance.
 */
static void greenwood_is_multinomial_without_censoring(void)
{
    double exit[DEALS];
    int32_t to[DEALS];
    run r = {0};
    vrk_rng rng = vrk_rng_of(1, 2, 3);
    vrk_spells all = {.n = DEALS, .states = 4, .exit = exit, .to = to};
    for (int i = 0; i < DEALS; i++) {
        exit[i] = (double)vrk_rng_below(&rng, 30); /* day 0 included */
        to[i] = 1 + (int32_t)vrk_rng_below(&rng, 3);
    }
    T_OK(fit(&r, &all, &(vrk_aj_opt){.tau = 25}) == VRK_OK);
    for (int64_t j = 0; j < r.fit.m; j++) {
        const double *p = r.fit.p + j * 4, *cov = r.fit.cov + j * 16;
        for (int32_t s = 0; s < 4; s++) {
            for (int32_t u = 0; u < 4; u++)
                T_NEAR(cov[s * 4 + u], ((s == u) * p[s] - p[s] * p[u]) / DEALS, 1e-15);
            T_NEAR(r.ij.se[j * 4 + s], vrk_aj_se(&r.fit, j, s), 1e-9);
        }
    }
    for (int32_t s = 0; s < 4; s++)
        T_NEAR(vrk_aj_mean_se(&r.fit, s), r.ij.mean_se[s], 1e-10);
    end(&r);
}

/* The jackknife against what it approximates: the change when one deal's weight is a little more.
 */
static void jackknife_is_the_derivative_by_the_weights(void)
{
    static world w;
    const double at[] = {5, 20, 45, 70}, h = 1e-4;
    vrk_aj_opt o = {.start = 3, .at = at, .n_at = 4, .tau = 50};
    double se[4 * STATES] = {0}, mean_se[STATES] = {0};
    run r = {0}, up = {0}, down = {0};
    make(&w, 80);
    w.spells.weight = w.weight;
    T_OK(fit(&r, &w.spells, &o) == VRK_OK);
    for (int32_t d = 0; d < DEALS; d++) {
        double weight = 1 + (d % 3);
        for (int side = 0; side < 2; side++) {
            for (int64_t i = 0; i < w.spells.n; i++)
                w.weight[i] = 1 + (w.deal[i] % 3) + (w.deal[i] == d ? (side ? -h : h) : 0);
            T_OK(fit(side ? &down : &up, &w.spells, &o) == VRK_OK);
        }
        for (int i = 0; i < 4 * STATES; i++)
            se[i] += pow(weight * (up.fit.p[i] - down.fit.p[i]) / (2 * h), 2);
        for (int s = 0; s < STATES; s++)
            mean_se[s] += pow(weight * (up.fit.mean[s] - down.fit.mean[s]) / (2 * h), 2);
        end(&up);
        end(&down);
    }
    for (int i = 0; i < 4 * STATES; i++)
        T_NEAR(r.ij.se[i], sqrt(se[i]), 1e-8);
    for (int s = 0; s < STATES; s++)
        T_NEAR(r.ij.mean_se[s], sqrt(mean_se[s]), 1e-7);
    end(&r);
}

static bool same(double a, double b, double tol)
{
    return fabs(a - b) <= tol * fmax(1, fabs(b));
}

static bool same_fit(const run *a, const run *b, double tol)
{
    bool equal = a->fit.m == b->fit.m;
    int64_t k = a->fit.states;
    for (int64_t i = 0; equal && i < a->fit.m * k; i++)
        equal = same(a->fit.p[i], b->fit.p[i], tol) && same(a->ij.se[i], b->ij.se[i], tol);
    for (int64_t i = 0; equal && i < a->fit.m * k * k; i++)
        equal = same(a->fit.cov[i], b->fit.cov[i], tol);
    for (int64_t s = 0; equal && s < k; s++)
        equal = same(a->fit.mean[s], b->fit.mean[s], tol) &&
                same(a->ij.mean_se[s], b->ij.mean_se[s], tol);
    return equal;
}

/* Errors at all times come forward in one go, those at a few from each time back: the same, with
 * clusters and weights as with counts. */
static void errors_do_not_depend_on_how_many_times_are_wanted(void)
{
    static world w;
    static double count[sizeof(w.weight) / sizeof(double)];
    make(&w, 60);
    for (int way = 0; way < 2; way++) {
        run all = {0}, one = {0};
        for (int64_t i = 0; i < w.spells.n; i++)
            w.weight[i] = count[i] = 1 + (double)(i % 3);
        w.spells.weight = w.weight;
        if (way) {
            w.spells.cluster = NULL;
            w.spells.count = count;
        }
        T_OK(fit(&all, &w.spells, &(vrk_aj_opt){.start = 3, .tau = 50}) == VRK_OK);
        T_OK(all.fit.m > 10);
        for (int64_t j = 0; j < all.fit.m; j++) {
            vrk_aj_opt o = {.start = 3, .tau = 50, .at = &all.fit.time[j], .n_at = 1};
            T_OK(fit(&one, &w.spells, &o) == VRK_OK);
            for (int s = 0; s < STATES; s++)
                T_NEAR(all.ij.se[j * STATES + s], one.ij.se[s], 1e-12);
            end(&one);
        }
        end(&all);
    }
}

static void does_not_depend_on_the_order_of_rows(void)
{
    static world w, v;
    run a = {0}, b = {0};
    make(&w, 60);
    v = w;
    v.spells.entry = v.entry;
    v.spells.exit = v.exit;
    v.spells.from = v.from;
    v.spells.to = v.to;
    v.spells.cluster = v.deal;
    for (int64_t i = 0; i < w.spells.n; i++) {
        int64_t j = (i * 7919 + 13) % w.spells.n; /* a prime: every row once */
        v.entry[j] = w.entry[i];
        v.exit[j] = w.exit[i];
        v.from[j] = w.from[i];
        v.to[j] = w.to[i];
        v.deal[j] = w.deal[i];
    }
    T_OK(w.spells.n % 7919 != 0);
    T_OK(fit(&a, &w.spells, NULL) == VRK_OK && fit(&b, &v.spells, NULL) == VRK_OK);
    T_OK(same_fit(&a, &b, 1e-12));
    end(&a);
    end(&b);
}

static void moves_with_the_clock(void)
{
    static world w;
    run a = {0}, b = {0};
    make(&w, 60);
    T_OK(fit(&a, &w.spells, &(vrk_aj_opt){.start = 10, .tau = 40}) == VRK_OK);
    for (int64_t i = 0; i < w.spells.n; i++) {
        w.entry[i] += 100;
        w.exit[i] += 100;
    }
    T_OK(fit(&b, &w.spells, &(vrk_aj_opt){.start = 110, .tau = 140}) == VRK_OK);
    T_OK(same_fit(&a, &b, 1e-12) && a.fit.m > 10);
    end(&a);
    end(&b);
}

/* A count of 2, a weight of 2 in one cluster and the row twice are the same curve; a count is two
 * independent spells, so its variance is half. */
static void a_count_is_so_many_rows(void)
{
    static world w, twice;
    double count[SPELLS];
    run one = {0}, counted = {0}, doubled = {0};
    make(&w, 60);
    w.spells.cluster = NULL;
    T_OK(fit(&one, &w.spells, NULL) == VRK_OK);
    for (int64_t i = 0; i < w.spells.n; i++)
        count[i] = 2;
    w.spells.count = count;
    T_OK(fit(&counted, &w.spells, NULL) == VRK_OK);
    twice = w;
    int64_t n = w.spells.n < SPELLS / 2 ? w.spells.n : SPELLS / 2;
    T_OK(n == w.spells.n);
    for (int64_t i = 0; i < n; i++) {
        twice.entry[n + i] = w.entry[i];
        twice.exit[n + i] = w.exit[i];
        twice.from[n + i] = w.from[i];
        twice.to[n + i] = w.to[i];
    }
    twice.spells = (vrk_spells){.n = 2 * n,
                                .states = STATES,
                                .entry = twice.entry,
                                .exit = twice.exit,
                                .from = twice.from,
                                .to = twice.to};
    T_OK(fit(&doubled, &twice.spells, NULL) == VRK_OK);
    T_OK(same_fit(&counted, &doubled, 1e-12));
    for (int64_t i = 0; i < one.fit.m * STATES; i++) {
        T_NEAR(counted.fit.p[i], one.fit.p[i], 1e-12);
        T_NEAR(counted.ij.se[i], one.ij.se[i] / sqrt(2), 1e-12);
    }
    end(&one);
    end(&counted);
    end(&doubled);
}

/* P(0,t) = P(0,s) P(s,t), rows sum to 1, and what a fit says is a row of it. */
static void transition_matrices_chain(void)
{
    static world w;
    double a[STATES * STATES], b[STATES * STATES], c[STATES * STATES], se[STATES * STATES];
    const double at[] = {45};
    run r = {0};
    make(&w, 60);
    T_OK(fit(&r, &w.spells, &(vrk_aj_opt){.at = at, .n_at = 1, .tau = 45}) == VRK_OK);
    T_OK(vrk_aj_matrix(&r.ctx, &r.counts, 0, 20, VRK_GREENWOOD, a, NULL) == VRK_OK);
    T_OK(vrk_aj_matrix(&r.ctx, &r.counts, 20, 45, VRK_GREENWOOD, b, NULL) == VRK_OK);
    T_OK(vrk_aj_matrix(&r.ctx, &r.counts, 0, 45, VRK_GREENWOOD, c, se) == VRK_OK);
    for (int i = 0; i < STATES; i++) {
        double sum = 0;
        for (int j = 0; j < STATES; j++) {
            double product = 0;
            for (int k = 0; k < STATES; k++)
                product += a[i + STATES * k] * b[k + STATES * j];
            T_NEAR(c[i + STATES * j], product, 1e-14);
            sum += c[i + STATES * j];
        }
        T_NEAR(sum, 1., 1e-14);
        T_NEAR(c[STATES * i], r.fit.p[i], 1e-15);
        T_NEAR(se[STATES * i], vrk_aj_se(&r.fit, 0, i), 1e-15);
    }
    T_OK(c[1 + STATES * 0] > 0); /* there is a way back */
    end(&r);
}

/* Two states: the share still in is Kaplan and Meier's, and so is its error; times in the states
 * sum to the horizon. Late entry included. */
static void is_kaplan_meier_with_two_states(void)
{
    double entry[DEALS], exit[DEALS];
    int32_t to[DEALS];
    uint8_t event[DEALS];
    run r = {0};
    vrk_km km;
    vrk_rng rng = vrk_rng_of(3, 2, 1);
    for (int i = 0; i < DEALS; i++) {
        entry[i] = i < DEALS / 2 ? 0 : floor(10 * vrk_rng_uniform(&rng));
        exit[i] = entry[i] + 1 + floor(30 * vrk_rng_exponential(&rng));
        event[i] = vrk_rng_chance(&rng, .7);
        to[i] = event[i] ? 1 : VRK_CENSORED;
    }
    vrk_spells all = {.n = DEALS, .states = 2, .entry = entry, .exit = exit, .to = to};
    vrk_surv surv = {.n = DEALS, .entry = entry, .exit = exit, .event = event};
    T_OK(fit(&r, &all, &(vrk_aj_opt){.tau = 50}) == VRK_OK);
    T_OK(vrk_km_fit(&r.ctx, &surv, NULL, &km) == VRK_OK && km.m == r.fit.m - 1);
    for (int64_t j = 0; j < km.m; j++) {
        T_NEAR(r.fit.p[(j + 1) * 2], km.surv[j], 1e-14);
        if (km.surv[j] > 0)
            T_NEAR(vrk_aj_se(&r.fit, j + 1, 0), km.surv[j] * km.se_log[j], 1e-14);
    }
    T_NEAR(r.fit.mean[0] + r.fit.mean[1], 50., 1e-14);
    vrk_km_free(&km);
    end(&r);
}

/* dA and its variance as Aalen's: at one time with 2 of 4 leaving, 2/4 * 2/4 / 4 = 1/16 against
 * S^2 dN/Y^2 = 1/4 * 2/16 with S = 1/2 after it (for Kaplan-Meier that of Tsiatis and Aalen). */
static void has_both_variances(void)
{
    const double time[] = {1}, risk[] = {4, 0}, moved[] = {2};
    const int32_t from[] = {0}, to[] = {1};
    vrk_transitions c = {.states = 2,
                         .kinds = 1,
                         .from = from,
                         .to = to,
                         .m = 1,
                         .time = time,
                         .risk = risk,
                         .moved = moved};
    vrk_ctx ctx = {0};
    vrk_aj f;
    T_OK(vrk_aj_fit(&ctx, &c, NULL, &f) == VRK_OK);
    T_NEAR(f.cov[4], 1. / 16, 1e-15);
    vrk_aj_free(&f);
    T_OK(vrk_aj_fit(&ctx, &c, &(vrk_aj_opt){.variance = VRK_AALEN}, &f) == VRK_OK);
    T_NEAR(f.cov[4], 1. / 32, 1e-15);
    T_NEAR(f.cov[5], -1. / 32, 1e-15);
    vrk_aj_free(&f);
    vrk_arena_free(&ctx.scratch);
}

static void refuse(vrk_transitions c, vrk_aj_opt o, const char *words)
{
    vrk_ctx ctx = {0};
    vrk_aj f;
    T_OK(vrk_aj_fit(&ctx, &c, &o, &f) == VRK_EINPUT && f.m == 0 && !f.p);
    T_OK(strstr(ctx.message, words) != NULL);
    vrk_arena_free(&ctx.scratch);
}

static void refuses_what_cannot_be(void)
{
    const double time[] = {1, 2}, back[] = {2, 1}, risk[] = {4, 0, 1, 0}, moved[] = {2, 2},
                 good[] = {2, 1}, negative[] = {1, -1}, odd[] = {.5, .6}, at[] = {3, 2};
    const int32_t from[] = {0}, to[] = {1}, self[] = {0};
    vrk_transitions c = {.states = 2,
                         .kinds = 1,
                         .from = from,
                         .to = to,
                         .m = 2,
                         .time = time,
                         .risk = risk,
                         .moved = moved};
    vrk_aj_opt o = {0};
    refuse(c, o, "time 2: 2 leave state 0, where 1 are at risk");
    c.moved = negative;
    refuse(c, o, "time 2: -1 transitions from 0 to 1");
    c.moved = good;
    c.to = self;
    refuse(c, o, "no transition from 0 to 0");
    c.to = to;
    c.time = back;
    refuse(c, o, "time 1 (row 1) is not after");
    c.time = time;
    refuse(c, (vrk_aj_opt){.p0 = odd}, "sum 1.1");
    refuse(c, (vrk_aj_opt){.p0 = negative}, "probability -1 of state 1");
    refuse(c, (vrk_aj_opt){.start = 3, .tau = 2}, "horizon 2");
    refuse(c, (vrk_aj_opt){.at = at, .n_at = 2}, "report time 2 is before 3");
    refuse((vrk_transitions){.states = 1}, o, "1 states");
}

static vrk_status everything(vrk_ctx *ctx)
{
    run r = {.ctx = *ctx};
    double p[9];
    vrk_status st = fit(&r, &five, NULL);
    if (st == VRK_OK)
        st = vrk_aj_matrix(&r.ctx, &r.counts, 0, 2, VRK_AALEN, p, NULL);
    T_OK(st == VRK_OK || !r.ij.se || r.ij.m > 0);
    T_OK(r.ctx.scratch.used == 0);
    end(&r);
    return st;
}

static void fails_cleanly_at_every_allocation(void)
{
    vrk_status st;
    size_t limit = 0;
    do {
        vrk_ctx ctx = {.scratch.limit = limit += 64};
        st = everything(&ctx);
        T_OK(st == VRK_OK || st == VRK_EMEMORY);
    } while (st == VRK_EMEMORY);
    T_OK(st == VRK_OK && limit > 64);
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
        st = everything(&ctx);
        T_OK(st == VRK_OK || st == VRK_ECANCEL);
    }
    T_OK(st == VRK_OK && ticks > 5);
}

T_MAIN(T_CASE(reproduces_the_curve_done_by_hand), T_CASE(says_when_the_horizon_is_beyond_the_data),
       T_CASE(equals_the_empirical_shares_without_censoring),
       T_CASE(greenwood_is_multinomial_without_censoring),
       T_CASE(jackknife_is_the_derivative_by_the_weights),
       T_CASE(errors_do_not_depend_on_how_many_times_are_wanted),
       T_CASE(does_not_depend_on_the_order_of_rows), T_CASE(moves_with_the_clock),
       T_CASE(a_count_is_so_many_rows), T_CASE(transition_matrices_chain),
       T_CASE(is_kaplan_meier_with_two_states), T_CASE(has_both_variances),
       T_CASE(refuses_what_cannot_be), T_CASE(fails_cleanly_at_every_allocation),
       T_CASE(stops_at_every_tick))
