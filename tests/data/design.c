/* Oracle: model.matrix() of R 4.2.2 (LC_COLLATE=C) on the table below: names of the columns and
 * X'(1 ... 8); lme4's levels. */
#include "data/design.h"
#include "tests/t.h"

#include <stdio.h>
#include <string.h>

static const char *const names[] = {"y", "f", "g", "x", "t"};
static const vrk_type types[] = {VRK_DOUBLE, VRK_TEXT, VRK_TEXT, VRK_DOUBLE, VRK_TEXT};

static void table(vrk_frame *out)
{
    static const char *const f[] = {"b", "a", "c", "a", "b", "c", "a", "b"},
                             *const g[] = {"u", "v", "u", "v", "v", "u", "u", "v"},
                             *const t[] = {"1", "2", "3", "x", "5", "6", "7", "8"};
    static const double x[] = {1, 2, 4, 3, 5, 8, 6, 7};
    vrk_ctx ctx = {0};
    T_OK(vrk_frame_init(&ctx, names, types, 5, 8, out) == VRK_OK);
    for (int64_t i = 0; i < 8; i++) {
        vrk_frame_set_double(out, 0, i, (double)i + 1);
        vrk_frame_set_text(out, 1, i, f[i]);
        vrk_frame_set_text(out, 2, i, g[i]);
        vrk_frame_set_double(out, 3, i, x[i]);
        vrk_frame_set_text(out, 4, i, t[i]);
    }
}

static vrk_status make(vrk_ctx *ctx, const vrk_frame *frame, const char *text,
                       const vrk_design_opt *opt, vrk_design *out)
{
    vrk_formula f;
    vrk_rows rows = {.frame = frame, .file = "t.csv", .n = frame->rows};
    *out = (vrk_design){0};
    vrk_status st = vrk_formula_parse(ctx, text, &f);
    if (st == VRK_OK)
        st = vrk_design_make(ctx, &rows, &f, opt, out);
    vrk_formula_free(&f);
    return st;
}

static bool gives(const char *text, const char *columns, const double *sums)
{
    vrk_ctx ctx = {0};
    vrk_frame frame;
    vrk_design d;
    char got[500] = "", formula[200];
    bool same = true;
    table(&frame);
    snprintf(formula, sizeof(formula), "y %s", text);
    T_OK(make(&ctx, &frame, formula, NULL, &d) == VRK_OK);
    for (int64_t j = 0; j < d.x.p; j++) {
        double sum = 0;
        for (int64_t i = 0; i < d.n; i++)
            sum += d.x.x[i + j * d.n] * (double)(i + 1);
        same = same && fabs(sum - sums[j]) < 1e-5 * fmax(1, fabs(sum));
        snprintf(got + strlen(got), sizeof(got) - strlen(got), "%s%s", j ? " " : "", d.x.name[j]);
    }
    same = same && !strcmp(got, columns);
    if (!same)
        printf("# %s: got %s\n", text, got);
    vrk_design_free(&d);
    vrk_frame_free(&frame);
    vrk_arena_free(&ctx.scratch);
    return same;
}

#define SUMS(...) ((const double[]){__VA_ARGS__})

