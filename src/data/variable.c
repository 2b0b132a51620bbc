#include "data/variable.h"

#include "base/str.h"

#include <assert.h>
#include <ctype.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

typedef struct {
    vrk_ctx *ctx;
    const vrk_rows *rows;
    const char *name; /* of the whole, for messages */
} eval;

static int64_t frame_row(const vrk_rows *rows, int64_t i)
{
    return rows->row ? rows->row[i] : i;
}

void vrk_rows_place(const vrk_rows *rows, int64_t i, char *out, size_t room)
{
    int64_t row = frame_row(rows, i);
    snprintf(out, room, "%s:%lld", rows->file, (long long)(rows->line ? rows->line[row] : row + 1));
}

static vrk_status find(vrk_ctx *ctx, const vrk_rows *rows, const vrk_expr *e,
                       const vrk_column **out)
{
    char names[400] = "";
    size_t fill = 0;
    *out = vrk_frame_column(rows->frame, e->text);
    if (*out)
        return VRK_OK;
    for (int64_t k = 0; k < rows->frame->columns && fill < sizeof(names); k++)
        fill += (size_t)snprintf(names + fill, sizeof(names) - fill, "%s%s", k ? ", " : "",
                                 rows->frame->column[k].name);
    return vrk_fail(ctx, VRK_EINPUT, "%s has no column '%s'; there are %s", rows->file, e->text,
                    names);
}

vrk_status vrk_expr_missing(vrk_ctx *ctx, const vrk_rows *rows, const vrk_expr *e, uint8_t *missing)
{
    vrk_status st = VRK_OK;
    const vrk_column *c = NULL;
    for (int a = 0; a < e->args; a++)
        TRY(vrk_expr_missing(ctx, rows, e->arg[a], missing));
    if (e->kind != VRK_EXPR_COLUMN)
        goto done;
    TRY(find(ctx, rows, e, &c));
    for (int64_t row = 0; row < rows->frame->rows; row++)
        missing[row] |= c->null[row];
done:
    return st;
}

bool vrk_text_number(const char *text, double *x)
{
    char *end;
    while (isspace((unsigned char)*text))
        text++;
    if (!*text || (!strchr("+-.0123456789", *text)))
        return false;
    *x = strtod(text, &end);
    while (isspace((unsigned char)*end))
        end++;
    return !*end;
}

/* A text where a number is wanted: names the first. */
static vrk_status no_number(const eval *v, const vrk_column *c, int64_t others)
{
    char place[300];
    double x;
    int64_t i = 0;
    while (i < v->rows->n && vrk_text_number(c->s[frame_row(v->rows, i)], &x))
        i++;
    if (i == v->rows->n)
        i = 0;
    vrk_rows_place(v->rows, i, place, sizeof(place));
    if (others)
        return vrk_fail(v->ctx, VRK_EINPUT,
                        "%s: '%.80s' in column %s is not a number, as its other values are; mend "
                        "it, or write factor(%s) to take all as categories",
                        place, c->s[frame_row(v->rows, i)], c->name, c->name);
    return vrk_fail(v->ctx, VRK_EINPUT, "%s: '%.80s' in column %s is not a number", place,
                    v->rows->n ? c->s[frame_row(v->rows, i)] : "", c->name);
}

static vrk_status eval_column(const eval *v, const vrk_expr *e, double *out)
{
    vrk_status st = VRK_OK;
    const vrk_column *c = NULL;
    TRY(find(v->ctx, v->rows, e, &c));
    if (c->type == VRK_TEXT)
        return no_number(v, c, 0);
    for (int64_t i = 0; i < v->rows->n; i++) {
        int64_t row = frame_row(v->rows, i);
        out[i] = c->type == VRK_DOUBLE ? c->d[row] : (double)c->i[row];
    }
done:
    return st;
}

