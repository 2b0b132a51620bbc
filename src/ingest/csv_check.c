#include "ingest/csv_check.h"

#include "base/str.h"
#include "base/sys.h"
#include "ingest/csv_scan.h"
#include "ingest/read_before.h"
#include "store/duck.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <string.h>
#include <strings.h>

enum { MOST_FAULTS = 100000, SHOWN_VALUE = 120 };

/* Code and sentence by vrk_rec_state. */
static const vrk_csv_words words[] = {
    [VRK_REC_REPAIRED] = {"CSV_BARE_QUOTE",
                          "a quote inside a field without quotes; it was kept as it "
                          "stands"},
    [VRK_REC_QUOTE] = {"CSV_UNCLOSED_QUOTE",
                       "a quote is not closed, or text follows a closing quote; "
                       "close it, or write it twice inside a quoted field"},
    [VRK_REC_NUL] = {"NUL_BYTE", "a NUL byte; save the file as text in UTF-8"},
    [VRK_REC_ENCODING] = {"ENC_INVALID", "bytes that are no UTF-8; save the file as UTF-8"},
    [VRK_REC_FEW] = {"CSV_TOO_FEW", "fewer fields than headings; add the missing separators"},
    [VRK_REC_MANY] = {"CSV_TOO_MANY",
                      "more fields than headings; a field with a separator in it must "
                      "stand in quotes"},
    [VRK_REC_CUT] = {"FILE_TRUNCATED", "the file ends in the middle of this row; export it again"},
    [VRK_REC_LONG] = {"CSV_TOO_LONG",
                      "the line is longer than 2,000,000 bytes; a line end or a quote "
                      "is missing"},
};

typedef struct {
    vrk_csv *csv;
    vrk_arena *mem;
    const char *text; /* the headings as they stand */
    size_t n;
    bool copy_needed;
    vrk_read_groups *groups;
    const vrk_watch *watch;
    vrk_str cell, quoted; /* for fields that are not as they stand */
} checking;

static vrk_status note_fault(vrk_ctx *ctx, checking *c, const vrk_rec *rec)
{
    vrk_csv *csv = c->csv;
    bool warning = rec->state == VRK_REC_REPAIRED;
    c->copy_needed = true;
    csv->left_out += !warning;
    if (csv->faults == MOST_FAULTS)
        return VRK_OK;
    if ((csv->faults & (csv->faults - 1)) == 0) { /* room for the next power of two */
        vrk_fault *more = VRK_NEW(c->mem, csv->faults ? 2 * csv->faults : 1, vrk_fault);
        if (!more)
            return vrk_fail(ctx, VRK_EMEMORY, "out of memory for the faults of %s", csv->path);
        if (csv->faults)
            memcpy(more, csv->fault, (size_t)csv->faults * sizeof(*more));
        csv->fault = more;
    }
    size_t n = rec->n < SHOWN_VALUE ? rec->n : SHOWN_VALUE;
    char *value = vrk_text_copy_n(c->mem, rec->bytes, n);
    if (!value)
        return vrk_fail(ctx, VRK_EMEMORY, "out of memory for the faults of %s", csv->path);
    for (size_t i = 0; i < n; i++) { /* what is shown and stored must be text */
        if ((unsigned char)value[i] < 0x20 || (unsigned char)value[i] >= 0x7F)
            value[i] = '?';
    }
    csv->fault[csv->faults++] = (vrk_fault){.line = rec->line,
                                            .value = value,
                                            .code = words[rec->state].code,
                                            .sentence = words[rec->state].sentence,
                                            .warning = warning};
    return VRK_OK;
}

/* A record with a bare quote into `out`: each field in quotes, quotes twice. At most three times as
 * long; gives how long. */
static size_t put_quoted(char *out, char delimiter, const vrk_rec *rec)
{
    size_t n = 0;
    bool start = true, inside = false;
    out[n++] = '"';
    for (size_t i = 0; i < rec->n; i++) {
        char b = rec->bytes[i];
        if (inside && b == '"' && i + 1 < rec->n && rec->bytes[i + 1] == '"') {
            out[n++] = '"';
            out[n++] = '"';
            i++;
        } else if (b == '"' && (start || inside)) {
            inside = !inside;
        } else if (b == '"') {
            out[n++] = '"';
            out[n++] = '"';
        } else if (b == delimiter && !inside) {
            memcpy(out + n, (char[]){'"', b, '"'}, 3);
            n += 3;
            start = true;
            continue;
        } else {
            out[n++] = b;
        }
        start = false;
    }
    out[n++] = '"';
    return n;
}

