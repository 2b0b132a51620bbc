/* The stages on the page: the picture, the table, the situations. */
#include "diag/page_parts.h"

#include <math.h>
#include <string.h>

enum { SHARES = 4, SHARE = 13, COUNT = 8, DAYS = 6 }; /* columns */

static const struct {
    const char *key, *mark, *title, *legend;
} share_of[] = {
    {"forward", ">", VRK_N("Went on"), VRK_N("went on")},
    {"won", "+", VRK_N("Won"), VRK_N("won")},
    {"lost", "-", VRK_N("Lost"), VRK_N("lost")},
    {"stalled", "#", VRK_N("Stalled"), VRK_N("stalled")},
    {"back", "<", NULL, VRK_N("went back")},
};
enum { PARTS = sizeof(share_of) / sizeof(share_of[0]) };

const char *vrk_page_share(const vrk_words *w, const json_t *object, const char *key)
{
    const json_t *e = json_object_get(object, key);
    double mean = vrk_json_number(e, "mean"), lo = vrk_json_number(e, "lo"),
           hi = vrk_json_number(e, "hi");
    if (!isfinite(mean))
        return "\u2013";
    return vrk_say(w, "{share} ({range})", "share", vrk_say_percent(w, mean), "range",
                   vrk_say_range(w, 100 * lo, 100 * hi, 0), NULL);
}

const char *vrk_page_days(const vrk_words *w, const json_t *object, const char *key)
{
    double days = vrk_json_mean(object, key);
    return isfinite(days) ? vrk_say_days(w, days) : vrk_tr(w->lang, "longer than the data reach");
}

/* "67 (56–76)", percent, for the table, where every column but the first few is a share. */
static const char *cell(const vrk_words *w, const json_t *object, const char *key)
{
    const json_t *e = json_object_get(object, key);
    double mean = vrk_json_number(e, "mean"), lo = vrk_json_number(e, "lo"),
           hi = vrk_json_number(e, "hi");
    const char *share = vrk_say_number(w, 100 * mean, 0);
    if (!isfinite(mean) || (!strcmp(share, vrk_say_number(w, 100 * lo, 0)) &&
                            !strcmp(share, vrk_say_number(w, 100 * hi, 0))))
        return share;
    return vrk_say(w, "{share} ({range})", "share", share, "range",
                   vrk_say_range(w, 100 * lo, 100 * hi, 0), NULL);
}

/* What the other columns leave for the first. */
static int64_t name_columns(const vrk_layout *l)
{
    int64_t left = l->width - COUNT - 2 * DAYS - SHARES * SHARE;
    return left > 24 ? 24 : left;
}

/* Cells of the bar for each share, summing to `cells`: what is left over goes to the largest
 * remainders, the first of equals. */
static void divide(const json_t *stage, int cells, int *part)
{
    double rest[PARTS];
    int used = 0;
    for (int i = 0; i < PARTS; i++) {
        double exact = fmax(vrk_json_mean(stage, share_of[i].key), 0) * cells;
        part[i] = isfinite(exact) ? (int)exact : 0;
        rest[i] = isfinite(exact) ? exact - part[i] : -1;
        used += part[i];
    }
    for (; used < cells; used++) {
        int most = 0;
        for (int i = 1; i < PARTS; i++)
            most = rest[i] > rest[most] + 1e-9 ? i : most;
        part[most]++;
        rest[most] = -1;
    }
}

/* Bars as long as the stage has deals; within, where they went. */
static void picture(vrk_layout *l, const json_t *stages)
{
    int64_t most = 1, bar = l->width - name_columns(l) - COUNT - 2;
    size_t i;
    json_t *stage;
    json_array_foreach(stages, i, stage) most =
        vrk_json_int(stage, "entered") > most ? vrk_json_int(stage, "entered") : most;
    json_array_foreach(stages, i, stage)
    {
        int64_t entered = vrk_json_int(stage, "entered");
        int part[PARTS], cells = (int)llround((double)entered / (double)most * (double)bar);
        vrk_lay_cell(l, vrk_json_text(stage, "stage"), name_columns(l), false);
        vrk_lay_cell(l, vrk_say_int(&l->words, entered), COUNT, true);
        vrk_str_add(l->out, "  ");
        divide(stage, entered && !cells ? 1 : cells, part);
        for (int k = 0; k < PARTS; k++) {
            for (int j = 0; j < part[k]; j++)
                vrk_str_add(l->out, share_of[k].mark);
        }
        vrk_lay_end(l);
    }
    for (int k = 0; k < PARTS; k++)
        vrk_str_addf(l->out, "%s %s   ", share_of[k].mark,
                     vrk_tr(l->words.lang, share_of[k].legend));
    vrk_lay_end(l);
}

