/* How much one session, or without one an address, may ask for: a bucket for each kind that fills
 * evenly to what its time allows. Held in memory in sets of eight; the one that was quiet longest
 * makes room. verkan.toml says how much. */
#include "http/limits.h"

#include "http/who.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

enum { SETS = 1024, WAYS = 8 };

typedef struct {
    char key[16]; /* of SHA-256 hex */
    double left;
    int64_t last; /* [us]; 0 = free */
} bucket;

typedef struct {
    const char *path; /* what it begins with */
    unsigned methods; /* bits */
    double seconds;   /* in which so many may come */
    double most;
    const char *refusal;
} rule;

enum { ANY = (1 << VRK_METHODS) - 1, CHANGES = ANY & ~(1 << VRK_GET), KINDS = 5 };

struct vrk_quotas {
    pthread_mutex_t lock;
    rule rule[KINDS];
    bucket bucket[SETS * WAYS];
};

vrk_status vrk_limits_start(vrk_ctx *ctx, vrk_app *app, const vrk_server_settings *s)
{
    static const char many[] = VRK_N("That was too much at once. Please wait a little.");
    vrk_quotas *l = app->limits = VRK_NEW(&app->mem, 1, vrk_quotas);
    if (!l)
        return vrk_fail(ctx, VRK_EMEMORY, "out of memory for the server");
    const rule rules[KINDS] = {
        {"/api/", ANY, 60, s->requests_a_minute, many},
        {"/api/uploads", CHANGES, 60, s->files_a_minute,
         VRK_N("Too many files came at once. Please wait a little.")},
        {"/api/jobs", 1 << VRK_POST, 3600, s->jobs_an_hour,
         VRK_N("Too much was to be worked out within an hour. Please wait a little.")},
        {"/api/sitting", ANY, 60, s->answers_a_minute, many},
        {"/api/", CHANGES, 60, s->changes_a_minute,
         VRK_N("Too much was changed at once. Please wait a little.")},
    };
    memcpy(l->rule, rules, sizeof(rules));
    pthread_mutex_init(&l->lock, NULL);
    return VRK_OK;
}

/* The bucket of the key; a new one is full. */
static bucket *find(vrk_quotas *l, const char *hex, double full, int64_t now)
{
    unsigned set = 0;
    for (int i = 16; i < 24; i++)
        set = set * 16 + (unsigned)(hex[i] <= '9' ? hex[i] - '0' : hex[i] - 'a' + 10);
    bucket *row = l->bucket + (size_t)(set % SETS) * WAYS, *oldest = row;
    for (int i = 0; i < WAYS; i++) {
        if (row[i].last && !memcmp(row[i].key, hex, sizeof(row[i].key)))
            return &row[i];
        if (row[i].last < oldest->last)
            oldest = &row[i];
    }
    *oldest = (bucket){.left = full, .last = now};
    memcpy(oldest->key, hex, sizeof(oldest->key));
    return oldest;
}

/* Seconds to wait; 0: taken. */
static int take(vrk_quotas *l, int kind, const char *hex)
{
    const rule *a = &l->rule[kind];
    int64_t now = vrk_mono() + 1;
    pthread_mutex_lock(&l->lock);
    bucket *b = find(l, hex, a->most, now);
    b->left = fmin(a->most, b->left + (double)(now - b->last) / 1e6 * a->most / a->seconds);
    b->last = now;
    double left = b->left;
    if (left >= 1)
        b->left--;
    pthread_mutex_unlock(&l->lock);
    return left >= 1 ? 0 : (int)ceil((1 - left) * a->seconds / a->most);
}

bool vrk_limits_allow(vrk_app *app, vrk_request *r)
{
    vrk_quotas *l = app->limits;
    for (int i = 0; i < KINDS; i++) {
        const rule *a = &l->rule[i];
        char text[120], hex[VRK_HEX];
        if (strncmp(r->path, a->path, strlen(a->path)) != 0 || !(a->methods & (1u << r->method)))
            continue;
        if (i == KINDS - 1 && !strncmp(r->path, l->rule[1].path, strlen(l->rule[1].path)))
            continue; /* files have a rule of their own */
        if (r->member)
            snprintf(text, sizeof(text), "%d session %lld", i, (long long)r->session);
        else
            snprintf(text, sizeof(text), "%d address %s", i, r->address);
        vrk_text_sha256(text, hex);
        int wait = take(l, i, hex);
        if (!wait)
            continue;
        vrk_refuse(r, 429, "limit", a->refusal);
        r->answer.retry_s = wait;
        return false;
    }
    return true;
}
