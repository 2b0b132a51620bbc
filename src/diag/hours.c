#include "diag/hours.h"

#include "base/str.h"
#include "diag/half.h"
#include "diag/rows.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

const char *const vrk_hour_kinds[VRK_HOUR_KINDS] = {"customer", "internal", "admin",  "travel",
                                                    "focus",    "other",    "absence"};
const char *const vrk_taken_names[VRK_TAKEN] = {"prospecting", "meetings", "next_steps",
                                                "own_deals"};

double vrk_hours_per_week(const vrk_hours_sum *s, int kind)
{
    return s->weeks[kind] ? (double)s->minutes[kind] / (double)s->weeks[kind] / 60 : nan("");
}

static int kind_of(const char *name)
{
    for (int k = 0; k < VRK_HOUR_KINDS; k++) {
        if (!strcmp(name, vrk_hour_kinds[k]))
            return k;
    }
    return VRK_HOUR_KINDS - 2; /* a kind of the organisation's own */
}

static void add(vrk_hours_sum *to, const vrk_hours_sum *from)
{
    for (int k = 0; k < VRK_HOUR_KINDS; k++) {
        to->minutes[k] += from->minutes[k];
        to->weeks[k] += from->weeks[k];
    }
}

static vrk_status read_hours(vrk_ctx *ctx, vrk_facts *facts, vrk_hours *h)
{
    vrk_status st = VRK_OK;
    vrk_frame f = {0};
    TRY(vrk_rows(ctx, facts, VRK_SQL_SELLER_HOURS, &f));
    int64_t *key = VRK_NEW(&h->mem, f.rows / VRK_HOUR_KINDS, int64_t);
    h->of_seller = VRK_NEW(&h->mem, f.rows / VRK_HOUR_KINDS, vrk_hours_sum);
    if (h->mem.failed)
        FAIL(VRK_EMEMORY, "out of memory for the hours of sellers");
    for (int64_t i = 0; i < f.rows; i++) { /* each seller has a row of every kind */
        int64_t seller = vrk_row_int(&f, "seller_key", i);
        if (!h->sellers || key[h->sellers - 1] != seller)
            key[h->sellers++] = seller;
        vrk_hours_sum *s = &h->of_seller[h->sellers - 1];
        int k = kind_of(vrk_row_text(&f, "category", i));
        s->minutes[k] = vrk_row_int(&f, "minutes", i);
        s->weeks[k] = vrk_row_int(&f, "weeks", i);
    }
    h->seller_key = key;
done:
    vrk_frame_free(&f);
    return st;
}

