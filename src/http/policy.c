#include "http/policy.h"

#include "http/limits.h"
#include "http/who.h"
#include "store/audit.h"

#include <jansson.h>
#include <stdio.h>
#include <string.h>

#define BY(role) (1u << VRK_BY_##role)
enum {
    ALL = (1 << VRK_BY_COUNT) - 1,
    /* who works with the business; what each sees of it is the view's matter */
    BUSINESS = BY(OWNER) | BY(ANALYST) | BY(LEADER) | BY(MANAGER) | BY(SELLER),
    READERS = BUSINESS | BY(AUDITOR) | BY(HR) | BY(REPRESENTATIVE),
    KEEPERS = BY(OWNER) | BY(ADMINISTRATOR),
    LEADERS = BY(OWNER) | BY(LEADER) | BY(MANAGER),
    ASKERS = LEADERS | BY(ANALYST),
    /* who sends tests to others, and who has a profile or sees one */
    ASSESSORS = BY(OWNER) | BY(MANAGER) | BY(HR),
    ASSESSED = ASSESSORS | BY(SELLER),
    RECRUITERS = BY(OWNER) | BY(HR),
    IMPORTERS = BY(OWNER) | BY(ANALYST),
    SMALL = 64 << 10,
    LARGE = 1 << 20,
};

