/* What event logs become: counts known of the public logs, and small logs written here. */
#include "ingest/eventlog.h"
#include "base/str.h"
#include "base/sys.h"
#include "ingest/outcome.h"
#include "store/duck.h"
#include "tests/t.h"

#include <stdlib.h>
#include <string.h>

/* A staging folder, the log made in it and a database over its sources. */
typedef struct {
    vrk_ctx ctx;
    char folder[40];
    vrk_arena mem;
    vrk_csv csv[4];
    vrk_log_file file[4];
    int64_t files;
    vrk_eventlog log;
    vrk_status st;
    vrk_duck *duck;
} bed;

static void open_bed(bed *b)
{
    *b = (bed){.folder = "/tmp/verkan-test-XXXXXX"};
    T_OK(mkdtemp(b->folder));
}

static void close_bed(bed *b)
{
    vrk_duck_close(b->duck);
    vrk_eventlog_free(&b->log);
    vrk_arena_free(&b->mem);
    T_OK(vrk_folder_remove(&b->ctx, b->folder) == VRK_OK);
    vrk_arena_free(&b->ctx.scratch);
}

static const char *data(bed *b, const char *name)
{
    const char *root = getenv("VERKAN_DATA");
    char *path = vrk_text_f(&b->mem, "%s/%s", root ? root : "../shared/data", name);
    return vrk_is_file(path) ? path : NULL;
}

static void add_xes(bed *b, const char *path)
{
    b->file[b->files++] = (vrk_log_file){.path = path};
}

static void add_csv(bed *b, const char *path, vrk_log_columns column)
{
    vrk_csv *csv = &b->csv[b->files];
    T_OK(vrk_csv_check(&b->ctx, path, ',', b->folder, b->files, NULL, NULL, &b->mem, csv) ==
         VRK_OK);
    b->file[b->files++] = (vrk_log_file){.path = path, .csv = csv, .column = column};
}

static const char *written(bed *b, const char *name, const char *text)
{
    char *path = vrk_text_f(&b->mem, "%s/%s", b->folder, name);
    T_OK(vrk_file_replace(&b->ctx, path, text, strlen(text)) == VRK_OK);
    return path;
}

/* Makes the log and shows its sources as views named as their tables. */
static void make(bed *b, const vrk_eventlog_opt *opt)
{
    static const char *const tables[] = {"sellers", "deals", "stage_events", "activities"};
    b->st = vrk_eventlog_make(&b->ctx, b->file, b->files, b->folder, opt, &b->log);
    if (b->st != VRK_OK)
        return;
    T_OK(vrk_duck_open(&b->ctx, NULL, &b->duck) == VRK_OK);
    for (int t = 0; t < 4; t++) {
        vrk_str sql = {.mem = &b->mem};
        vrk_str_addf(&sql, "CREATE VIEW %s AS ", tables[t]);
        int64_t n = 0;
        for (int64_t i = 0; i < b->log.sources; i++) {
            if (!strcmp(b->log.source[i].table, tables[t]))
                vrk_str_addf(&sql, "%s(%s)", n++ ? " UNION ALL BY NAME " : "",
                             b->log.source[i].select);
        }
        T_OK(vrk_duck_run(&b->ctx, b->duck, "view", sql.at, NULL, 0, NULL) == VRK_OK);
        if (b->ctx.message[0])
            printf("# %s\n", b->ctx.message);
    }
}

static int64_t count(bed *b, const char *sql)
{
    vrk_frame rows = {0};
    int64_t n = -1;
    if (b->duck && vrk_duck_run(&b->ctx, b->duck, "count", sql, NULL, 0, &rows) == VRK_OK)
        n = rows.column[0].i[0];
    else
        printf("# %s\n", b->ctx.message);
    vrk_frame_free(&rows);
    return n;
}

static bool says(const bed *b, const char *words)
{
    for (int64_t i = 0; i < b->log.notes; i++) {
        if (strstr(b->log.note[i], words))
            return true;
    }
    return false;
}

