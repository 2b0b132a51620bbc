#include "stat/msm.h"
#include "base/rng.h"
#include "stat/msm_parts.h"
#include "tests/t.h"

#include <string.h>

enum { N = 1200, K = 4, Q = 6, ALIVE = K, ANY = K + 1 };

/* Early and late stage to and fro, won, lost. */
static const int32_t from[] = {0, 1, 0, 1, 0, 1}, into[] = {1, 0, 3, 2, 2, 3};
static const bool sets[] = {true, true, false, false, true, true, true, true};

typedef struct {
    int32_t subject[2 * N], state[2 * N];
    double time[2 * N], x[4 * N];
    uint8_t kind[2 * N];
} world;

static const double truth[Q][2] = {{-2.5, .5}, {-3, 0}, {-4, -.5}, {-3.5, .5}, {-4.5, 0}, {-4, 0}};

static double rate_of(int t, double x)
{
    return exp(truth[t][0] + truth[t][1] * x);
}

/* Deals seen weekly, some weeks missed, some states half known; ends with their dates. */
static vrk_msm_data make(world *w)
{
    vrk_rng r = vrk_rng_of(3, 0, 0);
    int64_t n = 0;
    int32_t who = 0;
    memset(w, 0, sizeof(*w));
    for (; n + 20 < N; who++) {
        double now = 0, seen = 0, x = (double)vrk_rng_below(&r, 3) - 1;
        int32_t state = 0;
        for (int week = 0; week < 12 && state < 2; week++) {
            w->subject[n] = who;
            w->time[n] = seen;
            w->x[n] = x;
            w->x[n + N] = week > 5;
            w->state[n] = week == 3 ? ALIVE : week == 5 ? ANY : state;
            n++;
            seen += 7 * (1 + (double)vrk_rng_below(&r, 2));
            while (state < 2) {
                double all = 0, rate[Q];
                for (int t = 0; t < Q; t++)
                    all += rate[t] = from[t] == state ? rate_of(t, x) : 0;
                double next = now + vrk_rng_exponential(&r) / all, at = vrk_rng_uniform(&r) * all;
                now = fmin(next, seen);
                if (next >= seen)
                    break;
                int t = 0;
                for (; t < Q - 1 && at >= rate[t]; t++)
                    at -= rate[t];
                state = into[t];
            }
        }
        if (state >= 2) {
            w->subject[n] = who;
            w->time[n] = fmax(now, w->time[n - 1] + 1e-3);
            w->x[n] = x;
            w->state[n] = state;
            w->kind[n++] = VRK_ENTERED;
        }
    }
    memmove(w->x + n, w->x + N, (size_t)n * sizeof(double));
    return (vrk_msm_data){.n = n,
                          .states = K,
                          .subject = w->subject,
                          .subjects = who,
                          .time = w->time,
                          .state = w->state,
                          .kind = w->kind,
                          .sets = 2,
                          .set = sets,
                          .p = 2,
                          .x = w->x,
                          .transitions = Q,
                          .from = from,
                          .into = into};
}

/* exp(q t) by the definition: (I + q t / 2^20)^(2^20), with the second order kept. */
static void slow_exp(const double *q, double t, double *p)
{
    double next[K * K], a[K * K];
    for (int i = 0; i < K * K; i++)
        a[i] = q[i] * ldexp(t, -20);
    for (int i = 0; i < K * K; i++) {
        double square = 0;
        for (int m = 0; m < K; m++)
            square += a[i % K + m * K] * a[m + i / K * K];
        p[i] = (i % K == i / K) + a[i] + square / 2;
    }
    for (int s = 0; s < 20; s++) {
        for (int i = 0; i < K * K; i++) {
            next[i] = 0;
            for (int m = 0; m < K; m++)
                next[i] += p[i % K + m * K] * p[m + i / K * K];
        }
        memcpy(p, next, sizeof(next));
    }
}

