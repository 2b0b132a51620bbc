#include "diag/leaks.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { M = VRK_AT_MOMENTS, TRAITS = VRK_AT_MOMENTS + 1, GROUP_MOST = 60 };

#define DELTA 0.5      /* smallest difference that matters [log odds] */
#define MATERIAL 0.005 /* of the year's money: less than this is no leak */
#define FALSE_MOST 0.1 /* of the leaks told, the share expected to be none */

typedef struct {
    const vrk_twin *t;
    const vrk_seller_moments *judged;
    bool at[TRAITS];      /* moments that can be fixed */
    double *part[TRAITS]; /* [draws x sellers] what a seller's falling short there costs */
    vrk_leaks *out;
} finding;

static const vrk_twin_trait *trait_of(const vrk_twin *t, int64_t draw, int64_t seller, int64_t m)
{
    return &t->trait[(draw * t->base.sellers + seller) * TRAITS + m];
}

/* Whether the seller truly falls short in that draw, and whether only in complex deals. */
static bool falls_short(const vrk_twin *t, int64_t draw, int64_t seller, int64_t m, bool *complex)
{
    const vrk_twin_trait *x = trait_of(t, draw, seller, m), *r = &t->reference[draw * TRAITS + m];
    double load = t->m->cells.load_80[seller];
    bool doing = r->e - x->e >= DELTA || r->e + r->p * load - x->e - x->p * load >= DELTA;
    bool simple = r->q - x->q >= DELTA;
    *complex = !doing && !simple && r->qx - x->q - x->qx >= DELTA;
    return doing || simple || *complex;
}

/* How far the seller is short in that draw, in doing and in success [log odds]. */
static void add_gap(const vrk_twin *t, int64_t draw, int64_t seller, vrk_leak *leak)
{
    const vrk_twin_trait *x = trait_of(t, draw, seller, leak->moment);
    const vrk_twin_trait *r = &t->reference[draw * TRAITS + leak->moment];
    double e = r->e - x->e, load = t->m->cells.load_80[seller] * (r->p - x->p);
    double q = fmax(r->q - x->q, r->qx - x->q - x->qx);
    leak->gap_doing += fmax(fmax(e, e + load), 0);
    leak->gap_going += fmax(q, 0);
}

/* At which moments each seller falls short in each draw. */
static void mark_short(const finding *f, uint8_t *which)
{
    const vrk_twin *t = f->t;
    for (int64_t b = 0; b < t->draws; b++) {
        for (int64_t s = 0; s < t->base.sellers; s++) {
            uint8_t *bits = &which[b * t->base.sellers + s];
            bool complex;
            for (int m = 1; m <= M; m++) {
                if (f->at[m] && falls_short(t, b, s, m, &complex))
                    *bits |= (uint8_t)(1 << m);
            }
        }
    }
}

static bool several(uint8_t bits)
{
    return (bits & (bits - 1)) != 0;
}

/* Each moment's part of what closing all of a seller's shortfalls is worth: the mean of what it
 * adds as the first and as the last, which is Shapley's value where moments interact in pairs; then
 * scaled to the whole. */
