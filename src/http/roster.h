/* http/roster.h - what of persons and teams a member reaches outside the result document: the same
 * rule as its view (diag/view.h, views.c). */
#ifndef VRK_HTTP_ROSTER_H
#define VRK_HTTP_ROSTER_H

#include "http/app.h"

VRK_MUST vrk_status vrk_roster_start(vrk_ctx *ctx, vrk_app *app);
void vrk_roster_stop(vrk_app *app);
/* Takes the teams from that snapshot. */
VRK_MUST vrk_status vrk_roster_read(vrk_worker *w, int64_t snapshot);

/* Managers lead the persons of their teams, the owner all. */
bool vrk_leads_person(vrk_app *app, const vrk_member *m, int64_t person);
/* Oneself; and whom one leads, where person_level is open or inside a case. */
bool vrk_sees_person(vrk_app *app, const vrk_member *m, int64_t person);
/* Managers and sellers see their own; NULL or "" is nobody's. */
bool vrk_sees_team(vrk_app *app, const vrk_member *m, const char *team);

/* The person's team in the newest result, in mem; false where the person is not in it. */
bool vrk_roster_team(vrk_app *app, int64_t person, vrk_arena *mem, const char **team);

#endif