static const char *plain_days(const vrk_words *w, const json_t *object, const char *key)
{
    return vrk_say_number(w, vrk_json_mean(object, key), 0);
}

static void head(vrk_layout *l, const char *first)
{
    vrk_lang lang = l->words.lang;
    vrk_lay_cell(l, first, name_columns(l), false);
    vrk_lay_cell(l, vrk_tr(lang, "Deals"), COUNT, true);
    vrk_lay_cell(l, vrk_tr(lang, "Days"), DAYS, true);
    vrk_lay_cell(l, vrk_tr(lang, "(wd)"), DAYS, true);
    for (int k = 0; k < SHARES; k++)
        vrk_lay_cell(l, vrk_tr(lang, share_of[k].title), SHARE, true);
    vrk_lay_end(l);
}

static void row(vrk_layout *l, const char *name, const json_t *flow)
{
    const vrk_words *w = &l->words;
    vrk_lay_cell(l, name, name_columns(l), false);
    vrk_lay_cell(l, vrk_say_int(w, vrk_json_int(flow, "entered")), COUNT, true);
    vrk_lay_cell(l, plain_days(w, flow, "median_days"), DAYS, true);
    vrk_lay_cell(l, plain_days(w, flow, "median_workdays"), DAYS, true);
    for (int k = 0; k < SHARES; k++)
        vrk_lay_cell(l, cell(w, flow, share_of[k].key), SHARE, true);
    vrk_lay_end(l);
}

/* Steps back, and horizons that the data do not reach, are rare: a line each where they are. */
static void remarks(vrk_layout *l, const json_t *stages)
{
    const vrk_words *w = &l->words;
    vrk_str back = {.mem = w->mem}, beyond = {.mem = w->mem};
    size_t i;
    json_t *stage;
    json_array_foreach(stages, i, stage)
    {
        const char *name = vrk_json_text(stage, "stage");
        if (vrk_json_mean(stage, "back") >= 0.005)
            vrk_str_addf(&back, "%s%s %s", back.n ? ", " : "", name,
                         vrk_page_share(w, stage, "back"));
        if (json_is_true(json_object_get(stage, "beyond_data")))
            vrk_str_addf(&beyond, "%s%s", beyond.n ? ", " : "", name);
    }
    if (back.n)
        vrk_lay_text(
            l, 0, NULL,
            vrk_say(w, "Went back to an earlier stage: {list}.", "list", vrk_str_of(&back), NULL));
    if (beyond.n)
        vrk_lay_text(l, 0, NULL,
                     vrk_say(w, "The data do not reach the horizon in: {list}.", "list",
                             vrk_str_of(&beyond), NULL));
}

enum { SITUATION_SHARES = 3 };

/* "simple, single, medium, Retail" with the levels that are Verkan's own in the page's language. */
static const char *situation_text(const vrk_words *w, const char *name)
{
    static const char *const level[] = {
        VRK_N("simple"), VRK_N("complex"), VRK_N("single"), VRK_N("committee"),
        VRK_N("short"),  VRK_N("medium"),  VRK_N("long"),
    };
    vrk_str s = {.mem = w->mem};
    while (*name) {
        size_t n = strcspn(name, ","), known = 0;
        for (size_t k = 0; k < sizeof(level) / sizeof(level[0]) && !known; k++) {
            if (strlen(level[k]) == n && !memcmp(level[k], name, n)) {
                vrk_str_add(&s, vrk_tr(w->lang, level[k]));
                known = n;
            }
        }
        vrk_str_add_n(&s, name + known, n - known);
        name += n;
        n = strspn(name, ", ");
        vrk_str_add_n(&s, name, n);
        name += n;
    }
    return vrk_str_of(&s);
}

/* Situations have long names, so there are fewer columns; the last stage goes on to won. */
static void situation_row(vrk_layout *l, const json_t *flow, bool last_stage)
{
    const char *const key[SITUATION_SHARES] = {last_stage ? "won" : "forward", "lost", "stalled"};
    const vrk_words *w = &l->words;
    vrk_lay_cell(l, situation_text(w, vrk_json_text(flow, "situation")),
                 l->width - COUNT - SITUATION_SHARES * SHARE, false);
    vrk_lay_cell(l, vrk_say_int(w, vrk_json_int(flow, "entered")), COUNT, true);
    for (int k = 0; k < SITUATION_SHARES; k++)
        vrk_lay_cell(l, cell(w, flow, key[k]), SHARE, true);
    vrk_lay_end(l);
}

