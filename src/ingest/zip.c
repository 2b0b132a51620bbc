#include "ingest/zip.h"

#include "base/sys.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <zip.h>

struct vrk_zip {
    zip_t *archive;
    zip_file_t *part; /* being read */
    int64_t at;       /* its number */
    const char *name;
    int64_t size;     /* [byte] of the archive */
    int64_t unpacked; /* [byte] so far, of all parts */
};

static bool leads_out(const char *path)
{
    if (path[0] == '/' || (path[0] && path[1] == ':') || strchr(path, '\\'))
        return true;
    for (const char *p = path; p; p = strchr(p, '/')) {
        p += *p == '/';
        if (p[0] == '.' && p[1] == '.' && (!p[2] || p[2] == '/'))
            return true;
    }
    for (const char *p = path; *p; p++) {
        if ((unsigned char)*p < 0x20)
            return true;
    }
    return false;
}

static vrk_status too_big(vrk_ctx *ctx, const vrk_zip *z, int64_t unpacked)
{
    if (unpacked > VRK_ZIP_MOST)
        return vrk_fail(ctx, VRK_EINPUT,
                        "%s unpacks to more than %" PRId64 " GiB; unpack it and give the files",
                        z->name, VRK_ZIP_MOST >> 30);
    if (unpacked > VRK_ZIP_SMALL && unpacked / VRK_ZIP_RATIO > z->size)
        return vrk_fail(ctx, VRK_EINPUT,
                        "%s unpacks to more than %d times its size, as only an archive made to do "
                        "harm does; it is not read",
                        z->name, VRK_ZIP_RATIO);
    return VRK_OK;
}

/* What the archive says of itself. It may lie: the reading counts again. */
static vrk_status check(vrk_ctx *ctx, const vrk_zip *z)
{
    vrk_status st = VRK_OK;
    int64_t n = vrk_zip_parts(z), all = 0;

    if (n > VRK_ZIP_PARTS)
        FAIL(VRK_EINPUT, "%s holds %" PRId64 " files, more than the %d that are read", z->name, n,
             VRK_ZIP_PARTS);
    for (int64_t i = 0; i < n; i++) {
        zip_stat_t about;
        zip_stat_init(&about);
        if (zip_stat_index(z->archive, (zip_uint64_t)i, 0, &about) || !about.name)
            FAIL(VRK_EINPUT, "%s: its part %" PRId64 " cannot be read", z->name, i + 1);
        if (leads_out(about.name))
            FAIL(VRK_EINPUT,
                 "%s holds a file whose path leads out of the archive, as only an archive made to "
                 "do harm does; it is not read",
                 z->name);
        if ((about.valid & ZIP_STAT_ENCRYPTION_METHOD) && about.encryption_method != ZIP_EM_NONE)
            FAIL(VRK_EINPUT, "%s is encrypted; unpack it and give the files", z->name);
        if ((about.valid & ZIP_STAT_SIZE) && about.size < (zip_uint64_t)VRK_ZIP_MOST)
            all += (int64_t)about.size;
        else if (about.valid & ZIP_STAT_SIZE)
            all = VRK_ZIP_MOST + 1;
        TRY(too_big(ctx, z, all));
    }
done:
    return st;
}

vrk_status vrk_zip_open(vrk_ctx *ctx, const char *path, const char *name, vrk_zip **out)
{
    vrk_status st = VRK_OK;
    vrk_zip *z = calloc(1, sizeof(*z));
    int why = 0;

    *out = NULL;
    if (!z)
        FAIL(VRK_EMEMORY, "out of memory for %s", name);
    z->name = name;
    z->archive = zip_open(path, ZIP_RDONLY, &why);
    if (!z->archive) {
        zip_error_t error;
        zip_error_init_with_code(&error, why);
        st = vrk_fail(ctx, why == ZIP_ER_MEMORY ? VRK_EMEMORY : VRK_EINPUT, "%s: %s: %s", name,
                      vrk_said(ctx, VRK_N("is cut off or no archive")), zip_error_strerror(&error));
        zip_error_fini(&error);
        goto done;
    }
    z->size = vrk_file_size(path);
    TRY(check(ctx, z));
    *out = z;
done:
    if (st != VRK_OK)
        vrk_zip_close(z);
    return st;
}

void vrk_zip_close(vrk_zip *z)
{
    if (!z)
        return;
    if (z->part)
        zip_fclose(z->part);
    if (z->archive)
        zip_discard(z->archive);
    free(z);
}

int64_t vrk_zip_parts(const vrk_zip *z)
{
    return zip_get_num_entries(z->archive, 0);
}

const char *vrk_zip_part(const vrk_zip *z, int64_t i)
{
    const char *name = zip_get_name(z->archive, (zip_uint64_t)i, 0);
    return name ? name : "";
}

int64_t vrk_zip_date(const vrk_zip *z, int64_t i)
{
    zip_stat_t about;
    zip_stat_init(&about);
    bool said = !zip_stat_index(z->archive, (zip_uint64_t)i, 0, &about) &&
                (about.valid & ZIP_STAT_MTIME) && about.mtime > 0;
    return said ? (int64_t)about.mtime : 0;
}

int64_t vrk_zip_find(const vrk_zip *z, const char *name)
{
    return zip_name_locate(z->archive, name, ZIP_FL_NOCASE);
}

vrk_status vrk_zip_start(vrk_ctx *ctx, vrk_zip *z, int64_t i)
{
    if (z->part)
        zip_fclose(z->part);
    z->at = i;
    z->part = zip_fopen_index(z->archive, (zip_uint64_t)i, 0);
    if (!z->part)
        return vrk_fail(ctx, VRK_EINPUT, "%s: cannot unpack %s: %s", z->name, vrk_zip_part(z, i),
                        zip_strerror(z->archive));
    return VRK_OK;
}

vrk_status vrk_zip_read(vrk_ctx *ctx, vrk_zip *z, void *bytes, size_t n, size_t *got)
{
    zip_int64_t k = zip_fread(z->part, bytes, n);
    *got = k > 0 ? (size_t)k : 0;
    if (k < 0)
        return vrk_fail(ctx, VRK_EINPUT, "%s: cannot unpack %s: %s", z->name,
                        vrk_zip_part(z, z->at), zip_file_strerror(z->part));
    z->unpacked += (int64_t)*got;
    return too_big(ctx, z, z->unpacked);
}

bool vrk_zip_is(const char *start, size_t n)
{
    return n > 30 && (!memcmp(start, "PK\3\4", 4) || !memcmp(start, "PK\5\6", 4));
}

/* The name stands at byte 30 of the first local header, its length at 26. */
bool vrk_zip_first(const char *start, size_t n, const char *begins)
{
    size_t k = strlen(begins);
    return vrk_zip_is(start, n) && n >= 30 + k &&
           (size_t)((unsigned char)start[26] + 256 * (unsigned char)start[27]) >= k &&
           !strncasecmp(start + 30, begins, k);
}
