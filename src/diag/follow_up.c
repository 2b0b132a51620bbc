#include "diag/follow_up.h"

#include "base/str.h"
#include "diag/rows.h"
#include "stat/did.h"

#include <math.h>
#include <string.h>

enum {
    WINDOW = 26 * 7, /* [day] before and after */
    DIP = 4 * 7,     /* before the start: who is chosen for a bad month is not compared with it */
    LENGTH = 4 * 7,  /* of an intervention whose end is not told */
    LEAST = 8 * 7,   /* of a window */
    UNITS_MOST = 20000,
    MOMENTS = 6
};

/* Sellers, or teams where the intervention was a team's. */
typedef struct {
    int64_t n;
    int64_t *of; /* [sellers] the unit; -1 = none */
} units;

typedef struct {
    vrk_ctx *ctx;
    vrk_frame rows, weeks, sellers;
    const int64_t *moment, *seller_key, *from, *to;    /* [rows] */
    const int64_t *at_moment, *at_seller, *monday;     /* [weeks] */
    const int64_t *occasions, *done, *known, *success; /* [weeks] */
    int64_t
        *begin;    /* [MOMENTS x (sellers + 1)] where a seller's weeks at a moment begin, and end */
    int64_t *unit; /* [rows] who was treated; -1 = everyone, or one that is not in the data */
    int64_t first_day, last_day;
    units one, team;
    vrk_follow_ups *out;
} following;

/* One unit around one start. */
typedef struct {
    double n[2], hits[2]; /* before, after */
} around;

typedef struct {
    int64_t n, room;
    double *y;        /* [2 x room]: less the mean of the controls of the same start */
    double *x;        /* [room] share before, less the same; */
    int64_t *first;   /* [room] */
    int64_t *cluster; /* [room] */
    double noise;     /* sum over controls of the variance that so few occasions give */
} stack;

static const int64_t *ints(const vrk_frame *f, const char *name)
{
    return vrk_frame_column(f, name)->i;
}

static int64_t seller_index(const following *w, int64_t key)
{
    const int64_t *keys = ints(&w->sellers, "seller_key");
    int64_t low = 0, high = w->sellers.rows;
    while (low < high) {
        int64_t middle = low + (high - low) / 2;
        if (keys[middle] == key)
            return middle;
        if (keys[middle] < key)
            low = middle + 1;
        else
            high = middle;
    }
    return -1;
}

static int64_t team_index(const following *w, const char *team)
{
    for (int64_t s = 0; *team && s < w->sellers.rows; s++) {
        if (!strcmp(vrk_row_text(&w->sellers, "team_id", s), team))
            return w->team.of[s];
    }
    return -1;
}

/* Numbers the teams in the order of their first seller. */
static vrk_status number_units(following *w)
{
    vrk_ctx *ctx = w->ctx;
    vrk_status st = VRK_OK;
    int64_t n = w->sellers.rows;
    w->one = (units){n, VRK_NEW(&ctx->scratch, n, int64_t)};
    w->team = (units){0, VRK_NEW(&ctx->scratch, n, int64_t)};
    int64_t *first = VRK_NEW(&ctx->scratch, n, int64_t);
    if (ctx->scratch.failed)
        FAIL(VRK_EMEMORY, "out of memory for the follow-up");
    for (int64_t s = 0; s < n; s++) {
        const char *team = vrk_row_text(&w->sellers, "team_id", s);
        int64_t t = 0;
        while (t < w->team.n && strcmp(vrk_row_text(&w->sellers, "team_id", first[t]), team) != 0)
            t++;
        if (*team && t == w->team.n)
            first[w->team.n++] = s;
        w->one.of[s] = s;
        w->team.of[s] = *team ? t : -1;
    }
done:
    return st;
}

static bool by_team(const following *w, int64_t row)
{
    return !w->seller_key[row];
}

/* Where each seller's weeks are, the first of all weeks, and who was treated. */
static vrk_status find_rows(following *w)
{
    vrk_ctx *ctx = w->ctx;
    vrk_status st = VRK_OK;
    int64_t sellers = w->sellers.rows, at = 0;
    const int64_t *key = ints(&w->sellers, "seller_key");
    w->begin = VRK_NEW(&ctx->scratch, MOMENTS * (sellers + 1), int64_t);
    w->unit = VRK_NEW(&ctx->scratch, w->rows.rows, int64_t);
    if (ctx->scratch.failed)
        FAIL(VRK_EMEMORY, "out of memory for the follow-up");
    w->first_day = INT64_MAX;
    for (int64_t i = 0; i < w->weeks.rows; i++)
        w->first_day = w->monday[i] < w->first_day ? w->monday[i] : w->first_day;
    for (int64_t m = 0; m < MOMENTS; m++) {
        for (int64_t s = 0; s <= sellers; s++) {
            while (at < w->weeks.rows &&
                   (w->at_moment[at] < m ||
                    (w->at_moment[at] == m && (s == sellers || w->at_seller[at] < key[s]))))
                at++;
            w->begin[m * (sellers + 1) + s] = at;
        }
    }
    for (int64_t r = 0; r < w->rows.rows; r++)
        w->unit[r] = by_team(w, r) ? team_index(w, vrk_row_text(&w->rows, "team_id", r))
                                   : seller_index(w, w->seller_key[r]);
done:
    return st;
}

