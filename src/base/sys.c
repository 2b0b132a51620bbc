#include "base/sys.h"

#include "base/str.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

static int64_t real_now(void *arg)
{
    (void)arg;
    struct timespec t;
    clock_gettime(CLOCK_REALTIME, &t);
    return (int64_t)t.tv_sec * 1000000 + t.tv_nsec / 1000;
}

static int real_random(void *arg, void *bytes, size_t n)
{
    (void)arg;
    for (size_t got = 0; got < n;) {
        ssize_t k = getrandom((char *)bytes + got, n - got, 0);
        if (k < 0 && errno != EINTR)
            return -1;
        got += k > 0 ? (size_t)k : 0;
    }
    return 0;
}

static int real_open(void *arg, const char *path, int flags, mode_t mode)
{
    (void)arg;
    return open(path, flags | O_CLOEXEC, mode);
}

static ssize_t real_read(void *arg, int fd, void *bytes, size_t n)
{
    (void)arg;
    return read(fd, bytes, n);
}

static ssize_t real_write(void *arg, int fd, const void *bytes, size_t n)
{
    (void)arg;
    return write(fd, bytes, n);
}

static int real_fsync(void *arg, int fd)
{
    (void)arg;
    return fsync(fd);
}

static int real_close(void *arg, int fd)
{
    (void)arg;
    return close(fd);
}

static int real_rename(void *arg, const char *from, const char *to)
{
    (void)arg;
    return rename(from, to);
}

static int real_unlink(void *arg, const char *path)
{
    (void)arg;
    return remove(path);
}

static int real_mkdir(void *arg, const char *path, mode_t mode)
{
    (void)arg;
    return mkdir(path, mode);
}

const vrk_sys vrk_sys_real = {
    .now = real_now,
    .random = real_random,
    .open = real_open,
    .read = real_read,
    .write = real_write,
    .fsync = real_fsync,
    .close = real_close,
    .rename = real_rename,
    .unlink = real_unlink,
    .mkdir = real_mkdir,
};

const vrk_sys *vrk_sys_of(const vrk_ctx *ctx)
{
    return ctx->sys ? ctx->sys : &vrk_sys_real;
}

int64_t vrk_now(const vrk_ctx *ctx)
{
    const vrk_sys *sys = vrk_sys_of(ctx);
    return sys->now(sys->arg);
}

vrk_status vrk_random(vrk_ctx *ctx, void *bytes, size_t n)
{
    const vrk_sys *sys = vrk_sys_of(ctx);
    if (sys->random(sys->arg, bytes, n))
        return vrk_fail(ctx, VRK_EIO, "could not get random bytes: %s",
                        vrk_said(ctx, strerror(errno)));
    return VRK_OK;
}

vrk_status vrk_file_read(vrk_ctx *ctx, const char *path, size_t most, vrk_arena *mem, char **bytes,
                         size_t *n)
{
    vrk_status st = VRK_OK;
    const vrk_sys *sys = vrk_sys_of(ctx);
    struct stat about;
    int fd = sys->open(sys->arg, path, O_RDONLY, 0);

    *bytes = NULL;
    *n = 0;
    if (fd < 0 || fstat(fd, &about))
        FAIL(VRK_EIO, "could not open %s: %s", path, vrk_said(ctx, strerror(errno)));
    if (!S_ISREG(about.st_mode))
        FAIL(VRK_EINPUT, "%s is not a file", path);
    size_t size = (size_t)about.st_size;
    if (most && size > most)
        FAIL(VRK_EINPUT, "%s: %zu bytes, more than the %zu that are read", path, size, most);
    char *text = VRK_NEW(mem, (int64_t)size + 1, char);
    if (!text)
        FAIL(VRK_EMEMORY, "out of memory for %s: %zu bytes", path, size);
    size_t got = 0;
    while (got < size) {
        ssize_t k = sys->read(sys->arg, fd, text + got, size - got);
        if (k < 0 && errno == EINTR)
            continue;
        if (k < 0)
            FAIL(VRK_EIO, "could not read %s: %s", path, vrk_said(ctx, strerror(errno)));
        if (k == 0)
            break;
        got += (size_t)k;
    }
    *bytes = text;
    *n = got;
done:
    if (fd >= 0)
        sys->close(sys->arg, fd);
    return st;
}

