/* data/formula_part.h - what the two halves of the formula parser share: arithmetic
 * (formula_expr.c) and the algebra of terms (formula.c). Not for others. */
#ifndef VRK_DATA_FORMULA_PART_H
#define VRK_DATA_FORMULA_PART_H

#include "data/formula.h"

enum { VRK_FORMULA_DEPTH = 50, VRK_FORMULA_LONGEST = 10000 };

typedef enum {
    VRK_TOK_END,
    VRK_TOK_NAME,
    VRK_TOK_NUMBER,
    VRK_TOK_TEXT,
    VRK_TOK_SIGN, /* + - * / ^ ( ) , : ~ | || == != < > <= >= */
} vrk_tok_kind;

typedef struct {
    vrk_tok_kind kind;
    const char *text; /* the name, the text, the sign */
    double number;
    int64_t byte; /* where it starts */
} vrk_tok;

typedef struct {
    vrk_ctx *ctx;
    const char *text;
    int64_t next;  /* byte after the token in hand */
    vrk_tok tok;   /* in hand */
    char last[72]; /* the token before it, for messages; "" at the start */
    int depth;
    vrk_formula *f; /* filled */
} vrk_parser;

VRK_MUST vrk_status vrk_parser_fail(vrk_parser *p, int64_t byte, const char *fmt, ...)
    VRK_PRINTF(3, 4);
VRK_MUST vrk_status vrk_parser_step(vrk_parser *p); /* takes the next token in hand */
bool vrk_parser_at(const vrk_parser *p, const char *sign);
/* Steps over `sign`, or says what was expected. */
VRK_MUST vrk_status vrk_parser_expect(vrk_parser *p, const char *sign);
/* "expected ... after '+'". */
VRK_MUST vrk_status vrk_parser_expected(vrk_parser *p, const char *what);

/* Arithmetic. With `out`'s text in R's spelling. */
VRK_MUST vrk_status vrk_parser_expr(vrk_parser *p, vrk_formula_var *out);
/* The rest of a call whose name was taken and whose '(' is in hand. */
VRK_MUST vrk_status vrk_parser_call(vrk_parser *p, const char *name, int64_t byte,
                                    vrk_formula_var *out);
/* "(e, e, ...)" into list[*n ...]; '(' in hand. */
VRK_MUST vrk_status vrk_parser_list(vrk_parser *p, vrk_formula_var *list, int64_t *n);

#endif
