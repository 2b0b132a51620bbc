/* diag/web.h - the result document inside the page that shows it (web/): one HTML text that opens
 * anywhere and fetches nothing. The report is this text; the server serves it too. */
#ifndef VRK_DIAG_WEB_H
#define VRK_DIAG_WEB_H

#include "base/str.h"
#include "diag/words.h"

struct json_t; /* jansson */

/* Whether this build has the pages; without Node at build time it has not. */
bool vrk_web_built(void);

/* Says, in a language, what layers above put into the document. */
typedef vrk_status (*vrk_say_more)(vrk_ctx *ctx, struct json_t *document, vrk_lang lang);

/* Appends the page to *out. The document is as vrk_view() gave it; beside it stand its sentences in
 * the other language (`more` says those that vrk_document_say() does not know), so that the reader
 * can change. "<", ">", "&", U+2028 and U+2029 are escaped in the JSON: no text of the data can end
 * the script element or start another. VRK_EINPUT: no pages in this build, or no known language;
 * VRK_EMEMORY. O(size of the document). */
VRK_MUST vrk_status vrk_web_page(vrk_ctx *ctx, const struct json_t *document, vrk_say_more more,
                                 vrk_str *out);

#endif
