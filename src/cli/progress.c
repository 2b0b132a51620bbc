#include "cli/cmd.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

/* A signal handler can reach nothing but globals; these belong to the program, not the library. */
static volatile sig_atomic_t interrupted;
static struct {
    bool shown, terminal;
    int told; /* a pipe to somebody who started this program and wants to know; 0 = none */
    struct timespec started, drawn;
} line;

static void on_signal(int number)
{
    (void)number;
    interrupted = 1;
}

static double seconds_since(const struct timespec *then)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)(now.tv_sec - then->tv_sec) + 1e-9 * (double)(now.tv_nsec - then->tv_nsec);
}

/* Nothing for the first 0.4 s, then at most ten lines a second, each over the last. */
static int tick(void *arg, const char *what, double done)
{
    (void)arg;
    if (line.told && seconds_since(&line.drawn) > 0.1) {
        clock_gettime(CLOCK_MONOTONIC, &line.drawn);
        if (dprintf(line.told, "%.3f %s\n", done, what) < 0)
            line.told = 0;
    }
    if (line.terminal && seconds_since(&line.started) > 0.4 && seconds_since(&line.drawn) > 0.1) {
        clock_gettime(CLOCK_MONOTONIC, &line.drawn);
        line.shown = true;
        if (done > 0)
            fprintf(stderr, "\r\033[K%s %3.0f %%", what, 100 * done);
        else
            fprintf(stderr, "\r\033[K%s ...", what);
        fflush(stderr);
    }
    return interrupted;
}

void vrk_progress_start(vrk_ctx *ctx)
{
    struct sigaction act = {.sa_handler = on_signal, .sa_flags = (int)SA_RESETHAND};
    line.terminal = isatty(STDERR_FILENO);
    const char *told = getenv("VERKAN_PROGRESS");
    line.told = told && !strcmp(told, "3") ? 3 : 0;
    clock_gettime(CLOCK_MONOTONIC, &line.started);
    sigaction(SIGINT, &act, NULL); /* the second Ctrl-C ends the program at once */
    sigaction(SIGTERM, &act, NULL);
    ctx->tick = tick;
}

void vrk_progress_end(void)
{
    if (line.shown)
        fprintf(stderr, "\r\033[K");
    line.shown = false;
}
