/* Situations measured on answers: published 2PL estimates, the gradient, and simulated persons
 * whose items' truth is known, with a biased item among them. */
#include "base/rng.h"
#include "stat/keyed_parts.h"
#include "tests/t.h"

#include <stdlib.h>
#include <string.h>

/* LSAT6 (Bock & Lieberman 1970), 32 patterns of 1000 persons: counts by pattern, item 1 first. */
static const int lsat6[32] = {3,  6,  2,  11, 1, 1,  3,  4,  1,  8,  0,  16,  0,  3,  2,  15,
                              10, 29, 14, 81, 3, 28, 15, 80, 16, 56, 21, 173, 11, 61, 28, 298};

/* METHODS T25: a .8254 .7229 .8905 .6886 and .65686 (doc/irt.md), b = -d / a of the 2PL. */
static void two_options_are_the_2pl(void)
{
    enum { N = 1000, J = 5 };
    static const double a[J] = {.8254, .7229, .8905, .6886, .6569};
    static const double d[J] = {2.7730, .9902, .2492, 1.2848, 2.0536};
    static int8_t x[N * J];
    double many[J * 2], stated[J] = {0};
    vrk_ctx ctx = {0};
    vrk_keyed k;
    int64_t i = 0;
    for (int p = 0; p < 32; p++) {
        for (int n = 0; n < lsat6[p]; n++, i++) {
            for (int j = 0; j < J; j++)
                x[i + j * N] = (int8_t)(p >> (J - 1 - j) & 1);
        }
    }
    T_OK(i == N);
    for (int j = 0; j < 2 * J; j++)
        many[j] = 1;
    vrk_keyed_data data = {
        .persons = N, .items = J, .steps = 1, .x = x, .many = many, .stated = stated};
    T_OK(vrk_keyed_fit(&ctx, &data, &(vrk_keyed_opt){.no_prior = true}, &k) == VRK_OK);
    T_OK(k.stop == VRK_STOP_GRAD);
    T_NEAR(k.ll, -2466.653, 1e-6);
    for (int j = 0; j < J; j++) {
        T_NEAR(k.slope[j], a[j], 5e-4);
        T_NEAR(k.difficulty[j], -d[j] / a[j], 5e-4);
        T_OK(k.answered[j] == N);
    }
    vrk_keyed_free(&k);
    vrk_arena_free(&ctx.scratch);
}

/* ---- simulated persons: sixteen situations of four options, points 3 2 1 0 or 3 1 1 0 */
enum { J = 16, MOST = 1200 };
static int8_t x[MOST * J], focal[MOST];
static double many[J * 4], stated[J], slope[J], hard[J];

static int64_t draw_answer(int j, double u, vrk_rng *r)
{
    const double *m = many + j * 4;
    double c = vrk_keyed_half(m, 3), p[4], all = 0, at;
    for (int k = 0; k < 4; k++)
        all += p[k] = m[k] * exp(k / 3. * (c + u));
    at = all * vrk_rng_uniform(r);
    int64_t k = 0;
    while (k < 3 && (at -= p[k]) > 0)
        k++;
    return k;
}

/* Half of them are the focal group, `apart` lower on average; item 3 is `biased` harder for it.
 * Each answers `asked` of the situations. */
static vrk_keyed_data world(int64_t n, double apart, double biased, int asked, uint64_t seed)
{
    vrk_rng r = vrk_rng_of(seed, 1, 2);
    for (int j = 0; j < J; j++) {
        const double of[][4] = {{1, 1, 1, 1}, {1, 2, 0, 1}};
        memcpy(many + j * 4, of[j % 2], sizeof(of[0]));
        stated[j] = -1.2 + 2.4 * j / (J - 1);
        hard[j] = stated[j] + 0.4 + 0.6 * vrk_rng_normal(&r);
        slope[j] = exp(0.35 * vrk_rng_normal(&r));
    }
    for (int64_t i = 0; i < n; i++) {
        focal[i] = (int8_t)(i % 2);
        double z = vrk_rng_normal(&r) - focal[i] * apart;
        for (int j = 0; j < J; j++) {
            double e = focal[i] && j == 3 ? biased : 0;
            x[i + j * n] = (int8_t)draw_answer(j, slope[j] * (z - hard[j] - e), &r);
        }
        for (int left = J - asked; left > 0;) {
            int64_t j = vrk_rng_below(&r, J);
            left -= x[i + j * n] >= 0;
            x[i + j * n] = -1;
        }
    }
    return (vrk_keyed_data){
        .persons = n, .items = J, .steps = 3, .x = x, .many = many, .stated = stated};
}

