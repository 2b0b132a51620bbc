/* people/interview.h - what structured interviews say of those who were interviewed: scores of the
 * data (assessments, instrument interview) and those given here (people/interview_give.h), which
 * stand where both have the same person, interviewer and competence. Who interviewed is taken off
 * as with ratings (people/rater.h). One level a person, in standard deviations of those
 * interviewed; refused where so few are interviewed by several that strict and weak cannot be told
 * apart. doc/recruit.md. */
#ifndef VRK_PEOPLE_INTERVIEW_H
#define VRK_PEOPLE_INTERVIEW_H

#include "diag/words.h"
#include "people/rater.h"
#include "store/facts.h"
#include "store/records.h"

enum { VRK_INTERVIEW_COMPETENCES = 64 };

typedef struct {
    int64_t person; /* key in identity */
    uint64_t asked; /* bits of `competency`: what the interviews were about */
    int64_t raters; /* who interviewed */
    bool waiting;   /* for the viewer: others gave levels to a competence that the viewer has not */
    double plain;   /* mean level given, 1 to 5 */
    double at, se;  /* NaN where it cannot be told */
    double level, lo, hi; /* as the mean interviewer gives it, 90 % interval; NaN */
} vrk_interviewed;

typedef struct {
    vrk_ratings_state state;
    int64_t persons, twice, parts; /* counted, as in vrk_rated_model */
    int64_t nameless;              /* scores without an interviewer; left out */
    double reliability;            /* share of the differences that is the persons'; NaN */
    int64_t competences;
    const char *competency[VRK_INTERVIEW_COMPETENCES];
    int64_t n;
    vrk_interviewed *row; /* [n] by person */
    vrk_arena mem;
} vrk_interviews;

/* Who looks: the key of who may interview, so that each gives levels before seeing the others'. */
enum { VRK_SEES_ALL = 0, VRK_GAVE_NOTHING = -1 }; /* nobody to be kept from it; not a person yet */

/* `facts` may be NULL: the data have none. */
VRK_MUST vrk_status vrk_interviews_read(vrk_ctx *ctx, vrk_records *records, vrk_facts *facts,
                                        int64_t viewer, vrk_interviews *out);
void vrk_interviews_free(vrk_interviews *i); /* safe on an empty one */

/* Whether interviews count, and if not, what is missing. */
const char *vrk_interviews_say(const vrk_words *w, const vrk_interviews *i);

const vrk_interviewed *vrk_interviewed_find(const vrk_interviews *i, int64_t person); /* or NULL */

#endif
