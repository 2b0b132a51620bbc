#include "ingest/headings.h"
#include "tests/t.h"

#include <string.h>

static bool normal_is(const char *heading, const char *want)
{
    vrk_arena mem = {0};
    const char *got = vrk_heading_normal(&mem, heading);
    bool same = got && !strcmp(got, want);
    if (!same)
        printf("# '%s' gives '%s'\n", heading, got ? got : "nothing");
    vrk_arena_free(&mem);
    return same;
}

static void headings_are_compared_by_their_words(void)
{
    T_OK(normal_is("Deal - Owner", "deal owner"));
    T_OK(normal_is("dealOwner", "deal owner"));
    T_OK(normal_is("\xEF\xBB\xBF"
                   "deal_id",
                   "deal id"));
    T_OK(normal_is("ÄGARE AV AFFÄRSMÖJLIGHET", "ägare av affärsmöjlighet"));
    T_OK(normal_is("  (Ändra ej)  Affärsmöjlighet ", "ändra ej affärsmöjlighet"));
    T_OK(normal_is("Säljare\xC2\xA0namn", "säljare namn"));
    T_OK(normal_is("case:concept:name", "case concept name"));
    T_OK(normal_is("", "") && normal_is("---", ""));
}

static double sure(const char *heading, const char *table, const char *column)
{
    vrk_ctx ctx = {0};
    vrk_arena mem = {0};
    vrk_meaning *m;
    int64_t n;
    double found = 0;
    vrk_headings h;
    T_OK(vrk_headings_make(&ctx, &mem, &h) == VRK_OK);
    T_OK(vrk_meanings_of(&ctx, &h, &mem, heading, &m, &n) == VRK_OK);
    for (int64_t i = 0; i < n; i++)
        if (!strcmp(m[i].table, table) && !strcmp(m[i].column, column))
            found = m[i].confidence;
    vrk_arena_free(&mem);
    vrk_arena_free(&ctx.scratch);
    return found;
}

static void known_headings_have_their_meaning(void)
{
    T_OK(sure("deal_id", "deals", "deal_id") == 1);
    T_OK(sure("Opportunity ID", "deals", "deal_id") == 0.95);
    T_OK(sure("Id", "deals", "deal_id") == 0.7);
    T_OK(sure("Affärsägare", "deals", "seller_id") == 0.95);
    T_OK(sure("Säljsteg", "deals", "stage") == 0.95);
    T_OK(sure("org:resource", "events", "resource") == 0.95);
    T_OK(sure("shoe size", "deals", "deal_id") == 0);
}

static void every_line_of_the_knowledge_is_read(void)
{
    vrk_ctx ctx = {0};
    vrk_arena mem = {0};
    vrk_headings h;
    int64_t required = 0, dates = 0;
    T_OK(vrk_headings_make(&ctx, &mem, &h) == VRK_OK);
    const vrk_meaning *m = h.all;
    int64_t n = h.columns;
    T_OK(n == 88);
    for (int64_t i = 0; i < n; i++) {
        required += m[i].required;
        dates += m[i].values == VRK_VALUES_DATE;
        T_OK(!strchr(m[i].column, '*') && *m[i].table && *m[i].column);
    }
    T_OK(required == 22 && dates == 15);
    vrk_arena_free(&mem);
    vrk_arena_free(&ctx.scratch);
}

T_MAIN(T_CASE(headings_are_compared_by_their_words), T_CASE(known_headings_have_their_meaning),
       T_CASE(every_line_of_the_knowledge_is_read))
