#include "stat/clos.h"

#include "stat/aj_path.h"

/* Days left in states that have a way out, for one in state r; b as in vrk_aj_back. */
static double days_left(const double *b, const bool *leaves, int32_t k, int32_t r)
{
    double sum = 0;
    for (int32_t s = 0; s < k; s++)
        sum += leaves[s] ? b[r * k + s] : 0;
    return sum;
}

static bool both_go_on(const vrk_transitions *c, int64_t j, int32_t from, int32_t via)
{
    const double *risk = c->risk + (j + 1) * c->states;
    return j + 1 < c->m && risk[from] > 0 && risk[via] > 0;
}

vrk_status vrk_clos_fit(vrk_ctx *ctx, const vrk_transitions *counts, const vrk_clos_opt *opt,
                        double *change)
{
    vrk_status st = VRK_OK;
    vrk_mark mark = vrk_mark_of(&ctx->scratch);
    vrk_clos_opt o = opt ? *opt : (vrk_clos_opt){0};
    int32_t k = counts->states;
    vrk_aj_path path;
    o.via = o.via > 0 ? o.via : 1;
    *change = 0;
    if (o.from < 0 || o.from >= k || o.via >= k || o.from == o.via)
        FAIL(VRK_EINPUT, "no way from state %d via state %d", o.from, o.via);

    double *p0 = VRK_NEW(&ctx->scratch, k, double);
    double *b = VRK_NEW(&ctx->scratch, k * (int64_t)k, double);
    double *work = VRK_NEW(&ctx->scratch, k * (int64_t)k, double);
    bool *leaves = VRK_NEW(&ctx->scratch, k, bool);
    if (ctx->scratch.failed)
        FAIL(VRK_EMEMORY, "out of memory for %d states", k);
    p0[o.from] = 1;
    TRY(vrk_aj_path_of(ctx, counts, &(vrk_aj_opt){.p0 = p0, .tau = o.tau}, &path));
    for (int32_t q = 0; q < counts->kinds; q++)
        leaves[counts->from[q]] = true;

    int64_t end = counts->m;
    while (o.tau > 0 && end > 0 && counts->time[end - 1] > o.tau)
        end--;
    double next = o.tau > 0 ? o.tau : end > 0 ? counts->time[end - 1] : 0, sum = 0;
    for (int64_t j = end - 1; j >= 0; j--) {
        for (int32_t s = 0; s < k; s++)
            b[s * k + s] += next - counts->time[j];
        next = counts->time[j];
        vrk_aj_move(counts, j, path.before + j * k, work);
        double leaving = path.before[j * k + o.from] - work[o.from];
        if (both_go_on(counts, j, o.from, o.via))
            sum += leaving * (days_left(b, leaves, k, o.via) - days_left(b, leaves, k, o.from));
        vrk_aj_back(counts, j, b, work);
        if (j % 1024 == 0)
            TRY(vrk_tick(ctx, "change in length of stay", end - j, end));
    }
    *change = sum;
done:
    vrk_rewind(&ctx->scratch, mark);
    return st;
}
