#include "ingest/export.h"

#include "base/str.h"
#include "base/sys.h"
#include "ingest/tables.h"
#include "logsql.h"
#include "store/duck.h"

#include <inttypes.h>
#include <string.h>

/* An export on its way. */
typedef struct {
    vrk_duck *duck;
    vrk_generation facts;
    vrk_export_format format;
    const char *part; /* what is written, until it is complete */
    int64_t rows;
} export;

static vrk_status run(vrk_ctx *ctx, const export *e, const char *sql, vrk_frame *out)
{
    if (!sql)
        return vrk_fail(ctx, VRK_EMEMORY, "out of memory");
    return vrk_duck_run(ctx, e->duck, "writing the export", sql, NULL, 0, out);
}

/* The lease comes first and the generation is read again under it, so that no sweep can come
 * between. */
static vrk_status hold(vrk_ctx *ctx, const vrk_workspace *w, vrk_generation *g, int64_t *lease)
{
    vrk_status st = VRK_OK;
    int64_t seen = 0;

    TRY(vrk_generation_read(ctx, w, g));
    seen = g->id;
    vrk_generation_free(g);
    if (!seen)
        FAIL(VRK_EINPUT, "%s: nothing was imported yet; verkan import FOLDER brings data in",
             w->folder);
    TRY(vrk_lease_take(ctx, w, seen, lease));
    TRY(vrk_generation_read(ctx, w, g));
done:
    return st;
}

/* A view of the table's files; false where it has none. */
static vrk_status show(vrk_ctx *ctx, const export *e, const char *table, bool *has_rows)
{
    vrk_arena *mem = &ctx->scratch;
    vrk_str sql = {.mem = mem};
    int64_t files = 0, rows = 0;

    vrk_str_addf(&sql, "CREATE VIEW %s AS SELECT * FROM read_parquet([", table);
    for (int64_t i = 0; i < e->facts.files; i++) {
        if (strcmp(e->facts.file[i].table, table) != 0)
            continue;
        vrk_str_addf(&sql, "%s%s", files++ ? ", " : "", vrk_sql_quote(mem, e->facts.file[i].path));
        rows += e->facts.file[i].rows;
    }
    vrk_str_add(&sql, "])");
    *has_rows = rows > 0;
    return files ? run(ctx, e, mem->failed ? NULL : sql.at, NULL) : VRK_OK;
}

/* A fact column as it stands in the interchange file; NULL for what facts do not hold. */
static char *exported(vrk_arena *mem, const vrk_col *c, int64_t k, bool text)
{
    switch (c->kind) {
    case VRK_COL_PERSON:
    case VRK_COL_CONTACT:
        return vrk_text_f(mem, "source_%" PRId64, k);
    case VRK_COL_NAME:
        return vrk_text_f(mem, "%s_0", c->name); /* of the row's own person, the first column */
    case VRK_COL_DROPPED:
        return NULL;
    case VRK_COL_TIME:
        return vrk_text_f(mem, text ? "replace(CAST(f.\"%s\" AS varchar), ' ', 'T')" : "f.\"%s\"",
                          c->fact);
    case VRK_COL_MONEY:
        return vrk_text_f(mem, "CAST(f.\"%s\" AS decimal(20, 0)) * CAST('0.01' AS decimal(3, 2))",
                          c->fact);
    case VRK_COL_MINUTES: /* six decimals give the seconds back */
        return vrk_text_f(mem, "CAST(f.\"%s\" / 60.0 AS decimal(18, 6))", c->fact);
    default:
        return vrk_text_f(mem, "f.\"%s\"", c->fact);
    }
}

