/* ingest/xes.h - reads XES (IEEE 1849) event by event, in bounded memory, into two plain CSV files
 * that the database takes from there. */
#ifndef VRK_INGEST_XES_H
#define VRK_INGEST_XES_H

#include "base/base.h"

/* [byte] the longest element (a tag, a comment), and all values of one trace or event together; the
 * deepest nesting; the most attributes of one trace or event. */
enum { VRK_XES_LONGEST = 1 << 18, VRK_XES_DEEPEST = 100, VRK_XES_ATTRIBUTES = 1000 };

typedef struct {
    int64_t traces, events;
} vrk_xes;

/* Reads `path` and writes
 *   events: trace, line, activity, lifecycle, timestamp, resource, attributes
 *   cases:  trace, case_id, attributes
 * with headings; trace is the trace's number in the file, line the event's line, attributes a JSON
 * object of text values. An attribute's nested attributes, lists and what lies outside traces are
 * read over. Values are as they stand; an absent one is empty. VRK_EINPUT names the line: not
 * well-formed, cut off, no <log>, an entity declaration, over one of the limits. VRK_EIO. */
VRK_MUST vrk_status vrk_xes_read(vrk_ctx *ctx, const char *path, const char *events,
                                 const char *cases, vrk_xes *out);

#endif
