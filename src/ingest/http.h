/* ingest/http.h - one request over HTTP, to an address that the user named. The only door to
 * libcurl; nothing else in the program connects to anywhere. */
#ifndef VRK_INGEST_HTTP_H
#define VRK_INGEST_HTTP_H

#include "base/base.h"

typedef struct {
    const char *method; /* "REPORT" */
    const char *url;    /* http or https; may hold user:password@; else ~/.netrc is asked */
    const char *depth;  /* of WebDAV; NULL = no such header */
    const char *body;   /* XML */
} vrk_http;

enum {
    VRK_HTTP_MOST = 512 << 20,
    VRK_HTTP_PATIENCE = 60
}; /* [byte] of an answer; [s] of silence */

/* Writes the answer to `path`, sets *status (207 ...). No redirect is followed: what is asked is
 * what was named. VRK_EIO: no answer, or too long a one; VRK_ECANCEL. */
VRK_MUST vrk_status vrk_http_fetch(vrk_ctx *ctx, const vrk_http *request, const char *path,
                                   long *status);

#endif
