#include "diag/diagnose.h"

#include "base/par.h"
#include "diag/leak_places.h"
#include "diag/ledger.h"
#include "diag/settle_price.h"

#include <string.h>

enum { DAY_S = 86400, NOTES_MOST = 64, ASKED_DRAWS = 1000 };

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

/* All that is found; each part is empty until it is made. */
typedef struct {
    vrk_ledger_info info;
    vrk_coverage coverage;
    vrk_answer answer[VRK_QUESTIONS];
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
    vrk_twin twin;
    vrk_what_if what_if;
    vrk_leaks leaks;
    vrk_redeployments swaps;
    vrk_decisions decisions;
} found;

/* A fifth more prospecting, priced by the twin where it can. */
static vrk_status price_tempo(vrk_ctx *ctx, found *x)
{
    vrk_status st = VRK_OK;
    static const vrk_change more = {.activity = 1.2};
    const vrk_twin *t = &x->twin;
    vrk_mark mark = vrk_mark_of(&ctx->scratch);
    if (x->activity.tempo == VRK_TEMPO_UNKNOWN || !t->base.usable || !t->can[VRK_AT_PROSPECTING] ||
        strcmp(t->base.currency, x->activity.currency))
        goto done;
    double *sum = VRK_NEW(&ctx->scratch, t->draws, double);
    if (!sum)
        FAIL(VRK_EMEMORY, "out of memory for %lld draws", (long long)t->draws);
    TRY(vrk_twin_sums(ctx, t, &more, sum));
    vrk_activity_price(&x->activity, sum, t->draws);
done:
    vrk_rewind(&ctx->scratch, mark);
    return st;
}

/* What would come of changes, where money is lost and what to do about it: the twin, for the
 * moments at which somebody can be judged. */
static vrk_status find_what_if(vrk_ctx *ctx, vrk_facts *facts, const vrk_diagnose_opt *o, found *x)
{
    vrk_status st = VRK_OK;
    vrk_own_effects own;
    vrk_twin_opt twin = {.load_mean = x->info.load_mean_min,
                         .load_sd = x->info.load_sd_min,
                         .draws = o->change ? ASKED_DRAWS : 0};
    if (x->activity.tempo != VRK_TEMPO_UNKNOWN) {
        const vrk_activity_estimate *e = &x->activity.elasticity;
        twin.elasticity = e->mean;
        twin.elasticity_se = (e->hi - e->lo) / (2 * 1.6449);
    }
    for (int64_t i = 0; i < x->sellers.n; i++) {
        const vrk_seller_moment *row = &x->sellers.row[i];
        if (row->judged)
            twin.judged[row->number] = true;
    }
    TRY(vrk_twin_make(ctx, facts, &x->moments, &twin, &x->twin));
    TRY(vrk_what_if_make(ctx, &x->twin, o->change, &x->what_if));
    if (o->change) /* only that was asked */
        goto done;
    TRY(price_tempo(ctx, x));
    TRY(vrk_leaks_find(ctx, &x->twin, &x->sellers, &x->leaks));
    TRY(vrk_leak_places(ctx, facts, &x->twin, &x->leaks));
    vrk_leaks_answer(&x->leaks, &x->answer[1]);
    TRY(vrk_settle_price(ctx, &x->twin, &x->leaks, o->actions, NULL, &x->sellers));
    vrk_own_effects_of(&x->follow, &own);
    TRY(vrk_redeploy_find(ctx, &x->twin, &x->sellers, &x->swaps));
    TRY(vrk_decide(ctx, &x->twin, &x->leaks, &x->swaps, &own, o->actions, &x->decisions));
    vrk_decisions_answer(&x->decisions, &x->answer[4]);
done:
    return st;
}

typedef struct {
    vrk_facts *facts;
    found *x;
} finding;

/* What is counted, and question 9 and 1: mostly the database's work. */
static vrk_status find_counted(vrk_ctx *ctx, void *arg)
{
    vrk_status st = VRK_OK;
    const finding *f = arg;
    found *x = f->x;
    bool by_stage = vrk_coverage_by_stage(&x->coverage);
    TRY(vrk_process_make(ctx, f->facts, by_stage, &x->process));
    TRY(vrk_crm_count(ctx, f->facts, by_stage, &x->crm));
    TRY(vrk_open_deals_make(ctx, f->facts, x->coverage.inbound > 0, &x->open));
    TRY(find_results(ctx, f->facts, &x->coverage, x->answer, &x->attribution, &x->league));
    TRY(vrk_follow_up_make(ctx, f->facts, x->info.as_of_s, &x->follow));
    vrk_follow_up_answer(&x->follow, &x->answer[10]);
done:
    return st;
}

