/* Who the persons of an import are: ids of the sources, and the surrogate keys of the facts. */
#include "ingest/import_parts.h"

#include <string.h>

vrk_status vrk_persons_load(vrk_importing *m)
{
    vrk_ctx *ctx = m->ctx;
    vrk_status st = VRK_OK;
    vrk_frame known = {0}, alias = {0};

    TRY(vrk_records_run(ctx, m->w->records,
                        "SELECT key, space, source_id, name, email FROM identity ORDER BY key",
                        NULL, 0, &known));
    TRY(vrk_records_run(ctx, m->w->records,
                        "SELECT key, space, source_id FROM identity_alias ORDER BY source_id", NULL,
                        0, &alias));
    TRY(vrk_importing_run(m, "preparing",
                          "CREATE TABLE identity_before (key bigint, space varchar, source_id "
                          "varchar, name varchar, email varchar)",
                          NULL));
    if (known.rows) { /* a column without any text comes as numbers */
        TRY(vrk_duck_put(ctx, m->duck, "identity_known", &known));
        TRY(vrk_importing_run(m, "preparing",
                              "INSERT INTO identity_before SELECT * FROM identity_known", NULL));
    }
    TRY(vrk_importing_run(
        m, "preparing",
        "CREATE TABLE identity AS SELECT key, space, source_id FROM identity_before;\n"
        "CREATE TABLE named (source_id varchar, name varchar, email varchar, since timestamp);\n"
        "CREATE TABLE joined (key bigint, source_id varchar)",
        NULL));
    if (alias.rows) {
        TRY(vrk_duck_put(ctx, m->duck, "identity_alias", &alias));
        TRY(vrk_importing_run(m, "preparing", "INSERT INTO identity SELECT * FROM identity_alias",
                              NULL));
    }
done:
    vrk_frame_free(&known);
    vrk_frame_free(&alias);
    return st;
}

/* A person who is new by his id, and whose mail address is that of one of earlier imports, is that
 * one: if nobody else has it there or here, and that one's own id is not told of beside it. */
static const char join_by_mail[] =
    "INSERT INTO joined SELECT b.key, n.source_id FROM (SELECT min(source_id) AS source_id, "
    "lower(trim(email)) AS mail FROM named WHERE contains(email, '@') GROUP BY mail HAVING "
    "count(DISTINCT source_id) = 1) n JOIN (SELECT min(key) AS key, lower(trim(email)) AS mail "
    "FROM "
    "identity_before WHERE space = 'person' AND contains(email, '@') GROUP BY mail HAVING count(*) "
    "= 1) b ON b.mail = n.mail WHERE n.source_id NOT IN (SELECT source_id FROM identity WHERE "
    "space "
    "= 'person') AND b.key NOT IN (SELECT i.key FROM identity i JOIN named m ON m.source_id = "
    "i.source_id AND i.space = 'person');\n"
    "INSERT INTO identity SELECT key, 'person', source_id FROM joined WHERE source_id NOT IN "
    "(SELECT "
    "source_id FROM identity WHERE space = 'person');\n";

/* WITH id AS (the distinct combinations of the table's persons), in one pass over the rows. */
static bool add_person_ids(vrk_str *sql, const vrk_table *t, const char *from)
{
    const char *between = "";
    for (const vrk_col *c = t->col; c->name; c++) {
        if (c->kind != VRK_COL_PERSON && c->kind != VRK_COL_CONTACT)
            continue;
        vrk_str_addf(sql, "%s\"%s\"",
                     *between ? between : "WITH id AS MATERIALIZED (SELECT DISTINCT ", c->name);
        between = ", ";
    }
    if (*between)
        vrk_str_addf(sql, " FROM %s) ", from);
    return *between;
}

/* Rows of the frame: what the sources of the table tell of their persons. -1: one does not. */
static int64_t count_told(const vrk_importing *m, const vrk_table *t)
{
    int64_t rows = 0;
    for (int64_t i = 0; i < m->n; i++) {
        const vrk_source *s = &m->source[i];
        if (strcmp(s->table, t->name) != 0)
            continue;
        if (!s->tolds)
            return -1;
        for (int64_t k = 0; k < s->tolds; k++) {
            for (size_t at = 0; at < s->told[k].n; at++)
                rows += s->told[k].value[at] == 0;
        }
    }
    return rows;
}

/* told: the persons of a table as its sources tell them, so that no row need be read for it. False:
 * they do not. */
