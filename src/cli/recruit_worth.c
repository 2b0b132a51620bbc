/* cli/recruit_worth.c - what choosing by a test is worth in money, and whether one line predicts in
 * every group. */
#include "cli/recruit.h"
#include "people/worth.h"

#include <math.h>
#include <string.h>

static vrk_status read_worth(vrk_ctx *ctx, vrk_recruit *r, vrk_worth_of *w)
{
    vrk_status st = VRK_OK;
    const vrk_args *a = r->args;
    r->usage = true;
    TRY(vrk_arg_double(ctx, a, "--hired", 1, 1e6, &w->hired));
    TRY(vrk_arg_double(ctx, a, "--share", 1e-4, 0.9999, &w->share));
    TRY(vrk_arg_double(ctx, a, "--years", 0.1, 50, &w->years));
    TRY(vrk_arg_double(ctx, a, "--sd", 1e-2, 1e12, &w->sd_worth));
    TRY(vrk_arg_double(ctx, a, "--cost", 0, 1e9, &w->cost));
    TRY(vrk_arg_double(ctx, a, "--validity", 0.01, 0.95, &w->validity));
    TRY(vrk_arg_double(ctx, a, "--people", 4, 1e6, &w->people));
    TRY(vrk_arg_double(ctx, a, "--present", 0, 0.95, &w->present));
    if (r->args->operands != 1 ||
        !(w->hired > 0 && w->share > 0 && w->years > 0 && w->sd_worth > 0))
        TRY(vrk_recruit_usage(
            ctx, r,
            "say --hired, --share of applicants hired, --years they stay and --sd, "
            "what a good one is worth more a year; --cost per applicant"));
    r->usage = false;
done:
    return st;
}

vrk_status vrk_recruit_worth(vrk_ctx *ctx, vrk_recruit *r)
{
    vrk_status st = VRK_OK;
    vrk_worth_of w = {0};
    vrk_worth out;
    const vrk_words *say = &r->l->words;
    const char *unit = vrk_arg(r->args, "--currency", "SEK");
    TRY(read_worth(ctx, r, &w));
    TRY(vrk_worth_make(ctx, &w, &out));
    vrk_lay_text(r->l, 0, NULL,
                 vrk_say(say,
                         "Choosing {n} by it is worth {money} in today's money over {years} years "
                         "(90% interval {lo} to {hi}), costs taken off; the chance that it pays is "
                         "{p}.",
                         "n", vrk_say_number(say, w.hired, 0), "money",
                         vrk_say_money(say, out.mean, unit), "years",
                         vrk_say_number(say, w.years, 1), "lo", vrk_say_money(say, out.lo, unit),
                         "hi", vrk_say_money(say, out.hi, unit), "p",
                         vrk_say_probability(say, out.p_pays), NULL));
    if (isfinite(out.break_even) && w.cost > 0)
        vrk_lay_text(r->l, 0, NULL,
                     vrk_say(say, "It just pays where a good one is worth {money} more a year.",
                             "money", vrk_say_money(say, out.break_even, unit), NULL));
    vrk_lay_text(r->l, 0, NULL,
                 w.validity > 0
                     ? vrk_say(say, "How well it tells results, {r}, is as you say.", "r",
                               vrk_say_number(say, w.validity, 2), NULL)
                     : vrk_tr(say->lang, "How well it tells results is taken from the literature "
                                         "(0.26), until 50 of your own are validated."));
    vrk_lay_text(r->l, 0, NULL,
                 w.present > 0
                     ? vrk_say(say, "It is the gain over what you do today, which tells {r}.", "r",
                               vrk_say_number(say, w.present, 2), NULL)
                     : vrk_tr(say->lang,
                              "It is the gain over choosing by lot: say --present to hold "
                              "it against what you do today."));
    vrk_lay_text(r->l, 0, NULL,
                 vrk_tr(say->lang,
                        "What a good one is worth and how long they stay are taken as "
                        "known to within a quarter; later years count 5% less each. That "
                        "some decline an offer is not in it."));
done:
    return st;
}

