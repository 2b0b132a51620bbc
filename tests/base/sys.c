#include "base/sys.h"
#include "base/str.h"
#include "tests/t.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* The real machine, of which one chosen operation fails. */
typedef struct {
    int left; /* operations until one fails */
    bool failed;
} breaker;

static bool breaks(void *arg)
{
    breaker *b = arg;
    if (b->left-- != 0)
        return false;
    errno = EIO;
    return b->failed = true;
}

static int bad_open(void *arg, const char *path, int flags, mode_t mode)
{
    return breaks(arg) ? -1 : vrk_sys_real.open(NULL, path, flags, mode);
}

static ssize_t bad_read(void *arg, int fd, void *bytes, size_t n)
{
    return breaks(arg) ? -1 : vrk_sys_real.read(NULL, fd, bytes, n > 3 ? 3 : n);
}

static ssize_t bad_write(void *arg, int fd, const void *bytes, size_t n)
{
    return breaks(arg) ? -1 : vrk_sys_real.write(NULL, fd, bytes, n > 3 ? 3 : n);
}

static int bad_fsync(void *arg, int fd)
{
    return breaks(arg) ? -1 : vrk_sys_real.fsync(NULL, fd);
}

static int bad_rename(void *arg, const char *from, const char *to)
{
    return breaks(arg) ? -1 : vrk_sys_real.rename(NULL, from, to);
}

static vrk_sys broken_machine(breaker *b)
{
    vrk_sys sys = vrk_sys_real;
    sys.arg = b;
    sys.open = bad_open;
    sys.read = bad_read;
    sys.write = bad_write;
    sys.fsync = bad_fsync;
    sys.rename = bad_rename;
    return sys;
}

static char folder[64];

static void make_folder(void)
{
    strcpy(folder, "/tmp/verkan-test-XXXXXX");
    T_OK(mkdtemp(folder));
}

static void reads_what_it_wrote(void)
{
    vrk_ctx ctx = {0};
    char *bytes;
    size_t n;
    make_folder();
    char *path = vrk_text_f(&ctx.scratch, "%s/a/b/c", folder);
    T_OK(vrk_folder_make(&ctx, path) == VRK_OK && vrk_folder_make(&ctx, path) == VRK_OK);
    char *file = vrk_text_f(&ctx.scratch, "%s/x", path);
    T_OK(vrk_file_replace(&ctx, file, "hello", 5) == VRK_OK);
    T_OK(vrk_file_replace(&ctx, file, "hej", 3) == VRK_OK);
    T_OK(vrk_file_read(&ctx, file, 0, &ctx.scratch, &bytes, &n) == VRK_OK);
    T_OK(n == 3 && !strcmp(bytes, "hej"));
    T_OK(vrk_file_read(&ctx, file, 2, &ctx.scratch, &bytes, &n) == VRK_EINPUT && !bytes);
    T_OK(vrk_file_read(&ctx, path, 0, &ctx.scratch, &bytes, &n) == VRK_EINPUT);
    T_OK(vrk_folder_make(&ctx, file) == VRK_EIO);
    T_OK(vrk_folder_remove(&ctx, folder) == VRK_OK && !vrk_is_folder(folder));
    T_OK(vrk_folder_remove(&ctx, folder) == VRK_OK);
    vrk_arena_free(&ctx.scratch);
}

static void lists_a_folder_in_byte_order(void)
{
    vrk_ctx ctx = {0};
    char **names;
    int64_t n;
    make_folder();
    for (int i = 99; i >= 0; i--)
        T_OK(vrk_file_replace(&ctx, vrk_text_f(&ctx.scratch, "%s/%02d", folder, i), "", 0) ==
             VRK_OK);
    T_OK(vrk_folder_list(&ctx, folder, &ctx.scratch, &names, &n) == VRK_OK && n == 100);
    for (int i = 0; i < 100 && i < n; i++)
        T_OK(atoi(names[i]) == i);
    T_OK(vrk_folder_remove(&ctx, folder) == VRK_OK);
    T_OK(vrk_folder_list(&ctx, folder, &ctx.scratch, &names, &n) == VRK_EIO && n == 0);
    vrk_arena_free(&ctx.scratch);
}

/* Whichever operation fails, the file is the old one or the new one, and nothing lies beside it. */
static void replaces_a_file_as_a_whole_or_not_at_all(void)
{
    bool again = true;
    make_folder();
    for (int k = 0; again; k++) {
        breaker b = {.left = k};
        vrk_sys sys = broken_machine(&b);
        vrk_ctx ctx = {0}, broken = {.sys = &sys};
        char *path = vrk_text_f(&ctx.scratch, "%s/x", folder), *bytes, **names;
        size_t size;
        int64_t n;
        T_OK(vrk_file_replace(&ctx, path, "the old one", 11) == VRK_OK);
        vrk_status st = vrk_file_replace(&broken, path, "new", 3);
        again = b.failed;
        T_OK(again ? st == VRK_EIO && strstr(broken.message, "could not") : st == VRK_OK);
        T_OK(vrk_file_read(&ctx, path, 0, &ctx.scratch, &bytes, &size) == VRK_OK);
        T_OK(!strcmp(bytes, "the old one") || !strcmp(bytes, "new"));
        T_OK(vrk_folder_list(&ctx, folder, &ctx.scratch, &names, &n) == VRK_OK && n == 1);
        b = (breaker){.left = k};
        st = vrk_file_read(&broken, path, 0, &ctx.scratch, &bytes, &size);
        T_OK(st == (b.failed ? VRK_EIO : VRK_OK));
        vrk_arena_free(&ctx.scratch);
        vrk_arena_free(&broken.scratch);
    }
    vrk_ctx ctx = {0};
    T_OK(vrk_folder_remove(&ctx, folder) == VRK_OK);
}

T_MAIN(T_CASE(reads_what_it_wrote), T_CASE(lists_a_folder_in_byte_order),
       T_CASE(replaces_a_file_as_a_whole_or_not_at_all))
