/* Who the persons of an import are, beside those of earlier ones. Oracles by hand; the public set
 * is AdventureWorks. */
#include "tests/ingest/facts.h"

#include <stdlib.h>
#include <string.h>

/* Brings a file in; `said`: how many notes hold the text. */
static int64_t bring(t_space *s, const char *path, const char *said)
{
    vrk_ctx ctx = {0};
    vrk_workspace w;
    vrk_bring_report r = {0};
    int64_t n = 0;
    T_OK(vrk_workspace_open(&ctx, s->dir, true, &w) == VRK_OK);
    vrk_status st = vrk_bring(&ctx, &w, &path, 1, &(vrk_import_opt){.max_rejects = 1}, &r);
    T_OK(st == VRK_OK);
    if (st != VRK_OK)
        printf("# %s\n", ctx.message);
    for (int64_t i = 0; i < r.notes; i++)
        n += strstr(r.note[i].sentence, said) != NULL;
    vrk_bring_report_free(&r);
    vrk_workspace_close(&w);
    vrk_arena_free(&ctx.scratch);
    return n;
}

static const char sellers[] = "seller_id,name,email\n7,Anna Ek,Anna@X.se\n8,Bo Al,bo@x.se\n"
                              "9,Cia Ek,info@x.se\n10,Dag Ek,info@x.se\n";
static const char same[] = "known from earlier imports under another id";

static void the_same_address_is_the_same_person(void)
{
    t_space s = t_space_new();
    vrk_arena mem = {0};
    T_OK(bring(&s, write_file(&s, &mem, "sellers.csv", 1, sellers), same) == 0);
    const char *activities =
        write_file(&s, &mem, "activities.csv", 2,
                   "activity_id,seller_id,kind,started_at\na,7,call,2026-01-01T10:00:00\n");
    T_OK(bring(&s, activities, same) == 0);
    /* another system: Anna by her address; nobody has Eva's; two had that of the office */
    T_OK(bring(&s,
               write_file(&s, &mem, "sellers.csv", 3,
                          "seller_id,name,email\nH-1,A. Ek, anna@x.SE\nH-2,Eva Ek,eva@x.se\n"
                          "H-3,Cia Ek,info@x.se\n"),
               "1 of the persons are known from earlier") == 1);
    T_OK(bring(&s,
               write_file(&s, &mem, "activities.csv", 4,
                          "activity_id,seller_id,kind,started_at\n"
                          "b,H-1,call,2026-01-02T10:00:00\nc,H-2,call,2026-01-02T11:00:00\n"
                          "d,H-3,call,2026-01-02T12:00:00\n"),
               same) == 0);
    check_fact(&s,
               "SELECT count(DISTINCT seller_key) FROM activities WHERE activity_id IN ('a', 'b')",
               "1");
    check_fact(&s, "SELECT count(DISTINCT seller_key) FROM activities", "3");
    check_fact(&s, "SELECT count(*) FROM sellers", "6");
    check_fact(&s, "SELECT count(*) FROM activities JOIN sellers USING (seller_key)", "4");
    vrk_arena_free(&mem);
    t_space_free(&s);
}

/* Nobody of the first import has a name or an address: nothing joins, and nothing stops. */
static void those_known_by_ids_alone_are_met_again(void)
{
    t_space s = t_space_new();
    vrk_arena mem = {0};
    T_OK(bring(&s,
               write_file(&s, &mem, "activities.csv", 1,
                          "activity_id,seller_id,kind,started_at\na,7,call,2026-01-01T10:00:00\n"),
               same) == 0);
    T_OK(bring(&s, write_file(&s, &mem, "sellers.csv", 2, sellers), same) == 0);
    check_fact(&s, "SELECT count(*) FROM activities JOIN sellers USING (seller_key)", "1");
    vrk_arena_free(&mem);
    t_space_free(&s);
}

