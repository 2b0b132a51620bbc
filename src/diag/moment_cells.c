#include "diag/moment_cells.h"

#include "base/str.h"
#include "diag/rows.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

const char *const vrk_moment_names[VRK_AT_MOMENTS + 1] = {
    "", "prospecting", "qualification", "decision_steering", "objection_handling", "next_step"};

typedef struct {
    vrk_ctx *ctx;
    vrk_facts *facts;
    vrk_moment_cells *out;
    int64_t *quarter; /* [out->quarters] ascending, as year * 10 + quarter */
} reader;

static int by_number(const void *a, const void *b)
{
    int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;
    return (x > y) - (x < y);
}

/* Where x stands in `list`, -1 = nowhere. */
static int64_t index_of(int64_t x, const int64_t *list, int64_t n)
{
    const int64_t *at = bsearch(&x, list, (size_t)n, sizeof(*list), by_number);
    return at ? at - list : -1;
}

static const int64_t *numbers(reader *r, const vrk_frame *f, const char *name)
{
    const vrk_column *c = vrk_frame_column(f, name);
    int64_t *out = c ? VRK_NEW(&r->out->mem, f->rows, int64_t) : NULL;
    for (int64_t i = 0; out && i < f->rows; i++)
        out[i] = c->null[i] ? VRK_UNKNOWN : c->i ? c->i[i] : (int64_t)c->d[i];
    return out;
}

static const int64_t *sellers_of(reader *r, const vrk_frame *f)
{
    const vrk_column *c = vrk_frame_column(f, "seller_key");
    int64_t *out = VRK_NEW(&r->out->mem, f->rows, int64_t);
    for (int64_t i = 0; out && i < f->rows; i++)
        out[i] = index_of(c->i[i], r->out->seller_key, r->out->sellers);
    return out;
}

static const int64_t *quarters_of(reader *r, const vrk_frame *f)
{
    const vrk_column *c = vrk_frame_column(f, "quarter");
    int64_t *out = VRK_NEW(&r->out->mem, f->rows, int64_t);
    for (int64_t i = 0; out && i < f->rows; i++)
        out[i] = index_of(c->i[i], r->quarter, r->out->quarters);
    return out;
}

/* 1 where the column's text is neither `plain` nor empty. */
static const int64_t *other_than(reader *r, const vrk_frame *f, const char *name, const char *plain)
{
    const vrk_column *c = vrk_frame_column(f, name);
    int64_t *out = c ? VRK_NEW(&r->out->mem, f->rows, int64_t) : NULL;
    for (int64_t i = 0; out && i < f->rows; i++)
        out[i] = *c->s[i] && strcmp(c->s[i], plain) != 0;
    return out;
}

static const int64_t *segments_of(reader *r, const vrk_frame *f)
{
    const vrk_column *c = vrk_frame_column(f, "segment");
    int64_t *out = c ? VRK_NEW(&r->out->mem, f->rows, int64_t) : NULL;
    for (int64_t i = 0; out && i < f->rows; i++) {
        out[i] = -1;
        for (int64_t k = 0; k < r->out->segments && *c->s[i]; k++)
            out[i] = strcmp(r->out->segment[k], c->s[i]) ? out[i] : k;
    }
    return out;
}

static vrk_status read_cells(reader *r, vrk_sql sql, const char *how_many, const char *hits,
                             vrk_cells_of *out)
{
    vrk_ctx *ctx = r->ctx;
    vrk_status st = VRK_OK;
    vrk_frame f = {0};
    TRY(vrk_rows(ctx, r->facts, sql, &f));
    *out = (vrk_cells_of){.n = f.rows,
                          .moment = numbers(r, &f, "moment"),
                          .seller = sellers_of(r, &f),
                          .load_level = numbers(r, &f, "load_level"),
                          .crowding = numbers(r, &f, "crowding"),
                          .quarter = quarters_of(r, &f),
                          .touches = numbers(r, &f, "touches"),
                          .deal = numbers(r, &f, "deal"),
                          .stage = numbers(r, &f, "stage"),
                          .source = numbers(r, &f, "source"),
                          .qualified = numbers(r, &f, "qualified"),
                          .last_step = numbers(r, &f, "last_step"),
                          .age_level = numbers(r, &f, "age_level"),
                          .complex = other_than(r, &f, "complexity", "simple"),
                          .committee = other_than(r, &f, "decision_structure", "single"),
                          .segment = segments_of(r, &f),
                          .done = numbers(r, &f, "done"),
                          .occasions = numbers(r, &f, how_many),
                          .hits = numbers(r, &f, hits),
                          .stopped = numbers(r, &f, "stopped"),
                          .won = numbers(r, &f, "won"),
                          .lost = numbers(r, &f, "lost"),
                          .done_told = numbers(r, &f, "done_told"),
                          .done_recorded = numbers(r, &f, "done_recorded"),
                          .missed_told = numbers(r, &f, "missed_told"),
                          .missed_recorded = numbers(r, &f, "missed_recorded")};
    if (r->out->mem.failed)
        FAIL(VRK_EMEMORY, "out of memory for the cells of moments");
done:
    vrk_frame_free(&f);
    return st;
}

