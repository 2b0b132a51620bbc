/* Open deals: the life of deals against lives lived one by one, chances counted by hand, advice. */
#include "diag/open_deals.h"

#include "base/rng.h"
#include "diag/ledger.h"
#include "tests/diag/world.h"
#include "tests/t.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static double waited(vrk_rng *r, double rate)
{
    return vrk_rng_exponential(r) / rate;
}

enum { LIVES = 20000, SILENCES_MOST = 400000 };

typedef struct {
    double silent;
    bool alive;
} last;

/* Lives of deals until they end or are cut off at a day of their own; their silences by the day,
 * and of those still open whether they live. */
static int64_t live(double death, double contact, double move, double lost, double cleaning,
                    vrk_silence *row, last *open, int64_t *opened)
{
    vrk_rng r = vrk_rng_of(7, 1, 0);
    int64_t n = 0;
    *opened = 0;
    for (int i = 0; i < LIVES; i++) {
        double cut = 200 * vrk_rng_uniform(&r), dies = waited(&r, death), moves = waited(&r, move);
        double loses = waited(&r, lost), tidied = dies + waited(&r, cleaning), from = 0;
        double stops = fmin(fmin(moves, loses), dies);
        double end = fmin(cut, stops < dies ? stops : tidied);
        for (double s = waited(&r, contact); s < fmin(stops, cut); s += waited(&r, contact)) {
            row[n++] = (vrk_silence){.ended = VRK_SILENCE_SIGN, .age = from, .total = s - from};
            from = s;
        }
        row[n++] = (vrk_silence){.ended = end >= cut                  ? VRK_SILENCE_OPEN
                                          : moves < fmin(loses, dies) ? VRK_SILENCE_MOVE
                                                                      : VRK_SILENCE_LOST,
                                 .age = from,
                                 .total = end - from};
        if (end >= cut)
            open[(*opened)++] = (last){cut - from, dies > cut};
    }
    for (int64_t i = 0; i < n; i++) {
        row[i].n = 1;
        row[i].days = floor(row[i].total + 0.5);
    }
    return n;
}

static void finds_the_rates_of_lives_and_who_still_lives(void)
{
    vrk_ctx ctx = {0};
    vrk_silence *row = calloc(SILENCES_MOST, sizeof(*row));
    last *open = calloc(LIVES, sizeof(*open));
    vrk_open_life life = {0};
    int64_t opened = 0, n = live(0.01, 0.08, 0.015, 0.008, 0.012, row, open, &opened);
    double said = 0, lives = 0, worst = 0;

    T_OK(n < SILENCES_MOST && opened > 3000);
    T_OK(vrk_open_life_fit(&ctx, n, row, 1, 1, &life) == VRK_OK);
    T_NEAR(life.life.death, 0.01, 0.0015);
    T_NEAR(life.life.contact, 0.08, 0.004);
    T_NEAR(life.move, 0.015, 0.0015);
    T_NEAR(life.lost, 0.008, 0.0015);
    T_NEAR(life.life.cleaning, 0.012, 0.002);
    for (int k = 0; k < 5; k++) {
        double p = 0, true_share = 0, in = 0;
        for (int64_t i = 0; i < opened; i++) {
            double x = vrk_alive(&life.life, open[i].silent, NULL);
            if (x < 0.2 * k || x >= 0.2 * (k + 1) + (k == 4))
                continue;
            in++;
            p += x;
            true_share += open[i].alive;
        }
        said += p;
        lives += true_share;
        if (in > 50)
            worst = fmax(worst, fabs(p - true_share) / in);
    }
    T_NEAR(said / (double)opened, lives / (double)opened, 0.02);
    T_OK(worst < 0.08);
    T_OK(life.alive[0] > life.alive[4] && life.alive[4] > life.alive[6]);
    free(open);
    free(row);
    vrk_arena_free(&ctx.scratch);
}

static void has_the_gradient_of_its_likelihood(void)
{
    const vrk_silence row[] = {{.ended = VRK_SILENCE_SIGN, .n = 5, .total = 40},
                               {.ended = VRK_SILENCE_MOVE, .n = 2, .total = 9},
                               {.ended = VRK_SILENCE_LOST, .n = 3, .total = 120},
                               {.ended = VRK_SILENCE_OPEN, .n = 2, .total = 44},
                               {.ended = VRK_SILENCE_OPEN, .n = 1, .total = 0.4}};
    for (int at = 0; at < 2; at++) {
        /* The second has q = cleaning: no division by nothing. */
        double x[5] = {-4, -2, -3, -4, at ? log(exp(-4) + exp(-2) + exp(-3) + exp(-4)) : -5};
        double g[5], other[5];
        vrk_open_life_ll(5, row, x, g);
        for (int k = 0; k < 5; k++) {
            double h = 1e-5, up, down, was = x[k];
            x[k] = was + h;
            up = vrk_open_life_ll(5, row, x, other);
            x[k] = was - h;
            down = vrk_open_life_ll(5, row, x, other);
            x[k] = was;
            T_NEAR(g[k], (up - down) / (2 * h), 1e-5);
        }
    }
}

static void add(vrk_ctx *ctx, vrk_facts *facts, const char *sql)
{
    T_OK(vrk_facts_query(ctx, facts, sql, NULL, 0, NULL) == VRK_OK);
}

