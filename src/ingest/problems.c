#include "ingest/problems.h"

#include "base/sys.h"
#include "ingest/csv_check.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

/* Sentences by code; a field's name stands before them when they are shown. */
static const struct {
    const char *code, *sentence;
} words[] = {
    {"KEY_MISSING", "the row has no value here, and cannot be kept without one"},
    {"VALUE_MISSING", "the row has no value here, and cannot be kept without one"},
    {"DATE_BAD", "is no date or time; write 2026-11-24 or 2026-11-24T10:00:00"},
    {"DATE_AMBIGUOUS",
     "has a day and a month, but which is which cannot be told; write 2026-11-24"},
    {"DATE_IMPOSSIBLE", "is no day of the calendar"},
    {"NUM_AMBIGUOUS", "may be more than a thousand or a little over one; write 1250 or 1.25"},
    {"NUM_BAD", "is no number; write 1250.50"},
    {"FLAG_BAD", "is neither 0 nor 1"},
    {"CCY_UNKNOWN", "is no currency; write three letters such as SEK"},
    {"WORD_UNKNOWN", "is none of the words that are known here"},
    {"REF_DANGLING", "refers to something that is in no file; the rows were kept"},
};

static const char *sentence_of(const char *code)
{
    for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++) {
        if (!strcmp(words[i].code, code))
            return words[i].sentence;
    }
    return "";
}

/* known_<table>: keys of all rows there will be, for those that refer to them. */
static void add_known(vrk_str *sql, const char *table, const char *column, const char *files,
                      bool imported)
{
    vrk_str_addf(
        sql,
        "CREATE TABLE IF NOT EXISTS known_%s AS SELECT id FROM (SELECT NULL::%s AS id WHERE "
        "false",
        table, vrk_ends_with(column, "_key") ? "bigint" : "varchar");
    if (*files)
        vrk_str_addf(sql, " UNION ALL SELECT %s FROM read_parquet([%s])", column, files);
    if (imported)
        vrk_str_addf(sql, " UNION ALL SELECT %s FROM standing", column);
    vrk_str_add(sql, ") WHERE id IS NOT NULL;\n");
}

static const char *files_of(vrk_arena *mem, const char *table, size_t n, const vrk_file *file,
                            int64_t files)
{
    vrk_str s = {.mem = mem};
    for (int64_t i = 0; i < files; i++) {
        if (strlen(file[i].table) != n || strncmp(file[i].table, table, n) != 0)
            continue;
        vrk_str_add(&s, s.n ? ", " : "");
        vrk_str_add(&s, vrk_sql_quote(mem, file[i].path));
    }
    return vrk_str_of(&s);
}

/* The interchange name of a fact column. */
static const char *name_of_fact(const vrk_table *t, const char *fact, size_t n)
{
    for (const vrk_col *c = t->col; c->name; c++) {
        if (c->fact && strlen(c->fact) == n && !strncmp(c->fact, fact, n))
            return c->name;
    }
    return fact;
}

typedef struct {
    char *table, *key, *fact; /* known_<table>, its key, the column that refers to it */
    const char *field;        /* the interchange name of `fact` */
} reference;

/* problem gets the first row of a source that lacks what it refers to, of its first `most` rows.
 * Does it stand there? Rows are numbered as they are read, so what is found in rows 1 to n comes
 * before all others. */
static vrk_status note_early(vrk_ctx *ctx, vrk_duck *duck, const vrk_import_table *t,
                             const reference *r, int64_t source, int64_t rows, bool *found)
{
    enum { FIRST_ROWS = 20000 };
    vrk_status st = VRK_OK;
    vrk_str sql = {.mem = &ctx->scratch};
    vrk_frame first = {0};

    vrk_str_add(&sql, "CREATE OR REPLACE TABLE early AS SELECT _row, _line, ");
    vrk_str_addf(&sql, "\"%s\" AS value, \"t_%s\" AS t FROM (", r->field, r->fact);
    vrk_sql_typed(&sql, t,
                  vrk_text_f(sql.mem, "(SELECT * FROM source WHERE _file = %" PRId64 " LIMIT %d)",
                             source, (int)FIRST_ROWS));
    vrk_str_addf(&sql,
                 ");\nINSERT INTO problem SELECT %" PRId64
                 ", _row, _line, '%s', value || ' (%" PRId64
                 " rows)', 'REF_DANGLING', false FROM early WHERE t IS NOT NULL AND t NOT IN "
                 "(SELECT id FROM known_%s) AND (SELECT max(_row) = count(*) FROM early) ORDER BY "
                 "_row LIMIT 1;\nDROP TABLE early;\nSELECT count(*) FROM problem WHERE _file = "
                 "%" PRId64 " AND field = '%s' AND code = 'REF_DANGLING'",
                 source, r->field, rows, r->table, source, r->field);
    if (ctx->scratch.failed)
        FAIL(VRK_EMEMORY, "out of memory");
    TRY(vrk_duck_run(ctx, duck, "checking references", vrk_str_of(&sql), NULL, 0, &first));
    *found = first.column[0].i[0] > 0;
done:
    vrk_frame_free(&first);
    return st;
}

