/* ingest/category.h - what kind of time an event in a calendar is. Its title is looked at here, and
 * kept nowhere. */
#ifndef VRK_INGEST_CATEGORY_H
#define VRK_INGEST_CATEGORY_H

#include "base/base.h"

/* What is known of an event. */
typedef struct {
    const char *title; /* NULL or "" = none, or private */
    int external;      /* invited whose address is of another organisation; -1 = not known */
    int internal;      /* others of the own */
    bool away;         /* shown as out of office */
} vrk_event_signs;

/* customer, internal, admin, travel, focus, absence, or NULL: cannot be told. In this order: words
 * of absence; of travel; away; an external guest; words of focus, of customers, of administration,
 * of internal meetings; a colleague. Words are Swedish and English. */
const char *vrk_category_of(const vrk_event_signs *e);

#endif
