#include "diag/activity.h"

#include "base/rng.h"
#include "base/str.h"
#include "diag/half.h"
#include "diag/rows.h"
#include "num/sort.h"
#include "num/special.h"
#include "stat/dose.h"
#include "stat/within_count.h"

#include <math.h>
#include <string.h>

const char *const vrk_tempo_names[] = {"unknown", "raise", "little", "unclear"};
const char *const vrk_quality_names[VRK_QUALITIES] = {"next_step", "next_step_kept",
                                                      "qualification"};

enum { DONE = 4, YEAR = 52, DRAWS = 4000, STILL_THERE = 4, OWN_LEAST = 50 };

/* Before anything is seen: between nothing and in proportion; open deals cost a little or nothing.
 */
#define PRIOR_MEAN 0.5
#define PRIOR_SD 0.5
#define CROWDING_SD 0.3
#define RAISED 1.2
#define ASSUMED_MINUTES 8 /* of a contact, where no durations are recorded */
enum { TIMED_LEAST = 50 };

typedef struct {
    const vrk_weeks *w;
    vrk_activity *out;
    int64_t n, *row;        /* weeks in which prospecting was done */
    double *told;           /* [sellers] share of recorded differences that are real */
    double gamma, gamma_sd; /* elasticity */
    double kappa, kappa_sd; /* crowding */
    double sum[2][YEAR],
        last_year[2];                 /* yield by age, of not own and own; deals of the last year */
    double cumulated[2], yield_error; /* sum over a year's starts of yield; relative SE */
} work;

/* How much each seller writes down. */
static void read_shares(const vrk_moments *m, work *k)
{
    const vrk_weeks *w = k->w;
    double sum = 0;
    for (int64_t s = 0, i = 0; s < w->sellers; s++) {
        k->out->share[s] = 1;
        while (m && i < m->cells.sellers && m->cells.seller_key[i] < w->seller_key[s])
            i++;
        if (m && m->logging.captured && i < m->cells.sellers &&
            m->cells.seller_key[i] == w->seller_key[s])
            k->out->share[s] =
                vrk_logging_share(&m->logging, i, VRK_AT_PROSPECTING, VRK_LOGGING_NODES / 2);
        sum += k->out->share[s];
    }
    k->out->recorded = w->sellers ? sum / (double)w->sellers : 1;
}

/* The weeks in which prospecting was done, as far as the records tell. */
static void choose(work *k)
{
    const vrk_weeks *w = k->w;
    double sum = 0;
    for (int64_t i = 0; i < w->n; i++) {
        double least = fmax(ceil(DONE * k->out->share[w->seller[i]]), 2);
        if (w->touches[i] < least)
            continue;
        k->out->sellers += !k->n || w->seller[i] != w->seller[k->row[k->n - 1]];
        k->row[k->n++] = i;
        sum += w->touches[i];
    }
    k->out->weeks = k->n;
    k->out->contacts = k->n ? sum / (double)k->n : nan("");
}

/* Of V contacts a share p is written down: of the differences between recorded weeks a part is
 * chance of recording. With D the dispersion (variance by mean) of V, that of the record is
 * 1 - p (1 - D), and the part that is told 1 - (1 - p) / that. D from the sellers together. */
