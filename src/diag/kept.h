/* diag/kept.h - the diagnosis of a workspace: made and stored as a snapshot (store/results.h), or
 * answered from the stored one where facts, settings, seed and program are the same; and made again
 * from what a snapshot was made from. */
#ifndef VRK_DIAG_KEPT_H
#define VRK_DIAG_KEPT_H

#include "diag/words.h"
#include "store/results.h"
#include "store/workspace.h"

struct json_t; /* jansson */

typedef struct {
    vrk_lang lang;
    const char *version; /* of the program */
    bool fresh;          /* compute even where nothing changed */
    bool has_as_of;      /* else as said at the import, else the newest record */
    int64_t as_of;       /* [us, local wall time] */
} vrk_kept_opt;

/* The diagnosis of the standing generation. What is stored are texts with 9 significant digits and
 * persons as surrogate keys; *out is read from that text, so that a later answer is the same to the
 * last bit. *made says whether it was computed now, *expired how many old documents were let go for
 * it. Failures as vrk_diagnose(), and VRK_EIO where it cannot be stored. *out is the caller's
 * (vrk_document_free). */
VRK_MUST vrk_status vrk_kept_diagnose(vrk_ctx *ctx, const vrk_workspace *w, const vrk_kept_opt *opt,
                                      struct json_t **out, bool *made, int64_t *expired);

/* The document of a snapshot, said in `lang`. VRK_EINPUT: it has expired. */
VRK_MUST vrk_status vrk_kept_document(vrk_ctx *ctx, const vrk_result *r, vrk_lang lang,
                                      struct json_t **out);

/* Makes the document again from the snapshot's generation, settings and seed. VRK_EINPUT: the
 * generation is gone, or `version` is not the one that made it; the message says so. */
VRK_MUST vrk_status vrk_kept_replay(vrk_ctx *ctx, const vrk_workspace *w, const vrk_result *r,
                                    const char *version, vrk_lang lang, struct json_t **out);

#endif
