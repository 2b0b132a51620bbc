/* Accounts, links, sessions and the log: links work once and in time, passwords are told apart, and
 * each row of the log hangs on the one before it. */
#include "store/accounts.h"
#include "base/str.h"
#include "base/sys.h"
#include "store/audit.h"
#include "store/hash.h"
#include "store/sessions.h"
#include "tests/store/space.h"

#define HOUR INT64_C(3600000000)

typedef struct {
    t_space space;
    vrk_ctx ctx;
    vrk_sys sys;
    vrk_records *records;
    int64_t now;
} bench;

static int64_t now_of(void *arg)
{
    return *(int64_t *)arg;
}

static void begin(bench *b)
{
    *b = (bench){.space = t_space_new(), .sys = vrk_sys_real, .now = 1000 * HOUR};
    b->sys.now = now_of;
    b->sys.arg = &b->now;
    b->ctx.sys = &b->sys;
    T_OK(vrk_records_open(&b->ctx, vrk_text_f(&b->ctx.scratch, "%s/records.db", b->space.top),
                          &b->records) == VRK_OK);
}

static void end(bench *b)
{
    vrk_records_close(b->records);
    vrk_arena_free(&b->ctx.scratch);
    t_space_free(&b->space);
}

static void an_account_comes_back_as_it_was_stored(void)
{
    bench b;
    vrk_accounts got;
    const char *team[] = {"T2", "T1"};
    begin(&b);
    vrk_account a = {.name = "Mia", .role = VRK_BY_MANAGER, .lang = "sv", .team = team, .teams = 2};
    T_OK(vrk_account_add(&b.ctx, b.records, &a) == VRK_OK && a.id == 1);
    T_OK(vrk_account_add(&b.ctx, b.records, &a) == VRK_EINPUT);
    T_OK(vrk_accounts_find(&b.ctx, b.records, 0, "mia", &got) == VRK_OK && got.n == 1);
    T_OK(!strcmp(got.account->name, "Mia") && got.account->teams == 2 && !got.account->password);
    T_OK(!strcmp(got.account->team[0], "T1") && got.account->made_at == b.now);
    got.account->disabled = true;
    got.account->teams = 0;
    got.account->role = VRK_BY_HR;
    T_OK(vrk_account_store(&b.ctx, b.records, got.account) == VRK_OK);
    vrk_accounts_free(&got);
    T_OK(vrk_accounts_list(&b.ctx, b.records, &got) == VRK_OK && got.n == 1);
    T_OK(got.account->disabled && got.account->role == VRK_BY_HR && got.account->teams == 0);
    vrk_accounts_free(&got);
    T_OK(vrk_accounts_find(&b.ctx, b.records, 7, NULL, &got) == VRK_OK && got.n == 0);
    vrk_accounts_free(&got);
    end(&b);
}

static void a_link_works_once_and_for_three_days(void)
{
    bench b;
    char first[VRK_HEX], token[VRK_HEX];
    int64_t whose = -1;
    begin(&b);
    T_OK(vrk_link_make(&b.ctx, b.records, 0, first) == VRK_OK);
    T_OK(vrk_link_make(&b.ctx, b.records, 0, token) == VRK_OK && strcmp(first, token) != 0);
    T_OK(vrk_link_use(&b.ctx, b.records, first, &whose) == VRK_EINPUT); /* a newer one was made */
    b.now += 72 * HOUR - 1;
    T_OK(vrk_link_use(&b.ctx, b.records, token, &whose) == VRK_OK && whose == 0);
    T_OK(vrk_link_use(&b.ctx, b.records, token, &whose) == VRK_EINPUT);
    T_OK(vrk_link_make(&b.ctx, b.records, 0, token) == VRK_OK);
    b.now += 72 * HOUR;
    T_OK(vrk_link_use(&b.ctx, b.records, token, &whose) == VRK_EINPUT);
    end(&b);
}

static void a_password_is_known_by_its_hash_only(void)
{
    vrk_ctx ctx = {0};
    char hash[VRK_PASSWORD_HASH];
    T_OK(vrk_password_hash(&ctx, "korrekt hast batteri", hash) == VRK_OK);
    T_OK(!strncmp(hash, "$argon2id$v=19$m=65536,t=3,p=1$", 31) && !strstr(hash, "korrekt"));
    T_OK(vrk_password_is(hash, "korrekt hast batteri"));
    T_OK(!vrk_password_is(hash, "korrekt hast batter") && !vrk_password_is(NULL, "x"));
    T_OK(vrk_password_will_do(&ctx, "Mia", "elva tecken") == VRK_EINPUT);
    T_OK(vrk_password_will_do(&ctx, "Mia", "tolv tecken!") == VRK_OK);
    T_OK(vrk_password_will_do(&ctx, "Mia", "åäö åäö åäö") ==
         VRK_EINPUT); /* characters, not bytes */
    T_OK(vrk_password_will_do(&ctx, "Mia", "aaaaaaaaaaaaaaaa") == VRK_EINPUT);
    T_OK(vrk_password_will_do(&ctx, "Mia", "jag heter mia 12") == VRK_EINPUT);
}

