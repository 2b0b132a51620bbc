#include "stat/cox.h"
#include "base/rng.h"
#include "tests/t.h"

#include <stdlib.h>
#include <string.h>

enum { N = 300, P = 3 };

typedef struct {
    double x[N * P], entry[N], exit[N], weight[N], offset[N];
    uint8_t event[N];
    int32_t stratum[N], cluster[N];
} world;

/* Weekly times with many ties, two strata, late entry, weights and offsets. */
static vrk_cox_data make(world *w)
{
    vrk_rng r = vrk_rng_of(11, 0, 0);
    for (int i = 0; i < N; i++) {
        w->x[i] = i % 2;
        w->x[i + N] = floor(3 * vrk_rng_normal(&r));
        w->x[i + 2 * N] = i % 3 == 0;
        w->stratum[i] = i % 5 == 0;
        w->weight[i] = 1 + i % 3;
        w->offset[i] = .1 * (i % 4);
        w->cluster[i] = i % 30;
        double rate = exp(.5 * w->x[i] - .2 * w->x[i + N]) / 60;
        double t = ceil(vrk_rng_exponential(&r) / rate / 7) * 7;
        w->entry[i] = i % 4 == 1 ? 7 * floor(4 * vrk_rng_uniform(&r)) : -1;
        w->event[i] = t <= 140;
        w->exit[i] = fmax(fmin(t, 140), w->entry[i] + 7);
    }
    return (vrk_cox_data){.n = N,
                          .p = P,
                          .x = w->x,
                          .entry = w->entry,
                          .exit = w->exit,
                          .event = w->event,
                          .weight = w->weight,
                          .offset = w->offset,
                          .stratum = w->stratum,
                          .strata = 2};
}

static double eta_of(const vrk_cox_data *d, int64_t i, const double *beta)
{
    double eta = d->offset ? d->offset[i] : 0;
    for (int64_t j = 0; j < d->p; j++)
        eta += d->x[i + j * d->n] * beta[j];
    return eta;
}

/* As the definition reads: for each event time the tied events one after the other, Efron's share
 * of them taken from those at risk. `drop`: row counted with weight less `by`. */
static double slow(const vrk_cox_data *d, vrk_ties ties, const double *beta, int64_t drop,
                   double by)
{
    double ll = 0;
    for (int64_t i = 0; i < d->n; i++) {
        double at_risk = 0, dead = 0, weight = 0, number = 0;
        bool first = d->event[i];
        for (int64_t k = 0; k < d->n; k++) {
            double w = (d->weight ? d->weight[k] : 1) - (k == drop ? by : 0);
            bool same = !d->stratum || d->stratum[k] == d->stratum[i];
            bool tied = d->event[k] && same && d->exit[k] <= d->exit[i] && d->exit[k] >= d->exit[i];
            if (tied && k < i)
                first = false;
            if (!same || d->exit[k] < d->exit[i] || (d->entry && d->entry[k] >= d->exit[i]))
                continue;
            double risk = w * exp(eta_of(d, k, beta));
            at_risk += risk;
            if (tied) {
                dead += risk;
                weight += w;
                number++;
            }
        }
        if (d->event[i])
            ll += ((d->weight ? d->weight[i] : 1) - (i == drop ? by : 0)) * eta_of(d, i, beta);
        for (double q = 0; first && q < number; q++)
            ll -= weight / number * log(at_risk - (ties == VRK_EFRON ? q / number * dead : 0));
    }
    return ll;
}

static void score_at(const vrk_cox_data *d, vrk_ties ties, const double *beta, int64_t drop,
                     double by, double h, double *out)
{
    for (int j = 0; j < P; j++) {
        double b[P];
        memcpy(b, beta, sizeof(b));
        b[j] += h;
        double up = slow(d, ties, b, drop, by);
        b[j] -= 2 * h;
        out[j] = (up - slow(d, ties, b, drop, by)) / (2 * h);
    }
}

/* The slow likelihood at the estimate: the same value, gradient 0 and curvature the inverse of
 * vcov, by finite differences. */
