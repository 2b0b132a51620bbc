/* num/sort.h - numbers in ascending order. */
#ifndef VRK_NUM_SORT_H
#define VRK_NUM_SORT_H

#include <stdint.h>

/* Puts x [n] in ascending order, in place and without memory of its own: quicksort, by heap where
 * that would go deep (Musser 1997, Software: Practice and Experience 27:983-993), so O(n log n)
 * always. Where some are NaN nothing is lost, but the order is not said. */
void vrk_sort(double *x, int64_t n);

#endif
