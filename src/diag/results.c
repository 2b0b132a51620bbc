#include "diag/results_parts.h"

#include "base/str.h"
#include "diag/rows.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

enum { WEEKS_LEAST = 26, DRAWS = 100 };

const char *const vrk_part_names[VRK_PARTS] = {"activity", "market", "mix",
                                               "team",     "seller", "chance"};

/* The index of a text, which is added where it is new. */
static int64_t index_of(result_names *list, vrk_arena *mem, const char *text)
{
    for (int64_t i = 0; i < list->n; i++) {
        if (!strcmp(list->name[i], text))
            return i;
    }
    list->name[list->n] = vrk_text_copy(mem, text);
    return list->n++;
}

int64_t vrk_result_seller(const vrk_seller_results *r, int64_t key)
{
    int64_t lo = 0, hi = r->sellers;
    while (lo < hi) {
        int64_t middle = lo + (hi - lo) / 2;
        if (r->seller_key[middle] < key)
            lo = middle + 1;
        else
            hi = middle;
    }
    return lo < r->sellers && r->seller_key[lo] == key ? lo : -1;
}

static vrk_status read_sellers(vrk_ctx *ctx, vrk_facts *facts, vrk_seller_results *r,
                               double **weeks)
{
    vrk_status st = VRK_OK;
    vrk_frame f = {0};
    int64_t able = 0, seen = 0;
    TRY(vrk_rows(ctx, facts, VRK_SQL_RESULT_SELLERS, &f));
    r->seller_key = VRK_NEW(&r->mem, f.rows, int64_t);
    r->team = VRK_NEW(&r->mem, f.rows, int64_t);
    r->contacts = VRK_NEW(&r->mem, f.rows, double);
    *weeks = VRK_NEW(&ctx->scratch, f.rows, double);
    result_names team = {.name = VRK_NEW(&ctx->scratch, f.rows + 1, const char *)};
    if (r->mem.failed || ctx->scratch.failed)
        FAIL(VRK_EMEMORY, "out of memory for the results of sellers");
    for (int64_t i = 0; i < f.rows; i++)
        able += vrk_row_int(&f, "weeks", i) >= WEEKS_LEAST;
    for (int64_t i = 0; i < f.rows; i++) {
        int64_t w = vrk_row_int(&f, "weeks", i);
        const char *name = vrk_row_text(&f, "team_id", i);
        if (w < WEEKS_LEAST)
            continue;
        int64_t at = seen++;
        if (able > VRK_RESULT_SELLERS_MOST &&
            at * VRK_RESULT_SELLERS_MOST / able == (at - 1) * VRK_RESULT_SELLERS_MOST / able &&
            at > 0)
            continue;
        r->seller_key[r->sellers] = vrk_row_int(&f, "seller_key", i);
        r->team[r->sellers] = *name ? index_of(&team, &ctx->scratch, name) : -1;
        r->contacts[r->sellers] = (double)vrk_row_int(&f, "touches", i) / (double)w;
        (*weeks)[r->sellers++] = (double)w;
    }
    r->teams = team.n;
done:
    vrk_frame_free(&f);
    return st;
}

/* The currency most deals are won in. */
static const char *main_currency(const vrk_frame *f, vrk_arena *mem)
{
    result_names currency = {.name = VRK_NEW(mem, f->rows + 1, const char *)};
    double *won = VRK_NEW(mem, f->rows + 1, double);
    int64_t best = 0;
    for (int64_t i = 0; won && currency.name && i < f->rows; i++) {
        int64_t k = index_of(&currency, mem, vrk_row_text(f, "currency", i));
        won[k] += (double)vrk_row_int(f, "won", i);
        best = won[k] > won[best] ? k : best;
    }
    return currency.n ? currency.name[best] : "";
}