static vrk_status read(following *w, vrk_facts *facts)
{
    vrk_ctx *ctx = w->ctx;
    vrk_status st = VRK_OK;
    TRY(vrk_rows(ctx, facts, VRK_SQL_FOLLOW_UP_ROWS, &w->rows));
    if (!w->rows.rows)
        goto done;
    TRY(vrk_rows(ctx, facts, VRK_SQL_FOLLOW_UP_WEEKS, &w->weeks));
    TRY(vrk_rows(ctx, facts, VRK_SQL_SELLER_LIST, &w->sellers));
    TRY(number_units(w));
    w->moment = ints(&w->rows, "moment");
    w->seller_key = ints(&w->rows, "seller_key");
    w->from = ints(&w->rows, "from_day");
    w->to = ints(&w->rows, "to_day");
    w->at_moment = ints(&w->weeks, "moment");
    w->at_seller = ints(&w->weeks, "seller_key");
    w->monday = ints(&w->weeks, "monday");
    w->occasions = ints(&w->weeks, "occasions");
    w->done = ints(&w->weeks, "done");
    w->known = ints(&w->weeks, "known");
    w->success = ints(&w->weeks, "success");
    TRY(find_rows(w));
done:
    return st;
}

static int64_t after_from(const following *w, int64_t row)
{
    return w->to[row] >= w->from[row] ? w->to[row] + 1 : w->from[row] + LENGTH;
}

static bool is_drawn(const following *w, int64_t row, int64_t step, int64_t unit)
{
    return unit == w->unit[row] || (unit >= 0 && unit % step == row % step);
}

/* Sums the weeks before and after the start of every unit that is drawn; `unit` [n] is cleared
 * first. */
static void sum_around(const following *w, int64_t row, const units *u, int64_t step, bool doing,
                       around *unit)
{
    const int64_t *begin = w->begin + w->moment[row] * (w->sellers.rows + 1);
    const int64_t *key = ints(&w->sellers, "seller_key");
    int64_t before = w->from[row] - DIP, after = after_from(w, row);
    memset(unit, 0, (size_t)u->n * sizeof(*unit));
    for (int64_t s = 0; s < w->sellers.rows; s++) {
        int64_t k = u->of[s];
        if (k < 0 || !is_drawn(w, row, step, k))
            continue;
        for (int64_t i = begin[s]; i < begin[s + 1]; i++) {
            int64_t day = w->monday[i];
            bool is_before = day >= before - WINDOW && day + 6 < before;
            if (w->at_seller[i] != key[s] || !(is_before || (day >= after && day < after + WINDOW)))
                continue;
            unit[k].n[!is_before] += (double)(doing ? w->occasions[i] : w->known[i]);
            unit[k].hits[!is_before] += (double)(doing ? w->done[i] : w->success[i]);
        }
    }
}

/* Marks the units for which, or for whose team, something was done about the same moment in these
 * weeks; `touched` [n] is cleared first. */
static void mark_touched(const following *w, int64_t row, const units *u, bool *touched)
{
    bool team = by_team(w, row);
    memset(touched, 0, (size_t)u->n * sizeof(*touched));
    for (int64_t r = 0; r < w->rows.rows; r++) {
        int64_t other = w->unit[r];
        if (other < 0 || w->moment[r] != w->moment[row] ||
            w->from[r] < w->from[row] - DIP - WINDOW || w->from[r] > after_from(w, row) + WINDOW)
            continue;
        if (by_team(w, r) == team)
            touched[other] = true;
        for (int64_t s = 0; by_team(w, r) && !team && s < u->n; s++)
            touched[s] |= w->team.of[s] == other;
    }
}

static bool is_enough(const around *a)
{
    return a->n[0] >= VRK_FOLLOW_OCCASIONS && a->n[1] >= VRK_FOLLOW_OCCASIONS;
}

static double share(const around *a, int k)
{
    return a->hits[k] / a->n[k];
}

