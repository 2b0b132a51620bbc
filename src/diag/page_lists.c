/* The lists on the page: cohorts, conversion by CRM, what cannot be answered, the data. */
#include "diag/page_parts.h"

#include <inttypes.h>
#include <math.h>
#include <string.h>

void vrk_page_cohorts(vrk_layout *l, const json_t *document)
{
    enum { MOST = 8 };
    const vrk_words *w = &l->words;
    const json_t *list = json_object_get(document, "cohorts");
    size_t n = json_array_size(list), first = n > MOST ? n - MOST : 0;
    bool any = false;
    if (n < 2)
        return;
    vrk_lay_gap(l);
    vrk_lay_cell(l, vrk_tr(w->lang, "Began in"), 12, false);
    vrk_lay_cell(l, vrk_tr(w->lang, "Deals"), 10, true);
    vrk_lay_cell(l, vrk_tr(w->lang, "Won"), 10, true);
    vrk_lay_cell(l, vrk_tr(w->lang, "Lost"), 12, true);
    vrk_lay_cell(l, vrk_tr(w->lang, "Open"), 10, true);
    vrk_lay_cell(l, vrk_tr(w->lang, "Will be won"), 20, true);
    vrk_lay_end(l);
    for (size_t i = first; i < n; i++) {
        const json_t *c = json_array_get(list, i);
        bool beyond = json_is_true(json_object_get(c, "beyond_data"));
        vrk_lay_cell(l, vrk_json_text(c, "quarter"), 12, false);
        vrk_lay_cell(l, vrk_say_int(w, vrk_json_int(c, "created")), 10, true);
        vrk_lay_cell(l, vrk_say_int(w, vrk_json_int(c, "won")), 10, true);
        vrk_lay_cell(l, vrk_say_int(w, vrk_json_int(c, "lost")), 12, true);
        vrk_lay_cell(l, vrk_say_int(w, vrk_json_int(c, "open")), 10, true);
        vrk_lay_cell(l, beyond ? vrk_tr(w->lang, "too young") : vrk_page_share(w, c, "win"), 20,
                     true);
        vrk_lay_end(l);
        any |= beyond;
    }
    if (any)
        vrk_lay_text(l, 0, NULL,
                     vrk_tr(w->lang, "Too young: none of the deals has been followed to the end of "
                                     "that time yet."));
}

static const json_t *figure(json_t *list, const char *kind, const char *stage)
{
    size_t i;
    json_t *x;
    json_array_foreach(list, i, x)
    {
        if (!strcmp(vrk_json_text(x, "kind"), kind) && !strcmp(vrk_json_text(x, "stage"), stage))
            return x;
    }
    return NULL;
}

static const struct {
    const char *kind, *title;
} crm[] = {
    {"reached", "Pipedrive"},
    {"next_step", "HubSpot"},
    {"every_win", "Odoo"},
    {"snapshot", VRK_N("Snapshot")},
    {"won_of_closed", VRK_N("Win rate")},
    {"won_of_created", VRK_N("By creation")},
};
enum { PER_STAGE = 4, CRMS = sizeof(crm) / sizeof(crm[0]) };

static void conversion_table(vrk_layout *l, json_t *stages, json_t *list)
{
    const vrk_words *w = &l->words;
    size_t i;
    json_t *stage;
    vrk_lay_cell(l, vrk_tr(w->lang, "Stage"), 16, false);
    vrk_lay_cell(l, "Verkan", 9, true);
    for (int k = 0; k < PER_STAGE; k++)
        vrk_lay_cell(l, vrk_tr(w->lang, crm[k].title), 13, true);
    vrk_lay_end(l);
    json_array_foreach(stages, i, stage)
    {
        const char *name = vrk_json_text(stage, "stage");
        double on = vrk_json_mean(stage, "forward") + vrk_json_mean(stage, "won");
        vrk_lay_cell(l, name, 16, false);
        vrk_lay_cell(l, vrk_say_percent(w, on), 9, true);
        for (int k = 0; k < PER_STAGE; k++) {
            const json_t *x = figure(list, crm[k].kind, name);
            vrk_lay_cell(l, vrk_say_percent(w, vrk_json_number(x, "value")), 13, true);
        }
        vrk_lay_end(l);
    }
}

static const json_t *first_of_kind(json_t *list, const char *kind)
{
    size_t i;
    json_t *x;
    json_array_foreach(list, i, x)
    {
        if (!strcmp(vrk_json_text(x, "kind"), kind))
            return x;
    }
    return NULL;
}

/* What each figure counts, who counts so, why it differs; of all deals also what it is. */
static void definitions(vrk_layout *l, json_t *list)
{
    const vrk_words *w = &l->words;
    for (int k = 0; k < CRMS; k++) {
        const json_t *x = first_of_kind(list, crm[k].kind);
        const char *value = vrk_say(w, "{share} ({n} of {all})", "share",
                                    vrk_say_percent(w, vrk_json_number(x, "value")), "n",
                                    vrk_say_int(w, vrk_json_int(x, "n")), "all",
                                    vrk_say_int(w, vrk_json_int(x, "of")), NULL);
        if (!x)
            continue;
        vrk_lay_text(l, 14, vrk_tr(w->lang, crm[k].title),
                     vrk_say(w,
                             k < 3           ? VRK_N("{definition} {differs}")
                             : k < PER_STAGE ? VRK_N("{definition} {differs} ({systems})")
                                             : VRK_N("{value}. {definition} {differs} ({systems})"),
                             "systems", vrk_json_text(x, "systems"), "value", value, "definition",
                             vrk_json_text(x, "definition"), "differs", vrk_json_text(x, "differs"),
                             NULL));
    }
}

