/* ingest/source.h - one stream of rows for one fact table, as text. Readers of formats make
 * sources; the import (import.h) types, checks, keys and stores them. */
#ifndef VRK_INGEST_SOURCE_H
#define VRK_INGEST_SOURCE_H

#include "base/base.h"

/* A row that the reader had to leave out, or a cell that it repaired. */
typedef struct {
    int64_t line;         /* 0 = unknown */
    const char *field;    /* column; NULL = the whole row */
    const char *value;    /* as it stood, shortened; NULL = none */
    const char *code;     /* stable: CSV_TOO_FEW ... (README of src/ingest) */
    const char *sentence; /* what is wrong and what to do */
    bool warning;         /* the row was kept */
} vrk_fault;

/* All different values that a column of persons has in the file, as they stand in it. */
typedef struct {
    const char *column; /* of the interchange */
    const char *value;  /* [n] bytes: each value with a NUL behind it */
    size_t n;
} vrk_told;

typedef struct {
    const char *table; /* a name of sql/schema */

    /* A DuckDB SELECT that gives VARCHAR columns named as the interchange columns of the table (a
     * subset will do; others become attributes), in ISO forms: 2026-11-24, 2026-11-24T10:00:00
     * with or without zone, decimal point, 0/1. A value that could not be brought into that form
     * is passed on as it is: the import then tells its file, line and value. Also, if has_line,
     * a bigint "_line", ascending: the line in the file, or with `csv` the data row (1 = first). */
    const char *select;
    bool has_line;
    bool trimmed; /* no value begins or ends with a blank, and empty ones are NULL */

    const char *file;        /* for messages, and its date is the date of the rows */
    const char *const *read; /* [n_read] files that the select reads */
    int64_t n_read;

    /* With a plain CSV behind it: where data row k stands. Without has_line each row of the select
     * is a data row. */
    const char *csv; /* NULL = rows have no line of their own, or say it in _line */
    char delimiter;  /* of csv */

    int64_t
        rows_read;   /* data rows in the file, with those left out; -1 = as many as select gives */
    int64_t skipped; /* of these: titles, footers, subtotals */
    int64_t known;   /* of these: read before, standing, and not given by the select */
    const struct vrk_read_groups *groups; /* to be kept once all rows stand; NULL = nothing is */
    const vrk_told *told; /* [tolds] one for each column of persons that the select gives, which is
                           * vrk_person() of these values; tolds 0 = not known */
    int64_t tolds;
    const vrk_fault *fault; /* [faults] found by the reader */
    int64_t faults;
} vrk_source;

#endif