static vrk_status read_deals(vrk_ctx *ctx, vrk_facts *facts, const vrk_seller_results *r,
                             result_deals *d)
{
    vrk_status st = VRK_OK;
    vrk_frame f = {0};
    vrk_arena *mem = &ctx->scratch;
    TRY(vrk_rows(ctx, facts, VRK_SQL_RESULT_DEALS, &f));
    int64_t n = f.rows;
    *d = (result_deals){.complexity = {0, VRK_NEW(mem, n + 1, const char *)},
                        .structure = {0, VRK_NEW(mem, n + 1, const char *)},
                        .segment = {0, VRK_NEW(mem, n + 1, const char *)},
                        .quarter = {0, VRK_NEW(mem, n + 1, const char *)},
                        .level = VRK_NEW(mem, VRK_WIN_TERMS * n, int32_t),
                        .x = VRK_NEW(mem, n, double),
                        .closed = VRK_NEW(mem, n, double),
                        .won = VRK_NEW(mem, n, double),
                        .kind = VRK_NEW(mem, n, int64_t),
                        .place = VRK_NEW(mem, n, int64_t),
                        .seller = VRK_NEW(mem, n, int64_t),
                        .inbound = VRK_NEW(mem, n, int64_t),
                        .started = VRK_NEW(mem, n, double),
                        .amount = VRK_NEW(mem, n, double)};
    const char *currency = main_currency(&f, mem);
    if (mem->failed)
        FAIL(VRK_EMEMORY, "out of memory for the results of sellers");
    for (int64_t i = 0; i < n; i++) {
        char quarter[24];
        snprintf(quarter, sizeof(quarter), "%lld", (long long)vrk_row_int(&f, "quarter", i));
        d->seller[d->n] = vrk_result_seller(r, vrk_row_int(&f, "seller_key", i));
        if (d->seller[d->n] < 0 || strcmp(vrk_row_text(&f, "currency", i), currency) != 0)
            continue;
        int64_t c = index_of(&d->complexity, mem, vrk_row_text(&f, "complexity", i));
        int64_t s = index_of(&d->structure, mem, vrk_row_text(&f, "decision_structure", i));
        int64_t k = index_of(&d->segment, mem, vrk_row_text(&f, "segment", i));
        int64_t q = index_of(&d->quarter, mem, quarter);
        d->kind[d->n] = c << 16 | s; /* made dense below */
        d->place[d->n] = k << 16 | q;
        d->inbound[d->n] = vrk_row_int(&f, "inbound", i);
        d->started[d->n] = (double)vrk_row_int(&f, "started", i);
        d->closed[d->n] = (double)vrk_row_int(&f, "closed", i);
        d->won[d->n] = (double)vrk_row_int(&f, "won", i);
        d->amount[d->n] = (double)vrk_row_int(&f, "amount", i) / 100;
        d->x[d->n++] = 1;
    }
    for (int64_t i = 0; i < d->n; i++) {
        d->kind[i] = (d->kind[i] >> 16) * d->structure.n + (d->kind[i] & 0xffff);
        d->place[i] = (d->place[i] >> 16) * d->quarter.n + (d->place[i] & 0xffff);
    }
done:
    vrk_frame_free(&f);
    return st;
}

/* Means of what won deals are worth, by kind and segment, drawn to the kind's mean as ten deals
 * would draw them. */
static void count_worth(vrk_seller_results *r, const result_deals *d, double *won)
{
    double all = 0, deals_won = 0;
    double *kind_worth = won + r->kinds * r->segments, *kind_won = kind_worth + r->kinds;
    for (int64_t i = 0; i < d->n; i++) {
        int64_t at = d->kind[i] * r->segments + d->place[i] / d->quarter.n;
        won[at] += d->won[i];
        r->worth[at] += d->amount[i];
        kind_won[d->kind[i]] += d->won[i];
        kind_worth[d->kind[i]] += d->amount[i];
        all += d->amount[i];
        deals_won += d->won[i];
    }
    for (int64_t i = 0; i < r->kinds * r->segments; i++) {
        int64_t k = i / r->segments;
        double mean = (kind_worth[k] + 10 * all / fmax(deals_won, 1)) / (kind_won[k] + 10);
        r->worth[i] = (r->worth[i] + 10 * mean) / (won[i] + 10);
    }
}

