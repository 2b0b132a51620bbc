#include "stat/cat.h"

#include "base/rng.h"
#include "stat/irt_engine.h"

#include <inttypes.h>
#include <math.h>
#include <string.h>

enum { CHOICE = 0xca7, ANSWER = 0xa25, TRAIT = 0x7a1 };

typedef struct {
    const vrk_irt *bank;
    vrk_cat_opt o;
    int64_t *order; /* [items] best first */
    double *info;   /* [items] what it is chosen by */
    double *post;   /* [points] what is known of the person */
    bool *passed;   /* [items] selected and not given (Sympson-Hetter) */
    double *picked; /* [items] times selected, or NULL */
} chooser;

static vrk_status check(vrk_ctx *ctx, const vrk_irt *bank, const int8_t *x, const vrk_cat_opt *o)
{
    vrk_status st = VRK_OK;
    for (int64_t j = 0; j < bank->items; j++) {
        if (x[j] < -1 || x[j] >= bank->categories[j])
            FAIL(VRK_EINPUT, "item %" PRId64 ": answer %d is out of range", j + 1, x[j]);
        if (o->area && (o->area[j] < 0 || o->area[j] >= o->areas))
            FAIL(VRK_EINPUT, "item %" PRId64 ": area %d of %d", j + 1, o->area[j], o->areas);
        if (o->allow && !(o->allow[j] >= 0 && o->allow[j] <= 1))
            FAIL(VRK_EINPUT, "item %" PRId64 ": given in a share of %g", j + 1, o->allow[j]);
    }
done:
    return st;
}

static bool open_item(const chooser *c, const int8_t *x, int64_t j, int32_t area)
{
    return x[j] < 0 && !c->passed[j] && !(c->o.retired && c->o.retired[j]) &&
           (!c->o.area || area < 0 || c->o.area[j] == area);
}

/* By how many items the area is behind its share, the one to come counted. */
static double lag_of(const chooser *c, const int8_t *x, int32_t area, int64_t given)
{
    double share = c->o.target ? c->o.target[area] : 1. / c->o.areas, has = 0;
    for (int64_t j = 0; j < c->bank->items; j++)
        has += x[j] >= 0 && c->o.area && c->o.area[j] == area;
    return share * (double)(given + 1) - has;
}

/* The area that lags most behind its share and still has an item, -1 = none has. */
static int32_t due_area(const chooser *c, const int8_t *x, int64_t given)
{
    int32_t due = -1;
    double most = -HUGE_VAL;
    for (int32_t a = 0; a < c->o.areas; a++) {
        bool any = false;
        for (int64_t j = 0; j < c->bank->items; j++)
            any = any || open_item(c, x, j, a);
        double lag = lag_of(c, x, a, given);
        if (any && lag > most) {
            most = lag;
            due = a;
        }
    }
    return due;
}

/* The k best open items of the area, best first; returns how many there are. Ties go to the lower
 * number. */
static int64_t best_of(const chooser *c, const int8_t *x, int32_t area, int64_t k)
{
    int64_t n = 0;
    for (int64_t j = 0; j < c->bank->items; j++) {
        if (!open_item(c, x, j, area) || (n == k && c->info[j] <= c->info[c->order[k - 1]]))
            continue;
        int64_t at = n < k ? n++ : k - 1;
        for (; at > 0 && c->info[c->order[at - 1]] < c->info[j]; at--)
            c->order[at] = c->order[at - 1];
        c->order[at] = j;
    }
    return n;
}

double *vrk_cat_known(const vrk_irt *bank, vrk_arena *mem)
{
    int64_t wide = bank->steps + 1;
    double *p = VRK_NEW(mem, bank->items * bank->points * wide, double);
    for (int64_t j = 0; j < bank->items && p; j++) {
        for (int64_t q = 0; q < bank->points; q++)
            vrk_irt_probability(bank, j, bank->z[q], p + (j * bank->points + q) * wide);
    }
    return p;
}

/* P(answer) to an item at a point; room [VRK_IRT_MOST]. */
static const double *chances(const chooser *c, int64_t j, int64_t q, double *room)
{
    if (c->o.known)
        return c->o.known + (j * c->bank->points + q) * (c->bank->steps + 1);
    vrk_irt_probability(c->bank, j, c->bank->z[q], room);
    return room;
}