static vrk_status find_told(vrk_ctx *ctx, work *k)
{
    const vrk_weeks *w = k->w;
    vrk_mark mark = vrk_mark_of(&ctx->scratch);
    double *n = VRK_NEW(&ctx->scratch, w->sellers, double),
           *sum = VRK_NEW(&ctx->scratch, w->sellers, double),
           *square = VRK_NEW(&ctx->scratch, w->sellers, double), under = 0, weight = 0, mean = 0;
    if (!n || !sum || !square)
        return vrk_fail(ctx, VRK_EMEMORY, "out of memory for the weeks of sellers");
    for (int64_t i = 0; i < k->n; i++) {
        int64_t s = w->seller[k->row[i]];
        double a = w->touches[k->row[i]];
        n[s]++;
        sum[s] += a;
        square[s] += a * a;
    }
    for (int64_t s = 0; s < w->sellers; s++) {
        double average = sum[s] / fmax(n[s], 1);
        if (n[s] < 10 || average < 1.5 * DONE) /* few, or cut by what counts as done */
            continue;
        double variance = (square[s] - n[s] * average * average) / (n[s] - 1);
        under += n[s] * (1 - variance / average);
        weight += n[s] * k->out->share[s];
    }
    double dispersion = weight > 0 ? fmax(1 - under / weight, 0.05) : 1;
    for (int64_t s = 0; s < w->sellers; s++) {
        double p = k->out->share[s];
        k->told[s] = fmin(fmax(1 - (1 - p) / (1 - p * (1 - dispersion)), 0.1), 1);
        mean += n[s] * k->told[s];
    }
    k->out->told = mean / fmax((double)k->n, 1);
    vrk_rewind(&ctx->scratch, mark);
    return VRK_OK;
}

enum { QUARTER_WEEKS = 13, QUARTERS_MOST = 24, PLAIN = 3 };

/* 0 log contacts as far as told, 1 log working days, 2 internal hours, then quarters of the data.
 */
static vrk_status fit_elasticity(vrk_ctx *ctx, work *k)
{
    vrk_status st = VRK_OK;
    const vrk_weeks *w = k->w;
    vrk_mark mark = vrk_mark_of(&ctx->scratch);
    int64_t n = k->n, p = PLAIN + QUARTERS_MOST;
    double *x = VRK_NEW(&ctx->scratch, n * p, double), *y = VRK_NEW(&ctx->scratch, n, double);
    int64_t *group = VRK_NEW(&ctx->scratch, n, int64_t);
    vrk_within_count fit = {0};
    if (ctx->scratch.failed)
        FAIL(VRK_EMEMORY, "out of memory for %lld weeks of sellers", (long long)n);
    for (int64_t i = 0; i < n; i++) {
        int64_t r = k->row[i], quarter = w->number[r] / QUARTER_WEEKS;
        group[i] = w->seller[r];
        y[i] = w->own_deals[r];
        x[i] = k->told[group[i]] * log(w->touches[r]);
        x[i + n] = log(w->work_days[r]);
        x[i + 2 * n] = w->internal[r];
        x[i + (PLAIN + (quarter < QUARTERS_MOST ? quarter : QUARTERS_MOST - 1)) * n] = 1;
    }
    TRY(vrk_within_count_fit(ctx, &(vrk_within_count_data){n, p, w->sellers, x, y, group}, &fit));
    if (fit.dropped[0] || fit.groups < VRK_WEEK_SELLERS_LEAST)
        goto done;
    /* few sellers make wide; so does what is not known of the recording */
    double wide = vrk_t_quantile(0.95, (double)fit.groups - 1) / vrk_normal_quantile(0.95);
    double unsure = (k->out->recorded < 1 ? 0.25 : 0) * (1 - k->out->told) * fit.beta[0];
    double variance = wide * wide * fit.se[0] * fit.se[0] + unsure * unsure;
    double precision = 1 / variance + 1 / (PRIOR_SD * PRIOR_SD);
    k->gamma = (fit.beta[0] / variance + PRIOR_MEAN / (PRIOR_SD * PRIOR_SD)) / precision;
    k->gamma_sd = 1 / sqrt(precision);
    k->out->elasticity = (vrk_activity_estimate){k->gamma, k->gamma - 1.645 * k->gamma_sd,
                                                 k->gamma + 1.645 * k->gamma_sd};
    k->out->saturated = k->out->elasticity.hi < 1;
    k->out->tempo = VRK_TEMPO_UNCLEAR;
done:
    vrk_within_count_free(&fit);
    vrk_rewind(&ctx->scratch, mark);
    return st;
}

