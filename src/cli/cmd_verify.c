/* verkan verify - is what is stored still what was stored, and does a diagnosis come out the same?
 */
#include "cli/show.h"

#include "base/par.h"
#include "base/str.h"
#include "base/sys.h"
#include "diag/compare.h"
#include "diag/kept.h"
#include "diag/machine.h"
#include "store/audit.h"
#include "store/hash.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

typedef struct {
    vrk_words words;
    bool differs;       /* something is not as it was */
    const char *anchor; /* of the log, kept elsewhere; NULL = none */
} verifying;

typedef enum { FILE_RIGHT, FILE_CHANGED, FILE_MISSING } file_state;

typedef struct {
    int64_t n;
    const char **path, **sha256; /* [n] */
    file_state *state;           /* [n] */
} fact_files;

static vrk_status check_file(vrk_ctx *ctx, int64_t i, void *arg)
{
    fact_files *f = arg;
    char hex[65];
    if (!vrk_is_file(f->path[i])) {
        f->state[i] = FILE_MISSING;
        return VRK_OK;
    }
    vrk_status st = vrk_file_sha256(ctx, f->path[i], hex);
    if (st == VRK_OK && strcmp(hex, f->sha256[i]) != 0)
        f->state[i] = FILE_CHANGED;
    return st;
}

/* Every file that a generation names, against the hash it was stored under. */
static vrk_status verify_facts(vrk_ctx *ctx, const vrk_workspace *w, verifying *v)
{
    vrk_status st = VRK_OK;
    vrk_frame rows = {0};
    const char *const wrong[] = {[FILE_CHANGED] = VRK_N("{file}: is not what was stored"),
                                 [FILE_MISSING] = VRK_N("{file}: is gone")};
    int64_t bad = 0;

    TRY(vrk_records_run(ctx, w->records, "SELECT DISTINCT sha256 FROM part ORDER BY sha256", NULL,
                        0, &rows));
    fact_files f = {.n = rows.rows,
                    .path = VRK_NEW(&ctx->scratch, rows.rows, const char *),
                    .sha256 = VRK_NEW(&ctx->scratch, rows.rows, const char *),
                    .state = VRK_NEW(&ctx->scratch, rows.rows, file_state)};
    for (int64_t i = 0; i < f.n && !ctx->scratch.failed; i++) {
        f.sha256[i] = rows.column[0].s[i];
        f.path[i] = vrk_text_f(&ctx->scratch, "%s/%s.parquet", w->facts, f.sha256[i]);
    }
    if (ctx->scratch.failed)
        FAIL(VRK_EMEMORY, "out of memory");
    TRY(vrk_par(ctx, "reading the facts", f.n, check_file, &f));
    vrk_progress_end();
    for (int64_t i = 0; i < f.n; i++) {
        if (f.state[i] == FILE_RIGHT)
            continue;
        printf("%s\n", vrk_say(&v->words, wrong[f.state[i]], "file", f.path[i], NULL));
        bad++;
    }
    v->differs |= bad > 0;
    if (!bad)
        printf("%s\n", vrk_say_n(&v->words,
                                 VRK_N2("The one file of facts is what was stored.",
                                        "All {n} files of facts are what was stored."),
                                 f.n, NULL));
done:
    vrk_frame_free(&rows);
    return st;
}

/* The log of the server, row by row. */
static vrk_status verify_log(vrk_ctx *ctx, const vrk_workspace *w, verifying *v)
{
    vrk_status st = VRK_OK;
    int64_t rows, broken;
    const char *now = "";
    bool holds = true;

    TRY(vrk_audit_check(ctx, w->records, &rows, &broken));
    v->differs |= broken != 0;
    if (broken)
        printf(
            "%s\n",
            vrk_say(&v->words,
                    VRK_N("The log was changed from outside: row {row} is not what was written."),
                    "row", vrk_say_int(&v->words, broken), NULL));
    else if (rows)
        printf("%s\n", vrk_say_n(&v->words,
                                 VRK_N2("The one row of the log is what was written.",
                                        "All {n} rows of the log are what was written."),
                                 rows, NULL));
    if (v->anchor)
        TRY(vrk_audit_holds(ctx, w->records, v->anchor, &holds));
    v->differs |= !holds;
    if (!holds)
        printf("%s\n", vrk_tr(v->words.lang,
                              VRK_N("The log is not the one of that anchor: its end was cut off, "
                                    "or it was written again.")));
    if (rows && !broken && holds) {
        TRY(vrk_audit_anchor(ctx, w->records, &ctx->scratch, &now));
        printf("%s\n", vrk_say(&v->words, VRK_N("Its anchor now, to be kept elsewhere: {anchor}"),
                               "anchor", now, NULL));
    }
done:
    return st;
}