/* The columns that the table got from outside, back as columns. */
static vrk_status add_attributes(vrk_ctx *ctx, const export *e, const char *table, vrk_str *sql)
{
    vrk_status st = VRK_OK;
    vrk_frame keys = {0};
    vrk_arena *mem = &ctx->scratch;

    TRY(run(ctx, e,
            vrk_text_f(mem,
                       "SELECT DISTINCT unnest(json_keys(attributes)) AS key FROM %s WHERE "
                       "attributes IS NOT NULL ORDER BY key",
                       table),
            &keys));
    for (int64_t i = 0; i < keys.rows; i++) {
        vrk_str pointer = {.mem = mem};
        vrk_str_add(&pointer, "/");
        for (const char *p = keys.column[0].s[i]; *p; p++) /* RFC 6901 */
            vrk_str_add_n(&pointer,
                          *p == '~'   ? "~0"
                          : *p == '/' ? "~1"
                                      : p,
                          *p == '~' || *p == '/' ? 2 : 1);
        if (mem->failed)
            FAIL(VRK_EMEMORY, "out of memory");
        vrk_str_addf(sql, ", json_extract_string(f.attributes, %s) AS %s",
                     vrk_sql_quote(mem, pointer.at), vrk_sql_name(mem, keys.column[0].s[i]));
    }
done:
    vrk_frame_free(&keys);
    return st;
}

static vrk_status write_table(vrk_ctx *ctx, export *e, const vrk_table *t)
{
    vrk_status st = VRK_OK;
    vrk_arena *mem = &ctx->scratch;
    bool text = e->format == VRK_EXPORT_CSV;
    vrk_str sql = {.mem = mem}, joins = {.mem = mem};
    vrk_frame done_rows = {0};
    int64_t k = 0;

    vrk_str_add(&sql, "COPY (SELECT ");
    for (const vrk_col *c = t->col; c->name; c++, k++) {
        const char *x = exported(mem, c, k, text);
        if (x)
            vrk_str_addf(&sql, "%s%s AS \"%s\"", k ? ", " : "", x, c->name);
        if (c->kind == VRK_COL_PERSON || c->kind == VRK_COL_CONTACT)
            vrk_str_addf(&joins,
                         " LEFT JOIN (SELECT key AS key_%" PRId64 ", source_id AS source_%" PRId64
                         ", name AS name_%" PRId64 ", email AS email_%" PRId64
                         " FROM identity) ON key_%" PRId64 " = f.\"%s\"",
                         k, k, k, k, k, c->fact);
    }
    TRY(add_attributes(ctx, e, t->name, &sql));
    vrk_str_addf(
        &sql, " FROM %s f%s ORDER BY %s) TO %s (FORMAT %s)", t->name, vrk_str_of(&joins), t->key,
        vrk_sql_quote(mem, vrk_text_f(mem, "%s/%s.%s", e->part, t->name, text ? "csv" : "parquet")),
        text ? "csv, HEADER true" : "parquet");
    TRY(run(ctx, e, mem->failed ? NULL : sql.at, &done_rows));
    e->rows += done_rows.rows ? done_rows.column[0].i[0] : 0;
done:
    vrk_frame_free(&done_rows);
    return st;
}

static vrk_status write_tables(vrk_ctx *ctx, export *e)
{
    vrk_status st = VRK_OK;
    for (const vrk_table *t = vrk_tables; t->name; t++) {
        vrk_mark mark = vrk_mark_of(&ctx->scratch);
        bool has_rows = false;
        st = show(ctx, e, t->name, &has_rows);
        if (st == VRK_OK && has_rows)
            st = write_table(ctx, e, t);
        vrk_rewind(&ctx->scratch, mark);
        TRY(st);
    }
done:
    return st;
}

/* The log as one column of text, a trace a row; nothing in it needs quoting. */
static vrk_status write_log(vrk_ctx *ctx, export *e)
{
    vrk_status st = VRK_OK;
    vrk_arena *mem = &ctx->scratch;
    vrk_frame rows = {0};
    static const char *const need[] = {"deals", "stage_events", "activities"};

    for (size_t i = 0; i < sizeof(need) / sizeof(need[0]); i++) {
        bool has_rows = false;
        TRY(show(ctx, e, need[i], &has_rows));
        if (!has_rows && i == 0)
            FAIL(VRK_EINPUT, "there are no deals to write as an event log");
        if (!has_rows)
            TRY(run(ctx, e,
                    i == 1 ? "CREATE OR REPLACE VIEW stage_events AS SELECT deal_id, stage, "
                             "updated_at AS entered_at, stage AS kind, seller_key AS "
                             "recorded_by_key FROM deals WHERE false"
                           : "CREATE OR REPLACE VIEW activities AS SELECT deal_id AS activity_id, "
                             "deal_id, seller_key, stage AS kind, updated_at AS started_at, "
                             "amount AS duration_s, attributes FROM deals WHERE false",
                    NULL));
    }
    TRY(run(ctx, e, vrk_embed_logsql[VRK_LOGSQL_EXPORT_XES].bytes, NULL));
    TRY(run(ctx, e,
            vrk_text_f(mem,
                       "COPY (SELECT line FROM log_line ORDER BY place, deal_id) TO %s (FORMAT "
                       "csv, HEADER false, QUOTE '', ESCAPE '', DELIMITER E'\\x1f')",
                       vrk_sql_quote(mem, e->part)),
            &rows));
    e->rows = rows.rows ? rows.column[0].i[0] - 2 : 0; /* without the lines around the traces */
done:
    vrk_frame_free(&rows);
    return st;
}

