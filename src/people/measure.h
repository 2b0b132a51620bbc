/* people/measure.h - what answers of one's own say of the situations themselves: how hard and how
 * sharp each is (stat/keyed.h), kept as versions, and whether it treats two groups alike. A new
 * invitation chooses by the newest version, a profile is made by it; a sitting under way keeps its
 * own. doc/assess.md. */
#ifndef VRK_PEOPLE_MEASURE_H
#define VRK_PEOPLE_MEASURE_H

#include "people/sitting.h"
#include "stat/keyed.h"

enum { VRK_MEASURE_LEAST = 50, VRK_ALIKE_LEAST = 100 }; /* persons; of each group */

typedef struct {
    int64_t id, persons, made_at; /* id 0 = none: start values */
    int64_t answered[VRK_ITEMS_MOST];
    double difficulty[VRK_ITEMS_MOST], slope[VRK_ITEMS_MOST]; /* by item of the instrument */
} vrk_measure;

/* By its id, or the newest where id is 0, of the instrument as it is now; out->id = 0: there is
 * none. VRK_EDB: damaged. */
VRK_MUST vrk_status vrk_measure_read(vrk_ctx *ctx, vrk_records *records, const vrk_instrument *one,
                                     int64_t id, vrk_measure *out);

/* Keeps a fit as a new version, in a transaction. */
VRK_MUST vrk_status vrk_measure_keep(vrk_ctx *ctx, vrk_records *records, const vrk_instrument *one,
                                     const vrk_keyed *fit, int64_t *id);

/* Who answered an instrument's situations: each person's first sitting with it that is over. */
typedef struct {
    const vrk_instrument *instrument;
    int64_t persons, changed;    /* changed: sittings left out, of other situations or keys */
    int8_t *x;                   /* [persons x items] column-major points, -1 = not asked */
    const char **person, **lang; /* [persons] source id; "sv" or "en" */
    bool *candidate;             /* [persons] */
    double *many, *stated;       /* as in vrk_keyed_data */
    vrk_arena mem;
} vrk_answered_by;

VRK_MUST vrk_status vrk_answered_read(vrk_ctx *ctx, vrk_records *records,
                                      const vrk_instruments *all, const vrk_instrument *one,
                                      vrk_answered_by *out);
void vrk_answered_free(vrk_answered_by *a); /* safe on an empty one */

/* How hard and sharp each is. VRK_EINPUT: fewer than 50 persons. */
VRK_MUST vrk_status vrk_measure_fit(vrk_ctx *ctx, const vrk_answered_by *a, vrk_keyed *out);

/* Are the situations as hard for persons of group 1 as for those of group 0 who can as much? group
 * [persons]: 0, 1; others are left out. VRK_EINPUT: fewer than 100 in one. */
VRK_MUST vrk_status vrk_measure_alike(vrk_ctx *ctx, const vrk_answered_by *a, const int8_t *group,
                                      vrk_keyed *out);

#endif
