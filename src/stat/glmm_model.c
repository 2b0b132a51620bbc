/* The shape of a mixed model: which rows count, which columns are kept, the parts of the design and
 * the pattern of the system. */
#include <inttypes.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "num/mat.h"
#include "stat/glmm_parts.h"
#include "stat/glmm_table.h"

static double given(const double *x, int64_t i, double otherwise)
{
    return x ? x[i] : otherwise;
}

static int64_t width(const vrk_glmm_term *t)
{
    return t->q > 0 ? t->q : 1;
}

static vrk_status check_terms(vrk_ctx *ctx, const vrk_glmm_data *d, int64_t i)
{
    for (int64_t t = 0; t < d->terms; t++) {
        const vrk_glmm_term *k = d->term + t;
        if (k->level[i] < -1 || k->level[i] >= k->levels)
            return vrk_fail(ctx, VRK_EINPUT,
                            "row %" PRId64 ", term %" PRId64 ": level %d of %" PRId64, i, t,
                            (int)k->level[i], k->levels);
        for (int64_t c = 0; k->z && c < width(k); c++) {
            if (!isfinite(k->z[i + c * d->n]))
                return vrk_fail(ctx, VRK_EINPUT,
                                "row %" PRId64 ", term %" PRId64 ", column %" PRId64
                                ": a value that is not finite",
                                i, t, c);
        }
    }
    return VRK_OK;
}

static vrk_status check_row(vrk_ctx *ctx, const vrk_glmm_data *d, vrk_glmm_family family, int64_t i)
{
    double y = d->y[i], size = given(d->size, i, 1), weight = given(d->weight, i, 1);
    bool trials = family == VRK_GLMM_LOGIT || family == VRK_GLMM_CLOGLOG;
    if (!isfinite(y) || !isfinite(size) || !isfinite(weight) || !isfinite(given(d->offset, i, 0)))
        return vrk_fail(ctx, VRK_EINPUT,
                        "row %" PRId64 ": response, size, weight or offset is not finite", i);
    if (weight < 0 || size < 0)
        return vrk_fail(ctx, VRK_EINPUT, "row %" PRId64 ": size %g or weight %g is below 0", i,
                        size, weight);
    if (family != VRK_GLMM_GAUSSIAN && (y < 0 || (trials && y > size)))
        return vrk_fail(ctx, VRK_EINPUT, "row %" PRId64 ": response %g of %g", i, y, size);
    if (family == VRK_GLMM_POISSON && !(size > 0) && y > 0)
        return vrk_fail(ctx, VRK_EINPUT, "row %" PRId64 ": %g events without exposure", i, y);
    for (int64_t j = 0; j < d->p; j++) {
        if (!isfinite(d->x[i + j * d->n]))
            return vrk_fail(ctx, VRK_EINPUT,
                            "row %" PRId64 ", column %" PRId64 ": a value that is not finite", i,
                            j);
    }
    return check_terms(ctx, d, i);
}

static vrk_status check(vrk_ctx *ctx, const vrk_glmm_data *d, const vrk_glmm_opt *o)
{
    vrk_status st = VRK_OK;
    if (d->n < 1 || d->n > INT32_MAX)
        FAIL(VRK_EINPUT, "%" PRId64 " rows", d->n);
    if (o->family > VRK_GLMM_POISSON || o->mode > VRK_GLMM_REML)
        FAIL(VRK_EINPUT, "family %d, mode %d", (int)o->family, (int)o->mode);
    if (o->integrate && (o->mode != VRK_GLMM_BAYES || o->quick))
        FAIL(VRK_EINPUT, "integration over variances needs their priors and second derivatives");
    if (d->p < 0 || d->p > GLMM_FIXED)
        FAIL(VRK_EINPUT, "%" PRId64 " columns of fixed effects", d->p);
    for (int64_t t = 0; t < d->terms; t++) {
        const vrk_glmm_term *k = d->term + t;
        if (k->levels < 1 || k->levels > INT32_MAX / 64 || width(k) > 64)
            FAIL(VRK_EINPUT, "term %" PRId64 ": %" PRId64 " levels of %" PRId64, t, k->levels,
                 width(k));
        if (k->tail != VRK_GLMM_NORMAL && width(k) > 1)
            FAIL(VRK_EINPUT, "term %" PRId64 ": heavy tails only where q is 1", t);
        if (k->tail == VRK_GLMM_T && k->df != 0 && !(k->df > 2))
            FAIL(VRK_EINPUT, "term %" PRId64 ": %g degrees of freedom are not over 2", t, k->df);
        if (k->tail == VRK_GLMM_TWO_PART &&
            (k->share < 0 || k->share >= 1 || (k->wide != 0 && !(k->wide > 1))))
            FAIL(VRK_EINPUT, "term %" PRId64 ": a share of %g with %g times the sd", t, k->share,
                 k->wide);
    }
    for (int64_t i = 0; i < d->n; i++)
        TRY(check_row(ctx, d, o->family, i));
done:
    return st;
}

