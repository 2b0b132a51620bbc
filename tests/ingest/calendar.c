/* Calendars: oracles are RFC 5545's own examples, days counted by hand, and what samples/README.md
 * says of the sample calendars. */
#include "ingest/calendar.h"
#include "base/date.h"
#include "ingest/caldav.h"
#include "ingest/category.h"
#include "ingest/ical.h"
#include "ingest/ics.h"
#include "ingest/ics_event.h"
#include "ingest/zone.h"
#include "tests/ingest/reading.h"

#define HEAD "0,event_id,seller_id,starts_at,ends_at,category,shown_as\n"

static void read_text(bench *b, const char *text)
{
    bench_start(b);
    bench_bytes(b, "anna.ics", text, strlen(text));
}

/* Reads a calendar of those events. */
static void read_events(bench *b, const char *events)
{
    bench_start(b);
    char *text = vrk_text_f(&b->mem, "BEGIN:VCALENDAR\r\n%sEND:VCALENDAR\r\n", events);
    bench_bytes(b, "anna.ics", text, strlen(text));
}

/* The starts of all rows, with blanks between. */
static const char *starts(bench *b)
{
    vrk_str s = {.mem = &b->mem};
    const char *line = strchr(bench_text(b, 0), '\n');
    for (; line && line[1]; line = strchr(line + 1, '\n')) {
        const char *p = line + 1;
        for (int k = 0; k < 3; k++)
            p = strchr(p, ',') + 1;
        vrk_str_addf(&s, "%s%.*s", s.n ? " " : "", (int)strcspn(p, ","), p);
    }
    return vrk_str_of(&s);
}

static bool starts_are(const char *events, const char *want)
{
    bench b;
    read_events(&b, events);
    bool so = b.st == VRK_OK && !strcmp(starts(&b), want);
    if (!so)
        printf("# %s: %s\n# %s\n", b.ctx.message, starts(&b), want);
    bench_end(&b);
    return so;
}

#define EVENT(lines) "BEGIN:VEVENT\r\n" lines "END:VEVENT\r\n"

/* RFC 5545, 3.8.5.3: every other week on Tuesday and Thursday, for 8 occurrences. */
static void a_series_comes_as_its_occurrences(void)
{
    T_OK(starts_are(EVENT("DTSTART;TZID=America/New_York:19970902T090000\r\n"
                          "RRULE:FREQ=WEEKLY;INTERVAL=2;COUNT=8;WKST=SU;BYDAY=TU,TH\r\n"),
                    "1997-09-02T13:00:00Z 1997-09-04T13:00:00Z 1997-09-16T13:00:00Z "
                    "1997-09-18T13:00:00Z 1997-09-30T13:00:00Z 1997-10-02T13:00:00Z "
                    "1997-10-14T13:00:00Z 1997-10-16T13:00:00Z"));
    T_OK(
        starts_are(EVENT("DTSTART:20260101\r\nRRULE:FREQ=MONTHLY;BYMONTHDAY=-1;UNTIL=20260401\r\n"),
                   "2026-01-31 2026-02-28 2026-03-31"));
    /* 08:30 by the wall, on either side of the change of clocks; UNTIL is an instant */
    T_OK(starts_are(EVENT("DTSTART;TZID=Europe/Stockholm:20260323T083000\r\n"
                          "RRULE:FREQ=WEEKLY;UNTIL=20260406T063000Z\r\n"),
                    "2026-03-23T07:30:00Z 2026-03-30T06:30:00Z 2026-04-06T06:30:00Z"));
    T_OK(starts_are(EVENT("DTSTART;TZID=Europe/Stockholm:20260323T083000\r\n"
                          "RRULE:FREQ=WEEKLY;UNTIL=20260406T062959Z\r\n"),
                    "2026-03-23T07:30:00Z 2026-03-30T06:30:00Z"));
}

