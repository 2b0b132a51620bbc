#include "diag/hits.h"

#include "diag/document.h"
#include "diag/json.h"
#include "diag/rows.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

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

static void score(const json_t *document, const closed_deals *deals, vrk_hit *h)
{
    const json_t *list = json_object_get(document, "open_deals"), *deal;
    double off = 0, share = 0;
    for (size_t i = 0; i < json_array_size(list); i++) {
        deal = json_array_get(list, i);
        double p = chance_of(deal);
        int64_t outcome = outcome_of(deals, vrk_json_text(deal, "deal_id"));
        if (isnan(p))
            continue;
        h->told++;
        if (!outcome)
            continue;
        bool won = outcome == 1;
        h->closed++;
        h->won += won;
        h->expected += p;
        off += (p - won) * (p - won);
    }
    if (h->closed)
        share = (double)h->won / (double)h->closed;
    h->brier = h->closed ? off / (double)h->closed : nan("");
    h->same = h->closed ? share * (1 - share) : nan("");
}

/* The document of one snapshot, scored; h->told 0 where it has none or tells nothing. */
static vrk_status score_one(vrk_ctx *ctx, vrk_records *records, int64_t id,
                            const closed_deals *deals, vrk_hit *h)
{
    vrk_status st = VRK_OK;
    vrk_arena mem = {0};
    vrk_result r;
    json_t *document = NULL;

    TRY(vrk_result_read(ctx, records, id, &mem, &r));
    *h = (vrk_hit){.snapshot = r.id, .made_at = r.made_at};
    if (!r.document)
        goto done;
    TRY(vrk_document_read(ctx, r.document, &document));
    score(document, deals, h);
done:
    vrk_document_free(document);
    vrk_arena_free(&mem);
    return st;
}

vrk_status vrk_hits_count(vrk_ctx *ctx, vrk_records *records, vrk_facts *facts, vrk_hits *out)
{
    vrk_status st = VRK_OK;
    vrk_results all = {0};
    vrk_frame deals = {0};
    closed_deals closed;

    *out = (vrk_hits){.mem.limit = ctx->scratch.limit};
    TRY(vrk_results_list(ctx, records, &all));
    TRY(vrk_rows(ctx, facts, VRK_SQL_DEAL_OUTCOMES, &deals));
    TRY(sort_deals(ctx, &deals, &out->mem, &closed));
    out->hit = VRK_NEW(&out->mem, all.n, vrk_hit);
    if (!out->hit)
        FAIL(VRK_EMEMORY, "out of memory for the hit rate");
    for (int64_t i = 0; i < all.n; i++) {
        if (all.result[i].expired_at)
            continue;
        TRY(score_one(ctx, records, all.result[i].id, &closed, &out->hit[out->n]));
        out->n += out->hit[out->n].told > 0;
    }
done:
    vrk_frame_free(&deals);
    vrk_results_free(&all);
    if (st != VRK_OK)
        vrk_hits_free(out);
    return st;
}

void vrk_hits_free(vrk_hits *h)
{
    vrk_arena_free(&h->mem);
    *h = (vrk_hits){0};
}
