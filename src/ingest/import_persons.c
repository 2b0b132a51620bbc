/* Who the persons of an import are: ids of the sources, and the surrogate keys of the facts. */
#include "ingest/import_parts.h"

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
    if (known.rows)
        TRY(vrk_duck_put(ctx, m->duck, "identity_before", &known));
    else
        TRY(vrk_importing_run(
            m, "preparing",
            "CREATE TABLE identity_before (key bigint, space varchar, source_id varchar, name "
            "varchar, email varchar)",
            NULL));
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

vrk_status vrk_persons_know(vrk_importing *m, const vrk_table *t, const char *from)
{
    vrk_ctx *ctx = m->ctx;
    vrk_status st = VRK_OK;
    vrk_str sql = {.mem = &ctx->scratch};
    const char *between = "";
    const vrk_col *name = vrk_col_of(t, "name"), *email = vrk_col_of(t, "email");

    if (name && name->kind == VRK_COL_NAME) {
        vrk_str_addf(&sql,
                     "INSERT INTO named SELECT \"%s\", name, %s, _file_time FROM %s WHERE \"%s\" "
                     "IS NOT NULL;\n",
                     t->col[0].name, email ? "email" : "NULL", from, t->col[0].name);
        if (t->col[0].kind == VRK_COL_PERSON && email)
            vrk_str_add(&sql, join_by_mail);
    }
    vrk_str_add(&sql, "INSERT INTO identity ");
    if (!add_person_ids(&sql, t, from))
        goto done;
    vrk_str_add(&sql, "SELECT row_number() OVER (ORDER BY space, source_id) + (SELECT "
                      "coalesce(max(key), 0) FROM identity), space, source_id FROM (");
    for (const vrk_col *c = t->col; c->name; c++) {
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
