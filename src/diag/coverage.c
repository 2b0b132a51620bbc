#include "diag/coverage.h"

#include "diag/rows.h"

#include <math.h>
#include <string.h>

/* Thresholds. The first two are METHODS rule R4, the fourth R10, the fifth R13. */
#define HISTORY_LEAST 0.60
#define BULK_MOST 0.20
enum { CLOSED_LEAST = 40, INCUMBENTS_LEAST = 50 };
#define LINKED_LEAST 0.05  /* of activities: prospecting rightly has no deal, so the bar is low */
#define COVERED_LEAST 0.10 /* of deals that have any activity */
#define SELLERS_LEAST 0.60 /* of sellers with assessments or a calendar */
#define DATED_LEAST 0.50   /* of deals; without dates nothing has a duration */
#define DATED_MOST 0.95    /* below it is said */
#define LATELY_WEEKS 26.0

enum { Q1, Q2, Q3, Q4, Q5, Q6, Q7, Q8, Q9, Q10, Q11 };

vrk_status vrk_coverage_count(vrk_ctx *ctx, vrk_facts *facts, vrk_coverage *out)
{
    vrk_status st = VRK_OK;
    vrk_frame f = {0};
    const struct {
        const char *name;
        int64_t *to;
    } field[] = {
#define FIELD(x) {#x, &out->x}
        FIELD(deals),
        FIELD(dated),
        FIELD(won),
        FIELD(lost),
        FIELD(owned),
        FIELD(owners),
        FIELD(priced),
        FIELD(created_lately),
        FIELD(closed_lately),
        FIELD(transitions),
        FIELD(with_history),
        FIELD(bulk),
        FIELD(activities),
        FIELD(linked),
        FIELD(deals_with_activity),
        FIELD(inbound),
        FIELD(held),
        FIELD(objections),
        FIELD(lost_with_objection),
        FIELD(assessments),
        FIELD(assessed),
        FIELD(competencies),
        FIELD(events),
        FIELD(scheduled),
        FIELD(segments),
        FIELD(large_segments),
        FIELD(in_several),
        FIELD(interventions),
        FIELD(for_everyone),
        FIELD(next_steps),
        FIELD(decision_makers),
        FIELD(observed),
        FIELD(candidates),
        FIELD(sellers),
#undef FIELD
    };

    *out = (vrk_coverage){0};
    TRY(vrk_rows(ctx, facts, VRK_SQL_ANSWERABLE, &f));
    for (size_t i = 0; i < sizeof(field) / sizeof(field[0]); i++)
        *field[i].to = vrk_row_int(&f, field[i].name, 0);
done:
    vrk_frame_free(&f);
    return st;
}

static void add(vrk_answer *a, vrk_reason r)
{
    for (int64_t i = 0; i < a->reasons; i++) {
        if (a->reason[i].code == r.code)
            return;
    }
    if (a->reasons < VRK_REASONS)
        a->reason[a->reasons++] = r;
}

static void cannot(vrk_answer *a, vrk_reason r)
{
    a->status = VRK_CANNOT;
    add(a, r);
}

static void weak(vrk_answer *a, vrk_reason r)
{
    if (a->status == VRK_ANSWERED)
        a->status = VRK_WEAK;
    add(a, r);
}

static vrk_reason reason(vrk_why code, int64_t n, int64_t all)
{
    return (vrk_reason){.code = code, .n = n, .all = all, .weeks = nan("")};
}

/* How long until `more` have come, at the pace of `lately` in the last 26 weeks. */
static vrk_reason reason_more(vrk_why code, int64_t n, int64_t all, int64_t more, int64_t lately)
{
    vrk_reason r = reason(code, n, all);
    r.more = more > 0 ? more : 0;
    r.weeks = lately > 0 && more > 0 ? (double)more * LATELY_WEEKS / (double)lately : nan("");
    return r;
}

static bool below(int64_t n, int64_t all, double share)
{
    return (double)n < share * (double)all;
}

bool vrk_coverage_by_stage(const vrk_coverage *c)
{
    return c->deals > 0 && c->with_history > 0 &&
           !below(c->with_history, c->deals, HISTORY_LEAST) &&
           (double)c->bulk <= BULK_MOST * (double)c->transitions;
}

/* Deals with dates and results: what every question but time, competence and candidates needs. */
static void need_results(const vrk_coverage *c, vrk_answer *a)
{
    int64_t closed = c->won + c->lost;
    if (!c->deals)
        cannot(a, reason(VRK_WHY_NO_DEALS, 0, 0));
    else if (below(c->dated, c->deals, DATED_LEAST))
        cannot(a, reason(VRK_WHY_NO_DATES, c->deals - c->dated, c->deals));
    if (c->deals && !closed)
        cannot(a, reason(VRK_WHY_NO_CLOSED, 0, 0));
    else if (closed && closed < CLOSED_LEAST)
        weak(a, reason_more(VRK_WHY_FEW_CLOSED, closed, CLOSED_LEAST, CLOSED_LEAST - closed,
                            c->closed_lately));
}

