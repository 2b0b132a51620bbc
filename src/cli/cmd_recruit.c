/* verkan recruit - what roles ask for, how applicants compare with it, what was decided and why,
 * and whether it was fair. */
#include "cli/recruit.h"
#include "cli/show.h"
#include "people/decision.h"

#include <stdio.h>
#include <string.h>

enum { WIDTH = 90 };
#define DAY INT64_C(86400000000)

vrk_status vrk_recruit_usage(vrk_ctx *ctx, vrk_recruit *r, const char *what)
{
    r->usage = true;
    return vrk_fail(ctx, VRK_EINPUT, "recruit %s: %s", r->args->operands ? r->args->operand[0] : "",
                    vrk_said(ctx, what));
}

static vrk_status decide(vrk_ctx *ctx, vrk_recruit *r)
{
    vrk_status st = VRK_OK;
    const vrk_args *args = r->args;
    if (args->operands != 3 || !vrk_arg_given(args, "--role") || !vrk_arg_given(args, "--reason") ||
        !vrk_arg_given(args, "--by"))
        TRY(vrk_recruit_usage(ctx, r,
                              "say whom and what (advance, hold, reject, offer, hire, withdrawn), "
                              "--role, --reason and --by"));
    vrk_hiring d = {.person_id = args->operand[1],
                    .decision = args->operand[2],
                    .role = vrk_arg(args, "--role", NULL),
                    .reason = vrk_arg(args, "--reason", NULL),
                    .by = vrk_arg(args, "--by", NULL)};
    TRY(vrk_hiring_add(ctx, r->w.records, &d));
    vrk_lay_text(
        r->l, 0, NULL,
        vrk_say(&r->l->words, "Decision {n} is kept.", "n", vrk_say_int(&r->l->words, d.id), NULL));
done:
    return st;
}

static vrk_status decisions(vrk_ctx *ctx, vrk_recruit *r)
{
    vrk_status st = VRK_OK;
    vrk_hirings list = {0};
    const vrk_words *w = &r->l->words;
    TRY(vrk_hirings_list(ctx, r->w.records, &list));
    if (!list.n)
        vrk_lay_text(r->l, 0, NULL, vrk_tr(w->lang, "Nothing has been decided yet."));
    for (int64_t i = 0; i < list.n; i++) {
        const vrk_hiring *d = &list.row[i];
        vrk_lay_text(r->l, 0, NULL,
                     vrk_say(w, "{n}. {day}, {person}, {role}: {decision}, by {by}", "n",
                             vrk_say_int(w, d->id), "day", vrk_say_date(w, d->made_at / DAY),
                             "person", d->person_id, "role", d->role, "decision", d->decision, "by",
                             d->by, NULL));
        vrk_lay_text(r->l, 4, NULL, d->reason);
    }
done:
    vrk_hirings_free(&list);
    return st;
}

static const struct {
    const char *name;
    vrk_status (*run)(vrk_ctx *ctx, vrk_recruit *r);
    bool workspace;
} parts[] = {
    {"roles", vrk_recruit_roles, true},
    {"weigh", vrk_recruit_weigh, true},
    {"fit", vrk_recruit_fit, true},
    {"decide", decide, true},
    {"decisions", decisions, true},
    {"impact", vrk_recruit_impact, false},
    {"validate", vrk_recruit_validate, false},
    {"worth", vrk_recruit_worth, false},
};

static vrk_status dispatch(vrk_ctx *ctx, vrk_recruit *r)
{
    vrk_status st = VRK_OK;
    const char *what = r->args->operands ? r->args->operand[0] : "roles";
    for (size_t i = 0; i < sizeof(parts) / sizeof(parts[0]); i++) {
        if (strcmp(parts[i].name, what) != 0)
            continue;
        if (parts[i].workspace)
            TRY(vrk_workspace_open(ctx, vrk_workspace_path(r->args), false, &r->w));
        TRY(parts[i].run(ctx, r));
        if (ctx->scratch.failed)
            FAIL(VRK_EMEMORY, "out of memory for the page");
        fputs(vrk_str_of(r->l->out), stdout);
        goto done;
    }
    TRY(vrk_recruit_usage(ctx, r,
                          "this is not known here; roles, weigh, fit, decide, decisions, impact, "
                          "validate or worth"));
done:
    return st;
}

static int run(vrk_ctx *ctx, const vrk_args *args)
{
    vrk_status st = VRK_OK;
    vrk_str out = {.mem = &ctx->scratch};
    vrk_layout l = {.out = &out, .words = {.mem = &ctx->scratch}, .width = WIDTH};
    vrk_recruit r = {.args = args, .l = &l, .w = {.lock = -1}, .usage = true};
    TRY(vrk_show_lang(ctx, args, &l.words.lang));
    r.usage = false;
    TRY(dispatch(ctx, &r));
done:
    vrk_workspace_close(&r.w);
    int code = vrk_exit_of(ctx, st);
    return st == VRK_EINPUT && r.usage ? VRK_EXIT_USAGE : code;
}

static const vrk_option options[] = {
    {"--role", "ROLE", VRK_N("decide: for which role")},
    {"--reason", "TEXT", VRK_N("decide: why")},
    {"--by", "NAME", VRK_N("weigh, decide: who says so")},
    {"--blind", NULL, VRK_N("fit: without names and ids")},
    {"--restriction", "RATIO",
     VRK_N("validate: spread among all who applied over that among those in the file")},
    {"--reliability", "SHARE", VRK_N("validate: how reliable the result is, 0 to 1")},
    {"--hired", "N", VRK_N("worth: how many are hired")},
    {"--share", "SHARE", VRK_N("worth: share of the applicants who are hired, 0 to 1")},
    {"--years", "N", VRK_N("worth: how long they stay")},
    {"--sd", "MONEY", VRK_N("worth: what a good one is worth more than a usual one, a year")},
    {"--cost", "MONEY", VRK_N("worth: what the test costs per applicant")},
    {"--validity", "R", VRK_N("worth: how well it tells results, as validated (else 0.26)")},
    {"--people", "N", VRK_N("worth: how many people that was seen on")},
    {"--present", "R", VRK_N("worth: how well what you do today tells results")},
    {"--currency", "CODE", VRK_N("worth: the money's (SEK)")},
    VRK_WORKSPACE_OPTION,
    VRK_LANG_OPTION,
    {0},
};

const vrk_cmd vrk_cmd_recruit = {
    .name = "recruit",
    .operands = "[roles [ROLE] | weigh ROLE COMPETENCY=1..5... | fit ROLE | decide PERSON DECISION "
                "| decisions | impact FILE.csv | validate FILE.csv | worth]",
    .summary = VRK_N("Compare applicants with what a role asks for; what predicts here; fairness"),
    .options = options,
    .run = run,
};
