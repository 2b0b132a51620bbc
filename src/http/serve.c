#include "http/serve.h"

#include "base/sys.h"
#include "http/behind.h"
#include "http/jobs.h"
#include "http/limits.h"
#include "http/roster.h"
#include "http/server.h"
#include "http/uploads.h"
#include "http/who.h"
#include "people/kept.h"
#include "store/audit.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* HOST:PORT, [ADDRESS]:PORT. */
static vrk_status split(vrk_ctx *ctx, vrk_app *app, const char *listen, char **host, int *port)
{
    vrk_status st = VRK_OK;
    const char *colon = strrchr(listen, ':');
    char *end = NULL;
    long n = colon ? strtol(colon + 1, &end, 10) : -1;

    if (!colon || colon == listen || end == colon + 1 || *end || n < 0 || n > 65535)
        FAIL(VRK_EINPUT, "--listen: '%s' is not HOST:PORT, such as 127.0.0.1:8300", listen);
    bool bracket = *listen == '[' && colon[-1] == ']';
    *host = vrk_text_copy_n(&app->mem, listen + bracket,
                            (size_t)(colon - listen) - 2 * (size_t)bracket);
    *port = (int)n;
    if (!*host)
        FAIL(VRK_EMEMORY, "out of memory");
    bool loop = !strncmp(*host, "127.", 4) || !strcmp(*host, "::1") || !strcmp(*host, "localhost");
    if (!loop && !app->opt->proxy)
        FAIL(VRK_EINPUT,
             "--listen: on %s passwords would cross the network in the clear; serve on 127.0.0.1 "
             "with a proxy in front that ends TLS, and say its address: --behind-proxy "
             "https://NAME",
             *host);
done:
    return st;
}

/* What this server is called: by a proxy's address, or by its own. */
static vrk_status name_it(vrk_ctx *ctx, vrk_app *app, const char *host, int port)
{
    static const char https[] = "https://";
    const char *proxy = app->opt->proxy;
    bool v6 = strchr(host, ':') != NULL;

    if (proxy) {
        const char *name = proxy + sizeof(https) - 1;
        if (strncmp(proxy, https, sizeof(https) - 1) != 0 || !*name || strchr(name, '/') ||
            strlen(name) > 250)
            return vrk_fail(ctx, VRK_EINPUT,
                            "--behind-proxy: '%s' is not https://NAME or https://NAME:PORT", proxy);
        app->secure = true;
        app->origin = vrk_text_copy(&app->mem, proxy);
        snprintf(app->own[0], sizeof(app->own[0]), "%s", name);
        return app->origin ? VRK_OK : vrk_fail(ctx, VRK_EMEMORY, "out of memory");
    }
    snprintf(app->own[0], sizeof(app->own[0]), v6 ? "[%s]:%d" : "%s:%d", host, port);
    snprintf(app->own[1], sizeof(app->own[1]), "localhost:%d", port);
    return VRK_OK;
}

/* As long as there is no account, each start gives a new link for the first. */
static vrk_status first_link(vrk_worker *w, char *token)
{
    vrk_status st = VRK_OK;
    vrk_ctx *ctx = &w->ctx;
    vrk_accounts all = {0};

    *token = 0;
    TRY(vrk_accounts_list(ctx, w->w.records, &all));
    w->app->set_up = all.n > 0;
    if (!all.n)
        TRY(vrk_link_make(ctx, w->w.records, 0, token));
done:
    vrk_accounts_free(&all);
    return st;
}

static vrk_status start(vrk_ctx *ctx, vrk_app *app, vrk_worker *w)
{
    vrk_status st = VRK_OK;
    vrk_worker opened;

    TRY(vrk_worker_open(ctx, app, &opened));
    *w = opened;
    ctx = &w->ctx;
    app->open = !strcmp(w->w.person_level, "open");
    vrk_second_must(app, w->w.server.second_factor);
    TRY(vrk_own_start(ctx, app));
    TRY(vrk_views_start(ctx, app));
    TRY(vrk_roster_start(ctx, app));
    TRY(vrk_views_look(w));
    TRY(vrk_uploads_start(w));
    TRY(vrk_guard_start(ctx, app));
    TRY(vrk_limits_start(ctx, app, &w->w.server));
    TRY(vrk_behind_start(ctx, app));
    TRY(vrk_hits_start(ctx, app));
    TRY(vrk_files_start(ctx, app));
    TRY(vrk_who_start(w));
    TRY(vrk_lanes_start(ctx, app));
    TRY(vrk_jobs_start(ctx, app));
done:
    return st;
}

