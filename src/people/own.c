#include "people/own.h"

#include "base/sys.h"
#include "people/put.h"

#include <inttypes.h>
#include <jansson.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { ID_MOST = 63, NAME_MOST = 200 };

/* What is being put together. */
typedef struct {
    json_t *test, *items;
    const char *lang; /* of the items; "" = not said, or several */
    int64_t stated, placed;
    char file[256]; /* of the first */
} gathered;

static json_t *both(const char *en, const char *sv)
{
    return json_pack("{s:s,s:s}", "en", en, "sv", sv);
}

/* A text that stands for both languages, since there is only one. */
static json_t *alike(const char *text)
{
    return both(text, text);
}

static bool is_id(const char *id)
{
    static const char letters[] =
        "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_.-";
    size_t n = id ? strlen(id) : 0;
    return n > 0 && n <= ID_MOST && strspn(id, letters) == n;
}

static vrk_status take_file(vrk_ctx *ctx, const vrk_own_file *f, gathered *g)
{
    vrk_status st = VRK_OK;
    json_error_t error;
    json_t *one, *got = json_loadb(f->json, f->n, JSON_REJECT_DUPLICATES, &error);
    size_t i;
    if (!got)
        FAIL(VRK_EINPUT, "%s: what was read of it is no list of items", f->name);
    json_t *test = json_object_get(got, "test"), *items = json_object_get(got, "items");
    if (json_is_object(test) && g->test)
        FAIL(VRK_EINPUT, "%s: a test came already, in another file", f->name);
    if (json_is_object(test))
        g->test = json_incref(test);
    json_array_foreach(items, i, one)
    {
        if (json_array_append(g->items, one) != 0)
            FAIL(VRK_EMEMORY, "out of memory for %s", f->name);
    }
    if (!json_is_object(test) && !json_array_size(items) && strcmp(f->name, "imsmanifest.xml") != 0)
        FAIL(VRK_EINPUT, "%s: there is neither a QTI 3 item nor a test in it", f->name);
    if (!*g->file)
        snprintf(g->file, sizeof(g->file), "%s", f->name);
done:
    json_decref(got);
    return st;
}

static const char *text_of(const json_t *o, const char *key)
{
    const char *text = json_string_value(json_object_get(o, key));
    return text ? text : "";
}

static vrk_status difficulty_of(vrk_ctx *ctx, const json_t *from, gathered *g, double *out)
{
    const char *text = text_of(from, "difficulty");
    char *end = NULL;
    *out = 0;
    if (!*text)
        return VRK_OK;
    *out = strtod(text, &end);
    if (end == text || *end || !isfinite(*out))
        return vrk_fail(ctx, VRK_EINPUT, "item %s: '%s' is no difficulty", text_of(from, "id"),
                        text);
    g->stated++;
    return VRK_OK;
}

/* The kind of deal, where all three are told. */
static vrk_status situation_of(vrk_ctx *ctx, const json_t *from, gathered *g, json_t **out)
{
    static const char *const keys[] = {"complexity", "decision_structure", "cycle"};
    int said = 0;
    for (int k = 0; k < 3; k++)
        said += *text_of(from, keys[k]) != 0;
    *out = json_null();
    if (said && said < 3)
        return vrk_fail(ctx, VRK_EINPUT,
                        "item %s: complexity, decision structure and cycle are told together, or "
                        "none of them",
                        text_of(from, "id"));
    if (!said)
        return VRK_OK;
    *out = json_pack("{s:s,s:s,s:s}", keys[0], text_of(from, keys[0]), keys[1],
                     text_of(from, keys[1]), keys[2], text_of(from, keys[2]));
    g->placed++;
    return VRK_OK;
}

static json_t *options_of(const json_t *from)
{
    json_t *list = json_array();
    const json_t *one;
    size_t i;
    json_array_foreach(json_object_get(from, "options"), i, one)
    {
        const char key[] = {(char)('a' + i), 0}, *why = text_of(one, "why");
        json_array_append_new(
            list,
            json_pack("{s:s,s:O,s:o,s:o}", "key", key, "points", json_object_get(one, "points"),
                      "text", alike(text_of(one, "text")), "why",
                      *why ? alike(why) : both("No reason is given.", "Inget skäl är angivet.")));
    }
    return list;
}