static void stands_at_the_top(void)
{
    static world w;
    const double h = 1e-3;
    vrk_ctx ctx = {0};
    vrk_cox_data d = make(&w);
    for (int ties = VRK_EFRON; ties <= VRK_BRESLOW; ties++) {
        vrk_cox_opt o = {.ties = (vrk_ties)ties};
        vrk_cox f;
        double g[P], information[P * P], zero[P] = {0};
        T_OK(vrk_cox_fit(&ctx, &d, &o, &f) == VRK_OK && f.stop == VRK_STOP_GRAD && f.rank == P);
        T_OK(f.rows < N);
        T_NEAR(f.ll, slow(&d, o.ties, f.beta, -1, 0), 1e-12);
        T_NEAR(f.ll0, slow(&d, o.ties, zero, -1, 0), 1e-12);
        score_at(&d, o.ties, f.beta, -1, 0, 1e-5, g);
        for (int j = 0; j < P; j++)
            T_OK(fabs(g[j]) < 1e-5);
        for (int i = 0; i < P * P; i++) {
            double b[P], sum = 0;
            for (int k = 0; k < 4; k++) {
                memcpy(b, f.beta, sizeof(b));
                b[i % P] += k & 1 ? h : -h;
                b[i / P] += k & 2 ? h : -h;
                sum += (k == 0 || k == 3 ? 1 : -1) * slow(&d, o.ties, b, -1, 0);
            }
            information[i] = -sum / (4 * h * h);
        }
        for (int i = 0; i < P * P; i++) {
            double one = 0;
            for (int k = 0; k < P; k++)
                one += information[i % P + k * P] * f.vcov[k + i / P * P];
            T_NEAR(one, i % P == i / P ? 1. : 0., 1e-4);
        }
        vrk_cox_free(&f);
    }
    vrk_arena_free(&ctx.scratch);
}

/* The sandwich is made of each row's pull on the estimate: of Breslow's likelihood the derivative
 * of the score by the row's weight, here by finite differences of the slow one. */
static void the_sandwich_is_that_of_the_derivatives_by_weight(void)
{
    static world w;
    const double h = 1e-2;
    vrk_ctx ctx = {0};
    vrk_cox f;
    vrk_cox_data d = make(&w);
    d.cluster = w.cluster;
    d.clusters = 30;
    T_OK(vrk_cox_fit(&ctx, &d, &(vrk_cox_opt){.ties = VRK_BRESLOW}, &f) == VRK_OK);
    double pull[30][P] = {{0}}, want[P * P] = {0};
    for (int i = 0; i < N; i++) {
        double less[P], more[P];
        score_at(&d, VRK_BRESLOW, f.beta, i, h, 1e-3, less);
        score_at(&d, VRK_BRESLOW, f.beta, i, -h, 1e-3, more);
        for (int j = 0; j < P; j++) {
            for (int k = 0; k < P; k++)
                pull[w.cluster[i]][j] +=
                    w.weight[i] * f.vcov[j + k * P] * (more[k] - less[k]) / (2 * h);
        }
    }
    for (int c = 0; c < 30; c++) {
        for (int i = 0; i < P * P; i++)
            want[i] += pull[c][i % P] * pull[c][i / P];
    }
    for (int i = 0; i < P * P; i++)
        T_OK(fabs(f.robust_vcov[i] - want[i]) <
             1e-4 * sqrt(want[i % P * (P + 1)] * want[i / P * (P + 1)]));
    vrk_cox_free(&f);
    vrk_arena_free(&ctx.scratch);
}

static void same(const vrk_cox *a, const vrk_cox *b, double tol)
{
    T_NEAR(a->ll, b->ll, tol);
    for (int j = 0; j < P; j++) {
        T_NEAR(a->beta[j], b->beta[j], tol);
        T_NEAR(a->se[j], b->se[j], tol);
        if (a->robust_se)
            T_NEAR(a->robust_se[j], b->robust_se[j], tol);
    }
}

