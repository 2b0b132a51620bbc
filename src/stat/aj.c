#include "stat/aj_path.h"

#include <inttypes.h>
#include <math.h>
#include <string.h>

static vrk_status check_counts(vrk_ctx *ctx, const vrk_transitions *c)
{
    const double slack = 1 + 1e-9; /* sums of weights round */
    if (c->states < 2 || c->kinds < 0 || c->m < 0)
        return vrk_fail(ctx, VRK_EINPUT, "%d states: at least 2 are needed", c->states);
    for (int32_t q = 0; q < c->kinds; q++) {
        if (c->from[q] < 0 || c->from[q] >= c->states || c->to[q] < 0 || c->to[q] >= c->states ||
            c->from[q] == c->to[q])
            return vrk_fail(ctx, VRK_EINPUT, "no transition from %d to %d", c->from[q], c->to[q]);
    }
    for (int64_t j = 0; j < c->m; j++) {
        double t = c->time[j];
        const double *risk = c->risk + j * c->states, *moved = c->moved + j * c->kinds;
        if (!isfinite(t) || (j > 0 && t <= c->time[j - 1]))
            return vrk_fail(ctx, VRK_EINPUT,
                            "time %g (row %" PRId64 ") is not after the one before", t, j);
        for (int32_t r = 0; r < c->states; r++) {
            double left = 0;
            for (int32_t q = 0; q < c->kinds; q++) {
                if (c->from[q] == r && !(moved[q] >= 0))
                    return vrk_fail(ctx, VRK_EINPUT, "time %g: %g transitions from %d to %d", t,
                                    moved[q], r, c->to[q]);
                left += c->from[q] == r ? moved[q] : 0;
            }
            if (!isfinite(risk[r]) || left > risk[r] * slack)
                return vrk_fail(ctx, VRK_EINPUT, "time %g: %g leave state %d, where %g are at risk",
                                t, left, r, risk[r]);
        }
    }
    return VRK_OK;
}

static vrk_status check_options(vrk_ctx *ctx, int32_t k, const vrk_aj_opt *o)
{
    if (o->p0) {
        double sum = 0;
        for (int32_t s = 0; s < k; s++) {
            if (!(o->p0[s] >= 0))
                return vrk_fail(ctx, VRK_EINPUT, "probability %g of state %d at the start",
                                o->p0[s], s);
            sum += o->p0[s];
        }
        if (fabs(sum - 1) > 1e-9)
            return vrk_fail(ctx, VRK_EINPUT, "probabilities at the start have the sum %g, not 1",
                            sum);
    }
    if (!isfinite(o->start) || !isfinite(o->tau) || (o->tau != 0 && o->tau <= o->start))
        return vrk_fail(ctx, VRK_EINPUT, "horizon %g is not after the start %g", o->tau, o->start);
    for (int64_t i = 0; o->at && i < o->n_at; i++) {
        double low = i > 0 ? o->at[i - 1] : o->start;
        if (!isfinite(o->at[i]) || o->at[i] < low)
            return vrk_fail(ctx, VRK_EINPUT, "report time %g is before %g", o->at[i], low);
    }
    return VRK_OK;
}

void vrk_aj_move(const vrk_transitions *c, int64_t j, const double *before, double *after)
{
    const double *risk = c->risk + j * c->states, *moved = c->moved + j * c->kinds;
    for (int32_t r = 0; r < c->states; r++) {
        double left = 0;
        for (int32_t q = 0; q < c->kinds; q++)
            left += c->from[q] == r ? moved[q] : 0;
        /* Not 1 - left/risk: when all leave, what stays is exactly 0. */
        after[r] = left > 0 ? before[r] * (fmax(risk[r] - left, 0) / risk[r]) : before[r];
    }
    for (int32_t q = 0; q < c->kinds; q++) {
        if (moved[q] > 0)
            after[c->to[q]] += before[c->from[q]] * (moved[q] / risk[c->from[q]]);
    }
}

void vrk_aj_back(const vrk_transitions *c, int64_t j, double *b, double *work)
{
    int32_t k = c->states;
    const double *risk = c->risk + j * k, *moved = c->moved + j * c->kinds;
    memcpy(work, b, (size_t)(k * k) * sizeof(double));
    for (int32_t q = 0; q < c->kinds; q++) {
        if (moved[q] <= 0)
            continue;
        int32_t r = c->from[q];
        const double *here = work + r * k, *there = work + c->to[q] * k;
        for (int32_t s = 0; s < k; s++)
            b[r * k + s] += moved[q] / risk[r] * (there[s] - here[s]);
    }
}

