#include "ingest/wall.h"

#include "base/date.h"
#include "base/str.h"
#include "ingest/value_part.h"

#include <inttypes.h>

/* Days that are known: 1990 to 2039. */
enum { FIRST_DAY = 7305, DAYS = 18262 };
#define MIXED INT64_MIN /* the clock is changed on that day */
#define DAY_US ((int64_t)86400000000)

typedef struct {
    vrk_duck_fn fn;
    int64_t ahead[DAYS]; /* [us] of UTC */
} walls;

static bool digits(const char *p, int n, int64_t *out)
{
    *out = 0;
    for (int i = 0; i < n; i++) {
        if (!vrk_is_digit(p[i]))
            return false;
        *out = 10 * *out + (p[i] - '0');
    }
    return true;
}

/* [us] of the day, of 12:15:00Z and 12:15:00.123Z. */
static bool clock_of(const char *p, size_t n, int64_t *out)
{
    enum { WHOLE = 9, MOST = 16 };
    int64_t h, m, s, part = 0, unit = 1000000;
    if (n < WHOLE || n > MOST || n == WHOLE + 1 || p[n - 1] != 'Z' || p[2] != ':' || p[5] != ':' ||
        !digits(p, 2, &h) || !digits(p + 3, 2, &m) || !digits(p + 6, 2, &s) || h > 23 || m > 59 ||
        s > 59 || (n > WHOLE && p[8] != '.'))
        return false;
    for (size_t i = WHOLE; i + 1 < n; i++) {
        if (!vrk_is_digit(p[i]))
            return false;
        unit /= 10;
        part += (p[i] - '0') * unit;
    }
    *out = ((h * 60 + m) * 60 + s) * 1000000 + part;
    return true;
}

static bool wall(const void *arg, const char *const *text, const size_t *n, int64_t *out)
{
    enum { DATE = 10 };
    const walls *w = arg;
    const char *p = text[0];
    int64_t y, m, d, clock;
    if (n[0] <= DATE || p[4] != '-' || p[7] != '-' || (p[DATE] != 'T' && p[DATE] != ' ') ||
        !digits(p, 4, &y) || !digits(p + 5, 2, &m) || !digits(p + 8, 2, &d) ||
        !clock_of(p + DATE + 1, n[0] - DATE - 1, &clock) || m < 1 || m > 12 || d < 1)
        return false;
    const vrk_date date = {(int)y, (int)m, (int)d};
    int64_t day = vrk_day_of(date), at = day - FIRST_DAY;
    if ((d > 28 && vrk_date_of(day).day != date.day) || at < 0 || at >= DAYS ||
        w->ahead[at] == MIXED)
        return false;
    *out = day * DAY_US + clock + w->ahead[at];
    return true;
}

static vrk_status ask(vrk_ctx *ctx, vrk_duck *duck, const char *timezone, walls *w)
{
    vrk_status st = VRK_OK;
    vrk_frame f = {0};
    char *sql =
        vrk_text_f(&ctx->scratch,
                   "SELECT epoch_us(timezone(%s, make_timestamptz(us))) - us AS ahead FROM "
                   "(SELECT range * %" PRId64 " AS us FROM range(%d, %d)) ORDER BY us",
                   vrk_sql_quote(&ctx->scratch, timezone), DAY_US, FIRST_DAY, FIRST_DAY + DAYS + 1);
    if (!sql || ctx->scratch.failed)
        FAIL(VRK_EMEMORY, "out of memory");
    TRY(vrk_duck_run(ctx, duck, "looking at the clock", sql, NULL, 0, &f));
    for (int i = 0; i < DAYS; i++) {
        const int64_t *ahead = f.column[0].i + i;
        w->ahead[i] = ahead[0] == ahead[1] ? ahead[0] : MIXED;
    }
done:
    vrk_frame_free(&f);
    return st;
}

vrk_status vrk_wall_function(vrk_ctx *ctx, vrk_duck *duck, const char *timezone, vrk_arena *mem)
{
    vrk_status st = VRK_OK;
    walls *w = VRK_NEW(mem, 1, walls);
    if (!w)
        FAIL(VRK_EMEMORY, "out of memory");
    w->fn = (vrk_duck_fn){.name = "vrk_wall", .args = 1, .whole = wall, .arg = w};
    TRY(ask(ctx, duck, timezone, w));
    TRY(vrk_duck_function(ctx, duck, &w->fn));
done:
    return st;
}
