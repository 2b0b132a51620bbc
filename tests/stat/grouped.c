#include "stat/grouped.h"
#include "base/rng.h"
#include "tests/t.h"

#include <string.h>

enum { N = 300, P = 3, ENDS = 2, Q = P * ENDS };

typedef struct {
    double x[N * P], risk[N], events[N * ENDS];
} world;

static const double truth[Q] = {-2, .5, .1, -1.5, -.4, 0};

/* Rates to two ends, constant within the interval. */
static vrk_grouped_data make(world *w)
{
    vrk_rng r = vrk_rng_of(13, 0, 0);
    memset(w, 0, sizeof(*w));
    for (int i = 0; i < N; i++) {
        w->x[i] = 1;
        w->x[i + N] = i % 2;
        w->x[i + 2 * N] = floor(3 * vrk_rng_normal(&r));
        w->risk[i] = 5 + i % 20;
        double rate[ENDS];
        for (int c = 0; c < ENDS; c++)
            rate[c] = exp(truth[c * P] + truth[c * P + 1] * w->x[i + N] +
                          truth[c * P + 2] * w->x[i + 2 * N]);
        for (int k = 0; k < w->risk[i]; k++) {
            double sum = rate[0] + rate[1];
            if (vrk_rng_exponential(&r) < sum)
                w->events[i + (vrk_rng_chance(&r, rate[0] / sum) ? 0 : N)]++;
        }
    }
    return (vrk_grouped_data){
        .n = N, .p = P, .ends = ENDS, .x = w->x, .risk = w->risk, .events = w->events};
}

/* As the definition reads. */
static double slow(const vrk_grouped_data *d, vrk_grouped_link link, const double *beta)
{
    double ll = 0;
    for (int64_t i = 0; i < d->n; i++) {
        double e[ENDS], sum = 0, stayed = d->risk[i];
        for (int c = 0; c < d->ends; c++) {
            double eta = 0;
            for (int64_t j = 0; j < d->p; j++)
                eta += d->x[i + j * d->n] * beta[j + c * d->p];
            sum += e[c] = exp(eta);
        }
        for (int c = 0; c < d->ends; c++) {
            double p = link == VRK_GROUPED_HAZARD ? e[c] / sum * (1 - exp(-sum)) : e[c] / (1 + sum);
            ll += d->events[i + c * d->n] * log(p);
            stayed -= d->events[i + c * d->n];
        }
        ll += stayed * (link == VRK_GROUPED_HAZARD ? -sum : -log(1 + sum));
    }
    return ll;
}

/* Gradient 0 by finite differences of the plain likelihood; with the logit link, whose expected and
 * observed information are the same, the curvature too is the inverse of vcov. */
static void stands_at_the_top_of_the_plain_likelihood(void)
{
    static world w;
    const double h = 1e-4;
    vrk_ctx ctx = {0};
    vrk_grouped_data d = make(&w);
    for (int link = VRK_GROUPED_HAZARD; link <= VRK_GROUPED_ODDS; link++) {
        vrk_grouped_opt o = {.link = (vrk_grouped_link)link};
        vrk_grouped f;
        T_OK(vrk_grouped_fit(&ctx, &d, &o, &f) == VRK_OK && f.stop == VRK_STOP_GRAD);
        T_OK(f.rank == P && f.gradient < 1e-7);
        T_NEAR(f.ll, slow(&d, o.link, f.beta), 1e-12);
        double information[Q * Q];
        for (int i = 0; i < Q * Q; i++) {
            double b[Q], sum = 0;
            for (int k = 0; k < 4; k++) {
                memcpy(b, f.beta, sizeof(b));
                b[i % Q] += k & 1 ? h : -h;
                b[i / Q] += k & 2 ? h : -h;
                sum += (k == 0 || k == 3 ? 1 : -1) * slow(&d, o.link, b);
            }
            information[i] = -sum / (4 * h * h);
            memcpy(b, f.beta, sizeof(b));
            b[i % Q] += 1e-5;
            double up = slow(&d, o.link, b);
            b[i % Q] -= 2e-5;
            T_OK(fabs(up - slow(&d, o.link, b)) / 2e-5 < 1e-3);
        }
        for (int i = 0; i < Q * Q; i++) {
            double one = 0;
            for (int k = 0; k < Q; k++)
                one += information[i % Q + k * Q] * f.vcov[k + i / Q * Q];
            T_NEAR(one, i % Q == i / Q ? 1. : 0., link == VRK_GROUPED_ODDS ? 1e-3 : .1);
        }
        vrk_grouped_free(&f);
    }
    vrk_arena_free(&ctx.scratch);
}

