#include "stat/crisk.h"
#include "base/rng.h"
#include "stat/grouped.h"
#include "tests/t.h"

#include <string.h>

enum { N = 60, P = 3, ENDS = 2, Q = P * ENDS, M = 4 };

typedef struct {
    double x[N * P], events[N * ENDS], days[N];
} world;

static vrk_crisk_data make(world *w)
{
    vrk_rng r = vrk_rng_of(21, 0, 0);
    for (int i = 0; i < N; i++) {
        w->x[i] = 1;
        w->x[i + N] = i % 2;
        w->x[i + 2 * N] = i % 5;
        w->days[i] = 200 + i;
        for (int c = 0; c < ENDS; c++)
            w->events[i + c * N] = (double)vrk_rng_poisson(
                &r, w->days[i] * exp(-3.5 - c + .4 * w->x[i + N] - .2 * w->x[i + 2 * N]));
    }
    return (vrk_crisk_data){
        .n = N, .p = P, .ends = ENDS, .x = w->x, .events = w->events, .exposure = w->days};
}

static const double lengths[M] = {7, 14, 30, 300};
static const double course_x[M * P] = {1, 1, 1, 1, 0, 0, 1, 1, 0, 1, 2, 4};
static const vrk_course course = {.m = M, .length = lengths, .x = course_x};

/* The definition in small steps: who is still in, times rate, times the step (Simpson's rule). */
static double slow(const double *beta, int64_t until, int32_t end)
{
    enum { STEPS = 2000 };
    double stay = 1, met = 0;
    for (int64_t j = 0; j <= until; j++) {
        double rate[ENDS], all = 0, h = lengths[j] / STEPS;
        for (int c = 0; c < ENDS; c++) {
            double eta = 0;
            for (int k = 0; k < P; k++)
                eta += course_x[j + k * M] * beta[k + c * P];
            all += rate[c] = exp(eta);
        }
        for (int i = 0; end >= 0 && i <= STEPS; i++)
            met += stay * exp(-all * h * i) * rate[end] * h / 3 *
                   (i == 0 || i == STEPS ? 1
                    : i % 2              ? 4
                                         : 2);
        stay *= exp(-all * lengths[j]);
    }
    return end < 0 ? stay : met;
}

/* Chances, and their errors by the delta method with derivatives by finite differences. */
static void chances_and_errors_are_those_of_the_definition(void)
{
    static world w;
    vrk_ctx ctx = {0};
    vrk_crisk f;
    vrk_chances ch;
    vrk_crisk_data d = make(&w);
    T_OK(vrk_crisk_fit(&ctx, &d, NULL, &f) == VRK_OK && f.ends == 2);
    vrk_rates r = {.p = P, .ends = ENDS, .beta = f.beta, .vcov = f.vcov};
    T_OK(vrk_crisk_chances(&ctx, &r, &course, &ch) == VRK_OK);
    for (int j = 0; j < M; j++) {
        T_NEAR(ch.stay[j] + ch.met[j] + ch.met[j + M], 1., 1e-14);
        for (int c = -1; c < ENDS; c++) {
            double by[Q], var = 0;
            for (int i = 0; i < Q; i++) {
                double b[Q];
                memcpy(b, f.beta, sizeof(b));
                b[i] += 1e-5;
                by[i] = slow(b, j, c);
                b[i] -= 2e-5;
                by[i] = (by[i] - slow(b, j, c)) / 2e-5;
            }
            for (int i = 0; i < Q * Q; i++)
                var += by[i % Q] * f.vcov[i] * by[i / Q];
            T_NEAR(c < 0 ? ch.stay[j] : ch.met[j + c * M], slow(f.beta, j, c), 1e-10);
            T_NEAR(c < 0 ? ch.stay_se[j] : ch.met_se[j + c * M], sqrt(var), 1e-8);
        }
    }
    vrk_chances_free(&ch);
    vrk_crisk_free(&f);
    vrk_arena_free(&ctx.scratch);
}

