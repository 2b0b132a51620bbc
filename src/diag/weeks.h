/* diag/weeks.h - sellers' working weeks as arrays, and the effect of one of their columns on
 * another within sellers: weeks of more against weeks of less of the same seller, what all sellers
 * share in a week and the number of working days taken off. doc/time.md. */
#ifndef VRK_DIAG_WEEKS_H
#define VRK_DIAG_WEEKS_H

#include "store/facts.h"

/* Rows by seller and week; sql/query/seller_weeks.sql says what each column counts. */
typedef struct {
    int64_t n, sellers, mondays;
    const int64_t *seller_key;    /* [sellers] ascending */
    int64_t *seller, *week;       /* [n] indices: into seller_key, and of the Monday in order */
    int64_t *number;              /* [n] the week's number from the first on, gaps counted */
    int64_t *has_calendar;        /* [n] 0/1 */
    double *work_days, *internal; /* [n] [days], [hours] internal and administrative */
    double *touches, *meetings;   /* [n] */
    double *own_deals, *other_deals, *held, *steps, *steps_kept, *leaving, *qualified; /* [n] */
    double *open_deals, *followed, *followed_won;                                      /* [n] */
    vrk_arena mem;
} vrk_weeks;

/* Reads them from facts whose ledger is built. On failure *out is empty. VRK_EDB, VRK_EMEMORY. */
VRK_MUST vrk_status vrk_weeks_read(vrk_ctx *ctx, vrk_facts *facts, vrk_weeks *out);
void vrk_weeks_free(vrk_weeks *w);

enum { VRK_WEEKS_LEAST = 100, VRK_WEEK_SELLERS_LEAST = 5 }; /* below these nothing is known */

/* Of the `n` rows of `weeks` in the ascending list `row`: what one more of x does to y in them. */
typedef struct {
    int64_t n, sellers; /* rows and sellers that tell it */
    bool known;         /* false: too few rows or sellers, or x does not vary; no numbers then */
    double mean, se;    /* y per unit of x; errors by seller, so weeks may hang together */
    double lo, hi;      /* 90 %, t with sellers - 1 degrees */
    double between;     /* the same between sellers: not an effect of x */
    double usual;       /* mean of y in these rows */
} vrk_week_effect;

/* x, y [n] by row of the list. Least squares on what is left of both when sellers' and weeks' means
 * (alternating projections) and working days are taken off (Mundlak 1978; Frisch & Waugh 1933);
 * standard errors clustered by seller (Liang & Zeger 1986). O(30 n). VRK_EMEMORY. */
VRK_MUST vrk_status vrk_weeks_effect(vrk_ctx *ctx, const vrk_weeks *weeks, const int64_t *row,
                                     int64_t n, const double *x, const double *y,
                                     vrk_week_effect *out);

#endif
