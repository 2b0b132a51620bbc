#include "ingest/xlsx_part.h"

#include "base/date.h"
#include "base/str.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { COLUMNS = 16384, ROWS = 1048576, MOST_FAULTS = 1000, LONGEST = 1 << 20 };

typedef enum { NUMBER, SHARED, INLINE, STRING, FLAG, ERROR, ISO } cell_type;

typedef struct {
    vrk_xlsx_book *book;
    vrk_reading *r;
    vrk_sheet_writer w;
    bool open; /* the writer */
    const char *title;

    int64_t row, column;            /* 1-based; column of the cell last started */
    bool row_open;                  /* its record was started */
    int64_t cells, blanks, written; /* written: columns of this record */

    cell_type type;
    vrk_xlsx_kind kind;
    bool in_value, in_sound, formula, valued;
    char *text; /* of the cell; malloc */
    size_t n, room;

    vrk_fault *fault;
    int64_t faults;
} sheet;

static void stop_for_memory(vrk_xml *x)
{
    vrk_xml_stop(x, VRK_EMEMORY, "out of memory");
}

static void add_fault(vrk_xml *x, sheet *s, const char *code, const char *sentence)
{
    if (s->faults == MOST_FAULTS)
        return;
    if ((s->faults & (s->faults - 1)) == 0) {
        vrk_fault *more = VRK_NEW(s->r->mem, s->faults ? 2 * s->faults : 1, vrk_fault);
        if (!more) {
            stop_for_memory(x);
            return;
        }
        if (s->faults)
            memcpy(more, s->fault, (size_t)s->faults * sizeof(*more));
        s->fault = more;
    }
    s->fault[s->faults++] = (vrk_fault){.line = s->row,
                                        .value = vrk_text_copy_n(s->r->mem, s->text, s->n),
                                        .code = code,
                                        .sentence = sentence,
                                        .warning = true};
}

/* "BC17" -> 55 and 17; false: no such cell. */
static bool place_of(const char *text, int64_t *column, int64_t *row)
{
    int64_t c = 0, r = 0;
    const char *p = text;
    for (; (*p | 0x20) >= 'a' && (*p | 0x20) <= 'z' && c <= COLUMNS; p++)
        c = 26 * c + ((*p | 0x20) - 'a' + 1);
    for (; *p >= '0' && *p <= '9' && r <= ROWS; p++)
        r = 10 * r + (*p - '0');
    if (*p || c < 1 || c > COLUMNS || r < 1 || r > ROWS)
        return false;
    *column = c;
    *row = r;
    return true;
}

static void start_row(vrk_xml *x, sheet *s, const char *number)
{
    int64_t row = number ? strtoll(number, NULL, 10) : s->row + 1;
    if (row <= s->row || row > ROWS) {
        vrk_xml_stop(x, VRK_EINPUT, "the rows are not in order, or there are too many");
        return;
    }
    s->row = row;
    s->column = s->written = 0;
    s->row_open = false;
}

static cell_type type_of(const char *t)
{
    if (!t || !strcmp(t, "n"))
        return NUMBER;
    return !strcmp(t, "s")           ? SHARED
           : !strcmp(t, "inlineStr") ? INLINE
           : !strcmp(t, "str")       ? STRING
           : !strcmp(t, "b")         ? FLAG
           : !strcmp(t, "e")         ? ERROR
           : !strcmp(t, "d")         ? ISO
                                     : STRING;
}

static void start_cell(vrk_xml *x, sheet *s, const char **attribute)
{
    const char *place = vrk_xml_attribute(attribute, "r");
    const char *style = vrk_xml_attribute(attribute, "s");
    int64_t column = s->column + 1, row = s->row;
    int64_t k = style ? strtoll(style, NULL, 10) : 0;

    if (place && !place_of(place, &column, &row)) {
        vrk_xml_stop(x, VRK_EINPUT, "a cell stands where no cell can be");
        return;
    }
    if (column <= s->column || column > COLUMNS || row != s->row) {
        vrk_xml_stop(x, VRK_EINPUT, "the cells of a row are not in order");
        return;
    }
    s->column = column;
    s->type = type_of(vrk_xml_attribute(attribute, "t"));
    s->kind = k >= 0 && k < s->book->kinds ? s->book->kind[k] : VRK_XLSX_PLAIN;
    s->n = 0;
    s->formula = s->valued = s->in_value = false;
}

static void start(vrk_xml *x, const char *name, const char **attribute, void *arg)
{
    sheet *s = arg;
    s->in_value = false;
    if (!strcmp(name, "row"))
        start_row(x, s, vrk_xml_attribute(attribute, "r"));
    else if (!strcmp(name, "c"))
        start_cell(x, s, attribute);
    else if (!strcmp(name, "f"))
        s->formula = true;
    else if (!strcmp(name, "rPh"))
        s->in_sound = true;
    else if (!strcmp(name, "v") || (!strcmp(name, "t") && s->type == INLINE && !s->in_sound))
        s->in_value = s->valued = true;
}

static void text(vrk_xml *x, const char *bytes, size_t n, void *arg)
{
    sheet *s = arg;
    if (!s->in_value)
        return;
    if (s->n + n + 1 > s->room) {
        size_t to = 2 * (s->n + n) + 256;
        char *at = s->n + n < LONGEST ? realloc(s->text, to) : NULL;
        if (!at) {
            vrk_xml_stop(x, s->n + n < LONGEST ? VRK_EMEMORY : VRK_EINPUT,
                         "a cell holds more than 1 MiB of text");
            return;
        }
        s->text = at;
        s->room = to;
    }
    memcpy(s->text + s->n, bytes, n);
    s->n += n;
    s->text[s->n] = 0;
}

