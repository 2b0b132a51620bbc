/* ingest/sandbox.h - a file of somebody else's is read in a process of its own, which can do
 * nothing but read that file and write to the staging folder. What it finds comes back through a
 * pipe and is checked. */
#ifndef VRK_INGEST_SANDBOX_H
#define VRK_INGEST_SANDBOX_H

#include "ingest/table.h"

/* All zero is the default. */
typedef struct {
    size_t memory; /* [byte] beyond what this process has; 0 = 4 GiB */
    int seconds;   /* of processor time, and three times as much by the clock; 0 = 300 */
    size_t output; /* [byte] of one file; 0 = 16 GiB */
} vrk_sandbox_opt;

/* reader->read(ctx, r), in a child process with
 * - limits on memory, time, file size and open files; no other open file of this process;
 * - Landlock, where the kernel has it: files but the one read, the staging folder and the time
 *   zones of the system do not exist;
 * - seccomp, where the processor is x86-64 or ARM64: no network, no other program, no new code.
 * The two need no privileges and are left out where they are missing; with sanitizers in the
 * program, memory is not limited and seccomp not used (they do things of their own). Each works for
 * root and for others.
 * VRK_EINPUT, with the file's name, also if the child needed more than its limits or was killed;
 * VRK_ECANCEL; VRK_EIO: no process could be made. */
VRK_MUST vrk_status vrk_sandbox_read(vrk_ctx *ctx, const vrk_reader *reader, vrk_reading *r,
                                     const vrk_sandbox_opt *opt);

#endif
