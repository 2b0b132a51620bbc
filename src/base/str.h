/* base/str.h - text that grows in an arena. A failed allocation is remembered by the arena, so a
 * chain of appends needs one check at its end. */
#ifndef VRK_BASE_STR_H
#define VRK_BASE_STR_H

#include "base/base.h"

#include <stdarg.h>

/* {.mem = arena} is an empty text. `at` is NULL or NUL-terminated. */
typedef struct {
    vrk_arena *mem;
    char *at;
    size_t n, room; /* [byte], without and with the NUL */
} vrk_str;

void vrk_str_add(vrk_str *s, const char *text); /* NULL adds nothing */
void vrk_str_add_n(vrk_str *s, const char *bytes, size_t n);
void vrk_str_addf(vrk_str *s, const char *fmt, ...) VRK_PRINTF(2, 3);

/* The text so far, "" where nothing was added or memory ran out (mem->failed tells). */
const char *vrk_str_of(const vrk_str *s);

char *vrk_text_copy(vrk_arena *mem, const char *text); /* NULL when out of memory */
char *vrk_text_copy_n(vrk_arena *mem, const char *bytes, size_t n);
char *vrk_text_f(vrk_arena *mem, const char *fmt, ...) VRK_PRINTF(2, 3);

bool vrk_starts_with(const char *text, const char *start);
bool vrk_ends_with(const char *text, const char *end);

#endif
