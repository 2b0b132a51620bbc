#include "store/workspace.h"
#include "store/settings.h"
#include "tests/store/space.h"

#include <errno.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

static int files_in(const char *folder)
{
    vrk_ctx ctx = {0};
    char **names;
    int64_t n = -1;
    T_OK(vrk_folder_list(&ctx, folder, &ctx.scratch, &names, &n) == VRK_OK);
    vrk_arena_free(&ctx.scratch);
    return (int)n;
}

static void makes_a_workspace_only_when_asked(void)
{
    vrk_ctx ctx = {0};
    t_space s = t_space_new();
    vrk_workspace w;
    struct stat at;
    T_OK(vrk_workspace_open(&ctx, s.dir, false, &w) == VRK_EINPUT && w.lock == -1 && !w.records);
    T_OK(strstr(ctx.message, s.dir) && strstr(ctx.message, "verkan import"));
    T_OK(stat(s.dir, &at) != 0);
    T_OK(vrk_workspace_open(&ctx, s.dir, true, &w) == VRK_OK);
    T_OK(!strcmp(w.timezone, "Europe/Stockholm") && !strcmp(w.country, "SE") &&
         !strcmp(w.currency, "SEK"));
    T_OK(stat(s.dir, &at) == 0 && (at.st_mode & 0777) == 0700);
    vrk_workspace_close(&w);
    T_OK(vrk_workspace_open(&ctx, s.dir, false, &w) == VRK_OK);
    char team[32];
    t_standing(&s, team, sizeof(team));
    T_OK(!team[0]);
    vrk_workspace_close(&w);
    vrk_workspace_close(&w); /* safe on a closed one */
    vrk_arena_free(&ctx.scratch);
    t_space_free(&s);
}

static void settings_say_what_cannot_be(void)
{
    static const struct {
        const char *text, *says;
    } bad[] = {
        {"timezone\n", "a.toml:1: expected key"},
        {"# one\ntimezone = Europe/Stockholm\n", "a.toml:2: expected key"},
        {"currency = \"SEK\nEUR\"", "a.toml:1: expected key"},
        {"holiday = \"SE\"", "there is no setting 'holiday'"},
        {"currency = \"kronor\"", "currency 'kronor'"},
        {"person_level = \"all\"", "person_level 'all'"},
        {"organisation = \"a\xff\"", "organisation is not a name"},
        {"organisation = \"a\x1b[2J\"", "organisation is not a name"},
        {"country = \"XX\"", "country 'XX'"},
        {"timezone = \"x'; DROP\"", "timezone 'x'; DROP'"},
        {"timezone = \"\"", "timezone ''"},
        {"[action]\nmargin = 1\n", "a.toml:1: there is no section '[action]'"},
        {"[]\n", "a.toml:1: there is no section '[]'"},
        {"margin = 0.3\n",
         "there is no setting 'margin' (organisation, timezone, country, currency, person_level)"},
        {"[actions]\neffect = 0.3\n",
         "a.toml:2: there is no setting 'effect' in actions (currency,"},
        {"[actions]\nmargin = 40 %\n", "a.toml:2: margin must be a number, found '40 %'"},
        {"[actions]\nmargin = 40\n", "a.toml:2: margin = 40 is not between 0.01 and 1"},
        {"[actions]\nmargin = nan\n", "margin must be a number"},
        {"[actions]\nmargin = 0x1p-2\n", "margin must be a number"},
        {"[actions]\nmargin = \"0.3\"\n", "margin must be a number"},
        {"[actions.train]\neffect_sd = 0\n", "effect_sd = 0 is not between 0.001 and 1"},
        {"[actions]\ncurrency = \"kr\"\n", "currency 'kr'"},
    };
    vrk_ctx ctx = {0};
    vrk_settings s;
    for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
        T_OK(vrk_settings_parse(&ctx, "a.toml", bad[i].text, &ctx.scratch, &s) == VRK_EINPUT);
        T_OK(strstr(ctx.message, bad[i].says));
    }
    T_OK(vrk_settings_parse(&ctx, "a.toml", "\n \t# x\n  currency=\"EUR\" # ours\n", &ctx.scratch,
                            &s) == VRK_OK);
    T_OK(!strcmp(s.currency, "EUR") && !strcmp(s.country, "SE"));
    vrk_arena_free(&ctx.scratch);
}

