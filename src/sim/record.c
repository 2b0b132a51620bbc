#include "sim/record.h"

#include "sim/activity.h"
#include "sim/row.h"

const char *const vrk_table_name[VRK_TABLES] = {"teams",
                                                "sellers",
                                                "accounts",
                                                "deals",
                                                "stage_events",
                                                "owner_changes",
                                                "close_date_changes",
                                                "activities",
                                                "next_steps",
                                                "contact_roles",
                                                "moments",
                                                "calendar",
                                                "assessments",
                                                "candidates",
                                                "targets",
                                                "interventions"};

const char *const vrk_table_header[VRK_TABLES] = {
    [VRK_T_TEAMS] = "team_id,name,parent_team_id\n",
    [VRK_T_SELLERS] = "seller_id,name,email,role,team_id,manager_id,hired_on,left_on\n",
    [VRK_T_ACCOUNTS] = "account_id,name,industry,region,employees\n",
    [VRK_T_DEALS] = "deal_id,account_id,seller_id,name,amount,currency,source,product,pipeline,"
                    "stage,segment,complexity,decision_structure,created_at,closed_at,outcome,"
                    "lost_reason,expected_close_on,updated_at\n",
    [VRK_T_STAGE_EVENTS] = "deal_id,stage,entered_at,kind,quality,recorded_by\n",
    [VRK_T_OWNER_CHANGES] = "deal_id,seller_id,changed_at\n",
    [VRK_T_CLOSE_DATES] = "deal_id,changed_at,old_on,new_on\n",
    [VRK_T_ACTIVITIES] = "activity_id,seller_id,deal_id,account_id,kind,direction,started_at,"
                         "duration_min,outcome,contact_id\n",
    [VRK_T_NEXT_STEPS] = "step_id,deal_id,seller_id,created_at,due_on,done_at\n",
    [VRK_T_CONTACT_ROLES] = "deal_id,contact_id,role,since\n",
    [VRK_T_MOMENTS] = "moment,seller_id,deal_id,at,done,success\n",
    [VRK_T_CALENDAR] = "event_id,seller_id,starts_at,ends_at,category,title\n",
    [VRK_T_ASSESSMENTS] = "person_id,competency,item_id,score,max_score,rater_id,instrument,"
                          "assessed_on\n",
    [VRK_T_CANDIDATES] = "candidate_id,name,role,applied_on,experience_years,decision,decided_on\n",
    [VRK_T_TARGETS] = "seller_id,team_id,period,metric,amount,currency\n",
    [VRK_T_INTERVENTIONS] = "intervention_id,kind,moment,seller_id,team_id,started_on,ended_on,"
                            "cost,note\n",
};

void vrk_record_init(vrk_record *r, const vrk_world *w, int64_t team, vrk_arena *mem)
{
    *r = (vrk_record){.end = w->end_day * 1440};
    r->rng = vrk_draw_of(w->opt.seed, VRK_DRAW_RECORD, (uint64_t)team, 0);
    for (int t = 0; t < VRK_TABLES; t++)
        r->table[t].mem = mem;
}

int64_t vrk_record_accounts(const vrk_world *w, int64_t team)
{
    return w->team[team].n * w->weeks / 4 + 20;
}

static void put_deal(vrk_row *row, const vrk_squad *q, const vrk_deal *d)
{
    vrk_row_id(row, 'D', q->number, d->id, 5);
}

static void put_contact(vrk_row *row, const vrk_squad *q, const vrk_deal *d, int which)
{
    vrk_row_id(row, 'C', q->number, d->id * 10 + which, 6);
}

/* One in thirty occasions is heard by a reviewer, who sees what was truly done. */
static void review(vrk_record *r, const vrk_squad *q, const vrk_deal *d, vrk_moment m, int64_t at,
                   int done_success[2])
{
    vrk_row row = {.n = 0};
    if (at >= r->end || !vrk_rng_chance(&r->rng, 1. / 30))
        return;
    vrk_row_field(&row, vrk_moment_name[m]);
    vrk_row_seller(&row, q->first + d->owner);
    put_deal(&row, q, d);
    vrk_row_time(&row, at);
    vrk_row_int(&row, done_success[0]);
    if (done_success[1] < 0)
        vrk_row_next(&row);
    else
        vrk_row_int(&row, done_success[1]);
    vrk_row_end(&row, &r->table[VRK_T_MOMENTS]);
}

