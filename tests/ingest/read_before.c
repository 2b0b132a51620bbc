/* What need not be read again: of a file with a change or two, all but the groups around them. */
#include "ingest/read_before.h"
#include "base/str.h"
#include "base/sys.h"
#include "ingest/csv_check.h"
#include "tests/t.h"

#include <stdlib.h>
#include <string.h>

enum { ROWS = 20000, NOT = -1 };

typedef struct {
    vrk_ctx ctx;
    char folder[40];
    vrk_arena mem;
} bed;

static int ascending(const void *a, const void *b)
{
    uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;
    return (x > y) - (x < y);
}

/* The rows but `without`, with another value in `changed` and a row more before `added`. */
static const char *write_rows(bed *b, const char *headings, int without, int changed, int added)
{
    vrk_str s = {.mem = &b->mem};
    char *path = vrk_text_f(&b->mem, "%s/rows.csv", b->folder);
    vrk_str_addf(&s, "%s\n", headings);
    for (int i = 0; i < ROWS; i++) {
        if (i == added)
            vrk_str_add(&s, "new,\"a \"\"word\"\"\nand another\"\n");
        if (i != without)
            vrk_str_addf(&s, "A%d,%s\n", i, i == changed ? "other" : "the same");
    }
    T_OK(vrk_file_replace(&b->ctx, path, s.at, s.n) == VRK_OK);
    return path;
}

static vrk_read_groups scan(bed *b, const char *path, const vrk_read_before *before)
{
    vrk_csv csv;
    vrk_read_groups s = {
        .before = before, .fd = NOT, .path = vrk_text_f(&b->mem, "%s/changed.csv", b->folder)};
    T_OK(vrk_csv_check(&b->ctx, path, ',', b->folder, 1, &s, NULL, &b->mem, &csv) == VRK_OK);
    T_OK(csv.faults == 0 && csv.records == s.records);
    return s;
}

static vrk_read_before keep(vrk_read_groups *s)
{
    qsort(s->group, (size_t)s->groups, sizeof(*s->group), ascending);
    return (vrk_read_before){"rows", s->headings, s->key, s->group, s->groups};
}

static void sets_aside_all_but_what_changed(void)
{
    bed b = {.folder = "/tmp/verkan-test-XXXXXX"};
    char *text;
    size_t n;
    T_OK(mkdtemp(b.folder));
    vrk_read_groups s = scan(&b, write_rows(&b, "id,said", NOT, NOT, NOT), NULL);
    T_OK(s.records == ROWS && s.known == 0);
    T_OK(s.groups > ROWS / 16 && s.groups < ROWS / 4);
    const vrk_read_before before = keep(&s);

    vrk_read_groups same = scan(&b, write_rows(&b, "id,said", NOT, NOT, NOT), &before);
    T_OK(same.known == ROWS && same.records == ROWS);

    vrk_read_groups other = scan(&b, write_rows(&b, "id,said", 3000, 9000, 15000), &before);
    T_OK(other.records == ROWS && other.known < ROWS - 2 && other.known > ROWS - 300);
    T_OK(vrk_file_read(&b.ctx, other.path, 0, &b.mem, &text, &n) == VRK_OK);
    T_OK(!strncmp(text, "_line,id,said\n", 14));
    T_OK(strstr(text, "\n9000,A9000,other\n") && strstr(text, "\n15000,new,\"a \"\"word"));

    vrk_read_groups heading = scan(&b, write_rows(&b, "id,heard", NOT, NOT, NOT), &before);
    T_OK(heading.known == 0 && !heading.before);
    T_OK(vrk_folder_remove(&b.ctx, b.folder) == VRK_OK);
    vrk_arena_free(&b.mem);
    vrk_arena_free(&b.ctx.scratch);
}

T_MAIN(T_CASE(sets_aside_all_but_what_changed))
