#include "sim/plan.h"

#include <string.h>

static const char *const kind_name[VRK_SIM_KINDS] = {
    [VRK_SIM_MIXED] = "mixed",     [VRK_SIM_NULL] = "null",     [VRK_SIM_ACTIVITY] = "activity",
    [VRK_SIM_PROCESS] = "process", [VRK_SIM_MARKET] = "market", [VRK_SIM_NOISY] = "noisy",
    [VRK_SIM_LOGGING] = "logging",
};

const char *vrk_sim_kind_name(vrk_sim_kind kind)
{
    return kind_name[kind];
}

bool vrk_sim_kind_parse(const char *name, vrk_sim_kind *kind)
{
    for (int k = 0; k < VRK_SIM_KINDS; k++) {
        if (!strcmp(name, kind_name[k])) {
            *kind = (vrk_sim_kind)k;
            return true;
        }
    }
    return false;
}

/* Chosen so that 60 to 80 % of weeks hold prospecting, 15 to 35 % of deals are won and a deal takes
 * 6 to 16 weeks; the size of nothing here is an estimate from anybody's data. */
static const vrk_plan usual = {
    .e0 = {1.0, 0.85, -0.5, 0.6, 0.75},
    .q0 = {0.0, 0.3, -0.3, 1.6, 0.95},
    .q0_complex = {0, -0.2, -0.3, -0.2, -0.1},
    .p0 = -0.15,
    .undone = {0.12, 0.15, 0.07, 0.55, 0},
    .spread = 0.3,
    .spread_p = 0.1,
    .team_sd = 0.12,
    .segment_sd = 0.15,
    .quarter_sd = 0.1,
    .volume_sd = 0.2,
    .volume = 8,
    .gamma = 0.4,
    .inbound = 1.8,
    .crowding = 0.4,
    .log_mean = 3.0,
    .log_sd = 0.4,
    .fit_own = 0.45,
    .fit_inbound = 0.52,
    .step_missing = -0.35,
    .step_kept = 0.25,
    .qualified = 0.3,
    .committee = -0.15,
    .unfit = -2,
    .frailty_sd = 0.4,
    .tempo = 1.3,
    .mimic_boss = 0.025,
    .mimic_ticked = 0.03,
    .mimic_call = 0.25,
    .mimic_call_first = 0.12,
    .break_segment = -1,
    .break_week = -1,
};

vrk_plan vrk_plan_of(vrk_sim_kind kind, int64_t weeks)
{
    vrk_plan p = usual;
    if (kind == VRK_SIM_MIXED || kind == VRK_SIM_NOISY)
        p.fault_share = 0.16;
    if (kind == VRK_SIM_NULL || kind == VRK_SIM_ACTIVITY || kind == VRK_SIM_LOGGING)
        p.spread = p.spread_p = p.team_sd = p.volume_sd = 0;
    if (kind == VRK_SIM_NULL)
        p.log_sd = 0;
    if (kind ==
        VRK_SIM_ACTIVITY) { /* hours never bind, and each touch is as good as the one before */
        p.volume_sd = 0.5;
        p.gamma = 1;
        p.inbound = 0.25;
        p.crowding = 0;
        p.q0[VRK_PROSPECTING] = 0.4;
    }
    if (kind == VRK_SIM_PROCESS)
        p.slow = -0.6;
    if (kind == VRK_SIM_MARKET) {
        p.break_segment = 0;
        p.break_week = weeks / 2;
        p.break_effect = -1.75;
    }
    if (kind == VRK_SIM_LOGGING) {
        p.log_mean = 1.0;
        p.log_sd = 1.2;
    }
    if (kind == VRK_SIM_NOISY) {
        p.noisy = true;
        p.skipped = 0.2;
        p.batched = 0.3;
        p.misdated = 0.02;
        p.loose = 0.15;
        p.nowhere = 0.25;
        p.misclosed = 0.01;
    }
    return p;
}
