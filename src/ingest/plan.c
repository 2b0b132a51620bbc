#include "ingest/plan.h"

#include "base/str.h"
#include "base/sys.h"
#include "ingest/interchange.h"
#include "ingest/making.h"

#include <string.h>
#include <strings.h>

static bool ends_in(const char *path, const char *end)
{
    size_t n = strlen(path), k = strlen(end);
    return n > k && !strcasecmp(path + n - k, end);
}

static bool is_csv(const char *path)
{
    return ends_in(path, ".csv") || ends_in(path, ".tsv") || ends_in(path, ".txt");
}

/* Looks at a CSV; one that cannot be read as such is passed over with what is wrong with it. */
static vrk_status add_csv(vrk_ctx *ctx, vrk_making *m, const char *path, const char *staging)
{
    vrk_status st = VRK_OK;
    vrk_table_file f = {0};
    st = vrk_profile_make(ctx, m->duck, path, staging, m->number++, &m->plan->mem, &f.profile);
    if (st == VRK_EINPUT) {
        vrk_making_skip(m, path, ctx->message);
        st = VRK_OK;
        goto done;
    }
    TRY(st);
    TRY(vrk_guess_make(ctx, m->duck, &f.profile, m->map, &m->plan->mem, &f.guess));
    vrk_making_file(m, &f);
done:
    return st;
}

static vrk_status add_file(vrk_ctx *ctx, vrk_making *m, const char *path, const char *staging)
{
    vrk_status st = VRK_OK;
    vrk_source source;
    bool is_one;

    TRY(vrk_interchange_source(ctx, path, staging, m->number++, &m->plan->mem, &source, &is_one));
    if (is_one)
        vrk_making_source(m, &source);
    else if (ends_in(path, ".xes"))
        vrk_making_log(m, &(vrk_log_file){.path = path});
    else if (is_csv(path))
        TRY(add_csv(ctx, m, path, staging));
    else
        vrk_making_skip(m, path, "is neither CSV nor XES");
done:
    return st;
}

static vrk_status add_path(vrk_ctx *ctx, vrk_making *m, const char *path, const char *staging)
{
    vrk_status st = VRK_OK;
    vrk_arena *mem = &m->plan->mem;
    char **names;
    int64_t n;

    if (!vrk_is_folder(path) && !vrk_is_file(path))
        return vrk_fail(ctx, VRK_EINPUT, "there is no file or folder %s", path);
    if (!vrk_is_folder(path))
        return add_file(ctx, m, path, staging);
    TRY(vrk_folder_list(ctx, path, mem, &names, &n));
    for (int64_t i = 0; i < n; i++) {
        char *inner = vrk_text_f(mem, "%s/%s", path, names[i]);
        if (!inner)
            FAIL(VRK_EMEMORY, "out of memory for the files of %s", path);
        if (vrk_is_folder(inner))
            vrk_making_skip(m, inner, "is a folder in the folder; give it by name");
        else
            TRY(add_file(ctx, m, inner, staging));
    }
done:
    return st;
}

static bool is_table(const vrk_table_file *f, const char *table)
{
    return f->guess.table && !f->guess.skip && !strcmp(f->guess.table, table);
}

static const char *heading_of(const vrk_table_file *f, const char *column)
{
    int64_t k = vrk_guess_column_of(&f->guess, &f->profile, column);
    return k < 0 ? NULL : f->profile.csv.heading[k];
}

/* Is this table of deals one of cases, by the heading of its key? */
static vrk_status is_of_cases(vrk_ctx *ctx, const vrk_table_file *f, vrk_arena *mem, bool *yes)
{
    vrk_status st = VRK_OK;
    vrk_meaning *meaning;
    int64_t n;
    const char *key = heading_of(f, "deal_id");

    *yes = false;
    if (!key || f->guess.by_map)
        goto done;
    TRY(vrk_meanings_of(ctx, mem, key, &meaning, &n));
    for (int64_t i = 0; i < n; i++)
        *yes |= !strcmp(meaning[i].table, "events") && !strcmp(meaning[i].column, "case_id");
done:
    return st;
}

