#include "stat/facets.h"

#include "num/mat.h"
#include "num/quad.h"
#include "stat/facets_parts.h"
#include "stat/irt_engine.h"

#include <inttypes.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { FEWEST = 50 };

typedef struct {
    int64_t key, person, row; /* key: the combination of levels and group */
} placed;

typedef struct {
    const vrk_ratings *d;
    vrk_facets_opt o;
    int32_t m;                                              /* steps */
    int64_t cells, params, p_main, p_step, p_group, p_bias; /* where parameters begin; 0 = spread */
    int64_t *order, *cell_of, *sample; /* [n] rows by person; [n] cell; [cells] a row of it */
    int64_t *first;                    /* [facets] parameter of a facet's first level */
    int8_t *x;                         /* [persons x cells] */
    int32_t *categories;
    vrk_irt_link *link, *buffer;
    int64_t *link_from, links;
    double *xi, *z, *weight, *log_weight, *vcov, *offset;
} plan;

static int by_key(const void *a, const void *b)
{
    const placed *x = a, *y = b;
    if (x->key != y->key)
        return x->key < y->key ? -1 : 1;
    if (x->person != y->person)
        return x->person < y->person ? -1 : 1;
    return (x->row > y->row) - (x->row < y->row);
}

static int by_person(const void *a, const void *b)
{
    const placed *x = a, *y = b;
    if (x->person != y->person)
        return x->person < y->person ? -1 : 1;
    return (x->row > y->row) - (x->row < y->row);
}

static vrk_status check_row(vrk_ctx *ctx, const vrk_ratings *d, int64_t r, int32_t most)
{
    if (d->person[r] < 0 || d->person[r] >= d->persons)
        return vrk_fail(ctx, VRK_EINPUT, "rating %" PRId64 ": person %d of %" PRId64, r + 1,
                        d->person[r] + 1, d->persons);
    if (d->score[r] < -1 || d->score[r] >= most)
        return vrk_fail(ctx, VRK_EINPUT, "rating %" PRId64 ": score %d is out of range", r + 1,
                        d->score[r]);
    for (int64_t f = 0; f < d->facets; f++) {
        int32_t l = d->level[r + f * d->n];
        char space[32];
        if (l < 0 || l >= d->levels[f])
            return vrk_fail(ctx, VRK_EINPUT, "rating %" PRId64 ": %s has no level %d", r + 1,
                            vrk_facet_name(d, f, space, sizeof(space)), l + 1);
    }
    return VRK_OK;
}

static vrk_status check(vrk_ctx *ctx, plan *w)
{
    vrk_status st = VRK_OK;
    const vrk_ratings *d = w->d;
    int32_t most = 0, n = d->categories > 0 ? d->categories : VRK_IRT_MOST;
    int64_t seen[VRK_IRT_MOST] = {0};
    if (d->n < 1 || d->persons < 1 || d->facets < 1)
        FAIL(VRK_EINPUT, "%" PRId64 " ratings of %" PRId64 " persons by %" PRId64 " facets", d->n,
             d->persons, d->facets);
    if (n > VRK_IRT_MOST || w->o.bias < 0 || w->o.bias > d->facets || (w->o.bias && !d->group))
        FAIL(VRK_EINPUT, "%d categories, bias of facet %" PRId64 " with%s groups", n, w->o.bias,
             d->group ? "" : "out");
    for (int64_t i = 0; i < d->persons && d->group; i++) {
        if (d->group[i] < 0 || d->group[i] >= d->groups || d->groups < 2)
            FAIL(VRK_EINPUT, "person %" PRId64 ": group %d of %d", i + 1, d->group[i] + 1,
                 d->groups);
    }
    for (int64_t r = 0; r < d->n; r++) {
        TRY(check_row(ctx, d, r, n));
        if (d->score[r] >= 0)
            seen[d->score[r]]++;
        most = d->score[r] > most ? d->score[r] : most;
    }
    w->m = (d->categories > 0 ? d->categories : most + 1) - 1;
    if (most == 0 || w->m < 1)
        FAIL(VRK_EINPUT, "every score is %d: nothing to tell anyone apart by", most);
    for (int32_t k = 0; k <= w->m; k++) {
        if (seen[k] == 0)
            FAIL(VRK_EINPUT, "no score is %d of 0 to %d; merge it with a neighbour", k, w->m);
    }
done:
    return st;
}

