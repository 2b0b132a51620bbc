#include "tests/ingest/facts.h"

static const char *const deals_heading = "deal_id,seller_id,amount,currency,created_at,outcome,"
                                         "updated_at,colour\n";

static void types_every_cell(void)
{
    vrk_arena mem = {0};
    t_space s = t_space_new();
    int64_t g;
    char *path = write_file(
        &s, &mem, "deals.csv", 0,
        vrk_text_f(&mem, "%s%s", deals_heading,
                   "D1,S1,1234.56,sek,2026-06-30T22:30:00Z,won,2026-07-02,blue\n"
                   "D2,S2,ca 500,SEK,2026-06-30T22:30:00,lost,,\n" /* the amount is unknown */
                   "D3,,,,2026-12-24,Maybe,,\n"                    /* the outcome too */
                   ",S1,1,SEK,2026-01-01,open,,\n"));              /* rejected */
    vrk_balance b = import_file(&s, path, (vrk_import_opt){0}, VRK_OK, &g);
    T_OK(g == 1 && b.read == 4 && b.used == 3 && b.rejected == 1 && b.warnings == 2);
    check_fact(&s, "SELECT amount FROM deals WHERE deal_id = 'D1'", "123456");
    check_fact(&s, "SELECT currency FROM deals WHERE deal_id = 'D1'", "SEK");
    check_fact(&s, "SELECT created_at FROM deals WHERE deal_id = 'D1'", "2026-07-01 00:30:00");
    check_fact(&s, "SELECT created_at FROM deals WHERE deal_id = 'D2'", "2026-06-30 22:30:00");
    check_fact(&s, "SELECT attributes FROM deals WHERE deal_id = 'D1'", "{\"colour\":\"blue\"}");
    check_fact(&s, "SELECT amount IS NULL FROM deals WHERE deal_id = 'D2'", "true");
    check_fact(&s, "SELECT outcome IS NULL FROM deals WHERE deal_id = 'D3'", "true");
    check_fact(&s, "SELECT count(DISTINCT seller_key) FROM deals", "2");
    check_fact(&s,
               "SELECT count(*) FROM information_schema.columns WHERE table_name = 'deals' AND "
               "column_name = '_version'",
               "0");
    vrk_arena_free(&mem);
    t_space_free(&s);
}

/* With a blank at some field's end, which is then taken off everywhere, and without one. */
static void empty_is_unknown_and_blanks_are_taken_off(void)
{
    for (int blanks = 0; blanks < 2; blanks++) {
        vrk_arena mem = {0};
        t_space s = t_space_new();
        int64_t g;
        char *path =
            write_file(&s, &mem, "deals.csv", 0,
                       vrk_text_f(&mem, "%s%s%s", deals_heading,
                                  "D1,\"\",1,SEK,2026-01-01,open,,\"Malm\xC3\xB6 by\"\n",
                                  blanks ? "D2, S2 ,1,SEK,2026-01-01,open,,\"\xC2\xA0red\"\n"
                                         : "D2,S2,1,SEK,2026-01-01,open,,red\n"));
        vrk_balance b = import_file(&s, path, (vrk_import_opt){0}, VRK_OK, &g);
        T_OK(b.used == 2 && b.warnings == 0);
        check_fact(&s, "SELECT seller_key IS NULL FROM deals WHERE deal_id = 'D1'", "true");
        check_fact(&s, "SELECT attributes FROM deals WHERE deal_id = 'D1'",
                   "{\"colour\":\"Malm\xC3\xB6 by\"}");
        check_fact(&s, "SELECT attributes FROM deals WHERE deal_id = 'D2'", "{\"colour\":\"red\"}");
        check_fact(&s, "SELECT count(*) FROM deals WHERE seller_key IS NOT NULL", "1");
        vrk_arena_free(&mem);
        t_space_free(&s);
    }
}

static void the_same_file_twice_changes_nothing(void)
{
    vrk_arena mem = {0};
    t_space s = t_space_new();
    int64_t g;
    char *path = write_file(&s, &mem, "deals.csv", 0,
                            vrk_text_f(&mem, "%sD1,S1,1,SEK,2026-01-01,open,,\n%s", deals_heading,
                                       "D1,S1,1,SEK,2026-01-01,open,,\n"));
    vrk_balance b = import_file(&s, path, (vrk_import_opt){0}, VRK_OK, &g);
    T_OK(g == 1 && b.used == 1 && b.identical == 1);
    b = import_file(&s, path, (vrk_import_opt){0}, VRK_OK, &g);
    T_OK(g == 0 && b.used == 0 && b.identical == 2);
    check_fact(&s, "SELECT count(*) FROM deals", "1");
    vrk_arena_free(&mem);
    t_space_free(&s);
}

