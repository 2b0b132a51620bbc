#include "stat/alive.h"
#include "base/rng.h"
#include "tests/t.h"

static const vrk_life t35 = {.death = .03, .contact = .1, .exit = .02, .cleaning = .01};

/* T35: METHODS section 10, R: .2320419. */
static void reproduces_the_published_number(void)
{
    T_OK(fabs(vrk_alive(&t35, 20, NULL) - .2320419) < 1e-7);
}

/* The definition: the dead part by Simpson's rule. */
static double slow(const vrk_life *r, double w)
{
    enum { STEPS = 2000 };
    double q = r->death + r->contact + r->exit, sum = 0, alive = exp(-q * w);
    for (int i = 0; i <= STEPS; i++) {
        double v = w * i / STEPS, f = exp(-q * v) * exp(-r->cleaning * (w - v));
        sum += f * (i == 0 || i == STEPS ? 1 : i % 2 ? 4 : 2);
    }
    return alive / (alive + r->death * sum * w / STEPS / 3);
}

static void is_what_the_definition_says(void)
{
    const vrk_life rates[] = {t35,
                              {.03, .1, .02, .15},        /* cleaned as fast as alive ones leave */
                              {.03, .1, .02, .15 + 1e-9}, /* and all but so */
                              {.03, .1, .02, .4},
                              {.5, 0, 0, 0},
                              {0, .1, .02, .01}};
    for (int i = 0; i < 6; i++) {
        for (double w = .01; w < 60; w *= 2.3)
            T_NEAR(vrk_alive(&rates[i], w, NULL), slow(&rates[i], w), 1e-9);
        T_NEAR(vrk_alive(&rates[i], 0, NULL), 1., 0.);
    }
    T_NEAR(vrk_alive(&rates[5], 1e9, NULL), 1., 0.);
    double far = vrk_alive(&t35, 1e5, NULL);
    T_OK(far >= 0 && far < 1e-300);
    const vrk_life swept = {.03, .1, .02, .4}; /* who is still here after long is alive */
    T_NEAR(vrk_alive(&swept, 1e5, NULL), 1 / (1 + .03 / .25), 1e-12);
}

/* Deals lived through one by one: among those silent and open, the share alive. */
static void is_the_share_of_lives_lived(void)
{
    enum { DEALS = 400000 };
    vrk_rng r = vrk_rng_of(35, 0, 0);
    double alive = 0, open = 0, w = 20;
    for (int i = 0; i < DEALS; i++) {
        double dies = vrk_rng_exponential(&r) / t35.death,
               sign = vrk_rng_exponential(&r) / t35.contact,
               exit = vrk_rng_exponential(&r) / t35.exit,
               cleaned = dies + vrk_rng_exponential(&r) / t35.cleaning;
        double until = fmin(dies, w);
        if (sign < until || exit < until || cleaned < w)
            continue;
        open++;
        alive += dies > w;
    }
    double p = .2320419;
    T_OK(fabs(alive / open - p) < 4 * sqrt(p * (1 - p) / open) && open > 30000);
}

static void slopes_are_those_of_finite_differences(void)
{
    const vrk_life rates[] = {t35, {.03, .1, .02, .15}, {.03, .1, .02, .1499}, {.02, .1, .02, .4}};
    for (int i = 0; i < 4; i++) {
        for (double w = .5; w < 90; w *= 3) {
            double slope[4];
            (void)vrk_alive(&rates[i], w, slope);
            for (int j = 0; j < 4; j++) {
                const double h = 1e-6;
                vrk_life up = rates[i], down = rates[i];
                (j == 0   ? &up.death
                 : j == 1 ? &up.contact
                 : j == 2 ? &up.exit
                          : &up.cleaning)[0] += h;
                (j == 0   ? &down.death
                 : j == 1 ? &down.contact
                 : j == 2 ? &down.exit
                          : &down.cleaning)[0] -= h;
                T_NEAR(slope[j], (vrk_alive(&up, w, NULL) - vrk_alive(&down, w, NULL)) / (2 * h),
                       1e-5);
            }
        }
    }
    double slope[4];
    T_NEAR(vrk_alive(&(vrk_life){0, .1, 0, 0}, 3, slope), 1., 0.);
    T_NEAR(slope[0], -expm1(.3) / .1, 1e-12);
}

/* Mathematics: days or weeks; longer silence never helps while signs come faster than cleaning. */
static void units_do_not_matter_and_silence_never_helps(void)
{
    double last = 1;
    for (double w = 0; w < 200; w += 5) {
        vrk_life weeks = {t35.death * 7, t35.contact * 7, t35.exit * 7, t35.cleaning * 7};
        double p = vrk_alive(&t35, w, NULL);
        T_NEAR(vrk_alive(&weeks, w / 7, NULL), p, 1e-13);
        T_OK(p <= last);
        last = p;
    }
}

static void is_not_a_number_where_rates_cannot_be(void)
{
    double slope[4];
    T_OK(isnan(vrk_alive(&(vrk_life){-1, 1, 1, 1}, 1, slope)) && isnan(slope[0]));
    T_OK(isnan(vrk_alive(&(vrk_life){1, nan(""), 1, 1}, 1, NULL)));
    T_OK(isnan(vrk_alive(&(vrk_life){1, 1, 1, HUGE_VAL}, 1, NULL)));
    T_OK(isnan(vrk_alive(&t35, -1, NULL)) && isnan(vrk_alive(&t35, HUGE_VAL, NULL)));
}

T_MAIN(T_CASE(reproduces_the_published_number), T_CASE(is_what_the_definition_says),
       T_CASE(is_the_share_of_lives_lived), T_CASE(slopes_are_those_of_finite_differences),
       T_CASE(units_do_not_matter_and_silence_never_helps),
       T_CASE(is_not_a_number_where_rates_cannot_be))
