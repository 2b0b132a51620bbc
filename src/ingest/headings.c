#include "ingest/headings.h"

#include "base/str.h"
#include "data.h"

#include <stdlib.h>
#include <string.h>

static bool is_upper(unsigned char c)
{
    return c >= 'A' && c <= 'Z';
}

static bool is_word(unsigned char c)
{
    return is_upper(c) || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c >= 0x80;
}

/* The capitals of Latin-1 (Å, Ä, Ö, É ...) are C3 80 ... C3 9E in UTF-8, their small forms 32 on.
 */
static char lower(unsigned char before, unsigned char c)
{
    if (is_upper(c) || (before == 0xC3 && c >= 0x80 && c <= 0x9E && c != 0x97))
        return (char)(c + 32);
    return (char)c;
}

const char *vrk_heading_normal(vrk_arena *mem, const char *heading)
{
    const unsigned char *at = (const unsigned char *)heading;
    vrk_str out = {.mem = mem};
    bool gap = false;

    for (unsigned char before = 0; *at; before = *at++) {
        if (!strncmp((const char *)at, "\xEF\xBB\xBF", 3)) { /* no width, wherever it stands */
            at += 2;
            continue;
        }
        bool blank = !is_word(*at) || (before == 0xC2 && *at == 0xA0); /* no-break space */
        if (*at == 0xC2 && at[1] == 0xA0)
            continue;
        if (*at == 0xE2 && (at[1] == 0x80 || at[1] == 0x86 || at[1] == 0x96) && at[2]) {
            at += 2; /* dashes and quotes, arrows, triangles */
            gap = true;
            continue;
        }
        if (blank) {
            gap = true;
            continue;
        }
        bool hump = is_upper(*at) && before >= 'a' && before <= 'z';
        if (out.n && (gap || hump))
            vrk_str_add(&out, " ");
        gap = false;
        vrk_str_add_n(&out, (char[]){lower(before, *at)}, 1);
    }
    return mem->failed ? NULL : vrk_str_of(&out);
}

/* Without dots, rings and accents: people who rename a heading often leave them out. */
static const char *plain(vrk_arena *mem, const char *normal)
{
    vrk_str out = {.mem = mem};
    for (const unsigned char *at = (const unsigned char *)normal; *at; at++) {
        unsigned char c = at[0] == 0xC3 ? at[1] : 0;
        const char *to = c >= 0xA0 && c <= 0xA5   ? "a"
                         : c == 0xA6              ? "ae"
                         : c >= 0xA8 && c <= 0xAB ? "e"
                         : c >= 0xB2 && c <= 0xB8 ? "o"
                         : c >= 0xB9 && c <= 0xBC ? "u"
                                                  : NULL;
        vrk_str_add_n(&out, to ? to : (const char *)at, to ? strlen(to) : 1);
        at += to != NULL;
    }
    return mem->failed ? NULL : vrk_str_of(&out);
}

/* One line of headings.csv, cut up. */
typedef struct {
    vrk_meaning is;
    char *sure, *unsure;
} entry;

static vrk_values values_of(const char *word)
{
    static const char *const words[] = {
        [VRK_VALUES_TEXT] = "text",       [VRK_VALUES_KEY] = "key",
        [VRK_VALUES_REF] = "ref",         [VRK_VALUES_DATE] = "date",
        [VRK_VALUES_NUMBER] = "number",   [VRK_VALUES_STAGE] = "stage",
        [VRK_VALUES_OUTCOME] = "outcome", [VRK_VALUES_CURRENCY] = "currency",
        [VRK_VALUES_MAIL] = "mail",       [VRK_VALUES_KIND] = "kind",
        [VRK_VALUES_DONE] = "done",       [VRK_VALUES_FLAG] = "flag",
        [VRK_VALUES_CLOCK] = "clock",
    };
    int n = (int)(sizeof(words) / sizeof(words[0])), i = 0;
    while (i < n - 1 && strcmp(words[i], word) != 0)
        i++;
    return (vrk_values)i;
}

/* The next entry of the text; false at its end. */
static bool next(char **text, entry *out)
{
    char *line;
    while ((line = strsep(text, "\n"))) {
        char *column, *values, *dot;
        if (!*line || *line == '#')
            continue;
        *out = (entry){0};
        column = strsep(&line, ";");
        values = strsep(&line, ";");
        out->sure = strsep(&line, ";");
        out->unsure = strsep(&line, ";");
        dot = strchr(column, '.');
        if (!values || !out->sure || !out->unsure || !dot)
            continue; /* the test of headings reads every line, so this cannot stay unseen */
        *dot = 0;
        size_t n = strlen(dot + 1);
        out->is.required = n && dot[n] == '*';
        if (out->is.required)
            dot[n] = 0;
        out->is.table = column;
        out->is.column = dot + 1;
        out->is.values = values_of(values);
        return true;
    }
    return false;
}

