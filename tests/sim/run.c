#include "tests/sim/world.h"

#include <errno.h>

/* FNV-1a of all files of a world and of its truth. */
static uint64_t hash_of(t_world *w)
{
    vrk_ctx ctx = {0};
    char **names = NULL, *bytes = NULL, path[256];
    int64_t n = 0;
    size_t size = 0;
    uint64_t h = 14695981039346656037u;

    T_OK(vrk_folder_list(&ctx, w->dir, &w->mem, &names, &n) == VRK_OK);
    T_OK(n == 16);
    for (int64_t i = 0; i <= n; i++) {
        if (i < n)
            snprintf(path, sizeof(path), "%s/%s", w->dir, names[i]);
        else
            snprintf(path, sizeof(path), "%s.truth.json", w->dir);
        T_OK(vrk_file_read(&ctx, path, 0, &w->mem, &bytes, &size) == VRK_OK);
        for (size_t k = 0; k < size; k++)
            h = (h ^ (unsigned char)bytes[k]) * 1099511628211u;
    }
    vrk_arena_free(&ctx.scratch);
    return h;
}

static uint64_t hash_with(vrk_sim_opt opt, int threads)
{
    t_world w = t_world_new();
    vrk_ctx ctx = {.threads = threads};
    opt.dir = w.dir;
    T_OK(vrk_sim_run(&ctx, &opt) == VRK_OK);
    T_OK(ctx.scratch.used == 0);
    uint64_t h = hash_of(&w);
    vrk_arena_free(&ctx.scratch);
    t_world_free(&w);
    return h;
}

static void writes_the_same_bytes_for_the_same_seed_on_any_number_of_threads(void)
{
    for (int kind = 0; kind < VRK_SIM_KINDS; kind++) {
        vrk_sim_opt opt = {.kind = (vrk_sim_kind)kind, .sellers = 20, .weeks = 16, .seed = 7};
        opt.replications = kind == VRK_SIM_MIXED ? 3 : 0;
        uint64_t h = hash_with(opt, 1);
        T_OK(h == hash_with(opt, 1));
        T_OK(h == hash_with(opt, 4));
        opt.seed = 8;
        T_OK(h != hash_with(opt, 1));
    }
    vrk_sim_opt many = {
        .sellers = 160, .weeks = 8, .seed = 1}; /* more teams than one batch holds */
    T_OK(hash_with(many, 1) == hash_with(many, 3));
}

static bool nothing_left(const t_world *w)
{
    vrk_ctx ctx = {0};
    char **names;
    int64_t n = -1;
    T_OK(vrk_folder_list(&ctx, w->top, &ctx.scratch, &names, &n) == VRK_OK);
    vrk_arena_free(&ctx.scratch);
    return n == 0;
}

static int stop_at(void *arg, const char *what, double done)
{
    (void)what, (void)done;
    return (*(int *)arg)-- == 0;
}

static void leaves_nothing_when_cancelled_at_any_tick(void)
{
    t_world w = t_world_new();
    bool stopped = true;
    for (int k = 0; stopped; k++) {
        int left = k;
        vrk_ctx ctx = {.tick = stop_at, .arg = &left, .threads = 1};
        vrk_sim_opt opt = {.sellers = 12, .weeks = 8, .dir = w.dir, .replications = 2};
        vrk_status st = vrk_sim_run(&ctx, &opt);
        stopped = st == VRK_ECANCEL;
        T_OK(stopped ? nothing_left(&w) : st == VRK_OK && k > 5);
        T_OK(ctx.scratch.used == 0);
        vrk_arena_free(&ctx.scratch);
    }
    t_world_free(&w);
}

/* The machine, with one of its calls that write failing, as on a full disk. */
static int64_t calls_left;
static vrk_sys broken;

static bool fails(void)
{
    errno = ENOSPC;
    return calls_left-- == 0;
}

static int open_or_fail(void *arg, const char *path, int flags, mode_t mode)
{
    return fails() ? -1 : vrk_sys_real.open(arg, path, flags, mode);
}

static ssize_t write_or_fail(void *arg, int fd, const void *bytes, size_t n)
{
    return fails() ? -1 : vrk_sys_real.write(arg, fd, bytes, n);
}

static int rename_or_fail(void *arg, const char *from, const char *to)
{
    return fails() ? -1 : vrk_sys_real.rename(arg, from, to);
}

static int mkdir_or_fail(void *arg, const char *path, mode_t mode)
{
    return fails() ? -1 : vrk_sys_real.mkdir(arg, path, mode);
}

