/* The second factor: codes as RFC 6238 gives them, each good for once, and codes for a lost app. */
#include "store/second.h"
#include "base/str.h"
#include "base/sys.h"
#include "store/accounts.h"
#include "tests/store/space.h"

#include <stdio.h>

static int64_t now_of(void *arg)
{
    return *(int64_t *)arg;
}

static void codes_are_those_of_the_standard(void)
{
    static const struct {
        uint64_t at_s;
        uint32_t code;
    } given[] = {{59, 94287082},         {1111111109, 7081804},  {1111111111, 14050471},
                 {1234567890, 89005924}, {2000000000, 69279037}, {20000000000, 65353130}};
    const uint8_t *key = (const uint8_t *)"12345678901234567890";
    for (size_t i = 0; i < sizeof(given) / sizeof(given[0]); i++)
        T_OK(vrk_totp(key, 20, given[i].at_s / 30, 8) == given[i].code);
    T_OK(vrk_totp(key, 20, 0, 6) == 755224 && vrk_totp(key, 20, 9, 6) == 520489); /* RFC 4226 */
}

typedef struct {
    t_space space;
    vrk_ctx ctx;
    vrk_sys sys;
    vrk_records *records;
    int64_t now;
    char secret[VRK_SECRET];
    uint8_t key[20];
} bench;

static void begin(bench *b)
{
    static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
    *b = (bench){.space = t_space_new(), .sys = vrk_sys_real, .now = INT64_C(1800000000) * 1000000};
    b->sys.now = now_of;
    b->sys.arg = &b->now;
    b->ctx.sys = &b->sys;
    T_OK(vrk_records_open(&b->ctx, vrk_text_f(&b->ctx.scratch, "%s/records.db", b->space.top),
                          &b->records) == VRK_OK);
    vrk_account a = {.name = "Mia", .role = VRK_BY_MANAGER};
    T_OK(vrk_account_add(&b->ctx, b->records, &a) == VRK_OK && a.id == 1);
    T_OK(vrk_second_begin(&b->ctx, b->records, 1, b->secret) == VRK_OK);
    T_OK(strlen(b->secret) == 32);
    for (int bit = 0; bit < 160; bit++) {
        int digit = (int)(strchr(digits, b->secret[bit / 5]) - digits);
        if (digit >> (4 - bit % 5) & 1)
            b->key[bit / 8] |= (uint8_t)(128 >> bit % 8);
    }
}

static void end(bench *b)
{
    vrk_records_close(b->records);
    vrk_arena_free(&b->ctx.scratch);
    t_space_free(&b->space);
}

/* The code of the app, so many half minutes from now. */
static const char *code(bench *b, int64_t after)
{
    uint32_t x = vrk_totp(b->key, 20, (uint64_t)(b->now / 30000000 + after), 6);
    return vrk_text_f(&b->ctx.scratch, "%03u %03u", x / 1000, x % 1000);
}

static bool passes(bench *b, const char *said)
{
    bool right;
    T_OK(vrk_second_check(&b->ctx, b->records, 1, said, &right) == VRK_OK);
    return right;
}

static void a_code_is_good_for_once_and_for_its_time(void)
{
    bench b;
    char recovery[VRK_RECOVERIES][VRK_RECOVERY];
    bool on, right;
    begin(&b);
    T_OK(vrk_second_is_on(&b.ctx, b.records, 1, &on) == VRK_OK &&
         !on); /* not before it is confirmed */
    T_OK(vrk_second_confirm(&b.ctx, b.records, 1, code(&b, 5), &right, recovery) == VRK_OK &&
         !right);
    T_OK(vrk_second_confirm(&b.ctx, b.records, 1, code(&b, 0), &right, recovery) == VRK_OK &&
         right);
    T_OK(vrk_second_is_on(&b.ctx, b.records, 1, &on) == VRK_OK && on);
    T_OK(!passes(&b, code(&b, 0))); /* it was used */
    T_OK(!passes(&b, code(&b, -1)) && !passes(&b, code(&b, 2)) && !passes(&b, "") &&
         !passes(&b, "1234567"));
    T_OK(passes(&b, code(&b, 1)) && !passes(&b, code(&b, 1)) && !passes(&b, code(&b, 0)));
    b.now += 60000000;
    T_OK(passes(&b, code(&b, 0)));
    b.now -= INT64_C(3600000000); /* a clock that is set back does not make used codes good */
    T_OK(!passes(&b, code(&b, 0)));
    T_OK(vrk_second_begin(&b.ctx, b.records, 1, b.secret) == VRK_EINPUT);
    end(&b);
}

static void a_lost_app_has_ten_codes(void)
{
    bench b;
    char recovery[VRK_RECOVERIES][VRK_RECOVERY];
    bool right, on;
    begin(&b);
    T_OK(vrk_second_confirm(&b.ctx, b.records, 1, code(&b, 0), &right, recovery) == VRK_OK &&
         right);
    for (int i = 0; i < VRK_RECOVERIES; i++) {
        T_OK(strlen(recovery[i]) == 11 && recovery[i][5] == '-');
        T_OK(passes(&b, recovery[i]) && !passes(&b, recovery[i]));
    }
    T_OK(vrk_second_drop(&b.ctx, b.records, 1) == VRK_OK);
    T_OK(vrk_second_is_on(&b.ctx, b.records, 1, &on) == VRK_OK && !on && !passes(&b, code(&b, 1)));
    end(&b);
}

T_MAIN(T_CASE(codes_are_those_of_the_standard), T_CASE(a_code_is_good_for_once_and_for_its_time),
       T_CASE(a_lost_app_has_ten_codes))
