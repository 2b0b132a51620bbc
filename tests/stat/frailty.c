#include "stat/frailty.h"
#include "base/rng.h"
#include "num/special.h"
#include "stat/cox_parts.h"
#include "tests/t.h"

#include <string.h>

enum { N = 600, P = 2, GROUPS = 40 };

typedef struct {
    double x[N * P], entry[N], exit[N], weight[N], offset[N];
    uint8_t event[N];
    int32_t group[N], stratum[N];
} world;

/* Sellers whose hazards differ by a gamma factor of variance theta; no ties. */
static vrk_cox_data make(world *w, double theta)
{
    vrk_rng r = vrk_rng_of(17, 0, 0);
    double factor[GROUPS];
    memset(w, 0, sizeof(*w));
    for (int g = 0; g < GROUPS; g++)
        factor[g] = theta > 0 ? vrk_rng_gamma(&r, 1 / theta) * theta : 1;
    for (int i = 0; i < N; i++) {
        w->x[i] = i % 2;
        w->x[i + N] = vrk_rng_normal(&r);
        w->group[i] = i % 7 ? i % GROUPS : (i / 7) % 5;
        double rate = .02 * factor[w->group[i]] * exp(.7 * w->x[i] - .4 * w->x[i + N]);
        double t = vrk_rng_exponential(&r) / rate, open = 20 + 100 * vrk_rng_uniform(&r);
        w->event[i] = t < open;
        w->exit[i] = fmin(t, open);
        w->entry[i] = i % 3 ? 0 : w->exit[i] * .3 * vrk_rng_uniform(&r);
        w->weight[i] = 1 + i % 2;
        w->offset[i] = .1 * (i % 4);
        w->stratum[i] = i % 5 == 0;
    }
    return (vrk_cox_data){.n = N,
                          .p = P,
                          .x = w->x,
                          .exit = w->exit,
                          .event = w->event,
                          .cluster = w->group,
                          .clusters = GROUPS};
}

/* The likelihood as a function of eta: value, gradient, second derivatives along a way, against
 * finite differences, with everything that Cox regression takes. */
static void derivatives_by_eta_are_those_of_finite_differences(void)
{
    static world w;
    static double eta[N], way[N], g[N], met[N], turned[N], up[N], down[N], none[N];
    vrk_ctx ctx = {0};
    cox_rows rows = {0};
    vrk_rng r = vrk_rng_of(2, 0, 0);
    vrk_cox_data d = make(&w, .5);
    for (int i = 0; i < N; i++) {
        w.exit[i] = ceil(w.exit[i] / 7) * 7;
        w.entry[i] = floor(w.entry[i] / 7) * 7;
        eta[i] = vrk_rng_normal(&r);
        way[i] = vrk_rng_normal(&r);
    }
    d.entry = w.entry;
    d.weight = w.weight;
    d.stratum = w.stratum;
    d.strata = 2;
    T_OK(vrk_cox_rows_of(&ctx, &d, &rows) == VRK_OK && rows.n > N / 2);
    for (int ties = VRK_EFRON; ties <= VRK_BRESLOW; ties++) {
        const double h = 1e-5;
        (void)vrk_cox_of_eta(&rows, (vrk_ties)ties, eta, way, g, met, turned);
        for (int64_t i = 0; i < rows.n; i += 17) {
            double was = eta[i];
            eta[i] = was + h;
            double f = vrk_cox_of_eta(&rows, (vrk_ties)ties, eta, NULL, up, none, NULL);
            eta[i] = was - h;
            f -= vrk_cox_of_eta(&rows, (vrk_ties)ties, eta, NULL, up, none, NULL);
            eta[i] = was;
            T_NEAR(g[i], f / (2 * h), 1e-6);
        }
        for (int64_t i = 0; i < rows.n; i++)
            eta[i] += h * way[i];
        (void)vrk_cox_of_eta(&rows, (vrk_ties)ties, eta, NULL, up, none, NULL);
        for (int64_t i = 0; i < rows.n; i++)
            eta[i] -= 2 * h * way[i];
        (void)vrk_cox_of_eta(&rows, (vrk_ties)ties, eta, NULL, down, none, NULL);
        for (int64_t i = 0; i < rows.n; i++) {
            eta[i] += h * way[i];
            T_NEAR(turned[i], (down[i] - up[i]) / (2 * h), 1e-7);
            T_OK(met[i] >= -1e-12);
        }
    }
    vrk_arena_free(&ctx.scratch);
}