/* Takes the rows that count, with weights taken into response and size. */
static vrk_status take_rows(vrk_ctx *ctx, glmm_model *m, vrk_arena *mem)
{
    const vrk_glmm_data *d = m->data;
    vrk_glmm_family f = m->opt.family;
    m->y = VRK_NEW(mem, d->n, double), m->size = VRK_NEW(mem, d->n, double);
    m->offset = VRK_NEW(mem, d->n, double), m->row = VRK_NEW(mem, d->n, int64_t);
    if (mem->failed)
        return vrk_fail(ctx, VRK_EMEMORY, "cannot allocate %" PRId64 " rows", d->n);
    for (int64_t i = 0; i < d->n; i++) {
        double y = d->y[i], size = given(d->size, i, 1), w = given(d->weight, i, 1);
        if (!(w > 0) || (f != VRK_GLMM_GAUSSIAN && !(size > 0)))
            continue;
        int64_t k = m->n++;
        m->row[k] = i;
        m->offset[k] = given(d->offset, i, 0) + (f == VRK_GLMM_POISSON ? log(size) : 0);
        m->y[k] = f == VRK_GLMM_GAUSSIAN ? y : w * y;
        m->size[k] = f == VRK_GLMM_GAUSSIAN || f == VRK_GLMM_POISSON ? w : w * size;
        if (f == VRK_GLMM_GAUSSIAN)
            m->constant += log(w) / 2 - log(2 * M_PI) / 2;
        else if (f == VRK_GLMM_POISSON)
            m->constant -= w * lgamma(y + 1);
        else if (size > 1)
            m->constant += w * (lgamma(size + 1) - lgamma(y + 1) - lgamma(size - y + 1));
    }
    if (m->n < 1)
        return vrk_fail(ctx, VRK_EINPUT, "no row counts: all have size or weight 0");
    return VRK_OK;
}

static uint64_t bits(double x)
{
    uint64_t b;
    memcpy(&b, &x, sizeof b);
    return b;
}

/* Numbers the distinct rows of `columns` columns of x together with `of`. */
static vrk_status distinct(vrk_ctx *ctx, const glmm_model *m, const double *x, int64_t columns,
                           int32_t *of, int64_t *count)
{
    vrk_status st = VRK_OK;
    vrk_mark mark = vrk_mark_of(&ctx->scratch);
    uint64_t *key = VRK_NEW(&ctx->scratch, m->n, uint64_t);
    if (ctx->scratch.failed)
        FAIL(VRK_EMEMORY, "cannot allocate %" PRId64 " rows", m->n);
    for (int64_t j = 0; j < columns && *count < m->n; j++) {
        for (int64_t i = 0; i < m->n; i++)
            key[i] = bits(x[m->row[i] + j * m->data->n]);
        TRY(vrk_glmm_refine(ctx, m->n, of, key, count));
        TRY(vrk_tick(ctx, "finding equal rows", j, columns));
    }
done:
    vrk_rewind(&ctx->scratch, mark);
    return st;
}

