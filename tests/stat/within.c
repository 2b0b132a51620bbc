/* Oracles: units' indicators as columns, by hand; mathematics. T18 is tests/ref/within.c. */
#include "stat/within.h"
#include "base/rng.h"
#include "tests/t.h"

#include <string.h>

enum { U = 30, T = 6, N = U * T };
static double y[N], x[2 * N];
static int64_t unit[N];

/* Sellers with more activity are better by themselves (2 per unit); one more gives 0.5. */
static vrk_panel make(void)
{
    vrk_rng r = vrk_rng_of(12, 0, 0);
    for (int i = 0; i < N; i++) {
        unit[i] = i / T;
        double level = (double)(unit[i] % 7);
        x[i] = level + vrk_rng_normal(&r);
        x[i + N] = vrk_rng_normal(&r);
        y[i] = 3 + .5 * x[i] - x[i + N] + 2 * level + .3 * vrk_rng_normal(&r);
    }
    return (vrk_panel){.n = N, .p = 2, .y = y, .x = x, .unit = unit};
}

static void tells_within_from_between(void)
{
    vrk_ctx ctx = {0};
    vrk_within f, g;
    vrk_panel d = make();
    T_OK(vrk_within_fit(&ctx, &d, &f) == VRK_OK);
    T_OK(fabs(f.within[0] - .5) < 4 * f.se_within[0] && f.contextual[0] > 1);
    T_OK(f.p_hausman < .001 || isnan(f.p_hausman));
    for (int i = 0; i < N; i++) { /* another name and level for each unit, rows reversed */
        y[i] += 10 * (double)unit[i];
        unit[i] = N - 1 - 3 * unit[i];
    }
    T_OK(vrk_within_fit(&ctx, &d, &g) == VRK_OK && g.units == U);
    for (int j = 0; j < 2; j++) {
        T_NEAR(g.within[j], f.within[j], 1e-10);
        T_NEAR(g.se_within[j], f.se_within[j], 1e-10);
    }
    vrk_within_free(&f);
    vrk_within_free(&g);
    vrk_arena_free(&ctx.scratch);
}

static void refuse(vrk_panel d, const char *words)
{
    vrk_ctx ctx = {0};
    vrk_within f;
    T_OK(vrk_within_fit(&ctx, &d, &f) == VRK_EINPUT && !f.within && ctx.scratch.used == 0);
    T_OK(strstr(ctx.message, words) != NULL);
    vrk_arena_free(&ctx.scratch);
}

static void names_what_it_refuses(void)
{
    vrk_panel d = make();
    y[4] = nan("");
    refuse(d, "row 4: y is nan");
    d = make();
    x[5 + N] = HUGE_VAL;
    refuse(d, "row 5: column 1 is inf");
    d = make();
    for (int i = 0; i < N; i++)
        x[i + N] = (double)unit[i];
    refuse(d, "column 1 does not vary within units");
    d = make();
    for (int i = 0; i < N; i++)
        x[i + N] = 2 * x[i];
    refuse(d, "within: column 1");
    d = make();
    unit[0] = -1;
    refuse(d, "row 0: unit -1");
    d = make();
    d.n = 2 * T;
    refuse(d, "between: 2 rows for 3");
}

static void fails_cleanly_at_every_allocation(void)
{
    vrk_panel d = make();
    vrk_status st;
    size_t limit = 0;
    do {
        vrk_ctx ctx = {.scratch.limit = limit += 256};
        vrk_within f;
        st = vrk_within_fit(&ctx, &d, &f);
        T_OK(st == VRK_OK || (st == VRK_EMEMORY && !f.within && ctx.scratch.used == 0));
        vrk_within_free(&f);
        vrk_arena_free(&ctx.scratch);
    } while (st == VRK_EMEMORY);
    T_OK(st == VRK_OK);
}

