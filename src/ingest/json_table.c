#include "ingest/json_part.h"

#include "base/str.h"
#include "ingest/json.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

enum { DEEPEST = 4 };

const char *vrk_json_plain(const json_t *value, vrk_arena *mem)
{
    char number[64];
    if (json_is_string(value))
        return json_string_value(value);
    if (json_is_integer(value))
        return vrk_text_f(mem, "%" JSON_INTEGER_FORMAT, json_integer_value(value));
    if (json_is_boolean(value))
        return json_is_true(value) ? "true" : "false";
    if (!json_is_real(value))
        return NULL;
    double d = json_real_value(value);
    snprintf(number, sizeof(number), "%.15g", d);
    if (strchr(number, 'e') && fabs(d) < 1e40 && fabs(d) > 1e-20)
        snprintf(number, sizeof(number), fabs(d) >= 1 ? "%.0f" : "%.25f", d);
    return vrk_text_copy(mem, number);
}

const char *vrk_json_get(const json_t *object, const char *key, vrk_arena *mem)
{
    return vrk_json_plain(json_object_get(object, key), mem);
}

const char *vrk_json_utc(const char *text, vrk_arena *mem)
{
    static const char form[] = "dddd-dd-dd dd:dd:dd";
    if (!text || strlen(text) != sizeof(form) - 1)
        return text;
    for (size_t i = 0; i < sizeof(form) - 1; i++) {
        bool digit = text[i] >= '0' && text[i] <= '9';
        if (form[i] == 'd' ? !digit : text[i] != form[i])
            return text;
    }
    return vrk_text_f(mem, "%.10sT%sZ", text, text + 11);
}

vrk_status vrk_json_sheet_open(vrk_ctx *ctx, vrk_reading *r, const char *const *heading,
                               vrk_json_sheet *out)
{
    vrk_status st = VRK_OK;
    *out = (vrk_json_sheet){.ctx = ctx, .r = r};
    TRY(vrk_sheet_open(ctx, r, &out->w));
    out->open = true;
    vrk_sheet_row(&out->w, 0);
    for (; *heading; heading++)
        vrk_sheet_cell(&out->w, *heading, strlen(*heading));
done:
    return st;
}

void vrk_json_sheet_row(vrk_json_sheet *s, const char *const *cell, int n)
{
    vrk_sheet_row(&s->w, ++s->rows);
    for (int i = 0; i < n; i++)
        vrk_sheet_cell(&s->w, cell[i] ? cell[i] : "", cell[i] ? strlen(cell[i]) : 0);
}

vrk_status vrk_json_sheet_close(vrk_json_sheet *s, vrk_status st, const vrk_sheet *as)
{
    vrk_status closed = s->open ? vrk_sheet_close(&s->w) : VRK_OK;
    st = st == VRK_OK ? closed : st;
    if (st == VRK_OK && s->rows) {
        vrk_sheet sheet = *as;
        sheet.path = s->w.path;
        sheet.headed = true;
        vrk_reading_sheet(s->r, &sheet);
    }
    return st;
}

/* The columns so far, and one record's cells. */
typedef struct {
    vrk_ctx *ctx;
    const vrk_json_shape *shape;
    json_t *index;     /* column -> its number */
    const char **cell; /* [room]; NULL while the columns are looked for */
    int64_t columns;
    vrk_status st;
} flat;

static void fail(flat *f, vrk_status st, const char *why)
{
    if (f->st == VRK_OK)
        f->st = vrk_fail(f->ctx, st, "%s", vrk_said(f->ctx, why));
}

static void set(flat *f, const char *name, const char *text)
{
    const json_t *at = name ? json_object_get(f->index, name) : NULL;
    if (!name || (f->cell && !at))
        return;
    if (f->cell) {
        f->cell[json_integer_value(at)] = text;
        return;
    }
    if (at || !text)
        return; /* a field that no record has is no column */
    if (f->columns == VRK_JSON_COLUMNS)
        fail(f, VRK_EINPUT, VRK_N("the records have more than 2000 different fields"));
    else if (json_object_set_new(f->index, name, json_integer(f->columns++)))
        fail(f, VRK_EMEMORY, VRK_N("out of memory for the fields of JSON"));
}