/* The group of most rows, beside all others in turn. */
static const char *largest(const vrk_column *c, int64_t n, const double *x, const double *y)
{
    const char *best = NULL;
    int64_t most = 0;
    for (int64_t i = 0; i < n; i++) {
        int64_t many = 0;
        for (int64_t k = 0; k < n && !c->null[i]; k++)
            many += !c->null[k] && isfinite(x[k]) && isfinite(y[k]) && !strcmp(c->s[k], c->s[i]);
        if (many > most) {
            most = many;
            best = c->s[i];
        }
    }
    return best;
}

static void lay_lines(vrk_layout *l, const char *one, const char *other, const vrk_lines *out)
{
    const vrk_words *w = &l->words;
    if (!out->judged) {
        vrk_lay_text(l, 0, NULL,
                     vrk_say(w,
                             "Whether it says the same of {other} as of {one} cannot be judged: "
                             "{n} and {m} people, at least {least} in each are needed.",
                             "other", other, "one", one, "n", vrk_say_int(w, out->n[1]), "m",
                             vrk_say_int(w, out->n[0]), "least", vrk_say_int(w, VRK_LINE_LEAST),
                             NULL));
        return;
    }
    const char *by = vrk_say_number(w, fabs(out->above), 2);
    const char *range = out->above < 0 ? vrk_say_range(w, -out->hi, -out->lo, 2)
                                       : vrk_say_range(w, out->lo, out->hi, 2);
    bool clear = out->lo > 0 || out->hi < 0;
    vrk_lay_text(l, 0, NULL,
                 vrk_say(w,
                         !clear ? VRK_N("No difference is seen between {other} and {one}: {by} "
                                        "({range}). So many people find {least} or more in four of "
                                        "five cases, and less than that seldom.")
                         : out->above > 0
                             ? VRK_N("{other} do better by {by} than it says when {one} are the "
                                     "measure ({range}): it holds them back.")
                             : VRK_N("{other} do less well by {by} than it says when {one} are the "
                                     "measure ({range})."),
                         "other", other, "one", one, "by", by, "range", range, "least",
                         vrk_say_number(w, out->detectable, 2), NULL));
    if (out->p_slope < 0.05)
        vrk_lay_text(l, 0, NULL,
                     vrk_say(w,
                             "It also tells more in one of them: the two lines are not equally "
                             "steep (chance gives as much in {p}).",
                             "p", vrk_say_probability(w, out->p_slope), NULL));
}

vrk_status vrk_recruit_lines(vrk_ctx *ctx, vrk_recruit *r, const vrk_frame *f, const double *x,
                             const double *y)
{
    vrk_status st = VRK_OK;
    const vrk_column *c = vrk_frame_column(f, "group");
    int64_t *group = VRK_NEW(&ctx->scratch, f->rows + 1, int64_t);
    bool *seen = VRK_NEW(&ctx->scratch, f->rows + 1, bool);
    if (!c)
        return VRK_OK;
    if (c->type != VRK_TEXT)
        FAIL(VRK_EINPUT, "a column group of words is needed");
    if (!group || !seen)
        FAIL(VRK_EMEMORY, "out of memory for groups");
    const char *one = largest(c, f->rows, x, y);
    for (int64_t i = 0; one && i < f->rows; i++) {
        vrk_lines out;
        if (seen[i] || c->null[i] || !strcmp(c->s[i], one))
            continue;
        for (int64_t k = 0; k < f->rows; k++) {
            bool other = !c->null[k] && !strcmp(c->s[k], c->s[i]);
            seen[k] = seen[k] || other;
            group[k] = other ? 1 : !c->null[k] && !strcmp(c->s[k], one) ? 0 : -1;
        }
        const vrk_lines_data d = {.predictor = x, .result = y, .group = group, .n = f->rows};
        TRY(vrk_lines_compare(ctx, &d, &out));
        lay_lines(r->l, one, c->s[i], &out);
    }
done:
    return st;
}
