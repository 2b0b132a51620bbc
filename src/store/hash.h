/* store/hash.h - SHA-256 of files and texts (FIPS 180-4, by libsodium). */
#ifndef VRK_STORE_HASH_H
#define VRK_STORE_HASH_H

#include "base/base.h"

/* `hex` [65]: 64 lower-case digits and a NUL. VRK_EIO. About 0.4 GB a second. */
VRK_MUST vrk_status vrk_file_sha256(vrk_ctx *ctx, const char *path, char *hex);

/* The same of a text, without its NUL. */
void vrk_text_sha256(const char *text, char *hex);

#endif
