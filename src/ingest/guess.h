/* ingest/guess.h - which table a foreign CSV is, and which column each of its columns. Headings
 * propose (headings.h), the values agree or object (profile.h), a mapping file decides (map.h). */
#ifndef VRK_INGEST_GUESS_H
#define VRK_INGEST_GUESS_H

#include "ingest/headings.h"
#include "ingest/map.h"
#include "ingest/profile.h"

/* Below this a column that a table cannot be without is not taken. */
#define VRK_GUESS_SURE 0.85

typedef struct {
    const char *column; /* NULL = none: kept as an attribute */
    double confidence;
} vrk_guess_column;

typedef struct {
    const char *table; /* of headings.csv; NULL = no table that is known */
    bool by_map;
    bool wide;           /* targets with a column per month (wide.h) */
    bool skip;           /* the mapping file says so */
    const char *missing; /* column of `table` that is wanted and not found, else NULL */
    const char
        *question; /* what must be asked before the file can be used, a sentence; NULL = no */
    vrk_guess_column *is; /* [columns of the file] */
} vrk_guess;

/* Memory from `mem`. `map` may be NULL. VRK_EINPUT: the mapping file names a heading, table or
 * column that is not there (with its line). */
VRK_MUST vrk_status vrk_guess_make(vrk_ctx *ctx, vrk_duck *duck, const vrk_headings *known,
                                   const vrk_profile *p, const vrk_map *map, vrk_arena *mem,
                                   vrk_guess *out);

/* The file's column that is `column`, -1 = none. */
int64_t vrk_guess_column_of(const vrk_guess *g, const vrk_profile *p, const char *column);

#endif