/* Teams in the order of their ids; a seller without one stands alone. */
static vrk_status read_sellers(reader *r)
{
    vrk_ctx *ctx = r->ctx;
    vrk_status st = VRK_OK;
    vrk_frame f = {0};
    vrk_moment_cells *o = r->out;
    TRY(vrk_rows(ctx, r->facts, VRK_SQL_SELLER_LIST, &f));
    int64_t *team = VRK_NEW(&o->mem, f.rows, int64_t);
    o->team_id = VRK_NEW(&o->mem, f.rows, const char *);
    o->seller_key = numbers(r, &f, "seller_key");
    o->load_80 = VRK_NEW(&o->mem, f.rows, double);
    o->meetings = VRK_NEW(&o->mem, f.rows, int64_t);
    o->logged = VRK_NEW(&o->mem, f.rows, int64_t);
    if (o->mem.failed)
        FAIL(VRK_EMEMORY, "out of memory for %lld sellers", (long long)f.rows);
    o->sellers = f.rows;
    o->team = team;
    const vrk_column *id = vrk_frame_column(&f, "team_id");
    for (int64_t s = 0; s < f.rows; s++) {
        int64_t g = 0;
        while (g < o->teams && (!*id->s[s] || strcmp(o->team_id[g], id->s[s]) != 0))
            g++;
        team[s] = g;
        if (g == o->teams)
            o->team_id[o->teams++] = vrk_text_copy(&o->mem, id->s[s]);
    }
done:
    vrk_frame_free(&f);
    return st;
}

/* The 80th percentile of each seller's load, as the verdict on pressure needs it. */
static vrk_status read_loads(reader *r, double mean, double sd)
{
    vrk_ctx *ctx = r->ctx;
    vrk_status st = VRK_OK;
    vrk_frame f = {0};
    TRY(vrk_rows(ctx, r->facts, VRK_SQL_SELLER_LOADS, &f));
    const vrk_column *key = vrk_frame_column(&f, "seller_key");
    const vrk_column *minutes = vrk_frame_column(&f, "internal_min");
    r->out->has_calendar = f.rows > 0;
    for (int64_t i = 0, end = 0; i < f.rows && sd > 0; i = end) {
        while (end < f.rows && key->i[end] == key->i[i])
            end++;
        int64_t s = index_of(key->i[i], r->out->seller_key, r->out->sellers);
        int64_t at = i + (int64_t)(0.8 * (double)(end - i - 1));
        if (s >= 0)
            r->out->load_80[s] = ((double)minutes->i[at] - mean) / sd;
    }
done:
    vrk_frame_free(&f);
    return st;
}

static vrk_status read_logs(reader *r)
{
    vrk_ctx *ctx = r->ctx;
    vrk_status st = VRK_OK;
    vrk_frame f = {0};
    TRY(vrk_rows(ctx, r->facts, VRK_SQL_MEETING_LOGS, &f));
    for (int64_t i = 0; i < f.rows; i++) {
        int64_t s = index_of(vrk_row_int(&f, "seller_key", i), r->out->seller_key, r->out->sellers);
        if (s < 0)
            continue;
        r->out->meetings[s] = vrk_row_int(&f, "meetings", i);
        r->out->logged[s] = vrk_row_int(&f, "logged", i);
    }
done:
    vrk_frame_free(&f);
    return st;
}

/* The segments and quarters that the cells of success and doing know, in order. */
static vrk_status read_axes(reader *r)
{
    vrk_ctx *ctx = r->ctx;
    vrk_status st = VRK_OK;
    vrk_frame f = {0}, situations = {0};
    static const vrk_sql with_quarter[] = {VRK_SQL_DONE_CELLS, VRK_SQL_OUTREACH_CELLS};
    r->quarter = VRK_NEW(&r->out->mem, 4 * 200, int64_t);
    TRY(vrk_rows(ctx, r->facts, VRK_SQL_SITUATIONS, &situations));
    r->out->segment = VRK_NEW(&r->out->mem, situations.rows, const char *);
    if (r->out->mem.failed)
        FAIL(VRK_EMEMORY, "out of memory for segments");
    for (int k = 0; k < 2; k++) {
        TRY(vrk_rows(ctx, r->facts, with_quarter[k], &f));
        const vrk_column *c = vrk_frame_column(&f, "quarter");
        for (int64_t i = 0; i < f.rows; i++) {
            if (r->out->quarters == 4 * 200 || index_of(c->i[i], r->quarter, r->out->quarters) >= 0)
                continue;
            r->quarter[r->out->quarters++] = c->i[i];
            qsort(r->quarter, (size_t)r->out->quarters, sizeof(int64_t), by_number);
        }
        vrk_frame_free(&f);
    }
    for (int64_t i = 0; i < situations.rows; i++) {
        const char *name = vrk_row_text(&situations, "segment", i);
        int64_t k = 0;
        while (k < r->out->segments && strcmp(r->out->segment[k], name) != 0)
            k++;
        if (*name && k == r->out->segments)
            r->out->segment[r->out->segments++] = vrk_text_copy(&r->out->mem, name);
    }
done:
    vrk_frame_free(&f);
    vrk_frame_free(&situations);
    return st;
}

