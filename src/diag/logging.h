/* diag/logging.h - logging is not doing: how much of what is done sellers write down. Told by what
 * is captured without them, meetings in the calendar, and by occasions that were observed directly.
 * METHODS 9.5, 9.6. */
#ifndef VRK_DIAG_LOGGING_H
#define VRK_DIAG_LOGGING_H

#include "diag/moment_cells.h"

/* At moment m the seller writes down what was done with log odds
 * diligence + shift[m] + spread[m] * (standard normal), of which ceiling[m] is found again (what
 * stands at no deal is not, whoever wrote it), and what was not done with false_rate[m]. */
typedef struct {
    double *diligence; /* [sellers] log odds that a meeting stands in the CRM */
    double
        *spread_of; /* [sellers] added to spread: how little is known of the diligence [log odds] */
    double ceiling[VRK_AT_MOMENTS + 1], shift[VRK_AT_MOMENTS + 1], spread[VRK_AT_MOMENTS + 1];
    double false_rate[VRK_AT_MOMENTS + 1];
    bool captured; /* something told of it: a calendar or observations; else it is assumed (R2) */
} vrk_logging;

/* Memory from `mem`. VRK_EMEMORY. */
VRK_MUST vrk_status vrk_logging_fit(vrk_ctx *ctx, const vrk_moment_cells *c, vrk_arena *mem,
                                    vrk_logging *out);

/* Nodes over which the share that is written down is integrated. Where nothing tells of it
 * (captured is false) sellers may be much alike in that or very different: half of the weight on
 * each. */
enum { VRK_LOGGING_NODES = 9 };
int vrk_logging_nodes(const vrk_logging *l);
double vrk_logging_weight(const vrk_logging *l, int node); /* of all nodes: 1 */

/* The share of what seller s does at moment m that is written down, at a node; the middle one is
 * VRK_LOGGING_NODES / 2. */
double vrk_logging_share(const vrk_logging *l, int64_t s, int64_t m, int node);

#endif
