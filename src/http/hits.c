/* The program's own hit rate: what stored diagnoses told of open deals, and what became of them.
 * Counts over the organisation; no persons. Counted once for each set of diagnoses and facts. */
#include "http/policy.h"

#include "diag/hits.h"

#include <inttypes.h>
#include <jansson.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Of fewer deals nothing is told: it would be of single ones, and say nothing. */
enum { LEAST = 5 };

#define Z90 1.6448536269514722

struct vrk_kept_hits {
    pthread_mutex_t lock;
    char key[80]; /* newest diagnosis, how many have their document, generation; "" = none yet */
    vrk_blob *blob;
};

vrk_status vrk_hits_start(vrk_ctx *ctx, vrk_app *app)
{
    app->hits = VRK_NEW(&app->mem, 1, struct vrk_kept_hits);
    if (!app->hits)
        return vrk_fail(ctx, VRK_EMEMORY, "out of memory for the server");
    pthread_mutex_init(&app->hits->lock, NULL);
    return VRK_OK;
}

void vrk_hits_stop(vrk_app *app)
{
    if (app->hits)
        vrk_blob_drop(app->hits->blob);
    app->hits = NULL;
}

static vrk_status key_of(vrk_worker *w, char *key, size_t n)
{
    vrk_status st = VRK_OK;
    vrk_frame f = {0};
    TRY(vrk_records_run(&w->ctx, w->w.records,
                        "SELECT coalesce(max(id), 0), count(*), coalesce((SELECT generation FROM "
                        "standing), 0) FROM snapshot WHERE document IS NOT NULL",
                        NULL, 0, &f));
    snprintf(key, n, "%" PRId64 " %" PRId64 " %" PRId64, f.column[0].i[0], f.column[1].i[0],
             f.column[2].i[0]);
done:
    vrk_frame_free(&f);
    return st;
}

/* Counts and, of LEAST closed deals or more, what became of them: wins, how many were expected,
 * and between which numbers nine times in ten chance alone would have put them. */
static json_t *say_hit(const vrk_hit *h)
{
    bool few = h->closed < LEAST;
    double apart = Z90 * sqrt(h->variance), most = (double)h->closed;
    json_t *o = json_pack("{s:I,s:I}", "told", (json_int_t)h->told, "closed",
                          (json_int_t)(few ? 0 : h->closed));
    json_t *more =
        few ? json_pack("{s:b,s:n,s:n,s:n,s:n,s:n}", "few", h->closed > 0, "won", "expected", "lo",
                        "hi", "closer")
            : json_pack("{s:b,s:I,s:f,s:f,s:f,s:b}", "few", 0, "won", (json_int_t)h->won,
                        "expected", h->expected, "lo", fmax(h->expected - apart, 0), "hi",
                        fmin(h->expected + apart, most), "closer", h->brier < h->same);
    if (!o || !more || json_object_update(o, more)) {
        json_decref(o);
        o = NULL;
    }
    json_decref(more);
    return o;
}

static bool append(json_t *list, json_t *o, const char *name, json_t *value)
{
    if (o && json_object_set_new(o, name, value) == 0)
        return json_array_append_new(list, o) == 0;
    json_decref(o);
    return false;
}

static void add_to(vrk_hit *a, const vrk_hit *b)
{
    a->told += b->told;
    a->closed += b->closed;
    a->won += b->won;
    a->expected += b->expected;
    a->variance += b->variance;
    a->brier = a->same = nan("");
}

