#include "people/rater.h"

#include "num/special.h"
#include "people/rater_parts.h"
#include "stat/facets.h"

#include <inttypes.h>
#include <math.h>
#include <stdlib.h>

static vrk_status check(vrk_ctx *ctx, const vrk_rated *d)
{
    for (int64_t i = 0; i < d->n; i++) {
        if (d->person[i] < 0 || d->person[i] >= d->persons || d->rater[i] < 0 ||
            d->rater[i] >= d->raters || d->competency[i] < 0 || d->competency[i] >= d->competences)
            return vrk_fail(ctx, VRK_EINPUT,
                            "rating %" PRId64 ": no such person, rater or "
                            "competency",
                            i + 1);
        if (d->level[i] < 1 || d->level[i] > RATER_LEVELS)
            return vrk_fail(ctx, VRK_EINPUT, "rating %" PRId64 ": a level is 1 to 5, not %d", i + 1,
                            d->level[i]);
    }
    return VRK_OK;
}

/* seen [persons x raters]: how many ratings. Persons and ratings of each rater, raters and the
 * plain mean of each person. */
static void count(const vrk_rated *d, const int32_t *seen, vrk_rated_model *out)
{
    for (int64_t i = 0; i < d->n; i++) {
        out->rater[d->rater[i]].ratings++;
        out->person[d->person[i]].ratings++;
        out->person[d->person[i]].plain += d->level[i];
    }
    for (int64_t p = 0; p < d->persons; p++) {
        for (int64_t r = 0; r < d->raters; r++) {
            out->person[p].raters += seen[p + r * d->persons] > 0;
            out->rater[r].persons += seen[p + r * d->persons] > 0;
        }
        out->person[p].plain /= (double)out->person[p].ratings;
    }
}

static void choose(const vrk_rated *d, const int32_t *seen, bool *use, vrk_rated_model *out)
{
    for (int64_t r = 0; r < d->raters; r++)
        out->rater[r].told = out->rater[r].persons >= VRK_RATER_PERSONS_LEAST;
    for (int64_t i = 0; i < d->n; i++) {
        use[i] = out->rater[d->rater[i]].told;
        out->counted += use[i];
    }
    for (int64_t p = 0; p < d->persons; p++) {
        int64_t by = 0;
        for (int64_t r = 0; r < d->raters; r++)
            by += out->rater[r].told && seen[p + r * d->persons];
        out->persons += by > 0;
        out->twice += by > 1;
    }
}

static vrk_status parts(vrk_ctx *ctx, const vrk_rated *d, const bool *use, vrk_rated_model *out)
{
    vrk_status st = VRK_OK;
    int32_t *level = VRK_NEW(&ctx->scratch, 2 * d->n + 1, int32_t);
    int8_t *score = VRK_NEW(&ctx->scratch, d->n + 1, int8_t);
    int64_t *part = VRK_NEW(&ctx->scratch, d->raters + d->competences + 1, int64_t), items;
    const int32_t levels[] = {(int32_t)d->competences, (int32_t)d->raters};
    if (!level || !score || !part)
        FAIL(VRK_EMEMORY, "out of memory for %" PRId64 " ratings", d->n);
    for (int64_t i = 0; i < d->n; i++) {
        level[i] = d->competency[i];
        level[i + d->n] = d->rater[i];
        score[i] = use[i] ? d->level[i] : -1;
    }
    const vrk_ratings r = {.n = d->n,
                           .persons = d->persons,
                           .facets = 2,
                           .person = d->person,
                           .level = level,
                           .levels = levels,
                           .score = score};
    TRY(vrk_design_parts(ctx, &r, 0, part, &items));
    TRY(vrk_design_parts(ctx, &r, 1, part, &out->parts));
    for (int64_t k = 0; k < d->raters; k++)
        out->rater[k].part = part[k];
    if (items > 1 && out->parts == 1)
        out->parts = items;
done:
    return st;
}

static vrk_status severities(vrk_ctx *ctx, const vrk_rated *d, const bool *use,
                             const vrk_rater_scale *s, vrk_rater_error *e, vrk_rated_model *out)
{
    vrk_status st = VRK_OK;
    bool ok;
    TRY(vrk_rater_error_of(ctx, d, use, s, e, &ok));
    if (!ok)
        out->state = VRK_RATINGS_FEW;
    for (int64_t r = 0; ok && r < d->raters; r++) {
        vrk_rater *one = &out->rater[r];
        one->told = one->told && isfinite(s->severity[r]);
        if (!one->told)
            continue;
        double n = (double)one->persons; /* the few persons of a rater carry it */
        double half = vrk_t_quantile(0.95, n - 1) * e->strict_se[r] * sqrt(n / (n - 1));
        one->strict = e->strict[r];
        one->lo = one->strict - half;
        one->hi = one->strict + half;
    }
done:
    return st;
}

