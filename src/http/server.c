#include "http/server.h"

#include "base/sys.h"
#include "http/policy.h"
#include "http/uploads.h"
#include "http/who.h"

#include <microhttpd.h>

#include <arpa/inet.h>
#include <errno.h>
#include <inttypes.h>
#include <netdb.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

enum {
    THREADS = 2,
    CONNECTIONS = 4000,
    FILES = CONNECTIONS + 200,
    MEMORY = 32 << 10, /* [byte] of a connection: its headers */
    IDLE_S = 30,
    HEADER_S = 15,
    BODY_LEAST = 1 << 10, /* [byte/s] */
    READ_OUT = 16 << 20,  /* [byte] read of a refused body, so that the refusal arrives */
};

struct vrk_server {
    vrk_app *app;
    struct MHD_Daemon *daemon;
    int listener;       /* -1 once the daemon has it, and closes it */
    int listening;      /* the same, to end it by */
    _Atomic int active; /* requests under way */
    pthread_mutex_t lock;
    _Atomic int64_t until[FILES]; /* [us] of each connection's socket; 0 = no limit */
    vrk_arena mem;
};

static int socket_of(struct MHD_Connection *c)
{
    const union MHD_ConnectionInfo *info =
        MHD_get_connection_info(c, MHD_CONNECTION_INFO_CONNECTION_FD);
    return info ? info->connect_fd : -1;
}

/* What is under way on the connection must be over in so many seconds. 0: takes what it takes. */
static void limit(vrk_server *s, struct MHD_Connection *c, int64_t seconds)
{
    int fd = socket_of(c);
    if (fd >= 0 && fd < FILES)
        s->until[fd] = seconds ? vrk_mono() + seconds * 1000000 : 0;
}

static void on_connection(void *arg, struct MHD_Connection *c, void **own,
                          enum MHD_ConnectionNotificationCode code)
{
    vrk_server *s = arg;
    (void)own;
    pthread_mutex_lock(&s->lock); /* so that no socket is cut that has become another's */
    limit(s, c, code == MHD_CONNECTION_NOTIFY_STARTED ? HEADER_S : 0);
    pthread_mutex_unlock(&s->lock);
}

void vrk_server_sweep(vrk_server *s)
{
    int64_t now = vrk_mono();
    pthread_mutex_lock(&s->lock);
    for (int fd = 0; fd < FILES; fd++) {
        if (s->until[fd] && s->until[fd] < now) {
            s->until[fd] = 0;
            shutdown(fd, SHUT_RDWR);
        }
    }
    pthread_mutex_unlock(&s->lock);
}

static enum MHD_Result on_header(void *arg, enum MHD_ValueKind kind, const char *key,
                                 const char *value)
{
    vrk_request *r = arg;
    (void)kind;
    const struct {
        const char *name;
        const char **to;
    } known[] = {{"Host", &r->host},
                 {"Origin", &r->origin},
                 {"Sec-Fetch-Site", &r->fetch_site},
                 {"Cookie", &r->cookie},
                 {"Content-Type", &r->type},
                 {"Authorization", &r->bearer},
                 {"Accept-Encoding", &r->encoding},
                 {"Accept-Language", &r->language},
                 {"If-None-Match", &r->known},
                 {"X-Forwarded-For", &r->forwarded},
                 {"User-Agent", &r->agent}};
    for (size_t i = 0; i < sizeof(known) / sizeof(known[0]); i++) {
        if (!strcasecmp(known[i].name, key)) {
            r->twice |= *known[i].to && i < 6; /* which of two would count? */
            *known[i].to = value ? value : "";
        }
    }
    if (!strcasecmp(key, "Content-Length") && value)
        r->length = strtoll(value, NULL, 10);
    return MHD_YES;
}

static enum MHD_Result on_query(void *arg, enum MHD_ValueKind kind, const char *key,
                                const char *value)
{
    vrk_request *r = arg;
    (void)kind;
    if (r->queries == VRK_QUERY) {
        r->twice = true;
        return MHD_NO;
    }
    r->query[r->queries][0] = key;
    r->query[r->queries++][1] = value ? value : "";
    return MHD_YES;
}

