#include "ingest/memory.h"

#include "base/str.h"
#include "base/sys.h"
#include "ingest/headings.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

static int by_text(const void *a, const void *b)
{
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

const char *vrk_signature_of(const char *const *heading, int64_t n, vrk_arena *mem)
{
    const char **normal = VRK_NEW(mem, n + 1, const char *);
    uint64_t hash = 14695981039346656037U; /* FNV-1a */
    for (int64_t k = 0; k < n && normal; k++) {
        normal[k] = vrk_heading_normal(mem, heading[k]);
        if (!normal[k])
            return NULL;
    }
    if (!normal)
        return NULL;
    qsort(normal, (size_t)n, sizeof(*normal), by_text);
    for (int64_t k = 0; k < n; k++) {
        for (const char *c = normal[k];; c++) {
            hash = (hash ^ (unsigned char)*c) * 1099511628211U;
            if (!*c)
                break;
        }
    }
    return vrk_text_f(mem, "%016" PRIx64, hash);
}

static void add_quoted(vrk_str *s, const char *text)
{
    vrk_str_add(s, "\"");
    for (; *text; text++)
        vrk_str_add_n(s, *text == '"' ? "\"\"" : text, *text == '"' ? 2 : 1);
    vrk_str_add(s, "\"");
}

const char *vrk_memo_lines(const vrk_map *map, const char *section, vrk_arena *mem)
{
    vrk_str s = {.mem = mem};
    for (int64_t i = 0; map && i < map->lines; i++) {
        const vrk_map_line *l = &map->line[i];
        if (strcmp(l->section, section) != 0)
            continue;
        if (l->quoted)
            add_quoted(&s, l->key);
        else
            vrk_str_add(&s, l->key);
        vrk_str_addf(&s, " = %s\n", l->value);
    }
    return s.n ? vrk_str_of(&s) : NULL;
}

vrk_status vrk_memos_read(vrk_ctx *ctx, vrk_records *r, vrk_arena *mem, vrk_memo **out, int64_t *n)
{
    vrk_status st = VRK_OK;
    vrk_frame rows = {0};
    *out = NULL;
    *n = 0;
    TRY(vrk_records_run(ctx, r, "SELECT signature, lines FROM mapping ORDER BY signature", NULL, 0,
                        &rows));
    *out = VRK_NEW(mem, rows.rows + 1, vrk_memo);
    for (int64_t i = 0; i < rows.rows && *out; i++)
        (*out)[(*n)++] = (vrk_memo){vrk_text_copy(mem, rows.column[0].s[i]),
                                    vrk_text_copy(mem, rows.column[1].s[i])};
    if (mem->failed)
        FAIL(VRK_EMEMORY, "out of memory for what is remembered of files");
done:
    vrk_frame_free(&rows);
    return st;
}

vrk_status vrk_memos_write(vrk_ctx *ctx, vrk_records *r, const vrk_memo *memo, int64_t n)
{
    vrk_status st = VRK_OK;
    for (int64_t i = 0; i < n; i++) {
        const vrk_value bind[] = {{.type = VRK_TEXT, .s = memo[i].signature},
                                  {.type = VRK_TEXT, .s = memo[i].lines},
                                  {.type = VRK_INT, .i = vrk_now(ctx)}};
        TRY(vrk_records_run(ctx, r,
                            "INSERT INTO mapping VALUES (?1, ?2, ?3) ON CONFLICT (signature) DO "
                            "UPDATE SET lines = excluded.lines, made_at = excluded.made_at",
                            bind, 3, NULL));
    }
done:
    return st;
}
