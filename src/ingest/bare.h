/* ingest/bare.h - what the columns of a table of deals are by their values alone, for headings that
 * are missing, stand twice or mean nothing that is known. */
#ifndef VRK_INGEST_BARE_H
#define VRK_INGEST_BARE_H

#include "ingest/guess.h"

/* Gives columns without a meaning (is[k].column NULL) one of deals that is still free, where just
 * one column of the file fits it. A column whose heading is empty or stands twice gets it with
 * VRK_BARE_SURE, one with an unknown heading with VRK_BARE_UNSURE: that must be asked.
 * VRK_EDB, VRK_EMEMORY. */
#define VRK_BARE_SURE 0.86
#define VRK_BARE_UNSURE 0.6
/* Do the values of column k look like `column` of deals: deal_id, amount, currency, stage,
 * seller_id, account_id or name? */
bool vrk_bare_fits(const vrk_profile *p, int64_t k, const char *column);

/* Are the values ids, that say nothing to a reader? */
bool vrk_bare_is_id(const vrk_profile_column *c);

/* Are they words, in some rows but not in all? */
bool vrk_bare_is_words(const vrk_profile_column *c, int64_t rows);

/* The column without a meaning that looks most like the deals' owners, by names, addresses or ids
 * that come again; -1 = none does. */
int64_t vrk_bare_seller(const vrk_profile *p, const vrk_guess_column *is);

/* The first column without a meaning that looks like amounts and is not said to be weighted or
 * converted ones; -1 = there is none. */
int64_t vrk_bare_amount(const vrk_profile *p, const vrk_guess_column *is);

VRK_MUST vrk_status vrk_bare_deals(vrk_ctx *ctx, vrk_duck *duck, const vrk_profile *p,
                                   vrk_guess_column *is);

#endif
