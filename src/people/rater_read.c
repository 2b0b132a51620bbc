#include "people/put.h"
#include "people/rater.h"

#include "base/str.h"

#include <string.h>

/* The number of the text in list; a new one is added. */
static int32_t number(vrk_arena *mem, const char **list, int64_t *n, const char *text)
{
    for (int64_t i = 0; i < *n; i++) {
        if (!strcmp(list[i], text))
            return (int32_t)i;
    }
    list[*n] = vrk_text_copy(mem, text);
    return (int32_t)(*n)++;
}

vrk_status vrk_ratings_read(vrk_ctx *ctx, vrk_records *records, vrk_ratings_kept *out)
{
    vrk_status st = VRK_OK;
    vrk_frame f = {0};
    *out = (vrk_ratings_kept){.mem.limit = ctx->scratch.limit};
    TRY(vrk_records_run(ctx, records,
                        "SELECT p.source_id AS person, q.source_id AS rater, competency, level "
                        "FROM rating r JOIN identity p ON p.key = person JOIN identity q ON q.key "
                        "= rater WHERE r.id IN (SELECT max(id) FROM rating WHERE role <> 'self' "
                        "GROUP BY person, rater, competency) AND level IS NOT NULL ORDER BY "
                        "p.source_id, q.source_id, competency",
                        NULL, 0, &f));
    vrk_arena *a = &out->mem;
    int32_t *person = VRK_NEW(a, f.rows + 1, int32_t), *rater = VRK_NEW(a, f.rows + 1, int32_t);
    int32_t *competency = VRK_NEW(a, f.rows + 1, int32_t);
    int8_t *level = VRK_NEW(a, f.rows + 1, int8_t);
    out->person = VRK_NEW(a, f.rows + 1, const char *);
    out->rater = VRK_NEW(a, f.rows + 1, const char *);
    out->competency = VRK_NEW(a, f.rows + 1, const char *);
    if (a->failed)
        FAIL(VRK_EMEMORY, "out of memory for the ratings");
    out->data = (vrk_rated){
        .n = f.rows, .person = person, .rater = rater, .competency = competency, .level = level};
    for (int64_t i = 0; i < f.rows && !a->failed; i++) {
        person[i] = number(a, out->person, &out->data.persons, text_at(&f, "person", i));
        rater[i] = number(a, out->rater, &out->data.raters, text_at(&f, "rater", i));
        competency[i] =
            number(a, out->competency, &out->data.competences, text_at(&f, "competency", i));
        level[i] = (int8_t)int_at(&f, "level", i);
    }
    if (a->failed)
        FAIL(VRK_EMEMORY, "out of memory for the ratings");
done:
    vrk_frame_free(&f);
    if (st != VRK_OK)
        vrk_ratings_kept_free(out);
    return st;
}

void vrk_ratings_kept_free(vrk_ratings_kept *k)
{
    vrk_arena_free(&k->mem);
    *k = (vrk_ratings_kept){0};
}
