/* verkan export - writes the facts as files that others can read, and Verkan itself. */
#include "cli/workspace.h"

#include "ingest/export.h"

#include <stdio.h>
#include <string.h>

static const char *const formats[] = {"csv", "parquet", "xes"}; /* by vrk_export_format */

static int run(vrk_ctx *ctx, const vrk_args *args)
{
    vrk_workspace w = {.lock = -1};
    const char *to = vrk_arg(args, "-o", NULL), *name = vrk_arg(args, "--format", "csv");
    const vrk_words words = {vrk_lang_of_env(), &ctx->scratch};
    int format = 0;
    int64_t rows = 0;

    while (format < 3 && strcmp(formats[format], name) != 0)
        format++;
    if (format == 3 || !to || args->operands) {
        if (format == 3)
            (void)vrk_fail(ctx, VRK_EINPUT, "'%s' is no format; there are csv, parquet, xes", name);
        else if (!to)
            (void)vrk_fail(ctx, VRK_EINPUT, "say where to: -o OUT");
        else
            (void)vrk_fail(ctx, VRK_EINPUT, "'%s' is not needed", args->operand[0]);
        return vrk_exit_usage(ctx, args);
    }
    vrk_status st = vrk_workspace_open(ctx, vrk_workspace_path(args), false, &w);
    if (st == VRK_OK)
        st = vrk_export(ctx, &w, (vrk_export_format)format, to, &rows);
    if (st == VRK_OK && format == VRK_EXPORT_XES)
        puts(vrk_say_n(
            &words, "{n} deal written to {file}. Names and mail addresses of persons are in it.",
            "{n} deals written to {file}. Names and mail addresses of persons are in it.", rows,
            "file", to, NULL));
    else if (st == VRK_OK)
        puts(vrk_say_n(&words,
                       "{n} row written to {file}. Names and mail addresses of persons are in it.",
                       "{n} rows written to {file}. Names and mail addresses of persons are in it.",
                       rows, "file", to, NULL));
    vrk_workspace_close(&w);
    return vrk_exit_of(ctx, st);
}

static const vrk_option options[] = {
    VRK_WORKSPACE_OPTION,
    {"-o,--out", "OUT", "a new folder; with xes a new file"},
    {"--format", "csv|parquet|xes", "csv (what is imported again), parquet or an event log"},
    {0},
};

const vrk_cmd vrk_cmd_export = {
    .name = "export",
    .operands = "",
    .summary = "Write the facts as files: tables or an event log",
    .options = options,
    .run = run,
};
