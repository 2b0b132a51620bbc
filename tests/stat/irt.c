#include "stat/irt.h"
#include "base/rng.h"
#include "stat/irt_engine.h"
#include "stat/irt_score.h"
#include "tests/t.h"

#include <stdlib.h>
#include <string.h>

/* Answers of persons from the model itself. */
enum { MOST = 4000, ITEMS = 6 };
static int8_t x[MOST * 40];
static double trait[MOST];

static void simulate(uint64_t seed, int64_t n, int64_t items, int32_t categories,
                     vrk_irt_family family)
{
    for (int64_t i = 0; i < n; i++) {
        vrk_rng r = vrk_rng_of(seed, (uint64_t)i, 0);
        trait[i] = vrk_rng_normal(&r);
        for (int64_t j = 0; j < items; j++) {
            double psi[VRK_IRT_MOST], lp[VRK_IRT_MOST], u = vrk_rng_uniform(&r);
            int8_t k = 0;
            psi[0] = .8 + .2 * (double)(j % 4);
            for (int32_t c = 1; c < categories; c++)
                psi[c] = .4 * (double)(j % 5 - 2) + (family == VRK_IRT_GRADED ? 1.2 * (2 - c) : .2);
            vrk_irt_answer(family, categories, psi, trait[i], lp, NULL);
            while (k < categories - 1 && (u -= exp(lp[k])) > 0)
                k++;
            x[i + j * n] = k;
        }
    }
}

/* d log P / d psi and its curvature against differences. */
static void derivatives_of_an_answer_are_right(void)
{
    const double psi[] = {1.3, 1.1, .2, -.9}, h = 1e-5;
    for (int family = 0; family < 2; family++) {
        for (double z = -3; z <= 3; z += .75) {
            double lp[4], u[16], up[4], down[4], uu[16], ud[16], c[16];
            vrk_irt_answer((vrk_irt_family)family, 4, psi, z, lp, u);
            T_NEAR(exp(lp[0]) + exp(lp[1]) + exp(lp[2]) + exp(lp[3]), 1., 1e-14);
            for (int s = 0; s < 4; s++) {
                double moved[4];
                memcpy(moved, psi, sizeof(moved));
                moved[s] += h;
                vrk_irt_answer((vrk_irt_family)family, 4, moved, z, up, uu);
                moved[s] -= 2 * h;
                vrk_irt_answer((vrk_irt_family)family, 4, moved, z, down, ud);
                for (int k = 0; k < 4; k++) {
                    T_NEAR(u[k * 4 + s], (up[k] - down[k]) / (2 * h), 1e-7);
                    vrk_irt_curvature((vrk_irt_family)family, 4, psi, z, k, c);
                    for (int t = 0; t < 4; t++)
                        T_NEAR(c[s * 4 + t], -(uu[k * 4 + t] - ud[k * 4 + t]) / (2 * h), 1e-6);
                }
            }
        }
    }
}

/* The slow, obvious likelihood: person by person, point by point. */
static double slow_ll(const vrk_answers *d, const vrk_irt *f)
{
    double ll = 0;
    for (int64_t i = 0; i < d->persons; i++) {
        double sum = 0;
        bool any = false;
        for (int64_t q = 0; q < f->points; q++) {
            double l = f->weight[q], p[VRK_IRT_MOST];
            for (int64_t j = 0; j < d->items; j++) {
                if (d->x[i + j * d->persons] < 0)
                    continue;
                any = true;
                vrk_irt_probability(f, j, f->z[q], p);
                l *= p[d->x[i + j * d->persons]];
            }
            sum += l;
        }
        ll += any ? (d->weight ? d->weight[i] : 1) * log(sum) : 0;
    }
    return ll;
}

/* At the top, whatever the model, moving any natural parameter of an item of its own lowers the
 * slow likelihood to both sides alike, and its second difference is minus the inverse of vcov. */
