/* The numbers and words of UI.md sections 6 and 7; NB is a no-break space. */
#include "diag/words.h"
#include "diag/reason.h"
#include "tests/t.h"

#include <math.h>
#include <string.h>

#define NB "\u00a0"
#define MINUS "\u2212"
#define DASH "\u2013"

static vrk_arena mem;
static const vrk_words en = {VRK_EN, &mem}, sv = {VRK_SV, &mem};

static void same(const char *got, const char *want)
{
    if (strcmp(got, want) != 0)
        printf("# got '%s', want '%s'\n", got, want);
    T_OK(!strcmp(got, want));
}

static void writes_numbers_as_each_language_does(void)
{
    same(vrk_say_int(&sv, 1250000), "1" NB "250" NB "000");
    same(vrk_say_int(&en, 1250000), "1,250,000");
    same(vrk_say_int(&en, -1250), MINUS "1,250");
    same(vrk_say_int(&sv, 999), "999");
    same(vrk_say_int(&en, INT64_MIN), MINUS "9,223,372,036,854,775,808");
    same(vrk_say_number(&sv, 14.25, 1), "14,2");
    same(vrk_say_number(&en, -0.04, 1), "0.0"); /* what rounds to zero has no sign */
    same(vrk_say_number(&en, nan(""), 1), DASH);
    same(vrk_say_percent(&sv, 0.31), "31" NB "%");
    same(vrk_say_percent(&en, 0.31), "31%");
    same(vrk_say_date(&sv, 20760), "3" NB "nov" NB "2026");
    same(vrk_say_date(&en, 20760), "3" NB "Nov" NB "2026");
    vrk_arena_free(&mem);
}

static void writes_ranges_with_a_word_where_an_end_is_negative(void)
{
    same(vrk_say_range(&sv, 9.1, 19.8, 1), "9,1" DASH "19,8");
    same(vrk_say_range(&sv, -2100000, 3900000, 0),
         MINUS "2" NB "100" NB "000" NB "till" NB "3" NB "900" NB "000");
    same(vrk_say_range(&en, -2, 3, 0), MINUS "2" NB "to" NB "3");
    same(vrk_say_percent_range(&sv, 0.09, 0.2), "9" DASH "20" NB "%");
    same(vrk_say_percent_range(&en, 0.09, HUGE_VAL), DASH);
    vrk_arena_free(&mem);
}

static void chooses_the_plural_form(void)
{
    same(vrk_say_days(&en, 1), "1 day");
    same(vrk_say_days(&sv, 1), "1 dag");
    same(vrk_say_days(&sv, 0), "0 dagar");
    same(vrk_say_days(&sv, 2.5), "2,5 dagar");
    same(vrk_say_days(&en, 1234), "1,234 days");
    same(vrk_trn(VRK_SV, "{n} deal", "{n} deals", 1), "{n} affär");
    same(vrk_trn(VRK_SV, "{n} deal", "{n} deals", 0), "{n} affärer");
    same(vrk_trn(VRK_SV, "{n} no such", "{n} no suches", 2), "{n} no suches");
    same(vrk_say_weeks(&sv, 5.2), "ungefär sex veckor");
    same(vrk_say_weeks(&sv, 0.3), "ungefär en vecka");
    same(vrk_say_weeks(&en, 13.2), "about 14 weeks");
    same(vrk_say_weeks(&en, 200), "more than two years");
    same(vrk_say_weeks(&en, nan("")), "");
    vrk_arena_free(&mem);
}

static void says_certainty_on_one_scale(void)
{
    same(vrk_certainty(VRK_SV, 0.95), "Nästan säkert");
    same(vrk_certainty(VRK_EN, 0.9499), "Very likely");
    same(vrk_certainty(VRK_SV, 0.85), "Mycket troligt");
    same(vrk_certainty(VRK_EN, 0.70), "Likely");
    T_OK(!vrk_certainty(VRK_EN, 0.6999));
    T_OK(!vrk_certainty(VRK_EN, nan("")));
    same(vrk_say_probability(&sv, 0.999), "över 99" NB "%");
    same(vrk_say_probability(&en, 0.001), "under 1%");
    same(vrk_say_probability(&en, 0.97), "97%");
    same(vrk_say_tenths(&sv, 0.41), "fyra av tio");
    same(vrk_say_tenths(&en, 0.98), "nearly all");
    vrk_arena_free(&mem);
}

static void fills_templates_by_name(void)
{
    same(vrk_say(&en, "{b} and {a} and {c}", "a", "1", "b", "2", NULL), "2 and 1 and {c}");
    same(vrk_say(&en, "open { brace", NULL), "open { brace");
    same(vrk_say_n(&sv, "{n} deal", "{n} deals", 1200, NULL), "1" NB "200 affärer");
    T_OK(vrk_columns("1" NB "250 åäö " MINUS "2") == 12);
    vrk_arena_free(&mem);
}

static void knows_languages_by_locale_names(void)
{
    vrk_lang lang = VRK_EN;
    T_OK(vrk_lang_parse("sv", &lang) && lang == VRK_SV);
    T_OK(vrk_lang_parse("en_GB.UTF-8", &lang) && lang == VRK_EN);
    T_OK(vrk_lang_parse("sv-SE", &lang) && lang == VRK_SV);
    T_OK(!vrk_lang_parse("svenska", &lang) && !vrk_lang_parse("C", &lang));
    T_OK(!vrk_lang_parse("", &lang) && !vrk_lang_parse(NULL, &lang));
}

/* UI.md section 7 has this sentence: 9 % are recorded, 120 more, about six weeks. */
static void reasons_give_amount_and_time(void)
{
    vrk_reason r = {VRK_WHY_NO_OBJECTIONS, 26, 292, 120, 5.5};
    same(vrk_reason_why(&sv, &r),
         "26 av 292 förlorade affärer (9" NB "%) har en registrerad invändning.");
    same(vrk_reason_record(&sv, &r),
         "Registrera invändningar när de kommer. 120 till räcker, ungefär sex veckor.");
    r.weeks = nan("");
    same(vrk_reason_record(&en, &r), "Log objections when they come.");
    for (int i = 0; i < VRK_WHY_COUNT; i++) {
        vrk_why code;
        T_OK(vrk_why_of(vrk_why_name((vrk_why)i), &code) && code == (vrk_why)i);
        r.code = code;
        T_OK(!strchr(vrk_reason_why(&en, &r), '{') && !strchr(vrk_reason_record(&sv, &r), '{'));
    }
    vrk_arena_free(&mem);
}

/* Out of memory every text is whole or "", and the arena remembers. */
static void survives_when_memory_runs_out(void)
{
    vrk_arena small = {.limit = 64};
    vrk_words w = {VRK_SV, &small};
    for (int i = 0; i < 20; i++) {
        vrk_say_n(&w, "{n} deal", "{n} deals", 1000 * i, NULL);
        vrk_say_range(&w, 1, 2, 0);
    }
    T_OK(small.failed);
    vrk_arena_free(&small);
}

T_MAIN(T_CASE(writes_numbers_as_each_language_does),
       T_CASE(writes_ranges_with_a_word_where_an_end_is_negative), T_CASE(chooses_the_plural_form),
       T_CASE(says_certainty_on_one_scale), T_CASE(fills_templates_by_name),
       T_CASE(knows_languages_by_locale_names), T_CASE(reasons_give_amount_and_time),
       T_CASE(survives_when_memory_runs_out))
