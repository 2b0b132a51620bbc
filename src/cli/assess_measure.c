/* cli/assess_measure.c - what answers of one's own say of the situations: how hard and how sharp
 * each is, and whether any is harder for a group than for others who can as much. */
#include "cli/assess_measure.h"
#include "cli/assess.h"
#include "cli/fit.h"

#include <jansson.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

enum { GROUPS = 20, NOBODY = -1 };

typedef struct {
    int64_t n, size[GROUPS]; /* groups, persons of each */
    const char *name[GROUPS];
    int64_t *of; /* [persons] */
} groups;

static const double inside = 1.6448536269514722;

static vrk_status enter(vrk_ctx *ctx, groups *g, const char *name, int64_t person)
{
    int64_t k = 0;
    while (k < g->n && strcmp(g->name[k], name) != 0)
        k++;
    if (k == GROUPS)
        return vrk_fail(ctx, VRK_EINPUT, "assess measure: more than %d groups", GROUPS);
    if (k == g->n)
        g->name[g->n++] = name;
    g->size[k]++;
    g->of[person] = k;
    return VRK_OK;
}

static const char *cell(vrk_ctx *ctx, const vrk_column *c, int64_t row)
{
    return c->null[row]          ? ""
           : c->type == VRK_TEXT ? c->s[row]
                                 : vrk_text_f(&ctx->scratch, "%.15g", c->d[row]);
}

/* From a file with columns person_id and group, which is kept nowhere. */
static vrk_status read_groups(vrk_ctx *ctx, const vrk_answered_by *a, const char *path, groups *g)
{
    vrk_status st = VRK_OK;
    vrk_frame f = {0};
    int64_t *line;
    TRY(vrk_fit_table(ctx, path, &f, &line));
    const vrk_column *who = vrk_frame_column(&f, "person_id"), *in = vrk_frame_column(&f, "group");
    if (!who || !in)
        FAIL(VRK_EINPUT, "%s: columns person_id and group are needed", path);
    for (int64_t r = 0; r < f.rows; r++) {
        const char *id = cell(ctx, who, r), *name = vrk_text_copy(&ctx->scratch, cell(ctx, in, r));
        if (!id || !name)
            FAIL(VRK_EMEMORY, "out of memory for groups");
        for (int64_t i = 0; i < a->persons && *name; i++) {
            if (g->of[i] == NOBODY && !strcmp(a->person[i], id))
                TRY(enter(ctx, g, name, i));
        }
    }
done:
    vrk_frame_free(&f);
    return st;
}

static vrk_status find_groups(vrk_ctx *ctx, vrk_assess *a, const vrk_answered_by *by, groups *g)
{
    vrk_status st = VRK_OK;
    const char *path = vrk_arg(a->args, "--groups", NULL), *what = vrk_arg(a->args, "--by", NULL);
    *g = (groups){.of = VRK_NEW(&ctx->scratch, by->persons, int64_t)};
    if (!g->of && by->persons)
        FAIL(VRK_EMEMORY, "out of memory for groups");
    for (int64_t i = 0; i < by->persons; i++)
        g->of[i] = NOBODY;
    a->usage = true;
    if (what && (path || (strcmp(what, "lang") != 0 && strcmp(what, "kind") != 0)))
        FAIL(VRK_EINPUT, "assess measure: --by lang or --by kind, or --groups FILE");
    a->usage = false;
    if (path)
        TRY(read_groups(ctx, by, path, g));
    for (int64_t i = 0; what && i < by->persons; i++) {
        const char *kind = by->candidate[i] ? vrk_tr(a->l->words.lang, "applicants")
                                            : vrk_tr(a->l->words.lang, "sellers");
        TRY(enter(ctx, g, !strcmp(what, "lang") ? by->lang[i] : kind, i));
    }
done:
    return st;
}

