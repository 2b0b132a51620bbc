#include "ingest/qti_items.h"

#include "base/str.h"
#include "base/sys.h"
#include "ingest/xml.h"
#include "ingest/zip.h"

#include <ctype.h>
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <jansson.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <unistd.h>

enum { CHOICES = 4, POINTS = 3, PLAIN = 63, DEEPEST = 60 };

typedef struct {
    char key[PLAIN + 1], text[VRK_QTI_CHOICE + 1], why[VRK_QTI_CHOICE + 1];
    size_t n, why_n;
    double points;
    bool mapped;
} choice;

/* What a text belongs to. */
typedef enum { NOWHERE, STEM, CHOICE, WHY, CORRECT } place;

/* The item that is being read. */
typedef struct {
    char id[PLAIN + 1], lang[PLAIN + 1], stem[VRK_QTI_STEM + 1], correct[PLAIN + 1];
    char of[4][PLAIN + 1]; /* difficulty, complexity, decision structure, cycle; "" = not said */
    size_t n, correct_n;
    int choices, interactions, why; /* why: of which choice; -1 = none */
    choice choice[CHOICES];
    struct {
        char key[PLAIN + 1];
        double points;
    } map[2 * CHOICES];
    int maps;
    bool mapping;
} item;

typedef struct {
    vrk_ctx *ctx;
    const char *name; /* of the file, for messages */
    json_t *test, *items, *refs;
    bool other;         /* a file of another kind, which is passed over in a package */
    bool is_item, body; /* inside the item's body */
    int answer, rubric; /* depth of the interaction, of a rubric; 0 = outside */
    place place[DEEPEST + 2];
    item it;
    char message[600];
} reading;

static void stop(vrk_xml *x, reading *q, const char *what, const char *arg)
{
    snprintf(q->message, sizeof(q->message), "%s%s%s%s%s", q->is_item ? "item " : "",
             q->is_item ? q->it.id : "", q->is_item ? ": " : "", what, arg ? arg : "");
    vrk_xml_stop(x, VRK_EINPUT, q->message);
}

/* A short text; false: too long. */
static bool keep(char *to, const char *from)
{
    size_t n = from ? strlen(from) : 0;
    if (n > PLAIN)
        return false;
    memcpy(to, from ? from : "", n);
    to[n] = 0;
    return true;
}

/* Blanks become one; what begins is trimmed. False: full. */
static bool add(char *to, size_t *n, size_t most, const char *bytes, size_t length)
{
    for (size_t i = 0; i < length; i++) {
        bool blank = isspace((unsigned char)bytes[i]);
        if (blank && (!*n || to[*n - 1] == ' '))
            continue;
        if (*n == most)
            return false;
        to[(*n)++] = blank ? ' ' : bytes[i];
    }
    to[*n] = 0;
    return true;
}

static void trim(char *text, size_t *n)
{
    while (*n && text[*n - 1] == ' ')
        text[--*n] = 0;
}

static bool is_one_of(const char *name, const char *const *list)
{
    for (; *list; list++) {
        if (!strcmp(*list, name))
            return true;
    }
    return false;
}

static void start_root(vrk_xml *x, reading *q, const char *name, const char **attribute)
{
    const char *id = vrk_xml_attribute(attribute, "identifier");
    if (!strcmp(name, "qti-assessment-item")) {
        q->is_item = true;
        q->it = (item){.why = -1};
        if (!id || !*id || !keep(q->it.id, id) ||
            !keep(q->it.lang, vrk_xml_attribute(attribute, "lang")))
            stop(x, q, "an identifier of at most 63 bytes is needed", NULL);
    } else if (!strcmp(name, "qti-assessment-test")) {
        const char *title = vrk_xml_attribute(attribute, "title");
        if (q->test)
            stop(x, q, "there are two tests in the package", NULL);
        else
            q->test = json_pack("{s:s?,s:s?}", "id", id, "title", title);
    } else if (!strcmp(name, "assessmentItem") || !strcmp(name, "assessmentTest")) {
        stop(x, q, "this is QTI 2; save it as QTI 3", NULL);
    } else {
        q->other = true;
    }
}

