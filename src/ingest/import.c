#include "base/sys.h"
#include "ingest/csv_check.h"
#include "ingest/import_parts.h"
#include "ingest/problems.h"
#include "ingest/value_sql.h"

#include <inttypes.h>
#include <string.h>
#include <sys/stat.h>

/* A table of so many rows is cut by the deal into files, so that few deals rewrite few of them. */
enum { CUT_ROWS = 400000, BUCKETS = 16, FEW_ROWS = 100000 };

vrk_status vrk_importing_run(vrk_importing *m, const char *what, const char *sql, vrk_frame *out)
{
    return vrk_duck_run(m->ctx, m->duck, what, sql, NULL, 0, out);
}

vrk_status vrk_importing_run_text(vrk_importing *m, const char *what, vrk_str *s)
{
    vrk_ctx *ctx = m->ctx;
    vrk_status st = VRK_OK;
    if (ctx->scratch.failed)
        FAIL(VRK_EMEMORY, "out of memory");
    TRY(vrk_importing_run(m, what, vrk_str_of(s), NULL));
done:
    *s = (vrk_str){.mem = s->mem};
    return st;
}

/* Rows of the sources and of what stands; 0 = a source does not say. */
static int64_t all_rows(const vrk_importing *m)
{
    int64_t rows = 0;
    for (int64_t i = 0; i < m->before.files; i++)
        rows += m->before.file[i].rows;
    for (int64_t i = 0; i < m->n; i++) {
        if (m->source[i].rows_read < 0)
            return 0;
        rows += m->source[i].rows_read;
    }
    return rows;
}

/* A database of our own that reaches the staging folder, and reads the sources and what stands. */
static vrk_status open_duck(vrk_importing *m)
{
    vrk_ctx *ctx = m->ctx;
    vrk_status st = VRK_OK;
    int64_t paths = m->before.files, k = 0;

    for (int64_t i = 0; i < m->n; i++)
        paths += m->source[i].n_read;
    const char **path = VRK_NEW(&ctx->scratch, paths, const char *);
    if (!path)
        FAIL(VRK_EMEMORY, "out of memory");
    for (int64_t i = 0; i < m->n; i++) {
        for (int64_t j = 0; j < m->source[i].n_read; j++)
            path[k++] = m->source[i].read[j];
    }
    for (int64_t i = 0; i < m->before.files; i++)
        path[k++] = m->before.file[i].path;
    char *temp = vrk_text_f(&ctx->scratch, "%s/spill", m->w->staging);
    if (!temp)
        FAIL(VRK_EMEMORY, "out of memory");
    vrk_duck_opt opt = {.rows = all_rows(m), .memory = m->opt.memory, .temp = temp};
    TRY(vrk_duck_open(ctx, &opt, &m->duck));
    TRY(vrk_value_functions(ctx, m->duck));
    /* Sizes of CSV files are guesses: it must not take the file for the smaller side of a join. */
    TRY(vrk_importing_run(m, "preparing",
                          "SET disabled_optimizers = 'join_order,build_side_probe_side'", NULL));
    TRY(vrk_duck_lock(ctx, m->duck, (const char *const[]){m->w->staging}, 1, path, paths));
    TRY(vrk_importing_run(
        m, "preparing",
        "CREATE TABLE problem (_file bigint, _row bigint, _line bigint, field varchar, value "
        "varchar, "
        "code varchar, rejects boolean);\n"
        "CREATE TABLE refused (_file bigint, n bigint)",
        NULL));
done:
    return st;
}

static vrk_status column_names(vrk_importing *m, const char *select, vrk_frame *out)
{
    vrk_ctx *ctx = m->ctx;
    vrk_status st = VRK_OK;
    char *sql = vrk_text_f(&ctx->scratch, "SELECT column_name FROM (DESCRIBE %s)", select);
    if (!sql)
        FAIL(VRK_EMEMORY, "out of memory");
    TRY(vrk_importing_run(m, "looking at the columns", sql, out));
done:
    return st;
}

static int64_t file_time(const char *path)
{
    struct stat about;
    if (!path || stat(path, &about))
        return 0;
    return (int64_t)about.st_mtim.tv_sec * 1000000 + about.st_mtim.tv_nsec / 1000;
}

