/* ingest/plain_part.h - SELECTs over plain tables: what deals.c, activities.c and plain.c share.
 * For those only. */
#ifndef VRK_INGEST_PLAIN_PART_H
#define VRK_INGEST_PLAIN_PART_H

#include "base/str.h"
#include "ingest/making.h"

/* "value AS name", after a comma where something stands already. */
void vrk_plain_put(vrk_str *sql, const char *value, const char *name);

/* SQL for a column's values as the interchange table wants them. */
const char *vrk_plain_value(vrk_making *m, const vrk_table_file *f, int64_t k, const char *column);

/* SQL for what the file says of `column` (of headings.csv), NULL = it has no such column. */
const char *vrk_plain_text(vrk_making *m, const vrk_table_file *f, const char *column);
const char *vrk_plain_date(vrk_making *m, const vrk_table_file *f, const char *column);
const char *vrk_plain_flag(vrk_making *m, const vrk_table_file *f, const char *column); /* bool */
const char *vrk_plain_key(vrk_making *m, const vrk_table_file *f, const char *column);

/* The columns of a deal. VRK_EDB, VRK_EMEMORY. */
VRK_MUST vrk_status vrk_plain_deals(vrk_ctx *ctx, vrk_making *m, vrk_table_file *f, vrk_str *sql);

/* The columns of an activity. VRK_EDB, VRK_EMEMORY. */
VRK_MUST vrk_status vrk_plain_activities(vrk_ctx *ctx, vrk_making *m, const vrk_table_file *f,
                                         vrk_str *sql);

#endif
