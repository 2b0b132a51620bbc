/* JSON of APIs, event logs and learning records: a table or a sentence, whatever the bytes. */
#include "ingest/json.h"
#include "fuzz/reader.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n)
{
    fuzz_reader(vrk_json_read, bytes, n, "a.json");
    return 0;
}
