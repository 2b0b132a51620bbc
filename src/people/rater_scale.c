#include "people/rater_parts.h"
#include "stat/facets.h"

#include <math.h>

#include <string.h>

/* A level given fewer times than LEVEL_LEAST goes with its neighbour: its step has no place. */
enum { PERSONS_LEAST = 10, LEVEL_LEAST = 8 };

/* Old numbers to those of what is used, from 0 in their order; -1 = not used. */
static int32_t number(const int32_t *of, const bool *use, int64_t n, int64_t most, int32_t *to)
{
    int32_t k = 0;
    for (int64_t i = 0; i < most; i++)
        to[i] = -1;
    for (int64_t i = 0; i < n; i++) {
        if (use[i])
            to[of[i]] = 0;
    }
    for (int64_t i = 0; i < most; i++) {
        if (to[i] == 0)
            to[i] = k++;
    }
    return k;
}

typedef struct {
    int32_t *to_person, *to_item, *to_rater, *person, *level, levels[2];
    int8_t *score, category[RATER_LEVELS + 1];
    double value[RATER_LEVELS];
    int64_t n, persons;
    int categories;
} rows;

static void categories_of(const vrk_rated *d, const bool *use, rows *w)
{
    int64_t many[RATER_LEVELS + 1] = {0}, count[RATER_LEVELS] = {0};
    double sum[RATER_LEVELS] = {0};
    int c = 0;
    for (int64_t i = 0; i < d->n; i++)
        many[d->level[i]] += use[i];
    for (int k = 1; k <= RATER_LEVELS; k++) {
        int64_t above = 0;
        for (int j = k; j <= RATER_LEVELS; j++)
            above += many[j];
        if (c < RATER_LEVELS - 1 && count[c] >= LEVEL_LEAST && above >= LEVEL_LEAST)
            c++;
        w->category[k] = (int8_t)c;
        count[c] += many[k];
        sum[c] += (double)(many[k] * k);
        w->value[c] = sum[c] / (double)(count[c] ? count[c] : 1);
    }
    w->categories = c + 1;
}

static vrk_status squeeze(vrk_ctx *ctx, const vrk_rated *d, const bool *use, rows *w)
{
    vrk_arena *a = &ctx->scratch;
    *w = (rows){.to_person = VRK_NEW(a, d->persons + 1, int32_t),
                .to_item = VRK_NEW(a, d->competences + 1, int32_t),
                .to_rater = VRK_NEW(a, d->raters + 1, int32_t),
                .person = VRK_NEW(a, d->n + 1, int32_t),
                .level = VRK_NEW(a, 2 * d->n + 1, int32_t),
                .score = VRK_NEW(a, d->n + 1, int8_t)};
    if (a->failed)
        return vrk_fail(ctx, VRK_EMEMORY, "out of memory for %lld ratings", (long long)d->n);
    w->persons = number(d->person, use, d->n, d->persons, w->to_person);
    w->levels[0] = number(d->competency, use, d->n, d->competences, w->to_item);
    w->levels[1] = number(d->rater, use, d->n, d->raters, w->to_rater);
    categories_of(d, use, w);
    for (int64_t i = 0; i < d->n; i++)
        w->n += use[i];
    for (int64_t i = 0, r = 0; i < d->n; i++) {
        if (!use[i])
            continue;
        w->person[r] = w->to_person[d->person[i]];
        w->level[r] = w->to_item[d->competency[i]];
        w->level[r + w->n] = w->to_rater[d->rater[i]];
        w->score[r++] = w->category[d->level[i]];
    }
    return VRK_OK;
}

