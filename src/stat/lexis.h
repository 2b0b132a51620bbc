/* stat/lexis.h - time under observation cut into bands, so that a hazard that changes with age is
 * constant within a row: what Poisson regression on cells needs. Lexis (1875); Carstensen (2007),
 * Stat Med 26:3018-3045. */
#ifndef VRK_STAT_LEXIS_H
#define VRK_STAT_LEXIS_H

#include "base/base.h"

/* One row for each spell and band it was seen in. */
typedef struct {
    int64_t n;
    int64_t *spell;   /* [n] ascending */
    int32_t *band;    /* [n] k: (cut[k-1], cut[k]], band 0 up to cut[0]; in [0,cuts] */
    double *exposure; /* [n] > 0 [day] */
    uint8_t *last;    /* [n] 1 = the spell ends here: the row that has its event, if it has one */
    vrk_arena mem;
} vrk_lexis;

/* Cuts n spells (entry, exit] at `cut` [cuts], ascending. An end just at a cut is in the band
 * before it. With `until_last`, what is after the last cut is left out (and the event with it).
 * entry NULL = all 0. Late entry puts no exposure into bands before it. O(n log cuts + rows).
 * VRK_EINPUT names the spell. */
typedef struct {
    int64_t n;
    const double *entry, *exit; /* [n] entry >= 0, exit > entry [day] */
    int32_t cuts;
    const double *cut; /* [cuts] strictly ascending [day] */
    bool until_last;
} vrk_lexis_in;
VRK_MUST vrk_status vrk_lexis_split(vrk_ctx *ctx, const vrk_lexis_in *in, vrk_lexis *out);
void vrk_lexis_free(vrk_lexis *l);

#endif
