/* verkan assess - competences: what they are, how each level shows, what to ask, what to judge; and
 * people who are assessed (assess_*.c). */
#include "base/sys.h"
#include "cli/assess.h"
#include "cli/show.h"
#include "people/own.h"
#include "people/qti_write.h"

#include <stdio.h>
#include <string.h>

enum { WIDTH = 90 };

const char *vrk_assess_text(const vrk_layout *l, const vrk_text *text)
{
    return text->in[l->words.lang == VRK_SV];
}

static void list(vrk_layout *l, const vrk_instruments *all)
{
    for (int64_t i = 0; i < all->n; i++) {
        const vrk_instrument *one = &all->instrument[i];
        vrk_lay_heading(l, vrk_say(&l->words, "{name} ({id})", "name",
                                   vrk_assess_text(l, &one->name), "id", one->competency, NULL));
        vrk_lay_text(l, 2, NULL, vrk_assess_text(l, &one->definition));
        vrk_lay_text(l, 2, NULL,
                     vrk_say_n(&l->words, "{n} situation to judge", "{n} situations to judge",
                               one->items, NULL));
        if (one->own)
            vrk_lay_text(
                l, 2, NULL,
                vrk_say(&l->words,
                        one->retired
                            ? VRK_N("Of your own, retired: no longer sent. {n} difficulties "
                                    "are its author's, the others are taken as middling.")
                            : VRK_N("Of your own. {n} difficulties are its author's, the "
                                    "others are taken as middling."),
                        "n", vrk_say_int(&l->words, one->stated), NULL));
    }
}

static void guide(vrk_layout *l, const vrk_instrument *one)
{
    vrk_lang lang = l->words.lang;
    vrk_lay_heading(l, vrk_assess_text(l, &one->name));
    vrk_lay_text(l, 2, NULL, vrk_assess_text(l, &one->definition));
    vrk_lay_text(
        l, 2, NULL,
        vrk_say(&l->words, "Where it is low: {what}", "what", vrk_assess_text(l, &one->low), NULL));
    vrk_lay_heading(l, vrk_tr(lang, "How each level shows"));
    for (int64_t k = 0; k < VRK_LEVELS; k++)
        vrk_lay_text(l, 4, vrk_say_int(&l->words, k + 1), vrk_assess_text(l, &one->anchor[k]));
    vrk_lay_heading(l, vrk_tr(lang, "To ask in an interview, the same of everybody"));
    for (int64_t k = 0; k < one->questions; k++) {
        vrk_lay_text(l, 4, vrk_say_int(&l->words, k + 1),
                     vrk_assess_text(l, &one->question[k].ask));
        vrk_lay_text(l, 4, NULL,
                     vrk_say(&l->words, "Listen for: {what}", "what",
                             vrk_assess_text(l, &one->question[k].listen_for), NULL));
    }
    vrk_lay_gap(l);
    vrk_lay_text(l, 0, NULL,
                 vrk_tr(lang, "Rate what was seen or said, 1 to 5, before talking to other raters; "
                              "ratings are read from assessments.csv."));
}

/* The situations as a form to fill in; with `key`, points and reasons instead. */
static void situations(vrk_layout *l, const vrk_instrument *one, bool key)
{
    vrk_lang lang = l->words.lang;
    vrk_lay_heading(l, vrk_assess_text(l, &one->name));
    if (!key)
        vrk_lay_text(l, 0, NULL,
                     vrk_tr(lang, "What do you do? Choose one answer to each; all that is asked is "
                                  "what you would do first."));
    for (int64_t i = 0; i < one->items; i++) {
        const vrk_item *item = &one->item[i];
        vrk_lay_gap(l);
        vrk_lay_text(l, 0, NULL, key ? item->id : vrk_say_int(&l->words, i + 1));
        vrk_lay_text(l, 2, NULL, vrk_assess_text(l, &item->stem));
        for (int64_t k = 0; k < VRK_ITEM_OPTIONS; k++) {
            const char letter[] = {' ', ' ', (char)('a' + k), ')', 0};
            vrk_lay_text(l, 6, letter, vrk_assess_text(l, &item->option[k].text));
            if (key)
                vrk_lay_text(l, 6, NULL,
                             vrk_say_n(&l->words, "{n} point. {why}", "{n} points. {why}",
                                       item->option[k].points, "why",
                                       vrk_assess_text(l, &item->option[k].why), NULL));
        }
    }
    vrk_lay_gap(l);
    if (key)
        vrk_lay_text(
            l, 0, NULL,
            vrk_tr(lang,
                   "The points are read from assessments.csv: instrument sjt, item_id as here. How "
                   "hard each is, is an expert's start value until answers of your own tell."));
}

