/* diag/rows.h - reading the rows of a statement by the names of its columns. */
#ifndef VRK_DIAG_ROWS_H
#define VRK_DIAG_ROWS_H

#include "sql.h"
#include "store/facts.h"

/* A whole number (also one that the database gave as a fraction, as sums are); 0 where null. */
int64_t vrk_row_int(const vrk_frame *f, const char *column, int64_t row);
/* A text; "" where null. */
const char *vrk_row_text(const vrk_frame *f, const char *column, int64_t row);

/* Runs a statement of sql/query. */
VRK_MUST vrk_status vrk_rows(vrk_ctx *ctx, vrk_facts *facts, vrk_sql statement, vrk_frame *out);

#endif
