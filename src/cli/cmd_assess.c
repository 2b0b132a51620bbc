/* verkan assess - competences: what they are, how each level shows, what to ask, what to judge. */
#include "cli/show.h"
#include "diag/layout.h"
#include "people/instrument.h"

#include <stdio.h>
#include <string.h>

enum { WIDTH = 90 };

static const char *in(const vrk_layout *l, const vrk_text *text)
{
    return text->in[l->words.lang == VRK_SV];
}

static void list(vrk_layout *l, const vrk_instruments *all)
{
    for (int64_t i = 0; i < all->n; i++) {
        const vrk_instrument *one = &all->instrument[i];
        vrk_lay_heading(l, vrk_say(&l->words, "{name} ({id})", "name", in(l, &one->name), "id",
                                   one->competency, NULL));
        vrk_lay_text(l, 2, NULL, in(l, &one->definition));
        vrk_lay_text(l, 2, NULL,
                     vrk_say_n(&l->words, "{n} situation to judge", "{n} situations to judge",
                               one->items, NULL));
    }
}

static void guide(vrk_layout *l, const vrk_instrument *one)
{
    vrk_lang lang = l->words.lang;
    vrk_lay_heading(l, in(l, &one->name));
    vrk_lay_text(l, 2, NULL, in(l, &one->definition));
    vrk_lay_text(l, 2, NULL,
                 vrk_say(&l->words, "Where it is low: {what}", "what", in(l, &one->low), NULL));
    vrk_lay_heading(l, vrk_tr(lang, "How each level shows"));
    for (int64_t k = 0; k < VRK_LEVELS; k++)
        vrk_lay_text(l, 4, vrk_say_int(&l->words, k + 1), in(l, &one->anchor[k]));
    vrk_lay_heading(l, vrk_tr(lang, "To ask in an interview, the same of everybody"));
    for (int64_t k = 0; k < one->questions; k++) {
        vrk_lay_text(l, 4, vrk_say_int(&l->words, k + 1), in(l, &one->question[k].ask));
        vrk_lay_text(l, 4, NULL,
                     vrk_say(&l->words, "Listen for: {what}", "what",
                             in(l, &one->question[k].listen_for), NULL));
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
    vrk_lay_heading(l, in(l, &one->name));
    if (!key)
        vrk_lay_text(l, 0, NULL,
                     vrk_tr(lang, "What do you do? Choose one answer to each; all that is asked is "
                                  "what you would do first."));
    for (int64_t i = 0; i < one->items; i++) {
        const vrk_item *item = &one->item[i];
        vrk_lay_gap(l);
        vrk_lay_text(l, 0, NULL, key ? item->id : vrk_say_int(&l->words, i + 1));
        vrk_lay_text(l, 2, NULL, in(l, &item->stem));
        for (int64_t k = 0; k < VRK_ITEM_OPTIONS; k++) {
            const char letter[] = {' ', ' ', (char)('a' + k), ')', 0};
            vrk_lay_text(l, 6, letter, in(l, &item->option[k].text));
            if (key)
                vrk_lay_text(l, 6, NULL,
                             vrk_say_n(&l->words, "{n} point. {why}", "{n} points. {why}",
                                       item->option[k].points, "why", in(l, &item->option[k].why),
                                       NULL));
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

static vrk_status show(vrk_ctx *ctx, const vrk_args *args, vrk_layout *l)
{
    vrk_status st = VRK_OK;
    vrk_instruments all = {0};
    const char *what = args->operands ? args->operand[0] : "list";
    bool plain = !strcmp(what, "list"), about = !strcmp(what, "guide");
    const vrk_instrument *one = NULL;
    TRY(vrk_instruments_read(ctx, &all));
    if (!plain && !about && strcmp(what, "items") != 0)
        FAIL(VRK_EINPUT, "assess: '%s' is not known here; list, guide or items", what);
    if (args->operands > (plain ? 1 : 2))
        FAIL(VRK_EINPUT, "assess %s: '%s' is not needed", what, args->operand[plain ? 1 : 2]);
    if (!plain && args->operands < 2)
        FAIL(VRK_EINPUT, "assess %s: say which competency; verkan assess list shows them", what);
    if (!plain) {
        one = vrk_instrument_find(&all, args->operand[1]);
        if (!one)
            FAIL(VRK_EINPUT, "assess: there is no competency '%s'; verkan assess list shows them",
                 args->operand[1]);
    }
    if (plain)
        list(l, &all);
    else if (about)
        guide(l, one);
    else
        situations(l, one, vrk_arg_given(args, "--key"));
    if (ctx->scratch.failed)
        FAIL(VRK_EMEMORY, "out of memory for the page");
    fputs(vrk_str_of(l->out), stdout);
done:
    vrk_instruments_free(&all);
    return st;
}

static int run(vrk_ctx *ctx, const vrk_args *args)
{
    vrk_status st = VRK_OK;
    vrk_str out = {.mem = &ctx->scratch};
    vrk_layout l = {.out = &out, .words = {.mem = &ctx->scratch}, .width = WIDTH};
    TRY(vrk_show_lang(ctx, args, &l.words.lang));
    TRY(show(ctx, args, &l));
done:;
    int code = vrk_exit_of(ctx, st);
    return st == VRK_EINPUT ? VRK_EXIT_USAGE : code; /* only the command line can be wrong */
}

static const vrk_option options[] = {
    {"--key", NULL, VRK_N("points and reasons of the answers, for who scores them")},
    {"--lang", "sv|en", VRK_N("language (else that of the environment)")},
    {0},
};

const vrk_cmd vrk_cmd_assess = {
    .name = "assess",
    .operands = "[list | guide COMPETENCY | items COMPETENCY]",
    .summary = VRK_N("Show competences: levels, interview questions, situations to judge"),
    .options = options,
    .run = run,
};