static void put_role(vrk_record *r, const vrk_squad *q, const vrk_deal *d, int which)
{
    static const char *const role[] = {"decision_maker", "champion", "influencer"};
    vrk_row row = {.n = 0};
    put_deal(&row, q, d);
    put_contact(&row, q, d, which);
    vrk_row_field(&row, role[which]);
    vrk_row_time(&row, d->created);
    vrk_row_end(&row, &r->table[VRK_T_CONTACT_ROLES]);
}

void vrk_record_birth(vrk_record *r, const vrk_squad *q, const vrk_deal *d)
{
    vrk_row row = {.n = 0};
    r->deals++;
    put_deal(&row, q, d);
    vrk_row_field(&row, vrk_stage_name[0]);
    vrk_row_time(&row, d->created);
    vrk_row_field(&row, "stage");
    vrk_row_field(&row, "exact");
    vrk_row_seller(&row, q->first + d->owner);
    vrk_row_end(&row, &r->table[VRK_T_STAGE_EVENTS]);
    if (vrk_rng_chance(&r->rng, q->world->plan.noisy ? 0.9 : 0.985))
        put_role(r, q, d, 0);
    put_role(r, q, d, 1);
    if (d->committee)
        put_role(r, q, d, 2);
    if (!d->own) {
        vrk_act a = {.kind = "email", .inbound = true, .outcome = "", .minutes = 5, .contact = 1};
        vrk_record_activity(r, q, d, &a, d->created - 20);
    }
}

static void put_owner(vrk_record *r, const vrk_squad *q, const vrk_deal *d, int64_t seller,
                      int64_t at)
{
    vrk_row row = {.n = 0};
    put_deal(&row, q, d);
    vrk_row_seller(&row, q->first + seller);
    vrk_row_time(&row, at);
    vrk_row_end(&row, &r->table[VRK_T_OWNER_CHANGES]);
}

/* The first change also says who had the deal from its start. */
void vrk_record_owner(vrk_record *r, const vrk_squad *q, const vrk_deal *d, int64_t to, int64_t at)
{
    if (!d->moved)
        put_owner(r, q, d, d->owner, d->created);
    put_owner(r, q, d, to, at);
}

/* Noise: stages are skipped, dates typed in on Friday afternoon or wrong. */
static bool blur_stage(vrk_record *r, const vrk_plan *p, const char *kind, int64_t *at)
{
    bool closing = !strcmp(kind, "won") || !strcmp(kind, "lost");
    if (!closing && vrk_rng_chance(&r->rng, p->skipped))
        return false;
    double u = vrk_rng_uniform(&r->rng);
    if (u < p->batched)
        *at = (vrk_monday(*at / 1440) + 4) * 1440 + 15 * 60 + vrk_rng_below(&r->rng, 90);
    else if (u < p->batched + p->misdated)
        *at += (vrk_rng_below(&r->rng, 61) - 30) * 1440;
    return *at < r->end;
}

void vrk_record_stage(vrk_record *r, const vrk_squad *q, const vrk_deal *d, const char *kind,
                      const char *stage, int64_t at)
{
    vrk_row row = {.n = 0};
    bool noisy = q->world->plan.noisy;
    bool burst = d->outcome == VRK_LOST && !strcmp(d->reason, vrk_clean_up);
    r->won += d->outcome == VRK_WON;
    if (at >= r->end || (noisy && !burst && !blur_stage(r, &q->world->plan, kind, &at)))
        return;
    put_deal(&row, q, d);
    vrk_row_field(&row, stage);
    vrk_row_time(&row, at);
    vrk_row_field(&row, kind);
    vrk_row_field(&row, noisy ? "derived" : "exact");
    vrk_row_seller(&row, q->first + d->owner);
    vrk_row_end(&row, &r->table[VRK_T_STAGE_EVENTS]);
}

