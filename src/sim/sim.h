/* sim/sim.h - organisations with known truth: sellers, deals, calendars and everything that a CRM
 * would have kept of them, simulated week by week, and beside it what was planted. The models are
 * judged on these worlds, so nothing here is shared with them. The mechanism, in equations, and
 * what each kind plants: doc/simulate.md. */
#ifndef VRK_SIM_SIM_H
#define VRK_SIM_SIM_H

#include "base/base.h"

typedef enum {
    VRK_SIM_MIXED,    /* faults of every kind in a minority of seller x moment */
    VRK_SIM_NULL,     /* no seller differs from another */
    VRK_SIM_ACTIVITY, /* only the volume of prospecting differs, and it drives the result */
    VRK_SIM_PROCESS,  /* teams fail at a moment; a stage stands still for everybody */
    VRK_SIM_MARKET,   /* a segment breaks down from a week on */
    VRK_SIM_NOISY,    /* mixed, but recorded badly */
    VRK_SIM_LOGGING,  /* sellers differ in what they write down, not in what they do */
    VRK_SIM_KINDS
} vrk_sim_kind;

typedef struct {
    vrk_sim_kind kind;
    int64_t sellers;      /* 0 = 24; at most VRK_SIM_SELLERS */
    int64_t weeks;        /* 0 = 104; at least 8, at most VRK_SIM_WEEKS */
    int64_t replications; /* futures for the value of changes; 0 = the values are not computed */
    uint64_t seed;
    const char *dir; /* must not be there, or be empty */
} vrk_sim_opt;

enum { VRK_SIM_SELLERS = 60000, VRK_SIM_WEEKS = 520 };

const char *vrk_sim_kind_name(vrk_sim_kind kind); /* "mixed" ... */
bool vrk_sim_kind_parse(const char *name, vrk_sim_kind *kind);

/* Writes the interchange files (DESIGN section 3) to opt->dir and the truth to `dir`.truth.json.
 * The same options give the same bytes, on any number of threads. Both are written beside their
 * place and moved there at the end, so a run that fails or is cancelled leaves nothing. Memory is
 * bounded by some teams at a time. VRK_EINPUT: a folder with something in it, or an option out of
 * range; VRK_EIO. */
VRK_MUST vrk_status vrk_sim_run(vrk_ctx *ctx, const vrk_sim_opt *opt);

#endif
