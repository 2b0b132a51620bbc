#include "people/instrument.h"

#include "base/str.h"
#include "instrument_files.h"

#include <jansson.h>
#include <math.h>
#include <string.h>

#define DIFFICULTY_MOST 4.0 /* [logits] */

/* Where in a file something is, for what is said when it is wrong. */
typedef struct {
    vrk_ctx *ctx;
    const char *file, *part;
    vrk_arena *mem;
    bool own;
} reading;

static vrk_status wrong(const reading *r, const char *key, const char *what)
{
    return vrk_fail(r->ctx, VRK_EINPUT, "%s: %s: %s: %s", r->file, vrk_said(r->ctx, r->part), key,
                    vrk_said(r->ctx, what));
}

static vrk_status read_plain(const reading *r, const json_t *o, const char *key, const char **out)
{
    const char *text = json_string_value(json_object_get(o, key));
    if (!text || !*text)
        return wrong(r, key, VRK_N("a text is missing"));
    *out = vrk_text_copy(r->mem, text);
    return *out ? VRK_OK : vrk_fail(r->ctx, VRK_EMEMORY, "out of memory for %s", r->file);
}

/* A text in both languages. `o` is the object that has them. */
static vrk_status read_both(const reading *r, const json_t *o, vrk_text *out)
{
    vrk_status st = VRK_OK;
    TRY(read_plain(r, o, "en", &out->in[0]));
    TRY(read_plain(r, o, "sv", &out->in[1]));
done:
    return st;
}

static vrk_status read_text(const reading *r, const json_t *o, const char *key, vrk_text *out)
{
    const json_t *text = json_object_get(o, key);
    if (json_object_size(text) != 2)
        return wrong(r, key, VRK_N("a text in sv and en is needed, and nothing else"));
    return read_both(r, text, out);
}

/* One of two words. */
static vrk_status read_either(const reading *r, const json_t *o, const char *key, const char *no,
                              const char *yes, bool *out)
{
    const char *word = json_string_value(json_object_get(o, key));
    *out = word && !strcmp(word, yes);
    if (*out || (word && !strcmp(word, no)))
        return VRK_OK;
    return vrk_fail(r->ctx, VRK_EINPUT, "%s: %s: %s: %s is neither %s nor %s", r->file,
                    vrk_said(r->ctx, r->part), key,
                    word ? word : vrk_said(r->ctx, VRK_N("nothing")), no, yes);
}

static vrk_status read_option(const reading *r, const json_t *o, int64_t i, vrk_item_option *out)
{
    vrk_status st = VRK_OK;
    const char key[] = {(char)('a' + i), 0};
    const char *own = json_string_value(json_object_get(o, "key"));
    const json_t *points = json_object_get(o, "points");
    if (json_object_size(o) != 4 || !own || strcmp(own, key) != 0)
        return wrong(r, key,
                     VRK_N("an option has key (a, b, c, d in order), points, text and why"));
    out->points = json_is_integer(points) ? (int64_t)json_integer_value(points) : -1;
    if (out->points < 0 || out->points > VRK_ITEM_POINTS)
        return wrong(r, "points", VRK_N("0, 1, 2 or 3 is needed"));
    TRY(read_text(r, o, "text", &out->text));
    TRY(read_text(r, o, "why", &out->why));
done:
    return st;
}

static vrk_status read_situation(const reading *r, const json_t *o, vrk_item *out)
{
    vrk_status st = VRK_OK;
    TRY(read_either(r, o, "complexity", "simple", "complex", &out->complex));
    TRY(read_either(r, o, "decision_structure", "single", "committee", &out->committee));
    TRY(read_either(r, o, "cycle", "short", "long", &out->slow));
done:
    return st;
}

