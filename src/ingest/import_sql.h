/* ingest/import_sql.h - the statements that bring one table's sources into a generation. Text in,
 * text out: nothing here runs anything. For import.c only. Where a change makes other facts of the
 * same file, read_before.c must count up what it calls its files.
 *
 *   work     each row as it was read, beside its typed columns t_<fact>
 *   good     rows with all that is required, under the names of the facts
 *   chosen   the newest row of each key, and how it stands to what was there before
 *   standing the rows that are new or newer
 *   merged   the partitions that change, as they shall be
 *
 * The first rows of a big table (import_fresh.c) take a shorter way: typed, a view of what work
 * would be, is written at once, but for rows that anything is odd about; only those become raw. */
#ifndef VRK_INGEST_IMPORT_SQL_H
#define VRK_INGEST_IMPORT_SQL_H

#include "base/str.h"
#include "ingest/source.h"
#include "ingest/tables.h"

/* What a statement needs to know about its table. */
typedef struct {
    const vrk_table *table;
    const char *timezone, *currency;
    const char *partition; /* SQL: which file a row belongs in */
    const char *existing;  /* SQL list of Parquet files that stand, "" = none */
    const char *rows;      /* work, or typed: where each row can be found by its number */
    int64_t count;         /* rows of the sources, if typed */
    bool walls;            /* vrk_wall is known (wall.h) */
    bool few;              /* rows of work */
    bool kept;             /* typed is a table, with _odd */
} vrk_import_table;

typedef struct {
    int64_t number, file_time; /* its place among the sources; [us] the date of its file */
    bool unnumbered; /* rows without their numbers, which one thread would have to count */
} vrk_sql_source;

/* For raw: SELECT _file, _row, _line, _file_time, the interchange columns as text, attributes FROM
 * one source. `names` [n] are the columns its select gives. */
void vrk_sql_raw(vrk_str *sql, const vrk_table *t, const vrk_source *source,
                 const vrk_sql_source *of, const char *const *names, int64_t n);
/* SELECT for work, or for typed, from rows as they were read. */
void vrk_sql_typed(vrk_str *sql, const vrk_import_table *t, const char *from);
void vrk_sql_problems(vrk_str *sql, const vrk_table *t);    /* INSERT INTO problem */
void vrk_sql_good(vrk_str *sql, const vrk_import_table *t); /* and keyed: with key and content */
void vrk_sql_near(vrk_str *sql, const vrk_import_table *t); /* the existing files with such keys */
void vrk_sql_chosen(vrk_str *sql, const vrk_import_table *t);
void vrk_sql_merged(vrk_str *sql, const vrk_import_table *t);
void vrk_sql_forget(vrk_str *sql, const vrk_import_table *t); /* chosen and what it stands on */

/* CREATE TABLE typed in place of the view, with _odd; COPY typed to partitions under `folder` (if
 * it is kept: what came of source `file`), odd rows (and with know_twice those whose key is in
 * twice) to the partition "odd"; twice: the keys that come more than once in Parquet `files`, and
 * how many; raw: what went to "odd" (`any`: is there something?); whether a person of a row of
 * typed is not known yet. */
void vrk_sql_kept(vrk_str *sql, const vrk_import_table *t);
void vrk_sql_fresh(vrk_str *sql, const vrk_import_table *t, int64_t file, bool know_twice,
                   const char *folder);
void vrk_sql_twice(vrk_str *sql, const vrk_table *t, const char *files);
void vrk_sql_rest(vrk_str *sql, const vrk_import_table *t, bool any);
void vrk_sql_strangers(vrk_str *sql, const vrk_table *t);

/* stands: key and content of each row that stands; differs: keys of typed rows that are odd or do
 * not stand so, and how many rows of each file (those that stand so: without a key); again: raw,
 * all rows of those keys. */
void vrk_sql_stands(vrk_str *sql, const vrk_import_table *t);
void vrk_sql_differs(vrk_str *sql, const vrk_import_table *t);
void vrk_sql_again(vrk_str *sql, const vrk_table *t);

/* The fact columns, "a, b, c, attributes". */
void vrk_sql_facts(vrk_str *sql, const vrk_table *t);

#endif