vrk_status vrk_importing_select(vrk_importing *m, const vrk_table *t, int64_t source,
                                bool unnumbered, vrk_str *sql)
{
    vrk_status st = VRK_OK;
    vrk_frame names = {0};
    const vrk_source *s = &m->source[source];
    const vrk_sql_source of = {source, file_time(s->file), unnumbered};
    TRY(column_names(m, s->select, &names));
    vrk_sql_raw(sql, t, s, &of, names.column[0].s, names.rows);
done:
    vrk_frame_free(&names);
    return st;
}

/* raw: the rows of all sources of the table, as text. */
static vrk_status read_raw(vrk_importing *m, const vrk_table *t)
{
    vrk_ctx *ctx = m->ctx;
    vrk_status st = VRK_OK;
    vrk_str sql = {.mem = &ctx->scratch};
    bool first = true;

    for (int64_t i = 0; i < m->n; i++) {
        const vrk_source *s = &m->source[i];
        if (strcmp(s->table, t->name))
            continue;
        vrk_str_add(&sql, first ? "CREATE OR REPLACE TABLE raw AS " : "INSERT INTO raw ");
        TRY(vrk_importing_select(m, t, i, false, &sql));
        TRY(vrk_importing_run_text(m, vrk_text_f(&ctx->scratch, "reading %s", s->file), &sql));
        first = false;
    }
done:
    return st;
}

/* How many files the table is cut into: fixed at its first import. */
static vrk_status buckets_of(vrk_importing *m, const vrk_table *t, int64_t rows, int64_t *buckets)
{
    vrk_ctx *ctx = m->ctx;
    vrk_status st = VRK_OK;
    vrk_frame found = {0};
    vrk_value name = {.type = VRK_TEXT, .s = t->name};

    TRY(vrk_records_run(ctx, m->w->records, "SELECT buckets FROM cut WHERE name = ?1", &name, 1,
                        &found));
    if (found.rows) {
        *buckets = found.column[0].i[0];
        goto done;
    }
    if (!rows) {
        vrk_frame_free(&found);
        TRY(vrk_importing_run(m, "counting", "SELECT count(*) FROM raw", &found));
        rows = found.column[0].i[0];
    }
    *buckets = t->by_month ? 0 : t->cut && rows >= CUT_ROWS ? BUCKETS : 1;
    vrk_str_addf(&m->cuts, "INSERT INTO cut VALUES ('%s', %" PRId64 ");", t->name, *buckets);
done:
    vrk_frame_free(&found);
    return st;
}

static bool is_touched(const vrk_frame *touched, const char *partition)
{
    for (int64_t k = 0; touched && k < touched->rows; k++) {
        if (!strcmp(touched->column[0].s[k], partition))
            return true;
    }
    return false;
}

/* The table's files that stand; with `touched`, those of its partitions. */
static const char *existing_files(vrk_importing *m, const vrk_table *t, const vrk_frame *touched)
{
    vrk_str s = {.mem = &m->ctx->scratch};
    for (int64_t i = 0; i < m->before.files; i++) {
        if (strcmp(m->before.file[i].table, t->name) ||
            (touched && !is_touched(touched, m->before.file[i].partition)))
            continue;
        vrk_str_add(&s, s.n ? ", " : "");
        vrk_str_add(&s, vrk_sql_quote(s.mem, m->before.file[i].path));
    }
    return vrk_str_of(&s);
}

static vrk_status describe_table(vrk_importing *m, const vrk_table *t, int64_t rows,
                                 vrk_import_table *out)
{
    vrk_ctx *ctx = m->ctx;
    vrk_status st = VRK_OK;
    int64_t buckets;

    TRY(vrk_importing_walls(m, t));
    TRY(buckets_of(m, t, rows, &buckets));
    *out = (vrk_import_table){.table = t,
                              .timezone = m->w->timezone,
                              .currency = m->w->currency,
                              .rows = rows ? "typed" : "work",
                              .count = rows,
                              .walls = m->walls};
    out->existing = existing_files(m, t, NULL);
    if (t->by_month)
        out->partition = vrk_text_f(&ctx->scratch, "strftime(%s, '%%Y-%%m')", t->cut);
    else if (buckets > 1)
        out->partition = vrk_text_f(
            &ctx->scratch, "printf('%%02d', md5_number_lower(%s) %% %" PRId64 ")", t->cut, buckets);
    else
        out->partition = "'all'";
    if (ctx->scratch.failed)
        FAIL(VRK_EMEMORY, "out of memory");
done:
    return st;
}

