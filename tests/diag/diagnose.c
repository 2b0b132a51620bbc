/* The whole way from facts to document and page on tests/diag/world.h, whose figures are counted by
 * hand: nothing is censored within the horizon, so every share is a plain proportion. */
#include "diag/diagnose.h"
#include "diag/json.h"
#include "diag/page.h"
#include "diag/view.h"
#include "tests/diag/world.h"
#include "tests/t.h"

#include <stdlib.h>
#include <string.h>

static json_t *diagnosed(vrk_ctx *ctx, int shift, long long money, const vrk_diagnose_opt *opt)
{
    vrk_facts *facts = NULL;
    json_t *document = NULL;
    T_OK(world_open(ctx, shift, money, &facts) == VRK_OK);
    T_OK(vrk_diagnose(ctx, facts, opt, &document) == VRK_OK);
    if (!document)
        printf("# %s\n", ctx->message);
    vrk_facts_close(facts);
    return document;
}

static const json_t *stage(const json_t *document, size_t i)
{
    return json_array_get(json_object_get(document, "stages"), i);
}

static void gives_the_shares_and_days_counted_by_hand(void)
{
    vrk_ctx ctx = {0};
    json_t *d = diagnosed(&ctx, 0, 1000, NULL);
    const json_t *lead = stage(d, 0), *offer = stage(d, 1), *whole = json_object_get(d, "whole");
    const json_t *method = json_object_get(d, "method");

    T_OK(!strcmp(vrk_json_text(lead, "stage"), "Lead") && vrk_json_int(lead, "entered") == 61);
    T_OK(!strcmp(vrk_json_text(offer, "stage"), "Offer") && vrk_json_int(offer, "entered") == 40);
    T_OK(vrk_json_int(lead, "standing") == 9 && vrk_json_int(offer, "standing") == 8);
    T_NEAR(vrk_json_number(method, "horizon_days"), 14.0, 1e-12); /* all steps on within 10 days */
    T_NEAR(vrk_json_mean(lead, "forward"), 40 / 60., 1e-9);
    T_NEAR(vrk_json_mean(lead, "lost"), 12 / 60., 1e-9);
    T_NEAR(vrk_json_mean(lead, "stalled"), 8 / 60., 1e-9);
    T_NEAR(vrk_json_mean(lead, "median_days"), 5.0, 1e-9);
    T_OK(json_is_null(json_object_get(json_object_get(lead, "p90_days"), "mean"))); /* 87 % left */
    T_NEAR(vrk_json_mean(lead, "days_lost"), 0.2 * (14 - 8), 1e-9);
    T_NEAR(vrk_json_mean(lead, "days_in"), 14 - 0.2 * (14 - 8) - 40 / 60. * (14 - 5), 1e-9);
    T_NEAR(vrk_json_mean(offer, "won"), 0.5, 1e-9);
    T_NEAR(vrk_json_mean(offer, "lost"), 0.0, 1e-9); /* they come on day 20 */
    T_NEAR(vrk_json_mean(offer, "median_days"), 10.0, 1e-9);
    T_NEAR(vrk_json_number(method, "whole_horizon_days"), 30.0, 1e-12);
    T_NEAR(vrk_json_mean(whole, "won"), 20 / 60., 1e-9);
    T_NEAR(vrk_json_mean(whole, "lost"), 24 / 60., 1e-9);
    vrk_document_free(d);
    vrk_arena_free(&ctx.scratch);
}

/* Binomial where nothing is censored: sqrt(p (1-p) / n), limits on the log-log scale; none of n by
 * Clopper & Pearson. Working days: days 0 ... 19 + 5 from Thursday 1 January 2026, by hand 4. */
static void gives_the_errors_of_a_proportion(void)
{
    vrk_ctx ctx = {0};
    json_t *d = diagnosed(&ctx, 0, 1000, NULL);
    const json_t *lead = stage(d, 0), *forward = json_object_get(lead, "forward");
    double p = 40 / 60., se = sqrt(p * (1 - p) / 60), w = 1.6448536269514722 * se / (p * log(p));

    T_NEAR(vrk_json_number(forward, "lo"), pow(p, exp(-w)), 1e-9);
    T_NEAR(vrk_json_number(forward, "hi"), pow(p, exp(w)), 1e-9);
    T_NEAR(vrk_json_number(json_object_get(lead, "won"), "hi"), 1 - pow(0.05, 1 / 61.), 1e-9);
    T_NEAR(vrk_json_mean(lead, "median_workdays"), 4.0, 1e-9);
    vrk_document_free(d);
    vrk_arena_free(&ctx.scratch);
}

static double conversion(const json_t *d, const char *kind, const char *of)
{
    json_t *x;
    size_t i;
    json_array_foreach(json_object_get(d, "conversion"), i, x)
    {
        if (!strcmp(vrk_json_text(x, "kind"), kind) && !strcmp(vrk_json_text(x, "stage"), of))
            return vrk_json_number(x, "value");
    }
    return nan("");
}