static int by_text(const void *a, const void *b)
{
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

/* The teams of the sellers with a calendar, and their sums. */
static vrk_status read_teams(vrk_ctx *ctx, vrk_facts *facts, vrk_hours *h)
{
    vrk_status st = VRK_OK;
    vrk_frame f = {0};
    vrk_mark mark = vrk_mark_of(&ctx->scratch);
    TRY(vrk_rows(ctx, facts, VRK_SQL_SELLER_LIST, &f));
    const char **name = VRK_NEW(&ctx->scratch, h->sellers, const char *);
    h->team = VRK_NEW(&h->mem, h->sellers, int64_t);
    h->team_id = VRK_NEW(&h->mem, h->sellers, const char *);
    h->of_team = VRK_NEW(&h->mem, h->sellers, vrk_hours_sum);
    h->members = VRK_NEW(&h->mem, h->sellers, int64_t);
    if (h->mem.failed || ctx->scratch.failed)
        FAIL(VRK_EMEMORY, "out of memory for the hours of teams");
    for (int64_t i = 0, s = 0; s < h->sellers; s++) {
        while (i < f.rows && vrk_row_int(&f, "seller_key", i) < h->seller_key[s])
            i++;
        bool found = i < f.rows && vrk_row_int(&f, "seller_key", i) == h->seller_key[s];
        const char *team = found ? vrk_row_text(&f, "team_id", i) : "";
        name[s] = vrk_text_copy(&h->mem, team);
        if (!name[s])
            FAIL(VRK_EMEMORY, "out of memory for the hours of teams");
        h->team_id[s] = name[s];
    }
    qsort(h->team_id, (size_t)h->sellers, sizeof(*h->team_id), by_text);
    for (int64_t s = 0; s < h->sellers; s++) {
        const char *id = h->team_id[s];
        if (*id && (!h->teams || strcmp(h->team_id[h->teams - 1], id) != 0))
            h->team_id[h->teams++] = id;
    }
    for (int64_t s = 0; s < h->sellers; s++) {
        const char **at =
            bsearch(&name[s], h->team_id, (size_t)h->teams, sizeof(*h->team_id), by_text);
        h->team[s] = at ? at - h->team_id : -1;
        add(&h->all, &h->of_seller[s]);
        if (at)
            add(&h->of_team[h->team[s]], &h->of_seller[s]);
        if (at)
            h->members[h->team[s]]++;
    }
done:
    vrk_rewind(&ctx->scratch, mark);
    vrk_frame_free(&f);
    return st;
}

static vrk_status find_usual(vrk_ctx *ctx, vrk_hours *h)
{
    vrk_mark mark = vrk_mark_of(&ctx->scratch);
    double *x = VRK_NEW(&ctx->scratch, h->sellers, double);
    for (int k = 0; x && k < VRK_HOUR_KINDS; k++) {
        int64_t n = 0;
        for (int64_t s = 0; s < h->sellers; s++) {
            if (h->of_seller[s].weeks[k])
                x[n++] = vrk_hours_per_week(&h->of_seller[s], k);
        }
        h->usual[k] = n ? vrk_median_of(ctx, x, n) : nan("");
    }
    vrk_rewind(&ctx->scratch, mark);
    return x ? VRK_OK : vrk_fail(ctx, VRK_EMEMORY, "out of memory for the hours of sellers");
}

/* Rows, and beside them what explains and what is explained. */
typedef struct {
    int64_t n, *row;
    double *x, *y;
} chosen;

/* What one more internal hour takes, in weeks of sellers with a calendar. */
static vrk_status find_taken(vrk_ctx *ctx, const vrk_weeks *w, chosen *c, vrk_hours *h)
{
    vrk_status st = VRK_OK;
    const double *what[VRK_TAKEN] = {w->touches, w->meetings, w->steps, w->own_deals};
    for (int k = 0; k < VRK_TAKEN; k++) {
        c->n = 0;
        for (int64_t i = 0; i < w->n; i++) {
            if (!w->has_calendar[i])
                continue;
            c->row[c->n] = i;
            c->x[c->n] = w->internal[i];
            c->y[c->n++] = what[k][i];
        }
        TRY(vrk_weeks_effect(ctx, w, c->row, c->n, c->x, c->y, &h->taken[k]));
    }
done:
    return st;
}

/* Own deals in the weeks from ... to after that of row i; false: the data end before. Weeks off
 * have no row and no deals. */
static bool deals_after(const vrk_weeks *w, int64_t i, int64_t from, int64_t to, double *deals)
{
    int64_t k = i;
    *deals = 0;
    for (; k < w->n && w->seller[k] == w->seller[i]; k++) {
        int64_t after = w->number[k] - w->number[i];
        if (after > to)
            return true;
        *deals += after >= from ? w->own_deals[k] : 0;
    }
    return w->number[k - 1] - w->number[i] >= to;
}

static vrk_status find_dent(vrk_ctx *ctx, const vrk_weeks *w, chosen *c, vrk_hours *h)
{
    vrk_status st = VRK_OK;
    const struct {
        int64_t from, to;
        vrk_week_effect *out;
    } part[] = {{0, 1, &h->soon}, {VRK_DENT_FROM, VRK_DENT_TO, &h->later}};
    for (int k = 0; k < 2; k++) {
        c->n = 0;
        for (int64_t i = 0; i < w->n; i++) {
            if (!deals_after(w, i, part[k].from, part[k].to, &c->y[c->n]))
                continue;
            c->row[c->n] = i;
            c->x[c->n++] = w->touches[i];
        }
        TRY(vrk_weeks_effect(ctx, w, c->row, c->n, c->x, c->y, part[k].out));
    }
done:
    return st;
}

vrk_status vrk_hours_find(vrk_ctx *ctx, vrk_facts *facts, const vrk_weeks *weeks, vrk_hours *out)
{
    vrk_status st = VRK_OK;
    vrk_mark mark = vrk_mark_of(&ctx->scratch);
    chosen c = {0, VRK_NEW(&ctx->scratch, weeks->n, int64_t),
                VRK_NEW(&ctx->scratch, weeks->n, double), VRK_NEW(&ctx->scratch, weeks->n, double)};
    *out = (vrk_hours){.mem.limit = ctx->scratch.limit};
    if (ctx->scratch.failed)
        FAIL(VRK_EMEMORY, "out of memory for %lld weeks of sellers", (long long)weeks->n);
    TRY(read_hours(ctx, facts, out));
    TRY(read_teams(ctx, facts, out));
    TRY(find_usual(ctx, out));
    TRY(find_taken(ctx, weeks, &c, out));
    TRY(find_dent(ctx, weeks, &c, out));
done:
    vrk_rewind(&ctx->scratch, mark);
    if (st != VRK_OK)
        vrk_hours_free(out);
    return st;
}

void vrk_hours_free(vrk_hours *h)
{
    vrk_arena_free(&h->mem);
    *h = (vrk_hours){0};
}

void vrk_hours_answer(const vrk_hours *h, vrk_answer *answer)
{
    bool taken = h->taken[0].known || h->taken[1].known;
    if (answer->status == VRK_CANNOT || taken || answer->reasons == VRK_REASONS)
        return;
    answer->status = VRK_WEAK;
    answer->reason[answer->reasons++] = (vrk_reason){
        .code = VRK_WHY_FEW_WEEKS, .n = h->taken[0].n, .all = VRK_WEEKS_LEAST, .weeks = nan("")};
}
