/* ingest/qti_items.h - situations to judge as QTI 3 has them (1EdTech QTI 3.0 ASI): one item, a
 * test, or a zipped package of both. For people/own.h, which makes an instrument of them. */
#ifndef VRK_INGEST_QTI_ITEMS_H
#define VRK_INGEST_QTI_ITEMS_H

#include "ingest/table.h"

enum { VRK_QTI_ITEMS = 200, VRK_QTI_STEM = 6000, VRK_QTI_CHOICE = 2000 }; /* at most; [byte] */

/* Hands over one inner file, a JSON text: {"test": {"id", "title"} or null, "items": [{"id",
 * "lang", "stem", "difficulty", "complexity", "decision_structure", "cycle" (each a text or null),
 * "options":
 * [{"key", "text", "points", "why"}]}]}. Points are 0 to 3. What would be lost is refused, by the
 * item's name: another kind of question, pictures, more or fewer than four answers, points that are
 * no quarters of the best. VRK_EINPUT: xml.h, zip.h; a package without items. */
VRK_MUST vrk_status vrk_qti_items_read(vrk_ctx *ctx, vrk_reading *r);

extern const vrk_reader vrk_qti_items_reader; /* for vrk_sandbox_read */

#endif
