/* verkan report - the diagnosis as a file to pass on: a page that opens anywhere, its print, a
 * workbook, or the result document itself. */
#include "cli/print.h"
#include "cli/show.h"

#include "base/sys.h"
#include "diag/digest.h"
#include "diag/kept.h"
#include "diag/web.h"
#include "diag/workbook.h"
#include "people/document.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

typedef enum { HTML, PDF, XLSX, JSON, NONE } form;

enum { REPORT_MOST = 1 << 29 }; /* [byte] */

static form form_of(const char *path)
{
    static const char *const end[] = {".html", ".pdf", ".xlsx", ".json"};
    for (form f = HTML; f < NONE; f++)
        if (vrk_ends_with(path, end[f]))
            return f;
    return NONE;
}

/* Makes the file in a private folder, for the makers leave things lying, and moves it to `to` when
 * it is whole. */
static vrk_status make_aside(vrk_ctx *ctx, const struct json_t *document, form f,
                             const vrk_str *html, const char *to)
{
    vrk_status st = VRK_OK;
    vrk_arena mem = {0};
    const char *parent = getenv("TMPDIR");
    char *bytes,
        *folder = vrk_text_f(&mem, "%s/verkan-report-XXXXXX", parent && *parent ? parent : "/tmp");
    size_t n;
    bool made = false;
    if (!folder)
        FAIL(VRK_EMEMORY, "out of memory for the report");
    if (!mkdtemp(folder))
        FAIL(VRK_EIO, "could not make a folder in %s", parent && *parent ? parent : "/tmp");
    made = true;
    char *page = vrk_text_f(&mem, "%s/page.html", folder);
    char *whole = vrk_text_f(&mem, "%s/report", folder);
    if (mem.failed)
        FAIL(VRK_EMEMORY, "out of memory for the report");
    if (f == PDF) {
        TRY(vrk_file_replace(ctx, page, vrk_str_of(html), html->n));
        TRY(vrk_print_pdf(ctx, folder, page, whole));
    } else
        TRY(vrk_workbook_write(ctx, document, folder, whole));
    TRY(vrk_file_read(ctx, whole, REPORT_MOST, &mem, &bytes, &n));
    TRY(vrk_file_replace(ctx, to, bytes, n));
done:
    if (made && vrk_folder_remove(ctx, folder) != VRK_OK && st == VRK_OK)
        st = VRK_EIO;
    vrk_arena_free(&mem);
    return st;
}

static vrk_status write_report(vrk_ctx *ctx, const struct json_t *document, form f, const char *to)
{
    vrk_status st = VRK_OK;
    vrk_arena mem = {0};
    vrk_str html = {.mem = &mem};
    const char *text = NULL;
    if (f == JSON) {
        TRY(vrk_document_text(ctx, document, &mem, &text));
        TRY(vrk_file_replace(ctx, to, text, strlen(text)));
        goto done;
    }
    if (f != XLSX)
        TRY(vrk_web_page(ctx, document, vrk_applying_say, &html));
    if (f == HTML)
        TRY(vrk_file_replace(ctx, to, vrk_str_of(&html), html.n));
    else
        TRY(make_aside(ctx, document, f, &html, to));
done:
    vrk_arena_free(&mem);
    return st;
}

enum { DIGEST_DAYS = 6 }; /* what is compared with is a week old, or nearly */

/* The newest stored diagnosis that is nearly a week older than the newest one, else the one before
 * it of other facts; *before NULL: there is none. */
static vrk_status find_before(vrk_ctx *ctx, const vrk_args *args, vrk_lang lang,
                              struct json_t **before)
{
    vrk_status st = VRK_OK;
    vrk_workspace w = {.lock = -1};
    vrk_results all = {0};
    vrk_arena mem = {0};
    int64_t id = 0;

