/* ingest/table.h - where readers of containers (XLSX, HTML, JSON, ZIP, iCalendar ...) meet the one
 * way that every table goes. A reader says whether a file is its own, and writes each table in it
 * as a sheet: a CSV in the staging folder. What a sheet is (titles, headings, footers, which table,
 * which column) is then found out exactly as for a CSV that the user gave. */
#ifndef VRK_INGEST_TABLE_H
#define VRK_INGEST_TABLE_H

#include "ingest/source.h"

/* One table of a file. In the CSV the first field of each record is the row's number in the
 * original (line of a text file, row of a sheet, 0 = unknown); it has no meaning beyond that. */
typedef struct {
    const char *path; /* the CSV in the staging folder, made with vrk_sheet_open ... _close */
    const char *part; /* which part of the file: a sheet's name, a JSON path; NULL = all of it */

    const char *table; /* the columns are those of this interchange table; NULL = not known */

    /* What the reader knows about where it comes from, in the words of sources.csv; NULL = no. */
    const char *source; /* "salesforce" */
    const char *object; /* "opportunity", "stage_history" ... */

    bool headed; /* the first record is the headings, and all others are rows: nothing to search */

    const vrk_fault *fault; /* [faults] rows left out and cells repaired on the way here */
    int64_t faults;
    int64_t left_out; /* rows that are not in the CSV: faults without warning */
} vrk_sheet;

/* A file that lay in a container and is to be looked at as one of its own. */
typedef struct {
    const char *path; /* in the staging folder */
    const char *name; /* for people: "export.zip/Opportunity.csv" */
} vrk_inner_file;

/* A file being read. */
typedef struct {
    const char *path;    /* what to read */
    const char *name;    /* for messages; the same unless it lay in a container */
    const char *staging; /* where sheets and inner files go */
    int depth;           /* containers around it */
    const char *zone;    /* for times in a zone that cannot be known: confirmed by the user; NULL */
    int64_t as_of;       /* [s] the day as which the facts are seen; 0 = not said */
    int64_t *number;     /* of files so far in the staging folder */
    vrk_arena *mem;      /* holds all that is handed over */

    vrk_sheet *sheet; /* [sheets] */
    int64_t sheets, sheet_room;
    vrk_inner_file *inner; /* [inners] */
    int64_t inners, inner_room;
    vrk_source *ready; /* [readies] sources that need nothing more */
    int64_t readies, ready_room;
    const char **note; /* [notes] what the user should know, in English, a line each */
    int64_t notes, note_room;
} vrk_reading;

/* Each grows a list of the reading; r->mem remembers a failed allocation. */
void vrk_reading_sheet(vrk_reading *r, const vrk_sheet *sheet);
void vrk_reading_inner(vrk_reading *r, const char *path, const char *name);
void vrk_reading_source(vrk_reading *r, const vrk_source *source);
void vrk_reading_note(vrk_reading *r, const char *fmt, ...) VRK_PRINTF(2, 3);

/* A kind of container. */
typedef struct {
    const char *name; /* "xlsx" */

    /* Is the file one, by its first n bytes (at most 4096) and its name? */
    bool (*is)(const char *start, size_t n, const char *name);

    /* Fills the lists of r. VRK_EINPUT: it is one, but cannot be read (passed over with that
     * sentence, other files go on). */
    vrk_status (*read)(vrk_ctx *ctx, vrk_reading *r);
} vrk_reader;

/* All kinds, the first that says yes reads; ends in {0}. In readers.c, a line each. */
extern const vrk_reader vrk_readers[];

/* Writes one sheet. A failed write is told by _close. */
typedef struct {
    vrk_ctx *ctx;
    const char *path;
    char *bytes; /* [room] not yet written */
    size_t n, room;
    int fd;
    bool any;      /* record so far */
    vrk_status st; /* the first failure */
} vrk_sheet_writer;

/* Opens sheet-<number>.csv in the staging folder. VRK_EIO, VRK_EMEMORY. */
VRK_MUST vrk_status vrk_sheet_open(vrk_ctx *ctx, vrk_reading *r, vrk_sheet_writer *w);
void vrk_sheet_row(vrk_sheet_writer *w, int64_t line); /* starts a record */
/* One cell, quoted where that is needed; NUL bytes become blanks. UTF-8 is the caller's duty. */
void vrk_sheet_cell(vrk_sheet_writer *w, const char *text, size_t n);
VRK_MUST vrk_status vrk_sheet_close(vrk_sheet_writer *w); /* in any case, once opened */

#endif
