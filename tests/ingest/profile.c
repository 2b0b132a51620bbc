#include "ingest/profile.h"
#include "base/sys.h"
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
}

T_MAIN(T_CASE(iso_times_keep_their_zone), T_CASE(one_date_that_tells_decides_for_the_file),
       T_CASE(what_cannot_be_told_stays_open), T_CASE(numbers_lose_their_dress),
       T_CASE(the_delimiter_and_the_mark_are_found))
