/* diag/digest.h - a week in half a page: what needs attention, what changed since an earlier
 * diagnosis, what to do and not. No person is in it. */
#ifndef VRK_DIAG_DIGEST_H
#define VRK_DIAG_DIGEST_H

#include "base/str.h"

struct json_t; /* jansson */

/* Appends the digest of a result document, in its language, to *out: as text of 80 columns, or as
 * one HTML text without script that a mail program shows. `before`: an earlier document of the same
 * organisation; NULL: there is none. VRK_EINPUT: not such documents; VRK_EMEMORY. */
VRK_MUST vrk_status vrk_digest_text(vrk_ctx *ctx, const struct json_t *now,
                                    const struct json_t *before, vrk_str *out);
VRK_MUST vrk_status vrk_digest_html(vrk_ctx *ctx, const struct json_t *now,
                                    const struct json_t *before, vrk_str *out);

#endif
