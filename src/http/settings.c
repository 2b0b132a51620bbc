/* The settings that the owner may change in the page: costs and effects of actions, the currency,
 * and whether persons are shown. verkan.toml is written whole or not at all; its comments stay. */
#include "http/policy.h"
#include "http/who.h"

#include "base/sys.h"
#include "store/settings.h"

#include <jansson.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { WORD = 100 };

/* What changes how files are read is not for a page: it would need all of them read again. Nor are
 * the limits, which who runs the server sets in the file. Who needs a second factor is the
 * administrators' matter too; what is of the business is not. */
static bool is_offered(const vrk_setting *s, const vrk_request *r)
{
    if (!strcmp(s->section, "server"))
        return !strcmp(s->key, "second_factor");
    return r->member->account.role == VRK_BY_OWNER && strcmp(s->key, "timezone") != 0 &&
           strcmp(s->key, "country") != 0;
}

static const char *name_of(const vrk_setting *s, vrk_arena *mem)
{
    return vrk_text_f(mem, "%s%s%s", s->section, *s->section ? "." : "", s->key);
}

static vrk_status read_file(vrk_worker *w, const char **path, char **text, vrk_settings *out)
{
    vrk_status st = VRK_OK;
    vrk_ctx *ctx = &w->ctx;

    *path = vrk_text_f(&ctx->scratch, "%s/verkan.toml", w->app->opt->folder);
    if (!*path)
        FAIL(VRK_EMEMORY, "out of memory for the settings");
    TRY(vrk_settings_read(ctx, *path, &ctx->scratch, text, out));
done:
    return st;
}

static json_t *say(const vrk_setting *s, const vrk_settings *all, vrk_arena *mem)
{
    const char *text;
    double number;
    json_t *o = json_pack("{s:s?}", "name", name_of(s, mem));
    if (s->text) {
        memcpy(&text, (const char *)all + s->at, sizeof(text));
        json_object_set_new(o, "value", json_string(text));
    } else {
        memcpy(&number, (const char *)all + s->at, sizeof(number));
        json_object_set_new(o, "value", json_real(number));
        json_object_set_new(o, "least", json_real(s->least));
        json_object_set_new(o, "most", json_real(s->most));
    }
    return o;
}

vrk_status vrk_run_settings(vrk_worker *w, vrk_request *r)
{
    vrk_status st = VRK_OK;
    vrk_ctx *ctx = &w->ctx;
    vrk_settings now;
    vrk_setting s;
    const char *path;
    char *text;
    json_t *list = json_array();

    TRY(read_file(w, &path, &text, &now));
    for (int i = 0; vrk_settings_at(i, &s); i++) {
        if (is_offered(&s, r) && json_array_append_new(list, say(&s, &now, &ctx->scratch)) != 0)
            FAIL(VRK_EMEMORY, "out of memory for an answer");
    }
    TRY(vrk_answer_json(ctx, r, 200, json_incref(list)));
done:
    json_decref(list);
    return st;
}

/* The value as verkan.toml has it; NULL: it cannot be. */
static const char *written(const vrk_setting *s, const json_t *value, vrk_arena *mem)
{
    const char *text = json_string_value(value);
    if (s->text)
        return text && strlen(text) <= WORD && !strpbrk(text, "\"\n\r\\") ? text : NULL;
    double number = json_number_value(value);
    return json_is_number(value) && isfinite(number) ? vrk_text_f(mem, "%.15g", number) : NULL;
}

/* The text with all that is asked for; *names: what that was, for the log. */
static vrk_status change(vrk_ctx *ctx, const vrk_request *r, json_t *asked, const char **text,
                         vrk_str *names)
{
    vrk_status st = VRK_OK;
    const char *name;
    json_t *value;
    json_object_foreach(asked, name, value)
    {
        vrk_setting s;
        int i = 0;
        const char *is = "";
        while (vrk_settings_at(i, &s) && strcmp(is = name_of(&s, &ctx->scratch), name) != 0)
            i++;
        if (!vrk_settings_at(i, &s) || !is_offered(&s, r))
            FAIL(VRK_EINPUT, "there is no setting %.60s that is changed here", name);
        const char *to = written(&s, value, &ctx->scratch);
        if (!to)
            FAIL(VRK_EINPUT, "%.60s cannot be that", name);
        *text = vrk_settings_change(&ctx->scratch, *text, i, to);
        vrk_str_addf(names, "%s%s", names->n ? " " : "", is);
    }
    if (ctx->scratch.failed)
        FAIL(VRK_EMEMORY, "out of memory for the settings");
done:
    return st;
}

vrk_status vrk_run_settings_change(vrk_worker *w, vrk_request *r)
{
    vrk_status st = VRK_OK;
    vrk_ctx *ctx = &w->ctx;
    vrk_settings now, next;
    json_t *asked = NULL;
    const char *path, *to;
    char *was;
    vrk_str names = {.mem = &ctx->scratch};
    const vrk_field field[] = {{"values", VRK_IS_OBJECT, true, 0, &asked, NULL}};

    TRY(vrk_body_read(ctx, r, field, 1));
    TRY(vrk_change_begin(w)); /* one change at a time */
    TRY(read_file(w, &path, &was, &now));
    to = was;
    TRY(change(ctx, r, asked, &to, &names));
    TRY(vrk_settings_parse(ctx, "verkan.toml", to, &ctx->scratch, &next));
    TRY(vrk_file_replace(ctx, path, to, strlen(to)));
    st = vrk_change_end(w, r, vrk_str_of(&names), NULL);
    if (st != VRK_OK) { /* what is not logged is not done */
        vrk_status back = vrk_file_replace(ctx, path, was, strlen(was));
        if (back != VRK_OK)
            st = back;
        goto done;
    }
    w->app->open = !strcmp(next.person_level, "open");
    vrk_second_must(w->app, next.server.second_factor);
    w->app->contests++; /* results are shown anew */
    vrk_answer_text(r, 204, NULL, "");
done:
    return st;
}
