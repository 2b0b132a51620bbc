#include "ingest/read_before.h"

#include "base/str.h"
#include "base/sys.h"
#include "store/hash.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* A group ends with a record whose hash has these bits zero, so every eighth on average. */
enum { CUT = 7, ROOM = 4 << 20 };

/* The file: this head, the headings, the groups, and the hash of all that. */
typedef struct {
    char magic[8];
    unsigned char key[VRK_READ_KEY];
    char facts[VRK_HEX + 7]; /* the digest of the table's files, padded */
    int64_t headings, groups;
} head;

/* To be counted up where values are read otherwise than before: what was read is then read anew. */
static const char magic[8] = "VRKREAD1";

/* The table's facts, and by what a file becomes such facts, as one digest; "" where it has none. */
static vrk_status digest(vrk_ctx *ctx, const vrk_workspace *w, const vrk_generation *g,
                         const char *table, char *hex)
{
    vrk_mark mark = vrk_mark_of(&ctx->scratch);
    vrk_str s = {.mem = &ctx->scratch};
    for (int64_t i = 0; i < g->files; i++) {
        if (!strcmp(g->file[i].table, table))
            vrk_str_addf(&s, "%s %s\n", g->file[i].partition, g->file[i].sha256);
    }
    bool any = s.n > 0;
    vrk_str_addf(&s, "%s %s\n", w->timezone, w->currency);
    bool failed = ctx->scratch.failed;
    hex[0] = 0;
    if (any && !failed)
        vrk_text_sha256(s.at, hex);
    vrk_rewind(&ctx->scratch, mark);
    return failed ? vrk_fail(ctx, VRK_EMEMORY, "out of memory") : VRK_OK;
}

static int ascending(const void *a, const void *b)
{
    uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;
    return (x > y) - (x < y);
}

bool vrk_read_before_take(const char *bytes, size_t n, const char *facts, vrk_read_before *out)
{
    const head *h = (const head *)(const void *)bytes;
    uint64_t check;
    if (n < sizeof(*h) + sizeof(check) || memcmp(h->magic, magic, sizeof(magic)) != 0)
        return false;
    size_t rest = n - sizeof(*h) - sizeof(check);
    if (h->headings <= 0 || h->groups < 0 || (uint64_t)h->headings > rest || h->headings % 8 ||
        (uint64_t)h->groups != (rest - (size_t)h->headings) / 8 || rest % 8)
        return false;
    memcpy(&check, bytes + n - sizeof(check), sizeof(check));
    const char *headings = bytes + sizeof(*h);
    if (check != vrk_keyed_hash(h->key, bytes, n - sizeof(check)) || headings[h->headings - 1] ||
        memcmp(h->facts, facts, VRK_HEX) != 0)
        return false;
    out->headings = headings;
    out->key = h->key;
    out->group = (const uint64_t *)(const void *)(headings + h->headings);
    out->groups = h->groups;
    return true;
}

vrk_status vrk_read_before_load(vrk_ctx *ctx, const vrk_workspace *w, const vrk_generation *g,
                                vrk_arena *mem, vrk_read_before **list, int64_t *n)
{
    vrk_status st = VRK_OK;
    char **name = NULL, hex[VRK_HEX], *folder = vrk_text_f(mem, "%s/read", w->folder);
    int64_t names = 0;

    *n = 0;
    *list = NULL;
    if (!folder)
        FAIL(VRK_EMEMORY, "out of memory");
    if (!vrk_is_folder(folder))
        goto done;
    st = vrk_folder_list(ctx, folder, mem, &name, &names);
    if (st == VRK_EIO) { /* what cannot be read is no loss */
        st = VRK_OK;
        goto done;
    }
    TRY(st);
    *list = VRK_NEW(mem, names + 1, vrk_read_before);
    for (int64_t i = 0; i < names && *list; i++) {
        char *bytes = NULL, *path = vrk_text_f(mem, "%s/%s", folder, name[i]);
        size_t size = 0;
        if (!path)
            break;
        TRY(digest(ctx, w, g, name[i], hex));
        if (!*hex)
            continue;
        st = vrk_file_read(ctx, path, 0, mem, &bytes, &size);
        if (st != VRK_OK && st != VRK_EMEMORY) { /* a folder, say */
            st = VRK_OK;
            continue;
        }
        TRY(st);
        (*list)[*n].table = name[i];
        *n += vrk_read_before_take(bytes, size, hex, &(*list)[*n]);
    }
    if (mem->failed)
        FAIL(VRK_EMEMORY, "out of memory for what was read before");
done:
    return st;
}

