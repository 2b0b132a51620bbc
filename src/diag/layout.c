#include "diag/layout.h"

#include <string.h>

static void spaces(vrk_str *s, int64_t n)
{
    for (; n > 0; n--)
        vrk_str_add_n(s, " ", 1);
}

void vrk_lay_end(vrk_layout *l)
{
    vrk_str *s = l->out;
    while (s->n && s->at[s->n - 1] == ' ')
        s->at[--s->n] = 0;
    vrk_str_add_n(s, "\n", 1);
}

void vrk_lay_gap(vrk_layout *l)
{
    vrk_str_add_n(l->out, "\n", 1);
}

static int64_t columns_of(const char *bytes, size_t n)
{
    char text[512];
    if (n >= sizeof(text))
        return (int64_t)n;
    memcpy(text, bytes, n);
    text[n] = 0;
    return vrk_columns(text);
}

void vrk_lay_text(vrk_layout *l, int64_t indent, const char *first, const char *text)
{
    int64_t at = indent;
    bool empty = true;
    vrk_str_add(l->out, first);
    spaces(l->out, indent - (first ? vrk_columns(first) : 0));
    while (*text) {
        size_t n = strcspn(text, " ");
        int64_t wide = columns_of(text, n);
        if (!empty && at + 1 + wide > l->width) {
            vrk_lay_end(l);
            spaces(l->out, indent);
            at = indent;
            empty = true;
        }
        if (!empty)
            vrk_str_add_n(l->out, " ", 1);
        vrk_str_add_n(l->out, text, n);
        at += wide + !empty;
        empty = false;
        text += n + strspn(text + n, " ");
    }
    vrk_lay_end(l);
}

void vrk_lay_heading(vrk_layout *l, const char *text)
{
    vrk_lay_gap(l);
    if (l->bold)
        vrk_str_add(l->out, "\033[1m");
    vrk_lay_text(l, 0, NULL, text);
    if (l->bold)
        vrk_str_add(l->out, "\033[0m");
}

void vrk_lay_cell(vrk_layout *l, const char *text, int64_t columns, bool right)
{
    int64_t wide = vrk_columns(text);
    if (right || wide <= columns) { /* a number is never cut */
        spaces(l->out, !right ? 0 : columns - wide > 0 ? columns - wide : 1);
        vrk_str_add(l->out, text);
        spaces(l->out, right ? 0 : columns - wide);
        return;
    }
    size_t n = 0, next = 0;
    while (text[n]) { /* whole characters, and room for the ellipsis */
        for (next = n + 1; ((unsigned char)text[next] & 0xC0) == 0x80;)
            next++;
        if (columns_of(text, next) > columns - 1)
            break;
        n = next;
    }
    vrk_str_add_n(l->out, text, n);
    vrk_str_add(l->out, "\u2026");
    spaces(l->out, columns - 1 - columns_of(text, n));
}
