#include "diag/digest.h"

#include "base/date.h"
#include "diag/document_parts.h"
#include "diag/json.h"
#include "diag/layout.h"

#include <inttypes.h>
#include <math.h>
#include <string.h>

enum { LINES = 40, PARTS = 5, MOST = 3, WIDTH = 80 };

typedef struct {
    const char *heading, *line[LINES];
    int lines;
} part;

typedef struct {
    vrk_words words;
    const json_t *now, *before;
    const char *title, *scope;
    part part[PARTS];
    int parts;
} digest;

static part *begin(digest *d, const char *heading)
{
    part *p = &d->part[d->parts++];
    *p = (part){.heading = heading};
    return p;
}

static void add(part *p, const char *line)
{
    if (p->lines < LINES && *line)
        p->line[p->lines++] = line;
}

/* "1 Oct 2026" of a day as the document has it. */
static const char *day_of(const vrk_words *w, const json_t *data, const char *key)
{
    int64_t day;
    const char *text = vrk_json_text(data, key);
    return vrk_day_parse(text, &day) ? vrk_say_date(w, day) : text;
}

/* A heading as it stands over a list: without the colon that it has before one line. */
static const char *bare(vrk_arena *mem, const char *heading)
{
    size_t n = strlen(heading);
    return vrk_text_copy_n(mem, heading, n && heading[n - 1] == ':' ? n - 1 : n);
}

/* What the open deals of that advice and in that currency are expected to bring; 0: not known. */
static double expected(const json_t *document, const char *advice, const char *currency)
{
    const json_t *list = json_object_get(document, "open_deals");
    double sum = 0;
    for (size_t i = 0; i < json_array_size(list); i++) {
        const json_t *deal = json_array_get(list, i);
        if (!strcmp(vrk_json_text(deal, "advice"), advice) &&
            !strcmp(vrk_json_text(deal, "currency"), currency))
            sum += fmax(vrk_json_number(deal, "expected_value"), 0);
    }
    return isfinite(sum) ? sum : 0;
}

/* How many open deals have that advice. */
static int64_t advised(const json_t *document, const char *advice)
{
    const json_t *list = json_object_get(document, "open_deals");
    int64_t n = 0;
    for (size_t i = 0; i < json_array_size(list); i++)
        n += !strcmp(vrk_json_text(json_array_get(list, i), "advice"), advice);
    return n;
}

static void attention(digest *d)
{
    const vrk_words *w = &d->words;
    part *p = begin(d, vrk_tr(w->lang, "Needs attention"));
    const json_t *leak = json_array_get(json_object_get(d->now, "leaks"), 0);
    if (leak)
        add(p, vrk_say(w, "The dearest leak, {value} a year: {text}", "value",
                       vrk_say_money(w, vrk_json_mean(leak, "value_per_year"),
                                     vrk_json_text(leak, "currency")),
                       "text", vrk_json_text(leak, "text"), NULL));
    int64_t step = advised(d->now, "next_step"), ask = advised(d->now, "ask"),
            drop = advised(d->now, "drop");
    int64_t rejects = vrk_json_int(json_object_get(d->now, "data"), "rejects");
    const char *currency =
        vrk_json_text(json_array_get(json_object_get(d->now, "open_deals"), 0), "currency");
    double worth = expected(d->now, "next_step", currency);
    if (step) {
        const char *line = vrk_say_n(w, "{n} open deal lives but has no next step.",
                                     "{n} open deals live but have no next step.", step, NULL);
        if (worth > 0)
            line = vrk_text_f(w->mem, "%s %s", line,
                              vrk_say(w, "They are expected to bring {value}.", "value",
                                      vrk_say_money(w, worth, currency), NULL));
        add(p, line ? line : "");
    }
    if (ask)
        add(p, vrk_say_n(w, "{n} open deal is quiet: ask for yes or no.",
                         "{n} open deals are quiet: ask for yes or no.", ask, NULL));
    if (drop)
        add(p, vrk_say_n(w, "{n} open deal takes more than it is worth: let go.",
                         "{n} open deals take more than they are worth: let go.", drop, NULL));
    if (rejects)
        add(p, vrk_say_n(w, "{n} row of the data was refused.",
                         "{n} rows of the data were refused.", rejects, NULL));
    if (!p->lines)
        add(p, vrk_tr(w->lang, "Nothing."));
}

static bool same(const json_t *a, const json_t *b, const char *const *key)
{
    for (; *key; key++) {
        if (strcmp(vrk_json_text(a, *key), vrk_json_text(b, *key)) != 0)
            return false;
    }
    return true;
}

/* Whether a row of `list` is the same in these members. */
static bool among(const json_t *list, const json_t *row, const char *const *key)
{
    for (size_t i = 0; i < json_array_size(list); i++) {
        if (same(json_array_get(list, i), row, key))
            return true;
    }
    return false;
}

