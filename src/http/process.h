/* http/process.h - a child process of this program. */
#ifndef VRK_HTTP_PROCESS_H
#define VRK_HTTP_PROCESS_H

#include "base/base.h"

typedef struct {
    int code;              /* of its exit; 128 + signal where it was killed */
    const char *out, *err; /* what it said; err: its last line, without the program's name */
} vrk_ended;

/* Runs `verkan word...` [n] to its end. `progress` is called ten times a second, with `what` NULL
 * where nothing was told; nonzero sends SIGTERM. What it writes beyond `most` bytes ends it. Dies
 * with the thread that called. VRK_EIO: it could not be started. */
VRK_MUST vrk_status vrk_process_run(vrk_ctx *ctx, const char *const *word, int n, size_t most,
                                    int (*progress)(void *arg, double done, const char *what),
                                    void *arg, vrk_arena *mem, vrk_ended *out);

#endif
