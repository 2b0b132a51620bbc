/* vrk_view class by class: every field of a document made of one field a class, for each role. */
#include "diag/view.h"
#include "diag/document.h"
#include "diag/json.h"
#include "diagnosis_schema.h"
#include "tests/t.h"

#include <math.h>
#include <string.h>

/* Fields that the schema has, one or more of each class it uses. */
static const char document[] =
    "{\"schema\":\"verkan.diagnosis/1\",\"language\":\"en\","
    "\"data\":{\"sellers\":2,\"deals\":9,\"secret\":1},\"attribution\":null,"
    "\"leaks\":[],\"time\":[{\"persons\":4},{\"persons\":5},"
    "{\"seller_key\":7,\"hours_per_week\":3}],"
    "\"sellers\":[{\"seller_key\":7,\"team_id\":\"north\",\"rank\":null,\"moments\":[{\"moment\":"
    "\"next_step\",\"occasions\":3}],\"competence\":[]},"
    "{\"seller_key\":8,\"team_id\":\"south\",\"rank\":null,\"moments\":[],\"competence\":[]}],"
    "\"follow_up\":[{\"persons\":9,\"effect\":{\"mean\":0.1,\"lo\":0.0,\"hi\":0.2},\"net\":null}],"
    "\"candidates\":[{\"candidate_key\":9,\"label\":\"ab\"}],\"unheard_of\":{\"seller_key\":7}}";

static const char *id_of(void *arg, int64_t key)
{
    (void)arg;
    return key == 7 ? "S7" : key == 8 ? "" : NULL;
}

static json_t *seen(const vrk_viewer *viewer, vrk_purpose purpose)
{
    vrk_ctx ctx = {0};
    json_t *whole = NULL, *view = NULL;
    T_OK(vrk_document_read(&ctx, document, &whole) == VRK_OK);
    T_OK(vrk_view(&ctx, whole, viewer, purpose, &view) == VRK_OK);
    vrk_document_free(whole);
    vrk_arena_free(&ctx.scratch);
    return view;
}

static size_t rows(const json_t *view, const char *key)
{
    return json_array_size(json_object_get(view, key));
}

static void the_owner_sees_all_that_the_schema_knows(void)
{
    json_t *v = seen(&(vrk_viewer){.role = VRK_OWNER}, VRK_TO_EXPORT);
    T_OK(rows(v, "sellers") == 2 && rows(v, "candidates") == 1);
    T_OK(vrk_json_int(json_object_get(v, "data"), "deals") == 9);
    const json_t *effect =
        json_object_get(json_array_get(json_object_get(v, "follow_up"), 0), "effect");
    T_OK(fabs(vrk_json_number(effect, "hi") - 0.2) < 1e-12);      /* an estimate or null */
    T_OK(!json_object_get(json_object_get(v, "data"), "secret")); /* not in the schema */
    T_OK(!json_object_get(v, "unheard_of"));
    T_OK(json_is_true(json_object_get(v, "withheld")));
    vrk_document_free(v);
}

/* Its name is put in for those who may see what data there are. */
static void names_the_organisation(void)
{
    static const vrk_viewer as[] = {{.role = VRK_LEADER, .organisation = "Nordvik"},
                                    {.role = VRK_ADMIN, .organisation = "Nordvik"},
                                    {.role = VRK_LEADER, .organisation = ""}};
    for (int i = 0; i < 3; i++) {
        json_t *v = seen(&as[i], VRK_TO_SCREEN), *data = json_object_get(v, "data");
        const char *name = json_string_value(json_object_get(data, "organisation"));
        T_OK(i == 0 ? name && !strcmp(name, "Nordvik") : !name);
        vrk_document_free(v);
    }
}

static void nobody_else_sees_persons_without_right(void)
{
    static const int64_t nobody[] = {99};
    for (int role = VRK_LEADER; role <= VRK_REPRESENTATIVE; role++) {
        for (int purpose = VRK_TO_SCREEN; purpose <= VRK_TO_EXPORT; purpose++) {
            vrk_viewer viewer = {.role = (vrk_role)role, .case_key = nobody, .cases = 1};
            json_t *v = seen(&viewer, (vrk_purpose)purpose);
            T_OK(rows(v, "sellers") == 0 && rows(v, "candidates") == 0);
            char *text = json_dumps(v, 0);
            T_OK(text && !strstr(text, "_key") && !strstr(text, "occasions"));
            free(text);
            vrk_document_free(v);
        }
    }
}

static void business_is_for_those_who_sell(void)
{
    for (int role = VRK_OWNER; role <= VRK_REPRESENTATIVE; role++) {
        json_t *v = seen(&(vrk_viewer){.role = (vrk_role)role}, VRK_TO_SCREEN);
        T_OK(!!json_object_get(v, "leaks") == (role <= VRK_SELLER));
        T_OK(!!json_object_get(json_object_get(v, "data"), "deals") == (role <= VRK_SELLER));
        vrk_document_free(v);
    }
}

/* TRUST PBD-01: five persons. The owner of the data has them all anyway. */
static void a_sum_over_few_persons_is_hidden(void)
{
    for (int role = VRK_OWNER; role <= VRK_REPRESENTATIVE; role++) {
        bool sees = role <= VRK_SELLER || role == VRK_HR || role >= VRK_AUDITOR;
        json_t *v = seen(&(vrk_viewer){.role = (vrk_role)role}, VRK_TO_SCREEN);
        const json_t *first = json_array_get(json_object_get(v, "time"), 0);
        T_OK(rows(v, "time") == (size_t)(role == VRK_OWNER ? 3 : sees ? 1 : 0));
        T_OK(!sees || !first || role == VRK_OWNER || vrk_json_int(first, "persons") != 4);
        vrk_document_free(v);
    }
}

