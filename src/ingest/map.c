#include "ingest/map.h"

#include "base/str.h"

#include <inttypes.h>
#include <string.h>

static char *trim(char *text)
{
    text += strspn(text, " \t\r");
    size_t n = strlen(text);
    while (n && strchr(" \t\r", text[n - 1]))
        n--;
    text[n] = 0;
    return text;
}

/* "text" or text, from *at up to `end` or the end of the line; "" inside quotes is one quote. */
static bool take(char **at, char end, char **out, bool *quoted)
{
    char *from = *at + strspn(*at, " \t"), *to = from;
    *quoted = *from == '"';
    *out = from;
    if (!*quoted) {
        size_t n = end ? strcspn(from, (char[]){end, 0}) : strlen(from);
        *at = from + n;
        if (end && !from[n])
            return false;
        from[n] = 0;
        *at += end != 0;
        *out = trim(from);
        return true;
    }
    for (from++; *from && (*from != '"' || from[1] == '"'); from++) {
        from += *from == '"';
        *to++ = *from;
    }
    if (*from != '"')
        return false;
    from++;
    *to = 0;
    from += strspn(from, " \t\r");
    if (*from != end)
        return false;
    *at = from + (end != 0);
    return true;
}

static bool take_line(char *line, vrk_map_line *out, const char **section)
{
    char *key, *value, *name;
    bool value_quoted;
    if (*line == '[') {
        line++;
        if (!take(&line, ']', &name, &value_quoted) || !*name || *trim(line))
            return false;
        *section = name;
        return true;
    }
    if (!take(&line, '=', &key, &out->quoted) || !*key || !take(&line, 0, &value, &value_quoted) ||
        !*section)
        return false;
    out->section = *section;
    out->key = key;
    out->value = value;
    return true;
}

vrk_status vrk_map_parse(vrk_ctx *ctx, const char *path, const char *text, vrk_arena *mem,
                         vrk_map *out)
{
    vrk_status st = VRK_OK;
    char *rest = vrk_text_copy(mem, text), *line;
    const char *section = NULL;
    int64_t room = 1, number = 0;

    for (const char *c = text; *c; c++)
        room += *c == '\n';
    *out = (vrk_map){.path = path, .line = VRK_NEW(mem, room, vrk_map_line)};
    if (!rest || !out->line)
        FAIL(VRK_EMEMORY, "out of memory for %s", path);
    if (vrk_starts_with(rest, "\xEF\xBB\xBF"))
        rest += 3;
    while ((line = strsep(&rest, "\n"))) {
        vrk_map_line next = {.line = ++number};
        line = trim(line);
        if (!*line || *line == '#')
            continue;
        if (!take_line(line, &next, &section))
            FAIL(VRK_EINPUT,
                 "%s:%" PRId64 ": neither [file name] nor heading = column; headings with = in "
                 "them stand in quotes",
                 path, number);
        if (next.key)
            out->line[out->lines++] = next;
    }
done:
    return st;
}

const char *vrk_map_value(const vrk_map *map, const char *section, const char *key)
{
    const char *value = NULL;
    for (int64_t i = 0; map && i < map->lines; i++) {
        const vrk_map_line *l = &map->line[i];
        if (!l->quoted && !strcmp(l->section, section) && !strcmp(l->key, key))
            value = l->value;
    }
    return value;
}

vrk_status vrk_map_list(vrk_ctx *ctx, const char *value, vrk_arena *mem, const char ***part,
                        int64_t *n)
{
    char *rest = vrk_text_copy(mem, value), *one;
    int64_t room = 1;

    *n = 0;
    for (const char *c = value; *c; c++)
        room += *c == ',';
    *part = VRK_NEW(mem, room, const char *);
    if (!rest || !*part)
        return vrk_fail(ctx, VRK_EMEMORY, "out of memory for a list");
    while ((one = strsep(&rest, ","))) {
        one = trim(one);
        if (*one)
            (*part)[(*n)++] = one;
    }
    return VRK_OK;
}
