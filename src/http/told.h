/* http/told.h - what a result told of a proposal, kept with what was decided about it. */
#ifndef VRK_HTTP_TOLD_H
#define VRK_HTTP_TOLD_H

#include "http/app.h"

/* As JSON, in the worker's scratch: snapshot, verdict, value, cost, currency, p_positive, expects.
 * NULL where the result, as the member sees it, has no such proposal with a value, or there is
 * none. `moment`, `team` NULL: none. VRK_EINPUT: no such snapshot. */
VRK_MUST vrk_status vrk_told_of(vrk_worker *w, const vrk_request *r, int64_t snapshot,
                                const char *action, const char *moment, const char *team,
                                const char **out);

#endif
