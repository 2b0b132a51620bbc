/* stat/alive.h - does a deal that is open and silent still live? In the spirit of Fader, Hardie &
 * Lee (2005), Marketing Science 24:275-284. doc/alive.md. */
#ifndef VRK_STAT_ALIVE_H
#define VRK_STAT_ALIVE_H

#include "base/base.h"

/* Rates of one kind of deal, all >= 0 [1/day]. */
typedef struct {
    double death;   /* of dying, which nobody records */
    double contact; /* of signs from the customer's side while alive (not the seller's own calls) */
    double exit;    /* of being won or lost while alive */
    double cleaning; /* of a dead deal being closed in the CRM */
} vrk_life;

/* P(alive now | open, the last sign from the customer `silence` days ago), in [0,1]. slope [4]
 * (NULL = not wanted) its derivatives by death, contact, exit, cleaning [day], for a standard error
 * by the delta method. NaN where a rate or silence is negative or not finite. O(1). */
double vrk_alive(const vrk_life *rates, double silence, double *slope);

#endif
