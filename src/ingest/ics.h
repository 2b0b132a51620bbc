/* ingest/ics.h - a file of iCalendar: what Google Takeout, Outlook and most others write. */
#ifndef VRK_INGEST_ICS_H
#define VRK_INGEST_ICS_H

#include "ingest/table.h"

enum { VRK_ICS_MOST = 256 << 20 }; /* [byte] */

bool vrk_ics_is(const char *start, size_t n, const char *name);

/* One sheet of table calendar; see calendar.h. VRK_EINPUT: no event in it, too big. */
VRK_MUST vrk_status vrk_ics_read(vrk_ctx *ctx, vrk_reading *r);

#endif
