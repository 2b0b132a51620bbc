#include "people/instrument.h"

#include "base/str.h"

#include "tests/t.h"

#include <string.h>

/* The program's own are whole: the loader refuses what is not. */
static void own_instruments_are_read(void)
{
    vrk_ctx ctx = {0};
    vrk_instruments all;
    T_OK(vrk_instruments_read(&ctx, &all) == VRK_OK);
    T_OK(all.n == 9);
    for (int64_t i = 0; i < all.n; i++) {
        const vrk_instrument *one = &all.instrument[i];
        int64_t at[VRK_ITEM_OPTIONS] = {0}, longest = 0;
        T_OK(vrk_instrument_find(&all, one->competency) == one);
        T_OK(one->moments >= 1 && one->questions >= 3);
        for (int64_t k = 0; k < one->items; k++) {
            size_t best = 0, other = 0;
            for (int o = 0; o < VRK_ITEM_OPTIONS; o++) {
                size_t n = strlen(one->item[k].option[o].text.in[1]);
                bool is = one->item[k].option[o].points == VRK_ITEM_POINTS;
                at[o] += is;
                best = is ? n : best;
                other = !is && n > other ? n : other;
            }
            longest += best > other;
        }
        T_OK(longest * 2 <= one->items);           /* nor does its length */
        for (int o = 0; o < VRK_ITEM_OPTIONS; o++) /* where the best one stands gives no hint */
            T_OK(at[o] * 2 * VRK_ITEM_OPTIONS >= one->items && at[o] * 2 <= one->items);
    }
    T_OK(vrk_instrument_find(&all, "no such thing") == NULL);
    vrk_instruments_free(&all);
    vrk_arena_free(&ctx.scratch);
}

/* A whole instrument of twelve items as JSON, one piece of it put in another way. */
static const char *made(vrk_str *s, const char *from, const char *to)
{
    vrk_str_add(s,
                "{\"competency\":\"x\",\"name\":{\"sv\":\"N\",\"en\":\"N\"},\"definition\":{\"sv\":"
                "\"D\",\"en\":\"D\"},\"moments\":[\"next_step\"],\"low\":{\"sv\":\"L\",\"en\":"
                "\"L\"},\"anchors\":[");
    for (int k = 1; k <= VRK_LEVELS; k++)
        vrk_str_addf(s, "%s{\"level\":%d,\"sv\":\"a\",\"en\":\"a\"}", k > 1 ? "," : "", k);
    vrk_str_add(s,
                "],\"interview\":[{\"sv\":\"q\",\"en\":\"q\",\"listen_for\":{\"sv\":\"l\",\"en\":"
                "\"l\"}}],\"items\":[");
    for (int k = 0; k < VRK_ITEMS_LEAST; k++) {
        vrk_str_addf(s,
                     "%s{\"id\":\"x-%d\",\"situation\":{\"complexity\":\"%s\","
                     "\"decision_structure\":\"%s\",\"cycle\":\"%s\"},\"difficulty\":0.5,\"stem\":"
                     "{\"sv\":\"s\",\"en\":\"s\"},\"options\":[",
                     k ? "," : "", k, k % 2 ? "simple" : "complex", k % 3 ? "single" : "committee",
                     k % 2 ? "long" : "short");
        for (int o = 0; o < VRK_ITEM_OPTIONS; o++)
            vrk_str_addf(s,
                         "%s{\"key\":\"%c\",\"points\":%d,\"text\":{\"sv\":\"t\",\"en\":\"t\"},"
                         "\"why\":{\"sv\":\"w\",\"en\":\"w\"}}",
                         o ? "," : "", 'a' + o, (o + k) % VRK_ITEM_OPTIONS);
        vrk_str_add(s, "]}");
    }
    vrk_str_add(s, "]}");
    const char *whole = vrk_str_of(s), *at = from ? strstr(whole, from) : NULL;
    T_OK(!from || at);
    return !at ? whole
               : vrk_text_f(s->mem, "%.*s%s%s", (int)(at - whole), whole, to, at + strlen(from));
}

static void a_broken_one_is_refused_with_its_place(void)
{
    static const char *const broken[][3] = {
        {"\"points\":3", "\"points\":2", "only one, has 3 points"},
        {"\"points\":0", "\"points\":3", "only one, has 3 points"},
        {"\"points\":1", "\"points\":1.5", "0, 1, 2 or 3"},
        {"\"simple\"", "\"easy\"", "easy is neither simple nor complex"},
        {"\"sv\":\"s\"", "\"sv\":\"\"", "a text is missing"},
        {"\"key\":\"b\"", "\"key\":\"c\"", "in order"},
        {"x-1\"", "x-0\"", "two items"},
        {"\"level\":2", "\"level\":3", "levels 1 to 5"},
        {"0.5", "\"hard\"", "between -4 and 4"},
        {"\"low\"", "\"lower\"", "low"},
        {"\"interview\":[", "\"interview\":[],\"more\":[", "nothing else"},
        {"[\"next_step\"]", "[7]", "names of moments"},
    };
    for (size_t i = 0; i < sizeof(broken) / sizeof(broken[0]); i++) {
        vrk_ctx ctx = {0};
        vrk_arena mem = {0};
        vrk_instrument one;
        vrk_str s = {.mem = &mem};
        const char *text = made(&s, broken[i][0], broken[i][1]);
        T_OK(vrk_instrument_parse(&ctx, "x.json", text, strlen(text), &mem, &one) == VRK_EINPUT);
        T_OK(strstr(ctx.message, "x.json") && strstr(ctx.message, broken[i][2]));
        vrk_arena_free(&mem);
        vrk_arena_free(&ctx.scratch);
    }
}

static void the_whole_one_is_read_and_every_cut_is_refused(void)
{
    vrk_ctx ctx = {0};
    vrk_arena mem = {0};
    vrk_instrument one;
    vrk_str s = {.mem = &mem};
    const char *text = made(&s, NULL, NULL);
    size_t n = strlen(text);
    T_OK(vrk_instrument_parse(&ctx, "x.json", text, n, &mem, &one) == VRK_OK);
    T_OK(one.items == VRK_ITEMS_LEAST && one.item[1].slow && !one.item[1].complex);
    T_NEAR(one.item[0].difficulty, 0.5, 1e-12);
    for (size_t cut = 0; cut < n; cut += 7)
        T_OK(vrk_instrument_parse(&ctx, "x.json", text, cut, &mem, &one) == VRK_EINPUT);
    vrk_arena_free(&mem);
    vrk_arena_free(&ctx.scratch);
}

T_MAIN(T_CASE(own_instruments_are_read), T_CASE(a_broken_one_is_refused_with_its_place),
       T_CASE(the_whole_one_is_read_and_every_cut_is_refused))
