#include "ingest/html.h"

#include "base/str.h"
#include "ingest/textfile.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

enum { CELL_MOST = 1 << 20, TABLES_MOST = 200 };

/* A table that is open. */
typedef struct {
    vrk_sheet_writer w;
    int64_t row, column; /* 1-based row, 0-based next column */
    bool in_row, in_cell, any, started;
    int64_t span;   /* columns of the open cell */
    int64_t down;   /* rows of it */
    int64_t *taken; /* [VRK_HTML_COLUMNS] rows that a cell above still reaches down */
    char *text;     /* of the open cell; malloc */
    size_t n, room;
} table;

typedef struct {
    vrk_ctx *ctx;
    vrk_reading *r;
    const char *at, *end;
    table open[VRK_HTML_DEEPEST];
    int depth; /* tables open */
    int64_t tables;
} page;

static const char *find_no_case(const char *text, const char *end, const char *what)
{
    size_t n = strlen(what);
    for (; text + n <= end; text++) {
        if (!strncasecmp(text, what, n))
            return text;
    }
    return NULL;
}

bool vrk_html_is(const char *start, size_t n, const char *name)
{
    const char *end = start + n;
    (void)name;
    if (n > 3 && !memcmp(start, "\xEF\xBB\xBF", 3))
        start += 3;
    while (start < end && strchr(" \t\r\n", *start) && *start)
        start++;
    return start < end && *start == '<' && !find_no_case(start, end, "multistatus") &&
           (find_no_case(start, end, "<html") || find_no_case(start, end, "<table"));
}

static table *top(page *p)
{
    return p->depth ? &p->open[p->depth - 1] : NULL;
}

static vrk_status add_text(page *p, const char *bytes, size_t n)
{
    table *t = top(p);
    if (!t || !t->in_cell)
        return VRK_OK;
    if (t->n + n > CELL_MOST)
        return vrk_fail(p->ctx, VRK_EINPUT, "%s: a cell holds more than 1 MiB of text", p->r->name);
    if (t->n + n > t->room) {
        size_t room = 2 * (t->n + n) + 256;
        char *to = realloc(t->text, room);
        if (!to)
            return vrk_fail(p->ctx, VRK_EMEMORY, "out of memory for %s", p->r->name);
        t->text = to;
        t->room = room;
    }
    memcpy(t->text + t->n, bytes, n);
    t->n += n;
    return VRK_OK;
}

/* Text between tags: blanks are joined, entities resolved. */
static vrk_status take_text(page *p, const char *from, const char *to)
{
    vrk_status st = VRK_OK;
    char sign[5];
    for (const char *c = from; c < to; c++) {
        table *t = top(p);
        if (!t || !t->in_cell)
            break;
        if (*c == ' ' || *c == '\t' || *c == '\r' || *c == '\n') {
            if (t->n && t->text[t->n - 1] != ' ' && t->text[t->n - 1] != '\n')
                TRY(add_text(p, " ", 1));
            continue;
        }
        const char *semicolon = *c == '&' ? memchr(c, ';', (size_t)(to - c)) : NULL;
        size_t n = semicolon && semicolon - c < 12
                       ? vrk_html_entity(c + 1, (size_t)(semicolon - c - 1), sign)
                       : 0;
        TRY(n ? add_text(p, sign, n) : add_text(p, c, 1));
        c = n ? semicolon : c;
    }
done:
    return st;
}

static vrk_status open_table(page *p)
{
    vrk_status st = VRK_OK;
    vrk_ctx *ctx = p->ctx;
    if (p->depth == VRK_HTML_DEEPEST || p->tables == TABLES_MOST)
        FAIL(VRK_EINPUT, "%s: more than %d tables in one another, or %d in all", p->r->name,
             VRK_HTML_DEEPEST, TABLES_MOST);
    table *t = &p->open[p->depth];
    *t = (table){.taken = calloc(VRK_HTML_COLUMNS, sizeof(int64_t))};
    p->depth++;
    p->tables++;
    if (!t->taken)
        FAIL(VRK_EMEMORY, "out of memory for %s", p->r->name);
    TRY(vrk_sheet_open(ctx, p->r, &t->w));
    t->started = true;
done:
    return st;
}

/* An empty cell for each column that a cell above reaches down into. */
static void pass_taken(table *t)
{
    while (t->column < VRK_HTML_COLUMNS && t->taken[t->column]) {
        t->taken[t->column++]--;
        vrk_sheet_cell(&t->w, "", 0);
    }
}

static void close_cell(table *t)
{
    if (!t->in_cell)
        return;
    while (t->n && (t->text[t->n - 1] == ' ' || t->text[t->n - 1] == '\n'))
        t->n--;
    t->any |= t->n > 0;
    for (int64_t i = 0; i < t->span && t->column < VRK_HTML_COLUMNS; i++) {
        t->taken[t->column++] = t->down - 1;
        vrk_sheet_cell(&t->w, i ? "" : t->text, i ? 0 : t->n);
    }
    t->in_cell = false;
    t->n = 0;
}

static void close_row(table *t)
{
    close_cell(t);
    if (!t->in_row)
        return;
    for (; t->column < VRK_HTML_COLUMNS; t->column++)
        t->taken[t->column] -= t->taken[t->column] > 0;
    t->in_row = false;
}

static void open_row(table *t)
{
    close_row(t);
    vrk_sheet_row(&t->w, ++t->row);
    t->column = 0;
    t->in_row = true;
}