/* Levels of the sellers, and the slope of their logs against each other, which is no effect. */
static void find_levels(work *k, double *own, double *touches, double *power, double *n)
{
    const vrk_weeks *w = k->w;
    double sx = 0, sy = 0, sxx = 0, sxy = 0, m = 0;
    for (int64_t i = 0; i < k->n; i++) {
        int64_t r = k->row[i], s = w->seller[r];
        own[s] += w->own_deals[r];
        touches[s] += w->touches[r];
        power[s] += pow(w->touches[r], k->gamma);
        n[s]++;
    }
    for (int64_t s = 0; s < w->sellers; s++) {
        k->out->level[s] = power[s] > 0 ? own[s] / power[s] : 0;
        if (!(own[s] > 0) || n[s] < 10)
            continue;
        double x = log(touches[s] / n[s] / k->out->share[s]), y = log(own[s] / n[s]);
        m++;
        sx += x;
        sy += y;
        sxx += x * x;
        sxy += x * y;
    }
    double d = m * sxx - sx * sx;
    k->out->between = m >= VRK_WEEK_SELLERS_LEAST && d > 1e-9 ? (m * sxy - sx * sy) / d : nan("");
}

/* The curve in recorded contacts, with its bounds. */
static vrk_status fit_curve(vrk_ctx *ctx, work *k, double *a, double *y, int64_t *unit)
{
    vrk_dose curve;
    for (int64_t i = 0; i < k->n; i++) {
        a[i] = k->w->touches[k->row[i]];
        y[i] = k->w->own_deals[k->row[i]];
        unit[i] = !i ? 0 : unit[i - 1] + (k->w->seller[k->row[i]] != k->w->seller[k->row[i - 1]]);
    }
    vrk_status st = vrk_dose_fit(ctx, &(vrk_dose_data){k->n, a, y, unit}, false, &curve);
    if (st == VRK_EINPUT)
        return VRK_OK; /* no curve; the elasticity says what can be said */
    if (st != VRK_OK)
        return st;
    k->out->curved = true;
    k->out->low = curve.low;
    k->out->high = curve.high;
    k->out->marginal = vrk_dose_marginal(&curve, k->out->contacts) / k->out->told;
    return VRK_OK;
}

/* Own deals of the last year that came in such weeks, of sellers who are still there. */
static void find_base(work *k)
{
    const vrk_weeks *w = k->w;
    int64_t last = 0, *end = NULL;
    for (int64_t i = 0; i < w->n; i++)
        last = w->number[i] > last ? w->number[i] : last;
    for (int64_t i = k->n - 1; i >= 0; i--) {
        int64_t r = k->row[i];
        end = i == k->n - 1 || w->seller[r] != w->seller[k->row[i + 1]] ? &w->number[r] : end;
        if (*end > last - 2 * STILL_THERE && w->number[r] > last - YEAR)
            k->out->base += w->own_deals[r];
    }
}

/* Rows of one column given by another: y / of, each counted as often as `of` says. */
static vrk_status effect_on_share(vrk_ctx *ctx, work *k, const double *x, const double *y,
                                  const double *of, vrk_week_effect *out)
{
    vrk_status st = VRK_OK;
    vrk_mark mark = vrk_mark_of(&ctx->scratch);
    const vrk_weeks *w = k->w;
    int64_t n = 0, all = 0;
    for (int64_t i = 0; i < w->n; i++)
        all += (int64_t)of[i];
    int64_t *row = VRK_NEW(&ctx->scratch, all, int64_t);
    double *a = VRK_NEW(&ctx->scratch, all, double), *b = VRK_NEW(&ctx->scratch, all, double);
    if (ctx->scratch.failed)
        FAIL(VRK_EMEMORY, "out of memory for %lld occasions", (long long)all);
    for (int64_t i = 0; i < w->n; i++) {
        for (int64_t j = 0; j < (int64_t)of[i]; j++) {
            row[n] = i;
            a[n] = x[i];
            b[n++] = y[i] / of[i];
        }
    }
    TRY(vrk_weeks_effect(ctx, w, row, n, a, b, out));
done:
    vrk_rewind(&ctx->scratch, mark);
    return st;
}

