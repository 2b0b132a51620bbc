/* Facts in PostgreSQL. What is made and put are temporary tables of the connection, so that readers
 * neither see nor disturb each other. */
#include "base/date.h"
#include "base/str.h"
#include "store/duck.h"
#include "store/engine.h"

#include <libpq-fe.h>

#include <errno.h>
#include <inttypes.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Object ids of types, fixed for all time (pg_type.dat). */
enum {
    BOOL = 16,
    NAME = 19,
    INT8 = 20,
    INT2 = 21,
    INT4 = 23,
    TEXT = 25,
    FLOAT4 = 700,
    FLOAT8 = 701,
    BPCHAR = 1042,
    VARCHAR = 1043,
    DATE = 1082,
    TIMESTAMP = 1114,
    NUMERIC = 1700
};

enum { WAIT_MS = 20 };

typedef struct {
    vrk_facts face;
    PGconn *con;
    vrk_arena mem; /* holds this struct */
} pg_facts;

static PGconn *con_of(vrk_facts *f)
{
    return ((pg_facts *)f)->con;
}

/* Database words on one line: they end up in a one-line message. */
static vrk_status refuse(vrk_ctx *ctx, const char *what, const char *words)
{
    vrk_status st = vrk_fail(ctx, VRK_EDB, "%s: %s", what,
                             words && *words ? words : vrk_said(ctx, VRK_N("no reason given")));
    size_t n = strlen(ctx->message);
    while (n && ctx->message[n - 1] == '\n')
        ctx->message[--n] = 0;
    for (char *p = ctx->message; *p; p++)
        *p = *p == '\n' || *p == '\r' ? ' ' : *p;
    return st;
}

static void cancel(PGconn *con)
{
    char words[256];
    PGcancel *c = PQgetCancel(con);
    if (c)
        PQcancel(c, words, (int)sizeof(words));
    PQfreeCancel(c);
    for (PGresult *r; (r = PQgetResult(con));)
        PQclear(r);
}

/* Waits for the next result of what was sent, ticking; NULL after the last. */
static vrk_status next_result(vrk_ctx *ctx, PGconn *con, const char *what, PGresult **out)
{
    vrk_status st = VRK_OK;
    *out = NULL;
    while (PQisBusy(con)) {
        struct pollfd p = {.fd = PQsocket(con), .events = POLLIN};
        if (poll(&p, 1, WAIT_MS) < 0 && errno != EINTR)
            return vrk_fail(ctx, VRK_EIO, "waiting for PostgreSQL: %s",
                            vrk_said(ctx, strerror(errno)));
        if ((st = vrk_tick(ctx, what, 0, 0)) != VRK_OK) {
            cancel(con);
            return st;
        }
        if (!PQconsumeInput(con))
            return refuse(ctx, what, PQerrorMessage(con));
    }
    *out = PQgetResult(con);
    return VRK_OK;
}

/* The last result of the statements sent, or the first failure. */
static vrk_status collect(vrk_ctx *ctx, PGconn *con, const char *what, PGresult **out)
{
    vrk_status st = VRK_OK;
    PGresult *last = NULL, *r;
    for (;;) {
        vrk_status now = next_result(ctx, con, what, &r);
        if (now != VRK_OK) {
            st = now;
            break;
        }
        if (!r)
            break;
        PQclear(last);
        last = r;
        ExecStatusType s = PQresultStatus(r);
        if (st == VRK_OK && s != PGRES_COMMAND_OK && s != PGRES_TUPLES_OK && s != PGRES_COPY_IN)
            st = refuse(ctx, what, PQresultErrorMessage(r));
        if (s == PGRES_COPY_IN)
            break; /* rows are to come first */
    }
    if (st != VRK_OK) {
        PQclear(last);
        last = NULL;
    }
    *out = last;
    return st;
}

static vrk_status run(vrk_ctx *ctx, PGconn *con, const char *what, const char *sql)
{
    PGresult *r;
    if (!PQsendQuery(con, sql))
        return refuse(ctx, what, PQerrorMessage(con));
    vrk_status st = collect(ctx, con, what, &r);
    PQclear(r);
    return st;
}