static void stands_at_the_top_of_the_slow_likelihood(void)
{
    const int64_t n = 80;
    vrk_ctx ctx = {0};
    vrk_irt f;
    for (int family = 0; family < 2; family++) {
        simulate(4, n, ITEMS, 3, (vrk_irt_family)family);
        for (int64_t i = 0; i < n * ITEMS; i += 7)
            x[i] = -1;
        for (int64_t j = 0; j < ITEMS; j++)
            x[5 + j * n] = -1;
        vrk_answers d = {.persons = n, .items = ITEMS, .x = x};
        T_OK(vrk_irt_fit(&ctx, &d, &(vrk_irt_opt){.family = (vrk_irt_family)family, .points = 21},
                         &f) == VRK_OK);
        T_OK(f.stop == VRK_STOP_GRAD && f.silent == 1 && f.persons == n - 1);
        T_NEAR(f.ll, slow_ll(&d, &f), 1e-11);
        const double h = 1e-4;
        int64_t m = f.first[ITEMS];
        double v[18 * 18], info[18 * 18], *at[18];
        for (int64_t j = 0; j < ITEMS; j++) {
            at[f.first[j]] = &f.slope[j];
            at[f.first[j] + 1] = &f.intercept[j * 2];
            at[f.first[j] + 2] = &f.intercept[j * 2 + 1];
        }
        memcpy(v, f.vcov, sizeof(v));
        for (int64_t s = 0; s < m; s++) {
            for (int64_t t = 0; t < m; t++) {
                double sum = 0;
                for (int k = 0; k < 4; k++) {
                    double ps = k & 1 ? h : -h, pt = k & 2 ? h : -h;
                    *at[s] += ps;
                    *at[t] += pt;
                    sum += (ps * pt > 0 ? 1 : -1) * slow_ll(&d, &f);
                    *at[t] -= pt;
                    *at[s] -= ps;
                }
                info[s + t * m] = -sum / (4 * h * h);
            }
        }
        for (int64_t s = 0; s < m; s++) {
            for (int64_t t = 0; t < m; t++) {
                double sum = 0;
                for (int64_t k = 0; k < m; k++)
                    sum += info[s + k * m] * v[k + t * m];
                T_NEAR(sum, s == t ? 1. : 0., 2e-4);
            }
        }
        vrk_irt_free(&f);
    }
    vrk_arena_free(&ctx.scratch);
}

static vrk_irt fit_of(vrk_ctx *ctx, const vrk_answers *d, vrk_irt_opt o)
{
    vrk_irt f;
    vrk_status st = vrk_irt_fit(ctx, d, &o, &f);
    T_OK(st == VRK_OK);
    if (st != VRK_OK)
        printf("# %s\n", ctx->message);
    return f;
}

/* Persons in another order, added up or said twice: nothing changes, or errors shrink by root 2. */
static void order_and_addition_do_not_matter(void)
{
    enum { N = 400 };
    static int8_t y[2 * N * ITEMS];
    static double weight[N];
    vrk_ctx ctx = {0};
    simulate(6, N, ITEMS, 2, VRK_IRT_ADJACENT);
    vrk_answers d = {.persons = N, .items = ITEMS, .x = x};
    vrk_irt a = fit_of(&ctx, &d, (vrk_irt_opt){0});
    for (int i = 0; i < N; i++) {
        weight[i] = 2;
        for (int j = 0; j < ITEMS; j++) {
            y[i + j * 2 * N] = y[2 * N - 1 - i + j * 2 * N] = x[(i * 7 + 3) % N + j * N];
        }
    }
    vrk_answers twice = {.persons = 2 * N, .items = ITEMS, .x = y};
    vrk_irt b = fit_of(&ctx, &twice, (vrk_irt_opt){0});
    d.weight = weight;
    vrk_irt c = fit_of(&ctx, &d, (vrk_irt_opt){0});
    for (int j = 0; j < ITEMS; j++) {
        T_NEAR(b.slope[j], a.slope[j], 1e-5);
        T_NEAR(c.slope[j], b.slope[j], 1e-12);
        T_NEAR(b.intercept[j], a.intercept[j], 1e-5);
        T_NEAR(b.slope_se[j] * sqrt(2), a.slope_se[j], 1e-4);
    }
    T_NEAR(b.ll, 2 * a.ll, 1e-10);
    T_OK(a.patterns == b.patterns && a.patterns <= 64);
    vrk_irt_free(&a);
    vrk_irt_free(&b);
    vrk_irt_free(&c);
    vrk_arena_free(&ctx.scratch);
}

/* 60 worlds of 600 persons: the 95 % intervals hold the truth in 95 % of 720 cases; with exact
 * errors the share has a standard error of about 1 %. */
static void intervals_cover(void)
{
    int inside = 0, all = 0;
    vrk_ctx ctx = {0};
    for (uint64_t world = 0; world < 60; world++) {
        simulate(100 + world, 600, ITEMS, 2, VRK_IRT_ADJACENT);
        vrk_answers d = {.persons = 600, .items = ITEMS, .x = x};
        vrk_irt f = fit_of(&ctx, &d, (vrk_irt_opt){0});
        for (int j = 0; j < ITEMS; j++) {
            double a = .8 + .2 * (j % 4), dd = .4 * (j % 5 - 2) + .2;
            inside += fabs(f.slope[j] - a) < 1.96 * f.slope_se[j];
            inside += fabs(f.intercept[j] - dd) < 1.96 * f.intercept_se[j];
            all += 2;
        }
        vrk_irt_free(&f);
    }
    printf("# %d of %d\n", inside, all);
    T_OK(inside > .92 * all && inside < .98 * all);
    vrk_arena_free(&ctx.scratch);
}

