#include "ingest/decode.h"

#include "ingest/csv_scan.h"

#include <string.h>

static const uint16_t windows[32] = {
    /* 80 ... 9F; the rest is Latin-1 */
    0x20AC, 0x0081, 0x201A, 0x0192, 0x201E, 0x2026, 0x2020, 0x2021, 0x02C6, 0x2030, 0x0160,
    0x2039, 0x0152, 0x008D, 0x017D, 0x008F, 0x0090, 0x2018, 0x2019, 0x201C, 0x201D, 0x2022,
    0x2013, 0x2014, 0x02DC, 0x2122, 0x0161, 0x203A, 0x0153, 0x009D, 0x017E, 0x0178,
};

static const uint16_t macintosh[128] = {
    /* 80 ... FF */
    0x00C4, 0x00C5, 0x00C7, 0x00C9, 0x00D1, 0x00D6, 0x00DC, 0x00E1, 0x00E0, 0x00E2, 0x00E4, 0x00E3,
    0x00E5, 0x00E7, 0x00E9, 0x00E8, 0x00EA, 0x00EB, 0x00ED, 0x00EC, 0x00EE, 0x00EF, 0x00F1, 0x00F3,
    0x00F2, 0x00F4, 0x00F6, 0x00F5, 0x00FA, 0x00F9, 0x00FB, 0x00FC, 0x2020, 0x00B0, 0x00A2, 0x00A3,
    0x00A7, 0x2022, 0x00B6, 0x00DF, 0x00AE, 0x00A9, 0x2122, 0x00B4, 0x00A8, 0x2260, 0x00C6, 0x00D8,
    0x221E, 0x00B1, 0x2264, 0x2265, 0x00A5, 0x00B5, 0x2202, 0x2211, 0x220F, 0x03C0, 0x222B, 0x00AA,
    0x00BA, 0x03A9, 0x00E6, 0x00F8, 0x00BF, 0x00A1, 0x00AC, 0x221A, 0x0192, 0x2248, 0x2206, 0x00AB,
    0x00BB, 0x2026, 0x00A0, 0x00C0, 0x00C3, 0x00D5, 0x0152, 0x0153, 0x2013, 0x2014, 0x201C, 0x201D,
    0x2018, 0x2019, 0x00F7, 0x25CA, 0x00FF, 0x0178, 0x2044, 0x20AC, 0x2039, 0x203A, 0xFB01, 0xFB02,
    0x2021, 0x00B7, 0x201A, 0x201E, 0x2030, 0x00C2, 0x00CA, 0x00C1, 0x00CB, 0x00C8, 0x00CD, 0x00CE,
    0x00CF, 0x00CC, 0x00D3, 0x00D4, 0xF8FF, 0x00D2, 0x00DA, 0x00DB, 0x00D9, 0x0131, 0x02C6, 0x02DC,
    0x00AF, 0x02D8, 0x02D9, 0x02DA, 0x00B8, 0x02DD, 0x02DB, 0x02C7,
};

const char *vrk_encoding_name(vrk_encoding e)
{
    static const char *const names[] = {
        "UTF-8",    "UTF-16 (little endian)",       "UTF-16 (big endian)", "Windows-1252",
        "MacRoman", "UTF-8 mixed with Windows-1252"};
    return names[e];
}

/* UTF-16 without a mark: Latin letters have a NUL in every other byte. */
static bool by_nuls(const char *p, size_t n, vrk_encoding *e)
{
    size_t even = 0, odd = 0, pairs = n / 2;
    for (size_t i = 0; i + 1 < n; i += 2) {
        even += p[i] == 0;
        odd += p[i + 1] == 0;
    }
    *e = even > odd ? VRK_ENC_UTF16BE : VRK_ENC_UTF16LE;
    size_t many = even > odd ? even : odd, few = even > odd ? odd : even;
    return pairs > 1 && many * 10 >= pairs * 3 && few * 20 < pairs;
}

static bool is_letter(char c)
{
    return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z');
}

/* Which of the two code pages makes letters of the bytes that stand beside letters? */
static vrk_encoding by_letters(const char *p, size_t n)
{
    static const char mac[] = "\x80\x81\x85\x8A\x8C\x8E\x9A\x9F\xAE\xAF\xBE\xBF",
                      win[] = "\xC4\xC5\xC6\xC9\xD6\xD8\xDC\xDF\xE4\xE5\xE6\xE9\xF6\xF8\xFC";
    int64_t macs = 0, wins = 0;
    for (size_t i = 0; i < n; i++) {
        if ((unsigned char)p[i] < 0x80 ||
            !((i && is_letter(p[i - 1])) || (i + 1 < n && is_letter(p[i + 1]))))
            continue;
        macs += memchr(mac, p[i], sizeof(mac) - 1) != NULL;
        wins += memchr(win, p[i], sizeof(win) - 1) != NULL;
    }
    return macs > wins ? VRK_ENC_MACROMAN : VRK_ENC_CP1252;
}

