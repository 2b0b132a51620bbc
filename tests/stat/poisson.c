#include "stat/poisson.h"
#include "base/rng.h"
#include "tests/t.h"

#include <string.h>

/* Two groups, intercept and indicator. By hand: rates 10/100 and 30/150, so beta = log .1 and log
 * 2, variances 1/10 and 1/10 + 1/30. */
static const double two_x[] = {1, 1, 0, 1}, two_events[] = {10, 30}, two_days[] = {100, 150};
static const vrk_cells two = {
    .n = 2, .p = 2, .x = two_x, .events = two_events, .exposure = two_days};

static void reproduces_two_rates_done_by_hand(void)
{
    vrk_ctx ctx = {0};
    vrk_poisson f;
    T_OK(vrk_poisson_fit(&ctx, &two, NULL, &f) == VRK_OK);
    T_NEAR(f.beta[0], log(.1), 1e-14);
    T_NEAR(f.beta[1], log(2), 1e-14);
    T_NEAR(f.se[0], sqrt(.1), 1e-14);
    T_NEAR(f.se[1], sqrt(.1 + 1. / 30), 1e-14);
    T_NEAR(f.vcov[1], -.1, 1e-14);
    T_NEAR(f.ll, 10 * log(.1) - 10 + 30 * log(.2) - 30, 1e-14);
    T_NEAR(f.deviance, 0., 1e-12);
    T_OK(f.stop == VRK_STOP_GRAD && f.rank == 2 && f.gradient < 1e-7);
    vrk_poisson_free(&f);
    vrk_arena_free(&ctx.scratch);
}

enum { N = 400, P = 4 };
typedef struct {
    double x[N * P], events[N], days[N], weight[N];
} world;

static vrk_cells make(world *w)
{
    vrk_rng r = vrk_rng_of(9, 0, 0);
    for (int i = 0; i < N; i++) {
        w->x[i] = 1;
        w->x[i + N] = i % 3 == 1;
        w->x[i + 2 * N] = i % 3 == 2;
        w->x[i + 3 * N] = floor(5 * vrk_rng_normal(&r));
        w->days[i] = 100 * vrk_rng_uniform(&r);
        w->weight[i] = 1 + i % 3;
        double rate = exp(-3 + .5 * w->x[i + N] - .7 * w->x[i + 2 * N] + .08 * w->x[i + 3 * N]);
        w->events[i] = (double)vrk_rng_poisson(&r, rate * w->days[i]);
    }
    return (vrk_cells){.n = N, .p = P, .x = w->x, .events = w->events, .exposure = w->days};
}

static double ll_at(const vrk_cells *c, const double *beta)
{
    double ll = 0;
    for (int64_t i = 0; i < c->n; i++) {
        double eta = 0;
        for (int64_t j = 0; j < c->p; j++)
            eta += c->x[i + j * c->n] * beta[j];
        ll += (c->weight ? c->weight[i] : 1) * (c->events[i] * eta - c->exposure[i] * exp(eta));
    }
    return ll;
}

/* At the top the gradient by finite differences is 0, and the second differences are minus the
 * inverse of vcov. */
static void stands_at_the_top(void)
{
    static world w;
    const double h = 1e-4;
    vrk_ctx ctx = {0};
    vrk_poisson f;
    vrk_cells c = make(&w);
    c.weight = w.weight;
    T_OK(vrk_poisson_fit(&ctx, &c, NULL, &f) == VRK_OK && f.stop == VRK_STOP_GRAD);
    T_NEAR(f.ll, ll_at(&c, f.beta), 1e-12);
    double information[P * P];
    for (int i = 0; i < P; i++) {
        for (int j = 0; j < P; j++) {
            double b[P], sum = 0;
            for (int k = 0; k < 4; k++) {
                memcpy(b, f.beta, sizeof(b));
                b[i] += k & 1 ? h : -h;
                b[j] += k & 2 ? h : -h;
                sum += (k == 0 || k == 3 ? 1 : -1) * ll_at(&c, b);
            }
            information[i + j * P] = -sum / (4 * h * h);
        }
    }
    for (int i = 0; i < P; i++) {
        for (int j = 0; j < P; j++) {
            double one = 0;
            for (int k = 0; k < P; k++)
                one += information[i + k * P] * f.vcov[k + j * P];
            T_NEAR(one, i == j ? 1. : 0., 1e-3);
        }
    }
    vrk_poisson_free(&f);
    vrk_arena_free(&ctx.scratch);
}

