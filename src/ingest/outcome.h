/* ingest/outcome.h - which names of stages, statuses and activities say that a deal is closed. */
#ifndef VRK_INGEST_OUTCOME_H
#define VRK_INGEST_OUTCOME_H

typedef enum { VRK_NO_OUTCOME, VRK_OPEN, VRK_WON, VRK_LOST } vrk_outcome;

/* By words, Swedish and English, in any case: "Closed Won", "A_APPROVED", "Stängd - förlorad". All
 * words of the name must be such a word or a filler (closed, deal, affär, a single letter ...), so
 * that "Won over champion" and "Reject request" stay what they are: no outcome. */
vrk_outcome vrk_outcome_of(const char *name);

/* "open", "won", "lost"; NULL for VRK_NO_OUTCOME. */
const char *vrk_outcome_text(vrk_outcome outcome);

#endif