static void put_outcome(vrk_row *row, const vrk_deal *d, int64_t closed)
{
    static const char *const name[] = {"open", "won", "lost"};
    if (d->outcome == VRK_OPEN)
        vrk_row_next(row);
    else
        vrk_row_time(row, closed);
    vrk_row_field(row, name[d->outcome]);
    vrk_row_field(row, d->outcome == VRK_LOST ? d->reason : "");
}

void vrk_record_deal(vrk_record *r, const vrk_squad *q, const vrk_deal *d)
{
    static const char *const closing[] = {"", "Vunnen", "Förlorad"};
    static const char *const product[] = {"Plattform", "Service", "Utbildning"};
    vrk_row row = {.n = 0};
    int64_t closed = d->closed;
    r->lost += d->outcome == VRK_LOST;
    if (vrk_rng_chance(&r->rng, q->world->plan.misclosed))
        closed -= 300 * 1440; /* a wrong date, often before the start */
    put_deal(&row, q, d);
    vrk_row_id(&row, 'K', q->number, d->account, 4);
    vrk_row_seller(&row, q->first + d->owner);
    vrk_row_text(&row, "Affär ");
    vrk_row_int(&row, d->id);
    vrk_row_money(&row, d->amount);
    vrk_row_field(&row, "SEK");
    vrk_row_field(&row, d->own ? "outbound" : "inbound");
    vrk_row_field(&row, product[(uint64_t)d->amount / 50000 % 3]);
    vrk_row_field(&row, "Nyförsäljning");
    vrk_row_field(&row, d->outcome == VRK_OPEN ? vrk_stage_name[d->stage] : closing[d->outcome]);
    vrk_row_field(&row, vrk_segment_name[d->segment]);
    vrk_row_field(&row, d->complex ? "complex" : "simple");
    vrk_row_field(&row, d->committee ? "committee" : "single");
    vrk_row_time(&row, d->created);
    put_outcome(&row, d, closed);
    vrk_row_day(&row, d->expected);
    vrk_row_time(&row, d->closed ? d->closed : d->last);
    vrk_row_end(&row, &r->table[VRK_T_DEALS]);
}

/* A held meeting: the calendar keeps it in any case, the CRM only if the seller writes it there. */
static void hold(vrk_record *r, const vrk_squad *q, const vrk_deal *d, vrk_moment m, int64_t at,
                 vrk_act a)
{
    a.outcome = "held";
    if (vrk_rng_chance(&r->rng, q->person[d->owner].at[m].logging))
        vrk_record_activity(r, q, d, &a, at);
    vrk_record_event(r, q->number, q->first + d->owner, at, a.minutes, "customer", "Kundmöte");
}

void vrk_record_qualification(vrk_record *r, const vrk_squad *q, const vrk_deal *d, int64_t at,
                              bool done, bool meeting)
{
    const vrk_trait *t = &q->person[d->owner].at[VRK_QUALIFICATION];
    vrk_act call = {.kind = "call", .outcome = "connected", .minutes = 25, .contact = 1};
    review(r, q, d, VRK_QUALIFICATION, at, (int[]){done, -1});
    if (!done)
        return;
    if (meeting)
        hold(r, q, d, VRK_QUALIFICATION, at,
             (vrk_act){.kind = "meeting", .minutes = 60, .contact = 1});
    else if (vrk_rng_chance(&r->rng, t->logging))
        vrk_record_activity(r, q, d, &call, at);
}

void vrk_record_steering(vrk_record *r, const vrk_squad *q, const vrk_deal *d, int64_t at,
                         bool done, bool moves)
{
    bool by_chance = !done && vrk_rng_chance(&r->rng, q->world->plan.mimic_boss);
    const char *kind = vrk_rng_chance(&r->rng, 0.3) ? "demo" : "meeting";
    review(r, q, d, VRK_STEERING, at, (int[]){done, moves});
    if (done || by_chance) /* now and then the decision maker just happens to be there */
        hold(r, q, d, VRK_STEERING, at, (vrk_act){.kind = kind, .minutes = 60, .contact = 0});
}

void vrk_record_meeting(vrk_record *r, const vrk_squad *q, const vrk_deal *d, int64_t at)
{
    int contact = d->committee && vrk_rng_chance(&r->rng, 0.5) ? 2 : 1;
    hold(r, q, d, VRK_NEXT_STEP, at,
         (vrk_act){.kind = "meeting", .minutes = 45, .contact = contact});
}

