#include "ingest/archive.h"
#include "ingest/html.h"
#include "ingest/table.h"
#include "ingest/xlsx.h"

#include <stddef.h>

/* A line a container, in alphabetical order but where one must be asked before another. */
const vrk_reader vrk_readers[] = {
    {"xlsx", vrk_xlsx_is, vrk_xlsx_read}, /* before zip: it is one */
    {"zip", vrk_archive_is, vrk_archive_read},
    {"html", vrk_html_is, vrk_html_read},
    {0},
};
