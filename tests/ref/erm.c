/* Items on data of R's eRm 1.0-2 (Mair & Hatzinger 2007, J Stat Softw 20(9)) and section 6 of the
 * Law School Admission Test. eRm maximises the CONDITIONAL likelihood, given each person's sum, in
 * which the trait does not appear; Verkan the marginal one, with a normal trait. They are different
 * estimators of the same steps. So eRm's maximum, the published answer, is a ceiling: the
 * conditional likelihood at Verkan's steps, by the plain definition, must stay under it, and by
 * little where the model holds; and difficulties must lie within a part of their errors. */
#include "stat/irt.h"
#include "tests/ref/table.h"
#include "tests/t.h"

enum { PERSONS = 1000, ITEMS = 30, MOST = 8 };

static int8_t x[PERSONS * ITEMS];

static bool load(const char *name, vrk_answers *d)
{
    table t;
    if (!table_data(name, &t))
        return false;
    for (int64_t i = 0; i < t.rows; i++) {
        for (int64_t j = 0; j < t.cols; j++)
            x[i + j * t.rows] = (int8_t)strtol(t.cell[(i + 1) * t.cols + j], NULL, 10);
    }
    *d = (vrk_answers){.persons = t.rows, .items = t.cols, .x = x};
    table_free(&t);
    return true;
}

/* Log of P(answers | sum), summed over persons: weight of the answers over the weight of all
 * answers with the same sum, these by one item after the other. */
static double conditional(const vrk_answers *d, const vrk_irt *f)
{
    double all[ITEMS * MOST + 1] = {1}, ll = 0;
    int64_t most = 0;
    for (int64_t j = 0; j < d->items; j++) {
        for (int64_t s = most; s >= 0; s--) {
            for (int64_t k = 1; k < f->categories[j]; k++)
                all[s + k] += all[s] * exp(f->intercept[j * f->steps + k - 1]);
        }
        most += f->categories[j] - 1;
    }
    for (int64_t i = 0; i < d->persons; i++) {
        int64_t sum = 0;
        for (int64_t j = 0; j < d->items; j++) {
            int64_t k = d->x[i + j * d->persons];
            sum += k;
            ll += k ? f->intercept[j * f->steps + k - 1] : 0;
        }
        ll -= log(all[sum]);
    }
    return ll;
}

static void under(vrk_ctx *ctx, const vrk_answers *d, bool shared, double most, double by,
                  vrk_irt *f)
{
    vrk_irt_opt o = {.slope = VRK_SLOPE_COMMON, .shared_steps = shared, .min_persons = 20};
    T_OK(vrk_irt_fit(ctx, d, &o, f) == VRK_OK);
    double ll = conditional(d, f);
    printf("# conditional ll %.6f, eRm's maximum %.6f\n", ll, most);
    T_OK(ll <= most + 1e-6 && ll > most - by);
}

/* Difficulties, adding up to 0; a common slope is the trait's SD. */
static void against(const vrk_irt *f, const double *beta, int n, double part)
{
    double mean = 0;
    for (int64_t j = 0; j < f->items; j++)
        mean += f->intercept[j * f->steps] / (double)f->items;
    for (int j = 0; j < n; j++) {
        double got = mean - f->intercept[j * f->steps];
        bool good = fabs(got - beta[j]) < part * f->intercept_se[j * f->steps];
        if (!good)
            printf("# item %d: %.4f, not %.4f\n", j + 1, got, beta[j]);
        T_OK(good);
    }
}

static void rasch(void)
{
    const double beta[] = {-1.5652697, -.0511717, -.7821901, .6502319,
                           1.3005789,  -.0992963, -.6816968, -.7317341};
    const double lsat[] = {-1.256128, .474907, 1.235981, .168410, -.623170};
    vrk_ctx ctx = {0};
    vrk_answers d;
    vrk_irt f;
    if (!load("erm/raschdat1.csv", &d))
        T_SKIP("no public data");
    under(&ctx, &d, false, -1434.481812, .001, &f);
    against(&f, beta, 8, .01);
    vrk_irt_free(&f);
    T_OK(load("psych-irt/lsat6.csv", &d));
    under(&ctx, &d, false, -1091.56969, .001, &f);
    against(&f, lsat, 5, .02);
    vrk_irt_free(&f);
    vrk_arena_free(&ctx.scratch);
}

static void partial_credit_and_rating_scale(void)
{
    vrk_ctx ctx = {0};
    vrk_answers d;
    vrk_irt f;
    if (!load("erm/pcmdat2.csv", &d))
        T_SKIP("no public data");
    under(&ctx, &d, false, -485.017159, .5, &f);
    vrk_irt_free(&f);
    T_OK(load("erm/rsmdat.csv", &d));
    under(&ctx, &d, true, -107.561824, .05, &f);
    vrk_irt_free(&f);
    vrk_arena_free(&ctx.scratch);
}

T_MAIN(T_CASE(rasch), T_CASE(partial_credit_and_rating_scale))
