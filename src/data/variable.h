/* data/variable.h - values of columns, and of arithmetic with them, over the rows in use: numbers,
 * or categories in a fixed order. */
#ifndef VRK_DATA_VARIABLE_H
#define VRK_DATA_VARIABLE_H

#include "data/formula.h"
#include "data/frame.h"

/* Some rows of a frame. A view: owns nothing. */
typedef struct {
    const vrk_frame *frame;
    const char *file;    /* for messages */
    const int64_t *line; /* [frame rows] where each row stands in the file; NULL = its number */
    int64_t n;
    const int64_t *row; /* [n] of the frame; NULL = all */
} vrk_rows;

typedef struct {
    const char *name;
    double *number;     /* [n] finite; NULL = categories */
    int64_t *level;     /* [n] in [0, levels); NULL = numbers */
    int64_t levels;     /* those that occur */
    const char **label; /* [levels] numbers by size, texts by bytes (R's order in the C locale) */
} vrk_variable;

/* What a variable may be. */
typedef enum {
    VRK_AS_IS,     /* text columns and factor() are categories, the rest numbers. A text column most
                    * of whose cells are numbers is refused at the first that is none */
    VRK_AS_NUMBER, /* VRK_EINPUT names the line of a text */
    VRK_AS_LEVELS, /* numbers too are categories */
} vrk_as;

/* Evaluates over `rows`, none of which may lack a value of the columns (vrk_expr_missing). Memory
 * from `mem`, which is not ctx->scratch. VRK_EINPUT: no such column; a text where a number is
 * wanted; a result that is not finite: "cells.csv:17: log(days) is -inf, not a finite number".
 * O(n), levels O(n log n). */
VRK_MUST vrk_status vrk_variable_of(vrk_ctx *ctx, const vrk_rows *rows, const vrk_formula_var *what,
                                    vrk_as as, vrk_arena *mem, vrk_variable *out);

/* The levels of several, crossed: "a:b", those that occur, in the order of the first's levels, then
 * the second's. One variable is handed on. */
VRK_MUST vrk_status vrk_variable_cross(vrk_ctx *ctx, int64_t n, const vrk_variable *of, int64_t k,
                                       vrk_arena *mem, vrk_variable *out);

/* Sets missing[row] for every row of the frame that lacks a column of the expression. VRK_EINPUT:
 * no such column; the message lists those there are. */
VRK_MUST vrk_status vrk_expr_missing(vrk_ctx *ctx, const vrk_rows *rows, const vrk_expr *e,
                                     uint8_t *missing);

/* Is the whole text a decimal number? Then *x is it; 1e999 is infinite. */
bool vrk_text_number(const char *text, double *x);

/* "cells.csv:17" of used row i, into `out` [>= 1]. */
void vrk_rows_place(const vrk_rows *rows, int64_t i, char *out, size_t room);

#endif
