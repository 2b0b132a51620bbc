/* store/facts.h - the facts of one generation, as tables that statements of sql/ run on. Two
 * engines behind one face: DuckDB over Parquet files (duckdb.c) and PostgreSQL (postgres.c).
 * Statements may come from several threads; they run one at a time. */
#ifndef VRK_STORE_FACTS_H
#define VRK_STORE_FACTS_H

#include "data/frame.h"

typedef struct vrk_facts vrk_facts;

/* One Parquet file of a fact table. */
typedef struct {
    const char *table; /* a name of sql/schema */
    const char *path;
} vrk_part;

/* All zero is the default. */
typedef struct {
    const vrk_part *part; /* [parts] tables that have none are there, empty */
    int64_t parts;
    int threads;      /* 0 = ctx->threads, or one per core; one where `rows` are few */
    int64_t rows;     /* of all parts; 0 = nobody knows, so many */
    int64_t memory;   /* [byte] 0 = 3 GiB */
    const char *temp; /* folder for what does not fit in memory; NULL = nothing may spill */
} vrk_facts_opt;

/* A value to bind to $1, $2 ... */
typedef struct {
    vrk_type type;
    bool null;
    int64_t i;
    double d;
    const char *s;
} vrk_value;

/* Opens a private in-memory DuckDB whose fact tables are views over the files; nothing but these
 * files can be read, and nothing written. VRK_EDB, VRK_EINPUT (unknown table). */
VRK_MUST vrk_status vrk_facts_open_duckdb(vrk_ctx *ctx, const vrk_facts_opt *opt, vrk_facts **out);

/* Connects to a PostgreSQL that holds the fact tables in `schema`; made tables are temporary. */
VRK_MUST vrk_status vrk_facts_open_postgres(vrk_ctx *ctx, const char *conninfo, const char *schema,
                                            vrk_facts **out);

void vrk_facts_close(vrk_facts *f); /* NULL is fine */

/* CREATE TABLE name AS select. The select takes no parameters (they stand in tables). Ticks, and
 * interrupts the query when told to. VRK_EDB with the database's words and `name`. */
VRK_MUST vrk_status vrk_facts_make(vrk_ctx *ctx, vrk_facts *f, const char *name,
                                   const char *select);

/* A small table from memory; an existing one of that name is replaced. */
VRK_MUST vrk_status vrk_facts_put(vrk_ctx *ctx, vrk_facts *f, const char *name,
                                  const vrk_frame *rows);

/* Runs a statement, with `bind` [n] for $1..$n, and hands its rows over. `out` may be NULL. */
VRK_MUST vrk_status vrk_facts_query(vrk_ctx *ctx, vrk_facts *f, const char *sql,
                                    const vrk_value *bind, int64_t n, vrk_frame *out);

#endif