/* The likelihood row by row: the chances of all states, told on. beta as in the fit. */
static double slow(const vrk_msm_data *d, const double *beta)
{
    double ll = 0, now[K] = {0};
    for (int64_t i = 0; i < d->n; i++) {
        double q[K * K] = {0}, p[K * K], next[K] = {0}, sum = 0;
        if (i == 0 || d->subject[i] != d->subject[i - 1]) {
            memset(now, 0, sizeof(now));
            now[d->state[i]] = 1;
            continue;
        }
        for (int t = 0; t < Q; t++) {
            double eta = beta[t * (1 + d->p)];
            for (int64_t j = 0; j < d->p; j++)
                eta += beta[t * (1 + d->p) + 1 + j] * d->x[i - 1 + j * d->n];
            q[from[t] + K * into[t]] = exp(eta);
            q[from[t] * (K + 1)] -= exp(eta);
        }
        slow_exp(q, d->time[i] - d->time[i - 1], p);
        for (int s = 0; s < K; s++) {
            for (int r = 0; r < K; r++) {
                double chance = p[r + K * s];
                if (d->kind[i] == VRK_MOVED)
                    chance = exp(q[r * (K + 1)] * (d->time[i] - d->time[i - 1])) *
                             (r == s ? 1 : q[r + K * s]);
                if (d->kind[i] == VRK_ENTERED) {
                    chance = 0;
                    for (int m = 0; m < K; m++)
                        chance += m == s ? 0 : p[r + K * m] * q[m + K * s];
                }
                bool may = d->state[i] < K ? d->state[i] == s : sets[(d->state[i] - K) * K + s];
                next[s] += may ? now[r] * chance : 0;
            }
            sum += next[s];
        }
        ll += log(sum);
        for (int s = 0; s < K; s++)
            now[s] = next[s] / sum;
    }
    return ll;
}

static void finds_the_truth_where_the_plain_likelihood_stands_at_its_top(void)
{
    static world w;
    vrk_ctx ctx = {0};
    vrk_msm f;
    vrk_msm_data d = make(&w);
    T_OK(vrk_msm_fit(&ctx, &d, NULL, &f) == VRK_OK);
    T_OK(f.stop == VRK_STOP_GRAD && f.rank == Q * 3 && f.skipped == 0);
    T_NEAR(f.ll, slow(&d, f.beta), 1e-9);
    for (int i = 0; i < Q * 3; i++) {
        double b[Q * 3], h = 1e-3 * f.se[i], up, down;
        memcpy(b, f.beta, sizeof(b));
        b[i] += h;
        up = slow(&d, b);
        b[i] -= 2 * h;
        down = slow(&d, b);
        T_OK(fabs(up - down) / (2 * h) * f.se[i] < 1e-3); /* in standard errors */
        if (i % 3 < 2)
            T_OK(fabs(f.beta[i] - truth[i / 3][i % 3]) < 3.5 * f.se[i]);
    }
    vrk_msm_free(&f);
    vrk_arena_free(&ctx.scratch);
}

/* Away from the top, for all kinds of sightings. */
static void the_gradient_is_that_of_finite_differences(void)
{
    static world w;
    vrk_ctx ctx = {0};
    vrk_msm_data d = make(&w);
    msm_steps s = {0};
    msm_room room;
    double theta[Q * 3], g[Q * 3], none[Q * 3], up, down, f;
    for (int64_t i = 0; i < d.n; i += 7)
        w.kind[i] = w.state[i] < 2 ? VRK_MOVED : w.kind[i];
    T_OK(vrk_msm_steps_of(&ctx, &d, &s) == VRK_OK && s.chains > 20 && s.buckets > 20);
    T_OK(vrk_msm_room_of(&ctx, &s, &room) == VRK_OK);
    for (int i = 0; i < Q * 3; i++)
        theta[i] = i % 3 ? .1 * (i % 5) : -3 - .2 * i / 3;
    T_OK(vrk_msm_value(&ctx, theta, &f, g, &room) == VRK_OK);
    for (int i = 0; i < Q * 3; i++) {
        const double h = 1e-5;
        double was = theta[i];
        theta[i] = was + h;
        T_OK(vrk_msm_value(&ctx, theta, &up, none, &room) == VRK_OK);
        theta[i] = was - h;
        T_OK(vrk_msm_value(&ctx, theta, &down, none, &room) == VRK_OK);
        theta[i] = was;
        T_NEAR(g[i], (up - down) / (2 * h), 1e-6);
    }
    vrk_arena_free(&ctx.scratch);
}

/* Weeks instead of days: log rates by log 7 more. States numbered backwards. A row more that says
 * nothing. */