/* method, path, roles, whose, data, log, lane, body, quick, run */
static const vrk_route routes[] = {
    {VRK_GET, "/", VRK_ANYONE, VRK_OF_NOBODY, "none", NULL, 0, 0, vrk_quick_file, NULL},
    {VRK_GET, "/app.js", VRK_ANYONE, VRK_OF_NOBODY, "none", NULL, 0, 0, vrk_quick_file, NULL},
    {VRK_GET, "/app.css", VRK_ANYONE, VRK_OF_NOBODY, "none", NULL, 0, 0, vrk_quick_file, NULL},
    {VRK_GET, "/fonts/{any}", VRK_ANYONE, VRK_OF_NOBODY, "none", NULL, 0, 0, vrk_quick_file, NULL},
    {VRK_GET, "/health", VRK_ANYONE, VRK_OF_NOBODY, "none", NULL, 0, 0, vrk_quick_health, NULL},

    {VRK_POST, "/api/setup", VRK_ANYONE, VRK_OF_SELF, "account", "account.setup", VRK_LANE_HASH,
     SMALL, NULL, vrk_run_setup},
    {VRK_POST, "/api/login", VRK_ANYONE, VRK_OF_SELF, "account", "login", VRK_LANE_HASH, SMALL,
     NULL, vrk_run_login},
    {VRK_POST, "/api/logout", ALL, VRK_OF_SELF, "account", "logout", VRK_LANE_WORK, SMALL, NULL,
     vrk_run_logout},
    {VRK_GET, "/api/me", ALL, VRK_OF_SELF, "account", NULL, VRK_LANE_WORK, 0, NULL, vrk_run_me},
    {VRK_PATCH, "/api/me", ALL, VRK_OF_SELF, "account", "account.self", VRK_LANE_HASH, SMALL, NULL,
     vrk_run_me_change},

    {VRK_POST, "/api/me/second", ALL, VRK_OF_SELF, "account", "second.ask", VRK_LANE_HASH, SMALL,
     NULL, vrk_run_second},
    {VRK_POST, "/api/me/second/confirm", ALL, VRK_OF_SELF, "account", "second.on", VRK_LANE_WORK,
     SMALL, NULL, vrk_run_second_confirm},
    {VRK_POST, "/api/me/second/off", ALL, VRK_OF_SELF, "account", "second.off", VRK_LANE_HASH,
     SMALL, NULL, vrk_run_second_off},

    {VRK_GET, "/api/result", READERS, VRK_OF_TEAMS, "person", "result.persons", VRK_LANE_WORK, 0,
     vrk_quick_result, vrk_run_result},
    {VRK_GET, "/api/snapshots", READERS, VRK_OF_ORG, "business", NULL, VRK_LANE_WORK, 0, NULL,
     vrk_run_snapshots},
    {VRK_GET, "/api/hits", READERS, VRK_OF_ORG, "business", NULL, VRK_LANE_SLOW, 0, NULL,
     vrk_run_hits},

    {VRK_GET, "/api/deals", BUSINESS, VRK_OF_TEAMS, "person", NULL, VRK_LANE_SLOW, 0, NULL,
     vrk_run_deals},
    {VRK_GET, "/api/deals/{any}", BUSINESS, VRK_OF_TEAMS, "person", NULL, VRK_LANE_SLOW, 0, NULL,
     vrk_run_deal},
    {VRK_GET, "/api/decisions", BUSINESS, VRK_OF_TEAMS, "person", NULL, VRK_LANE_WORK, 0, NULL,
     vrk_run_decisions},
    {VRK_POST, "/api/decisions", LEADERS, VRK_OF_TEAMS, "person", "decision.add", VRK_LANE_WORK,
     SMALL, NULL, vrk_run_decide},
    {VRK_POST, "/api/decisions/{n}/close", LEADERS, VRK_OF_TEAMS, "person", "decision.close",
     VRK_LANE_WORK, SMALL, NULL, vrk_run_decision_close},
    {VRK_GET, "/api/notes", BUSINESS, VRK_OF_TEAMS, "person", NULL, VRK_LANE_WORK, 0, NULL,
     vrk_run_notes},
    {VRK_POST, "/api/notes", BUSINESS, VRK_OF_TEAMS, "person", "note.add", VRK_LANE_WORK, SMALL,
     NULL, vrk_run_note},
    {VRK_POST, "/api/notes/{n}/answer", BY(OWNER) | BY(ANALYST) | BY(MANAGER), VRK_OF_TEAMS,
     "person", "note.answer", VRK_LANE_WORK, SMALL, NULL, vrk_run_note_answer},
    {VRK_GET, "/api/cases", BY(OWNER) | BY(MANAGER) | BY(SELLER), VRK_OF_SELF, "person", NULL,
     VRK_LANE_WORK, 0, NULL, vrk_run_cases},
    {VRK_POST, "/api/cases", BY(OWNER) | BY(MANAGER), VRK_OF_TEAMS, "person", "case.open",
     VRK_LANE_WORK, SMALL, NULL, vrk_run_case},
    {VRK_POST, "/api/cases/{n}/known", BY(OWNER) | BY(MANAGER) | BY(SELLER), VRK_OF_SELF, "person",
     "case.known", VRK_LANE_WORK, SMALL, NULL, vrk_run_case_known},
    {VRK_POST, "/api/cases/{n}/close", BY(OWNER) | BY(MANAGER), VRK_OF_SELF, "person", "case.close",
     VRK_LANE_WORK, SMALL, NULL, vrk_run_case_close},

    {VRK_GET, "/api/jobs", ASKERS, VRK_OF_SELF, "business", NULL, VRK_LANE_WORK, 0, NULL,
     vrk_run_jobs},
    {VRK_POST, "/api/jobs", ASKERS, VRK_OF_ORG, "business", "job.start", VRK_LANE_WORK, LARGE, NULL,
     vrk_run_job},
    {VRK_GET, "/api/jobs/{n}", ASKERS, VRK_OF_SELF, "business", NULL, VRK_LANE_WORK, 0, NULL,
     vrk_run_job_one},
    {VRK_DELETE, "/api/jobs/{n}", ASKERS, VRK_OF_SELF, "business", "job.cancel", VRK_LANE_WORK,
     SMALL, NULL, vrk_run_job_cancel},
    {VRK_POST, "/api/uploads", IMPORTERS, VRK_OF_SELF, "business", "upload.add", VRK_LANE_WORK,
     SMALL, NULL, vrk_run_upload},
    {VRK_GET, "/api/uploads/{any}", IMPORTERS, VRK_OF_SELF, "business", NULL, VRK_LANE_SLOW, 0,
     NULL, vrk_run_preview},
    {VRK_PUT, "/api/uploads/{any}/{any}", IMPORTERS, VRK_OF_SELF, "business", NULL, VRK_LANE_WORK,
     -1, NULL, vrk_run_upload_file},
    {VRK_DELETE, "/api/uploads/{any}", IMPORTERS, VRK_OF_SELF, "business", "upload.drop",
     VRK_LANE_WORK, SMALL, NULL, vrk_run_upload_drop},
    {VRK_GET, "/api/sitting", VRK_ANYONE, VRK_OF_SELF, "person", NULL, VRK_LANE_WORK, 0, NULL,
     vrk_run_sitting},
    {VRK_POST, "/api/sitting/next", VRK_ANYONE, VRK_OF_SELF, "person", "sitting.begin",
     VRK_LANE_WORK, SMALL, NULL, vrk_run_sitting_next},
    {VRK_POST, "/api/sitting/answers", VRK_ANYONE, VRK_OF_SELF, "person", "sitting.answer",
     VRK_LANE_WORK, SMALL, NULL, vrk_run_sitting_answer},
    {VRK_GET, "/api/sitting/profile", VRK_ANYONE, VRK_OF_SELF, "person", NULL, VRK_LANE_WORK, 0,
     NULL, vrk_run_sitting_profile},
    {VRK_GET, "/api/competencies", READERS, VRK_OF_NOBODY, "none", NULL, VRK_LANE_WORK, 0, NULL,
     vrk_run_competencies},
    {VRK_POST, "/api/competencies/{any}/retire", IMPORTERS, VRK_OF_NOBODY, "none",
     "instrument.retire", VRK_LANE_WORK, SMALL, NULL, vrk_run_retire},
    {VRK_GET, "/api/people", ASSESSORS, VRK_OF_TEAMS, "person", NULL, VRK_LANE_WORK, 0, NULL,
     vrk_run_people},
    {VRK_GET, "/api/people/{any}/profile", ASSESSED, VRK_OF_TEAMS, "person", "profile",
     VRK_LANE_WORK, 0, NULL, vrk_run_profile},
    {VRK_GET, "/api/people/{any}/accommodations", ASSESSED, VRK_OF_TEAMS, "person",
     "accommodation.see", VRK_LANE_WORK, 0, NULL, vrk_run_accommodations},
    {VRK_POST, "/api/people/{any}/accommodations", ASSESSED, VRK_OF_TEAMS, "person",
     "accommodation.add", VRK_LANE_WORK, SMALL, NULL, vrk_run_accommodate},
    {VRK_GET, "/api/interviews", ASSESSORS, VRK_OF_SELF, "person", NULL, VRK_LANE_SLOW, 0, NULL,
     vrk_run_interviews},
    {VRK_POST, "/api/interviews/pass", ASSESSORS, VRK_OF_SELF, "person", "interview.pass",
     VRK_LANE_SLOW, SMALL, NULL, vrk_run_interview_pass},
    {VRK_POST, "/api/interviews", ASSESSORS, VRK_OF_SELF, "person", "interview.add", VRK_LANE_SLOW,
     SMALL, NULL, vrk_run_interview},
    {VRK_GET, "/api/invitations", ASSESSED, VRK_OF_TEAMS, "person", NULL, VRK_LANE_WORK, 0, NULL,
     vrk_run_invitations},
    {VRK_POST, "/api/invitations", ASSESSED, VRK_OF_TEAMS, "person", "invitation.add",
     VRK_LANE_WORK, SMALL, NULL, vrk_run_invite},
    {VRK_POST, "/api/invitations/{n}/withdraw", ASSESSED, VRK_OF_TEAMS, "person",
     "invitation.withdraw", VRK_LANE_WORK, SMALL, NULL, vrk_run_invite_withdraw},
    {VRK_GET, "/api/ratings/people", BY(OWNER) | BY(MANAGER) | BY(SELLER), VRK_OF_TEAMS, "person",
     NULL, VRK_LANE_WORK, 0, NULL, vrk_run_ratable},
    {VRK_POST, "/api/ratings", BY(OWNER) | BY(MANAGER) | BY(SELLER), VRK_OF_TEAMS, "person",
     "rating.add", VRK_LANE_WORK, SMALL, NULL, vrk_run_rate},
    {VRK_POST, "/api/plans", BY(OWNER) | BY(MANAGER) | BY(SELLER), VRK_OF_TEAMS, "person",
     "plan.add", VRK_LANE_WORK, SMALL, NULL, vrk_run_plan},
    {VRK_POST, "/api/plans/{n}/close", BY(OWNER) | BY(MANAGER) | BY(SELLER), VRK_OF_TEAMS, "person",
     "plan.close", VRK_LANE_WORK, SMALL, NULL, vrk_run_plan_close},
    {VRK_GET, "/api/recruitment/roles", RECRUITERS, VRK_OF_ORG, "business", NULL, VRK_LANE_WORK, 0,
     NULL, vrk_run_roles},
    {VRK_POST, "/api/recruitment/roles/{any}/weights", RECRUITERS, VRK_OF_SELF, "business",
     "role.weigh", VRK_LANE_WORK, SMALL, NULL, vrk_run_weights},
    {VRK_GET, "/api/recruitment/candidates", RECRUITERS, VRK_OF_ORG, "person", "candidates",
     VRK_LANE_SLOW, 0, NULL, vrk_run_candidates},
    {VRK_GET, "/api/recruitment/decisions", RECRUITERS, VRK_OF_ORG, "person", NULL, VRK_LANE_SLOW,
     0, NULL, vrk_run_hirings},
    {VRK_POST, "/api/recruitment/decisions", RECRUITERS, VRK_OF_ORG, "person", "candidate.decide",
     VRK_LANE_SLOW, SMALL, NULL, vrk_run_hiring},
    {VRK_POST, "/api/recruitment/impact", RECRUITERS, VRK_OF_NOBODY, "none", "impact",
     VRK_LANE_SLOW, SMALL, NULL, vrk_run_impact},
    {VRK_POST, "/api/recruitment/validation", RECRUITERS, VRK_OF_NOBODY, "none", "validation",
     VRK_LANE_SLOW, LARGE, NULL, vrk_run_validation},
    {VRK_POST, "/api/recruitment/worth", RECRUITERS, VRK_OF_NOBODY, "none", "worth", VRK_LANE_SLOW,
     SMALL, NULL, vrk_run_worth},
    {VRK_POST, "/api/recruitment/lines", RECRUITERS, VRK_OF_NOBODY, "none", "lines", VRK_LANE_SLOW,
     LARGE, NULL, vrk_run_lines},
    {VRK_GET, "/api/report.html", ASKERS, VRK_OF_TEAMS, "person", "report", VRK_LANE_SLOW, 0, NULL,
     vrk_run_report_html},
    {VRK_GET, "/api/report.json", ASKERS, VRK_OF_TEAMS, "person", "report", VRK_LANE_SLOW, 0, NULL,
     vrk_run_report_json},

    {VRK_GET, "/api/people/{any}/viewers", BUSINESS, VRK_OF_SELF, "person", NULL, VRK_LANE_WORK, 0,
     NULL, vrk_run_viewers},
    {VRK_GET, "/api/settings", KEEPERS, VRK_OF_ORG, "settings", NULL, VRK_LANE_WORK, 0, NULL,
     vrk_run_settings},
    {VRK_POST, "/api/settings", KEEPERS, VRK_OF_ORG, "settings", "settings.change", VRK_LANE_WORK,
     SMALL, NULL, vrk_run_settings_change},
    {VRK_GET, "/api/users", KEEPERS, VRK_OF_ORG, "account", NULL, VRK_LANE_WORK, 0, NULL,
     vrk_run_users},
    {VRK_POST, "/api/users", KEEPERS, VRK_OF_ORG, "account", "user.add", VRK_LANE_WORK, SMALL, NULL,
     vrk_run_user_add},
    {VRK_PATCH, "/api/users/{n}", KEEPERS, VRK_OF_ORG, "account", "user.change", VRK_LANE_WORK,
     SMALL, NULL, vrk_run_user_change},
    {VRK_POST, "/api/users/{n}/link", KEEPERS, VRK_OF_ORG, "account", "user.link", VRK_LANE_WORK,
     SMALL, NULL, vrk_run_user_link},
    {VRK_GET, "/api/sessions", ALL, VRK_OF_SELF, "account", NULL, VRK_LANE_WORK, 0, NULL,
     vrk_run_sessions},
    {VRK_DELETE, "/api/sessions/{n}", ALL, VRK_OF_SELF, "account", "session.end", VRK_LANE_WORK,
     SMALL, NULL, vrk_run_session_end},
    {VRK_GET, "/api/audit", KEEPERS | BY(AUDITOR), VRK_OF_ORG, "log", "audit.read", VRK_LANE_WORK,
     0, NULL, vrk_run_audit},
};
enum { ROUTES = sizeof(routes) / sizeof(routes[0]) };

