/* people/applicant.h - those who applied and answered a test, held against a role: per competence
 * and as a predicted result. In an order by lot: who is best is not the list's to say.
 * doc/recruit.md.
 */
#ifndef VRK_PEOPLE_APPLICANT_H
#define VRK_PEOPLE_APPLICANT_H

#include "people/role.h"

enum { VRK_LABEL_CHARS = 8, VRK_APPLICANTS_MOST = 500 };

typedef struct {
    bool told;
    double mean, lo, hi; /* share of the points, 90 % interval */
} vrk_applicant_part;

typedef struct {
    int64_t person;                  /* key in identity */
    const char *id;                  /* source id */
    char label[VRK_LABEL_CHARS + 1]; /* stands for the person where names are not to be seen */
    int64_t open;                    /* sittings under way, which say nothing yet */
    int64_t answers;
    vrk_applicant_part part[VRK_ROLE_ASKS]; /* as the role's competences */
    vrk_fit fit;
    vrk_prediction result;
} vrk_applicant;

/* The label of a person: by the lot of the invitation, else (seed 0) by one drawn from the key, so
 * that it stays. It keeps no secret: who it is can be had where that is logged. */
void vrk_applicant_label(int64_t person, uint64_t seed, char label[VRK_LABEL_CHARS + 1]);

typedef struct {
    int64_t n;
    vrk_applicant *row; /* [n] by label */
    vrk_arena mem;
} vrk_applicants;

VRK_MUST vrk_status vrk_applicants_read(vrk_ctx *ctx, vrk_records *records,
                                        const vrk_instruments *all, const vrk_job *role,
                                        vrk_applicants *out);
void vrk_applicants_free(vrk_applicants *a); /* safe on an empty one */

const vrk_applicant *vrk_applicant_find(const vrk_applicants *a, const char *label); /* or NULL */

#endif