static void counts_conversion_as_each_crm_does(void)
{
    vrk_ctx ctx = {0};
    json_t *d = diagnosed(&ctx, 0, 1000, NULL);
    T_NEAR(conversion(d, "won_of_closed", ""), 20 / 44., 1e-12);
    T_NEAR(conversion(d, "won_of_created", ""), 20 / 61., 1e-12);
    T_NEAR(conversion(d, "reached", "Lead"), 40 / 61., 1e-12);
    T_NEAR(conversion(d, "reached", "Offer"), 20 / 40., 1e-12);
    T_NEAR(conversion(d, "next_step", "Lead"), 40 / 61., 1e-12);
    T_NEAR(conversion(d, "snapshot", "Lead"), 8 / 17., 1e-12);
    T_NEAR(conversion(d, "every_win", "Lead"), 20 / 44., 1e-12);
    T_NEAR(conversion(d, "every_win", "Offer"), 20 / 32., 1e-12);
    vrk_document_free(d);
    vrk_arena_free(&ctx.scratch);
}

/* 20 stops in each stage: no stage may be named. */
static void does_not_name_a_stage_where_two_are_alike(void)
{
    vrk_ctx ctx = {0};
    json_t *d = diagnosed(&ctx, 0, 1000, NULL);
    const json_t *f = json_object_get(d, "finding");
    T_OK(!strcmp(vrk_json_text(f, "kind"), "tie"));
    T_OK(vrk_json_number(f, "probability") < 0.7);
    T_OK(strstr(vrk_json_text(f, "text"), "cannot be said"));
    vrk_document_free(d);
    vrk_arena_free(&ctx.scratch);
}

static int by_text(const void *a, const void *b)
{
    return strcmp(*(char *const *)a, *(char *const *)b);
}

/* The document as text, the sellers in the order of what is said about them, without their keys. */
static const char *without_keys(vrk_ctx *ctx, json_t *d, vrk_arena *mem)
{
    char *row[16];
    size_t n = json_array_size(json_object_get(d, "sellers"));
    vrk_str all = {.mem = mem};
    const char *text = "";
    T_OK(n == 3);
    for (size_t i = 0; i < n && i < 16; i++) {
        json_t *seller = json_array_get(json_object_get(d, "sellers"), i);
        json_object_del(seller, "seller_key");
        row[i] = json_dumps(seller, 0);
    }
    json_object_del(d, "sellers");
    qsort(row, n, sizeof(row[0]), by_text);
    T_OK(vrk_document_text(ctx, d, mem, &text) == VRK_OK);
    vrk_str_add(&all, text);
    for (size_t i = 0; i < n; i++) {
        vrk_str_add(&all, row[i]);
        free(row[i]);
    }
    return vrk_str_of(&all);
}

/* Takes the owners' keys and the amounts from the open deals, which are what the world says. */
static void take_owners_and_money(json_t *d, long long money)
{
    size_t i;
    json_t *deal;
    T_OK(json_array_size(json_object_get(d, "open_deals")) == 17);
    json_array_foreach(json_object_get(d, "open_deals"), i, deal)
    {
        T_NEAR(vrk_json_number(deal, "amount"), (double)money / 100, 1e-12);
        json_object_del(deal, "seller_key");
        json_object_del(deal, "amount");
    }
}

/* Other order of rows, other sellers' keys, other money: the same document, byte for byte, up
 * to the keys and the amounts. */
static void is_the_same_for_permuted_rows_and_scaled_money(void)
{
    static const struct {
        int shift;
        long long money;
    } other[] = {{17, 1000}, {0, 100000}, {31, 7}};
    vrk_ctx ctx = {0};
    vrk_arena mem = {0};
    json_t *d = diagnosed(&ctx, 0, 1000, NULL);
    take_owners_and_money(d, 1000);
    const char *want = without_keys(&ctx, d, &mem);
    vrk_document_free(d);
    for (int i = 0; i < 3; i++) {
        d = diagnosed(&ctx, other[i].shift, other[i].money, NULL);
        take_owners_and_money(d, other[i].money);
        T_OK(!strcmp(want, without_keys(&ctx, d, &mem)));
        vrk_document_free(d);
    }
    vrk_arena_free(&mem);
    vrk_arena_free(&ctx.scratch);
}

