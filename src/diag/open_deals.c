#include "diag/open_deals.h"

#include "base/str.h"
#include "diag/rows.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { DAY_S = 86400, SOON_DAYS = 14 };
#define ALIVE_LEAST 0.15 /* below it a deal is dropped */
#define ALIVE_HALF 0.5   /* below it the customer is asked */
#define HOUR_LEAST 0.25  /* of what an hour on deals usually brings */
#define AGED 0.5         /* of the chance it had when it entered the stage */

const char *const vrk_advice_names[VRK_ADVICES] = {"",    "drive_on", "next_step",
                                                   "ask", "drop",     "leave"};
const char *const vrk_ground_names[VRK_DEAL_GROUNDS] = {
    "not_recorded", "step_soon", "step_later", "step_late", "no_step",
    "silent",       "dead",      "poor",       "aged",      "lives"};

/* What all deals are held against. */
typedef struct {
    bool steps; /* next steps are recorded at all */
    double hour_brings;
    const char *currency;
    int64_t today;
} measure;

static bool poor(const vrk_open_deal *d, const measure *all)
{
    return !strcmp(d->currency, all->currency) && isfinite(d->value) && isfinite(d->hours) &&
           d->value < HOUR_LEAST * all->hour_brings * d->hours;
}

/* A known reason comes first: what is agreed for a coming day is waited for. */
static vrk_deal_ground ground_of(const vrk_open_deal *d, const measure *all)
{
    if (d->due)
        return d->due - all->today <= SOON_DAYS ? VRK_DEAL_STEP_SOON : VRK_DEAL_STEP_LATER;
    if (!isfinite(d->p_alive))
        return VRK_DEAL_NOT_RECORDED;
    if (d->p_alive < ALIVE_LEAST)
        return VRK_DEAL_DEAD;
    if (poor(d, all))
        return VRK_DEAL_POOR;
    if (d->p_alive < ALIVE_HALF)
        return VRK_DEAL_SILENT;
    if (d->p_win < AGED * d->p_win_fresh)
        return VRK_DEAL_AGED;
    if (d->late)
        return VRK_DEAL_STEP_LATE;
    return all->steps ? VRK_DEAL_NO_STEP : VRK_DEAL_LIVES;
}

static void advise(vrk_open_deal *d, const measure *all)
{
    static const vrk_deal_advice advice[VRK_DEAL_GROUNDS] = {
        [VRK_DEAL_NOT_RECORDED] = VRK_ADVICE_NONE, [VRK_DEAL_STEP_SOON] = VRK_ADVICE_DRIVE_ON,
        [VRK_DEAL_STEP_LATER] = VRK_ADVICE_LEAVE,  [VRK_DEAL_STEP_LATE] = VRK_ADVICE_NEXT_STEP,
        [VRK_DEAL_NO_STEP] = VRK_ADVICE_NEXT_STEP, [VRK_DEAL_SILENT] = VRK_ADVICE_ASK,
        [VRK_DEAL_DEAD] = VRK_ADVICE_DROP,         [VRK_DEAL_POOR] = VRK_ADVICE_DROP,
        [VRK_DEAL_AGED] = VRK_ADVICE_ASK,          [VRK_DEAL_LIVES] = VRK_ADVICE_DRIVE_ON};
    double saved = d->hours * all->hour_brings;

    d->ground = ground_of(d, all);
    d->advice = advice[d->ground];
    d->at_stake = 0;
    if (d->advice == VRK_ADVICE_DROP && isfinite(saved))
        d->at_stake = fmax(saved - d->value, 0);
    else if ((d->advice == VRK_ADVICE_NEXT_STEP || d->advice == VRK_ADVICE_ASK) &&
             isfinite(d->value))
        d->at_stake = d->value;
}

static vrk_status judge(vrk_ctx *ctx, const vrk_open_model *m, const vrk_frame *f, int64_t i,
                        vrk_open_deals *out)
{
    vrk_status st = VRK_OK;
    vrk_open_deal *d = &out->row[i];
    int64_t stage = vrk_row_int(f, "stage", i), now = vrk_row_int(f, "as_of_s", i);
    int64_t entry = vrk_row_int(f, "entry_s", i), heard = vrk_row_int(f, "heard_s", i);
    vrk_open_kind kind = {
        vrk_open_level(m->complexity, m->complexities, vrk_row_text(f, "complexity", i)),
        vrk_open_level(m->structure, m->structures, vrk_row_text(f, "decision_structure", i)),
        vrk_open_level(m->segment, m->segments, vrk_row_text(f, "segment", i)),
        vrk_row_int(f, "source", i)};
    vrk_open_chance chance;

    *d = (vrk_open_deal){
        .deal_id = vrk_text_copy(&out->mem, vrk_row_text(f, "deal_id", i)),
        .team_id = vrk_text_copy(&out->mem, vrk_row_text(f, "team_id", i)),
        .stage = vrk_text_copy(&out->mem, vrk_row_text(f, "stage_name", i)),
        .currency = vrk_text_copy(&out->mem, vrk_row_text(f, "currency", i)),
        .seller_key = vrk_row_int(f, "seller_key", i),
        .days_in_stage = (double)(now - entry) / DAY_S,
        .silent = (double)(now - (heard > entry ? heard : entry)) / DAY_S,
        .due = vrk_row_int(f, "due_day", i),
        .late = vrk_row_int(f, "late_day", i),
        .amount =
            vrk_row_int(f, "has_amount", i) ? (double)vrk_row_int(f, "amount", i) / 100 : nan(""),
        .p_alive = nan(""),
        .value = nan(""),
    };
    TRY(vrk_open_chance_of(ctx, m, kind, stage, fmax(d->days_in_stage, 0), &chance));
    d->p_win = chance.win;
    d->p_win_fresh = chance.fresh;
    d->hours = chance.hours;
    if (m->told && kind.complexity >= 0) {
        const vrk_life *life = &m->life[stage * m->complexities + kind.complexity].life;
        d->p_alive = vrk_alive(life, fmax(d->silent, 0), NULL);
        d->value = d->p_alive * d->p_win * d->amount;
    }
done:
    return st;
}

