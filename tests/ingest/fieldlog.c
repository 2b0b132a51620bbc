/* A row per changed field (Pipedrive's change log). Oracle: the logs are small enough to be read by
 * hand; those of a public set were counted with another program (the README beside it). */
#include "tests/ingest/facts.h"

static const char *const heading = "deal_id,change_time,changed_field_key,new_value\n";
static const char *const stages = "stage_id,stage_name\n1,Lead\n2,Proposal\n3,Closing\n";

/* Writes a folder of the log, and of other files if they are given, and imports it. */
static void bring(t_space *s, const char *log, const char *other, const char *text, vrk_status want)
{
    vrk_ctx ctx = {0};
    vrk_arena mem = {0};
    int64_t g;
    T_OK(vrk_folder_make(&ctx, vrk_text_f(&mem, "%s/in", s->top)) == VRK_OK);
    write_file(s, &mem, "in/deal_changes.csv", 0, vrk_text_f(&mem, "%s%s", heading, log));
    write_file(s, &mem, "in/stages.csv", 0, stages);
    if (other)
        write_file(s, &mem, vrk_text_f(&mem, "in/%s", other), 0, text);
    import_file(s, vrk_text_f(&mem, "%s/in", s->top), (vrk_import_opt){0}, want, &g);
    vrk_arena_free(&mem);
    vrk_arena_free(&ctx.scratch);
}

static const char *const events_of = "(SELECT string_agg(kind || ' ' || stage || ' ' || "
                                     "strftime(entered_at, '%d.%m'), ', ' ORDER BY entered_at, "
                                     "kind <> 'stage') FROM stage_events WHERE deal_id = 'D1')";

static void names_stages_by_the_list_beside_it(void)
{
    t_space s = t_space_new();
    bring(&s,
          "D1,2026-01-01 08:00:00,add_time,2026-01-01T08:00:00\n"
          "D1,2026-01-01 08:00:00,user_id,7\nD1,2026-01-02 08:00:00,stage_id,1\n"
          "D1,2026-01-09 08:00:00,stage_id,3\nD1,2026-01-10 08:00:00,user_id,8\n"
          "D1,2026-01-12 08:00:00,stage_id,9\nD1,2026-01-20 08:00:00,value,1500.50\n"
          "D1,2026-02-01 08:00:00,status,won\nD1,2026-02-01 08:00:00,label,Hot\n",
          NULL, NULL, VRK_OK);
    /* the list has no stage 9: it keeps its number */
    check_fact(&s, events_of,
               "stage Lead 02.01, stage Closing 09.01, stage 9 12.01, won won 01.02");
    check_fact(&s,
               "SELECT deal_id || ' ' || stage || ' ' || outcome || ' ' || amount || ' ' || "
               "created_at::date || ' ' || closed_at::date FROM deals",
               "D1 9 won 150050 2026-01-01 2026-02-01");
    check_fact(&s, "SELECT count(*) FROM owner_changes", "2");
    check_fact(&s, "SELECT count(*) FROM sellers", "2");
    check_fact(
        &s,
        "SELECT count(*) FROM deals d JOIN owner_changes o USING (deal_id, seller_key) WHERE "
        "o.changed_at::date = '2026-01-10'",
        "1");
    t_space_free(&s);
}

static void reopens_what_moves_on_after_a_loss(void)
{
    t_space s = t_space_new();
    /* newest first; at one moment the closing comes after the stage, however the rows lie */
    bring(&s,
          "D1,2026-03-01T08:00:00,status,lost\nD1,2026-02-10T08:00:00,stage_id,2\n"
          "D1,2026-02-01T08:00:00,status,lost\nD1,2026-02-01T08:00:00,stage_id,1\n"
          "D1,2026-01-01T08:00:00,status,open\n"
          "D2,2026-03-05T08:00:00,status,open\nD2,2026-03-01T08:00:00,status,lost\n"
          "D2,2026-02-01T08:00:00,stage_id,2\n",
          NULL, NULL, VRK_OK);
    check_fact(&s, events_of,
               "stage Lead 01.02, lost lost 01.02, reopened Proposal 10.02, lost lost 01.03");
    check_fact(&s,
               "SELECT string_agg(deal_id || ' ' || outcome || ' ' || stage || ' ' || "
               "coalesce(closed_at::date::varchar, '-'), ', ' ORDER BY deal_id) FROM deals",
               "D1 lost Proposal 2026-03-01, D2 open Proposal -");
    check_fact(&s,
               "SELECT string_agg(kind || ' ' || stage, ', ' ORDER BY entered_at) FROM "
               "stage_events WHERE deal_id = 'D2'",
               "stage Proposal, lost lost, reopened Proposal");
    t_space_free(&s);
}

