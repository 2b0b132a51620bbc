/* cli/recruit_role.c - roles, what experts say of them, and applicants beside them. */
#include "base/rng.h"
#include "cli/recruit.h"
#include "people/sitting_list.h"

#include <inttypes.h>
#include <math.h>
#include <stdlib.h>
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
    for (int k = 0; k < VRK_ROLE_ASKS; k++) {
        vrk_lay_cell(l, "", 4, false);
        vrk_lay_cell(l, role->competency[k], 22, false);
        vrk_lay_cell(l, vrk_say_percent(w, role->weight[k]), 6, true);
        vrk_lay_cell(l, "", 3, false);
        if (isfinite(role->dealt[k]))
            vrk_lay_cell(l,
                         vrk_say(w, "own deals {deals}", "deals",
                                 vrk_say_number(w, role->dealt[k], 1), NULL),
                         18, false);
        if (isfinite(role->said[k]))
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
    const char *competency[VRK_ROLE_ASKS];
    int64_t weight[VRK_ROLE_ASKS], n = r->args->operands - 2;
    if (n < 1 || n > VRK_ROLE_ASKS || !vrk_arg_given(r->args, "--by"))
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

typedef struct {
    const char *label;
    vrk_fit fit;
    vrk_prediction result;
} applicant;

static int best_first(const void *a, const void *b)
{
    const applicant *x = a, *y = b;
    bool no = isnan(x->result.mean), yes = isnan(y->result.mean);
    if (no || yes)
        return no - yes;
    return (x->result.mean < y->result.mean) - (x->result.mean > y->result.mean);
}

/* The newest sitting of each applicant. */
static vrk_status gather(vrk_ctx *ctx, vrk_recruit *r, const vrk_job *role,
                         const vrk_invitations *list, applicant *out, int64_t *n)
{
    vrk_status st = VRK_OK;
    vrk_instruments all = {0};
    vrk_sitting s = {0};
    vrk_ability a = {0};
    *n = 0;
    TRY(vrk_instruments_read(ctx, &all));
    for (int64_t i = 0; i < list->n; i++) {
        bool newest = list->row[i].candidate && list->row[i].answered;
        for (int64_t k = i + 1; k < list->n; k++)
            newest = newest && !(list->row[k].answered &&
                                 !strcmp(list->row[k].person_id, list->row[i].person_id));
        if (!newest)
            continue;
        TRY(vrk_sitting_read(ctx, r->w.records, &all, list->row[i].id, &s));
        if (s.link != VRK_LINK_CHANGED) {
            TRY(vrk_ability_make(ctx, &s, &a));
            vrk_job_fit(role, &a, &out[*n].fit);
            out[*n].result = vrk_predict(&out[*n].fit, &vrk_validity_sjt);
            out[*n].label = vrk_arg_given(r->args, "--blind")
                                ? vrk_text_f(&ctx->scratch, "#%04x", (unsigned)(s.seed & 0xffff))
                                : vrk_text_copy(&ctx->scratch, s.person_id);
            ++*n;
            vrk_ability_free(&a);
        }
        vrk_sitting_free(&s);
    }
done:
    vrk_ability_free(&a);
    vrk_sitting_free(&s);
    vrk_instruments_free(&all);
    return st;
}

static void lay_applicants(vrk_layout *l, const applicant *a, int64_t n)
{
    const vrk_words *w = &l->words;
    for (int64_t i = 0; i < n; i++) {
        vrk_lay_text(l, 2, NULL, a[i].label);
        if (isfinite(a[i].result.mean))
            vrk_lay_text(
                l, 6, NULL,
                vrk_say(w,
                        "{p} chance to be in the better half (result {mean}, {range} in standard "
                        "deviations; {covered} of what the role asks is measured)",
                        "p", vrk_say_percent(w, a[i].result.upper_half), "mean",
                        vrk_say_number(w, a[i].result.mean, 2), "range",
                        vrk_say_range(w, a[i].result.lo, a[i].result.hi, 1), "covered",
                        vrk_say_percent(w, a[i].fit.covered), NULL));
        else
            vrk_lay_text(l, 6, NULL,
                         vrk_say(w,
                                 "cannot be said: {covered} of what the role asks is measured, "
                                 "half is needed",
                                 "covered", vrk_say_percent(w, a[i].fit.covered), NULL));
    }
    vrk_lay_gap(l);
    for (int64_t i = 0; i + 1 < n; i++) {
        double p = vrk_better(&a[i].fit, &a[i + 1].fit, &vrk_validity_sjt);
        if (isfinite(p))
            vrk_lay_text(l, 0, NULL,
                         vrk_say(w, "{one} does better than {other} in {p} of such pairs.", "one",
                                 a[i].label, "other", a[i + 1].label, "p", vrk_say_percent(w, p),
                                 NULL));
    }
}

vrk_status vrk_recruit_fit(vrk_ctx *ctx, vrk_recruit *r)
{
    vrk_status st = VRK_OK;
    vrk_role_list roles = {0};
    vrk_invitations list = {0};
    vrk_lang lang = r->l->words.lang;
    int64_t n;
    if (r->args->operands != 2)
        TRY(vrk_recruit_usage(ctx, r, "say which role; verkan recruit roles shows them"));
    TRY(vrk_role_list_read(ctx, r->w.records, &roles));
    const vrk_job *role = vrk_job_find(&roles, r->args->operand[1]);
    if (!role)
        FAIL(VRK_EINPUT, "there is no role '%s'; verkan recruit roles shows them",
             r->args->operand[1]);
    TRY(vrk_invitations_list(ctx, r->w.records, NULL, &list));
    applicant *a = VRK_NEW(&ctx->scratch, list.n + 1, applicant);
    if (!a)
        FAIL(VRK_EMEMORY, "out of memory for applicants");
    TRY(gather(ctx, r, role, &list, a, &n));
    qsort(a, (size_t)n, sizeof(*a), best_first);
    vrk_lay_heading(r->l, in(r->l, &role->name));
    if (!n)
        vrk_lay_text(r->l, 0, NULL,
                     vrk_tr(lang, "No applicant has answered a test yet: verkan assess invite "
                                  "--candidate."));
    lay_applicants(r->l, a, n);
    vrk_lay_text(r->l, 0, NULL,
                 vrk_tr(lang,
                        "How far such tests tell results of work is taken from the literature "
                        "(0.26), for nothing has been validated here on 50 of your own. Years of "
                        "experience are left out: they tell next to nothing (0.07). This is one "
                        "ground among others; people decide, and write down why."));
done:
    vrk_invitations_free(&list);
    vrk_role_list_free(&roles);
    return st;
}
