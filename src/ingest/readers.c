#include "ingest/archive.h"
#include "ingest/caldav.h"
#include "ingest/html.h"
#include "ingest/ics.h"
#include "ingest/json.h"
#include "ingest/ocel.h"
#include "ingest/qti.h"
#include "ingest/table.h"
#include "ingest/xlsx.h"

#include <stddef.h>

/* A line a container, in alphabetical order but where one must be asked before another. */
const vrk_reader vrk_readers[] = {
    {"xlsx", vrk_xlsx_is, vrk_xlsx_read}, /* before zip: it is one */
    {"zip", vrk_archive_is, vrk_archive_read},
    {"ocel", vrk_ocel_xml_is, vrk_ocel_xml_read},
    {"ocel-csv", vrk_ocel_csv_is, vrk_ocel_csv_read},
    {"qti", vrk_qti_is, vrk_qti_read},
    {"caldav", vrk_caldav_is, vrk_caldav_read},
    {"html", vrk_html_is, vrk_html_read},
    {"ics", vrk_ics_is, vrk_ics_read},
    {"json", vrk_json_is, vrk_json_read},
    {0},
};
