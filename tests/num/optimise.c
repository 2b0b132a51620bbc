/* The minimiser against functions whose least value is known by hand. */
#include "num/optimise.h"
#include "tests/t.h"

static vrk_status rosenbrock(vrk_ctx *ctx, const double *x, double *f, double *g, void *arg)
{
    (void)ctx, (void)arg;
    double a = x[1] - x[0] * x[0], b = 1 - x[0];
    *f = 100 * a * a + b * b;
    g[0] = -400 * a * x[0] - 2 * b;
    g[1] = 200 * a;
    return VRK_OK;
}

/* x log x - x where x > 0, else undefined. */
static vrk_status entropy(vrk_ctx *ctx, const double *x, double *f, double *g, void *arg)
{
    (void)ctx, (void)arg;
    *f = x[0] > 0 ? x[0] * log(x[0]) - x[0] : (double)NAN;
    g[0] = x[0] > 0 ? log(x[0]) : 0;
    return VRK_OK;
}

static vrk_status line(vrk_ctx *ctx, const double *x, double *f, double *g, void *arg)
{
    (void)ctx, (void)arg;
    *f = x[0] + 2 * x[1];
    g[0] = 1;
    g[1] = 2;
    return VRK_OK;
}

static void finds_the_valley_of_rosenbrock(void)
{
    vrk_ctx ctx = {0};
    vrk_minimum m;
    double x[2] = {-1.2, 1};
    T_OK(vrk_minimise(&ctx, 2, rosenbrock, NULL, NULL, x, NULL, &m) == VRK_OK);
    T_OK(m.stop == VRK_STOP_GRAD);
    T_NEAR(x[0], 1.0, 1e-4);
    T_NEAR(x[1], 1.0, 1e-4);
    T_OK(m.f < 1e-9 && m.iterations < 60 && m.evaluations < 90);
    vrk_arena_free(&ctx.scratch);
}

static void steps_back_from_where_the_function_is_not_defined(void)
{
    vrk_ctx ctx = {0};
    vrk_minimum m;
    double x[1] = {20};
    T_OK(vrk_minimise(&ctx, 1, entropy, NULL, &(vrk_minimise_opt){.max_step = 100}, x,
                      (double[]){100}, &m) == VRK_OK);
    T_NEAR(x[0], 1.0, 1e-4);
    vrk_arena_free(&ctx.scratch);
}

/* x >= -1 and 3 <= y <= 5: the least of x + 2y is where the bounds are, approached. */
static void keeps_inside_bounds(void)
{
    vrk_ctx ctx = {0};
    vrk_minimum m;
    double x[2] = {0, 4};
    vrk_minimise_opt opt = {.lo = (double[]){-1, 3}, .hi = (double[]){HUGE_VAL, 5}};
    T_OK(vrk_minimise(&ctx, 2, line, NULL, &opt, x, NULL, &m) == VRK_OK);
    T_OK(x[0] >= -1 && x[1] >= 3);
    T_NEAR(x[0], -1.0, 1e-6);
    T_NEAR(x[1], 3.0, 1e-6);
    x[1] = 6;
    T_OK(vrk_minimise(&ctx, 2, line, NULL, &opt, x, NULL, &m) == VRK_EINPUT);
    vrk_arena_free(&ctx.scratch);
}

/* By hand at (1,1): [802 -400; -400 200]. */
static void differences_give_the_hessian(void)
{
    vrk_ctx ctx = {0};
    double h[4], x[2] = {1, 1};
    T_OK(vrk_hessian(&ctx, 2, rosenbrock, NULL, x, NULL, h) == VRK_OK);
    T_NEAR(h[0], 802.0, 1e-6);
    T_NEAR(h[1], -400.0, 1e-6);
    T_NEAR(h[3], 200.0, 1e-6);
    vrk_arena_free(&ctx.scratch);
}

static int stop_at_once(void *arg, const char *what, double done)
{
    (void)arg, (void)what, (void)done;
    return 1;
}

static void fails_cleanly_without_memory_and_when_cancelled(void)
{
    vrk_ctx ctx = {.scratch.limit = 8};
    vrk_minimum m;
    double x[2] = {-1.2, 1};
    T_OK(vrk_minimise(&ctx, 2, rosenbrock, NULL, NULL, x, NULL, &m) == VRK_EMEMORY);
    vrk_ctx other = {.tick = stop_at_once};
    T_OK(vrk_minimise(&other, 2, rosenbrock, NULL, NULL, x, NULL, &m) == VRK_ECANCEL);
    T_OK(m.evaluations == 0);
    vrk_arena_free(&ctx.scratch);
    vrk_arena_free(&other.scratch);
}

T_MAIN(T_CASE(finds_the_valley_of_rosenbrock),
       T_CASE(steps_back_from_where_the_function_is_not_defined), T_CASE(keeps_inside_bounds),
       T_CASE(differences_give_the_hessian),
       T_CASE(fails_cleanly_without_memory_and_when_cancelled))