static void tells_won_and_lost_by_words_in_two_languages(void)
{
    T_OK(vrk_outcome_of("Closed Won") == VRK_WON && vrk_outcome_of("Lost") == VRK_LOST);
    T_OK(vrk_outcome_of("A_APPROVED") == VRK_WON && vrk_outcome_of("A_CANCELLED") == VRK_LOST);
    T_OK(vrk_outcome_of("Stängd - FÖRLORAD") == VRK_LOST && vrk_outcome_of("Såld") == VRK_WON);
    T_OK(vrk_outcome_of("SÅLD") == VRK_WON && vrk_outcome_of("Öppen") == VRK_OPEN);
    T_OK(vrk_outcome_of("Reject request") == VRK_NO_OUTCOME);
    T_OK(vrk_outcome_of("Won over champion") == VRK_NO_OUTCOME);
    T_OK(vrk_outcome_of("Closed") == VRK_NO_OUTCOME && vrk_outcome_of("") == VRK_NO_OUTCOME);
    T_OK(vrk_outcome_of("Won / Lost") == VRK_NO_OUTCOME);
}

static void reads_bpic2012_as_13087_deals(void)
{
    bed b;
    open_bed(&b);
    const char *events = data(&b, "bpic2012/bpic2012_events.csv");
    if (!events) {
        close_bed(&b);
        T_SKIP("bpic2012 is not here");
    }
    add_csv(&b, events,
            (vrk_log_columns){"case_id", "activity", "timestamp", "lifecycle", "resource"});
    add_csv(&b, data(&b, "bpic2012/bpic2012_cases.csv"), (vrk_log_columns){.case_id = "case_id"});
    add_xes(&b, data(&b, "bpic2012/bpic2012_first60.xes"));
    make(&b, NULL);
    T_OK(b.st == VRK_OK);
    T_OK(count(&b, "SELECT count(*) FROM deals") == 13087);
    T_OK(count(&b, "SELECT count(DISTINCT deal_id) FROM deals") == 13087);
    T_OK(count(&b, "SELECT count(*) FROM deals WHERE outcome = 'won'") == 2246);
    T_OK(count(&b, "SELECT count(*) FROM deals WHERE stage = 'A_DECLINED'") == 7635);
    T_OK(count(&b, "SELECT count(*) FROM deals WHERE stage = 'A_CANCELLED'") == 2807);
    T_OK(count(&b, "SELECT count(*) FROM deals WHERE outcome = 'lost'") == 7635 + 2807);
    T_OK(count(&b, "SELECT count(*) FROM deals WHERE outcome = 'open'") == 399);
    T_OK(count(&b, "SELECT count(*) FROM deals WHERE amount = '20000' AND deal_id = '173688'") ==
         1);
    T_OK(count(&b, "SELECT count(*) FROM deals WHERE amount IS NOT NULL") == 13087);
    /* counted in the file: 60,849 events of A_ activities, 2,964 of them after an approval */
    T_OK(count(&b, "SELECT count(*) FROM stage_events") == 60849 - 2964);
    T_OK(count(&b, "SELECT count(*) FROM stage_events WHERE kind = 'won'") == 2246);
    T_OK(count(&b, "SELECT count(*) FROM stage_events WHERE NOT starts_with(stage, 'A_')") == 0);
    T_OK(count(&b, "SELECT count(*) FROM sellers") == 68);
    T_OK(says(&b, "won: A_APPROVED") && says(&b, "more than one file"));
    close_bed(&b);
}

static void reads_helpdesk_and_receipt_whole(void)
{
    bed b;
    open_bed(&b);
    const char *path = data(&b, "helpdesk/helpdesk.csv");
    if (!path) {
        close_bed(&b);
        T_SKIP("helpdesk is not here");
    }
    add_csv(&b, path,
            (vrk_log_columns){"case_id", "concept_name", "time_timestamp", NULL, "org_resource"});
    make(&b, NULL);
    T_OK(b.st == VRK_OK);
    T_OK(count(&b, "SELECT count(*) FROM deals") == 4580);
    T_OK(count(&b, "SELECT (SELECT count(*) FROM stage_events) + (SELECT count(*) FROM "
                   "activities)") == 21348);
    T_OK(count(&b, "SELECT count(*) FROM sellers") == 22);
    close_bed(&b);

    open_bed(&b);
    add_csv(&b, data(&b, "pm4py-logs/receipt.csv"),
            (vrk_log_columns){"case:concept:name", "concept:name", "time:timestamp",
                              "lifecycle:transition", "org:resource"});
    make(&b, NULL);
    T_OK(b.st == VRK_OK);
    T_OK(count(&b, "SELECT count(*) FROM deals WHERE outcome = 'open'") == 1434);
    T_OK(count(&b, "SELECT count(*) FROM stage_events") == 8577);
    T_OK(count(&b, "SELECT count(DISTINCT responsible) FROM deals") > 10);
    close_bed(&b);
}

