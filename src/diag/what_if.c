#include "diag/what_if.h"

#include <string.h>

static const char *const usual[] = {
    "activity+20%",           "fix:prospecting", "fix:qualification", "fix:decision_steering",
    "fix:objection_handling", "fix:next_step",   "free 4 h/week",     "stop bad deals"};
enum { USUAL = sizeof(usual) / sizeof(usual[0]) };

/* Whether the data carry it. */
static bool carried(const vrk_twin *t, const vrk_change *c)
{
    bool can = (c->free_h <= 0 || t->load_sd_h > 0) &&
               (!c->stop_bad || t->can[VRK_AT_QUALIFICATION]) &&
               (c->activity == 1 || t->can[VRK_AT_PROSPECTING]);
    for (int m = 1; m <= VRK_AT_MOMENTS; m++)
        can &= !c->fix[m] || t->can[m];
    return can;
}

vrk_status vrk_what_if_make(vrk_ctx *ctx, const vrk_twin *t, const char *asked, vrk_what_if *out)
{
    vrk_status st = VRK_OK;
    *out = (vrk_what_if){.currency = ""};
    if (!t->base.usable) {
        if (asked)
            FAIL(VRK_EINPUT, "the data do not carry the year to come: it takes stages, sellers and "
                             "at least 30 won deals with amounts");
        goto done;
    }
    out->currency = t->base.currency;
    TRY(vrk_twin_present(ctx, t, &out->present));
    for (int i = 0; i < (asked ? 1 : USUAL); i++) {
        vrk_what_if_row *row = &out->row[out->n];
        row->key = asked ? asked : usual[i];
        TRY(vrk_change_parse(ctx, row->key, &row->change));
        if (!asked && !carried(t, &row->change))
            continue;
        TRY(vrk_twin_value(ctx, t, &row->change, &row->worth));
        out->n++;
    }
done:
    return st;
}