static void codes_as_r_does(void)
{
    T_OK(gives("~f", "(Intercept) fb fc", SUMS(36, 14, 9)));
    T_OK(gives("~f*g", "(Intercept) fb fc gv fb:gv fc:gv", SUMS(36, 14, 9, 19, 13, 0)));
    T_OK(gives("~f:g", "(Intercept) fa:gu fb:gu fc:gu fa:gv fb:gv fc:gv",
               SUMS(36, 7, 1, 9, 6, 13, 0)));
    T_OK(gives("~0+f", "fa fb fc", SUMS(13, 14, 9)));
    T_OK(gives("~0+f+g", "fa fb fc gv", SUMS(13, 14, 9, 19)));
    T_OK(gives("~x:f", "(Intercept) x:fa x:fb x:fc", SUMS(36, 58, 82, 60)));
    T_OK(gives("~x+x:f", "(Intercept) x x:fb x:fc", SUMS(36, 200, 82, 60)));
    T_OK(gives("~0+x:f", "x:fa x:fb x:fc", SUMS(58, 82, 60)));
    T_OK(gives("~f/g", "(Intercept) fb fc fa:gv fb:gv fc:gv", SUMS(36, 14, 9, 6, 13, 0)));
    T_OK(gives("~f*g*x", "(Intercept) fb fc gv x fb:gv fc:gv fb:x fc:x gv:x fb:gv:x fc:gv:x",
               SUMS(36, 14, 9, 19, 200, 13, 0, 82, 60, 97, 81, 0)));
    T_OK(gives("~g+f:g", "(Intercept) gv gu:fb gv:fb gu:fc gv:fc", SUMS(36, 19, 1, 13, 9, 0)));
    T_OK(gives("~0+f:g", "fa:gu fb:gu fc:gu fa:gv fb:gv fc:gv", SUMS(7, 1, 9, 6, 13, 0)));
    T_OK(gives("~0+x+f+g", "x fa fb fc gv", SUMS(200, 13, 14, 9, 19)));
    T_OK(gives("~f+f:x:g", "(Intercept) fb fc fa:x:gu fb:x:gu fc:x:gu fa:x:gv fb:x:gv fc:x:gv",
               SUMS(36, 14, 9, 42, 1, 60, 16, 81, 0)));
    T_OK(gives("~0+g:x+f", "fa fb fc gu:x gv:x", SUMS(13, 14, 9, 103, 97)));
}

static void computes_as_r_does(void)
{
    T_OK(gives("~log(x)+I(x^2)", "(Intercept) log(x) I(x^2)", SUMS(36, 58.57306, 1246)));
    T_OK(gives("~scale(x)", "(Intercept) scale(x)", SUMS(36, 15.51344)));
    T_OK(gives("~factor(x)",
               "(Intercept) factor(x)2 factor(x)3 factor(x)4 factor(x)5 factor(x)6 factor(x)7 "
               "factor(x)8",
               SUMS(36, 2, 4, 3, 5, 7, 8, 6)));
    T_OK(gives("~I(f == \"b\") + I(x >= 5)", "(Intercept) I(f == \"b\") I(x >= 5)",
               SUMS(36, 14, 26)));
}

static void leaves_out_and_counts_what_is_missing(void)
{
    vrk_ctx ctx = {0};
    vrk_frame frame;
    vrk_design d;
    table(&frame);
    frame.column[1].null[2] = frame.column[3].null[5] = 1; /* both rows of level c */
    T_OK(make(&ctx, &frame, "y ~ f + x", NULL, &d) == VRK_OK);
    T_OK(d.read == 8 && d.missing == 2 && d.n == 6 && d.row[2] == 3 && d.x.p == 3);
    T_OK(!strcmp(d.x.name[1], "fb"));
    vrk_design_free(&d);
    T_OK(make(&ctx, &frame, "y ~ g", NULL, &d) == VRK_OK && d.n == 8 && d.missing == 0);
    vrk_design_free(&d);
    memset(frame.column[0].null, 1, 8);
    T_OK(make(&ctx, &frame, "y ~ f", NULL, &d) == VRK_EINPUT && !d.mem.top);
    vrk_frame_free(&frame);
    vrk_arena_free(&ctx.scratch);
}

