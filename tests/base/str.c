#include "base/str.h"
#include "tests/t.h"

#include <string.h>

static void grows_as_it_is_added_to(void)
{
    vrk_arena mem = {0};
    vrk_str s = {.mem = &mem};
    T_OK(!strcmp(vrk_str_of(&s), ""));
    for (int i = 0; i < 1000; i++)
        vrk_str_addf(&s, "%d,", i % 10);
    vrk_str_add(&s, NULL);
    vrk_str_add_n(&s, "end!", 3);
    T_OK(s.n == 2003 && strlen(s.at) == 2003 && vrk_ends_with(s.at, "8,9,end"));
    T_OK(vrk_starts_with(s.at, "0,1,2") && !vrk_starts_with("0", "01") && !vrk_ends_with("", "x"));
    vrk_arena_free(&mem);
}

static void remembers_that_memory_ran_out(void)
{
    vrk_arena mem = {.limit = 256};
    vrk_str s = {.mem = &mem};
    for (int i = 0; i < 100; i++)
        vrk_str_add(&s, "0123456789");
    T_OK(mem.failed && strlen(vrk_str_of(&s)) == s.n);
    T_OK(!vrk_text_f(&mem, "%d", 1) && !vrk_text_copy(&mem, "x"));
    vrk_arena_free(&mem);
}

T_MAIN(T_CASE(grows_as_it_is_added_to), T_CASE(remembers_that_memory_ran_out))
