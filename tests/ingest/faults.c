/* What becomes of grids, layouts, tidy copies, histories and joins when memory runs out, or the
 * user stops: a status that says so, and nothing left behind. */
#include "ingest/layout.h"
#include "ingest/tidy.h"
#include "tests/ingest/facts.h"

static const char *const deals = "Deal ID,Deal Name,Stage,Amount,Created Date,Owner,Account Name\n"
                                 "1,A,Won,10,2026-01-01,Anna Ek,X AB\n"
                                 "2,B,Proposal,20,2026-01-02,Bo Al,Y AB\n"
                                 "3,C,Lost,30,2026-01-03,Anna Ek,X AB\n";
static const char *const history = "Deal ID,From Stage,To Stage,Last Modified\n"
                                   "1,Qualified,Proposal,2026-02-01\n1,Proposal,Won,2026-03-01\n"
                                   "3,Proposal,Lost,2026-03-03\n";
static const char *const accounts = "Account ID,Account Name\n10,X AB\n11,Y AB\n";

static void a_grid_and_its_layout_want_memory(void)
{
    vrk_arena always = {0};
    vrk_headings known;
    vrk_ctx ctx = {0};
    int failed = 0;
    T_OK(vrk_headings_make(&ctx, &always, &known) == VRK_OK);
    for (size_t limit = 256;; limit *= 2) {
        vrk_arena mem = {.limit = limit};
        vrk_ctx small = {.scratch.limit = limit};
        char *text = vrk_text_f(&always, "Pipeline\n\n%sTotal,,,60,,,\n", deals);
        vrk_grid g = {0};
        vrk_layout l;
        vrk_status st = vrk_grid_make(&small, text, strlen(text), ',', 7, false, &mem, &g);
        if (st == VRK_OK)
            st = vrk_layout_find(&small, &known, &g, false, &l);
        T_OK(st == VRK_OK || st == VRK_EMEMORY);
        T_OK(small.scratch.used == 0);
        T_OK(st != VRK_OK || (l.columns == 7 && g.row[l.headings].kind == VRK_ROW_HEADINGS));
        vrk_arena_free(&mem);
        vrk_arena_free(&small.scratch);
        if (st == VRK_OK)
            break;
        failed++;
    }
    T_OK(failed > 2);
    vrk_arena_free(&always);
    vrk_arena_free(&ctx.scratch);
}

static void a_tidy_copy_wants_memory(void)
{
    t_space s = t_space_new();
    vrk_arena always = {0};
    vrk_headings known;
    vrk_ctx ctx = {0};
    int failed = 0;
    const char *path = write_file(&s, &always, "deals.csv", 0, deals);
    T_OK(vrk_headings_make(&ctx, &always, &known) == VRK_OK);
    for (size_t limit = 256;; limit *= 2) {
        vrk_arena mem = {.limit = limit};
        vrk_tidy tidy;
        vrk_status st = vrk_tidy_file(&ctx, &known, path, "deals.csv", s.top, 1, NULL, &mem, &tidy);
        T_OK(st == VRK_OK || st == VRK_EMEMORY);
        T_OK(ctx.scratch.used == 0);
        T_OK(st != VRK_OK || tidy.csv.columns == 7);
        vrk_arena_free(&mem);
        if (st == VRK_OK)
            break;
        failed++;
    }
    T_OK(failed > 2);
    vrk_arena_free(&always);
    vrk_arena_free(&ctx.scratch);
    t_space_free(&s);
}

typedef struct {
    t_space s;
    vrk_arena mem;
    const char *path[3];
} export;

static export export_new(void)
{
    export e = {.s = t_space_new()};
    e.path[0] = write_file(&e.s, &e.mem, "deals.csv", 0, deals);
    e.path[1] = write_file(&e.s, &e.mem, "stage_history.csv", 0, history);
    e.path[2] = write_file(&e.s, &e.mem, "accounts.csv", 0, accounts);
    return e;
}

static void export_free(export *e)
{
    vrk_arena_free(&e->mem);
    t_space_free(&e->s);
}

static vrk_status plan_of(vrk_ctx *ctx, const export *e)
{
    vrk_plan plan;
    vrk_status st = vrk_plan_make(ctx, e->path, 3, &(vrk_plan_opt){.staging = e->s.top}, &plan);
    T_OK(ctx->scratch.used == 0);
    T_OK(st == VRK_OK ? plan.sources >= 4 : !plan.source && !plan.mem.top);
    vrk_plan_free(&plan);
    vrk_arena_free(&ctx->scratch);
    return st;
}

static void histories_and_joins_want_memory(void)
{
    export e = export_new();
    vrk_status st = VRK_EMEMORY;
    for (size_t limit = 4096; st != VRK_OK; limit *= 2) {
        vrk_ctx ctx = {.scratch.limit = limit};
        st = plan_of(&ctx, &e);
        T_OK(st == VRK_OK || st == VRK_EMEMORY);
    }
    export_free(&e);
}

static int stops(void *arg, const char *what, double done)
{
    int *left = arg;
    (void)what;
    (void)done;
    return (*left)-- <= 0;
}

static void a_plan_can_be_stopped(void)
{
    export e = export_new();
    vrk_status st = VRK_ECANCEL;
    int stopped = 0;
    for (int ticks = 0; st != VRK_OK; ticks = 2 * ticks + 1) {
        int left = ticks;
        /* One thread: DuckDB's others now and then leave parts of a plan that is interrupted. */
        vrk_ctx ctx = {.tick = stops, .arg = &left, .threads = 1};
        st = plan_of(&ctx, &e);
        T_OK(st == VRK_OK || st == VRK_ECANCEL);
        stopped += st == VRK_ECANCEL;
    }
    T_OK(stopped > 0);
    export_free(&e);
}

T_MAIN(T_CASE(a_grid_and_its_layout_want_memory), T_CASE(a_tidy_copy_wants_memory),
       T_CASE(histories_and_joins_want_memory), T_CASE(a_plan_can_be_stopped))
