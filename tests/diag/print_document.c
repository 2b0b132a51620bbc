/* Prints the document of tests/diag/world.h as the owner sees it, for schema.py. */
#include "diag/diagnose.h"
#include "diag/view.h"
#include "tests/diag/world.h"

int main(void)
{
    vrk_ctx ctx = {0};
    vrk_arena mem = {0};
    vrk_facts *facts = NULL;
    struct json_t *document = NULL, *view = NULL;
    const char *text = NULL;
    bool fine = world_open(&ctx, 0, 1000, &facts) == VRK_OK &&
                vrk_diagnose(&ctx, facts, NULL, &document) == VRK_OK &&
                vrk_view(&ctx, document, &(vrk_viewer){.role = VRK_OWNER}, VRK_TO_EXPORT, &view) ==
                    VRK_OK &&
                vrk_document_text(&ctx, view, &mem, &text) == VRK_OK;
    fputs(fine ? text : ctx.message, fine ? stdout : stderr);
    vrk_document_free(document);
    vrk_document_free(view);
    vrk_facts_close(facts);
    vrk_arena_free(&mem);
    vrk_arena_free(&ctx.scratch);
    return !fine;
}