/* By finite differences, at a point that is not the top. */
static void gradient_and_information_are_those_of_the_objective(void)
{
    vrk_ctx ctx = {0};
    vrk_keyed k;
    keyed w = {0};
    enum { P = KEYED_OF * J + 2 };
    double theta[P], g[P], up[P];
    static double info[P * P];
    static double cells[2][2 * J * 4 * KEYED_POINTS], log_many[J * 4], half[J];
    vrk_keyed_data d = world(240, 0.5, 0.8, 10, 11);
    d.focal = focal;
    T_OK(vrk_keyed_fit(&ctx, &d, NULL, &k) == VRK_OK);
    w = (keyed){.d = &d,
                .params = KEYED_OF * J + 2,
                .theta = theta,
                .gradient = g,
                .log_p = cells[0],
                .count = cells[1],
                .log_many = log_many,
                .half = half,
                .slope_sd = .4,
                .difficulty_sd = .9,
                .shift = .2};
    for (int q = 0; q < KEYED_POINTS; q++)
        w.z[q] = -6 + 0.2 * q;
    for (int j = 0; j < J; j++) {
        half[j] = vrk_keyed_half(many + 4 * j, 3);
        for (int i = 0; i < 4; i++)
            log_many[4 * j + i] = many[4 * j + i] > 0 ? log(many[4 * j + i]) : -60;
        theta[KEYED_OF * j] = 0.1;
        theta[KEYED_OF * j + 1] = stated[j];
        theta[KEYED_OF * j + 2] = 0.2;
    }
    theta[KEYED_OF * J] = -0.3;
    theta[KEYED_OF * J + 1] = 0.1;
    w.info = info;
    T_OK(vrk_keyed_information(&ctx, &w) == VRK_OK);
    memcpy(up, g, sizeof(up));
    for (int s = 0; s < P; s++) {
        double was = theta[s], h = 1e-4, hi, lo;
        theta[s] = was + h;
        vrk_keyed_pass(&w);
        hi = w.objective;
        double g_hi[P];
        memcpy(g_hi, g, sizeof(g_hi));
        theta[s] = was - h;
        vrk_keyed_pass(&w);
        lo = w.objective;
        for (int t = 0; t < P; t++)
            T_NEAR(info[t + s * P], (g[t] - g_hi[t]) / (2 * h), 1e-5);
        theta[s] = was;
        T_NEAR((hi - lo) / (2 * h), up[s], 1e-5);
    }
    vrk_keyed_free(&k);
    vrk_arena_free(&ctx.scratch);
}

static void intervals_hold_and_answers_beat_the_expert(void)
{
    enum { HERE = 20 };
    vrk_ctx ctx = {0};
    int64_t held[2] = {0};
    double own = 0, expert = 0, flat = 0, sharp = 0;
    for (uint64_t s = 0; s < HERE; s++) {
        vrk_keyed k;
        vrk_keyed_data d = world(200, 0, 0, 12, 100 + s);
        T_OK(vrk_keyed_fit(&ctx, &d, NULL, &k) == VRK_OK);
        T_OK(k.stop == VRK_STOP_GRAD);
        for (int j = 0; j < J; j++) {
            double off = k.difficulty[j] - hard[j];
            held[0] += fabs(off) <= 1.6449 * k.difficulty_se[j];
            held[1] += k.slope_lo[j] <= slope[j] && slope[j] <= k.slope_hi[j];
            own += off * off;
            expert += pow(stated[j] - hard[j], 2);
            flat += pow(log(slope[j]), 2);
            sharp += pow(log(k.slope[j] / slope[j]), 2);
        }
        vrk_keyed_free(&k);
    }
    double n = HERE * J;
    printf("# intervals: difficulty %.3f, slope %.3f; rms difficulty %.3f (stated %.3f), log slope "
           "%.3f (stated %.3f)\n",
           (double)held[0] / n, (double)held[1] / n, sqrt(own / n), sqrt(expert / n),
           sqrt(sharp / n), sqrt(flat / n));
    for (int i = 0; i < 2; i++)
        T_OK((double)held[i] / n >= 0.86 && (double)held[i] / n <= 0.94);
    T_OK(own < 0.25 * expert && sharp < flat);
    vrk_arena_free(&ctx.scratch);
}