static void need_contrast(const vrk_coverage *c, vrk_answer *a)
{
    if (c->lost && !c->won)
        cannot(a, reason(VRK_WHY_ALL_LOST, c->lost, c->lost));
    else if (c->won && !c->lost)
        cannot(a, reason(VRK_WHY_ALL_WON, c->won, c->won));
}

/* Rule R4. New deals that all have a history bring the share to s: (h + x) / (n + x) = s. */
static vrk_reason history_gap(const vrk_coverage *c)
{
    double x = (HISTORY_LEAST * (double)c->deals - (double)c->with_history) / (1 - HISTORY_LEAST);
    if (!c->with_history)
        return reason(VRK_WHY_NO_HISTORY, 0, c->deals);
    if (below(c->with_history, c->deals, HISTORY_LEAST))
        return reason_more(VRK_WHY_THIN_HISTORY, c->with_history, c->deals, (int64_t)ceil(x),
                           c->created_lately);
    return reason(VRK_WHY_BULK_EDITS, c->bulk, c->transitions);
}

static void need_stages(const vrk_coverage *c, vrk_answer *a)
{
    if (c->deals && !vrk_coverage_by_stage(c))
        cannot(a, history_gap(c));
}

static void need_activity(const vrk_coverage *c, vrk_answer *a)
{
    if (!c->activities)
        cannot(a, reason(VRK_WHY_NO_ACTIVITIES, 0, 0));
    else if (below(c->linked, c->activities, LINKED_LEAST) ||
             below(c->deals_with_activity, c->deals, COVERED_LEAST))
        cannot(a, reason(VRK_WHY_UNLINKED, c->activities - c->linked, c->activities));
}

static void need_sellers(const vrk_coverage *c, vrk_answer *a)
{
    if (c->deals && below(c->owned, c->deals, 0.5))
        cannot(a, reason(VRK_WHY_NO_SELLERS, 0, 0));
    else if (c->deals && c->owners < 2)
        cannot(a, reason(VRK_WHY_ONE_SELLER, 0, 0));
    else if (c->segments > 1 && below(c->in_several, c->owners, 0.2))
        weak(a, reason(VRK_WHY_TERRITORY, c->in_several, c->owners));
}

static bool has_behaviour(const vrk_coverage *c)
{
    return c->next_steps || c->observed || c->objections || (c->held && c->decision_makers);
}

static void need_assessments(const vrk_coverage *c, vrk_answer *a)
{
    if (!c->assessments)
        cannot(a, reason(VRK_WHY_NO_ASSESSMENTS, 0, 0));
    else if (c->owners && below(c->assessed, c->owners, SELLERS_LEAST))
        weak(a, reason_more(VRK_WHY_FEW_ASSESSED, c->assessed, c->owners,
                            (int64_t)ceil(SELLERS_LEAST * (double)c->owners) - c->assessed, 0));
    if (c->assessments && c->competencies < 2)
        weak(a, reason(VRK_WHY_ONE_COMPETENCY, 0, 0));
}

static void need_calendar(const vrk_coverage *c, vrk_answer *a, bool without_it_none)
{
    vrk_reason none = reason(VRK_WHY_NO_CALENDAR, 0, 0);
    if (!c->events && without_it_none)
        cannot(a, none);
    else if (!c->events)
        weak(a, none);
    else if (c->owners && below(c->scheduled, c->owners, SELLERS_LEAST))
        weak(a, reason_more(VRK_WHY_THIN_CALENDAR, c->scheduled, c->owners,
                            (int64_t)ceil(SELLERS_LEAST * (double)c->owners) - c->scheduled, 0));
}

/* Objections are judged from at least half of the lost deals. */
static void need_objections(const vrk_coverage *c, vrk_answer *a)
{
    int64_t want = (c->lost + 1) / 2;
    if (c->lost && c->lost_with_objection < want)
        weak(a, reason_more(VRK_WHY_NO_OBJECTIONS, c->lost_with_objection, c->lost,
                            want - c->lost_with_objection, c->closed_lately));
}

static void judge_cause(const vrk_coverage *c, vrk_answer *a)
{
    need_results(c, a);
    need_contrast(c, a);
    need_stages(c, a);
    need_sellers(c, a);
    if (!has_behaviour(c) && !c->assessments)
        cannot(a, reason(VRK_WHY_NO_BEHAVIOUR, 0, 0));
    else if (!c->events && !c->inbound)
        weak(a, reason(VRK_WHY_ONLY_LOGGED, 0, 0));
    need_calendar(c, a, false);
    if (a->status != VRK_CANNOT)
        need_objections(c, a);
}

