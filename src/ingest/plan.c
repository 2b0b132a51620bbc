#include "ingest/plan.h"

#include "base/par.h"
#include "base/str.h"
#include "base/sys.h"
#include "ingest/dav.h"
#include "ingest/forms.h"
#include "ingest/interchange.h"
#include "ingest/making.h"
#include "ingest/outlook.h"
#include "ingest/persons.h"
#include "ingest/ready.h"
#include "ingest/sandbox.h"
#include "ingest/table.h"
#include "ingest/tryton.h"
#include "ingest/value_sql.h"

#include <errno.h>
#include <fcntl.h>
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

/* What the mapping file says of a whole file. */
static vrk_status take_answers(vrk_ctx *ctx, const vrk_map *map, vrk_profile *p)
{
    vrk_status st = VRK_OK;
    const char *dates = vrk_map_value(map, p->name, "dates"),
               *decimal = vrk_map_value(map, p->name, "decimal"),
               *zone = vrk_map_value(map, p->name, "zone");
    if (dates && strcmp(dates, "day") != 0 && strcmp(dates, "month") != 0)
        FAIL(VRK_EINPUT, "%s: file %s: dates = %s; say day or month, whichever comes first",
             map->path, p->name, dates);
    if (decimal && strcmp(decimal, "comma") != 0 && strcmp(decimal, "point") != 0)
        FAIL(VRK_EINPUT, "%s: file %s: decimal = %s; say comma or point", map->path, p->name,
             decimal);
    if (zone && strcmp(zone, "utc") != 0 && strcmp(zone, "local") != 0)
        FAIL(VRK_EINPUT, "%s: file %s: zone = %s; say utc or local", map->path, p->name, zone);
    vrk_profile_answer(p,
                       !dates          ? VRK_ORDER_NONE
                       : *dates == 'd' ? VRK_ORDER_DAY
                                       : VRK_ORDER_MONTH,
                       !decimal          ? VRK_DECIMAL_NONE
                       : *decimal == 'c' ? VRK_DECIMAL_COMMA
                                         : VRK_DECIMAL_POINT);
    p->utc = zone ? *zone == 'u' : p->utc;
done:
    return st;
}

/* Tables that their headings tell for what they are: calendars of Outlook, answers of forms. */
static vrk_status add_known(vrk_ctx *ctx, vrk_making *m, const vrk_table_file *f, bool *known)
{
    vrk_status st = VRK_OK;
    *known = false;
    if (f->guess.skip || f->guess.by_map)
        goto done;
    TRY(vrk_outlook_add(ctx, m, &f->profile, known));
    if (!*known && !f->guess.table)
        TRY(vrk_forms_add(ctx, m, &f->profile, known));
done:
    return st;
}

/* The mapping for a table: the user's, else what he said of one with the same headings. */
static vrk_status map_for(vrk_ctx *ctx, vrk_making *m, const vrk_profile *p, const vrk_map **out)
{
    vrk_status st = VRK_OK;
    vrk_arena *mem = &m->plan->mem;
    const char *signature = vrk_signature_of(p->csv.heading, p->csv.columns, mem);
    const char *lines = vrk_memo_lines(m->map, p->name, mem);
    *out = m->map;
    if (!signature)
        FAIL(VRK_EMEMORY, "out of memory for the headings of %s", p->name);
    if (lines) {
        vrk_making_memo(m, &(vrk_memo){signature, lines});
        goto done;
    }
    for (int64_t i = 0; i < m->opt->memos; i++) {
        if (strcmp(m->opt->memo[i].signature, signature) != 0)
            continue;
        vrk_map *map = VRK_NEW(mem, 1, vrk_map);
        char *text = vrk_text_f(mem, "[\"%s\"]\n%s", p->name, m->opt->memo[i].lines);
        if (!map || !text)
            FAIL(VRK_EMEMORY, "out of memory for the headings of %s", p->name);
        TRY(vrk_map_parse(ctx, "what is remembered", text, mem, map));
        vrk_making_note(m, "%s: its headings are known from an earlier mapping file", p->name);
        *out = map;
        goto done;
    }
done:
    return st;
}

