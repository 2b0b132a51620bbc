#include "ingest/snapshot.h"

#include "base/str.h"

#include <inttypes.h>
#include <string.h>
#include <sys/stat.h>

static bool has(const vrk_table_file *f, const char *column)
{
    return vrk_guess_column_of(&f->guess, &f->profile, column) >= 0;
}

/* [us since 1970 UTC] the file's date; 0 = unknown. */
static int64_t date_of(const char *path)
{
    struct stat about;
    return stat(path, &about)
               ? 0
               : (int64_t)about.st_mtim.tv_sec * 1000000 + about.st_mtim.tv_nsec / 1000;
}

vrk_status vrk_snapshot_add(vrk_ctx *ctx, vrk_making *m, const vrk_table_file *f,
                            const char *select)
{
    vrk_status st = VRK_OK;
    vrk_arena *mem = &m->plan->mem;
    vrk_frame rows = {0};
    vrk_str files = {.mem = mem};
    int64_t at = date_of(f->profile.path);

    if (!m->opt->n_deals || !has(f, "stage") || !at)
        goto done;
    for (int64_t i = 0; i < m->opt->n_deals; i++)
        vrk_str_addf(&files, "%s%s", i ? ", " : "", vrk_sql_quote(mem, m->opt->deals[i]));
    const char *sql = vrk_text_f(
        mem,
        "WITH now AS (SELECT deal_id, stage, %s AS outcome FROM (%s)), before AS (SELECT deal_id, "
        "stage, outcome, _version FROM read_parquet([%s])), both_ AS (SELECT n.deal_id, n.stage, "
        "coalesce(n.outcome, 'open') AS outcome, b.stage AS stage_before, coalesce(b.outcome, "
        "'open') AS outcome_before, b._version FROM now n JOIN before b ON b.deal_id = n.deal_id "
        "WHERE b._version < make_timestamp(%" PRId64 ")) SELECT deal_id, CASE WHEN outcome IN "
        "('won', 'lost') AND stage = stage_before THEN CASE outcome WHEN 'won' THEN 'Won' ELSE "
        "'Lost' END ELSE stage END AS stage, strftime(make_timestamp(%" PRId64
        "), '%%Y-%%m-%%dT%%H:%%M:%%SZ') AS entered_at, CASE WHEN outcome <> outcome_before AND "
        "outcome IN ('won', 'lost') THEN outcome WHEN outcome_before IN ('won', 'lost') AND "
        "outcome "
        "= 'open' THEN 'reopened' ELSE 'stage' END AS kind, 'snapshot' AS quality, "
        "strftime(_version, '%%Y-%%m-%%dT%%H:%%M:%%S') AS not_before FROM both_ WHERE stage IS NOT "
        "NULL AND (stage IS DISTINCT FROM stage_before OR outcome <> outcome_before) ORDER BY "
        "deal_id",
        f->outcome ? "outcome" : "NULL", select, vrk_str_of(&files), at, at);
    const char *count = sql ? vrk_text_f(mem, "SELECT count(*) FROM (%s)", sql) : NULL;
    if (!count || mem->failed)
        FAIL(VRK_EMEMORY, "out of memory for the changes since the last import");
    TRY(vrk_duck_run(ctx, m->duck, "comparing with what stands", count, NULL, 0, &rows));
    if (!rows.column[0].i[0])
        goto done;
    vrk_making_note(m,
                    "%s: %" PRId64 " deals stand in another stage than at the import before; when "
                    "they came there is known only as between the two",
                    f->profile.name, rows.column[0].i[0]);
    vrk_making_derived(m, &f->profile, "stage_events", sql);
    for (int64_t i = 0; i < m->opt->n_deals; i++)
        vrk_making_reads(m, m->opt->deals[i]);
done:
    vrk_frame_free(&rows);
    return st;
}
