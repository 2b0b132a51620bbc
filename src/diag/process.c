#include "diag/process.h"

#include "base/str.h"
#include "diag/flow.h"
#include "diag/process_parts.h"
#include "diag/rows.h"

#include <math.h>
#include <string.h>

/* Situations with fewer visits say too little to be told. */
enum { SITUATION_LEAST = 20 };

/* The answers being made, and the rows they are made from. */
typedef struct {
    vrk_process *out;
    vrk_frame stages, counts, risk, workdays, situations;
} making;

static vrk_status read_rows(vrk_ctx *ctx, vrk_facts *facts, making *m)
{
    vrk_status st = VRK_OK;
    TRY(vrk_tick(ctx, "days in stage", 0, 2));
    TRY(vrk_rows(ctx, facts, VRK_SQL_STAGES, &m->stages));
    TRY(vrk_rows(ctx, facts, VRK_SQL_STAGE_COUNT, &m->counts));
    TRY(vrk_rows(ctx, facts, VRK_SQL_STAGE_RISK, &m->risk));
    TRY(vrk_tick(ctx, "days in stage", 1, 2));
    TRY(vrk_rows(ctx, facts, VRK_SQL_STAGE_WORKDAYS, &m->workdays));
    TRY(vrk_rows(ctx, facts, VRK_SQL_SITUATIONS, &m->situations));
done:
    return st;
}

static void free_rows(making *m)
{
    vrk_frame_free(&m->stages);
    vrk_frame_free(&m->counts);
    vrk_frame_free(&m->risk);
    vrk_frame_free(&m->workdays);
    vrk_frame_free(&m->situations);
}

/* One horizon for all stages, so that their shares can be compared: 95 % of the steps forward and
 * wins that are taken are taken within it. */
static vrk_status find_horizon(vrk_ctx *ctx, making *m)
{
    vrk_status st = VRK_OK;
    vrk_mark mark = vrk_mark_of(&ctx->scratch);
    int64_t days = 0;
    for (int64_t i = 0; i < m->risk.rows; i++)
        days = vrk_row_int(&m->risk, "day", i) >= days ? vrk_row_int(&m->risk, "day", i) + 1 : days;
    double *day = VRK_NEW(&ctx->scratch, days, double),
           *good = VRK_NEW(&ctx->scratch, days, double),
           *any = VRK_NEW(&ctx->scratch, days, double);
    if (ctx->scratch.failed)
        FAIL(VRK_EMEMORY, "out of memory");
    for (int64_t k = 0; k < days; k++)
        day[k] = (double)k;
    for (int64_t i = 0; i < m->risk.rows; i++) {
        int64_t k = vrk_row_int(&m->risk, "day", i);
        if (vrk_row_int(&m->risk, "situation", i) || k < 0)
            continue;
        double on = (double)(vrk_row_int(&m->risk, "forward", i) + vrk_row_int(&m->risk, "won", i));
        good[k] += on;
        any[k] +=
            on + (double)(vrk_row_int(&m->risk, "back", i) + vrk_row_int(&m->risk, "lost", i));
    }
    m->out->horizon = vrk_flow_horizon(days, day, good);
    if (m->out->horizon <= 0)
        m->out->horizon = vrk_flow_horizon(days, day, any);
done:
    vrk_rewind(&ctx->scratch, mark);
    return st;
}

