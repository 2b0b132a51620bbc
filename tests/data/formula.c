/* Oracle: R's terms() and lme4's findbars()/expandDoubleVerts(), by their documented rules. */
#include "data/formula.h"
#include "tests/t.h"

#include <stdio.h>
#include <string.h>

static void list_terms(const vrk_formula *f, const vrk_terms *t, char *out, size_t room)
{
    size_t n = (size_t)snprintf(out, room, "%d", t->intercept);
    for (int64_t i = 0; i < t->n; i++) {
        const char *join = " ";
        for (int64_t v = 0; v < f->vars; v++) {
            if (t->term[i] >> v & 1) {
                n += (size_t)snprintf(out + n, room - n, "%s%s", join, f->var[v].name);
                join = ":";
            }
        }
    }
}

/* "1 a b a:b | 1 x @ g" */
static const char *read(const char *text)
{
    static char out[2000];
    vrk_ctx ctx = {0};
    vrk_formula f;
    if (vrk_formula_parse(&ctx, text, &f) != VRK_OK) {
        snprintf(out, sizeof(out), "%.1000s", ctx.message);
        return out;
    }
    list_terms(&f, &f.fixed, out, sizeof(out));
    for (int64_t b = 0; b < f.bars; b++) {
        vrk_terms group = {.intercept = false, .n = 1, .term = {f.bar[b].group}};
        char a[200], g[200];
        list_terms(&f, &f.bar[b].terms, a, sizeof(a));
        list_terms(&f, &group, g, sizeof(g));
        size_t n = strlen(out);
        snprintf(out + n, sizeof(out) - n, " | %s @%s", a, g + 1);
    }
    vrk_formula_free(&f);
    vrk_arena_free(&ctx.scratch);
    return out;
}

static bool is(const char *text, const char *want)
{
    const char *got = read(text);
    if (strcmp(got, want) != 0)
        printf("# %s\n#   want %s\n#   got  %s\n", text, want, got);
    return !strcmp(got, want);
}

static void reads_terms_as_r_does(void)
{
    T_OK(is("y ~ a", "1 a"));
    T_OK(is("y~1", "1"));
    T_OK(is("y ~ 0 + a", "0 a"));
    T_OK(is("y ~ a - 1", "0 a"));
    T_OK(is("y ~ -1 + a", "0 a"));
    T_OK(is("y ~ a + b + a", "1 a b"));
    T_OK(is("y ~ a:b + a", "1 a a:b"));
    T_OK(is("y ~ a*b", "1 a b a:b"));
    T_OK(is("y ~ a*b*c", "1 a b c a:b a:c b:c a:b:c"));
    T_OK(is("y ~ (a+b+c)^2", "1 a b c a:b a:c b:c"));
    T_OK(is("y ~ a*b - a:b", "1 a b"));
    T_OK(is("y ~ a/b", "1 a a:b"));
    T_OK(is("y ~ (a+b)/c", "1 a b a:b:c"));
    T_OK(is("y ~ log( x+1 ) + I(x^2)", "1 log(x + 1) I(x^2)"));
    T_OK(
        is("y ~ I((a+b)*c/d) + I(a-(b-c)) + I(-a^2)", "1 I((a + b) * c/d) I(a - (b - c)) I(-a^2)"));
    T_OK(is("y ~ `two words` + .x_1 + scale(x)", "1 two words .x_1 scale(x)"));
    T_OK(is("log(y) ~ x + offset(log(e)) + strata(s, t)", "1 x"));
    T_OK(is("~ 1", "1"));
}

static void reads_random_terms_as_lme4_does(void)
{
    T_OK(is("y ~ x + (1|g)", "1 x | 1 @ g"));
    T_OK(is("y ~ x + (x|g) + (1|h)", "1 x | 1 x @ g | 1 @ h"));
    T_OK(is("y ~ x + (0+x|g)", "1 x | 0 x @ g"));
    T_OK(is("y ~ x + (x||g)", "1 x | 1 @ g | 0 x @ g"));
    T_OK(is("y ~ (1|a/b)", "1 | 1 @ a | 1 @ a:b"));
    T_OK(is("y ~ (1|a:b)", "1 | 1 @ a:b"));
    T_OK(is("y ~ (1 + x*z | g)", "1 | 1 x z x:z @ g"));
}

