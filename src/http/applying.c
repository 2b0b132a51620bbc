#include "http/applying.h"

#include "http/assess.h"
#include "http/policy.h"

#include "base/sys.h"
#include "people/document.h"

#include <inttypes.h>
#include <stdio.h>

/* What the applicants' part rests on; the hour, for links come to their end by themselves. */
static const char look_sql[] =
    "SELECT coalesce((SELECT max(id) FROM role_weight), 0) AS weighed, "
    "coalesce((SELECT max(id) FROM invitation), 0) AS invited, "
    "(SELECT count(*) FROM invitation) AS kept, "
    "(SELECT count(*) FROM invitation WHERE withdrawn_at IS NOT NULL) AS withdrawn, "
    "(SELECT count(*) FROM sitting_event WHERE kind = 'finished') AS finished, "
    "coalesce((SELECT max(id) FROM recruitment_decision), 0) AS decided, "
    "coalesce((SELECT max(id) FROM measure), 0) AS measured, "
    "coalesce((SELECT max(id) FROM rating), 0) AS rated, "
    "coalesce((SELECT max(id) FROM interview), 0) AS interviewed, "
    "(SELECT count(*) FROM interview_pass) AS passed, "
    "coalesce((SELECT generation FROM standing), 0) AS generation";

vrk_status vrk_applying_look(vrk_worker *w)
{
    vrk_status st = VRK_OK;
    vrk_ctx *ctx = &w->ctx;
    vrk_frame f = {0};
    TRY(vrk_records_run(ctx, w->w.records, look_sql, NULL, 0, &f));
    uint64_t all = (uint64_t)(vrk_now(ctx) / INT64_C(3600000000));
    for (int64_t k = 0; k < f.columns; k++)
        all = all * 0x100000001b3u + (uint64_t)f.column[k].i[0];
    w->app->weighed = f.column[0].i[0];
    w->app->applied = (int64_t)all;
done:
    vrk_frame_free(&f);
    return st;
}

bool vrk_recruits(vrk_by role)
{
    return vrk_policy_lets(role, VRK_GET, "/api/recruitment/candidates");
}

/* As whom the viewer interviews. */
static vrk_status viewer_of(vrk_worker *w, const vrk_request *r, int64_t *viewer)
{
    vrk_status st = VRK_OK;
    TRY(vrk_person_key(&w->ctx, w->w.records, vrk_rater_id(w, r->member), viewer));
    if (!*viewer)
        *viewer = VRK_GAVE_NOTHING;
done:
    return st;
}

static vrk_status end_facts(vrk_worker *w, vrk_facts *facts, int64_t lease, vrk_status st)
{
    vrk_facts_close(facts);
    if (lease && vrk_lease_end(&w->ctx, &w->w, lease) != VRK_OK && st == VRK_OK)
        return VRK_EDB;
    return st;
}

vrk_status vrk_applying_read(vrk_worker *w, const vrk_request *r, const char *name,
                             vrk_applying *out, const vrk_job **role)
{
    vrk_status st = VRK_OK;
    vrk_ctx *ctx = &w->ctx;
    vrk_facts *facts = NULL;
    int64_t lease = 0, viewer;
    *out = (vrk_applying){0};
    TRY(viewer_of(w, r, &viewer));
    TRY(vrk_role_list_read(ctx, w->w.records, &out->roles));
    *role = name ? vrk_job_find(&out->roles, name) : NULL;
    if (!*role)
        goto done;
    TRY(vrk_applying_facts(ctx, &w->w, &facts, &lease));
    TRY(vrk_interviews_read(ctx, w->w.records, facts, viewer, &out->interviews));
    const vrk_applying_from from = {.facts = facts,
                                    .instruments = w->app->instruments,
                                    .interviews = &out->interviews,
                                    .roles = &out->roles,
                                    .alike = w->w.recruitment.test_interview};
    TRY(vrk_applicants_read(ctx, w->w.records, &from, *role, &out->all));
done:
    return end_facts(w, facts, lease, st);
}

void vrk_applying_free(vrk_applying *a)
{
    vrk_applicants_free(&a->all);
    vrk_interviews_free(&a->interviews);
    vrk_role_list_free(&a->roles);
}

vrk_status vrk_applying_fill(vrk_worker *w, const vrk_request *r, struct json_t *document)
{
    vrk_status st = VRK_OK;
    vrk_ctx *ctx = &w->ctx;
    vrk_facts *facts = NULL;
    int64_t lease = 0, viewer;
    TRY(vrk_requirements_document(ctx, w->w.records, r->lang, document));
    if (!vrk_recruits(r->member->account.role))
        goto done;
    TRY(viewer_of(w, r, &viewer));
    TRY(vrk_applying_facts(ctx, &w->w, &facts, &lease));
    TRY(vrk_candidates_document(ctx, w->w.records, facts, w->app->instruments,
                                w->w.recruitment.test_interview, viewer, r->lang, document));
done:
    return end_facts(w, facts, lease, st);
}
