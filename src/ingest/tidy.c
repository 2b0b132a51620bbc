#include "ingest/tidy.h"

#include "base/str.h"
#include "base/sys.h"
#include "ingest/csv_scan.h"
#include "ingest/dialect.h"
#include "ingest/layout.h"

#include <errno.h>
#include <inttypes.h>
#include <string.h>
#include <sys/stat.h>

enum { SHOWN_VALUE = 120, MOST_FAULTS = 100000 };

typedef struct {
    vrk_ctx *ctx;
    const char *name;    /* for messages */
    const char *staging; /* folder */
    int64_t number;
    const vrk_watch *watch; /* NULL = nobody looks */
    vrk_arena *mem;
    vrk_tidy *out;
    vrk_arena work; /* the text and its cells; gone when the table is written */
    vrk_grid grid;
    vrk_layout layout;
    int64_t fault_room;
} tidying;

static vrk_status no_memory(const tidying *t)
{
    return vrk_fail(t->ctx, VRK_EMEMORY, "out of memory for %s", t->name);
}

static void add_fault(tidying *t, vrk_fault fault, const char *value, size_t n)
{
    vrk_csv *csv = &t->out->csv;
    if (csv->faults == MOST_FAULTS)
        return;
    if (csv->faults == t->fault_room) {
        int64_t room = t->fault_room ? 2 * t->fault_room : 16;
        vrk_fault *more = VRK_NEW(t->mem, room, vrk_fault);
        if (!more)
            return; /* t->mem remembers */
        if (csv->faults)
            memcpy(more, csv->fault, (size_t)csv->faults * sizeof(*more));
        csv->fault = more;
        t->fault_room = room;
    }
    n = n < SHOWN_VALUE ? n : SHOWN_VALUE;
    char *shown = vrk_text_copy_n(t->mem, value, n);
    for (size_t i = 0; i < n && shown; i++) { /* what is shown and stored must be text */
        if ((unsigned char)shown[i] < 0x20 || (unsigned char)shown[i] >= 0x7F)
            shown[i] = '?';
    }
    fault.value = n ? shown : NULL;
    csv->fault[csv->faults++] = fault;
}

/* Lone carriage returns end lines in files of old Macintoshes. */
static void end_lines(char *text, size_t n)
{
    size_t alone = 0, feeds = 0;
    for (size_t i = 0; i < n; i++) {
        alone += text[i] == '\r' && (i + 1 == n || text[i + 1] != '\n');
        feeds += text[i] == '\n';
    }
    for (size_t i = 0; i < n && alone > feeds; i++) {
        if (text[i] == '\r' && (i + 1 == n || text[i + 1] != '\n'))
            text[i] = '\n';
    }
}

/* Reads the file and gives its text as UTF-8. */
static vrk_status read_text(tidying *t, const char *path, char **text, size_t *n)
{
    vrk_ctx *ctx = t->ctx;
    vrk_status st = VRK_OK;
    char *bytes;
    size_t size, bom, used;
    enum { MOST_LINES = 1000 };

    TRY(vrk_file_read(ctx, path, 0, &t->work, &bytes, &size));
    t->out->encoding = vrk_encoding_of(bytes, size, true, &bom);
    t->out->unmarked =
        !bom && (t->out->encoding == VRK_ENC_UTF16LE || t->out->encoding == VRK_ENC_UTF16BE);
    *text = VRK_NEW(&t->work, (int64_t)(3 * size) + 8, char);
    if (!*text)
        FAIL(VRK_EMEMORY, "out of memory for %s", t->name);
    *n = vrk_decode(t->out->encoding, bytes + bom, size - bom, true, *text, &used);
    if (t->out->encoding == VRK_ENC_MIXED) {
        int64_t *line = VRK_NEW(&t->work, MOST_LINES, int64_t);
        if (!line)
            FAIL(VRK_EMEMORY, "out of memory for %s", t->name);
        t->out->mixed = vrk_mixed_lines(bytes + bom, size - bom, line, MOST_LINES);
        for (int64_t i = 0; i < t->out->mixed && i < MOST_LINES; i++)
            add_fault(t,
                      (vrk_fault){.line = line[i],
                                  .code = "ENC_MIXED",
                                  .sentence = "no UTF-8, though other lines are; read as "
                                              "Windows-1252",
                                  .warning = true},
                      "", 0);
    }
    for (int64_t again = 1; again;) {
        *n = vrk_demojibake(*text, *n, &again);
        t->out->mojibake += again;
    }
    if (t->out->mojibake)
        add_fault(t,
                  (vrk_fault){.code = "ENC_MOJIBAKE",
                              .sentence = vrk_text_f(t->mem,
                                                     "%" PRId64 " letters were encoded twice "
                                                     "(Ã¶ for ö); they were made whole",
                                                     t->out->mojibake),
                              .warning = true},
                  "", 0);
    end_lines(*text, *n);
done:
    return st;
}

