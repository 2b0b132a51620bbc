/* Files too big to hold: what the first million bytes say of encoding, separator and titles holds
 * for all; the text goes on as UTF-8, by pieces, and only if it has to. */
#include "ingest/tidy.h"

#include "base/str.h"
#include "base/sys.h"
#include "ingest/dialect.h"
#include "ingest/layout.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <string.h>

enum { SAMPLE = 1 << 20, PIECE = 4 << 20 };

typedef struct {
    vrk_encoding encoding;
    size_t bom;
    vrk_dialect dialect;
    int64_t titles; /* lines before the headings */
    bool returns;   /* lines end in carriage returns alone */
} findings;

static vrk_status look_at_start(vrk_ctx *ctx, const vrk_headings *known, const char *path,
                                vrk_arena *work, findings *f)
{
    vrk_status st = VRK_OK;
    const vrk_sys *sys = vrk_sys_of(ctx);
    char *bytes = VRK_NEW(work, SAMPLE + 1, char), *text = VRK_NEW(work, 3 * SAMPLE + 8, char);
    vrk_grid grid;
    vrk_layout layout;
    size_t n = 0, used;
    int fd = sys->open(sys->arg, path, O_RDONLY | O_CLOEXEC, 0);

    if (!bytes || !text)
        FAIL(VRK_EMEMORY, "out of memory for %s", path);
    for (ssize_t k = fd < 0 ? -1 : 1; k && n < SAMPLE; n += (size_t)k) {
        k = fd < 0 ? -1 : sys->read(sys->arg, fd, bytes + n, SAMPLE - n);
        if (k < 0)
            FAIL(VRK_EIO, "could not read %s: %s", path, vrk_said(ctx, strerror(errno)));
    }
    f->encoding = vrk_encoding_of(bytes, n, false, &f->bom);
    n = vrk_decode(f->encoding, bytes + f->bom, n - f->bom, false, text, &used);
    f->returns = !memchr(text, '\n', n) && memchr(text, '\r', n);
    for (size_t i = 0; i < n && f->returns; i++)
        text[i] = text[i] == '\r' ? '\n' : text[i];
    while (n && text[n - 1] != '\n')
        n--; /* whole lines only */
    f->dialect = vrk_dialect_of(text, n);
    f->titles = f->dialect.sep_line;
    for (size_t i = 0; i < n && text[i] != '\n' && f->dialect.sep_line; i++)
        text[i] = ' ';
    TRY(vrk_grid_make(ctx, text, n, f->dialect.delimiter, f->dialect.columns, false, work, &grid));
    TRY(vrk_layout_find(ctx, known, &grid, false, &layout));
    if (layout.headings < 0)
        FAIL(VRK_EINPUT, "it has no row of headings; put one in, as it is too big to guess at");
    if (grid.row[layout.headings].line - 1 > f->titles)
        f->titles = grid.row[layout.headings].line - 1;
done:
    if (fd >= 0)
        (void)sys->close(sys->arg, fd);
    return st;
}

typedef struct {
    vrk_ctx *ctx;
    const char *path, *to;
    const findings *f;
    int in, out;
    char *bytes, *text; /* [PIECE], [3 * PIECE + 8] */
    int64_t lines;      /* so far */
} piping;

/* Title lines become empty ones: all others keep their numbers. */
static size_t drop_titles(piping *p, char *text, size_t n)
{
    size_t k = 0;
    for (size_t i = 0; i < n; i++) {
        bool end = text[i] == '\n' || (p->f->returns && text[i] == '\r');
        if (p->lines >= p->f->titles || end)
            text[k++] = end ? '\n' : text[i];
        p->lines += end;
    }
    return k;
}

