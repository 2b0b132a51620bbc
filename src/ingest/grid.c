#include "ingest/grid.h"

#include "ingest/value_part.h"

#include <stdlib.h>
#include <string.h>

typedef struct {
    vrk_grid *grid;
    vrk_arena *mem;
    int64_t room;
    bool numbered;
} making;

/* The next field of a record, unquoted into `out`; at most one byte longer than it stands. */
static size_t take_field(const vrk_rec *rec, char delimiter, size_t *at, char *out)
{
    const char *p = rec->bytes;
    size_t k = 0, i = *at, n = rec->n;
    bool quoted = i < n && p[i] == '"' && rec->state != VRK_REC_QUOTE, inside = quoted;
    for (i += quoted; i < n; i++) {
        if (inside && p[i] == '"') {
            if (i + 1 < n && p[i + 1] == '"')
                i++;
            else {
                inside = false;
                continue;
            }
        } else if (!inside && p[i] == delimiter) {
            break;
        }
        out[k++] = p[i];
    }
    out[k] = 0;
    *at = i + 1;
    return k;
}

static vrk_status take_record(vrk_ctx *ctx, const vrk_rec *rec, void *arg)
{
    making *m = arg;
    vrk_grid *g = m->grid;
    if (g->rows == m->room) {
        m->room = m->room ? 2 * m->room : 1024;
        vrk_row *more = VRK_NEW(m->mem, m->room, vrk_row);
        if (!more)
            return vrk_fail(ctx, VRK_EMEMORY, "out of memory for the rows of a table");
        if (g->rows)
            memcpy(more, g->row, (size_t)g->rows * sizeof(*more));
        g->row = more;
    }
    vrk_row *row = &g->row[g->rows];
    *row = (vrk_row){.line = rec->line, .state = rec->state, .raw = rec->bytes, .raw_n = rec->n};
    int64_t room = rec->fields > 0 ? rec->fields : 1;
    if (rec->state == VRK_REC_BLANK || rec->state == VRK_REC_LONG)
        room = 0;
    row->cell = VRK_NEW(m->mem, room, vrk_cell);
    char *text = VRK_NEW(m->mem, (int64_t)rec->n + room + 1, char);
    if (!row->cell || !text)
        return vrk_fail(ctx, VRK_EMEMORY, "out of memory for the cells of a table");
    size_t at = 0;
    for (int64_t k = 0; k < room && (k == 0 || at <= rec->n); k++) {
        size_t n = take_field(rec, g->delimiter, &at, text);
        vrk_cell cell = {text, n};
        vrk_text_trim(&cell.text, &cell.n);
        text[(cell.text - text) + (ptrdiff_t)cell.n] = 0;
        text += n + 1;
        if (m->numbered && k == 0) {
            row->line = strtoll(cell.text, NULL, 10);
            continue;
        }
        row->cell[row->cells++] = cell;
        row->filled += cell.n > 0;
    }
    bool broken = rec->state != VRK_REC_GOOD && rec->state != VRK_REC_REPAIRED;
    bool lost = rec->state != VRK_REC_FEW && rec->state != VRK_REC_CUT; /* not only short */
    row->kind = broken && rec->state != VRK_REC_BLANK && (row->filled || lost) ? VRK_ROW_BAD
                : row->filled                                                  ? VRK_ROW_DATA
                                                                               : VRK_ROW_BLANK;
    g->rows++;
    return VRK_OK;
}

vrk_status vrk_grid_make(vrk_ctx *ctx, char *text, size_t n, char delimiter, int64_t columns,
                         bool numbered, vrk_arena *mem, vrk_grid *out)
{
    making m = {.grid = out, .mem = mem, .numbered = numbered};
    *out = (vrk_grid){.delimiter = delimiter, .sheet = numbered};
    return vrk_csv_scan_text(ctx, text, n, delimiter, columns, take_record, &m);
}

int64_t vrk_grid_width(const vrk_grid *g)
{
    enum { MOST = 1024 };
    int64_t count[MOST] = {0}, best = 0;
    for (int64_t i = 0; i < g->rows; i++) {
        const vrk_row *r = &g->row[i];
        int64_t width = r->cells;
        while (g->sheet && width && !r->cell[width - 1].n)
            width--;
        if (r->filled && width < MOST)
            count[width]++;
    }
    for (int64_t k = 1; k < MOST; k++) {
        /* of a sheet, whose rows end with their last value, the wide ones tell */
        bool more = g->sheet ? count[k] * 4 > count[best] && count[k] > 1 : count[k] > count[best];
        best = count[k] && (more || !best) ? k : best;
    }
    return best;
}

const char *vrk_grid_cell(const vrk_grid *g, int64_t row, int64_t column)
{
    const vrk_row *r = &g->row[row];
    return column >= 0 && column < r->cells ? r->cell[column].text : "";
}