vrk_status vrk_assess_operand(vrk_ctx *ctx, vrk_assess *a, int at, const char *what,
                              const char **out)
{
    if (a->args->operands > at + 1 || a->args->operands <= at) {
        a->usage = true;
        return vrk_fail(ctx, VRK_EINPUT, "assess %s: %s is needed, and nothing else",
                        a->args->operand[0], vrk_said(ctx, what));
    }
    *out = a->args->operand[at];
    return VRK_OK;
}

vrk_status vrk_assess_number(vrk_ctx *ctx, vrk_assess *a, int at, const char *what, int64_t *out)
{
    vrk_status st = VRK_OK;
    const char *text = "";
    *out = 0;
    TRY(vrk_assess_operand(ctx, a, at, what, &text));
    for (const char *c = text; *c; c++) {
        if (*c < '0' || *c > '9' || *out > INT64_MAX / 100) {
            *out = 0;
            break;
        }
        *out = 10 * *out + (*c - '0');
    }
    if (!*out) {
        a->usage = true;
        FAIL(VRK_EINPUT, "assess %s: '%s' is not %s", a->args->operand[0], text,
             vrk_said(ctx, what));
    }
done:
    return st;
}

vrk_status vrk_assess_words(vrk_ctx *ctx, const char *text, int64_t most, const char **word,
                            int64_t *n)
{
    char *rest = vrk_text_copy(&ctx->scratch, text), *one;
    *n = 0;
    while (rest && (one = strsep(&rest, ","))) {
        if (*n == most)
            return vrk_fail(ctx, VRK_EINPUT, "'%s' has more than %lld parts", text,
                            (long long)most);
        word[(*n)++] = one;
    }
    return ctx->scratch.failed ? vrk_fail(ctx, VRK_EMEMORY, "out of memory") : VRK_OK;
}

vrk_status vrk_assess_write(vrk_ctx *ctx, const vrk_assess *a, const char *text)
{
    const char *path = vrk_arg(a->args, "-o", NULL);
    if (path)
        return vrk_file_replace(ctx, path, text, strlen(text));
    fputs(text, stdout);
    return VRK_OK;
}

static vrk_status about(vrk_ctx *ctx, vrk_assess *a)
{
    vrk_status st = VRK_OK;
    const char *what = a->args->operand[0], *name = "";
    const vrk_instrument *one;
    TRY(vrk_assess_operand(ctx, a, 1, "a competency; verkan assess list shows them", &name));
    one = vrk_instrument_find(&a->all, name);
    a->usage = true;
    if (!one)
        FAIL(VRK_EINPUT, "assess: there is no competency '%s'; verkan assess list shows them",
             name);
    const char *package = vrk_arg(a->args, "--qti", NULL);
    if (package) {
        a->usage = false;
        TRY(vrk_qti_write(ctx, one, a->l->words.lang, package));
        vrk_lay_text(a->l, 0, NULL,
                     vrk_say_n(&a->l->words,
                               "{n} situation is written to {folder}. Zip the folder's files for "
                               "another player; what it reports back is imported.",
                               "{n} situations are written to {folder}. Zip the folder's files for "
                               "another player; what it reports back is imported.",
                               one->items, "folder", package, NULL));
    } else if (!strcmp(what, "guide"))
        guide(a->l, one);
    else
        situations(a->l, one, vrk_arg_given(a->args, "--key"));
    fputs(vrk_str_of(a->l->out), stdout);
done:
    return st;
}

static vrk_status list_all(vrk_ctx *ctx, vrk_assess *a)
{
    vrk_status st = VRK_OK;
    a->usage = true;
    if (a->args->operands > 1)
        FAIL(VRK_EINPUT, "assess list: '%s' is not needed", a->args->operand[1]);
    list(a->l, &a->all);
    fputs(vrk_str_of(a->l->out), stdout);
done:
    return st;
}

static const struct {
    const char *name;
    vrk_status (*run)(vrk_ctx *ctx, vrk_assess *a);
    bool workspace;
} parts[] = {
    {"list", list_all, false},
    {"guide", about, false},
    {"items", about, false},
    {"invite", vrk_assess_invite, true},
    {"take", vrk_assess_take, true},
    {"status", vrk_assess_status, true},
    {"withdraw", vrk_assess_withdraw, true},
    {"score", vrk_assess_score, true},
    {"replay", vrk_assess_replay, true},
    {"rate", vrk_assess_rate, true},
    {"accommodate", vrk_assess_accommodate, true},
    {"accommodations", vrk_assess_accommodations, true},
    {"raters", vrk_assess_raters, true},
    {"measure", vrk_assess_measure, true},
    {"import", vrk_assess_import, true},
    {"retire", vrk_assess_retire, true},
    {"export", vrk_assess_export, true},
};

