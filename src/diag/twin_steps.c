/* What a next step leaves behind. That a step was agreed is compared among deals that had as many
 * meetings, as long ago, in the same stage, of the same seller: deals that linger had more of all.
 */
#include "diag/rows.h"
#include "diag/twin_base.h"
#include "stat/within_logit.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* Columns: dated, kept, complex, three of meetings, two of weeks since, stages. */
enum { DATED, KEPT, COMPLEX, MEETINGS, SINCE = MEETINGS + 3, STAGE = SINCE + 2, STAGES = 12 };
enum { COLUMNS = STAGE + STAGES };
enum { NONE, LATE, KEPT_STEP, PENDING };

typedef struct {
    int64_t n;
    double *x, *y, *trials;
    int64_t *group;
} table;

/* Of steps that were decided, the share kept: a pending one counts as that much. */
static double kept_share(const vrk_frame *f)
{
    double kept = 3, all = 4;
    for (int64_t i = 0; i < f->rows; i++) {
        int64_t status = vrk_row_int(f, "status", i);
        double n = (double)vrk_row_int(f, "occasions", i);
        kept += status == KEPT_STEP ? n : 0;
        all += status == KEPT_STEP || status == LATE ? n : 0;
    }
    return kept / all;
}

static void fill(const vrk_moment_cells *c, const vrk_frame *f, table *t)
{
    double share = kept_share(f);
    int64_t n = f->rows, first = n ? vrk_row_int(f, "stage", 0) : 0;
    for (int64_t i = 0; i < n; i++) {
        int64_t key = vrk_row_int(f, "seller_key", i), status = vrk_row_int(f, "status", i);
        int64_t seller = vrk_moment_cells_seller(c, key);
        if (seller < 0)
            continue; /* stays a row without trials */
        const char *complexity = vrk_row_text(f, "complexity", i);
        int64_t meetings = vrk_row_int(f, "meetings", i), since = vrk_row_int(f, "since", i);
        int64_t stage = llabs(vrk_row_int(f, "stage", i) - first) % STAGES;
        t->x[i + DATED * n] = status != NONE;
        t->x[i + KEPT * n] = status == KEPT_STEP ? 1 : status == PENDING ? share : 0;
        t->x[i + COMPLEX * n] = *complexity && strcmp(complexity, "simple") != 0;
        if (meetings > 1)
            t->x[i + (MEETINGS + meetings - 2) * n] = 1;
        if (since > 0)
            t->x[i + (SINCE + since - 1) * n] = 1;
        t->x[i + (STAGE + stage) * n] = 1;
        t->y[i] = (double)vrk_row_int(f, "success", i);
        t->trials[i] = (double)vrk_row_int(f, "occasions", i);
        t->group[i] = seller;
    }
}

vrk_status vrk_twin_steps(vrk_ctx *ctx, vrk_facts *facts, const vrk_moments *m, vrk_twin_base *out)
{
    vrk_status st = VRK_OK;
    vrk_frame f = {0};
    vrk_within_logit fit = {0};
    vrk_mark mark = vrk_mark_of(&ctx->scratch);
    double precision[COLUMNS];
    TRY(vrk_rows(ctx, facts, VRK_SQL_TWIN_STEPS, &f));
    table t = {.n = f.rows};
    t.x = VRK_NEW(&ctx->scratch, t.n * COLUMNS, double);
    t.y = VRK_NEW(&ctx->scratch, t.n, double);
    t.trials = VRK_NEW(&ctx->scratch, t.n, double);
    t.group = VRK_NEW(&ctx->scratch, t.n, int64_t);
    if (ctx->scratch.failed)
        FAIL(VRK_EMEMORY, "out of memory for %lld cells of next steps", (long long)t.n);
    if (!t.n)
        goto done;
    fill(&m->cells, &f, &t);
    for (int j = 0; j < COLUMNS; j++)
        precision[j] = 1;
    TRY(vrk_within_logit_fit(ctx,
                             &(vrk_within_logit_data){.n = t.n,
                                                      .p = COLUMNS,
                                                      .groups = m->cells.sellers,
                                                      .x = t.x,
                                                      .y = t.y,
                                                      .trials = t.trials,
                                                      .group = t.group,
                                                      .precision = precision,
                                                      .group_precision = 0.3},
                             &fit));
    out->dated = fit.beta[DATED];
    out->kept = fit.beta[KEPT];
    out->dated_se = sqrt(fit.variance[DATED]);
    out->kept_se = sqrt(fit.variance[KEPT]);
done:
    vrk_within_logit_free(&fit);
    vrk_rewind(&ctx->scratch, mark);
    vrk_frame_free(&f);
    return st;
}
