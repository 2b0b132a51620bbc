/* ingest/html.h - the tables of a page, which CRMs hand out as a spreadsheet named .xls. Reads what
 * browsers read: tags that are not closed, in capitals, without quotes. */
#ifndef VRK_INGEST_HTML_H
#define VRK_INGEST_HTML_H

#include "ingest/table.h"

/* [byte] the biggest page; [cells] the widest row; tables within tables. */
enum { VRK_HTML_MOST = 512 << 20, VRK_HTML_COLUMNS = 4096, VRK_HTML_DEEPEST = 16 };

bool vrk_html_is(const char *start, size_t n, const char *name);

/* A sheet for each table that holds text (a table in a table is one of its own), part "table 1" and
 * so on where there are several; all rows as they stand. A cell over several columns has its text
 * in the first, one over several rows in the first. Blanks are joined as a browser joins them, <br>
 * is a line feed, no script is run and no address visited. VRK_EINPUT: no table, over a limit. */
VRK_MUST vrk_status vrk_html_read(vrk_ctx *ctx, vrk_reading *r);

/* The sign that an entity (without & and ;) stands for, as UTF-8 in `out` [5]; 0 = none. */
size_t vrk_html_entity(const char *name, size_t n, char *out);

#endif
