/* people/sitting_parts.h - what the files of a sitting share. Not for use from outside people/. */
#ifndef VRK_PEOPLE_SITTING_PARTS_H
#define VRK_PEOPLE_SITTING_PARTS_H

#include "people/sitting.h"

/* 1 to VRK_ID_MOST bytes, no control characters. */
bool vrk_id_is_plain(const char *id);

/* The key of a person by their source id; one that is not known is added, or refused with
 * VRK_EINPUT. In a transaction. */
VRK_MUST vrk_status vrk_person_take(vrk_ctx *ctx, vrk_records *records, const char *id, bool add,
                                    int64_t *key);

/* sha256 [65] of what a score depends on: situations, difficulties, points. */
void vrk_key_of(vrk_arena *mem, const vrk_instrument *one, char *hex);

/* The item of that id: its part and number. */
bool vrk_sitting_item(const vrk_sitting *s, const char *id, int64_t *part, int64_t *number);

/* Enters an answer into x, choice, place; false: no such item or option, or answered before. */
bool vrk_sitting_enter(vrk_sitting *s, const char *item, char option);

/* x, choice, took, place as before the first answer. */
void vrk_sitting_blank(vrk_sitting *s);

#endif
