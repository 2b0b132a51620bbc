/* A situational test taken over the records: links, answers that are kept once, resuming, clocks,
 * and a log that gives the same again. */
#include "people/sitting.h"
#include "people/sitting_list.h"
#include "tests/people/persons.h"
#include "tests/store/space.h"

#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#define DAY INT64_C(86400000000)

typedef struct {
    t_space space;
    vrk_ctx ctx;
    vrk_sys sys;
    vrk_records *records;
    vrk_instruments all;
    int64_t now;
    char token[VRK_TOKEN_CHARS + 1];
} room;

static int64_t now_of(void *arg)
{
    return *(int64_t *)arg;
}

static const char *path_of(room *b)
{
    return vrk_text_f(&b->ctx.scratch, "%s/records.db", b->space.top);
}

static void begin(room *b)
{
    *b = (room){.space = t_space_new(), .sys = vrk_sys_real, .now = 20000 * DAY};
    b->sys.now = now_of;
    b->sys.arg = &b->now;
    b->ctx.sys = &b->sys;
    T_OK(vrk_records_open(&b->ctx, path_of(b), &b->records) == VRK_OK);
    T_OK(vrk_records_run(&b->ctx, b->records,
                         "INSERT INTO identity (key, space, source_id) VALUES (7, 'person', "
                         "'S1'), (9, 'contact', 'C1')",
                         NULL, 0, NULL) == VRK_OK);
    T_OK(vrk_instruments_read(&b->ctx, &b->all) == VRK_OK);
}

static void end(room *b)
{
    vrk_instruments_free(&b->all);
    vrk_records_close(b->records);
    vrk_arena_free(&b->ctx.scratch);
    t_space_free(&b->space);
}

static const char *const two[] = {"qualification", "presentation"};

static vrk_status invite(room *b, const vrk_invite *v)
{
    return vrk_invite_make(&b->ctx, b->records, &b->all, v, b->token, NULL);
}

static vrk_invite usual(void)
{
    return (vrk_invite){.person = "S1", .competency = two, .competencies = 2, .lang = VRK_SV};
}

static vrk_answered answer(room *b, const char *item, char option, vrk_link *link)
{
    vrk_answered out;
    T_OK(vrk_sitting_answer(&b->ctx, b->records, &b->all, b->token, item, option, &out, link) ==
         VRK_OK);
    return out;
}

/* Opens by the link and asks; the caller frees the sitting. */
static vrk_question ask(room *b, vrk_sitting *s)
{
    vrk_question q = {0};
    T_OK(vrk_sitting_open(&b->ctx, b->records, &b->all, b->token, s) == VRK_OK);
    T_OK(vrk_sitting_ask(&b->ctx, b->records, s, &q) == VRK_OK);
    return q;
}

/* Answers `most` questions as somebody of that ability; returns how many there were. */
static int64_t go_on(room *b, double z, int64_t most)
{
    vrk_rng r = vrk_rng_of(5, 1, 1);
    int64_t n = 0;
    for (; n < most; n++) {
        vrk_sitting s;
        vrk_link link;
        vrk_question q = ask(b, &s);
        if (q.done) {
            vrk_sitting_free(&s);
            break;
        }
        T_OK(q.answered == s.answered && q.most >= q.answered);
        b->now += 30000000;
        T_OK(answer(b, q.item->id, t_choose(q.item, z, &r), &link) == VRK_ANSWER_SAVED);
        T_OK(link == VRK_LINK_OPEN);
        vrk_sitting_free(&s);
    }
    return n;
}

static vrk_sitting opened(room *b)
{
    vrk_sitting s;
    T_OK(vrk_sitting_open(&b->ctx, b->records, &b->all, b->token, &s) == VRK_OK);
    return s;
}

