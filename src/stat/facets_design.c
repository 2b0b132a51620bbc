#include "stat/facets_parts.h"

#include "num/mat.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

static int64_t find(int64_t *up, int64_t i)
{
    while (up[i] != i)
        i = up[i] = up[up[i]];
    return i;
}

vrk_status vrk_design_parts(vrk_ctx *ctx, const vrk_ratings *d, int64_t f, int64_t *part,
                            int64_t *parts)
{
    vrk_status st = VRK_OK;
    vrk_mark mark = vrk_mark_of(&ctx->scratch);
    int64_t n = d->levels[f];
    int64_t *up = VRK_NEW(&ctx->scratch, n + d->persons, int64_t);
    int64_t *name = VRK_NEW(&ctx->scratch, n + d->persons, int64_t);
    bool *seen = VRK_NEW(&ctx->scratch, n, bool);
    *parts = 0;
    if (ctx->scratch.failed)
        FAIL(VRK_EMEMORY, "out of memory for %" PRId64 " persons", d->persons);
    for (int64_t i = 0; i < n + d->persons; i++) {
        up[i] = i;
        name[i] = -1;
    }
    for (int64_t r = 0; r < d->n; r++) {
        if (d->score[r] < 0)
            continue;
        int64_t l = d->level[r + f * d->n];
        seen[l] = true;
        up[find(up, l)] = find(up, n + d->person[r]);
    }
    for (int64_t l = 0; l < n; l++) {
        int64_t top = find(up, l);
        part[l] = -1;
        if (!seen[l])
            continue;
        if (name[top] < 0)
            name[top] = (*parts)++;
        part[l] = name[top];
    }
done:
    vrk_rewind(&ctx->scratch, mark);
    return st;
}

const char *vrk_facet_name(const vrk_ratings *d, int64_t f, char *space, size_t size)
{
    if (d->facet_name)
        return d->facet_name[f];
    snprintf(space, size, "facet %" PRId64, f + 1);
    return space;
}

/* "1 2 5 | 3 4", cut short where it gets long. */
static void say_parts(const int64_t *part, int64_t parts, int64_t levels, char *to, size_t size)
{
    size_t at = 0;
    for (int64_t p = 0; p < parts && at + 40 < size; p++) {
        int64_t said = 0;
        for (int64_t l = 0; l < levels && at + 40 < size; l++) {
            if (part[l] != p)
                continue;
            if (said++ == 8) {
                at += (size_t)snprintf(to + at, size - at, " ...");
                break;
            }
            at += (size_t)snprintf(to + at, size - at, "%s%" PRId64,
                                   said > 1 ? " " : (p ? " | " : ""), l + 1);
        }
    }
}

vrk_status vrk_design_check(vrk_ctx *ctx, const vrk_ratings *d, bool accept, vrk_facet *facet)
{
    vrk_status st = VRK_OK;
    for (int64_t f = 0; f < d->facets; f++) {
        char text[400] = "", space[32];
        const char *name = vrk_facet_name(d, f, space, sizeof(space));
        TRY(vrk_design_parts(ctx, d, f, facet[f].part, &facet[f].parts));
        for (int64_t l = 0; l < d->levels[f]; l++) {
            if (facet[f].part[l] < 0)
                FAIL(VRK_EINPUT, "%s: level %" PRId64 " has no ratings; leave it out", name, l + 1);
        }
        if (facet[f].parts < 2 || accept)
            continue;
        say_parts(facet[f].part, facet[f].parts, d->levels[f], text, sizeof(text));
        FAIL(VRK_EINPUT,
             "%s: the design falls into %" PRId64
             " parts that share no person (levels %s); persons and levels of different parts "
             "cannot be compared: fit each part, or let some persons be rated in both",
             name, facet[f].parts, text);
    }
done:
    return st;
}

/* Columns of main effects, each facet's adding up to zero: column first[f] + l, l < levels - 1. */
static void code_row(const vrk_ratings *d, int64_t r, const int64_t *first, double *x)
{
    for (int64_t f = 0; f < d->facets; f++) {
        int64_t l = d->level[r + f * d->n], n = d->levels[f] - 1;
        for (int64_t k = 0; k < n; k++)
            x[first[f] + k] += l == k ? 1 : l == n ? -1 : 0;
    }
}

/* Within persons, every facet's levels must be told apart: X'X of the columns less their means in
 * each person has full rank. `order` [n] rows by person. */
vrk_status vrk_design_rank(vrk_ctx *ctx, const vrk_ratings *d, const int64_t *order)
{
    vrk_status st = VRK_OK;
    vrk_mark mark = vrk_mark_of(&ctx->scratch);
    vrk_arena *a = &ctx->scratch;
    int64_t *first = VRK_NEW(a, d->facets + 1, int64_t), p;
    if (!first)
        FAIL(VRK_EMEMORY, "out of memory for %" PRId64 " facets", d->facets);
    for (int64_t f = 0; f < d->facets; f++)
        first[f + 1] = first[f] + d->levels[f] - 1;
    p = first[d->facets];
    double *gram = VRK_NEW(a, p * p, double), *x = VRK_NEW(a, p, double);
    double *sum = VRK_NEW(a, p, double);
    bool *dropped = VRK_NEW(a, p, bool);
    if (a->failed)
        FAIL(VRK_EMEMORY, "out of memory for %" PRId64 " levels", p);
    for (int64_t i = 0, to; i < d->n; i = to) {
        double k = 0;
        memset(sum, 0, (size_t)p * sizeof(double));
        for (to = i; to < d->n && d->person[order[to]] == d->person[order[i]]; to++) {
            if (d->score[order[to]] < 0)
                continue;
            memset(x, 0, (size_t)p * sizeof(double));
            code_row(d, order[to], first, x);
            k++;
            for (int64_t s = 0; s < p; s++) {
                sum[s] += x[s];
                for (int64_t t = 0; t <= s && x[s] * x[s] > 0; t++)
                    gram[s + t * p] += x[s] * x[t];
            }
        }
        for (int64_t s = 0; s < p && k > 0; s++) {
            for (int64_t t = 0; t <= s; t++)
                gram[s + t * p] -= sum[s] * sum[t] / k;
        }
    }
    (void)vrk_chol(gram, p, 1e-9, dropped);
    for (int64_t f = 0; f < d->facets; f++) {
        char space[32];
        for (int64_t l = 0; l < d->levels[f] - 1; l++) {
            if (dropped[first[f] + l])
                FAIL(VRK_EINPUT,
                     "%s: level %" PRId64 " cannot be told from the other facets: it always occurs "
                     "with the same levels of them",
                     vrk_facet_name(d, f, space, sizeof(space)), l + 1);
        }
    }
done:
    vrk_rewind(&ctx->scratch, mark);
    return st;
}
