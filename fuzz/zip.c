/* ZIP archives: whatever is handed over lies in the staging folder. */
#include "fuzz/reader.h"
#include "ingest/archive.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n)
{
    fuzz_reader(vrk_archive_read, bytes, n, "a.zip");
    return 0;
}
