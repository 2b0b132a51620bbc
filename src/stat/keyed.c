#include "stat/keyed.h"

#include "num/quad.h"
#include "num/special.h"
#include "stat/keyed_parts.h"

#include <inttypes.h>
#include <math.h>
#include <string.h>

enum { FEWEST = 50, GROUP_FEWEST = 100, ROUNDS = 25, STEPS = 60 };
static const double never = -60.0; /* log odds of points that no option has */
static const double inside = 1.6448536269514722;

/* What an item is thought to be before any answer, worth as many items as `worth`: slopes after
 * METHODS 5.1, a ~ LogN(0, .35); difficulties an expert's, to within one. */
static const double usual_slope_sd = 0.35, usual_difficulty_sd = 1.0, worth = 8;

double vrk_keyed_half(const double *many, int64_t steps)
{
    double lo = 0, hi = 12; /* the right side grows more slowly, so bisection */
    for (int i = 0; i < 60; i++) {
        double c = (lo + hi) / 2, others = 0;
        for (int64_t k = 0; k < steps; k++)
            others += many[k] * exp(c * (double)k / (double)steps);
        if (exp(c) < others)
            lo = c;
        else
            hi = c;
    }
    return (lo + hi) / 2;
}

static vrk_status check(vrk_ctx *ctx, const vrk_keyed_data *d, const vrk_keyed_opt *o)
{
    vrk_status st = VRK_OK;
    int64_t size[2] = {0};
    if (d->items < 2 || d->steps < 1 || d->steps > KEYED_MOST)
        FAIL(VRK_EINPUT, "%" PRId64 " situations with up to %" PRId64 " points", d->items,
             d->steps);
    if (d->persons < o->min_persons)
        FAIL(VRK_EINPUT,
             "%" PRId64 " persons have answered; under %" PRId64 " the stated start values stand",
             d->persons, o->min_persons);
    for (int64_t i = 0; i < d->persons; i++) {
        int g = d->focal ? d->focal[i] : 0;
        if (g < 0 || g > 1)
            FAIL(VRK_EINPUT, "person %" PRId64 ": group %d is neither 0 nor 1", i + 1, g);
        size[g]++;
        for (int64_t j = 0; j < d->items; j++) {
            int x = d->x[i + j * d->persons];
            if (x < -1 || x > d->steps || (x >= 0 && !(d->many[j * (d->steps + 1) + x] > 0)))
                FAIL(VRK_EINPUT,
                     "person %" PRId64 ", situation %" PRId64 ": no answer is worth %d points",
                     i + 1, j + 1, x);
        }
    }
    if (d->focal && (size[0] < o->min_group || size[1] < o->min_group))
        FAIL(VRK_EINPUT,
             "%" PRId64 " and %" PRId64 " persons are in the two groups; under %" PRId64
             " in each nothing can be said of bias",
             size[0], size[1], o->min_group);
done:
    return st;
}

static vrk_status reserve(vrk_ctx *ctx, keyed *w, vrk_keyed *out)
{
    vrk_arena *s = &ctx->scratch;
    int64_t n = w->d->items, m = w->d->steps + 1, cells = 2 * n * m * KEYED_POINTS;
    double **own[] = {&out->slope, &out->slope_lo, &out->slope_hi, &out->difficulty,
                      &out->difficulty_se};
    double **two[] = {&out->harder, &out->harder_se, &out->p, &out->delta, &out->power};
    double **work[] = {&w->theta, &w->gradient};
    w->params = KEYED_OF * n + 2;
    for (size_t k = 0; k < 5; k++)
        *own[k] = VRK_NEW(&out->mem, n, double);
    for (size_t k = 0; k < 5 && w->d->focal; k++)
        *two[k] = VRK_NEW(&out->mem, n, double);
    for (size_t k = 0; k < 2; k++)
        *work[k] = VRK_NEW(s, w->params, double);
    out->answered = VRK_NEW(&out->mem, n, int64_t);
    out->flag = w->d->focal ? VRK_NEW(&out->mem, n, bool) : NULL;
    out->class = w->d->focal ? VRK_NEW(&out->mem, n, vrk_dif_class) : NULL;
    w->free = VRK_NEW(s, w->params, bool);
    w->log_many = VRK_NEW(s, n * m, double);
    w->half = VRK_NEW(s, n, double);
    w->log_p = VRK_NEW(s, cells, double);
    w->count = VRK_NEW(s, cells, double);
    w->info = VRK_NEW(s, w->params * w->params, double);
    w->square = VRK_NEW(s, w->params * w->params, double);
    return s->failed || out->mem.failed
               ? vrk_fail(ctx, VRK_EMEMORY, "out of memory for %" PRId64 " situations", n)
               : VRK_OK;
}

