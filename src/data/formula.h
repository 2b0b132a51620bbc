/* data/formula.h - a model as text, in the language of R's formulas (Wilkinson & Rogers 1973,
 * Applied Statistics 22:392-399) with the random terms of lme4 (Bates et al. 2015, J Stat Softw
 * 67:1): "cbind(won, n - won) ~ stage * segment + offset(log(days)) + (1 + load | seller)".
 *
 *   +  -        more terms, one less; 0 or -1: no intercept
 *   a:b  a*b    interaction; a + b + a:b
 *   a/b  (..)^2 a + a:b; all terms and their interactions up to that order
 *   I(..) log() log1p() log2() log10() exp() sqrt() abs() scale()   arithmetic of columns
 *   factor(x)   the values of a column as categories
 *   offset(..)  known part of the predictor
 *   strata(a, b)  cluster(id)   for the models that know them
 *   (x | g)  (x || g)   random intercept and slope of x in the levels of g, correlated or not
 *   (1 | a/b)  (1 | a:b)   nested: a and a:b; only a:b
 *
 * The left side is arithmetic, or cbind(..) or Surv(..) of such. Names of columns that are no
 * plain words stand in backquotes. */
#ifndef VRK_DATA_FORMULA_H
#define VRK_DATA_FORMULA_H

#include "base/base.h"

/* Arithmetic of columns. */
typedef enum {
    VRK_EXPR_NUMBER,
    VRK_EXPR_TEXT,   /* "won", to compare with */
    VRK_EXPR_COLUMN, /* text = its name */
    VRK_EXPR_CALL,   /* text = "+", "-", "*", "/", "^", "==" ..., "log" ... */
} vrk_expr_kind;

typedef struct vrk_expr {
    vrk_expr_kind kind;
    double number;
    const char *text;
    int args;
    const struct vrk_expr *arg[2];
    int64_t at; /* column of the formula's text, 1 = first */
} vrk_expr;

/* What terms are made of: a column, or arithmetic. `name` is as R writes it: "log(x + 1)". */
typedef struct {
    const char *name;
    const vrk_expr *expr;
} vrk_formula_var;

enum { VRK_FORMULA_VARS = 64, VRK_FORMULA_TERMS = 200, VRK_FORMULA_ARGS = 8 };

/* Terms as sets of variables: bit v is variable v. By number of variables, then as written. */
typedef struct {
    bool intercept;
    int64_t n;
    uint64_t term[VRK_FORMULA_TERMS];
} vrk_terms;

/* One random term. What || separates are several. */
typedef struct {
    vrk_terms terms; /* the columns whose effects differ between the levels */
    uint64_t group;  /* its variables cross to the levels */
    int64_t at;
} vrk_formula_bar;

typedef struct {
    const char *text;
    const char *call; /* of the left side: "" = none, "cbind", "Surv" */
    int64_t responses;
    vrk_formula_var response[VRK_FORMULA_ARGS]; /* arguments of the call, or the one expression */
    int64_t vars;
    vrk_formula_var var[VRK_FORMULA_VARS];
    vrk_terms fixed;
    int64_t offsets, strata, clusters;
    vrk_formula_var offset[VRK_FORMULA_ARGS], stratum[VRK_FORMULA_ARGS], cluster[VRK_FORMULA_ARGS];
    int64_t bars;
    vrk_formula_bar bar[VRK_FORMULA_ARGS * 4];
    vrk_arena mem;
} vrk_formula;

/* Parses `text`. VRK_EINPUT: "formula:1:17: expected a column name after '+'"; the numbers are line
 * and column (in characters). O(length), and O(terms^2) for products. On failure *out is empty. */
VRK_MUST vrk_status vrk_formula_parse(vrk_ctx *ctx, const char *text, vrk_formula *out);
void vrk_formula_free(vrk_formula *f); /* safe on an empty one */

#endif
