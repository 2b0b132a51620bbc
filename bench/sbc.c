/* bench/sbc - simulation-based calibration of the effects of sellers, T36 and T37 of the methods:
 * ranks, cover and calibration over a thousand worlds.   bench_sbc [WORLDS [FIRST SEED]] */
#include "tests/stat/sbc.h"

#include <stdio.h>

int main(int argc, char **argv)
{
    vrk_ctx ctx = {0};
    sbc_result r;
    long worlds = argc > 1 ? strtol(argv[1], NULL, 10) : 1000;
    long first = argc > 2 ? strtol(argv[2], NULL, 10) : 70001;
    if (worlds < 100 || worlds > SBC_WORLDS_MOST || first < 1) {
        fprintf(stderr, "usage: bench_sbc [WORLDS 100-%d [FIRST SEED]]\n", SBC_WORLDS_MOST);
        return 2;
    }
    if (sbc_run(&ctx, (uint64_t)first, (int)worlds, &r) != VRK_OK) {
        fprintf(stderr, "bench_sbc: %s\n", ctx.message);
        return 1;
    }
    printf("%ld worlds, %lld fits failed\n", worlds, (long long)r.failed);
    for (int q = 0; q < SBC_QUANTITIES; q++) {
        printf("%-28s p %.4f ", sbc_name[q], sbc_p(&r, q));
        for (int b = 0; b < SBC_BINS; b++)
            printf(" %lld", (long long)r.rank[q][b]);
        printf("\n");
    }
    printf("least p after Holm: %.4f (asked: over 0.001)\n", sbc_holm(&r));
    printf("intervals of 50, 80, 95 %% hold %.1f, %.1f, %.1f %%\n",
           100 * (double)r.inside[0] / (double)r.sellers,
           100 * (double)r.inside[1] / (double)r.sellers,
           100 * (double)r.inside[2] / (double)r.sellers);
    printf("calibration error of the classes below -0.9, -0.3, above: %.4f %.4f %.4f (asked: below "
           "0.02)\n",
           sbc_ece(&r, 0), sbc_ece(&r, 1), sbc_ece(&r, 2));
    sbc_free(&r);
    vrk_arena_free(&ctx.scratch);
    return 0;
}