static int64_t moment_of(const char *competency)
{
    for (int64_t m = 1; m <= VRK_AT_MOMENTS; m++) {
        if (!strcmp(competency, vrk_moment_names[m]))
            return m;
    }
    return 0;
}

/* Scores on five steps; an item with nobody to judge it, of a test or with a highest score of 1, is
 * right, wrong or in part right. */
static vrk_status read_scores(reader *r)
{
    vrk_ctx *ctx = r->ctx;
    vrk_status st = VRK_OK;
    vrk_frame f = {0};
    vrk_moment_cells *o = r->out;
    TRY(vrk_rows(ctx, r->facts, VRK_SQL_ASSESSED, &f));
    o->score = VRK_NEW(&o->mem, f.rows, vrk_score_of);
    int64_t *rater = VRK_NEW(&o->mem, f.rows, int64_t);
    if (o->mem.failed)
        FAIL(VRK_EMEMORY, "out of memory for %lld scores", (long long)f.rows);
    const vrk_column *by = vrk_frame_column(&f, "rater_key"),
                     *score = vrk_frame_column(&f, "score"),
                     *most = vrk_frame_column(&f, "max_score");
    for (int64_t i = 0; i < f.rows; i++) {
        if (!by->null[i] && index_of(by->i[i], rater, o->raters) < 0) {
            rater[o->raters++] = by->i[i];
            qsort(rater, (size_t)o->raters, sizeof(int64_t), by_number);
        }
    }
    for (int64_t i = 0; i < f.rows; i++) {
        vrk_score_of x = {.seller =
                              index_of(vrk_row_int(&f, "person_key", i), o->seller_key, o->sellers),
                          .moment = moment_of(vrk_row_text(&f, "competency", i)),
                          .rater = by->null[i] ? -1 : index_of(by->i[i], rater, o->raters)};
        double top = most->null[i] || !(most->d[i] > 0) ? 5 : most->d[i];
        bool item = x.rater < 0 && ((most->d[i] <= 1 && !most->null[i]) ||
                                    !strcmp(vrk_row_text(&f, "instrument", i), "sjt"));
        x.score = item ? fmin(fmax(score->d[i] / top, 0), 1) : 5 * score->d[i] / top;
        if (x.seller >= 0 && x.moment && isfinite(x.score) && (x.rater >= 0 || item))
            o->score[o->scores++] = x;
    }
done:
    vrk_frame_free(&f);
    return st;
}

vrk_status vrk_moment_cells_read(vrk_ctx *ctx, vrk_facts *facts, double load_mean, double load_sd,
                                 vrk_moment_cells *out)
{
    vrk_status st = VRK_OK;
    reader r = {ctx, facts, out, NULL};
    *out = (vrk_moment_cells){.mem.limit = ctx->scratch.limit};
    TRY(read_sellers(&r));
    TRY(read_axes(&r));
    out->quarter = r.quarter;
    TRY(read_loads(&r, load_mean, load_sd));
    TRY(read_logs(&r));
    TRY(read_cells(&r, VRK_SQL_DONE_CELLS, "occasions", "done", &out->doing));
    TRY(read_cells(&r, VRK_SQL_OUTREACH_CELLS, "weeks", "weeks", &out->outreach));
    TRY(read_cells(&r, VRK_SQL_SUCCESS_CELLS, "occasions", "success", &out->success));
    TRY(read_cells(&r, VRK_SQL_QUALIFICATION_CELLS, "deals", "stopped", &out->qualification));
    TRY(read_cells(&r, VRK_SQL_AUDIT_CELLS, "occasions", "done", &out->audit));
    TRY(read_scores(&r));
done:
    if (st != VRK_OK)
        vrk_moment_cells_free(out);
    return st;
}

int64_t vrk_moment_cells_seller(const vrk_moment_cells *cells, int64_t seller_key)
{
    return index_of(seller_key, cells->seller_key, cells->sellers);
}

void vrk_moment_cells_free(vrk_moment_cells *cells)
{
    vrk_arena_free(&cells->mem);
    *cells = (vrk_moment_cells){0};
}