vrk_status vrk_read_before_save(vrk_ctx *ctx, const vrk_workspace *w, const vrk_generation *g,
                                const char *table, const vrk_read_groups *s)
{
    vrk_status st = VRK_OK;
    vrk_mark mark = vrk_mark_of(&ctx->scratch);
    vrk_arena *mem = &ctx->scratch;
    size_t headings = (strlen(s->headings) + 8) / 8 * 8, groups = (size_t)s->groups * 8;
    size_t n = sizeof(head) + headings + groups + 8;
    head h = {.headings = (int64_t)headings, .groups = s->groups};
    char *folder = vrk_text_f(mem, "%s/read", w->folder);
    char *path = vrk_text_f(mem, "%s/read/%s", w->folder, table),
         *bytes = vrk_alloc(mem, (int64_t)n, 1);

    if (!folder || !path || !bytes)
        FAIL(VRK_EMEMORY, "out of memory");
    memcpy(h.magic, magic, sizeof(magic));
    memcpy(h.key, s->key, sizeof(h.key));
    TRY(digest(ctx, w, g, table, h.facts));
    memcpy(bytes, &h, sizeof(h));
    memset(bytes + sizeof(h), 0, headings);
    memcpy(bytes + sizeof(h), s->headings, strlen(s->headings));
    uint64_t *group = (uint64_t *)(void *)(bytes + sizeof(h) + headings);
    if (s->groups)
        memcpy(group, s->group, groups);
    qsort(group, (size_t)s->groups, sizeof(*group), ascending);
    uint64_t check = vrk_keyed_hash(h.key, bytes, n - 8);
    memcpy(bytes + n - 8, &check, 8);
    TRY(vrk_folder_make(ctx, folder));
    TRY(vrk_file_replace(ctx, path, bytes, n));
done:
    vrk_rewind(mem, mark);
    return st;
}

static vrk_status flush(vrk_ctx *ctx, vrk_read_groups *s)
{
    size_t n = s->out_n;
    s->out_n = 0;
    return vrk_file_write_all(ctx, s->fd, s->path, s->out, n);
}

static vrk_status put(vrk_ctx *ctx, vrk_read_groups *s, const char *bytes, size_t n)
{
    vrk_status st = VRK_OK;
    if (ROOM - s->out_n < n)
        TRY(flush(ctx, s));
    if (n > ROOM)
        return vrk_file_write_all(ctx, s->fd, s->path, bytes, n);
    memcpy(s->out + s->out_n, bytes, n);
    s->out_n += n;
done:
    return st;
}

vrk_status vrk_read_groups_headings(vrk_ctx *ctx, vrk_read_groups *s, const vrk_rec *rec,
                                    vrk_arena *mem)
{
    vrk_status st = VRK_OK;
    const vrk_sys *sys = vrk_sys_of(ctx);

    s->fd = -1;
    s->headings = vrk_text_copy_n(mem, rec->bytes, rec->n);
    if (!s->headings)
        FAIL(VRK_EMEMORY, "out of memory");
    if (s->before && strcmp(s->before->headings, s->headings) != 0)
        s->before = NULL;
    if (!s->before) {
        TRY(vrk_random(ctx, s->key, sizeof(s->key)));
        goto done;
    }
    memcpy(s->key, s->before->key, sizeof(s->key));
    s->out = vrk_alloc(mem, ROOM, 1);
    if (!s->out)
        FAIL(VRK_EMEMORY, "out of memory");
    s->fd = sys->open(sys->arg, s->path, O_WRONLY | O_CREAT | O_TRUNC, 0600);
    if (s->fd < 0)
        FAIL(VRK_EIO, "could not write %s: %s", s->path, vrk_said(ctx, strerror(errno)));
    TRY(put(ctx, s, "_line,", 6));
    TRY(put(ctx, s, rec->bytes, rec->n));
    TRY(put(ctx, s, "\n", 1));
done:
    return st;
}

