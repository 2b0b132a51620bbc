/* tests/ingest/facts.h - write a file, import it, ask the facts. */
#ifndef TESTS_INGEST_FACTS_H
#define TESTS_INGEST_FACTS_H

#include "ingest/bring.h"
#include "ingest/plan.h"
#include "tests/store/space.h"

#include <sys/time.h>

/* Writes text as a file of the space, its date `day` days after 2025-01-01. */
static inline char *write_file(const t_space *s, vrk_arena *mem, const char *name, int day,
                               const char *text)
{
    vrk_ctx ctx = {0};
    char *path = vrk_text_f(mem, "%s/%s", s->top, name);
    struct timeval at[2] = {{1735689600 + day * 86400, 0}, {1735689600 + day * 86400, 0}};
    T_OK(vrk_file_replace(&ctx, path, text, strlen(text)) == VRK_OK);
    T_OK(utimes(path, at) == 0);
    return path;
}

/* Imports one file and gives its balance; st is the outcome. */
static inline vrk_balance import_file(const t_space *s, const char *path, vrk_import_opt opt,
                                      vrk_status want, int64_t *generation)
{
    vrk_ctx ctx = {0};
    vrk_workspace w;
    vrk_bring_report r = {0};
    vrk_balance b = {0};
    T_OK(vrk_workspace_open(&ctx, s->dir, true, &w) == VRK_OK);
    vrk_status st = vrk_bring(&ctx, &w, &path, 1, &opt, &r);
    T_OK(st == want);
    if (st != want)
        printf("# %s\n", ctx.message);
    if (r.import.n == 1) {
        b = r.import.balance[0];
        T_OK(b.read == b.used + b.identical + b.replaced + b.rejected + b.skipped);
    }
    b.file = b.table = NULL;
    *generation = r.import.generation;
    vrk_bring_report_free(&r);
    vrk_workspace_close(&w);
    T_OK(ctx.scratch.used == 0);
    vrk_arena_free(&ctx.scratch);
    return b;
}

/* The one value of a query over the standing facts as text. */
static inline void check_fact(const t_space *s, const char *sql, const char *want)
{
    vrk_ctx ctx = {0};
    vrk_workspace w;
    vrk_facts *f = NULL;
    vrk_frame rows = {0};
    int64_t lease;
    T_OK(vrk_workspace_open(&ctx, s->dir, false, &w) == VRK_OK);
    T_OK(vrk_workspace_facts(&ctx, &w, &f, &lease) == VRK_OK);
    T_OK(vrk_facts_query(&ctx, f, vrk_text_f(&ctx.scratch, "SELECT (%s)::varchar AS x", sql), NULL,
                         0, &rows) == VRK_OK);
    const char *got = rows.rows == 1 ? rows.column[0].s[0] : "no row";
    T_OK(!strcmp(got, want));
    if (strcmp(got, want) != 0)
        printf("# %s: got '%s', wanted '%s'\n", sql, got, want);
    vrk_frame_free(&rows);
    vrk_facts_close(f);
    T_OK(vrk_lease_end(&ctx, &w, lease) == VRK_OK);
    vrk_workspace_close(&w);
    vrk_arena_free(&ctx.scratch);
}

#endif
