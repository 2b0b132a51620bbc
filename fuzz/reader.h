/* fuzz/reader.h - for targets of readers of containers. */
#ifndef FUZZ_READER_H
#define FUZZ_READER_H

#include "fuzz/fuzz.h"
#include "ingest/table.h"

/* Reads the file at `path` by `read`, in a folder of this process. Whatever it is, the end is a
 * table or a sentence, and nothing is left behind. Gives the number of sheets. */
int64_t fuzz_read(vrk_status (*read)(vrk_ctx *ctx, vrk_reading *r), const char *path,
                  const char *name);

/* The same of bytes. */
int64_t fuzz_reader(vrk_status (*read)(vrk_ctx *ctx, vrk_reading *r), const uint8_t *bytes,
                    size_t n, const char *name);

#endif
