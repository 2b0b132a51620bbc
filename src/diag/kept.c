#include "diag/kept.h"

#include "base/date.h"
#include "base/str.h"
#include "diag/diagnose.h"
#include "diag/machine.h"

#include <inttypes.h>
#include <jansson.h>
#include <stdlib.h>
#include <string.h>

/* What the result hangs on besides facts, seed and program. */
static const char *settings_of(vrk_ctx *ctx, const vrk_workspace *w, int64_t as_of_s)
{
    const char *actions = vrk_action_settings_text(&ctx->scratch, &w->actions);
    json_t *o = !actions ? NULL
                         : json_pack("{s:I,s:s,s:s,s:s,s:s}", "as_of_s", (json_int_t)as_of_s,
                                     "timezone", w->timezone, "country", w->country, "currency",
                                     w->currency, "actions", actions);
    char *dump = o ? json_dumps(o, JSON_COMPACT) : NULL;
    const char *text = dump ? vrk_text_copy(&ctx->scratch, dump) : NULL;
    free(dump);
    json_decref(o);
    return text;
}

/* Runs the diagnosis on facts that are open under a lease. */
static vrk_status make(vrk_ctx *ctx, const vrk_workspace *w, int64_t generation, vrk_facts *facts,
                       const vrk_diagnose_opt *opt, json_t **out)
{
    vrk_status st = VRK_OK;
    vrk_origin origin = {0};
    vrk_diagnose_opt o = *opt;

    TRY(vrk_origin_of_generation(ctx, w->records, generation, &origin));
    o.origin = &origin;
    TRY(vrk_diagnose(ctx, facts, &o, out));
done:
    vrk_origin_free(&origin);
    return st;
}

static vrk_status make_of(vrk_ctx *ctx, const vrk_workspace *w, int64_t generation,
                          const vrk_diagnose_opt *opt, json_t **out)
{
    vrk_status st = VRK_OK;
    vrk_facts *facts = NULL;
    int64_t lease = 0;

    TRY(vrk_workspace_facts_of(ctx, w, generation, &facts, &lease));
    TRY(make(ctx, w, generation, facts, opt, out));
done:
    vrk_facts_close(facts);
    if (lease && vrk_lease_end(ctx, w, lease) != VRK_OK && st == VRK_OK)
        st = VRK_EDB;
    return st;
}

vrk_status vrk_kept_document(vrk_ctx *ctx, const vrk_result *r, vrk_lang lang, json_t **out)
{
    vrk_status st = VRK_OK;
    json_t *document = NULL;
    char day[11];

    *out = NULL;
    if (!r->document) {
        vrk_day_text(r->expired_at / INT64_C(86400000000), day);
        FAIL(VRK_EINPUT, "the document of snapshot %" PRId64 " was let go on %s: it had expired",
             r->id, day);
    }
    TRY(vrk_document_read(ctx, r->document, &document));
    const char *said = json_string_value(json_object_get(document, "language"));
    if (!said || strcmp(said, lang == VRK_SV ? "sv" : "en") != 0)
        TRY(vrk_document_say(ctx, document, lang));
    *out = document;
    document = NULL;
done:
    json_decref(document);
    return st;
}

vrk_status vrk_kept_diagnose(vrk_ctx *ctx, const vrk_workspace *w, const vrk_kept_opt *opt,
                             json_t **out, bool *made, int64_t *expired)
{
    vrk_status st = VRK_OK;
    vrk_arena mem = {0};
    vrk_generation g = {0};
    vrk_result found = {0};
    json_t *document = NULL;
    const char *text = NULL;

    *out = NULL;
    *made = false;
    *expired = 0;
    TRY(vrk_generation_read(ctx, w, &g));
    if (g.id == 0)
        FAIL(VRK_EINPUT, "%s has no facts yet; 'verkan import PATH -w %s' brings some", w->folder,
             w->folder);
    int64_t as_of = opt->has_as_of ? opt->as_of : g.has_as_of ? g.as_of : 0;
    vrk_diagnose_opt o = {.lang = opt->lang,
                          .version = opt->version,
                          .as_of_s = as_of / 1000000,
                          .actions = &w->actions};
    vrk_result r = {.generation = g.id,
                    .version = opt->version,
                    .build = vrk_build_id(&mem),
                    .seed = ctx->seed,
                    .settings = settings_of(ctx, w, o.as_of_s),
                    .machine = vrk_machine(ctx, &mem)};
    if (!r.settings || mem.failed)
        FAIL(VRK_EMEMORY, "out of memory");
    if (!opt->fresh)
        TRY(vrk_result_find(ctx, w->records, &r, &mem, &found));
    if (!found.id) {
        TRY(make_of(ctx, w, g.id, &o, &document));
        TRY(vrk_document_text(ctx, document, &mem, &text));
        r.document = text;
        r.as_of = json_string_value(json_object_get(json_object_get(document, "data"), "as_of"));
        TRY(vrk_result_put(ctx, w->records, &r, expired));
        found = r;
        *made = true;
    }
    TRY(vrk_kept_document(ctx, &found, opt->lang, out));
done:
    vrk_document_free(document);
    vrk_generation_free(&g);
    vrk_arena_free(&mem);
    return st;
}

vrk_status vrk_kept_replay(vrk_ctx *ctx, const vrk_workspace *w, const vrk_result *r,
                           const char *version, vrk_lang lang, json_t **out)
{
    vrk_status st = VRK_OK;
    json_error_t error;
    json_t *settings = json_loads(r->settings, 0, &error);
    const char *text = json_string_value(json_object_get(settings, "actions"));
    uint64_t seed = ctx->seed;
    vrk_settings set;
    vrk_diagnose_opt o = {.lang = lang, .version = version};

    *out = NULL;
    if (strcmp(r->version, version) != 0)
        FAIL(VRK_EINPUT,
             "snapshot %" PRId64 " was made by verkan %s, this is verkan %s: only the version that "
             "made it can make it again",
             r->id, r->version, version);
    if (!settings)
        FAIL(VRK_EDB, "records.db: the settings of snapshot %" PRId64 " are no JSON: %s", r->id,
             error.text);
    o.as_of_s = json_integer_value(json_object_get(settings, "as_of_s"));
    TRY(vrk_settings_parse(ctx, "records.db", text ? text : "", &ctx->scratch, &set));
    o.actions = &set.actions;
    ctx->seed = r->seed;
    TRY(make_of(ctx, w, r->generation, &o, out));
done:
    ctx->seed = seed;
    json_decref(settings);
    return st;
}