    *before = NULL;
    TRY(vrk_workspace_open(ctx, vrk_workspace_path(args), false, &w));
    TRY(vrk_results_list(ctx, w.records, &all));
    for (int64_t i = 1; i < all.n; i++) {
        const vrk_result *now = &all.result[0], *r = &all.result[i];
        bool old = now->made_at - r->made_at >= DIGEST_DAYS * INT64_C(86400000000);
        if (r->expired_at || (!old && r->generation == now->generation))
            continue;
        id = id && !old ? id : r->id;
        if (old)
            break;
    }
    if (id) {
        vrk_result r;
        TRY(vrk_result_read(ctx, w.records, id, &mem, &r));
        TRY(vrk_kept_document(ctx, &r, lang, before));
    }
done:
    vrk_arena_free(&mem);
    vrk_results_free(&all);
    vrk_workspace_close(&w);
    return st;
}

static vrk_status digest(vrk_ctx *ctx, const vrk_args *args, vrk_lang lang, const char *to)
{
    vrk_status st = VRK_OK;
    vrk_arena mem = {0};
    vrk_str out = {.mem = &mem};
    struct json_t *now = NULL, *before = NULL;

    TRY(vrk_show_document(ctx, args, &(vrk_shown){0}, VRK_TO_REPORT, &now));
    TRY(find_before(ctx, args, lang, &before));
    vrk_progress_end();
    if (to && vrk_ends_with(to, ".html"))
        TRY(vrk_digest_html(ctx, now, before, &out));
    else
        TRY(vrk_digest_text(ctx, now, before, &out));
    if (to)
        TRY(vrk_file_replace(ctx, to, vrk_str_of(&out), out.n));
    else
        fwrite(vrk_str_of(&out), 1, out.n, stdout);
done:
    vrk_document_free(before);
    vrk_document_free(now);
    vrk_arena_free(&mem);
    return st;
}

static int run(vrk_ctx *ctx, const vrk_args *args)
{
    vrk_status st = VRK_OK;
    const char *to = vrk_arg(args, "-o", NULL);
    struct json_t *view = NULL;
    vrk_lang lang;

    if (vrk_show_lang(ctx, args, &lang) != VRK_OK)
        return vrk_exit_usage(ctx, args);
    if (vrk_arg_given(args, "--digest")) {
        if (args->operands || (to && !vrk_ends_with(to, ".html") && !vrk_ends_with(to, ".txt"))) {
            (void)vrk_fail(ctx, VRK_EINPUT,
                           "a digest is of a workspace (-w DIR), and goes to the terminal, "
                           "FILE.txt or FILE.html");
            return vrk_exit_usage(ctx, args);
        }
        return vrk_exit_of(ctx, digest(ctx, args, lang, to));
    }
    form f = to ? form_of(to) : NONE;
    if (f == NONE) {
        (void)vrk_fail(ctx, VRK_EINPUT,
                       "say where to: -o FILE.html, FILE.pdf, FILE.xlsx or FILE.json");
        return vrk_exit_usage(ctx, args);
    }
    TRY(vrk_show_document(ctx, args, &(vrk_shown){0}, VRK_TO_REPORT, &view));
    TRY(write_report(ctx, view, f, to));
    vrk_progress_end();
    const vrk_words w = {lang, &ctx->scratch};
    puts(vrk_say(&w, "The report is in {file}. It names sellers by their ids: mind who reads it.",
                 "file", to, NULL));
done:
    vrk_document_free(view);
    return vrk_exit_of(ctx, st);
}

static const vrk_option options[] = {
    {"-o,--out", "FILE",
     VRK_N("FILE.html (opens anywhere), FILE.pdf (needs Chromium), FILE.xlsx or FILE.json")},
    {"--digest", NULL,
     VRK_N("half a page: what needs attention, what changed in a week, what to do and not")},
    VRK_WORKSPACE_OPTION,
    VRK_LANG_OPTION,
    {"--as-of", "DATE", VRK_N("the day as which the facts are seen (the newest record's)")},
    {"--max-rejects", "SHARE", VRK_N("stop when more than this share of a file is rejected (0.5)")},
    {0},
};

const vrk_cmd vrk_cmd_report = {
    .name = "report",
    .operands = "[PATH...]",
    .summary =
        VRK_N("Write the diagnosis as a file: a page that opens anywhere, PDF, XLSX or JSON"),
    .options = options,
    .run = run,
};
