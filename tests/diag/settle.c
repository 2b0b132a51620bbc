/* What an observation is worth, held against the closed form of two normal actions, and against a
 * grid where a threshold decides. */
#include "diag/settle.h"

#include "num/special.h"
#include "stat/voi.h"
#include "tests/t.h"

#include <math.h>

enum { N = 4000, TRIALS = 1000 };

static double e[N], q[N], net[2 * N];
static vrk_verdict is[N];

/* Normal states in order, each as likely, as the quantiles have them. */
static vrk_settle_states normal_states(double mean, double sd)
{
    for (int i = 0; i < N; i++) {
        q[i] = mean + sd * vrk_normal_quantile((i + 0.5) / N);
        e[i] = 0;
        is[i] = q[i] <= -0.5 ? VRK_IS_COMPETENCE : VRK_IS_FINE;
        net[i] = q[i];
        net[N + i] = -1e9; /* never taken */
    }
    return (vrk_settle_states){.draws = N, .actions = 2, .e = e, .q = q, .is = is, .net = net};
}

static void comes_to_the_closed_form(void)
{
    static const double mean[] = {0.3, -0.3, 0, 1.5}, noise[] = {0.3, 1, 2, 5};
    for (int i = 0; i < 4; i++) {
        vrk_settle_states s = normal_states(mean[i], 1);
        for (int k = 0; k < 4; k++) {
            vrk_settle_option o = {.noise_e = HUGE_VAL, .noise_q = noise[k]};
            vrk_settle_look(&s, 11, TRIALS, 0.7, &o);
            T_OK(fabs(o.value - vrk_evsi_normal(mean[i], 1, 1, noise[k])) < 0.02);
        }
    }
}

/* The better it tells, the more it is worth, never more than knowing all; what tells nothing is
 * worth nothing, and money scales it. */
static void grows_with_what_it_tells(void)
{
    vrk_settle_states s = normal_states(-0.4, 0.8);
    vrk_settle_option all = {.noise_e = HUGE_VAL, .noise_q = 0.02};
    vrk_settle_option some = {.noise_e = HUGE_VAL, .noise_q = 0.8};
    vrk_settle_option none = {.noise_e = 0.1, .noise_q = HUGE_VAL}; /* of e, which is known */
    vrk_settle_look(&s, 3, TRIALS, 0.7, &all);
    vrk_settle_look(&s, 3, TRIALS, 0.7, &some);
    vrk_settle_look(&s, 3, TRIALS, 0.7, &none);
    T_OK(fabs(all.value - vrk_evpi_normal(-0.4, 0.8)) < 0.01);
    T_OK(some.value > 0.01 && some.value < all.value && some.probability < all.probability);
    T_NEAR(none.value, 0., 1e-9);
    double before = some.value;
    for (int i = 0; i < N; i++)
        net[i] *= 1000;
    vrk_settle_look(&s, 3, TRIALS, 0.7, &some);
    T_NEAR(some.value / before / 1000, 1., 1e-9);
}

/* An action that pays 10 where competence is short and costs 1 elsewhere, after an observation with
 * normal noise: by a fine grid over what is seen. */
static double by_grid(double mean, double sd, double noise)
{
    double prior = vrk_normal_below((-0.5 - mean) / sd), sum = 0;
    double total = sqrt(sd * sd + noise * noise), left = sd * noise / total;
    for (int i = 0; i < 20000; i++) {
        double seen = mean + total * vrk_normal_quantile((i + 0.5) / 20000);
        double centre = mean + sd * sd / (total * total) * (seen - mean);
        double p = vrk_normal_below((-0.5 - centre) / left);
        sum += fmax(11 * p - 1, 0) / 20000;
    }
    return sum - fmax(11 * prior - 1, 0);
}

static void a_threshold_decides(void)
{
    static const double mean[] = {0.6, 1.2, -0.2};
    for (int i = 0; i < 3; i++) {
        vrk_settle_states s = normal_states(mean[i], 0.7);
        vrk_settle_option o = {.noise_e = HUGE_VAL, .noise_q = 0.5};
        for (int k = 0; k < N; k++)
            net[k] = is[k] == VRK_IS_COMPETENCE ? 10 : -1;
        vrk_settle_look(&s, 5, TRIALS, 0.7, &o);
        T_OK(fabs(o.value - by_grid(mean[i], 0.7, 0.5)) < 0.02);
    }
}

T_MAIN(T_CASE(comes_to_the_closed_form), T_CASE(grows_with_what_it_tells),
       T_CASE(a_threshold_decides))