static void start(keyed *w, vrk_keyed *out)
{
    const vrk_keyed_data *d = w->d;
    double weight[KEYED_POINTS];
    vrk_quad_grid(KEYED_POINTS, 6, w->z, weight);
    w->slope_sd = usual_slope_sd;
    w->difficulty_sd = usual_difficulty_sd;
    for (int64_t j = 0; j < d->items; j++) {
        const double *many = d->many + j * (d->steps + 1);
        for (int64_t k = 0; k <= d->steps; k++)
            w->log_many[j * (d->steps + 1) + k] = many[k] > 0 ? log(many[k]) : never;
        w->half[j] = vrk_keyed_half(many, d->steps);
        w->theta[KEYED_OF * j + DIFFICULTY] = d->stated[j];
        w->free[KEYED_OF * j + LOG_SLOPE] = w->free[KEYED_OF * j + DIFFICULTY] = true;
        for (int64_t i = 0; i < d->persons; i++)
            out->answered[j] += d->x[i + j * d->persons] >= 0;
    }
    w->free[KEYED_OF * d->items] = w->free[KEYED_OF * d->items + 1] = d->focal != NULL;
}

static double gain_of(keyed *w, double *step, double *most)
{
    double gain = 0;
    *most = 0;
    for (int64_t s = 0; s < w->params; s++) {
        step[s] = 0;
        for (int64_t t = 0; t < w->params && w->free[s]; t++)
            step[s] += w->free[t] ? w->square[t + s * w->params] * w->gradient[t] : 0;
        gain += step[s] * w->gradient[s];
        *most = fmax(*most, fabs(step[s]));
    }
    return gain;
}

/* Where the information is not definite, far from the top, its diagonal grows until it is
 * (Levenberg). */
static vrk_status look_here(vrk_ctx *ctx, keyed *w)
{
    vrk_status st = VRK_OK;
    int64_t n = w->params;
    double more = 0;
    TRY(vrk_keyed_information(ctx, w));
    while (!vrk_keyed_invert(w) && more < 1e6) {
        double add = more > 0 ? 3 * more : 0.01;
        for (int64_t s = 0; s < n; s++)
            w->info[s + s * n] += (add - more) * (1 + fabs(w->info[s + s * n]));
        more = add;
    }
done:
    return st;
}

/* One step, halved until it goes up. */
static void walk(keyed *w, const double *from, const double *step, double by, vrk_stop *stop)
{
    double was = w->objective;
    for (int half = 0; half < 20; half++, by /= 2) {
        for (int64_t s = 0; s < w->params; s++)
            w->theta[s] = from[s] + by * step[s];
        vrk_keyed_pass(w);
        if (w->objective >= was)
            return;
    }
    memcpy(w->theta, from, (size_t)w->params * sizeof(double));
    vrk_keyed_pass(w);
    *stop = VRK_STOP_STEP;
}

/* Newton's steps; the information is looked at anew where the last one does not serve. */
vrk_status vrk_keyed_climb(vrk_ctx *ctx, keyed *w, bool look, vrk_keyed *out)
{
    vrk_status st = VRK_OK;
    vrk_mark mark = vrk_mark_of(&ctx->scratch);
    double *from = VRK_NEW(&ctx->scratch, w->params, double), before = 0, most;
    double *step = VRK_NEW(&ctx->scratch, w->params, double);
    if (!from || !step)
        FAIL(VRK_EMEMORY, "out of memory for the situations");
    out->stop = VRK_STOP_ITER;
    vrk_keyed_pass(w);
    for (int i = 0; i < STEPS && out->stop == VRK_STOP_ITER; i++, out->iterations++) {
        double gain = i || !look ? gain_of(w, step, &most) : HUGE_VAL;
        if (!(gain >= 0 && (gain < 0.2 * before || (!i && !look)))) {
            TRY(look_here(ctx, w));
            gain = gain_of(w, step, &most);
        }
        before = gain;
        out->gradient = sqrt(fmax(gain, 0));
        if (gain < 1e-8)
            out->stop = VRK_STOP_GRAD;
        memcpy(from, w->theta, (size_t)w->params * sizeof(double));
        if (out->stop == VRK_STOP_ITER)
            walk(w, from, step, most > 1 ? 1 / most : 1, &out->stop);
    }
done:
    vrk_rewind(&ctx->scratch, mark);
    return st;
}