static void a_newer_row_replaces_an_older_never_the_reverse(void)
{
    static const struct {
        const char *name, *row, *stands;
        int day;
        bool used;
    } steps[] = {
        {"1/deals.csv", "D1,S1,1,SEK,2025-01-01,open,2026-02-01,", "100", 0, true},
        {"2/deals.csv", "D1,S1,2,SEK,2025-01-01,open,2026-01-01,", "100", 9, false},
        {"3/deals.csv", "D1,S1,3,SEK,2025-01-01,open,2026-03-01,", "300", 1, true},
        /* without updated_at the date of the file counts: early 2025 is older than March 2026 */
        {"4/deals.csv", "D1,S1,4,SEK,2025-01-01,open,,", "300", 5, false},
        {"5/deals.csv", "D1,S1,5,SEK,2025-01-01,open,,", "500", 900, true},
    };
    vrk_arena mem = {0};
    t_space s = t_space_new();
    int64_t g;
    for (size_t i = 0; i < sizeof(steps) / sizeof(steps[0]); i++) {
        vrk_ctx ctx = {0};
        T_OK(vrk_folder_make(&ctx, vrk_text_f(&mem, "%s/%.1s", s.top, steps[i].name)) == VRK_OK);
        vrk_arena_free(&ctx.scratch);
        char *path = write_file(&s, &mem, steps[i].name, steps[i].day,
                                vrk_text_f(&mem, "%s%s\n", deals_heading, steps[i].row));
        vrk_balance b = import_file(&s, path, (vrk_import_opt){0}, VRK_OK, &g);
        T_OK(b.used == steps[i].used && b.replaced == !steps[i].used);
        check_fact(&s, "SELECT amount FROM deals", steps[i].stands);
    }
    vrk_arena_free(&mem);
    t_space_free(&s);
}

static void contradicting_rows_of_a_file_leave_the_newest(void)
{
    vrk_arena mem = {0};
    t_space s = t_space_new();
    int64_t g;
    char *path =
        write_file(&s, &mem, "deals.csv", 0,
                   vrk_text_f(&mem, "%s%s", deals_heading,
                              "D1,S1,1,SEK,2026-01-01,open,2026-03-01,\n"
                              "D1,S1,2,SEK,2026-01-01,open,2026-02-01,\n"
                              "D2,S1,1,SEK,2026-01-01,open,,\nD2,S1,2,SEK,2026-01-01,open,,\n"));
    vrk_balance b = import_file(&s, path, (vrk_import_opt){0}, VRK_OK, &g);
    T_OK(b.used == 2 && b.replaced == 2);
    check_fact(&s, "SELECT amount FROM deals WHERE deal_id = 'D1'", "100");
    check_fact(&s, "SELECT amount FROM deals WHERE deal_id = 'D2'", "200"); /* the later line */
    vrk_arena_free(&mem);
    t_space_free(&s);
}

static void too_much_refused_changes_nothing(void)
{
    vrk_arena mem = {0};
    t_space s = t_space_new();
    vrk_str text = {.mem = &mem};
    int64_t g;
    vrk_str_add(&text, deals_heading);
    for (int i = 0; i < 200; i++)
        vrk_str_addf(&text, "%s,S1,1,SEK,2026-01-01,open,,\n",
                     i < 110 ? "" : vrk_text_f(&mem, "D%d", i));
    char *path = write_file(&s, &mem, "deals.csv", 0, vrk_str_of(&text));
    vrk_balance b = import_file(&s, path, (vrk_import_opt){0}, VRK_EINPUT, &g);
    T_OK(g == 0 && b.rejected == 110);
    b = import_file(&s, path, (vrk_import_opt){.dry_run = true, .max_rejects = 0.6}, VRK_OK, &g);
    T_OK(g == 0 && b.used == 90);
    b = import_file(&s, path, (vrk_import_opt){.max_rejects = 0.6}, VRK_OK, &g);
    T_OK(g == 1 && b.used == 90 && b.rejected == 110);
    vrk_arena_free(&mem);
    t_space_free(&s);
}