/* Excel counts days from 1900 (and holds 1900 for a leap year) or from 1904; half a second up. */
static int date_text(const sheet *s, double value, char *out, size_t room)
{
    double whole = floor(value);
    int64_t second = llround((value - whole) * 86400);
    int64_t serial = (int64_t)whole;
    if (second == 86400) {
        serial++;
        second = 0;
    }
    if (s->kind == VRK_XLSX_CLOCK) {
        int64_t all = serial * 86400 + second;
        return snprintf(out, room, "%02" PRId64 ":%02d:%02d", all / 3600, (int)(all / 60 % 60),
                        (int)(all % 60));
    }
    serial += s->book->from_1904 ? 1462 : serial < 60 ? 1 : 0;
    vrk_day_text(serial - 25569, out);
    if (s->kind != VRK_XLSX_TIMED && second == 0)
        return 10;
    return 10 + snprintf(out + 10, room - 10, "T%02d:%02d:%02d", (int)(second / 3600),
                         (int)(second / 60 % 60), (int)(second % 60));
}

/* As a person would write it: no more digits than Excel keeps, no exponent. */
static int number_text(double value, char *out, size_t room)
{
    int n = snprintf(out, room, "%.15g", value);
    if (strchr(out, 'e') && fabs(value) < 1e40 && fabs(value) > 1e-20)
        n = snprintf(out, room, fabs(value) >= 1 ? "%.0f" : "%.25f", value);
    return n;
}

static void put(sheet *s, const char *bytes, size_t n)
{
    if (!s->row_open)
        vrk_sheet_row(&s->w, s->row);
    s->row_open = true;
    for (; s->written + 1 < s->column; s->written++) {
        vrk_sheet_cell(&s->w, "", 0);
        s->blanks++;
    }
    vrk_sheet_cell(&s->w, bytes, n);
    s->written++;
    s->cells++;
}

static void put_shared(vrk_xml *x, sheet *s)
{
    const vrk_xlsx_strings *all = &s->book->strings;
    char *stop;
    long long i = strtoll(s->text, &stop, 10);
    if (*stop || i < 0 || i >= all->n) {
        vrk_xml_stop(x, VRK_EINPUT, "a cell names a text that the workbook does not hold");
        return;
    }
    if (all->start[i + 1] > all->start[i])
        put(s, all->at + all->start[i], all->start[i + 1] - all->start[i]);
}

static void put_number(sheet *s)
{
    char out[128], *stop;
    double value = strtod(s->text, &stop);
    if (*stop || !isfinite(value)) {
        put(s, s->text, s->n); /* let the import name it */
        return;
    }
    bool dated = s->kind != VRK_XLSX_PLAIN && value >= 0 && value < 2958466;
    int n = dated ? date_text(s, value, out, sizeof(out)) : number_text(value, out, sizeof(out));
    put(s, out, (size_t)n);
}

static void end_cell(vrk_xml *x, sheet *s)
{
    if (s->formula && !s->valued)
        add_fault(x, s, "XLSX_NO_VALUE",
                  "a formula without a stored value; open the file in Excel and save it again");
    if (!s->n)
        return;
    if (s->type == ERROR)
        add_fault(x, s, "XLSX_ERROR", "the cell shows an error; it is taken as empty");
    else if (s->type == SHARED)
        put_shared(x, s);
    else if (s->type == NUMBER)
        put_number(s);
    else if (s->type == FLAG)
        put(s, *s->text == '1' ? "true" : "false", *s->text == '1' ? 4 : 5);
    else
        put(s, s->text, vrk_xlsx_unescape(s->text, s->n));
    if (s->blanks > 2000000 && s->blanks / 256 > s->cells)
        vrk_xml_stop(x, VRK_EINPUT, "cells stand so far apart that this is no table");
}

static void end(vrk_xml *x, const char *name, void *arg)
{
    sheet *s = arg;
    s->in_value = false;
    if (!strcmp(name, "c"))
        end_cell(x, s);
    else if (!strcmp(name, "rPh"))
        s->in_sound = false;
    if (s->w.st != VRK_OK)
        vrk_xml_stop(x, s->w.st, NULL);
}

vrk_status vrk_xlsx_sheet_read(vrk_ctx *ctx, vrk_xlsx_book *b, vrk_reading *r, const char *part,
                               const char *title)
{
    vrk_status st = VRK_OK, closed = VRK_OK;
    sheet s = {.book = b, .r = r, .title = title};
    int64_t i = vrk_zip_find(b->zip, part);

    if (i < 0)
        return vrk_fail(ctx, VRK_EINPUT, "%s: the sheet %s is named in it, but is not there",
                        b->name, title);
    TRY(vrk_sheet_open(ctx, r, &s.w));
    s.open = true;
    TRY(vrk_xlsx_xml(ctx, b, i,
                     &(vrk_xml_job){.arg = &s, .start = start, .end = end, .text = text}));
done:
    free(s.text);
    closed = s.open ? vrk_sheet_close(&s.w) : VRK_OK;
    st = st == VRK_OK ? closed : st;
    if (st == VRK_OK && s.cells)
        vrk_reading_sheet(
            r, &(vrk_sheet){.path = s.w.path, .part = title, .fault = s.fault, .faults = s.faults});
    return st;
}