static vrk_status item_of(vrk_ctx *ctx, const json_t *from, const char *prefix, gathered *g,
                          json_t *to)
{
    vrk_status st = VRK_OK;
    const char *id = text_of(from, "id"), *lang = text_of(from, "lang");
    double difficulty;
    json_t *situation;
    if (!is_id(id))
        FAIL(VRK_EINPUT, "item %s: its identifier may have letters, digits, _ . and - only", id);
    TRY(difficulty_of(ctx, from, g, &difficulty));
    TRY(situation_of(ctx, from, g, &situation));
    const char *known = !strncmp(lang, "sv", 2) ? "sv" : !strncmp(lang, "en", 2) ? "en" : "";
    g->lang = !g->lang || !strcmp(g->lang, known) ? known : "";
    const char *whole = vrk_text_f(&ctx->scratch, "%s%s", prefix, id);
    json_t *o =
        json_pack("{s:s?,s:o,s:f,s:o,s:o}", "id", whole, "situation", situation, "difficulty",
                  difficulty, "stem", alike(text_of(from, "stem")), "options", options_of(from));
    if (!o || json_array_append_new(to, o) != 0)
        FAIL(VRK_EMEMORY, "out of memory for the items");
done:
    return st;
}

/* Levels of a competence of which only situations are known. */
static json_t *anchors(void)
{
    static const char *const level[][2] = {
        {"Far from what the work asks.", "Långt från det arbetet kräver."},
        {"Falls short of what the work asks.", "Når inte upp till det arbetet kräver."},
        {"Does what the work asks.", "Gör det arbetet kräver."},
        {"Does more than the work asks.", "Gör mer än arbetet kräver."},
        {"Others learn from it.", "Andra lär av det."}};
    json_t *list = json_array();
    for (int k = 0; k < VRK_LEVELS; k++)
        json_array_append_new(
            list, json_pack("{s:i,s:s,s:s}", "level", k + 1, "en", level[k][0], "sv", level[k][1]));
    return list;
}

static bool taken(const vrk_instruments *all, const char *competency, const json_t *items)
{
    const json_t *one;
    size_t i;
    json_array_foreach(items, i, one)
    {
        for (int64_t k = 0; k < all->n; k++) {
            const vrk_instrument *other = &all->instrument[k];
            for (int64_t j = 0; j < other->items && strcmp(other->competency, competency); j++) {
                if (!strcmp(other->item[j].id, text_of(one, "id")))
                    return true;
            }
        }
    }
    return false;
}

/* The whole instrument as JSON, in *text (freed by the caller). */
static vrk_status put_together(vrk_ctx *ctx, const vrk_instruments *all, gathered *g,
                               const vrk_own_opt *opt, vrk_own_report *out, char **text)
{
    vrk_status st = VRK_OK;
    const char *id = opt->competency ? opt->competency : text_of(g->test, "id");
    const char *title = opt->name ? opt->name : text_of(g->test, "title"), *prefix = "";
    json_t *items = json_array(), *o = NULL;
    const json_t *one;
    size_t i;
    if (!*id)
        FAIL(VRK_EINPUT, "no test in the files says what it measures; name it with --as");
    if (!is_id(id))
        FAIL(VRK_EINPUT, "'%s' cannot be its id: letters, digits, _ . and - only, at most %d", id,
             ID_MOST);
    const vrk_instrument *there = vrk_instrument_find(all, id);
    if (there && !there->own)
        FAIL(VRK_EINPUT, "'%s' is one of the program's own; name yours with --as", id);
    title = *title ? title : id;
    if (strlen(title) > NAME_MOST)
        FAIL(VRK_EINPUT, "the name is longer than %d bytes", NAME_MOST);
    snprintf(out->competency, sizeof(out->competency), "%s", id);
    out->renamed = taken(all, id, g->items);
    if (out->renamed)
        prefix = vrk_text_f(&ctx->scratch, "%s.", id);
    json_array_foreach(g->items, i, one) TRY(item_of(ctx, one, prefix ? prefix : "", g, items));
    o = json_pack(
        "{s:s,s:o,s:o,s:[],s:o,s:o,s:[],s:O}", "competency", id, "name", alike(title), "definition",
        both("Situations of your own, brought in as QTI.", "Egna situationer, inlästa som QTI."),
        "moments", "low",
        both("Its author has not said what a low level does to the business.",
             "Författaren har inte sagt vad en låg nivå gör med affären."),
        "anchors", anchors(), "interview", "items", items);
    *text = o ? json_dumps(o, JSON_COMPACT | JSON_SORT_KEYS) : NULL;
    if (!*text)
        FAIL(VRK_EMEMORY, "out of memory for the instrument");
    out->items = (int64_t)json_array_size(items);
    out->stated = g->stated;
    out->placed = g->placed;
done:
    json_decref(items);
    json_decref(o);
    return st;
}

