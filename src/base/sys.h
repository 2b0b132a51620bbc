/* base/sys.h - the machine as seen from Verkan: the clock, the random source and the files.
 * Every use goes through here, so that a test can move the clock, repeat the random numbers and
 * make any single operation fail. Whole-file operations are built on the primitive ones. */
#ifndef VRK_BASE_SYS_H
#define VRK_BASE_SYS_H

#include "base/base.h"

#include <sys/types.h>

/* Each works as its namesake in POSIX: -1 and errno on failure. */
typedef struct vrk_sys {
    void *arg;
    int64_t (*now)(void *arg);                       /* [microseconds since 1970-01-01 UTC] */
    int (*random)(void *arg, void *bytes, size_t n); /* 0, or -1 */
    int (*open)(void *arg, const char *path, int flags, mode_t mode);
    ssize_t (*read)(void *arg, int fd, void *bytes, size_t n);
    ssize_t (*write)(void *arg, int fd, const void *bytes, size_t n);
    int (*fsync)(void *arg, int fd);
    int (*close)(void *arg, int fd);
    int (*rename)(void *arg, const char *from, const char *to);
    int (*unlink)(void *arg, const char *path); /* files and empty folders */
    int (*mkdir)(void *arg, const char *path, mode_t mode);
} vrk_sys;

extern const vrk_sys vrk_sys_real;

/* The context's machine, or the real one. */
const vrk_sys *vrk_sys_of(const vrk_ctx *ctx);

int64_t vrk_now(const vrk_ctx *ctx);                                 /* [us since 1970 UTC] */
VRK_MUST vrk_status vrk_random(vrk_ctx *ctx, void *bytes, size_t n); /* VRK_EIO */

/* Reads a whole file into `mem` (a NUL is added after *n bytes). VRK_EIO; VRK_EINPUT over `most`
 * bytes (0 = no limit). */
VRK_MUST vrk_status vrk_file_read(vrk_ctx *ctx, const char *path, size_t most, vrk_arena *mem,
                                  char **bytes, size_t *n);

/* Writes all of `bytes` to an open file; retries short writes. VRK_EIO with errno's words. */
VRK_MUST vrk_status vrk_file_write_all(vrk_ctx *ctx, int fd, const char *path, const void *bytes,
                                       size_t n);

/* Replaces `path` as a whole: written beside it, synced, renamed, folder synced. A reader sees the
 * old file or the new one, never a part. Mode 0600. */
VRK_MUST vrk_status vrk_file_replace(vrk_ctx *ctx, const char *path, const void *bytes, size_t n);

/* Makes a file's or a folder's content durable. */
VRK_MUST vrk_status vrk_file_sync(vrk_ctx *ctx, const char *path);
VRK_MUST vrk_status vrk_file_rename(vrk_ctx *ctx, const char *from, const char *to);
VRK_MUST vrk_status vrk_file_remove(vrk_ctx *ctx, const char *path); /* no error if absent */

/* Makes a folder and those above it; one that is there is kept. Mode 0700: people's data. */
VRK_MUST vrk_status vrk_folder_make(vrk_ctx *ctx, const char *path);

/* Removes a folder with all that is in it; follows no links. No error if absent. */
VRK_MUST vrk_status vrk_folder_remove(vrk_ctx *ctx, const char *path);

/* Names in a folder without . and .., in byte order, held by `mem`. */
VRK_MUST vrk_status vrk_folder_list(vrk_ctx *ctx, const char *path, vrk_arena *mem, char ***names,
                                    int64_t *n);

bool vrk_is_folder(const char *path);
bool vrk_is_file(const char *path);
int64_t vrk_file_size(const char *path);               /* [byte]; 0 if there is none */
bool vrk_file_date(const char *path, int64_t seconds); /* sets when it was changed [s since 1970] */

#endif