static bool is_known(const vrk_read_before *b, uint64_t group)
{
    return bsearch(&group, b->group, (size_t)b->groups, sizeof(group), ascending) != NULL;
}

/* Room for `n` more of `size` bytes after `used`; it may move. */
static void *more_room(vrk_arena *mem, void *at, size_t used, size_t n, size_t size, size_t *room)
{
    if (used + n <= *room)
        return at;
    size_t to = 2 * (used + n) + 4096;
    void *bytes = vrk_alloc(mem, (int64_t)to, size);
    if (bytes && used)
        memcpy(bytes, at, used * size);
    *room = bytes ? to : *room;
    return bytes;
}

static vrk_status end_group(vrk_ctx *ctx, vrk_read_groups *s, vrk_arena *mem)
{
    vrk_status st = VRK_OK;
    if (!s->in_group)
        goto done;
    size_t room = (size_t)s->room;
    s->group = more_room(mem, s->group, (size_t)s->groups, 1, sizeof(*s->group), &room);
    s->room = (int64_t)room;
    if (!s->group)
        FAIL(VRK_EMEMORY, "out of memory");
    s->group[s->groups++] = s->hash;
    if (s->before && is_known(s->before, s->hash))
        s->known += s->in_group;
    else if (s->before)
        TRY(put(ctx, s, s->held, s->held_n));
    s->hash = 0;
    s->in_group = 0;
    s->held_n = 0;
done:
    return st;
}

vrk_status vrk_read_groups_add(vrk_ctx *ctx, vrk_read_groups *s, const vrk_rec *rec, vrk_arena *mem)
{
    vrk_status st = VRK_OK;
    uint64_t h = vrk_keyed_hash(s->key, rec->bytes, rec->n);

    s->records++;
    s->in_group++;
    s->hash = (s->hash << 5 | s->hash >> 59) * 0x9E3779B97F4A7C15u + h;
    if (s->before) {
        s->held = more_room(mem, s->held, s->held_n, rec->n + 32, 1, &s->held_room);
        if (!s->held)
            FAIL(VRK_EMEMORY, "out of memory");
        s->held_n += (size_t)snprintf(s->held + s->held_n, 24, "%" PRId64 ",", s->records);
        memcpy(s->held + s->held_n, rec->bytes, rec->n);
        s->held_n += rec->n;
        s->held[s->held_n++] = '\n';
    }
    if ((h & CUT) == 0)
        TRY(end_group(ctx, s, mem));
done:
    return st;
}

vrk_status vrk_read_groups_end(vrk_ctx *ctx, vrk_read_groups *s, vrk_arena *mem)
{
    vrk_status st = VRK_OK;
    const vrk_sys *sys = vrk_sys_of(ctx);
    TRY(end_group(ctx, s, mem));
    if (s->fd < 0)
        goto done;
    TRY(flush(ctx, s));
    int fd = s->fd;
    s->fd = -1;
    if (sys->close(sys->arg, fd))
        FAIL(VRK_EIO, "could not write %s: %s", s->path, vrk_said(ctx, strerror(errno)));
done:
    return st;
}

void vrk_read_groups_close(vrk_ctx *ctx, vrk_read_groups *s)
{
    const vrk_sys *sys = vrk_sys_of(ctx);
    if (s->fd >= 0)
        (void)sys->close(sys->arg, s->fd);
    s->fd = -1;
}
