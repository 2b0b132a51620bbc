/* ingest/competency.h - which competency a test, a question or a rating is about. */
#ifndef VRK_INGEST_COMPETENCY_H
#define VRK_INGEST_COMPETENCY_H

#include "base/base.h"

/* The id (DESIGN section 3: prospecting, qualification, business_questions ...) that a name in
 * Swedish or English means, else the name itself in small letters, with _ for blanks. Held by
 * `mem`; NULL: no memory. */
const char *vrk_competency_of(vrk_arena *mem, const char *name);

#endif
