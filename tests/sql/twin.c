/* Every statement gives the same rows in DuckDB and in PostgreSQL. Run by with_postgres.py. */
#include "sql.h"
#include "tests/diag/made.h"
#include "tests/diag/rows.h"

#include <stdlib.h>

typedef struct {
    vrk_ctx ctx;
    vrk_facts *duck, *pg;
} pair;

static bool open_pair(pair *p)
{
    const char *conninfo = getenv("VERKAN_TEST_POSTGRES");
    *p = (pair){0};
    T_OK(vrk_facts_open_duckdb(&p->ctx, &(vrk_facts_opt){.threads = 2}, &p->duck) == VRK_OK);
    T_OK(vrk_facts_open_postgres(&p->ctx, conninfo, "public", &p->pg) == VRK_OK);
    if (t_bad)
        printf("# %s\n", p->ctx.message);
    return !t_bad;
}

static void close_pair(pair *p)
{
    vrk_facts_close(p->duck);
    vrk_facts_close(p->pg);
    T_OK(p->ctx.scratch.used == 0);
    vrk_arena_free(&p->ctx.scratch);
}

/* Name of the table that statement `k` of sql/schema makes, NULL for others. */
static const char *fact_table(vrk_ctx *ctx, int k)
{
    const char *create = strstr(vrk_embed_sql[k].bytes, "\nCREATE TABLE ");
    if (!create)
        return NULL;
    create += strlen("\nCREATE TABLE ");
    return vrk_text_copy_n(&ctx->scratch, create, strcspn(create, " ("));
}

/* Facts of the one into the other; a temporary table stands before the schema's of its name. */
static void copy_facts(pair *p)
{
    vrk_mark mark = vrk_mark_of(&p->ctx.scratch);
    for (int k = 0; k < VRK_SQL_COUNT; k++) {
        vrk_frame rows = {0};
        const char *table = fact_table(&p->ctx, k);
        if (!table)
            continue;
        const char *all = vrk_text_f(&p->ctx.scratch, "SELECT * FROM %s", table);
        T_OK(vrk_facts_query(&p->ctx, p->duck, all, NULL, 0, &rows) == VRK_OK);
        T_OK(vrk_facts_put(&p->ctx, p->pg, table, &rows) == VRK_OK);
        vrk_frame_free(&rows);
    }
    vrk_rewind(&p->ctx.scratch, mark);
}

static int by_text(const void *a, const void *b)
{
    return strcmp(*(char *const *)a, *(char *const *)b);
}

/* Rows of text in order, as tables have none. */
static int64_t sort_rows(vrk_arena *mem, const char *text, char ***out)
{
    int64_t n = 0;
    char *copy = vrk_text_copy(mem, text ? text : "");
    *out = VRK_NEW(mem, (int64_t)strlen(copy) + 1, char *);
    for (char *line = strtok(copy, "\n"); line; line = strtok(NULL, "\n"))
        (*out)[n++] = line;
    qsort(*out, (size_t)n, sizeof(char *), by_text);
    return n;
}

/* The number of rows, the same in both. */
static int64_t compare(pair *p, const char *name, const char *sql)
{
    vrk_arena mem = {0};
    char **a, **b;
    int64_t n = sort_rows(&mem, rows_text(&p->ctx, p->duck, sql, &mem), &a);
    int64_t m = sort_rows(&mem, rows_text(&p->ctx, p->pg, sql, &mem), &b);
    int64_t bad = n != m;
    for (int64_t i = 0; i < n && i < m && !bad; i++)
        bad = strcmp(a[i], b[i]) ? i + 1 : 0;
    if (bad) {
        t_bad++;
        printf("# %s: DuckDB %" PRId64 " rows, PostgreSQL %" PRId64 "\n", name, n, m);
        if (n == m)
            printf("# row %" PRId64 "\n#   DuckDB     %s\n#   PostgreSQL %s\n", bad, a[bad - 1],
                   b[bad - 1]);
    }
    vrk_arena_free(&mem);
    return n;
}

/* A statement of sql/ledger is compared by the table that it made, one of sql/query by its rows. */
static void compare_all(pair *p, bool all_have_rows)
{
    vrk_mark mark = vrk_mark_of(&p->ctx.scratch);
    for (int k = 0; k < VRK_SQL_COUNT; k++) {
        if (fact_table(&p->ctx, k))
            continue;
        const char *file = vrk_embed_sql[k].name;
        const char *name = vrk_text_copy_n(&p->ctx.scratch, file, strcspn(file, "."));
        const char *all = vrk_text_f(&p->ctx.scratch, "SELECT * FROM %s", name);
        bool is_table = vrk_facts_query(&p->ctx, p->duck, all, NULL, 0, NULL) == VRK_OK;
        int64_t n = compare(p, name, is_table ? all : vrk_embed_sql[k].bytes);
        if (!n && all_have_rows) {
            t_bad++;
            printf("# %s: no rows to compare\n", name);
        }
    }
    vrk_rewind(&p->ctx.scratch, mark);
}

static const vrk_ledger_opt keep = {.keep_working = true, .unread = true};

#define NEED_POSTGRES                                                                              \
    do {                                                                                           \
        const char *have = getenv("VERKAN_TEST_POSTGRES");                                         \
        if (!have || *have == '!')                                                                 \
            T_SKIP(have ? have + 1 : "VERKAN_TEST_POSTGRES is not set");                           \
    } while (0)

static void gives_the_same_rows_on_a_made_world(void)
{
    NEED_POSTGRES;
    pair p;
    vrk_ledger_info a = {0}, b = {0};
    if (open_pair(&p) && make_world(&p.ctx, p.duck, 400)) {
        T_OK(vrk_facts_query(&p.ctx, p.duck,
                             "INSERT INTO candidates (candidate_key, role, applied_on, "
                             "experience_years, decision) VALUES (90, 'inside_sales', date "
                             "'2025-03-01', 4.5, NULL), (91, NULL, NULL, NULL, 'hired')",
                             NULL, 0, NULL) == VRK_OK);
        T_OK(vrk_facts_query(&p.ctx, p.duck,
                             "INSERT INTO assessments (person_key, competency, item_id, score, "
                             "max_score, rater_key, instrument) VALUES (90, 'next_step', 'q1', 4, "
                             "5, 3, 'interview'), (90, 'next_step', 'q2', 2.5, NULL, NULL, "
                             "'interview')",
                             NULL, 0, NULL) == VRK_OK);
        copy_facts(&p);
        T_OK(vrk_ledger_build(&p.ctx, p.duck, &keep, &a) == VRK_OK);
        T_OK(vrk_ledger_build(&p.ctx, p.pg, &keep, &b) == VRK_OK);
        if (t_bad)
            printf("# %s\n", p.ctx.message);
        else
            compare_all(&p, true);
    }
    vrk_ledger_info_free(&a);
    vrk_ledger_info_free(&b);
    close_pair(&p);
}

static void gives_the_same_nothing_on_no_facts(void)
{
    NEED_POSTGRES;
    pair p;
    if (open_pair(&p)) {
        copy_facts(&p);
        T_OK(vrk_ledger_build(&p.ctx, p.duck, &keep, NULL) == VRK_OK);
        T_OK(vrk_ledger_build(&p.ctx, p.pg, &keep, NULL) == VRK_OK);
        if (t_bad)
            printf("# %s\n", p.ctx.message);
        else
            compare_all(&p, false);
    }
    close_pair(&p);
}

T_MAIN(T_CASE(gives_the_same_rows_on_a_made_world), T_CASE(gives_the_same_nothing_on_no_facts))
