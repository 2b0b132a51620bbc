/* diag/document.h - the result document verkan.diagnosis/1 (doc/diagnosis.schema.json): what a
 * diagnosis found, with its uncertainty, and what it could not answer. Persons are surrogate keys
 * in it; vrk_view() puts the source's own ids there for those who may see them. */
#ifndef VRK_DIAG_DOCUMENT_H
#define VRK_DIAG_DOCUMENT_H

#include "diag/activity.h"
#include "diag/attribution.h"
#include "diag/beyond.h"
#include "diag/coverage.h"
#include "diag/crm.h"
#include "diag/decide.h"
#include "diag/follow_up.h"
#include "diag/hours.h"
#include "diag/league.h"
#include "diag/open_deals.h"
#include "diag/origin.h"
#include "diag/process.h"
#include "diag/seller_moments.h"
#include "diag/stages.h"
#include "diag/what_if.h"

struct json_t; /* jansson */

/* Everything a document is made of. Borrowed. */
typedef struct {
    vrk_lang lang; /* of the sentences in it */
    const char *version;
    uint64_t seed;
    bool dated;               /* something in the data has a time */
    int64_t from, to;         /* first and last day with data; to is the as-of day */
    const vrk_origin *origin; /* NULL = not known */
    const vrk_coverage *coverage;
    const vrk_answer *answer; /* [11] */
    const vrk_process *process;
    const vrk_crm *crm;
    int64_t notes;
    const vrk_note *note;                     /* [notes] what was inferred */
    const vrk_moments *moments;               /* NULL = not fitted */
    const vrk_seller_moments *seller_moments; /* NULL = none */
    const vrk_beyond *beyond;                 /* NULL = none */
    const vrk_open_deals *open;               /* NULL = none */
    const vrk_attribution *attribution;       /* NULL = none */
    const vrk_league *league;                 /* NULL = none */
    const vrk_follow_ups *follow;             /* NULL = none */
    const vrk_hours *hours;                   /* NULL = none */
    const vrk_activity *activity;             /* NULL = none */
    const vrk_what_if *what_if;               /* NULL = none */
    const vrk_leaks *leaks;                   /* NULL = none */
    const vrk_decisions *decisions;
    const vrk_action_settings *actions; /* NULL = none asked for */ /* NULL = none */
} vrk_findings;

/* Builds the document and says it in f->lang. *out is owned by the caller: vrk_document_free().
 * VRK_EMEMORY. */
VRK_MUST vrk_status vrk_document_make(vrk_ctx *ctx, const vrk_findings *f, struct json_t **out);

/* Writes every sentence of the document anew, in that language, from the codes and numbers beside
 * it. VRK_EMEMORY; VRK_EINPUT: a code that this version does not know. */
VRK_MUST vrk_status vrk_document_say(vrk_ctx *ctx, struct json_t *document, vrk_lang lang);

/* As text: keys in the order of the schema, numbers to 9 significant digits, two spaces' indent.
 * In mem. VRK_EMEMORY. */
VRK_MUST vrk_status vrk_document_text(vrk_ctx *ctx, const struct json_t *document, vrk_arena *mem,
                                      const char **text);

/* Reads such a text. VRK_EINPUT with line and what is wrong. */
VRK_MUST vrk_status vrk_document_read(vrk_ctx *ctx, const char *text, struct json_t **out);

void vrk_document_free(struct json_t *document); /* NULL is fine */

#endif