static bool frame_type(Oid oid, vrk_type *out)
{
    switch (oid) {
    case BOOL:
    case INT2:
    case INT4:
    case INT8:
    case NUMERIC: /* sum(bigint): we add whole numbers only */
        *out = VRK_INT;
        return true;
    case FLOAT4:
    case FLOAT8:
        *out = VRK_DOUBLE;
        return true;
    case TEXT:
    case VARCHAR:
    case BPCHAR:
    case NAME:
        *out = VRK_TEXT;
        return true;
    case DATE:
        *out = VRK_DAY;
        return true;
    case TIMESTAMP:
        *out = VRK_TIME;
        return true;
    default:
        return false;
    }
}

/* "2026-11-24 10:00:00.25" */
static bool read_time(const char *text, int64_t *out)
{
    char day[11] = "";
    int h, m, s, used = 0;
    int64_t d, micro = 0;
    if (strlen(text) < 19)
        return false;
    memcpy(day, text, 10);
    if (!vrk_day_parse(day, &d) || sscanf(text + 10, " %2d:%2d:%2d%n", &h, &m, &s, &used) != 3)
        return false;
    const char *p = text + 10 + used;
    if (*p == '.') {
        int64_t unit = 100000;
        for (p++; *p >= '0' && *p <= '9' && unit; p++, unit /= 10)
            micro += (*p - '0') * unit;
    }
    *out = ((d * 24 + h) * 60 + m) * INT64_C(60000000) + s * INT64_C(1000000) + micro;
    return *p == 0;
}

static bool read_int(const char *text, int64_t *out)
{
    char *end;
    if (!strcmp(text, "t") || !strcmp(text, "f")) {
        *out = *text == 't';
        return true;
    }
    errno = 0;
    *out = strtoll(text, &end, 10);
    return errno == 0 && end != text && *end == 0;
}

static bool read_value(vrk_frame *f, int64_t k, int64_t row, const char *text)
{
    vrk_column *c = &f->column[k];
    int64_t v = 0;
    bool good = true;
    switch (c->type) {
    case VRK_TEXT:
        vrk_frame_set_text(f, k, row, text);
        return true;
    case VRK_DOUBLE:
        vrk_frame_set_double(f, k, row, strtod(text, NULL));
        return true;
    case VRK_DAY:
        good = vrk_day_parse(text, &v);
        break;
    case VRK_TIME:
        good = read_time(text, &v);
        break;
    case VRK_INT:
        good = read_int(text, &v);
        break;
    }
    if (good)
        vrk_frame_set_int(f, k, row, v);
    return good;
}

static vrk_status fill_frame(vrk_ctx *ctx, const PGresult *r, vrk_frame *out)
{
    vrk_status st = VRK_OK;
    vrk_mark mark = vrk_mark_of(&ctx->scratch);
    int columns = PQnfields(r), rows = PQntuples(r);
    const char **names = VRK_NEW(&ctx->scratch, columns, const char *);
    vrk_type *types = VRK_NEW(&ctx->scratch, columns, vrk_type);

    if (ctx->scratch.failed)
        FAIL(VRK_EMEMORY, "out of memory");
    for (int k = 0; k < columns; k++) {
        names[k] = PQfname(r, k);
        if (!frame_type(PQftype(r, k), &types[k]))
            FAIL(VRK_EDB, "column %s has a type that is not read (object id %u)", names[k],
                 PQftype(r, k));
    }
    TRY(vrk_frame_init(ctx, names, types, columns, rows, out));
    for (int i = 0; i < rows; i++) {
        for (int k = 0; k < columns; k++) {
            if (!PQgetisnull(r, i, k) && !read_value(out, k, i, PQgetvalue(r, i, k)))
                FAIL(VRK_ENUMERIC,
                     "column %s: %s cannot be read (a whole number of 63 bits, or a "
                     "date, is expected)",
                     names[k], PQgetvalue(r, i, k));
        }
    }
    if (out->mem.failed)
        FAIL(VRK_EMEMORY, "out of memory for the rows of a statement");
done:
    vrk_rewind(&ctx->scratch, mark);
    if (st != VRK_OK)
        vrk_frame_free(out);
    return st;
}

/* A value as PostgreSQL reads it; NULL where it is null or memory ran out. */
static const char *value_text(vrk_arena *mem, vrk_type type, int64_t i, double d, const char *s)
{
    char day[11];
    int64_t second = 1000000, in_day = INT64_C(86400) * second, at = (i % in_day + in_day) % in_day;
    switch (type) {
    case VRK_TEXT:
        return s;
    case VRK_DOUBLE:
        return vrk_text_f(mem, "%.17g", d);
    case VRK_DAY:
        vrk_day_text(i, day);
        return vrk_text_copy(mem, day);
    case VRK_TIME:
        vrk_day_text((i - at) / in_day, day);
        return vrk_text_f(mem, "%s %02d:%02d:%02d.%06d", day, (int)(at / (3600 * second)),
                          (int)(at / (60 * second) % 60), (int)(at / second % 60),
                          (int)(at % second));
    case VRK_INT:
        break;
    }
    return vrk_text_f(mem, "%" PRId64, i);
}

