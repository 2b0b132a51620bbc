/* sim/activity.h - rows of activities and of calendars, the bulk of a world's data. */
#ifndef VRK_SIM_ACTIVITY_H
#define VRK_SIM_ACTIVITY_H

#include "sim/record.h"

typedef struct {
    const char *kind, *outcome;
    bool inbound;
    int minutes;
    int contact; /* 0 the decision maker, 1 the champion, 2 another; -1 = not said */
} vrk_act;

/* A row of a deal; nothing where `at` is not yet known. */
void vrk_record_activity(vrk_record *r, const vrk_squad *q, const vrk_deal *d, const vrk_act *a,
                         int64_t at);

/* A row of the calendar. */
void vrk_record_event(vrk_record *r, int64_t team, int64_t seller, int64_t at, int64_t minutes,
                      const char *category, const char *title);

#endif
