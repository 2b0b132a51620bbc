/* ingest/outlook.h - a calendar as Outlook exports it to CSV or a workbook. */
#ifndef VRK_INGEST_OUTLOOK_H
#define VRK_INGEST_OUTLOOK_H

#include "ingest/making.h"

/* Is the table one, by its headings (Swedish, English) or, whatever the language, by its 22 columns
 * in Outlook's order? If so it becomes a source of the table calendar: the owner is who organizes
 * most of the meetings, else the file's name; the category is that of the subject's words
 * (category.h); of a private event only its time is kept. VRK_EDB, VRK_EMEMORY. */
VRK_MUST vrk_status vrk_outlook_add(vrk_ctx *ctx, vrk_making *m, const vrk_profile *p, bool *is);

#endif
