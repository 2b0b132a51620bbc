/* http/applying.h - what roles ask for and who applied, put into a result before it is shown: they
 * are of now, not of the stored result. */
#ifndef VRK_HTTP_APPLYING_H
#define VRK_HTTP_APPLYING_H

#include "http/app.h"
#include "people/applicant.h"

struct json_t; /* jansson */

/* Looks whether they are other ones than those that were shown; results are then shown anew. */
VRK_MUST vrk_status vrk_applying_look(vrk_worker *w);

/* Applicants only for who recruits; to whom and how they are named is vrk_view()'s matter. */
VRK_MUST vrk_status vrk_applying_fill(vrk_worker *w, const vrk_request *r, struct json_t *document);

bool vrk_recruits(vrk_by role); /* by the table of policy.c */

/* Who applied for the role, beside it; what is read for it goes with vrk_applying_free. */
typedef struct {
    vrk_role_list roles;
    vrk_interviews interviews;
    vrk_applicants all;
} vrk_applying;

/* As the table has them; `role`: of out->roles, found by its id. *role NULL: there is none. */
VRK_MUST vrk_status vrk_applying_read(vrk_worker *w, const vrk_request *r, const char *name,
                                      vrk_applying *out, const vrk_job **role);
void vrk_applying_free(vrk_applying *a); /* safe on an empty one */

#endif
