/* http/jobs.h - work that takes seconds to hours, done by child processes of this program: one at a
 * time, in the order asked for. */
#ifndef VRK_HTTP_JOBS_H
#define VRK_HTTP_JOBS_H

#include "http/app.h"

VRK_MUST vrk_status vrk_jobs_start(vrk_ctx *ctx, vrk_app *app);
void vrk_jobs_stop(vrk_app *app); /* ends the one that runs; those that wait are cancelled */

#endif
