/* ingest/grid.h - a table of text cells in memory, as it stands in a file: titles, footers and
 * broken rows are all still there. For dialect.c, layout.c and tidy.c. */
#ifndef VRK_INGEST_GRID_H
#define VRK_INGEST_GRID_H

#include "ingest/csv_scan.h"

typedef struct {
    const char *text; /* [n] without outer blanks; NUL-terminated */
    size_t n;
} vrk_cell;

typedef enum {
    VRK_ROW_DATA,
    VRK_ROW_BLANK,        /* no cell has a value */
    VRK_ROW_TITLE,        /* before the headings */
    VRK_ROW_HEADINGS,     /* the headings, or the first of two rows of them */
    VRK_ROW_FURNITURE,    /* footers, totals, subtotals, group rows */
    VRK_ROW_CONTINUATION, /* more of the row before: its key cells are empty */
    VRK_ROW_BAD,          /* cannot be read; its state says why */
} vrk_row_kind;

typedef struct {
    int64_t line; /* in the original, 1 = first */
    vrk_rec_state state;
    vrk_row_kind kind;
    vrk_cell *cell; /* [cells] */
    int64_t cells;
    int64_t filled;  /* cells with a value */
    const char *raw; /* [raw_n] as it stands */
    size_t raw_n;
} vrk_row;

typedef struct {
    vrk_row *row; /* [rows] */
    int64_t rows;
    char delimiter;
    bool sheet; /* out of a spreadsheet or a page: rows may end early */
} vrk_grid;

/* Cuts a text (UTF-8, lines end in \n or \r\n) into cells. `columns` is how many a record should
 * have, 0 = any. With `numbered` the first field of each record is its line (table.h). Memory from
 * `mem`: about the text, and 32 bytes a cell. VRK_EMEMORY. */
VRK_MUST vrk_status vrk_grid_make(vrk_ctx *ctx, char *text, size_t n, char delimiter,
                                  int64_t columns, bool numbered, vrk_arena *mem, vrk_grid *out);

/* The width that most rows have (0 = there is none). */
int64_t vrk_grid_width(const vrk_grid *g);

/* The cell, "" beyond the end of the row. */
const char *vrk_grid_cell(const vrk_grid *g, int64_t row, int64_t column);

#endif
