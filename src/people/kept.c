#include "people/kept.h"

#include "base/date.h"
#include "base/sys.h"
#include "people/put.h"

#define DAY INT64_C(86400000000)

/* What a statement erases it names, so that it is counted; what hangs on it goes with it. */
static const char erase_tests[] =
    "DELETE FROM invitation WHERE coalesce((SELECT max(at) FROM sitting_event WHERE invitation = "
    "invitation.id AND kind = 'finished'), expires_at) < ?1 AND ?2 <> '' RETURNING id";
static const char erase_ratings[] =
    "DELETE FROM rating WHERE made_at < ?1 AND ?2 <> '' RETURNING id";
static const char erase_interviews[] =
    "DELETE FROM interview WHERE made_at < ?1 AND ?2 <> '' RETURNING id";
/* Of a test that is kept it goes with the test. */
static const char erase_accommodations[] =
    "DELETE FROM accommodation WHERE invitation IS NULL AND made_at < ?1 AND ?2 <> '' RETURNING id";
static const char erase_passes[] =
    "DELETE FROM interview_pass WHERE made_at < ?1 AND ?2 <> '' RETURNING person";
static const char erase_plans[] =
    "DELETE FROM plan WHERE review_on < ?2 AND made_at < ?1 RETURNING id";

vrk_status vrk_kept_erase(vrk_ctx *ctx, vrk_records *records, int64_t *n)
{
    vrk_status st = VRK_OK;
    vrk_frame f = {0};
    const char *const erase[] = {erase_tests,  erase_ratings,        erase_interviews,
                                 erase_passes, erase_accommodations, erase_plans};
    char day[11];
    int64_t before = vrk_now(ctx) - VRK_KEPT_DAYS * DAY;

    *n = 0;
    vrk_day_text(before / DAY, day);
    const vrk_value bind[] = {put_int(before), put_text(day)};
    for (size_t i = 0; i < sizeof(erase) / sizeof(erase[0]); i++) {
        TRY(vrk_records_run(ctx, records, erase[i], bind, 2, &f));
        *n += f.rows;
        vrk_frame_free(&f);
    }
done:
    vrk_frame_free(&f);
    return st;
}
