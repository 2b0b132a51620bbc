/* A grid of cells and its headings: each cell lies in the text, each row is of a kind, and the
 * headings stand where there are such a row and such columns. */
#include "ingest/layout.h"
#include "fuzz/fuzz.h"
#include "ingest/dialect.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

static void check_cells(const vrk_grid *g)
{
    int64_t line = 0, width = vrk_grid_width(g);
    assert(width >= 0);
    for (int64_t i = 0; i < g->rows; i++) {
        const vrk_row *r = &g->row[i];
        assert(r->line > line && r->filled <= r->cells);
        line = r->line;
        for (int64_t k = 0; k < r->cells; k++)
            assert(strlen(vrk_grid_cell(g, i, k)) == r->cell[k].n);
        assert(!*vrk_grid_cell(g, i, r->cells));
    }
}

static void check_layout(const vrk_grid *g, const vrk_layout *l)
{
    assert(l->headings >= -1 && l->headings < g->rows && l->above >= -1);
    assert(l->above < l->headings || l->above == -1);
    assert(l->columns > 0 && l->first_column >= 0);
    for (int64_t i = 0; i < g->rows; i++)
        assert(g->row[i].kind >= VRK_ROW_DATA && g->row[i].kind <= VRK_ROW_BAD);
    assert(l->headings < 0 || g->row[l->headings].kind == VRK_ROW_HEADINGS);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n)
{
    vrk_ctx ctx = {0};
    vrk_arena mem = {0};
    static vrk_arena always; /* the knowledge is made once */
    static vrk_headings known;
    vrk_grid g;
    vrk_layout l;
    char *text = malloc(n + 1);
    assert(text);
    for (size_t i = 0; i < n; i++) /* the text is UTF-8 by then, and has no NUL */
        text[i] = bytes[i] && bytes[i] < 0x80 ? (char)bytes[i] : 'x';
    text[n] = 0;
    vrk_dialect d = vrk_dialect_of(text, n);
    if (!known.words)
        assert(vrk_headings_make(&ctx, &always, &known) == VRK_OK);
    assert(vrk_grid_make(&ctx, text, n, d.delimiter, n % 3 ? d.columns : 0, false, &mem, &g) ==
           VRK_OK);
    check_cells(&g);
    vrk_status st = vrk_layout_find(&ctx, &known, &g, g.rows && n % 5 == 0, &l);
    assert(st == VRK_OK || (st == VRK_EINPUT && ctx.message[0]));
    if (st == VRK_OK && g.rows)
        check_layout(&g, &l);
    free(text);
    vrk_arena_free(&mem);
    vrk_arena_free(&ctx.scratch);
    return 0;
}