static void takes_a_reason_for_a_loss_where_nothing_else_tells(void)
{
    t_space s = t_space_new();
    bring(&s,
          "D1,2026-02-01T08:00:00,stage_id,1\nD1,2026-02-09T08:00:00,lost_reason,4\n"
          "D2,2026-02-01T08:00:00,stage_id,1\nD2,2026-02-09T08:00:00,lost_reason,\n",
          "fields.csv",
          "ID,FIELD_KEY,NAME,FIELD_VALUE_OPTIONS\n"
          "1,lost_reason,Reason,\"[{\"\"id\"\": \"\"4\"\", \"\"label\"\": \"\"Price\"\"}]\"\n"
          "2,add_time,Created,\n",
          VRK_OK);
    check_fact(&s,
               "SELECT string_agg(deal_id || ' ' || outcome || ' ' || coalesce(lost_reason, '-'), "
               "', ' ORDER BY deal_id) FROM deals",
               "D1 lost Price, D2 open -");
    check_fact(&s, events_of, "stage Lead 01.02, lost Lost 09.02");
    t_space_free(&s);
}

static void leaves_deals_to_a_table_of_deals(void)
{
    t_space s = t_space_new();
    bring(&s,
          "D1,2026-02-01T08:00:00,stage_id,1\n"
          "D1,2026-02-02T08:00:00,expected_close_date,2026-04-01\n"
          "D1,2026-02-20T08:00:00,expected_close_date,2026-05-01\n",
          "deals.csv", "deal_id,amount,currency,outcome\nD1,10,SEK,open\nD9,20,SEK,won\n", VRK_OK);
    check_fact(&s, "SELECT string_agg(deal_id || ' ' || outcome, ', ' ORDER BY deal_id) FROM deals",
               "D1 open, D9 won");
    check_fact(&s,
               "SELECT string_agg(coalesce(old_on::varchar, '-') || ' ' || new_on, ', ' ORDER BY "
               "changed_at) FROM close_date_changes",
               "- 2026-04-01, 2026-04-01 2026-05-01");
    check_fact(&s, events_of, "stage Lead 01.02");
    t_space_free(&s);
}

/* The lines are those of the file, with a value of two lines before them. */
static void names_the_line_of_a_row_that_it_cannot_use(void)
{
    vrk_ctx ctx = {0};
    vrk_workspace w;
    vrk_bring_report r = {0};
    vrk_arena mem = {0};
    t_space s = t_space_new();
    vrk_str log = {.mem = &mem};
    vrk_str_addf(&log, "%sD1,2026-02-01,label,\"two\nlines\"\nD1,2026-02-01,stage,Lead\n", heading);
    vrk_str_add(&log, ",2026-02-02,stage,Lead\nD1,soon,stage,Offer\n");
    for (int i = 1; i <= 40; i++)
        vrk_str_addf(&log, "D%d,2026-02-03,stage,Offer\n", i);
    const char *path = write_file(&s, &mem, "deal_changes.csv", 0, log.at);
    T_OK(vrk_workspace_open(&ctx, s.dir, true, &w) == VRK_OK);
    T_OK(vrk_bring(&ctx, &w, &path, 1, NULL, &r) == VRK_OK);
    T_OK(r.import.problems == 2);
    for (int64_t i = 0; i < r.import.problems && i < 2; i++) {
        T_OK(r.import.problem[i].fault.line == 5 + i);
        T_OK(vrk_ends_with(r.import.problem[i].file, "deal_changes.csv"));
    }
    T_OK(!strcmp(r.import.problem[0].fault.field, "deal_id"));
    T_OK(!strcmp(r.import.problem[1].fault.value, "soon"));
    vrk_bring_report_free(&r);
    vrk_workspace_close(&w);
    vrk_arena_free(&ctx.scratch);
    vrk_arena_free(&mem);
    t_space_free(&s);
}

static void refuses_a_log_of_unknown_fields(void)
{
    t_space s = t_space_new();
    vrk_arena mem = {0};
    int64_t g;
    const char *path = write_file(
        &s, &mem, "deal_changes.csv", 0,
        vrk_text_f(&mem, "%s%s", heading, "D1,2026-02-01,colour,red\nD2,2026-02-02,colour,b\n"));
    import_file(&s, path, (vrk_import_opt){0}, VRK_EINPUT, &g);
    vrk_arena_free(&mem);
    t_space_free(&s);
}

