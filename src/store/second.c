#include "store/second.h"

#include "base/sys.h"
#include "store/hash.h"

#include <ctype.h>
#include <string.h>

enum { BLOCK = 64, SHA1 = 20, STEP_S = 30, DIGITS = 6, CODE = 100 };

static uint32_t turn(uint32_t x, int n)
{
    return x << n | x >> (32 - n);
}

static void sha1_block(uint32_t h[5], const uint8_t *p)
{
    uint32_t w[80], a = h[0], b = h[1], c = h[2], d = h[3], e = h[4];
    for (int i = 0; i < 16; i++)
        w[i] = (uint32_t)p[4 * i] << 24 | (uint32_t)p[4 * i + 1] << 16 |
               (uint32_t)p[4 * i + 2] << 8 | p[4 * i + 3];
    for (int i = 16; i < 80; i++)
        w[i] = turn(w[i - 3] ^ w[i - 8] ^ w[i - 14] ^ w[i - 16], 1);
    for (int i = 0; i < 80; i++) {
        uint32_t f = i < 20   ? ((b & c) | (~b & d)) + 0x5A827999
                     : i < 40 ? (b ^ c ^ d) + 0x6ED9EBA1
                     : i < 60 ? ((b & c) | (b & d) | (c & d)) + 0x8F1BBCDC
                              : (b ^ c ^ d) + 0xCA62C1D6;
        uint32_t next = turn(a, 5) + f + e + w[i];
        e = d;
        d = c;
        c = turn(b, 30);
        b = a;
        a = next;
    }
    h[0] += a;
    h[1] += b;
    h[2] += c;
    h[3] += d;
    h[4] += e;
}

/* SHA-1 (FIPS 180-4) of a block and n < 48 bytes after it: all that HMAC needs here. */
static void sha1_after(const uint8_t first[BLOCK], const uint8_t *text, size_t n, uint8_t out[SHA1])
{
    uint32_t h[5] = {0x67452301, 0xEFCDAB89, 0x98BADCFE, 0x10325476, 0xC3D2E1F0};
    uint8_t last[BLOCK] = {0};
    size_t bits = (BLOCK + n) * 8;
    memcpy(last, text, n);
    last[n] = 0x80;
    last[BLOCK - 2] = (uint8_t)(bits >> 8);
    last[BLOCK - 1] = (uint8_t)bits;
    sha1_block(h, first);
    sha1_block(h, last);
    for (int i = 0; i < SHA1; i++)
        out[i] = (uint8_t)(h[i / 4] >> (24 - 8 * (i % 4)));
}

uint32_t vrk_totp(const uint8_t *key, size_t n, uint64_t step, int digits)
{
    uint8_t inner[BLOCK], outer[BLOCK], text[8], mac[SHA1];
    uint32_t most = 1;
    for (size_t i = 0; i < BLOCK; i++) {
        uint8_t k = i < n ? key[i] : 0;
        inner[i] = k ^ 0x36;
        outer[i] = k ^ 0x5C;
    }
    for (int i = 0; i < 8; i++)
        text[i] = (uint8_t)(step >> (56 - 8 * i));
    sha1_after(inner, text, sizeof(text), mac);
    sha1_after(outer, mac, sizeof(mac), mac);
    int at = mac[SHA1 - 1] & 15;
    uint32_t x = (uint32_t)(mac[at] & 127) << 24 | (uint32_t)mac[at + 1] << 16 |
                 (uint32_t)mac[at + 2] << 8 | mac[at + 3];
    for (int i = 0; i < digits; i++)
        most *= 10;
    return x % most;
}