static void start_choice(vrk_xml *x, reading *q, const char **attribute)
{
    const char *key = vrk_xml_attribute(attribute, "identifier");
    item *it = &q->it;
    if (it->choices == CHOICES) {
        stop(x, q, "it has more than four answers; four are needed", NULL);
        return;
    }
    for (int k = 0; k < it->choices && key; k++) {
        if (!strcmp(it->choice[k].key, key)) {
            stop(x, q, "two answers have the identifier ", key);
            return;
        }
    }
    choice *c = &it->choice[it->choices++];
    *c = (choice){0};
    if (!key || !*key || !keep(c->key, key))
        stop(x, q, "an answer needs an identifier of at most 63 bytes", NULL);
}

static void start_map(vrk_xml *x, reading *q, const char **attribute)
{
    const char *key = vrk_xml_attribute(attribute, "map-key");
    const char *value = vrk_xml_attribute(attribute, "mapped-value");
    char *end = NULL;
    double points = value ? strtod(value, &end) : 0;
    item *it = &q->it;
    if (it->maps == 2 * CHOICES)
        stop(x, q, "it gives points to more answers than it has", NULL);
    else if (!key || !keep(it->map[it->maps].key, key) || !value || end == value || *end ||
             !isfinite(points))
        stop(x, q, "points need map-key and a number as mapped-value", NULL);
    else
        it->map[it->maps++].points = points;
}

/* What the body says of the situation, in the way our own packages do. */
static void start_body(vrk_xml *x, reading *q, const char **attribute)
{
    static const char *const names[] = {"data-difficulty", "data-complexity",
                                        "data-decision-structure", "data-cycle"};
    q->body = true;
    for (int k = 0; k < 4; k++) {
        if (!keep(q->it.of[k], vrk_xml_attribute(attribute, names[k])))
            stop(x, q, names[k], " is too long");
    }
}

static place place_of(vrk_xml *x, reading *q, const char *name, const char **attribute, place outer)
{
    static const char *const text[] = {"p",   "div", "span",  "b",          "strong",
                                       "em",  "i",   "u",     "br",         "ul",
                                       "ol",  "li",  "h1",    "h2",         "h3",
                                       "h4",  "h5",  "h6",    "blockquote", "q",
                                       "sub", "sup", "small", "qti-prompt", "qti-content-body",
                                       NULL};
    size_t n = strlen(name);
    if (!strcmp(name, "qti-choice-interaction")) {
        const char *most = vrk_xml_attribute(attribute, "max-choices");
        q->answer = vrk_xml_depth(x);
        if (++q->it.interactions > 1)
            stop(x, q, "it asks more than one thing", NULL);
        else if (most && strcmp(most, "1") != 0)
            stop(x, q, "more than one answer may be chosen; one is needed", NULL);
        return STEM;
    }
    if (n > 12 && !strcmp(name + n - 12, "-interaction")) {
        stop(x, q, "only one answer of four can be asked for, not ", name);
        return NOWHERE;
    }
    if (!strcmp(name, "qti-simple-choice")) {
        start_choice(x, q, attribute);
        return CHOICE;
    }
    if (!strcmp(name, "qti-rubric-block")) {
        q->rubric = vrk_xml_depth(x);
        return NOWHERE;
    }
    if (!is_one_of(name, text)) {
        stop(x, q, "the text has something that would be lost: ", name);
        return NOWHERE;
    }
    if (!q->rubric)
        return outer;
    const char *about = vrk_xml_attribute(attribute, "data-choice");
    for (int k = 0; k < q->it.choices && about; k++) {
        if (!strcmp(q->it.choice[k].key, about)) {
            q->it.why = k;
            return WHY;
        }
    }
    return outer;
}

