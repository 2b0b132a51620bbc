/* diag/view.h - the one function that trims a result document for who asks and what it is for: the
 * screen, a report and an export alike. Which field is of which class stands in the document's
 * schema (doc/diagnosis.schema.json, "x-class"), compiled into the program; a field that the schema
 * does not know passes to nobody. TRUST 8 and 9.
 *
 * business   deals, stages, amounts, teams       owner, leader, manager, seller
 * aggregate  sums over persons                   the same, HR, auditor, representative; not where
 *                                                fewer than five persons are behind ("persons")
 * person     about one person                    the owner; the person; a manager inside a case
 * self       for that person only                the person
 * candidate  about an applicant, under a label   the owner; who recruits, on the screen
 * unblinded  who the applicant is                the owner, and not in a report */
#ifndef VRK_DIAG_VIEW_H
#define VRK_DIAG_VIEW_H

#include "base/base.h"

struct json_t; /* jansson */

typedef enum {
    VRK_OWNER, /* who runs the program on own data: everything but `self` */
    VRK_LEADER,
    VRK_MANAGER,
    VRK_SELLER,
    VRK_ASSESSOR,
    VRK_CANDIDATE,
    VRK_HR,
    VRK_ADMIN,
    VRK_AUDITOR,
    VRK_REPRESENTATIVE,
} vrk_role;

typedef enum {
    VRK_TO_SCREEN, /* shown to the viewer alone */
    VRK_TO_REPORT, /* a report, that others will read: no person but for the owner */
    VRK_TO_EXPORT, /* a file: the same */
} vrk_purpose;

typedef struct {
    vrk_role role;
    int64_t person_key;      /* who it is; 0 = nobody in the data */
    const int64_t *case_key; /* [cases] persons in a case that they know of and the viewer is in */
    int64_t cases;
    bool recruits;
    const char *const *team; /* [teams] the manager's or seller's own; rows of other teams go */
    int64_t teams;
    /* The source's own id of a person, "" or NULL where it is erased; NULL function: keys stay. */
    const char *(*person_id)(void *arg, int64_t key);
    void *arg;
    const char *organisation; /* its name, put in where the viewer sees what data there are */
} vrk_viewer;

/* A trimmed copy (the document is not changed); persons that remain are named by the source's id
 * ("seller_id" for "seller_key"). What was taken away leaves no trace but "withheld": true at the
 * top. *out is the caller's (vrk_document_free). VRK_EMEMORY; VRK_EINPUT: not an object. */
VRK_MUST vrk_status vrk_view(vrk_ctx *ctx, struct json_t *document, const vrk_viewer *viewer,
                             vrk_purpose purpose, struct json_t **out);

#endif
