/* diag/moment_cells.h - the moment ledger's sufficient statistics as arrays: what the models of
 * moments are fitted to. doc/ledger.md says what each cell counts. */
#ifndef VRK_DIAG_MOMENT_CELLS_H
#define VRK_DIAG_MOMENT_CELLS_H

#include "store/facts.h"

/* The moments that have models; numbers as in the table moment_name. */
enum {
    VRK_AT_PROSPECTING = 1,
    VRK_AT_QUALIFICATION,
    VRK_AT_STEERING,
    VRK_AT_OBJECTION,
    VRK_AT_NEXT_STEP,
    VRK_AT_MOMENTS = 5,
};

/* Where a number is not known. */
#define VRK_UNKNOWN INT64_MIN

/* Columns of whole numbers by name; VRK_UNKNOWN where null, and NULL where there is no such column.
 * `seller` is an index into the sellers below, `quarter` one into the quarters, in order. */
typedef struct {
    int64_t n;
    const int64_t *moment, *seller, *load_level, *crowding, *quarter, *touches; /* [n] */
    const int64_t *deal, *stage, *source, *qualified, *last_step, *age_level;   /* [n] */
    const int64_t *complex, *committee, *segment; /* [n] 0/1, 0/1, index into the segments; -1 */
    const int64_t *done;                          /* [n] */
    const int64_t *occasions, *hits;     /* [n] how many, and how many of them did / succeeded */
    const int64_t *stopped, *won, *lost; /* [n] */
    const int64_t *done_told, *done_recorded, *missed_told, *missed_recorded; /* [n] */
} vrk_cells_of;

/* What assessments say of one seller at one moment. */
typedef struct {
    int64_t seller, moment, rater; /* rater: index, -1 = an item of a test */
    double score;                  /* 1 to 5 of a rater; 0 to 1 of an item */
} vrk_score_of;

typedef struct {
    int64_t sellers, teams, quarters, segments, raters;
    const int64_t *seller_key;  /* [sellers] ascending */
    const int64_t *team;        /* [sellers] 0 ... teams - 1; each without a team is its own */
    const char **team_id;       /* [teams] "" = a seller without team */
    const int64_t *quarter;     /* [quarters] year * 10 + quarter, ascending */
    const char **segment;       /* [segments] */
    double *load_80;            /* [sellers] 80th percentile of own load [SD]; 0 = unknown */
    int64_t *meetings, *logged; /* [sellers] in the calendar, and of these in the CRM */
    bool has_calendar;
    vrk_cells_of doing, outreach, success, qualification, audit;
    int64_t scores;
    vrk_score_of *score; /* [scores] */
    vrk_arena mem;
} vrk_moment_cells;

/* Reads the cells of facts whose ledger is built; load_mean and load_sd [min] are the ledger's
 * scale. On failure *out is empty. VRK_EDB, VRK_EMEMORY. */
VRK_MUST vrk_status vrk_moment_cells_read(vrk_ctx *ctx, vrk_facts *facts, double load_mean,
                                          double load_sd, vrk_moment_cells *out);
void vrk_moment_cells_free(vrk_moment_cells *cells);

/* Which of the sellers has that key; -1 = none. O(log sellers). */
int64_t vrk_moment_cells_seller(const vrk_moment_cells *cells, int64_t seller_key);

extern const char *const vrk_moment_names[VRK_AT_MOMENTS + 1]; /* by number; [0] = "" */

#endif
