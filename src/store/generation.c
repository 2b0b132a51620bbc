#include "base/par.h"
#include "base/str.h"
#include "base/sys.h"
#include "store/hash.h"
#include "store/workspace.h"

#include <errno.h>
#include <signal.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { KEPT_GENERATIONS = 5, RAW_DAYS = 30 };

static const char *text_of(const vrk_frame *f, const char *name, int64_t row)
{
    return vrk_frame_column(f, name)->s[row];
}

static vrk_status copy_files(vrk_ctx *ctx, const vrk_workspace *w, const vrk_frame *rows,
                             vrk_generation *g)
{
    g->files = rows->rows;
    g->file = VRK_NEW(&g->mem, rows->rows, vrk_file);
    for (int64_t i = 0; i < rows->rows && !g->mem.failed; i++) {
        const char *sha256 = vrk_text_copy(&g->mem, text_of(rows, "sha256", i));
        g->file[i] = (vrk_file){
            .table = vrk_text_copy(&g->mem, text_of(rows, "name", i)),
            .partition = vrk_text_copy(&g->mem, text_of(rows, "partition", i)),
            .sha256 = sha256,
            .path = vrk_text_f(&g->mem, "%s/%s.parquet", w->facts, sha256),
            .rows = vrk_frame_column(rows, "rows")->i[i],
        };
    }
    return g->mem.failed ? vrk_fail(ctx, VRK_EMEMORY, "out of memory") : VRK_OK;
}

vrk_status vrk_generation_of(vrk_ctx *ctx, const vrk_workspace *w, int64_t id, vrk_generation *out)
{
    vrk_status st = VRK_OK;
    vrk_frame head = {0}, rows = {0};
    vrk_value key = {.type = VRK_INT, .i = id};

    *out = (vrk_generation){.mem.limit = ctx->scratch.limit};
    TRY(vrk_records_run(ctx, w->records,
                        "SELECT id, parent, made_at, as_of FROM generation WHERE id = ?1", &key, 1,
                        &head));
    if (head.rows == 0)
        goto done;
    out->id = id;
    out->parent = vrk_frame_column(&head, "parent")->i[0];
    out->made_at = vrk_frame_column(&head, "made_at")->i[0];
    out->has_as_of = !vrk_frame_column(&head, "as_of")->null[0];
    out->as_of = vrk_frame_column(&head, "as_of")->i[0];
    TRY(vrk_records_run(ctx, w->records,
                        "SELECT name, partition, sha256, rows FROM part WHERE generation = ?1 "
                        "ORDER BY name, partition, sha256",
                        &key, 1, &rows));
    if (rows.rows)
        TRY(copy_files(ctx, w, &rows, out));
done:
    vrk_frame_free(&head);
    vrk_frame_free(&rows);
    if (st != VRK_OK)
        vrk_generation_free(out);
    return st;
}

vrk_status vrk_generation_read(vrk_ctx *ctx, const vrk_workspace *w, vrk_generation *out)
{
    vrk_status st = VRK_OK;
    vrk_frame standing = {0};

    *out = (vrk_generation){0};
    TRY(vrk_records_run(ctx, w->records,
                        "SELECT generation FROM standing WHERE generation IS NOT NULL", NULL, 0,
                        &standing));
    if (standing.rows)
        st = vrk_generation_of(ctx, w, vrk_frame_column(&standing, "generation")->i[0], out);
done:
    vrk_frame_free(&standing);
    return st;
}

void vrk_generation_free(vrk_generation *g)
{
    vrk_arena_free(&g->mem);
    *g = (vrk_generation){0};
}

vrk_status vrk_lease_take(vrk_ctx *ctx, const vrk_workspace *w, int64_t generation, int64_t *lease)
{
    vrk_status st = VRK_OK;
    char host[65] = "";
    gethostname(host, sizeof(host) - 1);
    vrk_value v[] = {{.type = VRK_INT, .i = generation},
                     {.type = VRK_INT, .i = getpid()},
                     {.type = VRK_TEXT, .s = host},
                     {.type = VRK_INT, .i = vrk_now(ctx)}};
    TRY(vrk_records_run(
        ctx, w->records,
        "INSERT INTO lease (generation, pid, host, started) VALUES (?1, ?2, ?3, ?4)", v, 4, NULL));
    *lease = vrk_records_last_id(w->records);
done:
    return st;
}