static void answers_do_not_depend_on_how_it_is_written(void)
{
    static world w, v;
    const int32_t back_from[] = {3, 2, 3, 2, 3, 2}, back_into[] = {2, 3, 0, 1, 1, 0};
    const bool back_sets[] = {false, false, true, true, true, true, true, true};
    vrk_ctx ctx = {0};
    vrk_msm f, g;
    vrk_msm_data d = make(&w), e = make(&v);
    T_OK(vrk_msm_fit(&ctx, &d, NULL, &f) == VRK_OK);
    for (int64_t i = 0; i < e.n; i++) {
        v.time[i] /= 7;
        v.state[i] = v.state[i] < K ? K - 1 - v.state[i] : v.state[i];
        v.x[i] = 1e4 + 10 * v.x[i];
    }
    e.from = back_from;
    e.into = back_into;
    e.set = back_sets;
    T_OK(vrk_msm_fit(&ctx, &e, NULL, &g) == VRK_OK);
    for (int i = 0; i < Q * 3; i++) {
        double scale = i % 3 == 1 ? .1 : 1;
        if (i % 3)
            T_OK(fabs(g.beta[i] - scale * f.beta[i]) < 1e-5 * scale * f.se[i]);
        if (i % 3)
            T_OK(fabs(g.se[i] / f.se[i] / scale - 1) < 1e-6);
        else
            T_OK(fabs(g.beta[i] + 1e4 * g.beta[i + 1] - f.beta[i] - log(7)) < 1e-5 * f.se[i]);
    }
    vrk_msm_free(&g);
    e = make(&v);
    int64_t n = 0;
    for (int64_t i = 0; i < d.n; i++) { /* after each row that is not the last, one of no news */
        bool last = i + 1 == d.n || w.subject[i] != w.subject[i + 1];
        for (int k = 0; k < (!last && w.kind[i + 1] == VRK_SEEN ? 2 : 1); k++, n++) {
            v.subject[n] = w.subject[i];
            v.time[n] = k ? (w.time[i] + w.time[i + 1]) / 2 : w.time[i];
            v.state[n] = k ? ANY : w.state[i];
            v.kind[n] = k ? VRK_SEEN : w.kind[i];
        }
    }
    d.p = 0;
    e.p = 0;
    e.n = n;
    vrk_msm_free(&f);
    T_OK(vrk_msm_fit(&ctx, &d, NULL, &f) == VRK_OK);
    T_OK(vrk_msm_fit(&ctx, &e, NULL, &g) == VRK_OK && g.steps > f.steps);
    T_NEAR(f.ll, g.ll, 1e-11);
    for (int i = 0; i < Q; i++)
        T_OK(fabs(g.beta[i] - f.beta[i]) < 1e-5 * f.se[i]);
    vrk_msm_free(&f);
    vrk_msm_free(&g);
    vrk_arena_free(&ctx.scratch);
}

/* One state and an end, seen at day 10: rate -log(1 - share)/10 by hand, error by the delta method;
 * whole histories: events by time at risk. */
static void reproduces_two_states_done_by_hand(void)
{
    enum { DEALS = 20, ENDED = 8 };
    const int32_t out = 0, end = 1;
    int32_t subject[2 * DEALS], state[2 * DEALS];
    double time[2 * DEALS], p[4], se[4];
    uint8_t kind[2 * DEALS] = {0};
    for (int i = 0; i < 2 * DEALS; i++) {
        subject[i] = i / 2;
        time[i] = i % 2 * 10;
        state[i] = i % 2 && i / 2 < ENDED;
        kind[i] = VRK_SEEN;
    }
    vrk_msm_data d = {.n = 2 * DEALS,
                      .states = 2,
                      .subject = subject,
                      .subjects = DEALS,
                      .time = time,
                      .state = state,
                      .kind = kind,
                      .transitions = 1,
                      .from = &out,
                      .into = &end};
    vrk_ctx ctx = {0};
    vrk_msm f;
    double share = ENDED / (double)DEALS, rate = -log(1 - share) / 10;
    T_OK(vrk_msm_fit(&ctx, &d, NULL, &f) == VRK_OK);
    T_NEAR(exp(f.beta[0]), rate, 1e-7);
    T_NEAR(f.ll, ENDED * log(share) + (DEALS - ENDED) * log(1 - share), 1e-12);
    T_OK(vrk_msm_chances(&ctx, &f, NULL, 10, p, se) == VRK_OK);
    T_NEAR(p[2], share, 1e-6);
    T_NEAR(se[2], sqrt(share * (1 - share) / DEALS), 1e-6);
    T_OK(p[3] >= 1 && se[3] <= 0);
    vrk_msm_free(&f);
    memset(kind, VRK_MOVED, sizeof(kind));
    T_OK(vrk_msm_fit(&ctx, &d, NULL, &f) == VRK_OK);
    T_NEAR(exp(f.beta[0]), ENDED / (10. * DEALS), 1e-7);
    T_NEAR(f.se[0], 1 / sqrt(ENDED), 1e-6);
    vrk_msm_free(&f);
    vrk_arena_free(&ctx.scratch);
}

