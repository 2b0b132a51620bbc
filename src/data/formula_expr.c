#include "data/formula_part.h"

#include "base/str.h"

#include <ctype.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Functions of one argument. */
static const char *const functions[] = {"I",   "log",  "log1p", "log2",   "log10",
                                        "exp", "sqrt", "abs",   "factor", "scale"};

vrk_status vrk_parser_fail(vrk_parser *p, int64_t byte, const char *fmt, ...)
{
    char why[600];
    int64_t line = 1, column = 1;
    va_list ap;
    va_start(ap, fmt);
    vsnprintf(why, sizeof(why), vrk_said(p->ctx, fmt), ap);
    va_end(ap);
    for (int64_t i = 0; i < byte && p->text[i]; i++) {
        if (p->text[i] == '\n') {
            line++;
            column = 1;
        } else if ((p->text[i] & 0xC0) != 0x80) { /* continuation bytes are no characters */
            column++;
        }
    }
    return vrk_fail(p->ctx, VRK_EINPUT, "formula:%lld:%lld: %s", (long long)line, (long long)column,
                    why);
}

static bool starts_name(char c)
{
    return isalpha((unsigned char)c) || c == '.' || c == '_' || (c & 0x80);
}

/* A text in quotes, or a name in backquotes; the quote at `from`. */
static vrk_status take_quoted(vrk_parser *p, int64_t from)
{
    const char *start = p->text + from + 1, *end = strchr(start, p->text[from]);
    if (!end)
        return vrk_parser_fail(p, from, "%c is not closed", p->text[from]);
    if (end == start && p->text[from] == '`')
        return vrk_parser_fail(p, from, "there is no name between the backquotes");
    p->tok.kind = p->text[from] == '`' ? VRK_TOK_NAME : VRK_TOK_TEXT;
    p->tok.text = vrk_text_copy_n(&p->f->mem, start, (size_t)(end - start));
    p->next = end + 1 - p->text;
    return VRK_OK;
}

static vrk_status take_number(vrk_parser *p, int64_t from)
{
    size_t n = strspn(p->text + from, "0123456789.");
    char *end;
    if (strchr("eE", p->text[from + (int64_t)n]) && p->text[from + (int64_t)n]) {
        size_t sign = strspn(p->text + from + n + 1, "+-") == 1;
        size_t digits = strspn(p->text + from + n + 1 + sign, "0123456789");
        n += digits ? 1 + sign + digits : 0;
    }
    p->tok.text = vrk_text_copy_n(&p->f->mem, p->text + from, n);
    if (!p->tok.text)
        return vrk_fail(p->ctx, VRK_EMEMORY, "out of memory");
    p->tok.kind = VRK_TOK_NUMBER;
    p->tok.number = strtod(p->tok.text, &end);
    p->next = from + (int64_t)n;
    if (*end || !(p->tok.number <= 1e300))
        return vrk_parser_fail(p, from, "'%.40s' is no number", p->tok.text);
    return VRK_OK;
}

static vrk_status take_sign(vrk_parser *p, int64_t from)
{
    static const char *const signs[] = {"||", "==", "!=", "<=", ">=", "+", "-", "*", "/",
                                        "^",  "(",  ")",  ",",  ":",  "~", "|", "<", ">"};
    for (size_t i = 0; i < sizeof(signs) / sizeof(signs[0]); i++) {
        if (vrk_starts_with(p->text + from, signs[i])) {
            p->tok.kind = VRK_TOK_SIGN;
            p->tok.text = signs[i];
            p->next = from + (int64_t)strlen(signs[i]);
            return VRK_OK;
        }
    }
    return vrk_parser_fail(p, from, "'%c' has no meaning here", p->text[from]);
}

vrk_status vrk_parser_step(vrk_parser *p)
{
    vrk_status st = VRK_OK;
    int64_t from = p->next;
    snprintf(p->last, sizeof(p->last), "%.40s", p->tok.text ? p->tok.text : "");
    while (p->text[from] && isspace((unsigned char)p->text[from]))
        from++;
    char c = p->text[from];
    p->tok = (vrk_tok){.byte = from};
    p->next = from;
    if (!c)
        return VRK_OK;
    if (c == '`' || c == '"' || c == '\'')
        st = take_quoted(p, from);
    else if (isdigit((unsigned char)c) || (c == '.' && isdigit((unsigned char)p->text[from + 1])))
        st = take_number(p, from);
    else if (starts_name(c)) {
        while (starts_name(p->text[p->next]) || isdigit((unsigned char)p->text[p->next]))
            p->next++;
        p->tok.kind = VRK_TOK_NAME;
        p->tok.text = vrk_text_copy_n(&p->f->mem, p->text + from, (size_t)(p->next - from));
    } else
        st = take_sign(p, from);
    if (st == VRK_OK && p->f->mem.failed)
        st = vrk_fail(p->ctx, VRK_EMEMORY, "out of memory");
    return st;
}