static void numbers_the_levels_of_random_terms(void)
{
    vrk_ctx ctx = {0};
    vrk_frame frame;
    vrk_design d;
    table(&frame);
    T_OK(make(&ctx, &frame, "y ~ 1 + (1 + x|f) + (1|g:f) + offset(x) + offset(2*x) + strata(g)",
              NULL, &d) == VRK_OK);
    T_OK(d.random == 2 && d.bar[0].z.p == 2 && d.bar[0].levels == 3);
    T_OK(!strcmp(d.bar[0].label[2], "c") && d.bar[0].level[2] == 2 && d.bar[0].level[0] == 1);
    /* variables stand in the order in which the formula names them: f before g */
    T_OK(d.bar[1].levels == 5 && !strcmp(d.bar[1].name, "f:g"));
    T_OK(!strcmp(d.bar[1].label[0], "a:u") && !strcmp(d.bar[1].label[4], "c:u"));
    T_OK(d.bar[1].level[6] == 0 && d.bar[1].level[5] == 4);
    T_OK(d.offset[2] == 12 && d.stratum.levels == 2 && d.stratum.level[1] == 1);
    vrk_design_free(&d);
    T_OK(make(&ctx, &frame, "y ~ (1|x)",
              &(vrk_design_opt){.extra = {"g"}, .extra_as = {VRK_AS_LEVELS}}, &d) == VRK_OK);
    T_OK(d.bar[0].levels == 8 && !strcmp(d.bar[0].label[3], "4") && d.extra[0].levels == 2);
    vrk_design_free(&d);
    vrk_frame_free(&frame);
    vrk_arena_free(&ctx.scratch);
}

static bool refused(vrk_frame *frame, const char *text, const char *words)
{
    vrk_ctx ctx = {0};
    vrk_design d;
    bool ok = make(&ctx, frame, text, NULL, &d) == VRK_EINPUT && strstr(ctx.message, words) &&
              !d.mem.top && ctx.scratch.used == 0;
    if (!ok)
        printf("# %s: %s\n", text, ctx.message);
    vrk_arena_free(&ctx.scratch);
    return ok;
}

static void names_line_and_value_of_what_cannot_be(void)
{
    vrk_frame frame;
    table(&frame);
    T_OK(refused(&frame, "y ~ z", "t.csv has no column 'z'; there are y, f, g, x, t"));
    T_OK(refused(&frame, "log(f) ~ x", "t.csv:1: 'b' in column f is not a number"));
    T_OK(refused(&frame, "y ~ t", "t.csv:4: 'x' in column t is not a number, as its other"));
    T_OK(refused(&frame, "y ~ I(t + 1)", "t.csv:4: 'x' in column t is not a number"));
    T_OK(refused(&frame, "y ~ log(x - 2)", "t.csv:1: log(x - 2) is"));
    T_OK(refused(&frame, "y ~ I(1/(x - 4))", "t.csv:3: I(1/(x - 4)) is inf"));
    T_OK(refused(&frame, "y ~ I(x == \"a\")", "holds numbers"));
    T_OK(refused(&frame, "y ~ I(f < \"a\")", "only be compared"));
    T_OK(refused(&frame, "y ~ scale(I(0*x))", "all alike"));
    for (int64_t i = 0; i < 8; i++)
        vrk_frame_set_text(&frame, 1, i, "only");
    T_OK(refused(&frame, "y ~ f", "column f has one value, 'only'"));
    vrk_frame_free(&frame);
}

static void fails_cleanly_at_every_allocation(void)
{
    vrk_frame frame;
    vrk_status st;
    size_t limit = 0;
    table(&frame);
    do {
        vrk_ctx ctx = {.scratch.limit = limit += 64};
        vrk_design d;
        st = make(&ctx, &frame, "cbind(y, x) ~ f*x + scale(x) + (x|g:f) + offset(x) + strata(g)",
                  NULL, &d);
        T_OK(st == VRK_OK || (st == VRK_EMEMORY && !d.mem.top && !d.n));
        vrk_design_free(&d);
        T_OK(ctx.scratch.used == 0);
        vrk_arena_free(&ctx.scratch);
    } while (st == VRK_EMEMORY);
    T_OK(st == VRK_OK);
    vrk_frame_free(&frame);
}

T_MAIN(T_CASE(codes_as_r_does), T_CASE(computes_as_r_does),
       T_CASE(leaves_out_and_counts_what_is_missing), T_CASE(numbers_the_levels_of_random_terms),
       T_CASE(names_line_and_value_of_what_cannot_be), T_CASE(fails_cleanly_at_every_allocation))