/* Of whom a proxy says that it asks, where there is one; else who is connected. */
static void find_address(const vrk_app *app, struct MHD_Connection *c, vrk_request *r)
{
    const union MHD_ConnectionInfo *info =
        MHD_get_connection_info(c, MHD_CONNECTION_INFO_CLIENT_ADDRESS);
    if (app->opt->proxy && r->forwarded) {
        const char *last = strrchr(r->forwarded, ',');
        last = last ? last + 1 : r->forwarded;
        snprintf(r->address, sizeof(r->address), "%s", last + strspn(last, " "));
    } else if (info && info->client_addr) {
        socklen_t n = info->client_addr->sa_family == AF_INET6 ? sizeof(struct sockaddr_in6)
                                                               : sizeof(struct sockaddr_in);
        getnameinfo(info->client_addr, n, r->address, sizeof(r->address), NULL, 0, NI_NUMERICHOST);
    }
}

static vrk_request *begin(vrk_server *s, struct MHD_Connection *c, const char *url,
                          const char *method)
{
    vrk_arena mem = {0};
    vrk_request *r = VRK_NEW(&mem, 1, vrk_request);
    if (!r)
        return NULL;
    r->path = url;
    r->length = -1;
    r->upload = -1;
    r->connection = c;
    r->method = VRK_METHODS;
    for (int i = 0; i < VRK_METHODS; i++) {
        if (!strcmp(vrk_method_name[i], method) || (i == VRK_GET && !strcmp(method, "HEAD")))
            r->method = (vrk_method)i;
    }
    MHD_get_connection_values(c, MHD_HEADER_KIND, on_header, r);
    MHD_get_connection_values(c, MHD_GET_ARGUMENT_KIND, on_query, r);
    find_address(s->app, c, r);
    r->mem = mem;
    r->body.mem = &r->mem;
    s->active++;
    return r;
}

/* What came of a file that is not taken does not stay on the disk. */
static void drop_upload(vrk_request *r)
{
    vrk_ctx ctx = {0};
    if (r->upload >= 0)
        vrk_sys_real.close(NULL, r->upload);
    if (r->upload_path)
        (void)!vrk_file_remove(&ctx, r->upload_path);
    r->upload = -1;
    r->upload_path = NULL;
    vrk_arena_free(&ctx.scratch);
}

static void on_done(void *arg, struct MHD_Connection *c, void **own,
                    enum MHD_RequestTerminationCode code)
{
    vrk_server *s = arg;
    vrk_request *r = *own;
    (void)code;
    if (!r)
        return;
    drop_upload(r);
    vrk_member_drop(r->member);
    vrk_blob_drop(r->answer.blob);
    vrk_request_end(r);
    vrk_arena mem = r->mem;
    vrk_arena_free(&mem);
    *own = NULL;
    limit(s, c, IDLE_S + HEADER_S);
    s->active--;
}

static void add(struct MHD_Response *a, const char *name, const char *value)
{
    if (value)
        MHD_add_response_header(a, name, value);
}

/* The same on every answer; TRUST 4.1 SEC-05. */
static void add_security(const vrk_app *app, struct MHD_Response *a)
{
    static const char *const header[][2] = {
        {"Content-Security-Policy",
         "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src "
         "'self'; connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'; "
         "require-trusted-types-for 'script'; trusted-types 'none'"},
        {"X-Content-Type-Options", "nosniff"},
        {"Referrer-Policy", "no-referrer"},
        {"Cross-Origin-Opener-Policy", "same-origin"},
        {"Cross-Origin-Resource-Policy", "same-origin"},
        {"Permissions-Policy", "camera=(), geolocation=(), microphone=()"},
        {"Vary", "Accept-Encoding, Cookie"}};
    for (size_t i = 0; i < sizeof(header) / sizeof(header[0]); i++)
        add(a, header[i][0], header[i][1]);
    if (app->secure)
        add(a, "Strict-Transport-Security", "max-age=31536000; includeSubDomains");
}