static vrk_status put_told(vrk_importing *m, const vrk_table *t, bool *done)
{
    static const char *const names[] = {"space", "source_id"};
    static const vrk_type types[] = {VRK_TEXT, VRK_TEXT};
    vrk_status st = VRK_OK;
    vrk_frame f = {0};
    int64_t rows = count_told(m, t), row = 0;

    *done = rows >= 0;
    if (rows < 0)
        return VRK_OK;
    TRY(vrk_frame_init(m->ctx, names, types, 2, rows, &f));
    for (int64_t i = 0; i < m->n; i++) {
        const vrk_source *s = &m->source[i];
        for (int64_t k = 0; k < s->tolds && !strcmp(s->table, t->name); k++) {
            const char *p = s->told[k].value, *end = p + s->told[k].n;
            bool contact = vrk_col_of(t, s->told[k].column)->kind == VRK_COL_CONTACT;
            for (; p < end; p += strlen(p) + 1, row++) {
                f.column[0].s[row] = contact ? "contact" : "person";
                f.column[1].s[row] = p;
                f.column[0].null[row] = f.column[1].null[row] = 0;
            }
        }
    }
    TRY(vrk_duck_put(m->ctx, m->duck, "told", &f));
done:
    vrk_frame_free(&f);
    return st;
}

vrk_status vrk_persons_know(vrk_importing *m, const vrk_table *t, const char *from)
{
    vrk_ctx *ctx = m->ctx;
    vrk_status st = VRK_OK;
    vrk_str sql = {.mem = &ctx->scratch};
    const char *between = "";
    bool told = false;
    const vrk_col *name = vrk_col_of(t, "name"), *email = vrk_col_of(t, "email");

    if (name && name->kind == VRK_COL_NAME) {
        vrk_str_addf(&sql,
                     "INSERT INTO named SELECT \"%s\", name, %s, _file_time FROM %s WHERE \"%s\" "
                     "IS NOT NULL;\n",
                     t->col[0].name, email ? "email" : "NULL", from, t->col[0].name);
        if (t->col[0].kind == VRK_COL_PERSON && email)
            vrk_str_add(&sql, join_by_mail);
    }
    if (!strcmp(from, "source"))
        TRY(put_told(m, t, &told));
    vrk_str_add(&sql, "INSERT INTO identity ");
    if (!told && !add_person_ids(&sql, t, from))
        goto done;
    vrk_str_add(&sql, "SELECT row_number() OVER (ORDER BY space, source_id) + (SELECT "
                      "coalesce(max(key), 0) FROM identity), space, source_id FROM (");
    if (told)
        vrk_str_add(&sql,
                    "SELECT DISTINCT space, vrk_person(source_id) AS source_id FROM told WHERE "
                    "vrk_person(source_id) IS NOT NULL");
    for (const vrk_col *c = t->col; c->name && !told; c++) {
        if (c->kind != VRK_COL_PERSON && c->kind != VRK_COL_CONTACT)
            continue;
        vrk_str_addf(&sql,
                     "%sSELECT DISTINCT '%s' AS space, \"%s\" AS source_id FROM id WHERE \"%s\" "
                     "IS NOT NULL",
                     between, c->kind == VRK_COL_PERSON ? "person" : "contact", c->name, c->name);
        between = " UNION ";
    }
    vrk_str_add(&sql,
                ") WHERE (space, source_id) NOT IN (SELECT (space, source_id) FROM identity)");
    TRY(vrk_importing_run_text(m, "knowing the persons", &sql));
done:
    return st;
}

vrk_status vrk_persons_new(vrk_importing *m, vrk_frame *out)
{
    /* Equalities only: any other condition of an outer join is tried pair by pair. */
    return vrk_importing_run(
        m, "knowing the persons",
        "SELECT i.key, i.space, i.source_id, n.name, n.email FROM identity i LEFT JOIN (SELECT "
        "'person' AS space, source_id, arg_max(name, since) AS name, arg_max(email, since) AS "
        "email FROM named GROUP BY source_id) n ON n.space = i.space AND n.source_id = "
        "i.source_id LEFT JOIN identity_before b ON b.key = i.key WHERE b.key IS NULL OR "
        "(b.source_id = i.source_id AND ((n.name IS NOT NULL AND n.name IS DISTINCT FROM b.name) "
        "OR "
        "(n.email IS NOT NULL AND n.email IS DISTINCT FROM b.email))) ORDER BY i.key",
        out);
}

vrk_status vrk_persons_joined(vrk_importing *m, vrk_frame *out)
{
    return vrk_importing_run(m, "knowing the persons",
                             "SELECT key, 'person' AS space, source_id FROM joined ORDER BY "
                             "source_id",
                             out);
}

vrk_status vrk_persons_write(vrk_ctx *ctx, vrk_records *r, const vrk_frame *persons,
                             const vrk_frame *joined)
{
    vrk_status st = VRK_OK;
    TRY(vrk_records_run_rows(
        ctx, r,
        "INSERT INTO identity (key, space, source_id, name, email) VALUES (?1, ?2, ?3, "
        "?4, ?5) ON CONFLICT (key) DO UPDATE SET name = coalesce(excluded.name, name), "
        "email = coalesce(excluded.email, email)",
        persons));
    TRY(vrk_records_run_rows(
        ctx, r, "INSERT INTO identity_alias (key, space, source_id) VALUES (?1, ?2, ?3)", joined));
done:
    return st;
}
