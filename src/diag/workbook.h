/* diag/workbook.h - the result document as an XLSX workbook: a sheet a table, figures as numbers
 * that can be sorted and summed, every estimate with both ends of its interval. */
#ifndef VRK_DIAG_WORKBOOK_H
#define VRK_DIAG_WORKBOOK_H

#include "base/base.h"

struct json_t; /* jansson */

/* Writes the document, as vrk_view() gave it, in its own language. `folder` is private and takes
 * the writer's own files; `path` lies in it too, to be moved when it is whole. Text
 * that a spreadsheet could take for a formula begins with an apostrophe. VRK_EINPUT: no known
 * language; VRK_EIO; VRK_EMEMORY. O(rows). */
VRK_MUST vrk_status vrk_workbook_write(vrk_ctx *ctx, const struct json_t *document,
                                       const char *folder, const char *path);

#endif
