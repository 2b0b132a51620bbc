#include "http/uploads.h"

#include "http/policy.h"

#include "base/sys.h"

#include <fcntl.h>
#include <inttypes.h>
#include <jansson.h>
#include <stdlib.h>
#include <string.h>

enum { ID = 32 }; /* hex digits: 128 random bits */

static bool is_id(const char *id)
{
    return strlen(id) == ID && strspn(id, "0123456789abcdef") == ID;
}

/* A name and no path: what the browser calls the file, and nothing that hides it. */
static bool is_name(const char *name)
{
    size_t n = strlen(name);
    if (n == 0 || n > 200 || *name == '.' || *name == '-' || strchr(name, '/') ||
        strchr(name, '\\'))
        return false;
    for (size_t i = 0; i < n; i++) {
        if ((unsigned char)name[i] < 32 || name[i] == 127)
            return false;
    }
    return true;
}

const char *vrk_upload_folder(const vrk_app *app, const vrk_request *r, const char *id,
                              vrk_arena *mem)
{
    vrk_ctx ctx = {.sys = app->sys};
    char *text = NULL;
    size_t n;
    const char *owner =
        is_id(id) ? vrk_text_f(mem, "%s/uploads/%s/owner", app->opt->folder, id) : NULL;
    bool own = owner && vrk_is_file(owner) &&
               vrk_file_read(&ctx, owner, 100, mem, &text, &n) == VRK_OK &&
               strtoll(text, NULL, 10) == r->member->account.id;
    vrk_arena_free(&ctx.scratch);
    return own ? vrk_text_f(mem, "%s/uploads/%s/files", app->opt->folder, id) : NULL;
}

static const char *beside(vrk_arena *mem, const char *folder, const char *what)
{
    return vrk_text_f(mem, "%.*s%s", (int)(strlen(folder) - strlen("files")), folder, what);
}

vrk_status vrk_uploads_start(vrk_worker *w)
{
    const char *all = vrk_text_f(&w->ctx.scratch, "%s/uploads", w->app->opt->folder);
    return all ? vrk_folder_remove(&w->ctx, all) : vrk_fail(&w->ctx, VRK_EMEMORY, "out of memory");
}

vrk_status vrk_run_upload(vrk_worker *w, vrk_request *r)
{
    vrk_status st = VRK_OK;
    vrk_ctx *ctx = &w->ctx;
    char token[VRK_HEX];

    TRY(vrk_token_make(ctx, token));
    token[ID] = 0;
    const char *at = vrk_text_f(&ctx->scratch, "%s/uploads/%s", w->app->opt->folder, token);
    const char *owner = vrk_text_f(&ctx->scratch, "%s/owner", at);
    const char *files = vrk_text_f(&ctx->scratch, "%s/files", at);
    const char *parts = vrk_text_f(&ctx->scratch, "%s/parts", at);
    const char *whose = vrk_text_f(&ctx->scratch, "%" PRId64, r->member->account.id);
    if (ctx->scratch.failed)
        FAIL(VRK_EMEMORY, "out of memory for an upload");
    TRY(vrk_folder_make(ctx, files));
    TRY(vrk_folder_make(ctx, parts));
    TRY(vrk_file_replace(ctx, owner, whose, strlen(whose)));
    TRY(vrk_change_begin(w));
    TRY(vrk_change_end(w, r, NULL, NULL));
    TRY(vrk_answer_json(
        ctx, r, 201,
        json_pack("{s:s,s:I}", "id", token, "most", (json_int_t)w->app->opt->upload_most)));
done:
    return st;
}

static void no_upload(vrk_request *r)
{
    vrk_refuse(r, 404, "not_found", VRK_N("There is no such upload; it may have been read in."));
}

