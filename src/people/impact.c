#include "people/impact.h"

#include "num/sort.h"
#include "stat/select.h"

#include <inttypes.h>
#include <math.h>
#include <string.h>

static const double by_chance = 0.05;

static vrk_status check(vrk_ctx *ctx, const vrk_impact_group *g, int64_t n)
{
    for (int64_t i = 0; i < n; i++) {
        const char *name = g[i].name && *g[i].name ? g[i].name : "(not known)";
        if (g[i].applied < 0 || g[i].selected < 0 || g[i].selected > g[i].applied)
            return vrk_fail(ctx, VRK_EINPUT, "%s: %" PRId64 " selected of %" PRId64 " cannot be",
                            name, g[i].selected, g[i].applied);
        if (g[i].applied > 100000)
            return vrk_fail(ctx, VRK_EINPUT, "%s: over 100,000 applicants", name);
        for (int64_t k = 0; k < i; k++) {
            if (g[i].name && g[k].name && *g[i].name && !strcmp(g[i].name, g[k].name))
                return vrk_fail(ctx, VRK_EINPUT, "%s: the group is there twice", name);
        }
    }
    return VRK_OK;
}

/* Is the rate of a below four fifths of that of b? Whole numbers: 0.80 itself is not. */
static bool below(int64_t selected, int64_t applied, const vrk_impact_row *b)
{
    return 5 * selected * b->applied < 4 * b->selected * applied;
}

/* The least change of those selected that turns `below` over. */
static int64_t flips(const vrk_impact_row *a, const vrk_impact_row *b)
{
    for (int64_t k = 1; k <= a->applied; k++) {
        int64_t x = a->below ? a->selected + k : a->selected - k;
        if (x < 0 || x > a->applied)
            break;
        if (below(x, a->applied, b) != a->below)
            return k;
    }
    return 0;
}

static bool expected_small(const vrk_impact_row *a, const vrk_impact_row *b)
{
    double all = (double)(a->applied + b->applied), hired = (double)(a->selected + b->selected);
    double least = (double)(a->applied < b->applied ? a->applied : b->applied);
    return least * fmin(hired, all - hired) / all < 5;
}

static vrk_status compare(vrk_ctx *ctx, vrk_impact_row *a, const vrk_impact_row *b)
{
    vrk_status st = VRK_OK;
    vrk_adverse test;
    TRY(vrk_adverse_impact(ctx, a->selected, a->applied, b->selected, b->applied, &test));
    a->ratio = (double)(a->selected * b->applied) / (double)(b->selected * a->applied);
    a->lo = test.lo;
    a->hi = test.hi;
    a->z = test.z;
    a->p_fisher = test.p_fisher;
    a->p_under = test.p_under;
    a->below = below(a->selected, a->applied, b);
    a->few = a->applied < VRK_GROUP_LEAST || b->applied < VRK_GROUP_LEAST || expected_small(a, b);
    a->flips = flips(a, b);
    a->verdict = a->applied < VRK_GROUP_LEAST || b->applied < VRK_GROUP_LEAST ? VRK_IMPACT_SMALL
                 : !a->below                                                  ? VRK_IMPACT_WITHIN
                 : a->p_fisher < by_chance                                    ? VRK_IMPACT_FLAGGED
                                                                              : VRK_IMPACT_UNCLEAR;
done:
    return st;
}

vrk_status vrk_impact_make(vrk_ctx *ctx, const vrk_impact_group *g, int64_t n, vrk_impact *out)
{
    vrk_status st = VRK_OK;
    *out = (vrk_impact){.n = n, .reference = -1, .mem.limit = ctx->scratch.limit};
    TRY(check(ctx, g, n));
    out->row = VRK_NEW(&out->mem, n, vrk_impact_row);
    if (!out->row)
        FAIL(VRK_EMEMORY, "out of memory for %" PRId64 " groups", n);
    for (int64_t i = 0; i < n; i++) {
        vrk_impact_row *a = &out->row[i];
        const vrk_impact_row *best = out->reference < 0 ? NULL : &out->row[out->reference];
        *a = (vrk_impact_row){.name = g[i].name,
                              .applied = g[i].applied,
                              .selected = g[i].selected,
                              .known = g[i].name && *g[i].name,
                              .ratio = nan(""),
                              .lo = nan(""),
                              .hi = nan(""),
                              .z = nan(""),
                              .p_fisher = nan(""),
                              .p_under = nan(""),
                              .verdict = VRK_IMPACT_UNDEFINED};
        a->rate = a->applied ? (double)a->selected / (double)a->applied : nan("");
        if (!a->known)
            out->unknown += a->applied;
        else if (a->selected > 0 &&
                 (!best || a->selected * best->applied > best->selected * a->applied))
            out->reference = i;
    }
    for (int64_t i = 0; i < n && out->reference >= 0; i++) {
        if (i == out->reference)
            out->row[i].verdict = VRK_IMPACT_HIGHEST;
        else if (out->row[i].known && out->row[i].applied > 0)
            TRY(compare(ctx, &out->row[i], &out->row[out->reference]));
    }
done:
    if (st != VRK_OK)
        vrk_impact_free(out);
    return st;
}

void vrk_impact_free(vrk_impact *i)
{
    vrk_arena_free(&i->mem);
    *i = (vrk_impact){0};
}

vrk_status vrk_impact_scored(vrk_ctx *ctx, const double *score, const int64_t *group, int64_t n,
                             int64_t groups, int64_t *applied, int64_t *selected)
{
    vrk_status st = VRK_OK;
    vrk_mark mark = vrk_mark_of(&ctx->scratch);
    double *sorted = VRK_NEW(&ctx->scratch, n, double);
    int64_t known = 0;
    if (n && !sorted)
        FAIL(VRK_EMEMORY, "out of memory for %" PRId64 " scores", n);
    for (int64_t g = 0; g < groups; g++)
        applied[g] = selected[g] = 0;
    for (int64_t i = 0; i < n; i++) {
        if (!isfinite(score[i]) || group[i] >= groups)
            FAIL(VRK_EINPUT, "row %" PRId64 ": no such score or group", i + 1);
        if (group[i] >= 0)
            sorted[known++] = score[i];
    }
    if (!known)
        goto done;
    vrk_sort(sorted, known);
    double median = (sorted[(known - 1) / 2] + sorted[known / 2]) / 2;
    for (int64_t i = 0; i < n; i++) {
        if (group[i] < 0)
            continue;
        applied[group[i]]++;
        selected[group[i]] += score[i] > median;
    }
done:
    vrk_rewind(&ctx->scratch, mark);
    return st;
}
