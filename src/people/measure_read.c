#include "people/measure.h"
#include "people/sitting_list.h"

#include <string.h>

typedef struct {
    vrk_answered_by *a;
    int64_t most, *key; /* [most] the person of each row */
    int8_t *rows;       /* [items] of each */
} taking;

static bool taken(const taking *t, int64_t person)
{
    for (int64_t i = 0; i < t->a->persons; i++) {
        if (t->key[i] == person)
            return true;
    }
    return false;
}

/* Only what is over: nobody sees anything of a test under way. */
static void take(taking *t, const vrk_sitting *s)
{
    vrk_answered_by *a = t->a;
    int64_t items = a->instrument->items;
    for (int64_t p = 0; p < s->parts; p++) {
        const vrk_sitting_part *part = &s->part[p];
        bool any = false;
        for (int64_t j = 0; j < items && part->bank.instrument == a->instrument; j++)
            any = any || part->x[j] >= 0;
        if (!any || taken(t, s->person))
            continue;
        memcpy(t->rows + a->persons * items, part->x, (size_t)items);
        t->key[a->persons] = s->person;
        a->person[a->persons] = vrk_text_copy(&a->mem, s->person_id ? s->person_id : "");
        a->lang[a->persons] = s->lang == VRK_SV ? "sv" : "en";
        a->candidate[a->persons++] = s->candidate;
    }
}

static bool names(const char *list, const char *name)
{
    size_t n = strlen(name);
    for (const char *at = list; (at = strstr(at, name)); at += n) {
        if ((at == list || at[-1] == ',') && (at[n] == ',' || !at[n]))
            return true;
    }
    return false;
}

static vrk_status reserve(vrk_ctx *ctx, taking *t)
{
    vrk_answered_by *a = t->a;
    int64_t items = a->instrument->items;
    t->key = VRK_NEW(&ctx->scratch, t->most, int64_t);
    t->rows = VRK_NEW(&ctx->scratch, t->most * items, int8_t);
    a->person = VRK_NEW(&a->mem, t->most, const char *);
    a->lang = VRK_NEW(&a->mem, t->most, const char *);
    a->candidate = VRK_NEW(&a->mem, t->most, bool);
    a->many = VRK_NEW(&a->mem, items * (VRK_ITEM_POINTS + 1), double);
    a->stated = VRK_NEW(&a->mem, items, double);
    if (ctx->scratch.failed || a->mem.failed)
        return vrk_fail(ctx, VRK_EMEMORY, "out of memory for answers");
    for (int64_t j = 0; j < items; j++) {
        vrk_item_many(&a->instrument->item[j], a->many + j * (VRK_ITEM_POINTS + 1));
        a->stated[j] = a->instrument->item[j].difficulty;
    }
    return VRK_OK;
}

vrk_status vrk_answered_read(vrk_ctx *ctx, vrk_records *records, const vrk_instruments *all,
                             const vrk_instrument *one, vrk_answered_by *out)
{
    vrk_status st = VRK_OK;
    vrk_mark mark = vrk_mark_of(&ctx->scratch);
    vrk_invitations list = {0};
    vrk_sitting s = {0};
    taking t = {.a = out};
    *out = (vrk_answered_by){.instrument = one, .mem.limit = ctx->scratch.limit};
    TRY(vrk_invitations_list(ctx, records, NULL, &list));
    t.most = list.n;
    TRY(reserve(ctx, &t));
    for (int64_t i = 0; i < list.n; i++) {
        const vrk_invitation *v = &list.row[i];
        if (!v->answered || v->link == VRK_LINK_OPEN || !names(v->competencies, one->competency))
            continue;
        TRY(vrk_tick(ctx, "reading answers", i, list.n));
        TRY(vrk_sitting_read(ctx, records, all, v->id, &s));
        if (s.link == VRK_LINK_CHANGED)
            out->changed++;
        else
            take(&t, &s);
        vrk_sitting_free(&s);
    }
    out->x = VRK_NEW(&out->mem, out->persons * one->items, int8_t);
    if (!out->x && out->persons)
        FAIL(VRK_EMEMORY, "out of memory for answers");
    for (int64_t i = 0; i < out->persons; i++) {
        for (int64_t j = 0; j < one->items; j++)
            out->x[i + j * out->persons] = t.rows[i * one->items + j];
    }
    if (out->mem.failed)
        FAIL(VRK_EMEMORY, "out of memory for answers");
done:
    vrk_sitting_free(&s);
    vrk_invitations_free(&list);
    vrk_rewind(&ctx->scratch, mark);
    if (st != VRK_OK)
        vrk_answered_free(out);
    return st;
}

void vrk_answered_free(vrk_answered_by *a)
{
    vrk_arena_free(&a->mem);
    *a = (vrk_answered_by){0};
}
