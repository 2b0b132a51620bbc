/* Cox regression against R's survival: T07 (ebmt3, 18 betas of three transitions, Breslow), mgus2
 * (METHODS 1.7, Efron), lung and veteran (reference answers of survival 3.5-3), and numbers that
 * cox.R wrote into cox_numbers.h (late entry, strata, weights, offsets, errors by cluster, curves).
 * Tolerances are the digits given; for cox_numbers.h, where R went on to the end, 1e-9. */
#include "stat/cox.h"
#include "tests/ref/cox_numbers.h"
#include "tests/ref/table.h"
#include "tests/t.h"

enum { MOST = 6700, WIDE = 18 };

typedef struct {
    vrk_cox_data d;
    double row[MOST][WIDE], x[MOST * WIDE], entry[MOST], exit[MOST], weight[MOST], offset[MOST];
    uint8_t event[MOST];
    int32_t stratum[MOST], cluster[MOST];
} rows;

static rows r;

static bool begin(const char *name, table *t)
{
    memset(&r, 0, sizeof(r));
    r.d = (vrk_cox_data){.x = r.x, .exit = r.exit, .event = r.event};
    return table_data(name, t);
}

/* Columns from rows. */
static void pack(int64_t p)
{
    r.d.p = p;
    for (int64_t i = 0; i < r.d.n; i++) {
        for (int64_t j = 0; j < p; j++)
            r.x[i + j * r.d.n] = r.row[i][j];
    }
}

static bool is(const table *t, int64_t i, const char *col, const char *text)
{
    return !strcmp(table_text(t, i, col), text);
}

static void near(const char *what, double got, double want, double tol)
{
    bool good = fabs(got - want) <= tol;
    if (!good)
        printf("# %s: %.10g, not %.10g\n", what, got, want);
    T_OK(good);
}

static void against(const vrk_cox *f, const double *beta, const double *se, double tol)
{
    for (int64_t j = 0; j < f->p; j++) {
        near("beta", f->beta[j], beta[j], tol);
        near("se", f->se[j], se[j], tol);
    }
    T_OK(f->stop == VRK_STOP_GRAD && f->gradient < 1e-6);
}

static void numbers(const vrk_cox *f, const double *beta, const double *se, const double *ll,
                    const double *robust)
{
    against(f, beta, se, 1e-9);
    near("ll0", f->ll0, ll[0], 1e-8);
    near("ll", f->ll, ll[1], 1e-8);
    near("score", f->score, ll[2], 1e-8);
    for (int64_t j = 0; robust && j < f->p; j++)
        near("robust", f->robust_se[j], robust[j], 1e-9);
}

/* Hazard and error of survival at three times. */
static void curve(const vrk_cox *f, const double *x, const double *at, const double *want)
{
    for (int i = 0; i < 3; i++) {
        double hazard, se;
        vrk_cox_hazard(f, 0, x, at[i], &hazard, &se);
        near("hazard", hazard, want[i], 1e-8);
        near("error of survival", exp(-hazard) * se, want[3 + i], 1e-8);
    }
}

static void ebmt3_is_that_of_the_tutorial(void)
{
    const double beta[] = {-.0436, -.2972, -.1646, -.0898, .0458, .4291, .2559, .0167, .2552,
                           .5265,  -.0753, .2967,  .1365,  .2469, .0616, .5807, .1728, .2009};
    const double se[] = {.0779, .0680, .0791, .0865, .0666, .0804, .1352, .1084, .1510,
                         .1579, .1103, .1501, .1480, .1169, .1534, .1601, .1145, .1264};
    vrk_ctx ctx = {0};
    vrk_cox f;
    table t;
    if (!begin("mstate/ebmt3.csv", &t))
        T_SKIP("mstate/ebmt3.csv is not here");
    for (int64_t i = 0; i < t.rows; i++) {
        double pr = table_num(&t, i, "prtime"), end = table_num(&t, i, "rfstime");
        bool recovered = table_num(&t, i, "prstat") > 0, died = table_num(&t, i, "rfsstat") > 0;
        for (int trans = 0; trans < (recovered ? 3 : 2); trans++) {
            int64_t n = r.d.n++;
            double *x = r.row[n] + trans * 6;
            x[0] = is(&t, i, "dissub", "ALL");
            x[1] = is(&t, i, "dissub", "CML");
            x[2] = is(&t, i, "age", "20-40");
            x[3] = is(&t, i, "age", ">40");
            x[4] = is(&t, i, "drmatch", "Gender mismatch");
            x[5] = is(&t, i, "tcd", "TCD");
            r.entry[n] = trans == 2 ? pr : 0;
            r.exit[n] = trans < 2 && recovered ? pr : end;
            r.event[n] = trans == 0 ? recovered : died && (trans == 2 || !recovered);
            r.stratum[n] = trans;
        }
    }
    table_free(&t);
    pack(WIDE);
    r.d.entry = r.entry;
    r.d.stratum = r.stratum;
    r.d.strata = 3;
    T_OK(vrk_cox_fit(&ctx, &r.d, &(vrk_cox_opt){.ties = VRK_BRESLOW}, &f) == VRK_OK);
    near("events", f.events, 1169. + 458 + 383, 0);
    against(&f, beta, se, 6e-5);
    near("ll0", f.ll0, -14168.02, 6e-3);
    near("ll", f.ll, -14109.19, 6e-3);
    vrk_cox_free(&f);
    vrk_arena_free(&ctx.scratch);
}

