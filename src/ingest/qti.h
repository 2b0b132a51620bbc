/* ingest/qti.h - results of tests as QTI reports them (1EdTech QTI Results Reporting 2.1 to 3.0).
 */
#ifndef VRK_INGEST_QTI_H
#define VRK_INGEST_QTI_H

#include "ingest/table.h"

bool vrk_qti_is(const char *start, size_t n, const char *name);

/* One sheet of assessments: an item's SCORE is a row, of the person that `context` names, on the
 * item's day; instrument external. Elements are told by their names, whatever their namespace: it
 * differs between versions. VRK_EINPUT: xml.h; no assessmentResult; nobody named. */
VRK_MUST vrk_status vrk_qti_read(vrk_ctx *ctx, vrk_reading *r);

#endif
