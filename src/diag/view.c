#include "diag/view.h"

#include "diagnosis_schema.h"

#include <jansson.h>
#include <string.h>

enum { PERSONS_LEAST = 5 };

typedef enum {
    BUSINESS,
    AGGREGATE,
    PERSON,
    SELF,
    CANDIDATE,
    UNBLINDED,
    NO_CLASS,
} data_class;

typedef struct {
    const json_t *schema; /* the whole, for $ref */
    const vrk_viewer *viewer;
    vrk_purpose purpose;
    bool withheld, failed; /* failed: out of memory */
} trimming;

/* Where a value stands: its schema, its class, and the person and team of the row it is in. */
typedef struct {
    const json_t *schema;
    data_class class;
    int64_t person; /* 0 = nobody's row */
    bool few;       /* the row is a sum over fewer persons than may be shown */
} place;

static data_class class_of(const json_t *schema, data_class inherited)
{
    static const char *const names[] = {"business", "aggregate", "person",
                                        "self",     "candidate", "unblinded"};
    const char *name = json_string_value(json_object_get(schema, "x-class"));
    for (int i = 0; name && i < NO_CLASS; i++) {
        if (!strcmp(name, names[i]))
            return (data_class)i;
    }
    return name ? NO_CLASS : inherited;
}

/* Follows {"$ref": "#/$defs/name"}, also as the first of an anyOf (the name, or null); the class
 * may stand beside it. */
static const json_t *resolve(const trimming *t, const json_t *schema)
{
    const json_t *choice = json_array_get(json_object_get(schema, "anyOf"), 0);
    const json_t *named = json_object_get(choice, "$ref") ? choice : schema;
    const char *ref = json_string_value(json_object_get(named, "$ref"));
    static const char start[] = "#/$defs/";
    if (!ref || strncmp(ref, start, sizeof(start) - 1) != 0)
        return schema;
    return json_object_get(json_object_get(t->schema, "$defs"), ref + sizeof(start) - 1);
}

static bool in_case(const vrk_viewer *v, int64_t person)
{
    for (int64_t i = 0; i < v->cases; i++) {
        if (v->case_key[i] == person)
            return true;
    }
    return false;
}

static bool may_see_person(const trimming *t, int64_t person)
{
    const vrk_viewer *v = t->viewer;
    bool own = v->person_key && v->person_key == person;
    if (v->role == VRK_OWNER)
        return true;
    if (t->purpose != VRK_TO_SCREEN || !person)
        return false;
    return own || (v->role == VRK_MANAGER && in_case(v, person));
}

/* The rule of the table in the header. */
static bool may_see(const trimming *t, const place *at)
{
    const vrk_viewer *v = t->viewer;
    bool leads = v->role == VRK_OWNER || v->role == VRK_LEADER || v->role == VRK_MANAGER ||
                 v->role == VRK_SELLER;
    switch (at->class) {
    case BUSINESS:
        return leads;
    case AGGREGATE:
        return (leads || v->role == VRK_HR || v->role == VRK_AUDITOR ||
                v->role == VRK_REPRESENTATIVE) &&
               (!at->few || v->role == VRK_OWNER);
    case PERSON:
        return may_see_person(t, at->person);
    case SELF:
        return v->person_key && v->person_key == at->person && t->purpose == VRK_TO_SCREEN;
    case CANDIDATE:
        return v->role == VRK_OWNER || (v->recruits && t->purpose == VRK_TO_SCREEN);
    case UNBLINDED:
        return v->role == VRK_OWNER && t->purpose != VRK_TO_REPORT;
    case NO_CLASS:
        break;
    }
    return false;
}

/* Rows of other teams than their own are kept from managers and sellers. */
static bool own_team(const trimming *t, const json_t *row)
{
    const vrk_viewer *v = t->viewer;
    const char *team = json_string_value(json_object_get(row, "team_id"));
    if (!team || (v->role != VRK_MANAGER && v->role != VRK_SELLER))
        return true;
    for (int64_t i = 0; i < v->teams; i++) {
        if (!strcmp(v->team[i], team))
            return true;
    }
    return false;
}

static json_t *trim(trimming *t, json_t *value, place at);

static const json_t *member_schema(const json_t *schema, const char *key)
{
    const json_t *known = json_object_get(json_object_get(schema, "properties"), key);
    const json_t *others = json_object_get(schema, "additionalProperties");
    return known ? known : json_is_object(others) ? others : NULL;
}