static bool same_terms(const vrk_action_settings *a, const vrk_action_settings *b)
{
    vrk_action_settings x = *a, y = *b;
    bool currency = !strcmp(x.currency, y.currency);
    x.currency = y.currency = NULL;
    return currency && !memcmp(&x, &y, sizeof(x));
}

/* What stands in a new verkan.toml is what holds without one, and a snapshot's copy gives the same
 * terms to the last bit. */
static void settings_come_back_the_same(void)
{
    vrk_ctx ctx = {0};
    vrk_settings s, again;
    T_OK(vrk_settings_parse(&ctx, "a.toml", vrk_settings_text, &ctx.scratch, &s) == VRK_OK);
    T_OK(same_terms(&s.actions, &vrk_settings_default.actions));
    T_OK(!strcmp(s.timezone, vrk_settings_default.timezone));
    T_OK(vrk_settings_parse(&ctx, "a.toml",
                            "[actions] # ours\n  margin=.35\ncurrency = \"EUR\"\r\n"
                            "[actions.coach]\neffect = 1e-1 # tenth\nfee = +1200\n",
                            &ctx.scratch, &s) == VRK_OK);
    T_NEAR(s.actions.margin, 0.35, 0);
    T_NEAR(s.actions.coach.effect, 0.1, 0);
    T_NEAR(s.actions.coach.fee, 1200.0, 0);
    T_NEAR(s.actions.train.effect, 0.03, 0);
    T_OK(!strcmp(s.currency, "SEK") && !strcmp(s.actions.currency, "EUR"));
    s.actions.train.effect = 0.1 + 0.2;
    const char *text = vrk_action_settings_text(&ctx.scratch, &s.actions);
    T_OK(text && vrk_settings_parse(&ctx, "b.toml", text, &ctx.scratch, &again) == VRK_OK);
    T_OK(same_terms(&s.actions, &again.actions));
    vrk_arena_free(&ctx.scratch);
}

static void publishes_and_goes_back(void)
{
    vrk_ctx ctx = {0};
    t_space s = t_space_new();
    vrk_workspace w;
    vrk_generation g;
    char team[32], name[80];
    T_OK(vrk_workspace_open(&ctx, s.dir, true, &w) == VRK_OK);
    T_OK(vrk_workspace_lock(&ctx, &w) == VRK_OK);
    T_OK(vrk_generation_undo(&ctx, &w) == VRK_EINPUT);
    T_OK(t_publish(&ctx, &w, "T1") == VRK_OK && t_publish(&ctx, &w, "T2") == VRK_OK);
    t_standing(&s, team, sizeof(team));
    T_OK(!strcmp(team, "T2"));
    T_OK(vrk_generation_read(&ctx, &w, &g) == VRK_OK && g.files == 1 && g.parent > 0);
    snprintf(name, sizeof(name), "/%s.parquet", g.file[0].sha256);
    T_OK(vrk_ends_with(g.file[0].path, name) && strlen(g.file[0].sha256) == 64);
    struct stat at;
    T_OK(stat(g.file[0].path, &at) == 0 && (at.st_mode & 0777) == 0400);
    vrk_generation_free(&g);
    T_OK(vrk_generation_undo(&ctx, &w) == VRK_OK);
    t_standing(&s, team, sizeof(team));
    T_OK(!strcmp(team, "T1"));
    T_OK(vrk_generation_undo(&ctx, &w) == VRK_OK);
    t_standing(&s, team, sizeof(team));
    T_OK(!team[0]);
    T_OK(vrk_generation_undo(&ctx, &w) == VRK_EINPUT);
    T_OK(t_publish(&ctx, &w, "T3") == VRK_OK);
    t_standing(&s, team, sizeof(team));
    T_OK(!strcmp(team, "T3"));
    vrk_workspace_close(&w);
    vrk_arena_free(&ctx.scratch);
    t_space_free(&s);
}

/* A machine that dies at the k-th of its operations: nothing after it happens. */
typedef struct {
    int left;
    bool kill; /* by a signal to this process, else by errors from then on */
} fate;

static bool dies(void *arg)
{
    fate *f = arg;
    if (--f->left > 0)
        return false;
    if (f->kill)
        raise(SIGKILL);
    errno = EIO;
    return true;
}