/* Least squares of y on k columns x [n x k] by Gauss's elimination, and squared errors. */
static void least_squares(int n, int k, const double *cols, const double *out, double *b,
                          double *se)
{
    enum { MOST = U + 3 };
    static double a[MOST * 2 * MOST];
    double rss = 0;
    for (int i = 0; i < k; i++) {
        for (int j = 0; j < 2 * k; j++) {
            double sum = j - k == i;
            for (int r = 0; r < n && j < k; r++)
                sum += cols[r + i * n] * cols[r + j * n];
            a[i + j * k] = sum;
        }
    }
    for (int i = 0; i < k; i++) {
        double pivot = a[i + i * k];
        for (int j = 0; j < 2 * k; j++)
            a[i + j * k] /= pivot;
        for (int r = 0; r < k; r++) {
            double times = a[r + i * k];
            for (int j = 0; j < 2 * k && r != i; j++)
                a[r + j * k] -= times * a[i + j * k];
        }
    }
    for (int i = 0; i < k; i++) {
        b[i] = 0;
        for (int j = 0; j < k; j++) {
            double xy = 0;
            for (int r = 0; r < n; r++)
                xy += cols[r + j * n] * out[r];
            b[i] += a[i + (k + j) * k] * xy;
        }
    }
    for (int r = 0; r < n; r++) {
        double e = out[r];
        for (int j = 0; j < k; j++)
            e -= b[j] * cols[r + j * n];
        rss += e * e;
    }
    for (int i = 0; i < k; i++)
        se[i] = sqrt(a[i + (k + i) * k] * rss / (n - k));
}

/* Within: the units' indicators as columns. Between: the means of units, with a constant. */
static void is_least_squares_with_a_column_for_each_unit(void)
{
    static double cols[N * (U + 2)], mean[U * 3], of_y[U];
    double b[U + 2], se[U + 2];
    vrk_ctx ctx = {0};
    vrk_within f;
    vrk_panel d = make();
    memset(cols, 0, sizeof(cols));
    memset(mean, 0, sizeof(mean));
    memset(of_y, 0, sizeof(of_y));
    memcpy(cols, x, sizeof(x));
    for (int i = 0; i < N; i++) {
        int u = i / T;
        cols[i + (2 + u) * N] = 1;
        of_y[u] += y[i] / T;
        mean[u] = 1;
        mean[u + U] += x[i] / T;
        mean[u + 2 * U] += x[i + N] / T;
    }
    T_OK(vrk_within_fit(&ctx, &d, &f) == VRK_OK && f.units == U);
    least_squares(N, U + 2, cols, y, b, se);
    for (int j = 0; j < 2; j++) {
        T_NEAR(f.within[j], b[j], 1e-11);
        T_NEAR(f.se_within[j], se[j], 1e-11);
    }
    least_squares(U, 3, mean, of_y, b, se);
    T_NEAR(f.between_intercept, b[0], 1e-10);
    for (int j = 0; j < 2; j++) {
        T_NEAR(f.between[j], b[j + 1], 1e-10);
        T_NEAR(f.se_between[j], se[j + 1], 1e-10);
        T_NEAR(f.contextual[j], f.between[j] - f.within[j], 1e-12);
    }
    vrk_within_free(&f);
    vrk_arena_free(&ctx.scratch);
}

static int stop_at(void *arg, const char *what, double done)
{
    (void)what, (void)done;
    return --*(int *)arg == 0;
}

static void stops_when_asked(void)
{
    int left = 1;
    vrk_ctx ctx = {.tick = stop_at, .arg = &left};
    vrk_within f;
    vrk_panel d = make();
    T_OK(vrk_within_fit(&ctx, &d, &f) == VRK_ECANCEL && !f.within && ctx.scratch.used == 0);
    vrk_arena_free(&ctx.scratch);
}

T_MAIN(T_CASE(tells_within_from_between), T_CASE(names_what_it_refuses),
       T_CASE(fails_cleanly_at_every_allocation),
       T_CASE(is_least_squares_with_a_column_for_each_unit), T_CASE(stops_when_asked))
