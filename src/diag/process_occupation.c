/* Where deals are, by age: state occupation by Aalen-Johansen over all stages, won and lost. */
#include "base/str.h"
#include "diag/process_parts.h"
#include "diag/rows.h"
#include "num/special.h"
#include "stat/aj.h"

#include <math.h>
#include <stdlib.h>

#define LEVEL 0.9
enum { WON = -1, LOST = -2, START = -9, AGES = 13, KINDS_MOST = 4096 };

/* Transitions of sql/query/occupation.sql as the estimator takes them. */
typedef struct {
    int32_t states; /* stages, then won, lost */
    const vrk_frame *stages;
    int32_t kinds, from[KINDS_MOST], to[KINDS_MOST];
} mapping;

/* -1: not a state that is shown (the whole way of deals without a history). */
static int32_t state_of(const mapping *m, int64_t number)
{
    if (number == WON || number == LOST)
        return m->states - (number == WON ? 2 : 1);
    for (int64_t i = 0; i < m->stages->rows; i++) {
        if (vrk_row_int(m->stages, "stage", i) == number)
            return (int32_t)i;
    }
    return -1;
}

static int32_t kind_of(mapping *m, int32_t from, int32_t to)
{
    int32_t c = 0;
    while (c < m->kinds && (m->from[c] != from || m->to[c] != to))
        c++;
    if (c == m->kinds && c < KINDS_MOST) {
        m->from[c] = from;
        m->to[c] = to;
        m->kinds++;
    }
    return c;
}

/* Rows of the start become p0; the others count by day. */
static vrk_status count(vrk_ctx *ctx, const vrk_frame *f, mapping *m, double *p0,
                        vrk_transitions *t)
{
    vrk_arena *mem = &ctx->scratch;
    int64_t days = 0, last = -1;
    double all = 0;
    for (int64_t i = 0; i < f->rows; i++) {
        int32_t from = state_of(m, vrk_row_int(f, "from_state", i)),
                to = state_of(m, vrk_row_int(f, "to_state", i));
        if (from >= 0 && to >= 0 && from != to && kind_of(m, from, to) == KINDS_MOST)
            return vrk_fail(ctx, VRK_EINPUT, "more than %d kinds of transition between stages",
                            (int)KINDS_MOST);
        days += vrk_row_int(f, "day", i) != last;
        last = vrk_row_int(f, "day", i);
    }
    double *time = VRK_NEW(mem, days, double), *risk = VRK_NEW(mem, days * m->states, double),
           *moved = VRK_NEW(mem, days * m->kinds, double);
    if (mem->failed)
        return vrk_fail(ctx, VRK_EMEMORY, "out of memory");
    *t = (vrk_transitions){.states = m->states,
                           .kinds = m->kinds,
                           .from = m->from,
                           .to = m->to,
                           .time = time,
                           .risk = risk,
                           .moved = moved};
    for (int64_t i = 0; i < f->rows; i++) {
        int64_t from_state = vrk_row_int(f, "from_state", i);
        int32_t from = state_of(m, from_state), to = state_of(m, vrk_row_int(f, "to_state", i));
        double day = (double)vrk_row_int(f, "day", i), n = (double)vrk_row_int(f, "n", i);
        if (from_state == START && to >= 0) {
            p0[to] += n;
            all += n;
        }
        if (from < 0 || to < 0 || from == to)
            continue;
        if (!t->m || time[t->m - 1] < day)
            time[t->m++] = day;
        risk[(t->m - 1) * m->states + from] = (double)vrk_row_int(f, "at_risk", i);
        moved[(t->m - 1) * m->kinds + kind_of(m, from, to)] += n;
    }
    for (int32_t s = 0; s < m->states && all > 0; s++)
        p0[s] /= all;
    return VRK_OK;
}

/* Thirteen ages, from 0 to the horizon of the whole way. */
static vrk_status keep(vrk_ctx *ctx, const vrk_transitions *t, const double *p0, double *age,
                       vrk_process *p)
{
    vrk_status st = VRK_OK;
    vrk_aj aj = {0};
    vrk_occupation *o = &p->occupation;
    int32_t k = t->states;
    double z = vrk_normal_quantile((1 + LEVEL) / 2), tau = age[AGES - 1];
    vrk_interval *share = VRK_NEW(&p->mem, AGES * k, vrk_interval),
                 *mean = VRK_NEW(&p->mem, k, vrk_interval);
    if (p->mem.failed)
        FAIL(VRK_EMEMORY, "out of memory");
    TRY(vrk_aj_fit(ctx, t, &(vrk_aj_opt){.p0 = p0, .at = age, .n_at = AGES, .tau = tau}, &aj));
    for (int64_t j = 0; j < AGES; j++) {
        for (int32_t s = 0; s < k; s++)
            share[j * k + s] = vrk_interval_of(fmin(fmax(aj.p[j * k + s], 0), 1),
                                               vrk_aj_se(&aj, j, s), LEVEL, VRK_LOGLOG);
    }
    for (int32_t s = 0; s < k; s++) {
        double se = vrk_aj_mean_se(&aj, s);
        mean[s] = (vrk_interval){aj.mean[s], fmax(aj.mean[s] - z * se, 0),
                                 fmin(aj.mean[s] + z * se, tau)};
    }
    *o = (vrk_occupation){AGES, k, age, o->state, share, mean};
done:
    vrk_aj_free(&aj);
    return st;
}

vrk_status vrk_process_occupation(vrk_ctx *ctx, vrk_facts *facts, const vrk_frame *stages,
                                  vrk_process *p)
{
    vrk_status st = VRK_OK;
    vrk_mark mark = vrk_mark_of(&ctx->scratch);
    vrk_frame f = {0};
    vrk_transitions t = {0};
    mapping *m = VRK_NEW(&ctx->scratch, 1, mapping);
    int32_t k = (int32_t)stages->rows + 2;
    double *p0 = VRK_NEW(&ctx->scratch, k, double), *age = VRK_NEW(&p->mem, AGES, double);
    const char **name = VRK_NEW(&p->mem, k, const char *);

    if (ctx->scratch.failed || p->mem.failed)
        FAIL(VRK_EMEMORY, "out of memory");
    m->states = k;
    m->stages = stages;
    for (int32_t s = 0; s < k - 2; s++)
        name[s] = p->stage[s].stage;
    name[k - 2] = "won";
    name[k - 1] = "lost";
    p->occupation.state = name;
    for (int64_t j = 0; j < AGES; j++)
        age[j] = floor((double)j * p->whole_horizon / (AGES - 1) + 0.5);
    TRY(vrk_rows(ctx, facts, VRK_SQL_OCCUPATION, &f));
    TRY(count(ctx, &f, m, p0, &t));
    if (t.m && p->whole_horizon > 0)
        TRY(keep(ctx, &t, p0, age, p));
done:
    vrk_frame_free(&f);
    vrk_rewind(&ctx->scratch, mark);
    return st;
}