static int dying_open(void *arg, const char *path, int flags, mode_t mode)
{
    return dies(arg) ? -1 : vrk_sys_real.open(NULL, path, flags, mode);
}

static ssize_t dying_read(void *arg, int fd, void *bytes, size_t n)
{
    return dies(arg) ? -1 : vrk_sys_real.read(NULL, fd, bytes, n);
}

static int dying_fsync(void *arg, int fd)
{
    return dies(arg) ? -1 : vrk_sys_real.fsync(NULL, fd);
}

static int dying_rename(void *arg, const char *from, const char *to)
{
    return dies(arg) ? -1 : vrk_sys_real.rename(NULL, from, to);
}

static vrk_sys dying_machine(fate *f)
{
    vrk_sys sys = vrk_sys_real;
    sys.arg = f;
    sys.open = dying_open;
    sys.read = dying_read;
    sys.fsync = dying_fsync;
    sys.rename = dying_rename;
    return sys;
}

static void a_failure_at_any_step_leaves_the_former_generation(void)
{
    t_space s = t_space_new();
    vrk_workspace w;
    vrk_ctx ctx = {0};
    char team[32];
    int failed = 0;
    T_OK(vrk_workspace_open(&ctx, s.dir, true, &w) == VRK_OK);
    T_OK(vrk_workspace_lock(&ctx, &w) == VRK_OK && t_publish(&ctx, &w, "T0") == VRK_OK);
    for (int k = 1; k < 100; k++) {
        fate f = {.left = k};
        vrk_sys sys = dying_machine(&f);
        vrk_ctx dying = {.sys = &sys, .threads = 1};
        vrk_status st = t_publish(&dying, &w, "T1");
        vrk_arena_free(&dying.scratch);
        t_standing(&s, team, sizeof(team));
        if (st == VRK_OK)
            break;
        failed++;
        T_OK(st == VRK_EIO && strstr(dying.message, "nput/output error"));
        T_OK(!strcmp(team, "T0"));
    }
    T_OK(failed >= 6); /* hash: open, read twice; sync file: open, fsync; rename; sync folder */
    T_OK(!strcmp(team, "T1"));
    vrk_workspace_close(&w);
    vrk_arena_free(&ctx.scratch);
    t_space_free(&s);
}

static vrk_status die_here(vrk_ctx *ctx, vrk_records *r, int64_t generation, void *arg)
{
    (void)ctx, (void)r, (void)generation, (void)arg;
    raise(SIGKILL);
    return VRK_OK;
}

/* In a process of its own: import "T1" and be killed at operation k, or (k = 0) inside the
 * transaction. Gives whether it was killed. */
static bool is_killed(const t_space *s, int k)
{
    pid_t pid = fork();
    if (pid == 0) {
        fate f = {.left = k, .kill = true};
        vrk_sys sys = dying_machine(&f);
        vrk_ctx ctx = {.threads = 1};
        vrk_workspace w;
        if (vrk_workspace_open(&ctx, s->dir, false, &w) != VRK_OK ||
            vrk_workspace_lock(&ctx, &w) != VRK_OK)
            _exit(2);
        ctx.sys = k ? &sys : NULL;
        vrk_generation g = {0};
        if (k == 0 && vrk_generation_publish(&ctx, &w, &g, die_here, NULL) != VRK_OK)
            _exit(2);
        _exit(t_publish(&ctx, &w, "T1") == VRK_OK ? 0 : 2);
    }
    int how = 0;
    T_OK(pid > 0 && waitpid(pid, &how, 0) == pid);
    T_OK(WIFSIGNALED(how) || WEXITSTATUS(how) == 0);
    return WIFSIGNALED(how) && WTERMSIG(how) == SIGKILL;
}

static void killed_at_any_step_the_former_generation_stands(void)
{
    t_space s = t_space_new();
    vrk_workspace w;
    vrk_ctx ctx = {0};
    char team[32];
    int k = 0;
    T_OK(vrk_workspace_open(&ctx, s.dir, true, &w) == VRK_OK);
    T_OK(vrk_workspace_lock(&ctx, &w) == VRK_OK && t_publish(&ctx, &w, "T0") == VRK_OK);
    vrk_workspace_close(&w);
    for (; k < 100 && is_killed(&s, k); k++) {
        t_standing(&s, team, sizeof(team));
        T_OK(!strcmp(team, "T0"));
    }
    T_OK(k >= 7 && k < 100);
    t_standing(&s, team, sizeof(team));
    T_OK(!strcmp(team, "T1"));
    /* What the dead left behind goes at the next import. */
    T_OK(vrk_workspace_open(&ctx, s.dir, false, &w) == VRK_OK);
    T_OK(vrk_workspace_lock(&ctx, &w) == VRK_OK && files_in(w.staging) == 0);
    T_OK(vrk_workspace_sweep(&ctx, &w) == VRK_OK && files_in(w.facts) == 2);
    vrk_workspace_close(&w);
    vrk_arena_free(&ctx.scratch);
    t_space_free(&s);
}

