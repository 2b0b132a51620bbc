#include "cli/workspace.h"

#include "base/date.h"
#include "base/str.h"
#include "diag/remark.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

const char *vrk_workspace_path(const vrk_args *args)
{
    const char *given = vrk_arg(args, "-w", NULL), *home = getenv("VERKAN_HOME");
    return given ? given : home && *home ? home : "verkan-data";
}

vrk_status vrk_as_of_parse(vrk_ctx *ctx, const char *text, int64_t *as_of)
{
    int64_t day;
    if (!vrk_day_parse(text, &day))
        return vrk_fail(ctx, VRK_EINPUT, "--as-of: '%s' is no day; write 2026-11-24", text);
    *as_of = (day + 1) * INT64_C(86400000000) - 1;
    return VRK_OK;
}

static const char *base_name(const char *path)
{
    const char *slash = strrchr(path, '/');
    return slash ? slash + 1 : path;
}

/* Problems of one kind in one file, told once: how many, and the first as the example. */
typedef struct {
    const struct vrk_problem *first;
    int64_t n;
} problem_kind;

static bool same_text(const char *a, const char *b)
{
    return a == b || (a && b && !strcmp(a, b));
}

/* "deals.csv:12: amount 'x' is no number (BAD_AMOUNT; 3 such, this is the first)" */
static void print_problem(const vrk_words *words, const problem_kind *kind)
{
    vrk_str s = {.mem = words->mem};
    const vrk_fault *f = &kind->first->fault;
    vrk_str_addf(&s, "%s", base_name(kind->first->file));
    if (f->line)
        vrk_str_addf(&s, ":%" PRId64, f->line);
    vrk_str_addf(&s, ": %s%s", f->field ? f->field : "", f->field ? " " : "");
    if (f->value)
        vrk_str_addf(&s, "'%.60s%s' ", f->value, strlen(f->value) > 60 ? "..." : "");
    vrk_str_addf(&s, "%s (%s%s", f->sentence, f->code, f->warning ? "" : ", row rejected");
    if (kind->n > 1)
        vrk_str_addf(&s, "; %" PRId64 " such, this is the first", kind->n);
    vrk_str_add(&s, ")");
    printf("  %s\n", vrk_remark_problem(words, vrk_str_of(&s)));
}

static void print_problems(const vrk_words *words, const vrk_import_report *r)
{
    enum { MOST = 40 };
    problem_kind kind[MOST] = {{NULL, 0}};
    int kinds = 0;
    int64_t others = 0;

    for (int64_t i = 0; i < r->problems; i++) {
        const struct vrk_problem *p = &r->problem[i];
        int k = 0;
        while (k < kinds && !(same_text(p->file, kind[k].first->file) &&
                              same_text(p->fault.code, kind[k].first->fault.code) &&
                              same_text(p->fault.field, kind[k].first->fault.field)))
            k++;
        if (k == MOST) {
            others++;
            continue;
        }
        kinds += k == kinds;
        kind[k].first = kind[k].first ? kind[k].first : p;
        kind[k].n++;
    }
    for (int k = 0; k < kinds; k++)
        print_problem(words, &kind[k]);
    if (others)
        printf("  %s\n",
               vrk_remark_problem(
                   words, vrk_text_f(words->mem, "... and %" PRId64 " of other kinds", others)));
}

static void print_cell(const char *text)
{
    int64_t n = vrk_columns(text);
    printf(" %*s%s", (int)(n < 12 ? 12 - n : 0), "", text);
}

static void print_balance(const vrk_words *words, const vrk_import_report *m, bool dry_run)
{
    const char *const heading[] = {
        VRK_N("rows read"), dry_run ? VRK_N("would be new") : VRK_N("used"),
        VRK_N("identical"), VRK_N("replaced"),
        VRK_N("rejected"),  VRK_N("skipped")};
    printf("%-26s", "");
    for (size_t k = 0; k < sizeof(heading) / sizeof(heading[0]); k++)
        print_cell(vrk_tr(words->lang, heading[k]));
    for (int64_t i = 0; i < m->n; i++) {
        const vrk_balance *b = &m->balance[i];
        const int64_t count[] = {b->read,     b->used,     b->identical,
                                 b->replaced, b->rejected, b->skipped};
        int64_t name = vrk_columns(base_name(b->file));
        printf("\n%s%*s", base_name(b->file), (int)(name < 26 ? 26 - name : 0), "");
        for (size_t k = 0; k < sizeof(count) / sizeof(count[0]); k++)
            print_cell(vrk_text_f(words->mem, "%" PRId64, count[k]));
    }
    printf("\n");
}

void vrk_print_report(vrk_ctx *ctx, vrk_lang lang, const vrk_bring_report *r, bool dry_run)
{
    const vrk_import_report *m = &r->import;
    vrk_mark mark = vrk_mark_of(&ctx->scratch);
    const vrk_words words = {lang, &ctx->scratch};
    vrk_progress_end();
    for (int64_t i = 0; i < r->notes; i++)
        printf("%s%s%s\n", r->note[i].file ? base_name(r->note[i].file) : "",
               r->note[i].file ? ": " : "", vrk_remark_line(&words, r->note[i].sentence));
    for (int64_t i = 0; m->counted && i < m->n; i++) {
        if (m->balance[i].read == 0)
            printf("%s\n", vrk_say(&words, VRK_N("{file}: has headings, but no rows"), "file",
                                   base_name(m->balance[i].file), NULL));
    }
    if (m->counted) {
        print_balance(&words, m, dry_run);
        if (m->problems)
            printf("\n%s\n", vrk_tr(lang, VRK_N("Remarks:")));
        print_problems(&words, m);
    }
    vrk_rewind(&ctx->scratch, mark);
}

int vrk_exit_in(vrk_ctx *ctx, vrk_lang lang, vrk_status st)
{
    const vrk_words words = {lang, &ctx->scratch};
    char *message = st == VRK_EINPUT ? vrk_text_copy(&ctx->scratch, ctx->message) : NULL;
    if (message)
        st = vrk_fail(ctx, st, "%s", vrk_remark_line(&words, message));
    return vrk_exit_of(ctx, st);
}