static void start(vrk_xml *x, const char *name, const char **attribute, void *arg)
{
    reading *q = arg;
    int depth = vrk_xml_depth(x);
    if (depth == 1)
        start_root(x, q, name, attribute);
    if (depth > DEEPEST) {
        stop(x, q, "elements are nested too deep", NULL);
        return;
    }
    q->place[depth] = depth > 1 ? q->place[depth - 1] : NOWHERE;
    if (q->test && !q->is_item && !strcmp(name, "qti-assessment-item-ref"))
        json_array_append_new(q->refs, json_pack("s?", vrk_xml_attribute(attribute, "identifier")));
    if (!q->is_item || depth == 1 || vrk_xml_stopped(x))
        return;
    const char *cardinality = vrk_xml_attribute(attribute, "cardinality");
    if (!strcmp(name, "qti-response-declaration") && cardinality &&
        strcmp(cardinality, "single") != 0)
        stop(x, q, "more than one answer may be chosen; one is needed", NULL);
    else if (!strcmp(name, "qti-map-entry"))
        start_map(x, q, attribute);
    else if (!strcmp(name, "qti-correct-response"))
        q->place[depth] = CORRECT;
    else if (!strcmp(name, "qti-item-body")) {
        start_body(x, q, attribute);
        q->place[depth] = STEM;
    } else if (q->body)
        q->place[depth] = place_of(x, q, name, attribute, q->place[depth - 1]);
}

static void text(vrk_xml *x, const char *bytes, size_t n, void *arg)
{
    reading *q = arg;
    int depth = vrk_xml_depth(x);
    item *it = &q->it;
    bool fits = true;
    if (!q->is_item || depth > DEEPEST || depth < 1)
        return;
    choice *c = it->choices ? &it->choice[it->choices - 1] : NULL;
    switch (q->place[depth]) {
    case STEM:
        fits = add(it->stem, &it->n, VRK_QTI_STEM, bytes, n);
        break;
    case CHOICE:
        fits = c && add(c->text, &c->n, VRK_QTI_CHOICE, bytes, n);
        break;
    case WHY:
        c = &it->choice[it->why];
        fits = add(c->why, &c->why_n, VRK_QTI_CHOICE, bytes, n);
        break;
    case CORRECT:
        fits = add(it->correct, &it->correct_n, PLAIN, bytes, n);
        break;
    case NOWHERE:
        break;
    }
    if (!fits)
        stop(x, q, "a text is longer than can be asked", NULL);
}

/* Points by the mapping, else by the one right answer; in thirds of the best. */
static const char *score(item *it)
{
    double best = 0;
    int many = 0;
    for (int m = 0; m < it->maps; m++) {
        bool found = false;
        for (int k = 0; k < it->choices; k++) {
            if (!strcmp(it->choice[k].key, it->map[m].key)) {
                it->choice[k].points = it->map[m].points;
                found = true;
            }
        }
        if (!found)
            return "it gives points to an answer that it does not have";
    }
    for (int k = 0; k < it->choices && !it->maps; k++)
        it->choice[k].points = !strcmp(it->choice[k].key, it->correct) ? POINTS : 0;
    for (int k = 0; k < it->choices; k++)
        best = fmax(best, it->choice[k].points);
    if (!(best > 0))
        return "it does not say which answer is best";
    for (int k = 0; k < it->choices; k++) {
        double points = POINTS * it->choice[k].points / best;
        if (points < 0 || fabs(points - floor(points + 0.5)) > 1e-6)
            return "its points are not 0, 1, 2 or 3 thirds of the best";
        it->choice[k].points = floor(points + 0.5);
        many += it->choice[k].points == POINTS;
    }
    return many == 1 ? NULL : "one answer, and only one, must be the best";
}

static json_t *said(const char *text)
{
    return *text ? json_string(text) : json_null();
}