/* The owner's open deals when the week begins, in logs: later ones are open because they live. */
static void crowd(const vrk_weeks *w, double *x)
{
    for (int64_t i = 0; i < w->n; i++)
        x[i] = log(w->open_deals[i] + 2);
}

static vrk_status find_crowding(vrk_ctx *ctx, work *k)
{
    vrk_status st = VRK_OK;
    vrk_mark mark = vrk_mark_of(&ctx->scratch);
    const vrk_weeks *w = k->w;
    vrk_week_effect e;
    double *x = VRK_NEW(&ctx->scratch, w->n, double), precision = 1 / (CROWDING_SD * CROWDING_SD);
    if (!x)
        FAIL(VRK_EMEMORY, "out of memory for %lld weeks of sellers", (long long)w->n);
    crowd(w, x);
    TRY(effect_on_share(ctx, k, x, w->followed_won, w->followed, &e));
    if (e.known && e.usual > 0 && e.se > 0) {
        double se = e.se / e.usual;
        k->kappa = e.mean / e.usual / (se * se);
        precision += 1 / (se * se);
    }
    k->kappa /= precision;
    k->kappa_sd = 1 / sqrt(precision);
    k->out->crowding = (vrk_activity_estimate){k->kappa, k->kappa - 1.645 * k->kappa_sd,
                                               k->kappa + 1.645 * k->kappa_sd};
    TRY(effect_on_share(ctx, k, w->touches, w->steps, w->held, &k->out->quality[0]));
    TRY(effect_on_share(ctx, k, w->touches, w->steps_kept, w->steps, &k->out->quality[1]));
    TRY(effect_on_share(ctx, k, w->touches, w->qualified, w->leaving, &k->out->quality[2]));
done:
    vrk_rewind(&ctx->scratch, mark);
    return st;
}

/* Money won per deal by age: each age from the deals that were seen through it. */
static vrk_status read_yield(vrk_ctx *ctx, vrk_facts *facts, work *k)
{
    vrk_status st = VRK_OK;
    vrk_frame f = {0};
    double deals[2][YEAR + 1] = {{0}}, money[2][YEAR] = {{0}}, all[2] = {0}, square = 0, total = 0;
    TRY(vrk_rows(ctx, facts, VRK_SQL_DEAL_YIELD, &f));
    k->out->currency = vrk_text_copy(&k->out->mem, f.rows ? vrk_row_text(&f, "currency", 0) : "");
    if (!k->out->currency)
        FAIL(VRK_EMEMORY, "out of memory for the yield of deals");
    for (int64_t i = 0; i < f.rows; i++) {
        int64_t own = vrk_row_int(&f, "own", i) != 0, age = vrk_row_int(&f, "age", i);
        double n = (double)vrk_row_int(&f, "deals", i);
        deals[own][age < YEAR ? age : YEAR] += n;
        all[own] += n;
        k->last_year[own] += age < YEAR ? n : 0;
        if (age < YEAR)
            money[own][age] += (double)vrk_row_int(&f, "amount", i) / 100;
        square += own ? vrk_frame_column(&f, "units2")->d[i] : 0;
        total += own ? (double)vrk_row_int(&f, "amount", i) / 100 : 0;
    }
    for (int own = 0; own < 2; own++) {
        double seen = all[own], run = 0;
        for (int u = 0; u < YEAR; u++) {
            seen -= deals[own][u];
            run += seen > 0 ? money[own][u] / seen : 0;
            k->sum[own][u] = run;
            k->cumulated[own] += run;
        }
    }
    k->out->yield = k->sum[1][YEAR - 1];
    k->yield_error = total > 0 ? sqrt(square) / total : 1; /* of a sum of independent deals */
done:
    vrk_frame_free(&f);
    return st;
}

static vrk_activity_estimate summary(double *x, int64_t n)
{
    double sum = 0;
    for (int64_t i = 0; i < n; i++)
        sum += x[i];
    vrk_sort(x, n);
    return (vrk_activity_estimate){sum / (double)n, x[n / 20], x[n - 1 - n / 20]};
}

