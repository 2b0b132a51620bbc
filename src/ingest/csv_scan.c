#include "ingest/csv_scan.h"

#include "base/sys.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>

enum { WINDOW = 8 << 20 };

typedef struct {
    const char *path;
    int fd;
    char *bytes;        /* [WINDOW] */
    size_t at, end;     /* what is not yet scanned */
    int64_t line;       /* of `at` */
    int64_t columns;    /* of the headings; 0 = not yet known */
    int64_t size, done; /* [byte] for the progress */
    bool eof;
    bool ragged; /* records may be of any width */
    char delimiter;
} scanner;

bool vrk_is_utf8(const char *bytes, size_t n)
{
    const unsigned char *p = (const unsigned char *)bytes;
    for (size_t i = 0; i < n;) {
        size_t more = p[i] < 0x80   ? 0
                      : p[i] < 0xC2 ? 9
                      : p[i] < 0xE0 ? 1
                      : p[i] < 0xF0 ? 2
                      : p[i] < 0xF5 ? 3
                                    : 9;
        if (more == 9 || i + more >= n + (more == 0))
            return false;
        if ((p[i] == 0xE0 && p[i + 1] < 0xA0) || (p[i] == 0xED && p[i + 1] > 0x9F) ||
            (p[i] == 0xF0 && p[i + 1] < 0x90) || (p[i] == 0xF4 && p[i + 1] > 0x8F))
            return false; /* overlong, surrogate, beyond U+10FFFF */
        for (size_t k = 1; k <= more; k++) {
            if ((p[i + k] & 0xC0) != 0x80)
                return false;
        }
        i += more + 1;
    }
    return true;
}

/* Moves what is left to the front and reads on. */
static vrk_status fill(vrk_ctx *ctx, scanner *s)
{
    const vrk_sys *sys = vrk_sys_of(ctx);
    if (s->fd >= 0) {
        memmove(s->bytes, s->bytes + s->at, s->end - s->at);
        s->end -= s->at;
        s->at = 0;
    }
    while (!s->eof && s->end < WINDOW) {
        if (s->fd < 0) { /* a text in memory is all there from the start */
            s->eof = true;
            break;
        }
        ssize_t k = sys->read(sys->arg, s->fd, s->bytes + s->end, WINDOW - s->end);
        if (k < 0 && errno == EINTR)
            continue;
        if (k < 0)
            return vrk_fail(ctx, VRK_EIO, "could not read %s: %s", s->path,
                            vrk_said(ctx, strerror(errno)));
        s->eof = k == 0;
        s->end += (size_t)k;
        s->done += k;
    }
    return vrk_tick(ctx, "checking the files", s->done, s->size > s->done ? s->size : s->done);
}

typedef struct {
    int64_t fields;
    unsigned quotes, nuls, high, blanks; /* is there one? */
} look;

/* In one go over a line, 32 bytes at a time: sums of 128 bytes are kept in a byte each. */
static VRK_WIDE look look_at(const char *p, size_t n, char delimiter)
{
    enum { BLOCK = 128 };
    look l = {.fields = 1};
    for (size_t i = 0; i < n; i += BLOCK) {
        size_t m = n - i < BLOCK ? n - i : BLOCK;
        const unsigned char *b = (const unsigned char *)p + i;
        unsigned char delimiters = 0, quotes = 0, nuls = 0, high = 0, blanks = 0;
        for (size_t k = 0; k < m; k++) {
            delimiters = (unsigned char)(delimiters + (b[k] == (unsigned char)delimiter));
            quotes |= b[k] == '"';
            nuls |= b[k] == 0;
            high |= b[k] >= 0x80;
            blanks |= b[k] == ' ';
        }
        l.fields += delimiters;
        l.quotes |= quotes;
        l.nuls |= nuls;
        l.high |= high;
        l.blanks |= blanks;
    }
    return l;
}

/* Is there a blank of Unicode (category Zs, the plain one too) at p, of n bytes? */
static bool is_blank(const char *p, size_t n)
{
    return (n == 1 && *p == ' ') || (n == 2 && !memcmp(p, "\xC2\xA0", 2)) ||
           (n == 3 && (!memcmp(p, "\xE1\x9A\x80", 3) || !memcmp(p, "\xE2\x80", 2) ||
                       !memcmp(p, "\xE2\x81\x9F", 3) || !memcmp(p, "\xE3\x80\x80", 3)));
}

bool vrk_is_edged(const char *field, size_t n)
{
    if (n == 0)
        return false;
    unsigned char first = (unsigned char)field[0], last = (unsigned char)field[n - 1];
    if (first == ' ' || last == ' ' || !first || !last)
        return true;
    for (size_t k = 2; k <= 3 && k <= n && (first >= 0x80 || last >= 0x80); k++) {
        if (is_blank(field, k) || is_blank(field + n - k, k))
            return true;
    }
    return false;
}

