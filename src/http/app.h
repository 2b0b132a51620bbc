/* http/app.h - the application behind the server: what its threads share. */
#ifndef VRK_HTTP_APP_H
#define VRK_HTTP_APP_H

#include "http/http.h"
#include "http/serve.h"
#include "people/instrument.h"

/* Lanes of work that may wait: for the disk, for passwords' hashes, of which no more are computed
 * at a time than their lane has threads, and for what may take seconds. */
typedef enum { VRK_LANE_WORK, VRK_LANE_HASH, VRK_LANE_SLOW, VRK_LANES } vrk_lane;

typedef struct vrk_who vrk_who;
typedef struct vrk_lane_set vrk_lane_set;
typedef struct vrk_kept_views vrk_kept_views;
typedef struct vrk_jobs vrk_jobs;
typedef struct vrk_guard vrk_guard;
typedef struct vrk_quotas vrk_quotas;

struct vrk_app {
    const vrk_serve_opt *opt;
    const struct vrk_sys *sys;
    _Atomic bool open;            /* person_level */
    _Atomic unsigned second_must; /* roles (bits) that need a second factor */
    bool secure;
    char own[2][300];         /* hosts that are this server's own: name:port as browsers say it */
    char *origin;             /* behind a proxy: its address; else NULL, http://HOST */
    _Atomic int64_t snapshot; /* the newest that has its document; 0 = none */
    _Atomic int64_t contests; /* grows with what is contested or answered: results change */
    _Atomic int64_t weighed;  /* which weights of roles results were last shown with */
    _Atomic int64_t applied;  /* and which applicants */
    _Atomic bool set_up;      /* there is an account */
    _Atomic bool stopping;
    vrk_who *who;
    vrk_guard *guard;
    vrk_quotas *limits;
    vrk_lane_set *lanes;
    vrk_kept_views *views;
    struct vrk_files *files;
    struct vrk_roster *roster;
    const vrk_instruments *_Atomic instruments; /* those of now; former ones stay until the end */
    struct vrk_own_sets *owns;
    vrk_jobs *jobs;
    struct vrk_behind *behind;  /* behind.c */
    struct vrk_kept_hits *hits; /* hits.c */
    void (*resume)(vrk_request *r);
    vrk_arena mem;
};

/* worker.c: opens and closes what a thread works with. */
VRK_MUST vrk_status vrk_worker_open(vrk_ctx *ctx, vrk_app *app, vrk_worker *w);
void vrk_worker_close(vrk_worker *w);

/* lanes.c */
VRK_MUST vrk_status vrk_lanes_start(vrk_ctx *ctx, vrk_app *app);
bool vrk_lanes_put(vrk_app *app, vrk_lane lane, vrk_request *r); /* false: the lane is full */
void vrk_lanes_stop(vrk_app *app);                               /* after what was put in is done */

/* policy.c: finds the route, who asks, and whether they may; answers where they may not. True: go
 * on. */
bool vrk_policy_admit(vrk_app *app, vrk_request *r);
/* Runs the handler of an admitted request, and logs what is to be logged. */
void vrk_policy_run(vrk_worker *w, vrk_request *r);
/* Answers without a worker where that takes no time. False: it is work. */
bool vrk_policy_quick(vrk_app *app, vrk_request *r);
vrk_lane vrk_policy_lane(const vrk_request *r);

/* gate.c: Host, Origin and the cookie. */
bool vrk_gate_host(const vrk_app *app, const char *host);
bool vrk_gate_same_origin(const vrk_app *app, const vrk_request *r);
/* The session token in a Cookie header, 64 hex digits, to `token` [65]; false: none, or several. */
bool vrk_gate_token(const vrk_app *app, const char *cookie, char *token);

/* views.c: results as each may see them. */
VRK_MUST vrk_status vrk_views_start(vrk_ctx *ctx, vrk_app *app);
void vrk_views_stop(vrk_app *app);
bool vrk_quick_result(vrk_app *app, vrk_request *r);
VRK_MUST vrk_status vrk_run_result(vrk_worker *w, vrk_request *r);
VRK_MUST vrk_status vrk_run_snapshots(vrk_worker *w, vrk_request *r);
/* Looks whether there is a newer snapshot. */
VRK_MUST vrk_status vrk_views_look(vrk_worker *w);
/* Makes the next account's view of it beforehand, one a call. For the thread that keeps house. */
VRK_MUST vrk_status vrk_views_warm(vrk_worker *w);

/* hits.c: what was told of deals, and what became of them. */
VRK_MUST vrk_status vrk_hits_start(vrk_ctx *ctx, vrk_app *app);
void vrk_hits_stop(vrk_app *app);
VRK_MUST vrk_status vrk_run_hits(vrk_worker *w, vrk_request *r);

/* own.c: the instruments, with those of one's own as they come. */
VRK_MUST vrk_status vrk_own_start(vrk_ctx *ctx, vrk_app *app);
void vrk_own_stop(vrk_app *app);
VRK_MUST vrk_status vrk_own_look(vrk_worker *w);

/* files.c: the application's own files. */
VRK_MUST vrk_status vrk_files_start(vrk_ctx *ctx, vrk_app *app);
void vrk_files_stop(vrk_app *app);
bool vrk_quick_file(vrk_app *app, vrk_request *r);
bool vrk_quick_health(vrk_app *app, vrk_request *r);

#endif