static void mgus2_is_that_of_survival(void)
{
    const double beta[2][2] = {{.0130386, -.0251378}, {.0648237, .3932259}};
    const double se[2][2] = {{.0082587, .1884559}, {.0036203, .0696981}};
    vrk_ctx ctx = {0};
    vrk_cox f;
    table t;
    if (!begin("survival-r/mgus2.csv", &t))
        T_SKIP("survival-r/mgus2.csv is not here");
    for (int cause = 0; cause < 2; cause++) {
        r.d.n = t.rows;
        for (int64_t i = 0; i < t.rows; i++) {
            bool pcm = table_num(&t, i, "pstat") > 0, died = table_num(&t, i, "death") > 0;
            r.exit[i] = table_num(&t, i, pcm ? "ptime" : "futime");
            r.event[i] = cause ? died && !pcm : pcm;
            r.row[i][0] = table_num(&t, i, "age");
            r.row[i][1] = is(&t, i, "sex", "M");
        }
        pack(2);
        T_OK(vrk_cox_fit(&ctx, &r.d, NULL, &f) == VRK_OK);
        against(&f, beta[cause], se[cause], 6e-8);
        vrk_cox_free(&f);
    }
    table_free(&t);
    vrk_arena_free(&ctx.scratch);
}

static void take_lung(const table *t, bool places)
{
    r.d.n = 0;
    for (int64_t i = 0; i < t->rows; i++) {
        double inst = table_num(t, i, "inst");
        if (isnan(table_num(t, i, "ph.ecog")) || (places && isnan(inst)))
            continue;
        int64_t n = r.d.n++;
        r.exit[n] = table_num(t, i, "time");
        r.event[n] = table_num(t, i, "status") > 1;
        r.row[n][0] = table_num(t, i, "age");
        r.row[n][1] = table_num(t, i, "sex");
        r.row[n][2] = table_num(t, i, "ph.ecog");
        r.cluster[n] = places ? (int32_t)inst : 0;
    }
    pack(3);
    r.d.cluster = places ? r.cluster : NULL;
    r.d.clusters = 40;
}

static void lung_with_its_curves_and_errors_by_place(void)
{
    const double answers[] = {.01106676, -.55261240, .46372848},
                 answers_se[] = {.009267411, .167739054, .113577266};
    const double who[] = {60, 2, 1}, at[] = {100, 365, 800};
    vrk_ctx ctx = {0};
    vrk_cox f;
    table t;
    if (!begin("survival-r/lung.csv", &t))
        T_SKIP("survival-r/lung.csv is not here");
    take_lung(&t, false);
    T_OK(vrk_cox_fit(&ctx, &r.d, NULL, &f) == VRK_OK);
    against(&f, answers, answers_se, 6e-9);
    numbers(&f, lung_efron_beta, lung_efron_se, lung_efron_ll, NULL);
    curve(&f, who, at, lung_efron_curve);
    vrk_cox_free(&f);
    T_OK(vrk_cox_fit(&ctx, &r.d, &(vrk_cox_opt){.ties = VRK_BRESLOW}, &f) == VRK_OK);
    numbers(&f, lung_breslow_beta, lung_breslow_se, lung_breslow_ll, NULL);
    curve(&f, who, at, lung_breslow_curve);
    vrk_cox_free(&f);
    take_lung(&t, true);
    T_OK(vrk_cox_fit(&ctx, &r.d, NULL, &f) == VRK_OK);
    numbers(&f, lung_robust_efron_beta, lung_robust_efron_se, lung_robust_efron_ll,
            lung_robust_efron_robust);
    vrk_cox_free(&f);
    T_OK(vrk_cox_fit(&ctx, &r.d, &(vrk_cox_opt){.ties = VRK_BRESLOW}, &f) == VRK_OK);
    numbers(&f, lung_robust_breslow_beta, lung_robust_breslow_se, lung_robust_breslow_ll,
            lung_robust_breslow_robust);
    vrk_cox_free(&f);
    table_free(&t);
    vrk_arena_free(&ctx.scratch);
}

