#include "diag/twin_base.h"

#include "base/str.h"
#include "diag/rows.h"

#include <math.h>
#include <string.h>

#define WEEK_S (7. * 86400)
enum { PRIOR_WEEKS = 26, WON_LEAST = 30 };

typedef struct {
    vrk_ctx *ctx;
    vrk_facts *facts;
    const vrk_moments *m;
    double load_mean, load_sd; /* [min] */
    vrk_twin_base *out;
} reading;

static int64_t seller_of(const reading *r, const vrk_frame *f, int64_t i)
{
    return vrk_moment_cells_seller(&r->m->cells, vrk_row_int(f, "seller_key", i));
}

static int kind_of(const vrk_frame *f, int64_t i)
{
    const char *complexity = vrk_row_text(f, "complexity", i);
    return *complexity && strcmp(complexity, "simple") != 0;
}

static int64_t state_of(const vrk_frame *f, int64_t i)
{
    int64_t state = vrk_row_int(f, "position", i) - 1;
    return state < VRK_TWIN_STATES ? state : VRK_TWIN_STATES - 1;
}

static vrk_status read_stages(reading *r)
{
    vrk_ctx *ctx = r->ctx;
    vrk_status st = VRK_OK;
    vrk_frame f = {0};
    double decides[VRK_TWIN_STATES] = {0};
    TRY(vrk_rows(ctx, r->facts, VRK_SQL_TWIN_STAGES, &f));
    for (int64_t i = 0; i < f.rows; i++) {
        int64_t s = state_of(&f, i);
        vrk_twin_place *p = &r->out->place[s][kind_of(&f, i)];
        double weeks = (double)vrk_row_int(&f, "risk_s", i) / WEEK_S;
        p->weeks += weeks;
        p->forward += (double)vrk_row_int(&f, "forward", i);
        p->skip += (double)vrk_row_int(&f, "skip", i);
        p->won += (double)vrk_row_int(&f, "won", i);
        p->lost += (double)vrk_row_int(&f, "lost", i);
        p->back += (double)vrk_row_int(&f, "back", i);
        decides[s] += vrk_row_int(&f, "is_decision", i) ? weeks : -weeks;
        r->out->states = s >= r->out->states ? s + 1 : r->out->states;
    }
    for (int64_t s = 0; s < r->out->states; s++) {
        r->out->decision[s] = s > 0 && decides[s] > 0;
        for (int x = 0; x < VRK_TWIN_KINDS; x++) {
            vrk_twin_place *p = &r->out->place[s][x];
            double weeks = fmax(p->weeks, 1);
            p->skip /= fmax(p->forward, 1);
            p->forward /= weeks;
            p->won /= weeks;
            p->lost /= weeks;
            p->back /= weeks;
        }
    }
done:
    vrk_frame_free(&f);
    return st;
}

static vrk_status read_weeks(reading *r, double *weeks)
{
    vrk_ctx *ctx = r->ctx;
    vrk_status st = VRK_OK;
    vrk_frame f = {0};
    TRY(vrk_rows(ctx, r->facts, VRK_SQL_TWIN_WEEKS, &f));
    for (int64_t i = 0; i < f.rows; i++) {
        int64_t s = seller_of(r, &f, i);
        double n = (double)vrk_row_int(&f, "occasions", i);
        if (s < 0 || !(n > 0))
            continue;
        vrk_twin_seller *t = &r->out->seller[s];
        weeks[s] = (double)vrk_row_int(&f, "weeks", i);
        t->there = true;
        t->working = n / weeks[s];
        t->crowding = (double)vrk_row_int(&f, "crowding", i) / 4 / n;
        t->open = (double)vrk_row_int(&f, "open_deals", i) / n;
        t->free_h = (double)vrk_row_int(&f, "free_min", i) / 60 / n;
    }
done:
    vrk_frame_free(&f);
    return st;
}

/* The middle of each third of the seller's weeks. */
static vrk_status read_loads(reading *r)
{
    vrk_ctx *ctx = r->ctx;
    vrk_status st = VRK_OK;
    vrk_frame f = {0};
    TRY(vrk_rows(ctx, r->facts, VRK_SQL_SELLER_LOADS, &f));
    for (int64_t i = 0, end; i < f.rows && r->load_sd > 0; i = end) {
        int64_t s = seller_of(r, &f, i);
        for (end = i + 1; end < f.rows && seller_of(r, &f, end) == s;)
            end++;
        for (int k = 0; k < VRK_TWIN_LOADS && s >= 0; k++) {
            double part = 0, n = 0;
            for (int64_t j = i + (end - i) * k / VRK_TWIN_LOADS;
                 j < i + (end - i) * (k + 1) / VRK_TWIN_LOADS; j++, n++)
                part += ((double)vrk_row_int(&f, "internal_min", j) - r->load_mean) / r->load_sd;
            r->out->seller[s].load[k] = n > 0 ? part / n : 0;
        }
    }
done:
    vrk_frame_free(&f);
    return st;
}