/* Rows backwards; days as weeks and all covariates shifted by a million. */
static void answers_do_not_depend_on_how_it_is_written(void)
{
    static world w, v;
    vrk_ctx ctx = {0};
    vrk_cox whole, other;
    vrk_cox_data d = make(&w), e = make(&v);
    vrk_cox_opt o = {.robust = true};
    T_OK(vrk_cox_fit(&ctx, &d, &o, &whole) == VRK_OK);
    for (int i = 0; i < N; i++) {
        int k = N - 1 - i;
        v.entry[i] = w.entry[k];
        v.exit[i] = w.exit[k];
        v.event[i] = w.event[k];
        v.weight[i] = w.weight[k];
        v.offset[i] = w.offset[k];
        v.stratum[i] = w.stratum[k];
        for (int j = 0; j < P; j++)
            v.x[i + j * N] = w.x[k + j * N];
    }
    T_OK(vrk_cox_fit(&ctx, &e, &o, &other) == VRK_OK);
    same(&other, &whole, 1e-11);
    T_NEAR(other.hazard[other.first[1] - 1], whole.hazard[whole.first[1] - 1], 1e-11);
    vrk_cox_free(&other);
    for (int i = 0; i < N; i++) {
        v.entry[i] /= 7;
        v.exit[i] /= 7;
        for (int j = 0; j < P; j++)
            v.x[i + j * N] += 1e6;
    }
    T_OK(vrk_cox_fit(&ctx, &e, &o, &other) == VRK_OK);
    same(&other, &whole, 1e-9);
    vrk_cox_free(&other);
    vrk_cox_free(&whole);
    vrk_arena_free(&ctx.scratch);
}

static void weight_0_is_as_if_not_there(void)
{
    static world w, v;
    vrk_ctx ctx = {0};
    vrk_cox whole, other;
    vrk_cox_data d = make(&w), e = make(&v);
    vrk_cox_opt o = {.robust = true};
    e.n = N / 2;
    for (int i = 0; i < N; i++) {
        int k = i / 2;
        if (i % 2 == 0) {
            w.weight[i] = 0;
            continue;
        }
        for (int j = 0; j < P; j++)
            v.x[k + j * N / 2] = w.x[i + j * N];
        v.entry[k] = w.entry[i];
        v.exit[k] = w.exit[i];
        v.event[k] = w.event[i];
        v.weight[k] = w.weight[i];
        v.offset[k] = w.offset[i];
        v.stratum[k] = w.stratum[i];
    }
    T_OK(vrk_cox_fit(&ctx, &d, &o, &whole) == VRK_OK && whole.rank == 2 && whole.dropped[0]);
    T_OK(vrk_cox_fit(&ctx, &e, &o, &other) == VRK_OK && other.dropped[0]);
    T_NEAR(other.ll, whole.ll, 1e-12);
    T_NEAR(other.robust_se[1], whole.robust_se[1], 1e-11);
    vrk_cox_free(&other);
    vrk_cox_free(&whole);
    vrk_arena_free(&ctx.scratch);
}

/* By hand: no ties, one covariate 0/1, times 1 (x=1, event), 2 (x=0, event), 3 (x=1, censored).
 * ll = b - log(2e^b + 1) - log(1 + e^b); its top: 1 = 2e/(2e+1) + e/(1+e) with e = exp(b), so
 * 2e^2 = 1. */
static void reproduces_three_rows_done_by_hand(void)
{
    const double x[] = {1, 0, 1}, exit[] = {1, 2, 3};
    const uint8_t event[] = {1, 1, 0};
    vrk_cox_data d = {.n = 3, .p = 1, .x = x, .exit = exit, .event = event};
    vrk_ctx ctx = {0};
    vrk_cox f;
    double b = -log(2) / 2, e = exp(b), hazard, se, zero = 0;
    T_OK(vrk_cox_fit(&ctx, &d, NULL, &f) == VRK_OK);
    T_NEAR(f.beta[0], b, 1e-12);
    T_NEAR(f.ll, b - log(2 * e + 1) - log(1 + e), 1e-13);
    vrk_cox_hazard(&f, 0, &zero, .5, &hazard, &se);
    T_NEAR(hazard, 0., 0.);
    vrk_cox_hazard(&f, 0, &zero, 1, &hazard, &se);
    T_NEAR(hazard, 1 / (2 * e + 1), 1e-12);
    vrk_cox_hazard(&f, 0, &zero, 9, &hazard, &se);
    T_NEAR(hazard, 1 / (2 * e + 1) + 1 / (1 + e), 1e-12);
    vrk_cox_free(&f);
    vrk_arena_free(&ctx.scratch);
}