static void add_shares(double *to, const double *by, int64_t n)
{
    double sum = 0;
    for (int64_t i = 0; i < n; i++)
        sum += to[i];
    for (int64_t i = 0; i < n; i++)
        to[i] = sum > 0 ? to[i] / sum : by[i];
}

/* Shares of each seller's deals by kind and place; where a seller has none, the organisation's. */
static void count_shares(vrk_seller_results *r, const result_deals *d)
{
    int64_t k = r->kinds, p = r->places;
    for (int64_t i = 0; i < d->n; i++) {
        int64_t s = 2 * d->seller[i] + d->inbound[i];
        r->kind[s * k + d->kind[i]] += d->started[i];
        r->place[s * p + d->place[i]] += d->started[i];
        r->kind_mean[d->inbound[i] * k + d->kind[i]] += d->started[i];
        r->place_mean[d->inbound[i] * p + d->place[i]] += d->started[i];
    }
    for (int64_t o = 0; o < 2; o++) {
        add_shares(r->kind_mean + o * k, r->kind_mean + o * k, k);
        add_shares(r->place_mean + o * p, r->place_mean + o * p, p);
    }
    for (int64_t s = 0; s < 2 * r->sellers; s++) {
        add_shares(r->kind + s * k, r->kind_mean + s % 2 * k, k);
        add_shares(r->place + s * p, r->place_mean + s % 2 * p, p);
    }
}

static void count_money(vrk_seller_results *r, const result_deals *d, const double *weeks)
{
    double started[2] = {0, 0}, closed[2] = {0, 0}, all = 0;
    for (int64_t i = 0; i < d->n; i++) {
        int64_t s = d->seller[i];
        r->money[s] += d->amount[i] / weeks[s];
        r->demand[s] += d->inbound[i] ? d->started[i] / weeks[s] : 0;
        started[d->inbound[i]] += d->started[i];
        closed[d->inbound[i]] += d->closed[i];
    }
    for (int64_t s = 0; s < r->sellers; s++)
        all += weeks[s];
    r->demand_mean = started[1] / fmax(all, 1);
    for (int o = 0; o < 2; o++)
        r->closed[o] = closed[o] / fmax(started[o], 1);
}

static vrk_status make_room(vrk_ctx *ctx, vrk_seller_results *r, const result_deals *d)
{
    int64_t n = r->sellers, b = DRAWS;
    vrk_arena *mem = &r->mem;
    r->draws = DRAWS;
    r->kinds = d->complexity.n * d->structure.n;
    r->places = d->segment.n * d->quarter.n;
    r->segments = d->segment.n;
    r->money = VRK_NEW(mem, n, double);
    r->demand = VRK_NEW(mem, n, double);
    r->outreach = VRK_NEW(mem, n * b, double);
    r->outreach_mean = VRK_NEW(mem, b, double);
    r->start = VRK_NEW(mem, n * b, double);
    r->start_team = VRK_NEW(mem, r->teams * b, double);
    r->win = VRK_NEW(mem, n * b, double);
    r->win_team = VRK_NEW(mem, r->teams * b, double);
    r->odds = VRK_NEW(mem, 2 * r->kinds * r->places * b, double);
    r->worth = VRK_NEW(mem, r->kinds * r->segments, double);
    r->kind = VRK_NEW(mem, 2 * n * r->kinds, double);
    r->kind_mean = VRK_NEW(mem, 2 * r->kinds, double);
    r->place = VRK_NEW(mem, 2 * n * r->places, double);
    r->place_mean = VRK_NEW(mem, 2 * r->places, double);
    return mem->failed ? vrk_fail(ctx, VRK_EMEMORY, "out of memory for the results of sellers")
                       : VRK_OK;
}

