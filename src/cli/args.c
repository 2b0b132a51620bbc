#include "cli/cmd.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Is `word` (n bytes) one of the spellings "--out,-o"? */
static bool spelled(const char *name, const char *word, size_t n)
{
    while (*name) {
        size_t k = strcspn(name, ",");
        if (k == n && !strncmp(name, word, n))
            return true;
        name += k + (name[k] == ',');
    }
    return false;
}

static const vrk_option *find(const vrk_cmd *cmd, const char *word, size_t n)
{
    for (const vrk_option *o = cmd->options; o && o->name; o++) {
        if (spelled(o->name, word, n))
            return o;
    }
    return NULL;
}

/* Every command has it. */
static const vrk_option lang_option = VRK_LANG_OPTION;

/* Takes the option at argv[*i], with its value behind '=' or in the next word. */
static vrk_status take_option(vrk_ctx *ctx, vrk_args *out, int argc, char **argv, int *i)
{
    const char *word = argv[*i], *equals = strchr(word, '=');
    size_t n = equals ? (size_t)(equals - word) : strlen(word);
    const vrk_option *o = find(out->cmd, word, n);
    if (!o && spelled(lang_option.name, word, n))
        o = &lang_option;
    const char *value = equals ? equals + 1 : NULL;

    if (!o)
        return vrk_fail(ctx, VRK_EINPUT, "unknown option %.*s; 'verkan %s --help' lists them",
                        (int)n, word, out->cmd->name);
    if (!o->value && value)
        return vrk_fail(ctx, VRK_EINPUT, "option %.*s takes no value", (int)n, word);
    if (o->value && !value) {
        if (*i + 1 >= argc)
            return vrk_fail(ctx, VRK_EINPUT, "option %s needs a value: %s", word, o->value);
        value = argv[++*i];
    }
    out->option[out->given] = o;
    out->value[out->given++] = value;
    return VRK_OK;
}

vrk_status vrk_args_parse(vrk_ctx *ctx, const vrk_cmd *cmd, int argc, char **argv, vrk_args *out)
{
    vrk_status st = VRK_OK;
    bool only_operands = false;

    *out = (vrk_args){.cmd = cmd};
    out->operand = VRK_NEW(&ctx->scratch, argc, const char *);
    out->option = VRK_NEW(&ctx->scratch, argc, const vrk_option *);
    out->value = VRK_NEW(&ctx->scratch, argc, const char *);
    if (ctx->scratch.failed)
        FAIL(VRK_EMEMORY, "out of memory");
    for (int i = 2; i < argc; i++) {
        if (!only_operands && !strcmp(argv[i], "--"))
            only_operands = true;
        else if (!only_operands && argv[i][0] == '-' && argv[i][1])
            TRY(take_option(ctx, out, argc, argv, &i));
        else
            out->operand[out->operands++] = argv[i];
    }
done:
    return st;
}

const char *vrk_arg(const vrk_args *args, const char *name, const char *otherwise)
{
    for (int i = args->given - 1; i >= 0; i--) {
        if (spelled(args->option[i]->name, name, strlen(name)))
            return args->value[i];
    }
    return otherwise;
}

bool vrk_arg_given(const vrk_args *args, const char *name)
{
    for (int i = 0; i < args->given; i++) {
        if (spelled(args->option[i]->name, name, strlen(name)))
            return true;
    }
    return false;
}

vrk_status vrk_arg_int(vrk_ctx *ctx, const vrk_args *args, const char *name, int64_t least,
                       int64_t most, int64_t *value)
{
    const char *text = vrk_arg(args, name, NULL);
    char *end;
    if (!text)
        return VRK_OK;
    errno = 0;
    long long x = strtoll(text, &end, 10);
    if (errno || end == text || *end || x < least || x > most)
        return vrk_fail(ctx, VRK_EINPUT,
                        "option %s: '%s' is not a whole number from %" PRId64 " to %" PRId64, name,
                        text, least, most);
    *value = x;
    return VRK_OK;
}

vrk_status vrk_arg_double(vrk_ctx *ctx, const vrk_args *args, const char *name, double least,
                          double most, double *value)
{
    const char *text = vrk_arg(args, name, NULL);
    char *end;
    if (!text)
        return VRK_OK;
    errno = 0;
    double x = strtod(text, &end);
    if (errno || end == text || *end || !(x >= least && x <= most))
        return vrk_fail(ctx, VRK_EINPUT, "option %s: '%s' is not a number from %g to %g", name,
                        text, least, most);
    *value = x;
    return VRK_OK;
}

static const char *chosen; /* by --lang */

vrk_status vrk_lang_choose(vrk_ctx *ctx, int argc, char **argv)
{
    vrk_lang lang;
    for (int i = 2; i < argc && strcmp(argv[i], "--") != 0; i++) {
        if (!strncmp(argv[i], "--lang=", 7))
            chosen = argv[i] + 7;
        else if (!strcmp(argv[i], "--lang") && i + 1 < argc)
            chosen = argv[++i];
    }
    bool known = !chosen || vrk_lang_parse(chosen, &lang);
    ctx->said = vrk_lang_of_env() == VRK_SV ? vrk_said_sv : NULL;
    return known ? VRK_OK
                 : vrk_fail(ctx, VRK_EINPUT, "--lang: '%s' is not spoken here; sv or en", chosen);
}

vrk_lang vrk_lang_of_env(void)
{
    static const char *const from[] = {"LC_ALL", "LC_MESSAGES", "LANG"};
    vrk_lang lang = VRK_EN;
    if (vrk_lang_parse(chosen, &lang))
        return lang;
    for (int i = 0; i < 3; i++) {
        const char *locale = getenv(from[i]);
        if (locale && *locale) { /* the first that is set decides, as in setlocale */
            (void)vrk_lang_parse(locale, &lang);
            break;
        }
    }
    return lang;
}

void vrk_usage(const vrk_cmd *cmd)
{
    vrk_lang lang = vrk_lang_of_env();
    printf("verkan %s%s%s\n\n%s\n", cmd->name, cmd->operands ? " " : "",
           cmd->operands ? cmd->operands : "", vrk_tr(lang, cmd->summary));
    for (const vrk_option *o = cmd->options; o && o->name; o++) {
        char left[64];
        snprintf(left, sizeof(left), "%s%s%s", o->name, o->value ? " " : "",
                 o->value ? o->value : "");
        printf("%s  %-22s %s\n", o == cmd->options ? "\n" : "", left, vrk_tr(lang, o->help));
    }
    if (!find(cmd, lang_option.name, strlen(lang_option.name)))
        printf("%s  %s %-15s %s\n", cmd->options && cmd->options->name ? "" : "\n",
               lang_option.name, lang_option.value, vrk_tr(lang, lang_option.help));
}

int vrk_exit_usage(const vrk_ctx *ctx, const vrk_args *args)
{
    vrk_progress_end();
    fprintf(stderr, "verkan %s: %s\n", args->cmd->name, ctx->message);
    return VRK_EXIT_USAGE;
}
