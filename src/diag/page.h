/* diag/page.h - the result document as a page for the terminal, in the document's language: the
 * finding first, how sure it is, the picture, the table, what cannot be answered and what to record
 * (UI.md sections 6, 7 and 9). Plain text; reads nothing but the document. */
#ifndef VRK_DIAG_PAGE_H
#define VRK_DIAG_PAGE_H

#include "base/str.h"

struct json_t; /* jansson */

/* All zero is the default. */
typedef struct {
    int64_t width; /* columns, 80 ... 100; 0 = 88 */
    bool bold;     /* headings in bold (for a terminal that can) */
} vrk_page_opt;

/* Appends the page to `out`. VRK_EINPUT: no result document. VRK_EMEMORY. */
VRK_MUST vrk_status vrk_page(vrk_ctx *ctx, const struct json_t *document, const vrk_page_opt *opt,
                             vrk_str *out);

/* Only what the change that was asked for is worth. As vrk_page. */
VRK_MUST vrk_status vrk_page_asked(vrk_ctx *ctx, const struct json_t *document,
                                   const vrk_page_opt *opt, vrk_str *out);

/* The same for `verkan deals`: the open deals, all of them. */
VRK_MUST vrk_status vrk_page_deals(vrk_ctx *ctx, const struct json_t *document,
                                   const vrk_page_opt *opt, vrk_str *out);

/* The same for `verkan follow-up`: what each intervention did. */
VRK_MUST vrk_status vrk_page_follow_up(vrk_ctx *ctx, const struct json_t *document,
                                       const vrk_page_opt *opt, vrk_str *out);

/* The same for `verkan doctor`: what the data can answer, and what to record for the rest. Reads
 * the document's data, answers and method only. */
VRK_MUST vrk_status vrk_page_doctor(vrk_ctx *ctx, const struct json_t *document,
                                    const vrk_page_opt *opt, vrk_str *out);

#endif