static void exceptions_are_told_in_many_ways(void)
{
#define SERIES                                                                                     \
    "UID:a\r\nDTSTART;TZID=Europe/Stockholm:20260601T083000\r\nRRULE:FREQ=DAILY;COUNT=4\r\n"
    T_OK(
        starts_are(EVENT(SERIES "EXDATE;TZID=Europe/Stockholm:20260602T083000,20260603T083000\r\n"),
                   "2026-06-01T06:30:00Z 2026-06-04T06:30:00Z"));
    T_OK(starts_are(EVENT(SERIES "EXDATE:20260602T063000Z\r\nEXDATE;VALUE=DATE:20260603\r\n"
                                 "EXDATE:20260604T083000\r\n"),
                    "2026-06-01T06:30:00Z"));
    T_OK(starts_are(EVENT(SERIES) EVENT("UID:a\r\nRECURRENCE-ID:20260602T083000\r\n"
                                        "DTSTART:20260602T120000Z\r\n")
                        EVENT("UID:a\r\nRECURRENCE-ID:20260603T063000Z\r\nSTATUS:CANCELLED\r\n"
                              "DTSTART:20260603T120000Z\r\n"),
                    "2026-06-01T06:30:00Z 2026-06-04T06:30:00Z 2026-06-02T12:00:00Z"));
    T_OK(starts_are(EVENT("UID:a\r\nDTSTART:20260601T080000Z\r\nRDATE:20260605T080000Z,"
                          "20260607T080000Z/PT1H\r\n"),
                    "2026-06-01T08:00:00Z 2026-06-05T08:00:00Z 2026-06-07T08:00:00Z"));
}

static void the_newer_of_two_stands(void)
{
    T_OK(starts_are(EVENT("UID:a\r\nSEQUENCE:2\r\nDTSTART:20260601T080000Z\r\n")
                        EVENT("UID:a\r\nSEQUENCE:1\r\nDTSTART:20260602T080000Z\r\n")
                            EVENT("UID:b\r\nDTSTAMP:20260101T000000Z\r\nDTSTART:20260603\r\n")
                                EVENT("UID:b\r\nDTSTAMP:20260102T000000Z\r\nDTSTART:20260604\r\n"),
                    "2026-06-01T08:00:00Z 2026-06-04"));
}

static void a_key_is_the_same_each_time_and_says_nothing(void)
{
    bench a, b;
    const char *event = EVENT("UID:anna@x.se\r\nDTSTART:20260601T080000Z\r\n");
    read_events(&a, event);
    read_events(&b, event);
    T_OK(!strcmp(bench_text(&a, 0), bench_text(&b, 0)));
    T_OK(!strstr(bench_text(&a, 0), "x.se"));
    bench_end(&a);
    bench_end(&b);
}

static bool row_is(const char *lines, const char *want)
{
    bench b;
    bench_start(&b);
    char *text = vrk_text_f(&b.mem,
                            "BEGIN:VCALENDAR\r\nX-WR-CALNAME:Anna@Own.se\r\n"
                            "BEGIN:VEVENT\r\n%sEND:VEVENT\r\nEND:VCALENDAR\r\n",
                            lines);
    bench_bytes(&b, "x.ics", text, strlen(text));
    char *all = vrk_text_f(&b.mem, HEAD "3,,anna@own.se,%s\n", want);
    bool so = b.st == VRK_OK && bench_is(&b, 0, all);
    bench_end(&b);
    return so;
}

static void ends_are_told_in_many_ways(void)
{
    T_OK(row_is("DTSTART:20260313T110000Z\r\nDURATION:PT1H30M\r\n",
                "2026-03-13T11:00:00Z,2026-03-13T12:30:00Z,,"));
    T_OK(row_is("DTSTART:20260313\r\n", "2026-03-13,2026-03-14,,"));
    T_OK(row_is("DTSTART:20260313\r\nDTEND:20260316\r\n", "2026-03-13,2026-03-16,,"));
    T_OK(row_is("DTSTART:20260313T110000\r\n", "2026-03-13T11:00:00,2026-03-13T11:00:00,,"));
    /* New York is five hours behind London: the flight takes seven hours */
    T_OK(row_is("DTSTART;TZID=Europe/London:20260203T100000\r\n"
                "DTEND;TZID=America/New_York:20260203T120000\r\nSUMMARY:Flyg\r\n",
                "2026-02-03T10:00:00Z,2026-02-03T17:00:00Z,travel,"));
    /* the night of 25 October 2026 has an hour more */
    T_OK(row_is("DTSTART;TZID=Europe/Stockholm:20261025T013000\r\n"
                "DTEND;TZID=Europe/Stockholm:20261025T033000\r\n",
                "2026-10-24T23:30:00Z,2026-10-25T02:30:00Z,,"));
}

