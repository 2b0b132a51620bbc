/* Pages with tables: never more cells than a page can hold. */
#include "ingest/html.h"
#include "fuzz/reader.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n)
{
    fuzz_reader(vrk_html_read, bytes, n, "a.xls");
    return 0;
}
