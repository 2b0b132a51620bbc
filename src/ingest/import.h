/* ingest/import.h - sources become a generation of facts: typed, keyed, without duplicates, merged
 * with what was there; whole or not at all. */
#ifndef VRK_INGEST_IMPORT_H
#define VRK_INGEST_IMPORT_H

#include "ingest/source.h"
#include "store/workspace.h"

/* All zero is the default. */
typedef struct {
    double max_rejects; /* share of a file that may be rejected, from 100 rows up; 0 = 0.5 */
    bool dry_run;       /* find everything out, change nothing */
    bool has_as_of;
    int64_t as_of;      /* [us, local wall time] kept with the generation */
    int64_t memory;     /* [byte] for the database; 0 = 3 GiB */
    int64_t fresh_rows; /* from so many rows on the first rows of a table take the short way; 0 =
                         * 20,000 */
    const char *map, *write_map, *source; /* for vrk_bring: as in vrk_plan_opt */
    bool once;                            /* for vrk_bring: the same */
} vrk_import_opt;

/* One source's balance: read = used + identical + replaced + rejected + skipped. */
typedef struct {
    const char *file, *table;
    int64_t read;
    int64_t used;      /* new, or newer than what was there */
    int64_t identical; /* as another row, or as what was there */
    int64_t replaced;  /* older than another row, or than what was there */
    int64_t rejected, skipped;
    int64_t warnings; /* cells that were left out or repaired; their rows count as used */
} vrk_balance;

typedef struct {
    int64_t n;
    vrk_balance *balance; /* [n] by source */
    bool counted;         /* the import came so far that the balances are true */
    int64_t problems;
    struct vrk_problem {
        const char *file;
        vrk_fault fault;
    } * problem;               /* [problems] by source and line; what was refused or repaired */
    int64_t generation;        /* the new one; 0 = nothing changed (or dry run) */
    int64_t persons, contacts; /* newly known */
    int64_t joined; /* persons of earlier imports under another id, told by their mail address */
    vrk_arena mem;
} vrk_import_report;

/* Imports the sources into the workspace, whose lock the caller holds. On VRK_EINPUT (too much was
 * rejected) nothing has changed, and the report is filled all the same: free it in any case. */
VRK_MUST vrk_status vrk_import(vrk_ctx *ctx, vrk_workspace *w, const vrk_source *source, int64_t n,
                               const vrk_import_opt *opt, vrk_import_report *out);
void vrk_import_report_free(vrk_import_report *r);

#endif
