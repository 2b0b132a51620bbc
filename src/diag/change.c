#include "diag/change.h"

#include <ctype.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { MOST = 80 };

/* The part in small letters without blanks; its length, or -1 where it is too long. */
static int squeeze(const char *from, size_t n, char *to)
{
    int length = 0;
    for (size_t i = 0; i < n; i++) {
        if (isspace((unsigned char)from[i]))
            continue;
        if (length == MOST - 1)
            return -1;
        to[length++] = (char)tolower((unsigned char)from[i]);
    }
    to[length] = 0;
    return length;
}

/* "+20%" of an activity: -90 to 400 %. */
static bool read_activity(const char *s, vrk_change *out)
{
    char *end;
    if ((*s != '+' && *s != '-') || !isdigit((unsigned char)s[1]))
        return false;
    double percent = strtod(s, &end);
    if (strcmp(end, "%") != 0 || !(percent >= -90 && percent <= 400))
        return false;
    out->activity *= 1 + percent / 100;
    return true;
}

static bool read_fix(const char *s, vrk_change *out)
{
    if (*s == ':')
        s++;
    for (int m = 1; m <= VRK_AT_MOMENTS; m++) {
        if (!strcmp(s, vrk_moment_names[m])) {
            out->fix[m] = true;
            return true;
        }
    }
    return false;
}

static bool read_free(const char *s, vrk_change *out)
{
    char *end;
    if (!isdigit((unsigned char)*s))
        return false;
    double hours = strtod(s, &end);
    if ((strcmp(end, "h/week") != 0 && strcmp(end, "h") != 0) || !(hours <= 40))
        return false;
    out->free_h += hours;
    return true;
}

static bool read_part(const char *s, vrk_change *out)
{
    if (!strncmp(s, "activity", 8))
        return read_activity(s + 8, out);
    if (!strncmp(s, "fix", 3))
        return read_fix(s + 3, out);
    if (!strncmp(s, "free", 4))
        return read_free(s + 4, out);
    if (strcmp(s, "stopbaddeals") != 0)
        return false;
    out->stop_bad = true;
    return true;
}

vrk_status vrk_change_parse(vrk_ctx *ctx, const char *text, vrk_change *out)
{
    *out = (vrk_change){.activity = 1};
    for (const char *s = text;; s++) {
        size_t n = strcspn(s, ",");
        char part[MOST];
        if (squeeze(s, n, part) <= 0 || !read_part(part, out))
            return vrk_fail(ctx, VRK_EINPUT,
                            "'%.*s' is no change; it can be \"activity +20%%\" (-90 to +400), "
                            "\"fix MOMENT\" (prospecting, qualification, decision_steering, "
                            "objection_handling or next_step), \"free 4 h/week\" (at most 40) or "
                            "\"stop bad deals\"; several with commas between them",
                            (int)n, s);
        s += n;
        if (!*s)
            return VRK_OK;
    }
}