static void add_cookie(const vrk_app *app, const vrk_request *r, struct MHD_Response *a)
{
    char line[200];
    const char *token = r->answer.cookie;
    if (!token)
        return;
    /* __Host-: a browser takes it from https and this very host alone */
    snprintf(line, sizeof(line), "%sverkan=%s; Path=/; HttpOnly; SameSite=Strict%s%s",
             app->secure ? "__Host-" : "", token, app->secure ? "; Secure" : "",
             *token ? "" : "; Max-Age=0");
    add(a, "Set-Cookie", line);
}

static enum MHD_Result answer(vrk_server *s, vrk_request *r)
{
    struct MHD_Connection *c = r->connection;
    const vrk_reply *w = &r->answer;
    const vrk_blob *b = w->blob;
    bool gzip = b && r->encoding && strstr(r->encoding, "gzip");
    bool same = b && r->known && strstr(r->known, b->etag);
    const char *bytes = !b ? w->bytes : gzip ? b->gzip : b->bytes;
    size_t n = same ? 0 : !b ? w->n : gzip ? b->gzip_n : b->n;
    char line[300];
    struct MHD_Response *a = MHD_create_response_from_buffer(
        n, n ? (void *)(intptr_t)bytes : (void *)(intptr_t) "", MHD_RESPMEM_PERSISTENT);

    if (!a)
        return MHD_NO;
    add_security(s->app, a);
    add_cookie(s->app, r, a);
    add(a, "Content-Type", n ? w->type : NULL);
    add(a, "Content-Encoding", gzip && !same ? "gzip" : NULL);
    add(a, "ETag", b ? b->etag : NULL);
    /* what shows persons is kept nowhere; the rest is asked for again each time */
    add(a, "Cache-Control", w->cached && !r->member ? "no-cache" : "no-store");
    add(a, "Location", w->location);
    if (w->file) {
        snprintf(line, sizeof(line), "attachment; filename=\"%s\"", w->file);
        add(a, "Content-Disposition", line);
    }
    if (w->retry_s) {
        snprintf(line, sizeof(line), "%d", w->retry_s);
        add(a, "Retry-After", line);
    }
    limit(s, c, 60 + (int64_t)n / BODY_LEAST);
    enum MHD_Result ok = MHD_queue_response(c, same ? 304 : (unsigned)w->status, a);
    MHD_destroy_response(a);
    return ok;
}

static void resume(vrk_request *r)
{
    MHD_resume_connection(r->connection);
}

/* Who sends on and on does not wait for the end of it to hear that it is too much: the library can
 * answer at the end only, so the answer is written to the socket here. */
static void cut_off(vrk_request *r)
{
    const union MHD_ConnectionInfo *of =
        MHD_get_connection_info(r->connection, MHD_CONNECTION_INFO_CONNECTION_FD);
    const vrk_reply *w = &r->answer;
    const char *text = vrk_text_f(&r->mem,
                                  "HTTP/1.1 413 Content Too Large\r\nConnection: close\r\n"
                                  "Content-Type: %s\r\nCache-Control: no-store\r\n"
                                  "X-Content-Type-Options: nosniff\r\n"
                                  "Content-Length: %zu\r\n\r\n%.*s",
                                  w->type, w->n, (int)w->n, w->bytes);
    r->cut = true;
    if (!of || !text)
        return;
    (void)!send(of->connect_fd, text, strlen(text), MSG_DONTWAIT | MSG_NOSIGNAL);
    shutdown(of->connect_fd,
             SHUT_WR); /* what still comes is read for a while, so that it arrives */
}