static void end_item(vrk_xml *x, reading *q)
{
    item *it = &q->it;
    trim(it->stem, &it->n);
    trim(it->correct, &it->correct_n);
    for (int k = 0; k < it->choices; k++) {
        trim(it->choice[k].text, &it->choice[k].n);
        trim(it->choice[k].why, &it->choice[k].why_n);
        if (!it->choice[k].n)
            stop(x, q, "an answer has no text", NULL);
    }
    if (!it->n)
        stop(x, q, "it has no text", NULL);
    else if (it->choices != CHOICES)
        stop(x, q, "it has fewer than four answers; four are needed", NULL);
    const char *why = vrk_xml_stopped(x) ? NULL : score(it);
    if (why)
        stop(x, q, why, NULL);
    if (vrk_xml_stopped(x))
        return;
    json_t *options = json_array();
    for (int k = 0; k < CHOICES; k++)
        json_array_append_new(options,
                              json_pack("{s:s,s:s,s:i,s:o}", "key", it->choice[k].key, "text",
                                        it->choice[k].text, "points", (int)it->choice[k].points,
                                        "why", said(it->choice[k].why)));
    json_t *o = json_pack("{s:s,s:o,s:s,s:o,s:o,s:o,s:o,s:o}", "id", it->id, "lang", said(it->lang),
                          "stem", it->stem, "difficulty", said(it->of[0]), "complexity",
                          said(it->of[1]), "decision_structure", said(it->of[2]), "cycle",
                          said(it->of[3]), "options", options);
    if (!o || json_array_append_new(q->items, o) != 0)
        stop(x, q, "its texts are no UTF-8, or there is no memory for it", NULL);
    else if (json_array_size(q->items) > VRK_QTI_ITEMS)
        stop(x, q, "there are more items than can be asked", NULL);
}

static void end(vrk_xml *x, const char *name, void *arg)
{
    reading *q = arg;
    int depth = vrk_xml_depth(x);
    if (depth == q->rubric)
        q->rubric = 0;
    if (depth == q->answer)
        q->answer = 0;
    if (!q->is_item || vrk_xml_stopped(x))
        return;
    if (q->body && q->place[depth] == STEM)
        (void)add(q->it.stem, &q->it.n, VRK_QTI_STEM, " ", 1); /* paragraphs do not run together */
    if (!strcmp(name, "qti-item-body"))
        q->body = false;
    if (depth == 1) {
        end_item(x, q);
        q->is_item = false;
    }
}

static void begin(reading *q, const char *name)
{
    q->name = name;
    q->other = q->is_item = q->body = false;
    q->answer = q->rubric = 0;
}

static vrk_xml_job job_of(reading *q)
{
    return (vrk_xml_job){.name = q->name,
                         .what = "reading items",
                         .deepest = DEEPEST,
                         .arg = q,
                         .start = start,
                         .end = end,
                         .text = text};
}

static vrk_status from_zip(vrk_ctx *ctx, void *from, void *bytes, size_t n, size_t *got)
{
    return vrk_zip_read(ctx, from, bytes, n, got);
}

static vrk_status read_package(vrk_ctx *ctx, vrk_reading *r, reading *q)
{
    vrk_status st = VRK_OK;
    vrk_zip *z = NULL;
    TRY(vrk_zip_open(ctx, r->path, r->name, &z));
    for (int64_t i = 0; i < vrk_zip_parts(z); i++) {
        const char *part = vrk_zip_part(z, i);
        size_t n = strlen(part);
        if (n < 5 || strcasecmp(part + n - 4, ".xml") != 0 || vrk_starts_with(part, "__MACOSX"))
            continue;
        begin(q, vrk_text_f(r->mem, "%s: %s", r->name, part));
        if (!q->name)
            FAIL(VRK_EMEMORY, "out of memory for %s", r->name);
        const vrk_xml_job job = job_of(q);
        TRY(vrk_zip_start(ctx, z, i));
        TRY(vrk_xml_read(ctx, &job, from_zip, z));
    }
done:
    vrk_zip_close(z);
    return st;
}