static void finds_the_rates_that_made_the_ends(void)
{
    static world w;
    vrk_ctx ctx = {0};
    vrk_grouped f;
    vrk_grouped_data d = make(&w);
    T_OK(vrk_grouped_fit(&ctx, &d, NULL, &f) == VRK_OK);
    for (int j = 0; j < Q; j++)
        T_OK(fabs(f.beta[j] - truth[j]) < 4 * f.se[j] && f.se[j] < .2);
    vrk_grouped_free(&f);
    vrk_arena_free(&ctx.scratch);
}

/* By hand: 40 at risk, 10 and 6 go; P(stay) = .6, so L = -log .6, shared as 10 to 6. */
static void reproduces_one_cell_done_by_hand(void)
{
    const double one[] = {1}, at_risk[] = {40}, gone[] = {10, 6};
    vrk_grouped_data d = {.n = 1, .p = 1, .ends = 2, .x = one, .risk = at_risk, .events = gone};
    vrk_ctx ctx = {0};
    vrk_grouped f;
    T_OK(vrk_grouped_fit(&ctx, &d, NULL, &f) == VRK_OK);
    T_NEAR(exp(f.beta[0]), -log(.6) * 10 / 16, 1e-12);
    T_NEAR(exp(f.beta[1]), -log(.6) * 6 / 16, 1e-12);
    T_NEAR(f.ll, 24 * log(.6) + 10 * log(.25) + 6 * log(.15), 1e-12);
    vrk_grouped_free(&f);
    T_OK(vrk_grouped_fit(&ctx, &d, &(vrk_grouped_opt){.link = VRK_GROUPED_ODDS}, &f) == VRK_OK);
    T_NEAR(f.beta[0], log(10 / 24.), 1e-12);
    T_NEAR(f.se[1], sqrt(1 / 6. + 1 / 24.), 1e-12);
    vrk_grouped_free(&f);
    vrk_arena_free(&ctx.scratch);
}

/* Ends swapped; cells cut in two; an empty cell. Twice as long intervals, only the cloglog: the
 * intercept is log 2 more, the others stay (where rates are so, here made exact). */
static void answers_do_not_depend_on_how_it_is_written(void)
{
    static world w;
    static double x[2 * N * P], risk[2 * N], events[2 * N * ENDS];
    vrk_ctx ctx = {0};
    vrk_grouped f, g;
    vrk_grouped_data d = make(&w);
    T_OK(vrk_grouped_fit(&ctx, &d, NULL, &f) == VRK_OK);
    for (int i = 0; i < 2 * N; i++) {
        int k = i / 2;
        double share = k == 7 ? (double)(i % 2) : i % 2 ? .3 : .7;
        for (int j = 0; j < P; j++)
            x[i + j * 2 * N] = w.x[k + j * N];
        risk[i] = share * w.risk[k];
        for (int c = 0; c < ENDS; c++)
            events[i + c * 2 * N] = share * w.events[k + (1 - c) * N];
    }
    vrk_grouped_data e = {.n = 2 * N, .p = P, .ends = ENDS, .x = x, .risk = risk, .events = events};
    T_OK(vrk_grouped_fit(&ctx, &e, NULL, &g) == VRK_OK);
    T_NEAR(f.ll, g.ll, 1e-12);
    for (int j = 0; j < Q; j++) {
        T_NEAR(f.beta[j], g.beta[(j + P) % Q], 1e-10);
        T_NEAR(f.se[j], g.se[(j + P) % Q], 1e-10);
    }
    vrk_grouped_free(&g);
    for (int i = 0; i < N; i++) { /* shares as rates make them, in an interval and in two */
        double a = exp(-2 + .5 * w.x[i + N]), b = exp(-1 - .4 * w.x[i + N]);
        for (int k = 1; k <= 2; k++) {
            double *to = k == 1 ? w.events : events;
            to[i] = w.risk[i] * a / (a + b) * -expm1(-k * (a + b));
            to[i + N] = w.risk[i] * b / (a + b) * -expm1(-k * (a + b));
        }
    }
    e = d;
    e.events = events;
    d.p = e.p = 2;
    vrk_grouped_free(&f);
    T_OK(vrk_grouped_fit(&ctx, &d, NULL, &f) == VRK_OK);
    T_OK(vrk_grouped_fit(&ctx, &e, NULL, &g) == VRK_OK);
    for (int c = 0; c < ENDS; c++) {
        T_NEAR(g.beta[2 * c] - f.beta[2 * c], log(2), 1e-8);
        T_NEAR(g.beta[2 * c + 1], c ? -.4 : .5, 1e-8);
        T_NEAR(f.beta[2 * c + 1], c ? -.4 : .5, 1e-8);
    }
    vrk_grouped_free(&f);
    vrk_grouped_free(&g);
    vrk_arena_free(&ctx.scratch);
}

