/* people/rating.h - what somebody saw of another's competence, on the anchors of the instrument.
 * Each rating has what was seen; "not observed" is no low level. What people say of themselves is
 * kept and never counts. doc/assess.md. */
#ifndef VRK_PEOPLE_RATING_H
#define VRK_PEOPLE_RATING_H

#include "base/str.h"
#include "people/instrument.h"
#include "store/records.h"

enum { VRK_EVIDENCE_LEAST = 10 }; /* characters: something seen, not a tick */

typedef struct {
    const char *person, *rater; /* source ids, both known */
    const char *role;           /* manager, peer, customer, self */
    const char *competency;
    int64_t level; /* 1 to 5 as the anchors; 0 = not observed */
    const char *evidence;
} vrk_rating;

/* Keeps one, in one transaction. VRK_EINPUT: a person, competency, role or level that cannot be; no
 * evidence; somebody who rates themselves as another, or another as themselves. */
VRK_MUST vrk_status vrk_rating_add(vrk_ctx *ctx, vrk_records *records, const vrk_instruments *all,
                                   const vrk_rating *r);
/* The same in the caller's transaction. add_rater: a rater who is not known is added to the persons
 * (hold the workspace's lock). */
VRK_MUST vrk_status vrk_rating_put(vrk_ctx *ctx, vrk_records *records, const vrk_instruments *all,
                                   const vrk_rating *r, bool add_rater);

/* Adds the newest of each rater to an assessments.csv (people/sitting_list.h); what was not
 * observed is left out. */
VRK_MUST vrk_status vrk_ratings_csv(vrk_ctx *ctx, vrk_records *records, vrk_str *out,
                                    int64_t *rows);

#endif