static int64_t key_of(const plan *w, int64_t r)
{
    const vrk_ratings *d = w->d;
    int64_t key = d->group ? d->group[d->person[r]] : 0;
    for (int64_t f = 0; f < d->facets; f++)
        key = key * d->levels[f] + d->level[r + f * d->n];
    return key;
}

/* Cells are the combinations that occur; every person's score in each. */
static vrk_status find_cells(vrk_ctx *ctx, plan *w)
{
    vrk_status st = VRK_OK;
    const vrk_ratings *d = w->d;
    vrk_arena *a = &ctx->scratch;
    placed *p = VRK_NEW(a, d->n, placed);
    w->order = VRK_NEW(a, d->n, int64_t);
    w->cell_of = VRK_NEW(a, d->n, int64_t);
    w->sample = VRK_NEW(a, d->n, int64_t);
    if (a->failed)
        FAIL(VRK_EMEMORY, "out of memory for %" PRId64 " ratings", d->n);
    int64_t used = 0;
    for (int64_t r = 0; r < d->n; r++) {
        if (d->score[r] >= 0)
            p[used++] = (placed){key_of(w, r), d->person[r], r};
    }
    qsort(p, (size_t)used, sizeof(placed), by_key);
    for (int64_t i = 0; i < used; i++) {
        if (i == 0 || p[i].key != p[i - 1].key)
            w->sample[w->cells++] = p[i].row;
        else if (p[i].person == p[i - 1].person)
            FAIL(VRK_EINPUT,
                 "ratings %" PRId64 " and %" PRId64 ": person %" PRId64
                 " rated twice by the same combination; make the occasion a facet",
                 p[i - 1].row + 1, p[i].row + 1, p[i].person + 1);
        w->cell_of[p[i].row] = w->cells - 1;
    }
    for (int64_t r = 0; r < d->n; r++)
        p[r] = (placed){0, d->person[r], r};
    qsort(p, (size_t)d->n, sizeof(placed), by_person);
    for (int64_t i = 0; i < d->n; i++)
        w->order[i] = p[i].row;
    w->x = VRK_NEW(a, d->persons * w->cells, int8_t);
    w->categories = VRK_NEW(a, w->cells, int32_t);
    if (a->failed)
        FAIL(VRK_EMEMORY, "out of memory for %" PRId64 " persons in %" PRId64 " combinations",
             d->persons, w->cells);
    memset(w->x, -1, (size_t)(d->persons * w->cells));
    for (int64_t r = 0; r < d->n; r++) {
        if (d->score[r] >= 0)
            w->x[d->person[r] + w->cell_of[r] * d->persons] = d->score[r];
    }
    for (int64_t v = 0; v < w->cells; v++)
        w->categories[v] = w->m + 1;
done:
    return st;
}

/* Adds `by` times an effect that adds up to zero over n levels, parameters from p: level l < n - 1
 * has its own, the last has minus all. Returns the new number of links. */
static int64_t centred(vrk_irt_link *to, int64_t at, int64_t p, int64_t n, int64_t l, double by)
{
    for (int64_t k = 0; k < n - 1; k++) {
        if (l == k || l == n - 1)
            to[at++] = (vrk_irt_link){p + k, l == k ? by : -by};
    }
    return at;
}

/* Links of level l of facet f: the first is free. */
static int64_t main_links(const plan *w, int64_t f, int64_t l, double by, vrk_irt_link *to,
                          int64_t at)
{
    if (f > 0)
        return centred(to, at, w->first[f], w->d->levels[f], l, by);
    to[at] = (vrk_irt_link){w->first[0] + l, by};
    return at + 1;
}

