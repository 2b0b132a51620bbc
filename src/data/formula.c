#include "data/formula.h"
#include "data/formula_part.h"

#include "base/str.h"

#include <string.h>

/* Terms while they are put together. */
typedef struct {
    enum { UNSAID, WITH, WITHOUT } one; /* intercept */
    int64_t n;
    uint64_t term[VRK_FORMULA_TERMS];
    bool special; /* a random term, offset or such: nothing but + may join it */
} set;

static vrk_status add(vrk_parser *p, set *s, uint64_t term)
{
    for (int64_t i = 0; i < s->n; i++) {
        if (s->term[i] == term)
            return VRK_OK;
    }
    if (s->n == VRK_FORMULA_TERMS)
        return vrk_parser_fail(p, p->tok.byte, "more than %d terms", VRK_FORMULA_TERMS);
    s->term[s->n++] = term;
    return VRK_OK;
}

static vrk_status add_all(vrk_parser *p, set *to, const set *from)
{
    vrk_status st = VRK_OK;
    for (int64_t i = 0; i < from->n; i++)
        TRY(add(p, to, from->term[i]));
    if (from->one != UNSAID)
        to->one = from->one;
done:
    return st;
}

static void take_away(set *from, const set *what)
{
    for (int64_t k = 0; k < what->n; k++) {
        for (int64_t i = 0; i < from->n; i++) {
            if (from->term[i] == what->term[k])
                memmove(&from->term[i], &from->term[i + 1],
                        (size_t)(--from->n - i) * sizeof(from->term[0]));
        }
    }
    if (what->one == WITH)
        from->one = WITHOUT;
    if (what->one == WITHOUT)
        from->one = WITH;
}

/* a:b of all in one and all in the other. */
static vrk_status cross(vrk_parser *p, const set *a, const set *b, set *to)
{
    vrk_status st = VRK_OK;
    for (int64_t j = 0; j < b->n; j++) {
        for (int64_t i = 0; i < a->n; i++)
            TRY(add(p, to, a->term[i] | b->term[j]));
    }
done:
    return st;
}

static vrk_status variable(vrk_parser *p, const vrk_formula_var *v, set *out)
{
    vrk_formula *f = p->f;
    int64_t k = 0;
    while (k < f->vars && strcmp(f->var[k].name, v->name) != 0)
        k++;
    if (k == VRK_FORMULA_VARS)
        return vrk_parser_fail(p, v->expr->at - 1, "more than %d variables", VRK_FORMULA_VARS);
    if (k == f->vars)
        f->var[f->vars++] = *v;
    return add(p, out, UINT64_C(1) << k);
}

static vrk_status sum(vrk_parser *p, set *out);
static vrk_status product(vrk_parser *p, set *out);

static void finish(const set *s, vrk_terms *out)
{
    out->intercept = s->one != WITHOUT;
    out->n = 0;
    for (int order = 1; order <= VRK_FORMULA_VARS; order++) {
        for (int64_t i = 0; i < s->n; i++) {
            if (__builtin_popcountll(s->term[i]) == order)
                out->term[out->n++] = s->term[i];
        }
    }
}

static vrk_status one_bar(vrk_parser *p, const set *columns, uint64_t group, int64_t byte)
{
    vrk_formula *f = p->f;
    vrk_formula_bar *bar = &f->bar[f->bars];
    if (f->bars == VRK_FORMULA_ARGS * 4)
        return vrk_parser_fail(p, byte, "more than %d random terms", VRK_FORMULA_ARGS * 4);
    finish(columns, &bar->terms);
    bar->group = group;
    bar->at = byte + 1;
    if (!bar->terms.intercept && !bar->terms.n)
        return vrk_parser_fail(p, byte, "this random term has no column");
    for (int v = 0; v < (int)f->vars; v++) {
        const vrk_expr *e = f->var[v].expr;
        if ((group >> v & 1) && e->kind == VRK_EXPR_CALL && strcmp(e->text, "factor") != 0)
            return vrk_parser_fail(p, e->at - 1,
                                   "'%.80s' cannot be what a random term is grouped "
                                   "by; give a column",
                                   f->var[v].name);
    }
    f->bars++;
    return VRK_OK;
}

/* "| g)" or "|| g)" behind the columns; what || separates become terms of their own. */
static vrk_status bars(vrk_parser *p, const set *columns, int64_t byte)
{
    vrk_status st = VRK_OK;
    bool apart = vrk_parser_at(p, "||");
    set groups = {.n = 0};
    TRY(vrk_parser_step(p));
    TRY(product(p, &groups));
    if (groups.special || !groups.n)
        return vrk_parser_fail(p, byte, "a random term is grouped by columns: (1 | seller)");
    for (int64_t g = 0; g < groups.n; g++) {
        if (!apart) {
            TRY(one_bar(p, columns, groups.term[g], byte));
            continue;
        }
        if (columns->one != WITHOUT)
            TRY(one_bar(p, &(set){.one = WITH}, groups.term[g], byte));
        for (int64_t i = 0; i < columns->n; i++) {
            set slope = {.one = WITHOUT, .n = 1, .term = {columns->term[i]}};
            TRY(one_bar(p, &slope, groups.term[g], byte));
        }
    }
done:
    return st;
}

