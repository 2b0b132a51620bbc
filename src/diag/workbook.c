#include "diag/workbook.h"

#include "base/date.h"
#include "base/str.h"
#include "base/sys.h"
#include "diag/document_parts.h"
#include "diag/json.h"
#include "diag/workbook_parts.h"

#include <math.h>
#include <string.h>
#include <xlsxwriter.h>

enum {
    TEXT_MOST = 32000,
    WIDE = 64,
    USUAL = 14,
    WORD = 21,
    LINE = 15 /* [point] */,
    HEAD_HEIGHT = 34 /* [point] */,
    A4 = 9
};

typedef struct {
    vrk_ctx *ctx;
    vrk_words words;
    lxw_workbook *book;
    lxw_format *head, *over /* of numbers */, *bold, *text, *wrap, *form[VRK_CELL_MONEY_RANGE + 1];
    lxw_error error; /* the first that the writer gave */
} writing;

static void note(writing *w, lxw_error e)
{
    if (w->error == LXW_NO_ERROR)
        w->error = e;
}

/* What a spreadsheet could take for the start of a formula, the full-width forms too. */
static bool is_formula(const char *text)
{
    static const char *const start[] = {"=",  "+",      "-",      "@",      "\t",    "\r",
                                        "\n", "\uff1d", "\uff0b", "\uff0d", "\uff20"};
    for (size_t i = 0; i < sizeof(start) / sizeof(start[0]); i++) {
        if (vrk_starts_with(text, start[i]))
            return true;
    }
    return false;
}

static void put_text(writing *w, lxw_worksheet *sheet, lxw_row_t row, lxw_col_t col,
                     const char *text, lxw_format *format)
{
    size_t n = strlen(text);
    if (n > TEXT_MOST) {
        for (n = TEXT_MOST; n > 0 && ((unsigned char)text[n] & 0xc0) == 0x80;)
            n--;
        text = vrk_text_copy_n(&w->ctx->scratch, text, n);
    }
    if (text && is_formula(text))
        text = vrk_text_f(&w->ctx->scratch, "'%s", text);
    if (text && *text)
        note(w, worksheet_write_string(sheet, row, col, text, format));
}

static void put_number(writing *w, lxw_worksheet *sheet, lxw_row_t row, lxw_col_t col, double x,
                       lxw_format *format)
{
    if (isfinite(x))
        note(w, worksheet_write_number(sheet, row, col, x, format));
}

static void put_day(writing *w, lxw_worksheet *sheet, lxw_row_t row, lxw_col_t col,
                    const char *text)
{
    int64_t day;
    char only[11] = "";
    memcpy(only, text, strnlen(text, 10));
    if (!*text)
        return;
    if (!vrk_day_parse(only, &day)) {
        put_text(w, sheet, row, col, text, w->text);
        return;
    }
    vrk_date d = vrk_date_of(day);
    lxw_datetime at = {.year = (int)d.year, .month = (int)d.month, .day = (int)d.day};
    note(w, worksheet_write_datetime(sheet, row, col, &at, w->form[VRK_CELL_DAY]));
}

/* The member "a" or "a.b" of the inner row, else of the row. */
static const json_t *member(const json_t *row, const json_t *inner, const char *key)
{
    const char *dot = strchr(key, '.');
    char first[32] = "";
    memcpy(first, key, dot ? (size_t)(dot - key) : strlen(key));
    const json_t *x = inner ? json_object_get(inner, first) : NULL;
    x = x ? x : json_object_get(row, first);
    return dot ? json_object_get(x, dot + 1) : x;
}

static const char *named(const writing *w, vrk_cell_form form, const char *text)
{
    switch (form) {
    case VRK_CELL_MOMENT:
        return vrk_say_moment(w->words.lang, text);
    case VRK_CELL_VERDICT:
        return vrk_say_verdict(w->words.lang, text);
    case VRK_CELL_ADVICE:
        return vrk_say_advice(w->words.lang, text);
    case VRK_CELL_ADVISABLE:
        return vrk_say_advisable(w->words.lang, text);
    case VRK_CELL_STATUS:
        return vrk_say_status(w->words.lang, text);
    case VRK_CELL_CATEGORY:
        return vrk_say_category(w->words.lang, text);
    default:
        return text;
    }
}