static vrk_status make_grid(tidying *t, char *text, size_t n)
{
    vrk_ctx *ctx = t->ctx;
    vrk_status st = VRK_OK;
    vrk_dialect d = vrk_dialect_of(text, n);
    if (d.wrapped) {
        char *inner = VRK_NEW(&t->work, (int64_t)n + 1, char);
        if (!inner)
            return no_memory(t);
        memcpy(inner, text, n);
        size_t k = vrk_unwrap_rows(inner, n);
        vrk_dialect within = vrk_dialect_of(inner, k);
        if (within.columns > 1 && d.columns <= 1) {
            t->out->wrapped = true;
            text = inner;
            n = k;
            d = within;
        }
    }
    t->out->delimiter = d.delimiter;
    if (d.sep_line) { /* becomes an empty line, so that the others keep their numbers */
        for (size_t i = 0; i < n && text[i] != '\n'; i++)
            text[i] = ' ';
    }
    TRY(vrk_grid_make(ctx, text, n, d.delimiter, d.columns, false, &t->work, &t->grid));
done:
    return st;
}

/* The headings: of two rows, the upper where the lower is empty or says a thing twice. */
static vrk_status name_columns(tidying *t)
{
    const vrk_layout *l = &t->layout;
    vrk_csv *csv = &t->out->csv;
    csv->columns = l->columns - l->first_column;
    const char **text = VRK_NEW(t->mem, csv->columns, const char *);
    const char *upper = "";
    if (!text)
        return no_memory(t);
    for (int64_t k = 0; k < csv->columns; k++) {
        int64_t at = k + l->first_column;
        const char *own = l->headings >= 0 ? vrk_grid_cell(&t->grid, l->headings, at) : "";
        const char *over = l->above >= 0 ? vrk_grid_cell(&t->grid, l->above, at) : "";
        upper = *over ? over : upper;
        bool twice = false;
        for (int64_t j = 0; j < k && *own && l->above >= 0; j++)
            twice |= !strcmp(vrk_grid_cell(&t->grid, l->headings, j + l->first_column), own);
        text[k] = !*own && *over ? vrk_text_copy(t->mem, over)
                  : twice        ? vrk_text_f(t->mem, "%s %s", upper, own)
                                 : vrk_text_copy(t->mem, own);
    }
    if (t->mem->failed)
        return no_memory(t);
    t->out->has_headings = l->headings >= 0;
    return vrk_csv_name(t->ctx, text, csv->columns, t->mem, &csv->heading);
}

static bool fits(const tidying *t, const vrk_row *r)
{
    int64_t n = r->cells;
    while (n && !r->cell[n - 1].n)
        n--;
    if (r->state == VRK_REC_MANY)
        return n <= t->layout.columns;
    return t->grid.sheet && (r->state == VRK_REC_FEW || r->state == VRK_REC_CUT);
}

static void write_row(tidying *t, vrk_sheet_writer *w, const vrk_row *r)
{
    vrk_csv *csv = &t->out->csv;
    vrk_sheet_row(w, r->line);
    for (int64_t k = 0; k < t->out->csv.columns; k++) {
        int64_t at = k + t->layout.first_column;
        vrk_cell cell = at < r->cells ? r->cell[at] : (vrk_cell){"", 0};
        csv->edges |= vrk_is_edged(cell.text, cell.n) ? vrk_edge_bit(k) : 0;
        vrk_sheet_cell(w, cell.text, cell.n);
        if (t->watch)
            (void)vrk_watch_cell(t->watch, k, cell.text, cell.n);
    }
}

/* One row of the grid goes where it belongs. */
static void sort_row(tidying *t, vrk_sheet_writer *w, vrk_row *r)
{
    vrk_csv *csv = &t->out->csv;
    vrk_csv_words words = vrk_csv_words_of((int)r->state);
    if (r->kind == VRK_ROW_BAD && fits(t, r))
        r->kind = VRK_ROW_DATA;
    csv->records += r->kind != VRK_ROW_BLANK && r->kind != VRK_ROW_HEADINGS;
    switch (r->kind) {
    case VRK_ROW_BLANK:
    case VRK_ROW_HEADINGS:
        return;
    case VRK_ROW_TITLE:
        t->out->titles++;
        break;
    case VRK_ROW_FURNITURE:
        t->out->furniture++;
        break;
    case VRK_ROW_CONTINUATION:
        t->out->continuations++;
        break;
    case VRK_ROW_BAD:
        csv->left_out++;
        add_fault(t, (vrk_fault){.line = r->line, .code = words.code, .sentence = words.sentence},
                  r->raw, r->raw_n);
        return;
    case VRK_ROW_DATA:
        if (r->state == VRK_REC_REPAIRED)
            add_fault(t,
                      (vrk_fault){.line = r->line,
                                  .code = words.code,
                                  .sentence = words.sentence,
                                  .warning = true},
                      r->raw, r->raw_n);
        write_row(t, w, r);
        return;
    }
    csv->skipped++;
}