static void says_the_same_document_in_two_languages(void)
{
    vrk_ctx ctx = {0};
    vrk_arena mem = {0};
    json_t *d = diagnosed(&ctx, 0, 1000, NULL);
    const json_t *first = json_array_get(json_object_get(d, "answers"), 0);
    const char *english = NULL, *again = NULL;
    T_OK(vrk_document_text(&ctx, d, &mem, &english) == VRK_OK);
    T_OK(vrk_document_say(&ctx, d, VRK_SV) == VRK_OK);
    T_OK(!strcmp(vrk_json_text(first, "asked"), "Varför är pipelinen full och utfallet svagt?"));
    T_OK(vrk_document_say(&ctx, d, VRK_EN) == VRK_OK);
    T_OK(vrk_document_text(&ctx, d, &mem, &again) == VRK_OK);
    T_OK(!strcmp(english, again));
    vrk_document_free(d);
    vrk_arena_free(&mem);
    vrk_arena_free(&ctx.scratch);
}

static void keeps_the_page_within_its_width(void)
{
    vrk_ctx ctx = {0};
    for (int lang = VRK_EN; lang <= VRK_SV; lang++) {
        vrk_arena mem = {0};
        json_t *d = diagnosed(&ctx, 0, 1000, &(vrk_diagnose_opt){.lang = (vrk_lang)lang});
        for (int64_t width = 80; width <= 100; width += 10) {
            vrk_str page = {.mem = &mem};
            T_OK(vrk_page(&ctx, d, &(vrk_page_opt){.width = width}, &page) == VRK_OK);
            for (char *line = page.at, *end; line && *line; line = end + 1) {
                end = strchr(line, '\n');
                *end = 0;
                if (vrk_columns(line) > width)
                    printf("# %d: %s\n", (int)width, line);
                T_OK(vrk_columns(line) <= width && !strchr(line, '{') && !strchr(line, '\033'));
            }
        }
        vrk_document_free(d);
        vrk_arena_free(&mem);
    }
    vrk_arena_free(&ctx.scratch);
}

/* Questions without a model are refused with that reason, and no seller is judged where behaviour
 * is not recorded. */
static void fakes_nothing(void)
{
    vrk_ctx ctx = {0};
    json_t *d = diagnosed(&ctx, 0, 1000, NULL), *answer, *seller;
    size_t i, k;
    json_array_foreach(json_object_get(d, "answers"), i, answer)
    {
        const json_t *first = json_array_get(json_object_get(answer, "reasons"), 0);
        const char *code = i == 0    ? "no_activities"
                           : i == 1  ? "process_only"
                           : i == 2  ? "no_activities"
                           : i == 3  ? "no_behaviour"
                           : i == 4  ? "no_behaviour"
                           : i == 7  ? "no_calendar"
                           : i == 8  ? "no_inbound"
                           : i == 10 ? "no_interventions"
                                     : "no_model";
        T_OK(!strcmp(vrk_json_text(answer, "status"), i == 1 ? "answered" : "cannot"));
        T_OK(!strcmp(vrk_json_text(first, "code"), code));
        T_OK(*vrk_json_text(answer, "why"));
    }
    json_array_foreach(json_object_get(d, "sellers"), i, seller)
    {
        for (k = 0; k < json_array_size(json_object_get(seller, "moments")); k++)
            T_OK(json_is_null(
                json_object_get(json_array_get(json_object_get(seller, "moments"), k), "verdict")));
    }
    T_OK(json_is_null(json_object_get(d, "attribution")));
    T_OK(json_array_size(json_object_get(d, "leaks")) == 0);
    vrk_document_free(d);
    vrk_arena_free(&ctx.scratch);
}

/* No deals at all is no error: it is said. */
static void says_so_when_there_is_nothing(void)
{
    vrk_ctx ctx = {0};
    vrk_arena mem = {0};
    vrk_str page = {.mem = &mem};
    vrk_facts *facts = NULL;
    json_t *d = NULL;
    T_OK(vrk_facts_open_duckdb(&ctx, NULL, &facts) == VRK_OK);
    T_OK(vrk_diagnose(&ctx, facts, NULL, &d) == VRK_OK);
    T_OK(d && !strcmp(vrk_json_text(json_object_get(d, "finding"), "kind"), "none"));
    T_OK(d && vrk_page(&ctx, d, NULL, &page) == VRK_OK);
    T_OK(strstr(vrk_str_of(&page), "There are no deals in the data."));
    vrk_document_free(d);
    vrk_facts_close(facts);
    vrk_arena_free(&mem);
    vrk_arena_free(&ctx.scratch);
}

T_MAIN(T_CASE(gives_the_shares_and_days_counted_by_hand), T_CASE(gives_the_errors_of_a_proportion),
       T_CASE(counts_conversion_as_each_crm_does),
       T_CASE(does_not_name_a_stage_where_two_are_alike),
       T_CASE(is_the_same_for_permuted_rows_and_scaled_money),
       T_CASE(says_the_same_document_in_two_languages), T_CASE(keeps_the_page_within_its_width),
       T_CASE(fakes_nothing), T_CASE(says_so_when_there_is_nothing))