vrk_status vrk_aj_path_of(vrk_ctx *ctx, const vrk_transitions *c, const vrk_aj_opt *o,
                          vrk_aj_path *path)
{
    vrk_status st = VRK_OK;
    TRY(check_counts(ctx, c));
    TRY(check_options(ctx, c->states, o));

    int64_t m = c->m, k = c->states;
    double first_time = m > 0 ? c->time[0] : 0;
    *path = (vrk_aj_path){.origin = o->start};
    if (o->start == 0 && first_time < 0)
        FAIL(VRK_EINPUT, "time %g is before the start 0", first_time);
    path->last = c->last > 0 ? c->last : m > 0 ? c->time[m - 1] : 0;
    path->tau = o->tau != 0 ? o->tau : fmax(path->last, o->start);
    while (o->start != 0 && path->first < m && c->time[path->first] <= o->start)
        path->first++;
    path->before = VRK_NEW(&ctx->scratch, m * k, double);
    double *p = VRK_NEW(&ctx->scratch, k, double);
    if (ctx->scratch.failed)
        FAIL(VRK_EMEMORY, "out of memory for %" PRId64 " times of transition", m);
    p[0] = 1;
    for (int32_t s = 0; o->p0 && s < k; s++)
        p[s] = o->p0[s];
    for (int64_t j = path->first; j < m; j++) {
        memcpy(path->before + j * k, p, (size_t)k * sizeof(double));
        vrk_aj_move(c, j, path->before + j * k, p);
        if (j % 1024 == 0)
            TRY(vrk_tick(ctx, "Aalen-Johansen", j, m));
    }
done:
    return st;
}

typedef struct {
    const vrk_transitions *c;
    const vrk_aj_opt *o;
    const vrk_aj_path *path;
    double *one, *cov, *work; /* [k x k] identity, as it stands, temporary */
    double *sum, *after;      /* [k] temporary */
} walk;

/* cov += var(sum over kinds of p[from] * dA * (b[to] - b[from])), the part of the uncertainty that
 * arises at time j; rows of b [k x k] say what being in a state is worth. p: just before j, or just
 * after in Aalen's. */
static void add_noise(const walk *w, int64_t j, const double *b, double *cov)
{
    const vrk_transitions *c = w->c;
    int32_t k = c->states;
    const double *risk = c->risk + j * k, *moved = c->moved + j * c->kinds;
    const double *p = w->path->before + j * k;
    if (w->o->variance == VRK_AALEN) {
        vrk_aj_move(c, j, p, w->after);
        p = w->after;
    }
    for (int32_t r = 0; r < k; r++) {
        bool any = false;
        memset(w->sum, 0, (size_t)k * sizeof(double));
        for (int32_t q = 0; q < c->kinds; q++) {
            if (c->from[q] != r || moved[q] <= 0 || p[r] <= 0)
                continue;
            const double *here = b + r * k, *there = b + c->to[q] * k;
            double f = p[r] / risk[r] * (p[r] / risk[r]) * moved[q];
            any = true;
            for (int32_t s = 0; s < k; s++) {
                double x = there[s] - here[s];
                w->sum[s] += moved[q] * x;
                for (int32_t u = 0; x != 0 && u < k; u++)
                    cov[s * k + u] += f * x * (there[u] - here[u]);
            }
        }
        if (!any || w->o->variance == VRK_AALEN)
            continue;
        double f = p[r] / risk[r] * (p[r] / risk[r]) / risk[r];
        for (int32_t s = 0; s < k; s++) {
            for (int32_t u = 0; w->sum[s] != 0 && u < k; u++)
                cov[s * k + u] -= f * w->sum[s] * w->sum[u];
        }
    }
}