bool vrk_watch_cell(const vrk_watch *w, int64_t column, const char *text, size_t n)
{
    size_t all = n;
    if (n && ((unsigned char)text[0] - 0x21U > 0x5DU || (unsigned char)text[n - 1] - 0x21U > 0x5DU))
        vrk_trim_blanks(&text, &n);
    w->see(w->arg, column, n ? text : NULL, n);
    return n < all;
}

/* A quoted field that starts at *at, after its quote: its text, and *at is behind its closing one.
 */
static const char *unquote(checking *c, const char *text, size_t n, size_t *at, size_t *length)
{
    size_t start = *at;
    c->cell.n = 0;
    for (;;) {
        const char *quote = memchr(text + *at, '"', n - *at);
        size_t end = quote ? (size_t)(quote - text) : n;
        bool twice = end + 1 < n && text[end + 1] == '"';
        if (twice || c->cell.n)
            vrk_str_add_n(&c->cell, text + start, end + twice - start);
        *at = twice ? end + 2 : end + (end < n);
        if (twice) {
            start = *at;
            continue;
        }
        *length = c->cell.n ? c->cell.n : end - start;
        return c->cell.n ? c->cell.at : text + start;
    }
}

static void watch_fields(checking *c, const char *text, size_t n)
{
    char delimiter = c->csv->delimiter;
    for (size_t i = 0, column = 0; i <= n; i++, column++) {
        size_t length;
        const char *field;
        if (i < n && text[i] == '"') {
            i++;
            field = unquote(c, text, n, &i, &length);
        } else {
            const char *end = i < n ? memchr(text + i, delimiter, n - i) : NULL;
            field = text + i;
            length = (end ? (size_t)(end - text) : n) - i;
            i += length;
        }
        if (vrk_watch_cell(c->watch, (int64_t)column, field, length))
            c->csv->edges |= vrk_edge_bit((int64_t)column);
    }
}

static vrk_status watch_record(vrk_ctx *ctx, checking *c, const vrk_rec *rec)
{
    const char *text = rec->bytes;
    size_t n = rec->n;
    if (rec->state == VRK_REC_REPAIRED) {
        c->quoted.n = 0; /* makes room for what put_quoted may write */
        for (size_t room = 0; room < 4 * rec->n + 8 && !c->quoted.mem->failed; room += rec->n + 1)
            vrk_str_add_n(&c->quoted, rec->bytes, rec->n);
        c->quoted.n = 0;
        if (!c->quoted.mem->failed)
            n = put_quoted(c->quoted.at, c->csv->delimiter, rec);
        text = c->quoted.at;
    }
    if (!c->quoted.mem->failed)
        watch_fields(c, text, n);
    return c->cell.mem->failed || c->quoted.mem->failed
               ? vrk_fail(ctx, VRK_EMEMORY, "out of memory for the values of %s", c->csv->path)
               : VRK_OK;
}

static vrk_status check_record(vrk_ctx *ctx, const vrk_rec *rec, void *arg)
{
    checking *c = arg;
    if (rec->edgy && !c->watch)
        c->csv->edges |= vrk_csv_edges(rec, c->csv->delimiter);
    if (rec->state == VRK_REC_BLANK) {
        c->copy_needed = true; /* an empty line is an empty value to some readers */
        return VRK_OK;
    }
    if (!c->text) {
        if (rec->state != VRK_REC_GOOD)
            return vrk_fail(
                ctx, VRK_EINPUT, "%s:%" PRId64 ": the first line is no row of headings: %s",
                c->csv->path, rec->line,
                words[rec->state].sentence ? words[rec->state].sentence : "it is empty");
        c->text = vrk_text_copy_n(c->mem, rec->bytes, rec->n);
        c->n = rec->n;
        c->csv->columns = rec->fields;
        if (!c->text)
            return vrk_fail(ctx, VRK_EMEMORY, "out of memory");
        if (c->watch)
            c->watch->start(c->watch->arg, rec->fields);
        return c->groups ? vrk_read_groups_headings(ctx, c->groups, rec, c->mem) : VRK_OK;
    }
    c->csv->records++;
    vrk_status st = VRK_OK;
    if (c->watch && (rec->state == VRK_REC_GOOD || rec->state == VRK_REC_REPAIRED))
        st = watch_record(ctx, c, rec);
    if (st != VRK_OK)
        return st;
    if (rec->state != VRK_REC_GOOD)
        return note_fault(ctx, c, rec);
    return c->groups ? vrk_read_groups_add(ctx, c->groups, rec, c->mem) : VRK_OK;
}

