/* ingest/tidy.h - a text file as people have it (any encoding, separator, titles, footers, broken
 * rows) becomes a clean CSV in the staging folder, whose first column _line says where each row
 * stood. Decisions are made in decode.c, dialect.c and layout.c; this file carries them out. */
#ifndef VRK_INGEST_TIDY_H
#define VRK_INGEST_TIDY_H

#include "ingest/csv_check.h"
#include "ingest/decode.h"
#include "ingest/headings.h"
#include "ingest/table.h"

/* A bigger file is read by pieces: its encoding and separator are found from its start, titles
 * before the headings and a footer at the end are still taken off, but rows in the middle that are
 * none (subtotals) are not looked for. */
enum { VRK_TIDY_WHOLE = 64 << 20 };

typedef struct {
    vrk_csv csv; /* csv.lined: read has a column _line before the headings */
    vrk_encoding encoding;
    bool unmarked;                            /* UTF-16 told by its NULs alone */
    char delimiter;                           /* as the file has it */
    bool has_headings;                        /* false: csv.heading are column_1 ... */
    int64_t titles, furniture, continuations; /* rows left out as such */
    int64_t mojibake;                         /* letters that were encoded twice */
    int64_t mixed;                            /* lines that were not UTF-8 */
    bool wrapped;                             /* rows stood in quotes */
} vrk_tidy;

/* Tidies a text file; `watch`, if it is not NULL, gets every cell. Memory from `mem`. VRK_EINPUT:
 * empty, binary, headings that do not fit; VRK_EIO. Cost: up to 64 MB in memory, some 100 MB a
 * second; beyond, two passes over the file. */
VRK_MUST vrk_status vrk_tidy_file(vrk_ctx *ctx, const vrk_headings *known, const char *path,
                                  const char *name, const char *staging, int64_t number,
                                  const vrk_watch *watch, vrk_arena *mem, vrk_tidy *out);

/* The same for a file of more than VRK_TIDY_WHOLE bytes, which must have headings. csv is not
 * lined; it is the file itself where that is UTF-8 from its first line. */
VRK_MUST vrk_status vrk_tidy_big(vrk_ctx *ctx, const vrk_headings *known, const char *path,
                                 const char *name, const char *staging, int64_t number,
                                 const vrk_watch *watch, vrk_arena *mem, vrk_tidy *out);

/* The same for a sheet that a reader wrote (table.h). */
VRK_MUST vrk_status vrk_tidy_sheet(vrk_ctx *ctx, const vrk_headings *known, const vrk_sheet *sheet,
                                   const char *name, const char *staging, int64_t number,
                                   const vrk_watch *watch, vrk_arena *mem, vrk_tidy *out);

#endif