bool vrk_upload_open(vrk_app *app, vrk_request *r)
{
    const char *folder = vrk_upload_folder(app, r, r->part[0], &r->mem);
    if (!folder) {
        no_upload(r);
        return false;
    }
    if (!is_name(r->part[1])) {
        vrk_refuse(r, 400, "name", VRK_N("A file cannot have that name here."));
        return false;
    }
    const char *path = vrk_text_f(&r->mem, "%s/%s", beside(&r->mem, folder, "parts"), r->part[1]);
    r->upload =
        path ? app->sys->open(app->sys->arg, path, O_WRONLY | O_CREAT | O_TRUNC | O_NOFOLLOW, 0600)
             : -1;
    r->upload_path = r->upload >= 0 ? path : NULL;
    if (r->upload < 0)
        vrk_refuse(r, 503, "disk", VRK_N("The file could not be stored: is the disk full?"));
    return r->upload >= 0;
}

/* The body is in its file: it takes its place among the upload's as a whole. */
vrk_status vrk_run_upload_file(vrk_worker *w, vrk_request *r)
{
    vrk_status st = VRK_OK;
    vrk_ctx *ctx = &w->ctx;
    const char *folder = vrk_upload_folder(w->app, r, r->part[0], &ctx->scratch);

    if (!folder || r->upload < 0) {
        no_upload(r);
        goto done;
    }
    const char *from =
        vrk_text_f(&ctx->scratch, "%s/%s", beside(&ctx->scratch, folder, "parts"), r->part[1]);
    const char *to = vrk_text_f(&ctx->scratch, "%s/%s", folder, r->part[1]);
    if (ctx->scratch.failed)
        FAIL(VRK_EMEMORY, "out of memory for an upload");
    TRY(vrk_file_sync(ctx, from));
    TRY(vrk_file_rename(ctx, from, to));
    r->upload_path = NULL;
    vrk_answer_text(r, 204, NULL, "");
done:
    return st;
}

static vrk_status throw_away(vrk_worker *w, const char *folder)
{
    const char *all = vrk_text_copy_n(&w->ctx.scratch, folder, strlen(folder) - strlen("/files"));
    return all ? vrk_folder_remove(&w->ctx, all) : vrk_fail(&w->ctx, VRK_EMEMORY, "out of memory");
}

vrk_status vrk_run_upload_drop(vrk_worker *w, vrk_request *r)
{
    vrk_status st = VRK_OK;
    vrk_ctx *ctx = &w->ctx;
    const char *folder = vrk_upload_folder(w->app, r, r->part[0], &ctx->scratch);

    if (!folder) {
        no_upload(r);
        goto done;
    }
    TRY(vrk_change_begin(w));
    TRY(vrk_change_end(w, r, NULL, NULL));
    TRY(throw_away(w, folder));
    vrk_answer_text(r, 204, NULL, "");
done:
    return st;
}

/* A heading or a name of a file, as the mapping file has them (doc/mapping.md). */
static bool quote(vrk_str *s, const char *text)
{
    if (strpbrk(text, "\n\r"))
        return false;
    vrk_str_add(s, "\"");
    for (; *text; text++)
        vrk_str_add_n(s, *text == '"' ? "\"\"" : text, *text == '"' ? 2 : 1);
    vrk_str_add(s, "\"");
    return true;
}

static bool is_word(const char *s)
{
    return s && *s && strspn(s, "abcdefghijklmnopqrstuvwxyz_0123456789") == strlen(s);
}

static bool is_choice(const char *key, const json_t *value)
{
    const char *word = json_string_value(value);
    if (!word)
        return false;
    return !strcmp(key, "dates")     ? !strcmp(word, "day") || !strcmp(word, "month")
           : !strcmp(key, "decimal") ? !strcmp(word, "comma") || !strcmp(word, "point")
                                     : !strcmp(key, "table") && is_word(word);
}