static bool enough(const vrk_seller_results *r, const result_deals *d)
{
    double won = 0, lost = 0;
    for (int64_t i = 0; i < d->n; i++) {
        won += d->won[i];
        lost += d->closed[i] - d->won[i];
    }
    return r->sellers >= VRK_RESULT_SELLERS_LEAST && won > 0 && lost > 0;
}

vrk_status vrk_seller_results_fit(vrk_ctx *ctx, vrk_facts *facts, vrk_seller_results *out)
{
    vrk_status st = VRK_OK;
    vrk_mark mark = vrk_mark_of(&ctx->scratch);
    result_deals d = {0};
    double *weeks = NULL;

    *out = (vrk_seller_results){.mem.limit = ctx->scratch.limit};
    TRY(read_sellers(ctx, facts, out, &weeks));
    TRY(read_deals(ctx, facts, out, &d));
    if (!enough(out, &d))
        goto done;
    TRY(make_room(ctx, out, &d));
    double *room = VRK_NEW(&ctx->scratch, out->kinds * (out->segments + 2), double);
    if (!room)
        FAIL(VRK_EMEMORY, "out of memory for the results of sellers");
    count_worth(out, &d, room);
    count_shares(out, &d);
    count_money(out, &d, weeks);
    TRY(vrk_seller_results_wins(ctx, out, &d));
    TRY(vrk_seller_results_starts(ctx, facts, out));
done:
    vrk_rewind(&ctx->scratch, mark);
    if (st != VRK_OK)
        vrk_seller_results_free(out);
    return st;
}

void vrk_seller_results_free(vrk_seller_results *r)
{
    vrk_arena_free(&r->mem);
    *r = (vrk_seller_results){0};
}

/* Mean amount of a started deal of one source, with market and mix the seller's or all's, for one
 * shift of the log odds: value [2 x 2], market first. */
static void worth_of(const vrk_seller_results *r, int64_t seller, int64_t draw, int64_t inbound,
                     double shift, double *value)
{
    const double *kind[] = {r->kind_mean + inbound * r->kinds,
                            r->kind + (2 * seller + inbound) * r->kinds};
    const double *place[] = {r->place_mean + inbound * r->places,
                             r->place + (2 * seller + inbound) * r->places};
    const double *odds = r->odds + (2 * draw + inbound) * r->kinds * r->places;
    int64_t quarters = r->places / r->segments;
    for (int i = 0; i < 4; i++)
        value[i] = 0;
    for (int64_t k = 0; k < r->kinds; k++) {
        for (int64_t p = 0; p < r->places; p++) {
            double money = r->worth[k * r->segments + p / quarters] /
                           (1 + exp(-odds[k * r->places + p] - shift));
            for (int i = 0; i < 4; i++)
                value[i] += place[i & 1][p] * kind[i >> 1][k] * money;
        }
    }
    for (int i = 0; i < 4; i++)
        value[i] *= r->closed[inbound];
}

void vrk_seller_results_expected(const vrk_seller_results *r, int64_t seller, int64_t draw,
                                 double *value)
{
    int64_t at = seller * r->draws + draw, team = r->team[seller];
    double start[] = {team < 0 ? 0 : r->start_team[team * r->draws + draw], r->start[at]};
    double win[] = {team < 0 ? 0 : r->win_team[team * r->draws + draw], r->win[at]};
    for (int who = 0; who < 4; who++) { /* bit 0 the team, bit 1 the seller */
        double own[4], other[4];
        double began = exp((who & 1 ? start[0] : 0) + (who & 2 ? start[1] : 0));
        double shift = (who & 1 ? win[0] : 0) + (who & 2 ? win[1] : 0);
        worth_of(r, seller, draw, 0, shift, own);
        worth_of(r, seller, draw, 1, shift, other);
        for (int i = 0; i < 8; i++) { /* bit 0 activity, 1 market, 2 mix */
            double outreach = i & 1 ? r->outreach[at] : r->outreach_mean[draw];
            double demand = i & 2 ? r->demand[seller] : r->demand_mean;
            value[who << 3 | i] = outreach * began * own[i >> 1] + demand * other[i >> 1];
        }
    }
}