/* Puts a text of one language into the same text of two. */
static bool put_lang(json_t *to, const json_t *from, const char *lang)
{
    return json_object_set(to, lang, json_object_get(from, lang)) == 0;
}

/* The options' texts of one item; false: another key. */
static bool put_options(json_t *to, const json_t *from, const char *lang)
{
    size_t i;
    json_t *one;
    bool same = json_array_size(to) == json_array_size(from);
    json_array_foreach(to, i, one)
    {
        const json_t *other = json_array_get(from, i);
        same = same &&
               json_equal(json_object_get(one, "points"), json_object_get(other, "points")) &&
               put_lang(json_object_get(one, "text"), json_object_get(other, "text"), lang) &&
               put_lang(json_object_get(one, "why"), json_object_get(other, "why"), lang);
    }
    return same;
}

/* The other language's texts into `to`. VRK_EINPUT: it is another instrument. */
static vrk_status put_second(vrk_ctx *ctx, const char *id, json_t *to, const json_t *from,
                             const char *lang)
{
    vrk_status st = VRK_OK;
    json_t *items = json_object_get(to, "items"), *one;
    const json_t *others = json_object_get(from, "items");
    size_t i;
    if (json_array_size(items) != json_array_size(others))
        FAIL(VRK_EINPUT,
             "there is another instrument '%s' already, of %zu situations and not %zu; give this "
             "one an id of its own with --as",
             id, json_array_size(items), json_array_size(others));
    json_array_foreach(items, i, one)
    {
        const json_t *other = json_array_get(others, i);
        bool same =
            json_equal(json_object_get(one, "id"), json_object_get(other, "id")) &&
            json_equal(json_object_get(one, "situation"), json_object_get(other, "situation")) &&
            json_number_value(json_object_get(one, "difficulty")) ==
                json_number_value(json_object_get(other, "difficulty"));
        if (!same ||
            !put_options(json_object_get(one, "options"), json_object_get(other, "options"), lang))
            FAIL(VRK_EINPUT,
                 "item %s: there is another instrument '%s' already, whose situation %zu (%s) has "
                 "another id, kind of deal, difficulty or points; give this one an id of its own "
                 "with --as",
                 text_of(other, "id"), id, i + 1, text_of(one, "id"));
        (void)put_lang(json_object_get(one, "stem"), json_object_get(other, "stem"), lang);
    }
    (void)put_lang(json_object_get(to, "name"), json_object_get(from, "name"), lang);
done:
    return st;
}

/* To one that is there: the same is sent again, the other language comes beside it. */
static vrk_status join(vrk_ctx *ctx, vrk_records *records, const gathered *g, const char *text,
                       const vrk_frame *there, vrk_own_report *out)
{
    vrk_status st = VRK_OK;
    const char *old = text_at(there, "text", 0), *lang = text_at(there, "lang", 0);
    const char *new = g->lang ? g->lang : "";
    json_t *before = json_loads(old, 0, NULL), *now = json_deep_copy(before);
    json_t *from = json_loads(text, 0, NULL);
    char *whole = NULL;
    if (!before || !now || !from)
        FAIL(VRK_EMEMORY, "out of memory for the instrument");
    if (!strcmp(old, text))
        goto done;
    if (!*new || !*lang)
        FAIL(VRK_EINPUT,
             "there is another instrument '%s' already, and answers to it; give this one an id of "
             "its own with --as",
             out->competency);
    TRY(put_second(ctx, out->competency, now, from, new));
    if (json_equal(before, now))
        goto done;
    if (!strcmp(lang, "both") || !strcmp(lang, new))
        FAIL(VRK_EINPUT,
             "there is another instrument '%s' already in this language, and answers to it; give "
             "this one an id of its own with --as",
             out->competency);
    whole = json_dumps(now, JSON_COMPACT | JSON_SORT_KEYS);
    if (!whole)
        FAIL(VRK_EMEMORY, "out of memory for the instrument");
    const vrk_value bind[] = {put_text(out->competency), put_text(whole)};
    TRY(vrk_records_run(ctx, records,
                        "UPDATE own_instrument SET text = ?2, lang = 'both' WHERE competency = ?1",
                        bind, 2, NULL));
    out->second = true;
done:
    free(whole);
    json_decref(before);
    json_decref(now);
    json_decref(from);
    return st;
}

