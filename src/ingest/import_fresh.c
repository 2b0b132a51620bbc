/* The short way of import_parts.h. */
#include "ingest/import_parts.h"
#include "ingest/wall.h"

#include <inttypes.h>
#include <string.h>

/* From here on the general way spills, and a pass over the file is what counts; where rows stand
 * that must be compared, a pass over all of those. */
enum { FRESH_ROWS = 20000, AGAIN_ROWS = 2000000 };

/* Under so many rows typed is a table: a file is read once, not at every look at its rows. */
enum { KEPT_ROWS = 300000 };

static bool stands(const vrk_importing *m, const vrk_table *t)
{
    for (int64_t i = 0; i < m->before.files; i++) {
        if (!strcmp(m->before.file[i].table, t->name))
            return true;
    }
    return false;
}

/* Rows of the table's sources, if they are many; else 0. */
static int64_t many_rows(const vrk_importing *m, const vrk_table *t, int64_t least)
{
    int64_t rows = 0;
    least = m->opt.fresh_rows ? m->opt.fresh_rows : least;
    for (int64_t i = 0; i < m->n; i++) {
        if (!strcmp(m->source[i].table, t->name) && m->source[i].rows_read > 0)
            rows += m->source[i].rows_read - m->source[i].known;
    }
    return rows >= least ? rows : 0;
}

int64_t vrk_fresh_rows(const vrk_importing *m, const vrk_table *t)
{
    return m->opt.dry_run || stands(m, t) ? 0 : many_rows(m, t, FRESH_ROWS);
}

int64_t vrk_again_rows(const vrk_importing *m, const vrk_table *t)
{
    return stands(m, t) ? many_rows(m, t, AGAIN_ROWS) : 0;
}

vrk_status vrk_importing_walls(vrk_importing *m, const vrk_table *t)
{
    enum { MANY_ROWS = 20000 };
    vrk_status st = VRK_OK;
    int64_t rows = 0;
    for (int64_t i = 0; i < m->n; i++)
        rows += strcmp(m->source[i].table, t->name) || m->source[i].rows_read < 0
                    ? 0
                    : m->source[i].rows_read;
    if (m->walls || rows < MANY_ROWS)
        goto done;
    TRY(vrk_wall_function(m->ctx, m->duck, m->w->timezone, &m->after.mem));
    m->walls = true;
done:
    return st;
}

/* source: all rows of the table as they are read. */
static vrk_status make_source(vrk_importing *m, const vrk_table *t, bool unnumbered)
{
    vrk_status st = VRK_OK;
    vrk_str sql = {.mem = &m->ctx->scratch};
    bool first = true;
    vrk_str_add(&sql, "CREATE OR REPLACE VIEW source AS ");
    for (int64_t i = 0; i < m->n; i++) {
        if (strcmp(m->source[i].table, t->name))
            continue;
        vrk_str_add(&sql, first ? "" : " UNION ALL ");
        TRY(vrk_importing_select(m, t, i, unnumbered, &sql));
        first = false;
    }
    TRY(vrk_importing_run_text(m, "looking at the columns", &sql));
done:
    return st;
}

static vrk_status make_typed(vrk_importing *m, const vrk_import_table *it)
{
    vrk_str sql = {.mem = &m->ctx->scratch};
    vrk_str_add(&sql, "CREATE OR REPLACE VIEW typed AS ");
    vrk_sql_typed(&sql, it, "source");
    return vrk_importing_run_text(m, "looking at the columns", &sql);
}

/* typed as a table, with _odd, once the persons are known. */
static vrk_status keep_typed(vrk_importing *m, vrk_import_table *it)
{
    vrk_status st = VRK_OK;
    vrk_str sql = {.mem = &m->ctx->scratch};
    TRY(make_source(m, it->table, false));
    vrk_sql_kept(&sql, it);
    TRY(vrk_importing_run_text(m, vrk_text_f(&m->ctx->scratch, "reading %s", it->table->name),
                               &sql));
    it->kept = true;
done:
    return st;
}