/* The sparse rows of a part, from one example row of the data per level. */
static vrk_status fill_part(vrk_ctx *ctx, vrk_arena *mem, glmm_part *part, int64_t n,
                            int64_t width_, const double *x, int64_t stride, const int64_t *row,
                            const int32_t *first, const int32_t *level)
{
    vrk_status st = VRK_OK;
    vrk_mark mark = vrk_mark_of(&ctx->scratch);
    int64_t *example = VRK_NEW(&ctx->scratch, part->levels, int64_t);
    part->start = VRK_NEW(mem, part->levels + 1, int64_t);
    part->col = VRK_NEW(mem, part->levels * width_, int32_t);
    part->x = VRK_NEW(mem, part->levels * width_, double);
    if (ctx->scratch.failed || mem->failed)
        FAIL(VRK_EMEMORY, "cannot allocate %" PRId64 " levels", part->levels);
    for (int64_t i = n - 1; i >= 0; i--)
        example[part->of[i]] = row[i];
    int64_t k = 0;
    for (int64_t l = 0; l < part->levels; l++) {
        int64_t i = example[l];
        for (int64_t c = 0; c < width_ && (!level || level[i] >= 0); c++) {
            double value = x ? x[i + c * stride] : 1;
            if (value == 0)
                continue;
            part->col[k] = first[0] + (int32_t)c + (level ? level[i] * (int32_t)width_ : 0);
            part->x[k++] = value;
        }
        part->start[l + 1] = k;
    }
done:
    vrk_rewind(&ctx->scratch, mark);
    return st;
}

/* A part for one random term. */
static vrk_status term_part(vrk_ctx *ctx, glmm_model *m, vrk_arena *mem, int64_t t, glmm_part *part)
{
    vrk_status st = VRK_OK;
    const vrk_glmm_term *k = m->data->term + t;
    int32_t first = (int32_t)m->first[t];
    part->of = VRK_NEW(mem, m->n, int32_t);
    if (mem->failed)
        FAIL(VRK_EMEMORY, "cannot allocate %" PRId64 " rows", m->n);
    vrk_mark mark = vrk_mark_of(&ctx->scratch);
    uint64_t *key = VRK_NEW(&ctx->scratch, m->n, uint64_t);
    if (ctx->scratch.failed)
        FAIL(VRK_EMEMORY, "cannot allocate %" PRId64 " rows", m->n);
    for (int64_t i = 0; i < m->n; i++)
        key[i] = (uint64_t)(k->level[m->row[i]] + 1);
    st = vrk_glmm_refine(ctx, m->n, part->of, key, &part->levels);
    vrk_rewind(&ctx->scratch, mark);
    TRY(st);
    if (k->z)
        TRY(distinct(ctx, m, k->z, width(k), part->of, &part->levels));
    TRY(fill_part(ctx, mem, part, m->n, width(k), k->z, m->data->n, m->row, &first, k->level));
done:
    return st;
}

/* Whether each level of `big` has one level of `small`; then where [big levels]. */
static bool decides(const glmm_part *big, const glmm_part *small, int64_t n, int32_t *where)
{
    for (int64_t l = 0; l < big->levels; l++)
        where[l] = -1;
    for (int64_t i = 0; i < n; i++) {
        int32_t *w = where + big->of[i];
        if (*w >= 0 && *w != small->of[i])
            return false;
        *w = small->of[i];
    }
    return true;
}

/* big's rows become the sum of big's and small's. */
static vrk_status join(vrk_ctx *ctx, vrk_arena *mem, glmm_part *big, const glmm_part *small,
                       const int32_t *where)
{
    int64_t total = big->start[big->levels];
    for (int64_t l = 0; l < big->levels; l++)
        total += small->start[where[l] + 1] - small->start[where[l]];
    int64_t *start = VRK_NEW(mem, big->levels + 1, int64_t), k = 0;
    int32_t *col = VRK_NEW(mem, total, int32_t);
    double *x = VRK_NEW(mem, total, double);
    if (mem->failed)
        return vrk_fail(ctx, VRK_EMEMORY, "cannot allocate %" PRId64 " entries", total);
    for (int64_t l = 0; l < big->levels; l++) {
        for (int side = 0; side < 2; side++) {
            const glmm_part *from = side ? small : big;
            int64_t at = side ? where[l] : l;
            for (int64_t e = from->start[at]; e < from->start[at + 1]; e++, k++) {
                col[k] = from->col[e];
                x[k] = from->x[e];
            }
        }
        start[l + 1] = k;
    }
    big->start = start;
    big->col = col;
    big->x = x;
    return VRK_OK;
}