static void keep_file(vrk_importing *m, vrk_file file)
{
    if (m->after.files == m->room) {
        m->room = m->room ? 2 * m->room : 64;
        vrk_file *more = VRK_NEW(&m->after.mem, m->room, vrk_file);
        if (!more)
            return;
        if (m->after.files)
            memcpy(more, m->after.file, (size_t)m->after.files * sizeof(*more));
        m->after.file = more;
    }
    m->after.file[m->after.files++] = file;
}

/* Files of partitions that do not change stay as they are. */
static vrk_status keep_untouched(vrk_importing *m, const vrk_table *t, const vrk_frame *touched)
{
    for (int64_t i = 0; i < m->before.files; i++) {
        const vrk_file *f = &m->before.file[i];
        if (!is_touched(touched, f->partition) && (!t || !strcmp(f->table, t->name)))
            keep_file(m, *f);
    }
    return m->after.mem.failed ? vrk_fail(m->ctx, VRK_EMEMORY, "out of memory") : VRK_OK;
}

vrk_status vrk_importing_written(vrk_importing *m, const vrk_table *t, const char *folder,
                                 int64_t *rows, int64_t *odd, vrk_str *list)
{
    vrk_ctx *ctx = m->ctx;
    vrk_status st = VRK_OK;
    vrk_frame found = {0};
    char *sql = vrk_text_f(
        &ctx->scratch,
        "SELECT file_name, regexp_extract(file_name, '_partition=([^/]*)/', 1) AS partition, "
        "num_rows FROM parquet_file_metadata(%s) ORDER BY file_name",
        vrk_sql_quote(&ctx->scratch, vrk_text_f(&ctx->scratch, "%s/*/*.parquet", folder)));
    if (!sql || ctx->scratch.failed)
        FAIL(VRK_EMEMORY, "out of memory");
    TRY(vrk_importing_run(m, "looking at the files", sql, &found));
    for (int64_t i = 0; i < found.rows; i++) {
        const char *path = vrk_text_copy(&m->after.mem, found.column[0].s[i]);
        const char *partition = vrk_text_copy(&m->after.mem, found.column[1].s[i]);
        int64_t n = found.column[2].i[i];
        if (m->after.mem.failed)
            FAIL(VRK_EMEMORY, "out of memory");
        bool is_odd = !strcmp(partition, "odd");
        for (int k = is_odd; list && k < 2; k++)
            vrk_str_addf(&list[k], "%s%s", list[k].n ? ", " : "",
                         vrk_sql_quote(&ctx->scratch, path));
        *(is_odd ? odd : rows) += n;
        if (!is_odd)
            keep_file(m, (vrk_file){.table = t->name,
                                    .partition = partition,
                                    .sha256 = "",
                                    .path = path,
                                    .rows = n});
    }
    if (m->after.mem.failed)
        FAIL(VRK_EMEMORY, "out of memory");
done:
    vrk_frame_free(&found);
    return st;
}

/* merged goes to staging/<table>/_partition=<p>/, and those files join the new generation. */
static vrk_status write_files(vrk_importing *m, const vrk_import_table *t)
{
    vrk_ctx *ctx = m->ctx;
    vrk_status st = VRK_OK;
    vrk_str sql = {.mem = &ctx->scratch};
    int64_t rows = 0, odd = 0;
    const char *folder = vrk_text_f(&ctx->scratch, "%s/%s", m->w->staging, t->table->name);

    vrk_sql_merged(&sql, t);
    TRY(vrk_importing_run_text(m, vrk_text_f(&ctx->scratch, "merging %s", t->table->name), &sql));
    /* Tables cut by the month are the big ones, and are written as they come. */
    vrk_str_add(&sql, "COPY (SELECT * FROM merged");
    if (!t->table->by_month)
        vrk_str_addf(&sql, " ORDER BY _partition, %s", t->table->key);
    vrk_str_addf(&sql, ") TO %s (FORMAT parquet, PARTITION_BY (_partition))",
                 vrk_sql_quote(&ctx->scratch, folder ? folder : ""));
    TRY(vrk_importing_run_text(m, vrk_text_f(&ctx->scratch, "writing %s", t->table->name), &sql));
    if (!folder)
        FAIL(VRK_EMEMORY, "out of memory");
    TRY(vrk_importing_written(m, t->table, folder, &rows, &odd, NULL));
done:
    return st;
}