/* Bytes of the blank that p, of n bytes, begins with; 0 = none. */
static size_t blank_at(const char *p, size_t n)
{
    const unsigned char *u = (const unsigned char *)p;
    if (n && u[0] == ' ')
        return 1;
    if (n < 2 || u[0] < 0x80)
        return 0;
    if (!memcmp(p, "\xC2\xA0", 2))
        return 2;
    bool is = n > 2 && (!memcmp(p, "\xE1\x9A\x80", 3) || !memcmp(p, "\xE2\x81\x9F", 3) ||
                        !memcmp(p, "\xE3\x80\x80", 3) ||
                        (!memcmp(p, "\xE2\x80", 2) && (u[2] <= 0x8A || u[2] == 0xAF)));
    return is ? 3 : 0;
}

void vrk_trim_blanks(const char **text, size_t *n)
{
    const char *p = *text, *end = p + *n;
    for (size_t k; p < end && (k = blank_at(p, (size_t)(end - p)));)
        p += k;
    for (bool more = true; more;) {
        more = false;
        for (size_t k = 1; k <= 3 && !more && k <= (size_t)(end - p); k++) {
            more = blank_at(end - k, k) == k;
            end -= more ? k : 0;
        }
    }
    *text = p;
    *n = (size_t)(end - p);
}

uint64_t vrk_edge_bit(int64_t column)
{
    return (uint64_t)1 << (column < 63 ? column : 63);
}

uint64_t vrk_csv_edges(const vrk_rec *rec, char delimiter)
{
    const char *p = rec->bytes;
    size_t n = rec->n;
    uint64_t edges = 0;
    int64_t column = 0;
    for (size_t i = 0; i <= n; column++) {
        bool quoted = i < n && p[i] == '"';
        size_t start = i + quoted;
        for (i = start; quoted && i < n && (p[i] != '"' || (i + 1 < n && p[i + 1] == '"')); i++)
            i += p[i] == '"';
        size_t close = i;
        while (i < n && p[i] != delimiter)
            i++;
        size_t end = quoted ? close : i;
        edges |= vrk_is_edged(p + start, end - start) ? vrk_edge_bit(column) : 0;
        i++;
    }
    return edges;
}

/* A record with quotes: finds its end, which may lie lines further on. False: not within n. */
static bool walk_quoted(const char *p, size_t n, char delimiter, vrk_rec *rec)
{
    bool inside = false, start = true;
    rec->fields = 1;
    rec->state = VRK_REC_GOOD;
    for (size_t i = 0; i < n; i++) {
        if (inside) {
            const char *quote = memchr(p + i, '"', n - i);
            if (!quote)
                break;
            i = (size_t)(quote - p);
            if (i + 1 < n && p[i + 1] == '"') {
                i++;
                continue;
            }
            inside = false;
            if (i + 1 < n && p[i + 1] != delimiter && p[i + 1] != '\n' && p[i + 1] != '\r')
                rec->state = VRK_REC_QUOTE;
        } else if (p[i] == '"') {
            inside = start;
            if (!start && rec->state == VRK_REC_GOOD)
                rec->state = VRK_REC_REPAIRED;
            start = false;
        } else if (p[i] == '\n') {
            rec->n = i;
            return true;
        } else {
            start = p[i] == delimiter;
            rec->fields += start;
        }
    }
    rec->n = n;
    return !inside;
}

static vrk_rec_state judge(const scanner *s, const vrk_rec *rec, look l, bool last)
{
    if (l.nuls)
        return VRK_REC_NUL;
    if (l.high && !vrk_is_utf8(rec->bytes, rec->n))
        return VRK_REC_ENCODING;
    if (s->columns && rec->fields < s->columns)
        return last ? VRK_REC_CUT : VRK_REC_FEW;
    if (s->columns && rec->fields > s->columns)
        return VRK_REC_MANY;
    return rec->state;
}

static int64_t count_lines(const char *p, size_t n)
{
    int64_t lines = 0;
    for (size_t i = 0; i < n; i++)
        lines += p[i] == '\n';
    return lines;
}

/* A line without an end in sight: told once, the rest of it is skipped in blocks. */
static vrk_status skip_long(vrk_ctx *ctx, scanner *s)
{
    vrk_status st = VRK_OK;
    for (;;) {
        char *newline = memchr(s->bytes + s->at, '\n', s->end - s->at);
        if (newline) {
            s->at = (size_t)(newline - s->bytes) + 1;
            s->line++;
            break;
        }
        s->at = s->end;
        if (s->eof)
            break;
        TRY(fill(ctx, s));
    }
done:
    return st;
}

