#include "diag/ledger.h"
#include "diag/verdict.h"
#include "ingest/bring.h"
#include "store/workspace.h"
#include <inttypes.h>
#include <stdio.h>
#include <time.h>
static double now(void) { struct timespec t; clock_gettime(CLOCK_MONOTONIC, &t); return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec; }
int main(int argc, char **argv)
{
    (void)argc;
    vrk_ctx ctx = {.seed = 1};
    vrk_workspace w = {.lock = -1};
    vrk_bring_report report = {0};
    vrk_import_opt opt = {0};
    vrk_facts *facts; int64_t lease;
    vrk_ledger_info info = {0};
    vrk_moments m = {0};
    const char *path[] = {argv[1]};
    double t0 = now();
    if (vrk_workspace_private(&ctx, "/tmp", &w) || vrk_bring(&ctx, &w, path, 1, &opt, &report)) { fprintf(stderr, "%s\n", ctx.message); return 1; }
    double t1 = now();
    if (vrk_workspace_facts(&ctx, &w, &facts, &lease) || vrk_ledger_build(&ctx, facts, NULL, &info)) { fprintf(stderr, "%s\n", ctx.message); return 1; }
    double t2 = now();
    if (vrk_moments_fit(&ctx, facts, info.load_mean_min, info.load_sd_min, &m)) { fprintf(stderr, "%s\n", ctx.message); return 1; }
    double t3 = now();
    for (int64_t s = 0; s < m.cells.sellers; s++)
        for (int64_t k = 1; k <= 5; k++) {
            vrk_seller_verdict v;
            if (vrk_verdict_of(&ctx, &m, k, s, NULL, &v)) { fprintf(stderr, "%s\n", ctx.message); return 1; }
            printf("%" PRId64 " %" PRId64, s, k);
            for (int j = 0; j < 6; j++) printf(" %.4f", v.all.probability[j]);
            printf(" %.3f %.3f %.3f %.3f %.3f %.3f %.3f %.3f %.3f", v.e, v.e_lo, v.e_hi, v.pressed, v.pressed_lo, v.pressed_hi, v.q, v.q_lo, v.q_hi);
            for (int j = 0; j < 6; j++) printf(" %.4f", v.complex.probability[j]);
            printf("\n");
        }
    double t4 = now();
    fprintf(stderr, "import %.2f ledger %.2f fit %.2f verdicts %.2f\n", t1 - t0, t2 - t1, t3 - t2, t4 - t3);
    for (int k = 1; k <= 5; k++) {
        vrk_moment_model *x = &m.moment[k];
        fprintf(stderr, "%d e: base %.2f slope %.2f own(%.2f sd %.2f far %.2f) slope(%.2f %.2f %.2f) team(%.2f %.2f) it %d | q: base %.2f cx %.2f own(%.2f %.2f %.2f) sl(%.2f %.2f) team(%.2f %.2f) it %d log %.2f %.2f fp %.3f und %.2f\n", k, x->doing.base, x->doing.slope, x->doing.fit.own.centre, x->doing.fit.own.near_sd, x->doing.fit.own.far_share, x->doing.fit.slope.centre, x->doing.fit.slope.near_sd, x->doing.fit.slope.far_share, x->doing.fit.team.near_sd, x->doing.fit.team.far_share, x->doing.fit.iterations, x->going.base, x->going.slope, x->going.fit.own.centre, x->going.fit.own.near_sd, x->going.fit.own.far_share, x->going.fit.slope.near_sd, x->going.fit.slope.far_share, x->going.fit.team.near_sd, x->going.fit.team.far_share, x->going.fit.iterations, m.logging.shift[k], m.logging.spread[k], m.logging.false_rate[k], x->undone);
    }
    fprintf(stderr, "measured per_logit %.2f noise %.2f slope %.2f\n", m.measured.per_logit, m.measured.noise, m.measured.item_slope);
    vrk_workspace_drop(&ctx, &w);
    return 0;
}
