#include "ingest/table.h"

#include "base/str.h"
#include "base/sys.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

/* Room for one more of `size` bytes at list[n]; the list may move. NULL: no memory. */
static void *grow(vrk_arena *mem, void *list, int64_t n, int64_t *room, size_t size)
{
    if (n < *room)
        return list;
    int64_t more = *room ? 2 * *room : 16;
    void *to = vrk_alloc(mem, more, size);
    if (to && n)
        memcpy(to, list, (size_t)n * size);
    *room = to ? more : *room;
    return to;
}

void vrk_reading_sheet(vrk_reading *r, const vrk_sheet *sheet)
{
    vrk_sheet *to = grow(r->mem, r->sheet, r->sheets, &r->sheet_room, sizeof(*to));
    if (!to)
        return;
    r->sheet = to;
    to[r->sheets++] = *sheet;
}

void vrk_reading_inner(vrk_reading *r, const char *path, const char *name)
{
    vrk_inner_file *to = grow(r->mem, r->inner, r->inners, &r->inner_room, sizeof(*to));
    if (!to)
        return;
    r->inner = to;
    to[r->inners++] = (vrk_inner_file){vrk_text_copy(r->mem, path), vrk_text_copy(r->mem, name)};
}

void vrk_reading_source(vrk_reading *r, const vrk_source *source)
{
    vrk_source *to = grow(r->mem, r->ready, r->readies, &r->ready_room, sizeof(*to));
    if (!to)
        return;
    r->ready = to;
    to[r->readies++] = *source;
}

void vrk_reading_note(vrk_reading *r, const char *fmt, ...)
{
    char text[2048];
    va_list ap;
    va_start(ap, fmt);
    vsnprintf(text, sizeof(text), fmt, ap);
    va_end(ap);
    const char **to = grow(r->mem, r->note, r->notes, &r->note_room, sizeof(*to));
    if (!to)
        return;
    r->note = to;
    to[r->notes++] = vrk_text_copy(r->mem, text);
}

enum { BUFFER = 1 << 18 };

vrk_status vrk_sheet_open(vrk_ctx *ctx, vrk_reading *r, vrk_sheet_writer *w)
{
    vrk_status st = VRK_OK;
    const vrk_sys *sys = vrk_sys_of(ctx);
    *w = (vrk_sheet_writer){.ctx = ctx, .fd = -1, .room = BUFFER};
    w->path = vrk_text_f(r->mem, "%s/sheet-%" PRId64 ".csv", r->staging, (*r->number)++);
    w->bytes = VRK_NEW(r->mem, BUFFER, char);
    if (!w->path || !w->bytes)
        FAIL(VRK_EMEMORY, "out of memory for the tables of %s", r->name);
    w->fd = sys->open(sys->arg, w->path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
    if (w->fd < 0)
        FAIL(VRK_EIO, "could not write %s: %s", w->path, vrk_said(ctx, strerror(errno)));
done:
    return st;
}

static void flush(vrk_sheet_writer *w)
{
    if (w->st == VRK_OK)
        w->st = vrk_file_write_all(w->ctx, w->fd, w->path, w->bytes, w->n);
    w->n = 0;
}

static void put(vrk_sheet_writer *w, char c)
{
    if (w->n == w->room)
        flush(w);
    w->bytes[w->n++] = c;
}

void vrk_sheet_row(vrk_sheet_writer *w, int64_t line)
{
    char text[32];
    int n = snprintf(text, sizeof(text), "%" PRId64, line);
    if (w->any)
        put(w, '\n');
    w->any = true;
    for (int i = 0; i < n; i++)
        put(w, text[i]);
}

void vrk_sheet_cell(vrk_sheet_writer *w, const char *text, size_t n)
{
    bool quoted = false;
    for (size_t i = 0; i < n && !quoted; i++)
        quoted = text[i] == ',' || text[i] == '"' || text[i] == '\n' || text[i] == '\r';
    put(w, ',');
    if (quoted)
        put(w, '"');
    for (size_t i = 0; i < n; i++) {
        if (text[i] == '"')
            put(w, '"');
        put(w, text[i] ? text[i] : ' ');
    }
    if (quoted)
        put(w, '"');
}

vrk_status vrk_sheet_close(vrk_sheet_writer *w)
{
    const vrk_sys *sys = vrk_sys_of(w->ctx);
    if (w->fd < 0)
        return w->st;
    if (w->any)
        put(w, '\n');
    flush(w);
    if (sys->close(sys->arg, w->fd) && w->st == VRK_OK)
        w->st = vrk_fail(w->ctx, VRK_EIO, "could not write %s: %s", w->path,
                         vrk_said(w->ctx, strerror(errno)));
    w->fd = -1;
    return w->st;
}
