/* cli/recruit_role.c - roles, what experts say of them, and applicants beside them. */
#include "cli/recruit.h"
#include "people/applicant.h"
#include "people/own.h"

#include <math.h>
#include <string.h>

static const char *in(const vrk_layout *l, const vrk_text *text)
{
    return text->in[l->words.lang == VRK_SV];
}

static void lay_role(vrk_layout *l, const vrk_job *role)
{
    const vrk_words *w = &l->words;
    vrk_lay_heading(
        l, vrk_say(w, "{name} ({id})", "name", in(l, &role->name), "id", role->role, NULL));
    vrk_lay_text(l, 2, NULL, in(l, &role->about));
    for (int k = 0; k < role->n; k++) {
        vrk_lay_cell(l, "", 4, false);
        vrk_lay_cell(l, role->competency[k], 22, false);
        vrk_lay_cell(l, vrk_say_percent(w, role->weight[k]), 6, true);
        vrk_lay_cell(l, "", 3, false);
        if (isfinite(role->dealt[k]))
            vrk_lay_cell(l,
                         vrk_say(w, "own deals {deals}", "deals",
                                 vrk_say_number(w, role->dealt[k], 1), NULL),
                         18, false);
        if (!role->start[k])
            vrk_lay_cell(l,
                         vrk_say(w, "experts {said}: {name}, a competence of your own", "said",
                                 vrk_say_number(w, role->said[k], 1), "name", in(l, &role->own[k]),
                                 NULL),
                         60, false);
        else if (isfinite(role->said[k]))
            vrk_lay_cell(l,
                         vrk_say(w, "experts {said}, start value {start}", "said",
                                 vrk_say_number(w, role->said[k], 1), "start",
                                 vrk_say_int(w, role->start[k]), NULL),
                         40, false);
        if (role->apart[k] > 1)
            vrk_lay_cell(l, vrk_tr(w->lang, "they disagree"), 15, false);
        vrk_lay_end(l);
    }
    if (role->raters < VRK_RATERS_LEAST)
        vrk_lay_text(l, 2, NULL,
                     vrk_say_n(w,
                               "{n} expert of your own has weighed this role; at least two are "
                               "needed before it is yours and not a start value.",
                               "{n} experts of your own have weighed this role; at least two are "
                               "needed before it is yours and not a start value.",
                               role->raters, NULL));
}

/* How much each part weighs, or why own deals do not count. */
static void lay_parts(vrk_layout *l, const vrk_job *role)
{
    const vrk_words *w = &l->words;
    double experts = (double)role->raters, all = 1 + experts + role->deals_count;
    if (role->deals == VRK_DEALS_USED)
        vrk_lay_text(l, 2, NULL,
                     vrk_say(w,
                             "Own deals of {n} sellers weigh {deals}, experts of your own "
                             "{experts}, the start value {start}.",
                             "n", vrk_say_int(w, role->incumbents), "deals",
                             vrk_say_percent(w, role->deals_count / all), "experts",
                             vrk_say_percent(w, experts / all), "start",
                             vrk_say_percent(w, 1 / all), NULL));
    else if (role->deals == VRK_DEALS_NOTHING)
        vrk_lay_text(l, 2, NULL,
                     vrk_tr(w->lang, "Own deals are left out: there is no moment where competence "
                                     "surely separates the results."));
    else if (role->deals == VRK_DEALS_FEW)
        vrk_lay_text(l, 2, NULL,
                     vrk_say(w,
                             "Own deals are left out: {n} sellers have a verdict, {least} are "
                             "needed.",
                             "n", vrk_say_int(w, role->incumbents), "least",
                             vrk_say_int(w, VRK_ROLE_INCUMBENTS), NULL));
}