/* What the answers say, adding up to 1; its mean and standard deviation. */
static void posterior(const chooser *c, const int8_t *x, vrk_cat_step *s)
{
    const vrk_irt *b = c->bank;
    double room[VRK_IRT_MOST], top = -HUGE_VAL, all = 0, mean = 0, square = 0;
    for (int64_t q = 0; q < b->points; q++) {
        c->post[q] = log(fmax(b->weight[q], 1e-300));
        for (int64_t j = 0; j < b->items; j++)
            c->post[q] += x[j] < 0 ? 0 : log(fmax(chances(c, j, q, room)[x[j]], 1e-300));
        top = fmax(top, c->post[q]);
    }
    for (int64_t q = 0; q < b->points; q++)
        all += c->post[q] = exp(c->post[q] - top);
    for (int64_t q = 0; q < b->points; q++) {
        c->post[q] /= all;
        mean += c->post[q] * b->z[q];
        square += c->post[q] * b->z[q] * b->z[q];
    }
    s->eap = mean;
    s->psd = sqrt(fmax(0, square - mean * mean));
}

/* How much precision (1 / variance) an answer to the item is expected to give. */
static double narrows(const chooser *c, int64_t j, double psd)
{
    static const double nothing = 1e-9; /* points so unlikely add nothing */
    const vrk_irt *b = c->bank;
    double room[VRK_IRT_MOST], sum[VRK_IRT_MOST][3] = {{0}}, variance = 0;
    for (int64_t q = 0; q < b->points; q++) {
        if (c->post[q] < nothing)
            continue;
        const double *p = chances(c, j, q, room);
        for (int k = 0; k < b->categories[j]; k++) {
            double m = c->post[q] * p[k];
            sum[k][0] += m;
            sum[k][1] += m * b->z[q];
            sum[k][2] += m * b->z[q] * b->z[q];
        }
    }
    for (int k = 0; k < b->categories[j]; k++)
        variance += sum[k][0] > 0 ? sum[k][2] - sum[k][1] * sum[k][1] / sum[k][0] : 0;
    return 1 / fmax(variance, 1e-12) - 1 / fmax(psd * psd, 1e-12);
}

/* What the items are chosen by. */
static void weigh(const chooser *c, const int8_t *x, const vrk_cat_step *s)
{
    for (int64_t j = 0; j < c->bank->items; j++) {
        if (x[j] >= 0)
            continue;
        c->info[j] =
            c->o.expected ? narrows(c, j, s->psd) : vrk_irt_information(c->bank, j, s->eap);
        if (c->o.balance > 0 && c->o.area)
            c->info[j] *= exp(c->o.balance * lag_of(c, x, c->o.area[j], s->given));
    }
}

static vrk_status choose(vrk_ctx *ctx, chooser *c, const int8_t *x, int64_t person,
                         vrk_cat_step *out)
{
    vrk_rng r = vrk_rng_of(ctx->seed, (uint64_t)person, CHOICE + (uint32_t)out->given * 64);
    weigh(c, x, out);
    for (;;) {
        int32_t area = due_area(c, x, out->given);
        if (area < 0)
            break;
        int64_t n = best_of(c, x, c->o.balance > 0 ? -1 : area, c->o.among);
        int64_t j = c->order[vrk_rng_below(&r, n)];
        if (c->picked)
            c->picked[j]++;
        if (!c->o.allow || vrk_rng_chance(&r, c->o.allow[j])) {
            out->item = j;
            out->information = vrk_irt_information(c->bank, j, out->eap);
            return VRK_OK;
        }
        c->passed[j] = true; /* for the rest of a played test; vrk_cat_next keeps nothing */
    }
    out->state = VRK_CAT_EMPTY;
    return VRK_OK;
}

static vrk_cat_opt with_defaults(const vrk_cat_opt *opt)
{
    vrk_cat_opt o = opt ? *opt : (vrk_cat_opt){0};
    o.stop_se = o.stop_se > 0 ? o.stop_se : .30;
    o.most = o.most > 0 ? o.most : 25;
    o.among = o.among > 0 ? o.among : 5;
    o.areas = o.areas > 0 ? o.areas : 1;
    return o;
}

static vrk_status begin(vrk_ctx *ctx, const vrk_irt *bank, const vrk_cat_opt *opt, chooser *c)
{
    int64_t n = bank->items;
    *c = (chooser){.bank = bank, .o = with_defaults(opt)};
    c->order = VRK_NEW(&ctx->scratch, n > c->o.among ? n : c->o.among, int64_t);
    c->info = VRK_NEW(&ctx->scratch, n, double);
    c->post = VRK_NEW(&ctx->scratch, bank->points, double);
    c->passed = VRK_NEW(&ctx->scratch, n, bool);
    return ctx->scratch.failed
               ? vrk_fail(ctx, VRK_EMEMORY, "out of memory for %" PRId64 " items", n)
               : VRK_OK;
}

static vrk_status next(vrk_ctx *ctx, chooser *c, const int8_t *x, int64_t person, vrk_cat_step *out)
{
    *out = (vrk_cat_step){.item = -1};
    for (int64_t j = 0; j < c->bank->items; j++)
        out->given += x[j] >= 0;
    if (c->o.expected)
        posterior(c, x, out);
    else
        vrk_irt_eap(c->bank, x, &out->eap, &out->psd);
    if (out->given > 0 && out->psd <= c->o.stop_se)
        out->state = VRK_CAT_PRECISE;
    else if (out->given >= c->o.most)
        out->state = VRK_CAT_LONG;
    else
        return choose(ctx, c, x, person, out);
    return VRK_OK;
}

