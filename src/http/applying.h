/* http/applying.h - what roles ask for and who applied, put into a result before it is shown: they
 * are of now, not of the stored result. */
#ifndef VRK_HTTP_APPLYING_H
#define VRK_HTTP_APPLYING_H

#include "http/app.h"

struct json_t; /* jansson */

/* Looks whether they are other ones than those that were shown; results are then shown anew. */
VRK_MUST vrk_status vrk_applying_look(vrk_worker *w);

/* Applicants only for who recruits; to whom and how they are named is vrk_view()'s matter. */
VRK_MUST vrk_status vrk_applying_fill(vrk_worker *w, const vrk_request *r, struct json_t *document);

bool vrk_recruits(vrk_by role); /* by the table of policy.c */

/* The facts where they have applicants, else *facts stays NULL; ended by vrk_applying_close, which
 * gives back `st`, or what went wrong in it. */
VRK_MUST vrk_status vrk_applying_facts(vrk_worker *w, vrk_facts **facts, int64_t *lease);
VRK_MUST vrk_status vrk_applying_close(vrk_worker *w, vrk_facts *facts, int64_t lease,
                                       vrk_status st);

#endif