/* A part of the body: kept, or written to the file that it is for. False: it is too much. */
static bool take_body(vrk_server *s, vrk_request *r, const char *data, size_t n)
{
    vrk_ctx ctx = {0};
    if (r->refused)
        return true;
    int64_t most = r->route->body < 0 ? s->app->opt->upload_most : r->route->body;
    r->uploaded += (int64_t)n;
    if (r->cut)
        return r->uploaded < most + 2 * READ_OUT;
    if (r->length < 0 && r->uploaded - r->counted >= (int64_t)HEADER_S * BODY_LEAST) {
        r->counted = r->uploaded; /* its length was not announced: time for as much again */
        limit(s, r->connection, HEADER_S);
    }
    if (r->uploaded > most) {
        if (r->answer.status != 413) {
            drop_upload(r);
            vrk_refuse(r, 413, "size",
                       r->route->body < 0
                           ? VRK_N("The file is larger than this server takes.")
                           : VRK_N("That is larger than anything that is meant here."));
        }
        if (r->uploaded >= most + READ_OUT)
            cut_off(r);
        return true;
    }
    if (r->answer.status)
        return true;
    if (r->upload >= 0) {
        if (vrk_file_write_all(&ctx, r->upload, "the file", data, n) != VRK_OK)
            vrk_refuse(r, 503, "disk", VRK_N("The file could not be stored: is the disk full?"));
        return true;
    }
    vrk_str_add_n(&r->body, data, n);
    return !r->mem.failed;
}

/* The whole request is here. */
static enum MHD_Result finish(vrk_server *s, vrk_request *r)
{
    if (r->cut)
        return MHD_NO;
    if (r->ran || r->refused || (r->answer.status && r->answer.status != 403) ||
        vrk_policy_quick(s->app, r))
        return answer(s, r);
    r->ran = true;
    limit(s, r->connection, 0);
    MHD_suspend_connection(r->connection);
    if (!vrk_lanes_put(s->app, vrk_policy_lane(r), r)) {
        vrk_refuse(r, 503, "busy", VRK_N("Too much is asked for at the moment; please try again."));
        r->answer.retry_s = 2;
        MHD_resume_connection(r->connection);
    }
    return MHD_YES;
}

static enum MHD_Result on_request(void *arg, struct MHD_Connection *c, const char *url,
                                  const char *method, const char *version, const char *data,
                                  size_t *n, void **own)
{
    vrk_server *s = arg;
    vrk_request *r = *own;
    (void)version;
    if (!r) {
        *own = r = begin(s, c, url, method);
        if (!r)
            return MHD_NO;
        limit(s, c, HEADER_S + (r->length > 0 ? r->length / BODY_LEAST : 0));
        r->refused = !vrk_policy_admit(s->app, r);
        bool small = r->length >= 0 && r->length <= READ_OUT;
        if ((r->refused || (r->route->body < 0 && r->answer.status)) && !small)
            return answer(s, r);
        if (!r->refused && !r->answer.status && r->route->body < 0)
            r->refused = !vrk_upload_open(s->app, r);
        return r->refused && !small ? answer(s, r) : MHD_YES;
    }
    if (*n) {
        bool go = take_body(s, r, data, *n);
        *n = 0;
        return go ? MHD_YES : MHD_NO;
    }
    return finish(s, r);
}

/* %00 would end the text, and what is behind it would not be seen. */
static size_t on_escaped(void *arg, struct MHD_Connection *c, char *text)
{
    (void)arg;
    (void)c;
    for (char *nul = text; (nul = strstr(nul, "%00")) != NULL;)
        *nul = '/';
    return MHD_http_unescape(text);
}