/* Are there many persons that nobody told of before? By the first rows; names are read anyhow. */
static vrk_status many_strangers(vrk_importing *m, const vrk_table *t, bool *many)
{
    vrk_status st = VRK_OK;
    vrk_frame found = {0};
    vrk_str sql = {.mem = &m->ctx->scratch};
    const vrk_col *name = vrk_col_of(t, "name");

    *many = name && name->kind == VRK_COL_NAME;
    if (*many)
        return VRK_OK;
    vrk_str_add(&sql, "SELECT count(*) FROM (SELECT * FROM typed LIMIT 20000) WHERE ");
    vrk_sql_strangers(&sql, t);
    if (m->ctx->scratch.failed)
        return vrk_fail(m->ctx, VRK_EMEMORY, "out of memory");
    TRY(vrk_importing_run(m, "knowing the persons", vrk_str_of(&sql), &found));
    *many = found.column[0].i[0] > 200;
done:
    vrk_frame_free(&found);
    return st;
}

/* A table is written once; again when the persons had to be learnt, or when keys come twice. */
typedef enum { WRITE_FIRST, WRITE_KNOWN, WRITE_TWICE } attempt;

/* What the sources of a table have become. */
typedef struct {
    vrk_str list[2]; /* SQL lists of files: those that stay, and all */
    vrk_str select;  /* UNION of what stays, by source */
    int64_t odd;
} written;

static vrk_status write_source(vrk_importing *m, const vrk_import_table *it, int64_t i, attempt a,
                               written *w)
{
    vrk_ctx *ctx = m->ctx;
    vrk_status st = VRK_OK;
    vrk_str sql = {.mem = &ctx->scratch},
            list[2] = {{.mem = &ctx->scratch}, {.mem = &ctx->scratch}};
    int64_t rows = 0;
    const char *folder = vrk_text_f(&ctx->scratch, "%s/%s-%" PRId64 "-%d", m->w->staging,
                                    it->table->name, i, (int)a);

    if (!folder)
        FAIL(VRK_EMEMORY, "out of memory");
    if (!it->kept) {
        vrk_str_add(&sql, "CREATE OR REPLACE VIEW source AS ");
        TRY(vrk_importing_select(m, it->table, i, true, &sql));
        TRY(vrk_importing_run_text(m, "looking at the columns", &sql));
    }
    vrk_sql_fresh(&sql, it, i, a == WRITE_TWICE, folder);
    TRY(vrk_importing_run_text(m, vrk_text_f(&ctx->scratch, "writing %s", it->table->name), &sql));
    TRY(vrk_importing_written(m, it->table, folder, &rows, &w->odd, list));
    m->report->balance[i].used += rows;
    for (int k = 0; k < 2; k++)
        vrk_str_addf(&w->list[k], "%s%s", w->list[k].n && list[k].n ? ", " : "",
                     vrk_str_of(&list[k]));
    if (rows) {
        vrk_str_addf(&w->select, "%sSELECT %" PRId64 "::bigint AS _file, NULL::bigint AS _row, ",
                     w->select.n ? " UNION ALL " : "", i);
        vrk_sql_facts(&w->select, it->table);
        vrk_str_addf(&w->select, " FROM read_parquet([%s])", vrk_str_of(&list[0]));
    }
done:
    return st;
}

static vrk_status write_sources(vrk_importing *m, const vrk_import_table *it, attempt a, written *w)
{
    vrk_status st = VRK_OK;
    vrk_arena *mem = &m->ctx->scratch;
    *w = (written){.list = {{.mem = mem}, {.mem = mem}}, .select = {.mem = mem}};
    for (int64_t i = 0; i < m->n; i++) {
        if (!strcmp(m->source[i].table, it->table->name))
            TRY(write_source(m, it, i, a, w));
    }
done:
    return st;
}

