#include "base/base.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { ALIGN = 64, BLOCK = 1 << 16 }; /* [byte] */

struct vrk_block {
    struct vrk_block *below;
    size_t size, fill; /* [byte] */
    _Alignas(ALIGN) unsigned char data[];
};

static struct vrk_block *push_block(vrk_arena *a, size_t bytes)
{
    size_t size = bytes > BLOCK ? bytes : BLOCK;
    struct vrk_block *b = aligned_alloc(ALIGN, sizeof(*b) + size);
    if (!b)
        return NULL;
    b->below = a->top;
    b->size = size;
    b->fill = 0;
    a->top = b;
    return b;
}

void *vrk_alloc(vrk_arena *a, int64_t n, size_t size)
{
    size_t bytes;
    if (a->failed || n < 0 || __builtin_mul_overflow((size_t)n, size, &bytes))
        goto fail;
    if (bytes > SIZE_MAX / 2)
        goto fail;
    bytes = (bytes + ALIGN) / ALIGN * ALIGN; /* at least one unit, even for n = 0 */
    if (a->limit && (a->used > a->limit || bytes > a->limit - a->used))
        goto fail;
    if ((!a->top || a->top->size - a->top->fill < bytes) && !push_block(a, bytes))
        goto fail;
    void *p = a->top->data + a->top->fill;
    a->top->fill += bytes;
    a->used += bytes;
    return memset(p, 0, bytes);
fail:
    a->failed = true;
    return NULL;
}

vrk_mark vrk_mark_of(const vrk_arena *a)
{
    return (vrk_mark){a->top, a->top ? a->top->fill : 0, a->used};
}

void vrk_rewind(vrk_arena *a, vrk_mark m)
{
    while (a->top != m.top) {
        struct vrk_block *below = a->top->below;
        free(a->top);
        a->top = below;
    }
    if (a->top)
        a->top->fill = m.fill;
    a->used = m.used;
    a->failed = false;
}

void vrk_arena_free(vrk_arena *a)
{
    vrk_rewind(a, (vrk_mark){0});
}

const char *vrk_said(const vrk_ctx *ctx, const char *text)
{
    return ctx->said ? ctx->said(text) : text;
}

vrk_status vrk_fail(vrk_ctx *ctx, vrk_status code, const char *fmt, ...)
{
    va_list ap;
    va_start(ap, fmt);
    vsnprintf(ctx->message, sizeof(ctx->message), vrk_said(ctx, fmt), ap);
    va_end(ap);
    return code;
}

vrk_status vrk_tick(vrk_ctx *ctx, const char *what, int64_t i, int64_t n)
{
    if (ctx->tick && ctx->tick(ctx->arg, what, n > 0 ? (double)i / (double)n : 0))
        return vrk_fail(ctx, VRK_ECANCEL, "cancelled in %s", what);
    return VRK_OK;
}