/* column == "text" */
static vrk_status eval_text(const eval *v, const vrk_expr *e, double *out)
{
    vrk_status st = VRK_OK;
    vrk_ctx *ctx = v->ctx;
    const vrk_column *c = NULL;
    bool first = e->arg[0]->kind == VRK_EXPR_TEXT;
    const vrk_expr *text = e->arg[!first], *column = e->arg[first];
    if ((strcmp(e->text, "==") != 0 && strcmp(e->text, "!=") != 0) ||
        column->kind != VRK_EXPR_COLUMN)
        FAIL(VRK_EINPUT, "formula:1:%lld: a text can only be compared with a column by == or !=",
             (long long)text->at);
    TRY(find(ctx, v->rows, column, &c));
    if (c->type != VRK_TEXT)
        FAIL(VRK_EINPUT, "formula:1:%lld: column %s holds numbers; compare it with one",
             (long long)text->at, c->name);
    for (int64_t i = 0; i < v->rows->n; i++)
        out[i] = (!strcmp(c->s[frame_row(v->rows, i)], text->text)) == (e->text[0] == '=');
done:
    return st;
}

static double binary(const char *sign, double a, double b)
{
    switch (sign[0]) {
    case '+':
        return a + b;
    case '-':
        return a - b;
    case '*':
        return a * b;
    case '/':
        return a / b;
    case '^':
        return pow(a, b);
    case '=':
        return a == b;
    case '!':
        return a != b;
    case '<':
        return sign[1] ? a <= b : a < b;
    default:
        return sign[1] ? a >= b : a > b;
    }
}

static double unary(const char *f, double a)
{
    static const struct {
        const char *name;
        double (*f)(double);
    } known[] = {{"log", log}, {"log1p", log1p}, {"log2", log2}, {"log10", log10},
                 {"exp", exp}, {"sqrt", sqrt},   {"abs", fabs}};
    if (!strcmp(f, "-"))
        return -a;
    for (size_t i = 0; i < sizeof(known) / sizeof(known[0]); i++) {
        if (!strcmp(f, known[i].name))
            return known[i].f(a);
    }
    return a; /* I, factor of a number, + */
}

/* To mean 0 and standard deviation 1 over the rows in use, as R's scale(). */
static vrk_status standardise(const eval *v, double *x)
{
    double mean = 0, ss = 0;
    int64_t n = v->rows->n;
    for (int64_t i = 0; i < n; i++)
        mean += x[i] / (double)n;
    for (int64_t i = 0; i < n; i++)
        ss += (x[i] - mean) * (x[i] - mean);
    double sd = n > 1 ? sqrt(ss / (double)(n - 1)) : 0;
    if (!(sd > 1e-14 * fabs(mean)))
        return vrk_fail(v->ctx, VRK_EINPUT, "%s cannot be scaled: its values are all alike",
                        v->name);
    for (int64_t i = 0; i < n; i++)
        x[i] = (x[i] - mean) / sd;
    return VRK_OK;
}

static vrk_status evaluate(const eval *v, const vrk_expr *e, double *out)
{
    vrk_status st = VRK_OK;
    vrk_ctx *ctx = v->ctx;
    vrk_mark mark = vrk_mark_of(&ctx->scratch);
    int64_t n = v->rows->n;
    double *right;
    if (e->kind == VRK_EXPR_TEXT)
        FAIL(VRK_EINPUT, "formula:1:%lld: a text can only be compared with a column by == or !=",
             (long long)e->at);
    if (e->kind == VRK_EXPR_COLUMN)
        return eval_column(v, e, out);
    if (e->kind == VRK_EXPR_NUMBER) {
        for (int64_t i = 0; i < n; i++)
            out[i] = e->number;
        return VRK_OK;
    }
    if (e->args == 2 && (e->arg[0]->kind == VRK_EXPR_TEXT || e->arg[1]->kind == VRK_EXPR_TEXT))
        return eval_text(v, e, out);
    TRY(evaluate(v, e->arg[0], out));
    if (e->args == 1 && !strcmp(e->text, "scale"))
        TRY(standardise(v, out));
    else if (e->args == 1) {
        for (int64_t i = 0; i < n; i++)
            out[i] = unary(e->text, out[i]);
    } else {
        right = VRK_NEW(&ctx->scratch, n, double);
        if (!right)
            FAIL(VRK_EMEMORY, "out of memory");
        TRY(evaluate(v, e->arg[1], right));
        for (int64_t i = 0; i < n; i++)
            out[i] = binary(e->text, out[i], right[i]);
    }
done:
    vrk_rewind(&ctx->scratch, mark);
    return st;
}