static void tell_differences(vrk_ctx *ctx, verifying *v, const vrk_result *r,
                             const vrk_difference *d, int64_t n)
{
    const vrk_words *w = &v->words;
    const char *machine = vrk_machine(ctx, &ctx->scratch), *build = vrk_build_id(&ctx->scratch);
    v->differs = true;
    printf("%s\n",
           vrk_say_n(w, VRK_N2("One value comes out otherwise:", "{n} values come out otherwise:"),
                     n, NULL));
    for (int64_t i = 0; i < n && i < VRK_DIFFERENCES; i++)
        printf("  %s: %s -> %s\n", d[i].path, d[i].was, d[i].is);
    if (n > VRK_DIFFERENCES)
        printf("  ...\n");
    if (strcmp(machine, r->machine) != 0)
        printf("%s\n", vrk_say(w, VRK_N("It was made on another machine: {then}; this is {now}."),
                               "then", r->machine, "now", machine, NULL));
    if (strcmp(build, r->build) != 0)
        printf("%s\n", vrk_say(w, VRK_N("It was made by another build of verkan {version}."),
                               "version", r->version, NULL));
}

static vrk_status verify_result(vrk_ctx *ctx, const vrk_workspace *w, verifying *v,
                                const vrk_result *r)
{
    vrk_status st = VRK_OK;
    vrk_arena mem = {0};
    vrk_difference difference[VRK_DIFFERENCES];
    struct json_t *was = NULL, *is = NULL;
    int64_t n = 0;
    const char *id = vrk_say_int(&v->words, r->id);

    TRY(vrk_kept_document(ctx, r, v->words.lang, &was));
    TRY(vrk_kept_replay(ctx, w, r, VRK_VERSION, v->words.lang, &is));
    TRY(vrk_document_compare(ctx, was, is, &mem, difference, &n));
    vrk_progress_end();
    if (n)
        tell_differences(ctx, v, r, difference, n);
    else
        printf("%s\n",
               vrk_say(&v->words,
                       VRK_N("Snapshot {id} comes out the same, to nine digits, from "
                             "generation {generation}."),
                       "id", id, "generation", vrk_say_int(&v->words, r->generation), NULL));
done:
    vrk_document_free(was);
    vrk_document_free(is);
    vrk_arena_free(&mem);
    return st;
}

static vrk_status verify(vrk_ctx *ctx, const vrk_args *args, int64_t id, verifying *v)
{
    vrk_status st = VRK_OK;
    vrk_workspace w = {.lock = -1};
    vrk_arena mem = {0};
    vrk_result r = {0};

    TRY(vrk_workspace_open(ctx, vrk_workspace_path(args), false, &w));
    TRY(verify_facts(ctx, &w, v));
    TRY(verify_log(ctx, &w, v));
    TRY(vrk_result_read(ctx, w.records, id, &mem, &r));
    if (r.id)
        TRY(verify_result(ctx, &w, v, &r));
    else
        printf("%s\n", vrk_tr(v->words.lang, "No diagnosis is stored yet."));
done:
    vrk_workspace_close(&w);
    vrk_arena_free(&mem);
    return st;
}

static int run(vrk_ctx *ctx, const vrk_args *args)
{
    verifying v = {.words.mem = &ctx->scratch, .anchor = vrk_arg(args, "--anchor", NULL)};
    char *end = NULL;
    int64_t id = args->operands ? strtoll(args->operand[0], &end, 10) : 0;

    if (args->operands > 1 || (end && (*end || id < 1))) {
        vrk_usage(args->cmd);
        return VRK_EXIT_USAGE;
    }
    if (vrk_show_lang(ctx, args, &v.words.lang) != VRK_OK)
        return vrk_exit_usage(ctx, args);
    vrk_status st = verify(ctx, args, id, &v);
    int code = vrk_exit_of(ctx, st);
    return v.differs ? VRK_EXIT_FAILED : code;
}

static const vrk_option options[] = {
    VRK_WORKSPACE_OPTION,
    {"--anchor", "ROWS-HASH", VRK_N("what the log's head was: finds an end that was cut off")},
    VRK_LANG_OPTION,
    {0},
};

const vrk_cmd vrk_cmd_verify = {
    .name = "verify",
    .operands = "[ID]",
    .summary = VRK_N("Check the stored facts, and make a stored diagnosis again"),
    .options = options,
    .run = run,
};