/* The same log as XES and as CSV gives the same rows. */
static void equal_forms(const char *xes, const char *csv, vrk_log_columns column, int64_t cases,
                        int64_t events)
{
    bed b[2];
    vrk_frame rows[2][2] = {0};
    static const char *const sql[] = {
        "SELECT deal_id, seller_id, strftime(CAST(created_at AS timestamptz), '%c'), closed_at, "
        "outcome, stage FROM deals ORDER BY deal_id",
        "SELECT deal_id, stage, strftime(CAST(entered_at AS timestamptz), '%c'), kind, recorded_by "
        "FROM stage_events ORDER BY deal_id, 3, stage, recorded_by"};
    for (int k = 0; k < 2; k++) {
        open_bed(&b[k]);
        const char *path = data(&b[k], k ? csv : xes);
        if (path && k)
            add_csv(&b[k], path, column);
        else if (path)
            add_xes(&b[k], path);
        make(&b[k], NULL);
        T_OK(b[k].st == VRK_OK);
        for (int t = 0; t < 2 && b[k].duck; t++)
            T_OK(vrk_duck_run(&b[k].ctx, b[k].duck, "rows", sql[t], NULL, 0, &rows[k][t]) ==
                 VRK_OK);
    }
    T_OK(rows[0][0].rows == cases && rows[0][1].rows == events);
    for (int t = 0; t < 2; t++) {
        T_OK(rows[0][t].rows == rows[1][t].rows);
        for (int64_t c = 0; c < rows[0][t].columns; c++) {
            for (int64_t i = 0; i < rows[0][t].rows && i < rows[1][t].rows; i++)
                T_OK(!strcmp(rows[0][t].column[c].s[i], rows[1][t].column[c].s[i]));
        }
    }
    for (int k = 0; k < 2; k++) {
        vrk_frame_free(&rows[k][0]);
        vrk_frame_free(&rows[k][1]);
        close_bed(&b[k]);
    }
}

static void reads_the_same_from_xes_and_csv(void)
{
    bed b;
    open_bed(&b);
    bool here = data(&b, "pm4py-logs/running-example.xes");
    close_bed(&b);
    if (!here)
        T_SKIP("pm4py-logs is not here");
    vrk_log_columns column = {"case:concept:name", "concept:name", "time:timestamp", NULL,
                              "org:resource"};
    equal_forms("pm4py-logs/running-example.xes", "pm4py-logs/running-example.csv", column, 6, 42);
    column.lifecycle = "lifecycle:transition";
    equal_forms("pm4py-logs/roadtraffic100traces.xes", "pm4py-logs/roadtraffic100traces.csv",
                column, 100, 390);
}

static const char *const pipeline = "case,activity,time,by,size\n"
                                    "1,Qualify,2026-01-05T09:00:00+01:00,Ann,big\n"
                                    "1,Offer,2026-01-06T09:00:00+01:00,Ann,big\n"
                                    "1,Closed Won,2026-01-07T09:00:00+01:00,Bo,big\n"
                                    "1,Deliver,2026-01-08T09:00:00+01:00,Bo,big\n"
                                    "2,Qualify,2026-01-05T09:00:00+01:00,Ann,small\n"
                                    "2,Closed Lost,2026-01-06T09:00:00+01:00,Ann,small\n"
                                    "2,Offer,2026-02-06T09:00:00+01:00,Ann,small\n"
                                    "3,Qualify,2026-01-05T09:00:00+01:00,Ann,small\n"
                                    "3,Closed Lost,2026-01-06T09:00:00+01:00,,small\n"
                                    "3,Offer,2026-01-06T09:00:00+01:00,Ann,small\n"
                                    "4,Qualify,yesterday,Ann,small\n";
static const vrk_log_columns pipeline_columns = {"case", "activity", "time", NULL, "by"};

