/* people/competence.h - what all sittings of a person say together: the newest of each competence,
 * and whether it changed since the one before. A sitting that is still open says nothing yet: who
 * is in the middle of it should not answer by it, and nobody else should look. doc/assess.md. */
#ifndef VRK_PEOPLE_PROFILE_H
#define VRK_PEOPLE_PROFILE_H

#include "people/ability.h"

enum { VRK_COMPETENCE_PARTS = 64, VRK_COMPETENCE_SITTINGS = 50 };
#define VRK_CONTRAST_TOLD 0.90 /* three are looked at a competency */

typedef struct {
    int64_t sitting, at;  /* of which invitation; its last answer [us since 1970 UTC] */
    int64_t before;       /* the sitting before it that had the competency; 0 = none */
    vrk_change_of change; /* since then */
} vrk_competence_of;

typedef struct {
    int64_t sitting, at;
    vrk_pattern pattern;
} vrk_competence_sitting;

typedef struct {
    int64_t parts;
    vrk_ability_part *part; /* [parts] */
    vrk_competence_of *of;  /* [parts] */
    int64_t sittings;
    vrk_competence_sitting *sitting; /* [sittings] newest first */
    int64_t open, changed;           /* under way; no longer to be scored by this version */
    double apart_p;                  /* as vrk_ability */
    bool apart;
    /* What to practise: the part, or -1 where none stands out; the contrast in it that does, or -1.
     */
    int64_t practise, contrast;
    vrk_arena mem;
} vrk_competence;

/* Of the person with that source id, from invitations as candidate or as seller. `only`: one
 * invitation, 0 = all. */
VRK_MUST vrk_status vrk_competence_make(vrk_ctx *ctx, vrk_records *records,
                                        const vrk_instruments *all, const char *person,
                                        bool candidate, int64_t only, vrk_competence *out);
void vrk_competence_free(vrk_competence *p); /* safe on an empty one */

#endif
