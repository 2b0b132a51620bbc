/* tests/ingest/pack.h - makes archives for tests, and reads them. */
#ifndef PACK_H
#define PACK_H

#include "tests/ingest/reading.h"

#include <zip.h>

typedef struct {
    const char *name;
    const char *text;
} packed;

/* Packs the parts (up to one without a name) into a file of that name, and reads it. */
static inline void pack(bench *b, const char *name, const packed *part)
{
    char *path = vrk_text_f(&b->mem, "%s/given-%s", b->folder, name);
    zip_t *z = zip_open(path, ZIP_CREATE | ZIP_TRUNCATE, NULL);
    T_OK(z != NULL);
    for (; part->name; part++) {
        zip_source_t *s = zip_source_buffer(z, part->text, strlen(part->text), 0);
        T_OK(zip_file_add(z, part->name, s, ZIP_FL_ENC_UTF_8) >= 0);
    }
    T_OK(zip_close(z) == 0);
    bench_read(b, path, name);
}

#endif
