/* http/serve.h - `verkan serve`: the workspace over HTTP, for people who log in. */
#ifndef VRK_HTTP_SERVE_H
#define VRK_HTTP_SERVE_H

#include "base/base.h"

typedef struct {
    const char *folder;  /* the workspace */
    const char *listen;  /* HOST:PORT; port 0: any that is free */
    const char *proxy;   /* https://NAME, said by a proxy in front that ends TLS; NULL = none */
    const char *version; /* of the program */
    int64_t upload_most; /* [byte] of one file; 0 = 4 GiB */
    /* Called once when requests are answered. `local`: HOST:PORT that is listened on; `setup`: the
     * link for the first account, or NULL. */
    void (*ready)(void *arg, const char *address, const char *local, const char *setup);
    /* Waits up to that long; true: asked to stop. */
    bool (*stop)(void *arg, int ms);
    void (*log)(void *arg, const char *line); /* a failure; from any thread */
    void *arg;
} vrk_serve_opt;

/* Serves until asked to stop; requests under way are finished then. VRK_EINPUT: an address that
 * cannot be; VRK_EIO: it is taken. */
VRK_MUST vrk_status vrk_serve(vrk_ctx *ctx, const vrk_serve_opt *opt);

/* The table of who may do what, a line a route. */
VRK_MUST vrk_status vrk_serve_routes(vrk_ctx *ctx, vrk_arena *mem, const char **text);

#endif