static const char formatted[] = "@OData.Community.Display.V1.FormattedValue";

static bool has_digit(const char *text)
{
    return strpbrk(text, "0123456789") != NULL;
}

/* A field of Dataverse. A choice is its label; a lookup its id, and .name; annotations and the
 * formatted forms of numbers and dates, which are for people, are left out. */
static void take_odata(flat *f, const json_t *record, const char *key, const json_t *value)
{
    vrk_arena *mem = &f->ctx->scratch;
    size_t n = strlen(key);
    if (strchr(key, '@'))
        return;
    const char *label =
        json_string_value(json_object_get(record, vrk_text_f(mem, "%s%s", key, formatted)));
    const char *text = vrk_json_plain(value, mem);
    if (n > 7 && key[0] == '_' && !strcmp(key + n - 6, "_value")) {
        char *name = vrk_text_copy_n(mem, key + 1, n - 7);
        set(f, name, text);
        if (label)
            set(f, vrk_text_f(mem, "%s.name", name), label);
    } else if (label && json_is_integer(value) && !has_digit(label)) {
        set(f, key, label);
        set(f, vrk_text_f(mem, "%s.code", key), text);
    } else if (!json_is_array(value) && !json_is_object(value)) {
        set(f, key, text);
    }
}

static bool is_pair(const json_t *value)
{
    return json_array_size(value) == 2 && json_is_integer(json_array_get(value, 0)) &&
           json_is_string(json_array_get(value, 1));
}

/* A list of plain values, joined by semicolons. */
static const char *joined(flat *f, const json_t *list)
{
    vrk_str s = {.mem = &f->ctx->scratch};
    size_t i;
    json_t *v;
    json_array_foreach(list, i, v)
    {
        const char *text = vrk_json_plain(v, s.mem);
        if (!text)
            return NULL;
        vrk_str_addf(&s, "%s%s", i ? ";" : "", text);
    }
    return s.at;
}

/* Upsales and its like: [{"fieldId": 11, "value": "x"}] are columns of their own. */
static bool take_custom(flat *f, const char *name, const json_t *list)
{
    size_t i;
    json_t *v;
    bool any = false;
    json_array_foreach(list, i, v)
    {
        const char *id = vrk_json_get(v, "fieldId", &f->ctx->scratch);
        if (!id)
            return false;
        set(f, vrk_text_f(&f->ctx->scratch, "%s.%s", name, id),
            vrk_json_get(v, "value", &f->ctx->scratch));
        any = true;
    }
    return any;
}

static void take(flat *f, const json_t *record, const char *prefix, int depth);
static void take_object(flat *f, const json_t *object, const char *name, int depth);

static void take_field(flat *f, const json_t *record, const char *name, const char *key,
                       const json_t *value, int depth)
{
    vrk_arena *mem = &f->ctx->scratch;
    const vrk_json_shape *shape = f->shape;
    if (shape->odata)
        take_odata(f, record, key, value);
    else if (shape->pairs && is_pair(value)) {
        set(f, name, json_string_value(json_array_get(value, 1)));
        set(f, vrk_text_f(mem, "%s.id", name), vrk_json_plain(json_array_get(value, 0), mem));
    } else if (shape->pairs && json_is_false(value) && strcmp(key, "active") != 0)
        set(f, name, NULL);
    else if (json_is_array(value)) {
        if (!take_custom(f, name, value))
            set(f, name, joined(f, value));
    } else if (json_is_object(value)) {
        if (depth < DEEPEST)
            take_object(f, value, name, depth);
    } else {
        const char *text = vrk_json_plain(value, mem);
        set(f, name, shape->utc ? vrk_json_utc(text, mem) : text);
    }
}