static void guests_and_titles_tell_the_category(void)
{
#define AT "DTSTART:20260313T110000Z\r\n"
#define TIME "2026-03-13T11:00:00Z,2026-03-13T11:00:00Z,"
    T_OK(row_is(AT "ATTENDEE:mailto:kund@other.com\r\n", TIME "customer,"));
    T_OK(row_is(AT "ATTENDEE:MAILTO:bo@own.se\r\n", TIME "internal,"));
    T_OK(row_is(AT "ATTENDEE;CUTYPE=ROOM:mailto:rum@x.com\r\n", TIME ","));
    T_OK(row_is(AT "ATTENDEE;PARTSTAT=DECLINED:mailto:kund@other.com\r\n", TIME ","));
    T_OK(row_is(AT "CLASS:PRIVATE\r\nSUMMARY:Kundmöte\r\n", TIME ",private"));
    T_OK(row_is(AT "SUMMARY:Semester\r\nATTENDEE:mailto:kund@other.com\r\n", TIME "absence,"));
    T_OK(row_is(AT "X-MICROSOFT-CDO-BUSYSTATUS:OOF\r\nSUMMARY:Resa till Oslo\r\n", TIME "travel,"));
    T_OK(row_is(AT "X-MICROSOFT-CDO-BUSYSTATUS:OOF\r\nSUMMARY:x\r\n", TIME "absence,"));
    T_OK(row_is(AT "STATUS:TENTATIVE\r\nSUMMARY:Fyll i CRM\r\n", TIME "admin,tentative"));
#define IS(t, what) T_OK(!strcmp(vrk_category_of(&(vrk_event_signs){.title = t}), what))
    IS("BLOCKAD TID prospektering", "focus");
    IS("Ökat säljmöte", "internal");
    IS("ÅRLIG FÖRBEREDELSE", "focus");
    IS("Kundbesök Ånge", "customer");
    IS("Lön & utlägg", "admin");
    T_OK(!vrk_category_of(&(vrk_event_signs){.title = "Intresse"}));
    T_OK(!vrk_category_of(&(vrk_event_signs){.title = "Möte i Teams"}));
    T_OK(!vrk_category_of(&(vrk_event_signs){0}));
}

static void zones_are_known_by_many_names(void)
{
    static const struct {
        const char *name;
        int64_t offset; /* [h] at noon of 1 July 2026 */
    } known[] = {{"Europe/Stockholm", 2},
                 {"/freeassociation.sourceforge.net/Europe/Stockholm", 2},
                 {"/citadel.org/20190914_1/America/New_York", -4},
                 {"W. Europe Standard Time", 2},
                 {"GMT Standard Time", 1},
                 {"FLE Standard Time", 3},
                 {"Eastern Standard Time", -4},
                 {"UTC", 0}};
    vrk_ctx ctx = {0};
    vrk_zone *z;
    int64_t noon = 1782907200; /* 2026-07-01T12:00:00Z */
    for (size_t i = 0; i < sizeof(known) / sizeof(*known); i++) {
        T_OK(vrk_zone_open(&ctx, known[i].name, NULL, &z) == VRK_OK && z);
        T_OK(z && vrk_zone_wall(z, noon) == noon + 3600 * known[i].offset);
        T_OK(z && vrk_zone_utc(z, noon + 3600 * known[i].offset) == noon);
        vrk_zone_close(z);
    }
    static const char *const none[] = {"", "Customized Time Zone", "Stockholm", "/a/b",
                                       "(UTC+01:00) Amsterdam, Berlin, Bern, Rom, Stockholm, Wien"};
    for (size_t i = 0; i < sizeof(none) / sizeof(*none); i++)
        T_OK(vrk_zone_open(&ctx, none[i], NULL, &z) == VRK_OK && !z);
    /* 29 March 2026 has no 02:30, 25 October has it twice: an hour later, and the first */
    T_OK(vrk_zone_open(&ctx, "Europe/Stockholm", NULL, &z) == VRK_OK);
    T_OK(vrk_zone_utc(z, 1774751400) == 1774747800); /* 02:30 -> 03:30 +0200 = 01:30Z */
    T_OK(vrk_zone_utc(z, 1792895400) == 1792888200); /* 02:30 +0200 = 00:30Z */
    vrk_zone_close(z);
}