static void a_sitting_ends_balanced_and_gives_the_same_again(void)
{
    room b;
    vrk_replay replay;
    begin(&b);
    vrk_invite v = usual();
    T_OK(invite(&b, &v) == VRK_OK);
    T_OK(go_on(&b, 0.3, 5) == 5);
    T_OK(go_on(&b, 0.3, 100) == 19); /* resumed: 24 in all */
    vrk_sitting s = opened(&b);
    T_OK(s.link == VRK_LINK_FINISHED && s.finished_at == b.now && s.answered == 24);
    T_OK(s.events == 49 && s.parts == 2 && s.lang == VRK_SV && !strcmp(s.person_id, "S1"));
    for (int64_t p = 0; p < 2; p++) {
        double given[VRK_AREAS] = {0};
        for (int64_t j = 0; j < s.part[p].bank.irt.items; j++) {
            given[s.part[p].bank.area[j]] += s.part[p].x[j] >= 0;
            T_OK((s.part[p].x[j] >= 0) == (s.part[p].took[j] == 30000000));
        }
        for (int a = 0; a < VRK_AREAS; a++)
            T_OK(fabs(given[a] - 12 * s.part[p].bank.target[a]) < 1.5);
    }
    T_OK(vrk_sitting_replay(&b.ctx, &s, &replay) == VRK_OK);
    T_OK(replay.differs == 0 && replay.events == 49 && replay.answered == 24);
    vrk_sitting_free(&s);
    end(&b);
}

/* A link of before the rule changed goes on by the old one and plays again by it; by the other one
 * the same log does not. */
static void an_old_link_goes_on_by_the_rule_it_began_with(void)
{
    for (int old = 0; old < 2; old++) {
        room b;
        vrk_replay replay;
        begin(&b);
        vrk_invite v = usual();
        T_OK(invite(&b, &v) == VRK_OK);
        T_OK(!old || vrk_records_run(&b.ctx, b.records, "UPDATE invitation SET chooses = 0", NULL,
                                     0, NULL) == VRK_OK);
        T_OK(go_on(&b, 0.3, 100) == 24);
        vrk_sitting s = opened(&b);
        T_OK(s.by_mean == (old == 1));
        T_OK(vrk_sitting_replay(&b.ctx, &s, &replay) == VRK_OK && replay.differs == 0);
        s.by_mean = !s.by_mean;
        T_OK(vrk_sitting_replay(&b.ctx, &s, &replay) == VRK_OK && replay.differs > 0);
        vrk_sitting_free(&s);
        end(&b);
    }
}

static void a_log_that_was_tampered_with_is_found_out(void)
{
    room b;
    vrk_replay replay;
    begin(&b);
    vrk_invite v = usual();
    T_OK(invite(&b, &v) == VRK_OK);
    go_on(&b, 0, 100);
    T_OK(vrk_records_run(&b.ctx, b.records, "UPDATE sitting_event SET choice = 'a'", NULL, 0,
                         NULL) == VRK_EDB);
    T_OK(strstr(b.ctx.message, "not changed"));
    T_OK(vrk_records_run(&b.ctx, b.records, "DROP TRIGGER sitting_event_stands", NULL, 0, NULL) ==
         VRK_OK);
    T_OK(vrk_records_run(&b.ctx, b.records,
                         "UPDATE sitting_event SET choice = CASE choice WHEN 'a' THEN 'b' WHEN 'b' "
                         "THEN 'c' WHEN 'c' THEN 'd' ELSE 'a' END WHERE n = 2",
                         NULL, 0, NULL) == VRK_OK);
    vrk_sitting s = opened(&b);
    T_OK(vrk_sitting_replay(&b.ctx, &s, &replay) == VRK_OK);
    T_OK(replay.differs > 2);
    vrk_sitting_free(&s);
    end(&b);
}

