#include "diag/weeks.h"

#include "diag/rows.h"
#include "num/special.h"
#include "stat/within.h"

#include <math.h>

enum { ROUNDS_MOST = 100 };

static double *numbers(vrk_arena *mem, const vrk_frame *f, const char *column, double unit)
{
    const vrk_column *c = vrk_frame_column(f, column);
    double *x = VRK_NEW(mem, f->rows, double);
    for (int64_t i = 0; c && x && i < f->rows; i++)
        x[i] = (c->i ? (double)c->i[i] : c->d[i]) / unit;
    return x;
}

/* Sellers in order of the rows; Mondays numbered from the first of all. */
static void index_rows(vrk_ctx *ctx, const vrk_frame *f, vrk_weeks *w)
{
    int64_t first = INT64_MAX, last = INT64_MIN;
    int64_t *key = VRK_NEW(&w->mem, w->n, int64_t);
    w->seller = VRK_NEW(&w->mem, w->n, int64_t);
    w->week = VRK_NEW(&w->mem, w->n, int64_t);
    w->number = VRK_NEW(&w->mem, w->n, int64_t);
    w->has_calendar = VRK_NEW(&w->mem, w->n, int64_t);
    if (w->mem.failed)
        return;
    for (int64_t i = 0; i < w->n; i++) {
        int64_t seller = vrk_row_int(f, "seller_key", i), monday = vrk_row_int(f, "monday", i);
        if (!i || seller != key[w->sellers - 1])
            key[w->sellers++] = seller;
        w->seller[i] = w->sellers - 1;
        w->number[i] = monday;
        w->has_calendar[i] = vrk_row_int(f, "has_calendar", i);
        first = monday < first ? monday : first;
        last = monday > last ? monday : last;
    }
    w->seller_key = key;
    int64_t span = w->n ? (last - first) / 7 + 1 : 0;
    int64_t *seen = VRK_NEW(&ctx->scratch, span, int64_t);
    for (int64_t i = 0; seen && i < w->n; i++) {
        w->number[i] = (w->number[i] - first) / 7;
        seen[w->number[i]] = 1;
    }
    for (int64_t k = 0; seen && k < span; k++)
        seen[k] = seen[k] ? w->mondays++ : -1;
    for (int64_t i = 0; seen && i < w->n; i++)
        w->week[i] = seen[w->number[i]];
}

vrk_status vrk_weeks_read(vrk_ctx *ctx, vrk_facts *facts, vrk_weeks *out)
{
    vrk_status st = VRK_OK;
    vrk_frame f = {0};
    vrk_mark mark = vrk_mark_of(&ctx->scratch);
    *out = (vrk_weeks){.mem.limit = ctx->scratch.limit};
    const struct {
        const char *column;
        double **to, unit;
    } part[] = {{"work_days", &out->work_days, 1},
                {"internal_min", &out->internal, 60},
                {"touches", &out->touches, 1},
                {"meetings", &out->meetings, 1},
                {"own_deals", &out->own_deals, 1},
                {"other_deals", &out->other_deals, 1},
                {"held", &out->held, 1},
                {"steps", &out->steps, 1},
                {"steps_kept", &out->steps_kept, 1},
                {"leaving", &out->leaving, 1},
                {"qualified", &out->qualified, 1},
                {"open_deals", &out->open_deals, 1},
                {"followed", &out->followed, 1},
                {"followed_won", &out->followed_won, 1}};

    TRY(vrk_rows(ctx, facts, VRK_SQL_SELLER_WEEKS, &f));
    out->n = f.rows;
    index_rows(ctx, &f, out);
    for (size_t k = 0; k < sizeof(part) / sizeof(part[0]); k++)
        *part[k].to = numbers(&out->mem, &f, part[k].column, part[k].unit);
    if (out->mem.failed || ctx->scratch.failed)
        FAIL(VRK_EMEMORY, "out of memory for %lld weeks of sellers", (long long)f.rows);
done:
    vrk_rewind(&ctx->scratch, mark);
    vrk_frame_free(&f);
    if (st != VRK_OK)
        vrk_weeks_free(out);
    return st;
}

void vrk_weeks_free(vrk_weeks *w)
{
    vrk_arena_free(&w->mem);
    *w = (vrk_weeks){0};
}

/* The rows' sellers and weeks, and room for means by either. */
typedef struct {
    int64_t n, groups;            /* groups: the larger of the numbers of sellers and of weeks */
    const int64_t *seller, *week; /* [n] */
    double *sum, *count;          /* [groups] */
} sweep;

/* Takes the means by group off; the largest of them. */
static double take_means(const sweep *s, const int64_t *group, double *x)
{
    double largest = 0;
    for (int64_t g = 0; g < s->groups; g++)
        s->sum[g] = s->count[g] = 0;
    for (int64_t i = 0; i < s->n; i++) {
        s->sum[group[i]] += x[i];
        s->count[group[i]]++;
    }
    for (int64_t g = 0; g < s->groups; g++) {
        s->sum[g] /= s->count[g] > 0 ? s->count[g] : 1;
        largest = fmax(largest, fabs(s->sum[g]));
    }
    for (int64_t i = 0; i < s->n; i++)
        x[i] -= s->sum[group[i]];
    return largest;
}