static void lay_items(vrk_layout *l, const vrk_answered_by *a, const vrk_keyed *k)
{
    const vrk_words *w = &l->words;
    static const int64_t wide[] = {32, 12, 20, 20};
    static const char *const head[] = {VRK_N("Situation"), VRK_N("Answered"),
                                       VRK_N("How hard (stated)"), VRK_N("How sharp")};
    vrk_lay_gap(l);
    for (int c = 0; c < 4; c++)
        vrk_lay_cell(l, vrk_tr(w->lang, head[c]), wide[c], c > 0);
    vrk_lay_end(l);
    for (int64_t j = 0; j < k->items; j++) {
        double b = k->difficulty[j], se = inside * k->difficulty_se[j];
        vrk_lay_cell(l, a->instrument->item[j].id, wide[0], false);
        vrk_lay_cell(l, vrk_say_int(w, k->answered[j]), wide[1], true);
        vrk_lay_cell(l,
                     vrk_say(w, "{range} ({stated})", "range", vrk_say_range(w, b - se, b + se, 1),
                             "stated", vrk_say_number(w, a->stated[j], 1), NULL),
                     wide[2], true);
        vrk_lay_cell(l, vrk_say_range(w, k->slope_lo[j], k->slope_hi[j], 2), wide[3], true);
        vrk_lay_end(l);
    }
    vrk_lay_text(
        l, 2, NULL,
        vrk_tr(w->lang,
               "90% intervals. Hard: half of those who stand there find the best answer; 0 "
               "is the middle one of those who answered, 1 is better than five in six. "
               "Sharp: 1 is assumed at the start; twice as sharp tells four times as much."));
}

static const char *item_says(const vrk_words *w, const vrk_keyed *k, int64_t j, const char *item,
                             const char *group)
{
    const char *large = VRK_N("{item} is much harder for {group} than for others who can as much: "
                              "look at its words before it counts.");
    if (k->class[j] == VRK_DIF_C && k->harder[j] < 0)
        large = VRK_N("{item} is much easier for {group} than for others who can as much: look at "
                      "its words before it counts.");
    else if (k->class[j] != VRK_DIF_C)
        large =
            k->harder[j] > 0
                ? VRK_N("{item} is somewhat harder for {group} than for others who can as much.")
                : VRK_N("{item} is somewhat easier for {group} than for others who can as much.");
    return vrk_say(w, large, "item", item, "group", group, NULL);
}

static void lay_alike(vrk_layout *l, const vrk_answered_by *a, const vrk_keyed *k,
                      const char *group)
{
    const vrk_words *w = &l->words;
    int64_t told = 0;
    double power = 0;
    for (int64_t j = 0; j < k->items; j++) {
        power += k->power[j] / (double)k->items;
        if (k->class[j] == VRK_DIF_A)
            continue;
        told++;
        vrk_lay_text(l, 4, NULL, item_says(w, k, j, a->instrument->item[j].id, group));
    }
    if (!told)
        vrk_lay_text(l, 4, NULL,
                     vrk_say(w,
                             "No situation is seen to be harder or easier for {group} than for "
                             "others who can as much.",
                             "group", group, NULL));
    vrk_lay_text(l, 4, NULL,
                 vrk_say(w,
                         "A large one would be seen with a chance of {p}; of those that are alike, "
                         "at the most one in twenty is told by chance.",
                         "p", vrk_say_percent(w, power), NULL));
}

/* Each group against the largest. */
static vrk_status compare(vrk_ctx *ctx, vrk_layout *l, const vrk_answered_by *a, const groups *g,
                          json_t *json)
{
    vrk_status st = VRK_OK;
    vrk_keyed k = {0};
    const vrk_words *w = &l->words;
    int64_t most = 0;
    int8_t *of = VRK_NEW(&ctx->scratch, a->persons, int8_t);
    if (!of)
        FAIL(VRK_EMEMORY, "out of memory for groups");
    for (int64_t i = 0; i < g->n; i++)
        most = g->size[i] > g->size[most] ? i : most;
    for (int64_t i = 0; i < g->n; i++) {
        if (i == most)
            continue;
        vrk_lay_text(l, 2, NULL,
                     vrk_say(w, "{group} ({n}) beside {others} ({m})", "group", g->name[i], "n",
                             vrk_say_int(w, g->size[i]), "others", g->name[most], "m",
                             vrk_say_int(w, g->size[most]), NULL));
        if (g->size[i] < VRK_ALIKE_LEAST || g->size[most] < VRK_ALIKE_LEAST) {
            vrk_measure_group(json, a, NULL, g->name[i], g->size[i], g->name[most], g->size[most]);
            vrk_lay_text(l, 4, NULL,
                         vrk_say(w,
                                 "Cannot be judged: {least} persons of each group are needed. That "
                                 "is no proof that the situations treat them alike.",
                                 "least", vrk_say_int(w, VRK_ALIKE_LEAST), NULL));
            continue;
        }
        for (int64_t p = 0; p < a->persons; p++)
            of[p] = (int8_t)(g->of[p] == most ? 0 : g->of[p] == i ? 1 : -1);
        TRY(vrk_measure_alike(ctx, a, of, &k));
        lay_alike(l, a, &k, g->name[i]);
        vrk_measure_group(json, a, &k, g->name[i], g->size[i], g->name[most], g->size[most]);
        vrk_keyed_free(&k);
    }
    if (g->n < 2)
        vrk_lay_text(l, 2, NULL, vrk_tr(w->lang, "There are no two groups to compare."));
done:
    vrk_keyed_free(&k);
    return st;
}