/* Links of the first k steps together, row s of steps. */
static int64_t step_links(const plan *w, int64_t s, int32_t k, double by, vrk_irt_link *to,
                          int64_t at)
{
    for (int32_t v = 0; v < k && k < w->m; v++)
        to[at++] = (vrk_irt_link){w->p_step + s * (w->m - 1) + v, by};
    return at;
}

static int64_t bias_links(const plan *w, int64_t l, int64_t g, double by, vrk_irt_link *to,
                          int64_t at)
{
    int64_t n = w->d->levels[w->o.bias - 1], groups = w->d->groups;
    for (int64_t i = 0; i < n - 1; i++) {
        double s = l == i ? 1 : l == n - 1 ? -1 : 0;
        for (int64_t h = 0; h < groups - 1; h++) {
            double t = g == h ? 1 : g == groups - 1 ? -1 : 0;
            if (s * s * t * t > 0)
                to[at++] = (vrk_irt_link){w->p_bias + i * (groups - 1) + h, by * s * t};
        }
    }
    return at;
}

static void count_params(plan *w)
{
    const vrk_ratings *d = w->d;
    int64_t p = 1;
    w->p_main = p;
    for (int64_t f = 0; f < d->facets; f++) {
        w->first[f] = p;
        p += d->levels[f] - (f > 0);
    }
    w->p_step = p;
    p += (w->m - 1) * (w->o.own_steps ? d->levels[0] : 1);
    w->p_group = p;
    p += d->group ? d->groups - 1 : 0;
    w->p_bias = p;
    if (w->o.bias)
        p += (int64_t)(d->levels[w->o.bias - 1] - 1) * (d->groups - 1);
    w->params = p;
}

/* Natural parameters of a cell: the spread, and d_k = -(k (levels + bias - group) + steps). */
static void link_cell(plan *w, int64_t v, int64_t natural)
{
    const vrk_ratings *d = w->d;
    int64_t r = w->sample[v], g = d->group ? d->group[d->person[r]] : 0;
    w->link[w->links++] = (vrk_irt_link){0, 1};
    w->link_from[natural + 1] = w->links;
    for (int32_t k = 1; k <= w->m; k++) {
        int64_t at = w->links;
        for (int64_t f = 0; f < d->facets; f++)
            at = main_links(w, f, d->level[r + f * d->n], -k, w->link, at);
        at = step_links(w, w->o.own_steps ? d->level[r] : 0, k, -1, w->link, at);
        if (d->group)
            at = centred(w->link, at, w->p_group, d->groups, g, k);
        if (w->o.bias)
            at = bias_links(w, d->level[r + (w->o.bias - 1) * d->n], g, -k, w->link, at);
        w->links = at;
        w->link_from[natural + k + 1] = at;
    }
}

static vrk_status build(vrk_ctx *ctx, plan *w)
{
    vrk_arena *a = &ctx->scratch;
    int64_t naturals = w->cells * (w->m + 1), pts = w->o.points;
    w->first = VRK_NEW(a, w->d->facets, int64_t);
    if (a->failed)
        return vrk_fail(ctx, VRK_EMEMORY, "out of memory for facets");
    count_params(w);
    w->link = VRK_NEW(a, naturals * (w->params + w->d->facets), vrk_irt_link);
    w->buffer = VRK_NEW(a, w->params + 1, vrk_irt_link);
    w->link_from = VRK_NEW(a, naturals + 1, int64_t);
    w->offset = VRK_NEW(a, naturals, double);
    w->xi = VRK_NEW(a, w->params, double);
    w->vcov = VRK_NEW(a, w->params * w->params, double);
    w->z = VRK_NEW(a, pts, double);
    w->weight = VRK_NEW(a, pts, double);
    w->log_weight = VRK_NEW(a, pts, double);
    if (a->failed)
        return vrk_fail(ctx, VRK_EMEMORY, "out of memory for %" PRId64 " combinations", w->cells);
    for (int64_t v = 0; v < w->cells; v++)
        link_cell(w, v, v * (w->m + 1));
    w->xi[0] = 1;
    vrk_quad_grid(pts, 6, w->z, w->weight);
    for (int64_t q = 0; q < pts; q++)
        w->log_weight[q] = log(w->weight[q]);
    return VRK_OK;
}