static bool is_range(vrk_cell_form form)
{
    return form >= VRK_CELL_NUMBER_RANGE;
}

/* The column that follows. */
static lxw_col_t put(writing *w, lxw_worksheet *sheet, lxw_row_t row, lxw_col_t col,
                     vrk_cell_form form, const json_t *x)
{
    if (is_range(form)) {
        static const char *const part[] = {"mean", "lo", "hi"};
        for (int k = 0; k < 3; k++)
            put_number(w, sheet, row, (lxw_col_t)(col + k), vrk_json_number(x, part[k]),
                       w->form[form]);
        return (lxw_col_t)(col + 3);
    }
    if (form == VRK_CELL_DAY)
        put_day(w, sheet, row, col, json_is_string(x) ? json_string_value(x) : "");
    else if (form >= VRK_CELL_COUNT)
        put_number(w, sheet, row, col, json_is_number(x) ? json_number_value(x) : nan(""),
                   w->form[form]);
    else
        put_text(w, sheet, row, col, json_is_string(x) ? named(w, form, json_string_value(x)) : "",
                 w->text);
    return (lxw_col_t)(col + 1);
}

static bool is_sentence(const char *key)
{
    return !strcmp(key, "text") || !strcmp(key, "why") || !strcmp(key, "sentence") ||
           !strcmp(key, "would_settle");
}

/* A row as high as its longest sentence, which is read whole and not cut at its column's end. */
static void fit_row(writing *w, lxw_worksheet *sheet, lxw_row_t row, int64_t columns)
{
    int64_t lines = columns / (WIDE - 6) + 1; /* words do not fill a line */
    if (lines > 1)
        note(w,
             worksheet_set_row(sheet, row, (double)LINE * (double)(lines < 20 ? lines : 20), NULL));
}

/* Headings, widths, the first row kept in view and filters; how many columns there are. */
static lxw_col_t put_head(writing *w, lxw_worksheet *sheet, const vrk_sheet *s)
{
    vrk_lang lang = w->words.lang;
    lxw_col_t col = 0;
    note(w, worksheet_set_row(sheet, 0, HEAD_HEIGHT, NULL));
    for (const vrk_sheet_column *c = s->column; c->key; c++) {
        const char *heading = vrk_tr(lang, c->heading);
        bool sentence = is_sentence(c->key);
        int64_t width = sentence ? WIDE : vrk_columns(heading) / 2 + 2; /* headings wrap */
        bool word = c->form < VRK_CELL_COUNT && c->form != VRK_CELL_DAY;
        double least = word && !sentence ? WORD : USUAL;
        note(w, worksheet_set_column(sheet, col, (lxw_col_t)(col + (is_range(c->form) ? 2 : 0)),
                                     (double)width < least ? least : (double)width, NULL));
        put_text(w, sheet, 0, col++, heading, word ? w->head : w->over);
        if (is_range(c->form)) {
            put_text(w, sheet, 0, col++, vrk_say(&w->words, "{what}, from", "what", heading, NULL),
                     w->over);
            put_text(w, sheet, 0, col++, vrk_say(&w->words, "{what}, to", "what", heading, NULL),
                     w->over);
        }
    }
    return col;
}

static void put_row(writing *w, lxw_worksheet *sheet, const vrk_sheet *s, lxw_row_t row,
                    const json_t *outer, const json_t *inner)
{
    lxw_col_t col = 0;
    int64_t most = 0;
    for (const vrk_sheet_column *c = s->column; c->key; c++) {
        const char *text = json_string_value(member(outer, inner, c->key));
        int64_t n = text && is_sentence(c->key) ? vrk_columns(text) : 0;
        most = n > most ? n : most;
    }
    fit_row(w, sheet, row, most);
    for (const vrk_sheet_column *c = s->column; c->key; c++) {
        const json_t *x = member(outer, inner, c->key);
        if (is_sentence(c->key) && json_is_string(x))
            put_text(w, sheet, row, col++, named(w, c->form, json_string_value(x)), w->wrap);
        else
            col = put(w, sheet, row, col, c->form, x);
    }
}

static lxw_row_t put_outer(writing *w, lxw_worksheet *sheet, const vrk_sheet *s, lxw_row_t row,
                           const json_t *outer)
{
    const json_t *list = s->inner ? json_object_get(outer, s->inner) : NULL;
    if (!s->inner)
        put_row(w, sheet, s, row++, outer, NULL);
    for (size_t k = 0; k < json_array_size(list); k++)
        put_row(w, sheet, s, row++, outer, json_array_get(list, k));
    return row;
}