/* Both ways until nothing is left, ending with the sellers'. */
static void take_both(const sweep *s, double *x)
{
    double scale = 0;
    for (int64_t i = 0; i < s->n; i++)
        scale = fmax(scale, fabs(x[i]));
    for (int k = 0; k < ROUNDS_MOST; k++) {
        double left = take_means(s, s->week, x);
        if (take_means(s, s->seller, x) + (k ? left : scale) <= 1e-10 * scale)
            break;
    }
}

static double product(int64_t n, const double *a, const double *b)
{
    double sum = 0;
    for (int64_t i = 0; i < n; i++)
        sum += a[i] * b[i];
    return sum;
}

static void project(int64_t n, const double *d, double *x)
{
    double dd = product(n, d, d), b = dd > 1e-9 * (double)n ? product(n, d, x) / dd : 0;
    for (int64_t i = 0; i < n; i++)
        x[i] -= b * d[i];
}

/* Errors that may hang together within a seller. */
static double clustered(const sweep *s, const double *x, const double *y, double b, int64_t units)
{
    double meat = 0, g = (double)units;
    for (int64_t k = 0; k < s->groups; k++)
        s->sum[k] = 0;
    for (int64_t i = 0; i < s->n; i++)
        s->sum[s->seller[i]] += x[i] * (y[i] - b * x[i]);
    for (int64_t k = 0; k < s->groups; k++)
        meat += s->sum[k] * s->sum[k];
    return sqrt(meat * g / (g - 1)) / product(s->n, x, x);
}

/* Adds the sellers' own means back, so that what differs between them is told too. */
static void restore(const sweep *s, const double *raw, double *x)
{
    for (int64_t g = 0; g < s->groups; g++)
        s->sum[g] = s->count[g] = 0;
    for (int64_t i = 0; i < s->n; i++) {
        s->sum[s->seller[i]] += raw[i];
        s->count[s->seller[i]]++;
    }
    for (int64_t i = 0; i < s->n; i++)
        x[i] += s->sum[s->seller[i]] / s->count[s->seller[i]];
}

vrk_status vrk_weeks_effect(vrk_ctx *ctx, const vrk_weeks *weeks, const int64_t *row, int64_t n,
                            const double *x, const double *y, vrk_week_effect *out)
{
    vrk_status st = VRK_OK;
    vrk_mark mark = vrk_mark_of(&ctx->scratch);
    vrk_arena *mem = &ctx->scratch;
    vrk_within fit = {0};
    int64_t groups = weeks->sellers > weeks->mondays ? weeks->sellers : weeks->mondays;
    int64_t *seller = VRK_NEW(mem, n, int64_t), *week = VRK_NEW(mem, n, int64_t);
    double *a = VRK_NEW(mem, n, double), *b = VRK_NEW(mem, n, double), *d = VRK_NEW(mem, n, double);
    sweep s = {n, groups, seller, week, VRK_NEW(mem, groups, double), VRK_NEW(mem, groups, double)};

    *out = (vrk_week_effect){.n = n};
    if (mem->failed)
        FAIL(VRK_EMEMORY, "out of memory for %lld weeks of sellers", (long long)n);
    for (int64_t i = 0; i < n; i++) { /* rows stand by seller: numbered densely */
        seller[i] = !i ? 0 : seller[i - 1] + (weeks->seller[row[i]] != weeks->seller[row[i - 1]]);
        week[i] = weeks->week[row[i]];
        a[i] = x[i];
        b[i] = y[i];
        d[i] = weeks->work_days[row[i]];
        out->usual += y[i] / (double)n;
    }
    out->sellers = n ? seller[n - 1] + 1 : 0;
    if (out->sellers < VRK_WEEK_SELLERS_LEAST || n < VRK_WEEKS_LEAST)
        goto done;
    take_both(&s, a);
    take_both(&s, b);
    take_both(&s, d);
    project(n, d, a);
    project(n, d, b);
    if (!(product(n, a, a) > 1e-9 * product(n, x, x)))
        goto done;
    out->mean = product(n, a, b) / product(n, a, a);
    out->se = clustered(&s, a, b, out->mean, out->sellers);
    restore(&s, x, a);
    restore(&s, y, b);
    st = vrk_within_fit(ctx, &(vrk_panel){n, 1, b, a, seller}, &fit);
    if (st == VRK_EINPUT || st == VRK_ENUMERIC) { /* sellers all alike: nothing between them */
        st = VRK_OK;
        goto done;
    }
    TRY(st);
    out->mean = fit.within[0];
    out->between = fit.between[0];
    out->known = isfinite(out->se);
    out->lo = out->mean - vrk_t_quantile(0.95, (double)out->sellers - 1) * out->se;
    out->hi = out->mean + vrk_t_quantile(0.95, (double)out->sellers - 1) * out->se;
done:
    vrk_within_free(&fit);
    vrk_rewind(&ctx->scratch, mark);
    return st;
}
