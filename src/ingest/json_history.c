/* Histories of fields: what changed, in which deal, when, by whom. Each API has its own; all become
 * one table. */
#include "ingest/json_part.h"

#include "base/str.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

enum { DEAL, FIELD, OLD, NEW, AT, USER, COLUMNS };
static const char *const headings[] = {"deal_id",    "field", "old_value", "new_value",
                                       "changed_at", "user",  NULL};

static const json_t *member(const json_t *object, const char *a, const char *b)
{
    return json_object_get(json_object_get(object, a), b);
}

static bool is_text(const json_t *object, const char *key, const char *what)
{
    const char *text = json_string_value(json_object_get(object, key));
    return text && !strcmp(text, what);
}

static bool is_flow(const json_t *records)
{
    const json_t *one = json_array_get(records, 0);
    return json_is_string(json_object_get(one, "object")) &&
           json_is_string(json_object_get(one, "timestamp")) &&
           json_is_object(json_object_get(one, "data"));
}

static bool is_changelog(const json_t *records)
{
    const json_t *one = json_array_get(records, 0);
    return json_is_string(json_object_get(one, "field_key")) && json_object_get(one, "new_value") &&
           json_object_get(one, "time");
}

static bool is_audit(const json_t *all, const json_t *records)
{
    return json_object_get(all, "@odata.context") &&
           json_object_get(json_array_get(records, 0), "changedata");
}

static bool is_stream(const json_t *all, const json_t *records)
{
    return json_is_array(json_object_get(all, "list")) &&
           json_object_get(json_array_get(records, 0), "parentType");
}

bool vrk_json_is_history(const json_t *all, const json_t *records)
{
    return is_flow(records) || is_changelog(records) || is_audit(all, records) ||
           is_stream(all, records);
}

/* The digits behind "deal" in a file's name: the changelog of a deal does not say which it is. */
static const char *deal_of_name(const char *name, vrk_arena *mem)
{
    const char *slash = strrchr(name, '/'), *p = slash ? slash + 1 : name;
    for (p = strcasestr(p, "deal"); p; p = strcasestr(p + 4, "deal")) {
        const char *from = p + 4;
        from += *from == 's';
        from += *from == '_' || *from == '-' || *from == ' ';
        size_t n = strspn(from, "0123456789");
        if (n)
            return vrk_text_copy_n(mem, from, n);
    }
    return NULL;
}

/* Names of stages that stand beside their numbers, for logs that have numbers only. */
static vrk_status write_stages(vrk_ctx *ctx, vrk_reading *r, const json_t *names)
{
    vrk_status st = VRK_OK;
    vrk_json_sheet s;
    const char *key;
    json_t *value;
    TRY(vrk_json_sheet_open(ctx, r, (const char *const[]){"stage_id", "stage_name", NULL}, &s));
    json_object_foreach((json_t *)(uintptr_t)names, key, value)
    {
        vrk_json_sheet_row(&s, (const char *const[]){key, json_string_value(value)}, 2);
    }
    st = vrk_json_sheet_close(&s, st, &(vrk_sheet){.part = "stages"});
done:
    return st;
}

static vrk_status take_change(vrk_ctx *ctx, vrk_json_sheet *s, const json_t *d, const char *deal,
                              json_t *names)
{
    vrk_arena *mem = &ctx->scratch;
    const json_t *more = json_object_get(d, "additional_data");
    const char *cell[COLUMNS] = {
        [DEAL] = deal,
        [FIELD] = vrk_json_get(d, "field_key", mem),
        [OLD] = vrk_json_get(d, "old_value", mem),
        [NEW] = vrk_json_get(d, "new_value", mem),
        [AT] = vrk_json_utc(vrk_json_get(d, "log_time", mem), mem),
        [USER] = vrk_json_get(d, "user_id", mem),
    };
    if (cell[FIELD] && !strcmp(cell[FIELD], "stage_id")) {
        const char *old = json_string_value(json_object_get(more, "old_value_formatted"));
        const char *new = json_string_value(json_object_get(more, "new_value_formatted"));
        if ((old && cell[OLD] && json_object_set_new(names, cell[OLD], json_string(old))) ||
            (new &&cell[NEW] && json_object_set_new(names, cell[NEW], json_string(new))))
            return vrk_fail(ctx, VRK_EMEMORY, "out of memory for the stages of Pipedrive");
    }
    vrk_json_sheet_row(s, cell, COLUMNS);
    return VRK_OK;
}