/* A sheet for each table that has rows. */
static void put_sheet(writing *w, const json_t *document, const vrk_sheet *s)
{
    json_t *list = (json_t *)(uintptr_t)member(document, NULL, s->list), *outer;
    const char *key;
    lxw_row_t row = 1;
    if (!json_array_size(list) && !json_object_size(list))
        return;
    lxw_worksheet *sheet = workbook_add_worksheet(w->book, vrk_tr(w->words.lang, s->title));
    if (!sheet) {
        note(w, LXW_ERROR_MEMORY_MALLOC_FAILED);
        return;
    }
    lxw_col_t columns = put_head(w, sheet, s);
    for (size_t i = 0; i < json_array_size(list); i++)
        row = put_outer(w, sheet, s, row, json_array_get(list, i));
    if (json_is_object(list)) {
        json_object_foreach(list, key, outer) row = put_outer(w, sheet, s, row, outer);
    }
    worksheet_freeze_panes(sheet, 1, 1);
    note(w, worksheet_autofilter(sheet, 0, 0, row - 1, (lxw_col_t)(columns - 1)));
    worksheet_set_landscape(sheet);
    worksheet_set_paper(sheet, A4);
    worksheet_fit_to_pages(sheet, 1, 0);
    note(w, worksheet_repeat_rows(sheet, 0, 0));
}

static void put_pair(writing *w, lxw_worksheet *sheet, lxw_row_t row, const char *what,
                     const char *text)
{
    put_text(w, sheet, row, 0, what, w->bold);
    put_text(w, sheet, row, 1, text, NULL); /* on one line, over the columns beside it */
}

/* What it is about, the one finding, and what could be answered. */
static void put_first(writing *w, const json_t *document)
{
    const vrk_words *s = &w->words;
    const json_t *data = json_object_get(document, "data"),
                 *finding = json_object_get(document, "finding"),
                 *answers = json_object_get(document, "answers");
    lxw_worksheet *sheet = workbook_add_worksheet(w->book, vrk_tr(s->lang, "Overview"));
    lxw_row_t row = 0;
    if (!sheet) {
        note(w, LXW_ERROR_MEMORY_MALLOC_FAILED);
        return;
    }
    note(w, worksheet_set_column(sheet, 0, 0, WIDE, NULL));
    note(w, worksheet_set_column(sheet, 1, 1, 20, NULL));
    note(w, worksheet_set_column(sheet, 2, 3, WIDE, NULL));
    put_pair(w, sheet, row++, "Verkan", vrk_json_text(finding, "text"));
    put_pair(w, sheet, row++, vrk_tr(s->lang, "How sure"), vrk_json_text(finding, "certainty"));
    put_pair(w, sheet, row++, vrk_tr(s->lang, "Data"),
             vrk_say(s, "{from} to {to}: {sellers} sellers, {deals} deals, {activities} activities",
                     "from", vrk_json_text(data, "from"), "to", vrk_json_text(data, "to"),
                     "sellers", vrk_say_int(s, vrk_json_int(data, "sellers")), "deals",
                     vrk_say_int(s, vrk_json_int(data, "deals")), "activities",
                     vrk_say_int(s, vrk_json_int(data, "activities")), NULL));
    put_pair(w, sheet, row++, vrk_tr(s->lang, "Intervals"),
             vrk_tr(s->lang, "from and to: the 90 % interval of the figure before them"));
    if (json_is_true(json_object_get(document, "withheld")))
        put_pair(w, sheet, row++, vrk_tr(s->lang, "Left out"),
                 vrk_tr(s->lang, "what the reader of this file may not see"));
    row++;
    const char *const head[] = {VRK_N("Question"), VRK_N("Answer"), VRK_N("Why"),
                                VRK_N("What to record")};
    for (lxw_col_t k = 0; k < 4; k++)
        put_text(w, sheet, row, k, vrk_tr(s->lang, head[k]), w->head);
    for (size_t i = 0; i < json_array_size(answers); i++) {
        const json_t *a = json_array_get(answers, i);
        const char *why = vrk_json_text(a, "why"), *record = vrk_json_text(a, "record");
        int64_t n = why ? vrk_columns(why) : 0, m = record ? vrk_columns(record) : 0;
        row++;
        fit_row(w, sheet, row, n > m ? n : m);
        put_text(w, sheet, row, 0, vrk_json_text(a, "asked"), w->wrap);
        put(w, sheet, row, 1, VRK_CELL_STATUS, json_object_get(a, "status"));
        put_text(w, sheet, row, 2, why, w->wrap);
        put_text(w, sheet, row, 3, record, w->wrap);
    }
    worksheet_set_landscape(sheet);
    worksheet_set_paper(sheet, A4);
    worksheet_fit_to_pages(sheet, 1, 0);
}