static vrk_status query(vrk_ctx *ctx, vrk_facts *f, const char *sql, const vrk_value *bind,
                        int64_t n, vrk_frame *out)
{
    static const Oid oid[] = {[VRK_INT] = INT8,
                              [VRK_DOUBLE] = FLOAT8,
                              [VRK_TEXT] = TEXT,
                              [VRK_DAY] = DATE,
                              [VRK_TIME] = TIMESTAMP};
    vrk_status st = VRK_OK;
    vrk_mark mark = vrk_mark_of(&ctx->scratch);
    PGresult *r = NULL;
    Oid *type = VRK_NEW(&ctx->scratch, n, Oid);
    const char **text = VRK_NEW(&ctx->scratch, n, const char *);

    if (out)
        *out = (vrk_frame){0};
    for (int64_t i = 0; i < n && !ctx->scratch.failed; i++) {
        type[i] = oid[bind[i].type];
        text[i] = bind[i].null
                      ? NULL
                      : value_text(&ctx->scratch, bind[i].type, bind[i].i, bind[i].d, bind[i].s);
    }
    if (ctx->scratch.failed)
        FAIL(VRK_EMEMORY, "out of memory");
    /* without values several statements may stand in one text, as in DuckDB */
    if (n ? !PQsendQueryParams(con_of(f), sql, (int)n, type, text, NULL, NULL, 0)
          : !PQsendQuery(con_of(f), sql)) {
        st = refuse(ctx, "query", PQerrorMessage(con_of(f)));
        goto done;
    }
    TRY(collect(ctx, con_of(f), "query", &r));
    if (out && r)
        TRY(fill_frame(ctx, r, out));
done:
    PQclear(r);
    vrk_rewind(&ctx->scratch, mark);
    return st;
}

static vrk_status make(vrk_ctx *ctx, vrk_facts *f, const char *name, const char *select)
{
    vrk_status st = VRK_OK;
    vrk_mark mark = vrk_mark_of(&ctx->scratch);
    char *sql = vrk_text_f(&ctx->scratch,
                           "DROP TABLE IF EXISTS pg_temp.%s; CREATE TEMPORARY TABLE %s AS\n%s",
                           name, name, select);
    char *analyze = vrk_text_f(&ctx->scratch, "ANALYZE pg_temp.%s", name);
    if (ctx->scratch.failed)
        FAIL(VRK_EMEMORY, "out of memory");
    TRY(run(ctx, con_of(f), name, sql));
    TRY(run(ctx, con_of(f), name, analyze)); /* temporary tables are never analysed by themselves */
done:
    vrk_rewind(&ctx->scratch, mark);
    return st;
}

/* One row in COPY's text format. */
static void copy_line(vrk_str *line, const vrk_frame *rows, int64_t row)
{
    for (int64_t k = 0; k < rows->columns; k++) {
        const vrk_column *c = &rows->column[k];
        vrk_str_add(line, k ? "\t" : "");
        if (c->null[row]) {
            vrk_str_add(line, "\\N");
            continue;
        }
        const char *text = value_text(line->mem, c->type, c->i ? c->i[row] : 0,
                                      c->d ? c->d[row] : 0, c->s ? c->s[row] : NULL);
        for (const char *p = text ? text : ""; *p; p++) {
            const char *escaped = *p == '\\'   ? "\\\\"
                                  : *p == '\t' ? "\\t"
                                  : *p == '\n' ? "\\n"
                                  : *p == '\r' ? "\\r"
                                               : NULL;
            if (escaped)
                vrk_str_add(line, escaped);
            else
                vrk_str_add_n(line, p, 1);
        }
    }
    vrk_str_add(line, "\n");
}