/* The stage that a deal began in is the old value of its first move; it began when it was added. */
static void take_start(vrk_ctx *ctx, vrk_json_sheet *s, const json_t *records, const char *deal)
{
    vrk_arena *mem = &ctx->scratch;
    const char *added = NULL, *first = NULL, *stage = NULL;
    size_t i;
    json_t *v;
    json_array_foreach(records, i, v)
    {
        const json_t *d = json_object_get(v, "data");
        if (!is_text(v, "object", "dealChange"))
            continue;
        if (is_text(d, "field_key", "add_time"))
            added = vrk_json_get(d, "new_value", mem);
        const char *at = vrk_json_get(d, "log_time", mem);
        if (is_text(d, "field_key", "stage_id") && at && (!first || strcmp(at, first) < 0)) {
            first = at;
            stage = vrk_json_get(d, "old_value", mem);
        }
    }
    if (added && stage)
        vrk_json_sheet_row(s,
                           (const char *const[COLUMNS]){[DEAL] = deal,
                                                        [FIELD] = "stage_id",
                                                        [NEW] = stage,
                                                        [AT] = vrk_json_utc(added, mem)},
                           COLUMNS);
}

static vrk_status read_flow(vrk_ctx *ctx, vrk_reading *r, const json_t *records)
{
    vrk_status st = VRK_OK;
    vrk_json_sheet s = {0};
    json_t *names = json_object();
    const char *deal = deal_of_name(r->name, &ctx->scratch), *of = NULL;
    size_t i = json_array_size(records), others = 0;

    TRY(vrk_json_sheet_open(ctx, r, headings, &s));
    while (i--) { /* the newest stands first */
        const json_t *v = json_array_get(records, i), *d = json_object_get(v, "data");
        if (!is_text(v, "object", "dealChange")) {
            others++;
            continue;
        }
        of = vrk_json_get(d, "item_id", &ctx->scratch);
        if (!of && !deal)
            FAIL(VRK_EINPUT, "%s: a change does not say of which deal (item_id)", r->name);
        TRY(take_change(ctx, &s, d, of ? of : deal, names));
    }
    if (of || deal)
        take_start(ctx, &s, records, of ? of : deal);
    if (others)
        vrk_reading_note(r,
                         "%s: %zu entries of the flow are no changes of the deal; activities "
                         "are read from their own list",
                         r->name, others);
done:
    st = vrk_json_sheet_close(&s, st,
                              &(vrk_sheet){.source = "pipedrive", .object = "field_history"});
    if (st == VRK_OK && json_object_size(names))
        st = write_stages(ctx, r, names);
    json_decref(names);
    return st;
}

static vrk_status read_changelog(vrk_ctx *ctx, vrk_reading *r, const json_t *records)
{
    vrk_status st = VRK_OK;
    vrk_json_sheet s = {0};
    vrk_arena *mem = &ctx->scratch;
    const char *deal = deal_of_name(r->name, mem);
    size_t i;
    json_t *v;

    if (!deal)
        FAIL(VRK_EINPUT,
             "%s: a changelog of Pipedrive does not say which deal it is of; name the file "
             "deal_<id>_changelog.json",
             r->name);
    TRY(vrk_json_sheet_open(ctx, r, headings, &s));
    json_array_foreach(records, i, v)
    {
        const char *cell[COLUMNS] = {
            deal,
            vrk_json_get(v, "field_key", mem),
            vrk_json_get(v, "old_value", mem),
            vrk_json_get(v, "new_value", mem),
            vrk_json_utc(vrk_json_get(v, "time", mem), mem),
            vrk_json_get(v, "actor_user_id", mem),
        };
        vrk_json_sheet_row(&s, cell, COLUMNS);
    }
done:
    return vrk_json_sheet_close(&s, st,
                                &(vrk_sheet){.source = "pipedrive", .object = "field_history"});
}

/* One record of the audit table of Dataverse; its changes stand as JSON in a text. */
static vrk_status take_audit(vrk_ctx *ctx, vrk_reading *r, vrk_json_sheet *s, const json_t *v)
{
    vrk_status st = VRK_OK;
    vrk_arena *mem = &ctx->scratch;
    const char *text = json_string_value(json_object_get(v, "changedata"));
    json_t *data = text ? json_loads(text, 0, NULL) : NULL, *change;
    size_t i;

    if (text && *text && !data)
        FAIL(VRK_EINPUT, "%s: the changedata of audit %s is no JSON", r->name,
             vrk_json_get(v, "auditid", mem));
    json_array_foreach(json_object_get(data, "changedAttributes"), i, change)
    {
        const char *cell[COLUMNS] = {
            vrk_json_get(v, "_objectid_value", mem), vrk_json_get(change, "logicalName", mem),
            vrk_json_get(change, "oldValue", mem),   vrk_json_get(change, "newValue", mem),
            vrk_json_get(v, "createdon", mem),       vrk_json_get(v, "_userid_value", mem),
        };
        vrk_json_sheet_row(s, cell, COLUMNS);
    }
done:
    json_decref(data);
    return st;
}

