/* ingest/csv_check.h - is this CSV what a CSV should be (RFC 4180, UTF-8)? One pass in bounded
 * memory before the database reads it: records that cannot be read are named by line and left out
 * of a clean copy; a file without faults is read where it lies. */
#ifndef VRK_INGEST_CSV_CHECK_H
#define VRK_INGEST_CSV_CHECK_H

#include "ingest/source.h"

struct vrk_read_groups;

/* Who looks at the values while they go by: each cell of each row that is kept, from left to right,
 * unquoted and without outer blanks, or NULL for an empty one. */
typedef struct {
    void (*start)(void *arg, int64_t columns); /* before the first */
    void (*see)(void *arg, int64_t column, const char *text, size_t n);
    void *arg;
} vrk_watch;

/* One cell; true if there were outer blanks. */
bool vrk_watch_cell(const vrk_watch *w, int64_t column, const char *text, size_t n);

/* A longer record is refused: VRK_CSV_LONGEST bytes. */
enum { VRK_CSV_LONGEST = 2000000 };

typedef struct {
    const char *path; /* as given */
    const char *read; /* what to read: path, or the clean copy */
    char delimiter;
    int64_t columns;
    const char **heading; /* [columns] trimmed, without BOM, made unique ("x", "x_2"; "column_3") */
    int64_t records;      /* data records, those left out counted too */
    vrk_fault *fault;     /* [faults] one for each record left out or repaired; the first 100,000 */
    int64_t faults;
    int64_t left_out; /* records; may be more than faults holds */
    int64_t skipped;  /* of records: titles, footers, subtotals */
    bool lined;       /* `read` has a column _line before the headings (tidy.h) */
    uint64_t edges;   /* of the columns: fields may begin or end with a blank (vrk_rec) */
} vrk_csv;

/* Checks the file. `staging` is the folder for a clean copy, named after `path`'s place in the
 * import, `number`. `groups`, if it is not NULL, gets every good record (read_before.h), `watch`,
 * if it is not NULL, every cell. Everything is held by `mem`. VRK_EIO; VRK_EINPUT: empty, binary,
 * or a first line that is no row of headings. About 1 GB a second. */
VRK_MUST vrk_status vrk_csv_check(vrk_ctx *ctx, const char *path, char delimiter,
                                  const char *staging, int64_t number,
                                  struct vrk_read_groups *groups, const vrk_watch *watch,
                                  vrk_arena *mem, vrk_csv *out);

/* The bit of a column in `edges`: all beyond the 63rd share one. */
uint64_t vrk_edge_bit(int64_t column);

/* Gives columns their names: headings trimmed, "column_3" where there is none, "x_2" for the second
 * x. DuckDB takes names without regard to case: so must they differ. Memory from `mem`. */
VRK_MUST vrk_status vrk_csv_name(vrk_ctx *ctx, const char *const *text, int64_t n, vrk_arena *mem,
                                 const char ***names);

/* Code and sentence of a record that is not as it should be. */
typedef struct {
    const char *code, *sentence;
} vrk_csv_words;
vrk_csv_words vrk_csv_words_of(int state); /* a vrk_rec_state */

/* "read_csv('...', ...)" for a FROM: all columns VARCHAR under their headings. NULL: no memory. */
char *vrk_csv_from(const vrk_csv *csv, vrk_arena *mem);

/* Finds the lines of some kept records. record[] ascending, 1 = the first kept data record;
 * line[i] gets the line where record[i] starts, 0 if there is none. Reads the file once more. */
VRK_MUST vrk_status vrk_csv_lines(vrk_ctx *ctx, const char *path, char delimiter,
                                  const int64_t *record, int64_t n, int64_t *line);

#endif