/* Nobody goes back, and one column is 1 for all. */
static void says_what_the_data_cannot_tell(void)
{
    static world w;
    vrk_ctx ctx = {0};
    vrk_msm f, less;
    vrk_msm_data d = make(&w);
    for (int64_t i = 0; i < d.n; i++) {
        bool first = i == 0 || w.subject[i] != w.subject[i - 1];
        if (!first && w.state[i] < 2 && w.state[i - 1] == 1)
            w.state[i] = 1;
        if (w.state[i] >= K)
            w.state[i] = first ? 0 : w.state[i - 1];
        w.x[i + d.n] = 3;
    }
    T_OK(vrk_msm_fit(&ctx, &d, NULL, &f) == VRK_OK && f.stop == VRK_STOP_BOUNDARY);
    T_OK(f.zero[1] && !f.zero[0] && isnan(f.se[3]) && f.dropped[1] && !f.dropped[0]);
    T_OK(f.rank == (Q - 1) * 2);
    const int32_t less_from[] = {0, 0, 1, 0, 1}, less_into[] = {1, 3, 2, 2, 3};
    d.transitions = Q - 1;
    d.from = less_from;
    d.into = less_into;
    T_OK(vrk_msm_fit(&ctx, &d, NULL, &less) == VRK_OK && less.stop == VRK_STOP_GRAD);
    T_NEAR(f.ll, less.ll, 1e-6);
    for (int t = 1; t < Q - 1; t++)
        T_OK(fabs(f.beta[3 * (t + 1)] - less.beta[3 * t]) < 1e-2 * less.se[3 * t]);
    vrk_msm_free(&f);
    vrk_msm_free(&less);
    d.n = 0;
    T_OK(vrk_msm_fit(&ctx, &d, NULL, &f) == VRK_EINPUT);
    vrk_arena_free(&ctx.scratch);
}

/* Before the first known state there is nothing to start from; rows there are counted. */
static void skips_rows_before_the_first_known_state(void)
{
    static world w, v;
    vrk_ctx ctx = {0};
    vrk_msm f, less;
    vrk_msm_data d = make(&w), e = make(&v);
    int32_t who = w.subject[0];
    int64_t n = 0;
    for (; w.subject[n + 1] == who; n++) {
        w.state[n] = ALIVE;
        w.kind[n] = VRK_SEEN;
    }
    d.p = 0;
    e = d;
    e.n -= n + 1;
    e.subject += n + 1;
    e.time += n + 1;
    e.state += n + 1;
    e.kind += n + 1;
    T_OK(vrk_msm_fit(&ctx, &d, NULL, &f) == VRK_OK && f.skipped == n);
    T_OK(vrk_msm_fit(&ctx, &e, NULL, &less) == VRK_OK && less.steps == f.steps);
    T_NEAR(f.ll, less.ll, 1e-12);
    vrk_msm_free(&f);
    vrk_msm_free(&less);
    vrk_arena_free(&ctx.scratch);
}

static void refuse(const vrk_msm_data *d, const char *words)
{
    vrk_ctx ctx = {0};
    vrk_msm f;
    T_OK(vrk_msm_fit(&ctx, d, NULL, &f) == VRK_EINPUT && !f.beta && ctx.scratch.used == 0);
    if (!strstr(ctx.message, words))
        printf("# %s: %s\n", words, ctx.message);
    T_OK(strstr(ctx.message, words) != NULL);
    vrk_arena_free(&ctx.scratch);
}

