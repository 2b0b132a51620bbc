/* store/engine.h - what a database must do to hold facts; for the files of store/ only. */
#ifndef VRK_STORE_ENGINE_H
#define VRK_STORE_ENGINE_H

#include "store/facts.h"

#include <pthread.h>

typedef struct {
    vrk_status (*make)(vrk_ctx *ctx, vrk_facts *f, const char *name, const char *select);
    vrk_status (*put)(vrk_ctx *ctx, vrk_facts *f, const char *name, const vrk_frame *rows);
    vrk_status (*query)(vrk_ctx *ctx, vrk_facts *f, const char *sql, const vrk_value *bind,
                        int64_t n, vrk_frame *out);
    void (*close)(vrk_facts *f); /* frees f */
} vrk_engine;

/* The first member of each engine's own struct. */
struct vrk_facts {
    const vrk_engine *engine;
    pthread_mutex_t lock; /* one statement at a time */
};

#endif
