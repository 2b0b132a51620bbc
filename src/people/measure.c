#include "people/measure.h"

#include "people/put.h"
#include "people/sitting_parts.h"

#include "base/sys.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Written by %a; nothing else is taken. */
static bool number(const char *text, double *out)
{
    char *end;
    *out = strtod(text, &end);
    return end != text && !*end && isfinite(*out);
}

static bool enter(const vrk_instrument *one, const vrk_frame *f, int64_t row, vrk_measure *out)
{
    for (int64_t j = 0; j < one->items; j++) {
        if (strcmp(one->item[j].id, text_at(f, "item", row)) != 0)
            continue;
        out->answered[j] = int_at(f, "answered", row);
        return number(text_at(f, "difficulty", row), &out->difficulty[j]) &&
               number(text_at(f, "slope", row), &out->slope[j]) && out->slope[j] > 0;
    }
    return false;
}

vrk_status vrk_measure_read(vrk_ctx *ctx, vrk_records *records, const vrk_instrument *one,
                            int64_t id, vrk_measure *out)
{
    vrk_status st = VRK_OK;
    vrk_mark mark = vrk_mark_of(&ctx->scratch);
    vrk_frame f = {0};
    char hex[65];
    *out = (vrk_measure){0};
    vrk_key_of(&ctx->scratch, one, hex);
    const vrk_value bind[] = {put_text(one->competency), put_text(hex), put_int(id)};
    TRY(vrk_records_run(
        ctx, records,
        "SELECT m.id, persons, made_at, item, answered, difficulty, slope FROM "
        "measure m JOIN measure_item ON measure = m.id WHERE m.id = (SELECT max(id) "
        "FROM measure WHERE competency = ?1 AND key = ?2 AND (?3 = 0 OR id = ?3))",
        bind, 3, &f));
    for (int64_t i = 0; i < f.rows; i++) {
        out->id = int_at(&f, "id", i);
        out->persons = int_at(&f, "persons", i);
        out->made_at = int_at(&f, "made_at", i);
        if (!enter(one, &f, i, out))
            FAIL(VRK_EDB, "records.db: version %" PRId64 " of %s is damaged", out->id,
                 one->competency);
    }
    for (int64_t j = 0; j < one->items && f.rows; j++) {
        if (!(out->slope[j] > 0))
            FAIL(VRK_EDB, "records.db: version %" PRId64 " of %s lacks %s", out->id,
                 one->competency, one->item[j].id);
    }
done:
    vrk_frame_free(&f);
    vrk_rewind(&ctx->scratch, mark);
    if (st != VRK_OK)
        *out = (vrk_measure){0};
    return st;
}

vrk_status vrk_measure_keep(vrk_ctx *ctx, vrk_records *records, const vrk_instrument *one,
                            const vrk_keyed *fit, int64_t *id)
{
    vrk_status st = VRK_OK;
    vrk_mark mark = vrk_mark_of(&ctx->scratch);
    bool begun = false;
    char hex[65], difficulty[40], slope[40];
    vrk_key_of(&ctx->scratch, one, hex);
    const vrk_value head[] = {put_text(one->competency), put_text(hex), put_int(fit->persons),
                              put_int(vrk_now(ctx))};
    TRY(vrk_records_run(ctx, records, "BEGIN IMMEDIATE", NULL, 0, NULL));
    begun = true;
    TRY(vrk_records_run(
        ctx, records,
        "INSERT INTO measure (competency, key, persons, made_at) VALUES (?1, ?2, ?3, ?4)", head, 4,
        NULL));
    *id = vrk_records_last_id(records);
    for (int64_t j = 0; j < one->items; j++) {
        snprintf(difficulty, sizeof(difficulty), "%a", fit->difficulty[j]);
        snprintf(slope, sizeof(slope), "%a", fit->slope[j]);
        const vrk_value row[] = {put_int(*id), put_text(one->item[j].id), put_int(fit->answered[j]),
                                 put_text(difficulty), put_text(slope)};
        TRY(vrk_records_run(ctx, records,
                            "INSERT INTO measure_item (measure, item, answered, difficulty, slope) "
                            "VALUES (?1, ?2, ?3, ?4, ?5)",
                            row, 5, NULL));
    }
    TRY(vrk_records_run(ctx, records, "COMMIT", NULL, 0, NULL));
    begun = false;
done:
    if (begun)
        vrk_records_roll_back(ctx, records);
    vrk_rewind(&ctx->scratch, mark);
    return st;
}

static vrk_keyed_data data_of(const vrk_answered_by *a)
{
    return (vrk_keyed_data){.persons = a->persons,
                            .items = a->instrument->items,
                            .steps = VRK_ITEM_POINTS,
                            .x = a->x,
                            .many = a->many,
                            .stated = a->stated};
}

vrk_status vrk_measure_fit(vrk_ctx *ctx, const vrk_answered_by *a, vrk_keyed *out)
{
    vrk_keyed_data d = data_of(a);
    return vrk_keyed_fit(ctx, &d, NULL, out);
}

vrk_status vrk_measure_alike(vrk_ctx *ctx, const vrk_answered_by *a, const int8_t *group,
                             vrk_keyed *out)
{
    vrk_status st = VRK_OK;
    vrk_mark mark = vrk_mark_of(&ctx->scratch);
    vrk_keyed_data d = data_of(a);
    int8_t *focal = VRK_NEW(&ctx->scratch, a->persons, int8_t), *x;
    int64_t n = 0;
    *out = (vrk_keyed){0};
    x = VRK_NEW(&ctx->scratch, a->persons * d.items, int8_t);
    if (!focal || !x)
        FAIL(VRK_EMEMORY, "out of memory for groups");
    for (int64_t i = 0; i < a->persons; i++)
        n += group[i] == 0 || group[i] == 1;
    d.persons = n;
    n = 0;
    for (int64_t i = 0; i < a->persons; i++) {
        if (group[i] != 0 && group[i] != 1)
            continue;
        focal[n] = group[i];
        for (int64_t j = 0; j < d.items; j++)
            x[n + j * d.persons] = a->x[i + j * a->persons];
        n++;
    }
    d.x = x;
    d.focal = focal;
    TRY(vrk_keyed_fit(ctx, &d, &(vrk_keyed_opt){.min_persons = 1}, out));
done:
    vrk_rewind(&ctx->scratch, mark);
    return st;
}
