#include "ingest/guess.h"

#include "base/str.h"
#include "ingest/bare.h"
#include "ingest/outcome.h"
#include "ingest/question.h"
#include "ingest/tables.h"
#include "ingest/wide.h"

#include <inttypes.h>
#include <string.h>

/* Below this a meaning is not taken at all. */
static const double least = 0.65;

/* How many values a column of stages, kinds or outcomes may tell apart. */
enum { MOST_STAGES = 60 };

/* So many columns more must be known as of deals than as of a table that has its key. */
enum { MORE_KNOWN = 2 };

/* What files of a table tend to be called. */
static const struct {
    const char *table, *word;
} called[] = {
    {"deals", "deal"},
    {"deals", "opportunit"},
    {"deals", "pipeline"},
    {"deals", "affär"},
    {"deals", "lead"},
    {"deals", "sales_win"},
    {"sellers", "user"},
    {"sellers", "seller"},
    {"sellers", "säljare"},
    {"sellers", "saljare"},
    {"sellers", "sales_team"},
    {"sellers", "employee"},
    {"sellers", "salesperson"},
    {"teams", "team"},
    {"teams", "territor"},
    {"accounts", "account"},
    {"accounts", "compan"},
    {"accounts", "organi"},
    {"accounts", "kund"},
    {"accounts", "företag"},
    {"activities", "activit"},
    {"activities", "aktivitet"},
    {"activities", "task"},
    {"stage_events", "history"},
    {"stage_events", "historik"},
    {"changes", "change"},
    {"changes", "history"},
    {"changes", "audit"},
};

static bool is_called(const vrk_profile *p, const char *table)
{
    for (size_t i = 0; i < sizeof(called) / sizeof(called[0]); i++) {
        if (!strcmp(called[i].table, table) && strcasestr(p->name, called[i].word))
            return true;
    }
    return false;
}

typedef enum { OBJECTS = -1, SAYS_NOTHING = 0, AGREES = 1 } evidence;

static evidence share(int64_t part, int64_t all)
{
    return all == 0 ? SAYS_NOTHING : part * 20 >= all * 19 ? AGREES : OBJECTS;
}

static int64_t said(const vrk_profile_column *c)
{
    return c->filled - vrk_profile_looks(c, VRK_LOOK_NOTHING);
}

/* Four of five must be dates, plain numbers that can be one among them. */
static evidence dates_say(const vrk_profile_column *c)
{
    int64_t dates = vrk_profile_looks(c, VRK_LOOK_DATE) + vrk_profile_looks(c, VRK_LOOK_NO_DATE) +
                    vrk_profile_looks(c, VRK_LOOK_LOOSE);
    return !said(c) ? SAYS_NOTHING : dates * 5 >= said(c) * 4 ? AGREES : OBJECTS;
}

static evidence values_say(const vrk_profile *p, int64_t k, vrk_values values, bool outcomes)
{
    const vrk_profile_column *c = &p->column[k];
    if (!c->filled)
        return SAYS_NOTHING;
    switch (values) {
    case VRK_VALUES_KEY:
        return c->filled == p->rows && c->distinct * 20 >= p->rows * 19 ? AGREES
               : c->distinct * 2 < c->filled                            ? OBJECTS
                                                                        : SAYS_NOTHING;
    case VRK_VALUES_DATE:
        return dates_say(c);
    case VRK_VALUES_NUMBER:
        return share(vrk_profile_looks(c, VRK_LOOK_NUMBER), said(c));
    case VRK_VALUES_CURRENCY:
        return c->distinct <= MOST_STAGES ? share(vrk_profile_looks(c, VRK_LOOK_CURRENCY), said(c))
                                          : OBJECTS;
    case VRK_VALUES_MAIL:
        return share(vrk_profile_looks(c, VRK_LOOK_MAIL), said(c));
    case VRK_VALUES_FLAG:
        return share(vrk_profile_looks(c, VRK_LOOK_FLAG), said(c));
    case VRK_VALUES_CLOCK:
        return share(vrk_profile_looks(c, VRK_LOOK_CLOCK), said(c));
    case VRK_VALUES_OUTCOME:
        return outcomes ? AGREES : OBJECTS;
    case VRK_VALUES_STAGE:
    case VRK_VALUES_KIND:
        return c->distinct <= MOST_STAGES && !c->dates ? AGREES : OBJECTS;
    case VRK_VALUES_DONE:
        return c->distinct <= 3 ? AGREES : OBJECTS;
    case VRK_VALUES_TEXT:
    case VRK_VALUES_REF:
        break;
    }
    return SAYS_NOTHING;
}

