/* people/kept.h - how long answers, ratings, interviews and plans are kept, as people are told
 * before they answer (TRUST 9.5). doc/assess.md. */
#ifndef VRK_PEOPLE_KEPT_H
#define VRK_PEOPLE_KEPT_H

#include "store/records.h"

enum { VRK_KEPT_DAYS = 730 }; /* after the end of the test, the rating, the plan's review */

/* Erases what is older; *n: how many tests, ratings, interviews, accommodations and plans. In the
 * caller's transaction. */
VRK_MUST vrk_status vrk_kept_erase(vrk_ctx *ctx, vrk_records *records, int64_t *n);

#endif
