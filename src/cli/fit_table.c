/* fit_table.c - a CSV as a frame, in two passes: the first counts and refuses, the second keeps. */
#include "cli/fit.h"

#include "base/str.h"
#include "base/sys.h"
#include "data/variable.h"
#include "ingest/csv_scan.h"

#include <stdio.h>
#include <string.h>

typedef struct {
    const char *path;
    char delimiter;
    vrk_arena *mem;
    const char **name; /* [columns] */
    int64_t columns, rows;
    char *text, *end;   /* where the next field goes; the room left ends at `end` */
    const char ***cell; /* [columns][rows] */
    int64_t *line;      /* [rows] */
    int64_t row;
    bool headings; /* they were seen in this pass */
} reading;

/* One field of a record without its quotes, NUL-ended at `out`; gives what follows in it. */
static const char *take_field(const char *p, const char *end, char delimiter, char **out)
{
    bool quoted = p < end && *p == '"';
    p += quoted;
    while (p < end && (quoted || *p != delimiter)) {
        if (quoted && *p == '"') {
            if (p + 1 < end && p[1] == '"') {
                p++;
            } else {
                quoted = false;
                p++;
                continue;
            }
        }
        *(*out)++ = *p++;
    }
    *(*out)++ = 0;
    return p < end ? p + 1 : p;
}

static vrk_status take_headings(vrk_ctx *ctx, reading *r, const vrk_rec *rec)
{
    vrk_status st = VRK_OK;
    const char *p = rec->bytes, *end = p + rec->n;
    char *text = VRK_NEW(r->mem, (int64_t)rec->n + 2, char);
    r->columns = rec->fields;
    r->name = VRK_NEW(r->mem, r->columns, const char *);
    if (r->mem->failed)
        FAIL(VRK_EMEMORY, "out of memory");
    for (int64_t k = 0; k < r->columns; k++) {
        r->name[k] = text;
        p = take_field(p, end, r->delimiter, &text);
        for (int64_t j = 0; j < k; j++) {
            if (!strcmp(r->name[j], r->name[k]) && *r->name[k])
                FAIL(VRK_EINPUT, "%s:%lld: two columns are called '%s'", r->path,
                     (long long)rec->line, r->name[k]);
        }
    }
done:
    return st;
}

static vrk_status count(vrk_ctx *ctx, const vrk_rec *rec, void *arg)
{
    reading *r = arg;
    if (rec->state == VRK_REC_BLANK)
        return VRK_OK;
    if (rec->state != VRK_REC_GOOD && rec->state != VRK_REC_REPAIRED && rec->state != VRK_REC_CUT)
        return vrk_fail(ctx, VRK_EINPUT, "%s:%lld: %s", r->path, (long long)rec->line,
                        vrk_said(ctx, vrk_csv_words_of((int)rec->state).sentence));
    if (rec->state != VRK_REC_GOOD)
        return vrk_fail(ctx, VRK_EINPUT, "%s:%lld: %s", r->path, (long long)rec->line,
                        rec->state == VRK_REC_CUT
                            ? vrk_said(ctx, VRK_N("the file ends in the middle of this line"))
                            : vrk_said(ctx, VRK_N("a quote inside a field that is not quoted")));
    if (!r->headings) {
        r->headings = true;
        return take_headings(ctx, r, rec);
    }
    r->rows++;
    return VRK_OK;
}

static vrk_status keep(vrk_ctx *ctx, const vrk_rec *rec, void *arg)
{
    reading *r = arg;
    const char *p = rec->bytes, *end = p + rec->n;
    if (rec->state == VRK_REC_BLANK)
        return VRK_OK;
    if (!r->headings) {
        r->headings = true;
        return VRK_OK;
    }
    if (r->row == r->rows || rec->fields != r->columns || (size_t)(r->end - r->text) < rec->n + 1)
        return vrk_fail(ctx, VRK_EIO, "%s changed while it was read", r->path);
    r->line[r->row] = rec->line;
    for (int64_t k = 0; k < r->columns; k++) {
        r->cell[k][r->row] = r->text;
        p = take_field(p, end, r->delimiter, &r->text);
    }
    r->row++;
    return VRK_OK;
}