#define RULES                                                                                      \
    "BEGIN:VTIMEZONE\r\nTZID:Eget\r\nBEGIN:STANDARD\r\nDTSTART:19700101T000000\r\n"                \
    "TZOFFSETFROM:+0300\r\nTZOFFSETTO:+0300\r\nEND:STANDARD\r\nEND:VTIMEZONE\r\n"

static void a_zone_may_come_as_rules(void)
{
    T_OK(starts_are(RULES EVENT("DTSTART;TZID=Eget:20260313T110000\r\n"), "2026-03-13T08:00:00Z"));
    T_OK(starts_are(RULES EVENT("DTSTART;TZID=\"Eget\":20260313T110000\r\n"
                                "RRULE:FREQ=DAILY;COUNT=2\r\nRDATE:20260320T080000Z\r\n"),
                    "2026-03-13T08:00:00Z 2026-03-14T08:00:00Z 2026-03-20T08:00:00Z"));
}

static void a_broken_event_costs_only_itself(void)
{
    bench b;
    read_events(
        &b,
        EVENT("DTSTART:20260313T110000Z\r\n") EVENT("SUMMARY:no start\r\n") EVENT(
            "DTSTART:20261313\r\n") EVENT("DTSTART:20260313T110000Z\r\nDTEND:20260313T100000Z\r\n")
            EVENT("DTSTART:20260313T110000Z\r\nDURATION:-PT1H\r\n")
                EVENT("DTSTART;TZID=Eget:20260313T110000\r\n")
                    EVENT("DTSTART:20260314\r\nRRULE:FREQ=NEVER\r\n") "BEGIN:VEVENT\r\nDTSTART:"
                                                                      "20260315\r\n");
    static const char *const codes[] = {
        "ICS_BAD_COMPONENT", "ICS_BAD_COMPONENT", "ICS_NEG_DURATION", "ICS_NEG_DURATION",
        "ICS_BAD_COMPONENT", "TZ_UNKNOWN",        "ICS_BAD_RULE"};
    T_OK(b.st == VRK_OK && !strcmp(starts(&b), "2026-03-13T11:00:00Z 2026-03-14"));
    T_OK(b.r.sheet[0].faults == 7 && b.r.sheet[0].left_out == 6);
    for (int i = 0; i < 7 && i < b.r.sheet[0].faults; i++)
        T_OK(!strcmp(b.r.sheet[0].fault[i].code, codes[i]));
    T_OK(b.r.sheet[0].fault[0].line == 5);
    bench_end(&b);
}

static void a_zone_may_be_confirmed(void)
{
    bench b;
    bench_start(&b);
    const char text[] = "BEGIN:VCALENDAR\n" EVENT("DTSTART;TZID=Eget:20260313T110000\r\n");
    char *path = vrk_text_f(&b.mem, "%s/a.ics", b.folder);
    T_OK(vrk_file_replace(&b.ctx, path, text, sizeof(text) - 1) == VRK_OK);
    b.r = (vrk_reading){.path = path,
                        .name = "a.ics",
                        .staging = b.folder,
                        .number = &b.number,
                        .mem = &b.mem,
                        .zone = "Europe/Stockholm"};
    T_OK(vrk_ics_read(&b.ctx, &b.r) == VRK_OK && !strcmp(starts(&b), "2026-03-13T10:00:00Z"));
    bench_end(&b);
}