vrk_status vrk_lease_end(vrk_ctx *ctx, const vrk_workspace *w, int64_t lease)
{
    vrk_value id = {.type = VRK_INT, .i = lease};
    return vrk_records_run(ctx, w->records, "DELETE FROM lease WHERE id = ?1", &id, 1, NULL);
}

/* Opens the files of a generation that is under the lease. */
static vrk_status open_leased(vrk_ctx *ctx, const vrk_workspace *w, const vrk_generation *g,
                              int64_t lease, vrk_facts **out)
{
    vrk_status st = VRK_OK;
    vrk_mark mark = vrk_mark_of(&ctx->scratch);
    vrk_part *part = VRK_NEW(&ctx->scratch, g->files, vrk_part);
    /* What does not fit in memory lies in a folder of this reader's own, gone when it closes. */
    char *temp = vrk_text_f(&ctx->scratch, "%s/spill-%lld", w->folder, (long long)lease);

    if (ctx->scratch.failed)
        FAIL(VRK_EMEMORY, "out of memory");
    vrk_facts_opt opt = {.part = part, .parts = g->files, .temp = temp};
    for (int64_t i = 0; i < g->files; i++) {
        part[i] = (vrk_part){.table = g->file[i].table, .path = g->file[i].path};
        opt.rows += g->file[i].rows;
    }
    TRY(vrk_facts_open_duckdb(ctx, &opt, out));
done:
    vrk_rewind(&ctx->scratch, mark);
    return st;
}

/* The first failure is the one to tell; a dead lease ends with its process. */
static void give_up_lease(vrk_ctx *ctx, const vrk_workspace *w, int64_t *lease)
{
    char message[sizeof(ctx->message)];
    memcpy(message, ctx->message, sizeof(message));
    if (vrk_lease_end(ctx, w, *lease) == VRK_OK)
        *lease = 0;
    memcpy(ctx->message, message, sizeof(message));
}

/* The lease comes first and the generation is read again under it, so that no sweep can come
 * between. */
vrk_status vrk_workspace_facts(vrk_ctx *ctx, const vrk_workspace *w, vrk_facts **out,
                               int64_t *lease)
{
    vrk_status st = VRK_OK;
    vrk_generation g = {0}, again = {0};
    bool leased = false;

    *out = NULL;
    TRY(vrk_generation_read(ctx, w, &again));
    do {
        vrk_generation_free(&g);
        g = again;
        again = (vrk_generation){0};
        if (g.id == 0)
            FAIL(VRK_EINPUT, "%s has no facts yet; 'verkan import PATH -w %s' brings some",
                 w->folder, w->folder);
        if (leased)
            TRY(vrk_lease_end(ctx, w, *lease));
        leased = false;
        TRY(vrk_lease_take(ctx, w, g.id, lease));
        leased = true;
        TRY(vrk_generation_read(ctx, w, &again));
    } while (again.id != g.id);
    TRY(open_leased(ctx, w, &g, *lease, out));
done:
    if (st != VRK_OK && leased)
        give_up_lease(ctx, w, lease);
    vrk_generation_free(&g);
    vrk_generation_free(&again);
    return st;
}

vrk_status vrk_workspace_facts_of(vrk_ctx *ctx, const vrk_workspace *w, int64_t generation,
                                  vrk_facts **out, int64_t *lease)
{
    vrk_status st = VRK_OK;
    vrk_generation g = {0};
    bool leased = false;

    *out = NULL;
    TRY(vrk_lease_take(ctx, w, generation, lease));
    leased = true;
    TRY(vrk_generation_of(ctx, w, generation, &g));
    if (g.id == 0)
        FAIL(VRK_EINPUT, "generation %lld is gone: only the facts of the newest ones are kept",
             (long long)generation);
    TRY(open_leased(ctx, w, &g, *lease, out));
done:
    if (st != VRK_OK && leased)
        give_up_lease(ctx, w, lease);
    vrk_generation_free(&g);
    return st;
}

typedef struct {
    char hex[65]; /* "" = the file is in place already */
} sha256_text;

