#include "store/records.h"

#include "base/str.h"
#include "migration.h"

#include <sqlite3.h>

#include <string.h>

struct vrk_records {
    sqlite3 *db;
    vrk_arena mem; /* holds this struct */
};

static vrk_status refuse(vrk_ctx *ctx, const vrk_records *r, const char *what)
{
    int code = r->db ? sqlite3_errcode(r->db) : SQLITE_NOMEM;
    const char *words = r->db ? sqlite3_errmsg(r->db) : "out of memory";
    vrk_status st = code == SQLITE_NOMEM ? VRK_EMEMORY
                    : code == SQLITE_FULL || (code & 255) == SQLITE_IOERR ||
                            code == SQLITE_CANTOPEN || code == SQLITE_READONLY
                        ? VRK_EIO
                        : VRK_EDB;
    if (code == SQLITE_FULL)
        words = "the disk is full";
    return vrk_fail(ctx, st, "records.db: %s: %s", what, words);
}

static vrk_status run_script(vrk_ctx *ctx, vrk_records *r, const char *what, const char *sql)
{
    return sqlite3_exec(r->db, sql, NULL, NULL, NULL) == SQLITE_OK ? VRK_OK : refuse(ctx, r, what);
}

/* user_version counts the steps that were taken. */
static vrk_status migrate(vrk_ctx *ctx, vrk_records *r)
{
    vrk_status st = VRK_OK;
    vrk_mark mark = vrk_mark_of(&ctx->scratch);
    vrk_frame version = {0};

    TRY(vrk_records_run(ctx, r, "PRAGMA user_version", NULL, 0, &version));
    int64_t at = version.column[0].i[0];
    if (at > VRK_MIGRATION_COUNT)
        FAIL(VRK_EINPUT, "the workspace was made by a newer verkan (step %lld, this one knows %d)",
             (long long)at, (int)VRK_MIGRATION_COUNT);
    for (; at < VRK_MIGRATION_COUNT; at++) {
        char *sql =
            vrk_text_f(&ctx->scratch, "BEGIN IMMEDIATE; %s; PRAGMA user_version = %lld; COMMIT",
                       vrk_embed_migration[at].bytes, (long long)at + 1);
        if (!sql)
            FAIL(VRK_EMEMORY, "out of memory");
        TRY(run_script(ctx, r, vrk_embed_migration[at].name, sql));
    }
done:
    vrk_frame_free(&version);
    vrk_rewind(&ctx->scratch, mark);
    return st;
}

vrk_status vrk_records_open(vrk_ctx *ctx, const char *path, vrk_records **out)
{
    vrk_status st = VRK_OK;
    vrk_arena mem = {0};
    int flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_NOMUTEX;

    *out = NULL;
    vrk_records *r = VRK_NEW(&mem, 1, vrk_records);
    if (!r)
        FAIL(VRK_EMEMORY, "out of memory");
    r->mem = mem;
    if (sqlite3_open_v2(path, &r->db, flags, NULL) != SQLITE_OK) {
        st = refuse(ctx, r, path);
        goto done;
    }
    sqlite3_busy_timeout(r->db, 10000);
    TRY(run_script(
        ctx, r, "opening",
        "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON; "
        "PRAGMA secure_delete = ON; PRAGMA trusted_schema = OFF"));
    TRY(migrate(ctx, r));
    *out = r;
done:
    if (st != VRK_OK)
        vrk_records_close(r);
    return st;
}

void vrk_records_close(vrk_records *r)
{
    if (!r)
        return;
    vrk_arena mem = r->mem;
    sqlite3_close(r->db);
    vrk_arena_free(&mem);
}

static int bind_value(sqlite3_stmt *s, int at, const vrk_value *v)
{
    if (v->null)
        return sqlite3_bind_null(s, at);
    if (v->type == VRK_TEXT)
        return sqlite3_bind_text(s, at, v->s, -1, SQLITE_TRANSIENT);
    if (v->type == VRK_DOUBLE)
        return sqlite3_bind_double(s, at, v->d);
    return sqlite3_bind_int64(s, at, v->i);
}

/* Rows kept until their number is known: a frame has a fixed one. */
typedef struct {
    vrk_value *value; /* [room x columns] */
    int64_t rows, room, columns;
} gathered;

static vrk_status gather_row(vrk_ctx *ctx, sqlite3_stmt *s, gathered *g)
{
    if (g->rows == g->room) {
        int64_t room = g->room ? 2 * g->room : 64;
        vrk_value *more = VRK_NEW(&ctx->scratch, room * g->columns, vrk_value);
        if (!more)
            return vrk_fail(ctx, VRK_EMEMORY, "out of memory for rows of records.db");
        if (g->rows)
            memcpy(more, g->value, (size_t)(g->rows * g->columns) * sizeof(*more));
        g->value = more;
        g->room = room;
    }
    for (int k = 0; k < g->columns; k++) {
        vrk_value *v = &g->value[g->rows * g->columns + k];
        int type = sqlite3_column_type(s, k);
        v->null = type == SQLITE_NULL;
        v->type = type == SQLITE_TEXT ? VRK_TEXT : VRK_INT;
        if (type == SQLITE_TEXT)
            v->s = vrk_text_copy(&ctx->scratch, (const char *)sqlite3_column_text(s, k));
        else
            v->i = sqlite3_column_int64(s, k);
    }
    g->rows++;
    return ctx->scratch.failed ? vrk_fail(ctx, VRK_EMEMORY, "out of memory for rows of records.db")
                               : VRK_OK;
}

