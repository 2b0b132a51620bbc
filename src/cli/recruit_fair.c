/* cli/recruit_fair.c - does a step of recruitment fall unevenly, and does what is asked of
 * applicants tell anything here? Both read a CSV file. */
#include "cli/fit.h"
#include "cli/recruit.h"
#include "people/impact.h"
#include "people/validate.h"

#include <inttypes.h>
#include <math.h>
#include <string.h>

static vrk_status read_table(vrk_ctx *ctx, vrk_recruit *r, vrk_frame *out, int64_t **line)
{
    if (r->args->operands != 2)
        return vrk_recruit_usage(ctx, r, "say which file");
    return vrk_fit_table(ctx, r->args->operand[1], out, line);
}

static vrk_status numbers(vrk_ctx *ctx, const vrk_frame *f, const char *name, const double **out)
{
    const vrk_column *c = vrk_frame_column(f, name);
    double *x = VRK_NEW(&ctx->scratch, f->rows + 1, double);
    if (!c || c->type != VRK_DOUBLE)
        return vrk_fail(ctx, VRK_EINPUT, "a column %s of numbers is needed", name);
    if (!x)
        return vrk_fail(ctx, VRK_EMEMORY, "out of memory for %s", name);
    for (int64_t i = 0; i < f->rows; i++)
        x[i] = c->null[i] ? nan("") : c->d[i];
    *out = x;
    return VRK_OK;
}

static const char *word_at(const vrk_frame *f, const char *name, int64_t row)
{
    const vrk_column *c = vrk_frame_column(f, name);
    return !c || c->null[row] ? "" : c->type == VRK_TEXT ? c->s[row] : NULL;
}

static const char *verdict_of(const vrk_words *w, const vrk_impact_row *a)
{
    static const char *const says[] = {
        [VRK_IMPACT_HIGHEST] = VRK_N("the highest rate; the others are held against it"),
        [VRK_IMPACT_UNDEFINED] = VRK_N("no ratio can be given"),
        [VRK_IMPACT_SMALL] = VRK_N("cannot be judged: fewer than 30 in a group"),
        [VRK_IMPACT_WITHIN] = VRK_N("not below four fifths"),
        [VRK_IMPACT_UNCLEAR] = VRK_N("below four fifths, but chance gives as much"),
        [VRK_IMPACT_FLAGGED] = VRK_N("below four fifths, and more than chance gives: look into it"),
    };
    return vrk_tr(w->lang, says[a->verdict]);
}

static void lay_row(vrk_layout *l, const vrk_impact_row *a)
{
    const vrk_words *w = &l->words;
    if (!a->known)
        return;
    vrk_lay_text(l, 2, NULL,
                 vrk_say(w, "{group}: {selected} of {applied} ({rate}): {verdict}", "group",
                         a->name, "selected", vrk_say_int(w, a->selected), "applied",
                         vrk_say_int(w, a->applied), "rate", vrk_say_percent(w, a->rate), "verdict",
                         verdict_of(w, a), NULL));
    if (!isfinite(a->ratio))
        return;
    vrk_lay_text(l, 6, NULL,
                 vrk_say(w,
                         "Ratio {ratio} (95% interval {range}), exact test p = {p}, z = {z}; "
                         "chance that the ratio is below four fifths {under}.",
                         "ratio", vrk_say_number(w, a->ratio, 3), "range",
                         vrk_say_range(w, a->lo, a->hi, 2), "p", vrk_say_number(w, a->p_fisher, 4),
                         "z", vrk_say_number(w, a->z, 2), "under", vrk_say_percent(w, a->p_under),
                         NULL));
    if (a->below)
        vrk_lay_text(l, 6, NULL,
                     a->p_fisher < 0.05
                         ? vrk_tr(w->lang, "The four-fifths rule flags it.")
                         : vrk_tr(w->lang, "The four-fifths rule flags it; it cannot be told from "
                                           "chance."));
    if (a->flips)
        vrk_lay_text(l, 6, NULL,
                     a->below
                         ? vrk_say_n(w, "{n} more selected would lift the flag.",
                                     "{n} more selected would lift the flag.", a->flips, NULL)
                         : vrk_say_n(w, "{n} fewer selected would raise the flag.",
                                     "{n} fewer selected would raise the flag.", a->flips, NULL));
    if (a->few)
        vrk_lay_text(l, 6, NULL,
                     vrk_tr(w->lang, "So few that even large differences would go unseen: this is "
                                     "no proof of fairness."));
}

