/* ingest/tables.h - the interchange tables (DESIGN section 3): which columns a table has as text,
 * how each is read, and which column of the facts it becomes. */
#ifndef VRK_INGEST_TABLES_H
#define VRK_INGEST_TABLES_H

#include "base/base.h"

typedef enum {
    VRK_COL_TEXT,     /* as it stands, outer blanks off */
    VRK_COL_PERSON,   /* id of a seller, manager, rater, candidate: becomes a surrogate key */
    VRK_COL_CONTACT,  /* id of a contact: becomes a surrogate key */
    VRK_COL_DAY,      /* 2026-11-24; of a time its local day */
    VRK_COL_TIME,     /* 2026-11-24T10:00:00; with a zone: converted to local wall time */
    VRK_COL_MONEY,    /* decimal number, becomes hundredths */
    VRK_COL_MINUTES,  /* decimal number, becomes seconds */
    VRK_COL_WHOLE,    /* whole number */
    VRK_COL_NUMBER,   /* decimal number */
    VRK_COL_FLAG,     /* 0/1, false/true, no/yes, nej/ja */
    VRK_COL_CURRENCY, /* three letters */
    VRK_COL_WORD,     /* one of `words` */
    VRK_COL_NAME,     /* goes to the identity of the row's person, not to the facts */
    VRK_COL_DROPPED,  /* read for nothing, never kept (titles of calendar events) */
} vrk_col_kind;

typedef struct {
    const char *name; /* in the interchange file */
    const char *fact; /* in the facts; NULL = not there */
    vrk_col_kind kind;
    bool required;     /* the * of DESIGN: a row without it is rejected */
    const char *words; /* VRK_COL_WORD: " a b c "; "x=y" reads x as y; a last "*=y" all else as y */
} vrk_col;

typedef struct {
    const char *name;   /* deals: file deals.csv, fact table deals */
    const vrk_col *col; /* ends in {0} */
    const char *key;    /* SQL list of fact columns: what tells rows apart */
    const char *cut;    /* fact column whose month cuts it into files, or "deal_id", or NULL */
    bool by_month;
    const char *version; /* fact column that tells which row is newer; NULL = the file's date */
    bool earliest;       /* version is a time of which the earliest stands, not the newest */
    const char *refs;    /* "fact_column>table.fact_column ..." that should exist */
} vrk_table;

extern const vrk_table vrk_tables[]; /* ends in {0} */

const vrk_table *vrk_table_of(const char *name); /* NULL = no such table */
const vrk_col *vrk_col_of(const vrk_table *t, const char *name);

#endif
