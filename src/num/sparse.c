#include "num/sparse.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <suitesparse/cholmod.h>

/* The factor is copied out of CHOLMOD once a factorisation, as columns with ascending rows:
 * everything after is plain loops in a fixed order. */
struct vrk_sparse {
    cholmod_common common;
    cholmod_sparse a; /* a view of the arrays below */
    cholmod_factor *factor;
    int64_t n, *start, *row;
    double *value;
    int64_t *order, *place;   /* [n] order[k] = who is eliminated k-th; place = its inverse */
    int64_t *l_start, *l_row; /* L by columns, in the order of elimination; diagonal first */
    double *l, *z;            /* L, and the inverse on its pattern */
    int64_t *at;              /* where each entry of the matrix stands in L */
    double *work;             /* [n] */
    int64_t room;             /* entries that l, l_row and z hold */
};

void vrk_sparse_free(vrk_sparse *s)
{
    if (!s)
        return;
    cholmod_l_free_factor(&s->factor, &s->common);
    cholmod_l_finish(&s->common);
    free(s->start), free(s->row), free(s->value), free(s->order), free(s->place);
    free(s->l_start), free(s->l_row), free(s->l), free(s->z), free(s->at), free(s->work);
    free(s);
}

static void *take(int64_t n, size_t size)
{
    return calloc((size_t)(n > 0 ? n : 1), size);
}

static void settings(cholmod_common *c)
{
    cholmod_l_start(c);
    c->print = 0;
    c->final_ll = 1;
    c->final_super = 1; /* dense blocks stay with BLAS from one factorisation to the next */
    c->final_asis = 0;
    c->final_pack = 1;
    c->final_monotonic = 1;
    c->nmethods = 1;
    c->method[0].ordering = CHOLMOD_AMD;
    c->postorder = 1;
    c->quick_return_if_not_posdef = 1;
}

vrk_status vrk_sparse_new(vrk_ctx *ctx, int64_t n, const int64_t *start, const int64_t *row,
                          vrk_sparse **out)
{
    vrk_status st = VRK_OK;
    int64_t nnz = start[n];
    *out = NULL;
    vrk_sparse *s = take(1, sizeof *s);
    if (!s)
        return vrk_fail(ctx, VRK_EMEMORY, "cannot allocate a sparse matrix");
    settings(&s->common);
    s->n = n;
    s->start = take(n + 1, sizeof *s->start);
    s->row = take(nnz, sizeof *s->row);
    s->value = take(nnz, sizeof *s->value);
    s->order = take(n, sizeof *s->order);
    s->place = take(n, sizeof *s->place);
    s->l_start = take(n + 1, sizeof *s->l_start);
    s->at = take(nnz, sizeof *s->at);
    s->work = take(n, sizeof *s->work);
    if (!s->start || !s->row || !s->value || !s->order || !s->place || !s->l_start || !s->at ||
        !s->work)
        FAIL(VRK_EMEMORY, "cannot allocate a sparse matrix of %lld entries", (long long)nnz);
    memcpy(s->start, start, (size_t)(n + 1) * sizeof *start);
    memcpy(s->row, row, (size_t)nnz * sizeof *row);
    s->a = (cholmod_sparse){.nrow = (size_t)n,
                            .ncol = (size_t)n,
                            .nzmax = (size_t)nnz,
                            .p = s->start,
                            .i = s->row,
                            .x = s->value,
                            .stype = -1,
                            .itype = CHOLMOD_LONG,
                            .xtype = CHOLMOD_REAL,
                            .dtype = CHOLMOD_DOUBLE,
                            .sorted = 1,
                            .packed = 1};
    s->factor = cholmod_l_analyze(&s->a, &s->common);
    if (!s->factor)
        FAIL(VRK_EMEMORY, "could not analyse a sparse matrix of %lld entries", (long long)nnz);
done:
    if (st != VRK_OK)
        vrk_sparse_free(s);
    else
        *out = s;
    return st;
}