static bool no_value(const char *text)
{
    return !*text || !strcmp(text, "NA");
}

/* Cells to a column of the frame. */
static vrk_status type_column(vrk_ctx *ctx, const reading *r, int64_t k, vrk_column *c)
{
    vrk_status st = VRK_OK;
    bool numbers = true;
    double x = 0;
    for (int64_t i = 0; i < r->rows && numbers; i++)
        numbers = no_value(r->cell[k][i]) || vrk_text_number(r->cell[k][i], &x);
    c->name = r->name[k];
    c->type = numbers ? VRK_DOUBLE : VRK_TEXT;
    c->null = VRK_NEW(r->mem, r->rows, uint8_t);
    c->d = numbers ? VRK_NEW(r->mem, r->rows, double) : NULL;
    if (r->mem->failed)
        FAIL(VRK_EMEMORY, "out of memory");
    for (int64_t i = 0; i < r->rows; i++) {
        c->null[i] = no_value(r->cell[k][i]);
        if (numbers && !c->null[i] && vrk_text_number(r->cell[k][i], &x))
            c->d[i] = x;
    }
    c->s = numbers ? NULL : r->cell[k];
done:
    return st;
}

/* The sign between the headings: the first of , ; and tab that the first line has. */
static vrk_status guess_delimiter(vrk_ctx *ctx, const vrk_rec *rec, void *arg)
{
    reading *r = arg;
    (void)ctx;
    if (r->headings || rec->state == VRK_REC_BLANK)
        return VRK_OK;
    r->headings = true;
    r->delimiter = memchr(rec->bytes, ',', rec->n)    ? ','
                   : memchr(rec->bytes, ';', rec->n)  ? ';'
                   : memchr(rec->bytes, '\t', rec->n) ? '\t'
                                                      : ',';
    return VRK_ECANCEL; /* that was enough */
}

vrk_status vrk_fit_table(vrk_ctx *ctx, const char *path, vrk_frame *out, int64_t **line)
{
    vrk_status st = VRK_OK;
    const char *slash = strrchr(path, '/');
    reading r = {.path = slash ? slash + 1 : path, .delimiter = ',', .mem = &out->mem};
    int64_t room = vrk_file_size(path) + 2;

    *out = (vrk_frame){.mem.limit = ctx->scratch.limit};
    if (!vrk_is_file(path))
        FAIL(VRK_EIO, "could not open %s: there is no such file", path);
    st = vrk_csv_scan(ctx, path, ',', guess_delimiter, &r);
    if (st != VRK_ECANCEL)
        TRY(st);
    r.headings = false;
    TRY(vrk_csv_scan(ctx, path, r.delimiter, count, &r));
    if (!r.rows)
        FAIL(VRK_EINPUT, r.headings ? VRK_N("%s has headings, but no rows") : VRK_N("%s is empty"),
             path);
    r.text = VRK_NEW(r.mem, room, char);
    r.line = VRK_NEW(r.mem, r.rows, int64_t);
    r.cell = VRK_NEW(r.mem, r.columns, const char **);
    for (int64_t k = 0; k < r.columns && !r.mem->failed; k++)
        r.cell[k] = VRK_NEW(r.mem, r.rows, const char *);
    out->column = VRK_NEW(r.mem, r.columns, vrk_column);
    if (r.mem->failed)
        FAIL(VRK_EMEMORY, "out of memory for %lld rows of %s", (long long)r.rows, path);
    r.end = r.text + room;
    r.headings = false;
    TRY(vrk_csv_scan(ctx, path, r.delimiter, keep, &r));
    out->rows = r.row;
    out->columns = r.columns;
    for (int64_t k = 0; k < r.columns; k++)
        TRY(type_column(ctx, &r, k, &out->column[k]));
    *line = r.line;
done:
    if (st != VRK_OK)
        vrk_frame_free(out);
    return st;
}