static void a_person_sees_the_own_row_on_the_screen_only(void)
{
    static const char *const team[] = {"north"};
    vrk_viewer viewer = {.role = VRK_SELLER, .person_key = 7, .team = team, .teams = 1};
    json_t *v = seen(&viewer, VRK_TO_SCREEN);
    T_OK(rows(v, "sellers") == 1);
    T_OK(vrk_json_int(json_array_get(json_object_get(v, "sellers"), 0), "seller_key") == 7);
    vrk_document_free(v);
    v = seen(&viewer, VRK_TO_EXPORT);
    T_OK(rows(v, "sellers") == 0);
    vrk_document_free(v);
}

static void a_manager_sees_a_person_inside_a_case_in_the_own_team(void)
{
    static const char *const north[] = {"north"}, *const south[] = {"south"};
    static const int64_t of_case[] = {7};
    vrk_viewer viewer = {
        .role = VRK_MANAGER, .case_key = of_case, .cases = 1, .team = north, .teams = 1};
    json_t *v = seen(&viewer, VRK_TO_SCREEN);
    T_OK(rows(v, "sellers") == 1);
    vrk_document_free(v);
    viewer.team = south; /* not in the team any more */
    v = seen(&viewer, VRK_TO_SCREEN);
    T_OK(rows(v, "sellers") == 0);
    vrk_document_free(v);
    viewer.role = VRK_LEADER; /* a leader never drills to a person, case or not */
    v = seen(&viewer, VRK_TO_SCREEN);
    T_OK(rows(v, "sellers") == 0);
    vrk_document_free(v);
}

static void keys_become_the_sources_ids(void)
{
    json_t *v = seen(&(vrk_viewer){.role = VRK_OWNER, .person_id = id_of}, VRK_TO_EXPORT);
    const json_t *list = json_object_get(v, "sellers");
    T_OK(!strcmp(vrk_json_text(json_array_get(list, 0), "seller_id"), "S7"));
    T_OK(json_is_null(json_object_get(json_array_get(list, 1), "seller_id"))); /* erased */
    T_OK(!json_object_get(json_array_get(list, 0), "seller_key"));
    vrk_document_free(v);
}

/* Under a label, on the screen, to who recruits; the report has labels alone. */
static void applicants_are_for_who_recruits(void)
{
    for (int role = VRK_OWNER; role <= VRK_REPRESENTATIVE; role++) {
        for (int purpose = VRK_TO_SCREEN; purpose <= VRK_TO_EXPORT; purpose++) {
            for (int recruits = 0; recruits < 2; recruits++) {
                vrk_viewer viewer = {.role = (vrk_role)role, .recruits = recruits};
                json_t *v = seen(&viewer, (vrk_purpose)purpose);
                bool owner = role == VRK_OWNER;
                bool sees = owner || (recruits && purpose == VRK_TO_SCREEN);
                const json_t *row = json_array_get(json_object_get(v, "candidates"), 0);
                T_OK(rows(v, "candidates") == sees);
                T_OK(!sees || !strcmp(vrk_json_text(row, "label"), "ab"));
                T_OK(!!json_object_get(row, "candidate_key") ==
                     (owner && purpose != VRK_TO_REPORT));
                vrk_document_free(v);
            }
        }
    }
}

static int64_t leaves, unclassed;

/* Every value that the schema allows is reached with a class, its own or that of what holds it. */
static void walk(const json_t *root, json_t *schema, const char *class, int depth)
{
    static const char *const known[] = {"business", "aggregate", "person",
                                        "self",     "candidate", "unblinded"};
    const char *own = json_string_value(json_object_get(schema, "x-class")), *key;
    const char *ref = json_string_value(json_object_get(schema, "$ref"));
    json_t *inner;
    bool fine = !own;
    for (int i = 0; own && i < 6; i++)
        fine |= !strcmp(own, known[i]);
    T_OK(fine && depth < 20);
    class = own ? own : class;
    if (ref) {
        walk(root, json_object_get(json_object_get(root, "$defs"), ref + strlen("#/$defs/")), class,
             depth + 1);
        return;
    }
    if (depth && !json_object_get(schema, "properties") && !json_object_get(schema, "items")) {
        leaves++;
        unclassed += !class;
        if (!class)
            printf("# no class: %.60s\n", vrk_json_text(schema, "description"));
    }
    json_object_foreach(json_object_get(schema, "properties"), key, inner)
        walk(root, inner, class, depth + 1);
    if (json_object_get(schema, "items"))
        walk(root, json_object_get(schema, "items"), class, depth + 1);
}

static void every_field_of_the_schema_has_a_class(void)
{
    json_t *schema = json_loads(vrk_embed_diagnosis_schema[0].bytes, 0, NULL);
    T_OK(schema);
    walk(schema, schema, NULL, 0);
    T_OK(leaves > 100 && unclassed == 0);
    json_decref(schema);
}

T_MAIN(T_CASE(the_owner_sees_all_that_the_schema_knows), T_CASE(names_the_organisation),
       T_CASE(nobody_else_sees_persons_without_right), T_CASE(business_is_for_those_who_sell),
       T_CASE(a_sum_over_few_persons_is_hidden),
       T_CASE(a_person_sees_the_own_row_on_the_screen_only),
       T_CASE(a_manager_sees_a_person_inside_a_case_in_the_own_team),
       T_CASE(keys_become_the_sources_ids), T_CASE(applicants_are_for_who_recruits),
       T_CASE(every_field_of_the_schema_has_a_class))
