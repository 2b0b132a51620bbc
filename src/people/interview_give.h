/* people/interview_give.h - what an interviewer gives to the answers of a structured interview, by
 * the questions of the competence's guide, each on its anchors with what was said. Several
 * interview independently; people/interview.h counts it as the scores of the data. doc/recruit.md.
 */
#ifndef VRK_PEOPLE_INTERVIEW_GIVE_H
#define VRK_PEOPLE_INTERVIEW_GIVE_H

#include "base/str.h"
#include "people/instrument.h"
#include "store/records.h"

enum { VRK_QUESTIONS_MOST = 20 };

typedef struct {
    const char *person, *rater; /* source ids */
    const char *competency;
    int64_t n;                            /* answers, in the guide's order */
    int64_t level[VRK_QUESTIONS_MOST];    /* 1 to 5 as the anchors; 0 = not asked */
    const char *note[VRK_QUESTIONS_MOST]; /* what was said */
} vrk_interview;

/* Keeps one, all of it, in the caller's transaction. add_rater: an interviewer who is not known is
 * added to the persons (hold the workspace's lock). VRK_EINPUT: a person or competency that is not
 * known or has no guide; more or fewer answers than questions; nothing asked; a level without what
 * was said; an interview of oneself. */
VRK_MUST vrk_status vrk_interview_put(vrk_ctx *ctx, vrk_records *records,
                                      const vrk_instruments *all, const vrk_interview *v,
                                      bool add_rater);
/* The same in a transaction of its own. */
VRK_MUST vrk_status vrk_interview_add(vrk_ctx *ctx, vrk_records *records,
                                      const vrk_instruments *all, const vrk_interview *v);

/* Says, in the caller's transaction, that `rater` does not interview `person`: from then on what
 * others gave is shown, and nothing can be given. Twice is once. VRK_EINPUT: not known. add_rater
 * as above. */
VRK_MUST vrk_status vrk_interview_pass(vrk_ctx *ctx, vrk_records *records, const char *person,
                                       const char *rater, bool add_rater);

/* Adds the newest of each interviewer to an assessments.csv (people/sitting_list.h). */
VRK_MUST vrk_status vrk_interviews_csv(vrk_ctx *ctx, vrk_records *records, vrk_str *out,
                                       int64_t *rows);

#endif