/* A word under which a meaning is found, and the same without dots and rings. */
static void add_word(vrk_headings *h, vrk_arena *mem, const char *text, const vrk_meaning *is,
                     double confidence)
{
    const char *normal = vrk_heading_normal(mem, text), *bare = normal ? plain(mem, normal) : NULL;
    if (!normal || !bare || !*normal)
        return;
    h->word[h->words] = (struct vrk_heading_word){normal, *is};
    h->word[h->words++].is.confidence = confidence;
    if (strcmp(bare, normal) != 0) {
        h->word[h->words] = h->word[h->words - 1];
        h->word[h->words++].normal = bare;
    }
}

static void add_list(vrk_headings *h, vrk_arena *mem, char *list, const vrk_meaning *is,
                     double confidence)
{
    char *text;
    while ((text = strsep(&list, "|")))
        add_word(h, mem, text, is, confidence);
}

/* By spelling, then by meaning in the order of the file, the surest first. */
static int by_word(const void *a, const void *b)
{
    const struct vrk_heading_word *x = a, *y = b;
    int order = strcmp(x->normal, y->normal);
    if (order)
        return order;
    if (x->is.place != y->is.place)
        return x->is.place < y->is.place ? -1 : 1;
    return x->is.confidence > y->is.confidence ? -1 : x->is.confidence < y->is.confidence;
}

vrk_status vrk_headings_make(vrk_ctx *ctx, vrk_arena *mem, vrk_headings *out)
{
    vrk_status st = VRK_OK;
    const vrk_data_file *file = &vrk_embed_data[VRK_DATA_HEADINGS];
    char *text = vrk_text_copy_n(mem, file->bytes, file->n);
    int64_t lines = 1, words = 1;

    *out = (vrk_headings){0};
    for (size_t i = 0; i < file->n; i++) {
        lines += file->bytes[i] == '\n';
        words += file->bytes[i] == '\n' || file->bytes[i] == '|' || file->bytes[i] == ';';
    }
    out->all = VRK_NEW(mem, lines, vrk_meaning);
    out->word = VRK_NEW(mem, 2 * (words + lines), struct vrk_heading_word);
    if (!text || !out->all || !out->word)
        FAIL(VRK_EMEMORY, "out of memory for the meaning of headings");
    for (entry e; next(&text, &e);) {
        e.is.confidence = 1;
        e.is.place = out->columns;
        out->all[out->columns++] = e.is;
        add_word(out, mem, e.is.column, &e.is, 1);
        add_list(out, mem, e.sure, &e.is, 0.95);
        add_list(out, mem, e.unsure, &e.is, 0.7);
    }
    if (mem->failed)
        FAIL(VRK_EMEMORY, "out of memory for the meaning of headings");
    qsort(out->word, (size_t)out->words, sizeof(*out->word), by_word);
done:
    return st;
}

/* The first word that is `normal`; words if there is none. */
static int64_t find(const vrk_headings *h, const char *normal)
{
    int64_t low = 0, high = h->words;
    while (low < high) {
        int64_t middle = low + (high - low) / 2;
        if (strcmp(h->word[middle].normal, normal) < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return low < h->words && !strcmp(h->word[low].normal, normal) ? low : h->words;
}

static int64_t find_any(const vrk_headings *h, vrk_arena *mem, const char *heading)
{
    const char *normal = vrk_heading_normal(mem, heading);
    const char *dash = strstr(heading, " - ");
    int64_t at = normal ? find(h, normal) : h->words;
    if (at == h->words && normal) {
        const char *bare = plain(mem, normal);
        at = bare ? find(h, bare) : at;
    }
    if (at == h->words && dash) {
        normal = vrk_heading_normal(mem, dash + 3);
        at = normal ? find(h, normal) : at;
    }
    return at;
}

vrk_status vrk_meanings_of(vrk_ctx *ctx, const vrk_headings *h, vrk_arena *mem, const char *heading,
                           vrk_meaning **out, int64_t *n)
{
    vrk_status st = VRK_OK;
    vrk_mark mark = vrk_mark_of(&ctx->scratch);
    int64_t from = find_any(h, &ctx->scratch, heading), to = from;

    *out = NULL;
    *n = 0;
    while (to < h->words && !strcmp(h->word[to].normal, h->word[from].normal))
        to++;
    *out = VRK_NEW(mem, to - from + 1, vrk_meaning);
    if (ctx->scratch.failed || !*out)
        FAIL(VRK_EMEMORY, "out of memory for the meaning of headings");
    for (int64_t i = from; i < to; i++) {
        if (!*n || (*out)[*n - 1].place != h->word[i].is.place)
            (*out)[(*n)++] = h->word[i].is;
    }
done:
    vrk_rewind(&ctx->scratch, mark);
    return st;
}

bool vrk_headings_know(const vrk_headings *h, const char *heading)
{
    vrk_arena mem = {0};
    bool known = strlen(heading) <= 120 && find_any(h, &mem, heading) < h->words;
    vrk_arena_free(&mem);
    return known;
}
