/* QTI results: a table or a sentence, whatever the bytes. */
#include "ingest/qti.h"
#include "fuzz/reader.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n)
{
    fuzz_reader(vrk_qti_read, bytes, n, "a.xml");
    return 0;
}