static void takes_ids_and_names_of_one_moment_for_one_change_of_owner(void)
{
    t_space s = t_space_new();
    bring(&s,
          "D1,2026-01-01 08:00:00,stage_id,1\nD1,2026-01-02 08:00:00,user_id,005Qy00000004aKIAQ\n"
          "D1,2026-01-02 08:00:00,user_id,Dag Ek\nD1,2026-01-03 08:00:00,user_id,Bo Al\n",
          NULL, NULL, VRK_OK);
    check_fact(&s, "SELECT count(*) FROM owner_changes", "2");
    check_fact(&s, "SELECT count(*) FROM sellers", "2");
    t_space_free(&s);
}

static void fails_cleanly_when_memory_runs_out(void)
{
    t_space s = t_space_new();
    vrk_arena mem = {0};
    const char *path = write_file(&s, &mem, "deal_changes.csv", 0,
                                  vrk_text_f(&mem, "%s%s", heading,
                                             "D1,2026-02-01,stage,Lead\nD1,2026-02-02,status,won\n"
                                             "D1,2026-02-02,owner,7\n"));
    for (size_t limit = 2000;; limit += limit / 4) {
        vrk_ctx ctx = {.scratch.limit = limit};
        vrk_plan plan;
        vrk_status st = vrk_plan_make(&ctx, &path, 1, &(vrk_plan_opt){.staging = s.top}, &plan);
        T_OK(st == VRK_OK || st == VRK_EMEMORY);
        T_OK(st == VRK_OK || (!plan.source && !plan.mem.top));
        T_OK(ctx.scratch.used == 0);
        vrk_plan_free(&plan);
        vrk_arena_free(&ctx.scratch);
        if (st == VRK_OK)
            break;
    }
    vrk_arena_free(&mem);
    t_space_free(&s);
}

static void reads_a_public_change_log_whole(void)
{
    t_space s = t_space_new();
    vrk_ctx ctx = {0};
    vrk_workspace w;
    vrk_bring_report r = {0};
    vrk_arena mem = {0};
    const char *root = getenv("VERKAN_DATA");
    const char *path = vrk_text_f(&mem, "%s/pipedrive-enpal", root ? root : "../shared/data");
    if (!vrk_is_folder(path)) {
        t_space_free(&s);
        vrk_arena_free(&mem);
        T_SKIP("pipedrive-enpal is not here");
    }
    T_OK(vrk_workspace_open(&ctx, s.dir, true, &w) == VRK_OK);
    T_OK(vrk_bring(&ctx, &w, &path, 1, NULL, &r) == VRK_OK);
    vrk_bring_report_free(&r);
    vrk_workspace_close(&w);
    vrk_arena_free(&ctx.scratch);
    check_fact(&s, "SELECT count(*) FROM deals WHERE outcome = 'lost' AND lost_reason IS NOT NULL",
               "1995");
    check_fact(&s, "SELECT count(*) FROM stage_events WHERE kind IN ('stage', 'reopened', 'back')",
               "8906");
    check_fact(&s, "SELECT count(*) FROM stage_events WHERE stage = 'Lead Generation'", "2000");
    check_fact(&s, "SELECT count(*) FROM stage_events WHERE stage = 'Renewal/Expansion'", "325");
    check_fact(&s, "SELECT count(*) FROM stage_events WHERE kind = 'lost'", "2000");
    check_fact(&s, "SELECT count(*) FROM owner_changes", "2500");
    /* one of 11 ids that come twice is kept: 4579 - 11; 8 rows belong to deals of the log */
    check_fact(&s, "SELECT count(*) FROM activities", "4568");
    check_fact(&s, "SELECT count(*) FROM activities JOIN deals USING (deal_id)", "8");
    vrk_arena_free(&mem);
    t_space_free(&s);
}

T_MAIN(T_CASE(names_stages_by_the_list_beside_it), T_CASE(reopens_what_moves_on_after_a_loss),
       T_CASE(takes_a_reason_for_a_loss_where_nothing_else_tells),
       T_CASE(leaves_deals_to_a_table_of_deals), T_CASE(names_the_line_of_a_row_that_it_cannot_use),
       T_CASE(refuses_a_log_of_unknown_fields),
       T_CASE(takes_ids_and_names_of_one_moment_for_one_change_of_owner),
       T_CASE(fails_cleanly_when_memory_runs_out), T_CASE(reads_a_public_change_log_whole))
