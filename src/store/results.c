#include "store/results.h"

#include "base/str.h"
#include "base/sys.h"
#include "store/hash.h"

#include <inttypes.h>
#include <string.h>

#define COLUMNS                                                                                    \
    "id, generation, made_at, version, build, seed, settings, machine, as_of, sha256, "            \
    "coalesce(expired_at, 0) AS expired_at"

static const char expire_sql[] =
    "UPDATE snapshot SET document = NULL, expired_at = ?1 WHERE document IS NOT NULL AND id NOT IN "
    "(SELECT id FROM snapshot ORDER BY id DESC LIMIT 30) AND (made_at < ?1 - 94608000000000 OR id "
    "NOT IN (SELECT max(id) FROM snapshot WHERE document IS NOT NULL GROUP BY strftime('%Y-%m', "
    "made_at / 1000000, 'unixepoch')))";

static const char *text_of(const vrk_frame *f, const char *name, int64_t row, vrk_arena *mem)
{
    const vrk_column *c = vrk_frame_column(f, name);
    return c->null[row] ? NULL : vrk_text_copy(mem, c->s[row]);
}

static int64_t int_of(const vrk_frame *f, const char *name, int64_t row)
{
    return vrk_frame_column(f, name)->i[row];
}

static vrk_result result_of(const vrk_frame *f, int64_t row, vrk_arena *mem)
{
    return (vrk_result){.id = int_of(f, "id", row),
                        .generation = int_of(f, "generation", row),
                        .made_at = int_of(f, "made_at", row),
                        .version = text_of(f, "version", row, mem),
                        .build = text_of(f, "build", row, mem),
                        .seed = (uint64_t)int_of(f, "seed", row),
                        .settings = text_of(f, "settings", row, mem),
                        .machine = text_of(f, "machine", row, mem),
                        .as_of = text_of(f, "as_of", row, mem),
                        .sha256 = text_of(f, "sha256", row, mem),
                        .expired_at = int_of(f, "expired_at", row)};
}

static vrk_value text(const char *s)
{
    return (vrk_value){.type = VRK_TEXT, .s = s, .null = !s};
}

static vrk_value whole(int64_t i)
{
    return (vrk_value){.type = VRK_INT, .i = i};
}

vrk_status vrk_result_put(vrk_ctx *ctx, vrk_records *records, vrk_result *r, int64_t *expired)
{
    vrk_status st = VRK_OK;
    vrk_frame changed = {0};
    bool begun = false;
    char hex[65];

    vrk_text_sha256(r->document, hex);
    r->made_at = vrk_now(ctx);
    r->sha256 = vrk_text_copy(&ctx->scratch, hex);
    if (!r->sha256)
        FAIL(VRK_EMEMORY, "out of memory");
    const vrk_value row[] = {whole(r->generation), whole(r->made_at),       text(r->version),
                             text(r->build),       whole((int64_t)r->seed), text(r->settings),
                             text(r->machine),     text(r->sha256),         text(r->document),
                             text(r->as_of)};
    const vrk_value now = whole(r->made_at);
    TRY(vrk_records_run(ctx, records, "BEGIN IMMEDIATE", NULL, 0, NULL));
    begun = true;
    TRY(vrk_records_run(
        ctx, records,
        "INSERT INTO snapshot (generation, made_at, version, build, seed, settings, "
        "machine, sha256, document, as_of) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)",
        row, 10, NULL));
    r->id = vrk_records_last_id(records);
    TRY(vrk_records_run(ctx, records, expire_sql, &now, 1, NULL));
    TRY(vrk_records_run(ctx, records, "SELECT changes() AS n", NULL, 0, &changed));
    *expired = int_of(&changed, "n", 0);
    TRY(vrk_records_run(ctx, records, "COMMIT", NULL, 0, NULL));
    begun = false;
done:
    if (begun)
        vrk_records_roll_back(ctx, records);
    vrk_frame_free(&changed);
    return st;
}

/* The first row of the statement with its document, whose hash must be the one stored. */
static vrk_status read_one(vrk_ctx *ctx, vrk_records *records, const char *sql,
                           const vrk_value *bind, int64_t n, vrk_arena *mem, vrk_result *out)
{
    vrk_status st = VRK_OK;
    vrk_frame f = {0};
    char hex[65];

    *out = (vrk_result){0};
    TRY(vrk_records_run(ctx, records, sql, bind, n, &f));
    if (f.rows == 0)
        goto done;
    *out = result_of(&f, 0, mem);
    out->document = text_of(&f, "document", 0, mem);
    if (mem->failed)
        FAIL(VRK_EMEMORY, "out of memory for a stored result");
    if (out->document) {
        vrk_text_sha256(out->document, hex);
        if (strcmp(hex, out->sha256) != 0)
            FAIL(VRK_EDB,
                 "records.db: the document of snapshot %" PRId64 " is not what was stored: its "
                 "SHA-256 is %s, not %s",
                 out->id, hex, out->sha256);
    }
done:
    vrk_frame_free(&f);
    return st;
}

vrk_status vrk_result_find(vrk_ctx *ctx, vrk_records *records, const vrk_result *like,
                           vrk_arena *mem, vrk_result *out)
{
    const vrk_value key[] = {whole(like->generation), text(like->version), text(like->build),
                             whole((int64_t)like->seed), text(like->settings)};
    return read_one(ctx, records,
                    "SELECT " COLUMNS ", document FROM snapshot WHERE generation = ?1 AND version "
                    "= ?2 AND build = ?3 AND seed = ?4 AND settings = ?5 AND document IS NOT NULL "
                    "ORDER BY id DESC LIMIT 1",
                    key, 5, mem, out);
}

vrk_status vrk_result_read(vrk_ctx *ctx, vrk_records *records, int64_t id, vrk_arena *mem,
                           vrk_result *out)
{
    vrk_status st = VRK_OK;
    const vrk_value key = whole(id);
    if (!id)
        return read_one(ctx, records,
                        "SELECT " COLUMNS ", document FROM snapshot WHERE document IS NOT NULL "
                        "ORDER BY id DESC LIMIT 1",
                        NULL, 0, mem, out);
    TRY(read_one(ctx, records, "SELECT " COLUMNS ", document FROM snapshot WHERE id = ?1", &key, 1,
                 mem, out));
    if (!out->id)
        FAIL(VRK_EINPUT, "there is no snapshot %" PRId64, id);
done:
    return st;
}

vrk_status vrk_results_list(vrk_ctx *ctx, vrk_records *records, vrk_results *out)
{
    vrk_status st = VRK_OK;
    vrk_frame f = {0};

    *out = (vrk_results){0};
    TRY(vrk_records_run(ctx, records, "SELECT " COLUMNS " FROM snapshot ORDER BY id DESC", NULL, 0,
                        &f));
    out->result = VRK_NEW(&out->mem, f.rows, vrk_result);
    for (int64_t i = 0; i < f.rows && out->result; i++)
        out->result[i] = result_of(&f, i, &out->mem);
    out->n = f.rows;
    if (out->mem.failed)
        FAIL(VRK_EMEMORY, "out of memory for the list of snapshots");
done:
    vrk_frame_free(&f);
    if (st != VRK_OK)
        vrk_results_free(out);
    return st;
}

void vrk_results_free(vrk_results *r)
{
    vrk_arena_free(&r->mem);
    *r = (vrk_results){0};
}
