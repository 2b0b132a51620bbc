/* ingest/wall.h - the organisation's wall time of moments written in UTC, many at a time. The
 * database can tell each (timezone(zone, moment)), at a hundred times the cost of reading a plain
 * time; so it is asked once what the clock says at each midnight of UTC, and a day between two that
 * agree is added up here. */
#ifndef VRK_INGEST_WALL_H
#define VRK_INGEST_WALL_H

#include "store/duck.h"

/* Makes known to the database
 *
 *   vrk_wall(x)  [us] 2026-03-04T12:15:00Z (also with .123, or a blank for the T) by the clock of
 *                `timezone`; NULL for all else, and for days when that clock is changed
 *
 * `mem` must outlive the database. VRK_EDB, VRK_EMEMORY. Cost: 50 ms. */
VRK_MUST vrk_status vrk_wall_function(vrk_ctx *ctx, vrk_duck *duck, const char *timezone,
                                      vrk_arena *mem);

#endif
