/* Learning records (xAPI 1.0): a statement with a score is an assessment of its actor by an outside
 * instrument. */
#include "ingest/json_part.h"

#include "base/str.h"
#include "ingest/competency.h"

#include <string.h>

enum { PERSON, COMPETENCY, ITEM, SCORE, MOST, RATER, INSTRUMENT, ON, COLUMNS };
static const char *const headings[] = {"person_id",  "competency",  "item_id",
                                       "score",      "max_score",   "rater_id",
                                       "instrument", "assessed_on", NULL};

static const json_t *statements_of(const json_t *all)
{
    const json_t *list = json_is_array(all) ? all : json_object_get(all, "statements");
    const json_t *one = json_array_get(list, 0);
    return json_is_object(json_object_get(one, "actor")) && json_object_get(one, "verb") ? list
                                                                                         : NULL;
}

bool vrk_json_is_xapi(const json_t *all)
{
    return statements_of(all) != NULL;
}

/* mbox, or the name of an account, or the hash of an address. */
static const char *agent_of(const json_t *agent)
{
    const char *mbox = json_string_value(json_object_get(agent, "mbox"));
    if (mbox)
        return strncmp(mbox, "mailto:", 7) ? mbox : mbox + 7;
    const char *name =
        json_string_value(json_object_get(json_object_get(agent, "account"), "name"));
    return name ? name : json_string_value(json_object_get(agent, "mbox_sha1sum"));
}

static bool verb_ends(const json_t *statement, const char *end)
{
    const char *verb = json_string_value(json_object_get(json_object_get(statement, "verb"), "id"));
    return verb && vrk_ends_with(verb, end);
}

/* Statements that another one declares void. */
static vrk_status find_voided(vrk_ctx *ctx, const json_t *list, json_t *voided)
{
    size_t i;
    json_t *v;
    json_array_foreach(list, i, v)
    {
        const char *id = json_string_value(json_object_get(json_object_get(v, "object"), "id"));
        if (verb_ends(v, "/voided") && id && json_object_set_new(voided, id, json_true()))
            return vrk_fail(ctx, VRK_EMEMORY, "out of memory for statements");
    }
    return VRK_OK;
}

/* The last part of an address: .../competency/discovery. */
static const char *last_of(const char *id)
{
    const char *slash = strrchr(id, '/');
    return slash && slash[1] ? slash + 1 : id;
}

static const char *number(vrk_arena *mem, double value)
{
    return vrk_text_f(mem, "%.12g", value);
}

/* False: the statement has no score, or nobody to give it to. */
static bool row_of(vrk_ctx *ctx, const json_t *v, const char *cell[COLUMNS])
{
    vrk_arena *mem = &ctx->scratch;
    const json_t *score = json_object_get(json_object_get(v, "result"), "score");
    const json_t *raw = json_object_get(score, "raw"), *scaled = json_object_get(score, "scaled");
    const json_t *most = json_object_get(score, "max"), *least = json_object_get(score, "min");
    double from = json_number_value(least);
    cell[ITEM] = json_string_value(json_object_get(json_object_get(v, "object"), "id"));
    cell[PERSON] = agent_of(json_object_get(v, "actor"));
    if (!cell[ITEM] || !cell[PERSON] || (!json_is_number(raw) && !json_is_number(scaled)))
        return false;
    if (json_is_number(raw)) {
        cell[SCORE] = number(mem, json_number_value(raw) - from);
        cell[MOST] = json_is_number(most) ? number(mem, json_number_value(most) - from) : NULL;
    } else {
        cell[SCORE] = number(mem, json_number_value(scaled));
        cell[MOST] = "1";
    }
    cell[COMPETENCY] = vrk_competency_of(mem, last_of(cell[ITEM]));
    cell[RATER] = agent_of(json_object_get(json_object_get(v, "context"), "instructor"));
    cell[INSTRUMENT] = "external";
    cell[ON] = json_string_value(json_object_get(v, "timestamp"));
    if (!cell[ON])
        cell[ON] = json_string_value(json_object_get(v, "stored"));
    return true;
}

vrk_status vrk_json_xapi(vrk_ctx *ctx, vrk_reading *r, const json_t *all)
{
    vrk_status st = VRK_OK;
    vrk_mark mark = vrk_mark_of(&ctx->scratch);
    vrk_json_sheet s = {0};
    const json_t *list = statements_of(all);
    json_t *voided = json_object(), *v;
    const char *more = json_string_value(json_object_get(all, "more"));
    size_t i, others = 0;

    if (!voided)
        FAIL(VRK_EMEMORY, "out of memory for %s", r->name);
    TRY(find_voided(ctx, list, voided));
    TRY(vrk_json_sheet_open(ctx, r, headings, &s));
    json_array_foreach(list, i, v)
    {
        const char *cell[COLUMNS] = {0}, *id = json_string_value(json_object_get(v, "id"));
        if ((id && json_object_get(voided, id)) || !row_of(ctx, v, cell))
            others++;
        else
            vrk_json_sheet_row(&s, cell, COLUMNS);
    }
    if (others)
        vrk_reading_note(r, "%s: %zu statements have no points, or are void", r->name, others);
    if (more && *more)
        vrk_reading_note(r, "%s: the learning record store has more statements than the file",
                         r->name);
    if (ctx->scratch.failed)
        FAIL(VRK_EMEMORY, "out of memory for %s", r->name);
done:
    st = vrk_json_sheet_close(&s, st, &(vrk_sheet){.table = "assessments", .source = "xapi"});
    json_decref(voided);
    vrk_rewind(&ctx->scratch, mark);
    return st;
}
