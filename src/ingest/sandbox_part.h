/* ingest/sandbox_part.h - for sandbox*.c only. */
#ifndef VRK_INGEST_SANDBOX_PART_H
#define VRK_INGEST_SANDBOX_PART_H

#include "ingest/sandbox.h"

#if defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer) ||                         \
    __has_feature(memory_sanitizer)
#define VRK_SANITIZED 1
#endif
#elif defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
#define VRK_SANITIZED 1
#endif
#ifndef VRK_SANITIZED
#define VRK_SANITIZED 0
#endif

/* In the child: gives up what it does not need. Never fails: what the kernel lacks is left out. */
void vrk_sandbox_confine(const vrk_reading *r, const vrk_sandbox_opt *opt, int keep);

/* The results of a reading as bytes: malloc in *out. False: no memory. */
bool vrk_sandbox_pack(vrk_status st, const char *message, const vrk_reading *r, char **out,
                      size_t *n);

/* And back, into r; *st and `message` [1024] are the reader's. False: not what a reader sends, or
 * no memory (r->mem tells). Paths that are not in the staging folder are not what a reader sends.
 */
bool vrk_sandbox_unpack(const char *bytes, size_t n, vrk_reading *r, vrk_status *st, char *message);

#endif
