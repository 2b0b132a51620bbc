/* Deals from creation to close, all together and by the quarter in which they began. */
#include "base/str.h"
#include "diag/flow.h"
#include "diag/process_parts.h"
#include "diag/rows.h"
#include "stat/aj.h"

#include <inttypes.h>
#include <math.h>

/* Columns of sql/query/close_days.sql as arrays. */
typedef struct {
    int64_t n;
    double *late, *late_workdays, *days, *workdays, *count;
    int32_t *outcome; /* 0 open, 1 won, 2 lost */
    int64_t *quarter;
} lives;

static vrk_status read_lives(vrk_ctx *ctx, const vrk_frame *f, lives *l)
{
    vrk_arena *mem = &ctx->scratch;
    l->late = VRK_NEW(mem, f->rows, double);
    l->late_workdays = VRK_NEW(mem, f->rows, double);
    l->days = VRK_NEW(mem, f->rows, double);
    l->workdays = VRK_NEW(mem, f->rows, double);
    l->count = VRK_NEW(mem, f->rows, double);
    l->outcome = VRK_NEW(mem, f->rows, int32_t);
    l->quarter = VRK_NEW(mem, f->rows, int64_t);
    if (mem->failed)
        return vrk_fail(ctx, VRK_EMEMORY, "out of memory");
    for (int64_t i = 0; i < f->rows; i++) {
        l->late[l->n] = (double)vrk_row_int(f, "late", i);
        l->late_workdays[l->n] = (double)vrk_row_int(f, "late_workdays", i);
        l->days[l->n] = (double)vrk_row_int(f, "days", i);
        l->workdays[l->n] = (double)vrk_row_int(f, "workdays", i);
        l->count[l->n] = (double)vrk_row_int(f, "n", i);
        l->outcome[l->n] = (int32_t)vrk_row_int(f, "outcome", i);
        l->quarter[l->n] = vrk_row_int(f, "quarter", i);
        l->n += l->days[l->n] > l->late[l->n]; /* never under observation otherwise */
    }
    return VRK_OK;
}

/* Counts per day of rows first..end as a flow: won and lost leave, open ones are censored. */
static vrk_status fit(vrk_ctx *ctx, const lives *l, int64_t first, int64_t end, double horizon,
                      vrk_flow *flow)
{
    vrk_status st = VRK_OK;
    vrk_mark mark = vrk_mark_of(&ctx->scratch);
    vrk_transitions t = {0};
    int64_t n = end - first;
    int32_t *to = VRK_NEW(&ctx->scratch, n, int32_t);
    if (!to)
        FAIL(VRK_EMEMORY, "out of memory");
    for (int64_t i = 0; i < n; i++)
        to[i] = l->outcome[first + i] ? l->outcome[first + i] : VRK_CENSORED;
    vrk_spells spells = {.n = n,
                         .states = 3,
                         .entry = l->late + first,
                         .exit = l->days + first,
                         .to = to,
                         .count = l->count + first};
    if (n)
        TRY(vrk_transitions_count(ctx, &spells, &t));
    double *risk = VRK_NEW(&ctx->scratch, t.m + 1, double),
           *moved = VRK_NEW(&ctx->scratch, (t.m + 1) * VRK_FLOW_KINDS, double),
           *day = VRK_NEW(&ctx->scratch, t.m + 1, double);
    if (ctx->scratch.failed)
        FAIL(VRK_EMEMORY, "out of memory");
    for (int64_t j = 0; j < t.m; j++) {
        day[j] = t.time[j];
        risk[j] = t.risk[j * t.states];
        for (int32_t c = 0; c < t.kinds; c++)
            moved[j * VRK_FLOW_KINDS + (t.to[c] == 1 ? 2 : 3)] += t.moved[j * t.kinds + c];
    }
    int64_t m = t.m;
    if (m && t.last > day[m - 1]) { /* nothing happens then, but it is how far the data reach */
        day[m] = t.last;
        risk[m++] = 1;
    }
    TRY(vrk_flow_fit(ctx, &(vrk_flow_counts){m, day, risk, moved}, horizon, flow));
done:
    vrk_transitions_free(&t);
    vrk_rewind(&ctx->scratch, mark);
    return st;
}