/* Each end's betas are those of its own Poisson regression; nothing between ends. */
static void ends_are_fitted_apart(void)
{
    static world w;
    vrk_ctx ctx = {0};
    vrk_crisk f;
    vrk_poisson one;
    vrk_crisk_data d = make(&w);
    vrk_cells cells = {.n = N, .p = P, .x = w.x, .events = w.events + N, .exposure = w.days};
    T_OK(vrk_crisk_fit(&ctx, &d, NULL, &f) == VRK_OK);
    T_OK(vrk_poisson_fit(&ctx, &cells, NULL, &one) == VRK_OK);
    for (int j = 0; j < P; j++) {
        T_NEAR(f.beta[j + P], one.beta[j], 0.);
        T_NEAR(f.vcov[(j + P) * (Q + 1)], one.vcov[j * (P + 1)], 0.);
        T_NEAR(f.vcov[j + P * Q], 0., 0.);
    }
    vrk_poisson_free(&one);
    vrk_crisk_free(&f);
    vrk_arena_free(&ctx.scratch);
}

/* One interval by hand: 10 and 30 events in 400 days, chances after 5 days; and the same from the
 * model of intervals, whose chance of each end is then the share itself, with its binomial error.
 */
static void reproduces_one_rate_each_done_by_hand(void)
{
    const double one[] = {1}, events[] = {10, 30}, days[] = {400}, risk[] = {100}, five[] = {5};
    vrk_crisk_data d = {.n = 1, .p = 1, .ends = 2, .x = one, .events = events, .exposure = days};
    vrk_grouped_data g = {.n = 1, .p = 1, .ends = 2, .x = one, .risk = risk, .events = events};
    vrk_ctx ctx = {0};
    vrk_crisk f;
    vrk_grouped h;
    vrk_chances c;
    T_OK(vrk_crisk_fit(&ctx, &d, NULL, &f) == VRK_OK);
    vrk_rates r = {.p = 1, .ends = 2, .beta = f.beta, .vcov = f.vcov};
    T_OK(vrk_crisk_chances(&ctx, &r, &(vrk_course){1, five, one}, &c) == VRK_OK);
    T_NEAR(c.stay[0], exp(-.5), 1e-13);
    T_NEAR(c.met[0], .25 * (1 - exp(-.5)), 1e-13);
    T_NEAR(c.stay_se[0], exp(-.5) * 5 * sqrt(40) / 400, 1e-13);
    vrk_chances_free(&c);
    vrk_crisk_free(&f);
    T_OK(vrk_grouped_fit(&ctx, &g, NULL, &h) == VRK_OK);
    r = (vrk_rates){.p = 1, .ends = 2, .beta = h.beta, .vcov = h.vcov};
    T_OK(vrk_crisk_chances(&ctx, &r, &(vrk_course){1, one, one}, &c) == VRK_OK);
    for (int i = 0; i < 2; i++) {
        double p = events[i] / 100;
        T_NEAR(c.met[i], p, 1e-12);
        T_NEAR(c.met_se[i], sqrt(p * (1 - p) / 100), 1e-12);
    }
    vrk_chances_free(&c);
    vrk_grouped_free(&h);
    vrk_arena_free(&ctx.scratch);
}

/* An interval cut in two, and weeks for days. */
static void answers_do_not_depend_on_how_it_is_written(void)
{
    static world w;
    const double cut[M + 1] = {7, 14, 12, 18, 300};
    double x[(M + 1) * P];
    vrk_ctx ctx = {0};
    vrk_crisk f;
    vrk_chances whole, halves;
    vrk_crisk_data d = make(&w);
    T_OK(vrk_crisk_fit(&ctx, &d, NULL, &f) == VRK_OK);
    vrk_rates r = {.p = P, .ends = ENDS, .beta = f.beta, .vcov = f.vcov};
    T_OK(vrk_crisk_chances(&ctx, &r, &course, &whole) == VRK_OK);
    for (int j = 0; j <= M; j++) {
        for (int k = 0; k < P; k++)
            x[j + k * (M + 1)] = course_x[(j > 2 ? j - 1 : j) + k * M];
    }
    T_OK(vrk_crisk_chances(&ctx, &r, &(vrk_course){M + 1, cut, x}, &halves) == VRK_OK);
    for (int c = 0; c < ENDS; c++) {
        T_NEAR(halves.met[M + c * (M + 1)], whole.met[M - 1 + c * M], 1e-14);
        T_NEAR(halves.met_se[M + c * (M + 1)], whole.met_se[M - 1 + c * M], 1e-14);
    }
    vrk_chances_free(&halves);
    vrk_crisk_free(&f);
    double weeks[M];
    for (int i = 0; i < N; i++)
        w.days[i] /= 7;
    for (int j = 0; j < M; j++)
        weeks[j] = lengths[j] / 7;
    T_OK(vrk_crisk_fit(&ctx, &d, NULL, &f) == VRK_OK);
    r.beta = f.beta;
    r.vcov = f.vcov;
    T_OK(vrk_crisk_chances(&ctx, &r, &(vrk_course){M, weeks, course_x}, &halves) == VRK_OK);
    for (int j = 0; j < M; j++)
        T_NEAR(halves.met_se[j], whole.met_se[j], 1e-11);
    vrk_chances_free(&halves);
    vrk_chances_free(&whole);
    vrk_crisk_free(&f);
    vrk_arena_free(&ctx.scratch);
}