/* The first row of each source that lacks what it refers to. Rows without a number are counted
 * now. */
static vrk_status note_first(vrk_ctx *ctx, vrk_duck *duck, const vrk_import_table *t,
                             const reference *r, const vrk_frame *found)
{
    vrk_status st = VRK_OK;
    vrk_str sql = {.mem = &ctx->scratch};
    for (int64_t i = 0; i < found->rows; i++) {
        bool early = false;
        if (found->column[2].null[i])
            TRY(note_early(ctx, duck, t, r, found->column[0].i[i], found->column[1].i[i], &early));
        if (early)
            continue;
        vrk_str_addf(&sql,
                     "INSERT INTO problem SELECT _file, min(_row), arg_min(_line, _row), '%s', "
                     "arg_min(\"%s\", _row) || ' (%" PRId64 " rows)', 'REF_DANGLING', false FROM "
                     "%s WHERE _file = %" PRId64 " AND ",
                     r->field, r->field, found->column[1].i[i], t->rows, found->column[0].i[i]);
        if (found->column[2].null[i])
            vrk_str_addf(&sql, "\"t_%s\" IS NOT NULL AND \"t_%s\" NOT IN (SELECT id FROM known_%s)",
                         r->fact, r->fact, r->table);
        else
            vrk_str_addf(&sql, "_row = %" PRId64, found->column[2].i[i]);
        vrk_str_add(&sql, " GROUP BY _file;\n");
    }
    if (ctx->scratch.failed)
        FAIL(VRK_EMEMORY, "out of memory");
    if (sql.n)
        TRY(vrk_duck_run(ctx, duck, "checking references", vrk_str_of(&sql), NULL, 0, NULL));
done:
    return st;
}

/* One reference "seller_key>sellers.seller_key": how many rows of a source lack what they refer to,
 * and the first of them. Nothing is said where the other table is empty: its file may be missing.
 */
static vrk_status note_reference(vrk_ctx *ctx, vrk_duck *duck, const vrk_import_table *t,
                                 const char *ref, const vrk_file *file, int64_t files)
{
    vrk_status st = VRK_OK;
    vrk_arena *mem = &ctx->scratch;
    vrk_str sql = {.mem = mem};
    vrk_frame found = {0};
    size_t from = strcspn(ref, ">"), table = strcspn(ref + from + 1, ".");
    const char *target = ref + from + 1, *column = target + table + 1;
    const reference r = {.table = vrk_text_copy_n(mem, target, table),
                         .key = vrk_text_copy_n(mem, column, strcspn(column, " ")),
                         .fact = vrk_text_copy_n(mem, ref, from),
                         .field = name_of_fact(t->table, ref, from)};
    if (mem->failed)
        FAIL(VRK_EMEMORY, "out of memory");
    add_known(&sql, r.table, r.key, files_of(mem, target, table, file, files),
              !strcmp(r.table, t->table->name));
    vrk_str_addf(
        &sql,
        "SELECT _file, count(*) AS n, CASE WHEN count(_row) = count(*) THEN min(_row) END AS _row "
        "FROM standing WHERE %s IS NOT NULL AND %s NOT IN (SELECT id FROM known_%s) AND EXISTS "
        "(SELECT 1 FROM known_%s) GROUP BY _file ORDER BY _file",
        r.fact, r.fact, r.table, r.table);
    if (mem->failed)
        FAIL(VRK_EMEMORY, "out of memory");
    TRY(vrk_duck_run(ctx, duck, "checking references", vrk_str_of(&sql), NULL, 0, &found));
    TRY(note_first(ctx, duck, t, &r, &found));
done:
    vrk_frame_free(&found);
    return st;
}