static void judge_deals(const vrk_coverage *c, vrk_answer *a)
{
    need_results(c, a);
    need_contrast(c, a);
    if (!c->inbound)
        cannot(a, reason(VRK_WHY_NO_INBOUND, 0, 0));
    if (c->segments > 1 && c->large_segments < c->segments)
        weak(a, reason(VRK_WHY_SMALL_SEGMENTS, c->large_segments, c->segments));
}

static void judge_recruiting(const vrk_coverage *c, vrk_answer *a)
{
    need_results(c, a);
    if (!c->candidates)
        cannot(a, reason(VRK_WHY_NO_CANDIDATES, 0, 0));
    need_assessments(c, a);
    if (c->assessments && c->assessed < INCUMBENTS_LEAST)
        weak(a, reason_more(VRK_WHY_FEW_INCUMBENTS, c->assessed, INCUMBENTS_LEAST,
                            INCUMBENTS_LEAST - c->assessed, 0));
}

void vrk_coverage_judge(const vrk_coverage *c, vrk_answer *answer)
{
    for (int i = 0; i < VRK_QUESTIONS; i++)
        answer[i] = (vrk_answer){.status = VRK_ANSWERED};

    need_results(c, &answer[Q1]);
    need_contrast(c, &answer[Q1]);
    need_stages(c, &answer[Q1]);
    need_activity(c, &answer[Q1]);
    need_sellers(c, &answer[Q1]);

    need_results(c, &answer[Q2]);
    if (c->deals && !vrk_coverage_by_stage(c))
        weak(&answer[Q2], history_gap(c));

    need_results(c, &answer[Q3]);
    need_contrast(c, &answer[Q3]);
    need_activity(c, &answer[Q3]);
    need_sellers(c, &answer[Q3]);

    judge_cause(c, &answer[Q4]);
    judge_cause(c, &answer[Q5]);
    need_activity(c, &answer[Q5]);

    need_results(c, &answer[Q6]);
    need_contrast(c, &answer[Q6]);
    need_stages(c, &answer[Q6]);
    need_assessments(c, &answer[Q6]);
    need_assessments(c, &answer[Q7]);
    need_calendar(c, &answer[Q8], true);
    judge_deals(c, &answer[Q9]);
    judge_recruiting(c, &answer[Q10]);

    need_results(c, &answer[Q11]);
    if (!c->interventions)
        cannot(&answer[Q11], reason(VRK_WHY_NO_INTERVENTIONS, 0, 0));
    else if (c->for_everyone == c->interventions)
        cannot(&answer[Q11], reason(VRK_WHY_FEW_INTERVENTIONS, 0, 0));
    for (int i = 0; i < VRK_QUESTIONS; i++) {
        if (i != Q7 && i != Q8 && below(c->dated, c->deals, DATED_MOST))
            add(&answer[i], reason(VRK_WHY_NO_DATES, c->deals - c->dated, c->deals));
        answer[i].data = answer[i].status;
    }
}

/* All but questions 6, 7 and 10 are those that this version has methods for. */
void vrk_coverage_answers(const vrk_coverage *c, vrk_answer *answer)
{
    vrk_coverage_judge(c, answer);
    for (int i = 0; i < VRK_QUESTIONS; i++) {
        vrk_answer was = answer[i];
        vrk_why first = VRK_WHY_NO_MODEL;
        bool has_method =
            i == Q1 || i == Q3 || i == Q4 || i == Q5 || i == Q8 || i == Q9 || i == Q11;
        if (has_method || (i == Q2 && was.status == VRK_CANNOT))
            continue;
        if (i == Q2)
            first = vrk_coverage_by_stage(c) ? VRK_WHY_PROCESS_ONLY : VRK_WHY_ENTRY_TO_CLOSE;
        answer[i] = (vrk_answer){.status = i == Q2 ? was.status : VRK_CANNOT, .data = was.data};
        add(&answer[i], reason(first, 0, 0));
        for (int64_t j = 0; j < was.reasons; j++)
            add(&answer[i], was.reason[j]);
    }
}

const char *vrk_question_text(vrk_lang lang, int64_t question)
{
    static const char *const text[VRK_QUESTIONS] = {
        VRK_N("Why is the pipeline full and the outcome weak?"),
        VRK_N("Where are deals lost or slowed, time after time?"),
        VRK_N("Would more tempo help?"),
        VRK_N("Is it competence, execution, load, process or market?"),
        VRK_N("Is development the right action here?"),
        VRK_N("Which competences matter in which role?"),
        VRK_N("What can each seller do?"),
        VRK_N("Where does the time go?"),
        VRK_N("Which open deals have stopped, or should never have been started?"),
        VRK_N("Whom should we recruit?"),
        VRK_N("Did what we did work?"),
    };
    return vrk_tr(lang, text[question]);
}
