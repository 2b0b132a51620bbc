#include "store/duck.h"

#include "base/par.h"
#include "base/str.h"

#include <duckdb.h>

#include <inttypes.h>
#include <string.h>
#include <time.h>

/* The C API is stable within a major version, the SQL dialect is what this was tested with. */
static const char *const tested_version = "v1.5.";

struct vrk_duck {
    duckdb_database db;
    duckdb_connection con;
    vrk_arena mem; /* holds this struct */
};

/* Database words on one line: they end up in a one-line message. */
static vrk_status refuse(vrk_ctx *ctx, const char *what, const char *words)
{
    vrk_status st = vrk_fail(ctx, VRK_EDB, "%s: %s", what,
                             words ? words : vrk_said(ctx, VRK_N("no reason given")));
    for (char *p = ctx->message; *p; p++)
        *p = *p == '\n' || *p == '\r' ? ' ' : *p;
    return st;
}

bool vrk_few_rows(int64_t rows)
{
    return rows && rows < 1000000;
}

static vrk_status set_up(vrk_ctx *ctx, const vrk_duck_opt *opt, duckdb_config config)
{
    vrk_status st = VRK_OK;
    int threads = ctx->threads ? ctx->threads : vrk_cores();
    threads = opt->threads ? opt->threads : vrk_few_rows(opt->rows) ? 1 : threads;
    int64_t memory = opt->memory ? opt->memory : (int64_t)3 << 30;
    const char *const settings[][2] = {
        {"threads", vrk_text_f(&ctx->scratch, "%d", threads)},
        {"memory_limit", vrk_text_f(&ctx->scratch, "%" PRId64 "B", memory)},
        {"temp_directory", opt->temp ? opt->temp : ""},
        {"autoinstall_known_extensions", "false"},
        {"autoload_known_extensions", "false"},
        {"allow_community_extensions", "false"},
    };
    if (ctx->scratch.failed)
        FAIL(VRK_EMEMORY, "out of memory");
    for (size_t i = 0; i < sizeof(settings) / sizeof(settings[0]); i++) {
        if (duckdb_set_config(config, settings[i][0], settings[i][1]) != DuckDBSuccess)
            FAIL(VRK_EDB, "DuckDB does not take %s = %s", settings[i][0], settings[i][1]);
    }
done:
    return st;
}

vrk_status vrk_duck_open(vrk_ctx *ctx, const vrk_duck_opt *opt, vrk_duck **out)
{
    vrk_status st = VRK_OK;
    vrk_mark mark = vrk_mark_of(&ctx->scratch);
    vrk_arena mem = {0};
    duckdb_config config = NULL;
    char *words = NULL;
    vrk_duck_opt o = opt ? *opt : (vrk_duck_opt){0};

    *out = NULL;
    vrk_duck *d = VRK_NEW(&mem, 1, vrk_duck);
    if (!d)
        FAIL(VRK_EMEMORY, "out of memory");
    if (!vrk_starts_with(duckdb_library_version(), tested_version))
        FAIL(VRK_EDB, "DuckDB %s is installed; this program was made for %sx",
             duckdb_library_version(), tested_version);
    if (duckdb_create_config(&config) != DuckDBSuccess)
        FAIL(VRK_EDB, "could not configure DuckDB");
    TRY(set_up(ctx, &o, config));
    if (duckdb_open_ext(NULL, &d->db, config, &words) != DuckDBSuccess) {
        st = refuse(ctx, "could not start DuckDB", words);
        goto done;
    }
    if (duckdb_connect(d->db, &d->con) != DuckDBSuccess)
        FAIL(VRK_EDB, "could not connect to DuckDB");
    TRY(vrk_duck_run(ctx, d, "starting DuckDB",
                     "SET enable_progress_bar = true; SET enable_progress_bar_print = false", NULL,
                     0, NULL)); /* counts progress without drawing it */
    d->mem = mem;
    *out = d;
done:
    duckdb_free(words);
    duckdb_destroy_config(&config);
    vrk_rewind(&ctx->scratch, mark);
    if (st != VRK_OK && d) {
        d->mem = mem;
        vrk_duck_close(d);
    }
    return st;
}

void vrk_duck_close(vrk_duck *d)
{
    if (!d)
        return;
    vrk_arena mem = d->mem;
    if (d->con)
        duckdb_disconnect(&d->con);
    if (d->db)
        duckdb_close(&d->db);
    vrk_arena_free(&mem);
}