vrk_status vrk_recruit_roles(vrk_ctx *ctx, vrk_recruit *r)
{
    vrk_status st = VRK_OK;
    vrk_role_list roles = {0};
    TRY(vrk_role_list_read(ctx, r->w.records, &roles));
    if (r->args->operands > 1 && !vrk_job_find(&roles, r->args->operand[1]))
        FAIL(VRK_EINPUT, "there is no role '%s'; verkan recruit roles shows them",
             r->args->operand[1]);
    for (int64_t i = 0; i < roles.n; i++) {
        if (r->args->operands < 2 || !strcmp(roles.role[i].role, r->args->operand[1])) {
            lay_role(r->l, &roles.role[i]);
            lay_parts(r->l, &roles.role[i]);
        }
    }
done:
    vrk_role_list_free(&roles);
    return st;
}

vrk_status vrk_recruit_weigh(vrk_ctx *ctx, vrk_recruit *r)
{
    vrk_status st = VRK_OK;
    const char *competency[VRK_ROLE_MOST];
    int64_t weight[VRK_ROLE_MOST], n = r->args->operands - 2;
    if (n < 1 || n > VRK_ROLE_MOST || !vrk_arg_given(r->args, "--by"))
        TRY(vrk_recruit_usage(ctx, r, "say the role, COMPETENCY=1..5 once or more, and --by"));
    for (int64_t i = 0; i < n; i++) {
        char *name = vrk_text_copy(&ctx->scratch, r->args->operand[i + 2]);
        char *equals = name ? strchr(name, '=') : NULL;
        if (!equals || equals[1] < '1' || equals[1] > '5' || equals[2])
            TRY(vrk_recruit_usage(ctx, r, "a weight is written as qualification=4, 1 to 5"));
        competency[i] = name;
        weight[i] = equals[1] - '0';
        *equals = 0;
    }
    TRY(vrk_job_weigh(ctx, r->w.records, r->args->operand[1], vrk_arg(r->args, "--by", ""),
                      competency, weight, n));
    vrk_lay_text(r->l, 0, NULL, vrk_tr(r->l->words.lang, "The weights are kept."));
done:
    return st;
}

/* What is known of one who is not measured, so that it can be weighed for the little it is. */
static void lay_known(vrk_layout *l, const vrk_applicant *a)
{
    const vrk_words *w = &l->words;
    if (isfinite(a->years))
        vrk_lay_text(l, 6, NULL,
                     vrk_say(w, "years in the trade: {years}, which tells next to nothing (0.07)",
                             "years", vrk_say_number(w, a->years, 0), NULL));
    if (a->heard && isfinite(a->heard->level))
        vrk_lay_text(l, 6, NULL,
                     vrk_say(w,
                             "interviewed by {n}: level {level} ({range}), as the mean interviewer "
                             "gives it; as given {plain}",
                             "n", vrk_say_int(w, a->heard->raters), "level",
                             vrk_say_number(w, a->heard->level, 1), "range",
                             vrk_say_range(w, a->heard->lo, a->heard->hi, 1), "plain",
                             vrk_say_number(w, a->heard->plain, 1), NULL));
    else if (a->heard)
        vrk_lay_text(l, 6, NULL,
                     vrk_say(w, "interviewed, as given level {plain}; it does not count yet",
                             "plain", vrk_say_number(w, a->heard->plain, 1), NULL));
}

static void lay_applicant(vrk_layout *l, const vrk_applicant *a, const char *name)
{
    const vrk_words *w = &l->words;
    const char *covered = vrk_say_percent(w, vrk_fit_covered(&a->fit));
    vrk_lay_text(l, 2, NULL, name);
    if (isfinite(a->result.mean))
        vrk_lay_text(l, 6, NULL,
                     vrk_say(w,
                             "{p} chance to be in the better half (result {mean}, {range} in "
                             "standard deviations; {covered} of what the role asks is measured)",
                             "p", vrk_say_percent(w, a->result.upper_half), "mean",
                             vrk_say_number(w, a->result.mean, 2), "range",
                             vrk_say_range(w, a->result.lo, a->result.hi, 1), "covered", covered,
                             NULL));
    else if (!a->answers && !a->open)
        vrk_lay_text(l, 6, NULL, vrk_tr(w->lang, "nothing measured yet: no test is answered"));
    else
        vrk_lay_text(l, 6, NULL,
                     vrk_say(w,
                             "cannot be said: {covered} of what the role asks is measured, half "
                             "is needed",
                             "covered", covered, NULL));
    lay_known(l, a);
}

