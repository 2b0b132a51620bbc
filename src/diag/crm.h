/* diag/crm.h - what the conversion figures of common CRM systems would say about the same deals,
 * counted as each of them counts. They differ from each other because they treat open deals,
 * skipped stages and steps back differently; doc/diagnosis.md says how. */
#ifndef VRK_DIAG_CRM_H
#define VRK_DIAG_CRM_H

#include "diag/words.h"
#include "store/facts.h"

typedef enum {
    VRK_CRM_WON_OF_CLOSED,  /* won / closed, in the last 52 weeks */
    VRK_CRM_WON_OF_CREATED, /* won so far / created in the last 52 weeks */
    VRK_CRM_REACHED,        /* per stage: ever at a later stage or won / ever there or later */
    VRK_CRM_NEXT_STEP,      /* per stage: seen in the next stage / seen in this one */
    VRK_CRM_SNAPSHOT,       /* per stage: standing later today / standing there or later today */
    VRK_CRM_EVERY_WIN,      /* per stage: won / (won + lost at it or later), wins in all stages */
    VRK_CRM_COUNT
} vrk_crm_kind;

typedef struct {
    vrk_crm_kind kind;
    int64_t stage; /* index in the order of stages; -1 = all deals */
    int64_t n, of; /* the figure is n / of */
} vrk_crm_figure;

typedef struct {
    int64_t figures;
    vrk_crm_figure *figure; /* by kind, then stage; those with of = 0 left out */
    vrk_arena mem;
} vrk_crm;

/* Counts over facts whose ledger is built; per stage only where `by_stage`. VRK_EDB, VRK_EMEMORY.
 */
VRK_MUST vrk_status vrk_crm_count(vrk_ctx *ctx, vrk_facts *facts, bool by_stage, vrk_crm *out);
void vrk_crm_free(vrk_crm *crm); /* safe on an empty one */

const char *vrk_crm_name(vrk_crm_kind kind); /* in the document: "won_of_closed" */
const char *vrk_crm_systems(vrk_lang lang, vrk_crm_kind kind);    /* which systems count so */
const char *vrk_crm_definition(vrk_lang lang, vrk_crm_kind kind); /* one sentence */
const char *vrk_crm_differs(vrk_lang lang, vrk_crm_kind kind);    /* why it differs, one sentence */

#endif
