#include "http/policy.h"

#include "base/date.h"
#include "store/audit.h"

#include <jansson.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

const char *const vrk_method_name[VRK_METHODS] = {"GET", "POST", "PUT", "PATCH", "DELETE"};

void vrk_answer_text(vrk_request *r, int status, const char *type, const char *text)
{
    vrk_blob_drop(r->answer.blob);
    r->answer = (vrk_reply){.status = status, .type = type, .bytes = text, .n = strlen(text)};
}

void vrk_answer_blob(vrk_request *r, vrk_blob *b)
{
    vrk_blob_drop(r->answer.blob);
    r->answer = (vrk_reply){.status = 200, .type = b->type, .blob = b};
}

vrk_status vrk_answer_json(vrk_ctx *ctx, vrk_request *r, int status, json_t *value)
{
    char *dump = value ? json_dumps(value, JSON_COMPACT | JSON_REAL_PRECISION(9)) : NULL;
    const char *text = dump ? vrk_text_copy(&r->mem, dump) : NULL;
    free(dump);
    json_decref(value);
    if (!text)
        return vrk_fail(ctx, VRK_EMEMORY, "out of memory for an answer");
    vrk_answer_text(r, status, "application/json", text);
    return VRK_OK;
}

void vrk_refuse(vrk_request *r, int status, const char *code, const char *msgid)
{
    json_t *o = json_pack("{s:{s:s,s:s}}", "error", "code", code, "text", vrk_tr(r->lang, msgid));
    vrk_ctx ctx = {0};
    if (vrk_answer_json(&ctx, r, status, o) != VRK_OK)
        vrk_answer_text(r, status, "application/json", "{\"error\":{\"code\":\"memory\"}}");
}

void vrk_answer_failure(vrk_request *r, const vrk_ctx *ctx, vrk_status st)
{
    if (st == VRK_EINPUT || st == VRK_ENUMERIC)
        vrk_refuse(r, 400, "input", ctx->message);
    else
        vrk_refuse(r, 503, "unavailable",
                   VRK_N("That could not be done now. Nothing was changed; please try again."));
}

/* Too deep or too much, before the parser is asked. */
static bool within_limits(const char *text, size_t n)
{
    enum { DEPTH = 8, MEMBERS = 4000 };
    int depth = 0, members = 0;
    bool quoted = false;
    for (size_t i = 0; i < n; i++) {
        char c = text[i];
        if (quoted && c == '\\')
            i++;
        else if (c == '"')
            quoted = !quoted;
        else if (!quoted && (c == '{' || c == '['))
            depth++;
        else if (!quoted && (c == '}' || c == ']'))
            depth--;
        else if (!quoted && c == ',')
            members++;
        if (depth > DEPTH || members > MEMBERS)
            return false;
    }
    return true;
}

vrk_status vrk_json_strict(vrk_ctx *ctx, const char *text, size_t n, json_t **out)
{
    json_error_t error;
    *out = NULL;
    if (!within_limits(text, n))
        return vrk_fail(ctx, VRK_EINPUT,
                        VRK_N("the request is larger or deeper than any that is "
                              "meant"));
    *out = json_loadb(text, n, JSON_REJECT_DUPLICATES, &error);
    if (json_is_object(*out))
        return VRK_OK;
    json_decref(*out);
    *out = NULL;
    return vrk_fail(ctx, VRK_EINPUT, VRK_N("the request is not one JSON object"));
}

static bool is_texts(const json_t *v, int most)
{
    const json_t *row;
    size_t i;
    if (!json_is_array(v) || json_array_size(v) > (size_t)most)
        return false;
    json_array_foreach(v, i, row)
    {
        if (!json_is_string(row) || json_string_length(row) > 200)
            return false;
    }
    return true;
}

/* Line breaks are text, other control characters are not. */
static bool is_clean(const char *s)
{
    for (; *s; s++) {
        if ((unsigned char)*s < 32 && *s != '\n' && *s != '\t')
            return false;
    }
    return true;
}