static void refuses(const vrk_answers *d, const vrk_irt_opt *o, const char *says)
{
    vrk_ctx ctx = {0};
    vrk_irt f;
    T_OK(vrk_irt_fit(&ctx, d, o, &f) == VRK_EINPUT && f.slope == NULL);
    T_OK(strstr(ctx.message, says) != NULL);
    if (!strstr(ctx.message, says))
        printf("# %s\n", ctx.message);
    T_OK(ctx.scratch.used == 0);
    vrk_arena_free(&ctx.scratch);
}

static void bad_answers_are_named(void)
{
    const char *const name[] = {"greeting", "needs"};
    vrk_answers d = {.persons = 100, .items = 2, .x = x};
    simulate(1, 100, 2, 3, VRK_IRT_ADJACENT);
    x[41] = 77;
    refuses(&d, NULL, "person 42, item 1: answer 77");
    x[41] = -5;
    d.name = name;
    refuses(&d, NULL, "person 42, greeting: answer -5");
    for (int i = 0; i < 100; i++)
        x[i + 100] = 1;
    x[41] = 0;
    refuses(&d, NULL, "needs: every answer is 1");
    for (int i = 0; i < 100; i++)
        x[i + 100] = (int8_t)(i % 2 * 2);
    refuses(&d, NULL, "needs: no answer is 1 of 0 to 2");
    memset(x + 100, -1, 100);
    refuses(&d, NULL, "needs: nobody answered it");
    simulate(1, 100, 2, 3, VRK_IRT_ADJACENT);
    d.persons = 40;
    simulate(1, 40, 2, 2, VRK_IRT_ADJACENT);
    refuses(&d, NULL, "40 persons cannot calibrate 2 items (50 can)");
    d.persons = 1;
    refuses(&d, NULL, "greeting: every answer");
    d.persons = 0;
    refuses(&d, NULL, "0 persons");
}

/* One person, all items known: nothing is estimated, and the person is scored; extreme answers get
 * a finite WLE. */
static void known_items_need_no_calibration(void)
{
    const bool known[] = {true, true, true};
    const double a[] = {1, 1.5, .7}, dd[] = {0, -1, 1};
    const int8_t all_right[] = {1, 1, 1};
    const int32_t two[] = {2, 2, 2};
    vrk_irt_known k = {.known = known, .slope = a, .intercept = dd, .steps = 1};
    vrk_answers d = {.persons = 1, .items = 3, .x = all_right, .categories = two};
    vrk_ctx ctx = {0};
    vrk_irt f = fit_of(&ctx, &d, (vrk_irt_opt){.known = &k});
    vrk_irt_scores s;
    T_OK(f.params == 0 && fabs(f.slope[1] - 1.5) < 1e-15);
    T_OK(vrk_irt_score(&ctx, &f, &d, &(vrk_irt_score_opt){.plausible = 2000}, &s) == VRK_OK);
    T_OK(s.extreme[0] && isfinite(s.wle[0]) && s.wle[0] < 5 && s.eap[0] > 0 && s.eap[0] < s.wle[0]);
    double mean = 0;
    for (int i = 0; i < 2000; i++)
        mean += s.draw[i] / 2000;
    T_OK(fabs(mean - s.eap[0]) < 4 * s.psd[0] / sqrt(2000));
    vrk_irt_scores_free(&s);
    vrk_irt_free(&f);
    vrk_arena_free(&ctx.scratch);
}

/* An item keyed the wrong way is found; priors keep slopes positive. */
static void a_reversed_item_is_flagged(void)
{
    vrk_ctx ctx = {0};
    simulate(8, 500, ITEMS, 2, VRK_IRT_ADJACENT);
    for (int i = 0; i < 500; i++)
        x[i + 2 * 500] = (int8_t)(1 - x[i + 2 * 500]);
    vrk_answers d = {.persons = 500, .items = ITEMS, .x = x};
    vrk_irt f = fit_of(&ctx, &d, (vrk_irt_opt){0});
    for (int j = 0; j < ITEMS; j++)
        T_OK(f.flag[j] == (j == 2 ? VRK_ITEM_REVERSED : VRK_ITEM_USED));
    vrk_irt_free(&f);
    f = fit_of(&ctx, &d, (vrk_irt_opt){.priors = true});
    T_OK(f.stop == VRK_STOP_GRAD && f.slope[2] > 0 && f.penalty < 0);
    vrk_irt_free(&f);
    vrk_arena_free(&ctx.scratch);
}

