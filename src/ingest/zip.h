/* ingest/zip.h - a ZIP archive as a list of parts, each read as a stream. The only door to libzip:
 * archives that would write outside a folder or blow up are refused when they are opened, and what
 * an archive says of a part's size is not trusted when it is read. */
#ifndef VRK_INGEST_ZIP_H
#define VRK_INGEST_ZIP_H

#include "base/base.h"

/* An archive may hold so many parts, and unpack to so many bytes; from VRK_ZIP_SMALL bytes up to at
 * most VRK_ZIP_RATIO times its own size (text packs 3 to 30 times, a bomb 1000). */
enum { VRK_ZIP_PARTS = 10000, VRK_ZIP_RATIO = 250, VRK_ZIP_SMALL = 16 << 20 };
#define VRK_ZIP_MOST ((int64_t)16 << 30)

typedef struct vrk_zip vrk_zip;

/* `name` is for messages, and is kept. VRK_EINPUT: no archive, cut off, encrypted, over a limit, or
 * a part with a path that leads out (absolute, "..", a drive, a backslash). VRK_EIO. */
VRK_MUST vrk_status vrk_zip_open(vrk_ctx *ctx, const char *path, const char *name, vrk_zip **out);
void vrk_zip_close(vrk_zip *z); /* NULL is fine */

int64_t vrk_zip_parts(const vrk_zip *z);
const char *vrk_zip_part(const vrk_zip *z, int64_t i);    /* its name, UTF-8; folders end in / */
int64_t vrk_zip_date(const vrk_zip *z, int64_t i);        /* [s since 1970]; 0 = not said */
int64_t vrk_zip_find(const vrk_zip *z, const char *name); /* without regard to case; -1 = none */

/* One part at a time: start, then read until *got is 0, then start another or close. */
VRK_MUST vrk_status vrk_zip_start(vrk_ctx *ctx, vrk_zip *z, int64_t i);
VRK_MUST vrk_status vrk_zip_read(vrk_ctx *ctx, vrk_zip *z, void *bytes, size_t n, size_t *got);

/* Is it an archive, by its first bytes; and what is its first part called? */
bool vrk_zip_is(const char *start, size_t n);
bool vrk_zip_first(const char *start, size_t n, const char *begins);

#endif
