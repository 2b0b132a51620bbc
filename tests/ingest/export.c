/* What is exported and imported again is what was there. */
#include "ingest/export.h"
#include "base/str.h"
#include "base/sys.h"
#include "ingest/bring.h"
#include "ingest/xes.h"
#include "sim/sim.h"
#include "tests/t.h"

#include <stdlib.h>
#include <string.h>

typedef struct {
    vrk_ctx ctx;
    char folder[40];
    int steps; /* for names of folders */
    vrk_arena mem;
} bed;

static void open_bed(bed *b)
{
    *b = (bed){.folder = "/tmp/verkan-test-XXXXXX"};
    T_OK(mkdtemp(b->folder));
}

static void close_bed(bed *b)
{
    T_OK(vrk_folder_remove(&b->ctx, b->folder) == VRK_OK);
    vrk_arena_free(&b->ctx.scratch);
    vrk_arena_free(&b->mem);
}

static const char *in(bed *b, const char *name)
{
    return vrk_text_f(&b->mem, "%s/%s", b->folder, name);
}

static void put(bed *b, const char *name, const char *text)
{
    T_OK(vrk_file_replace(&b->ctx, in(b, name), text, strlen(text)) == VRK_OK);
}

/* Imports `from`; gives the new generation, 0 where nothing changed, -1 where it failed. */
static int64_t import(bed *b, const char *workspace, const char *from)
{
    vrk_workspace w = {.lock = -1};
    vrk_bring_report report = {0};
    const char *path = from[0] == '/' || from[0] == '.' ? from : in(b, from);
    int64_t generation = -1;
    if (vrk_workspace_open(&b->ctx, in(b, workspace), true, &w) == VRK_OK &&
        vrk_bring(&b->ctx, &w, &path, 1, NULL, &report) == VRK_OK)
        generation = report.import.generation;
    else
        printf("# %s\n", b->ctx.message);
    for (int64_t i = 0; generation >= 0 && i < report.import.n; i++)
        T_OK(report.import.balance[i].rejected == 0);
    vrk_bring_report_free(&report);
    vrk_workspace_close(&w);
    return generation;
}

static int64_t export(bed *b, const char *workspace, vrk_export_format format, const char *to)
{
    vrk_workspace w = {.lock = -1};
    int64_t rows = -1;
    if (vrk_workspace_open(&b->ctx, in(b, workspace), false, &w) != VRK_OK ||
        vrk_export(&b->ctx, &w, format, in(b, to), &rows) != VRK_OK) {
        printf("# %s\n", b->ctx.message);
        rows = -1;
    }
    vrk_workspace_close(&w);
    return rows;
}

/* Two folders hold the same files, byte for byte. */
static void same(bed *b, const char *one, const char *other)
{
    char **name[2];
    int64_t n[2] = {0};
    const char *const folder[] = {one, other};
    for (int k = 0; k < 2; k++)
        T_OK(vrk_folder_list(&b->ctx, in(b, folder[k]), &b->mem, &name[k], &n[k]) == VRK_OK);
    T_OK(n[0] > 0 && n[0] == n[1]);
    for (int64_t i = 0; i < n[0] && i < n[1]; i++) {
        char *bytes[2] = {NULL, NULL};
        size_t size[2] = {0};
        for (int k = 0; k < 2; k++)
            T_OK(vrk_file_read(&b->ctx, vrk_text_f(&b->mem, "%s/%s", in(b, folder[k]), name[k][i]),
                               0, &b->mem, &bytes[k], &size[k]) == VRK_OK);
        T_OK(!strcmp(name[0][i], name[1][i]) && bytes[0] && bytes[1] && size[0] == size[1] &&
             !memcmp(bytes[0], bytes[1], size[0]));
    }
}

/* Exported and imported again: into the same workspace it is nothing new, into an empty one it
 * makes facts that export to the same bytes. */
static void round_trip(bed *b, const char *from)
{
    T_OK(import(b, "a", from) > 0);
    T_OK(export(b, "a", VRK_EXPORT_CSV, "out") > 0);
    T_OK(import(b, "a", "out") == 0);
    T_OK(import(b, "b", "out") > 0);
    T_OK(export(b, "b", VRK_EXPORT_CSV, "again") > 0);
    same(b, "out", "again");
}