/* 95 % of the wins (of all closings where there are none) come within it. */
static vrk_status find_horizon(vrk_ctx *ctx, const lives *l, double *horizon)
{
    vrk_mark mark = vrk_mark_of(&ctx->scratch);
    int64_t days = 0;
    for (int64_t i = 0; i < l->n; i++)
        days = (int64_t)fmax((double)days, l->days[i] + 1);
    double *day = VRK_NEW(&ctx->scratch, days, double), *won = VRK_NEW(&ctx->scratch, days, double),
           *closed = VRK_NEW(&ctx->scratch, days, double);
    if (ctx->scratch.failed)
        return vrk_fail(ctx, VRK_EMEMORY, "out of memory");
    for (int64_t k = 0; k < days; k++)
        day[k] = (double)k;
    for (int64_t i = 0; i < l->n; i++) {
        won[(int64_t)l->days[i]] += l->outcome[i] == 1 ? l->count[i] : 0;
        closed[(int64_t)l->days[i]] += l->outcome[i] ? l->count[i] : 0;
    }
    *horizon = vrk_flow_horizon(days, day, won);
    if (*horizon <= 0)
        *horizon = vrk_flow_horizon(days, day, closed);
    vrk_rewind(&ctx->scratch, mark);
    return VRK_OK;
}

static vrk_status make_cohorts(vrk_ctx *ctx, const lives *l, vrk_process *p)
{
    vrk_status st = VRK_OK;
    p->cohort = VRK_NEW(&p->mem, l->n, vrk_cohort);
    for (int64_t i = 0, end; i < l->n && p->cohort; i = end) {
        vrk_cohort *c = &p->cohort[p->cohorts++];
        vrk_flow flow = {0};
        for (end = i; end < l->n && l->quarter[end] == l->quarter[i]; end++) {
            int64_t n = (int64_t)l->count[end];
            c->created += n;
            c->won += l->outcome[end] == 1 ? n : 0;
            c->lost += l->outcome[end] == 2 ? n : 0;
            c->open += l->outcome[end] == 0 ? n : 0;
        }
        c->quarter =
            vrk_text_f(&p->mem, "%" PRId64 "-Q%" PRId64, l->quarter[i] / 10, l->quarter[i] % 10);
        flow.entered = c->created;
        TRY(fit(ctx, l, i, end, p->whole_horizon, &flow));
        c->win = flow.won;
        c->beyond = flow.beyond;
    }
    if (p->mem.failed)
        FAIL(VRK_EMEMORY, "out of memory");
done:
    return st;
}

vrk_status vrk_process_whole(vrk_ctx *ctx, vrk_facts *facts, vrk_process *p)
{
    vrk_status st = VRK_OK;
    vrk_mark mark = vrk_mark_of(&ctx->scratch);
    vrk_frame f = {0};
    lives l = {0};
    vrk_flow *w = &p->whole;

    TRY(vrk_tick(ctx, "deals from start to close", 0, 1));
    TRY(vrk_rows(ctx, facts, VRK_SQL_CLOSE_DAYS, &f));
    TRY(read_lives(ctx, &f, &l));
    TRY(find_horizon(ctx, &l, &p->whole_horizon));
    w->stage = w->situation = "";
    for (int64_t i = 0; i < l.n; i++) {
        w->entered += (int64_t)l.count[i];
        w->standing += l.outcome[i] == 0 ? (int64_t)l.count[i] : 0;
    }
    TRY(fit(ctx, &l, 0, l.n, p->whole_horizon, w));
    int64_t n = 0; /* in working days some were never under observation */
    for (int64_t i = 0; i < l.n; i++)
        n += l.workdays[i] > l.late_workdays[i];
    if (n == l.n)
        TRY(vrk_flow_lengths(ctx, n, l.late_workdays, l.workdays, l.outcome, l.count,
                             &w->median_workdays, &w->p90_workdays));
    TRY(make_cohorts(ctx, &l, p));
done:
    vrk_frame_free(&f);
    vrk_rewind(&ctx->scratch, mark);
    return st;
}