vrk_status vrk_cat_next(vrk_ctx *ctx, const vrk_irt *bank, const int8_t *x, int64_t person,
                        const vrk_cat_opt *opt, vrk_cat_step *out)
{
    vrk_status st = VRK_OK;
    vrk_mark mark = vrk_mark_of(&ctx->scratch);
    chooser c;
    *out = (vrk_cat_step){.item = -1};
    TRY(begin(ctx, bank, opt, &c));
    TRY(check(ctx, bank, x, &c.o));
    TRY(next(ctx, &c, x, person, out));
done:
    vrk_rewind(&ctx->scratch, mark);
    return st;
}

static vrk_status play(vrk_ctx *ctx, chooser *c, double z, int64_t person, int8_t *x,
                       vrk_cat_step *out)
{
    vrk_status st = VRK_OK;
    double p[VRK_IRT_MOST];
    memset(x, -1, (size_t)c->bank->items);
    memset(c->passed, 0, (size_t)c->bank->items * sizeof(bool));
    for (;;) {
        TRY(next(ctx, c, x, person, out));
        if (out->state != VRK_CAT_ASK)
            break;
        vrk_rng r = vrk_rng_of(ctx->seed, (uint64_t)person, ANSWER + (uint32_t)out->item * 64);
        double u = vrk_rng_uniform(&r);
        int8_t k = 0;
        vrk_irt_probability(c->bank, out->item, z, p);
        while (k < c->bank->categories[out->item] - 1 && (u -= p[k]) > 0)
            k++;
        x[out->item] = k;
    }
done:
    return st;
}

vrk_status vrk_cat_play(vrk_ctx *ctx, const vrk_irt *bank, double z, int64_t person,
                        const vrk_cat_opt *opt, int8_t *x, vrk_cat_step *out)
{
    vrk_status st = VRK_OK;
    vrk_mark mark = vrk_mark_of(&ctx->scratch);
    chooser c;
    *out = (vrk_cat_step){.item = -1};
    memset(x, -1, (size_t)bank->items);
    TRY(begin(ctx, bank, opt, &c));
    TRY(check(ctx, bank, x, &c.o));
    TRY(play(ctx, &c, z, person, x, out));
done:
    vrk_rewind(&ctx->scratch, mark);
    return st;
}

vrk_status vrk_cat_exposure(vrk_ctx *ctx, const vrk_irt *bank, const vrk_cat_opt *opt, double most,
                            int64_t persons, int rounds, double *allow, double *largest)
{
    vrk_status st = VRK_OK;
    vrk_mark mark = vrk_mark_of(&ctx->scratch);
    int64_t n = bank->items;
    chooser c;
    persons = persons > 0 ? persons : 1000;
    rounds = rounds > 0 ? rounds : 20;
    *largest = 1;
    TRY(begin(ctx, bank, opt, &c));
    double *given = VRK_NEW(&ctx->scratch, n, double);
    int8_t *x = VRK_NEW(&ctx->scratch, n, int8_t);
    c.picked = VRK_NEW(&ctx->scratch, n, double);
    if (ctx->scratch.failed || !(most > 0 && most <= 1))
        FAIL(ctx->scratch.failed ? VRK_EMEMORY : VRK_EINPUT,
             "%" PRId64 " items, each for at most %g of persons", n, most);
    for (int64_t j = 0; j < n; j++)
        allow[j] = 1;
    c.o.allow = allow;
    for (int i = 0; i<rounds && * largest> most + .02; i++) {
        memset(given, 0, (size_t)n * sizeof(double));
        memset(c.picked, 0, (size_t)n * sizeof(double));
        for (int64_t k = 0; k < persons; k++) {
            vrk_rng r = vrk_rng_of(ctx->seed, (uint64_t)k, TRAIT + (uint32_t)i);
            vrk_cat_step s;
            TRY(vrk_tick(ctx, "exposure of items", i * persons + k, rounds * persons));
            TRY(play(ctx, &c, vrk_rng_normal(&r), k + i * persons, x, &s));
            for (int64_t j = 0; j < n; j++)
                given[j] += x[j] >= 0;
        }
        *largest = 0;
        for (int64_t j = 0; j < n; j++)
            *largest = fmax(*largest, given[j] / (double)persons);
        for (int64_t j = 0; j<n && * largest> most + .02 && i + 1 < rounds; j++)
            allow[j] = fmin(1, most * (double)persons / fmax(c.picked[j], 1));
    }
done:
    vrk_rewind(&ctx->scratch, mark);
    return st;
}
