/* http/server.h - the only place that speaks HTTP: connections, headers, bodies and answers. */
#ifndef VRK_HTTP_SERVER_H
#define VRK_HTTP_SERVER_H

#include "http/app.h"

typedef struct vrk_server vrk_server;

/* Listens; app->own and app->resume are set. `port` gets the one that is bound. VRK_EINPUT: no such
 * address; VRK_EIO: it is taken. */
VRK_MUST vrk_status vrk_server_start(vrk_ctx *ctx, vrk_app *app, const char *host, int port,
                                     int *bound, vrk_server **out);
/* Ends connections that took longer than is meant. Once a second. */
void vrk_server_sweep(vrk_server *s);
/* Takes no more; waits until what is under way is answered, some seconds at most. */
void vrk_server_drain(vrk_server *s);
void vrk_server_stop(vrk_server *s); /* after the lanes; NULL is fine */

#endif
