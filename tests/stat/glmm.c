/* Mixed models: mathematics (permute, split, relabel), convergence of every family and kind of
 * term, bad input, failures. Numbers of other programs are in tests/ref/glmm.c. */
#include "stat/glmm.h"

#include <string.h>

#include "base/rng.h"
#include "tests/t.h"

enum { N = 240, G = 12, K = 5 };

typedef struct {
    double x[2 * N], y[2 * N], size[N], z[N];
    int32_t a[N], b[N];
    vrk_glmm_term term[2];
    vrk_glmm_data d;
} made;

/* Binomial cells, two crossed terms. */
static void make(made *m, uint64_t seed)
{
    vrk_rng r = vrk_rng_of(seed, 0, 0);
    double u[G], v[K];
    for (int g = 0; g < G; g++)
        u[g] = 0.7 * vrk_rng_normal(&r);
    for (int k = 0; k < K; k++)
        v[k] = 0.5 * vrk_rng_normal(&r);
    for (int i = 0; i < N; i++) {
        m->a[i] = i % G;
        m->b[i] = (i / G) % K;
        m->x[i] = 1;
        m->x[N + i] = (double)(i % 3);
        m->size[i] = (double)(3 + i % 7);
        double p = 1 / (1 + exp(0.5 - 0.3 * m->x[N + i] - u[m->a[i]] - v[m->b[i]]));
        m->y[i] = 0;
        for (int k = 0; k < (int)m->size[i]; k++)
            m->y[i] += vrk_rng_chance(&r, p);
    }
    m->term[0] = (vrk_glmm_term){.levels = G, .level = m->a};
    m->term[1] = (vrk_glmm_term){.levels = K, .level = m->b};
    m->d = (vrk_glmm_data){
        .n = N, .p = 2, .x = m->x, .y = m->y, .size = m->size, .terms = 2, .term = m->term};
}

static const vrk_glmm_opt ML = {.family = VRK_GLMM_LOGIT, .mode = VRK_GLMM_ML};
static const vrk_glmm_opt BAYES = {.family = VRK_GLMM_LOGIT};

static void permuting_groups_permutes_the_output(void)
{
    static made m, o;
    vrk_ctx ctx = {0};
    vrk_glmm f, g;
    make(&m, 1);
    make(&o, 1);
    for (int i = 0; i < N; i++)
        o.a[i] = (o.a[i] * 5 + 3) % G;
    T_OK(vrk_glmm_fit(&ctx, &m.d, &ML, &f) == VRK_OK);
    T_OK(vrk_glmm_fit(&ctx, &o.d, &ML, &g) == VRK_OK);
    T_NEAR(f.ll, g.ll, 1e-9);
    for (int l = 0; l < G; l++)
        T_NEAR(f.term[0].mode[l], g.term[0].mode[(l * 5 + 3) % G], 1e-5);
    vrk_glmm_free(&f);
    vrk_glmm_free(&g);
    vrk_arena_free(&ctx.scratch);
}

/* A cell of 2y of 2n is two cells of y of n: the same but for the binomial coefficients. */
static void splitting_cells_changes_nothing(void)
{
    static made m;
    static double x[4 * N], y[2 * N], size[2 * N], twice_y[N], twice_n[N];
    static int32_t a[2 * N], b[2 * N];
    vrk_ctx ctx = {0};
    vrk_glmm f, g;
    make(&m, 2);
    for (int i = 0; i < 2 * N; i++) {
        a[i] = m.a[i % N];
        b[i] = m.b[i % N];
        y[i] = m.y[i % N];
        size[i] = m.size[i % N];
        x[i] = 1;
        x[2 * N + i] = m.x[N + i % N];
    }
    for (int i = 0; i < N; i++) {
        twice_y[i] = 2 * m.y[i];
        twice_n[i] = 2 * m.size[i];
    }
    vrk_glmm_data one = m.d, two = m.d;
    one.y = twice_y;
    one.size = twice_n;
    vrk_glmm_term term[2] = {{.levels = G, .level = a}, {.levels = K, .level = b}};
    two.n = 2 * N, two.x = x, two.y = y, two.size = size, two.term = term;
    T_OK(vrk_glmm_fit(&ctx, &one, &ML, &f) == VRK_OK);
    T_OK(vrk_glmm_fit(&ctx, &two, &ML, &g) == VRK_OK);
    T_NEAR(f.beta[0], g.beta[0], 1e-10);
    T_NEAR(f.beta[1], g.beta[1], 1e-10);
    T_NEAR(f.term[0].sd[0], g.term[0].sd[0], 1e-10);
    vrk_glmm_free(&f);
    vrk_glmm_free(&g);
    vrk_arena_free(&ctx.scratch);
}

