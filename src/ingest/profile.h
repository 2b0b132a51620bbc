/* ingest/profile.h - what the values of each column of a table look like: how full it is, and in
 * which form it writes dates and numbers. Decided for the column as a whole, for 3/4/2026 alone
 * does not tell its month. */
#ifndef VRK_INGEST_PROFILE_H
#define VRK_INGEST_PROFILE_H

#include "ingest/tidy.h"
#include "ingest/value.h"
#include "store/duck.h"

/* So many different values of a column are kept as they are. */
enum { VRK_PROFILE_VALUES = 64 };

typedef struct {
    const char *name;
    int64_t filled, distinct;
    const char **value; /* [values] each different one, by its bytes; -1 = too many or too long */
    int64_t values;
    const char *each; /* all different ones, each with a NUL behind it; NULL = too many, or empty */
    size_t each_n;    /* [byte] */
    int64_t look[VRK_LOOKS]; /* values that look so, by bit of VRK_LOOK_ */
    bool dates;              /* nearly all values are dates, some of them in a form made for it */
    bool numbers;            /* nearly all are numbers */
    vrk_date_order order;    /* NONE: not needed, or not to be told */
    vrk_decimal decimal;     /* the same */
    bool order_followed;     /* told by another column of the file, not by this one */
    int64_t open_dates, open_numbers; /* values that cannot be read for want of these */
} vrk_profile_column;

typedef struct {
    const char *path, *name; /* name: without folders; of a part "book.xlsx:Blad1" */
    const char *from;        /* for a FROM */
    vrk_csv csv;
    vrk_tidy tidy;  /* what was done to it; csv is its csv */
    bool is_tidied; /* false: csv was read where it lies */
    bool utc;       /* times without zone are UTC (sources.h) */
    int64_t rows;
    vrk_profile_column *column; /* [csv.columns] */
} vrk_profile;

/* Where a table comes from, for vrk_profile_make. */
typedef struct {
    const char *path, *name;
    const vrk_sheet *sheet; /* a part of path; NULL = path is the table */
    const char *staging;
    int64_t number; /* of the file in the staging folder */
} vrk_table_place;

/* Tidies the table (tidy.h) and looks at all its values. Memory from `mem`. VRK_EINPUT: no table
 * with headings; VRK_EIO, VRK_EDB. The database must know the functions of value_sql.h. */
VRK_MUST vrk_status vrk_profile_make(vrk_ctx *ctx, vrk_duck *duck, const vrk_headings *known,
                                     const vrk_table_place *place, vrk_arena *mem,
                                     vrk_profile *out);

/* What the user says of the file, for columns that cannot tell: day or month first, which sign is
 * the decimal one (NONE = nothing said). */
void vrk_profile_answer(vrk_profile *p, vrk_date_order order, vrk_decimal decimal);

/* How many values of the column have one of the bits `look`. Bits count one by one: the most. */
int64_t vrk_profile_looks(const vrk_profile_column *c, uint32_t look);

/* SQL that brings a column's values to interchange form; a value that it cannot read comes out as
 * it is. NULL: no memory. */
const char *vrk_profile_text(const vrk_profile *p, int64_t column, vrk_arena *mem);
const char *vrk_profile_date(const vrk_profile *p, int64_t column, vrk_arena *mem);
const char *vrk_profile_number(const vrk_profile *p, int64_t column, vrk_arena *mem);
const char *vrk_profile_minutes(const vrk_profile *p, int64_t column, vrk_arena *mem);
const char *vrk_profile_flag(const vrk_profile *p, int64_t column, vrk_arena *mem);

#endif