/* What the items have in common, with the doubt about each. Returns how far it moved. */
static double learn(keyed *w)
{
    int64_t n = w->d->items, p = w->params;
    double mean = 0, shift = 0, slopes = 0, hard = 0;
    for (int64_t j = 0; j < n; j++) {
        mean += w->theta[KEYED_OF * j + LOG_SLOPE] / ((double)n + worth);
        shift += (w->theta[KEYED_OF * j + DIFFICULTY] - w->d->stated[j]) / ((double)n);
    }
    for (int64_t j = 0; j < n; j++) {
        int64_t a = KEYED_OF * j + LOG_SLOPE, b = KEYED_OF * j + DIFFICULTY;
        slopes += pow(w->theta[a] - mean, 2) + w->square[a + a * p];
        hard += pow(w->theta[b] - w->d->stated[j] - shift, 2) + w->square[b + b * p];
    }
    double slope_sd =
        sqrt((slopes + worth * usual_slope_sd * usual_slope_sd) / ((double)n + worth));
    double difficulty_sd =
        sqrt((hard + worth * usual_difficulty_sd * usual_difficulty_sd) / ((double)n + worth));
    double moved = fmax(fabs(mean - w->slope_mean), fabs(shift - w->shift));
    moved = fmax(moved, fmax(fabs(slope_sd - w->slope_sd), fabs(difficulty_sd - w->difficulty_sd)));
    w->slope_mean = mean;
    w->shift = shift;
    w->slope_sd = slope_sd;
    w->difficulty_sd = difficulty_sd;
    return moved;
}

static void report(const keyed *w, vrk_keyed *out)
{
    for (int64_t j = 0; j < w->d->items; j++) {
        int64_t a = KEYED_OF * j + LOG_SLOPE, b = KEYED_OF * j + DIFFICULTY, p = w->params;
        double se = sqrt(fmax(w->square[a + a * p], 0));
        out->slope[j] = exp(w->theta[a]);
        out->slope_lo[j] = exp(w->theta[a] - inside * se);
        out->slope_hi[j] = exp(w->theta[a] + inside * se);
        out->difficulty[j] = w->theta[b];
        out->difficulty_se[j] = sqrt(fmax(w->square[b + b * p], 0));
    }
    out->shift = w->shift;
    out->slope_mean = exp(w->slope_mean);
    out->slope_spread = w->slope_sd;
    out->difficulty_spread = w->difficulty_sd;
    out->ll = w->ll;
}

vrk_status vrk_keyed_fit(vrk_ctx *ctx, const vrk_keyed_data *data, const vrk_keyed_opt *opt,
                         vrk_keyed *out)
{
    vrk_status st = VRK_OK;
    vrk_mark mark = vrk_mark_of(&ctx->scratch);
    keyed w = {.d = data, .o = opt ? *opt : (vrk_keyed_opt){0}};
    w.o.min_persons = w.o.min_persons > 0 ? w.o.min_persons : FEWEST;
    w.o.min_group = w.o.min_group > 0 ? w.o.min_group : GROUP_FEWEST;
    w.o.level = w.o.level > 0 ? w.o.level : .05;
    *out = (vrk_keyed){
        .persons = data->persons, .items = data->items, .mem.limit = ctx->scratch.limit};
    TRY(check(ctx, data, &w.o));
    TRY(reserve(ctx, &w, out));
    start(&w, out);
    for (int round = 0; round < ROUNDS; round++) {
        TRY(vrk_keyed_climb(ctx, &w, round == 0, out));
        if (w.o.no_prior || learn(&w) < 1e-3)
            break;
    }
    TRY(vrk_keyed_information(ctx, &w));
    if (!vrk_keyed_invert(&w))
        FAIL(VRK_ENUMERIC, "the answers do not tell how hard and sharp the situations are");
    if (data->focal)
        TRY(vrk_keyed_compare(ctx, &w, out));
    report(&w, out);
done:
    vrk_rewind(&ctx->scratch, mark);
    if (st != VRK_OK)
        vrk_keyed_free(out);
    return st;
}

void vrk_keyed_free(vrk_keyed *k)
{
    vrk_arena_free(&k->mem);
    *k = (vrk_keyed){0};
}
