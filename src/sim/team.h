/* sim/team.h - a team's deals and the weeks that it lives through. A team is one world of its own:
 * deals change owner inside it only, so teams run on different cores. */
#ifndef VRK_SIM_TEAM_H
#define VRK_SIM_TEAM_H

#include "sim/world.h"

typedef enum { VRK_OPEN, VRK_WON, VRK_LOST } vrk_outcome;

enum { VRK_STEP_MISSING = -1, VRK_STEP_UNKNOWN = 0, VRK_STEP_LATE = 1, VRK_STEP_KEPT = 2 };

/* Times are minutes since 1970-01-01 00:00, local. */
typedef struct {
    uint64_t key;                           /* names its draws: the same deal in every future */
    int64_t id;                             /* number in its team, from 1 */
    int64_t born;                           /* week */
    int64_t created, last, closed, lost_at; /* lost_at: a loss under way; 0 = none */
    int64_t expected;                       /* day on which it is expected to close */
    int64_t amount;                         /* [1/100 SEK] */
    int64_t wakes;                          /* lost, but opened again in this week; 0 = not */
    int64_t safe;                           /* an objection was met: not lost before this week */
    double frailty;                         /* [log odds] */
    int32_t owner, account;                 /* number in the team */
    int8_t stage, segment, step, outcome;
    bool complex, committee, fit, own, qualified, moved;
    const char *reason; /* of a loss */
} vrk_deal;

/* A seller's week. */
typedef struct {
    uint8_t days;
    int n;              /* days worked */
    double load, crowd; /* SDs; log of hours asked for over hours there, at least 0 */
    bool present;       /* employed and there at least one day */
    int64_t open;       /* deals */
} vrk_week;

/* Who gives new complex deals away for simple ones, and who takes them. */
typedef enum { VRK_NO_PART, VRK_GIVES, VRK_TAKES } vrk_part;

typedef struct {
    const vrk_world *world;
    const vrk_person *person; /* [n] its sellers; a change of the future has its own */
    int64_t number, first, n; /* of the team; its first seller; sellers */
    uint64_t seed;
    double volume_factor; /* 1; activity+20%: 1.2 */
    const vrk_part *part; /* [n] NULL: no deals are swapped */
    int64_t *owed;        /* [n x n] simple deals that one still has to give the other */
    vrk_deal *deal;       /* [deals] in play */
    int64_t deals, room, born;
    vrk_week *week;            /* [n] */
    vrk_arena *mem;            /* of deal and week */
    int64_t won, wins;         /* [1/100 SEK] and number since counting began */
    struct vrk_record *record; /* NULL: nothing is written */
} vrk_squad;

/* An empty team at the start of the history. VRK_EMEMORY. */
VRK_MUST vrk_status vrk_squad_init(vrk_ctx *ctx, const vrk_world *world, int64_t team,
                                   vrk_arena *mem, vrk_squad *squad);

/* Lives through one week. Cost: about 1 us a deal without records. VRK_EMEMORY. */
VRK_MUST vrk_status vrk_squad_week(vrk_ctx *ctx, vrk_squad *squad, int64_t week);

/* One week of one deal; false where it left the pipeline for good. */
bool vrk_deal_week(vrk_squad *squad, vrk_deal *deal, int64_t week);

/* The time at share x in [0,1) of a seller's working time that week. */
int64_t vrk_time_in(const vrk_world *world, int64_t week, uint8_t days, double x);

extern const char *const vrk_clean_up; /* the reason given when many are closed at one stroke */

double vrk_logistic(double x);

#endif
