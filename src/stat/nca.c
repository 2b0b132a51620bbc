#include "stat/nca.h"

#include "base/rng.h"

#include <inttypes.h>
#include <math.h>
#include <stdlib.h>

typedef struct {
    double x, y;
} point;

/* By x; the highest of equals first, so that one walk meets each corner once. */
static int by_place(const void *a, const void *b)
{
    const point *p = a, *q = b;
    if (p->x < q->x || p->x > q->x)
        return p->x < q->x ? -1 : 1;
    return (p->y < q->y) - (p->y > q->y);
}

/* Area over a rising line (corners only rise) within the scope's box; it is cut at the box. */
static double over_line(double a, double b, point low, point high)
{
    double from = (low.y - a) / b, to = (high.y - a) / b; /* where it enters and leaves the box */
    from = fmin(high.x, fmax(low.x, from));
    to = fmin(high.x, fmax(low.x, to));
    double below = (from - low.x) * (high.y - low.y); /* all empty while the line is below */
    double left = high.y - (a + b * from), right = high.y - (a + b * to);
    return below + (to - from) * (left + right) / 2;
}

static void measure(int64_t n, const point *p, vrk_nca *out)
{
    point low = {p[0].x, HUGE_VAL}, high = {p[n - 1].x, -HUGE_VAL};
    double top = -HUGE_VAL, zone = 0, sx = 0, sy = 0, sxx = 0, sxy = 0;
    for (int64_t i = 0; i < n; i++) {
        low.y = fmin(low.y, p[i].y);
        high.y = fmax(high.y, p[i].y);
    }
    double scope = (high.x - low.x) * (high.y - low.y);
    out->peers = 0;
    for (int64_t i = 0; i < n; i++) {
        if (i > 0)
            zone += (p[i].x - p[i - 1].x) * (high.y - top);
        if (p[i].y <= top)
            continue;
        top = p[i].y;
        out->peers++;
        sx += p[i].x;
        sy += p[i].y;
    }
    double m = (double)out->peers, best = -HUGE_VAL;
    for (int64_t i = 0; i < n; i++) {
        if (p[i].y <= best)
            continue;
        best = p[i].y;
        sxx += (p[i].x - sx / m) * (p[i].x - sx / m);
        sxy += (p[i].x - sx / m) * (p[i].y - sy / m);
    }
    out->d_ce = zone / scope;
    out->slope = out->peers > 1 ? sxy / sxx : 0;
    out->intercept = (sy - out->slope * sx) / m;
    out->d_cr = out->peers > 1 ? over_line(out->intercept, out->slope, low, high) / scope : 0;
}

vrk_status vrk_nca_fit(vrk_ctx *ctx, int64_t n, const double *x, const double *y,
                       int64_t permutations, vrk_nca *out)
{
    vrk_status st = VRK_OK;
    vrk_mark mark = vrk_mark_of(&ctx->scratch);
    int64_t far_ce = 0, far_cr = 0;
    *out = (vrk_nca){.p_ce = nan(""), .p_cr = nan("")};
    if (n < 3 || permutations < 0)
        FAIL(VRK_EINPUT, "%" PRId64 " rows, %" PRId64 " permutations", n, permutations);
    point *p = VRK_NEW(&ctx->scratch, n, point);
    double *deal = VRK_NEW(&ctx->scratch, n, double);
    if (ctx->scratch.failed)
        FAIL(VRK_EMEMORY, "out of memory for %" PRId64 " rows", n);
    bool flat_x = true, flat_y = true;
    for (int64_t i = 0; i < n; i++) {
        if (!isfinite(x[i]) || !isfinite(y[i]))
            FAIL(VRK_EINPUT, "row %" PRId64 ": (%g, %g)", i, x[i], y[i]);
        flat_x &= x[i] >= x[0] && x[i] <= x[0];
        flat_y &= y[i] >= y[0] && y[i] <= y[0];
        p[i] = (point){x[i], y[i]};
    }
    if (flat_x || flat_y)
        FAIL(VRK_EINPUT, "%s is the same in all rows", flat_x ? "x" : "y");
    qsort(p, (size_t)n, sizeof(point), by_place);
    measure(n, p, out);
    for (int64_t b = 0; b < permutations; b++) {
        vrk_rng r = vrk_rng_of(ctx->seed, (uint64_t)b, 91);
        vrk_nca one;
        TRY(vrk_tick(ctx, "permutations", b, permutations));
        for (int64_t i = 0; i < n; i++) { /* inside out: y in random order */
            int64_t j = vrk_rng_below(&r, i + 1);
            deal[i] = deal[j];
            deal[j] = y[i];
        }
        for (int64_t i = 0; i < n; i++)
            p[i] = (point){x[i], deal[i]};
        qsort(p, (size_t)n, sizeof(point), by_place);
        measure(n, p, &one);
        far_ce += one.d_ce >= out->d_ce - 1e-12;
        far_cr += one.d_cr >= out->d_cr - 1e-12;
    }
    if (permutations > 0) {
        out->p_ce = (double)(1 + far_ce) / (double)(1 + permutations);
        out->p_cr = (double)(1 + far_cr) / (double)(1 + permutations);
    }
done:
    vrk_rewind(&ctx->scratch, mark);
    if (st != VRK_OK)
        *out = (vrk_nca){0};
    return st;
}