static vrk_status listen_on(vrk_ctx *ctx, const char *host, int port, int *out, int *bound)
{
    vrk_status st = VRK_OK;
    struct addrinfo hint = {.ai_socktype = SOCK_STREAM, .ai_flags = AI_PASSIVE | AI_NUMERICSERV},
                    *found = NULL;
    char service[12];
    int fd = -1, on = 1;
    struct sockaddr_storage is;
    socklen_t n = sizeof(is);

    snprintf(service, sizeof(service), "%d", port);
    if (getaddrinfo(host, service, &hint, &found) != 0)
        FAIL(VRK_EINPUT, "--listen: '%s' is no address of this machine", host);
    fd = socket(found->ai_family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    if (fd < 0)
        FAIL(VRK_EIO, "could not open a socket: %s", vrk_said(ctx, strerror(errno)));
    setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof(on));
    if (bind(fd, found->ai_addr, found->ai_addrlen) != 0 || listen(fd, 1024) != 0)
        FAIL(VRK_EIO, "could not listen on %s:%d: %s; another may be served there", host, port,
             strerror(errno));
    if (getsockname(fd, (struct sockaddr *)&is, &n) != 0)
        FAIL(VRK_EIO, "could not listen on %s:%d: %s", host, port, vrk_said(ctx, strerror(errno)));
    *bound = ntohs(is.ss_family == AF_INET6 ? ((struct sockaddr_in6 *)&is)->sin6_port
                                            : ((struct sockaddr_in *)&is)->sin_port);
    *out = fd;
    fd = -1;
done:
    if (found)
        freeaddrinfo(found);
    if (fd >= 0)
        close(fd);
    return st;
}

vrk_status vrk_server_start(vrk_ctx *ctx, vrk_app *app, const char *host, int port, int *bound,
                            vrk_server **out)
{
    vrk_status st = VRK_OK;
    vrk_arena mem = {0};
    struct rlimit files;
    vrk_server *s = VRK_NEW(&mem, 1, vrk_server);

    *out = NULL;
    if (!s)
        FAIL(VRK_EMEMORY, "out of memory for the server");
    s->mem = mem;
    s->app = app;
    s->listener = -1;
    pthread_mutex_init(&s->lock, NULL);
    if (getrlimit(RLIMIT_NOFILE, &files) == 0 && files.rlim_cur < FILES + 200) {
        files.rlim_cur = files.rlim_max < FILES + 200 ? files.rlim_max : FILES + 200;
        setrlimit(RLIMIT_NOFILE, &files);
    }
    TRY(listen_on(ctx, host, port, &s->listener, bound));
    app->resume = resume;
    s->daemon = MHD_start_daemon(
        MHD_USE_EPOLL_INTERNAL_THREAD | MHD_ALLOW_SUSPEND_RESUME, 0, NULL, NULL, on_request, s,
        MHD_OPTION_LISTEN_SOCKET, s->listener, MHD_OPTION_THREAD_POOL_SIZE, (unsigned)THREADS,
        MHD_OPTION_CONNECTION_LIMIT, (unsigned)CONNECTIONS, MHD_OPTION_CONNECTION_MEMORY_LIMIT,
        (size_t)MEMORY, MHD_OPTION_CONNECTION_TIMEOUT, (unsigned)IDLE_S,
        MHD_OPTION_NOTIFY_COMPLETED, on_done, s, MHD_OPTION_NOTIFY_CONNECTION, on_connection, s,
        MHD_OPTION_UNESCAPE_CALLBACK, on_escaped, NULL, MHD_OPTION_STRICT_FOR_CLIENT, 1,
        MHD_OPTION_END);
    if (!s->daemon)
        FAIL(VRK_EIO, "could not start the server's threads");
    s->listening = s->listener;
    s->listener = -1;
    *out = s;
done:
    if (st != VRK_OK)
        vrk_server_stop(s);
    return st;
}

void vrk_server_drain(vrk_server *s)
{
    const struct timespec moment = {.tv_nsec = 20000000};
    /* MHD_quiesce_daemon would do, but it and a thread of the pool that wakes meanwhile both take
     * the socket out of the pool's epoll set, and the second to come ends the program */
    shutdown(s->listening, SHUT_RD);
    for (int i = 0; i < 250 && s->active > 0; i++)
        nanosleep(&moment, NULL);
}

void vrk_server_stop(vrk_server *s)
{
    if (!s)
        return;
    if (s->daemon)
        MHD_stop_daemon(s->daemon);
    if (s->listener >= 0)
        close(s->listener);
    vrk_arena mem = s->mem;
    vrk_arena_free(&mem);
}
