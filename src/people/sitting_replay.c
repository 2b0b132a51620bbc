#include "people/sitting_parts.h"

#include <string.h>

/* Is this what the sitting would have come to by itself? */
static vrk_status same(vrk_ctx *ctx, const vrk_sitting *s, const vrk_sitting_event *e, bool *out)
{
    vrk_status st = VRK_OK;
    vrk_question q;
    bool end = !strcmp(e->kind, "finished");
    TRY(vrk_sitting_choose(ctx, s, &q));
    *out = q.done == end && (end || !strcmp(q.item->id, e->item)) && !strcmp(q.trait, e->trait);
done:
    return st;
}

/* A sitting with the same banks and no answers; borrows the banks. */
static vrk_status blank_of(vrk_ctx *ctx, const vrk_sitting *s, vrk_sitting *out)
{
    *out = *s;
    out->part = VRK_NEW(&ctx->scratch, s->parts, vrk_sitting_part);
    for (int64_t p = 0; p < s->parts && out->part; p++) {
        int64_t n = s->part[p].bank.irt.items;
        out->part[p] = (vrk_sitting_part){.bank = s->part[p].bank,
                                          .x = VRK_NEW(&ctx->scratch, n, int8_t),
                                          .choice = VRK_NEW(&ctx->scratch, n, char),
                                          .took = VRK_NEW(&ctx->scratch, n, int64_t),
                                          .place = VRK_NEW(&ctx->scratch, n, int64_t)};
    }
    if (ctx->scratch.failed)
        return vrk_fail(ctx, VRK_EMEMORY, "out of memory to play a sitting again");
    vrk_sitting_blank(out);
    return VRK_OK;
}

vrk_status vrk_sitting_replay(vrk_ctx *ctx, const vrk_sitting *s, vrk_replay *out)
{
    vrk_status st = VRK_OK;
    vrk_mark mark = vrk_mark_of(&ctx->scratch);
    vrk_sitting again;

    *out = (vrk_replay){0};
    if (s->link == VRK_LINK_CHANGED)
        FAIL(VRK_EINPUT, "the situations or their points have changed since; the sitting cannot be "
                         "played again by this version");
    TRY(blank_of(ctx, s, &again));
    for (int64_t i = 0; i < s->events; i++) {
        const vrk_sitting_event *e = &s->event[i];
        bool fits;
        if (!strcmp(e->kind, "answered"))
            fits = vrk_sitting_enter(&again, e->item, e->choice);
        else
            TRY(same(ctx, &again, e, &fits));
        out->events++;
        if (!fits && !out->differs)
            out->differs = i + 1;
    }
    out->answered = again.answered;
    for (int64_t p = 0; p < s->parts; p++) {
        if (!out->differs &&
            memcmp(again.part[p].x, s->part[p].x, (size_t)s->part[p].bank.irt.items) != 0)
            out->differs = s->events;
    }
done:
    vrk_rewind(&ctx->scratch, mark);
    return st;
}