static void leaves_nothing_when_any_write_fails(void)
{
    t_world w = t_world_new();
    bool failed = true;
    broken = vrk_sys_real;
    broken.open = open_or_fail;
    broken.write = write_or_fail;
    broken.rename = rename_or_fail;
    broken.mkdir = mkdir_or_fail;
    for (int64_t k = 0; failed; k++) {
        vrk_ctx ctx = {.sys = &broken, .threads = 1};
        vrk_sim_opt opt = {.sellers = 2, .weeks = 8, .dir = w.dir};
        calls_left = k;
        vrk_status st = vrk_sim_run(&ctx, &opt);
        failed = st == VRK_EIO;
        if (failed)
            T_OK(nothing_left(&w) && strstr(ctx.message, "No space left"));
        else
            T_OK(st == VRK_OK && k > 40);
        vrk_arena_free(&ctx.scratch);
    }
    t_world_free(&w);
}

static void fails_cleanly_when_memory_ends(void)
{
    t_world w = t_world_new();
    vrk_status st = VRK_EMEMORY;
    for (size_t limit = 1000; st == VRK_EMEMORY; limit *= 3) {
        vrk_ctx ctx = {.scratch.limit = limit, .threads = 1};
        vrk_sim_opt opt = {.sellers = 40, .weeks = 8, .dir = w.dir, .replications = 1};
        st = vrk_sim_run(&ctx, &opt);
        T_OK(st == VRK_OK ? limit > 10000 : st == VRK_EMEMORY && nothing_left(&w));
        vrk_arena_free(&ctx.scratch);
    }
    t_world_free(&w);
}

static vrk_status status_of(vrk_sim_opt opt, const char *said)
{
    vrk_ctx ctx = {0};
    vrk_status st = vrk_sim_run(&ctx, &opt);
    T_OK(strstr(ctx.message, said) != NULL);
    vrk_arena_free(&ctx.scratch);
    return st;
}

static void refuses_a_folder_with_something_in_it(void)
{
    t_world w = t_world_of((vrk_sim_opt){.sellers = 2, .weeks = 8});
    uint64_t before = hash_of(&w);
    char file[128];
    T_OK(status_of((vrk_sim_opt){.dir = w.dir}, "holds something already (accounts.csv)") ==
         VRK_EINPUT);
    snprintf(file, sizeof(file), "%s/deals.csv", w.dir);
    T_OK(status_of((vrk_sim_opt){.dir = file}, "is a file") == VRK_EINPUT);
    T_OK(hash_of(&w) == before);
    t_world_free(&w);
}

static void takes_an_empty_folder_and_a_trailing_slash(void)
{
    t_world w = t_world_new();
    vrk_ctx ctx = {0};
    char path[128];
    T_OK(vrk_folder_make(&ctx, w.dir) == VRK_OK);
    snprintf(path, sizeof(path), "%s/", w.dir);
    T_OK(vrk_sim_run(&ctx, &(vrk_sim_opt){.sellers = 1, .weeks = 8, .dir = path}) == VRK_OK);
    T_OK(hash_of(&w) != 0);
    t_world_free(&w);
}

static void refuses_options_out_of_range(void)
{
    t_world w = t_world_new();
    T_OK(status_of((vrk_sim_opt){.dir = w.dir, .sellers = -1}, "sellers: -1") == VRK_EINPUT);
    T_OK(status_of((vrk_sim_opt){.dir = w.dir, .sellers = 60001}, "60001") == VRK_EINPUT);
    T_OK(status_of((vrk_sim_opt){.dir = w.dir, .weeks = 7}, "weeks: 7") == VRK_EINPUT);
    T_OK(status_of((vrk_sim_opt){.dir = w.dir, .weeks = 521}, "521") == VRK_EINPUT);
    T_OK(status_of((vrk_sim_opt){.dir = ""}, "no folder") == VRK_EINPUT);
    T_OK(nothing_left(&w));
    t_world_free(&w);
}

static void knows_its_kinds_by_name(void)
{
    vrk_sim_kind kind = VRK_SIM_KINDS;
    for (int k = 0; k < VRK_SIM_KINDS; k++)
        T_OK(vrk_sim_kind_parse(vrk_sim_kind_name((vrk_sim_kind)k), &kind) && (int)kind == k);
    T_OK(!vrk_sim_kind_parse("Mixed", &kind) && !vrk_sim_kind_parse("", &kind));
}

T_MAIN(T_CASE(writes_the_same_bytes_for_the_same_seed_on_any_number_of_threads),
       T_CASE(leaves_nothing_when_cancelled_at_any_tick),
       T_CASE(leaves_nothing_when_any_write_fails), T_CASE(fails_cleanly_when_memory_ends),
       T_CASE(refuses_a_folder_with_something_in_it),
       T_CASE(takes_an_empty_folder_and_a_trailing_slash), T_CASE(refuses_options_out_of_range),
       T_CASE(knows_its_kinds_by_name))
