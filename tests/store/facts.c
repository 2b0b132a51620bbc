#include "base/str.h"
#include "base/sys.h"
#include "store/duck.h"
#include "tests/t.h"

#include <stdlib.h>
#include <string.h>

static void has_every_table_empty_without_files(void)
{
    vrk_ctx ctx = {0};
    vrk_facts *f;
    vrk_frame rows;
    T_OK(vrk_facts_open_duckdb(&ctx, NULL, &f) == VRK_OK);
    T_OK(vrk_facts_query(&ctx, f, "SELECT deal_id, amount FROM deals", NULL, 0, &rows) == VRK_OK);
    T_OK(rows.rows == 0 && rows.columns == 2);
    vrk_frame_free(&rows);
    T_OK(vrk_facts_make(&ctx, f, "one", "SELECT count(*) AS n FROM activities") == VRK_OK);
    T_OK(vrk_facts_query(&ctx, f, "SELECT n FROM one", NULL, 0, &rows) == VRK_OK);
    T_OK(rows.rows == 1 && rows.column[0].i[0] == 0);
    vrk_frame_free(&rows);
    vrk_facts_close(f);
    vrk_arena_free(&ctx.scratch);
}

static void shows_the_files_of_a_table_and_nothing_beside_them(void)
{
    vrk_ctx ctx = {0};
    vrk_duck *d;
    vrk_facts *f;
    vrk_frame rows;
    char folder[] = "/tmp/verkan-test-XXXXXX";
    T_OK(mkdtemp(folder));
    char *a = vrk_text_f(&ctx.scratch, "%s/a.parquet", folder);
    char *b = vrk_text_f(&ctx.scratch, "%s/b.parquet", folder);
    char *c = vrk_text_f(&ctx.scratch, "%s/c.parquet", folder);
    const char *const file[] = {a, b, c};
    T_OK(vrk_duck_open(&ctx, NULL, &d) == VRK_OK);
    for (int i = 0; i < 3; i++)
        T_OK(vrk_duck_run(&ctx, d, "write",
                          vrk_text_f(&ctx.scratch,
                                     "COPY (SELECT 'D%d' AS deal_id) TO '%s' (FORMAT parquet)", i,
                                     file[i]),
                          NULL, 0, NULL) == VRK_OK);
    vrk_duck_close(d);
    vrk_part part[] = {{"deals", a}, {"deals", b}};
    T_OK(vrk_facts_open_duckdb(&ctx, &(vrk_facts_opt){.part = part, .parts = 2}, &f) == VRK_OK);
    T_OK(vrk_facts_query(&ctx, f, "SELECT deal_id FROM deals ORDER BY deal_id", NULL, 0, &rows) ==
         VRK_OK);
    T_OK(rows.rows == 2 && !strcmp(rows.column[0].s[1], "D1"));
    vrk_frame_free(&rows);
    T_OK(vrk_facts_query(&ctx, f, vrk_text_f(&ctx.scratch, "SELECT * FROM read_parquet('%s')", c),
                         NULL, 0, &rows) == VRK_EDB);
    vrk_facts_close(f);
    part[1].table = "deal";
    T_OK(vrk_facts_open_duckdb(&ctx, &(vrk_facts_opt){.part = part, .parts = 2}, &f) ==
             VRK_EINPUT &&
         !f);
    T_OK(vrk_folder_remove(&ctx, folder) == VRK_OK);
    vrk_arena_free(&ctx.scratch);
}

T_MAIN(T_CASE(has_every_table_empty_without_files),
       T_CASE(shows_the_files_of_a_table_and_nothing_beside_them))
