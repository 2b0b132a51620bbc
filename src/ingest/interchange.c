#include "ingest/interchange.h"

#include "base/str.h"
#include "base/sys.h"
#include "ingest/decode.h"
#include "ingest/tables.h"
#include "store/duck.h"

#include <fcntl.h>
#include <inttypes.h>
#include <string.h>
#include <strings.h>

/* deals for a/b/Deals.csv; NULL where the file is named as no table. */
static const vrk_table *table_named(const char *path)
{
    const char *slash = strrchr(path, '/'), *name = slash ? slash + 1 : path;
    for (const vrk_table *t = vrk_tables; t->name; t++) {
        size_t n = strlen(t->name);
        if (!strncasecmp(name, t->name, n) && !strcasecmp(name + n, ".csv"))
            return t;
    }
    return NULL;
}

static bool has_heading(const vrk_csv *csv, const char *name)
{
    for (int64_t k = 0; k < csv->columns; k++) {
        if (!strcasecmp(csv->heading[k], name))
            return true;
    }
    return false;
}

static bool has_required(const vrk_csv *csv, const vrk_table *t)
{
    for (const vrk_col *c = t->col; c->name; c++) {
        if (c->required && !has_heading(csv, c->name))
            return false;
    }
    return true;
}

vrk_status vrk_source_of_csv(vrk_ctx *ctx, const vrk_csv *csv, const char *table, vrk_arena *mem,
                             vrk_source *out)
{
    char *from = vrk_csv_from(csv, mem);
    char *select = from ? vrk_text_f(mem, "SELECT * FROM %s", from) : NULL;
    const char **read = VRK_NEW(mem, 1, const char *);
    if (mem->failed || !select || !read)
        return vrk_fail(ctx, VRK_EMEMORY, "out of memory");
    read[0] = csv->read;
    *out = (vrk_source){.table = table,
                        .select = select,
                        .has_line = csv->lined,
                        .trimmed = !csv->edges,
                        .file = csv->path,
                        .read = read,
                        .n_read = 1,
                        .csv = csv->path,
                        .delimiter = csv->delimiter,
                        .rows_read = csv->records,
                        .fault = csv->fault,
                        .faults = csv->faults};
    return VRK_OK;
}

/* Interchange files are UTF-8; one in another encoding only has the name of one. */
static bool is_utf8(vrk_ctx *ctx, const char *path)
{
    enum { START = 4096 };
    char start[START];
    const vrk_sys *sys = vrk_sys_of(ctx);
    int fd = sys->open(sys->arg, path, O_RDONLY | O_CLOEXEC, 0);
    ssize_t n = fd < 0 ? -1 : sys->read(sys->arg, fd, start, START);
    size_t bom;
    if (fd >= 0)
        (void)sys->close(sys->arg, fd);
    return n <= 0 || vrk_encoding_of(start, (size_t)n, n < START, &bom) == VRK_ENC_UTF8;
}

/* The groups of a big file; NULL where it is small, or where others look into it for names. */
static vrk_status groups_of(vrk_ctx *ctx, const char *path, const vrk_table *t, const char *staging,
                            int64_t number, const vrk_plan_opt *opt, vrk_arena *mem,
                            vrk_read_groups **out)
{
    static const char *const looked_into[] = {"teams", "sellers", "accounts"};
    enum { BIG = 1 << 20 };

    *out = NULL;
    for (size_t i = 0; i < sizeof(looked_into) / sizeof(looked_into[0]); i++) {
        if (!strcmp(t->name, looked_into[i]))
            return VRK_OK;
    }
    if (opt->once || vrk_file_size(path) < BIG)
        return VRK_OK;
    vrk_read_groups *s = VRK_NEW(mem, 1, vrk_read_groups);
    char *changed = vrk_text_f(mem, "%s/changed-%" PRId64 ".csv", staging, number);
    if (!s || !changed)
        return vrk_fail(ctx, VRK_EMEMORY, "out of memory");
    *s = (vrk_read_groups){.path = changed, .fd = -1};
    for (int64_t i = 0; i < opt->n_before; i++) {
        if (!strcmp(opt->before[i].table, t->name))
            s->before = &opt->before[i];
    }
    *out = s;
    return VRK_OK;
}

vrk_status vrk_interchange_source(vrk_ctx *ctx, const char *path, const char *staging,
                                  int64_t number, const vrk_plan_opt *opt, vrk_arena *mem,
                                  vrk_source *out, bool *is_one)
{
    vrk_status st = VRK_OK;
    vrk_csv csv;
    vrk_read_groups *groups = NULL;
    const vrk_table *t = table_named(path);

    *out = (vrk_source){0};
    *is_one = false;
    if (!t)
        goto done;
    TRY(groups_of(ctx, path, t, staging, number, opt, mem, &groups));
    st = vrk_csv_check(ctx, path, ',', staging, number, groups, NULL, mem, &csv);
    if (st == VRK_EINPUT && !is_utf8(ctx, path)) {
        st = VRK_OK;
        goto done;
    }
    TRY(st);
    if (!has_required(&csv, t))
        goto done;
    if (csv.faults)
        groups = NULL;
    if (groups && groups->known) { /* need not be read: the source is over the rest */
        csv.read = groups->path;
        csv.lined = true;
    }
    TRY(vrk_source_of_csv(ctx, &csv, t->name, mem, out));
    out->known = groups ? groups->known : 0;
    out->groups = groups;
    *is_one = true;
done:
    return st;
}
