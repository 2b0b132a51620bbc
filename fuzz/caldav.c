/* Answers of calendar servers: a table or a sentence, whatever the bytes. */
#include "ingest/caldav.h"
#include "fuzz/reader.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n)
{
    fuzz_reader(vrk_caldav_read, bytes, n, "a.xml");
    return 0;
}