/* One table: the rows with the same attribute and stage as row `first`. */
static vrk_status one_table(vrk_ctx *ctx, vrk_recruit *r, const vrk_frame *f, const double *applied,
                            const double *selected, int64_t first, bool *done)
{
    vrk_status st = VRK_OK;
    vrk_impact report = {0};
    vrk_impact_group *g = VRK_NEW(&ctx->scratch, f->rows, vrk_impact_group);
    const vrk_words *w = &r->l->words;
    int64_t n = 0;
    if (!g)
        FAIL(VRK_EMEMORY, "out of memory for groups");
    for (int64_t i = first; i < f->rows; i++) {
        const char *name = word_at(f, "group", i);
        if (strcmp(word_at(f, "attribute", i), word_at(f, "attribute", first)) != 0 ||
            strcmp(word_at(f, "stage", i), word_at(f, "stage", first)) != 0)
            continue;
        done[i] = true;
        if (!(applied[i] >= 0 && applied[i] <= 100000 && floor(applied[i]) == applied[i]) ||
            !(selected[i] >= 0 && selected[i] <= applied[i] && floor(selected[i]) == selected[i]))
            FAIL(VRK_EINPUT,
                 "%s, row %" PRId64 ": applied and selected are whole numbers, selected at the "
                 "most applied",
                 r->args->operand[1], i + 1);
        g[n++] = (vrk_impact_group){name, (int64_t)selected[i], (int64_t)applied[i]};
    }
    TRY(vrk_impact_make(ctx, g, n, &report));
    vrk_lay_heading(r->l,
                    vrk_say(w, "{attribute} {stage}", "attribute", word_at(f, "attribute", first),
                            "stage", word_at(f, "stage", first), NULL));
    for (int64_t i = 0; i < report.n; i++)
        lay_row(r->l, &report.row[i]);
    if (report.unknown)
        vrk_lay_text(r->l, 2, NULL,
                     vrk_say_n(w, "{n} person of no known group is counted and not compared.",
                               "{n} persons of no known group are counted and not compared.",
                               report.unknown, NULL));
done:
    vrk_impact_free(&report);
    return st;
}

vrk_status vrk_recruit_impact(vrk_ctx *ctx, vrk_recruit *r)
{
    vrk_status st = VRK_OK;
    vrk_frame f = {0};
    int64_t *line;
    const double *applied, *selected;
    TRY(read_table(ctx, r, &f, &line));
    TRY(numbers(ctx, &f, "applied", &applied));
    TRY(numbers(ctx, &f, "selected", &selected));
    bool *done = VRK_NEW(&ctx->scratch, f.rows + 1, bool);
    if (!done)
        FAIL(VRK_EMEMORY, "out of memory for groups");
    static const char *const names[] = {"group", "attribute", "stage"};
    for (int k = 0; k < 3; k++) {
        const vrk_column *c = vrk_frame_column(&f, names[k]);
        if ((!c && k == 0) || (c && c->type != VRK_TEXT))
            FAIL(VRK_EINPUT, "a column %s of words is needed", names[k]);
    }
    for (int64_t i = 0; i < f.rows; i++) {
        if (!done[i])
            TRY(one_table(ctx, r, &f, applied, selected, i, done));
    }
done:
    vrk_frame_free(&f);
    return st;
}

static const char *told(const vrk_validated *v)
{
    static const char *const says[] = {
        [VRK_VALID_TOLD] = VRK_N("It tells something here."),
        [VRK_VALID_FEW] = VRK_N("It seems to tell something here, but from fewer than 50 people: "
                                "lean on the literature until there are more."),
        [VRK_VALID_NOTHING] = VRK_N("This tells nothing here yet."),
        [VRK_VALID_AGAINST] = VRK_N("It points the wrong way here."),
        [VRK_VALID_CANNOT] = VRK_N("It cannot be judged: fewer than ten people, or all alike."),
    };
    return says[v->state];
}

vrk_status vrk_recruit_validate(vrk_ctx *ctx, vrk_recruit *r)
{
    vrk_status st = VRK_OK;
    vrk_frame f = {0};
    int64_t *line;
    vrk_validate_data d = {0};
    vrk_validated v;
    const vrk_words *w = &r->l->words;
    r->usage = true;
    TRY(vrk_arg_double(ctx, r->args, "--restriction", 0.1, 10, &d.restriction));
    TRY(vrk_arg_double(ctx, r->args, "--reliability", 0.05, 1, &d.reliability));
    r->usage = false;
    TRY(read_table(ctx, r, &f, &line));
    d.n = f.rows;
    TRY(numbers(ctx, &f, "predictor", &d.predictor));
    TRY(numbers(ctx, &f, "result", &d.result));
    if (vrk_frame_column(&f, "known"))
        TRY(numbers(ctx, &f, "known", &d.known));
    TRY(vrk_validate(ctx, &d, &v));
    vrk_lay_text(r->l, 0, NULL, vrk_tr(w->lang, told(&v)));
    vrk_lay_text(r->l, 0, NULL,
                 vrk_say(w, "{n} people, {left} left out for want of a value.", "n",
                         vrk_say_int(w, v.n), "left", vrk_say_int(w, v.left_out), NULL));
    if (isfinite(v.r))
        vrk_lay_text(r->l, 0, NULL,
                     vrk_say(w,
                             "It goes with the result by {r} on a scale from -1 to 1 (95% interval "
                             "{range}). So many people show {least} or more in four of five cases, "
                             "and less than that seldom.",
                             "r", vrk_say_number(w, v.r, 2), "range",
                             vrk_say_range(w, v.lo, v.hi, 2), "least",
                             vrk_say_number(w, v.detectable, 2), NULL));
    if (isfinite(v.corrected))
        vrk_lay_text(r->l, 0, NULL,
                     vrk_say(w, "Corrected as told: {r}. The plain figure stands above.", "r",
                             vrk_say_number(w, v.corrected, 2), NULL));
    if (isfinite(v.increment))
        vrk_lay_text(r->l, 0, NULL,
                     vrk_say(w, "Beyond what is known anyway: {r} (95% interval {range}).", "r",
                             vrk_say_number(w, v.increment, 2), "range",
                             vrk_say_range(w, v.increment_lo, v.increment_hi, 2), NULL));
    TRY(vrk_recruit_lines(ctx, r, &f, d.predictor, d.result));
done:
    vrk_frame_free(&f);
    return st;
}
