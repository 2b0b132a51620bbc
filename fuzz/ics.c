/* Calendars: a table or a sentence, whatever the bytes. */
#include "ingest/ics.h"
#include "fuzz/reader.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n)
{
    fuzz_reader(vrk_ics_read, bytes, n, "a.ics");
    return 0;
}
