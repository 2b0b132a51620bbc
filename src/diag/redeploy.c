#include "diag/redeploy.h"

#include <math.h>

enum { M = VRK_AT_MOMENTS, TRAITS = VRK_AT_MOMENTS + 1, WEEKS_A_YEAR = 52 };

#define SURE 0.8       /* that one who gives falls short in complex deals, and not in simple ones */
#define STRONG 0.7     /* that one who takes is in order there in complex deals */
#define ELSEWHERE 0.5  /* the same at other moments */
#define MOST_TAKEN 0.5 /* of a taker's simple deals that may be swapped */

typedef struct {
    const vrk_twin *t;
    const vrk_seller_moment **row; /* [sellers x TRAITS] NULL = nothing can be said */
    double *inflow;                /* [sellers] new deals a week */
    double *more;                  /* [sellers] complex ones more a week */
    int64_t *gives;                /* [sellers] the moment at which; 0 = does not */
} finding;

static void index_judged(const finding *f, const vrk_seller_moments *s)
{
    const vrk_moment_cells *cells = &f->t->m->cells;
    int64_t at = 0;
    for (int64_t i = 0; i < s->n; i++) {
        const vrk_seller_moment *r = &s->row[i];
        while (at < cells->sellers && cells->seller_key[at] < r->seller_key)
            at++;
        if (at < cells->sellers && cells->seller_key[at] == r->seller_key && r->judged &&
            r->number >= 1 && r->number <= M)
            f->row[at * TRAITS + r->number] = r;
    }
}

/* Sellers without a team are one group. */
static int64_t group_of(const finding *f, int64_t seller)
{
    const vrk_moment_cells *cells = &f->t->m->cells;
    int64_t team = cells->team[seller];
    return *cells->team_id[team] ? team : -1;
}

/* The moment at which the seller falls short in complex deals alone, surest first; 0 = none. New
 * deals are looked for, not dealt out, so prospecting is none of these moments. */
static int64_t short_at(const finding *f, int64_t seller)
{
    int64_t at = 0;
    double most = SURE;
    for (int64_t m = VRK_AT_PROSPECTING + 1; m <= M; m++) {
        const vrk_seller_moment *r = f->row[seller * TRAITS + m];
        double p = r ? r->verdict.complex.probability[VRK_IS_COMPETENCE] : 0;
        if (r && f->t->can[m] && p >= most && r->verdict.simple.probability[VRK_IS_FINE] >= SURE) {
            most = p;
            at = m;
        }
    }
    return at;
}

/* How likely the seller is as good in complex deals as the middle one, or better. */
static double is_above(const vrk_twin *t, int64_t seller, int64_t m)
{
    double n = 0;
    for (int64_t b = 0; b < t->draws; b++) {
        const vrk_twin_trait *x = &t->trait[(b * t->base.sellers + seller) * TRAITS + m];
        n += x->q + x->qx >= t->reference[b * TRAITS + m].qx;
    }
    return n / (double)t->draws;
}

static bool is_strong(const finding *f, int64_t seller, int64_t m)
{
    bool judged = f->row[seller * TRAITS + m] != NULL;
    for (int64_t k = VRK_AT_PROSPECTING + 1; judged && k <= M; k++) {
        const vrk_seller_moment *r = f->row[seller * TRAITS + k];
        double least = k == m ? STRONG : ELSEWHERE;
        judged = !r || r->verdict.complex.probability[VRK_IS_FINE] >= least;
    }
    return judged && is_above(f->t, seller, m) >= 0.5;
}

/* The moment of most givers of a group, the first of several; 0 = nobody gives. */
static int64_t moment_of(const finding *f, int64_t group)
{
    int64_t count[TRAITS] = {0}, at = 0;
    for (int64_t s = 0; s < f->t->base.sellers; s++)
        count[f->gives[s]] += group_of(f, s) == group && f->t->base.seller[s].there;
    for (int64_t m = 1; m <= M; m++)
        at = count[m] > (at ? count[at] : 0) ? m : at;
    return at;
}

static void add(const finding *f, vrk_redeployment *one, int64_t s, bool gives)
{
    int64_t m = gives ? f->gives[s] : one->moment;
    const vrk_seller_moment *r = f->row[s * TRAITS + m];
    one->seller[one->n++] =
        (vrk_redeployed){.seller_key = f->t->m->cells.seller_key[s],
                         .gives = gives,
                         .moment = m,
                         .p_simple = r->verdict.simple.probability[VRK_IS_FINE],
                         .p_complex = r->verdict.complex.probability[VRK_IS_FINE],
                         .deals = WEEKS_A_YEAR * fabs(f->more[s])};
    one->givers += gives;
    one->deals += gives ? WEEKS_A_YEAR * fabs(f->more[s]) : 0;
    for (int64_t b = 0; b < f->t->draws; b++)
        one->money += f->t->present[b * f->t->base.sellers + s] / (double)f->t->draws;
}