/* Hazard met by each row under a Cox fit with offsets, and the likelihood of events and groups
 * written out: baseline steps, gamma factors integrated. */
static double write_out(const vrk_cox_data *d, const vrk_cox *c, double nu, double *met)
{
    double ll = 0, events[GROUPS] = {0};
    memset(met, 0, GROUPS * sizeof(double));
    for (int64_t i = 0; i < d->n; i++) {
        double x[P] = {d->x[i], d->x[i + d->n]}, h, se;
        vrk_cox_hazard(c, 0, x, d->exit[i], &h, &se);
        met[d->cluster[i]] += h; /* the offset, a factor, is not in it */
        events[d->cluster[i]] += d->event[i];
        if (!d->event[i])
            continue;
        double before;
        vrk_cox_hazard(c, 0, x, nextafter(d->exit[i], 0), &before, &se);
        ll += log(h - before);
    }
    for (int g = 0; g < GROUPS; g++)
        ll += nu * log(nu) - (nu + events[g]) * log(nu + met[g]) + vrk_lgamma(nu + events[g]) -
              vrk_lgamma(nu) + events[g];
    return ll;
}

/* The gamma model by its EM, slow and plain: expected factors, then Cox with them as offsets. */
static void gamma_is_where_its_em_ends(void)
{
    static world w;
    const double theta = .4, nu = 1 / theta;
    vrk_ctx ctx = {0};
    vrk_frailty f;
    vrk_cox c = {0};
    vrk_cox_data d = make(&w, .5), e = d;
    double met[GROUPS], log_factor[GROUPS] = {0}, events[GROUPS] = {0};
    T_OK(vrk_frailty_fit(&ctx, &d, &(vrk_frailty_opt){.theta = theta}, &f) == VRK_OK);
    for (int i = 0; i < N; i++)
        events[w.group[i]] += w.event[i];
    e.cluster = NULL;
    e.offset = w.offset;
    for (int step = 0; step < 200; step++) {
        for (int i = 0; i < N; i++)
            w.offset[i] = log_factor[w.group[i]];
        vrk_cox_free(&c);
        T_OK(vrk_cox_fit(&ctx, &e, NULL, &c) == VRK_OK);
        (void)write_out(&d, &c, nu, met);
        for (int g = 0; g < GROUPS; g++)
            log_factor[g] = log((nu + events[g]) / (nu + met[g]));
    }
    for (int j = 0; j < P; j++)
        T_NEAR(f.beta[j], c.beta[j], 1e-7);
    for (int g = 0; g < GROUPS; g++)
        T_NEAR(f.effect[g], log_factor[g], 1e-6);
    T_NEAR(f.ll, write_out(&d, &c, nu, met), 1e-8);
    vrk_cox_free(&c);
    vrk_frailty_free(&f);
    vrk_arena_free(&ctx.scratch);
}