/* Does every value of the column say won, lost or open? Not if they are many. */
static bool are_outcomes(const vrk_profile_column *c)
{
    int64_t closed = 0, other = 0;
    for (int64_t i = 0; i < c->values; i++) {
        vrk_outcome outcome = vrk_outcome_of(c->value[i]);
        closed += outcome == VRK_WON || outcome == VRK_LOST;
        other += outcome == VRK_NO_OUTCOME;
    }
    return closed && !other;
}

static bool looks_like_keys(const vrk_profile_column *c)
{
    return (vrk_profile_looks(c, VRK_LOOK_CODE) + vrk_profile_looks(c, VRK_LOOK_NUMBER)) * 10 >=
           said(c) * 9;
}

/* Everything that the columns of the file could be. */
typedef struct {
    const vrk_profile *p;
    vrk_meaning **meaning; /* [columns] */
    int64_t *meanings;     /* [columns] */
} proposals;

static bool can_be(const proposals *all, int64_t k, const vrk_meaning *m)
{
    for (int64_t i = 0; i < all->meanings[k]; i++) {
        const vrk_meaning *other = &all->meaning[k][i];
        if (!strcmp(other->table, m->table) && !strcmp(other->column, m->column))
            return true;
    }
    return false;
}

/* An empty column must not stand in the way of its twin: it loses what a filled one can be too. */
static void drop_empty_twins(proposals *all)
{
    const vrk_profile *p = all->p;
    for (int64_t k = 0; k < p->csv.columns && p->rows; k++) {
        int64_t kept = 0;
        for (int64_t i = 0; i < all->meanings[k] && !p->column[k].filled; i++) {
            bool twin = false;
            for (int64_t j = 0; j < p->csv.columns && !twin; j++)
                twin = p->column[j].filled && can_be(all, j, &all->meaning[k][i]);
            if (!twin)
                all->meaning[k][kept++] = all->meaning[k][i];
        }
        if (!p->column[k].filled)
            all->meanings[k] = kept;
    }
}

static vrk_status propose(vrk_ctx *ctx, const vrk_headings *h, const vrk_profile *p, vrk_arena *mem,
                          proposals *out)
{
    vrk_status st = VRK_OK;
    int64_t n = p->csv.columns;
    *out = (proposals){p, VRK_NEW(mem, n, vrk_meaning *), VRK_NEW(mem, n, int64_t)};
    if (!out->meaning || !out->meanings)
        FAIL(VRK_EMEMORY, "out of memory for the meaning of headings");
    for (int64_t k = 0; k < n; k++) {
        TRY(vrk_meanings_of(ctx, h, mem, p->csv.heading[k], &out->meaning[k], &out->meanings[k]));
        for (int64_t i = 0; i < out->meanings[k]; i++) {
            vrk_meaning *m = &out->meaning[k][i];
            bool outcomes = false;
            if (m->values == VRK_VALUES_OUTCOME && p->column[k].distinct <= MOST_STAGES)
                outcomes = are_outcomes(&p->column[k]);
            evidence e = values_say(p, k, m->values, outcomes);
            if (m->values == VRK_VALUES_KEY && !strcmp(m->table, "deals") && m->confidence < 0.9 &&
                !looks_like_keys(&p->column[k]))
                e = OBJECTS; /* "Deal" and "Opportunity" head names as well */
            if (e == OBJECTS)
                m->confidence = m->confidence == 1 ? 0.9 : m->confidence - 0.4;
            else if (e == AGREES && m->confidence < 0.9)
                m->confidence += 0.1;
        }
    }
    drop_empty_twins(out);
done:
    return st;
}

/* A better known file makes its doubtful columns surer. */
static double support(const proposals *all, const char *table)
{
    int64_t sure = 0;
    for (int64_t k = 0; k < all->p->csv.columns; k++) {
        bool one = false;
        for (int64_t i = 0; i < all->meanings[k]; i++) {
            const vrk_meaning *m = &all->meaning[k][i];
            one |= !strcmp(m->table, table) && m->confidence >= 0.95;
        }
        sure += one;
    }
    return is_called(all->p, table) || sure >= 2 ? 0.1 : 0;
}

/* Gives each column of the file at most one column of the table and the other way round, the surest
 * first. Returns how much is known. */
