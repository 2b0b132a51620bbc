/* The two models of results: of deals started, and of deals won. */
#include "diag/results_parts.h"
#include "diag/rows.h"

#include <math.h>

enum { DONE_LEAST = 4 }; /* touches of a week in which prospecting is done */

/* A term's levels and where it stands among the columns of a draw. */
typedef struct {
    int64_t count[VRK_WIN_TERMS], at[VRK_WIN_TERMS];
} columns;

static columns win_columns(const vrk_seller_results *r, const result_deals *d)
{
    columns c = {{r->sellers, r->teams, d->segment.n, d->quarter.n, d->segment.n * d->quarter.n,
                  d->complexity.n, d->structure.n, 2},
                 {0}};
    int64_t at = 1;
    for (int k = 0; k < VRK_WIN_TERMS; k++) {
        c.at[k] = at;
        at += c.count[k];
    }
    return c;
}

static void win_levels(const result_deals *d, int64_t kind, int64_t place, int64_t inbound,
                       int32_t *level)
{
    level[2] = (int32_t)(place / d->quarter.n);
    level[3] = (int32_t)(place % d->quarter.n);
    level[4] = (int32_t)place;
    level[5] = (int32_t)(kind / d->structure.n);
    level[6] = (int32_t)(kind % d->structure.n);
    level[7] = (int32_t)inbound;
}

static vrk_status draw_wins(vrk_ctx *ctx, vrk_seller_results *r, const result_deals *d,
                            const vrk_glmm *fit)
{
    vrk_status st = VRK_OK;
    columns c = win_columns(r, d);
    int64_t width = vrk_glmm_columns(fit);
    double *draw = VRK_NEW(&ctx->scratch, r->draws * width, double);
    if (!draw)
        FAIL(VRK_EMEMORY, "out of memory for draws of results");
    TRY(vrk_glmm_draw(ctx, fit, ctx->seed, 0, r->draws, draw));
    for (int64_t b = 0; b < r->draws; b++) {
        const double *row = draw + b * width;
        for (int64_t s = 0; s < r->sellers; s++)
            r->win[s * r->draws + b] = row[c.at[0] + s];
        for (int64_t g = 0; g < r->teams; g++)
            r->win_team[g * r->draws + b] = row[c.at[1] + g];
        for (int64_t i = 0; i < 2 * r->kinds * r->places; i++) {
            int32_t level[VRK_WIN_TERMS];
            double *odds = &r->odds[b * 2 * r->kinds * r->places + i];
            int64_t shift = r->teams ? 0 : 1; /* a term without levels takes one column */
            win_levels(d, i / r->places % r->kinds, i % r->places, i / r->places / r->kinds, level);
            *odds = row[0];
            for (int k = 2; k < VRK_WIN_TERMS; k++)
                *odds += row[shift + c.at[k] + level[k]];
        }
    }
done:
    return st;
}

vrk_status vrk_seller_results_wins(vrk_ctx *ctx, vrk_seller_results *r, result_deals *d)
{
    vrk_status st = VRK_OK;
    vrk_glmm fit = {0};
    vrk_glmm_term term[VRK_WIN_TERMS];
    columns c = win_columns(r, d);

    for (int64_t i = 0; i < d->n; i++) {
        int32_t level[VRK_WIN_TERMS];
        level[0] = (int32_t)d->seller[i];
        level[1] = (int32_t)r->team[d->seller[i]];
        win_levels(d, d->kind[i], d->place[i], d->inbound[i], level);
        for (int k = 0; k < VRK_WIN_TERMS; k++)
            d->level[k * d->n + i] = level[k];
    }
    for (int k = 0; k < VRK_WIN_TERMS; k++)
        term[k] =
            (vrk_glmm_term){.levels = c.count[k] ? c.count[k] : 1, .level = d->level + k * d->n};
    vrk_glmm_data data = {.n = d->n,
                          .p = 1,
                          .x = d->x,
                          .y = d->won,
                          .size = d->closed,
                          .weight = NULL,
                          .terms = VRK_WIN_TERMS,
                          .term = term};
    TRY(vrk_glmm_fit(ctx, &data, &(vrk_glmm_opt){.family = VRK_GLMM_LOGIT, .quick = true}, &fit));
    TRY(draw_wins(ctx, r, d, &fit));
done:
    vrk_glmm_free(&fit);
    return st;
}

/* Own deals a week by outreach. What outreach does is what it does within a seller (Mundlak): the
 * seller's mean outreach has a coefficient of its own, which is the seller's part. */
enum { START_X = 5 };

static double outreach_x(int64_t touches, int k)
{
    bool done = touches >= DONE_LEAST;
    return k == 0 ? done : done ? log((double)touches / 12) : 0;
}

/* Weeks by seller and outreach; mean [sellers x 3]: the seller's mean of both covariates, against
 * the organisation's, and the seller's weeks. */
typedef struct {
    int64_t n;
    int64_t *touches;
    int32_t *level; /* [2n] seller, team */
    double *x, *deals, *weeks, *mean;
    double all, started; /* weeks, deals */
} start_cells;

