#include "http/app.h"

#include "served.h"

#include <string.h>

static const struct {
    vrk_served file;
    const char *path, *type;
} known[] = {
    {VRK_SERVED_INDEX, "/", "text/html; charset=utf-8"},
    {VRK_SERVED_SCRIPT, "/app.js", "text/javascript; charset=utf-8"},
    {VRK_SERVED_STYLE, "/app.css", "text/css; charset=utf-8"},
    {VRK_SERVED_INTER, "/fonts/inter.woff2", "font/woff2"},
    {VRK_SERVED_SERIF, "/fonts/source-serif-4.woff2", "font/woff2"},
};
enum { FILES = sizeof(known) / sizeof(known[0]) };

static const char no_pages[] =
    "<!doctype html><html lang=\"en\"><meta charset=\"utf-8\"><title>Verkan</title>"
    "<p>The pages are not in this build: ./start --build installs what is missing.</p>"
    "<p lang=\"sv\">Sidorna ing&aring;r inte i det h&auml;r bygget: ./start --build installerar "
    "det som saknas.</p></html>";

struct vrk_files {
    vrk_blob *blob[FILES];
};

vrk_status vrk_files_start(vrk_ctx *ctx, vrk_app *app)
{
    vrk_status st = VRK_OK;
    app->files = VRK_NEW(&app->mem, 1, struct vrk_files);
    if (!app->files)
        FAIL(VRK_EMEMORY, "out of memory for the server");
    for (int i = 0; i < FILES; i++) {
        const vrk_served_file *f = &vrk_embed_served[known[i].file];
        bool none = i == 0 && f->n == 0;
        if (f->n || none)
            TRY(vrk_blob_make(ctx, known[i].type, none ? no_pages : f->bytes,
                              none ? sizeof(no_pages) - 1 : f->n, &app->files->blob[i]));
    }
done:
    return st;
}

void vrk_files_stop(vrk_app *app)
{
    for (int i = 0; app->files && i < FILES; i++)
        vrk_blob_drop(app->files->blob[i]);
    app->files = NULL;
}

bool vrk_quick_file(vrk_app *app, vrk_request *r)
{
    for (int i = 0; i < FILES; i++) {
        if (!strcmp(known[i].path, r->path) && app->files->blob[i]) {
            vrk_answer_blob(r, vrk_blob_keep(app->files->blob[i]));
            r->answer.cached = true;
            return true;
        }
    }
    vrk_refuse(r, 404, "not_found", VRK_N("There is no such thing."));
    return true;
}

bool vrk_quick_health(vrk_app *app, vrk_request *r)
{
    (void)app;
    vrk_answer_text(r, 200, "application/json", "{\"status\":\"ok\"}");
    return true;
}