static void situation_head(vrk_layout *l, bool last_stage)
{
    vrk_lang lang = l->words.lang;
    vrk_lay_cell(l, vrk_tr(lang, "Situation"), l->width - COUNT - SITUATION_SHARES * SHARE, false);
    vrk_lay_cell(l, vrk_tr(lang, "Deals"), COUNT, true);
    vrk_lay_cell(l, last_stage ? vrk_tr(lang, "Won") : vrk_tr(lang, "Went on"), SHARE, true);
    vrk_lay_cell(l, vrk_tr(lang, "Lost"), SHARE, true);
    vrk_lay_cell(l, vrk_tr(lang, "Stalled"), SHARE, true);
    vrk_lay_end(l);
}

/* The one with most deals of those that are not told yet. */
static size_t largest(const json_t *list, const bool *told)
{
    size_t n = json_array_size(list), best = n;
    for (size_t i = 0; i < n; i++) {
        if (!told[i] && (best == n || vrk_json_int(json_array_get(list, i), "entered") >
                                          vrk_json_int(json_array_get(list, best), "entered")))
            best = i;
    }
    return best;
}

/* The situations of the stage that the finding names, largest first, six at most. */
static void situations(vrk_layout *l, const json_t *document, json_t *stages)
{
    enum { MOST = 6 };
    const vrk_words *w = &l->words;
    const char *name = vrk_json_text(json_object_get(document, "finding"), "stage");
    const json_t *list = NULL, *stage = NULL;
    bool told[1024] = {false};
    size_t i;
    json_t *item;
    json_array_foreach(stages, i, item)
    {
        if (!strcmp(vrk_json_text(item, "stage"), name))
            list = json_object_get(stage = item, "situations");
    }
    size_t n = json_array_size(list);
    if (n < 2 || n > sizeof(told))
        return;
    vrk_lay_heading(l, vrk_say(w, "{stage}, by situation", "stage", name, NULL));
    bool last_stage = vrk_json_mean(stage, "forward") < 1e-9;
    situation_head(l, last_stage);
    for (size_t k = 0; k < n && k < MOST; k++) {
        size_t best = largest(list, told);
        told[best] = true;
        situation_row(l, json_array_get(list, best), last_stage);
    }
    if (n > MOST)
        vrk_lay_text(l, 0, NULL,
                     vrk_say_n(w, "{n} more situation is in the document (--json).",
                               "{n} more situations are in the document (--json).",
                               (int64_t)n - MOST, NULL));
}

json_t *vrk_page_shown_stages(const json_t *document, int64_t *more)
{
    enum { MOST = 15 };
    const json_t *stages = json_object_get(document, "stages");
    json_t *shown = json_array();
    size_t n = json_array_size(stages);
    *more = 0;
    for (size_t i = 0; i < n; i++) {
        json_t *stage = json_array_get(stages, i);
        int64_t entered = vrk_json_int(stage, "entered"), larger = 0;
        for (size_t k = 0; k < n; k++) {
            int64_t other = vrk_json_int(json_array_get(stages, k), "entered");
            larger += other > entered || (other == entered && k < i);
        }
        if (entered && larger < MOST)
            json_array_append(shown, stage);
        else
            ++*more;
    }
    return shown;
}

void vrk_page_stages(vrk_layout *l, const json_t *document)
{
    const vrk_words *w = &l->words;
    int64_t more;
    json_t *stages = vrk_page_shown_stages(document, &more), *stage;
    const char *horizon =
        vrk_say_days(w, vrk_json_number(json_object_get(document, "method"), "horizon_days"));
    size_t i;
    if (!json_array_size(stages))
        goto done;
    vrk_lay_heading(l, vrk_say(w,
                               "The deals that entered each stage, and where they were {days} "
                               "later",
                               "days", horizon, NULL));
    picture(l, stages);
    vrk_lay_gap(l);
    head(l, vrk_tr(w->lang, "Stage"));
    json_array_foreach(stages, i, stage) row(l, vrk_json_text(stage, "stage"), stage);
    vrk_lay_text(
        l, 0, NULL,
        vrk_say(w,
                "Days: half have left the stage within so many days, (wd) working days. "
                "Stalled: still there after {days}; of the steps forward and wins, 95 in "
                "a hundred come sooner. Shares in percent, in brackets their 90-percent intervals, "
                "where these are wider than rounding.",
                "days", horizon, NULL));
    if (more)
        vrk_lay_text(l, 0, NULL,
                     vrk_say_n(w,
                               "{n} more stage, which few or no deals enter, is in the document "
                               "(--json).",
                               "{n} more stages, which few or no deals enter, are in the document "
                               "(--json).",
                               more, NULL));
    remarks(l, stages);
    situations(l, document, stages);
done:
    json_decref(stages);
}