static void says_what_cannot_be_told(void)
{
    static world w;
    vrk_ctx ctx = {0};
    vrk_grouped f;
    vrk_grouped_data d = make(&w);
    for (int i = 0; i < N; i++) {
        w.x[i + 2 * N] = 7 - 3 * w.x[i + N];
        w.events[i] = i % 2 ? 0 : w.events[i];
    }
    T_OK(vrk_grouped_fit(&ctx, &d, NULL, &f) == VRK_OK && f.stop == VRK_STOP_BOUNDARY);
    T_OK(f.rank == 2 && f.dropped[2] && isnan(f.se[2]) && isnan(f.se[2 + P]) && f.beta[1] < -8);
    vrk_grouped_free(&f);
    T_OK(vrk_grouped_fit(&ctx, &d, &(vrk_grouped_opt){.max_iter = 1}, &f) == VRK_OK);
    T_OK(f.stop == VRK_STOP_ITER && f.iterations == 1);
    vrk_grouped_free(&f);
    for (int i = 0; i < N; i++) /* all go at once: an infinite rate */
        w.events[i] = w.risk[i] - w.events[i + N];
    T_OK(vrk_grouped_fit(&ctx, &d, NULL, &f) == VRK_OK && f.stop == VRK_STOP_BOUNDARY);
    T_OK(isfinite(f.ll));
    vrk_grouped_free(&f);
    vrk_arena_free(&ctx.scratch);
}

static void refuse(const vrk_grouped_data *d, const char *words)
{
    vrk_ctx ctx = {0};
    vrk_grouped f;
    T_OK(vrk_grouped_fit(&ctx, d, NULL, &f) == VRK_EINPUT && !f.beta && ctx.scratch.used == 0);
    if (!strstr(ctx.message, words))
        printf("# %s: %s\n", words, ctx.message);
    T_OK(strstr(ctx.message, words) != NULL);
    vrk_arena_free(&ctx.scratch);
}

static void names_the_bad_cell(void)
{
    static world w;
    vrk_grouped_data d = make(&w);
    w.events[3] = w.risk[3] + 1;
    refuse(&d, "cell 3:");
    d = make(&w);
    w.risk[4] = nan("");
    refuse(&d, "cell 4: nan at risk");
    d = make(&w);
    w.events[5 + N] = -1;
    refuse(&d, "cell 5: -1 events of end 1");
    d = make(&w);
    w.x[6 + 2 * N] = HUGE_VAL;
    refuse(&d, "cell 6: column 2 is inf");
    d = make(&w);
    memset(w.events + N, 0, N * sizeof(double));
    refuse(&d, "nobody in 300 cells met end 1");
    refuse(&(vrk_grouped_data){.p = 1, .ends = 1}, "0 cells of 1 columns");
}

static void fails_cleanly_at_every_allocation(void)
{
    static world w;
    vrk_status st;
    size_t limit = 0;
    vrk_grouped_data d = make(&w);
    do {
        vrk_ctx ctx = {.scratch.limit = limit += 256};
        vrk_grouped f;
        st = vrk_grouped_fit(&ctx, &d, &(vrk_grouped_opt){.max_iter = 1}, &f);
        T_OK(st == VRK_OK || (st == VRK_EMEMORY && !f.beta && ctx.scratch.used == 0));
        vrk_grouped_free(&f);
        vrk_arena_free(&ctx.scratch);
    } while (st == VRK_EMEMORY);
    T_OK(st == VRK_OK && limit > 256);
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
    vrk_grouped_data d = make(&w);
    while (st == VRK_ECANCEL) {
        int left = ++ticks;
        vrk_ctx ctx = {.tick = stop_at, .arg = &left};
        vrk_grouped f;
        st = vrk_grouped_fit(&ctx, &d, NULL, &f);
        T_OK(st == VRK_OK || (st == VRK_ECANCEL && !f.beta));
        vrk_grouped_free(&f);
        vrk_arena_free(&ctx.scratch);
    }
    T_OK(st == VRK_OK && ticks > 2);
}

T_MAIN(T_CASE(stands_at_the_top_of_the_plain_likelihood),
       T_CASE(finds_the_rates_that_made_the_ends), T_CASE(reproduces_one_cell_done_by_hand),
       T_CASE(answers_do_not_depend_on_how_it_is_written), T_CASE(says_what_cannot_be_told),
       T_CASE(names_the_bad_cell), T_CASE(fails_cleanly_at_every_allocation),
       T_CASE(stops_at_every_tick))
