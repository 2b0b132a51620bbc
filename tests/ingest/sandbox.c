/* The sandbox: readers made to misbehave, and what becomes of them. */
#include "ingest/sandbox.h"
#include "ingest/sandbox_part.h"
#include "tests/ingest/reading.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

static bool never(const char *start, size_t n, const char *name)
{
    (void)start, (void)n, (void)name;
    return false;
}

/* Reads a file of one line by such a reader. */
static void run(bench *b, vrk_status (*read)(vrk_ctx *, vrk_reading *), const vrk_sandbox_opt *opt)
{
    const vrk_reader reader = {"test", never, read};
    bench_start(b);
    char *path = vrk_text_f(&b->mem, "%s/given", b->folder);
    T_OK(vrk_file_replace(&b->ctx, path, "hej\n", 4) == VRK_OK);
    b->r = (vrk_reading){.path = path,
                         .name = "given.txt",
                         .staging = b->folder,
                         .number = &b->number,
                         .mem = &b->mem};
    b->reader = &reader;
    b->st = vrk_sandbox_read(&b->ctx, &reader, &b->r, opt);
    b->reader = vrk_readers;
}

static vrk_status reads_well(vrk_ctx *ctx, vrk_reading *r)
{
    vrk_status st = VRK_OK;
    vrk_sheet_writer w;
    char *text;
    size_t n;
    static const vrk_fault faults[] = {
        {.line = 3, .code = "A", .sentence = "b", .warning = true},
        {.field = "f", .value = "v\xff", .code = "C", .sentence = "d"}};
    TRY(vrk_file_read(ctx, r->path, 0, r->mem, &text, &n));
    TRY(vrk_sheet_open(ctx, r, &w));
    vrk_sheet_row(&w, 7);
    vrk_sheet_cell(&w, text, n);
    TRY(vrk_sheet_close(&w));
    vrk_reading_sheet(r, &(vrk_sheet){.path = w.path,
                                      .part = "del",
                                      .table = "calendar",
                                      .headed = true,
                                      .fault = faults,
                                      .faults = 2,
                                      .left_out = 1});
    vrk_reading_note(r, "a note");
    vrk_reading_inner(r, w.path, "a/b");
done:
    return st;
}

static void what_a_reader_finds_comes_back(void)
{
    bench b;
    run(&b, reads_well, NULL);
    T_OK(b.st == VRK_OK && b.r.sheets == 1 && b.r.notes == 1 && b.r.inners == 1 && b.number == 1);
    T_OK(bench_is(&b, 0, "7,\"hej\n\"\n"));
    const vrk_sheet *s = b.r.sheet;
    T_OK(s && !strcmp(s->part, "del") && !strcmp(s->table, "calendar") && !s->source && s->headed);
    T_OK(s && s->faults == 2 && s->left_out == 1 && s->fault[0].line == 3 && s->fault[0].warning);
    T_OK(s && !s->fault[0].field && !strcmp(s->fault[1].value, "v\xff"));
    T_OK(!strcmp(b.r.note[0], "a note") && !strcmp(b.r.inner[0].name, "a/b"));
    bench_end(&b);
}

static vrk_status refuses(vrk_ctx *ctx, vrk_reading *r)
{
    return vrk_fail(ctx, VRK_EINPUT, "%s: is not for me", r->name);
}

static vrk_status crashes(vrk_ctx *ctx, vrk_reading *r)
{
    (void)ctx, (void)r;
    signal(SIGSEGV, SIG_DFL);
    raise(SIGSEGV);
    return VRK_OK;
}

static vrk_status aborts(vrk_ctx *ctx, vrk_reading *r)
{
    (void)ctx, (void)r;
    signal(SIGABRT, SIG_DFL);
    abort();
}

static vrk_status leaves(vrk_ctx *ctx, vrk_reading *r)
{
    (void)ctx, (void)r;
    _exit(0);
}

static vrk_status never_ends(vrk_ctx *ctx, vrk_reading *r)
{
    (void)ctx, (void)r;
    for (volatile bool on = true; on;)
        continue;
    return VRK_OK;
}

static vrk_status sleeps(vrk_ctx *ctx, vrk_reading *r)
{
    (void)ctx, (void)r;
    for (volatile bool on = true; on;)
        sleep(60);
    return VRK_OK;
}