static vrk_status pipe_all(piping *p)
{
    vrk_ctx *ctx = p->ctx;
    vrk_status st = VRK_OK;
    const vrk_sys *sys = vrk_sys_of(ctx);
    size_t have = 0, skip = p->f->bom;
    for (bool last = false; !last;) {
        ssize_t k = sys->read(sys->arg, p->in, p->bytes + have, PIECE - have);
        if (k < 0 && errno == EINTR)
            continue;
        if (k < 0)
            FAIL(VRK_EIO, "could not read %s: %s", p->path, vrk_said(ctx, strerror(errno)));
        last = k == 0;
        have += (size_t)k;
        if (!last && have < PIECE)
            continue;
        size_t used,
            n = vrk_decode(p->f->encoding, p->bytes + skip, have - skip, last, p->text, &used);
        used += skip;
        skip = 0;
        if (p->lines < p->f->titles || p->f->returns)
            n = drop_titles(p, p->text, n);
        TRY(vrk_file_write_all(ctx, p->out, p->to, p->text, n));
        memmove(p->bytes, p->bytes + used, have - used);
        have -= used;
        if (have == PIECE)
            FAIL(VRK_EINPUT, "%s has a line of more than %d bytes", p->path, PIECE);
        TRY(vrk_tick(ctx, "reading text", 0, 1));
    }
done:
    return st;
}

static vrk_status write_utf8(vrk_ctx *ctx, const char *path, const char *to, const findings *f,
                             vrk_arena *work)
{
    vrk_status st = VRK_OK;
    const vrk_sys *sys = vrk_sys_of(ctx);
    piping p = {.ctx = ctx,
                .path = path,
                .to = to,
                .f = f,
                .bytes = VRK_NEW(work, PIECE, char),
                .text = VRK_NEW(work, 3 * (int64_t)PIECE + 8, char),
                .in = sys->open(sys->arg, path, O_RDONLY | O_CLOEXEC, 0),
                .out = sys->open(sys->arg, to, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600)};
    if (!p.bytes || !p.text)
        FAIL(VRK_EMEMORY, "out of memory for %s", path);
    if (p.in < 0 || p.out < 0)
        FAIL(VRK_EIO, "could not bring %s to UTF-8: %s", path, vrk_said(ctx, strerror(errno)));
    TRY(pipe_all(&p));
done:
    if (p.in >= 0)
        (void)sys->close(sys->arg, p.in);
    if (p.out >= 0 && sys->close(sys->arg, p.out) && st == VRK_OK)
        st = vrk_fail(ctx, VRK_EIO, "could not write %s: %s", to, vrk_said(ctx, strerror(errno)));
    return st;
}

vrk_status vrk_tidy_big(vrk_ctx *ctx, const vrk_headings *known, const char *path, const char *name,
                        const char *staging, int64_t number, const vrk_watch *watch, vrk_arena *mem,
                        vrk_tidy *out)
{
    vrk_status st = VRK_OK;
    vrk_arena work = {.limit = ctx->scratch.limit};
    findings f = {0};
    char inner[sizeof(ctx->message)];

    *out = (vrk_tidy){.has_headings = true};
    st = look_at_start(ctx, known, path, &work, &f);
    if (st == VRK_EINPUT) {
        memcpy(inner, ctx->message, sizeof(inner));
        FAIL(VRK_EINPUT, "%s: %s", name, inner);
    }
    TRY(st);
    out->encoding = f.encoding;
    out->delimiter = f.dialect.delimiter;
    out->titles = f.titles;
    if (f.encoding != VRK_ENC_UTF8 || f.titles || f.returns) {
        const char *to = vrk_text_f(mem, "%s/text-%" PRId64 ".csv", staging, number);
        if (!to)
            FAIL(VRK_EMEMORY, "out of memory for %s", name);
        TRY(write_utf8(ctx, path, to, &f, &work));
        path = to;
    }
    vrk_arena_free(&work);
    TRY(vrk_csv_check(ctx, path, out->delimiter, staging, number, NULL, watch, mem, &out->csv));
done:
    vrk_arena_free(&work);
    return st;
}
