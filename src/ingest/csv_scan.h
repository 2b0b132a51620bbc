/* ingest/csv_scan.h - splits a CSV into records and says what is wrong with each. For csv_check.c
 * and its fuzz target. */
#ifndef VRK_INGEST_CSV_SCAN_H
#define VRK_INGEST_CSV_SCAN_H

#include "ingest/csv_check.h"

typedef enum {
    VRK_REC_GOOD,
    VRK_REC_BLANK,    /* an empty line: no record */
    VRK_REC_REPAIRED, /* a bare quote inside a field: readable once it is quoted */
    VRK_REC_QUOTE,    /* a quote that is not closed, or text after a closing one */
    VRK_REC_NUL,      /* a NUL byte */
    VRK_REC_ENCODING, /* bytes that are no UTF-8 */
    VRK_REC_FEW,      /* fewer fields than headings */
    VRK_REC_MANY,     /* more */
    VRK_REC_CUT,      /* fewer, and the file ends in it without a line end */
    VRK_REC_LONG,     /* longer than VRK_CSV_LONGEST */
} vrk_rec_state;

typedef struct {
    vrk_rec_state state;
    int64_t line;      /* where it starts, 1 = first of the file */
    const char *bytes; /* [n] without the line end; of a long one the start */
    size_t n;
    int64_t fields;
    bool edgy; /* there is a blank, or a letter beyond ASCII, which may be one */
} vrk_rec;

/* Called for every record, the headings too (line 1, columns not checked). */
typedef vrk_status (*vrk_rec_fn)(vrk_ctx *ctx, const vrk_rec *rec, void *arg);

/* Scans an open file from its start. A record that cannot be read gives up its first line only:
 * the next line starts a new record, so one stray quote does not swallow the rest of the file. */
VRK_MUST vrk_status vrk_csv_scan(vrk_ctx *ctx, const char *path, char delimiter, vrk_rec_fn fn,
                                 void *arg);

/* The same over a text in memory (not written to). `columns` is how wide the records should be; 0 =
 * any width will do. */
VRK_MUST vrk_status vrk_csv_scan_text(vrk_ctx *ctx, char *text, size_t n, char delimiter,
                                      int64_t columns, vrk_rec_fn fn, void *arg);

/* Does the field begin or end with a blank, once a NUL is one? With a blank of Unicode (category
 * Zs)? */
bool vrk_is_edged(const char *field, size_t n);

/* The columns of a record that begin or end with a blank, by vrk_edge_bit. */
uint64_t vrk_csv_edges(const vrk_rec *rec, char delimiter);

/* Takes blanks of Unicode off both ends, as trim() of the database does. */
void vrk_trim_blanks(const char **text, size_t *n);

bool vrk_is_utf8(const char *bytes, size_t n);

#endif
