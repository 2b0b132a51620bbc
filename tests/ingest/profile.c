#include "ingest/profile.h"
#include "base/str.h"
#include "base/sys.h"
#include "ingest/looks.h"
#include "ingest/value_sql.h"
#include "tests/t.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

typedef struct {
    vrk_ctx ctx;
    vrk_arena mem;
    vrk_duck *duck;
    vrk_headings known;
    char folder[64];
    vrk_profile p;
    vrk_frame f;
} bench;

/* Profiles a file of that content. */
static void start(bench *b, const char *content)
{
    *b = (bench){.folder = "/tmp/verkan-profile-XXXXXX"};
    char path[128];
    T_OK(mkdtemp(b->folder) != NULL);
    snprintf(path, sizeof(path), "%s/a.csv", b->folder);
    T_OK(vrk_file_replace(&b->ctx, path, content, strlen(content)) == VRK_OK);
    T_OK(vrk_duck_open(&b->ctx, NULL, &b->duck) == VRK_OK);
    T_OK(vrk_value_functions(&b->ctx, b->duck) == VRK_OK);
    T_OK(vrk_headings_make(&b->ctx, &b->mem, &b->known) == VRK_OK);
    vrk_table_place at = {.path = path, .name = path, .staging = b->folder, .number = 1};
    T_OK(vrk_profile_make(&b->ctx, b->duck, &b->known, &at, &b->mem, &b->p) == VRK_OK);
}

static void end(bench *b)
{
    T_OK(vrk_folder_remove(&b->ctx, b->folder) == VRK_OK);
    vrk_frame_free(&b->f);
    vrk_duck_close(b->duck);
    vrk_arena_free(&b->mem);
    vrk_arena_free(&b->ctx.scratch);
}

/* What an expression over the file gives, row by row, joined by |. */
static bool gives(bench *b, const char *expression, const char *want)
{
    char sql[8000];
    vrk_frame_free(&b->f);
    snprintf(sql, sizeof(sql),
             "SELECT string_agg(coalesce(%s, '-'), '|' ORDER BY _line) AS v FROM %s", expression,
             b->p.from);
    T_OK(vrk_duck_run(&b->ctx, b->duck, "test", sql, NULL, 0, &b->f) == VRK_OK);
    bool same = b->f.rows == 1 && !strcmp(b->f.column[0].s[0], want);
    if (!same)
        printf("# %s\n# %s\n", b->f.rows ? b->f.column[0].s[0] : b->ctx.message, want);
    return same;
}

static void iso_times_keep_their_zone(void)
{
    bench b;
    start(&b, "t\n2026-11-24\n2026/11/24 09:05\n2026-11-24 10:00:00.123+0200\n"
              "2026-11-24T10:00:00Z\n2026-11-24 10:00:00+01\n");
    T_OK(b.p.column[0].dates && b.p.rows == 5);
    T_OK(gives(&b, vrk_profile_date(&b.p, 0, &b.mem),
               "2026-11-24|2026-11-24T09:05:00|2026-11-24T10:00:00.123+02:00|2026-11-24T10:00:00Z|"
               "2026-11-24T10:00:00+01:00"));
    end(&b);
}

static void one_date_that_tells_decides_for_the_file(void)
{
    bench b;
    start(&b, "a,b\n3/1/2017,10/20/2016\n11/2/2017,1/2/2017\n,1/2/2017\nsoon,1/2/2017\n");
    T_OK(!b.p.column[0].dates); /* one of three is no date */
    T_OK(b.p.column[1].dates && b.p.column[1].order == VRK_ORDER_MONTH);
    end(&b);

    start(&b, "a,b\n3/1/2017,10/20/2016\n\"11/2/2017, 9:10 PM\",1/2/2017\n");
    T_OK(b.p.column[0].order == VRK_ORDER_MONTH && b.p.column[0].order_followed);
    T_OK(gives(&b, vrk_profile_date(&b.p, 0, &b.mem), "2017-03-01|2017-11-02T21:10:00"));
    T_OK(gives(&b, vrk_profile_date(&b.p, 1, &b.mem), "2016-10-20|2017-01-02"));
    end(&b);

    start(&b, "a;b\n3.1.2017;31/12/2016 10:00\n11.2.2017;1/2/2017 11:30:15\n");
    T_OK(b.p.tidy.delimiter == ';' && b.p.column[1].order == VRK_ORDER_DAY);
    T_OK(gives(&b, vrk_profile_date(&b.p, 0, &b.mem), "2017-01-03|2017-02-11"));
    T_OK(gives(&b, vrk_profile_date(&b.p, 1, &b.mem), "2016-12-31T10:00:00|2017-02-01T11:30:15"));
    end(&b);
}

