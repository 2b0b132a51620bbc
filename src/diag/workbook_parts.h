/* diag/workbook_parts.h - which sheets the workbook has, and which columns. */
#ifndef VRK_DIAG_WORKBOOK_PARTS_H
#define VRK_DIAG_WORKBOOK_PARTS_H

#include "base/base.h"

/* How a member of the document is written. The ranges are estimates and take three columns: mean,
 * and both ends of the 90 % interval. */
typedef enum {
    VRK_CELL_TEXT,
    VRK_CELL_MOMENT, /* these by their names in the reader's language */
    VRK_CELL_VERDICT,
    VRK_CELL_ADVICE,
    VRK_CELL_ADVISABLE,
    VRK_CELL_STATUS,
    VRK_CELL_CATEGORY,
    VRK_CELL_COUNT,
    VRK_CELL_NUMBER, /* one decimal */
    VRK_CELL_SHARE,
    VRK_CELL_MONEY,
    VRK_CELL_DAY,
    VRK_CELL_NUMBER_RANGE,
    VRK_CELL_SHARE_RANGE,
    VRK_CELL_MONEY_RANGE,
} vrk_cell_form;

typedef struct {
    const char *heading; /* to be translated */
    const char *key;     /* "a" or "a.b": of the inner row, else of the row */
    vrk_cell_form form;
} vrk_sheet_column;

typedef struct {
    const char *title;           /* to be translated; 31 characters at most in any language */
    const char *list;            /* "stages", "data.files": an array, or an object of rows */
    const char *inner;           /* array in each row, whose members are the rows; NULL = none */
    vrk_sheet_column column[24]; /* up to one without a key */
} vrk_sheet;

extern const vrk_sheet vrk_sheets[];
extern const int vrk_sheet_count;

#endif
