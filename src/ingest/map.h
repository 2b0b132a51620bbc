/* ingest/map.h - the mapping file, with which a user says what files and columns mean
 * (doc/mapping.md). */
#ifndef VRK_INGEST_MAP_H
#define VRK_INGEST_MAP_H

#include "base/base.h"

typedef struct {
    const char *section, *key, *value;
    bool quoted; /* the key stood in quotes: always a heading, never the word `table` */
    int64_t line;
} vrk_map_line;

typedef struct {
    const char *path;
    vrk_map_line *line; /* [lines] in the order of the file */
    int64_t lines;
} vrk_map;

/* Reads `text` (NUL-terminated); `path` is for messages. VRK_EINPUT names the line that cannot be.
 * Memory from `mem`. */
VRK_MUST vrk_status vrk_map_parse(vrk_ctx *ctx, const char *path, const char *text, vrk_arena *mem,
                                  vrk_map *out);

/* The value of an unquoted key ("table", "stages", "won"), NULL where it is not given. */
const char *vrk_map_value(const vrk_map *map, const char *section, const char *key);

/* Splits "a, b, c" at its commas; blanks around a part go. Memory from `mem`. */
VRK_MUST vrk_status vrk_map_list(vrk_ctx *ctx, const char *value, vrk_arena *mem,
                                 const char ***part, int64_t *n);

#endif
