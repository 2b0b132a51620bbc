/* ingest/read_before.h - what an interchange file held when it was last read. The same file comes
 * again week after week, and most of it is as it was: those records need not be read, typed and
 * compared again. Records are taken in groups that the content itself cuts (about eight records),
 * so that a record put in or taken out moves no other group's ends; of each group a keyed hash is
 * kept (SipHash-2-4, 64 bits), with the facts that they stood for. Where the table's facts are no
 * longer exactly those, or another timezone or currency would make others of the same file,
 * nothing is taken for known.
 *
 * Kept in <workspace>/read/<table>, 1 byte a record; it holds hashes only, and is no loss. */
#ifndef VRK_INGEST_READ_BEFORE_H
#define VRK_INGEST_READ_BEFORE_H

#include "ingest/csv_scan.h"
#include "store/workspace.h"

enum { VRK_READ_KEY = 16 };

/* What is known of a table's file. */
typedef struct {
    const char *table, *headings; /* the line of headings as it stood */
    const unsigned char *key;     /* [VRK_READ_KEY] */
    const uint64_t *group;        /* [groups] ascending */
    int64_t groups;
} vrk_read_before;

/* The groups of one file while it is scanned; zero it, set `before` and `path`. */
typedef struct vrk_read_groups {
    const vrk_read_before *before; /* NULL = nothing is known */
    const char *path;              /* where records go that are not known */
    unsigned char key[VRK_READ_KEY];
    const char *headings;
    uint64_t *group; /* [groups] in the order of the file */
    int64_t groups, room;
    int64_t records, known; /* data records so far; of these in known groups */
    uint64_t hash;          /* of the group under way, */
    int64_t in_group;       /* and its records, */
    char *held;             /* [held_n] and they themselves, as they go to `path` */
    size_t held_n, held_room;
    int fd; /* of `path`, -1 = not open */
    char *out;
    size_t out_n;
} vrk_read_groups;

/* Reads what is kept of the tables of `g`, as far as it still holds, into `mem`: *list [*n].
 * What cannot be read is left out. */
VRK_MUST vrk_status vrk_read_before_load(vrk_ctx *ctx, const vrk_workspace *w,
                                         const vrk_generation *g, vrk_arena *mem,
                                         vrk_read_before **list, int64_t *n);

/* What a kept file [n], 8-byte aligned, says; *out points into it. False: it is not whole, or of
 * other facts than those whose digest is `facts`; it is then as if it were not there. */
bool vrk_read_before_take(const char *bytes, size_t n, const char *facts, vrk_read_before *out);

/* Keeps the groups of a table's only file, all of whose records stand in the generation `g`. */
VRK_MUST vrk_status vrk_read_before_save(vrk_ctx *ctx, const vrk_workspace *w,
                                         const vrk_generation *g, const char *table,
                                         const vrk_read_groups *groups);

/* Takes the headings, then each data record of a CSV with commas, then the end. Records of groups
 * that are not known go to `path` with their numbers as the first column, _line. Memory from `mem`;
 * VRK_EIO. Close it in any case. */
VRK_MUST vrk_status vrk_read_groups_headings(vrk_ctx *ctx, vrk_read_groups *s, const vrk_rec *rec,
                                             vrk_arena *mem);
VRK_MUST vrk_status vrk_read_groups_add(vrk_ctx *ctx, vrk_read_groups *s, const vrk_rec *rec,
                                        vrk_arena *mem);
VRK_MUST vrk_status vrk_read_groups_end(vrk_ctx *ctx, vrk_read_groups *s, vrk_arena *mem);
void vrk_read_groups_close(vrk_ctx *ctx, vrk_read_groups *s);

#endif
