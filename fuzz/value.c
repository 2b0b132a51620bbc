/* The reading of cells: what is read is read the same again, and no form overruns its room. */
#include "ingest/value.h"
#include "fuzz/fuzz.h"

#include <assert.h>
#include <string.h>

static void check(vrk_read how, const char *out)
{
    assert(how != VRK_READ_VALUE || (memchr(out, 0, VRK_VALUE_ROOM) && *out));
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n)
{
    char out[VRK_VALUE_ROOM], again[VRK_VALUE_ROOM];
    const char *text = (const char *)bytes;
    for (int i = 0; i < 3; i++) {
        memset(out, 1, sizeof(out));
        vrk_read how = vrk_date_read(text, n, (vrk_date_order)i, i == 1, out);
        check(how, out);
        if (how == VRK_READ_VALUE) { /* ISO is read as it is, whatever the order */
            assert(vrk_date_read(out, strlen(out), VRK_ORDER_NONE, false, again) == VRK_READ_VALUE);
            assert(!strcmp(out, again));
        }
        memset(out, 1, sizeof(out));
        how = vrk_number_read(text, n, (vrk_decimal)i, out);
        check(how, out);
        if (how == VRK_READ_VALUE) {
            how = vrk_number_read(out, strlen(out), VRK_DECIMAL_POINT, again);
            assert(how == VRK_READ_VALUE || strlen(out) > 30);
            assert(how != VRK_READ_VALUE || !strcmp(out, again));
        }
        memset(out, 1, sizeof(out));
        check(vrk_minutes_read(text, n, (vrk_decimal)i, out), out);
    }
    check(vrk_flag_read(text, n, out), out);
    check(vrk_clock_read(text, n, out), out);
    check(vrk_sfid_read(text, n, out), out);
    check(vrk_currency_read(text, n, out), out);
    assert(vrk_look_of(text, n) < 1U << VRK_LOOKS);
    return 0;
}