static void an_answer_counts_once_however_often_it_comes(void)
{
    room b;
    vrk_sitting s, other;
    vrk_link link;
    begin(&b);
    vrk_invite v = usual();
    T_OK(invite(&b, &v) == VRK_OK);
    vrk_question q = ask(&b, &s), twin = ask(&b, &other); /* two windows */
    T_OK(q.item == twin.item && !memcmp(q.order, twin.order, sizeof(q.order)));
    T_OK(answer(&b, q.item->id, 'e', &link) == VRK_ANSWER_NO_CHOICE);
    T_OK(answer(&b, q.item->id, 0, &link) == VRK_ANSWER_NO_CHOICE);
    T_OK(answer(&b, "no-such-item", 'a', &link) == VRK_ANSWER_NOT_ASKED);
    T_OK(answer(&b, NULL, 'a', &link) == VRK_ANSWER_NOT_ASKED);
    T_OK(answer(&b, "qualification-01'; DROP TABLE invitation; --", 'a', &link) ==
         VRK_ANSWER_NOT_ASKED);
    T_OK(answer(&b, q.item->id, 'b', &link) == VRK_ANSWER_SAVED);
    T_OK(answer(&b, q.item->id, 'b', &link) == VRK_ANSWER_SAME);
    T_OK(answer(&b, q.item->id, 'c', &link) == VRK_ANSWER_STANDS);
    /* one that exists but was not asked now */
    const char *ahead = b.all.instrument[0].item[3].id;
    T_OK(answer(&b, ahead, 'a', &link) == VRK_ANSWER_NOT_ASKED);
    vrk_sitting now = opened(&b);
    T_OK(now.answered == 1 && now.part[q.part].choice[q.number] == 'b');
    vrk_sitting_free(&now);
    vrk_sitting_free(&s);
    vrk_sitting_free(&other);
    end(&b);
}

static void links_that_do_not_hold_say_why(void)
{
    static const char *const forged[] = {"", "x", "' OR 1=1 --",
                                         "000000000000000000000000000000000000000000000000"};
    room b;
    vrk_link link;
    begin(&b);
    for (size_t i = 0; i < 4; i++) {
        vrk_sitting s;
        vrk_answered out;
        T_OK(vrk_sitting_open(&b.ctx, b.records, &b.all, forged[i], &s) == VRK_OK);
        T_OK(s.link == VRK_LINK_UNKNOWN && s.id == 0);
        T_OK(vrk_sitting_answer(&b.ctx, b.records, &b.all, forged[i], "x", 'a', &out, &link) ==
             VRK_OK);
        T_OK(out == VRK_ANSWER_CLOSED && link == VRK_LINK_UNKNOWN);
        vrk_sitting_free(&s);
    }
    vrk_invite v = usual();
    v.days = 1;
    T_OK(invite(&b, &v) == VRK_OK);
    T_OK(go_on(&b, 0, 3) == 3);
    vrk_sitting s;
    vrk_question q = ask(&b, &s);
    b.now += 2 * DAY;
    T_OK(answer(&b, q.item->id, 'a', &link) == VRK_ANSWER_CLOSED && link == VRK_LINK_EXPIRED);
    vrk_sitting late = opened(&b);
    T_OK(late.link == VRK_LINK_EXPIRED && late.answered == 3); /* nothing is lost */
    vrk_sitting_free(&late);
    vrk_sitting_free(&s);
    v.days = 30;
    T_OK(invite(&b, &v) == VRK_OK);
    T_OK(vrk_invite_withdraw(&b.ctx, b.records, 2) == VRK_OK);
    T_OK(vrk_invite_withdraw(&b.ctx, b.records, 3) == VRK_EINPUT);
    late = opened(&b);
    T_OK(late.link == VRK_LINK_WITHDRAWN);
    vrk_sitting_free(&late);
    for (int k = 0; k <= VRK_LINK_CHANGED; k++)
        T_OK(strcmp(vrk_link_says(VRK_SV, (vrk_link)k), vrk_link_says(VRK_EN, (vrk_link)k)) != 0);
    for (int k = 0; k <= VRK_ANSWER_CLOSED; k++)
        T_OK(strcmp(vrk_answered_says(VRK_SV, (vrk_answered)k),
                    vrk_answered_says(VRK_EN, (vrk_answered)k)) != 0);
    end(&b);
}

static void the_secret_is_not_kept(void)
{
    room b;
    begin(&b);
    vrk_invite v = usual();
    char first[VRK_TOKEN_CHARS + 1], *bytes;
    size_t n;
    T_OK(invite(&b, &v) == VRK_OK);
    memcpy(first, b.token, sizeof(first));
    T_OK(invite(&b, &v) == VRK_OK && strcmp(first, b.token) != 0);
    T_OK(vrk_records_run(&b.ctx, b.records, "PRAGMA wal_checkpoint(TRUNCATE)", NULL, 0, NULL) ==
         VRK_OK);
    T_OK(vrk_file_read(&b.ctx, path_of(&b), 0, &b.ctx.scratch, &bytes, &n) == VRK_OK);
    T_OK(n > 1000 && !memmem(bytes, n, first, VRK_TOKEN_CHARS));
    T_OK(!memmem(bytes, n, b.token, VRK_TOKEN_CHARS));
    end(&b);
}

