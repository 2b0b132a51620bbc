/* tests/sim/world.h - a simulated world on disk, and its files as columns. */
#ifndef TESTS_SIM_WORLD_H
#define TESTS_SIM_WORLD_H

#include "base/date.h"
#include "base/str.h"
#include "base/sys.h"
#include "sim/sim.h"
#include "tests/t.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

typedef struct {
    int64_t rows, cols;
    char **cell; /* [rows x cols], row by row; the header is not among them */
    char **name; /* [cols] */
} t_table;

typedef struct {
    char top[64], dir[96];
    vrk_arena mem;
} t_world;

/* A world in a folder of its own, without anything in it yet. */
static inline t_world t_world_new(void)
{
    t_world w = {.top = "/tmp/verkan-test-XXXXXX"};
    T_OK(mkdtemp(w.top) != NULL);
    snprintf(w.dir, sizeof(w.dir), "%s/world", w.top);
    return w;
}

static inline void t_world_free(t_world *w)
{
    vrk_ctx ctx = {0};
    T_OK(vrk_folder_remove(&ctx, w->top) == VRK_OK);
    vrk_arena_free(&w->mem);
    vrk_arena_free(&ctx.scratch);
}

static inline t_world t_world_of(vrk_sim_opt opt)
{
    t_world w = t_world_new();
    vrk_ctx ctx = {0};
    opt.dir = w.dir;
    T_OK(vrk_sim_run(&ctx, &opt) == VRK_OK);
    vrk_arena_free(&ctx.scratch);
    return w;
}

/* Fields hold no quotes in these files, so a comma is a border. */
static inline t_table t_read(t_world *w, const char *table)
{
    vrk_ctx ctx = {0};
    t_table t = {0};
    char path[128], *text = NULL;
    size_t n = 0;
    int64_t lines = 0, i = 0;

    snprintf(path, sizeof(path), "%s/%s.csv", w->dir, table);
    T_OK(vrk_file_read(&ctx, path, 0, &w->mem, &text, &n) == VRK_OK);
    if (!text)
        return t;
    for (size_t k = 0; k < n; k++)
        lines += text[k] == '\n';
    for (t.cols = 1; text[i] != '\n'; i++)
        t.cols += text[i] == ',';
    char **at = VRK_NEW(&w->mem, lines * t.cols, char *);
    i = 0;
    at[i++] = text;
    for (size_t k = 0; k < n; k++) {
        if (text[k] != ',' && text[k] != '\n')
            continue;
        text[k] = 0;
        if (i < lines * t.cols)
            at[i++] = &text[k + 1];
    }
    T_OK(i == lines * t.cols); /* every row has as many fields as the header */
    t.name = at;
    t.cell = at + t.cols;
    t.rows = lines - 1;
    return t;
}

static inline int64_t t_col(const t_table *t, const char *name)
{
    int64_t c = 0;
    while (c < t->cols && strcmp(t->name[c], name) != 0)
        c++;
    T_OK(c < t->cols);
    return c < t->cols ? c : 0;
}

static inline const char *t_at(const t_table *t, int64_t row, int64_t col)
{
    return t->cell[row * t->cols + col];
}

/* Minutes since 1970 of 2026-11-24T10:00:00, or -1 where there is none. */
static inline int64_t t_minute(const char *text)
{
    char day[11];
    int64_t d;
    if (strlen(text) != 19 || text[10] != 'T')
        return -1;
    memcpy(day, text, 10);
    day[10] = 0;
    if (!vrk_day_parse(day, &d))
        return -1;
    return d * 1440 + atoi(text + 11) * 60 + atoi(text + 14);
}

/* The number in S0012 or D000100012: what stands behind the letter. */
static inline int64_t t_number(const char *id)
{
    return *id ? atoll(id + 1) : 0;
}

typedef struct {
    const char *id;
    int64_t row;
} t_entry;

static inline int t_by_id(const void *a, const void *b)
{
    return strcmp(((const t_entry *)a)->id, ((const t_entry *)b)->id);
}

/* The rows of a table by their id, in order. */
static inline t_entry *t_sorted(t_world *w, const t_table *t, const char *column)
{
    int64_t c = t_col(t, column);
    t_entry *e = VRK_NEW(&w->mem, t->rows + 1, t_entry);
    for (int64_t i = 0; i < t->rows; i++)
        e[i] = (t_entry){t_at(t, i, c), i};
    qsort(e, (size_t)t->rows, sizeof(*e), t_by_id);
    return e;
}

/* The row with that id, or -1. */
static inline int64_t t_find(const t_entry *sorted, int64_t n, const char *id)
{
    t_entry key = {id, 0};
    const t_entry *e = bsearch(&key, sorted, (size_t)n, sizeof(*sorted), t_by_id);
    return e ? e->row : -1;
}

/* z of a chi-square value by Wilson and Hilferty (1931): about standard normal. */
static inline double t_chi_z(double chi, double df)
{
    return (cbrt(chi / df) - (1 - 2 / (9 * df))) / sqrt(2 / (9 * df));
}

/* z of the test that yes[i] of n[i] have one common probability. */
static inline double t_homogeneous(const double *yes, const double *n, int64_t groups)
{
    double all_yes = 0, all = 0, chi = 0, df = -1;
    for (int64_t i = 0; i < groups; i++) {
        all_yes += yes[i];
        all += n[i];
    }
    double p = all_yes / all;
    for (int64_t i = 0; i < groups; i++) {
        if (n[i] * p < 5 || n[i] * (1 - p) < 5)
            continue;
        chi += (yes[i] - n[i] * p) * (yes[i] - n[i] * p) / (n[i] * p * (1 - p));
        df++;
    }
    T_OK(df >= 5);
    return t_chi_z(chi, df);
}

#endif
