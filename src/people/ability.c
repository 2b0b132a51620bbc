#include "people/ability.h"

#include "num/special.h"

#include <math.h>

static const double sure = 0.95;

static const vrk_kind contrast[VRK_CONTRASTS][2] = {
    {VRK_KIND_SIMPLE, VRK_KIND_COMPLEX},
    {VRK_KIND_SINGLE, VRK_KIND_COMMITTEE},
    {VRK_KIND_SHORT, VRK_KIND_LONG},
};

static double by_chance(const vrk_instrument *one)
{
    double points = 0;
    for (int64_t j = 0; j < one->items; j++) {
        for (int o = 0; o < VRK_ITEM_OPTIONS; o++)
            points += (double)one->item[j].option[o].points;
    }
    return points / (double)(one->items * VRK_ITEM_OPTIONS * VRK_ITEM_POINTS);
}

static vrk_status make_part(vrk_ctx *ctx, const vrk_sitting_part *from, vrk_ability_part *out)
{
    vrk_status st = VRK_OK;
    vrk_mark mark = vrk_mark_of(&ctx->scratch);
    const vrk_bank *bank = vrk_part_bank(from);
    const vrk_instrument *one = bank->instrument;
    bool *of[VRK_KINDS];

    *out =
        (vrk_ability_part){.instrument = one, .chance = by_chance(one), .persons = from->persons};
    TRY(vrk_bank_gauge(ctx, bank, from->x, NULL, &out->all));
    out->told = out->all.answers >= VRK_ANSWERS_LEAST;
    for (int k = 0; k < VRK_KINDS; k++) {
        of[k] = VRK_NEW(&ctx->scratch, one->items, bool);
        if (!of[k])
            FAIL(VRK_EMEMORY, "out of memory for a profile");
        for (int64_t j = 0; j < one->items; j++)
            of[k][j] = vrk_item_is(&one->item[j], (vrk_kind)k);
        TRY(vrk_bank_gauge(ctx, bank, from->x, of[k], &out->kind[k]));
        out->kind_told[k] = out->kind[k].answers >= VRK_ANSWERS_LEAST;
    }
    for (int c = 0; c < VRK_CONTRASTS; c++) {
        out->harder[c] = nan("");
        if (out->kind_told[contrast[c][0]] && out->kind_told[contrast[c][1]])
            TRY(vrk_bank_above(ctx, bank, from->x, of[contrast[c][0]], of[contrast[c][1]],
                               &out->harder[c]));
    }
done:
    vrk_rewind(&ctx->scratch, mark);
    return st;
}

/* What the answers alone say of the trait: the standard normal prior taken out again. */
static bool alone(const vrk_gauge *g, double *at, double *variance)
{
    double precision = 1 / (g->psd * g->psd);
    if (!(precision > 1 + 1e-9))
        return false;
    *variance = 1 / (precision - 1);
    *at = g->eap * precision * *variance;
    return true;
}

double vrk_parts_same_p(const vrk_ability_part *part, int64_t parts)
{
    double w = 0, wx = 0, wxx = 0, at, variance;
    int64_t n = 0;
    for (int64_t i = 0; i < parts; i++) {
        if (!part[i].told || !alone(&part[i].all, &at, &variance))
            continue;
        n++;
        w += 1 / variance;
        wx += at / variance;
        wxx += at * at / variance;
    }
    return n < 2 ? nan("") : vrk_chi2_above(fmax(wxx - wx * wx / w, 0), (double)(n - 1));
}

vrk_status vrk_ability_make(vrk_ctx *ctx, const vrk_sitting *s, vrk_ability *out)
{
    vrk_status st = VRK_OK;
    *out = (vrk_ability){.parts = s->parts, .mem.limit = ctx->scratch.limit};
    if (s->link == VRK_LINK_CHANGED)
        FAIL(VRK_EINPUT, "the situations or their points have changed since these answers were "
                         "given; this version cannot score them");
    out->part = VRK_NEW(&out->mem, s->parts, vrk_ability_part);
    if (!out->part)
        FAIL(VRK_EMEMORY, "out of memory for a profile");
    for (int64_t p = 0; p < s->parts; p++)
        TRY(make_part(ctx, &s->part[p], &out->part[p]));
    TRY(vrk_pattern_of(ctx, s, &out->pattern));
    out->apart_p = vrk_parts_same_p(out->part, out->parts);
    out->apart = out->apart_p < VRK_CHANCE_APART;
done:
    if (st != VRK_OK)
        vrk_ability_free(out);
    return st;
}

void vrk_ability_free(vrk_ability *p)
{
    vrk_arena_free(&p->mem);
    *p = (vrk_ability){0};
}

vrk_change_of vrk_reliable_change(const vrk_gauge *before, const vrk_gauge *after)
{
    vrk_change_of c = {.change = nan(""), .se = nan(""), .p_up = nan(""), .p_down = nan("")};
    double at[2], variance[2];
    if (!alone(before, &at[0], &variance[0]) || !alone(after, &at[1], &variance[1]))
        return c;
    c.change = at[1] - at[0];
    c.se = sqrt(variance[0] + variance[1]);
    c.p_up = vrk_normal_below(c.change / c.se);
    c.p_down = 1 - c.p_up;
    c.reliable = fmax(c.p_up, c.p_down) >= sure;
    return c;
}
