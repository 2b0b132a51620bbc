#include "ingest/xlsx.h"

#include "base/str.h"
#include "ingest/xlsx_part.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

enum { SHEETS = 200 };

bool vrk_xlsx_is(const char *start, size_t n, const char *name)
{
    size_t k = strlen(name);
    bool named =
        k > 5 && (!strcasecmp(name + k - 5, ".xlsx") || !strcasecmp(name + k - 5, ".xlsm"));
    return vrk_zip_is(start, n) &&
           (named || vrk_zip_first(start, n, "[Content_Types].xml") ||
            vrk_zip_first(start, n, "xl/") || vrk_zip_first(start, n, "_rels/.rels"));
}

typedef struct {
    const char *title, *id;
    bool hidden;
} listed;

/* What the workbook and its list of relations say. */
typedef struct {
    vrk_reading *r;
    vrk_xlsx_book *book;
    listed sheet[SHEETS];
    int64_t sheets, hidden;
    const char *id[SHEETS], *target[SHEETS];
    bool is_sheet[SHEETS];
    int64_t targets;
    const char *strings, *styles;
} contents;

static void start_book(vrk_xml *x, const char *name, const char **attribute, void *arg)
{
    contents *c = arg;
    const char *flag = vrk_xml_attribute(attribute, "date1904");
    if (!strcmp(name, "workbookPr") && flag)
        c->book->from_1904 = !strcmp(flag, "1") || !strcasecmp(flag, "true");
    if (strcmp(name, "sheet") != 0)
        return;
    if (c->sheets == SHEETS) {
        vrk_xml_stop(x, VRK_EINPUT, "more than 200 sheets");
        return;
    }
    const char *title = NULL, *id = NULL, *state = vrk_xml_attribute(attribute, "state");
    for (; *attribute; attribute += 2) { /* r:id is not sheetId, and neither is plain id */
        title = strcmp(attribute[0], "name") ? title : attribute[1];
        const char *colon = strchr(attribute[0], ':');
        id = colon && !strcmp(colon, ":id") ? attribute[1] : id;
    }
    bool hidden = state && strcmp(state, "visible") != 0;
    c->hidden += hidden;
    if (id)
        c->sheet[c->sheets++] = (listed){vrk_text_copy(c->r->mem, title ? title : "?"),
                                         vrk_text_copy(c->r->mem, id), hidden};
}

/* A target is relative to xl/ unless it starts with a slash. */
static const char *part_of(contents *c, const char *target)
{
    return target[0] == '/' ? vrk_text_copy(c->r->mem, target + 1)
                            : vrk_text_f(c->r->mem, "xl/%s", target);
}

static void start_relations(vrk_xml *x, const char *name, const char **attribute, void *arg)
{
    contents *c = arg;
    const char *id = vrk_xml_attribute(attribute, "Id");
    const char *type = vrk_xml_attribute(attribute, "Type");
    const char *target = vrk_xml_attribute(attribute, "Target");
    (void)x;
    if (strcmp(name, "Relationship") != 0 || !id || !type || !target)
        return;
    const char *part = part_of(c, target);
    if (vrk_ends_with(type, "/sharedStrings")) {
        c->strings = part;
    } else if (vrk_ends_with(type, "/styles")) {
        c->styles = part;
    } else if (c->targets < SHEETS) {
        c->id[c->targets] = vrk_text_copy(c->r->mem, id);
        c->is_sheet[c->targets] = vrk_ends_with(type, "/worksheet");
        c->target[c->targets++] = part;
    }
}

static vrk_status unpack(vrk_ctx *ctx, void *from, void *bytes, size_t n, size_t *got)
{
    return vrk_zip_read(ctx, from, bytes, n, got);
}

vrk_status vrk_xlsx_xml(vrk_ctx *ctx, vrk_xlsx_book *b, int64_t i, vrk_xml_job *job)
{
    vrk_status st = VRK_OK;
    vrk_mark mark = vrk_mark_of(&ctx->scratch);
    job->name = vrk_text_f(&ctx->scratch, "%s: %s", b->name, vrk_zip_part(b->zip, i));
    job->what = "reading the workbook";
    if (!job->name)
        FAIL(VRK_EMEMORY, "out of memory for %s", b->name);
    TRY(vrk_zip_start(ctx, b->zip, i));
    TRY(vrk_xml_read(ctx, job, unpack, b->zip));
done:
    vrk_rewind(&ctx->scratch, mark);
    return st;
}

static vrk_status read_contents(vrk_ctx *ctx, vrk_xlsx_book *b, contents *c)
{
    vrk_status st = VRK_OK;
    int64_t book = vrk_zip_find(b->zip, "xl/workbook.xml");
    int64_t relations = vrk_zip_find(b->zip, "xl/_rels/workbook.xml.rels");

    if (vrk_zip_find(b->zip, "xl/workbook.bin") >= 0)
        FAIL(VRK_EINPUT, "%s is a binary workbook (.xlsb); save it as .xlsx", b->name);
    if (book < 0 || relations < 0)
        FAIL(VRK_EINPUT, "%s holds no workbook that is known; save it as .xlsx or CSV", b->name);
    TRY(vrk_xlsx_xml(ctx, b, book, &(vrk_xml_job){.arg = c, .start = start_book}));
    TRY(vrk_xlsx_xml(ctx, b, relations, &(vrk_xml_job){.arg = c, .start = start_relations}));
    TRY(vrk_xlsx_strings_read(ctx, b, c->strings ? c->strings : "xl/sharedStrings.xml"));
    TRY(vrk_xlsx_styles_read(ctx, b, c->styles ? c->styles : "xl/styles.xml"));
    if (c->r->mem->failed)
        FAIL(VRK_EMEMORY, "out of memory for %s", b->name);
done:
    return st;
}

static vrk_status read_sheets(vrk_ctx *ctx, vrk_xlsx_book *b, contents *c)
{
    vrk_status st = VRK_OK;
    for (int64_t i = 0; i < c->sheets; i++) {
        for (int64_t k = 0; k < c->targets && !c->sheet[i].hidden; k++) {
            if (c->is_sheet[k] && !strcmp(c->id[k], c->sheet[i].id))
                TRY(vrk_xlsx_sheet_read(ctx, b, c->r, c->target[k], c->sheet[i].title));
        }
    }
    if (c->hidden)
        vrk_reading_note(c->r, "%s: %d hidden sheet%s left out", b->name, (int)c->hidden,
                         c->hidden == 1 ? "" : "s");
done:
    return st;
}

vrk_status vrk_xlsx_read(vrk_ctx *ctx, vrk_reading *r)
{
    vrk_status st = VRK_OK;
    vrk_mark mark = vrk_mark_of(&ctx->scratch);
    vrk_xlsx_book b = {.name = r->name};
    contents *c = VRK_NEW(&ctx->scratch, 1, contents);

    if (!c)
        FAIL(VRK_EMEMORY, "out of memory for %s", r->name);
    *c = (contents){.r = r, .book = &b};
    TRY(vrk_zip_open(ctx, r->path, r->name, &b.zip));
    TRY(read_contents(ctx, &b, c));
    TRY(read_sheets(ctx, &b, c));
    if (r->mem->failed)
        FAIL(VRK_EMEMORY, "out of memory for %s", r->name);
done:
    vrk_zip_close(b.zip);
    free(b.strings.at);
    free(b.strings.start);
    free(b.kind);
    vrk_rewind(&ctx->scratch, mark);
    return st;
}
