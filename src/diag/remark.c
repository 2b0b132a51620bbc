#include "diag/remark.h"

#include "base/str.h"

#include <string.h>

enum { PLACES = 6, DEEP = 3, LONGEST = 4096, COLONS = 8 };

/* What the sentences of src/ingest are made of: the first that fits. Where one says several things
 * with commas between, each is told by itself. */
static const char *const notes[] = {
    VRK_N("column '{column}' was not understood and is only kept; its values look like {what}, "
          "and {lack}: a mapping file can say so (--map FILE)"),
    VRK_N("reasons why deals were lost"),
    VRK_N("dates"),
    VRK_N("persons"),
    VRK_N("accounts"),
    VRK_N("no other column gives any"),
    VRK_N("one other column alone says when deals were closed or are expected to close"),
    VRK_N("no other column says when deals were closed"),
    VRK_N("no other column says when deals are expected to close"),
    VRK_N("the owners of the deals are known by their ids alone"),
    VRK_N("no other column says who owns the deals"),
    VRK_N("the accounts of the deals are known by their ids alone"),
    VRK_N("no other column says whom the deals are with"),
    VRK_N("column '{column}' names the {what}"),
    VRK_N("sellers"),
    VRK_N("teams"),
    VRK_N("deals"),
    VRK_N("activities"),
    VRK_N("calendar"),
    VRK_N("in column '{column}' {said}"),
    VRK_N("'{column}' -> {field} ({n} % sure)"),
    VRK_N("'{value}' is lost"),
    VRK_N("'{value}' is won"),
    VRK_N("'{value}' is open"),
    VRK_N("has headings, but no rows"),
    VRK_N("deals have no id; each is known by its name, account and the day it was created"),
    VRK_N("sources of deals: web, inbound, form, campaign, referral and marketing count as "
          "inbound; outbound, cold call, prospecting and own as outbound; others as unknown"),
    VRK_N("{n} events stand in more than one file; they count once"),
    VRK_N("stages of the log: {said}"),
    VRK_N("won: {said}"),
    VRK_N("lost: {said}"),
    VRK_N("none"),
    VRK_N("{name} of the case: {column}"),
    VRK_N("{n} cases of the log are deals"),
    VRK_N("{n} events are planned, started or broken off: they give the others their start"),
    VRK_N("{n} completed activities name no resource: nobody's, left out"),
    VRK_N("{n} cases have attributes but no event: left out"),
    VRK_N("a row per changed field of a deal: {said}"),
    VRK_N("changes of these fields are not used: {said}"),
    VRK_N("names of the stages"),
    VRK_N("names of the statuss"),
    VRK_N("names of the users"),
    VRK_N("names of the owners"),
    VRK_N("nothing says won or lost; a deal with a reason for its loss is lost, at the time of "
          "the reason"),
    VRK_N("nothing says won or lost; all deals count as open"),
    VRK_N("nothing says when deals were created; they count from their first stage on"),
    VRK_N("assessments, {n} responses to {m} questions"),
    VRK_N("{n} deals began in the stage they were first changed from, when {file} says they "
          "were created"),
    VRK_N("{n} of {m} rows repeat the stage before them"),
    VRK_N("'{column}' holds names; their keys are in {file}"),
    VRK_N("{n} entries of the flow are no changes of the deal; activities are read from their "
          "own list"),
    VRK_N("{n} audits are of other things than opportunities"),
    VRK_N("{n} notes of the stream are no changes of opportunities"),
    VRK_N("{n} events have no {what}: left out"),
    VRK_N("an event log of several kinds of objects; '{what}' is taken for the deal"),
    VRK_N("the calendar of {whose} ({how})"),
    VRK_N("who organizes most of it"),
    VRK_N("who is in most of its events"),
    VRK_N("by the file's name"),
    VRK_N("by the calendar's name"),
    VRK_N("by the address it stands at"),
    VRK_N("nothing in '{column}' tells day from month; read as day first, as others in the "
          "file are"),
    VRK_N("nothing in '{column}' tells day from month; read as month first, as others in the "
          "file are"),
    VRK_N("{n} rows are marked as deleted and left out"),
    VRK_N("its headings are known from an earlier mapping file"),
    VRK_N("there is no table in it"),
    VRK_N("lies in an archive in an archive in an archive; unpack it"),
    VRK_N("is no format that is known"),
    VRK_N("lies too deep in folders; give it by name"),
    VRK_N("is left out by the mapping file"),
    VRK_N("its headings are those of no table that is known"),
    VRK_N("none of the fields that change in it is known"),
    VRK_N("{file} is empty; there is not even a row of headings"),
    VRK_N("{n} deals stand in another stage than at the import before; when they came there is "
          "known only as between the two"),
    VRK_N("targets, a column per month"),
    VRK_N("{n} statements have no points, or are void"),
    VRK_N("the learning record store has more statements than the file"),
    VRK_N("{n} hidden sheet left out"),
    VRK_N("{n} hidden sheets left out"),
    VRK_N("gone from the server: {n}; what was read of them before stays"),
    VRK_N("left out: {said}"),
    VRK_N("{n} cancelled"),
    VRK_N("{n} declined by the owner"),
    VRK_N("{n} shown as free time"),
    VRK_N("{n} older than another of the same id"),
    VRK_N("{n} tasks or notes"),
    VRK_N("series without end, or of more than {m} occurrences, are cut off there: {n}"),
    VRK_N("passed over: {said}"),
    VRK_N("no heading says when deals {when}; is it '{column}' (= {field})? Else leave it "
          "without a meaning"),
    VRK_N("close"),
    VRK_N("were created"),
    VRK_N("no heading is that of the amount, but the values of '{column}' look like it"),
    VRK_N("no heading says who owns the deals; is it '{column}' (= seller_id)? Else leave it "
          "without a meaning"),
    VRK_N("no heading is that of the {field}, but the values of '{column}' look like it"),
    VRK_N("nothing in '{column}' tells day from month; say `dates = day` or `dates = month`"),
    VRK_N("nothing in '{column}' tells whether 1,250 is more than a thousand; say `decimal = "
          "comma` or `decimal = point`"),
    VRK_N("it looks like {table}, but no column is surely its {field}, without which no row "
          "can be kept"),
    VRK_N("no file here is known; expected deals.csv, activities.csv ..., an export of a CRM "
          "as CSV or an event log (XES, CSV){more}"),
    VRK_N("; say what they are in the mapping file {file}"),
};