/* The reported gradient is that of the reported likelihood: at the optimum both are flat, so each
 * kind of term must end with a small gradient by its own stop rule. */
static void every_kind_of_term_converges(void)
{
    static made m;
    vrk_ctx ctx = {0};
    for (int tail = VRK_GLMM_NORMAL; tail <= VRK_GLMM_TWO_PART; tail++) {
        for (int family = VRK_GLMM_GAUSSIAN; family <= VRK_GLMM_POISSON; family++) {
            vrk_glmm f;
            make(&m, 3);
            m.term[0].tail = (vrk_glmm_tail)tail;
            vrk_glmm_opt opt = {.family = (vrk_glmm_family)family};
            T_OK(vrk_glmm_fit(&ctx, &m.d, &opt, &f) == VRK_OK);
            T_OK(f.stop == VRK_STOP_GRAD && f.gradient < 0.05);
            T_OK(f.evaluations < 60);
            vrk_glmm_free(&f);
        }
    }
    vrk_arena_free(&ctx.scratch);
}

static void duplicate_columns_are_dropped_and_said(void)
{
    static made m;
    static double x[3 * N];
    vrk_ctx ctx = {0};
    vrk_glmm f, g;
    make(&m, 4);
    memcpy(x, m.x, 2 * N * sizeof *x);
    for (int i = 0; i < N; i++)
        x[2 * N + i] = 2 * m.x[N + i] - 1;
    T_OK(vrk_glmm_fit(&ctx, &m.d, &ML, &f) == VRK_OK);
    m.d.x = x;
    m.d.p = 3;
    T_OK(vrk_glmm_fit(&ctx, &m.d, &ML, &g) == VRK_OK);
    T_OK(g.rank == 2 && g.dropped[2] && isnan(g.se[2]) && g.beta[2] == 0);
    T_NEAR(f.ll, g.ll, 1e-9);
    vrk_glmm_free(&f);
    vrk_glmm_free(&g);
    vrk_arena_free(&ctx.scratch);
}

/* Mean and variance of many draws are those reported, within five standard errors. */
static void draws_have_the_reported_moments_and_depend_on_their_number_only(void)
{
    static made m;
    enum { D = 4000 };
    static double draws[D * (2 + G + K)], again[2 + G + K];
    vrk_ctx ctx = {0};
    vrk_glmm f;
    make(&m, 5);
    T_OK(vrk_glmm_fit(&ctx, &m.d, &BAYES, &f) == VRK_OK);
    int64_t c = vrk_glmm_columns(&f);
    T_OK(c == 2 + G + K);
    T_OK(vrk_glmm_draw(&ctx, &f, 9, 0, D, draws) == VRK_OK);
    T_OK(vrk_glmm_draw(&ctx, &f, 9, 17, 1, again) == VRK_OK);
    T_OK(memcmp(again, draws + 17 * c, (size_t)c * sizeof *again) == 0);
    for (int j = 0; j < 2; j++) {
        double mean = 0, square = 0;
        for (int d = 0; d < D; d++) {
            mean += draws[d * c + j] / D;
            square += draws[d * c + j] * draws[d * c + j] / D;
        }
        double sd = sqrt(square - mean * mean);
        T_OK(fabs(mean - f.beta[j]) < 5 * f.se[j] / sqrt(D));
        T_OK(fabs(sd / f.se[j] - 1) < 5 / sqrt(2.0 * D));
    }
    vrk_glmm_free(&f);
    vrk_arena_free(&ctx.scratch);
}

static void refuses_what_cannot_be_and_names_the_row(void)
{
    static made m;
    vrk_ctx ctx = {0};
    vrk_glmm f;
    make(&m, 6);
    m.y[7] = m.size[7] + 1;
    T_OK(vrk_glmm_fit(&ctx, &m.d, &ML, &f) == VRK_EINPUT && strstr(ctx.message, "row 7"));
    make(&m, 6);
    m.x[N + 9] = (double)NAN;
    T_OK(vrk_glmm_fit(&ctx, &m.d, &ML, &f) == VRK_EINPUT && strstr(ctx.message, "row 9, column 1"));
    make(&m, 6);
    m.b[3] = K;
    T_OK(vrk_glmm_fit(&ctx, &m.d, &ML, &f) == VRK_EINPUT && strstr(ctx.message, "row 3, term 1"));
    make(&m, 6);
    memset(m.size, 0, sizeof m.size);
    memset(m.y, 0, sizeof m.y);
    T_OK(vrk_glmm_fit(&ctx, &m.d, &ML, &f) == VRK_EINPUT && f.mem.top == NULL);
    vrk_arena_free(&ctx.scratch);
}