/* Who does what, how it goes, and why not: mostly work of the processor. */
static vrk_status find_moments(vrk_ctx *ctx, void *arg)
{
    vrk_status st = VRK_OK;
    const finding *f = arg;
    found *x = f->x;
    TRY(vrk_moments_fit(ctx, f->facts, x->info.load_mean_min, x->info.load_sd_min, &x->moments));
    TRY(vrk_beyond_find(ctx, &x->moments, 0, &x->beyond));
    TRY(vrk_seller_moments_make(ctx, f->facts, &x->moments, &x->coverage, NULL, &x->sellers));
done:
    return st;
}

static vrk_status find(vrk_ctx *ctx, vrk_facts *facts, const vrk_diagnose_opt *o, found *x)
{
    vrk_status st = VRK_OK;
    vrk_coverage_answers(&x->coverage, x->answer);
    TRY(vrk_both(ctx, find_counted, find_moments, &(finding){facts, x}));
    TRY(find_weekly(ctx, facts, &x->moments, x->answer, &x->hours, &x->activity));
    TRY(find_what_if(ctx, facts, o, x));
    vrk_activity_answer(&x->activity, &x->answer[2]);
done:
    return st;
}

static void free_found(found *x)
{
    vrk_decisions_free(&x->decisions);
    vrk_redeploy_free(&x->swaps);
    vrk_leaks_free(&x->leaks);
    vrk_twin_free(&x->twin);
    vrk_follow_up_free(&x->follow);
    vrk_league_free(&x->league);
    vrk_activity_free(&x->activity);
    vrk_hours_free(&x->hours);
    vrk_open_deals_free(&x->open);
    vrk_beyond_free(&x->beyond);
    vrk_seller_moments_free(&x->sellers);
    vrk_moments_free(&x->moments);
    vrk_crm_free(&x->crm);
    vrk_process_free(&x->process);
    vrk_ledger_info_free(&x->info);
}

vrk_status vrk_diagnose(vrk_ctx *ctx, vrk_facts *facts, const vrk_diagnose_opt *opt,
                        struct json_t **out)
{
    vrk_status st = VRK_OK;
    vrk_diagnose_opt o = opt ? *opt : (vrk_diagnose_opt){0};
    o.actions = o.actions ? o.actions : &vrk_settings_default.actions;
    found x = {0};
    vrk_note note[NOTES_MOST];
    vrk_mark mark = vrk_mark_of(&ctx->scratch);
    vrk_ledger_opt ledger = {.as_of_s = o.as_of_s, .visits_only = o.carry_only};

    *out = NULL;
    TRY(vrk_ledger_build(ctx, facts, &ledger, &x.info));
    TRY(vrk_coverage_count(ctx, facts, &x.coverage));
    if (o.carry_only)
        vrk_coverage_judge(&x.coverage, x.answer);
    else
        TRY(find(ctx, facts, &o, &x));
    vrk_findings findings = {.lang = o.lang,
                             .version = o.version ? o.version : "",
                             .seed = ctx->seed,
                             .dated = x.info.as_of_s != 0,
                             .from = day_of(x.info.from_s),
                             .to = day_of(x.info.as_of_s),
                             .origin = o.origin,
                             .coverage = &x.coverage,
                             .answer = x.answer,
                             .process = &x.process,
                             .crm = &x.crm,
                             .notes = gather_notes(&o, &x.info, note),
                             .note = note,
                             .moments = &x.moments,
                             .seller_moments = &x.sellers,
                             .beyond = &x.beyond,
                             .open = &x.open,
                             .hours = &x.hours,
                             .activity = &x.activity,
                             .attribution = &x.attribution,
                             .league = &x.league,
                             .follow = &x.follow,
                             .what_if = &x.what_if,
                             .leaks = &x.leaks,
                             .decisions = &x.decisions,
                             .actions = o.actions};
    TRY(vrk_document_make(ctx, &findings, out));
done:
    free_found(&x);
    vrk_rewind(&ctx->scratch, mark);
    return st;
}
