/* verkan fit - fits one model to a table and prints it, so that anyone can hold it against other
 * software. Hidden from the short help; doc/verkan-fit.1. */
#include "cli/fit.h"

#include "base/str.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

extern const vrk_fit_model vrk_fit_aj;
extern const vrk_fit_model vrk_fit_cox;
extern const vrk_fit_model vrk_fit_did;
extern const vrk_fit_model vrk_fit_facets;
extern const vrk_fit_model vrk_fit_frontier;
extern const vrk_fit_model vrk_fit_glmm;
extern const vrk_fit_model vrk_fit_irt;
extern const vrk_fit_model vrk_fit_msm;
extern const vrk_fit_model vrk_fit_poisson;

/* One line a model; each stands in its own fit_<name>.c. */
static const vrk_fit_model *const models[] = {
    &vrk_fit_aj,   &vrk_fit_cox, &vrk_fit_did, &vrk_fit_facets,  &vrk_fit_frontier,
    &vrk_fit_glmm, &vrk_fit_irt, &vrk_fit_msm, &vrk_fit_poisson, NULL,
};

static const vrk_option options[] = {
    {"--data", "FILE", "a CSV with headings; empty and NA mean: not known"},
    {"--formula", "FORMULA", "the model as in R: \"y ~ x + (1|seller)\""},
    {"--json", NULL, "print JSON with all digits and all rows"},
    {"--family", "gaussian|binomial|poisson", "glmm: what the response is"},
    {"--link", "identity|logit|cloglog|log", "glmm: binomial has logit and cloglog"},
    {"--ml", NULL, "glmm: maximum likelihood"},
    {"--reml", NULL, "glmm: restricted maximum likelihood (default for gaussian)"},
    {"--bayes", NULL, "glmm, irt: with weak priors"},
    {"--quick", NULL, "glmm: standard errors given the variances"},
    {"--integrate", NULL, "glmm, --bayes: over the variances too, not at the likeliest"},
    {"--agq", "N", "glmm: quadrature points for one random term (default 1: Laplace)"},
    {"--weights", "COLUMN", "a weight for each row"},
    {"--ties", "efron|breslow", "cox: how events at the same time are taken"},
    {"--from", "COLUMN", "aj: the state that a row's spell is in"},
    {"--id", "COLUMN", "whose rows belong together"},
    {"--censored", "VALUE", "aj: what means that nothing happened; msm: that the state is unknown"},
    {"--errors", "greenwood|aalen|jackknife", "aj: how standard errors are estimated"},
    {"--at", "T,T...", "aj: report these times only; msm: chances after them"},
    {"--tau", "T", "aj: horizon of the mean times in each state"},
    {"--time", "COLUMN", "did, frontier: the period; msm: when"},
    {"--first", "COLUMN", "did: the first treated period; 0 or empty: never"},
    {"--cluster", "COLUMN", "did: units that go together"},
    {"--controls", "never|not-yet", "did: who is compared with"},
    {"--permutations", "N", "did: of who is treated when, for a p-value"},
    {"--seed", "N", "did: of the bootstrap and the permutations (default 1)"},
    {"--moves", "STATE:STATE,...", "msm: what can follow what at once"},
    {"--dated", "STATE,...", "msm: states whose time is that of coming into them"},
    {"--firm", "COLUMN", "frontier: who is one unit over time"},
    {"--distribution", "half-normal|truncated|exponential", "frontier: of the shortfall"},
    {"--inefficiency", "1,COLUMN,...", "frontier: what the shortfall's mean depends on"},
    {"--eta", NULL, "frontier: the shortfall changes over time"},
    {"--cost", NULL, "frontier: shortfall makes the result larger"},
    {"--items", "2pl|1pl|rasch|grm|gpcm|pcm|rsm", "irt: the model of an answer"},
    {"--own-steps", NULL, "facets: steps of their own for each level of the first facet"},
    {"--apart", NULL, "facets: go on where the design falls into parts"},
    {"--group", "COLUMN", "facets: groups of persons with means of their own"},
    {"--points", "N", "irt: quadrature points (default 61)"},
    {0},
};

static const vrk_fit_model *find(const char *name)
{
    for (size_t i = 0; models[i]; i++) {
        if (!strcmp(models[i]->name, name))
            return models[i];
    }
    return NULL;
}

