/* http/who.h - who is logged in: the sessions in memory, so that a request asks no database; what
 * outlives the server stands in store/sessions.h. */
#ifndef VRK_HTTP_WHO_H
#define VRK_HTTP_WHO_H

#include "http/app.h"

VRK_MUST vrk_status vrk_who_start(vrk_worker *w);
void vrk_who_stop(vrk_app *app);

/* Sets member, session and slot of the request where the token is one that stands. */
void vrk_who_find(vrk_app *app, const char *token, vrk_request *r);
/* The account with its teams and cases as they stand; NULL: there is none. The caller drops it. */
VRK_MUST vrk_status vrk_member_read(vrk_worker *w, int64_t account, vrk_member **out);
void vrk_member_drop(vrk_member *m); /* NULL is fine */

/* A new session of the account: stored in the open transaction; in memory, and the request's
 * cookie, by vrk_who_enter after its commit. */
typedef struct {
    int64_t id;
    char token[VRK_HEX];
} vrk_entry;
VRK_MUST vrk_status vrk_who_store(vrk_worker *w, const vrk_request *r, int64_t account,
                                  vrk_entry *entry);
VRK_MUST vrk_status vrk_who_enter(vrk_worker *w, vrk_request *r, int64_t account,
                                  const vrk_entry *entry);

/* In memory; the caller ends them in the records. */
void vrk_who_end(vrk_app *app, int64_t session);
void vrk_who_end_all(vrk_app *app, int64_t account);

/* second.c: which roles must have a second factor ("owner administrator"), and whether this account
 * must and has none. */
void vrk_second_must(vrk_app *app, const char *roles);
bool vrk_needs_second(const vrk_app *app, const vrk_member *m);

/* Reads the account again: its role, teams and cases hold from the next request on. */
VRK_MUST vrk_status vrk_who_refresh(vrk_worker *w, int64_t account);

/* True where this session was given that view of persons before; remembers it. */
bool vrk_who_saw(vrk_app *app, const vrk_request *r, int64_t view, bool remember);

/* Once a minute: writes when sessions were seen, ends those that are too old, and sees to cases
 * that have come to their end. */
VRK_MUST vrk_status vrk_who_tidy(vrk_worker *w);

/* guard.c: tries that failed, by account and by address. Seconds to wait; 0 = none. */
VRK_MUST vrk_status vrk_guard_start(vrk_ctx *ctx, vrk_app *app);
int vrk_guard_wait(vrk_app *app, const char *name, const char *address);
void vrk_guard_failed(vrk_app *app, const char *name, const char *address);
void vrk_guard_passed(vrk_app *app, const char *name, const char *address);

/* Ends the sessions that somebody else, at the terminal, took out of the records. */
VRK_MUST vrk_status vrk_who_sync(vrk_worker *w, int64_t *version);

int64_t vrk_mono(void); /* [us] a clock that nobody sets, and that goes on in sleep */

#endif