/* A column that is 1 for all, one that differs between strata only, one that is two others. */
static void names_columns_that_tell_nothing(void)
{
    static world w;
    static double x[N * 6];
    vrk_ctx ctx = {0};
    vrk_cox f, bare;
    vrk_cox_data d = make(&w);
    T_OK(vrk_cox_fit(&ctx, &d, NULL, &bare) == VRK_OK);
    for (int i = 0; i < N; i++) {
        x[i] = .1;
        x[i + N] = w.x[i];
        x[i + 2 * N] = w.stratum[i] ? 1 / 3. : 1e4;
        x[i + 3 * N] = w.x[i + N];
        x[i + 4 * N] = w.x[i] - 2 * w.x[i + N];
        x[i + 5 * N] = w.x[i + 2 * N];
    }
    d.x = x;
    d.p = 6;
    T_OK(vrk_cox_fit(&ctx, &d, NULL, &f) == VRK_OK && f.rank == 3);
    T_OK(f.dropped[0] && f.dropped[2] && f.dropped[4] && isnan(f.se[2]));
    T_NEAR(f.beta[1], bare.beta[0], 1e-10);
    T_NEAR(f.se[3], bare.se[1], 1e-10);
    T_NEAR(f.ll, bare.ll, 1e-12);
    vrk_cox_free(&f);
    d.p = 1; /* nothing at all to estimate: the baseline alone, Nelson-Aalen */
    T_OK(vrk_cox_fit(&ctx, &d, NULL, &f) == VRK_OK && f.rank == 0 && f.stop == VRK_STOP_GRAD);
    T_NEAR(f.ll, f.ll0, 0.);
    T_OK(f.hazard[0] > 0);
    vrk_cox_free(&f);
    vrk_cox_free(&bare);
    vrk_arena_free(&ctx.scratch);
}

/* Nobody with x = 1 has the event: its beta runs to minus infinity, the other is that without those
 * rows. */
static void says_when_a_beta_is_infinite(void)
{
    static world w;
    vrk_ctx ctx = {0};
    vrk_cox f, less;
    vrk_cox_data d = make(&w);
    for (int i = 0; i < N; i++)
        w.event[i] = w.event[i] && w.x[i + 2 * N] < .5;
    T_OK(vrk_cox_fit(&ctx, &d, NULL, &f) == VRK_OK && f.stop == VRK_STOP_BOUNDARY);
    T_OK(f.infinite[2] && !f.infinite[0] && !f.infinite[1] && f.beta[2] < -10);
    for (int i = 0; i < N; i++)
        w.weight[i] = w.x[i + 2 * N] < .5 ? w.weight[i] : 0;
    T_OK(vrk_cox_fit(&ctx, &d, NULL, &less) == VRK_OK && less.dropped[2]);
    T_NEAR(f.beta[0], less.beta[0], 1e-6);
    T_NEAR(f.ll, less.ll, 1e-9);
    vrk_cox_free(&f);
    vrk_cox_free(&less);
    T_OK(vrk_cox_fit(&ctx, &d, &(vrk_cox_opt){.max_iter = 1}, &f) == VRK_OK);
    T_OK(f.stop == VRK_STOP_ITER && f.iterations == 1);
    vrk_cox_free(&f);
    vrk_arena_free(&ctx.scratch);
}

/* An outlier with a risk 1e13 times that of others leaves those at risk: what it lost of them by
 * rounding comes back. Against the slow likelihood, which never had it in. */
static void someone_huge_may_leave(void)
{
    const double x[] = {1, 0, 1, 0, 1, 0}, entry[] = {0, 0, 0, 0, 0, 4},
                 exit[] = {1, 2, 3, 4, 3.5, 5}, offset[] = {0, 0, 0, 0, 0, 30};
    const uint8_t event[] = {1, 1, 1, 0, 0, 1};
    vrk_cox_data d = {
        .n = 6, .p = 1, .x = x, .entry = entry, .exit = exit, .event = event, .offset = offset};
    vrk_ctx ctx = {0};
    vrk_cox f;
    T_OK(vrk_cox_fit(&ctx, &d, NULL, &f) == VRK_OK);
    T_NEAR(f.ll, slow(&d, VRK_EFRON, f.beta, -1, 0), 1e-12);
    vrk_cox_free(&f);
    vrk_arena_free(&ctx.scratch);
}

