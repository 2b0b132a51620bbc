/* What an upload is taken for: told by an import that changes nothing, in a child process. */
#include "diag/remark.h"
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

typedef struct {
    json_t *files, *problems;
    bool asks; /* of a file something must be said before anything can be read in */
    vrk_words words;
} preview;

static json_t *add_file(json_t *files, const char *name, int64_t bytes)
{
    json_t *o = json_pack("{s:s,s:I,s:n,s:n,s:[],s:n,s:n}", "name", name, "bytes",
                          (json_int_t)bytes, "table", "confidence", "columns", "text", "question");
    json_array_append_new(files, o);
    return o;
}

static json_t *file_named(json_t *files, const char *name)
{
    json_t *file;
    size_t i;
    json_array_foreach(files, i, file)
    {
        if (!strcmp(json_string_value(json_object_get(file, "name")), name))
            return file;
    }
    return NULL;
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

static void add_text(json_t *file, const char *said)
{
    const char *was = json_string_value(json_object_get(file, "text"));
    set(file, "text", was ? json_sprintf("%s\n%s", was, said) : json_string(said));
}

/* One line that the import says of the file: which table, which column, or a remark. */
static void take_line(const preview *p, json_t *file, const char *line)
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
    add_text(file, vrk_remark_note(&p->words, line));
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

/* "NAME:PART: rest": a part of a file that holds several tables is a file of its own here. */
static json_t *part_of(json_t *files, json_t *file, const char **rest)
{
    const char *end = strstr(*rest, ": ");
    if (**rest != ':' || (*rest)[1] == ' ' || !end)
        return file;
    json_t *name = json_sprintf("%s%.*s", json_string_value(json_object_get(file, "name")),
                                (int)(end - *rest), *rest),
           *part = name ? file_named(files, json_string_value(name)) : NULL;
    if (name && !part)
        part = add_file(files, json_string_value(name), 0);
    json_decref(name);
    *rest = end;
    return part ? part : file;
}

static void take_rows(json_t *file, const char *rest)
{
    const char *name = json_string_value(json_object_get(file, "name"));
    char table[40] = "";
    set(file, "rows", json_integer(strtoll(rest, NULL, 10)));
    if (vrk_ends_with(name, ".csv") && strlen(name) - 4 < sizeof(table))
        memcpy(table, name, strlen(name) - 4);
    if (json_is_null(json_object_get(file, "table")) && is_table(table))
        set(file, "table", json_string(table)); /* an interchange file says it by its name */
}

static void take_output(preview *p, char *text)
{
    bool remarks = false;
    for (char *line = text, *end; *line; line = end) {
        end = line + strcspn(line, "\n");
        if (*end)
            *end++ = 0;
        line += strspn(line, " ");
        const char *rest = NULL;
        json_t *file = file_of(p->files, line, &rest);
        if (!strncmp(line, "Remarks:", 8)) {
            remarks = true;
        } else if (remarks && *line && strncmp(line, "Nothing ", 8) != 0) {
            json_array_append_new(p->problems, json_string(vrk_remark_problem(&p->words, line)));
        } else if (file && *rest == ':') {
            file = part_of(p->files, file, &rest);
            take_line(p, file, rest + strspn(rest, ": "));
        } else if (file && *rest == ' ' && strtoll(rest, NULL, 10) >= 0) {
            take_rows(file, rest);
        }
    }
}

/* "HEADING" = field, as the mapping file has it: a heading in quotes, each of its own twice. */
static void take_guess(json_t *file, char *line)
{
    char *to = line, *from = line + 1;
    for (; *from && !(*from == '"' && from[1] != '"'); from++) {
        from += *from == '"';
        *to++ = *from;
    }
    const char *field = *from ? from + 1 + strspn(from + 1, " =") : "";
    *to = 0;
    json_array_append_new(
        json_object_get(file, "columns"),
        json_pack("{s:s,s:s*,s:n}", "column", line, "field", *field ? field : NULL, "confidence"));
}

/* What is asked of a file: the sentence, what kind of answer, and of which column. */
static void take_question(preview *p, json_t *file, const char *asked)
{
    const char *open = strchr(asked, '\''), *close = open ? strrchr(open + 1, '\'') : NULL;
    const char *is = strstr(asked, " (= ");
    const char *kind = strstr(asked, "`dates = ")     ? "dates"
                       : strstr(asked, "`decimal = ") ? "decimal"
                                                      : "column";
    const char *field = is ? is + 4 : strstr(asked, "that of the amount") ? "amount" : NULL;
    const char *said = vrk_remark_note(&p->words, asked);
    const char *by_file = strstr(said, "; say `"); /* what the page has buttons for */
    p->asks = true;
    set(file, "question",
        json_pack("{s:o,s:s,s:o,s:o}", "text",
                  json_stringn(said, by_file ? (size_t)(by_file - said) : strlen(said)), "kind",
                  kind, "column",
                  close ? json_stringn(open + 1, (size_t)(close - open - 1)) : json_null(), "field",
                  field ? json_stringn(field, strcspn(field, ",) ")) : json_null()));
}

/* A column that no row can be kept without, and no column is surely it. */
static void take_missing(preview *p, json_t *file, const char *field)
{
    const char *table = json_string_value(json_object_get(file, "table"));
    const char *said = vrk_text_f(
        p->words.mem,
        "it looks like %s, but no column is surely its %s, without which no row can be kept",
        table ? table : "", field);
    p->asks = true;
    set(file, "question",
        json_pack("{s:s,s:s,s:n,s:s}", "text", said ? vrk_remark_note(&p->words, said) : "", "kind",
                  "missing", "column", "field", field));
}

/* The mapping file that the import writes where it must be told something: all files with their
 * columns, and what is asked. */
static void take_map(preview *p, char *text)
{
    static const char table[] = "table = ", needed[] = "# needed and not found: ",
                      asked[] = "# asked: ";
    json_t *file = NULL;
    for (char *line = text, *end; *line; line = end) {
        end = line + strcspn(line, "\n");
        if (*end)
            *end++ = 0;
        size_t n = strlen(line);
        if (line[0] == '[' && line[1] == '"' && n > 4) {
            line[n - 2] = 0;
            file = file_named(p->files, line + 2);
            if (!file)
                file = add_file(p->files, line + 2, 0);
            json_array_clear(json_object_get(file, "columns"));
        } else if (file && !strncmp(line, table, sizeof(table) - 1)) {
            const char *word = line + sizeof(table) - 1;
            set(file, "table", strcmp(word, "skip") ? json_string(word) : json_null());
        } else if (file && !strncmp(line, needed, sizeof(needed) - 1)) {
            take_missing(p, file, line + sizeof(needed) - 1);
        } else if (file && !strncmp(line, asked, sizeof(asked) - 1)) {
            take_question(p, file, line + sizeof(asked) - 1);
        } else if (file && *line == '"') {
            take_guess(file, line);
        }
    }
}

/* A file is as sure as the least sure of the columns that it is read by. */
static void judge(json_t *files)
{
    json_t *file, *column;
    size_t i, k;
    json_array_foreach(files, i, file)
    {
        double least = 1;
        json_array_foreach(json_object_get(file, "columns"), k, column)
        {
            const json_t *sure = json_object_get(column, "confidence");
            if (json_is_number(sure) && json_number_value(sure) < least)
                least = json_number_value(sure);
        }
        if (!json_is_null(json_object_get(file, "table")) &&
            json_is_null(json_object_get(file, "question")))
            set(file, "confidence", json_real(least));
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
        if (!path || !add_file(files, name[i], vrk_file_size(path)))
            FAIL(VRK_EMEMORY, "out of memory for an answer");
    }
done:
    return st;
}

/* Takes out where the upload lies, which is nobody's matter. */
static void without_folder(char *text, const char *folder)
{
    size_t n = strlen(folder);
    char *to = text, *from = text;
    for (char *at; (at = strstr(from, folder)) != NULL;) {
        memmove(to, from, (size_t)(at - from));
        to += at - from;
        from = at + n + (at[n] == '/');
    }
    memmove(to, from, strlen(from) + 1);
}

/* What went wrong, without the program's name. */
static const char *said_wrong(const preview *p, char *err)
{
    static const char own[] = "verkan: ";
    err[strcspn(err, "\n")] = 0;
    if (!strncmp(err, own, sizeof(own) - 1))
        err += sizeof(own) - 1;
    char *end = strstr(err, "; say what they are in the mapping file");
    if (end)
        *end = 0;
    return vrk_remark_note(&p->words, err);
}

static vrk_status look(vrk_worker *w, const char *folder, preview *p, vrk_arena *mem)
{
    vrk_status st = VRK_OK;
    vrk_ctx *ctx = &w->ctx;
    vrk_ended ended = {0};
    size_t n;
    const char *asked =
        vrk_text_f(mem, "%.*sasked", (int)(strlen(folder) - strlen("files")), folder);
    const char *word[] = {"import",      "--dry-run", folder,   "-w", w->app->opt->folder,
                          "--write-map", asked,       "--lang", "en"};

    if (!asked)
        FAIL(VRK_EMEMORY, "out of memory for an answer");
    TRY(vrk_file_remove(ctx, asked));
    TRY(vrk_process_run(ctx, word, 9, MOST, go_on, w->app, mem, &ended));
    char *text = vrk_text_copy(mem, ended.out), *err = vrk_text_copy(mem, ended.err);
    if (!text || !err)
        FAIL(VRK_EMEMORY, "out of memory for an answer");
    without_folder(text, folder);
    without_folder(err, folder);
    take_output(p, text);
    if (ended.code != 0 && vrk_is_file(asked)) {
        TRY(vrk_file_read(ctx, asked, MOST, mem, &text, &n));
        take_map(p, text);
    }
    if (ended.code != 0 && !p->asks)
        json_array_insert_new(p->problems, 0, json_string(said_wrong(p, err)));
    judge(p->files);
done:
    return st;
}

vrk_status vrk_run_preview(vrk_worker *w, vrk_request *r)
{
    vrk_status st = VRK_OK;
    vrk_ctx *ctx = &w->ctx;
    vrk_arena mem = {0};
    preview p = {json_array(), json_array(), false, {r->lang, &mem}};
    const char *folder = vrk_upload_folder(w->app, r, r->part[0], &ctx->scratch);

    if (!folder) {
        vrk_refuse(r, 404, "not_found",
                   VRK_N("There is no such upload; it may have been read in."));
        goto done;
    }
    TRY(list_files(w, folder, p.files));
    if (json_array_size(p.files))
        TRY(look(w, folder, &p, &mem));
    TRY(vrk_answer_json(ctx, r, 200,
                        json_pack("{s:O,s:O}", "files", p.files, "problems", p.problems)));
done:
    json_decref(p.files);
    json_decref(p.problems);
    vrk_arena_free(&mem);
    return st;
}