void vrk_activity_price(vrk_activity *a, double *value, int64_t n)
{
    double whole = a->in_proportion;
    if (a->tempo == VRK_TEMPO_UNKNOWN || n < 1)
        return;
    a->p_half = 0;
    for (int64_t i = 0; i < n; i++)
        a->p_half += value[i] >= 0.5 * whole ? 1.0 / (double)n : 0;
    a->value = summary(value, n);
    a->net = whole > 0 ? (vrk_activity_estimate){a->value.mean / whole, a->value.lo / whole,
                                                 a->value.hi / whole}
                       : (vrk_activity_estimate){0};
    a->tempo = a->p_half >= 0.9   ? VRK_TEMPO_RAISE
               : a->p_half <= 0.1 ? VRK_TEMPO_LITTLE
                                  : VRK_TEMPO_UNCLEAR;
}

/* What 20 % more brings: more own deals by their yield, less what fuller hands cost all deals.
 * Deals that start late in the year have little time in it: yields are summed by the time left. */
static vrk_status price(vrk_ctx *ctx, work *k)
{
    vrk_status st = VRK_OK;
    vrk_mark mark = vrk_mark_of(&ctx->scratch);
    vrk_activity *o = k->out;
    vrk_rng rng = vrk_rng_of(ctx->seed, 0x7465, 3);
    double *extra = VRK_NEW(&ctx->scratch, DRAWS, double),
           *value = VRK_NEW(&ctx->scratch, DRAWS, double);
    double starts = k->last_year[0] + k->last_year[1], gain = o->base / YEAR * k->cumulated[1];
    double every = (k->last_year[0] * k->cumulated[0] + k->last_year[1] * k->cumulated[1]) / YEAR;
    if (ctx->scratch.failed)
        FAIL(VRK_EMEMORY, "out of memory for draws");
    for (int i = 0; i < DRAWS; i++) {
        double more = pow(RAISED, k->gamma + k->gamma_sd * vrk_rng_normal(&rng)) - 1;
        double kappa = k->kappa + k->kappa_sd * vrk_rng_normal(&rng);
        double scale = 1 + k->yield_error * vrk_rng_normal(&rng);
        double base = 1 + vrk_rng_normal(&rng) / sqrt(fmax(o->base, 1));
        double fuller = starts > 0 ? kappa * more * o->base * base / starts : 0;
        extra[i] = o->base * base * more;
        value[i] = gain * base * scale * more + every * fuller;
        o->cost += fmax(-every * fuller, 0) / DRAWS;
    }
    o->extra = summary(extra, DRAWS);
    o->in_proportion = gain * (RAISED - 1);
    vrk_activity_price(o, value, DRAWS);
done:
    vrk_rewind(&ctx->scratch, mark);
    return st;
}

/* What 20 % more takes: contacts, with those not written down, and how long one is. */
static vrk_status take_time(vrk_ctx *ctx, vrk_facts *facts, vrk_activity *o)
{
    vrk_status st = VRK_OK;
    vrk_frame f = {0};
    TRY(vrk_rows(ctx, facts, VRK_SQL_CONTACT_MINUTES, &f));
    int64_t n = f.rows ? vrk_row_int(&f, "n", 0) : 0;
    o->timed = n >= TIMED_LEAST;
    o->minutes =
        o->timed ? (double)vrk_row_int(&f, "total_s", 0) / (double)n / 60 : ASSUMED_MINUTES;
    o->more = (RAISED - 1) * o->contacts / fmax(o->recorded, 0.05);
done:
    vrk_frame_free(&f);
    return st;
}

/* Why nothing can be estimated; VRK_TEMPO_UNKNOWN stays then. */
static bool too_little(work *k)
{
    double own = 0;
    for (int64_t i = 0; i < k->n; i++)
        own += k->w->own_deals[k->row[i]];
    bool few = k->n < VRK_WEEKS_LEAST || k->out->sellers < VRK_WEEK_SELLERS_LEAST;
    bool of_deals = !k->n || (!few && own < OWN_LEAST);
    k->out->why = of_deals ? VRK_WHY_FEW_OWN : VRK_WHY_FEW_WEEKS;
    k->out->n = of_deals ? (int64_t)own : k->n;
    k->out->needed = of_deals ? OWN_LEAST : VRK_WEEKS_LEAST;
    return few || of_deals;
}