static vrk_status brackets(vrk_parser *p, set *out)
{
    vrk_status st = VRK_OK;
    int64_t byte = p->tok.byte;
    set inner = {.n = 0};
    TRY(vrk_parser_step(p));
    TRY(sum(p, &inner));
    if (vrk_parser_at(p, "|") || vrk_parser_at(p, "||")) {
        if (inner.special)
            return vrk_parser_fail(p, byte, "a random term cannot stand inside another");
        TRY(bars(p, &inner, byte));
        out->special = true;
    } else {
        *out = inner;
    }
    TRY(vrk_parser_expect(p, ")"));
done:
    return st;
}

static vrk_status named(vrk_parser *p, set *out)
{
    vrk_ctx *ctx = p->ctx;
    vrk_status st = VRK_OK;
    vrk_formula *f = p->f;
    vrk_tok name = p->tok;
    vrk_formula_var v;
    vrk_expr *column;
    TRY(vrk_parser_step(p));
    if (!vrk_parser_at(p, "(")) {
        column = VRK_NEW(&f->mem, 1, vrk_expr);
        if (!column)
            FAIL(VRK_EMEMORY, "out of memory");
        *column = (vrk_expr){.kind = VRK_EXPR_COLUMN, .text = name.text, .at = name.byte + 1};
        return variable(p, &(vrk_formula_var){name.text, column}, out);
    }
    if (!strcmp(name.text, "offset"))
        TRY(vrk_parser_list(p, f->offset, &f->offsets));
    else if (!strcmp(name.text, "strata"))
        TRY(vrk_parser_list(p, f->stratum, &f->strata));
    else if (!strcmp(name.text, "cluster"))
        TRY(vrk_parser_list(p, f->cluster, &f->clusters));
    else {
        TRY(vrk_parser_call(p, name.text, name.byte, &v));
        return variable(p, &v, out);
    }
    out->special = true;
done:
    return st;
}

static vrk_status primary(vrk_parser *p, set *out)
{
    vrk_ctx *ctx = p->ctx;
    vrk_status st = VRK_OK;
    *out = (set){.n = 0};
    if (++p->depth > VRK_FORMULA_DEPTH)
        FAIL(VRK_EINPUT, "formula: more than %d levels of brackets", VRK_FORMULA_DEPTH);
    if (vrk_parser_at(p, "(")) {
        TRY(brackets(p, out));
    } else if (p->tok.kind == VRK_TOK_NUMBER) {
        if (p->tok.number != 0 && p->tok.number != 1)
            return vrk_parser_fail(p, p->tok.byte, "only 0 and 1 can stand among terms");
        out->one = p->tok.number != 0 ? WITH : WITHOUT;
        TRY(vrk_parser_step(p));
    } else if (p->tok.kind == VRK_TOK_NAME) {
        if (!strcmp(p->tok.text, "."))
            return vrk_parser_fail(p, p->tok.byte, "'.' for all columns is not known; name them");
        TRY(named(p, out));
    } else {
        TRY(vrk_parser_expected(p, "a column name"));
    }
done:
    p->depth--;
    return st;
}

static vrk_status powered(vrk_parser *p, set *out)
{
    vrk_status st = VRK_OK;
    TRY(primary(p, out));
    while (vrk_parser_at(p, "^")) {
        set base = *out;
        TRY(vrk_parser_step(p));
        if (p->tok.kind != VRK_TOK_NUMBER || p->tok.number < 1 || p->tok.number > 9 ||
            p->tok.number != (double)(int)p->tok.number)
            return vrk_parser_expected(p, "a whole number from 1 to 9");
        if (base.special || base.one != UNSAID)
            return vrk_parser_fail(p, p->tok.byte, "only columns can be raised to a power");
        for (int k = 1; k < (int)p->tok.number; k++) {
            set before = *out;
            TRY(cross(p, &before, &base, out));
        }
        TRY(vrk_parser_step(p));
    }
done:
    return st;
}

/* May these two be joined by something else than + and -? */
static vrk_status plain(vrk_parser *p, const char *sign, int64_t byte, const set *a, const set *b)
{
    if (a->special || b->special)
        return vrk_parser_fail(p, byte,
                               "a random term, offset() or strata() can only be added, "
                               "not joined by '%s'",
                               sign);
    if (a->one != UNSAID || b->one != UNSAID)
        return vrk_parser_fail(p, byte, "0 and 1 can only be added or taken away");
    return VRK_OK;
}