static vrk_status read_audits(vrk_ctx *ctx, vrk_reading *r, const json_t *records)
{
    vrk_status st = VRK_OK;
    vrk_json_sheet s = {0};
    size_t i, others = 0;
    json_t *v;

    TRY(vrk_json_sheet_open(ctx, r, headings, &s));
    json_array_foreach(records, i, v)
    {
        const char *of = json_string_value(json_object_get(v, "objecttypecode"));
        if (of && strcmp(of, "opportunity") != 0)
            others++;
        else
            TRY(take_audit(ctx, r, &s, v));
    }
    if (others)
        vrk_reading_note(r, "%s: %zu audits are of other things than opportunities", r->name,
                         others);
done:
    return vrk_json_sheet_close(&s, st,
                                &(vrk_sheet){.source = "dynamics", .object = "field_history"});
}

/* A note of EspoCRM's stream: data.attributes.was and .became. */
static void take_note(vrk_ctx *ctx, vrk_json_sheet *s, const json_t *v)
{
    vrk_arena *mem = &ctx->scratch;
    const json_t *data = json_object_get(v, "data");
    const json_t *was = member(data, "attributes", "was"),
                 *became = member(data, "attributes", "became");
    const char *key, *by = vrk_json_get(v, "createdByName", mem);
    json_t *value;
    json_object_foreach((json_t *)(uintptr_t)became, key, value)
    {
        const char *cell[COLUMNS] = {vrk_json_get(v, "parentId", mem),
                                     key,
                                     vrk_json_get(was, key, mem),
                                     vrk_json_plain(value, mem),
                                     vrk_json_utc(vrk_json_get(v, "createdAt", mem), mem),
                                     by ? by : vrk_json_get(v, "createdById", mem)};
        vrk_json_sheet_row(s, cell, COLUMNS);
    }
}

static vrk_status read_stream(vrk_ctx *ctx, vrk_reading *r, const json_t *records)
{
    vrk_status st = VRK_OK;
    vrk_json_sheet s = {0};
    size_t i, others = 0;
    json_t *v;

    TRY(vrk_json_sheet_open(ctx, r, headings, &s));
    json_array_foreach(records, i, v)
    {
        if (is_text(v, "type", "Update") && is_text(v, "parentType", "Opportunity"))
            take_note(ctx, &s, v);
        else
            others++;
    }
    if (others)
        vrk_reading_note(r, "%s: %zu notes of the stream are no changes of opportunities", r->name,
                         others);
done:
    return vrk_json_sheet_close(&s, st,
                                &(vrk_sheet){.source = "espocrm", .object = "field_history"});
}

vrk_status vrk_json_history(vrk_ctx *ctx, vrk_reading *r, const json_t *all, const json_t *records)
{
    vrk_mark mark = vrk_mark_of(&ctx->scratch);
    vrk_status st = is_flow(records)         ? read_flow(ctx, r, records)
                    : is_changelog(records)  ? read_changelog(ctx, r, records)
                    : is_audit(all, records) ? read_audits(ctx, r, records)
                                             : read_stream(ctx, r, records);
    if (st == VRK_OK && ctx->scratch.failed)
        st = vrk_fail(ctx, VRK_EMEMORY, "out of memory for %s", r->name);
    vrk_rewind(&ctx->scratch, mark);
    return st;
}

/* The versions of one property, newest first as HubSpot gives them; equal ones in a row are one. */
static void take_versions(vrk_ctx *ctx, vrk_json_sheet *s, const char *deal, const char *property,
                          const json_t *versions)
{
    vrk_arena *mem = &ctx->scratch;
    const char *old = NULL;
    for (size_t i = json_array_size(versions); i--;) {
        const json_t *v = json_array_get(versions, i);
        const char *value = vrk_json_get(v, "value", mem);
        if (old && value && !strcmp(old, value))
            continue;
        const char *cell[COLUMNS] = {deal,
                                     property,
                                     old,
                                     value,
                                     vrk_json_get(v, "timestamp", mem),
                                     vrk_json_get(v, "updatedByUserId", mem)};
        vrk_json_sheet_row(s, cell, COLUMNS);
        old = value;
    }
}

vrk_status vrk_json_hubspot(vrk_ctx *ctx, vrk_reading *r, const json_t *records)
{
    vrk_status st = VRK_OK;
    vrk_mark mark = vrk_mark_of(&ctx->scratch);
    vrk_json_sheet s = {0};
    size_t i;
    const char *key;
    json_t *v, *versions;

    TRY(vrk_json_sheet_open(ctx, r, headings, &s));
    json_array_foreach(records, i, v)
    {
        const char *deal = vrk_json_get(v, "id", &ctx->scratch);
        json_object_foreach(json_object_get(v, "propertiesWithHistory"), key, versions)
        {
            take_versions(ctx, &s, deal, key, versions);
        }
    }
    if (ctx->scratch.failed)
        FAIL(VRK_EMEMORY, "out of memory for %s", r->name);
done:
    st = vrk_json_sheet_close(
        &s, st, &(vrk_sheet){.part = "history", .source = "hubspot", .object = "field_history"});
    vrk_rewind(&ctx->scratch, mark);
    return st;
}
