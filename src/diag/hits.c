#include "diag/hits.h"

#include "base/str.h"
#include "diag/document.h"
#include "diag/json.h"
#include "diag/rows.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

const double vrk_hit_limit[VRK_HIT_BANDS + 1] = {0, 0.1, 0.2, 0.35, 0.5, 0.7, 1};

typedef struct {
    const char *deal_id;
    int64_t outcome;
} closed_deal;

typedef struct {
    closed_deal *deal; /* [n] by id */
    int64_t n;
} closed_deals;

static int by_id(const void *a, const void *b)
{
    return strcmp(((const closed_deal *)a)->deal_id, ((const closed_deal *)b)->deal_id);
}

/* Sorted here: a database may sort texts by its own language. */
static vrk_status sort_deals(vrk_ctx *ctx, const vrk_frame *f, vrk_arena *mem, closed_deals *out)
{
    *out = (closed_deals){VRK_NEW(mem, f->rows, closed_deal), f->rows};
    if (!out->deal)
        return vrk_fail(ctx, VRK_EMEMORY, "out of memory for closed deals");
    for (int64_t i = 0; i < f->rows; i++)
        out->deal[i] = (closed_deal){vrk_row_text(f, "deal_id", i), vrk_row_int(f, "outcome", i)};
    qsort(out->deal, (size_t)f->rows, sizeof(*out->deal), by_id);
    return VRK_OK;
}

/* 0 = stands, or is gone from the facts. */
static int64_t outcome_of(const closed_deals *deals, const char *id)
{
    const closed_deal key = {.deal_id = id};
    const closed_deal *found = bsearch(&key, deals->deal, (size_t)deals->n, sizeof(key), by_id);
    return found ? found->outcome : 0;
}

/* NaN where it was told none. */
static double chance_of(const json_t *deal)
{
    double win = vrk_json_number(deal, "p_win"), alive = vrk_json_number(deal, "p_alive");
    return isnan(alive) ? win : alive * win;
}

/* Chances by deal, each at its first; those of before `sorted` can be looked up. */
typedef struct {
    const char **deal_id; /* [room] */
    int64_t n, sorted, room;
} told_before;