static vrk_status take(vrk_ctx *ctx, const vrk_rated *d, const rows *w, const vrk_facets *f,
                       vrk_arena *mem, vrk_rater_scale *out)
{
    *out = (vrk_rater_scale){.persons = d->persons,
                             .raters = d->raters,
                             .items = d->competences,
                             .categories = w->categories,
                             .spread = f->spread,
                             .item = VRK_NEW(mem, d->competences, double),
                             .severity = VRK_NEW(mem, d->raters, double),
                             .eap = VRK_NEW(mem, d->persons, double)};
    if (mem->failed)
        return vrk_fail(ctx, VRK_EMEMORY, "out of memory for a scale");
    memcpy(out->value, w->value, sizeof(out->value));
    memcpy(out->category, w->category, sizeof(out->category));
    for (int k = 1; k < w->categories; k++)
        out->below[k] = out->below[k - 1] + f->step[k - 1];
    for (int64_t i = 0; i < d->competences; i++)
        out->item[i] = w->to_item[i] < 0 ? nan("") : f->facet[0].measure[w->to_item[i]];
    for (int64_t r = 0; r < d->raters; r++)
        out->severity[r] = w->to_rater[r] < 0 ? nan("") : f->facet[1].measure[w->to_rater[r]];
    for (int64_t n = 0; n < d->persons; n++)
        out->eap[n] = w->to_person[n] < 0 ? nan("") : f->eap[w->to_person[n]];
    return VRK_OK;
}

vrk_status vrk_rater_scale_fit(vrk_ctx *ctx, const vrk_rated *d, const bool *use, vrk_arena *mem,
                               vrk_rater_scale *out, bool *ok)
{
    vrk_status st = VRK_OK;
    vrk_mark mark = vrk_mark_of(&ctx->scratch);
    vrk_facets f = {0};
    rows w;
    *ok = false;
    TRY(squeeze(ctx, d, use, &w));
    if (w.persons < PERSONS_LEAST || w.levels[1] < 2 || w.categories < 2)
        goto done;
    const vrk_ratings ratings = {.n = w.n,
                                 .persons = w.persons,
                                 .facets = 2,
                                 .person = w.person,
                                 .level = w.level,
                                 .levels = w.levels,
                                 .score = w.score,
                                 .categories = w.categories};
    const vrk_facets_opt opt = {.min_persons = PERSONS_LEAST};
    st = vrk_facets_fit(ctx, &ratings, &opt, &f);
    if (st == VRK_EINPUT || st == VRK_ENUMERIC) { /* such data cannot carry it: a state */
        st = VRK_OK;

        goto done;
    }
    TRY(st);
    TRY(take(ctx, d, &w, &f, mem, out));
    *ok = f.stop == VRK_STOP_GRAD && isfinite(out->spread);
done:
    vrk_facets_free(&f);
    vrk_rewind(&ctx->scratch, mark);
    return st;
}

vrk_rater_level vrk_rater_level_at(const vrk_rater_scale *s, double eta)
{
    vrk_rater_level out = {0};
    double p[RATER_LEVELS], all = 0, most = -HUGE_VAL, k_mean = 0, kv = 0;
    for (int k = 0; k < s->categories; k++) {
        p[k] = k * eta - s->below[k];
        most = fmax(most, p[k]);
    }
    for (int k = 0; k < s->categories; k++)
        all += p[k] = exp(p[k] - most);
    for (int k = 0; k < s->categories; k++) {
        p[k] /= all;
        out.mean += p[k] * s->value[k];
        k_mean += p[k] * k;
    }
    for (int k = 0; k < s->categories; k++) {
        out.variance += p[k] * (s->value[k] - out.mean) * (s->value[k] - out.mean);
        kv += p[k] * (k - k_mean) * (s->value[k] - out.mean);
    }
    out.slope = kv; /* d mean / d eta of an exponential family */
    return out;
}

double vrk_rater_level_of(const vrk_rater_scale *s, double theta, double severity)
{
    double sum = 0, n = 0;
    for (int64_t i = 0; i < s->items; i++) {
        if (!isfinite(s->item[i]))
            continue;
        sum += vrk_rater_level_at(s, theta - s->item[i] - severity).mean;
        n++;
    }
    return sum / n;
}