/* Opens a database that sees the generation's files and the place of the export only, and puts the
 * persons into it. */
static vrk_status open_duck(vrk_ctx *ctx, const vrk_workspace *w, export *e)
{
    vrk_status st = VRK_OK;
    vrk_frame persons = {0};
    const char **paths = VRK_NEW(&ctx->scratch, e->facts.files + 1, const char *);
    bool folder = e->format != VRK_EXPORT_XES;

    if (!paths)
        FAIL(VRK_EMEMORY, "out of memory");
    for (int64_t i = 0; i < e->facts.files; i++)
        paths[i] = e->facts.file[i].path;
    paths[e->facts.files] = e->part;
    TRY(vrk_records_run(ctx, w->records, "SELECT key, source_id, name, email FROM identity", NULL,
                        0, &persons));
    TRY(vrk_duck_open(ctx, &(vrk_duck_opt){.temp = w->staging}, &e->duck));
    TRY(vrk_duck_put(ctx, e->duck, "identity", &persons));
    if (!folder)
        TRY(run(ctx, e,
                vrk_text_f(&ctx->scratch, "SET TimeZone = %s",
                           vrk_sql_quote(&ctx->scratch, w->timezone)),
                NULL));
    TRY(vrk_duck_lock(ctx, e->duck, &e->part, folder ? 1 : 0, paths,
                      e->facts.files + (folder ? 0 : 1)));
done:
    vrk_frame_free(&persons);
    return st;
}

vrk_status vrk_export(vrk_ctx *ctx, const vrk_workspace *w, vrk_export_format format,
                      const char *path, int64_t *rows)
{
    vrk_status st = VRK_OK;
    vrk_mark mark = vrk_mark_of(&ctx->scratch);
    export e = {.format = format};
    int64_t lease = 0;
    bool began = false;

    *rows = 0;
    if (vrk_is_folder(path) || vrk_is_file(path))
        FAIL(VRK_EINPUT, "%s is there already; give a new name, nothing is written over", path);
    e.part = vrk_text_f(&ctx->scratch, "%s.part", path);
    if (!e.part)
        FAIL(VRK_EMEMORY, "out of memory");
    TRY(hold(ctx, w, &e.facts, &lease));
    TRY(format == VRK_EXPORT_XES ? vrk_file_remove(ctx, e.part) : vrk_folder_remove(ctx, e.part));
    began = true;
    if (format != VRK_EXPORT_XES)
        TRY(vrk_folder_make(ctx, e.part));
    TRY(open_duck(ctx, w, &e));
    TRY(format == VRK_EXPORT_XES ? write_log(ctx, &e) : write_tables(ctx, &e));
    TRY(vrk_file_rename(ctx, e.part, path));
    *rows = e.rows;
done:
    vrk_duck_close(e.duck);
    if (st != VRK_OK && began) { /* the first message stands */
        char *why = vrk_text_copy(&ctx->scratch, ctx->message);
        vrk_status ignored = vrk_folder_remove(ctx, e.part);
        (void)ignored;
        if (why)
            (void)vrk_fail(ctx, st, "%s", why);
    }
    if (lease && vrk_lease_end(ctx, w, lease) != VRK_OK && st == VRK_OK)
        st = VRK_EDB;
    vrk_generation_free(&e.facts);
    vrk_rewind(&ctx->scratch, mark);
    return st;
}
