#include "ingest/bare.h"

#include "base/str.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

static int64_t said(const vrk_profile_column *c)
{
    return c->filled - vrk_profile_looks(c, VRK_LOOK_NOTHING);
}

static bool most(const vrk_profile_column *c, uint32_t look)
{
    return said(c) > 0 && vrk_profile_looks(c, look) * 10 >= said(c) * 9;
}

static bool some(const vrk_profile_column *c, uint32_t look)
{
    return said(c) > 0 && vrk_profile_looks(c, look) * 4 >= said(c);
}

static bool is_text(const vrk_profile_column *c)
{
    return said(c) > 0 && !c->dates && !c->numbers && !most(c, VRK_LOOK_FLAG) &&
           !most(c, VRK_LOOK_CURRENCY) && !some(c, VRK_LOOK_MAIL);
}

static bool is_once(const vrk_profile_column *c, int64_t rows)
{
    return c->filled == rows && c->distinct == rows;
}

static bool is_key(const vrk_profile_column *c, int64_t rows)
{
    return is_once(c, rows) && (most(c, VRK_LOOK_CODE) || most(c, VRK_LOOK_SFID)) && !c->dates;
}

static bool is_amount(const vrk_profile_column *c, int64_t rows)
{
    return c->numbers && !c->dates && !some(c, VRK_LOOK_PERCENT) && !some(c, VRK_LOOK_FLAG) &&
           c->distinct * 3 >= rows &&
           (some(c, VRK_LOOK_COMMA) || some(c, VRK_LOOK_POINT) || some(c, VRK_LOOK_THREE));
}

static bool is_stage(const vrk_profile_column *c, int64_t rows)
{
    return is_text(c) && c->distinct > 1 && c->distinct <= 15 && c->distinct * 3 <= rows * 2 &&
           vrk_profile_looks(c, VRK_LOOK_CLOSED) > 0;
}

static bool is_seller(const vrk_profile_column *c, int64_t rows)
{
    return is_text(c) && most(c, VRK_LOOK_PERSON) && c->distinct * 3 <= rows * 2;
}

static bool is_account(const vrk_profile_column *c, int64_t rows)
{
    (void)rows;
    return is_text(c) && some(c, VRK_LOOK_COMPANY) && !most(c, VRK_LOOK_CODE);
}

static bool is_currency(const vrk_profile_column *c, int64_t rows)
{
    return most(c, VRK_LOOK_CURRENCY) && c->distinct * 2 <= rows;
}

static bool is_name(const vrk_profile_column *c, int64_t rows)
{
    return is_text(c) && is_once(c, rows) && !is_key(c, rows) && !some(c, VRK_LOOK_COMPANY) &&
           !most(c, VRK_LOOK_CODE);
}

static const struct {
    const char *column;
    bool (*fits)(const vrk_profile_column *c, int64_t rows);
} kinds[] = {
    {"deal_id", is_key}, {"amount", is_amount},    {"currency", is_currency},
    {"stage", is_stage}, {"seller_id", is_seller}, {"account_id", is_account},
    {"name", is_name},
};

bool vrk_bare_fits(const vrk_profile *p, int64_t k, const char *column)
{
    for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++) {
        if (!strcmp(kinds[i].column, column))
            return kinds[i].fits(&p->column[k], p->rows);
    }
    return false;
}

bool vrk_bare_is_id(const vrk_profile_column *c)
{
    return most(c, VRK_LOOK_CODE) || most(c, VRK_LOOK_SFID) || c->numbers;
}

bool vrk_bare_is_words(const vrk_profile_column *c, int64_t rows)
{
    return is_text(c) && c->filled < rows && !vrk_bare_is_id(c) && !most(c, VRK_LOOK_PERSON);
}

int64_t vrk_bare_seller(const vrk_profile *p, const vrk_guess_column *is)
{
    int64_t best = -1, most_filled = 0;
    for (int64_t k = 0; k < p->csv.columns; k++) {
        const vrk_profile_column *c = &p->column[k];
        bool again = c->distinct * 3 <= p->rows * 2 && c->filled * 2 >= p->rows;
        bool fits =
            is_seller(c, p->rows) || (again && (most(c, VRK_LOOK_MAIL) || most(c, VRK_LOOK_SFID)));
        if (!is[k].column && fits && c->filled > most_filled) {
            best = k;
            most_filled = c->filled;
        }
    }
    return best;
}

static bool is_taken(const vrk_profile *p, const vrk_guess_column *is, const char *column)
{
    for (int64_t k = 0; k < p->csv.columns; k++) {
        if (is[k].column && !strcmp(is[k].column, column))
            return true;
    }
    return false;
}

