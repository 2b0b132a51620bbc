#include "store/settings.h"

#include "base/str.h"
#include "base/sys.h"
#include "store/accounts.h"

#include <jansson.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { FILE_MOST = 1 << 20, NAME_MOST = 100 };

const vrk_settings vrk_settings_default = {.organisation = "",
                                           .timezone = "Europe/Stockholm",
                                           .country = "SE",
                                           .currency = "SEK",
                                           .person_level = "case",
                                           .actions = {.margin = 0.4,
                                                       .sure = 0.7,
                                                       .half_life_months = 6,
                                                       .hours_a_year = 1600,
                                                       .freed_hour = 450,
                                                       .review_fee = 450,
                                                       .assess_fee = 3000,
                                                       .log_fee = 25,
                                                       .currency = "SEK",
                                                       .train = {0.03, 0.06, 20000, 0, 16},
                                                       .coach = {0.06, 0.07, 13000, 0, 26},
                                                       .process = {0.4, 0.25, 0, 100000, 16},
                                                       .drop = {0.3, 0.2, 0, 50000, 8},
                                                       .redeploy = {0.7, 0.2, 0, 0, 16}},
                                           .server = {.requests_a_minute = 1200,
                                                      .changes_a_minute = 240,
                                                      .files_a_minute = 600,
                                                      .jobs_an_hour = 240,
                                                      .answers_a_minute = 240,
                                                      .second_factor = ""},
                                           .recruitment = {.test_interview = 0.3}};

const char *const vrk_settings_text =
    "# Settings of this workspace. A line is key = \"value\" or key = number; '#' starts a "
    "comment.\n"
    "\n"
    "# What the organisation is called, at the top of pages and reports.\n"
    "organisation = \"\"\n"
    "\n"
    "# Times without a zone are local times here, and weeks and days are this zone's.\n"
    "timezone = \"Europe/Stockholm\"\n"
    "\n"
    "# Whose public holidays are no working days: SE, or none.\n"
    "country = \"SE\"\n"
    "\n"
    "# The currency of amounts that come without one.\n"
    "currency = \"SEK\"\n"
    "\n"
    "# What the server shows of one person to others: case (only inside a case that the person\n"
    "# knows of) or open.\n"
    "person_level = \"case\"\n"
    "\n"
    "# What actions cost and are expected to do; doc/decisions.md says where each figure comes\n"
    "# from. Own follow-ups (interventions) take the place of the effects as they come in.\n"
    "[actions]\n"
    "currency = \"SEK\"      # of the fees\n"
    "margin = 0.4          # of the money won, what is left to pay for actions\n"
    "sure = 0.7            # an action is right from this probability that it pays\n"
    "half_life_months = 6  # of what training and coaching do\n"
    "hours_a_year = 1600   # that a seller works\n"
    "freed_hour = 450      # an hour of internal work that somebody else does\n"
    "review_fee = 450      # an occasion heard or read by somebody who knows the craft\n"
    "assess_fee = 3000     # an assessment of one seller\n"
    "log_fee = 25          # an occasion that a seller writes down in full\n"
    "\n"
    "# effect: on what those it is for win (0.03 = 3 %), and how unsure that is (one standard\n"
    "# deviation). Fees a person and in all; hours of each seller.\n"
    "[actions.train]\n"
    "effect = 0.03\n"
    "effect_sd = 0.06\n"
    "fee_each = 20000\n"
    "fee = 0\n"
    "hours = 16\n"
    "\n"
    "[actions.coach]\n"
    "effect = 0.06\n"
    "effect_sd = 0.07\n"
    "fee_each = 13000\n"
    "fee = 0\n"
    "hours = 26\n"
    "\n"
    "# effect: the share of what the way of working costs that is won back in the first year\n"
    "[actions.process]\n"
    "effect = 0.4\n"
    "effect_sd = 0.25\n"
    "fee_each = 0\n"
    "fee = 100000\n"
    "hours = 16\n"
    "\n"
    "# effect: the share of what stopping bad deals as the best quarter do would bring\n"
    "[actions.drop]\n"
    "effect = 0.3\n"
    "effect_sd = 0.2\n"
    "fee_each = 0\n"
    "fee = 50000\n"
    "hours = 8\n"
    "\n"
    "# effect: the share of what the swap of deals would bring that comes of it; not every deal "
    "can\n"
    "# change hands\n"
    "[actions.redeploy]\n"
    "effect = 0.7\n"
    "effect_sd = 0.2\n"
    "fee_each = 0\n"
    "fee = 0\n"
    "hours = 16\n"
    "\n"
    "# What the server takes from one session, or from an address without one, before it says to\n"
    "# wait; tests by link are counted by address.\n"
    "[server]\n"
    "requests_a_minute = 1200\n"
    "changes_a_minute = 240\n"
    "files_a_minute = 600   # sent to be read in\n"
    "jobs_an_hour = 240     # diagnoses, what-ifs, imports\n"
    "answers_a_minute = 240 # of tests by link\n"
    "second_factor = \"\"     # roles that must have one, such as \"owner administrator\"\n"
    "\n"
    "# How far a situational test and structured interviews say the same (correlation): assumed,\n"
    "# until 50 applicants have both; doc/recruit.md.\n"
    "[recruitment]\n"
    "test_interview = 0.3\n";