static vrk_status read_starts(vrk_ctx *ctx, vrk_facts *facts, const vrk_seller_results *r,
                              start_cells *c)
{
    vrk_status st = VRK_OK;
    vrk_frame f = {0};
    double all[2] = {0, 0};

    TRY(vrk_rows(ctx, facts, VRK_SQL_RESULT_STARTS, &f));
    *c = (start_cells){.touches = VRK_NEW(&ctx->scratch, f.rows, int64_t),
                       .level = VRK_NEW(&ctx->scratch, 2 * f.rows, int32_t),
                       .x = VRK_NEW(&ctx->scratch, START_X * f.rows, double),
                       .deals = VRK_NEW(&ctx->scratch, f.rows, double),
                       .weeks = VRK_NEW(&ctx->scratch, f.rows, double),
                       .mean = VRK_NEW(&ctx->scratch, 3 * r->sellers, double)};
    if (ctx->scratch.failed)
        FAIL(VRK_EMEMORY, "out of memory for the starts of deals");
    for (int64_t i = 0; i < f.rows; i++) {
        int64_t s = vrk_result_seller(r, vrk_row_int(&f, "seller_key", i));
        if (s < 0)
            continue;
        c->deals[c->n] = (double)vrk_row_int(&f, "deals", i);
        c->weeks[c->n] = (double)vrk_row_int(&f, "weeks", i);
        c->started += c->deals[c->n];
        c->touches[c->n] = vrk_row_int(&f, "touches", i);
        c->level[c->n] = (int32_t)s;
        for (int k = 0; k < 2; k++) {
            c->mean[3 * s + k] += c->weeks[c->n] * outreach_x(c->touches[c->n], k);
            all[k] += c->weeks[c->n] * outreach_x(c->touches[c->n], k);
        }
        c->all += c->weeks[c->n];
        c->mean[3 * s + 2] += c->weeks[c->n++];
    }
    for (int64_t s = 0; s < r->sellers; s++) {
        for (int k = 0; k < 2; k++)
            c->mean[3 * s + k] =
                c->mean[3 * s + k] / fmax(c->mean[3 * s + 2], 1) - all[k] / fmax(c->all, 1);
    }
    for (int64_t i = 0; i < c->n; i++) {
        int64_t s = c->level[i];
        c->level[c->n + i] = (int32_t)r->team[s];
        c->x[i] = 1;
        for (int k = 0; k < 2; k++) {
            c->x[(1 + k) * c->n + i] = outreach_x(c->touches[i], k);
            c->x[(3 + k) * c->n + i] = c->mean[3 * s + k];
        }
    }
done:
    vrk_frame_free(&f);
    return st;
}

static vrk_status draw_starts(vrk_ctx *ctx, vrk_seller_results *r, const start_cells *c,
                              const vrk_glmm *fit)
{
    int64_t width = vrk_glmm_columns(fit);
    double *draw = VRK_NEW(&ctx->scratch, r->draws * width, double);
    vrk_status st = VRK_OK;
    if (!draw)
        FAIL(VRK_EMEMORY, "out of memory for draws of results");
    TRY(vrk_glmm_draw(ctx, fit, ctx->seed + 1, 0, r->draws, draw));
    for (int64_t b = 0; b < r->draws; b++) {
        const double *row = draw + b * width;
        for (int64_t s = 0; s < r->sellers; s++)
            r->start[s * r->draws + b] =
                row[START_X + s] + row[3] * c->mean[3 * s] + row[4] * c->mean[3 * s + 1];
        for (int64_t g = 0; g < r->teams; g++)
            r->start_team[g * r->draws + b] = row[START_X + r->sellers + g];
        for (int64_t i = 0; i < c->n; i++) {
            double rate = c->weeks[i] * exp(row[0] + row[1] * outreach_x(c->touches[i], 0) +
                                            row[2] * outreach_x(c->touches[i], 1));
            r->outreach[c->level[i] * r->draws + b] += rate / c->mean[3 * c->level[i] + 2];
            r->outreach_mean[b] += rate / c->all;
        }
    }
done:
    return st;
}

vrk_status vrk_seller_results_starts(vrk_ctx *ctx, vrk_facts *facts, vrk_seller_results *r)
{
    vrk_status st = VRK_OK;
    vrk_glmm fit = {0};
    start_cells c = {0};

    TRY(read_starts(ctx, facts, r, &c));
    if (!(c.started > 0)) /* all deals come from customers */
        goto done;
    vrk_glmm_term term[2] = {{.levels = r->sellers, .level = c.level},
                             {.levels = r->teams ? r->teams : 1, .level = c.level + c.n}};
    vrk_glmm_data data = {
        .n = c.n, .p = START_X, .x = c.x, .y = c.deals, .size = c.weeks, .terms = 2, .term = term};
    TRY(vrk_glmm_fit(ctx, &data, &(vrk_glmm_opt){.family = VRK_GLMM_POISSON, .quick = true}, &fit));
    TRY(draw_starts(ctx, r, &c, &fit));
done:
    vrk_glmm_free(&fit);
    return st;
}