static void finds_the_rates_that_made_the_events(void)
{
    static world w;
    const double truth[] = {-3, .5, -.7, .08};
    vrk_ctx ctx = {0};
    vrk_poisson f;
    vrk_cells c = make(&w);
    T_OK(vrk_poisson_fit(&ctx, &c, NULL, &f) == VRK_OK);
    for (int j = 0; j < P; j++)
        T_OK(fabs(f.beta[j] - truth[j]) < 4 * f.se[j] && f.se[j] < .15);
    vrk_poisson_free(&f);
    vrk_arena_free(&ctx.scratch);
}

static void same(const vrk_poisson *a, const vrk_poisson *b, double shift, double tol)
{
    for (int j = 0; j < P; j++) {
        T_NEAR(a->beta[j], b->beta[j] + (j == 0 ? shift : 0), tol);
        T_NEAR(a->se[j], b->se[j], tol);
    }
}

/* Weeks for days shift the intercept by log 7 and nothing else; a cell in two halves changes
 * nothing; a weight is so many cells; rows may stand in any order; an empty cell does not count. */
static void answers_do_not_depend_on_how_it_is_written(void)
{
    static world w, v;
    static double halves[2 * N * P], events[2 * N], days[2 * N];
    vrk_ctx ctx = {0};
    vrk_poisson whole, other;
    vrk_cells c = make(&w), d = make(&v);
    c.weight = w.weight;
    T_OK(vrk_poisson_fit(&ctx, &c, NULL, &whole) == VRK_OK);
    d.weight = v.weight;
    for (int i = 0; i < N; i++)
        v.days[i] = w.days[i] / 7;
    T_OK(vrk_poisson_fit(&ctx, &d, NULL, &other) == VRK_OK);
    same(&other, &whole, log(7), 1e-12);
    vrk_poisson_free(&other);

    for (int i = 0; i < 2 * N; i++) { /* in two parts, the second half in reverse order */
        int row = i < N ? i : 2 * N - 1 - i;
        double share = i < N ? .3 : .7;
        events[i] = w.events[row] * share * w.weight[row];
        days[i] = w.days[row] * share * w.weight[row];
        for (int j = 0; j < P; j++)
            halves[i + j * 2 * N] = w.x[row + j * N];
    }
    vrk_cells h = {.n = 2 * N, .p = P, .x = halves, .events = events, .exposure = days};
    T_OK(vrk_poisson_fit(&ctx, &h, NULL, &other) == VRK_OK);
    same(&other, &whole, 0, 1e-12);
    T_NEAR(other.ll, whole.ll, 1e-12);
    vrk_poisson_free(&other);
    for (int i = 0; i < N; i += 2) {
        v.weight[i] = 0;
        w.days[i] = 0;
        w.events[i] = 0;
    }
    vrk_poisson_free(&whole);
    for (int i = 0; i < N; i++)
        v.days[i] *= 7;
    T_OK(vrk_poisson_fit(&ctx, &c, NULL, &whole) == VRK_OK);
    T_OK(vrk_poisson_fit(&ctx, &d, NULL, &other) == VRK_OK);
    same(&other, &whole, 0, 1e-12);
    vrk_poisson_free(&other);
    vrk_poisson_free(&whole);
    vrk_arena_free(&ctx.scratch);
}

/* A third group that is all but the other two: dropped, the others as without it. */
static void reports_columns_that_say_nothing_new(void)
{
    const double x[] = {1, 1, 0, 1, 1, 0};
    vrk_cells c = two;
    vrk_ctx ctx = {0};
    vrk_poisson f;
    c.x = x;
    c.p = 3;
    T_OK(vrk_poisson_fit(&ctx, &c, NULL, &f) == VRK_OK);
    T_OK(f.rank == 2 && f.dropped[2] && !f.dropped[1] && isnan(f.se[2]));
    T_NEAR(f.beta[1], log(2), 1e-14);
    T_NEAR(f.beta[2], 0., 0.);
    vrk_poisson_free(&f);
    vrk_arena_free(&ctx.scratch);
}

/* Without events in a group its log rate has no finite value; the other is still right. */
static void says_when_a_rate_is_zero(void)
{
    const double events[] = {10, 0};
    vrk_cells c = two;
    vrk_ctx ctx = {0};
    vrk_poisson f;
    c.events = events;
    T_OK(vrk_poisson_fit(&ctx, &c, NULL, &f) == VRK_OK);
    T_OK(f.stop == VRK_STOP_BOUNDARY && f.beta[1] < -15 && f.se[1] > 100);
    T_NEAR(f.beta[0], log(.1), 1e-12);
    vrk_poisson_free(&f);
    T_OK(vrk_poisson_fit(&ctx, &two, &(vrk_poisson_opt){.max_iter = 1}, &f) == VRK_OK);
    T_OK(f.stop == VRK_STOP_ITER && f.iterations == 1);
    vrk_poisson_free(&f);
    vrk_arena_free(&ctx.scratch);
}