static void add_list(vrk_str *sql, const char *setting, const char *const *item, int64_t n)
{
    vrk_str_addf(sql, "SET %s = [", setting);
    for (int64_t i = 0; i < n; i++) {
        vrk_str_add(sql, i ? ", " : "");
        vrk_str_add(sql, vrk_sql_quote(sql->mem, item[i]));
    }
    vrk_str_add(sql, "];\n");
}

vrk_status vrk_duck_lock(vrk_ctx *ctx, vrk_duck *d, const char *const *folders, int64_t n_folders,
                         const char *const *paths, int64_t n_paths)
{
    vrk_status st = VRK_OK;
    vrk_mark mark = vrk_mark_of(&ctx->scratch);
    vrk_str sql = {.mem = &ctx->scratch};
    add_list(&sql, "allowed_directories", folders, n_folders);
    add_list(&sql, "allowed_paths", paths, n_paths);
    vrk_str_add(&sql, "SET enable_external_access = false; SET lock_configuration = true");
    if (ctx->scratch.failed)
        FAIL(VRK_EMEMORY, "out of memory");
    TRY(vrk_duck_run(ctx, d, "opening", vrk_str_of(&sql), NULL, 0, NULL));
done:
    vrk_rewind(&ctx->scratch, mark);
    return st;
}

static duckdb_state bind_value(duckdb_prepared_statement p, idx_t at, const vrk_value *v)
{
    if (v->null)
        return duckdb_bind_null(p, at);
    switch (v->type) {
    case VRK_DOUBLE:
        return duckdb_bind_double(p, at, v->d);
    case VRK_TEXT:
        return duckdb_bind_varchar(p, at, v->s);
    case VRK_DAY:
        return duckdb_bind_date(p, at, (duckdb_date){.days = (int32_t)v->i});
    case VRK_TIME:
        return duckdb_bind_timestamp(p, at, (duckdb_timestamp){.micros = v->i});
    case VRK_INT:
        break;
    }
    return duckdb_bind_int64(p, at, v->i);
}