static size_t line_of(const char *p, size_t n)
{
    size_t k = 0;
    while (k < n && p[k] != '\n' && p[k] != '\r')
        k++;
    return k;
}

static bool is_high(const char *p, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        if ((unsigned char)p[i] >= 0x80)
            return true;
    }
    return false;
}

vrk_encoding vrk_encoding_of(const char *p, size_t n, bool whole, size_t *bom)
{
    vrk_encoding e;
    bool any_utf8 = false, any_other = false;

    *bom = n >= 3 && !memcmp(p, "\xEF\xBB\xBF", 3)                              ? 3
           : n >= 2 && (!memcmp(p, "\xFF\xFE", 2) || !memcmp(p, "\xFE\xFF", 2)) ? 2
                                                                                : 0;
    if (*bom == 2)
        return *p == '\xFF' ? VRK_ENC_UTF16LE : VRK_ENC_UTF16BE;
    if (!*bom && by_nuls(p, n, &e))
        return e;
    for (size_t i = *bom; i < n;) {
        size_t k = line_of(p + i, n - i);
        bool cut = i + k == n && !whole;
        if (!cut && is_high(p + i, k)) {
            bool good = vrk_is_utf8(p + i, k);
            any_utf8 |= good;
            any_other |= !good;
        }
        i += k + 1;
    }
    if (!any_other)
        return VRK_ENC_UTF8;
    return any_utf8 ? VRK_ENC_MIXED : by_letters(p, n);
}

static size_t put(char *out, uint32_t c)
{
    if (c < 0x80) {
        out[0] = (char)c;
        return 1;
    }
    if (c < 0x800) {
        out[0] = (char)(0xC0 | c >> 6);
        out[1] = (char)(0x80 | (c & 0x3F));
        return 2;
    }
    if (c < 0x10000) {
        out[0] = (char)(0xE0 | c >> 12);
        out[1] = (char)(0x80 | (c >> 6 & 0x3F));
        out[2] = (char)(0x80 | (c & 0x3F));
        return 3;
    }
    out[0] = (char)(0xF0 | c >> 18);
    out[1] = (char)(0x80 | (c >> 12 & 0x3F));
    out[2] = (char)(0x80 | (c >> 6 & 0x3F));
    out[3] = (char)(0x80 | (c & 0x3F));
    return 4;
}

enum { BLOCK = 32 };

/* Copies the letters of ASCII at the start, by blocks; gives how many. */
static VRK_WIDE size_t copy_ascii(const unsigned char *p, size_t n, char *out)
{
    size_t i = 0;
    for (; i + BLOCK <= n; i += BLOCK) {
        unsigned char all = 0;
        for (size_t k = 0; k < BLOCK; k++)
            all |= p[i + k];
        if (all & 0x80)
            break;
        memcpy(out + i, p + i, BLOCK);
    }
    return i;
}

/* The same of UTF-16, of n bytes; `low`: which byte of two is the letter. */
static VRK_WIDE size_t copy_wide_ascii(const unsigned char *p, size_t n, size_t low, char *out)
{
    size_t i = 0;
    for (; 2 * (i + BLOCK) <= n; i += BLOCK) {
        unsigned char high = 0, all = 0;
        for (size_t k = 0; k < BLOCK; k++) {
            unsigned char c = p[2 * (i + k) + low];
            high |= p[2 * (i + k) + 1 - low];
            all |= c;
            out[i + k] = (char)c; /* there is room for all that n bytes can become */
        }
        if (high || (all & 0x80))
            break;
    }
    return i;
}

static size_t decode_wide(bool big, const char *p, size_t n, bool last, char *out, size_t *used)
{
    const unsigned char *b = (const unsigned char *)p;
    size_t k = 0, i = 0;
    for (; i + 1 < n; i += 2) {
        if (i % (2 * BLOCK) == 0) {
            size_t run = copy_wide_ascii(b + i, n - i, big, out + k);
            k += run;
            i += 2 * run;
            if (i + 1 >= n)
                break;
        }
        uint32_t c = big ? (uint32_t)b[i] << 8 | b[i + 1] : (uint32_t)b[i + 1] << 8 | b[i];
        if (c >= 0xD800 && c < 0xDC00) {
            if (i + 3 >= n && !last)
                break;
            uint32_t low = i + 3 >= n ? 0
                           : big      ? (uint32_t)b[i + 2] << 8 | b[i + 3]
                                      : (uint32_t)b[i + 3] << 8 | b[i + 2];
            bool pair = low >= 0xDC00 && low < 0xE000;
            c = pair ? 0x10000 + ((c - 0xD800) << 10) + (low - 0xDC00) : 0xFFFD;
            i += pair ? 2 : 0;
        } else if (c >= 0xDC00 && c < 0xE000) {
            c = 0xFFFD;
        }
        k += put(out + k, c);
    }
    if (last && i < n) {
        k += put(out + k, 0xFFFD);
        i = n;
    }
    *used = i;
    return k;
}

