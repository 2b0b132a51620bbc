/* diag/change.h - a change of how the organisation works, as text: "activity +20%, fix
 * decision_steering, free 4 h/week, stop bad deals". */
#ifndef VRK_DIAG_CHANGE_H
#define VRK_DIAG_CHANGE_H

#include "diag/moment_cells.h"

/* All zero but activity 1: the present course. */
typedef struct {
    double activity;              /* outbound touches in weeks with prospecting, times this; > 0 */
    bool fix[VRK_AT_MOMENTS + 1]; /* who is below the reference in E, P or Q is lifted to it */
    double free_h;                /* [h/week] internal work that every seller is spared; >= 0 */
    bool stop_bad;                /* all qualify as the best quarter does */
} vrk_change;

/* Parts divided by commas, in any letters and spacing; the keys of the result document's what_if
 * ("activity+20%", "fix:next_step") too. VRK_EINPUT names the part and what it can be. */
VRK_MUST vrk_status vrk_change_parse(vrk_ctx *ctx, const char *text, vrk_change *out);

#endif