static int by_text(const void *a, const void *b)
{
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

static vrk_status remember(vrk_ctx *ctx, told_before *t, const char *id, bool *first)
{
    *first =
        !t->sorted || !bsearch(&id, t->deal_id, (size_t)t->sorted, sizeof(*t->deal_id), by_text);
    if (!*first)
        return VRK_OK;
    if (t->n == t->room) {
        int64_t room = t->room ? 2 * t->room : 1024;
        const char **more = VRK_NEW(&ctx->scratch, room, const char *);
        if (more && t->n)
            memcpy(more, t->deal_id, (size_t)t->n * sizeof(*more));
        t->deal_id = more;
        t->room = room;
    }
    if (t->deal_id)
        t->deal_id[t->n++] = vrk_text_copy(&ctx->scratch, id);
    return ctx->scratch.failed ? vrk_fail(ctx, VRK_EMEMORY, "out of memory for chances told")
                               : VRK_OK;
}

/* What stands in h->brier until finish() is a sum. */
static void count(vrk_hit *h, double p, int64_t outcome)
{
    bool won = outcome == 1;
    h->told++;
    if (!outcome)
        return;
    h->closed++;
    h->won += won;
    h->expected += p;
    h->variance += p * (1 - p);
    h->brier += (p - won) * (p - won);
}

static void finish(vrk_hit *h)
{
    double share = h->closed ? (double)h->won / (double)h->closed : nan("");
    h->brier = h->closed ? h->brier / (double)h->closed : nan("");
    h->same = share * (1 - share);
}

static vrk_hit *band_of(vrk_hits *out, double p)
{
    int k = 0;
    while (k < VRK_HIT_BANDS - 1 && p >= vrk_hit_limit[k + 1])
        k++;
    return &out->band[k];
}

static vrk_status score(vrk_ctx *ctx, const json_t *document, const closed_deals *deals,
                        told_before *before, vrk_hits *out, vrk_hit *h)
{
    vrk_status st = VRK_OK;
    const json_t *list = json_object_get(document, "open_deals"), *deal;
    for (size_t i = 0; i < json_array_size(list); i++) {
        deal = json_array_get(list, i);
        const char *id = vrk_json_text(deal, "deal_id");
        double p = chance_of(deal);
        int64_t outcome = outcome_of(deals, id);
        bool first;
        if (isnan(p))
            continue;
        count(h, p, outcome);
        TRY(remember(ctx, before, id, &first));
        if (!first)
            continue;
        count(&out->once, p, outcome);
        count(band_of(out, p), p, outcome);
    }
    finish(h);
    if (before->n)
        qsort(before->deal_id, (size_t)before->n, sizeof(*before->deal_id), by_text);
    before->sorted = before->n;
done:
    return st;
}

/* The document of one snapshot, scored; h->told 0 where it has none or tells nothing. */
static vrk_status score_one(vrk_ctx *ctx, vrk_records *records, int64_t id,
                            const closed_deals *deals, told_before *before, vrk_hits *out,
                            vrk_hit *h)
{
    vrk_status st = VRK_OK;
    vrk_arena mem = {0};
    vrk_result r;
    json_t *document = NULL;

    TRY(vrk_result_read(ctx, records, id, &mem, &r));
    *h = (vrk_hit){.snapshot = r.id, .made_at = r.made_at, .as_of = ""};
    if (!r.document)
        goto done;
    TRY(vrk_document_read(ctx, r.document, &document));
    h->as_of = vrk_text_copy(&out->mem, vrk_json_text(json_object_get(document, "data"), "as_of"));
    if (!h->as_of)
        FAIL(VRK_EMEMORY, "out of memory for the hit rate");
    TRY(score(ctx, document, deals, before, out, h));
done:
    vrk_document_free(document);
    vrk_arena_free(&mem);
    return st;
}

/* From the oldest on, for who tells a deal first; then turned round. */
static vrk_status score_all(vrk_ctx *ctx, vrk_records *records, const vrk_results *all,
                            const closed_deals *closed, vrk_hits *out)
{
    vrk_status st = VRK_OK;
    told_before before = {0};
    for (int64_t i = all->n - 1; i >= 0; i--) {
        if (all->result[i].expired_at)
            continue;
        TRY(score_one(ctx, records, all->result[i].id, closed, &before, out, &out->hit[out->n]));
        out->n += out->hit[out->n].told > 0;
    }
    for (int64_t i = 0; i < out->n / 2; i++) {
        vrk_hit h = out->hit[i];
        out->hit[i] = out->hit[out->n - 1 - i];
        out->hit[out->n - 1 - i] = h;
    }
    finish(&out->once);
    for (int k = 0; k < VRK_HIT_BANDS; k++)
        finish(&out->band[k]);
done:
    return st;
}

vrk_status vrk_hits_count(vrk_ctx *ctx, vrk_records *records, vrk_facts *facts, vrk_hits *out)
{
    vrk_status st = VRK_OK;
    vrk_mark mark = vrk_mark_of(&ctx->scratch);
    vrk_results all = {0};
    vrk_frame deals = {0};
    closed_deals closed;

    *out = (vrk_hits){.mem.limit = ctx->scratch.limit, .once.as_of = ""};
    TRY(vrk_results_list(ctx, records, &all));
    TRY(vrk_rows(ctx, facts, VRK_SQL_DEAL_OUTCOMES, &deals));
    TRY(sort_deals(ctx, &deals, &out->mem, &closed));
    out->hit = VRK_NEW(&out->mem, all.n, vrk_hit);
    if (!out->hit)
        FAIL(VRK_EMEMORY, "out of memory for the hit rate");
    for (int k = 0; k < VRK_HIT_BANDS; k++)
        out->band[k].as_of = "";
    TRY(score_all(ctx, records, &all, &closed, out));
done:
    vrk_frame_free(&deals);
    vrk_results_free(&all);
    vrk_rewind(&ctx->scratch, mark);
    if (st != VRK_OK)
        vrk_hits_free(out);
    return st;
}

void vrk_hits_free(vrk_hits *h)
{
    vrk_arena_free(&h->mem);
    *h = (vrk_hits){0};
}
