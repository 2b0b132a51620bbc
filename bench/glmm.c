/* bench_glmm CELLS.csv GLMM.R [TOOL]: the binomial model with four random terms on the cells of a
 * sales organisation (columns y, n, stage, cx, dms, source, seller, team, q, levels from 0), here
 * and by R in one run: fit alone, CPU seconds, one thread. TOOL as in glmm.R; glmmTMB unless given.
 */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "stat/glmm.h"

enum { COLUMNS = 9, FIXED = 12 };

typedef struct {
    int64_t n;
    double *x, *y, *size;
    int32_t *level[4];
    vrk_glmm_term term[4];
} cells;

static bool room(cells *c, size_t n)
{
    c->x = calloc(FIXED * n, sizeof(double));
    c->y = calloc(n, sizeof(double));
    c->size = calloc(n, sizeof(double));
    bool ok = c->x && c->y && c->size;
    for (int k = 0; k < 4; k++) {
        c->level[k] = calloc(n, sizeof(int32_t));
        ok = ok && c->level[k];
    }
    return ok;
}

static void add(cells *c, int64_t i, int64_t n, const long *v)
{
    static const int first[4] = {0, 4, 6, 8}; /* column of level 1, less 1 */
    c->y[i] = (double)v[0];
    c->size[i] = (double)v[1];
    c->x[i] = 1;
    for (int k = 0; k < 4; k++) {
        if (v[2 + k] > 0)
            c->x[i + (first[k] + v[2 + k]) * n] = 1;
    }
    int32_t level[4] = {(int32_t)v[6], (int32_t)v[7], (int32_t)(v[6] * 5 + v[2]), (int32_t)v[8]};
    for (int k = 0; k < 4; k++) {
        c->level[k][i] = level[k];
        if (level[k] >= c->term[k].levels)
            c->term[k].levels = level[k] + 1;
        c->term[k].level = c->level[k];
    }
}

static bool read_cells(const char *path, cells *c)
{
    char line[512];
    FILE *f = fopen(path, "r");
    if (!f)
        return false;
    int64_t lines = -1;
    while (fgets(line, sizeof line, f))
        lines++;
    bool ok = lines > 0 && room(c, (size_t)lines);
    rewind(f);
    ok = ok && fgets(line, sizeof line, f);
    while (ok && c->n < lines && fgets(line, sizeof line, f)) {
        long v[COLUMNS];
        char *s = line;
        for (int k = 0; k < COLUMNS; k++, s++)
            v[k] = strtol(s, &s, 10);
        add(c, c->n++, lines, v);
    }
    fclose(f);
    return ok;
}

static bool peer(const char *script, const char *path, const char *tool, double *cpu, double *ll)
{
    char command[4096];
    snprintf(command, sizeof command, "Rscript --vanilla '%s' '%s' %s", script, path, tool);
    FILE *r = popen(command, "r");
    bool ok = r && fscanf(r, "%lf %lf", cpu, ll) == 2;
    return (r ? pclose(r) == 0 : false) && ok;
}

int main(int count, char **arg)
{
    cells c = {0};
    vrk_ctx ctx = {0};
    vrk_glmm fit;
    if (count < 3 || !read_cells(arg[1], &c)) {
        fprintf(stderr, "usage: bench_glmm CELLS.csv GLMM.R [glmmTMB|glmer0|glmer1|bam|none]\n");
        return 2;
    }
    const char *tool = count > 3 ? arg[3] : "glmmTMB";
    vrk_glmm_data d = {
        .n = c.n, .p = FIXED, .x = c.x, .y = c.y, .size = c.size, .terms = 4, .term = c.term};
    vrk_glmm_opt opt = {.family = VRK_GLMM_LOGIT, .mode = VRK_GLMM_ML, .quick = true};
    clock_t from = clock();
    if (vrk_glmm_fit(&ctx, &d, &opt, &fit) != VRK_OK) {
        fprintf(stderr, "%s\n", ctx.message);
        return 1;
    }
    double cpu = (double)(clock() - from) / CLOCKS_PER_SEC, theirs, ll;
    printf("verkan %lld cells %.3f s ll %.4f stop %d evaluations %d passes %d\n", (long long)c.n,
           cpu, fit.ll, (int)fit.stop, fit.evaluations, fit.newton);
    if (tool[0] != 'n' && peer(arg[2], arg[1], tool, &theirs, &ll))
        printf("%s %.3f s ll %.4f: %.0f times, ll apart %.1e\n", tool, theirs, ll, theirs / cpu,
               fabs(ll / fit.ll - 1));
    vrk_glmm_free(&fit);
    vrk_arena_free(&ctx.scratch);
    return 0;
}
