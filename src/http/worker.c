#include "http/app.h"

#include <string.h>

vrk_status vrk_worker_open(vrk_ctx *ctx, vrk_app *app, vrk_worker *w)
{
    vrk_status st = VRK_OK;
    *w = (vrk_worker){.app = app, .ctx = {.sys = ctx->sys, .seed = ctx->seed, .threads = 1}};
    st = vrk_workspace_open(&w->ctx, app->opt->folder, false, &w->w);
    if (st != VRK_OK)
        memcpy(ctx->message, w->ctx.message, sizeof(ctx->message));
    return st;
}

void vrk_worker_close(vrk_worker *w)
{
    if (w->app)
        vrk_workspace_close(&w->w);
    vrk_arena_free(&w->ctx.scratch);
    *w = (vrk_worker){0};
}
