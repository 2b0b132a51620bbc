/* diag/document_parts.h - the parts of diag/document.h that stand in files of their own. jansson's
 * constructors fail by NULL, and json_pack and vrk_json_pushed pass a NULL part on as a failure of
 * the whole; so each builder gives NULL when memory ran out anywhere in it. */
#ifndef VRK_DIAG_DOCUMENT_PARTS_H
#define VRK_DIAG_DOCUMENT_PARTS_H

#include "diag/document.h"

#include <jansson.h>

json_t *vrk_json_pushed(json_t *list, json_t *item); /* takes both */
json_t *vrk_json_real(double x);                     /* null where not finite */
json_t *vrk_json_estimate(double mean, double lo, double hi);

json_t *vrk_sellers_json(const vrk_findings *f);
json_t *vrk_hyperparameters_json(const vrk_moments *m); /* m may be NULL */

/* What the document's own words are called in a language; the word itself where it is unknown. */
const char *vrk_say_moment(vrk_lang lang, const char *moment);
const char *vrk_say_verdict(vrk_lang lang, const char *verdict);
const char *vrk_say_advice(vrk_lang lang, const char *advice);     /* of an open deal */
const char *vrk_say_advisable(vrk_lang lang, const char *verdict); /* of an action */
const char *vrk_say_status(vrk_lang lang, const char *status);     /* of an answer */
const char *vrk_say_category(vrk_lang lang, const char *category); /* of time */

json_t *vrk_process_findings_json(const vrk_findings *f);
json_t *vrk_market_findings_json(const vrk_findings *f);

json_t *vrk_activity_json(const vrk_findings *f); /* null where nothing can be estimated */
VRK_MUST vrk_status vrk_say_activity(vrk_ctx *ctx, const vrk_words *w, json_t *activity);

json_t *vrk_time_json(const vrk_findings *f);
json_t *vrk_postponed_json(const vrk_findings *f); /* null where it is not known */

/* The sentences about time: of each row of `time`, and of `postponed`. */
VRK_MUST vrk_status vrk_say_time(vrk_ctx *ctx, const vrk_words *w, json_t *row);
VRK_MUST vrk_status vrk_say_postponed(vrk_ctx *ctx, const vrk_words *w, json_t *postponed);

/* The sentences of these two, item by item. */
VRK_MUST vrk_status vrk_say_process(vrk_ctx *ctx, const vrk_words *w, json_t *finding);
VRK_MUST vrk_status vrk_say_market(vrk_ctx *ctx, const vrk_words *w, json_t *finding);

/* What changes are worth. */
json_t *vrk_what_if_json(const vrk_findings *f);
VRK_MUST vrk_status vrk_say_what_if(vrk_ctx *ctx, const vrk_words *w, json_t *row);

/* Leaks and actions, and the sentences of each. */
json_t *vrk_leaks_json(const vrk_findings *f);
json_t *vrk_decisions_json(const vrk_findings *f);
json_t *vrk_action_settings_json(const vrk_action_settings *a);
VRK_MUST vrk_status vrk_say_leak(vrk_ctx *ctx, const vrk_words *w, json_t *leak);
VRK_MUST vrk_status vrk_say_decision(vrk_ctx *ctx, const vrk_words *w, json_t *decision);

/* Sets a text; VRK_EMEMORY also where the words ran out of memory. */
VRK_MUST vrk_status vrk_say_set(vrk_ctx *ctx, const vrk_words *w, json_t *o, const char *key,
                                const char *text);

/* Null where nothing can be said. vrk_standings_json sets rank and standing of sellers' rows. */
json_t *vrk_attribution_json(const vrk_findings *f);
json_t *vrk_league_json(const vrk_findings *f);
json_t *vrk_standings_json(const vrk_findings *f, json_t *sellers);
VRK_MUST vrk_status vrk_say_attribution(vrk_ctx *ctx, const vrk_words *w, json_t *document);
/* What interventions did, and the sentence of each. */
json_t *vrk_follow_up_json(const vrk_findings *f);
VRK_MUST vrk_status vrk_say_follow(vrk_ctx *ctx, const vrk_words *w, json_t *follow);

/* The open deals, most worth acting on first, and the sentence of each. */
json_t *vrk_open_deals_json(const vrk_findings *f);
VRK_MUST vrk_status vrk_say_open_deal(vrk_ctx *ctx, const vrk_words *w, json_t *deal);

/* The reason that an object's code, n, of, more and weeks are. VRK_EINPUT: unknown code. */
VRK_MUST vrk_status vrk_say_reason_of(vrk_ctx *ctx, const json_t *o, vrk_reason *r);

/* The sentences about a seller's moments; document_sellers.c writes what they are said from. */
VRK_MUST vrk_status vrk_say_seller(vrk_ctx *ctx, const vrk_words *w, json_t *seller);

#endif
