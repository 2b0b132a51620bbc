/* store/sessions.h - who is logged in, so that a restart of the server logs nobody out. The server
 * keeps them in memory; here is what survives it. */
#ifndef VRK_STORE_SESSIONS_H
#define VRK_STORE_SESSIONS_H

#include "store/records.h"

typedef struct {
    int64_t id, account;
    int64_t made_at, seen_at;  /* [us since 1970 UTC]; seen within a minute */
    const char *token, *agent; /* SHA-256 of the token; what the browser calls itself */
} vrk_session;

typedef struct {
    int64_t n;
    vrk_session *session; /* [n] newest first */
    vrk_arena mem;
} vrk_sessions;

/* Those of one account; account 0: all. */
VRK_MUST vrk_status vrk_sessions_list(vrk_ctx *ctx, vrk_records *records, int64_t account,
                                      vrk_sessions *out);
void vrk_sessions_free(vrk_sessions *s); /* safe on an empty one */

/* Each one statement; inside the caller's transaction or alone. Add sets s->id. */
VRK_MUST vrk_status vrk_session_add(vrk_ctx *ctx, vrk_records *records, vrk_session *s);
VRK_MUST vrk_status vrk_session_seen(vrk_ctx *ctx, vrk_records *records, int64_t id, int64_t at);
VRK_MUST vrk_status vrk_session_end(vrk_ctx *ctx, vrk_records *records, int64_t id);
VRK_MUST vrk_status vrk_sessions_end(vrk_ctx *ctx, vrk_records *records, int64_t account);

#endif