/* What may be wrong with a value, a line or a cell. */
static const char *const faults[] = {
    VRK_N("the row has no value here, and cannot be kept without one"),
    VRK_N("is no date or time; write 2026-11-24 or 2026-11-24T10:00:00"),
    VRK_N("has a day and a month, but which is which cannot be told; write 2026-11-24"),
    VRK_N("is no day of the calendar"),
    VRK_N("may be more than a thousand or a little over one; write 1250 or 1.25"),
    VRK_N("is no number; write 1250.50"),
    VRK_N("is neither 0 nor 1"),
    VRK_N("is no currency; write three letters such as SEK"),
    VRK_N("is none of the words that are known here"),
    VRK_N("refers to something that is in no file; the rows were kept"),
    VRK_N("a quote inside a field without quotes; it was kept as it stands"),
    VRK_N("a quote is not closed, or text follows a closing quote; close it, or write it twice "
          "inside a quoted field"),
    VRK_N("a NUL byte; save the file as text in UTF-8"),
    VRK_N("bytes that are no UTF-8; save the file as UTF-8"),
    VRK_N("fewer fields than headings; add the missing separators"),
    VRK_N("more fields than headings; a field with a separator in it must stand in quotes"),
    VRK_N("the file ends in the middle of this row; export it again"),
    VRK_N("the line is longer than 2,000,000 bytes; a line end or a quote is missing"),
    VRK_N("no UTF-8, though other lines are; read as Windows-1252"),
    VRK_N("{n} letters were encoded twice (Ã¶ for ö); they were made whole"),
    VRK_N("the rule of the series cannot be read; its first occurrence is kept"),
    VRK_N("it replaces an occurrence of a series that is not here; kept"),
    VRK_N("its start is no time"),
    VRK_N("its end is no time"),
    VRK_N("its duration is none"),
    VRK_N("the occurrence that it replaces (RECURRENCE-ID) is no time"),
    VRK_N("the event is cut off: it has no end"),
    VRK_N("the event has no start"),
    VRK_N("the event ends before it starts"),
    VRK_N("a formula without a stored value; open the file in Excel and save it again"),
    VRK_N("the cell shows an error; it is taken as empty"),
};

typedef struct {
    const char *name, *text; /* of a place and of what stands there */
    size_t name_n, n;
    bool quoted; /* '{column}': a word of the file's own */
} place;

/* The text is the template with something at each of its places. */
static bool fits(const char *template, const char *text, place *at, int n)
{
    size_t same = strcspn(template, "{");
    if (strncmp(template, text, same) != 0)
        return false;
    if (!template[same]) {
        at[n] = (place){0};
        return !text[same];
    }
    const char *name = template + same + 1, *after = strchr(name, '}') + 1;
    text += same;
    bool quoted = same && template[same - 1] == '\'', number = name[1] == '}';
    size_t most = number ? strspn(text, "0123456789") : strlen(text);
    for (size_t k = 1; k <= most && n < PLACES - 1; k++) {
        if (*after && text[k] != *after)
            continue;
        at[n] = (place){name, text, strcspn(name, "}"), k, quoted};
        if (fits(after, text + k, at, n + 1))
            return true;
    }
    return false;
}

static const char *say_part(const vrk_words *words, const char *text, size_t n, int deep);

