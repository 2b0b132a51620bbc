/* http/uploads.h - files on their way in: a folder of their own in the workspace until they are
 * read in or thrown away. Gone when the server starts. */
#ifndef VRK_HTTP_UPLOADS_H
#define VRK_HTTP_UPLOADS_H

#include "http/app.h"

/* Throws away what an earlier server left. */
VRK_MUST vrk_status vrk_uploads_start(vrk_worker *w);

/* Opens the file that the body of the request goes to. False: answered. */
bool vrk_upload_open(vrk_app *app, vrk_request *r);

/* For the import of an upload: writes the mapping file, or answers where there is no such upload.
 */
VRK_MUST vrk_status vrk_upload_ready(vrk_worker *w, vrk_request *r, const char *id,
                                     const struct json_t *map);
/* The words of its command; `asked`: the body of the job. */
VRK_MUST vrk_status vrk_upload_words(vrk_worker *w, const struct json_t *asked, const char **word,
                                     int *n);
/* The same to bring in an instrument of one's own. */
VRK_MUST vrk_status vrk_upload_instrument(vrk_worker *w, const struct json_t *asked,
                                          const char *lang, const char **word, int *n);
void vrk_upload_used(vrk_worker *w, const char *asked); /* it is read in: throws it away */

/* The upload's folder of files, where it is there and the member's; else NULL. In mem. */
const char *vrk_upload_folder(const vrk_app *app, const vrk_request *r, const char *id,
                              vrk_arena *mem);

#endif
