#include "ingest/map.h"
#include "tests/t.h"

#include <string.h>

static void files_and_headings_are_read(void)
{
    vrk_ctx ctx = {0};
    vrk_arena mem = {0};
    vrk_map m;
    const char *text = "# ours\r\n"
                       "[sales pipeline.csv]\r\n"
                       "table = deals\r\n"
                       "  Deal Name =  name  \n"
                       "\"table\" = product\n"
                       "\"a = \"\"b\"\"\" = \"stage\"\n"
                       "notes =\n"
                       "\n[events]\nstages = A_ONE , A TWO,,\nwon=A_WON";
    T_OK(vrk_map_parse(&ctx, "m", text, &mem, &m) == VRK_OK && m.lines == 7);
    T_OK(!strcmp(vrk_map_value(&m, "sales pipeline.csv", "table"), "deals"));
    T_OK(!strcmp(m.line[1].key, "Deal Name") && !strcmp(m.line[1].value, "name"));
    T_OK(m.line[1].line == 4 && !strcmp(m.line[2].key, "table") && m.line[2].quoted);
    T_OK(!strcmp(m.line[3].key, "a = \"b\"") && !strcmp(m.line[3].value, "stage"));
    T_OK(!strcmp(m.line[4].value, ""));
    T_OK(!vrk_map_value(&m, "events", "table") && !vrk_map_value(NULL, "events", "won"));
    const char **part;
    int64_t n;
    T_OK(vrk_map_list(&ctx, vrk_map_value(&m, "events", "stages"), &mem, &part, &n) == VRK_OK);
    T_OK(n == 2 && !strcmp(part[0], "A_ONE") && !strcmp(part[1], "A TWO"));
    vrk_arena_free(&mem);
    vrk_arena_free(&ctx.scratch);
}

static void what_cannot_be_is_named_by_line(void)
{
    const char *bad[] = {"a = b",     "[x]\nno sign", "[x]\n\"open = b", "[x",
                         "[x]\n = b", "[]\n",         "[x] y\n",         "[x]\n\"a\" b = c"};
    for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
        vrk_ctx ctx = {0};
        vrk_arena mem = {0};
        vrk_map m;
        T_OK(vrk_map_parse(&ctx, "m.map", bad[i], &mem, &m) == VRK_EINPUT);
        T_OK(!strncmp(ctx.message,
                      strchr(bad[i], '\n') && bad[i][1] == 'x' && bad[i][3] == '\n' ? "m.map:2:"
                                                                                    : "m.map:1:",
                      8));
        vrk_arena_free(&mem);
        vrk_arena_free(&ctx.scratch);
    }
}

T_MAIN(T_CASE(files_and_headings_are_read), T_CASE(what_cannot_be_is_named_by_line))