/* Persons' keys become the source's ids. An erased person has none. */
static const char *id_name(const char *key)
{
    static const char *const names[][2] = {{"seller_key", "seller_id"},
                                           {"person_key", "person_id"},
                                           {"candidate_key", "candidate_id"}};
    for (int i = 0; i < 3; i++) {
        if (!strcmp(key, names[i][0]))
            return names[i][1];
    }
    return NULL;
}

static int set_member(trimming *t, json_t *to, const char *key, json_t *value)
{
    const char *name = t->viewer->person_id ? id_name(key) : NULL;
    if (!name || !json_is_integer(value))
        return json_object_set_new(to, key, value);
    const char *id = t->viewer->person_id(t->viewer->arg, json_integer_value(value));
    json_decref(value);
    return json_object_set_new(to, name, id && *id ? json_string(id) : json_null());
}

static int64_t person_of(const json_t *object, int64_t outer)
{
    static const char *const keys[] = {"seller_key", "person_key", "candidate_key"};
    for (int i = 0; i < 3; i++) {
        const json_t *key = json_object_get(object, keys[i]);
        if (json_is_integer(key))
            return (int64_t)json_integer_value(key);
    }
    return outer;
}

static bool few_persons(const json_t *object)
{
    const json_t *persons = json_object_get(object, "persons");
    return json_is_integer(persons) && json_integer_value(persons) < PERSONS_LEAST;
}

static json_t *trim_object(trimming *t, json_t *object, place at)
{
    json_t *to = json_object(), *value;
    const char *key;
    at.person = person_of(object, at.person);
    at.few |= few_persons(object);
    t->failed |= !to;
    json_object_foreach(object, key, value)
    {
        const json_t *declared = member_schema(at.schema, key);
        place inner = {declared ? resolve(t, declared) : NULL, NO_CLASS, at.person, at.few};
        if (declared)
            inner.class = class_of(declared, class_of(inner.schema, at.class));
        if (!declared || !may_see(t, &inner))
            t->withheld = true;
        else
            t->failed |= set_member(t, to, key, trim(t, value, inner)) != 0;
    }
    return to;
}

/* A person's row that may not be seen goes whole, so that not even their number remains. */
static bool keeps_row(const trimming *t, const json_t *row, const place *at, bool persons)
{
    place inner = *at;
    inner.person = person_of(row, at->person);
    inner.few |= few_persons(row);
    if (inner.person && persons)
        inner.class = PERSON; /* a list of sums in which some rows are one person's */
    return own_team(t, row) && may_see(t, &inner);
}

static json_t *trim_array(trimming *t, json_t *array, place at)
{
    json_t *to = json_array(), *row;
    const json_t *items = json_object_get(at.schema, "items");
    place inner = {items ? resolve(t, items) : NULL, NO_CLASS, at.person, at.few};
    bool persons = json_is_true(json_object_get(at.schema, "x-person-rows"));
    size_t i;
    if (items)
        inner.class = class_of(items, class_of(inner.schema, at.class));
    t->failed |= !to;
    json_array_foreach(array, i, row)
    {
        if (!items || !keeps_row(t, row, &inner, persons))
            t->withheld = true;
        else
            t->failed |= json_array_append_new(to, trim(t, row, inner)) != 0;
    }
    return to;
}

static json_t *trim(trimming *t, json_t *value, place at)
{
    if (json_is_object(value))
        return trim_object(t, value, at);
    if (json_is_array(value))
        return trim_array(t, value, at);
    return json_deep_copy(value);
}

vrk_status vrk_view(vrk_ctx *ctx, json_t *document, const vrk_viewer *viewer, vrk_purpose purpose,
                    json_t **out)
{
    vrk_status st = VRK_OK;
    json_error_t error;
    json_t *schema = json_loads(vrk_embed_diagnosis_schema[0].bytes, 0, &error);
    trimming t = {schema, viewer, purpose, false, false};
    json_t *view = NULL;

    *out = NULL;
    if (!schema)
        FAIL(VRK_EMEMORY, "cannot read the document's schema, line %d: %s", error.line, error.text);
    if (!json_is_object(document))
        FAIL(VRK_EINPUT, "the result document is not an object");
    view = trim_object(&t, document, (place){schema, NO_CLASS, 0, false});
    if (t.withheld && !t.failed)
        t.failed = json_object_set_new(view, "withheld", json_true()) != 0;
    json_t *data = json_object_get(view, "data");
    if (data && viewer->organisation && *viewer->organisation && !t.failed)
        t.failed =
            json_object_set_new(data, "organisation", json_string(viewer->organisation)) != 0;
    if (t.failed)
        FAIL(VRK_EMEMORY, "out of memory for the view of the document");
    *out = view;
    view = NULL;
done:
    json_decref(view);
    json_decref(schema);
    return st;
}
