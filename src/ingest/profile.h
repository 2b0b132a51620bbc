/* ingest/profile.h - what the values of each column of a CSV look like: how full it is, and in
 * which form it writes dates and numbers. Decided for the column as a whole, for 3/4/2026 alone
 * does not tell its month. */
#ifndef VRK_INGEST_PROFILE_H
#define VRK_INGEST_PROFILE_H

#include "ingest/csv_check.h"
#include "store/duck.h"

typedef enum {
    VRK_DATES_NONE,  /* fewer than 19 of 20 values are dates */
    VRK_DATES_ISO,   /* 2026-11-24, with or without time and zone; 2026/11/24 */
    VRK_DATES_MONTH, /* 11/24/2026 */
    VRK_DATES_DAY,   /* 24/11/2026, 24.11.2026 */
    VRK_DATES_MIXED, /* some values can only be the one, some only the other */
} vrk_date_form;

typedef struct {
    const char *name;
    int64_t filled, distinct;
    vrk_date_form dates;
    bool dates_guessed; /* no value of the file tells day and month apart: 24.11. by the dots or
                         * the semicolons of the file, else 11/24 */
    int64_t numbers, mails, currencies; /* how many values look so */
    bool decimal_comma;                 /* 1.250,00 */
} vrk_profile_column;

typedef struct {
    const char *path, *name; /* name: without folders */
    const char *from;        /* for a FROM */
    vrk_csv csv;
    int64_t rows;
    vrk_profile_column *column; /* [csv.columns] */
} vrk_profile;

/* Checks the CSV (staging and number as in vrk_csv_check), finds its delimiter, looks at all its
 * values. Memory from `mem`. VRK_EINPUT: not a CSV with headings; VRK_EIO, VRK_EDB. */
VRK_MUST vrk_status vrk_profile_make(vrk_ctx *ctx, vrk_duck *duck, const char *path,
                                     const char *staging, int64_t number, vrk_arena *mem,
                                     vrk_profile *out);

/* SQL that brings a column's values to interchange form; a value that it cannot read comes out as
 * it is. NULL: no memory. */
const char *vrk_profile_text(const vrk_profile *p, int64_t column, vrk_arena *mem);
const char *vrk_profile_date(const vrk_profile *p, int64_t column, vrk_arena *mem);
const char *vrk_profile_number(const vrk_profile *p, int64_t column, vrk_arena *mem);

#endif
