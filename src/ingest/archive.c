#include "ingest/archive.h"

#include "base/str.h"
#include "base/sys.h"
#include "ingest/zip.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <string.h>

enum { PIECE = 1 << 16, LONGEST_NAME = 200 };

bool vrk_archive_is(const char *start, size_t n, const char *name)
{
    (void)name;
    return vrk_zip_is(start, n);
}

static const char *last_of(const char *part)
{
    const char *slash = strrchr(part, '/');
    return slash ? slash + 1 : part;
}

static bool is_of_use(const char *part)
{
    const char *last = last_of(part);
    return *last && *last != '.' && !vrk_starts_with(part, "__MACOSX/");
}

/* Unpacks the part that was started. */
static vrk_status unpack(vrk_ctx *ctx, vrk_zip *z, const char *to)
{
    vrk_status st = VRK_OK;
    vrk_mark mark = vrk_mark_of(&ctx->scratch);
    const vrk_sys *sys = vrk_sys_of(ctx);
    size_t n = 1;
    char *piece = VRK_NEW(&ctx->scratch, PIECE, char);
    int fd = sys->open(sys->arg, to, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);

    if (!piece)
        FAIL(VRK_EMEMORY, "out of memory for an archive");
    if (fd < 0)
        FAIL(VRK_EIO, "could not write %s: %s", to, vrk_said(ctx, strerror(errno)));
    while (n) {
        TRY(vrk_zip_read(ctx, z, piece, PIECE, &n));
        TRY(vrk_file_write_all(ctx, fd, to, piece, n));
        TRY(vrk_tick(ctx, "unpacking", 0, 0));
    }
done:
    if (fd >= 0 && sys->close(sys->arg, fd) && st == VRK_OK)
        st = vrk_fail(ctx, VRK_EIO, "could not write %s: %s", to, vrk_said(ctx, strerror(errno)));
    vrk_rewind(&ctx->scratch, mark);
    return st;
}

/* Where a part goes: a folder of its own, under its own name, which says what it is. */
static vrk_status place_of(vrk_ctx *ctx, vrk_reading *r, const char *part, const char **out)
{
    vrk_status st = VRK_OK;
    const vrk_sys *sys = vrk_sys_of(ctx);
    int64_t number = (*r->number)++;
    const char *folder = vrk_text_f(r->mem, "%s/%" PRId64, r->staging, number);
    const char *last = last_of(part);
    if (strlen(last) > LONGEST_NAME)
        FAIL(VRK_EINPUT, "%s: one of its files has a name longer than %d bytes", r->name,
             LONGEST_NAME);
    *out = vrk_text_f(r->mem, "%s/%s", folder, last);
    if (!folder || !*out)
        FAIL(VRK_EMEMORY, "out of memory for %s", r->name);
    if (sys->mkdir(sys->arg, folder, 0700))
        FAIL(VRK_EIO, "could not make the folder %s: %s", folder, vrk_said(ctx, strerror(errno)));
done:
    return st;
}

vrk_status vrk_archive_read(vrk_ctx *ctx, vrk_reading *r)
{
    vrk_status st = VRK_OK;
    vrk_zip *z = NULL;

    TRY(vrk_zip_open(ctx, r->path, r->name, &z));
    for (int64_t i = 0; i < vrk_zip_parts(z); i++) {
        const char *part = vrk_zip_part(z, i);
        if (!is_of_use(part))
            continue;
        const char *to = NULL, *name = vrk_text_f(r->mem, "%s/%s", r->name, part);
        TRY(place_of(ctx, r, part, &to));
        if (!name)
            FAIL(VRK_EMEMORY, "out of memory for %s", r->name);
        TRY(vrk_zip_start(ctx, z, i));
        TRY(unpack(ctx, z, to));
        int64_t date = vrk_zip_date(z, i); /* its rows are as old as it was, not new today */
        if (date)
            (void)vrk_file_date(to, date);
        vrk_reading_inner(r, to, name);
    }
    if (r->mem->failed)
        FAIL(VRK_EMEMORY, "out of memory for %s", r->name);
done:
    vrk_zip_close(z);
    return st;
}