static vrk_status eats_memory(vrk_ctx *ctx, vrk_reading *r)
{
    for (int i = 0; i < 1000; i++) {
        if (!VRK_NEW(r->mem, 16 << 20, char))
            return vrk_fail(ctx, VRK_EMEMORY, "out of memory");
    }
    return VRK_OK;
}

static vrk_status writes_on(vrk_ctx *ctx, vrk_reading *r)
{
    vrk_status st = VRK_OK;
    vrk_sheet_writer w;
    signal(SIGXFSZ, SIG_DFL);
    TRY(vrk_sheet_open(ctx, r, &w));
    for (int64_t i = 0; i < 10000000 && w.st == VRK_OK; i++)
        vrk_sheet_row(&w, i);
    TRY(vrk_sheet_close(&w));
done:
    return st;
}

static void a_reader_that_breaks_costs_only_its_file(void)
{
    bench b;
    run(&b, refuses, NULL);
    T_OK(bench_refused(&b, "given.txt: is not for me"));
    bench_end(&b);
    run(&b, crashes, NULL);
    T_OK(bench_refused(&b, "given.txt: the reader broke on it"));
    bench_end(&b);
    run(&b, aborts, NULL);
    T_OK(bench_refused(&b, "given.txt: the reader broke on it"));
    bench_end(&b);
    run(&b, leaves, NULL);
    T_OK(bench_refused(&b, "said what no reader says"));
    bench_end(&b);
}

static void each_limit_ends_in_a_sentence(void)
{
    bench b;
    run(&b, never_ends, &(vrk_sandbox_opt){.seconds = 1});
    T_OK(bench_refused(&b, "more than the 1 seconds"));
    bench_end(&b);
    run(&b, sleeps, &(vrk_sandbox_opt){.seconds = 1});
    T_OK(bench_refused(&b, "more than the 1 seconds"));
    bench_end(&b);
    run(&b, writes_on, &(vrk_sandbox_opt){.output = 1 << 20});
    T_OK(bench_refused(&b, "unpacks to more than 1 MiB"));
    bench_end(&b);
    if (VRK_SANITIZED)
        return;
    run(&b, eats_memory, &(vrk_sandbox_opt){.memory = 256 << 20});
    T_OK(bench_refused(&b, "more than the 256 MiB of memory"));
    bench_end(&b);
}

/* Each thing that a reader taken over might try; the sheet's name says which were possible. */
static vrk_status tries_all(vrk_ctx *ctx, vrk_reading *r)
{
    vrk_status st = VRK_OK;
    vrk_sheet_writer w;
    char other[256], *args[] = {NULL};
    snprintf(other, sizeof(other), "%s-outside", r->staging);
    bool reads = open("/etc/passwd", O_RDONLY) >= 0;
    bool lists = open("/", O_RDONLY | O_DIRECTORY) >= 0;
    bool writes = open(other, O_WRONLY | O_CREAT, 0600) >= 0;
    bool connects = socket(AF_INET, SOCK_STREAM, 0) >= 0;
    long child = VRK_SANITIZED ? -1 : syscall(SYS_clone, SIGCHLD, 0, 0, 0, 0);
    bool forks = child > 0;
    if (child == 0)
        _exit(0);
    bool code = mmap(NULL, 4096, PROT_READ | PROT_WRITE | PROT_EXEC, MAP_PRIVATE | MAP_ANONYMOUS,
                     -1, 0) != MAP_FAILED;
    bool runs = !VRK_SANITIZED && execve("/bin/true", args, args) == 0;
    bool kills = kill(getppid(), 0) == 0;
    bool inherits = fcntl(100, F_GETFD) >= 0;
    TRY(vrk_sheet_open(ctx, r, &w));
    vrk_sheet_row(&w, 0);
    TRY(vrk_sheet_close(&w));
    vrk_reading_sheet(
        r, &(vrk_sheet){.path = w.path,
                        .part = vrk_text_f(r->mem, "%d%d%d %d%d%d%d%d %d", reads, lists, writes,
                                           connects, forks, code, runs, kills, inherits)});
done:
    return st;
}

