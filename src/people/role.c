#include "people/role.h"

#include "base/sys.h"
#include "people/put.h"
#include "people/sitting_parts.h"
#include "role_files.h"
#include "store/results.h"

#include <inttypes.h>
#include <jansson.h>
#include <math.h>
#include <string.h>

static const char *const asks[VRK_ROLE_ASKS] = {
    "prospecting",        "qualification", "business_questions",
    "relationship",       "presentation",  "decision_steering",
    "objection_handling", "next_step",     "prioritisation",
};

static vrk_status wrong(vrk_ctx *ctx, const char *file, int64_t i, const char *what)
{
    return vrk_fail(ctx, VRK_EINPUT, "%s, role %" PRId64 ": %s", file, i + 1, vrk_said(ctx, what));
}

static const char *text_of(vrk_arena *mem, const json_t *o, const char *key)
{
    const char *text = json_string_value(json_object_get(o, key));
    return text && *text ? vrk_text_copy(mem, text) : NULL;
}

static vrk_status read_role(vrk_ctx *ctx, const char *file, const json_t *o, int64_t i,
                            vrk_role_list *out)
{
    vrk_job *r = &out->role[i];
    const json_t *weights = json_object_get(o, "weights");
    static const char *const both[] = {"en", "sv"};
    r->role = text_of(&out->mem, o, "role");
    for (int k = 0; k < 2; k++) {
        r->name.in[k] = text_of(&out->mem, json_object_get(o, "name"), both[k]);
        r->about.in[k] = text_of(&out->mem, json_object_get(o, "about"), both[k]);
    }
    if (out->mem.failed)
        return vrk_fail(ctx, VRK_EMEMORY, "out of memory for %s", file);
    if (json_object_size(o) != 5 || !r->role || !r->name.in[0] || !r->name.in[1] ||
        !r->about.in[0] || !r->about.in[1])
        return wrong(ctx, file, i,
                     VRK_N("role, name and about in en and sv, complex and weights are needed"));
    for (int64_t k = 0; k < i; k++) {
        if (!strcmp(out->role[k].role, r->role))
            return wrong(ctx, file, i, VRK_N("it is there twice"));
    }
    r->complex = json_number_value(json_object_get(o, "complex"));
    if (!(r->complex > 0 && r->complex < 1))
        return wrong(ctx, file, i, VRK_N("complex is a share between 0 and 1"));
    if (json_object_size(weights) != VRK_ROLE_ASKS)
        return wrong(ctx, file, i, VRK_N("nine competences have a weight"));
    r->n = VRK_ROLE_ASKS;
    for (int k = 0; k < r->n; k++) {
        r->competency[k] = asks[k];
        r->start[k] = (int64_t)json_integer_value(json_object_get(weights, asks[k]));
        r->said[k] = r->apart[k] = r->dealt[k] = nan("");
        if (r->start[k] < 1 || r->start[k] > 5)
            return wrong(ctx, file, i, VRK_N("weights are 1 to 5"));
    }
    return VRK_OK;
}

double vrk_job_mean(const vrk_job *r, int k)
{
    double said = isfinite(r->said[k]) ? r->said[k] : 0;
    double n = isfinite(r->said[k]) ? (double)r->raters : 0, start = r->start[k] ? 1 : 0;
    double dealt = isfinite(r->dealt[k]) ? r->dealt[k] : 0;
    double deals = isfinite(r->dealt[k]) ? r->deals_count : 0;
    return ((double)r->start[k] + n * said + deals * dealt) / (start + n + deals);
}

static void blend(vrk_job *r)
{
    double all = 0;
    for (int k = 0; k < r->n; k++) {
        r->weight[k] = vrk_job_mean(r, k);
        all += r->weight[k];
    }
    for (int k = 0; k < r->n; k++)
        r->weight[k] /= all;
}

vrk_status vrk_role_list_parse(vrk_ctx *ctx, const char *file, const char *json, size_t n,
                               vrk_role_list *out)
{
    vrk_status st = VRK_OK;
    json_error_t error;
    json_t *o = json_loadb(json, n, JSON_REJECT_DUPLICATES, &error);
    const json_t *list = json_object_get(o, "roles");
    *out = (vrk_role_list){.mem.limit = ctx->scratch.limit};
    if (!o)
        FAIL(VRK_EINPUT, "%s, line %d: %s", file, error.line, error.text);
    if (json_object_size(o) != 1 || json_array_size(list) < 1)
        FAIL(VRK_EINPUT, "%s: a list of roles is needed, and nothing else", file);
    out->role = VRK_NEW(&out->mem, (int64_t)json_array_size(list), vrk_job);
    if (!out->role)
        FAIL(VRK_EMEMORY, "out of memory for %s", file);
    for (int64_t i = 0; i < (int64_t)json_array_size(list); i++) {
        TRY(read_role(ctx, file, json_array_get(list, (size_t)i), i, out));
        blend(&out->role[i]);
        out->n++;
    }
done:
    json_decref(o);
    if (st != VRK_OK)
        vrk_role_list_free(out);
    return st;
}

