/* http/behind.h - which deals have an occasion at which moment: from the ledger, made once a
 * generation and kept. */
#ifndef VRK_HTTP_BEHIND_H
#define VRK_HTTP_BEHIND_H

#include "http/app.h"
#include "store/facts.h"

VRK_MUST vrk_status vrk_behind_start(vrk_ctx *ctx, vrk_app *app);
void vrk_behind_stop(vrk_app *app);

/* Puts the table `behind` (deal_id, seller_key) into the facts: deals with an occasion at the
 * moment, whose it was; of prospecting, which has weeks and no deals, the deals that it brought
 * (own source). Without a moment it is empty. VRK_EINPUT: there is no such moment. Cost: the first
 * time in a generation that of the ledger. */
VRK_MUST vrk_status vrk_behind_put(vrk_worker *w, vrk_facts *facts, const char *moment);

#endif