static vrk_status read_item(const reading *outer, const json_t *o, vrk_item *out)
{
    vrk_status st = VRK_OK;
    reading r = *outer;
    const json_t *situation = json_object_get(o, "situation");
    const json_t *options = json_object_get(o, "options");
    const json_t *difficulty = json_object_get(o, "difficulty");
    int64_t best = 0;
    TRY(read_plain(&r, o, "id", &out->id));
    r.part = out->id;
    out->placed = !r.own || !json_is_null(situation);
    if (json_object_size(o) != 5 || (out->placed && json_object_size(situation) != 3))
        TRY(wrong(&r, "item",
                  VRK_N("it has id, situation (of three), difficulty, stem and options")));
    if (out->placed)
        TRY(read_situation(&r, situation, out));
    out->difficulty = json_number_value(difficulty);
    if (!json_is_number(difficulty) || fabs(out->difficulty) > DIFFICULTY_MOST)
        TRY(wrong(&r, "difficulty", VRK_N("a number between -4 and 4 is needed")));
    TRY(read_text(&r, o, "stem", &out->stem));
    if (json_array_size(options) != VRK_ITEM_OPTIONS)
        TRY(wrong(&r, "options", VRK_N("four are needed")));
    for (int64_t i = 0; i < VRK_ITEM_OPTIONS; i++) {
        TRY(read_option(&r, json_array_get(options, (size_t)i), i, &out->option[i]));
        best += out->option[i].points == VRK_ITEM_POINTS;
    }
    if (best != 1)
        TRY(wrong(&r, "options", VRK_N("one of them, and only one, has 3 points")));
done:
    return st;
}

static vrk_status read_items(const reading *r, const json_t *list, vrk_instrument *out)
{
    vrk_status st = VRK_OK;
    int64_t kind[6] = {0};
    out->items = (int64_t)json_array_size(list);
    if (out->items < VRK_ITEMS_LEAST)
        return wrong(r, "items", VRK_N("twelve or more are needed"));
    if (out->items > VRK_ITEMS_MOST)
        return wrong(r, "items", VRK_N("at the most a hundred are possible"));
    out->item = VRK_NEW(r->mem, out->items, vrk_item);
    if (!out->item)
        return vrk_fail(r->ctx, VRK_EMEMORY, "out of memory for %s", r->file);
    for (int64_t i = 0; i < out->items; i++) {
        vrk_item *item = &out->item[i];
        TRY(read_item(r, json_array_get(list, (size_t)i), item));
        for (int64_t j = 0; j < i; j++) {
            if (!strcmp(out->item[j].id, item->id))
                TRY(wrong(r, item->id, VRK_N("two items have this id")));
        }
        kind[item->complex]++;
        kind[2 + item->committee]++;
        kind[4 + item->slow]++;
    }
    for (int k = 0; k < 6 && !r->own; k++) {
        if (kind[k] < VRK_SITUATION_LEAST)
            TRY(wrong(
                r, "items",
                VRK_N("three or more are needed of simple and complex deals, single and committee "
                      "decisions, short and long cycles")));
    }
done:
    return st;
}

static vrk_status read_questions(const reading *r, const json_t *list, vrk_instrument *out)
{
    vrk_status st = VRK_OK;
    out->questions = (int64_t)json_array_size(list);
    if (!out->questions && !r->own)
        return wrong(r, "interview", VRK_N("questions are needed"));
    out->question = VRK_NEW(r->mem, out->questions + 1, vrk_interview_question);
    if (!out->question)
        return vrk_fail(r->ctx, VRK_EMEMORY, "out of memory for %s", r->file);
    for (int64_t i = 0; i < out->questions; i++) {
        const json_t *o = json_array_get(list, (size_t)i);
        TRY(read_both(r, o, &out->question[i].ask));
        TRY(read_text(r, o, "listen_for", &out->question[i].listen_for));
    }
done:
    return st;
}

static vrk_status read_anchors(const reading *r, const json_t *list, vrk_instrument *out)
{
    vrk_status st = VRK_OK;
    if (json_array_size(list) != VRK_LEVELS)
        return wrong(r, "anchors", VRK_N("five levels are needed"));
    for (int64_t i = 0; i < VRK_LEVELS; i++) {
        const json_t *o = json_array_get(list, (size_t)i);
        if (json_integer_value(json_object_get(o, "level")) != i + 1)
            TRY(wrong(r, "anchors", VRK_N("levels 1 to 5 are needed, in order")));
        TRY(read_both(r, o, &out->anchor[i]));
    }
done:
    return st;
}

