/* sim/value.h - what a change would truly be worth: the same futures with and without it. */
#ifndef VRK_SIM_VALUE_H
#define VRK_SIM_VALUE_H

#include "sim/team.h"

/* activity+20%, then fix:<moment> in their order, then redeploy */
enum { VRK_CHANGES = 2 + VRK_MOMENTS };

typedef struct {
    int64_t replications;
    /* [replications x (1 + VRK_CHANGES)] money won over VRK_FUTURE weeks: the present course, then
     * each change [1/100 SEK] */
    int64_t *won;
    /* Sellers as each fix would have them: [VRK_MOMENTS x sellers]. */
    vrk_person *lifted;
    vrk_part *part; /* [sellers] in redeploy */
} vrk_value;

/* Everybody below the organisation's median (own and team's part together) of E, P or Q at a moment
 * is lifted to it. Whoever truly falls short in complex deals alone swaps new ones of these for
 * simple ones with colleagues of the team who do not. Memory from `mem`. */
VRK_MUST vrk_status vrk_value_init(vrk_ctx *ctx, const vrk_world *world, int64_t replications,
                                   vrk_arena *mem, vrk_value *value);

/* Runs one future of a team from where its history ended, as it is and with each change: money into
 * won [1 + VRK_CHANGES]. All randomness is named by what it is for, so futures that differ in one
 * change share all else. */
VRK_MUST vrk_status vrk_value_future(vrk_ctx *ctx, const vrk_value *value, const vrk_squad *now,
                                     int64_t replication, int64_t *won);

#endif
