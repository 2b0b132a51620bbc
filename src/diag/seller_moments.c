#include "diag/seller_moments.h"

#include "base/par.h"
#include "base/str.h"
#include "diag/rows.h"

#include <math.h>

/* Below these a moment is not judged: there is nothing that an effect could show in. */
enum { OCCASIONS_LEAST = 10 };
#define LINKED_LEAST 0.2 /* share of activities that belong to a deal */

static double logistic(double x)
{
    return 1 / (1 + exp(-x));
}

/* Do the data record what the moment is judged by at all? */
static bool recorded(const vrk_coverage *c, int64_t moment, vrk_why *why)
{
    if (!c->activities) {
        *why = VRK_WHY_NO_ACTIVITIES;
        return false;
    }
    if ((double)c->linked < LINKED_LEAST * (double)c->activities) {
        *why = VRK_WHY_UNLINKED;
        return false;
    }
    *why = VRK_WHY_NO_BEHAVIOUR;
    switch (moment) {
    case VRK_AT_STEERING:
        return c->held > 0 && c->decision_makers > 0;
    case VRK_AT_NEXT_STEP:
        return c->held > 0 && c->next_steps > 0;
    case VRK_AT_QUALIFICATION:
    case VRK_AT_OBJECTION:
        return c->held > 0;
    case VRK_AT_PROSPECTING:
        return true;
    default:
        *why = VRK_WHY_NO_MODEL;
        return false;
    }
}

static void take_figures(const vrk_moments *m, int64_t s, vrk_seller_moment *row)
{
    const vrk_moment_model *x = &m->moment[row->number];
    const vrk_seller_verdict *v = &row->verdict;
    vrk_moment_figures *f = &row->figures;
    double done = x->doing.base + x->e_reference, good = x->going.base + x->q_reference;
    double share[] = {v->e, v->e_lo, v->e_hi}, quality[] = {v->q, v->q_lo, v->q_hi};
    int64_t at = s * VRK_AT_MOMENTS + row->number - 1;

    for (int k = 0; k < 3; k++) {
        row->done[k] = logistic(done + share[k]);
        row->success[k] = logistic(good + quality[k]);
    }
    f->usual_done = logistic(done);
    f->usual_success = logistic(good);
    f->normal_load = row->done[0];
    f->heavy_load =
        m->cells.has_calendar ? logistic(done + v->pressed + v->high * x->p_reference) : nan("");
    f->rating = f->usual_rating = f->right = f->answers = f->usual_right = nan("");
    if (m->assessed && isfinite(m->measured.rating[at])) {
        f->rating = m->measured.rating[at];
        f->usual_rating = m->measured.level[row->number] + m->measured.per_logit * x->q_reference;
    }
    if (m->assessed && m->measured.answers[at] > 0) {
        f->right = m->measured.right[at];
        f->answers = m->measured.answers[at];
        f->usual_right =
            logistic(m->measured.item_level[row->number] + m->measured.item_slope * x->q_reference);
    }
    f->logged = m->cells.meetings[s] > 0 ? (double)m->cells.logged[s] / (double)m->cells.meetings[s]
                                         : nan("");
}

static vrk_status judge(vrk_ctx *ctx, const vrk_moments *m, const vrk_verdict_opt *opt,
                        double weeks, vrk_seller_moment *row)
{
    vrk_status st = VRK_OK;
    int64_t s = vrk_moment_cells_seller(&m->cells, row->seller_key);
    const vrk_moment_model *x = &m->moment[row->number];
    if (s < 0 || !x->has_doing || !x->has_going || row->occasions < OCCASIONS_LEAST) {
        row->code = VRK_WHY_FEW_OCCASIONS;
        goto done;
    }
    TRY(vrk_verdict_of(ctx, m, row->number, s, opt, &row->verdict));
    row->judged = true;
    take_figures(m, s, row);
    if (row->verdict.all.likeliest == VRK_IS_PRESSURE)
        TRY(vrk_load_curve_of(ctx, m, row->number, s, &row->load));
    if (!row->verdict.all.given)
        TRY(vrk_settle_of(ctx, m, row->number, s, opt, weeks, row->occasions, &row->settle));
done:
    return st;
}

typedef struct {
    const vrk_moments *m;
    const vrk_coverage *coverage;
    const vrk_verdict_opt *opt;
    vrk_seller_moment *row;
    double weeks;
} bench;

static vrk_status judge_one(vrk_ctx *ctx, int64_t i, void *arg)
{
    const bench *b = arg;
    vrk_seller_moment *row = &b->row[i];
    if (!recorded(b->coverage, row->number, &row->code))
        return VRK_OK;
    return judge(ctx, b->m, b->opt, b->weeks, row);
}

vrk_status vrk_seller_moments_make(vrk_ctx *ctx, vrk_facts *facts, const vrk_moments *m,
                                   const vrk_coverage *coverage, const vrk_verdict_opt *opt,
                                   vrk_seller_moments *out)
{
    vrk_status st = VRK_OK;
    vrk_frame f = {0};
    *out = (vrk_seller_moments){.mem.limit = ctx->scratch.limit};
    TRY(vrk_rows(ctx, facts, VRK_SQL_SELLER_MOMENTS, &f));
    if (!(out->row = VRK_NEW(&out->mem, f.rows, vrk_seller_moment)))
        FAIL(VRK_EMEMORY, "out of memory for the moments of sellers");
    double weeks = fmax(13. * (double)m->cells.quarters, 13);
    for (int64_t i = 0; i < f.rows; i++) {
        vrk_seller_moment *row = &out->row[out->n++];
        *row =
            (vrk_seller_moment){.seller_key = vrk_row_int(&f, "seller_key", i),
                                .team_id = vrk_text_copy(&out->mem, vrk_row_text(&f, "team_id", i)),
                                .number = vrk_row_int(&f, "moment", i),
                                .moment = vrk_text_copy(&out->mem, vrk_row_text(&f, "name", i)),
                                .occasions = vrk_row_int(&f, "occasions", i)};
        row->figures.done = vrk_row_int(&f, "done", i);
        row->figures.known = vrk_row_int(&f, "known", i);
        row->figures.success = vrk_row_int(&f, "success", i);
        for (int k = 0; k < 3; k++)
            row->done[k] = row->success[k] = nan("");
        if (out->mem.failed)
            FAIL(VRK_EMEMORY, "out of memory for the moments of sellers");
    }
    TRY(vrk_par(ctx, "verdicts", out->n, judge_one, &(bench){m, coverage, opt, out->row, weeks}));
done:
    vrk_frame_free(&f);
    if (st != VRK_OK)
        vrk_seller_moments_free(out);
    return st;
}

void vrk_seller_moments_free(vrk_seller_moments *s)
{
    vrk_arena_free(&s->mem);
    *s = (vrk_seller_moments){0};
}
