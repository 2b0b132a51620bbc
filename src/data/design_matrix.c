#include "data/design_matrix.h"

#include "base/str.h"

#include <string.h>

/* How each variable of each term is coded: by contrasts against its first level where the terms
 * before hold what is left of the term without it, else a column for every level. The rule of R's
 * terms() and model.matrix(). */
static bool full_code(const vrk_variable *var, const vrk_terms *t, int64_t term, int v)
{
    uint64_t rest = t->term[term] & ~(UINT64_C(1) << v);
    if (!t->intercept) { /* the first variable of categories at all takes the intercept's place */
        for (int64_t j = 0; j <= term; j++) {
            for (int w = 0; w < VRK_FORMULA_VARS; w++) {
                if (!(t->term[j] >> w & 1) || var[w].number)
                    continue;
                if (j == term && w == v)
                    return true;
                j = term; /* it was another one */
                break;
            }
        }
    }
    if (!rest)
        return false;
    for (int64_t j = 0; j < term; j++) {
        if (!(rest & ~t->term[j]))
            return false;
    }
    return true;
}

typedef struct {
    int parts;
    struct {
        const vrk_variable *of;
        int64_t first, count; /* levels that have a column; numbers have one */
    } part[VRK_FORMULA_VARS];
    int64_t columns;
} plan;

static vrk_status plan_term(vrk_ctx *ctx, const vrk_variable *var, const vrk_terms *t, int64_t term,
                            plan *out)
{
    out->parts = 0;
    out->columns = 1;
    for (int v = 0; v < VRK_FORMULA_VARS; v++) {
        if (!(t->term[term] >> v & 1))
            continue;
        int64_t first = 0, count = 1;
        if (!var[v].number) {
            first = full_code(var, t, term, v) ? 0 : 1;
            count = var[v].levels - first;
            if (!count)
                return vrk_fail(ctx, VRK_EINPUT,
                                "column %s has one value, '%.80s': there is nothing to compare",
                                var[v].name, var[v].levels ? var[v].label[0] : "");
        }
        out->part[out->parts].of = &var[v];
        out->part[out->parts].first = first;
        out->part[out->parts++].count = count;
        if (__builtin_mul_overflow(out->columns, count, &out->columns) || out->columns > 100000)
            return vrk_fail(ctx, VRK_EINPUT,
                            "more than 100,000 columns; is %s to be a random term?", var[v].name);
    }
    return VRK_OK;
}

/* Column c of a term: its name and values. The first variable's levels change fastest. */
static const char *fill(const plan *p, int64_t c, int64_t n, double *x, vrk_arena *mem)
{
    vrk_str name = {.mem = mem};
    for (int64_t i = 0; i < n; i++)
        x[i] = 1;
    for (int k = 0; k < p->parts; k++) {
        const vrk_variable *v = p->part[k].of;
        int64_t level = p->part[k].first + c % p->part[k].count;
        c /= p->part[k].count;
        vrk_str_add(&name, k ? ":" : "");
        vrk_str_add(&name, v->name);
        vrk_str_add(&name, v->number ? "" : v->label[level]);
        for (int64_t i = 0; i < n; i++)
            x[i] *= v->number ? v->number[i] : (double)(v->level[i] == level);
    }
    return vrk_str_of(&name);
}

vrk_status vrk_model_matrix_make(vrk_ctx *ctx, int64_t n, const vrk_variable *var,
                                 const vrk_terms *terms, vrk_arena *mem, vrk_model_matrix *out)
{
    vrk_status st = VRK_OK;
    vrk_mark mark = vrk_mark_of(&ctx->scratch);
    plan *p = VRK_NEW(&ctx->scratch, terms->n, plan);
    int64_t at = 0;
    if (ctx->scratch.failed)
        FAIL(VRK_EMEMORY, "out of memory");
    *out = (vrk_model_matrix){.p = terms->intercept};
    for (int64_t t = 0; t < terms->n; t++) {
        TRY(plan_term(ctx, var, terms, t, &p[t]));
        out->p += p[t].columns;
    }
    if (out->p > 100000)
        FAIL(VRK_EINPUT, "more than 100,000 columns");
    out->name = VRK_NEW(mem, out->p, const char *);
    out->x = VRK_NEW(mem, n * out->p, double);
    if (mem->failed)
        FAIL(VRK_EMEMORY, "out of memory for %lld columns of %lld rows", (long long)out->p,
             (long long)n);
    if (terms->intercept) {
        out->name[at++] = "(Intercept)";
        for (int64_t i = 0; i < n; i++)
            out->x[i] = 1;
    }
    for (int64_t t = 0; t < terms->n; t++) {
        for (int64_t c = 0; c < p[t].columns; c++, at++)
            out->name[at] = fill(&p[t], c, n, out->x + at * n, mem);
    }
    if (mem->failed)
        FAIL(VRK_EMEMORY, "out of memory");
done:
    vrk_rewind(&ctx->scratch, mark);
    return st;
}
