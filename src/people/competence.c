#include "people/competence.h"

#include "people/sitting_list.h"

#include <math.h>
#include <string.h>

static int64_t last_answer(const vrk_sitting *s)
{
    int64_t at = s->made_at;
    for (int64_t i = 0; i < s->events; i++) {
        if (!strcmp(s->event[i].kind, "answered"))
            at = s->event[i].at;
    }
    return at;
}

static int64_t find(const vrk_competence *p, const vrk_instrument *one)
{
    for (int64_t i = 0; i < p->parts; i++) {
        if (p->part[i].instrument == one)
            return i;
    }
    return -1;
}

/* The newest of a competency stands; the next older one is what it has changed from. */
static void take(const vrk_ability_part *part, const vrk_sitting *s, vrk_competence *out)
{
    int64_t i = find(out, part->instrument);
    if (part->all.answers == 0)
        return;
    if (i < 0) {
        if (out->parts == VRK_COMPETENCE_PARTS)
            return;
        out->part[out->parts] = *part;
        out->of[out->parts++] = (vrk_competence_of){.sitting = s->id, .at = last_answer(s)};
    } else if (!out->of[i].before && part->told && out->part[i].told) {
        out->of[i].before = s->id;
        out->of[i].change = vrk_reliable_change(&part->all, &out->part[i].all);
    }
}

static vrk_status add_sitting(vrk_ctx *ctx, vrk_records *records, const vrk_instruments *all,
                              int64_t id, vrk_competence *out)
{
    vrk_status st = VRK_OK;
    vrk_sitting s = {0};
    vrk_ability p = {0};
    TRY(vrk_sitting_read(ctx, records, all, id, &s));
    if (s.link == VRK_LINK_CHANGED) {
        out->changed++;
        goto done;
    }
    TRY(vrk_ability_make(ctx, &s, &p));
    for (int64_t k = 0; k < p.parts; k++)
        take(&p.part[k], &s, out);
    out->sitting[out->sittings++] =
        (vrk_competence_sitting){.sitting = s.id, .at = last_answer(&s), .pattern = p.pattern};
done:
    vrk_ability_free(&p);
    vrk_sitting_free(&s);
    return st;
}

/* The lowest, where it differs from the others by more than chance; there the kind of deal in which
 * the person is weaker. */
static void find_practise(vrk_competence *p)
{
    int64_t told = 0;
    p->practise = p->contrast = -1;
    for (int64_t i = 0; i < p->parts; i++) {
        told += p->part[i].told;
        if (p->part[i].told &&
            (p->practise < 0 || p->part[i].all.mean < p->part[p->practise].all.mean))
            p->practise = i;
    }
    if (told > 1 && !p->apart)
        p->practise = -1;
    for (int c = 0; p->practise >= 0 && c < VRK_CONTRASTS; c++) {
        double x = p->part[p->practise].harder[c];
        if (isfinite(x) && fmax(x, 1 - x) >= VRK_CONTRAST_TOLD && p->contrast < 0)
            p->contrast = c;
    }
}

vrk_status vrk_competence_make(vrk_ctx *ctx, vrk_records *records, const vrk_instruments *all,
                               const char *person, bool candidate, int64_t only,
                               vrk_competence *out)
{
    vrk_status st = VRK_OK;
    vrk_invitations list = {0};
    *out = (vrk_competence){.mem.limit = ctx->scratch.limit};
    out->part = VRK_NEW(&out->mem, VRK_COMPETENCE_PARTS, vrk_ability_part);
    out->of = VRK_NEW(&out->mem, VRK_COMPETENCE_PARTS, vrk_competence_of);
    out->sitting = VRK_NEW(&out->mem, VRK_COMPETENCE_SITTINGS, vrk_competence_sitting);
    if (out->mem.failed)
        FAIL(VRK_EMEMORY, "out of memory for a profile");
    TRY(vrk_invitations_list(ctx, records, person, &list));
    for (int64_t i = list.n - 1; i >= 0 && out->sittings < VRK_COMPETENCE_SITTINGS; i--) {
        const vrk_invitation *v = &list.row[i];
        if (v->candidate != candidate || (only && v->id != only))
            continue;
        if (v->link == VRK_LINK_OPEN)
            out->open++;
        else if (v->answered)
            TRY(add_sitting(ctx, records, all, v->id, out));
    }
    out->apart_p = vrk_parts_same_p(out->part, out->parts);
    out->apart = out->apart_p < VRK_CHANCE_APART;
    find_practise(out);
done:
    vrk_invitations_free(&list);
    if (st != VRK_OK)
        vrk_competence_free(out);
    return st;
}

void vrk_competence_free(vrk_competence *p)
{
    vrk_arena_free(&p->mem);
    *p = (vrk_competence){0};
}
