#include "data/design.h"
#include "data/design_matrix.h"

#include "base/str.h"

#include <string.h>

typedef struct {
    vrk_ctx *ctx;
    const vrk_formula *f;
    const vrk_design_opt *opt;
    vrk_rows rows; /* those in use */
    vrk_design *out;
} making;

static vrk_expr column_named(const char *name)
{
    return (vrk_expr){.kind = VRK_EXPR_COLUMN, .text = name};
}

static vrk_status missing_of(vrk_ctx *ctx, const vrk_rows *all, const vrk_formula_var *list,
                             int64_t n, uint8_t *missing)
{
    vrk_status st = VRK_OK;
    for (int64_t k = 0; k < n; k++)
        TRY(vrk_expr_missing(ctx, all, list[k].expr, missing));
done:
    return st;
}

/* Keeps the rows that have all values. */
static vrk_status choose_rows(making *m, const vrk_rows *all)
{
    vrk_ctx *ctx = m->ctx;
    vrk_status st = VRK_OK;
    vrk_mark mark = vrk_mark_of(&ctx->scratch);
    const vrk_formula *f = m->f;
    vrk_design *out = m->out;
    int64_t rows = all->frame->rows;
    uint8_t *missing = VRK_NEW(&ctx->scratch, rows, uint8_t);
    out->row = VRK_NEW(&out->mem, rows, int64_t);
    if (ctx->scratch.failed || out->mem.failed)
        FAIL(VRK_EMEMORY, "out of memory");
    TRY(missing_of(ctx, all, f->response, f->responses, missing));
    TRY(missing_of(ctx, all, f->var, f->vars, missing));
    TRY(missing_of(ctx, all, f->offset, f->offsets, missing));
    TRY(missing_of(ctx, all, f->stratum, f->strata, missing));
    TRY(missing_of(ctx, all, f->cluster, f->clusters, missing));
    for (int k = 0; k < VRK_DESIGN_EXTRA; k++) {
        vrk_expr e = column_named(m->opt->extra[k]);
        if (e.text)
            TRY(vrk_expr_missing(ctx, all, &e, missing));
    }
    for (int64_t i = 0; i < rows; i++) {
        if (!missing[i])
            out->row[out->n++] = i;
    }
    out->read = rows;
    out->missing = rows - out->n;
    if (!out->n)
        FAIL(VRK_EINPUT, "%s: none of %lld rows has a value in every column of the formula",
             all->file, (long long)rows);
    m->rows = *all;
    m->rows.n = out->n;
    m->rows.row = out->row;
done:
    vrk_rewind(&ctx->scratch, mark);
    return st;
}

static vrk_status make_offset(making *m)
{
    vrk_status st = VRK_OK;
    vrk_ctx *ctx = m->ctx;
    vrk_design *out = m->out;
    vrk_variable v;
    if (!m->f->offsets)
        goto done;
    out->offset = VRK_NEW(&out->mem, out->n, double);
    if (out->mem.failed)
        FAIL(VRK_EMEMORY, "out of memory");
    for (int64_t k = 0; k < m->f->offsets; k++) {
        TRY(vrk_variable_of(ctx, &m->rows, &m->f->offset[k], VRK_AS_NUMBER, &out->mem, &v));
        for (int64_t i = 0; i < out->n; i++)
            out->offset[i] += v.number[i];
    }
done:
    return st;
}

/* Levels of one or more variables, crossed. */
static vrk_status make_levels(making *m, const vrk_formula_var *list, int64_t n, vrk_variable *out)
{
    vrk_status st = VRK_OK;
    vrk_variable v[VRK_FORMULA_ARGS];
    for (int64_t k = 0; k < n; k++)
        TRY(vrk_variable_of(m->ctx, &m->rows, &list[k], VRK_AS_LEVELS, &m->out->mem, &v[k]));
    if (n)
        TRY(vrk_variable_cross(m->ctx, m->out->n, v, n, &m->out->mem, out));
done:
    return st;
}