bool vrk_parser_at(const vrk_parser *p, const char *sign)
{
    return p->tok.kind == VRK_TOK_SIGN && !strcmp(p->tok.text, sign);
}

vrk_status vrk_parser_expected(vrk_parser *p, const char *what)
{
    char found[64] = "";
    if (p->tok.kind != VRK_TOK_END)
        snprintf(found, sizeof(found), ", not '%.40s'", p->tok.text);
    return p->last[0]
               ? vrk_parser_fail(p, p->tok.byte, "expected %s after '%s'%s", what, p->last, found)
               : vrk_parser_fail(p, p->tok.byte, "expected %s%s", what, found);
}

vrk_status vrk_parser_expect(vrk_parser *p, const char *sign)
{
    char quoted[8];
    snprintf(quoted, sizeof(quoted), "'%s'", sign);
    return vrk_parser_at(p, sign) ? vrk_parser_step(p) : vrk_parser_expected(p, quoted);
}

static vrk_status make(vrk_parser *p, vrk_expr_kind kind, const char *text, int64_t byte,
                       vrk_expr **out)
{
    *out = VRK_NEW(&p->f->mem, 1, vrk_expr);
    if (!*out)
        return vrk_fail(p->ctx, VRK_EMEMORY, "out of memory");
    **out = (vrk_expr){.kind = kind, .text = text, .at = byte + 1};
    return VRK_OK;
}

static vrk_status compared(vrk_parser *p, const vrk_expr **out);

static vrk_status parse_call(vrk_parser *p, const char *name, int64_t byte, const vrk_expr **out)
{
    vrk_status st = VRK_OK;
    vrk_expr *e = NULL;
    size_t i = 0, n = sizeof(functions) / sizeof(functions[0]);
    while (i < n && strcmp(functions[i], name) != 0)
        i++;
    if (i == n)
        return vrk_parser_fail(p, byte,
                               "there is no function '%.40s'; there are I, log, log1p, log2, "
                               "log10, exp, sqrt, abs, factor, scale",
                               name);
    TRY(make(p, VRK_EXPR_CALL, functions[i], byte, &e));
    TRY(vrk_parser_expect(p, "("));
    e->args = 1;
    TRY(compared(p, &e->arg[0]));
    TRY(vrk_parser_expect(p, ")"));
    if (!strcmp(name, "factor") && e->arg[0]->kind != VRK_EXPR_COLUMN)
        return vrk_parser_fail(p, byte, "factor() takes one column");
    *out = e;
done:
    return st;
}

static vrk_status primary(vrk_parser *p, const vrk_expr **out)
{
    vrk_status st = VRK_OK;
    vrk_tok tok = p->tok;
    vrk_expr *e = NULL;
    if (vrk_parser_at(p, "(")) {
        TRY(vrk_parser_step(p));
        TRY(compared(p, out));
        TRY(vrk_parser_expect(p, ")"));
        return VRK_OK;
    }
    if (tok.kind == VRK_TOK_END || tok.kind == VRK_TOK_SIGN)
        return vrk_parser_expected(p, "a column name or a number");
    TRY(vrk_parser_step(p));
    if (tok.kind == VRK_TOK_NAME && vrk_parser_at(p, "("))
        return parse_call(p, tok.text, tok.byte, out);
    TRY(make(p,
             tok.kind == VRK_TOK_NUMBER ? VRK_EXPR_NUMBER
             : tok.kind == VRK_TOK_TEXT ? VRK_EXPR_TEXT
                                        : VRK_EXPR_COLUMN,
             tok.text, tok.byte, &e));
    e->number = tok.number;
    *out = e;
done:
    return st;
}

/* Unary minus binds weaker than ^, which goes from right to left: -2^2 is -4. */
static vrk_status powered(vrk_parser *p, const vrk_expr **out)
{
    vrk_ctx *ctx = p->ctx;
    vrk_status st = VRK_OK;
    vrk_expr *e = NULL;
    int64_t byte = p->tok.byte;
    if (++p->depth > VRK_FORMULA_DEPTH)
        FAIL(VRK_EINPUT, "formula:1:%lld: more than %d levels of brackets or signs",
             (long long)byte + 1, VRK_FORMULA_DEPTH);
    if (vrk_parser_at(p, "-") || vrk_parser_at(p, "+")) {
        TRY(make(p, VRK_EXPR_CALL, p->tok.text, byte, &e));
        TRY(vrk_parser_step(p));
        e->args = 1;
        TRY(powered(p, &e->arg[0]));
        *out = e;
    } else {
        TRY(primary(p, out));
        if (vrk_parser_at(p, "^")) {
            TRY(make(p, VRK_EXPR_CALL, "^", p->tok.byte, &e));
            TRY(vrk_parser_step(p));
            e->args = 2;
            e->arg[0] = *out;
            TRY(powered(p, &e->arg[1]));
            *out = e;
        }
    }
done:
    p->depth--;
    return st;
}