/* cov = (I + dA)' cov (I + dA): step back the rows, transpose, and again. */
static void carry(const vrk_transitions *c, int64_t j, double *cov, double *work)
{
    int32_t k = c->states;
    const double *risk = c->risk + j * k, *moved = c->moved + j * c->kinds;
    for (int side = 0; side < 2; side++) {
        memcpy(work, cov, (size_t)(k * k) * sizeof(double));
        for (int32_t q = 0; q < c->kinds; q++) {
            double a = moved[q] > 0 ? moved[q] / risk[c->from[q]] : 0;
            int64_t row = side ? k : 1, col = side ? 1 : k; /* along rows, then along columns */
            for (int32_t s = 0; a > 0 && s < k; s++) {
                double moving = a * work[c->from[q] * col + s * row];
                cov[c->to[q] * col + s * row] += moving;
                cov[c->from[q] * col + s * row] -= moving;
            }
        }
    }
}

static void fill_row(const walk *w, int64_t j, int64_t row, vrk_aj *out)
{
    int32_t k = w->c->states;
    double *p = out->p + row * k;
    if (j > w->path->first) {
        vrk_aj_move(w->c, j - 1, w->path->before + (j - 1) * k, p);
    } else {
        p[0] = w->o->p0 ? w->o->p0[0] : 1;
        for (int32_t s = 1; s < k; s++)
            p[s] = w->o->p0 ? w->o->p0[s] : 0;
    }
    memcpy(out->cov + row * k * k, w->cov, (size_t)(k * k) * sizeof(double));
}

static vrk_status fill_rows(vrk_ctx *ctx, const walk *w, vrk_aj *out)
{
    const vrk_transitions *c = w->c;
    vrk_status st = VRK_OK;
    int64_t j = w->path->first;
    for (int64_t row = 0; row < out->m; row++) {
        double t = w->o->at ? w->o->at[row] : row ? c->time[w->path->first + row - 1] : w->o->start;
        while (j < c->m && c->time[j] <= t && (row > 0 || w->o->at)) {
            carry(c, j, w->cov, w->work);
            add_noise(w, j, w->one, w->cov);
            j++;
        }
        out->time[row] = t;
        fill_row(w, j, row, out);
        if (row % 256 == 0)
            TRY(vrk_tick(ctx, "Aalen-Johansen", row, out->m));
    }
done:
    return st;
}

/* The means forward; their covariance backward with b[r,s] = expected time in s from here to tau.
 */
static vrk_status fill_means(vrk_ctx *ctx, const walk *w, vrk_aj *out)
{
    const vrk_transitions *c = w->c;
    const vrk_aj_path *path = w->path;
    vrk_status st = VRK_OK;
    int32_t k = c->states;
    int64_t end = path->first;
    double t = path->origin, *b = w->cov; /* [k x k] */

    for (; end < c->m && c->time[end] <= path->tau; end++) {
        for (int32_t s = 0; s < k; s++)
            out->mean[s] += path->before[end * k + s] * (c->time[end] - t);
        t = c->time[end];
    }
    fill_row(w, end, 0, out);
    for (int32_t s = 0; s < k; s++)
        out->mean[s] += out->p[s] * (path->tau - t);
    for (int32_t s = 0; s < k; s++)
        b[s * k + s] = path->tau - t;
    for (int64_t j = end - 1; j >= path->first; j--) {
        add_noise(w, j, b, out->mean_cov);
        vrk_aj_back(c, j, b, w->work);
        double gap = c->time[j] - (j > path->first ? c->time[j - 1] : path->origin);
        for (int32_t s = 0; s < k; s++)
            b[s * k + s] += gap;
        if (j % 1024 == 0)
            TRY(vrk_tick(ctx, "Aalen-Johansen", end - j, end));
    }
    memset(w->cov, 0, (size_t)(k * k) * sizeof(double));
done:
    return st;
}

/* Can anyone still move on after the last transition? */
static bool unfinished(const vrk_transitions *c, const double *p)
{
    for (int32_t q = 0; q < c->kinds; q++) {
        if (p[c->from[q]] > 1e-12)
            return true;
    }
    return c->kinds == 0;
}

