/* diag/results_parts.h - what results.c and results_fit.c share. */
#ifndef VRK_DIAG_RESULTS_PARTS_H
#define VRK_DIAG_RESULTS_PARTS_H

#include "diag/results.h"

enum { VRK_WIN_TERMS = 8 };

/* Texts or numbers by the order they come. */
typedef struct {
    int64_t n;
    const char **name;
} result_names;

/* What the deals' rows are of. */
typedef struct {
    result_names complexity, structure, segment, quarter;
    int64_t n;
    int32_t *level; /* [n x VRK_WIN_TERMS] */
    double *x, *closed, *won;
    int64_t *kind, *place, *seller, *inbound;
    double *started, *amount;
} result_deals;

/* The index of a seller by key, -1 = not one of these. */
int64_t vrk_result_seller(const vrk_seller_results *r, int64_t key);

/* Fit and draw: deals won, by seller, team, segment, quarter, both, complexity, structure, source;
 * deals started a week, by outreach, seller and team. */
VRK_MUST vrk_status vrk_seller_results_wins(vrk_ctx *ctx, vrk_seller_results *r, result_deals *d);
VRK_MUST vrk_status vrk_seller_results_starts(vrk_ctx *ctx, vrk_facts *facts,
                                              vrk_seller_results *r);

#endif