static vrk_status close_table(page *p)
{
    table *t = top(p);
    vrk_status st = VRK_OK;
    if (!t)
        return VRK_OK;
    if (t->started) {
        close_row(t);
        st = vrk_sheet_close(&t->w);
    }
    if (st == VRK_OK && t->any)
        vrk_reading_sheet(
            p->r, &(vrk_sheet){.path = t->w.path,
                               .part = vrk_text_f(p->r->mem, "table %" PRId64, p->r->sheets + 1)});
    free(t->text);
    free(t->taken);
    *t = (table){0};
    p->depth--;
    return st;
}

/* The number that an attribute of a tag has, 1 if it has none. */
static int64_t number_in(const char *tag, const char *end, const char *attribute)
{
    const char *at = find_no_case(tag, end, attribute);
    if (!at)
        return 1;
    for (at += strlen(attribute); at < end && strchr(" =\"'", *at) && *at; at++)
        continue;
    int64_t n = 0;
    for (; at < end && *at >= '0' && *at <= '9' && n < VRK_HTML_COLUMNS; at++)
        n = 10 * n + (*at - '0');
    return n < 1 ? 1 : n > VRK_HTML_COLUMNS ? VRK_HTML_COLUMNS : n;
}

static void open_cell(table *t, const char *tag, const char *end)
{
    close_cell(t);
    if (!t->in_row)
        open_row(t);
    pass_taken(t);
    t->span = number_in(tag, end, "colspan");
    t->down = number_in(tag, end, "rowspan");
    t->in_cell = true;
}

static bool is_tag(const char *tag, const char *end, const char *name)
{
    size_t n = strlen(name);
    return (size_t)(end - tag) >= n && !strncasecmp(tag, name, n) &&
           (tag + n == end || strchr(" \t\r\n/>", tag[n]));
}

static vrk_status take_tag(page *p, const char *tag, const char *end)
{
    table *t = top(p);
    if (is_tag(tag, end, "table"))
        return open_table(p);
    if (!t)
        return VRK_OK;
    if (is_tag(tag, end, "/table"))
        return close_table(p);
    if (is_tag(tag, end, "tr"))
        open_row(t);
    else if (is_tag(tag, end, "/tr"))
        close_row(t);
    else if (is_tag(tag, end, "td") || is_tag(tag, end, "th"))
        open_cell(t, tag, end);
    else if (is_tag(tag, end, "/td") || is_tag(tag, end, "/th"))
        close_cell(t);
    else if (is_tag(tag, end, "br") || is_tag(tag, end, "/p") || is_tag(tag, end, "/div"))
        return t->n ? add_text(p, "\n", 1) : VRK_OK;
    return t->w.st;
}

/* Past the end of what is no text: a comment, a script, a style sheet. */
static const char *skip(const page *p, const char *tag)
{
    static const char *const silent[][2] = {
        {"!--", "-->"}, {"script", "</script"}, {"style", "</style"}, {"title", "</title"}};
    for (size_t i = 0; i < sizeof(silent) / sizeof(*silent); i++) {
        size_t n = strlen(silent[i][0]);
        if ((size_t)(p->end - tag) > n && !strncasecmp(tag, silent[i][0], n)) {
            const char *to = find_no_case(tag, p->end, silent[i][1]);
            return to ? to + (i ? 0 : 3) : p->end;
        }
    }
    return NULL;
}

/* The > that ends a tag; one in quotes does not. */
static const char *end_of_tag(const page *p, const char *tag)
{
    char quote = 0;
    for (const char *c = tag; c < p->end; c++) {
        if (quote)
            quote = *c == quote ? 0 : quote;
        else if (*c == '>')
            return c;
        else if ((*c == '"' || *c == '\'') && c > tag && c[-1] == '=')
            quote = *c;
    }
    return memchr(tag, '>', (size_t)(p->end - tag)); /* a quote that is never closed */
}

static vrk_status walk(page *p)
{
    vrk_status st = VRK_OK;
    vrk_ctx *ctx = p->ctx;
    int64_t tags = 0;
    while (p->at < p->end) {
        const char *tag = memchr(p->at, '<', (size_t)(p->end - p->at));
        TRY(take_text(p, p->at, tag ? tag : p->end));
        if (!tag)
            break;
        if (tag + 1 < p->end && !strchr("/!?", tag[1]) && !((tag[1] | 0x20) >= 'a')) {
            TRY(take_text(p, "&lt;", &"&lt;"[4])); /* a < that starts no tag */
            p->at = tag + 1;
            continue;
        }
        const char *past = skip(p, tag + 1);
        const char *end = past ? past : end_of_tag(p, tag + 1);
        if (!past && end)
            TRY(take_tag(p, tag + 1, end));
        p->at = !end ? p->end : past ? past : end + 1;
        if (tags++ % 4096 == 0)
            TRY(vrk_tick(ctx, "reading the page", 0, 0));
    }
done:
    return st;
}

vrk_status vrk_html_read(vrk_ctx *ctx, vrk_reading *r)
{
    vrk_status st = VRK_OK;
    vrk_mark mark = vrk_mark_of(&ctx->scratch);
    page p = {.ctx = ctx, .r = r};
    char *text;
    size_t n;

    TRY(vrk_textfile_read(ctx, r->path, r->name, VRK_HTML_MOST, &ctx->scratch, &text, &n));
    p.at = text;
    p.end = text + n;
    TRY(walk(&p));
    while (p.depth) /* </table> may be missing */
        TRY(close_table(&p));
    if (r->mem->failed)
        FAIL(VRK_EMEMORY, "out of memory for %s", r->name);
    if (!r->sheets)
        FAIL(VRK_EINPUT, "%s is a page without a table", r->name);
    if (r->sheets == 1)
        r->sheet[0].part = NULL;
done:
    while (p.depth) {
        if (close_table(&p) != VRK_OK)
            continue;
    }
    vrk_rewind(&ctx->scratch, mark);
    return st;
}