static vrk_status read_open(reading *r)
{
    vrk_ctx *ctx = r->ctx;
    vrk_status st = VRK_OK;
    vrk_frame f = {0};
    TRY(vrk_rows(ctx, r->facts, VRK_SQL_TWIN_OPEN, &f));
    for (int64_t i = 0; i < f.rows; i++) {
        int64_t s = seller_of(r, &f, i);
        if (s >= 0)
            r->out->seller[s].standing[state_of(&f, i)][kind_of(&f, i)] +=
                (double)vrk_row_int(&f, "deals", i);
    }
done:
    vrk_frame_free(&f);
    return st;
}

/* Deals that come by themselves, per seller; own deals in weeks with and without prospecting. */
static vrk_status read_born(reading *r, const double *weeks)
{
    vrk_ctx *ctx = r->ctx;
    vrk_status st = VRK_OK;
    vrk_frame f = {0}, occasions = {0};
    double all = 0, complex = 0, inbound = 0, there = 0, own[2] = {0};
    TRY(vrk_rows(ctx, r->facts, VRK_SQL_TWIN_BORN, &f));
    for (int64_t i = 0; i < f.rows; i++) {
        const vrk_column *done = vrk_frame_column(&f, "done");
        int64_t s = seller_of(r, &f, i);
        double n = (double)vrk_row_int(&f, "deals", i);
        bool known = done && !done->null[i];
        all += n;
        complex += n * kind_of(&f, i);
        if (vrk_row_int(&f, "source", i) == 1 && known)
            own[vrk_row_int(&f, "done", i) ? 1 : 0] += n;
        else if (s >= 0 && weeks[s] > 0)
            r->out->seller[s].inbound += n;
    }
    r->out->complex_share = all > 0 ? complex / all : 0;
    for (int64_t s = 0; s < r->out->sellers; s++) {
        inbound += r->out->seller[s].inbound;
        there += weeks[s];
    }
    for (int64_t s = 0; s < r->out->sellers; s++)
        r->out->seller[s].inbound =
            (r->out->seller[s].inbound + PRIOR_WEEKS * inbound / fmax(there, 1)) /
            (weeks[s] + PRIOR_WEEKS);
    TRY(vrk_rows(ctx, r->facts, VRK_SQL_TWIN_OCCASIONS, &occasions));
    double after = 0;
    for (int64_t s = 1; s < r->out->states; s++)
        after += r->out->place[s][0].weeks + r->out->place[s][1].weeks;
    for (int64_t i = 0; i < occasions.rows; i++) {
        double n = (double)vrk_row_int(&occasions, "occasions", i);
        double done = (double)vrk_row_int(&occasions, "done", i);
        if (vrk_row_int(&occasions, "moment", i) == VRK_AT_PROSPECTING) {
            r->out->own = (own[0] + own[1]) / fmax(n, 1);
            r->out->own_missed = own[0] / fmax(n - done, 1);
        }
        if (vrk_row_int(&occasions, "moment", i) == VRK_AT_OBJECTION)
            r->out->objections = n / fmax(after, 1);
    }
done:
    vrk_frame_free(&occasions);
    vrk_frame_free(&f);
    return st;
}

/* In the currency that most deals were won in. */
static vrk_status read_won(reading *r)
{
    vrk_ctx *ctx = r->ctx;
    vrk_status st = VRK_OK;
    vrk_frame f = {0};
    double best = 0, n[VRK_TWIN_KINDS] = {0}, all = 0, money = 0;
    r->out->currency = "";
    TRY(vrk_rows(ctx, r->facts, VRK_SQL_TWIN_WON, &f));
    for (int64_t i = 0, end; i < f.rows; i = end) {
        const char *currency = vrk_row_text(&f, "currency", i);
        double deals = 0;
        for (end = i; end < f.rows && !strcmp(vrk_row_text(&f, "currency", end), currency); end++)
            deals += (double)vrk_row_int(&f, "deals", end);
        if (deals <= best)
            continue;
        best = deals;
        r->out->currency = vrk_text_copy(&r->out->mem, currency);
        n[0] = n[1] = 0;
        for (int64_t j = i; j < end; j++) {
            n[kind_of(&f, j)] = (double)vrk_row_int(&f, "deals", j);
            r->out->amount[kind_of(&f, j)] = (double)vrk_row_int(&f, "amount", j) / 100;
        }
    }
    for (int x = 0; x < VRK_TWIN_KINDS; x++) {
        all += n[x];
        money += n[x] > 0 ? r->out->amount[x] : 0;
    }
    for (int x = 0; x < VRK_TWIN_KINDS; x++)
        r->out->amount[x] =
            n[x] >= WON_LEAST / 3. ? r->out->amount[x] / n[x] : money / fmax(all, 1);
    r->out->won = all;
    if (!r->out->currency)
        FAIL(VRK_EMEMORY, "out of memory for the twin");
done:
    vrk_frame_free(&f);
    return st;
}

