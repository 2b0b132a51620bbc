#include "http/http.h"

#include <string.h>
#include <zlib.h>

vrk_status vrk_blob_make(vrk_ctx *ctx, const char *type, const char *bytes, size_t n,
                         vrk_blob **out)
{
    vrk_status st = VRK_OK;
    vrk_arena mem = {0};
    z_stream z = {0};
    enum { GZIP = 15 + 16 };
    vrk_blob *b = VRK_NEW(&mem, 1, vrk_blob);

    *out = NULL;
    if (!b || n > UINT32_MAX / 2)
        FAIL(VRK_EMEMORY, "out of memory for an answer");
    b->refs = 1;
    b->type = type;
    b->n = n;
    b->bytes = vrk_text_copy_n(&mem, bytes, n);
    if (deflateInit2(&z, Z_DEFAULT_COMPRESSION, Z_DEFLATED, GZIP, 8, Z_DEFAULT_STRATEGY) != Z_OK)
        FAIL(VRK_EMEMORY, "out of memory for an answer");
    uLong most = deflateBound(&z, n);
    char *gzip = VRK_NEW(&mem, (int64_t)most, char);
    if (gzip && b->bytes) {
        z.next_in = (Bytef *)(intptr_t)b->bytes;
        z.avail_in = (uInt)n;
        z.next_out = (Bytef *)gzip;
        z.avail_out = (uInt)most;
        if (deflate(&z, Z_FINISH) == Z_STREAM_END) {
            b->gzip = gzip;
            b->gzip_n = z.total_out;
        }
    }
    deflateEnd(&z);
    if (!b->gzip)
        FAIL(VRK_EMEMORY, "out of memory for an answer");
    b->etag[0] = '"';
    vrk_bytes_sha256(bytes, n, b->etag + 1);
    b->etag[VRK_HEX] = '"';
    b->mem = mem;
    *out = b;
done:
    if (st != VRK_OK)
        vrk_arena_free(&mem);
    return st;
}

vrk_blob *vrk_blob_keep(vrk_blob *b)
{
    atomic_fetch_add(&b->refs, 1);
    return b;
}

void vrk_blob_drop(vrk_blob *b)
{
    if (b && atomic_fetch_sub(&b->refs, 1) == 1) {
        vrk_arena mem = b->mem;
        vrk_arena_free(&mem);
    }
}
