#include "diag/half.h"

#include "tests/t.h"

#include <math.h>

enum { SELLERS = 40, COUNTS = 16 };

/* Eighty quarters 1.5 SDs off: chi-square 180 over 80 - 20 - 4 degrees. */
static void tells_clumps_from_chance(void)
{
    vrk_half_sums sums[80];
    for (int i = 0; i < 80; i++)
        sums[i] = (vrk_half_sums){50 + (i % 2 ? 7.5 : -7.5), 50, 25};
    T_NEAR(vrk_half_dispersion(sums, 20, 4, 4), 180 / 56.0, 1e-12);
    T_NEAR(vrk_half_dispersion(sums, 5, 4, 4), 1.0, 0); /* too few */
    for (int i = 0; i < 80; i++)
        sums[i].hits = 52; /* nearer than chance would have it */
    T_NEAR(vrk_half_dispersion(sums, 20, 4, 4), 1.0, 0);
}

/* Sellers write down 19 or 10 of 20 meetings, and a fifth of everything stands at no deal: of 30
 * that were done, 23 or 12 are found. A shift of the log odds that explains the first would let the
 * second find 5. */
static void finds_what_nobody_can_find(void)
{
    vrk_ctx ctx = {0};
    vrk_arena mem = {0};
    vrk_logging l;
    int64_t meetings[SELLERS], logged[SELLERS], moment[SELLERS], seller[SELLERS], told[SELLERS],
        recorded[SELLERS], none[SELLERS] = {0};
    for (int s = 0; s < SELLERS; s++) {
        meetings[s] = 400;
        logged[s] = s % 2 ? 200 : 380;
        moment[s] = VRK_AT_STEERING;
        seller[s] = s;
        told[s] = 30;
        recorded[s] = s % 2 ? 12 : 23;
    }
    vrk_moment_cells c = {.sellers = SELLERS,
                          .meetings = meetings,
                          .logged = logged,
                          .audit = {.n = SELLERS,
                                    .moment = moment,
                                    .seller = seller,
                                    .done_told = told,
                                    .done_recorded = recorded,
                                    .missed_told = none,
                                    .missed_recorded = none}};
    T_OK(vrk_logging_fit(&ctx, &c, &mem, &l) == VRK_OK);
    for (int s = 0; s < 2; s++)
        T_NEAR(vrk_logging_share(&l, s, VRK_AT_STEERING, VRK_LOGGING_NODES / 2),
               s ? 12 / 30.0 : 23 / 30.0, 0.04);
    vrk_arena_free(&mem);
    vrk_arena_free(&ctx.scratch);
}

/* Half of a hundred weeks idle, though service mail without a deal gives them up to six touches:
 * four and more are no sign of prospecting where a week of it has nine to sixteen. */
static void counts_no_service_mail_as_prospecting(void)
{
    static const int64_t weeks[COUNTS + 1] = {3, 9, 13, 12, 7,  4, 2, 0, 0,
                                              2, 5, 8,  10, 10, 8, 5, 2};
    enum { N = SELLERS * (COUNTS + 1) };
    vrk_ctx ctx = {0};
    vrk_arena mem = {0};
    vrk_logging l;
    vrk_half out;
    int64_t meetings[SELLERS], team[SELLERS] = {0}, seller[N], touches[N], n[N], unknown[N],
                               quarter[N] = {0};
    for (int s = 0; s < SELLERS; s++)
        meetings[s] = 100;
    for (int i = 0; i < N; i++) {
        seller[i] = i / (COUNTS + 1);
        touches[i] = i % (COUNTS + 1);
        n[i] = weeks[touches[i]];
        unknown[i] = VRK_UNKNOWN;
    }
    vrk_moment_cells c = {.sellers = SELLERS,
                          .teams = 1,
                          .quarters = 1,
                          .team = team,
                          .meetings = meetings,
                          .logged = meetings,
                          .outreach = {.n = N,
                                       .seller = seller,
                                       .load_level = unknown,
                                       .crowding = unknown,
                                       .quarter = quarter,
                                       .touches = touches,
                                       .occasions = n}};
    T_OK(vrk_logging_fit(&ctx, &c, &mem, &l) == VRK_OK);
    bool made = vrk_doing_make(&ctx, &c, &l, VRK_AT_PROSPECTING, &out) == VRK_OK;
    T_OK(made);
    if (made) {
        int64_t best = 0, flat = -VRK_HALF_SLOPE_FROM; /* slope 0 */
        const double *ll = out.ll + flat * VRK_HALF_TOTALS;
        for (int64_t i = 0; i < VRK_HALF_TOTALS; i++)
            best = ll[i] > ll[best] ? i : best;
        T_NEAR(out.base + (double)(VRK_HALF_TOTAL_FROM + best) * VRK_HALF_STEP, 0.0, 0.15);
        T_OK(out.looks_done > 0.2 && out.looks_done < 0.45);
        vrk_half_free(&out);
    }
    vrk_arena_free(&mem);
    vrk_arena_free(&ctx.scratch);
}

T_MAIN(T_CASE(tells_clumps_from_chance), T_CASE(finds_what_nobody_can_find),
       T_CASE(counts_no_service_mail_as_prospecting))
