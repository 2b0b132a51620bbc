#include "base/par.h"
#include "base/sys.h"
#include "sim/record.h"
#include "sim/truth.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>

/* Teams are simulated some at a time, each into its own memory, and written in their order: memory
 * is bounded, and the bytes do not depend on the threads. */
enum { BATCH = 16 };

typedef struct {
    vrk_arena mem;
    vrk_record record;
    vrk_squad squad; /* as its history left it */
    int64_t *won;    /* money of its futures, as in vrk_value */
} chunk;

typedef struct {
    const vrk_world *world;
    const vrk_value *value; /* or NULL */
    int64_t from;           /* the batch's first team */
    chunk at[BATCH];
} batch;

static vrk_status simulate_team(vrk_ctx *ctx, int64_t i, void *arg)
{
    vrk_status st = VRK_OK;
    batch *b = arg;
    chunk *c = &b->at[i];
    int64_t team = b->from + i;

    vrk_arena_free(&c->mem);
    vrk_record_init(&c->record, b->world, team, &c->mem);
    TRY(vrk_squad_init(ctx, b->world, team, &c->mem, &c->squad));
    c->squad.record = &c->record;
    vrk_record_people(&c->record, &c->squad);
    for (int64_t week = 0; week < b->world->weeks; week++)
        TRY(vrk_squad_week(ctx, &c->squad, week));
    vrk_record_end(&c->record, &c->squad);
    if (b->value)
        c->won = VRK_NEW(&c->mem, b->value->replications * (1 + VRK_CHANGES), int64_t);
    if (c->mem.failed)
        FAIL(VRK_EMEMORY, "out of memory for the rows of team %lld", (long long)team + 1);
done:
    return st;
}

static vrk_status simulate_future(vrk_ctx *ctx, int64_t i, void *arg)
{
    const batch *b = arg;
    int64_t replication = i % b->value->replications;
    const chunk *c = &b->at[i / b->value->replications];
    return vrk_value_future(ctx, b->value, &c->squad, replication,
                            &c->won[replication * (1 + VRK_CHANGES)]);
}

/* Maps the progress of one batch to that of the whole. */
typedef struct {
    vrk_ctx *outer;
    double from, share;
} part;

static int tick_part(void *arg, const char *what, double done)
{
    const part *p = arg;
    return p->outer->tick ? p->outer->tick(p->outer->arg, what, p->from + p->share * done) : 0;
}

static vrk_status open_tables(vrk_ctx *ctx, const char *dir, int *fd)
{
    const vrk_sys *sys = vrk_sys_of(ctx);
    for (int t = 0; t < VRK_TABLES; t++) {
        char path[4096];
        int n = snprintf(path, sizeof(path), "%s/%s.csv", dir, vrk_table_name[t]);
        if (n < 0 || (size_t)n >= sizeof(path))
            return vrk_fail(ctx, VRK_EINPUT, "path too long: %.80s ...", dir);
        fd[t] = sys->open(sys->arg, path, O_WRONLY | O_CREAT | O_TRUNC, 0600);
        if (fd[t] < 0)
            return vrk_fail(ctx, VRK_EIO, "could not write %s: %s", path,
                            vrk_said(ctx, strerror(errno)));
        vrk_status st =
            vrk_file_write_all(ctx, fd[t], path, vrk_table_header[t], strlen(vrk_table_header[t]));
        if (st != VRK_OK)
            return st;
    }
    return VRK_OK;
}

static vrk_status close_tables(vrk_ctx *ctx, const char *dir, int *fd)
{
    vrk_status st = VRK_OK;
    const vrk_sys *sys = vrk_sys_of(ctx);
    for (int t = 0; t < VRK_TABLES; t++) {
        if (fd[t] >= 0 && sys->close(sys->arg, fd[t]) && st == VRK_OK)
            st = vrk_fail(ctx, VRK_EIO, "could not write %s/%s.csv: %s", dir, vrk_table_name[t],
                          vrk_said(ctx, strerror(errno)));
        fd[t] = -1;
    }
    return st;
}

static vrk_status write_chunk(vrk_ctx *ctx, const chunk *c, const int *fd, vrk_tally *tally,
                              const vrk_value *value)
{
    vrk_status st = VRK_OK;
    for (int t = 0; t < VRK_TABLES; t++)
        TRY(vrk_file_write_all(ctx, fd[t], vrk_table_name[t], vrk_str_of(&c->record.table[t]),
                               c->record.table[t].n));
    tally->deals += c->record.deals;
    tally->won += c->record.won;
    tally->lost += c->record.lost;
    tally->activities += c->record.activities;
    for (int64_t i = 0; value && i < value->replications * (1 + VRK_CHANGES); i++)
        value->won[i] += c->won[i];
done:
    return st;
}