/* From the moments' own cells: how much sellers prospect, and deals stopped unqualified. */
static void take_cells(reading *r, double *n)
{
    vrk_twin_base *o = r->out;
    const vrk_cells_of *c = &r->m->cells.success, *q = &r->m->cells.qualification;
    double deals = 0, stopped = 0, touches = 0, weeks = 0;
    for (int64_t i = 0; i < c->n; i++) {
        double w = (double)c->occasions[i];
        if (c->moment[i] != VRK_AT_PROSPECTING || c->seller[i] < 0)
            continue;
        double x = log(fmax((double)c->touches[i], 1));
        o->seller[c->seller[i]].touches += w * x;
        n[c->seller[i]] += w;
        touches += w * x;
        weeks += w;
    }
    for (int64_t s = 0; s < o->sellers; s++)
        o->seller[s].touches =
            n[s] > 0 ? o->seller[s].touches / n[s] - touches / fmax(weeks, 1) : 0;
    for (int64_t i = 0; i < q->n; i++) {
        deals += q->done[i] ? 0 : (double)q->occasions[i];
        stopped += q->done[i] ? 0 : (double)q->stopped[i];
    }
    o->stopped_undone = (stopped + 1) / (deals + 10);
}

/* Some of what is recorded as not done was done, and went as that goes. */
static void take_undone(const reading *r)
{
    const vrk_moments *m = r->m;
    for (int k = 1; k <= VRK_AT_MOMENTS; k++) {
        const vrk_moment_model *x = &m->moment[k];
        double logged = 0, n = (double)m->cells.sellers;
        for (int64_t s = 0; s < m->cells.sellers; s++)
            logged += vrk_logging_share(&m->logging, s, k, VRK_LOGGING_NODES / 2) / n;
        double done = 1 / (1 + exp(-x->doing.base)), well = 1 / (1 + exp(-x->going.base));
        double hidden = done * (1 - logged) / (done * (1 - logged) + 1 - done);
        r->out->undone[k] = fmax((x->undone - hidden * well) / (1 - hidden), x->undone / 3);
    }
}

vrk_status vrk_twin_base_read(vrk_ctx *ctx, vrk_facts *facts, const vrk_moments *m,
                              double load_mean_min, double load_sd_min, vrk_twin_base *out)
{
    vrk_status st = VRK_OK;
    vrk_mark mark = vrk_mark_of(&ctx->scratch);
    reading r = {ctx, facts, m, load_mean_min, load_sd_min, out};
    *out = (vrk_twin_base){.mem.limit = ctx->scratch.limit, .sellers = m->cells.sellers};
    out->seller = VRK_NEW(&out->mem, out->sellers, vrk_twin_seller);
    double *weeks = VRK_NEW(&ctx->scratch, out->sellers, double);
    double *n = VRK_NEW(&ctx->scratch, out->sellers, double);
    if (out->mem.failed || ctx->scratch.failed)
        FAIL(VRK_EMEMORY, "out of memory for the twin of %lld sellers", (long long)out->sellers);
    TRY(read_stages(&r));
    TRY(read_weeks(&r, weeks));
    TRY(read_loads(&r));
    TRY(read_open(&r));
    TRY(read_born(&r, weeks));
    TRY(read_won(&r));
    TRY(vrk_twin_steps(ctx, facts, m, out));
    take_cells(&r, n);
    if (out->sellers)
        take_undone(&r);
    bool there = false, decides = false;
    for (int64_t s = 0; s < out->sellers; s++)
        there |= out->seller[s].there;
    for (int64_t s = 0; s < out->states; s++)
        decides |= out->decision[s];
    out->usable = there && decides && out->won >= WON_LEAST;
done:
    vrk_rewind(&ctx->scratch, mark);
    if (st != VRK_OK)
        vrk_twin_base_free(out);
    return st;
}

void vrk_twin_base_free(vrk_twin_base *b)
{
    vrk_arena_free(&b->mem);
    *b = (vrk_twin_base){0};
}