/* Can the record that starts here be read over its quotes, and is it as wide as the headings? */
static bool reads_quoted(const scanner *s, const char *p, size_t left, size_t line, vrk_rec *rec)
{
    return walk_quoted(p, left, s->delimiter, rec) && rec->n <= VRK_CSV_LONGEST &&
           rec->state != VRK_REC_QUOTE &&
           (rec->n <= line || !s->columns || rec->fields == s->columns);
}

/* The record at s->at into *rec; gives the bytes and *lines to go on by. */
static size_t cut_record(scanner *s, vrk_rec *rec, int64_t *lines)
{
    const char *p = s->bytes + s->at;
    size_t left = s->end - s->at;
    char *newline = memchr(p, '\n', left);
    size_t line = newline ? (size_t)(newline - p) : left, step = line + (newline != NULL);
    look l = look_at(p, line, s->delimiter);

    *lines = newline != NULL;
    *rec = (vrk_rec){.line = s->line, .bytes = p, .n = line, .fields = l.fields};
    if (l.quotes && !reads_quoted(s, p, left, line, rec)) {
        rec->state = VRK_REC_QUOTE; /* gives up its first line only */
        rec->n = line;
    } else if (l.quotes && rec->n > line) {
        step = rec->n + (rec->n < left);
        *lines = count_lines(p, step);
        l = look_at(p, rec->n, s->delimiter);
    }
    if (rec->n && rec->bytes[rec->n - 1] == '\r')
        rec->n--;
    rec->edgy = l.blanks || l.high;
    if (rec->n == 0)
        rec->state = VRK_REC_BLANK;
    else if (rec->n > VRK_CSV_LONGEST)
        rec->state = VRK_REC_LONG;
    else if (rec->state != VRK_REC_QUOTE)
        rec->state = judge(s, rec, l, s->eof && step == left && p[step - 1] != '\n');
    return step;
}

static vrk_status scan_all(vrk_ctx *ctx, scanner *s, vrk_rec_fn fn, void *arg)
{
    vrk_status st = VRK_OK;
    vrk_rec rec;
    int64_t lines;

    TRY(fill(ctx, s));
    if (s->end >= 3 && !memcmp(s->bytes, "\xEF\xBB\xBF", 3))
        s->at = 3;
    while (s->at < s->end || !s->eof) {
        if (!s->eof && s->end - s->at < 2 * (size_t)VRK_CSV_LONGEST)
            TRY(fill(ctx, s));
        if (s->at == s->end)
            break;
        size_t step = cut_record(s, &rec, &lines);
        TRY(fn(ctx, &rec, arg));
        if (!s->columns && !s->ragged && rec.state != VRK_REC_BLANK)
            s->columns = rec.fields;
        if (rec.state == VRK_REC_LONG) {
            TRY(skip_long(ctx, s));
            continue;
        }
        s->line += lines;
        s->at += step;
    }
done:
    return st;
}

vrk_status vrk_csv_scan(vrk_ctx *ctx, const char *path, char delimiter, vrk_rec_fn fn, void *arg)
{
    vrk_status st = VRK_OK;
    vrk_mark mark = vrk_mark_of(&ctx->scratch);
    const vrk_sys *sys = vrk_sys_of(ctx);
    scanner s = {.path = path, .line = 1, .delimiter = delimiter};

    s.bytes = vrk_alloc(&ctx->scratch, WINDOW, 1);
    s.fd = sys->open(sys->arg, path, O_RDONLY, 0);
    if (!s.bytes)
        FAIL(VRK_EMEMORY, "out of memory for reading %s", path);
    if (s.fd < 0)
        FAIL(VRK_EIO, "could not open %s: %s", path, vrk_said(ctx, strerror(errno)));
    TRY(scan_all(ctx, &s, fn, arg));
done:
    if (s.fd >= 0)
        sys->close(sys->arg, s.fd);
    vrk_rewind(&ctx->scratch, mark);
    return st;
}

vrk_status vrk_csv_scan_text(vrk_ctx *ctx, char *text, size_t n, char delimiter, int64_t columns,
                             vrk_rec_fn fn, void *arg)
{
    scanner s = {.path = "",
                 .fd = -1,
                 .bytes = text,
                 .end = n,
                 .line = 1,
                 .columns = columns,
                 .size = (int64_t)n,
                 .done = (int64_t)n,
                 .eof = true,
                 .ragged = columns == 0,
                 .delimiter = delimiter};
    return scan_all(ctx, &s, fn, arg);
}
