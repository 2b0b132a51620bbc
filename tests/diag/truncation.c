/* METHODS T45: in a world whose list lacks the deals that closed before the history starts, hazards
 * by time in stage come out unbiased, |bias| < 0.05 on the log scale. */
#include "base/rng.h"
#include "tests/diag/rows.h"

enum { DEALS = 150000, YEARS_3 = 1095, START = 730, BANDS = 8 };
static const double hazard[BANDS] = {.02, .03, .015, .01, .008, .005, .003, .002}; /* [1/day] */
static const double edge[BANDS + 1] = {0, 7, 14, 28, 56, 91, 182, 365, HUGE_VAL};

/* Time to the end of a deal [day]: the unit exponential `e` spent at the hazards of the bands. */
static double draw(double e)
{
    int k = 0;
    while (k < BANDS - 1 && e > hazard[k] * (edge[k + 1] - edge[k])) {
        e -= hazard[k] * (edge[k + 1] - edge[k]);
        k++;
    }
    return edge[k] + e / hazard[k];
}

/* Deals that begin over three years; only those not closed in the first two are on the list. */
static bool fill_survivors(vrk_ctx *ctx, vrk_facts *f)
{
    static const char *const names[] = {"deal", "began", "ended"};
    static const vrk_type types[] = {VRK_INT, VRK_TIME, VRK_TIME};
    const int64_t base = INT64_C(19358) * 86400; /* 2023-01-01 */
    vrk_frame made = {0};
    vrk_rng rng = vrk_rng_of(45, 0, 0);
    if (vrk_frame_init(ctx, names, types, 3, DEALS, &made) != VRK_OK)
        return false;
    for (int64_t i = 0; i < DEALS; i++) {
        double began = vrk_rng_uniform(&rng) * YEARS_3,
               ended = began + draw(vrk_rng_exponential(&rng));
        if (ended < START)
            continue;
        vrk_frame_set_int(&made, 0, i, i);
        vrk_frame_set_int(&made, 1, i, (base + (int64_t)(began * 86400)) * 1000000);
        if (ended < YEARS_3)
            vrk_frame_set_int(&made, 2, i, (base + (int64_t)(ended * 86400)) * 1000000);
    }
    bool good = vrk_facts_put(ctx, f, "made", &made) == VRK_OK &&
                fill(ctx, f,
                     (const char *const[]){"INSERT INTO deals (deal_id, created_at, closed_at, "
                                           "outcome) SELECT 'd' || deal, began, ended, "
                                           "CASE WHEN ended IS NULL THEN 'open' ELSE 'lost' END "
                                           "FROM made WHERE deal IS NOT NULL"},
                     1);
    vrk_frame_free(&made);
    return good;
}

/* log(estimated / true hazard) of each band, from the cells. */
static void biases(vrk_ctx *ctx, vrk_facts *f, int64_t history_s, double *bias)
{
    vrk_frame rows = {0};
    vrk_ledger_info info;
    vrk_ledger_opt opt = {.history_s = history_s, .visits_only = true, .unread = true};
    T_OK(vrk_ledger_build(ctx, f, &opt, &info) == VRK_OK);
    T_OK(vrk_facts_query(ctx, f,
                         "SELECT band, cast(sum(exposure_s) AS bigint) AS e, cast(sum(lost) AS "
                         "bigint) AS d FROM "
                         "exposure_cell GROUP BY band ORDER BY band",
                         NULL, 0, &rows) == VRK_OK);
    T_OK(rows.rows == BANDS);
    for (int64_t k = 0; k < rows.rows; k++)
        bias[k] =
            log((double)rows.column[2].i[k] * 86400 / (double)rows.column[1].i[k] / hazard[k]);
    vrk_frame_free(&rows);
    vrk_ledger_info_free(&info);
}

static void leaves_hazards_unbiased_by_what_is_missing(void)
{
    vrk_ctx ctx = {0};
    vrk_facts *f = NULL;
    double bias[BANDS] = {0}, naive[BANDS] = {0};
    T_OK(vrk_facts_open_duckdb(&ctx, &(vrk_facts_opt){.threads = 2}, &f) == VRK_OK);
    if (f && fill_survivors(&ctx, f)) {
        biases(&ctx, f, 0, bias); /* the start of the history is found from the data */
        biases(&ctx, f, 1, naive);
        for (int k = 0; k < BANDS; k++) {
            printf("# band %d: log bias %.3f, of exposure from entry %.3f\n", k, bias[k], naive[k]);
            T_OK(fabs(bias[k]) < 0.05);
        }
        T_OK(naive[0] < -0.05); /* the deaths that the list lacks, had they been overlooked */
    } else {
        t_bad++;
    }
    vrk_facts_close(f);
    vrk_arena_free(&ctx.scratch);
}

T_MAIN(T_CASE(leaves_hazards_unbiased_by_what_is_missing))
