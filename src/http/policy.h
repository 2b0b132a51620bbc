/* http/policy.h - the one table of who may ask for what. A path that has no row is not there. */
#ifndef VRK_HTTP_POLICY_H
#define VRK_HTTP_POLICY_H

#include "http/app.h"

/* Whose: what of it the role reaches. The view (diag/view.h) and the handlers see to it. */
typedef enum {
    VRK_OF_NOBODY, /* no data of the organisation */
    VRK_OF_ORG,    /* the organisation's, as the role may see it */
    VRK_OF_TEAMS,  /* managers: of their teams; sellers: their own; others: the organisation's */
    VRK_OF_SELF,   /* the account's own */
} vrk_scope;

struct vrk_route {
    vrk_method method;
    const char *path; /* {n}: a number, {any}: a word */
    unsigned roles;   /* bits of vrk_by; VRK_ANYONE: also who is not logged in */
    vrk_scope scope;
    const char *data;  /* its class: none, business, person, account, log */
    const char *audit; /* how it is called in the log; NULL = not logged */
    vrk_lane lane;
    int body;                                    /* [byte] at most; 0 = none; -1 = a file */
    bool (*quick)(vrk_app *app, vrk_request *r); /* answers at once where it can; or NULL */
    vrk_status (*run)(vrk_worker *w, vrk_request *r);
};

enum { VRK_ANYONE = 1 << 15 };

/* Handlers, by file. accounts.c */
VRK_MUST vrk_status vrk_run_setup(vrk_worker *w, vrk_request *r);
VRK_MUST vrk_status vrk_run_login(vrk_worker *w, vrk_request *r);
VRK_MUST vrk_status vrk_run_logout(vrk_worker *w, vrk_request *r);
VRK_MUST vrk_status vrk_run_me(vrk_worker *w, vrk_request *r);
VRK_MUST vrk_status vrk_run_me_change(vrk_worker *w, vrk_request *r);