static vrk_status number_of(const eval *v, const vrk_expr *e, double *out)
{
    vrk_status st = VRK_OK;
    vrk_ctx *ctx = v->ctx;
    char place[300];
    TRY(evaluate(v, e, out));
    for (int64_t i = 0; i < v->rows->n; i++) {
        if (isfinite(out[i]))
            continue;
        vrk_rows_place(v->rows, i, place, sizeof(place));
        FAIL(VRK_EINPUT, "%s: %s is %g, not a finite number", place, v->name, out[i]);
    }
done:
    return st;
}

typedef struct {
    const char *text;
    double number;
    int64_t row;
} item;

static int by_text(const void *a, const void *b)
{
    return strcmp(((const item *)a)->text, ((const item *)b)->text);
}

static int by_number(const void *a, const void *b)
{
    double x = ((const item *)a)->number, y = ((const item *)b)->number;
    return (x > y) - (x < y);
}

/* Sorts `at` [n] and numbers what differs. Labels of numbers are written here. */
static vrk_status number_levels(vrk_ctx *ctx, item *at, int64_t n, bool texts, vrk_arena *mem,
                                vrk_variable *out)
{
    vrk_status st = VRK_OK;
    int (*order)(const void *, const void *) = texts ? by_text : by_number;
    qsort(at, (size_t)n, sizeof(*at), order);
    out->levels = 0;
    for (int64_t i = 0; i < n; i++)
        out->levels += !i || order(&at[i - 1], &at[i]) != 0;
    out->level = VRK_NEW(mem, n, int64_t);
    out->label = VRK_NEW(mem, out->levels, const char *);
    if (mem->failed)
        FAIL(VRK_EMEMORY, "out of memory");
    for (int64_t i = 0, k = -1; i < n; i++) {
        if (!i || order(&at[i - 1], &at[i]) != 0)
            out->label[++k] =
                texts ? vrk_text_copy(mem, at[i].text) : vrk_text_f(mem, "%.15g", at[i].number);
        out->level[at[i].row] = k;
    }
    if (mem->failed)
        FAIL(VRK_EMEMORY, "out of memory");
done:
    return st;
}

static vrk_status levels_of(const eval *v, const vrk_expr *e, vrk_arena *mem, vrk_variable *out)
{
    vrk_status st = VRK_OK;
    vrk_ctx *ctx = v->ctx;
    vrk_mark mark = vrk_mark_of(&ctx->scratch);
    int64_t n = v->rows->n;
    const vrk_column *c = NULL;
    item *at = VRK_NEW(&ctx->scratch, n, item);
    double *x = VRK_NEW(&ctx->scratch, n, double);
    if (ctx->scratch.failed)
        FAIL(VRK_EMEMORY, "out of memory");
    if (e->kind == VRK_EXPR_COLUMN)
        TRY(find(ctx, v->rows, e, &c));
    bool texts = c && c->type == VRK_TEXT;
    if (!texts)
        TRY(number_of(v, e, x));
    for (int64_t i = 0; i < n; i++)
        at[i] = (item){texts ? c->s[frame_row(v->rows, i)] : "", x[i], i};
    TRY(number_levels(ctx, at, n, texts, mem, out));
done:
    vrk_rewind(&ctx->scratch, mark);
    return st;
}

