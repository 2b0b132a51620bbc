/* ingest/caldav.h - the answer of a calendar server (CalDAV, RFC 4791 and 6578) saved to a file. */
#ifndef VRK_INGEST_CALDAV_H
#define VRK_INGEST_CALDAV_H

#include "ingest/table.h"

bool vrk_caldav_is(const char *start, size_t n, const char *name);

/* One sheet of table calendar (calendar.h) from the calendar-data of all responses. An event that
 * the server reports as gone (404) is named in a note: it is not taken back here. VRK_EINPUT: see
 * xml.h; no event in it. */
VRK_MUST vrk_status vrk_caldav_read(vrk_ctx *ctx, vrk_reading *r);

#endif
