/* ingest/memory.h - what a user said of a file (--map) holds for the next file with the same
 * headings. Kept in the workspace's records. */
#ifndef VRK_INGEST_MEMORY_H
#define VRK_INGEST_MEMORY_H

#include "ingest/map.h"
#include "store/records.h"

typedef struct {
    const char *signature; /* of the headings, in whatever order */
    const char *lines;     /* of a mapping file, without [file name] */
} vrk_memo;

/* 16 hex digits: the headings as they are compared, sorted. NULL: no memory. */
const char *vrk_signature_of(const char *const *heading, int64_t n, vrk_arena *mem);

/* The lines of the section of a mapping file; NULL = it has none. */
const char *vrk_memo_lines(const vrk_map *map, const char *section, vrk_arena *mem);

/* All that is remembered. Memory from `mem`. VRK_EDB, VRK_EMEMORY. */
VRK_MUST vrk_status vrk_memos_read(vrk_ctx *ctx, vrk_records *r, vrk_arena *mem, vrk_memo **out,
                                   int64_t *n);
/* Keeps them; the newer replaces the older. */
VRK_MUST vrk_status vrk_memos_write(vrk_ctx *ctx, vrk_records *r, const vrk_memo *memo, int64_t n);

#endif
