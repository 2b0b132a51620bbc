/* ingest/headings.h - what a heading of a foreign table means: the table and column of Verkan's
 * own interchange tables, and how sure that is. The knowledge is data: headings.csv beside this
 * file, which becomes a part of the program.
 *
 * Besides the tables of the interchange there are three that exist on the way only: `changes` (one
 * row per changed field), `events` (an event log), and columns that say something of others:
 * deals.close_date is closed_at for closed deals and expected_close_on for open ones, deals.is_won,
 * is_lost, is_closed and active tell the outcome, deals.deleted that there is no such deal. */
#ifndef VRK_INGEST_HEADINGS_H
#define VRK_INGEST_HEADINGS_H

#include "base/base.h"

/* What the values of a column look like. */
typedef enum {
    VRK_VALUES_TEXT,
    VRK_VALUES_KEY, /* one of its own per row */
    VRK_VALUES_REF, /* names a row of another table */
    VRK_VALUES_DATE,
    VRK_VALUES_NUMBER,
    VRK_VALUES_STAGE,
    VRK_VALUES_OUTCOME, /* won, lost, open in some language */
    VRK_VALUES_CURRENCY,
    VRK_VALUES_MAIL,
    VRK_VALUES_KIND, /* of activity */
    VRK_VALUES_DONE,
    VRK_VALUES_FLAG,
    VRK_VALUES_CLOCK,
} vrk_values;

typedef struct {
    const char *table, *column;
    vrk_values values;
    bool required;
    double confidence; /* 1 the column's own name, 0.95 a sure heading, 0.7 one that the values
                        * must agree with */
    int64_t place;     /* in headings.csv */
} vrk_meaning;

/* Lower case, words apart: "Deal - Owner", "dealOwner" and "deal_owner" give "deal owner".
 * Punctuation goes, letters of other scripts stay as they are. NULL when out of memory. */
const char *vrk_heading_normal(vrk_arena *mem, const char *heading);

/* The knowledge, in order to be asked often. */
typedef struct {
    struct vrk_heading_word {
        const char *normal; /* sorted; ties in the order of headings.csv */
        vrk_meaning is;
    } * word; /* [words] */
    int64_t words;
    vrk_meaning *all; /* [columns] each once with confidence 1 */
    int64_t columns;
} vrk_headings;

/* Memory from `mem`. VRK_EMEMORY. */
VRK_MUST vrk_status vrk_headings_make(vrk_ctx *ctx, vrk_arena *mem, vrk_headings *out);

/* All that a heading can mean, in the order of headings.csv. A heading that is not known as it
 * stands is looked for without its dots and rings (a for ä), and without what stands before a " - "
 * ("Deal - Owner"). Memory from `mem`. VRK_EMEMORY. */
VRK_MUST vrk_status vrk_meanings_of(vrk_ctx *ctx, const vrk_headings *h, vrk_arena *mem,
                                    const char *heading, vrk_meaning **out, int64_t *n);

/* Does it mean anything? Without memory: false for what is longer than a heading. */
bool vrk_headings_know(const vrk_headings *h, const char *heading);

#endif