/* Adds it; the same again is sent again. */
static vrk_status keep(vrk_ctx *ctx, vrk_records *records, const gathered *g, const char *text,
                       vrk_own_report *out)
{
    vrk_status st = VRK_OK;
    vrk_frame f = {0};
    const vrk_value bind[] = {
        put_text(out->competency), put_text(text),    put_text(g->lang ? g->lang : ""),
        put_int(out->stated),      put_text(g->file), put_int(vrk_now(ctx))};
    TRY(vrk_records_run(ctx, records, "SELECT text, lang FROM own_instrument WHERE competency = ?1",
                        bind, 1, &f));
    if (f.rows)
        TRY(join(ctx, records, g, text, &f, out));
    out->again = f.rows > 0 && !out->second;
    if (f.rows)
        TRY(vrk_records_run(ctx, records,
                            "UPDATE own_instrument SET retired_at = NULL WHERE competency = ?1",
                            bind, 1, NULL));
    else
        TRY(vrk_records_run(ctx, records,
                            "INSERT INTO own_instrument (competency, text, lang, stated, source, "
                            "made_at) VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
                            bind, 6, NULL));
done:
    vrk_frame_free(&f);
    return st;
}

vrk_status vrk_own_add(vrk_ctx *ctx, vrk_records *records, const vrk_own_file *file, int64_t files,
                       const vrk_own_opt *opt, vrk_own_report *out)
{
    vrk_status st = VRK_OK;
    vrk_mark mark = vrk_mark_of(&ctx->scratch);
    vrk_instruments all = {0};
    vrk_arena mem = {.limit = ctx->scratch.limit};
    vrk_instrument whole;
    gathered g = {.items = json_array()};
    char *text = NULL;
    *out = (vrk_own_report){0};
    for (int64_t i = 0; i < files; i++)
        TRY(take_file(ctx, &file[i], &g));
    TRY(vrk_instruments_all(ctx, records, &all));
    TRY(put_together(ctx, &all, &g, opt, out, &text));
    TRY(vrk_instrument_parse_own(ctx, g.file, text, strlen(text), &mem, &whole));
    TRY(keep(ctx, records, &g, text, out));
done:
    free(text);
    json_decref(g.test);
    json_decref(g.items);
    vrk_instruments_free(&all);
    vrk_arena_free(&mem);
    vrk_rewind(&ctx->scratch, mark);
    return st;
}

vrk_status vrk_own_retire(vrk_ctx *ctx, vrk_records *records, const char *competency)
{
    vrk_status st = VRK_OK;
    vrk_frame f = {0};
    const vrk_value bind[] = {put_text(competency), put_int(vrk_now(ctx))};
    TRY(vrk_records_run(ctx, records,
                        "UPDATE own_instrument SET retired_at = ?2 WHERE competency = ?1 AND "
                        "retired_at IS NULL RETURNING id",
                        bind, 2, &f));
    if (!f.rows)
        FAIL(VRK_EINPUT, "there is no instrument of your own '%s' that is sent", competency);
done:
    vrk_frame_free(&f);
    return st;
}

vrk_status vrk_instruments_all(vrk_ctx *ctx, vrk_records *records, vrk_instruments *out)
{
    vrk_status st = VRK_OK;
    vrk_frame f = {0};
    TRY(vrk_instruments_read(ctx, out));
    TRY(vrk_records_run(ctx, records,
                        "SELECT competency, text, lang, stated, source, retired_at IS NOT NULL AS "
                        "retired FROM own_instrument ORDER BY competency",
                        NULL, 0, &f));
    vrk_instrument *list = VRK_NEW(&out->mem, out->n + f.rows + 1, vrk_instrument);
    if (!list)
        FAIL(VRK_EMEMORY, "out of memory for instruments");
    memcpy(list, out->instrument, (size_t)out->n * sizeof(*list));
    out->instrument = list;
    for (int64_t i = 0; i < f.rows; i++) {
        const char *text = text_at(&f, "text", i);
        vrk_instrument *one = &list[out->n];
        TRY(vrk_instrument_parse_own(ctx, text_at(&f, "source", i), text, strlen(text), &out->mem,
                                     one));
        one->retired = int_at(&f, "retired", i);
        one->stated = int_at(&f, "stated", i);
        const char *lang = text_at(&f, "lang", i);
        one->lang = vrk_text_copy(&out->mem, strcmp(lang, "both") != 0 ? lang : "");
        if (!one->lang)
            FAIL(VRK_EMEMORY, "out of memory for instruments");
        out->n++;
    }
done:
    vrk_frame_free(&f);
    if (st != VRK_OK)
        vrk_instruments_free(out);
    return st;
}