static void keeps_every_kind_of_world(void)
{
    static const char *const kinds[] = {"mixed",  "noisy",
#ifdef WHOLE
                                        "null",   "activity", "process",
                                        "market", "logging"
#endif
    };
    for (size_t k = 0; k < sizeof(kinds) / sizeof(kinds[0]); k++) {
        bed b;
        open_bed(&b);
        vrk_sim_opt opt = {.sellers = 6, .weeks = 20, .seed = 3, .dir = in(&b, "world")};
        T_OK(vrk_sim_kind_parse(kinds[k], &opt.kind));
        T_OK(vrk_sim_run(&b.ctx, &opt) == VRK_OK);
        round_trip(&b, "world");
        close_bed(&b);
    }
}

/* All that CSV, JSON and rounding could lose. */
static void put_odd_world(bed *b)
{
    T_OK(vrk_folder_make(&b->ctx, in(b, "odd")) == VRK_OK);
    put(b, "odd/sellers.csv",
        "seller_id,name,email,zeta,a/b~c\n\"s,1\",\"Åsa \"\"Ö\"\" <x>\",a@b.se,1,2\ns2,,,,\n");
    put(b, "odd/deals.csv",
        "deal_id,seller_id,name,amount,currency,created_at,closed_at,outcome,Färg,\"say "
        "\"\"x\"\"\"\n"
        "d1,\"s,1\",\"two\nlines; and | more\",0.01,SEK,2026-03-29T01:59:59.123456,"
        "2026-10-25T02:30:00+01:00,won,röd,\"a \"\"quoted\"\" & <tag>\"\n"
        "d2,s2,=1+1,123456789012.34,EUR,2026-01-01,,open,,\n"
        "d3,nobody,-,-5,,2026-01-01,,open,blå,\n");
    put(b, "odd/activities.csv",
        "activity_id,seller_id,deal_id,kind,started_at,duration_min,outcome\n"
        "1,\"s,1\",d1,call,2026-01-05T10:00:00,0.016667,held\n"
        "2,s2,d2,meeting,2026-01-05T10:00:00,33.333333,\n");
    put(b, "odd/stage_events.csv",
        "deal_id,stage,entered_at,kind,recorded_by\nd1,A & "
        "B,2026-03-29T01:59:59.123456,stage,s2\n");
    put(b, "odd/assessments.csv",
        "person_id,competency,item_id,score,max_score,rater_id\n"
        "s2,next_step,i1,0.1,3.3333333333333335,\"s,1\"\n");
}

static void keeps_odd_values(void)
{
    bed b;
    char *bytes = NULL;
    size_t n;
    open_bed(&b);
    put_odd_world(&b);
    round_trip(&b, "odd");
    T_OK(vrk_file_read(&b.ctx, in(&b, "out/activities.csv"), 0, &b.mem, &bytes, &n) == VRK_OK);
    T_OK(bytes && strstr(bytes, ",0.016667,held") && strstr(bytes, "\"s,1\""));
    T_OK(vrk_file_read(&b.ctx, in(&b, "out/deals.csv"), 0, &b.mem, &bytes, &n) == VRK_OK);
    T_OK(bytes && strstr(bytes, "123456789012.34") && strstr(bytes, "2026-03-29T01:59:59.123456"));
    T_OK(bytes && strstr(bytes, ",Färg,") && strstr(bytes, "röd"));
    close_bed(&b);
}

static void writes_parquet_and_xes(void)
{
    bed b;
    vrk_xes got;
    open_bed(&b);
    put_odd_world(&b);
    T_OK(import(&b, "a", "odd") > 0);
    T_OK(export(&b, "a", VRK_EXPORT_PARQUET, "parquet") == 9);
    T_OK(vrk_is_file(in(&b, "parquet/deals.parquet")));
    T_OK(!vrk_is_file(in(&b, "parquet/calendar.parquet")));
    T_OK(export(&b, "a", VRK_EXPORT_XES, "log.xes") == 3);
    T_OK(vrk_xes_read(&b.ctx, in(&b, "log.xes"), in(&b, "e"), in(&b, "c"), &got) == VRK_OK);
    T_OK(got.traces == 3 && got.events == 3);
    close_bed(&b);
}

static void writes_a_log_of_deals_without_persons(void)
{
    bed b;
    open_bed(&b);
    T_OK(vrk_folder_make(&b.ctx, in(&b, "few")) == VRK_OK);
    put(&b, "few/deals.csv", "deal_id,outcome\nd1,won\nd2,lost\n");
    T_OK(import(&b, "a", "few") > 0);
    T_OK(export(&b, "a", VRK_EXPORT_XES, "log.xes") == 2);
    close_bed(&b);
}