void vrk_page_conversion(vrk_layout *l, const json_t *document)
{
    const vrk_words *w = &l->words;
    json_t *list = json_object_get(document, "conversion");
    int64_t more;
    if (!json_array_size(list))
        return;
    json_t *stages = vrk_page_shown_stages(document, &more);
    vrk_lay_heading(l, vrk_tr(w->lang, "What CRM systems would say about the same deals"));
    if (json_array_size(stages)) {
        conversion_table(l, stages, list);
        vrk_lay_text(l, 14, "Verkan",
                     vrk_tr(w->lang, "Went on or won within the horizon; open deals count for as "
                                     "long as they were seen."));
    }
    json_decref(stages);
    definitions(l, list);
}

/* The question, and how far it can be answered; the reasons follow once for all questions. */
static void answer_text(vrk_layout *l, const json_t *answer, const char *status)
{
    vrk_lay_text(l, 5, vrk_json_text(answer, "question"),
                 *status ? vrk_say(&l->words, "{asked} {status}", "asked",
                                   vrk_json_text(answer, "asked"), "status", status, NULL)
                         : vrk_json_text(answer, "asked"));
}

/* The questions that have this reason, "Q3, Q5"; NULL when an earlier one had it. */
static const char *concerned(const vrk_words *w, json_t *answers, size_t from, const char *why)
{
    vrk_str s = {.mem = w->mem};
    size_t i, k;
    json_t *answer, *reason;
    json_array_foreach(answers, i, answer)
    {
        bool has = false;
        json_array_foreach(json_object_get(answer, "reasons"), k, reason) has |=
            !strcmp(vrk_json_text(reason, "why"), why);
        if (has && i < from)
            return NULL;
        if (has)
            vrk_str_addf(&s, "%s%s", s.n ? ", " : "", vrk_json_text(answer, "question"));
    }
    return vrk_str_of(&s);
}

/* Each reason once, with what to record and the questions that it concerns. That this version has
 * no model is no reason of the data, and is said once for all. */
static void reasons(vrk_layout *l, json_t *answers)
{
    const vrk_words *w = &l->words;
    bool headed = false;
    size_t i, k;
    json_t *answer, *reason;
    json_array_foreach(answers, i, answer)
    {
        json_array_foreach(json_object_get(answer, "reasons"), k, reason)
        {
            const char *why = vrk_json_text(reason, "why"),
                       *record = vrk_json_text(reason, "record");
            bool says = strcmp(vrk_json_text(reason, "code"), "no_model") != 0 &&
                        (*record || strcmp(vrk_json_text(answer, "status"), "answered") != 0);
            const char *questions = says ? concerned(w, answers, i, why) : NULL;
            if (!questions)
                continue;
            if (!headed)
                vrk_lay_heading(l, vrk_tr(w->lang, "Why, what to record, and which questions it "
                                                   "helps"));
            headed = true;
            vrk_lay_text(l, 2, "- ",
                         vrk_say(w,
                                 *record ? VRK_N("{why} {record} ({questions})")
                                         : VRK_N("{why} ({questions})"),
                                 "why", why, "record", record, "questions", questions, NULL));
        }
    }
}

void vrk_page_cannot(vrk_layout *l, const json_t *document)
{
    vrk_lang lang = l->words.lang;
    json_t *list = json_object_get(document, "answers"), *answer;
    size_t i;
    vrk_lay_heading(l, vrk_tr(lang, "What cannot be answered yet"));
    vrk_lay_text(l, 0, NULL,
                 vrk_tr(lang,
                        "Where this version has no method it is said whether the data would carry "
                        "an answer."));
    json_array_foreach(list, i, answer)
    {
        const char *status = vrk_json_text(answer, "status");
        if (!strcmp(status, "answered"))
            continue;
        const char *data = vrk_json_text(answer, "data");
        answer_text(
            l, answer,
            vrk_tr(lang, !strcmp(status, "weak")   ? VRK_N("Weak answer.")
                         : !strcmp(data, "weak")   ? VRK_N("The data would carry a weak answer.")
                         : !strcmp(data, "cannot") ? VRK_N("Cannot be judged.")
                                                   : VRK_N("The data would carry an answer.")));
    }
    reasons(l, list);
}