static int64_t working_time_from(int64_t minute)
{
    int64_t day = minute / 1440;
    if (minute - day * 1440 > 17 * 60)
        minute = ++day * 1440 + 8 * 60 + 30;
    if (minute - day * 1440 < 8 * 60)
        minute = day * 1440 + 8 * 60 + 5;
    while (vrk_weekday(minute / 1440) > 5 || vrk_holiday_se(minute / 1440))
        minute += 1440;
    return minute;
}

void vrk_record_objection(vrk_record *r, const vrk_squad *q, const vrk_deal *d, int64_t at,
                          bool done, bool survived)
{
    const vrk_trait *t = &q->person[d->owner].at[VRK_OBJECTION];
    bool mail = vrk_rng_chance(&r->rng, 0.6); /* captured by itself */
    vrk_act objection = {.kind = mail ? "email" : "call",
                         .inbound = true,
                         .outcome = "objection",
                         .minutes = mail ? 5 : 15,
                         .contact = 0};
    vrk_act call = {.kind = "call", .outcome = "connected", .minutes = 20, .contact = 0};
    vrk_act routine = {.kind = "email", .outcome = "sent", .minutes = 5, .contact = 1};
    int64_t answer = working_time_from(at + 60 + vrk_rng_below(&r->rng, 4 * 1440));

    review(r, q, d, VRK_OBJECTION, at, (int[]){done, survived});
    if (mail || vrk_rng_chance(&r->rng, t->logging))
        vrk_record_activity(r, q, d, &objection, at);
    if (d->lost_at && answer >= d->lost_at)
        answer = d->lost_at - 60;
    if (done && vrk_rng_chance(&r->rng, t->logging))
        vrk_record_activity(r, q, d, &call, answer);
    if (vrk_rng_chance(&r->rng, 0.4))
        vrk_record_activity(r, q, d, &routine, answer + 30);
}

/* Days after the due date on which the step is ticked off; 1000 = never. */
static int64_t days_late(vrk_record *r, const vrk_plan *p, const vrk_deal *d)
{
    double u = vrk_rng_uniform(&r->rng);
    bool ticked =
        vrk_rng_chance(&r->rng, p->mimic_ticked); /* said to be done in time, and was not */
    if (d->step == VRK_STEP_KEPT || ticked)
        return (int64_t)(5 * u) - 2;
    return u < 0.35 ? 1000 : 4 + (int64_t)(16 * u);
}

void vrk_record_step(vrk_record *r, const vrk_squad *q, const vrk_deal *d, int64_t at)
{
    vrk_row row = {.n = 0};
    bool agreed = d->step != VRK_STEP_MISSING;
    int64_t created = at + 30 + vrk_rng_below(&r->rng, vrk_rng_chance(&r->rng, 0.8) ? 240 : 1800);
    int64_t due = created / 1440 + 4 + vrk_rng_below(&r->rng, 8),
            late = days_late(r, &q->world->plan, d);
    review(r, q, d, VRK_NEXT_STEP, at, (int[]){agreed, agreed ? d->step == VRK_STEP_KEPT : -1});
    if (created >= r->end ||
        !vrk_rng_chance(&r->rng, agreed ? q->person[d->owner].at[VRK_NEXT_STEP].logging : 0.08))
        return;
    while (vrk_weekday(due) > 5 || vrk_holiday_se(due))
        due++;
    int64_t done_at = (due + late) * 1440 + 9 * 60 + vrk_rng_below(&r->rng, 420);
    vrk_row_id(&row, 'N', q->number, ++r->steps, 6);
    put_deal(&row, q, d);
    vrk_row_seller(&row, q->first + d->owner);
    vrk_row_time(&row, created);
    if (agreed)
        vrk_row_day(&row, due);
    else
        vrk_row_next(&row); /* a note to oneself, without a date */
    if (agreed && late < 1000 && done_at < r->end)
        vrk_row_time(&row, done_at > created ? done_at : created + 60);
    else
        vrk_row_next(&row);
    vrk_row_end(&row, &r->table[VRK_T_NEXT_STEPS]);
}
