#include "data/frame.h"

#include "base/str.h"

#include <string.h>

static void init_column(vrk_frame *f, vrk_column *c, const char *name, vrk_type type)
{
    c->name = vrk_text_copy(&f->mem, name);
    c->type = type;
    c->null = VRK_NEW(&f->mem, f->rows, uint8_t);
    if (type == VRK_DOUBLE)
        c->d = VRK_NEW(&f->mem, f->rows, double);
    else if (type == VRK_TEXT)
        c->s = VRK_NEW(&f->mem, f->rows, const char *);
    else
        c->i = VRK_NEW(&f->mem, f->rows, int64_t);
    if (f->mem.failed)
        return;
    memset(c->null, 1, (size_t)f->rows);
    for (int64_t row = 0; c->s && row < f->rows; row++)
        c->s[row] = "";
}

vrk_status vrk_frame_init(vrk_ctx *ctx, const char *const *names, const vrk_type *types,
                          int64_t columns, int64_t rows, vrk_frame *out)
{
    *out = (vrk_frame){.rows = rows, .columns = columns, .mem.limit = ctx->scratch.limit};
    out->column = VRK_NEW(&out->mem, columns, vrk_column);
    for (int64_t k = 0; k < columns && !out->mem.failed; k++)
        init_column(out, &out->column[k], names[k], types[k]);
    if (!out->mem.failed)
        return VRK_OK;
    vrk_frame_free(out);
    return vrk_fail(ctx, VRK_EMEMORY, "out of memory for %lld rows of %lld columns",
                    (long long)rows, (long long)columns);
}

const vrk_column *vrk_frame_column(const vrk_frame *f, const char *name)
{
    for (int64_t k = 0; k < f->columns; k++) {
        if (!strcmp(f->column[k].name, name))
            return &f->column[k];
    }
    return NULL;
}

void vrk_frame_set_int(vrk_frame *f, int64_t column, int64_t row, int64_t value)
{
    f->column[column].i[row] = value;
    f->column[column].null[row] = 0;
}

void vrk_frame_set_double(vrk_frame *f, int64_t column, int64_t row, double value)
{
    f->column[column].d[row] = value;
    f->column[column].null[row] = 0;
}

void vrk_frame_set_text(vrk_frame *f, int64_t column, int64_t row, const char *text)
{
    const char *copy = vrk_text_copy(&f->mem, text);
    f->column[column].s[row] = copy ? copy : "";
    f->column[column].null[row] = 0;
}

void vrk_frame_free(vrk_frame *f)
{
    vrk_arena_free(&f->mem);
    *f = (vrk_frame){0};
}
