/* people/put.h - values to bind and cells to read, for statements of the records. For .c files of
 * people/ only. */
#ifndef VRK_PEOPLE_PUT_H
#define VRK_PEOPLE_PUT_H

#include "base/str.h"
#include "store/records.h"

static inline vrk_value put_text(const char *s)
{
    return (vrk_value){.type = VRK_TEXT, .s = s, .null = !s};
}

static inline vrk_value put_int(int64_t i)
{
    return (vrk_value){.type = VRK_INT, .i = i};
}

static inline int64_t int_at(const vrk_frame *f, const char *name, int64_t row)
{
    return vrk_frame_column(f, name)->i[row];
}

static inline const char *text_at(const vrk_frame *f, const char *name, int64_t row)
{
    const vrk_column *c = vrk_frame_column(f, name);
    return c->null[row] || !c->s ? "" : c->s[row];
}

#endif
