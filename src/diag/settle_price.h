/* diag/settle_price.h - what each measurement that could settle an unclear verdict is worth: the
 * money that the better decision about that seller and moment brings over the year, against what
 * the measurement costs. doc/voi.md. */
#ifndef VRK_DIAG_SETTLE_PRICE_H
#define VRK_DIAG_SETTLE_PRICE_H

#include "diag/leaks.h"
#include "store/settings.h"

/* Sets cost and value of the options of every unclear row whose moment has a price, and puts the
 * one of the largest net value in front where that is more than what the seller brings in within an
 * hour. The decision is between nothing,
 * training and coaching. Rows stay as they are where the leaks are in other money than the fees.
 * VRK_EMEMORY, VRK_ECANCEL. */
VRK_MUST vrk_status vrk_settle_price(vrk_ctx *ctx, const vrk_twin *t, const vrk_leaks *l,
                                     const vrk_action_settings *set, const vrk_verdict_opt *opt,
                                     vrk_seller_moments *s);

#endif
