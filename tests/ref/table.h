/* tests/ref/table.h - reading a CSV file of public data or of R's into cells, for the reference
 * tests. Where it is missing the test says skipped. */
#ifndef TESTS_REF_TABLE_H
#define TESTS_REF_TABLE_H

#include <inttypes.h>
#include <math.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

typedef struct {
    int64_t rows, cols;
    char *text;
    char **cell; /* [(rows+1) x cols], the heading first; "" = missing */
} table;

static inline void table_free(table *t)
{
    free(t->text);
    free(t->cell);
    *t = (table){0};
}

/* Cuts the text into cells at commas and ends of line; quotes go, quoted commas stay. */
static inline int64_t cut(char *text, char **cell, int64_t *cols)
{
    int64_t n = 0;
    *cols = 0;
    for (char *from = text, *to = text; *from;) {
        bool quoted = false;
        cell[n++] = to;
        for (; *from && (quoted || (*from != ',' && *from != '\n')); from++) {
            if (*from == '"')
                quoted = !quoted;
            else if (*from != '\r')
                *to++ = *from;
        }
        if (*cols == 0 && *from != ',')
            *cols = n;
        from += *from != 0;
        *to++ = 0;
    }
    return n;
}

static inline bool table_read(const char *path, table *t)
{
    FILE *f = fopen(path, "rb");
    *t = (table){0};
    if (!f)
        return false;
    if (fseek(f, 0, SEEK_END) == 0) {
        size_t size = (size_t)ftell(f);
        t->text = calloc(size + 1, 1);
        t->cell = calloc(size + 2, sizeof(char *));
        rewind(f);
        if (t->text && t->cell && fread(t->text, 1, size, f) == size) {
            int64_t n = cut(t->text, t->cell, &t->cols);
            t->rows = t->cols ? n / t->cols - 1 : 0;
        }
    }
    fclose(f);
    return t->rows > 0;
}

/* A data set: $VERKAN_DATA/name. */
static inline bool table_data(const char *name, table *t)
{
    const char *root = getenv("VERKAN_DATA");
    char path[4096];
    snprintf(path, sizeof(path), "%s/%s", root ? root : "../shared/data", name);
    return table_read(path, t);
}

static inline const char *table_text(const table *t, int64_t row, const char *col)
{
    for (int64_t c = 0; c < t->cols; c++) {
        if (!strcmp(t->cell[c], col))
            return t->cell[(row + 1) * t->cols + c];
    }
    printf("# no column %s\n", col);
    exit(1);
}

static inline double table_num(const table *t, int64_t row, const char *col)
{
    const char *s = table_text(t, row, col);
    return *s && strcmp(s, "NA") != 0 ? strtod(s, NULL) : nan("");
}

/* Runs an R script of this folder, which writes its files into the folder it is given; false if R
 * or a package of it is not here (exit 127 or 77). Any other failure ends the test. */
static inline bool ran_r(const char *script, char *folder, size_t size)
{
    char command[9000];
    snprintf(folder, size, "%s", REF_BUILD);
    snprintf(command, sizeof(command), "Rscript --vanilla '%s/%s' '%s' >'%s/%s.log' 2>&1",
             REF_SOURCE, script, folder, folder, script);
    int status = system(command);
    if (status == 0)
        return true;
    if (status == 127 * 256 || status == 77 * 256)
        return false;
    printf("# %s failed: see %s/%s.log\n", script, folder, script);
    exit(1);
}

#endif