/* No success at all: no finite estimate by likelihood, a stated one under the prior. */
static void separation_is_said_or_held_by_the_prior(void)
{
    static made m;
    vrk_ctx ctx = {0};
    vrk_glmm f;
    make(&m, 7);
    memset(m.y, 0, sizeof m.y);
    T_OK(vrk_glmm_fit(&ctx, &m.d, &BAYES, &f) == VRK_OK);
    T_OK(isfinite(f.beta[0]) && f.beta[0] < -4 && isfinite(f.ll));
    vrk_glmm_free(&f);
    vrk_status st = vrk_glmm_fit(&ctx, &m.d, &ML, &f);
    T_OK(st == VRK_ENUMERIC || (st == VRK_OK && f.stop == VRK_STOP_BOUNDARY));
    vrk_glmm_free(&f);
    vrk_arena_free(&ctx.scratch);
}

static void fails_cleanly_at_every_allocation(void)
{
    static made m;
    make(&m, 8);
    int refused = 0;
    for (size_t limit = 1000; limit < 4000000; limit = limit * 5 / 4) {
        vrk_ctx ctx = {.scratch.limit = limit};
        vrk_glmm f;
        vrk_status st = vrk_glmm_fit(&ctx, &m.d, &ML, &f);
        T_OK(st == VRK_OK || (st == VRK_EMEMORY && f.beta == NULL && f.mem.top == NULL));
        refused += st == VRK_EMEMORY;
        vrk_glmm_free(&f);
        vrk_arena_free(&ctx.scratch);
    }
    T_OK(refused > 5);
}

static int stop_after(void *arg, const char *what, double done)
{
    int *left = arg;
    (void)what, (void)done;
    return (*left)-- == 0;
}

/* At every tick of the fit, and while drawing. */
static void can_be_cancelled(void)
{
    static made m;
    static double draws[70 * (2 + G + K)];
    int left, refused = 0;
    vrk_ctx ctx = {.tick = stop_after, .arg = &left};
    vrk_glmm f;
    make(&m, 9);
    for (int k = 0;; k++, refused++) {
        left = k;
        vrk_status st = vrk_glmm_fit(&ctx, &m.d, &ML, &f);
        if (st == VRK_OK)
            break;
        T_OK(st == VRK_ECANCEL && f.beta == NULL && f.mem.top == NULL);
    }
    T_OK(refused > 10);
    left = 1;
    T_OK(vrk_glmm_draw(&ctx, &f, 1, 0, 70, draws) == VRK_ECANCEL);
    vrk_glmm_free(&f);
    vrk_arena_free(&ctx.scratch);
}

static void the_number_of_threads_changes_no_bit(void)
{
    static made m;
    static double draws[2][20 * (2 + G + K)];
    make(&m, 10);
    for (int k = 0; k < 2; k++) {
        vrk_ctx ctx = {.threads = k ? 16 : 1};
        vrk_glmm f;
        T_OK(vrk_glmm_fit(&ctx, &m.d, &BAYES, &f) == VRK_OK);
        T_OK(vrk_glmm_draw(&ctx, &f, 3, 0, 20, draws[k]) == VRK_OK);
        vrk_glmm_free(&f);
        vrk_arena_free(&ctx.scratch);
    }
    T_OK(memcmp(draws[0], draws[1], sizeof draws[0]) == 0);
}

T_MAIN(T_CASE(permuting_groups_permutes_the_output), T_CASE(splitting_cells_changes_nothing),
       T_CASE(every_kind_of_term_converges), T_CASE(duplicate_columns_are_dropped_and_said),
       T_CASE(draws_have_the_reported_moments_and_depend_on_their_number_only),
       T_CASE(refuses_what_cannot_be_and_names_the_row),
       T_CASE(separation_is_said_or_held_by_the_prior), T_CASE(fails_cleanly_at_every_allocation),
       T_CASE(can_be_cancelled), T_CASE(the_number_of_threads_changes_no_bit))