/* Folds each part into one that decides it, smallest first. */
static vrk_status fold(vrk_ctx *ctx, glmm_model *m, vrk_arena *mem)
{
    vrk_status st = VRK_OK;
    vrk_mark mark = vrk_mark_of(&ctx->scratch);
    int64_t most = 0;
    for (int k = 0; k < m->parts; k++)
        most = m->part[k].levels > most ? m->part[k].levels : most;
    int32_t *where = VRK_NEW(&ctx->scratch, most, int32_t);
    if (ctx->scratch.failed)
        FAIL(VRK_EMEMORY, "cannot allocate %" PRId64 " levels", most);
    for (bool again = true; again;) {
        again = false;
        for (int a = 0; a < m->parts && !again; a++) {
            for (int b = 0; b < m->parts && !again; b++) {
                glmm_part *small = m->part + a, *big = m->part + b;
                if (a == b || big->levels < small->levels || !decides(big, small, m->n, where))
                    continue;
                TRY(join(ctx, mem, big, small, where));
                m->parts--;
                memmove(small, small + 1, (size_t)(m->parts - a) * sizeof *small);
                again = true;
            }
        }
    }
done:
    vrk_rewind(&ctx->scratch, mark);
    return st;
}

static vrk_status cross_parts(vrk_ctx *ctx, glmm_model *m, vrk_arena *mem)
{
    vrk_status st = VRK_OK;
    vrk_mark mark = vrk_mark_of(&ctx->scratch);
    uint64_t *key = VRK_NEW(&ctx->scratch, m->n, uint64_t);
    m->cross = VRK_NEW(mem, m->parts * (m->parts - 1) / 2 + 1, glmm_cross);
    if (ctx->scratch.failed || mem->failed)
        FAIL(VRK_EMEMORY, "cannot allocate %" PRId64 " rows", m->n);
    for (int a = 0; a < m->parts; a++) {
        for (int b = 0; b < a; b++) {
            glmm_cross *c = m->cross + m->crosses++;
            *c = (glmm_cross){.a = a, .b = b, .of = VRK_NEW(mem, m->n, int32_t)};
            if (mem->failed)
                FAIL(VRK_EMEMORY, "cannot allocate %" PRId64 " rows", m->n);
            for (int64_t i = 0; i < m->n; i++) {
                c->of[i] = m->part[a].of[i];
                key[i] = (uint64_t)m->part[b].of[i];
            }
            TRY(vrk_glmm_refine(ctx, m->n, c->of, key, &c->pairs));
            c->left = VRK_NEW(mem, c->pairs, int32_t), c->right = VRK_NEW(mem, c->pairs, int32_t);
            c->w = VRK_NEW(mem, c->pairs, double), c->lev = VRK_NEW(mem, c->pairs, double);
            if (mem->failed)
                FAIL(VRK_EMEMORY, "cannot allocate %" PRId64 " pairs", c->pairs);
            for (int64_t i = 0; i < m->n; i++) {
                c->left[c->of[i]] = m->part[a].of[i];
                c->right[c->of[i]] = m->part[b].of[i];
            }
        }
    }
done:
    vrk_rewind(&ctx->scratch, mark);
    return st;
}

/* Keeps the columns of fixed effects that those before them do not explain; their spread. */
static vrk_status keep_columns(vrk_ctx *ctx, glmm_model *m, vrk_arena *mem, const int32_t *of,
                               int64_t levels, vrk_glmm *out)
{
    vrk_status st = VRK_OK;
    vrk_mark mark = vrk_mark_of(&ctx->scratch);
    const vrk_glmm_data *d = m->data;
    int64_t p = d->p;
    double *rows = VRK_NEW(&ctx->scratch, levels * p, double),
           *sum = VRK_NEW(&ctx->scratch, p, double);
    double *count = VRK_NEW(&ctx->scratch, levels, double);
    double *work = VRK_NEW(&ctx->scratch, VRK_MAT_BLOCK * p, double);
    double *gram = VRK_NEW(&ctx->scratch, p * p, double);
    if (ctx->scratch.failed)
        FAIL(VRK_EMEMORY, "cannot allocate %" PRId64 " columns", p);
    for (int64_t i = 0; i < m->n; i++) {
        count[of[i]]++;
        for (int64_t j = 0; j < p; j++)
            rows[of[i] + j * levels] = d->x[m->row[i] + j * d->n];
    }
    vrk_mat_cross(rows, levels, p, count, sum);
    vrk_mat_gram(rows, levels, p, count, work, gram);
    m->keep = VRK_NEW(mem, p, int64_t), m->prior = VRK_NEW(mem, p, double);
    double *spread = VRK_NEW(&ctx->scratch, p, double);
    if (ctx->scratch.failed || mem->failed)
        FAIL(VRK_EMEMORY, "cannot allocate %" PRId64 " columns", p);
    for (int64_t j = 0; j < p; j++) {
        double mean = sum[j] / (double)m->n, square = gram[j + j * p] / (double)m->n;
        spread[j] = square - mean * mean > 1e-12 * square ? sqrt(square - mean * mean) : 0;
    }
    out->rank = vrk_chol(gram, p, 1e-11, out->dropped);
    for (int64_t j = 0; j < p; j++) {
        if (out->dropped[j])
            continue;
        double mean = sum[j] / (double)m->n, sd = m->opt.prior_sd;
        m->keep[m->p] = j;
        if (m->opt.mode == VRK_GLMM_BAYES)
            m->prior[m->p] = spread[j] > 0 ? spread[j] * spread[j] / (sd * sd) : mean * mean / 100;
        if (m->opt.family == VRK_GLMM_GAUSSIAN && spread[j] == 0)
            m->prior[m->p] = 0;
        m->p++;
    }
done:
    vrk_rewind(&ctx->scratch, mark);
    return st;
}

