/* ingest/xlsx.h - workbooks of Excel and what writes like it (ECMA-376): every visible sheet as a
 * table. Dates are told by the cell's number format; a formula counts by the value that was stored
 * with it; hidden columns stay, hidden sheets do not. */
#ifndef VRK_INGEST_XLSX_H
#define VRK_INGEST_XLSX_H

#include "ingest/table.h"

bool vrk_xlsx_is(const char *start, size_t n, const char *name);

/* A sheet for each worksheet that is visible and holds something, its name as `part`. Cells: text
 * as it stands, numbers with a point and up to 15 digits, true and false, dates and times as
 * 2026-03-04, 2026-03-04T13:15:00 and 13:15:00 (no zone: the clock of who made the file), errors
 * and formulas without a stored value empty. Of merged cells the first has the value. VRK_EINPUT:
 * zip.h, xml.h; no workbook; text, cells or empty cells without measure. */
VRK_MUST vrk_status vrk_xlsx_read(vrk_ctx *ctx, vrk_reading *r);

#endif
