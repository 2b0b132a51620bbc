/* ingest/import_sql.h - the statements that bring one table's sources into a generation. Text in,
 * text out: nothing here runs anything. For import.c only.
 *
 *   work     each row as it was read, beside its typed columns t_<fact>
 *   good     rows with all that is required, under the names of the facts
 *   chosen   the newest row of each key, and how it stands to what was there before
 *   merged   the partitions that change, as they shall be */
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
} vrk_import_table;

/* All for work: SELECT _file, _row, _line, _version, the interchange columns as text, attributes
 * FROM one source. `names` [n] are the columns its select gives. */
void vrk_sql_raw(vrk_str *sql, const vrk_table *t, const vrk_source *source, int64_t number,
                 int64_t file_time, const char *const *names, int64_t n);
void vrk_sql_work(vrk_str *sql, const vrk_import_table *t);
void vrk_sql_problems(vrk_str *sql, const vrk_table *t); /* INSERT INTO problem */
void vrk_sql_good(vrk_str *sql, const vrk_import_table *t);
void vrk_sql_chosen(vrk_str *sql, const vrk_import_table *t);
void vrk_sql_merged(vrk_str *sql, const vrk_import_table *t);

/* The fact columns, "a, b, c, attributes". */
void vrk_sql_facts(vrk_str *sql, const vrk_table *t);

#endif
