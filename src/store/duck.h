/* store/duck.h - one in-memory DuckDB: open, run, put, close. The only way to DuckDB; what it is
 * used for (reading facts, writing a generation) lies in the files that call it. */
#ifndef VRK_STORE_DUCK_H
#define VRK_STORE_DUCK_H

#include "store/facts.h"

typedef struct vrk_duck vrk_duck;

/* All zero is the default. */
typedef struct {
    int threads;      /* 0 = ctx->threads, or one per core; one where `rows` are few */
    int64_t rows;     /* about how many will be read, at most; 0 = nobody knows, so many */
    int64_t memory;   /* [byte] 0 = 3 GiB */
    const char *temp; /* folder for what does not fit; NULL = nothing may spill */
} vrk_duck_opt;

/* Opens a database in memory and one connection; extensions are never loaded or installed.
 * VRK_EDB: it cannot start, or its version is another one than this program was built for. */
VRK_MUST vrk_status vrk_duck_open(vrk_ctx *ctx, const vrk_duck_opt *opt, vrk_duck **out);

/* From here on only these folders and files can be reached, and no setting can be changed. */
VRK_MUST vrk_status vrk_duck_lock(vrk_ctx *ctx, vrk_duck *d, const char *const *folders,
                                  int64_t n_folders, const char *const *paths, int64_t n_paths);

/* Are they so few that what a second thread or a file opened again costs each statement is more
 * than it saves? Not if nobody knows (0). */
bool vrk_few_rows(int64_t rows);

/* Runs one or more statements separated by ';'. $1..$n are bound in each that has them. The rows
 * of the last one are handed over in *out, if that is not NULL. Ticks as `what` at least every
 * 50 ms and interrupts the statement when told to. VRK_EDB with the database's words. */
VRK_MUST vrk_status vrk_duck_run(vrk_ctx *ctx, vrk_duck *d, const char *what, const char *sql,
                                 const vrk_value *bind, int64_t n, vrk_frame *out);

/* Runs a statement whose columns are all texts, and shows each value to `see` without keeping any:
 * those of some rows at a time, column by column, text NULL where it is unknown. Only the caller's
 * thread calls `see`. VRK_EDB. */
typedef void (*vrk_duck_see)(void *arg, int64_t column, const char *text, size_t n);
VRK_MUST vrk_status vrk_duck_each(vrk_ctx *ctx, vrk_duck *d, const char *what, const char *sql,
                                  vrk_duck_see see, void *arg);

/* Makes (or replaces) a table from a frame. */
VRK_MUST vrk_status vrk_duck_put(vrk_ctx *ctx, vrk_duck *d, const char *name,
                                 const vrk_frame *rows);

/* A function of texts for SQL, for what SQL cannot say. Exactly one of `text` and `whole`; each is
 * called from several threads at once, and gives false for "unknown". `out` ends in a NUL. */
enum { VRK_DUCK_ARGS = 4, VRK_DUCK_OUT = 4096 };
typedef struct {
    const char *name;
    int args; /* 1 ... VRK_DUCK_ARGS; where one is NULL, so is the result */
    bool (*text)(const char *const *text, const size_t *n, char *out);
    bool (*whole)(const void *arg, const char *const *text, const size_t *n, int64_t *out);
    const void *arg;
} vrk_duck_fn;

/* Makes it known to the database; `fn` must stay. VRK_EDB. */
VRK_MUST vrk_status vrk_duck_function(vrk_ctx *ctx, vrk_duck *d, const vrk_duck_fn *fn);

void vrk_duck_close(vrk_duck *d); /* NULL is fine */

/* The text as an SQL string literal, 'it''s'. NULL when out of memory. */
char *vrk_sql_quote(vrk_arena *mem, const char *text);
/* The name as a quoted identifier, "my ""column""". */
char *vrk_sql_name(vrk_arena *mem, const char *name);

#endif