static void says_where_and_what(void)
{
    T_OK(is("adv ~ stage + + x", "formula:1:15: expected a column name after '+', not '+'"));
    T_OK(is("adv ~ stage +", "formula:1:14: expected a column name after '+'"));
    T_OK(is("", "formula:1:1: expected a column name or a number"));
    T_OK(is("y", "formula:1:2: expected '~' after 'y'"));
    T_OK(is("y ~", "formula:1:4: expected a column name after '~'"));
    T_OK(is("y ~ a b", "formula:1:7: expected '+' or the end after 'a', not 'b'"));
    T_OK(is("y ~ x + 2", "formula:1:9: only 0 and 1 can stand among terms"));
    T_OK(is("y ~ x | g", "formula:1:7: a random term stands in brackets: (1 | seller)"));
    T_OK(is("y ~ a*(1|g)", "formula:1:6: a random term, offset() or strata() can only be added, "
                           "not joined by '*'"));
    T_OK(is("y ~ a - (1|g)",
            "formula:1:9: a random term, offset() or strata() cannot be taken away"));
    T_OK(is("y ~ (0|g)", "formula:1:5: this random term has no column"));
    T_OK(is("y ~ (1|log(g))",
            "formula:1:8: 'log(g)' cannot be what a random term is grouped by; give a column"));
    T_OK(is("y ~ (a", "formula:1:7: expected ')' after 'a'"));
    T_OK(is("y ~ .", "formula:1:5: '.' for all columns is not known; name them"));
    T_OK(is("y ~ a ? b", "formula:1:7: '?' has no meaning here"));
    T_OK(is("y ~ `a", "formula:1:5: ` is not closed"));
    T_OK(is("y ~ 1.2.3", "formula:1:5: '1.2.3' is no number"));
    T_OK(is("y ~\n poly(x)", "formula:2:2: there is no function 'poly'; there are I, log, log1p, "
                             "log2, log10, exp, sqrt, abs, factor, scale"));
    T_OK(is("y ~ \xC3\xA5ker ? b", "formula:1:10: '?' has no meaning here")); /* characters */
}

static void refuses_what_is_too_deep_or_long(void)
{
    char text[12000];
    memset(text, '(', sizeof(text));
    memcpy(text, "y ~ ", 4);
    text[300] = 0;
    T_OK(strstr(read(text), "levels of brackets"));
    memset(text + 4, '-', 300);
    memcpy(text + 4, "I(a", 3);
    text[300] = 0;
    T_OK(strstr(read(text), "formula:1:"));
    memset(text, 'a', sizeof(text));
    text[11000] = 0;
    T_OK(strstr(read(text), "longer than"));
    size_t n = (size_t)sprintf(text, "y ~ a");
    for (int i = 0; i < 70; i++)
        n += (size_t)sprintf(text + n, " + a%d", i);
    T_OK(strstr(read(text), "more than 64 variables"));
    T_OK(strstr(read("y ~ (a+b+c+d+e+f+g+h+i)^9"), "more than 200 terms"));
}

static void left_side_is_a_call_or_arithmetic(void)
{
    vrk_ctx ctx = {0};
    vrk_formula f;
    T_OK(vrk_formula_parse(&ctx, "cbind(adv, n-adv) ~ 1", &f) == VRK_OK);
    T_OK(!strcmp(f.call, "cbind") && f.responses == 2 && !strcmp(f.response[1].name, "n - adv"));
    vrk_formula_free(&f);
    T_OK(vrk_formula_parse(&ctx, "Surv(a, b, s == 2) ~ 1", &f) == VRK_OK);
    T_OK(!strcmp(f.call, "Surv") && f.responses == 3 && !strcmp(f.response[2].name, "s == 2"));
    vrk_formula_free(&f);
    T_OK(vrk_formula_parse(&ctx, "Surv ~ 1", &f) == VRK_OK && !strcmp(f.response[0].name, "Surv"));
    vrk_formula_free(&f);
    vrk_arena_free(&ctx.scratch);
}

static void fails_cleanly_at_every_allocation(void)
{
    vrk_status st;
    size_t limit = 0;
    do {
        vrk_ctx ctx = {.scratch.limit = limit += 64};
        vrk_formula f;
        st = vrk_formula_parse(&ctx, "cbind(a, n - a) ~ log(x+1)*z + (1|g/h) + offset(e)", &f);
        T_OK(st == VRK_OK || (st == VRK_EMEMORY && !f.vars && !f.mem.top));
        vrk_formula_free(&f);
        T_OK(ctx.scratch.used == 0);
    } while (st == VRK_EMEMORY);
    T_OK(st == VRK_OK);
}

T_MAIN(T_CASE(reads_terms_as_r_does), T_CASE(reads_random_terms_as_lme4_does),
       T_CASE(says_where_and_what), T_CASE(refuses_what_is_too_deep_or_long),
       T_CASE(left_side_is_a_call_or_arithmetic), T_CASE(fails_cleanly_at_every_allocation))
