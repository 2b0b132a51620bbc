/* Follow-up: a made ledger in which a measure changed what is known by how much, one in which it
 * changed nothing, and one in which those were chosen who stood low by chance. */
#include "diag/follow_up.h"

#include "diag/ledger.h"
#include "tests/diag/world.h"
#include "tests/t.h"

#include <math.h>
#include <string.h>

enum { SELLERS = 40, TREATED = 10, WEEKS = 104, MONDAY = 20089 + 5 }; /* 2025-01-06 */

static void run(vrk_ctx *ctx, vrk_facts *facts, const char *sql)
{
    vrk_status st = vrk_facts_query(ctx, facts, sql, NULL, 0, NULL);
    if (st != VRK_OK)
        printf("# %s\n", ctx->message);
    T_OK(st == VRK_OK);
}

/* Next step: four occasions a week and seller, done with probability 0.5, of sellers 1 ... TREATED
 * with 0.5 + gain from week 52 on; `low` takes that much from them in weeks 26 to 47 only. */
static void make(vrk_ctx *ctx, vrk_facts **facts, double gain, double low)
{
    T_OK(world_open(ctx, 0, 1000, facts) == VRK_OK);
    T_OK(vrk_ledger_build(ctx, *facts, &(vrk_ledger_opt){0}, NULL) == VRK_OK);
    run(ctx, *facts, "DELETE FROM ledger");
    run(ctx, *facts, "DELETE FROM seller");
    run(ctx, *facts,
        vrk_text_f(&ctx->scratch,
                   "INSERT INTO seller (seller_key, team_id, from_day, to_day) SELECT s, 'T' || (s "
                   "%% 4), %d, %d FROM range(1, %d) r(s)",
                   MONDAY, MONDAY + 7 * WEEKS, SELLERS + 1));
    run(ctx, *facts,
        vrk_text_f(
            &ctx->scratch,
            "INSERT INTO ledger (moment, seller_key, at_s, monday, done, success) SELECT 5, "
            "s, 86400 * (%d + 7 * w), %d + 7 * w, CASE WHEN u < 0.5 + CASE WHEN s <= %d AND "
            "w >= 52 THEN %g WHEN s <= %d AND w BETWEEN 26 AND 47 THEN -%g ELSE 0 END THEN 1 "
            "ELSE 0 END, CASE WHEN v < 0.6 THEN 1 ELSE 0 END FROM (SELECT s, w, (((s * 7919 "
            "+ w * 104729 + k * 1299709) * 2654435761) %% 4294967296) / 4294967296.0 AS u, "
            "((((s * 15485863 + w * 32452843 + k * 49979687) %% 1000003) * 2654435761) %% "
            "4294967296) / "
            "4294967296.0 AS v FROM range(1, %d) r(s), range(0, %d) q(w), range(1, 5) z(k))",
            MONDAY, MONDAY, TREATED, gain, TREATED, low, SELLERS + 1, WEEKS));
    run(ctx, *facts,
        vrk_text_f(&ctx->scratch,
                   "INSERT INTO interventions (intervention_id, kind, moment, seller_key, "
                   "started_on) SELECT 'I' || s, 'coaching', 'next_step', s, DATE '2025-01-06' + "
                   "cast(7 * 52 AS integer) FROM range(1, %d) r(s)",
                   TREATED + 1));
}

static vrk_follow_ups follow(vrk_ctx *ctx, vrk_facts *facts, int weeks)
{
    vrk_follow_ups f = {0};
    T_OK(vrk_follow_up_make(ctx, facts, 86400LL * (MONDAY + 7 * weeks), &f) == VRK_OK);
    return f;
}

static const vrk_follow *find(const vrk_follow_ups *f, const char *id, bool doing)
{
    static const vrk_follow none = {.kind = ""};
    for (int64_t i = 0; i < f->n; i++) {
        const vrk_follow *x = &f->row[i];
        if (x->doing == doing && (*id ? x->intervention >= 0 && !strcmp(f->id[x->intervention], id)
                                      : x->intervention < 0))
            return x;
    }
    return &none;
}

