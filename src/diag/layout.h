/* diag/layout.h - text set in columns and lines of a given width. */
#ifndef VRK_DIAG_LAYOUT_H
#define VRK_DIAG_LAYOUT_H

#include "base/str.h"
#include "diag/words.h"

typedef struct {
    vrk_str *out;
    vrk_words words;
    int64_t width; /* columns of a line */
    bool bold;
} vrk_layout;

/* The text in lines, broken at spaces (never at no-break ones), each after `indent` spaces; the
 * first after `first` where it is not NULL, which stands in the indent. */
void vrk_lay_text(vrk_layout *l, int64_t indent, const char *first, const char *text);
void vrk_lay_heading(vrk_layout *l, const char *text); /* after an empty line */
void vrk_lay_gap(vrk_layout *l);                       /* an empty line */

/* `text` in a column of `columns`; at the left it is cut with an ellipsis where too long, against
 * the right edge (numbers) it is never cut, and has a space before it. A negative number of columns
 * is not allowed. */
void vrk_lay_cell(vrk_layout *l, const char *text, int64_t columns, bool right);
void vrk_lay_end(vrk_layout *l); /* ends the line; spaces before it go */

#endif