static void what_cannot_be_told_stays_open(void)
{
    bench b;
    start(&b, "a,b,c,d\n3/1/2017,3.1.2017,31/12/2016,\"1,250\"\n4/2/2017,4.2.2017,12/31/2016,7\n");
    T_OK(b.p.column[0].order == VRK_ORDER_NONE && b.p.column[0].open_dates == 2);
    T_OK(b.p.column[1].open_dates == 0); /* dots stand between days and months */
    T_OK(b.p.column[3].open_numbers == 1);
    T_OK(gives(&b, vrk_profile_date(&b.p, 0, &b.mem), "3/1/2017|4/2/2017"));
    T_OK(gives(&b, vrk_profile_date(&b.p, 1, &b.mem), "2017-01-03|2017-02-04"));
    T_OK(gives(&b, vrk_profile_date(&b.p, 2, &b.mem), "2016-12-31|2016-12-31"));
    T_OK(gives(&b, vrk_profile_number(&b.p, 3, &b.mem), "1,250|7"));
    end(&b);
}

static void numbers_lose_their_dress(void)
{
    bench b;
    start(&b, "a;b;c\n1 250 000,00 kr;1,250;1.250\n-12,5;2,500,000;0,5\nSEK 1.250,00;7;2.000.000\n"
              "about 5;1.5;9\n\xC2\xA0"
              "1\xC2\xA0"
              "000;x;12,50\n");
    T_OK(b.p.column[0].decimal == VRK_DECIMAL_COMMA && b.p.column[1].decimal == VRK_DECIMAL_POINT &&
         b.p.column[2].decimal == VRK_DECIMAL_COMMA);
    T_OK(gives(&b, vrk_profile_number(&b.p, 0, &b.mem), "1250000.00|-12.5|1250.00|about 5|1000"));
    T_OK(gives(&b, vrk_profile_number(&b.p, 1, &b.mem), "1250|2500000|7|1.5|x"));
    T_OK(gives(&b, vrk_profile_number(&b.p, 2, &b.mem), "1250|0.5|2000000|9|12.50"));
    end(&b);
}

static void the_delimiter_and_the_mark_are_found(void)
{
    bench b;
    start(&b, "\xEF\xBB\xBF"
              "id\tname, first\n1\tA\n2\tB\n");
    T_OK(b.p.tidy.delimiter == '\t' && b.p.csv.columns == 2);
    T_OK(!strcmp(b.p.column[0].name, "id") && b.p.column[0].distinct == 2);
    end(&b);
    start(&b, "sep=;\n\"id;\"\"name\"\"\"\n\"1;A\"\n\"2;\"\"B;b\"\"\"\n");
    T_OK(b.p.tidy.delimiter == ';' && b.p.tidy.wrapped && b.p.csv.columns == 2 && b.p.rows == 2);
    T_OK(b.p.column[1].values == 2 && !strcmp(b.p.column[1].value[1], "B;b"));
    end(&b);
}

/* Only the columns with a blank at an edge pay for taking it off: which of a file's four have one.
 */
static uint64_t edges_of(const char *content)
{
    vrk_ctx ctx = {0};
    vrk_arena mem = {0};
    vrk_csv csv;
    char folder[] = "/tmp/verkan-edges-XXXXXX", path[64];
    T_OK(mkdtemp(folder) != NULL);
    snprintf(path, sizeof(path), "%s/a.csv", folder);
    T_OK(vrk_file_replace(&ctx, path, content, strlen(content)) == VRK_OK);
    T_OK(vrk_csv_check(&ctx, path, ',', folder, 1, NULL, NULL, &mem, &csv) == VRK_OK);
    T_OK(csv.columns == 4 && csv.faults == 0);
    T_OK(vrk_folder_remove(&ctx, folder) == VRK_OK);
    vrk_arena_free(&mem);
    vrk_arena_free(&ctx.scratch);
    return csv.edges;
}