typedef struct {
    const vrk_workspace *w;
    vrk_file *file;
    sha256_text *sha256; /* [files] */
} staged;

static vrk_status hash_one(vrk_ctx *ctx, int64_t i, void *arg)
{
    staged *s = arg;
    if (!vrk_starts_with(s->file[i].path, s->w->staging))
        return VRK_OK;
    vrk_status st = vrk_file_sha256(ctx, s->file[i].path, s->sha256[i].hex);
    if (st == VRK_OK)
        st = vrk_file_sync(ctx, s->file[i].path);
    return st;
}

/* Staged files get their final name. Read-only: a COPY into the folder must not change them. */
static vrk_status move_files(vrk_ctx *ctx, vrk_workspace *w, vrk_generation *g)
{
    vrk_status st = VRK_OK;
    staged s = {.w = w, .file = g->file, .sha256 = VRK_NEW(&ctx->scratch, g->files, sha256_text)};

    if (!s.sha256)
        FAIL(VRK_EMEMORY, "out of memory");
    TRY(vrk_par(ctx, "making the facts durable", g->files, hash_one, &s));
    for (int64_t i = 0; i < g->files; i++) {
        if (!s.sha256[i].hex[0])
            continue;
        char *path = vrk_text_f(&g->mem, "%s/%s.parquet", w->facts, s.sha256[i].hex);
        g->file[i].sha256 = vrk_text_copy(&g->mem, s.sha256[i].hex);
        if (g->mem.failed)
            FAIL(VRK_EMEMORY, "out of memory");
        if (chmod(g->file[i].path, 0400))
            FAIL(VRK_EIO, "could not protect %s: %s", g->file[i].path,
                 vrk_said(ctx, strerror(errno)));
        TRY(vrk_file_rename(ctx, g->file[i].path, path));
        g->file[i].path = path;
    }
    TRY(vrk_file_sync(ctx, w->facts));
done:
    return st;
}

static vrk_status insert_generation(vrk_ctx *ctx, vrk_records *r, vrk_generation *g)
{
    vrk_status st = VRK_OK;
    vrk_value head[] = {{.type = VRK_INT, .i = g->parent, .null = g->parent == 0},
                        {.type = VRK_INT, .i = g->made_at},
                        {.type = VRK_INT, .i = g->as_of, .null = !g->has_as_of}};
    TRY(vrk_records_run(ctx, r,
                        "INSERT INTO generation (parent, made_at, as_of) VALUES (?1, ?2, ?3)", head,
                        3, NULL));
    g->id = vrk_records_last_id(r);
    for (int64_t i = 0; i < g->files; i++) {
        vrk_value part[] = {{.type = VRK_INT, .i = g->id},
                            {.type = VRK_TEXT, .s = g->file[i].table},
                            {.type = VRK_TEXT, .s = g->file[i].partition},
                            {.type = VRK_TEXT, .s = g->file[i].sha256},
                            {.type = VRK_INT, .i = g->file[i].rows}};
        TRY(vrk_records_run(ctx, r,
                            "INSERT INTO part (generation, name, partition, sha256, rows) VALUES "
                            "(?1, ?2, ?3, ?4, ?5)",
                            part, 5, NULL));
    }
    TRY(vrk_records_run(ctx, r, "UPDATE standing SET generation = ?1",
                        &(vrk_value){.type = VRK_INT, .i = g->id}, 1, NULL));
done:
    return st;
}

vrk_status vrk_generation_publish(vrk_ctx *ctx, vrk_workspace *w, vrk_generation *g,
                                  vrk_status (*also)(vrk_ctx *ctx, vrk_records *r,
                                                     int64_t generation, void *arg),
                                  void *arg)
{
    vrk_status st = VRK_OK;
    vrk_mark mark = vrk_mark_of(&ctx->scratch);
    bool begun = false;

    TRY(move_files(ctx, w, g));
    g->made_at = vrk_now(ctx);
    TRY(vrk_records_run(ctx, w->records, "BEGIN IMMEDIATE", NULL, 0, NULL));
    begun = true;
    TRY(insert_generation(ctx, w->records, g));
    if (also)
        TRY(also(ctx, w->records, g->id, arg));
    TRY(vrk_records_run(ctx, w->records, "COMMIT", NULL, 0, NULL));
    begun = false;
done:
    if (begun)
        vrk_records_roll_back(ctx, w->records);
    vrk_rewind(&ctx->scratch, mark);
    return st;
}

