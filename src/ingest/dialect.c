#include "ingest/dialect.h"

#include <math.h>
#include <string.h>
#include <strings.h>

enum {
    KINDS = 4,
    MOST_RECORDS = 2000,
    MOST_WRAPPED = 1 << 16,
    MOST_WIDTH = 512,
    LONGEST_FIELD = 8192
};
static const char kinds[KINDS] = {'\t', ';', '|', ','};

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

/* Does a quoted field that starts at text[at] close before a delimiter or a line's end? */
static bool closes(const char *text, size_t n, size_t at, char delimiter)
{
    size_t end = n - at > LONGEST_FIELD ? at + LONGEST_FIELD : n;
    for (size_t i = at + 1; i < end; i++) {
        if (text[i] != '"')
            continue;
        if (i + 1 < n && text[i + 1] == '"') {
            i++;
            continue;
        }
        return i + 1 >= n || text[i + 1] == delimiter || text[i + 1] == '\n' || text[i + 1] == '\r';
    }
    return false;
}

/* Bytes of the record at text, its line end not counted; *fields as parted by the delimiter. */
static size_t walk(const char *text, size_t n, char delimiter, int64_t *fields, int64_t *digits)
{
    bool inside = false, start = true;
    *fields = 1;
    for (size_t i = 0; i < n; i++) {
        if (inside) {
            if (text[i] == '"' && i + 1 < n && text[i + 1] == '"')
                i++;
            else if (text[i] == '"')
                inside = false;
        } else if (text[i] == '"' && start && closes(text, n, i, delimiter)) {
            inside = true;
            start = false;
        } else if (text[i] == '\n') {
            return i;
        } else if (text[i] == delimiter) {
            (*fields)++;
            *digits += i && i + 1 < n && is_digit(text[i - 1]) && is_digit(text[i + 1]);
            start = true;
        } else {
            start = false;
        }
    }
    return n;
}

typedef struct {
    double score;
    int64_t columns;
    double between_digits; /* share of the delimiters that stand between digits */
} weight;

static weight weigh(const char *text, size_t n, char delimiter)
{
    int64_t count[MOST_WIDTH] = {0}, records = 0, fields, digits = 0, all = 0, best = 1;
    for (size_t at = 0; at < n && records < MOST_RECORDS; at++) {
        size_t k = walk(text + at, n - at, delimiter, &fields, &digits);
        bool blank = k == 0 || (k == 1 && text[at] == '\r');
        at += k;
        if (blank)
            continue;
        records++;
        all += fields - 1;
        count[fields < MOST_WIDTH ? fields : MOST_WIDTH - 1]++;
    }
    for (int64_t w = 2; w < MOST_WIDTH; w++) {
        double share = (double)count[w] * log2((double)w),
               now = (double)count[best] * log2((double)best);
        best = share > now ? w : best;
    }
    if (!records)
        return (weight){0};
    return (weight){(double)count[best] / (double)records * log2((double)best), best,
                    all ? (double)digits / (double)all : 0};
}

/* Length of the record that the text begins with, without its line end, where it is one quoted
 * field; 0: it is not. The field may go over line ends; *parted: a delimiter is in it. */
static size_t wrapped_length(const char *text, size_t n, bool *parted)
{
    size_t most = n < MOST_WRAPPED ? n : MOST_WRAPPED;
    *parted = false;
    if (!n || text[0] != '"')
        return 0;
    for (size_t i = 1; i < most; i++) {
        if (text[i] == '"' && i + 1 < n && text[i + 1] == '"') {
            i++;
            continue;
        }
        if (text[i] == '"') {
            size_t end = i + 1 < n && text[i + 1] == '\r' ? i + 2 : i + 1;
            return end >= n || text[end] == '\n' ? i + 1 : 0;
        }
        *parted |= memchr(kinds, text[i], KINDS) != NULL;
    }
    return 0;
}

static size_t line_end(const char *text, size_t n)
{
    const char *end = memchr(text, '\n', n);
    return end ? (size_t)(end - text) : n;
}

static bool most_are_wrapped(const char *text, size_t n)
{
    int64_t lines = 0, wrapped = 0;
    for (size_t at = 0; at < n && lines < MOST_RECORDS;) {
        size_t k = line_end(text + at, n - at);
        bool blank = k == 0 || (k == 1 && text[at] == '\r');
        lines += !blank;
        bool parted = false;
        size_t one = blank ? 0 : wrapped_length(text + at, n - at, &parted);
        wrapped += one > 0 && parted;
        at += one + line_end(text + at + one, n - at - one) + 1;
    }
    return lines > 1 && wrapped * 2 >= lines;
}

vrk_dialect vrk_dialect_of(const char *text, size_t n)
{
    vrk_dialect d = {.delimiter = ','};
    weight w[KINDS], best = {0};
    size_t first = line_end(text, n);
    if (n >= 5 && !strncasecmp(text, "sep=", 4) && first <= 6 && memchr(kinds, text[4], KINDS)) {
        int64_t digits = 0, fields;
        d.sep_line = true;
        d.delimiter = text[4];
        size_t at = first < n ? first + 1 : n;
        (void)walk(text + at, n - at, d.delimiter, &fields, &digits);
        d.columns = weigh(text + at, n - at, d.delimiter).columns;
        d.wrapped = most_are_wrapped(text + at, n - at);
        return d;
    }
    for (int i = 0; i < KINDS; i++)
        w[i] = weigh(text, n, kinds[i]);
    for (int i = 0; i < KINDS; i++) {
        double score = w[i].score;
        /* commas between digits are decimal ones, if something else can part the fields */
        for (int j = 0; j < KINDS && kinds[i] == ',' && w[i].between_digits > 0.5; j++)
            score *= kinds[j] != ',' && w[j].score > 0.8 ? 0.4 : 1;
        if (score > best.score) {
            best = w[i];
            best.score = score;
            d.delimiter = kinds[i];
        }
    }
    d.columns = best.columns ? best.columns : n > 0;
    d.wrapped = most_are_wrapped(text, n);
    return d;
}

size_t vrk_unwrap_rows(char *text, size_t n)
{
    size_t out = 0;
    bool parted; /* also half a record: a field of it went over a line end before it was wrapped */
    for (size_t at = 0; at < n;) {
        size_t one = wrapped_length(text + at, n - at, &parted);
        size_t k = one + line_end(text + at + one, n - at - one), step = k + (at + k < n);
        if (!one) {
            memmove(text + out, text + at, step);
            out += step;
            at += step;
            continue;
        }
        for (size_t i = 1; i + 1 < one; i++) { /* between the quotes */
            text[out++] = text[at + i];
            i += text[at + i] == '"';
        }
        if (step > k)
            text[out++] = '\n';
        at += step;
    }
    return out;
}
