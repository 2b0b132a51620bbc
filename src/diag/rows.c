#include "diag/rows.h"

#include <math.h>

int64_t vrk_row_int(const vrk_frame *f, const char *column, int64_t row)
{
    const vrk_column *c = vrk_frame_column(f, column);
    if (!c || row >= f->rows || c->null[row])
        return 0;
    return c->i ? c->i[row] : c->d ? (int64_t)llround(c->d[row]) : 0;
}

const char *vrk_row_text(const vrk_frame *f, const char *column, int64_t row)
{
    const vrk_column *c = vrk_frame_column(f, column);
    return c && c->s && row < f->rows && !c->null[row] ? c->s[row] : "";
}

vrk_status vrk_rows(vrk_ctx *ctx, vrk_facts *facts, vrk_sql statement, vrk_frame *out)
{
    return vrk_facts_query(ctx, facts, vrk_embed_sql[statement].bytes, NULL, 0, out);
}
