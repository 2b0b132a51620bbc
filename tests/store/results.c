/* Snapshots: whole, found again, checked by their hash, and let go by the stated rule only. */
#include "store/results.h"
#include "base/date.h"
#include "tests/store/space.h"

#include <inttypes.h>

#define DAY INT64_C(86400000000)

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
    *b = (bench){.space = t_space_new(), .sys = vrk_sys_real, .now = 1000 * DAY};
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

static vrk_result some(int64_t generation, const char *document)
{
    return (vrk_result){.generation = generation,
                        .version = "1",
                        .build = "ab",
                        .seed = UINT64_MAX,
                        .settings = "{}",
                        .machine = "this",
                        .as_of = strstr(document ? document : "", "2") ? "2026-11-20" : NULL,
                        .document = document};
}

static int64_t put(bench *b, int64_t generation, const char *document)
{
    vrk_result r = some(generation, document);
    int64_t expired = -1;
    T_OK(vrk_result_put(&b->ctx, b->records, &r, &expired) == VRK_OK && expired >= 0);
    return expired;
}

static void what_is_stored_is_found_again(void)
{
    bench b;
    vrk_arena mem = {0};
    vrk_result r;
    begin(&b);
    T_OK(vrk_result_read(&b.ctx, b.records, 0, &mem, &r) == VRK_OK && r.id == 0);
    T_OK(put(&b, 4, "{\"a\":1}") == 0);
    b.now += DAY;
    T_OK(put(&b, 4, "{\"a\":2}") == 0);
    vrk_result like = some(4, NULL);
    T_OK(vrk_result_find(&b.ctx, b.records, &like, &mem, &r) == VRK_OK);
    T_OK(r.id == 2 && !strcmp(r.document, "{\"a\":2}") && r.seed == UINT64_MAX);
    T_OK(r.made_at == 1001 * DAY && !strcmp(r.machine, "this") && r.expired_at == 0);
    T_OK(r.as_of && !strcmp(r.as_of, "2026-11-20"));
    T_OK(vrk_result_read(&b.ctx, b.records, 1, &mem, &r) == VRK_OK);
    T_OK(r.id == 1 && !strcmp(r.document, "{\"a\":1}") && !r.as_of);
    T_OK(vrk_result_read(&b.ctx, b.records, 3, &mem, &r) == VRK_EINPUT);
    vrk_arena_free(&mem);
    end(&b);
}

/* Each thing that the result hangs on, changed alone, makes it another result. */
static void another_key_is_not_found(void)
{
    bench b;
    vrk_arena mem = {0};
    vrk_result r, like[5];
    begin(&b);
    T_OK(put(&b, 4, "{}") == 0);
    for (int i = 0; i < 5; i++)
        like[i] = some(4, NULL);
    like[0].generation = 5;
    like[1].version = "2";
    like[2].build = "ac";
    like[3].seed = 1;
    like[4].settings = "{\"as_of_s\":1}";
    for (int i = 0; i < 5; i++)
        T_OK(vrk_result_find(&b.ctx, b.records, &like[i], &mem, &r) == VRK_OK && r.id == 0);
    vrk_arena_free(&mem);
    end(&b);
}

static void a_changed_document_is_not_taken(void)
{
    bench b;
    vrk_arena mem = {0};
    vrk_result r, like = some(4, NULL);
    begin(&b);
    T_OK(put(&b, 4, "{\"a\":1}") == 0);
    T_OK(vrk_records_run(&b.ctx, b.records, "UPDATE snapshot SET document = '{\"a\":2}'", NULL, 0,
                         NULL) == VRK_OK);
    T_OK(vrk_result_find(&b.ctx, b.records, &like, &mem, &r) == VRK_EDB);
    T_OK(vrk_result_read(&b.ctx, b.records, 1, &mem, &r) == VRK_EDB);
    T_OK(strstr(b.ctx.message, "not what was stored"));
    vrk_arena_free(&mem);
    end(&b);
}

/* Two a month for forty months: the newest thirty stay, and of the older the last of each month. */
static void old_ones_expire_by_the_rule(void)
{
    bench b;
    vrk_results all;
    vrk_arena mem = {0};
    vrk_result r;
    int64_t let_go = 0, kept = 0;
    begin(&b);
    for (int64_t month = 0; month < 40; month++) {
        b.now = DAY * vrk_day_of((vrk_date){2025 + (int)(month / 12), 1 + (int)(month % 12), 5});
        let_go += put(&b, month, "{}");
        b.now += DAY;
        let_go += put(&b, month, "{}");
    }
    T_OK(vrk_results_list(&b.ctx, b.records, &all) == VRK_OK && all.n == 80);
    for (int64_t i = 0; i < all.n; i++) {
        const vrk_result *x = &all.result[i];
        T_OK(x->id == 80 - i);
        T_OK(i >= 30 || !x->expired_at);
        T_OK(b.now - x->made_at < 1095 * DAY || x->expired_at);
        T_OK(x->id % 2 == 0 || i < 30 || x->expired_at); /* the first of the month's two */
        kept += !x->expired_at;
    }
    T_OK(let_go == 80 - kept && kept > 30);
    T_OK(vrk_result_read(&b.ctx, b.records, 1, &mem, &r) == VRK_OK);
    T_OK(r.id == 1 && !r.document && r.sha256 && r.expired_at > r.made_at);
    vrk_results_free(&all);
    vrk_arena_free(&mem);
    end(&b);
}

T_MAIN(T_CASE(what_is_stored_is_found_again), T_CASE(another_key_is_not_found),
       T_CASE(a_changed_document_is_not_taken), T_CASE(old_ones_expire_by_the_rule))
