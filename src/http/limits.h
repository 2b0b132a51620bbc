/* http/limits.h - how often one session, or who has none by address, may ask. Logging in has its
 * own (guard.c). doc/serve.md. */
#ifndef VRK_HTTP_LIMITS_H
#define VRK_HTTP_LIMITS_H

#include "http/app.h"

VRK_MUST vrk_status vrk_limits_start(vrk_ctx *ctx, vrk_app *app, const vrk_server_settings *s);

/* Takes one of what is allowed. False: answered 429 with the seconds to wait. */
bool vrk_limits_allow(vrk_app *app, vrk_request *r);

#endif
