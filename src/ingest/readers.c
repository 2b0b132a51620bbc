#include "ingest/table.h"
#include "ingest/xlsx.h"

#include <stddef.h>

/* A line a container, in alphabetical order but where one must be asked before another. */
const vrk_reader vrk_readers[] = {
    {"xlsx", vrk_xlsx_is, vrk_xlsx_read},
    {0},
};
