#include "stat/km.h"

#include "num/sort.h"

#include <inttypes.h>
#include <math.h>

/* Entries, exits and events each sorted on their own: "at risk just before t" is then
 * the number who entered before t less the number who left before t - two cursors,
 * and exact, because the counts are integers. */
typedef struct {
    int64_t n, events;
    double *entry, *leave; /* [n] ascending [day] */
    double *event;         /* [events] ascending, ties repeated [day] */
} sorted;

static vrk_status check(vrk_ctx *ctx, const vrk_surv *d)
{
    if (d->n < 1)
        return vrk_fail(ctx, VRK_EINPUT, "no subjects");
    for (int64_t i = 0; i < d->n; i++) {
        double from = d->entry ? d->entry[i] : 0;
        if (!isfinite(from) || !isfinite(d->exit[i]) || d->exit[i] <= from)
            return vrk_fail(ctx, VRK_EINPUT,
                            "subject %" PRId64 ": exit time %g is not after entry time %g", i,
                            d->exit[i], from);
    }
    return VRK_OK;
}

static void sort_times(const vrk_surv *d, sorted *s)
{
    for (int64_t i = 0; i < s->n; i++) {
        s->entry[i] = d->entry ? d->entry[i] : 0;
        s->leave[i] = d->exit[i];
        if (d->event[i])
            s->event[s->events++] = d->exit[i];
    }
    vrk_sort(s->entry, s->n);
    vrk_sort(s->leave, s->n);
    vrk_sort(s->event, s->events);
}

static int64_t skip_before(const double *x, int64_t n, int64_t from, double t)
{
    while (from < n && x[from] < t)
        from++;
    return from;
}

static vrk_status sweep(vrk_ctx *ctx, const sorted *s, vrk_km_opt opt, vrk_km *out)
{
    vrk_status st = VRK_OK;
    int64_t in = 0, gone = 0, i = 0;
    double surv = 1, var = 0;

    while (i < s->events) {
        double t = s->event[i];
        int64_t first = i;
        in = skip_before(s->entry, s->n, in, t);
        gone = skip_before(s->leave, s->n, gone, t);
        while (i < s->events && s->event[i] <= t) /* ties share one step */
            i++;
        double risk = (double)(in - gone), dead = (double)(i - first);
        if (t > opt.until || in - gone < opt.min_risk)
            break;
        surv *= (risk - dead) / risk;
        var += dead / (risk * (risk - dead)); /* inf when all die: right */
        out->time[out->m] = t;
        out->risk[out->m] = risk;
        out->surv[out->m] = surv;
        out->se_log[out->m] = sqrt(var);
        out->var[out->m] = surv > 0 ? surv * surv * var : 0;
        if (out->m++ % 1024 == 0)
            TRY(vrk_tick(ctx, "Kaplan-Meier", first, s->events));
    }
done:
    return st;
}

vrk_status vrk_km_fit(vrk_ctx *ctx, const vrk_surv *data, const vrk_km_opt *opt, vrk_km *out)
{
    vrk_status st = VRK_OK;
    vrk_mark mark = vrk_mark_of(&ctx->scratch);
    vrk_km_opt o = opt ? *opt : (vrk_km_opt){0};
    o.until = o.until > 0 ? o.until : HUGE_VAL;
    o.min_risk = o.min_risk > 0 ? o.min_risk : 1;

    *out = (vrk_km){.mem.limit = ctx->scratch.limit};
    TRY(check(ctx, data));

    int64_t n = data->n;
    sorted s = {.n = n};
    s.entry = VRK_NEW(&ctx->scratch, n, double);
    s.leave = VRK_NEW(&ctx->scratch, n, double);
    s.event = VRK_NEW(&ctx->scratch, n, double);
    out->time = VRK_NEW(&out->mem, n, double);
    out->risk = VRK_NEW(&out->mem, n, double);
    out->surv = VRK_NEW(&out->mem, n, double);
    out->se_log = VRK_NEW(&out->mem, n, double);
    out->var = VRK_NEW(&out->mem, n, double);
    if (ctx->scratch.failed || out->mem.failed)
        FAIL(VRK_EMEMORY, "out of memory for %" PRId64 " subjects", n);

    sort_times(data, &s);
    out->last = s.leave[n - 1];
    TRY(sweep(ctx, &s, o, out));

done:
    vrk_rewind(&ctx->scratch, mark);
    if (st != VRK_OK)
        vrk_km_free(out);
    return st;
}

/* With a(t) the area under the curve from t to tau, the variance is the sum over events of a^2
 * times the increase of se_log^2: from the last event back to the first. */
vrk_estimate vrk_km_mean(const vrk_km *km, double tau)
{
    double area = 0, var = 0, end = tau;
    for (int64_t j = km->m - 1; j >= 0; j--) {
        if (km->time[j] >= tau)
            continue;
        area += km->surv[j] * (end - km->time[j]);
        end = km->time[j];
        double before = j > 0 ? km->se_log[j - 1] * km->se_log[j - 1] : 0;
        if (area > 0) /* else all had it by then, and nothing is unsure after it */
            var += area * area * (km->se_log[j] * km->se_log[j] - before);
    }
    return (vrk_estimate){area + end, sqrt(var)};
}

vrk_curve vrk_km_curve(const vrk_km *km)
{
    return (vrk_curve){.m = km->m, .time = km->time, .value = km->surv, .var = km->var};
}

void vrk_km_free(vrk_km *km)
{
    vrk_arena_free(&km->mem);
    *km = (vrk_km){0};
}