static void closes_and_reopens_deals(void)
{
    bed b;
    open_bed(&b);
    add_csv(&b, written(&b, "p.csv", pipeline), pipeline_columns);
    make(&b, NULL);
    T_OK(b.st == VRK_OK);
    /* 1 won, what follows is work; 2 lost, then open again; 3 lost, the same moment's offer is work
     */
    T_OK(count(&b, "SELECT count(*) FROM deals WHERE deal_id = '1' AND outcome = 'won' AND "
                   "closed_at = '2026-01-07T09:00:00+01:00' AND stage = 'Closed Won' AND "
                   "seller_id = 'Bo' AND size = 'big'") == 1);
    T_OK(count(&b, "SELECT count(*) FROM activities WHERE deal_id = '1' AND activity = 'Deliver' "
                   "AND _line = 5") == 1);
    T_OK(count(&b, "SELECT count(*) FROM deals WHERE deal_id = '2' AND outcome = 'open' AND "
                   "closed_at IS NULL AND stage = 'Offer'") == 1);
    T_OK(count(&b, "SELECT count(*) FROM stage_events WHERE deal_id = '2' AND kind = 'reopened' "
                   "AND stage = 'Offer'") == 1);
    T_OK(count(&b, "SELECT count(*) FROM deals WHERE deal_id = '3' AND outcome = 'lost'") == 1);
    T_OK(count(&b, "SELECT count(*) FROM activities WHERE deal_id = '3'") == 1);
    /* a time that is none goes on as it stands, for the import to refuse by line and value */
    T_OK(count(&b, "SELECT count(*) FROM stage_events WHERE entered_at = 'yesterday' AND "
                   "_line = 12") == 1);
    close_bed(&b);
}

static void takes_the_stages_that_it_is_told(void)
{
    bed b;
    open_bed(&b);
    add_csv(&b, written(&b, "p.csv", pipeline), pipeline_columns);
    const char *const stage[] = {"Qualify"}, *const won[] = {"Deliver"};
    make(&b, &(vrk_eventlog_opt){.stage = stage, .stages = 1, .won = won, .wons = 1});
    T_OK(b.st == VRK_OK);
    T_OK(count(&b, "SELECT count(*) FROM stage_events") == 5);
    T_OK(count(&b, "SELECT count(*) FROM deals WHERE outcome = 'won'") == 1);
    T_OK(count(&b, "SELECT count(*) FROM deals WHERE outcome = 'open'") == 3);
    T_OK(says(&b, "name no resource"));
    close_bed(&b);
}

static void pairs_starts_with_completions(void)
{
    bed b;
    open_bed(&b);
    add_csv(&b,
            written(&b, "w.csv",
                    "case,activity,state,time,by\n"
                    "1,A_NEW,COMPLETE,2026-01-05T09:00:00Z,Ann\n"
                    "1,A_SENT,COMPLETE,2026-01-05T10:00:00Z,Ann\n"
                    "1,W_Call,SCHEDULE,2026-01-05T10:00:00Z,Ann\n"
                    "1,W_Call,START,2026-01-05T11:00:00Z,Ann\n"
                    "1,W_Call,COMPLETE,2026-01-05T11:30:00Z,Ann\n"
                    "1,W_Call,COMPLETE,2026-01-05T12:30:00Z,Ann\n"
                    "1,W_Call,START,2026-01-05T13:00:00Z,Ann\n"),
            (vrk_log_columns){"case", "activity", "time", "state", "by"});
    make(&b, NULL);
    T_OK(b.st == VRK_OK);
    T_OK(count(&b, "SELECT count(*) FROM stage_events") == 2);
    T_OK(count(&b, "SELECT count(*) FROM activities") == 2);
    T_OK(count(&b, "SELECT count(*) FROM activities WHERE kind = 'call' AND started_at = "
                   "'2026-01-05T11:00:00Z' AND CAST(duration_min AS double) = 30") == 1);
    T_OK(count(&b, "SELECT count(*) FROM activities WHERE started_at = '2026-01-05T12:30:00Z' AND "
                   "duration_min IS NULL") == 1);
    T_OK(says(&b, "3 events are planned, started or broken off"));
    close_bed(&b);
}

