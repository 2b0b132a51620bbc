/* Events, and the occurrences of series, as rows. */
#include "ingest/calendar_part.h"

#include "base/date.h"
#include "base/str.h"
#include "ingest/category.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

enum { YEAR = 366 * 86400 };

static bool is_word(const char *text, const char *word)
{
    return text && !strcasecmp(text, word);
}

static bool is_private(const vrk_ics_event *e)
{
    return is_word(e->privacy, "PRIVATE") || is_word(e->privacy, "CONFIDENTIAL");
}

static const char *domain_of(const char *mail)
{
    const char *at = mail ? strrchr(mail, '@') : NULL;
    return at ? at + 1 : NULL;
}

/* Addresses that anyone can have say nothing of an organisation. */
static bool is_anyones(const char *domain)
{
    static const char *const known[] = {"gmail.com", "googlemail.com", "hotmail.com", "outlook.com",
                                        "live.com",  "live.se",        "icloud.com",  "me.com",
                                        "yahoo.com", "yahoo.se",       "telia.com",   NULL};
    for (int i = 0; known[i]; i++) {
        if (!strcmp(domain, known[i]))
            return true;
    }
    return false;
}

static const char *category_of(const vrk_calendar *c, const vrk_ics_event *e)
{
    vrk_event_signs signs = {.title = e->title, .away = is_word(e->busy, "OOF")};
    const char *own = c->owner_is_mail ? domain_of(c->owner) : NULL;
    if (is_private(e))
        return signs.away ? "absence" : NULL;
    for (int64_t i = 0; i < e->guests; i++) {
        const char *mail = e->guest[i].mail, *domain = domain_of(mail);
        if (!domain || is_word(e->guest[i].answer, "DECLINED") || !own || !strcmp(mail, c->owner))
            continue;
        bool inside = !strcmp(domain, own) && !is_anyones(own);
        signs.external += !inside;
        signs.internal += inside;
    }
    if (!own)
        signs.external = -1;
    return vrk_category_of(&signs);
}

/* A key that is the same whenever the calendar is read, and tells nothing of whom it is about. */
static void key_of(const vrk_calendar *c, const vrk_ics_event *e, int64_t instant, char out[33])
{
    uint64_t a = 0xcbf29ce484222325u, b = 0x84222325cbf29ce4u;
    char when[32] = "";
    if (e->rules || e->alsos || e->is_override)
        snprintf(when, sizeof(when), "%" PRId64, instant);
    const char *part[] = {c->owner, e->uid, when};
    for (int i = 0; i < 3; i++) {
        for (const unsigned char *p = (const unsigned char *)part[i];; p++) {
            a = (a ^ *p) * 0x100000001b3u;
            b = (b ^ *p ^ 0x5a) * 0x100000001b3u;
            if (!*p)
                break;
        }
    }
    snprintf(out, 33, "%016" PRIx64 "%016" PRIx64, a, b);
}

static void time_text(int64_t instant, const vrk_ics_time *like, char out[32])
{
    int64_t day = instant / 86400 - (instant % 86400 < 0);
    int second = (int)(instant - day * 86400);
    vrk_day_text(day, out);
    if (!like->date)
        snprintf(out + 10, 22, "T%02d:%02d:%02d%s", second / 3600, second / 60 % 60, second % 60,
                 vrk_calendar_floats(like) ? "" : "Z");
}

static void put(vrk_calendar *c, const char *text)
{
    vrk_sheet_cell(&c->w, text ? text : "", text ? strlen(text) : 0);
}

/* When it ends that starts at `wall`. False: the zone of its end cannot be known. */
static bool end_of(vrk_calendar *c, const vrk_ics_event *e, int64_t wall, int64_t start,
                   int64_t *end)
{
    vrk_ics_time t = e->end;
    bool same = e->has_end && t.utc == e->start.utc && t.date == e->start.date &&
                !t.zone == !e->start.zone && (!t.zone || !strcmp(t.zone, e->start.zone));
    int64_t first, last;
    if (same) { /* as long by the clock */
        t.wall = wall + (e->end.wall - e->start.wall);
        return vrk_calendar_instant(c, &t, end);
    }
    *end = start;
    if (e->has_end && !e->start.date && !t.date) {
        if (!vrk_calendar_instant(c, &t, &last) || !vrk_calendar_instant(c, &e->start, &first))
            return false;
        *end = start + (last > first ? last - first : 0);
    } else if (e->has_duration) {
        *end = start + e->duration;
    } else if (e->start.date) {
        *end = start + 86400;
    }
    return true;
}