static const vrk_open_deal *deal(const vrk_open_deals *d, const char *id)
{
    static const vrk_open_deal none = {.stage = "", .deal_id = ""};
    for (int64_t i = 0; i < d->n; i++) {
        if (!strcmp(d->row[i].deal_id, id))
            return &d->row[i];
    }
    return &none;
}

/* Of 61 in Lead 40 go on, of 40 in Offer 20 are won: those that stand are as old as none that
 * left, so their chances are lower. Without inbound contact nothing is said of life. */
static void refuses_where_customers_are_not_heard(void)
{
    vrk_ctx ctx = {0};
    vrk_facts *facts = NULL;
    vrk_open_deals d = {0};
    T_OK(world_open(&ctx, 0, 1000, &facts) == VRK_OK);
    T_OK(vrk_ledger_build(&ctx, facts, &(vrk_ledger_opt){0}, NULL) == VRK_OK);
    T_OK(vrk_open_deals_make(&ctx, facts, false, &d) == VRK_OK);
    T_OK(d.n == 17);
    for (int64_t i = 0; i < d.n; i++) {
        const vrk_open_deal *x = &d.row[i];
        T_OK(isnan(x->p_alive) && isnan(x->value) && x->advice == VRK_ADVICE_NONE);
        T_OK(x->p_win > 0 && x->p_win < 1);
    }
    const vrk_open_deal *fresh = deal(&d, "last"), *old = deal(&d, "d33"); /* in Offer */
    T_OK(!strcmp(fresh->stage, "Lead") && !strcmp(old->stage, "Offer"));
    T_NEAR(fresh->p_win, 40 / 52. * 20 / 32., 0.12);
    T_NEAR(old->p_win_fresh, 20 / 32., 0.12);
    T_OK(old->p_win < 0.75 * old->p_win_fresh);
    vrk_open_deals_free(&d);
    vrk_facts_close(facts);
    vrk_arena_free(&ctx.scratch);
}

/* Every deal answers each third day while it moves; d32 to d39 have been silent since. */
static void advises_by_signs_and_agreements(void)
{
    vrk_ctx ctx = {0};
    vrk_facts *facts = NULL;
    vrk_open_deals d = {0};
    T_OK(world_open(&ctx, 0, 1000, &facts) == VRK_OK);
    add(&ctx, facts,
        "INSERT INTO activities (activity_id, seller_key, deal_id, kind, direction, started_at, "
        "duration_s, outcome) SELECT d.deal_id || k.k, 1, d.deal_id, 'email', 'inbound', "
        "d.created_at + to_days(cast(k.k AS integer)), 1800, 'replied' FROM deals d, (SELECT "
        "unnest([1, 3, 6, 9, 12]) AS k) k WHERE d.created_at + to_days(cast(k.k AS integer)) < "
        "coalesce(d.closed_at, TIMESTAMP '2026-04-30')");
    add(&ctx, facts,
        "INSERT INTO activities (activity_id, seller_key, deal_id, kind, direction, started_at) "
        "VALUES ('own', 1, 'd34', 'email', 'outbound', TIMESTAMP '2026-04-16'), ('theirs', 1, "
        "'last', 'email', 'inbound', TIMESTAMP '2026-04-29')");
    add(&ctx, facts,
        "INSERT INTO next_steps (step_id, deal_id, seller_key, created_at, due_on) VALUES "
        "('soon', 'd32', 1, TIMESTAMP '2026-01-20', DATE '2026-05-05'), "
        "('later', 'd33', 1, TIMESTAMP '2026-01-20', DATE '2026-08-15'), "
        "('late', 'last', 1, TIMESTAMP '2026-04-30', DATE '2026-04-29'), "
        "('past', 'd34', 1, TIMESTAMP '2026-01-20', DATE '2026-02-15')");
    T_OK(vrk_ledger_build(&ctx, facts, &(vrk_ledger_opt){0}, NULL) == VRK_OK);
    T_OK(vrk_open_deals_make(&ctx, facts, true, &d) == VRK_OK);
    T_OK(deal(&d, "d32")->advice == VRK_ADVICE_DRIVE_ON);
    T_OK(deal(&d, "d33")->advice == VRK_ADVICE_LEAVE);
    T_OK(deal(&d, "d34")->advice == VRK_ADVICE_DROP && deal(&d, "d34")->p_alive < 0.15);
    T_OK(deal(&d, "last")->advice == VRK_ADVICE_NEXT_STEP && deal(&d, "last")->p_alive > 0.9);
    for (int i = 0; i < VRK_DEAL_WEEKS; i++) /* the as-of date is 30 April */
        T_OK(deal(&d, "d34")->week[i] == (i == VRK_DEAL_WEEKS - 3));
    T_OK(deal(&d, "last")->week[VRK_DEAL_WEEKS - 1] == 2 && !deal(&d, "last")->week[0]);
    for (int64_t i = 0; i < d.n; i++) {
        const vrk_open_deal *x = &d.row[i];
        T_NEAR(x->value, x->p_alive * x->p_win * x->amount, 1e-9);
        T_OK(i == 0 || d.row[i - 1].at_stake >= x->at_stake);
    }
    vrk_open_deals_free(&d);
    vrk_facts_close(facts);
    vrk_arena_free(&ctx.scratch);
}

T_MAIN(T_CASE(has_the_gradient_of_its_likelihood),
       T_CASE(finds_the_rates_of_lives_and_who_still_lives),
       T_CASE(refuses_where_customers_are_not_heard), T_CASE(advises_by_signs_and_agreements))
