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
        FAIL(VRK_EIO, "could not open %s: %s", path, vrk_said(ctx, strerror(errno)));
    crypto_hash_sha256_init(&state);
    for (;;) {
        ssize_t n = sys->read(sys->arg, fd, block, BLOCK);
        if (n < 0 && errno == EINTR)
            continue;
        if (n < 0)
            FAIL(VRK_EIO, "could not read %s: %s", path, vrk_said(ctx, strerror(errno)));
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

void vrk_bytes_sha256(const void *bytes, size_t n, char *hex)
{
    unsigned char hash[crypto_hash_sha256_BYTES];
    crypto_hash_sha256(hash, bytes, n);
    sodium_bin2hex(hex, 2 * sizeof(hash) + 1, hash, sizeof(hash));
}

void vrk_text_sha256(const char *text, char *hex)
{
    vrk_bytes_sha256(text, strlen(text), hex);
}

uint64_t vrk_keyed_hash(const unsigned char *key, const void *bytes, size_t n)
{
    uint64_t hash;
    unsigned char out[crypto_shorthash_BYTES];
    crypto_shorthash(out, bytes, n, key);
    memcpy(&hash, out, sizeof(hash));
    return hash;
}

vrk_status vrk_token_make(vrk_ctx *ctx, char *hex)
{
    unsigned char bytes[32];
    vrk_status st = vrk_random(ctx, bytes, sizeof(bytes));
    if (st == VRK_OK)
        sodium_bin2hex(hex, VRK_HEX, bytes, sizeof(bytes));
    sodium_memzero(bytes, sizeof(bytes));
    return st;
}

enum { PASSES = 3, MEMORY = 64 << 20 }; /* [1], [byte] */

vrk_status vrk_password_hash(vrk_ctx *ctx, const char *password, char *out)
{
    _Static_assert(VRK_PASSWORD_HASH == crypto_pwhash_STRBYTES, "the size of a password's hash");
    if (sodium_init() < 0)
        return vrk_fail(ctx, VRK_EIO, "no random numbers for a password's hash");
    if (crypto_pwhash_str_alg(out, password, strlen(password), PASSES, MEMORY,
                              crypto_pwhash_ALG_ARGON2ID13) != 0)
        return vrk_fail(ctx, VRK_EMEMORY, "out of memory for a password's hash");
    return VRK_OK;
}

bool vrk_password_is(const char *hash, const char *password)
{
    /* Of nobody's password, with the same cost. */
    static const char nobody[] = "$argon2id$v=19$m=65536,t=3,p=1$AAAAAAAAAAAAAAAAAAAAAA$"
                                 "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";
    bool same = crypto_pwhash_str_verify(hash ? hash : nobody, password, strlen(password)) == 0;
    return same && hash;
}