/* Texts of the rows of one document's list that the other's has not, in a sentence each. */
static void differences(const digest *d, part *p, const char *list, const char *const *key,
                        const char *came, const char *went)
{
    const json_t *now = json_object_get(d->now, list), *before = json_object_get(d->before, list);
    for (int gone = 0; gone < 2; gone++) {
        const json_t *from = gone ? before : now;
        for (size_t i = 0; i < json_array_size(from); i++) {
            const json_t *row = json_array_get(from, i);
            bool right = strcmp(list, "decisions") != 0 ||
                         (!strcmp(vrk_json_text(row, "verdict"), "right") &&
                          json_is_object(json_object_get(row, "value")));
            if (right && !among(gone ? now : before, row, key))
                add(p, vrk_say(&d->words, gone ? went : came, "text", vrk_json_text(row, "text"),
                               NULL));
        }
    }
}

static void grown(const digest *d, part *p)
{
    const json_t *now = json_object_get(d->now, "data"), *then = json_object_get(d->before, "data");
    int64_t won = vrk_json_int(now, "won") - vrk_json_int(then, "won");
    int64_t lost = vrk_json_int(now, "lost") - vrk_json_int(then, "lost");
    if (won > 0 || lost > 0)
        add(p, vrk_say(&d->words, "Since then {won} deals were won and {lost} lost.", "won",
                       vrk_say_int(&d->words, won), "lost", vrk_say_int(&d->words, lost), NULL));
}

static void answers(const digest *d, part *p)
{
    const json_t *now = json_object_get(d->now, "answers");
    const json_t *then = json_object_get(d->before, "answers");
    for (size_t i = 0; i < json_array_size(now) && i < json_array_size(then); i++) {
        const json_t *a = json_array_get(now, i), *b = json_array_get(then, i);
        const char *status = vrk_json_text(a, "status");
        if (strcmp(status, vrk_json_text(b, "status")) != 0)
            add(p, vrk_say(&d->words, "{asked} {status} now.", "asked", vrk_json_text(a, "asked"),
                           "status", vrk_say_status(d->words.lang, status), NULL));
    }
}

static void changes(digest *d)
{
    static const char *const of_leak[] = {"moment", "team_id", NULL};
    static const char *const of_action[] = {"action", "team_id", "moment", "verdict", NULL};
    const vrk_words *w = &d->words;
    if (!d->before)
        return;
    part *p = begin(d, vrk_say(w, "What changed since {day}", "day",
                               day_of(w, json_object_get(d->before, "data"), "as_of"), NULL));
    grown(d, p);
    differences(d, p, "leaks", of_leak, VRK_N("New leak: {text}"),
                VRK_N("No longer a leak that can be told: {text}"));
    differences(d, p, "decisions", of_action, VRK_N("Now right: {text}."),
                VRK_N("No longer right: {text}."));
    answers(d, p);
    if (!p->lines)
        add(p, vrk_tr(w->lang, "Nothing that can be told from chance."));
}

static void actions(digest *d, const char *verdict, const char *heading)
{
    const json_t *list = json_object_get(d->now, "decisions");
    part *p = begin(d, heading);
    for (size_t i = 0; i < json_array_size(list) && p->lines < MOST; i++) {
        const json_t *row = json_array_get(list, i);
        if (!strcmp(vrk_json_text(row, "verdict"), verdict))
            add(p, vrk_say(&d->words, "{text}. {why}", "text", vrk_json_text(row, "text"), "why",
                           vrk_json_text(row, "why"), NULL));
    }
    if (!p->lines)
        d->parts--;
}

/* Where nothing is right yet: what is likeliest to pay, to be tried with a few. */
static void trials(digest *d)
{
    const json_t *list = json_object_get(d->now, "decisions"), *best[2] = {NULL, NULL};
    for (size_t i = 0; i < json_array_size(list); i++) {
        const json_t *row = json_array_get(list, i);
        const char *verdict = vrk_json_text(row, "verdict");
        if (!strcmp(verdict, "right") && strcmp(vrk_json_text(row, "action"), "nothing") != 0)
            return;
        if (strcmp(verdict, "too_early") != 0 || !(vrk_json_mean(row, "value") > 0))
            continue;
        double p = vrk_json_number(row, "p_positive");
        if (!best[0] || p > vrk_json_number(best[0], "p_positive")) {
            best[1] = best[0];
            best[0] = row;
        } else if (!best[1] || p > vrk_json_number(best[1], "p_positive")) {
            best[1] = row;
        }
    }
    if (!best[0])
        return;
    part *p = begin(d, vrk_tr(d->words.lang, "Worth a trial with a few"));
    for (int i = 0; i < 2 && best[i]; i++)
        add(p,
            vrk_say(&d->words, "{text}: {p} that it pays.", "text", vrk_json_text(best[i], "text"),
                    "p", vrk_say_probability(&d->words, vrk_json_number(best[i], "p_positive")),
                    NULL));
}