static lxw_format *format_of(writing *w, const char *numbers)
{
    lxw_format *f = workbook_add_format(w->book);
    if (!f) {
        note(w, LXW_ERROR_MEMORY_MALLOC_FAILED);
        return NULL;
    }
    if (numbers)
        format_set_num_format(f, numbers);
    format_set_align(f, LXW_ALIGN_VERTICAL_TOP);
    return f;
}

static void make_formats(writing *w)
{
    w->text = format_of(w, NULL);
    w->wrap = format_of(w, NULL);
    if (w->wrap)
        format_set_text_wrap(w->wrap);
    w->head = format_of(w, NULL);
    w->over = format_of(w, NULL);
    w->bold = format_of(w, NULL);
    if (w->bold)
        format_set_bold(w->bold);
    for (int i = 0; i < 2; i++) {
        lxw_format *f = i ? w->over : w->head;
        if (!f)
            continue;
        format_set_bold(f);
        format_set_text_wrap(f);
        format_set_bottom(f, LXW_BORDER_THIN);
        format_set_align(f, LXW_ALIGN_VERTICAL_BOTTOM);
        if (i)
            format_set_align(f, LXW_ALIGN_RIGHT);
    }
    w->form[VRK_CELL_COUNT] = format_of(w, "#,##0");
    w->form[VRK_CELL_MONEY] = w->form[VRK_CELL_MONEY_RANGE] = w->form[VRK_CELL_COUNT];
    w->form[VRK_CELL_NUMBER] = w->form[VRK_CELL_NUMBER_RANGE] = format_of(w, "0.0");
    w->form[VRK_CELL_SHARE] = w->form[VRK_CELL_SHARE_RANGE] = format_of(w, "0%");
    w->form[VRK_CELL_DAY] = format_of(w, "yyyy-mm-dd");
}

vrk_status vrk_workbook_write(vrk_ctx *ctx, const json_t *document, const char *folder,
                              const char *path)
{
    vrk_status st = VRK_OK;
    vrk_mark mark = vrk_mark_of(&ctx->scratch);
    char *tmp = vrk_text_copy(&ctx->scratch, folder);
    writing w = {.ctx = ctx, .words = {.mem = &ctx->scratch}};

    if (!vrk_lang_parse(vrk_json_text(document, "language"), &w.words.lang))
        FAIL(VRK_EINPUT, "the document has no language");
    lxw_workbook_options opt = {.tmpdir = tmp};
    w.book = tmp ? workbook_new_opt(path, &opt) : NULL;
    if (!w.book)
        FAIL(VRK_EMEMORY, "out of memory for the workbook");
    char title[] = "Verkan";
    lxw_doc_properties about = {.title = title, .created = (time_t)(vrk_now(ctx) / 1000000)};
    note(&w, workbook_set_properties(w.book, &about));
    make_formats(&w);
    if (w.error == LXW_NO_ERROR)
        put_first(&w, document);
    for (int i = 0; i < vrk_sheet_count && w.error == LXW_NO_ERROR; i++)
        put_sheet(&w, document, &vrk_sheets[i]);
    lxw_error closed = workbook_close(w.book);
    note(&w, closed);
    if (w.error == LXW_ERROR_MEMORY_MALLOC_FAILED || ctx->scratch.failed)
        FAIL(VRK_EMEMORY, "out of memory for the workbook");
    if (w.error != LXW_NO_ERROR)
        FAIL(VRK_EIO, "could not write %s: %s", path, lxw_strerror(w.error));
done:
    vrk_rewind(&ctx->scratch, mark);
    return st;
}
