/* Wall times by a table of days are those that the database tells one by one; and the cells that go
 * by while a CSV is checked are those that the database reads of it. */
#include "ingest/wall.h"
#include "base/rng.h"
#include "base/str.h"
#include "base/sys.h"
#include "ingest/csv_check.h"
#include "tests/t.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static int64_t ask(vrk_ctx *ctx, vrk_duck *d, const char *sql)
{
    vrk_frame f = {0};
    vrk_status st = vrk_duck_run(ctx, d, "asking", sql, NULL, 0, &f);
    int64_t out = st == VRK_OK && f.rows ? f.column[0].i[0] : -1;
    if (st != VRK_OK)
        printf("# %s\n", ctx->message);
    vrk_frame_free(&f);
    return out;
}

/* Every seventh minute but of fifty years: how many differ, and how many are not told. */
static void check_zone(const char *zone)
{
    vrk_ctx ctx = {0};
    vrk_arena mem = {0};
    vrk_duck *d = NULL;
    T_OK(vrk_duck_open(&ctx, NULL, &d) == VRK_OK);
    T_OK(vrk_wall_function(&ctx, d, zone, &mem) == VRK_OK);
    char *make = vrk_text_f(
        &ctx.scratch,
        "CREATE TABLE moment AS SELECT x, epoch_us(timezone('%s', CAST(x AS timestamptz))) AS "
        "slow, vrk_wall(x) AS quick FROM (SELECT strftime(make_timestamp(599616000000000 + range "
        "* 7919 * 1000000), '%%Y-%%m-%%dT%%H:%%M:%%SZ') AS x FROM range(0, 210000))",
        zone);
    T_OK(vrk_duck_run(&ctx, d, "making", make, NULL, 0, NULL) == VRK_OK);
    T_OK(ask(&ctx, d, "SELECT count(*) FROM moment WHERE quick <> slow") == 0);
    T_OK(ask(&ctx, d,
             "SELECT count(*) FROM moment WHERE quick IS NULL AND x[:4] BETWEEN '1990' "
             "AND '2039'") < 6000);
    T_OK(ask(&ctx, d, "SELECT count(quick) FROM moment WHERE x[:4] < '1990' OR x[:4] > '2039'") ==
         0);
    vrk_duck_close(d);
    vrk_arena_free(&mem);
    vrk_arena_free(&ctx.scratch);
}

static void wall_times_are_those_of_the_database(void)
{
    check_zone("Europe/Stockholm");
    check_zone("America/St_Johns");
    check_zone("Australia/Lord_Howe");
    check_zone("Africa/Casablanca");
    check_zone("Asia/Kolkata");
}

static void only_moments_of_utc_are_told(void)
{
    static const char *const none[] = {
        "2026-06-01",           "2026-06-01T10:00:00",   "2026-06-01T10:00:00+02:00",
        "2026-06-31T10:00:00Z", "2026-02-29T10:00:00Z",  "2026-06-01T24:00:00Z",
        "2026-06-01T10:60:00Z", "2026-06-01T10:00:00.Z", "2026-06-01T10:00:00.12345678Z",
        "2026-00-01T10:00:00Z", "26-06-01T10:00:00Z",    "2026-06-01T10:00Z",
        "2026-06-01T1a:00:00Z", "2026-03-29T10:00:00Z",  ""};
    vrk_ctx ctx = {0};
    vrk_arena mem = {0};
    vrk_duck *d = NULL;
    T_OK(vrk_duck_open(&ctx, NULL, &d) == VRK_OK);
    T_OK(vrk_wall_function(&ctx, d, "Europe/Stockholm", &mem) == VRK_OK);
    for (size_t i = 0; i < sizeof(none) / sizeof(none[0]); i++) {
        char *sql = vrk_text_f(&ctx.scratch, "SELECT count(vrk_wall('%s'))", none[i]);
        T_OK(ask(&ctx, d, sql) == 0);
    }
    T_OK(ask(&ctx, d, "SELECT vrk_wall('2026-06-01T10:00:00Z')") == 1780315200000000);
    T_OK(ask(&ctx, d, "SELECT vrk_wall('2026-06-01 10:00:00.25Z')") == 1780315200250000);
    T_OK(ask(&ctx, d, "SELECT vrk_wall('2024-02-29T23:30:00.000001Z')") == 1709253000000001);
    vrk_duck_close(d);
    vrk_arena_free(&mem);
    vrk_arena_free(&ctx.scratch);
}

enum { COLUMNS = 3 };