static vrk_status make(vrk_ctx *ctx, const json_t *now, const json_t *before, digest *d)
{
    const json_t *data = json_object_get(now, "data");
    *d = (digest){.words = {.mem = &ctx->scratch}, .now = now, .before = before};
    if (!vrk_lang_parse(vrk_json_text(now, "language"), &d->words.lang) || !json_is_object(data))
        return vrk_fail(ctx, VRK_EINPUT, "that is no result document");
    d->title = vrk_json_text(json_object_get(now, "finding"), "text");
    d->scope = vrk_say(&d->words,
                       "{from} to {to}: {sellers} sellers, {deals} deals, {activities} "
                       "activities",
                       "from", day_of(&d->words, data, "from"), "to", day_of(&d->words, data, "to"),
                       "sellers", vrk_say_int(&d->words, vrk_json_int(data, "sellers")), "deals",
                       vrk_say_int(&d->words, vrk_json_int(data, "deals")), "activities",
                       vrk_say_int(&d->words, vrk_json_int(data, "activities")), NULL);
    attention(d);
    changes(d);
    actions(d, "right", bare(&ctx->scratch, vrk_tr(d->words.lang, "Do:")));
    trials(d);
    actions(d, "wrong", bare(&ctx->scratch, vrk_tr(d->words.lang, "Do not:")));
    return ctx->scratch.failed ? vrk_fail(ctx, VRK_EMEMORY, "out of memory for the digest")
                               : VRK_OK;
}

vrk_status vrk_digest_text(vrk_ctx *ctx, const json_t *now, const json_t *before, vrk_str *out)
{
    vrk_status st = VRK_OK;
    vrk_mark mark = vrk_mark_of(&ctx->scratch);
    digest d;

    TRY(make(ctx, now, before, &d));
    vrk_layout l = {out, d.words, WIDTH, false};
    vrk_lay_text(&l, 0, NULL, d.title);
    vrk_lay_text(&l, 0, NULL, d.scope);
    for (int i = 0; i < d.parts; i++) {
        vrk_lay_heading(&l, d.part[i].heading);
        for (int k = 0; k < d.part[i].lines; k++)
            vrk_lay_text(&l, 2, "-", d.part[i].line[k]);
    }
    if (out->mem->failed)
        FAIL(VRK_EMEMORY, "out of memory for the digest");
done:
    vrk_rewind(&ctx->scratch, mark);
    return st;
}

static void put(vrk_str *out, const char *tag, const char *text)
{
    vrk_str_addf(out, "<%s>", tag);
    for (; *text; text++) {
        if (*text == '<' || *text == '>' || *text == '&' || *text == '"')
            vrk_str_addf(out, "&#%d;", *text);
        else
            vrk_str_add_n(out, text, 1);
    }
    vrk_str_addf(out, "</%.*s>\n", (int)strcspn(tag, " "), tag);
}

vrk_status vrk_digest_html(vrk_ctx *ctx, const json_t *now, const json_t *before, vrk_str *out)
{
    vrk_status st = VRK_OK;
    vrk_mark mark = vrk_mark_of(&ctx->scratch);
    digest d;

    TRY(make(ctx, now, before, &d));
    vrk_str_addf(
        out,
        "<!doctype html>\n<html lang=\"%s\">\n<head>\n<meta charset=\"utf-8\">\n<meta "
        "name=\"viewport\" content=\"width=device-width\">\n<title>Verkan</title>\n</head>\n"
        "<body style=\"font:16px/24px Helvetica,Arial,sans-serif;color:#15201c;background:#fff;"
        "max-width:38em;margin:32px auto;padding:0 20px\">\n",
        d.words.lang == VRK_SV ? "sv" : "en");
    put(out, "p style=\"font:600 20px/26px Georgia,serif;margin:0 0 20px\"", "Verkan");
    put(out, "h1 style=\"font:400 27px/35px Georgia,serif;margin:0\"", d.title);
    put(out, "p style=\"color:#5f6b66;font-size:14px;margin:10px 0 0\"", d.scope);
    for (int i = 0; i < d.parts; i++) {
        put(out,
            "h2 style=\"font:600 18px/26px Georgia,serif;margin:32px 0 0;padding-bottom:8px;"
            "border-bottom:2px solid #15201c\"",
            d.part[i].heading);
        vrk_str_add(out, "<ul style=\"list-style:none;padding:0;margin:0\">\n");
        for (int k = 0; k < d.part[i].lines; k++)
            put(out, "li style=\"padding:11px 0;border-bottom:1px solid #dbe0dd\"",
                d.part[i].line[k]);
        vrk_str_add(out, "</ul>\n");
    }
    vrk_str_add(out, "</body>\n</html>\n");
    if (out->mem->failed)
        FAIL(VRK_EMEMORY, "out of memory for the digest");
done:
    vrk_rewind(&ctx->scratch, mark);
    return st;
}
