/* Formulas: what is read has only bits of variables that there are, each term once, and says where
 * a fault lies. */
#include "data/formula.h"
#include "base/str.h"
#include "fuzz/fuzz.h"

#include <assert.h>
#include <string.h>

static void check(const vrk_formula *f, const vrk_terms *t)
{
    for (int64_t i = 0; i < t->n; i++) {
        assert(t->term[i] && (f->vars == 64 || !(t->term[i] >> f->vars)));
        for (int64_t k = 0; k < i; k++)
            assert(t->term[k] != t->term[i]);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n)
{
    vrk_ctx ctx = {0};
    vrk_arena mem = {0};
    vrk_formula f, again;
    char *text = vrk_text_copy_n(&mem, (const char *)bytes, n);
    assert(text);
    vrk_status st = vrk_formula_parse(&ctx, text, &f);
    assert(st == VRK_OK || (st == VRK_EINPUT && strstr(ctx.message, "formula:")));
    check(&f, &f.fixed);
    for (int64_t b = 0; b < f.bars; b++) {
        check(&f, &f.bar[b].terms);
        assert(f.bar[b].group);
    }
    /* A name is arithmetic too, and is spelled the same when it is read again. */
    for (int64_t v = 0; v < f.vars; v++) {
        if (f.var[v].expr->kind == VRK_EXPR_COLUMN || strpbrk(text, "`\"'"))
            continue;
        char *side = vrk_text_f(&mem, "%s ~ 1", f.var[v].name);
        assert(side && vrk_formula_parse(&ctx, side, &again) == VRK_OK);
        assert(!strcmp(again.response[0].name, f.var[v].name));
        vrk_formula_free(&again);
    }
    vrk_formula_free(&f);
    vrk_arena_free(&mem);
    vrk_arena_free(&ctx.scratch);
    return 0;
}