/* Looks at a table; one that cannot be read as such is passed over with what is wrong with it. */
static vrk_status add_table(vrk_ctx *ctx, vrk_making *m, const vrk_table_place *place)
{
    vrk_status st = VRK_OK;
    vrk_table_file f = {0};
    bool known;
    const vrk_map *map = m->map;
    st = vrk_profile_make(ctx, m->duck, &m->known, place, &m->plan->mem, &f.profile);
    if (st == VRK_EINPUT) {
        vrk_making_skip(m, place->name, ctx->message);
        st = VRK_OK;
        goto done;
    }
    TRY(st);
    TRY(vrk_origin_of(ctx, f.profile.csv.heading, f.profile.csv.columns,
                      place->sheet ? place->sheet->source : NULL, &m->plan->mem, &f.origin));
    f.profile.utc = f.origin.utc;
    TRY(map_for(ctx, m, &f.profile, &map));
    TRY(take_answers(ctx, map, &f.profile));
    TRY(vrk_guess_make(ctx, m->duck, &m->known, &f.profile, map, &m->plan->mem, &f.guess));
    TRY(add_known(ctx, m, &f, &known));
    if (!known)
        vrk_making_file(m, &f);
done:
    return st;
}

/* What the user gave, or what lay in a container. */
typedef struct {
    const char *path, *name, *staging;
    int depth;
} place;

enum { START = 4096, MOST_DEPTH = 3 };
#define MOST_UNPACKED ((int64_t)32 << 30) /* [byte] of all archives of an import */

static vrk_status start_of(vrk_ctx *ctx, const char *path, char start[START], size_t *n)
{
    vrk_status st = VRK_OK;
    const vrk_sys *sys = vrk_sys_of(ctx);
    int fd = sys->open(sys->arg, path, O_RDONLY | O_CLOEXEC, 0);
    ssize_t k = fd < 0 ? -1 : sys->read(sys->arg, fd, start, START);
    if (k < 0)
        FAIL(VRK_EIO, "could not read %s: %s", path, vrk_said(ctx, strerror(errno)));
    *n = (size_t)k;
done:
    if (fd >= 0)
        (void)sys->close(sys->arg, fd);
    return st;
}

static vrk_status add_file(vrk_ctx *ctx, vrk_making *m, place at);

/* The tables, files and sources of a container that was read. */
static vrk_status take_reading(vrk_ctx *ctx, vrk_making *m, place at, const vrk_reading *r)
{
    vrk_status st = VRK_OK;
    for (int64_t i = 0; i < r->notes; i++)
        vrk_making_note(m, "%s", r->note[i]);
    for (int64_t i = 0; i < r->readies; i++)
        vrk_making_source(m, &r->ready[i]);
    for (int64_t i = 0; i < r->sheets; i++) {
        const vrk_sheet *s = &r->sheet[i];
        if (s->table) {
            vrk_source ready;
            TRY(vrk_ready_source(ctx, s, at.path, &m->plan->mem, &ready));
            vrk_making_source(m, &ready);
            vrk_making_note(m, "%s: %s", at.name, s->table);
            continue;
        }
        const char *name = s->part && r->sheets > 1
                               ? vrk_text_f(&m->plan->mem, "%s:%s", at.name, s->part)
                               : at.name;
        if (!name)
            FAIL(VRK_EMEMORY, "out of memory for the tables of %s", at.name);
        TRY(add_table(ctx, m,
                      &(vrk_table_place){.path = at.path,
                                         .name = name,
                                         .sheet = s,
                                         .staging = at.staging,
                                         .number = m->number++}));
    }
    for (int64_t i = 0; i < r->inners; i++) {
        m->unpacked += vrk_file_size(r->inner[i].path);
        if (m->unpacked > MOST_UNPACKED)
            FAIL(VRK_EINPUT, "%s: the archives unpack to more than %d GiB; unpack them", at.name,
                 (int)(MOST_UNPACKED >> 30));
        TRY(add_file(ctx, m,
                     (place){r->inner[i].path, r->inner[i].name, at.staging, at.depth + 1}));
    }
    if (!r->sheets && !r->readies && !r->inners)
        vrk_making_skip(m, at.name, "there is no table in it");
done:
    return st;
}