/* Neighbours together until each has enough; what is left at the end goes to the last. */
static bool say_bands(json_t *list, const vrk_hits *hits)
{
    vrk_hit sum[VRK_HIT_BANDS] = {0};
    double to[VRK_HIT_BANDS];
    int n = 0;
    bool ok = true;
    for (int k = 0; k < VRK_HIT_BANDS; k++) {
        add_to(&sum[n], &hits->band[k]);
        to[n] = vrk_hit_limit[k + 1];
        n += sum[n].closed >= LEAST;
    }
    if (n && n < VRK_HIT_BANDS && sum[n].told) {
        add_to(&sum[n - 1], &sum[n]);
        to[n - 1] = vrk_hit_limit[VRK_HIT_BANDS];
    }
    for (int k = 0; ok && k < n; k++) {
        json_t *o = say_hit(&sum[k]);
        ok = o && json_object_del(o, "closer") == 0 &&
             json_object_set_new(o, "from", json_real(k ? to[k - 1] : 0)) == 0;
        ok = append(list, o, "to", json_real(to[k])) && ok;
    }
    return ok;
}

static bool say_diagnoses(json_t *list, const vrk_hits *hits)
{
    bool ok = true;
    for (int64_t i = 0; ok && i < hits->n; i++) {
        const vrk_hit *h = &hits->hit[i];
        json_t *o = say_hit(h);
        ok = o && json_object_set_new(o, "id", json_integer((json_int_t)h->snapshot)) == 0;
        ok = append(list, o, "as_of", *h->as_of ? json_string(h->as_of) : json_null()) && ok;
    }
    return ok;
}

static json_t *say_hits(const vrk_hits *hits)
{
    json_t *o = say_hit(&hits->once), *bands = json_array(), *diagnoses = json_array();
    bool ok = o && bands && diagnoses && say_bands(bands, hits) && say_diagnoses(diagnoses, hits) &&
              json_object_set_new(o, "least", json_integer(LEAST)) == 0 &&
              json_object_set(o, "bands", bands) == 0 &&
              json_object_set(o, "diagnoses", diagnoses) == 0;
    json_decref(bands);
    json_decref(diagnoses);
    if (ok)
        return o;
    json_decref(o);
    return NULL;
}

static vrk_status make(vrk_worker *w, vrk_blob **out)
{
    vrk_status st = VRK_OK;
    vrk_ctx *ctx = &w->ctx;
    vrk_facts *facts = NULL;
    vrk_hits hits = {0};
    int64_t lease = 0;
    json_t *said = NULL;
    char *text = NULL;

    TRY(vrk_workspace_facts(ctx, &w->w, &facts, &lease));
    TRY(vrk_hits_count(ctx, w->w.records, facts, &hits));
    said = say_hits(&hits);
    text = said ? json_dumps(said, JSON_COMPACT | JSON_REAL_PRECISION(9)) : NULL;
    if (!text)
        FAIL(VRK_EMEMORY, "out of memory for an answer");
    TRY(vrk_blob_make(ctx, "application/json", text, strlen(text), out));
done:
    free(text);
    json_decref(said);
    vrk_hits_free(&hits);
    vrk_facts_close(facts);
    if (lease && vrk_lease_end(ctx, &w->w, lease) != VRK_OK && st == VRK_OK)
        st = VRK_EDB;
    return st;
}

vrk_status vrk_run_hits(vrk_worker *w, vrk_request *r)
{
    vrk_status st = VRK_OK;
    struct vrk_kept_hits *kept = w->app->hits;
    vrk_blob *b = NULL;
    char key[sizeof(kept->key)];

    if (!w->app->snapshot) {
        vrk_refuse(r, 404, "no_result", VRK_N("Nothing is diagnosed yet."));
        return VRK_OK;
    }
    pthread_mutex_lock(&kept->lock); /* who asks meanwhile waits for the one count */
    TRY(key_of(w, key, sizeof(key)));
    if (strcmp(key, kept->key) != 0) {
        TRY(make(w, &b));
        vrk_blob_drop(kept->blob);
        kept->blob = b;
        memcpy(kept->key, key, sizeof(key));
    }
    vrk_answer_blob(r, vrk_blob_keep(kept->blob));
    r->answer.cached = true;
done:
    pthread_mutex_unlock(&kept->lock);
    return st;
}
