/* http/contests.h - findings that a person contests: answered with words by somebody else, and set
 * aside in the document for as long as they are open. */
#ifndef VRK_HTTP_CONTESTS_H
#define VRK_HTTP_CONTESTS_H

#include "http/app.h"

/* Takes the verdicts that are contested out of the document, marked, and the actions at the same
 * moment in the person's team, and counts the leaks without the person where that is known; says in
 * "contested" how many of each. */
VRK_MUST vrk_status vrk_contests_set_aside(vrk_worker *w, struct json_t *document, vrk_lang lang);

#endif