/* Erases what has been kept for as long as people were told, and says so in the log. */
static vrk_status erase_old(vrk_worker *w)
{
    vrk_status st = VRK_OK;
    vrk_ctx *ctx = &w->ctx;
    int64_t n;
    TRY(vrk_change_begin(w));
    TRY(vrk_kept_erase(ctx, w->w.records, &n));
    const vrk_audit entry = {.what = "assessment.erase",
                             .subject = vrk_text_f(&ctx->scratch, "%" PRId64 " rows", n),
                             .outcome = "done"};
    if (n)
        TRY(vrk_audit_add(ctx, w->w.records, &entry));
    TRY(vrk_records_run(ctx, w->w.records, "COMMIT", NULL, 0, NULL));
done:
    if (st != VRK_OK)
        vrk_records_roll_back(ctx, w->w.records);
    return st;
}

/* Until asked to stop: looks each second for what others did to the workspace. */
static void keep_house(vrk_app *app, vrk_worker *w, vrk_server *server)
{
    int64_t version = 0;
    for (int second = 1; !app->opt->stop(app->opt->arg, 1000); second++) {
        vrk_server_sweep(server);
        vrk_status st = vrk_views_look(w);
        if (st == VRK_OK)
            st = vrk_views_warm(w);
        if (st == VRK_OK)
            st = vrk_who_sync(w, &version);
        if (st == VRK_OK && second % 60 == 0)
            st = vrk_who_tidy(w);
        if (st == VRK_OK && second % 3600 == 1)
            st = erase_old(w);
        if (st != VRK_OK && app->opt->log)
            app->opt->log(app->opt->arg, w->ctx.message);
        vrk_arena_free(&w->ctx.scratch);
    }
}

static vrk_status tell(vrk_app *app, vrk_worker *w, const char *host, int port)
{
    vrk_status st = VRK_OK;
    vrk_ctx *ctx = &w->ctx;
    char token[VRK_HEX];

    TRY(first_link(w, token));
    const char *at = app->origin ? app->origin : vrk_text_f(&app->mem, "http://%s", app->own[0]);
    const char *link =
        *token && at ? vrk_text_f(&app->mem, "%s/#/setup?token=%s", at, token) : NULL;
    const char *local = vrk_text_f(&app->mem, "%s:%d", host, port);
    if (app->mem.failed)
        FAIL(VRK_EMEMORY, "out of memory");
    app->opt->ready(app->opt->arg, at, local, link);
done:
    return st;
}

vrk_status vrk_serve(vrk_ctx *ctx, const vrk_serve_opt *opt)
{
    vrk_status st = VRK_OK;
    vrk_serve_opt o = *opt;
    vrk_app app = {.opt = &o, .sys = vrk_sys_of(ctx)};
    vrk_worker w = {0};
    vrk_server *server = NULL;
    char *host = NULL;
    int port = 0, bound = 0;

    o.upload_most = o.upload_most ? o.upload_most : INT64_C(4) << 30;
    TRY(split(ctx, &app, opt->listen, &host, &port));
    TRY(start(ctx, &app, &w));
    TRY(vrk_server_start(ctx, &app, host, port, &bound, &server));
    TRY(name_it(ctx, &app, host, bound));
    TRY(tell(&app, &w, host, bound));
    keep_house(&app, &w, server);
    app.stopping = true;
    vrk_server_drain(server);
done:
    if (st != VRK_OK && w.app && !*ctx->message)
        memcpy(ctx->message, w.ctx.message, sizeof(ctx->message));
    app.stopping = true;
    vrk_jobs_stop(&app);
    vrk_lanes_stop(&app);
    vrk_server_stop(server);
    if (w.app && app.who && vrk_who_tidy(&w) != VRK_OK && st == VRK_OK)
        st = vrk_fail(ctx, VRK_EDB, "%s", w.ctx.message);
    vrk_who_stop(&app);
    vrk_views_stop(&app);
    vrk_roster_stop(&app);
    vrk_behind_stop(&app);
    vrk_hits_stop(&app);
    vrk_files_stop(&app);
    vrk_own_stop(&app);
    vrk_worker_close(&w);
    vrk_arena_free(&app.mem);
    return st;
}
