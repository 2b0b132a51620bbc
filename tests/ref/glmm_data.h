/* tests/ref/glmm_data.h - a public data set as the cells of a mixed model. */
#ifndef TESTS_REF_GLMM_DATA_H
#define TESTS_REF_GLMM_DATA_H

#include "stat/glmm.h"
#include "tests/ref/table.h"
#include "tests/t.h"

#define NEAR(got, want, tol) T_OK(fabs((got) - (want)) <= (tol))

typedef struct {
    table t;
    vrk_glmm_data d;
    vrk_glmm_term term[4];
    double *x, *y, *size, *z;
    int32_t *level[4];
} set;

static inline size_t set_room(const set *s)
{
    return s->t.rows > 0 ? (size_t)s->t.rows : 1;
}

static inline void set_free(set *s)
{
    free(s->x), free(s->y), free(s->size), free(s->z);
    for (int k = 0; k < 4; k++)
        free(s->level[k]);
    table_free(&s->t);
}

/* Room for 8 columns of fixed effects; begins with the intercept. */
static inline bool set_read(set *s, const char *name)
{
    *s = (set){0};
    if (!table_data(name, &s->t))
        return false;
    size_t n = set_room(s);
    s->x = calloc(8 * n, sizeof(double));
    s->y = calloc(n, sizeof(double));
    s->size = calloc(n, sizeof(double));
    s->z = calloc(2 * n, sizeof(double));
    for (size_t i = 0; i < n; i++)
        s->x[i] = 1;
    s->d = (vrk_glmm_data){.n = s->t.rows, .p = 1, .x = s->x, .y = s->y, .term = s->term};
    return true;
}

static inline void set_number(const set *s, const char *col, double *to)
{
    for (int64_t i = 0; i < s->t.rows; i++)
        to[i] = table_num(&s->t, i, col);
}

static inline void set_column(set *s, const char *col)
{
    set_number(s, col, s->x + s->d.p++ * s->d.n);
}

/* One column: 1 where col has this value. */
static inline void set_level(set *s, const char *col, const char *value)
{
    for (int64_t i = 0; i < s->t.rows; i++)
        s->x[i + s->d.p * s->d.n] = strcmp(table_text(&s->t, i, col), value) == 0;
    s->d.p++;
}

/* A random term by the values of col, in order of first appearance. */
static inline void set_term(set *s, const char *col)
{
    int64_t t = s->d.terms++, levels = 0;
    s->level[t] = calloc(set_room(s), sizeof(int32_t));
    int64_t *first = calloc(set_room(s), sizeof *first);
    for (int64_t i = 0; i < s->t.rows; i++) {
        int64_t l = 0;
        const char *value = table_text(&s->t, i, col);
        while (l < levels && strcmp(table_text(&s->t, first[l], col), value) != 0)
            l++;
        if (l == levels)
            first[levels++] = i;
        s->level[t][i] = (int32_t)l;
    }
    free(first);
    s->term[t] = (vrk_glmm_term){.levels = levels, .level = s->level[t]};
}

/* The same where the values are small whole numbers, many: numbers not met are levels without rows.
 */
static inline void set_number_term(set *s, const char *col)
{
    int64_t t = s->d.terms++, levels = 0;
    s->level[t] = calloc(set_room(s), sizeof(int32_t));
    for (int64_t i = 0; i < s->t.rows; i++) {
        s->level[t][i] = (int32_t)table_num(&s->t, i, col);
        levels = s->level[t][i] >= levels ? s->level[t][i] + 1 : levels;
    }
    s->term[t] = (vrk_glmm_term){.levels = levels, .level = s->level[t]};
}

/* lme4::cbpp: incidence of size ~ period + (1 | herd) */
static inline bool set_cbpp(set *s)
{
    if (!set_read(s, "lme4/cbpp.csv"))
        return false;
    set_number(s, "incidence", s->y);
    set_number(s, "size", s->size);
    s->d.size = s->size;
    set_level(s, "period", "2");
    set_level(s, "period", "3");
    set_level(s, "period", "4");
    set_term(s, "herd");
    return true;
}

/* lme4::VerbAgg: r2 ~ Anger + Gender + btype + situ + (1 | id) + (1 | item) */
static inline bool set_verbagg(set *s)
{
    if (!set_read(s, "lme4/VerbAgg.csv"))
        return false;
    for (int64_t i = 0; i < s->d.n; i++)
        s->y[i] = table_text(&s->t, i, "r2")[0] == 'Y';
    set_column(s, "Anger");
    set_level(s, "Gender", "M");
    set_level(s, "btype", "scold");
    set_level(s, "btype", "shout");
    set_level(s, "situ", "self");
    set_term(s, "id");
    set_term(s, "item");
    return true;
}

#endif
