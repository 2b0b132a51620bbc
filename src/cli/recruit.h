/* cli/recruit.h - what the parts of `verkan recruit` share. */
#ifndef VRK_CLI_RECRUIT_H
#define VRK_CLI_RECRUIT_H

#include "cli/workspace.h"
#include "data/frame.h"
#include "diag/layout.h"
#include "people/role.h"

typedef struct {
    const vrk_args *args;
    vrk_layout *l;
    vrk_workspace w; /* not opened for what needs none */
    bool usage;      /* what failed is the command line */
} vrk_recruit;

/* FAILs of the command line. */
VRK_MUST vrk_status vrk_recruit_usage(vrk_ctx *ctx, vrk_recruit *r, const char *what);

VRK_MUST vrk_status vrk_recruit_roles(vrk_ctx *ctx, vrk_recruit *r);
VRK_MUST vrk_status vrk_recruit_weigh(vrk_ctx *ctx, vrk_recruit *r);
VRK_MUST vrk_status vrk_recruit_fit(vrk_ctx *ctx, vrk_recruit *r);
VRK_MUST vrk_status vrk_recruit_impact(vrk_ctx *ctx, vrk_recruit *r);
VRK_MUST vrk_status vrk_recruit_validate(vrk_ctx *ctx, vrk_recruit *r);
VRK_MUST vrk_status vrk_recruit_worth(vrk_ctx *ctx, vrk_recruit *r);
/* Lines of the groups in a column group, where there is one; x, y [rows]. */
VRK_MUST vrk_status vrk_recruit_lines(vrk_ctx *ctx, vrk_recruit *r, const vrk_frame *f,
                                      const double *x, const double *y);

#endif
