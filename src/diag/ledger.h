/* diag/ledger.h - runs the statements of sql/ledger in order: visits of deals to stages, the moment
 * ledger and its cells. doc/ledger.md defines every table; what happens in C is the parameters and
 * what SQL must not do (Poisson tails, standardising, the order of stages). */
#ifndef VRK_DIAG_LEDGER_H
#define VRK_DIAG_LEDGER_H

#include "diag/stages.h"
#include "store/facts.h"

/* Codes in the tables. */
enum { VRK_CENSORED, VRK_FORWARD, VRK_SKIP, VRK_BACK, VRK_WON, VRK_LOST, VRK_CLEANUP, VRK_CAUSES };
enum {
    VRK_STATE_DEAL = 0,
    VRK_STATE_WON = -1,
    VRK_STATE_LOST = -2,
    VRK_STATE_CLEANUP = -3,
    VRK_STATE_START = -9
};

/* All zero is the default. */
typedef struct {
    int64_t as_of_s;   /* [s] local wall time since 1970; 0 = the newest that has happened */
    int64_t history_s; /* [s] history of deals starts here; 0 = inferred */
    vrk_stage_opt stages;
    const int64_t *holiday; /* [holidays] day numbers of public holidays */
    int64_t holidays;
    bool no_swedish_holidays; /* only those of the list */
    bool keep_working;        /* keep the tables that only other statements need (tests) */
    bool visits_only;         /* stop after visits and their cells: no moments */
    bool unread;              /* also what no answer reads: exposure_cell, objection_base */
} vrk_ledger_opt;

typedef struct {
    int64_t from_s, as_of_s; /* [s] what the data span; both 0 where nothing has a time */
    int64_t history_s;       /* [s] start of the deals' history; 0 = whole */
    int64_t reopen_s; /* [s] 99th percentile of the time from lost to re-opened; 0 = never seen */
    int64_t reopenings;
    int64_t cleanup_days, cleanup_deals; /* days of one user that were clean-ups, losses on them */
    double load_mean_min, load_sd_min; /* [min/week] internal and administrative; 0 = no calendar */
    vrk_stages stages;
    vrk_note note[8]; /* [notes] other inferences, for the user */
    int64_t notes;
    vrk_arena mem;
} vrk_ledger_info;

/* Makes the tables of doc/ledger.md in `facts`, but for those that `unread` asks for and those that
 * are dropped on the way. Ticks per statement. `info` may be NULL.
 * VRK_EDB, VRK_EINPUT (settings that do not fit the data), VRK_ECANCEL. Cost: bench/ledger. */
VRK_MUST vrk_status vrk_ledger_build(vrk_ctx *ctx, vrk_facts *facts, const vrk_ledger_opt *opt,
                                     vrk_ledger_info *info);

void vrk_ledger_info_free(vrk_ledger_info *info);

/* P(N >= n) for a Poisson variable N with mean `mean` >= 0; 1 for n <= 0. Relative error below
 * 1e-12 for n up to 10^6: the terms from n on are added while they matter. */
double vrk_poisson_tail(int64_t n, double mean);

#endif
