#include "ingest/http.h"

#include "base/sys.h"

#include <curl/curl.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>

typedef struct {
    vrk_ctx *ctx;
    const char *path;
    int fd;
    size_t n;
    vrk_status st;
} answer;

static size_t take(char *bytes, size_t one, size_t n, void *arg)
{
    answer *a = arg;
    a->n += one * n;
    if (a->n > VRK_HTTP_MOST)
        a->st = vrk_fail(a->ctx, VRK_EIO, "the answer is longer than the %d MiB that are read",
                         VRK_HTTP_MOST >> 20);
    else
        a->st = vrk_file_write_all(a->ctx, a->fd, a->path, bytes, one * n);
    return a->st == VRK_OK ? one * n : 0;
}

static int progress(void *arg, curl_off_t most, curl_off_t now, curl_off_t up, curl_off_t sent)
{
    answer *a = arg;
    (void)most, (void)now, (void)up, (void)sent;
    if (a->st == VRK_OK)
        a->st = vrk_tick(a->ctx, "asking the server", 0, 0);
    return a->st != VRK_OK;
}

static struct curl_slist *headers_of(const vrk_http *r)
{
    char depth[32];
    struct curl_slist *list = curl_slist_append(NULL, "Content-Type: application/xml");
    if (list && r->depth) {
        snprintf(depth, sizeof(depth), "Depth: %s", r->depth);
        list = curl_slist_append(list, depth);
    }
    return list;
}

static void set(CURL *c, const vrk_http *r, struct curl_slist *headers, answer *a)
{
    curl_easy_setopt(c, CURLOPT_URL, r->url);
    curl_easy_setopt(c, CURLOPT_PROTOCOLS_STR, "http,https");
    curl_easy_setopt(c, CURLOPT_CUSTOMREQUEST, r->method);
    curl_easy_setopt(c, CURLOPT_POSTFIELDS, r->body);
    curl_easy_setopt(c, CURLOPT_HTTPHEADER, headers);
    curl_easy_setopt(c, CURLOPT_NETRC, (long)CURL_NETRC_OPTIONAL);
    curl_easy_setopt(c, CURLOPT_HTTPAUTH, (long)CURLAUTH_ANY);
    curl_easy_setopt(c, CURLOPT_USERAGENT, "verkan");
    curl_easy_setopt(c, CURLOPT_CONNECTTIMEOUT, (long)VRK_HTTP_PATIENCE);
    curl_easy_setopt(c, CURLOPT_LOW_SPEED_LIMIT, 1L);
    curl_easy_setopt(c, CURLOPT_LOW_SPEED_TIME, (long)VRK_HTTP_PATIENCE);
    curl_easy_setopt(c, CURLOPT_NOSIGNAL, 1L);
    curl_easy_setopt(c, CURLOPT_WRITEFUNCTION, take);
    curl_easy_setopt(c, CURLOPT_WRITEDATA, a);
    curl_easy_setopt(c, CURLOPT_NOPROGRESS, 0L);
    curl_easy_setopt(c, CURLOPT_XFERINFOFUNCTION, progress);
    curl_easy_setopt(c, CURLOPT_XFERINFODATA, a);
}

vrk_status vrk_http_fetch(vrk_ctx *ctx, const vrk_http *request, const char *path, long *status)
{
    vrk_status st = VRK_OK;
    const vrk_sys *sys = vrk_sys_of(ctx);
    answer a = {.ctx = ctx, .path = path};
    CURL *c = curl_easy_init();
    struct curl_slist *headers = headers_of(request);

    *status = 0;
    a.fd = sys->open(sys->arg, path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
    if (!c || !headers)
        FAIL(VRK_EMEMORY, "out of memory for a request");
    if (a.fd < 0)
        FAIL(VRK_EIO, "could not write %s: %s", path, vrk_said(ctx, strerror(errno)));
    set(c, request, headers, &a);
    CURLcode how = curl_easy_perform(c);
    TRY(a.st);
    if (how != CURLE_OK)
        FAIL(VRK_EIO, "could not get an answer: %s", curl_easy_strerror(how));
    curl_easy_getinfo(c, CURLINFO_RESPONSE_CODE, status);
done:
    if (a.fd >= 0 && sys->close(sys->arg, a.fd) && st == VRK_OK)
        st = vrk_fail(ctx, VRK_EIO, "could not write %s: %s", path, vrk_said(ctx, strerror(errno)));
    curl_slist_free_all(headers);
    if (c)
        curl_easy_cleanup(c);
    return st;
}
