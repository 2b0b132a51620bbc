#include "diag/diagnose.h"

#include "diag/ledger.h"

enum { DAY_S = 86400, NOTES_MOST = 64 };

static int64_t day_of(int64_t s)
{
    return (s - (s % DAY_S + DAY_S) % DAY_S) / DAY_S;
}

static int64_t gather_notes(const vrk_diagnose_opt *o, const vrk_ledger_info *info, vrk_note *note)
{
    int64_t n = 0;
    for (int64_t i = 0; i < o->notes && n < NOTES_MOST; i++)
        note[n++] = o->note[i];
    for (int64_t i = 0; i < info->stages.notes && n < NOTES_MOST; i++)
        note[n++] = info->stages.note[i];
    for (int64_t i = 0; i < info->notes && n < NOTES_MOST; i++)
        note[n++] = info->note[i];
    return n;
}

/* What the sellers' weeks tell: questions 8 and 3. */
static vrk_status find_weekly(vrk_ctx *ctx, vrk_facts *facts, const vrk_moments *moments,
                              vrk_answer *answer, vrk_hours *hours, vrk_activity *activity)
{
    vrk_status st = VRK_OK;
    vrk_weeks weeks = {0};
    TRY(vrk_weeks_read(ctx, facts, &weeks));
    TRY(vrk_hours_find(ctx, facts, &weeks, hours));
    vrk_hours_answer(hours, &answer[7]);
    if (answer[2].status != VRK_CANNOT)
        TRY(vrk_activity_find(ctx, facts, &weeks, moments, activity));
    vrk_activity_answer(activity, &answer[2]);
done:
    vrk_weeks_free(&weeks);
    return st;
}

/* What the sellers' results tell: question 1. */
static vrk_status find_results(vrk_ctx *ctx, vrk_facts *facts, const vrk_coverage *coverage,
                               vrk_answer *answer, vrk_attribution *attribution, vrk_league *league)
{
    vrk_status st = VRK_OK;
    vrk_seller_results results = {0};
    if (answer[0].status != VRK_CANNOT)
        TRY(vrk_seller_results_fit(ctx, facts, &results));
    TRY(vrk_attribution_make(ctx, &results, attribution));
    TRY(vrk_league_make(ctx, &results, league));
    vrk_attribution_answer(attribution, coverage->priced > 0, &answer[0]);
done:
    vrk_seller_results_free(&results);
    return st;
}

/* What is found beside the coverage; each part is empty until it is made. */
typedef struct {
    vrk_process process;
    vrk_crm crm;
    vrk_moments moments;
    vrk_seller_moments sellers;
    vrk_beyond beyond;
    vrk_open_deals open;
    vrk_hours hours;
    vrk_activity activity;
    vrk_attribution attribution;
    vrk_league league;
    vrk_follow_ups follow;
} found;

static vrk_status find_all(vrk_ctx *ctx, vrk_facts *facts, const vrk_ledger_info *info,
                           const vrk_coverage *coverage, vrk_answer *answer, found *f)
{
    vrk_status st = VRK_OK;
    bool by_stage = vrk_coverage_by_stage(coverage);
    vrk_coverage_answers(coverage, answer);
    TRY(vrk_process_make(ctx, facts, by_stage, &f->process));
    TRY(vrk_crm_count(ctx, facts, by_stage, &f->crm));
    TRY(vrk_moments_fit(ctx, facts, info->load_mean_min, info->load_sd_min, &f->moments));
    TRY(vrk_beyond_find(ctx, &f->moments, 0, &f->beyond));
    TRY(vrk_seller_moments_make(ctx, facts, &f->moments, coverage, NULL, &f->sellers));
    TRY(vrk_open_deals_make(ctx, facts, coverage->inbound > 0, &f->open));
    TRY(find_weekly(ctx, facts, &f->moments, answer, &f->hours, &f->activity));
    TRY(find_results(ctx, facts, coverage, answer, &f->attribution, &f->league));
    TRY(vrk_follow_up_make(ctx, facts, info->as_of_s, &f->follow));
    vrk_follow_up_answer(&f->follow, &answer[10]);
done:
    return st;
}

static void release(found *f)
{
    vrk_follow_up_free(&f->follow);
    vrk_league_free(&f->league);
    vrk_activity_free(&f->activity);
    vrk_hours_free(&f->hours);
    vrk_open_deals_free(&f->open);
    vrk_beyond_free(&f->beyond);
    vrk_seller_moments_free(&f->sellers);
    vrk_moments_free(&f->moments);
    vrk_crm_free(&f->crm);
    vrk_process_free(&f->process);
}

vrk_status vrk_diagnose(vrk_ctx *ctx, vrk_facts *facts, const vrk_diagnose_opt *opt,
                        struct json_t **out)
{
    vrk_status st = VRK_OK;
    vrk_diagnose_opt o = opt ? *opt : (vrk_diagnose_opt){0};
    vrk_ledger_info info = {0};
    vrk_coverage coverage;
    vrk_answer answer[VRK_QUESTIONS];
    vrk_note note[NOTES_MOST];
    found f = {0};
    vrk_mark mark = vrk_mark_of(&ctx->scratch);
    vrk_ledger_opt ledger = {.as_of_s = o.as_of_s, .visits_only = o.carry_only};

    *out = NULL;
    TRY(vrk_ledger_build(ctx, facts, &ledger, &info));
    TRY(vrk_coverage_count(ctx, facts, &coverage));
    if (o.carry_only)
        vrk_coverage_judge(&coverage, answer);
    else
        TRY(find_all(ctx, facts, &info, &coverage, answer, &f));
    vrk_findings findings = {.lang = o.lang,
                             .version = o.version ? o.version : "",
                             .seed = ctx->seed,
                             .dated = info.as_of_s != 0,
                             .from = day_of(info.from_s),
                             .to = day_of(info.as_of_s),
                             .origin = o.origin,
                             .coverage = &coverage,
                             .answer = answer,
                             .process = &f.process,
                             .crm = &f.crm,
                             .notes = gather_notes(&o, &info, note),
                             .note = note,
                             .moments = &f.moments,
                             .seller_moments = &f.sellers,
                             .beyond = &f.beyond,
                             .open = &f.open,
                             .hours = &f.hours,
                             .activity = &f.activity,
                             .attribution = &f.attribution,
                             .league = &f.league,
                             .follow = &f.follow};
    TRY(vrk_document_make(ctx, &findings, out));
done:
    release(&f);
    vrk_rewind(&ctx->scratch, mark);
    vrk_ledger_info_free(&info);
    return st;
}