static void blanks_are_looked_for_column_by_column(void)
{
    T_OK(edges_of("a,b,c,d\n\"x, y\",\"say \"\"no\"\"\",p q,\"\"\"  \"\"\"\n") == 0);
    T_OK(edges_of("a,b,c,d\nx,\"a \n b\",\xC3\x85\xC3\xA5,\"1, 2\"\n") == 0);
    T_OK(edges_of("a,b,c,d\n x,y ,\" z\",\"z \"\n") == 0xF);
    T_OK(edges_of("a,b,c,d\nx,y,z,z \r\n") == 0x8);
    T_OK(edges_of("a,b,c,d\nx,\"a \n b \",z,z\n") == 0x2);
    T_OK(edges_of("a,b,c,d\n\xC2\xA0x,y\xE3\x80\x80,1\xC2\xA0"
                  "000,\" \"\n") == 0xB);
    T_OK(edges_of("a,b,c,d\n\"\",,,\n\" \",,,\n") == 0x1);
}

static void values_are_counted_and_few_are_kept(void)
{
    bench b;
    vrk_str csv = {.mem = &(vrk_arena){0}};
    vrk_str_add(&csv, "id,kind,note\n");
    for (int i = 0; i < 1000; i++)
        vrk_str_addf(&csv, "A%d,%s,%s\n", i / 2, i % 3 ? "call" : "Email", i % 100 ? "" : "won");
    start(&b, vrk_str_of(&csv));
    const vrk_profile_column *c = b.p.column;
    T_OK(b.p.rows == 1000 && c[0].filled == 1000 && c[0].distinct == 500 && c[0].values < 0);
    T_OK(vrk_profile_looks(&c[0], VRK_LOOK_CODE) == 1000);
    T_OK(c[1].distinct == 2 && c[1].values == 2);
    T_OK(!strcmp(c[1].value[0], "Email") && !strcmp(c[1].value[1], "call"));
    T_OK(c[2].filled == 10 && c[2].distinct == 1);
    T_OK(vrk_profile_looks(&c[2], VRK_LOOK_CLOSED) == 10);
    end(&b);
    vrk_arena_free(csv.mem);
}

/* Of more different values than are kept only the number is missing: the database counts then. */
static void many_values_are_looked_at_all_the_same(void)
{
    vrk_profile_column column = {0};
    vrk_value_set set = {0};
    vrk_arena mem = {0};
    vrk_looking l = {.column = &column, .set = &set, .columns = 1, .mem = &mem, .most = 300};
    char text[16];
    for (int i = 0; i < 5000; i++) {
        size_t n = (size_t)snprintf(text, sizeof(text), "%d/25/2026", 1 + i % 12);
        vrk_looking_see(&l, 0, text, n);
        n = (size_t)snprintf(text, sizeof(text), "A-%d", i);
        vrk_looking_see(&l, 0, text, n);
    }
    vrk_looking_see(&l, 0, NULL, 0);
    T_OK(set.many && l.rows == 10001 && column.filled == 10000 && !l.failed);
    T_OK(vrk_profile_looks(&column, VRK_LOOK_MONTH) == 5000);
    T_OK(vrk_profile_looks(&column, VRK_LOOK_CODE) == 5000);
    vrk_looking_free(&l);
    vrk_arena_free(&mem);
}

T_MAIN(T_CASE(iso_times_keep_their_zone), T_CASE(one_date_that_tells_decides_for_the_file),
       T_CASE(what_cannot_be_told_stays_open), T_CASE(numbers_lose_their_dress),
       T_CASE(the_delimiter_and_the_mark_are_found), T_CASE(blanks_are_looked_for_column_by_column),
       T_CASE(values_are_counted_and_few_are_kept), T_CASE(many_values_are_looked_at_all_the_same))
