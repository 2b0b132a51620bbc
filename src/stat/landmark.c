#include "stat/landmark.h"

#include <inttypes.h>
#include <math.h>

static double entry_of(const vrk_spells *a, int64_t i)
{
    return a->entry ? a->entry[i] : -HUGE_VAL;
}

static int64_t who_of(const vrk_spells *a, int64_t i)
{
    return a->cluster ? a->cluster[i] : i;
}

/* The columns of rows kept, and of what the caller gave only. */
typedef struct {
    double *entry, *exit, *weight, *count;
    int32_t *from, *to, *cluster;
} columns;

static vrk_status reserve(vrk_ctx *ctx, const vrk_spells *a, int64_t n, columns *c,
                          vrk_spell_set *out)
{
    *c = (columns){.entry = VRK_NEW(&out->mem, n, double),
                   .exit = VRK_NEW(&out->mem, n, double),
                   .from = VRK_NEW(&out->mem, n, int32_t),
                   .to = VRK_NEW(&out->mem, n, int32_t)};
    c->weight = a->weight ? VRK_NEW(&out->mem, n, double) : NULL;
    c->count = a->count ? VRK_NEW(&out->mem, n, double) : NULL;
    c->cluster = a->cluster ? VRK_NEW(&out->mem, n, int32_t) : NULL;
    out->first = VRK_NEW(&out->mem, 2, int64_t);
    if (out->mem.failed)
        return vrk_fail(ctx, VRK_EMEMORY, "out of memory for %" PRId64 " spells", n);
    out->first[1] = n;
    out->strata = 1;
    out->all = (vrk_spells){.n = n,
                            .states = a->states,
                            .entry = c->entry,
                            .exit = c->exit,
                            .from = c->from,
                            .to = c->to,
                            .weight = c->weight,
                            .count = c->count,
                            .cluster = c->cluster,
                            .clusters = a->clusters};
    return VRK_OK;
}

static void keep(const vrk_spells *a, int64_t i, double s, const columns *c, int64_t at)
{
    c->entry[at] = fmax(entry_of(a, i), s);
    c->exit[at] = a->exit[i];
    c->from[at] = a->from ? a->from[i] : 0;
    c->to[at] = a->to[i];
    if (c->weight)
        c->weight[at] = a->weight[i];
    if (c->count)
        c->count[at] = a->count[i];
    if (c->cluster)
        c->cluster[at] = a->cluster[i];
}

vrk_status vrk_landmark(vrk_ctx *ctx, const vrk_spells *a, double s, int32_t state,
                        vrk_spell_set *out)
{
    vrk_status st = VRK_OK;
    vrk_mark mark = vrk_mark_of(&ctx->scratch);
    int64_t n = 0;
    columns c;
    *out = (vrk_spell_set){.mem.limit = ctx->scratch.limit};
    if (!isfinite(s) || state < 0 || state >= a->states)
        FAIL(VRK_EINPUT, "landmark at %g in state %d of %d", s, state, a->states);
    bool *here = VRK_NEW(&ctx->scratch, a->cluster ? a->clusters : a->n, bool);
    if (!here)
        FAIL(VRK_EMEMORY, "out of memory for %" PRId64 " spells", a->n);
    for (int64_t i = 0; i < a->n; i++) {
        if (a->cluster && (a->cluster[i] < 0 || a->cluster[i] >= a->clusters))
            FAIL(VRK_EINPUT, "spell %" PRId64 ": cluster %d of %d", i, a->cluster[i], a->clusters);
        if (!isfinite(a->exit[i]) || isnan(entry_of(a, i)))
            FAIL(VRK_EINPUT, "spell %" PRId64 ": from %g to %g", i, entry_of(a, i), a->exit[i]);
        if ((a->from ? a->from[i] : 0) == state && entry_of(a, i) <= s && a->exit[i] > s)
            here[who_of(a, i)] = true;
    }
    for (int64_t i = 0; i < a->n; i++)
        n += here[who_of(a, i)] && a->exit[i] > s;
    if (n < 1)
        FAIL(VRK_EINPUT, "nobody is in state %d at %g", state, s);
    TRY(reserve(ctx, a, n, &c, out));
    n = 0;
    for (int64_t i = 0; i < a->n; i++) {
        if (here[who_of(a, i)] && a->exit[i] > s)
            keep(a, i, s, &c, n++);
    }
done:
    vrk_rewind(&ctx->scratch, mark);
    if (st != VRK_OK)
        vrk_spell_set_free(out);
    return st;
}
