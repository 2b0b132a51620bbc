/* store/audit.h - the log of who did what: rows that are only ever added, each with a hash over the
 * hash before it, so that a change, a hole or a cut tail is found. No names and no contents. */
#ifndef VRK_STORE_AUDIT_H
#define VRK_STORE_AUDIT_H

#include "store/records.h"

typedef struct {
    int64_t account;     /* 0 = nobody logged in, or the terminal */
    const char *what;    /* login, result.view, decision.add ... */
    const char *subject; /* "seller 4", "account 2"; NULL = none */
    const char *purpose; /* NULL = none */
    const char *outcome; /* done, refused */
} vrk_audit;

/* Adds a row inside the transaction that is open. VRK_EDB, VRK_EIO. */
VRK_MUST vrk_status vrk_audit_add(vrk_ctx *ctx, vrk_records *records, const vrk_audit *entry);

/* The same in a transaction of its own. */
VRK_MUST vrk_status vrk_audit_write(vrk_ctx *ctx, vrk_records *records, const vrk_audit *entry);

/* Walks the chain. *rows: how many there are; *broken: the number of the first row that is not as
 * it was written or is missing, 0 where all is whole. O(rows). */
VRK_MUST vrk_status vrk_audit_check(vrk_ctx *ctx, vrk_records *records, int64_t *rows,
                                    int64_t *broken);

/* The head of the chain as something to keep elsewhere: "ROWS-HASH", in mem. With it a log that was
 * cut and closed again is found: the row that it names must still be there with that hash. */
VRK_MUST vrk_status vrk_audit_anchor(vrk_ctx *ctx, vrk_records *records, vrk_arena *mem,
                                     const char **anchor);
/* Whether the row of the anchor stands as it was. VRK_EINPUT: it is no anchor. */
VRK_MUST vrk_status vrk_audit_holds(vrk_ctx *ctx, vrk_records *records, const char *anchor,
                                    bool *holds);

#endif