/* {"file": {"table"?, "dates"?, "decimal"?: word, "columns"?: {heading: word or null}}}. */
static bool write_map(vrk_str *s, const json_t *map)
{
    const char *file, *key, *heading;
    json_t *said, *v, *field;
    json_object_foreach((json_t *)(intptr_t)map, file, said)
    {
        vrk_str_add(s, "[");
        if (!is_name(file) || !quote(s, file) || !json_is_object(said))
            return false;
        vrk_str_add(s, "]\n");
        json_object_foreach(said, key, v)
        {
            if (!strcmp(key, "columns") ? !json_is_object(v) : !is_choice(key, v))
                return false;
            if (strcmp(key, "columns") != 0)
                vrk_str_addf(s, "%s = %s\n", key, json_string_value(v));
        }
        json_object_foreach(json_object_get(said, "columns"), heading, field)
        {
            const char *word = json_string_value(field);
            if (!quote(s, heading) || !(json_is_null(field) || is_word(word)))
                return false;
            vrk_str_addf(s, " = %s\n", word ? word : "");
        }
    }
    return true;
}

vrk_status vrk_upload_ready(vrk_worker *w, vrk_request *r, const char *id, const json_t *map)
{
    vrk_status st = VRK_OK;
    vrk_ctx *ctx = &w->ctx;
    vrk_str s = {.mem = &ctx->scratch};
    const char *folder = vrk_upload_folder(w->app, r, id, &ctx->scratch);

    if (!folder) {
        no_upload(r);
        goto done;
    }
    const char *path = beside(&ctx->scratch, folder, "map");
    if (map && !write_map(&s, map))
        FAIL(VRK_EINPUT, "map cannot be that");
    if (ctx->scratch.failed)
        FAIL(VRK_EMEMORY, "out of memory for the mapping");
    TRY(map ? vrk_file_replace(ctx, path, vrk_str_of(&s), s.n) : vrk_file_remove(ctx, path));
done:
    return st;
}

static const char *folder_of(vrk_worker *w, const json_t *asked)
{
    const char *id = json_string_value(json_object_get(asked, "upload"));
    return id && is_id(id)
               ? vrk_text_f(&w->ctx.scratch, "%s/uploads/%s/files", w->app->opt->folder, id)
               : NULL;
}

vrk_status vrk_upload_words(vrk_worker *w, const json_t *asked, const char **word, int *n)
{
    vrk_ctx *ctx = &w->ctx;
    const char *folder = folder_of(w, asked);
    const char *map = folder ? beside(&ctx->scratch, folder, "map") : NULL;

    if (!map || !vrk_is_folder(folder))
        return vrk_fail(ctx, VRK_EINPUT, "the files are gone");
    word[(*n)++] = "import";
    word[(*n)++] = folder;
    word[(*n)++] = "--lang"; /* what it says is told by its English sentences */
    word[(*n)++] = "en";
    if (vrk_is_file(map)) {
        word[(*n)++] = "--map";
        word[(*n)++] = map;
    }
    return VRK_OK;
}

vrk_status vrk_upload_instrument(vrk_worker *w, const json_t *asked, const char *lang,
                                 const char **word, int *n)
{
    static const char *const option[][2] = {{"competency", "--as"}, {"name", "--name"}};
    vrk_ctx *ctx = &w->ctx;
    const char *folder = folder_of(w, asked);
    if (!folder || !vrk_is_folder(folder))
        return vrk_fail(ctx, VRK_EINPUT, "the files are gone");
    word[(*n)++] = "assess";
    word[(*n)++] = "import";
    word[(*n)++] = folder;
    word[(*n)++] = "--lang";
    word[(*n)++] = lang;
    for (int k = 0; k < 2; k++) {
        const char *said = json_string_value(json_object_get(asked, option[k][0]));
        if (!said || !*said)
            continue;
        word[(*n)++] = option[k][1];
        word[(*n)++] = vrk_text_copy(&ctx->scratch, said);
    }
    return ctx->scratch.failed ? vrk_fail(ctx, VRK_EMEMORY, "out of memory for a job") : VRK_OK;
}

void vrk_upload_used(vrk_worker *w, const char *text)
{
    json_error_t error;
    json_t *asked = json_loads(text, 0, &error);
    const char *folder = folder_of(w, asked);
    if (folder && throw_away(w, folder) != VRK_OK && w->app->opt->log)
        w->app->opt->log(w->app->opt->arg, w->ctx.message);
    json_decref(asked);
}