/* Answers in step (Guttman): a slope runs away, and the fit says so instead of a number. */
static void answers_without_chance_end_at_the_boundary(void)
{
    enum { N = 120 };
    vrk_ctx ctx = {0};
    for (int i = 0; i < N; i++) {
        for (int j = 0; j < 3; j++)
            x[i + j * N] = i % 4 > j;
    }
    vrk_answers d = {.persons = N, .items = 3, .x = x};
    vrk_irt f = fit_of(&ctx, &d, (vrk_irt_opt){0});
    T_OK(f.stop == VRK_STOP_BOUNDARY);
    printf("# slope %g, stop %d\n", f.slope[1], f.stop);
    vrk_irt_free(&f);
    f = fit_of(&ctx, &d, (vrk_irt_opt){.priors = true});
    T_OK(f.stop == VRK_STOP_GRAD);
    vrk_irt_free(&f);
    vrk_arena_free(&ctx.scratch);
}

static void fails_cleanly_at_every_allocation(void)
{
    vrk_answers d = {.persons = 60, .items = 3, .x = x};
    simulate(2, 60, 3, 2, VRK_IRT_ADJACENT);
    bool whole = false;
    for (size_t limit = 64; !whole && limit < 1 << 24; limit += limit / 16 + 64) {
        vrk_ctx ctx = {.scratch.limit = limit};
        vrk_irt f;
        vrk_irt_scores s = {0};
        vrk_status st = vrk_irt_fit(&ctx, &d, NULL, &f);
        T_OK(st == VRK_OK || (st == VRK_EMEMORY && f.slope == NULL));
        if (st == VRK_OK) {
            st = vrk_irt_score(&ctx, &f, &d, NULL, &s);
            T_OK(st == VRK_OK || (st == VRK_EMEMORY && s.eap == NULL));
            whole = st == VRK_OK;
        }
        T_OK(ctx.scratch.used == 0);
        vrk_irt_scores_free(&s);
        vrk_irt_free(&f);
        vrk_arena_free(&ctx.scratch);
    }
    T_OK(whole);
}

static int stop_at(void *left, const char *what, double done)
{
    (void)what;
    (void)done;
    return --*(int *)left < 0;
}

static void can_be_cancelled_anywhere(void)
{
    vrk_answers d = {.persons = 60, .items = 3, .x = x};
    simulate(2, 60, 3, 2, VRK_IRT_ADJACENT);
    for (int n = 0; n < 40; n++) {
        int left = n;
        vrk_ctx ctx = {.tick = stop_at, .arg = &left};
        vrk_irt f;
        vrk_status st = vrk_irt_fit(&ctx, &d, NULL, &f);
        T_OK(st == VRK_OK || (st == VRK_ECANCEL && f.slope == NULL));
        T_OK(n > 3 || st == VRK_ECANCEL);
        T_OK(ctx.scratch.used == 0);
        vrk_irt_free(&f);
        vrk_arena_free(&ctx.scratch);
    }
}

/* Rating scale: every item's steps are the same up to a shift, and partial credit fits no worse. */
static void rating_scale_is_within_partial_credit(void)
{
    vrk_ctx ctx = {0};
    simulate(12, 500, 4, 4, VRK_IRT_ADJACENT);
    vrk_answers d = {.persons = 500, .items = 4, .x = x};
    vrk_irt r = fit_of(&ctx, &d, (vrk_irt_opt){.slope = VRK_SLOPE_COMMON, .shared_steps = true});
    vrk_irt p = fit_of(&ctx, &d, (vrk_irt_opt){.slope = VRK_SLOPE_COMMON});
    T_OK(r.params == 1 + 4 + 2 && p.params == 1 + 4 * 3 && p.ll > r.ll);
    for (int j = 1; j < 4; j++) {
        double shift = r.step[j * 3] - r.step[0];
        T_NEAR(r.step[j * 3 + 1] - r.step[1], shift, 1e-10);
        T_NEAR(r.step[j * 3 + 2] - r.step[2], shift, 1e-10);
    }
    vrk_irt_free(&r);
    vrk_irt_free(&p);
    simulate(12, 500, 4, 4, VRK_IRT_GRADED);
    r = fit_of(
        &ctx, &d,
        (vrk_irt_opt){.family = VRK_IRT_GRADED, .slope = VRK_SLOPE_COMMON, .shared_steps = true});
    T_OK(r.stop == VRK_STOP_GRAD && r.step[0] < r.step[1] && r.step[1] < r.step[2]);
    vrk_irt_free(&r);
    vrk_arena_free(&ctx.scratch);
}

T_MAIN(T_CASE(derivatives_of_an_answer_are_right), T_CASE(stands_at_the_top_of_the_slow_likelihood),
       T_CASE(order_and_addition_do_not_matter), T_CASE(intervals_cover),
       T_CASE(bad_answers_are_named), T_CASE(known_items_need_no_calibration),
       T_CASE(a_reversed_item_is_flagged), T_CASE(answers_without_chance_end_at_the_boundary),
       T_CASE(rating_scale_is_within_partial_credit), T_CASE(fails_cleanly_at_every_allocation),
       T_CASE(can_be_cancelled_anywhere))
