/* fuzz/fuzz.h - what every fuzz target needs: the bytes as a file, and the one function that
 * libFuzzer and replay.c call. */
#ifndef FUZZ_H
#define FUZZ_H

#include "base/base.h"

#include <stdint.h>

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n);

/* Makes an unnamed file in memory of the bytes; `path` [32] leads to it. Gives the descriptor. */
int fuzz_file(const uint8_t *bytes, size_t n, char *path);

#endif
