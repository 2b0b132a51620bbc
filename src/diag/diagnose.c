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

/* Of open deals, of the differences between sellers' results, and of what was done about them. */
typedef struct {
    vrk_open_deals open;
    vrk_attribution attribution;
    vrk_league league;
    vrk_follow_ups follow;
} comparison;

static void comparison_free(comparison *c)
{
    vrk_follow_up_free(&c->follow);
    vrk_league_free(&c->league);
    vrk_open_deals_free(&c->open);
}

static vrk_status compare(vrk_ctx *ctx, vrk_facts *facts, const vrk_coverage *coverage,
                          int64_t as_of_s, vrk_answer *answer, comparison *out)
{
    vrk_status st = VRK_OK;
    vrk_results results = {0};
    TRY(vrk_open_deals_make(ctx, facts, coverage->inbound > 0, &out->open));
    if (answer[0].status != VRK_CANNOT)
        TRY(vrk_results_fit(ctx, facts, &results));
    TRY(vrk_attribution_make(ctx, &results, &out->attribution));
    TRY(vrk_league_make(ctx, &results, &out->league));
    vrk_attribution_answer(&out->attribution, coverage->priced > 0, &answer[0]);
    TRY(vrk_follow_up_make(ctx, facts, as_of_s, &out->follow));
    vrk_follow_up_answer(&out->follow, &answer[10]);
done:
    vrk_results_free(&results);
    return st;
}

vrk_status vrk_diagnose(vrk_ctx *ctx, vrk_facts *facts, const vrk_diagnose_opt *opt,
                        struct json_t **out)
{
    vrk_status st = VRK_OK;
    vrk_diagnose_opt o = opt ? *opt : (vrk_diagnose_opt){0};
    vrk_ledger_info info = {0};
    vrk_coverage coverage;
    vrk_answer answer[VRK_QUESTIONS];
    vrk_process process = {0};
    vrk_crm crm = {0};
    vrk_note note[NOTES_MOST];
    vrk_moments moments = {0};
    vrk_seller_moments sellers = {0};
    vrk_beyond beyond = {0};
    comparison compared = {0};
    vrk_mark mark = vrk_mark_of(&ctx->scratch);
    vrk_ledger_opt ledger = {.as_of_s = o.as_of_s, .visits_only = o.carry_only};

    *out = NULL;
    TRY(vrk_ledger_build(ctx, facts, &ledger, &info));
    TRY(vrk_coverage_count(ctx, facts, &coverage));
    if (o.carry_only) {
        vrk_coverage_judge(&coverage, answer);
    } else {
        bool by_stage = vrk_coverage_by_stage(&coverage);
        vrk_coverage_answers(&coverage, answer);
        TRY(vrk_process_make(ctx, facts, by_stage, &process));
        TRY(vrk_crm_count(ctx, facts, by_stage, &crm));
        TRY(vrk_moments_fit(ctx, facts, info.load_mean_min, info.load_sd_min, &moments));
        TRY(vrk_beyond_find(ctx, &moments, 0, &beyond));
        TRY(vrk_seller_moments_make(ctx, facts, &moments, &coverage, NULL, &sellers));
        TRY(compare(ctx, facts, &coverage, info.as_of_s, answer, &compared));
    }
    vrk_findings findings = {.lang = o.lang,
                             .version = o.version ? o.version : "",
                             .seed = ctx->seed,
                             .dated = info.as_of_s != 0,
                             .from = day_of(info.from_s),
                             .to = day_of(info.as_of_s),
                             .origin = o.origin,
                             .coverage = &coverage,
                             .answer = answer,
                             .process = &process,
                             .crm = &crm,
                             .notes = gather_notes(&o, &info, note),
                             .note = note,
                             .moments = &moments,
                             .seller_moments = &sellers,
                             .beyond = &beyond,
                             .open = &compared.open,
                             .attribution = &compared.attribution,
                             .league = &compared.league,
                             .follow = &compared.follow};
    TRY(vrk_document_make(ctx, &findings, out));
done:
    comparison_free(&compared);
    vrk_beyond_free(&beyond);
    vrk_seller_moments_free(&sellers);
    vrk_moments_free(&moments);
    vrk_rewind(&ctx->scratch, mark);
    vrk_crm_free(&crm);
    vrk_process_free(&process);
    vrk_ledger_info_free(&info);
    return st;
}
