#include "people/qti_write.h"

#include "base/sys.h"

#include <string.h>

static const char head[] = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n";
static const char space[] = "http://www.imsglobal.org/xsd/imsqtiasi_v3p0";

static void escaped(vrk_str *out, const char *text)
{
    for (const char *p = text; *p; p++) {
        const char *as = *p == '<'   ? "&lt;"
                         : *p == '>' ? "&gt;"
                         : *p == '&' ? "&amp;"
                         : *p == '"' ? "&quot;"
                                     : NULL;
        if (as)
            vrk_str_add(out, as);
        else
            vrk_str_addf(out, "%c", *p);
    }
}

static const char *in(const vrk_text *text, vrk_lang lang)
{
    return text->in[lang == VRK_SV];
}

static const char *code(vrk_lang lang)
{
    return lang == VRK_SV ? "sv" : "en";
}

void vrk_qti_item(vrk_str *out, const vrk_item *item, vrk_lang lang)
{
    vrk_str_addf(out,
                 "%s<qti-assessment-item xmlns=\"%s\" identifier=\"%s\" title=\"%s\" "
                 "adaptive=\"false\" time-dependent=\"false\" xml:lang=\"%s\">\n"
                 " <qti-response-declaration identifier=\"RESPONSE\" cardinality=\"single\" "
                 "base-type=\"identifier\">\n  <qti-correct-response>",
                 head, space, item->id, item->id, code(lang));
    for (int k = 0; k < VRK_ITEM_OPTIONS; k++) {
        if (item->option[k].points == VRK_ITEM_POINTS)
            vrk_str_addf(out, "<qti-value>%c</qti-value>", 'a' + k);
    }
    vrk_str_add(out, "</qti-correct-response>\n  <qti-mapping default-value=\"0\">\n");
    for (int k = 0; k < VRK_ITEM_OPTIONS; k++)
        vrk_str_addf(out, "   <qti-map-entry map-key=\"%c\" mapped-value=\"%d\"/>\n", 'a' + k,
                     (int)item->option[k].points);
    vrk_str_addf(
        out,
        "  </qti-mapping>\n </qti-response-declaration>\n <qti-outcome-declaration "
        "identifier=\"SCORE\" cardinality=\"single\" base-type=\"float\" "
        "normal-maximum=\"%d\" normal-minimum=\"0\"/>\n <qti-item-body data-difficulty=\"%g\"",
        VRK_ITEM_POINTS, item->difficulty);
    if (item->placed)
        vrk_str_addf(out,
                     " data-complexity=\"%s\" data-decision-structure=\"%s\" data-cycle=\"%s\"",
                     item->complex ? "complex" : "simple", item->committee ? "committee" : "single",
                     item->slow ? "long" : "short");
    vrk_str_add(out, ">\n  <p>");
    escaped(out, in(&item->stem, lang));
    vrk_str_add(out, "</p>\n  <qti-choice-interaction response-identifier=\"RESPONSE\" "
                     "shuffle=\"true\" max-choices=\"1\">\n");
    for (int k = 0; k < VRK_ITEM_OPTIONS; k++) {
        vrk_str_addf(out, "   <qti-simple-choice identifier=\"%c\">", 'a' + k);
        escaped(out, in(&item->option[k].text, lang));
        vrk_str_add(out, "</qti-simple-choice>\n");
    }
    vrk_str_add(out, "  </qti-choice-interaction>\n  <qti-rubric-block view=\"scorer\" "
                     "use=\"scoring\"><qti-content-body>\n");
    for (int k = 0; k < VRK_ITEM_OPTIONS; k++) {
        vrk_str_addf(out, "   <p data-choice=\"%c\">", 'a' + k);
        escaped(out, in(&item->option[k].why, lang));
        vrk_str_add(out, "</p>\n");
    }
    vrk_str_add(
        out,
        "  </qti-content-body></qti-rubric-block>\n </qti-item-body>\n <qti-response-processing "
        "template=\"https://purl.imsglobal.org/spec/qti/v3p0/rptemplates/"
        "map_response.xml\"/>\n</qti-assessment-item>\n");
}