/* Simulates the batch's n teams, then their futures. */
static vrk_status simulate_batch(vrk_ctx *ctx, batch *b, int64_t n)
{
    vrk_status st = VRK_OK;
    double teams = (double)b->world->teams, history = b->value ? 0.1 : 1;
    part p = {ctx, (double)b->from / teams, history * (double)n / teams};
    vrk_ctx inner = {.sys = ctx->sys,
                     .threads = ctx->threads,
                     .seed = ctx->seed,
                     .said = ctx->said,
                     .tick = tick_part,
                     .arg = &p,
                     .scratch.limit = ctx->scratch.limit};
    TRY(vrk_par(&inner, "simulating", n, simulate_team, b));
    p.from += p.share;
    p.share = (1 - history) * (double)n / teams;
    if (b->value)
        TRY(vrk_par(&inner, "simulating futures", n * b->value->replications, simulate_future, b));
done:
    if (st != VRK_OK)
        (void)vrk_fail(ctx, st, "%s", inner.message);
    vrk_arena_free(&inner.scratch);
    return st;
}

static vrk_status write_all(vrk_ctx *ctx, const vrk_world *w, const char *dir,
                            const vrk_value *value, vrk_tally *tally)
{
    vrk_status st = VRK_OK;
    batch b = {.world = w, .value = value};
    int fd[VRK_TABLES];

    for (int t = 0; t < VRK_TABLES; t++)
        fd[t] = -1;
    TRY(open_tables(ctx, dir, fd));
    for (b.from = 0; b.from < w->teams; b.from += BATCH) {
        int64_t n = w->teams - b.from < BATCH ? w->teams - b.from : BATCH;
        TRY(simulate_batch(ctx, &b, n));
        for (int64_t i = 0; i < n; i++)
            TRY(write_chunk(ctx, &b.at[i], fd, tally, value));
    }
    TRY(close_tables(ctx, dir, fd));
done:
    if (st != VRK_OK)
        (void)!close_tables(&(vrk_ctx){.sys = ctx->sys}, dir, fd); /* the first failure is told */
    for (int i = 0; i < BATCH; i++)
        vrk_arena_free(&b.at[i].mem);
    return st;
}

/* The folder may be there, but with nothing in it. A truth without its folder is out of date and is
 * replaced. */
static vrk_status check_target(vrk_ctx *ctx, const char *dir)
{
    vrk_status st = VRK_OK;
    vrk_mark mark = vrk_mark_of(&ctx->scratch);
    char **names;
    int64_t n = 0;
    if (vrk_is_file(dir))
        FAIL(VRK_EINPUT, "%s is a file; give the name of a new folder", dir);
    if (vrk_is_folder(dir))
        TRY(vrk_folder_list(ctx, dir, &ctx->scratch, &names, &n));
    if (n > 0)
        FAIL(VRK_EINPUT, "%s holds something already (%s); give a new folder, or empty it", dir,
             names[0]);
done:
    vrk_rewind(&ctx->scratch, mark);
    return st;
}

static vrk_status write_truth(vrk_ctx *ctx, const vrk_world *w, const vrk_tally *tally,
                              const vrk_value *value, const char *path)
{
    vrk_status st = VRK_OK;
    vrk_arena mem = {.limit = ctx->scratch.limit};
    vrk_str text = {.mem = &mem};
    TRY(vrk_truth_write(ctx, w, tally, value, &text));
    TRY(vrk_file_replace(ctx, path, text.at, text.n));
done:
    vrk_arena_free(&mem);
    return st;
}

vrk_status vrk_sim_run(vrk_ctx *ctx, const vrk_sim_opt *opt)
{
    vrk_status st = VRK_OK;
    vrk_mark mark = vrk_mark_of(&ctx->scratch);
    vrk_world world = {0};
    vrk_value value;
    vrk_tally tally = {0};
    size_t n = opt->dir ? strlen(opt->dir) : 0;
    bool made = false, told = false;

    while (n > 1 && opt->dir[n - 1] == '/')
        n--;
    if (n == 0)
        FAIL(VRK_EINPUT, "no folder to write to");
    char *dir = vrk_text_copy_n(&ctx->scratch, opt->dir, n);
    char *beside = vrk_text_f(&ctx->scratch, "%.*s.new", (int)n, opt->dir);
    char *truth = vrk_text_f(&ctx->scratch, "%.*s.truth.json", (int)n, opt->dir);
    if (ctx->scratch.failed)
        FAIL(VRK_EMEMORY, "out of memory");
    TRY(check_target(ctx, dir));
    TRY(vrk_world_make(ctx, opt, &world));
    if (opt->replications > 0)
        TRY(vrk_value_init(ctx, &world, opt->replications, &world.mem, &value));
    TRY(vrk_folder_remove(ctx, beside)); /* of a run that was killed */
    made = true;
    TRY(vrk_folder_make(ctx, beside));
    TRY(write_all(ctx, &world, beside, opt->replications > 0 ? &value : NULL, &tally));
    told = true; /* even a failing replacement may have got as far as the rename */
    TRY(write_truth(ctx, &world, &tally, opt->replications > 0 ? &value : NULL, truth));
    TRY(vrk_file_remove(ctx, dir));
    TRY(vrk_file_rename(ctx, beside, dir));
    made = told = false;
done:
    if (made)
        (void)!vrk_folder_remove(&(vrk_ctx){.sys = ctx->sys}, beside);
    if (told)
        (void)!vrk_file_remove(&(vrk_ctx){.sys = ctx->sys}, truth);
    vrk_world_free(&world);
    vrk_rewind(&ctx->scratch, mark);
    return st;
}