/* Own competences that experts weigh for the role, with names in both languages. */
static vrk_status read_own(vrk_ctx *ctx, vrk_records *records, vrk_arena *mem, vrk_job *r)
{
    vrk_status st = VRK_OK;
    vrk_frame f = {0};
    const vrk_value role = put_text(r->role);
    TRY(vrk_records_run(ctx, records,
                        "SELECT competency, coalesce(json_extract(text, '$.name.en'), competency) "
                        "AS en, coalesce(json_extract(text, '$.name.sv'), competency) AS sv FROM "
                        "own_instrument WHERE retired_at IS NULL AND competency IN (SELECT "
                        "competency FROM role_weight WHERE role = ?1) ORDER BY competency",
                        &role, 1, &f));
    for (int64_t i = 0; i < f.rows && r->n < VRK_ROLE_MOST; i++) {
        int k = r->n++;
        r->competency[k] = vrk_text_copy(mem, text_at(&f, "competency", i));
        r->own[k].in[VRK_EN] = vrk_text_copy(mem, text_at(&f, "en", i));
        r->own[k].in[VRK_SV] = vrk_text_copy(mem, text_at(&f, "sv", i));
        r->start[k] = 0;
        r->said[k] = r->apart[k] = r->dealt[k] = nan("");
    }
    if (mem->failed)
        FAIL(VRK_EMEMORY, "out of memory for roles");
done:
    vrk_frame_free(&f);
    return st;
}

static vrk_status read_said(vrk_ctx *ctx, vrk_records *records, vrk_job *r)
{
    vrk_status st = VRK_OK;
    vrk_frame f = {0}, n = {0};
    const vrk_value role = put_text(r->role);
    TRY(vrk_records_run(ctx, records,
                        "SELECT count(DISTINCT rater) AS n FROM role_weight WHERE role = ?1", &role,
                        1, &n));
    r->raters = int_at(&n, "n", 0);
    TRY(vrk_records_run(ctx, records,
                        "SELECT competency, count(*) AS n, sum(weight) AS s, sum(weight * weight) "
                        "AS ss FROM role_weight WHERE id IN (SELECT max(id) FROM role_weight WHERE "
                        "role = ?1 GROUP BY rater, competency) GROUP BY competency",
                        &role, 1, &f));
    for (int64_t i = 0; i < f.rows; i++) {
        double many = (double)int_at(&f, "n", i), sum = (double)int_at(&f, "s", i);
        for (int k = 0; k < r->n; k++) {
            if (strcmp(r->competency[k], text_at(&f, "competency", i)) != 0)
                continue;
            r->said[k] = sum / many;
            if (many > 1)
                r->apart[k] =
                    sqrt(fmax((double)int_at(&f, "ss", i) - sum * sum / many, 0) / (many - 1));
        }
    }
    blend(r);
done:
    vrk_frame_free(&f);
    vrk_frame_free(&n);
    return st;
}

vrk_status vrk_role_list_read(vrk_ctx *ctx, vrk_records *records, vrk_role_list *out)
{
    vrk_status st = VRK_OK;
    const vrk_role_files_file *file = &vrk_embed_role_files[0];
    vrk_result result = {0};
    TRY(vrk_role_list_parse(ctx, file->name, file->bytes, file->n, out));
    if (records)
        TRY(vrk_result_read(ctx, records, 0, &out->mem, &result));
    if (result.id && result.document)
        TRY(vrk_role_deals(ctx, result.document, out));
    for (int64_t i = 0; records && i < out->n; i++) {
        TRY(read_own(ctx, records, &out->mem, &out->role[i]));
        TRY(read_said(ctx, records, &out->role[i]));
    }
done:
    if (st != VRK_OK)
        vrk_role_list_free(out);
    return st;
}

void vrk_role_list_free(vrk_role_list *r)
{
    vrk_arena_free(&r->mem);
    *r = (vrk_role_list){0};
}

