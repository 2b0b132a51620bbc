/* Where open deals go: rates of moves and ends from the ledger's visits, and what follows. */
#include "diag/open_parts.h"

#include "base/str.h"
#include "diag/rows.h"
#include "stat/glmm.h"

#include <math.h>
#include <string.h>

#define ALIVE_LEAST                                                                                \
    0.05 /* share of the living below which it is not told well enough to divide                   \
          */
enum { SOURCES = 3, TERMS = 6, DAY_S = 86400 };
static const char *const cause_column[VRK_OPEN_CAUSES] = {"onward", "back", "won", "lost"};

int64_t vrk_open_level(const char *const *name, int64_t n, const char *text)
{
    for (int64_t i = 0; i < n; i++) {
        if (!strcmp(name[i], text))
            return i;
    }
    return -1;
}

/* The different texts of a column, in the order they come. */
static const char **levels_of(const vrk_frame *f, const char *column, vrk_arena *mem, int64_t *n)
{
    const char **name = VRK_NEW(mem, f->rows + 1, const char *);
    *n = 0;
    for (int64_t i = 0; name && i < f->rows; i++) {
        const char *text = vrk_row_text(f, column, i);
        if (vrk_open_level(name, *n, text) < 0)
            name[(*n)++] = vrk_text_copy(mem, text);
    }
    return name;
}

/* Where each term's levels begin among a cause's rates; the last is how many there are. */
typedef struct {
    int64_t at[TERMS + 1];
} places;

static places places_of(const vrk_open_model *m)
{
    int64_t count[TERMS] = {m->stages * VRK_OPEN_BANDS, m->stages * m->complexities,
                            m->stages * m->structures,  m->segments,
                            m->stages * SOURCES,        m->stages};
    places p = {{0}};
    for (int k = 0; k < TERMS; k++)
        p.at[k + 1] = p.at[k] + count[k];
    return p;
}

/* A deal's level of each term; -1 = not known, so of no effect. */
static void levels_at(const vrk_open_model *m, vrk_open_kind kind, int64_t stage, int64_t band,
                      int32_t *level)
{
    level[0] = (int32_t)(stage * VRK_OPEN_BANDS + band);
    level[1] = (int32_t)(kind.complexity < 0 ? -1 : stage * m->complexities + kind.complexity);
    level[2] = (int32_t)(kind.structure < 0 ? -1 : stage * m->structures + kind.structure);
    level[3] = (int32_t)kind.segment;
    level[4] = (int32_t)(kind.source < 0 ? -1 : stage * SOURCES + kind.source);
    level[5] = (int32_t)stage;
}

typedef struct {
    int64_t n;
    double *x, *exposure, *events; /* events [n x causes] */
    int32_t *level;                /* [n x terms] */
} cells;

static void fill_cells(const vrk_open_model *m, const vrk_frame *f, cells *c)
{
    for (int64_t i = 0; i < f->rows; i++) {
        int64_t stage = vrk_row_int(f, "stage", i);
        int32_t level[TERMS];
        vrk_open_kind kind = {
            vrk_open_level(m->complexity, m->complexities, vrk_row_text(f, "complexity", i)),
            vrk_open_level(m->structure, m->structures, vrk_row_text(f, "decision_structure", i)),
            vrk_open_level(m->segment, m->segments, vrk_row_text(f, "segment", i)),
            vrk_row_int(f, "source", i)};
        levels_at(m, kind, stage, vrk_row_int(f, "band", i), level);
        for (int k = 0; k < TERMS; k++)
            c->level[k * f->rows + i] = level[k];
        c->x[i] = 1;
        c->exposure[i] = (double)vrk_row_int(f, "exposure_s", i) / DAY_S;
        for (int k = 0; k < VRK_OPEN_CAUSES; k++)
            c->events[k * f->rows + i] = (double)vrk_row_int(f, cause_column[k], i);
    }
}