static vrk_status climb(vrk_ctx *ctx, plan *w, vrk_facets *out)
{
    vrk_status st = VRK_OK;
    vrk_irt_patterns p;
    vrk_irt_top top;
    vrk_answers d = {.persons = w->d->persons, .items = w->cells, .x = w->x};
    TRY(vrk_irt_merge(ctx, &d, &p));
    if (p.persons < w->o.min_persons)
        FAIL(VRK_EINPUT,
             "%" PRId64 " rated persons cannot calibrate raters and items (%" PRId64 " can)",
             p.persons, w->o.min_persons);
    vrk_irt_engine e = {.cells = w->cells,
                        .params = w->params,
                        .points = w->o.points,
                        .dims = 1,
                        .categories = w->categories,
                        .z = w->z,
                        .log_weight = w->log_weight,
                        .offset = w->offset,
                        .link_from = w->link_from,
                        .link = w->link,
                        .patterns = p.patterns,
                        .weight = p.weight,
                        .ans_from = p.from,
                        .ans_cell = p.cell,
                        .ans = p.ans};
    TRY(vrk_irt_engine_set(ctx, &e));
    TRY(vrk_irt_climb(ctx, &e, w->xi, w->o.max_iter, w->o.tol, &top));
    TRY(vrk_irt_observed(ctx, &e, w->xi, w->vcov));
    out->errors = VRK_ERRORS_OBSERVED;
    if (vrk_spd_factor(w->vcov, w->params)) {
        vrk_spd_inverse(w->vcov, w->params);
    } else {
        out->errors = VRK_ERRORS_NONE;
        for (int64_t i = 0; i < w->params * w->params; i++)
            w->vcov[i] = nan("");
    }
    vrk_irt_naturals(&e, w->xi, e.psi);
    memcpy(w->offset, e.psi, (size_t)e.naturals * sizeof(double)); /* what scoring needs */
    out->ll = top.ll;
    out->deviance = -2 * top.ll;
    out->gradient = top.gradient;
    out->iterations = top.iterations;
    out->evaluations = top.evaluations;
    out->stop = top.stop;
done:
    return st;
}

/* Value and error of a sum of n links. */
static double combine(const plan *w, int64_t n, double *se)
{
    double x = 0, v = 0;
    for (int64_t i = 0; i < n; i++) {
        x += w->buffer[i].by * w->xi[w->buffer[i].param];
        for (int64_t j = 0; j < n; j++)
            v += w->buffer[i].by * w->buffer[j].by *
                 w->vcov[w->buffer[i].param + w->buffer[j].param * w->params];
    }
    *se = n > 0 ? sqrt(v) : 0;
    return x;
}

/* Step v alone: its own parameter, the last minus all. */
static int64_t one_step(const plan *w, int64_t s, int32_t v)
{
    int64_t at = 0;
    for (int32_t k = 0; k < w->m - 1; k++) {
        if (k == v || v == w->m - 1)
            w->buffer[at++] = (vrk_irt_link){w->p_step + s * (w->m - 1) + k, k == v ? 1 : -1};
    }
    return at;
}

static void report(plan *w, vrk_facets *out)
{
    const vrk_ratings *d = w->d;
    for (int64_t f = 0; f < d->facets; f++) {
        for (int64_t l = 0; l < d->levels[f]; l++)
            out->facet[f].measure[l] =
                combine(w, main_links(w, f, l, 1, w->buffer, 0), &out->facet[f].se[l]);
    }
    for (int64_t s = 0; s < out->step_rows; s++) {
        for (int32_t v = 0; v < w->m; v++)
            out->step[s * w->m + v] = combine(w, one_step(w, s, v), &out->step_se[s * w->m + v]);
    }
    for (int64_t g = 0; g < out->groups; g++)
        out->group[g] =
            combine(w, centred(w->buffer, 0, w->p_group, out->groups, g, 1), &out->group_se[g]);
    for (int64_t l = 0; l < out->bias_levels; l++) {
        for (int64_t g = 0; g < out->groups; g++)
            out->bias[l + g * out->bias_levels] = combine(w, bias_links(w, l, g, 1, w->buffer, 0),
                                                          &out->bias_se[l + g * out->bias_levels]);
    }
    out->spread = fabs(w->xi[0]);
    out->spread_se = sqrt(w->vcov[0]);
    out->params = w->params;
    out->cells = w->cells;
}