/* Adds the table's rows to the balance of their files. */
static vrk_status balance(vrk_importing *m, vrk_balance *all)
{
    vrk_status st = VRK_OK;
    vrk_frame rows = {0};

    TRY(vrk_importing_run(
        m, "counting",
        "SELECT _file, sum(used), sum(identical), sum(replaced) FROM (SELECT _file, (_state IN "
        "('new', 'newer'))::bigint AS used, (_state = 'same')::bigint AS identical, (_state = "
        "'older')::bigint AS replaced FROM chosen UNION ALL SELECT _file, 0, (_content = "
        "_first)::bigint, (_content <> _first)::bigint FROM ranked WHERE _rank > 1) GROUP BY "
        "_file",
        &rows));
    for (int64_t i = 0; i < rows.rows; i++) {
        vrk_balance *b = &all[rows.column[0].i[i]];
        b->used += rows.column[1].i[i];
        b->identical += rows.column[2].i[i];
        b->replaced += rows.column[3].i[i];
    }
done:
    vrk_frame_free(&rows);
    return st;
}

/* work, with what its rows are; for the first rows of a big table only those that are odd. */
static vrk_status make_work(vrk_importing *m, const vrk_table *t, vrk_import_table *it,
                            const char **fresh)
{
    vrk_ctx *ctx = m->ctx;
    vrk_status st = VRK_OK;
    vrk_str sql = {.mem = &ctx->scratch};
    vrk_frame count = {0};
    int64_t rows = vrk_fresh_rows(m, t);
    bool again = vrk_again_rows(m, t) > 0;
    if (!again && !rows)
        TRY(read_raw(m, t));
    TRY(describe_table(m, t, rows, it));
    if (again)
        TRY(vrk_again_raw(m, it));
    else if (rows)
        TRY(vrk_fresh_write(m, it, fresh));
    TRY(vrk_persons_know(m, t, "raw"));
    vrk_str_add(&sql, "CREATE OR REPLACE TABLE work AS ");
    vrk_sql_typed(&sql, it, "raw");
    vrk_str_add(&sql, ";\nDROP TABLE raw");
    TRY(vrk_importing_run_text(m, vrk_text_f(&ctx->scratch, "sorting %s", t->name), &sql));
    TRY(vrk_importing_run(m, "counting", "SELECT count(*) FROM work", &count));
    it->few = count.column[0].i[0] < FEW_ROWS;
done:
    vrk_frame_free(&count);
    return st;
}

/* Of the table's big files only those that hold a key of what was read: found by their keys alone.
 */
static vrk_status find_near(vrk_importing *m, vrk_import_table *it)
{
    vrk_ctx *ctx = m->ctx;
    vrk_status st = VRK_OK;
    vrk_str sql = {.mem = &ctx->scratch}, list = {.mem = &ctx->scratch};
    vrk_frame near = {0};
    int64_t rows = 0;

    for (int64_t i = 0; i < m->before.files; i++)
        rows += strcmp(m->before.file[i].table, it->table->name) ? 0 : m->before.file[i].rows;
    if (rows < CUT_ROWS)
        goto done;
    vrk_sql_near(&sql, it);
    if (ctx->scratch.failed)
        FAIL(VRK_EMEMORY, "out of memory");
    TRY(vrk_importing_run(m, vrk_text_f(&ctx->scratch, "comparing %s", it->table->name),
                          vrk_str_of(&sql), &near));
    for (int64_t i = 0; i < near.rows; i++)
        vrk_str_addf(&list, "%s%s", i ? ", " : "",
                     vrk_sql_quote(&ctx->scratch, near.column[0].s[i]));
    it->existing = vrk_str_of(&list);
    if (ctx->scratch.failed)
        FAIL(VRK_EMEMORY, "out of memory");
done:
    vrk_frame_free(&near);
    return st;
}

