/* ingest/ics_lines.h - iCalendar as blocks and properties, read so that one broken event costs
 * nothing but itself. */
#ifndef VRK_INGEST_ICS_LINES_H
#define VRK_INGEST_ICS_LINES_H

#include "base/base.h"

/* A block from BEGIN:X to END:X, a view into the text. */
typedef struct {
    const char *kind; /* "VEVENT", capitals; the kinds not known are not told of */
    const char *at;
    size_t n;
    int64_t line; /* of BEGIN, 1 = first */
    bool cut;     /* the text, or the next event, comes before END */
} vrk_ics_block;

/* Finds the next event, time zone, to-do ... from *at on; false at the end. `line` is that of
 * *at. Blocks in a block (alarms) are part of it. */
bool vrk_ics_next(const char **at, const char *end, int64_t *line, vrk_ics_block *out);

/* One property of a block, or of what is outside of them: unfolded. */
typedef struct {
    char *name;   /* capitals */
    char *params; /* as they stand, "" = none */
    char *value;  /* as it stands: escapes and all */
} vrk_ics_property;

/* The next property from *at on, unfolded into `room` [the rest of the text + 1]. Lines that are no
 * property are passed over. False at the end. */
bool vrk_ics_property_next(const char **at, const char *end, char *room, vrk_ics_property *out);

/* The value of a parameter, without quotes, in `out` [n]; false: it is not there. */
bool vrk_ics_param(const vrk_ics_property *p, const char *name, char *out, size_t n);

/* Takes the escapes out of a text value, in place. */
void vrk_ics_unescape(char *text);

#endif
