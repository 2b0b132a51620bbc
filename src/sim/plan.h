/* sim/plan.h - the constants of each kind of world. */
#ifndef VRK_SIM_PLAN_H
#define VRK_SIM_PLAN_H

#include "sim/world.h"

vrk_plan vrk_plan_of(vrk_sim_kind kind, int64_t weeks);

#endif
