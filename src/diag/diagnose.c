#include "diag/diagnose.h"

#include "diag/ledger.h"

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

/* All that is found. */
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
    vrk_twin twin;
    vrk_what_if what_if;
    vrk_follow_ups follow;
} found;

static vrk_status find(vrk_ctx *ctx, vrk_facts *facts, const vrk_diagnose_opt *o, found *x)
{
    vrk_status st = VRK_OK;
    double load_mean = x->info.load_mean_min, load_sd = x->info.load_sd_min;
    bool by_stage = vrk_coverage_by_stage(&x->coverage);
    vrk_coverage_answers(&x->coverage, x->answer);
    TRY(vrk_process_make(ctx, facts, by_stage, &x->process));
    TRY(vrk_crm_count(ctx, facts, by_stage, &x->crm));
    TRY(vrk_moments_fit(ctx, facts, load_mean, load_sd, &x->moments));
    TRY(vrk_beyond_find(ctx, &x->moments, 0, &x->beyond));
    TRY(vrk_seller_moments_make(ctx, facts, &x->moments, &x->coverage, NULL, &x->sellers));
    TRY(vrk_open_deals_make(ctx, facts, x->coverage.inbound > 0, &x->open));
    TRY(vrk_follow_up_find(ctx, facts, x->info.as_of_s, &x->follow, &x->answer[10]));
    vrk_twin_opt twin = {
        .load_mean = load_mean, .load_sd = load_sd, .draws = o->change ? ASKED_DRAWS : 0};
    for (int64_t i = 0; i < x->sellers.n; i++) {
        const vrk_seller_moment *row = &x->sellers.row[i];
        if (row->judged)
            twin.judged[row->number] = true;
    }
    TRY(vrk_twin_make(ctx, facts, &x->moments, &twin, &x->twin));
    TRY(vrk_what_if_make(ctx, &x->twin, o->change, &x->what_if));
done:
    return st;
}

static void free_found(found *x)
{
    vrk_twin_free(&x->twin);
    vrk_follow_up_free(&x->follow);
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
                             .what_if = &x.what_if,
                             .follow = &x.follow};
    TRY(vrk_document_make(ctx, &findings, out));
done:
    free_found(&x);
    vrk_rewind(&ctx->scratch, mark);
    return st;
}
