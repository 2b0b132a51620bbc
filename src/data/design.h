/* data/design.h - from a formula and a table to what a model takes: responses, the model matrix
 * with treatment contrasts as R makes it, offset, strata, and for each random term its columns and
 * its levels. Rows that lack a value are left out and counted. */
#ifndef VRK_DATA_DESIGN_H
#define VRK_DATA_DESIGN_H

#include "data/variable.h"

typedef struct {
    int64_t p;
    const char **name; /* [p] as R: "(Intercept)", "stageWon", "stageWon:load" */
    double *x;         /* [n x p] column-major */
} vrk_model_matrix;

typedef struct {
    const char *name;     /* "seller", "team:seller" */
    int64_t levels;       /* those that occur */
    const char **label;   /* [levels] */
    const int64_t *level; /* [n] */
    vrk_model_matrix z;   /* columns whose effects differ between the levels */
} vrk_random_term;

enum { VRK_DESIGN_EXTRA = 8 };

/* All zero is the default. */
typedef struct {
    vrk_as response_as;                  /* what the left side may be */
    vrk_as response_last;                /* and its last argument */
    const char *extra[VRK_DESIGN_EXTRA]; /* columns that the model takes beside the formula
                                          * (weights, ids); NULL = none */
    vrk_as extra_as[VRK_DESIGN_EXTRA];
} vrk_design_opt;

typedef struct {
    int64_t read;    /* rows of the table */
    int64_t missing; /* of these: left out, a value is not known */
    int64_t n;       /* rows in use */
    int64_t *row;    /* [n] of the table */
    int64_t responses;
    vrk_variable response[VRK_FORMULA_ARGS];
    vrk_model_matrix x;
    bool intercept;                /* x has it, as its first column */
    double *offset;                /* [n] sum of the offsets; NULL = none */
    vrk_variable stratum, cluster; /* levels 0 = none */
    int64_t random;
    vrk_random_term *bar; /* [random] */
    vrk_variable extra[VRK_DESIGN_EXTRA];
    vrk_arena mem;
} vrk_design;

/* Makes it. O(n) times the columns, and O(n log n) for each variable of categories. On failure *out
 * is empty. VRK_EINPUT: no such column, no rows left, a category column with one value where two
 * are compared, what vrk_variable_of refuses. `opt` may be NULL. */
VRK_MUST vrk_status vrk_design_make(vrk_ctx *ctx, const vrk_rows *all, const vrk_formula *f,
                                    const vrk_design_opt *opt, vrk_design *out);
void vrk_design_free(vrk_design *d); /* safe on an empty one */

#endif