/* Is a text column a column of numbers with something else in it? */
static bool mostly_numbers(const vrk_rows *rows, const vrk_column *c)
{
    int64_t numbers = 0;
    double x;
    for (int64_t i = 0; i < rows->n; i++)
        numbers += vrk_text_number(c->s[frame_row(rows, i)], &x);
    return 2 * numbers > rows->n;
}

vrk_status vrk_variable_of(vrk_ctx *ctx, const vrk_rows *rows, const vrk_formula_var *what,
                           vrk_as as, vrk_arena *mem, vrk_variable *out)
{
    vrk_status st = VRK_OK;
    const vrk_expr *e = what->expr;
    eval v = {ctx, rows, what->name};
    const vrk_column *c = NULL;
    bool factor = e->kind == VRK_EXPR_CALL && !strcmp(e->text, "factor");

    assert(mem != &ctx->scratch); /* which is rewound below */
    *out = (vrk_variable){.name = vrk_text_copy(mem, what->name)};
    if (factor)
        e = e->arg[0];
    if (e->kind == VRK_EXPR_COLUMN)
        TRY(find(ctx, rows, e, &c));
    if (as == VRK_AS_IS && !factor && c && c->type == VRK_TEXT && mostly_numbers(rows, c))
        return no_number(&v, c, 1);
    if (as == VRK_AS_LEVELS || (as == VRK_AS_IS && (factor || (c && c->type == VRK_TEXT)))) {
        TRY(levels_of(&v, e, mem, out));
    } else {
        out->number = VRK_NEW(mem, rows->n, double);
        if (mem->failed)
            FAIL(VRK_EMEMORY, "out of memory");
        TRY(number_of(&v, e, out->number));
    }
done:
    return st;
}

static const char *crossed_label(const vrk_variable *of, int64_t k, int64_t row, vrk_arena *mem)
{
    vrk_str s = {.mem = mem};
    for (int64_t j = 0; j < k; j++) {
        vrk_str_add(&s, j ? ":" : "");
        vrk_str_add(&s, of[j].label[of[j].level[row]]);
    }
    return vrk_str_of(&s);
}

vrk_status vrk_variable_cross(vrk_ctx *ctx, int64_t n, const vrk_variable *of, int64_t k,
                              vrk_arena *mem, vrk_variable *out)
{
    vrk_status st = VRK_OK;
    vrk_mark mark = vrk_mark_of(&ctx->scratch);
    vrk_str name = {.mem = mem};
    item *at = NULL;
    *out = of[0];
    if (k == 1)
        return VRK_OK;
    at = VRK_NEW(&ctx->scratch, n, item);
    if (ctx->scratch.failed)
        FAIL(VRK_EMEMORY, "out of memory");
    for (int64_t j = 0; j < k; j++) {
        vrk_str_add(&name, j ? ":" : "");
        vrk_str_add(&name, of[j].name);
    }
    for (int64_t i = 0; i < n; i++) { /* a number of the crossing, exact below 2^53 */
        at[i].row = i;
        for (int64_t j = 0; j < k; j++)
            at[i].number = at[i].number * (double)of[j].levels + (double)of[j].level[i];
        if (at[i].number > 9e15)
            FAIL(VRK_EINPUT, "too many levels in %s", vrk_str_of(&name));
    }
    TRY(number_levels(ctx, at, n, false, mem, out));
    for (int64_t i = 0; i < n; i++) {
        if (!i || at[i - 1].number < at[i].number)
            out->label[out->level[at[i].row]] = crossed_label(of, k, at[i].row, mem);
    }
    out->name = vrk_str_of(&name);
    out->number = NULL;
    if (mem->failed)
        FAIL(VRK_EMEMORY, "out of memory");
done:
    vrk_rewind(&ctx->scratch, mark);
    return st;
}