static void finds_the_variance_that_made_the_groups(void)
{
    static world w;
    vrk_ctx ctx = {0};
    vrk_frailty f, g;
    vrk_cox_data d = make(&w, .5);
    for (int kind = 0; kind < 2; kind++) {
        vrk_frailty_opt o = {.kind = (vrk_frailty_kind)kind};
        T_OK(vrk_frailty_fit(&ctx, &d, &o, &f) == VRK_OK && f.stop == VRK_STOP_GRAD);
        T_OK(fabs(log(f.theta / .5)) < 3 * f.log_theta_se && f.log_theta_se < .6);
        T_OK(fabs(f.beta[0] - .7) < 3 * f.se[0] && fabs(f.beta[1] + .4) < 3 * f.se[1]);
        T_OK(f.ll > f.ll_none + 5 && f.gradient < 1e-5);
        for (int side = -1; side <= 1; side += 2) { /* the top by theta */
            o.theta = f.theta * exp(.02 * side);
            T_OK(vrk_frailty_fit(&ctx, &d, &o, &g) == VRK_OK && g.ll < f.ll);
            T_NEAR(g.ll, f.ll - .0004 / (2 * f.log_theta_se * f.log_theta_se), 1e-6);
            vrk_frailty_free(&g);
        }
        o.theta = 1e-7; /* all but none: the likelihood without groups */
        T_OK(vrk_frailty_fit(&ctx, &d, &o, &g) == VRK_OK);
        T_NEAR(g.ll, g.ll_none, 1e-6);
        vrk_frailty_free(&g);
        vrk_frailty_free(&f);
    }
    vrk_arena_free(&ctx.scratch);
}

/* Groups that have nothing to do with anything: chosen so that events spread more evenly over them
 * than chance would. */
static void says_when_groups_do_not_differ(void)
{
    static world w;
    vrk_ctx ctx = {0};
    vrk_frailty f;
    vrk_cox plain;
    vrk_cox_data d = make(&w, 0);
    int seen[2] = {0};
    for (int i = 0; i < N; i++)
        w.group[i] = seen[w.event[i]]++ % 20;
    d.clusters = 20;
    for (int kind = 0; kind < 2; kind++) {
        vrk_frailty_opt o = {.kind = (vrk_frailty_kind)kind};
        T_OK(vrk_frailty_fit(&ctx, &d, &o, &f) == VRK_OK && f.stop == VRK_STOP_BOUNDARY);
        T_OK(f.theta <= 0 && isnan(f.log_theta_se));
        T_NEAR(f.ll, f.ll_none, 0.);
        d.cluster = NULL;
        T_OK(vrk_cox_fit(&ctx, &d, NULL, &plain) == VRK_OK);
        d.cluster = w.group;
        for (int j = 0; j < P; j++) {
            T_NEAR(f.beta[j], plain.beta[j], 0.);
            T_NEAR(f.se[j], plain.se[j], 0.);
        }
        vrk_cox_free(&plain);
        vrk_frailty_free(&f);
    }
    vrk_arena_free(&ctx.scratch);
}

/* Rows backwards, groups renumbered with gaps, weeks for days, a constant column more. */
static void answers_do_not_depend_on_how_it_is_written(void)
{
    static world w, v;
    static double x[N * 3];
    vrk_ctx ctx = {0};
    vrk_frailty f, g;
    vrk_cox_data d = make(&w, .5), e = make(&v, .5);
    for (int kind = 0; kind < 2; kind++) {
        vrk_frailty_opt o = {.kind = (vrk_frailty_kind)kind};
        for (int i = 0; i < N; i++) {
            int k = N - 1 - i;
            v.exit[i] = w.exit[k] / 7;
            v.event[i] = w.event[k];
            v.group[i] = 2 * (GROUPS - 1 - w.group[k]);
            x[i] = w.x[k];
            x[i + N] = 5;
            x[i + 2 * N] = w.x[k + N];
        }
        e.clusters = 2 * GROUPS + 5;
        e.x = x;
        e.p = 3;
        T_OK(vrk_frailty_fit(&ctx, &d, &o, &f) == VRK_OK);
        T_OK(vrk_frailty_fit(&ctx, &e, &o, &g) == VRK_OK && g.dropped[1] && g.rank == 2);
        T_NEAR(f.ll, g.ll, 1e-9);
        T_NEAR(f.theta, g.theta, 1e-4);
        T_NEAR(f.beta[1], g.beta[2], 1e-5);
        T_NEAR(f.se[0], g.se[0], 1e-5);
        T_OK(isnan(g.se[1]));
        for (int k = 0; k < GROUPS; k++)
            T_NEAR(f.effect[k], g.effect[2 * (GROUPS - 1 - k)], 1e-4);
        T_NEAR(g.effect[1], 0., 1e-9); /* nobody in it */
        vrk_frailty_free(&f);
        vrk_frailty_free(&g);
    }
    vrk_arena_free(&ctx.scratch);
}

