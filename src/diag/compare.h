/* diag/compare.h - where two result documents differ. */
#ifndef VRK_DIAG_COMPARE_H
#define VRK_DIAG_COMPARE_H

#include "base/base.h"

struct json_t; /* jansson */

typedef struct {
    const char *path, *was, *is; /* "sellers[3].moments[0].verdict"; "" = not there */
} vrk_difference;

enum { VRK_DIFFERENCES = 10 };

/* Numbers are held to be the same where they have the same 9 significant digits. Gives how many
 * differ; the first VRK_DIFFERENCES in out, texts in mem. data.problems is left out: the raw values
 * its counts come from are erased after 30 days. */
VRK_MUST vrk_status vrk_document_compare(vrk_ctx *ctx, struct json_t *was, struct json_t *is,
                                         vrk_arena *mem, vrk_difference *out, int64_t *n);

#endif
