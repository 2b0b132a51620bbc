#include "ingest/calendar_part.h"

#include "base/str.h"

#include <ctype.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

vrk_status vrk_calendar_new(vrk_ctx *ctx, vrk_reading *r, vrk_calendar **out)
{
    vrk_calendar *c = calloc(1, sizeof(*c));
    *out = c;
    if (!c)
        return vrk_fail(ctx, VRK_EMEMORY, "out of memory for %s", r->name);
    c->ctx = ctx;
    c->r = r;
    c->mem.limit = ctx->scratch.limit;
    return VRK_OK;
}

void vrk_calendar_fault(vrk_calendar *c, int64_t line, const char *value, const char *code,
                        const char *sentence, bool warning)
{
    c->left_out += !warning;
    if (c->faults == VRK_CALENDAR_FAULTS)
        return;
    if ((c->faults & (c->faults - 1)) == 0) {
        vrk_fault *more = VRK_NEW(c->r->mem, c->faults ? 2 * c->faults : 1, vrk_fault);
        if (!more)
            return;
        if (c->faults)
            memcpy(more, c->fault, (size_t)c->faults * sizeof(*more));
        c->fault = more;
    }
    c->fault[c->faults++] = (vrk_fault){.line = line,
                                        .value = value ? vrk_text_copy(c->r->mem, value) : NULL,
                                        .code = code,
                                        .sentence = sentence,
                                        .warning = warning};
}

static void take_zone(vrk_calendar *c, const vrk_ics_block *b)
{
    vrk_ics_property p;
    const char *at = b->at;
    char *room = VRK_NEW(&c->mem, (int64_t)b->n + 1, char);
    if (b->cut || !room || c->givens == VRK_CALENDAR_ZONES)
        return;
    vrk_zone_block z = {.block = vrk_text_copy_n(&c->mem, b->at, b->n)};
    while (vrk_ics_property_next(&at, b->at + b->n, room, &p)) {
        vrk_ics_unescape(p.value);
        if (!strcmp(p.name, "TZID"))
            z.name = vrk_text_copy(&c->mem, p.value);
        else if (!strcmp(p.name, "X-LIC-LOCATION"))
            z.location = vrk_text_copy(&c->mem, p.value);
    }
    if (z.name && z.block)
        c->given[c->givens++] = z;
}

static void later(vrk_calendar *c, int64_t wall)
{
    c->newest = wall > c->newest ? wall : c->newest;
}

static void take_event(vrk_calendar *c, const vrk_ics_block *b)
{
    const char *code, *wrong;
    vrk_ics_event *e = VRK_NEW(&c->mem, 1, vrk_ics_event);
    if (!e)
        return;
    wrong = vrk_ics_event_read(b, &c->mem, e, &code);
    if (wrong) {
        vrk_calendar_fault(c, b->line, NULL, code, wrong, false);
        return;
    }
    if (c->events == c->room) {
        int64_t room = c->room ? 2 * c->room : 64;
        vrk_ics_event **more = VRK_NEW(&c->mem, room, vrk_ics_event *);
        if (!more)
            return;
        if (c->events)
            memcpy(more, c->event, (size_t)c->events * sizeof(vrk_ics_event *));
        c->event = more;
        c->room = room;
    }
    c->event[c->events++] = e;
    later(c, e->start.wall);
    later(c, e->stamp);
}

/* What stands outside of blocks: the calendar's own name. */
static void take_outside(vrk_calendar *c, const char *from, const char *to)
{
    vrk_ics_property p;
    char *room = to > from ? VRK_NEW(&c->mem, to - from + 1, char) : NULL;
    while (room && vrk_ics_property_next(&from, to, room, &p)) {
        if (strcmp(p.name, "X-WR-CALNAME") != 0 || !*p.value)
            continue;
        vrk_ics_unescape(p.value);
        c->name = vrk_text_copy(&c->mem, p.value);
    }
}

vrk_status vrk_calendar_add(vrk_calendar *c, const char *text, size_t n, int64_t line,
                            const char *owner)
{
    vrk_ctx *ctx = c->ctx;
    vrk_status st = VRK_OK;
    const char *at = text, *end = text + n;
    vrk_ics_block b;

    if (owner && !c->hint)
        c->hint = vrk_text_copy(&c->mem, owner);
    for (const char *from = at; vrk_ics_next(&at, end, &line, &b); from = at) {
        take_outside(c, from, b.at);
        c->blocks += !strcmp(b.kind, "VEVENT");
        if (!strcmp(b.kind, "VEVENT"))
            take_event(c, &b);
        else if (!strcmp(b.kind, "VTIMEZONE"))
            take_zone(c, &b);
        else
            c->todos++;
        if (c->mem.failed)
            FAIL(VRK_EMEMORY, "out of memory for the events of %s", c->r->name);
        TRY(vrk_tick(ctx, "reading the calendar", at - text, (int64_t)n));
    }
done:
    return st;
}

int64_t vrk_calendar_events(const vrk_calendar *c)
{
    return c->blocks;
}

/* What did not become rows, in one sentence. */
static void tell(vrk_calendar *c)
{
    const struct {
        int64_t n;
        const char *what;
    } all[] = {{c->cancelled, "cancelled"},
               {c->declined, "declined by the owner"},
               {c->shown_free, "shown as free time"},
               {c->replaced, "older than another of the same id"},
               {c->todos, "tasks or notes"}};
    vrk_str s = {.mem = &c->mem};
    for (size_t i = 0; i < sizeof(all) / sizeof(*all); i++) {
        if (all[i].n)
            vrk_str_addf(&s, "%s%" PRId64 " %s", s.n ? ", " : "", all[i].n, all[i].what);
    }
    if (s.n)
        vrk_reading_note(c->r, "%s: left out: %s", c->r->name, vrk_str_of(&s));
    if (c->endless)
        vrk_reading_note(c->r,
                         "%s: series that go on for over a year after the newest time, or over %d "
                         "times, are cut "
                         "off there: %" PRId64,
                         c->r->name, VRK_CALENDAR_MOST, c->endless);
}

vrk_status vrk_calendar_end(vrk_calendar *c, vrk_status st)
{
    vrk_status closed = VRK_OK;
    if (!c)
        return st;
    vrk_ctx *ctx = c->ctx;
    vrk_reading *r = c->r;
    if (st == VRK_OK) {
        vrk_calendar_find_owner(c);
        st = vrk_calendar_write(c);
    }
    closed = c->open ? vrk_sheet_close(&c->w) : VRK_OK;
    st = st == VRK_OK ? closed : st;
    if (st == VRK_OK) {
        tell(c);
        vrk_reading_sheet(r, &(vrk_sheet){.path = c->w.path,
                                          .table = "calendar",
                                          .source = "icalendar",
                                          .headed = true,
                                          .fault = c->fault,
                                          .faults = c->faults,
                                          .left_out = c->left_out});
    }
    if (st == VRK_OK && (r->mem->failed || c->mem.failed))
        st = vrk_fail(ctx, VRK_EMEMORY, "out of memory for the events of %s", r->name);
    vrk_calendar_zones_free(c);
    vrk_arena_free(&c->mem);
    free(c);
    return st;
}
