#include "ingest/ready.h"

#include "base/str.h"
#include "base/sys.h"
#include "store/duck.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>

enum { HEADINGS = 4096 };

/* The first record of the sheet: names without quotes, as readers write them. */
static vrk_status read_headings(vrk_ctx *ctx, const char *path, char text[HEADINGS])
{
    vrk_status st = VRK_OK;
    const vrk_sys *sys = vrk_sys_of(ctx);
    int fd = sys->open(sys->arg, path, O_RDONLY | O_CLOEXEC, 0);
    ssize_t n = fd < 0 ? -1 : sys->read(sys->arg, fd, text, HEADINGS - 1);
    if (n < 0)
        FAIL(VRK_EIO, "could not read %s: %s", path, vrk_said(ctx, strerror(errno)));
    text[n] = 0;
    text[strcspn(text, "\n")] = 0;
done:
    if (fd >= 0)
        (void)sys->close(sys->arg, fd);
    return st;
}

vrk_status vrk_ready_source(vrk_ctx *ctx, const vrk_sheet *sheet, const char *file, vrk_arena *mem,
                            vrk_source *out)
{
    vrk_status st = VRK_OK;
    char text[HEADINGS], *rest = NULL;
    vrk_str names = {.mem = mem}, types = {.mem = mem};
    const char **read = VRK_NEW(mem, 1, const char *);

    *out = (vrk_source){0};
    TRY(read_headings(ctx, sheet->path, text));
    strtok_r(text, ",", &rest); /* the line's own number */
    for (char *name; (name = strtok_r(NULL, ",", &rest));) {
        vrk_str_addf(&names, ", \"%s\"", name);
        vrk_str_addf(&types, ", %s: 'VARCHAR'", vrk_sql_quote(mem, name));
    }
    const char *select = vrk_text_f(
        mem,
        "SELECT try_cast(_line AS bigint) AS _line%s FROM read_csv(%s, auto_detect = false, header "
        "= true, delim = ',', quote = '\"', escape = '\"', max_line_size = 4000000, columns = "
        "{'_line': 'VARCHAR'%s})",
        vrk_str_of(&names), vrk_sql_quote(mem, sheet->path), vrk_str_of(&types));
    if (!read || !select || mem->failed)
        FAIL(VRK_EMEMORY, "out of memory for %s", file);
    read[0] = sheet->path;
    *out = (vrk_source){.table = sheet->table,
                        .select = select,
                        .has_line = true,
                        .file = file,
                        .read = read,
                        .n_read = 1,
                        .rows_read = -1,
                        .fault = sheet->fault,
                        .faults = sheet->faults};
done:
    return st;
}