const vrk_job *vrk_job_find(const vrk_role_list *r, const char *role)
{
    for (int64_t i = 0; i < r->n; i++) {
        if (!strcmp(r->role[i].role, role))
            return &r->role[i];
    }
    return NULL;
}

static bool is_ready(const char *competency)
{
    int k = 0;
    while (k < VRK_ROLE_ASKS && strcmp(asks[k], competency) != 0)
        k++;
    return k < VRK_ROLE_ASKS;
}

/* One of own instruments that is sent. */
static vrk_status check_own(vrk_ctx *ctx, vrk_records *records, const char *competency)
{
    vrk_status st = VRK_OK;
    vrk_frame f = {0};
    const vrk_value bind = put_text(competency);
    TRY(vrk_records_run(ctx, records,
                        "SELECT 1 FROM own_instrument WHERE competency = ?1 AND retired_at IS NULL",
                        &bind, 1, &f));
    if (!f.rows)
        FAIL(VRK_EINPUT, "there is no competency '%s'", competency);
done:
    vrk_frame_free(&f);
    return st;
}

static vrk_status check_weights(vrk_ctx *ctx, vrk_records *records, const char *rater,
                                const char *const *competency, const int64_t *weight, int64_t n)
{
    vrk_status st = VRK_OK;
    if (!vrk_id_is_plain(rater))
        FAIL(VRK_EINPUT, "who weighs is needed, 1 to %d characters", VRK_ID_MOST);
    for (int64_t i = 0; i < n; i++) {
        if (!is_ready(competency[i]))
            TRY(check_own(ctx, records, competency[i]));
        if (weight[i] < 1 || weight[i] > 5)
            FAIL(VRK_EINPUT, "%s: a weight is 1 to 5, not %" PRId64, competency[i], weight[i]);
    }
done:
    return st;
}

/* No role asks for more than there is room for. */
static vrk_status check_room(vrk_ctx *ctx, vrk_records *records, const char *role)
{
    vrk_status st = VRK_OK;
    vrk_frame f = {0};
    const vrk_value bind = put_text(role);
    TRY(vrk_records_run(ctx, records,
                        "SELECT count(*) AS n FROM own_instrument WHERE retired_at IS NULL AND "
                        "competency IN (SELECT competency FROM role_weight WHERE role = ?1)",
                        &bind, 1, &f));
    if (int_at(&f, "n", 0) > VRK_ROLE_MOST - VRK_ROLE_ASKS)
        FAIL(VRK_EINPUT, "a role asks for %d competences of your own at the most",
             VRK_ROLE_MOST - VRK_ROLE_ASKS);
done:
    vrk_frame_free(&f);
    return st;
}

vrk_status vrk_job_weigh_put(vrk_ctx *ctx, vrk_records *records, const char *role,
                             const char *rater, const char *const *competency,
                             const int64_t *weight, int64_t n)
{
    vrk_status st = VRK_OK;
    vrk_role_list roles = {0};
    TRY(vrk_role_list_read(ctx, NULL, &roles));
    if (!vrk_job_find(&roles, role))
        FAIL(VRK_EINPUT, "there is no role '%s'; verkan recruit roles shows them", role);
    TRY(check_weights(ctx, records, rater, competency, weight, n));
    for (int64_t i = 0; i < n; i++) {
        const vrk_value row[] = {put_text(role), put_text(rater), put_text(competency[i]),
                                 put_int(weight[i]), put_int(vrk_now(ctx))};
        TRY(vrk_records_run(ctx, records,
                            "INSERT INTO role_weight (role, rater, competency, weight, made_at) "
                            "VALUES (?1, ?2, ?3, ?4, ?5)",
                            row, 5, NULL));
    }
    TRY(check_room(ctx, records, role));
done:
    vrk_role_list_free(&roles);
    return st;
}

vrk_status vrk_job_weigh(vrk_ctx *ctx, vrk_records *records, const char *role, const char *rater,
                         const char *const *competency, const int64_t *weight, int64_t n)
{
    vrk_status st = VRK_OK;
    bool begun = false;
    TRY(vrk_records_run(ctx, records, "BEGIN IMMEDIATE", NULL, 0, NULL));
    begun = true;
    TRY(vrk_job_weigh_put(ctx, records, role, rater, competency, weight, n));
    TRY(vrk_records_run(ctx, records, "COMMIT", NULL, 0, NULL));
    begun = false;
done:
    if (begun)
        vrk_records_roll_back(ctx, records);
    return st;
}