static void what_cannot_be_invited_to_is_refused(void)
{
    static const char *const none[] = {"juggling"}, *const again[] = {"presentation",
                                                                      "presentation"};
    room b;
    begin(&b);
    char text[VRK_ID_MOST + 2];
    memset(text, 'x', sizeof(text) - 1);
    text[sizeof(text) - 1] = 0;
    const vrk_invite wrong[] = {
        {.person = "S2", .competency = two, .competencies = 2},
        {.person = "C1", .competency = two, .competencies = 2}, /* a contact is no person */
        {.person = "", .competency = two, .competencies = 2},
        {.person = NULL, .competency = two, .competencies = 2},
        {.person = "a\nb", .competency = two, .competencies = 2, .candidate = true},
        {.person = text, .competency = two, .competencies = 2, .candidate = true},
        {.person = "S1", .competency = none, .competencies = 1},
        {.person = "S1", .competency = again, .competencies = 2},
        {.person = "S1", .competency = two, .competencies = 0},
        {.person = "S1", .competency = two, .competencies = 2, .stop_se = -1},
        {.person = "S1", .competency = two, .competencies = 2, .stop_se = nan("")},
        {.person = "S1", .competency = two, .competencies = 2, .most = 101},
        {.person = "S1", .competency = two, .competencies = 2, .days = -1},
    };
    for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++) {
        b.ctx.message[0] = 0;
        T_OK(invite(&b, &wrong[i]) == VRK_EINPUT && b.ctx.message[0]);
    }
    vrk_invitations list;
    T_OK(vrk_invitations_list(&b.ctx, b.records, NULL, &list) == VRK_OK && list.n == 0);
    vrk_invitations_free(&list);
    /* an applicant may be new */
    T_OK(invite(&b, &(vrk_invite){.person = "R9, \"Zoë\"",
                                  .candidate = true,
                                  .competency = two,
                                  .competencies = 1}) == VRK_OK);
    T_OK(go_on(&b, 0, 2) == 2);
    vrk_str csv = {.mem = &b.ctx.scratch};
    int64_t rows, left;
    T_OK(vrk_answers_csv(&b.ctx, b.records, &b.all, &csv, &rows, &left) == VRK_OK);
    T_OK(rows == 2 && left == 0 &&
         strstr(vrk_str_of(&csv), "\n\"R9, \"\"Zoë\"\"\",qualification,"));
    end(&b);
}

static void a_clock_that_jumps_loses_nothing(void)
{
    room b;
    begin(&b);
    vrk_invite v = usual();
    T_OK(invite(&b, &v) == VRK_OK);
    vrk_sitting s;
    vrk_link link;
    vrk_question q = ask(&b, &s);
    b.now -= 400 * DAY;
    T_OK(answer(&b, q.item->id, 'a', &link) == VRK_ANSWER_SAVED);
    vrk_sitting_free(&s);
    T_OK(go_on(&b, 0, 4) == 4);
    b.now += 400 * DAY + 5 * DAY;
    s = opened(&b);
    T_OK(s.link == VRK_LINK_OPEN && s.answered == 5);
    T_OK(s.part[q.part].took[q.number] == -1); /* not known, rather than a lie */
    vrk_replay replay;
    T_OK(vrk_sitting_replay(&b.ctx, &s, &replay) == VRK_OK && replay.differs == 0);
    vrk_sitting_free(&s);
    end(&b);
}