static double assign(const proposals *all, const char *table, double more, vrk_guess_column *is)
{
    double score = 0;
    for (;;) {
        const vrk_meaning *best = NULL;
        int64_t at = -1;
        double confidence = least;
        for (int64_t k = 0; k < all->p->csv.columns; k++) {
            for (int64_t i = 0; i < all->meanings[k] && !is[k].column; i++) {
                const vrk_meaning *m = &all->meaning[k][i];
                double c = m->confidence < 0.9 ? m->confidence + more : m->confidence;
                bool taken = strcmp(m->table, table) != 0;
                for (int64_t j = 0; j < all->p->csv.columns && !taken; j++)
                    taken = is[j].column && !strcmp(is[j].column, m->column);
                if (!taken && (c > confidence ||
                               (c == confidence && best && m->required && !best->required))) {
                    best = m;
                    at = k;
                    confidence = c;
                }
            }
        }
        if (!best)
            return score;
        is[at] = (vrk_guess_column){best->column, confidence};
        score += confidence;
    }
}

int64_t vrk_guess_column_of(const vrk_guess *g, const vrk_profile *p, const char *column)
{
    for (int64_t k = 0; k < p->csv.columns; k++) {
        if (g->is[k].column && !strcmp(g->is[k].column, column))
            return k;
    }
    return -1;
}

/* The first required column of the table that is not sure enough. */
static const char *missing(const vrk_guess *g, const vrk_profile *p, const vrk_meaning *known,
                           int64_t n)
{
    for (int64_t i = 0; i < n; i++) {
        if (strcmp(known[i].table, g->table) != 0 || !known[i].required)
            continue;
        int64_t k = vrk_guess_column_of(g, p, known[i].column);
        if (k < 0 || g->is[k].confidence < VRK_GUESS_SURE)
            return known[i].column;
    }
    return NULL;
}

/* Deals without a key are still deals, and must not go unnoticed. */
static bool looks_like_deals(const vrk_guess *g, const vrk_profile *p)
{
    int64_t sure = 0, stage = vrk_guess_column_of(g, p, "stage"),
            outcome = vrk_guess_column_of(g, p, "outcome");
    for (int64_t k = 0; k < p->csv.columns; k++)
        sure += g->is[k].column && g->is[k].confidence >= 0.9;
    return sure >= 3 && (stage >= 0 || outcome >= 0);
}

/* What has a name and a number is no deal yet: it must say how or when it stands. */
static bool is_of_deals(const vrk_guess *g, const vrk_profile *p)
{
    static const char *const any[] = {"stage",      "outcome",           "is_won",
                                      "amount",     "close_date",        "closed_at",
                                      "created_at", "expected_close_on", "seller_id"};
    for (size_t i = 0; i < sizeof(any) / sizeof(any[0]); i++) {
        if (vrk_guess_column_of(g, p, any[i]) >= 0)
            return true;
    }
    return p->csv.columns == 1;
}

/* Where everybody and every shop has an id of one kind, it makes nobody a seller: a team must stand
 * beside it. */
static bool is_of_sellers(const vrk_guess *g, const vrk_profile *p)
{
    int64_t key = vrk_guess_column_of(g, p, "seller_id");
    return key < 0 || !strcasestr(p->csv.heading[key], "entity") ||
           vrk_guess_column_of(g, p, "team_id") >= 0;
}

/* A key alone says nothing of a table. */
static bool says_more_than_its_key(const vrk_guess *g, const vrk_profile *p)
{
    int64_t known = 0;
    for (int64_t k = 0; k < p->csv.columns; k++)
        known += g->is[k].column != NULL;
    return (known > 1 || p->csv.columns == 1) &&
           (strcmp(g->table, "deals") != 0 || is_of_deals(g, p)) &&
           (strcmp(g->table, "sellers") != 0 || is_of_sellers(g, p));
}

/* A table of deals has stages and dates too: in a history the same deal comes again. */
static double history_score(const vrk_guess *g, const vrk_profile *p)
{
    const vrk_profile_column *c = &p->column[vrk_guess_column_of(g, p, "deal_id")];
    bool again = c->distinct * 20 < c->filled * 19;
    return again ? 50 : is_called(p, g->table) ? 0 : -50;
}