/* said.c */
VRK_MUST vrk_status vrk_run_decisions(vrk_worker *w, vrk_request *r);
VRK_MUST vrk_status vrk_run_decide(vrk_worker *w, vrk_request *r);
VRK_MUST vrk_status vrk_run_decision_close(vrk_worker *w, vrk_request *r);
VRK_MUST vrk_status vrk_run_notes(vrk_worker *w, vrk_request *r);
VRK_MUST vrk_status vrk_run_viewers(vrk_worker *w, vrk_request *r);
VRK_MUST vrk_status vrk_run_settings(vrk_worker *w, vrk_request *r);
VRK_MUST vrk_status vrk_run_settings_change(vrk_worker *w, vrk_request *r);
VRK_MUST vrk_status vrk_run_second(vrk_worker *w, vrk_request *r);
VRK_MUST vrk_status vrk_run_second_confirm(vrk_worker *w, vrk_request *r);
VRK_MUST vrk_status vrk_run_second_off(vrk_worker *w, vrk_request *r);
VRK_MUST vrk_status vrk_run_note_answer(vrk_worker *w, vrk_request *r);
VRK_MUST vrk_status vrk_run_note(vrk_worker *w, vrk_request *r);
VRK_MUST vrk_status vrk_run_cases(vrk_worker *w, vrk_request *r);
VRK_MUST vrk_status vrk_run_case(vrk_worker *w, vrk_request *r);
VRK_MUST vrk_status vrk_run_case_known(vrk_worker *w, vrk_request *r);
VRK_MUST vrk_status vrk_run_case_close(vrk_worker *w, vrk_request *r);
/* users.c */
VRK_MUST vrk_status vrk_run_users(vrk_worker *w, vrk_request *r);
VRK_MUST vrk_status vrk_run_user_add(vrk_worker *w, vrk_request *r);
VRK_MUST vrk_status vrk_run_user_change(vrk_worker *w, vrk_request *r);
VRK_MUST vrk_status vrk_run_user_link(vrk_worker *w, vrk_request *r);
VRK_MUST vrk_status vrk_run_sessions(vrk_worker *w, vrk_request *r);
VRK_MUST vrk_status vrk_run_session_end(vrk_worker *w, vrk_request *r);
VRK_MUST vrk_status vrk_run_audit(vrk_worker *w, vrk_request *r);
/* jobs.c */
VRK_MUST vrk_status vrk_run_jobs(vrk_worker *w, vrk_request *r);
VRK_MUST vrk_status vrk_run_job(vrk_worker *w, vrk_request *r);
VRK_MUST vrk_status vrk_run_job_one(vrk_worker *w, vrk_request *r);
VRK_MUST vrk_status vrk_run_job_cancel(vrk_worker *w, vrk_request *r);
/* uploads.c, preview.c */
VRK_MUST vrk_status vrk_run_upload(vrk_worker *w, vrk_request *r);
VRK_MUST vrk_status vrk_run_upload_file(vrk_worker *w, vrk_request *r);
VRK_MUST vrk_status vrk_run_upload_drop(vrk_worker *w, vrk_request *r);
VRK_MUST vrk_status vrk_run_preview(vrk_worker *w, vrk_request *r);
/* deals.c */
VRK_MUST vrk_status vrk_run_deals(vrk_worker *w, vrk_request *r);
VRK_MUST vrk_status vrk_run_deal(vrk_worker *w, vrk_request *r);
/* recruitment.c */
VRK_MUST vrk_status vrk_run_roles(vrk_worker *w, vrk_request *r);
VRK_MUST vrk_status vrk_run_weights(vrk_worker *w, vrk_request *r);
VRK_MUST vrk_status vrk_run_candidates(vrk_worker *w, vrk_request *r);
VRK_MUST vrk_status vrk_run_hirings(vrk_worker *w, vrk_request *r);
VRK_MUST vrk_status vrk_run_hiring(vrk_worker *w, vrk_request *r);
VRK_MUST vrk_status vrk_run_impact(vrk_worker *w, vrk_request *r);
VRK_MUST vrk_status vrk_run_validation(vrk_worker *w, vrk_request *r);
VRK_MUST vrk_status vrk_run_worth(vrk_worker *w, vrk_request *r);
VRK_MUST vrk_status vrk_run_lines(vrk_worker *w, vrk_request *r);
/* sittings.c: by the link of an invitation, without account */
VRK_MUST vrk_status vrk_run_sitting(vrk_worker *w, vrk_request *r);
VRK_MUST vrk_status vrk_run_sitting_next(vrk_worker *w, vrk_request *r);
VRK_MUST vrk_status vrk_run_sitting_answer(vrk_worker *w, vrk_request *r);
VRK_MUST vrk_status vrk_run_sitting_profile(vrk_worker *w, vrk_request *r);
/* invitations.c */
VRK_MUST vrk_status vrk_run_competencies(vrk_worker *w, vrk_request *r);
VRK_MUST vrk_status vrk_run_people(vrk_worker *w, vrk_request *r);
VRK_MUST vrk_status vrk_run_invitations(vrk_worker *w, vrk_request *r);
VRK_MUST vrk_status vrk_run_invite(vrk_worker *w, vrk_request *r);
VRK_MUST vrk_status vrk_run_invite_withdraw(vrk_worker *w, vrk_request *r);
/* accommodations.c, interviews.c */
VRK_MUST vrk_status vrk_run_accommodations(vrk_worker *w, vrk_request *r);
VRK_MUST vrk_status vrk_run_accommodate(vrk_worker *w, vrk_request *r);
VRK_MUST vrk_status vrk_run_retire(vrk_worker *w, vrk_request *r);
VRK_MUST vrk_status vrk_run_interviews(vrk_worker *w, vrk_request *r);
VRK_MUST vrk_status vrk_run_interview(vrk_worker *w, vrk_request *r);
VRK_MUST vrk_status vrk_run_interview_pass(vrk_worker *w, vrk_request *r);
/* profiles.c, ratings.c, plans.c */
VRK_MUST vrk_status vrk_run_profile(vrk_worker *w, vrk_request *r);
VRK_MUST vrk_status vrk_run_rate(vrk_worker *w, vrk_request *r);
VRK_MUST vrk_status vrk_run_ratable(vrk_worker *w, vrk_request *r);
VRK_MUST vrk_status vrk_run_plan(vrk_worker *w, vrk_request *r);
VRK_MUST vrk_status vrk_run_plan_close(vrk_worker *w, vrk_request *r);
/* report.c */
VRK_MUST vrk_status vrk_run_report_html(vrk_worker *w, vrk_request *r);
VRK_MUST vrk_status vrk_run_report_json(vrk_worker *w, vrk_request *r);

/* Whether the role may ask for that path of the table. */
bool vrk_policy_lets(vrk_by role, vrk_method method, const char *path);

/* What the role may do beside looking, for GET /api/me: the routes it may use, by short names. */
VRK_MUST vrk_status vrk_policy_may(vrk_ctx *ctx, vrk_by role, struct json_t **out);

#endif