static size_t decode_narrow(const uint16_t *table, size_t from, const char *p, size_t n, char *out)
{
    size_t k = 0;
    for (size_t i = 0; i < n; i++) {
        if (i % BLOCK == 0) {
            size_t run = copy_ascii((const unsigned char *)p + i, n - i, out + k);
            k += run;
            i += run;
            if (i == n)
                break;
        }
        unsigned char c = (unsigned char)p[i];
        if (c < 0x80)
            out[k++] = (char)c;
        else
            k += put(out + k, c - 0x80u < from ? table[c - 0x80] : c);
    }
    return k;
}

static size_t decode_mixed(const char *p, size_t n, bool last, char *out, size_t *used)
{
    size_t k = 0, i = 0;
    while (i < n) {
        size_t line = line_of(p + i, n - i), step = line + (i + line < n);
        if (i + line == n && !last)
            break;
        if (vrk_is_utf8(p + i, line)) {
            memcpy(out + k, p + i, line);
            k += line;
        } else {
            k += decode_narrow(windows, 32, p + i, line, out + k);
        }
        if (step > line)
            out[k++] = p[i + line];
        i += step;
    }
    *used = i;
    return k;
}

size_t vrk_decode(vrk_encoding e, const char *p, size_t n, bool last, char *out, size_t *used)
{
    *used = n;
    switch (e) {
    case VRK_ENC_UTF16LE:
    case VRK_ENC_UTF16BE:
        return decode_wide(e == VRK_ENC_UTF16BE, p, n, last, out, used);
    case VRK_ENC_CP1252:
        return decode_narrow(windows, 32, p, n, out);
    case VRK_ENC_MACROMAN:
        return decode_narrow(macintosh, 128, p, n, out);
    case VRK_ENC_MIXED:
        return decode_mixed(p, n, last, out, used);
    case VRK_ENC_UTF8:
        break;
    }
    memcpy(out, p, n);
    return n;
}

int64_t vrk_mixed_lines(const char *p, size_t n, int64_t *line, int64_t room)
{
    int64_t found = 0, number = 1;
    for (size_t i = 0; i < n;) {
        size_t k = line_of(p + i, n - i);
        if (!vrk_is_utf8(p + i, k)) {
            if (found < room)
                line[found] = number;
            found++;
        }
        bool crlf = i + k + 1 < n && p[i + k] == '\r' && p[i + k + 1] == '\n';
        i += k + 1 + crlf;
        number++;
    }
    return found;
}

/* One letter of valid UTF-8 of at most three bytes; 0 = a longer one. */
static uint32_t letter_at(const unsigned char *p, size_t n, size_t *size)
{
    *size = n == 0 ? 0 : p[0] < 0x80 ? 1 : p[0] < 0xE0 ? 2 : p[0] < 0xF0 ? 3 : 4;
    if (*size > n || *size == 4 || *size == 0) {
        *size = n ? 1 : 0;
        return 0;
    }
    return *size == 1   ? p[0]
           : *size == 2 ? (p[0] & 0x1Fu) << 6 | (p[1] & 0x3Fu)
                        : (p[0] & 0x0Fu) << 12 | (p[1] & 0x3Fu) << 6 | (p[2] & 0x3Fu);
}

/* The byte that was read as this letter; -1 = none was. */
static int byte_of(uint32_t letter)
{
    if (letter && letter < 0x100)
        return (int)letter;
    for (int i = 0; i < 32; i++) {
        if (windows[i] == letter)
            return 0x80 + i;
    }
    return -1;
}

/* The letter that the text at p was before it was encoded twice; 0 = it was not. */
static uint32_t letter_twice(const unsigned char *p, size_t n, size_t *size)
{
    size_t k, used;
    uint32_t first = letter_at(p, n, &used);
    int more = first == 0xC2 || first == 0xC3 ? 1 : first == 0xE2 ? 2 : 0;
    uint32_t c = first == 0xE2 ? 0x2 : first & 0x1F;
    for (int i = 0; i < more; i++) {
        int b = byte_of(letter_at(p + used, n - used, &k));
        if (b < 0x80 || b > 0xBF)
            return 0;
        c = c << 6 | ((uint32_t)b & 0x3F);
        used += k;
    }
    *size = used;
    bool mark = (c >= 0x2009 && c <= 0x2026) || c == 0x202F || c == 0x20AC || c == 0x2212;
    return more == 1 ? c : more == 2 && mark ? c : 0;
}

size_t vrk_demojibake(char *text, size_t n, int64_t *repaired)
{
    const unsigned char *p = (const unsigned char *)text;
    size_t k = 0;
    *repaired = 0;
    for (size_t i = 0; i < n;) {
        size_t size = 1;
        uint32_t c = p[i] == 0xC3 ? letter_twice(p + i, n - i, &size) : 0;
        if (c) {
            k += put(text + k, c); /* shorter than what it stood for */
            (*repaired)++;
            i += size;
        } else {
            text[k++] = text[i++];
        }
    }
    return k;
}