/* Does the heading say nothing, or twice the same? "x_2" is the name of a second x. */
static bool is_nameless(const vrk_profile *p, int64_t k)
{
    const char *own = p->csv.heading[k];
    if (!p->tidy.has_headings || vrk_starts_with(own, "column_"))
        return true;
    for (int64_t j = 0; j < p->csv.columns; j++) {
        const char *other = p->csv.heading[j];
        size_t n = strlen(j < k ? other : own);
        const char *longer = j < k ? own : other, *shorter = j < k ? other : own;
        if (j != k && !strncmp(longer, shorter, n) && longer[n] == '_' &&
            strspn(longer + n + 1, "0123456789") == strlen(longer + n + 1) && longer[n + 1])
            return true;
    }
    return false;
}

static void take(const vrk_profile *p, vrk_guess_column *is, int64_t k, const char *column)
{
    is[k] = (vrk_guess_column){column, is_nameless(p, k) ? VRK_BARE_SURE : VRK_BARE_UNSURE};
}

/* Of two columns of dates the earlier is the creation, if it is so in nearly all rows. */
static vrk_status take_dates(vrk_ctx *ctx, vrk_duck *duck, const vrk_profile *p,
                             vrk_guess_column *is)
{
    vrk_status st = VRK_OK;
    vrk_mark mark = vrk_mark_of(&ctx->scratch);
    vrk_frame f = {0};
    int64_t at[2] = {-1, -1}, n = 0;
    for (int64_t k = 0; k < p->csv.columns; k++) {
        if (!is[k].column && p->column[k].dates && p->column[k].filled * 2 >= p->rows && n++ < 2)
            at[n - 1] = k;
    }
    bool created = is_taken(p, is, "created_at"),
         closing = is_taken(p, is, "close_date") || is_taken(p, is, "expected_close_on");
    if (n == 1 && created != closing) {
        take(p, is, at[0], created ? "expected_close_on" : "created_at");
        goto done;
    }
    if (n != 2 || created || closing)
        goto done;
    const char *sql = vrk_text_f(&ctx->scratch,
                                 "SELECT count(*) FILTER (a < b), count(*) FILTER (b < a) FROM "
                                 "(SELECT %s AS a, %s AS b FROM %s)",
                                 vrk_profile_date(p, at[0], &ctx->scratch),
                                 vrk_profile_date(p, at[1], &ctx->scratch), p->from);
    if (!sql)
        FAIL(VRK_EMEMORY, "out of memory for the dates of %s", p->name);
    TRY(vrk_duck_run(ctx, duck, "looking at files", sql, NULL, 0, &f));
    int64_t before = f.column[0].i[0], after = f.column[1].i[0];
    if ((before + after) && (before >= 9 * after || after >= 9 * before)) {
        take(p, is, at[before < after], "created_at");
        take(p, is, at[before >= after], "expected_close_on");
    }
done:
    vrk_frame_free(&f);
    vrk_rewind(&ctx->scratch, mark);
    return st;
}

int64_t vrk_bare_amount(const vrk_profile *p, const vrk_guess_column *is)
{
    static const char *const other[] = {"weight", "viktat", "prorat",   "convert",   "company",
                                        "base",   "master", "faktisk",  "actual",    "recurr",
                                        "rate",   "cost",   "expected", "förväntad", "margin",
                                        "tb",     "kurs"};
    for (int64_t k = 0; k < p->csv.columns; k++) {
        bool named = is[k].column || !is_amount(&p->column[k], p->rows);
        for (size_t i = 0; i < sizeof(other) / sizeof(other[0]) && !named; i++)
            named = strcasestr(p->csv.heading[k], other[i]) != NULL;
        if (!named)
            return k;
    }
    return -1;
}

vrk_status vrk_bare_deals(vrk_ctx *ctx, vrk_duck *duck, const vrk_profile *p, vrk_guess_column *is)
{
    if (p->rows < 3)
        return VRK_OK; /* too few values to tell by */
    for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++) {
        int64_t at = -1, fit = 0;
        if (is_taken(p, is, kinds[i].column) ||
            (!strcmp(kinds[i].column, "stage") && is_taken(p, is, "outcome")))
            continue;
        for (int64_t k = 0; k < p->csv.columns; k++) {
            if (!is[k].column && kinds[i].fits(&p->column[k], p->rows)) {
                at = k;
                fit++;
            }
        }
        if (fit == 1)
            take(p, is, at, kinds[i].column);
    }
    return take_dates(ctx, duck, p, is);
}
