/* diag/seller_moments.h - what is said of each seller at each moment: the verdict with its
 * probabilities, the figures that carry it, and what would settle an unclear one; or why nothing
 * can be said. */
#ifndef VRK_DIAG_SELLER_MOMENTS_H
#define VRK_DIAG_SELLER_MOMENTS_H

#include "diag/coverage.h"
#include "diag/load_curve.h"
#include "diag/settle.h"
#include "diag/verdict.h"

/* The figures that evidence is said from; shares NaN where there is nothing to say. */
typedef struct {
    int64_t done, known, success;       /* as recorded: done, of these decided, and of these well */
    double usual_done, usual_success;   /* shares of the median seller under the same conditions */
    double normal_load, heavy_load;     /* share done at normal load, and at own 80th percentile */
    double rating, usual_rating;        /* points of 5, severity of raters taken off */
    double right, answers, usual_right; /* tests: counts, and the usual share */
    double logged;                      /* share of the meetings in the calendar that the CRM has */
} vrk_moment_figures;

typedef struct {
    int64_t seller_key;
    const char *team_id; /* "" = none */
    int64_t number;      /* of the moment; over VRK_AT_MOMENTS: one without a model */
    const char *moment;
    int64_t occasions;
    bool judged;
    vrk_why code; /* why not, where it is not judged */
    vrk_seller_verdict verdict;
    vrk_moment_figures figures;
    vrk_settle settle;   /* of an unclear one */
    vrk_load_curve load; /* where pressure is the likeliest */
    double done[3],
        success[3]; /* shares as they are judged to be: mean, lo, hi; NaN = not judged */
} vrk_seller_moment;

typedef struct {
    int64_t n;
    vrk_seller_moment *row; /* [n] by seller, then moment */
    vrk_arena mem;
} vrk_seller_moments;

/* Judges everybody. `coverage` says which moments the data carry at all. VRK_EDB, VRK_EMEMORY,
 * VRK_ECANCEL. */
VRK_MUST vrk_status vrk_seller_moments_make(vrk_ctx *ctx, vrk_facts *facts, const vrk_moments *m,
                                            const vrk_coverage *coverage,
                                            const vrk_verdict_opt *opt, vrk_seller_moments *out);
void vrk_seller_moments_free(vrk_seller_moments *s);

#endif