/* A process that opens the workspace, locks it or takes a lease on it, says so and waits. */
static pid_t start_other(const t_space *s, bool lock)
{
    int pipe_of[2];
    char byte = 0;
    T_OK(pipe(pipe_of) == 0);
    pid_t pid = fork();
    if (pid == 0) {
        vrk_ctx ctx = {0};
        vrk_workspace w;
        int64_t lease;
        bool ok =
            vrk_workspace_open(&ctx, s->dir, false, &w) == VRK_OK &&
            (lock ? vrk_workspace_lock(&ctx, &w) : vrk_lease_take(&ctx, &w, 1, &lease)) == VRK_OK;
        if (write(pipe_of[1], ok ? "y" : "n", 1) != 1)
            _exit(2);
        for (;;)
            pause();
    }
    T_OK(pid > 0 && read(pipe_of[0], &byte, 1) == 1 && byte == 'y');
    close(pipe_of[0]);
    close(pipe_of[1]);
    return pid;
}

static void end_other(pid_t pid)
{
    T_OK(kill(pid, SIGKILL) == 0 && waitpid(pid, NULL, 0) == pid);
}

static void one_imports_at_a_time(void)
{
    t_space s = t_space_new();
    vrk_workspace w;
    vrk_ctx ctx = {0};
    char who[32];
    T_OK(vrk_workspace_open(&ctx, s.dir, true, &w) == VRK_OK);
    pid_t other = start_other(&s, true);
    T_OK(vrk_workspace_lock(&ctx, &w) == VRK_EIO && w.lock == -1);
    snprintf(who, sizeof(who), "process %d on ", (int)other);
    T_OK(strstr(ctx.message, who) && strstr(ctx.message, " since 20") &&
         strstr(ctx.message, " UTC"));
    end_other(other); /* a dead importer is no hindrance */
    T_OK(vrk_workspace_lock(&ctx, &w) == VRK_OK && w.lock > 0);
    vrk_workspace_close(&w);
    vrk_arena_free(&ctx.scratch);
    t_space_free(&s);
}

static void publish_many(vrk_ctx *ctx, vrk_workspace *w, int n)
{
    char team[16];
    for (int i = 0; i < n; i++) {
        snprintf(team, sizeof(team), "N%d", i);
        T_OK(t_publish(ctx, w, team) == VRK_OK);
    }
    T_OK(vrk_workspace_sweep(ctx, w) == VRK_OK);
}

static void a_reader_keeps_its_files(void)
{
    t_space s = t_space_new();
    vrk_workspace w;
    vrk_ctx ctx = {0};
    vrk_facts *f;
    vrk_frame rows;
    int64_t lease;
    T_OK(vrk_workspace_open(&ctx, s.dir, true, &w) == VRK_OK);
    T_OK(vrk_workspace_lock(&ctx, &w) == VRK_OK && t_publish(&ctx, &w, "first") == VRK_OK);
    T_OK(vrk_workspace_facts(&ctx, &w, &f, &lease) == VRK_OK);
    publish_many(&ctx, &w, 8);
    T_OK(files_in(w.facts) == 6); /* the last five and the reader's */
    T_OK(vrk_facts_query(&ctx, f, "SELECT team_id FROM teams", NULL, 0, &rows) == VRK_OK);
    T_OK(rows.rows == 1 && !strcmp(rows.column[0].s[0], "first"));
    vrk_frame_free(&rows);
    vrk_facts_close(f);
    T_OK(vrk_lease_end(&ctx, &w, lease) == VRK_OK);
    T_OK(vrk_workspace_sweep(&ctx, &w) == VRK_OK && files_in(w.facts) == 5);
    vrk_workspace_close(&w);
    vrk_arena_free(&ctx.scratch);
    t_space_free(&s);
}