/* Base 32 (RFC 4648), of which 32 digits are 20 bytes. */
static const char base32[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";

static bool key_of(const char *secret, uint8_t key[SHA1])
{
    uint64_t bits = 0;
    size_t n = 0, have = 0;
    for (; *secret && n < SHA1; secret++) {
        const char *at = strchr(base32, *secret);
        if (!at)
            return false;
        bits = bits << 5 | (uint64_t)(at - base32);
        have += 5;
        if (have >= 8) {
            have -= 8;
            key[n++] = (uint8_t)(bits >> have);
        }
    }
    return n == SHA1;
}

static vrk_value text(const char *s)
{
    return (vrk_value){.type = VRK_TEXT, .s = s};
}

static vrk_value whole(int64_t i)
{
    return (vrk_value){.type = VRK_INT, .i = i};
}

/* Some digits of base 32, each of five random bits. */
static vrk_status draw(vrk_ctx *ctx, char *out, size_t n)
{
    vrk_status st = VRK_OK;
    uint8_t bytes[VRK_SECRET];
    TRY(vrk_random(ctx, bytes, n));
    for (size_t i = 0; i < n; i++)
        out[i] = base32[bytes[i] & 31];
    out[n] = 0;
done:
    return st;
}

static vrk_status find(vrk_ctx *ctx, vrk_records *records, int64_t account, vrk_frame *f)
{
    const vrk_value bind = whole(account);
    return vrk_records_run(ctx, records,
                           "SELECT secret, coalesce(confirmed_at, 0), last_step FROM second_factor "
                           "WHERE account = ?1",
                           &bind, 1, f);
}

vrk_status vrk_second_is_on(vrk_ctx *ctx, vrk_records *records, int64_t account, bool *on)
{
    vrk_frame f = {0};
    vrk_status st = find(ctx, records, account, &f);
    *on = st == VRK_OK && f.rows == 1 && f.column[1].i[0] != 0;
    vrk_frame_free(&f);
    return st;
}

vrk_status vrk_second_begin(vrk_ctx *ctx, vrk_records *records, int64_t account,
                            char secret[VRK_SECRET])
{
    vrk_status st = VRK_OK;
    bool on;

    TRY(vrk_second_is_on(ctx, records, account, &on));
    if (on)
        FAIL(VRK_EINPUT, "a second factor is asked for already");
    TRY(draw(ctx, secret, VRK_SECRET - 1));
    const vrk_value bind[] = {whole(account), text(secret)};
    TRY(vrk_records_run(ctx, records,
                        "INSERT OR REPLACE INTO second_factor (account, secret) VALUES (?1, ?2)",
                        bind, 2, NULL));
done:
    return st;
}

/* A code of the half minute now, the one before or the one after, later than what was used. */
static vrk_status check_app(vrk_ctx *ctx, vrk_records *records, int64_t account, const char *code,
                            const vrk_frame *f, bool *right)
{
    vrk_status st = VRK_OK;
    uint8_t key[SHA1];
    uint32_t said = 0;
    int64_t now = vrk_now(ctx) / 1000000 / STEP_S, found = 0;

    for (const char *p = code; *p; p++)
        said = said * 10 + (uint32_t)(*p - '0');
    if (!key_of(f->column[0].s[0], key))
        FAIL(VRK_EDB, "records.db: a key of a second factor is broken");
    for (int64_t step = now - 1; step <= now + 1; step++) {
        if (step > f->column[2].i[0] && vrk_totp(key, SHA1, (uint64_t)step, DIGITS) == said)
            found = step;
    }
    *right = found > 0;
    const vrk_value bind[] = {whole(account), whole(found)};
    if (*right)
        TRY(vrk_records_run(ctx, records,
                            "UPDATE second_factor SET last_step = ?2 WHERE account = ?1", bind, 2,
                            NULL));
done:
    return st;
}

/* The hash of a code for a lost app: in capitals, without what parts its groups. */
static void recovery_hash(int64_t account, const char *code, char *hex)
{
    char plain[CODE + 24];
    size_t n = 0;
    plain[n++] = (char)('a' + account % 26);
    for (; *code && n < CODE; code++) {
        if (isalnum((unsigned char)*code))
            plain[n++] = (char)toupper((unsigned char)*code);
    }
    plain[n] = 0;
    vrk_text_sha256(plain, hex);
}

vrk_status vrk_second_check(vrk_ctx *ctx, vrk_records *records, int64_t account, const char *code,
                            bool *right)
{
    vrk_status st = VRK_OK;
    vrk_frame f = {0}, gone = {0};
    char digits[DIGITS + 1], hex[VRK_HEX];
    size_t n = 0, others = 0;

    *right = false;
    for (const char *p = code; *p; p++) { /* "123 456" is how the apps show it */
        if (*p >= '0' && *p <= '9' && n < DIGITS)
            digits[n++] = *p;
        else
            others += *p != ' ';
    }
    digits[n] = 0;
    TRY(find(ctx, records, account, &f));
    if (f.rows != 1)
        goto done;
    if (n == DIGITS && !others) {
        TRY(check_app(ctx, records, account, digits, &f, right));
        goto done;
    }
    recovery_hash(account, code, hex);
    const vrk_value bind[] = {whole(account), text(hex)};
    TRY(vrk_records_run(ctx, records,
                        "DELETE FROM recovery_code WHERE account = ?1 AND sha256 = ?2 RETURNING 1",
                        bind, 2, &gone));
    *right = gone.rows == 1;
done:
    vrk_frame_free(&f);
    vrk_frame_free(&gone);
    return st;
}

vrk_status vrk_second_confirm(vrk_ctx *ctx, vrk_records *records, int64_t account, const char *code,
                              bool *right, char recovery[VRK_RECOVERIES][VRK_RECOVERY])
{
    vrk_status st = VRK_OK;
    bool on;

    *right = false;
    TRY(vrk_second_is_on(ctx, records, account, &on));
    if (!on)
        TRY(vrk_second_check(ctx, records, account, code, right));
    if (!*right)
        goto done;
    const vrk_value bind[] = {whole(account), whole(vrk_now(ctx))};
    TRY(vrk_records_run(ctx, records,
                        "UPDATE second_factor SET confirmed_at = ?2 WHERE account = ?1", bind, 2,
                        NULL));
    for (int i = 0; i < VRK_RECOVERIES; i++) {
        char hex[VRK_HEX];
        TRY(draw(ctx, recovery[i], VRK_RECOVERY - 2));
        memmove(recovery[i] + 6, recovery[i] + 5, VRK_RECOVERY - 6);
        recovery[i][5] = '-';
        recovery_hash(account, recovery[i], hex);
        const vrk_value one[] = {whole(account), text(hex)};
        TRY(vrk_records_run(ctx, records, "INSERT INTO recovery_code VALUES (?1, ?2)", one, 2,
                            NULL));
    }
done:
    return st;
}

vrk_status vrk_second_drop(vrk_ctx *ctx, vrk_records *records, int64_t account)
{
    vrk_status st = VRK_OK;
    const vrk_value bind = whole(account);
    TRY(vrk_records_run(ctx, records, "DELETE FROM second_factor WHERE account = ?1", &bind, 1,
                        NULL));
    TRY(vrk_records_run(ctx, records, "DELETE FROM recovery_code WHERE account = ?1", &bind, 1,
                        NULL));
done:
    return st;
}