static bool take(const vrk_field *f, json_t *v)
{
    const char *s = json_string_value(v);
    int64_t day;
    if (json_is_null(v))
        return !f->must;
    switch (f->kind) {
    case VRK_IS_DAY:
        if (!s || !vrk_day_parse(s, &day))
            return false;
        *(const char **)f->to = s;
        return true;
    case VRK_IS_TEXT:
        if (!s || json_string_length(v) > (size_t)f->most || (f->must && !*s) || !is_clean(s))
            return false;
        *(const char **)f->to = s;
        return true;
    case VRK_IS_BOOL:
        *(bool *)f->to = json_is_true(v);
        return json_is_boolean(v);
    case VRK_IS_COUNT:
        *(int64_t *)f->to = json_integer_value(v);
        return json_is_integer(v) && json_integer_value(v) >= 0 && json_integer_value(v) <= f->most;
    case VRK_IS_TEXTS:
        *(json_t **)f->to = v;
        return is_texts(v, f->most);
    case VRK_IS_OBJECT:
        *(json_t **)f->to = v;
        return json_is_object(v);
    }
    return false;
}

static const vrk_field *field_of(const vrk_field *field, int n, const char *name)
{
    for (int i = 0; i < n; i++) {
        if (!strcmp(field[i].name, name))
            return &field[i];
    }
    return NULL;
}

vrk_status vrk_body_read(vrk_ctx *ctx, vrk_request *r, const vrk_field *field, int n)
{
    vrk_status st = VRK_OK;
    const char *key;
    json_t *v;

    TRY(vrk_json_strict(ctx, vrk_str_of(&r->body), r->body.n, &r->json));
    json_object_foreach(r->json, key, v)
    {
        const vrk_field *f = field_of(field, n, key);
        if (!f)
            FAIL(VRK_EINPUT, "the request has a member that is not meant: %.40s", key);
        if (!take(f, v))
            FAIL(VRK_EINPUT, "%s cannot be that", f->name);
        if (f->given)
            *f->given = true;
    }
    for (int i = 0; i < n; i++) {
        if (field[i].must && !json_object_get(r->json, field[i].name))
            FAIL(VRK_EINPUT, "%s is missing", field[i].name);
    }
done:
    return st;
}

const char *vrk_query(const vrk_request *r, const char *name)
{
    for (int i = 0; i < r->queries; i++) {
        if (!strcmp(r->query[i][0], name))
            return r->query[i][1];
    }
    return NULL;
}

static int64_t number_of(const char *s)
{
    size_t n = s ? strspn(s, "0123456789") : 0;
    return n > 0 && n < 18 && !s[n] ? strtoll(s, NULL, 10) : -1;
}

vrk_status vrk_query_int(vrk_ctx *ctx, const vrk_request *r, const char *name, int64_t least,
                         int64_t most, int64_t otherwise, int64_t *out)
{
    const char *s = vrk_query(r, name);
    *out = s ? number_of(s) : otherwise;
    if (s && (*out < least || *out > most))
        return vrk_fail(ctx, VRK_EINPUT, "%s cannot be that", name);
    return VRK_OK;
}

int64_t vrk_part_number(const vrk_request *r, int place)
{
    int64_t n = place < r->parts ? number_of(r->part[place]) : 0;
    return n > 0 ? n : 0;
}

vrk_status vrk_change_begin(vrk_worker *w)
{
    return vrk_records_run(&w->ctx, w->w.records, "BEGIN IMMEDIATE", NULL, 0, NULL);
}

vrk_status vrk_change_end(vrk_worker *w, vrk_request *r, const char *subject, const char *purpose)
{
    vrk_status st = VRK_OK;
    vrk_ctx *ctx = &w->ctx;
    const vrk_audit entry = {.account = r->entering ? r->entering
                                        : r->member ? r->member->account.id
                                                    : 0,
                             .what = r->route->audit,
                             .subject = subject,
                             .purpose = purpose,
                             .outcome = "done"};
    TRY(vrk_audit_add(ctx, w->w.records, &entry));
    TRY(vrk_records_run(ctx, w->w.records, "COMMIT", NULL, 0, NULL));
    r->audited = true;
done:
    return st;
}

vrk_value vrk_bind_text(const char *s)
{
    return (vrk_value){.type = VRK_TEXT, .s = s, .null = !s};
}

vrk_value vrk_bind_int(int64_t i)
{
    return (vrk_value){.type = VRK_INT, .i = i};
}

vrk_value vrk_bind_key(int64_t i)
{
    return (vrk_value){.type = VRK_INT, .i = i, .null = i == 0};
}

const char *vrk_iso(vrk_arena *mem, int64_t us)
{
    time_t seconds = (time_t)(us / 1000000);
    struct tm t;
    char text[40];
    gmtime_r(&seconds, &t);
    strftime(text, sizeof(text), "%Y-%m-%dT%H:%M:%SZ", &t);
    return vrk_text_copy(mem, text);
}

void vrk_request_end(vrk_request *r)
{
    json_decref(r->json);
    r->json = NULL;
}
