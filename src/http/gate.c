#include "http/app.h"

#include <string.h>

bool vrk_gate_host(const vrk_app *app, const char *host)
{
    if (!host)
        return false;
    for (int i = 0; i < 2; i++) {
        if (app->own[i][0] && !strcasecmp(app->own[i], host))
            return true;
    }
    return false;
}

/* What a browser says of itself: another site cannot forge either header. With neither, refused:
 * that is no browser that is known, and the cookie came from somewhere. */
bool vrk_gate_same_origin(const vrk_app *app, const vrk_request *r)
{
    static const char http[] = "http://";
    if (r->fetch_site && strcmp(r->fetch_site, "same-origin") != 0)
        return false;
    if (!r->origin)
        return r->fetch_site != NULL;
    if (app->origin)
        return !strcmp(app->origin, r->origin);
    return !strncmp(r->origin, http, sizeof(http) - 1) &&
           !strcasecmp(r->origin + sizeof(http) - 1, r->host);
}

bool vrk_gate_token(const vrk_app *app, const char *cookie, char *token)
{
    const char *name = app->secure ? "__Host-verkan=" : "verkan=";
    size_t named = strlen(name);
    bool found = false;
    for (const char *p = cookie; p && *p;) {
        p += strspn(p, " ;");
        size_t n = strcspn(p, ";");
        if (!strncmp(p, name, named)) {
            const char *value = p + named;
            size_t hex = strspn(value, "0123456789abcdef");
            if (found || hex != VRK_HEX - 1 || n != named + hex)
                return false; /* two are one too many */
            memcpy(token, value, hex);
            token[hex] = 0;
            found = true;
        }
        p += n;
    }
    return found;
}
