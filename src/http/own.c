/* Instruments as the server's threads share them: read anew when one of one's own comes or is
 * retired. A set that was given out is not changed and stays until the end, for sittings point into
 * it. */
#include "http/http.h"

#include "http/app.h"
#include "people/own.h"

#include <pthread.h>

typedef struct set {
    vrk_instruments all;
    struct set *before;
} set;

struct vrk_own_sets {
    pthread_mutex_t lock;
    set *newest;
    vrk_arena mem; /* for the lists of the sets */
    int64_t stamp; /* of what it was read from */
};

vrk_status vrk_own_start(vrk_ctx *ctx, vrk_app *app)
{
    app->owns = VRK_NEW(&app->mem, 1, struct vrk_own_sets);
    if (!app->owns)
        return vrk_fail(ctx, VRK_EMEMORY, "out of memory for the server");
    pthread_mutex_init(&app->owns->lock, NULL);
    app->owns->stamp = -1;
    return VRK_OK;
}

void vrk_own_stop(vrk_app *app)
{
    for (set *s = app->owns ? app->owns->newest : NULL; s; s = s->before)
        vrk_instruments_free(&s->all);
    if (app->owns)
        vrk_arena_free(&app->owns->mem);
    app->owns = NULL;
    app->instruments = NULL;
}

/* Under the lock. */
static vrk_status read_set(vrk_worker *w, int64_t stamp)
{
    vrk_status st = VRK_OK;
    vrk_ctx *ctx = &w->ctx;
    struct vrk_own_sets *own = w->app->owns;
    set *s = VRK_NEW(&own->mem, 1, set);
    if (!s)
        FAIL(VRK_EMEMORY, "out of memory for instruments");
    TRY(vrk_instruments_all(ctx, w->w.records, &s->all));
    s->before = own->newest;
    own->newest = s;
    own->stamp = stamp;
    w->app->instruments = &s->all;
done:
    return st;
}

vrk_status vrk_own_look(vrk_worker *w)
{
    vrk_status st = VRK_OK;
    vrk_ctx *ctx = &w->ctx;
    struct vrk_own_sets *own = w->app->owns;
    vrk_frame f = {0};
    TRY(vrk_records_run(ctx, w->w.records,
                        "SELECT 2 * coalesce(max(id), 0) * (count(*) + 1) + count(retired_at) + "
                        "1000000007 * coalesce(sum(lang = 'both'), 0) AS stamp FROM own_instrument",
                        NULL, 0, &f));
    int64_t stamp = f.column[0].i[0];
    pthread_mutex_lock(&own->lock);
    if (own->stamp != stamp)
        st = read_set(w, stamp);
    pthread_mutex_unlock(&own->lock);
done:
    vrk_frame_free(&f);
    return st;
}