static void keeps_the_public_sets(void)
{
    static const char *const sets[] = {"maven-crm",    "pipedrive-enpal",
                                       "pm4py-logs",
#ifdef WHOLE
                                       "ibm-win-loss", "helpdesk",
                                       "bpic2012"
#endif
    };
    const char *root = getenv("VERKAN_DATA");
    root = root ? root : "../shared/data";
    int here = 0;
    for (size_t k = 0; k < sizeof(sets) / sizeof(sets[0]); k++) {
        bed b;
        open_bed(&b);
        const char *from = vrk_text_f(&b.mem, "%s/%s", root, sets[k]);
        if (vrk_is_folder(from)) {
            here++;
            round_trip(&b, from);
        }
        close_bed(&b);
    }
    if (!here)
        T_SKIP("the public data sets are not here");
}

/* What an import says of its files and rows. */
static const char *told(bed *b, const char *workspace, const char *from, int64_t fresh_rows)
{
    vrk_workspace w = {.lock = -1};
    vrk_bring_report r = {0};
    const char *path = from[0] == '/' || from[0] == '.' ? from : in(b, from);
    vrk_str s = {.mem = &b->mem};
    vrk_import_opt opt = {.fresh_rows = fresh_rows, .max_rejects = 1};
    T_OK(vrk_workspace_open(&b->ctx, in(b, workspace), true, &w) == VRK_OK);
    T_OK(vrk_bring(&b->ctx, &w, &path, 1, &opt, &r) == VRK_OK);
    for (int64_t i = 0; i < r.import.n; i++) {
        const vrk_balance *x = &r.import.balance[i];
        const int64_t count[] = {x->read,     x->used,    x->identical, x->replaced,
                                 x->rejected, x->skipped, x->warnings};
        vrk_str_addf(&s, "%s %s", x->file, x->table);
        for (size_t k = 0; k < sizeof(count) / sizeof(count[0]); k++)
            vrk_str_addf(&s, " %lld", (long long)count[k]);
        vrk_str_add(&s, "\n");
    }
    for (int64_t i = 0; i < r.import.problems; i++) {
        const vrk_fault *f = &r.import.problem[i].fault;
        vrk_str_addf(&s, "%lld %s %s %s\n", (long long)f->line, f->field ? f->field : "-",
                     f->value ? f->value : "-", f->code);
    }
    vrk_bring_report_free(&r);
    vrk_workspace_close(&w);
    return vrk_str_of(&s);
}

/* The short way of big tables (ingest/import_parts.h) and the general one: the same facts, balance
 * and remarks. */
static void both_ways(bed *b, const char *from)
{
    const char *general = told(b, "general", from, INT64_MAX), *brief = told(b, "brief", from, 1);
    T_OK(*general && !strcmp(general, brief));
    if (strcmp(general, brief) != 0)
        printf("# general:\n%s# short:\n%s", general, brief);
    const char *one = vrk_text_f(&b->mem, "one-%d", ++b->steps),
               *two = vrk_text_f(&b->mem, "two-%d", b->steps);
    T_OK(export(b, "general", VRK_EXPORT_CSV, one) > 0);
    T_OK(export(b, "brief", VRK_EXPORT_CSV, two) > 0);
    same(b, one, two);
}

/* Rows of every kind that is odd: no key, bad cells, keys that come twice (one as it was, one
 * older, one of them odd), references to nothing. */