/* Operators of one level, from left to right. `tighter` reads what they join. */
static vrk_status joined(vrk_parser *p, const char *const *signs,
                         vrk_status (*tighter)(vrk_parser *, const vrk_expr **),
                         const vrk_expr **out)
{
    vrk_status st = VRK_OK;
    int64_t length = 0;
    TRY(tighter(p, out));
    for (size_t i = 0; signs[i]; i++) {
        vrk_expr *e = NULL;
        if (!vrk_parser_at(p, signs[i]))
            continue;
        if (++length > VRK_FORMULA_DEPTH) /* each makes the tree one deeper */
            return vrk_parser_fail(p, p->tok.byte, "more than %d signs in a row",
                                   VRK_FORMULA_DEPTH);
        TRY(make(p, VRK_EXPR_CALL, signs[i], p->tok.byte, &e));
        TRY(vrk_parser_step(p));
        e->args = 2;
        e->arg[0] = *out;
        TRY(tighter(p, &e->arg[1]));
        *out = e;
        i = (size_t)-1; /* look for any of them again */
    }
done:
    return st;
}

static vrk_status product(vrk_parser *p, const vrk_expr **out)
{
    static const char *const signs[] = {"*", "/", NULL};
    return joined(p, signs, powered, out);
}

static vrk_status sum(vrk_parser *p, const vrk_expr **out)
{
    static const char *const signs[] = {"+", "-", NULL};
    return joined(p, signs, product, out);
}

static vrk_status compared(vrk_parser *p, const vrk_expr **out)
{
    static const char *const signs[] = {"==", "!=", "<=", ">=", "<", ">", NULL};
    vrk_status st = VRK_OK;
    if (++p->depth > VRK_FORMULA_DEPTH)
        st = vrk_parser_fail(p, p->tok.byte, "more than %d levels of brackets", VRK_FORMULA_DEPTH);
    else
        st = joined(p, signs, sum, out);
    p->depth--;
    return st;
}

/* How tight an operator binds, for brackets in the text. */
static int tightness(const vrk_expr *e)
{
    static const char *const by[] = {"+-", "*/", "", "^"};
    if (e->kind != VRK_EXPR_CALL || isalpha((unsigned char)e->text[0]))
        return 9;
    if (e->args == 1)
        return 2;
    for (int i = 0; i < 4; i++) {
        if (!e->text[1] && e->text[0] && strchr(by[i], e->text[0]))
            return i;
    }
    return -1;
}

static void write_expr(vrk_str *s, const vrk_expr *e, int outer)
{
    bool call = e->kind == VRK_EXPR_CALL && isalpha((unsigned char)e->text[0]);
    bool close = e->text[0] == '^' || e->text[0] == '/';
    int own = tightness(e);
    if (e->kind == VRK_EXPR_TEXT)
        vrk_str_addf(s, "\"%s\"", e->text);
    if (e->kind == VRK_EXPR_NUMBER || e->kind == VRK_EXPR_COLUMN)
        vrk_str_add(s, e->text);
    if (e->kind != VRK_EXPR_CALL)
        return;
    if (call || own < outer)
        vrk_str_addf(s, "%s(", call ? e->text : "");
    if (call) {
        write_expr(s, e->arg[0], -2);
    } else if (e->args == 1) {
        vrk_str_add(s, e->text);
        write_expr(s, e->arg[0], own);
    } else {
        write_expr(s, e->arg[0], own + (e->text[0] == '^'));
        vrk_str_addf(s, close ? "%s" : " %s ", e->text);
        write_expr(s, e->arg[1], own + (e->text[0] != '^'));
    }
    if (call || own < outer)
        vrk_str_add(s, ")");
}

static vrk_status named(vrk_parser *p, vrk_formula_var *out)
{
    vrk_str s = {.mem = &p->f->mem};
    write_expr(&s, out->expr, -2);
    out->name = vrk_str_of(&s);
    return p->f->mem.failed ? vrk_fail(p->ctx, VRK_EMEMORY, "out of memory") : VRK_OK;
}

vrk_status vrk_parser_expr(vrk_parser *p, vrk_formula_var *out)
{
    vrk_status st = compared(p, &out->expr);
    return st == VRK_OK ? named(p, out) : st;
}

vrk_status vrk_parser_call(vrk_parser *p, const char *name, int64_t byte, vrk_formula_var *out)
{
    vrk_status st = parse_call(p, name, byte, &out->expr);
    return st == VRK_OK ? named(p, out) : st;
}

vrk_status vrk_parser_list(vrk_parser *p, vrk_formula_var *list, int64_t *n)
{
    vrk_status st = VRK_OK;
    TRY(vrk_parser_expect(p, "("));
    for (;;) {
        if (*n == VRK_FORMULA_ARGS)
            return vrk_parser_fail(p, p->tok.byte, "more than %d of these", VRK_FORMULA_ARGS);
        TRY(vrk_parser_expr(p, &list[*n]));
        ++*n;
        if (!vrk_parser_at(p, ","))
            break;
        TRY(vrk_parser_step(p));
    }
    TRY(vrk_parser_expect(p, ")"));
done:
    return st;
}