/* Cuts `path` by the route's; what stood at {n} and {any} goes to r->part. */
static bool matches(const char *pattern, const char *path, vrk_request *r)
{
    r->parts = 0;
    while (*pattern && *path) {
        if (*pattern != '{') {
            if (*pattern++ != *path++)
                return false;
            continue;
        }
        size_t n = strcspn(path, "/");
        bool number = !strncmp(pattern, "{n}", 3);
        if (n == 0 || n > 200 || r->parts == VRK_PATH_PARTS ||
            (number && strspn(path, "0123456789") != n))
            return false;
        r->part[r->parts++] = vrk_text_copy_n(&r->mem, path, n);
        path += n;
        pattern += strcspn(pattern, "}") + 1;
    }
    return !*pattern && !*path && !r->mem.failed;
}

/* The row; NULL with *other set where the path is there for another method. */
static const vrk_route *find(vrk_request *r, bool *other)
{
    *other = false;
    for (int i = 0; i < ROUTES; i++) {
        if (!matches(routes[i].path, r->path, r))
            continue;
        if (routes[i].method == r->method)
            return &routes[i];
        *other = true;
    }
    return NULL;
}

static void find_lang(vrk_request *r)
{
    const char *asked = vrk_query(r, "lang");
    if (asked && vrk_lang_parse(asked, &r->lang))
        return;
    if (r->member && r->member->account.lang && vrk_lang_parse(r->member->account.lang, &r->lang))
        return;
    r->lang = r->language && !strncasecmp(r->language, "sv", 2) ? VRK_SV : VRK_EN;
}