static vrk_status add_container(vrk_ctx *ctx, vrk_making *m, place at, const vrk_reader *reader)
{
    vrk_status st = VRK_OK;
    vrk_reading r = {.path = at.path,
                     .name = at.name,
                     .staging = at.staging,
                     .depth = at.depth,
                     .zone = vrk_map_value(m->map, "calendar", "zone"),
                     .as_of = m->opt->as_of,
                     .number = &m->number,
                     .mem = &m->plan->mem};
    if (at.depth >= MOST_DEPTH) {
        vrk_making_skip(m, at.name, "lies in an archive in an archive in an archive; unpack it");
        goto done;
    }
    st = vrk_sandbox_read(ctx, reader, &r, NULL);
    if (st == VRK_EINPUT) {
        vrk_making_skip(m, at.name, ctx->message);
        st = VRK_OK;
        goto done;
    }
    TRY(st);
    TRY(take_reading(ctx, m, at, &r));
done:
    return st;
}

static vrk_status add_file(vrk_ctx *ctx, vrk_making *m, place at)
{
    vrk_status st = VRK_OK;
    vrk_source source;
    bool is_one;
    char start[START];
    size_t n = 0;

    TRY(start_of(ctx, at.path, start, &n));
    for (const vrk_reader *reader = vrk_readers; reader->name; reader++) {
        if (reader->is(start, n, at.name)) {
            TRY(add_container(ctx, m, at, reader));
            goto done;
        }
    }
    TRY(vrk_interchange_source(ctx, at.path, at.staging, m->number++, m->opt, &m->plan->mem,
                               &source, &is_one));
    if (is_one)
        vrk_making_source(m, &source);
    else if (ends_in(at.name, ".xes"))
        vrk_making_log(m, &(vrk_log_file){.path = at.path});
    else if (is_csv(at.name))
        TRY(add_table(
            ctx, m,
            &(vrk_table_place){
                .path = at.path, .name = at.name, .staging = at.staging, .number = m->number++}));
    else
        vrk_making_skip(m, at.name, "is no format that is known");
done:
    return st;
}

/* Calendars of a server, or a database, at an address that the user gave. */
static vrk_status add_server(vrk_ctx *ctx, vrk_making *m, const char *address, const char *staging)
{
    vrk_status st = VRK_OK;
    bool database = vrk_postgres_is(address);
    vrk_reading r = {.path = address,
                     .name = database ? "tryton" : vrk_dav_name(&m->plan->mem, address),
                     .staging = staging,
                     .as_of = m->opt->as_of,
                     .number = &m->number,
                     .mem = &m->plan->mem};
    if (!r.name)
        FAIL(VRK_EMEMORY, "out of memory for an address");
    if (database && (!m->source || strcmp(m->source, "tryton") != 0))
        FAIL(VRK_EINPUT,
             "a database is read when it is said whose it is; known is --source tryton");
    TRY(database ? vrk_tryton_fetch(ctx, address, &r) : vrk_dav_fetch(ctx, address, &r));
    TRY(take_reading(ctx, m, (place){r.sheets ? r.sheet[0].path : r.name, r.name, staging, 0}, &r));
done:
    return st;
}

