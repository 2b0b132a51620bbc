#include "diag/origin.h"

#include "base/str.h"
#include "diag/rows.h"

#include <string.h>

/* records.db is ours and small: its statements stand here, with the code that knows the tables. */
static const char files_sql[] =
    "SELECT path, name, read, used, identical, replaced, rejected, skipped FROM import_file "
    "WHERE generation = ?1 ORDER BY path, name";
static const char problems_sql[] =
    "SELECT path, coalesce(field, '') AS field, code, min(sentence) AS sentence, warning, "
    "coalesce(min(line), 0) AS line, sum(CASE WHEN code = 'REF_DANGLING' THEN CAST(substr(told, "
    "length(rtrim(told, '0123456789')) + 1) AS integer) ELSE 1 END) AS n FROM (SELECT *, "
    "rtrim(value, ' rows)') AS told FROM reject) " /* one line for all: '328852 (4560 rows)' */
    "WHERE generation = ?1 "
    "GROUP BY path, coalesce(field, ''), code, warning ORDER BY warning, n DESC, path, field, code "
    "LIMIT 50";
static const char persons_sql[] =
    "SELECT key, source_id FROM identity WHERE space = 'person' ORDER BY key";

/* The name without its folders, which are no business of the document's readers. */
static const char *file_name(vrk_arena *mem, const char *path)
{
    const char *slash = strrchr(path, '/');
    return vrk_text_copy(mem, slash ? slash + 1 : path);
}

static vrk_status read_files(vrk_ctx *ctx, vrk_records *records, const vrk_value *generation,
                             vrk_origin *o)
{
    vrk_status st = VRK_OK;
    vrk_frame f = {0};
    TRY(vrk_records_run(ctx, records, files_sql, generation, 1, &f));
    o->file = VRK_NEW(&o->mem, f.rows, vrk_file_balance);
    for (int64_t i = 0; i < f.rows && o->file; i++) {
        o->file[i] = (vrk_file_balance){file_name(&o->mem, vrk_row_text(&f, "path", i)),
                                        vrk_text_copy(&o->mem, vrk_row_text(&f, "name", i)),
                                        vrk_row_int(&f, "read", i),
                                        vrk_row_int(&f, "used", i),
                                        vrk_row_int(&f, "identical", i),
                                        vrk_row_int(&f, "replaced", i),
                                        vrk_row_int(&f, "rejected", i),
                                        vrk_row_int(&f, "skipped", i)};
        o->rejects += o->file[i].rejected;
    }
    o->files = f.rows;
done:
    vrk_frame_free(&f);
    return st;
}

static vrk_status read_problems(vrk_ctx *ctx, vrk_records *records, const vrk_value *generation,
                                vrk_origin *o)
{
    vrk_status st = VRK_OK;
    vrk_frame f = {0};
    TRY(vrk_records_run(ctx, records, problems_sql, generation, 1, &f));
    o->problem = VRK_NEW(&o->mem, f.rows, vrk_file_problem);
    for (int64_t i = 0; i < f.rows && o->problem; i++)
        o->problem[i] = (vrk_file_problem){file_name(&o->mem, vrk_row_text(&f, "path", i)),
                                           vrk_text_copy(&o->mem, vrk_row_text(&f, "field", i)),
                                           vrk_text_copy(&o->mem, vrk_row_text(&f, "code", i)),
                                           vrk_text_copy(&o->mem, vrk_row_text(&f, "sentence", i)),
                                           vrk_row_int(&f, "line", i),
                                           vrk_row_int(&f, "n", i),
                                           vrk_row_int(&f, "warning", i) != 0};
    o->problems = f.rows;
done:
    vrk_frame_free(&f);
    return st;
}

static vrk_status read_persons(vrk_ctx *ctx, vrk_records *records, vrk_origin *o)
{
    vrk_status st = VRK_OK;
    vrk_frame f = {0};
    TRY(vrk_records_run(ctx, records, persons_sql, NULL, 0, &f));
    o->key = VRK_NEW(&o->mem, f.rows, int64_t);
    o->id = VRK_NEW(&o->mem, f.rows, const char *);
    for (int64_t i = 0; i < f.rows && o->key && o->id; i++) {
        o->key[i] = vrk_row_int(&f, "key", i);
        o->id[i] = vrk_text_copy(&o->mem, vrk_row_text(&f, "source_id", i));
    }
    o->persons = f.rows;
done:
    vrk_frame_free(&f);
    return st;
}

vrk_status vrk_origin_read_of(vrk_ctx *ctx, vrk_records *records, int64_t generation,
                              vrk_origin *out)
{
    vrk_status st = VRK_OK;
    const vrk_value key = {.type = VRK_INT, .i = generation};
    *out = (vrk_origin){0};
    TRY(read_files(ctx, records, &key, out));
    TRY(read_problems(ctx, records, &key, out));
    TRY(read_persons(ctx, records, out));
    if (out->mem.failed)
        FAIL(VRK_EMEMORY, "out of memory");
done:
    if (st != VRK_OK)
        vrk_origin_free(out);
    return st;
}

vrk_status vrk_origin_read(vrk_ctx *ctx, vrk_records *records, vrk_origin *out)
{
    vrk_status st = VRK_OK;
    vrk_frame f = {0};
    *out = (vrk_origin){0};
    TRY(vrk_records_run(ctx, records,
                        "SELECT coalesce(max(generation), 0) AS generation FROM standing", NULL, 0,
                        &f));
    TRY(vrk_origin_read_of(ctx, records, vrk_row_int(&f, "generation", 0), out));
done:
    vrk_frame_free(&f);
    return st;
}

void vrk_origin_free(vrk_origin *o)
{
    vrk_arena_free(&o->mem);
    *o = (vrk_origin){0};
}

const char *vrk_origin_person(void *origin, int64_t key)
{
    const vrk_origin *o = origin;
    int64_t low = 0, high = o->persons;
    while (low < high) {
        int64_t middle = low + (high - low) / 2;
        if (o->key[middle] == key)
            return o->id[middle];
        if (o->key[middle] < key)
            low = middle + 1;
        else
            high = middle;
    }
    return NULL;
}