vrk_status vrk_aj_fit(vrk_ctx *ctx, const vrk_transitions *counts, const vrk_aj_opt *opt,
                      vrk_aj *out)
{
    vrk_status st = VRK_OK;
    vrk_mark mark = vrk_mark_of(&ctx->scratch);
    vrk_aj_opt o = opt ? *opt : (vrk_aj_opt){0};
    vrk_aj_path path;
    *out = (vrk_aj){.mem.limit = ctx->scratch.limit};
    TRY(vrk_aj_path_of(ctx, counts, &o, &path));

    int64_t k = counts->states, m = o.at ? o.n_at : 1 + counts->m - path.first;
    walk w = {.c = counts, .o = &o, .path = &path};
    w.one = VRK_NEW(&ctx->scratch, k * k, double);
    w.cov = VRK_NEW(&ctx->scratch, k * k, double);
    w.work = VRK_NEW(&ctx->scratch, k * k, double);
    w.sum = VRK_NEW(&ctx->scratch, k, double);
    w.after = VRK_NEW(&ctx->scratch, k, double);
    out->time = VRK_NEW(&out->mem, m, double);
    out->p = VRK_NEW(&out->mem, (m > 0 ? m : 1) * k, double);
    out->cov = VRK_NEW(&out->mem, (m > 0 ? m : 1) * k * k, double);
    out->mean = VRK_NEW(&out->mem, k, double);
    out->mean_cov = VRK_NEW(&out->mem, k * k, double);
    if (ctx->scratch.failed || out->mem.failed)
        FAIL(VRK_EMEMORY, "out of memory for %" PRId64 " rows of %" PRId64 " states", m, k);
    for (int64_t s = 0; s < k; s++)
        w.one[s * k + s] = 1;
    out->states = counts->states;
    out->m = m;
    out->tau = path.tau;
    TRY(fill_means(ctx, &w, out));
    fill_row(&w, counts->m, 0, out); /* the end; row 0 is filled anew by fill_rows */
    out->beyond = unfinished(counts, out->p) &&
                  (path.tau > path.last || (o.at && m > 0 && o.at[m - 1] > path.last));
    TRY(fill_rows(ctx, &w, out));

done:
    vrk_rewind(&ctx->scratch, mark);
    if (st != VRK_OK)
        vrk_aj_free(out);
    return st;
}

void vrk_aj_free(vrk_aj *aj)
{
    vrk_arena_free(&aj->mem);
    *aj = (vrk_aj){0};
}

int64_t vrk_aj_row(const vrk_aj *aj, double t)
{
    int64_t low = 0, high = aj->m; /* the first row after t is in [low, high] */
    while (low < high) {
        int64_t mid = low + (high - low) / 2;
        if (aj->time[mid] <= t)
            low = mid + 1;
        else
            high = mid;
    }
    return low - 1;
}

double vrk_aj_se(const vrk_aj *aj, int64_t j, int32_t s)
{
    return sqrt(fmax(aj->cov[(j * aj->states + s) * aj->states + s], 0));
}

double vrk_aj_mean_se(const vrk_aj *aj, int32_t s)
{
    return sqrt(fmax(aj->mean_cov[(int64_t)s * aj->states + s], 0));
}

vrk_curve vrk_aj_curve(const vrk_aj *aj, int32_t s)
{
    int64_t k = aj->states;
    return (vrk_curve){.m = aj->m,
                       .time = aj->time,
                       .value = aj->p + s,
                       .var = aj->cov + s * k + s,
                       .value_stride = k,
                       .var_stride = k * k};
}

vrk_status vrk_aj_matrix(vrk_ctx *ctx, const vrk_transitions *counts, double s, double t,
                         vrk_aj_variance variance, double *p, double *se)
{
    vrk_status st = VRK_OK;
    vrk_mark mark = vrk_mark_of(&ctx->scratch);
    int64_t k = counts->states;
    vrk_aj row = {0};
    double *p0 = VRK_NEW(&ctx->scratch, k, double);
    if (!p0)
        FAIL(VRK_EMEMORY, "out of memory for %" PRId64 " states", k);
    for (int32_t r = 0; r < k; r++) {
        memset(p0, 0, (size_t)k * sizeof(double));
        p0[r] = 1;
        vrk_aj_opt o = {.start = s, .p0 = p0, .at = &t, .n_at = 1, .variance = variance};
        TRY(vrk_aj_fit(ctx, counts, &o, &row));
        for (int32_t c = 0; c < k; c++) {
            p[r + k * c] = row.p[c];
            if (se)
                se[r + k * c] = vrk_aj_se(&row, 0, c);
        }
        vrk_aj_free(&row);
    }
done:
    vrk_aj_free(&row);
    vrk_rewind(&ctx->scratch, mark);
    return st;
}