/* A reference {"id": 1, "name": "x", ...} is its name; the rest is x.id and so on. */
static void take_object(flat *f, const json_t *object, const char *name, int depth)
{
    const json_t *called = json_object_get(object, "name");
    if (json_is_string(called) && json_object_get(object, "id"))
        set(f, name, json_string_value(called));
    take(f, object, name, depth + 1);
}

/* Sets the cells of an object's fields, or counts its columns. */
static void take(flat *f, const json_t *record, const char *prefix, int depth)
{
    const char *key;
    json_t *value;
    json_object_foreach((json_t *)(uintptr_t)record, key, value)
    {
        bool inner = !depth && f->shape->inside && !strcmp(key, f->shape->inside);
        if (inner) {
            take(f, value, NULL, depth + 1);
            continue;
        }
        if (!depth && (!strcmp(key, "attributes") || !strcmp(key, "propertiesWithHistory")) &&
            f->shape->source)
            continue; /* says what the record is, no field of it; histories go their own way */
        if (prefix && !strcmp(key, "name") && json_object_get(record, "id"))
            continue; /* the reference itself */
        const char *name = prefix ? vrk_text_f(&f->ctx->scratch, "%s.%s", prefix, key) : key;
        take_field(f, record, name, key, value, depth);
    }
    if (!depth && f->shape->more)
        set(f, f->shape->more_name, f->shape->more(record));
}

static vrk_status write_rows(vrk_ctx *ctx, flat *f, const json_t *records, vrk_sheet_writer *w)
{
    vrk_status st = VRK_OK;
    size_t i;
    json_t *record;
    json_array_foreach(records, i, record)
    {
        vrk_mark mark = vrk_mark_of(&ctx->scratch);
        memset(f->cell, 0, (size_t)f->columns * sizeof(*f->cell));
        take(f, record, NULL, 0);
        vrk_sheet_row(w, (int64_t)i + 1);
        for (int64_t k = 0; k < f->columns; k++)
            vrk_sheet_cell(w, f->cell[k] ? f->cell[k] : "", f->cell[k] ? strlen(f->cell[k]) : 0);
        if (ctx->scratch.failed)
            FAIL(VRK_EMEMORY, "out of memory for a record of JSON");
        vrk_rewind(&ctx->scratch, mark);
        TRY(w->st);
        TRY(vrk_tick(ctx, "reading JSON", (int64_t)i, 0));
    }
done:
    return st;
}

vrk_status vrk_json_table(vrk_ctx *ctx, vrk_reading *r, const json_t *records,
                          const vrk_json_shape *shape)
{
    vrk_status st = VRK_OK;
    vrk_mark mark = vrk_mark_of(&ctx->scratch);
    flat f = {.ctx = ctx, .shape = shape, .index = json_object()};
    vrk_json_sheet s = {.ctx = ctx, .r = r};
    const char *key;
    json_t *value;
    size_t i;

    if (!f.index)
        FAIL(VRK_EMEMORY, "out of memory for %s", r->name);
    json_array_foreach(records, i, value)
    {
        vrk_mark here = vrk_mark_of(&ctx->scratch);
        take(&f, value, NULL, 0);
        if (ctx->scratch.failed)
            fail(&f, VRK_EMEMORY, VRK_N("out of memory for the fields of JSON"));
        vrk_rewind(&ctx->scratch, here);
        TRY(f.st);
    }
    if (!f.columns)
        goto done;
    TRY(vrk_json_sheet_open(ctx, r, (const char *const[]){NULL}, &s));
    json_object_foreach(f.index, key, value) vrk_sheet_cell(&s.w, key, strlen(key));
    f.cell = VRK_NEW(&ctx->scratch, f.columns, const char *);
    if (!f.cell)
        FAIL(VRK_EMEMORY, "out of memory for %s", r->name);
    TRY(write_rows(ctx, &f, records, &s.w));
    s.rows = (int64_t)json_array_size(records);
done:
    st = vrk_json_sheet_close(
        &s, st,
        &(vrk_sheet){.part = shape->part, .source = shape->source, .object = shape->object});
    json_decref(f.index);
    vrk_rewind(&ctx->scratch, mark);
    return st;
}
