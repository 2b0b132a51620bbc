/* ingest/xlsx_part.h - the parts of a workbook, for the files xlsx*.c only. */
#ifndef VRK_INGEST_XLSX_PART_H
#define VRK_INGEST_XLSX_PART_H

#include "ingest/table.h"
#include "ingest/xml.h"
#include "ingest/zip.h"

typedef enum { VRK_XLSX_PLAIN, VRK_XLSX_DATE, VRK_XLSX_TIMED, VRK_XLSX_CLOCK } vrk_xlsx_kind;

/* What a number format shows: a date, a date with time, a time alone, or a number. */
vrk_xlsx_kind vrk_xlsx_format(const char *code);
vrk_xlsx_kind vrk_xlsx_builtin(int64_t id); /* formats that have a number only */

/* Text that many cells share, one after the other; string i is at[start[i]] ... start[i + 1]. */
typedef struct {
    char *at; /* malloc, as `start` */
    size_t *start;
    int64_t n, room;
    size_t used, size; /* [byte] */
} vrk_xlsx_strings;

typedef struct {
    vrk_zip *zip;
    const char *name; /* of the workbook, for messages */
    bool from_1904;
    vrk_xlsx_strings strings;
    vrk_xlsx_kind *kind; /* [kinds] of each cell style; malloc */
    int64_t kinds;
} vrk_xlsx_book;

enum { VRK_XLSX_TEXT = 256 << 20, VRK_XLSX_STYLES = 1 << 16 }; /* [byte] of shared text; styles */

/* Each reads its part if the workbook has it. */
VRK_MUST vrk_status vrk_xlsx_strings_read(vrk_ctx *ctx, vrk_xlsx_book *b, const char *part);
VRK_MUST vrk_status vrk_xlsx_styles_read(vrk_ctx *ctx, vrk_xlsx_book *b, const char *part);

/* Part i of the archive as XML. */
VRK_MUST vrk_status vrk_xlsx_xml(vrk_ctx *ctx, vrk_xlsx_book *b, int64_t i, vrk_xml_job *job);

/* Worksheet `part` into a sheet of `r`. */
VRK_MUST vrk_status vrk_xlsx_sheet_read(vrk_ctx *ctx, vrk_xlsx_book *b, vrk_reading *r,
                                        const char *part, const char *title);

/* Adds n bytes of one string; false: no memory or too much. */
bool vrk_xlsx_grow(vrk_xlsx_strings *s, const char *bytes, size_t n);
bool vrk_xlsx_next(vrk_xlsx_strings *s); /* the string is whole: start another */

/* Replaces _x000D_ and the like by what they stand for, in place; the new length. */
size_t vrk_xlsx_unescape(char *text, size_t n);

#endif
