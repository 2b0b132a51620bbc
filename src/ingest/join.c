#include "ingest/join.h"

#include "base/str.h"

#include <string.h>

/* What is referred to: the column here, and where its keys and names stand. */
static const struct {
    const char *column;
    struct {
        const char *table, *key, *name;
    } in[2];
} kinds[VRK_JOINS] = {
    {"deal_id", {{"deals", "deal_id", "name"}, {NULL, NULL, NULL}}},
    {"seller_id", {{"sellers", "seller_id", "name"}, {"deals", "seller_id", "seller_label"}}},
    {"account_id", {{"accounts", "account_id", "name"}, {"deals", "account_id", "account_label"}}},
};

static const char *text_of(vrk_making *m, const vrk_table_file *f, const char *column)
{
    int64_t k = vrk_guess_column_of(&f->guess, &f->profile, column);
    return k < 0 ? NULL : vrk_profile_text(&f->profile, k, &m->plan->mem);
}

/* SELECT id, name: each name once, with its only key. NULL: the file has not both. */
static const char *names_in(vrk_making *m, const vrk_table_file *f, int kind, int way)
{
    vrk_arena *mem = &m->plan->mem;
    const char *key = text_of(m, f, kinds[kind].in[way].key),
               *name = text_of(m, f, kinds[kind].in[way].name);
    if (!name || (!key && kind != 0))
        return NULL;
    const char *id = key ? vrk_text_f(mem, "%s(%s)", kind == 1 ? "vrk_person" : "vrk_key", key)
                         : vrk_plain_deal_id(m, f);
    return vrk_text_f(mem,
                      "SELECT min(id) AS id, name FROM (SELECT %s AS id, %s(%s) AS name FROM %s) "
                      "WHERE name IS NOT NULL GROUP BY name HAVING count(DISTINCT id) = 1",
                      id, kind == 1 ? "vrk_person" : "trim", name, f->profile.from);
}

/* Do the values of the column stand among the names rather than among the keys? */
static vrk_status holds_names(vrk_ctx *ctx, vrk_making *m, const vrk_table_file *f, int kind,
                              const char *names, bool *yes)
{
    vrk_status st = VRK_OK;
    vrk_frame rows = {0};
    const char *value = text_of(m, f, kinds[kind].column);
    const char *sql =
        vrk_text_f(&m->plan->mem,
                   "WITH named AS (%s), own AS (SELECT DISTINCT %s(%s) AS v FROM %s) SELECT "
                   "count(v), count(*) "
                   "FILTER (v IN (SELECT id FROM named)), count(*) FILTER (v IN (SELECT name FROM "
                   "named)) FROM "
                   "own",
                   names, kind == 1 ? "vrk_person" : "vrk_key", value, f->profile.from);
    *yes = false;
    if (!sql)
        FAIL(VRK_EMEMORY, "out of memory for joining %s", f->profile.name);
    TRY(vrk_duck_run(ctx, m->duck, "looking at files", sql, NULL, 0, &rows));
    int64_t all = rows.column[0].i[0], keys = rows.column[1].i[0], found = rows.column[2].i[0];
    *yes = all > 0 && keys * 2 < all && found > keys && found * 2 >= all;
done:
    vrk_frame_free(&rows);
    return st;
}

static vrk_status find_one(vrk_ctx *ctx, vrk_making *m, vrk_table_file *f, int kind)
{
    vrk_status st = VRK_OK;
    for (int way = 0; way < 2 && kinds[kind].in[way].table; way++) {
        for (int64_t i = 0; i < m->files; i++) {
            const vrk_table_file *other = &m->file[i];
            bool yes;
            if (other == f || !other->guess.table || other->guess.skip ||
                strcmp(other->guess.table, kinds[kind].in[way].table) != 0)
                continue;
            const char *names = names_in(m, other, kind, way);
            if (!names)
                continue;
            TRY(holds_names(ctx, m, f, kind, names, &yes));
            if (!yes)
                continue;
            f->names[kind] = names;
            f->names_read[kind] = other->profile.csv.read;
            vrk_making_note(m, "%s: '%s' holds names; their keys are in %s", f->profile.name,
                            f->profile.csv.heading[vrk_guess_column_of(&f->guess, &f->profile,
                                                                       kinds[kind].column)],
                            other->profile.name);
            goto done;
        }
    }
done:
    return st;
}

vrk_status vrk_join_find(vrk_ctx *ctx, vrk_making *m, vrk_table_file *f)
{
    vrk_status st = VRK_OK;
    if (!f->guess.table)
        goto done;
    for (int kind = 0; kind < VRK_JOINS; kind++) {
        bool own = f->guess.table && ((kind == 0 && !strcmp(f->guess.table, "deals")) ||
                                      (kind == 1 && !strcmp(f->guess.table, "sellers")) ||
                                      (kind == 2 && !strcmp(f->guess.table, "accounts")));
        if (!own && vrk_guess_column_of(&f->guess, &f->profile, kinds[kind].column) >= 0)
            TRY(find_one(ctx, m, f, kind));
    }
    if (m->plan->mem.failed)
        FAIL(VRK_EMEMORY, "out of memory for joining %s", f->profile.name);
done:
    return st;
}

const char *vrk_join_key(vrk_making *m, const vrk_table_file *f, const char *column,
                         const char *value)
{
    for (int kind = 0; kind < VRK_JOINS && value; kind++) {
        if (f->names[kind] && !strcmp(kinds[kind].column, column))
            return vrk_text_f(
                &m->plan->mem,
                "coalesce((SELECT any_value(j.id) FROM (%s) j WHERE j.name = %s), %s)",
                f->names[kind], value, value);
    }
    return value;
}
