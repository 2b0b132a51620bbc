/* store/hash.h - SHA-256 of files and texts (FIPS 180-4), passwords (Argon2id, RFC 9106) and
 * tokens, by libsodium. */
#ifndef VRK_STORE_HASH_H
#define VRK_STORE_HASH_H

#include "base/base.h"

enum { VRK_HEX = 65, VRK_PASSWORD_HASH = 128 }; /* [byte] with the NUL */

/* `hex` [65]: 64 lower-case digits and a NUL. VRK_EIO. About 0.4 GB a second. */
VRK_MUST vrk_status vrk_file_sha256(vrk_ctx *ctx, const char *path, char *hex);

/* The same of a text, without its NUL. */
void vrk_text_sha256(const char *text, char *hex);
void vrk_bytes_sha256(const void *bytes, size_t n, char *hex);

/* SipHash-2-4 under a secret key [16]: nobody without it can find two texts of one hash. About
 * 1 GB a second. */
uint64_t vrk_keyed_hash(const unsigned char *key, const void *bytes, size_t n);

/* 256 random bits as `hex` [65]. VRK_EIO. */
VRK_MUST vrk_status vrk_token_make(vrk_ctx *ctx, char *hex);

/* `out` [128]: Argon2id with 64 MiB and three passes, a third of a second. VRK_EMEMORY. */
VRK_MUST vrk_status vrk_password_hash(vrk_ctx *ctx, const char *password, char *out);

/* Whether it is that password; takes as long where `hash` is NULL (no such account). */
bool vrk_password_is(const char *hash, const char *password);

#endif
