/* ingest/persons.h - who a calendar or an assessment means by an address or a name. */
#ifndef VRK_INGEST_PERSONS_H
#define VRK_INGEST_PERSONS_H

#include "ingest/making.h"

/* In calendars and assessments of the plan, persons who are told by mail address or name become the
 * sellers of the same import who have that address or name, if only one has; else the person of
 * earlier imports who has. Who is told by name alone is shown. Once all sources are there. VRK_EDB,
 * VRK_EMEMORY. */
VRK_MUST vrk_status vrk_persons_join(vrk_ctx *ctx, vrk_making *m);

#endif