/* Log rates of one cause: mean, then each term's levels. A cause that never comes has none. */
static vrk_status fit_cause(vrk_ctx *ctx, const vrk_open_model *m, const cells *c, int cause,
                            double *rate)
{
    vrk_status st = VRK_OK;
    places at = places_of(m);
    vrk_glmm fit = {0};
    vrk_glmm_term term[TERMS];
    double events = 0;

    rate[0] = -HUGE_VAL;
    for (int64_t i = 0; i < c->n; i++)
        events += c->events[cause * c->n + i];
    if (events <= 0)
        goto done;
    for (int k = 0; k < TERMS; k++)
        term[k] = (vrk_glmm_term){.levels = at.at[k + 1] - at.at[k], .level = c->level + k * c->n};
    vrk_glmm_data data = {.n = c->n,
                          .p = 1,
                          .x = c->x,
                          .y = c->events + cause * c->n,
                          .size = c->exposure,
                          .terms = TERMS,
                          .term = term};
    TRY(vrk_glmm_fit(ctx, &data,
                     &(vrk_glmm_opt){.family = VRK_GLMM_POISSON, .rate = 1, .quick = true}, &fit));
    rate[0] = fit.beta[0];
    for (int k = 0; k < TERMS; k++)
        memcpy(rate + 1 + at.at[k], fit.term[k].mode,
               (size_t)(at.at[k + 1] - at.at[k]) * sizeof(double));
done:
    vrk_glmm_free(&fit);
    return st;
}

static vrk_status fit_rates(vrk_ctx *ctx, vrk_facts *facts, vrk_open_model *m)
{
    vrk_status st = VRK_OK;
    vrk_frame f = {0};
    cells c = {0};

    TRY(vrk_rows(ctx, facts, VRK_SQL_OPEN_RATES, &f));
    for (int64_t i = 0; i < f.rows; i++) {
        int64_t stage = vrk_row_int(&f, "stage", i);
        m->stages = stage >= m->stages ? stage + 1 : m->stages;
    }
    m->complexity = levels_of(&f, "complexity", &m->mem, &m->complexities);
    m->structure = levels_of(&f, "decision_structure", &m->mem, &m->structures);
    m->segment = levels_of(&f, "segment", &m->mem, &m->segments);
    int64_t width = 1 + places_of(m).at[TERMS];
    m->rate = VRK_NEW(&m->mem, VRK_OPEN_CAUSES * width, double);
    c = (cells){.n = f.rows,
                .x = VRK_NEW(&ctx->scratch, f.rows, double),
                .exposure = VRK_NEW(&ctx->scratch, f.rows, double),
                .events = VRK_NEW(&ctx->scratch, f.rows * VRK_OPEN_CAUSES, double),
                .level = VRK_NEW(&ctx->scratch, f.rows * TERMS, int32_t)};
    if (m->mem.failed || ctx->scratch.failed)
        FAIL(VRK_EMEMORY, "out of memory for the rates of open deals");
    fill_cells(m, &f, &c);
    for (int k = 0; k < VRK_OPEN_CAUSES; k++)
        TRY(fit_cause(ctx, m, &c, k, m->rate + k * width));
done:
    vrk_frame_free(&f);
    return st;
}

static vrk_status read_moves(vrk_ctx *ctx, vrk_facts *facts, vrk_open_model *m)
{
    vrk_status st = VRK_OK;
    vrk_frame f = {0};
    m->onward = VRK_NEW(&m->mem, m->stages * m->stages, double);
    m->back = VRK_NEW(&m->mem, m->stages * m->stages, double);
    if (m->mem.failed)
        FAIL(VRK_EMEMORY, "out of memory for the moves of deals");
    TRY(vrk_rows(ctx, facts, VRK_SQL_OPEN_MOVES, &f));
    for (int64_t i = 0; i < f.rows; i++) {
        int64_t from = vrk_row_int(&f, "stage", i), to = vrk_row_int(&f, "to_stage", i);
        double *share = vrk_row_int(&f, "onward", i) ? m->onward : m->back;
        if (from < m->stages && to < m->stages)
            share[from * m->stages + to] += (double)vrk_row_int(&f, "n", i);
    }
    for (int64_t r = 0; r < 2 * m->stages; r++) {
        double *row = (r < m->stages ? m->onward : m->back) + r % m->stages * m->stages, all = 0;
        for (int64_t j = 0; j < m->stages; j++)
            all += row[j];
        for (int64_t j = 0; j < m->stages && all > 0; j++)
            row[j] /= all;
    }
done:
    vrk_frame_free(&f);
    return st;
}