/* The next field of a record at *at, unquoted into `out` (room for all that is left). */
static void take_field(const char *text, size_t n, char delimiter, size_t *at, char *out)
{
    size_t k = 0, i = *at;
    bool inside = i < n && text[i] == '"';
    for (i += inside; i < n; i++) {
        if (inside && text[i] == '"') {
            if (i + 1 < n && text[i + 1] == '"')
                i++;
            else {
                inside = false;
                continue;
            }
        } else if (!inside && text[i] == delimiter) {
            break;
        }
        out[k++] = text[i];
    }
    out[k] = 0;
    *at = i + 1;
}

static const char *trimmed(char *text)
{
    while (*text == ' ' || *text == '\t')
        text++;
    size_t n = strlen(text);
    while (n && (text[n - 1] == ' ' || text[n - 1] == '\t'))
        text[--n] = 0;
    return text;
}

static bool is_taken(const char *const *name, int64_t k, const char *text)
{
    for (int64_t i = 0; i < k; i++) {
        if (!strcasecmp(name[i], text))
            return true;
    }
    return false;
}

vrk_status vrk_csv_name(vrk_ctx *ctx, const char *const *text, int64_t n, vrk_arena *mem,
                        const char ***names)
{
    const char **out = VRK_NEW(mem, n, const char *);
    for (int64_t k = 0; k < n && !mem->failed; k++) {
        const char *name = text[k], *base = name;
        if (!*name)
            base = name = vrk_text_f(mem, "column_%" PRId64, k + 1);
        for (int again = 2; name && is_taken(out, k, name); again++)
            name = vrk_text_f(mem, "%s_%d", base, again);
        out[k] = name;
    }
    *names = out;
    return mem->failed ? vrk_fail(ctx, VRK_EMEMORY, "out of memory") : VRK_OK;
}

vrk_csv_words vrk_csv_words_of(int state)
{
    return words[state];
}

static vrk_status name_columns(vrk_ctx *ctx, checking *c)
{
    vrk_csv *csv = c->csv;
    size_t at = 0;
    const char **text = VRK_NEW(c->mem, csv->columns, const char *);
    for (int64_t k = 0; k < csv->columns && !c->mem->failed; k++) {
        char *out = VRK_NEW(c->mem, (int64_t)c->n + 1, char);
        if (!out)
            break;
        take_field(c->text, c->n, csv->delimiter, &at, out);
        text[k] = trimmed(out);
    }
    if (c->mem->failed)
        return vrk_fail(ctx, VRK_EMEMORY, "out of memory");
    return vrk_csv_name(ctx, text, csv->columns, c->mem, &csv->heading);
}

typedef struct {
    const char *path;
    int fd;
    char delimiter;
    char *out; /* [ROOM] */
    size_t n;
} copying;

enum { ROOM = 8 << 20 };

static vrk_status flush(vrk_ctx *ctx, copying *c)
{
    size_t n = c->n;
    c->n = 0;
    return vrk_file_write_all(ctx, c->fd, c->path, c->out, n);
}

static vrk_status copy_record(vrk_ctx *ctx, const vrk_rec *rec, void *arg)
{
    copying *c = arg;
    bool kept = rec->state == VRK_REC_GOOD || rec->state == VRK_REC_REPAIRED;
    if (!kept)
        return VRK_OK;
    if (ROOM - c->n < 4 * rec->n + 8) {
        vrk_status st = flush(ctx, c);
        if (st != VRK_OK)
            return st;
    }
    if (rec->state == VRK_REC_REPAIRED) {
        c->n += put_quoted(c->out + c->n, c->delimiter, rec);
    } else {
        memcpy(c->out + c->n, rec->bytes, rec->n);
        c->n += rec->n;
    }
    c->out[c->n++] = '\n';
    return VRK_OK;
}