static void a_reader_can_do_nothing_else(void)
{
    bench b;
    bool landlock = syscall(SYS_landlock_create_ruleset, NULL, 0, 1) >= 1;
    T_OK(dup2(1, 100) == 100); /* something that is open here */
    run(&b, tries_all, NULL);
    close(100);
    T_OK(b.st == VRK_OK && b.r.sheets == 1);
    const char *could = b.r.sheets == 1 ? b.r.sheet[0].part : "";
    printf("# Landlock %s; could: %s\n", landlock ? "is here" : "is missing", could);
    T_OK(!landlock || !strncmp(could, "000 ", 4));
    if (!VRK_SANITIZED)
        T_OK(!strncmp(could + 4, "00000 ", 6));
    T_OK(could[10] == '0');
    char other[256];
    snprintf(other, sizeof(other), "%s-outside", b.folder);
    T_OK(!vrk_is_file(other) || !landlock);
    unlink(other);
    bench_end(&b);
}

static vrk_status lies_of_a_path(vrk_ctx *ctx, vrk_reading *r)
{
    (void)ctx;
    vrk_reading_sheet(r, &(vrk_sheet){.path = "/etc/passwd"});
    return VRK_OK;
}

static vrk_status lies_of_a_folder(vrk_ctx *ctx, vrk_reading *r)
{
    (void)ctx;
    vrk_reading_inner(r, vrk_text_f(r->mem, "%s/../passwd", r->staging), "x");
    return VRK_OK;
}

static vrk_status lies_of_a_table(vrk_ctx *ctx, vrk_reading *r)
{
    (void)ctx;
    vrk_reading_sheet(r, &(vrk_sheet){.path = vrk_text_f(r->mem, "%s/a", r->staging),
                                      .table = "users; DROP TABLE x"});
    return VRK_OK;
}

static vrk_status lies_of_a_count(vrk_ctx *ctx, vrk_reading *r)
{
    (void)ctx;
    *r->number = -5;
    return VRK_OK;
}

static void what_no_reader_says_is_not_believed(void)
{
    vrk_status (*const all[])(vrk_ctx *, vrk_reading *) = {lies_of_a_path, lies_of_a_folder,
                                                           lies_of_a_table, lies_of_a_count};
    for (int i = 0; i < 4; i++) {
        bench b;
        run(&b, all[i], NULL);
        T_OK(bench_refused(&b, "said what no reader says"));
        bench_end(&b);
    }
}

/* Every answer that is cut off or changed in a byte is believed or not, and nothing else. */
static void an_answer_may_be_any_bytes(void)
{
    bench b;
    char *bytes, message[1024];
    size_t n;
    vrk_status st;
    run(&b, reads_well, NULL);
    T_OK(vrk_sandbox_pack(VRK_OK, "m", &b.r, &bytes, &n));
    for (size_t cut = 0; cut < n; cut++) {
        vrk_reading r = {.staging = b.folder, .number = &b.number, .mem = &b.mem};
        T_OK(!vrk_sandbox_unpack(bytes, cut, &r, &st, message));
    }
    for (size_t i = 0; i < n; i++) {
        vrk_reading r = {.staging = b.folder, .number = &b.number, .mem = &b.mem};
        bytes[i] ^= 0x55;
        (void)vrk_sandbox_unpack(bytes, n, &r, &st, message);
        bytes[i] ^= 0x55;
        b.number = 1;
    }
    free(bytes);
    bench_end(&b);
}

static int cancels(void *arg, const char *what, double done)
{
    (void)what, (void)done;
    return ++*(int *)arg > 3;
}

static void a_reading_can_be_cancelled(void)
{
    bench b;
    int asked = 0;
    const vrk_reader reader = {"test", never, never_ends};
    bench_start(&b);
    b.r = (vrk_reading){
        .path = "/dev/null", .name = "x", .staging = b.folder, .number = &b.number, .mem = &b.mem};
    b.ctx.tick = cancels;
    b.ctx.arg = &asked;
    T_OK(vrk_sandbox_read(&b.ctx, &reader, &b.r, NULL) == VRK_ECANCEL);
    b.ctx.tick = NULL;
    bench_end(&b);
}

T_MAIN(T_CASE(what_a_reader_finds_comes_back), T_CASE(a_reader_that_breaks_costs_only_its_file),
       T_CASE(each_limit_ends_in_a_sentence), T_CASE(a_reader_can_do_nothing_else),
       T_CASE(what_no_reader_says_is_not_believed), T_CASE(an_answer_may_be_any_bytes),
       T_CASE(a_reading_can_be_cancelled))
