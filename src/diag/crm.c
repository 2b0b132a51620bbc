#include "diag/crm.h"

#include "diag/rows.h"

static const struct {
    const char *name, *systems, *definition, *differs, *n, *of;
} crm_of[VRK_CRM_COUNT] = {
    [VRK_CRM_WON_OF_CLOSED] =
        {"won_of_closed", VRK_N("win-rate reports of Salesforce, Dynamics, Pipedrive, Upsales"),
         VRK_N("Won of the deals closed in the last 52 weeks."),
         VRK_N("Open deals do not count, so it looks better the longer lost deals are left open."),
         "won_of_closed", "closed"},
    [VRK_CRM_WON_OF_CREATED] =
        {"won_of_created", VRK_N("HubSpot and other reports by creation date"),
         VRK_N("Won so far of the deals created in the last 52 weeks."),
         VRK_N("Young deals count as not won, so it looks worse the more deals are new."),
         "won_of_created", "created"},
    [VRK_CRM_REACHED] =
        {"reached", "Pipedrive",
         VRK_N("Reached a later stage or won, of those that ever were there or later."),
         VRK_N(
             "Deals that still stand there count as not gone on; skipped stages count as passed."),
         "reached", "reached_of"},
    [VRK_CRM_NEXT_STEP] =
        {"next_step", "HubSpot", VRK_N("Seen in the very next stage, of those seen in this one."),
         VRK_N("A deal that skips the next stage counts as a failure, and so does one still "
               "standing."),
         "next_step", "next_step_of"},
    [VRK_CRM_SNAPSHOT] =
        {"snapshot", VRK_N("pipeline charts of Salesforce and Dynamics"),
         VRK_N("Open deals that stand later today, of those that stand here or later."),
         VRK_N("It sees no time: slow stages look full and quick ones empty, whatever passes "
               "through."),
         "later", "later_of"},
    [VRK_CRM_EVERY_WIN] =
        {"every_win", "Odoo", VRK_N("Won, of the won and of those lost here or later."),
         VRK_N("Open deals do not count, and a win is booked also in stages that were skipped."),
         "every_win", "every_win_of"},
};

const char *vrk_crm_name(vrk_crm_kind kind)
{
    return crm_of[kind].name;
}

const char *vrk_crm_systems(vrk_lang lang, vrk_crm_kind kind)
{
    return vrk_tr(lang, crm_of[kind].systems);
}

const char *vrk_crm_definition(vrk_lang lang, vrk_crm_kind kind)
{
    return vrk_tr(lang, crm_of[kind].definition);
}

const char *vrk_crm_differs(vrk_lang lang, vrk_crm_kind kind)
{
    return vrk_tr(lang, crm_of[kind].differs);
}

static void keep(vrk_crm *crm, const vrk_frame *f, vrk_crm_kind kind, int64_t row, int64_t stage)
{
    vrk_crm_figure x = {kind, stage, vrk_row_int(f, crm_of[kind].n, row),
                        vrk_row_int(f, crm_of[kind].of, row)};
    if (x.of > 0)
        crm->figure[crm->figures++] = x;
}

vrk_status vrk_crm_count(vrk_ctx *ctx, vrk_facts *facts, bool by_stage, vrk_crm *out)
{
    vrk_status st = VRK_OK;
    vrk_frame deals = {0}, stages = {0};

    *out = (vrk_crm){0};
    TRY(vrk_rows(ctx, facts, VRK_SQL_CONVERSION_DEALS, &deals));
    if (by_stage)
        TRY(vrk_rows(ctx, facts, VRK_SQL_CONVERSION_STAGES, &stages));
    out->figure = VRK_NEW(&out->mem, VRK_CRM_COUNT * (stages.rows + 1), vrk_crm_figure);
    if (!out->figure)
        FAIL(VRK_EMEMORY, "out of memory");
    keep(out, &deals, VRK_CRM_WON_OF_CLOSED, 0, -1);
    keep(out, &deals, VRK_CRM_WON_OF_CREATED, 0, -1);
    for (int kind = VRK_CRM_REACHED; kind < VRK_CRM_COUNT; kind++) {
        for (int64_t i = 0; i < stages.rows; i++)
            keep(out, &stages, (vrk_crm_kind)kind, i, i);
    }
done:
    vrk_frame_free(&deals);
    vrk_frame_free(&stages);
    if (st != VRK_OK)
        vrk_crm_free(out);
    return st;
}

void vrk_crm_free(vrk_crm *crm)
{
    vrk_arena_free(&crm->mem);
    *crm = (vrk_crm){0};
}
