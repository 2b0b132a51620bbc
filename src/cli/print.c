#include "cli/print.h"

#include "base/str.h"
#include "base/sys.h"

#include <errno.h>
#include <fcntl.h>
#include <spawn.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

extern char **environ;

static const char *const browsers[] = {"chromium", "chromium-browser", "google-chrome"};

/* Runs the browser and waits; *code is its exit code, -1 where there is no such program. */
static vrk_status run_quietly(vrk_ctx *ctx, char *const *argv, int *code)
{
    vrk_status st = VRK_OK;
    posix_spawn_file_actions_t actions;
    pid_t pid = 0;
    int wait_status = 0;

    if (posix_spawn_file_actions_init(&actions) != 0)
        return vrk_fail(ctx, VRK_EMEMORY, "out of memory for the browser");
    for (int fd = 0; fd <= 2; fd++)
        if (posix_spawn_file_actions_addopen(&actions, fd, "/dev/null", fd ? O_WRONLY : O_RDONLY,
                                             0) != 0)
            FAIL(VRK_EMEMORY, "out of memory for the browser");
    int error = posix_spawnp(&pid, argv[0], &actions, NULL, argv, environ);
    *code = -1;
    if (error == ENOENT)
        goto done;
    if (error)
        FAIL(VRK_EIO, "could not start %s: %s", argv[0], vrk_said(ctx, strerror(error)));
    while (waitpid(pid, &wait_status, 0) < 0)
        if (errno != EINTR)
            FAIL(VRK_EIO, "could not wait for %s: %s", argv[0], vrk_said(ctx, strerror(errno)));
    *code = WIFEXITED(wait_status) ? WEXITSTATUS(wait_status) : 128;
done:
    posix_spawn_file_actions_destroy(&actions);
    return st;
}

static const char *absolute(vrk_ctx *ctx, const char *path)
{
    char here[4096];
    if (*path == '/' || !getcwd(here, sizeof here))
        return path;
    return vrk_text_f(&ctx->scratch, "%s/%s", here, path);
}

vrk_status vrk_print_pdf(vrk_ctx *ctx, const char *folder, const char *html, const char *pdf)
{
    vrk_status st = VRK_OK;
    vrk_mark mark = vrk_mark_of(&ctx->scratch);
    int code = -1;
    char *profile = vrk_text_f(&ctx->scratch, "--user-data-dir=%s/browser", absolute(ctx, folder));
    char *to = vrk_text_f(&ctx->scratch, "--print-to-pdf=%s", absolute(ctx, pdf));
    char *from = vrk_text_f(&ctx->scratch, "file://%s#/print", absolute(ctx, html));
    if (!profile || !to || !from)
        FAIL(VRK_EMEMORY, "out of memory for the browser");
    for (size_t i = 0; i < sizeof browsers / sizeof *browsers && code < 0; i++) {
        char *name = vrk_text_copy(&ctx->scratch, browsers[i]);
        /* The page fetches nothing, and is ours; the browser's own sandbox cannot be had by root.
         */
        char headless[] = "--headless", no_gpu[] = "--disable-gpu",
             plain[] = "--no-pdf-header-footer", alone[] = "--host-resolver-rules=MAP * ~NOTFOUND",
             quiet[] = "--disable-background-networking", first[] = "--no-first-run",
             shm[] = "--disable-dev-shm-usage", root[] = "--no-sandbox";
        char *argv[] = {name,  headless, no_gpu,  plain, alone, quiet,
                        first, shm,      profile, to,    from,  geteuid() == 0 ? root : NULL,
                        NULL};
        if (!name)
            FAIL(VRK_EMEMORY, "out of memory for the browser");
        TRY(run_quietly(ctx, argv, &code));
    }
    if (code < 0)
        FAIL(VRK_EINPUT, "a PDF needs Chromium, which is not installed: apt install chromium, or "
                         "write HTML and print it from a browser");
    if (code > 0 || vrk_file_size(pdf) == 0)
        FAIL(VRK_EIO,
             "Chromium could not print the report (exit code %d); write HTML and print it "
             "from a browser",
             code);
done:
    vrk_rewind(&ctx->scratch, mark);
    return st;
}
