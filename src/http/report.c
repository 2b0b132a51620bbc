/* The report as a file to pass on: it shows no person, but to the owner where persons are open. */
#include "http/policy.h"
#include "http/views.h"

#include "diag/document.h"
#include "diag/web.h"
#include "people/document.h"
#include "store/audit.h"

#include <string.h>

static vrk_status make(vrk_worker *w, vrk_request *r, bool html)
{
    vrk_status st = VRK_OK;
    vrk_ctx *ctx = &w->ctx;
    struct json_t *shown = NULL;
    vrk_str page = {.mem = &r->mem};
    const char *persons = NULL, *text = NULL;
    int64_t snapshot;

    TRY(vrk_query_int(ctx, r, "snapshot", 1, INT64_MAX, w->app->snapshot, &snapshot));
    if (!snapshot) {
        vrk_refuse(r, 404, "no_result", VRK_N("Nothing is diagnosed yet."));
        goto done;
    }
    TRY(vrk_view_for(w, r, snapshot, VRK_TO_REPORT, &shown, &persons));
    const vrk_audit entry = {.account = r->member->account.id,
                             .what = r->route->audit,
                             .subject = persons,
                             .purpose = html ? "report" : "export",
                             .outcome = "done"};
    TRY(vrk_audit_write(ctx, w->w.records, &entry));
    r->audited = true;
    if (html) {
        TRY(vrk_web_page(ctx, shown, vrk_applying_say, &page));
        text = vrk_str_of(&page);
    } else {
        TRY(vrk_document_text(ctx, shown, &r->mem, &text));
    }
    vrk_answer_text(r, 200, html ? "text/html; charset=utf-8" : "application/json", text);
    r->answer.file = html ? "verkan.html" : "verkan.json";
done:
    vrk_document_free(shown);
    return st;
}

vrk_status vrk_run_report_html(vrk_worker *w, vrk_request *r)
{
    return make(w, r, true);
}

vrk_status vrk_run_report_json(vrk_worker *w, vrk_request *r)
{
    return make(w, r, false);
}
