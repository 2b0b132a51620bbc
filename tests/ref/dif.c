/* T28: verbal aggression (Vansteelandt 2000), 316 persons by 24 items, women against men:
 * chi-squares of Mantel and Haenszel on the unpurified total score with correction (METHODS 5.2;
 * Magis et al. 2010). The data are those of R's psychotools, dichotomised as in difR (perhaps or
 * yes). */
#include "stat/dif.h"
#include "base/rng.h"
#include "tests/ref/table.h"
#include "tests/t.h"

enum { N = 316, ITEMS = 24 };
static int8_t x[N * ITEMS], focal[N];

static bool read_verbal(char name[ITEMS][16])
{
    table t;
    if (!table_data("psychotools/VerbalAggression.csv", &t))
        return false;
    for (int j = 0, at = 0; at < t.cols && j < ITEMS; at++) {
        if (strncmp(t.cell[at], "resp2.", 6))
            continue;
        snprintf(name[j], 16, "%s", t.cell[at] + 6);
        for (int64_t i = 0; i < N; i++)
            x[i + j * N] = (int8_t)(table_num(&t, i, t.cell[at]) > .5);
        j++;
    }
    for (int64_t i = 0; i < N; i++)
        focal[i] = !strcmp(table_text(&t, i, "gender"), "male");
    table_free(&t);
    return true;
}

static void t28_verbal_aggression(void)
{
    const struct {
        const char *item;
        double chi2, alpha, delta;
    } want[] = {{"S2WantShout", 9.6032, 2.8804, -2.4861},
                {"S4WantShout", 4.1188, 0, 0},
                {"S2DoCurse", 6.3029, .3209, 2.6709},
                {"S2DoScold", 6.8395, 0, 0},
                {"S3DoCurse", 5.7817, 0, 0},
                {"S3DoScold", 3.8880, 0, 0}};
    char name[ITEMS][16];
    vrk_ctx ctx = {0};
    vrk_dif f;
    int flagged = 0, found = 0;
    if (!read_verbal(name))
        T_SKIP("psychotools/VerbalAggression.csv is not here");
    vrk_dif_data d = {.persons = N, .items = ITEMS, .x = x, .focal = focal};
    T_OK(vrk_dif_test(&ctx, &d, &(vrk_dif_opt){.min_group = 50}, &f) == VRK_OK);
    for (int j = 0; j < ITEMS; j++) {
        flagged += f.flag[j];
        printf("# %s %.4f %.4f %.4f\n", name[j], f.chi2[j], f.alpha[j], f.delta[j]);
        for (int k = 0; k < 6; k++) {
            if (strcmp(name[j], want[k].item) != 0)
                continue;
            found++;
            T_OK(f.flag[j] && fabs(f.chi2[j] - want[k].chi2) <= 1e-4);
            T_OK(want[k].alpha <= 0 || fabs(f.alpha[j] - want[k].alpha) <= 1e-4);
            T_OK(want[k].alpha <= 0 || fabs(f.delta[j] - want[k].delta) <= 1e-4);
        }
    }
    T_OK(flagged == 6 && found == 6 && f.persons == N);
    vrk_dif_free(&f);
    /* 73 men are too few for a verdict */
    T_OK(vrk_dif_test(&ctx, &d, NULL, &f) == VRK_EINPUT && strstr(ctx.message, "73"));
    vrk_arena_free(&ctx.scratch);
}

T_MAIN(T_CASE(t28_verbal_aggression))
