/* http/http.h - what the parts of the server share: a request with its answer, who asks, and the
 * application that answers. server.c speaks HTTP (libmicrohttpd) and knows nothing of what is
 * served; policy.c says who may ask for what; the handlers do it. */
#ifndef VRK_HTTP_HTTP_H
#define VRK_HTTP_HTTP_H

#include "base/str.h"
#include "diag/words.h"
#include "store/accounts.h"
#include "store/hash.h"
#include "store/workspace.h"

#include <pthread.h>
#include <stdatomic.h>

struct json_t; /* jansson */
typedef struct vrk_app vrk_app;
typedef struct vrk_route vrk_route;

typedef enum { VRK_GET, VRK_POST, VRK_PUT, VRK_PATCH, VRK_DELETE, VRK_METHODS } vrk_method;
extern const char *const vrk_method_name[VRK_METHODS];

/* Bytes that many requests are answered with, plain and gzipped. The last to let go frees it. */
typedef struct {
    _Atomic int refs;
    const char *type; /* media type */
    const char *bytes, *gzip;
    size_t n, gzip_n;
    char etag[VRK_HEX + 2];
    vrk_arena mem; /* holds this struct */
} vrk_blob;

VRK_MUST vrk_status vrk_blob_make(vrk_ctx *ctx, const char *type, const char *bytes, size_t n,
                                  vrk_blob **out);
vrk_blob *vrk_blob_keep(vrk_blob *b);
void vrk_blob_drop(vrk_blob *b); /* NULL is fine */

/* An account as its sessions see it: never changed, but replaced by a new one. */
typedef struct {
    _Atomic int refs;
    vrk_account account;
    bool second; /* has a second factor */
    int64_t cases;
    int64_t *case_key; /* [cases] persons in a case of theirs that the person knows of */
    const char *scope; /* what their view of a result hangs on, beside the language */
    vrk_arena mem;     /* holds this struct */
} vrk_member;

typedef struct {
    int status;        /* 0 = none yet */
    const char *type;  /* media type of `bytes` */
    const char *bytes; /* held by the request's mem, or for ever */
    size_t n;
    vrk_blob *blob;              /* instead of bytes; the request lets go of it */
    const char *cookie;          /* the session's new token; "" = end the cookie */
    const char *location, *file; /* NULL = none; file: offered as a download of that name */
    int retry_s;                 /* 0 = none */
    bool cached;                 /* may be kept by the browser and asked for again */
} vrk_reply;

enum { VRK_PATH_PARTS = 3, VRK_QUERY = 16 };

typedef struct vrk_request {
    vrk_method method;
    const char *path;
    /* Headers; NULL where they were not sent. */
    const char *host, *origin, *fetch_site, *cookie, *type, *bearer, *encoding, *language, *known,
        *forwarded, *agent;
    bool twice;     /* one of those that decide came more than once */
    int64_t length; /* of the body as announced; -1 = not */
    char address[48];
    int queries;
    const char *query[VRK_QUERY][2];
    vrk_str body;
    int upload;              /* a file that takes the body instead; -1 = none */
    const char *upload_path; /* where it lies until it is whole */
    bool cut;                /* the answer went out in the middle of the body */
    int64_t uploaded, counted;

    const vrk_route *route;
    const char *part[VRK_PATH_PARTS]; /* what stood at the places of the route's path */
    int parts;
    vrk_member *member; /* NULL = nobody is logged in */
    int64_t session;
    int slot; /* of the session in memory */
    vrk_lang lang;
    int64_t entering; /* the account that is let in by it; 0 = none */
    bool audited;
    bool refused;        /* and nothing is to be logged */
    bool ran;            /* its handler has answered, or is about to */
    struct json_t *json; /* the body, parsed */
    vrk_reply answer;
    void *connection;
    struct vrk_request *next; /* in a lane */
    vrk_arena mem;            /* holds this struct */
} vrk_request;

/* Of a thread that works on requests: its own context and connection to the records. */
typedef struct {
    vrk_app *app;
    vrk_ctx ctx;
    vrk_workspace w;
} vrk_worker;

void vrk_request_end(vrk_request *r); /* lets go of what is not in its mem */

/* Answers. The sentence is an English msgid and told in the request's language. */
void vrk_refuse(vrk_request *r, int status, const char *code, const char *msgid);
void vrk_answer_text(vrk_request *r, int status, const char *type, const char *text);
void vrk_answer_blob(vrk_request *r, vrk_blob *b); /* takes over the reference */
/* Takes over the value; NULL: out of memory. */
VRK_MUST vrk_status vrk_answer_json(vrk_ctx *ctx, vrk_request *r, int status, struct json_t *value);
/* What a failure of a handler is to the one who asked; the log line goes to *log. */
void vrk_answer_failure(vrk_request *r, const vrk_ctx *ctx, vrk_status st);

/* Members of a JSON body. All others are refused, and so is one that stands twice. */
typedef enum {
    VRK_IS_TEXT,
    VRK_IS_DAY,
    VRK_IS_BOOL,
    VRK_IS_COUNT,
    VRK_IS_TEXTS,
    VRK_IS_OBJECT
} vrk_member_kind;
typedef struct {
    const char *name;
    vrk_member_kind kind;
    bool must;
    int most;    /* [byte] of a text, [1] of texts; the largest count */
    void *to;    /* const char **, bool *, int64_t *, struct json_t ** (borrowed) */
    bool *given; /* NULL = not asked */
} vrk_field;
/* VRK_EINPUT with a sentence to show. Depth 8, 4000 members. */
VRK_MUST vrk_status vrk_body_read(vrk_ctx *ctx, vrk_request *r, const vrk_field *field, int n);
VRK_MUST vrk_status vrk_json_strict(vrk_ctx *ctx, const char *text, size_t n, struct json_t **out);

const char *vrk_query(const vrk_request *r, const char *name); /* NULL = not there */
/* A whole number in [least, most]; `otherwise` where it is not there. VRK_EINPUT. */
VRK_MUST vrk_status vrk_query_int(vrk_ctx *ctx, const vrk_request *r, const char *name,
                                  int64_t least, int64_t most, int64_t otherwise, int64_t *out);
/* The number at a place of the path; 0 where it is none. */
int64_t vrk_part_number(const vrk_request *r, int place);

/* A change and its row in the log, as one transaction. After end(), or fail, nothing is open. */
VRK_MUST vrk_status vrk_change_begin(vrk_worker *w);
VRK_MUST vrk_status vrk_change_end(vrk_worker *w, vrk_request *r, const char *subject,
                                   const char *purpose);

/* 2026-11-27T17:08:00Z, in mem. */
const char *vrk_iso(vrk_arena *mem, int64_t us);

vrk_value vrk_bind_text(const char *s); /* NULL = null */
vrk_value vrk_bind_int(int64_t i);
vrk_value vrk_bind_key(int64_t i); /* 0 = null */

#endif