static vrk_status copy_rows(vrk_ctx *ctx, PGconn *con, const char *name, const vrk_frame *rows)
{
    vrk_status st = VRK_OK;
    PGresult *r;
    for (int64_t row = 0; row < rows->rows; row++) {
        vrk_mark mark = vrk_mark_of(&ctx->scratch);
        vrk_str line = {.mem = &ctx->scratch};
        copy_line(&line, rows, row);
        int sent = ctx->scratch.failed ? 1 : PQputCopyData(con, vrk_str_of(&line), (int)line.n);
        bool failed = ctx->scratch.failed;
        vrk_rewind(&ctx->scratch, mark);
        if (failed) {
            st = vrk_fail(ctx, VRK_EMEMORY, "out of memory");
            break;
        }
        if (sent != 1) {
            st = refuse(ctx, name, PQerrorMessage(con));
            break;
        }
    }
    PQputCopyEnd(con, st == VRK_OK ? NULL : "given up");
    vrk_status end = collect(ctx, con, name, &r);
    PQclear(r);
    return st != VRK_OK ? st : end;
}

static vrk_status put(vrk_ctx *ctx, vrk_facts *f, const char *name, const vrk_frame *rows)
{
    static const char *const type[] = {[VRK_INT] = "bigint",
                                       [VRK_DOUBLE] = "double precision",
                                       [VRK_TEXT] = "varchar",
                                       [VRK_DAY] = "date",
                                       [VRK_TIME] = "timestamp"};
    vrk_status st = VRK_OK;
    vrk_mark mark = vrk_mark_of(&ctx->scratch);
    vrk_str sql = {.mem = &ctx->scratch};
    const char *quoted = vrk_sql_name(&ctx->scratch, name);

    vrk_str_addf(&sql, "DROP TABLE IF EXISTS pg_temp.%s; CREATE TEMPORARY TABLE %s (", quoted,
                 quoted);
    for (int64_t k = 0; k < rows->columns && !ctx->scratch.failed; k++)
        vrk_str_addf(&sql, "%s%s %s", k ? ", " : "",
                     vrk_sql_name(&ctx->scratch, rows->column[k].name), type[rows->column[k].type]);
    vrk_str_addf(&sql, "); COPY pg_temp.%s FROM STDIN", quoted);
    if (ctx->scratch.failed)
        FAIL(VRK_EMEMORY, "out of memory");
    TRY(run(ctx, con_of(f), name, vrk_str_of(&sql)));
    TRY(copy_rows(ctx, con_of(f), name, rows));
done:
    vrk_rewind(&ctx->scratch, mark);
    return st;
}

static void close_facts(vrk_facts *f)
{
    pg_facts *p = (pg_facts *)f;
    vrk_arena mem = p->mem;
    PQfinish(p->con);
    vrk_arena_free(&mem);
}

static const vrk_engine engine = {make, put, query, close_facts};

/* Reads and writes in the forms that this file parses. */
static vrk_status set_up(vrk_ctx *ctx, PGconn *con, const char *schema)
{
    vrk_status st = VRK_OK;
    vrk_mark mark = vrk_mark_of(&ctx->scratch);
    char *sql =
        vrk_text_f(&ctx->scratch,
                   "SET search_path TO %s; SET client_encoding TO 'UTF8'; SET datestyle TO "
                   "'ISO, YMD'; SET extra_float_digits TO 1; SET client_min_messages TO warning",
                   vrk_sql_name(&ctx->scratch, schema));
    if (ctx->scratch.failed)
        FAIL(VRK_EMEMORY, "out of memory");
    TRY(run(ctx, con, "opening", sql));
done:
    vrk_rewind(&ctx->scratch, mark);
    return st;
}

vrk_status vrk_facts_open_postgres(vrk_ctx *ctx, const char *conninfo, const char *schema,
                                   vrk_facts **out)
{
    vrk_status st = VRK_OK;
    vrk_arena mem = {0};

    *out = NULL;
    pg_facts *f = VRK_NEW(&mem, 1, pg_facts);
    if (!f)
        FAIL(VRK_EMEMORY, "out of memory");
    f->face.engine = &engine;
    f->con = PQconnectdb(conninfo);
    if (PQstatus(f->con) != CONNECTION_OK) {
        st = refuse(ctx, "could not connect to PostgreSQL", f->con ? PQerrorMessage(f->con) : NULL);
        goto done;
    }
    TRY(set_up(ctx, f->con, schema));
    if (pthread_mutex_init(&f->face.lock, NULL))
        FAIL(VRK_EMEMORY, "could not make a lock");
    f->mem = mem;
    *out = &f->face;
done:
    if (st != VRK_OK) {
        if (f)
            PQfinish(f->con);
        vrk_arena_free(&mem);
    }
    return st;
}