/* First row at or after (stage, situation), by which the frame is ordered. */
static int64_t lower(const vrk_frame *f, int64_t stage, int64_t situation)
{
    int64_t low = 0, high = f->rows;
    while (low < high) {
        int64_t middle = low + (high - low) / 2, s = vrk_row_int(f, "stage", middle);
        if (s < stage || (s == stage && vrk_row_int(f, "situation", middle) < situation))
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

static vrk_status fit_shares(vrk_ctx *ctx, making *m, int64_t first, int64_t end, vrk_flow *flow)
{
    static const char *const kind[VRK_FLOW_KINDS] = {"forward", "back", "won", "lost"};
    vrk_status st = VRK_OK;
    vrk_mark mark = vrk_mark_of(&ctx->scratch);
    int64_t n = end - first;
    double *day = VRK_NEW(&ctx->scratch, n, double), *risk = VRK_NEW(&ctx->scratch, n, double),
           *moved = VRK_NEW(&ctx->scratch, n * VRK_FLOW_KINDS, double);
    if (ctx->scratch.failed)
        FAIL(VRK_EMEMORY, "out of memory");
    for (int64_t j = 0; j < n; j++) {
        day[j] = (double)vrk_row_int(&m->risk, "day", first + j);
        risk[j] = (double)vrk_row_int(&m->risk, "at_risk", first + j);
        for (int c = 0; c < VRK_FLOW_KINDS; c++)
            moved[j * VRK_FLOW_KINDS + c] = (double)vrk_row_int(&m->risk, kind[c], first + j);
    }
    TRY(vrk_flow_fit(ctx, &(vrk_flow_counts){n, day, risk, moved}, m->out->horizon, flow));
done:
    vrk_rewind(&ctx->scratch, mark);
    return st;
}

static vrk_status fit_workdays(vrk_ctx *ctx, making *m, int64_t first, int64_t end, vrk_flow *flow)
{
    vrk_status st = VRK_OK;
    vrk_mark mark = vrk_mark_of(&ctx->scratch);
    int64_t n = 0;
    double *entry = VRK_NEW(&ctx->scratch, end - first, double),
           *exit = VRK_NEW(&ctx->scratch, end - first, double),
           *count = VRK_NEW(&ctx->scratch, end - first, double);
    int32_t *ended = VRK_NEW(&ctx->scratch, end - first, int32_t);
    if (ctx->scratch.failed)
        FAIL(VRK_EMEMORY, "out of memory");
    for (int64_t i = first; i < end; i++) {
        entry[n] = (double)vrk_row_int(&m->workdays, "late", i);
        exit[n] = (double)vrk_row_int(&m->workdays, "days", i);
        ended[n] = vrk_row_int(&m->workdays, "ended", i) != 0;
        count[n] = (double)vrk_row_int(&m->workdays, "n", i);
        n += exit[n] > entry[n]; /* under observation for no working day: says nothing */
    }
    TRY(vrk_flow_lengths(ctx, n, entry, exit, ended, count, &flow->median_workdays,
                         &flow->p90_workdays));
done:
    vrk_rewind(&ctx->scratch, mark);
    return st;
}

static vrk_status fit_one(vrk_ctx *ctx, making *m, int64_t stage, int64_t situation, vrk_flow *flow)
{
    vrk_status st = VRK_OK;
    int64_t at = lower(&m->counts, stage, situation);
    if (at < lower(&m->counts, stage, situation + 1)) {
        flow->entered = vrk_row_int(&m->counts, "entered", at);
        flow->standing = vrk_row_int(&m->counts, "standing", at);
    }
    TRY(fit_shares(ctx, m, lower(&m->risk, stage, situation), lower(&m->risk, stage, situation + 1),
                   flow));
    TRY(fit_workdays(ctx, m, lower(&m->workdays, stage, situation),
                     lower(&m->workdays, stage, situation + 1), flow));
done:
    return st;
}

static const char *situation_name(const making *m, int64_t situation)
{
    static const char *const part[] = {"complexity", "decision_structure", "cycle", "segment"};
    vrk_str s = {.mem = &m->out->mem};
    for (int64_t i = 0; i < m->situations.rows; i++) {
        if (vrk_row_int(&m->situations, "situation", i) != situation)
            continue;
        for (int k = 0; k < 4; k++) {
            const char *text = vrk_row_text(&m->situations, part[k], i);
            vrk_str_addf(&s, "%s%s", s.n && *text ? ", " : "", text);
        }
    }
    return vrk_str_of(&s);
}

static vrk_status fit_situations(vrk_ctx *ctx, making *m)
{
    vrk_status st = VRK_OK;
    vrk_process *p = m->out;
    p->situation = VRK_NEW(&p->mem, m->counts.rows, vrk_flow);
    if (!p->situation)
        FAIL(VRK_EMEMORY, "out of memory");
    for (int64_t s = 0; s < p->stages; s++) {
        int64_t stage = vrk_row_int(&m->stages, "stage", s);
        for (int64_t i = 0; i < m->counts.rows && m->situations.rows > 1; i++) {
            int64_t situation = vrk_row_int(&m->counts, "situation", i);
            if (vrk_row_int(&m->counts, "stage", i) != stage || !situation ||
                vrk_row_int(&m->counts, "entered", i) < SITUATION_LEAST)
                continue;
            TRY(vrk_tick(ctx, "situations", s, p->stages));
            vrk_flow *f = &p->situation[p->situations++];
            f->stage = p->stage[s].stage;
            f->situation = situation_name(m, situation);
            TRY(fit_one(ctx, m, stage, situation, f));
        }
    }
done:
    return st;
}

/* Deals that stop in a stage within the horizon: entered x (lost + stalled). That more stop in the
 * first than in each other one has at least the probability 1 - sum P(other > first), whatever the
 * dependence between stages (Bonferroni); each by the normal distribution. */
static void find_stop(vrk_process *p)
{
    double most = -1, second = -1, doubt = 0;
    p->stop = p->next_stop = -1;
    for (int64_t i = 0; i < p->stages; i++) {
        const vrk_flow *f = &p->stage[i];
        double stops = (double)f->entered * (f->lost.mean + f->stalled.mean);
        if (stops > most) {
            p->next_stop = p->stop;
            second = most;
            p->stop = i;
            most = stops;
        } else if (stops > second) {
            p->next_stop = i;
            second = stops;
        }
    }
    for (int64_t i = 0; i < p->stages && p->stop >= 0; i++) {
        const vrk_flow *f = &p->stage[i], *g = &p->stage[p->stop];
        double stops = (double)f->entered * (f->lost.mean + f->stalled.mean);
        double se = hypot((double)f->entered * f->stop_se, (double)g->entered * g->stop_se);
        if (i != p->stop && isfinite(stops))
            doubt += se > 0 ? 0.5 * erfc((most - stops) / se / sqrt(2)) : most > stops ? 0 : 0.5;
    }
    p->stop_p = p->stop >= 0 ? fmax(1 - doubt, 0) : nan("");
}

static vrk_status make_stages(vrk_ctx *ctx, vrk_facts *facts, vrk_process *p)
{
    vrk_status st = VRK_OK;
    making m = {.out = p};
    TRY(read_rows(ctx, facts, &m));
    TRY(find_horizon(ctx, &m));
    p->stage = VRK_NEW(&p->mem, m.stages.rows, vrk_flow);
    if (!p->stage)
        FAIL(VRK_EMEMORY, "out of memory");
    for (p->stages = 0; p->stages < m.stages.rows; p->stages++) {
        vrk_flow *f = &p->stage[p->stages];
        f->stage = vrk_text_copy(&p->mem, vrk_row_text(&m.stages, "name", p->stages));
        f->situation = "";
        TRY(fit_one(ctx, &m, vrk_row_int(&m.stages, "stage", p->stages), 0, f));
    }
    TRY(fit_situations(ctx, &m));
    TRY(vrk_process_occupation(ctx, facts, &m.stages, p));
    find_stop(p);
    if (p->mem.failed)
        FAIL(VRK_EMEMORY, "out of memory");
done:
    free_rows(&m);
    return st;
}

vrk_status vrk_process_make(vrk_ctx *ctx, vrk_facts *facts, bool by_stage, vrk_process *out)
{
    vrk_status st = VRK_OK;
    *out = (vrk_process){.by_stage = by_stage, .stop = -1, .next_stop = -1, .stop_p = nan("")};
    TRY(vrk_process_whole(ctx, facts, out));
    if (by_stage)
        TRY(make_stages(ctx, facts, out));
done:
    if (st != VRK_OK)
        vrk_process_free(out);
    return st;
}

void vrk_process_free(vrk_process *p)
{
    vrk_arena_free(&p->mem);
    *p = (vrk_process){0};
}