static void reads_over_what_xes_nests(void)
{
    bed b;
    open_bed(&b);
    add_xes(&b, written(&b, "n.xes",
                        "<?xml version='1.0'?><x:log xmlns:x='http://www.xes-standard.org/'>"
                        "<string key='concept:name' value='the log'/>"
                        "<int key='meta' value='1'><int key='deep' value='2'/></int>"
                        "<trace><string key='concept:name' value='a &amp; \"b\"'/>"
                        "<list key='l'><values><string key='x' value='y'/></values></list>"
                        "<event><string key='concept:name' value='Start'/>"
                        "<string key='a/b~c' value='1,2'><string key='inner' value='no'/></string>"
                        "<string key='kind' value='odd'/>"
                        "<date key='time:timestamp' value='2026-01-05T11:00:00Z'/></event>"
                        "<event><string key='concept:name' value='End'/>"
                        "<date key='time:timestamp' value='2026-01-06T11:00:00Z'/></event>"
                        "</trace></x:log>"));
    make(&b, NULL);
    T_OK(b.st == VRK_OK);
    T_OK(count(&b, "SELECT count(*) FROM deals WHERE deal_id = 'a & \"b\"' AND stage = 'End'") ==
         1);
    T_OK(count(&b, "SELECT count(*) FROM stage_events WHERE \"a/b~c\" = '1,2' AND "
                   "event_kind = 'odd' AND kind = 'stage'") == 1);
    close_bed(&b);
}

/* The message of a file that is refused. */
static void refuses(const char *text, const char *words)
{
    bed b;
    open_bed(&b);
    add_xes(&b, written(&b, "bad.xes", text));
    make(&b, NULL);
    T_OK(b.st == VRK_EINPUT && strstr(b.ctx.message, words) && strstr(b.ctx.message, "bad.xes"));
    if (!strstr(b.ctx.message, words))
        printf("# got: %s\n", b.ctx.message);
    T_OK(b.log.sources == 0 && !b.log.mem.top);
    close_bed(&b);
}

static void refuses_hostile_xes(void)
{
    bed b;
    open_bed(&b);
    refuses("<log><trace>\n<event>", "line 2: the file ends too early");
    refuses("<log><trace></log>", "line 1: not well-formed XML");
    refuses("<html></html>", "the first element is not <log>");
    refuses("<log></log>", "no events in it");
    refuses("<!DOCTYPE log [<!ENTITY a 'b'><!ENTITY c '&a;&a;'>]>\n<log/>", "declares entities");
    vrk_str s = {.mem = &b.mem};
    vrk_str_add(&s, "<log>");
    for (int i = 0; i < 200; i++)
        vrk_str_add(&s, "<a>");
    refuses(s.at, "nested more than 100 deep");
    s = (vrk_str){.mem = &b.mem};
    vrk_str_add(&s, "<log><trace><string key='");
    for (int i = 0; i < 60000; i++)
        vrk_str_add(&s, "0123456789");
    refuses(s.at, "one element is longer than 256 KiB");
    s = (vrk_str){.mem = &b.mem};
    vrk_str_add(&s, "<log><trace>");
    for (int i = 0; i < 1001; i++)
        vrk_str_addf(&s, "<int key='k%d' value='1'/>", i);
    refuses(s.at, "more than 1000 attributes");
    close_bed(&b);
}

static void fails_cleanly_when_memory_runs_out(void)
{
    bed b;
    open_bed(&b);
    const char *path = written(&b, "p.csv", pipeline);
    add_csv(&b, path, pipeline_columns);
    for (size_t limit = 1000;; limit += 2000) {
        vrk_eventlog log;
        vrk_ctx ctx = {.scratch.limit = limit};
        vrk_status st = vrk_eventlog_make(&ctx, b.file, 1, b.folder, NULL, &log);
        T_OK(st == VRK_OK || st == VRK_EMEMORY);
        T_OK(st == VRK_OK || (!log.source && !log.mem.top));
        vrk_eventlog_free(&log);
        vrk_arena_free(&ctx.scratch);
        if (st == VRK_OK)
            break;
    }
    close_bed(&b);
}

T_MAIN(T_CASE(tells_won_and_lost_by_words_in_two_languages), T_CASE(closes_and_reopens_deals),
       T_CASE(takes_the_stages_that_it_is_told), T_CASE(pairs_starts_with_completions),
       T_CASE(reads_over_what_xes_nests), T_CASE(refuses_hostile_xes),
       T_CASE(fails_cleanly_when_memory_runs_out), T_CASE(reads_the_same_from_xes_and_csv),
       T_CASE(reads_helpdesk_and_receipt_whole), T_CASE(reads_bpic2012_as_13087_deals))
