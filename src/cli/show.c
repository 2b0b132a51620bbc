#include "cli/show.h"

#include "diag/kept.h"
#include "people/document.h"
#include "people/own.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

vrk_status vrk_show_lang(vrk_ctx *ctx, const vrk_args *args, vrk_lang *lang)
{
    const char *given = vrk_arg(args, "--lang", NULL);
    *lang = vrk_lang_of_env();
    if (given && !vrk_lang_parse(given, lang))
        return vrk_fail(ctx, VRK_EINPUT, "--lang: '%s' is not spoken here; sv or en", given);
    return VRK_OK;
}

/* Bold headings and the terminal's width on a terminal; NO_COLOR: no-color.org. */
static vrk_page_opt page_opt(void)
{
    vrk_page_opt opt = {0};
    const char *no_color = getenv("NO_COLOR"), *term = getenv("TERM");
    struct winsize size;
    if (!isatty(STDOUT_FILENO))
        return opt;
    opt.bold = !(no_color && *no_color) && term && strcmp(term, "dumb") != 0;
    if (ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col)
        opt.width = size.ws_col < 100 ? size.ws_col : 100;
    return opt;
}

/* Paths: read into a workspace of its own, which nothing of stays. */
static vrk_status open_paths(vrk_ctx *ctx, const vrk_args *args, vrk_workspace *w,
                             vrk_bring_report *report)
{
    vrk_status st = VRK_OK;
    vrk_import_opt opt = {.map = vrk_arg(args, "--map", NULL), .once = true};
    const char *parent = getenv("TMPDIR"), *as_of = vrk_arg(args, "--as-of", NULL);
    vrk_lang lang;

    TRY(vrk_show_lang(ctx, args, &lang));
    opt.write_map = opt.map ? NULL : "verkan-mapping.txt"; /* here: the workspace goes away */
    TRY(vrk_arg_double(ctx, args, "--max-rejects", 0, 1, &opt.max_rejects));
    if (as_of) {
        opt.has_as_of = true;
        TRY(vrk_as_of_parse(ctx, as_of, &opt.as_of));
    }
    TRY(vrk_workspace_private(ctx, parent && *parent ? parent : "/tmp", w));
    st = vrk_bring(ctx, w, args->operand, args->operands, &opt, report);
    if (st != VRK_OK && !vrk_arg_given(args, "--json"))
        vrk_print_report(ctx, lang, report, false);
    if (st == VRK_OK && report->import.generation == 0)
        FAIL(VRK_EINPUT, "%s: the files have headings, but no rows", args->operand[0]);
done:
    return st;
}

/* As of: what was asked for now, else what was said at the import, else the newest record. */
static vrk_status find_as_of(vrk_ctx *ctx, const vrk_args *args, const vrk_workspace *w, int64_t *s)
{
    vrk_status st = VRK_OK;
    vrk_generation g = {0};
    const char *as_of = vrk_arg(args, "--as-of", NULL);
    int64_t us = 0;

    TRY(vrk_generation_read(ctx, w, &g));
    if (as_of)
        TRY(vrk_as_of_parse(ctx, as_of, &us));
    else if (g.has_as_of)
        us = g.as_of;
    *s = us / 1000000;
done:
    vrk_generation_free(&g);
    return st;
}

/* The stored document: that of --snapshot, else the one of what stands, made where there is none.
 */
static vrk_status from_kept(vrk_ctx *ctx, const vrk_args *args, const vrk_workspace *w,
                            struct json_t **document)
{
    vrk_status st = VRK_OK;
    vrk_arena mem = {0};
    vrk_result r;
    vrk_kept_opt opt = {.version = VRK_VERSION, .fresh = vrk_arg_given(args, "--fresh")};
    const char *as_of = vrk_arg(args, "--as-of", NULL);
    int64_t id = 0, expired = 0;
    bool made;

    TRY(vrk_show_lang(ctx, args, &opt.lang));
    if (vrk_arg_given(args, "--snapshot")) {
        TRY(vrk_arg_int(ctx, args, "--snapshot", 1, INT64_MAX, &id));
        TRY(vrk_result_read(ctx, w->records, id, &mem, &r));
        TRY(vrk_kept_document(ctx, &r, opt.lang, document));
        goto done;
    }
    opt.has_as_of = as_of;
    if (as_of)
        TRY(vrk_as_of_parse(ctx, as_of, &opt.as_of));
    TRY(vrk_kept_diagnose(ctx, w, &opt, document, &made, &expired));
    vrk_progress_end();
    if (expired)
        fprintf(stderr, "%s\n",
                vrk_tr(opt.lang, "Old snapshots have expired; 'verkan diagnose --list' has them."));
done:
    vrk_arena_free(&mem);
    return st;
}

