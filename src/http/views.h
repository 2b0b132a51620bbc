/* http/views.h - a stored result as a member may see it. */
#ifndef VRK_HTTP_VIEWS_H
#define VRK_HTTP_VIEWS_H

#include "diag/view.h"
#include "http/app.h"

/* What the account is to vrk_view(): its teams and the persons whose rows it may see. Held by mem
 * and the document. */
vrk_viewer vrk_viewer_of(const vrk_app *app, const vrk_member *m, const struct json_t *document,
                         vrk_arena *mem);

/* The snapshot's document for who asks, in the language of the request. *persons: for the log, whom
 * it shows to others; NULL = nobody; in ctx->scratch. *out: vrk_document_free. */
VRK_MUST vrk_status vrk_view_for(vrk_worker *w, const vrk_request *r, int64_t snapshot,
                                 vrk_purpose purpose, struct json_t **out, const char **persons);

#endif