/* Is there an option that the model does not take? */
static vrk_status check_options(vrk_ctx *ctx, vrk_fit_job *job, const vrk_fit_model *model)
{
    static const char *const all[] = {"--data", "--formula", "--json", "--lang", NULL};
    for (int i = 0; i < job->args->given; i++) {
        const char *name = job->args->option[i]->name;
        bool known = false;
        for (int k = 0; all[k]; k++)
            known = known || !strcmp(all[k], name);
        for (int k = 0; model->takes[k]; k++)
            known = known || !strcmp(model->takes[k], name);
        if (!known)
            return vrk_fit_usage(ctx, job, "the model %s has no option %s", model->name, name);
    }
    return VRK_OK;
}

static vrk_status fit(vrk_ctx *ctx, vrk_fit_job *job, const vrk_fit_model *model, vrk_frame *frame)
{
    vrk_status st = VRK_OK;
    const char *path = vrk_arg(job->args, "--data", NULL),
               *text = vrk_arg(job->args, "--formula", NULL);
    int64_t *line = NULL;

    TRY(check_options(ctx, job, model));
    if (!path || (!text && !model->formula_optional))
        return vrk_fit_usage(ctx, job, "say what to fit: --data FILE --formula \"y ~ x\"");
    job->usage = true; /* a formula that cannot be read is a matter of the command line */
    if (!text)
        text = "~ 1";
    TRY(vrk_formula_parse(ctx, text, &job->formula));
    if (model->left_side != (job->formula.responses > 0))
        FAIL(VRK_EINPUT,
             model->left_side ? "formula:1:1: nothing stands before '~'"
                              : VRK_N("formula:1:1: the model %s has nothing before '~'"),
             model->name);
    job->usage = false;
    TRY(vrk_fit_table(ctx, path, frame, &line));
    const char *slash = strrchr(path, '/');
    job->rows = (vrk_rows){
        .frame = frame, .file = slash ? slash + 1 : path, .line = line, .n = frame->rows};
    job->out = json_pack("{s:s,s:s,s:s,s:s}", "schema", "verkan.fit/1", "model", model->name,
                         "formula", text, "data", job->rows.file);
    TRY(model->run(ctx, job));
    if (!job->out)
        FAIL(VRK_EMEMORY, "out of memory");
done:
    return st;
}

static int usage(vrk_ctx *ctx, const vrk_args *args)
{
    (void)vrk_fail(ctx, VRK_EINPUT, "say which model:");
    (void)vrk_exit_usage(ctx, args);
    for (size_t i = 0; models[i]; i++)
        fprintf(stderr, "  %-10s %s\n", models[i]->name, models[i]->summary);
    return VRK_EXIT_USAGE;
}

static int run(vrk_ctx *ctx, const vrk_args *args)
{
    vrk_fit_job job = {.args = args};
    vrk_frame frame = {0};
    const vrk_fit_model *model = args->operands == 1 ? find(args->operand[0]) : NULL;

    if (!model) {
        if (args->operands) {
            (void)vrk_fail(ctx, VRK_EINPUT, "'%s' is no model",
                           args->operand[args->operands > 1 && find(args->operand[0])]);
            (void)vrk_exit_usage(ctx, args);
        }
        return usage(ctx, args);
    }
    vrk_status st = fit(ctx, &job, model, &frame);
    int code = vrk_exit_of(ctx, st);
    if (st == VRK_OK && vrk_arg_given(args, "--json")) {
        char *text = json_dumps(job.out, JSON_INDENT(1) | JSON_REAL_PRECISION(15));
        printf("%s\n", text ? text : "");
        free(text);
    } else if (st == VRK_OK) {
        vrk_fit_print(job.out);
    }
    json_decref(job.out);
    vrk_design_free(&job.design);
    vrk_formula_free(&job.formula);
    vrk_frame_free(&frame);
    return st == VRK_EINPUT && job.usage ? VRK_EXIT_USAGE : code;
}

const vrk_cmd vrk_cmd_fit = {
    .name = "fit",
    .operands = "MODEL --data FILE --formula FORMULA",
    .summary = "Fit one model to a table, to hold it against other software",
    .options = options,
    .run = run,
    .hidden = true,
};