static vrk_status read_moments(const reading *r, const json_t *list, vrk_instrument *out)
{
    out->moments = (int64_t)json_array_size(list);
    out->moment = VRK_NEW(r->mem, out->moments + 1, const char *);
    for (int64_t i = 0; out->moment && i < out->moments; i++) {
        const char *name = json_string_value(json_array_get(list, (size_t)i));
        if (!name)
            return wrong(r, "moments", VRK_N("names of moments are needed"));
        out->moment[i] = vrk_text_copy(r->mem, name);
    }
    return r->mem->failed ? vrk_fail(r->ctx, VRK_EMEMORY, "out of memory for %s", r->file) : VRK_OK;
}

static vrk_status parse(vrk_ctx *ctx, const char *file, const char *json, size_t n, bool own,
                        vrk_arena *mem, vrk_instrument *out)
{
    vrk_status st = VRK_OK;
    json_error_t error;
    reading r = {ctx, file, VRK_N("the competence"), mem, own};
    json_t *o = json_loadb(json, n, JSON_REJECT_DUPLICATES, &error);
    *out = (vrk_instrument){.own = own, .lang = ""};
    if (!o)
        FAIL(VRK_EINPUT, "%s, line %d: %s", file, error.line, error.text);
    if (json_object_size(o) != 8)
        TRY(wrong(&r, "keys",
                  VRK_N("competency, name, definition, moments, low, anchors, interview and "
                        "items are needed, and nothing else")));
    TRY(read_plain(&r, o, "competency", &out->competency));
    TRY(read_text(&r, o, "name", &out->name));
    TRY(read_text(&r, o, "definition", &out->definition));
    TRY(read_text(&r, o, "low", &out->low));
    TRY(read_moments(&r, json_object_get(o, "moments"), out));
    TRY(read_anchors(&r, json_object_get(o, "anchors"), out));
    TRY(read_questions(&r, json_object_get(o, "interview"), out));
    TRY(read_items(&r, json_object_get(o, "items"), out));
done:
    json_decref(o);
    return st;
}

vrk_status vrk_instrument_parse(vrk_ctx *ctx, const char *file, const char *json, size_t n,
                                vrk_arena *mem, vrk_instrument *out)
{
    vrk_status st = parse(ctx, file, json, n, false, mem, out);
    out->stated = out->items;
    return st;
}

vrk_status vrk_instrument_parse_own(vrk_ctx *ctx, const char *file, const char *json, size_t n,
                                    vrk_arena *mem, vrk_instrument *out)
{
    return parse(ctx, file, json, n, true, mem, out);
}

vrk_status vrk_instruments_read(vrk_ctx *ctx, vrk_instruments *out)
{
    vrk_status st = VRK_OK;
    *out = (vrk_instruments){0};
    out->instrument = VRK_NEW(&out->mem, VRK_INSTRUMENT_FILES_COUNT, vrk_instrument);
    if (!out->instrument)
        FAIL(VRK_EMEMORY, "out of memory for instruments");
    for (int64_t i = 0; i < VRK_INSTRUMENT_FILES_COUNT; i++) {
        const vrk_instrument_files_file *f = &vrk_embed_instrument_files[i];
        TRY(vrk_instrument_parse(ctx, f->name, f->bytes, f->n, &out->mem,
                                 &out->instrument[out->n++]));
    }
done:
    if (st != VRK_OK)
        vrk_instruments_free(out);
    return st;
}

void vrk_instruments_free(vrk_instruments *i)
{
    vrk_arena_free(&i->mem);
    *i = (vrk_instruments){0};
}

const vrk_instrument *vrk_instrument_find(const vrk_instruments *i, const char *competency)
{
    for (int64_t k = 0; k < i->n; k++) {
        if (!strcmp(i->instrument[k].competency, competency))
            return &i->instrument[k];
    }
    return NULL;
}