/* Where each entry of the matrix stands in L: found once, as the pattern stays. */
static void locate(vrk_sparse *s)
{
    for (int64_t j = 0; j < s->n; j++) {
        for (int64_t k = s->start[j]; k < s->start[j + 1]; k++) {
            int64_t a = s->place[j], b = s->place[s->row[k]];
            int64_t col = a < b ? a : b, want = a < b ? b : a;
            int64_t lo = s->l_start[col], hi = s->l_start[col + 1] - 1;
            while (lo < hi) {
                int64_t mid = (lo + hi) / 2;
                if (s->l_row[mid] < want)
                    lo = mid + 1;
                else
                    hi = mid;
            }
            s->at[k] = lo;
        }
    }
}

/* Reads L out of the factor. CHOLMOD may drop nothing and keeps columns sorted when monotonic. */
static vrk_status read_out(vrk_ctx *ctx, vrk_sparse *s, const cholmod_factor *f)
{
    const int64_t *p = f->p, *i = f->i, *perm = f->Perm;
    const double *x = f->x;
    int64_t nnz = p[s->n];
    bool first = !s->l;
    if (nnz > s->room) {
        free(s->l_row), free(s->l), free(s->z);
        s->l_row = take(nnz, sizeof *s->l_row);
        s->l = take(nnz, sizeof *s->l);
        s->z = take(nnz, sizeof *s->z);
        s->room = nnz;
        if (!s->l_row || !s->l || !s->z)
            return vrk_fail(ctx, VRK_EMEMORY, "cannot allocate a factor of %lld entries",
                            (long long)nnz);
    }
    memcpy(s->l_start, p, (size_t)(s->n + 1) * sizeof *p);
    memcpy(s->l_row, i, (size_t)nnz * sizeof *i);
    memcpy(s->l, x, (size_t)nnz * sizeof *x);
    if (first) {
        for (int64_t k = 0; k < s->n; k++) {
            s->order[k] = perm[k];
            s->place[perm[k]] = k;
        }
        locate(s);
    }
    return VRK_OK;
}

vrk_status vrk_sparse_factor(vrk_ctx *ctx, vrk_sparse *s, const double *value, bool *positive)
{
    *positive = true;
    if (s->n == 0)
        return VRK_OK;
    memcpy(s->value, value, (size_t)s->start[s->n] * sizeof *value);
    if (!cholmod_l_factorize(&s->a, s->factor, &s->common) || s->common.status < 0)
        return vrk_fail(ctx, VRK_EMEMORY, "could not factor a sparse matrix (CHOLMOD %d)",
                        s->common.status);
    *positive = s->common.status == CHOLMOD_OK && s->factor->minor == s->factor->n;
    if (!*positive)
        return VRK_OK;
    if (!s->factor->is_super)
        return read_out(ctx, s, s->factor);
    cholmod_factor *plain = cholmod_l_copy_factor(s->factor, &s->common);
    bool done = plain && cholmod_l_change_factor(CHOLMOD_REAL, 1, 0, 1, 1, plain, &s->common);
    vrk_status st = done ? read_out(ctx, s, plain)
                         : vrk_fail(ctx, VRK_EMEMORY, "could not copy a sparse factor");
    cholmod_l_free_factor(&plain, &s->common);
    return st;
}

double vrk_sparse_log_det(const vrk_sparse *s, double *pivots)
{
    double sum = 0, least = HUGE_VAL, most = 0;
    for (int64_t j = 0; j < s->n; j++) {
        double d = s->l[s->l_start[j]];
        sum += log(d);
        least = fmin(least, d);
        most = fmax(most, d);
    }
    if (pivots)
        *pivots = most > 0 ? least * least / (most * most) : 1;
    return 2 * sum;
}

