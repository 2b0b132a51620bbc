/* diag/load_curve.h - how often one seller does what a moment asks for, by the hours of internal
 * work in the week: what a verdict of pressure rests on. */
#ifndef VRK_DIAG_LOAD_CURVE_H
#define VRK_DIAG_LOAD_CURVE_H

#include "diag/moments.h"

enum { VRK_LOAD_POINTS = 7, VRK_LOAD_SEEN = 11 };

typedef struct {
    double hours;        /* of internal work in the week */
    double done, lo, hi; /* share done, mean and 90 % */
    double usual;        /* of the median seller in such a week */
} vrk_load_point;

typedef struct {
    double hours;
    int64_t n, done; /* occasions (of prospecting: weeks), as recorded */
} vrk_load_weeks;

typedef struct {
    int64_t points; /* VRK_LOAD_POINTS evenly over the weeks that the seller has had, or 0 */
    vrk_load_point at[VRK_LOAD_POINTS];
    int64_t seen;                       /* groups of weeks alike in load, with three or more */
    vrk_load_weeks week[VRK_LOAD_SEEN]; /* [seen] half an SD apart, lightest first */
} vrk_load_curve;

/* Of a seller (index) at a moment. Without a calendar, a model of doing, or weeks that differ,
 * points = 0. It passes all cells once: for the few whose verdict rests on it. VRK_EMEMORY. */
VRK_MUST vrk_status vrk_load_curve_of(vrk_ctx *ctx, const vrk_moments *m, int64_t moment,
                                      int64_t seller, vrk_load_curve *out);

#endif