static bool is_json(const char *type)
{
    static const char json[] = "application/json";
    return type && !strncasecmp(type, json, sizeof(json) - 1) &&
           strchr("; \t", type[sizeof(json) - 1]);
}

/* A change comes from our own pages only, as JSON or as a file, and is of a size that is meant. */
static void check_change(const vrk_app *app, vrk_request *r)
{
    if (!vrk_gate_same_origin(app, r))
        vrk_refuse(r, 403, "origin", VRK_N("This came from another site's page and is refused."));
    else if (r->route->body > 0 && r->length > r->route->body)
        vrk_refuse(r, 413, "size", VRK_N("That is larger than anything that is meant here."));
    else if (r->route->body < 0 && r->length > app->opt->upload_most)
        vrk_refuse(r, 413, "size", VRK_N("The file is larger than this server takes."));
    else if (r->route->body > 0 && r->length != 0 && !is_json(r->type))
        vrk_refuse(r, 415, "type", VRK_N("The request must be JSON (application/json)."));
    else if (r->route->body < 0 && (!r->type || strcmp(r->type, "application/octet-stream") != 0))
        vrk_refuse(r, 415, "type", VRK_N("A file must come as application/octet-stream."));
}

/* Tells beside it whether there is anything to log in to. */
static void ask_to_log_in(const vrk_app *app, vrk_request *r)
{
    vrk_ctx ctx = {0};
    json_t *o = json_pack("{s:{s:s,s:s},s:b}", "error", "code", "login", "text",
                          vrk_tr(r->lang, VRK_N("Please log in.")), "setup", !app->set_up);
    if (vrk_answer_json(&ctx, r, 401, o) != VRK_OK)
        vrk_refuse(r, 401, "login", "");
}

