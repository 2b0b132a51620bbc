/* ingest/question.h - what only the user can say of a file whose table and columns were guessed. */
#ifndef VRK_INGEST_QUESTION_H
#define VRK_INGEST_QUESTION_H

#include "ingest/guess.h"

/* Sets g->question, where the file cannot be used without an answer: a column that values alone
 * suggest, dates and numbers that can be read in two ways, deals without an amount, a date or an
 * owner though a column looks like one. Memory from `mem`. `g->table` must be known. */
void vrk_guess_ask(const vrk_profile *p, vrk_arena *mem, vrk_guess *g);

#endif
