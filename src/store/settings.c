#include "store/settings.h"

#include "base/str.h"

#include <string.h>

const char *const vrk_settings_text =
    "# Settings of this workspace. A line is key = \"value\"; '#' starts a comment.\n"
    "\n"
    "# Times without a zone are local times here, and weeks and days are this zone's.\n"
    "timezone = \"Europe/Stockholm\"\n"
    "\n"
    "# Whose public holidays are no working days: SE, or none.\n"
    "country = \"SE\"\n"
    "\n"
    "# The currency of amounts that come without one.\n"
    "currency = \"SEK\"\n";

static const char *skip_blanks(const char *p)
{
    return p + strspn(p, " \t\r");
}

/* One line, its end cut off: key = "value", a comment, or nothing. */
static vrk_status parse_line(vrk_ctx *ctx, const char *path, int line, const char *text,
                             vrk_arena *mem, vrk_settings *out)
{
    const char *key = skip_blanks(text);
    size_t n = strcspn(key, " \t=");
    if (*key == 0 || *key == '#')
        return VRK_OK;
    const char *equals = skip_blanks(key + n),
               *quote = *equals == '=' ? skip_blanks(equals + 1) : "";
    const char *end = *quote == '"' ? strchr(quote + 1, '"') : NULL;
    if (!end)
        return vrk_fail(ctx, VRK_EINPUT, "%s:%d: expected key = \"value\", found '%.60s'", path,
                        line, key);
    const struct {
        const char *name;
        const char **value;
    } known[] = {
        {"timezone", &out->timezone}, {"country", &out->country}, {"currency", &out->currency}};
    for (size_t i = 0; i < sizeof(known) / sizeof(known[0]); i++) {
        if (strlen(known[i].name) == n && !strncmp(known[i].name, key, n)) {
            *known[i].value = vrk_text_copy_n(mem, quote + 1, (size_t)(end - quote - 1));
            return *known[i].value ? VRK_OK : vrk_fail(ctx, VRK_EMEMORY, "out of memory");
        }
    }
    return vrk_fail(ctx, VRK_EINPUT,
                    "%s:%d: there is no setting '%.*s' (timezone, country, currency)", path, line,
                    (int)n, key);
}

static bool is_currency(const char *text)
{
    return strlen(text) == 3 && strspn(text, "ABCDEFGHIJKLMNOPQRSTUVWXYZ") == 3;
}

vrk_status vrk_settings_parse(vrk_ctx *ctx, const char *path, const char *text, vrk_arena *mem,
                              vrk_settings *out)
{
    vrk_status st = VRK_OK;
    int line = 1;

    *out = (vrk_settings){.timezone = "Europe/Stockholm", .country = "SE", .currency = "SEK"};
    for (const char *p = text; *p; line++) {
        size_t n = strcspn(p, "\n");
        char *one = vrk_text_copy_n(mem, p, n);
        if (!one)
            FAIL(VRK_EMEMORY, "out of memory");
        TRY(parse_line(ctx, path, line, one, mem, out));
        p += n + (p[n] == '\n');
    }
    if (!is_currency(out->currency))
        FAIL(VRK_EINPUT, "%s: currency '%s' is not three capitals such as SEK", path,
             out->currency);
    if (strcmp(out->country, "SE") && strcmp(out->country, "none"))
        FAIL(VRK_EINPUT,
             "%s: country '%s': the holidays of SE are known; set country = \"none\" to have "
             "none",
             path, out->country);
    if (!out->timezone[0] ||
        strspn(out->timezone, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
                              "0123456789/_+-") != strlen(out->timezone))
        FAIL(VRK_EINPUT, "%s: timezone '%s' is not a name such as Europe/Stockholm", path,
             out->timezone);
done:
    return st;
}
