/* verkan user - accounts of the server, for who owns the workspace's files. */
#include "base/str.h"
#include "cli/show.h"
#include "store/accounts.h"
#include "store/audit.h"
#include "store/hash.h"
#include "store/sessions.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

static vrk_status begin(vrk_ctx *ctx, const vrk_workspace *w)
{
    return vrk_records_run(ctx, w->records, "BEGIN IMMEDIATE", NULL, 0, NULL);
}

static vrk_status end(vrk_ctx *ctx, const vrk_workspace *w, const char *what, int64_t account)
{
    vrk_status st = VRK_OK;
    const char *subject = vrk_text_f(&ctx->scratch, "account %" PRId64, account);
    TRY(vrk_audit_add(
        ctx, w->records,
        &(vrk_audit){.what = what, .subject = subject, .purpose = "terminal", .outcome = "done"}));
    TRY(vrk_records_run(ctx, w->records, "COMMIT", NULL, 0, NULL));
done:
    return st;
}

static vrk_status list(vrk_ctx *ctx, const vrk_words *words, const vrk_workspace *w)
{
    vrk_status st = VRK_OK;
    vrk_accounts all = {0};

    TRY(vrk_accounts_list(ctx, w->records, &all));
    if (!all.n)
        puts(vrk_tr(words->lang, "There is no account yet; 'verkan serve' says how to make one."));
    for (int64_t i = 0; i < all.n; i++) {
        const vrk_account *a = &all.account[i];
        printf("%-24s %-15s %s\n", a->name, vrk_by_name[a->role],
               a->disabled    ? vrk_tr(words->lang, "closed")
               : !a->password ? vrk_tr(words->lang, "invited")
                              : "");
    }
done:
    vrk_accounts_free(&all);
    return st;
}

static void say_link(const vrk_words *words, const vrk_args *args, const char *name,
                     const char *token)
{
    const char *at = vrk_arg(args, "--address", "http://127.0.0.1:8300");
    printf("%s\n%s/#/setup?token=%s\n",
           vrk_say(words, VRK_N("{name} sets a password here, once, within three days:"), "name",
                   name, NULL),
           at, token);
}

static vrk_status add(vrk_ctx *ctx, const vrk_args *args, const vrk_words *words,
                      const vrk_workspace *w)
{
    vrk_status st = VRK_OK;
    vrk_account a = {.name = args->operand[1]};
    const char *seller = vrk_arg(args, "--seller", NULL), *team = vrk_arg(args, "--team", NULL);
    char token[VRK_HEX];

    if (!vrk_by_parse(vrk_arg(args, "--role", ""), &a.role))
        FAIL(VRK_EINPUT, "--role is one of owner, administrator, analyst, leader, manager, seller, "
                         "auditor, hr, representative");
    if (seller) {
        TRY(vrk_person_key(ctx, w->records, seller, &a.person_key));
        if (!a.person_key)
            FAIL(VRK_EINPUT, "--seller: there is no seller '%s' in the data", seller);
    }
    if (a.role == VRK_BY_SELLER && !seller)
        FAIL(VRK_EINPUT, "a seller's account needs --seller ID: whose it is");
    a.team = &team;
    a.teams = team != NULL;
    TRY(begin(ctx, w));
    TRY(vrk_account_add(ctx, w->records, &a));
    TRY(vrk_link_make(ctx, w->records, a.id, token));
    TRY(end(ctx, w, "user.add", a.id));
    say_link(words, args, a.name, token);
done:
    return st;
}

static vrk_status change(vrk_ctx *ctx, const vrk_args *args, const vrk_words *words,
                         const vrk_workspace *w, bool close)
{
    vrk_status st = VRK_OK;
    vrk_accounts found = {0};
    const char *name = args->operand[1];
    char token[VRK_HEX];

    TRY(vrk_accounts_find(ctx, w->records, 0, name, &found));
    if (!found.n)
        FAIL(VRK_EINPUT, "there is no account '%s'", name);
    vrk_account *a = found.account;
    TRY(begin(ctx, w));
    TRY(vrk_sessions_end(ctx, w->records, a->id));
    a->disabled = close;
    TRY(vrk_account_store(ctx, w->records, a));
    if (!close)
        TRY(vrk_link_make(ctx, w->records, a->id, token));
    TRY(end(ctx, w, close ? "user.close" : "user.link", a->id));
    if (close)
        puts(vrk_say(words, VRK_N("The account {name} is closed."), "name", name, NULL));
    else
        say_link(words, args, name, token);
done:
    vrk_accounts_free(&found);
    return st;
}

static int run(vrk_ctx *ctx, const vrk_args *args)
{
    vrk_workspace w = {.lock = -1};
    vrk_words words = {.mem = &ctx->scratch};
    const char *what = args->operands ? args->operand[0] : "list";
    bool named = args->operands == 2;

    if (vrk_show_lang(ctx, args, &words.lang) != VRK_OK || args->operands > 2 ||
        (strcmp(what, "list") != 0 && !named)) {
        vrk_usage(args->cmd);
        return VRK_EXIT_USAGE;
    }
    vrk_status st = vrk_workspace_open(ctx, vrk_workspace_path(args), false, &w);
    if (st == VRK_OK) {
        st = !strcmp(what, "list")   ? list(ctx, &words, &w)
             : !strcmp(what, "add")  ? add(ctx, args, &words, &w)
             : !strcmp(what, "link") ? change(ctx, args, &words, &w, false)
             : !strcmp(what, "disable")
                 ? change(ctx, args, &words, &w, true)
                 : vrk_fail(ctx, VRK_EINPUT, "'%s' is none of list, add, link, disable", what);
    }
    int code = vrk_exit_of(ctx, st);
    vrk_workspace_close(&w);
    return code;
}

static const vrk_option options[] = {
    VRK_WORKSPACE_OPTION,
    {"--role", "ROLE",
     VRK_N("with add: owner, administrator, analyst, leader, manager, seller ...")},
    {"--seller", "ID", VRK_N("with add: who of the data it is")},
    {"--team", "ID", VRK_N("with add: whose team a manager leads")},
    {"--address", "URL", VRK_N("of the server, for the link (http://127.0.0.1:8300)")},
    VRK_LANG_OPTION,
    {0},
};

const vrk_cmd vrk_cmd_user = {
    .name = "user",
    .operands = "[list | add NAME | link NAME | disable NAME]",
    .summary = VRK_N("Say who may use the server"),
    .options = options,
    .run = run,
};
