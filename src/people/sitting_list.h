/* people/sitting_list.h - all invitations and how far each has come, and the answers as the
 * interchange table assessments.csv. */
#ifndef VRK_PEOPLE_SITTING_LIST_H
#define VRK_PEOPLE_SITTING_LIST_H

#include "base/str.h"
#include "people/sitting.h"

typedef struct {
    int64_t id, answered;
    const char *person_id, *purpose, *competencies; /* with commas */
    bool candidate;
    vrk_link link; /* not VRK_LINK_CHANGED: that needs the sitting read */
    int64_t made_at, expires_at, finished_at; /* [us since 1970 UTC]; 0 = not */
} vrk_invitation;

typedef struct {
    int64_t n;
    vrk_invitation *row; /* [n] oldest first */
    vrk_arena mem;
} vrk_invitations;

/* Of one person (source id), or of all where NULL. */
VRK_MUST vrk_status vrk_invitations_list(vrk_ctx *ctx, vrk_records *records, const char *person,
                                         vrk_invitations *out);
void vrk_invitations_free(vrk_invitations *i); /* safe on an empty one */

/* Answers given here as CSV of the interchange format (DESIGN section 3), instrument sjt, with one
 * column more: the difficulty stated. *left_out: sittings whose situations have changed since. */
VRK_MUST vrk_status vrk_answers_csv(vrk_ctx *ctx, vrk_records *records, const vrk_instruments *all,
                                    vrk_str *out, int64_t *rows, int64_t *left_out);

/* One field of a CSV, quoted where it needs to be. */
void vrk_csv_field(vrk_str *out, const char *text);

#endif