vrk_status vrk_file_write_all(vrk_ctx *ctx, int fd, const char *path, const void *bytes, size_t n)
{
    const vrk_sys *sys = vrk_sys_of(ctx);
    size_t put = 0;
    while (put < n) {
        ssize_t k = sys->write(sys->arg, fd, (const char *)bytes + put, n - put);
        if (k < 0 && errno == EINTR)
            continue;
        if (k <= 0)
            return vrk_fail(ctx, VRK_EIO, "could not write %s: %s", path,
                            vrk_said(ctx, strerror(errno)));
        put += (size_t)k;
    }
    return VRK_OK;
}

vrk_status vrk_file_sync(vrk_ctx *ctx, const char *path)
{
    vrk_status st = VRK_OK;
    const vrk_sys *sys = vrk_sys_of(ctx);
    int fd = sys->open(sys->arg, path, O_RDONLY, 0);
    if (fd < 0)
        return vrk_fail(ctx, VRK_EIO, "could not open %s: %s", path,
                        vrk_said(ctx, strerror(errno)));
    if (sys->fsync(sys->arg, fd))
        st = vrk_fail(ctx, VRK_EIO, "could not make %s durable: %s", path,
                      vrk_said(ctx, strerror(errno)));
    sys->close(sys->arg, fd);
    return st;
}

/* The folder that a path lies in. */
static vrk_status sync_folder_of(vrk_ctx *ctx, const char *path)
{
    char folder[4096];
    const char *slash = strrchr(path, '/');
    if (!slash)
        return vrk_file_sync(ctx, ".");
    size_t n = slash == path ? 1 : (size_t)(slash - path);
    if (n >= sizeof(folder))
        return vrk_fail(ctx, VRK_EINPUT, "path too long: %.80s ...", path);
    memcpy(folder, path, n);
    folder[n] = 0;
    return vrk_file_sync(ctx, folder);
}

vrk_status vrk_file_replace(vrk_ctx *ctx, const char *path, const void *bytes, size_t n)
{
    vrk_status st = VRK_OK;
    const vrk_sys *sys = vrk_sys_of(ctx);
    char beside[4096];
    int fd = -1;
    bool made = false;

    int len = snprintf(beside, sizeof(beside), "%s.new", path);
    if (len < 0 || (size_t)len >= sizeof(beside))
        FAIL(VRK_EINPUT, "path too long: %.80s ...", path);
    fd = sys->open(sys->arg, beside, O_WRONLY | O_CREAT | O_TRUNC, 0600);
    if (fd < 0)
        FAIL(VRK_EIO, "could not write %s: %s", beside, vrk_said(ctx, strerror(errno)));
    made = true;
    TRY(vrk_file_write_all(ctx, fd, beside, bytes, n));
    if (sys->fsync(sys->arg, fd))
        FAIL(VRK_EIO, "could not make %s durable: %s", beside, vrk_said(ctx, strerror(errno)));
    int failed = sys->close(sys->arg, fd);
    fd = -1;
    if (failed)
        FAIL(VRK_EIO, "could not write %s: %s", beside, vrk_said(ctx, strerror(errno)));
    TRY(vrk_file_rename(ctx, beside, path));
    made = false;
    TRY(sync_folder_of(ctx, path));
done:
    if (fd >= 0)
        sys->close(sys->arg, fd);
    if (made)
        sys->unlink(sys->arg, beside);
    return st;
}

vrk_status vrk_file_rename(vrk_ctx *ctx, const char *from, const char *to)
{
    const vrk_sys *sys = vrk_sys_of(ctx);
    if (sys->rename(sys->arg, from, to))
        return vrk_fail(ctx, VRK_EIO, "could not rename %s to %s: %s", from, to,
                        vrk_said(ctx, strerror(errno)));
    return VRK_OK;
}

vrk_status vrk_file_remove(vrk_ctx *ctx, const char *path)
{
    const vrk_sys *sys = vrk_sys_of(ctx);
    if (sys->unlink(sys->arg, path) && errno != ENOENT)
        return vrk_fail(ctx, VRK_EIO, "could not remove %s: %s", path,
                        vrk_said(ctx, strerror(errno)));
    return VRK_OK;
}

