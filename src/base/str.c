#include "base/str.h"

#include <stdio.h>
#include <string.h>

static bool make_room(vrk_str *s, size_t more)
{
    if (s->mem->failed)
        return false;
    if (s->room > s->n && s->room - s->n > more)
        return true;
    size_t room = (s->n + more + 1) * 2;
    char *at = VRK_NEW(s->mem, (int64_t)(room < 64 ? 64 : room), char);
    if (!at)
        return false;
    if (s->n)
        memcpy(at, s->at, s->n);
    s->at = at;
    s->room = room < 64 ? 64 : room;
    return true;
}

void vrk_str_add_n(vrk_str *s, const char *bytes, size_t n)
{
    if (!make_room(s, n))
        return;
    if (n)
        memcpy(s->at + s->n, bytes, n);
    s->n += n;
    s->at[s->n] = 0;
}

void vrk_str_add(vrk_str *s, const char *text)
{
    if (text)
        vrk_str_add_n(s, text, strlen(text));
}

VRK_PRINTF(2, 0)
static void add_v(vrk_str *s, const char *fmt, va_list ap)
{
    va_list again;
    va_copy(again, ap);
    int n = vsnprintf(NULL, 0, fmt, ap);
    if (n >= 0 && make_room(s, (size_t)n)) {
        vsnprintf(s->at + s->n, (size_t)n + 1, fmt, again);
        s->n += (size_t)n;
    }
    va_end(again);
}

void vrk_str_addf(vrk_str *s, const char *fmt, ...)
{
    va_list ap;
    va_start(ap, fmt);
    add_v(s, fmt, ap);
    va_end(ap);
}

const char *vrk_str_of(const vrk_str *s)
{
    return s->at ? s->at : "";
}

char *vrk_text_copy_n(vrk_arena *mem, const char *bytes, size_t n)
{
    char *copy = VRK_NEW(mem, (int64_t)n + 1, char);
    if (copy && n)
        memcpy(copy, bytes, n);
    return copy;
}

char *vrk_text_copy(vrk_arena *mem, const char *text)
{
    return vrk_text_copy_n(mem, text, strlen(text));
}

char *vrk_text_f(vrk_arena *mem, const char *fmt, ...)
{
    vrk_str s = {.mem = mem};
    va_list ap;
    va_start(ap, fmt);
    add_v(&s, fmt, ap);
    va_end(ap);
    return mem->failed ? NULL : s.at;
}

bool vrk_starts_with(const char *text, const char *start)
{
    return !strncmp(text, start, strlen(start));
}

bool vrk_ends_with(const char *text, const char *end)
{
    size_t n = strlen(text), k = strlen(end);
    return n >= k && !memcmp(text + n - k, end, k);
}
