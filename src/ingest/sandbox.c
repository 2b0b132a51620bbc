#include "ingest/sandbox.h"

#include "base/sys.h"
#include "ingest/sandbox_part.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

enum { ANSWER_MOST = 512 << 20, PIECE = 1 << 16, LOOK_MS = 50 };

/* The child: reads, says what it found, ends. */
static _Noreturn void child(vrk_ctx *ctx, const vrk_reader *reader, vrk_reading *r,
                            const vrk_sandbox_opt *opt, int to)
{
    char *bytes = NULL;
    size_t n = 0, sent = 0;
    ctx->tick = NULL; /* the parent shows progress, and cancels */
    vrk_sandbox_confine(r, opt, to);
    vrk_status st = reader->read(ctx, r);
    if (!vrk_sandbox_pack(st, st == VRK_OK ? NULL : ctx->message, r, &bytes, &n))
        _exit(2);
    while (sent < n) {
        ssize_t k = write(to, bytes + sent, n - sent);
        if (k <= 0)
            _exit(3);
        sent += (size_t)k;
    }
    _exit(0);
}

/* Why a child that ended without an answer did so. */
static vrk_status refuse(vrk_ctx *ctx, const vrk_reading *r, const vrk_sandbox_opt *opt, int how,
                         bool late)
{
    int sig = WIFSIGNALED(how) ? WTERMSIG(how) : 0;
    if (late || sig == SIGXCPU || sig == SIGKILL)
        return vrk_fail(ctx, VRK_EINPUT,
                        "%s: reading it took more than the %d seconds (or the memory) that a file "
                        "may take",
                        r->name, opt->seconds);
    if (sig == SIGXFSZ)
        return vrk_fail(ctx, VRK_EINPUT, "%s: it unpacks to more than %zu MiB", r->name,
                        opt->output >> 20);
    return vrk_fail(ctx, VRK_EINPUT,
                    "%s: the reader broke on it (%s); the file is damaged or made to do harm, and "
                    "is left out",
                    r->name, sig ? strsignal(sig) : "no answer");
}

typedef struct {
    char *bytes;
    size_t n, room;
} answer;

/* Takes what is in the pipe; *end: the other side is closed. */
static vrk_status take(vrk_ctx *ctx, const vrk_reading *r, int from, answer *a, bool *end)
{
    if (a->n + PIECE > a->room) {
        size_t room = 2 * a->room + PIECE;
        char *to = room <= ANSWER_MOST ? realloc(a->bytes, room) : NULL;
        if (!to)
            return vrk_fail(ctx, VRK_EINPUT, "%s: its reader has no end of things to say", r->name);
        a->bytes = to;
        a->room = room;
    }
    ssize_t k = read(from, a->bytes + a->n, PIECE);
    if (k < 0 && errno != EINTR && errno != EAGAIN)
        return vrk_fail(ctx, VRK_EIO, "could not hear from the reader of %s: %s", r->name,
                        vrk_said(ctx, strerror(errno)));
    *end = k == 0;
    a->n += k > 0 ? (size_t)k : 0;
    return VRK_OK;
}

/* Waits for the answer, asking the caller now and then whether to go on. */
static vrk_status wait_for(vrk_ctx *ctx, const vrk_reading *r, const vrk_sandbox_opt *opt, int from,
                           answer *a, bool *late)
{
    vrk_status st = VRK_OK;
    bool end = false;
    int64_t left = (int64_t)opt->seconds * 3 * 1000 / LOOK_MS; /* looks */
    while (!end) {
        struct pollfd p = {.fd = from, .events = POLLIN};
        int ready = poll(&p, 1, LOOK_MS);
        if (ready > 0)
            TRY(take(ctx, r, from, a, &end));
        *late = !end && --left < 0;
        if (*late)
            break;
        TRY(vrk_tick(ctx, "reading files", 0, 0));
    }
done:
    return st;
}

/* The child's answer, or why there is none. */
static vrk_status judge(vrk_ctx *ctx, vrk_reading *r, const vrk_sandbox_opt *opt, const answer *a,
                        int how, bool late)
{
    vrk_status st = VRK_OK;
    char message[sizeof(ctx->message)];
    bool limited = ctx->scratch.limit || r->mem->limit;

    if (late || !WIFEXITED(how) || WEXITSTATUS(how))
        return refuse(ctx, r, opt, how, late);
    if (!vrk_sandbox_unpack(a->bytes, a->n, r, &st, message)) {
        if (r->mem->failed)
            FAIL(VRK_EMEMORY, "out of memory for %s", r->name);
        FAIL(VRK_EINPUT, "%s: its reader said what no reader says; the file is left out", r->name);
    }
    if (st == VRK_EMEMORY && !limited)
        FAIL(VRK_EINPUT,
             "%s: reading it takes more than the %zu MiB of memory that a file may take", r->name,
             opt->memory >> 20);
    if (st != VRK_OK)
        return vrk_fail(ctx, st, "%s", message);
done:
    return st;
}

vrk_status vrk_sandbox_read(vrk_ctx *ctx, const vrk_reader *reader, vrk_reading *r,
                            const vrk_sandbox_opt *opt)
{
    vrk_status st = VRK_OK;
    vrk_sandbox_opt o = opt ? *opt : (vrk_sandbox_opt){0};
    answer a = {0};
    bool late = false;
    int fd[2] = {-1, -1}, how = 0;

    o.memory = o.memory ? o.memory : (size_t)4 << 30;
    o.seconds = o.seconds ? o.seconds : 300;
    o.output = o.output ? o.output : (size_t)16 << 30;
    if (pipe2(fd, O_CLOEXEC))
        FAIL(VRK_EIO, "could not make a pipe to read %s: %s", r->name,
             vrk_said(ctx, strerror(errno)));
    pid_t pid = fork();
    if (pid < 0)
        FAIL(VRK_EIO, "could not make a process to read %s: %s", r->name,
             vrk_said(ctx, strerror(errno)));
    if (pid == 0)
        child(ctx, reader, r, &o, fd[1]);
    close(fd[1]);
    fd[1] = -1;
    st = wait_for(ctx, r, &o, fd[0], &a, &late);
    if (st != VRK_OK || late)
        kill(pid, SIGKILL);
    while (waitpid(pid, &how, 0) < 0 && errno == EINTR)
        continue;
    TRY(st);
    TRY(judge(ctx, r, &o, &a, how, late));
done:
    for (int i = 0; i < 2; i++) {
        if (fd[i] >= 0)
            close(fd[i]);
    }
    free(a.bytes);
    return st;
}