static vrk_status find(vrk_ctx *ctx, vrk_facts *facts, const vrk_moments *m, work *k)
{
    vrk_status st = VRK_OK;
    int64_t n = k->w->sellers > k->w->n ? k->w->sellers : k->w->n;
    double *room[4];
    k->row = VRK_NEW(&ctx->scratch, k->w->n, int64_t);
    k->told = VRK_NEW(&ctx->scratch, k->w->sellers, double);
    int64_t *unit = VRK_NEW(&ctx->scratch, k->w->n, int64_t);
    for (int i = 0; i < 4; i++)
        room[i] = VRK_NEW(&ctx->scratch, n, double);
    if (ctx->scratch.failed)
        FAIL(VRK_EMEMORY, "out of memory for %lld weeks of sellers", (long long)k->w->n);
    read_shares(m, k);
    choose(k);
    if (too_little(k))
        goto done;
    TRY(find_told(ctx, k));
    TRY(fit_elasticity(ctx, k));
    if (k->out->tempo == VRK_TEMPO_UNKNOWN)
        goto done;
    find_levels(k, room[0], room[1], room[2], room[3]);
    TRY(fit_curve(ctx, k, room[0], room[1], unit));
    find_base(k);
    TRY(find_crowding(ctx, k));
    TRY(read_yield(ctx, facts, k));
    TRY(price(ctx, k));
    TRY(take_time(ctx, facts, k->out));
done:
    return st;
}

vrk_status vrk_activity_find(vrk_ctx *ctx, vrk_facts *facts, const vrk_weeks *weeks,
                             const vrk_moments *m, vrk_activity *out)
{
    vrk_status st = VRK_OK;
    vrk_mark mark = vrk_mark_of(&ctx->scratch);
    *out = (vrk_activity){.mem.limit = ctx->scratch.limit, .all = weeks->sellers, .currency = ""};
    int64_t *key = VRK_NEW(&out->mem, weeks->sellers, int64_t);
    out->level = VRK_NEW(&out->mem, weeks->sellers, double);
    out->share = VRK_NEW(&out->mem, weeks->sellers, double);
    work k = {.w = weeks, .out = out};
    if (out->mem.failed)
        FAIL(VRK_EMEMORY, "out of memory for %lld sellers", (long long)weeks->sellers);
    for (int64_t s = 0; s < weeks->sellers; s++)
        key[s] = weeks->seller_key[s];
    out->seller_key = key;
    TRY(find(ctx, facts, m, &k));
done:
    vrk_rewind(&ctx->scratch, mark);
    if (st != VRK_OK)
        vrk_activity_free(out);
    return st;
}

void vrk_activity_free(vrk_activity *a)
{
    vrk_arena_free(&a->mem);
    *a = (vrk_activity){0};
}

double vrk_activity_response(const vrk_activity *a, int64_t s, double contacts)
{
    return a->level[s] * pow(contacts, a->elasticity.mean);
}

void vrk_activity_answer(const vrk_activity *a, vrk_answer *answer)
{
    bool unknown = a->tempo == VRK_TEMPO_UNKNOWN, unclear = a->tempo == VRK_TEMPO_UNCLEAR;
    if (answer->status == VRK_CANNOT || answer->reasons == VRK_REASONS || (!unknown && !unclear))
        return;
    answer->status = unknown ? VRK_CANNOT : VRK_WEAK;
    answer->reason[answer->reasons++] =
        (vrk_reason){.code = unknown ? a->why : VRK_WHY_TEMPO_UNCLEAR,
                     .n = unknown ? a->n : a->weeks,
                     .all = unknown ? a->needed : a->sellers,
                     .weeks = nan("")};
}
