/* ingest/json_part.h - the parts of the reader of JSON, for json*.c, ocel.c and xapi.c only. */
#ifndef VRK_INGEST_JSON_PART_H
#define VRK_INGEST_JSON_PART_H

#include "ingest/table.h"

#include <jansson.h>

/* How the records of an API are to be read. All zero: as they stand. */
typedef struct {
    const char *source, *object; /* as in vrk_sheet */
    const char *part;
    const char *inside; /* the fields are in this member, next to those outside (HubSpot) */
    bool utc;           /* times without zone are UTC */
    bool odata;         /* formatted values and lookups of Dataverse */
    bool pairs;         /* [7, "name"] is a reference, false is nothing (Odoo) */
    const char *(*more)(const json_t *record); /* the value of a column `more_name`, or NULL */
    const char *more_name;
} vrk_json_shape;

/* Writes the records as one sheet. */
VRK_MUST vrk_status vrk_json_table(vrk_ctx *ctx, vrk_reading *r, const json_t *records,
                                   const vrk_json_shape *shape);

/* A sheet with given headings, row by row. */
typedef struct {
    vrk_ctx *ctx;
    vrk_reading *r;
    vrk_sheet_writer w;
    int64_t rows;
    bool open;
} vrk_json_sheet;

VRK_MUST vrk_status vrk_json_sheet_open(vrk_ctx *ctx, vrk_reading *r, const char *const *heading,
                                        vrk_json_sheet *out);
void vrk_json_sheet_row(vrk_json_sheet *s, const char *const *cell, int n); /* NULL = empty */
/* In any case, once opened. Hands the sheet over unless it is empty or st is a failure. */
VRK_MUST vrk_status vrk_json_sheet_close(vrk_json_sheet *s, vrk_status st, const vrk_sheet *as);

/* Text of a scalar, held by `mem`; NULL: null, a list or an object (or no memory). */
const char *vrk_json_plain(const json_t *value, vrk_arena *mem);

/* The same of a member that may be absent. */
const char *vrk_json_get(const json_t *object, const char *key, vrk_arena *mem);

/* 2026-03-02 14:00:00 as 2026-03-02T14:00:00Z; other texts as they are. */
const char *vrk_json_utc(const char *text, vrk_arena *mem);

/* Each says whether the document is its own, and reads it. */
bool vrk_json_is_ocel(const json_t *all);
VRK_MUST vrk_status vrk_json_ocel(vrk_ctx *ctx, vrk_reading *r, const json_t *all);
bool vrk_json_is_xapi(const json_t *all);
VRK_MUST vrk_status vrk_json_xapi(vrk_ctx *ctx, vrk_reading *r, const json_t *all);
bool vrk_json_is_history(const json_t *all, const json_t *records);
VRK_MUST vrk_status vrk_json_history(vrk_ctx *ctx, vrk_reading *r, const json_t *all,
                                     const json_t *records);
/* The histories that lie in records of HubSpot. */
VRK_MUST vrk_status vrk_json_hubspot(vrk_ctx *ctx, vrk_reading *r, const json_t *records);

#endif