static vrk_follow_code windows(const following *w, int64_t row)
{
    if (!w->moment[row] || w->begin[w->moment[row] * (w->sellers.rows + 1)] ==
                               w->begin[(w->moment[row] + 1) * (w->sellers.rows + 1) - 1])
        return VRK_FOLLOW_NO_MOMENT;
    if (w->unit[row] < 0)
        return VRK_FOLLOW_FOR_EVERYONE;
    if (w->from[row] - DIP - w->first_day < LEAST)
        return VRK_FOLLOW_FEW_BEFORE;
    if (w->last_day - after_from(w, row) < LEAST)
        return VRK_FOLLOW_TOO_EARLY;
    return VRK_FOLLOWED;
}

static void push(stack *s, const around *a, const double *mean, bool treated, int64_t cluster)
{
    s->y[s->n] = share(a, 0) - mean[0];
    s->y[s->room + s->n] = share(a, 1) - mean[1];
    s->x[s->n] = share(a, 0) - mean[0];
    s->first[s->n] = treated ? 1 : -1;
    s->cluster[s->n++] = cluster;
    if (!treated)
        s->noise += mean[0] * (1 - mean[0]) / a->n[0];
}

/* One start: its unit and those it is compared with, less the mean of these. */
static vrk_follow_code add_start(following *w, int64_t row, const units *u, int64_t step,
                                 around *unit, bool *control, stack *s, vrk_follow *f)
{
    vrk_follow_code code = windows(w, row);
    int64_t own = w->unit[row], controls = 0;
    double mean[2] = {0, 0};
    if (code != VRK_FOLLOWED)
        return code;
    sum_around(w, row, u, step, f->doing, unit);
    if (!is_enough(&unit[own]))
        return unit[own].n[0] < VRK_FOLLOW_OCCASIONS ? VRK_FOLLOW_FEW_BEFORE : VRK_FOLLOW_TOO_EARLY;
    mark_touched(w, row, u, control);
    for (int64_t k = 0; k < u->n; k++) {
        control[k] = !control[k] && is_drawn(w, row, step, k) && k != own && is_enough(&unit[k]);
        controls += control[k];
        for (int j = 0; j < 2 && control[k]; j++)
            mean[j] += share(&unit[k], j);
    }
    if (controls < VRK_FOLLOW_CONTROLS)
        return VRK_FOLLOW_FEW_CONTROLS;
    for (int j = 0; j < 2; j++)
        mean[j] /= (double)controls;
    push(s, &unit[own], mean, true, own);
    for (int64_t k = 0; k < u->n; k++) {
        if (control[k])
            push(s, &unit[k], mean, false, k);
    }
    f->treated++;
    f->occasions_before += (int64_t)unit[own].n[0];
    f->occasions_after += (int64_t)unit[own].n[1];
    f->before += share(&unit[own], 0);
    f->after += share(&unit[own], 1);
    f->control_before += mean[0];
    f->control_after += mean[1];
    return VRK_FOLLOWED;
}

/* The spread of changes among controls: what one treated unit would vary by. */
static double spread_of(const stack *s, double *before)
{
    double change = 0, own = 0, n = 0;
    for (int64_t i = 0; i < s->n; i++) {
        double d = s->y[s->room + i] - s->y[i];
        if (s->first[i] >= 0)
            continue;
        change += d * d;
        own += s->x[i] * s->x[i];
        n++;
    }
    *before = own / n;
    return sqrt(change / n);
}

/* With one treated unit every dealing out can be looked at: its place among the others. */
static double place_of(const stack *s, double effect)
{
    int64_t far = 0, n = 0;
    for (int64_t i = 0; i < s->n; i++) {
        if (s->first[i] >= 0)
            continue;
        far += fabs(s->y[s->room + i] - s->y[i]) >= fabs(effect) * (1 - 1e-12);
        n++;
    }
    return (double)(1 + far) / (double)(1 + n);
}

