/* What an upload is taken for: told by an import that changes nothing, in a child process. */
#include "http/policy.h"
#include "http/process.h"
#include "http/uploads.h"

#include "base/sys.h"
#include "ingest/tables.h"

#include <jansson.h>
#include <stdlib.h>
#include <string.h>

enum { MOST = 4 << 20 };

static int go_on(void *arg, double done, const char *what)
{
    const vrk_app *app = arg;
    (void)done;
    (void)what;
    return app->stopping;
}

static bool is_table(const char *word)
{
    return vrk_table_of(word) || !strcmp(word, "events") || !strcmp(word, "changes");
}

static void set(json_t *o, const char *name, json_t *value)
{
    json_object_set_new(o, name, value);
}

/* "'Heading' -> field (95 % sure)". False: it is not that. */
static bool take_column(json_t *file, const char *line)
{
    const char *arrow = NULL;
    for (const char *p = line; (p = strstr(p, "' -> ")) != NULL; p++)
        arrow = p;
    if (*line != '\'' || !arrow || arrow == line)
        return false;
    const char *field = arrow + 5, *sure = strstr(field, " (");
    size_t n = sure ? (size_t)(sure - field) : strlen(field);
    json_t *o = json_object();
    set(o, "column", json_stringn(line + 1, (size_t)(arrow - line - 1)));
    set(o, "field", json_stringn(field, n));
    set(o, "confidence", sure ? json_real(strtod(sure + 2, NULL) / 100) : json_null());
    return json_array_append_new(json_object_get(file, "columns"), o) == 0;
}

/* One line that the import says of the file: which table, which column, or a remark. */
static void take_line(json_t *file, const char *line)
{
    char word[40];
    size_t n = strcspn(line, " ,:");
    if (take_column(file, line))
        return;
    if (n < sizeof(word)) {
        memcpy(word, line, n);
        word[n] = 0;
        if (is_table(word) && json_is_null(json_object_get(file, "table"))) {
            set(file, "table", json_string(word));
            if (!line[n])
                return;
        }
    }
    const char *was = json_string_value(json_object_get(file, "text"));
    set(file, "text", was ? json_sprintf("%s; %s", was, line) : json_string(line));
}

/* The file that the line begins with, past folders: "a/b/NAME: rest" or "NAME   12 ...". */
static json_t *file_of(json_t *files, const char *line, const char **rest)
{
    json_t *file, *best = NULL;
    size_t i, longest = 0;
    json_array_foreach(files, i, file)
    {
        const char *name = json_string_value(json_object_get(file, "name"));
        const char *at = name ? strstr(line, name) : NULL;
        size_t n = name ? strlen(name) : 0;
        bool starts = at && (at == line || at[-1] == '/') && n > longest;
        if (starts && (at[n] == ':' || at[n] == ' ')) {
            best = file;
            longest = n;
            *rest = at + n;
        }
    }
    return best;
}

static void take_output(json_t *files, json_t *problems, char *text)
{
    bool remarks = false;
    for (char *line = text, *end; *line; line = end) {
        end = line + strcspn(line, "\n");
        if (*end)
            *end++ = 0;
        const char *rest = NULL;
        json_t *file = file_of(files, line + strspn(line, " "), &rest);
        if (!strncmp(line, "Remarks:", 8)) {
            remarks = true;
        } else if (remarks && *line == ' ') {
            json_array_append_new(problems, json_string(line + strspn(line, " ")));
        } else if (file && rest[0] == ':' && rest[1] == ' ') {
            take_line(file, rest + 2);
        } else if (file && *rest == ' ' && strtoll(rest, NULL, 10) >= 0) {
            set(file, "rows", json_integer(strtoll(rest, NULL, 10)));
            const char *name = json_string_value(json_object_get(file, "name"));
            char table[40] = "";
            if (vrk_ends_with(name, ".csv") && strlen(name) - 4 < sizeof(table))
                memcpy(table, name, strlen(name) - 4);
            if (json_is_null(json_object_get(file, "table")) && is_table(table))
                set(file, "table",
                    json_string(table)); /* an interchange file says it by its name */
        }
    }
}

static vrk_status list_files(vrk_worker *w, const char *folder, json_t *files)
{
    vrk_status st = VRK_OK;
    vrk_ctx *ctx = &w->ctx;
    char **name;
    int64_t n;

    TRY(vrk_folder_list(ctx, folder, &ctx->scratch, &name, &n));
    for (int64_t i = 0; i < n; i++) {
        const char *path = vrk_text_f(&ctx->scratch, "%s/%s", folder, name[i]);
        json_t *o = path ? json_pack("{s:s,s:I,s:n,s:n,s:[],s:n}", "name", name[i], "bytes",
                                     (json_int_t)vrk_file_size(path), "table", "confidence",
                                     "columns", "text")
                         : NULL;
        if (json_array_append_new(files, o) != 0)
            FAIL(VRK_EMEMORY, "out of memory for an answer");
    }
done:
    return st;
}

vrk_status vrk_run_preview(vrk_worker *w, vrk_request *r)
{
    vrk_status st = VRK_OK;
    vrk_ctx *ctx = &w->ctx;
    vrk_arena mem = {0};
    vrk_ended ended = {0};
    json_t *files = json_array(), *problems = json_array();
    const char *folder = vrk_upload_folder(w->app, r, r->part[0], &ctx->scratch);

    if (!folder) {
        vrk_refuse(r, 404, "not_found",
                   VRK_N("There is no such upload; it may have been read in."));
        goto done;
    }
    const char *word[] = {"import", "--dry-run", folder, "-w", w->app->opt->folder};
    TRY(list_files(w, folder, files));
    if (json_array_size(files)) {
        TRY(vrk_process_run(ctx, word, 5, MOST, go_on, w->app, &mem, &ended));
        char *text = vrk_text_copy(&mem, ended.out);
        if (!text)
            FAIL(VRK_EMEMORY, "out of memory for an answer");
        take_output(files, problems, text);
        if (ended.code != 0)
            json_array_insert_new(problems, 0, json_string(ended.err));
    }
    TRY(vrk_answer_json(ctx, r, 200, json_pack("{s:O,s:O}", "files", files, "problems", problems)));
done:
    json_decref(files);
    json_decref(problems);
    vrk_arena_free(&mem);
    return st;
}