/* The part of the fixed effects, equal rows taken together. */
static vrk_status fixed_part(vrk_ctx *ctx, glmm_model *m, vrk_arena *mem, glmm_part *part,
                             vrk_glmm *out)
{
    vrk_status st = VRK_OK;
    vrk_mark mark = vrk_mark_of(&ctx->scratch);
    part->of = VRK_NEW(mem, m->n, int32_t);
    part->levels = 1;
    if (mem->failed)
        FAIL(VRK_EMEMORY, "cannot allocate %" PRId64 " rows", m->n);
    TRY(distinct(ctx, m, m->data->x, m->data->p, part->of, &part->levels));
    if (part->levels > m->n / 2) { /* nothing to share: a row is a level */
        for (int64_t i = 0; i < m->n; i++)
            part->of[i] = (int32_t)i;
        part->levels = m->n;
    }
    TRY(keep_columns(ctx, m, mem, part->of, part->levels, out));
    double *x = VRK_NEW(&ctx->scratch, m->data->n * m->p, double);
    if (ctx->scratch.failed)
        FAIL(VRK_EMEMORY, "cannot allocate %" PRId64 " columns", m->p);
    for (int64_t j = 0; j < m->p; j++)
        memcpy(x + j * m->data->n, m->data->x + m->keep[j] * m->data->n,
               (size_t)m->data->n * sizeof *x);
    int32_t first = (int32_t)m->m;
    TRY(fill_part(ctx, mem, part, m->n, m->p, m->p ? x : NULL, m->data->n, m->row, &first, NULL));
done:
    vrk_rewind(&ctx->scratch, mark);
    return st;
}

vrk_status vrk_glmm_model_new(vrk_ctx *ctx, const vrk_glmm_data *data, const vrk_glmm_opt *opt,
                              vrk_glmm *out, glmm_model *m)
{
    vrk_status st = VRK_OK;
    vrk_arena *mem = &m->mem;
    *m = (glmm_model){.data = data, .opt = *opt, .mem.limit = ctx->scratch.limit};
    TRY(check(ctx, data, opt));
    TRY(take_rows(ctx, m, mem));
    m->first = VRK_NEW(mem, data->terms + 1, int64_t);
    m->part = VRK_NEW(mem, data->terms + 1, glmm_part);
    if (mem->failed)
        FAIL(VRK_EMEMORY, "cannot allocate %" PRId64 " terms", data->terms);
    for (int64_t t = 0; t < data->terms; t++) {
        int64_t q = width(data->term + t);
        m->first[t + 1] = m->first[t] + data->term[t].levels * q;
        m->h += q * (q + 1) / 2;
    }
    m->h += opt->family == VRK_GLMM_GAUSSIAN;
    m->unit = VRK_NEW(mem, m->h, double);
    m->m = m->first[data->terms];
    if (m->m + data->p > INT32_MAX)
        FAIL(VRK_EINPUT, "%" PRId64 " random effects are too many", m->m);
    for (int64_t t = 0; t < data->terms; t++)
        TRY(term_part(ctx, m, mem, t, m->part + m->parts++));
    TRY(fixed_part(ctx, m, mem, m->part + m->parts++, out));
    TRY(fold(ctx, m, mem));
    TRY(cross_parts(ctx, m, mem));
    TRY(vrk_glmm_pattern(ctx, m));
done:
    return st;
}
