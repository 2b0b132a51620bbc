#include "ingest/tryton.h"

#include "base/str.h"
#include "store/facts.h"
#include "trytonsql.h"

#include <string.h>

bool vrk_postgres_is(const char *address)
{
    return vrk_starts_with(address, "postgresql://") || vrk_starts_with(address, "postgres://");
}

/* The rows of a statement, all of them texts, as a sheet. */
static vrk_status take(vrk_ctx *ctx, vrk_facts *f, const char *sql, vrk_reading *r,
                       const vrk_sheet *as)
{
    vrk_status st = VRK_OK, closed = VRK_OK;
    vrk_frame rows = {0};
    vrk_sheet_writer w = {.fd = -1};

    TRY(vrk_facts_query(ctx, f, sql, NULL, 0, &rows));
    TRY(vrk_sheet_open(ctx, r, &w));
    vrk_sheet_row(&w, 0);
    for (int64_t k = 0; k < rows.columns; k++)
        vrk_sheet_cell(&w, rows.column[k].name, strlen(rows.column[k].name));
    for (int64_t i = 0; i < rows.rows; i++) {
        vrk_sheet_row(&w, i + 1);
        for (int64_t k = 0; k < rows.columns; k++)
            vrk_sheet_cell(&w, rows.column[k].s[i], strlen(rows.column[k].s[i]));
    }
done:
    closed = w.fd >= 0 ? vrk_sheet_close(&w) : VRK_OK;
    st = st == VRK_OK ? closed : st;
    if (st == VRK_OK && rows.rows) {
        vrk_sheet s = *as;
        s.path = w.path;
        s.headed = true;
        s.source = "tryton";
        vrk_reading_sheet(r, &s);
    }
    vrk_frame_free(&rows);
    return st;
}

vrk_status vrk_tryton_fetch(vrk_ctx *ctx, const char *address, vrk_reading *r)
{
    vrk_status st = VRK_OK;
    vrk_facts *f = NULL;

    TRY(vrk_facts_open_postgres(ctx, address, "public", &f));
    TRY(vrk_facts_query(ctx, f, "SET default_transaction_read_only TO on", NULL, 0, NULL));
    TRY(take(ctx, f, vrk_embed_trytonsql[VRK_TRYTONSQL_TRYTON_OPPORTUNITY].bytes, r,
             &(vrk_sheet){.part = "sale_opportunity", .object = "opportunity"}));
    TRY(take(ctx, f, vrk_embed_trytonsql[VRK_TRYTONSQL_TRYTON_HISTORY].bytes, r,
             &(vrk_sheet){.part = "sale_opportunity__history", .object = "field_history"}));
    if (!r->sheets)
        FAIL(VRK_EINPUT, "%s: the database holds no opportunities", r->name);
    if (r->mem->failed)
        FAIL(VRK_EMEMORY, "out of memory for %s", r->name);
done:
    vrk_facts_close(f);
    return st;
}
