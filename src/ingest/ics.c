#include "ingest/ics.h"

#include "ingest/calendar.h"
#include "ingest/textfile.h"

#include <string.h>
#include <strings.h>

bool vrk_ics_is(const char *start, size_t n, const char *name)
{
    static const char begin[] = "BEGIN:VCALENDAR";
    size_t k = strlen(name);
    const char *end = start + n;
    if (k > 4 && (!strcasecmp(name + k - 4, ".ics") || !strcasecmp(name + k - 4, ".ical")))
        return true;
    if (n > 3 && !memcmp(start, "\xEF\xBB\xBF", 3))
        start += 3;
    while (start < end && *start && strchr(" \t\r\n", *start))
        start++;
    return (size_t)(end - start) >= sizeof(begin) - 1 &&
           !strncasecmp(start, begin, sizeof(begin) - 1);
}

vrk_status vrk_ics_read(vrk_ctx *ctx, vrk_reading *r)
{
    vrk_status st = VRK_OK;
    vrk_mark mark = vrk_mark_of(&ctx->scratch);
    vrk_calendar *c = NULL;
    char *text;
    size_t n;

    TRY(vrk_textfile_read(ctx, r->path, r->name, VRK_ICS_MOST, &ctx->scratch, &text, &n));
    TRY(vrk_calendar_new(ctx, r, &c));
    TRY(vrk_calendar_add(c, text, n, 1, NULL));
done:
    st = vrk_calendar_end(c, st);
    vrk_rewind(&ctx->scratch, mark);
    return st;
}