static vrk_status diagnose(vrk_ctx *ctx, const vrk_args *args, const vrk_workspace *w,
                           const vrk_bring_report *report, const vrk_shown *shown,
                           vrk_purpose purpose, struct json_t **view)
{
    vrk_status st = VRK_OK;
    vrk_facts *facts = NULL;
    struct json_t *document = NULL;
    vrk_origin origin = {0};
    vrk_instruments all = {0};
    vrk_diagnose_opt opt = {.version = VRK_VERSION,
                            .carry_only = shown->carry_only,
                            .origin = &origin,
                            .actions = &w->actions,
                            .change = shown->change};
    int64_t lease = 0;

    TRY(vrk_show_lang(ctx, args, &opt.lang));
    vrk_note *note = VRK_NEW(&ctx->scratch, report->notes, vrk_note);
    for (int64_t i = 0; i < report->notes && note; i++) {
        const char *file = report->note[i].file, *slash = file ? strrchr(file, '/') : NULL;
        note[i] = (vrk_note){"%1", {report->note[i].sentence, NULL, NULL}};
        if (file)
            note[i] =
                (vrk_note){"%1 %2", {slash ? slash + 1 : file, report->note[i].sentence, NULL}};
    }
    opt.note = note;
    opt.notes = note ? report->notes : 0;
    TRY(vrk_origin_read(ctx, w->records, &origin));
    if (shown->carry_only || shown->change || args->operands) {
        TRY(find_as_of(ctx, args, w, &opt.as_of_s));
        TRY(vrk_workspace_facts(ctx, w, &facts, &lease));
        TRY(vrk_diagnose(ctx, facts, &opt, &document));
    } else {
        TRY(from_kept(ctx, args, w, &document));
    }
    if (!shown->carry_only) {
        if (!facts)
            TRY(vrk_workspace_facts(ctx, w, &facts, &lease));
        TRY(vrk_instruments_all(ctx, w->records, &all));
        TRY(vrk_requirements_document(ctx, w->records, opt.lang, document));
        TRY(vrk_candidates_document(ctx, w->records, facts, &all, w->recruitment.test_interview,
                                    VRK_SEES_ALL, opt.lang, document));
    }
    /* Whoever runs the program on the files owns them. */
    vrk_viewer owner = {.role = VRK_OWNER,
                        .person_id = vrk_origin_person,
                        .arg = &origin,
                        .organisation = w->organisation};
    TRY(vrk_view(ctx, document, &owner, purpose, view));
done:
    vrk_document_free(document);
    vrk_facts_close(facts);
    if (lease && vrk_lease_end(ctx, w, lease) != VRK_OK && st == VRK_OK)
        st = VRK_EDB;
    vrk_origin_free(&origin);
    vrk_instruments_free(&all);
    return st;
}

vrk_status vrk_show_document(vrk_ctx *ctx, const vrk_args *args, const vrk_shown *shown,
                             vrk_purpose purpose, struct json_t **out)
{
    vrk_status st = VRK_OK;
    vrk_workspace w = {.lock = -1};
    vrk_bring_report report = {0};

    *out = NULL;
    if (args->operands)
        TRY(open_paths(ctx, args, &w, &report));
    else
        TRY(vrk_workspace_open(ctx, vrk_workspace_path(args), false, &w));
    TRY(diagnose(ctx, args, &w, &report, shown, purpose, out));
done:
    if (args->operands)
        vrk_workspace_drop(ctx, &w);
    else
        vrk_workspace_close(&w);
    vrk_bring_report_free(&report);
    return st;
}

int vrk_show(vrk_ctx *ctx, const vrk_args *args, const vrk_shown *shown)
{
    vrk_status st = VRK_OK;
    vrk_arena mem = {0};
    struct json_t *view = NULL;
    vrk_str out = {.mem = &mem};
    vrk_page_opt opt = page_opt();
    vrk_lang lang;

    if (vrk_show_lang(ctx, args, &lang) != VRK_OK) /* before the work */
        return vrk_exit_usage(ctx, args);
    TRY(vrk_show_document(ctx, args, shown, VRK_TO_EXPORT, &view));
    const char *text = NULL;
    if (vrk_arg_given(args, "--json")) {
        TRY(vrk_document_text(ctx, view, &mem, &text));
    } else {
        TRY(shown->page(ctx, view, &opt, &out));
        text = vrk_str_of(&out);
    }
    vrk_progress_end();
    if (fputs(text, stdout) == EOF || fflush(stdout) == EOF)
        FAIL(VRK_EIO, "could not write the answer to the standard output");
done:
    vrk_document_free(view);
    vrk_arena_free(&mem);
    return vrk_exit_in(ctx, lang, st);
}
