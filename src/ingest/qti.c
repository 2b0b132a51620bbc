#include "ingest/qti.h"

#include "base/str.h"
#include "ingest/competency.h"
#include "ingest/xml.h"

#include <string.h>

enum { MOST_VALUE = 63 };

bool vrk_qti_is(const char *start, size_t n, const char *name)
{
    static const char root[] = "assessmentResult";
    (void)name;
    return memmem(start, n, root, sizeof(root) - 1) && memchr(start, '<', n);
}

typedef struct {
    vrk_ctx *ctx;
    vrk_reading *r;
    vrk_sheet_writer w;
    bool open, in_item, in_score, in_value;
    char *person, *item, *on, *most;
    char value[MOST_VALUE + 1];
    size_t n;
    int64_t rows, line;
} results;

static char *kept(results *q, const char *text)
{
    return text ? vrk_text_copy(&q->ctx->scratch, text) : NULL;
}

static void start(vrk_xml *x, const char *name, const char **attribute, void *arg)
{
    results *q = arg;
    const char *id = vrk_xml_attribute(attribute, "identifier");
    if (vrk_xml_depth(x) == 1 && strcmp(name, "assessmentResult") != 0)
        vrk_xml_stop(x, VRK_EINPUT, "the first element is not <assessmentResult>");
    else if (!strcmp(name, "context"))
        q->person = kept(q, vrk_xml_attribute(attribute, "sourcedId"));
    else if (!strcmp(name, "itemResult")) {
        q->in_item = true;
        q->item = kept(q, id);
        q->on = kept(q, vrk_xml_attribute(attribute, "datestamp"));
        q->line = vrk_xml_line(x);
    } else if (q->in_item && !strcmp(name, "outcomeVariable")) {
        q->in_score = id && !strcmp(id, "SCORE");
        q->most = q->in_score ? kept(q, vrk_xml_attribute(attribute, "normalMaximum")) : NULL;
        q->n = 0;
    }
    q->in_value = q->in_score && !strcmp(name, "value") && !q->n;
}

static void text(vrk_xml *x, const char *bytes, size_t n, void *arg)
{
    results *q = arg;
    (void)x;
    if (!q->in_value)
        return;
    if (n > MOST_VALUE - q->n)
        n = MOST_VALUE - q->n; /* no number is that long: the import will name it */
    memcpy(q->value + q->n, bytes, n);
    q->n += n;
    q->value[q->n] = 0;
}

static void put(results *q, const char *cell)
{
    vrk_sheet_cell(&q->w, cell ? cell : "", cell ? strlen(cell) : 0);
}

static void write_row(results *q)
{
    vrk_sheet_row(&q->w, q->line);
    put(q, q->person);
    put(q, q->item ? vrk_competency_of(&q->ctx->scratch, q->item) : NULL);
    put(q, q->item);
    put(q, q->value);
    put(q, q->most);
    put(q, "external");
    put(q, q->on);
    q->rows++;
}

static void end(vrk_xml *x, const char *name, void *arg)
{
    results *q = arg;
    q->in_value = false;
    if (q->in_score && !strcmp(name, "outcomeVariable")) {
        if (q->n && !q->person)
            vrk_xml_stop(x, VRK_EINPUT, "a result before <context sourcedId=...>: whose is it?");
        else if (q->n)
            write_row(q);
        q->in_score = false;
    } else if (!strcmp(name, "itemResult")) {
        q->in_item = false;
    }
}

vrk_status vrk_qti_read(vrk_ctx *ctx, vrk_reading *r)
{
    static const char *const headings[] = {"person_id", "competency", "item_id",    "score",
                                           "max_score", "instrument", "assessed_on"};
    vrk_status st = VRK_OK, closed = VRK_OK;
    vrk_mark mark = vrk_mark_of(&ctx->scratch);
    results q = {.ctx = ctx, .r = r};

    TRY(vrk_sheet_open(ctx, r, &q.w));
    q.open = true;
    vrk_sheet_row(&q.w, 0);
    for (size_t i = 0; i < sizeof(headings) / sizeof(*headings); i++)
        put(&q, headings[i]);
    TRY(vrk_xml_read_file(ctx,
                          &(vrk_xml_job){.name = r->name,
                                         .what = "reading results",
                                         .arg = &q,
                                         .start = start,
                                         .end = end,
                                         .text = text},
                          r->path));
    if (ctx->scratch.failed)
        FAIL(VRK_EMEMORY, "out of memory for %s", r->name);
done:
    closed = q.open ? vrk_sheet_close(&q.w) : VRK_OK;
    st = st == VRK_OK ? closed : st;
    if (st == VRK_OK && q.rows)
        vrk_reading_sheet(
            r, &(vrk_sheet){
                   .path = q.w.path, .table = "assessments", .source = "qti", .headed = true});
    vrk_rewind(&ctx->scratch, mark);
    return st;
}
