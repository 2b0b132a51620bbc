/* cli/main.c - finds the command in the table and runs it. */
#include "cli/cmd.h"

#include <stdio.h>
#include <string.h>

extern const vrk_cmd vrk_cmd_assess;
extern const vrk_cmd vrk_cmd_deals;
extern const vrk_cmd vrk_cmd_diagnose;
extern const vrk_cmd vrk_cmd_doctor;
extern const vrk_cmd vrk_cmd_export;
extern const vrk_cmd vrk_cmd_fit;
extern const vrk_cmd vrk_cmd_follow_up;
extern const vrk_cmd vrk_cmd_import;
extern const vrk_cmd vrk_cmd_init;
extern const vrk_cmd vrk_cmd_recruit;
extern const vrk_cmd vrk_cmd_report;
extern const vrk_cmd vrk_cmd_serve;
extern const vrk_cmd vrk_cmd_simulate;
extern const vrk_cmd vrk_cmd_user;
extern const vrk_cmd vrk_cmd_verify;
extern const vrk_cmd vrk_cmd_whatif;

/* One line a command; each stands in its own cmd_<name>.c. */
static const vrk_cmd *const commands[] = {
    &vrk_cmd_assess,
    &vrk_cmd_deals,
    &vrk_cmd_diagnose,
    &vrk_cmd_doctor,
    &vrk_cmd_export,
    &vrk_cmd_fit,
    &vrk_cmd_follow_up,
    &vrk_cmd_import,
    &vrk_cmd_init,
    &vrk_cmd_recruit,
    &vrk_cmd_report,
    &vrk_cmd_serve,
    &vrk_cmd_simulate,
    &vrk_cmd_user,
    &vrk_cmd_verify,
    &vrk_cmd_whatif,
    NULL,
};

static void overview(FILE *to)
{
    vrk_lang lang = vrk_lang_of_env();
    fprintf(to, "verkan - %s\n\n  verkan %s\n\n",
            vrk_tr(lang, "what happens between sales activity and sales results"),
            vrk_tr(lang, "COMMAND [OPTIONS] [PATH...]"));
    for (size_t i = 0; commands[i]; i++) {
        if (!commands[i]->hidden)
            fprintf(to, "  %-10s %s\n", commands[i]->name, vrk_tr(lang, commands[i]->summary));
    }
    fprintf(
        to, "\n%s\n",
        vrk_tr(lang, "'verkan COMMAND --help' explains one. Start with: verkan diagnose FOLDER"));
}

int vrk_exit_of(const vrk_ctx *ctx, vrk_status st)
{
    static const int code[] = {
        [VRK_OK] = VRK_EXIT_DONE,
        [VRK_EINPUT] = VRK_EXIT_REFUSED,
        [VRK_ENUMERIC] = VRK_EXIT_FAILED,
        [VRK_EMEMORY] = VRK_EXIT_FAILED,
        [VRK_EIO] = VRK_EXIT_FAILED,
        [VRK_EDB] = VRK_EXIT_FAILED,
        [VRK_ECANCEL] = VRK_EXIT_INTERRUPTED,
    };
    vrk_progress_end();
    if (st != VRK_OK)
        fprintf(stderr, "verkan: %s\n", ctx->message);
    return code[st];
}

static int run(vrk_ctx *ctx, const vrk_cmd *cmd, int argc, char **argv)
{
    vrk_args args = {.cmd = cmd};
    for (int i = 2; i < argc; i++) {
        if (!strcmp(argv[i], "--help") || !strcmp(argv[i], "-h")) {
            vrk_usage(cmd);
            return VRK_EXIT_DONE;
        }
    }
    if (vrk_args_parse(ctx, cmd, argc, argv, &args) != VRK_OK)
        return vrk_exit_usage(ctx, &args);
    vrk_progress_start(ctx);
    int code = cmd->run(ctx, &args);
    vrk_progress_end();
    return code;
}

int main(int argc, char **argv)
{
    const char *name = argc > 1 ? argv[1] : "--help";
    vrk_ctx ctx = {.seed = 1};

    if (vrk_lang_choose(&ctx, argc, argv) != VRK_OK) {
        (void)vrk_exit_of(&ctx, VRK_EINPUT);
        return VRK_EXIT_USAGE;
    }
    if (!strcmp(name, "--version")) {
        printf("verkan " VRK_VERSION "\n");
        return VRK_EXIT_DONE;
    }
    if (!strcmp(name, "--help") || !strcmp(name, "-h") || !strcmp(name, "help")) {
        overview(stdout);
        return argc > 1 ? VRK_EXIT_DONE : VRK_EXIT_USAGE;
    }
    for (size_t i = 0; commands[i]; i++) {
        if (!strcmp(commands[i]->name, name)) {
            int code = run(&ctx, commands[i], argc, argv);
            vrk_arena_free(&ctx.scratch);
            return code;
        }
    }
    (void)vrk_exit_of(&ctx, vrk_fail(&ctx, VRK_EINPUT, "unknown command '%s'", name));
    fprintf(stderr, "\n");
    overview(stderr);
    return VRK_EXIT_USAGE;
}
