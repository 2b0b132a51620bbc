#include "num/mat.h"
#include "base/rng.h"
#include "tests/t.h"

enum { N = 5000, P = 6 }; /* more than one block of rows */
static double x[N * P], w[N], y[N], work[VRK_MAT_BLOCK * P];

static void make(void)
{
    vrk_rng r = vrk_rng_of(5, 0, 0);
    for (int i = 0; i < N * P; i++)
        x[i] = vrk_rng_normal(&r);
    for (int i = 0; i < N; i++) {
        w[i] = vrk_rng_uniform(&r);
        y[i] = vrk_rng_normal(&r);
    }
}

static void products_are_those_of_the_definition(void)
{
    const double b[] = {1, -2, 3, 0, .5, 7};
    static double xb[N];
    double xy[P], gram[P * P];
    make();
    vrk_mat_times(x, N, P, b, xb);
    vrk_mat_cross(x, N, P, y, xy);
    vrk_mat_gram(x, N, P, w, work, gram);
    for (int i = 0; i < N; i += 97) {
        double sum = 0;
        for (int j = 0; j < P; j++)
            sum += x[i + j * N] * b[j];
        T_NEAR(xb[i], sum, 1e-13);
    }
    for (int j = 0; j < P; j++) {
        double sum = 0;
        for (int i = 0; i < N; i++)
            sum += x[i + j * N] * y[i];
        T_NEAR(xy[j], sum, 1e-12);
        for (int k = 0; k < P; k++) {
            sum = 0;
            for (int i = 0; i < N; i++)
                sum += x[i + j * N] * w[i] * x[i + k * N];
            T_NEAR(gram[j + k * P], sum, 1e-12);
        }
    }
}

static void solves_and_inverts(void)
{
    double a[P * P], l[P * P], inverse[P * P], b[P];
    bool dropped[P] = {0};
    make();
    vrk_mat_gram(x, N, P, w, work, a);
    for (int i = 0; i < P * P; i++)
        l[i] = a[i];
    T_OK(vrk_chol(l, P, 1e-10, dropped) == P);
    vrk_chol_inverse(l, P, dropped, inverse);
    for (int i = 0; i < P; i++)
        b[i] = i + 1;
    vrk_chol_solve(l, P, dropped, b);
    for (int i = 0; i < P; i++) {
        double back = 0;
        for (int j = 0; j < P; j++) {
            double one = 0;
            back += a[i + j * P] * b[j];
            for (int k = 0; k < P; k++)
                one += a[i + k * P] * inverse[k + j * P];
            T_NEAR(one, i == j ? 1. : 0., 1e-13);
        }
        T_NEAR(back, i + 1., 1e-12);
    }
}

/* The third column is the sum of the first two: it is the one that goes, and the solution is that
 * of the others alone. */
static void drops_what_is_explained_and_says_so(void)
{
    double a[P * P], small[4], b[P] = {3, 5, 8, 0, 0, 0}, c[] = {3, 5};
    bool dropped[P] = {false, false, false, true, true, true}, none[2] = {0};
    make();
    for (int i = 0; i < N; i++)
        x[i + 2 * N] = x[i] + x[i + N];
    vrk_mat_gram(x, N, P, w, work, a);
    T_OK(vrk_chol(a, P, 1e-10, dropped) == 2 && !dropped[0] && !dropped[1] && dropped[2]);
    vrk_mat_gram(x, N, 2, w, work, small);
    T_OK(vrk_chol(small, 2, 1e-10, none) == 2);
    vrk_chol_solve(a, P, dropped, b);
    vrk_chol_solve(small, 2, none, c);
    T_NEAR(b[0], c[0], 1e-14);
    T_NEAR(b[1], c[1], 1e-14);
    T_OK(b[2] >= 0 && b[2] <= 0 && b[5] >= 0 && b[5] <= 0);
}

T_MAIN(T_CASE(products_are_those_of_the_definition), T_CASE(solves_and_inverts),
       T_CASE(drops_what_is_explained_and_says_so))