static vrk_status add_path(vrk_ctx *ctx, vrk_making *m, const char *path, const char *staging,
                           int depth)
{
    enum { MOST_FOLDERS = 16 };
    vrk_status st = VRK_OK;
    vrk_arena *mem = &m->plan->mem;
    char **names;
    int64_t n;

    if (vrk_dav_is(path) || vrk_postgres_is(path))
        return add_server(ctx, m, path, staging);
    if (!vrk_is_folder(path) && !vrk_is_file(path))
        return vrk_fail(ctx, VRK_EINPUT, "there is no file or folder %s", path);
    if (!vrk_is_folder(path))
        return add_file(ctx, m, (place){path, path, staging, 0});
    TRY(vrk_folder_list(ctx, path, mem, &names, &n));
    for (int64_t i = 0; i < n; i++) {
        char *inner = vrk_text_f(mem, "%s/%s", path, names[i]);
        if (!inner)
            FAIL(VRK_EMEMORY, "out of memory for the files of %s", path);
        if (*names[i] == '.')
            continue; /* .DS_Store and its like */
        if (vrk_is_folder(inner) && depth >= MOST_FOLDERS)
            vrk_making_skip(m, inner, "lies too deep in folders; give it by name");
        else
            TRY(add_path(ctx, m, inner, staging, depth + 1));
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
static vrk_status is_of_cases(vrk_ctx *ctx, const vrk_making *m, const vrk_table_file *f,
                              vrk_arena *mem, bool *yes)
{
    vrk_status st = VRK_OK;
    vrk_meaning *meaning;
    int64_t n;
    const char *key = heading_of(f, "deal_id");

    *yes = false;
    if (!key || f->guess.by_map)
        goto done;
    TRY(vrk_meanings_of(ctx, &m->known, mem, key, &meaning, &n));
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
            TRY(is_of_cases(ctx, m, f, &m->plan->mem, &of_cases));
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
        if (g->question)
            vrk_str_addf(&s, "# asked: %s\n", g->question);
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
        const vrk_guess *g = &m->file[i].guess;
        if ((g->missing || (g->question && !g->by_map)) && !g->skip)
            lame = &m->file[i];
    }
    if (!lame && m->plan->sources)
        goto done;
    if (map && m->files)
        TRY(write_map(ctx, m, map));
    if (lame && !lame->guess.missing)
        FAIL(VRK_EINPUT, "%s: it looks like %s, but %s; say so in a mapping file (--map FILE)%s%s",
             lame->profile.path, lame->guess.table, lame->guess.question,
             map ? vrk_said(ctx, VRK_N("; one to edit is ")) : "", map ? map : "");
    if (lame)
        FAIL(VRK_EINPUT,
             "%s: it looks like %s, but no column is surely its %s, without which no row can be "
             "kept; say which in a mapping file (--map FILE)%s%s",
             lame->profile.path, lame->guess.table, lame->guess.missing,
             map ? vrk_said(ctx, VRK_N("; one to edit is ")) : "", map ? map : "");
    const vrk_skipped *only = m->plan->skips == 1 && !m->files ? &m->plan->skip[0] : NULL;
    if (only && !strncmp(only->reason, only->file, strlen(only->file)))
        FAIL(VRK_EINPUT, "%s", only->reason); /* a reader knows it, and what is wrong with it */
    FAIL(VRK_EINPUT,
         "no file here is known; expected deals.csv, activities.csv ..., an export of a CRM as "
         "CSV or an event log (XES, CSV)%s%s",
         map && m->files ? vrk_said(ctx, VRK_N("; say what they are in the mapping file ")) : "",
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
    size_t n = 0;
    TRY(vrk_file_read(ctx, path, 1 << 20, mem, &text, &n));
    TRY(vrk_map_parse(ctx, path, text, mem, map));
done:
    return st;
}

/* Begun with one thread, which suits files of few rows. */
static vrk_status take_threads(vrk_ctx *ctx, const vrk_making *m)
{
    int64_t rows = 1;
    for (int64_t i = 0; i < m->files; i++)
        rows += m->file[i].profile.rows;
    if (vrk_few_rows(rows))
        return VRK_OK;
    const char *sql =
        vrk_text_f(&ctx->scratch, "SET threads = %d", ctx->threads ? ctx->threads : vrk_cores());
    return sql ? vrk_duck_run(ctx, m->duck, "starting DuckDB", sql, NULL, 0, NULL)
               : vrk_fail(ctx, VRK_EMEMORY, "out of memory");
}

vrk_status vrk_plan_make(vrk_ctx *ctx, const char *const *path, int64_t n, const vrk_plan_opt *opt,
                         vrk_plan *out)
{
    vrk_status st = VRK_OK;
    vrk_map map;
    vrk_making m = {.plan = out, .source = opt->source, .opt = opt};

    *out = (vrk_plan){0};
    if (opt->map) {
        TRY(read_map(ctx, opt->map, &out->mem, &map));
        m.map = &map;
    }
    TRY(vrk_headings_make(ctx, &out->mem, &m.known));
    TRY(vrk_duck_open(ctx, &(vrk_duck_opt){.temp = opt->staging, .threads = 1}, &m.duck));
    TRY(vrk_value_functions(ctx, m.duck));
    if (opt->persons && opt->persons->rows)
        TRY(vrk_duck_put(ctx, m.duck, "identity_before", opt->persons));
    for (int64_t i = 0; i < n; i++)
        TRY(add_path(ctx, &m, path[i], opt->staging, 0));
    TRY(take_threads(ctx, &m));
    for (int64_t i = 0; i < m.files; i++) {
        const vrk_guess *g = &m.file[i].guess;
        if ((g->missing || (g->question && !g->by_map)) && !g->skip)
            TRY(check(ctx, &m, opt->write_map));
    }
    TRY(add_logs(ctx, &m, opt->staging));
    TRY(add_tables(ctx, &m));
    TRY(vrk_persons_join(ctx, &m));
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
