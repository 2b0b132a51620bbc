#include "sim/value.h"

#include "sim/verdict.h"

#include <string.h>

typedef enum { LEVEL_E, LEVEL_P, LEVEL_Q, LEVEL_COMPLEX, LEVELS } which;

/* E, P, Q in simple and in complex deals, as they stand at the end of the history. */
static double level_of(const vrk_world *w, const vrk_person *who, int m, which k)
{
    const vrk_trait *t = &who->at[m];
    const vrk_team *team = &w->team[who->team];
    bool stepped = t->from >= 0;
    double q = t->q + (stepped ? t->step_q : 0) + team->q[m];
    if (k == LEVEL_E)
        return t->e + (stepped ? t->step_e : 0) + team->e[m];
    return k == LEVEL_P ? t->p : k == LEVEL_Q ? q : q + t->q_complex;
}

static void lift(const vrk_world *w, vrk_person *who, int m, const double *reference)
{
    vrk_trait *t = &who->at[m];
    double below[LEVELS];
    for (int k = 0; k < LEVELS; k++) {
        double gap = reference[k] - level_of(w, who, m, (which)k);
        below[k] = gap > 0 ? gap : 0;
    }
    t->e += below[LEVEL_E];
    t->p += below[LEVEL_P];
    t->q += below[LEVEL_Q];
    t->q_complex += below[LEVEL_COMPLEX] - below[LEVEL_Q];
}

/* Who truly falls short in complex deals alone, and who does not at all. */
static vrk_part part_of(const vrk_level *at)
{
    bool gives = false, strong = true;
    for (int m = VRK_QUALIFICATION; m < VRK_MOMENTS; m++) {
        gives |= at[m].complex == VRK_COMPETENCE && at[m].simple == VRK_FINE;
        strong &= at[m].complex == VRK_FINE;
    }
    return gives ? VRK_GIVES : strong ? VRK_TAKES : VRK_NO_PART;
}

vrk_status vrk_value_init(vrk_ctx *ctx, const vrk_world *w, int64_t replications, vrk_arena *mem,
                          vrk_value *v)
{
    vrk_status st = VRK_OK;
    vrk_mark mark = vrk_mark_of(&ctx->scratch);
    double *x = VRK_NEW(&ctx->scratch, w->sellers, double), reference[LEVELS];
    vrk_level *level = VRK_NEW(&ctx->scratch, w->sellers * VRK_MOMENTS, vrk_level);

    *v = (vrk_value){.replications = replications};
    v->won = VRK_NEW(mem, replications * (1 + VRK_CHANGES), int64_t);
    v->lifted = VRK_NEW(mem, VRK_MOMENTS * w->sellers, vrk_person);
    v->part = VRK_NEW(mem, w->sellers, vrk_part);
    if (ctx->scratch.failed || mem->failed)
        FAIL(VRK_EMEMORY, "out of memory for %lld futures", (long long)replications);
    TRY(vrk_levels(ctx, w, level));
    for (int64_t s = 0; s < w->sellers; s++)
        v->part[s] = part_of(&level[s * VRK_MOMENTS]);
    for (int m = 0; m < VRK_MOMENTS; m++) {
        for (int k = 0; k < LEVELS; k++) {
            for (int64_t s = 0; s < w->sellers; s++)
                x[s] = level_of(w, &w->person[s], m, (which)k);
            reference[k] = vrk_median(x, w->sellers);
        }
        vrk_person *lifted = &v->lifted[m * w->sellers];
        memcpy(lifted, w->person, (size_t)w->sellers * sizeof(*lifted));
        for (int64_t s = 0; s < w->sellers; s++)
            lift(w, &lifted[s], m, reference);
    }
done:
    vrk_rewind(&ctx->scratch, mark);
    return st;
}

/* One future of a team, in a copy of its present. */
static vrk_status live_on(vrk_ctx *ctx, const vrk_squad *now, const vrk_person *person,
                          double volume_factor, const vrk_part *part, int64_t replication,
                          int64_t *won)
{
    vrk_status st = VRK_OK;
    vrk_mark mark = vrk_mark_of(&ctx->scratch);
    vrk_squad q = *now;

    q.record = NULL;
    q.mem = &ctx->scratch;
    q.seed ^= 0x9E3779B97F4A7C15 * (uint64_t)(replication + 1);
    q.person = person;
    q.volume_factor = volume_factor;
    q.won = 0;
    q.part = part;
    q.owed = VRK_NEW(q.mem, q.n * q.n, int64_t);
    q.deal = VRK_NEW(q.mem, q.room, vrk_deal);
    q.week = VRK_NEW(q.mem, q.n, vrk_week);
    if (q.mem->failed)
        FAIL(VRK_EMEMORY, "out of memory for a future");
    memcpy(q.deal, now->deal, (size_t)now->deals * sizeof(*q.deal));
    for (int64_t week = q.world->weeks; week < q.world->all_weeks; week++)
        TRY(vrk_squad_week(ctx, &q, week));
    *won = q.won;
done:
    vrk_rewind(&ctx->scratch, mark);
    return st;
}

vrk_status vrk_value_future(vrk_ctx *ctx, const vrk_value *v, const vrk_squad *now,
                            int64_t replication, int64_t *won)
{
    vrk_status st = VRK_OK;
    TRY(live_on(ctx, now, now->person, 1, NULL, replication, &won[0]));
    TRY(live_on(ctx, now, now->person, 1.2, NULL, replication, &won[1]));
    for (int m = 0; m < VRK_MOMENTS; m++)
        TRY(live_on(ctx, now, &v->lifted[m * now->world->sellers + now->first], 1, NULL,
                    replication, &won[2 + m]));
    TRY(live_on(ctx, now, now->person, 1, &v->part[now->first], replication,
                &won[2 + VRK_MOMENTS]));
done:
    return st;
}
