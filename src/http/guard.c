/* Tries to log in that failed: after a few, each makes the next wait twice as long. Held in memory,
 * a fixed number of names and addresses; the one that was quiet longest makes room. */
#include "http/who.h"

#include <string.h>
#include <strings.h>

enum { MOST = 2048, FREE_NAME = 5, FREE_ADDRESS = 20, LONGEST_S = 300 };

typedef struct {
    char key[64]; /* of SHA-256 hex, without its NUL: names are not kept */
    int failed;
    int64_t last, until; /* [us] */
} entry;

struct vrk_guard {
    pthread_mutex_t lock;
    entry entry[MOST];
};

vrk_status vrk_guard_start(vrk_ctx *ctx, vrk_app *app)
{
    app->guard = VRK_NEW(&app->mem, 1, vrk_guard);
    if (!app->guard)
        return vrk_fail(ctx, VRK_EMEMORY, "out of memory for the server");
    pthread_mutex_init(&app->guard->lock, NULL);
    return VRK_OK;
}

static void key_of(const char *kind, const char *what, char *key)
{
    char text[200], hex[VRK_HEX];
    size_t n = 0;
    for (; *kind; kind++)
        text[n++] = *kind;
    for (; *what && n < sizeof(text) - 1; what++)
        text[n++] = *what >= 'A' && *what <= 'Z' ? (char)(*what + 32) : *what;
    text[n] = 0;
    vrk_text_sha256(text, hex);
    memcpy(key, hex, 64);
}

/* The entry of the key; with `make` the quietest one is given away. */
static entry *find(vrk_guard *g, const char *key, bool make)
{
    entry *oldest = &g->entry[0];
    for (int i = 0; i < MOST; i++) {
        entry *e = &g->entry[i];
        if (e->failed && !memcmp(e->key, key, sizeof(e->key)))
            return e;
        if (e->last < oldest->last)
            oldest = e;
    }
    if (!make)
        return NULL;
    *oldest = (entry){0};
    memcpy(oldest->key, key, sizeof(oldest->key));
    return oldest;
}

static int wait_s(const entry *e, int64_t now)
{
    return e && e->until > now ? (int)((e->until - now) / 1000000) + 1 : 0;
}

int vrk_guard_wait(vrk_app *app, const char *name, const char *address)
{
    char a[64], b[64];
    key_of("name ", name, a);
    key_of("address ", address, b);
    pthread_mutex_lock(&app->guard->lock);
    int64_t now = vrk_mono();
    int by_name = wait_s(find(app->guard, a, false), now),
        by_address = wait_s(find(app->guard, b, false), now);
    pthread_mutex_unlock(&app->guard->lock);
    return by_name > by_address ? by_name : by_address;
}

static void failed(vrk_guard *g, const char *key, int allowed)
{
    entry *e = find(g, key, true);
    e->last = vrk_mono();
    e->failed++;
    int over = e->failed - allowed;
    int64_t s = over < 0 ? 0 : over > 8 ? LONGEST_S : INT64_C(1) << over;
    e->until = e->last + (s > LONGEST_S ? LONGEST_S : s) * 1000000;
    if (over < 0)
        e->until = 0;
}

void vrk_guard_failed(vrk_app *app, const char *name, const char *address)
{
    char a[64], b[64];
    key_of("name ", name, a);
    key_of("address ", address, b);
    pthread_mutex_lock(&app->guard->lock);
    failed(app->guard, a, FREE_NAME);
    failed(app->guard, b, FREE_ADDRESS);
    pthread_mutex_unlock(&app->guard->lock);
}

void vrk_guard_passed(vrk_app *app, const char *name, const char *address)
{
    char key[64];
    (void)address; /* one that is right does not make up for tries at others */
    key_of("name ", name, key);
    pthread_mutex_lock(&app->guard->lock);
    entry *e = find(app->guard, key, false);
    if (e)
        *e = (entry){0};
    pthread_mutex_unlock(&app->guard->lock);
}