/* One row, of the occurrence that was planned for `planned`. */
static void write_row(vrk_calendar *c, const vrk_ics_event *e, int64_t wall, int64_t planned)
{
    char key[33] = "", from[32], to[32];
    vrk_ics_time t = e->start;
    int64_t start, end;
    t.wall = wall;
    if (!vrk_calendar_instant(c, &t, &start) || !end_of(c, e, wall, start, &end)) {
        const char *zone = t.zone ? t.zone : e->end.zone;
        vrk_calendar_fault(c, e->line, zone, "TZ_UNKNOWN",
                           "no time zone has this name; say which one such events are in, in a "
                           "mapping file: [calendar] zone = Europe/Stockholm",
                           false);
        return;
    }
    if (e->uid)
        key_of(c, e, planned, key);
    time_text(start, &e->start, from);
    time_text(end, &e->start, to);
    vrk_sheet_row(&c->w, e->line);
    put(c, key);
    put(c, c->owner);
    put(c, from);
    put(c, to);
    put(c, category_of(c, e));
    put(c, is_word(e->status, "TENTATIVE") || is_word(e->busy, "TENTATIVE") ? "tentative"
           : is_word(e->busy, "WORKINGELSEWHERE")                           ? "elsewhere"
           : is_private(e)                                                  ? "private"
                                                                            : NULL);
}

/* Does the occurrence at `wall` (instant `at`) of e have that time? A day is all its times; a time
 * without zone is compared by the wall. */
static bool is_at(vrk_calendar *c, const vrk_ics_event *e, const vrk_ics_time *t, int64_t wall,
                  int64_t at)
{
    int64_t instant;
    if (t->date && !e->start.date)
        return t->wall == wall - (wall % 86400 + 86400) % 86400;
    if (vrk_calendar_floats(t) || vrk_calendar_floats(&e->start))
        return t->wall == wall;
    return vrk_calendar_instant(c, t, &instant) && instant == at;
}

/* A series on its way. */
typedef struct {
    vrk_calendar *c;
    const vrk_ics_event *e;
    vrk_ics_event **instead; /* [n] events with its UID that replace occurrences */
    int64_t n;
    bool ends, by_rule, until_is_utc, until_is_date;
    int64_t until, seen;
} series;

static bool is_left_out(const series *s, int64_t wall, int64_t at)
{
    for (int64_t i = 0; i < s->e->withouts; i++) {
        if (is_at(s->c, s->e, &s->e->without[i], wall, at))
            return true;
    }
    for (int64_t i = 0; i < s->n; i++) {
        const vrk_ics_event *o = s->instead[i];
        if (o->is_override && is_at(s->c, s->e, &o->instead_of, wall, at))
            return true;
    }
    return false;
}

/* How far series are followed. */
static int64_t last_of(const vrk_calendar *c)
{
    return (c->newest > c->r->as_of ? c->newest : c->r->as_of) + YEAR;
}

static bool occurrence(int64_t wall, void *arg)
{
    series *s = arg;
    vrk_ics_time t = s->e->start;
    int64_t at;
    t.wall = wall;
    if (!vrk_calendar_instant(s->c, &t, &at)) {
        write_row(s->c, s->e, wall, wall); /* refuses it, once */
        return false;
    }
    int64_t compared = s->until_is_utc ? at : wall;
    if (s->ends && compared > s->until)
        return false;
    if (s->by_rule && (wall > last_of(s->c) || ++s->seen > VRK_CALENDAR_MOST ||
                       ++s->c->repeats > VRK_CALENDAR_MOST_ROWS)) {
        s->c->endless++;
        return false;
    }
    if (!is_left_out(s, wall, at))
        write_row(s->c, s->e, wall, at);
    return s->c->w.st == VRK_OK;
}

/* Takes UNTIL out of a rule: it is compared here, by instant. */
static void take_until(series *s, char *rule)
{
    vrk_ics_time t;
    char *at = strcasestr(rule, "UNTIL="), value[32] = "";
    if (!at)
        return;
    size_t n = strcspn(at, ";");
    snprintf(value, sizeof(value), "%.*s", (int)(n - 6), at + 6);
    memmove(at, at + n + (at[n] == ';'), strlen(at + n + (at[n] == ';')) + 1);
    size_t left = strlen(rule);
    if (left && rule[left - 1] == ';')
        rule[left - 1] = 0;
    if (!vrk_ics_time_read(value, &t))
        return;
    s->ends = true;
    s->until_is_utc = t.utc;
    s->until = t.date ? t.wall + 86399 : t.wall;
}