static vrk_status choose(vrk_ctx *ctx, const proposals *all, const vrk_meaning *known, int64_t n,
                         vrk_arena *mem, vrk_guess *out)
{
    const vrk_profile *p = all->p;
    double best = 0, lame_score = 0;
    vrk_guess lame = {0};
    for (int64_t i = 0; i < n; i++) {
        if (i && !strcmp(known[i].table, known[i - 1].table))
            continue;
        vrk_guess g = {.table = known[i].table};
        g.is = VRK_NEW(mem, p->csv.columns, vrk_guess_column);
        if (!g.is)
            return vrk_fail(ctx, VRK_EMEMORY, "out of memory for the meaning of headings");
        double more = support(all, g.table);
        double score = assign(all, g.table, more, g.is) + (is_called(p, g.table) ? 0.5 : 0);
        bool log = !strcmp(g.table, "events") || !strcmp(g.table, "changes");
        g.missing = missing(&g, p, known, n);
        if (g.missing && !strcmp(g.table, "deals") && looks_like_deals(&g, p)) {
            lame = g;
            lame_score = score;
        }
        score += log ? 100 : 0; /* nothing else has these columns together */
        score += !g.missing && !strcmp(g.table, "stage_events") ? history_score(&g, p) : 0;
        if (!g.missing && score > best && says_more_than_its_key(&g, p)) {
            best = score;
            *out = g;
        }
    }
    /* deals without a key tell of their accounts too, say: these are not what the file is */
    if (lame.table && (!out->table || lame_score > best + MORE_KNOWN))
        *out = lame;
    return VRK_OK;
}

static const char *known_table(const vrk_meaning *known, int64_t n, const char *table)
{
    for (int64_t i = 0; i < n; i++) {
        if (!strcmp(known[i].table, table))
            return known[i].table;
    }
    return NULL;
}

static const char *known_column(const vrk_meaning *known, int64_t n, const char *table,
                                const char *column)
{
    for (int64_t i = 0; i < n; i++) {
        if (!strcmp(known[i].table, table) && !strcmp(known[i].column, column))
            return known[i].column;
    }
    return NULL;
}

/* One line of the mapping file about a column of this file. */
static vrk_status obey_line(vrk_ctx *ctx, const vrk_map *map, const vrk_map_line *l,
                            const vrk_profile *p, const vrk_meaning *known, int64_t n, vrk_guess *g)
{
    int64_t k = 0;
    while (k < p->csv.columns && strcmp(p->csv.heading[k], l->key) != 0)
        k++;
    if (k == p->csv.columns)
        return vrk_fail(ctx, VRK_EINPUT, "%s:%" PRId64 ": %s has no column '%s'", map->path,
                        l->line, p->name, l->key);
    const char *column = *l->value ? known_column(known, n, g->table, l->value) : NULL;
    if (*l->value && !column)
        return vrk_fail(ctx, VRK_EINPUT, "%s:%" PRId64 ": table %s has no column '%s'", map->path,
                        l->line, g->table, l->value);
    for (int64_t j = 0; j < p->csv.columns && column; j++) {
        if (g->is[j].column && !strcmp(g->is[j].column, column))
            g->is[j] = (vrk_guess_column){0};
    }
    g->is[k] = (vrk_guess_column){column, column ? 1 : 0};
    return VRK_OK;
}

/* Unquoted words of a file's section that are no headings. */
static bool is_setting(const char *key)
{
    return !strcmp(key, "table") || !strcmp(key, "dates") || !strcmp(key, "decimal") ||
           !strcmp(key, "zone");
}

static vrk_status obey(vrk_ctx *ctx, const vrk_map *map, const proposals *all,
                       const vrk_meaning *known, int64_t n, vrk_arena *mem, vrk_guess *g)
{
    vrk_status st = VRK_OK;
    const vrk_profile *p = all->p;
    const char *table = vrk_map_value(map, p->name, "table");

    if (table && !strcmp(table, "skip")) {
        g->skip = g->by_map = true;
        goto done;
    }
    if (table) {
        g->table = known_table(known, n, table);
        if (!g->table)
            FAIL(VRK_EINPUT, "%s: file %s: there is no table '%s'", map->path, p->name, table);
        g->is = VRK_NEW(mem, p->csv.columns, vrk_guess_column);
        if (!g->is)
            FAIL(VRK_EMEMORY, "out of memory for the meaning of headings");
        (void)assign(all, g->table, 0.1, g->is);
    }
    for (int64_t i = 0; i < map->lines; i++) {
        const vrk_map_line *l = &map->line[i];
        if (strcmp(l->section, p->name) != 0 || (!l->quoted && is_setting(l->key)))
            continue;
        g->by_map = true;
        if (!g->table)
            FAIL(VRK_EINPUT, "%s:%" PRId64 ": say first which table %s is: table = deals",
                 map->path, l->line, p->name);
        TRY(obey_line(ctx, map, l, p, known, n, g));
    }
    if (g->by_map)
        g->missing = missing(g, p, known, n);
done:
    return st;
}