static void refuse(const vrk_cox_data *d, const char *words)
{
    vrk_ctx ctx = {0};
    vrk_cox f;
    T_OK(vrk_cox_fit(&ctx, d, NULL, &f) == VRK_EINPUT && !f.beta && ctx.scratch.used == 0);
    if (!strstr(ctx.message, words))
        printf("# %s\n", ctx.message);
    T_OK(strstr(ctx.message, words) != NULL);
    vrk_arena_free(&ctx.scratch);
}

static void names_the_bad_row(void)
{
    static world w;
    vrk_cox_data d = make(&w);
    w.exit[7] = w.entry[7];
    refuse(&d, "row 7: exit time");
    d = make(&w);
    w.exit[7] = nan("");
    refuse(&d, "row 7: exit time nan");
    d = make(&w);
    w.x[9 + N] = HUGE_VAL;
    refuse(&d, "row 9: column 1 is inf");
    d = make(&w);
    w.weight[3] = -1;
    refuse(&d, "row 3: weight -1");
    d = make(&w);
    w.offset[3] = nan("");
    refuse(&d, "row 3: offset nan");
    d = make(&w);
    w.stratum[4] = 2;
    refuse(&d, "row 4: stratum 2 of 2");
    d = make(&w);
    d.cluster = w.cluster;
    refuse(&d, "row 0: cluster 0 of 0");
    d = make(&w);
    w.event[5] = 2;
    refuse(&d, "row 5: event is 2");
    d = make(&w);
    memset(w.event, 0, sizeof(w.event));
    refuse(&d, "no events in 300 rows");
    refuse(&(vrk_cox_data){.p = 1}, "0 rows of 1 columns");
    d = make(&w);
    d.weight =
        w.offset; /* a quarter has weight 0: no refusal, nor are there strata without events */
    vrk_ctx ctx = {0};
    vrk_cox f;
    d.strata = 9;
    T_OK(vrk_cox_fit(&ctx, &d, NULL, &f) == VRK_OK && f.first[9] == f.first[2]);
    vrk_cox_free(&f);
    vrk_arena_free(&ctx.scratch);
}

static void fails_cleanly_at_every_allocation(void)
{
    static world w;
    vrk_status st;
    size_t limit = 0;
    vrk_cox_data d = make(&w);
    d.cluster = w.cluster;
    d.clusters = 30;
    do {
        vrk_ctx ctx = {.scratch.limit = limit += 1024};
        vrk_cox f;
        st = vrk_cox_fit(&ctx, &d, NULL, &f);
        T_OK(st == VRK_OK || (st == VRK_EMEMORY && !f.beta && ctx.scratch.used == 0));
        vrk_cox_free(&f);
        vrk_arena_free(&ctx.scratch);
    } while (st == VRK_EMEMORY);
    T_OK(st == VRK_OK && limit > 1024);
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
    vrk_cox_data d = make(&w);
    while (st == VRK_ECANCEL) {
        int left = ++ticks;
        vrk_ctx ctx = {.tick = stop_at, .arg = &left};
        vrk_cox f;
        st = vrk_cox_fit(&ctx, &d, NULL, &f);
        T_OK(st == VRK_OK || (st == VRK_ECANCEL && !f.beta));
        vrk_cox_free(&f);
        vrk_arena_free(&ctx.scratch);
    }
    T_OK(st == VRK_OK && ticks > 3);
}

T_MAIN(T_CASE(stands_at_the_top), T_CASE(the_sandwich_is_that_of_the_derivatives_by_weight),
       T_CASE(answers_do_not_depend_on_how_it_is_written), T_CASE(weight_0_is_as_if_not_there),
       T_CASE(reproduces_three_rows_done_by_hand), T_CASE(names_columns_that_tell_nothing),
       T_CASE(says_when_a_beta_is_infinite), T_CASE(someone_huge_may_leave),
       T_CASE(names_the_bad_row), T_CASE(fails_cleanly_at_every_allocation),
       T_CASE(stops_at_every_tick))
