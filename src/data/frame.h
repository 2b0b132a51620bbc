/* data/frame.h - a small table of typed columns: what a statement gives back, and how parameters
 * go into a database. */
#ifndef VRK_DATA_FRAME_H
#define VRK_DATA_FRAME_H

#include "base/base.h"

typedef enum {
    VRK_INT,    /* whole numbers and booleans */
    VRK_DOUBLE, /* fractions */
    VRK_TEXT,   /* UTF-8 */
    VRK_DAY,    /* dates: days since 1970-01-01, in `i` */
    VRK_TIME,   /* timestamps without zone: microseconds since 1970-01-01 00:00, in `i` */
} vrk_type;

typedef struct {
    const char *name;
    vrk_type type;
    int64_t *i;     /* [rows] VRK_INT, VRK_DAY, VRK_TIME; else NULL */
    double *d;      /* [rows] VRK_DOUBLE; else NULL */
    const char **s; /* [rows] VRK_TEXT, "" where null; else NULL */
    uint8_t *null;  /* [rows] 1 = no value; the value is then 0 or "" */
} vrk_column;

typedef struct {
    int64_t rows, columns;
    vrk_column *column; /* [columns] */
    vrk_arena mem;      /* holds all of the above; release with vrk_frame_free */
} vrk_frame;

/* Empty frame of given columns with room for `rows` rows (all null). VRK_EMEMORY. */
VRK_MUST vrk_status vrk_frame_init(vrk_ctx *ctx, const char *const *names, const vrk_type *types,
                                   int64_t columns, int64_t rows, vrk_frame *out);

/* The column of that name; NULL where there is none. O(columns). */
const vrk_column *vrk_frame_column(const vrk_frame *f, const char *name);

/* Sets one value and clears its null. `text` is copied; VRK_EMEMORY latches in f->mem.failed. */
void vrk_frame_set_int(vrk_frame *f, int64_t column, int64_t row, int64_t value);
void vrk_frame_set_double(vrk_frame *f, int64_t column, int64_t row, double value);
void vrk_frame_set_text(vrk_frame *f, int64_t column, int64_t row, const char *text);

void vrk_frame_free(vrk_frame *f); /* safe on an empty or zeroed frame */

#endif