enum { WORLDS = 16 };

typedef struct {
    double hit, others, effect, classic, classic_others;
} found;

/* Item 3 `biased` harder for the focal group: shares of worlds in which it, and of items in which
 * another one, is flagged; and by Mantel-Haenszel (dif.h, METHODS 5.2) on the best answer of the
 * same persons, where all are asked. */
static found flags(double biased, int asked)
{
    enum { N = 240 };
    static int8_t best[N * J];
    vrk_ctx ctx = {0};
    found f = {0};
    for (uint64_t s = 0; s < WORLDS; s++) {
        vrk_keyed k;
        vrk_dif m;
        vrk_keyed_data d = world(N, 0.5, biased, asked, 1000 + s);
        d.focal = focal;
        T_OK(vrk_keyed_fit(&ctx, &d, NULL, &k) == VRK_OK);
        f.effect += k.harder[3] / WORLDS;
        for (int j = 0; j < J; j++)
            *(j == 3 ? &f.hit : &f.others) += k.flag[j] ? 1. / (j == 3 ? 1 : J - 1) / WORLDS : 0;
        vrk_keyed_free(&k);
        for (int i = 0; i < N * J; i++)
            best[i] = (int8_t)(x[i] < 0 ? -1 : x[i] == 3);
        vrk_dif_data right = {.persons = N, .items = J, .x = best, .focal = focal};
        if (asked < J || vrk_dif_test(&ctx, &right, &(vrk_dif_opt){.purify = true}, &m) != VRK_OK)
            continue;
        for (int j = 0; j < J; j++)
            *(j == 3 ? &f.classic : &f.classic_others) +=
                m.flag[j] ? 1. / (j == 3 ? 1 : J - 1) / WORLDS : 0;
        vrk_dif_free(&m);
    }
    printf("# %d asked, harder by %.1f: found %.3f (Mantel-Haenszel %.3f), estimated %.2f, others "
           "%.3f (%.3f)\n",
           asked, biased, f.hit, f.classic, f.effect, f.others, f.classic_others);
    vrk_arena_free(&ctx.scratch);
    return f;
}

/* 120 in each group, half a standard deviation apart. */
static void a_biased_item_is_found_and_others_are_not(void)
{
    found f = flags(0, 12);
    T_OK(f.hit <= 0.05 + 3 * sqrt(0.05 * 0.95 / WORLDS));
    T_OK(f.others >= 0.02 && f.others <= 0.08);
    f = flags(1.5, 16);
    T_OK(f.hit >= f.classic - 0.1 && f.others <= 0.08);
    f = flags(2.5, 12);
    T_OK(f.hit >= 0.85 && f.others <= 0.08);
}

static void few_are_refused_in_words(void)
{
    vrk_ctx ctx = {0};
    vrk_keyed k;
    vrk_keyed_data d = world(48, 0, 0, 12, 1);
    T_OK(vrk_keyed_fit(&ctx, &d, NULL, &k) == VRK_EINPUT && strstr(ctx.message, "48 persons"));
    T_OK(!k.items && !k.mem.top);
    d = world(190, 0, 0, 12, 1);
    d.focal = focal;
    T_OK(vrk_keyed_fit(&ctx, &d, NULL, &k) == VRK_EINPUT && strstr(ctx.message, "95 and 95"));
    d.focal = NULL;
    x[5 + 190] = 2; /* of item 2 no answer is worth two */
    T_OK(vrk_keyed_fit(&ctx, &d, NULL, &k) == VRK_EINPUT && strstr(ctx.message, "person 6"));
    T_OK(ctx.scratch.used == 0);
    vrk_arena_free(&ctx.scratch);
}

T_MAIN(T_CASE(two_options_are_the_2pl), T_CASE(gradient_and_information_are_those_of_the_objective),

       T_CASE(intervals_hold_and_answers_beat_the_expert),
       T_CASE(a_biased_item_is_found_and_others_are_not), T_CASE(few_are_refused_in_words))