static vrk_status read_list(vrk_ctx *ctx, vrk_making *m, const char *key, const char *const **list,
                            int64_t *n)
{
    vrk_status st = VRK_OK;
    const char **part;
    const char *value = vrk_map_value(m->map, "events", key);
    if (!value)
        goto done;
    TRY(vrk_map_list(ctx, value, &m->plan->mem, &part, n));
    *list = (const char *const *)part;
done:
    return st;
}

static vrk_status add_logs(vrk_ctx *ctx, vrk_making *m, const char *staging)
{
    vrk_status st = VRK_OK;
    vrk_eventlog_opt opt = {0};
    vrk_eventlog *log = &m->plan->log;

    for (int64_t i = 0; i < m->files; i++) {
        const vrk_table_file *f = &m->file[i];
        if (is_table(f, "events"))
            vrk_making_log(m, &(vrk_log_file){
                                  .path = f->profile.path,
                                  .csv = &f->profile.csv,
                                  .column = {heading_of(f, "case_id"), heading_of(f, "activity"),
                                             heading_of(f, "timestamp"), heading_of(f, "lifecycle"),
                                             heading_of(f, "resource")}});
    }
    for (int64_t i = 0; i < m->files && m->logs; i++) {
        vrk_table_file *f = &m->file[i];
        bool of_cases = false;
        if (is_table(f, "deals"))
            TRY(is_of_cases(ctx, f, &m->plan->mem, &of_cases));
        if (!of_cases)
            continue;
        f->used = true;
        vrk_making_log(m, &(vrk_log_file){.path = f->profile.path,
                                          .csv = &f->profile.csv,
                                          .column = {.case_id = heading_of(f, "deal_id")}});
    }
    if (!m->logs || m->plan->mem.failed)
        goto done;
    TRY(read_list(ctx, m, "stages", &opt.stage, &opt.stages));
    TRY(read_list(ctx, m, "won", &opt.won, &opt.wons));
    TRY(read_list(ctx, m, "lost", &opt.lost, &opt.losts));
    TRY(vrk_eventlog_make(ctx, m->log, m->logs, staging, &opt, log));
    for (int64_t i = 0; i < log->sources; i++)
        vrk_making_source(m, &log->source[i]);
    for (int64_t i = 0; i < log->notes; i++)
        vrk_making_note(m, "%s", log->note[i]);
done:
    return st;
}

/* What was understood of each CSV, to be corrected by hand. */
static vrk_status write_map(vrk_ctx *ctx, const vrk_making *m, const char *path)
{
    vrk_mark mark = vrk_mark_of(&ctx->scratch);
    vrk_str s = {.mem = &ctx->scratch};
    vrk_status st = VRK_OK;

    vrk_str_add(&s, "# What Verkan made of your files. Correct it and give it with --map.\n"
                    "# A line says: heading = column. Nothing behind = : kept, but not used.\n"
                    "# table = skip leaves a file out.\n");
    for (int64_t i = 0; i < m->files; i++) {
        const vrk_table_file *f = &m->file[i];
        const vrk_guess *g = &f->guess;
        vrk_str_addf(&s, "\n[\"%s\"]\ntable = %s\n", f->profile.name,
                     g->skip || !g->table ? "skip" : g->table);
        if (g->missing)
            vrk_str_addf(&s, "# needed and not found: %s\n", g->missing);
        for (int64_t k = 0; g->is && k < f->profile.csv.columns; k++) {
            vrk_str_add(&s, "\"");
            for (const char *c = f->profile.csv.heading[k]; *c; c++)
                vrk_str_add(&s, *c == '"' ? "\"\"" : *c == '\n' ? " " : (char[]){*c, 0});
            vrk_str_addf(&s, "\" = %s\n", g->is[k].column ? g->is[k].column : "");
        }
    }
    if (ctx->scratch.failed)
        FAIL(VRK_EMEMORY, "out of memory for %s", path);
    TRY(vrk_file_replace(ctx, path, s.at, s.n));
done:
    vrk_rewind(&ctx->scratch, mark);
    return st;
}

