/* verkan follow-up - did what was done work, and were the chances right that were told before? */
#include "cli/show.h"

#include "base/date.h"
#include "diag/hits.h"

#include <math.h>
#include <stdio.h>

/* The day that the diagnosis tells of; where it does not say, that on which it was made. */
static const char *day_of(const vrk_words *w, const vrk_hit *h)
{
    int64_t day = h->made_at / INT64_C(86400000000);
    if (*h->as_of && !vrk_day_parse(h->as_of, &day))
        return h->as_of;
    return vrk_say_date(w, day);
}

static void print_hit(const vrk_words *w, const vrk_hit *h)
{
    printf(
        "  %s\n",
        vrk_say(w,
                VRK_N("{day}: of {told} open deals {closed} are closed since; {expected} of "
                      "these were expected to be won, {won} were. Error {brier}; the same chance "
                      "for all would have had {same}."),
                "day", day_of(w, h), "told", vrk_say_int(w, h->told), "closed",
                vrk_say_int(w, h->closed), "expected", vrk_say_number(w, h->expected, 1), "won",
                vrk_say_int(w, h->won), "brier", vrk_say_number(w, h->brier, 3), "same",
                vrk_say_number(w, h->same, 3), NULL));
}

/* Of the workspace: what stored diagnoses told, where something has become of it. */
static vrk_status print_hits(vrk_ctx *ctx, const vrk_args *args)
{
    vrk_status st = VRK_OK;
    vrk_workspace w = {.lock = -1};
    vrk_facts *facts = NULL;
    vrk_hits hits = {0};
    vrk_words words = {VRK_EN, &ctx->scratch};
    int64_t lease = 0, told = 0;

    TRY(vrk_show_lang(ctx, args, &words.lang));
    TRY(vrk_workspace_open(ctx, vrk_workspace_path(args), false, &w));
    TRY(vrk_workspace_facts(ctx, &w, &facts, &lease));
    TRY(vrk_hits_count(ctx, w.records, facts, &hits));
    vrk_progress_end();
    for (int64_t i = 0; i < hits.n; i++) {
        if (!hits.hit[i].closed)
            continue;
        if (!told++)
            printf("\n%s\n", vrk_tr(words.lang, "Chances told before, and what became of them"));
        print_hit(&words, &hits.hit[i]);
    }
done:
    vrk_hits_free(&hits);
    vrk_facts_close(facts);
    if (lease && vrk_lease_end(ctx, &w, lease) != VRK_OK && st == VRK_OK)
        st = VRK_EDB;
    vrk_workspace_close(&w);
    return st;
}

static int run(vrk_ctx *ctx, const vrk_args *args)
{
    int code = vrk_show(ctx, args, &(vrk_shown){.page = vrk_page_follow_up});
    if (code != VRK_EXIT_DONE || args->operands || vrk_arg_given(args, "--json"))
        return code;
    return vrk_exit_of(ctx, print_hits(ctx, args));
}

static const vrk_option options[] = {
    VRK_SHOW_OPTIONS,
    {0},
};

const vrk_cmd vrk_cmd_follow_up = {
    .name = "follow-up",
    .operands = "[PATH...]",
    .summary = VRK_N("Say what each action that was taken did, against sellers who had none"),
    .options = options,
    .run = run,
};