static int64_t milliseconds(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

/* Works on the statement's tasks beside DuckDB's own threads, and ticks in between. */
static vrk_status run_pending(vrk_ctx *ctx, vrk_duck *d, const char *what,
                              duckdb_pending_result pending)
{
    vrk_status stopped = VRK_OK;
    int64_t ticked = milliseconds();
    for (;;) {
        duckdb_pending_state state = duckdb_pending_execute_task(pending);
        if (duckdb_pending_execution_is_finished(state))
            return stopped ? stopped
                   : state == DUCKDB_PENDING_ERROR
                       ? refuse(ctx, what, duckdb_pending_error(pending))
                       : VRK_OK;
        if (state == DUCKDB_PENDING_NO_TASKS_AVAILABLE)
            nanosleep(&(struct timespec){.tv_nsec = 1000000}, NULL);
        if (stopped || milliseconds() - ticked < 20)
            continue;
        ticked = milliseconds();
        double percent = duckdb_query_progress(d->con).percentage;
        stopped = vrk_tick(ctx, what, percent > 0 ? (int64_t)percent : 0, 100);
        if (stopped)
            duckdb_interrupt(d->con); /* and on to its end: a plan left halfway is never freed */
    }
}

typedef struct {
    duckdb_result *result;
    duckdb_data_chunk *chunk; /* [n] */
    int64_t n, room, rows;
} chunks;

static vrk_status fetch_chunks(vrk_ctx *ctx, chunks *c)
{
    duckdb_data_chunk chunk;
    while ((chunk = duckdb_fetch_chunk(*c->result))) {
        if (c->n == c->room) {
            int64_t room = c->room ? 2 * c->room : 64;
            duckdb_data_chunk *more = VRK_NEW(&ctx->scratch, room, duckdb_data_chunk);
            if (!more) {
                duckdb_destroy_data_chunk(&chunk);
                return vrk_fail(ctx, VRK_EMEMORY, "out of memory for the rows of a statement");
            }
            if (c->n)
                memcpy(more, c->chunk, (size_t)c->n * sizeof(*more));
            c->chunk = more;
            c->room = room;
        }
        c->chunk[c->n++] = chunk;
        c->rows += (int64_t)duckdb_data_chunk_get_size(chunk);
    }
    const char *words = duckdb_result_error(c->result);
    return words ? refuse(ctx, "reading rows", words) : VRK_OK;
}

static bool frame_type(duckdb_type type, vrk_type *out)
{
    switch (type) {
    case DUCKDB_TYPE_BOOLEAN:
    case DUCKDB_TYPE_TINYINT:
    case DUCKDB_TYPE_SMALLINT:
    case DUCKDB_TYPE_INTEGER:
    case DUCKDB_TYPE_BIGINT:
    case DUCKDB_TYPE_UTINYINT:
    case DUCKDB_TYPE_USMALLINT:
    case DUCKDB_TYPE_UINTEGER:
    case DUCKDB_TYPE_UBIGINT:
    case DUCKDB_TYPE_HUGEINT:
        *out = VRK_INT;
        return true;
    case DUCKDB_TYPE_FLOAT:
    case DUCKDB_TYPE_DOUBLE:
        *out = VRK_DOUBLE;
        return true;
    case DUCKDB_TYPE_VARCHAR:
        *out = VRK_TEXT;
        return true;
    case DUCKDB_TYPE_DATE:
        *out = VRK_DAY;
        return true;
    case DUCKDB_TYPE_TIMESTAMP:
        *out = VRK_TIME;
        return true;
    default:
        return false;
    }
}

/* sum(bigint) is a hugeint: all we add up fits in 63 bits, and it is an error where not. */
static bool huge_fits(duckdb_hugeint h, int64_t *out)
{
    *out = (int64_t)h.lower;
    return h.upper == (*out < 0 ? -1 : 0);
}

static bool copy_int(duckdb_type type, const void *data, idx_t i, int64_t *out)
{
    switch (type) {
    case DUCKDB_TYPE_BOOLEAN:
        *out = ((const bool *)data)[i];
        return true;
    case DUCKDB_TYPE_TINYINT:
        *out = ((const int8_t *)data)[i];
        return true;
    case DUCKDB_TYPE_SMALLINT:
        *out = ((const int16_t *)data)[i];
        return true;
    case DUCKDB_TYPE_INTEGER:
    case DUCKDB_TYPE_DATE:
        *out = ((const int32_t *)data)[i];
        return true;
    case DUCKDB_TYPE_UTINYINT:
        *out = ((const uint8_t *)data)[i];
        return true;
    case DUCKDB_TYPE_USMALLINT:
        *out = ((const uint16_t *)data)[i];
        return true;
    case DUCKDB_TYPE_UINTEGER:
        *out = ((const uint32_t *)data)[i];
        return true;
    case DUCKDB_TYPE_HUGEINT:
        return huge_fits(((const duckdb_hugeint *)data)[i], out);
    default: /* BIGINT, TIMESTAMP, UBIGINT */
        *out = ((const int64_t *)data)[i];
        return type != DUCKDB_TYPE_UBIGINT || *out >= 0;
    }
}

static const char *copy_text(vrk_frame *f, const duckdb_string_t *text)
{
    duckdb_string_t t = *text;
    const char *copy =
        vrk_text_copy_n(&f->mem, duckdb_string_t_data(&t), duckdb_string_t_length(t));
    return copy ? copy : "";
}

static vrk_status copy_vector(vrk_ctx *ctx, vrk_frame *f, vrk_column *c, duckdb_type type,
                              duckdb_vector v, int64_t from, idx_t n)
{
    uint64_t *valid = duckdb_vector_get_validity(v);
    const void *data = duckdb_vector_get_data(v);
    for (idx_t i = 0; i < n; i++) {
        int64_t row = from + (int64_t)i;
        if (valid && !duckdb_validity_row_is_valid(valid, i))
            continue;
        c->null[row] = 0;
        if (c->s)
            c->s[row] = copy_text(f, (const duckdb_string_t *)data + i);
        else if (c->d)
            c->d[row] = type == DUCKDB_TYPE_FLOAT ? (double)((const float *)data)[i]
                                                  : ((const double *)data)[i];
        else if (!copy_int(type, data, i, &c->i[row]))
            return vrk_fail(ctx, VRK_ENUMERIC, "column %s: a number over 63 bits", c->name);
    }
    return f->mem.failed ? vrk_fail(ctx, VRK_EMEMORY, "out of memory for the rows of a statement")
                         : VRK_OK;
}

static vrk_status fill_frame(vrk_ctx *ctx, const chunks *c, vrk_frame *out)
{
    vrk_status st = VRK_OK;
    int64_t columns = (int64_t)duckdb_column_count(c->result), row = 0;
    const char **names = VRK_NEW(&ctx->scratch, columns, const char *);
    vrk_type *types = VRK_NEW(&ctx->scratch, columns, vrk_type);

    if (ctx->scratch.failed)
        FAIL(VRK_EMEMORY, "out of memory");
    for (int64_t k = 0; k < columns; k++) {
        names[k] = duckdb_column_name(c->result, (idx_t)k);
        if (!frame_type(duckdb_column_type(c->result, (idx_t)k), &types[k]))
            FAIL(VRK_EDB, "column %s has a type that is not read (number %d)", names[k],
                 (int)duckdb_column_type(c->result, (idx_t)k));
    }
    TRY(vrk_frame_init(ctx, names, types, columns, c->rows, out));
    for (int64_t j = 0; j < c->n; j++) {
        idx_t n = duckdb_data_chunk_get_size(c->chunk[j]);
        for (int64_t k = 0; k < columns; k++)
            TRY(copy_vector(ctx, out, &out->column[k], duckdb_column_type(c->result, (idx_t)k),
                            duckdb_data_chunk_get_vector(c->chunk[j], (idx_t)k), row, n));
        row += (int64_t)n;
    }
done:
    return st;
}

static vrk_status run_one(vrk_ctx *ctx, vrk_duck *d, const char *what, duckdb_prepared_statement p,
                          vrk_frame *out)
{
    vrk_status st = VRK_OK;
    duckdb_pending_result pending = NULL;
    duckdb_result result = {0};
    chunks c = {.result = &result};

    if (duckdb_pending_prepared(p, &pending) != DuckDBSuccess) {
        st = refuse(ctx, what, duckdb_pending_error(pending));
        goto done;
    }
    TRY(run_pending(ctx, d, what, pending));
    if (duckdb_execute_pending(pending, &result) != DuckDBSuccess) {
        st = refuse(ctx, what, duckdb_result_error(&result));
        goto done;
    }
    if (out) {
        TRY(fetch_chunks(ctx, &c));
        TRY(fill_frame(ctx, &c, out));
    }
done:
    for (int64_t j = 0; j < c.n; j++)
        duckdb_destroy_data_chunk(&c.chunk[j]);
    duckdb_destroy_result(&result);
    duckdb_destroy_pending(&pending);
    return st;
}

vrk_status vrk_duck_run(vrk_ctx *ctx, vrk_duck *d, const char *what, const char *sql,
                        const vrk_value *bind, int64_t n, vrk_frame *out)
{
    vrk_status st = VRK_OK;
    vrk_mark mark = vrk_mark_of(&ctx->scratch);
    duckdb_extracted_statements parts = NULL;
    duckdb_prepared_statement p = NULL;

    if (out)
        *out = (vrk_frame){0};
    idx_t count = duckdb_extract_statements(d->con, sql, &parts);
    if (count == 0) {
        st = refuse(ctx, what, duckdb_extract_statements_error(parts));
        goto done;
    }
    for (idx_t k = 0; k < count; k++) {
        if (duckdb_prepare_extracted_statement(d->con, parts, k, &p) != DuckDBSuccess) {
            st = refuse(ctx, what, duckdb_prepare_error(p));
            goto done;
        }
        idx_t wanted = duckdb_nparams(p);
        for (idx_t i = 1; i <= wanted; i++) {
            if ((int64_t)i > n || bind_value(p, i, &bind[i - 1]) != DuckDBSuccess)
                FAIL(VRK_EDB, "%s: parameter %d has no value", what, (int)i);
        }
        TRY(run_one(ctx, d, what, p, k + 1 == count ? out : NULL));
        duckdb_destroy_prepare(&p);
    }
done:
    duckdb_destroy_prepare(&p);
    duckdb_destroy_extracted(&parts);
    vrk_rewind(&ctx->scratch, mark);
    if (st != VRK_OK && out)
        vrk_frame_free(out);
    return st;
}

/* The values of some rows, column by column. */
static void show_chunk(duckdb_data_chunk chunk, vrk_duck_see see, void *arg)
{
    idx_t n = duckdb_data_chunk_get_size(chunk);
    for (idx_t k = 0; k < duckdb_data_chunk_get_column_count(chunk); k++) {
        duckdb_vector v = duckdb_data_chunk_get_vector(chunk, k);
        uint64_t *valid = duckdb_vector_get_validity(v);
        duckdb_string_t *text = duckdb_vector_get_data(v);
        for (idx_t i = 0; i < n; i++) {
            bool known = !valid || duckdb_validity_row_is_valid(valid, i);
            see(arg, (int64_t)k, known ? duckdb_string_t_data(&text[i]) : NULL,
                known ? duckdb_string_t_length(text[i]) : 0);
        }
    }
}

vrk_status vrk_duck_each(vrk_ctx *ctx, vrk_duck *d, const char *what, const char *sql,
                         vrk_duck_see see, void *arg)
{
    vrk_status st = VRK_OK;
    duckdb_prepared_statement p = NULL;
    duckdb_pending_result pending = NULL;
    duckdb_result result = {0};
    duckdb_data_chunk chunk;

    if (duckdb_prepare(d->con, sql, &p) != DuckDBSuccess)
        st = refuse(ctx, what, duckdb_prepare_error(p));
    else if (duckdb_pending_prepared_streaming(p, &pending) != DuckDBSuccess)
        st = refuse(ctx, what, duckdb_pending_error(pending));
    TRY(st);
    TRY(run_pending(ctx, d, what, pending)); /* until the first rows are there */
    if (duckdb_execute_pending(pending, &result) != DuckDBSuccess)
        st = refuse(ctx, what, duckdb_result_error(&result));
    for (int64_t rows = 0; st == VRK_OK && (chunk = duckdb_fetch_chunk(result));) {
        show_chunk(chunk, see, arg);
        rows += (int64_t)duckdb_data_chunk_get_size(chunk);
        duckdb_destroy_data_chunk(&chunk);
        st = rows % 65536 < 2048 ? vrk_tick(ctx, what, 0, 100) : VRK_OK;
    }
    if (st == VRK_OK && duckdb_result_error(&result))
        st = refuse(ctx, what, duckdb_result_error(&result));
done:
    duckdb_destroy_result(&result);
    duckdb_destroy_pending(&pending);
    duckdb_destroy_prepare(&p);
    return st;
}

static duckdb_state append_value(duckdb_appender a, const vrk_column *c, int64_t row)
{
    if (c->null[row])
        return duckdb_append_null(a);
    switch (c->type) {
    case VRK_DOUBLE:
        return duckdb_append_double(a, c->d[row]);
    case VRK_TEXT:
        return duckdb_append_varchar(a, c->s[row]);
    case VRK_DAY:
        return duckdb_append_date(a, (duckdb_date){.days = (int32_t)c->i[row]});
    case VRK_TIME:
        return duckdb_append_timestamp(a, (duckdb_timestamp){.micros = c->i[row]});
    case VRK_INT:
        break;
    }
    return duckdb_append_int64(a, c->i[row]);
}

static vrk_status append_rows(vrk_ctx *ctx, vrk_duck *d, const char *name, const vrk_frame *rows)
{
    vrk_status st = VRK_OK;
    duckdb_appender a = NULL;
    duckdb_state state = duckdb_appender_create(d->con, NULL, name, &a);

    for (int64_t row = 0; row < rows->rows && state == DuckDBSuccess; row++) {
        for (int64_t k = 0; k < rows->columns && state == DuckDBSuccess; k++)
            state = append_value(a, &rows->column[k], row);
        if (state == DuckDBSuccess)
            state = duckdb_appender_end_row(a);
    }
    if (state != DuckDBSuccess || duckdb_appender_close(a) != DuckDBSuccess)
        st = refuse(ctx, name, duckdb_appender_error(a));
    duckdb_appender_destroy(&a);
    return st;
}

vrk_status vrk_duck_put(vrk_ctx *ctx, vrk_duck *d, const char *name, const vrk_frame *rows)
{
    static const char *const type[] = {[VRK_INT] = "bigint",
                                       [VRK_DOUBLE] = "double",
                                       [VRK_TEXT] = "varchar",
                                       [VRK_DAY] = "date",
                                       [VRK_TIME] = "timestamp"};
    vrk_status st = VRK_OK;
    vrk_mark mark = vrk_mark_of(&ctx->scratch);
    vrk_str sql = {.mem = &ctx->scratch};

    vrk_str_addf(&sql, "CREATE OR REPLACE TABLE %s (", vrk_sql_name(&ctx->scratch, name));
    for (int64_t k = 0; k < rows->columns && !ctx->scratch.failed; k++)
        vrk_str_addf(&sql, "%s%s %s", k ? ", " : "",
                     vrk_sql_name(&ctx->scratch, rows->column[k].name), type[rows->column[k].type]);
    vrk_str_add(&sql, ")");
    if (ctx->scratch.failed)
        FAIL(VRK_EMEMORY, "out of memory");
    TRY(vrk_duck_run(ctx, d, name, vrk_str_of(&sql), NULL, 0, NULL));
    TRY(append_rows(ctx, d, name, rows));
done:
    vrk_rewind(&ctx->scratch, mark);
    return st;
}

/* A function's call over one chunk: rows with an unknown argument stay unknown. */
typedef struct {
    const vrk_duck_fn *fn;
    duckdb_vector out;
    uint64_t *valid; /* of out */
    duckdb_string_t *text[VRK_DUCK_ARGS];
    uint64_t *known[VRK_DUCK_ARGS];
} calling;

static void call_row(const calling *c, idx_t row)
{
    const char *text[VRK_DUCK_ARGS];
    size_t n[VRK_DUCK_ARGS];
    char out[VRK_DUCK_OUT];
    int64_t whole = 0;
    bool known = true;
    for (int k = 0; k < c->fn->args && known; k++) {
        known = !c->known[k] || duckdb_validity_row_is_valid(c->known[k], row);
        text[k] = known ? duckdb_string_t_data(&c->text[k][row]) : NULL;
        n[k] = known ? duckdb_string_t_length(c->text[k][row]) : 0;
    }
    if (known && c->fn->whole)
        known = c->fn->whole(c->fn->arg, text, n, &whole);
    else if (known)
        known = c->fn->text(text, n, out);
    if (!known)
        duckdb_validity_set_row_invalid(c->valid, row);
    else if (c->fn->whole)
        ((int64_t *)duckdb_vector_get_data(c->out))[row] = whole;
    else
        duckdb_vector_assign_string_element(c->out, row, out);
}

static void call_chunk(duckdb_function_info info, duckdb_data_chunk in, duckdb_vector out)
{
    calling c = {.fn = duckdb_scalar_function_get_extra_info(info), .out = out};
    duckdb_vector_ensure_validity_writable(out);
    c.valid = duckdb_vector_get_validity(out);
    for (int k = 0; k < c.fn->args; k++) {
        duckdb_vector v = duckdb_data_chunk_get_vector(in, (idx_t)k);
        c.text[k] = duckdb_vector_get_data(v);
        c.known[k] = duckdb_vector_get_validity(v);
    }
    for (idx_t row = 0; row < duckdb_data_chunk_get_size(in); row++)
        call_row(&c, row);
}

vrk_status vrk_duck_function(vrk_ctx *ctx, vrk_duck *d, const vrk_duck_fn *fn)
{
    vrk_status st = VRK_OK;
    union { /* the library takes it without const, and only hands it back */
        const vrk_duck_fn *given;
        void *taken;
    } extra = {.given = fn};
    duckdb_scalar_function f = duckdb_create_scalar_function();
    duckdb_logical_type text = duckdb_create_logical_type(DUCKDB_TYPE_VARCHAR),
                        whole = duckdb_create_logical_type(DUCKDB_TYPE_BIGINT);

    duckdb_scalar_function_set_name(f, fn->name);
    for (int k = 0; k < fn->args; k++)
        duckdb_scalar_function_add_parameter(f, text);
    duckdb_scalar_function_set_return_type(f, fn->whole ? whole : text);
    duckdb_scalar_function_set_extra_info(f, extra.taken, NULL);
    duckdb_scalar_function_set_function(f, call_chunk);
    if (duckdb_register_scalar_function(d->con, f) != DuckDBSuccess)
        FAIL(VRK_EDB, "DuckDB does not take the function %s", fn->name);
done:
    duckdb_destroy_logical_type(&text);
    duckdb_destroy_logical_type(&whole);
    duckdb_destroy_scalar_function(&f);
    return st;
}
