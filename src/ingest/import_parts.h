/* ingest/import_parts.h - an import while it runs. For import.c and import_fresh.c. */
#ifndef VRK_INGEST_IMPORT_PARTS_H
#define VRK_INGEST_IMPORT_PARTS_H

#include "ingest/import.h"
#include "ingest/import_sql.h"
#include "store/duck.h"

typedef struct {
    vrk_ctx *ctx;
    vrk_workspace *w;
    vrk_duck *duck;
    const vrk_source *source;
    int64_t n;
    vrk_import_opt opt;
    vrk_generation before;
    vrk_generation after;
    int64_t room; /* of after.file */
    vrk_str cuts; /* SQL: new rows of `cut` */
    bool changed; /* facts differ from `before` */
    bool walls;   /* vrk_wall is known (wall.h) */
    vrk_import_report *report;
} vrk_importing;

VRK_MUST vrk_status vrk_importing_run(vrk_importing *m, const char *what, const char *sql,
                                      vrk_frame *out);

/* Runs what `s` holds, and empties it. */
VRK_MUST vrk_status vrk_importing_run_text(vrk_importing *m, const char *what, vrk_str *s);

/* "SELECT ..." over one source for raw. */
VRK_MUST vrk_status vrk_importing_select(vrk_importing *m, const vrk_table *t, int64_t source,
                                         bool unnumbered, vrk_str *sql);

/* The Parquet files of `folder`/_partition=<p>/ join the new generation, but those of partition
 * "odd". Adds their rows to *rows, those of "odd" to *odd; and the files to the SQL list `list`
 * [1], if it is not NULL, all of them to list[1]. */
VRK_MUST vrk_status vrk_importing_written(vrk_importing *m, const vrk_table *t, const char *folder,
                                          int64_t *rows, int64_t *odd, vrk_str *list);

/* m->walls, where the table has rows enough that what the clock says at each midnight is worth
 * asking. */
VRK_MUST vrk_status vrk_importing_walls(vrk_importing *m, const vrk_table *t);

/* identity: who is known so far. */
VRK_MUST vrk_status vrk_persons_load(vrk_importing *m);

/* Persons of the rows `from` that are not in identity get the next keys, in the order of their
 * spelling. */
VRK_MUST vrk_status vrk_persons_know(vrk_importing *m, const vrk_table *t, const char *from);

/* key, space, source_id, name, email of persons that are new, or whose name or address is another
 * than the one that stands. */
VRK_MUST vrk_status vrk_persons_new(vrk_importing *m, vrk_frame *out);

/* key, space, source_id of those who are persons of earlier imports under another id. */
VRK_MUST vrk_status vrk_persons_joined(vrk_importing *m, vrk_frame *out);

/* Keeps what both found. */
VRK_MUST vrk_status vrk_persons_write(vrk_ctx *ctx, vrk_records *r, const vrk_frame *persons,
                                      const vrk_frame *joined);

/* The first rows of a big table go straight from the sources to typed Parquet, in one pass: what
 * the general way would need in memory is several times the file. Rows that anything is odd about -
 * a cell that cannot be read, a key that comes twice, a person nobody told of before - are left to
 * the general way. */

/* Rows of the table's sources, if it is to be brought in so; else 0. */
int64_t vrk_fresh_rows(const vrk_importing *m, const vrk_table *t);

/* A big table comes again: raw gets only what differs from what stands, with all rows of the same
 * keys; the others are counted as identical. Rows of the sources, if it is to be so; else 0. */
int64_t vrk_again_rows(const vrk_importing *m, const vrk_table *t);
VRK_MUST vrk_status vrk_again_raw(vrk_importing *m, const vrk_import_table *it);

/* Writes the files and counts their rows as used; raw gets the rows that are left, typed is what
 * work would be of all rows, and *fresh is a SELECT that gives what was written, for standing. */
VRK_MUST vrk_status vrk_fresh_write(vrk_importing *m, vrk_import_table *it, const char **fresh);

#endif