/* The signs of one deal's weeks; both lists are in the order of deals. */
static void mark_weeks(const vrk_frame *f, int64_t deal, int64_t *at, char *week)
{
    while (*at < f->rows && vrk_row_int(f, "deal", *at) < deal)
        ++*at;
    for (; *at < f->rows && vrk_row_int(f, "deal", *at) == deal; ++*at) {
        int64_t ago = vrk_row_int(f, "ago", *at);
        if (ago >= 0 && ago < VRK_DEAL_WEEKS)
            week[VRK_DEAL_WEEKS - 1 - ago] = vrk_row_int(f, "is_sign", *at) ? 2 : 1;
    }
}

/* Most at stake first; then in the order of the deals, whose rows came sorted. */
static int by_stake(const void *a, const void *b)
{
    const vrk_open_deal *x = a, *y = b;
    if (x->at_stake != y->at_stake)
        return x->at_stake < y->at_stake ? 1 : -1;
    return strcmp(x->deal_id, y->deal_id);
}

static vrk_status read_yield(vrk_ctx *ctx, vrk_facts *facts, vrk_open_deals *out)
{
    vrk_status st = VRK_OK;
    vrk_frame f = {0}, work = {0};
    double worked = 0;
    out->hour_brings = nan("");
    TRY(vrk_rows(ctx, facts, VRK_SQL_OPEN_YIELD, &f));
    TRY(vrk_rows(ctx, facts, VRK_SQL_OPEN_HOURS, &work));
    for (int64_t i = 0; i < work.rows; i++)
        worked += (double)vrk_row_int(&work, "worked_s", i) / 3600;
    out->currency = vrk_text_copy(&out->mem, vrk_row_text(&f, "currency", 0));
    if (worked > 0 && f.rows)
        out->hour_brings = (double)vrk_row_int(&f, "amount", 0) / 100 / worked;
done:
    vrk_frame_free(&work);
    vrk_frame_free(&f);
    return st;
}

vrk_status vrk_open_deals_make(vrk_ctx *ctx, vrk_facts *facts, bool told, vrk_open_deals *out)
{
    vrk_status st = VRK_OK;
    vrk_open_model m = {0};
    vrk_frame f = {0}, sign = {0};
    int64_t at = 0;
    measure all = {0};

    *out = (vrk_open_deals){.told = told, .mem.limit = ctx->scratch.limit};
    TRY(read_yield(ctx, facts, out));
    TRY(vrk_open_model_fit(ctx, facts, told, &m));
    TRY(vrk_rows(ctx, facts, VRK_SQL_OPEN_DEALS, &f));
    TRY(vrk_rows(ctx, facts, VRK_SQL_OPEN_SIGNS, &sign));
    out->row = VRK_NEW(&out->mem, f.rows, vrk_open_deal);
    if (out->mem.failed)
        FAIL(VRK_EMEMORY, "out of memory for %lld open deals", (long long)f.rows);
    for (int64_t i = 0; i < f.rows; i++) {
        if (vrk_row_int(&f, "stage", i) >= m.stages)
            continue;
        if (i % 1000 == 0)
            TRY(vrk_tick(ctx, "open deals", i, f.rows));
        TRY(judge(ctx, &m, &f, i, out));
        mark_weeks(&sign, vrk_row_int(&f, "deal", i), &at, out->row[i].week);
        out->row[out->n++] = out->row[i];
        all.steps |= vrk_row_int(&f, "steps", i) > 0;
    }
    all.today = vrk_row_int(&f, "to_day", 0);
    all.hour_brings = out->hour_brings;
    all.currency = out->currency;
    for (int64_t i = 0; i < out->n; i++)
        advise(&out->row[i], &all);
    if (out->mem.failed)
        FAIL(VRK_EMEMORY, "out of memory for %lld open deals", (long long)f.rows);
    qsort(out->row, (size_t)out->n, sizeof(vrk_open_deal), by_stake);
done:
    vrk_frame_free(&sign);
    vrk_frame_free(&f);
    vrk_open_model_free(&m);
    if (st != VRK_OK)
        vrk_open_deals_free(out);
    return st;
}

void vrk_open_deals_free(vrk_open_deals *d)
{
    vrk_arena_free(&d->mem);
    *d = (vrk_open_deals){0};
}
