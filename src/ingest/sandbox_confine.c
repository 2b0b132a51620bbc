/* Giving up rights, by what Linux has for it. */
#include "ingest/sandbox_part.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/audit.h>
#include <linux/filter.h>
#include <linux/landlock.h>
#include <linux/seccomp.h>
#include <signal.h>
#include <stddef.h>
#include <stdio.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

enum { OPEN_FILES = 64 };

/* [byte] of addresses that this process has: the limit counts from there. */
static size_t addresses(void)
{
    unsigned long pages = 0;
    FILE *f = fopen("/proc/self/statm", "re");
    if (!f)
        return 0;
    if (fscanf(f, "%lu", &pages) != 1)
        pages = 0;
    fclose(f);
    return pages * (size_t)sysconf(_SC_PAGESIZE);
}

static void limit(int what, rlim_t most)
{
    struct rlimit now, set;
    if (getrlimit((__rlimit_resource_t)what, &now))
        return;
    set.rlim_max = now.rlim_max < most ? now.rlim_max : most;
    set.rlim_cur = set.rlim_max;
    (void)setrlimit((__rlimit_resource_t)what, &set);
}

/* Rights of newer kernels, by their bits: headers may be older than the kernel. */
#define READ (LANDLOCK_ACCESS_FS_READ_FILE | LANDLOCK_ACCESS_FS_READ_DIR)
#define WRITE                                                                                      \
    (LANDLOCK_ACCESS_FS_WRITE_FILE | LANDLOCK_ACCESS_FS_MAKE_REG | LANDLOCK_ACCESS_FS_MAKE_DIR |   \
     LANDLOCK_ACCESS_FS_REMOVE_FILE | ((uint64_t)1 << 14)) /* 14: truncate, version 3 */

static void allow(int rules, const char *path, uint64_t rights)
{
    struct landlock_path_beneath_attr a = {.allowed_access = rights};
    a.parent_fd = open(path, O_PATH | O_CLOEXEC);
    if (a.parent_fd < 0)
        return;
    (void)syscall(SYS_landlock_add_rule, rules, LANDLOCK_RULE_PATH_BENEATH, &a, 0);
    close(a.parent_fd);
}

static void use_landlock(const vrk_reading *r)
{
    static const int rights[] = {0, 13, 14, 15, 15, 16}; /* on files, by version */
    struct {
        uint64_t files, network;
    } handled = {0};
    long version = syscall(SYS_landlock_create_ruleset, NULL, 0, LANDLOCK_CREATE_RULESET_VERSION);
    if (version < 1)
        return;
    handled.files = ((uint64_t)1 << rights[version < 5 ? version : 5]) - 1;
    handled.network = 3; /* bind, connect: version 4 */
    int rules = (int)syscall(SYS_landlock_create_ruleset, &handled,
                             version < 4 ? sizeof(handled.files) : sizeof(handled), 0);
    if (rules < 0)
        return;
    allow(rules, r->path, LANDLOCK_ACCESS_FS_READ_FILE);
    allow(rules, r->staging, (READ | WRITE) & handled.files);
    allow(rules, "/usr/share/zoneinfo", READ);
    allow(rules, "/etc/localtime", LANDLOCK_ACCESS_FS_READ_FILE);
    (void)syscall(SYS_landlock_restrict_self, rules, 0);
    close(rules);
}

#if defined(__x86_64__)
#define MACHINE AUDIT_ARCH_X86_64
#elif defined(__aarch64__)
#define MACHINE AUDIT_ARCH_AARCH64
#endif

