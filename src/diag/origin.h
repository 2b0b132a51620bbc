/* diag/origin.h - where the facts come from: the balance of the import that made the standing
 * generation, what it refused or repaired, and the source's own ids of persons. */
#ifndef VRK_DIAG_ORIGIN_H
#define VRK_DIAG_ORIGIN_H

#include "store/records.h"

/* How the rows of one file were used: read = used + identical + replaced + rejected + skipped. */
typedef struct {
    const char *file, *table;
    int64_t read, used, identical, replaced, rejected, skipped;
} vrk_file_balance;

/* What was refused or repaired, of one kind, in one file. The values stay in the records. */
typedef struct {
    const char *file, *field, *code, *sentence; /* field "" = the whole row */
    int64_t line;                               /* of the first; 0 = unknown */
    int64_t n;
    bool warning; /* the rows were kept */
} vrk_file_problem;

typedef struct {
    int64_t files, problems, persons;
    int64_t rejects;           /* rows */
    vrk_file_balance *file;    /* [files] by name */
    vrk_file_problem *problem; /* [problems] most rows first, 50 kinds at most */
    int64_t *key;              /* [persons] ascending */
    const char **id;           /* [persons] the source's own */
    vrk_arena mem;
} vrk_origin;

/* Reads the standing generation's; empty where there is none. VRK_EDB, VRK_EMEMORY. On failure
 * *out is empty. */
VRK_MUST vrk_status vrk_origin_read(vrk_ctx *ctx, vrk_records *records, vrk_origin *out);
/* The same of one generation; without balance and problems where it is gone. */
VRK_MUST vrk_status vrk_origin_read_of(vrk_ctx *ctx, vrk_records *records, int64_t generation,
                                       vrk_origin *out);
void vrk_origin_free(vrk_origin *o); /* safe on an empty one */

/* The source's own id of a person; NULL where it is not known (erased). Fits vrk_viewer.person_id:
 * `origin` is a vrk_origin. O(log persons). */
const char *vrk_origin_person(void *origin, int64_t key);

#endif