static void a_series_without_end_ends_a_year_on(void)
{
    bench b;
    read_events(&b, EVENT("DTSTAMP:20260401T000000Z\r\nDTSTART:20260330\r\nRRULE:FREQ=DAILY\r\n"));
    T_OK(b.st == VRK_OK && bench_lines(&b, 0) == 1 + 2 + 366 + 1); /* 30 March ... 2 April 2027 */
    bench_end(&b);
    read_events(&b, EVENT("DTSTART:19000101T000000\r\nRRULE:FREQ=SECONDLY;UNTIL=2100\r\n"));
    T_OK(b.st == VRK_OK && bench_lines(&b, 0) == 1 + VRK_CALENDAR_MOST);
    bench_end(&b);
}

static int64_t day(int year, int month, int d)
{
    return vrk_day_of((vrk_date){year, month, d});
}

/* What began long ago still comes today; what has no end in sight ends like what has none. */
static void a_series_is_followed_from_its_first_day_to_a_year_on(void)
{
    bench b;
    int64_t days = day(2026, 4, 1) + 366 - day(2005, 1, 3) + 1;
    read_events(&b, EVENT("DTSTAMP:20260401T000000Z\r\nDTSTART:20050103\r\nRRULE:FREQ=DAILY\r\n"));
    T_OK(b.st == VRK_OK && bench_lines(&b, 0) == 1 + days && days > 5000);
    bench_end(&b);
    read_events(&b, EVENT("DTSTAMP:20260401T000000Z\r\nDTSTART:20050103\r\nRRULE:FREQ=DAILY;"
                          "UNTIL=20991231\r\n"));
    T_OK(b.st == VRK_OK && bench_lines(&b, 0) == 1 + days);
    bench_end(&b);
    read_events(&b, EVENT("DTSTAMP:20260401T000000Z\r\nDTSTART:20050103\r\nRRULE:FREQ=DAILY;"
                          "COUNT=30000\r\n"));
    T_OK(b.st == VRK_OK && bench_lines(&b, 0) == 1 + days);
    bench_end(&b);
}

static void the_day_as_which_facts_are_seen_moves_the_end(void)
{
    bench b;
    const char *text = "BEGIN:VCALENDAR\r\n" EVENT(
        "DTSTAMP:20100401T000000Z\r\nDTSTART:20100401\r\nRRULE:FREQ=DAILY\r\n") "END:VCALENDAR\r\n";
    bench_start(&b);
    b.as_of = day(2026, 11, 24) * 86400;
    bench_bytes(&b, "anna.ics", text, strlen(text));
    T_OK(b.st == VRK_OK && bench_lines(&b, 0) == 1 + day(2026, 11, 24) + 366 - day(2010, 4, 1) + 1);
    bench_end(&b);
}

/* Many series of seconds: no more rows than a calendar can have. */
static void series_have_an_end_together(void)
{
    bench b;
    bench_start(&b);
    vrk_str s = {.mem = &b.mem};
    vrk_str_add(&s, "BEGIN:VCALENDAR\r\n");
    for (int i = 0; i < 30; i++)
        vrk_str_add(&s, EVENT("DTSTART:20260101T000000\r\nRRULE:FREQ=SECONDLY\r\n"));
    vrk_str_add(&s, "END:VCALENDAR\r\n");
    bench_bytes(&b, "anna.ics", s.at, s.n);
    T_OK(b.st == VRK_OK && bench_lines(&b, 0) == 1 + VRK_CALENDAR_MOST_ROWS);
    bench_end(&b);
}

static void what_is_no_calendar_is_refused(void)
{
    bench b;
    read_text(&b, "BEGIN:VCALENDAR\r\nEND:VCALENDAR\r\n");
    T_OK(bench_refused(&b, "a calendar without events"));
    bench_end(&b);
    read_text(&b, "");
    T_OK(bench_refused(&b, "a calendar without events"));
    bench_end(&b);
}

