#include "ingest/table.h"

#include <stddef.h>

/* A line a container, in alphabetical order but where one must be asked before another. */
const vrk_reader vrk_readers[] = {
    {0},
};