/* What the test names is there. */
static vrk_status check_refs(vrk_ctx *ctx, const vrk_reading *r, const reading *q)
{
    const json_t *ref, *one;
    size_t i, k;
    bool package = json_array_size(q->items) > 0;
    json_array_foreach(q->refs, i, ref)
    {
        const char *id = json_string_value(ref);
        bool found = false;
        json_array_foreach(q->items, k, one)
        {
            const char *own = json_string_value(json_object_get(one, "id"));
            found |= id && own && !strcmp(own, id);
        }
        if (package && !found)
            return vrk_fail(ctx, VRK_EINPUT, "%s: the test asks for %s, which is not in it",
                            r->name, id ? id : "an item without a name");
    }
    return VRK_OK;
}

static vrk_status hand_over(vrk_ctx *ctx, vrk_reading *r, reading *q)
{
    vrk_status st = VRK_OK;
    const char *to = vrk_text_f(r->mem, "%s/items-%" PRId64 ".json", r->staging, (*r->number)++);
    json_t *all = json_pack("{s:O?,s:O}", "test", q->test, "items", q->items);
    char *text = all ? json_dumps(all, JSON_COMPACT) : NULL;
    const vrk_sys *sys = vrk_sys_of(ctx);
    int fd = -1;
    if (!to || !text)
        FAIL(VRK_EMEMORY, "out of memory for %s", r->name);
    fd = sys->open(sys->arg, to, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
    if (fd < 0)
        FAIL(VRK_EIO, "could not write %s", to);
    TRY(vrk_file_write_all(ctx, fd, to, text, strlen(text)));
    vrk_reading_inner(r, to, r->name);
    if (r->mem->failed)
        FAIL(VRK_EMEMORY, "out of memory for %s", r->name);
done:
    if (fd >= 0 && sys->close(sys->arg, fd) && st == VRK_OK)
        st = vrk_fail(ctx, VRK_EIO, "could not write %s", to);
    free(text);
    json_decref(all);
    return st;
}

static vrk_status is_zip(vrk_ctx *ctx, const vrk_reading *r, bool *zip)
{
    const vrk_sys *sys = vrk_sys_of(ctx);
    char first[4096];
    int fd = sys->open(sys->arg, r->path, O_RDONLY | O_CLOEXEC, 0);
    if (fd < 0)
        return vrk_fail(ctx, VRK_EIO, "could not open %s: %s", r->name,
                        vrk_said(ctx, strerror(errno)));
    ssize_t n = sys->read(sys->arg, fd, first, sizeof(first));
    sys->close(sys->arg, fd);
    *zip = n > 0 && vrk_zip_is(first, (size_t)n);
    return VRK_OK;
}

vrk_status vrk_qti_items_read(vrk_ctx *ctx, vrk_reading *r)
{
    vrk_status st = VRK_OK;
    vrk_mark mark = vrk_mark_of(&ctx->scratch);
    bool zip = false;
    reading *q = VRK_NEW(&ctx->scratch, 1, reading);
    if (!q)
        FAIL(VRK_EMEMORY, "out of memory for %s", r->name);
    *q = (reading){.ctx = ctx, .items = json_array(), .refs = json_array()};
    TRY(is_zip(ctx, r, &zip));
    if (zip) {
        TRY(read_package(ctx, r, q));
        TRY(check_refs(ctx, r, q));
        if (!json_array_size(q->items))
            FAIL(VRK_EINPUT, "%s: there is no QTI 3 item in it", r->name);
    } else {
        begin(q, r->name);
        const vrk_xml_job job = job_of(q);
        TRY(vrk_xml_read_file(ctx, &job, r->path));
    }
    TRY(hand_over(ctx, r, q));
done:
    if (q) {
        json_decref(q->test);
        json_decref(q->items);
        json_decref(q->refs);
    }
    vrk_rewind(&ctx->scratch, mark);
    return st;
}

static bool is_any(const char *start, size_t n, const char *name)
{
    (void)start;
    (void)n;
    (void)name;
    return true;
}

const vrk_reader vrk_qti_items_reader = {"qti-items", is_any, vrk_qti_items_read};