/* Refuses what a table cannot be without and was not found surely. */
static vrk_status check(vrk_ctx *ctx, const vrk_making *m, const char *map)
{
    vrk_status st = VRK_OK;
    const vrk_table_file *lame = NULL;
    for (int64_t i = 0; i < m->files && !lame; i++) {
        if (m->file[i].guess.missing && !m->file[i].guess.skip)
            lame = &m->file[i];
    }
    if (!lame && m->plan->sources)
        goto done;
    if (map && m->files)
        TRY(write_map(ctx, m, map));
    if (lame)
        FAIL(VRK_EINPUT,
             "%s: it looks like %s, but no column is surely its %s, without which no row can be "
             "kept; say which in a mapping file (--map FILE)%s%s",
             lame->profile.path, lame->guess.table, lame->guess.missing,
             map ? "; one to edit is " : "", map ? map : "");
    FAIL(VRK_EINPUT,
         "no file here is known; expected deals.csv, activities.csv ..., an export of a CRM as "
         "CSV or an event log (XES, CSV)%s%s",
         map && m->files ? "; say what they are in the mapping file " : "",
         map && m->files ? map : "");
done:
    return st;
}

static vrk_status add_tables(vrk_ctx *ctx, vrk_making *m)
{
    vrk_status st = VRK_OK;
    for (int64_t i = 0; i < m->files; i++) {
        vrk_table_file *f = &m->file[i];
        if (f->guess.skip)
            vrk_making_skip(m, f->profile.path, "is left out by the mapping file");
        else if (f->guess.table && !f->used && !is_table(f, "events") && !is_table(f, "changes"))
            TRY(vrk_plain_add(ctx, m, f));
    }
    for (int64_t i = 0; i < m->files; i++) {
        if (is_table(&m->file[i], "changes"))
            TRY(vrk_fieldlog_add(ctx, m, &m->file[i]));
    }
    for (int64_t i = 0; i < m->files; i++) {
        const vrk_table_file *f = &m->file[i];
        if (!f->guess.table && !f->guess.skip && !f->used)
            vrk_making_skip(m, f->profile.path, "its headings are those of no table that is known");
    }
    vrk_plain_named(m);
done:
    return st;
}

static vrk_status read_map(vrk_ctx *ctx, const char *path, vrk_arena *mem, vrk_map *map)
{
    vrk_status st = VRK_OK;
    char *text;
    size_t n;
    TRY(vrk_file_read(ctx, path, 1 << 20, mem, &text, &n));
    TRY(vrk_map_parse(ctx, path, text, mem, map));
done:
    return st;
}

vrk_status vrk_plan_make(vrk_ctx *ctx, const char *const *path, int64_t n, const vrk_plan_opt *opt,
                         vrk_plan *out)
{
    vrk_status st = VRK_OK;
    vrk_map map;
    vrk_making m = {.plan = out};

    *out = (vrk_plan){0};
    if (opt->map) {
        TRY(read_map(ctx, opt->map, &out->mem, &map));
        m.map = &map;
    }
    TRY(vrk_duck_open(ctx, &(vrk_duck_opt){.temp = opt->staging}, &m.duck));
    for (int64_t i = 0; i < n; i++)
        TRY(add_path(ctx, &m, path[i], opt->staging));
    for (int64_t i = 0; i < m.files; i++) {
        if (m.file[i].guess.missing && !m.file[i].guess.skip)
            TRY(check(ctx, &m, opt->write_map));
    }
    TRY(add_logs(ctx, &m, opt->staging));
    TRY(add_tables(ctx, &m));
    TRY(check(ctx, &m, opt->write_map));
    if (out->mem.failed)
        FAIL(VRK_EMEMORY, "out of memory for the plan of an import");
done:
    vrk_duck_close(m.duck);
    if (st != VRK_OK)
        vrk_plan_free(out);
    return st;
}

void vrk_plan_free(vrk_plan *p)
{
    vrk_eventlog_free(&p->log);
    vrk_arena_free(&p->mem);
    *p = (vrk_plan){0};
}