/* chosen, and what else stands on work. */
static vrk_status choose(vrk_importing *m, const vrk_import_table *it, const char *fresh)
{
    vrk_ctx *ctx = m->ctx;
    vrk_status st = VRK_OK;
    vrk_import_table near = *it;
    vrk_str sql = {.mem = &ctx->scratch};
    const char *what = vrk_text_f(&ctx->scratch, "sorting %s", it->table->name);

    vrk_sql_problems(&sql, it->table);
    TRY(vrk_importing_run_text(m, what, &sql));
    vrk_sql_good(&sql, it);
    TRY(vrk_importing_run_text(m, what, &sql));
    TRY(find_near(m, &near));
    vrk_sql_chosen(&sql, &near);
    TRY(vrk_importing_run_text(m, what, &sql));
    vrk_str_add(&sql, "CREATE OR REPLACE VIEW standing AS SELECT _file, _row, ");
    vrk_sql_facts(&sql, it->table);
    vrk_str_addf(&sql, " FROM chosen WHERE _state IN ('new', 'newer')%s%s",
                 fresh ? " UNION ALL " : "", fresh ? fresh : "");
    TRY(vrk_importing_run_text(m, what, &sql));
done:
    return st;
}

static vrk_status import_table(vrk_importing *m, const vrk_table *t)
{
    vrk_ctx *ctx = m->ctx;
    vrk_status st = VRK_OK;
    vrk_mark mark = vrk_mark_of(&ctx->scratch);
    vrk_str sql = {.mem = &ctx->scratch};
    vrk_import_table it;
    vrk_frame touched = {0};
    const char *fresh = NULL;

    TRY(make_work(m, t, &it, &fresh));
    TRY(choose(m, &it, fresh));
    TRY(balance(m, m->report->balance));
    TRY(vrk_note_dangling(ctx, m->duck, &it, m->before.file, m->before.files));
    TRY(vrk_importing_run(
        m, "counting",
        "CREATE OR REPLACE TABLE touched AS SELECT DISTINCT p AS _partition FROM (SELECT "
        "_partition AS p FROM chosen WHERE _state IN ('new', 'newer') UNION ALL SELECT _old FROM "
        "chosen WHERE _state = 'newer'); SELECT _partition FROM touched",
        &touched));
    TRY(keep_untouched(m, t, &touched));
    if (touched.rows) {
        m->changed = true;
        it.existing = existing_files(m, t, &touched);
        if (!m->opt.dry_run)
            TRY(write_files(m, &it));
    }
    vrk_sql_forget(&sql, &it);
    TRY(vrk_importing_run_text(m, "counting", &sql));
done:
    vrk_frame_free(&touched);
    vrk_rewind(&ctx->scratch, mark);
    return st;
}

/* Is there anything to read of the table? */
static bool has_source(const vrk_importing *m, const vrk_table *t)
{
    for (int64_t i = 0; i < m->n; i++) {
        if (!strcmp(m->source[i].table, t->name) &&
            (m->source[i].known == 0 || m->source[i].known < m->source[i].rows_read))
            return true;
    }
    return false;
}

static vrk_status import_tables(vrk_importing *m)
{
    vrk_status st = VRK_OK;
    for (const vrk_table *t = vrk_tables; t->name; t++) {
        if (has_source(m, t)) {
            TRY(import_table(m, t));
            continue;
        }
        for (int64_t i = 0; i < m->before.files; i++) {
            if (!strcmp(m->before.file[i].table, t->name))
                keep_file(m, m->before.file[i]);
        }
    }
done:
    return st;
}

/* What goes into the same transaction as the generation. */
typedef struct {
    vrk_importing *m;
    vrk_frame persons; /* key, space, source_id, name, email: new ones, and ones with a new name */
    vrk_frame joined;  /* key, space, source_id: new ids of old persons */
} records_part;

static vrk_status write_records(vrk_ctx *ctx, vrk_records *r, int64_t generation, void *arg)
{
    vrk_status st = VRK_OK;
    records_part *p = arg;

    TRY(vrk_persons_write(ctx, r, &p->persons, &p->joined));
    for (const char *sql = vrk_str_of(&p->m->cuts); generation && *sql;) {
        size_t n = strcspn(sql, ";") + 1;
        char *one = vrk_text_copy_n(&ctx->scratch, sql, n);
        if (!one)
            FAIL(VRK_EMEMORY, "out of memory");
        TRY(vrk_records_run(ctx, r, one, NULL, 0, NULL));
        sql += n;
    }
    if (generation)
        TRY(vrk_write_problems(ctx, r, generation, p->m->report));
done:
    return st;
}

