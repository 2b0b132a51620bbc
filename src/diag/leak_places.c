#include "diag/leak_places.h"

#include "base/str.h"
#include "diag/rows.h"
#include "num/special.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { OCCASIONS_LEAST = 20 };

#define DELTA 0.5      /* smallest difference that matters [log odds] */
#define FALSE_MOST 0.1 /* of the segments told, the share that may be none */

enum { OTHERS, OWN, SIDES };

typedef struct {
    const vrk_twin *t;
    vrk_leaks *l;
    vrk_frame rows, stages;
    bool *own;          /* [sellers] who makes the leak */
    int64_t *seller;    /* [rows] -1 = not in the cells */
    int64_t *stage;     /* [rows] row of stages; -1 = none */
    int64_t *segment;   /* [rows] -1 = unknown */
    vrk_place_sum *sum; /* [sellers x stages or segments] */
    vrk_place_gap *gap; /* [leaks x segments] */
    double *p;          /* [leaks x segments] */
} placing;

static void add(vrk_place_sum *to, const vrk_place_sum *x)
{
    to->n += x->n;
    to->y += x->y;
    to->nn += x->nn;
    to->ny += x->ny;
    to->yy += x->yy;
}

/* Log odds of the share that went well, and the variance of it by deals (a ratio of sums). */
static double log_odds(const vrk_place_sum *s, double *variance)
{
    double r = (s->y + 0.5) / (s->n + 1);
    double by_deal = (s->yy - 2 * r * s->ny + r * r * s->nn) / (s->n * s->n);
    double plain = r * (1 - r) / s->n; /* never less: a few deals can agree by chance */
    *variance += fmax(by_deal, plain) / (r * r * (1 - r) * (1 - r));
    return log(r / (1 - r));
}

/* What sellers' own differences say together, weighed by their precision. */
typedef struct {
    double sum, weight;
} pooled;

static void pool(pooled *to, const vrk_place_sum *here, const vrk_place_sum *elsewhere)
{
    double variance = 0;
    if (fmin(here->n, elsewhere->n) < OCCASIONS_LEAST)
        return;
    double other = log_odds(elsewhere, &variance), x = log_odds(here, &variance) - other;
    to->sum += x / variance;
    to->weight += 1 / variance;
}

vrk_place_gap vrk_place_gap_of(const vrk_place_sum *sum, const bool *own, int64_t sellers,
                               int64_t places, int64_t place)
{
    pooled of[SIDES] = {{0}};
    for (int64_t s = 0; s < sellers; s++) {
        vrk_place_sum elsewhere = {0};
        for (int64_t k = 0; k < places; k++) {
            if (k != place)
                add(&elsewhere, &sum[s * places + k]);
        }
        pool(&of[own[s] ? OWN : OTHERS], &sum[s * places + place], &elsewhere);
    }
    if (!(of[OWN].weight > 0) || !(of[OTHERS].weight > 0))
        return (vrk_place_gap){nan(""), nan(""), 1};
    double worse = of[OTHERS].sum / of[OTHERS].weight - of[OWN].sum / of[OWN].weight;
    double se = sqrt(1 / of[OTHERS].weight + 1 / of[OWN].weight);
    return (vrk_place_gap){worse, se, vrk_normal_below(-worse / se)};
}

