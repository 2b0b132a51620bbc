/* people/qti_write.h - an instrument's situations as a QTI 3 package (1EdTech QTI 3.0, content
 * packaging): a folder to zip for another test player. What that player reports back is read by
 * ingest/qti.h under the same item ids. doc/assess.md. */
#ifndef VRK_PEOPLE_QTI_WRITE_H
#define VRK_PEOPLE_QTI_WRITE_H

#include "base/str.h"
#include "diag/words.h"
#include "people/instrument.h"

/* One file each: a situation with its key as partial credit; the test; the manifest. */
void vrk_qti_item(vrk_str *out, const vrk_item *item, vrk_lang lang);
void vrk_qti_test(vrk_str *out, const vrk_instrument *one, vrk_lang lang);
void vrk_qti_manifest(vrk_str *out, const vrk_instrument *one);

/* A new folder with all of them, whole or not at all. VRK_EINPUT: something is there already. */
VRK_MUST vrk_status vrk_qti_write(vrk_ctx *ctx, const vrk_instrument *one, vrk_lang lang,
                                  const char *folder);

#endif
