#include "store/duck.h"

#include "base/str.h"

char *vrk_sql_quote(vrk_arena *mem, const char *text)
{
    vrk_str s = {.mem = mem};
    vrk_str_add(&s, "'");
    for (const char *p = text; *p; p++)
        vrk_str_add_n(&s, *p == '\'' ? "''" : p, *p == '\'' ? 2 : 1);
    vrk_str_add(&s, "'");
    return mem->failed ? NULL : s.at;
}

char *vrk_sql_name(vrk_arena *mem, const char *name)
{
    vrk_str s = {.mem = mem};
    vrk_str_add(&s, "\"");
    for (const char *p = name; *p; p++)
        vrk_str_add_n(&s, *p == '"' ? "\"\"" : p, *p == '"' ? 2 : 1);
    vrk_str_add(&s, "\"");
    return mem->failed ? NULL : s.at;
}