static void lay_applicants(vrk_layout *l, const vrk_applicants *all, bool blind)
{
    const vrk_words *w = &l->words;
    const vrk_applicant *before = NULL;
    const char **name = VRK_NEW(w->mem, all->n + 1, const char *);
    for (int64_t i = 0; i < all->n && name; i++) {
        name[i] = blind ? vrk_text_f(w->mem, "#%s", all->row[i].label) : all->row[i].id;
        lay_applicant(l, &all->row[i], name[i]);
    }
    vrk_lay_gap(l);
    for (int64_t i = 0; i < all->n && name; i++) {
        const vrk_applicant *a = &all->row[i];
        if (!isfinite(a->result.mean))
            continue;
        if (before)
            vrk_lay_text(
                l, 0, NULL,
                vrk_say(w, "{one} does better than {other} in {p} of such pairs.", "one",
                        name[before - all->row], "other", name[i], "p",
                        vrk_say_percent(w, vrk_better(&before->fit, &a->fit, &vrk_validity_sjt)),
                        NULL));
        before = a;
    }
}

static void lay_grounds(vrk_layout *l, const vrk_interviews *interviews, const vrk_alike *alike)
{
    vrk_lang lang = l->words.lang;
    if (interviews->n)
        vrk_lay_text(l, 0, NULL, vrk_interviews_say(&l->words, interviews));
    if (alike->n)
        vrk_lay_text(l, 0, NULL, vrk_alike_says(&l->words, alike));
    vrk_lay_text(l, 0, NULL,
                 vrk_tr(lang,
                        "How far such tests tell results of work is taken from the literature "
                        "(0.26), for nothing has been validated here on 50 of your own. Years of "
                        "experience are left out: they tell next to nothing (0.07). This is one "
                        "ground among others; people decide, and write down why."));
}

vrk_status vrk_recruit_fit(vrk_ctx *ctx, vrk_recruit *r)
{
    vrk_status st = VRK_OK;
    vrk_role_list roles = {0};
    vrk_instruments instruments = {0};
    vrk_interviews interviews = {0};
    vrk_applicants all = {0};
    vrk_facts *facts = NULL;
    int64_t lease = 0;
    if (r->args->operands != 2)
        TRY(vrk_recruit_usage(ctx, r, "say which role; verkan recruit roles shows them"));
    TRY(vrk_role_list_read(ctx, r->w.records, &roles));
    const vrk_job *role = vrk_job_find(&roles, r->args->operand[1]);
    if (!role)
        FAIL(VRK_EINPUT, "there is no role '%s'; verkan recruit roles shows them",
             r->args->operand[1]);
    TRY(vrk_instruments_all(ctx, r->w.records, &instruments));
    TRY(vrk_applying_facts(ctx, &r->w, &facts, &lease));
    TRY(vrk_interviews_read(ctx, r->w.records, facts, VRK_SEES_ALL, &interviews));
    const vrk_applying_from from = {.facts = facts,
                                    .instruments = &instruments,
                                    .interviews = &interviews,
                                    .roles = &roles,
                                    .alike = r->w.recruitment.test_interview};
    TRY(vrk_applicants_read(ctx, r->w.records, &from, role, &all));
    vrk_lay_heading(r->l, in(r->l, &role->name));
    if (!all.n)
        vrk_lay_text(r->l, 0, NULL,
                     vrk_tr(r->l->words.lang,
                            "Nobody has applied: verkan assess invite --candidate, or import "
                            "candidates.csv."));
    lay_applicants(r->l, &all, vrk_arg_given(r->args, "--blind"));
    lay_grounds(r->l, &interviews, &all.alike);
done:
    vrk_facts_close(facts);
    if (lease && vrk_lease_end(ctx, &r->w, lease) != VRK_OK && st == VRK_OK)
        st = VRK_EDB;
    vrk_applicants_free(&all);
    vrk_interviews_free(&interviews);
    vrk_instruments_free(&instruments);
    vrk_role_list_free(&roles);
    return st;
}
