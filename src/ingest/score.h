/* ingest/score.h - the answer to a question of a rating. */
#ifndef VRK_INGEST_SCORE_H
#define VRK_INGEST_SCORE_H

#include "base/base.h"

/* "5", "5 - Stämmer helt", "3,5"; how often: never 1, seldom 2, sometimes 3, often 4, always 5, in
 * Swedish too; how much one agrees, the same. False: it is none ("5;4", "ca 3"). */
bool vrk_score_read(const char *text, size_t n, double *out);

#endif
