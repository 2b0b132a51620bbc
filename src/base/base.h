/* base/base.h - what every other file stands on: a status, a context, an arena,
 * a tick, and one shape for a function that can fail. */
#ifndef VRK_BASE_H
#define VRK_BASE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef enum {
    VRK_OK = 0,
    VRK_EINPUT,   /* the caller's data or options are wrong */
    VRK_ENUMERIC, /* there is no answer to give: singular, overflow, unbounded */
    VRK_EMEMORY,  /* out of memory, or over the arena's limit */
    VRK_EIO,      /* file or network */
    VRK_EDB,      /* the database said no; the message carries its words */
    VRK_ECANCEL,  /* tick() asked us to stop */
} vrk_status;

/* Memory that is freed all at once. Zero-initialise; limit 0 means no limit. */
typedef struct {
    struct vrk_block *top;
    size_t used, limit; /* [byte] */
    bool failed;        /* sticky: an allocation failed since the last rewind */
} vrk_arena;

typedef struct {
    struct vrk_block *top;
    size_t fill, used;
} vrk_mark;

struct vrk_sys; /* base/sys.h: clock, random source and files, so that tests can take them over */

#define VRK_PRINTF(f, a) __attribute__((format(printf, f, a)))
#define VRK_FORMAT(a) __attribute__((format_arg(a)))

/* One per thread. `(vrk_ctx){0}` is a valid context. */
typedef struct {
    vrk_arena scratch;         /* temporaries; every entry point rewinds what it took */
    const struct vrk_sys *sys; /* NULL = the machine's own */
    int (*tick)(void *arg, const char *what, double done); /* done in [0,1]; nonzero cancels */
    void *arg;
    uint64_t seed;
    int threads; /* 0 = one per core */
    /* The format of a failure in another language, with the same places; NULL = as it stands. */
    const char *(*said)(const char *fmt)VRK_FORMAT(1);
    char message[1024]; /* why the last call failed */
} vrk_ctx;

#define VRK_MUST __attribute__((warn_unused_result))
/* A loop over plain arrays that is compiled twice, the second time for processors with AVX2: the
 * same operations on more numbers at once, so the same bits. */
#if defined(__x86_64__) && !defined(__clang__) && !defined(__SANITIZE_ADDRESS__)
#define VRK_WIDE __attribute__((target_clones("avx2", "default"), optimize("O3")))
#else
#define VRK_WIDE
#endif

/* Zeroed, 64-byte aligned. On failure returns NULL and sets a->failed, so a batch
 * of allocations needs one check. */
void *vrk_alloc(vrk_arena *a, int64_t n, size_t size);
#define VRK_NEW(a, n, T) ((T *)vrk_alloc((a), (n), sizeof(T)))

vrk_mark vrk_mark_of(const vrk_arena *a);
void vrk_rewind(vrk_arena *a, vrk_mark m);
void vrk_arena_free(vrk_arena *a);

/* The text in ctx's language: for what a failure is told with that stands in a table. */
const char *vrk_said(const vrk_ctx *ctx, const char *text) VRK_FORMAT(2);
/* Marks a text for translation where it stands in a table. */
#define VRK_N(msgid) msgid
/* Records the message and returns `code`. The format is a text of po/, said in ctx's language. */
vrk_status vrk_fail(vrk_ctx *ctx, vrk_status code, const char *fmt, ...) VRK_PRINTF(3, 4);
/* Reports progress i of n (n = 0: unknown) and asks whether to go on. */
VRK_MUST vrk_status vrk_tick(vrk_ctx *ctx, const char *what, int64_t i, int64_t n);

/* For .c files only: need `vrk_ctx *ctx`, `vrk_status st` and a label `done`. */
#define TRY(call)                                                                                  \
    do {                                                                                           \
        if ((st = (call)) != VRK_OK)                                                               \
            goto done;                                                                             \
    } while (0)
#define FAIL(...)                                                                                  \
    do {                                                                                           \
        st = vrk_fail(ctx, __VA_ARGS__);                                                           \
        goto done;                                                                                 \
    } while (0)

#endif
