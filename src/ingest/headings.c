#include "ingest/headings.h"

#include "base/str.h"
#include "data.h"

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
        [VRK_VALUES_DONE] = "done",
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

static bool holds(vrk_arena *mem, char *list, const char *heading)
{
    char *word;
    while ((word = strsep(&list, "|"))) {
        const char *normal = *word ? vrk_heading_normal(mem, word) : NULL;
        if (normal && !strcmp(normal, heading))
            return true;
    }
    return false;
}

static double confidence(vrk_arena *mem, const entry *e, const char *heading)
{
    const char *own = vrk_heading_normal(mem, e->is.column);
    if (own && !strcmp(own, heading))
        return 1;
    if (holds(mem, e->sure, heading))
        return 0.95;
    return holds(mem, e->unsure, heading) ? 0.7 : 0;
}

/* heading NULL: all of them. */
static vrk_status find(vrk_ctx *ctx, vrk_arena *mem, const char *heading, vrk_meaning **out,
                       int64_t *n)
{
    vrk_status st = VRK_OK;
    vrk_mark mark = vrk_mark_of(&ctx->scratch);
    const vrk_data_file *file = &vrk_embed_data[VRK_DATA_HEADINGS];
    char *text = vrk_text_copy_n(mem, file->bytes, file->n);
    const char *normal = heading ? vrk_heading_normal(&ctx->scratch, heading) : NULL;
    int64_t room = 0;

    *out = NULL;
    *n = 0;
    for (size_t i = 0; i < file->n; i++)
        room += file->bytes[i] == '\n';
    vrk_meaning *found = VRK_NEW(mem, room, vrk_meaning);
    if (!text || !found || (heading && !normal))
        FAIL(VRK_EMEMORY, "out of memory for the meaning of headings");
    for (entry e; next(&text, &e);) {
        e.is.confidence = heading ? confidence(&ctx->scratch, &e, normal) : 1;
        if (e.is.confidence > 0)
            found[(*n)++] = e.is;
    }
    *out = found;
done:
    vrk_rewind(&ctx->scratch, mark);
    return st;
}

vrk_status vrk_meanings_of(vrk_ctx *ctx, vrk_arena *mem, const char *heading, vrk_meaning **out,
                           int64_t *n)
{
    return find(ctx, mem, heading, out, n);
}

vrk_status vrk_meanings_all(vrk_ctx *ctx, vrk_arena *mem, vrk_meaning **out, int64_t *n)
{
    return find(ctx, mem, NULL, out, n);
}
