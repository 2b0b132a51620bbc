/* ingest/zone.h - time zones by whatever name calendars give them. The only door to ICU. */
#ifndef VRK_INGEST_ZONE_H
#define VRK_INGEST_ZONE_H

#include "base/base.h"

/* Wall time and instants are seconds since 1970-01-01 00:00, by that wall's clock or by UTC. */
typedef struct vrk_zone vrk_zone;

/* The zone that a name means: IANA's (also with a prefix, as in /example.org/Europe/Oslo), or that
 * of Windows ("W. Europe Standard Time", as it is in `region`, NULL = SE). *out NULL: no such name.
 * VRK_EMEMORY. */
VRK_MUST vrk_status vrk_zone_open(vrk_ctx *ctx, const char *name, const char *region,
                                  vrk_zone **out);
void vrk_zone_close(vrk_zone *z); /* NULL is fine */

/* A wall time that a clock skips in spring is an hour later, one that comes twice in autumn the
 * first. O(1). */
int64_t vrk_zone_utc(vrk_zone *z, int64_t wall);
int64_t vrk_zone_wall(vrk_zone *z, int64_t utc);

#endif
