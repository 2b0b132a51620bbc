/* Facts in Parquet, read by DuckDB: one view a table over the files of a generation. */
#include "base/str.h"
#include "sql.h"
#include "store/duck.h"
#include "store/engine.h"

#include <string.h>

typedef struct {
    vrk_facts face;
    vrk_duck *duck;
    vrk_arena mem; /* holds this struct */
} duck_facts;

static vrk_duck *duck_of(vrk_facts *f)
{
    return ((duck_facts *)f)->duck;
}

static vrk_status make(vrk_ctx *ctx, vrk_facts *f, const char *name, const char *select)
{
    vrk_status st = VRK_OK;
    vrk_mark mark = vrk_mark_of(&ctx->scratch);
    char *sql = vrk_text_f(&ctx->scratch, "CREATE OR REPLACE TABLE %s AS\n%s", name, select);
    if (!sql)
        FAIL(VRK_EMEMORY, "out of memory");
    TRY(vrk_duck_run(ctx, duck_of(f), name, sql, NULL, 0, NULL));
done:
    vrk_rewind(&ctx->scratch, mark);
    return st;
}

static vrk_status put(vrk_ctx *ctx, vrk_facts *f, const char *name, const vrk_frame *rows)
{
    return vrk_duck_put(ctx, duck_of(f), name, rows);
}

static vrk_status query(vrk_ctx *ctx, vrk_facts *f, const char *sql, const vrk_value *bind,
                        int64_t n, vrk_frame *out)
{
    return vrk_duck_run(ctx, duck_of(f), "query", sql, bind, n, out);
}

static void close_facts(vrk_facts *f)
{
    duck_facts *d = (duck_facts *)f;
    vrk_arena mem = d->mem;
    vrk_duck_close(d->duck);
    vrk_arena_free(&mem);
}

static const vrk_engine engine = {make, put, query, close_facts};

/* The files of `table` as a view; where it has none, the empty table of sql/schema. */
static vrk_status show_table(vrk_ctx *ctx, vrk_duck *d, const char *table, const char *schema,
                             const vrk_facts_opt *opt)
{
    vrk_status st = VRK_OK;
    vrk_mark mark = vrk_mark_of(&ctx->scratch);
    vrk_str sql = {.mem = &ctx->scratch};
    int64_t files = 0;

    vrk_str_addf(&sql, "CREATE %s %s AS SELECT COLUMNS(c -> c <> '_version') FROM read_parquet([",
                 vrk_few_rows(opt->rows) ? "TABLE" : "VIEW", table);
    for (int64_t i = 0; i < opt->parts; i++) {
        if (strcmp(opt->part[i].table, table))
            continue;
        vrk_str_add(&sql, files++ ? ", " : "");
        vrk_str_add(&sql, vrk_sql_quote(&ctx->scratch, opt->part[i].path));
    }
    vrk_str_add(&sql, "])");
    if (ctx->scratch.failed)
        FAIL(VRK_EMEMORY, "out of memory");
    TRY(vrk_duck_run(ctx, d, table, files ? vrk_str_of(&sql) : schema, NULL, 0, NULL));
done:
    vrk_rewind(&ctx->scratch, mark);
    return st;
}

static vrk_status show_tables(vrk_ctx *ctx, vrk_duck *d, const vrk_facts_opt *opt)
{
    vrk_status st = VRK_OK;
    int64_t shown = 0;
    const char **paths = VRK_NEW(&ctx->scratch, opt->parts, const char *);

    if (!paths)
        FAIL(VRK_EMEMORY, "out of memory");
    for (int64_t i = 0; i < opt->parts; i++)
        paths[i] = opt->part[i].path;
    TRY(vrk_duck_lock(ctx, d, NULL, 0, paths, opt->parts));
    for (int k = 0; k < VRK_SQL_COUNT; k++) {
        const char *text = vrk_embed_sql[k].bytes, *create = strstr(text, "\nCREATE TABLE ");
        if (!create)
            continue;
        create += strlen("\nCREATE TABLE ");
        char *table = vrk_text_copy_n(&ctx->scratch, create, strcspn(create, " ("));
        if (!table)
            FAIL(VRK_EMEMORY, "out of memory");
        for (int64_t i = 0; i < opt->parts; i++)
            shown += !strcmp(opt->part[i].table, table);
        TRY(show_table(ctx, d, table, text, opt));
    }
    if (shown != opt->parts)
        FAIL(VRK_EINPUT, "%lld files belong to no known table", (long long)(opt->parts - shown));
done:
    return st;
}

vrk_status vrk_facts_open_duckdb(vrk_ctx *ctx, const vrk_facts_opt *opt, vrk_facts **out)
{
    vrk_status st = VRK_OK;
    vrk_mark mark = vrk_mark_of(&ctx->scratch);
    vrk_arena mem = {0};
    vrk_facts_opt o = opt ? *opt : (vrk_facts_opt){0};

    *out = NULL;
    duck_facts *f = VRK_NEW(&mem, 1, duck_facts);
    if (!f)
        FAIL(VRK_EMEMORY, "out of memory");
    f->face.engine = &engine;
    vrk_duck_opt duck = {.threads = o.threads, .rows = o.rows, .memory = o.memory, .temp = o.temp};
    TRY(vrk_duck_open(ctx, &duck, &f->duck));
    TRY(show_tables(ctx, f->duck, &o));
    if (pthread_mutex_init(&f->face.lock, NULL))
        FAIL(VRK_EMEMORY, "could not make a lock");
    f->mem = mem;
    *out = &f->face;
done:
    vrk_rewind(&ctx->scratch, mark);
    if (st != VRK_OK) {
        if (f)
            vrk_duck_close(f->duck);
        vrk_arena_free(&mem);
    }
    return st;
}