/* Writes again what was written, now that more is known. */
static vrk_status write_again(vrk_importing *m, vrk_import_table *it, int64_t files, attempt a,
                              written *w)
{
    vrk_status st = VRK_OK;
    m->after.files = files;
    if (it->kept && a == WRITE_KNOWN)
        TRY(keep_typed(m, it));
    for (int64_t i = 0; i < m->n; i++) {
        if (!strcmp(m->source[i].table, it->table->name))
            m->report->balance[i].used = 0;
    }
    TRY(write_sources(m, it, a, w));
done:
    return st;
}

static vrk_status count_twice(vrk_importing *m, const vrk_table *t, const written *w, int64_t *n)
{
    vrk_status st = VRK_OK;
    vrk_str sql = {.mem = &m->ctx->scratch};
    vrk_frame found = {0};
    vrk_sql_twice(&sql, t, vrk_str_of(&w->list[1]));
    if (m->ctx->scratch.failed)
        return vrk_fail(m->ctx, VRK_EMEMORY, "out of memory");
    TRY(vrk_importing_run(m, vrk_text_f(&m->ctx->scratch, "sorting %s", t->name), vrk_str_of(&sql),
                          &found));
    *n = found.column[0].i[0];
done:
    vrk_frame_free(&found);
    return st;
}

vrk_status vrk_fresh_write(vrk_importing *m, vrk_import_table *it, const char **fresh)
{
    vrk_status st = VRK_OK;
    written w;
    vrk_str sql = {.mem = &m->ctx->scratch};
    int64_t twice = 0, files = m->after.files;
    bool known = false;

    TRY(make_source(m, it->table, true));
    TRY(make_typed(m, it));
    TRY(many_strangers(m, it->table, &known));
    if (known)
        TRY(vrk_persons_know(m, it->table, "source"));
    if (it->count < KEPT_ROWS)
        TRY(keep_typed(m, it));
    TRY(write_sources(m, it, WRITE_FIRST, &w));
    if (!known && w.odd > it->count / 20) {
        if (!it->kept)
            TRY(make_source(m, it->table, true));
        TRY(vrk_persons_know(m, it->table, "source"));
        TRY(write_again(m, it, files, WRITE_KNOWN, &w));
    }
    TRY(count_twice(m, it->table, &w, &twice));
    if (twice)
        TRY(write_again(m, it, files, WRITE_TWICE, &w));
    if (!it->kept)
        TRY(make_source(m, it->table, false));
    vrk_sql_rest(&sql, it, w.odd > 0);
    TRY(vrk_importing_run_text(m, "reading what is odd", &sql));
    m->changed |= w.select.n > 0;
    *fresh = w.select.n ? vrk_str_of(&w.select) : NULL;
done:
    return st;
}

vrk_status vrk_again_raw(vrk_importing *m, const vrk_import_table *it)
{
    vrk_ctx *ctx = m->ctx;
    vrk_status st = VRK_OK;
    vrk_str sql = {.mem = &ctx->scratch};
    vrk_frame rows = {0};
    const char *what = vrk_text_f(&ctx->scratch, "comparing %s", it->table->name);

    TRY(make_source(m, it->table, true));
    TRY(make_typed(m, it));
    vrk_sql_stands(&sql, it);
    TRY(vrk_importing_run_text(m, what, &sql));
    vrk_sql_differs(&sql, it);
    TRY(vrk_importing_run_text(m, what, &sql));
    TRY(make_source(m, it->table, false));
    vrk_sql_again(&sql, it->table);
    vrk_str_add(&sql, "; DROP TABLE stands; DROP VIEW typed; DROP VIEW source; SELECT _file, "
                      "sum(n)::bigint FROM (SELECT _file, n FROM differs UNION ALL SELECT _file, "
                      "-count(*) FROM raw GROUP BY _file) GROUP BY _file");
    if (ctx->scratch.failed)
        FAIL(VRK_EMEMORY, "out of memory");
    TRY(vrk_importing_run(m, what, vrk_str_of(&sql), &rows));
    for (int64_t i = 0; i < rows.rows; i++)
        m->report->balance[rows.column[0].i[i]].identical += rows.column[1].i[i];
done:
    vrk_frame_free(&rows);
    return st;
}
