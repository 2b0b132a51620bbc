/* ingest/dialect.h - what parts the fields of a text table. */
#ifndef VRK_INGEST_DIALECT_H
#define VRK_INGEST_DIALECT_H

#include "base/base.h"

typedef struct {
    char delimiter;  /* , ; tab | */
    int64_t columns; /* fields that most records have; 0 = no record at all */
    bool sep_line;   /* the first line is sep=X and says so */
    bool wrapped;    /* whole rows stand in quotes: unwrap, and ask again */
} vrk_dialect;

/* Looks at the first records of a text (UTF-8). Weighs for each delimiter how many records have the
 * width that most have, and how wide that is. */
vrk_dialect vrk_dialect_of(const char *text, size_t n);

/* Takes one layer of quotes off each record that is one quoted field, in place. Returns the new
 * length. */
size_t vrk_unwrap_rows(char *text, size_t n);

#endif
