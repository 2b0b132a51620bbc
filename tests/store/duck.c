#include "store/duck.h"
#include "tests/t.h"

#include <string.h>

static vrk_duck *open_duck(vrk_ctx *ctx)
{
    vrk_duck *d = NULL;
    T_OK(vrk_duck_open(ctx, NULL, &d) == VRK_OK);
    return d;
}

static void reads_every_type(void)
{
    vrk_ctx ctx = {0};
    vrk_duck *d = open_duck(&ctx);
    vrk_frame f;
    T_OK(
        vrk_duck_run(&ctx, d, "test",
                     "SELECT true AS b, 7::tinyint AS t, sum(x) AS h, 'åäö, a longer text' AS s, "
                     "date '1970-01-03' AS day, timestamp '1970-01-01 00:00:01' AS at, 0.5::double "
                     "AS d, NULL::bigint AS nothing FROM range(10) AS r(x)",
                     NULL, 0, &f) == VRK_OK);
    T_OK(f.rows == 1 && f.columns == 8);
    T_OK(f.column[0].i[0] == 1 && f.column[1].i[0] == 7 && f.column[2].i[0] == 45);
    T_OK(!strcmp(f.column[3].s[0], "åäö, a longer text"));
    T_OK(f.column[4].type == VRK_DAY && f.column[4].i[0] == 2);
    T_OK(f.column[5].type == VRK_TIME && f.column[5].i[0] == 1000000);
    T_OK(f.column[6].d[0] == 0.5 && f.column[7].null[0]);
    vrk_frame_free(&f);
    T_OK(vrk_duck_run(&ctx, d, "test", "SELECT 9223372036854775807::hugeint + 1 AS big", NULL, 0,
                      &f) == VRK_ENUMERIC);
    T_OK(vrk_duck_run(&ctx, d, "test", "SELECT [1] AS list", NULL, 0, &f) == VRK_EDB && !f.column);
    vrk_duck_close(d);
    vrk_arena_free(&ctx.scratch);
}

static void reads_more_rows_than_a_chunk_holds(void)
{
    vrk_ctx ctx = {0};
    vrk_duck *d = open_duck(&ctx);
    vrk_frame f;
    T_OK(vrk_duck_run(&ctx, d, "test",
                      "SELECT x, 'text number ' || x AS s FROM range(300000) AS r(x) ORDER BY x",
                      NULL, 0, &f) == VRK_OK);
    T_OK(f.rows == 300000);
    for (int64_t i = 0; i < f.rows; i++)
        T_OK(f.column[0].i[i] == i);
    T_OK(!strcmp(f.column[1].s[299999], "text number 299999"));
    vrk_frame_free(&f);
    vrk_duck_close(d);
    vrk_arena_free(&ctx.scratch);
}

static void puts_back_what_it_read(void)
{
    vrk_ctx ctx = {0};
    vrk_duck *d = open_duck(&ctx);
    vrk_frame f, again;
    const char *sql =
        "SELECT 1::bigint AS i, 0.25::double AS d, 'it''s' AS s, date '2026-11-24' AS "
        "day, timestamp '2026-11-24 10:00:00' AS at UNION ALL "
        "SELECT NULL, NULL, NULL, NULL, NULL ORDER BY i";
    T_OK(vrk_duck_run(&ctx, d, "test", sql, NULL, 0, &f) == VRK_OK && f.rows == 2);
    T_OK(vrk_duck_put(&ctx, d, "copy", &f) == VRK_OK &&
         vrk_duck_put(&ctx, d, "copy", &f) == VRK_OK);
    vrk_value bind = {.type = VRK_TEXT, .s = "it's"};
    T_OK(vrk_duck_run(&ctx, d, "test", "SELECT * FROM copy WHERE s = $1", &bind, 1, &again) ==
         VRK_OK);
    T_OK(again.rows == 1 && again.column[0].i[0] == 1 && again.column[1].d[0] == 0.25 &&
         again.column[3].i[0] == f.column[3].i[0] && again.column[4].i[0] == f.column[4].i[0]);
    vrk_frame_free(&again);
    T_OK(vrk_duck_run(&ctx, d, "test", "SELECT $2", &bind, 1, NULL) == VRK_EDB);
    vrk_frame_free(&f);
    vrk_duck_close(d);
    vrk_arena_free(&ctx.scratch);
}

static int stop(void *arg, const char *what, double done)
{
    (void)arg, (void)what, (void)done;
    return 1;
}

static void stops_a_long_statement_when_asked(void)
{
    vrk_ctx ctx = {0};
    vrk_duck *d = open_duck(&ctx);
    vrk_frame f;
    ctx.tick = stop;
    T_OK(vrk_duck_run(
             &ctx, d, "counting",
             "SELECT count(*) FROM range(1000000) a(x), range(1000000) b(y) WHERE x + y % 7 "
             "= 3",
             NULL, 0, &f) == VRK_ECANCEL);
    ctx.tick = NULL;
    T_OK(vrk_duck_run(&ctx, d, "after", "SELECT 1", NULL, 0, &f) == VRK_OK && f.rows == 1);
    vrk_frame_free(&f);
    vrk_duck_close(d);
    vrk_arena_free(&ctx.scratch);
}

static void reaches_nothing_once_locked(void)
{
    static const char *const forbidden[] = {"SELECT * FROM read_csv('/etc/passwd')",
                                            "COPY (SELECT 1) TO '/tmp/verkan-forbidden.csv'",
                                            "SET enable_external_access = true",
                                            "ATTACH '/tmp/verkan-forbidden.db' AS x",
                                            "INSTALL httpfs",
                                            "SET temp_directory = '/tmp'"};
    vrk_ctx ctx = {0};
    vrk_duck *d = open_duck(&ctx);
    T_OK(vrk_duck_lock(&ctx, d, NULL, 0, NULL, 0) == VRK_OK);
    for (size_t i = 0; i < sizeof(forbidden) / sizeof(forbidden[0]); i++)
        T_OK(vrk_duck_run(&ctx, d, "test", forbidden[i], NULL, 0, NULL) == VRK_EDB);
    T_OK(vrk_duck_run(&ctx, d, "test", "SELECT 1", NULL, 0, NULL) == VRK_OK);
    vrk_duck_close(d);
    vrk_arena_free(&ctx.scratch);
}

static void says_what_the_database_said_on_one_line(void)
{
    vrk_ctx ctx = {0};
    vrk_duck *d = open_duck(&ctx);
    T_OK(vrk_duck_run(&ctx, d, "visit", "SELECT\n nothing FROM nowhere", NULL, 0, NULL) == VRK_EDB);
    T_OK(strstr(ctx.message, "visit: ") && strstr(ctx.message, "nowhere"));
    T_OK(!strchr(ctx.message, '\n'));
    T_OK(vrk_duck_run(&ctx, d, "visit", "", NULL, 0, NULL) == VRK_EDB);
    vrk_duck_close(d);
    vrk_arena_free(&ctx.scratch);
}

T_MAIN(T_CASE(reads_every_type), T_CASE(reads_more_rows_than_a_chunk_holds),
       T_CASE(puts_back_what_it_read), T_CASE(stops_a_long_statement_when_asked),
       T_CASE(reaches_nothing_once_locked), T_CASE(says_what_the_database_said_on_one_line))
