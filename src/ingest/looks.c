#include "ingest/looks.h"

#include "base/str.h"
#include "store/hash.h"

#include <stdlib.h>
#include <string.h>

enum { FIRST_ROOM = 256, FAST_ROOM = 1 << 16, LONGEST_KEPT = 4096 };

/* Where the hash stands, or should. */
static struct vrk_looked *slot_of(struct vrk_looked *at, int64_t room, uint64_t hash)
{
    int64_t i = (int64_t)(hash & (uint64_t)(room - 1));
    while (at[i].hash && at[i].hash != hash)
        i = (i + 1) & (room - 1);
    return &at[i];
}

/* Room for one more; false: there are too many, or there is no memory. */
static bool make_room(vrk_looking *l, vrk_value_set *s)
{
    if (s->many || 2 * s->n < s->room)
        return !s->many;
    vrk_arena mem = {0};
    int64_t room = !s->room ? FIRST_ROOM : s->room < FAST_ROOM ? 4 * s->room : 2 * s->room;
    struct vrk_looked *more = s->n < l->most ? VRK_NEW(&mem, room, struct vrk_looked) : NULL;
    l->failed |= mem.failed;
    for (int64_t i = 0; i < s->room && more; i++) {
        if (s->at[i].hash)
            *slot_of(more, room, s->at[i].hash) = s->at[i];
    }
    s->many = !more;
    vrk_arena_free(&s->mem);
    s->mem = mem;
    s->at = more;
    s->room = more ? room : 0;
    return !s->many;
}

/* The values themselves, as long as they are few enough to be told apart later without reading the
 * file again. */
static void keep_text(vrk_value_set *s, const char *text, size_t n)
{
    enum { MOST_TEXTS = 100000, MOST_TEXT = 64 };
    s->lost |= s->n > MOST_TEXTS || n > MOST_TEXT || !s->kept.mem || s->kept.mem->failed;
    if (s->lost)
        return;
    vrk_str_add_n(&s->kept, text, n);
    vrk_str_add_n(&s->kept, "", 1);
}

/* A column of few different values keeps them, in the order of their bytes. */
static void keep_value(vrk_looking *l, vrk_profile_column *c, const char *text, size_t n)
{
    if (c->values < 0)
        return;
    if (c->values == VRK_PROFILE_VALUES || n > LONGEST_KEPT) {
        c->values = -1;
        return;
    }
    if (!c->value)
        c->value = VRK_NEW(l->mem, VRK_PROFILE_VALUES, const char *);
    const char *copy = vrk_text_copy_n(l->mem, text, n);
    if (!c->value || !copy)
        return; /* l->mem remembers */
    int64_t at = c->values++;
    for (; at && strcmp(c->value[at - 1], copy) > 0; at--)
        c->value[at] = c->value[at - 1];
    c->value[at] = copy;
}

/* What a value looks like: looked at once, if it is kept. */
static uint32_t look_of(vrk_looking *l, int64_t column, const char *text, size_t n)
{
    vrk_value_set *s = &l->set[column];
    if (!make_room(l, s))
        return vrk_look_of(text, n);
    uint64_t hash = vrk_keyed_hash(l->key, text, n);
    hash += hash == 0;
    struct vrk_looked *at = slot_of(s->at, s->room, hash);
    if (!at->hash) {
        *at = (struct vrk_looked){hash, vrk_look_of(text, n)};
        s->n++;
        keep_value(l, &l->column[column], text, n);
        keep_text(s, text, n);
    }
    return at->look;
}

static size_t recent_of(const char *text, size_t n)
{
    uint64_t a = 0, b = 0;
    size_t k = n < sizeof(a) ? n : sizeof(a);
    memcpy(&a, text, k);
    memcpy(&b, text + n - k, k);
    uint64_t h = (a ^ (b << 1) ^ n) * UINT64_C(0x9E3779B97F4A7C15);
    return (size_t)(h >> 59); /* VRK_RECENT of them */
}

/* The same, by what came by of late. */
static uint32_t quick_look(vrk_looking *l, int64_t column, const char *text, size_t n)
{
    if (n == 0 || n > VRK_RECENT_TEXT)
        return look_of(l, column, text, n);
    vrk_recent *r = &l->set[column].recent[recent_of(text, n)];
    if (r->n != n || memcmp(r->text, text, n) != 0) {
        r->look = look_of(l, column, text, n);
        r->n = (uint8_t)n;
        memcpy(r->text, text, n);
    }
    return r->look;
}

void vrk_looking_start(void *arg, int64_t columns)
{
    vrk_looking *l = arg;
    l->columns = columns;
    l->column = VRK_NEW(l->mem, columns, vrk_profile_column);
    l->set = VRK_NEW(&l->set_mem, columns, vrk_value_set);
    l->failed |= !l->column || !l->set;
    for (int64_t k = 0; k < columns && l->set; k++)
        l->set[k].kept.mem = &l->set_mem;
}

void vrk_looking_see(void *arg, int64_t column, const char *text, size_t n)
{
    vrk_looking *l = arg;
    if (l->failed)
        return;
    vrk_profile_column *c = &l->column[column];
    l->rows += column == 0;
    if (!text)
        return;
    c->filled++;
    for (uint32_t look = quick_look(l, column, text, n); look; look &= look - 1)
        c->look[__builtin_ctz(look)]++;
}

void vrk_looking_free(vrk_looking *l)
{
    for (int64_t k = 0; l->set && k < l->columns; k++)
        vrk_arena_free(&l->set[k].mem);
    vrk_arena_free(&l->set_mem);
}
