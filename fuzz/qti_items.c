/* QTI items: situations or a sentence, whatever the bytes. */
#include "ingest/qti_items.h"
#include "fuzz/reader.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n)
{
    fuzz_reader(vrk_qti_items_read, bytes, n, "a.xml");
    return 0;
}