static void refuse(const vrk_cox_data *d, vrk_frailty_opt o, vrk_status want, const char *words)
{
    vrk_ctx ctx = {0};
    vrk_frailty f;
    T_OK(vrk_frailty_fit(&ctx, d, &o, &f) == want && !f.beta && ctx.scratch.used == 0);
    if (!strstr(ctx.message, words))
        printf("# %s: %s\n", words, ctx.message);
    T_OK(strstr(ctx.message, words) != NULL);
    vrk_arena_free(&ctx.scratch);
}

static void says_what_it_cannot_take(void)
{
    static world w;
    vrk_cox_data d = make(&w, .5);
    vrk_frailty_opt gamma = {0}, normal = {.kind = VRK_FRAILTY_LOGNORMAL};
    d.cluster = NULL;
    refuse(&d, gamma, VRK_EINPUT, "no groups");
    d = make(&w, .5);
    w.group[3] = GROUPS;
    refuse(&d, gamma, VRK_EINPUT, "row 3: cluster 40 of 40");
    d = make(&w, .5);
    refuse(&d, (vrk_frailty_opt){.theta = -1}, VRK_EINPUT, "theta = -1");
    d.clusters = 4001;
    refuse(&d, normal, VRK_EINPUT, "4001 groups");
    d = make(&w, .5);
    w.x[5] = nan("");
    refuse(&d, gamma, VRK_EINPUT, "row 5: column 0 is nan");
    d = make(&w, .5);
    for (int i = 0; i < N; i++)
        w.x[i] = w.event[i];
    refuse(&d, gamma, VRK_ENUMERIC, "column 0: its beta is infinite");
}

static void fails_cleanly_at_every_allocation(void)
{
    static world w;
    vrk_status st;
    size_t limit = 0;
    vrk_cox_data d = make(&w, .5);
    d.n = 60;
    d.p = 1;
    do {
        vrk_ctx ctx = {.scratch.limit = limit += 512};
        vrk_frailty f;
        st = vrk_frailty_fit(&ctx, &d,
                             &(vrk_frailty_opt){.kind = VRK_FRAILTY_LOGNORMAL, .theta = .5}, &f);
        T_OK(st == VRK_OK || (st == VRK_EMEMORY && !f.beta && ctx.scratch.used == 0));
        vrk_frailty_free(&f);
        vrk_arena_free(&ctx.scratch);
    } while (st == VRK_EMEMORY);
    T_OK(st == VRK_OK && limit > 512);
}

static int stop_at(void *arg, const char *what, double done)
{
    (void)what, (void)done;
    return --*(int *)arg == 0;
}

static void stops_at_every_tick(void)
{
    static world w;
    vrk_status st = VRK_ECANCEL;
    int ticks = 0;
    vrk_cox_data d = make(&w, .5);
    d.n = 60;
    d.p = 1;
    while (st == VRK_ECANCEL) {
        int left = ++ticks;
        vrk_ctx ctx = {.tick = stop_at, .arg = &left};
        vrk_frailty f;
        st = vrk_frailty_fit(&ctx, &d, &(vrk_frailty_opt){.theta = .5}, &f);
        T_OK(st == VRK_OK || (st == VRK_ECANCEL && !f.beta));
        vrk_frailty_free(&f);
        vrk_arena_free(&ctx.scratch);
    }
    T_OK(st == VRK_OK && ticks > 10);
}

T_MAIN(T_CASE(derivatives_by_eta_are_those_of_finite_differences),
       T_CASE(gamma_is_where_its_em_ends), T_CASE(finds_the_variance_that_made_the_groups),
       T_CASE(says_when_groups_do_not_differ), T_CASE(answers_do_not_depend_on_how_it_is_written),
       T_CASE(says_what_it_cannot_take), T_CASE(fails_cleanly_at_every_allocation),
       T_CASE(stops_at_every_tick))