/* A setting: its section and key, where it stands in vrk_settings, and what it may be. */
typedef struct {
    const char *section, *key;
    size_t at;
    double least, most; /* of a number */
    bool text;
} setting;

#define TEXT(section, key, field)                                                                  \
    {                                                                                              \
        section, key, offsetof(vrk_settings, field), 0, 0, true                                    \
    }
#define NUMBER(section, key, field, least, most)                                                   \
    {                                                                                              \
        section, key, offsetof(vrk_settings, field), least, most, false                            \
    }
#define ACTION(key, field, least, most) NUMBER("actions", key, actions.field, least, most)
#define SERVER(key) NUMBER("server", #key, server.key, 1, 1e7)
#define TERMS(name)                                                                                \
    NUMBER("actions." #name, "effect", actions.name.effect, -1, 1),                                \
        NUMBER("actions." #name, "effect_sd", actions.name.effect_sd, 0.001, 1),                   \
        NUMBER("actions." #name, "fee_each", actions.name.fee_each, 0, 1e9),                       \
        NUMBER("actions." #name, "fee", actions.name.fee, 0, 1e12),                                \
        NUMBER("actions." #name, "hours", actions.name.hours, 0, 2000)

static const setting settings[] = {
    TEXT("", "organisation", organisation),
    TEXT("", "timezone", timezone),
    TEXT("", "country", country),
    TEXT("", "currency", currency),
    TEXT("", "person_level", person_level),
    TEXT("actions", "currency", actions.currency),
    ACTION("margin", margin, 0.01, 1),
    ACTION("sure", sure, 0.5, 0.99),
    ACTION("half_life_months", half_life_months, 0.5, 120),
    ACTION("hours_a_year", hours_a_year, 100, 3000),
    ACTION("freed_hour", freed_hour, 0, 1e6),
    ACTION("review_fee", review_fee, 0, 1e6),
    ACTION("assess_fee", assess_fee, 0, 1e9),
    ACTION("log_fee", log_fee, 0, 1e6),
    TERMS(train),
    TERMS(coach),
    TERMS(process),
    TERMS(drop),
    TERMS(redeploy),
    SERVER(requests_a_minute),
    SERVER(changes_a_minute),
    SERVER(files_a_minute),
    SERVER(jobs_an_hour),
    SERVER(answers_a_minute),
    TEXT("server", "second_factor", server.second_factor),
    NUMBER("recruitment", "test_interview", recruitment.test_interview, 0.01, 0.9),
};

enum { SETTINGS = sizeof(settings) / sizeof(settings[0]) };

typedef struct {
    vrk_ctx *ctx;
    const char *path;
    int line;
    vrk_arena *mem;
    const char *section;
    vrk_settings *out;
} reading;

static const char *skip_blanks(const char *p)
{
    return p + strspn(p, " \t\r");
}

/* Nothing but a comment may follow a value. */
static bool ends(const char *p)
{
    p = skip_blanks(p);
    return *p == 0 || *p == '#';
}

static vrk_status read_section(reading *r, const char *text)
{
    size_t n = strcspn(text + 1, "]");
    for (int i = 0; text[1 + n] == ']' && ends(text + n + 2) && i < SETTINGS; i++) {
        if (strlen(settings[i].section) == n && n > 0 &&
            !strncmp(settings[i].section, text + 1, n)) {
            r->section = settings[i].section;
            return VRK_OK;
        }
    }
    return vrk_fail(r->ctx, VRK_EINPUT,
                    "%s:%d: there is no section '%.60s' ([actions], [actions.train], "
                    "[actions.coach], [actions.process], [actions.drop], [actions.redeploy], "
                    "[server], [recruitment])",
                    r->path, r->line, text);
}

static const setting *find_setting(const reading *r, const char *key, size_t n)
{
    for (int i = 0; i < SETTINGS; i++) {
        if (!strcmp(settings[i].section, r->section) && strlen(settings[i].key) == n &&
            !strncmp(settings[i].key, key, n))
            return &settings[i];
    }
    return NULL;
}

static vrk_status read_number(reading *r, const setting *s, const char *text)
{
    char *end;
    double x = strtod(text, &end);
    if (end == text || !ends(end) || strspn(text, "+-.0123456789eE") < (size_t)(end - text))
        return vrk_fail(r->ctx, VRK_EINPUT, "%s:%d: %s must be a number, found '%.60s'", r->path,
                        r->line, s->key, text);
    if (!(x >= s->least && x <= s->most))
        return vrk_fail(r->ctx, VRK_EINPUT, "%s:%d: %s = %g is not between %g and %g", r->path,
                        r->line, s->key, x, s->least, s->most);
    memcpy((char *)r->out + s->at, &x, sizeof(x));
    return VRK_OK;
}

static vrk_status read_text(reading *r, const setting *s, const char *text)
{
    const char *end = *text == '"' ? strchr(text + 1, '"') : NULL;
    if (!end || !ends(end + 1))
        return vrk_fail(r->ctx, VRK_EINPUT, "%s:%d: expected key = \"value\", found '%s = %.60s'",
                        r->path, r->line, s->key, text);
    const char *copy = vrk_text_copy_n(r->mem, text + 1, (size_t)(end - text - 1));
    if (!copy)
        return vrk_fail(r->ctx, VRK_EMEMORY, "out of memory");
    memcpy((char *)r->out + s->at, &copy, sizeof(copy));
    return VRK_OK;
}

/* The keys of a section, to be told to who wrote another. */
static const char *keys_of(reading *r)
{
    vrk_str s = {.mem = r->mem};
    for (int i = 0; i < SETTINGS; i++) {
        if (!strcmp(settings[i].section, r->section))
            vrk_str_addf(&s, "%s%s", s.n ? ", " : "", settings[i].key);
    }
    return vrk_str_of(&s);
}

/* One line, its end cut off: a section, key = value, a comment, or nothing. */
static vrk_status read_line(reading *r, const char *line)
{
    const char *key = skip_blanks(line);
    size_t n = strcspn(key, " \t\r=");
    const char *equals = skip_blanks(key + n);
    if (ends(key))
        return VRK_OK;
    if (*key == '[')
        return read_section(r, key);
    if (*equals != '=')
        return vrk_fail(r->ctx, VRK_EINPUT, "%s:%d: expected key = \"value\", found '%.60s'",
                        r->path, r->line, key);
    const setting *s = find_setting(r, key, n);
    if (!s)
        return vrk_fail(r->ctx, VRK_EINPUT, "%s:%d: there is no setting '%.*s'%s%s (%s)", r->path,
                        r->line, (int)n, key, *r->section ? vrk_said(r->ctx, VRK_N(" in ")) : "",
                        r->section, keys_of(r));
    const char *value = skip_blanks(equals + 1);
    return s->text ? read_text(r, s, value) : read_number(r, s, value);
}

static bool is_currency(const char *text)
{
    return strlen(text) == 3 && strspn(text, "ABCDEFGHIJKLMNOPQRSTUVWXYZ") == 3;
}

/* UTF-8, which json_string asks for, and nothing that a page or a terminal would act on. */
static bool is_name(const char *text)
{
    json_t *name = json_string(text);
    bool is = name && strlen(text) <= NAME_MOST;
    for (const char *c = text; *c && is; c++)
        is = (unsigned char)*c >= ' ' && *c != 127;
    json_decref(name);
    return is;
}

vrk_status vrk_settings_parse(vrk_ctx *ctx, const char *path, const char *text, vrk_arena *mem,
                              vrk_settings *out)
{
    vrk_status st = VRK_OK;
    reading r = {ctx, path, 1, mem, "", out};
    unsigned roles;

    *out = vrk_settings_default;
    for (const char *p = text; *p; r.line++) {
        size_t n = strcspn(p, "\n");
        char *one = vrk_text_copy_n(mem, p, n);
        if (!one)
            FAIL(VRK_EMEMORY, "out of memory");
        TRY(read_line(&r, one));
        p += n + (p[n] == '\n');
    }
    const char *const currency[] = {out->currency, out->actions.currency};
    for (int i = 0; i < 2; i++) {
        if (!is_currency(currency[i]))
            FAIL(VRK_EINPUT, "%s: currency '%s' is not three capitals such as SEK", path,
                 currency[i]);
    }
    if (strcmp(out->country, "SE") && strcmp(out->country, "none"))
        FAIL(VRK_EINPUT,
             "%s: country '%s': the holidays of SE are known; set country = \"none\" to have "
             "none",
             path, out->country);
    if (strcmp(out->person_level, "case") != 0 && strcmp(out->person_level, "open") != 0)
        FAIL(VRK_EINPUT, "%s: person_level '%s' is neither case nor open", path, out->person_level);
    if (!vrk_by_names(out->server.second_factor, &roles))
        FAIL(VRK_EINPUT,
             "%s: second_factor '%s' must be names of roles with blanks between, such as "
             "\"owner administrator\"",
             path, out->server.second_factor);
    if (!is_name(out->organisation))
        FAIL(VRK_EINPUT, "%s: organisation is not a name of at most %d bytes of UTF-8", path,
             NAME_MOST);
    if (!out->timezone[0] ||
        strspn(out->timezone, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
                              "0123456789/_+-") != strlen(out->timezone))
        FAIL(VRK_EINPUT, "%s: timezone '%s' is not a name such as Europe/Stockholm", path,
             out->timezone);
done:
    return st;
}

vrk_status vrk_settings_read(vrk_ctx *ctx, const char *path, vrk_arena *mem, char **text,
                             vrk_settings *out)
{
    vrk_status st = VRK_OK;
    size_t n;
    TRY(vrk_file_read(ctx, path, FILE_MOST, mem, text, &n));
    TRY(vrk_settings_parse(ctx, path, *text, mem, out));
done:
    return st;
}

const char *vrk_action_settings_text(vrk_arena *mem, const vrk_action_settings *a)
{
    vrk_settings whole = {.actions = *a};
    vrk_str s = {.mem = mem};
    const char *section = "";
    for (int i = 0; i < SETTINGS; i++) {
        const setting *one = &settings[i];
        const char *field = (const char *)&whole + one->at;
        if (strncmp(one->section, "actions", 7) != 0)
            continue;
        if (strcmp(one->section, section))
            vrk_str_addf(&s, "[%s]\n", section = one->section);
        if (one->text) {
            const char *value;
            memcpy(&value, field, sizeof(value));
            vrk_str_addf(&s, "%s = \"%s\"\n", one->key, value);
        } else {
            double value;
            memcpy(&value, field, sizeof(value));
            vrk_str_addf(&s, "%s = %.17g\n", one->key, value);
        }
    }
    return mem->failed ? NULL : vrk_str_of(&s);
}

bool vrk_settings_at(int i, vrk_setting *out)
{
    if (i < 0 || i >= SETTINGS)
        return false;
    *out = (vrk_setting){settings[i].section, settings[i].key,  settings[i].at,
                         settings[i].least,   settings[i].most, settings[i].text};
    return true;
}

/* Where the value of the setting stands in the text; where there is no such line, where one may be
 * put: the end of its section, which may be missing too. */
typedef struct {
    size_t from, to; /* of the value; from == to: none */
    size_t end;      /* of the section */
    bool section;
} place;

static place find_value(const char *text, const setting *s)
{
    place at = {.section = !*s->section};
    bool in = at.section;
    size_t named = strlen(s->section), key = strlen(s->key), last = 0;
    for (const char *p = text, *end; *p; p = end) {
        end = p + strcspn(p, "\n");
        end += *end == '\n';
        const char *line = skip_blanks(p), *equals = skip_blanks(line + strcspn(line, " \t\r=\n"));
        if (*line == '[') {
            in = named && !strncmp(line + 1, s->section, named) && line[1 + named] == ']';
            at.section |= in;
        }
        if (in && !ends(line) && *line != '\n')
            last = (size_t)(end - text);
        if (!in || *equals != '=' || strncmp(line, s->key, key) != 0 ||
            strcspn(line, " \t\r=\n") != key)
            continue;
        const char *value = skip_blanks(equals + 1);
        size_t n = *value == '"' ? strcspn(value + 1, "\"\n") + 2 : strcspn(value, " \t\r\n#");
        at.from = (size_t)(value - text);
        at.to = at.from + n;
    }
    at.end = last;
    return at;
}

const char *vrk_settings_change(vrk_arena *mem, const char *text, int i, const char *value)
{
    const setting *s = &settings[i];
    place at = find_value(text, s);
    const char *quote = s->text ? "\"" : "";
    vrk_str out = {.mem = mem};

    if (at.to > at.from) {
        vrk_str_add_n(&out, text, at.from);
        vrk_str_addf(&out, "%s%s%s", quote, value, quote);
        vrk_str_add(&out, text + at.to);
        return vrk_str_of(&out);
    }
    size_t cut = at.section ? at.end : strlen(text);
    vrk_str_add_n(&out, text, cut);
    if (cut > 0 && text[cut - 1] != '\n')
        vrk_str_add(&out, "\n");
    if (!at.section)
        vrk_str_addf(&out, "\n[%s]\n", s->section);
    vrk_str_addf(&out, "%s = %s%s%s\n", s->key, quote, value, quote);
    vrk_str_add(&out, text + cut);
    return vrk_str_of(&out);
}
