#include "http/behind.h"

#include "deal_sql.h"
#include "diag/ledger.h"

#include <string.h>

struct vrk_behind {
    pthread_mutex_t lock;
    int64_t generation; /* 0 = none yet */
    vrk_frame rows;     /* moment, deal_id, seller_key; each moment once without a deal */
};

vrk_status vrk_behind_start(vrk_ctx *ctx, vrk_app *app)
{
    app->behind = VRK_NEW(&app->mem, 1, struct vrk_behind);
    if (!app->behind)
        return vrk_fail(ctx, VRK_EMEMORY, "out of memory for the server");
    pthread_mutex_init(&app->behind->lock, NULL);
    return VRK_OK;
}

void vrk_behind_stop(vrk_app *app)
{
    if (app->behind)
        vrk_frame_free(&app->behind->rows);
    app->behind = NULL;
}

static vrk_status make(vrk_ctx *ctx, struct vrk_behind *b, vrk_facts *facts, int64_t generation)
{
    vrk_status st = VRK_OK;
    vrk_frame rows = {0};

    TRY(vrk_ledger_build(ctx, facts, NULL, NULL));
    TRY(vrk_facts_query(ctx, facts, vrk_embed_deal_sql[VRK_DEAL_SQL_BEHIND].bytes, NULL, 0, &rows));
    vrk_frame_free(&b->rows);
    b->rows = rows;
    b->generation = generation;
done:
    return st;
}

/* The rows of the moment that have a deal, as a table. */
static vrk_status put(vrk_ctx *ctx, const vrk_frame *all, vrk_facts *facts, const char *moment)
{
    vrk_status st = VRK_OK;
    static const char *const names[] = {"deal_id", "seller_key"};
    static const vrk_type types[] = {VRK_TEXT, VRK_INT};
    vrk_frame f = {0};
    int64_t first = 0, n = 0;

    while (*moment && first < all->rows && strcmp(all->column[0].s[first], moment) != 0)
        first++;
    if (*moment && first == all->rows)
        FAIL(VRK_EINPUT, VRK_N("there is no such moment"));
    while (*moment && first + n < all->rows && !strcmp(all->column[0].s[first + n], moment))
        n++;
    n -= n > 0; /* the first has no deal */
    TRY(vrk_frame_init(ctx, names, types, 2, n, &f));
    for (int64_t i = 0; i < n; i++) {
        vrk_frame_set_text(&f, 0, i, all->column[1].s[first + 1 + i]);
        vrk_frame_set_int(&f, 1, i, all->column[2].i[first + 1 + i]);
    }
    TRY(vrk_facts_put(ctx, facts, "behind", &f));
done:
    vrk_frame_free(&f);
    return st;
}

vrk_status vrk_behind_put(vrk_worker *w, vrk_facts *facts, const char *moment)
{
    static const vrk_frame none = {0};
    vrk_status st = VRK_OK;
    vrk_ctx *ctx = &w->ctx;
    struct vrk_behind *b = w->app->behind;
    vrk_generation now = {0};

    if (!moment || !*moment)
        return put(ctx, &none, facts, "");
    TRY(vrk_generation_read(ctx, &w->w, &now));
    pthread_mutex_lock(&b->lock);
    if (b->generation != now.id)
        st = make(ctx, b, facts, now.id);
    if (st == VRK_OK)
        st = put(ctx, &b->rows, facts, moment);
    pthread_mutex_unlock(&b->lock);
done:
    vrk_generation_free(&now);
    return st;
}