static vrk_status make_random(making *m, const vrk_variable *var, const vrk_formula_bar *bar,
                              vrk_random_term *out)
{
    vrk_status st = VRK_OK;
    vrk_ctx *ctx = m->ctx;
    vrk_formula_var group[VRK_FORMULA_ARGS];
    vrk_variable levels;
    int64_t n = 0;
    for (int64_t v = 0; v < m->f->vars; v++) {
        if (!(bar->group >> v & 1))
            continue;
        if (n == VRK_FORMULA_ARGS)
            FAIL(VRK_EINPUT, "formula:1:%lld: more than %d columns crossed", (long long)bar->at,
                 VRK_FORMULA_ARGS);
        group[n++] = m->f->var[v];
    }
    TRY(make_levels(m, group, n, &levels));
    out->name = levels.name;
    out->levels = levels.levels;
    out->label = levels.label;
    out->level = levels.level;
    TRY(vrk_model_matrix_make(ctx, m->out->n, var, &bar->terms, &m->out->mem, &out->z));
done:
    return st;
}

/* The variables of some terms; the others stay empty. */
static vrk_status make_variables(making *m, vrk_variable *var)
{
    vrk_status st = VRK_OK;
    const vrk_formula *f = m->f;
    uint64_t used = 0;
    for (int64_t i = 0; i < f->fixed.n; i++)
        used |= f->fixed.term[i];
    for (int64_t b = 0; b < f->bars; b++) {
        for (int64_t i = 0; i < f->bar[b].terms.n; i++)
            used |= f->bar[b].terms.term[i];
    }
    for (int64_t v = 0; v < f->vars; v++) {
        if (used >> v & 1)
            TRY(vrk_variable_of(m->ctx, &m->rows, &f->var[v], VRK_AS_IS, &m->out->mem, &var[v]));
    }
done:
    return st;
}

static vrk_status make_extra(making *m)
{
    vrk_status st = VRK_OK;
    for (int k = 0; k < VRK_DESIGN_EXTRA; k++) {
        vrk_expr e = column_named(m->opt->extra[k]);
        vrk_formula_var what = {e.text, &e};
        if (e.text)
            TRY(vrk_variable_of(m->ctx, &m->rows, &what, m->opt->extra_as[k], &m->out->mem,
                                &m->out->extra[k]));
    }
done:
    return st;
}

static vrk_status make_parts(making *m)
{
    vrk_ctx *ctx = m->ctx;
    vrk_status st = VRK_OK;
    const vrk_formula *f = m->f;
    vrk_design *out = m->out;
    vrk_variable var[VRK_FORMULA_VARS] = {0};

    out->responses = f->responses;
    for (int64_t k = 0; k < f->responses; k++)
        TRY(vrk_variable_of(ctx, &m->rows, &f->response[k],
                            k + 1 == f->responses ? m->opt->response_last : m->opt->response_as,
                            &out->mem, &out->response[k]));
    TRY(make_variables(m, var));
    TRY(vrk_model_matrix_make(ctx, out->n, var, &f->fixed, &out->mem, &out->x));
    out->intercept = f->fixed.intercept;
    TRY(make_offset(m));
    TRY(make_levels(m, f->stratum, f->strata, &out->stratum));
    TRY(make_levels(m, f->cluster, f->clusters, &out->cluster));
    TRY(make_extra(m));
    out->random = f->bars;
    out->bar = VRK_NEW(&out->mem, f->bars, vrk_random_term);
    if (out->mem.failed)
        FAIL(VRK_EMEMORY, "out of memory");
    for (int64_t b = 0; b < f->bars; b++)
        TRY(make_random(m, var, &f->bar[b], &out->bar[b]));
done:
    return st;
}

vrk_status vrk_design_make(vrk_ctx *ctx, const vrk_rows *all, const vrk_formula *f,
                           const vrk_design_opt *opt, vrk_design *out)
{
    vrk_status st = VRK_OK;
    vrk_mark mark = vrk_mark_of(&ctx->scratch);
    making m = {.ctx = ctx, .f = f, .opt = opt ? opt : &(vrk_design_opt){0}, .out = out};

    *out = (vrk_design){.mem.limit = ctx->scratch.limit};
    TRY(choose_rows(&m, all));
    TRY(make_parts(&m));
done:
    vrk_rewind(&ctx->scratch, mark);
    if (st != VRK_OK)
        vrk_design_free(out);
    return st;
}

void vrk_design_free(vrk_design *d)
{
    vrk_arena_free(&d->mem);
    *d = (vrk_design){0};
}
