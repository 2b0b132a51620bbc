/* fuzz/plan.h - for targets of what is made of several tables together. */
#ifndef FUZZ_PLAN_H
#define FUZZ_PLAN_H

#include "fuzz/fuzz.h"

/* Cuts the bytes at each \x1e into files with the names in `name` (NULL ends; what is left belongs
 * to the last), makes a plan of them in a folder of its own, and runs each of its SELECTs: whatever
 * the tables hold, there are rows or a sentence. Nothing is left behind. */
void fuzz_plan(const uint8_t *bytes, size_t n, const char *const *name);

#endif