static int by_size(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

double vrk_false_discoveries(double *p, int64_t n, double share)
{
    double most = -1;
    qsort(p, (size_t)n, sizeof(*p), by_size);
    for (int64_t i = 0; i < n; i++) {
        if (p[i] <= share * (double)(i + 1) / (double)n)
            most = p[i];
    }
    return most;
}

/* What the rows' keys stand for. */
static void index_rows(placing *p)
{
    const vrk_moment_cells *cells = &p->t->m->cells;
    for (int64_t i = 0; i < p->rows.rows; i++) {
        int64_t key = vrk_row_int(&p->rows, "seller_key", i), k = 0;
        int64_t stage = vrk_row_int(&p->rows, "stage", i);
        const char *segment = vrk_row_text(&p->rows, "segment", i);
        p->seller[i] = vrk_moment_cells_seller(cells, key);
        while (k < p->stages.rows && vrk_row_int(&p->stages, "stage", k) != stage)
            k++;
        p->stage[i] = k < p->stages.rows ? k : -1;
        for (k = 0; k < cells->segments && strcmp(cells->segment[k], segment) != 0;)
            k++;
        p->segment[i] = k < cells->segments ? k : -1;
    }
}

/* Those of the group who fall short in more than half of the draws; all of it where nobody does. */
static void find_own(const placing *p, const vrk_leak *leak)
{
    const vrk_twin *t = p->t;
    const vrk_moment_cells *cells = &t->m->cells;
    bool any = false;
    for (int pass = 0; pass < 2 && !any; pass++) {
        for (int64_t s = 0; s < t->base.sellers; s++) {
            int64_t team = cells->team[s], n = 0;
            bool here =
                (*cells->team_id[team] ? team : -1) == leak->team && t->base.seller[s].there;
            const double *part = p->l->part[leak->moment];
            for (int64_t b = 0; here && b < t->draws; b++)
                n += fabs(part[b * t->base.sellers + s]) > 0;
            p->own[s] = here && (pass || 2 * n > t->draws);
            any |= p->own[s];
        }
    }
}

/* The moment's occasions by seller, and by stage or by segment. */
static void sum_up(const placing *p, const vrk_leak *leak, const int64_t *place, int64_t places)
{
    memset(p->sum, 0, (size_t)(places * p->t->base.sellers) * sizeof(*p->sum));
    for (int64_t i = 0; i < p->rows.rows; i++) {
        if (vrk_row_int(&p->rows, "moment", i) != leak->moment || p->seller[i] < 0 || place[i] < 0)
            continue;
        const vrk_place_sum x = {
            (double)vrk_row_int(&p->rows, "n", i), (double)vrk_row_int(&p->rows, "y", i),
            (double)vrk_row_int(&p->rows, "nn", i), (double)vrk_row_int(&p->rows, "ny", i),
            (double)vrk_row_int(&p->rows, "yy", i)};
        add(&p->sum[p->seller[i] * places + place[i]], &x);
    }
}

/* The leak is divided by what goes less well in each stage than for the others there. */
static vrk_status divide(vrk_ctx *ctx, const placing *p, vrk_leak *leak)
{
    double all = 0, occasions = 0;
    int64_t places = p->stages.rows;
    sum_up(p, leak, p->stage, places);
    leak->stage = VRK_NEW(&p->l->mem, places, vrk_leak_stage);
    if (p->l->mem.failed)
        return vrk_fail(ctx, VRK_EMEMORY, "out of memory for the places of leaks");
    for (int pass = 0; pass < 2; pass++) {
        for (int64_t k = 0; k < places; k++) {
            vrk_place_sum of[SIDES] = {{0}};
            for (int64_t s = 0; s < p->t->base.sellers; s++)
                add(&of[p->own[s] ? OWN : OTHERS], &p->sum[s * places + k]);
            double usual = (of[OTHERS].y + 0.5) / (of[OTHERS].n + 1);
            double lost = fmax(of[OWN].n * usual - of[OWN].y, 0);
            if (!pass) {
                all += lost;
                occasions += of[OWN].n;
                continue;
            }
            double share = all > 0 ? lost / all : of[OWN].n / fmax(occasions, 1);
            if (!(share > 0))
                continue;
            leak->stage[leak->stages++] = (vrk_leak_stage){
                vrk_text_copy(&p->l->mem, vrk_row_text(&p->stages, "name", k)), share};
        }
    }
    return p->l->mem.failed ? vrk_fail(ctx, VRK_EMEMORY, "out of memory for the places of leaks")
                            : VRK_OK;
}

static void compare(const placing *p, const vrk_leak *leak, vrk_place_gap *gap)
{
    int64_t places = p->t->m->cells.segments;
    sum_up(p, leak, p->segment, places);
    for (int64_t k = 0; k < places; k++)
        gap[k] = vrk_place_gap_of(p->sum, p->own, p->t->base.sellers, places, k);
}

/* How likely so much, were it truly no more than half of what matters: what a share's scale does to
 * sellers of other levels is no finding. */
static double beyond(const vrk_place_gap *g)
{
    return vrk_normal_below((DELTA / 2 - g->worse) / g->se);
}

/* Names segments, false discoveries controlled over all that could be compared. */
static void name_segments(const placing *p)
{
    const vrk_moment_cells *cells = &p->t->m->cells;
    int64_t n = p->l->kept * cells->segments, tried = 0;
    for (int64_t i = 0; i < n; i++) {
        if (isfinite(p->gap[i].worse))
            p->p[tried++] = beyond(&p->gap[i]);
    }
    double most = vrk_false_discoveries(p->p, tried, FALSE_MOST);
    p->l->segments_tried = tried;
    for (int64_t i = 0; i < n; i++) {
        vrk_leak *leak = &p->l->leak[i / cells->segments];
        const vrk_place_gap *g = &p->gap[i];
        if (isfinite(g->worse) && beyond(g) <= most && g->worse >= DELTA &&
            (!leak->segment || g->worse > leak->segment_worse)) {
            leak->segment = cells->segment[i % cells->segments];
            leak->segment_worse = g->worse;
        }
    }
}

static vrk_status make_room(vrk_ctx *ctx, placing *p)
{
    int64_t n = p->rows.rows, segments = p->t->m->cells.segments;
    int64_t places = p->stages.rows > segments ? p->stages.rows : segments;
    p->own = VRK_NEW(&ctx->scratch, p->t->base.sellers, bool);
    p->seller = VRK_NEW(&ctx->scratch, n, int64_t);
    p->stage = VRK_NEW(&ctx->scratch, n, int64_t);
    p->segment = VRK_NEW(&ctx->scratch, n, int64_t);
    p->sum = VRK_NEW(&ctx->scratch, places * p->t->base.sellers, vrk_place_sum);
    p->gap = VRK_NEW(&ctx->scratch, p->l->kept * segments, vrk_place_gap);
    p->p = VRK_NEW(&ctx->scratch, p->l->kept * segments, double);
    return ctx->scratch.failed ? vrk_fail(ctx, VRK_EMEMORY, "out of memory for the places of leaks")
                               : VRK_OK;
}

vrk_status vrk_leak_places(vrk_ctx *ctx, vrk_facts *facts, const vrk_twin *t, vrk_leaks *l)
{
    vrk_status st = VRK_OK;
    vrk_mark mark = vrk_mark_of(&ctx->scratch);
    placing p = {.t = t, .l = l};
    if (!l->kept)
        goto done;
    TRY(vrk_rows(ctx, facts, VRK_SQL_LEAK_PLACES, &p.rows));
    TRY(vrk_rows(ctx, facts, VRK_SQL_STAGES, &p.stages));
    TRY(make_room(ctx, &p));
    index_rows(&p);
    for (int64_t i = 0; i < l->kept; i++) {
        find_own(&p, &l->leak[i]);
        TRY(divide(ctx, &p, &l->leak[i]));
        compare(&p, &l->leak[i], &p.gap[i * t->m->cells.segments]);
    }
    name_segments(&p);
done:
    vrk_frame_free(&p.rows);
    vrk_frame_free(&p.stages);
    vrk_rewind(&ctx->scratch, mark);
    return st;
}
