/* tests/store/space.h - a workspace in a folder of its own, and generations with known content. */
#ifndef TESTS_STORE_SPACE_H
#define TESTS_STORE_SPACE_H

#include "base/str.h"
#include "base/sys.h"
#include "store/duck.h"
#include "store/workspace.h"
#include "tests/t.h"

#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

typedef struct {
    char top[64], dir[96];
} t_space;

static inline t_space t_space_new(void)
{
    t_space s = {.top = "/tmp/verkan-test-XXXXXX"};
    T_OK(mkdtemp(s.top));
    snprintf(s.dir, sizeof(s.dir), "%s/data", s.top);
    return s;
}

static inline void t_space_free(t_space *s)
{
    vrk_ctx ctx = {0};
    T_OK(vrk_folder_remove(&ctx, s->top) == VRK_OK);
    vrk_arena_free(&ctx.scratch);
}

/* Stages one file of the table teams with the one row `team` and makes it the generation. */
static inline vrk_status t_publish(vrk_ctx *ctx, vrk_workspace *w, const char *team)
{
    vrk_status st = VRK_OK;
    vrk_duck *d = NULL;
    vrk_generation g = {0}, before = {0};
    vrk_file *file = VRK_NEW(&g.mem, 1, vrk_file);
    char *path = vrk_text_f(&g.mem, "%s/teams.parquet", w->staging);
    char *sql = vrk_text_f(&g.mem,
                           "COPY (SELECT '%s' AS team_id, '' AS name, '' AS parent_team_id, "
                           "'' AS attributes) TO '%s' (FORMAT parquet)",
                           team, path);
    vrk_ctx plain = {0}; /* the database is not what is tested here */

    T_OK(!g.mem.failed);
    T_OK(vrk_duck_open(&plain, NULL, &d) == VRK_OK);
    T_OK(vrk_duck_run(&plain, d, "staging", sql, NULL, 0, NULL) == VRK_OK);
    vrk_duck_close(d);
    vrk_arena_free(&plain.scratch);
    TRY(vrk_generation_read(ctx, w, &before));
    file[0] = (vrk_file){.table = "teams", .partition = "all", .path = path, .rows = 1};
    g.parent = before.id;
    g.files = 1;
    g.file = file;
    TRY(vrk_generation_publish(ctx, w, &g, NULL, NULL));
done:
    vrk_generation_free(&before);
    vrk_generation_free(&g);
    return st;
}

/* The team of the standing generation as a reader sees it; "" = there is none. */
static inline void t_standing(const t_space *s, char *team, size_t room)
{
    vrk_ctx ctx = {0};
    vrk_workspace w;
    vrk_facts *f = NULL;
    vrk_frame rows = {0};
    int64_t lease;

    team[0] = 0;
    T_OK(vrk_workspace_open(&ctx, s->dir, false, &w) == VRK_OK);
    vrk_status st = vrk_workspace_facts(&ctx, &w, &f, &lease);
    if (st == VRK_OK) {
        T_OK(vrk_facts_query(&ctx, f, "SELECT team_id FROM teams", NULL, 0, &rows) == VRK_OK);
        T_OK(rows.rows == 1);
        snprintf(team, room, "%s", rows.rows == 1 ? rows.column[0].s[0] : "?");
        vrk_frame_free(&rows);
        vrk_facts_close(f);
        T_OK(vrk_lease_end(&ctx, &w, lease) == VRK_OK);
    } else {
        T_OK(st == VRK_EINPUT);
    }
    vrk_workspace_close(&w);
    vrk_arena_free(&ctx.scratch);
}

#endif
