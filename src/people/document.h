/* people/document.h - what roles ask for and how applicants compare with it, in the places that the
 * result document has for them (DESIGN 7: requirements, candidates). They are of now, not of the
 * stored result: whoever shows a document fills them in, before vrk_view(). doc/recruit.md. */
#ifndef VRK_PEOPLE_DOCUMENT_H
#define VRK_PEOPLE_DOCUMENT_H

#include "diag/words.h"
#include "people/applicant.h"

struct json_t; /* jansson */

/* Replaces what roles ask for in the document. VRK_EDB, VRK_EMEMORY. */
VRK_MUST vrk_status vrk_requirements_document(vrk_ctx *ctx, vrk_records *records, vrk_lang lang,
                                              struct json_t *document);

/* Replaces the applicants: those of the data (candidates) and those who were invited here; their
 * order is by lot. `facts` may be NULL: only the latter. `alike`: of a test and interviews, assumed
 * (people/applicant.h). VRK_EDB, VRK_EMEMORY. */
VRK_MUST vrk_status vrk_candidates_document(vrk_ctx *ctx, vrk_records *records, vrk_facts *facts,
                                            const vrk_instruments *all, double alike,
                                            int64_t viewer, vrk_lang lang, struct json_t *document);

/* Says the sentences of both again, from their rows; for vrk_web_page(). VRK_EMEMORY. */
VRK_MUST vrk_status vrk_applying_say(vrk_ctx *ctx, struct json_t *document, vrk_lang lang);

/* Where a weight stands, in parts of one, with 90 %: the start value, each expert and own deals as
 * so many voices. False: only the start value, or one who weighed it: how far that is off nobody
 * knows.
 */
bool vrk_job_weight_range(const vrk_job *role, int k, double *lo, double *hi);

#endif
