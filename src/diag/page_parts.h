/* diag/page_parts.h - the parts of diag/page.h that stand in files of their own. */
#ifndef VRK_DIAG_PAGE_PARTS_H
#define VRK_DIAG_PAGE_PARTS_H

#include "diag/json.h"
#include "diag/layout.h"
#include "diag/page.h"

/* Checks the document and sets up the layout in its language. */
VRK_MUST vrk_status vrk_page_start(vrk_ctx *ctx, const json_t *document, const vrk_page_opt *opt,
                                   vrk_str *out, vrk_layout *l);

void vrk_page_scope(vrk_layout *l, const json_t *document);
void vrk_page_stages(vrk_layout *l, const json_t *document); /* picture, table, situations */
/* The 15 stages that most deals enter, in their order, and how many more there are; release with
 * json_decref. */
json_t *vrk_page_shown_stages(const json_t *document, int64_t *more);
void vrk_page_cohorts(vrk_layout *l, const json_t *document);
void vrk_page_attribution(vrk_layout *l, const json_t *document); /* and who stands out */
void vrk_page_sellers(vrk_layout *l, const json_t *document);
void vrk_page_open(vrk_layout *l, const json_t *document, int64_t most); /* deals */
void vrk_page_follow(vrk_layout *l, const json_t *document, bool all);   /* else only measures */
void vrk_page_activity(vrk_layout *l, const json_t *document);           /* would more tempo help */
void vrk_page_time(vrk_layout *l, const json_t *document); /* hours, and what they take */
void vrk_page_leaks(vrk_layout *l, const json_t *document);
void vrk_page_decisions(vrk_layout *l, const json_t *document); /* what to do, and what not */
void vrk_page_what_if(vrk_layout *l, const json_t *document);
void vrk_page_conversion(vrk_layout *l, const json_t *document);
void vrk_page_cannot(vrk_layout *l, const json_t *document);
void vrk_page_data(vrk_layout *l, const json_t *document); /* balance, rejects, undated deals */

/* "61% (58–64)" of a share; "12 days" of days, or that it was not reached. */
const char *vrk_page_share(const vrk_words *w, const json_t *object, const char *key);
const char *vrk_page_days(const vrk_words *w, const json_t *object, const char *key);

#endif
