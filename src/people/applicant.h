/* people/applicant.h - those who applied, by the data or by an invitation to a test, held against a
 * role: per competence and as a predicted result, as far as they are measured. In an order by lot:
 * who is best is not the list's to say. doc/recruit.md.
 */
#ifndef VRK_PEOPLE_APPLICANT_H
#define VRK_PEOPLE_APPLICANT_H

#include "people/role.h"
#include "store/workspace.h"

enum { VRK_LABEL_CHARS = 8, VRK_APPLICANTS_MOST = 500 };

typedef struct {
    bool told;
    double mean, lo, hi; /* share of the points, 90 % interval */
} vrk_applicant_part;

typedef struct {
    bool invited; /* to a test here; else of the data alone */
    const char *said, *applied_on, *decision, *decided_on; /* of the data; "" = not told */
    double years;                                          /* in the trade, as told; NaN */
    const vrk_interviewed *heard; /* what interviews say; NULL = nobody interviewed, or: */
    int64_t waiting; /* so many did, and what they gave is kept from the viewer until an own one */
    int64_t person;  /* key in identity */
    const char *id;  /* source id */
    char label[VRK_LABEL_CHARS + 1]; /* stands for the person where names are not to be seen */
    int64_t open;                    /* sittings under way, which say nothing yet */
    int64_t answers;
    vrk_applicant_part part[VRK_ROLE_MOST]; /* as the role's competences */
    vrk_fit fit;
    vrk_prediction result;
} vrk_applicant;

/* The label of a person: by the lot of the invitation, else (seed 0) by one drawn from the key, so
 * that it stays. It keeps no secret: who it is can be had where that is logged. */
void vrk_applicant_label(int64_t person, uint64_t seed, char label[VRK_LABEL_CHARS + 1]);

/* How a test and interviews correlate: of those who have both, with the 95 % interval, where they
 * are enough; else what was assumed. */
enum { VRK_ALIKE_LEAST = 50 };
typedef struct {
    int64_t n;        /* who have both */
    double r, lo, hi; /* of own ones; NaN under four */
    double used;
    bool own; /* used is r */
} vrk_alike;

typedef struct {
    int64_t n;
    vrk_applicant *row; /* [n] by label */
    vrk_alike alike;
    vrk_arena mem;
} vrk_applicants;

/* The facts where they have applicants or interviews, else *facts stays NULL; a lease as with
 * vrk_workspace_facts. */
VRK_MUST vrk_status vrk_applying_facts(vrk_ctx *ctx, const vrk_workspace *w, vrk_facts **facts,
                                       int64_t *lease);

/* Where from. What is in it outlives the list. */
typedef struct {
    vrk_facts *facts; /* NULL: only who was invited */
    const vrk_instruments *instruments;
    const vrk_interviews *interviews;
    const vrk_role_list *roles; /* an applicant of the data is for the role that the data say */
    double alike;               /* assumed until enough have both; 0 = .3 */
    bool decided;               /* also those of the data of whom it is decided */
} vrk_applying_from;

/* Those invited, and those of the data whose role is this one or none that is weighed here. */
VRK_MUST vrk_status vrk_applicants_read(vrk_ctx *ctx, vrk_records *records,
                                        const vrk_applying_from *from, const vrk_job *role,
                                        vrk_applicants *out);
void vrk_applicants_free(vrk_applicants *a); /* safe on an empty one */

/* The role whose id or name in a language that is, letters of either case; NULL = none. */
const vrk_job *vrk_job_named(const vrk_role_list *roles, const char *name);

/* Of so many pairs with that correlation: what is used. */
vrk_alike vrk_alike_of(int64_t n, double r, double assumed);
/* That in words; "" where nobody has both. */
const char *vrk_alike_says(const vrk_words *w, const vrk_alike *a);

const vrk_applicant *vrk_applicant_find(const vrk_applicants *a, const char *label); /* or NULL */

#endif