static void sessions_end_one_by_one_and_together(void)
{
    bench b;
    vrk_sessions got;
    begin(&b);
    vrk_account a = {.name = "Mia", .role = VRK_BY_HR};
    T_OK(vrk_account_add(&b.ctx, b.records, &a) == VRK_OK);
    const char *token[] = {"aa", "bb", "cc"};
    for (int i = 0; i < 3; i++) {
        vrk_session s = {.account = a.id, .made_at = i, .seen_at = i, .token = token[i]};
        T_OK(vrk_session_add(&b.ctx, b.records, &s) == VRK_OK && s.id == i + 1);
    }
    T_OK(vrk_session_seen(&b.ctx, b.records, 3, 99) == VRK_OK);
    T_OK(vrk_session_end(&b.ctx, b.records, 2) == VRK_OK);
    T_OK(vrk_sessions_list(&b.ctx, b.records, a.id, &got) == VRK_OK && got.n == 2);
    T_OK(got.session[0].id == 3 && got.session[0].seen_at == 99 && got.session[1].id == 1);
    vrk_sessions_free(&got);
    T_OK(vrk_sessions_end(&b.ctx, b.records, a.id) == VRK_OK);
    T_OK(vrk_sessions_list(&b.ctx, b.records, 0, &got) == VRK_OK && got.n == 0);
    vrk_sessions_free(&got);
    end(&b);
}

static void write_rows(bench *b, int n)
{
    for (int i = 0; i < n; i++) {
        const vrk_audit row = {
            .account = i % 3, .what = "decision.add", .subject = "decision 1", .outcome = "done"};
        b->now++;
        T_OK(vrk_audit_write(&b->ctx, b->records, &row) == VRK_OK);
    }
}

static int64_t broken_at(bench *b, const char *change)
{
    int64_t rows, broken = -1;
    if (change)
        T_OK(vrk_records_run(&b->ctx, b->records, change, NULL, 0, NULL) == VRK_OK);
    T_OK(vrk_audit_check(&b->ctx, b->records, &rows, &broken) == VRK_OK);
    return broken;
}

/* 2,500 rows: the walk goes in portions of a thousand. */
static void the_log_says_which_row_was_touched(void)
{
    bench b;
    begin(&b);
    T_OK(broken_at(&b, NULL) == 0);
    T_OK(vrk_records_run(&b.ctx, b.records, "BEGIN", NULL, 0, NULL) == VRK_OK);
    for (int i = 0; i < 2500; i++)
        T_OK(vrk_audit_add(&b.ctx, b.records, &(vrk_audit){.what = "a", .outcome = "b"}) == VRK_OK);
    T_OK(vrk_records_run(&b.ctx, b.records, "COMMIT", NULL, 0, NULL) == VRK_OK);
    T_OK(broken_at(&b, NULL) == 0);
    T_OK(vrk_records_run(&b.ctx, b.records, "DELETE FROM audit", NULL, 0, NULL) == VRK_EDB);
    T_OK(vrk_records_run(&b.ctx, b.records, "UPDATE audit SET at = 1", NULL, 0, NULL) == VRK_EDB);
    T_OK(broken_at(&b, "DROP TRIGGER audit_no_update") == 0);
    T_OK(broken_at(&b, "DROP TRIGGER audit_no_delete") == 0);
    T_OK(broken_at(&b, "DELETE FROM audit WHERE id = 2500") == 2500);
    T_OK(broken_at(&b, "UPDATE audit SET what = 'ab', outcome = '' WHERE id = 2001") == 2001);
    T_OK(broken_at(&b, "UPDATE audit SET account = 0 WHERE id = 1001") == 2001); /* 0 is none */
    T_OK(broken_at(&b, "UPDATE audit SET hash = upper(hash) WHERE id = 1") == 1);
    end(&b);
}

/* Whatever fails, the log is whole and the row is there or not. */
static void a_row_is_written_whole_or_not(void)
{
    bench b;
    begin(&b);
    write_rows(&b, 3);
    for (size_t limit = 64; limit < (1 << 16); limit += 1024) {
        vrk_arena_free(&b.ctx.scratch);
        b.ctx.scratch.limit = limit;
        vrk_status st =
            vrk_audit_write(&b.ctx, b.records, &(vrk_audit){.what = "login", .outcome = "done"});
        T_OK(st == VRK_OK || st == VRK_EMEMORY);
        b.ctx.scratch.limit = 0;
        b.ctx.scratch.failed = false;
        T_OK(broken_at(&b, NULL) == 0);
    }
    end(&b);
}

T_MAIN(T_CASE(an_account_comes_back_as_it_was_stored), T_CASE(a_link_works_once_and_for_three_days),
       T_CASE(a_password_is_known_by_its_hash_only), T_CASE(sessions_end_one_by_one_and_together),
       T_CASE(the_log_says_which_row_was_touched), T_CASE(a_row_is_written_whole_or_not))
