#include "ingest/import_sql.h"

#include "store/duck.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

static bool is_among(const char *const *names, int64_t n, const char *name)
{
    for (int64_t i = 0; i < n; i++) {
        if (!strcasecmp(names[i], name))
            return true;
    }
    return false;
}

static int by_name(const void *a, const void *b)
{
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

/* Unknown columns as one JSON object, those without a value left out; by name, so that the order of
 * a file's columns is nothing that changes. */
static void add_attributes(vrk_str *sql, const vrk_table *t, const char *const *names, int64_t n,
                           bool trimmed)
{
    int64_t unknown = 0;
    for (int64_t i = 0; i < n; i++)
        unknown += !vrk_col_of(t, names[i]) && strcmp(names[i], "_line") != 0;
    if (unknown == 0) {
        vrk_str_add(sql, ", NULL::varchar AS attributes");
        return;
    }
    const char **sorted = VRK_NEW(sql->mem, n, const char *);
    if (!sorted)
        return; /* sql->mem remembers */
    for (int64_t i = 0; i < n; i++)
        sorted[i] = names[i];
    qsort(sorted, (size_t)n, sizeof(*sorted), by_name);
    vrk_str_add(sql, ", '{' || nullif(concat_ws(','");
    for (int64_t i = 0; i < n && !sql->mem->failed; i++) {
        if (vrk_col_of(t, sorted[i]) || !strcmp(sorted[i], "_line"))
            continue;
        const char *name = vrk_sql_name(sql->mem, sorted[i]),
                   *text = vrk_sql_quote(sql->mem, sorted[i]),
                   *value = trimmed ? name : vrk_text_f(sql->mem, "nullif(trim(%s), '')", name);
        vrk_str_addf(sql,
                     ", coalesce(vrk_member(to_json(%s)::varchar, %s), to_json(%s)::varchar || ':' "
                     "|| to_json(%s)::varchar)",
                     text, value, text, value);
    }
    vrk_str_add(sql, "), '') || '}' AS attributes");
}

/* nullif(trim(x), ''), but for the rows where there is something to trim - or a letter that is not
 * ASCII, for there are other blanks than one - nothing is copied: nine times as fast. */
static void add_trimmed(vrk_str *sql, const char *name)
{
    vrk_str_addf(sql,
                 ", CASE WHEN prefix(\"%s\"::varchar, ' ') OR suffix(\"%s\"::varchar, ' ') OR "
                 "strlen(\"%s\"::varchar) <> length(\"%s\"::varchar) THEN "
                 "nullif(trim(\"%s\"::varchar), '') ELSE nullif(\"%s\"::varchar, '') END AS \"%s\"",
                 name, name, name, name, name, name, name);
}

void vrk_sql_raw(vrk_str *sql, const vrk_table *t, const vrk_source *source,
                 const vrk_sql_source *of, const char *const *names, int64_t n)
{
    vrk_str_addf(sql,
                 "SELECT %" PRId64 "::bigint AS _file, %s AS _row, %s::bigint AS _line, "
                 "make_timestamp(%" PRId64 ") AS _file_time",
                 of->number, of->unnumbered ? "NULL::bigint" : "row_number() OVER ()",
                 source->has_line ? "_line" : "NULL", of->file_time);
    for (const vrk_col *c = t->col; c->name; c++) {
        if (is_among(names, n, c->name) && source->trimmed)
            vrk_str_addf(sql, ", \"%s\"", c->name);
        else if (is_among(names, n, c->name))
            add_trimmed(sql, c->name);
        else
            vrk_str_addf(sql, ", NULL::varchar AS \"%s\"", c->name);
    }
    add_attributes(sql, t, names, n, source->trimmed);
    vrk_str_addf(sql, " FROM (%s)", source->select);
}

/* A time that carries a zone ends in Z, +02, +0200 or +02:00; reading it costs a hundred times more
 * than a plain one, so only those rows pay. 2026-11-24T10:00:00 is plain, 2026-11-24T10:00-05 not.
 */
static void add_time(vrk_str *sql, const char *x, const vrk_import_table *t)
{
    const char *slow = vrk_text_f(sql->mem, "timezone(%s, try_cast(%s AS timestamptz))",
                                  vrk_sql_quote(sql->mem, t->timezone), x);
    if (t->walls)
        slow = vrk_text_f(sql->mem, "coalesce(make_timestamp(vrk_wall(%s)), %s)", x, slow);
    vrk_str_addf(
        sql,
        "CASE WHEN strlen(%s) > 16 AND (contains(%s, '+') OR suffix(%s, 'Z') OR suffix(%s, 'z') OR "
        "CASE WHEN strlen(%s) = 19 THEN %s[17] = '-' ELSE %s[-3] = '-' OR %s[-5] = '-' OR %s[-6] = "
        "'-' END) THEN %s ELSE try_cast(%s AS timestamp) END",
        x, x, x, x, x, x, x, x, x, slow, x);
}

/* The words that stand for themselves: 'a', 'b' of " a b c=d *=e ". As a rule a value is one. */
static void add_own_words(vrk_str *sql, const char *words)
{
    const char *comma = "";
    for (const char *p = words + 1; *p; p += strcspn(p, " ") + 1) {
        if (*p == '*' || p[strcspn(p, "= ")] == '=')
            continue;
        vrk_str_addf(sql, "%s'%.*s'", comma, (int)strcspn(p, " "), p);
        comma = ", ";
    }
}

/* CASE over " a b c=d *=e ". */
static void add_word(vrk_str *sql, const char *x, const char *words)
{
    vrk_str_addf(sql, "CASE WHEN %s IN (", x);
    add_own_words(sql, words);
    vrk_str_addf(sql, ") THEN %s ELSE CASE lower(%s)", x, x);
    for (const char *p = words + 1; *p; p += strcspn(p, " ") + 1) {
        size_t n = strcspn(p, " "), key = strcspn(p, "= ");
        const char *to = key < n ? p + key + 1 : p;
        int width = (int)(key < n ? n - key - 1 : n);
        if (*p == '*')
            vrk_str_addf(sql, " ELSE CASE WHEN %s IS NOT NULL THEN '%.*s' END", x, width, to);
        else
            vrk_str_addf(sql, " WHEN '%.*s' THEN '%.*s'", (int)key, p, width, to);
    }
    vrk_str_add(sql, " END END");
}

static void add_typed(vrk_str *sql, const vrk_col *c, const vrk_import_table *t)
{
    const char *x = vrk_text_f(sql->mem, "w.\"%s\"", c->name);
    switch (c->kind) {
    case VRK_COL_DAY:
        vrk_str_addf(sql, "coalesce(try_cast(%s AS date), CAST(", x);
        add_time(sql, x, t);
        vrk_str_add(sql, " AS date))");
        break;
    case VRK_COL_TIME:
        add_time(sql, x, t);
        break;
    case VRK_COL_MONEY: /* read as 128 bits, a number takes three hundred times as long; 14 digits,
                           for the sum of a thousand such deals must be a number too */
        vrk_str_addf(sql,
                     "coalesce(try_cast(try_cast(%s AS decimal(15, 2)) * 100 AS bigint), "
                     "try_cast(round(try_cast(%s AS decimal(20, 6)) * 100) AS bigint))",
                     x, x);
        break;
    case VRK_COL_MINUTES: /* a fraction of a second is not kept, so a double is exact enough */
        vrk_str_addf(sql, "try_cast(round(try_cast(%s AS double) * 60) AS bigint)", x);
        break;
    case VRK_COL_WHOLE:
        vrk_str_addf(sql, "try_cast(%s AS bigint)", x);
        break;
    case VRK_COL_NUMBER:
        vrk_str_addf(sql,
                     "CASE WHEN isfinite(try_cast(%s AS double)) THEN try_cast(%s AS double) END",
                     x, x);
        break;
    case VRK_COL_FLAG:
        vrk_str_addf(
            sql,
            "CAST(CASE lower(%s) WHEN '0' THEN 0 WHEN 'false' THEN 0 WHEN 'no' THEN 0 WHEN "
            "'nej' THEN 0 WHEN '1' THEN 1 WHEN 'true' THEN 1 WHEN 'yes' THEN 1 WHEN 'ja' THEN 1 "
            "END AS smallint)",
            x);
        break;
    case VRK_COL_CURRENCY:
        vrk_str_addf(sql, "CASE WHEN regexp_full_match(upper(%s), '[A-Z]{3}') THEN upper(%s) END",
                     x, x);
        break;
    case VRK_COL_WORD:
        add_word(sql, x, c->words);
        break;
    case VRK_COL_PERSON:
    case VRK_COL_CONTACT:
        vrk_str_addf(sql, "\"i_%s\".key", c->name);
        break;
    case VRK_COL_TEXT:
    case VRK_COL_NAME:
    case VRK_COL_DROPPED:
        vrk_str_add(sql, x);
        break;
    }
}

static bool is_person(const vrk_col *c)
{
    return c->kind == VRK_COL_PERSON || c->kind == VRK_COL_CONTACT;
}

void vrk_sql_typed(vrk_str *sql, const vrk_import_table *t, const char *from)
{
    vrk_str_add(sql, "SELECT w.*");
    for (const vrk_col *c = t->table->col; c->name; c++) {
        if (!c->fact)
            continue;
        vrk_str_add(sql, ", ");
        add_typed(sql, c, t);
        vrk_str_addf(sql, " AS \"t_%s\"", c->fact);
    }
    vrk_str_addf(sql, " FROM %s AS w", from);
    for (const vrk_col *c = t->table->col; c->name; c++) {
        if (is_person(c))
            vrk_str_addf(sql,
                         " LEFT JOIN identity AS \"i_%s\" ON \"i_%s\".source_id = w.\"%s\" AND "
                         "\"i_%s\".space = '%s'",
                         c->name, c->name, c->name, c->name,
                         c->kind == VRK_COL_PERSON ? "person" : "contact");
    }
}

/* The words themselves for an IN list: 'a', 'b'. */
static void add_word_list(vrk_str *sql, const char *words)
{
    const char *comma = "";
    for (const char *p = words + 1; *p; p += strcspn(p, " ") + 1) {
        if (*p == '*')
            continue;
        vrk_str_addf(sql, "%s'%.*s'", comma, (int)strcspn(p, "= "), p);
        comma = ", ";
    }
}

/* SQL for the code of a value that could not be read. */
static const char *code_of(vrk_arena *mem, const vrk_col *c)
{
    switch (c->kind) {
    case VRK_COL_DAY:
    case VRK_COL_TIME:
        return vrk_text_f(mem, "vrk_why_date(\"%s\")", c->name);
    case VRK_COL_CURRENCY:
        return "'CCY_UNKNOWN'";
    case VRK_COL_WORD:
        return "'WORD_UNKNOWN'";
    case VRK_COL_FLAG:
        return "'FLAG_BAD'";
    default:
        return vrk_text_f(mem, "vrk_why_number(\"%s\")", c->name);
    }
}

static bool can_fail(vrk_col_kind kind)
{
    return kind != VRK_COL_TEXT && kind != VRK_COL_NAME && kind != VRK_COL_DROPPED &&
           kind != VRK_COL_PERSON && kind != VRK_COL_CONTACT;
}

static void add_bad_row(vrk_str *sql, const vrk_table *t)
{
    vrk_str_add(sql, "(false");
    for (const vrk_col *c = t->col; c->name; c++) {
        if (c->required)
            vrk_str_addf(sql, " OR \"t_%s\" IS NULL", c->fact);
    }
    vrk_str_add(sql, ")");
}

void vrk_sql_problems(vrk_str *sql, const vrk_table *t)
{
    for (const vrk_col *c = t->col; c->name; c++) {
        if (c->fact && can_fail(c->kind)) {
            vrk_str_addf(
                sql,
                "INSERT INTO problem SELECT _file, _row, _line, '%s', \"%s\", %s, %s FROM work "
                "WHERE \"%s\" IS NOT NULL AND ",
                c->name, c->name, code_of(sql->mem, c),
                c->required ? vrk_text_f(sql->mem, "\"t_%s\" IS NULL", c->fact) : "false", c->name);
            if (c->kind == VRK_COL_WORD) {
                vrk_str_addf(sql, "lower(\"%s\") NOT IN (", c->name);
                add_word_list(sql, c->words);
                vrk_str_add(sql, ");\n");
            } else {
                vrk_str_addf(sql, "\"t_%s\" IS NULL;\n", c->fact);
            }
        }
        if (c->required)
            vrk_str_addf(
                sql,
                "INSERT INTO problem SELECT _file, _row, _line, '%s', NULL, '%s', true FROM work "
                "WHERE \"%s\" IS NULL;\n",
                c->name, strstr(t->key, c->fact) ? "KEY_MISSING" : "VALUE_MISSING", c->name);
    }
    vrk_str_add(sql, "INSERT INTO refused SELECT _file, count(*) FROM work WHERE ");
    add_bad_row(sql, t);
    vrk_str_add(sql, " GROUP BY _file");
}

void vrk_sql_strangers(vrk_str *sql, const vrk_table *t)
{
    vrk_str_add(sql, "(false");
    for (const vrk_col *c = t->col; c->name; c++) {
        if (is_person(c))
            vrk_str_addf(sql, " OR (\"%s\" IS NOT NULL AND \"t_%s\" IS NULL)", c->name, c->fact);
    }
    vrk_str_add(sql, ")");
}

/* Any cell of the row that vrk_sql_problems would tell of, or a person that is not known yet. */
static void add_odd(vrk_str *sql, const vrk_table *t)
{
    add_bad_row(sql, t);
    vrk_str_add(sql, " OR ");
    vrk_sql_strangers(sql, t);
    for (const vrk_col *c = t->col; c->name; c++) {
        if (!c->fact || !can_fail(c->kind))
            continue;
        if (c->kind == VRK_COL_WORD) {
            vrk_str_addf(sql, " OR CASE WHEN \"%s\" IN (", c->name);
            add_own_words(sql, c->words);
            vrk_str_addf(sql, ") THEN false ELSE coalesce(lower(\"%s\") NOT IN (", c->name);
            add_word_list(sql, c->words);
            vrk_str_add(sql, "), false) END");
        } else {
            vrk_str_addf(sql, " OR (\"%s\" IS NOT NULL AND \"t_%s\" IS NULL)", c->name, c->fact);
        }
    }
}

void vrk_sql_facts(vrk_str *sql, const vrk_table *t)
{
    for (const vrk_col *c = t->col; c->name; c++) {
        if (c->fact)
            vrk_str_addf(sql, "\"%s\", ", c->fact);
    }
    vrk_str_add(sql, "attributes");
}

/* The version of a row, and its typed columns under the names of the facts. */
static void add_fact_columns(vrk_str *sql, const vrk_import_table *it)
{
    const vrk_table *t = it->table;
    if (t->earliest) /* the earlier, the newer; unknown is older than all */
        vrk_str_addf(sql, "make_timestamp(-coalesce(epoch_us(\"t_%s\"), 4102444800000000))",
                     t->version);
    else if (t->version)
        vrk_str_addf(sql, "coalesce(\"t_%s\", _file_time)", t->version);
    else
        vrk_str_add(sql, "_file_time");
    vrk_str_add(sql, " AS _version");
    for (const vrk_col *c = t->col; c->name; c++) {
        if (c->kind == VRK_COL_CURRENCY && !strcmp(t->name, "deals"))
            vrk_str_addf(
                sql,
                ", coalesce(t_currency, CASE WHEN t_amount IS NOT NULL THEN %s END) AS currency",
                vrk_sql_quote(sql->mem, it->currency));
        else if (c->fact)
            vrk_str_addf(sql, ", \"t_%s\" AS \"%s\"", c->fact, c->fact);
    }
    vrk_str_add(sql, ", attributes");
}

/* The key as one value: a struct, in which unknown equals unknown. */
static void add_key(vrk_str *sql, const char *key)
{
    vrk_str_add(sql, "struct_pack(");
    for (int part = 1; *key; part++) {
        size_t n = strcspn(key, ",");
        vrk_str_addf(sql, "%sk%d := %.*s", part > 1 ? ", " : "", part, (int)n, key);
        key += n + (key[n] == ',');
    }
    vrk_str_add(sql, ")");
}

static void add_content(vrk_str *sql, const vrk_import_table *t)
{
    add_key(sql, t->table->key);
    vrk_str_addf(sql, " AS _key, %s AS _partition, hash(", t->partition);
    vrk_sql_facts(sql, t->table);
    vrk_str_add(sql, ") AS _content");
}

/* Every statement on a view plans all that the view stands on, which for few rows costs more than
 * to keep them. */
static const char *kept_as(const vrk_import_table *it)
{
    return it->few ? "TABLE" : "VIEW";
}

void vrk_sql_good(vrk_str *sql, const vrk_import_table *it)
{
    vrk_str_add(sql, "CREATE OR REPLACE VIEW good AS SELECT _file, _row, ");
    add_fact_columns(sql, it);
    vrk_str_add(sql, " FROM work WHERE NOT ");
    add_bad_row(sql, it->table);
    vrk_str_addf(sql, ";\nCREATE OR REPLACE %s keyed AS SELECT *, hash(", kept_as(it));
    add_key(sql, it->table->key);
    vrk_str_add(sql, ") AS _hash, ");
    add_content(sql, it);
    vrk_str_add(sql, " FROM good");
}

void vrk_sql_near(vrk_str *sql, const vrk_import_table *it)
{
    vrk_str_addf(sql,
                 "SELECT DISTINCT filename FROM read_parquet([%s], filename = true) WHERE hash(",
                 it->existing);
    add_key(sql, it->table->key);
    vrk_str_add(sql, ") IN (SELECT _hash FROM keyed) ORDER BY filename");
}

/* The key in terms of typed: each fact column under its name there, t_<fact>. */
static const char *typed_key(vrk_arena *mem, const vrk_table *t)
{
    static const char *const letters = "abcdefghijklmnopqrstuvwxyz_";
    vrk_str s = {.mem = mem};
    for (const char *p = t->key; *p;) {
        size_t n = strspn(p, letters);
        for (const vrk_col *c = t->col; c->name; c++) {
            if (n && c->fact && strlen(c->fact) == n && !memcmp(c->fact, p, n))
                vrk_str_add(&s, "t_");
        }
        n = n ? n : 1;
        vrk_str_add_n(&s, p, n);
        p += n;
    }
    return vrk_str_of(&s);
}

void vrk_sql_kept(vrk_str *sql, const vrk_import_table *it)
{
    vrk_str_addf(sql, "DROP %s typed; CREATE TABLE typed AS SELECT *, ",
                 it->kept ? "TABLE" : "VIEW");
    add_odd(sql, it->table);
    vrk_str_add(sql, " AS _odd FROM (");
    vrk_sql_typed(sql, it, "source");
    vrk_str_add(sql, ")");
}

void vrk_sql_fresh(vrk_str *sql, const vrk_import_table *it, int64_t file, bool know_twice,
                   const char *folder)
{
    const vrk_table *t = it->table;
    vrk_str_add(sql, "COPY (SELECT ");
    vrk_sql_facts(sql, t);
    vrk_str_add(sql, ", _version, CASE WHEN _odd");
    if (know_twice) {
        vrk_str_add(sql, " OR hash(");
        add_key(sql, t->key);
        vrk_str_add(sql, ") IN (SELECT _hash FROM twice)");
    }
    vrk_str_addf(sql, " THEN 'odd' ELSE %s END AS _partition FROM (SELECT ", it->partition);
    add_fact_columns(sql, it);
    vrk_str_add(sql, ", ");
    if (it->kept) {
        vrk_str_addf(sql, "_odd FROM typed WHERE _file = %" PRId64, file);
    } else {
        add_odd(sql, t);
        vrk_str_add(sql, " AS _odd FROM typed");
    }
    vrk_str_addf(sql, ")) TO %s (FORMAT parquet, PARTITION_BY (_partition))",
                 vrk_sql_quote(sql->mem, folder));
}

void vrk_sql_twice(vrk_str *sql, const vrk_table *t, const char *files)
{
    vrk_str_add(sql, "CREATE OR REPLACE TABLE twice AS SELECT _hash FROM (SELECT hash(");
    add_key(sql, t->key);
    vrk_str_addf(sql,
                 ") AS _hash FROM read_parquet([%s])) GROUP BY _hash HAVING count(*) > 1; SELECT "
                 "count(*) FROM twice",
                 files);
}

void vrk_sql_stands(vrk_str *sql, const vrk_import_table *it)
{
    vrk_str_add(sql, "CREATE OR REPLACE TABLE stands AS SELECT hash(");
    add_key(sql, it->table->key);
    vrk_str_add(sql, ") AS _hash, hash(");
    vrk_sql_facts(sql, it->table);
    vrk_str_addf(sql, ") AS _content FROM read_parquet([%s])", it->existing);
}

void vrk_sql_differs(vrk_str *sql, const vrk_import_table *it)
{
    const vrk_table *t = it->table;
    vrk_str_add(sql, "CREATE OR REPLACE TABLE differs AS SELECT x._file, CASE WHEN x._odd OR "
                     "s._hash IS NULL THEN x._hash END AS _hash, count(*) AS n FROM (SELECT _file, "
                     "hash(");
    add_key(sql, t->key);
    vrk_str_add(sql, ") AS _hash, hash(");
    vrk_sql_facts(sql, t);
    vrk_str_add(sql, ") AS _content, _odd FROM (SELECT _file, ");
    add_fact_columns(sql, it);
    vrk_str_add(sql, ", ");
    add_odd(sql, t);
    vrk_str_add(sql, " AS _odd FROM typed)) x LEFT JOIN stands s ON s._hash = x._hash AND "
                     "s._content = x._content GROUP BY ALL");
}

/* raw: rows of typed as they were read. */
static void add_raw(vrk_str *sql, const vrk_table *t)
{
    vrk_str_add(sql, "CREATE OR REPLACE TABLE raw AS SELECT _file, _row, _line, _file_time");
    for (const vrk_col *c = t->col; c->name; c++)
        vrk_str_addf(sql, ", \"%s\"", c->name);
    vrk_str_add(sql, ", attributes FROM typed WHERE ");
}

static void add_key_in(vrk_str *sql, const vrk_table *t, const char *table)
{
    vrk_str_add(sql, "hash(");
    add_key(sql, typed_key(sql->mem, t));
    vrk_str_addf(sql, ") IN (SELECT _hash FROM %s)", table);
}

void vrk_sql_again(vrk_str *sql, const vrk_table *t)
{
    add_raw(sql, t);
    add_key_in(sql, t, "differs");
}

void vrk_sql_rest(vrk_str *sql, const vrk_import_table *it, bool any)
{
    const vrk_table *t = it->table;
    add_raw(sql, t);
    if (!any) {
        vrk_str_add(sql, "false");
        return;
    }
    if (it->kept)
        vrk_str_add(sql, "_odd");
    else
        add_odd(sql, t);
    vrk_str_add(sql, " OR ");
    add_key_in(sql, t, "twice");
}

/* Only rows whose key comes more than once are sorted: few, as a rule. A big table is kept once in
 * memory (work), not at every step. */
void vrk_sql_chosen(vrk_str *sql, const vrk_import_table *t)
{
    vrk_str_addf(sql,
                 "CREATE OR REPLACE TABLE twice AS SELECT _hash FROM keyed GROUP BY _hash "
                 "HAVING count(*) > 1;\n"
                 "CREATE OR REPLACE %s ranked AS SELECT *, _content AS _first, 1::bigint AS "
                 "_rank FROM keyed WHERE _hash NOT IN (SELECT _hash FROM twice) UNION ALL "
                 "SELECT *, first_value(_content) OVER same AS _first, row_number() OVER same "
                 "AS _rank FROM keyed WHERE _hash IN (SELECT _hash FROM twice) WINDOW same AS "
                 "(PARTITION BY _key ORDER BY _version DESC, _file DESC, _row DESC);\n",
                 kept_as(t));
    if (!*t->existing) {
        vrk_str_add(sql, "CREATE OR REPLACE VIEW chosen AS SELECT *, NULL::varchar AS _old, 'new' "
                         "AS _state FROM ranked WHERE _rank = 1");
        return;
    }
    vrk_str_add(sql, "CREATE OR REPLACE TABLE existing AS SELECT _version, ");
    add_content(sql, t);
    vrk_str_addf(sql, " FROM read_parquet([%s]) WHERE hash(", t->existing);
    add_key(sql, t->table->key);
    vrk_str_add(
        sql, ") IN (SELECT _hash FROM keyed);\nCREATE OR REPLACE TABLE met AS SELECT r._file, "
             "r._row, e._partition AS _old, CASE "
             "WHEN e._content = r._content THEN 'same' WHEN r._version >= e._version THEN 'newer' "
             "ELSE 'older' END AS _state FROM ranked r JOIN existing e ON e._key = r._key WHERE "
             "r._rank = 1;\nDROP TABLE existing;\n"
             "CREATE OR REPLACE VIEW chosen AS SELECT r.*, m._old, coalesce(m._state, 'new') AS "
             "_state FROM ranked r LEFT JOIN met m ON m._file = r._file AND m._row = r._row WHERE "
             "r._rank = 1");
}

void vrk_sql_merged(vrk_str *sql, const vrk_import_table *t)
{
    vrk_str_add(sql, "CREATE OR REPLACE VIEW merged AS SELECT ");
    vrk_sql_facts(sql, t->table);
    vrk_str_add(sql, ", _version, _partition FROM chosen WHERE _state IN ('new', 'newer')");
    if (!*t->existing)
        return;
    vrk_str_add(sql, " UNION ALL SELECT ");
    vrk_sql_facts(sql, t->table);
    vrk_str_addf(
        sql,
        ", _version, %s FROM read_parquet([%s]) WHERE %s IN (SELECT _partition FROM touched) AND ",
        t->partition, t->existing, t->partition);
    add_key(sql, t->table->key);
    vrk_str_add(sql, " NOT IN (SELECT _key FROM chosen WHERE _state = 'newer')");
}

void vrk_sql_forget(vrk_str *sql, const vrk_import_table *it)
{
    vrk_str_addf(sql, "DROP VIEW chosen; DROP %s ranked; DROP %s keyed", kept_as(it), kept_as(it));
    if (!strcmp(it->rows, "typed"))
        vrk_str_addf(sql, "; DROP %s typed; DROP VIEW source", it->kept ? "TABLE" : "VIEW");
}