void vrk_qti_test(vrk_str *out, const vrk_instrument *one, vrk_lang lang)
{
    vrk_str_addf(out, "%s<qti-assessment-test xmlns=\"%s\" identifier=\"%s\" title=\"", head, space,
                 one->competency);
    escaped(out, in(&one->name, lang));
    vrk_str_addf(out,
                 "\" xml:lang=\"%s\">\n <qti-test-part identifier=\"part\" "
                 "navigation-mode=\"linear\" submission-mode=\"individual\">\n  "
                 "<qti-assessment-section identifier=\"section\" title=\"",
                 code(lang));
    escaped(out, in(&one->name, lang));
    vrk_str_add(out, "\" visible=\"true\">\n");
    for (int64_t i = 0; i < one->items; i++)
        vrk_str_addf(out, "   <qti-assessment-item-ref identifier=\"%s\" href=\"%s.xml\"/>\n",
                     one->item[i].id, one->item[i].id);
    vrk_str_add(out, "  </qti-assessment-section>\n </qti-test-part>\n</qti-assessment-test>\n");
}

void vrk_qti_manifest(vrk_str *out, const vrk_instrument *one)
{
    vrk_str_addf(out,
                 "%s<manifest xmlns=\"http://www.imsglobal.org/xsd/qti/qtiv3p0/imscp_v1p1\" "
                 "identifier=\"verkan-%s\">\n <metadata><schema>QTI Package</schema>"
                 "<schemaversion>3.0.0</schemaversion></metadata>\n <organizations/>\n "
                 "<resources>\n  <resource identifier=\"test\" type=\"imsqti_test_xmlv3p0\" "
                 "href=\"test.xml\">\n   <file href=\"test.xml\"/>\n",
                 head, one->competency);
    for (int64_t i = 0; i < one->items; i++)
        vrk_str_addf(out, "   <dependency identifierref=\"%s\"/>\n", one->item[i].id);
    vrk_str_add(out, "  </resource>\n");
    for (int64_t i = 0; i < one->items; i++) {
        const char *id = one->item[i].id;
        vrk_str_addf(out,
                     "  <resource identifier=\"%s\" type=\"imsqti_item_xmlv3p0\" "
                     "href=\"%s.xml\"><file href=\"%s.xml\"/></resource>\n",
                     id, id, id);
    }
    vrk_str_add(out, " </resources>\n</manifest>\n");
}

static vrk_status put(vrk_ctx *ctx, const char *folder, const char *name, const vrk_str *text)
{
    const char *path = vrk_text_f(&ctx->scratch, "%s/%s.xml", folder, name);
    if (ctx->scratch.failed || !path)
        return vrk_fail(ctx, VRK_EMEMORY, "out of memory for %s.xml", name);
    const char *bytes = vrk_str_of(text);
    return vrk_file_replace(ctx, path, bytes, strlen(bytes));
}

vrk_status vrk_qti_write(vrk_ctx *ctx, const vrk_instrument *one, vrk_lang lang, const char *folder)
{
    vrk_status st = VRK_OK;
    vrk_mark mark = vrk_mark_of(&ctx->scratch);
    const char *part = vrk_text_f(&ctx->scratch, "%s.part", folder);
    bool made = false;
    if (!part)
        FAIL(VRK_EMEMORY, "out of memory for %s", folder);
    if (vrk_is_folder(folder) || vrk_is_file(folder))
        FAIL(VRK_EINPUT, "%s is there already; name a new folder", folder);
    TRY(vrk_folder_remove(ctx, part));
    made = true;
    TRY(vrk_folder_make(ctx, part));
    for (int64_t i = 0; i < one->items; i++) {
        vrk_str item = {.mem = &ctx->scratch};
        vrk_qti_item(&item, &one->item[i], lang);
        TRY(put(ctx, part, one->item[i].id, &item));
    }
    vrk_str test = {.mem = &ctx->scratch}, manifest = {.mem = &ctx->scratch};
    vrk_qti_test(&test, one, lang);
    TRY(put(ctx, part, "test", &test));
    vrk_qti_manifest(&manifest, one);
    TRY(put(ctx, part, "imsmanifest", &manifest));
    TRY(vrk_file_rename(ctx, part, folder));
    made = false;
done:
    if (made) {
        vrk_ctx other = {.sys = ctx->sys}; /* the message stays */
        vrk_status left = vrk_folder_remove(&other, part);
        (void)left;
        vrk_arena_free(&other.scratch);
    }
    vrk_rewind(&ctx->scratch, mark);
    return st;
}
