/* ingest/dav.h - calendars read from a server (CalDAV, RFC 4791): caldav+https://host/anna/ */
#ifndef VRK_INGEST_DAV_H
#define VRK_INGEST_DAV_H

#include "ingest/table.h"

bool vrk_dav_is(const char *address); /* starts with caldav+http:// or caldav+https:// */

/* The address without user and password, for people. NULL: no memory. */
const char *vrk_dav_name(vrk_arena *mem, const char *address);

/* Asks the server for the events of the calendar at the address, or of all calendars in the folder
 * (or of the user) that is there, and hands each answer over as an inner file of r for caldav.h.
 * The user and the password stand in the address or in ~/.netrc. Nothing is changed on the server.
 * VRK_EINPUT: it said no, or there is no calendar; VRK_EIO. */
VRK_MUST vrk_status vrk_dav_fetch(vrk_ctx *ctx, const char *address, vrk_reading *r);

#endif
