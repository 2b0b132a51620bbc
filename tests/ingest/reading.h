/* tests/ingest/reading.h - for tests of readers of containers: one file read into a folder of its
 * own, and its sheets as text. */
#ifndef READING_H
#define READING_H

#include "base/str.h"
#include "base/sys.h"
#include "ingest/table.h"
#include "tests/t.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

typedef struct {
    vrk_ctx ctx;
    vrk_arena mem;
    char folder[64];
    int64_t number;
    vrk_reading r;
    const vrk_reader *reader; /* who took it; NULL = nobody */
    vrk_status st;
    int64_t as_of; /* for vrk_reading */
} bench;

static inline void bench_start(bench *b)
{
    *b = (bench){.folder = "/tmp/verkan-reading-XXXXXX"};
    T_OK(mkdtemp(b->folder) != NULL);
}

static inline void bench_end(bench *b)
{
    T_OK(vrk_folder_remove(&b->ctx, b->folder) == VRK_OK);
    T_OK(b->ctx.scratch.used == 0);
    vrk_arena_free(&b->mem);
    vrk_arena_free(&b->ctx.scratch);
}

/* Reads a file as the import would, named `name`. */
static inline void bench_read(bench *b, const char *path, const char *name)
{
    char start[4096];
    FILE *f = fopen(path, "rb");
    size_t n = f ? fread(start, 1, sizeof(start), f) : 0;
    T_OK(f != NULL);
    if (f)
        fclose(f);
    b->r = (vrk_reading){.path = path,
                         .name = name,
                         .staging = b->folder,
                         .as_of = b->as_of,
                         .number = &b->number,
                         .mem = &b->mem};
    b->reader = NULL;
    b->st = VRK_OK;
    for (const vrk_reader *k = vrk_readers; k->name && !b->reader; k++)
        b->reader = k->is(start, n, name) ? k : NULL;
    if (b->reader)
        b->st = b->reader->read(&b->ctx, &b->r);
}

/* The same of a file with that content; it lies in the folder. */
static inline void bench_bytes(bench *b, const char *name, const void *bytes, size_t n)
{
    char *path = vrk_text_f(&b->mem, "%s/given-%s", b->folder, name);
    T_OK(vrk_file_replace(&b->ctx, path, bytes, n) == VRK_OK);
    bench_read(b, path, name);
}

/* A file of the sample exports; false where they are not on this machine. */
static inline bool bench_sample(bench *b, const char *name)
{
    const char *samples = getenv("VERKAN_SAMPLES");
    char *path = vrk_text_f(&b->mem, "%s/%s", samples ? samples : ".", name);
    if (!samples || !vrk_is_file(path))
        return false;
    const char *last = strrchr(path, '/') + 1;
    bench_read(b, path, last);
    if (b->st != VRK_OK)
        printf("# %s\n", b->ctx.message);
    T_OK(b->reader && b->st == VRK_OK);
    return true;
}

/* The text of sheet i; "" where there is none. */
static inline const char *bench_text(bench *b, int64_t i)
{
    char *text;
    size_t n;
    if (i >= b->r.sheets)
        return "";
    T_OK(vrk_file_read(&b->ctx, b->r.sheet[i].path, 0, &b->mem, &text, &n) == VRK_OK);
    return text;
}

/* Is that the text of sheet i? Shows both where not. */
static inline bool bench_is(bench *b, int64_t i, const char *want)
{
    const char *got = bench_text(b, i);
    if (strcmp(got, want) != 0)
        printf("# %s\n# got:\n%s\n# want:\n%s\n", b->ctx.message, got, want);
    return !strcmp(got, want);
}

static inline int64_t bench_lines(bench *b, int64_t i)
{
    int64_t n = 0;
    bool inside = false;
    for (const char *p = bench_text(b, i); *p; p++) {
        inside ^= *p == '"';
        n += *p == '\n' && !inside;
    }
    return n;
}

static inline bool bench_refused(const bench *b, const char *why)
{
    bool so = b->reader && b->st == VRK_EINPUT && strstr(b->ctx.message, why);
    if (!so)
        printf("# %s, %d: %s\n", b->reader ? b->reader->name : "nobody", b->st, b->ctx.message);
    return so;
}

/* Reading the sample fails cleanly wherever memory ends. */
static inline void bench_starve(const char *name)
{
    for (size_t limit = 64;; limit = limit + limit / 8 + 64) {
        bench b;
        bench_start(&b);
        b.ctx.scratch.limit = limit;
        b.mem.limit = limit;
        const char *samples = getenv("VERKAN_SAMPLES");
        char path[4096];
        snprintf(path, sizeof(path), "%s/%s", samples ? samples : ".", name);
        if (!samples || !vrk_is_file(path)) {
            b.ctx.scratch.limit = 0;
            bench_end(&b);
            return;
        }
        bench_read(&b, path, strrchr(path, '/') + 1);
        bool done = b.st == VRK_OK;
        T_OK(done || b.st == VRK_EMEMORY);
        b.ctx.scratch.limit = 0;
        bench_end(&b);
        if (done)
            return;
    }
}

#endif
