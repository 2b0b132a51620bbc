#include "cli/workspace.h"

#include "base/date.h"

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

static void print_problems(const vrk_import_report *r)
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
    for (int k = 0; k < kinds; k++) {
        const vrk_fault *f = &kind[k].first->fault;
        printf("  %s", base_name(kind[k].first->file));
        if (f->line)
            printf(":%" PRId64, f->line);
        printf(": %s%s", f->field ? f->field : "", f->field ? " " : "");
        if (f->value)
            printf("'%.60s%s' ", f->value, strlen(f->value) > 60 ? "..." : "");
        printf("%s (%s%s", f->sentence, f->code, f->warning ? "" : ", row rejected");
        if (kind[k].n > 1)
            printf("; %" PRId64 " such, this is the first", kind[k].n);
        printf(")\n");
    }
    if (others)
        printf("  ... and %" PRId64 " of other kinds\n", others);
}

void vrk_print_report(const vrk_bring_report *r, bool dry_run)
{
    const vrk_import_report *m = &r->import;
    vrk_progress_end();
    for (int64_t i = 0; i < r->notes; i++)
        printf("%s%s%s\n", r->note[i].file ? base_name(r->note[i].file) : "",
               r->note[i].file ? ": " : "", r->note[i].sentence);
    if (!m->counted)
        return;
    for (int64_t i = 0; i < m->n; i++) {
        if (m->balance[i].read == 0)
            printf("%s: has headings, but no rows\n", base_name(m->balance[i].file));
    }
    printf("%-26s %12s %12s %12s %12s %12s %12s\n", "", "rows read",
           dry_run ? "would be new" : "used", "identical", "replaced", "rejected", "skipped");
    for (int64_t i = 0; i < m->n; i++) {
        const vrk_balance *b = &m->balance[i];
        printf("%-26s %12" PRId64 " %12" PRId64 " %12" PRId64 " %12" PRId64 " %12" PRId64
               " %12" PRId64 "\n",
               base_name(b->file), b->read, b->used, b->identical, b->replaced, b->rejected,
               b->skipped);
    }
    if (m->problems)
        printf("\nRemarks:\n");
    print_problems(m);
}