static void the_lease_of_a_dead_reader_ends(void)
{
    t_space s = t_space_new();
    vrk_workspace w;
    vrk_ctx ctx = {0};
    T_OK(vrk_workspace_open(&ctx, s.dir, true, &w) == VRK_OK);
    T_OK(vrk_workspace_lock(&ctx, &w) == VRK_OK && t_publish(&ctx, &w, "first") == VRK_OK);
    pid_t reader = start_other(&s, false);
    publish_many(&ctx, &w, 6);
    T_OK(files_in(w.facts) == 6);
    end_other(reader);
    T_OK(vrk_workspace_sweep(&ctx, &w) == VRK_OK && files_in(w.facts) == 5);
    vrk_workspace_close(&w);
    vrk_arena_free(&ctx.scratch);
    t_space_free(&s);
}

static int64_t clock_of(void *arg)
{
    return *(int64_t *)arg;
}

static void raw_values_of_rejects_expire(void)
{
    t_space s = t_space_new();
    vrk_workspace w;
    int64_t now = INT64_C(1764000000000000), day = INT64_C(86400000000);
    vrk_sys sys = vrk_sys_real;
    sys.arg = &now;
    sys.now = clock_of;
    vrk_ctx ctx = {.sys = &sys};
    vrk_frame rows;
    T_OK(vrk_workspace_open(&ctx, s.dir, true, &w) == VRK_OK);
    T_OK(vrk_workspace_lock(&ctx, &w) == VRK_OK && t_publish(&ctx, &w, "first") == VRK_OK);
    T_OK(vrk_records_run(&ctx, w.records,
                         "INSERT INTO reject VALUES (1, 'a.csv', 2, 'amount', 'Anna', 'X', 'y', 0, "
                         "1764000000000000)",
                         NULL, 0, NULL) == VRK_OK);
    for (int days = 29; days <= 31; days += 2) {
        now = INT64_C(1764000000000000) + days * day;
        T_OK(vrk_workspace_sweep(&ctx, &w) == VRK_OK);
        T_OK(vrk_records_run(&ctx, w.records, "SELECT value, code FROM reject", NULL, 0, &rows) ==
             VRK_OK);
        T_OK(rows.rows == 1 && rows.column[0].null[0] == (days > 30) && !rows.column[1].null[0]);
        vrk_frame_free(&rows);
    }
    vrk_workspace_close(&w);
    vrk_arena_free(&ctx.scratch);
    t_space_free(&s);
}

static void fails_cleanly_at_every_allocation(void)
{
    t_space s = t_space_new();
    vrk_workspace w;
    vrk_ctx ctx = {0};
    char team[32];
    bool done = false;
    T_OK(vrk_workspace_open(&ctx, s.dir, true, &w) == VRK_OK);
    T_OK(vrk_workspace_lock(&ctx, &w) == VRK_OK && t_publish(&ctx, &w, "T0") == VRK_OK);
    for (size_t limit = 1; !done && limit < (size_t)64 << 20; limit += limit / 2 + 100) {
        vrk_ctx tight = {.scratch.limit = limit, .threads = 1};
        vrk_status st = t_publish(&tight, &w, "T1");
        T_OK(st == VRK_OK || st == VRK_EMEMORY);
        T_OK(tight.scratch.used == 0);
        t_standing(&s, team, sizeof(team));
        T_OK(!strcmp(team, st == VRK_OK ? "T1" : "T0"));
        done = st == VRK_OK;
        vrk_arena_free(&tight.scratch);
    }
    T_OK(done);
    vrk_workspace_close(&w);
    vrk_arena_free(&ctx.scratch);
    t_space_free(&s);
}

T_MAIN(T_CASE(makes_a_workspace_only_when_asked), T_CASE(settings_say_what_cannot_be),
       T_CASE(settings_come_back_the_same), T_CASE(publishes_and_goes_back),
       T_CASE(a_failure_at_any_step_leaves_the_former_generation),
       T_CASE(killed_at_any_step_the_former_generation_stands), T_CASE(one_imports_at_a_time),
       T_CASE(a_reader_keeps_its_files), T_CASE(the_lease_of_a_dead_reader_ends),
       T_CASE(raw_values_of_rejects_expire), T_CASE(fails_cleanly_at_every_allocation))
