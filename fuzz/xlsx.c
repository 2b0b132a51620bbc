/* XLSX: the bytes are a worksheet, or another part, of a workbook packed anew each time - an
 * archive's checksums would keep a fuzzer out. Up to the first line it is the shared text. */
#include "ingest/xlsx.h"
#include "fuzz/reader.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <zip.h>

static const char book[] =
    "<workbook xmlns:r=\"r\"><workbookPr date1904=\"0\"/><sheets><sheet name=\"a\" sheetId=\"1\" "
    "r:id=\"a\"/></sheets></workbook>";
static const char relations[] =
    "<Relationships><Relationship Id=\"a\" Type=\"x/worksheet\" Target=\"a.xml\"/>"
    "</Relationships>";
static const char styles[] =
    "<styleSheet><cellXfs><xf numFmtId=\"0\"/><xf numFmtId=\"14\"/><xf numFmtId=\"22\"/>"
    "<xf numFmtId=\"46\"/></cellXfs></styleSheet>";

static void add(zip_t *z, const char *name, const void *bytes, size_t n)
{
    zip_source_t *s = zip_source_buffer(z, bytes, n, 0);
    zip_int64_t i = zip_file_add(z, name, s, 0);
    assert(i >= 0);
    assert(zip_set_file_compression(z, (zip_uint64_t)i, ZIP_CM_STORE, 0) == 0);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n)
{
    char path[] = "/tmp/verkan-fuzz-xlsx-XXXXXX";
    const uint8_t *line = n ? memchr(bytes, '\n', n) : NULL;
    size_t first = line ? (size_t)(line - bytes) : 0;
    int fd = mkstemp(path);
    assert(fd >= 0);
    close(fd);
    zip_t *z = zip_open(path, ZIP_TRUNCATE | ZIP_CREATE, NULL);
    assert(z);
    add(z, "xl/workbook.xml", book, sizeof(book) - 1);
    add(z, "xl/_rels/workbook.xml.rels", relations, sizeof(relations) - 1);
    add(z, "xl/styles.xml", styles, sizeof(styles) - 1);
    if (first)
        add(z, "xl/sharedStrings.xml", bytes, first);
    add(z, "xl/a.xml", bytes + first + (line ? 1 : 0), n - first - (line ? 1 : 0));
    assert(zip_close(z) == 0);
    fuzz_read(vrk_xlsx_read, path, "a.xlsx");
    unlink(path);
    return 0;
}