static void say_places(const vrk_words *words, vrk_str *s, const char *said, const place *at,
                       int deep)
{
    while (*said) {
        size_t n = strcspn(said, "{");
        vrk_str_add_n(s, said, n);
        said += n;
        if (!*said)
            return;
        for (const place *p = at; p->name; p++) {
            if (!strncmp(said + 1, p->name, p->name_n) && said[1 + p->name_n] == '}')
                vrk_str_add(s, p->quoted ? vrk_text_copy_n(words->mem, p->text, p->n)
                                         : say_part(words, p->text, p->n, deep));
        }
        said = strchr(said, '}') + 1;
    }
}

/* NULL: no template makes it. */
static const char *say_as(const vrk_words *words, const char *const *list, size_t n,
                          const char *text, int deep)
{
    place at[PLACES];
    for (size_t i = 0; i < n; i++) {
        if (!fits(list[i], text, at, 0))
            continue;
        vrk_str s = {.mem = words->mem};
        say_places(words, &s, vrk_tr(words->lang, list[i]), at, deep);
        return vrk_str_of(&s);
    }
    return NULL;
}

#define ALL(list) list, sizeof(list) / sizeof((list)[0])

/* "'A' is lost, 'B' is won": each part by itself, where each is made by a template. */
static const char *say_list(const vrk_words *words, const char *text, int deep)
{
    vrk_str s = {.mem = words->mem};
    char *part = strstr(text, ", ") ? vrk_text_copy(words->mem, text) : NULL;
    for (char *end; part; part = end) {
        end = strstr(part, ", ");
        if (end) {
            *end = 0;
            end += 2;
        }
        const char *told = say_as(words, ALL(notes), part, deep + 1);
        if (!told)
            return NULL;
        vrk_str_addf(&s, "%s%s", s.n ? ", " : "", told);
    }
    return s.n ? vrk_str_of(&s) : NULL;
}

static const char *say_part(const vrk_words *words, const char *text, size_t n, int deep)
{
    char *own = vrk_text_copy_n(words->mem, text, n);
    if (!own || deep >= DEEP || n > LONGEST)
        return own ? own : "";
    const char *list = say_list(words, own, deep);
    const char *whole = list ? list : say_as(words, ALL(notes), own, deep + 1);
    return whole ? whole : own;
}

const char *vrk_remark_note(const vrk_words *words, const char *line)
{
    return say_part(words, line, strlen(line), 0);
}

const char *vrk_remark_line(const vrk_words *words, const char *line)
{
    const char *rest = line;
    for (int k = 0; k < COLONS && rest; k++) {
        const char *said = vrk_remark_note(words, rest), *colon = strstr(rest, ": ");
        vrk_str s = {.mem = words->mem};
        if (strcmp(said, rest) == 0) {
            rest = colon ? colon + 2 : NULL;
            continue;
        }
        vrk_str_add_n(&s, line, (size_t)(rest - line));
        vrk_str_add(&s, said);
        return vrk_str_of(&s);
    }
    return line;
}

/* "(CODE, row rejected; 12 such, this is the first)" */
static void say_tail(const vrk_words *words, vrk_str *s, const char *tail)
{
    static const char rejected[] = ", row rejected";
    size_t n = strcspn(tail, ",;)");
    long long such = 0;
    const char *rest = strchr(tail, ';');
    vrk_str_add_n(s, tail, n);
    if (!strncmp(tail + n, rejected, sizeof(rejected) - 1)) {
        vrk_str_add(s, ", ");
        vrk_str_add(s, vrk_tr(words->lang, VRK_N("row rejected")));
    }
    for (const char *p = rest ? rest + 2 : ""; *p >= '0' && *p <= '9' && such < 1000000000; p++)
        such = 10 * such + (*p - '0');
    if (such) {
        vrk_str_add(s, "; ");
        vrk_str_add(s, vrk_say(words, VRK_N("{n} such, this is the first"), "n",
                               vrk_say_int(words, such), NULL));
    }
    vrk_str_add(s, ")");
}

const char *vrk_remark_problem(const vrk_words *words, const char *line)
{
    static const char *const others[] = {VRK_N("... and {n} of other kinds")};
    const char *whole = say_as(words, ALL(others), line, 0), *tail = NULL;
    vrk_str s = {.mem = words->mem};
    if (whole)
        return whole;
    for (const char *p = line; (p = strstr(p, " (")) != NULL; p++)
        tail = p;
    if (!tail || strlen(line) > LONGEST)
        return line;
    char *said = vrk_text_copy_n(words->mem, line, (size_t)(tail - line));
    /* the sentence is what the line ends with; before it stand file, field and value */
    for (char *p = said; p && *p; p++) {
        bool begins = p == said || p[-1] == ' ';
        const char *told = begins ? say_as(words, ALL(faults), p, DEEP - 1) : NULL;
        if (!told)
            continue;
        vrk_str_add_n(&s, said, (size_t)(p - said));
        vrk_str_add(&s, told);
        vrk_str_add(&s, " (");
        say_tail(words, &s, tail + 2);
        return vrk_str_of(&s);
    }
    return line;
}
