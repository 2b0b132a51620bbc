/* Encodings. The bytes are by the tables of Unicode's consortium (CP1252.TXT, ROMAN.TXT). */
#include "ingest/decode.h"
#include "tests/t.h"

#include <string.h>

/* "Åsa köpte" in each encoding. */
static const char utf8[] = "\xC3\x85sa k\xC3\xB6pte \xE2\x80\x93 1\xC2\xA0"
                           "000 \xE2\x82\xAC\n";

static void check(const char *bytes, size_t n, vrk_encoding want)
{
    char out[512];
    size_t bom, used;
    vrk_encoding e = vrk_encoding_of(bytes, n, true, &bom);
    T_OK(e == want);
    size_t k = vrk_decode(e, bytes + bom, n - bom, true, out, &used);
    T_OK(used == n - bom);
    T_OK(k == sizeof(utf8) - 1 && !memcmp(out, utf8, k));
    if (k != sizeof(utf8) - 1 || memcmp(out, utf8, k) != 0)
        printf("# %s: %.*s\n", vrk_encoding_name(e), (int)k, out);
}

static size_t widen(bool big, bool bom, char *out)
{
    static const unsigned letters[] = {0xC5,   's', 'a', ' ',  'k', 0xF6, 'p', 't', 'e',    ' ',
                                       0x2013, ' ', '1', 0xA0, '0', '0',  '0', ' ', 0x20AC, '\n'};
    size_t n = 0;
    for (size_t i = 0; i < sizeof(letters) / sizeof(letters[0]) + bom; i++) {
        unsigned c = bom ? (i ? letters[i - 1] : 0xFEFF) : letters[i];
        out[n++] = (char)(big ? c >> 8 : c & 0xFF);
        out[n++] = (char)(big ? c & 0xFF : c >> 8);
    }
    return n;
}

static void tells_encodings_apart(void)
{
    char wide[128];
    check(utf8, sizeof(utf8) - 1, VRK_ENC_UTF8);
    check("\xEF\xBB\xBF\xC3\x85sa k\xC3\xB6pte \xE2\x80\x93 1\xC2\xA0"
          "000 \xE2\x82\xAC\n",
          sizeof(utf8) + 2, VRK_ENC_UTF8);
    static const char cp1252[] = "\xC5sa k\xF6pte \x96 1\xA0"
                                 "000 \x80\n",
                      mac[] = "\x81sa k\x9Apte \xD0 1\xCA"
                              "000 \xDB\n";
    check(cp1252, sizeof(cp1252) - 1, VRK_ENC_CP1252);
    check(mac, sizeof(mac) - 1, VRK_ENC_MACROMAN);
    for (int i = 0; i < 4; i++) {
        size_t n = widen(i & 1, i & 2, wide);
        check(wide, n, i & 1 ? VRK_ENC_UTF16BE : VRK_ENC_UTF16LE);
    }
}

static void reads_mixed_lines_one_by_one(void)
{
    static const char text[] = "k\xC3\xB6p\nk\xF6p\nk\xC3\xB6p\n",
                      want[] = "k\xC3\xB6p\nk\xC3\xB6p\nk\xC3\xB6p\n";
    char out[64];
    size_t bom, used;
    int64_t line = 0;
    T_OK(vrk_encoding_of(text, sizeof(text) - 1, true, &bom) == VRK_ENC_MIXED);
    T_OK(vrk_decode(VRK_ENC_MIXED, text, sizeof(text) - 1, true, out, &used) == sizeof(want) - 1);
    T_OK(!memcmp(out, want, sizeof(want) - 1));
    T_OK(vrk_mixed_lines(text, sizeof(text) - 1, &line, 1) == 1 && line == 2);
}

/* By pieces of any size the same comes out. */
static void does_not_cut_letters(void)
{
    char wide[128], out[512];
    size_t n = widen(false, false, wide), used;
    for (size_t piece = 1; piece < n; piece++) {
        size_t k = 0, have = 0;
        char rest[8];
        for (size_t at = 0; at < n || have;) {
            char in[136];
            size_t take = n - at < piece ? n - at : piece;
            memcpy(in, rest, have);
            memcpy(in + have, wide + at, take);
            at += take;
            size_t all = have + take;
            k += vrk_decode(VRK_ENC_UTF16LE, in, all, at == n, out + k, &used);
            have = all - used;
            memcpy(rest, in + used, have);
        }
        T_OK(k == sizeof(utf8) - 1 && !memcmp(out, utf8, k));
    }
}

static void makes_twice_encoded_text_whole(void)
{
    /* "Förlorad, Ånge, 5 €, –" encoded twice, and what must stay as it is */
    char twice[] = "F\xC3\x83\xC2\xB6rlorad, \xC3\x83\xC2\x85nge, 5 \xC3\xA2\xE2\x80\x9A\xC2\xAC, "
                   "\xC3\xA2\xE2\x82\xAC\xE2\x80\x9C",
         right[] =
             "\xC3\x85nge, \xE2\x80\x9DK\xC3\x85\xE2\x80\x9D, caf\xC3\xA9, na\xC3\xAFve \xC3\x82";
    int64_t repaired;
    size_t n = vrk_demojibake(twice, sizeof(twice) - 1, &repaired);
    T_OK(repaired == 4);
    T_OK(n == strlen("F\xC3\xB6rlorad, \xC3\x85nge, 5 \xE2\x82\xAC, \xE2\x80\x93") &&
         !memcmp(twice, "F\xC3\xB6rlorad, \xC3\x85nge, 5 \xE2\x82\xAC, \xE2\x80\x93", n));
    T_OK(vrk_demojibake(right, sizeof(right) - 1, &repaired) == sizeof(right) - 1 && !repaired);
}

/* Letters of ASCII go by blocks: wherever another stands, all come out. */
static void letters_stand_anywhere(void)
{
    enum { N = 130 };
    for (size_t at = 0; at < N; at++) {
        char narrow[N], little[2 * N] = {0}, big[2 * N] = {0}, want[N + 2], out[6 * N + 4];
        size_t used;
        for (size_t i = 0; i < N; i++) {
            narrow[i] = little[2 * i] = big[2 * i + 1] = i == at ? '\xF6' : (char)('a' + i % 26);
            want[i + (i > at)] = narrow[i];
        }
        memcpy(want + at, "\xC3\xB6", 2);
        T_OK(vrk_decode(VRK_ENC_CP1252, narrow, N, true, out, &used) == N + 1 && used == N);
        T_OK(!memcmp(out, want, N + 1));
        T_OK(vrk_decode(VRK_ENC_UTF16LE, little, sizeof(little), true, out, &used) == N + 1);
        T_OK(used == sizeof(little) && !memcmp(out, want, N + 1));
        T_OK(vrk_decode(VRK_ENC_UTF16BE, big, sizeof(big), true, out, &used) == N + 1);
        T_OK(used == sizeof(big) && !memcmp(out, want, N + 1));
    }
}

T_MAIN(T_CASE(tells_encodings_apart), T_CASE(reads_mixed_lines_one_by_one),
       T_CASE(does_not_cut_letters), T_CASE(makes_twice_encoded_text_whole),
       T_CASE(letters_stand_anywhere))