static void finds_a_change_that_was_made(void)
{
    vrk_ctx ctx = {.seed = 1};
    vrk_facts *facts = NULL;
    make(&ctx, &facts, 0.25, 0);
    vrk_follow_ups f = follow(&ctx, facts, WEEKS);
    /* together, in each of the four teams, and each */
    T_OK(f.n == 2 + 2 * 4 + 2 * TREATED && f.interventions == TREATED);
    int64_t there = 0;
    for (int64_t i = 2; i < 2 + 2 * 4; i++) {
        const vrk_follow *x = &f.row[i];
        T_OK(x->intervention < 0 && *x->team == 'T' && x->code == VRK_FOLLOWED);
        T_OK(x->treated == x->rows && x->controls == SELLERS - TREATED);
        there += x->doing ? x->treated : 0;
        T_OK(!x->doing || fabs(x->effect - 0.25) < 0.15);
    }
    T_OK(there == TREATED && !*f.row[0].team);
    const vrk_follow *all = find(&f, "", true), *going = find(&f, "", false);
    T_OK(all->code == VRK_FOLLOWED && all->treated == TREATED && all->rows == TREATED);
    T_NEAR(all->effect, 0.25, 0.06);
    T_OK(all->p == 1. / (1 + VRK_FOLLOW_PERMUTATIONS) && all->effect > 4 * all->se);
    T_NEAR(all->before, 0.5, 0.05);
    T_NEAR(all->after, 0.75, 0.05);
    T_OK(going->code == VRK_FOLLOWED && fabs(going->effect) < 2.5 * going->se && going->p > 0.05);
    const vrk_follow *one = find(&f, "I3", true);
    T_OK(one->code == VRK_FOLLOWED && one->treated == 1 && one->controls == SELLERS - TREATED);
    T_OK(one->p >= 1. / (1 + SELLERS - TREATED) && one->p <= 1 && one->se > all->se);
    vrk_answer a = {.status = VRK_ANSWERED};
    vrk_follow_up_answer(&f, &a);
    T_OK(a.status == VRK_ANSWERED && a.reasons == 0);
    vrk_follow_up_free(&f);
    vrk_facts_close(facts);
    vrk_arena_free(&ctx.scratch);
}

/* Low in the weeks before by a chance that passes: no controls do that, so the change looks like an
 * effect, and all of it is told to come by itself. */
static void tells_what_comes_by_itself(void)
{
    vrk_ctx ctx = {.seed = 1};
    vrk_facts *facts = NULL;
    make(&ctx, &facts, 0, 0.2);
    vrk_follow_ups f = follow(&ctx, facts, WEEKS);
    const vrk_follow *all = find(&f, "", true);
    T_NEAR(all->effect, 0.2, 0.06);
    T_OK(all->reliability < 0.4); /* the others differ by chance alone */
    T_NEAR(all->by_itself, (1 - all->reliability) * (all->control_before - all->before), 1e-12);
    T_OK(all->by_itself > 0.1);
    vrk_follow_up_free(&f);
    vrk_facts_close(facts);
    vrk_arena_free(&ctx.scratch);
}

static void finds_nothing_where_nothing_was_changed(void)
{
    vrk_ctx ctx = {.seed = 1};
    vrk_facts *facts = NULL;
    make(&ctx, &facts, 0, 0);
    vrk_follow_ups f = follow(&ctx, facts, WEEKS);
    const vrk_follow *all = find(&f, "", true);
    T_OK(all->code == VRK_FOLLOWED && fabs(all->effect) < 2.5 * all->se && all->p > 0.02);
    T_OK(all->se < 0.05);
    vrk_follow_up_free(&f);
    vrk_facts_close(facts);
    vrk_arena_free(&ctx.scratch);
}

static void says_what_cannot_be_followed(void)
{
    vrk_ctx ctx = {.seed = 1};
    vrk_facts *facts = NULL;
    make(&ctx, &facts, 0, 0);
    run(&ctx, facts,
        "INSERT INTO interventions (intervention_id, kind, moment, seller_key, team_id, "
        "started_on) "
        "VALUES ('everyone', 'course', 'next_step', NULL, NULL, DATE '2026-01-05'), ('other', "
        "'course', 'dressing', 30, NULL, DATE '2026-01-05'), ('first', 'course', 'next_step', 31, "
        "NULL, DATE '2025-02-03'), ('late', 'course', 'next_step', 32, NULL, DATE '2026-12-01'), "
        "('teams', 'targets', 'next_step', NULL, 'T1', DATE '2026-01-05')");
    vrk_follow_ups f = follow(&ctx, facts, WEEKS);
    T_OK(find(&f, "everyone", true)->code == VRK_FOLLOW_FOR_EVERYONE);
    T_OK(find(&f, "other", true)->code == VRK_FOLLOW_NO_MOMENT);
    T_OK(find(&f, "first", true)->code == VRK_FOLLOW_FEW_BEFORE);
    T_OK(find(&f, "late", true)->code == VRK_FOLLOW_TOO_EARLY);
    T_OK(find(&f, "teams", true)->code == VRK_FOLLOW_FEW_CONTROLS); /* three other teams */
    T_OK(isnan(find(&f, "late", true)->effect));
    vrk_follow_up_free(&f);
    f = follow(&ctx, facts, 60); /* four weeks after all of them ended */
    T_OK(find(&f, "", true)->code == VRK_FOLLOW_TOO_EARLY);
    vrk_answer a = {.status = VRK_ANSWERED};
    vrk_follow_up_answer(&f, &a);
    T_OK(a.status == VRK_CANNOT && a.reasons == 1);
    vrk_follow_up_free(&f);
    run(&ctx, facts, "DELETE FROM interventions");
    f = follow(&ctx, facts, WEEKS);
    T_OK(f.n == 0 && f.interventions == 0);
    vrk_follow_up_free(&f);
    vrk_facts_close(facts);
    vrk_arena_free(&ctx.scratch);
}

T_MAIN(T_CASE(finds_a_change_that_was_made), T_CASE(tells_what_comes_by_itself),
       T_CASE(finds_nothing_where_nothing_was_changed), T_CASE(says_what_cannot_be_followed))