/* Waiting for a heart: rows begin where the wait ends, several rows a patient. */
static void heart_with_late_entry_and_clusters(void)
{
    const double who[] = {5, 1, 0}, at[] = {30, 200, 900};
    vrk_ctx ctx = {0};
    vrk_cox f;
    table t;
    if (!begin("survival-r/heart.csv", &t))
        T_SKIP("survival-r/heart.csv is not here");
    r.d.n = t.rows;
    for (int64_t i = 0; i < t.rows; i++) {
        r.entry[i] = table_num(&t, i, "start");
        r.exit[i] = table_num(&t, i, "stop");
        r.event[i] = table_num(&t, i, "event") > 0;
        r.row[i][0] = table_num(&t, i, "age");
        r.row[i][1] = table_num(&t, i, "surgery");
        r.row[i][2] = table_num(&t, i, "transplant");
        r.cluster[i] = (int32_t)table_num(&t, i, "id");
    }
    pack(3);
    r.d.entry = r.entry;
    r.d.cluster = r.cluster;
    r.d.clusters = 200;
    T_OK(vrk_cox_fit(&ctx, &r.d, NULL, &f) == VRK_OK);
    numbers(&f, heart_efron_beta, heart_efron_se, heart_efron_ll, heart_efron_robust);
    curve(&f, who, at, heart_curve);
    vrk_cox_free(&f);
    T_OK(vrk_cox_fit(&ctx, &r.d, &(vrk_cox_opt){.ties = VRK_BRESLOW}, &f) == VRK_OK);
    numbers(&f, heart_breslow_beta, heart_breslow_se, heart_breslow_ll, heart_breslow_robust);
    vrk_cox_free(&f);
    table_free(&t);
    vrk_arena_free(&ctx.scratch);
}

static void veteran_with_strata_weights_and_offset(void)
{
    const char *const cell[] = {"adeno", "large", "smallcell", "squamous"};
    const double beta[] = {.294603,   -.794775,    -.334506,   -1.19607,
                           -.0328153, .0000813205, -.00870647, .00715936};
    const double se[] = {.20754960, .30287772, .27597779, .30091699,
                         .00550776, .00913606, .00930030, .02323054};
    vrk_ctx ctx = {0};
    vrk_cox f;
    table t;
    if (!begin("survival-r/veteran.csv", &t))
        T_SKIP("survival-r/veteran.csv is not here");
    r.d.n = t.rows;
    for (int64_t i = 0; i < t.rows; i++) {
        double *x = r.row[i];
        r.exit[i] = table_num(&t, i, "time");
        r.event[i] = table_num(&t, i, "status") > 0;
        x[0] = table_num(&t, i, "trt");
        for (int c = 0; c < 4; c++) {
            if (is(&t, i, "celltype", cell[c]))
                r.stratum[i] = c;
        }
        for (int c = 1; c < 4; c++)
            x[c] = r.stratum[i] == c;
        x[4] = table_num(&t, i, "karno");
        x[5] = table_num(&t, i, "diagtime");
        x[6] = table_num(&t, i, "age");
        x[7] = table_num(&t, i, "prior");
        r.offset[i] = x[6] / 100;
        r.weight[i] = 1 + fmod(x[5], 4);
    }
    pack(8);
    T_OK(vrk_cox_fit(&ctx, &r.d, NULL, &f) == VRK_OK);
    against(&f, beta, se, 6e-6);
    vrk_cox_free(&f);
    for (int64_t i = 0; i < t.rows; i++)
        r.row[i][1] = r.row[i][4];
    pack(2);
    r.d.stratum = r.stratum;
    r.d.strata = 4;
    r.d.weight = r.weight;
    r.d.offset = r.offset;
    T_OK(vrk_cox_fit(&ctx, &r.d, &(vrk_cox_opt){.robust = true}, &f) == VRK_OK);
    numbers(&f, veteran_efron_beta, veteran_efron_se, veteran_efron_ll, veteran_efron_robust);
    vrk_cox_free(&f);
    T_OK(vrk_cox_fit(&ctx, &r.d, &(vrk_cox_opt){.ties = VRK_BRESLOW, .robust = true}, &f) ==
         VRK_OK);
    numbers(&f, veteran_breslow_beta, veteran_breslow_se, veteran_breslow_ll,
            veteran_breslow_robust);
    vrk_cox_free(&f);
    table_free(&t);
    vrk_arena_free(&ctx.scratch);
}

T_MAIN(T_CASE(ebmt3_is_that_of_the_tutorial), T_CASE(mgus2_is_that_of_survival),
       T_CASE(lung_with_its_curves_and_errors_by_place), T_CASE(heart_with_late_entry_and_clusters),
       T_CASE(veteran_with_strata_weights_and_offset))
