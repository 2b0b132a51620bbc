/* http/assess.h - what the handlers of tests, ratings, plans and profiles share. Not for use from
 * elsewhere. */
#ifndef VRK_HTTP_ASSESS_H
#define VRK_HTTP_ASSESS_H

#include "http/policy.h"
#include "people/competence.h"

enum { VRK_WORD_MOST = 200, VRK_NOTE_MOST = 4000 };

/* In the request's language. */
const char *vrk_in(const vrk_request *r, const vrk_text *text);
/* JSON of a time and of a text that may not be there. */
struct json_t *vrk_json_time(vrk_worker *w, int64_t us); /* 0 = null */

/* The id by which the account stands among the persons: its seller's, or one of its own. */
const char *vrk_rater_id(vrk_worker *w, const vrk_member *m);

/* The person of that id whom the member sees; refused as not there where not: *key is 0 then. */
VRK_MUST vrk_status vrk_find_seen(vrk_worker *w, vrk_request *r, const char *person_id,
                                  int64_t *key);

/* invitations.c: HR invites and sees applicants, managers those they lead, sellers themselves, the
 * owner all; whether the person was invited as an applicant. */
bool vrk_reaches(vrk_worker *w, const vrk_request *r, int64_t person, bool candidate);
VRK_MUST vrk_status vrk_is_applicant(vrk_worker *w, int64_t person, bool *is);

/* profiles.c: what sittings say, for who may see it. */
VRK_MUST vrk_status vrk_profile_json(vrk_worker *w, const vrk_request *r, const vrk_competence *p,
                                     struct json_t **out);
/* ratings.c, plans.c: of a person, newest first. *waiting: ratings that the viewer sees after own
 * ones. */
VRK_MUST vrk_status vrk_ratings_json(vrk_worker *w, const vrk_request *r, int64_t person,
                                     struct json_t **out, int64_t *waiting);
VRK_MUST vrk_status vrk_plans_json(vrk_worker *w, int64_t person, struct json_t **out);

/* One number of a pasted line, and past the mark `apart` behind it; a decimal comma is one where
 * the columns are set off otherwise. NaN where there is none; false: something else. */
bool vrk_number_at(const char **at, char apart, double *x);

#endif
