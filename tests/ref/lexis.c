/* T47: mgus2, time in bands of a year up to 20 (months, follow-up of at least half a month),
 * Poisson by cause. R 4.2.2's glm (METHODS 1.7): seven decimals, tolerance 1e-6; deviance five
 * decimals, 1e-5. With age in four bands 11 222 rows and their 157 cells must be the same thing:
 * 1e-10. */
#include "stat/lexis.h"
#include "stat/poisson.h"
#include "tests/ref/table.h"
#include "tests/t.h"

enum { PEOPLE = 1384, ROWS = 11222, BANDS = 20, AGES = 4, SEXES = 2, CELLS = BANDS * AGES * SEXES };

typedef struct {
    vrk_lexis rows;
    double exit[PEOPLE], age[PEOPLE], male[PEOPLE], cause[PEOPLE];
} people;

static bool load(vrk_ctx *ctx, people *d)
{
    double cut[BANDS];
    table t;
    if (!table_data("survival-r/mgus2.csv", &t))
        return false;
    T_OK(t.rows == PEOPLE);
    for (int64_t i = 0; i < PEOPLE; i++) {
        bool pcm = table_num(&t, i, "pstat") > 0;
        d->exit[i] = fmax(table_num(&t, i, pcm ? "ptime" : "futime"), .5);
        d->cause[i] = pcm ? 1 : table_num(&t, i, "death") > 0 ? 2 : 0;
        d->age[i] = table_num(&t, i, "age");
        d->male[i] = !strcmp(table_text(&t, i, "sex"), "M");
    }
    table_free(&t);
    for (int k = 0; k < BANDS; k++)
        cut[k] = 12 * (k + 1);
    vrk_lexis_in in = {.n = PEOPLE, .exit = d->exit, .cuts = BANDS, .cut = cut, .until_last = true};
    T_OK(vrk_lexis_split(ctx, &in, &d->rows) == VRK_OK && d->rows.n == ROWS);
    return true;
}

static double died(const people *d, int64_t row, int cause)
{
    return d->rows.last[row] && fabs(d->cause[d->rows.spell[row]] - cause) < .5;
}

static void coefficients_are_those_of_glm(void)
{
    static people d;
    static double x[ROWS * (BANDS + 2)], events[ROWS];
    const double beta[2][3] = {{-7.0899002, .0156304, .0025483}, {-4.9971362, .0652491, .3877966}};
    const double se[2][3] = {{.297090735, .0084791061, .19219959},
                             {.093735674705, .003642082153, .070077715708}};
    const double default_se[2][3] = {{.2970907, .0084791, .1921996},
                                     {.0937229, .0036419, .0700745}};
    const vrk_stop stop[] = {VRK_STOP_BOUNDARY, VRK_STOP_GRAD};
    const double deviance[] = {1161.40319, 5425.90588}, deaths[] = {110, 848};
    vrk_ctx ctx = {0};
    if (!load(&ctx, &d))
        T_SKIP("survival-r/mgus2.csv is not here");
    double exposure = 0;
    for (int cause = 1; cause <= 2; cause++) {
        double sum = 0;
        for (int64_t i = 0; i < ROWS; i++) {
            int64_t who = d.rows.spell[i];
            x[i] = 1; /* intercept, bands 1 ... 19, age - 70, male */
            for (int k = 1; k < BANDS; k++)
                x[i + k * ROWS] = d.rows.band[i] == k;
            x[i + BANDS * ROWS] = d.age[who] - 70;
            x[i + (BANDS + 1) * ROWS] = d.male[who];
            events[i] = died(&d, i, cause);
            sum += events[i];
            exposure += d.rows.exposure[i] / 2;
        }
        vrk_cells c = {
            .n = ROWS, .p = BANDS + 2, .x = x, .events = events, .exposure = d.rows.exposure};
        vrk_poisson f;
        T_NEAR(sum, deaths[cause - 1], 0.);
        T_OK(vrk_poisson_fit(&ctx, &c, NULL, &f) == VRK_OK && f.stop == stop[cause - 1]);
        for (int j = 0; j < 3; j++) {
            int at = j ? BANDS - 1 + j : 0;
            T_NEAR(f.beta[at], beta[cause - 1][j], 1e-7);
            T_NEAR(f.se[at], se[cause - 1][j], 1e-8);
            T_NEAR(f.se[at], default_se[cause - 1][j], 2e-5);
        }
        T_NEAR(f.deviance / deviance[cause - 1], 1., 1e-8);
        vrk_poisson_free(&f);
    }
    T_NEAR(exposure, 126999., 1e-12);
    vrk_lexis_free(&d.rows);
    vrk_arena_free(&ctx.scratch);
}

