#include "stat/dif.h"
#include "base/rng.h"
#include "tests/t.h"

#include <math.h>
#include <string.h>

enum { N = 1200, ITEMS = 12 };
static int8_t x[N * ITEMS], focal[N];

/* Rasch items; item 3 is `harder` for the focal group, whose mean is lower by half. */
static vrk_dif_data simulate(double harder)
{
    for (int i = 0; i < N; i++) {
        vrk_rng r = vrk_rng_of(17, (uint64_t)i, 0);
        focal[i] = (int8_t)(i % 2);
        double z = vrk_rng_normal(&r) - .5 * focal[i];
        for (int j = 0; j < ITEMS; j++) {
            double eta = z - .3 * (j - 6) - (j == 3 && focal[i] ? harder : 0);
            x[i + j * N] = (int8_t)vrk_rng_chance(&r, 1 / (1 + exp(-eta)));
        }
    }
    return (vrk_dif_data){.persons = N, .items = ITEMS, .x = x, .focal = focal};
}

static void finds_the_planted_item_and_its_side(void)
{
    vrk_ctx ctx = {0};
    vrk_dif f;
    vrk_dif_data d = simulate(1);
    T_OK(vrk_dif_test(&ctx, &d, &(vrk_dif_opt){.purify = true, .level = .01}, &f) == VRK_OK);
    T_OK(f.settled && f.flag[3] && f.class[3] == VRK_DIF_C && f.delta[3] < 0);
    T_OK(fabs(f.delta[3] + 2.35) < 3 * f.delta_se[3]); /* alpha = e for Rasch items */
    T_OK(f.uniform_p[3] < 1e-6 && f.crossing_p[3] > .01 && f.r2[3] > 0);
    for (int j = 0; j < ITEMS; j++)
        T_OK(j == 3 || f.class[j] == VRK_DIF_A);
    vrk_dif_free(&f);
    vrk_arena_free(&ctx.scratch);
}

/* Groups exchanged: odds ratios turn over, chi-squares stay. */
static void exchanged_groups_turn_the_sign(void)
{
    vrk_ctx ctx = {0};
    vrk_dif a, b;
    vrk_dif_data d = simulate(.5);
    T_OK(vrk_dif_test(&ctx, &d, NULL, &a) == VRK_OK);
    for (int i = 0; i < N; i++)
        focal[i] = (int8_t)!focal[i];
    T_OK(vrk_dif_test(&ctx, &d, NULL, &b) == VRK_OK);
    for (int j = 0; j < ITEMS; j++) {
        T_NEAR(a.chi2[j], b.chi2[j], 1e-10);
        T_NEAR(a.alpha[j] * b.alpha[j], 1., 1e-12);
        T_NEAR(a.uniform[j], b.uniform[j], 1e-6);
        T_NEAR(a.crossing[j], b.crossing[j], 1e-6);
    }
    vrk_dif_free(&a);
    vrk_dif_free(&b);
    vrk_arena_free(&ctx.scratch);
}

static void refuses(const vrk_dif_data *d, const char *says)
{
    vrk_ctx ctx = {0};
    vrk_dif f;
    T_OK(vrk_dif_test(&ctx, d, NULL, &f) == VRK_EINPUT && f.chi2 == NULL);
    T_OK(strstr(ctx.message, says) != NULL);
    vrk_arena_free(&ctx.scratch);
}

static void what_cannot_be_tested_is_refused(void)
{
    vrk_dif_data d = simulate(0);
    for (int i = 0; i < N; i++)
        focal[i] = i < 99;
    refuses(&d, "99 in the focal group");
    refuses(&(vrk_dif_data){.persons = N, .items = 1, .x = x, .focal = focal}, "1 items");
    d = simulate(0);
    x[4] = 2;
    refuses(&d, "person 5, item 1: answer 2");
    d = simulate(0);
    memset(x + 2 * N, 1, N);
    refuses(&d, "item 3: every answer is 1");
    d = simulate(0);
    focal[0] = 2;
    refuses(&d, "person 1: group 2");
}

static void fails_cleanly_at_every_allocation(void)
{
    vrk_dif_data d = simulate(0);
    bool whole = false;
    for (size_t limit = 64; !whole && limit < 1 << 22; limit += 256) {
        vrk_ctx ctx = {.scratch.limit = limit};
        vrk_dif f;
        vrk_status st = vrk_dif_test(&ctx, &d, NULL, &f);
        T_OK(st == VRK_OK || (st == VRK_EMEMORY && f.chi2 == NULL));
        T_OK(ctx.scratch.used == 0);
        whole = st == VRK_OK;
        vrk_dif_free(&f);
        vrk_arena_free(&ctx.scratch);
    }
    T_OK(whole);
}

/* Mantel and Haenszel's test by the textbook: for each score a table of two by two. */
static void is_the_textbooks(void)
{
    vrk_ctx ctx = {0};
    vrk_dif f;
    vrk_dif_data d = simulate(.7);
    T_OK(vrk_dif_test(&ctx, &d, NULL, &f) == VRK_OK && f.persons == N);
    for (int j = 0; j < ITEMS; j++) {
        double over = 0, var = 0, up = 0, down = 0;
        for (int s = 0; s <= ITEMS; s++) {
            double cell[2][2] = {{0}};
            for (int i = 0; i < N; i++) {
                int score = 0;
                for (int k = 0; k < ITEMS; k++)
                    score += x[i + k * N];
                cell[focal[i]][x[i + j * N]] += score == s;
            }
            double ref = cell[0][0] + cell[0][1], foc = cell[1][0] + cell[1][1], n = ref + foc;
            double right = cell[0][1] + cell[1][1], wrong = n - right;
            if (n < 2)
                continue;
            over += cell[0][1] - ref * right / n;
            var += ref * foc * right * wrong / (n * n * (n - 1));
            up += cell[0][1] * cell[1][0] / n;
            down += cell[0][0] * cell[1][1] / n;
        }
        double chi2 = pow(fmax(0, fabs(over) - .5), 2) / var;
        T_NEAR(f.chi2[j], chi2, 1e-11);
        T_NEAR(f.p[j], erfc(sqrt(chi2 / 2)), 1e-11);
        T_NEAR(f.alpha[j], up / down, 1e-12);
    }
    vrk_dif_free(&f);
    vrk_arena_free(&ctx.scratch);
}

static int stop_at(void *arg, const char *what, double done)
{
    (void)what, (void)done;
    return --*(int *)arg == 0;
}

static void stops_when_asked(void)
{
    vrk_dif_data d = simulate(0);
    int left = ITEMS;
    vrk_ctx ctx = {.tick = stop_at, .arg = &left};
    vrk_dif f;
    T_OK(vrk_dif_test(&ctx, &d, NULL, &f) == VRK_ECANCEL && !f.chi2 && ctx.scratch.used == 0);
    vrk_arena_free(&ctx.scratch);
}

T_MAIN(T_CASE(finds_the_planted_item_and_its_side), T_CASE(exchanged_groups_turn_the_sign),
       T_CASE(what_cannot_be_tested_is_refused), T_CASE(fails_cleanly_at_every_allocation),
       T_CASE(is_the_textbooks), T_CASE(stops_when_asked))
