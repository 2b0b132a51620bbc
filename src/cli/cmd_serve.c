/* verkan serve - the workspace for people who log in, over HTTP. */
#include "base/str.h"
#include "cli/workspace.h"

#include "http/serve.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

typedef struct {
    vrk_lang lang;
    sigset_t signals;
    vrk_ctx *ctx;
    bool open;
} serving;

/* The browser is a process of its own, which the server does not wait for. */
static void open_browser(const char *address)
{
    pid_t child = fork();
    if (child == 0) {
        if (fork() == 0) {
            sigset_t none;
            sigemptyset(&none);
            sigprocmask(SIG_SETMASK, &none, NULL);
            execlp("xdg-open", "xdg-open", address, (char *)NULL);
        }
        _exit(0);
    }
    if (child > 0)
        waitpid(child, NULL, 0);
}

static void ready(void *arg, const char *address, const char *local, const char *setup)
{
    const serving *s = arg;
    vrk_arena mem = {0};
    const vrk_words w = {s->lang, &mem};
    if (vrk_ends_with(address, local))
        puts(vrk_say(&w, VRK_N("Verkan is served on {address}/"), "address", address, NULL));
    else
        puts(vrk_say(&w, VRK_N("Verkan is served on {address}/, by the proxy in front of {local}"),
                     "address", address, "local", local, NULL));
    if (setup)
        puts(vrk_say(&w, VRK_N("Make the first account here, once, within three days:\n  {link}"),
                     "link", setup, NULL));
    fflush(stdout);
    if (s->open)
        open_browser(setup ? setup : address);
    vrk_arena_free(&mem);
}

/* The first signal ends it in order; the second at once, as any program. */
static bool stop(void *arg, int ms)
{
    serving *s = arg;
    const struct timespec wait = {ms / 1000, ms % 1000 * 1000000L};
    /* or a library's thread, which was there before ours, took it: then the program's handler ran
     */
    if (sigtimedwait(&s->signals, NULL, &wait) < 0 && !s->ctx->tick(s->ctx->arg, "", 0))
        return false;
    signal(SIGINT, SIG_DFL);
    signal(SIGTERM, SIG_DFL);
    pthread_sigmask(SIG_UNBLOCK, &s->signals, NULL);
    return true;
}

static void log_line(void *arg, const char *line)
{
    (void)arg;
    fprintf(stderr, "verkan serve: %s\n", line);
}

static int print_routes(vrk_ctx *ctx)
{
    const char *text;
    vrk_status st = vrk_serve_routes(ctx, &ctx->scratch, &text);
    if (st == VRK_OK)
        fputs(text, stdout);
    return vrk_exit_of(ctx, st);
}

static int run(vrk_ctx *ctx, const vrk_args *args)
{
    serving s = {.lang = vrk_lang_of_env(), .ctx = ctx, .open = vrk_arg_given(args, "--open")};
    int64_t most_mib = 4096;
    vrk_workspace w = {.lock = -1};

    if (args->operands) {
        vrk_usage(args->cmd);
        return VRK_EXIT_USAGE;
    }
    if (vrk_arg_given(args, "--routes"))
        return print_routes(ctx);
    vrk_status st = vrk_arg_int(ctx, args, "--upload-limit", 1, 1 << 20, &most_mib);
    if (st != VRK_OK)
        return vrk_exit_usage(ctx, args);
    const vrk_serve_opt opt = {.folder = vrk_workspace_path(args),
                               .listen = vrk_arg(args, "--listen", "127.0.0.1:8300"),
                               .proxy = vrk_arg(args, "--behind-proxy", NULL),
                               .version = VRK_VERSION,
                               .upload_most = most_mib << 20,
                               .ready = ready,
                               .stop = stop,
                               .log = log_line,
                               .arg = &s};
    sigemptyset(&s.signals);
    sigaddset(&s.signals, SIGINT);
    sigaddset(&s.signals, SIGTERM);
    pthread_sigmask(SIG_BLOCK, &s.signals, NULL); /* before there are threads: all inherit it */
    signal(SIGPIPE, SIG_IGN);
    st = vrk_workspace_open(ctx, opt.folder, true, &w); /* made where there is none */
    vrk_workspace_close(&w);
    if (st == VRK_OK)
        st = vrk_serve(ctx, &opt);
    return vrk_exit_of(ctx, st);
}

static const vrk_option options[] = {
    VRK_WORKSPACE_OPTION,
    {"--listen", "HOST:PORT", VRK_N("where (127.0.0.1:8300); port 0: any that is free")},
    {"--behind-proxy", "https://NAME", VRK_N("the address of a proxy in front that ends TLS")},
    {"--upload-limit", "MIB", VRK_N("the largest file that is taken (4096)")},
    {"--open", NULL, VRK_N("open it in a browser")},
    {"--routes", NULL, VRK_N("print who may do what, and stop")},
    {0},
};

const vrk_cmd vrk_cmd_serve = {
    .name = "serve",
    .operands = "",
    .summary = VRK_N("Serve the workspace to people who log in, over HTTP"),
    .options = options,
    .run = run,
};
