#include "store/engine.h"

void vrk_facts_close(vrk_facts *f)
{
    if (f) {
        pthread_mutex_destroy(&f->lock);
        f->engine->close(f);
    }
}

vrk_status vrk_facts_make(vrk_ctx *ctx, vrk_facts *f, const char *name, const char *select)
{
    pthread_mutex_lock(&f->lock);
    vrk_status st = f->engine->make(ctx, f, name, select);
    pthread_mutex_unlock(&f->lock);
    return st;
}

vrk_status vrk_facts_put(vrk_ctx *ctx, vrk_facts *f, const char *name, const vrk_frame *rows)
{
    pthread_mutex_lock(&f->lock);
    vrk_status st = f->engine->put(ctx, f, name, rows);
    pthread_mutex_unlock(&f->lock);
    return st;
}

vrk_status vrk_facts_query(vrk_ctx *ctx, vrk_facts *f, const char *sql, const vrk_value *bind,
                           int64_t n, vrk_frame *out)
{
    pthread_mutex_lock(&f->lock);
    vrk_status st = f->engine->query(ctx, f, sql, bind, n, out);
    pthread_mutex_unlock(&f->lock);
    return st;
}