static void count_persons(vrk_import_report *report, const vrk_frame *persons)
{
    for (int64_t i = 0; i < persons->rows; i++) {
        bool contact = !strcmp(persons->column[1].s[i], "contact");
        report->contacts += contact;
        report->persons += !contact;
    }
}

static vrk_status commit(vrk_importing *m)
{
    vrk_ctx *ctx = m->ctx;
    vrk_status st = VRK_OK;
    records_part part = {.m = m};
    bool as_of_differs =
        m->opt.has_as_of && (!m->before.has_as_of || m->before.as_of != m->opt.as_of);

    TRY(vrk_persons_new(m, &part.persons));
    TRY(vrk_persons_joined(m, &part.joined));
    count_persons(m->report, &part.persons);
    m->report->joined = part.joined.rows;
    vrk_duck_close(m->duck); /* its temporary files must be gone before the staging folder is */
    m->duck = NULL;
    if (m->opt.dry_run)
        goto done;
    if (!m->changed && !as_of_differs) { /* only names, if anything: no new generation */
        TRY(write_records(ctx, m->w->records, 0, &part));
        goto done;
    }
    m->after.parent = m->before.id;
    m->after.has_as_of = m->opt.has_as_of;
    m->after.as_of = m->opt.as_of;
    TRY(vrk_generation_publish(ctx, m->w, &m->after, write_records, &part));
    m->report->generation = m->after.id;
done:
    vrk_frame_free(&part.persons);
    vrk_frame_free(&part.joined);
    return st;
}

static vrk_status start_report(vrk_ctx *ctx, const vrk_source *source, int64_t n,
                               vrk_import_report *r)
{
    r->n = n;
    r->balance = VRK_NEW(&r->mem, n, vrk_balance);
    for (int64_t i = 0; i < n && !r->mem.failed; i++)
        r->balance[i] = (vrk_balance){.file = vrk_text_copy(&r->mem, source[i].file),
                                      .table = vrk_text_copy(&r->mem, source[i].table),
                                      .identical = source[i].known};
    return r->mem.failed ? vrk_fail(ctx, VRK_EMEMORY, "out of memory") : VRK_OK;
}

static vrk_status check_sources(vrk_ctx *ctx, const vrk_source *source, int64_t n)
{
    for (int64_t i = 0; i < n; i++) {
        if (!vrk_table_of(source[i].table))
            return vrk_fail(ctx, VRK_EINPUT, "%s: there is no table '%s'", source[i].file,
                            source[i].table);
    }
    return n > 0 ? VRK_OK : vrk_fail(ctx, VRK_EINPUT, "there is nothing to import");
}

vrk_status vrk_import(vrk_ctx *ctx, vrk_workspace *w, const vrk_source *source, int64_t n,
                      const vrk_import_opt *opt, vrk_import_report *out)
{
    vrk_status st = VRK_OK;
    vrk_mark mark = vrk_mark_of(&ctx->scratch);
    vrk_importing m = {.ctx = ctx, .w = w, .source = source, .n = n, .report = out};

    *out = (vrk_import_report){0};
    m.opt = opt ? *opt : (vrk_import_opt){0};
    m.cuts.mem = &m.after.mem;
    TRY(check_sources(ctx, source, n));
    TRY(start_report(ctx, source, n, out));
    TRY(vrk_generation_read(ctx, w, &m.before));
    TRY(open_duck(&m));
    TRY(vrk_persons_load(&m));
    TRY(import_tables(&m));
    TRY(vrk_gather_problems(ctx, m.duck, source, n, out));
    TRY(vrk_judge_rejects(ctx, m.opt.max_rejects, out));
    TRY(commit(&m));
    if (!m.opt.dry_run)
        TRY(vrk_workspace_sweep(ctx, w));
done:
    vrk_duck_close(m.duck);
    vrk_generation_free(&m.before);
    vrk_generation_free(&m.after);
    vrk_rewind(&ctx->scratch, mark);
    return st;
}

void vrk_import_report_free(vrk_import_report *r)
{
    vrk_arena_free(&r->mem);
    *r = (vrk_import_report){0};
}
