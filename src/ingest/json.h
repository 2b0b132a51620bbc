/* ingest/json.h - what the APIs of CRMs answer, as saved to a file: lists of deals and other
 * things, histories of their fields, logs of change; also object-centric event logs (OCEL 1 and 2)
 * and learning records (xAPI). */
#ifndef VRK_INGEST_JSON_H
#define VRK_INGEST_JSON_H

#include "ingest/table.h"

/* [byte] the biggest file (in memory it takes some ten times that); columns of one table. */
enum { VRK_JSON_MOST = 256 << 20, VRK_JSON_COLUMNS = 2000 };

bool vrk_json_is(const char *start, size_t n, const char *name);

/* A list of records is a sheet with a row each, in the file's order, headings as the API names
 * them; a field in a field is a.b. Known shapes say their source, and what their times mean:
 * - HubSpot: `properties` are the columns, `propertiesWithHistory` is a history of fields;
 * - Dynamics (OData): _x_value is x, its formatted value x.name; choices have their label, x.code
 *   their number; audits are a history of fields;
 * - Salesforce REST, Zoho, SuiteCRM (JSON:API), Lime, Tryton, Odoo (a pair [id, name] is x and
 *   x.id; false is empty);
 * - Pipedrive: deals; /flow and /changelog of a deal are a history of fields;
 * - Upsales: orders, with status by probability (100 won, 0 lost);
 * - EspoCRM: lists; the stream is a history of fields.
 * Times without zone are UTC where the API says so, and marked Z. A history is a sheet with the
 * columns deal_id, field, old_value, new_value, changed_at, user, oldest first. One record a line
 * (JSON Lines) is read too. VRK_EINPUT: not JSON (line and why), no list of records, too big. */
VRK_MUST vrk_status vrk_json_read(vrk_ctx *ctx, vrk_reading *r);

#endif