static void balance(vrk_layout *l, const json_t *data)
{
    static const struct {
        const char *key, *title;
    } column[] = {{"read", VRK_N("Rows")},           {"used", VRK_N("Used")},
                  {"identical", VRK_N("Identical")}, {"replaced", VRK_N("Replaced")},
                  {"rejected", VRK_N("Rejected")},   {"skipped", VRK_N("Skipped")}};
    const vrk_words *w = &l->words;
    json_t *list = json_object_get(data, "files"), *file;
    size_t i;
    if (!json_array_size(list))
        return;
    vrk_lay_cell(l, vrk_tr(w->lang, "Table: file"), l->width - 60, false);
    for (int k = 0; k < 6; k++)
        vrk_lay_cell(l, vrk_tr(w->lang, column[k].title), 10, true);
    vrk_lay_end(l);
    json_array_foreach(list, i, file)
    {
        const char *name =
            vrk_text_f(w->mem, "%s: %s", vrk_json_text(file, "table"), vrk_json_text(file, "file"));
        vrk_lay_cell(l, name ? name : "", l->width - 60, false);
        for (int k = 0; k < 6; k++)
            vrk_lay_cell(l, vrk_say_int(w, vrk_json_int(file, column[k].key)), 10, true);
        vrk_lay_end(l);
    }
}

/* The kinds with most rows: where the first stands, what is wrong, how many. */
static void problems(vrk_layout *l, const json_t *data)
{
    enum { MOST = 8 };
    const vrk_words *w = &l->words;
    const json_t *list = json_object_get(data, "problems");
    size_t n = json_array_size(list);
    for (size_t i = 0; i < n && i < MOST; i++) {
        const json_t *p = json_array_get(list, i);
        int64_t line = vrk_json_int(p, "line");
        const char *where = vrk_json_text(p, "file"), *field = vrk_json_text(p, "field");
        if (line)
            where = vrk_text_f(w->mem, "%s:%" PRId64, where, line);
        vrk_lay_text(l, 2, NULL,
                     vrk_say_n(w, "{where}: {field}{what} ({n} row)",
                               "{where}: {field}{what} ({n} rows)", vrk_json_int(p, "rows"),
                               "where", where ? where : "", "field",
                               *field ? vrk_say(w, "{field}: ", "field", field, NULL) : "", "what",
                               vrk_json_text(p, "sentence"), NULL));
    }
    if (n > MOST)
        vrk_lay_text(l, 2, NULL,
                     vrk_say_n(w, "{n} more kind is in the document (--json).",
                               "{n} more kinds are in the document (--json).", (int64_t)n - MOST,
                               NULL));
}

void vrk_page_data(vrk_layout *l, const json_t *document)
{
    const vrk_words *w = &l->words;
    const json_t *data = json_object_get(document, "data");
    int64_t rejects = vrk_json_int(data, "rejects"), undated = vrk_json_int(data, "undated_deals");
    vrk_lay_heading(l, vrk_say_n(w, "The data: {n} row could not be used",
                                 "The data: {n} rows could not be used", rejects, NULL));
    balance(l, data);
    problems(l, data);
    if (undated)
        vrk_lay_text(l, 0, NULL,
                     vrk_say_n(w,
                               "{n} deal has no date and counts in no time, only in the number of "
                               "deals.",
                               "{n} deals have no date and count in no time, only in the number of "
                               "deals.",
                               undated, NULL));
    vrk_lay_text(l, 0, NULL,
                 vrk_say(w, "Of the deals, {won} are won, {lost} lost and {open} open.", "won",
                         vrk_say_int(w, vrk_json_int(data, "won")), "lost",
                         vrk_say_int(w, vrk_json_int(data, "lost")), "open",
                         vrk_say_int(w, vrk_json_int(data, "open")), NULL));
}

vrk_status vrk_page_doctor(vrk_ctx *ctx, const json_t *document, const vrk_page_opt *opt,
                           vrk_str *out)
{
    static const struct {
        const char *status, *heading;
    } group[] = {
        {"answered", VRK_N("These data can answer")},
        {"weak", VRK_N("They can answer, but weakly")},
        {"cannot", VRK_N("They cannot answer")},
    };
    vrk_status st = VRK_OK;
    vrk_mark mark = vrk_mark_of(&ctx->scratch);
    json_t *list = json_object_get(document, "answers"), *answer;
    vrk_layout l;
    size_t i;
    TRY(vrk_page_start(ctx, document, opt, out, &l));
    vrk_page_scope(&l, document);
    for (int k = 0; k < 3; k++) {
        bool headed = false;
        json_array_foreach(list, i, answer)
        {
            if (strcmp(vrk_json_text(answer, "status"), group[k].status) != 0)
                continue;
            if (!headed)
                vrk_lay_heading(&l, vrk_tr(l.words.lang, group[k].heading));
            headed = true;
            answer_text(&l, answer, "");
        }
    }
    reasons(&l, list);
    vrk_lay_gap(&l);
    vrk_lay_text(&l, 0, NULL,
                 vrk_tr(l.words.lang,
                        "This says what the data can carry. This version has a method "
                        "for Q2, where deals stop."));
    vrk_page_data(&l, document);
    if (ctx->scratch.failed || out->mem->failed)
        FAIL(VRK_EMEMORY, "out of memory for the page");
done:
    if (out->mem != &ctx->scratch)
        vrk_rewind(&ctx->scratch, mark);
    return st;
}
