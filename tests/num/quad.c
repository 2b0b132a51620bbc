/* Oracles: R's statmod 1.5.0 (7 points), and mathematics: moments of the normal distribution. */
#include "num/quad.h"
#include "tests/t.h"

enum { MOST = 1000 };

static void seven_points_are_the_published_ones(void)
{
    double x[7], w[7];
    vrk_quad_hermite(7, x, w);
    T_NEAR(x[0], -3.7504397177257429, 1e-15);
    T_NEAR(x[1], -2.3667594107345415, 1e-15);
    T_NEAR(x[4], 1.1544053947399682, 1e-15);
    T_OK(x[3] == 0);
    T_NEAR(w[0] / .00054826885597221789, 1., 2e-13);
    T_NEAR(w[1] / .03075712396758655, 1., 1e-14);
    T_NEAR(w[3], 16. / 35, 1e-15);
}

/* E Z^2k = 1 3 5 ... (2k - 1), exact up to degree 2n - 1; E cosh(Z) = exp(1/2). */
static void any_order_gives_the_moments(void)
{
    static double x[MOST], w[MOST];
    const int orders[] = {1, 2, 3, 5, 8, 15, 25, 40, 61, 100, 101, 300, 700, 1000};
    for (int a = 0; a < 14; a++) {
        int n = orders[a];
        double want = 1;
        vrk_quad_hermite(n, x, w);
        for (int k = 0; 2 * k <= 2 * n - 1 && k <= 20; k++) {
            double sum = 0, odd = 0;
            for (int i = 0; i < n; i++) {
                sum += w[i] * pow(x[i], 2 * k);
                odd += w[i] * pow(x[i], 2 * k + 1);
            }
            want *= k > 0 ? 2 * k - 1 : 1;
            T_OK(fabs(sum / want - 1) < 1e-12 && fabs(odd / want) < 1e-12);
        }
        for (int i = 1; i < n; i++)
            T_OK(x[i] > x[i - 1] && fabs(x[i] + x[n - 1 - i]) < 1e-300 && w[i] >= 0);
        double wave = 0;
        for (int i = 0; i < n; i++)
            wave += w[i] * cosh(x[i]);
        if (n >= 15)
            T_NEAR(wave, exp(.5), 1e-13);
    }
}

static void a_grid_of_equal_steps(void)
{
    double x[61], w[61], mean = 0, square = 0, sum = 0;
    vrk_quad_grid(61, 6, x, w);
    T_OK(x[0] == -6 && x[60] == 6 && x[30] == 0);
    for (int i = 0; i < 61; i++) {
        sum += w[i];
        mean += w[i] * x[i];
        square += w[i] * x[i] * x[i];
    }
    T_NEAR(sum, 1., 1e-15);
    T_NEAR(mean, 0., 1e-15);
    T_NEAR(square, 1., 1e-6); /* what lies beyond 6 SD */
}

T_MAIN(T_CASE(seven_points_are_the_published_ones), T_CASE(any_order_gives_the_moments),
       T_CASE(a_grid_of_equal_steps))