static void only_months_that_change_are_written(void)
{
    vrk_arena mem = {0};
    t_space s = t_space_new();
    vrk_ctx ctx = {0};
    vrk_workspace w;
    vrk_generation a, b;
    int64_t g;
    const char *heading = "activity_id,seller_id,kind,started_at,updated_at\n";
    char *path = write_file(&s, &mem, "activities.csv", 0,
                            vrk_text_f(&mem, "%s%s", heading,
                                       "A1,S1,call,2026-01-05T10:00,2026-01-05\n"
                                       "A2,S1,call,2026-02-05T10:00,2026-02-05\n"
                                       "A3,S1,call,2026-03-05T10:00,2026-03-05\n"));
    import_file(&s, path, (vrk_import_opt){0}, VRK_OK, &g);
    T_OK(vrk_workspace_open(&ctx, s.dir, false, &w) == VRK_OK);
    T_OK(vrk_generation_read(&ctx, &w, &a) == VRK_OK && a.files == 3);
    /* A2 moves from February to March: both change, January does not. */
    path =
        write_file(&s, &mem, "activities.csv", 1,
                   vrk_text_f(&mem, "%s%s", heading, "A2,S1,call,2026-03-09T10:00,2026-03-09\n"));
    import_file(&s, path, (vrk_import_opt){0}, VRK_OK, &g);
    T_OK(g == 2 && vrk_generation_read(&ctx, &w, &b) == VRK_OK && b.files == 2);
    T_OK(!strcmp(a.file[0].sha256, b.file[0].sha256) && !strcmp(b.file[1].partition, "2026-03") &&
         b.file[1].rows == 2);
    check_fact(&s, "SELECT count(*) FROM activities", "3");
    vrk_generation_free(&a);
    vrk_generation_free(&b);
    vrk_workspace_close(&w);
    vrk_arena_free(&ctx.scratch);
    vrk_arena_free(&mem);
    t_space_free(&s);
}

/* DESIGN section 3: since - the earliest stands; one with a date stands against one without. */
static void the_earliest_role_stands(void)
{
    vrk_arena mem = {0};
    t_space s = t_space_new();
    int64_t g;
    const char *heading = "deal_id,contact_id,role,since\n";
    char *path = write_file(&s, &mem, "contact_roles.csv", 5,
                            vrk_text_f(&mem, "%s%s", heading,
                                       "D1,C1,champion,2026-03-01\n"
                                       "D1,C1,champion,2026-02-01\n"
                                       "D1,C1,champion,\n"));
    vrk_balance b = import_file(&s, path, (vrk_import_opt){0}, VRK_OK, &g);
    T_OK(b.used == 1 && b.replaced == 2);
    check_fact(&s, "SELECT since FROM contact_roles", "2026-02-01 00:00:00");
    path = write_file(&s, &mem, "contact_roles.csv", 1,
                      vrk_text_f(&mem, "%sD1,C1,champion,2026-01-01\n", heading));
    b = import_file(&s, path, (vrk_import_opt){0}, VRK_OK, &g);
    T_OK(b.used == 1);
    check_fact(&s, "SELECT since FROM contact_roles", "2026-01-01 00:00:00");
    vrk_arena_free(&mem);
    t_space_free(&s);
}

/* 17:00 in Stockholm is 10:00 five hours west of Greenwich, in every form that says so; a plain
 * time is local. Blanks of all kinds go from the ends of a cell, and only from there. */
static void tells_plain_times_from_those_with_a_zone(void)
{
    vrk_arena mem = {0};
    t_space s = t_space_new();
    int64_t g;
    char *path = write_file(&s, &mem, "deals.csv", 0,
                            "deal_id,created_at,name\nD1,2026-06-30T10:00-05,\" a b \"\n"
                            "D2,2026-06-30T10:00:00-0500,\xc2\xa0"
                            "a b\xc2\xa0\n"
                            "D3,2026-06-30T10:00:00.0-05:00,a b\nD4,2026-06-30T15:00:00Z, a b\n"
                            "D5,2026-06-30T17:00:00+02,a b\nD6,2026-06-30T17:00:00,a b\n"
                            "D7,2026-06-30 17:00,a b\nD8,2026-06-30T17:00+02:00,a b\n");
    import_file(&s, path, (vrk_import_opt){0}, VRK_OK, &g);
    check_fact(&s,
               "SELECT string_agg(DISTINCT created_at::varchar || ' ' || name, '; ') || ' ' || "
               "count(*) FROM deals",
               "2026-06-30 17:00:00 a b 8");
    vrk_arena_free(&mem);
    t_space_free(&s);
}

T_MAIN(T_CASE(tells_plain_times_from_those_with_a_zone), T_CASE(types_every_cell),
       T_CASE(empty_is_unknown_and_blanks_are_taken_off),
       T_CASE(the_same_file_twice_changes_nothing),
       T_CASE(a_newer_row_replaces_an_older_never_the_reverse),
       T_CASE(contradicting_rows_of_a_file_leave_the_newest),
       T_CASE(too_much_refused_changes_nothing), T_CASE(only_months_that_change_are_written),
       T_CASE(the_earliest_role_stands))