/* Infit and outfit of every level, from the ratings' rests at the persons' WLE; extreme persons fit
 * whatever they are given, and are left out. */
static void fit_levels(const plan *w, const vrk_irt *items, const vrk_irt_scores *s,
                       vrk_facets *out)
{
    const vrk_ratings *d = w->d;
    double p[VRK_IRT_MOST];
    for (int64_t f = 0; f < d->facets; f++) {
        vrk_facet *t = &out->facet[f];
        double *spread = t->infit; /* both hold sums until the end */
        for (int64_t l = 0; l < t->levels; l++) {
            double square = 0, n = 0, z2 = 0;
            spread[l] = 0;
            for (int64_t r = 0; r < d->n; r++) {
                if (d->level[r + f * d->n] != l || d->score[r] < 0)
                    continue;
                t->ratings[l]++;
                if (s->extreme[d->person[r]])
                    continue;
                double mean = 0, two = 0, z = s->wle[d->person[r]];
                vrk_irt_probability(items, w->cell_of[r], z, p);
                for (int32_t k = 0; k <= w->m; k++) {
                    mean += k * p[k];
                    two += k * k * p[k];
                }
                double rest = (d->score[r] - mean) * (d->score[r] - mean), var = two - mean * mean;
                square += rest;
                spread[l] += var;
                z2 += rest / var;
                n++;
            }
            t->infit[l] = n > 0 ? square / spread[l] : nan("");
            t->outfit[l] = n > 0 ? z2 / n : nan("");
        }
    }
}

static vrk_status score(vrk_ctx *ctx, plan *w, vrk_facets *out)
{
    vrk_status st = VRK_OK;
    vrk_irt items = {0};
    vrk_irt_scores s = {0};
    double *d = VRK_NEW(&ctx->scratch, w->cells * w->m, double);
    double *slope = VRK_NEW(&ctx->scratch, w->cells, double);
    if (ctx->scratch.failed)
        FAIL(VRK_EMEMORY, "out of memory for %" PRId64 " combinations", w->cells);
    for (int64_t v = 0; v < w->cells; v++) {
        slope[v] = w->offset[v * (w->m + 1)];
        memcpy(d + v * w->m, w->offset + v * (w->m + 1) + 1, (size_t)w->m * sizeof(double));
    }
    vrk_irt_known known = {.slope = slope, .intercept = d, .steps = w->m};
    vrk_answers x = {.persons = w->d->persons, .items = w->cells, .x = w->x};
    TRY(vrk_irt_of(ctx, VRK_IRT_ADJACENT, w->cells, w->categories, &known, w->o.points, &items));
    TRY(vrk_irt_score(ctx, &items, &x, &(vrk_irt_score_opt){.plausible = w->o.plausible}, &s));
    out->eap_reliability = s.eap_reliability;
    out->wle_reliability = s.wle_reliability;
    for (int64_t i = 0; i < out->persons; i++) {
        int64_t g = w->d->group ? w->d->group[i] : 0;
        double mean = w->d->group ? out->group[g] : 0, sd = w->xi[0];
        out->eap[i] = mean + sd * s.eap[i];
        out->psd[i] = fabs(sd) * s.psd[i];
        out->wle[i] = mean + sd * s.wle[i];
        out->wle_se[i] = fabs(sd) * s.wle_se[i];
        out->infit[i] = s.infit[i];
        out->outfit[i] = s.outfit[i];
        for (int64_t k = 0; k < w->o.plausible; k++)
            out->draw[i + k * out->persons] = mean + sd * s.draw[i + k * out->persons];
    }
    fit_levels(w, &items, &s, out);
done:
    vrk_irt_scores_free(&s);
    vrk_irt_free(&items);
    return st;
}