vrk_status vrk_generation_undo(vrk_ctx *ctx, vrk_workspace *w)
{
    vrk_status st = VRK_OK;
    vrk_generation g = {0};

    TRY(vrk_generation_read(ctx, w, &g));
    if (g.id == 0)
        FAIL(VRK_EINPUT, "%s has no import to undo", w->folder);
    TRY(vrk_records_run(ctx, w->records, "UPDATE standing SET generation = ?1",
                        &(vrk_value){.type = VRK_INT, .i = g.parent, .null = g.parent == 0}, 1,
                        NULL));
done:
    vrk_generation_free(&g);
    return st;
}

/* Leases of processes of this machine that are no more. */
static vrk_status end_dead_leases(vrk_ctx *ctx, vrk_workspace *w)
{
    vrk_status st = VRK_OK;
    vrk_frame leases = {0};
    char host[65] = "";

    gethostname(host, sizeof(host) - 1);
    TRY(vrk_records_run(ctx, w->records, "SELECT id, pid, host FROM lease", NULL, 0, &leases));
    for (int64_t i = 0; i < leases.rows; i++) {
        pid_t pid = (pid_t)vrk_frame_column(&leases, "pid")->i[i];
        if (!strcmp(text_of(&leases, "host", i), host) && kill(pid, 0) && errno == ESRCH)
            TRY(vrk_lease_end(ctx, w, vrk_frame_column(&leases, "id")->i[i]));
    }
done:
    vrk_frame_free(&leases);
    return st;
}

static bool is_wanted(const vrk_frame *wanted, const char *name)
{
    for (int64_t i = 0; i < wanted->rows; i++) {
        const char *sha256 = wanted->column[0].s[i];
        if (!strncmp(name, sha256, strlen(sha256)) && !strcmp(name + strlen(sha256), ".parquet"))
            return true;
    }
    return false;
}

vrk_status vrk_workspace_sweep(vrk_ctx *ctx, vrk_workspace *w)
{
    vrk_status st = VRK_OK;
    vrk_mark mark = vrk_mark_of(&ctx->scratch);
    vrk_frame wanted = {0};
    char **names;
    int64_t n;
    vrk_value keep = {.type = VRK_INT, .i = KEPT_GENERATIONS};
    vrk_value expired = {.type = VRK_INT, .i = vrk_now(ctx) - RAW_DAYS * INT64_C(86400000000)};

    TRY(end_dead_leases(ctx, w));
    /* The newest ones, the standing one and its line back count; undone ones only while new. */
    TRY(vrk_records_run(
        ctx, w->records,
        "DELETE FROM generation WHERE id NOT IN (SELECT id FROM generation ORDER BY id "
        "DESC LIMIT ?1) AND id NOT IN (SELECT generation FROM lease) AND id NOT IN "
        "(SELECT generation FROM standing WHERE generation IS NOT NULL)",
        &keep, 1, NULL));
    TRY(vrk_records_run(ctx, w->records,
                        "UPDATE generation SET parent = NULL WHERE parent NOT IN (SELECT id FROM "
                        "generation)",
                        NULL, 0, NULL));
    TRY(vrk_records_run(ctx, w->records,
                        "UPDATE reject SET value = NULL WHERE made_at < ?1 AND value IS NOT NULL",
                        &expired, 1, NULL));
    TRY(vrk_records_run(ctx, w->records, "SELECT DISTINCT sha256 FROM part", NULL, 0, &wanted));
    TRY(vrk_folder_list(ctx, w->facts, &ctx->scratch, &names, &n));
    for (int64_t i = 0; i < n; i++) {
        if (is_wanted(&wanted, names[i]))
            continue;
        char *path = vrk_text_f(&ctx->scratch, "%s/%s", w->facts, names[i]);
        if (!path)
            FAIL(VRK_EMEMORY, "out of memory");
        TRY(vrk_file_remove(ctx, path));
    }
    TRY(vrk_folder_remove(ctx, w->staging));
done:
    vrk_frame_free(&wanted);
    vrk_rewind(&ctx->scratch, mark);
    return st;
}
