/* sim/record.h - what a CRM, a calendar and a rating form would have kept of a team: the rows of
 * the interchange files. Nothing that is drawn here changes what happens. What was done is written
 * down only with the seller's diligence; what a calendar or a mail server captures, always. */
#ifndef VRK_SIM_RECORD_H
#define VRK_SIM_RECORD_H

#include "base/str.h"
#include "sim/team.h"

typedef enum {
    VRK_T_TEAMS,
    VRK_T_SELLERS,
    VRK_T_ACCOUNTS,
    VRK_T_DEALS,
    VRK_T_STAGE_EVENTS,
    VRK_T_OWNER_CHANGES,
    VRK_T_CLOSE_DATES,
    VRK_T_ACTIVITIES,
    VRK_T_NEXT_STEPS,
    VRK_T_CONTACT_ROLES,
    VRK_T_MOMENTS,
    VRK_T_CALENDAR,
    VRK_T_ASSESSMENTS,
    VRK_T_CANDIDATES,
    VRK_T_TARGETS,
    VRK_T_INTERVENTIONS,
    VRK_TABLES
} vrk_table;

typedef struct vrk_record {
    vrk_str table[VRK_TABLES];
    vrk_rng rng;
    int64_t activities, steps, events; /* numbers given so far */
    int64_t deals, won, lost;
    int64_t end; /* [min] what happens from here on is not known */
} vrk_record;

extern const char *const vrk_table_name[VRK_TABLES];
extern const char *const vrk_table_header[VRK_TABLES]; /* with line end */

void vrk_record_init(vrk_record *r, const vrk_world *world, int64_t team, vrk_arena *mem);

/* Customers of a team; as many accounts again are only prospects. */
int64_t vrk_record_accounts(const vrk_world *world, int64_t team);

/* One event each, as the engine draws it. A failed allocation is remembered by the arena. */
void vrk_record_birth(vrk_record *r, const vrk_squad *q, const vrk_deal *d);
void vrk_record_owner(vrk_record *r, const vrk_squad *q, const vrk_deal *d, int64_t to, int64_t at);
void vrk_record_stage(vrk_record *r, const vrk_squad *q, const vrk_deal *d, const char *kind,
                      const char *stage, int64_t at);
void vrk_record_deal(vrk_record *r, const vrk_squad *q, const vrk_deal *d);
void vrk_record_step(vrk_record *r, const vrk_squad *q, const vrk_deal *d, int64_t at);
void vrk_record_qualification(vrk_record *r, const vrk_squad *q, const vrk_deal *d, int64_t at,
                              bool done, bool meeting);
void vrk_record_objection(vrk_record *r, const vrk_squad *q, const vrk_deal *d, int64_t at,
                          bool done, bool survived);
void vrk_record_steering(vrk_record *r, const vrk_squad *q, const vrk_deal *d, int64_t at,
                         bool done, bool moves);
void vrk_record_meeting(vrk_record *r, const vrk_squad *q, const vrk_deal *d, int64_t at);
void vrk_record_prospecting(vrk_record *r, const vrk_squad *q, int64_t seller, int64_t week,
                            int64_t touches);

/* Routine traffic of a deal's week; moves its expected close date where that has passed. */
void vrk_record_traffic(vrk_record *r, const vrk_squad *q, vrk_deal *d, int64_t week);

/* The calendars of a week: internal and administrative hours, travel, focus, absence. */
void vrk_record_week(vrk_record *r, const vrk_squad *q, int64_t week);

/* The as-of date is reached: deals still in play, meetings planned. */
void vrk_record_end(vrk_record *r, const vrk_squad *q);

/* Who is who (sim/people.c): team, sellers, accounts, assessments, candidates, targets, measures.
 */
void vrk_record_people(vrk_record *r, const vrk_squad *q);

#endif