static void names_what_cannot_be(void)
{
    static world w;
    const double bad[M] = {7, 0, 1, 1};
    double x[M * P];
    vrk_ctx ctx = {0};
    vrk_crisk f;
    vrk_chances c;
    vrk_crisk_data d = make(&w);
    T_OK(vrk_crisk_fit(&ctx, &d, NULL, &f) == VRK_OK);
    vrk_rates r = {.p = P, .ends = ENDS, .beta = f.beta, .vcov = f.vcov};
    T_OK(vrk_crisk_chances(&ctx, &r, &(vrk_course){M, bad, course_x}, &c) == VRK_EINPUT);
    T_OK(strstr(ctx.message, "interval 1 has a length of 0") && !c.stay);
    memcpy(x, course_x, sizeof(x));
    x[2 + M] = nan("");
    T_OK(vrk_crisk_chances(&ctx, &r, &(vrk_course){M, lengths, x}, &c) == VRK_EINPUT);
    T_OK(strstr(ctx.message, "interval 2: column 1") != NULL);
    vrk_crisk_free(&f);
    memset(w.events + N, 0, N * sizeof(double));
    T_OK(vrk_crisk_fit(&ctx, &d, NULL, &f) == VRK_EINPUT && !f.beta && !f.end);
    T_OK(strstr(ctx.message, "end 1: no events in 60 cells") != NULL);
    d.n = 0;
    T_OK(vrk_crisk_fit(&ctx, &d, NULL, &f) == VRK_EINPUT);
    vrk_arena_free(&ctx.scratch);
}

static void fails_cleanly_at_every_allocation(void)
{
    static world w;
    vrk_status st;
    size_t limit = 0;
    vrk_crisk_data d = make(&w);
    do {
        vrk_ctx ctx = {.scratch.limit = limit += 64};
        vrk_crisk f;
        vrk_chances c;
        st = vrk_crisk_fit(&ctx, &d, NULL, &f);
        T_OK(st == VRK_OK || (st == VRK_EMEMORY && !f.beta && ctx.scratch.used == 0));
        vrk_crisk_free(&f);
        vrk_rates r = {.p = P, .ends = ENDS, .beta = w.x, .vcov = w.events};
        vrk_status other = vrk_crisk_chances(&ctx, &r, &course, &c);
        T_OK(other == VRK_OK || (other == VRK_EMEMORY && !c.stay && ctx.scratch.used == 0));
        vrk_chances_free(&c);
        vrk_arena_free(&ctx.scratch);
    } while (st == VRK_EMEMORY);
    T_OK(st == VRK_OK && limit > 64);
}

static int stop_at(void *arg, const char *what, double done)
{
    (void)what, (void)done;
    return --*(int *)arg == 0;
}

static void stops_when_asked(void)
{
    static world w;
    vrk_status st = VRK_ECANCEL;
    int ticks = 0;
    vrk_crisk_data d = make(&w);
    while (st == VRK_ECANCEL) {
        int left = ++ticks;
        vrk_ctx ctx = {.tick = stop_at, .arg = &left};
        vrk_crisk f;
        st = vrk_crisk_fit(&ctx, &d, NULL, &f);
        T_OK(st == VRK_OK || (st == VRK_ECANCEL && !f.beta && !f.end && ctx.scratch.used == 0));
        vrk_crisk_free(&f);
        vrk_arena_free(&ctx.scratch);
    }
    T_OK(st == VRK_OK && ticks > 2);
}

T_MAIN(T_CASE(chances_and_errors_are_those_of_the_definition), T_CASE(ends_are_fitted_apart),
       T_CASE(reproduces_one_rate_each_done_by_hand),
       T_CASE(answers_do_not_depend_on_how_it_is_written), T_CASE(names_what_cannot_be),
       T_CASE(fails_cleanly_at_every_allocation), T_CASE(stops_when_asked))