static vrk_status reserve(vrk_ctx *ctx, const plan *w, vrk_facets *out)
{
    vrk_arena *a = &out->mem;
    const vrk_ratings *d = w->d;
    int64_t n = d->persons;
    out->facet = VRK_NEW(a, d->facets, vrk_facet);
    for (int64_t f = 0; f < d->facets && !a->failed; f++) {
        int64_t l = d->levels[f];
        out->facet[f] = (vrk_facet){.levels = l,
                                    .measure = VRK_NEW(a, l, double),
                                    .se = VRK_NEW(a, l, double),
                                    .infit = VRK_NEW(a, l, double),
                                    .outfit = VRK_NEW(a, l, double),
                                    .ratings = VRK_NEW(a, l, int64_t),
                                    .part = VRK_NEW(a, l, int64_t)};
    }
    out->steps = w->m;
    out->step_rows = w->o.own_steps ? d->levels[0] : 1;
    out->step = VRK_NEW(a, out->step_rows * w->m, double);
    out->step_se = VRK_NEW(a, out->step_rows * w->m, double);
    out->groups = d->group ? d->groups : 0;
    out->bias_levels = w->o.bias ? d->levels[w->o.bias - 1] : 0;
    if (d->group) {
        out->group = VRK_NEW(a, out->groups, double);
        out->group_se = VRK_NEW(a, out->groups, double);
        out->bias = VRK_NEW(a, out->bias_levels * out->groups, double);
        out->bias_se = VRK_NEW(a, out->bias_levels * out->groups, double);
    }
    double **each[] = {&out->eap, &out->psd, &out->wle, &out->wle_se, &out->infit, &out->outfit};
    for (size_t i = 0; i < sizeof(each) / sizeof(each[0]); i++)
        *each[i] = VRK_NEW(a, n, double);
    out->draw = VRK_NEW(a, n * w->o.plausible, double);
    return a->failed ? vrk_fail(ctx, VRK_EMEMORY, "out of memory for %" PRId64 " persons", n)
                     : VRK_OK;
}

vrk_status vrk_facets_fit(vrk_ctx *ctx, const vrk_ratings *ratings, const vrk_facets_opt *opt,
                          vrk_facets *out)
{
    vrk_status st = VRK_OK;
    vrk_mark mark = vrk_mark_of(&ctx->scratch);
    plan w = {.d = ratings, .o = opt ? *opt : (vrk_facets_opt){0}};
    w.o.min_persons = w.o.min_persons > 0 ? w.o.min_persons : FEWEST;
    w.o.points = w.o.points >= 3 ? w.o.points : 61;
    w.o.max_iter = w.o.max_iter > 0 ? w.o.max_iter : 500;
    w.o.tol = w.o.tol > 0 ? w.o.tol : 1e-9;
    *out = (vrk_facets){
        .facets = ratings->facets, .persons = ratings->persons, .mem.limit = ctx->scratch.limit};
    TRY(check(ctx, &w));
    TRY(reserve(ctx, &w, out));
    TRY(vrk_design_check(ctx, ratings, w.o.accept_apart, out->facet));
    TRY(find_cells(ctx, &w));
    if (!w.o.accept_apart)
        TRY(vrk_design_rank(ctx, ratings, w.order));
    TRY(build(ctx, &w));
    TRY(climb(ctx, &w, out));
    report(&w, out);
    TRY(score(ctx, &w, out));
    for (int64_t r = 0; r < ratings->n; r++)
        out->used += ratings->score[r] >= 0;
done:
    vrk_rewind(&ctx->scratch, mark);
    if (st != VRK_OK)
        vrk_facets_free(out);
    return st;
}

void vrk_facets_free(vrk_facets *fit)
{
    vrk_arena_free(&fit->mem);
    *fit = (vrk_facets){0};
}