/* What is open to who must have a second factor and has none yet: to set it up, and to leave. */
static bool without_second(const vrk_route *route)
{
    return !strcmp(route->path, "/api/me") || !strncmp(route->path, "/api/me/", 8) ||
           !strcmp(route->path, "/api/logout");
}

bool vrk_policy_admit(vrk_app *app, vrk_request *r)
{
    char token[VRK_HEX];
    bool other;

    if (r->cookie && vrk_gate_token(app, r->cookie, token))
        vrk_who_find(app, token, r);
    find_lang(r);
    if (r->twice || !vrk_gate_host(app, r->host)) {
        vrk_refuse(r, 400, "host", VRK_N("This server does not go by that name."));
        return false;
    }
    r->route = find(r, &other);
    if (!r->route) {
        vrk_refuse(r, other ? 405 : 404, other ? "method" : "not_found",
                   other ? VRK_N("That cannot be done with it.")
                         : VRK_N("There is no such thing."));
        return false;
    }
    if (!vrk_limits_allow(app, r))
        return false;
    if (r->method != VRK_GET)
        check_change(app, r);
    if (r->answer.status)
        return r->member && r->answer.status == 403; /* logged, and refused by the run */
    if (r->route->roles & VRK_ANYONE)
        return true;
    if (!r->member)
        ask_to_log_in(app, r);
    else if (!(r->route->roles & (1u << r->member->account.role)))
        vrk_refuse(r, 403, "role", VRK_N("Your role does not include that."));
    else if (vrk_needs_second(app, r->member) && !without_second(r->route))
        vrk_refuse(r, 403, "second",
                   VRK_N("Your role needs a second factor. Set it up in your account first."));
    return r->member != NULL;
}

