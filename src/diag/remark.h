/* diag/remark.h - what the import says, in the reader's language. It speaks English, one line after
 * the other; a line is told from the template that it was made of, and said again by it. */
#ifndef VRK_DIAG_REMARK_H
#define VRK_DIAG_REMARK_H

#include "diag/words.h"

/* A line of what was taken for what, without the file that it begins with. Never NULL but where
 * memory ran out; what no template makes stays as it is. */
const char *vrk_remark_note(const vrk_words *words, const char *line);
/* The same where the line may begin with the file, "deals.csv: ...". */
const char *vrk_remark_line(const vrk_words *words, const char *line);
/* A line below "Remarks:", with file and line of the file. */
const char *vrk_remark_problem(const vrk_words *words, const char *line);

#endif
