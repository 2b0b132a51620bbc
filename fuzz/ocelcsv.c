/* OCEL 1.0 as CSV: a table or a sentence, whatever the bytes. */
#include "fuzz/reader.h"
#include "ingest/ocel.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n)
{
    fuzz_reader(vrk_ocel_csv_read, bytes, n, "a.csv");
    return 0;
}