static vrk_status dispatch(vrk_ctx *ctx, vrk_assess *a)
{
    vrk_status st = VRK_OK;
    const char *what = a->args->operands ? a->args->operand[0] : "list";
    for (size_t i = 0; i < sizeof(parts) / sizeof(parts[0]); i++) {
        if (strcmp(parts[i].name, what) != 0)
            continue;
        const char *folder = vrk_workspace_path(a->args);
        bool make = !strcmp(what, "import"); /* situations can come before any deal */
        if (parts[i].workspace || vrk_is_folder(folder)) {
            TRY(vrk_workspace_open(ctx, folder, make, &a->w));
            TRY(vrk_instruments_all(ctx, a->w.records, &a->all));
        } else {
            TRY(vrk_instruments_read(ctx, &a->all));
        }
        TRY(parts[i].run(ctx, a));
        if (ctx->scratch.failed)
            FAIL(VRK_EMEMORY, "out of memory for the page");
        goto done;
    }
    a->usage = true;
    FAIL(VRK_EINPUT,
         "assess: '%s' is not known here; list, guide, items, invite, take, status, withdraw, "
         "score, replay, rate, accommodate, accommodations, raters, measure, import, retire or "
         "export",
         what);
done:
    return st;
}

static int run(vrk_ctx *ctx, const vrk_args *args)
{
    vrk_status st = VRK_OK;
    vrk_str out = {.mem = &ctx->scratch};
    vrk_layout l = {.out = &out, .words = {.mem = &ctx->scratch}, .width = WIDTH};
    vrk_assess a = {.args = args, .l = &l, .w = {.lock = -1}, .usage = true};
    TRY(vrk_show_lang(ctx, args, &l.words.lang));
    a.usage = false;
    TRY(dispatch(ctx, &a));
done:
    vrk_instruments_free(&a.all);
    vrk_workspace_close(&a.w);
    int code = vrk_exit_of(ctx, st);
    return st == VRK_EINPUT && a.usage ? VRK_EXIT_USAGE : code;
}

static const vrk_option options[] = {
    {"--key", NULL, VRK_N("points and reasons of the answers, for who scores them")},
    {"--qti", "DIR", VRK_N("items: as a QTI 3 package in a new folder, with the key")},
    {"--person", "ID", VRK_N("who it is about: the id of a seller or candidate in the data")},
    {"--competency", "a,b", VRK_N("invite: to which; verkan assess list shows them")},
    {"--candidate", NULL, VRK_N("invite: the person applies for work; may be new to the data")},
    {"--purpose", "TEXT", VRK_N("invite: what the answers are for, as the person is told")},
    {"--se", "NUMBER", VRK_N("invite: stop when a result is as exact as this (0.55)")},
    {"--most", "N", VRK_N("invite: at the most so many situations a competency (12)")},
    {"--days", "N", VRK_N("invite: how long the link holds (14)")},
    {"--rater", "ID", VRK_N("rate: who saw it; accommodate: who keeps it; raters: this one only")},
    {"--as", "ROLE|ID",
     VRK_N("rate: manager, peer, customer, self or interviewer; import: the instrument's id")},
    {"--name", "TEXT", VRK_N("import: the instrument's name (else the test's title)")},
    {"--evidence", "TEXT", VRK_N("rate: what was seen or said; accommodate: what it was")},
    {"--groups", "FILE", VRK_N("measure: compare the groups of a file (person_id, group)")},
    {"--by", "lang|kind", VRK_N("measure: compare languages, or applicants with sellers")},
    {"--keep", NULL, VRK_N("measure: keep it; new tests choose by it and profiles are made by it")},
    {"--json", NULL, VRK_N("measure: as JSON, of one competency")},
    {"-o", "FILE", VRK_N("export, accommodations: the file to write (else the standard output)")},
    VRK_WORKSPACE_OPTION,
    VRK_LANG_OPTION,
    {0},
};

const vrk_cmd vrk_cmd_assess = {
    .name = "assess",
    .operands = "[list | guide COMPETENCY | items COMPETENCY | invite | take LINK | status | "
                "withdraw N | score N | replay N | rate COMPETENCY=LEVEL | "
                "accommodate KIND | accommodations | raters | measure [COMPETENCY] | import "
                "FILE... | retire ID | export]",
    .summary = VRK_N("Assess what people can: situations to judge, interview guides, profiles"),
    .options = options,
    .run = run,
};