static vrk_status coloned(vrk_parser *p, set *out)
{
    vrk_status st = VRK_OK;
    TRY(powered(p, out));
    while (vrk_parser_at(p, ":")) {
        int64_t byte = p->tok.byte;
        set left = *out, right;
        TRY(vrk_parser_step(p));
        TRY(powered(p, &right));
        TRY(plain(p, ":", byte, &left, &right));
        *out = (set){.n = 0};
        TRY(cross(p, &left, &right, out));
    }
done:
    return st;
}

static vrk_status product(vrk_parser *p, set *out)
{
    vrk_status st = VRK_OK;
    TRY(coloned(p, out));
    while (vrk_parser_at(p, "*") || vrk_parser_at(p, "/")) {
        int64_t byte = p->tok.byte;
        bool nested = p->tok.text[0] == '/';
        set left = *out, right;
        TRY(vrk_parser_step(p));
        TRY(coloned(p, &right));
        TRY(plain(p, nested ? "/" : "*", byte, &left, &right));
        if (nested) { /* a/b: all of a, crossed with b */
            set whole = {.n = 1};
            for (int64_t i = 0; i < left.n; i++)
                whole.term[0] |= left.term[i];
            left = whole;
        } else {
            TRY(add_all(p, out, &right));
        }
        TRY(cross(p, &left, &right, out));
    }
done:
    return st;
}

static vrk_status sum(vrk_parser *p, set *out)
{
    vrk_status st = VRK_OK;
    bool less = vrk_parser_at(p, "-");
    *out = (set){.n = 0};
    if (less || vrk_parser_at(p, "+"))
        TRY(vrk_parser_step(p));
    for (;;) {
        int64_t byte = p->tok.byte;
        set item;
        TRY(product(p, &item));
        if (less && item.special)
            return vrk_parser_fail(p, byte,
                                   "a random term, offset() or strata() cannot be taken away");
        if (less)
            take_away(out, &item);
        else
            TRY(add_all(p, out, &item));
        out->special |= item.special;
        less = vrk_parser_at(p, "-");
        if (!less && !vrk_parser_at(p, "+"))
            break;
        TRY(vrk_parser_step(p));
    }
done:
    return st;
}

static vrk_status left_side(vrk_parser *p)
{
    vrk_status st = VRK_OK;
    vrk_formula *f = p->f;
    vrk_parser before = *p;
    f->call = "";
    if (p->tok.kind == VRK_TOK_NAME &&
        (!strcmp(p->tok.text, "cbind") || !strcmp(p->tok.text, "Surv"))) {
        const char *call = p->tok.text[0] == 'c' ? "cbind" : "Surv";
        TRY(vrk_parser_step(p));
        if (vrk_parser_at(p, "(")) {
            f->call = call;
            return vrk_parser_list(p, f->response, &f->responses);
        }
        *p = before; /* a column of that name */
    }
    if (!vrk_parser_at(p, "~")) { /* without a left side: for items, and the like */
        TRY(vrk_parser_expr(p, &f->response[0]));
        f->responses = 1;
    }
done:
    return st;
}

vrk_status vrk_formula_parse(vrk_ctx *ctx, const char *text, vrk_formula *out)
{
    vrk_status st = VRK_OK;
    vrk_parser p = {.ctx = ctx, .text = text, .f = out};
    set right;
    *out = (vrk_formula){.mem.limit = ctx->scratch.limit};
    if (strnlen(text, VRK_FORMULA_LONGEST + 1) > VRK_FORMULA_LONGEST)
        FAIL(VRK_EINPUT, "formula: longer than %d bytes", VRK_FORMULA_LONGEST);
    out->text = vrk_text_copy(&out->mem, text);
    if (!out->text)
        FAIL(VRK_EMEMORY, "out of memory");
    TRY(vrk_parser_step(&p));
    TRY(left_side(&p));
    TRY(vrk_parser_expect(&p, "~"));
    TRY(sum(&p, &right));
    if (vrk_parser_at(&p, "|") || vrk_parser_at(&p, "||")) {
        TRY(vrk_parser_fail(&p, p.tok.byte, "a random term stands in brackets: (1 | seller)"));
    } else if (p.tok.kind != VRK_TOK_END) {
        TRY(vrk_parser_expected(&p, "'+' or the end"));
    }
    finish(&right, &out->fixed);
done:
    if (st != VRK_OK)
        vrk_formula_free(out);
    return st;
}

void vrk_formula_free(vrk_formula *f)
{
    vrk_arena_free(&f->mem);
    *f = (vrk_formula){0};
}
