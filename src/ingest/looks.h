/* ingest/looks.h - looks at the values of a table as they go by: what a column's values look like
 * (value.h), how many there are and how many different ones. For profile.c. */
#ifndef VRK_INGEST_LOOKS_H
#define VRK_INGEST_LOOKS_H

#include "base/str.h"
#include "ingest/profile.h"

enum { VRK_RECENT = 32, VRK_RECENT_TEXT = 27 };

/* A short value that came by, and what it looks like: most come again and again. */
typedef struct {
    uint32_t look;
    uint8_t n; /* 0 = none */
    char text[VRK_RECENT_TEXT];
} vrk_recent;

/* The different values of a column: their hashes, as long as they are few enough to keep. */
typedef struct {
    vrk_recent recent[VRK_RECENT];
    struct vrk_looked {
        uint64_t hash; /* 0 = free */
        uint32_t look;
    } * at; /* [room] */
    int64_t room, n;
    vrk_str kept; /* the values themselves, each with a NUL behind it */
    bool lost;    /* there were more than are kept so */
    bool many;    /* more than are kept: column->distinct is not known */
    vrk_arena mem;
} vrk_value_set;

typedef struct {
    vrk_profile_column *column; /* [columns] */
    vrk_value_set *set;         /* [columns], of set_mem if vrk_looking_start made them */
    vrk_arena set_mem;
    int64_t columns, rows;
    unsigned char key[16]; /* of the hashes */
    vrk_arena *mem;        /* of the values that are kept */
    int64_t most;          /* different values of a column that are kept by their hashes */
    bool failed;           /* no memory */
} vrk_looking;

/* Room for so many columns; for a watch (csv_check.h), arg is a vrk_looking. */
void vrk_looking_start(void *arg, int64_t columns);
/* A value, or NULL for none. */
void vrk_looking_see(void *arg, int64_t column, const char *text, size_t n);
void vrk_looking_free(vrk_looking *l);

#endif