/* One system tells both apart, or two of its persons share the address: they are not one. */
static void who_is_told_apart_stays_apart(void)
{
    t_space s = t_space_new();
    vrk_arena mem = {0};
    T_OK(bring(&s, write_file(&s, &mem, "sellers.csv", 1, sellers), same) == 0);
    T_OK(bring(&s,
               write_file(&s, &mem, "sellers.csv", 2,
                          "seller_id,name,email\n7,Anna Ek,anna@x.se\nH-1,Anna Ek,anna@x.se\n"),
               same) == 0);
    T_OK(bring(&s,
               write_file(&s, &mem, "sellers.csv", 3,
                          "seller_id,name,email\nK-1,Bo Al,bo@x.se\nK-2,Bo Al,bo@x.se\n"
                          "K-3,Bo Al,\nK-4,Bo Al,bo\n"),
               same) == 0);
    check_fact(&s, "SELECT count(*) FROM sellers", "9");
    vrk_arena_free(&mem);
    t_space_free(&s);
}

#define EVENT(name)                                                                                \
    "BEGIN:VCALENDAR\nX-WR-CALNAME:" name "\nBEGIN:VEVENT\nDTSTART:20260302T080000Z\nEND:VEVENT\n" \
    "END:VCALENDAR\n"

static void a_calendar_is_that_of_a_person_of_earlier_imports(void)
{
    t_space s = t_space_new();
    vrk_arena mem = {0};
    T_OK(bring(&s, write_file(&s, &mem, "sellers.csv", 1, sellers), "by name") == 0);
    T_OK(bring(&s, write_file(&s, &mem, "a.ics", 1, EVENT("anna@x.se")), "by name") == 0);
    check_fact(&s, "SELECT count(*) FROM calendar JOIN sellers USING (seller_key)", "1");
    T_OK(bring(&s, write_file(&s, &mem, "Bo Al.ics", 1, EVENT("Kalender")),
               "'Bo Al' is taken for the person 8, by name alone") == 1);
    check_fact(&s, "SELECT count(*) FROM calendar JOIN sellers USING (seller_key)", "2");
    T_OK(bring(&s, write_file(&s, &mem, "i.ics", 1, EVENT("info@x.se")), "by name") == 0);
    check_fact(&s, "SELECT count(*) FROM calendar JOIN sellers USING (seller_key)", "2");
    vrk_arena_free(&mem);
    t_space_free(&s);
}

static void reads_sellers_and_territories_of_adventure_works(void)
{
    vrk_arena mem = {0};
    const char *root = getenv("VERKAN_DATA");
    const char *path = vrk_text_f(&mem, "%s/adventureworks", root ? root : "../shared/data");
    if (!vrk_is_folder(path)) {
        vrk_arena_free(&mem);
        T_SKIP("adventureworks is not here");
    }
    t_space s = t_space_new();
    T_OK(bring(&s, path, "SalesPerson.csv: sellers") == 1);
    check_fact(
        &s,
        "SELECT count(*) || ' ' || count(team_id) || ' ' || count(DISTINCT team_id) FROM sellers",
        "17 14 10");
    check_fact(&s, "SELECT string_agg(name, ', ' ORDER BY team_id::bigint) FROM teams",
               "Northwest, Northeast, Central, Southwest, Southeast, Canada, France, Germany, "
               "Australia, United Kingdom");
    check_fact(&s, "SELECT count(*) FROM targets JOIN sellers USING (seller_key)", "163");
    check_fact(&s, "SELECT count(*) FROM sellers JOIN teams USING (team_id)", "14");
    vrk_arena_free(&mem);
    t_space_free(&s);
}

T_MAIN(T_CASE(the_same_address_is_the_same_person), T_CASE(those_known_by_ids_alone_are_met_again),
       T_CASE(who_is_told_apart_stays_apart),
       T_CASE(a_calendar_is_that_of_a_person_of_earlier_imports),
       T_CASE(reads_sellers_and_territories_of_adventure_works))