static vrk_status read_hours(vrk_ctx *ctx, vrk_facts *facts, vrk_open_model *m)
{
    vrk_status st = VRK_OK;
    vrk_frame f = {0};
    double worked = 0;
    m->hours = VRK_NEW(&m->mem, m->stages, double);
    if (m->mem.failed)
        FAIL(VRK_EMEMORY, "out of memory for the hours of deals");
    TRY(vrk_rows(ctx, facts, VRK_SQL_OPEN_HOURS, &f));
    for (int64_t i = 0; i < f.rows; i++) {
        int64_t stage = vrk_row_int(&f, "stage", i);
        double stood = (double)vrk_row_int(&f, "exposure_s", i) / DAY_S;
        worked += (double)vrk_row_int(&f, "worked_s", i);
        if (stage < m->stages && stood > 0)
            m->hours[stage] = (double)vrk_row_int(&f, "worked_s", i) / 3600 / stood;
    }
    for (int64_t i = 0; i < m->stages && worked <= 0; i++)
        m->hours[i] = nan("");
done:
    vrk_frame_free(&f);
    return st;
}

static vrk_status fit_life(vrk_ctx *ctx, vrk_facts *facts, vrk_open_model *m)
{
    vrk_status st = VRK_OK;
    vrk_frame f = {0};
    int64_t n = 0;

    TRY(vrk_rows(ctx, facts, VRK_SQL_OPEN_SILENCES, &f));
    vrk_silence *row = VRK_NEW(&ctx->scratch, f.rows, vrk_silence);
    m->life = VRK_NEW(&m->mem, m->stages * m->complexities, vrk_open_life);
    if (m->mem.failed || ctx->scratch.failed)
        FAIL(VRK_EMEMORY, "out of memory for how long deals live");
    for (int64_t i = 0; i < f.rows; i++) {
        int64_t stage = vrk_row_int(&f, "stage", i);
        int64_t level =
            vrk_open_level(m->complexity, m->complexities, vrk_row_text(&f, "complexity", i));
        if (stage < m->stages && level >= 0)
            row[n++] = (vrk_silence){.stage = stage,
                                     .level = level,
                                     .age = (double)vrk_row_int(&f, "age_day", i),
                                     .days = (double)vrk_row_int(&f, "days", i),
                                     .ended = vrk_row_int(&f, "ended", i),
                                     .n = (double)vrk_row_int(&f, "n", i),
                                     .total = (double)vrk_row_int(&f, "total_s", i) / DAY_S};
    }
    TRY(vrk_open_life_fit(ctx, n, row, m->stages, m->complexities, m->life));
done:
    vrk_frame_free(&f);
    return st;
}

vrk_status vrk_open_model_fit(vrk_ctx *ctx, vrk_facts *facts, bool told, vrk_open_model *out)
{
    vrk_status st = VRK_OK;
    vrk_mark mark = vrk_mark_of(&ctx->scratch);
    *out = (vrk_open_model){.told = told, .mem.limit = ctx->scratch.limit};
    TRY(fit_rates(ctx, facts, out));
    TRY(read_moves(ctx, facts, out));
    TRY(read_hours(ctx, facts, out));
    if (told)
        TRY(fit_life(ctx, facts, out));
done:
    vrk_rewind(&ctx->scratch, mark);
    if (st != VRK_OK)
        vrk_open_model_free(out);
    return st;
}

void vrk_open_model_free(vrk_open_model *m)
{
    vrk_arena_free(&m->mem);
    *m = (vrk_open_model){0};
}

/* Rates of the causes in one band of a stage [1/day], and their sum. */
typedef struct {
    double cause[VRK_OPEN_CAUSES], all;
} band_rates;