vrk_status vrk_note_dangling(vrk_ctx *ctx, vrk_duck *duck, const vrk_import_table *t,
                             const vrk_file *file, int64_t files)
{
    vrk_status st = VRK_OK;
    vrk_mark mark = vrk_mark_of(&ctx->scratch);
    vrk_str sql = {.mem = &ctx->scratch};
    static const char *const referred[] = {"teams", "sellers", "accounts", "deals"};

    for (size_t i = 0; i < sizeof(referred) / sizeof(referred[0]); i++) {
        if (!strcmp(referred[i], t->table->name))
            add_known(&sql, t->table->name, t->table->key, t->existing, true);
    }
    if (ctx->scratch.failed)
        FAIL(VRK_EMEMORY, "out of memory");
    if (sql.n)
        TRY(vrk_duck_run(ctx, duck, "checking references", vrk_str_of(&sql), NULL, 0, NULL));
    for (const char *ref = t->table->refs; *ref;
         ref += strcspn(ref, " ") + (strchr(ref, ' ') != NULL))
        TRY(note_reference(ctx, duck, t, ref, file, files));
done:
    vrk_rewind(&ctx->scratch, mark);
    return st;
}

/* Lines of the problems of one CSV: the rows are in order, the file is read once more. */
static vrk_status find_lines(vrk_ctx *ctx, const vrk_source *s, const vrk_frame *found,
                             int64_t from, int64_t to, int64_t *line)
{
    vrk_status st = VRK_OK;
    vrk_mark mark = vrk_mark_of(&ctx->scratch);
    int64_t *record = VRK_NEW(&ctx->scratch, to - from, int64_t);
    if (!record)
        FAIL(VRK_EMEMORY, "out of memory");
    for (int64_t i = from; i < to; i++) {
        record[i - from] = found->column[s->has_line ? 2 : 1].i[i];
        line[i] = found->column[2].i[i];
    }
    if (s->csv && to > from)
        TRY(vrk_csv_lines(ctx, s->csv, s->delimiter, record, to - from, line + from));
done:
    vrk_rewind(&ctx->scratch, mark);
    return st;
}

static vrk_status add_problem(vrk_ctx *ctx, vrk_import_report *r, const char *file, vrk_fault fault)
{
    struct vrk_problem *p = &r->problem[r->problems++];
    p->file = file;
    p->fault = fault;
    p->fault.field = fault.field ? vrk_text_copy(&r->mem, fault.field) : NULL;
    p->fault.value = fault.value ? vrk_text_copy(&r->mem, fault.value) : NULL;
    p->fault.code = vrk_text_copy(&r->mem, fault.code);
    p->fault.sentence = vrk_text_copy(&r->mem, fault.sentence);
    return r->mem.failed ? vrk_fail(ctx, VRK_EMEMORY, "out of memory for what was refused")
                         : VRK_OK;
}

static vrk_status gather_source(vrk_ctx *ctx, const vrk_source *s, int64_t number,
                                const vrk_frame *found, int64_t *at, int64_t *line,
                                vrk_import_report *r)
{
    vrk_status st = VRK_OK;
    int64_t from = *at, to = from;

    for (int64_t i = 0; i < s->faults; i++)
        TRY(add_problem(ctx, r, r->balance[number].file, s->fault[i]));
    while (to < found->rows && found->column[0].i[to] == number)
        to++;
    TRY(find_lines(ctx, s, found, from, to, line));
    for (int64_t i = from; i < to; i++) {
        const vrk_fault fault = {.line = line[i],
                                 .field = found->column[3].s[i],
                                 .value = found->column[4].null[i] ? NULL : found->column[4].s[i],
                                 .code = found->column[5].s[i],
                                 .sentence = sentence_of(found->column[5].s[i]),
                                 .warning = !found->column[6].i[i]};
        TRY(add_problem(ctx, r, r->balance[number].file, fault));
    }
    *at = to;
done:
    return st;
}

/* read = used + identical + replaced + rejected + skipped, or it is a fault of ours. */
static vrk_status close_balance(vrk_ctx *ctx, const vrk_source *s, vrk_balance *b)
{
    int64_t left_out = 0;
    for (int64_t i = 0; i < s->faults; i++)
        left_out += !s->fault[i].warning;
    int64_t accounted = b->used + b->identical + b->replaced + b->rejected + s->skipped;
    b->skipped = s->skipped;
    b->read = s->rows_read >= 0 ? s->rows_read : accounted + left_out;
    b->rejected += b->read - accounted > left_out ? b->read - accounted : left_out;
    if (b->used + b->identical + b->replaced + b->rejected + b->skipped != b->read ||
        (s->faults < 100000 && b->read - accounted != left_out))
        return vrk_fail(ctx, VRK_ENUMERIC,
                        "%s: %" PRId64 " rows were read, but %" PRId64
                        " are accounted for; nothing was "
                        "changed - please report this",
                        b->file, b->read, accounted + left_out);
    return VRK_OK;
}

