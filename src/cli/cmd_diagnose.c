/* verkan diagnose - from files, or the workspace, to the page that says where deals stop. */
#include "cli/show.h"

#include "base/date.h"
#include "base/str.h"
#include "store/results.h"

#include <inttypes.h>
#include <stdio.h>

/* "2026-11-24 09:05" UTC. */
static const char *moment(vrk_ctx *ctx, int64_t us)
{
    int64_t s = us / 1000000;
    char day[11];
    vrk_day_text(s / 86400, day);
    return vrk_text_f(&ctx->scratch, "%s %02d:%02d", day, (int)(s % 86400 / 3600),
                      (int)(s % 3600 / 60));
}

static void print_result(vrk_ctx *ctx, const vrk_result *r, vrk_lang lang)
{
    vrk_words words = {lang, &ctx->scratch};
    char day[11];
    const char *expired = "";
    if (r->expired_at) {
        vrk_day_text(r->expired_at / INT64_C(86400000000), day);
        expired = vrk_say(&words, VRK_N("expired {day}"), "day", day, NULL);
    }
    printf("%9" PRId64 "  %-16s  %10" PRId64 "  %-9s  %6" PRIu64 "  %.12s  %s\n", r->id,
           moment(ctx, r->made_at), r->generation, r->version, r->seed, r->sha256, expired);
}

static int list(vrk_ctx *ctx, const vrk_args *args)
{
    vrk_status st = VRK_OK;
    vrk_workspace w = {.lock = -1};
    vrk_results all = {0};
    vrk_lang lang = VRK_EN;

    TRY(vrk_show_lang(ctx, args, &lang));
    TRY(vrk_workspace_open(ctx, vrk_workspace_path(args), false, &w));
    TRY(vrk_results_list(ctx, w.records, &all));
    if (all.n)
        printf("%9s  %-16s  %10s  %-9s  %6s  %s\n", vrk_tr(lang, "Stored as"),
               vrk_tr(lang, "Made (UTC)"), vrk_tr(lang, "Generation"), "Verkan",
               vrk_tr(lang, "Seed"), "SHA-256");
    else
        printf("%s\n", vrk_tr(lang, "No diagnosis is stored yet."));
    for (int64_t i = 0; i < all.n; i++)
        print_result(ctx, &all.result[i], lang);
done:
    vrk_results_free(&all);
    vrk_workspace_close(&w);
    return vrk_exit_of(ctx, st);
}

static int run(vrk_ctx *ctx, const vrk_args *args)
{
    bool stored = vrk_arg_given(args, "--list") || vrk_arg_given(args, "--snapshot");
    if (args->operands && (stored || vrk_arg_given(args, "--fresh"))) {
        (void)vrk_fail(ctx, VRK_EINPUT,
                       "--list, --snapshot and --fresh are about the workspace; "
                       "files are never stored");
        return vrk_exit_usage(ctx, args);
    }
    if (vrk_arg_given(args, "--list"))
        return list(ctx, args);
    return vrk_show(ctx, args, &(vrk_shown){.page = vrk_page});
}

static const vrk_option options[] = {
    VRK_SHOW_OPTIONS,
    {"--list", NULL, VRK_N("the stored diagnoses of the workspace, newest first")},
    {"--snapshot", "ID", VRK_N("print a stored one")},
    {"--fresh", NULL, VRK_N("compute anew even where nothing has changed")},
    {0},
};

const vrk_cmd vrk_cmd_diagnose = {
    .name = "diagnose",
    .operands = "[PATH...]",
    .summary = VRK_N("Say where deals stop, from files or from the workspace"),
    .options = options,
    .run = run,
};