/* In a page made for people the first column's value stands in the first row of its block only. */
static void fill_down(tidying *t)
{
    vrk_cell last = {"", 0};
    int64_t at = t->layout.first_column, blank = 0, given = 0;
    if (!t->grid.sheet || t->layout.columns - at < 4)
        return;
    for (int64_t i = t->layout.headings + 1; i < t->grid.rows; i++) {
        const vrk_row *r = &t->grid.row[i];
        if (r->kind != VRK_ROW_DATA || at >= r->cells)
            continue;
        if (!given && !r->cell[at].n)
            return; /* nothing to fill from */
        given += r->cell[at].n > 0;
        blank += r->cell[at].n == 0;
    }
    if (blank * 4 < given)
        return;
    for (int64_t i = t->layout.headings + 1; i < t->grid.rows; i++) {
        vrk_row *r = &t->grid.row[i];
        if (r->kind != VRK_ROW_DATA || at >= r->cells)
            continue;
        if (r->cell[at].n)
            last = r->cell[at];
        else
            r->cell[at] = last;
    }
}

/* Writes the clean table: a row of headings, then the rows. */
static vrk_status write_table(tidying *t)
{
    vrk_ctx *ctx = t->ctx;
    vrk_status st = VRK_OK;
    vrk_csv *csv = &t->out->csv;
    vrk_sheet_writer w;
    vrk_reading r = {.name = t->name, .staging = t->staging, .number = &t->number, .mem = t->mem};

    TRY(name_columns(t));
    if (t->watch)
        t->watch->start(t->watch->arg, csv->columns);
    fill_down(t);
    TRY(vrk_sheet_open(ctx, &r, &w));
    csv->read = w.path;
    csv->delimiter = ',';
    csv->lined = true;
    vrk_sheet_row(&w, 0);
    for (int64_t k = 0; k < csv->columns; k++)
        vrk_sheet_cell(&w, csv->heading[k], strlen(csv->heading[k]));
    for (int64_t i = 0; i < t->grid.rows; i++) {
        sort_row(t, &w, &t->grid.row[i]);
        if (i % 65536 == 0 && (st = vrk_tick(ctx, "looking at files", i, t->grid.rows)) != VRK_OK)
            break;
    }
    vrk_status closed = vrk_sheet_close(&w);
    TRY(st);
    TRY(closed);
    if (t->mem->failed)
        return no_memory(t);
done:
    return st;
}

static vrk_status tidy_grid(tidying *t, const vrk_headings *known, bool headed)
{
    vrk_ctx *ctx = t->ctx;
    vrk_status st = VRK_OK;
    char inner[sizeof(ctx->message)];
    st = vrk_layout_find(ctx, known, &t->grid, headed, &t->layout);
    if (st == VRK_EINPUT) {
        memcpy(inner, ctx->message, sizeof(inner));
        FAIL(VRK_EINPUT, "%s: %s", t->name, inner);
    }
    TRY(st);
    if (t->layout.columns < 1)
        FAIL(VRK_EINPUT, "%s is empty; there is not even a row of headings", t->name);
    TRY(write_table(t));
done:
    return st;
}

vrk_status vrk_tidy_file(vrk_ctx *ctx, const vrk_headings *known, const char *path,
                         const char *name, const char *staging, int64_t number,
                         const vrk_watch *watch, vrk_arena *mem, vrk_tidy *out)
{
    vrk_status st = VRK_OK;
    tidying t = {.ctx = ctx,
                 .name = name,
                 .staging = staging,
                 .number = number,
                 .watch = watch,
                 .mem = mem,
                 .out = out,
                 .work.limit = ctx->scratch.limit};
    char *text;
    size_t n = 0;

    *out = (vrk_tidy){.csv.path = path};
    TRY(read_text(&t, path, &text, &n));
    if (n == 0)
        FAIL(VRK_EINPUT, "%s is empty; there is not even a row of headings", name);
    TRY(make_grid(&t, text, n));
    TRY(tidy_grid(&t, known, false));
done:
    vrk_arena_free(&t.work);
    return st;
}

vrk_status vrk_tidy_sheet(vrk_ctx *ctx, const vrk_headings *known, const vrk_sheet *sheet,
                          const char *name, const char *staging, int64_t number,
                          const vrk_watch *watch, vrk_arena *mem, vrk_tidy *out)
{
    vrk_status st = VRK_OK;
    tidying t = {.ctx = ctx,
                 .name = name,
                 .staging = staging,
                 .number = number,
                 .watch = watch,
                 .mem = mem,
                 .out = out,
                 .work.limit = ctx->scratch.limit};
    char *text;
    size_t n = 0;

    *out = (vrk_tidy){.csv.path = name, .delimiter = ','};
    TRY(vrk_file_read(ctx, sheet->path, 0, &t.work, &text, &n));
    TRY(vrk_grid_make(ctx, text, n, ',', 0, true, &t.work, &t.grid));
    for (int64_t i = 0; i < sheet->faults; i++) {
        vrk_fault f = sheet->fault[i];
        add_fault(&t, f, f.value ? f.value : "", f.value ? strlen(f.value) : 0);
    }
    out->csv.records = out->csv.left_out = sheet->left_out;
    TRY(tidy_grid(&t, known, sheet->headed));
done:
    vrk_arena_free(&t.work);
    return st;
}