static void forward(const vrk_sparse *s, double *w)
{
    for (int64_t j = 0; j < s->n; j++) {
        double d = w[j] /= s->l[s->l_start[j]];
        for (int64_t k = s->l_start[j] + 1; k < s->l_start[j + 1]; k++)
            w[s->l_row[k]] -= s->l[k] * d;
    }
}

static void backward(const vrk_sparse *s, double *w)
{
    for (int64_t j = s->n - 1; j >= 0; j--) {
        double sum = w[j];
        for (int64_t k = s->l_start[j] + 1; k < s->l_start[j + 1]; k++)
            sum -= s->l[k] * w[s->l_row[k]];
        w[j] = sum / s->l[s->l_start[j]];
    }
}

void vrk_sparse_solve(const vrk_sparse *s, double *b, int64_t k)
{
    for (int64_t c = 0; c < k; c++, b += s->n) {
        for (int64_t j = 0; j < s->n; j++)
            s->work[j] = b[s->order[j]];
        forward(s, s->work);
        backward(s, s->work);
        for (int64_t j = 0; j < s->n; j++)
            b[s->order[j]] = s->work[j];
    }
}

void vrk_sparse_draw(const vrk_sparse *s, double *z)
{
    for (int64_t j = 0; j < s->n; j++)
        s->work[j] = z[s->order[j]];
    backward(s, s->work);
    for (int64_t j = 0; j < s->n; j++)
        z[s->order[j]] = s->work[j];
}

/* Column j of the inverse from those after it. The rows of column j below its diagonal form a
 * clique, so the entries needed are all there: with y = Z l over that clique, z = -y / l_jj. `slot`
 * [n] holds 1 + the place of a row within column j, 0 elsewhere. */
static void inverse_column(vrk_sparse *s, int64_t j, int64_t *slot, double *y)
{
    int64_t from = s->l_start[j], count = s->l_start[j + 1] - from - 1;
    const int64_t *rows = s->l_row + from + 1;
    const double *l = s->l + from + 1;
    for (int64_t a = 0; a < count; a++) {
        slot[rows[a]] = a + 1;
        y[a] = 0;
    }
    for (int64_t a = 0; a < count; a++) {
        int64_t c = rows[a], k = s->l_start[c], end = s->l_start[c + 1];
        y[a] += s->z[k] * l[a];
        double sum = 0;
        for (k++; k < end && s->l_row[k] <= rows[count - 1]; k++) {
            int64_t b = slot[s->l_row[k]] - 1;
            if (b < 0)
                continue;
            y[b] += s->z[k] * l[a];
            sum += s->z[k] * l[b];
        }
        y[a] += sum;
    }
    double d = s->l[from], sum = 1 / d;
    for (int64_t a = 0; a < count; a++) {
        s->z[from + 1 + a] = -y[a] / d;
        sum += y[a] / d * l[a];
        slot[rows[a]] = 0;
    }
    s->z[from] = sum / d;
}

vrk_status vrk_sparse_inverse(vrk_ctx *ctx, vrk_sparse *s, double *inverse)
{
    vrk_status st = VRK_OK;
    vrk_mark mark = vrk_mark_of(&ctx->scratch);
    int64_t *slot = VRK_NEW(&ctx->scratch, s->n, int64_t);
    if (ctx->scratch.failed)
        FAIL(VRK_EMEMORY, "cannot allocate %lld rows", (long long)s->n);
    for (int64_t j = s->n - 1; j >= 0; j--) {
        if (j % 4096 == 0)
            TRY(vrk_tick(ctx, "inverting", s->n - j, s->n));
        inverse_column(s, j, slot, s->work);
    }
    for (int64_t k = 0; k < s->start[s->n]; k++)
        inverse[k] = s->z[s->at[k]];
done:
    vrk_rewind(&ctx->scratch, mark);
    return st;
}

int64_t vrk_sparse_fill(const vrk_sparse *s)
{
    return s->l_start[s->n];
}