static vrk_status share_out(vrk_ctx *ctx, finding *f)
{
    vrk_status st = VRK_OK;
    int64_t n = f->t->draws * f->t->base.sellers;
    vrk_mark mark = vrk_mark_of(&ctx->scratch);
    double *all = VRK_NEW(&ctx->scratch, n, double), *last = VRK_NEW(&ctx->scratch, n, double);
    uint8_t *which = VRK_NEW(&ctx->scratch, n, uint8_t);
    uint8_t *some = VRK_NEW(&ctx->scratch, n, uint8_t);
    if (ctx->scratch.failed)
        FAIL(VRK_EMEMORY, "out of memory for %lld draws", (long long)f->t->draws);
    mark_short(f, which);
    TRY(vrk_twin_lifted(ctx, f->t, which, all));
    for (int m = 1; m <= M; m++) {
        uint8_t bit = (uint8_t)(1 << m);
        if (!f->at[m])
            continue;
        for (int64_t i = 0; i < n; i++)
            some[i] = several(which[i]) ? which[i] & bit : 0;
        TRY(vrk_twin_lifted(ctx, f->t, some, f->part[m]));
        for (int64_t i = 0; i < n; i++)
            some[i] = several(which[i]) && which[i] & bit ? which[i] & (uint8_t)~bit : 0;
        TRY(vrk_twin_lifted(ctx, f->t, some, last));
        for (int64_t i = 0; i < n; i++) {
            f->part[m][i] = !(which[i] & bit)   ? 0
                            : several(which[i]) ? 0.5 * (f->part[m][i] + all[i] - last[i])
                                                : all[i];
        }
    }
    for (int64_t i = 0; i < n; i++) {
        double sum = 0;
        for (int m = 1; m <= M; m++)
            sum += f->at[m] ? f->part[m][i] : 0;
        for (int m = 1; m <= M && sum > 0; m++) {
            if (f->at[m])
                f->part[m][i] *= fmax(all[i], 0) / sum;
        }
    }
done:
    vrk_rewind(&ctx->scratch, mark);
    return st;
}

/* Who is judged at a moment, by seller; NULL = nothing can be said. */
static void index_judged(const finding *f, const vrk_seller_moment **row)
{
    const vrk_moment_cells *cells = &f->t->m->cells;
    int64_t s = 0;
    for (int64_t i = 0; i < f->judged->n; i++) {
        const vrk_seller_moment *r = &f->judged->row[i];
        while (s < cells->sellers && cells->seller_key[s] < r->seller_key)
            s++;
        if (s < cells->sellers && cells->seller_key[s] == r->seller_key && r->judged &&
            r->number >= 1 && r->number <= M)
            row[s * TRAITS + r->number] = r;
    }
}

/* Sellers without a team are one group: no row is a single person's. */
static int64_t group_of(const vrk_moment_cells *cells, int64_t seller)
{
    int64_t team = cells->team[seller];
    return *cells->team_id[team] ? team : -1;
}

/* Adds what one seller costs to the group's leak. `by` gets the sums by cause and, last, of complex
 * deals alone. *short_draws counts the draws in which somebody falls short. */
static void add_seller(const finding *f, int64_t s, const vrk_seller_moment *row, vrk_leak *leak,
                       double *lost, double *by, double *short_draws)
{
    const vrk_twin *t = f->t;
    const double *p = row->verdict.all.probability;
    double any = fmax(1 - p[VRK_IS_FINE], 1e-9), sum = 0, draws_short = 0, money = 0;
    for (int64_t b = 0; b < t->draws; b++) {
        bool complex;
        money += t->present[b * t->base.sellers + s] / (double)t->draws;
        if (!falls_short(t, b, s, leak->moment, &complex))
            continue;
        double x = f->part[leak->moment][b * t->base.sellers + s];
        lost[b] += x;
        sum += x;
        by[VRK_VERDICTS] += complex ? x : 0;
        draws_short++;
        add_gap(t, b, s, leak);
        *short_draws += 1;
    }
    for (int c = VRK_IS_FINE + 1; c < VRK_VERDICTS; c++)
        by[c] += fmax(sum, 0) * p[c] / any;
    leak->persons++;
    if (draws_short > 0.5 * (double)t->draws) {
        leak->short_of++;
        leak->money += money;
    }
}

