#include "store/hash.h"

#include "base/sys.h"

#include <sodium.h>

#include <errno.h>
#include <fcntl.h>
#include <string.h>

vrk_status vrk_file_sha256(vrk_ctx *ctx, const char *path, char *hex)
{
    vrk_status st = VRK_OK;
    const vrk_sys *sys = vrk_sys_of(ctx);
    vrk_mark mark = vrk_mark_of(&ctx->scratch);
    enum { BLOCK = 1 << 20 };
    crypto_hash_sha256_state state;
    unsigned char hash[crypto_hash_sha256_BYTES];
    unsigned char *block = VRK_NEW(&ctx->scratch, BLOCK, unsigned char);
    int fd = sys->open(sys->arg, path, O_RDONLY, 0);

    if (!block)
        FAIL(VRK_EMEMORY, "out of memory");
    if (fd < 0)
        FAIL(VRK_EIO, "could not open %s: %s", path, strerror(errno));
    crypto_hash_sha256_init(&state);
    for (;;) {
        ssize_t n = sys->read(sys->arg, fd, block, BLOCK);
        if (n < 0 && errno == EINTR)
            continue;
        if (n < 0)
            FAIL(VRK_EIO, "could not read %s: %s", path, strerror(errno));
        if (n == 0)
            break;
        crypto_hash_sha256_update(&state, block, (unsigned long long)n);
    }
    crypto_hash_sha256_final(&state, hash);
    sodium_bin2hex(hex, 2 * sizeof(hash) + 1, hash, sizeof(hash));
done:
    if (fd >= 0)
        sys->close(sys->arg, fd);
    vrk_rewind(&ctx->scratch, mark);
    return st;
}

void vrk_text_sha256(const char *text, char *hex)
{
    unsigned char hash[crypto_hash_sha256_BYTES];
    crypto_hash_sha256(hash, (const unsigned char *)text, strlen(text));
    sodium_bin2hex(hex, 2 * sizeof(hash) + 1, hash, sizeof(hash));
}
