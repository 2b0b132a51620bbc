#include "ingest/textfile.h"

#include "base/sys.h"
#include "ingest/decode.h"

#include <string.h>

vrk_status vrk_textfile_read(vrk_ctx *ctx, const char *path, const char *name, size_t most,
                             vrk_arena *mem, char **text, size_t *n)
{
    vrk_status st = VRK_OK;
    char *bytes;
    size_t size, bom, used;

    *text = NULL;
    *n = 0;
    if (vrk_file_size(path) > (int64_t)most)
        FAIL(VRK_EINPUT, "%s is bigger than the %zu MiB that are read of such a file", name,
             most >> 20);
    TRY(vrk_file_read(ctx, path, most, mem, &bytes, &size));
    vrk_encoding e = vrk_encoding_of(bytes, size, true, &bom);
    if (e == VRK_ENC_UTF8) {
        *text = bytes + bom;
        *n = size - bom;
    } else {
        char *out = VRK_NEW(mem, (int64_t)(3 * (size - bom)) + 5, char);
        if (!out)
            FAIL(VRK_EMEMORY, "out of memory for %s", name);
        *n = vrk_decode(e, bytes + bom, size - bom, true, out, &used);
        *text = out;
    }
    (*text)[*n] = 0;
    for (char *p = memchr(*text, 0, *n); p; p = memchr(p, 0, (size_t)(*text + *n - p)))
        *p = ' ';
done:
    return st;
}
