/* ingest/textfile.h - a text file of whatever encoding (decode.h) as UTF-8 in memory. */
#ifndef VRK_INGEST_TEXTFILE_H
#define VRK_INGEST_TEXTFILE_H

#include "base/base.h"

/* Reads all of `path`, without byte order mark, NUL-terminated, held by `mem`. NUL bytes become
 * blanks. VRK_EINPUT over `most` bytes; VRK_EIO. Cost: four times the file in memory if it is not
 * UTF-8, else once. */
VRK_MUST vrk_status vrk_textfile_read(vrk_ctx *ctx, const char *path, const char *name, size_t most,
                                      vrk_arena *mem, char **text, size_t *n);

#endif