vrk_lane vrk_policy_lane(const vrk_request *r)
{
    return r->answer.status ? VRK_LANE_WORK : r->route->lane;
}

bool vrk_policy_quick(vrk_app *app, vrk_request *r)
{
    return !r->answer.status && r->route->quick && r->route->quick(app, r);
}

static void log_failure(const vrk_worker *w, const vrk_request *r)
{
    char line[1200];
    snprintf(line, sizeof(line), "%s %s: %s", vrk_method_name[r->method], r->route->path,
             w->ctx.message);
    if (w->app->opt->log)
        w->app->opt->log(w->app->opt->arg, line);
}

static void log_outcome(vrk_worker *w, vrk_request *r)
{
    bool refused = r->answer.status >= 400;
    const vrk_audit entry = {.account = r->member ? r->member->account.id : 0,
                             .what = r->route->audit ? r->route->audit : r->route->path,
                             .outcome = refused ? "refused" : "done"};
    vrk_status st = vrk_audit_write(&w->ctx, w->w.records, &entry);
    if (st == VRK_OK)
        return;
    log_failure(w, r); /* what cannot be logged is not done */
    if (!refused)
        vrk_answer_failure(r, &w->ctx, st);
}

void vrk_policy_run(vrk_worker *w, vrk_request *r)
{
    vrk_status st = VRK_OK;
    if (!r->answer.status) {
        st = r->route->run ? r->route->run(w, r)
                           : vrk_fail(&w->ctx, VRK_EIO, "the route has no handler");
        if (st != VRK_OK) {
            vrk_records_roll_back(&w->ctx, w->w.records); /* where something was begun */
            if (st != VRK_EINPUT)
                log_failure(w, r);
            vrk_answer_failure(r, &w->ctx, st);
        }
    }
    bool refused = r->answer.status == 403 || (r->answer.status == 401 && !r->member);
    bool changed = r->method == VRK_GET && r->route->audit && r->answer.status < 400;
    if (!r->audited && (refused || changed))
        log_outcome(w, r);
    vrk_arena_free(&w->ctx.scratch);
}

