/* diag/hours.h - where the time goes (Q8): hours by kind from the calendar, what one more internal
 * hour takes from the same seller's same week, and what postponed prospecting leaves behind. Within
 * sellers only; that busy sellers differ from others is no effect of being busy. doc/time.md. */
#ifndef VRK_DIAG_HOURS_H
#define VRK_DIAG_HOURS_H

#include "diag/coverage.h"
#include "diag/weeks.h"

enum { VRK_HOUR_KINDS = 7, VRK_TAKEN = 4, VRK_DENT_FROM = 2, VRK_DENT_TO = 8 };

extern const char *const vrk_hour_kinds[VRK_HOUR_KINDS]; /* customer, internal ... absence */
/* What is looked at: prospecting (activities), meetings (with customers), next_steps (agreed),
 * own_deals (new). */
extern const char *const vrk_taken_names[VRK_TAKEN];

/* Whole numbers: hours are minutes / weeks / 60. */
typedef struct {
    int64_t minutes[VRK_HOUR_KINDS], weeks[VRK_HOUR_KINDS];
} vrk_hours_sum;

typedef struct {
    int64_t sellers, teams;    /* sellers with a calendar; 0 = none: nothing else is known */
    const int64_t *seller_key; /* [sellers] ascending */
    const char **team_id;      /* [teams] ascending, without the empty one */
    int64_t *team;             /* [sellers] index, -1 = none */
    int64_t *members;          /* [teams] sellers with a calendar */
    vrk_hours_sum *of_seller;  /* [sellers] */
    vrk_hours_sum *of_team;    /* [teams] */
    vrk_hours_sum all;
    double usual[VRK_HOUR_KINDS];     /* [hours/week] median over sellers */
    vrk_week_effect taken[VRK_TAKEN]; /* per internal or administrative hour, same week */
    /* New own deals per prospecting activity: of the same and the next week, and of the weeks
     * VRK_DENT_FROM to VRK_DENT_TO after it, all of which are in the data. */
    vrk_week_effect soon, later;
    vrk_arena mem;
} vrk_hours;

/* On failure *out is empty. O(rows). VRK_EDB, VRK_EMEMORY. */
VRK_MUST vrk_status vrk_hours_find(vrk_ctx *ctx, vrk_facts *facts, const vrk_weeks *weeks,
                                   vrk_hours *out);
void vrk_hours_free(vrk_hours *h);

double vrk_hours_per_week(const vrk_hours_sum *s, int kind); /* [h]; NaN without weeks */

/* Q8's status from what was found: weak where too few weeks tell what the hours take. */
void vrk_hours_answer(const vrk_hours *h, vrk_answer *answer);

#endif
