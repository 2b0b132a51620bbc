/* cli/cmd.h - the table of subcommands and what they share. A command is one file cmd_<name>.c with
 * one `const vrk_cmd vrk_cmd_<name>`; main.c lists it. Programs may print and exit; libraries not.
 */
#ifndef VRK_CLI_CMD_H
#define VRK_CLI_CMD_H

#include "base/base.h"
#include "diag/words.h"

#define VRK_VERSION "0.1.0"

struct vrk_args;

/* One option. The usage text and the parsing both come from this table. */
typedef struct {
    const char *name;  /* "--seed"; a second spelling may stand behind a comma: "--out,-o" */
    const char *value; /* what the value is called in the usage text; NULL = a switch */
    const char *help;  /* English msgid */
} vrk_option;

typedef struct {
    const char *name;
    const char *operands;                                  /* in the usage line: "PATH..." */
    const char *summary;                                   /* one line, English msgid */
    const vrk_option *options;                             /* ends in {0} */
    int (*run)(vrk_ctx *ctx, const struct vrk_args *args); /* gives the exit code */
    bool hidden;                                           /* not in the short help */
} vrk_cmd;

/* The command line of one command, checked against its options. */
typedef struct vrk_args {
    const vrk_cmd *cmd;
    int operands;         /* how many */
    const char **operand; /* [operands] */
    int given;
    const vrk_option **option; /* [given] */
    const char **value;        /* [given] NULL for a switch */
} vrk_args;

/* Exit codes (DESIGN section 6). */
enum {
    VRK_EXIT_DONE = 0,
    VRK_EXIT_FAILED = 1,
    VRK_EXIT_USAGE = 2,
    VRK_EXIT_REFUSED = 3,
    VRK_EXIT_INTERRUPTED = 130
};

/* Splits argv[2...] by the command's options. VRK_EINPUT: unknown option, missing value; the
 * message says so. Memory from ctx->scratch. */
VRK_MUST vrk_status vrk_args_parse(vrk_ctx *ctx, const vrk_cmd *cmd, int argc, char **argv,
                                   vrk_args *out);

/* The last value given for an option, `otherwise` where it was not given. */
const char *vrk_arg(const vrk_args *args, const char *name, const char *otherwise);
bool vrk_arg_given(const vrk_args *args, const char *name);

/* A whole number in [least, most]; VRK_EINPUT names option and value. */
VRK_MUST vrk_status vrk_arg_int(vrk_ctx *ctx, const vrk_args *args, const char *name, int64_t least,
                                int64_t most, int64_t *value);
VRK_MUST vrk_status vrk_arg_double(vrk_ctx *ctx, const vrk_args *args, const char *name,
                                   double least, double most, double *value);

/* What every command understands. */
#define VRK_LANG_OPTION                                                                            \
    {                                                                                              \
        "--lang", "sv|en", VRK_N("language (else that of the environment)")                        \
    }

/* From here on the program speaks the language of --lang, and ctx with it. */
VRK_MUST vrk_status vrk_lang_choose(vrk_ctx *ctx, int argc, char **argv);

/* That of --lang, else that of the environment: LC_ALL, else LC_MESSAGES, else LANG; English where
 * it is no language that is spoken here. */
vrk_lang vrk_lang_of_env(void);

void vrk_usage(const vrk_cmd *cmd); /* to stdout, in the language of vrk_lang_of_env */

/* Prints "verkan COMMAND: message" to stderr and gives the exit code of a wrong use. */
int vrk_exit_usage(const vrk_ctx *ctx, const vrk_args *args);

/* Prints "verkan: message" to stderr and gives the exit code of the status. */
int vrk_exit_of(const vrk_ctx *ctx, vrk_status st);

/* Makes ctx show progress on stderr where that is a terminal, and cancel on Ctrl-C or SIGTERM. */
void vrk_progress_start(vrk_ctx *ctx);
void vrk_progress_end(void); /* wipes the progress line */

#endif
