/* ingest/making.h - a plan while it is being made: what the readers of tables have in common. For
 * plan.c, plain.c and fieldlog.c. */
#ifndef VRK_INGEST_MAKING_H
#define VRK_INGEST_MAKING_H

#include "ingest/guess.h"
#include "ingest/outcome.h"
#include "ingest/plan.h"
#include "ingest/sources.h"

enum { VRK_JOINS = 3 }; /* deals, sellers, accounts (join.h) */

/* A table with what it was taken for. */
typedef struct {
    vrk_profile profile;
    vrk_guess guess;
    vrk_origin origin;
    const char *outcome;               /* SQL, of a table of deals that was added; NULL = unknown */
    const char *names[VRK_JOINS];      /* SELECT id, name, where a column holds names (join.h) */
    const char *names_read[VRK_JOINS]; /* and the file it reads */
    bool used;                         /* by another file: its stages, its names */
} vrk_table_file;

typedef struct {
    vrk_duck *duck;
    vrk_headings known;
    const vrk_map *map; /* NULL = none */
    const char *source; /* of databases; NULL = not said */
    int64_t unpacked;   /* [byte] out of archives so far */
    const vrk_plan_opt *opt;
    vrk_table_file *file; /* [files] */
    int64_t files;
    vrk_log_file *log; /* [logs] XES, event CSV, tables of cases */
    int64_t logs;
    int64_t memo_room, file_room, log_room, source_room, note_room, skip_room;
    int64_t number; /* of files so far, for the names of clean copies */
    vrk_plan *plan; /* grows; plan->mem holds everything and latches a failed allocation */
} vrk_making;

void vrk_making_file(vrk_making *m, const vrk_table_file *file);
void vrk_making_memo(vrk_making *m, const vrk_memo *memo);
void vrk_making_log(vrk_making *m, const vrk_log_file *log);
void vrk_making_source(vrk_making *m, const vrk_source *source);
void vrk_making_note(vrk_making *m, const char *fmt, ...) VRK_PRINTF(2, 3);
void vrk_making_skip(vrk_making *m, const char *file, const char *reason);

/* Is there a source of that table already? */
bool vrk_making_has(const vrk_making *m, const char *table);

/* A source over the rows of a CSV, one row of the select a row of the file. `select` NULL (no
 * memory) adds none. */
void vrk_making_rows(vrk_making *m, const vrk_profile *p, const char *table, const char *select);

/* The source that was added last reads one more file. */
void vrk_making_reads(vrk_making *m, const char *path);

/* A source that stands in the file only as a column: its sellers, its teams. */
void vrk_making_derived(vrk_making *m, const vrk_profile *p, const char *table, const char *select);

/* What the mapping file's [outcomes] say about a value, else what the words say. */
vrk_outcome vrk_making_outcome(const vrk_making *m, const char *value);

/* SQL that gives won, lost, open or NULL for the values of a column, by words and the mapping
 * file's [outcomes]; says in a note which value gave what. */
VRK_MUST vrk_status vrk_making_outcomes(vrk_ctx *ctx, vrk_making *m, const vrk_profile *p,
                                        int64_t column, const char **sql);

/* SQL for what `expression`, over the values of one column alone, says of each: asked once where
 * there are few different values, so that rows need no more than a look at which it is. `flag`: it
 * is true or false, else a text. VRK_EDB, VRK_EMEMORY. */
VRK_MUST vrk_status vrk_making_few(vrk_ctx *ctx, vrk_making *m, const vrk_profile *p,
                                   int64_t column, const char *expression, bool flag,
                                   const char **sql);

/* SQL that gives call, email, meeting, demo, quote or other for a text in SQL. */
const char *vrk_making_kind(vrk_making *m, const char *text);

/* Deals, sellers, teams, accounts, activities or stage events as a plain table. VRK_EDB,
 * VRK_EMEMORY. */
VRK_MUST vrk_status vrk_plain_add(vrk_ctx *ctx, vrk_making *m, vrk_table_file *f);

/* Sellers, teams and accounts that are only named in other tables; after all files. */
void vrk_plain_named(vrk_making *m);

/* SQL for the id of a deal: its key, or what its name, account and day of creation say. */
const char *vrk_plain_deal_id(vrk_making *m, const vrk_table_file *f);

/* A log with a row per changed field (Pipedrive's deal changes, and whatever has that shape):
 * stages, owners, dates and, where no table of deals has been added, the deals; with the lists of
 * stages and reasons that may lie beside it, which become `used`. Call it after the plain tables.
 * VRK_EDB, VRK_EMEMORY. */
VRK_MUST vrk_status vrk_fieldlog_add(vrk_ctx *ctx, vrk_making *m, vrk_table_file *f);

#endif
