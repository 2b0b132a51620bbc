/* Preloaded before the program (LD_PRELOAD), so that also what DuckDB and SQLite do on their own
 * can be made to fail. Counts the calls that change files, and memory allocations; the environment
 * says what happens at a count:
 *   FAULT_KILL_AT=n    SIGKILL before the n-th change
 *   FAULT_FAIL_AT=n    the n-th change fails with FAULT_ERRNO (5 = EIO, 28 = ENOSPC); with
 *                      FAULT_STICKY=1 so do all that follow (a full disk stays full)
 *   FAULT_MALLOC_AT=n  the n-th allocation after start-up gives NULL
 *   FAULT_COPIES=DIR   before each change, FAULT_TREE as it stands is copied to DIR/<its number>
 *                      while nobody changes anything
 *   FAULT_COUNT=FILE   writes "changes allocations" there at exit */
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <link.h>
#include <pthread.h>
#include <signal.h>
#include <spawn.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/uio.h>
#include <sys/wait.h>
#include <unistd.h>

static atomic_long changes, allocations;
static long kill_at, fail_at, malloc_at;
static int fail_with, sticky;
static atomic_bool ready;
static const char *count_file, *copies;
static char *tree;
static pthread_mutex_t one = PTHREAD_MUTEX_INITIALIZER; /* from the copy until the change is made */
static _Thread_local bool holds;

static void *real(const char *name)
{
    return dlsym(RTLD_NEXT, name);
}

static long number(const char *name)
{
    const char *text = getenv(name);
    return text ? strtol(text, NULL, 10) : 0;
}

static int find_ours(struct dl_phdr_info *lib, size_t size, void *arg);

__attribute__((constructor)) static void start(void)
{
    kill_at = number("FAULT_KILL_AT");
    fail_at = number("FAULT_FAIL_AT");
    malloc_at = number("FAULT_MALLOC_AT");
    fail_with = (int)number("FAULT_ERRNO");
    sticky = (int)number("FAULT_STICKY");
    count_file = getenv("FAULT_COUNT");
    copies = getenv("FAULT_COPIES");
    tree = getenv("FAULT_TREE");
    fail_with = fail_with ? fail_with : EIO;
    dl_iterate_phdr(find_ours, NULL);
    ready = true;
}

__attribute__((destructor)) static void end(void)
{
    if (!count_file)
        return;
    ready = false;
    FILE *f = fopen(count_file, "w");
    if (f) {
        fprintf(f, "%ld %ld\n", (long)changes, (long)allocations);
        fclose(f);
    }
}

/* What a kill here would leave: it takes nothing that the kernel has. By another process, since to
 * close a database's file in this one would drop its locks. */
static void keep_copy(long n)
{
    static char program[] = "cp", whole[] = "-a", path[] = "PATH=/usr/bin:/bin";
    char to[4096], *args[] = {program, whole, tree, to, NULL}, *env[] = {path, NULL};
    pid_t pid;
    int how = 0;
    snprintf(to, sizeof(to), "%s/%ld", copies, n);
    if (access(tree, F_OK) == 0 &&
        (posix_spawnp(&pid, "cp", NULL, NULL, args, env) || waitpid(pid, &how, 0) != pid || how))
        abort();
}

/* After each change. */
#define CHANGED(call)                                                                              \
    ({                                                                                             \
        __typeof__(call) got_ = (call);                                                            \
        int error_ = errno;                                                                        \
        if (holds)                                                                                 \
            pthread_mutex_unlock(&one);                                                            \
        holds = false;                                                                             \
        errno = error_;                                                                            \
        got_;                                                                                      \
    })

/* True when this change must fail. Terminals and pipes are not files. */
static bool change(int fd)
{
    struct stat about;
    if (!ready ||
        (fd >= 0 && (fstat(fd, &about) || !(S_ISREG(about.st_mode) || S_ISDIR(about.st_mode)))))
        return false;
    if (copies)
        holds = pthread_mutex_lock(&one) == 0;
    long n = ++changes;
    if (copies)
        keep_copy(n);
    if (n == kill_at)
        kill(getpid(), SIGKILL);
    if (fail_at && (n == fail_at || (sticky && n > fail_at))) {
        errno = fail_with;
        return true;
    }
    return false;
}

ssize_t write(int fd, const void *bytes, size_t n)
{
    static ssize_t (*f)(int, const void *, size_t);
    f = f ? f : (ssize_t(*)(int, const void *, size_t))real("write");
    return CHANGED(change(fd) ? -1 : f(fd, bytes, n));
}

ssize_t pwrite(int fd, const void *bytes, size_t n, off_t at)
{
    static ssize_t (*f)(int, const void *, size_t, off_t);
    f = f ? f : (ssize_t(*)(int, const void *, size_t, off_t))real("pwrite");
    return CHANGED(change(fd) ? -1 : f(fd, bytes, n, at));
}

ssize_t pwrite64(int fd, const void *bytes, size_t n, off64_t at)
{
    static ssize_t (*f)(int, const void *, size_t, off64_t);
    f = f ? f : (ssize_t(*)(int, const void *, size_t, off64_t))real("pwrite64");
    return CHANGED(change(fd) ? -1 : f(fd, bytes, n, at));
}

