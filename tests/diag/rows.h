/* tests/diag/rows.h - small sets of facts, and what statements give, as text. */
#ifndef TESTS_DIAG_ROWS_H
#define TESTS_DIAG_ROWS_H

#include "base/str.h"
#include "diag/ledger.h"
#include "tests/t.h"

#include <inttypes.h>
#include <string.h>

/* Runs statements that give nothing. */
static bool fill(vrk_ctx *ctx, vrk_facts *f, const char *const *sql, int64_t n)
{
    for (int64_t i = 0; i < n; i++) {
        if (vrk_facts_query(ctx, f, sql[i], NULL, 0, NULL) == VRK_OK)
            continue;
        printf("# %s\n# %.90s\n", ctx->message, sql[i]);
        return false;
    }
    return true;
}

/* The rows as text in `mem`: values by ' ', "-" where null, rows by newline. Doubles with all
 * their digits. NULL when the statement fails. */
static const char *rows_text(vrk_ctx *ctx, vrk_facts *f, const char *sql, vrk_arena *mem)
{
    vrk_frame rows;
    vrk_str s = {.mem = mem};
    if (vrk_facts_query(ctx, f, sql, NULL, 0, &rows) != VRK_OK) {
        printf("# %s\n", ctx->message);
        return NULL;
    }
    for (int64_t i = 0; i < rows.rows; i++) {
        vrk_str_add(&s, i ? "\n" : "");
        for (int64_t k = 0; k < rows.columns; k++) {
            const vrk_column *c = &rows.column[k];
            vrk_str_add(&s, k ? " " : "");
            if (c->null[i])
                vrk_str_add(&s, "-");
            else if (c->s)
                vrk_str_add(&s, c->s[i]);
            else if (c->d)
                vrk_str_addf(&s, "%.17g", c->d[i]);
            else
                vrk_str_addf(&s, "%" PRId64, c->i[i]);
        }
    }
    vrk_frame_free(&rows);
    return vrk_str_of(&s);
}

/* Fails the case, showing both, when the rows differ from what is wanted. */
__attribute__((unused)) static void want_rows(vrk_ctx *ctx, vrk_facts *f, const char *sql,
                                              const char *want)
{
    vrk_arena mem = {0};
    const char *got = rows_text(ctx, f, sql, &mem);
    if (!got || strcmp(got, want)) {
        t_bad++;
        printf("# %s\n# got:\n", sql);
        for (const char *p = got ? got : "nothing"; *p;) {
            int n = (int)strcspn(p, "\n");
            printf("#   %.*s\n", n, p);
            p += n + (p[n] == '\n');
        }
        printf("# wanted:\n");
        for (const char *p = want; *p;) {
            int n = (int)strcspn(p, "\n");
            printf("#   %.*s\n", n, p);
            p += n + (p[n] == '\n');
        }
    }
    vrk_arena_free(&mem);
}

#endif