static void brings_big_tables_to_the_same_by_the_short_way(void)
{
    bed b;
    open_bed(&b);
    put_odd_world(&b);
    put(&b, "odd/deals.csv",
        "deal_id,seller_id,amount,currency,created_at,outcome,updated_at,colour\n"
        "d1,\"s,1\",10,SEK,2026-01-01,won,2026-02-01,a\nd1,s2,11,SEK,2026-01-01,won,2026-01-31,b\n"
        ",s2,1,SEK,2026-01-01,open,,\nd2,s9,ca 5,SEK,2026-01-01,open,,\"two\nlines\"\n"
        "d2,s9,ca 5,SEK,2026-01-01,open,,\"two\nlines\"\nd3,s2,7,,2026-13-01,lost,,\n"
        "d4,s2,7,,2026-03-01,maybe,,\nd5,,7,EUR,2026-03-01T10:00:00Z,open,,\n");
    put(&b, "odd/activities.csv",
        "activity_id,seller_id,deal_id,kind,started_at,duration_min\n1,s2,d1,call,2026-01-05,5\n"
        "2,s2,nowhere,call,2026-01-06,5\n3,s2,elsewhere,walk,2026-02-06,x\n4,s2,d1,call,,5\n"
        "1,s2,d1,call,2026-02-05,6\n");
    both_ways(&b, "odd");
    both_ways(&b, "odd"); /* again: nothing new */
    /* a newer and an older row, a new one, one that stands beside another of its key, odd ones */
    put(&b, "odd/deals.csv",
        "deal_id,seller_id,amount,currency,created_at,outcome,updated_at,colour\n"
        "d1,\"s,1\",10,SEK,2026-01-01,won,2026-02-01,a\nd1,s2,11,SEK,2026-01-01,lost,2026-03-31,b\n"
        "d2,s9,ca 5,SEK,2026-01-01,open,,\"two\nlines\"\nd3,s2,7,,2026-01-01,lost,2020-01-01,\n"
        "d4,s2,7,,2026-03-01,,,\nd5,,7,EUR,2026-03-01T10:00:00Z,open,,\nd6,s7,1,SEK,,open,,\n");
    put(&b, "odd/activities.csv",
        "activity_id,seller_id,deal_id,kind,started_at,duration_min\n1,s2,d1,call,2026-02-05,6\n"
        "2,s2,nowhere,call,2026-03-06,5\n3,s2,elsewhere,walk,2026-02-06,x\n7,s8,d6,call,2026-01-01,"
        "5\n"
        ",s2,d1,call,2026-01-01,5\n1,s2,d1,call,2026-01-05,5\n");
    both_ways(&b, "odd");
    close_bed(&b);
    open_bed(&b);
    vrk_sim_opt opt = {.sellers = 6, .weeks = 20, .seed = 3, .dir = in(&b, "world")};
    T_OK(vrk_sim_kind_parse("noisy", &opt.kind));
    T_OK(vrk_sim_run(&b.ctx, &opt) == VRK_OK);
    both_ways(&b, "world");
    close_bed(&b);
}

static void brings_public_sets_to_the_same_by_the_short_way(void)
{
    static const char *const sets[] = {"maven-crm", "pipedrive-enpal", "pm4py-logs",
#ifdef WHOLE
                                       "ibm-win-loss"
#endif
    };
    const char *root = getenv("VERKAN_DATA");
    root = root ? root : "../shared/data";
    int here = 0;
    for (size_t k = 0; k < sizeof(sets) / sizeof(sets[0]); k++) {
        bed b;
        open_bed(&b);
        const char *from = vrk_text_f(&b.mem, "%s/%s", root, sets[k]);
        if (vrk_is_folder(from)) {
            here++;
            both_ways(&b, from);
        }
        close_bed(&b);
    }
    if (!here)
        T_SKIP("the public data sets are not here");
}

static void writes_over_nothing_and_leaves_no_part(void)
{
    bed b;
    vrk_workspace w = {.lock = -1};
    int64_t rows;
    open_bed(&b);
    T_OK(vrk_workspace_open(&b.ctx, in(&b, "a"), true, &w) == VRK_OK);
    T_OK(vrk_export(&b.ctx, &w, VRK_EXPORT_CSV, in(&b, "out"), &rows) == VRK_EINPUT);
    T_OK(strstr(b.ctx.message, "nothing was imported yet"));
    vrk_workspace_close(&w);
    put_odd_world(&b);
    T_OK(import(&b, "a", "odd") > 0);
    T_OK(vrk_workspace_open(&b.ctx, in(&b, "a"), false, &w) == VRK_OK);
    T_OK(vrk_export(&b.ctx, &w, VRK_EXPORT_CSV, in(&b, "odd"), &rows) == VRK_EINPUT);
    T_OK(strstr(b.ctx.message, "is there already"));
    T_OK(vrk_export(&b.ctx, &w, VRK_EXPORT_CSV, in(&b, "a/records.db/x"), &rows) == VRK_EIO);
    T_OK(!vrk_is_folder(in(&b, "out.part")) && !vrk_is_folder(in(&b, "odd.part")));
    vrk_workspace_close(&w);
    close_bed(&b);
}

T_MAIN(T_CASE(keeps_odd_values), T_CASE(writes_parquet_and_xes),
       T_CASE(writes_over_nothing_and_leaves_no_part),
       T_CASE(writes_a_log_of_deals_without_persons), T_CASE(keeps_every_kind_of_world),
       T_CASE(keeps_the_public_sets), T_CASE(brings_big_tables_to_the_same_by_the_short_way),
       T_CASE(brings_public_sets_to_the_same_by_the_short_way))