int fsync(int fd)
{
    static int (*f)(int);
    f = f ? f : (int (*)(int))real("fsync");
    return CHANGED(change(fd) ? -1 : f(fd));
}

int fdatasync(int fd)
{
    static int (*f)(int);
    f = f ? f : (int (*)(int))real("fdatasync");
    return CHANGED(change(fd) ? -1 : f(fd));
}

int ftruncate(int fd, off_t n)
{
    static int (*f)(int, off_t);
    f = f ? f : (int (*)(int, off_t))real("ftruncate");
    return CHANGED(change(fd) ? -1 : f(fd, n));
}

int ftruncate64(int fd, off64_t n)
{
    static int (*f)(int, off64_t);
    f = f ? f : (int (*)(int, off64_t))real("ftruncate64");
    return CHANGED(change(fd) ? -1 : f(fd, n));
}

int rename(const char *from, const char *to)
{
    static int (*f)(const char *, const char *);
    f = f ? f : (int (*)(const char *, const char *))real("rename");
    return CHANGED(change(-1) ? -1 : f(from, to));
}

int unlink(const char *path)
{
    static int (*f)(const char *);
    f = f ? f : (int (*)(const char *))real("unlink");
    return CHANGED(change(-1) ? -1 : f(path));
}

int remove(const char *path)
{
    static int (*f)(const char *);
    f = f ? f : (int (*)(const char *))real("remove");
    return CHANGED(change(-1) ? -1 : f(path));
}

int rmdir(const char *path)
{
    static int (*f)(const char *);
    f = f ? f : (int (*)(const char *))real("rmdir");
    return CHANGED(change(-1) ? -1 : f(path));
}

int mkdir(const char *path, mode_t mode)
{
    static int (*f)(const char *, mode_t);
    f = f ? f : (int (*)(const char *, mode_t))real("mkdir");
    return CHANGED(change(-1) ? -1 : f(path, mode));
}

static bool opens_to_change(int flags)
{
    return (flags & O_ACCMODE) != O_RDONLY || flags & O_CREAT;
}

int open(const char *path, int flags, ...)
{
    static int (*f)(const char *, int, ...);
    va_list ap;
    va_start(ap, flags);
    mode_t mode = flags & O_CREAT ? va_arg(ap, mode_t) : 0;
    va_end(ap);
    f = f ? f : (int (*)(const char *, int, ...))real("open");
    return CHANGED(opens_to_change(flags) && change(-1) ? -1 : f(path, flags, mode));
}

int open64(const char *path, int flags, ...)
{
    static int (*f)(const char *, int, ...);
    va_list ap;
    va_start(ap, flags);
    mode_t mode = flags & O_CREAT ? va_arg(ap, mode_t) : 0;
    va_end(ap);
    f = f ? f : (int (*)(const char *, int, ...))real("open64");
    return CHANGED(opens_to_change(flags) && change(-1) ? -1 : f(path, flags, mode));
}

/* glibc's own names, so that the first allocations, before dlsym works, have somewhere to go. */
void *__libc_malloc(size_t n);
void *__libc_calloc(size_t n, size_t size);
void *__libc_realloc(void *p, size_t n);
void *__libc_memalign(size_t to, size_t n);

/* Where the code lies whose allocations are made to fail. */
static struct {
    uintptr_t from, to;
} ours[8];
static int parts;

static int find_ours(struct dl_phdr_info *lib, size_t size, void *arg)
{
    static const char *const names[] = {"libsqlite3", "libjansson", "libexpat"};
    bool wanted = lib->dlpi_name[0] == 0; /* the program itself */
    (void)size, (void)arg;
    for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
        wanted = wanted || strstr(lib->dlpi_name, names[i]);
    for (int i = 0; wanted && parts < 8 && i < lib->dlpi_phnum; i++) {
        if (lib->dlpi_phdr[i].p_type != PT_LOAD || !(lib->dlpi_phdr[i].p_flags & PF_X))
            continue;
        ours[parts].from = lib->dlpi_addr + lib->dlpi_phdr[i].p_vaddr;
        ours[parts].to = ours[parts].from + lib->dlpi_phdr[i].p_memsz;
        parts++;
    }
    return 0;
}

/* Our own allocations and those of the libraries in C count. DuckDB's do not: what it does when its
 * own fail is not ours to mend (some hang), and it has a memory limit of its own. */
static bool no_memory(const void *caller)
{
    bool counts = false;
    if (!ready)
        return false;
    for (int i = 0; i < parts; i++)
        counts = counts || ((uintptr_t)caller >= ours[i].from && (uintptr_t)caller < ours[i].to);
    if (!counts || ++allocations != malloc_at)
        return false;
    errno = ENOMEM;
    return true;
}

void *malloc(size_t n)
{
    return no_memory(__builtin_return_address(0)) ? NULL : __libc_malloc(n);
}

void *calloc(size_t n, size_t size)
{
    return no_memory(__builtin_return_address(0)) ? NULL : __libc_calloc(n, size);
}

void *realloc(void *p, size_t n)
{
    return no_memory(__builtin_return_address(0)) ? NULL : __libc_realloc(p, n);
}

void *aligned_alloc(size_t to, size_t n)
{
    return no_memory(__builtin_return_address(0)) ? NULL : __libc_memalign(to, n);
}