static void the_samples_come_as_they_should(void)
{
    static const struct {
        const char *file;
        int64_t rows, refused; /* by hand from samples/README.md */
    } want[] = {
        /* 13 events: 22 of the weekly series and the moved one, 10 others; not the cancelled, the
         * declined and the free ones (the latter a series of six) */
        {"calendar/google_takeout_bjorn.ics", 31, 0},
        /* 14 events: 38 of the series (40 less two left out), less one moved, and that one; 11
         * others, less one free and two in zones that nobody knows */
        {"calendar/outlook_windows_tz_anna.ics", 47, 2},
        /* 8 events: two end before they start, one is cut off; the endless one for 367 days */
        {"calendar/broken_lf_bom_unfolded.ics", 370, 3},
        {"calendar/caldav_report_multistatus.xml", 10, 0},
    };
    for (size_t i = 0; i < sizeof(want) / sizeof(*want); i++) {
        bench b;
        bench_start(&b);
        if (bench_sample(&b, want[i].file)) {
            T_OK(bench_lines(&b, 0) == 1 + want[i].rows);
            T_OK(b.r.sheet[0].left_out == want[i].refused);
            int64_t weekly = 0;
            for (const char *p = starts(&b); (p = strstr(p, ":30:00Z")); p++)
                weekly += 1;
            T_OK(i > 0 || weekly == 22 + 1); /* and the night of the clocks */
        }
        bench_end(&b);
    }
}

/* 157 files of clients, and of a test suite made to break readers. */
static void each_public_calendar_is_read_or_refused_with_a_reason(void)
{
    const char *data = getenv("VERKAN_DATA");
    vrk_ctx ctx = {0};
    vrk_arena mem = {0};
    char folder[4096], **names;
    int64_t n, read = 0, refused = 0;
    snprintf(folder, sizeof(folder), "%s/ics-samples", data ? data : ".");
    if (!vrk_is_folder(folder))
        T_SKIP("no public data here");
    T_OK(vrk_folder_list(&ctx, folder, &mem, &names, &n) == VRK_OK);
    for (int64_t i = 0; i < n; i++) {
        bench b;
        if (!vrk_ends_with(names[i], ".ics"))
            continue;
        bench_start(&b);
        bench_read(&b, vrk_text_f(&mem, "%s/%s", folder, names[i]), names[i]);
        T_OK(b.st == VRK_OK || (b.st == VRK_EINPUT && strstr(b.ctx.message, names[i])));
        read += b.st == VRK_OK;
        refused += b.st != VRK_OK;
        bench_end(&b);
    }
    T_OK(read + refused == 157);
    T_OK(read == 125); /* those with a VEVENT, by the README beside them */
    vrk_arena_free(&mem);
    vrk_arena_free(&ctx.scratch);
}

static void fails_cleanly_wherever_memory_ends(void)
{
    bench_starve("calendar/google_takeout_bjorn.ics");
    bench_starve("calendar/outlook_windows_tz_anna.ics");
    bench_starve("calendar/caldav_report_multistatus.xml");
}

T_MAIN(T_CASE(a_series_comes_as_its_occurrences), T_CASE(exceptions_are_told_in_many_ways),
       T_CASE(the_newer_of_two_stands), T_CASE(a_key_is_the_same_each_time_and_says_nothing),
       T_CASE(ends_are_told_in_many_ways), T_CASE(guests_and_titles_tell_the_category),
       T_CASE(zones_are_known_by_many_names), T_CASE(a_zone_may_come_as_rules),
       T_CASE(a_broken_event_costs_only_itself), T_CASE(a_zone_may_be_confirmed),
       T_CASE(a_series_without_end_ends_a_year_on),
       T_CASE(a_series_is_followed_from_its_first_day_to_a_year_on),
       T_CASE(the_day_as_which_facts_are_seen_moves_the_end), T_CASE(series_have_an_end_together),
       T_CASE(what_is_no_calendar_is_refused), T_CASE(the_samples_come_as_they_should),
       T_CASE(each_public_calendar_is_read_or_refused_with_a_reason),
       T_CASE(fails_cleanly_wherever_memory_ends))
