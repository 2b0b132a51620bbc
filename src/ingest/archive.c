#include "ingest/archive.h"

#include "base/str.h"
#include "base/sys.h"
#include "ingest/zip.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <string.h>

enum { PIECE = 1 << 16 };

bool vrk_archive_is(const char *start, size_t n, const char *name)
{
    (void)name;
    return vrk_zip_is(start, n);
}

static bool is_of_use(const char *part)
{
    const char *slash = strrchr(part, '/');
    const char *last = slash ? slash + 1 : part;
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
        FAIL(VRK_EIO, "could not write %s: %s", to, strerror(errno));
    while (n) {
        TRY(vrk_zip_read(ctx, z, piece, PIECE, &n));
        TRY(vrk_file_write_all(ctx, fd, to, piece, n));
        TRY(vrk_tick(ctx, "unpacking", 0, 0));
    }
done:
    if (fd >= 0 && sys->close(sys->arg, fd) && st == VRK_OK)
        st = vrk_fail(ctx, VRK_EIO, "could not write %s: %s", to, strerror(errno));
    vrk_rewind(&ctx->scratch, mark);
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
        char *to = vrk_text_f(r->mem, "%s/part-%" PRId64, r->staging, (*r->number)++);
        char *name = vrk_text_f(r->mem, "%s/%s", r->name, part);
        if (!to || !name)
            FAIL(VRK_EMEMORY, "out of memory for %s", r->name);
        TRY(vrk_zip_start(ctx, z, i));
        TRY(unpack(ctx, z, to));
        vrk_reading_inner(r, to, name);
    }
    if (r->mem->failed)
        FAIL(VRK_EMEMORY, "out of memory for %s", r->name);
done:
    vrk_zip_close(z);
    return st;
}