static void a_changed_key_is_another_test(void)
{
    room b;
    begin(&b);
    vrk_invite v = usual();
    T_OK(invite(&b, &v) == VRK_OK);
    T_OK(go_on(&b, 0, 3) == 3);
    vrk_item *item = NULL;
    for (int64_t i = 0; i < b.all.n; i++) {
        if (!strcmp(b.all.instrument[i].competency, "qualification"))
            item = b.all.instrument[i].item;
    }
    if (!item)
        return;
    item->difficulty += 0.1;
    vrk_sitting s = opened(&b);
    vrk_answered out;
    vrk_link link;
    T_OK(s.link == VRK_LINK_CHANGED);
    T_OK(vrk_sitting_answer(&b.ctx, b.records, &b.all, b.token, item->id, 'a', &out, &link) ==
         VRK_OK);
    T_OK(out == VRK_ANSWER_CLOSED && link == VRK_LINK_CHANGED);
    vrk_replay replay;
    T_OK(vrk_sitting_replay(&b.ctx, &s, &replay) == VRK_EINPUT);
    vrk_sitting_free(&s);
    end(&b);
}

/* A process that answers and is killed: what it was told is saved, is saved. */
static void a_killed_process_loses_no_answer(void)
{
    room b;
    begin(&b);
    vrk_invite v = usual();
    T_OK(invite(&b, &v) == VRK_OK);
    vrk_records_close(b.records);
    b.records = NULL;
    int told[2];
    T_OK(pipe(told) == 0);
    pid_t child = fork();
    if (child == 0) {
        T_OK(vrk_records_open(&b.ctx, path_of(&b), &b.records) == VRK_OK);
        while (go_on(&b, 0, 1) == 1 && write(told[1], "x", 1) == 1)
            ;
        for (;;)
            pause();
    }
    char byte;
    int64_t saved = 0;
    close(told[1]);
    while (saved < 7 && read(told[0], &byte, 1) == 1)
        saved++;
    T_OK(kill(child, SIGKILL) == 0 && waitpid(child, NULL, 0) == child);
    while (read(told[0], &byte, 1) == 1)
        saved++;
    close(told[0]);
    T_OK(vrk_records_open(&b.ctx, path_of(&b), &b.records) == VRK_OK);
    vrk_sitting s = opened(&b);
    T_OK(s.answered == saved || s.answered == saved + 1); /* one may be saved and not yet told */
    vrk_replay replay;
    T_OK(vrk_sitting_replay(&b.ctx, &s, &replay) == VRK_OK && replay.differs == 0);
    vrk_sitting_free(&s);
    go_on(&b, 0, 100);
    s = opened(&b);
    T_OK(s.link == VRK_LINK_FINISHED && s.answered == 24);
    vrk_sitting_free(&s);
    end(&b);
}

static void without_memory_it_saves_all_or_nothing(void)
{
    room b;
    begin(&b);
    vrk_invite v = usual();
    T_OK(invite(&b, &v) == VRK_OK);
    vrk_sitting s;
    vrk_question q = ask(&b, &s);
    bool saved = false;
    for (size_t limit = 64; !saved && limit < 4000000; limit += limit / 3) {
        vrk_ctx poor = {.sys = b.ctx.sys, .scratch.limit = limit};
        vrk_answered out;
        vrk_link link;
        vrk_status st =
            vrk_sitting_answer(&poor, b.records, &b.all, b.token, q.item->id, 'a', &out, &link);
        T_OK(st == VRK_OK || st == VRK_EMEMORY);
        vrk_sitting now = opened(&b);
        saved = st == VRK_OK;
        T_OK(now.answered == saved);
        vrk_sitting_free(&now);
        vrk_arena_free(&poor.scratch);
    }
    T_OK(saved);
    vrk_sitting_free(&s);
    end(&b);
}

T_MAIN(T_CASE(a_sitting_ends_balanced_and_gives_the_same_again),
       T_CASE(an_old_link_goes_on_by_the_rule_it_began_with),
       T_CASE(a_log_that_was_tampered_with_is_found_out),
       T_CASE(an_answer_counts_once_however_often_it_comes), T_CASE(links_that_do_not_hold_say_why),
       T_CASE(the_secret_is_not_kept), T_CASE(what_cannot_be_invited_to_is_refused),
       T_CASE(a_clock_that_jumps_loses_nothing), T_CASE(a_changed_key_is_another_test),
       T_CASE(a_killed_process_loses_no_answer), T_CASE(without_memory_it_saves_all_or_nothing))