vrk_status vrk_folder_make(vrk_ctx *ctx, const char *path)
{
    const vrk_sys *sys = vrk_sys_of(ctx);
    char part[4096];
    size_t n = strlen(path);
    if (n == 0 || n >= sizeof(part))
        return vrk_fail(ctx, VRK_EINPUT, "cannot make a folder named '%.80s'", path);
    for (size_t i = 1; i <= n; i++) {
        if (path[i] != '/' && path[i] != 0)
            continue;
        memcpy(part, path, i);
        part[i] = 0;
        if (vrk_is_folder(part))
            continue;
        if (sys->mkdir(sys->arg, part, 0700) && errno != EEXIST)
            return vrk_fail(ctx, VRK_EIO, "could not make the folder %s: %s", part,
                            vrk_said(ctx, strerror(errno)));
    }
    if (!vrk_is_folder(path))
        return vrk_fail(ctx, VRK_EIO, "could not make the folder %s: a file has that name", path);
    return VRK_OK;
}

static int by_bytes(const void *a, const void *b)
{
    return strcmp(*(char *const *)a, *(char *const *)b);
}

vrk_status vrk_folder_list(vrk_ctx *ctx, const char *path, vrk_arena *mem, char ***names,
                           int64_t *n)
{
    vrk_status st = VRK_OK;
    int64_t room = 64;
    DIR *dir = opendir(path);

    *names = NULL;
    *n = 0;
    if (!dir)
        FAIL(VRK_EIO, "could not open the folder %s: %s", path, vrk_said(ctx, strerror(errno)));
    char **list = VRK_NEW(mem, room, char *);
    for (struct dirent *e = NULL; !mem->failed && (errno = 0, e = readdir(dir));) {
        if (!strcmp(e->d_name, ".") || !strcmp(e->d_name, ".."))
            continue;
        if (*n == room) {
            char **more = VRK_NEW(mem, room * 2, char *);
            if (!more)
                break;
            memcpy(more, list, (size_t)room * sizeof(*list));
            list = more;
            room *= 2;
        }
        list[(*n)++] = vrk_text_copy(mem, e->d_name);
    }
    if (mem->failed)
        FAIL(VRK_EMEMORY, "out of memory for the names in %s", path);
    if (errno)
        FAIL(VRK_EIO, "could not read the folder %s: %s", path, vrk_said(ctx, strerror(errno)));
    qsort(list, (size_t)*n, sizeof(*list), by_bytes);
    *names = list;
done:
    if (dir)
        closedir(dir);
    return st;
}

vrk_status vrk_folder_remove(vrk_ctx *ctx, const char *path)
{
    vrk_status st = VRK_OK;
    vrk_mark mark = vrk_mark_of(&ctx->scratch);
    struct stat about;
    char **names;
    int64_t n;

    if (lstat(path, &about)) {
        if (errno != ENOENT)
            FAIL(VRK_EIO, "could not look at %s: %s", path, vrk_said(ctx, strerror(errno)));
        goto done;
    }
    if (S_ISDIR(about.st_mode)) {
        if ((about.st_mode & 0700) != 0700) /* published folders are read-only */
            (void)!chmod(path, 0700);
        TRY(vrk_folder_list(ctx, path, &ctx->scratch, &names, &n));
        for (int64_t i = 0; i < n; i++) {
            char *inner = vrk_text_f(&ctx->scratch, "%s/%s", path, names[i]);
            if (!inner)
                FAIL(VRK_EMEMORY, "out of memory");
            TRY(vrk_folder_remove(ctx, inner));
        }
    }
    TRY(vrk_file_remove(ctx, path));
done:
    vrk_rewind(&ctx->scratch, mark);
    return st;
}

bool vrk_is_folder(const char *path)
{
    struct stat about;
    return !stat(path, &about) && S_ISDIR(about.st_mode);
}

bool vrk_file_date(const char *path, int64_t seconds)
{
    const struct timespec at[2] = {{.tv_sec = seconds}, {.tv_sec = seconds}};
    return utimensat(AT_FDCWD, path, at, 0) == 0;
}

int64_t vrk_file_size(const char *path)
{
    struct stat about;
    return stat(path, &about) ? 0 : (int64_t)about.st_size;
}

bool vrk_is_file(const char *path)
{
    struct stat about;
    return !stat(path, &about) && S_ISREG(about.st_mode);
}
