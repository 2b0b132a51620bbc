/* What more tempo gives, on made weeks whose response is known beforehand. */
#include "diag/activity.h"
#include "base/rng.h"
#include "tests/diag/rows.h"

#include <math.h>

enum { SELLERS = 12, WEEKS = 60 };

/* Contacts of a seller's week; between sellers they differ by up to half. */
static int contacts(vrk_rng *r, int seller)
{
    return 8 + seller + (int)vrk_rng_below(r, 16);
}

static void add_deal(vrk_str *sql, int *id, int seller, int day, bool won)
{
    vrk_str_addf(sql,
                 "%s('d%d', %d, 'outbound', 10000000, 'SEK', TIMESTAMP '2025-01-06 09:00:00' + "
                 "INTERVAL '%d days', ",
                 sql->n ? ", "
                        : "INSERT INTO deals (deal_id, seller_key, source, amount, "
                          "currency, created_at, closed_at, outcome) VALUES ",
                 ++*id, seller + 1, day);
    vrk_str_addf(sql, "TIMESTAMP '2025-01-06 09:00:00' + INTERVAL '%d days', '%s')", day + 28,
                 won ? "won" : "lost");
}

/* Own deals rise with contacts to the power `gamma` within a seller; sellers with more contacts
 * sell less, so that between sellers the slope has the wrong sign. */
static vrk_facts *made(vrk_ctx *ctx, double gamma, uint64_t seed)
{
    vrk_arena mem = {0};
    vrk_facts *facts = NULL;
    vrk_str deals = {.mem = &mem}, activities = {.mem = &mem};
    vrk_ledger_opt opt = {.no_swedish_holidays = true};
    vrk_rng r = vrk_rng_of(seed, 1, 1);
    int id = 0;
    for (int s = 0; s < SELLERS; s++) {
        for (int k = 0; k < WEEKS; k++) {
            int a = contacts(&r, s);
            double mean = 2 * pow(a / 15.0, gamma) * exp(-0.15 * s);
            for (int64_t n = vrk_rng_poisson(&r, mean); n > 0; n--)
                add_deal(&deals, &id, s, 7 * k + 1, id % 2 == 0);
            for (int i = 0; i < a; i++)
                vrk_str_addf(&activities,
                             "%s('', %d, 'call', 'outbound', TIMESTAMP '2025-01-06 09:00:00' + "
                             "INTERVAL '%d days')",
                             activities.n ? ", "
                                          : "INSERT INTO activities (activity_id, "
                                            "seller_key, kind, direction, started_at) "
                                            "VALUES ",
                             s + 1, 7 * k);
        }
    }
    const char *sql[] = {vrk_str_of(&deals), vrk_str_of(&activities)};
    T_OK(vrk_facts_open_duckdb(ctx, NULL, &facts) == VRK_OK);
    T_OK(fill(ctx, facts, sql, 2));
    T_OK(vrk_ledger_build(ctx, facts, &opt, NULL) == VRK_OK);
    vrk_arena_free(&mem);
    return facts;
}

static void find(vrk_ctx *ctx, double gamma, uint64_t seed, vrk_activity *a)
{
    vrk_weeks weeks = {0};
    vrk_facts *facts = made(ctx, gamma, seed);
    T_OK(vrk_weeks_read(ctx, facts, &weeks) == VRK_OK);
    T_OK(vrk_activity_find(ctx, facts, &weeks, NULL, a) == VRK_OK);
    vrk_weeks_free(&weeks);
    vrk_facts_close(facts);
}

/* In proportion: a fifth more contacts is a fifth more deals of 100 000, half of them won. */
static void says_raise_where_results_rise_as_work_does(void)
{
    vrk_ctx ctx = {0};
    vrk_activity a = {0};
    find(&ctx, 1, 1, &a);
    T_OK(a.tempo == VRK_TEMPO_RAISE);
    T_OK(a.elasticity.lo < 1 && a.elasticity.hi > 1 && a.elasticity.lo > 0.6);
    T_OK(a.between < 0); /* and it is not used */
    T_OK(fabs(a.yield - 50000) < 2000 && !strcmp(a.currency, "SEK"));
    T_OK(fabs(a.extra.mean / a.base - 0.2) < 0.05);
    T_OK(a.value.lo > 0 && a.value.lo < a.value.mean && a.value.mean < a.value.hi);
    T_NEAR(vrk_activity_response(&a, 0, 20) / vrk_activity_response(&a, 0, 10),
           pow(2, a.elasticity.mean), 1e-12);
    vrk_activity_free(&a);
    vrk_arena_free(&ctx.scratch);
}

static void says_little_where_contacts_give_nothing(void)
{
    vrk_ctx ctx = {0};
    vrk_activity a = {0};
    find(&ctx, 0, 2, &a);
    T_OK(a.tempo == VRK_TEMPO_LITTLE && a.saturated);
    T_OK(a.elasticity.hi < 0.5 && a.p_half < 0.1);
    vrk_activity_free(&a);
    vrk_arena_free(&ctx.scratch);
}

static void is_the_same_again(void)
{
    vrk_ctx ctx = {0};
    vrk_activity a = {0}, b = {0};
    find(&ctx, 0.5, 3, &a);
    find(&ctx, 0.5, 3, &b);
    T_OK(a.value.mean == b.value.mean && a.value.lo == b.value.lo && a.net.hi == b.net.hi);
    vrk_activity_free(&a);
    vrk_activity_free(&b);
    vrk_arena_free(&ctx.scratch);
}

static void says_nothing_where_nothing_is_recorded(void)
{
    vrk_ctx ctx = {0};
    vrk_facts *facts = NULL;
    vrk_weeks weeks = {0};
    vrk_activity a = {0};
    vrk_answer answer = {.status = VRK_ANSWERED};
    T_OK(vrk_facts_open_duckdb(&ctx, NULL, &facts) == VRK_OK);
    T_OK(vrk_ledger_build(&ctx, facts, NULL, NULL) == VRK_OK);
    T_OK(vrk_weeks_read(&ctx, facts, &weeks) == VRK_OK);
    T_OK(vrk_activity_find(&ctx, facts, &weeks, NULL, &a) == VRK_OK);
    vrk_activity_answer(&a, &answer);
    T_OK(a.tempo == VRK_TEMPO_UNKNOWN && answer.status == VRK_CANNOT);
    T_OK(answer.reasons == 1 && answer.reason[0].code == VRK_WHY_FEW_OWN);
    vrk_activity_free(&a);
    vrk_weeks_free(&weeks);
    vrk_facts_close(facts);
    vrk_arena_free(&ctx.scratch);
}

T_MAIN(T_CASE(says_raise_where_results_rise_as_work_does),
       T_CASE(says_little_where_contacts_give_nothing), T_CASE(is_the_same_again),
       T_CASE(says_nothing_where_nothing_is_recorded))
