/* people/accommodation.h - what somebody had when taking a test: more time, a reader, another
 * format. Kept by who administers, seen by the person and by who must see to it, never by who
 * decides; no score and no check of how answers were given reads it. doc/assess.md. */
#ifndef VRK_PEOPLE_ACCOMMODATION_H
#define VRK_PEOPLE_ACCOMMODATION_H

#include "base/str.h"
#include "diag/words.h"
#include "store/records.h"

enum { VRK_ACCOMMODATIONS = 7 };
extern const char *const vrk_accommodation_kind[VRK_ACCOMMODATIONS]; /* ids */

/* The kind in words; NULL = no such kind. */
const char *vrk_accommodation_says(vrk_lang lang, const char *kind);

typedef struct {
    int64_t id, invitation; /* invitation: 0 = all tests */
    int64_t made_at;
    const char *kind, *note, *recorder;
} vrk_accommodation;

/* Keeps one of the person of that key, in the caller's transaction. VRK_EINPUT: no such kind, an
 * invitation that is not the person's, "other" without a note. *id may be NULL. */
VRK_MUST vrk_status vrk_accommodation_put(vrk_ctx *ctx, vrk_records *records, int64_t person,
                                          const vrk_accommodation *a, int64_t *id);

typedef struct {
    int64_t n;
    vrk_accommodation *row; /* [n] newest first */
    vrk_arena mem;
} vrk_accommodation_list;

VRK_MUST vrk_status vrk_accommodations_read(vrk_ctx *ctx, vrk_records *records, int64_t person,
                                            vrk_accommodation_list *out);
void vrk_accommodations_free(vrk_accommodation_list *a); /* safe on an empty one */

/* The person's, as a table to hand over: kind, note, invitation, recorded_on. */
VRK_MUST vrk_status vrk_accommodations_csv(vrk_ctx *ctx, const vrk_accommodation_list *a,
                                           vrk_str *out);

#endif