/* Without headings that say it, values may: a table of deals has a key or a name, and says how or
 * when its deals stand. */
static vrk_status try_bare(vrk_ctx *ctx, vrk_duck *duck, const proposals *all, vrk_arena *mem,
                           vrk_guess *out)
{
    vrk_status st = VRK_OK;
    const vrk_profile *p = all->p;
    vrk_guess g = {.table = "deals", .is = VRK_NEW(mem, p->csv.columns, vrk_guess_column)};
    int64_t known = 0;
    if (!g.is)
        FAIL(VRK_EMEMORY, "out of memory for the meaning of headings");
    (void)assign(all, g.table, support(all, g.table), g.is);
    TRY(vrk_bare_deals(ctx, duck, p, g.is));
    for (int64_t k = 0; k < p->csv.columns; k++)
        known += g.is[k].column != NULL;
    int64_t id = vrk_guess_column_of(&g, p, "deal_id"), name = vrk_guess_column_of(&g, p, "name");
    bool stands = vrk_guess_column_of(&g, p, "stage") >= 0 ||
                  vrk_guess_column_of(&g, p, "outcome") >= 0 ||
                  (vrk_guess_column_of(&g, p, "amount") >= 0 &&
                   vrk_guess_column_of(&g, p, "created_at") >= 0);
    if (known < 5 || !stands || (id < 0 && name < 0))
        goto done;
    if (id >= 0 && g.is[id].confidence < VRK_GUESS_SURE && p->column[id].distinct == p->rows &&
        p->column[id].filled == p->rows)
        g.is[id].confidence = VRK_BARE_SURE;
    *out = g;
done:
    return st;
}

/* A deal without an id is known by its name and account. */
static void allow_keyless(const vrk_profile *p, vrk_guess *g)
{
    bool key =
        g->missing && !strcmp(g->missing, "deal_id") && vrk_guess_column_of(g, p, "deal_id") < 0;
    int64_t name = vrk_guess_column_of(g, p, "name");
    bool once = name >= 0 && p->column[name].distinct == p->rows;
    if (key && !strcmp(g->table, "deals") && name >= 0 && g->is[name].confidence >= 0.75 &&
        (once || vrk_guess_column_of(g, p, "account_id") >= 0))
        g->missing = NULL;
}

/* What names the owner or the account of a deal is its key where no other column is. */
static void name_by_label(const vrk_profile *p, vrk_guess *g)
{
    static const char *const pair[][2] = {{"seller_label", "seller_id"},
                                          {"account_label", "account_id"}};
    for (int i = 0; i < 2; i++) {
        int64_t label = vrk_guess_column_of(g, p, pair[i][0]);
        if (label >= 0 && vrk_guess_column_of(g, p, pair[i][1]) < 0)
            g->is[label].column = pair[i][1];
    }
}

vrk_status vrk_guess_make(vrk_ctx *ctx, vrk_duck *duck, const vrk_headings *h, const vrk_profile *p,
                          const vrk_map *map, vrk_arena *mem, vrk_guess *out)
{
    vrk_status st = VRK_OK;
    proposals all;
    const vrk_meaning *known = h->all;
    int64_t n = h->columns;

    *out = (vrk_guess){0};
    TRY(propose(ctx, h, p, mem, &all));
    TRY(choose(ctx, &all, known, n, mem, out));
    TRY(vrk_wide_guess(ctx, p, mem, out));
    if (!out->table || out->missing)
        TRY(try_bare(ctx, duck, &all, mem, out));
    else if (!strcmp(out->table, "deals"))
        TRY(vrk_bare_deals(ctx, duck, p, out->is));
    if (out->table && !out->wide) {
        out->missing = missing(out, p, known, n);
        allow_keyless(p, out);
    }
    if (map)
        TRY(obey(ctx, map, &all, known, n, mem, out));
    if (out->table && !strcmp(out->table, "deals"))
        name_by_label(p, out);
    if (out->by_map)
        allow_keyless(p, out);
    if (out->table && !out->skip)
        vrk_guess_ask(p, mem, out);
done:
    return st;
}
