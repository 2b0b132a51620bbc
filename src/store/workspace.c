#include "store/workspace.h"

#include "base/date.h"
#include "base/str.h"
#include "base/sys.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

static vrk_status read_settings(vrk_ctx *ctx, vrk_workspace *w, const char *path)
{
    vrk_status st = VRK_OK;
    char *text;
    vrk_settings s;

    TRY(vrk_settings_read(ctx, path, &w->mem, &text, &s));
    w->organisation = s.organisation;
    w->timezone = s.timezone;
    w->country = s.country;
    w->currency = s.currency;
    w->person_level = s.person_level;
    w->actions = s.actions;
    w->server = s.server;
    w->recruitment = s.recruitment;
done:
    return st;
}

vrk_status vrk_workspace_open(vrk_ctx *ctx, const char *folder, bool make, vrk_workspace *out)
{
    vrk_status st = VRK_OK;
    vrk_workspace w = {.lock = -1};
    char *settings = vrk_text_f(&w.mem, "%s/verkan.toml", folder);
    char *records = vrk_text_f(&w.mem, "%s/records.db", folder);

    *out = (vrk_workspace){.lock = -1};
    w.folder = vrk_text_copy(&w.mem, folder);
    w.facts = vrk_text_f(&w.mem, "%s/facts", folder);
    w.staging = vrk_text_f(&w.mem, "%s/staging", folder);
    if (w.mem.failed)
        FAIL(VRK_EMEMORY, "out of memory");
    if (!vrk_is_file(settings)) {
        if (!make)
            FAIL(VRK_EINPUT,
                 "%s is not a workspace (it has no verkan.toml); 'verkan import PATH -w %s' "
                 "makes one",
                 folder, folder);
        TRY(vrk_folder_make(ctx, w.facts));
        TRY(vrk_file_replace(ctx, settings, vrk_settings_text, strlen(vrk_settings_text)));
    }
    TRY(read_settings(ctx, &w, settings));
    TRY(vrk_folder_make(ctx, w.facts));
    TRY(vrk_records_open(ctx, records, &w.records));
    *out = w;
done:
    if (st != VRK_OK)
        vrk_workspace_close(&w);
    return st;
}

void vrk_workspace_close(vrk_workspace *w)
{
    vrk_records_close(w->records);
    if (w->lock > 0)
        close(w->lock); /* gives the lock back */
    vrk_arena_free(&w->mem);
    *w = (vrk_workspace){.lock = -1};
}

/* "pid 4711 on host, since 2026-11-24 03:08 UTC" */
static vrk_status write_holder(vrk_ctx *ctx, int fd, const char *path)
{
    char text[256], host[65] = "", day[11];
    int64_t now = vrk_now(ctx) / 1000000;
    gethostname(host, sizeof(host) - 1);
    vrk_day_text(now / 86400, day);
    int n = snprintf(text, sizeof(text), "process %ld on %s since %s %02d:%02d UTC", (long)getpid(),
                     host, day, (int)(now % 86400 / 3600), (int)(now % 3600 / 60));
    if (ftruncate(fd, 0) || lseek(fd, 0, SEEK_SET))
        return vrk_fail(ctx, VRK_EIO, "could not write %s: %s", path,
                        vrk_said(ctx, strerror(errno)));
    return vrk_file_write_all(ctx, fd, path, text, (size_t)n);
}

vrk_status vrk_workspace_lock(vrk_ctx *ctx, vrk_workspace *w)
{
    vrk_status st = VRK_OK;
    vrk_mark mark = vrk_mark_of(&ctx->scratch);
    const vrk_sys *sys = vrk_sys_of(ctx);
    char holder[256] = "";
    char *path = vrk_text_f(&ctx->scratch, "%s/import.lock", w->folder);

    if (!path)
        FAIL(VRK_EMEMORY, "out of memory");
    int fd = sys->open(sys->arg, path, O_RDWR | O_CREAT, 0600);
    if (fd < 0)
        FAIL(VRK_EIO, "could not open %s: %s", path, vrk_said(ctx, strerror(errno)));
    struct flock whole = {.l_type = F_WRLCK, .l_whence = SEEK_SET};
    if (fcntl(fd, F_OFD_SETLK, &whole)) {
        ssize_t n = pread(fd, holder, sizeof(holder) - 1, 0);
        holder[n > 0 ? n : 0] = 0;
        close(fd);
        FAIL(VRK_EIO,
             "could not import into %s: it is in use by %s; wait until that import is done",
             w->folder, holder[0] ? holder : vrk_said(ctx, VRK_N("another import")));
    }
    w->lock = fd;
    TRY(write_holder(ctx, fd, path));
    TRY(vrk_folder_remove(ctx, w->staging));
    TRY(vrk_folder_make(ctx, w->staging));
done:
    vrk_rewind(&ctx->scratch, mark);
    return st;
}
