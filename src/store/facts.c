#include "store/engine.h"

void vrk_facts_close(vrk_facts *f)
{
    if (f)
        f->engine->close(f);
}

vrk_status vrk_facts_make(vrk_ctx *ctx, vrk_facts *f, const char *name, const char *select)
{
    return f->engine->make(ctx, f, name, select);
}

vrk_status vrk_facts_put(vrk_ctx *ctx, vrk_facts *f, const char *name, const vrk_frame *rows)
{
    return f->engine->put(ctx, f, name, rows);
}

vrk_status vrk_facts_query(vrk_ctx *ctx, vrk_facts *f, const char *sql, const vrk_value *bind,
                           int64_t n, vrk_frame *out)
{
    return f->engine->query(ctx, f, sql, bind, n, out);
}
