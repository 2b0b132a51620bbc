/* stat/select.h - whom to recruit: what a correlation in those hired says of all who apply, what
 * selecting by it is worth, and whether it falls unevenly. doc/selection.md. */
#ifndef VRK_STAT_SELECT_H
#define VRK_STAT_SELECT_H

#include "base/base.h"

/* Correlations in (-1,1); anything out of range gives NaN. */
/* Thorndike II: r among those selected on x, ratio = SD of x among all / among selected. */
double vrk_restriction_direct(double r, double ratio);
/* Thorndike III: r of x and y among those selected on a third variable z, ratio of z's SDs. */
double vrk_restriction_incidental(double r_xy, double r_zx, double r_zy, double ratio);
/* Hunter, Schmidt & Le (2006): selected on something else than x; rxx = reliability of x among
 * those selected, ratio = SD of x among all / among selected. The operational validity among all.
 */
double vrk_restriction_indirect(double r, double rxx, double ratio);
/* Corrected for the unreliability of the criterion: r / sqrt(ryy). */
double vrk_attenuation(double r, double ryy);

/* P(success | selected): base rate of success among all, share selected, validity. Taylor & Russell
 * (1939), by the bivariate normal to 1e-14. */
double vrk_taylor_russell(double base, double selected, double r);
/* Brogden-Cronbach-Gleser: hired n, tenure [year], SD of yearly worth, cost per applicant. */
double vrk_utility(double hired, double tenure, double r, double sd_worth, double selected,
                   double cost);
/* P(one at z1 SD of the predictor does better than one at z2). */
double vrk_better_of_two(double r, double z1, double z2);

typedef struct {
    double ratio, se_log, lo, hi; /* rate of the first over that of the second, 95 % interval */
    double z;                     /* pooled, of the difference of rates */
    double p_fisher, p_mid;       /* two-sided; mid-p is Lancaster's */
    double p_boschloo; /* NaN over 40,000 tables (n1 n2): hours, and Fisher's is then as good */
    double
        p_under; /* P(ratio < 4/5) under Beta(.5 + x, .5 + n - x), from 20 000 draws of ctx->seed */
    bool judged; /* false: under 30 in a group: "cannot be judged", only p_under */
    bool flagged; /* judged, ratio < .8 and p_mid < .05 */
} vrk_adverse;

/* hired of applied in two groups (first the minority). VRK_EINPUT: counts that cannot be, over 1e5
 * applicants for the exact tests. Boschloo's test O(n1 n2 + points (n1 + n2)^2) at worst. */
VRK_MUST vrk_status vrk_adverse_impact(vrk_ctx *ctx, int64_t hired1, int64_t applied1,
                                       int64_t hired2, int64_t applied2, vrk_adverse *out);

#endif