static vrk_status start(vrk_ctx *ctx, const vrk_rated *d, vrk_rated_model *out)
{
    double none = nan("");
    *out = (vrk_rated_model){.ratings = d->n,
                             .raters = d->raters,
                             .impression = none,
                             .profile_p = none,
                             .mem.limit = ctx->scratch.limit};
    out->rater = VRK_NEW(&out->mem, d->raters + 1, vrk_rater);
    out->person = VRK_NEW(&out->mem, d->persons + 1, vrk_rated_person);
    if (out->mem.failed)
        return vrk_fail(ctx, VRK_EMEMORY, "out of memory for %" PRId64 " persons", d->persons);
    for (int64_t r = 0; r < d->raters; r++)
        out->rater[r].strict = out->rater[r].lo = out->rater[r].hi = out->rater[r].alike_expected =
            none;
    for (int64_t p = 0; p < d->persons; p++)
        out->person[p].level = out->person[p].lo = out->person[p].hi = none;
    return VRK_OK;
}

static vrk_status tell(vrk_ctx *ctx, const vrk_rated *d, const bool *use, vrk_rated_model *out)
{
    vrk_status st = VRK_OK;
    vrk_arena mem = {.limit = ctx->scratch.limit};
    vrk_rater_scale s;
    bool ok;
    vrk_rater_error e = {.strict = VRK_NEW(&mem, d->raters + 1, double),
                         .strict_se = VRK_NEW(&mem, d->raters + 1, double),
                         .severity_se = VRK_NEW(&mem, d->raters + 1, double)};
    if (mem.failed)
        FAIL(VRK_EMEMORY, "out of memory for %" PRId64 " raters", d->raters);
    TRY(vrk_rater_scale_fit(ctx, d, use, &mem, &s, &ok));
    if (!ok) {
        out->state = VRK_RATINGS_FEW;
        goto done;
    }
    TRY(severities(ctx, d, use, &s, &e, out));
    if (out->state != VRK_RATINGS_TOLD)
        goto done;
    TRY(vrk_rater_persons(ctx, d, use, &s, e.severity_se, out));
    TRY(vrk_rater_halo(ctx, d, use, &s, out));
done:
    vrk_arena_free(&mem);
    return st;
}

static bool all_alike(const vrk_rated *d, const bool *use)
{
    int8_t first = 0;
    for (int64_t i = 0; i < d->n; i++) {
        if (use[i] && first && d->level[i] != first)
            return false;
        if (use[i])
            first = d->level[i];
    }
    return true;
}

vrk_status vrk_raters_fit(vrk_ctx *ctx, const vrk_rated *d, vrk_rated_model *out)
{
    vrk_status st = VRK_OK;
    vrk_mark mark = vrk_mark_of(&ctx->scratch);
    TRY(start(ctx, d, out));
    TRY(check(ctx, d));
    int32_t *seen = VRK_NEW(&ctx->scratch, d->persons * d->raters + 1, int32_t);
    bool *use = VRK_NEW(&ctx->scratch, d->n + 1, bool);
    if (!seen || !use)
        FAIL(VRK_EMEMORY, "out of memory for %" PRId64 " persons", d->persons);
    for (int64_t i = 0; i < d->n; i++)
        seen[d->person[i] + (int64_t)d->rater[i] * d->persons]++;
    count(d, seen, out);
    choose(d, seen, use, out);
    TRY(parts(ctx, d, use, out));
    out->state =
        out->parts > 1 && out->persons >= VRK_RATED_LEAST ? VRK_RATINGS_APART
        : out->persons < VRK_RATED_LEAST || out->parts != 1 || out->twice < VRK_RATER_TWICE_LEAST
            ? VRK_RATINGS_FEW
        : all_alike(d, use) ? VRK_RATINGS_ALIKE
                            : VRK_RATINGS_TOLD;
    if (out->state == VRK_RATINGS_TOLD)
        TRY(tell(ctx, d, use, out));
    for (int64_t r = 0; out->state != VRK_RATINGS_TOLD && r < d->raters; r++)
        out->rater[r].told = false;
done:
    vrk_rewind(&ctx->scratch, mark);
    if (st != VRK_OK)
        vrk_raters_free(out);
    return st;
}

void vrk_raters_free(vrk_rated_model *m)
{
    vrk_arena_free(&m->mem);
    *m = (vrk_rated_model){0};
}
