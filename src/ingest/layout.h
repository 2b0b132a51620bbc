/* ingest/layout.h - where in a table its headings are, and which rows are no rows of it: titles,
 * footers, totals and subtotals, group rows, rows that go on with the one before. */
#ifndef VRK_INGEST_LAYOUT_H
#define VRK_INGEST_LAYOUT_H

#include "ingest/grid.h"
#include "ingest/headings.h"

typedef struct {
    int64_t headings;     /* row of g that holds them; -1 = there are none */
    int64_t above;        /* a first row of headings, over groups of columns; -1 = none */
    int64_t columns;      /* of the table */
    int64_t first_column; /* columns before it are empty */
} vrk_layout;

/* Finds the headings, and sets the kind of each row. With `headed` they are the first row, and all
 * others are rows. VRK_EINPUT: the headings are too few for the rows below them; which is which
 * cannot be told. VRK_EMEMORY. */
VRK_MUST vrk_status vrk_layout_find(vrk_ctx *ctx, const vrk_headings *known, vrk_grid *g,
                                    bool headed, vrk_layout *out);

#endif