static vrk_status to_frame(vrk_ctx *ctx, sqlite3_stmt *s, const gathered *g, vrk_frame *out)
{
    vrk_status st = VRK_OK;
    const char **names = VRK_NEW(&ctx->scratch, g->columns, const char *);
    vrk_type *types = VRK_NEW(&ctx->scratch, g->columns, vrk_type);
    if (ctx->scratch.failed)
        FAIL(VRK_EMEMORY, "out of memory");
    for (int64_t k = 0; k < g->columns; k++) {
        names[k] = sqlite3_column_name(s, (int)k);
        for (int64_t row = 0; row < g->rows; row++) {
            if (!g->value[row * g->columns + k].null)
                types[k] = g->value[row * g->columns + k].type;
        }
    }
    TRY(vrk_frame_init(ctx, names, types, g->columns, g->rows, out));
    for (int64_t row = 0; row < g->rows; row++) {
        for (int64_t k = 0; k < g->columns; k++) {
            const vrk_value *v = &g->value[row * g->columns + k];
            if (!v->null && v->type == VRK_TEXT)
                vrk_frame_set_text(out, k, row, v->s);
            else if (!v->null)
                vrk_frame_set_int(out, k, row, v->i);
        }
    }
    if (out->mem.failed)
        FAIL(VRK_EMEMORY, "out of memory for rows of records.db");
done:
    return st;
}

vrk_status vrk_records_run(vrk_ctx *ctx, vrk_records *r, const char *sql, const vrk_value *bind,
                           int64_t n, vrk_frame *out)
{
    vrk_status st = VRK_OK;
    vrk_mark mark = vrk_mark_of(&ctx->scratch);
    sqlite3_stmt *s = NULL;
    int step;

    if (out)
        *out = (vrk_frame){0};
    if (sqlite3_prepare_v2(r->db, sql, -1, &s, NULL) != SQLITE_OK) {
        st = refuse(ctx, r, sql);
        goto done;
    }
    for (int64_t i = 0; i < n; i++) {
        if (bind_value(s, (int)i + 1, &bind[i]) != SQLITE_OK) {
            st = refuse(ctx, r, sql);
            goto done;
        }
    }
    gathered g = {.columns = sqlite3_column_count(s)};
    while ((step = sqlite3_step(s)) == SQLITE_ROW) {
        if (out)
            TRY(gather_row(ctx, s, &g));
    }
    if (step != SQLITE_DONE) {
        st = refuse(ctx, r, sql);
        goto done;
    }
    if (out)
        TRY(to_frame(ctx, s, &g, out));
done:
    sqlite3_finalize(s);
    vrk_rewind(&ctx->scratch, mark);
    if (st != VRK_OK && out)
        vrk_frame_free(out);
    return st;
}

static vrk_value value_of(const vrk_column *c, int64_t row)
{
    return (vrk_value){.type = c->type,
                       .null = c->null[row],
                       .i = c->i ? c->i[row] : 0,
                       .d = c->d ? c->d[row] : 0,
                       .s = c->s ? c->s[row] : NULL};
}

vrk_status vrk_records_run_rows(vrk_ctx *ctx, vrk_records *r, const char *sql,
                                const vrk_frame *rows)
{
    vrk_status st = VRK_OK;
    sqlite3_stmt *s = NULL;

    if (sqlite3_prepare_v2(r->db, sql, -1, &s, NULL) != SQLITE_OK) {
        st = refuse(ctx, r, sql);
        goto done;
    }
    for (int64_t row = 0; row < rows->rows; row++) {
        for (int64_t k = 0; k < rows->columns; k++) {
            vrk_value v = value_of(&rows->column[k], row);
            if (bind_value(s, (int)k + 1, &v) != SQLITE_OK) {
                st = refuse(ctx, r, sql);
                goto done;
            }
        }
        if (sqlite3_step(s) != SQLITE_DONE) {
            st = refuse(ctx, r, sql);
            goto done;
        }
        sqlite3_reset(s);
    }
done:
    sqlite3_finalize(s);
    return st;
}

void vrk_records_roll_back(vrk_ctx *ctx, vrk_records *r)
{
    char message[sizeof(ctx->message)];
    memcpy(message, ctx->message, sizeof(message));
    vrk_status st = vrk_records_run(ctx, r, "ROLLBACK", NULL, 0, NULL);
    (void)st; /* where it fails SQLite had rolled back on its own */
    memcpy(ctx->message, message, sizeof(message));
}

int64_t vrk_records_last_id(const vrk_records *r)
{
    return sqlite3_last_insert_rowid(r->db);
}