/* Who swaps how much: givers all their complex deals, as far as the takers have simple ones for
 * them. False where one of the two is missing. */
static bool match(const finding *f, vrk_redeployment *one)
{
    const vrk_twin *t = f->t;
    double given = 0, room = 0, complex = t->base.complex_share;
    for (int pass = 0; pass < 2; pass++) { /* how much, then who */
        double share = pass ? fmin(room / given, 1) : 0;
        for (int64_t s = 0; s < t->base.sellers; s++) {
            if (group_of(f, s) != one->team || !t->base.seller[s].there)
                continue;
            bool gives = f->gives[s] != 0;
            if (!gives && !is_strong(f, s, one->moment))
                continue;
            double can = f->inflow[s] * (gives ? complex : MOST_TAKEN * (1 - complex));
            if (!pass)
                *(gives ? &given : &room) += can;
            else
                f->more[s] = gives ? -can * share : can * share * given / room;
        }
        if (!(given > 0) || !(room > 0))
            return false;
    }
    for (int k = 0; k < 2; k++) {
        for (int64_t s = 0; s < t->base.sellers; s++) {
            if (group_of(f, s) == one->team && (k ? f->more[s] > 0 : f->more[s] < 0))
                add(f, one, s, !k);
        }
    }
    return true;
}

static void sum_group(const finding *f, const double *gain, const vrk_redeployment *one, double *x)
{
    for (int64_t b = 0; b < f->t->draws; b++) {
        x[b] = 0;
        for (int64_t s = 0; s < f->t->base.sellers; s++)
            x[b] += group_of(f, s) == one->team ? gain[b * f->t->base.sellers + s] : 0;
    }
}

/* The groups with a swap. */
static vrk_status match_groups(vrk_ctx *ctx, const finding *f, vrk_redeployments *out)
{
    int64_t teams = f->t->m->cells.teams, n = f->t->base.sellers;
    out->team = VRK_NEW(&out->mem, teams + 1, vrk_redeployment);
    for (int64_t g = -1; !out->mem.failed && g < teams; g++) {
        vrk_redeployment *one = &out->team[out->n];
        *one = (vrk_redeployment){.team = g, .moment = moment_of(f, g)};
        if (!one->moment)
            continue;
        one->seller = VRK_NEW(&out->mem, n, vrk_redeployed);
        if (one->seller)
            out->n += match(f, one);
    }
    return out->mem.failed ? vrk_fail(ctx, VRK_EMEMORY, "out of memory for swaps of deals")
                           : VRK_OK;
}

vrk_status vrk_redeploy_find(vrk_ctx *ctx, const vrk_twin *t, const vrk_seller_moments *s,
                             vrk_redeployments *out)
{
    vrk_status st = VRK_OK;
    vrk_mark mark = vrk_mark_of(&ctx->scratch);
    int64_t n = t->base.sellers;
    *out = (vrk_redeployments){0};
    if (!t->base.usable)
        goto done;
    finding f = {.t = t,
                 .row = VRK_NEW(&ctx->scratch, n * TRAITS, const vrk_seller_moment *),
                 .inflow = VRK_NEW(&ctx->scratch, n, double),
                 .more = VRK_NEW(&ctx->scratch, n, double),
                 .gives = VRK_NEW(&ctx->scratch, n, int64_t)};
    double *gain = VRK_NEW(&ctx->scratch, t->draws * n, double);
    if (ctx->scratch.failed)
        FAIL(VRK_EMEMORY, "out of memory for swaps of deals");
    index_judged(&f, s);
    vrk_twin_inflows(t, f.inflow);
    for (int64_t i = 0; i < n; i++)
        f.gives[i] = short_at(&f, i);
    TRY(match_groups(ctx, &f, out));
    if (!out->n)
        goto done;
    TRY(vrk_twin_swapped(ctx, t, f.more, gain));
    for (int64_t i = 0; i < out->n; i++) {
        double *x = VRK_NEW(&out->mem, t->draws, double);
        if (!x)
            FAIL(VRK_EMEMORY, "out of memory for swaps of deals");
        sum_group(&f, gain, &out->team[i], x);
        out->team[i].gain = x;
    }
done:
    vrk_rewind(&ctx->scratch, mark);
    if (st != VRK_OK)
        vrk_redeploy_free(out);
    return st;
}

void vrk_redeploy_free(vrk_redeployments *r)
{
    vrk_arena_free(&r->mem);
    *r = (vrk_redeployments){0};
}