static void write_series(series *s)
{
    const vrk_ics_event *e = s->e;
    for (int64_t i = 0; i < e->rules; i++) {
        char *rule = vrk_text_copy(&s->c->mem, e->rule[i]);
        if (!rule)
            return;
        s->ends = false;
        s->by_rule = true;
        s->seen = 0;
        take_until(s, rule);
        if (vrk_ical_recur(rule, e->start.wall, e->start.date, occurrence, s))
            continue;
        vrk_calendar_fault(s->c, e->line, e->rule[i], "ICS_BAD_RULE",
                           "the rule of the series cannot be read; its first occurrence is kept",
                           true);
        s->ends = s->by_rule = false;
        (void)occurrence(e->start.wall, s);
    }
    s->ends = s->by_rule = false;
    if (!e->rules)
        (void)occurrence(e->start.wall, s);
    for (int64_t i = 0; i < e->alsos; i++) {
        int64_t at;
        if (vrk_calendar_instant(s->c, &e->also[i], &at))
            (void)occurrence(vrk_calendar_floats(&e->also[i])
                                 ? e->also[i].wall
                                 : vrk_calendar_wall(s->c, &e->start, at),
                             s);
    }
}

static bool counts(vrk_calendar *c, const vrk_ics_event *e)
{
    if (is_word(e->status, "CANCELLED")) {
        c->cancelled++;
        return false;
    }
    for (int64_t i = 0; i < e->guests; i++) {
        const vrk_ics_guest *g = &e->guest[i];
        if (!g->organizer && g->mail && c->owner && !strcmp(g->mail, c->owner) &&
            is_word(g->answer, "DECLINED")) {
            c->declined++;
            return false;
        }
    }
    if (is_word(e->transparency, "TRANSPARENT") || is_word(e->busy, "FREE")) {
        c->shown_free++;
        return false;
    }
    return true;
}

/* Events of one UID beside each other; first what is no replacement; the newest first. */
static int by_uid(const void *a, const void *b)
{
    const vrk_ics_event *x = *(vrk_ics_event *const *)a, *y = *(vrk_ics_event *const *)b;
    int order = strcmp(x->uid ? x->uid : "", y->uid ? y->uid : "");
    if (!x->uid && !y->uid)
        return (x->line > y->line) - (x->line < y->line);
    if (!order)
        order = x->is_override - y->is_override;
    if (!order)
        order =
            (x->instead_of.wall > y->instead_of.wall) - (x->instead_of.wall < y->instead_of.wall);
    if (!order)
        order = (y->sequence > x->sequence) - (y->sequence < x->sequence);
    if (!order)
        order = (y->stamp > x->stamp) - (y->stamp < x->stamp);
    return order ? order : (y->line > x->line) - (y->line < x->line);
}

static bool is_same(const vrk_ics_event *x, const vrk_ics_event *y)
{
    return x->is_override == y->is_override && x->instead_of.wall == y->instead_of.wall;
}

/* The events of one UID. */
static void write_group(vrk_calendar *c, vrk_ics_event **e, int64_t n)
{
    for (int64_t i = 0; i < n; i++) {
        int64_t planned = e[i]->start.wall;
        if (i && e[i]->uid && is_same(e[i], e[i - 1])) {
            c->replaced++;
            continue;
        }
        if (e[i]->is_override && e[0]->is_override && i == 0)
            vrk_calendar_fault(c, e[i]->line, NULL, "ICS_ORPHAN_OVERRIDE",
                               "it replaces an occurrence of a series that is not here; kept",
                               true);
        if (!counts(c, e[i]))
            continue;
        if (!e[i]->is_override) {
            series s = {.c = c, .e = e[i], .instead = e, .n = e[i]->uid ? n : 0};
            write_series(&s);
            continue;
        }
        if (!vrk_calendar_instant(c, &e[i]->instead_of, &planned))
            planned = e[i]->instead_of.wall;
        write_row(c, e[i], e[i]->start.wall, planned);
    }
}

vrk_status vrk_calendar_write(vrk_calendar *c)
{
    static const char *const headings[] = {"event_id", "seller_id", "starts_at",
                                           "ends_at",  "category",  "shown_as"};
    vrk_ctx *ctx = c->ctx;
    vrk_status st = VRK_OK;

    if (!c->owner || c->mem.failed)
        FAIL(VRK_EMEMORY, "out of memory for the events of %s", c->r->name);
    if (!c->blocks)
        FAIL(VRK_EINPUT, "%s is a calendar without events", c->r->name);
    TRY(vrk_sheet_open(ctx, c->r, &c->w));
    c->open = true;
    vrk_sheet_row(&c->w, 0);
    for (int i = 0; i < 6; i++)
        put(c, headings[i]);
    if (c->events)
        qsort(c->event, (size_t)c->events, sizeof(*c->event), by_uid);
    for (int64_t i = 0, n; i < c->events; i += n) {
        const char *uid = c->event[i]->uid;
        for (n = 1;
             uid && i + n < c->events && c->event[i + n]->uid && !strcmp(uid, c->event[i + n]->uid);
             n++)
            continue;
        write_group(c, c->event + i, n);
        TRY(c->w.st);
        TRY(vrk_tick(ctx, "reading the calendar", i, c->events));
    }
done:
    return st;
}