/* Cells by column, each behind a mark for what it is. */
typedef struct {
    vrk_str column[COLUMNS];
    int64_t started, cells;
} seen;

static void start(void *arg, int64_t columns)
{
    ((seen *)arg)->started = columns;
}

static void see(void *arg, int64_t column, const char *text, size_t n)
{
    seen *s = arg;
    s->cells++;
    vrk_str_add(&s->column[column], text ? "=" : "-");
    vrk_str_add_n(&s->column[column], text ? text : "", n);
    vrk_str_add(&s->column[column], "\n;");
}

static void add_cell(vrk_str *s, vrk_rng *r)
{
    static const char *const parts[] = {"a",        " ",    "\xC2\xA0",     "\xE2\x80\x89",
                                        "\xC3\xA5", "\"\"", "\xE2\x80\x93", "12",
                                        "\n",       ",",    "\xE3\x80\x80", "\xE2\x80\x8B"};
    int kind = (int)(vrk_rng_below(r, 10));
    if (kind == 0)
        return;
    if (kind == 1) { /* a bare quote, which is repaired */
        vrk_str_add(s, "12\" skruv");
        return;
    }
    bool quoted = kind > 4;
    vrk_str_add(s, quoted ? "\"" : "");
    for (int64_t n = vrk_rng_below(r, 5); n; n--) {
        int64_t part = vrk_rng_below(r, 12);
        if (quoted || (part != 5 && part < 8))
            vrk_str_add(s, parts[part]);
    }
    vrk_str_add(s, quoted ? "\"" : "");
}

/* What the database says of a column, in the same form. */
static void compare(vrk_ctx *ctx, vrk_duck *d, const vrk_csv *csv, const seen *s, vrk_arena *mem)
{
    for (int64_t k = 0; k < COLUMNS; k++) {
        seen other = {.column = {{.mem = mem}, {.mem = mem}, {.mem = mem}}};
        char *sql = vrk_text_f(mem, "SELECT nullif(trim(\"%s\"), '') FROM %s", csv->heading[k],
                               vrk_csv_from(csv, mem));
        T_OK(vrk_duck_each(ctx, d, "reading", sql, see, &other) == VRK_OK);
        bool same = !strcmp(vrk_str_of(&s->column[k]), vrk_str_of(&other.column[0]));
        T_OK(same);
        if (!same)
            printf("# %s\n# %s\n", vrk_str_of(&s->column[k]), vrk_str_of(&other.column[0]));
    }
}

static void cells_that_go_by_are_those_of_the_database(void)
{
    vrk_ctx ctx = {.threads = 1};
    vrk_duck *d = NULL;
    vrk_rng r = vrk_rng_of(7, 0, 0);
    char folder[] = "/tmp/verkan-watch-XXXXXX", path[64];
    T_OK(mkdtemp(folder) != NULL);
    snprintf(path, sizeof(path), "%s/a.csv", folder);
    T_OK(vrk_duck_open(&ctx, NULL, &d) == VRK_OK);
    for (int i = 0; i < 60; i++) {
        vrk_arena mem = {0};
        vrk_str text = {.mem = &mem};
        seen s = {.column = {{.mem = &mem}, {.mem = &mem}, {.mem = &mem}}};
        const vrk_watch watch = {start, see, &s};
        vrk_csv csv;
        vrk_str_add(&text, "a,b,c\n");
        for (int row = 0; row < 40; row++) {
            for (int k = 0; k < COLUMNS; k++) {
                vrk_str_add(&text, k ? "," : row % 7 ? "" : "x");
                add_cell(&text, &r);
            }
            vrk_str_add(&text, row % 5 ? "\n" : "\r\n");
        }
        T_OK(vrk_file_replace(&ctx, path, text.at, text.n) == VRK_OK);
        T_OK(vrk_csv_check(&ctx, path, ',', folder, i, NULL, &watch, &mem, &csv) == VRK_OK);
        T_OK(s.started == COLUMNS && s.cells == COLUMNS * (csv.records - csv.left_out));
        compare(&ctx, d, &csv, &s, &mem);
        vrk_arena_free(&mem);
    }
    T_OK(vrk_folder_remove(&ctx, folder) == VRK_OK);
    vrk_duck_close(d);
    vrk_arena_free(&ctx.scratch);
}

T_MAIN(T_CASE(wall_times_are_those_of_the_database), T_CASE(only_moments_of_utc_are_told),
       T_CASE(cells_that_go_by_are_those_of_the_database))