static vrk_status write_copy(vrk_ctx *ctx, const vrk_csv *csv)
{
    vrk_status st = VRK_OK;
    vrk_mark mark = vrk_mark_of(&ctx->scratch);
    const vrk_sys *sys = vrk_sys_of(ctx);
    copying c = {.path = csv->read, .delimiter = csv->delimiter};

    c.out = vrk_alloc(&ctx->scratch, ROOM + 64, 1);
    c.fd = sys->open(sys->arg, csv->read, O_WRONLY | O_CREAT | O_TRUNC, 0600);
    if (!c.out)
        FAIL(VRK_EMEMORY, "out of memory");
    if (c.fd < 0)
        FAIL(VRK_EIO, "could not write %s: %s", csv->read, vrk_said(ctx, strerror(errno)));
    TRY(vrk_csv_scan(ctx, csv->path, csv->delimiter, copy_record, &c));
    TRY(flush(ctx, &c));
done:
    if (c.fd >= 0 && sys->close(sys->arg, c.fd) && st == VRK_OK)
        st = vrk_fail(ctx, VRK_EIO, "could not write %s: %s", csv->read,
                      vrk_said(ctx, strerror(errno)));
    vrk_rewind(&ctx->scratch, mark);
    return st;
}

vrk_status vrk_csv_check(vrk_ctx *ctx, const char *path, char delimiter, const char *staging,
                         int64_t number, vrk_read_groups *groups, const vrk_watch *watch,
                         vrk_arena *mem, vrk_csv *out)
{
    vrk_status st = VRK_OK;
    vrk_arena work = {.limit = ctx->scratch.limit};
    checking c = {.csv = out,
                  .mem = mem,
                  .groups = groups,
                  .watch = watch,
                  .cell = {.mem = &work},
                  .quoted = {.mem = &work}};

    *out = (vrk_csv){.path = path, .read = path, .delimiter = delimiter ? delimiter : ','};
    TRY(vrk_csv_scan(ctx, path, out->delimiter, check_record, &c));
    if (!c.text)
        FAIL(VRK_EINPUT, "%s is empty; there is not even a row of headings", path);
    TRY(name_columns(ctx, &c));
    if (groups)
        TRY(vrk_read_groups_end(ctx, groups, mem));
    if (c.copy_needed) {
        out->read = vrk_text_f(mem, "%s/clean-%" PRId64 ".csv", staging, number);
        if (!out->read)
            FAIL(VRK_EMEMORY, "out of memory");
        TRY(write_copy(ctx, out));
    }
done:
    vrk_arena_free(&work);
    if (groups)
        vrk_read_groups_close(ctx, groups);
    if (st != VRK_OK)
        *out = (vrk_csv){0};
    return st;
}

char *vrk_csv_from(const vrk_csv *csv, vrk_arena *mem)
{
    vrk_str s = {.mem = mem};
    char delimiter[] = {csv->delimiter, 0};
    vrk_str_addf(&s,
                 "read_csv(%s, auto_detect = false, header = true, delim = %s, quote = '\"', "
                 "escape = '\"', max_line_size = 4000000, columns = {",
                 vrk_sql_quote(mem, csv->read), vrk_sql_quote(mem, delimiter));
    vrk_str_add(&s, csv->lined ? "'_line': 'BIGINT', " : "");
    for (int64_t k = 0; k < csv->columns && !mem->failed; k++)
        vrk_str_addf(&s, "%s%s: 'VARCHAR'", k ? ", " : "", vrk_sql_quote(mem, csv->heading[k]));
    vrk_str_add(&s, "})");
    return mem->failed ? NULL : s.at;
}

typedef struct {
    const int64_t *record;
    int64_t n, next, kept; /* kept records so far, the headings not counted */
    int64_t *line;
    bool headings_done;
} finding;

static vrk_status find_line(vrk_ctx *ctx, const vrk_rec *rec, void *arg)
{
    (void)ctx;
    finding *f = arg;
    if (rec->state != VRK_REC_GOOD && rec->state != VRK_REC_REPAIRED)
        return VRK_OK;
    if (!f->headings_done) {
        f->headings_done = true;
        return VRK_OK;
    }
    f->kept++;
    while (f->next < f->n && f->record[f->next] == f->kept)
        f->line[f->next++] = rec->line;
    return VRK_OK;
}

vrk_status vrk_csv_lines(vrk_ctx *ctx, const char *path, char delimiter, const int64_t *record,
                         int64_t n, int64_t *line)
{
    finding f = {.record = record, .n = n, .line = line};
    for (int64_t i = 0; i < n; i++)
        line[i] = 0;
    return vrk_csv_scan(ctx, path, delimiter ? delimiter : ',', find_line, &f);
}