static band_rates rates_at(const vrk_open_model *m, vrk_open_kind kind, int64_t stage, int band)
{
    places at = places_of(m);
    int64_t width = 1 + at.at[TERMS];
    int32_t level[TERMS];
    band_rates r = {.all = 0};
    levels_at(m, kind, stage, band, level);
    for (int c = 0; c < VRK_OPEN_CAUSES; c++) {
        const double *rate = m->rate + c * width;
        double log_rate = rate[0];
        for (int k = 0; k < TERMS; k++)
            log_rate += level[k] < 0 ? 0 : rate[1 + at.at[k] + level[k]];
        r.cause[c] = exp(log_rate);
        r.all += r.cause[c];
    }
    return r;
}

/* What happens in the stage from an age on, to deals of which nothing more is known. */
typedef struct {
    double cause[VRK_OPEN_CAUSES], days; /* days: of the first year */
} passage;

static passage pass(const vrk_open_model *m, vrk_open_kind kind, int64_t stage, double age)
{
    passage p = {.days = 0};
    double stay = 1;
    for (int k = 0; k < VRK_OPEN_BANDS; k++) {
        double from = fmax(age, vrk_open_band_from[k]), length = vrk_open_band_from[k + 1] - from;
        if (length <= 0)
            continue;
        band_rates r = rates_at(m, kind, stage, k);
        if (r.all <= 0)
            continue;
        double ends = -expm1(-r.all * length);
        for (int c = 0; c < VRK_OPEN_CAUSES; c++)
            p.cause[c] += stay * r.cause[c] / r.all * ends;
        p.days += stay * -expm1(-r.all * fmin(length, 365)) / r.all;
        stay *= 1 - ends;
    }
    return p;
}

/* The value of what comes after: `now` is paid in the stage, then moves lead on. */
static double after(const vrk_open_model *m, int64_t stage, const passage *p, const double *value)
{
    const double *onward = m->onward + stage * m->stages, *back = m->back + stage * m->stages;
    double sum = 0;
    for (int64_t j = 0; j < m->stages; j++)
        sum +=
            (p->cause[VRK_OPEN_ONWARD] * onward[j] + p->cause[VRK_OPEN_BACK] * back[j]) * value[j];
    return sum;
}

vrk_status vrk_open_chance_of(vrk_ctx *ctx, const vrk_open_model *m, vrk_open_kind kind,
                              int64_t stage, double age, vrk_open_chance *out)
{
    enum { ROUNDS = 60 };
    vrk_status st = VRK_OK;
    vrk_mark mark = vrk_mark_of(&ctx->scratch);
    passage *fresh = VRK_NEW(&ctx->scratch, m->stages, passage);
    double *win = VRK_NEW(&ctx->scratch, m->stages, double);
    double *hours = VRK_NEW(&ctx->scratch, m->stages, double);

    if (ctx->scratch.failed)
        FAIL(VRK_EMEMORY, "out of memory for the chances of a deal");
    for (int64_t r = 0; r < m->stages; r++)
        fresh[r] = pass(m, kind, r, 0);
    for (int round = 0; round < ROUNDS; round++) {
        for (int64_t r = m->stages - 1; r >= 0; r--) {
            win[r] = fresh[r].cause[VRK_OPEN_WON] + after(m, r, &fresh[r], win);
            hours[r] = fresh[r].days * m->hours[r] + after(m, r, &fresh[r], hours);
        }
    }
    passage now = pass(m, kind, stage, age);
    double all = fmin(now.cause[VRK_OPEN_WON] + after(m, stage, &now, win), 1);
    *out = (vrk_open_chance){
        .win = all,
        .hours = now.days * m->hours[stage] + after(m, stage, &now, hours),
        .fresh = fmin(win[stage], 1),
    };
    if (m->told && kind.complexity >= 0) {
        const vrk_open_life *life = &m->life[stage * m->complexities + kind.complexity];
        double alive = fmax(life->alive[vrk_open_band(age)], ALIVE_LEAST);
        out->win = fmin(all / alive, fmax(all, out->fresh));
    }
done:
    vrk_rewind(&ctx->scratch, mark);
    return st;
}
