#include "ingest/sources.h"

#include "base/str.h"
#include "data.h"
#include "ingest/headings.h"

#include <string.h>

static int64_t count_hits(vrk_arena *mem, char *signs, const char *const *normal, int64_t n)
{
    int64_t hits = 0;
    char *sign;
    while ((sign = strsep(&signs, "|"))) {
        const char *want = vrk_heading_normal(mem, sign);
        for (int64_t k = 0; k < n && want; k++) {
            if (normal[k] && !strcmp(normal[k], want)) {
                hits++;
                break;
            }
        }
    }
    return hits;
}

vrk_status vrk_origin_of(vrk_ctx *ctx, const char *const *heading, int64_t n, const char *name,
                         vrk_arena *mem, vrk_origin *out)
{
    vrk_status st = VRK_OK;
    vrk_mark mark = vrk_mark_of(&ctx->scratch);
    const vrk_data_file *file = &vrk_embed_data[VRK_DATA_SOURCES];
    char *text = vrk_text_copy_n(mem, file->bytes, file->n), *line;
    const char **normal = VRK_NEW(&ctx->scratch, n, const char *);
    int64_t best = 1;

    *out = (vrk_origin){0};
    if (!text || !normal)
        FAIL(VRK_EMEMORY, "out of memory for where a table comes from");
    for (int64_t k = 0; k < n; k++)
        normal[k] = vrk_heading_normal(&ctx->scratch, heading[k]);
    while ((line = strsep(&text, "\n"))) {
        const char *own = strsep(&line, ";"), *zone = line ? strsep(&line, ";") : NULL;
        if (*own == '#' || !zone || !line)
            continue;
        int64_t hits =
            name ? (!strcmp(name, own) ? best + 1 : 0) : count_hits(&ctx->scratch, line, normal, n);
        if (hits > best) {
            best = hits;
            *out = (vrk_origin){own, !strcmp(zone, "utc")};
        }
    }
    if (ctx->scratch.failed)
        FAIL(VRK_EMEMORY, "out of memory for where a table comes from");
done:
    vrk_rewind(&ctx->scratch, mark);
    return st;
}