static vrk_status one_of(vrk_ctx *ctx, vrk_assess *a, const vrk_instrument *one)
{
    vrk_status st = VRK_OK;
    vrk_mark mark = vrk_mark_of(&ctx->scratch);
    vrk_answered_by by = {0};
    vrk_keyed k = {0};
    vrk_layout *l = a->l;
    const vrk_words *w = &l->words;
    groups g;
    int64_t id;
    json_t *json = NULL;
    TRY(vrk_answered_read(ctx, a->w.records, &a->all, one, &by));
    json = vrk_measure_start(&by);
    if (!json)
        FAIL(VRK_EMEMORY, "out of memory for the measures");
    vrk_lay_heading(l, vrk_assess_text(l, &one->name));
    vrk_lay_text(
        l, 2, NULL,
        vrk_say_n(w, "{n} person has answered.", "{n} persons have answered.", by.persons, NULL));
    if (by.changed)
        vrk_lay_text(l, 2, NULL,
                     vrk_say_n(w, "{n} sitting is left out: its situations have changed since.",
                               "{n} sittings are left out: their situations have changed since.",
                               by.changed, NULL));
    if (by.persons < VRK_MEASURE_LEAST) {
        vrk_lay_text(l, 2, NULL,
                     vrk_say(w,
                             "Under {n} the situations cannot be measured; the experts' start "
                             "values stand.",
                             "n", vrk_say_int(w, VRK_MEASURE_LEAST), NULL));
        if (vrk_arg_given(a->args, "--json"))
            TRY(vrk_measure_print(ctx, json));
        goto done;
    }
    TRY(vrk_measure_fit(ctx, &by, &k));
    lay_items(l, &by, &k);
    vrk_measure_items(json, &by, &k);
    TRY(find_groups(ctx, a, &by, &g));
    if (vrk_arg_given(a->args, "--groups") || vrk_arg_given(a->args, "--by"))
        TRY(compare(ctx, l, &by, &g, json));
    if (vrk_arg_given(a->args, "--keep")) {
        TRY(vrk_measure_keep(ctx, a->w.records, one, &k, &id));
        vrk_lay_text(l, 2, NULL,
                     vrk_say(w,
                             "Kept as version {id}: new tests choose by it, and profiles are made "
                             "by it.",
                             "id", vrk_say_int(w, id), NULL));
        json_object_set_new(json, "kept", json_integer((json_int_t)id));
    }
    if (vrk_arg_given(a->args, "--json"))
        TRY(vrk_measure_print(ctx, json));
done:
    json_decref(json);
    vrk_keyed_free(&k);
    vrk_answered_free(&by);
    if (st != VRK_OK)
        vrk_rewind(&ctx->scratch, mark);
    return st;
}

vrk_status vrk_assess_measure(vrk_ctx *ctx, vrk_assess *a)
{
    vrk_status st = VRK_OK;
    const char *name = a->args->operands > 1 ? a->args->operand[1] : NULL;
    const vrk_instrument *one = name ? vrk_instrument_find(&a->all, name) : NULL;
    if (a->args->operands > 2 || (name && !one) || (!name && vrk_arg_given(a->args, "--json"))) {
        a->usage = true;
        FAIL(VRK_EINPUT,
             "assess measure: one competency, or none for all; verkan assess list shows "
             "them");
    }
    for (int64_t i = 0; i < a->all.n; i++) {
        if (!one || one == &a->all.instrument[i])
            TRY(one_of(ctx, a, &a->all.instrument[i]));
    }
    if (!vrk_arg_given(a->args, "--json"))
        fputs(vrk_str_of(a->l->out), stdout);
done:
    return st;
}
