#include "store/records.h"
#include "tests/store/space.h"

static vrk_records *open_records(vrk_ctx *ctx, const t_space *s)
{
    vrk_records *r = NULL;
    T_OK(vrk_records_open(ctx, vrk_text_f(&ctx->scratch, "%s/records.db", s->top), &r) == VRK_OK);
    return r;
}

static int64_t count(vrk_ctx *ctx, vrk_records *r, const char *sql)
{
    vrk_frame f;
    T_OK(vrk_records_run(ctx, r, sql, NULL, 0, &f) == VRK_OK && f.rows == 1);
    int64_t n = f.rows == 1 ? f.column[0].i[0] : -1;
    vrk_frame_free(&f);
    return n;
}

static void is_durable_and_made_once(void)
{
    vrk_ctx ctx = {0};
    t_space s = t_space_new();
    vrk_frame f;
    vrk_records *r = open_records(&ctx, &s);
    T_OK(vrk_records_run(&ctx, r, "PRAGMA journal_mode", NULL, 0, &f) == VRK_OK);
    T_OK(f.rows == 1 && !strcmp(f.column[0].s[0], "wal"));
    vrk_frame_free(&f);
    T_OK(count(&ctx, r, "PRAGMA synchronous") == 2);
    T_OK(vrk_records_run(&ctx, r, "INSERT INTO cut VALUES ('deals', 8)", NULL, 0, NULL) == VRK_OK);
    int64_t version = count(&ctx, r, "PRAGMA user_version");
    vrk_records_close(r);
    r = open_records(&ctx, &s);
    T_OK(count(&ctx, r, "SELECT buckets FROM cut") == 8);
    T_OK(count(&ctx, r, "PRAGMA user_version") == version && version > 0);
    vrk_records_close(r);
    vrk_records_close(NULL);
    vrk_arena_free(&ctx.scratch);
    t_space_free(&s);
}

static void refuses_what_a_newer_program_made(void)
{
    vrk_ctx ctx = {0};
    t_space s = t_space_new();
    vrk_records *r = open_records(&ctx, &s);
    T_OK(vrk_records_run(&ctx, r, "PRAGMA user_version = 1000", NULL, 0, NULL) == VRK_OK);
    vrk_records_close(r);
    T_OK(vrk_records_open(&ctx, vrk_text_f(&ctx.scratch, "%s/records.db", s.top), &r) ==
             VRK_EINPUT &&
         !r);
    T_OK(strstr(ctx.message, "newer verkan"));
    vrk_arena_free(&ctx.scratch);
    t_space_free(&s);
}

static void refuses_what_is_no_database(void)
{
    vrk_ctx ctx = {0};
    t_space s = t_space_new();
    vrk_records *r;
    char *path = vrk_text_f(&ctx.scratch, "%s/records.db", s.top);
    static const char text[] = "this is not a database, it is a text of more than a page or so";
    T_OK(vrk_file_replace(&ctx, path, text, sizeof(text)) == VRK_OK);
    T_OK(vrk_records_open(&ctx, path, &r) == VRK_EDB && !r);
    T_OK(strstr(ctx.message, "not a database"));
    T_OK(vrk_records_open(&ctx, vrk_text_f(&ctx.scratch, "%s/none/records.db", s.top), &r) ==
             VRK_EIO &&
         !r);
    vrk_arena_free(&ctx.scratch);
    t_space_free(&s);
}

static void binds_and_reads_values(void)
{
    vrk_ctx ctx = {0};
    t_space s = t_space_new();
    vrk_records *r = open_records(&ctx, &s);
    vrk_frame f;
    vrk_value v[] = {{.type = VRK_TEXT, .s = "it's Åsa"},
                     {.type = VRK_INT, .i = INT64_MIN},
                     {.type = VRK_TEXT, .null = true}};
    T_OK(vrk_records_run(&ctx, r, "SELECT ?1 AS a, ?2 AS b, ?3 AS c UNION ALL SELECT NULL, 5, 'x'",
                         v, 3, &f) == VRK_OK);
    T_OK(f.rows == 2 && f.columns == 3);
    T_OK(!strcmp(f.column[0].s[0], "it's Åsa") && f.column[0].null[1]);
    T_OK(f.column[1].i[0] == INT64_MIN && f.column[1].i[1] == 5);
    T_OK(f.column[2].null[0] && !strcmp(f.column[2].s[1], "x"));
    vrk_frame_free(&f);
    T_OK(vrk_records_run(&ctx, r, "SELECT nothing", NULL, 0, &f) == VRK_EDB && !f.column);
    T_OK(strstr(ctx.message, "nothing"));
    vrk_records_close(r);
    vrk_arena_free(&ctx.scratch);
    t_space_free(&s);
}

static void runs_once_for_each_row(void)
{
    vrk_ctx ctx = {0};
    t_space s = t_space_new();
    vrk_records *r = open_records(&ctx, &s);
    const char *names[] = {"name", "buckets"};
    const vrk_type types[] = {VRK_TEXT, VRK_INT};
    vrk_frame f;
    T_OK(vrk_frame_init(&ctx, names, types, 2, 1000, &f) == VRK_OK);
    for (int64_t i = 0; i < f.rows; i++) {
        vrk_frame_set_text(&f, 0, i, vrk_text_f(&ctx.scratch, "t%d", (int)i));
        vrk_frame_set_int(&f, 1, i, i);
    }
    const char *insert = "INSERT INTO cut VALUES (?1, ?2)";
    T_OK(vrk_records_run(&ctx, r, "BEGIN", NULL, 0, NULL) == VRK_OK);
    T_OK(vrk_records_run_rows(&ctx, r, insert, &f) == VRK_OK);
    T_OK(vrk_records_run(&ctx, r, "COMMIT", NULL, 0, NULL) == VRK_OK);
    T_OK(count(&ctx, r, "SELECT sum(buckets) FROM cut") == 999 * 500);
    T_OK(vrk_records_run_rows(&ctx, r, insert, &f) == VRK_EDB); /* the keys are taken */
    T_OK(vrk_records_run(&ctx, r, "BEGIN", NULL, 0, NULL) == VRK_OK);
    T_OK(vrk_records_run(&ctx, r, "DELETE FROM cut", NULL, 0, NULL) == VRK_OK);
    vrk_records_close(r); /* without COMMIT: as if it never was */
    r = open_records(&ctx, &s);
    T_OK(count(&ctx, r, "SELECT count(*) FROM cut") == 1000);
    vrk_records_close(r);
    vrk_frame_free(&f);
    vrk_arena_free(&ctx.scratch);
    t_space_free(&s);
}

T_MAIN(T_CASE(is_durable_and_made_once), T_CASE(refuses_what_a_newer_program_made),
       T_CASE(refuses_what_is_no_database), T_CASE(binds_and_reads_values),
       T_CASE(runs_once_for_each_row))
