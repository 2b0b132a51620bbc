#include "stat/lexis.h"

#include <inttypes.h>
#include <math.h>

static double entry_of(const vrk_lexis_in *in, int64_t i)
{
    return in->entry ? in->entry[i] : 0;
}

/* The band that has the time just after t. */
static int32_t band_after(const vrk_lexis_in *in, double t)
{
    int32_t low = 0, high = in->cuts;
    while (low < high) {
        int32_t mid = low + (high - low) / 2;
        if (in->cut[mid] <= t)
            low = mid + 1;
        else
            high = mid;
    }
    return low;
}

static vrk_status check(vrk_ctx *ctx, const vrk_lexis_in *in)
{
    for (int32_t k = 0; k < in->cuts; k++) {
        if (!isfinite(in->cut[k]) || (k > 0 && in->cut[k] <= in->cut[k - 1]))
            return vrk_fail(ctx, VRK_EINPUT, "cut %d: %g is not after the one before", k,
                            in->cut[k]);
    }
    for (int64_t i = 0; i < in->n; i++) {
        double from = entry_of(in, i);
        if (!isfinite(from) || !isfinite(in->exit[i]) || from < 0 || in->exit[i] <= from)
            return vrk_fail(ctx, VRK_EINPUT,
                            "spell %" PRId64 ": exit time %g is not after entry time %g", i,
                            in->exit[i], from);
    }
    return VRK_OK;
}

/* The rows of spell i, written from row n of *out on if it has arrays; returns their number. */
static int64_t cut_one(const vrk_lexis_in *in, int64_t i, vrk_lexis *out, int64_t n)
{
    double t = entry_of(in, i), end = in->exit[i];
    int32_t most = in->until_last ? in->cuts : in->cuts + 1;
    int64_t rows = 0;
    for (int32_t k = band_after(in, t); k < most && t < end; k++, rows++) {
        double until = k < in->cuts ? fmin(in->cut[k], end) : end;
        if (out->spell) {
            out->spell[n + rows] = i;
            out->band[n + rows] = k;
            out->exposure[n + rows] = until - t;
            out->last[n + rows] = until >= end;
        }
        t = until;
    }
    return rows;
}

vrk_status vrk_lexis_split(vrk_ctx *ctx, const vrk_lexis_in *in, vrk_lexis *out)
{
    vrk_status st = VRK_OK;
    int64_t rows = 0;
    *out = (vrk_lexis){.mem.limit = ctx->scratch.limit};
    TRY(check(ctx, in));
    for (int64_t i = 0; i < in->n; i++)
        rows += cut_one(in, i, out, 0);
    TRY(vrk_tick(ctx, "cutting time into bands", 0, rows));
    out->spell = VRK_NEW(&out->mem, rows, int64_t);
    out->band = VRK_NEW(&out->mem, rows, int32_t);
    out->exposure = VRK_NEW(&out->mem, rows, double);
    out->last = VRK_NEW(&out->mem, rows, uint8_t);
    if (out->mem.failed)
        FAIL(VRK_EMEMORY, "out of memory for %" PRId64 " rows", rows);
    for (int64_t i = 0; i < in->n; i++)
        out->n += cut_one(in, i, out, out->n);
done:
    if (st != VRK_OK)
        vrk_lexis_free(out);
    return st;
}

void vrk_lexis_free(vrk_lexis *l)
{
    vrk_arena_free(&l->mem);
    *l = (vrk_lexis){0};
}