/* Rates nine orders of magnitude apart, and a covariate far from zero. */
static void converges_from_far_away(void)
{
    const double x[] = {1, 1, 1, 1, 2000, 2010, 2020, 2030}, events[] = {1, 50, 400, 90000},
                 days[] = {1e9, 1e6, 10, 1e-2};
    vrk_cells c = {.n = 4, .p = 2, .x = x, .events = events, .exposure = days};
    vrk_ctx ctx = {0};
    vrk_poisson f;
    T_OK(vrk_poisson_fit(&ctx, &c, NULL, &f) == VRK_OK);
    T_OK(f.stop == VRK_STOP_GRAD && f.rank == 2 && f.gradient < 1e-6);
    vrk_poisson_free(&f);
    vrk_arena_free(&ctx.scratch);
}

static void refuse(vrk_cells c, const char *words)
{
    vrk_ctx ctx = {0};
    vrk_poisson f;
    T_OK(vrk_poisson_fit(&ctx, &c, NULL, &f) == VRK_EINPUT && !f.beta);
    T_OK(strstr(ctx.message, words) != NULL);
    vrk_arena_free(&ctx.scratch);
}

static void names_the_bad_cell(void)
{
    const double none[] = {0, 0}, minus[] = {1, -1}, some[] = {1, 0}, bad[] = {1, 1, 0, nan("")};
    vrk_cells c = two;
    refuse((vrk_cells){.p = 1}, "0 cells");
    c.events = none;
    refuse(c, "no events");
    c.events = minus;
    refuse(c, "cell 1: -1 events");
    c = two;
    c.exposure = some;
    refuse(c, "cell 1: 30 events without exposure");
    c = two;
    c.weight = minus;
    refuse(c, "cell 1: weight -1");
    c = two;
    c.x = bad;
    refuse(c, "cell 1: column 1");
}

static void fails_cleanly_at_every_allocation(void)
{
    vrk_status st;
    size_t limit = 0;
    do {
        vrk_ctx ctx = {.scratch.limit = limit += 64};
        vrk_poisson f;
        st = vrk_poisson_fit(&ctx, &two, NULL, &f);
        T_OK(st == VRK_OK || (st == VRK_EMEMORY && !f.beta && ctx.scratch.used == 0));
        vrk_poisson_free(&f);
        vrk_arena_free(&ctx.scratch);
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
        vrk_poisson f;
        st = vrk_poisson_fit(&ctx, &two, NULL, &f);
        T_OK(st == VRK_OK || (st == VRK_ECANCEL && !f.beta));
        vrk_poisson_free(&f);
        vrk_arena_free(&ctx.scratch);
    }
    T_OK(st == VRK_OK && ticks > 2);
}

/* Mathematics: with an intercept alone the rate is all events over all days. A million rows, whose
 * likelihood summed in one go is too coarse for the last steps (50 iterations were taken). */
static void a_million_rows_take_few_steps(void)
{
    enum { MANY = 1000000 };
    static double x[MANY], events[MANY], days[MANY];
    vrk_rng r = vrk_rng_of(5, 0, 0);
    vrk_ctx ctx = {0};
    vrk_poisson f;
    double all = 0, time = 0;
    for (int i = 0; i < MANY; i++) {
        x[i] = 1;
        events[i] = (double)(vrk_rng_uniform(&r) < .5);
        days[i] = exp(log(floor(1 + 5 * vrk_rng_uniform(&r))));
        all += events[i];
        time += days[i];
    }
    vrk_cells c = {.n = MANY, .p = 1, .x = x, .events = events, .exposure = days};
    T_OK(vrk_poisson_fit(&ctx, &c, NULL, &f) == VRK_OK);
    T_OK(f.stop == VRK_STOP_GRAD && f.iterations < 10);
    T_NEAR(f.beta[0], log(all / time), 1e-12);
    vrk_poisson_free(&f);
    vrk_arena_free(&ctx.scratch);
}

T_MAIN(T_CASE(a_million_rows_take_few_steps), T_CASE(reproduces_two_rates_done_by_hand),
       T_CASE(stands_at_the_top), T_CASE(finds_the_rates_that_made_the_events),
       T_CASE(answers_do_not_depend_on_how_it_is_written),
       T_CASE(reports_columns_that_say_nothing_new), T_CASE(says_when_a_rate_is_zero),
       T_CASE(converges_from_far_away), T_CASE(names_the_bad_cell),
       T_CASE(fails_cleanly_at_every_allocation), T_CASE(stops_at_every_tick))
