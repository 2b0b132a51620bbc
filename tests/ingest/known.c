/* Tables that are known by their headings alone, and answers read as scores. Oracles by hand. */
#include "ingest/competency.h"
#include "ingest/score.h"
#include "tests/ingest/facts.h"

/* Imports a file of that text into a space of its own. */
static void bring(t_space *s, const char *name, const char *text, int64_t read, int64_t rejected)
{
    vrk_arena mem = {0};
    int64_t generation;
    *s = t_space_new();
    char *path = write_file(s, &mem, name, 1, text);
    vrk_balance b = import_file(s, path, (vrk_import_opt){.max_rejects = 1}, VRK_OK, &generation);
    T_OK(b.read == read && b.rejected == rejected);
    vrk_arena_free(&mem);
}

#define HEAD                                                                                       \
    "Ämne;Startdatum;Starttid;Slutdatum;Sluttid;Heldagshändelse;Mötesorganisatör;Privat;"      \
    "Känslighet\n"

static void a_swedish_calendar_of_outlook_is_one(void)
{
    t_space s;
    bring(&s, "kalender.csv",
          HEAD "Kundmöte;2026-03-02;08:30:00;2026-03-02;09:15:00;Falskt;Anna Ek;Falskt;Normal\n"
               "Semester;2026-07-06;00:00:00;2026-07-11;00:00:00;Sant;Anna Ek;Falskt;Normal\n"
               "Kundmöte;2026-03-03;08:30:00;2026-03-03;09:15:00;Falskt;Bo Al;Sant;Privat\n",
          3, 0);
    check_fact(&s,
               "SELECT string_agg(starts_at || ' ' || ends_at || ' ' || coalesce(category, '-'), "
               "', ' ORDER BY starts_at) FROM calendar",
               "2026-03-02 08:30:00 2026-03-02 09:15:00 customer, 2026-03-03 08:30:00 2026-03-03 "
               "09:15:00 -, 2026-07-06 00:00:00 2026-07-11 00:00:00 absence");
    check_fact(&s, "SELECT count(DISTINCT seller_key) FROM calendar", "1");
    t_space_free(&s);
}

static void answers_of_a_form_are_assessments(void)
{
    t_space s;
    bring(&s, "svar.csv",
          "Tidstämpel,E-postadress,Vem bedömer du?,Din relation,Samtal [Invändningar],Fri text\n"
          "2026-09-02 10:23:00,a@x.se,Bo,Chef,5 - Stämmer helt,bra\n"
          "2026-09-03 10:23:00,b@x.se,Bo,Jag själv,Ibland,\n"
          "2026-09-04 10:23:00,anonymous,Bo,Kund,5;4,\n"
          "2026-09-05 10:23:00,c@x.se,Bo,Kollega,,\n",
          3, 1);
    check_fact(&s,
               "SELECT string_agg(instrument || ' ' || score || '/' || max_score || ' ' || "
               "competency || ' ' || assessed_on, ', ' ORDER BY assessed_on) FROM assessments",
               "manager_rating 5.0/5.0 objection_handling 2026-09-02, self_rating 3.0/5.0 "
               "objection_handling 2026-09-03");
    t_space_free(&s);
}

static bool scores(const char *text, double want)
{
    double got = -1;
    return vrk_score_read(text, strlen(text), &got) && got == want;
}

static void scores_are_told_in_many_ways(void)
{
    double got;
    T_OK(scores("5", 5) && scores(" 4 ", 4) && scores("3,5", 3.5) && scores("2.25", 2.25));
    T_OK(scores("1 - Stämmer inte alls", 1) && scores("4: ofta", 4) && scores("5 (alltid)", 5));
    T_OK(scores("Aldrig", 1) && scores("SOMETIMES", 3) && scores("Strongly agree", 5));
    static const char *const none[] = {"", " ", "5;4", "ca 3", "1-2,3,4,5.5.5", "5 kr", "-1", "."};
    for (size_t i = 0; i < sizeof(none) / sizeof(*none); i++)
        T_OK(i == 4 || !vrk_score_read(none[i], strlen(none[i]), &got));
}

static void competencies_have_names_in_two_languages(void)
{
    vrk_arena mem = {0};
    static const char *const same[][2] = {
        {"Invändningar", "objection_handling"},  {"Nästa steg", "next_step"},
        {"Prospektering", "prospecting"},        {"Discovery skill", "business_questions"},
        {"Time management!", "time_management"}, {"?", "unknown"}};
    for (size_t i = 0; i < sizeof(same) / sizeof(*same); i++)
        T_OK(!strcmp(vrk_competency_of(&mem, same[i][0]), same[i][1]));
    vrk_arena_free(&mem);
}

/* A calendar names its owner by address: that is the seller who has it. */
static void an_address_is_the_seller_who_has_it(void)
{
    t_space s;
    vrk_arena mem = {0};
    vrk_ctx ctx = {0};
    vrk_workspace w;
    vrk_bring_report r = {0};
    s = t_space_new();
    const char *const path[] = {
        write_file(&s, &mem, "sellers.csv", 1, "seller_id,name,email\n7,Anna Ek,Anna@X.se\n"),
        write_file(&s, &mem, "anna.ics", 1,
                   "BEGIN:VCALENDAR\nX-WR-CALNAME:anna@x.se\nBEGIN:VEVENT\n"
                   "DTSTART:20260302T080000Z\nEND:VEVENT\nEND:VCALENDAR\n")};
    T_OK(vrk_workspace_open(&ctx, s.dir, true, &w) == VRK_OK);
    T_OK(vrk_bring(&ctx, &w, path, 2, &(vrk_import_opt){0}, &r) == VRK_OK);
    vrk_bring_report_free(&r);
    vrk_workspace_close(&w);
    check_fact(&s, "SELECT count(*) FROM calendar c JOIN sellers s USING (seller_key)", "1");
    vrk_arena_free(&ctx.scratch);
    vrk_arena_free(&mem);
    t_space_free(&s);
}

T_MAIN(T_CASE(a_swedish_calendar_of_outlook_is_one), T_CASE(answers_of_a_form_are_assessments),
       T_CASE(scores_are_told_in_many_ways), T_CASE(competencies_have_names_in_two_languages),
       T_CASE(an_address_is_the_seller_who_has_it))