static void names_the_bad_row(void)
{
    static world w;
    const int32_t loop[] = {0, 1, 0, 1, 0, 0}, twice[] = {1, 0, 3, 2, 3, 2};
    const bool empty[2 * K] = {false};
    vrk_msm_data d = make(&w);
    w.time[1] = w.time[0];
    refuse(&d, "row 1: time");
    d = make(&w);
    w.time[4] = nan("");
    refuse(&d, "row 4: time nan");
    d = make(&w);
    w.state[2] = 9;
    refuse(&d, "row 2: state 9 of 4 (and 2 sets)");
    d = make(&w);
    w.subject[2] = 9999;
    refuse(&d, "row 2: subject 9999");
    d = make(&w);
    w.subject[d.n - 1] = 0;
    refuse(&d, "subject 0 again");
    d = make(&w);
    w.x[5 + d.n] = HUGE_VAL;
    refuse(&d, "row 5: column 1 is inf");
    d = make(&w);
    w.kind[3] = 7;
    refuse(&d, "row 3: kind 7");
    d = make(&w);
    d.into = loop;
    refuse(&d, "transition 0: from state 0 to 0");
    d = make(&w);
    d.from = loop;
    d.into = twice;
    refuse(&d, "transitions 2 and 4 are the same");
    d = make(&w);
    d.set = empty;
    refuse(&d, "set 0 has no states");
    d = make(&w);
    int64_t i = 0;
    while (w.state[i] != 2)
        i++;
    w.state[i - 1] = 3; /* won after lost */
    w.kind[i - 1] = VRK_ENTERED;
    refuse(&d, "no way of transitions leads there");
    d = make(&w);
    for (int64_t k = 0; k < d.n; k++)
        w.subject[k] = (int32_t)k;
    d.subjects = (int32_t)d.n;
    refuse(&d, "has a row of its subject after it");
}

static void fails_cleanly_at_every_allocation(void)
{
    static world w;
    vrk_status st;
    size_t limit = 0;
    vrk_msm_data d = make(&w);
    d.n = 120;
    d.p = 0;
    do {
        vrk_ctx ctx = {.scratch.limit = limit += 512};
        vrk_msm f;
        st = vrk_msm_fit(&ctx, &d, &(vrk_msm_opt){.max_iter = 2}, &f);
        T_OK(st == VRK_OK || (st == VRK_EMEMORY && !f.beta && ctx.scratch.used == 0));
        if (st == VRK_OK) {
            double p[K * K];
            ctx.scratch.limit = 64;
            T_OK(vrk_msm_chances(&ctx, &f, NULL, 1, p, NULL) == VRK_EMEMORY);
            ctx.scratch.limit = 0;
            T_OK(vrk_msm_chances(&ctx, &f, NULL, -1, p, NULL) == VRK_EINPUT);
        }
        vrk_msm_free(&f);
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
    static world w;
    vrk_status st = VRK_ECANCEL;
    int ticks = 0;
    vrk_msm_data d = make(&w);
    d.n = 120;
    d.p = 0;
    while (st == VRK_ECANCEL) {
        int left = ++ticks;
        vrk_ctx ctx = {.tick = stop_at, .arg = &left};
        vrk_msm f;
        st = vrk_msm_fit(&ctx, &d, &(vrk_msm_opt){.max_iter = 3}, &f);
        T_OK(st == VRK_OK || (st == VRK_ECANCEL && !f.beta));
        vrk_msm_free(&f);
        vrk_arena_free(&ctx.scratch);
    }
    T_OK(st == VRK_OK && ticks > 5);
}

T_MAIN(T_CASE(finds_the_truth_where_the_plain_likelihood_stands_at_its_top),
       T_CASE(the_gradient_is_that_of_finite_differences),
       T_CASE(answers_do_not_depend_on_how_it_is_written),
       T_CASE(reproduces_two_states_done_by_hand), T_CASE(says_what_the_data_cannot_tell),
       T_CASE(skips_rows_before_the_first_known_state), T_CASE(names_the_bad_row),
       T_CASE(fails_cleanly_at_every_allocation), T_CASE(stops_at_every_tick))