static vrk_status compare(following *w, stack *s, vrk_follow *f)
{
    vrk_ctx *ctx = w->ctx;
    vrk_status st = VRK_OK;
    vrk_did fit = {0};
    double n = (double)f->treated, variance = 0, gap = 0;
    double spread = spread_of(s, &variance);

    f->before /= n;
    f->after /= n;
    f->control_before /= n;
    f->control_after /= n;
    gap = f->before - f->control_before;
    f->effect = f->after - f->control_after - gap;
    f->se = spread * sqrt(1 / n + 1 / (double)f->controls);
    f->reliability =
        variance > 0 ? fmax(0, 1 - s->noise / (double)(s->n - f->treated) / variance) : 0;
    f->by_itself = vrk_regression_to_mean(gap, 0, f->reliability);
    if (f->treated == 1) {
        f->p = place_of(s, f->effect);
        goto done;
    }
    for (int64_t i = 0; i < s->n; i++) /* the second period follows the first at once */
        s->y[s->n + i] = s->y[s->room + i];
    vrk_did_data data = {
        .n = s->n, .periods = 2, .y = s->y, .first = s->first, .cluster = s->cluster};
    TRY(vrk_did_fit(ctx, &data, &(vrk_did_opt){.draws = 1, .permutations = VRK_FOLLOW_PERMUTATIONS},
                    &fit));
    f->effect = fit.simple.effect;
    f->se = fmax(f->se, fit.simple.se);
    f->p = fit.p_permuted;
done:
    vrk_did_free(&fit);
    return st;
}

/* Evaluates the interventions that `in` [rows] marks; all of one kind, moment and level. */
static vrk_status evaluate(following *w, const bool *in, vrk_follow *f)
{
    vrk_ctx *ctx = w->ctx;
    vrk_status st = VRK_OK;
    vrk_mark mark = vrk_mark_of(&ctx->scratch);
    int64_t one = 0;
    while (!in[one])
        one++;
    const units *u = by_team(w, one) ? &w->team : &w->one;
    for (int64_t r = 0; r < w->rows.rows; r++)
        f->rows += in[r];
    int64_t most = UNITS_MOST / f->rows < 200 ? 200 : UNITS_MOST / f->rows;
    int64_t step = u->n / most + 1, room = f->rows * (u->n / step + 2);
    stack s = {.room = room,
               .y = VRK_NEW(&ctx->scratch, 2 * room, double),
               .x = VRK_NEW(&ctx->scratch, room, double),
               .first = VRK_NEW(&ctx->scratch, room, int64_t),
               .cluster = VRK_NEW(&ctx->scratch, room, int64_t)};
    around *unit = VRK_NEW(&ctx->scratch, u->n, around);
    bool *control = VRK_NEW(&ctx->scratch, u->n, bool);
    if (ctx->scratch.failed)
        FAIL(VRK_EMEMORY, "out of memory for the follow-up");
    f->effect = f->se = f->p = f->reliability = f->by_itself = nan("");
    f->code = VRK_FOLLOWED;
    for (int64_t r = 0; r < w->rows.rows; r++) {
        vrk_follow_code code =
            in[r] ? add_start(w, r, u, step, unit, control, &s, f) : VRK_FOLLOWED;
        f->code = code != VRK_FOLLOWED && !f->treated ? code : f->code;
    }
    if (f->treated) {
        f->code = VRK_FOLLOWED;
        memset(control, 0, (size_t)u->n * sizeof(*control));
        for (int64_t i = 0; i < s.n; i++) { /* one may be compared with several */
            f->controls += s.first[i] < 0 && !control[s.cluster[i]];
            control[s.cluster[i]] |= s.first[i] < 0;
        }
        TRY(compare(w, &s, f));
    }
done:
    vrk_rewind(&ctx->scratch, mark);
    return st;
}

static bool same_measure(const following *w, int64_t a, int64_t b)
{
    return w->moment[a] == w->moment[b] && by_team(w, a) == by_team(w, b) &&
           !strcmp(vrk_row_text(&w->rows, "kind", a), vrk_row_text(&w->rows, "kind", b));
}

/* The team of the row, or of its seller; "" = none. */
static const char *team_of(const following *w, int64_t row)
{
    int64_t s = by_team(w, row) ? -1 : seller_index(w, w->seller_key[row]);
    return by_team(w, row) ? vrk_row_text(&w->rows, "team_id", row)
           : s >= 0        ? vrk_row_text(&w->sellers, "team_id", s)
                           : "";
}

/* Both outcomes of the marked rows; `only` is the one row, -1 = all of a kind. Of a deal's start
 * only whether it was qualified: how that goes, later moments decide. */
static vrk_status follow(following *w, const bool *in, int64_t first, int64_t only,
                         const char *team)
{
    vrk_ctx *ctx = w->ctx;
    vrk_status st = VRK_OK;
    vrk_follow_ups *out = w->out;
    for (int doing = 1; doing >= 0; doing--) {
        if (!doing && (w->moment[first] == 0 || w->moment[first] == 2))
            continue;
        vrk_follow *f = &out->row[out->n++];
        *f = (vrk_follow){.intervention = only,
                          .kind = vrk_text_copy(&out->mem, vrk_row_text(&w->rows, "kind", first)),
                          .team = vrk_text_copy(&out->mem, team),
                          .moment = w->moment[first],
                          .doing = doing,
                          .from = w->from[first]};
        TRY(evaluate(w, in, f));
        TRY(vrk_tick(ctx, "did it work", out->n, 6 * w->rows.rows));
    }
done:
    return st;
}