#ifdef MACHINE
/* What reading a file, writing another and memory take. */
static const int calls[] = {
    SYS_read,
    SYS_write,
    SYS_pread64,
    SYS_pwrite64,
    SYS_readv,
    SYS_writev,
    SYS_openat,
    SYS_close,
    SYS_fstat,
    SYS_newfstatat,
    SYS_statx,
    SYS_lseek,
    SYS_munmap,
    SYS_mremap,
    SYS_brk,
    SYS_madvise,
    SYS_rt_sigaction,
    SYS_rt_sigreturn,
    SYS_exit,
    SYS_exit_group,
    SYS_rt_sigprocmask,
    SYS_getrandom,
    SYS_clock_gettime,
    SYS_futex,
    SYS_fcntl,
    SYS_ftruncate,
    SYS_unlinkat,
    SYS_getpid,
    SYS_gettid,
    SYS_tgkill,
    SYS_readlinkat,
    SYS_faccessat,
    SYS_getdents64,
    SYS_sched_yield,
    SYS_gettimeofday,
    SYS_fsync,
    SYS_getcwd,
    SYS_umask,
    SYS_uname,
    SYS_sysinfo,
    SYS_dup,
    SYS_fadvise64,
    SYS_clock_nanosleep,
    SYS_fchmod,
    SYS_mkdirat,
    SYS_utimensat,
#ifdef SYS_open
    SYS_open,
    SYS_stat,
    SYS_lstat,
    SYS_access,
    SYS_unlink,
    SYS_readlink,
    SYS_time,
    SYS_mkdir,
#endif
};
enum { CALLS = sizeof(calls) / sizeof(*calls) };

/* The two calls that could make new code runnable may not. */
#define NO_CODE(call)                                                                              \
    BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, call, 0, 4),                                               \
        BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, args[2])),                \
        BPF_JUMP(BPF_JMP | BPF_JSET | BPF_K, PROT_EXEC, 0, 1),                                     \
        BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | EPERM),                                      \
        BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW)

static void use_seccomp(void)
{
    static const struct sock_filter head[] = {
        BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, arch)),
        BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, MACHINE, 1, 0),
        BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_KILL_PROCESS),
        BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr)),
        NO_CODE(SYS_mmap),
        BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr)),
        NO_CODE(SYS_mprotect),
        BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr)),
    };
    enum { HEAD = sizeof(head) / sizeof(*head) };
    struct sock_filter all[HEAD + 2 * CALLS + 1];
    int n = 0;
    for (; n < HEAD; n++)
        all[n] = head[n];
    for (int i = 0; i < CALLS; i++) {
        all[n++] =
            (struct sock_filter)BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, (uint32_t)calls[i], 0, 1);
        all[n++] = (struct sock_filter)BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW);
    }
    all[n++] = (struct sock_filter)BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | EPERM);
    struct sock_fprog program = {.len = (unsigned short)n, .filter = all};
    (void)prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program);
}
#else
static void use_seccomp(void)
{
}
#endif

static void close_others(int keep)
{
    if (keep > 3)
        (void)syscall(SYS_close_range, 3, (unsigned)keep - 1, 0);
    (void)syscall(SYS_close_range, (unsigned)keep + 1, ~0u, 0);
    close(0); /* and what is read there; 1 and 2 may say something */
}

void vrk_sandbox_confine(const vrk_reading *r, const vrk_sandbox_opt *opt, int keep)
{
    (void)prctl(PR_SET_PDEATHSIG, SIGKILL);
    (void)signal(SIGINT, SIG_IGN); /* the parent is asked, and ends this one */
    (void)signal(SIGTERM, SIG_DFL);
    size_t now = addresses();
    close_others(keep);
    if (!VRK_SANITIZED && now)
        limit(RLIMIT_AS, now + opt->memory);
    limit(RLIMIT_CPU, (rlim_t)opt->seconds);
    limit(RLIMIT_FSIZE, opt->output);
    limit(RLIMIT_CORE, 0);
    limit(RLIMIT_NOFILE, OPEN_FILES > keep ? OPEN_FILES : (rlim_t)keep + OPEN_FILES);
    if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0))
        return; /* without it neither of the two can be had */
    use_landlock(r);
    if (!VRK_SANITIZED)
        use_seccomp();
}
