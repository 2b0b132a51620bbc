/* ingest/ocel.h - object-centric event logs (OCEL 1.0 as JSON and CSV; OCEL 2.0 as JSON and XML) as
 * a log with one case each: of the kinds of objects one is taken for the deal. */
#ifndef VRK_INGEST_OCEL_H
#define VRK_INGEST_OCEL_H

#include "ingest/table.h"

#include <jansson.h>

/* OCEL 2.0 as XML; the JSON forms are read by json.h. */
bool vrk_ocel_xml_is(const char *start, size_t n, const char *name);
VRK_MUST vrk_status vrk_ocel_xml_read(vrk_ctx *ctx, vrk_reading *r);

/* OCEL 1.0 as CSV: headings ocel:eid, ocel:activity, ocel:timestamp, ocel:type:orders ..., lists as
 * ['o1', 'o2']. */
bool vrk_ocel_csv_is(const char *start, size_t n, const char *name);
VRK_MUST vrk_status vrk_ocel_csv_read(vrk_ctx *ctx, vrk_reading *r);

/* A log in one form, whatever it came as:
 * {"objects": {id: {"type", "attributes": {name: value}, "times": {name: time}, "to": [id]}},
 *  "events": [{"type", "time", "to_stage", "objects": [id]}]}. Owned by the caller. */
json_t *vrk_ocel_new(void);
json_t *vrk_ocel_object(json_t *log, const char *id, const char *type); /* borrowed; NULL: memory */
/* Of an attribute that changes the latest value stands. */
bool vrk_ocel_attribute(json_t *object, const char *name, const char *value, const char *time);
json_t *vrk_ocel_event(json_t *log, const char *type, const char *time); /* borrowed */
bool vrk_ocel_relate(json_t *thing, const char *list, const char *id);

/* Writes the log as two sheets. events: case_id, activity, timestamp, resource; an event of more
 * than one deal is one of each. cases: case_id, the attributes of the deal, and of what it is
 * related to the name. The kind taken for the deal is named in a note: deal, opportunity or case,
 * or an order, if there is one; else the kind that most events have, and few have two of. An event
 * that says the stage it leads `to` has that for its activity; a person or a seller in it is its
 * resource. */
VRK_MUST vrk_status vrk_ocel_write(vrk_ctx *ctx, vrk_reading *r, const json_t *log);

#endif