static void sum_up(const finding *f, vrk_leak *leak, double *lost, const double *by, double *sorted)
{
    int64_t n = f->t->draws;
    double material = MATERIAL * f->out->present.mean, all = 0;
    memcpy(sorted, lost, (size_t)n * sizeof(*sorted));
    leak->value = vrk_worth_of(sorted, n);
    for (int64_t b = 0; b < n; b++)
        leak->probability += (lost[b] >= material) / (double)n;
    for (int c = VRK_IS_FINE + 1; c < VRK_VERDICTS; c++)
        all += by[c];
    leak->cause = VRK_IS_FINE + 1;
    for (int c = VRK_IS_FINE + 1; c < VRK_VERDICTS; c++) {
        leak->share[c] = all > 0 ? by[c] / all : 0;
        if (leak->share[c] > leak->share[leak->cause])
            leak->cause = (vrk_verdict)c;
    }
    leak->complex_only = by[VRK_VERDICTS] > 0.5 * leak->value.mean * (double)n && all > 0;
    leak->lost = lost;
}

/* The leak of a group at a moment, without seller `but` (-1: none). *lost [draws] is cleared first.
 */
static void look_at(const finding *f, const vrk_seller_moment *const *row, int64_t but,
                    vrk_leak *leak, double *lost, double *sorted)
{
    const vrk_twin *t = f->t;
    const vrk_moment_cells *cells = &t->m->cells;
    double by[VRK_VERDICTS + 1] = {0}, short_draws = 0;
    int64_t g = leak->team, m = leak->moment;
    *leak = (vrk_leak){.team = g, .moment = m};
    for (int64_t b = 0; b < t->draws; b++)
        lost[b] = 0;
    for (int64_t s = 0; s < cells->sellers; s++) {
        if (s != but && group_of(cells, s) == g && t->base.seller[s].there && row[s * TRAITS + m])
            add_seller(f, s, row[s * TRAITS + m], leak, lost, by, &short_draws);
    }
    leak->gap_doing /= fmax(short_draws, 1);
    leak->gap_going /= fmax(short_draws, 1);
    if (leak->persons)
        sum_up(f, leak, lost, by, sorted);
}

static vrk_status look_at_groups(vrk_ctx *ctx, finding *f, const vrk_seller_moment *const *row,
                                 double *sorted)
{
    vrk_status st = VRK_OK;
    const vrk_twin *t = f->t;
    const vrk_moment_cells *cells = &t->m->cells;
    vrk_leaks *out = f->out;
    out->leak = VRK_NEW(&out->mem, (cells->teams + 1) * M, vrk_leak);
    if (out->mem.failed)
        FAIL(VRK_EMEMORY, "out of memory for leaks");
    for (int64_t m = 1; m <= M; m++) {
        for (int64_t g = -1; f->at[m] && g < cells->teams; g++) {
            vrk_leak *leak = &out->leak[out->tried];
            double *lost = VRK_NEW(&out->mem, t->draws, double);
            if (!lost)
                FAIL(VRK_EMEMORY, "out of memory for leaks");
            *leak = (vrk_leak){.team = g, .moment = m};
            look_at(f, row, -1, leak, lost, sorted);
            out->tried += leak->persons > 0;
        }
    }
done:
    return st;
}

/* Whether the seller's falling short there is a part of what the leak costs. */
static bool is_part(const finding *f, int64_t s, int64_t m)
{
    const vrk_twin *t = f->t;
    double n = 0;
    for (int64_t b = 0; b < t->draws; b++) {
        bool complex;
        n += falls_short(t, b, s, m, &complex);
    }
    return n > 0.05 * (double)t->draws;
}

/* What each leak that is told would be without one of its sellers, should that one be contested.
 * O(draws sellers^2) of a group. */