static const struct {
    const char *name;
    vrk_method method;
    const char *path;
} may[] = {
    {"result", VRK_GET, "/api/result"},
    {"what_if", VRK_POST, "/api/jobs"},
    {"import", VRK_POST, "/api/uploads"},
    {"deals", VRK_GET, "/api/deals"},
    {"decide", VRK_POST, "/api/decisions"},
    {"judge", VRK_POST, "/api/notes"},
    {"case", VRK_POST, "/api/cases"},
    {"users", VRK_GET, "/api/users"},
    {"audit", VRK_GET, "/api/audit"},
    {"report", VRK_GET, "/api/report.html"},
    {"assess", VRK_GET, "/api/people"},
    {"profile", VRK_GET, "/api/people/{any}/profile"},
    {"rate", VRK_POST, "/api/ratings"},
    {"plan", VRK_POST, "/api/plans"},
    {"recruit", VRK_GET, "/api/recruitment/roles"},
    {"interview", VRK_POST, "/api/interviews"},
};

bool vrk_policy_lets(vrk_by role, vrk_method method, const char *path)
{
    for (int i = 0; i < ROUTES; i++) {
        if (routes[i].method == method && !strcmp(routes[i].path, path))
            return routes[i].roles & (1u << role);
    }
    return false;
}

vrk_status vrk_policy_may(vrk_ctx *ctx, vrk_by role, json_t **out)
{
    json_t *list = json_array();
    bool ok = list != NULL;
    for (size_t i = 0; ok && i < sizeof(may) / sizeof(may[0]); i++) {
        if (vrk_policy_lets(role, may[i].method, may[i].path))
            ok = json_array_append_new(list, json_string(may[i].name)) == 0;
    }
    if (ok && role == VRK_BY_SELLER)
        ok = json_array_append_new(list, json_string("contest")) == 0;
    *out = list;
    return ok ? VRK_OK : vrk_fail(ctx, VRK_EMEMORY, "out of memory for an answer");
}

vrk_status vrk_serve_routes(vrk_ctx *ctx, vrk_arena *mem, const char **text)
{
    static const char *const scope[] = {"nobody", "organisation", "teams", "self"};
    vrk_str s = {.mem = mem};
    for (int i = 0; i < ROUTES; i++) {
        const vrk_route *r = &routes[i];
        vrk_str_addf(&s, "%s\t%s\t%s\t%s\t%s\t", vrk_method_name[r->method], r->path,
                     scope[r->scope], r->data, r->audit ? r->audit : "-");
        const char *comma = "";
        for (int k = 0; k < VRK_BY_COUNT; k++) {
            if (r->roles & (1u << k)) {
                vrk_str_addf(&s, "%s%s", comma, vrk_by_name[k]);
                comma = ",";
            }
        }
        vrk_str_add(&s, r->roles & VRK_ANYONE ? "anyone\n" : "\n");
    }
    *text = vrk_str_of(&s);
    return mem->failed ? vrk_fail(ctx, VRK_EMEMORY, "out of memory") : VRK_OK;
}
