/* store/records.h - records.db: what cannot be rebuilt from the sources. SQLite in WAL mode with
 * synchronous = FULL: what was committed survives a crash of the machine. */
#ifndef VRK_STORE_RECORDS_H
#define VRK_STORE_RECORDS_H

#include "store/facts.h"

typedef struct vrk_records vrk_records;

/* Opens the database, makes it if there is none, and brings its tables to this version (numbered
 * steps of sql/records, each in a transaction). VRK_EIO, VRK_EDB; VRK_EINPUT: made by a newer
 * program. */
VRK_MUST vrk_status vrk_records_open(vrk_ctx *ctx, const char *path, vrk_records **out);

/* Runs one statement with $1..$n bound; its rows go to *out, which may be NULL. All text and whole
 * numbers; VRK_EDB with SQLite's words. */
VRK_MUST vrk_status vrk_records_run(vrk_ctx *ctx, vrk_records *r, const char *sql,
                                    const vrk_value *bind, int64_t n, vrk_frame *out);

/* Runs one statement once for each row, its columns bound to $1..$columns. One call per table and
 * import: a million rows a second. */
VRK_MUST vrk_status vrk_records_run_rows(vrk_ctx *ctx, vrk_records *r, const char *sql,
                                         const vrk_frame *rows);

/* Undoes what an open transaction did, keeping the message of the failure that led here. */
void vrk_records_roll_back(vrk_ctx *ctx, vrk_records *r);

/* The id that the last INSERT gave. */
int64_t vrk_records_last_id(const vrk_records *r);

void vrk_records_close(vrk_records *r); /* NULL is fine; an open transaction is rolled back */

#endif