static vrk_status look_without(vrk_ctx *ctx, finding *f, const vrk_seller_moment *const *row,
                               double *sorted)
{
    vrk_status st = VRK_OK;
    const vrk_twin *t = f->t;
    const vrk_moment_cells *cells = &t->m->cells;
    vrk_leaks *out = f->out;
    double *lost = VRK_NEW(&ctx->scratch, t->draws, double);
    for (int64_t i = 0; i < out->kept; i++) {
        vrk_leak *leak = &out->leak[i];
        if (leak->persons > GROUP_MOST)
            continue;
        leak->part_key = VRK_NEW(&out->mem, leak->persons, int64_t);
        leak->other = VRK_NEW(&out->mem, leak->persons, vrk_leak);
        if (out->mem.failed || ctx->scratch.failed)
            FAIL(VRK_EMEMORY, "out of memory for leaks");
        for (int64_t s = 0; s < cells->sellers; s++) {
            if (group_of(cells, s) != leak->team || !t->base.seller[s].there ||
                !row[s * TRAITS + leak->moment] || !is_part(f, s, leak->moment))
                continue;
            vrk_leak *other = &leak->other[leak->parts];
            *other = (vrk_leak){.team = leak->team, .moment = leak->moment};
            look_at(f, row, s, other, lost, sorted);
            other->lost = NULL;
            leak->part_key[leak->parts++] = cells->seller_key[s];
        }
    }
done:
    return st;
}

static int by_probability(const void *a, const void *b)
{
    const vrk_leak *x = a, *y = b;
    if (x->probability != y->probability)
        return x->probability < y->probability ? 1 : -1;
    return (x->value.mean < y->value.mean) - (x->value.mean > y->value.mean);
}

static int by_value(const void *a, const void *b)
{
    const vrk_leak *x = a, *y = b;
    return (x->value.mean < y->value.mean) - (x->value.mean > y->value.mean);
}

/* The likeliest, as long as the mean of what each is likely not to be stays within FALSE_MOST (the
 * Bayesian false discovery rate; Newton et al. 2004). */
static void keep(vrk_leaks *l)
{
    double not_one = 0;
    qsort(l->leak, (size_t)l->tried, sizeof(*l->leak), by_probability);
    for (int64_t i = 0; i < l->tried; i++) {
        not_one += 1 - l->leak[i].probability;
        if (not_one <= FALSE_MOST * (double)(i + 1))
            l->kept = i + 1;
    }
    qsort(l->leak, (size_t)l->kept, sizeof(*l->leak), by_value);
}

vrk_status vrk_leaks_find(vrk_ctx *ctx, const vrk_twin *t, const vrk_seller_moments *s,
                          vrk_leaks *out)
{
    vrk_status st = VRK_OK;
    vrk_mark mark = vrk_mark_of(&ctx->scratch);
    finding f = {.t = t, .judged = s, .out = out};
    *out = (vrk_leaks){.currency = ""};
    if (!t->base.usable)
        goto done;
    out->currency = t->base.currency;
    TRY(vrk_twin_present(ctx, t, &out->present));
    for (int m = 1; m <= M; m++) {
        f.at[m] = t->can[m];
        f.part[m] = f.at[m] ? VRK_NEW(&out->mem, t->draws * t->base.sellers, double) : NULL;
        out->part[m] = f.part[m];
    }
    const vrk_seller_moment **row =
        VRK_NEW(&ctx->scratch, t->m->cells.sellers * TRAITS, const vrk_seller_moment *);
    double *sorted = VRK_NEW(&ctx->scratch, t->draws, double);
    if (ctx->scratch.failed || out->mem.failed)
        FAIL(VRK_EMEMORY, "out of memory for leaks");
    TRY(share_out(ctx, &f));
    index_judged(&f, row);
    TRY(look_at_groups(ctx, &f, row, sorted));
    if (out->tried)
        keep(out);
    TRY(look_without(ctx, &f, row, sorted));
done:
    vrk_rewind(&ctx->scratch, mark);
    if (st != VRK_OK)
        vrk_leaks_free(out);
    return st;
}

void vrk_leaks_free(vrk_leaks *l)
{
    vrk_arena_free(&l->mem);
    *l = (vrk_leaks){.currency = ""};
}

void vrk_leaks_answer(const vrk_leaks *l, vrk_answer *answer)
{
    int64_t n = 0;
    for (int64_t i = 0; i < answer->reasons; i++) {
        if (!l->tried || answer->reason[i].code != VRK_WHY_PROCESS_ONLY)
            answer->reason[n++] = answer->reason[i];
    }
    answer->reasons = n;
}
