/* fit_print.c - a fit's document for people: lists of like objects become tables. */
#include "cli/fit.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

enum { ROWS = 20, KEYS = 24, WIDE = 44 };

/* How many characters a UTF-8 text has. */
static int width(const char *text)
{
    int n = 0;
    for (; *text; text++)
        n += (*text & 0xC0) != 0x80;
    return n;
}

static void write_value(const char *key, const json_t *v, char *out, size_t room)
{
    size_t n = 0;
    out[0] = 0;
    if (json_is_string(v))
        snprintf(out, room, "%s", json_string_value(v));
    else if (json_is_integer(v))
        snprintf(out, room, "%lld", (long long)json_integer_value(v));
    else if (json_is_real(v) && !strcmp(key, "p"))
        snprintf(out, room, json_real_value(v) < 1e-4 ? "<0.0001" : "%.4f", json_real_value(v));
    else if (json_is_real(v))
        snprintf(out, room, "%.6g", json_real_value(v));
    else if (json_is_boolean(v))
        snprintf(out, room, "%s", json_is_true(v) ? "yes" : "no");
    else if (json_is_array(v)) {
        for (size_t i = 0; i < json_array_size(v) && n + 2 < room; i++) {
            n += (size_t)snprintf(out + n, room - n, "%s", i ? "  " : "");
            if (n < room)
                write_value(key, json_array_get(v, i), out + n, room - n);
            n += strlen(out + n);
        }
    } else
        snprintf(out, room, "-");
}

static void print_cell(const char *text, int wide, bool left)
{
    int blank = wide - width(text);
    printf("%*s%s%*s", left || blank < 0 ? 0 : blank, "", text, left && blank > 0 ? blank : 0, "");
}

static void print_table(const json_t *list)
{
    const char *key[KEYS], *k;
    int wide[KEYS], keys = 0;
    bool left[KEYS];
    char text[400];
    json_t *v;
    size_t rows = json_array_size(list), shown = rows > ROWS + 5 ? ROWS : rows;

    json_object_foreach(json_array_get(list, 0), k, v)
    {
        if (keys == KEYS)
            break;
        key[keys] = k;
        left[keys] = json_is_string(v);
        wide[keys++] = width(k);
    }
    for (size_t i = 0; i < shown; i++) {
        for (int c = 0; c < keys; c++) {
            write_value(key[c], json_object_get(json_array_get(list, i), key[c]), text,
                        sizeof(text));
            wide[c] = wide[c] > width(text) ? wide[c] : width(text);
        }
    }
    for (int c = 0; c < keys; c++) {
        printf("  ");
        print_cell(key[c], wide[c], left[c]);
    }
    printf("\n");
    for (size_t i = 0; i < shown; i++) {
        for (int c = 0; c < keys; c++) {
            write_value(key[c], json_object_get(json_array_get(list, i), key[c]), text,
                        sizeof(text));
            printf("  ");
            print_cell(text, wide[c], left[c]);
        }
        printf("\n");
    }
    if (shown < rows)
        printf("  ... and %zu more; --json gives all\n", rows - shown);
}

/* "log_likelihood" to "log likelihood" */
static void print_title(const char *key)
{
    for (const char *p = key; *p; p++)
        putchar(*p == '_' ? ' ' : *p);
}

static void print_members(const json_t *object)
{
    char text[400];
    const char *key;
    json_t *v;
    bool first = true;
    json_object_foreach((json_t *)(uintptr_t)object, key, v)
    {
        write_value(key, v, text, sizeof(text));
        printf("%s", first ? "" : ", ");
        print_title(key);
        printf(" %s", text);
        first = false;
    }
    printf("\n");
}

void vrk_fit_print(const json_t *document)
{
    const char *key;
    char text[400];
    json_t *v;
    json_object_foreach((json_t *)(uintptr_t)document, key, v)
    {
        if (!strcmp(key, "schema"))
            continue;
        if (json_is_array(v) && json_is_object(json_array_get(v, 0))) {
            printf("\n");
            print_title(key);
            printf("\n");
            print_table(v);
            continue;
        }
        if (json_is_array(v) && !json_array_size(v))
            continue;
        print_title(key);
        printf(": ");
        if (json_is_object(v)) {
            print_members(v);
            continue;
        }
        write_value(key, v, text, sizeof(text));
        printf("%s\n", text);
    }
}
