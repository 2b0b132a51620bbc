/* T45, the statistical half: a made world whose history is cut at day 0 (METHODS 8, S4). Visits
 * begin evenly over 150 days before and after; those that ended before day 0 were never seen; those
 * under way count from their true age then. Hazards by band and cause must come out within .05 on
 * the log scale, and the two usual mistakes must show. */
#include "base/rng.h"
#include "stat/aj.h"
#include "stat/lexis.h"
#include "stat/poisson.h"
#include "tests/t.h"

enum { VISITS = 600000, BANDS = 6, AS_OF = 150 };
static const double bound[BANDS] = {0, 7, 14, 28, 56, 91}; /* [day] each band begins */
static const double forward[BANDS] = {.004, .020, .016, .008, .005, .004};
static const double lost[BANDS] = {.002, .005, .010, .008, .006, .004};

typedef struct {
    int64_t n;
    double start[VISITS]; /* [day] the visit's beginning on the calendar */
    double entry[VISITS], exit[VISITS];
    int32_t to[VISITS];
} world;

/* The duration at which the hazard of both causes has summed to `goal`, and its band. */
static double when(double goal, int *band)
{
    double t = 0;
    for (*band = 0;; (*band)++) {
        double rate = forward[*band] + lost[*band];
        double room = *band < BANDS - 1 ? rate * (bound[*band + 1] - t) : HUGE_VAL;
        if (goal <= room)
            return t + goal / rate;
        goal -= room;
        t = bound[*band + 1];
    }
}

static void make(world *w)
{
    vrk_rng r = vrk_rng_of(45, 0, 0);
    w->n = 0;
    for (int i = 0; i < VISITS; i++) {
        int band;
        double start = AS_OF * (2 * vrk_rng_uniform(&r) - 1),
               days = when(vrk_rng_exponential(&r), &band);
        bool won = vrk_rng_chance(&r, forward[band] / (forward[band] + lost[band]));
        if (start + days <= 0)
            continue;
        w->start[w->n] = start;
        w->entry[w->n] = start < 0 ? -start : 0;
        w->exit[w->n] = fmin(days, AS_OF - start);
        w->to[w->n++] = start + days > AS_OF ? VRK_CENSORED : won ? 1 : 2;
    }
}

/* log hazard of `cause` by band, from spells cut into bands. */
static void rates(vrk_ctx *ctx, const world *w, const double *entry, const double *exit, int cause,
                  double *log_rate)
{
    double x[BANDS * BANDS] = {0}, events[BANDS] = {0}, days[BANDS] = {0};
    vrk_lexis_in in = {
        .n = w->n, .entry = entry, .exit = exit, .cuts = BANDS - 1, .cut = bound + 1};
    vrk_lexis l;
    vrk_poisson f;
    T_OK(vrk_lexis_split(ctx, &in, &l) == VRK_OK);
    for (int64_t i = 0; i < l.n; i++) {
        days[l.band[i]] += l.exposure[i];
        events[l.band[i]] += l.last[i] && w->to[l.spell[i]] == cause;
    }
    for (int k = 0; k < BANDS; k++)
        x[k + k * BANDS] = 1;
    vrk_cells c = {.n = BANDS, .p = BANDS, .x = x, .events = events, .exposure = days};
    T_OK(vrk_poisson_fit(ctx, &c, NULL, &f) == VRK_OK && f.stop == VRK_STOP_GRAD);
    for (int k = 0; k < BANDS; k++)
        log_rate[k] = f.beta[k];
    vrk_poisson_free(&f);
    vrk_lexis_free(&l);
}

static double worst(const double *log_rate, const double *truth)
{
    double most = 0;
    for (int k = 0; k < BANDS; k++)
        most = fmax(most, fabs(log_rate[k] - log(truth[k])));
    return most;
}

static void hazards_by_duration_are_unbiased(void)
{
    static world w;
    double got[BANDS];
    vrk_ctx ctx = {0};
    make(&w);
    T_OK(w.n > VISITS / 2 && w.n < VISITS * 3 / 4);
    rates(&ctx, &w, w.entry, w.exit, 1, got);
    T_OK(worst(got, forward) < .05);
    rates(&ctx, &w, w.entry, w.exit, 2, got);
    T_OK(worst(got, lost) < .05);
    vrk_arena_free(&ctx.scratch);
}

/* Counting the days before anyone looked, in which nobody seen can have left, and starting the
 * clock of visits under way when the history begins: both are off by much more than the tolerance.
 */
static void the_two_mistakes_show(void)
{
    static world w;
    static double late[VISITS];
    double got[BANDS];
    vrk_ctx ctx = {0};
    make(&w);
    rates(&ctx, &w, NULL, w.exit, 1, got);
    T_OK(worst(got, forward) > .1);
    for (int64_t i = 0; i < w.n; i++)
        late[i] = w.exit[i] - w.entry[i];
    rates(&ctx, &w, NULL, late, 1, got);
    T_OK(worst(got, forward) > .1);
    vrk_arena_free(&ctx.scratch);
}

/* Cumulative incidence with late entry against the integral of the true hazards, at the bounds. */
static void cumulative_incidence_is_unbiased(void)
{
    static world w;
    vrk_ctx ctx = {0};
    vrk_transitions c;
    vrk_aj f;
    make(&w);
    vrk_spells s = {.n = w.n, .states = 3, .entry = w.entry, .exit = w.exit, .to = w.to};
    for (int64_t i = 0; i < w.n; i++) /* seen from the beginning */
        w.entry[i] = w.start[i] >= 0 ? -1 : w.entry[i];
    T_OK(vrk_transitions_count(&ctx, &s, &c) == VRK_OK);
    T_OK(vrk_aj_fit(&ctx, &c, &(vrk_aj_opt){.at = bound, .n_at = BANDS, .tau = 91}, &f) == VRK_OK);
    double open = 1, won = 0;
    for (int k = 1; k < BANDS; k++) {
        double rate = forward[k - 1] + lost[k - 1];
        double stay = exp(-rate * (bound[k] - bound[k - 1]));
        won += open * (1 - stay) * forward[k - 1] / rate;
        open *= stay;
        T_OK(fabs(f.p[k * 3] - open) < 4 * vrk_aj_se(&f, k, 0));
        T_OK(fabs(f.p[k * 3 + 1] - won) < 4 * vrk_aj_se(&f, k, 1));
        T_OK(vrk_aj_se(&f, k, 1) < .003);
    }
    vrk_aj_free(&f);
    vrk_transitions_free(&c);
    vrk_arena_free(&ctx.scratch);
}

T_MAIN(T_CASE(hazards_by_duration_are_unbiased), T_CASE(the_two_mistakes_show),
       T_CASE(cumulative_incidence_is_unbiased))