/* Marks what is of one kind at one moment with row `r`, of its team alone where `team`; true where
 * they are several and r is the first of them. */
static bool mark_alike(const following *w, int64_t r, bool team, bool *in)
{
    int64_t same = 0;
    bool first = true;
    for (int64_t k = 0; k < w->rows.rows; k++) {
        in[k] = same_measure(w, r, k) && (!team || !strcmp(team_of(w, r), team_of(w, k)));
        same += in[k];
        first &= !(in[k] && k < r);
    }
    return first && same > 1;
}

/* Whether all that is of the kind at the moment is of one team. */
static bool one_team(const following *w, int64_t r)
{
    for (int64_t k = 0; k < w->rows.rows; k++) {
        if (same_measure(w, r, k) && strcmp(team_of(w, r), team_of(w, k)) != 0)
            return false;
    }
    return true;
}

/* First all of a kind together, then the same team by team where sellers had it, then each. */
static vrk_status follow_all(following *w)
{
    vrk_ctx *ctx = w->ctx;
    vrk_status st = VRK_OK;
    vrk_follow_ups *out = w->out;
    int64_t n = w->rows.rows;
    bool *in = VRK_NEW(&ctx->scratch, n, bool);

    out->interventions = n;
    out->id = VRK_NEW(&out->mem, n, const char *);
    out->row = VRK_NEW(&out->mem, 6 * n, vrk_follow);
    if (ctx->scratch.failed || out->mem.failed)
        FAIL(VRK_EMEMORY, "out of memory for the follow-up");
    for (int64_t r = 0; r < n; r++) {
        out->id[r] = vrk_text_copy(&out->mem, vrk_row_text(&w->rows, "intervention_id", r));
        if (mark_alike(w, r, false, in))
            TRY(follow(w, in, r, -1, one_team(w, r) ? team_of(w, r) : ""));
    }
    for (int64_t r = 0; r < n; r++) {
        if (!by_team(w, r) && *team_of(w, r) && !one_team(w, r) && mark_alike(w, r, true, in))
            TRY(follow(w, in, r, -1, team_of(w, r)));
    }
    for (int64_t r = 0; r < n; r++) {
        memset(in, 0, (size_t)n * sizeof(*in));
        in[r] = true;
        TRY(follow(w, in, r, r, team_of(w, r)));
    }
    if (out->mem.failed)
        FAIL(VRK_EMEMORY, "out of memory for the follow-up");
done:
    return st;
}

vrk_status vrk_follow_up_make(vrk_ctx *ctx, vrk_facts *facts, int64_t as_of_s, vrk_follow_ups *out)
{
    vrk_status st = VRK_OK;
    vrk_mark mark = vrk_mark_of(&ctx->scratch);
    following w = {.ctx = ctx, .out = out, .last_day = as_of_s / 86400};

    *out = (vrk_follow_ups){.mem.limit = ctx->scratch.limit};
    TRY(read(&w, facts));
    if (w.rows.rows)
        TRY(follow_all(&w));
done:
    vrk_frame_free(&w.rows);
    vrk_frame_free(&w.weeks);
    vrk_frame_free(&w.sellers);
    vrk_rewind(&ctx->scratch, mark);
    if (st != VRK_OK)
        vrk_follow_up_free(out);
    return st;
}

void vrk_follow_up_free(vrk_follow_ups *f)
{
    vrk_arena_free(&f->mem);
    *f = (vrk_follow_ups){0};
}

void vrk_follow_up_answer(const vrk_follow_ups *f, vrk_answer *answer)
{
    int64_t evaluated = 0, several = 0;
    if (answer->status == VRK_CANNOT)
        return;
    for (int64_t i = 0; i < f->n; i++) {
        evaluated += f->row[i].code == VRK_FOLLOWED;
        several += f->row[i].code == VRK_FOLLOWED && f->row[i].treated > 1;
    }
    if (!several && answer->reasons < VRK_REASONS)
        answer->reason[answer->reasons++] =
            (vrk_reason){.code = VRK_WHY_SINGLE_INTERVENTIONS, .weeks = nan("")};
    answer->status = several ? answer->status : evaluated ? VRK_WEAK : VRK_CANNOT;
}

const char *vrk_follow_code_name(vrk_follow_code code)
{
    static const char *const name[VRK_FOLLOW_CODES] = {"",           "no_moment", "for_everyone",
                                                       "few_before", "too_early", "few_controls"};
    return name[code];
}
