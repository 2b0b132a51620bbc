/* OCEL 2.0 as XML: a table or a sentence, whatever the bytes. */
#include "ingest/ocel.h"
#include "fuzz/reader.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n)
{
    fuzz_reader(vrk_ocel_xml_read, bytes, n, "a.xmlocel");
    return 0;
}