static int age_band(double age)
{
    return age < 60 ? 0 : age < 70 ? 1 : age < 80 ? 2 : 3;
}

/* Intercept, bands, ages, sex: row i of n. */
static void fill(double *x, int64_t n, int64_t i, int band, int age, int male)
{
    x[i] = 1;
    for (int k = 1; k < BANDS; k++)
        x[i + k * n] = band == k;
    for (int a = 1; a < AGES; a++)
        x[i + (BANDS - 1 + a) * n] = age == a;
    x[i + (BANDS + AGES - 1) * n] = male;
}

static void rows_and_cells_are_the_same_thing(void)
{
    enum { P = BANDS + AGES };
    static people d;
    static double x[ROWS * P], events[ROWS], cell_x[CELLS * P], cell_events[CELLS],
        cell_days[CELLS];
    const double want[] = {-5.9556034, .5179194, 1.3147997, 1.9471591, .3599568};
    const int at[] = {0, BANDS, BANDS + 1, BANDS + 2, BANDS + 3};
    vrk_ctx ctx = {0};
    vrk_poisson rows, cells;
    int64_t used = 0;
    if (!load(&ctx, &d))
        T_SKIP("survival-r/mgus2.csv is not here");
    for (int64_t i = 0; i < ROWS; i++) {
        int64_t who = d.rows.spell[i];
        int band = d.rows.band[i], age = age_band(d.age[who]), male = d.male[who] > .5;
        int cell = (band * AGES + age) * SEXES + male;
        fill(x, ROWS, i, band, age, male);
        events[i] = died(&d, i, 2);
        cell_events[cell] += events[i];
        cell_days[cell] += d.rows.exposure[i];
    }
    for (int cell = 0; cell < CELLS; cell++) {
        used += cell_days[cell] > 0;
        fill(cell_x, CELLS, cell, cell / SEXES / AGES, cell / SEXES % AGES, cell % SEXES);
    }
    T_OK(used == 157); /* the other three are empty and do not count */
    vrk_cells a = {.n = ROWS, .p = P, .x = x, .events = events, .exposure = d.rows.exposure};
    vrk_cells b = {.n = CELLS, .p = P, .x = cell_x, .events = cell_events, .exposure = cell_days};
    T_OK(vrk_poisson_fit(&ctx, &a, NULL, &rows) == VRK_OK);
    T_OK(vrk_poisson_fit(&ctx, &b, NULL, &cells) == VRK_OK);
    for (int j = 0; j < P; j++) {
        T_NEAR(rows.beta[j], cells.beta[j], 1e-10);
        T_NEAR(rows.se[j], cells.se[j], 1e-10);
    }
    T_NEAR(rows.ll / cells.ll, 1., 1e-13);
    for (int j = 0; j < 5; j++)
        T_NEAR(cells.beta[at[j]], want[j], 1e-7);
    T_NEAR(cells.se[P - 1], .06989309798, 1e-9);
    vrk_poisson_free(&rows);
    vrk_poisson_free(&cells);
    vrk_lexis_free(&d.rows);
    vrk_arena_free(&ctx.scratch);
}

T_MAIN(T_CASE(coefficients_are_those_of_glm), T_CASE(rows_and_cells_are_the_same_thing))