vrk_status vrk_gather_problems(vrk_ctx *ctx, vrk_duck *duck, const vrk_source *source, int64_t n,
                               vrk_import_report *r)
{
    vrk_status st = VRK_OK;
    vrk_mark mark = vrk_mark_of(&ctx->scratch);
    vrk_frame found = {0}, refused = {0}, cells = {0};
    int64_t room = 0, at = 0;

    TRY(vrk_duck_run(
        ctx, duck, "counting",
        "SELECT _file, _row, _line, field, left(value, 200), code, rejects FROM problem ORDER BY "
        "_file, _row, field, code LIMIT 1000000",
        NULL, 0, &found));
    TRY(vrk_duck_run(ctx, duck, "counting", "SELECT _file, sum(n) FROM refused GROUP BY _file",
                     NULL, 0, &refused));
    TRY(vrk_duck_run(ctx, duck, "counting",
                     "SELECT _file, count(*) FROM problem WHERE NOT rejects GROUP BY _file", NULL,
                     0, &cells));
    for (int64_t i = 0; i < n; i++)
        room += source[i].faults;
    r->problem = VRK_NEW(&r->mem, room + found.rows, struct vrk_problem);
    int64_t *line = VRK_NEW(&ctx->scratch, found.rows, int64_t);
    if (!r->problem || !line)
        FAIL(VRK_EMEMORY, "out of memory for what was refused");
    for (int64_t i = 0; i < refused.rows; i++)
        r->balance[refused.column[0].i[i]].rejected += refused.column[1].i[i];
    for (int64_t i = 0; i < cells.rows; i++)
        r->balance[cells.column[0].i[i]].warnings += cells.column[1].i[i];
    for (int64_t i = 0; i < n; i++) {
        TRY(gather_source(ctx, &source[i], i, &found, &at, line, r));
        TRY(close_balance(ctx, &source[i], &r->balance[i]));
    }
    r->counted = true;
done:
    vrk_frame_free(&found);
    vrk_frame_free(&refused);
    vrk_frame_free(&cells);
    vrk_rewind(&ctx->scratch, mark);
    return st;
}

vrk_status vrk_judge_rejects(vrk_ctx *ctx, double share, const vrk_import_report *r)
{
    for (int64_t i = 0; i < r->n; i++) {
        const vrk_balance *b = &r->balance[i];
        double most = share <= 0 ? 0.5 : b->read >= 100 || share > 0.5 ? share : 0.5;
        if ((double)b->rejected > most * (double)b->read)
            return vrk_fail(ctx, VRK_EINPUT,
                            "%s: %" PRId64 " of %" PRId64
                            " rows were rejected, more than %.0f %%; nothing was "
                            "changed. Mend the file, or allow more with --max-rejects",
                            b->file, b->rejected, b->read, 100 * most);
    }
    return VRK_OK;
}

vrk_status vrk_write_problems(vrk_ctx *ctx, vrk_records *records, int64_t generation,
                              const vrk_import_report *r)
{
    vrk_status st = VRK_OK;
    for (int64_t i = 0; i < r->n; i++) {
        const vrk_balance *b = &r->balance[i];
        vrk_value v[] = {{.i = generation},
                         {.type = VRK_TEXT, .s = b->file},
                         {.type = VRK_TEXT, .s = b->table},
                         {.i = b->read},
                         {.i = b->used},
                         {.i = b->identical},
                         {.i = b->replaced},
                         {.i = b->rejected},
                         {.i = b->skipped}};
        TRY(vrk_records_run(ctx, records,
                            "INSERT INTO import_file VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)",
                            v, 9, NULL));
    }
    int64_t now = vrk_now(ctx);
    for (int64_t i = 0; i < r->problems; i++) {
        const vrk_fault *f = &r->problem[i].fault;
        vrk_value v[] = {{.i = generation},
                         {.type = VRK_TEXT, .s = r->problem[i].file},
                         {.i = f->line, .null = f->line == 0},
                         {.type = VRK_TEXT, .s = f->field, .null = !f->field},
                         {.type = VRK_TEXT, .s = f->value, .null = !f->value},
                         {.type = VRK_TEXT, .s = f->code},
                         {.type = VRK_TEXT, .s = f->sentence},
                         {.i = f->warning},
                         {.i = now}};
        TRY(vrk_records_run(ctx, records,
                            "INSERT INTO reject VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)", v, 9,
                            NULL));
    }
done:
    return st;
}
