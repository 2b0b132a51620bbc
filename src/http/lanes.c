/* Threads that do what may wait, so that those that speak HTTP never do. A lane is a queue with an
 * end: what does not fit is refused at once. */
#include "http/app.h"

#include <stdio.h>
#include <string.h>

enum { THREADS = 2, WAITING = 256 };

typedef struct {
    vrk_lane_set *set;
    pthread_mutex_t lock;
    pthread_cond_t more;
    vrk_request *first, *last;
    int waiting;
    bool stop;
    int threads;
    pthread_t thread[THREADS];
    vrk_worker worker[THREADS];
    int taken; /* workers that have a thread */
} lane;

struct vrk_lane_set {
    lane lane[VRK_LANES];
};

static vrk_request *next(lane *l)
{
    pthread_mutex_lock(&l->lock);
    while (!l->first && !l->stop)
        pthread_cond_wait(&l->more, &l->lock);
    vrk_request *r = l->first;
    if (r) {
        l->first = r->next;
        l->last = l->first ? l->last : NULL;
        l->waiting--;
    }
    pthread_mutex_unlock(&l->lock);
    return r;
}

static void *work(void *arg)
{
    lane *l = arg;
    pthread_mutex_lock(&l->lock);
    vrk_worker *w = &l->worker[l->taken++];
    pthread_mutex_unlock(&l->lock);
    for (vrk_request *r; (r = next(l)) != NULL;) {
        vrk_policy_run(w, r);
        w->app->resume(r);
    }
    return NULL;
}

vrk_status vrk_lanes_start(vrk_ctx *ctx, vrk_app *app)
{
    vrk_status st = VRK_OK;
    app->lanes = VRK_NEW(&app->mem, 1, vrk_lane_set);
    if (!app->lanes)
        FAIL(VRK_EMEMORY, "out of memory for the server");
    for (int i = 0; i < VRK_LANES; i++) {
        lane *l = &app->lanes->lane[i];
        pthread_mutex_init(&l->lock, NULL);
        pthread_cond_init(&l->more, NULL);
        for (int k = 0; k < THREADS; k++)
            TRY(vrk_worker_open(ctx, app, &l->worker[k]));
        for (; l->threads < THREADS; l->threads++) {
            if (pthread_create(&l->thread[l->threads], NULL, work, l) != 0)
                FAIL(VRK_EIO, "could not start the server's threads");
        }
    }
done:
    return st;
}

bool vrk_lanes_put(vrk_app *app, vrk_lane which, vrk_request *r)
{
    lane *l = &app->lanes->lane[which];
    pthread_mutex_lock(&l->lock);
    bool fits = l->waiting < WAITING && !l->stop;
    if (fits) {
        r->next = NULL;
        if (l->last)
            l->last->next = r;
        else
            l->first = r;
        l->last = r;
        l->waiting++;
        pthread_cond_signal(&l->more);
    }
    pthread_mutex_unlock(&l->lock);
    return fits;
}

void vrk_lanes_stop(vrk_app *app)
{
    if (!app->lanes)
        return;
    for (int i = 0; i < VRK_LANES; i++) {
        lane *l = &app->lanes->lane[i];
        pthread_mutex_lock(&l->lock);
        l->stop = true;
        pthread_cond_broadcast(&l->more);
        pthread_mutex_unlock(&l->lock);
        for (int k = 0; k < l->threads; k++)
            pthread_join(l->thread[k], NULL);
        for (int k = 0; k < THREADS; k++)
            vrk_worker_close(&l->worker[k]);
    }
    app->lanes = NULL;
}
